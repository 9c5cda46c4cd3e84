"""The keeper: the index is brought up to its folders in a process of its own, whatever becomes of that process."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing import Pipe
from pathlib import Path

import pytest

from index.encoder import Encoder
from index.keeper import Keeper, _Progress, _Thinned
from index.store import Store
from index.sync import sync

ROOM = Path(__file__).resolve().parent.parent
PATIENCE = 15.0  # seconds, for what takes one on a quiet machine
MANY = 1500


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one letter in it."""
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "may.txt").write_text("The ferry is late again, wrote Anna.")
    return tmp_path / "letters"


@pytest.fixture
def keep(store: Store) -> Iterator[Callable[..., Keeper]]:
    """Makes keepers of the store, closed in the end."""
    keepers: list[Keeper] = []

    def make(model: str | None = "hashing", **how: float) -> Keeper:
        keepers.append(Keeper(store, model, **how))
        return keepers[-1]

    yield make
    for keeper in keepers:
        keeper.close()


def until(happened: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.005)


def done(keeper: Keeper) -> Keeper:
    assert keeper.wait(PATIENCE), keeper.work
    return keeper


def names(store: Store) -> set[str]:
    with store.read() as snapshot:
        return {d.doc_id for d in snapshot.documents().values()}


def pid(keeper: Keeper) -> int:
    until(lambda: keeper._worker, "a worker")
    assert keeper._worker and keeper._worker.pid
    return keeper._worker.pid


def many_letters(folder: Path) -> None:
    """A folder that takes some seconds to read."""
    for number in range(MANY):
        (folder / f"{number:04}.txt").write_text(
            f"Letter {number}. The quay was wet on day {number}, Anna wrote to Jonas."
        )


def in_the_midst_of_work(keeper: Keeper) -> None:
    until(lambda: keeper.work.doing in ("reading", "embedding", "storing") and keeper.work.done, "some work")
    assert 0 < keeper.work.done <= keeper.work.total


# What is asked for


def test_what_is_added_is_indexed_while_an_asker_goes_on_with_the_commit_he_has(
    keep: Callable[..., Keeper], store: Store, folder: Path
) -> None:
    keeper = keep()
    keeper.sync([folder])
    assert keeper.work.doing == "starting" and keeper.work.began_at
    done(keeper)
    with store.read() as asker:
        (folder / "june.txt").write_text("The ferry is on time, wrote Jonas.")
        keeper.sync()
        done(keeper)
        assert {d.doc_id for d in asker.documents().values()} == {"letters/may.txt"}
    assert names(store) == {"letters/may.txt", "letters/june.txt"}
    work = keeper.work
    assert (work.doing, work.done, work.total, work.error) == ("idle", 0, 0, None)
    assert work.report and work.report.added == ["letters/june.txt"]
    assert work.began_at <= work.ended_at


def test_without_a_model_that_of_the_index_is_used(
    keep: Callable[..., Keeper], store: Store, folder: Path, hashing: Encoder
) -> None:
    sync(store, hashing, [folder])
    (folder / "june.txt").write_text("The ferry is on time, wrote Jonas.")
    keeper = keep(model=None)
    keeper.sync()
    work = done(keeper).work
    assert work.report and work.report.remade_because is None and work.report.added == ["letters/june.txt"]


