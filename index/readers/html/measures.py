"""How much text an element holds, and of what kind: summed from the last element to the first, so that each is counted once."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.readers.html.tree import HEADINGS, Element, length_of, linked_length

_COMMAS = re.compile("[,،、，﹐︐⸲⸴⹁]")
_TEXTISH = frozenset("blockquote dl div img li ol p pre span table td ul".split())


@dataclass(slots=True)
class Measure:
    """Of an element and all that is kept in it: lengths in characters, counts of elements, itself included."""

    length: int = 0
    linked: float = 0.0
    in_headings: int = 0
    in_lists: int = 0
    commas: int = 0
    paragraphs: int = 0
    images: int = 0
    items: int = 0
    inputs: int = 0
    textish: bool = False
    """Words stand in an element that may hold running text."""
    data_table: bool = False

    def add(self, inner: Measure) -> None:
        self.length += inner.length
        self.linked += inner.linked
        self.in_headings += inner.in_headings
        self.in_lists += inner.in_lists
        self.commas += inner.commas
        self.paragraphs += inner.paragraphs
        self.images += inner.images
        self.items += inner.items
        self.inputs += inner.inputs
        self.textish = self.textish or inner.textish
        self.data_table = self.data_table or inner.data_table

    def complete(self, element: Element, is_data_table: bool) -> None:
        """Add the element itself to what its children gave it."""
        for child in element.children:
            if isinstance(child, str):
                self.length += length_of(child)
                self.commas += len(_COMMAS.findall(child))
        self.paragraphs += element.kind == "p"
        self.images += element.tag == "img"
        self.items += element.tag == "li"
        self.inputs += element.tag == "input"
        if element.tag == "a":
            self.linked = linked_length(element, self.length)
        if element.tag in HEADINGS:
            self.in_headings = self.length
        if element.tag in ("ul", "ol"):
            self.in_lists = self.length
        self.textish = self.textish or (element.tag in _TEXTISH and self.length > 0)
        self.data_table = self.data_table or is_data_table

    @property
    def link_density(self) -> float:
        return min(self.linked / self.length, 1.0) if self.length else 0.0
