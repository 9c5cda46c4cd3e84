"""The doctor: the store against itself, against its folders and against the FAISS file, digest by digest.

Sizes and times count for nothing here. Every file is read again, every passage compared with its words in it, every vector with its
checksum and with the digest of what it was made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

from index import readers
from index.chunker import ChunkerSettings
from index.embedded import Embedded
from index.encoder import Encoder
from index.errors import DamagedStore, UnreadableFile
from index.plan import file_digest, make_plan
from index.readers import Problem
from index.records import Document
from index.snapshot import Snapshot
from index.speech import speech_of
from index.speech.records import Utterance
from index.store import Store
from index.stored import FileState, StoredDocument, doc_id_of
from index.sync import SyncReport, remade_because, remake, sync
from index.vectors import FaissVectors, stored_vectors
from index.words import stems
from index.writer import vector_crc

Kind = Literal["stale", "missing", "orphaned", "damaged", "unread"]
"""`stale`: documents are otherwise than they are indexed, or the index was made otherwise than it would be now. `missing`: what
should be there is not. `orphaned`: what is there belongs to nothing. `damaged`: what is there is not what was written. `unread`: a
file that cannot be read; the index knows, and nothing is wrong with it."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know: what it is about, and in words how it is. `remade`: only making everything again puts it right."""

    kind: Kind
    what: str
    how: str
    remade: bool = False

    @property
    def is_wrong(self) -> bool:
        return self.kind != "unread"


@dataclass(frozen=True, slots=True)
class Repair:
    """What was done about findings, and those that are left."""

    report: SyncReport | None
    left: list[Finding]


def check(store: Store, encoder: Encoder, progress: Progress = lambda what, done, total: None) -> list[Finding]:
    """All that is not as it should be, and what cannot be read. Raises NothingIndexed."""
    try:
        because = remade_because(store, encoder)
        if because is not None:
            return [Finding("stale", store.path.name, f"{because}: `dixit index` makes everything again", True)]
        with store.read() as snapshot:
            return [
                *_database(snapshot, store),
                *_folders(snapshot, store, progress),
                *_documents(snapshot, encoder, progress),
                *_vectors(snapshot, store, encoder),
                *_left_behind(snapshot, store),
            ]
    except DamagedStore as error:
        return [Finding("damaged", store.path.name, str(error.__cause__ or error), True)]
    except (ValueError, TypeError, KeyError) as error:
        return [Finding("damaged", store.path.name, f"holds what was never written ({error})", True)]


def repaired(store: Store, encoder: Encoder, found: list[Finding], progress: Progress) -> Repair:
    """Put right what was found; nothing is embedded but what is not there whole. What cannot be put right is left."""
    if not any(f.is_wrong for f in found):
        return Repair(None, found)
    if any(f.remade for f in found):
        report = remake(store, encoder, "the index was not whole", progress)
    else:
        with store.locked():
            if not store.is_pointed_at():
                store.point_at(store.path)
        stale = {f.what for f in found if f.kind == "stale"}
        with store.write() as writer, writer.transaction(visible=False):
            for state in writer.files():
                if state.name in stale:
                    writer.touch_file(replace(state, stamp=""))  # to be read whatever the disk tells
        for path in store.folder.glob("vectors-*.faiss"):
            with suppress(OSError):
                path.unlink()
        report = sync(store, encoder, progress=progress)
    return Repair(report, check(store, encoder, progress))


def _database(snapshot: Snapshot, store: Store) -> Iterator[Finding]:
    for told in snapshot.faults():
        yield Finding("damaged", store.path.name, told, True)


def _folders(snapshot: Snapshot, store: Store, progress: Progress) -> Iterator[Finding]:
    """The files as they are against the files as they were read, by digest."""
    plan = make_plan(snapshot, store.folder, snapshot.roots())
    for found in plan.todo:
        before = plan.known.get((found.root.id, found.path))
        if before is None or before.status == "skipped":
            yield Finding("stale", found.name, "is not read yet")
        elif before.status == "read" and file_digest(found.location) is None:
            yield Finding("stale", found.name, "can no longer be read")
    for found in plan.passed_over:
        before = plan.known.get((found.root.id, found.path))
        if before and before.status == "read":
            yield Finding("stale", found.name, f"is no longer read: {found.reason}")
    for renamed in plan.renamed:
        yield Finding("stale", renamed.before.name, f"is called {renamed.after.name} now")
    for state in plan.gone:
        yield Finding("missing", state.name, "is in the index and no longer in its folder")
    for root in plan.away:
        yield Finding("missing", str(root.path), "is not there now; what was read of it is kept")
    present = {state.name for state in (*plan.gone, *(r.before for r in plan.renamed))}
    away = {root.id for root in plan.away}
    files = [f for f in snapshot.files() if f.name not in present and f.root.id not in away]
    for number, state in enumerate(files):
        progress("comparing files", number, len(files))
        if state.status == "failed":
            yield Finding("unread", state.name, state.reason or "")
        if state.status in ("read", "failed") and state.digest and state.location.is_file():
            if file_digest(state.location) not in (state.digest, None):
                yield Finding("stale", state.name, "has changed since it was read")
    for name, place, reason in snapshot.problems():
        yield Finding("unread", f"{name}, {place}", reason)


