"""Lines to paragraphs, as a person sees where one ends: by spacing, indents, short last lines, size and weight.

The surest sign is a line that ends although the next line's first word would have fitted on it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from index.readers.pdf.lines import Piece
from index.records import BlockKind

_ENDS = re.compile(r"[.!?:;…。！？：؟۔][\"'’”»›)\]\d]*$")
_BULLET = re.compile(r"[•●○◦▪▫■□‣⁃➢✓∙·*\u2013\u2014-][ \t]")
_LABEL = re.compile(
    r"(?:\(?\d{1,3}[.)]|\d{1,2}(?:\.\d{1,2})+\.?|\(?[a-zA-Z][.)]|\(?[ivxlc]{1,5}[.)]|\[\d{1,3}\]|§ ?\d+)[ \t]"
)
_CAPTION = re.compile(
    r"(?:fig(?:ure|\.)|table|tab\.|chart|box|source|photo|abbildung|tabelle|рис\.|таблица)\s*[\d:]", re.IGNORECASE
)
_NOTE = re.compile(r"(?:\d{1,3}|[*†‡§¶]{1,3}|\[\d{1,3}\])[ \t]?\D")
_BROKEN = re.compile(r"[^\W\d_][-‐]$")  # a word that goes on in the next line
_LEADERS = re.compile(r"(?:\. ?){4}|…{2}|_{3}")  # as in a table of contents
_TITLE_LONGEST = 200
_SHORT = 20  # characters: lines of running text are longer


@dataclass(slots=True, eq=False)
class Paragraph:
    """Lines with the page each stands on. `room`: from the end of its last line to the edge of the column. `indented`: its first
    line begins to the right of that column's others."""

    lines: list[tuple[int, Piece]]
    kind: BlockKind = "paragraph"
    room: float = 0.0
    indented: bool = False
    note: bool = False

    @property
    def first(self) -> Piece:
        return self.lines[0][1]

    @property
    def last(self) -> Piece:
        return self.lines[-1][1]

    @property
    def text(self) -> str:
        return " ".join(line.text for _, line in self.lines)


@dataclass(frozen=True, slots=True)
class Measures:
    """What is usual in a document: the size of its text, the distance of lines of a size (in whole tenths of a point), and
    whether it is written in capitals."""

    size: float
    leading: dict[int, float] = field(default_factory=dict)
    capitals: bool = False

    def distance(self, size: float) -> float:
        return self.leading.get(_tenths(size), 1.25 * size)


def _tenths(size: float) -> int:
    return round(size * 10)


def measures(every: Iterable[list[Piece]]) -> Measures:
    """The usual measures of a document, given its regions."""
    amounts: dict[int, int] = defaultdict(int)
    gaps: dict[int, list[float]] = defaultdict(list)
    lines = shouted = 0
    for region in every:
        for line in region:
            amounts[_tenths(line.size)] += line.chars
            lines += 1
            shouted += line.text.isupper()
        for before, after in zip(region, region[1:]):
            gap = before.base - after.base
            if _tenths(before.size) == _tenths(after.size) and 0.7 * after.size < gap < 2.6 * after.size:
                gaps[_tenths(after.size)].append(gap)
    size = max(amounts, key=lambda s: amounts[s]) / 10 if amounts else 10.0
    return Measures(size, {s: median(g) for s, g in gaps.items() if len(g) > 2}, shouted > 0.3 * max(lines, 1))


def paragraphs(region: list[Piece], page: int, usual: Measures) -> list[Paragraph]:
    """The paragraphs of one region of a page."""
    if not region:
        return []
    left = min(line.left for line in region)
    rights = _right_edges(region)
    found: list[Paragraph] = []
    for at, line in enumerate(region):
        if found and not _begins(line, [p for _, p in found[-1].lines], left, rights[at - 1], usual):
            found[-1].lines.append((page, line))
        else:
            found.append(Paragraph([(page, line)], indented=0.7 * line.size < line.left - left < 6 * line.size))
    ends = {id(line): right for line, right in zip(region, rights)}
    for paragraph in found:
        paragraph.room = ends[id(paragraph.last)] - paragraph.last.right
        paragraph.kind = "heading" if _is_heading(paragraph, usual) else "paragraph"
    return found


def _right_edges(region: list[Piece]) -> list[float]:
    """How far each line could have gone: as far as the others that begin where it does; as any, if those are few or too short to be
    running text."""
    alike: dict[int, list[Piece]] = defaultdict(list)
    for line in region:
        for near in (-1, 0, 1):
            alike[round(line.left / 4) + near].append(line)
    widest = max(line.right for line in region)
    edges = {
        at: max(line.right for line in lines)
        for at, lines in alike.items()
        if len(lines) > 2 and median(line.chars for line in lines) > _SHORT
    }
    return [edges.get(round(line.left / 4), widest) for line in region]


