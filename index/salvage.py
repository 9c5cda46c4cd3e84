"""What can be kept of a database that is made again, whatever version made it and however damaged it is: which collections there
were, what its user decided about files, and vectors that are whole.

Nothing here raises: what cannot be read is not kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

import numpy as np

from index.snapshot import batches, marks
from index.stored import FileState, Root
from index.writer import Writer, vector_crc


class Salvage:
    """Databases to keep from: the first that has something gives it."""

    def __init__(self, databases: Sequence[Path]) -> None:
        self._databases = [d for d in databases if d.exists()]

    def carry_over(self, writer: Writer) -> None:
        """Put the collections, and the files that are left out, into a new database."""
        roots = {r.id: r for r in self.roots()}
        for root in roots.values():
            writer.add_root(root)
        if self.meta("ocr") == "yes":
            writer.set_meta("ocr", "yes")
        left_out = "SELECT root_id, path, stamp, digest FROM file WHERE status = 'left out'"
        for root_id, path, stamp, digest in self._rows(left_out):
            if root_id in roots:
                writer.put_file(FileState(roots[root_id], path, stamp, digest, "left out"))

    def carry_names(self, writer: Writer) -> None:
        """Let files that were read again be found, in a new database, by the names that they had, but for those in use."""
        here = {(f.root.id, f.path): f for f in writer.files()}
        used = {f.name for f in here.values()}
        names = self._rows("SELECT name, root_id, path FROM formerly JOIN file ON file.id = file_id")
        roots = {r.id: r for r in self.roots()}
        for root_id, path in self._rows("SELECT root_id, path FROM file WHERE status = 'read'"):
            if root_id in roots:
                names.append((FileState(roots[root_id], path, "", "", "read").name, root_id, path))
        for name, root_id, path in names:
            if name not in used and (root_id, path) in here:
                writer.remember_name(name, here[root_id, path])

    def roots(self) -> list[Root]:
        """The collections there were."""
        rows = self._rows("SELECT id, path, name, device FROM root ORDER BY id") or [
            (*row, "")
            for row in self._rows("SELECT id, path, name FROM root ORDER BY id")  # of an older version
        ]
        return [Root(id_, Path(path), name, device) for id_, path, name, device in rows]

    def held_roots(self) -> set[int]:
        """The collections that files are known of, by internal id."""
        return {i for (i,) in self._rows("SELECT DISTINCT root_id FROM file")}

    def meta(self, key: str) -> str | None:
        """Something that was noted of the whole index."""
        return next((value for (value,) in self._rows("SELECT value FROM meta WHERE key = ?", (key,))), None)

    def vectors(self, digests: Collection[str], dimension: int) -> Iterator[tuple[str, bytes, bytes]]:
        """(digest, vector, vectors of sentences) of those that are whole."""
        missing = set(digests)
        for database in self._databases:
            for part in batches(sorted(missing)):
                for crc in ("crc", "NULL"):  # an older version had none
                    rows = _read(
                        database,
                        f"SELECT digest, data, sentences, {crc} FROM vector WHERE digest IN ({marks(part)})",
                        part,
                    )
                    for row in rows:
                        if row[0] in missing and _is_whole(*row, dimension):
                            missing.discard(row[0])
                            yield row[:3]
                    if rows:
                        break

    def _rows(self, query: str, values: Sequence = ()) -> list[tuple]:
        return next((rows for d in self._databases if (rows := _read(d, query, values))), [])


def _read(database: Path, query: str, values: Sequence = ()) -> list[tuple]:
    """The rows that can be read, those before the first that cannot."""
    found: list[tuple] = []
    address = f"file:{quote(str(database.absolute()))}?mode=ro"
    with suppress(sqlite3.Error, UnicodeDecodeError), closing(sqlite3.connect(address, uri=True, timeout=30)) as db:
        for row in db.execute(query, values):
            found.append(row)
    return found


def _is_whole(digest: str, data: object, sentences: object, crc: int | None, dimension: int) -> bool:
    """Whether a row of vectors is one, of this many dimensions."""
    if not isinstance(data, bytes) or not isinstance(sentences, bytes):
        return False
    if len(data) != 4 * dimension or len(sentences) % (2 * dimension):
        return False
    if crc is not None:
        return vector_crc(digest, data, sentences) == crc
    return bool(abs(float(np.linalg.norm(np.frombuffer(data, np.float32))) - 1) < 1e-3)
