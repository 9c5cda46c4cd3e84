"""The records everything else is made of. They are frozen and flow one way: reader → document → passage → hit.

Offsets, everywhere in Dixit, are **code points of the canonical text, half-open**: `text[start:end]`.
They are born in a reader and carried; nothing is ever found again by searching for its text.

>>> Span(6, 11).of("hello world")
'world'
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range `[start, end)` of code points in one document's canonical text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def of(self, text: str) -> str:
        """The slice of `text` that this span stands for."""
        return text[self.start : self.end]

    def __len__(self) -> int:
        return self.end - self.start

    def holds(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


BlockKind = Literal["paragraph", "heading", "apparatus"]
"""`apparatus` is what frames a text and answers nothing: posting stamp, by-line, photo caption, dateline."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text of one kind, as the reader found it. Blocks are in order and do not overlap.

    `paragraph` is the number a person gets who counts the document's paragraphs from the top, from 1, leaving none out
    (titles, stamps and captions count); a dateline and the paragraph it opens share theirs.
    """

    kind: BlockKind
    span: Span
    paragraph: int


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about a document beside its text. `published` is the date of publication, not of speech."""

    title: str | None = None
    published: str | None = None
    """ISO 8601, to the precision that is known: "2022-01-10", "2022-01" or "2022"."""
    published_note: str | None = None
    """How the date was read, when that was not plain: "10.01.2022 read day first"."""
    author: str | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


Fidelity = Literal["as is", "extracted", "OCR"]
"""`as is`: the canonical text is the decoded file or field itself. `extracted`: a reader drew it out of the file. `OCR`: at least
a part of it was recognised on the image of a page."""

LocatorKind = Literal["page", "slide", "chapter", "sheet", "row", "time", "footnote", "comment"]


@dataclass(frozen=True, slots=True)
class Locator:
    """Where text stands in the original: what begins at `start`, and goes on to the next locator's start, stands there.

    `label` is what people call the place ("iv", "12", "The sea", "00:03:12"), empty where it has no name of its own; `number`
    counts places of the kind from 1 as they come in the file; `until` is where a stretch of time ends ("00:03:15").
    A page may come again, after a paragraph that goes on over the page: so `number` need not rise.
    """

    start: int
    kind: LocatorKind
    label: str
    number: int
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """Words whose speaker or writer the format itself tells: a subtitle's voice, the writer of a mail, of what it quotes, of a
    comment. `name` is None where it only tells that they are somebody else's. Voices are in order and do not overlap."""

    span: Span
    name: str | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of a PDF: the part of it that is shown, in points of its user space (origin at the lower left), and the turn, in
    degrees clockwise, by which it is shown."""

    left: float
    bottom: float
    right: float
    top: float
    rotation: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where each character of a canonical text of n characters stands on paper.

    `pages`: int32, shape (n,): the page, counted from 0, or -1 for a character that stands nowhere (one that the reader put between
    words or paragraphs). `boxes`: float32, shape (n, 4): left, bottom, right, top in points of the page's user space, of the
    character's glyph; characters of one glyph (a ligature) share its box. `sheets`: one for each page of the file.
    """

    sheets: tuple[Sheet, ...]
    pages: np.ndarray
    boxes: np.ndarray


@dataclass(frozen=True, slots=True)
class Document:
    """One document as a reader gives it: canonical text, blocks in order, metadata.

    `record` is None for a whole file, and the record's id for one of many in a file (JSONL, CSV, mbox, ZIP). `locators`, in order
    of start, say where in the original the text stands. `notes` say, a sentence each, what the reader changed or left out.
    """

    text: str
    blocks: tuple[Block, ...]
    metadata: Metadata
    fidelity: Fidelity = "as is"
    record: str | None = None
    locators: tuple[Locator, ...] = ()
    voices: tuple[Voice, ...] = ()
    notes: tuple[str, ...] = ()
    layout: Layout | None = field(default=None, compare=False)

    @property
    def digest(self) -> str:
        return text_digest(self.text)


PassageRole = Literal["body", "heading", "apparatus"]
"""Only `body` passages are ranked; the others are kept so that the passages cover the whole text."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The retrievable unit: whole sentences of one paragraph, within one section.

    `sentences` lie inside `span`. `paragraph` is its block's number;
    `line` counts lines of the canonical text from 1 and is where `span` starts. `heading` is the section's.
    """

    span: Span
    role: PassageRole
    sentences: tuple[Span, ...]
    paragraph: int
    line: int
    heading: str | None = None


def text_digest(text: str) -> str:
    """SHA-256 of a text's UTF-8 form; lone surrogates, which UTF-8 has no form for, are passed through."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
