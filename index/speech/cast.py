"""The cast of one document: who its names stand for, under which titles, and where each is seen.

A full name makes somebody; a surname, or a given name that only one bears, is theirs. Two people of one surname are told apart
by title and gender, or by the habit of the document, which calls the one it is about by the bare surname. Where neither
tells, the bare surname stands for nobody.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from index.records import Span
from index.speech.given import forms_of, is_given
from index.speech.names import Name, compatible
from index.speech.nations import is_demonym, is_place, nation_of
from index.speech.offices import PRESIDENCIES, SPOUSES, Office, gender_of_title, is_personal_title, is_weak, read_office
from index.speech.ordinary import GROUPS, is_no_name, is_plural
from index.speech.records import Gender, Known
from index.speech.sightings import Sighting
from index.speech.transliteration import fold, skeleton


@dataclass(slots=True, eq=False)
class Somebody:
    """A person as a document has them. `roles` are the titles it gives them, in the order of the text."""

    forms: Counter[Name] = field(default_factory=Counter)
    roles: list[str] = field(default_factory=list)
    genders: Counter[Gender] = field(default_factory=Counter)
    first: int | None = None
    """The offset of the first sighting."""
    evident: bool = False
    """Whether something beside capitals says that this is a person."""

    def add(self, name: Name, role: str | None = None, at: int | None = None) -> None:
        self.forms[name] += 1
        if at is not None:
            self.first = at if self.first is None else min(at, self.first)
        if name.gender:
            self.genders[name.gender] += 1
        if role:
            self.roles.append(role)
            if gender := gender_of_title(role):
                self.genders[gender] += 1
        self.evident = self.evident or bool(role or name.title) or _looks_personal(name)

    @property
    def gender(self) -> Gender | None:
        common = self.genders.most_common(2)
        return common[0][0] if common and (len(common) == 1 or common[0][1] > 2 * common[1][1]) else None

    @property
    def full(self) -> str:
        """The fullest name, of several the commonest: "Ted Cruz" where "T. Cruz" or "Rafael Edward Cruz" stands once."""
        names: Counter[str] = Counter()
        for name, count in self.forms.items():
            names[name.whole] += count
        whole = {name.whole for name in self.forms if name.is_full} or set(names)
        best = min(whole, key=lambda n: (-names[n], -len(n), n))
        # "Peña Nieto" is the end of "Enrique Peña Nieto".
        return max((n for n in whole if n == best or n.endswith(f" {best}")), key=lambda n: (len(n), n))

    @property
    def role(self) -> str | None:
        """The title that says most, of several the first."""
        return max((role for role in self.roles if read_office(role)), key=len, default=None)

    def holds(self, office: Office) -> bool:
        return any(office.may_mean(held) and held.past == office.past for held in self._offices())

    def may_be(self, name: Name) -> bool:
        """Whether a name of their surname is at odds with none of theirs; what they are called by given name does not count."""
        if name.gender and self.gender and name.gender != self.gender:
            return False
        return all(compatible(name, form) for form in self.forms if form.is_full or _surname(form) == _surname(name))

    def is_another_than(self, office: Office) -> bool:
        """Whether their own titles make it unlikely that they are who is called so: a woman, or the holder of another office."""
        return self.gender == "she" or any(held.head and not is_weak(held) for held in self._offices())

    def is_spouse_of(self, office: Office) -> bool:
        """Whether they are spoken of as somebody's wife or husband, so that an office that goes with the surname is not theirs."""
        married = any(_is_mrs(form) for form in self.forms)
        return office.head in PRESIDENCIES and (married or any(held.head in SPOUSES for held in self._offices()))

    def holds_head(self, head: str) -> bool:
        return any(head == held.head for held in self._offices())

    def _offices(self) -> Iterator[Office]:
        return (office for role in dict.fromkeys(self.roles) if (office := read_office(role)))


