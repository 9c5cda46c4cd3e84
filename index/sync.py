"""Bringing the store up to its folders: look, compare, read what is new or changed, let go of what is gone.

Work is done in groups of files. A group's missing vectors are embedded and kept first, batch by batch; then one transaction
puts its documents in place of the old ones. So a crash leaves the last commit whole, and no text embedded before it is
embedded again: vectors are kept by digest of what was embedded and by which encoder.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Literal

from index import readers
from index.chunker import CHUNKER_VERSION, ChunkerSettings, embedded_text, passages
from index.encoder import Encoder
from index.errors import SettingError, UnreadableFile
from index.readers import Problem
from index.records import Document, Passage
from index.store import FileState, Root, Store, Writer
from index.vectors import FaissVectors, open_vectors

READERS_VERSION = "1"
"""Raised whenever a reader would give other text or metadata for the same bytes."""

_EMBED_BATCH = 256
_GROUP_PASSAGES = 1024
_SIDE_FILES = {"queries.jsonl", "gold.jsonl", "dialogues.jsonl", "qrels.tsv"}

Progress = Callable[[str, int, int], None]
"""Called with what is being done ("reading", "embedding"), how much of it is done, and how much there is."""


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
    embedded: int = 0
    """Texts that went through the encoder in this run."""
    remade_because: str | None = None
    """Why everything was read again: another model, another chunker."""

    @property
    def nothing_to_do(self) -> bool:
        return not (self.added or self.changed or self.removed or self.remade_because)


@dataclass(frozen=True, slots=True)
class _Found:
    """A file on disk, and what to do about it."""

    root: Root
    path: str
    location: Path
    status: Literal["read", "skip"]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A file read and cut, ready to be embedded and put. One that was read before and is the same has no documents."""

    state: FileState
    documents: list[tuple[Document, list[Passage]]]
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
    with store.write() as writer:
        report = SyncReport()
        roots = _roots(writer, [_existing(p) for p in paths])
        _adopt_pipeline(writer, encoder, settings, report)
        if report.remade_because:
            roots = writer.roots()
        known = {(f.root.id, f.path): f for f in writer.files()}
        todo = list(_compare(writer, roots, known, report))
        for group in _grouped(_prepare(todo, known, encoder, settings, progress)):
            _put(writer, group, known, encoder, settings, report, progress)
        with writer.transaction(visible=False):
            writer.remove_unused_vectors()
        _catch_up(store, writer, encoder)
        return report


def pipeline_fingerprint(encoder: Encoder, settings: ChunkerSettings) -> str:
    """What an index depends on beside its documents: two indexes of one fingerprint answer alike."""
    sizes = (settings.target_tokens, settings.max_tokens, settings.context_tokens)
    return hashlib.sha256(repr((READERS_VERSION, CHUNKER_VERSION, sizes, encoder.fingerprint)).encode()).hexdigest()


def _existing(path: Path) -> Path:
    if not path.exists():
        raise SettingError(f"{path} does not exist: give a folder or a file.")
    return path.resolve()


_Known = dict[tuple[int, str], FileState]
"""What the store knows of each file, by root and path."""


def _roots(writer: Writer, paths: list[Path]) -> list[Root]:
    """The roots to look at, new ones put into the store. A path within a known root stands for that root; a path around
    known roots takes their place."""
    chosen: list[Root] = []
    for path in paths:
        known = writer.roots()
        around = next((r for r in known if path == r.path or path.is_relative_to(r.path)), None)
        if around is None:
            with writer.transaction():
                for inner in (r for r in known if r.path.is_relative_to(path)):
                    writer.remove_root(inner)
                writer.add_root(path, _root_name(path, {r.name for r in writer.roots()}))
            around = next(r for r in writer.roots() if r.path == path)
        if around not in chosen:
            chosen.append(around)
    return chosen or writer.roots()


def _root_name(path: Path, taken: set[str]) -> str:
    """The shortest end of the path that no other root is called by."""
    parts = [_readable(p) for p in path.parts if p != path.anchor] or ["root"]
    return next((name for n in range(1, len(parts) + 1) if (name := "/".join(parts[-n:])) not in taken), str(path))


