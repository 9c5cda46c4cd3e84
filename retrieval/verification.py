"""Proving a quote: the words have to stand in the file, now, at their offsets.

A text that is its file's own is decoded from it again. What was drawn out of a file (a PDF, a web page) is kept in the index with
the digest of the file's bytes: while the file has that digest, it says just that, and it is not taken apart again. What was read
is kept in memory while the file's stamp (inode, size, times of modification and change) stays the same; that spares reading a
file twice in a row, not the comparison.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from index import readers
from index.errors import UnreadableFile
from index.layout import Rect, rectangles
from index.readers import Problem
from index.records import Document, Layout, Span, text_digest
from index.snapshot import Snapshot
from index.stored import FileState, StoredDocument, StoredPassage, stamp_of
from retrieval.records import Proof

_KEPT_CHARACTERS = 50_000_000
_KEPT_DIGESTS = 10_000
_KEPT_LAYOUTS = 8


@dataclass(frozen=True, slots=True)
class Source:
    """A document as it is on disk now, and how that compares with what was indexed. `document` is None when it is not there."""

    proof: Proof
    document: Document | None
    notice: str | None = None

    @property
    def proved_text(self) -> str | None:
        """The document's text where it is the indexed one; None where it is not, or not there."""
        return self.document.text if self.document is not None and self.proof == "verified" else None

    def quote(self, span: Span, passages: Iterable[StoredPassage]) -> str | None:
        """The words at `span`, if they are the indexed ones: each of the `passages` that it runs over, in order, stands at its
        place word for word, and between them there are only blanks."""
        if self.document is None or span.end > len(self.document.text):
            return None
        text, at = self.document.text, span.start
        for stored in passages:
            own = stored.passage.span
            if own.of(text) != stored.text or text[at : own.start].strip():
                return None
            at = max(at, own.end)
        return span.of(text) if at > span.start and not text[at : span.end].strip() else None


