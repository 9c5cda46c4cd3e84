"""Where a span of a document stands on paper: its rectangles in points, and those on the image of a page.

>>> sheet = Sheet(0, 0, 600, 800, rotation=90)
>>> on_image(sheet, Rect(0, left=0, bottom=0, right=60, top=80))
(0.0, 0.0, 0.1, 0.1)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from index.records import Layout, Sheet, Span


class Rect(NamedTuple):
    """A rectangle on a page (counted from 0), in points of the page's user space, before it is turned."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


def rectangles(layout: Layout, span: Span) -> tuple[Rect, ...]:
    """The rectangles of a span in the order of reading: one a line, more where others' characters stand among its own.

    A character is within a rectangle when the middle of its box is; so the characters within are those of the span, and no others
    unless they are printed over each other.
    """
    at = np.arange(span.start, span.end)[layout.pages[span.start : span.end] >= 0]
    if not len(at):
        return ()
    pages, boxes = layout.pages[at], layout.boxes[at].astype(float)
    found: list[Rect] = []
    for run in np.split(np.arange(len(at)), np.flatnonzero(_line_ends(pages, boxes)) + 1):
        others = _others(layout, int(pages[run[0]]), span)
        found += [Rect(int(pages[run[0]]), *rect) for rect in _tight(boxes[run], others)]
    return tuple(found)


def _line_ends(pages: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """After which characters a new line, column or page begins: the next one stands far off, or at another height and not just
    beside this one, as a quotation mark stands beside a full stop."""
    before, after = boxes[:-1], boxes[1:]
    high = np.maximum(before[:, 1], after[:, 1]) - np.minimum(before[:, 3], after[:, 3])
    wide = np.maximum(before[:, 0], after[:, 0]) - np.minimum(before[:, 2], after[:, 2])
    em = np.maximum(np.median(np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])), 0.1)
    along, across = (wide, high) if _is_level(boxes) else (high, wide)
    beside = (along > -0.3 * em) & (along < 1.5 * em) & (across < 1.3 * em)
    return (pages[1:] != pages[:-1]) | (across > 0.35 * em) & ~beside | (along > 4 * em)


def _is_level(boxes: np.ndarray) -> bool:
    """Whether text runs along x: consecutive characters stand farther apart in x than in y, in the middle."""
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    steps = np.abs(np.diff(middles, axis=0))
    return not len(steps) or float(np.median(steps[:, 0])) >= float(np.median(steps[:, 1]))


def _others(layout: Layout, page: int, span: Span) -> np.ndarray:
    """The middles of the page's characters that are not the span's."""
    same = layout.pages == page
    same[span.start : span.end] = False
    boxes = layout.boxes[same]
    return (boxes[:, :2].astype(float) + boxes[:, 2:]) / 2


def _tight(boxes: np.ndarray, others: np.ndarray) -> list[tuple[float, float, float, float]]:
    """The rectangle round the boxes, or where others stand within it, those round both halves."""
    waiting, found = [boxes], []
    while waiting:
        part = waiting.pop()
        left, bottom, right, top = *part[:, :2].min(axis=0).tolist(), *part[:, 2:].max(axis=0).tolist()
        within = (others[:, 0] >= left) & (others[:, 0] <= right) & (others[:, 1] >= bottom) & (others[:, 1] <= top)
        if len(part) > 1 and within.any():
            waiting += [part[len(part) // 2 :], part[: len(part) // 2]]
        else:
            found.append((left, bottom, right, top))
    return found


def on_image(sheet: Sheet, rect: Rect) -> tuple[float, float, float, float]:
    """A rectangle as x, y, width and height on the page as it is shown, turned and cut, in fractions of its breadth and height from
    its upper left corner."""
    width, height = max(sheet.right - sheet.left, 1e-6), max(sheet.top - sheet.bottom, 1e-6)
    left, right = sorted(((rect.left - sheet.left) / width, (rect.right - sheet.left) / width))
    low, high = sorted(((rect.bottom - sheet.bottom) / height, (rect.top - sheet.bottom) / height))
    turned = {
        0: (left, 1 - high, right, 1 - low),
        90: (low, left, high, right),
        180: (1 - right, low, 1 - left, high),
        270: (1 - high, 1 - right, 1 - low, 1 - left),
    }
    x0, y0, x1, y1 = (min(max(value, 0.0), 1.0) for value in turned[sheet.rotation % 360])
    return x0, y0, x1 - x0, y1 - y0
