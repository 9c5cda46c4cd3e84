"""Characters to pieces of lines.

A page is read in a frame turned so that its text runs to the right and its lines follow each other downward: (u, v) are points
along the line and up. There is a frame for each direction text runs in on the page; the one with most text comes first. Lines of
vertical writing run down, and follow each other to the left.

A piece is a run of characters that follow each other in the stream on one baseline, with no gap as wide as those between columns
or cells. Pieces are put together to lines when it is known which gaps part columns (see `columns`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from index.readers.pdf.glyphs import Glyphs

BLANK, BREAK, TAB = -1, -2, -3
"""Stand among the indices of characters for what the reader puts between them."""

_BETWEEN = np.array([0, ord("\t"), ord("\n"), ord(" ")], np.uint32)  # at the indices 0, -3, -2, -1

GAP = 0.8
"""Wider than this, in heights of the font, a gap may part columns or cells; blanks of justified lines rarely are."""

_LIST_LABEL = re.compile(r"\(?\w{1,4}[.)]|\[\w{1,4}\]|[^\w\s]|§ ?\d+|\d+(?:\.\d+)+")
_RIGHT_TO_LEFT = ((0x590, 0x8FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFE), (0x10800, 0x10FFF))


@dataclass(slots=True, eq=False)
class Piece:
    """A piece of a line, or a whole line: its characters, and its place in the frame.

    `ids`: indices of the page's characters in reading order, with BLANK and TAB between, and `text` what they read, entry for
    entry. `left`, `right` along the line; `base`, the baseline; `size`, of most of its characters; `weight`, the share of them that
    is bold; `rank`: where it comes in the stream; `chars`: how many characters, blanks out; `raised`: its first stands higher;
    `cells`: how many cells of a table it holds. `top`, `bottom`: as high as its letters are.
    """

    ids: np.ndarray
    text: str
    left: float
    right: float
    base: float
    size: float
    weight: float
    rank: int
    chars: int
    raised: bool = False
    cells: int = 1

    top: float = field(init=False)
    bottom: float = field(init=False)

    def __post_init__(self) -> None:
        self.top, self.bottom = self.base + 0.7 * self.size, self.base - 0.2 * self.size


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The characters of one direction. `which`: their indices. `u0`, `u1`, `v`: extent along the line, and baseline, of each."""

    which: np.ndarray
    u0: np.ndarray
    u1: np.ndarray
    v: np.ndarray
    angle: float
    rightward: bool


def frames(glyphs: Glyphs) -> list[Frame]:
    """The page's text by the direction it runs in, most text first."""
    if not len(glyphs):
        return []
    found, counts = np.unique(glyphs.angles, return_counts=True)
    return [
        _frame(glyphs, np.flatnonzero(glyphs.angles == a), float(a)) for a in found[np.argsort(-counts, kind="stable")]
    ]


def _frame(glyphs: Glyphs, which: np.ndarray, angle: float) -> Frame:
    if angle == 0 and _runs_down(glyphs, which):
        angle = 270.0
    boxes, origins = glyphs.boxes[which], glyphs.origins[which]
    turn = np.radians(angle)
    cos, sin = np.round(np.cos(turn), 9), np.round(np.sin(turn), 9)
    corners = [boxes[:, x] * cos + boxes[:, y] * sin for x in (0, 2) for y in (1, 3)]
    u0, u1 = np.minimum.reduce(corners), np.maximum.reduce(corners)
    v = height(origins[:, 0], origins[:, 1], angle)
    if angle % 90:
        # Round a slanting letter the box is far too wide; half the height of the font is nearer.
        u0 = origins[:, 0] * cos + origins[:, 1] * sin
        u1 = u0 + 0.5 * glyphs.sizes[which]
    # The marks of Chinese and Japanese fill a square of which they leave half blank.
    wide = _is_wide_mark(glyphs.codes[which])
    if wide.any():
        start, size = (origins[:, 0] * cos + origins[:, 1] * sin)[wide], glyphs.sizes[which][wide]
        u0[wide], u1[wide] = np.minimum(u0[wide], start), np.maximum(u1[wide], start + size)
    return Frame(which, u0, u1, v, angle, not right_to_left(glyphs.codes[which]))


