"""Law 4: any history of folders, and of what their user decides about them, searches like a fresh build, and every commit on
the way is one that a reader may see.

The machine below writes, changes, renames, copies and deletes files in places that are, or come to be, collections; leaves files
out and takes them in; adds, renames and forgets collections; changes the model and the version; and lets syncs die on the way.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from indexes import HASHING, Library, built, contents, encoder_called, touch, vector_digests, write

import index.sync
from index.errors import StoreError
from index.membership import forget, leave_out, take_in
from index.snapshot import Snapshot
from index.store import Store
from index.stored import doc_id_of
from index.sync import SyncReport, planned, sync
from index.writer import Writer
from retrieval.assistant import Assistant

TALK = '{{"id": "{0}", "title": "Ship", "speaker": "Anna Berg", "text": "Ship {0} is here."}}\n'
LOOSE = '{{"id": "{0}", "text": "A letter numbered {0} about the harbour."}}\n'

BODIES = st.sampled_from(
    [
        "The report tells of a harbour.\n\nThe ship left.",
        "The ship left.\n\nThe harbour is empty.",
        "The ship left.\n\nThe harbour is empty.\n\nThe crane was sold.",
        "Title line\n\nThe report tells of a harbour. The ship left on Monday.",
        "Войска выведены.\n\nThe ship left.",
        "Talks\n\nMayor Anna Berg: We will wait for the ship. Ivan Holm: I think it left. Anna Berg: We see.",
        "Ship gone\n\n“The ship left,” said the mayor. “We wait,” Mr. Holm said.",
        "Ship gone\n\nMayor Peter Berg said that the ship would come. “It will,” Berg said.",
        "Berg Line\n\nThe Berg Line said that its ship was late.",
        "",
        b"\0no text",
        '{"id": "x", "text": "The ship left."}\n{"id": "x", "text": "Harbour."}\n{broken',
        '{"id": "y", "title": "Ship", "text": "Harbour."}',
        # Turns and letters, some of them inserted, changed, removed and put in another order.
        "".join(TALK.format(n) for n in "123"),
        "".join(TALK.format(n) for n in "1923"),
        "".join(TALK.format(n) for n in "312"),
        TALK.format(1) + LOOSE.format(2) + TALK.format(3) + LOOSE.format(4),
        "".join(LOOSE.format(n) for n in "1234"),
        "".join(LOOSE.format(n) for n in "431"),
    ]
)
FOLDERS = ["one/docs", "two/letters", "two", "one/docs/sub"]
NAMES = ["a.txt", "A.txt", "b.txt", "c.jsonl", "d.md", "queries.jsonl", "x.png"]
PLACES = st.sampled_from(
    [f"one/docs/{n}" for n in NAMES] + [f"one/docs/sub/{n}" for n in NAMES[:4]] + [f"two/letters/{n}" for n in NAMES[:4]]
    + ["two/e.txt"]
)  # fmt: skip
CALLED = st.sampled_from(["docs", "letters", "Papers", "two", "Post & Co"])
CHANGING = sorted(
    "add_root locate_root remove_root rename_root give_up_name add_vectors remove_unused_vectors put_file touch_file move_files"
    " remember_name leave_out remove_file put_document place_document join_conversations know_people put_people set_meta".split()
)
MEMORY = next((str(p) for p in [Path("/dev/shm")] if os.access(p, os.W_OK)), None)
"""Where thousands of small commits need not wait for a disk."""


class Crash(BaseException):
    """Nothing may catch it."""


@contextmanager
def dying_at(call: int) -> Iterator[None]:
    """Any change of the store raises, the `call`-th one from now."""
    calls = itertools.count(1)

    def deadly(change: Callable) -> Callable:
        def changing(*arguments, **named):
            if next(calls) == call:
                raise Crash
            return change(*arguments, **named)

        return changing

    with ExitStack() as stack:
        for name in CHANGING:
            stack.enter_context(patch.object(Writer, name, deadly(getattr(Writer, name))))
        yield


def seen(snapshot: Snapshot) -> list:
    documents = snapshot.documents()
    return [snapshot.commit, sorted((d.doc_id, p.text) for d in documents.values() for p in snapshot.passages_of(d.id))]


class History(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.place = Path(tempfile.mkdtemp(prefix="history", dir=MEMORY)).resolve()
        for folder in FOLDERS:
            (self.place / folder).mkdir(parents=True, exist_ok=True)
        self.store = Store(self.place / "store")
        self.library = Library()
        self.encoder, self.version = HASHING, index.sync.PIPELINE_VERSION
        self.out: set[Path] = set()
        """Files that are left out."""
        self.formerly: dict[str, str] = {}
        """What a file that had a name is called now."""
        for name in ("one/docs/a.txt", "one/docs/sub/a.txt", "two/letters/a.txt"):
            self.write(name, f"The words of {name}.\n\n“The ship left,” said {name.split('/')[1].title()} Berg.")
        self.write("one/docs/c.jsonl", "".join(TALK.format(n) for n in "123"))
        self.sync([self.place / "one/docs"])

    def teardown(self) -> None:
        if hasattr(self, "store"):
            try:
                self.sync_all()
            finally:
                shutil.rmtree(self.place)

    # What happens to files

    @rule(place=PLACES, body=BODIES)
    def write(self, place: str, body: str | bytes) -> None:
        self.library.keep(body)
        write(self.place, place, body)

    @rule(
        folder=st.sampled_from(["one/docs", "two/letters"]),
        turns=st.lists(st.sampled_from("12345"), min_size=1, unique=True),
        line=st.sampled_from([TALK, LOOSE]),
    )
    def change_records(self, folder: str, turns: list[str], line: str) -> None:
        """Records are inserted, removed and put in another order."""
        self.write(f"{folder}/c.jsonl", "".join(line.format(n) for n in turns))
        self.sync_all()

    @rule(place=PLACES, other=PLACES)
    def rename(self, place: str, other: str) -> None:
        if (path := self.place / place).exists():
            path.replace(self.place / other)

    @rule(place=PLACES, other=PLACES)
    def exchange(self, place: str, other: str) -> None:
        one, two = self.place / place, self.place / other
        if one.exists() and two.exists() and one != two:
            one.rename(self.place / "between")
            two.rename(one)
            (self.place / "between").rename(two)

    @rule(place=PLACES, other=PLACES)
    def copy(self, place: str, other: str) -> None:
        if place != other and (path := self.place / place).exists():
            shutil.copyfile(path, self.place / other)
            touch(self.place / other)

    @rule(place=PLACES)
    def delete(self, place: str) -> None:
        (self.place / place).unlink(missing_ok=True)

    @rule(place=PLACES)
    def touch(self, place: str) -> None:
        if (path := self.place / place).exists():
            touch(path)

    # What its user decides

    @rule(number=st.integers(0, 20))
    def leave_out(self, number: int) -> None:
        if files := self.files():
            state = files[number % len(files)]
            leave_out(self.store, state.name)
            self.out.add(state.location)
            assert all(d.file.name != state.name for d in self.documents())

    @precondition(lambda self: self.out)
    @rule(number=st.integers(0, 20))
    def take_in(self, number: int) -> None:
        location = sorted(self.out)[number % len(self.out)]
        name = next(f.name for f in self.files() if f.location == location)
        take_in(self.store, name)
        self.out.discard(location)

    @rule(folder=st.sampled_from(FOLDERS))
    def add(self, folder: str) -> None:
        self.sync([self.place / folder])

    @rule(folder=st.sampled_from(FOLDERS), name=CALLED)
    def call(self, folder: str, name: str) -> None:
        path = self.place / folder
        roots = self.roots()
        inner = [r for r in roots if r.path.is_relative_to(path)]
        taken = [r.name for r in roots if r not in inner]
        around = any(path.is_relative_to(r.path) and path != r.path for r in roots)
        if not around and not any(f"{name}/".startswith(f"{t}/") or f"{t}/".startswith(f"{name}/") for t in taken):
            self.sync([path], names={path: name})
            assert name in [r.name for r in self.roots()]

    @precondition(lambda self: len(self.roots()) > 1)
    @rule(number=st.integers(0, 3))
    def forget(self, number: int) -> None:
        roots = self.roots()
        root = roots[number % len(roots)]
        names = {f.name for f in self.files() if f.root == root}
        forget(self.store, root.path)
        self.out = {f for f in self.out if not f.is_relative_to(root.path)}
        self.formerly = {a: b for a, b in self.formerly.items() if b not in names}

    @rule(name=st.sampled_from(["hashing", "other"]))
    def change_model(self, name: str) -> None:
        self.encoder = encoder_called(name)

    @rule(version=st.sampled_from(["3", "next"]))
    def upgrade(self, version: str) -> None:
        self.version = version

    # What the index does

    @rule()
    def sync_again(self) -> None:
        self.sync_all()

    @rule(place=PLACES, other=PLACES)
    def rename_and_sync(self, place: str, other: str) -> None:
        self.rename(place, other)
        self.sync_all()

    @rule(place=PLACES, body=BODIES)
    def write_and_sync(self, place: str, body: str | bytes) -> None:
        self.write(place, body)
        self.sync_all()

    @rule()
    def make_all_again(self) -> None:
        self.sync_all(fresh=True)

    @rule(number=st.integers(0, 3))
    def sync_one_collection(self, number: int) -> None:
        roots = self.roots()
        chosen = roots[number % len(roots)]
        others = [r for r in roots if r != chosen]
        self.sync([chosen.path], kept=[r.path for r in others])

    @rule(places=st.sets(PLACES, min_size=1, max_size=3))
    def sync_while_files_are_written(self, places: set[str]) -> None:
        busy = {self.place / p for p in places}
        held = {f.location: f for f in self.files() if f.location in busy}
        report = self.sync([], busy=busy)
        if not report.remade_because:
            now = {f.location: f for f in self.files() if f.location in busy and f.location.exists()}
            assert now == {location: f for location, f in held.items() if location.exists()}

    @rule(call=st.integers(1, 60), fresh=st.booleans())
    def crash(self, call: int, fresh: bool) -> None:
        with dying_at(call):
            try:
                self.sync([], fresh=fresh)
            except Crash:
                pass
            else:
                return
        # What it did on its way was not told.
        self.formerly = {}
        left_out = {f.location for f in self.files() if f.status == "left out"}
        assert {f for f in self.out if f.exists()} <= left_out
        self.out = left_out

    @rule(
        question=st.sampled_from(
            ["Where is the ship?", "What did Berg say?", "harbour", "What did the mayor say about it?"]
        )
    )
    def ask(self, question: str) -> None:
        with self.store.read() as snapshot:
            made_by, pipeline = encoder_called(snapshot.meta("encoder_name") or ""), snapshot.meta("pipeline")
        with self.patched(), patch("retrieval.assistant.load_encoder", lambda *_: made_by):
            current = pipeline == index.sync.pipeline_fingerprint(made_by)
            if not current:
                try:
                    Assistant(self.store).ask(question)
                    raise AssertionError("answered from an index of another version")
                except StoreError:
                    return
            for citation in Assistant(self.store).ask(question).citations:
                document = citation.place.document
                data = document.file.location.read_bytes() if document.file.location.is_file() else b""
                if citation.text is not None:
                    assert citation.text == citation.place.span.of(self.library.text_of(document, data) or ""), "law 2"
                elif hashlib.sha256(data).hexdigest() == document.file.digest:
                    raise AssertionError(f"{document.doc_id} is as it was, and is not quoted")

    # What holds in every state

    @invariant()
    def the_commit_is_whole(self) -> None:
        if hasattr(self, "store"):
            with self.store.read() as snapshot:
                self.library.check(snapshot)

    @invariant()
    def documents_are_found_by_the_names_their_files_had(self) -> None:
        if not hasattr(self, "store"):
            return
        with self.store.read() as snapshot:
            now = {f.name for f in snapshot.files()}
            self.formerly = {a: b for a, b in self.formerly.items() if a not in now and b in now}
            for document in snapshot.documents().values():
                for before, after in self.formerly.items():
                    if document.file.name == after:
                        found = snapshot.document(doc_id_of(before, document.record))
                        assert found and found.doc_id == document.doc_id
            assert snapshot.document("docs/none.txt") is None

    def sync_all(self, fresh: bool = False) -> None:
        with self.patched():
            foreseen = planned(self.store, self.encoder, fresh=fresh)
        report = self.sync([], fresh=fresh)
        self.was_foreseen(foreseen, report)
        with self.patched():
            oracle = built(self.place, [r.path for r in self.roots()], self.names(), self.out, self.encoder)
            assert contents(self.store) == contents(oracle)
        shutil.rmtree(oracle.folder)
        with self.patched():
            assert self.synced([]).nothing_to_do

    def was_foreseen(self, foreseen: SyncReport, report: SyncReport) -> None:
        failed = {f.name for f in report.failures}
        assert foreseen.renamed == report.renamed and foreseen.removed == report.removed
        assert foreseen.remade_because == report.remade_because
        assert (foreseen.skipped, foreseen.left_out) == (report.skipped, report.left_out)
        assert set(foreseen.added) - failed == set(report.added) - failed
        assert set(foreseen.changed) - failed == set(report.changed) - failed

    def sync(self, paths: list[Path], kept: Collection[Path] = (), **how) -> SyncReport:
        """A sync of the machine's model and version, and what it has to be true to. `kept` are collections it is not about."""
        files = self.files()
        place_of = {f.name: f.location for f in files}
        others = {(f.location, f.status) for f in files if any(f.location.is_relative_to(k) for k in kept)}
        held = vector_digests(self.store.path)
        unfinished = set().union(*map(vector_digests, self.store.databases_not_in_use()))
        with self.patched():
            report = self.synced(paths, **how)
        others_now = {(f.location, f.status) for f in self.files() if any(f.location.is_relative_to(k) for k in kept)}
        if not report.remade_because:
            assert others_now == others
        else:
            assert {f for f, _ in others_now} >= {f for f, _ in others if f.exists()}, "collections were lost"
            held = unfinished | (set() if how.get("fresh") else held)
        needed = self.needed()
        assert report.embedded == len(needed - held), "law 7"
        self.follow(report, place_of, files)
        assert {f.location for f in self.files() if f.status == "left out"} == self.out
        return report

    def synced(self, paths: list[Path], **how) -> SyncReport:
        """A sync, in the midst of which others read."""
        if not self.store.exists():
            return sync(self.store, self.encoder, paths, **how)

        def look(what: str, done: int, total: int) -> None:
            if what == "storing" or not done:
                with self.store.read() as meanwhile:
                    self.library.check(meanwhile)

        with self.store.read() as before:
            at_first = seen(before)
            report = sync(self.store, self.encoder, paths, progress=look, **how)
            assert seen(before) == at_first, "a reader's commit changed"
        return report

    def needed(self) -> set[str]:
        """The vectors that are in use."""
        with self.store.read() as snapshot:
            rows = snapshot._db.execute("SELECT digest FROM vector WHERE id IN (SELECT vector_id FROM passage)")
            return {d for (d,) in rows}

    def follow(self, report: SyncReport, place_of: dict[str, Path], before: list) -> None:
        """What becomes of the names and decisions that a user gave."""
        after = self.files()
        location = {f.name: f.location for f in after}
        moved = {place_of[a]: location[b] for a, b in report.renamed}
        left = {f for f in self.out if f.exists()} | {moved[f] for f in self.out if f in moved}
        looked_at = {f.location for f in before if not f.location.exists()} & {f.location for f in after}
        self.out = left | (self.out & looked_at)
        called = dict(report.renamed)
        roots = {r.id: r.name for r in self.roots()}
        for state in before:  # collections that are called otherwise
            if state.root.id in roots and roots[state.root.id] != state.root.name:
                name = f"{roots[state.root.id]}/{state.path}"
                called[state.name] = called.pop(name, name)
        self.formerly = {a: called.get(b, b) for a, b in self.formerly.items()} | called

    @contextmanager
    def patched(self) -> Iterator[None]:
        """Small groups and many commits, by the version of the machine."""
        how = {"PIPELINE_VERSION": self.version, "_GROUP_PASSAGES": 4, "_EMBED_BATCH": 3, "_COMMIT_SHARE": 0, "_FEW": 2}
        with ExitStack() as stack:
            for name, value in how.items():
                stack.enter_context(patch.object(index.sync, name, value))
            yield

    def names(self) -> dict[Path, str]:
        return {r.path: r.name for r in self.roots()}

    def roots(self) -> list:
        with self.store.read() as snapshot:
            return snapshot.roots()

    def files(self) -> list:
        if not self.store.exists():
            return []
        with self.store.read() as snapshot:
            return snapshot.files()

    def documents(self) -> list:
        with self.store.read() as snapshot:
            return list(snapshot.documents().values())


def test_any_history_of_folders_searches_like_a_fresh_build() -> None:
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=int(os.environ.get("DIXIT_HISTORIES", "25")),
            stateful_step_count=30,
            deadline=None,
            report_multiple_bugs=False,
            phases=[Phase.generate, *([Phase.shrink] if os.environ.get("DIXIT_SHRINK") else [])],
            suppress_health_check=list(HealthCheck),
        ),
    )
