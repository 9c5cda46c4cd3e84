"""Running heads, feet and page numbers: what stands at the head or foot of pages, at the same place, the same but for numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from math import nan

from index.readers.pdf.lines import Piece, rows

_MARGIN = 0.17  # share of the page's height, at head and foot, where furniture stands
_ROWS = 8  # at most, at the head and at the foot
_SAME_PLACE = 5.0  # points
_DISTINCT = 12  # letters
_LONG = 25  # characters
_GAP = 1.6  # between furniture and text, in heights of the font
_LINES_NUMBERED = 10
_NUMBER = re.compile(r"\d+|\b[ivxlcdm]+\b")
_ROMAN = re.compile(r"\b[ivxlcdm]+\b")
_PAGE_NUMBER = re.compile(r"[\W_]*(?:(?:page|p\.|seite|página|стр\.?|с\.)\s*)?#(?:\s*(?:of|/|von|de|из)\s*#)?[\W_]*")

Row = list[Piece]
End = list[tuple[Row, float]]


def set_aside(pages: Sequence[tuple[list[Piece], float, float]]) -> list[tuple[list[Row], list[Row]]]:
    """Of each page, given as its pieces and where it ends above and below, the rows at its head and foot that are furniture."""
    candidates = [_candidates(*page) for page in pages]
    seen: dict[str, list[tuple[int, float, Piece]]] = defaultdict(list)
    for number, ends in enumerate(candidates):
        for row, place in (unit for end in ends for unit in end):
            for unit in _units(row):
                for key in _keys(unit, number):
                    seen[key].append((number, place, unit[0]))
    needed = 2 if len(pages) < 8 else 3
    found = []
    for number, ends in enumerate(candidates):
        head, foot = ([(row, _repeated(row, at, seen, needed, number)) for row, at in end] for end in ends[:2])
        numbers = [part for row, at in ends[2] if (part := _repeated(row, at, seen, 3, number))]
        above = _standing_off(head) or _lone_number(ends[0])
        found.append((above + numbers, _standing_off(foot) or _lone_number(ends[1])))
    # Pages that hold nothing else are not framed by it: it is what they say.
    whole = [sum(map(len, head + foot)) == len(page[0]) for page, (head, foot) in zip(pages, found) if page[0]]
    if sum(whole) > 0.5 * len(whole):
        return [([], []) for _ in pages]
    return found


def _standing_off(end: list[tuple[Row, Row]]) -> list[Row]:
    """Of the rows of a head or foot, each with its part that comes again, these parts; but for long ones that the text goes on from
    without a gap: they are text of a page that was copied."""
    kept: list[Row] = []
    bases = [row[0].base for row, _ in end]
    for at in reversed(range(len(end))):
        row, part = end[at]
        # To the next row within, and from that to the one after it.
        gaps = [abs(a - b) for a, b in zip(bases[at : at + 2], bases[at + 1 : at + 3])]
        goes_on = not kept and bool(gaps) and gaps[0] < max(_GAP * row[0].size, 1.15 * gaps[-1] if len(gaps) > 1 else 0)
        if part and not (goes_on and sum(p.chars for p in part) > _LONG):
            kept.insert(0, part)
    return kept


def _candidates(found: list[Piece], top: float, bottom: float) -> tuple[End, End, End]:
    """Rows near the head and near the foot, from the outside in, with their distance from it (below zero at the foot); of each the
    last is the first of the text, at no place. And numbers that stand elsewhere."""
    margin = _MARGIN * (top - bottom)
    lines = rows(found)
    head = [(row, top - row[0].base) for row in lines[:_ROWS] if row[0].base > top - margin]
    foot = [(row, bottom - row[0].base) for row in lines[: len(head) : -1][:_ROWS] if row[0].base < bottom + margin]
    within = lines[len(head) : len(lines) - len(foot)]
    numbers = [([p], top - p.base) for row in within for p in row if p.text.isdecimal()]
    if within:
        head.append((within[0], nan))
        foot.append((within[-1], nan))
    return head, foot, numbers


def _units(row: Row) -> list[Row]:
    """What may be furniture in a row: the whole of it, and each of its pieces that has a word in it or is a number."""
    pieces = [[p] for p in row if p.text.isdecimal() or sum(c.isalpha() for c in p.text) > 1]
    return [row, *pieces] if len(row) > 1 else [row]


def _keys(row: Row, page: int) -> list[str]:
    """What is the same of it on every page: the words; of a number by itself, how far it is from the count of the page. Of a line
    of words all numbers have to be the same, but for one that counts the pages: lines that are alike but for their figures are
    what a statement or a contract says, item by item."""
    text = _words(row)
    if text.isdecimal() and len(text) < 6:
        return [f"page + {int(text) - page}"]
    text = _ROMAN.sub("#", text)
    numbers = [m for m in re.finditer(r"\d+", text) if len(m[0]) < 6]
    counting = {
        m.span(): f"{text[: m.start()]}page + {int(m[0]) - page}{text[m.end() :]}" for m in numbers[:1] + numbers[-1:]
    }
    return [text, *counting.values()]


def _words(row: Row) -> str:
    return " ".join(" ".join(p.text for p in sorted(row, key=lambda p: p.left)).casefold().split())


def _repeated(row: Row, place: float, seen: dict[str, list[tuple[int, float, Piece]]], needed: int, page: int) -> Row:
    """Those pieces of a row that stand on other pages too, at the same place."""
    found: Row = []
    for unit in _units(row):
        for key in _keys(unit, page):
            # Many words do not come again by chance: the same height is enough, and more or less that.
            long = sum(map(str.isalpha, key)) >= _DISTINCT
            nearby = [
                (n, mate) for n, other, mate in seen[key] if abs(other - place) < (3 if long else 1) * _SAME_PLACE
            ]
            if len({n for n, mate in nearby if long or len(unit) > 1 or _aligned(unit[0], mate)}) >= needed:
                found += [p for p in unit if p not in found]
    return found


def _aligned(one: Piece, other: Piece) -> bool:
    """Whether they begin, end or have their middle at the same place."""
    left, right = one.left - other.left, one.right - other.right
    return min(abs(left), abs(right), abs(left + right) / 2) < _SAME_PLACE


def _lone_number(end: End) -> list[Row]:
    """The outermost row, if it is nothing but the number of a page and stands off from the text."""
    if not end or not _PAGE_NUMBER.fullmatch(_NUMBER.sub("#", _words(end[0][0]))):
        return []
    row = end[0][0]
    stands_off = len(end) < 2 or abs(end[1][0][0].base - row[0].base) > _GAP * row[0].size
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
