"""Where a turn ends before the next known label: what stands there is somebody else's, or nobody's.

Words are nobody's rather than wrongly the last speaker's. In a transcript whose labels stand at the start of lines, a paragraph
that opens with what looks like a label begins a turn of its own or, where nobody can be told by it, ends the one before. So do
questions in bold and headings, what stands under the text ("ENDS", "Notes to editors"), and, where every turn is a paragraph,
prose that tells of the meeting between them.

>>> from index.blocks import lay_out
>>> from index.speech.labels import candidates
>>> text = "Anna Bruni: I am here.\\n\\nAli: Who asked you?\\n\\nIvan Petrov: I did.\\n\\nENDS\\n\\nIt is a big town."
>>> document, found = Document(text, *lay_out(text)), candidates(text)
>>> labels, ends = labels_and_ends(document, [label for label in found if len(label.name) > 1], found)
>>> [label.mention.of(text) for label in labels], [text[end : end + 4] for end in ends]
(['Anna Bruni', 'Ali', 'Ivan Petrov'], ['ENDS'])
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from itertools import pairwise

from index.records import Document, Span
from index.speech import label_words as vocabulary
from index.speech.labels import Label, is_capitalised
from index.speech.ordinary import is_no_name, is_ordinary
from index.speech.own_words import in_first_person, outside_quotations

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_OPENING = re.compile(
    r"[\s*_>#•–—\[(“\"«-]*(?P<label>[^\W\d_][^:：.!?;…\"“”«»*_()\[\]]{0,60}?)"
    r"[*_ \])”\"»]*(?:\([^()]{0,60}\)[*_ ]*)?(?P<colon>[:：])(?![\d/\\])[*_]*"
)
_BOLD = re.compile(r"\s*(?:[>•-] )?(?:(\*\*|__)(?!\s)[^\r\n]*(?<!\s)\1[ \t]*$|#{1,6} )", re.MULTILINE)
_CLOSING = re.compile(
    r"\s*[*_(\[-]*(?:(?i:notes?|notes? (?:to|for) editors?|editor['’]?s['’]? notes?|(?:media |press )?contacts?|about the authors?"
    r"|photos?|photographs?|captions?|credits?|sources?|corrections?|related(?: articles| stories)?|read more|advertisement"
    r"|disclaimer|footnotes?|references|tags|topics|filed under|for (?:more|further) information)(?=[*_)]*\s*(?:[:：]|$))"
    r"|(?:ENDS?|Ends|FIN)(?=[.*_)\]-]*\s*$)|(?<=-)\s?30\s?-|###+\s*$"
    r"|(?i:copyright)\s*(?:©|\([cC]\)|\d{4}|by\b|\W?$)|©|\([cC]\)\s*\d{4}|(?i:all rights reserved))",
    re.MULTILINE,
)
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 6  # words in what looks like a label
_DENSE = 0.75  # share of paragraphs with a label of their own from which on a turn is taken to be one paragraph
_MANY = 3  # paragraphs that one turn may be of nevertheless
_READ = 2_000  # code points of a paragraph that tell whether it is a report
_FIRST_WORDS = 10


def by_line(labels: Sequence[Label]) -> bool:
    """Whether the labels of a transcript stand at the start of lines, so that one within a line is no label."""
    return sum(label.at_line for label in labels) * 10 >= 9 * len(labels)


def labels_and_ends(
    document: Document, labels: Sequence[Label], found: Sequence[Label]
) -> tuple[list[Label], list[int]]:
    """The labels of a transcript with those that only their place shows, of all that were `found`; and where turns end besides.

    The latter are the offsets of paragraphs, in order, behind the first label.
    """
    text = document.text
    paragraphs = _paragraphs(text, labels)
    lines = by_line(labels)
    held = {label.span.start for label in labels} | {label.mention.start for label in labels}
    alone = {label.span.start: label for label in found if label.at_line and label.shape == "single"} if lines else {}
    headings = {block.span.start for block in document.blocks if block.kind == "heading"} if lines else set()
    words = {*_WORD.findall(text)} if lines else set()
    alone = {start: label for start, label in alone.items() if not _is_word(label.name[0], words)}
    dense = lines and _is_dense(paragraphs, _apart([*labels, *alone.values()]))
    talk = _last_talk(text, paragraphs, labels[-1]) if dense else 0
    more: list[Label] = []
    ends: list[int] = []
    after_more = False
    for unit in paragraphs:
        rare, after_more = after_more, False
        if unit.start in held or unit.start < labels[0].span.end:
            continue
        opening = _OPENING.match(text, unit.start, unit.end) if lines else None
        if opening and opening.start("label") in held:
            continue
        if _CLOSING.match(text, unit.start, unit.end):
            ends.append(unit.start)
        elif unit.start in alone:
            more.append(alone[unit.start])
            after_more = True
        elif opening and (label := _read(opening, unit, dense, unit.start <= talk)):
            more.append(label)
            after_more = True
        elif rare:
            ends.append(unit.start)  # it may be the words of whoever was interrupted
        elif lines and len(labels) > 1 and (unit.start in headings or _BOLD.match(text, unit.start, unit.end)):
            ends.append(unit.start)
        elif dense and unit.start > talk and _is_report(text[unit.start : min(unit.end, unit.start + _READ)]):
            ends.append(unit.start)
    return _apart([*labels, *more]), ends


def _is_word(name: str, words: set[str]) -> bool:
    """Whether what stands alone before a colon is a word of the language: "Money: we have none"."""
    return len(name) > 1 and (is_no_name(name) or name.casefold() != name and name.casefold() in words)


def _read(match: re.Match[str], unit: Span, dense: bool, talks_on: bool) -> Label | None:
    """A label of nobody's name: "Voice from the floor". It may only end the turn before: "Presidente Fernández::"

    Where every turn has a label, so does what has but the shape of one, "Channel 4", and in the end any few words before a
    colon, if the last turn does not talk on (`talks_on`).
    """
    words = match["label"].split()
    folds = [word.casefold().strip(".,’'") for word in words]
    if len(words) > _LONGEST or not is_capitalised(words[0]) or vocabulary.SENTENCE_WORDS & set(folds):
        return None
    span, mention = Span(unit.start, match.end()), Span(*match.span("label"))
    head = next((at for at, fold in enumerate(folds) if fold in vocabulary.WHEREABOUTS), len(folds))
    if " ".join(folds[:head]) in vocabulary.SOMEBODY and len(folds[0]) > 1:
        return Label(span, mention, (), match["label"], "somebody", True)
    shaped = (
        all(is_capitalised(w) or w.isdigit() or f in vocabulary.NAME_PARTICLES for w, f in zip(words[:head], folds))
        and " ".join(folds) not in vocabulary.NO_LABEL
    )
    named = shaped and not any(is_no_name(fold) or is_ordinary(fold) or fold.isdigit() for fold in folds[:head])
    ends = named or dense and (shaped or not talks_on)
    return Label(span, mention, (), match["label"], "nobody", True) if ends else None


def _apart(labels: list[Label]) -> list[Label]:
    found: list[Label] = []
    for label in sorted(labels, key=lambda label: label.span.start):
        if not found or found[-1].span.end <= label.span.start:
            found.append(label)
    return found


def _is_report(words: str) -> bool:
    """Whether a paragraph tells what somebody did or said, in nobody's own words: "The chairman then read a letter"."""
    if in_first_person(words):
        return False
    first = [word.casefold() for word in _WORD.findall(outside_quotations(words))[:_FIRST_WORDS]]
    return not vocabulary.TELLING.isdisjoint(first)


