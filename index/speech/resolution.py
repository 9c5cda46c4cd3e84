"""Who a mention stands for, within one document.

The mention is what the text has beside the words that were said: a name, a title, a description, a pronoun. A name is looked
up in the document's cast; a title stands for the one person to whom this document gives it; a pronoun for the last speaker or
subject of a clause whom it may mean. A body keeps its name, a source stays a source, and where nothing tells, nobody is named.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.records import Document, Span
from index.speech.bodies import is_body
from index.speech.cast import Cast, Somebody
from index.speech.names import parse
from index.speech.nations import is_demonym, nation_of
from index.speech.offices import LINKS, Office, head_of, read_office
from index.speech.ordinary import is_plural
from index.speech.records import Because, Gender, Genre, Known, Utterance
from index.speech.sightings import Sighting, sightings
from index.words import fold

_PRONOUNS: dict[str, Gender | None] = {
    **dict.fromkeys(("he", "him", "his", "himself"), "he"),
    **dict.fromkeys(("she", "her", "hers", "herself"), "she"),
    **dict.fromkeys("they them their theirs it its we us our i me my you your one some many both others another these those".split()),
}
_RELATIVES = frozenset(("who", "whom", "which", "that", "whose"))
_INDEFINITE = re.compile(
    r"(?:an?|one|another|some|several|many|most|few|two|three|four|five|both|other|others|any|no|every|each|all|these|those|such"
    r"|more|a number of|\d+)\b",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(?:the|this|that|its|his|her|their|our|my|your)\s+", re.IGNORECASE)
_AND = re.compile(r"\s(?:and|&)\s")
_REACH = 3
"""Paragraphs back to which a pronoun looks for whom it stands for."""


@dataclass(frozen=True, slots=True)
class _Who:
    """What a mention was found to be."""

    somebody: Somebody | None = None
    body: str | None = None
    role: str | None = None
    because: Because | None = None


_NOBODY = _Who()


def resolve(
    document: Document, utterances: Sequence[Utterance], genre: Genre
) -> tuple[tuple[Utterance, ...], tuple[Known, ...]]:
    """The utterances with name, role and reason filled in as far as the document tells, and everybody it names."""
    resolver = _Resolver(document, utterances)
    return resolver.utterances(), resolver.known()


class _Resolver:
    def __init__(self, document: Document, utterances: Sequence[Utterance]) -> None:
        self._text = document.text
        self._given = utterances
        blocks = [block for block in document.blocks if block.kind != "apparatus"]
        self._starts = [block.span.start for block in blocks]
        mentions = [u.mention for u in utterances if u.mention]
        self._cast = Cast((s for block in blocks for s in sightings(document.text, block.span)), mentions)
        self._bodies: Counter[str] = Counter()
        self._by_mention: dict[Span, _Who] = {}
        for utterance in utterances:
            if utterance.form in ("turn", "monologue") and utterance.name and (name := parse(utterance.name)):
                self._cast.add(name, utterance.role)
        self._said = sorted({part for u in utterances for part in u.parts})
        self._subjects = [(s.span.start, who) for s, who in self._cast.seen if self._may_be_antecedent(s, who)]
        self._spoke: list[tuple[int, Somebody]] = []

    def utterances(self) -> tuple[Utterance, ...]:
        order = sorted(range(len(self._given)), key=lambda i: (self._given[i].mention or self._given[i].span).start)
        resolved = {i: self._resolved(self._given[i]) for i in order}
        return tuple(resolved[i] for i in range(len(self._given)))

    def known(self) -> tuple[Known, ...]:
        bodies = [Known(name, "body", count=count) for name, count in self._bodies.items()]
        return tuple(sorted([*self._cast.known(), *bodies], key=lambda k: (k.name, k.role or "")))

    def _resolved(self, utterance: Utterance) -> Utterance:
        if utterance.form in ("turn", "monologue"):
            return self._of_turn(utterance)
        if not utterance.mention:
            return utterance
        who = self._by_mention.get(utterance.mention)
        if who is None:
            who = self._by_mention[utterance.mention] = self._who(utterance.mention, utterance)
            if who.somebody:
                self._spoke.append((utterance.mention.start, who.somebody))
            if who.body:
                self._bodies[who.body] += 1
        name = who.somebody.full if who.somebody else who.body
        role = who.role or (who.somebody.role if who.somebody else None)
        return replace(utterance, name=name, role=role, because=utterance.because or who.because)

    def _of_turn(self, utterance: Utterance) -> Utterance:
        """A turn's label is believed; it is only given the form of the name that the document has, or the holder of its title."""
        if utterance.name:
            name = parse(utterance.name)
            who = self._cast.bearer(name, utterance.role) if name else None
            if not who:
                return utterance
            self._spoke.append((utterance.span.start, who))
            return replace(utterance, name=who.full, role=utterance.role or who.role)
        office = read_office(utterance.role) if utterance.role else None
        if office and office.head and (who := self._holder(office, utterance.span.start)):
            return replace(utterance, name=who.full, because="title")
        return utterance

    def _who(self, mention: Span, utterance: Utterance) -> _Who:
        words = mention.of(self._text).strip(" ,.;:—–-\n")
        folded = fold(words)
        if folded in _RELATIVES:
            return self._antecedent_of_relative(mention)
        if folded in _PRONOUNS:
            return self._of_pronoun(mention, folded, utterance)
        named = {who for _, who in self._cast.within(mention) if who.evident}
        if len(named) > 1 and _AND.search(words):
            return _Who(role=words)
        return self._of_name(words, mention) or self._of_description(words, mention)

    def _of_name(self, words: str, mention: Span) -> _Who | None:
        """A mention that holds the name itself, alone, behind a title, or beside it with a comma between."""
        segments = [words, *words.split(",")[1:]] if "," in words else [words]
        for i, segment in enumerate(segments):
            name = parse(segment)
            if not name or _INDEFINITE.match(segment) and not name.is_full:
                continue
            who = self._cast.bearer(name, name.title, mention.start)
            if who and (who.evident or name.is_full):
                because: Because = "apposition" if i else "full name" if name.is_full else "same name"
                return _Who(who, None, None, because)
        return None

    def _of_description(self, words: str, mention: Span) -> _Who:
        """A title that one person of the document holds, a body, or words that only describe."""
        core = _ARTICLE.sub("", words)
        lead = re.split(rf"\s(?:{'|'.join(LINKS)})\s|,", core)[0].split()
        office = read_office(core)
        if _INDEFINITE.match(words) or not lead:
            return _Who(role=words)
        if office and office.head and head_of(lead[-1].removesuffix("’s").removesuffix("'s")):
            who = self._holder(office, mention.start)
            return _Who(who, None, core, "title") if who else _Who(role=core)
        nation = nation_of(fold(core))
        if nation and not is_demonym(fold(core)) or is_body(core) and any(word[0].isupper() for word in core.split()):
            if not is_plural(fold(lead[-1])) or lead[-1][0].isupper():
                return _Who(body=re.sub(r"['’]s\b", "", core), because="full name")
        return _Who(role=core)

    def _holder(self, office: Office, at: int) -> Somebody | None:
        """The one to whom this document gives a title; of several the last one spoken of, if that is close by."""
        holders = [who for who in self._cast.people if who.holds(office)]
        if len(holders) < 2:
            return holders[0] if holders else None
        return self._antecedent(at, None, holders, reach=1)

    def _antecedent_of_relative(self, mention: Span) -> _Who:
        """ "Ivan Petrov, the mayor of Tver, who said" """
        around = self._cast.within(Span(max(0, mention.start - 150), mention.start))
        if around:
            sighting, who = around[-1]
            between = self._text[sighting.span.end : mention.start]
            if who.evident and re.match(r"\s*(?:\([^)]*\)\s*)?,?\s*(?:[^,.;:\"“”]*,\s*)?$", between):
                if re.match(r"\s*(?:\([^)]*\)\s*)?,?\s*$", between) or sighting.beside:
                    return _Who(who, because="pronoun")
        return _NOBODY

    def _of_pronoun(self, mention: Span, pronoun: str, utterance: Utterance) -> _Who:
        gender = _PRONOUNS[pronoun]
        if not gender:
            return _NOBODY
        who = self._antecedent(mention.start, gender, None, _REACH, utterance)
        return _Who(who, because="pronoun") if who else _NOBODY

    def _antecedent(
        self,
        at: int,
        gender: Gender | None,
        among: Sequence[Somebody] | None = None,
        reach: int = _REACH,
        utterance: Utterance | None = None,
    ) -> Somebody | None:
        """The last speaker or subject before `at`, within `reach` paragraphs, of that gender as far as that is known."""
        paragraph = bisect_left(self._starts, at + 1) - 1
        floor = self._starts[max(0, paragraph - reach)] if self._starts else 0
        events = [event for event in [*self._subjects, *self._spoke] if floor <= event[0] < at]
        for _, who in sorted(events, key=lambda event: -event[0]):
            if gender and who.gender not in (None, gender) or among is not None and who not in among:
                continue
            return who
        return None

    def _may_be_antecedent(self, sighting: Sighting, who: Somebody) -> bool:
        if not sighting.is_subject or not who.evident:
            return False
        near = bisect_left(self._said, sighting.span.start, key=lambda part: part.start)
        return not any(part.holds(sighting.span) for part in self._said[max(0, near - 4) : near + 1])
