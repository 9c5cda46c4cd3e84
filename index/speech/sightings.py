"""Where a text names people: runs of capitalised words taken apart, with the title that stands in front or beside them.

>>> text = "The mayor of Tver, Ivan Petrov, met pollster Ann Lee. Mr. Petrov smiled."
>>> for s in sightings(text, Span(0, len(text))):
...     print(s.span.of(text), "|", s.name.full, "|", s.role, "|", s.is_subject)
Ivan Petrov | Ivan Petrov | The mayor of Tver | True
Ann Lee | Ann Lee | pollster | False
Mr. Petrov | Petrov | None | True
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.records import Span
from index.speech.appositions import apposition, described, modifies
from index.speech.names import Name, is_honorific, is_title, parse
from index.speech.offices import head_of, read_office
from index.speech.ordinary import ADDRESSING, CALENDAR, FUNCTION_WORDS, TITLE_JOINTS, TITLE_MODIFIERS, is_common
from index.speech.transliteration import fold

_UPPER = r"[^\W\d_a-zß-öø-ÿа-яё]"
_ABBREVIATED = r"(?:(?:Mr|Mrs|Ms|Dr|Sens?|Reps?|Gov|Gen|Lt|Col|Capt|Maj|Sgt|Adm|Prof|Rev|Hon|St|Jr|Sr|MR|MRS|MS|DR)\.)"
_WORD = rf"(?:(?:{_UPPER}\.)+(?:-{_UPPER}\.)*|{_ABBREVIATED}|{_UPPER}[^\W_]*(?:[’'ʼ-](?![sS]\b)[^\W_]+)*)"
_PARTICLE = r"(?:de|da|di|del|della|la|van|von|der|den|dos|du|bin|ibn|al|el)"
_SPACE = r"(?:[^\S\n]|\n(?!\s*\n))"
_RUN = re.compile(
    rf"(?<![\w’'])(?:(?:de|von|van|der|di|al-|el-|d[’'])\s?(?=[A-Z]))?{_WORD}"
    rf"(?:{_SPACE}(?:{_PARTICLE}{_SPACE}){{0,2}}(?:al-|el-|d[’'])?{_WORD})*"
    rf"(?:,?{_SPACE}(?:[JS]r\b\.?|I{{2,3}}\b|IV\b))?(?P<possessive>[’'ʼ][sS]?(?!\w))?"
)
_BREAK = re.compile(r"[.!?;:,()\[\]\"“”«»\n—–]")
_SENTENCE_OPENS_AFTER = '.!?:;—–"“”‘…)'
_NEXT_WORD = re.compile(r"(?:\s*\([^)]*\))?(\s*,)?\s*([\w'’]+)")
_LINKS_IN_FRONT = frozenset(("of", "for", "to"))  # but "Remarks by the President at" a dinner for Ann Lee
_NEXT_LINK = re.compile(r"\s+(?:of|for)\s")
_REACH = 150
_REACH_BEHIND = 300
_NO_SUBJECT_BEFORE_THESE = frozenset("of for and or nor to at in on from with by than as about 's".split())
_SUBJECT_BEHIND_THESE = frozenset(
    "and but or while when after before because if that though although since as until whereas so then yet whether where".split()
)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A name in a text. `role` is the title or description that stands with it, `beside` when that is an apposition.

    `is_subject` says that the name seems to be the subject of its clause, or its owner ("Petrov's answer to it was"); `opens`
    that it opens a sentence, where any word is capitalised.
    """

    span: Span
    name: Name
    role: str | None
    beside: bool
    is_subject: bool
    opens: bool


def sightings(text: str, within: Span) -> Iterator[Sighting]:
    """The names in `within`, in order. Single words are given too: whether they are names, the document has to tell."""
    if is_headline(within.of(text)):
        return
    for match in _RUN.finditer(text, within.start, within.end):
        for start, end in _pieces(text, match):
            run = text[start:end]
            before = text[max(within.start, start - _REACH) : start]
            title = _title_in_front(before)
            name = parse(f"{title} {run}" if title else run) or _described(text, start, end, within, before)
            if not name or fold(run) in CALENDAR or len(run) < 2:
                continue
            possessive = end < match.end()
            role, beside = _role(name, before, "" if possessive else text[end : min(within.end, end + _REACH_BEHIND)])
            subject = _opens_sentence(before) if possessive else _is_subject(before, text, end, within)
            yield Sighting(Span(start, end), name, role, beside, subject, _opens_sentence(before))


def _described(text: str, start: int, end: int, within: Span, before: str) -> Name | None:
    """A name made of ordinary words that a description beside it shows to be one: "Dexter Wakefield, a minister,"."""
    if " " not in text[start:end]:
        return None
    beside = described(before, text[end : min(within.end, end + _REACH_BEHIND)])
    return parse(f"{text[start:end]}, {beside}") if beside else None


