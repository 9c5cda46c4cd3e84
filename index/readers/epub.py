"""EPUB: the chapters of a book in the order in which it is read, each laid out as a web page; the chapter is the place.

Read by the standards (EPUB 2 and 3): container.xml names the package document, whose spine is the order of reading; the table of
contents tells what chapters are called, and where in a file they begin.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from index.dates import read_date
from index.errors import UnreadableFile
from index.readers.base import Format, Options, Problem, Reading, decode
from index.readers.html import lay_out_page
from index.readers.html.parsing import parsed
from index.readers.packages import Package, parse_xml
from index.records import Block, Document, Locator, Metadata, Span

if TYPE_CHECKING:
    from lxml.etree import _Element

    from index.readers.html import Page

_PAGES = {"application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document"}
_FONTS_ONLY = {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
"""What hides embedded fonts from copying; the text is not touched by it."""
_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[\]<>]*>")
_DECLARED = re.compile(rb"<\?xml[^>]{0,100}encoding=[\"']([\w.:-]+)")
_EMPTY_ELEMENT = re.compile(r"<([A-Za-z][\w:.-]{0,60})(?=[\s/])([^<>]*)/>")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_NOT_SAID = {"unknown", "unbekannt", "[no data]", "none", "n/a", "untitled", "author", "title"}
_FIRST_YEAR = "1450"  # of print; Calibre writes the year 101 for a date that it does not know


@dataclass(frozen=True, slots=True)
class _Chapter:
    """An entry of the table of contents: a title, and the place that it leads to, from the root of the package."""

    title: str
    path: str
    fragment: str


@dataclass(frozen=True, slots=True)
class _Item:
    """A page of the book. `beside`: it is its cover or its table of contents."""

    path: str
    beside: bool


def read(data: bytes, name: str, options: Options = Options()) -> Reading:
    package = Package(data, "Calibre or another editor", "EPUB")
    where = _package_document(package)
    opf = package.xml(where)
    items = _spine(opf, posixpath.dirname(where))
    _refuse_locked(package, {item.path for item in items})
    book = _Book(_contents(package, opf, posixpath.dirname(where)))
    problems: list[Problem] = []
    for item in items:
        try:
            decoded = decode(part := package.read(item.path), _declared(part))
            book.add(item, lay_out_page(_as_html(decoded.text), main=False))
        except UnreadableFile as error:
            problems.append(Problem(item.path, str(error)))
    if not book.blocks:
        raise UnreadableFile(problems[0].reason if problems else "the book holds no text: its pages are pictures")
    return Reading("", iter([book.document(_metadata(opf)), *problems]))


class _Book:
    """The text under construction. Offsets are born here: a page's are moved by the length of all pages before it."""

    def __init__(self, chapters: list[_Chapter]) -> None:
        self._chapters: dict[str, list[_Chapter]] = {}
        for chapter in chapters:
            self._chapters.setdefault(chapter.path.lower(), []).append(chapter)
        self._parts: list[str] = []
        self._length = 0
        self.blocks: list[Block] = []
        self._locators: list[Locator] = []
        self._notes: dict[str, None] = {}

    def add(self, item: _Item, page: Page) -> None:
        if not page.blocks:
            return
        if self._parts:
            self._parts.append("\n\n")
            self._length += 2
        for start, title in self._begun(item, page):
            self._locators.append(Locator(self._length + start, "chapter", title, len(self._locators) + 1))
        for block in page.blocks:
            span = Span(self._length + block.span.start, self._length + block.span.end)
            kind = "apparatus" if item.beside else block.kind
            self.blocks.append(Block(kind, span, len(self.blocks) + 1))
        self._parts.append(page.text)
        self._length += len(page.text)
        self._notes |= dict.fromkeys(page.notes)

    def _begun(self, item: _Item, page: Page) -> list[tuple[int, str]]:
        """Where in a page chapters begin, and their titles. A page that none begins in goes on with the one before it."""
        places: dict[int, str] = {}
        for chapter in self._chapters.get(item.path.lower(), []):
            start = page.names.get(chapter.fragment, 0) if chapter.fragment else 0
            if start < len(page.text):
                places.setdefault(start, chapter.title)
        if not places and (not self._chapters or not self._locators):
            places[0] = next((_line(b.span.of(page.text)) for b in page.blocks if b.kind == "heading"), "")
        elif 0 not in places and not self._locators:
            places[0] = ""
        return sorted(places.items())

    def document(self, metadata: Metadata) -> Document:
        text = "".join(self._parts)
        blocks, locators = tuple(self.blocks), tuple(self._locators)
        return Document(text, blocks, metadata, "extracted", locators=locators, notes=tuple(self._notes))


def _package_document(package: Package) -> str:
    if "META-INF/container.xml" in package:
        for element in _named(package.xml("META-INF/container.xml"), "rootfile"):
            path = unquote(element.get("full-path") or "").lstrip("/")
            if path in package:
                return path
    found = [path for path in package.names() if path.lower().endswith(".opf")]
    if not found:
        raise UnreadableFile("not a whole EPUB: nothing in it tells the order of its pages")
    return found[0]