def _is_dense(paragraphs: Sequence[Span], labels: Sequence[Label]) -> bool:
    """Whether nearly every paragraph from the first label to the last has a label of its own, and no speech is of many."""
    starts = [unit.start for unit in paragraphs]
    at = [bisect(starts, label.mention.start) for label in labels]
    return len(at) > 2 and len(at) >= _DENSE * (at[-1] - at[0] + 1) and max(b - a for a, b in pairwise(at)) <= _MANY


def _last_talk(text: str, paragraphs: Sequence[Span], last: Label) -> int:
    """Where the last paragraph in the first person of the last turn is: what stands before it in the same turn is spoken too."""
    turn = [unit for unit in paragraphs if unit.start > last.span.end]
    closed = next((at for at, unit in enumerate(turn) if _CLOSING.match(text, unit.start, unit.end)), len(turn))
    spoken = (unit.start for unit in reversed(turn[:closed]) if in_first_person(text[unit.start : unit.end][:_READ]))
    return next(spoken, 0)


def _paragraphs(text: str, labels: Sequence[Label]) -> list[Span]:
    """The paragraphs: between blank lines where labels stand behind blank lines, else every line. No blanks at their starts."""
    lines = [Span(m.start() + len(m[0]) - len(m[0].lstrip()), m.end()) for m in _LINE.finditer(text) if m[0].strip()]
    opening = {label.span.start for label in labels}
    after_blank = [not at or _is_blank_between(text, lines[at - 1], line) for at, line in enumerate(lines)]
    own = [blank for line, blank in zip(lines, after_blank) if line.start in opening]
    if sum(own) * 10 < 8 * len(own):
        return lines
    firsts = [line.start for line, blank in zip(lines, after_blank) if blank]
    return [Span(a, b) for a, b in zip(firsts, [*firsts[1:], len(text)])]


def _is_blank_between(text: str, one: Span, other: Span) -> bool:
    gap = text[one.end : other.start].replace("\r\n", "\n")
    return sum(c in "\r\n\u2028\u2029" for c in gap) > 1
