"""The text of a document as HTML.

The text inside `<article>` is the canonical text, character for character: paragraph numbers, pages, and who says what, are
attributes that the style sheet shows, so that what is copied is the document's words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from app.heard import Voices, naming, own_voices
from app.markup import Stretch, dressed, joined, page_text
from app.view import Marks
from app.wording import one_line
from index.records import Block, Document, Locator, Span
from retrieval.locating import Located, in_words


@dataclass(frozen=True, slots=True)
class _Places:
    """The places in the original, in order of the text: the HTML that marks where each begins."""

    starts: list[int]
    marks: list[str]


def article(document: Document, language: str | None, marks: Marks, voices: Voices, sheets: int = 0) -> str:
    """The text, with what is marked in it; `sheets` pages are shown beside it, and linked to."""
    dimmed = [Stretch(b.span, "span", ' class="apparatus"') for b in document.blocks if b.kind == "apparatus"]
    also = [Stretch(s, "span", ' class="cited-too"') for s in joined(marks.also)]
    highlights = [Stretch(s, "mark") for s in marks.highlights]
    hits = [_hit(s, marks) for s in marks.hits]
    named = naming(voices, marks.passage)
    places = _places(document, sheets)
    paragraphs = []
    for blocks, span in _paragraphs(document):
        cited = _cited(blocks, marks)
        framed = [Stretch(cited, "span", ' class="cited"', _id(cited, marks))] if cited else []
        own = own_voices(voices, Span(blocks[0].span.start, blocks[-1].span.end), cited) if blocks else []
        layers = [framed, also, dimmed, highlights, own, named, hits]
        words = "".join(
            before + dressed(piece.of(document.text), piece, layers, page_text) for before, piece in _cut(span, places)
        )
        paragraphs.append(_paragraph(words, blocks, bool(cited)))
    written_in = f' lang="{page_text(language)}"' if language else ""
    return f'<article aria-label="The document"{written_in}>{"".join(paragraphs)}</article>'


def _paragraphs(document: Document) -> Iterator[tuple[list[Block], Span]]:
    """The blocks of each paragraph, and the stretch up to the next one, so that together they are the whole text."""
    groups = [list(blocks) for _, blocks in groupby(document.blocks, key=lambda b: b.paragraph)]
    starts = [0, *(blocks[0].span.start for blocks in groups[1:]), len(document.text)]
    if not groups:
        yield [], Span(0, len(document.text))
    for blocks, start, end in zip(groups, starts, starts[1:]):
        yield blocks, Span(start, end)


def _paragraph(words: str, blocks: list[Block], cited: bool) -> str:
    tag = "h2" if blocks and all(b.kind == "heading" for b in blocks) else "p"
    number = f' data-n="{blocks[0].paragraph}"' if blocks else ""
    kind = ' class="cited-here"' if cited else ""
    return f'<{tag} dir="auto"{number}{kind}>{words}</{tag}>'


def _cited(blocks: list[Block], marks: Marks) -> Span | None:
    """What of the cited passage lies in this paragraph, without the blank lines that follow it."""
    if not blocks or marks.passage is None:
        return None
    start, end = max(marks.passage.start, blocks[0].span.start), min(marks.passage.end, blocks[-1].span.end)
    return Span(start, end) if start < end else None


def _id(cited: Span, marks: Marks) -> str:
    return ' id="passage"' if marks.passage and cited.start == marks.passage.start else ""


def _hit(span: Span, marks: Marks) -> Stretch:
    if span == marks.hit:
        return Stretch(span, "mark", ' class="hit now" aria-current="true"', ' id="hit"')
    return Stretch(span, "mark", ' class="hit"')


def _places(document: Document, sheets: int) -> _Places:
    """Where places begin. A page that is shown is linked to; the first words on it can be linked to from there."""
    starts, marks = [], []
    seen: set[int] = set()
    for place in document.locators:
        first = place.kind == "page" and place.number not in seen
        if first:
            seen.add(place.number)
        starts.append(place.start)
        marks.append(_mark(place, first, shown=place.kind == "page" and place.number <= sheets))
    return _Places(starts, marks)


def _mark(place: Locator, first: bool, shown: bool) -> str:
    called = page_text(one_line(in_words(Located(place, place))))
    anchor = f' id="text-{place.number}"' if first else ""
    if not shown:
        return f'<span class="place"{anchor} data-at="{called}"></span>'
    return (
        f'<a class="place"{anchor} href="#page-{place.number}" data-at="{called}" aria-label="Image of {called}"></a>'
    )


def _cut(span: Span, places: _Places) -> Iterator[tuple[str, Span]]:
    """A stretch in pieces, cut where places begin in it; before each piece the mark of the place."""
    at, before = span.start, ""
    for i in range(bisect_left(places.starts, span.start), bisect_left(places.starts, span.end)):
        start = places.starts[i]
        if start > at:
            yield before, Span(at, start)
            at, before = start, ""
        before += places.marks[i]
    yield before, Span(at, span.end)
