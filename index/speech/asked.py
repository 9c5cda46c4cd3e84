"""Who is named in a question: names, surnames, given names that are one person's, titles, and near misses of surnames."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz
from simplemma import is_known

from index.records import Span
from index.speech.bodies import is_body
from index.speech.directory import Directory, Entry, Token, dominating, tokens, worth_asking
from index.speech.given import is_given
from index.speech.names import Name, is_title
from index.speech.nations import LONGEST, nation_of
from index.speech.offices import OFFICE_WORDS, head_of, is_past, read_office
from index.speech.ordinary import ASKED, BEHIND, SAYING, is_ordinary
from index.speech.records import Person
from index.speech.transliteration import fold, skeleton
from index.words import STOPWORDS

NEAR = 80
"""The likeness, of 100, from which a surname is taken for a misspelling of another; in a question, where nothing says that
it is a name, `NEAR_UNASKED`."""
NEAR_UNASKED = 83

How = Literal["name", "surname", "given name", "role", "misspelt"]
_GAP = re.compile(r"[\s.·-]*$")
_TITLE_LONGEST = 8  # tokens


@dataclass(frozen=True, slots=True)
class Found:
    """Words of a question that name somebody. `span` counts code points of the question and holds a possessive ending.

    Several persons, the likeliest first, where the words may mean each of them. `misspelt` is a guess: nobody has this name.
    """

    span: Span
    words: str
    persons: tuple[Person, ...]
    how: How


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a run of tokens, that ends before `end`, may mean."""

    end: int
    entries: list[Entry]
    how: How


def find(directory: Directory, text: str) -> list[Found]:
    """Who is named in `text`, from left to right, of overlapping readings the longest."""
    words = tokens(text)
    found: list[Found] = []
    at = 0
    while at < len(words):
        reading = _Reader(directory, text, words).at(at)
        if reading:
            span = Span(words[at].span.start, words[reading.end - 1].span.end)
            found.append(Found(span, span.of(text), tuple(e.person for e in reading.entries), reading.how))
        at = reading.end if reading else at + 1
    return found


def likeness(words: Sequence[str], name: Name) -> float:
    """How like a surname one of these folded words is, of 100; a given name beside it that is quite another counts against."""
    surname = skeleton(fold(name.surname).replace("-", " "))
    at, best = max(
        ((i, fuzz.ratio(skeleton(word), surname)) for i, word in enumerate(words)),
        key=lambda pair: pair[1],
        default=(0, 0.0),
    )
    best = max(best, fuzz.ratio(" ".join(map(skeleton, words)), surname))
    given = fold(name.given[0]) if name.given else ""
    if at and given and len(words[0]) > 2 and fuzz.ratio(skeleton(words[0]), skeleton(given)) < 60:
        best -= 25
    return best if len(surname) > 3 else 0.0