def test_what_is_asked_for_during_a_sync_is_done_together_after_it(
    keep: Callable[..., Keeper], store: Store, folder: Path, tmp_path: Path
) -> None:
    keeper = keep()
    keeper.sync([folder])
    done(keeper)
    for name in ("notes", "bills"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.txt").write_text(f"One of the {name}, said Berit.")
    with store.write():  # as long as somebody else writes, a sync waits
        keeper.sync()
        until(lambda: keeper.work.doing == "waiting", "a sync that waits")
        keeper.sync([tmp_path / "notes"])
        keeper.sync()
        keeper.sync([tmp_path / "bills"])
        # Too late for the sync that waits, if it was planned already; not too late for the one after it.
        (folder / "june.txt").write_text("The ferry is on time, wrote Jonas.")
        assert not keeper.wait(0.0)
    report = done(keeper).work.report
    assert report and {"bills/one.txt", "notes/one.txt"} <= set(report.added)
    assert names(store) == {"letters/may.txt", "letters/june.txt", "bills/one.txt", "notes/one.txt"}


def test_a_path_that_is_not_there_is_told_of_and_the_rest_is_done(
    keep: Callable[..., Keeper], store: Store, folder: Path, tmp_path: Path
) -> None:
    keeper = keep()
    keeper.sync([tmp_path / "nowhere", folder])
    work = done(keeper).work
    assert work.error and "nowhere does not exist" in work.error
    assert names(store) == {"letters/may.txt"}
    keeper.sync()
    assert done(keeper).work.error is None


def test_a_file_is_left_out_and_taken_in_again(keep: Callable[..., Keeper], store: Store, folder: Path) -> None:
    (folder / "june.txt").write_text("The ferry is on time, wrote Jonas.")
    keeper = keep()
    keeper.sync([folder])
    done(keeper)
    keeper.leave_out("letters/june.txt")
    assert done(keeper).work.error is None
    assert names(store) == {"letters/may.txt"} and (folder / "june.txt").exists()
    keeper.take_in("letters/june.txt")
    assert done(keeper).work.error is None
    assert names(store) == {"letters/may.txt", "letters/june.txt"}


def test_of_two_wishes_about_a_file_the_later_is_granted(
    keep: Callable[..., Keeper], store: Store, folder: Path
) -> None:
    keeper = keep()
    keeper.sync([folder])
    done(keeper)
    with store.write():
        keeper.sync()
        until(lambda: keeper.work.doing == "waiting", "a sync that waits")
        keeper.leave_out("letters/may.txt")
        keeper.take_in("letters/may.txt")
    done(keeper)
    assert names(store) == {"letters/may.txt"}


def test_a_wish_about_a_file_that_nobody_knows_is_told_of_and_the_sync_is_done(
    keep: Callable[..., Keeper], store: Store, folder: Path
) -> None:
    keeper = keep()
    keeper.sync([folder])
    done(keeper)
    (folder / "june.txt").write_text("The ferry is on time, wrote Jonas.")
    keeper.leave_out("letters/july.txt")
    assert "letters/july.txt" in (done(keeper).work.error or "")
    assert names(store) == {"letters/may.txt", "letters/june.txt"}


def test_starting_over_replaces_an_index_that_cannot_be_read(
    keep: Callable[..., Keeper], store: Store, folder: Path, hashing: Encoder
) -> None:
    sync(store, hashing, [folder])
    store.path.write_bytes(b"Not what it was. " * 1000)
    keeper = keep()
    keeper.sync([folder], fresh=True)
    assert done(keeper).work.error is None
    assert names(store) == {"letters/may.txt"}


def test_starting_over_with_another_folder_keeps_those_that_are_indexed(
    keep: Callable[..., Keeper], store: Store, folder: Path, hashing: Encoder, tmp_path: Path
) -> None:
    sync(store, hashing, [folder])
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "one.txt").write_text("Bring bread, said Berit.")
    keeper = keep()
    keeper.sync([tmp_path / "notes"], fresh=True)
    assert done(keeper).work.error is None
    assert names(store) == {"letters/may.txt", "notes/one.txt"}


def test_a_file_that_is_being_written_is_left_for_the_next_sync(
    keep: Callable[..., Keeper], store: Store, folder: Path
) -> None:
    (folder / "june.txt").write_text("The ferry is on ti")
    keeper = keep()
    keeper._busy = frozenset({folder / "june.txt"})  # as the watch tells it
    keeper.sync([folder])
    report = done(keeper).work.report
    assert report and report.busy == ["letters/june.txt"]
    assert names(store) == {"letters/may.txt"}
    keeper._busy = frozenset()
    keeper.sync()
    done(keeper)
    assert names(store) == {"letters/may.txt", "letters/june.txt"}


# What goes wrong


