"""The records of asking. They are frozen and flow one way: question → hit → citation → answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from index.records import Span
from index.speech.records import Because
from index.stored import Behind, Counts, FileState, StoredDocument, StoredPassage
from retrieval.locating import Located
from retrieval.question_records import Question

if TYPE_CHECKING:
    from index.layout import Rect

Verdict = Literal["answered", "weak", "none"]
"""`answered`: passages that bear on the question. `weak`: the nearest there are; they may not answer. `none`: nothing."""

Proof = Literal["verified", "changed", "gone", "unreadable"]
"""What reading the document again showed. Only words that stand in the file at their offsets are ever shown as a quote."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its scores. `score` is the fused one; `dense` a cosine; `lexical` BM25; `sentences` the cosines of the
    passage's sentences, in order."""

    passage: StoredPassage
    score: float
    dense: float
    lexical: float
    sentences: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """What a passage's score is the sum of: what it is by itself; what stands around it adds, or takes where that is below 0; and
    what is put on a document of the date asked for, and on one that the conversation is on."""

    own: float
    context: float = 0.0
    date: float = 0.0
    talk: float = 0.0

    @property
    def score(self) -> float:
        return self.own + self.context + self.date + self.talk


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which document words stand. `paragraph_end` is that of the last paragraph they reach into; `located` is the place in
    the original, where there are such (pages, slides, times)."""

    document: StoredDocument
    span: Span
    paragraph: int
    paragraph_end: int
    line: int
    heading: str | None
    located: Located | None = None


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
class Difference:
    """Where a variant has other words than the citation it stands under: `own`, in its document, in the place of `shown`, in the
    citation's; None where the one or the other has nothing there."""

    own: Span | None
    shown: Span | None


@dataclass(frozen=True, slots=True)
class Variant:
    """A passage that says again, in nearly the same words, what a citation shows: with its own words, proved as those of a citation
    are, its own place and speaker. `differences` are where its words are other than those shown; `also` where it stands again, word
    for word."""

    place: Place
    text: str | None
    differences: tuple[Difference, ...]
    proof: Proof
    who: Attribution
    notice: str | None = None
    also: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a question as it was looked up: `asked`, as the question has it; `found`, its forms as they stand in the passage;
    whether it stands in the title of the document. `rarity` is its inverse document frequency, None where it is so common that
    it was not looked up."""

    asked: str
    found: tuple[str, ...]
    in_title: bool
    rarity: float | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a passage is shown, told of the one at `span`, which it grew from by what was `joined` to it on either side.

    `rank` is its place, from 1, among the `candidates`, of `searched` passages: those with words of `people` where they were
    asked for. `terms` are the words looked up, the rarest first, `lexical` their BM25 as a share of the most they could score.
    `dense` is the passage's cosine, `nearest` its sentence with the largest one, `nearest_dense`; the mean of both has
    `dense_weight` in what the passage is by itself. `period` is the time asked for, in words. `reranker` names the one that read
    it, and put it at `rank` from `rank_before`; None where none did.
    """

    span: Span
    rank: int
    candidates: int
    searched: int
    people: tuple[str, ...]
    terms: tuple[Term, ...]
    lexical: float
    dense: float
    nearest: Span | None
    nearest_dense: float
    dense_weight: float
    parts: Parts
    period: str | None
    reranker: str | None
    rank_before: int
    joined: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """One verbatim passage of an answer. Spans are offsets into the document's canonical text.

    `text` is the slice read from the document's file when the answer was made, or None when it could not be proved;
    `notice` says then in words what is wrong, and what to do. `attributions` are all that is said in it, in order, and `who` the
    one that it is shown under: of its marked words, or of the speaker who was asked about. `also` are the places where a passage
    of it stands again, word for word but for case and marks; `nearly` those where it does with other words in it. `explanation`
    is there where it was asked for, of a text that was proved.
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
    nearly: tuple[Variant, ...] = ()
    explanation: Explanation | None = None
    rectangles: tuple[Rect, ...] = ()
    """Where it stands on the pages of its document, if it has any, line by line."""


@dataclass(frozen=True, slots=True)
class Unread:
    """What an answer could not take in: how the folders differ from the index, and the names of files and records that could not be
    read."""

    behind: Behind
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the documents say to a question: a verdict with its reason, and citations, best first. No generated text.

    `others` are passages on the topic that the speaker who was asked about does not say: never mixed with theirs. `collections`
    are those that were searched, all if there are none. `unread` is what could not be taken in, told of what is not answered.
    """

    question: Question
    verdict: Verdict
    reason: str
    citations: tuple[Citation, ...]
    commit: str
    searched: Counts
    others: tuple[Citation, ...] = ()
    collections: tuple[str, ...] = ()
    unread: Unread | None = None

    @property
    def documents(self) -> list[StoredDocument]:
        """The documents cited, in order of first citation."""
        return list({c.place.document.id: c.place.document for c in self.citations}.values())


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder or file that is indexed: its name, whether it is there now, what is held of it."""

    name: str
    path: Path
    there: bool
    files: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class Status:
    """What an index holds, since when, and what it could not read."""

    folder: Path
    model: str
    committed_at: str
    collections: list[Collection]
    counts: Counts
    failed: list[FileState]
    skipped: list[FileState]
    left_out: list[FileState]
    problems: list[tuple[str, str, str]]
    """(file, place in it, reason) of records that could not be read."""