def _begins(line: Piece, so_far: list[Piece], left: float, right: float, usual: Measures) -> bool:
    """Whether a line begins a paragraph, after the lines of the one before it."""
    before = so_far[-1]
    if line.cells > 1 or before.cells > 1:
        return True
    gap, ends = before.base - line.base, bool(_ENDS.search(before.text))
    distance = min(usual.distance(line.size), usual.distance(before.size))
    if len(so_far) > 1 and before.size == so_far[-2].size:
        distance = min(distance, so_far[-2].base - before.base)
    if gap > (1.1 if ends else 1.35) * distance + 0.3 or gap < 0.3 * line.size:
        return True
    # In lines that are not justified a short word may come late by chance, but not in the midst of a sentence far from the edge.
    room, em = right - before.right, line.size
    fitted = room > 1.1 * _first_word(line) + (0.5 * em if ends else max(2 * em, 0.25 * (right - left)))
    growth = abs(line.size - before.size) / max(line.size, before.size)
    if growth > 0.15 or growth > 0.08 and (ends or fitted):
        return True
    if _BULLET.match(line.text) or line.raised and line.text[:1].isdigit() and line.size < 0.95 * usual.size:
        return True
    if _is_centred(line, left, right) and _is_centred(before, left, right) and abs(line.weight - before.weight) < 0.4:
        return ends and fitted
    if _BROKEN.search(before.text) or line.text[:1].islower() and not ends:
        return False
    if (
        line.text[1:2] in (" ", "\t")
        and line.text[:2] == so_far[0].text[:2]
        and abs(line.left - so_far[0].left) < 0.2 * em
    ):
        return True  # the same mark as before, whatever it is
    weights = sorted((line.weight, before.weight))
    if fitted or weights[0] < 0.2 and weights[1] > 0.97:
        return True
    if _LABEL.match(line.text) and (
        ends or _LABEL.match(so_far[0].text) and abs(line.left - so_far[0].left) < 0.5 * em
    ):
        return True
    if line.left - before.left > 0.7 * em:
        hanging = len(so_far) == 1 and (_LABEL.match(before.text) or _BULLET.match(before.text) or not ends)
        return not hanging
    # Back at the edge after hanging lines; after an indented first line it is the same paragraph.
    return before.left - line.left > 0.7 * em and len(so_far) > 1


def _first_word(line: Piece) -> float:
    """The width of a line's first word, by its share of the line's characters; in a script without blanks, that of two."""
    if line.text[:1] >= "\u2e80":
        return 2 * line.size
    return (line.right - line.left) * len(line.text.split(None, 1)[0]) / max(len(line.text), 1)


def _is_centred(line: Piece, left: float, right: float) -> bool:
    before, after = line.left - left, right - line.right
    return before > 2 * line.size and abs(before - after) < 0.15 * (before + after)


def _is_heading(paragraph: Paragraph, usual: Measures) -> bool:
    text = paragraph.text.strip()
    letters = sum(c.isalpha() for c in text)
    if (
        len(paragraph.lines) > 4
        or len(text) > _TITLE_LONGEST
        or letters < 3
        or letters < 0.5 * len(text.replace(" ", ""))
    ):
        return False
    if paragraph.first.cells > 1 or text[-1] in ".,;" or _BULLET.match(text) or _LEADERS.search(text):
        return False
    size, weight = paragraph.first.size, min(line.weight for _, line in paragraph.lines)
    if size > 1.12 * usual.size:
        return True
    return (
        size > 0.9 * usual.size
        and (weight > 0.9 or text.isupper() and not usual.capitals and len(text) < 90)
        and text[-1] != ":"
    )


def set_notes_apart(found: list[Paragraph], usual: Measures) -> tuple[list[Paragraph], list[Paragraph]]:
    """A region's paragraphs, and the footnotes at its end: in smaller letters, the first of them under a mark."""
    start = len(found)
    while start and found[start - 1].first.size < 0.93 * usual.size and found[start - 1].kind == "paragraph":
        start -= 1
    while start < len(found) and not _NOTE.match(found[start].text):
        start += 1
    for note in found[start:]:
        note.note = True
    return found[:start], found[start:]


def goes_on(before: Paragraph, after: Paragraph, indents: bool) -> bool:
    """Whether the paragraph that ends a column or a page goes on in the one that begins the next.

    `indents`: the document's paragraphs begin with an indent, so that one without goes on, though a sentence ends before it.
    """
    if (
        abs(before.last.size - after.first.size) > 0.05 * before.last.size
        or abs(before.last.weight - after.first.weight) > 0.6
    ):
        return False
    if before.kind != after.kind or before.kind == "heading" or before.last.cells > 1 or after.first.cells > 1:
        return False
    text = after.text
    if _BULLET.match(text) or _LABEL.match(text) or is_caption(after) or is_caption(before):
        return False
    if _BROKEN.search(before.last.text):
        return True
    full = before.room < _first_word(after.first) + after.first.size
    if not _ENDS.search(before.last.text):
        return text[:1].islower() or full and not after.indented
    return indents and full and not after.indented


def is_caption(paragraph: Paragraph) -> bool:
    return bool(_CAPTION.match(paragraph.text))


def uses_indents(found: Iterable[Paragraph]) -> bool:
    """Whether most paragraphs of several lines begin with an indent."""
    several = [p.indented for p in found if len(p.lines) > 2 and p.kind == "paragraph"]
    return len(several) > 3 and sum(several) > 0.6 * len(several)
