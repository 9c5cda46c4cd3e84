"""The directory of a collection's people: who goes by a name, by a surname, by a given name, and who holds a title when.

Names are looked up word by word without differences of case, accents and transliteration (`names.skeleton`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from index.records import Span
from index.speech.given import forms_of
from index.speech.names import Name, compatible, parse
from index.speech.nations import nation_of
from index.speech.offices import Office, read_office
from index.speech.ordinary import FUNCTION_WORDS, SAYING
from index.speech.records import Gender, Person
from index.speech.transliteration import fold, skeleton

DOMINATES = 0.9
"""The share of the mentions of a surname, or of a title, that makes it one person's."""

NEGLIGIBLE = 0.05
"""The share of the mentions of the first one of a surname under which others of it are not asked after."""

LEADS = 3
"""How many times as many documents as the next one gives an office of state to whoever is meant by it alone."""

_TOKEN = re.compile(
    r"[^\W\d_]\.(?:\s?[^\W\d_]\.(?!\w))+|(?:[^\W\d_]\.){2,}|[^\W_\u0300-\u036f][^\W_]*[\u0300-\u036f\w]*(?:['’ʼ][^\W_]+)*['’]?"
)
_GAPS = re.compile(r"[.\s]")  # of initials: "J. D." is "J.D."
_POSSESSIVE = re.compile(r"['’ʼ]s$|['’ʼ]$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a name or question: folded, without its possessive ending, which `span` and `surface` hold."""

    folded: str
    surface: str
    span: Span

    @property
    def name(self) -> str:
        return _POSSESSIVE.sub("", self.surface)

    @property
    def possessive(self) -> bool:
        return self.name != self.surface

    @property
    def capitalised(self) -> bool:
        return self.surface[0].isupper()


def tokens(text: str) -> list[Token]:
    """The words of `text`; the parts of a hyphenated name are words of their own ("ban ki moon" is Ban Ki-moon)."""
    found = []
    for match in _TOKEN.finditer(text):
        folded = _GAPS.sub("", fold(_POSSESSIVE.sub("", match.group())))
        found.append(Token(folded, match.group(), Span(*match.span())))
    return found


@dataclass(frozen=True, slots=True)
class Held:
    """A title that documents give somebody: how many do, and the first and last day on which (ISO 8601, of publication)."""

    role: str
    count: int = 1
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A person, how often documents name them and by which forms, and the titles they held when.

    >>> entry = Entry(Person("Ann Lee", "person"), 3, (("Lee", 2),), (Held("mayor", 1, "2020", "2021"),))
    >>> Entry.from_json(entry.as_json()) == entry
    True
    """

    person: Person
    count: int = 1
    forms: tuple[tuple[str, int], ...] = ()
    held: tuple[Held, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Entry:
        lists = {key: tuple(data["person"][key]) for key in ("aliases", "roles")}
        return cls(
            Person(**{**data["person"], **lists}),
            data["count"],
            tuple((form, count) for form, count in data["forms"]),
            tuple(Held(**held) for held in data["held"]),
        )


Key = tuple[str, ...]


class Directory:
    """Entries by everything they may be called. All lists are in order of how often their people are named."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(sorted(entries, key=_rank))
        self.names = {entry.person.name: _names(entry) for entry in self.entries}
        self._offices = {entry.person.name: _offices(entry) for entry in self.entries}
        self._whole: dict[Key, list[Entry]] = {}
        self._surnames: dict[Key, list[Entry]] = {}
        self._givens: dict[str, list[Entry]] = {}
        for entry in self.entries:
            for form in dict.fromkeys([entry.person.name, *entry.person.aliases, *(form for form, _ in entry.forms)]):
                _add(self._whole, key(tokens(without_the(form))), entry)
            for name in self.names[entry.person.name]:
                _add(self._surnames, key(tokens(name.surname)), entry)
                for called in {form for given in name.given[:1] for form in forms_of(fold(given))}:
                    _add(self._givens, skeleton(called), entry)
        self.role_words = {w for held in self._offices.values() for office, _ in held for w in office.words}
        self.longest = max(map(len, self._whole), default=1)

    def named(self, words: Sequence[Token]) -> list[Entry]:
        """Those of a whole name, of a surname, or of a surname with a given name that fits: "Mike Pence" is Michael Pence."""
        if not words:
            return []
        written = key(words)
        found = list(self._whole.get(written, ()))
        if len(written) == 1 or not found:
            found += self._surnames.get(written, ())
        if not found and any(written[split:] in self._surnames for split in range(1, len(written))):
            found = self._of_given_and_surname(words, written)
        return sorted(dict.fromkeys(found), key=_rank)

    def by_given(self, word: Token) -> list[Entry]:
        return self._givens.get(skeleton(word.folded), [])

    def holding(self, entries: list[Entry], office: Office | None) -> list[Entry]:
        """Of those who share a name the ones who hold an office it is given with, or all of them where nobody does."""
        return [entry for entry, _ in self.holding_most(entries, office)]

    def holding_most(self, entries: list[Entry], office: Office | None) -> list[tuple[Entry, int]]:
        """The same, with how many documents give them the office, or else with how often they are named."""
        held = [
            (e, sum(h.count for o, h in self._offices[e.person.name] if office and o.head == office.head))
            for e in entries
        ]
        holders = [(e, count) for e, count in held if count] if office and office.head else []
        return holders or [(e, e.count) for e in entries]

    def holders(self, office: Office, published: str | None = None) -> list[tuple[Entry, int]]:
        """Who holds an office, and how many documents say so; of them those alone, if any, who are said to around a date."""
        ever: list[tuple[Entry, int]] = []
        then: list[tuple[Entry, int]] = []
        for entry in self.entries:
            held = [h for o, h in self._offices[entry.person.name] if office.may_mean(o) and o.past == office.past]
            now = [h for h in held if published and h.first and h.last and h.first <= published <= h.last]
            if held:
                ever.append((entry, sum(h.count for h in held)))
            if now:
                then.append((entry, sum(h.count for h in now)))
        return sorted(then or ever, key=lambda pair: (-pair[1], _rank(pair[0])))

    def meant_by(self, office: Office) -> list[Entry]:
        """Whom a question may mean by a title; by a country alone, "the French", nobody but its own voice."""
        if office.head:
            return [entry for entry, _ in self.holders(office)]
        return [e for e in self.entries if nation_of(fold(without_the(e.person.name))) in office.nations]

    def _of_given_and_surname(self, words: Sequence[Token], written: Key) -> list[Entry]:
        if any(word.folded in FUNCTION_WORDS | SAYING for word in words[:-1]):
            return []
        # Capitals, since a question may be all in lower case.
        name = parse(" ".join(word.name[:1].upper() + word.name[1:] for word in words))
        if not name or len(key(tokens(name.full))) < len(written):
            return []
        found = [entry for split in range(1, len(written)) for entry in self._surnames.get(written[split:], ())]
        return [e for e in found if any(other.given and compatible(name, other) for other in self.names[e.person.name])]


def worth_asking(entries: Sequence[Entry]) -> list[Entry]:
    """Those who may be meant by a name that they share: not who is hardly ever named beside the others."""
    most = max((entry.count for entry in entries), default=0)
    return [entry for entry in entries if entry.count >= NEGLIGIBLE * most]


def of_gender(entries: list[Entry], gender: Gender | None) -> list[Entry]:
    """Of those who share a name the ones who may be of a gender that their title tells: "Mrs. Obama"."""
    return [e for e in entries if e.person.gender in (gender, None)] if gender else entries


def dominating(weighed: Sequence[tuple[Entry, int]]) -> Entry | None:
    """The one who has nearly all of the weight, if one has."""
    total = sum(weight for _, weight in weighed)
    return next((entry for entry, weight in weighed if weight >= DOMINATES * total), None)


def leading(weighed: Sequence[tuple[Entry, int]]) -> Entry | None:
    """The one who has far more of the weight than the next, if one has."""
    ranked = sorted(weighed, key=lambda pair: (-pair[1], _rank(pair[0])))
    if len(ranked) > 1 and ranked[0][1] < LEADS * ranked[1][1]:
        return None
    return ranked[0][0] if ranked else None


def key(words: Sequence[Token]) -> Key:
    return tuple(skeleton(word.folded) for word in words)


def without_the(name: str) -> str:
    return re.sub(r"^the\s+", "", name, flags=re.IGNORECASE)


def _add(lookup: dict[Key, list[Entry]] | dict[str, list[Entry]], under: Any, entry: Entry) -> None:
    entries = lookup.setdefault(under, [])
    if entry not in entries[-1:]:
        entries.append(entry)


def _rank(entry: Entry) -> tuple[int, str]:
    return -entry.count, entry.person.name


def _names(entry: Entry) -> list[Name]:
    """The names of a person that hold a given name, or else what there is."""
    if entry.person.kind == "body":
        return []
    parsed = [name for form in (entry.person.name, *entry.person.aliases) if (name := parse(form))]
    return [name for name in parsed if name.is_full] or parsed[:1]


def _offices(entry: Entry) -> list[tuple[Office, Held]]:
    held = entry.held or tuple(map(Held, entry.person.roles))
    return [(office, h) for h in held if (office := read_office(h.role))]
