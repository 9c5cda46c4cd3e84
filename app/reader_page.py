"""A document on a page of its own, the cited passage framed and its sentences marked. Plain HTML, no script needed.

The text inside `<article>` is the canonical text, character for character: paragraph numbers, and who says what, are attributes
that the style sheet shows, so that what is copied is the document's words. Nothing is marked unless its words are proved to be
the indexed ones, and who says it is told only of a text that is the indexed one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from urllib.parse import quote, urlencode, urlsplit

from app.markup import Stretch, dressed, joined, page_text, unlapped
from app.wording import one_line, said_in_parts, voice, who_said_it, why_told
from index.blocks import trimmed
from index.dates import spoken
from index.errors import SettingError
from index.records import Block, Document, Span
from index.stored import StoredDocument
from retrieval.assistant import OpenDocument
from retrieval.attribution import attributions
from retrieval.records import Attribution, Place

_MOST_HIGHLIGHTS = 200
_MOST_VOICES = 5000
"""In one paragraph: browsers fail at some tens of thousands of elements in one. Of more, those in the cited passage are shown."""
_MOST_SPEAKERS_SHOWN = 8
"""Where more speak in a document, the list of them has to be opened."""


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
    moved = f"{view.doc_id} is called {stored.doc_id} now." if view.doc_id != stored.doc_id else None
    notices = [n for n in (moved, source.notice, _unproved(view, proved) if source.document else None) if n]
    notice = "".join(f'<p class="notice" role="note">{page_text(n)}</p>' for n in notices)
    voices = _voices(opened)
    article = _article(source.document, stored.metadata.language, proved, voices) if source.document else ""
    jump = '<a class="jump" href="#passage">The cited passage</a>' if proved.passage else ""
    body = (
        f'<header><nav aria-label="Page">{_BACK}{jump}</nav>'
        f'<h1 dir="auto">{page_text(stored.title)}</h1>{_facts(stored)}{notice}{_speakers(voices)}</header><main>{article}</main>'
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


Voice = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class _Voices:
    """What is said in a document: all of it; whose the words are, in order and without overlaps; where each voice has its first."""

    heard: list[Attribution] = field(default_factory=list)
    words: list[tuple[Span, Attribution]] = field(default_factory=list)
    first: dict[Voice, Span] = field(default_factory=dict)


def _voices(opened: OpenDocument) -> _Voices:
    source = opened.source
    if source.document is None or source.proof != "verified":
        return _Voices()
    text = source.document.text
    heard = list(attributions(Span(0, len(text)), opened.utterances, text))
    words = unlapped((s, a) for a in heard for s in a.spans)
    first: dict[Voice, Span] = {}
    for span, a in words:
        first.setdefault(voice(a), span)
    return _Voices(heard, words, first)


def _speakers(voices: _Voices) -> str:
    """Who speaks in the document, those who say most first, each with a link to their first words."""
    if not voices.first:
        return ""
    said = Counter((voice(a), a.how) for a in voices.heard)
    roles = {voice(a): a.role for a in reversed(voices.heard) if a.role and a.speaker}
    shown = {voice(a): a for a in voices.heard}
    often = sorted(voices.first, key=lambda v: (v[0] is None, -said[v, "said"] - said[v, "reported"]))
    rows = []
    for v in often:
        _, name, more = said_in_parts(shown[v])
        told = f": {more}" if more else f", {one_line(roles[v])}" if v in roles else ""
        counts = ", ".join(f"{how} {said[v, how]:,}" for how in ("said", "reported") if said[v, how])
        rows.append(
            f'<li><a href="#{_anchor(voices, v)}"><bdi>{page_text(one_line(name))}</bdi></a>'
            f"<bdi>{page_text(told)}</bdi> <small>{counts}</small></li>"
        )
    opened = " open" if len(rows) <= _MOST_SPEAKERS_SHOWN else ""
    return f'<details class="speakers"{opened}><summary>Who speaks here: {len(rows):,}</summary><ul>{"".join(rows)}</ul></details>'


def _anchor(voices: _Voices, v: Voice) -> str:
    return f"said-{voices.first[v].start}"


def _article(document: Document, language: str | None, view: View, voices: _Voices) -> str:
    dimmed = [Stretch(b.span, "span", ' class="apparatus"') for b in document.blocks if b.kind == "apparatus"]
    highlights = [Stretch(s, "mark") for s in view.highlights]
    naming = _naming(voices, view.passage)
    paragraphs = []
    for blocks, span in _paragraphs(document):
        cited = _cited(blocks, view)
        framed = [Stretch(cited, "span", ' class="cited"', _id(cited, view))] if cited else []
        own = _own_voices(voices, Span(blocks[0].span.start, blocks[-1].span.end), cited) if blocks else []
        words = dressed(span.of(document.text), span, [framed, dimmed, highlights, own, naming], page_text)
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


def _cited(blocks: list[Block], view: View) -> Span | None:
    """What of the cited passage lies in this paragraph, without the blank lines that follow it."""
    if not blocks or view.passage is None:
        return None
    start, end = max(view.passage.start, blocks[0].span.start), min(view.passage.end, blocks[-1].span.end)
    return Span(start, end) if start < end else None


def _id(cited: Span, view: View) -> str:
    return ' id="passage"' if view.passage and cited.start == view.passage.start else ""


def _own_voices(voices: _Voices, paragraph: Span, cited: Span | None) -> list[Stretch]:
    """Whose the words of a paragraph are. The name stands where another voice begins, and again where the paragraph or the cited
    passage does."""
    found, last = [], None
    for i in range(bisect_right(voices.words, paragraph.start, key=lambda w: w[0].end), len(voices.words)):
        span, who = voices.words[i]
        if span.start >= paragraph.end:
            break
        if len(found) >= _MOST_VOICES and not (cited and cited.overlaps(span)):
            continue
        clipped = Span(max(span.start, paragraph.start), min(span.end, paragraph.end))
        for piece in _cut(clipped, cited):
            begins = (voice(who), who.how)
            opens = cited is not None and cited.start == piece.start
            told = (piece.start > span.start or _named_before(who, piece.start)) and not opens
            label = _label(who, told) if begins != last or opens else ""
            anchor = f' id="{_anchor(voices, voice(who))}"' if voices.first[voice(who)].start == piece.start else ""
            title = page_text(_told(who))
            found.append(Stretch(piece, "span", f' class="voice {who.how}" title="{title}"', f"{anchor}{label}"))
            last = begins
    return found


def _cut(span: Span, cited: Span | None) -> list[Span]:
    """A span in two where the cited passage begins in it."""
    if cited is None or not span.start < cited.start < span.end:
        return [span]
    return [Span(span.start, cited.start), Span(cited.start, span.end)]


def _named_before(who: Attribution, start: int) -> bool:
    """Whether the name itself stands right before the words, as the label of a turn does."""
    mention = who.mention
    return bool(mention and who.mention_text == who.speaker and mention.end <= start <= mention.end + len(": "))


def _label(who: Attribution, told: bool) -> str:
    """What the style sheet shows beside the first words of a voice; `told` where there needs to be no label if there is no room."""
    _, name, more = said_in_parts(who)
    parts = [name, more, "reported" if who.how == "reported" else ""]
    return f' data-who="{page_text(one_line(" · ".join(p for p in parts if p)))}"{" data-told" if told else ""}'


def _told(who: Attribution) -> str:
    why = why_told(who)
    return one_line(f"{who_said_it(who)} (“{why[0]}”: {why[1]})" if why else who_said_it(who))


def _naming(voices: _Voices, passage: Span | None) -> list[Stretch]:
    """The words that name those who speak in the cited passage, wherever they stand."""
    if passage is None:
        return []
    heard = [a for a in voices.heard if a.mention and any(s.overlaps(passage) for s in a.spans)]
    named = unlapped((a.mention, a) for a in heard if a.mention)
    return [Stretch(m, "span", f' class="naming" title="{page_text(_told(a))}"') for m, a in named]
