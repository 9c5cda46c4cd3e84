"""A page's text, drawn out node by node: white space folded as a browser folds it, blocks parted by blank lines, `<br>` by a line
break, the cells of a row by a tab. Nothing else is added, and nothing that is shown is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from index.readers.html.tree import INLINE, Element
from index.records import BlockKind

_SPACE = re.compile(r"[ \t\n\r\f]+")


@dataclass(frozen=True, slots=True)
class Place:
    """What an element's words are: of which kind, and whether they stand in the main text."""

    kind: BlockKind = "paragraph"
    main: bool = True


@dataclass(frozen=True, slots=True)
class Piece:
    """One block's words, and the ids of the elements that begin with it."""

    words: str
    place: Place
    names: tuple[str, ...]


PlaceOf = Callable[[Element, Place], Place]
"""Of an element and the place of what it stands in: its own place."""


@dataclass(frozen=True, slots=True)
class _State:
    """How words are drawn. `in_data`: within a table of data; `in_cell`: within a cell of one, whose blocks are lines."""

    place: Place
    preformatted: bool = False
    in_data: bool = False
    in_cell: bool = False


@dataclass
class _Line:
    """The block under construction. `written` and `in_cell`: whether it, or its last table cell, has any words yet."""

    parts: list[str] = field(default_factory=list)
    written: bool = False
    in_cell: bool = False

    def write(self, words: str, preformatted: bool) -> None:
        if not preformatted:
            words = _SPACE.sub(" ", words)
            if words.startswith(" ") and (not self.parts or self.parts[-1][-1] in " \n\t"):
                words = words[1:]
        if words:
            self.parts.append(words)
            if not self.in_cell and words.strip():
                self.written = self.in_cell = True

    def break_line(self) -> None:
        self._strip()
        self.parts.append("\n")

    def break_cell(self) -> None:
        """A block begins or ends within a cell of data."""
        if self.in_cell and self.parts[-1] != "\n":
            self.break_line()

    def begin_cell(self) -> None:
        while self.parts and not self.parts[-1].strip(" \n"):
            self.parts.pop()
        self._strip()
        if self.written:
            self.parts.append("\t")
        self.in_cell = False

    def _strip(self) -> None:
        if self.parts and (last := self.parts.pop().removesuffix(" ")):
            self.parts.append(last)


class _Drawing:
    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.names: list[str] = []
        self.line = _Line()

    def border(self, state: _State) -> None:
        """A block begins, within `state`, or ends that was written in it: end what was being written, if there is anything."""
        if state.in_cell:
            self.line.break_cell()
            return
        if self.line.written:
            words = "".join(self.line.parts).strip()
            self.pieces.append(Piece(words, state.place, tuple(self.names)))
            self.names.clear()
        if self.line.parts:
            self.line = _Line()


def draw(body: Element, place_of: PlaceOf, data_tables: frozenset[Element]) -> tuple[list[Piece], list[str]]:
    """The words of a page block by block, in the order of the document; and the ids of elements behind the last."""
    drawing = _Drawing()
    stack: list[tuple[Element | str | None, _State]] = [(body, _State(Place()))]
    while stack:  # without recursion: a hostile page nests ten thousand deep
        node, state = stack.pop()
        if isinstance(node, str):
            drawing.line.write(node, state.preformatted)
        elif node is None:
            drawing.border(state)
        elif node.tag == "br":
            drawing.line.break_line()
        else:
            inner = _within(node, state, place_of, data_tables)
            if node.tag in ("td", "th"):
                drawing.line.begin_cell()
            elif node.tag not in INLINE or inner.place != state.place:
                drawing.border(state)
                stack.append((None, inner))
            drawing.names += filter(
                None, {node.attributes.get("id"), node.attributes.get("name") if node.tag == "a" else None}
            )
            stack += [(child, inner) for child in reversed(node.children)]
    drawing.border(_State(Place()))
    return drawing.pieces, drawing.names


def _within(element: Element, outer: _State, place_of: PlaceOf, data_tables: frozenset[Element]) -> _State:
    """How what stands in an element is drawn."""
    in_data = element in data_tables if element.tag == "table" else outer.in_data
    return _State(
        place_of(element, outer.place),
        outer.preformatted or element.tag == "pre",
        in_data,
        outer.in_cell or (in_data and element.tag in ("td", "th")),
    )
