"""The store: one SQLite file that holds the truth, and nothing that cannot be derived from it beside it.

A writer changes it in transactions, each of which leaves a whole index and a new commit id; a `Snapshot` is one reader's
view of one commit, however long it asks and whatever is written meanwhile (WAL). Layout of the folder:

    index.sqlite                    documents, passages, vectors, full text, files and what failed
    vectors-<commit>-<crc>.faiss    derived: the vectors of one commit, for searching (see index.vectors)
    write.lock                      held by the one process that writes
"""

from __future__ import annotations

import itertools
import json
import os
import sqlite3
import uuid
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import quote

from filelock import FileLock, Timeout

from index.errors import StoreError
from index.records import Document, Fidelity, Metadata, Passage, Span
from index.speech.records import Genre, Known, Speech, Utterance
from index.words import stems

T = TypeVar("T")

SCHEMA_VERSION = "3"
_FILE_NAME = "index.sqlite"
_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE root (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE);
CREATE TABLE file (
    id INTEGER PRIMARY KEY,
    root_id INTEGER NOT NULL REFERENCES root ON DELETE CASCADE,
    path TEXT NOT NULL,             -- below the root, with slashes; empty when the root is the file
    stamp TEXT NOT NULL, digest TEXT NOT NULL,
    status TEXT NOT NULL,           -- read | failed | skipped
    reason TEXT, encoding TEXT, indexed_at TEXT NOT NULL,
    UNIQUE (root_id, path)
);
CREATE TABLE problem (file_id INTEGER NOT NULL REFERENCES file ON DELETE CASCADE, place TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    file_id INTEGER NOT NULL REFERENCES file ON DELETE CASCADE,
    doc_id TEXT NOT NULL UNIQUE,
    record TEXT, text_digest TEXT NOT NULL, length INTEGER NOT NULL, fidelity TEXT NOT NULL,
    genre TEXT NOT NULL,
    person_id INTEGER,                      -- its author, derived as `person` is
    conversation INTEGER,                   -- the first of the records that are turns of one conversation, this one's among them
    title TEXT, published TEXT, published_note TEXT, author TEXT, source TEXT, url TEXT, language TEXT, extra TEXT NOT NULL
);
CREATE TABLE vector (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, data BLOB NOT NULL, sentences BLOB NOT NULL);
CREATE TABLE passage (
    id INTEGER PRIMARY KEY,
    document_id INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, role TEXT NOT NULL, paragraph INTEGER NOT NULL, line INTEGER NOT NULL,
    heading TEXT, sentences TEXT NOT NULL, text TEXT NOT NULL,
    vector_id INTEGER REFERENCES vector     -- of body passages only: the others are not ranked
);
CREATE TABLE utterance (
    id INTEGER PRIMARY KEY,
    document_id INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
    start INTEGER NOT NULL, parts TEXT NOT NULL, mode TEXT NOT NULL, form TEXT NOT NULL, rule TEXT NOT NULL,
    mention TEXT, cue TEXT, name TEXT, role TEXT, because TEXT,
    person_id INTEGER                       -- derived, as `person` is: from what all documents together tell
);
CREATE TABLE said (                         -- which utterance has words in which ranked passage
    passage_id INTEGER NOT NULL REFERENCES passage ON DELETE CASCADE,
    utterance_id INTEGER NOT NULL REFERENCES utterance ON DELETE CASCADE,
    PRIMARY KEY (passage_id, utterance_id)
) WITHOUT ROWID;
CREATE TABLE known (
    document_id INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
    name TEXT NOT NULL, kind TEXT NOT NULL, role TEXT, gender TEXT, count INTEGER NOT NULL
);
CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, data TEXT NOT NULL);
CREATE INDEX utterance_document ON utterance (document_id, start);
CREATE INDEX utterance_person ON utterance (person_id);
CREATE INDEX said_utterance ON said (utterance_id);
CREATE INDEX known_document ON known (document_id);
CREATE INDEX passage_document ON passage (document_id, start);
CREATE INDEX passage_vector ON passage (vector_id);
CREATE INDEX document_file ON document (file_id);
-- Stems, not words: the analysis is ours (index.words), FTS5 only splits at the blanks ("ascii" takes all else for letters).
CREATE VIRTUAL TABLE full_text USING fts5(title, text, tokenize = "ascii");
CREATE VIRTUAL TABLE full_text_terms USING fts5vocab(full_text, row);
"""

_PASSING = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
"""Failures that are not the index's own."""