class _Reader:
    """Reads the tokens of one question."""

    def __init__(self, directory: Directory, text: str, words: Sequence[Token]) -> None:
        self._directory, self._text, self._words = directory, text, words

    def at(self, at: int) -> _Reading | None:
        """The longest reading that begins with this token. A title joins the name behind it."""
        role = self._role(at)
        start = role.end if role else self._behind_title(at)
        if start > at and self._joined(start - 1) and (name := self._name(start, titled=True)):
            meant = [e for e in name.entries if role and e in role.entries]
            title = read_office(self._text[self._words[at].span.start : self._words[start].span.start])
            return _Reading(name.end, meant or self._directory.holding(name.entries, title), name.how)
        return max(filter(None, [self._name(at), role]), key=lambda r: r.end, default=None) or self._misspelt(at)

    def _name(self, at: int, titled: bool = False) -> _Reading | None:
        last = at
        while (
            last < len(self._words) and last - at < self._directory.longest and (last == at or self._joined(last - 1))
        ):
            last += 1
        for end in range(last, at, -1):
            words = self._words[at:end]
            if any(word.possessive for word in words[:-1]):
                continue
            entries = worth_asking(self._directory.named(words))
            if len(words) == 1:
                return self._single(at, entries, titled)
            if entries and not self._is_of_a_body(end):
                return _Reading(end, entries, "name")
        return None

    def _single(self, at: int, entries: list[Entry], titled: bool) -> _Reading | None:
        """A surname, a body's name of one word, or a given name that is one person's."""
        how: How = "surname"
        if entries and all(e.person.kind == "body" for e in entries):
            how = "name"
        elif not entries:
            given = self._directory.by_given(self._words[at])
            one = dominating([(entry, entry.count) for entry in given])
            entries, how = [one] if one else [], "given name"
        entries = [entry for entry in entries if not _is_mere_given(entry)]
        mere = not any(name.given for entry in entries for name in self._directory.names[entry.person.name])
        if not entries or self._is_of_a_body(at + 1) or self._is_of_another(at):
            return None
        return _Reading(at + 1, entries, how) if titled or self._stands_as_name(at, mere) else None

    def _role(self, at: int) -> _Reading | None:
        """The holders of a title: "the Greek prime minister", "the president of Russia", "the Chinese"."""
        for end in range(min(at + _TITLE_LONGEST, len(self._words)), at, -1):
            whole = not self._is_part_of_title(at, end)
            if whole and all(map(self._joined, range(at, end - 1))) and self._may_be_role(at, end):
                office = read_office(self._text[self._words[at].span.start : self._words[end - 1].span.end])
                if office and (office.head or not self._goes_on(end)):
                    if holders := self._directory.meant_by(office):
                        return _Reading(end, holders, "role")
        return None

    def _is_part_of_title(self, at: int, end: int) -> bool:
        """Whether more stands beside a title than it was read with: "the president" of Hungary, Hungary's "president"."""
        if end < len(self._words) and self._joined(end - 1) and self._words[end].folded == "of":
            return True
        if not at or not self._joined(at - 1):
            return False
        before = self._words[at - 1]
        return before.possessive or nation_of(before.folded) is not None

    def _may_be_role(self, at: int, end: int) -> bool:
        words = self._words[at:end]
        determined = words[0].folded == "the"
        head = next((i for i, word in enumerate(words) if head_of(word.folded)), None)
        bare = words[1:] if determined else words
        if not bare or any(word.possessive for word in words[:-1]) or not (determined or head):
            return False
        known = [self._is_of_a_role(i) for i in range(at + determined, end)]
        inner = all(known) and bare[0].folded not in STOPWORDS and bare[-1].folded not in STOPWORDS
        return inner and (head is not None or nation_of(" ".join(word.folded for word in bare)) is not None)

    def _is_of_a_role(self, at: int) -> bool:
        word = self._words[at]
        if head_of(word.folded) or is_past(word.folded) or word.folded in self._directory.role_words:
            return True
        if word.folded in OFFICE_WORDS:
            return True
        near = range(max(0, at - LONGEST), at + 1)
        return any(
            nation_of(" ".join(w.folded for w in self._words[start:end]))
            for start in near
            for end in range(at + 1, min(start + LONGEST, len(self._words)) + 1)
        )

    def _goes_on(self, at: int) -> bool:
        """Whether a noun may follow: "the Chinese" are people, "the Chinese embassy" is not."""
        if at >= len(self._words) or not self._joined(at - 1):
            return False
        return self._words[at].folded not in SAYING | STOPWORDS

    def _misspelt(self, at: int) -> _Reading | None:
        """Somebody whose surname is near to a word that can only be a name: capitalised, or where a name stands."""
        word = self._words[at]
        if len(word.folded) < 4 or is_ordinary(word.folded) or self._is_of_another(at):
            return None
        if not (word.capitalised and not self._opens_sentence(at) or self._asked(at)):
            return None
        if at + 1 < len(self._words) and self._joined(at) and self._words[at + 1].capitalised and is_given(word.name):
            return None  # a given name: the surname behind it decides
        scored = [
            (max((likeness([word.folded], name) for name in names), default=0.0), entry)
            for entry in self._directory.entries
            if (names := self._directory.names[entry.person.name]) and not _is_mere_given(entry)
        ]
        best = max((score for score, _ in scored), default=0.0)
        if best < NEAR_UNASKED:
            return None
        return _Reading(at + 1, [entry for score, entry in scored if score == best], "misspelt")

    def _stands_as_name(self, at: int, mere: bool) -> bool:
        """Whether a word, which may be an ordinary one, stands here for a name; `mere` is a name of one word."""
        word = self._words[at]
        word_of_dictionary = mere and is_known(word.folded, "en")
        if not (is_ordinary(word.folded) or word_of_dictionary) or word.capitalised and not self._opens_sentence(at):
            return True
        return self._asked(at)

    def _asked(self, at: int) -> bool:
        """Whether a question's words on both sides say that a name is between: "did … say", "by …", "… on" at the start."""
        before = self._words[at - 1].folded if at else ""
        after = self._words[at + 1].folded if at + 1 < len(self._words) else ""
        if before in ASKED and after in SAYING or before in BEHIND or (before == "to" and at > 1):
            return before != "to" or self._words[at - 2].folded == "according"
        return self._opens_sentence(at) and (after in {"on", "about", *SAYING} or self._words[at].possessive)

    def _is_of_another(self, at: int) -> bool:
        """Whether a given name in front makes it somebody else's: "Greta Putin" is not Vladimir Putin."""
        if not at or not self._joined(at - 1) or self._words[at - 1].possessive:
            return False
        before = self._words[at - 1]
        if before.folded in ("the", "a", "an") and not self._words[at].possessive:
            return True  # "the Chelsea blast"
        if before.folded in STOPWORDS or is_title(before.surface) or nation_of(before.folded):
            return False
        initial = len(before.folded) == 1 and before.capitalised
        return initial or is_given(before.name) and (before.capitalised or not is_ordinary(before.folded))

    def _is_of_a_body(self, end: int) -> bool:
        """Whether the word behind makes a body of a name: "the Clinton campaign" is not Clinton."""
        if end >= len(self._words) or not self._joined(end - 1) or self._words[end - 1].possessive:
            return False
        return is_body(f"Name {self._words[end].name}") and self._words[end].folded not in SAYING

    def _behind_title(self, at: int) -> int:
        """The index of the word behind the titles that begin here: "Mr", "Senator", "former FBI director"."""
        end = at
        for i in range(at, min(at + _TITLE_LONGEST, len(self._words) - 1)):
            if not self._joined(i):
                break
            if is_title(self._words[i].surface):
                end = i + 1
            elif not (
                self._words[i].folded == "the" or is_past(self._words[i].folded) or nation_of(self._words[i].folded)
            ):
                break
        return end

    def _joined(self, at: int) -> bool:
        """Whether nothing but blanks, hyphens and points stands between this word and the next."""
        if at + 1 >= len(self._words):
            return False
        return bool(_GAP.match(self._text[self._words[at].span.end : self._words[at + 1].span.start]))

    def _opens_sentence(self, at: int) -> bool:
        if not at:
            return True
        return bool(re.search(r"[.?!:;]", self._text[self._words[at - 1].span.end : self._words[at].span.start]))


def _is_mere_given(entry: Entry) -> bool:
    """Whether all that is known of somebody is a given name: whose it is, nobody can tell."""
    person = entry.person
    return person.kind == "person" and " " not in person.name and is_given(person.name) and not person.roles
