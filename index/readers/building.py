"""A canonical text under construction: blocks one after the other, and what stands where.

Offsets are born here, in code points of the text: a block's start is the length of what was written before it.

>>> text = Building()
>>> text.place("slide", "1", 1)
>>> text.add("The sea", "heading")
>>> text.add("  It rises. ", by="Ann")
>>> document = text.document()
>>> document.text, document.locators[0].start, document.voices[0].span.of(document.text)
('The sea\\n\\nIt rises.', 0, 'It rises.')
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from index.errors import UnreadableFile
from index.records import Block, BlockKind, Document, Locator, LocatorKind, Metadata, Span, Voice

_HEADING_LONGEST = 250
"""A heading longer than this, in characters, is a paragraph that was only made to look like one."""

_SENTENCE_LENGTH = 40
"""Characters from which a table's cell that ends as a sentence does is taken for one."""
_SENTENCE = re.compile(r"[.!?…][\"'’”»)\]]*(?:\s|$)")

Cell = Sequence[str]
"""Of a table: the paragraphs that stand in it."""


class Building:
    def __init__(self) -> None:
        self._parts: list[str] = []
        self.length = 0
        self._place: tuple[LocatorKind, str, int] | None = None
        self._blocks: list[Block] = []
        self._locators: list[Locator] = []
        self._voices: list[Voice] = []
        self.counts: Counter[str] = Counter()
        """What was left out or read in a way of its own, for the notes; by the reader's own names."""

    @property
    def blocks(self) -> Sequence[Block]:
        return self._blocks

    def place(self, kind: LocatorKind, label: str, number: int) -> None:
        """What is added next stands there; a place that nothing is added to is not told."""
        self._place = kind, label, number

    def add(self, words: str, kind: BlockKind = "paragraph", by: str | None = None) -> None:
        """A block of `words`, without the blanks at their ends; nothing, if that is all there is. `by` wrote it: "", somebody
        of whom nothing is told."""
        words = words.strip()
        if not words:
            return
        if kind == "heading" and len(words) > _HEADING_LONGEST:
            kind = "paragraph"
        if self._blocks:
            self._parts.append("\n\n")
            self.length += 2
        span = Span(self.length, self.length + len(words))
        if self._place:
            self._locators.append(Locator(span.start, *self._place))
            self._place = None
        if by is not None:
            self._voices.append(Voice(span, by or None))
        self._blocks.append(Block(kind, span, len(self._blocks) + 1))
        self._parts.append(words)
        self.length = span.end

    def add_table(self, rows: Sequence[Sequence[Cell]], kind: BlockKind = "paragraph") -> None:
        """A table: its cells parted by tabs, its rows by line breaks.

        It is one block, unless its cells hold sentences: then each row is one, and a row of a single cell, as where a table only
        gives a page its frame, has each of its paragraphs as a block.
        """
        rows = _filled(rows)
        if not any(_is_prose(cell) for row in rows for cell in row):
            self.add("\n".join(map(_joined, rows)), kind)
            return
        for row in rows:
            filled = [cell for cell in row if cell]
            for words in filled[0] if len(filled) == 1 else [_joined(row)]:
                self.add(words, kind)

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def title(self) -> str | None:
        """The first heading, if nothing but apparatus stands before it."""
        first = next((b for b in self._blocks if b.kind != "apparatus"), None)
        return " ".join(first.span.of(self.text).split()) if first and first.kind == "heading" else None

    def document(
        self, metadata: Metadata = Metadata(), notes: Sequence[str] = (), record: str | None = None
    ) -> Document:
        return Document(
            self.text,
            tuple(self._blocks),
            metadata,
            fidelity="extracted",
            record=record,
            locators=tuple(self._locators),
            voices=tuple(self._voices),
            notes=tuple(notes),
        )

    def require_words(self, kind_of_file: str) -> None:
        """Raises UnreadableFile if nothing was written."""
        if not self._blocks:
            pictures = "only pictures, whose words are not read" if self.counts["pictures"] else "no text"
            raise UnreadableFile(f"the {kind_of_file} holds {pictures}: leave it out, or save its text in another file")


def counted(number: int, what: str, many: str | None = None) -> str:
    """
    >>> counted(1, "picture"), counted(2, "picture"), counted(2, "reply", "replies")
    ('1 picture', '2 pictures', '2 replies')
    """
    return f"{number:,} {what}" if number == 1 else f"{number:,} {many or what + 's'}"


def as_lines(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """The rows of a table within another's cell, as lines of that."""
    return list(map(_joined, _filled(rows)))


def _filled(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """The rows that hold anything, their paragraphs without the blanks at their ends."""
    bare = [[[words for paragraph in cell if (words := paragraph.strip())] for cell in row] for row in rows]
    return [row for row in bare if any(row)]


def _joined(row: Sequence[Cell]) -> str:
    return "\t".join("\n".join(cell) for cell in row).rstrip("\t")


def _is_prose(cell: Cell) -> bool:
    return any(len(words) >= _SENTENCE_LENGTH and _SENTENCE.search(words) for words in cell)
