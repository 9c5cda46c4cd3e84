"""The façade that everything in `app/` goes through: one store, asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.encoder import Encoder, load_encoder
from index.errors import SettingError, StoreError
from index.lexical import LexicalIndex
from index.store import Snapshot, Store, StoredDocument, StoredPassage
from index.sync import pipeline_fingerprint
from index.vectors import VectorIndex, open_vectors
from retrieval.citation import cite, proved_first
from retrieval.examples import example_questions
from retrieval.grouping import REACH, grouped
from retrieval.question import understand
from retrieval.records import Answer, Question, Status
from retrieval.search import Searcher
from retrieval.sentences import highlights, read_sentences
from retrieval.status import index_status
from retrieval.verdict import judge
from retrieval.verification import Source, SourceReader

DEFAULT_K = 5
LONGEST_QUESTION = 4000


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """A document opened for reading: what is stored of it, its passages in order, and its text as it is on disk now."""

    stored: StoredDocument
    passages: list[StoredPassage]
    source: Source


class Assistant:
    """Answers questions from one store. Safe to share between threads; each question sees one commit, the newest."""

    def __init__(self, store: Store, cache: Path | None = None, on_export: Callable[[], None] = lambda: None) -> None:
        """`cache` and `on_export` are those of `index.encoder.load_encoder`."""
        self._store, self._cache, self._on_export = store, cache, on_export
        self._sources = SourceReader()
        self._lock = threading.Lock()
        self._encoder: Encoder | None = None
        self._vectors: tuple[str, VectorIndex] | None = None

    def ask(self, text: str, before: Question | None = None, k: int = DEFAULT_K) -> Answer:
        """The answer to a question, `before` being the one it follows in a conversation, with at most `k` citations."""
        text = text.encode("utf-8", "replace").decode()  # half a surrogate pair is no character
        if not text.strip():
            raise SettingError("The question is empty: ask something.")
        if len(text) > LONGEST_QUESTION:
            raise SettingError(f"The question is longer than {LONGEST_QUESTION:,} characters: shorten it.")
        if k < 1:
            raise SettingError(f"The number of passages cannot be {k}: ask for 1 or more.")
        question = understand(text, before)
        with self.searcher() as searcher:
            search, snapshot = searcher.search(question), searcher.snapshot
            counts = snapshot.counts()
            hits = search.fused()
            groups = grouped(hits, search.neighbours(hits[: 3 * k], REACH), k)
            documents = snapshot.documents(h.passage.document_id for g in groups for h in (*g.hits, *g.also))
            # All at once first, so that a file of many records is read in one pass.
            self._sources.read({g.document_id: documents[g.document_id] for g in groups}.values())
            proved = [proved_first(group, documents, self._sources) for group in groups]
            groups = [group for group, _ in proved]
            read = read_sentences(groups, search.vector, searcher.encoder, searcher.words.rarity(question.terms))
            verdict, reason = judge(question, hits, read, snapshot.term_counts, counts.passages)
            if verdict == "none":
                return Answer(question, verdict, reason, (), snapshot.commit, counts)
            citations = tuple(
                cite(number, group, source, marked, documents)
                for number, ((group, source), marked) in enumerate(zip(proved, highlights(groups, read)), start=1)
            )
            if all(c.text is None for c in citations):
                verdict, reason = (
                    "weak",
                    "What was found does not stand in its file any more: run `dixit index`, then ask again.",
                )
            return Answer(question, verdict, reason, citations, snapshot.commit, counts)

    def open(self, doc_id: str) -> OpenDocument:
        """A document by its id. Raises SettingError when there is none of that id."""
        with self._store.read() as snapshot:
            stored = snapshot.document(doc_id)
            if stored is None:
                raise SettingError(f"No document {doc_id} is indexed: `dixit status` tells what is.")
            passages = snapshot.passages_of(stored.id)
        return OpenDocument(stored, passages, self._sources.read([stored])[stored.id])

    def status(self) -> Status:
        """What is indexed, and what could not be read."""
        return index_status(self._store)

    def examples(self, count: int = 3) -> list[str]:
        """Questions that the indexed documents can be asked, made of their own most telling words."""
        with self._store.read() as snapshot:
            return example_questions(snapshot, count)

    @contextmanager
    def searcher(self) -> Iterator[Searcher]:
        """The searches over the newest commit, for as long as the block lasts."""
        with self._store.read() as snapshot:
            encoder, vectors = self._loaded(snapshot)
            yield Searcher(snapshot, encoder, vectors, LexicalIndex(snapshot, snapshot.counts().passages))

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