def _adopt_pipeline(writer: Writer, encoder: Encoder, settings: ChunkerSettings, report: SyncReport) -> None:
    """Make everything again when the index was made by another encoder, chunker or reader, and say so."""
    fingerprint = pipeline_fingerprint(encoder, settings)
    before = writer.meta("pipeline")
    if before == fingerprint:
        return
    if before is not None:
        model = writer.meta("encoder_name") or "?"
        other = f"the model changed from {model} to {encoder.name}" if writer.meta("encoder") != encoder.fingerprint else None
        report.remade_because = other or "the index was made by another version of the chunker or the readers"
    with writer.transaction():
        for state in writer.files():
            writer.remove_file(state.root, state.path)
        for key, value in {
            "pipeline": fingerprint,
            "encoder": encoder.fingerprint,
            "encoder_name": encoder.name,
            "dimension": str(encoder.dimension),
        }.items():
            writer.set_meta(key, value)


def _compare(writer: Writer, roots: list[Root], known: _Known, report: SyncReport) -> Iterator[_Found]:
    """The files that have to be read. What is gone is let go of at once, before anything is read."""
    present = {(f.root.id, f.path): f for root in roots for f in _walk(root)}
    looked_at = {root.id for root in roots}
    gone = [state for key, state in known.items() if key not in present and state.root.id in looked_at]
    if gone:
        with writer.transaction():
            for state in gone:
                writer.remove_file(state.root, state.path)
                if state.status == "read":
                    report.removed.append(state.name)
    for key, found in present.items():
        before = known.get(key)
        if found.status == "skip":
            report.skipped += 1
            if before is None or before.status != "skipped":
                with writer.transaction():
                    writer.put_file(_skipped(found))
        elif before and before.status != "skipped" and _same_stat(found.location, before):
            report.unchanged += 1
            if before.status == "failed":
                report.failures.append(Failure(before.name, before.reason or ""))
        else:
            yield found


def _walk(root: Root) -> Iterator[_Found]:
    """Every file of a root, sorted by path. Hidden files and links out of the folder are passed over."""
    if root.path.is_file():
        yield _judged(root, "", root.path, set())
        return
    for folder, folders, names in os.walk(root.path):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        siblings = set(names)
        for name in sorted(names):
            location = Path(folder, name)
            if name.startswith((".", "~$")) or not location.is_file():
                continue
            if location.is_symlink() and not location.resolve().is_relative_to(root.path):
                continue
            yield _judged(root, PurePosixPath(location.relative_to(root.path)).as_posix(), location, siblings)


def _judged(root: Root, path: str, location: Path, siblings: set[str]) -> _Found:
    name = location.name
    if _readable(path) != path:
        return _Found(root, _readable(path), location, "skip", "its name is not valid Unicode: rename it")
    if "queries.jsonl" in siblings and (name in _SIDE_FILES):
        return _Found(root, path, location, "skip", "belongs to an evaluation set: questions and judgements, no document")
    if not readers.is_readable(name) and path:
        suffix = location.suffix.lower() or "no suffix"
        return _Found(root, path, location, "skip", f"{suffix} is not a format that is read")
    return _Found(root, path, location, "read")


