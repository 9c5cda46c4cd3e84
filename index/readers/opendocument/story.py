"""The words of a part of an OpenDocument file, as they are shown with every change accepted.

White space in the XML is folded as the standard says (part 3, 6.1.2): any run of it is one blank, none at a paragraph's ends;
blanks that are meant are elements. Elements are gone through one after the other, never by calling oneself.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.readers.building import Building, as_lines
from index.readers.packages import attribute, child, own, tag
from index.readers.properties import person
from index.records import BlockKind, LocatorKind

if TYPE_CHECKING:
    from lxml.etree import _Element

_SPACE = re.compile(r"[ \t\r\n]+")
_NO_TEXT = {"text:ruby-text", "text:sequence-decls", "text:variable-decls", "text:user-field-decls", "office:forms"}
_NO_TEXT |= {
    "svg:title",
    "svg:desc",
    "text:note-citation",
    "dc:creator",
    "dc:date",
    "meta:date-string",
    "office:event-listeners",
}
_NO_TEXT |= {"meta:creator-initials", "table:covered-table-cell", "style:style", "table:named-expressions"}
_NO_TEXT |= {"table:table-source", "table:shapes", "office:scripts", "office:settings", "table:content-validations"}
_APPARATUS = {
    "text:table-of-content",
    "text:illustration-index",
    "text:table-index",
    "text:object-index",
    "text:user-index",
}
_APPARATUS |= {"text:alphabetical-index"}
_CHANGES = {"text:insertion", "text:deletion"}
_INLINE_DRAWN = {"draw:a", "draw:frame", "draw:g", "draw:image"}
_DEEPEST = 20  # styles based on each other
_HIDDEN = {"true", "none"}


@dataclass(frozen=True, slots=True)
class Aside:
    """What stands apart from the text it belongs to: a note under its mark, or a comment by its writer."""

    kind: LocatorKind
    label: str
    by: str | None
    element: _Element

    @classmethod
    def of_annotation(cls, element: _Element) -> Aside:
        creator = child(element, "dc:creator")
        return cls("comment", "", person(creator.text) if creator is not None else None, element)


@dataclass(frozen=True, slots=True)
class Styles:
    """The names of the styles that hide what has them, and of those that make a title of it."""

    hidden: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()


def styles_of(*roots: _Element) -> Styles:
    """The styles of a file, with what each takes from the one it is based on."""
    elements: dict[str | None, _Element] = {}
    for root in roots:
        for group in ("office:styles", "office:automatic-styles"):
            styles = child(root, group)
            for style in styles if styles is not None else ():
                if tag(style) == "style:style":
                    elements[own(style, "name")] = style
    hidden: set[str] = set()
    titles: set[str] = set()
    for name in elements:
        display, ancestor, seen = None, name, set()
        while ancestor in elements and len(seen) < _DEEPEST:
            seen.add(ancestor)
            properties = child(elements[ancestor], "style:text-properties")
            display = display or (attribute(properties, "text:display") if properties is not None else None)
            ancestor = own(elements[ancestor], "parent-style-name")
        if name and display == "none":
            hidden.add(name)
        if name and {n.lower() for n in seen if n} & {"title", "subtitle"}:
            titles.add(name)
    return Styles(frozenset(hidden), frozenset(titles))


class Story:
    """Writes parts of a file to a text. Notes and comments go to `asides`; text boxes come after the block they are in."""

    def __init__(
        self,
        page: Building,
        asides: list[Aside],
        styles: Styles = Styles(),
        kind: BlockKind | None = None,
        by: str | None = None,
    ) -> None:
        self._page, self._asides, self._styles = page, asides, styles
        self._kind, self._by = kind, by
        self._boxes: deque[_Element] = deque()
        self._line: list[str] = []
        self._paragraph: BlockKind | None = None  # what we are in
        self._tables: list[list[list[list[str]]]] = []

    def write(self, root: _Element) -> None:
        parts = [self._part(root)]
        while parts:
            box = next(parts[-1], None)
            if box is None:
                parts.pop()
            else:
                parts.append(self._part(box))

    def _part(self, root: _Element) -> Iterator[_Element]:
        """Writes what is under `root`, and gives each text box when it is to be written: after the block that it is in."""
        from lxml import etree

        walker = etree.iterwalk(root, events=("start", "end"))
        passed_over = None
        for event, element in walker:
            if element is root:
                continue
            if event == "start":
                if not self._enter(tag(element), element):
                    passed_over = element
                    walker.skip_subtree()
                elif tag(element).startswith("text:"):
                    self._say(element.text)
                continue
            if element is not passed_over:
                self._leave(tag(element))
            if tag(element.getparent()).startswith("text:"):
                self._say(element.tail)
            while self._boxes and not (self._paragraph or self._tables):
                yield self._boxes.popleft()

    def _enter(self, name: str, element: _Element) -> bool:
        """Whether what is within the element is to be gone through."""
        counts = self._page.counts
        if name in _NO_TEXT:
            return False
        if (
            own(element, "style-name") in self._styles.hidden
            or (own(element, "is-hidden") or own(element, "display")) in _HIDDEN
        ):
            counts["hidden"] += len("".join(element.itertext()).split())
            return False
        if name == "text:tracked-changes":
            counts["changes"] += sum(tag(e) in _CHANGES for region in element for e in region)
            return False
        if name in ("text:note", "office:annotation"):
            self._put_aside(name, element)
            return False
        if name.startswith("draw:") and self._paragraph and name not in _INLINE_DRAWN:
            self._boxes.append(element)
            return False
        if name in ("text:p", "text:h"):
            self._paragraph = self._kind_of(name, element)
        elif name == "text:list-item":
            counts["numbers"] += 1
        elif name == "text:s":
            repeated = own(element, "c") or "1"
            self._line.append(" " * min(int(repeated) if repeated.isdecimal() else 1, 1_000))
        elif name == "text:tab":
            self._line.append("\t")
        elif name == "text:line-break":
            self._line.append("\n")
        elif name == "draw:image":
            counts["pictures"] += 1
        elif name == "table:table":
            self._tables.append([])
        elif name == "table:table-row" and self._tables:
            self._tables[-1].append([])
        elif name == "table:table-cell" and self._tables and self._tables[-1]:
            self._tables[-1][-1].append([])
        return True

    def _leave(self, name: str) -> None:
        if name in ("text:p", "text:h"):
            self._close(self._paragraph or "paragraph")
            self._paragraph = None
        elif name == "table:table" and self._tables:
            table = self._tables.pop()
            if (cell := self._cell()) is not None:
                cell += as_lines(table)
            else:
                self._page.add_table(table, self._kind or "paragraph")

    def _kind_of(self, name: str, element: _Element) -> BlockKind:
        if any(tag(e) in _APPARATUS for e in element.iterancestors()):
            return "apparatus"
        return "heading" if name == "text:h" or own(element, "style-name") in self._styles.titles else "paragraph"

    def _put_aside(self, name: str, element: _Element) -> None:
        if name == "office:annotation":
            self._asides.append(Aside.of_annotation(element))
            return
        mark, words = child(element, "text:note-citation"), child(element, "text:note-body")
        if words is not None:
            label = "".join(mark.itertext()).strip() if mark is not None else ""
            self._asides.append(Aside("footnote", label, None, words))

    def _say(self, words: str | None) -> None:
        if not words or not self._paragraph:
            return
        self._page.counts["soft hyphens"] += words.count("\xad")
        words = _SPACE.sub(" ", words.replace("\xad", ""))
        before = next((piece[-1] for piece in reversed(self._line) if piece), " ")
        self._line.append(words[1:] if words.startswith(" ") and before in " \n" else words)

    def _close(self, kind: BlockKind) -> None:
        words = "".join(self._line)
        self._line.clear()
        if (cell := self._cell()) is not None:
            cell.append(words)
        else:
            self._page.add(words, self._kind or kind, self._by)

    def _cell(self) -> list[str] | None:
        """The table's cell we are in."""
        return self._tables[-1][-1][-1] if self._tables and self._tables[-1] and self._tables[-1][-1] else None
