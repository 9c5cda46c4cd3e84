"""Bringing the store up to its folders: look, compare, read what is new or changed, let go of what is gone.

First the files are read, cut and embedded, group by group; missing vectors are kept batch by batch, the documents wait in a
temporary file. Then one transaction puts them in place of the old ones. So whoever asks meanwhile is answered from the last
commit, a crash leaves it whole, and no text embedded before the crash is embedded again: vectors are kept by digest of what
was embedded and by which encoder.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

import numpy as np

from index import readers
from index.chunker import ChunkerSettings, embedded_text, passages
from index.encoder import Encoder
from index.errors import SettingError, UnreadableFile
from index.plan import Found, Plan, existing, make_plan
from index.readers import Problem
from index.records import Document, Passage, Span
from index.speech import speech_of
from index.speech.people import gather
from index.speech.records import Speech
from index.store import FileState, Store, Writer, stamp_of
from index.vectors import FaissVectors, open_vectors

PIPELINE_VERSION = "3"
"""Raised whenever the same bytes would give other text, metadata, passages, utterances, embedded text or stems: an index made
by another version is made again."""

_EMBED_BATCH = 256
_GROUP_PASSAGES = 1024

Progress = Callable[[str, int, int], None]
"""Called with what is being done ("reading", "embedding", "storing"), how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A file, or a record of one, that could not be read."""

    name: str
    reason: str


@dataclass(slots=True)
class SyncReport:
    """What a sync found and did. File names are as `FileState.name` gives them."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    skipped: int = 0
    failures: list[Failure] = field(default_factory=list)
    unreachable: list[Path] = field(default_factory=list)
    """Folders and files that are not there now; what is known of them is kept."""
    embedded: int = 0
    """Texts that went through the encoder in this run."""
    remade_because: str | None = None
    """Why everything was read again: another model, another chunker."""

    @property
    def nothing_to_do(self) -> bool:
        return not (self.added or self.changed or self.removed or self.remade_because)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A file read and cut. One whose bytes are those that are indexed has no documents, though it was read."""

    state: FileState
    documents: list[tuple[Document, list[Passage], Speech]]
    problems: list[Problem]

    @property
    def is_the_same(self) -> bool:
        return self.state.status == "read" and not self.documents


@dataclass(frozen=True, slots=True)
class _Text:
    """What the encoder reads for a passage, and where the passage's sentences stand in it."""

    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A file ready to be put: each of its passages with the digest of its vector, if it has one."""

    state: FileState
    documents: list[tuple[Document, list[tuple[Passage, str | None]], Speech]]
    problems: list[Problem]


def sync(
    store: Store,
    encoder: Encoder,
    paths: Sequence[Path] = (),
    settings: ChunkerSettings | None = None,
    progress: Progress = lambda what, done, total: None,
) -> SyncReport:
    """Make the store hold what its folders hold. `paths` are added to the folders it knows and are the ones looked at;
    without any, all that it knows are. Raises SettingError for a path that is not there, StoreError, ModelError."""
    settings = settings or ChunkerSettings(max_tokens=encoder.max_tokens)
    paths = [existing(p) for p in paths]
    with store.write() as writer, tempfile.TemporaryFile(dir=store.folder) as waiting:
        remade_because = _remade_because(writer, encoder, settings)
        plan = make_plan(writer, store.folder, paths, afresh=remade_because is not None)
        report = SyncReport(
            removed=plan.removed,
            unchanged=plan.unchanged,
            skipped=plan.skipped,
            failures=[Failure(f.name, f.reason or "") for f in plan.still_failing],
            unreachable=[r.path for r in plan.unreachable],
            remade_because=remade_because,
        )
        touched = []
        groups = 0
        for group in _grouped(_prepare(plan, encoder, settings, progress)):
            touched += [item.state for item in group if item.is_the_same]
            changed = [item for item in group if not item.is_the_same and not _still_fails(item, plan, report)]
            pickle.dump(_embed_group(writer, changed, encoder, settings, report, progress), waiting)
            groups += 1
        report.unchanged += len(touched)
        _commit(writer, plan, touched, _waiting(waiting, groups), encoder, settings, report, progress)
        _catch_up(store, writer, encoder)
        return report


def forget(store: Store, path: Path) -> None:
    """Take a folder or file that was given to be indexed out of the store. Raises SettingError for one that was not."""
    with store.write() as writer:
        root = next((r for r in writer.roots() if str(path) in (r.name, str(r.path)) or path.resolve() == r.path), None)
        if root is None:
            raise SettingError(f"{path} was never indexed by itself: `dixit status` tells what was.")
        with writer.transaction():
            writer.remove_root(root)
            writer.remove_unused_vectors()
            _know_people(writer)


def pipeline_fingerprint(encoder: Encoder, settings: ChunkerSettings | None = None) -> str:
    """What an index depends on beside its documents: two indexes of one fingerprint answer alike."""
    parts = (PIPELINE_VERSION, settings or ChunkerSettings(max_tokens=encoder.max_tokens), encoder.fingerprint)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _remade_because(writer: Writer, encoder: Encoder, settings: ChunkerSettings) -> str | None:
    """Why everything has to be made again, if it has to."""
    before = writer.meta("pipeline")
    if before in (None, pipeline_fingerprint(encoder, settings)):
        return None
    if writer.meta("encoder") != encoder.fingerprint:
        return f"the model changed from {writer.meta('encoder_name') or '?'} to {encoder.name}"
    return "the index was made by another version of Dixit"


def _prepare(plan: Plan, encoder: Encoder, settings: ChunkerSettings, progress: Progress) -> Iterator[_Prepared]:
    for number, found in enumerate(plan.todo):
        progress("reading", number, len(plan.todo))
        before = plan.known.get((found.root.id, found.path))
        yield _read(found, before.digest if before and before.status == "read" else None, encoder, settings)
    progress("reading", len(plan.todo), len(plan.todo))


def _read(found: Found, indexed_digest: str | None, encoder: Encoder, settings: ChunkerSettings) -> _Prepared:
    """One file, whatever becomes of it: a file that cannot be read is prepared as that, and one whose bytes are those that
    are indexed is not read again."""
    state = FileState(found.root, found.path, "", "", "failed")
    documents: list[tuple[Document, list[Passage], Speech]] = []
    problems: list[Problem] = []
    try:
        stat = found.location.stat()
        state = replace(state, stamp=stamp_of(stat))
        if stat.st_size > readers.MAX_FILE_BYTES:
            raise UnreadableFile(f"larger than {readers.MAX_FILE_BYTES // 2**20} MiB: split it")
        data = found.location.read_bytes()
        state = replace(state, digest=hashlib.sha256(data).hexdigest())
        if state.digest == indexed_digest:
            return _Prepared(replace(state, status="read"), [], [])
        reading = readers.read(data, found.location.name)
        for item in reading.items:
            if isinstance(item, Problem):
                problems.append(item)
            elif not _is_unicode(item.text):
                problems.append(
                    Problem(
                        f"record {item.record}" if item.record else "text", "holds half a surrogate pair, no character"
                    )
                )
            else:
                speech = speech_of(item)
                documents.append((item, passages(item, encoder.count_tokens, settings, speech.utterances), speech))
        if not any(cut for _, cut, _ in documents):
            raise UnreadableFile(problems[0].reason if len(problems) == 1 else "holds no text")
        state = replace(state, status="read", encoding=reading.encoding)
    except UnreadableFile as error:
        state = replace(state, reason=str(error))
    except OSError as error:
        # What keeps it closed need not change its stamp: it is tried again the next time.
        state = replace(state, stamp="", reason=f"cannot be opened ({error.strerror})")
    except Exception as error:  # noqa: BLE001 - a parser that breaks on one file costs that file, never the run
        state = replace(state, reason=f"the reader broke on it ({type(error).__name__}: {error})"[:300])
    return _Prepared(state, documents if state.status == "read" else [], problems)


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _grouped(prepared: Iterable[_Prepared]) -> Iterator[list[_Prepared]]:
    group: list[_Prepared] = []
    size = 0
    for item in prepared:
        group.append(item)
        size += sum(len(cut) for _, cut, _ in item.documents)
        if size >= _GROUP_PASSAGES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _still_fails(item: _Prepared, plan: Plan, report: SyncReport) -> bool:
    """Whether a file failed before in just this way, so that there is nothing to put."""
    before = plan.known.get((item.state.root.id, item.state.path))
    if before is None or before.status != "failed" or replace(before, indexed_at="") != item.state:
        return False
    report.unchanged += 1
    report.failures.append(Failure(before.name, before.reason or ""))
    return True


def _embed_group(
    writer: Writer,
    group: list[_Prepared],
    encoder: Encoder,
    settings: ChunkerSettings,
    report: SyncReport,
    progress: Progress,
) -> list[_Placed]:
    """Files with the digests of their vectors, those vectors being in the store."""
    texts: dict[str, _Text] = {}

    def digest(document: Document, passage: Passage) -> str | None:
        if passage.role != "body":
            return None
        words = passage.span.of(document.text)
        text = embedded_text(words, document.metadata.title, passage.heading, encoder.count_tokens, settings)
        shift = len(text) - len(words) - passage.span.start
        read = _Text(text, tuple(Span(s.start + shift, s.end + shift) for s in passage.sentences))
        texts[key := _vector_digest(encoder, read)] = read
        return key

    placed = [
        _Placed(
            item.state, [(d, [(p, digest(d, p)) for p in cut], said) for d, cut, said in item.documents], item.problems
        )
        for item in group
    ]
    _embed(writer, encoder, texts, report, progress)
    return placed


def _waiting(file: IO[bytes], groups: int) -> Iterator[list[_Placed]]:
    file.seek(0)
    return (pickle.load(file) for _ in range(groups))


def _commit(
    writer: Writer,
    plan: Plan,
    touched: list[FileState],
    groups: Iterable[list[_Placed]],
    encoder: Encoder,
    settings: ChunkerSettings,
    report: SyncReport,
    progress: Progress,
) -> None:
    """All that a sync changes, in one transaction; a new commit if anything did that a reader can see."""
    pipeline = pipeline_fingerprint(encoder, settings)
    seen = (
        bool(plan.new_roots or plan.replaced_roots or plan.gone or plan.passed_over)
        or writer.meta("pipeline") != pipeline
    )
    number = 0
    with writer.transaction() as transaction:
        if report.remade_because:
            for state in writer.files():
                writer.remove_file(state.root, state.path)
        for state in plan.gone:
            writer.remove_file(state.root, state.path)
        for root in plan.replaced_roots:
            writer.remove_root(root)
        for root in plan.new_roots:
            writer.add_root(root)
        for found in plan.passed_over:
            writer.put_file(FileState(found.root, found.path, "", "", "skipped", found.reason))
        for state in touched:
            writer.touch_file(state)
        for group in groups:
            for item in group:
                progress("storing", number, len(plan.todo))
                number += 1
                seen = True
                _put(writer, item)
                _tell(report, item, plan.known.get((item.state.root.id, item.state.path)))
        for key, value in {
            "pipeline": pipeline,
            "encoder": encoder.fingerprint,
            "encoder_name": encoder.name,
        }.items():
            writer.set_meta(key, value)
        writer.remove_unused_vectors()
        if seen:
            _know_people(writer)
        transaction.visible = seen
    if number:
        progress("storing", len(plan.todo), len(plan.todo))


def _know_people(writer: Writer) -> None:
    """Who the speakers are is told by all documents together, so it is made out anew with every change."""
    people = gather(writer.known())

    def speaks(name: str | None, role: str | None, published: str | None) -> str | None:
        person = people.of(name, role, published)
        return person.name if person else None

    writer.put_people([(e.person.name, json.dumps(e.as_json(), ensure_ascii=False)) for e in people.entries], speaks)


def _put(writer: Writer, item: _Placed) -> None:
    ids = writer.known_vectors({digest for _, cut, _ in item.documents for _, digest in cut if digest})
    file_id = writer.put_file(item.state, [(p.where, p.reason) for p in item.problems])
    for document, cut, speech in item.documents:
        ranked = [(p, ids[d] if d else None) for p, d in cut]
        writer.put_document(file_id, _doc_id(item.state, document), document, ranked, speech)


def _embed(writer: Writer, encoder: Encoder, texts: dict[str, _Text], report: SyncReport, progress: Progress) -> None:
    """Vectors of texts by digest; those not in the store are embedded and kept, batch by batch."""
    known = writer.known_vectors(texts)
    # By length: each batch then pads little.
    missing = sorted((d for d in texts if d not in known), key=lambda d: len(texts[d].text))
    for at in range(0, len(missing), _EMBED_BATCH):
        progress("embedding", at, len(missing))
        batch = missing[at : at + _EMBED_BATCH]
        read = encoder.encode_with_sentences([texts[d].text for d in batch], [texts[d].sentences for d in batch])
        with writer.transaction(visible=False):
            writer.add_vectors(
                (d, vector.tobytes(), sentences.astype(np.float16).tobytes())
                for d, vector, sentences in zip(batch, read.passages, read.sentences)
            )
        report.embedded += len(batch)
    if missing:
        progress("embedding", len(missing), len(missing))


def _vector_digest(encoder: Encoder, read: _Text) -> str:
    borders = ",".join(f"{s.start}-{s.end}" for s in read.sentences)
    return hashlib.sha256(f"{encoder.fingerprint}\0{borders}\0{read.text}".encode()).hexdigest()


def _doc_id(state: FileState, document: Document) -> str:
    # "#" in a file's name is escaped as in a URL: no file is called as another's record is.
    file = state.name.replace("%", "%25").replace("#", "%23")
    return f"{file}#{document.record}" if document.record is not None else file


def _tell(report: SyncReport, item: _Placed, before: FileState | None) -> None:
    state = item.state
    report.failures += [Failure(f"{state.name}, {p.where}", p.reason) for p in item.problems]
    if state.status == "failed":
        report.failures.append(Failure(state.name, state.reason or ""))
    elif before is None or before.status != "read":
        report.added.append(state.name)
    else:
        report.changed.append(state.name)


def _catch_up(store: Store, writer: Writer, encoder: Encoder) -> None:
    """Write the FAISS file of the last commit, unless it is there. It is derived: whoever asks does without it, if need be."""
    if FaissVectors.load(store.folder, writer.commit) is None:
        with suppress(OSError):
            open_vectors(store.folder, writer, encoder.dimension).save(store.folder, writer.commit)
