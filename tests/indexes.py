"""What the tests of the living index share: writing files, and telling what an index holds, to compare it with another."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Mapping
from contextlib import closing
from functools import lru_cache
from pathlib import Path

import pytest

from index import readers
from index.encoder import Encoder, HashingEncoder
from index.lexical import LexicalIndex
from index.membership import leave_out
from index.readers import Problem
from index.records import Document
from index.snapshot import Snapshot
from index.speech.people import gather
from index.store import Store
from index.stored import StoredDocument, doc_id_of
from index.sync import sync
from index.vectors import open_vectors

HASHING = HashingEncoder()
QUERIES = ["harbour", "report ship", "войска"]
_clock = itertools.count(1_600_000_000)


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    touch(path)
    return path


def touch(path: Path) -> None:
    stamp = next(_clock)  # two writes within one tick of the file system's clock must not look like none
    os.utime(path, (stamp, stamp))


def encoder_called(name: str) -> Encoder:
    """The hashing encoder as a model of its own."""
    return HASHING if name == HASHING.name else type("Other", (HashingEncoder,), {"name": name, "fingerprint": name})()


def contents(store: Store) -> dict:
    """All that a user can find or be told, without the ids that depend on the order of work."""
    with store.read() as snapshot:
        documents = snapshot.documents()
        places = {}
        passages = {}
        sentences = {}
        for i, document in documents.items():
            of_document = snapshot.passages_of(i)
            vectors_of = snapshot.sentence_vectors({p.vector_id for p in of_document if p.vector_id is not None})
            for p in of_document:
                places[p.id] = (document.doc_id, p.passage.span)
                sentences[document.doc_id, p.passage.span] = vectors_of.get(p.vector_id or 0)
                passages[document.doc_id, p.passage.span] = (p.passage, p.text, p.vector_id is not None)
        body = sum(p.role == "body" for p, _, _ in passages.values())
        lexical = LexicalIndex(snapshot, body)
        vectors = open_vectors(store.folder, snapshot, HASHING.dimension)
        found = {}
        for query in QUERIES:
            found["words", query] = {places[i]: pytest.approx(s) for i, s in lexical.search(query.split(), 10_000)}
            by_vector = dict(vectors.search(HASHING.encode_query(query), 10_000))
            held = snapshot.passage_ids_of_vectors(list(by_vector))
            found["vectors", query] = {
                places[p]: pytest.approx(c, abs=1e-5) for v, c in by_vector.items() for p in held[v]
            }
        entries = snapshot.file_entries()
        return {
            "collections": sorted((str(r.path), r.name) for r in snapshot.roots()),
            "documents": {
                d.doc_id: (d.record, d.text_digest, d.length, d.fidelity, d.genre, d.metadata)
                for d in documents.values()
            },
            # In the order in which each file has them.
            "order": {f.name: [d.doc_id for d in in_file(snapshot, f.name)] for f in snapshot.files()},
            "files": {
                (str(f.location), f.name): (f.status, f.reason, f.encoding, f.digest)
                if f.status != "left out"  # one that is not read may change without notice
                else (f.status, f.reason)
                for f in snapshot.files()
            },
            "came of them": {e.state.name: (e.documents, e.passages, e.first, e.problems) for e in entries},
            "problems": sorted(snapshot.problems()),
            "passages": passages,
            "vectors": sorted(data for _, data in snapshot.vectors()),
            "sentences": sentences,
            "conversations": sorted(
                sorted(documents[d].doc_id for d in {n.document_id for n in snapshot.turns_around({i}, 99)})
                for i in documents
            ),
            "found": found,
            "said": {
                d.doc_id: [(u.utterance, u.person) for u in snapshot.utterances(d.id)] for d in documents.values()
            },
            "authors": {d.doc_id: d.author for d in documents.values()},
            "people": snapshot.people(),
            "spoken": snapshot.spoken(),
            "roles": snapshot.roles(),
            "newest": snapshot.newest(),
            "counts": snapshot.counts(),
            "pipeline": snapshot.meta("pipeline"),
        }


def in_file(snapshot: Snapshot, name: str) -> list:
    """The documents of a file in its order."""
    rows = snapshot._db.execute("SELECT id FROM document ORDER BY file_id, ordinal").fetchall()
    documents = snapshot.documents()
    return [documents[i] for (i,) in rows if documents[i].file.name == name]


def commit(store: Store) -> str:
    with store.read() as snapshot:
        return snapshot.commit


def doc_ids(store: Store) -> set[str]:
    with store.read() as snapshot:
        return {d.doc_id for d in snapshot.documents().values()}


def built(
    place: Path,
    roots: Collection[Path],
    names: Mapping[Path, str] = {},
    out: Collection[Path] = (),
    encoder: Encoder = HASHING,
) -> Store:
    """A fresh build of some folders, with some files left out."""
    made = Store(place / f"fresh{next(_clock)}")
    sync(made, encoder, list(roots), names=names)
    with made.read() as snapshot:
        known = [f.name for f in snapshot.files() if f.location in out]
    for name in known:
        leave_out(made, name)
    return made


def fresh(place: Path, *roots: Path) -> dict:
    return contents(built(place, roots))


def vector_digests(database: Path) -> set[str]:
    """The vectors that a database keeps, whether anything uses them or not."""
    if not database.exists():
        return set()
    with closing(sqlite3.connect(database)) as db:
        try:
            return {d for (d,) in db.execute("SELECT digest FROM vector")}
        except sqlite3.OperationalError:  # it was not made yet
            return set()


# Law 1 for a whole commit


class Library:
    """All bytes that were ever written, by digest: a commit is whole if each of its files holds just what some bytes give."""

    def __init__(self) -> None:
        self._bytes: dict[str, bytes] = {}

    def keep(self, content: str | bytes) -> None:
        data = content if isinstance(content, bytes) else content.encode()
        self._bytes[hashlib.sha256(data).hexdigest()] = data

    def keep_folder(self, folder: Path) -> None:
        for path in folder.rglob("*"):
            if path.is_file():
                self.keep(path.read_bytes())

    def text_of(self, document: StoredDocument, data: bytes) -> str | None:
        """The text of a document as some bytes of its file have it."""
        found = _given(data, document.file.location.name).get(document.record)
        return found.text if found else None

    def check(self, snapshot: Snapshot) -> None:
        """The commit is one that a reader may see: every file whole, every passage a slice, nothing left over from others."""
        files = snapshot.files()
        by_file = defaultdict(dict)
        for document in snapshot.documents().values():
            by_file[document.file.name][document.record] = document
        ranked = set()
        for state in files:
            stored = by_file.pop(state.name, {})
            given = _given(self._bytes[state.digest], state.location.name) if state.status == "read" else {}
            assert {r: d.text_digest for r, d in stored.items()} == {r: d.digest for r, d in given.items()}, state.name
            for record, document in stored.items():
                assert document.doc_id == doc_id_of(state.name, record)
                text = given[record].text
                for passage in snapshot.passages_of(document.id):
                    assert passage.text == passage.passage.span.of(text) and passage.text.strip()
                    assert (passage.vector_id is not None) == (passage.passage.role == "body")
                    if passage.vector_id is not None:
                        ranked.add(passage.id)
                for said in snapshot.utterances(document.id):
                    assert all(0 <= s.start < s.end <= len(text) for s in said.utterance.parts)
        assert not by_file, "documents of no file"
        assert ranked == snapshot.ranked_passages()
        in_words = {i for (i,) in snapshot._db.execute("SELECT rowid FROM full_text")}
        assert in_words == ranked
        used = {i for i, _ in snapshot.vectors()}
        assert used == snapshot.vectors_of_passages(ranked)
        together = gather(snapshot.known())
        told = [json.dumps(e.as_json(), ensure_ascii=False) for e in together.entries]
        assert sorted(told) == sorted(snapshot.people()), "the speakers are those of other documents"
        assert snapshot._db.execute("PRAGMA foreign_key_check").fetchall() == []


@lru_cache(maxsize=4096)
def _given(data: bytes, name: str) -> dict[str | None, Document]:
    """What a reader gives for some bytes, by record."""
    return {item.record: item for item in readers.read(data, name).items if not isinstance(item, Problem)}
