"""Law 5: whatever ends a run of the index, the last commit is there, whole, and the next sync completes what was begun.

Processes are killed (kill -9) between any two statements and at any instant of time; disks are full, cannot be written, or are
taken out; files of the store are damaged. The suite has some rounds of each; 200 are had by

    DIXIT_CRASHES=200 python -m pytest tests/test_crash.py -k killed
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dying import WORK, work
from indexes import HASHING, Library, built, commit, contents, doc_ids, encoder_called, vector_digests, write

from index.check import check
from index.errors import DixitError, StoreError
from index.membership import leave_out, take_in
from index.plan import behind
from index.store import Store
from index.sync import SyncReport, sync
from retrieval.assistant import Assistant

ROUNDS = int(os.environ.get("DIXIT_CRASHES", "24"))
PATIENCE = 60.0  # seconds, for what takes one on a quiet machine
QUESTIONS = ["Where is harbour 3?", "What did Anna Berg say about the ship?", "report"]
MAKING_ALL = {"make all again", "mend", "change the model", "change the version"}
BORN = multiprocessing.get_context("forkserver")


@pytest.fixture(autouse=True, scope="module")
def nursery() -> Iterator[None]:
    """Children come from a process that has everything imported."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), os.getcwd()]))
        BORN.set_forkserver_preload(["dying"])
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    return tmp_path / "docs"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def rewrite(folder: Path, generation: int) -> None:
    """The next state of a folder: files that change, come, go and are called otherwise; talks in which turns are put."""
    for n in range(16):
        text = "\n\n".join(f"Report {n} of harbour {p} and ship {generation if p > 2 else 0}." for p in range(5))
        write(folder, f"{n + generation}.txt", text)
    for path in folder.glob("*.txt"):
        if int(path.stem) < generation:
            path.unlink()
    turn = '{{"id": "{0}", "title": "Ship", "speaker": "Anna Berg", "text": "The ship is at pier {0}."}}\n'
    write(folder, "talk.jsonl", "".join(turn.format(n) for n in range(generation % 3, generation % 3 + 6)))
    for old in folder.glob("letter*.md"):
        old.unlink()
    who = ["Peter Holm", "Clara Voss", "Ruth Lind"][generation % 3]
    write(folder, f"letter{generation}.md", f"# Letter\n\n“The ship left,” said {who}.\n\nThe harbour is empty.")


def killed(
    what: str, folder: Path, store: Store, deadly: int = 0, after: float | None = None
) -> tuple[int, int, float]:
    """Let a process do `what`, and kill it at the `deadly`-th moment, or `after` so many seconds, or not at all: its exit code,
    how many moments there were, and how many seconds it took."""
    heard, told = BORN.Pipe(duplex=False)
    child = BORN.Process(target=work, args=(what, folder, store.folder, told, deadly))
    child.start()
    told.close()
    try:
        assert heard.poll(PATIENCE) and heard.recv() == "begun"
        began = time.monotonic()
        child.join(PATIENCE if after is None else after)
        if after is not None and child.is_alive():
            child.kill()
        child.join(PATIENCE)
        took = time.monotonic() - began
        assert child.exitcode in (0, -signal.SIGKILL), child.exitcode
        return child.exitcode, heard.recv() if child.exitcode == 0 else 0, took
    finally:
        child.kill()
        heard.close()


def check_answers(store: Store, monkeypatch: pytest.MonkeyPatch) -> int:
    """Ask, and compare all that is shown as quoted with the files (laws 1 and 2); how many citations there were."""
    with store.read() as snapshot:
        made_by, pipeline = encoder_called(snapshot.meta("encoder_name") or "hashing"), snapshot.meta("pipeline")
    monkeypatch.setattr("retrieval.assistant.load_encoder", lambda *_: made_by)
    if pipeline is None or pipeline != _fingerprint(made_by):
        with pytest.raises(StoreError):
            Assistant(store).ask("harbour")
        return 0
    cited = 0
    for question in QUESTIONS:
        for citation in Assistant(store).ask(question).citations:
            cited += 1
            document, span = citation.place.document, citation.place.span
            now = Assistant(store).text_of(document)
            if now is not None:
                assert citation.text == span.of(now) and citation.proof == "verified"
            else:
                assert citation.proof != "verified" and citation.notice
            for highlight in citation.highlights:
                assert span.holds(highlight)
    return cited


def _fingerprint(encoder) -> str:
    from index.sync import pipeline_fingerprint

    return pipeline_fingerprint(encoder)