class Cast:
    """Everybody whom a document names. `speaking` are the names that mentions hold: who speaks is somebody. `labelled` are
    names and roles known of elsewhere than in prose: by the label of a turn, or a by-line."""

    def __init__(
        self,
        seen: Iterable[Sighting],
        speaking: Iterable[Name] = (),
        labelled: Iterable[tuple[Name, str | None]] = (),
    ) -> None:
        self.people: list[Somebody] = []
        self._families: dict[str, list[Somebody]] = {}
        self._by_given: dict[str, list[Somebody]] = {}
        self._seen: list[tuple[Sighting, Somebody]] = []
        seen = list(seen)
        self._speaking = {name.key for name in speaking}
        bare = [sighting for sighting in seen if not sighting.name.is_full]
        self._bare = _starts_by_surname(s for s in bare if not s.name.title)
        for sighting in seen:
            if sighting.name.is_full:
                self._put(sighting, self._bearer_of_full(sighting.name) or self._new(sighting.name))
        self.labelled = {self._add(name, role) for name, role in sorted(labelled, key=_not_mrs)}
        strangers: dict[str, list[Sighting]] = {}
        for sighting in sorted(
            bare, key=lambda s: not s.role
        ):  # those with a title first: "President Obama" may make somebody
            if who := self.bearer(sighting.name, sighting.role, sighting.span.start):
                self._put(sighting, who)
            elif sighting.role or not self._bearers(sighting.name):
                if fold(sighting.name.surname) in GROUPS or self._is_family(sighting.name):
                    continue
                if sighting.name.title and is_personal_title(sighting.name.title):
                    self._put(sighting, self._new(sighting.name))
                else:
                    strangers.setdefault(_surname(sighting.name), []).append(sighting)
        for group in strangers.values():
            if who := self.bearer(group[0].name) or (
                self._new(group[0].name) if self._is_name_of_speaker(group) else None
            ):
                for sighting in group:
                    self._put(sighting, who)
        self._seen.sort(key=lambda pair: pair[0].span)

    @property
    def seen(self) -> Sequence[tuple[Sighting, Somebody]]:
        """Every sighting of somebody, in order."""
        return self._seen

    def bearer(self, name: Name, role: str | None = None, at: int | None = None) -> Somebody | None:
        """Whom a name stands for; None where nobody bears it, or several do and nothing tells them apart."""
        if name.is_full:
            return self._bearer_of_full(name)
        bearers = self._bearers(name)
        office = read_office(role) if role else None
        if office and office.head:
            holders = [who for who in bearers if who.holds_head(office.head)]
            if len(holders) == 1:
                return holders[0]
            # "President Obama", said before anybody is called "Michelle Obama", is somebody else.
            if not holders:
                bearers = [who for who in bearers if not who.is_spouse_of(office)]
            if not holders and at is not None:
                bearers = [
                    who for who in bearers if who.first is None or who.first <= at or not who.is_another_than(office)
                ]
        elif _is_mrs(name):
            bearers = [who for who in bearers if who.gender or not any(map(who.holds_head, PRESIDENCIES))]
        if len(bearers) < 2:
            return bearers[0] if bearers else None
        return self._by_habit(_surname(name), bearers)

    def of_surname(self, word: str) -> Somebody | None:
        """The one evident person whose surname a word is."""
        family = [who for who in self._families.get(skeleton(fold(word)), ()) if who.evident]
        return family[0] if len(family) == 1 else None

    def within(self, span: Span) -> list[tuple[Sighting, Somebody]]:
        """The sightings within `span`, in order."""
        first = bisect_left(self._seen, span.start, key=lambda pair: pair[0].span.start)
        found = []
        for sighting, who in self._seen[first:]:
            if sighting.span.start >= span.end:
                break
            if sighting.span.end <= span.end:
                found.append((sighting, who))
        return found

    def known(self) -> list[Known]:
        """What the document tells of everybody in it, once for each title that names an office."""
        facts = []
        for who in self.people:
            if who.evident:
                roles = [role for role in dict.fromkeys(who.roles) if read_office(role)] or [None]
                facts += [Known(who.full, "person", role, who.gender, sum(who.forms.values())) for role in roles]
        return facts

    def _add(self, name: Name, role: str | None) -> Somebody:
        who = self.bearer(name, role) or self._new(name)
        who.add(name, role)
        who.evident = True
        return who

    def _put(self, sighting: Sighting, who: Somebody) -> None:
        who.add(sighting.name, sighting.role, sighting.span.start)
        if sighting.name.key in self._speaking and not _opens_with_plural(sighting.name):
            who.evident = True
        self._seen.append((sighting, who))

    def _new(self, name: Name) -> Somebody:
        who = Somebody()
        self.people.append(who)
        self._families.setdefault(_surname(name), []).append(who)
        if name.given and is_given(name.given[0]):  # "Trump" is no given name, although there is a Trump Tower
            for given in forms_of(fold(name.given[0])):
                self._by_given.setdefault(given, []).append(who)
        return who

    def _is_family(self, name: Name) -> bool:
        """Whether this is the plural of a surname of the document: "the Clintons"."""
        return name.surname.endswith("s") and skeleton(fold(name.surname[:-1])) in self._families

    def _is_name_of_speaker(self, group: Sequence[Sighting]) -> bool:
        """Whether a single word that nothing else tells of is the name of somebody who speaks, and not "Critics"."""
        word = fold(group[0].name.surname)
        common = word in GROUPS or is_demonym(word) or is_no_name(word)
        return not common and any(s.name.key in self._speaking for s in group)

    def _bearer_of_full(self, name: Name) -> Somebody | None:
        fitting = [who for who in self._families.get(_surname(name), ()) if who.may_be(name)]
        fitting = [who for who in fitting if any(form.is_full for form in who.forms)] or fitting
        return fitting[0] if len(fitting) == 1 else None

    def _bearers(self, name: Name) -> list[Somebody]:
        """Those of this surname, or else of this given name."""
        family = [w for w in self._families.get(_surname(name), ()) if w.may_be(name)]
        if family or name.title:
            return family
        return self._by_given.get(fold(name.surname), [])

    def _by_habit(self, surname: str, bearers: Sequence[Somebody]) -> Somebody | None:
        """The one whom the document calls by nothing but the surname, or did while it had named none of the others."""
        merely = [who for who in bearers if not any(form.is_full for form in who.forms)]
        if len(merely) == 1:
            return merely[0]
        named = sorted((who.first, i) for i, who in enumerate(bearers) if who.first is not None)
        if len(named) < 2:
            return None
        between = any(named[0][0] < start < named[1][0] for start in self._bare.get(surname, ()))
        return bearers[named[0][1]] if between else None


