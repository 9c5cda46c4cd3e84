"""From what each document tells to the people of the collection: which names are one person's.

Two full names are one person's when they agree (`names.compatible`) and no document keeps them apart; different given names
never are. A surname alone joins the one who has nearly all of its mentions. All of it is a function of the set of facts: the
order in which documents come makes no difference (law 4).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from index.speech.directory import DOMINATES, Entry, Held, without_the
from index.speech.names import Name, compatible, parse, same_first
from index.speech.offices import PRESIDENCIES, SPOUSES, read_office
from index.speech.records import Gender, Known, Person
from index.speech.transliteration import fold, skeleton

_RELATIVE = ("his ", "her ", "their ", "its ", "our ", "my ")  # "her rival" says nothing outside its sentence


@dataclass(slots=True)
class _Facts:
    """What all documents tell of one written name."""

    documents: dict[str, int] = field(default_factory=dict)
    """How often each document names it."""
    genders: Counter[Gender] = field(default_factory=Counter)
    roles: defaultdict[str, dict[str, str | None]] = field(default_factory=lambda: defaultdict(dict))
    """The documents that give a role, with their dates."""

    @property
    def count(self) -> int:
        return sum(self.documents.values())

    def add(self, document: str, published: str | None, known: Known) -> None:
        self.documents[document] = max(known.count, self.documents.get(document, 0))
        if known.gender:
            self.genders[known.gender] += 1
        if known.role and not fold(known.role).startswith(_RELATIVE):
            self.roles[known.role][document] = published


_Written = tuple[str, Gender | None]
"""A name as documents write it; of a surname alone with the gender that goes with it: "Mrs. Obama" is another than "Obama"."""


class _Someone:
    """A person in the making: the written names taken for theirs."""

    def __init__(self) -> None:
        self.facts: dict[_Written, _Facts] = {}
        self.names: list[Name] = []

    def add(self, written: _Written, facts: _Facts, name: Name | None = None) -> None:
        self.facts[written] = facts
        if name and name.is_full:
            self.names.append(name)

    @property
    def count(self) -> int:
        return sum(facts.count for facts in self.facts.values())

    @property
    def offices(self) -> set[str]:
        """The heads of their titles."""
        roles = {role for facts in self.facts.values() for role in facts.roles}
        return {office.head for role in roles if (office := read_office(role)) and office.head}

    @property
    def gender(self) -> Gender | None:
        genders: Counter[Gender] = sum((facts.genders for facts in self.facts.values()), Counter())
        common = genders.most_common(2)
        return common[0][0] if common and (len(common) == 1 or common[0][1] > 3 * common[1][1]) else None

    def takes(self, name: Name, facts: _Facts) -> bool:
        """Whether a full name is theirs too: at odds with none of their names, and nowhere named beside one."""
        bare = replace(name, suffix=None)
        if not all(compatible(bare, replace(own, suffix=None)) for own in self.names):
            return False
        suffixes = {own.suffix for own in self.names} | {name.suffix}
        if len(suffixes - {None}) > 1:
            return False
        # Of father and son, one document or other has both.
        return len(suffixes) < 2 or not any(
            facts.documents.keys() & own.documents.keys() for own in self.facts.values()
        )


def gather_entries(known: Iterable[tuple[str, str | None, Known]]) -> list[Entry]:
    """The people and bodies of a collection, of (doc_id, date of publication or None, what the document tells)."""
    people_facts: dict[_Written, _Facts] = defaultdict(_Facts)
    body_facts: dict[_Written, _Facts] = defaultdict(_Facts)
    for document, published, fact in known:
        if fact.kind == "person":
            name = parse(fact.name)
            people_facts[fact.name, fact.gender if name and not name.is_full else None].add(document, published, fact)
        else:
            body_facts[fact.name, None].add(document, published, fact)
    people, bodies = _people(people_facts), _bodies(body_facts)
    taken = {fold(entry.person.name) for entry in people}
    return [*people, *(entry for entry in bodies if fold(entry.person.name) not in taken)]


def _people(facts: dict[_Written, _Facts]) -> list[Entry]:
    families: dict[str, list[_Someone]] = defaultdict(list)
    bare: list[tuple[_Written, Name]] = []
    for written in sorted(facts, key=lambda w: (-facts[w].count, w[0], w[1] or "")):
        name = parse(written[0])
        if not name:
            continue
        if not name.is_full:
            bare.append((written, name))
            continue
        family = families[skeleton(fold(name.surname))]
        one = _one_of([someone for someone in family if someone.takes(name, facts[written])])
        if one is None:
            family.append(one := _Someone())
        one.add(written, facts[written], name)
    for written, name in bare:
        _place_bare(written, name, facts[written], families)
    return [_entry(someone) for _, family in sorted(families.items()) for someone in family]


def _place_bare(written: _Written, name: Name, facts: _Facts, families: dict[str, list[_Someone]]) -> None:
    """A single name joins its one bearer, or makes somebody where there is none; of several it is nobody's."""
    key = skeleton(fold(name.surname))
    bearers = (
        families[key]
        if key in families
        else [
            someone
            for family in families.values()
            for someone in family
            if any(same_first(fold(written[0]), own) for own in someone.names)
        ]
    )
    fitting = [b for b in bearers if not written[1] or b.gender in (None, written[1])]
    offices = {office.head for role in facts.roles if (office := read_office(role)) and office.head}
    if offices & PRESIDENCIES:
        fitting = [b for b in fitting if not b.offices & SPOUSES]
    fitting = [b for b in fitting if offices & b.offices] or fitting
    if one := _one_of(fitting):
        one.add(written, facts)
    elif not bearers or key not in families and facts.roles:  # Pope Francis is none of the others called Francis
        families[key].append(one := _Someone())
        one.add(written, facts)