def test_a_worker_killed_in_the_midst_of_work_is_told_of_and_a_new_one_ends_its_work(
    keep: Callable[..., Keeper], store: Store, folder: Path
) -> None:
    many_letters(folder)
    keeper = keep()
    keeper.sync([folder])
    in_the_midst_of_work(keeper)
    os.kill(pid(keeper), signal.SIGKILL)
    work = done(keeper).work
    assert work.error == (
        "Reading the documents stopped unexpectedly (signal 9): what was committed before is whole; "
        "it is tried again with the next change."
    )
    assert work.report is None and work.ended_at
    keeper.sync()  # the folder itself need not be named again
    assert done(keeper).work.error is None
    assert len(names(store)) == MANY + 1


def test_a_worker_that_died_while_it_had_nothing_to_do_is_replaced_without_a_word(
    keep: Callable[..., Keeper], store: Store, folder: Path
) -> None:
    keeper = keep()
    keeper.sync([folder])
    done(keeper)
    assert keeper._worker
    os.kill(pid(keeper), signal.SIGKILL)
    until(lambda: keeper._worker and not keeper._worker.is_alive(), "the worker's end")
    keeper.sync()
    assert done(keeper).work.error is None


def test_a_damaged_index_is_told_of_in_a_sentence_and_the_worker_lives_on(
    keep: Callable[..., Keeper], store: Store, folder: Path, hashing: Encoder
) -> None:
    sync(store, hashing, [folder])
    whole = store.path.read_bytes()
    store.path.write_bytes(b"Not what it was. " * 1000)
    keeper = keep()
    keeper.sync([folder])
    error = done(keeper).work.error
    assert error and "is damaged" in error and "\n" not in error
    worker = pid(keeper)
    store.path.write_bytes(whole)
    keeper.sync()
    assert done(keeper).work.error is None
    assert pid(keeper) == worker


def test_a_model_that_is_not_to_be_had_is_told_of(keep: Callable[..., Keeper], folder: Path, tmp_path: Path) -> None:
    keeper = keep(model=str(tmp_path))
    keeper.sync([folder])
    assert "no sentence-transformers model" in (done(keeper).work.error or "")


# The end of work


def test_closing_is_prompt_in_the_midst_of_a_long_build_and_leaves_a_whole_index(
    keep: Callable[..., Keeper], store: Store, folder: Path, hashing: Encoder
) -> None:
    keeper = keep()
    keeper.sync([folder])
    done(keeper)
    many_letters(folder)
    keeper.sync()
    in_the_midst_of_work(keeper)
    worker = keeper._worker
    began = time.monotonic()
    keeper.close()
    assert time.monotonic() - began < 2
    assert worker and not worker.is_alive()
    assert "letters/may.txt" in names(store)
    sync(store, hashing)  # nobody holds the lock
    keeper.sync()
    assert keeper.wait(0) and keeper.work.error is None


def test_closing_before_the_worker_is_there_leaves_no_process(keep: Callable[..., Keeper], folder: Path) -> None:
    keeper = keep()
    keeper.sync([folder])
    keeper.close()
    until(lambda: not multiprocessing.active_children(), "the end of all processes")
    assert keeper.wait(0) and keeper.work.error is None


def test_closing_what_never_did_anything_is_no_error(keep: Callable[..., Keeper]) -> None:
    keeper = keep()
    keeper.close()
    keeper.close()


def test_an_idle_worker_is_let_go_and_the_next_sync_has_another(
    keep: Callable[..., Keeper], store: Store, folder: Path
) -> None:
    keeper = keep(idle=0.05)
    keeper.sync([folder])
    done(keeper)
    until(lambda: keeper._worker is None, "the worker's end")
    (folder / "june.txt").write_text("The ferry is on time, wrote Jonas.")
    keeper.sync()
    assert done(keeper).work.error is None
    assert names(store) == {"letters/may.txt", "letters/june.txt"}


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interrupt_from_the_terminal_does_not_reach_the_work(
    keep: Callable[..., Keeper], store: Store, folder: Path
) -> None:
    keeper = keep()
    with Store(store.folder).write():
        keeper.sync([folder])
        until(lambda: keeper.work.doing == "waiting", "a sync that waits")
        os.kill(pid(keeper), signal.SIGINT)
    assert done(keeper).work.error is None
    assert names(store) == {"letters/may.txt"}


