"""The records of speech. They are frozen and flow one way: document → utterances → people.

Offsets are code points of the document's canonical text, half-open, as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index.records import Span

Genre = Literal["article", "transcript", "monologue"]
"""`transcript`: turns under speakers' labels. `monologue`: one person's speech, whose name stands in the title, by-line or
metadata. `article`: everything else, in the document's own voice."""

Mode = Literal["direct", "mixed", "indirect"]
"""`direct`: the speaker's own words, in quotation marks or in their turn. `mixed`: reported, with words of theirs in
quotation marks within. `indirect`: reported in the document's words."""

Form = Literal["quotation", "turn", "monologue", "report"]
"""How the words stand in the text. `report` is prose that says what somebody said, with quoted fragments or without."""

Because = Literal[
    "full name",
    "same name",
    "apposition",
    "title",
    "pronoun",
    "turn label",
    "by-line",
    "continued",
    "collection",
    "voice",
]
"""Why a mention stands for a name: it is the full name; a part of a name that the document gives in full; it stands beside
the name ("the minister, Ivan Petrov,"); it is a title that somebody holds; a pronoun; the label of a turn; a by-line, title or
metadata of a monologue; the speaker of the words that this continues; another document of the collection says so; or the
format of the document does (a subtitle's voice, a mail's writer)."""

Gender = Literal["he", "she", "they"]
Kind = Literal["person", "body"]


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch of text that somebody said, and who.

    `parts` are the words said or reported, in order, the tag ("he said") left out, quotation marks left in. `mention` are the
    words in the text that name the speaker where this is said, `cue` the verb or phrase that says so. `rule` names the rule
    that found it. `name` is the fullest name that the document gives the speaker, `role` their title or description where that
    is given or is all there is; both None when nobody can be told. `because` says why the mention stands for the name.
    """

    parts: tuple[Span, ...]
    mode: Mode
    form: Form
    rule: str
    mention: Span | None = None
    cue: Span | None = None
    name: str | None = None
    role: str | None = None
    because: Because | None = None

    @property
    def span(self) -> Span:
        """From the first part's start to the last one's end."""
        return Span(self.parts[0].start, self.parts[-1].end)


@dataclass(frozen=True, slots=True)
class Known:
    """What one document tells of somebody: a name, once for each role that it gives them, and how often they are named."""

    name: str
    kind: Kind
    role: str | None = None
    gender: Gender | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Speech:
    """All that is said in one document. Utterances are in order of their spans; turns do not overlap."""

    genre: Genre
    utterances: tuple[Utterance, ...]
    known: tuple[Known, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """One speaker of the collection, a person or a body, under every name the documents have for them.

    `name` is the one shown and is unique; `aliases` are the other forms, `roles` the titles they hold, both most frequent first.
    """

    name: str
    kind: Kind
    gender: Gender | None = None
    aliases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
