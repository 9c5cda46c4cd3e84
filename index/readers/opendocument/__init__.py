"""OpenDocument: texts, spreadsheets and presentations by LibreOffice and its like (OASIS OpenDocument 1.3, part 3).

A text is its body, then headers and footers once, then notes, then comments under their writers' names. What tracked changes
deleted is not in it. A spreadsheet is its rows, as its cells are shown; a presentation its slides.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.errors import UnreadableFile
from index.readers.base import Format, Options, Problem, Reading
from index.readers.building import Building, counted
from index.readers.opendocument.story import Aside, Story, Styles, styles_of
from index.readers.packages import Package, attribute, child, own, tag
from index.readers.properties import believed
from index.readers.sheets import sheet_documents
from index.records import Document, Metadata

if TYPE_CHECKING:
    from lxml.etree import _Element

_REPEATED = 1_000
"""How often a row, and how many characters of a cell, are read that the file has once and says to repeat; more are the empty rest
of a sheet, or a trap."""
_ALL_REPEATED = 1_000_000
"""How many characters of all such rows of a file."""


def read(data: bytes, name: str, options: Options = Options()) -> Reading:
    package = Package(data, "LibreOffice", "OpenDocument file")
    if "META-INF/manifest.xml" in package:
        manifest = package.xml("META-INF/manifest.xml")
        if any(tag(e) == "manifest:encryption-data" for e in manifest.iter()):
            raise package.encrypted()
    content = package.xml("content.xml")
    body = child(content, "office:body")
    styles = styles_of(*([package.xml("styles.xml")] if "styles.xml" in package else []), content)
    for kind, items in (("office:text", _text), ("office:spreadsheet", _spreadsheet), ("office:presentation", _slides)):
        if (root := child(body, kind)) is not None:
            return Reading("opendocument", items(_File(package, styles), root, options))
    raise UnreadableFile("it holds neither a text nor a spreadsheet nor slides: save it as one of them")


@dataclass(frozen=True, slots=True)
class _File:
    package: Package
    styles: Styles

    def metadata(self, problems: list[Problem]) -> Metadata:
        """What it says of itself. If that is damaged, it is one of the `problems`."""
        if "meta.xml" not in self.package:
            return Metadata()
        try:
            meta = child(self.package.xml("meta.xml"), "office:meta")
        except UnreadableFile as error:
            problems.append(Problem("properties", str(error)))
            meta = None
        said: dict[str, str] = {}
        for element in meta if meta is not None else ():
            said.setdefault(tag(element), " ".join((element.text or "").split()))
        return believed(
            title=said.get("dc:title"),
            author=said.get("meta:initial-creator") or said.get("dc:creator"),
            created=said.get("meta:creation-date"),
            saved=said.get("dc:date"),
            language=said.get("dc:language"),
            extra={"subject": said.get("dc:subject"), "keywords": said.get("meta:keyword")},
        )


def _text(file: _File, root: _Element, options: Options) -> Iterator[Document | Problem]:
    page = Building()
    asides: list[Aside] = []
    Story(page, asides, file.styles).write(root)
    title = page.title()
    _frame(page, file)
    _put(page, file, [a for a in asides if a.kind != "comment"])
    _put(page, file, [a for a in asides if a.kind == "comment"])
    yield from _finished(page, file, title)


def _put(page: Building, file: _File, asides: list[Aside]) -> None:
    """Notes or comments after the text, one after the other; a note may bring comments of its own."""
    waiting = deque(asides)
    while waiting:
        aside = waiting.popleft()
        page.counts[f"{aside.kind}s"] += 1
        number = page.counts[f"{aside.kind}s"]
        page.place(aside.kind, aside.label or str(number), number)
        inner: list[Aside] = []
        Story(page, inner, file.styles, by=aside.by).write(aside.element)
        waiting += inner


def _frame(page: Building, file: _File) -> None:
    """Headers and footers, each wording of them once."""
    if "styles.xml" not in file.package:
        return
    seen = set()
    for element in file.package.xml("styles.xml").iter():
        if tag(element).startswith(("style:header", "style:footer")) and "-style" not in tag(element):
            frame = Building()
            Story(frame, []).write(element)
            if frame.text and frame.text not in seen:
                seen.add(frame.text)
                for block in frame.blocks:
                    page.add(block.span.of(frame.text), "apparatus")


def _spreadsheet(file: _File, root: _Element, options: Options) -> Iterator[Document | Problem]:
    spent = Counter[str]()
    tables = enumerate(_named(root, "table:table"), start=1)
    sheets = [(own(e, "name") or f"Sheet{i}", _rows(e, spent)) for i, e in tables]
    problems: list[Problem] = []
    yield from sheet_documents(sheets, file.metadata(problems), "OpenDocument file", options)
    yield from problems


def _rows(table: _Element, spent: Counter[str]) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet by number, from 1, as their cells are shown. `spent` are characters that the file repeated."""
    number = 1
    for row in table.iter():
        if tag(row) != "table:table-row":
            continue
        cells: list[str] = []
        for cell in row:
            shown = _shown(cell)
            cells += [shown] * min(_count(own(cell, "number-columns-repeated")), _REPEATED // (len(shown) + 1) + 1)
        repeated = _count(own(row, "number-rows-repeated"))
        if any(cells):
            length = sum(map(len, cells)) + len(cells)
            times = min(repeated, _REPEATED, 1 + max(0, _ALL_REPEATED - spent["characters"]) // length)
            spent["characters"] += (times - 1) * length
            for again in range(times):
                yield number + again, cells
        number += repeated


def _shown(cell: _Element) -> str:
    if tag(cell) != "table:table-cell":
        return ""
    page = Building()
    Story(page, []).write(cell)
    return page.text.replace("\n\n", "\n")


def _count(raw: str | None) -> int:
    return int(raw) if raw and raw.isascii() and raw.isdigit() and len(raw) < 9 else 1


def _slides(file: _File, root: _Element, options: Options) -> Iterator[Document | Problem]:
    page = Building()
    for number, slide in enumerate(_named(root, "draw:page"), start=1):
        page.place("slide", str(number), number)
        frames = [e for e in slide if tag(e) not in ("presentation:notes", "office:annotation")]
        for frame in sorted(frames, key=lambda e: attribute(e, "presentation:class") != "title"):
            titled = attribute(frame, "presentation:class") == "title"
            Story(page, [], file.styles, kind="heading" if titled else None).write(frame)
        for notes in _named(slide, "presentation:notes"):
            page.place("slide", f"{number}, notes", number)
            Story(page, [], file.styles).write(notes)
        for annotation in _named(slide, "office:annotation"):
            _put(page, file, [Aside.of_annotation(annotation)])
    yield from _finished(page, file, page.title())


def _finished(page: Building, file: _File, title: str | None) -> Iterator[Document | Problem]:
    page.require_words("OpenDocument file")
    problems: list[Problem] = []
    metadata = file.metadata(problems)
    yield page.document(replace(metadata, title=metadata.title or title), _remarks(page))
    yield from problems


def _named(root: _Element, name: str) -> list[_Element]:
    return [e for e in root if tag(e) == name]


def _remarks(page: Building) -> list[str]:
    n = page.counts
    said = {
        "changes": f"{counted(n['changes'], 'tracked change')}: read as if they were accepted; what was deleted is left out.",
        "hidden": f"{counted(n['hidden'], 'word')} of hidden text left out.",
        "footnotes": f"{counted(n['footnotes'], 'note')} put after the text, the marks left out.",
        "comments": f"{counted(n['comments'], 'comment')} put after the text they are on.",
        "numbers": f"{counted(n['numbers'], 'automatic number or bullet', 'automatic numbers and bullets')} left out.",
        "soft hyphens": f"{counted(n['soft hyphens'], 'soft hyphen')} left out.",
        "pictures": f"What may be written in {counted(n['pictures'], 'picture')} is not read.",
    }
    return [sentence for what, sentence in said.items() if n[what]]


FORMATS = (Format("OpenDocument", (".odt", ".ott", ".ods", ".ots", ".odp", ".otp"), read),)
