"""A decoded page to its text, blocks and metadata: the main text first, and what stands beside it after it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from index.readers.html.bylines import is_byline
from index.readers.html.clutter import is_control
from index.readers.html.drawing import Piece, Place, PlaceOf, draw
from index.readers.html.head import metadata_of
from index.readers.html.main_part import MainPart, main_part
from index.readers.html.parsing import parsed
from index.readers.html.tables import data_tables
from index.readers.html.tree import HEADINGS, Element, in_order, shown
from index.records import Block, Metadata, Span

_BESIDE = frozenset("nav header footer aside menu dialog".split())
_BESIDE_ROLES = frozenset("navigation banner contentinfo complementary dialog alertdialog menu menubar search".split())
_SECTIONS = frozenset("article main section".split())
# Lengths in characters.
_LONGEST_TITLE = 300
_PROSE = 100
_WORD = re.compile(r"\w+")
PUT_AFTER = "Navigation and other matter beside the main text is put after it."


@dataclass(frozen=True, slots=True)
class Page:
    """`names`: where in the text the elements begin that have an id, or are `<a name>`."""

    text: str
    blocks: tuple[Block, ...]
    metadata: Metadata
    notes: tuple[str, ...] = ()
    names: Mapping[str, int] = field(default_factory=dict)


def lay_out_page(markup: str, main: bool = True, address: str | None = None) -> Page:
    """The text of a page. With `main`, its main text is looked for, and put first; else all is drawn in the order of the page, and
    only `<nav>` and captions are apparatus: for a chapter of a book, or a mail.
    `address`: where the page was, if that is known from elsewhere. Raises UnreadableFile for what is nested too deep."""
    tree = parsed(markup)
    body = shown(tree)
    order = in_order(body) if body is not None else []
    metadata = metadata_of(tree, markup, order, address)
    if body is None:
        return Page("", (), metadata)
    tables = data_tables(order)
    found = main_part(order, tables) if main else None
    if found is not None:
        place_of = _parted(found, _title(order, found, metadata.title))
        pieces, names_after = draw(body, place_of, tables)
        if any(piece.place.main and piece.place.kind != "apparatus" for piece in pieces):
            return _assembled(pieces, names_after, metadata)
        # One of nothing but captions is no main part.
    return _assembled(*draw(body, _beside if main else _as_written, tables), metadata)


def _assembled(pieces: list[Piece], names_after: list[str], metadata: Metadata) -> Page:
    """Offsets are born here: a block's start is the length of what was written before it."""
    first = [piece for piece in pieces if piece.place.main]
    after = [piece for piece in pieces if not piece.place.main]
    blocks: list[Block] = []
    names: dict[str, int] = {}
    position = 0
    for number, piece in enumerate(first + after, start=1):
        span = Span(position, position + len(piece.words))
        blocks.append(Block(piece.place.kind, span, number))
        for name in piece.names:
            names.setdefault(name, position)
        position = span.end + 2
    text = "\n\n".join(piece.words for piece in first + after)
    names = dict.fromkeys(names_after, len(text)) | names
    return Page(text, tuple(blocks), metadata, (PUT_AFTER,) if first and after else (), names)


def _parted(found: MainPart, title: Element | None) -> PlaceOf:
    def place_of(element: Element, outer: Place) -> Place:
        if element is title:
            return Place("heading")
        if element in found.roots:
            return _kind(element, Place(), bylines=True)
        if element in found.without or element.tag == "body":
            return Place("apparatus", main=False)
        return _kind(element, outer, bylines=True)

    return place_of


def _beside(element: Element, outer: Place) -> Place:
    """Without a main part: what is called so stands beside the text, and stays where it is."""
    # What runs on in a line is never cut out of it, whatever it is called.
    named = element.tag in _BESIDE or (not element.inline and element.attributes.get("role") in _BESIDE_ROLES)
    if is_control(element) or (named and not (element.tag == "header" and _heads_section(element))):
        return Place("apparatus")
    return _kind(element, outer)


def _heads_section(header: Element) -> bool:
    """Whether a `<header>` is an article's, and not the page's."""
    return any(ancestor.tag in _SECTIONS for ancestor, _ in zip(header.ancestors, range(6)))


def _as_written(element: Element, outer: Place) -> Place:
    return Place("apparatus") if element.tag == "nav" else _kind(element, outer)


def _kind(element: Element, outer: Place, bylines: bool = False) -> Place:
    if outer.kind == "apparatus":
        return outer
    if element.tag == "figcaption" or (bylines and not element.inline and is_byline(element)):
        return Place("apparatus", outer.main)
    return Place("heading", outer.main) if element.tag in HEADINGS else outer


def _title(order: list[Element], found: MainPart, title: str | None) -> Element | None:
    """The heading that says the page's title, where it stands above the main part or was taken out of it: it belongs to it."""
    wanted = _bare(title or "")
    main: set[Element] = set()
    for element in order:
        if element in found.roots or (element.parent in main and element not in found.without):
            main.add(element)
            if element.kind == "p" and element.length >= _PROSE:
                break  # the text has begun
        if element.tag in ("h1", "h2") and element.length < _LONGEST_TITLE and _alike(_bare(element.words), wanted):
            return None if element in main else element
    return None


def _bare(words: str) -> Counter[str]:
    return Counter(_WORD.findall(words.casefold()))


def _alike(one: Counter[str], other: Counter[str]) -> bool:
    return (one & other).total() * 2 > 0.75 * (one.total() + other.total())