def _documents(snapshot: Snapshot, encoder: Encoder, progress: Progress) -> Iterator[Finding]:
    """Every passage against its words in its document, and its vector against what it was made of."""
    settings = ChunkerSettings(max_tokens=encoder.max_tokens)
    digests = snapshot.vector_digests()
    files = {f.name: f for f in snapshot.files() if f.status == "read"}
    by_file: dict[str, list[StoredDocument]] = {name: [] for name in files}
    for document in snapshot.documents().values():
        by_file.setdefault(document.file.name, []).append(document)
    for number, (name, documents) in enumerate(by_file.items()):
        progress("comparing passages", number, len(by_file))
        texts = _texts(files[name] if name in files else documents[0].file, documents, snapshot)
        kept = readers.is_parsed(documents[0].file.location.name) if documents else False
        for record in texts.keys() - {d.record for d in documents}:
            yield Finding("missing", doc_id_of(name, record), "is in its file, and not in the index", True)
        for document in documents:
            now = texts.get(document.record)
            if (texts or kept) and now is None:
                how = (
                    "what is kept of it is damaged"
                    if kept
                    else "is in the index and not in its file, which is the same"
                )
                yield Finding("damaged", document.doc_id, how, True)
            elif now is not None and not _is_whole(snapshot, document, now, digests, encoder, settings):
                yield Finding("damaged", document.doc_id, "what is indexed of it is not what its file holds", True)


def _texts(state: FileState, documents: Sequence[StoredDocument], snapshot: Snapshot) -> Mapping[str | None, Document]:
    """The documents of a file that has not changed, by record, those that are kept as they are kept; nothing of a file that has, or
    cannot be read."""
    if readers.is_parsed(state.location.name):
        return {d.record: kept for d in documents if (kept := snapshot.kept(d))}
    try:
        if file_digest(state.location) == state.digest:
            reading = readers.read(state.location.read_bytes(), state.location.name)
            return {d.record: d for d in reading.items if not isinstance(d, Problem)}
    except (OSError, UnreadableFile):
        pass
    return {}


def _is_whole(
    snapshot: Snapshot,
    stored: StoredDocument,
    now: Document,
    digests: Mapping[int, str],
    encoder: Encoder,
    settings: ChunkerSettings,
) -> bool:
    """Whether a document's passages are slices of its text, cover it, and have the vectors that belong to them."""
    if now.digest != stored.text_digest:
        return False
    now = replace(now, metadata=stored.metadata)  # with what its user put right
    if [u.utterance for u in snapshot.utterances(stored.id)] != _in_order(speech_of(now).utterances):
        return False
    at = 0
    title, in_words = " ".join(stems(now.metadata.title or "")), snapshot.words_of(stored.id)
    for p in snapshot.passages_of(stored.id):
        span, words = p.passage.span, p.passage.span.of(now.text)
        if (
            words != p.text
            or now.text[at : span.start].strip()
            or (p.passage.role == "body") != (p.vector_id is not None)
        ):
            return False
        if p.vector_id is not None:
            if in_words.get(p.id) != (title, " ".join(stems(words))):
                return False
            embedded = Embedded.of(p.passage, words, stored.metadata.title, encoder, settings)
            if digests.get(p.vector_id) != embedded.digest(encoder):
                return False
        at = max(at, span.end)
    return not now.text[at:].strip()


def _in_order(said: Iterable[Utterance]) -> list[Utterance]:
    return sorted(said, key=lambda u: u.span.start)


def _vectors(snapshot: Snapshot, store: Store, encoder: Encoder) -> Iterator[Finding]:
    """Every vector against its checksum, and the FAISS file against the vectors."""
    wrong = [d for d, data, sentences, crc in snapshot.vector_rows() if vector_crc(d, data, sentences) != crc]
    if wrong:
        yield Finding("damaged", store.path.name, f"{len(wrong):,} vectors are not what was written", True)
        return
    files = list(store.folder.glob("vectors-*.faiss"))
    held = FaissVectors.load(store.folder, snapshot.commit)
    if held is None and any(snapshot.commit in f.name for f in files):
        yield Finding("damaged", "the FAISS file", "is not what was written; questions are answered without it")
    elif held is None:
        yield Finding("missing", "the FAISS file", "of the last commit is not there; questions are answered without it")
    else:
        if not held.holds_just(stored_vectors(snapshot, encoder.dimension)):
            yield Finding("damaged", "the FAISS file", "holds other vectors than the index")


def _left_behind(snapshot: Snapshot, store: Store) -> Iterator[Finding]:
    unused = snapshot.count_unused_vectors()
    if unused:
        yield Finding("orphaned", store.path.name, f"{unused:,} vectors belong to no passage")
    others = [p for p in store.folder.glob("vectors-*.faiss") if snapshot.commit not in p.name]
    if not store.is_pointed_at():
        yield Finding("damaged", "current", f"does not name the database in use, {store.path.name}")
    for path in (*store.databases_not_in_use(), *others, *store.folder.glob("*.part")):
        yield Finding("orphaned", path.name, "is left of a run that never came to its end")
