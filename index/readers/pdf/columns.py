"""Pieces of lines to lines in the order of reading: columns told from cells.

Recursive cuts along white space (XY-cut; Nagy and Seth, 1984), with gutters told from the gaps of tables as a person tells them:
beside a gutter stands prose, lines that fill their column, or the content stream writes one side before the other. Where the
stream goes to and fro between the sides, and they are not prose, the gap parts cells, and a line is a row.
"""

from __future__ import annotations

from statistics import median

import numpy as np

from index.readers.pdf.lines import Piece, joined, opened, rows

_GUTTER = 0.7  # narrowest gutter, in heights of the font
_PROSE = 18  # characters of a line of prose, at the least
_FILLED = 0.55  # of its column's width, that the middle line of prose fills at the least
_STANDS_OFF = 3.0  # heights of white from side to side, over which no column goes on
_NARROW_CELL, _WIDE_CELL = 1.2, 2.5  # gaps between cells, in heights of the font
_DEEPEST = 40
_TRIED = 6
_INITIAL = 1.8  # times the size of the text
_FAR = 1e9

Region = list[Piece]
"""The lines of one column, or of a stretch over all columns, from the top down."""


def regions(found: list[Piece], rightward: bool = True) -> list[Region]:
    """The lines of a page in the order of reading, region by region."""
    if not found:
        return []
    size = median(p.size for p in found)
    found = _with_initials(found, rightward, size)
    return [region for part in _cut(found, size, rightward, 0) if part for region in _lines(part, rightward)]


def _with_initials(found: list[Piece], rightward: bool, size: float) -> list[Piece]:
    """The pieces, with each large initial that is sunk into the first lines of a text put before the first of these."""
    large = [p for p in found if p.chars == 1 and p.size > _INITIAL * size and p.text.isalpha()]
    for initial in large[:_TRIED]:
        beside = [
            p
            for p in found
            if p.chars > 3
            and initial.base - 0.2 * p.size < p.base < initial.top
            and 0 <= (p.left - initial.right if rightward else initial.left - p.right) < 1.5 * p.size
        ]
        if len(beside) < 2:
            continue
        first = max(beside, key=lambda p: p.base)
        found = [p for p in found if p is not initial and p is not first] + [opened(initial, first)]
    return found


