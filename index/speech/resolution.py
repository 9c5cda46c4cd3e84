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
from functools import cached_property

from index.records import Document, Span
from index.speech.bodies import DESCRIBED, body_in
from index.speech.cast import Cast, Somebody
from index.speech.named_bodies import NamedBodies
from index.speech.names import Name, parse
from index.speech.nations import is_demonym, is_place
from index.speech.offices import LINKS, Office, head_of, is_weak, read_office
from index.speech.ordinary import HUMAN, is_plural
from index.speech.records import Because, Gender, Known, Utterance
from index.speech.sightings import Sighting, sightings
from index.speech.transliteration import fold

_PRONOUNS: dict[str, Gender | None] = {
    **dict.fromkeys(("he", "him", "his", "himself"), "he"),
    **dict.fromkeys(("she", "her", "hers", "herself"), "she"),
    **dict.fromkeys(
        "they them their theirs it its we us our i me my you your one some many both others another these those".split()
    ),
}
_RELATIVES = frozenset(("who", "whom", "which", "that", "whose"))
_INDEFINITE = re.compile(
    r"(?:an?|one|another|some|several|many|most|few|two|three|four|five|both|other|others|any|no|every|each|all|these|those|such"
    r"|more|numerous|countless|thousands|hundreds|dozens|a number of|\d+)\b",
    re.IGNORECASE,
)
_ONE = re.compile(r"(?:an?|one|another)\s", re.IGNORECASE)
_NAMED_BY_LABEL = frozenset(("turn", "monologue"))
_POSSESSIVES = frozenset(("his", "her"))
_THEIRS = re.compile(r"(?:its|his|her|their|our|my|your)\s", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|this|that|its|his|her|their|our|my|your)\s+", re.IGNORECASE)
_A_BARE = re.compile(r"(?:an?|one|another|some|several|many|most|other|these|those)\s\S+$", re.IGNORECASE)
_LINK = re.compile(r"\s(?:of|from|at|in|on|with|who)\s")
_BEFORE_WHO = re.compile(r"(?:\s*\([^)]*\))?(?:\s+of\s+[A-Z][\w. ]*)?\s*(?:,|[-–—]+)?\s*$")
_APPOSED = re.compile(r"\s*,[^,.;:\"“”]*,?\s*$")
_AND = re.compile(r"\s(?:and|&)\s")
_ASKED = re.compile(r"\b(?:asks?|asked|asking|questioned|pressed|quizzed|interviewed)\s+(?:\w+\s+){0,2}$")
_NEW_CLAUSE = re.compile(r"[.?!;:\n\"“”,]")
_ASIDE = re.compile(r"^\s*,[^,.;:\"“”\n]*,")
_NEAR = 50
_FEW = 4
"""Words between a subject and its object."""
_REACH = 3
"""Paragraphs back to which a pronoun looks for whom it stands for."""


@dataclass(frozen=True, slots=True)
class _Who:
    """What a mention was found to be."""

    somebody: Somebody | None = None
    body: str | None = None
    role: str | None = None
    because: Because | None = None
    is_person: bool = False
    """Whether it is one person, even if nobody can tell who: a "he" that follows is theirs."""


_NOBODY = _Who()


def resolve(document: Document, utterances: Sequence[Utterance]) -> tuple[tuple[Utterance, ...], tuple[Known, ...]]:
    """The utterances with name, role and reason filled in as far as the document tells, and everybody it names."""
    resolver = _Resolver(document, utterances)
    return resolver.utterances(), resolver.known()


