"""Where in the original words stand, as people cite it: on which page, slide or line of time.

>>> pages = (Locator(0, "page", "iv", 4), Locator(900, "page", "v", 5))
>>> in_words(located(pages, Span(20, 40))), in_words(located(pages, Span(800, 950)))
('p. iv', 'pp. iv–v')
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from index.records import Locator, Span

_NAMES = {
    "page": ("p.", "pp."),
    "slide": ("slide", "slides"),
    "chapter": ("chapter", "chapters"),
    "sheet": ("sheet", "sheets"),
    "row": ("row", "rows"),
    "time": ("", ""),
    "footnote": ("footnote", "footnotes"),
    "comment": ("comment", "comments"),
}


@dataclass(frozen=True, slots=True)
class Located:
    """From which place to which, of one kind."""

    first: Locator
    last: Locator


def located(locators: Sequence[Locator], span: Span) -> Located | None:
    """Where the words at `span` stand; None where the document tells no place for the first of them."""
    starts = [x.start for x in locators]
    first = bisect_right(starts, span.start) - 1
    if first < 0:
        return None
    over = locators[first : max(first + 1, bisect_left(starts, span.end))]
    return Located(over[0], next(x for x in reversed(over) if x.kind == over[0].kind))


def in_words(place: Located | None) -> str:
    """As a citation has it: "p. iv", "pp. 3–4", "slide 5", "chapter “The sea”", "00:03:12–00:03:20"; empty for nowhere.

    >>> in_words(Located(Locator(0, "time", "00:03:12", 1, "00:03:15"), Locator(9, "time", "00:03:16", 2, "00:03:20")))
    '00:03:12–00:03:20'
    >>> in_words(Located(Locator(0, "chapter", "The sea", 2), Locator(0, "chapter", "The sea", 2)))
    'chapter “The sea”'
    """
    if place is None:
        return ""
    one, several = _NAMES[place.first.kind]
    first, last = _label(place.first), _label(place.last)
    if place.first.kind == "time":
        last = place.last.until or last
    if place.first is place.last or first == last:
        shown = first if place.first.kind != "time" or first == last else f"{first}–{last}"
        return f"{one} {shown}".strip()
    return f"{several} {first}–{last}".strip()


def _label(locator: Locator) -> str:
    label = " ".join(locator.label.split()) or str(locator.number)
    return f"“{label}”" if locator.kind in ("chapter", "sheet") and locator.label.strip() else label
