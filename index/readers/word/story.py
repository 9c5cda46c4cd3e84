"""The words of one part of a Word file, body or note or comment, as Word shows them with every change accepted.

What is read follows ECMA-376 part 1 (WordprocessingML, chapter 17). Elements are gone through one after the other, never by
calling oneself: how deep they lie is the file's to say.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.readers.building import Building, as_lines
from index.readers.packages import child, own, tag
from index.readers.symbols import UNKNOWN, sign
from index.readers.word.styles import Style, is_on
from index.records import BlockKind

if TYPE_CHECKING:
    from lxml.etree import _Element

_NO_TEXT = {"w:sectPr", "w:tblPr", "w:tblGrid", "w:sdtPr", "w:sdtEndPr", "w:rPr", "mc:Fallback", "w:rt", "w:fldData"}
_NO_TEXT |= {"m:rPr", "m:ctrlPr"}
_REMOVED = {"w:del", "w:moveFrom"}
_ADDED = {"w:ins", "w:moveTo", "w:cellIns"}
_SIGNS = {"w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}
_GAPS = {"m:num", "m:deg", "m:lim", "m:oMathPara"}  # of a formula: "1 2" for a half, not "12"
_PICTURES = {"pic:pic", "v:imagedata"}
_TRUE = {"1", "true", "on"}
_DRAWN = {"c:chart", "dgm:relIds"}
_AS_BLANKS = dict.fromkeys(map(ord, "\t\r\n"), " ")  # of the XML, not of the text, which has elements for them


@dataclass(slots=True)
class References:
    """What a text refers to, in order: notes as (kind, id, mark of its own or ""), comments by id."""

    notes: list[tuple[str, str, str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


class Story:
    """Writes parts of one file to a text. `by` is the writer, `kind` what all blocks are, where that is known before."""

    def __init__(self, page: Building, styles: Mapping[str, Style]) -> None:
        self._page, self._styles = page, styles
        self.references = References()

    def write(self, root: _Element, kind: BlockKind | None = None, by: str | None = None) -> None:
        parts = [_Part(self._page, self._styles, self.references, kind, by).write(root)]
        while parts:
            box = next(parts[-1], None)
            if box is None:
                parts.pop()
            else:
                parts.append(_Part(self._page, self._styles, self.references, kind, by).write(box))


class _Part:
    """One root gone through."""

    def __init__(
        self,
        page: Building,
        styles: Mapping[str, Style],
        references: References,
        kind: BlockKind | None,
        by: str | None,
    ) -> None:
        self.page, self.styles, self.references = page, styles, references
        self.kind, self.by = kind, by
        self.line: list[str] = []
        self.paragraph: BlockKind = "paragraph"
        self.goes_on = False  # the mark of the paragraph is deleted: the next one is part of it
        self.paragraph_hidden = False
        self.run_hidden = self.run_struck = False
        self.fields: list[bool] = []  # of the fields we are in, whether each is at its result, which is what is shown
        self.tables: list[list[list[list[str]]]] = []
        self.boxes: deque[_Element] = deque()

    def write(self, root: _Element) -> Iterator[_Element]:
        """Writes what is under `root`, and gives each text box when it is to be written: after the block that it is in."""
        from lxml import etree

        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            name = tag(element)
            if event == "end":
                self._leave(name, element)
            elif element is not root and not self._enter(name, element):
                walker.skip_subtree()
            while self.boxes and not (self.line or self.tables):
                yield self.boxes.popleft()
        self._close()
        yield from self.boxes

    def _enter(self, name: str, element: _Element) -> bool:
        """Whether what is within the element is to be gone through."""
        page = self.page
        if name in ("w:t", "m:t"):
            self._say((element.text or "").translate(_AS_BLANKS))
        elif name in _NO_TEXT:
            return False
        elif name in _REMOVED or name in _ADDED:
            page.counts["changes"] += 1
            return name in _ADDED
        elif name == "w:p":
            self._open(element)
        elif name == "w:pPr":
            return False
        elif name == "w:r":
            properties = child(element, "w:rPr")
            self.run_hidden = self._is_hidden(properties)
            self.run_struck = is_on(child(properties, "w:strike")) or is_on(child(properties, "w:dstrike"))
        elif name in _SIGNS:
            self._say(_SIGNS[name])
        elif name == "w:sym":
            self._say(self._symbol(element))
        elif name == "w:softHyphen":
            page.counts["soft hyphens"] += 1
        elif name == "w:fldChar":
            self._field(own(element, "fldCharType"))
        elif name in ("w:footnoteReference", "w:endnoteReference"):
            self._refer(name, element)
        elif name == "w:commentReference":
            self.references.comments.append(own(element, "id") or "")
        elif name == "w:txbxContent":
            self.boxes.append(element)
            return False
        elif name == "w:tbl":
            self.tables.append([])
        elif name == "w:tr" and self.tables:
            if child(element, "w:trPr", "w:del") is not None:
                page.counts["changes"] += 1
                return False
            self.tables[-1].append([])
        elif name == "w:tc" and self.tables and self.tables[-1]:
            if child(element, "w:tcPr", "w:cellDel") is not None:
                page.counts["changes"] += 1
                return False
            self.tables[-1][-1].append([])
        elif name == "m:oMath":
            page.counts["formulas"] += 1
            if (before := element.getprevious()) is not None and tag(before) == "m:oMath":
                self._say(" ")
        elif name == "m:d":
            self._say(_sign(child(element, "m:dPr", "m:begChr"), "("))
        elif name == "m:nary":
            self._say(_sign(child(element, "m:naryPr", "m:chr"), "∫"))
        elif name == "m:rad":
            self._say("√")
        elif name in _PICTURES:
            page.counts["pictures"] += 1
        elif name == "w:altChunk":
            page.counts["embedded"] += 1
        elif name in _DRAWN:
            page.counts["drawn"] += 1
        return True

    def _leave(self, name: str, element: _Element) -> None:
        if name == "w:p":
            self.fields.clear()  # a field whose end is missing hides no more than its paragraph
            if not self.goes_on:
                self._close()
        elif name == "w:r":
            self.run_hidden = self.run_struck = False
        elif name == "w:tc":
            self._close()
        elif name == "w:tbl" and self.tables:
            self._close()
            table = self.tables.pop()
            if (cell := self._cell()) is not None:
                cell += as_lines(table)
            else:
                self.page.add_table(table, self.kind or "paragraph")
        elif name in _GAPS:
            self._say(" ")
        elif name == "m:d":
            self._say(_sign(child(element, "m:dPr", "m:endChr"), ")"))

    def _open(self, element: _Element) -> None:
        properties = child(element, "w:pPr")
        style = self._style(child(properties, "w:pStyle"))
        if not (self.goes_on and self.line):
            self.paragraph = style.kind
            level = child(properties, "w:outlineLvl")
            if level is not None and style.kind != "apparatus":
                self.paragraph = "heading" if (own(level, "val") or "9") < "9" else "paragraph"
        if child(properties, "w:numPr") is not None:
            self.page.counts["numbers"] += 1
        self.paragraph_hidden = style.hidden
        mark = child(properties, "w:rPr")
        self.goes_on = child(mark, "w:del") is not None or child(mark, "w:moveFrom") is not None
        self.page.counts["changes"] += self.goes_on or child(mark, "w:ins") is not None

    def _close(self) -> None:
        words = "".join(self.line)
        self.line.clear()
        self.goes_on = False
        if (cell := self._cell()) is not None:
            cell.append(words)
        else:
            self.page.add(words, self.kind or self.paragraph, self.by)

    def _cell(self) -> list[str] | None:
        """The table's cell we are in."""
        return self.tables[-1][-1][-1] if self.tables and self.tables[-1] and self.tables[-1][-1] else None

    def _say(self, words: str) -> None:
        if self.run_hidden or self.paragraph_hidden:
            self.page.counts["hidden"] += len(words.split())
        elif all(self.fields):
            self.page.counts["soft hyphens"] += words.count("\xad")
            self.page.counts["struck"] += len(words.split()) if self.run_struck else 0
            self.line.append(words.replace("\xad", ""))

    def _field(self, what: str | None) -> None:
        if what == "begin":
            self.fields.append(False)
        elif what == "separate" and self.fields:
            self.fields[-1] = True
        elif what == "end" and self.fields:
            self.fields.pop()

    def _refer(self, name: str, element: _Element) -> None:
        mark = ""
        if own(element, "customMarkFollows") in _TRUE:
            for following in element.itersiblings():
                mark += (following.text or "") if tag(following) == "w:t" else ""
                following.text = None
        self.references.notes.append(
            (name.removeprefix("w:").removesuffix("Reference"), own(element, "id") or "", mark)
        )

    def _symbol(self, element: _Element) -> str:
        try:
            shown = sign(int(own(element, "char") or "", 16), own(element, "font"))
        except ValueError:
            shown = UNKNOWN
        self.page.counts["signs"] += shown == UNKNOWN
        return shown

    def _style(self, element: _Element | None) -> Style:
        return self.styles.get((own(element, "val") or "") if element is not None else "", Style())

    def _is_hidden(self, properties: _Element | None) -> bool:
        vanish = child(properties, "w:vanish")
        if vanish is not None:
            return is_on(vanish)
        return self._style(child(properties, "w:rStyle")).hidden


def _sign(element: _Element | None, usual: str) -> str:
    """Of a formula's bracket or operator, which character is shown."""
    return usual if element is None else own(element, "val") or ""