def test_the_worker_does_not_outlive_its_server(store: Store, folder: Path, tmp_path: Path) -> None:
    """Started as `dixit serve` is: by a script without a suffix, as pip writes it."""
    script = tmp_path / "serve"
    script.write_text(
        "import sys, time\nfrom app.cli import main\nfrom pathlib import Path\nfrom index.keeper import Keeper\n"
        "from index.store import Store\n"
        "if __name__ == '__main__':\n"
        "    keeper = Keeper(Store(Path(sys.argv[1])), 'hashing')\n"
        "    keeper.sync([Path(sys.argv[2])])\n"
        "    while keeper.work.doing != 'waiting': time.sleep(0.01)\n"
        "    print('waiting', flush=True)\n"
        "    keeper.wait(60)\n"
    )
    command = [sys.executable, str(script), str(store.folder), str(folder)]
    env = {**os.environ, "PYTHONPATH": str(ROOM)}
    with store.write():
        server = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        assert server.stdout and server.stdout.readline() == "waiting\n"
        server.kill()
        # Its output ends when the last process that holds it does.
        assert server.communicate(timeout=PATIENCE) == ("", None)


# What it costs


def test_progress_never_fills_the_pipe() -> None:
    keeper, worker = Pipe()
    tell = _Thinned(worker)
    began = time.monotonic()
    for number in range(100_000):  # nobody reads
        tell("reading", number, 100_000)
    tell("embedding", 0, 10)
    seconds = time.monotonic() - began
    told = []
    while keeper.poll():
        told.append(keeper.recv())
    assert told[0] == _Progress("reading", 0, 100_000) and told[-1] == _Progress("embedding", 0, 10)
    assert len(told) <= 3 + 10 * seconds


def test_nothing_heavy_is_loaded_by_the_keeper_and_nothing_needless_by_its_worker() -> None:
    heavy = {"torch", "transformers", "sentence_transformers", "gradio", "fastapi"}
    needed = {"numpy", "faiss", "onnxruntime"}
    for modules, unwanted in (("index.keeper", heavy | needed), ("index.keeper, index.sync, app.cli", heavy)):
        code = f"import sys, {modules}; print(*(set(sys.modules) & {unwanted!r}))"
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOM, check=True)
        assert told.stdout.split() == []


# The watch


def test_the_watch_brings_in_what_is_put_into_a_folder(keep: Callable[..., Keeper], store: Store, folder: Path) -> None:
    keeper = keep()
    keeper.sync([folder])
    keeper.watch()
    assert keeper.work.watching
    done(keeper)
    (folder / "june.txt").write_text("The ferry is on time, wrote Jonas.")
    until(lambda: "letters/june.txt" in names(store), "the letter of June")
    (folder / "may.txt").unlink()
    until(lambda: names(store) == {"letters/june.txt"}, "the letter of May gone")
    done(keeper)
    assert keeper.work.watching and keeper.work.error is None


def test_where_nothing_was_told_of_a_look_says_whether_a_worker_is_needed(
    keep: Callable[..., Keeper], store: Store, folder: Path, hashing: Encoder
) -> None:
    sync(store, hashing, [folder])
    keeper = keep()
    assert not keeper._is_behind()
    (folder / "june.txt").write_text("The ferry is on time, wrote Jonas.")
    assert keeper._is_behind()
    keeper.sync()
    done(keeper)
    assert not keeper._is_behind()
    (folder / "may.txt").unlink()
    assert keeper._is_behind()
    store.path.write_bytes(b"Not what it was. " * 1000)
    assert keeper._is_behind()  # the sync will tell what is wrong


def test_the_watch_follows_to_folders_that_are_added_later(
    keep: Callable[..., Keeper], store: Store, folder: Path, tmp_path: Path
) -> None:
    keeper = keep()
    keeper.watch()
    (tmp_path / "notes").mkdir()
    keeper.sync([tmp_path / "notes", folder])
    done(keeper)
    (tmp_path / "notes" / "one.txt").write_text("Bring bread, said Berit.")
    until(lambda: "notes/one.txt" in names(store), "the note")
