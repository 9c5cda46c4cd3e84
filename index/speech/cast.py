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
from index.speech.given import is_given, same_given
from index.speech.names import Name, compatible
from index.speech.nations import is_demonym, nation_of
from index.speech.offices import Office, gender_of_title, read_office
from index.speech.ordinary import is_plural
from index.speech.records import Gender, Known
from index.speech.sightings import Sighting
from index.speech.transliteration import skeleton
from index.words import fold


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

    def holds_head_of(self, office: Office) -> bool:
        return any(office.head == held.head for held in self._offices())

    def _offices(self) -> Iterator[Office]:
        return (office for role in dict.fromkeys(self.roles) if (office := read_office(role)))


class Cast:
    """Everybody whom a document names. `speaking` are the spans of mentions: who speaks is somebody."""

    def __init__(self, seen: Iterable[Sighting], speaking: Iterable[Span] = ()) -> None:
        self.people: list[Somebody] = []
        self._families: dict[str, list[Somebody]] = {}
        self._seen: list[tuple[Sighting, Somebody]] = []
        seen = list(seen)
        speaking = sorted(speaking)
        bare = [sighting for sighting in seen if not sighting.name.is_full]
        self._bare = _starts_by_surname(s for s in bare if not s.name.title)
        for sighting in seen:
            if sighting.name.is_full:
                self._put(sighting, self._bearer_of_full(sighting.name) or self._new(sighting.name), speaking)
        strangers: dict[str, list[Sighting]] = {}
        for sighting in sorted(bare, key=lambda s: not s.role):  # those with a title first: "President Obama" may make somebody
            if who := self.bearer(sighting.name, sighting.role, sighting.span.start):
                self._put(sighting, who, speaking)
            elif sighting.role or not self._bearers(sighting.name):
                if sighting.role or sighting.name.gender:
                    self._put(sighting, self._new(sighting.name), speaking)
                else:
                    strangers.setdefault(_surname(sighting.name), []).append(sighting)
        for group in strangers.values():
            if who := self.bearer(group[0].name) or (
                self._new(group[0].name) if self._is_name_of_speaker(group, speaking) else None
            ):
                for sighting in group:
                    self._put(sighting, who, speaking)
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
            holders = [who for who in bearers if who.holds_head_of(office)]
            if len(holders) == 1:
                return holders[0]
            # "President Obama" said before anybody is called "Michelle Obama" is somebody else.
            if not holders and at is not None:
                bearers = [who for who in bearers if who.first is not None and who.first <= at]
        if len(bearers) < 2:
            return bearers[0] if bearers else None
        return self._by_habit(_surname(name), bearers)

    def add(self, name: Name, role: str | None = None) -> Somebody:
        """Somebody who is known of elsewhere than in the text's prose: by the label of a turn, or a by-line."""
        who = self.bearer(name, role) or self._new(name)
        who.add(name, role)
        who.evident = True
        return who

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

    def _put(self, sighting: Sighting, who: Somebody, speaking: Sequence[Span]) -> None:
        who.add(sighting.name, sighting.role, sighting.span.start)
        who.evident = who.evident or _meets(sighting.span, speaking)
        self._seen.append((sighting, who))

    def _new(self, name: Name) -> Somebody:
        who = Somebody()
        self.people.append(who)
        self._families.setdefault(_surname(name), []).append(who)
        return who

    def _is_name_of_speaker(self, group: Sequence[Sighting], speaking: Sequence[Span]) -> bool:
        """Whether a single word that nothing else tells of is the name of somebody who speaks, and not "Critics"."""
        word = fold(group[0].name.surname)
        common = is_plural(word) and all(s.opens for s in group) or is_demonym(word)
        return not common and any(_meets(s.span, speaking) for s in group)

    def _bearer_of_full(self, name: Name) -> Somebody | None:
        fitting = [who for who in self._families.get(_surname(name), ()) if all(compatible(name, form) for form in who.forms)]
        return fitting[0] if len(fitting) == 1 else None

    def _bearers(self, name: Name) -> list[Somebody]:
        """Those of this surname, or else of this given name."""
        family = [w for w in self._families.get(_surname(name), ()) if all(compatible(name, form) for form in w.forms)]
        if family or name.title:
            return family
        given = fold(name.surname)
        return [who for who in self.people if any(f.given and same_given(given, fold(f.given[0])) for f in who.forms)]

    def _by_habit(self, surname: str, bearers: Sequence[Somebody]) -> Somebody | None:
        """The one whom the document calls by the bare surname while it has named none of the others."""
        first, second = sorted((who for who in bearers if who.first is not None), key=lambda who: who.first or 0)[:2] or (None, None)
        if not first or not second:
            return None
        between = any((first.first or 0) < start < (second.first or 0) for start in self._bare.get(surname, ()))
        return first if between else None


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
    if len(first.rstrip(".")) == 1 or len(name.given) > 1 and len(name.given[1].rstrip(".")) == 1 or name.full.split()[0] != first:
        return True
    return is_given(first) and nation_of(fold(first)) is None


def _meets(span: Span, marked: Sequence[Span]) -> bool:
    """Whether `span` overlaps one of `marked`, which are sorted and short."""
    at = bisect_left(marked, span.end, key=lambda other: other.start)
    return any(span.overlaps(other) for other in marked[max(0, at - 3) : at])
