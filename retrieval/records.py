"""The records of asking. They are frozen and flow one way: question → hit → citation → answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.records import Span
from index.speech.records import Because
from index.store import Counts, FileState, StoredDocument, StoredPassage
from retrieval.question_records import Question

Verdict = Literal["answered", "weak", "none"]
"""`answered`: passages that bear on the question. `weak`: the nearest there are; they may not answer. `none`: nothing."""

Proof = Literal["verified", "changed", "gone", "unreadable"]
"""What reading the document again showed. Only words that stand in the file at their offsets are ever shown as a quote."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its scores. `score` is the fused one, at most 1; `dense` a cosine; `lexical` BM25."""

    passage: StoredPassage
    score: float
    dense: float
    lexical: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which document words stand. `paragraph_end` is that of the last paragraph they reach into."""

    document: StoredDocument
    span: Span
    paragraph: int
    paragraph_end: int
    line: int
    heading: str | None


How = Literal["said", "reported", "written"]
"""`said`: their own words, in quotation marks or in their turn. `reported`: in the document's words. `written`: the document's
own voice."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says which words of a passage. `speaker` is None when nobody can be told.

    `spans` lie within the passage. `mention` are the words of the document that name the speaker where this is said (they may
    stand outside the passage), `mention_text` these words as they stand in the file, `because` why they stand for the name.
    """

    spans: tuple[Span, ...]
    how: How
    speaker: str | None
    role: str | None = None
    mention: Span | None = None
    mention_text: str | None = None
    because: Because | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """One verbatim passage of an answer. Spans are offsets into the document's canonical text.

    `text` is the slice read from the document's file when the answer was made, or None when it could not be proved;
    `notice` says then in words what is wrong, and what to do. `attributions` are all that is said in it, in order, and `who` the
    one that it is shown under: of its marked words, or of the speaker who was asked about. `also` are the places where a passage
    of it stands again, word for word but for case and marks.
    """

    number: int
    place: Place
    text: str | None
    highlights: tuple[Span, ...]
    score: float
    proof: Proof
    who: Attribution
    attributions: tuple[Attribution, ...]
    notice: str | None = None
    also: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the documents say to a question: a verdict with its reason, and citations, best first. No generated text.

    `others` are passages on the topic that the speaker who was asked about does not say: never mixed with theirs.
    """

    question: Question
    verdict: Verdict
    reason: str
    citations: tuple[Citation, ...]
    commit: str
    searched: Counts
    others: tuple[Citation, ...] = ()

    @property
    def documents(self) -> list[StoredDocument]:
        """The documents cited, in order of first citation."""
        return list({c.place.document.id: c.place.document for c in self.citations}.values())


@dataclass(frozen=True, slots=True)
class Status:
    """What an index holds, since when, and what it could not read."""

    folder: Path
    model: str
    committed_at: str
    roots: list[Path]
    counts: Counts
    failed: list[FileState]
    skipped: list[FileState]
    problems: list[tuple[str, str, str]]
    """(file, place in it, reason) of records that could not be read."""
