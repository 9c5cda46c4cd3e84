"""The records of a question understood. They are frozen; spans are half-open code points of the question as typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index.dates import spoken
from index.records import Span

How = Literal["name", "misspelt", "role", "pronoun", "unknown"]
"""How the words of a question were taken for somebody. `name`: a name, or a part of one, that the documents have; `misspelt`:
a letter or two away from one; `role`: a title or description ("the chancellor"), which nobody known may hold; `pronoun`: "he",
told by the question before; `unknown`: a name that the documents do not have."""

Part = Literal["speaker", "subject", "named"]
"""Somebody's part in a question. `speaker`: it asks for their words. `subject`: it asks what they do or are, which they may
tell as well as others ("how long did Biden serve?"). `named`: they are merely spoken of."""

Wants = Literal["said", "figure", "when", "who", "newer", "older", "more", "plain"]
"""`said`: somebody's words; `figure`, `when`, `who`: a number, a date, a name; `newer` and `older`: the same, said later or
earlier than what has been shown; `more`: the next ones of the same; `plain`: anything else."""


_MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody whom a question names. `words` are those of the question in which they stand, at `span` of its text (None where
    a follow-up leaves them out); `persons` the names, as shown, of those whom they may mean: several where people share a name,
    none for somebody unknown, of whom `nearest` are then the names most alike, best first."""

    words: str
    span: Span | None
    persons: tuple[str, ...]
    how: How
    nearest: tuple[str, ...] = ()
    part: Part = "speaker"

    @property
    def shown(self) -> str:
        """The name, or names; the words where nobody is known, or too many are meant to be told."""
        if self.persons and len(self.persons) <= _MOST_SHOWN:
            return " or ".join(self.persons)
        return f"{self.words} (not known)" if self.how == "unknown" else self.words


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time that a question names, first and last day in ISO 8601, None where it is open.

    `exact` is the one day or month, to that precision, where it is one: "2022-02-20", "2021-11". `precise` is false where the
    words have no sharp bounds ("last spring", "early 2022"). `span` is None where a follow-up leaves the words out.
    """

    since: str | None
    until: str | None
    words: str
    span: Span | None = None
    exact: str | None = None
    precise: bool = True

    @property
    def shown(self) -> str:
        if self.exact:
            return spoken(self.exact)
        if self.since and self.until:
            return f"{spoken(self.since)} to {spoken(self.until)}"
        return f"since {spoken(self.since)}" if self.since else f"until {spoken(self.until or '')}"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as typed and as understood.

    `standalone` is the question in words with what a follow-up leaves unsaid put in; `query` is what is embedded for a search
    among everybody's words, `topic` for one among the speakers': the question without who says it, how and when.
    `terms` are the stems of the topic where somebody is asked for their words, else of the whole question; `asked_terms`
    always those of the whole, speakers' names and all. Both are in order, without stop words. `context` is the topic
    of the conversation where the topic itself does not stand without it ("how big was the fine?").

    `speakers` are asked for their words, `about` are others named, `besides` those whose words are not wanted again ("who else
    said so?"). `period` and `wants` say when and what; `page` is 2 for the next ones, and so on. `notes` tell in words what
    could not be resolved or was a choice. `names` are the capitalised words, but for the first. `anchor` is the last question of
    the conversation that stood alone, and `before` the one just before, for one that does not stand alone.
    """

    text: str
    standalone: str
    query: str
    terms: tuple[str, ...]
    names: tuple[str, ...] = ()
    topic: str = ""
    asked_terms: tuple[str, ...] = ()
    context: str = ""
    speakers: tuple[Asked, ...] = ()
    about: tuple[Asked, ...] = ()
    besides: tuple[Asked, ...] = ()
    period: Period | None = None
    wants: Wants = "plain"
    page: int = 1
    notes: tuple[str, ...] = ()
    anchor: Question | None = None
    before: Question | None = None

    @property
    def published(self) -> str | None:
        """The one day or month that the question names, ISO 8601 to that precision."""
        return self.period.exact if self.period else None

    @property
    def understood(self) -> str:
        """What was understood, to be shown: "speaker Vladimir Putin · topic withdrawal · any time"."""
        if self.speakers:
            who = "speaker " + " and ".join(asked.shown for asked in self.speakers)
        elif self.besides:
            who = "any speaker but " + " and ".join(asked.shown for asked in self.besides)
        else:
            who = "any speaker"
        topic = " · ".join(part for part in (self.topic, self.context) if part)
        what = f"topic {topic}" if topic else "any topic"
        when = self.period.shown if self.period else "any time"
        if self.wants in ("newer", "older"):
            when += f", {self.wants} than what was shown"
        page = [f"page {self.page}"] if self.page > 1 else []
        return " · ".join([who, what, when, *page])