def height(x: Any, y: Any, angle: float) -> Any:
    """How high a point of the page stands, up from line to line of text of that angle."""
    turn = np.radians(angle)
    up = y * np.round(np.cos(turn), 9) - x * np.round(np.sin(turn), 9)
    return -up if angle < 0 else up


def _is_wide_mark(codes: np.ndarray) -> np.ndarray:
    return (codes >= 0x3001) & (codes <= 0x301F) | (codes >= 0xFF01) & (codes <= 0xFF5E)


def _runs_down(glyphs: Glyphs, which: np.ndarray) -> bool:
    """Whether upright characters follow each other downward, as in vertical writing: most steps are down by about a character."""
    if len(which) < 4:
        return False
    steps = np.diff(glyphs.origins[which], axis=0) / np.maximum(glyphs.sizes[which][:-1], 0.1)[:, None]
    down = (np.abs(steps[:, 0]) < 0.3) & (steps[:, 1] < -0.5) & (steps[:, 1] > -1.6)
    return bool(down.sum() > 0.6 * len(steps))


def right_to_left(codes: np.ndarray) -> bool:
    """Whether most letters are of a script that is written to the left."""
    letters = codes[codes >= 0x41]
    if not len(letters):
        return False
    leftward = sum(int(((letters >= a) & (letters <= b)).sum()) for a, b in _RIGHT_TO_LEFT)
    return leftward > 0.5 * len(letters)


def pieces(glyphs: Glyphs, frame: Frame) -> list[Piece]:
    """The frame's characters as pieces of lines, in the stream's order."""
    return [_piece(glyphs, frame, start, end) for start, end in _runs(glyphs, frame)]


def _runs(glyphs: Glyphs, frame: Frame) -> Iterator[tuple[int, int]]:
    which, sizes = frame.which, glyphs.sizes[frame.which]
    larger, smaller = np.maximum(sizes[1:], sizes[:-1]), np.minimum(sizes[1:], sizes[:-1])
    rise = np.abs(np.diff(frame.v))
    # A letter raised or sunk beside larger ones stays on their line: a mark of a note, an index.
    same_line = (rise < np.where(smaller < 0.87 * larger, 0.62, 0.3) * larger) & (smaller > 0.5 * larger)
    # Either the next stands to the right, or, in a run to the left, before.
    ahead, behind = frame.u0[1:] - frame.u1[:-1], frame.u0[:-1] - frame.u1[1:]
    width = np.minimum(frame.u1[1:] - frame.u0[1:], frame.u1[:-1] - frame.u0[:-1])
    overlap = np.maximum(ahead, behind) < -np.maximum(0.9 * width, 0.3 * larger)
    together = (frame.which[1:] == frame.which[:-1] + 1) & _same_place(glyphs, which)
    leftward = _is_leftward(glyphs.codes[which])
    gap = np.where(leftward[1:] | leftward[:-1], np.maximum(ahead, behind), ahead)
    # A blank without breadth is none.
    if frame.angle % 90 == 0:
        glyphs.spaced[which[1:]] &= ~same_line | (gap > 0.05 * larger) | (gap < -0.3 * larger)
    broken = ~together & (
        ~same_line
        | (gap > GAP * larger)
        | (gap < -0.6 * larger) & ~(leftward[1:] | leftward[:-1])
        | overlap & (gap < -1.0 * larger)
    )
    edges = [0, *(np.flatnonzero(broken) + 1).tolist(), len(which)]
    return zip(edges[:-1], edges[1:])


def _same_place(glyphs: Glyphs, which: np.ndarray) -> np.ndarray:
    return (glyphs.boxes[which][1:] == glyphs.boxes[which][:-1]).all(axis=1)


def _is_leftward(codes: np.ndarray) -> np.ndarray:
    found = np.zeros(len(codes), bool)
    for a, b in _RIGHT_TO_LEFT:
        found |= (codes >= a) & (codes <= b)
    return found


