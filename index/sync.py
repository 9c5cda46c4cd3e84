"""Bringing the store up to its folders: look, compare, read what is new or changed, let go of what is gone.

Files are read, cut and embedded group by group; missing vectors are kept batch by batch, and every so often the documents that
are ready are put in their place, in one transaction, with who the speakers are then. So whoever asks meanwhile is answered from
a commit that is whole, and a crash leaves the last one; no text embedded before it is embedded again, since vectors are kept by
digest of what was embedded and by which encoder.

Where everything has to be made again (another model, another version, or because it is asked for), that happens in a new database
beside the one in use, which answers until the new one is whole.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from index import readers
from index.chunker import ChunkerSettings
from index.embedded import Embedded
from index.encoder import Encoder
from index.errors import NothingIndexed, OtherVersion, SettingError, StoreError
from index.plan import Collections, Plan, collections, existing, is_away, make_plan
from index.reader_process import ReaderProcess
from index.readers import Options
from index.readers.base import NEEDS_OCR
from index.reading import Cut, Prepared, prepared
from index.records import Passage
from index.salvage import Salvage
from index.snapshot import Snapshot
from index.store import Store
from index.stored import FileState, doc_id_of
from index.vectors import FaissVectors, open_vectors
from index.writer import Writer

PIPELINE_VERSION = "4"
"""Raised whenever the same bytes would give other text, metadata, passages, utterances, embedded text or stems: an index made
by another version is made again."""

_EMBED_BATCH = 256
_GROUP_PASSAGES = 512
_MOST_WAITING = 8192  # passages that are ready and not yet in their place
_COMMIT_SHARE = 20  # a commit is worth making again when so many times what it cost has gone by
_FEW = 20  # files that are soon read: what is gone need not go before they are

Progress = Callable[[str, int, int], None]
"""Called with what is being done ("waiting", "reading", "embedding", "storing"), how much of it is done, and how much there is."""

_Silent: Progress = lambda what, done, total: None  # noqa: E731


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
    renamed: list[tuple[str, str]] = field(default_factory=list)
    """(from, to) of files whose bytes were found in another place."""
    collections: list[tuple[str, str]] = field(default_factory=list)
    """(from, to) of collections that are called otherwise now, or are part of another."""
    unreadable: list[str] = field(default_factory=list)
    """Files that were read before, and cannot be now."""
    busy: list[str] = field(default_factory=list)
    """Files that are being written: left as they are known until the next sync."""
    unchanged: int = 0
    skipped: int = 0
    left_out: int = 0
    failures: list[Failure] = field(default_factory=list)
    unreachable: list[Path] = field(default_factory=list)
    """Folders and files that are not there now; what is known of them is kept."""
    embedded: int = 0
    """Texts that went through the encoder in this run."""
    remade_because: str | None = None
    """Why everything was read again: another model, another chunker."""

    @property
    def nothing_to_do(self) -> bool:
        done = (self.added, self.changed, self.removed, self.renamed, self.unreadable, self.collections)
        return not (any(done) or self.remade_because)


def sync(
    store: Store,
    encoder: Encoder,
    paths: Sequence[Path] = (),
    settings: ChunkerSettings | None = None,
    progress: Progress = _Silent,
    *,
    names: Mapping[Path, str] = {},
    busy: Collection[Path] = (),
    fresh: bool = False,
    wait: float = 0,
    ocr: bool | None = None,
    passwords: Sequence[str] = (),
) -> SyncReport:
    """Make the store hold what its folders hold. `paths` are added to the collections it knows, under their `names` if they are
    given any, and are the ones looked at; without any, all that it knows are. Files that are `busy` being written are left as they
    are known. `fresh`, everything is made again. Another writer is waited for, `wait` seconds or, -1, as long as it takes.
    `ocr`: whether text is recognised on pages that have none, None as it was last said of this index; `passwords` are tried on
    encrypted files.

    Raises SettingError for a path that is not there or a name that cannot be given, StoreError, ModelError.
    """
    names = {existing(p): name for p, name in names.items()}
    paths = [_document_at(p, store) for p in paths]
    with store.locked(wait, lambda: progress("waiting", 0, 0)):
        because = "you asked for it" if fresh else remade_because(store, encoder, settings)
        if because is None:
            with store.writer() as writer:
                run = _Run(store, writer, encoder, settings, progress, None, ocr, passwords)
                report = run.bring_up(paths, names, busy)
        else:
            salvage = Salvage(store.databases_not_in_use() + ([] if fresh else [store.path]))
            with _new_database(store, salvage, paths) as writer:
                run = _Run(store, writer, encoder, settings, progress, salvage, ocr, passwords)
                # Busy files too: nothing is known of them here that they could be left as.
                report = replace(run.bring_up(paths, names, []), remade_because=because)
        store.tidy()
    return report


def remake(store: Store, encoder: Encoder, because: str, progress: Progress = _Silent, wait: float = 0) -> SyncReport:
    """Make everything again, from the documents and the vectors that are whole."""
    with store.locked(wait, lambda: progress("waiting", 0, 0)):
        salvage = Salvage([*store.databases_not_in_use(), store.path])
        with _new_database(store, salvage, []) as writer:
            report = _Run(store, writer, encoder, None, progress, salvage).bring_up([], {}, [])
        store.tidy()
    return replace(report, remade_because=because)


def planned(
    store: Store,
    encoder: Encoder,
    paths: Sequence[Path] = (),
    *,
    names: Mapping[Path, str] = {},
    fresh: bool = False,
) -> SyncReport:
    """What `sync` would do, as far as it can be told without reading documents: a file that is new or changed may turn out not to
    be readable. Nothing is written."""
    names = {existing(p): name for p, name in names.items()}
    paths = [_document_at(p, store) for p in paths]
    because = "you asked for it" if fresh else remade_because(store, encoder)
    if because is None and _can_be_asked(store):
        with store.read() as snapshot:
            return _foreseen(*_planned(store, snapshot, paths, names))
    with Writer.in_memory() as writer:
        Salvage([store.path]).carry_over(writer)
        return replace(
            _foreseen(*_planned(store, writer, paths, names, afresh=because is not None)), remade_because=because
        )


def pipeline_fingerprint(encoder: Encoder, settings: ChunkerSettings | None = None) -> str:
    """What an index depends on beside its documents: two indexes of one fingerprint answer alike."""
    parts = (PIPELINE_VERSION, settings or ChunkerSettings(max_tokens=encoder.max_tokens), encoder.fingerprint)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def remade_because(store: Store, encoder: Encoder, settings: ChunkerSettings | None = None) -> str | None:
    """Why everything has to be made again, if it has to. Raises DamagedStore."""
    try:
        with store.read() as snapshot:
            if snapshot.meta("pipeline") in (None, pipeline_fingerprint(encoder, settings)):
                return None
            if snapshot.meta("encoder") != encoder.fingerprint:
                return f"the model changed from {snapshot.meta('encoder_name') or '?'} to {encoder.name}"
    except NothingIndexed:
        return None
    except OtherVersion:
        pass
    return "the index was made by another version of Dixit"


@contextmanager
def _new_database(store: Store, salvage: Salvage, paths: Sequence[Path]) -> Iterator[Writer]:
    """The writer of a database that takes the place of the one in use, with what was decided in that one."""
    before = Salvage([store.path])
    roots = before.roots()
    if not roots and not paths:
        raise StoreError(f"Which folders the index in {store.folder} is of cannot be told: `dixit index --fresh PATH`.")
    held = before.held_roots()
    away = next((r for r in roots if is_away(r, r.id in held)), None)
    if away and _can_be_asked(store):  # else there is nothing to lose
        raise StoreError(
            f"Everything has to be read again, but {away.path} is not there: bring it back, or `dixit forget` it."
        )
    with store.rebuilt() as writer:
        with writer.transaction():
            before.carry_over(writer)
        yield writer
        with writer.transaction(visible=False):
            before.carry_names(writer)


def _document_at(path: Path, store: Store) -> Path:
    """A path of documents, in full. Raises SettingError for one that is not there, or lies in the index."""
    if existing(path).is_relative_to(store.folder.resolve()):
        raise SettingError(f"{path} is the index, or lies in it: give a folder of documents.")
    return existing(path)


def _can_be_asked(store: Store) -> bool:
    try:
        with store.read():
            return True
    except StoreError:
        return False


def _planned(
    store: Store,
    snapshot: Snapshot,
    paths: Sequence[Path],
    names: Mapping[Path, str],
    busy: Collection[Path] = (),
    afresh: bool = False,
    options: Options = Options(),
    again: Collection[tuple[int, str]] = (),
) -> tuple[Collections, Plan]:
    """What there is to do for the collections of some paths, or, `afresh`, for all there are."""
    chosen = collections(snapshot.roots(), paths, names)
    if afresh:
        chosen = replace(chosen, looked_at=[r for r in snapshot.roots() if r not in chosen.replaced] + chosen.new)
    return chosen, make_plan(
        snapshot, store.folder, chosen.looked_at, busy, chosen.replaced, wanted=paths, hope=options.hope, again=again
    )


def _told_by(chosen: Collections, plan: Plan) -> SyncReport:
    """What is known before anything is read."""
    return SyncReport(
        removed=plan.removed,
        renamed=[(r.before.name, r.after.name) for r in plan.renamed],
        collections=_other_names(chosen),
        busy=plan.busy,
        unchanged=plan.unchanged,
        skipped=plan.skipped,
        left_out=plan.left_out,
        failures=[Failure(f.name, f.reason or "") for f in plan.still_failing]
        + [Failure(f"{name}, {p.where}", p.reason) for name, p in plan.misread],
        unreachable=[r.path for r in plan.away],
    )


def _other_names(chosen: Collections) -> list[tuple[str, str]]:
    """What collections were called, and what they are called now or the one that they are part of."""
    inner = [(r.name, n.name) for r in chosen.replaced for n in chosen.new if r.path.is_relative_to(n.path)]
    return [(root.name, name) for root, name in chosen.renamed] + inner


def _foreseen(chosen: Collections, plan: Plan) -> SyncReport:
    """What a plan comes to if every file can be read."""
    report = _told_by(chosen, plan)
    for found in plan.todo:
        before = plan.known.get((found.root.id, found.path))
        if before is None or before.status != "read":
            report.added.append(found.name)
        elif found.holds(before.digest) and found.correction_digest == before.correction:
            report.unchanged += 1
        else:
            report.changed.append(found.name)
    return report


class _Run:
    """One sync of one database; with a `salvage`, of a new one, which nobody sees until it is whole."""

    def __init__(
        self,
        store: Store,
        writer: Writer,
        encoder: Encoder,
        settings: ChunkerSettings | None,
        progress: Progress,
        salvage: Salvage | None = None,
        ocr: bool | None = None,
        passwords: Sequence[str] = (),
    ) -> None:
        self._store, self._writer, self._encoder, self._progress = store, writer, encoder, progress
        self._settings = settings or ChunkerSettings(max_tokens=encoder.max_tokens)
        self._ocr, self._passwords = ocr, tuple(passwords)
        self._salvage, self._hidden = salvage, salvage is not None
        self._let_go_of: tuple[Collections, Plan] | None = None
        self._stored = 0
        self._cost, self._committed = 0.0, time.monotonic()

    def bring_up(self, paths: Sequence[Path], names: Mapping[Path, str], busy: Collection[Path]) -> SyncReport:
        self._be_of_this_pipeline()
        before = collections(self._writer.roots(), paths, names)
        self._rename_collections(before)
        chosen, self._plan = _planned(
            self._store, self._writer, paths, names, busy, self._hidden, self._options, self._again
        )
        self._report = _told_by(replace(chosen, renamed=before.renamed), self._plan)
        self._let_go_of = (chosen, self._plan)
        # Collections at once: who asks while they are read is told that they are not read yet, and a crash does not forget them.
        if chosen.new or (self._plan.gone or self._plan.renamed) and len(self._plan.todo) > _FEW:
            self._commit([])
        waiting: list[Prepared] = []
        with ReaderProcess() as process:
            for group in _grouped(self._prepared(process)):
                if waiting and self._is_due(waiting):
                    self._commit(waiting)
                    waiting = []
                waiting += self._embedded(group)
        self._commit(waiting, last=True)
        self._catch_up()
        return self._report

    def _be_of_this_pipeline(self) -> None:
        pipeline = pipeline_fingerprint(self._encoder, self._settings)
        ocr = (self._writer.meta("ocr") == "yes") if self._ocr is None else self._ocr
        self._options = Options(passwords=self._passwords, ocr=ocr)
        # Once, when it is asked for: pages that it found nothing on would be looked at with every sync.
        self._again = self._writer.noted(NEEDS_OCR) if ocr and self._writer.meta("ocr") != "yes" else set()
        if self._writer.meta("pipeline") == pipeline and (self._writer.meta("ocr") == "yes") == ocr:
            return
        with self._writer.transaction():
            self._writer.set_meta("pipeline", pipeline)
            self._writer.set_meta("ocr", "yes" if ocr else "no")
            self._writer.set_meta("encoder", self._encoder.fingerprint)
            self._writer.set_meta("encoder_name", self._encoder.name)

    def _rename_collections(self, chosen: Collections) -> None:
        if not chosen.renamed:
            return
        with self._writer.transaction():
            for root, name in chosen.renamed:
                self._writer.rename_root(root, name)
            self._writer.know_people()

    def _prepared(self, process: ReaderProcess) -> Iterator[Prepared]:
        """Every file of the plan made ready, but for those that fail just as they did."""
        todo = self._plan.todo
        for number, found in enumerate(todo):
            self._progress("reading", number, len(todo))
            before = self._plan.known.get((found.root.id, found.path))
            as_it_was = before and before.status == "read" and (found.root.id, found.path) not in self._again
            read = before if as_it_was else None
            stored = self._writer.contents(read) if read else {}
            item = prepared(found, read, stored, self._encoder, self._settings, process, self._options)
            if before and before.status == "failed" and replace(before, indexed_at="") == item.state:
                self._report.unchanged += 1
                self._report.failures.append(Failure(before.name, before.reason or ""))
            else:
                yield item
        self._progress("reading", len(todo), len(todo))

    def _embedded(self, group: list[Prepared]) -> list[Prepared]:
        """Files with the digests of their vectors, those vectors being in the store."""
        texts: dict[str, Embedded] = {}
        done = [
            replace(item, documents=[self._digested(d, texts) if isinstance(d, Cut) else d for d in item.documents])
            for item in group
        ]
        self._embed(texts)
        return done

    def _digested(self, cut: Cut, texts: dict[str, Embedded]) -> Cut:
        document = cut.document

        def digest(passage: Passage) -> str | None:
            if passage.role != "body":
                return None
            words = passage.span.of(document.text)
            text = Embedded.of(passage, words, document.metadata.title, self._encoder, self._settings)
            texts[key := text.digest(self._encoder)] = text
            return key

        return replace(cut, digests=tuple(map(digest, cut.passages)))

    def _embed(self, texts: Mapping[str, Embedded]) -> None:
        """See to it that the vectors of texts, by digest, are in the store, batch by batch."""
        writer, encoder = self._writer, self._encoder
        missing = texts.keys() - writer.known_vectors(texts)
        if self._salvage and missing:
            with writer.transaction(visible=False):
                writer.add_vectors(self._salvage.vectors(missing, encoder.dimension))
            missing -= writer.known_vectors(missing).keys()
        # By length: each batch then pads little.
        order = sorted(missing, key=lambda d: (len(texts[d].text), d))
        for at in range(0, len(order), _EMBED_BATCH):
            self._progress("embedding", at, len(order))
            batch = order[at : at + _EMBED_BATCH]
            read = encoder.encode_with_sentences([texts[d].text for d in batch], [texts[d].sentences for d in batch])
            with writer.transaction(visible=False):
                writer.add_vectors(
                    (d, vector.tobytes(), sentences.astype(np.float16).tobytes())
                    for d, vector, sentences in zip(batch, read.passages, read.sentences)
                )
            self._report.embedded += len(batch)
        if order:
            self._progress("embedding", len(order), len(order))

    def _is_due(self, waiting: list[Prepared]) -> bool:
        """Whether to commit what is ready: seldom enough that committing costs little, often enough to be of use."""
        gone_by = time.monotonic() - self._committed
        return gone_by > _COMMIT_SHARE * self._cost or sum(item.size for item in waiting) > _MOST_WAITING

    def _commit(self, waiting: Sequence[Prepared], last: bool = False) -> None:
        """Put what is ready in its place, in one transaction; a new commit if anything changes that a reader can see."""
        began = time.monotonic()
        writer = self._writer
        with writer.transaction() as transaction:
            seen = self._let_go()
            for item in waiting:
                if item.is_the_same:
                    writer.touch_file(item.state)
                    self._report.unchanged += 1
                else:
                    self._progress("storing", self._stored, len(self._plan.todo))
                    self._stored += 1
                    self._put(item)
                    seen = True
            if last:
                writer.remove_unused_vectors()
            if last and self._hidden or seen and not self._hidden:
                writer.know_people()
            transaction.visible = seen or self._hidden
        if last and self._stored:
            self._progress("storing", len(self._plan.todo), len(self._plan.todo))
        self._committed = time.monotonic()
        self._cost = self._committed - began

    def _let_go(self) -> bool:
        """The part of the plan that needs no reading, once; whether a reader can see it."""
        if self._let_go_of is None:
            return False
        (chosen, plan), self._let_go_of = self._let_go_of, None
        writer = self._writer
        for state in plan.gone:
            writer.remove_file(state.root, state.path)
        for root in chosen.replaced:
            writer.give_up_name(root)
        for root in chosen.new:
            writer.add_root(root)
        writer.move_files([(r.before, r.after) for r in plan.renamed])
        for root in chosen.replaced:
            writer.remove_root(root)
        for found in plan.passed_over:
            writer.put_file(FileState(found.root, found.path, "", "", "skipped", found.reason))
        for root in chosen.looked_at:
            if root not in plan.away:
                with suppress(OSError):
                    writer.locate_root(root, str(root.path.stat().st_dev))
        return bool(chosen.new or chosen.replaced or plan.renamed or plan.gone or plan.passed_over)

    def _put(self, item: Prepared) -> None:
        writer, state = self._writer, item.state
        cuts = [d for d in item.documents if isinstance(d, Cut)]
        ids = writer.known_vectors({digest for cut in cuts for digest in cut.digests if digest})
        as_they_are = [d.id for d in item.documents if not isinstance(d, Cut)]
        file_id = writer.put_file(state, [(p.where, p.reason) for p in item.problems], as_they_are)
        for ordinal, d in enumerate(item.documents):
            if isinstance(d, Cut):
                ranked = [(p, ids[digest] if digest else None) for p, digest in zip(d.passages, d.digests)]
                doc_id = doc_id_of(state.name, d.document.record)
                kept = readers.is_parsed(state.location.name)
                writer.put_document(file_id, doc_id, ordinal, d.document, ranked, d.speech, kept)
            else:
                writer.place_document(d.id, ordinal)
        writer.join_conversations(file_id)
        self._tell(item)

    def _tell(self, item: Prepared) -> None:
        state, report = item.state, self._report
        before = self._plan.known.get((state.root.id, state.path))
        was_read = before is not None and before.status == "read"
        report.failures += [Failure(f"{state.name}, {p.where}", p.reason) for p in item.problems]
        if state.status == "failed":
            report.failures.append(Failure(state.name, state.reason or ""))
            if was_read:
                report.unreadable.append(state.name)
        else:
            (report.changed if was_read else report.added).append(state.name)

    def _catch_up(self) -> None:
        """Write the FAISS file of the last commit, unless it is there. It is derived: whoever asks does without it, if need be."""
        folder, commit = self._store.folder, self._writer.commit
        if FaissVectors.load(folder, commit) is None:
            with suppress(OSError):
                open_vectors(folder, self._writer, self._encoder.dimension).save(folder, commit)


def _grouped(items: Iterable[Prepared]) -> Iterator[list[Prepared]]:
    group: list[Prepared] = []
    size = 0
    for item in items:
        group.append(item)
        size += item.size
        if size >= _GROUP_PASSAGES:
            yield group
            group, size = [], 0
    if group:
        yield group
