"""Which tables hold data, and which only lay a page out. After Mozilla's reader view: a caption, a head or many cells tell."""

from __future__ import annotations

from dataclasses import dataclass

from index.readers.html.tree import Element

_HEADS = frozenset("caption col colgroup tfoot thead th".split())
_LONGEST_CELL = 1000  # characters; a table with more in a cell lays prose out


@dataclass(slots=True)
class _Held:
    """What an element holds, itself left out: heads, tables, rows, cells in its widest row, characters in its longest cell."""

    heads: bool = False
    tables: bool = False
    rows: int = 0
    columns: int = 0
    longest: int = 0


def data_tables(order: list[Element]) -> frozenset[Element]:
    """The tables of data among elements in the order of their document, in one pass from the last to the first."""
    held: dict[Element, _Held] = {}
    found = set()
    for element in reversed(order):
        own = held.pop(element, None) or _Held()
        if element.tag == "table" and _is_data(element, own):
            found.add(element)
        if element.parent is not None:
            outer = held.setdefault(element.parent, _Held())
            outer.heads = outer.heads or own.heads or element.tag in _HEADS
            outer.tables = outer.tables or own.tables or element.tag == "table"
            outer.rows += own.rows + (element.tag == "tr")
            if element.tag in ("td", "th"):
                outer.columns += _number(element.attributes.get("colspan"))
                outer.longest = max(outer.longest, element.length)
            else:
                outer.columns = max(outer.columns, own.columns)
                outer.longest = max(outer.longest, own.longest)
    return frozenset(found)


def _is_data(table: Element, held: _Held) -> bool:
    if table.attributes.get("role") in ("presentation", "none") or table.attributes.get("datatable") == "0":
        return False
    if held.tables or held.longest > _LONGEST_CELL:
        return False
    if table.attributes.get("summary") or held.heads:
        return True
    if held.columns == 1 or held.rows == 1:
        return False
    return held.rows >= 10 or held.columns > 4 or held.rows * held.columns > 10


def _number(value: str | None) -> int:
    return min(int(value), 1000) if value and value.isascii() and value.isdigit() and value != "0" else 1
