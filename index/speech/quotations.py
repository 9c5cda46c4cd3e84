"""The quotations of one block: where marks open and close, in every typography, apostrophes told apart.

Double marks of all kinds (“ ” " '' `` „ « ») close one another, since real texts mix them: “So it is," he said. Curly ones
say themselves whether they open or close; straight ones are read from what stands on either side. Single marks count only
where no double ones are open, so quotations within quotations stay part of the outer one.

A quotation that is never closed runs to the end of its block: so papers set a quotation of several paragraphs, each opening
with a mark and only the last one closing.

>>> text = '“It isn’t so,” she said. "It \\'was\\' so."'
>>> [q.span.of(text) for q in quotations(text, Span(0, len(text)))]
['“It isn’t so,”', '"It \\'was\\' so."']
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.records import Span
from index.speech.english import ENGLISH
from index.speech.language import Language

_MARK = re.compile(r"“|”|„|«|»|'(?='')|''|``|’’|‘‘|\"|‘|’|'|`")
_ALWAYS_OPEN = {"“", "„", "«", "``", "‘‘"}
_ALWAYS_CLOSE = {"”", "»", "’’"}
_SINGLE = {"‘", "’", "'", "`"}
_OPENING_AFTER = "([{—–-/:,;.…“\"‘'"  # a straight mark behind one of these, with a word in front, opens


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in quotation marks. `span` holds the marks, `inner` is what stands between them."""

    span: Span
    inner: Span
    closed: bool = True


def quotations(text: str, within: Span, language: Language = ENGLISH) -> list[Quotation]:
    """The outermost quotations of `within`, in order. They do not overlap."""
    marks = list(_MARK.finditer(text, within.start, within.end))
    found: list[Quotation] = []
    at = 0
    while at < len(marks):
        opening = marks[at]
        if not _opens(text, opening, within, language):
            at += 1
            continue
        closing = _closing(text, marks, at, within)
        if closing is None:
            # A lone single mark is an apostrophe; a lone double one is a quotation only where one may begin.
            if opening.group() not in _SINGLE and _may_stay_open(text, opening.start(), within):
                span = Span(opening.start(), _end(text, within))
                found.append(Quotation(span, Span(opening.end(), span.end), closed=False))
                break
            at += 1
            continue
        found.append(
            Quotation(Span(opening.start(), marks[closing].end()), Span(opening.end(), marks[closing].start()))
        )
        at = closing + 1
    return [q for q in found if q.inner.of(text).strip()]


def _opens(text: str, mark: re.Match[str], within: Span, language: Language) -> bool:
    kind = mark.group()
    if kind in _ALWAYS_OPEN or (kind not in _SINGLE and mark.start() == within.start):
        return True
    if kind == "’" or kind in _ALWAYS_CLOSE:
        return False
    before = text[mark.start() - 1] if mark.start() > within.start else " "
    after = text[mark.end()] if mark.end() < within.end else " "
    if after.isspace() or not (before.isspace() or before in _OPENING_AFTER):
        return False
    if kind in _SINGLE:  # ’em, ’90s
        return (
            before not in ".,;"
            and not after.isdigit()
            and not language.elision.match(text[mark.end() : mark.end() + 8].lower())
        )
    return True


def _closing(text: str, marks: list[re.Match[str]], opened: int, within: Span) -> int | None:
    """Which of the marks closes the one at `opened`, or None."""
    single = marks[opened].group() in _SINGLE
    depth = 0
    for at in range(opened + 1, len(marks)):
        mark = marks[at]
        kind = mark.group()
        if single != (kind in _SINGLE):
            if single and kind not in _SINGLE:
                return None  # ‘ and then “: the first was no quotation
            continue
        if kind == "“" and text[mark.start() - 1] in ",.?!" and not text[mark.end() : mark.end() + 1].strip():
            return at  # closed with an opening mark: “Apparently not,“ he said
        if not single and kind in _ALWAYS_OPEN and not (kind == "“" and marks[opened].group() == "„"):
            # A quotation of the same marks within, when there are marks enough to close both; else the first was left open.
            if sum(m.group() in _ALWAYS_CLOSE or m.group() == '"' for m in marks[at:]) < 2 + depth:
                return None
            depth += 1
        elif _closes(text, mark, within, single):
            if not depth:
                return at
            depth -= 1
    return None


def _closes(text: str, mark: re.Match[str], within: Span, single: bool) -> bool:
    kind = mark.group()
    if kind in _ALWAYS_CLOSE or kind == "“":
        return True
    before = text[mark.start() - 1] if mark.start() > within.start else " "
    after = text[mark.end()] if mark.end() < within.end else " "
    if single:
        if kind == "‘" or after.isalnum() or before.isspace():
            return False
        # “voters’ choice”: an apostrophe after a plural, while a mark that may close is still to come on this line
        plural = before == "s" and text[mark.end() : mark.end() + 2].strip().isalpha()
        return not (plural and re.search(r"[^\ss]['’](?!\w)", text[mark.end() : within.end]))
    return not before.isspace() or after.isspace() or not after.isalnum()


def _may_stay_open(text: str, start: int, within: Span) -> bool:
    before = text[within.start : start].rstrip()
    return not before or before[-1] in ':,.?!—–-”"'


def _end(text: str, within: Span) -> int:
    return within.start + len(within.of(text).rstrip())