def is_headline(words: str) -> bool:
    """Whether this is short and nearly all of it capitalised, common words too, so that capitals tell nothing of names."""
    long = [word for word in words.split() if len(word) > 3]
    if not 5 < len(long) < 20 or sum(word[0].isupper() for word in long) < 0.8 * len(long):
        return False
    return sum(is_common(word.strip('.,:;?!“”"')) for word in long) >= 0.4 * len(long)


def _pieces(text: str, run: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The run without its possessive ending, cut where a "But", "In" or "On Monday" is capitalised only by its place."""
    end = run.end() - len(run["possessive"] or "")
    start = last = run.start()
    before = ""
    for word in re.finditer(r"\S+", text[run.start() : end]):
        at = run.start() + word.start()
        if word.group() == before and len(before) > 2:
            end = at  # "Emmanuel Macron Macron EmmanuelPresident": a link that lost its marks
            break
        before = word.group()
        if fold(word.group()) in FUNCTION_WORDS and not (word.group() == "Will" and run.start() + word.end() < end):
            if last > start:
                yield start, last
            start = last = run.start() + word.end() + 1
        else:
            start = at if last <= start else start
            last = run.start() + word.end()
    words = text[start:last].split()
    while len(words) > 1 and is_title(words[-1]) and _NEXT_LINK.match(text, end):
        last -= len(words.pop()) + 1  # "Xi Jinping, the two met. President" of Serbia
    if last > start:
        yield start, last


def _role(name: Name, before: str, after: str) -> tuple[str | None, bool]:
    office = read_office(name.title) if name.title else None
    if office and office.head and not is_honorific(name.title or "") and (role := _without_words_in_front(name.title)):
        return role, False
    if name.is_full and (beside := apposition(before, after)):
        return beside, True
    return None, False


def _without_words_in_front(title: str) -> str | None:
    """A title without the participle that a sentence begins with, and without a "Ms." at its end: "Addressing President"."""
    words = title.split()
    if fold(words[0]) in ADDRESSING:
        del words[0]
    while words and is_honorific(words[-1]):
        words.pop()
    return " ".join(words) or None


def _title_in_front(before: str) -> str | None:
    """The title that ends right before a run of capitals: "the former senator" Bob Dole, "President of" Chad Idriss Déby."""
    words = _BREAK.split(before)[-1].split()
    if not words:
        return None
    if words[-1].casefold() in TITLE_JOINTS:
        heads = [i for i, word in enumerate(words[:-1]) if head_of(word) and words[i + 1].casefold() in _LINKS_IN_FRONT]
        heads = [i for i in heads if all(_joins(word) for word in words[i:])]
        start = _last_of_list(words, heads)
    else:
        plural = words[-1].islower() and words[-1].endswith("s")
        start = len(words) - 1 if head_of(words[-1]) and not plural else None
    if start is None:
        return None
    while start and modifies(words[start - 1]):
        start -= 1
    title = " ".join(words[start:])
    of_another = title.endswith(" and") and (other := parse(title.removesuffix(" and"))) and other.is_full
    return None if of_another else title  # "President of Malta Ann Lee and" Prime Minister Tom Reed


def _last_of_list(words: list[str], heads: list[int]) -> int | None:
    """Which head begins the title: the first, unless "and" begins another: "President of Russia … and President of" Belarus."""
    for head in reversed(heads):
        start = head
        while start and modifies(words[start - 1]):
            start -= 1
        if start and words[start - 1] == "and" and head != heads[0]:
            return head
    return heads[0] if heads else None


def _joins(word: str) -> bool:
    return word[0].isupper() or word.casefold() in TITLE_JOINTS or bool(head_of(word)) or fold(word) in TITLE_MODIFIERS


def _is_subject(before: str, text: str, end: int, within: Span) -> bool:
    following = _NEXT_WORD.match(text, end, within.end)
    if not following or not following[2][0].islower() and not following[1]:
        return False
    behind = following[2].casefold()
    if not following[1] and (behind in _NO_SUBJECT_BEFORE_THESE or behind in TITLE_MODIFIERS or head_of(behind)):
        return False
    front = re.sub(r"[\s,]+$", "", before)
    while front and (head_of(last := front.split()[-1]) or fold(last) in TITLE_MODIFIERS):
        front = front[: -len(last)].rstrip()
    if front != before.rstrip() and before.rstrip().endswith(",") or _opens_sentence(front):
        return True
    return fold(front.split()[-1]) in _SUBJECT_BEHIND_THESE


def _opens_sentence(before: str) -> bool:
    front = before.rstrip()
    return not front or front[-1] in _SENTENCE_OPENS_AFTER or "\n" in before[len(front) :]