def _readable(name: str) -> str:
    """A file name that holds bytes which are no UTF-8, with those escaped."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _skipped(found: _Found) -> FileState:
    stat = found.location.stat()
    return FileState(found.root, found.path, stat.st_size, stat.st_mtime_ns, "", "skipped", found.reason)


def _same_stat(location: Path, before: FileState) -> bool:
    try:
        stat = location.stat()
    except OSError:
        return False
    return (stat.st_size, stat.st_mtime_ns) == (before.size, before.mtime_ns)


def _prepare(
    todo: list[_Found], known: _Known, encoder: Encoder, settings: ChunkerSettings, progress: Progress
) -> Iterator[_Prepared]:
    for number, found in enumerate(todo):
        progress("reading", number, len(todo))
        before = known.get((found.root.id, found.path))
        yield _read(found, before.digest if before and before.status == "read" else None, encoder, settings)
    progress("reading", len(todo), len(todo))


def _read(found: _Found, indexed_digest: str | None, encoder: Encoder, settings: ChunkerSettings) -> _Prepared:
    """One file, whatever becomes of it: a file that cannot be read is prepared as that, and one whose bytes are those that
    are indexed is not read again."""
    state = FileState(found.root, found.path, 0, 0, "", "failed")
    documents: list[tuple[Document, list[Passage]]] = []
    problems: list[Problem] = []
    try:
        stat = found.location.stat()
        state = replace(state, size=stat.st_size, mtime_ns=stat.st_mtime_ns)
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
                problems.append(Problem(f"record {item.record}" if item.record else "text", "holds half a surrogate pair, no character"))
            else:
                documents.append((item, passages(item, encoder.count_tokens, settings)))
        if not any(cut for _, cut in documents):
            raise UnreadableFile(problems[0].reason if len(problems) == 1 else "holds no text")
        state = replace(state, status="read", encoding=reading.encoding)
    except UnreadableFile as error:
        state = replace(state, reason=str(error))
    except OSError as error:
        state = replace(state, reason=f"cannot be opened ({error.strerror})")
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
        size += sum(len(cut) for _, cut in item.documents)
        if size >= _GROUP_PASSAGES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _put(
    writer: Writer,
    group: list[_Prepared],
    known: _Known,
    encoder: Encoder,
    settings: ChunkerSettings,
    report: SyncReport,
    progress: Progress,
) -> None:
    """Embed what a group of files needs, then put its documents in one transaction."""
    texts = {
        id(passage): embedded_text(passage.span.of(document.text), document.metadata.title, passage.heading, encoder.count_tokens, settings)
        for item in group
        for document, cut in item.documents
        for passage in cut
        if passage.role == "body"
    }
    digests = {key: _vector_digest(encoder, text) for key, text in texts.items()}
    vector_ids = _embed(writer, encoder, {digests[key]: text for key, text in texts.items()}, report, progress)
    with writer.transaction():
        for item in group:
            before = known.get((item.state.root.id, item.state.path))
            if item.state.status == "read" and not item.documents:
                writer.touch_file(item.state.root, item.state.path, item.state.size, item.state.mtime_ns)
                report.unchanged += 1
                continue
            file_id = writer.put_file(item.state, [(p.where, p.reason) for p in item.problems])
            for document, cut in item.documents:
                placed = [(p, vector_ids[digests[id(p)]] if p.role == "body" else None) for p in cut]
                writer.put_document(file_id, _doc_id(item.state, document), document, placed)
            _tell(report, item, before)


def _embed(writer: Writer, encoder: Encoder, texts: dict[str, str], report: SyncReport, progress: Progress) -> dict[str, int]:
    """Vector ids by digest; those not in the store are embedded and kept, batch by batch."""
    known = writer.known_vectors(texts)
    # By length: each batch then pads little.
    missing = sorted((d for d in texts if d not in known), key=lambda d: len(texts[d]))
    for at in range(0, len(missing), _EMBED_BATCH):
        progress("embedding", at, len(missing))
        batch = missing[at : at + _EMBED_BATCH]
        vectors = encoder.encode_passages([texts[d] for d in batch])
        with writer.transaction(visible=False):
            writer.add_vectors((d, v.tobytes()) for d, v in zip(batch, vectors))
        report.embedded += len(batch)
    if missing:
        progress("embedding", len(missing), len(missing))
    return known | writer.known_vectors(missing)


def _vector_digest(encoder: Encoder, text: str) -> str:
    return hashlib.sha256(f"{encoder.fingerprint}\0{text}".encode()).hexdigest()


def _doc_id(state: FileState, document: Document) -> str:
    return f"{state.name}#{document.record}" if document.record is not None else state.name


def _tell(report: SyncReport, item: _Prepared, before: FileState | None) -> None:
    state = item.state
    report.failures += [Failure(f"{state.name}, {p.where}", p.reason) for p in item.problems]
    if state.status == "failed":
        report.failures.append(Failure(state.name, state.reason or ""))
    elif before is None or before.status != "read":
        report.added.append(state.name)
    else:
        report.changed.append(state.name)


def _catch_up(store: Store, writer: Writer, encoder: Encoder) -> None:
    """Write the FAISS file of the last commit, unless it is there."""
    if FaissVectors.load(store.folder, writer.commit) is None:
        open_vectors(store.folder, writer, encoder.dimension).save(store.folder, writer.commit)