def _not_mrs(label: tuple[Name, str | None]) -> bool:
    """Orders the labels with "Mrs." first: they tell whose the office of that surname is not."""
    return not _is_mrs(label[0])


def _is_mrs(name: Name) -> bool:
    return bool(name.title) and fold(name.title).rstrip(".") == "mrs"


def _opens_with_plural(name: Name) -> bool:
    """Whether a full name begins like that of a firm: "Wells Fargo"."""
    return name.is_full and is_plural(name.words[0])


def _surname(name: Name) -> str:
    return skeleton(fold(name.surname))


def _starts_by_surname(seen: Iterable[Sighting]) -> dict[str, list[int]]:
    starts: dict[str, list[int]] = {}
    for sighting in seen:
        starts.setdefault(_surname(sighting.name), []).append(sighting.span.start)
    return starts


def _looks_personal(name: Name) -> bool:
    """Whether a full name begins with a given name that is no place's ("Virginia Beach"), or holds an initial."""
    if not name.given:
        return False
    first = name.given[0]
    if is_place(fold(name.surname)) or first in ("Virginia", "Carolina"):
        return False
    if (
        len(first.rstrip(".")) == 1
        or len(name.given) > 1
        and len(name.given[1].rstrip(".")) == 1
        or name.full.split()[0] != first
    ):
        return True
    return is_given(first) and nation_of(fold(first)) is None
