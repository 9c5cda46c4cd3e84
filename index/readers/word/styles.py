"""The styles of a Word file: what is a heading, what is apparatus, what is hidden (ECMA-376 part 1, 17.7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.readers.packages import child, own, tag
from index.records import BlockKind

if TYPE_CHECKING:
    from lxml.etree import _Element

_DEEPEST = 20  # styles based on each other; Word allows 11
_HEADINGS = {"title", "subtitle"}
_APPARATUS = ("toc", "caption", "table of figures", "index ", "header", "footer")  # the beginnings of styles' names
_OFF = {"0", "false", "off", "none"}


@dataclass(frozen=True, slots=True)
class Style:
    name: str = ""
    kind: BlockKind = "paragraph"
    hidden: bool = False


def styles_of(root: _Element) -> dict[str, Style]:
    """The styles of a file by their ids, with what each takes from the one it is based on; "" is a paragraph's without one."""
    elements = {own(e, "styleId") or "": e for e in root if tag(e) == "w:style"}
    styles: dict[str, Style] = {}
    for name, element in elements.items():
        chain: list[_Element] = []
        while element is not None and len(chain) < _DEEPEST:
            chain.append(element)
            parent = child(element, "w:basedOn")
            element = elements.get(own(parent, "val") or "") if parent is not None else None
        styles[name] = _style(chain)
        if own(chain[0], "type") == "paragraph" and (own(chain[0], "default") or "0") not in _OFF:
            styles[""] = styles[name]
    return styles


def _style(chain: list[_Element]) -> Style:
    """What a style and those that it is based on, nearest first, make of a paragraph."""
    levels = (child(e, "w:pPr", "w:outlineLvl") for e in chain)
    level = next((own(e, "val") for e in levels if e is not None), None)
    vanish = next((e for e in (child(e, "w:rPr", "w:vanish") for e in chain) if e is not None), None)
    names = [((own(e, "val") or "") if (e := child(s, "w:name")) is not None else "").lower() for s in chain]
    is_heading = (level or "9") < "9" or names[0].startswith("heading") or any(n in _HEADINGS for n in names)
    kind: BlockKind = "apparatus" if names[0].startswith(_APPARATUS) else "heading" if is_heading else "paragraph"
    return Style(names[0], kind, is_on(vanish))


def is_on(element: _Element | None) -> bool:
    """Whether a property is set: it is where it stands, unless it says otherwise."""
    return element is not None and (own(element, "val") or "on") not in _OFF
