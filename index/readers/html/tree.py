"""The visible part of a page as a tree of our own: what is hidden is left out, and what is written as a paragraph is one.

Pages write paragraphs as `<p>`, as words between two `<br>`, as words loose among other blocks, as a `<div>`; here they are all
elements of kind `p`. No text is changed: it is the parser's, node by node.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_NOT_SHOWN = (
    "script style noscript template head svg iframe object canvas select datalist audio video annotation annotation-xml"
)
_NOT_SHOWN = frozenset(_NOT_SHOWN.split()) | {"-comment", "_comment", "!doctype"}
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark nobr q rp rt ruby s samp small"
    " span strike strong sub sup time tt u var wbr button textarea"
    # mathematics
    " math menclose merror mfrac mi mn mo mover mpadded mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr"
    " munder munderover semantics".split()
)
_HOLDS_PARAGRAPHS = frozenset("article body center div form main section td".split())
_PARAGRAPH_LIKE = frozenset("blockquote dl div img ol p pre table ul".split())
_HIDDEN_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)
_LINKED_MOST = 0.25


@dataclass(slots=True, eq=False)
class Element:
    """`kind` is the tag that it is treated as: a `<div>` that is a paragraph is a `p`, and the `<p>` within it is none.
    `inline`: it holds no block and no paragraph's end. `length` counts the characters of its words, blanks folded, and
    `linked` those within links."""

    tag: str
    attributes: dict[str, str | None]
    parent: Element | None
    kind: str = ""
    children: list[Element | str] = field(default_factory=list)
    inline: bool = False
    blocks: bool = False
    length: int = 0
    linked: float = 0.0

    @property
    def elements(self) -> Iterator[Element]:
        return (child for child in self.children if isinstance(child, Element))

    @property
    def label(self) -> str:
        """Class and id: the names that its author gave it."""
        return f"{self.attributes.get('class') or ''} {self.attributes.get('id') or ''}"

    @property
    def ancestors(self) -> Iterator[Element]:
        element = self.parent
        while element is not None:
            yield element
            element = element.parent

    @property
    def words(self) -> str:
        """Its text in one line."""
        parts: list[str] = []
        stack: list[Element | str] = [self]
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                parts.append(node)
            else:
                stack += reversed(node.children)
        return " ".join("".join(parts).split())


def shown(page: LexborHTMLParser) -> Element | None:
    """The body of a page, with what a reader sees of it; None for a page without one."""
    if page.body is None:
        return None
    body = Element("body", dict(page.body.attributes), None, "body")
    stack = [(page.body, body)]
    every = [body]
    while stack:  # without recursion: a hostile page nests ten thousand deep
        node, element = stack.pop()
        child = node.child
        while child is not None:
            tag = (child.tag or "").lower()
            if tag == "-text":
                element.children.append(child.text_content or "")
            elif tag not in _NOT_SHOWN and not _is_hidden(attributes := child.attributes):
                inner = Element(tag, attributes, element, tag)
                element.children.append(inner)
                every.append(inner)
                stack.append((child, inner))
            child = child.next
    every = in_order(body)
    for element in reversed(every):  # what is within comes first
        _measure(element)
        _mark_paragraphs(element)
    return body


def in_order(root: Element) -> list[Element]:
    """All elements from `root` on, in the order of the document."""
    found = []
    stack = [root]
    while stack:
        element = stack.pop()
        found.append(element)
        stack += reversed(list(element.elements))
    return found


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or ("style" in attributes and _HIDDEN_STYLE.search(attributes["style"] or "") is not None)
    )


def _measure(element: Element) -> None:
    element.inline = element.tag in INLINE
    for child in element.children:
        if isinstance(child, str):
            element.length += length_of(child)
        else:
            element.length += child.length
            element.linked += child.linked
            element.inline = element.inline and (child.inline or child.tag == "br")
    if element.tag == "a":
        element.linked = linked_length(element, element.length)


def length_of(text: str) -> int:
    """The characters of a text with its blanks folded, and one for the blank after it."""
    words = text.split()
    return sum(map(len, words)) + len(words)


def linked_length(link: Element, length: int) -> float:
    """How many characters of a link count as linked: one within the page leads nowhere else, and counts a third."""
    within = (link.attributes.get("href") or "").startswith("#")
    return length * 0.3 if within else float(length)


def _mark_paragraphs(element: Element) -> None:
    """Wrap words that stand between blocks or breaks in paragraphs, and tell whether the element is a paragraph itself."""
    runs, broken = _runs(element)
    if element.tag != "pre" and (
        broken or element.tag in _HOLDS_PARAGRAPHS and (element.tag == "div" or len(runs) > 1)
    ):
        element.children = [part for run in runs for part in _wrapped(run, element)]
        element.inline = element.inline and not broken
        if broken and element.tag == "p":
            element.kind = "div"
    element.blocks = any(child.blocks or child.tag in _PARAGRAPH_LIKE for child in element.elements)
    if element.tag == "div":
        inner = list(element.elements)
        words = any(isinstance(child, str) and child.strip() for child in element.children)
        few_links = element.linked < _LINKED_MOST * element.length
        if len(inner) == 1 and inner[0].kind == "p" and not words and few_links:
            element.kind, inner[0].kind = "p", ""
        elif not element.blocks:
            element.kind = "p"


def _runs(element: Element) -> tuple[list[list[Element | str]], bool]:
    """The children, cut around blocks and where two breaks follow each other; and whether there are such breaks."""
    runs: list[list[Element | str]] = [[]]
    broken = False
    breaks: list[Element | str] = []
    for child in element.children:
        is_break = isinstance(child, Element) and child.tag == "br"
        if is_break or (breaks and isinstance(child, str) and not child.strip()):
            breaks.append(child)
            continue
        if sum(isinstance(b, Element) for b in breaks) > 1:
            broken = True
            runs.append([])
        else:
            runs[-1] += breaks
        breaks = []
        if isinstance(child, str) or child.inline:
            runs[-1].append(child)
        else:
            runs += [[child], []]
    runs[-1] += breaks
    return [run for run in runs if run], broken


def _wrapped(run: list[Element | str], parent: Element) -> list[Element | str]:
    if isinstance(run[0], Element) and not run[0].inline and run[0].tag != "br":
        return run
    paragraph = Element("p", {}, parent, "p", run)
    for child in paragraph.elements:
        child.parent = paragraph
        paragraph.linked += child.linked
    paragraph.length = sum(length_of(c) if isinstance(c, str) else c.length for c in run)
    return [paragraph] if paragraph.length or any(c.tag == "img" for c in paragraph.elements) else run
