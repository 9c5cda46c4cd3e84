"""Proving a quote: the document is read from its file again, and the words have to stand there at their offsets.

Size and modification time never spare this, they only spare parsing a file twice in a row: a text read from a file that
since looks the same on disk is kept in memory.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from index import readers
from index.errors import UnreadableFile
from index.readers import Problem
from index.records import Document, Span, text_digest
from index.store import StoredDocument
from retrieval.records import Proof

_KEPT_CHARACTERS = 50_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """A document as it is on disk now, and how that compares with what was indexed. `document` is None when it is not there."""

    proof: Proof
    document: Document | None
    notice: str | None = None

    def quote(self, span: Span, indexed: str) -> str | None:
        """The words at `span`, if they are the ones that were `indexed` there."""
        if self.document is None:
            return None
        words = span.of(self.document.text)
        return words if words == indexed else None


class SourceReader:
    """Reads documents back from their files. Safe to share between threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple, Document] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, documents: Iterable[StoredDocument]) -> dict[int, Source]:
        """The sources of stored documents by internal id; those of one file are read in one pass."""
        by_file: dict[Path, list[StoredDocument]] = {}
        for document in documents:
            by_file.setdefault(document.file.location, []).append(document)
        return {d.id: source for path, wanted in by_file.items() for d, source in self._read_file(path, wanted)}

    def _read_file(self, path: Path, wanted: list[StoredDocument]) -> list[tuple[StoredDocument, Source]]:
        name = wanted[0].file.name
        try:
            found = self._current(path, [d.record for d in wanted])
        except FileNotFoundError:
            return [(d, Source("gone", None, f"{name} is no longer there: run `dixit index`.")) for d in wanted]
        except OSError as error:
            return [(d, Source("unreadable", None, f"{name} cannot be opened now ({error.strerror}).")) for d in wanted]
        except UnreadableFile as error:
            return [(d, Source("unreadable", None, f"{name} cannot be read now ({error}).")) for d in wanted]
        return [(d, _compared(d, found.get(d.record))) for d in wanted]

    def _current(self, path: Path, records: list[str | None]) -> dict[str | None, Document]:
        stat = path.stat()
        signature = (path, stat.st_ino, stat.st_size, stat.st_mtime_ns)
        with self._lock:
            found = {r: self._kept[signature, r] for r in records if (signature, r) in self._kept}
        missing = {r for r in records if r not in found}
        if missing:
            only = {r for r in missing if r is not None} or None
            for item in readers.read(path.read_bytes(), path.name, only).items:
                if not isinstance(item, Problem) and item.record in missing:
                    found[item.record] = item
                    self._keep((signature, item.record), item)
        return found

    def _keep(self, key: tuple, document: Document) -> None:
        with self._lock:
            self._kept[key] = document
            while len(self._kept) > 1 and sum(len(d.text) for d in self._kept.values()) > _KEPT_CHARACTERS:
                self._kept.popitem(last=False)


def _compared(stored: StoredDocument, document: Document | None) -> Source:
    if document is None:
        return Source("gone", None, f"Record {stored.record} is no longer in {stored.file.name}: run `dixit index`.")
    if text_digest(document.text) != stored.text_digest:
        return Source("changed", document, f"{stored.file.name} has changed since it was indexed: run `dixit index`.")
    return Source("verified", document)