_SAID_BY = (
    "SELECT passage_id FROM said JOIN utterance ON utterance.id = utterance_id"
    " JOIN person ON person.id = person_id WHERE person.name {0} ({1})"
)
_WRITTEN_BY = (  # an author's own words are those of the document that are nobody's utterance
    "SELECT passage.id FROM passage JOIN document ON document.id = document_id JOIN person ON person.id = document.person_id"
    " WHERE passage.role = 'body' AND person.name {0} ({1}) AND passage.id NOT IN (SELECT passage_id FROM said"
    " JOIN utterance ON utterance.id = utterance_id WHERE utterance.person_id IS NOT NULL)"
)

FileStatus = Literal["read", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Root:
    """A folder or file that was given to be indexed, by absolute path, under a name unique in the store."""

    id: int
    path: Path
    name: str


def stamp_of(stat: os.stat_result) -> str:
    """Size and times of a file: while they stay the same, so do its bytes. The time of its last change of any kind (ctime) is
    among them, since a file moved into another's place can have that one's size and modification time."""
    return f"{stat.st_ino}:{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}"


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it was when it was last looked at."""

    root: Root
    path: str
    stamp: str
    """What the disk told of it (`stamp_of`); empty when it is to be looked at again whatever the disk tells."""
    digest: str
    status: FileStatus
    reason: str | None = None
    encoding: str | None = None
    indexed_at: str = ""

    @property
    def location(self) -> Path:
        return self.root.path / self.path if self.path else self.root.path

    @property
    def name(self) -> str:
        """The file as it is named to people: the root's name and the path below it."""
        return f"{self.root.name}/{self.path}" if self.path else self.root.name


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document without its text, which is always read from its file again."""

    id: int
    doc_id: str
    file: FileState
    record: str | None
    text_digest: str
    length: int
    fidelity: Fidelity
    genre: Genre
    author: str | None
    """The person of the collection who wrote it, if that is told."""
    metadata: Metadata

    @property
    def title(self) -> str:
        return self.metadata.title or self.record or self.file.name.rsplit("/", 1)[-1]


def guessed(document: StoredDocument) -> str | None:
    """A warning for a document whose characters are not certain: its encoding was detected, or damaged."""
    encoding = document.file.encoding or ""
    return f"encoding {encoding}: compare special characters" if encoding.endswith(("(detected)", "damaged)")) else None


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage of a stored document. `text` is what was indexed; what is shown is read from the file."""

    id: int
    document_id: int
    passage: Passage
    text: str
    vector_id: int | None


@dataclass(frozen=True, slots=True)
class Near:
    """A ranked passage, as it is needed to score it: its `conversation` is None but for a record that is a turn of one."""

    id: int
    document_id: int
    vector_id: int
    conversation: int | None


@dataclass(frozen=True, slots=True)
class StoredUtterance:
    """Something said in a stored document. `person` is the one of the collection who said it, None for nobody that is known."""

    id: int
    document_id: int
    utterance: Utterance
    person: str | None

    @property
    def speaker(self) -> str | None:
        """The name to show: of the person, or as far as the document tells it."""
        return self.person or self.utterance.name


@dataclass(frozen=True, slots=True)
class Spoken:
    """How much of a person's is in the collection: utterances, documents, and when the first and last were published."""

    person: str
    utterances: int
    documents: int
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    documents: int
    passages: int
    """Body passages: those that can be found."""
    failed: int


class Store:
    """A store's folder. Opening it reads nothing yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / _FILE_NAME

    def exists(self) -> bool:
        return self.path.exists()

    @contextmanager
    def read(self) -> Iterator[Snapshot]:
        """A view of the last commit, unchanged until the block ends. Raises StoreError when there is none."""
        if not self.exists():
            raise StoreError(f"Nothing is indexed in {self.folder} yet: run `dixit index PATH` first.")
        with closing(self._connect()) as db:
            try:
                db.execute("PRAGMA query_only = ON")
                db.execute("BEGIN")
                snapshot = Snapshot(db)
                snapshot.check_version(self.folder)
                yield snapshot
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode & 0xFF in _PASSING:
                    raise StoreError(f"The index in {self.folder} cannot be read now ({error}): try again.") from error
                raise StoreError(f"{self.path} cannot be read ({error}): delete that file and index again.") from error

    @contextmanager
    def write(self) -> Iterator[Writer]:
        """The one writer of this store. Raises StoreError while another process is at it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / "write.lock")
            lock.acquire(timeout=0)
        except Timeout:
            raise StoreError(f"Another process is writing the index in {self.folder}: wait until it is done.") from None
        except OSError as error:
            raise StoreError(
                f"The index cannot be written in {self.folder} ({error.strerror}): choose another with --store."
            ) from error
        try:
            with closing(self._connect()) as db:
                try:
                    db.execute("PRAGMA journal_mode = WAL")
                    db.execute("PRAGMA synchronous = FULL")
                    db.execute("PRAGMA foreign_keys = ON")
                    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
                        with (writer := Writer(db)).transaction():
                            writer.create()
                    Snapshot(db).check_version(self.folder)
                    yield Writer(db)
                except (sqlite3.OperationalError, OSError) as error:
                    raise StoreError(
                        f"The index in {self.folder} cannot be written ({error}); what was committed before is whole."
                    ) from error
                except sqlite3.DatabaseError as error:
                    raise StoreError(f"{self.path} is damaged ({error}): delete that file and index again.") from error
        finally:
            lock.release()

    def _connect(self) -> sqlite3.Connection:
        # In a folder that cannot be written SQLite can only read a file that nobody writes, and has to be told so.
        mode = "" if os.access(self.folder, os.W_OK) else "?immutable=1"
        address = f"file:{quote(str(self.path.absolute()))}{mode}"
        try:
            return sqlite3.connect(address, timeout=30, isolation_level=None, uri=True)
        except sqlite3.OperationalError as error:
            raise StoreError(
                f"{self.path} cannot be opened ({error}): see to its permissions, or choose another index with --store."
            ) from error


