"""A document on a page of its own: its text, the images of its pages beside it where it has any, the cited passage framed and its
sentences marked, ways to the next passage and to words that are looked for. Plain HTML, no script needed.

Nothing is marked as cited unless its words are proved to be the indexed ones; who says it, and the pages, are shown only of a text
that is the indexed one. What is marked without a script stands in the address.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from urllib.parse import urlsplit

from app.article import article
from app.finding import Found, found
from app.heard import speaker_list, voices_of
from app.markup import page_text
from app.paper import pages
from app.view import Marks, View, reader_link, view_of
from app.wording import FAITHFUL, one_line
from index.blocks import trimmed
from index.dates import spoken
from index.errors import SettingError
from index.records import Layout, Span
from index.stored import StoredDocument
from retrieval.assistant import OpenDocument
from retrieval.locating import in_words, located
from retrieval.text_fragment import fragment_link

__all__ = ["View", "document_page", "message_page", "reader_link", "view_of"]

_MOST_MARKED = 500
"""Of the places where words are found, those nearest the one that is shown: a browser fails at tens of thousands of elements."""
_LONGEST_COPIED = 20_000
_BACK = '<a id="back" href="/">← Back to the chat</a>'


def document_page(opened: OpenDocument, view: View) -> str:
    """The page. Raises SettingError when a passage lies outside the document."""
    stored, source = opened.stored, opened.source
    for passage in view.passages:
        if passage.end > stored.length:
            raise SettingError(
                f"{stored.doc_id} is {stored.length:,} characters long: "
                f"it has no passage {passage.start}-{passage.end}."
            )
    text = source.document.text if source.document else ""
    finding = found(text, view.find)
    view = replace(view, hit=min(view.hit, max(1, len(finding.spans))))
    marks = _marks(opened, view, finding)
    layout = _layout(opened)
    voices = voices_of(opened)
    header = f"<header>{_heading(opened, view, marks)}{speaker_list(voices)}</header>"
    words, images = "", ""
    if source.document:
        sheets = len(layout.sheets) if layout else 0
        words = article(source.document, stored.metadata.language, marks, voices, sheets)
        images = pages(stored.doc_id, source.document, layout, marks) if layout else ""
    bar = _bar(stored, view, marks, finding, bool(source.document))
    if images:
        both = f'<main>{images}<section class="text" aria-label="The text">{header}{words}</section></main>'
        return _page(stored.title, bar + both, "paged")
    return _page(stored.title, f"{bar}{header}<main>{words}</main>")


def message_page(title: str, message: str) -> str:
    """A page that says one sentence."""
    return _page(
        title,
        f'<header><nav aria-label="Page">{_BACK}</nav><h1>{page_text(title)}</h1></header>'
        f'<main><p class="notice" role="alert">{page_text(message)}</p></main>',
    )


def _page(title: str, body: str, kind: str = "plain") -> str:
    return (
        f'<!DOCTYPE html><html lang="en" class="{kind}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{page_text(title)} – Dixit</title>"
        '<link rel="icon" href="/dixit/favicon.svg"><link rel="stylesheet" href="/dixit/reader.css">'
        f'<script src="/dixit/reader.js" defer></script></head><body>{body}</body></html>'
    )


def _marks(opened: OpenDocument, view: View, finding: Found) -> Marks:
    """What of the view is to be marked."""
    near = finding.spans[max(0, view.hit - 1 - _MOST_MARKED) : view.hit + _MOST_MARKED]
    marks = Marks(hits=near, hit=finding.spans[view.hit - 1] if finding.spans else None)
    if opened.source.document is None:
        return marks
    text = opened.source.document.text
    proved = {p: trimmed(text, p) for p in view.passages if _proved(opened, p)}
    return replace(
        marks,
        passage=proved.get(view.passage) if view.passage else None,
        highlights=tuple(h for h in view.highlights if any(p.holds(h) for p in proved)),
        also=tuple(proved[p] for p in view.also if p in proved),
    )


def _proved(opened: OpenDocument, span: Span) -> bool:
    """Whether the words at `span` now are the indexed ones, each passage that it touches compared whole."""
    touched = [p for p in opened.passages if p.passage.span.overlaps(span)]
    return opened.source.quote(span, touched) is not None


def _layout(opened: OpenDocument) -> Layout | None:
    """Where the text stands on its pages, if it is the indexed text, and the file the one it was drawn out of."""
    text = opened.source.proved_text
    fits = opened.layout is not None and text is not None and len(opened.layout.pages) == len(text)
    return opened.layout if fits and opened.layout and opened.layout.sheets else None


# The bar: where else to go.


def _bar(stored: StoredDocument, view: View, marks: Marks, finding: Found, readable: bool) -> str:
    title = f'<span class="title" aria-hidden="true"><bdi>{page_text(one_line(stored.title))}</bdi></span>'
    ways = _BACK + title + _passages(view, marks) + (_find(view, finding) if readable else "")
    return f'<nav class="bar" aria-label="Page">{ways}</nav>'


def _passages(view: View, marks: Marks) -> str:
    """The way to the cited passage, and to the others of the answer."""
    if marks.passage is None:
        return ""
    every = view.passages
    if len(every) == 1:
        return '<a class="jump" href="#passage">The cited passage</a>'
    at = every.index(view.passage)
    steps = [view.at(every[(at + step) % len(every)]).address for step in (-1, 1)]
    here = f'<a class="jump" href="#passage">Passage {at + 1} of {len(every)}</a>'
    return _steps("Cited passages", here, steps, ("Previous passage", "Next passage"))


def _find(view: View, finding: Found) -> str:
    """A form for words to find, and how many there are."""
    kept = "".join(f'<input type="hidden" name="{page_text(n)}" value="{page_text(v)}">' for n, v in view.asked)
    field = (
        f'<input type="search" name="find" value="{page_text(view.find)}" maxlength="200" autocomplete="off" '
        'placeholder="Find in the document" aria-label="Find in the document">'
    )
    return f'<form role="search" action="/document#hit">{kept}{field}<button>Find</button>{_hits(view, finding)}</form>'


def _hits(view: View, finding: Found) -> str:
    if not view.find:
        return ""
    total = len(finding.spans)
    leave = page_text(replace(view, find="", hit=1).address)
    close = f'<a class="close" href="{leave}" aria-label="Stop finding">✕</a>'
    if not total:
        return f'<span class="count none" role="status">Not found</span>{close}'
    steps = [view.at_hit((view.hit - 1 + step) % total + 1).address for step in (-1, 1)]
    here = f'<a class="count" href="#hit">{view.hit:,} of {"more than " if finding.more else ""}{total:,}</a>'
    return _steps("Places found", here, steps, ("Previous place", "Next place")) + close


def _steps(what: str, here: str, addresses: list[str], called: tuple[str, str]) -> str:
    back, on = (page_text(a) for a in addresses)
    return (
        f'<span class="steps" role="group" aria-label="{what}"><a rel="prev" href="{back}" aria-label="{called[0]}">‹</a>'
        f'{here}<a rel="next" href="{on}" aria-label="{called[1]}">›</a></span>'
    )


# The heading: what the document is, and what has to be said of it.


def _heading(opened: OpenDocument, view: View, marks: Marks) -> str:
    stored = opened.stored
    notices = "".join(f'<p class="notice" role="note">{page_text(n)}</p>' for n in _notices(opened, view, marks))
    compare = (
        '<p class="notice caution" role="note">This text was recognised on the image of the page (OCR): compare its words '
        "with the image before you quote them.</p>"
        if stored.fidelity == "OCR"
        else ""
    )
    title = f'<h1 dir="auto">{page_text(stored.title)}</h1>'
    return f"{title}{_facts(stored)}{notices}{compare}{_actions(opened, view, marks)}"


def _notices(opened: OpenDocument, view: View, marks: Marks) -> list[str]:
    stored, source = opened.stored, opened.source
    told = [f"{view.doc_id} is called {stored.doc_id} now."] if view.doc_id != stored.doc_id else []
    told += [source.notice] if source.notice else []
    if source.document and view.passage and marks.passage is None:
        told.append("The cited words do not stand at their place any more, so nothing is marked.")
    return told


def _facts(stored: StoredDocument) -> str:
    meta = stored.metadata
    published = page_text(spoken(meta.published)) if meta.published else ""
    if published and meta.published_note:
        published += f" <small>({page_text(meta.published_note)})</small>"
    facts = {
        "Published": published,
        "Source": page_text(meta.source or ""),
        "Author": page_text(meta.author or ""),
        "Address": _outside_link(meta.url),
        "File": page_text(stored.file.name),
        "Record": page_text(stored.record or ""),
        "Read as": page_text(stored.file.encoding or ""),
        "Text": f"{stored.fidelity}: {FAITHFUL[stored.fidelity]}",
    }
    rows = "".join(f"<div><dt>{name}</dt><dd><bdi>{value}</bdi></dd></div>" for name, value in facts.items() if value)
    notes = "".join(f"<li>{page_text(note)}</li>" for note in stored.notes)
    changed = f'<div><dt>Changed</dt><dd><ul class="notes">{notes}</ul></dd></div>' if notes else ""
    return f"<dl>{rows}{changed}</dl>"


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


def _actions(opened: OpenDocument, view: View, marks: Marks) -> str:
    """What can be done with the cited passage: opened where it was published; copied, which takes a script."""
    text, passage, url = opened.source.proved_text, marks.passage, opened.stored.metadata.url
    if opened.source.document is None:
        return ""
    done = []
    on_the_web = text is not None and passage and url and opened.layout is None
    outside = fragment_link(url, text, passage) if on_the_web else None
    if outside:
        told = "Open the original at this passage"
        done.append(f'<a href="{page_text(outside)}" rel="noopener noreferrer nofollow">{told}</a>')
    if passage and len(passage) <= _LONGEST_COPIED:
        quoted = page_text(passage.of(opened.source.document.text))
        told = page_text(_reference(opened, passage))
        done.append(f'<button hidden data-copy="{quoted}" data-reference="{told}">Copy quote with reference</button>')
    done.append(f'<button hidden data-link="{page_text(view.address)}">Copy link</button>')
    return f'<p class="actions">{"".join(done)}</p>'


def _reference(opened: OpenDocument, passage: Span) -> str:
    """Where a passage stands, in a line to be put under it: title, date, page, file."""
    stored, document = opened.stored, opened.source.document
    place = in_words(located(document.locators, passage)) if document else ""
    if not place and document and document.blocks:
        block = bisect_right(document.blocks, passage.start, key=lambda b: b.span.start) - 1
        place = f"paragraph {document.blocks[max(block, 0)].paragraph}"
    published = spoken(stored.metadata.published) if stored.metadata.published else ""
    file = stored.file.name if stored.record is None else f"{stored.file.name}#{stored.record}"
    return ", ".join(one_line(part) for part in (stored.title, published, place, file) if part)