class _Resolver:
    def __init__(self, document: Document, utterances: Sequence[Utterance]) -> None:
        self._text = document.text
        self._given = utterances
        blocks = [block for block in document.blocks if block.kind != "apparatus"]
        self._starts = [block.span.start for block in blocks]
        mentions = {u.mention.of(document.text) for u in utterances if u.mention and u.form not in _NAMED_BY_LABEL}
        speaking = [name for words in mentions for name, _ in _names_in(words)]
        labelled = [u for u in utterances if u.form in _NAMED_BY_LABEL]
        self._cast = Cast(
            (s for block in blocks for s in sightings(document.text, block.span)),
            speaking,
            [(name, u.role) for u in labelled if (name := self._of_label(u))],
        )
        self._bodies: Counter[str] = Counter()
        self._blocks = [block.span for block in blocks]
        self._by_mention: dict[Span, _Who] = {}
        turns = [u.span for u in labelled]
        self._outside_turns = {who for s, who in self._cast.seen if not _is_within(s.span, turns)} if turns else set()
        self._outside_turns |= self._cast.labelled
        self._said = sorted(
            {part for u in utterances for part in u.parts} | {u.mention for u in utterances if u.mention}
        )
        self._subjects = [(s.span.start, who) for s, who in self._cast.seen if self._may_be_antecedent(s, who)]
        self._spoke: list[tuple[int, Somebody | None]] = []

    @cached_property
    def _named_bodies(self) -> NamedBodies:
        return NamedBodies(self._text, self._blocks)

    def utterances(self) -> tuple[Utterance, ...]:
        order = sorted(range(len(self._given)), key=lambda i: (self._given[i].mention or self._given[i].span).start)
        resolved = {i: self._resolved(self._given[i]) for i in order}
        return tuple(resolved[i] for i in range(len(self._given)))

    def known(self) -> tuple[Known, ...]:
        bodies = [Known(name, "body", count=count) for name, count in self._bodies.items()]
        return tuple(sorted([*self._cast.known(), *bodies], key=lambda k: (k.name, k.role or "")))

    def _resolved(self, utterance: Utterance) -> Utterance:
        if utterance.form in _NAMED_BY_LABEL:
            return self._of_turn(utterance)
        if not utterance.mention:
            return utterance
        who = self._by_mention.get(utterance.mention)
        if who is None:
            who = self._by_mention[utterance.mention] = self._who(utterance.mention)
            if who.somebody or who.is_person:
                self._spoke.append((utterance.mention.start, who.somebody))
            if who.body:
                self._bodies[who.body] += 1
        name = who.somebody.full if who.somebody else who.body
        role = who.role or (who.somebody.role if who.somebody else None)
        return replace(utterance, name=name, role=role, because=utterance.because or who.because)

    def _of_turn(self, utterance: Utterance) -> Utterance:
        """A turn's label is believed; it is only given the form of the name that the document has, or the holder of its title."""
        if utterance.name:
            name = self._of_label(utterance)
            who = self._cast.bearer(name, utterance.role) if name else None
            if not name or not who:
                return utterance
            self._spoke.append((utterance.span.start, who))
            role = utterance.role or who.role
            if not role and name.gender and name.title and not name.is_full and who.full == name.full:
                role = name.title.capitalize()  # "Mrs.": it tells which Obama this is
            return replace(utterance, name=who.full, role=role)
        office = read_office(utterance.role) if utterance.role else None
        if office and office.head:
            # Whom the speaker calls by the title is somebody else: "President Lincoln", says the President.
            holders = [who for who in self._outside_turns if who.evident and who.holds(office)]
            if len(holders) == 1 and not is_weak(office):
                return replace(utterance, name=holders[0].full, because="title")
        return utterance

    def _of_label(self, utterance: Utterance) -> Name | None:
        """The name in a label, with the "Mrs." that stands in front of it."""
        name = parse(utterance.name) if utterance.name else None
        written = parse(utterance.mention.of(self._text)) if name and utterance.mention else None
        if name and written and written.title and written.gender and written.words == name.words[-len(written.words) :]:
            return replace(name, title=written.title, gender=written.gender)
        return name

    def _who(self, mention: Span) -> _Who:
        words = mention.of(self._text).strip(" ,.;:—–-\n")
        folded = fold(words)
        if folded in _RELATIVES:
            return self._antecedent_of_relative(mention)
        if folded in _PRONOUNS:
            return self._of_pronoun(mention, folded)
        head = Span(mention.start, mention.start + len(mention.of(self._text).partition(",")[0]))
        named = {who for _, who in self._cast.within(head) if who.evident}
        if len(named) > 1 and _AND.search(head.of(self._text)):
            return _Who(role=words)
        return self._of_name(words, mention) or self._of_description(words, mention)

    def _of_name(self, words: str, mention: Span) -> _Who | None:
        """A mention that holds the name itself, alone, behind a title, or beside it with a comma between."""
        for name, beside in _names_in(words):
            who = self._cast.bearer(name, name.title, mention.start)
            if who and who.evident:
                return _Who(who, because="apposition" if beside else "full name" if name.is_full else "same name")
        who = self._cast.of_surname(words) if is_demonym(fold(words)) else None  # Mark "Cuban"
        return _Who(who, because="same name") if who else None

    def _of_description(self, words: str, mention: Span) -> _Who:
        """A title that one person of the document holds, a body, or words that only describe."""
        core = _ARTICLE.sub("", words, count=1)
        lead = re.split(rf"\s(?:{'|'.join(LINKS)})\s|,", core)[0].split()
        office = read_office(core)
        is_human = bool(office and office.head) or bool(lead) and fold(lead[-1]) in HUMAN
        if _INDEFINITE.match(words) or not lead:
            return _Who(role=words, is_person=bool(_ONE.match(words)) and is_human)
        if office and office.head and head_of(lead[-1].removesuffix("’s").removesuffix("'s")):
            who = None if _THEIRS.match(words) else self._holder(office, mention.start)
            return _Who(who, None, core, "title") if who else _Who(role=core, is_person=True)
        if meant := self._meant_body(words, core, mention):
            return meant
        body = body_in(core) or (core if is_place(fold(core)) and not is_demonym(fold(core)) else None)
        opens_sentence = mention.of(self._text)[:1] == core[0] and len(core.split()) == 1 and is_plural(fold(core))
        return (
            _Who(body=body, because="full name")
            if body and not opens_sentence and body.casefold() not in DESCRIBED
            else _Who(role=core, is_person=is_human and not is_plural(fold(lead[-1])))
        )

    def _meant_body(self, words: str, core: str, mention: Span) -> _Who | None:
        """The body named before that a description means: "the appeals court". Whose "his campaign" is, it does not tell."""
        described = core.partition(",")[0]
        if _THEIRS.match(words) or not DESCRIBED.intersection(described.casefold().split()):
            return None
        body = self._named_bodies.meant_by(described, mention.start)
        if not body:
            return None
        if described.islower():
            return _Who(body=body, role=core, because="title")
        return _Who(body=body, because="full name" if body == described else "same name")

    def _holder(self, office: Office, at: int) -> Somebody | None:
        """The one to whom this document gives a title; of several the last one spoken of, if that is close by."""
        holders = [who for who in self._cast.people if who.evident and who.holds(office)]
        if is_weak(office) and holders:
            last = self._antecedent(at, None, reach=1)
            return last if last in holders else None
        if len(holders) < 2:
            return holders[0] if holders else None
        return self._antecedent(at, None, holders, reach=1)

    def _antecedent_of_relative(self, mention: Span) -> _Who:
        """ "Ivan Petrov, the mayor of Tver, who said" """
        around = self._cast.within(Span(max(0, mention.start - 150), mention.start))
        if around:
            sighting, who = around[-1]
            between = self._text[sighting.span.end : mention.start]
            if who.evident and (_BEFORE_WHO.match(between) or sighting.beside and _APPOSED.match(between)):
                return _Who(who, because="pronoun")
        return _NOBODY

    def _of_pronoun(self, mention: Span, pronoun: str) -> _Who:
        gender = _PRONOUNS[pronoun]
        if not gender:
            return _NOBODY
        who = None
        if pronoun in _POSSESSIVES:
            who = self._nearest_in_sentence(mention.start, gender)
        who = who or self._antecedent(mention.start, gender)
        if not who:
            return _NOBODY
        if not who.gender:
            who.genders[gender] += 1  # the next pronoun need not guess
        return _Who(who, because="pronoun")

    def _nearest_in_sentence(self, at: int, gender: Gender) -> Somebody | None:
        """The last one named before `at` in its sentence, in whatever place: "over Clinton in her efforts"."""
        near = Span(max(0, at - 200), at)
        start = near.start + max(_last(near.of(self._text), mark) for mark in (". ", "? ", "! ", "\n"))
        named = [who for _, who in self._cast.within(Span(start, at)) if who.evident and who.gender in (None, gender)]
        return named[-1] if named else None

    def _antecedent(
        self,
        at: int,
        gender: Gender | None,
        among: Sequence[Somebody] | None = None,
        reach: int = _REACH,
    ) -> Somebody | None:
        """The last speaker or subject before `at`, within `reach` paragraphs, of that gender as far as that is known.

        Nobody, if the last speaker is one whom the document does not name.
        """
        paragraph = bisect_left(self._starts, at + 1) - 1
        floor = self._starts[max(0, paragraph - reach)] if self._starts else 0
        events = [event for event in [*self._subjects, *self._spoke] if floor <= event[0] < at]
        for start, who in sorted(events, key=lambda event: -event[0]):
            if among is not None and who not in among or who and gender and who.gender not in (None, gender):
                continue
            if who and gender and not who.gender:
                if (start, who) not in self._spoke:
                    return self._one_of_gender(gender, Span(start, at)) or who
                return self._rather_than(
                    who, gender, [event for event in events if event[0] >= self._starts[paragraph]]
                )
            return None if who and gender and self._has_rival(who, start, gender, at) else who
        return None

    def _rather_than(
        self, bare: Somebody, gender: Gender, events: Sequence[tuple[int, Somebody | None]]
    ) -> Somebody | None:
        """The one of a paragraph who is known to be a "she", where the last speaker has no given name to tell."""
        if any(form.is_full for form in bare.forms):
            return bare
        known = {who for _, who in events if who and who.gender == gender}
        if not known:
            return bare
        return known.pop() if len(known) == 1 else None

    def _has_rival(self, who: Somebody, start: int, gender: Gender, at: int) -> bool:
        """Whether another stands so near a subject that "she" may mean either: "Ann met Eva. She said".

        Who has spoken before goes on speaking, unless what they did was to ask the other.
        """
        around = self._cast.within(Span(max(0, start - _NEAR), min(at, start + 3 * _NEAR)))
        around = [(s, other) for s, other in around if other.evident and self._is_outside_said(s) or other is who]
        subject = next((i for i, (s, other) in enumerate(around) if other is who and s.span.start >= start), None)
        if subject is None:
            return False
        here = around[subject][0].span
        for other, another in around[max(0, subject - 1) : subject + 2]:
            if another is who or another.gender != gender:
                continue
            between = self._text[min(here.end, other.span.end) : max(here.start, other.span.start)]
            if other.span < here:
                rival = between.strip() == "and"
            else:
                between = _ASIDE.sub("", between)
                rival = len(between.split()) <= _FEW and not _NEW_CLAUSE.search(between)
            if rival and (_ASKED.search(between) or all(speaker is not who for _, speaker in self._spoke)):
                return True
        return False

    def _one_of_gender(self, gender: Gender, within: Span) -> Somebody | None:
        """The one named in between who is known to be of that gender: nearer than a subject of whom it is not known."""
        named = {who for _, who in self._cast.within(within) if who.evident and who.gender == gender}
        return named.pop() if len(named) == 1 else None

    def _may_be_antecedent(self, sighting: Sighting, who: Somebody) -> bool:
        if not sighting.is_subject or not who.evident:
            return False
        # Nor what stands in a mention: it counts as a speaker, when it is one.
        return self._is_outside_said(sighting)

    def _is_outside_said(self, sighting: Sighting) -> bool:
        near = bisect_left(self._said, sighting.span.start, key=lambda part: part.start)
        return not any(part.holds(sighting.span) for part in self._said[max(0, near - 4) : near + 1])


def _is_within(span: Span, turns: Sequence[Span]) -> bool:
    """Whether `span` is part of one of `turns`, which are in order."""
    at = bisect_left(turns, span.start + 1, key=lambda turn: turn.start) - 1
    return at >= 0 and turns[at].holds(span)


def _names_in(words: str) -> list[tuple[Name, bool]]:
    """The names that a mention holds as its own, and whether they stand beside a description: "the mayor, Ivan Petrov"."""
    first, *beside = words.split(",")
    if parse(words):
        first = words
    elif link := _LINK.search(first):
        first = first[: link.start()]  # "Ann Lee of the Tver Museum"
    segments = [(first, False), *((segment.strip(), True) for segment in beside)]
    named = [(name, beside) for segment, beside in segments if not _A_BARE.match(segment) and (name := parse(segment))]
    return list(dict(named).items())


def _last(text: str, mark: str) -> int:
    """The offset behind the last `mark`, 0 where there is none."""
    return text.rfind(mark) + len(mark) if mark in text else 0