def _spine(opf: _Element, folder: str) -> list[_Item]:
    manifest = {item.get("id"): item for item in _named(opf, "item")}
    guide = {
        _joined(folder, reference.get("href"))[0]
        for reference in _named(opf, "reference")
        if (reference.get("type") or "").lower() in ("cover", "toc")
    }
    found: dict[str, _Item] = {}
    for reference in _named(opf, "itemref"):
        item = manifest.get(reference.get("idref"))
        if item is None or (item.get("media-type") or "").lower() not in _PAGES:
            continue
        path = _joined(folder, item.get("href"))[0]
        beside = path in guide or "nav" in (item.get("properties") or "").split()
        found.setdefault(path, _Item(path, beside))
    return list(found.values())


def _contents(package: Package, opf: _Element, folder: str) -> list[_Chapter]:
    """The table of contents: that of EPUB 3, else that of EPUB 2. One that cannot be read costs the chapters' titles."""
    items = _named(opf, "item")
    navigation = [i for i in items if "nav" in (i.get("properties") or "").split()]
    ncx = [i for i in items if i.get("media-type") == "application/x-dtbncx+xml"]
    for item, entries in [*((i, _in_navigation) for i in navigation), *((i, _in_ncx) for i in ncx)]:
        path = _joined(folder, item.get("href"))[0]
        try:
            found = [
                _Chapter(_line(title), *_joined(posixpath.dirname(path), href))
                for title, href in entries(package.read(path))
            ]
        except UnreadableFile:
            continue
        if found := [chapter for chapter in found if chapter.title and chapter.path in package]:
            return found
    return []


def _in_navigation(data: bytes) -> Iterator[tuple[str, str]]:
    tree = parsed(_as_html(decode(data, _declared(data)).text))
    lists = tree.css("nav")
    of_contents = [
        n for n in lists if "toc" in f"{n.attributes.get('epub:type')} {n.attributes.get('role')}".split(" ")
    ]
    for link in (of_contents or lists)[0].css("a[href]") if lists else []:
        yield link.text() or "", link.attributes["href"] or ""


def _in_ncx(data: bytes) -> Iterator[tuple[str, str]]:
    for point in _named(parse_xml(_DOCTYPE.sub(b"", data), "its table of contents", "another editor"), "navPoint"):
        label = next(iter(_named(point, "text")), None)
        content = next(iter(_named(point, "content")), None)
        if label is not None and content is not None:
            yield label.text or "", content.get("src") or ""


def _refuse_locked(package: Package, pages: set[str]) -> None:
    if "META-INF/encryption.xml" not in package:
        return
    for encrypted in _named(package.xml("META-INF/encryption.xml"), "EncryptedData"):
        method = next((m.get("Algorithm") for m in _named(encrypted, "EncryptionMethod")), None)
        what = {unquote(reference.get("URI") or "").lstrip("/") for reference in _named(encrypted, "CipherReference")}
        if method not in _FONTS_ONLY and what & pages:
            raise UnreadableFile("its text is locked (DRM), and only its seller's program opens it: leave it out")


def _metadata(opf: _Element) -> Metadata:
    said: dict[str, list[str]] = {}
    for element in opf.iter("{http://purl.org/dc/elements/1.1/}*", "{http://purl.org/dc/elements/1.0/}*"):
        value = _line("".join(element.itertext()))
        if value and value.lower() not in _NOT_SAID:
            said.setdefault(element.tag.rpartition("}")[2].lower(), []).append(value)
    dates = [read for raw in said.get("date", ()) if (read := read_date(raw)) and read.iso >= _FIRST_YEAR]
    date = min(
        dates, key=lambda read: read.iso, default=None
    )  # where there are several, the later ones are of conversions
    extra = {"identifier": next(iter(said.get("identifier", ())), None), "subject": ", ".join(said.get("subject", ()))}
    return Metadata(
        title=next(iter(said.get("title", ())), None),
        published=date.iso if date else None,
        published_note=date.note if date else None,
        author=", ".join(dict.fromkeys(said.get("creator", ()))) or None,
        source=next(iter(said.get("publisher", ())), None),
        language=next((code for code in said.get("language", ()) if code.lower() not in ("und", "zxx")), None),
        extra={key: value for key, value in extra.items() if value},
    )


def _as_html(markup: str) -> str:
    """XHTML with its empty elements closed: `<title/>` and `<a id="x"/>` do not end, to a parser of HTML."""
    return _EMPTY_ELEMENT.sub(lambda m: m[0] if m[1].lower() in _VOID else f"<{m[1]}{m[2]}></{m[1]}>", markup)


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data[:400])
    return match[1].decode("ascii", "replace") if match else None


def _joined(folder: str, href: str | None) -> tuple[str, str]:
    """The path in the package that a reference leads to, and the fragment."""
    try:
        parts = urlsplit(href or "")
    except ValueError:
        return "", ""
    return posixpath.normpath(posixpath.join("/", folder, unquote(parts.path))).lstrip("/"), unquote(parts.fragment)


def _named(root: _Element, name: str) -> list[_Element]:
    """The elements of a name, of whatever name space."""
    return list(root.iter(f"{{*}}{name}"))


def _line(words: str) -> str:
    return " ".join(words.split())


FORMATS = (Format("EPUB", (".epub",), read),)
