"""HTML. The canonical text is what a browser would show, drawn out node by node: white space folded as a browser folds it,
blocks parted by blank lines, nothing else added. Navigation, headers, footers and forms stay in the text, as apparatus.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.dates import read_date
from index.readers.base import Format, Options, Reading, decode
from index.readers.metadata import as_text
from index.records import Block, BlockKind, Document, Metadata, Span

_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]{0,100}encoding=[\"']([\w.:-]+)", re.IGNORECASE
)
_SPACE = re.compile(r"[ \t\n\r\f]+")
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_SKIPPED = {
    "script",
    "style",
    "noscript",
    "template",
    "head",
    "svg",
    "math",
    "iframe",
    "object",
    "canvas",
    "select",
    "datalist",
}
_SKIPPED |= {"audio", "video", "textarea", "button", "-comment", "_comment", "!doctype"}
_APPARATUS = {"nav", "header", "footer", "aside", "form", "menu", "dialog", "figcaption", "figure"}
_INLINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "cite",
    "code",
    "data",
    "del",
    "dfn",
    "em",
    "font",
    "i",
    "ins",
    "kbd",
    "label",
    "mark",
}
_INLINE |= {
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "time",
    "tt",
    "u",
    "var",
    "wbr",
}
_INLINE |= {"acronym", "big", "img", "input", "nobr"}


@dataclass
class _Page:
    """The text under construction. Offsets are born here: a block's start is the length of what was written before it."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    blocks: list[Block] = field(default_factory=list)
    line: list[str] = field(default_factory=list)

    def write(self, words: str) -> None:
        if words:
            self.line.append(words)

    def break_line(self) -> None:
        if self.line:
            self.line[-1] = self.line[-1].removesuffix(" ")
        self.line.append("\n")

    def close(self, kind: BlockKind) -> None:
        """End the block that is being written, if it holds anything."""
        words = "".join(self.line).lstrip("\n").rstrip(" \t\n")
        self.line.clear()
        if not words.strip():
            return
        if self.blocks:
            self.parts.append("\n\n")
            self.length += 2
        self.blocks.append(Block(kind, Span(self.length, self.length + len(words)), len(self.blocks) + 1))
        self.parts.append(words)
        self.length += len(words)


def read(data: bytes, name: str, options: Options = Options()) -> Reading:
    match = _DECLARED.search(data[:4096])
    decoded = decode(data, next((g.decode("ascii", "replace") for g in match.groups() if g), None) if match else None)
    tree = LexborHTMLParser(decoded.text)
    page = _Page()
    if tree.body is not None:
        _walk(tree.body, page)
        page.close("paragraph")
    document = Document("".join(page.parts), tuple(page.blocks), _metadata(tree), "extracted")
    return Reading(decoded.encoding, iter([document]))


def _walk(root: LexborNode, page: _Page) -> None:
    """Depth first without recursion: a hostile page nests ten thousand deep."""
    stack: list[tuple[LexborNode, BlockKind, bool, bool]] = [(root, "paragraph", False, False)]
    while stack:
        node, kind, preformatted, leaving = stack.pop()
        tag = (node.tag or "").lower()
        if leaving:
            page.close(kind)
            continue
        if tag == "-text":
            words = node.text_content or ""
            page.write(words if preformatted else _folded(words, page))
            continue
        if tag in _SKIPPED or "hidden" in node.attributes or node.attributes.get("aria-hidden") == "true":
            continue
        if tag == "br":
            page.break_line()
            continue
        inner: BlockKind = (
            "apparatus" if tag in _APPARATUS or kind == "apparatus" else "heading" if tag in _HEADINGS else kind
        )
        if tag not in _INLINE:
            # Table cells are parted by a tab, everything else that is not inline by a new block.
            if tag in ("td", "th"):
                if any(map(str.strip, page.line)):
                    page.write("\t")
            else:
                page.close(kind)
                stack.append((node, inner, preformatted, True))
        children = []
        child = node.child
        while child is not None:
            children.append((child, inner, preformatted or tag == "pre", False))
            child = child.next
        stack.extend(reversed(children))


def _folded(words: str, page: _Page) -> str:
    words = _SPACE.sub(" ", words)
    before = page.line[-1][-1] if page.line else ""
    return words[1:] if words.startswith(" ") and before in (" ", "\n", "\t", "") else words


def _metadata(tree: LexborHTMLParser) -> Metadata:
    metas: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        key = node.attributes.get("property") or node.attributes.get("name") or node.attributes.get("itemprop")
        if key and node.attributes["content"]:
            metas.setdefault(key.lower(), " ".join(node.attributes["content"].split()))
    linked = _linked_data(tree)
    first = lambda *values: next((v for v in values if v), None)  # noqa: E731
    text_of = lambda css: " ".join((n.text() or "").split()) if (n := tree.css_first(css)) else None  # noqa: E731
    attribute = lambda css, name: n.attributes.get(name) if (n := tree.css_first(css)) else None  # noqa: E731
    raw_date = first(
        linked.get("datePublished"),
        metas.get("article:published_time"),
        metas.get("datepublished"),
        metas.get("date"),
        metas.get("dc.date"),
        metas.get("pubdate"),
        attribute("time[datetime]", "datetime"),
    )
    read = read_date(raw_date) if raw_date else None
    return Metadata(
        title=first(linked.get("headline"), metas.get("og:title"), text_of("title"), text_of("h1")),
        published=read.iso if read else None,
        published_note=read.note if read else None,
        author=first(linked.get("author"), metas.get("author"), metas.get("article:author")),
        source=metas.get("og:site_name"),
        url=first(attribute("link[rel=canonical]", "href"), metas.get("og:url")),
        language=attribute("html", "lang"),
    )


def _linked_data(tree: LexborHTMLParser) -> dict[str, str]:
    """headline, datePublished and author of the first JSON-LD object that has a headline."""
    for node in tree.css('script[type="application/ld+json"]'):
        try:
            waiting = [json.loads(node.text() or "")]
        except (ValueError, RecursionError):
            continue
        while waiting:
            item = waiting.pop(0)
            if isinstance(item, list):
                waiting += item
            elif isinstance(item, dict):
                if item.get("headline"):
                    authors = item.get("author")
                    names = [
                        a.get("name") if isinstance(a, dict) else a
                        for a in (authors if isinstance(authors, list) else [authors])
                    ]
                    found = {k: as_text(item.get(k)) for k in ("headline", "datePublished")}
                    return found | {"author": as_text(names)}
                waiting.append(item.get("@graph"))
    return {}


FORMATS = (Format("HTML", (".html", ".htm", ".xhtml"), read),)
