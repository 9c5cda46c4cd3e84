"""What can be asked of one commit of the store."""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from pathlib import Path
from typing import TypeVar

from index.errors import OtherVersion
from index.kept import unpacked, unpacked_layout
from index.records import Document, Layout, Metadata, Passage, Span
from index.speech.records import Known, Utterance
from index.stored import (
    Counts,
    FileEntry,
    FileState,
    Near,
    Root,
    Spoken,
    StoredDocument,
    StoredPassage,
    StoredUtterance,
    file_and_record,
)
from index.tables import SCHEMA_VERSION

T = TypeVar("T")

_SAID_BY = (
    "SELECT passage_id FROM said JOIN utterance ON utterance.id = utterance_id"
    " JOIN person ON person.id = person_id WHERE person.name {0} ({1})"
)
_WRITTEN_BY = (  # an author's own words are those of the document that are nobody's utterance
    "SELECT passage.id FROM passage JOIN document ON document.id = document_id JOIN person ON person.id = document.person_id"
    " WHERE passage.role = 'body' AND person.name {0} ({1}) AND passage.id NOT IN (SELECT passage_id FROM said"
    " JOIN utterance ON utterance.id = utterance_id WHERE utterance.person_id IS NOT NULL)"
)


class Snapshot:
    """What can be asked of one commit."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def check_version(self, folder: Path) -> None:
        if self.meta("schema") != SCHEMA_VERSION:
            raise OtherVersion(
                f"The index in {folder} was made by another version of Dixit: run `dixit index` to make it again."
            )

    def meta(self, key: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    @property
    def commit(self) -> str:
        return self.meta("commit") or ""

    def counts(self, roots: Collection[Root] | None = None) -> Counts:
        """What is held: of all collections, or of some."""
        if roots is None:
            one = lambda sql: self._db.execute(sql).fetchone()[0]  # noqa: E731
            return Counts(
                one("SELECT count(*) FROM document"),
                one("SELECT count(*) FROM passage WHERE role = 'body'"),
                one("SELECT count(*) FROM file WHERE status = 'failed'"),
            )
        documents = self.documents_of(roots)
        failed = sum(f.status == "failed" and f.root in roots for f in self.files())
        return Counts(len(documents), len(self.ranked_passages(documents)), failed)

    def documents_of(self, roots: Collection[Root]) -> set[int]:
        """The documents of some collections."""
        rows = self._db.execute(
            f"SELECT document.id FROM document JOIN file ON file.id = file_id WHERE root_id IN ({marks(roots)})",
            [r.id for r in roots],
        )
        return {i for (i,) in rows}

    def roots(self) -> list[Root]:
        rows = self._db.execute("SELECT id, path, name, device FROM root ORDER BY id")
        return [Root(id_, Path(path), name, device) for id_, path, name, device in rows]

    def files(self) -> list[FileState]:
        roots = {r.id: r for r in self.roots()}
        rows = self._db.execute(
            "SELECT root_id, path, stamp, digest, status, reason, encoding, indexed_at, correction FROM file"
            " ORDER BY root_id, path"
        )
        return [FileState(roots[root_id], *rest) for root_id, *rest in rows]

    def file_entries(self) -> list[FileEntry]:
        """Every file with what came of it, by collection and name."""
        roots = {r.id: r for r in self.roots()}
        rows = self._db.execute(
            "SELECT count(document.id), coalesce(sum(ranked), 0), min(doc_id),"
            " (SELECT count(*) FROM problem WHERE problem.file_id = file.id),"
            " (SELECT group_concat(f, ' and ') FROM (SELECT DISTINCT fidelity AS f FROM document AS d WHERE d.file_id = file.id)),"
            " root_id, path, stamp, digest, status, reason, encoding, indexed_at, correction FROM file"
            " LEFT JOIN (SELECT document.id, document.file_id, doc_id, count(passage.id) AS ranked FROM document"
            " LEFT JOIN passage ON document_id = document.id AND role = 'body' GROUP BY document.id) AS document"
            " ON document.file_id = file.id GROUP BY file.id ORDER BY root_id, path"
        )
        return [
            FileEntry(FileState(roots[root_id], *rest), documents, passages, first, problems, fidelity or "")
            for documents, passages, first, problems, fidelity, root_id, *rest in rows
        ]

    def contents(self, state: FileState) -> dict[str | None, tuple[int, str]]:
        """(internal id, digest of all that the reader gave) of a file's documents, by their records."""
        rows = self._db.execute(
            "SELECT record, document.id, content FROM document JOIN file ON file.id = file_id WHERE root_id = ? AND path = ?",
            (state.root.id, state.path),
        )
        return {record: (id_, content) for record, id_, content in rows}

    def noted(self, words: str) -> set[tuple[int, str]]:
        """Files, by root and path, of which these words are said in a note or a problem."""
        rows = self._db.execute(
            "SELECT root_id, path FROM document JOIN file ON file.id = file_id WHERE instr(notes, ?)"
            " UNION SELECT root_id, path FROM problem JOIN file ON file.id = file_id WHERE instr(problem.reason, ?)",
            (words, words),
        )
        return {(root_id, path) for root_id, path in rows}

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
        for part in batches(ids):
            found |= dict(self._db.execute(f"SELECT id, doc_id FROM document WHERE id IN ({marks(part)})", part))
        return found

    def document(self, doc_id: str) -> StoredDocument | None:
        """A document by its name, or by a name that its file had before it was renamed."""
        found = self._documents("WHERE doc_id = ?", (doc_id,)) or self._documents(
            "JOIN formerly ON formerly.file_id = file.id WHERE formerly.name = ? AND record IS ?",
            file_and_record(doc_id),
        )
        return found[0] if found else None

    def kept(self, stored: StoredDocument) -> Document | None:
        """A document as it was drawn out of its file, without its layout; None where nothing is kept, or it is damaged."""
        row = self._db.execute("SELECT body FROM kept WHERE document_id = ?", (stored.id,)).fetchone()
        try:
            return row and unpacked(
                row[0], stored.metadata, stored.fidelity, stored.record, stored.located, json.dumps(stored.notes)
            )
        except ValueError:
            return None

    def layout(self, document_id: int) -> Layout | None:
        """Where the text of a document stands on its pages; None where that is not known."""
        row = self._db.execute("SELECT layout FROM kept WHERE document_id = ?", (document_id,)).fetchone()
        try:
            return unpacked_layout(row[0]) if row and row[0] else None
        except ValueError:
            return None

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        found = {}
        for part in batches(ids):
            found |= {p.id: p for p in self._passages(f"WHERE id IN ({marks(part)})", part)}
        return found

    def passages_of(self, document_id: int) -> list[StoredPassage]:
        """All passages of a document in order, those that are not ranked included."""
        return self._passages("WHERE document_id = ? ORDER BY start", (document_id,))

    def passage_ids_of_vectors(self, vector_ids: Sequence[int]) -> dict[int, list[int]]:
        """Which passages have each vector: several, where the same words stand in several documents."""
        found: dict[int, list[int]] = {v: [] for v in vector_ids}
        for part in batches(vector_ids):
            for vector_id, passage_id in self._db.execute(
                f"SELECT vector_id, id FROM passage WHERE vector_id IN ({marks(part)}) ORDER BY id", part
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
            " JOIN document ON document.file_id = own.file_id AND document.ordinal BETWEEN own.ordinal - ? AND own.ordinal + ?"
            " AND document.conversation = own.conversation JOIN passage ON document_id = document.id",
            document_ids,
            reach,
        )

    def _near(self, joined: str, given: Collection[int], reach: int) -> list[Near]:
        rows = self._db.execute(
            "SELECT DISTINCT passage.id, document_id, vector_id, document.ordinal, document.conversation"
            f" FROM json_each(?) AS given JOIN {joined} WHERE vector_id IS NOT NULL ORDER BY passage.id",
            (json.dumps(sorted(given)), reach, reach),
        )
        return [Near(*row) for row in rows]

    def sentence_vectors(self, vector_ids: Collection[int]) -> dict[int, bytes]:
        """float16 bytes of the vectors of each passage's sentences, one after the other, by the id of the passage's vector."""
        found: dict[int, bytes] = {}
        for part in batches(vector_ids):
            found |= dict(self._db.execute(f"SELECT id, sentences FROM vector WHERE id IN ({marks(part)})", part))
        return found

    def vector_digests(self) -> dict[int, str]:
        """The digest of what each vector was made of, by id."""
        return dict(self._db.execute("SELECT id, digest FROM vector").fetchall())

    def vector_rows(self) -> Iterator[tuple[str, bytes, bytes, int]]:
        """(digest, vector, vectors of sentences, checksum) of every vector, in use or not."""
        return self._db.execute("SELECT digest, data, sentences, crc FROM vector ORDER BY id")

    def count_unused_vectors(self) -> int:
        """How many vectors no passage has."""
        unused = (
            "SELECT count(*) FROM vector WHERE id NOT IN (SELECT vector_id FROM passage WHERE vector_id IS NOT NULL)"
        )
        return self._db.execute(unused).fetchone()[0]

    def faults(self) -> list[str]:
        """What the database finds wrong with itself: pages, references, and words that belong to no passage or lack theirs."""
        rows = self._db.execute("PRAGMA integrity_check(10)")
        found = [" ".join(told.split()) for (told,) in rows if told != "ok"]
        found += [f"a row of {table} belongs to nothing" for table, *_ in self._db.execute("PRAGMA foreign_key_check")][
            :10
        ]
        ranked, in_words = "SELECT id FROM passage WHERE role = 'body'", "SELECT rowid FROM full_text"
        for some, others, told in (
            (ranked, in_words, "passages are missing from the full text"),
            (in_words, ranked, "rows of the full text belong to no passage"),
        ):
            (number,) = self._db.execute(f"SELECT count(*) FROM ({some} EXCEPT {others})").fetchone()
            if number:
                found.append(f"{number:,} {told}")
        return found

    def words_of(self, document_id: int) -> dict[int, tuple[str, str]]:
        """(title, text) of a document's passages as the full text has them, by passage."""
        rows = self._db.execute(
            "SELECT rowid, title, text FROM full_text WHERE rowid IN (SELECT id FROM passage WHERE document_id = ?)",
            (document_id,),
        )
        return {id_: (title, text) for id_, title, text in rows}

    def utterances(self, document_id: int) -> list[StoredUtterance]:
        """All that is said in a document, in order."""
        return list(self._utterances("WHERE document_id = ?", (document_id,)))

    def said_in(self, passage_ids: Collection[int]) -> dict[int, list[StoredUtterance]]:
        """What has words in each of the passages, in order."""
        found: dict[int, list[StoredUtterance]] = {p: [] for p in passage_ids}
        for part in batches(passage_ids):
            links = self._db.execute(
                f"SELECT passage_id, utterance_id FROM said WHERE passage_id IN ({marks(part)})"
                " ORDER BY passage_id, utterance_id",
                part,
            ).fetchall()
            said: dict[int, StoredUtterance] = {}
            for some in batches({u for _, u in links}):
                said |= {u.id: u for u in self._utterances(f"WHERE utterance.id IN ({marks(some)})", some)}
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
            found |= {i for (i,) in self._db.execute(query.format(within, marks(people)), people)}
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
        for part in batches(values):
            found |= {d.id: d for d in self._documents(f"WHERE {column} IN ({marks(part)})", part)}
        return found

    def _documents(self, where: str, values: Sequence) -> list[StoredDocument]:
        roots = {r.id: r for r in self.roots()}
        rows = self._db.execute(
            "SELECT document.id, doc_id, record, text_digest, length, fidelity, genre, person.name,"
            " title, published, published_note, author, source, url, language, extra,"
            " locators, notes, root_id, path, stamp, digest, status, reason, encoding, indexed_at, correction"
            " FROM document JOIN file ON file.id = document.file_id LEFT JOIN person ON person.id = document.person_id"
            f" {where} ORDER BY document.id",
            values,
        )
        return [
            StoredDocument(
                row[0],
                row[1],
                FileState(roots[row[18]], *row[19:]),
                *row[2:8],
                Metadata(*row[8:15], extra=json.loads(row[15])),
                row[16],
                tuple(json.loads(row[17])),
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


def batches(values: Iterable[T], size: int = 500) -> Iterator[list[T]]:
    """`values` in lists of at most `size`: SQLite takes only so many parameters in one statement."""
    waiting = list(values)
    for at in range(0, len(waiting), size):
        yield waiting[at : at + size]


def marks(values: Sequence) -> str:
    return ",".join("?" * len(values))
