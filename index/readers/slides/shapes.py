"""What stands where on a slide of PowerPoint's, and the paragraphs in it (ECMA-376 part 1, 19.3 and 21.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.readers.packages import child, tag

if TYPE_CHECKING:
    from lxml.etree import _Element

_SHAPES = {"p:sp", "p:graphicFrame", "p:pic", "p:cxnSp"}
_OUTLINES = ("p:spPr", "p:xfrm", "p:grpSpPr")
_BODIES = {"body", "obj", "subTitle", None}  # as a layout calls what a slide may call by another of these


@dataclass(frozen=True, slots=True)
class Shape:
    """One thing on a slide: its upper left corner in EMU (914,400 to the inch), and for which place of the layout it is."""

    element: _Element
    left: float
    top: float
    placeholder: str | None
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a layout puts what is of a kind ("body") and has an index; its upper left corner."""

    kind: str | None
    index: str
    corner: tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Frame:
    """How a group lays out what is in it: its own measure to the slide's."""

    left: float = 0
    top: float = 0
    across: float = 1
    down: float = 1

    def within(self, group: _Element) -> _Frame:
        outline = child(group, "p:grpSpPr", "a:xfrm")
        corner, size = _pair(child(outline, "a:off"), "xy"), _pair(child(outline, "a:ext"), "cx cy")
        inner, extent = _pair(child(outline, "a:chOff"), "xy"), _pair(child(outline, "a:chExt"), "cx cy")
        if not (corner and size and inner and extent and extent[0] and extent[1]):
            return self
        across, down = size[0] / extent[0], size[1] / extent[1]
        left, top = corner[0] - inner[0] * across, corner[1] - inner[1] * down
        return _Frame(
            self.left + left * self.across, self.top + top * self.down, self.across * across, self.down * down
        )


def shapes(slide: _Element, places: Sequence[Place]) -> list[Shape]:
    """What is on a slide, out of its groups, in the order of the file. What has no place of its own has its layout's."""
    found: list[Shape] = []
    waiting = [(child(slide, "p:cSld", "p:spTree"), _Frame())]
    while waiting:
        element, frame = waiting.pop()
        if element is None:
            continue
        name = tag(element)
        if name in _SHAPES:
            kind, index = _placeholder(element)
            corner = _corner(element) or _inherited(kind, index, places) or (0, 0)
            left, top = frame.left + corner[0] * frame.across, frame.top + corner[1] * frame.down
            found.append(Shape(element, left, top, kind, _is_hidden(element)))
        elif name in ("p:spTree", "p:grpSp", "mc:AlternateContent", "mc:Choice"):
            inner = frame.within(element) if name == "p:grpSp" else frame
            waiting += [(e, inner) for e in reversed(element)]
    return found


def paragraphs(element: _Element) -> list[str]:
    """The paragraphs of a text frame, a cell or a note, line breaks kept."""
    from lxml import etree

    found: list[list[str]] = []
    walker = etree.iterwalk(element, events=("start",))
    for _, e in walker:
        name = tag(e)
        if name == "mc:Fallback":
            walker.skip_subtree()
        elif name == "a:p":
            found.append([])
        elif found and name in ("a:t", "m:t"):
            found[-1].append((e.text or "").replace("\xad", ""))
        elif found and name == "a:br":
            found[-1].append("\n")
    return [words for parts in found if (words := "".join(parts).strip())]


def places_of(layout: _Element) -> list[Place]:
    """The places that a layout has."""
    return [Place(*_placeholder(s.element), (s.left, s.top)) for s in shapes(layout, []) if _corner(s.element)]


def _inherited(kind: str | None, index: str, places: Sequence[Place]) -> tuple[float, float] | None:
    alike = [p for p in places if p.kind == kind or {p.kind, kind} <= _BODIES]
    return next((p.corner for p in alike if p.index == index), alike[0].corner if alike else None)


def _placeholder(shape: _Element) -> tuple[str | None, str]:
    """For which place of the layout a shape is: its type and index. A text without a place is of type None."""
    for e in shape:
        if (place := child(e, "p:nvPr", "p:ph")) is not None:
            return place.get("type") or "obj", place.get("idx") or "0"
    return None, ""


def _is_hidden(shape: _Element) -> bool:
    named = (child(e, "p:cNvPr") for e in shape)
    return any(e.get("hidden") in ("1", "true") for e in named if e is not None)


def _corner(shape: _Element) -> tuple[float, float] | None:
    for e in shape:
        if tag(e) in _OUTLINES:
            outline = e if tag(e) == "p:xfrm" else child(e, "a:xfrm")
            return _pair(child(outline, "a:off"), "xy")
    return None


def _pair(element: _Element | None, names: str) -> tuple[float, float] | None:
    if element is None:
        return None
    first, second = names.split() if " " in names else names
    try:
        return float(element.get(first) or ""), float(element.get(second) or "")
    except ValueError:
        return None