def _one_of(some: Sequence[_Someone]) -> _Someone | None:
    """The one who has nearly all of the mentions."""
    total = sum(someone.count for someone in some)
    return next((someone for someone in some if someone.count >= DOMINATES * total), None)


def _bodies(facts: dict[_Written, _Facts]) -> list[Entry]:
    alike: dict[str, _Someone] = defaultdict(_Someone)
    for written in sorted(facts):
        alike[fold(without_the(written[0]))].add(written, facts[written])
    return [_entry(body, "body") for _, body in sorted(alike.items())]


def _entry(someone: _Someone, kind: str = "person") -> Entry:
    counts: Counter[str] = Counter()
    for (written, _), facts in someone.facts.items():
        counts[written] += facts.count
    forms = sorted(counts, key=lambda form: (-counts[form], -len(form), form))
    name = next((form for form in forms if (parsed := parse(form)) and parsed.is_full), forms[0])
    held = sorted(_held(someone), key=lambda h: (-h.count, h.role))
    return Entry(
        Person(
            name,
            "body" if kind == "body" else "person",
            someone.gender,
            tuple(form for form in forms if form != name),
            tuple(h.role for h in held),
        ),
        someone.count,
        tuple((form, counts[form]) for form in forms),
        tuple(held),
    )


def _held(someone: _Someone) -> Iterator[Held]:
    """Their titles, those of one office together under the wording that most documents use."""
    offices: dict[object, dict[str, dict[str, str | None]]] = defaultdict(lambda: defaultdict(dict))
    for facts in someone.facts.values():
        for role, documents in facts.roles.items():
            if office := read_office(role):
                offices[office][without_the(role)] |= documents
    for wordings in offices.values():
        role = min(wordings, key=lambda w: (-len(wordings[w]), w.lower(), w))
        documents = {document: date for of in wordings.values() for document, date in of.items()}
        dates = sorted(date for date in documents.values() if date)
        yield Held(role, len(documents), dates[0] if dates else None, dates[-1] if dates else None)