class SourceReader:
    """Reads documents back from their files. Safe to share between threads."""

    def __init__(self) -> None:
        self._layouts: OrderedDict[tuple[str, str], Layout] = OrderedDict()
        self._digests: OrderedDict[Path, tuple[str, str | None]] = OrderedDict()
        self._kept: OrderedDict[tuple[Path, str | None], tuple[str, Document]] = OrderedDict()
        self._characters = 0
        self._lock = threading.Lock()

    def of(self, snapshot: Snapshot) -> Sources:
        """To read the documents of one commit."""
        return Sources(self, snapshot)

    def read(self, documents: Iterable[StoredDocument], snapshot: Snapshot) -> dict[int, Source]:
        """The sources of stored documents by internal id; those of one file are read in one pass."""
        by_file: dict[Path, list[StoredDocument]] = {}
        for document in documents:
            by_file.setdefault(document.file.location, []).append(document)
        return {
            d.id: source for path, wanted in by_file.items() for d, source in self._read_file(path, wanted, snapshot)
        }

    def _read_file(
        self, path: Path, wanted: list[StoredDocument], snapshot: Snapshot
    ) -> list[tuple[StoredDocument, Source]]:
        name = wanted[0].file.name
        try:
            if readers.is_parsed(path.name):
                same = self._digest(path) == wanted[0].file.digest
                return [(d, self._kept_source(path, d, snapshot) if same else _changed(d)) for d in wanted]
            found = self._current(path, [d.record for d in wanted])
        except FileNotFoundError:
            return [(d, Source("gone", None, _gone(wanted[0].file))) for d in wanted]
        except OSError as error:
            return [(d, Source("unreadable", None, f"{name} cannot be opened now ({error.strerror}).")) for d in wanted]
        except UnreadableFile as error:
            return [(d, Source("unreadable", None, f"{name} cannot be read now ({error}).")) for d in wanted]
        return [(d, _compared(d, found.get(d.record))) for d in wanted]

    def _current(self, path: Path, records: list[str | None]) -> dict[str | None, Document]:
        stamp = _stamp(path)
        found: dict[str | None, Document] = {}
        with self._lock:
            for record in records:
                kept, document = self._kept.get((path, record), ("", None))
                if document is not None and kept == stamp:
                    self._kept.move_to_end((path, record))
                    found[record] = document
        missing = {r for r in records if r not in found}
        if missing:
            only = {r for r in missing if r is not None} or None
            for item in readers.read(path.read_bytes(), path.name, readers.Options(only)).items:
                if not isinstance(item, Problem) and item.record in missing:
                    found[item.record] = item
                    self._keep((path, item.record), stamp, item)
        return found

    def layout(self, stored: StoredDocument, snapshot: Snapshot) -> Layout | None:
        """Where the text of a document stands on its pages. Unpacking that of a thick book takes a moment, so the last are kept."""
        if not any(x.kind == "page" for x in stored.locators):
            return None
        key = (stored.file.digest, stored.text_digest)
        with self._lock:
            known = self._layouts.get(key)
        layout = known or snapshot.layout(stored.id)
        if layout is not None:
            with self._lock:
                self._layouts[key] = layout
                self._layouts.move_to_end(key)
                while len(self._layouts) > _KEPT_LAYOUTS:
                    self._layouts.popitem(last=False)
        return layout

    def _digest(self, path: Path) -> str | None:
        """That of a file's bytes, read anew when its stamp is another."""
        stamp = _stamp(path)
        with self._lock:
            known, digest = self._digests.get(path, ("", None))
        if known != stamp:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            with self._lock:
                self._digests[path] = (stamp, digest)
                while len(self._digests) > _KEPT_DIGESTS:
                    self._digests.popitem(last=False)
        return digest

    def _kept_source(self, path: Path, stored: StoredDocument, snapshot: Snapshot) -> Source:
        """A document of a file that is what it was."""
        key, stamp = (path, stored.record), f"{stored.file.digest}:{stored.text_digest}"
        with self._lock:
            known, document = self._kept.get(key, ("", None))
        if document is None or known != stamp:
            document = snapshot.kept(stored)
            if document is None or document.digest != stored.text_digest:
                return Source(
                    "unreadable", None, f"What is kept of {stored.doc_id} is damaged: `dixit status --repair`."
                )
            self._keep(key, stamp, document)
        return Source("verified", document)

    def _keep(self, key: tuple[Path, str | None], stamp: str, document: Document) -> None:
        """Keep a document in place of an older state of it, letting go of those that were not asked for longest."""
        with self._lock:
            _, before = self._kept.pop(key, ("", None))
            self._kept[key] = (stamp, document)
            self._characters += len(document.text) - (len(before.text) if before else 0)
            while self._characters > _KEPT_CHARACTERS and len(self._kept) > 1:
                _, (_, oldest) = self._kept.popitem(last=False)
                self._characters -= len(oldest.text)


class Sources:
    """What the documents of one commit say in their files now."""

    def __init__(self, reader: SourceReader, snapshot: Snapshot) -> None:
        self._reader, self._snapshot = reader, snapshot

    def read(self, documents: Iterable[StoredDocument]) -> dict[int, Source]:
        """The sources of stored documents by internal id; those of one file are read in one pass."""
        return self._reader.read(documents, self._snapshot)

    def rectangles(self, stored: StoredDocument, span: Span) -> tuple[Rect, ...]:
        """Where on its pages the words at `span` of a document stand: nowhere, if it has none."""
        layout = self._reader.layout(stored, self._snapshot)
        return rectangles(layout, span) if layout else ()


def _stamp(path: Path) -> str:
    if path.exists() and not path.is_file():
        raise UnreadableFile("it is no file any more")
    return stamp_of(path.stat())


def _changed(stored: StoredDocument, document: Document | None = None) -> Source:
    return Source("changed", document, f"{stored.file.name} has changed since it was indexed: run `dixit index`.")


def _gone(file: FileState) -> str:
    if not file.root.path.exists():
        return f"{file.root.path} is not there now: bring it back, or `dixit forget` it."
    return f"{file.name} is no longer there: run `dixit index`."


def _compared(stored: StoredDocument, document: Document | None) -> Source:
    if document is None:
        return Source("gone", None, f"Record {stored.record} is no longer in {stored.file.name}: run `dixit index`.")
    if text_digest(document.text) != stored.text_digest:
        return _changed(stored, document)
    return Source("verified", document)
