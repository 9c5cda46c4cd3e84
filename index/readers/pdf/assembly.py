"""Pages of paragraphs to a document: text, blocks, locators and layout, in one pass. Offsets are born here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from index.readers.pdf.glyphs import Glyphs
from index.readers.pdf.hyphens import Hyphens, Join
from index.readers.pdf.lines import BLANK, BREAK, text_of
from index.readers.pdf.paragraphs import Paragraph, goes_on, is_caption
from index.records import Block, Layout, Locator, Sheet, Span


@dataclass(slots=True, eq=False)
class PageText:
    """What one page holds, in order: running heads, text, footnotes, running feet."""

    glyphs: Glyphs
    heads: list[Paragraph] = field(default_factory=list)
    body: list[Paragraph] = field(default_factory=list)
    notes: list[Paragraph] = field(default_factory=list)
    feet: list[Paragraph] = field(default_factory=list)


_BACK = 4
"""Paragraphs of the text among which the one is looked for that goes on: captions and boxes may stand in between."""


def in_order(pages: Sequence[PageText], indents: bool) -> list[Paragraph]:
    """All paragraphs in the order of reading. One that goes on in the next column or over the page is one; what stands between its
    parts (running heads, footnotes, captions, tables) comes after it."""
    found: list[Paragraph] = []
    open_: list[Paragraph] = []  # the last of the text, which may go on
    for page in pages:
        found += page.heads
        opening = True  # nothing but captions and tables has come on this page yet
        for paragraph in page.body:
            if is_caption(paragraph) or paragraph.first.cells > 1:
                found.append(paragraph)
                continue
            begun = _begun(open_, paragraph, indents, opening)
            opening = False
            if begun is not None:
                begun.lines += paragraph.lines
                begun.room = paragraph.room
                open_ = [begun]
            else:
                found.append(paragraph)
                open_ = [*open_[1 - _BACK :], paragraph]
        found += page.notes + page.feet
    return found


def _begun(open_: list[Paragraph], paragraph: Paragraph, indents: bool, opening: bool) -> Paragraph | None:
    """The paragraph that this one goes on with: the last one, or of those before it one that it must go on with, since it begins
    within a sentence."""
    for back, before in enumerate(reversed(open_)):
        leaps = before.lines[-1][0] != paragraph.lines[0][0] and (opening or back) or _leaps(before, paragraph)
        within = paragraph.text[:1].islower() and before.kind == "paragraph"
        if leaps and (back == 0 or within) and goes_on(before, paragraph, indents):
            return before
    return None


def _leaps(before: Paragraph, after: Paragraph) -> bool:
    """Whether a paragraph begins another column: it stands above the end of the one before it, on the same page."""
    return before.lines[-1][0] == after.lines[0][0] and after.first.base > before.last.base


@dataclass(frozen=True, slots=True, eq=False)
class Assembled:
    text: str
    blocks: tuple[Block, ...]
    locators: tuple[Locator, ...]
    layout: Layout


def assembled(
    found: list[Paragraph], pages: Sequence[PageText], sheets: Sequence[Sheet], labels: Sequence[str], hyphens: Hyphens
) -> Assembled:
    """The document's text and all that counts in its offsets."""
    ids: list[np.ndarray] = []
    numbers: list[tuple[int, int]] = []  # for each of these: page, how many characters
    blocks: list[Block] = []
    locators: list[Locator] = []
    length = 0

    def write(part: np.ndarray, page: int) -> None:
        nonlocal length
        if page >= 0 and (not locators or locators[-1].number != page + 1):
            locators.append(Locator(length, "page", labels[page], page + 1))
        ids.append(part)
        numbers.append((page, len(part)))
        length += len(part)

    for paragraph in found:
        if blocks:
            write(_BETWEEN_BLOCKS, -1)
        start = length
        for at, (page, line) in enumerate(paragraph.lines):
            part = line.ids
            if at + 1 < len(paragraph.lines):
                join = hyphens.join(line.text, paragraph.lines[at + 1][1].text)
                part = part[:-1] if join is Join.NO_HYPHEN else part
                write(part, page)
                if join is Join.BLANK:
                    write(_ONE_BLANK, -1)
            else:
                write(part, page)
        blocks.append(Block(paragraph.kind, Span(start, length), len(blocks) + 1))
    text, layout = _laid(ids, numbers, pages, sheets)
    return Assembled(text, tuple(blocks), tuple(locators), layout)


_ONE_BLANK = np.array([BLANK])
_BETWEEN_BLOCKS = np.array([BREAK, BREAK])


def _laid(
    ids: list[np.ndarray], numbers: list[tuple[int, int]], pages: Sequence[PageText], sheets: Sequence[Sheet]
) -> tuple[str, Layout]:
    every = np.concatenate(ids) if ids else np.zeros(0, int)
    of_page = np.repeat([page for page, _ in numbers], [count for _, count in numbers]) if numbers else every
    of_page = np.where(every >= 0, of_page, -1).astype(np.int32)
    boxes = np.full((len(every), 4), np.nan, np.float32)
    parts: list[str] = []
    at = 0
    for part, (page, count) in zip(ids, numbers):
        if page < 0:
            parts.append(" " if part is _ONE_BLANK else "\n\n")
        else:
            glyphs = pages[page].glyphs
            parts.append(text_of(glyphs, part))
            real = part >= 0
            boxes[at : at + count][real] = glyphs.boxes[part[real]]
        at += count
    return "".join(parts), Layout(tuple(sheets), of_page, boxes)