class Snapshot:
    """What can be asked of one commit."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def check_version(self, folder: Path) -> None:
        found = self.meta("schema")
        if found != SCHEMA_VERSION:
            raise StoreError(
                f"The index in {folder} was made by another version of Dixit: delete index.sqlite in it and index again."
            )

    def meta(self, key: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    @property
    def commit(self) -> str:
        return self.meta("commit") or ""

    def counts(self) -> Counts:
        one = lambda sql: self._db.execute(sql).fetchone()[0]  # noqa: E731
        return Counts(
            one("SELECT count(*) FROM document"),
            one("SELECT count(*) FROM passage WHERE role = 'body'"),
            one("SELECT count(*) FROM file WHERE status = 'failed'"),
        )

    def roots(self) -> list[Root]:
        return [Root(i, Path(p), n) for i, p, n in self._db.execute("SELECT id, path, name FROM root ORDER BY id")]

    def files(self) -> list[FileState]:
        roots = {r.id: r for r in self.roots()}
        rows = self._db.execute(
            "SELECT root_id, path, stamp, digest, status, reason, encoding, indexed_at FROM file ORDER BY root_id, path"
        )
        return [FileState(roots[root_id], *rest) for root_id, *rest in rows]

    def problems(self) -> list[tuple[str, str, str]]:
        """(file, place, reason) of every record that could not be read."""
        names = {(f.root.id, f.path): f.name for f in self.files()}
        rows = self._db.execute(
            "SELECT root_id, path, place, problem.reason FROM problem JOIN file ON file.id = file_id ORDER BY 1, 2, 3"
        )
        return [(names[root, path], place, reason) for root, path, place, reason in rows]

    def documents(self, ids: Iterable[int] | None = None) -> dict[int, StoredDocument]:
        """Stored documents by internal id: those asked for, or all."""
        return {d.id: d for d in self._documents("", ())} if ids is None else self._documents_by("document.id", ids)

    def newest(self) -> str | None:
        """When the newest document was published, ISO 8601 to the precision that is known."""
        return self._db.execute("SELECT max(published) FROM document").fetchone()[0]

    def published_within(self, since: str | None, until: str | None) -> set[int]:
        """Internal ids of the documents published from day `since` to day `until`, ISO 8601; a document of which only the year
        or the month is known is among them when that may lie within."""
        rows = self._db.execute(
            "SELECT id FROM document WHERE published IS NOT NULL"
            " AND published >= substr(?, 1, length(published)) AND published <= substr(?, 1, length(published))",
            (since or "0000-01-01", until or "9999-12-31"),
        )
        return {i for (i,) in rows}

    def doc_ids(self, ids: Collection[int]) -> dict[int, str]:
        """Names of documents by internal id."""
        found: dict[int, str] = {}
        for part in _parts(ids):
            found |= dict(self._db.execute(f"SELECT id, doc_id FROM document WHERE id IN ({_marks(part)})", part))
        return found

    def document(self, doc_id: str) -> StoredDocument | None:
        found = self._documents("WHERE doc_id = ?", (doc_id,))
        return found[0] if found else None

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        found = {}
        for part in _parts(ids):
            found |= {p.id: p for p in self._passages(f"WHERE id IN ({_marks(part)})", part)}
        return found

    def passages_of(self, document_id: int) -> list[StoredPassage]:
        """All passages of a document in order, those that are not ranked included."""
        return self._passages("WHERE document_id = ? ORDER BY start", (document_id,))

    def passage_ids_of_vectors(self, vector_ids: Sequence[int]) -> dict[int, list[int]]:
        """Which passages have each vector: several, where the same words stand in several documents."""
        found: dict[int, list[int]] = {v: [] for v in vector_ids}
        for part in _parts(vector_ids):
            for vector_id, passage_id in self._db.execute(
                f"SELECT vector_id, id FROM passage WHERE vector_id IN ({_marks(part)}) ORDER BY id", part
            ):
                found[vector_id].append(passage_id)
        return found

    def ranked_passages(self, document_ids: Collection[int] | None = None) -> set[int]:
        """The passages that can be found: all, or those of some documents."""
        within = "" if document_ids is None else "AND document_id IN (SELECT value FROM json_each(?))"
        values = [] if document_ids is None else [json.dumps(sorted(document_ids))]
        return {i for (i,) in self._db.execute(f"SELECT id FROM passage WHERE role = 'body' {within}", values)}

    def vectors_of_passages(self, passage_ids: Collection[int]) -> set[int]:
        """The vectors that the given passages have."""
        rows = self._db.execute(
            "SELECT vector_id FROM passage WHERE id IN (SELECT value FROM json_each(?)) AND vector_id IS NOT NULL",
            (json.dumps(sorted(passage_ids)),),
        )
        return {i for (i,) in rows}

    def vectors(self) -> Iterator[tuple[int, bytes]]:
        """(id, float32 bytes) of every vector that a passage uses."""
        return self._db.execute("SELECT id, data FROM vector WHERE id IN (SELECT vector_id FROM passage) ORDER BY id")

    def around(self, passage_ids: Collection[int], reach: int) -> list[Near]:
        """The ranked passages that stand at most `reach` ids from any of the given ones, in order."""
        return self._near(
            "passage ON passage.id BETWEEN given.value - ? AND given.value + ? JOIN document ON document.id = document_id",
            passage_ids,
            reach,
        )

    def turns_around(self, document_ids: Collection[int], reach: int) -> list[Near]:
        """The ranked passages of those records that are at most `reach` turns from any of the given ones in their conversation,
        in order."""
        return self._near(
            "document AS own ON own.id = given.value"
            " JOIN document ON document.id BETWEEN own.id - ? AND own.id + ? AND document.conversation = own.conversation"
            " JOIN passage ON document_id = document.id",
            document_ids,
            reach,
        )

    def _near(self, joined: str, given: Collection[int], reach: int) -> list[Near]:
        rows = self._db.execute(
            "SELECT DISTINCT passage.id, document_id, vector_id, document.conversation FROM json_each(?) AS given"
            f" JOIN {joined} WHERE vector_id IS NOT NULL ORDER BY passage.id",
            (json.dumps(sorted(given)), reach, reach),
        )
        return [Near(*row) for row in rows]

    def sentence_vectors(self, vector_ids: Collection[int]) -> dict[int, bytes]:
        """float16 bytes of the vectors of each passage's sentences, one after the other, by the id of the passage's vector."""
        found: dict[int, bytes] = {}
        for part in _parts(vector_ids):
            found |= dict(self._db.execute(f"SELECT id, sentences FROM vector WHERE id IN ({_marks(part)})", part))
        return found

    def utterances(self, document_id: int) -> list[StoredUtterance]:
        """All that is said in a document, in order."""
        return list(self._utterances("WHERE document_id = ?", (document_id,)))

    def said_in(self, passage_ids: Collection[int]) -> dict[int, list[StoredUtterance]]:
        """What has words in each of the passages, in order."""
        found: dict[int, list[StoredUtterance]] = {p: [] for p in passage_ids}
        for part in _parts(passage_ids):
            links = self._db.execute(
                f"SELECT passage_id, utterance_id FROM said WHERE passage_id IN ({_marks(part)})"
                " ORDER BY passage_id, utterance_id",
                part,
            ).fetchall()
            said: dict[int, StoredUtterance] = {}
            for some in _parts({u for _, u in links}):
                said |= {u.id: u for u in self._utterances(f"WHERE utterance.id IN ({_marks(some)})", some)}
            for passage_id, utterance_id in links:
                found[passage_id].append(said[utterance_id])
        return found

    def passages_said_by(self, people: Collection[str]) -> set[int]:
        """The ranked passages that hold words of any of these people, said or written."""
        return self._words_of("IN", list(people))

    def passages_said_as(self, roles: Collection[str]) -> set[int]:
        """The ranked passages that hold words of people who are given any of these roles there."""
        rows = self._db.execute(
            "SELECT DISTINCT passage_id FROM said JOIN utterance ON utterance.id = utterance_id"
            " WHERE role IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(roles)),),
        )
        return {i for (i,) in rows}

    def roles(self) -> list[str]:
        """Every role that somebody who says something is given."""
        return [
            r for (r,) in self._db.execute("SELECT DISTINCT role FROM utterance WHERE role IS NOT NULL ORDER BY role")
        ]

    def passages_not_said_by(self, people: Collection[str]) -> set[int]:
        """The ranked passages that hold words of anybody else whose name is known."""
        return self._words_of("NOT IN", list(people))

    def _words_of(self, within: str, people: list[str]) -> set[int]:
        found = set()
        for query in (_SAID_BY, _WRITTEN_BY):
            found |= {i for (i,) in self._db.execute(query.format(within, _marks(people)), people)}
        return found

    def spoken(self) -> list[Spoken]:
        """Everybody who says something, those who say most first."""
        rows = self._db.execute(
            "SELECT person.name, count(*), count(DISTINCT document_id), min(published), max(published)"
            " FROM utterance JOIN person ON person.id = utterance.person_id JOIN document ON document.id = document_id"
            " GROUP BY person.id ORDER BY count(*) DESC, person.name"
        )
        return [Spoken(*row) for row in rows]

    def known(self) -> Iterator[tuple[str, str | None, Known]]:
        """(doc_id, when it was published, what it tells of somebody), of all documents."""
        rows = self._db.execute(
            "SELECT doc_id, published, name, kind, role, gender, count FROM known JOIN document ON document.id = document_id"
        )
        return ((doc_id, published, Known(*rest)) for doc_id, published, *rest in rows)

    def people(self) -> list[str]:
        """The JSON of everybody, by name."""
        return [data for (data,) in self._db.execute("SELECT data FROM person ORDER BY name")]

    def term_counts(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many passages each term stands."""
        return {
            t: n for t in terms for (n,) in self._db.execute("SELECT doc FROM full_text_terms WHERE term = ?", (t,))
        }

    def match(
        self, query: str, weights: tuple[float, float], limit: int, among: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """(passage id, BM25 score, higher is better) of the best passages for an FTS5 query, `among` some or all, best first."""
        # `among` is looked through here: told of it, SQLite searches the words anew for each of its rows.
        rows = self._db.execute(
            "SELECT rowid, -bm25(full_text, ?, ?) AS score FROM full_text WHERE full_text MATCH ?"
            " ORDER BY score DESC, rowid" + ("" if among is not None else " LIMIT ?"),
            (*weights, query, *([] if among is not None else [limit])),
        )
        if among is None:
            return rows.fetchall()
        wanted = among if isinstance(among, Set) else set(among)
        return list(itertools.islice((row for row in rows if row[0] in wanted), limit))

    def match_scores(self, query: str, weights: tuple[float, float], ids: Sequence[int]) -> dict[int, float]:
        """BM25 scores of the given passages for an FTS5 query; those that do not match are left out."""
        wanted = set(ids)
        every = self.match(query, weights, limit=-1)  # all, in one pass: see `match`
        return {i: score for i, score in every if i in wanted}

    def _documents_by(self, column: str, values: Iterable[int]) -> dict[int, StoredDocument]:
        found: dict[int, StoredDocument] = {}
        for part in _parts(values):
            found |= {d.id: d for d in self._documents(f"WHERE {column} IN ({_marks(part)})", part)}
        return found

    def _documents(self, where: str, values: Sequence) -> list[StoredDocument]:
        roots = {r.id: r for r in self.roots()}
        rows = self._db.execute(
            "SELECT document.id, doc_id, record, text_digest, length, fidelity, genre, person.name,"
            " title, published, published_note, author, source, url, language, extra,"
            " root_id, path, stamp, digest, status, reason, encoding, indexed_at"
            " FROM document JOIN file ON file.id = file_id LEFT JOIN person ON person.id = document.person_id"
            f" {where} ORDER BY document.id",
            values,
        )
        return [
            StoredDocument(
                row[0],
                row[1],
                FileState(roots[row[16]], *row[17:]),
                *row[2:8],
                Metadata(*row[8:15], extra=json.loads(row[15])),
            )
            for row in rows
        ]

    def _utterances(self, where: str, values: Sequence) -> Iterator[StoredUtterance]:
        rows = self._db.execute(
            "SELECT utterance.id, document_id, parts, mode, form, rule, mention, cue, utterance.name, role, because, person.name"
            f" FROM utterance LEFT JOIN person ON person.id = person_id {where} ORDER BY document_id, start, utterance.id",
            values,
        )
        span = lambda pair: Span(*json.loads(pair)) if pair else None  # noqa: E731
        for id_, document_id, parts, mode, form, rule, mention, cue, *who, person in rows:
            said = tuple(Span(*p) for p in json.loads(parts))
            yield StoredUtterance(
                id_, document_id, Utterance(said, mode, form, rule, span(mention), span(cue), *who), person
            )

    def _passages(self, where: str, values: Sequence) -> list[StoredPassage]:
        rows = self._db.execute(
            'SELECT id, document_id, start, "end", role, sentences, paragraph, line, heading, text, vector_id'
            f" FROM passage {where}",
            values,
        )
        return [
            StoredPassage(
                row[0],
                row[1],
                Passage(Span(row[2], row[3]), row[4], tuple(Span(*s) for s in json.loads(row[5])), *row[6:9]),
                *row[9:],
            )
            for row in rows
        ]


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

    def create(self) -> None:
        for statement in filter(str.strip, _SCHEMA.split(";\n")):
            self._db.execute(statement)
        self.set_meta("schema", SCHEMA_VERSION)

    def set_meta(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def add_root(self, root: Root) -> None:
        self._db.execute("INSERT INTO root (id, path, name) VALUES (?, ?, ?)", (root.id, str(root.path), root.name))

    def remove_root(self, root: Root) -> None:
        for state in self.files():
            if state.root == root:
                self.remove_file(state.root, state.path)
        self._db.execute("DELETE FROM root WHERE id = ?", (root.id,))

    def known_vectors(self, digests: Iterable[str]) -> dict[str, int]:
        """Ids of those vectors that are already here, by digest."""
        found: dict[str, int] = {}
        for part in _parts(digests):
            found |= dict(
                self._db.execute(f"SELECT digest, id FROM vector WHERE digest IN ({_marks(part)})", part).fetchall()
            )
        return found

    def add_vectors(self, rows: Iterable[tuple[str, bytes, bytes]]) -> None:
        """Keep vectors: digest, the vector in float32, those of its sentences in float16."""
        self._db.executemany("INSERT OR IGNORE INTO vector (digest, data, sentences) VALUES (?, ?, ?)", rows)

    def remove_unused_vectors(self) -> None:
        self._db.execute(
            "DELETE FROM vector WHERE id NOT IN (SELECT vector_id FROM passage WHERE vector_id IS NOT NULL)"
        )

    def put_file(self, state: FileState, problems: Iterable[tuple[str, str]] = ()) -> int:
        """Record a file in place of what was recorded of it, its documents included; gives its internal id."""
        self.remove_file(state.root, state.path)
        cursor = self._db.execute(
            "INSERT INTO file (root_id, path, stamp, digest, status, reason, encoding, indexed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (state.root.id, state.path, state.stamp, state.digest)
            + (state.status, state.reason, state.encoding, _now()),
        )
        file_id = int(cursor.lastrowid or 0)
        self._db.executemany("INSERT INTO problem VALUES (?, ?, ?)", [(file_id, *p) for p in problems])
        return file_id

    def touch_file(self, state: FileState) -> None:
        """The file's bytes are the same; only what the disk tells of it is noted anew."""
        key = (state.stamp, state.root.id, state.path)
        self._db.execute("UPDATE file SET stamp = ? WHERE root_id = ? AND path = ?", key)

    def remove_file(self, root: Root, path: str) -> None:
        """Forget a file with its documents, passages and words. Vectors stay until `remove_unused_vectors`."""
        ids = "SELECT id FROM file WHERE root_id = ? AND path = ?"
        self._db.execute(
            "DELETE FROM full_text WHERE rowid IN (SELECT passage.id FROM passage"
            f" JOIN document ON document.id = document_id WHERE file_id IN ({ids}))",
            (root.id, path),
        )
        self._db.execute("DELETE FROM file WHERE root_id = ? AND path = ?", (root.id, path))

    def put_document(
        self,
        file_id: int,
        doc_id: str,
        document: Document,
        passages: Sequence[tuple[Passage, int | None]],
        speech: Speech,
    ) -> None:
        """A document with its passages, each with the id of its vector, and with what is said in it."""
        meta = document.metadata
        document_id = self._insert(
            "document (file_id, doc_id, record, text_digest, length, fidelity, genre,"
            " title, published, published_note, author, source, url, language, extra)",
            (file_id, doc_id, document.record, document.digest, len(document.text), document.fidelity, speech.genre)
            + (meta.title, meta.published, meta.published_note, meta.author, meta.source, meta.url, meta.language)
            + (json.dumps(dict(meta.extra), ensure_ascii=False),),
        )
        if document.record is not None and speech.genre == "monologue" and meta.title:
            self._join_conversation(document_id, file_id, meta.title)
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

    def _join_conversation(self, document_id: int, file_id: int, title: str) -> None:
        """Records of one title that follow each other in a file, each with its speaker, are the turns of one conversation."""
        before = self._db.execute(
            "SELECT coalesce(conversation, id) FROM document"
            " WHERE id = ? AND file_id = ? AND title = ? AND record IS NOT NULL AND genre = 'monologue'",
            (document_id - 1, file_id, title),
        ).fetchone()
        if before:
            turns = (before[0], document_id - 1, document_id)
            self._db.execute("UPDATE document SET conversation = ? WHERE id IN (?, ?)", turns)

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
        cursor = self._db.execute(f"INSERT INTO {target} VALUES ({_marks(values)})", values)
        return int(cursor.lastrowid or 0)


def _parts(values: Iterable[T], size: int = 500) -> Iterator[list[T]]:
    """`values` in lists of at most `size`: SQLite takes only so many parameters in one statement."""
    waiting = list(values)
    for at in range(0, len(waiting), size):
        yield waiting[at : at + size]


def _pair(span: Span) -> list[int]:
    return [span.start, span.end]


def _marks(values: Sequence) -> str:
    return ",".join("?" * len(values))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
