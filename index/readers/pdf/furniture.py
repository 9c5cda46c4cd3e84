"""Running heads, feet and page numbers: what stands at the head or foot of pages, at the same place, the same but for numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from index.readers.pdf.lines import Piece, rows

_MARGIN = 0.17  # share of the page's height, at head and foot, where furniture stands
_ROWS = 8  # at most, at the head and at the foot
_SAME_PLACE = 5.0  # points
_DISTINCT = 12  # letters
_LINES_NUMBERED = 10
_NUMBER = re.compile(r"\d+|\b[ivxlcdm]+\b")
_PAGE_NUMBER = re.compile(r"[\W_]*(?:(?:page|p\.|seite|página|стр\.?|с\.)\s*)?#(?:\s*(?:of|/|von|de|из)\s*#)?[\W_]*")

Row = list[Piece]


def set_aside(pages: Sequence[tuple[list[Piece], float, float]]) -> list[tuple[list[Row], list[Row]]]:
    """Of each page, given as its pieces and where it ends above and below, the rows at its head and foot that are furniture."""
    candidates = [_candidates(*page) for page in pages]
    seen: dict[str, list[tuple[int, float, Piece]]] = defaultdict(list)
    for number, ends in enumerate(candidates):
        for row, place in ends[0] + ends[1]:
            for unit in _units(row):
                seen[_key(unit, number)].append((number, place, unit[0]))
    needed = 2 if len(pages) < 8 else 3
    found = []
    for number, ends in enumerate(candidates):
        head, foot = (
            [part for row, place in end if (part := _repeated(row, place, seen, needed, number))] for end in ends
        )
        found.append((head or _lone_number(ends[0]), foot or _lone_number(ends[1])))
    # Pages that hold nothing else are not framed by it: it is what they say.
    whole = [sum(map(len, head + foot)) == len(page[0]) for page, (head, foot) in zip(pages, found) if page[0]]
    if sum(whole) > 0.5 * len(whole):
        return [([], []) for _ in pages]
    return found


def _candidates(
    found: list[Piece], top: float, bottom: float
) -> tuple[list[tuple[Row, float]], list[tuple[Row, float]]]:
    """Rows near the head and near the foot, from the outside in, with their distance from it (below zero at the foot)."""
    margin = _MARGIN * (top - bottom)
    lines = rows([p for p in found if p.base > top - margin or p.base < bottom + margin])
    head = [(row, top - row[0].base) for row in lines[:_ROWS] if row[0].base > top - margin]
    known = {id(p) for row, _ in head for p in row}
    head += [
        ([p], top - p.base) for p in found if p.text.isdecimal() and p.base > bottom + margin and id(p) not in known
    ]
    foot = [(row, bottom - row[0].base) for row in lines[: -_ROWS - 1 : -1] if row[0].base < bottom + margin]
    return head, [f for f in foot if all(f[0] is not h[0] for h in head)]


def _units(row: Row) -> list[Row]:
    """What may be furniture in a row: the whole of it, and each of its pieces that has a word in it or is a number."""
    pieces = [[p] for p in row if p.text.isdecimal() or sum(c.isalpha() for c in p.text) > 1]
    return [row, *pieces] if len(row) > 1 else [row]


def _key(row: Row, page: int) -> str:
    """What is the same of it on every page: the words, with the numbers left open; of a number by itself, how far it is from the
    count of the page."""
    text = _words(row)
    if text.isdecimal() and len(text) < 6:
        return f"page + {int(text) - page}"
    return _NUMBER.sub("#", text)


def _words(row: Row) -> str:
    return " ".join(" ".join(p.text for p in sorted(row, key=lambda p: p.left)).casefold().split())


def _repeated(row: Row, place: float, seen: dict[str, list[tuple[int, float, Piece]]], needed: int, page: int) -> Row:
    """Those pieces of a row that stand on other pages too, at the same place."""
    found: Row = []
    for unit in _units(row):
        key = _key(unit, page)
        # Many words do not come again by chance: the same height is enough, and more or less that.
        long = sum(map(str.isalpha, key)) >= _DISTINCT
        nearby = [(n, mate) for n, other, mate in seen[key] if abs(other - place) < (3 if long else 1) * _SAME_PLACE]
        if len({n for n, mate in nearby if long or len(unit) > 1 or _aligned(unit[0], mate)}) >= needed:
            found += [p for p in unit if p not in found]
    return found


def _aligned(one: Piece, other: Piece) -> bool:
    """Whether they begin, end or have their middle at the same place."""
    left, right = one.left - other.left, one.right - other.right
    return min(abs(left), abs(right), abs(left + right) / 2) < _SAME_PLACE


def _lone_number(end: list[tuple[Row, float]]) -> list[Row]:
    """The outermost row, if it is nothing but the number of a page and stands off from the text."""
    if not end or not _PAGE_NUMBER.fullmatch(_NUMBER.sub("#", _words(end[0][0]))):
        return []
    row = end[0][0]
    stands_off = len(end) < 2 or abs(end[1][0][0].base - row[0].base) > 1.6 * row[0].size
    return [row] if stands_off and sum(p.chars for p in row) < 20 else []


def line_numbers(found: list[Piece], top: float, bottom: float) -> list[Piece]:
    """The numbers of the lines of a transcript or a pleading: 1, 2, 3 … evenly down most of the page, beside its text."""
    numbers = sorted((p for p in found if p.text.isdecimal() and p.chars <= 2), key=lambda p: -p.base)
    run: list[Piece] = []
    for piece in numbers:
        if int(piece.text) == len(run) + 1 and (
            not run or min(abs(piece.left - run[0].left), abs(piece.right - run[0].right)) < _SAME_PLACE
        ):
            run.append(piece)
    if len(run) < _LINES_NUMBERED or run[0].base - run[-1].base < 0.5 * (top - bottom):
        return []
    steps = [a.base - b.base for a, b in zip(run, run[1:])]
    return run if max(steps) < 1.3 * min(steps) else []
