"""The pages of a document as images, with the rectangles of what is marked in its text.

The rectangles are SVG over the image, in percent of the page, so that they fit it at any width, and no style is written into the
page. A page's image is loaded when it comes into view; the room for it is kept from the start.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from app.markup import joined, page_text
from app.view import Marks
from app.wording import one_line
from index.records import Document, Layout, Locator, Sheet, Span
from retrieval.locating import Located, in_words
from retrieval.pages import WIDTHS

if TYPE_CHECKING:
    from index.layout import Rect

_WIDTH = 800
_LONGEST_PAGE = 10 * _WIDTH
"""In pixels: a page that is a strip has no more room kept."""
_MOST_MARKED = 50_000
"""Characters of a passage: no answer cites so many, but an address can."""


def page_address(doc_id: str, number: int, width: int) -> str:
    """Of a page's image, on this server; pages are counted from 1."""
    query = urlencode({"id": doc_id, "page": number, "width": width}, safe="/", quote_via=quote)
    return f"/document/page?{query}"


def pages(doc_id: str, document: Document, layout: Layout, marks: Marks) -> str:
    """All pages of a document, one below the other."""
    of_kind = _rectangles(layout, marks)
    places = {x.number: x for x in reversed(document.locators) if x.kind == "page"}
    shown = marks.hit or marks.passage
    opens = min((p for p, kind, _ in of_kind if kind == ("hit now" if marks.hit else "passage")), default=None)
    drawn: dict[int, list[tuple[str, Rect]]] = defaultdict(list)
    for page, kind, rect in of_kind:
        drawn[page].append((kind, rect))
    figures = [
        _figure(doc_id, i, sheet, len(layout.sheets), places.get(i + 1), drawn[i], bool(shown) and i == opens)
        for i, sheet in enumerate(layout.sheets)
    ]
    return f'<section class="pages" aria-label="The pages" tabindex="0">{"".join(figures)}</section>'


def _figure(
    doc_id: str,
    page: int,
    sheet: Sheet,
    count: int,
    place: Locator | None,
    rects: Sequence[tuple[str, Rect]],
    opens: bool,
) -> str:
    number = page + 1
    kinds = {kind for kind, _ in rects}
    to = "#passage" if "passage" in kinds else f"#text-{number}" if place else ""
    image = _image(doc_id, number, sheet, count, eager=opens or "passage" in kinds) + _overlay(sheet, rects)
    linked = f'<a class="paper" href="{to}">{image}</a>' if to else f'<div class="paper">{image}</div>'
    classes = " ".join(["sheet", *(["cited-here"] if "passage" in kinds else []), *(["opens"] if opens else [])])
    named = page_text(one_line(in_words(Located(place, place)))) if place else f"p. {number}"
    counted = "" if place and named == f"p. {number}" else f" · {number} of {count}"
    without = "" if place else " · no text on it"
    larger = page_text(page_address(doc_id, number, WIDTHS[-1]))
    return (
        f'<figure id="page-{number}" class="{classes}">{linked}<figcaption><span>{named}{counted}'
        f'{without}</span><a href="{larger}" target="_blank" rel="noopener" aria-label="Page {number}, larger">Larger</a>'
        "</figcaption></figure>"
    )


def _image(doc_id: str, number: int, sheet: Sheet, count: int, eager: bool) -> str:
    sources = ", ".join(f"{page_address(doc_id, number, w)} {w}w" for w in WIDTHS)
    loading = 'loading="eager" fetchpriority="high"' if eager else 'loading="lazy"'
    return (
        f'<img src="{page_text(page_address(doc_id, number, _WIDTH))}" srcset="{page_text(sources)}" '
        f'sizes="(min-width: 48rem) 46vw, 96vw" width="{_WIDTH}" height="{_height(sheet)}" '
        f'alt="Page {number} of {count}" decoding="async" {loading}>'
    )


def _height(sheet: Sheet) -> int:
    """Of an image of a page, in proportion to its width."""
    wide, high = max(sheet.right - sheet.left, 1e-6), max(sheet.top - sheet.bottom, 1e-6)
    if sheet.rotation % 180:
        wide, high = high, wide
    return round(min(max(_WIDTH * high / wide, 1), _LONGEST_PAGE))


def _overlay(sheet: Sheet, rects: Sequence[tuple[str, Rect]]) -> str:
    if not rects:
        return ""
    from index.layout import on_image

    drawn = []
    for kind, rect in rects:
        x, y, width, height = (f"{100 * part:.2f}%" for part in on_image(sheet, rect))
        drawn.append(f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}"/>')
    return f'<svg aria-hidden="true" focusable="false">{"".join(drawn)}</svg>'


def _rectangles(layout: Layout, marks: Marks) -> list[tuple[int, str, Rect]]:
    """All rectangles, those that lie above others last: the page, the kind and the place of each."""
    kinds: Iterable[tuple[str, Iterable[Span]]] = [
        ("also", joined(marks.also)),
        ("passage", [marks.passage] if marks.passage else []),
        ("sentence", marks.highlights),
        ("hit", [s for s in marks.hits if s != marks.hit]),
        ("hit now", [marks.hit] if marks.hit else []),
    ]
    of = _PageByPage(layout)
    return [(r.page, kind, r) for kind, spans in kinds for span in spans for r in of.rectangles(span)]


class _PageByPage:
    """The rectangles of spans, each page by itself: what stands on others does not change them, and a long document has many."""

    def __init__(self, layout: Layout) -> None:
        import numpy as np

        self._layout, count = layout, len(layout.pages)
        placed = np.flatnonzero(layout.pages >= 0)
        self._first, self._last = np.full(len(layout.sheets), count), np.zeros(len(layout.sheets), int)
        np.minimum.at(self._first, layout.pages[placed], placed)
        np.maximum.at(self._last, layout.pages[placed], placed)

    def rectangles(self, span: Span) -> Iterator[Rect]:
        import numpy as np

        from index.layout import rectangles

        own = self._layout.pages[span.start : span.end]
        for page in dict.fromkeys(own[own >= 0][:_MOST_MARKED].tolist()):
            here = np.flatnonzero(own == page) + span.start
            start, end = int(self._first[page]), int(self._last[page]) + 1
            part = Layout(self._layout.sheets, self._layout.pages[start:end], self._layout.boxes[start:end])
            for rect in rectangles(part, Span(int(here[0]) - start, int(here[-1]) + 1 - start)):
                if rect.page == page:
                    yield rect
