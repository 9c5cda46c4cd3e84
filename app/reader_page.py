"""A document on a page of its own, the cited passage framed and its sentences marked. Plain HTML, no script needed.

The text inside `<article>` is the canonical text, character for character: paragraph numbers are attributes that the
style sheet shows, so that what is copied is the document's words. Nothing is marked unless its words are proved to be
the indexed ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import quote, urlencode, urlsplit

from app.markup import joined, marked, page_text
from index.blocks import trimmed
from index.dates import spoken
from index.errors import SettingError
from index.records import Block, Document, Span
from index.store import StoredDocument
from retrieval.assistant import OpenDocument
from retrieval.records import Place

_MOST_HIGHLIGHTS = 200


@dataclass(frozen=True, slots=True)
class View:
    """What to show of which document. `highlights` lie within `passage`; without a passage there are none."""

    doc_id: str
    passage: Span | None = None
    highlights: tuple[Span, ...] = ()


def reader_link(place: Place, highlights: Iterable[Span] = ()) -> str:
    """The address of the page that shows a place, on this server."""
    spans = [("h", f"{h.start}-{h.end}") for h in highlights]
    asked = [("id", place.document.doc_id), ("start", place.span.start), ("end", place.span.end), *spans]
    query = urlencode(asked, safe="/", quote_via=quote)
    return f"/document?{query}#passage"


def view_of(doc_id: str, start: str | None, end: str | None, highlights: Sequence[str]) -> View:
    """The view that a query asks for. Raises SettingError for numbers that are no span."""
    if not doc_id:
        raise SettingError("The address names no document: it has to say id=….")
    if start is None and end is None:
        if highlights:
            raise SettingError("The address marks sentences of no passage: it has to say start=… and end=….")
        return View(doc_id)
    passage = _span(start or "", end or "")
    if len(highlights) > _MOST_HIGHLIGHTS:
        raise SettingError(f"The address marks more than {_MOST_HIGHLIGHTS} sentences: mark fewer.")
    marks = tuple(_span(*h.split("-", 1)) if "-" in h else _span(h, "") for h in highlights)
    for mark in marks:
        if not passage.holds(mark):
            raise SettingError(
                f"The sentence {mark.start}-{mark.end} is not inside the passage {passage.start}-{passage.end}."
            )
    return View(doc_id, passage, tuple(joined(marks)))


def document_page(opened: OpenDocument, view: View) -> str:
    """The page. Raises SettingError when the passage lies outside the document."""
    stored, source = opened.stored, opened.source
    if view.passage and view.passage.end > stored.length:
        raise SettingError(
            f"{stored.doc_id} is {stored.length:,} characters long: "
            f"it has no passage {view.passage.start}-{view.passage.end}."
        )
    proved = View(view.doc_id)
    if source.document and view.passage and _proved(opened, view.passage):
        proved = replace(view, passage=trimmed(source.document.text, view.passage))
    notices = [n for n in (source.notice, _unproved(view, proved) if source.document else None) if n]
    notice = "".join(f'<p class="notice" role="note">{page_text(n)}</p>' for n in notices)
    article = _article(source.document, stored.metadata.language, proved) if source.document else ""
    jump = '<a class="jump" href="#passage">The cited passage</a>' if proved.passage else ""
    body = (
        f'<header><nav aria-label="Page">{_BACK}{jump}</nav>'
        f'<h1 dir="auto">{page_text(stored.title)}</h1>{_facts(stored)}{notice}</header><main>{article}</main>'
    )
    return _page(stored.title, body)


def message_page(title: str, message: str) -> str:
    """A page that says one sentence."""
    return _page(
        title,
        f'<header><nav aria-label="Page">{_BACK}</nav><h1>{page_text(title)}</h1></header>'
        f'<main><p class="notice" role="alert">{page_text(message)}</p></main>',
    )


_BACK = '<a id="back" href="/">← Back to the chat</a>'


def _page(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{page_text(title)} – Dixit</title>"
        '<link rel="icon" href="/dixit/favicon.svg"><link rel="stylesheet" href="/dixit/reader.css">'
        f'<script src="/dixit/reader.js" defer></script></head><body>{body}</body></html>'
    )


def _facts(stored: StoredDocument) -> str:
    meta = stored.metadata
    published = page_text(spoken(meta.published)) if meta.published else ""
    if published and meta.published_note:
        published += f" <small>({page_text(meta.published_note)})</small>"
    fidelity = (
        "the file’s own, character for character" if stored.fidelity == "as is" else "drawn out of the file’s markup"
    )
    facts = {
        "Published": published,
        "Source": page_text(meta.source or ""),
        "Author": page_text(meta.author or ""),
        "Address": _outside_link(meta.url),
        "File": page_text(stored.file.name),
        "Record": page_text(stored.record or ""),
        "Encoding": page_text(stored.file.encoding or ""),
        "Text": fidelity,
    }
    rows = "".join(f"<div><dt>{name}</dt><dd><bdi>{value}</bdi></dd></div>" for name, value in facts.items() if value)
    return f"<dl>{rows}</dl>"


def _outside_link(url: str | None) -> str:
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return page_text(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return page_text(url)
    return f'<a href="{page_text(url)}" rel="noopener noreferrer nofollow">{page_text(url)}</a>'


def _span(start: str, end: str) -> Span:
    if not all(n.isascii() and n.isdecimal() and len(n) <= 12 for n in (start, end)) or int(start) >= int(end):
        raise SettingError(
            f"“{start[:20]}” to “{end[:20]}” is no stretch of text: give two numbers, the smaller first."
        )
    return Span(int(start), int(end))


def _proved(opened: OpenDocument, span: Span) -> bool:
    """Whether the words at `span` now are the indexed ones, each passage that it touches compared whole."""
    touched = [p for p in opened.passages if p.passage.span.overlaps(span)]
    return opened.source.quote(span, touched) is not None


def _unproved(view: View, proved: View) -> str | None:
    if view.passage is None or proved.passage is not None:
        return None
    return "The cited words do not stand at their place any more, so nothing is marked."


def _article(document: Document, language: str | None, view: View) -> str:
    paragraphs = "".join(_paragraph(document.text, *paragraph, view) for paragraph in _paragraphs(document))
    written_in = f' lang="{page_text(language)}"' if language else ""
    return f'<article aria-label="The document"{written_in}>{paragraphs}</article>'


def _paragraphs(document: Document) -> Iterator[tuple[list[Block], Span]]:
    """The blocks of each paragraph, and the stretch up to the next one, so that together they are the whole text."""
    groups = [list(blocks) for _, blocks in groupby(document.blocks, key=lambda b: b.paragraph)]
    starts = [0, *(blocks[0].span.start for blocks in groups[1:]), len(document.text)]
    if not groups:
        yield [], Span(0, len(document.text))
    for blocks, start, end in zip(groups, starts, starts[1:]):
        yield blocks, Span(start, end)


def _paragraph(text: str, blocks: list[Block], span: Span, view: View) -> str:
    tag = "h2" if blocks and all(b.kind == "heading" for b in blocks) else "p"
    number = f' data-n="{blocks[0].paragraph}"' if blocks else ""
    cited = _cited(blocks, view)
    kind = ' class="cited-here"' if cited else ""
    return f'<{tag} dir="auto"{number}{kind}>{"".join(_pieces(text, blocks, span, cited, view))}</{tag}>'


def _cited(blocks: list[Block], view: View) -> Span | None:
    """What of the cited passage lies in this paragraph, without the blank lines that follow it."""
    if not blocks or view.passage is None:
        return None
    start, end = max(view.passage.start, blocks[0].span.start), min(view.passage.end, blocks[-1].span.end)
    return Span(start, end) if start < end else None


def _pieces(text: str, blocks: list[Block], span: Span, cited: Span | None, view: View) -> Iterator[str]:
    """The stretch cut where the cited passage and the apparatus begin and end."""
    dimmed = [b.span for b in blocks if b.kind == "apparatus"]
    edges = {edge for s in (span, *dimmed, *([cited] if cited else [])) for edge in (s.start, s.end)}
    cuts = sorted(edges)
    for piece in map(Span, cuts, cuts[1:]):
        framed = cited is not None and cited.holds(piece)
        words = marked(piece.of(text), piece.start, view.highlights if framed else (), page_text)
        if any(s.holds(piece) for s in dimmed):
            words = f'<span class="apparatus">{words}</span>'
        if framed:
            anchor = ' id="passage"' if view.passage and piece.start == view.passage.start else ""
            words = f'<span class="cited"{anchor}>{words}</span>'
        yield words
