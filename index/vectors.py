"""Searching vectors: one small interface, FAISS behind it, and exact arithmetic as its oracle.

The FAISS file is derived from the store and named after the commit whose vectors it holds and the checksum of its bytes:
a file that is missing, half written, damaged or of another commit is simply not the one that is looked for, and the index
is built from the store's vectors instead, without embedding anything.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import numpy as np

from index.snapshot import Snapshot

_PART = 4096  # vectors read at a time
_FILE = re.compile(r"vectors-(?P<commit>[0-9a-f]{32})-(?P<crc>[0-9a-f]{8})\.faiss$")


class VectorIndex(Protocol):
    """Unit vectors by id. Scores are cosines."""

    def search(self, query: np.ndarray, depth: int, among: Collection[int] | None = None) -> list[tuple[int, float]]:
        """(id, cosine) of the `depth` nearest vectors, `among` some or all, nearest first. `query` has shape (dimension,)."""

    def scores(self, query: np.ndarray, ids: Sequence[int]) -> dict[int, float]:
        """Cosines of those of the given vectors that there are."""


class ExactVectors:
    """The definition itself: every cosine, sorted; equal ones by id."""

    def __init__(self, ids: np.ndarray, matrix: np.ndarray) -> None:
        self._ids, self._matrix = ids, matrix
        self._row = {int(i): r for r, i in enumerate(ids)}

    def search(self, query: np.ndarray, depth: int, among: Collection[int] | None = None) -> list[tuple[int, float]]:
        cosines = self._matrix @ query
        order = np.lexsort((self._ids, -cosines))
        found = [(int(self._ids[r]), float(cosines[r])) for r in order]
        return [(i, cosine) for i, cosine in found if among is None or i in among][:depth]

    def scores(self, query: np.ndarray, ids: Sequence[int]) -> dict[int, float]:
        return {i: float(self._matrix[self._row[i]] @ query) for i in ids if i in self._row}


class FaissVectors:
    """FAISS IndexIDMap2 over IndexFlatIP: exact search, whose vectors can be had back by id."""

    def __init__(self, index) -> None:
        import faiss

        self._index = index
        self._ids = frozenset(faiss.vector_to_array(index.id_map).tolist())

    @classmethod
    def build(cls, parts: Iterable[tuple[np.ndarray, np.ndarray]], dimension: int) -> FaissVectors:
        """Of ids, shape (n,), and vectors, shape (n, dimension), part by part: no second copy of all of them is ever held."""
        import faiss

        index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        for ids, matrix in parts:
            index.add_with_ids(np.ascontiguousarray(matrix, np.float32), ids.astype(np.int64))
        return cls(index)

    def search(self, query: np.ndarray, depth: int, among: Collection[int] | None = None) -> list[tuple[int, float]]:
        import faiss

        depth = min(depth, self._index.ntotal)
        if not depth:
            return []
        chosen = None
        if among is not None:
            selector = faiss.IDSelectorBatch(np.fromiter(sorted(among), np.int64, len(among)))
            chosen = faiss.SearchParameters(sel=selector)
        cosines, ids = self._index.search(query[None, :].astype(np.float32), depth, params=chosen)
        return [(int(i), float(c)) for i, c in zip(ids[0], cosines[0]) if i >= 0]

    def scores(self, query: np.ndarray, ids: Sequence[int]) -> dict[int, float]:
        ids = [i for i in ids if i in self._ids]
        if not ids:
            return {}
        matrix = self._index.reconstruct_batch(np.asarray(ids, np.int64))
        return dict(zip(ids, (matrix @ query).tolist()))

    def holds_just(self, stored: Iterable[tuple[np.ndarray, np.ndarray]]) -> bool:
        """Whether it holds these vectors, ids and matrix part by part, to the bit, and no others."""
        held = set(self._ids)
        for ids, matrix in stored:
            if not held.issuperset(ids.tolist()) or not np.array_equal(self._index.reconstruct_batch(ids), matrix):
                return False
            held.difference_update(ids.tolist())
        return not held

    def save(self, folder: Path, commit: str) -> None:
        """Write the file of `commit` whole, then let go of the files of other commits. Raises OSError."""
        import faiss

        temporary = folder / f"vectors-{commit}.part"
        try:
            try:
                faiss.write_index(self._index, str(temporary))
            except RuntimeError as error:  # so FAISS tells of a disk that is full
                raise OSError(f"{temporary} cannot be written ({error})") from error
            with temporary.open("rb+") as file:
                os.fsync(file.fileno())
            path = folder / f"vectors-{commit}-{_crc(temporary):08x}.faiss"
            shutil.rmtree(path, ignore_errors=True)  # of that name there can only be a file
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        for other in [*folder.glob("vectors-*.faiss"), *folder.glob("*.part")]:
            if other != path:
                other.unlink(missing_ok=True)

    @classmethod
    def load(cls, folder: Path, commit: str) -> FaissVectors | None:
        """The index of `commit` from its file, or None when there is no whole one."""
        import faiss

        for path in folder.glob(f"vectors-{commit}-*.faiss"):
            match = _FILE.match(path.name)
            # RuntimeError: it went this moment, or another FAISS wrote it, which this one does not understand.
            with suppress(OSError, RuntimeError):
                if match and int(match["crc"], 16) == _crc(path):
                    return cls(faiss.read_index(str(path)))
        return None


def open_vectors(folder: Path, snapshot: Snapshot, dimension: int) -> FaissVectors:
    """The vector index of the snapshot's commit: its file if that is whole, else built from the store."""
    return FaissVectors.load(folder, snapshot.commit) or FaissVectors.build(
        stored_vectors(snapshot, dimension), dimension
    )


def stored_vectors(snapshot: Snapshot, dimension: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """All vectors in use, part by part: ids of shape (n,), float32 matrix of shape (n, dimension)."""
    rows = snapshot.vectors()
    while part := list(itertools.islice(rows, _PART)):
        ids = np.fromiter((i for i, _ in part), np.int64, len(part))
        yield ids, np.frombuffer(b"".join(data for _, data in part), np.float32).reshape(len(part), dimension)


def _crc(path: Path) -> int:
    crc = 0
    with path.open("rb") as file:
        while data := file.read(1 << 20):
            crc = zlib.crc32(data, crc)
    return crc


def sentence_vectors(snapshot: Snapshot, vector_ids: Collection[int], dimension: int) -> dict[int, np.ndarray]:
    """float32 of shape (sentences, dimension), rows of length 1: those of a passage's sentences, by the id of its vector."""
    rows = snapshot.sentence_vectors(vector_ids)
    return {i: np.frombuffer(data, np.float16).reshape(-1, dimension).astype(np.float32) for i, data in rows.items()}
