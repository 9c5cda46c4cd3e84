"""Files that are ZIP packages of XML: Word's, Excel's, PowerPoint's, OpenDocument's, EPUB.

What is unpacked is counted as it is unpacked, whatever the package says of itself; XML with a document type of its own, by which
a small file grows into a large one or reaches out of itself, is refused. No part is looked for outside of the package.
"""

from __future__ import annotations

import io
import lzma
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from index.errors import UnreadableFile
from index.readers.base import MAX_FILE_BYTES, MAX_MEMBERS

if TYPE_CHECKING:
    from lxml.etree import _Element

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 2.3.4.1: where Office puts what it encrypts
_CHUNK = 1 << 20
_RATIO = 200
"""How many times its packed size a part may have that is larger than _CHUNK: prose packs 3 to 10 times, XML of tables 50."""
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    struct.error,
    ValueError,
    NotImplementedError,
)
_BROKEN += (RuntimeError, OverflowError, KeyError)


class Package:
    """A package opened. `program` and `kind` say in messages what it is: "Word", "Word file"."""

    def __init__(self, data: bytes, program: str, kind: str) -> None:
        self._program, self._kind = program, kind
        self._left = MAX_FILE_BYTES
        if data.startswith(_OLE):
            if _ENCRYPTED_STREAM in data:
                raise self.encrypted()
            raise UnreadableFile(f"it is in the format of an older {program}: open it there and save it anew")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except _BROKEN as error:
            raise UnreadableFile(f"it is no whole {kind}: open it in {program} and save it anew") from error
        if len(members) > MAX_MEMBERS:
            raise UnreadableFile(f"it is packed of {len(members):,} parts, more than {MAX_MEMBERS:,}: split it")
        self._members = {m.filename.lower(): m for m in members}

    def __contains__(self, path: str) -> bool:
        return path.lower() in self._members

    def names(self) -> list[str]:
        return [m.filename for m in self._members.values()]

    def encrypted(self) -> UnreadableFile:
        return UnreadableFile(
            f"it is encrypted with a password, which is not supported for {self._kind}s: save it without"
        )

    def read(self, path: str) -> bytes:
        """The bytes of a part. Raises UnreadableFile."""
        return b"".join(self._chunks(path))

    def measure(self) -> None:
        """Unpacks every part of XML to nothing, for a library that unpacks them itself. Raises UnreadableFile."""
        for name in self.names():
            if name.lower().endswith((".xml", ".rels", ".vml")):
                beginning = b""
                for chunk in self._chunks(name):
                    beginning = beginning or chunk[:4096].replace(b"\0", b"")  # UTF-16 reads as ASCII so
                if b"<!DOCTYPE" in beginning or b"<!ENTITY" in beginning:
                    raise self._foreign(name)

    def xml(self, path: str) -> _Element:
        """The root of a part of XML. Raises UnreadableFile."""
        root = parse_xml(self.read(path), path, self._program)
        return root

    def related(self, path: str = "") -> dict[str, list[str]]:
        """The parts that a part names (the package itself: ""), by the last word of what they are to it: "comments"."""
        return {kind: list(found.values()) for kind, found in self.relations(path).items()}

    def relations(self, path: str = "") -> dict[str, dict[str, str]]:
        """As `related`, each part by the id by which it is called."""
        folder, name = posixpath.split(path)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, dict[str, str]] = {}
        if rels not in self:
            return found
        for relation in self.xml(rels):
            target = unquote(relation.get("Target") or "")
            if relation.get("TargetMode") == "External" or not target:
                continue
            part = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            if part in self:
                kind = (relation.get("Type") or "").rpartition("/")[2]
                found.setdefault(kind, {})[relation.get("Id") or ""] = part
        return found

    def _chunks(self, path: str) -> Iterator[bytes]:
        member = self._members.get(path.lower())
        if member is None:
            raise UnreadableFile(f"its part {path} is missing: open it in {self._program} and save it anew")
        if member.flag_bits & 1:
            raise self.encrypted()
        size = 0
        try:
            with self._zip.open(member) as part:
                while chunk := part.read(_CHUNK):
                    size += len(chunk)
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise UnreadableFile(f"unpacks to more than {MAX_FILE_BYTES // 2**20} MiB: split it")
                    if size > _CHUNK and size > _RATIO * member.compress_size:
                        raise UnreadableFile(
                            f"its part {path} unpacks to more than {_RATIO} times its size: it is no honest file"
                        )
                    yield chunk
        except _BROKEN as error:
            raise UnreadableFile(f"its part {path} is damaged: open it in {self._program} and save it anew") from error

    def _foreign(self, path: str) -> UnreadableFile:
        return UnreadableFile(f"its part {path} declares a document type, which no {self._kind} needs: save it anew")


def parse_xml(data: bytes, where: str, program: str) -> _Element:
    """The root of a document of XML that holds neither entities nor a document type. Raises UnreadableFile."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableFile(f"its part {where} is damaged: open it in {program} and save it anew") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableFile(f"its part {where} declares a document type, which it has no need of: save it anew")
    return root


_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
    "http://schemas.openxmlformats.org/drawingml/2006/picture": "pic",
    "http://purl.oclc.org/ooxml/drawingml/picture": "pic",
    "http://schemas.openxmlformats.org/drawingml/2006/diagram": "dgm",
    "http://purl.oclc.org/ooxml/drawingml/diagram": "dgm",
    "http://schemas.openxmlformats.org/drawingml/2006/chart": "c",
    "http://purl.oclc.org/ooxml/drawingml/chart": "c",
    "http://schemas.openxmlformats.org/presentationml/2006/main": "p",
    "http://purl.oclc.org/ooxml/presentationml/main": "p",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "urn:schemas-microsoft-com:vml": "v",
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0": "draw",
    "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0": "presentation",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
    "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0": "svg",
    "urn:oasis:names:tc:opendocument:xmlns:meta:1.0": "meta",
    "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0": "manifest",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://schemas.openxmlformats.org/package/2006/metadata/core-properties": "cp",
}
"""The name spaces of these formats by their usual prefixes; Office's are two, the common ("transitional") and the strict."""


def tag(element: _Element) -> str:
    """The name of an element with the usual prefix: "w:p"; one of another name space has none."""
    space, _, name = element.tag[1:].rpartition("}")
    prefix = _PREFIXES.get(space)
    return f"{prefix}:{name}" if prefix else name


def own(element: _Element, name: str) -> str | None:
    """The value of an attribute in the element's own name space, as Word and OpenDocument write them."""
    return element.get(f"{element.tag.rpartition('}')[0]}}}{name}")


def attribute(element: _Element, name: str) -> str | None:
    """The value of an attribute by its usual name: "style:display"."""
    for key, value in element.items():
        space, _, local = key[1:].rpartition("}")
        if f"{_PREFIXES.get(space)}:{local}" == name:
            return value
    return None


def child(element: _Element | None, *path: str) -> _Element | None:
    """The first element of that name within, then the first within that."""
    for name in path:
        element = next((e for e in element if tag(e) == name), None) if element is not None else None
    return element
