"""A question taken by itself: its frame, its period, what else it names, and what it wants."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from index.records import Span
from index.words import words
from retrieval.clause import after_opener
from retrieval.frames import Framed, read_frame
from retrieval.period import find_period
from retrieval.question_records import Asked, Period, Question, Wants

if TYPE_CHECKING:
    from index.speech.asked import Found
    from index.speech.people import People

_WANTS: tuple[tuple[Wants, re.Pattern[str]], ...] = (
    (
        "figure",
        re.compile(
            r"\s*(?:(?:by|for|to|at|in|with|from|and) )*(?:how (?:many|much|big|large"
            r"|long|old|far|often|high|tall|fast|heavy|few|wide|deep|soon)"
            r"|(?:what|which) (?:share|percentage|proportion|number|amount|price|figure|sum|age|rate)"
            r"|what (?:is|was|are|were|'s) the (?:share|percentage|number|price|cost|size|rate|population|age)"
            r"|(?:price|cost|number) of)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "when",
        re.compile(
            r"\s*(?:since |until |by )?(?:when|(?:on )?(?:what|which) (?:day|date|year|month))\b", re.IGNORECASE
        ),
    ),
    (
        "who",
        re.compile(r"\s*(?:to |with |by |from )?(?:who|whom|which (?:person|people|politicians?))\b", re.IGNORECASE),
    ),
)


_OF_TALK = ("talk", "anybody")
"""Frames whose own words ("the debate on", "what did they say about") tell nothing of the matter and stand in no answer."""

_OWNS = re.compile(r"(?:['’ʼ]s?)?$")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A question by itself. `start` is where it begins after "and", "tell me" and the like; `masked` is the text with the words
    of its period blanked out, `found` are the people of the collection who are named in it."""

    text: str
    start: int
    masked: str
    framed: Framed
    period: Period | None
    wants: Wants
    notes: tuple[str, ...]
    found: tuple[Found, ...] = ()

    @property
    def own(self) -> str:
        """The question without what opens it."""
        return self.text[self.start :].strip()


def parse(text: str, people: People | None = None, newest: str | None = None, today: date | None = None) -> Parsed:
    """`newest` is the ISO date of the newest document, `today` the day that "last year" counts from."""
    found = find_period(text, newest, today)
    masked = text
    for span in found.spans:
        masked = masked[: span.start] + " " * len(span) + masked[span.end :]
    start = after_opener(masked)
    known = tuple(people.find(masked)) if people is not None else ()
    framed = read_frame(masked, start, people, known)
    wanted = next((wants for wants, pattern in _WANTS if pattern.match(text, start)), None)
    wants = wanted or ("said" if framed.who else "plain")
    return Parsed(text, start, masked, framed, found.period, wants, found.notes, known)


def standing(parsed: Parsed, people: People | None) -> Question:
    """The question that stands by itself, "he" and "they" of nobody left out."""
    speakers = tuple(a for a in parsed.framed.who if a.how != "pronoun")
    lost = tuple(f"“{a.words}”: nobody has been named yet." for a in parsed.framed.who if a.how == "pronoun")
    text, topic = parsed.text, parsed.framed.topic
    return finished(
        Question(
            text=text,
            standalone=text,
            query=topic if parsed.framed.frame in _OF_TALK and topic else parsed.own,
            terms=(),
            names=names_in(text),
            topic=topic,
            speakers=speakers,
            about=mentioned(parsed),
            period=parsed.period,
            wants=parsed.wants,
            notes=(*lost, *parsed.notes),
        ),
        people,
    )


def finished(question: Question, people: People | None) -> Question:
    """The question with its terms, and with notes on who is meant."""
    asked = content(f"{question.query} {question.context}") or stems_of(question.text)
    known = any(a.persons or a.how == "role" for a in question.speakers) and people is not None
    own = content(f"{question.topic} {question.context}") if known else ()
    notes = (*_notes(question.speakers, people), *question.notes)
    return replace(question, terms=own or asked, asked_terms=asked, notes=tuple(dict.fromkeys(notes)))


def mentioned(parsed: Parsed) -> tuple[Asked, ...]:
    """Those whom the question names without asking for their words."""
    found = list(parsed.framed.about)
    taken = [a.span for a in (*found, *parsed.framed.who) if a.span]
    for known in parsed.found:
        if known.how in ("name", "surname", "given name", "role") and not any(known.span.overlaps(s) for s in taken):
            how = "role" if known.how == "role" else "name"
            span = Span(known.span.start, known.span.end - len(_OWNS.search(known.words).group()))
            found.append(Asked(span.of(parsed.text), span, tuple(p.name for p in known.persons), how, part="named"))
    return tuple(sorted(found, key=lambda a: a.span or Span(0, 0)))


def content(text: str) -> tuple[str, ...]:
    """The stems of the words of `text` that tell something, each once, in order."""
    return tuple(dict.fromkeys(w.stem for w in words(text) if not w.is_stopword))


def stems_of(text: str) -> tuple[str, ...]:
    """A question of nothing but stop words ("who was it?") is looked up by them after all."""
    return tuple(dict.fromkeys(w.stem for w in words(text)))


def names_in(text: str) -> tuple[str, ...]:
    """Capitalised words after the first: the first is capital in any sentence."""
    found = [w for w in words(text)[1:] if w.span.of(text)[0].isupper() and not w.is_stopword]
    return tuple(dict.fromkeys(w.span.of(text) for w in found))


def _notes(speakers: tuple[Asked, ...], people: People | None) -> list[str]:
    """What was a choice. That somebody is not quoted, and whose name is nearest, is told with the verdict."""
    notes = []
    for asked in speakers if people is not None else ():
        if asked.how == "misspelt":
            notes.append(f"“{asked.words}” read as {asked.shown}.")
        elif len(asked.persons) > 1:
            notes.append(f"“{asked.words}” may be {asked.shown}.")
        elif asked.how == "role" and not asked.persons:
            notes.append(f"The documents do not say who “{asked.words}” is.")
    return notes
