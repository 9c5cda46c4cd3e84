"""PowerPoint's slides: title first, then what stands on the slide from top to bottom, then the speaker's notes and the comments.

The text of tables, of groups, of charts (titles and names, no figures) and of diagrams is read; animations and macros are not
looked at. What is read follows ECMA-376 part 1, chapters 19 to 21.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from index.errors import UnreadableFile
from index.readers.base import MAX_PAGES, Format, Options, Problem, Reading
from index.readers.building import Building, counted
from index.readers.packages import Package, child, tag
from index.readers.properties import of_office, person
from index.readers.slides.shapes import Place, Shape, paragraphs, places_of, shapes
from index.records import BlockKind, Document

if TYPE_CHECKING:
    from lxml.etree import _Element

_TITLES = {"title", "ctrTitle"}
_FRAME = {"sldNum", "dt", "ftr", "hdr"}
_CHART_NAMES = {"c:tx", "c:cat"}


def read(data: bytes, name: str, options: Options = Options()) -> Reading:
    package = Package(data, "PowerPoint", "PowerPoint file")
    main = next(iter(package.related().get("officeDocument", ())), "ppt/presentation.xml")
    root = package.xml(main)
    if tag(root) != "p:presentation":
        raise UnreadableFile("it holds no presentation: open it in PowerPoint and save it anew")
    slides = package.relations(main).get("slide", {})
    listed = child(root, "p:sldIdLst")
    ids = [_related_id(e) for e in listed] if listed is not None else []
    order = [slides[id_] for id_ in ids if id_ in slides]
    return Reading("pptx", _items(package, main, order))


@dataclass(frozen=True, slots=True)
class _File:
    package: Package
    authors: dict[str, str | None]
    layouts: dict[str, list[Place]] = field(default_factory=dict)

    def places(self, layout: str) -> list[Place]:
        """Those of a layout, which many slides share."""
        if layout not in self.layouts:
            self.layouts[layout] = places_of(self.package.xml(layout))
        return self.layouts[layout]


def _items(package: Package, main: str, order: list[str]) -> Iterator[Document | Problem]:
    page = Building()
    problems: list[Problem] = []
    file = _File(package, _authors(package, main, problems))
    for number, path in enumerate(order[:MAX_PAGES], start=1):
        page.place("slide", str(number), number)
        try:
            _slide(page, file, path, number)
        except UnreadableFile as error:
            problems.append(Problem(f"slide {number}", str(error)))
    if len(order) > MAX_PAGES:
        problems.append(Problem(f"slide {MAX_PAGES + 1}", "the file is read no further than this slide: split it"))
    if not (problems and not page.blocks):
        page.require_words("PowerPoint file")
    metadata = of_office(package, problems)
    yield page.document(replace(metadata, title=metadata.title or page.title()), _remarks(page, package))
    yield from problems


def _slide(page: Building, file: _File, path: str, number: int) -> None:
    package = file.package
    root = package.xml(path)
    page.counts["hidden slides"] += root.get("show") in ("0", "false")
    parts = package.relations(path)
    places = [place for layout in parts.get("slideLayout", {}).values() for place in file.places(layout)]
    frame: list[Shape] = []
    found = [shape for shape in shapes(root, places) if not shape.is_hidden]
    for shape in sorted(found, key=lambda s: (s.placeholder not in _TITLES, s.top, s.left)):
        if shape.placeholder in _FRAME:
            frame.append(shape)
        else:
            _write(page, package, parts, shape.element, "heading" if shape.placeholder in _TITLES else "paragraph")
    for shape in frame:
        _write(page, package, parts, shape.element, "apparatus")
    for notes in parts.get("notesSlide", {}).values():
        page.place("slide", f"{number}, notes", number)
        for shape in shapes(package.xml(notes), []):
            if shape.placeholder == "body":
                _write(page, package, {}, shape.element, "paragraph")
    for path in parts.get("comments", {}).values():
        _comments(page, package.xml(path), file.authors)


def _write(
    page: Building, package: Package, parts: dict[str, dict[str, str]], element: _Element, kind: BlockKind
) -> None:
    """The words of one shape."""
    page.counts["pictures"] += tag(element) == "p:pic"
    data = child(element, "a:graphic", "a:graphicData")
    if (table := child(data, "a:tbl")) is not None:
        rows = [e for e in table if tag(e) == "a:tr"]
        page.add_table([[paragraphs(c) for c in row if tag(c) == "a:tc"] for row in rows])
    elif (chart := child(data, "c:chart")) is not None:
        if path := parts.get("chart", {}).get(_related_id(chart) or ""):
            _chart(page, package.xml(path))
    elif (diagram := child(data, "dgm:relIds")) is not None:
        if path := parts.get("diagramData", {}).get(_related_id(diagram, "dm") or ""):
            for point in package.xml(path).iter():
                if tag(point) == "dgm:pt":
                    for words in paragraphs(point):
                        page.add(words)
    else:
        for words in paragraphs(element):
            page.add(words, kind)


def _chart(page: Building, root: _Element) -> None:
    """The titles of a chart and its axes, and the names of what is drawn."""
    page.counts["charts"] += 1
    for element in root.iter():
        if tag(element) == "c:title":
            for words in paragraphs(element):
                page.add(words)
    names = [v.text or "" for e in root.iter() if tag(e) in _CHART_NAMES for v in e.iter() if tag(v) == "c:v"]
    page.add("\t".join(dict.fromkeys(filter(None, map(str.strip, names)))))


def _comments(page: Building, root: _Element, authors: dict[str, str | None]) -> None:
    """The comments on a slide, those of today and those of PowerPoint before 2021."""
    for comment in root.iter():
        if tag(comment).rpartition(":")[2] not in ("cm", "reply"):
            continue
        old = child(comment, "p:text")
        body = next((e for e in comment if e.tag.endswith("}txBody")), None)
        said = [old.text or ""] if old is not None else paragraphs(body) if body is not None else []
        page.counts["comments"] += 1
        page.place("comment", str(page.counts["comments"]), page.counts["comments"])
        for words in said:
            page.add(words, by=authors.get(comment.get("authorId") or "") or "")


def _authors(package: Package, main: str, problems: list[Problem]) -> dict[str, str | None]:
    parts = package.related(main)
    authors: dict[str, str | None] = {}
    for path in parts.get("commentAuthors", []) + parts.get("authors", []):
        try:
            for element in package.xml(path):
                authors[element.get("id") or ""] = person(element.get("name"))
        except UnreadableFile as error:
            problems.append(Problem("comments", str(error)))
    return authors


def _related_id(element: _Element, name: str = "id") -> str | None:
    """The id by which an element calls another part: an attribute in the name space of relationships."""
    return next((v for k, v in element.items() if k.endswith("}" + name) and "relationships" in k), None)


def _remarks(page: Building, package: Package) -> list[str]:
    n = page.counts
    said = {
        "hidden slides": f"{counted(n['hidden slides'], 'slide')} hidden when the presentation is shown.",
        "comments": f"{counted(n['comments'], 'comment')} put after the slides they are on.",
        "charts": f"Of {counted(n['charts'], 'chart')} only titles and names are read.",
        "soft hyphens": f"{counted(n['soft hyphens'], 'soft hyphen')} left out.",
        "pictures": f"What may be written in {counted(n['pictures'], 'picture')} is not read.",
    }
    remarks = [sentence for what, sentence in said.items() if n[what]]
    if any(name.lower().endswith("vbaproject.bin") for name in package.names()):
        remarks.append("It holds macros, which were not looked at.")
    return remarks


FORMATS = (Format("PowerPoint", (".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm"), read),)