def completed(store: Store, folder: Path, place: Path) -> SyncReport:
    """The next sync after whatever happened, compared with a fresh build."""
    held = vector_digests(store.path)
    unfinished = set().union(*map(vector_digests, store.databases_not_in_use()))
    report = sync(store, HASHING, [folder], names={folder: "docs"})
    with store.read() as snapshot:
        out = [f.location for f in snapshot.files() if f.status == "left out"]
    fresh = built(place, [folder], {folder: "docs"}, out)
    assert contents(store) == contents(fresh)
    kept = held | unfinished if report.remade_because else held
    needed = vector_digests(fresh.path)
    assert report.embedded == len(needed - kept), "what was embedded and kept is embedded again"
    assert vector_digests(store.path) == needed
    left = {p.name for p in store.folder.iterdir()} - {"current", "write.lock"}
    assert {n.split("-")[0].split(".")[0] for n in left} == {"index", "vectors"} and len(left) == 2, left
    shutil.rmtree(fresh.folder)
    return report


# A process that is killed


@pytest.mark.parametrize("what", WORK)
def test_a_run_that_is_killed_leaves_a_commit_that_is_whole_and_the_next_completes_it(
    what: str, folder: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generations, chance, library = itertools.count(1), random.Random(what), Library()
    rewrite(folder, 0)
    library.keep_folder(folder)
    sync(store, HASHING, [folder])
    rewrite(folder, next(generations))
    library.keep_folder(folder)
    code, moments, took = killed(what, folder, store)
    assert code == 0 and moments > 100
    completed(store, folder, tmp_path)
    seen = Counter()
    rounds = max(2, ROUNDS // len(WORK))
    for n in range(rounds):
        put_in_order(store, folder)
        rewrite(folder, next(generations))
        library.keep_folder(folder)
        held, last = contents(store), commit(store)
        if n % 2:
            code, _, _ = killed(what, folder, store, after=chance.uniform(0, took))
        else:
            # The last ones die at the very end, around the FAISS file and the pointer.
            deadly = chance.randint(1, moments) if n < rounds - 2 else chance.randint(moments * 9 // 10, moments)
            code, _, _ = killed(what, folder, store, deadly=deadly)
        seen[code] += 1
        with store.read() as snapshot:
            library.check(snapshot)
            now = snapshot.commit
        if now == last:
            assert contents(store) == held
        elif what in MAKING_ALL:
            fresh = built(tmp_path, [folder])
            made = contents(store)
            assert made["passages"] == contents(fresh)["passages"], "a mixture of the old and the new"
        check_answers(store, monkeypatch)
        monkeypatch.undo()
        completed(store, folder, tmp_path)
    assert seen[-signal.SIGKILL]


def put_in_order(store: Store, folder: Path) -> None:
    """Take back the decisions of the round before."""
    with store.read() as snapshot:
        out = [f.name for f in snapshot.files() if f.status == "left out"]
    for name in out:
        take_in(store, name)
    sync(store, HASHING, [folder], names={folder: "docs"})


def test_a_first_build_that_is_killed_is_completed_by_the_next(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewrite(folder, 0)
    library, chance = Library(), random.Random("first")
    library.keep_folder(folder)
    code, moments, took = killed("sync", folder, Store(tmp_path / "whole"))
    assert code == 0
    for n in range(max(4, ROUNDS // 6)):
        store = Store(tmp_path / f"store{n}")
        if n % 2:
            killed("sync", folder, store, after=chance.uniform(0, took))
        else:
            killed("sync", folder, store, deadly=chance.randint(1, moments))
        try:
            with store.read() as snapshot:
                library.check(snapshot)
            check_answers(store, monkeypatch)
        except StoreError as error:
            assert "Nothing is indexed" in str(error)
        monkeypatch.undo()
        completed(store, folder, tmp_path)


# Disks


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Makes small disks of so many KiB, taken out in the end."""
    mounted: list[Path] = []

    def put_in(name: str, size: int) -> Path:
        place = tmp_path / name
        place.mkdir()
        mount(place, "-t", "tmpfs", "-o", f"size={size}k", "tmpfs")
        mounted.append(place)
        return place

    yield put_in
    for place in reversed(mounted):
        subprocess.run(["umount", "-l", str(place)], capture_output=True, check=False)


def mount(place: Path, *how: str) -> None:
    try:
        done = subprocess.run(["mount", *how, str(place)], capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"nothing can be mounted here: {error}")
    if done.returncode:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")


def unmount(place: Path) -> None:
    subprocess.run(["umount", str(place)], check=True, capture_output=True)


def fill(place: Path, left: int) -> Path:
    """Leave so many KiB of a disk."""
    state = os.statvfs(place)
    size = state.f_bavail * state.f_frsize - left * 1024
    filler = place / "filler"
    filler.write_bytes(b"\1" * max(0, size))
    return filler


def one_sentence(error: BaseException) -> str:
    assert isinstance(error, DixitError) and "\n" not in str(error) and "Traceback" not in str(error)
    return str(error)


@pytest.mark.parametrize("fresh", [False, True])
def test_a_full_disk_costs_nothing_that_was_committed(
    disk: Callable[..., Path], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh: bool
) -> None:
    store, library = Store(disk("disk", 6000) / "store"), Library()
    store.folder.mkdir()
    rewrite(folder, 0)
    library.keep_folder(folder)
    sync(store, HASHING, [folder])
    failed = []
    for generation, left in enumerate([0, 4, 12, 36, 60, 90, 130, 200, 300, 420, 560, 2000], start=1):
        rewrite(folder, generation)
        library.keep_folder(folder)
        held, last = contents(store), commit(store)
        filler = fill(store.folder.parent, left)
        try:
            sync(store, HASHING, [folder], fresh=fresh)
        except StoreError as error:
            failed.append(left)
            one_sentence(error)
        with store.read() as snapshot:
            library.check(snapshot)
        if fresh and left in failed:
            assert commit(store) == last
        if commit(store) == last:
            assert contents(store) == held
        check_answers(store, monkeypatch)
        monkeypatch.undo()
        filler.unlink()
        completed(store, folder, tmp_path)
    assert 3 <= len(failed) < 12, failed


def test_a_first_build_on_a_full_disk_is_refused_in_one_sentence(
    disk: Callable[..., Path], folder: Path, tmp_path: Path
) -> None:
    place = disk("disk", 4000)
    rewrite(folder, 0)
    for left in (0, 4, 20, 60, 100, 160):
        filler = fill(place, left)
        store = Store(place / f"store{left}")
        with pytest.raises(StoreError) as refused:
            sync(store, HASHING, [folder])
        assert "cannot be written" in one_sentence(refused.value)
        filler.unlink()
        completed(store, folder, tmp_path)
        shutil.rmtree(store.folder)


def test_an_index_that_may_not_be_written_can_be_asked(
    disk: Callable[..., Path], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = disk("disk", 6000)
    store = Store(place / "store")
    rewrite(folder, 0)
    sync(store, HASHING, [folder])
    held = contents(store)
    mount(place, "-o", "remount,ro")
    rewrite(folder, 1)
    assert contents(store) == held
    assert check_answers(store, monkeypatch) and behind_of(store)
    for attempt in (
        lambda: sync(store, HASHING),
        lambda: sync(store, HASHING, fresh=True),
        lambda: leave_out(store, "docs/2.txt"),
    ):
        with pytest.raises(StoreError) as refused:
            attempt()
        assert "cannot be written" in one_sentence(refused.value)
    mount(place, "-o", "remount,rw")
    completed(store, folder, tmp_path)


def behind_of(store: Store):
    with store.read() as snapshot:
        return behind(snapshot, store.folder)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.8, 0.9, 1.0])
def test_what_a_killed_run_left_where_it_may_not_be_written_is_its_last_commit_or_refused(
    disk: Callable[..., Path], folder: Path, tmp_path: Path, share: float
) -> None:
    place = disk("disk", 20000)
    store = Store(place / "store")
    rewrite(folder, 0)
    sync(store, HASHING, [folder])
    rewrite(folder, 1)
    _, moments, _ = killed("sync", folder, store)
    rewrite(folder, 2)
    killed("sync", folder, store, deadly=int(moments * share))
    mount(place, "-o", "remount,ro")
    try:
        seen = contents(store)
    except StoreError as error:
        assert "Nothing is indexed" not in one_sentence(error)
        seen = None
    mount(place, "-o", "remount,rw")
    assert seen is None or seen == contents(store), "an older commit than the last"
    completed(store, folder, tmp_path)


def test_a_folder_on_a_disk_that_was_taken_out_is_told_and_kept(
    disk: Callable[..., Path], store: Store, tmp_path: Path
) -> None:
    stick, docs = disk("stick", 2000), tmp_path / "docs"
    rewrite(stick, 0)
    docs.mkdir()
    mount(docs, "--bind", str(stick))
    try:
        sync(store, HASHING, [docs])
        held = contents(store)
    finally:
        unmount(docs)
    assert docs.is_dir() and not any(docs.iterdir()), "an empty folder is left"
    report = sync(store, HASHING)
    assert (report.unreachable, report.removed, contents(store)) == ([docs], [], held)
    assert behind_of(store).away == (docs,)
    assert sync(store, HASHING, [docs]).unreachable == [docs]
    for how in ({"fresh": True}, {"encoder": encoder_called("other")}):
        with pytest.raises(StoreError, match="not there") as refused:
            sync(store, **{"encoder": HASHING, **how})
        one_sentence(refused.value)
        assert contents(store) == held
    mount(docs, "--bind", str(stick))
    try:
        report = sync(store, HASHING)
        assert (report.embedded, report.added, report.changed, report.unreachable) == (0, [], [], [])
        assert contents(store) == held
    finally:
        unmount(docs)


# Damage


def vectors_file(store: Store) -> Path:
    (path,) = store.folder.glob("vectors-*.faiss")
    return path


def put_a_folder(path: Path) -> None:
    path.unlink()
    (path / "inner").mkdir(parents=True)


VECTORS: dict[str, Callable[[Path], object]] = {
    "truncated": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "emptied": lambda path: path.write_bytes(b""),
    "garbage": lambda path: path.write_bytes(b"\xa5" * path.stat().st_size),
    "one bit turned": lambda path: path.write_bytes(path.read_bytes()[:-1] + bytes([path.read_bytes()[-1] ^ 1])),
    "of another commit": lambda path: path.rename(path.with_name(f"vectors-{'0' * 32}-{path.name[-14:]}")),
    "missing": lambda path: path.unlink(),
    "a folder": put_a_folder,
}


@pytest.mark.parametrize("how", VECTORS)
def test_a_damaged_vectors_file_changes_no_answer_and_is_mended(
    how: str, folder: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewrite(folder, 0)
    sync(store, HASHING, [folder])
    held, last = contents(store), commit(store)
    VECTORS[how](vectors_file(store))
    assert contents(store) == held
    assert check_answers(store, monkeypatch)
    report = sync(store, HASHING)
    assert report.nothing_to_do and report.embedded == 0 and commit(store) == last
    assert vectors_file(store).is_file() and vectors_file(store).name.startswith(f"vectors-{last}-")
    assert contents(store) == held
    assert not [f for f in check(store, HASHING) if f.is_wrong]


def put_folder_in_place(path: Path) -> None:
    path.unlink()
    path.mkdir()


POINTER: dict[str, Callable[[Path], object]] = {
    "garbage": lambda path: path.write_bytes(b"\xff\0\xa5garbage"),
    "truncated": lambda path: path.write_text(path.read_text()[:9]),
    "emptied": lambda path: path.write_text(""),
    "missing": lambda path: path.unlink(),
    "of a file that is not there": lambda path: path.write_text("index-0123456789ab.sqlite"),
    "of a file elsewhere": lambda path: path.write_text("../../somewhere/index.sqlite"),
    "a folder": put_folder_in_place,
}


@pytest.mark.parametrize("how", POINTER)
def test_a_damaged_pointer_is_told_or_does_without_and_loses_nothing(
    how: str, folder: Path, store: Store, tmp_path: Path
) -> None:
    rewrite(folder, 0)
    sync(store, HASHING, [folder])
    leave_out(store, "docs/3.txt")
    sync(store, HASHING, fresh=True)
    held, pointed_at = contents(store), store.path
    POINTER[how](store.folder / "current")
    try:
        assert contents(store) == held
    except StoreError as error:
        assert "Nothing is indexed" not in one_sentence(error)
    try:
        assert sync(store, HASHING).embedded == 0
    except StoreError as error:
        one_sentence(error)
        assert pointed_at.exists(), "the index itself was thrown away"
    else:
        assert contents(store) == held


def test_a_pointer_replaced_while_it_is_read_is_no_missing_index(
    folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewrite(folder, 0)
    sync(store, HASHING, [folder])
    held = doc_ids(store)
    path = Store.path.fget
    assert path
    for late in (1, 2, 3):
        calls = itertools.count(1)

        def replaced_meanwhile(self: Store, calls=calls, late=late) -> Path:
            before = path(self)
            if next(calls) == late:
                with monkeypatch.context() as inner:
                    inner.setattr(Store, "path", property(path))
                    sync(Store(self.folder), HASHING, fresh=True)
            return before

        with monkeypatch.context() as patch:
            patch.setattr(Store, "path", property(replaced_meanwhile))
            assert doc_ids(store) == held