def _piece(glyphs: Glyphs, frame: Frame, start: int, end: int) -> Piece:
    which = frame.which[start:end]
    sizes = glyphs.sizes[which]
    size = _main_size(sizes)
    main = np.abs(sizes - size) < 0.02 * size
    base = float(np.median(frame.v[start:end][main])) if main.any() else float(frame.v[start])
    ids = which
    spaced = np.flatnonzero(glyphs.spaced[which])
    spaced = spaced[spaced > 0]
    if len(spaced):
        ids = np.insert(which, spaced, BLANK)
    left, right = float(frame.u0[start:end].min()), float(frame.u1[start:end].max())
    weight, raised = float(glyphs.bold[which].mean()), bool(sizes[0] < 0.87 * size and frame.v[start] > base)
    return Piece(ids, text_of(glyphs, ids), left, right, base, size, weight, int(which[0]), end - start, raised)


def _main_size(sizes: np.ndarray) -> float:
    """The largest size that a fair share of the characters has: small capitals stand among larger ones."""
    if sizes[0] == sizes[-1] and (sizes == sizes[0]).all():
        return float(sizes[0])
    return float(np.quantile(sizes, 0.88, method="lower"))


def text_of(glyphs: Glyphs, ids: np.ndarray) -> str:
    """What characters read, entry for entry."""
    codes = np.where(ids >= 0, glyphs.codes[np.maximum(ids, 0)], _BETWEEN[np.minimum(ids, 0)])
    return codes.astype("<u4").tobytes().decode("utf-32-le")


def joined(parts: list[Piece], rightward: bool, cell: float = float("inf")) -> Piece:
    """One line of the pieces that stand on one baseline; a gap of `cell` heights of the font or more parts cells."""
    parts = sorted(parts, key=lambda p: p.left if rightward else -p.right)
    if len(parts) == 1:
        return parts[0]
    ids: list[np.ndarray] = [parts[0].ids]
    text = [parts[0].text]
    number = 1
    for before, after in zip(parts, parts[1:]):
        gap = after.left - before.right if rightward else before.left - after.right
        size = max(before.size, after.size)
        tab = gap > cell * size and not (before is parts[0] and _is_label(before))
        number += tab
        if tab or gap > 0.12 * size:
            ids.append(np.array([TAB if tab else BLANK]))
            text.append("\t" if tab else " ")
        ids.append(after.ids)
        text.append(after.text)
    main = max(parts, key=lambda p: p.chars)
    chars = sum(p.chars for p in parts)
    weight = sum(p.chars * p.weight for p in parts) / chars
    left, right = min(p.left for p in parts), max(p.right for p in parts)
    rank, raised = min(p.rank for p in parts), parts[0].base > main.base + 0.1 * main.size and parts[0].size < main.size
    base, size = main.base, main.size
    return Piece(np.concatenate(ids), "".join(text), left, right, base, size, weight, rank, chars, raised, number)


def opened(initial: Piece, line: Piece) -> Piece:
    """A line that begins with an initial of a larger size."""
    ids = np.concatenate([initial.ids, line.ids])
    return replace(line, ids=ids, text=initial.text + line.text, chars=line.chars + 1)


def _is_label(piece: Piece) -> bool:
    """A bullet, or a number of a list, which stands before its text and is no cell."""
    return piece.chars <= 6 and bool(_LIST_LABEL.fullmatch(piece.text))


def rows(found: list[Piece]) -> list[list[Piece]]:
    """Pieces by the line they stand on, from the top down: those whose letters' heights overlap by half."""
    lines: list[list[Piece]] = []
    edges: list[tuple[float, float]] = []  # of each line's first piece
    for piece in sorted(found, key=lambda p: (-p.base, p.left)):
        top, bottom = piece.top, piece.bottom
        for at in range(len(lines) - 1, max(len(lines) - 5, -1), -1):
            above, below = edges[at]
            shared = (top if top < above else above) - (bottom if bottom > below else below)
            if shared > 0.55 * min(top - bottom, above - below):
                lines[at].append(piece)
                break
        else:
            lines.append([piece])
            edges.append((top, bottom))
    return lines