def _cut(found: list[Piece], size: float, rightward: bool, depth: int) -> list[list[Piece]]:
    if len(found) < 4 or depth > _DEEPEST:
        return [found]
    row_of = {id(p): number for number, row in enumerate(rows(found)) for p in row}
    bands = _bands(found)
    gaps = [_gaps(band, size) for band in bands]
    parts: list[list[Piece]] = []
    done = at = 0  # bands before `done` are in parts; those up to `at` are known to begin no columns
    while at < len(bands):
        end, gutter = _column_run(bands, gaps, at, size, row_of) if gaps[at] else (at + 1, None)
        if gutter is None:
            # Of a long table every other row, at least, is not tried again.
            at += max(1, (end - at) // 2)
            continue
        start = _higher(bands, gutter, done, at, size)
        parts.append([p for band in bands[done:start] for p in band])
        inside = [p for band in bands[start:end] for p in band]
        sides = ([p for p in inside if p.right <= gutter], [p for p in inside if p.left >= gutter])
        for side in sides if rightward else sides[::-1]:
            parts += _cut(side, size, rightward, depth + 1)
        done = at = end
    parts.append([p for band in bands[done:] for p in band])
    return parts


def _higher(bands: list[list[Piece]], gutter: float, first: int, start: int, size: float) -> int:
    """Where columns begin of which one reaches higher than the other: up over the bands that leave the gutter free."""
    while start > first and _height(bands[start - 1], bands[start]) <= size:
        if any(p.left < gutter < p.right for p in bands[start - 1]):
            break
        start -= 1
    return start


def _bands(found: list[Piece]) -> list[list[Piece]]:
    """Pieces between white space that goes through from side to side, from the top down."""
    bands: list[list[Piece]] = []
    floor = float("inf")
    for piece in sorted(found, key=lambda p: -p.top):
        if bands and piece.top > floor:
            bands[-1].append(piece)
            floor = min(floor, piece.bottom)
        else:
            bands.append([piece])
            floor = piece.bottom
    return bands


def _column_run(
    bands: list[list[Piece]], gaps: list[list[tuple[float, float]]], start: int, size: float, row_of: dict[int, int]
) -> tuple[int, float | None]:
    """The bands from `start` on that stand beside one gutter: where they end, and the middle of it. Of several, the longest;
    if there is none, where the last gap ends that might have been one."""
    free, end = gaps[start], start
    best: tuple[int, float] | None = None
    inside: list[Piece] = []
    while free:
        inside += bands[end]
        end += 1
        after: list[tuple[float, float]] = []
        if end < len(bands) and _height(bands[end - 1], bands[end]) <= _STANDS_OFF * size:
            after = _shared(free, _strips(bands[end], gaps[end]), size)
        # A gap is tried where it ends, with all that stands beside it. Where many end they are a table's: the widest will do.
        ended = [(a, b) for a, b in free if not any(c < b and a < d for c, d in after)]
        for left, right in sorted(ended, key=lambda gap: gap[0] - gap[1])[:_TRIED]:
            if _is_gutter(inside, (left + right) / 2, row_of):
                best = (end, (left + right) / 2)
                break
        free = after
    return best or (end, None)


def _height(upper: list[Piece], lower: list[Piece]) -> float:
    """Of the white between two bands."""
    return min(p.bottom for p in upper) - max(p.top for p in lower)


def _gaps(band: list[Piece], size: float) -> list[tuple[float, float]]:
    """Where nothing of a band stands, within it."""
    gaps = []
    reach = -float("inf")
    for piece in sorted(band, key=lambda p: p.left):
        if reach > -float("inf") and piece.left - reach >= _GUTTER * size:
            gaps.append((reach, piece.left))
        reach = max(reach, piece.right)
    return gaps


def _strips(band: list[Piece], gaps: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The gaps of a band, and what is free to the left and right of it."""
    return [(-_FAR, min(p.left for p in band)), *gaps, (max(p.right for p in band), _FAR)]


def _shared(one: list[tuple[float, float]], other: list[tuple[float, float]], size: float) -> list[tuple[float, float]]:
    """What two lists of gaps, from the left, have in common."""
    found = []
    i = j = 0
    while i < len(one) and j < len(other):
        left, right = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if right - left >= _GUTTER * size:
            found.append((left, right))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return found


def _is_gutter(found: list[Piece], middle: float, row_of: dict[int, int]) -> bool:
    left, right = [p for p in found if p.right <= middle], [p for p in found if p.left >= middle]
    if min(len(left), len(right)) < 2 or len(left) + len(right) < 5:
        return False
    lines = [_by_row(left, row_of), _by_row(right, row_of)]
    counts = [len(side) for side in lines]
    if min(counts) < 2:
        return False
    prose = all(_is_prose(side) for side in lines)
    if prose and min(counts) >= 3:
        return True
    # Going down one side and then down the other, as columns are written, changes sides once.
    sides = np.array([p.right <= middle for p in sorted(found, key=lambda p: p.rank)])
    changes = int((sides[1:] != sides[:-1]).sum())
    in_turn = changes <= 1 + 0.1 * min(counts)
    return in_turn and (prose or not _side_by_side(lines))


def _by_row(found: list[Piece], row_of: dict[int, int]) -> list[list[Piece]]:
    lines: dict[int, list[Piece]] = {}
    for piece in found:
        lines.setdefault(row_of[id(piece)], []).append(piece)
    return list(lines.values())


def _is_prose(lines: list[list[Piece]]) -> bool:
    """Whether lines are as long as those of running text, and fill their column."""
    edges = min(p.left for line in lines for p in line), max(p.right for p in (q for line in lines for q in line))
    width = max(edges[1] - edges[0], 1.0)
    filled = [(max(p.right for p in line) - min(p.left for p in line)) / width for line in lines]
    return median(p.chars for line in lines for p in line) >= _PROSE and median(filled) >= _FILLED


def _side_by_side(lines: list[list[list[Piece]]]) -> bool:
    """Whether nearly every line of the shorter side has one beside it, as the cells of a table have."""
    fewer, more = sorted(lines, key=len)
    bases = np.array([line[0].base for line in more])
    beside = sum(bool((np.abs(bases - line[0].base) < 0.12 * line[0].size).any()) for line in fewer)
    return beside >= 0.8 * len(fewer) and len(fewer) >= 3


def _lines(found: list[Piece], rightward: bool) -> list[Region]:
    """The lines of a stretch without columns, and those of the notes in its margin."""
    lines = rows(found)
    alone = [line[0] for line in lines if len(line) == 1]
    margin: list[Piece] = []
    if len(alone) >= 5 and len(alone) > 0.6 * len(lines):
        # A column of text has its edges where most of its lines have theirs; what stands beyond, beside a line, is a note to it.
        left, right = (
            sorted(p.left for p in alone)[len(alone) // 10],
            sorted(p.right for p in alone)[-1 - len(alone) // 10],
        )
        margin = [p for line in lines if len(line) > 1 for p in line if _is_beside(p, line, left, right)]
    noted = {id(p) for p in margin}
    text = [[p for p in line if id(p) not in noted] for line in lines]
    regions_ = [[joined(line, rightward, _cell(text, at)) for at, line in enumerate(text)]]
    if margin:
        regions_.append([joined(line, rightward) for line in rows(margin)])
    return regions_


def _cell(lines: list[list[Piece]], at: int) -> float:
    """The narrowest gap between cells of a line, in heights of the font: where none of them begins or ends under or over one of the
    next lines, a gap may stand between two sentences."""
    line = lines[at]
    if len(line) == 1:
        return _WIDE_CELL
    nearby = [p for other in (*lines[max(at - 1, 0) : at], *lines[at + 1 : at + 2]) for p in _inner(other)]
    aligned = any(
        min(abs(p.left - q.left), abs(p.right - q.right)) < 0.3 * p.size for p in _inner(line) for q in nearby
    )
    return _NARROW_CELL if aligned else _WIDE_CELL


def _inner(line: list[Piece]) -> list[Piece]:
    """The pieces of a line but for the outermost on the left."""
    return sorted(line, key=lambda p: p.left)[1:]


def _is_beside(piece: Piece, line: list[Piece], left: float, right: float) -> bool:
    others = [p for p in line if p is not piece and p.right > left and p.left < right and p.chars > _PROSE]
    return bool(others) and piece.chars > 3 and (piece.right < left - piece.size or piece.left > right + piece.size)
