"""The writer's view of the store: all that a snapshot can be asked, and what changes it, in transactions."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import uuid
import zlib
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from index.kept import packed, packed_layout, packed_locators
from index.records import Document, Passage, Span
from index.snapshot import Snapshot, batches, marks
from index.speech.people import gather
from index.speech.records import Speech, Utterance
from index.stored import FileState, Root, doc_id_of
from index.tables import SCHEMA, SCHEMA_VERSION
from index.words import stems


@dataclass(slots=True)
class Transaction:
    """A change being made. Whether it turns out to be one that a reader can see may be told until its end."""

    visible: bool


class Writer(Snapshot):
    """The writer's view: all that a snapshot can be asked, and what changes it. Changes go through `transaction`."""

    @contextmanager
    def transaction(self, visible: bool = True) -> Iterator[Transaction]:
        """All or nothing. A `visible` change gets a new commit id; vectors that nothing uses yet are not visible."""
        transaction = Transaction(visible)
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield transaction
            if transaction.visible:
                self.set_meta("commit", uuid.uuid4().hex)
                self.set_meta("committed_at", _now())
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    @classmethod
    @contextmanager
    def in_memory(cls) -> Iterator[Writer]:
        """The writer of an empty database that is nowhere."""
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
            writer = cls(db)
            with writer.transaction():
                writer.create()
            yield writer

    def create(self) -> None:
        for statement in filter(str.strip, SCHEMA.split(";\n")):
            self._db.execute(statement)
        self.set_meta("schema", SCHEMA_VERSION)

    def set_meta(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def add_root(self, root: Root) -> None:
        values = (root.id, str(root.path), root.name, root.device)
        self._db.execute("INSERT INTO root (id, path, name, device) VALUES (?, ?, ?, ?)", values)

    def locate_root(self, root: Root, device: str) -> None:
        """Note the device that a collection is on."""
        self._db.execute("UPDATE root SET device = ? WHERE id = ?", (device, root.id))

    def remove_root(self, root: Root) -> None:
        for state in self.files():
            if state.root == root:
                self.remove_file(state.root, state.path)
        self._db.execute("DELETE FROM root WHERE id = ?", (root.id,))

    def rename_root(self, root: Root, name: str) -> None:
        """Call a collection otherwise. Its documents are still found by the names that they had."""
        states = [f for f in self.files() if f.root == root]
        self._db.execute("UPDATE root SET name = ? WHERE id = ?", (name, root.id))
        self._name_documents([(f, replace(f, root=replace(root, name=name))) for f in states])

    def give_up_name(self, root: Root) -> None:
        """A collection that is about to be removed leaves its name to another."""
        self._db.execute("UPDATE root SET name = ? WHERE id = ?", (f"\0{root.id}", root.id))

    def known_vectors(self, digests: Iterable[str]) -> dict[str, int]:
        """Ids of those vectors that are already here, by digest."""
        found: dict[str, int] = {}
        for part in batches(digests):
            found |= dict(
                self._db.execute(f"SELECT digest, id FROM vector WHERE digest IN ({marks(part)})", part).fetchall()
            )
        return found

    def add_vectors(self, rows: Iterable[tuple[str, bytes, bytes]]) -> None:
        """Keep vectors: digest, the vector in float32, those of its sentences in float16."""
        self._db.executemany(
            "INSERT OR IGNORE INTO vector (digest, data, sentences, crc) VALUES (?, ?, ?, ?)",
            ((digest, data, sentences, vector_crc(digest, data, sentences)) for digest, data, sentences in rows),
        )

    def remove_unused_vectors(self) -> None:
        self._db.execute(
            "DELETE FROM vector WHERE id NOT IN (SELECT vector_id FROM passage WHERE vector_id IS NOT NULL)"
        )

    def put_file(self, state: FileState, problems: Iterable[tuple[str, str]] = (), kept: Collection[int] = ()) -> int:
        """Record a file in place of what was recorded of it, those of its documents that are `kept` left in it; gives its internal
        id."""
        found = self._file_id(state)
        if found is None:
            found = self._insert(
                "file (root_id, path, stamp, digest, status, reason, encoding, indexed_at, correction)",
                (state.root.id, state.path, state.stamp, state.digest)
                + (state.status, state.reason, state.encoding, _now(), state.correction),
            )
            self._db.execute("DELETE FROM formerly WHERE name = ?", (state.name,))  # it is in use again
        else:
            self._empty_file(found, kept)
            self._db.execute(
                "UPDATE file SET stamp = ?, digest = ?, status = ?, reason = ?, encoding = ?, indexed_at = ?,"
                " correction = ? WHERE id = ?",
                (
                    state.stamp,
                    state.digest,
                    state.status,
                    state.reason,
                    state.encoding,
                    _now(),
                    state.correction,
                    found,
                ),
            )
        self._db.executemany("INSERT INTO problem VALUES (?, ?, ?)", [(found, *p) for p in problems])
        return found

    def touch_file(self, state: FileState) -> None:
        """The file's bytes are the same; only what the disk tells of it is noted anew."""
        key = (state.stamp, state.root.id, state.path)
        self._db.execute("UPDATE file SET stamp = ? WHERE root_id = ? AND path = ?", key)

    def move_files(self, moved: Sequence[tuple[FileState, FileState]]) -> None:
        """The same bytes are found in other places: (before, after). Their documents are still found by the names that they had."""
        self._name_documents(moved)
        self._db.executemany(
            "UPDATE file SET root_id = ?, path = ?, stamp = ? WHERE root_id = ? AND path = ?",
            [(new.root.id, new.path, new.stamp, old.root.id, old.path) for old, new in moved],
        )

    def _name_documents(self, moved: Sequence[tuple[FileState, FileState]]) -> None:
        """Give the documents of files the names that belong to the new ones, which may be names that others of them have now."""
        named = []
        for old, new in moved:
            file_id = self._file_id(old)
            self.remember_name(old.name, old)
            rows = self._db.execute("SELECT id, record FROM document WHERE file_id = ?", (file_id,)).fetchall()
            named += [(doc_id_of(new.name, record), id_) for id_, record in rows]
        self._db.executemany("DELETE FROM formerly WHERE name = ?", [(new.name,) for _, new in moved])
        self._db.executemany("UPDATE document SET doc_id = ? WHERE id = ?", [(f"\0{id_}", id_) for _, id_ in named])
        self._db.executemany("UPDATE document SET doc_id = ? WHERE id = ?", named)

    def remember_name(self, name: str, state: FileState) -> None:
        """A file is still found by a name that it had."""
        self._db.execute("INSERT OR REPLACE INTO formerly VALUES (?, ?)", (name, self._file_id(state)))

    def leave_out(self, state: FileState) -> None:
        """Forget what a file holds, and keep in mind that it is not to be read."""
        self._empty_file(self._file_id(state))
        self._db.execute(
            "UPDATE file SET status = 'left out', reason = NULL, indexed_at = ? WHERE root_id = ? AND path = ?",
            (_now(), state.root.id, state.path),
        )

    def remove_file(self, root: Root, path: str) -> None:
        """Forget a file with its documents, passages and words. Vectors stay until `remove_unused_vectors`."""
        self._remove_documents("file_id IN (SELECT id FROM file WHERE root_id = ? AND path = ?)", (root.id, path))
        self._db.execute("DELETE FROM file WHERE root_id = ? AND path = ?", (root.id, path))

    def _empty_file(self, file_id: int | None, kept: Collection[int] = ()) -> None:
        """Forget what a file holds but for the documents that are `kept`, and what was wrong with it."""
        others = (file_id, json.dumps([*kept]))
        self._remove_documents("file_id = ? AND id NOT IN (SELECT value FROM json_each(?))", others)
        self._db.execute("DELETE FROM problem WHERE file_id = ?", (file_id,))

    def _remove_documents(self, where: str, values: Sequence) -> None:
        chosen = f"SELECT id FROM document WHERE {where}"
        self._db.execute(
            f"DELETE FROM full_text WHERE rowid IN (SELECT id FROM passage WHERE document_id IN ({chosen}))", values
        )
        self._db.execute(f"DELETE FROM document WHERE id IN ({chosen})", values)

    def _file_id(self, state: FileState) -> int | None:
        row = self._db.execute(
            "SELECT id FROM file WHERE root_id = ? AND path = ?", (state.root.id, state.path)
        ).fetchone()
        return row[0] if row else None

    def put_document(
        self,
        file_id: int,
        doc_id: str,
        ordinal: int,
        document: Document,
        passages: Sequence[tuple[Passage, int | None]],
        speech: Speech,
        kept: bool = False,
    ) -> None:
        """A document, the `ordinal`-th of its file from 0, with its passages, each with the id of its vector, and with what is
        said in it. It is `kept` itself where it was drawn out of its file."""
        meta = document.metadata
        document_id = self._insert(
            "document (file_id, doc_id, ordinal, record, content, text_digest, length, fidelity, genre,"
            " title, published, published_note, author, source, url, language, extra, locators, notes)",
            (file_id, doc_id, ordinal, document.record, content_digest(document), document.digest, len(document.text))
            + (document.fidelity, speech.genre)
            + (meta.title, meta.published, meta.published_note, meta.author, meta.source, meta.url, meta.language)
            + (json.dumps(dict(meta.extra), ensure_ascii=False),)
            + (packed_locators(document.locators), json.dumps(document.notes, ensure_ascii=False)),
        )
        if kept:
            layout = packed_layout(document.layout) if document.layout else None
            self._insert("kept (document_id, body, layout)", (document_id, packed(document), layout))
        title = " ".join(stems(meta.title or ""))
        ranked: list[tuple[Span, int]] = []
        for passage, vector_id in passages:
            text = passage.span.of(document.text)
            passage_id = self._insert(
                'passage (document_id, start, "end", role, paragraph, line, heading, sentences, text, vector_id)',
                (document_id, passage.span.start, passage.span.end, passage.role, passage.paragraph, passage.line)
                + (passage.heading, json.dumps([_pair(s) for s in passage.sentences]), text, vector_id),
            )
            if passage.role == "body":
                ranked.append((passage.span, passage_id))
                self._insert("full_text (rowid, title, text)", (passage_id, title, " ".join(stems(text))))
        for utterance in speech.utterances:
            self._put_utterance(document_id, utterance, ranked)
        self._db.executemany(
            "INSERT INTO known VALUES (?, ?, ?, ?, ?, ?)",
            [(document_id, k.name, k.kind, k.role, k.gender, k.count) for k in speech.known],
        )

    def place_document(self, document_id: int, ordinal: int) -> None:
        """A document that was kept has another place in its file."""
        self._db.execute("UPDATE document SET ordinal = ? WHERE id = ?", (ordinal, document_id))

    def join_conversations(self, file_id: int) -> None:
        """Records of one title that follow each other in a file, each with its speaker, are the turns of one conversation."""
        rows = self._db.execute(
            "SELECT id, title, record IS NOT NULL AND genre = 'monologue', conversation FROM document"
            " WHERE file_id = ? ORDER BY ordinal",
            (file_id,),
        ).fetchall()
        title = lambda row: row[1] if row[2] and row[1] else None  # noqa: E731
        joined: dict[int, int] = {}
        for before, row in zip(rows, rows[1:]):
            if title(row) and title(row) == title(before):
                joined[row[0]] = joined.setdefault(before[0], before[0])
        changed = [(joined.get(id_), id_) for id_, _, _, conversation in rows if joined.get(id_) != conversation]
        self._db.executemany("UPDATE document SET conversation = ? WHERE id = ?", changed)

    def _put_utterance(self, document_id: int, said: Utterance, ranked: list[tuple[Span, int]]) -> None:
        utterance_id = self._insert(
            "utterance (document_id, start, parts, mode, form, rule, mention, cue, name, role, because)",
            (document_id, said.span.start, json.dumps([_pair(p) for p in said.parts]), said.mode, said.form, said.rule)
            + (json.dumps(_pair(said.mention)) if said.mention else None,)
            + (json.dumps(_pair(said.cue)) if said.cue else None,)
            + (said.name, said.role, said.because),
        )
        first = max(0, bisect_right(ranked, said.span.start, key=lambda r: r[0].start) - 1)
        for span, passage_id in ranked[first:]:
            if span.start >= said.span.end:
                break
            if any(span.overlaps(part) for part in said.parts):
                self._db.execute("INSERT INTO said VALUES (?, ?)", (passage_id, utterance_id))

    def know_people(self) -> None:
        """Who the speakers are is told by all documents together, so it is made out anew with every change."""
        people = gather(self.known())

        def speaks(name: str | None, role: str | None, published: str | None) -> str | None:
            person = people.of(name, role, published)
            return person.name if person else None

        self.put_people([(e.person.name, json.dumps(e.as_json(), ensure_ascii=False)) for e in people.entries], speaks)

    def put_people(
        self, people: Sequence[tuple[str, str]], speaks: Callable[[str | None, str | None, str | None], str | None]
    ) -> None:
        """The speakers of the whole collection in place of those before: (name, JSON to make the record from again) of each.
        `speaks` tells the one who is meant by the name and role of an utterance in a document published then, if it can."""
        self._db.execute("DELETE FROM person")
        self._db.executemany("INSERT INTO person (name, data) VALUES (?, ?)", people)
        ids = dict(self._db.execute("SELECT name, id FROM person"))
        rows = self._db.execute(
            "SELECT DISTINCT utterance.name, role, published FROM utterance JOIN document ON document.id = document_id"
            " WHERE utterance.name IS NOT NULL OR role IS NOT NULL"
        ).fetchall()
        self._db.execute("CREATE TEMP TABLE means (name, role, published, person_id)")
        self._db.executemany(
            "INSERT INTO means VALUES (?, ?, ?, ?)", [(*row, ids.get(speaks(*row) or "")) for row in rows]
        )
        self._db.execute("CREATE INDEX temp.means_name ON means (name, role, published)")
        self._db.execute(
            "UPDATE utterance SET person_id = (SELECT means.person_id FROM means WHERE means.name IS utterance.name"
            " AND means.role IS utterance.role AND means.published IS"
            " (SELECT published FROM document WHERE document.id = document_id))"
        )
        self._db.execute("DROP TABLE temp.means")
        authors = self._db.execute(
            "SELECT DISTINCT author, published FROM document WHERE author IS NOT NULL"
        ).fetchall()
        self._db.executemany(
            "UPDATE document SET person_id = ? WHERE author = ? AND published IS ?",
            [(ids.get(speaks(author, None, published) or ""), author, published) for author, published in authors],
        )

    def _insert(self, target: str, values: Sequence) -> int:
        cursor = self._db.execute(f"INSERT INTO {target} VALUES ({marks(values)})", values)
        return int(cursor.lastrowid or 0)


def _pair(span: Span) -> list[int]:
    return [span.start, span.end]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def vector_crc(digest: str, data: bytes, sentences: bytes) -> int:
    """The checksum that is kept beside a vector and those of its sentences: of them, and of what they belong to."""
    return zlib.crc32(sentences, zlib.crc32(data, zlib.crc32(digest.encode())))


def content_digest(document: Document) -> str:
    """Digest of all that a reader gives of a document: where it is the same, so is everything made of it."""
    whole = (document.text, document.blocks, document.metadata, document.fidelity)
    whole += (document.locators, document.voices, document.notes)
    if document.layout:
        layout = hashlib.sha256(document.layout.pages.tobytes() + document.layout.boxes.tobytes())
        whole += (document.layout.sheets, layout.hexdigest())
    return hashlib.sha256(repr(whole).encode("utf-8", "surrogatepass")).hexdigest()
