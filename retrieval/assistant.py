"""The façade that everything in `app/` goes through: one store, asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from index.encoder import Encoder, load_encoder
from index.errors import SettingError, StoreError
from index.lexical import LexicalIndex
from index.plan import behind
from index.records import Layout
from index.snapshot import Snapshot
from index.speech.people import Entry, People
from index.store import Store
from index.stored import Behind, Root, StoredDocument, StoredPassage, StoredUtterance
from index.sync import pipeline_fingerprint
from index.vectors import VectorIndex, open_vectors
from index.words import stems
from retrieval.answering import answer
from retrieval.examples import example_questions
from retrieval.freshness import not_read, unread
from retrieval.pages import Pages
from retrieval.question import understand
from retrieval.question_records import Question
from retrieval.records import Answer, Citation, Status
from retrieval.reranker import Reranker
from retrieval.search import Searcher
from retrieval.speakers import Speaker, everything_said, question_about, speakers, the_one_called, utterances
from retrieval.status import index_status
from retrieval.verification import Source, SourceReader

DEFAULT_K = 5
LONGEST_QUESTION = 4000


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """A document opened for reading: what is stored of it, its passages and what is said in it, both in order, and its text as
    it is on disk now."""

    stored: StoredDocument
    passages: list[StoredPassage]
    utterances: list[StoredUtterance]
    source: Source
    layout: Layout | None = None
    """Where its text stands on its pages, if it has any."""


class Assistant:
    """Answers questions from one store. Safe to share between threads; each question sees one commit, the newest."""

    def __init__(
        self,
        store: Store,
        cache: Path | None = None,
        on_export: Callable[[], None] = lambda: None,
        reranker: Reranker | None = None,
        kept_up: Callable[[], bool] = lambda: False,
        passwords: Sequence[str] = (),
    ) -> None:
        """`cache` and `on_export` are those of `index.encoder.load_encoder`; without a `reranker` nothing is reranked. `kept_up`
        tells whether what changes in the folders is read by itself; `passwords` open encrypted files whose pages are drawn."""
        self._kept_up = kept_up
        self._store, self._cache, self._on_export, self._reranker = store, cache, on_export, reranker
        self._sources = SourceReader()
        self._pages = Pages(passwords)
        self._lock = threading.Lock()
        self._encoder: Encoder | None = None
        self._vectors: tuple[str, VectorIndex] | None = None
        self._people: tuple[str, People] | None = None

    def ask(
        self,
        text: str,
        before: Question | None = None,
        k: int = DEFAULT_K,
        explain: bool = False,
        collections: Sequence[str] = (),
    ) -> Answer:
        """The answer to a question, `before` being the one it follows in a conversation, with at most `k` citations, each with why
        it is there, to `explain`; from the `collections` of these names, or from all."""
        text = text.encode("utf-8", "replace").decode()  # half a surrogate pair is no character
        if not text.strip():
            raise SettingError("The question is empty: ask something.")
        if len(text) > LONGEST_QUESTION:
            raise SettingError(f"The question is longer than {LONGEST_QUESTION:,} characters: shorten it.")
        if k < 1:
            raise SettingError(f"The number of passages cannot be {k}: ask for 1 or more.")
        with self.searcher() as searcher:
            snapshot = searcher.snapshot
            question = understand(text, before, self.people(snapshot), snapshot.newest())
            roots = _called(collections, snapshot)
            within = snapshot.documents_of(roots) if collections else None
            found = answer(question, searcher, self._sources.of(snapshot), k, within, explain)
            if collections:
                found = replace(found, collections=tuple(r.name for r in roots), searched=snapshot.counts(roots))
            return self._with_what_is_unread(found, snapshot, roots)

    def _with_what_is_unread(self, found: Answer, snapshot: Snapshot, roots: list[Root]) -> Answer:
        """An answer that is none says what may be in files that are not read."""
        if found.verdict == "answered":
            return found
        left = unread(snapshot, self._store.folder, roots)
        told = not_read(
            left if found.verdict == "none" else replace(left, failed=()),
            self._kept_up() or self._store.is_being_written(),
        )
        return replace(found, reason=f"{found.reason} {told}".rstrip(), unread=left)

    def behind(self) -> Behind:
        """How the folders differ from what is indexed of them, by sizes and times."""
        with self._store.read() as snapshot:
            return behind(snapshot, self._store.folder)

    def warm_up(self) -> None:
        """Load what questions need, once: the model, the vectors, the speakers and the dictionaries."""
        with self.searcher() as searcher:
            self.people(searcher.snapshot)
        stems("words слова")  # one of each language

    def open(self, doc_id: str) -> OpenDocument:
        """A document by its id. Raises SettingError when there is none of that id."""
        with self._store.read() as snapshot:
            stored = snapshot.document(doc_id)
            if stored is None:
                raise SettingError(f"No document {doc_id} is indexed: `dixit status` tells what is.")
            passages, said = snapshot.passages_of(stored.id), snapshot.utterances(stored.id)
            source = self._sources.of(snapshot).read([stored])[stored.id]
            layout = self._sources.layout(stored, snapshot)
        return OpenDocument(stored, passages, said, source, layout)

    def page_image(self, doc_id: str, page: int, width: int) -> bytes:
        """A page of a document, counted from 0, as a PNG, `retrieval.pages.WIDTHS` pixels wide. Raises SettingError where there is
        none."""
        with self._store.read() as snapshot:
            stored = snapshot.document(doc_id)
            if stored is None:
                raise SettingError(f"No document {doc_id} is indexed: `dixit status` tells what is.")
            return self._pages.image(stored, self._sources.of(snapshot), page, width)

    def close(self) -> None:
        """Let go of what draws pages."""
        self._pages.close()

    @contextmanager
    def read(self) -> Iterator[Snapshot]:
        """The last commit, for what is told of the index itself. Raises StoreError."""
        with self._store.read() as snapshot:
            yield snapshot

    def status(self) -> Status:
        """What is indexed, and what could not be read."""
        return index_status(self._store)

    def speakers(self) -> list[Speaker]:
        """Everybody who says something, those who say most first."""
        with self._store.read() as snapshot:
            return speakers(snapshot, self.people(snapshot))

    def said(self, name: str, since: str | None = None, until: str | None = None) -> list[Citation]:
        """All that somebody says in documents published from `since` to `until` (ISO 8601), the newest first. Raises SettingError
        for a name that is nobody's, or not of one alone."""
        with self._store.read() as snapshot:
            person = the_one_called(name, self.people(snapshot))
            return list(everything_said(person, snapshot, self._sources.of(snapshot), since, until))

    def said_about(self, name: str, topic: str, since: str | None, until: str | None, k: int = DEFAULT_K) -> Answer:
        """What somebody says on a topic, in documents published from `since` to `until`. Raises SettingError as `said` does."""
        with self.searcher() as searcher:
            person = the_one_called(name, self.people(searcher.snapshot))
            within = searcher.snapshot.published_within(since, until) if since or until else None
            return answer(question_about(person, topic), searcher, self._sources.of(searcher.snapshot), k, within)

    def utterances(self, names: list[str]) -> list[tuple[StoredDocument, StoredUtterance]]:
        """All that is said in the named documents, or in all. Raises SettingError for a name that is no document's."""
        with self._store.read() as snapshot:
            return list(utterances(snapshot, names))

    def text_of(self, document: StoredDocument) -> str | None:
        """A document's text as it is on disk now, or None when that is not what was indexed."""
        with self._store.read() as snapshot:
            return self._sources.of(snapshot).read([document])[document.id].proved_text

    def examples(self, count: int = 3) -> list[str]:
        """Questions that the indexed documents can be asked, made of their own most telling words."""
        with self._store.read() as snapshot:
            return example_questions(snapshot, count)

    @contextmanager
    def searcher(self) -> Iterator[Searcher]:
        """The searches over the newest commit, for as long as the block lasts."""
        with self._store.read() as snapshot:
            encoder, vectors = self._loaded(snapshot)
            words = LexicalIndex(snapshot, snapshot.counts().passages)
            yield Searcher(snapshot, encoder, vectors, words, self._reranker)

    def people(self, snapshot: Snapshot) -> People:
        """The speakers of the snapshot's commit."""
        with self._lock:
            if self._people is None or self._people[0] != snapshot.commit:
                self._people = (snapshot.commit, People(Entry.from_json(json.loads(row)) for row in snapshot.people()))
            return self._people[1]

    def _loaded(self, snapshot: Snapshot) -> tuple[Encoder, VectorIndex]:
        """The encoder the index was made with, and the vectors of the snapshot's commit: loaded once, until they change."""
        fingerprint, name = snapshot.meta("encoder"), snapshot.meta("encoder_name")
        if not fingerprint or not name:
            raise StoreError(f"Nothing is indexed in {self._store.folder} yet: run `dixit index PATH` first.")
        with self._lock:
            if self._encoder is None or self._encoder.fingerprint != fingerprint:
                self._encoder = load_encoder(name, self._cache, self._on_export)
            if self._encoder.fingerprint != fingerprint:
                raise StoreError(f"The model {name} is no longer the one the index was made with: run `dixit index`.")
            if pipeline_fingerprint(self._encoder) != snapshot.meta("pipeline"):
                raise StoreError(
                    f"The index in {self._store.folder} was made by another version of Dixit: run `dixit index`."
                )
            if self._vectors is None or self._vectors[0] != snapshot.commit:
                self._vectors = (snapshot.commit, open_vectors(self._store.folder, snapshot, self._encoder.dimension))
            return self._encoder, self._vectors[1]


def _called(names: Sequence[str], snapshot: Snapshot) -> list[Root]:
    """The collections of these names; without any, all. Raises SettingError for a name that is none's."""
    roots = snapshot.roots()
    unknown = next((n for n in names if n not in {r.name for r in roots}), None)
    if unknown is not None:
        raise SettingError(f"There is no collection “{unknown}”: there are {', '.join(f'“{r.name}”' for r in roots)}.")
    return [r for r in roots if not names or r.name in names]
