"""The bodies that a document names, and which of them a description means: "the appeals court".

>>> text = "The U.S. Court of Appeals for the Sixth Circuit met. Then the appeals court ruled on the map."
>>> bodies = NamedBodies(text, [Span(0, len(text))])
>>> bodies.meant_by("appeals court", len(text)), bodies.meant_by("district court", len(text)), bodies.meant_by("court", 0)
('U.S. Court of Appeals for the Sixth Circuit', None, None)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.records import Span
from index.speech.bodies import DESCRIBED, RUN_BY_SOMEBODY
from index.speech.names import parse
from index.speech.ordinary import FUNCTION_WORDS
from index.speech.sightings import is_headline
from index.speech.transliteration import fold
from index.words import stems

_CAPITALISED = r"(?:(?:[A-Z]\.){2,}|[A-Z][\w&]*(?:['’-](?!s\b)\w+)*)"
_ORDINAL = r"\d+(?:st|nd|rd|th)"
_HEAD = "|".join(sorted(DESCRIBED))
_NAMED = re.compile(
    rf"(?<![\w’'-])(?P<front>(?:{_CAPITALISED}(?:['’]s)?\s)*)(?P<head>(?i:{_HEAD}))\b(?!['’-]\w\w)"
    rf"(?P<behind>(?:\s(?:of|for|on)(?:\sthe)?(?:\s(?:{_CAPITALISED}|{_ORDINAL}))+)*)"
    rf"(?P<joined>\s(?:and|&)(?P<other>(?:\s{_CAPITALISED})+))?"
)
_POSSESSIVE = re.compile(r"['’]s$")
_LINK = re.compile(r"\s(?:of|for|on)\s")


@dataclass(frozen=True, slots=True)
class _Body:
    name: str
    first: int
    head: str
    stems: frozenset[str]


class NamedBodies:
    """The bodies named in some stretches of a text, each by the name that is first used."""

    def __init__(self, text: str, within: Iterable[Span]) -> None:
        self._bodies: list[_Body] = []
        for span in within:
            if not is_headline(span.of(text)):
                for start, name in _named(text, span):
                    self._add(name, start)

    def meant_by(self, description: str, before: int) -> str | None:
        """The one body named before an offset whose name has all the words of the description; None where several have."""
        fitting = self._fitting(description, before)
        return fitting[0].name if len(fitting) == 1 else None

    def _fitting(self, description: str, before: int) -> list[_Body]:
        head, said = _head(description), frozenset(stems(description))
        return [b for b in self._bodies if b.first < before and b.head == head and said <= b.stems]

    def _add(self, name: str, start: int) -> None:
        if not self._fitting(name, start):
            self._bodies.append(_Body(name, start, _head(name), frozenset(stems(name))))


def _head(name: str) -> str:
    """The word that says what a body is: "court" of "Court of Appeals"."""
    return fold(_LINK.split(name, maxsplit=1)[0].split()[-1])


def _named(text: str, within: Span) -> Iterator[tuple[int, str]]:
    """The names of bodies and where they begin. What has no word of its own is no name: "the Court"."""
    for found in _NAMED.finditer(text, within.start, within.end):
        front = found["front"].split()
        small = found["head"][0].islower()
        if small and found["head"] not in RUN_BY_SOMEBODY:
            continue
        opens = (i for i in range(len(front), 0, -1) if _begins_name_behind(front[i - 1], small))
        front = [_POSSESSIVE.sub("", word) for word in front[next(opens, 0) :]]
        behind = "" if small else found["behind"]
        if behind and found["joined"] and _is_of_the_name(found["other"]):
            behind += found["joined"]
        if front or behind:
            yield found.start(), " ".join([*front, found["head"], *behind.split()])


def _begins_name_behind(word: str, small: bool) -> bool:
    """Whether a word in front is no part of a name: "The" Sanders campaign, "Ohio's" Department of Health."""
    return fold(word) in FUNCTION_WORDS or not small and bool(_POSSESSIVE.search(word))


def _is_of_the_name(words: str) -> bool:
    """Whether what follows an "and" is none of its own: the "Ministry of Health and" Social Development."""
    return parse(words) is None and not any(fold(word) in DESCRIBED for word in words.split())
