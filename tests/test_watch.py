"""Watching: whoever changes a folder, by whatever program, there is one word of it, and not before the files are whole."""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.watch import Stirred, is_temporary, network_type, watch

ROOM = Path(__file__).resolve().parent.parent
QUIET = 0.08


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.watch._POLL", 0.1)


class Watched:
    """A watcher in a thread, and what it has said."""

    def __init__(self, *roots: Path, ignore: Path, **options: float) -> None:
        self.roots = list(roots)
        self.reasons: list[tuple[Path, str]] = []
        self.error: BaseException | None = None
        self._said: queue.Queue[Stirred] = queue.Queue()
        self._stop = threading.Event()
        tell = lambda path, reason: self.reasons.append((path, reason))
        timing = {"quiet": QUIET, "patience": 0.3, "look_at_roots": 0.1, **options}
        self._stirs = watch(lambda: self.roots, stop=self._stop, ignore=ignore, tell=tell, **timing)
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert self.next() == Stirred(), "at once: what happened while nobody watched"

    def _run(self) -> None:
        try:
            for stirred in self._stirs:
                self._said.put(stirred)
        except BaseException as error:
            self.error = error

    def next(self) -> Stirred:
        return self._said.get(timeout=10)

    def until(self, holds: Callable[[frozenset[Path]], bool]) -> Stirred:
        """The first word of whose busy files this is true, among the next hundred."""
        return next(stirred for stirred in (self.next() for _ in range(100)) if holds(stirred.busy))

    def until_quiet(self) -> Stirred:
        """The word that nothing is being written any more."""
        return self.until(lambda busy: not busy)

    def is_silent(self) -> bool:
        try:
            self._said.get(timeout=2.5 * QUIET)
        except queue.Empty:
            return True
        return False

    def stop(self) -> float:
        """Seconds until the end."""
        began = time.monotonic()
        self._stop.set()
        self._thread.join(10)
        assert not self._thread.is_alive()
        assert self.error is None
        return time.monotonic() - began


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "letters"
    (made / "1931").mkdir(parents=True)
    (made / "1931" / "march.txt").write_text("The ice went out on the ninth, earlier than anyone here remembers.")
    return made


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Watched]]:
    started: list[Watched] = []

    def begin(*roots: Path, **options: float) -> Watched:
        started.append(Watched(*roots, ignore=tmp_path / "letters" / "index", **options))
        return started[-1]

    yield begin
    for watched in started:
        watched.stop()


@pytest.fixture(params=["told by the system", "looked at"])
def watched(request: pytest.FixtureRequest, start: Callable[..., Watched], folder: Path) -> Watched:
    """The same is promised whether the system tells of changes or the folder has to be looked at."""
    options = {"poll": 0.05} if request.param == "looked at" else {}
    watched = start(folder, **options)
    assert bool(watched.reasons) == bool(options)
    return watched


def test_a_new_a_changed_a_renamed_and_a_deleted_file_stir(watched: Watched, folder: Path) -> None:
    letter = folder / "april.txt"
    letter.write_text("The ferry runs again.")
    assert watched.next() == Stirred()
    letter.write_text("The ferry does not run.")
    assert watched.next() == Stirred()
    letter.rename(folder / "1931" / "april.txt")
    assert watched.next() == Stirred()
    (folder / "1931" / "april.txt").unlink()
    assert watched.next() == Stirred()


def test_a_file_that_is_closed_to_readers_stirs(watched: Watched, folder: Path) -> None:
    (folder / "1931" / "march.txt").chmod(0)
    assert watched.next() == Stirred()


def test_reading_does_not_stir(watched: Watched, folder: Path) -> None:
    (folder / "1931" / "march.txt").read_text()
    list(os.walk(folder))
    assert watched.is_silent()


def test_a_thousand_files_in_new_folders_are_one_word(
    start: Callable[..., Watched], folder: Path, tmp_path: Path
) -> None:
    watched = start(folder, quiet=0.2)
    source = tmp_path / "box"
    for year in range(1940, 1950):
        (source / str(year)).mkdir(parents=True)
        for number in range(100):
            (source / str(year) / f"{number}.txt").write_text(f"Letter {number} of {year}.")
    source.rename(folder / "box")
    assert watched.until_quiet() == Stirred()
    assert watched.is_silent()


def test_the_files_of_a_folder_that_comes_are_waited_for_one_by_one(
    start: Callable[..., Watched], folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "box").mkdir()
    (tmp_path / "box" / "letter.txt").write_text("Half of")
    watched = start(folder, quiet=60.0, look_again=0.1)
    (tmp_path / "box").rename(folder / "box")
    assert watched.until(bool).busy == {folder / "box" / "letter.txt"}


def test_an_editors_save_is_one_word(start: Callable[..., Watched], folder: Path) -> None:
    watched = start(folder, quiet=0.2)
    letter = folder / "1931" / "march.txt"
    backup = letter.with_name("march.txt~")
    letter.rename(backup)  # a brief absence
    letter.with_name("#march.txt#").write_text("The ice went out on the tenth.")
    letter.with_name("#march.txt#").rename(letter)
    backup.unlink()
    assert watched.next() == Stirred()
    assert watched.is_silent()


def test_a_file_that_grows_is_busy_until_it_stays_as_it_is(watched: Watched, folder: Path) -> None:
    recording = folder / "interview.txt"
    (folder / "1931" / "may.txt").write_text("Nothing new.")
    finished = threading.Event()

    def copy() -> None:
        with recording.open("w") as file:
            while not finished.wait(QUIET / 10):
                file.write("And then he said that he had never been to the lighthouse.\n")
                file.flush()

    copying = threading.Thread(target=copy)
    copying.start()
    try:
        for _ in range(2):  # it does not hold up the others, nor is it forgotten
            assert watched.until(bool).busy == {recording}
    finally:
        finished.set()
        copying.join()
    assert watched.until_quiet() == Stirred()


def test_what_the_system_does_not_tell_is_seen_at_the_end_of_the_wait(tmp_path: Path) -> None:
    from index.watch import _Settling

    letter = tmp_path / "june.txt"
    letter.write_text("Half of")
    settling = _Settling(quiet=0.0, patience=100)
    settling.note(letter)
    letter.write_text("Half of it was missing.")
    assert not settling.is_due(), "it is another than it was told to be"
    assert settling.is_due()
    assert settling.take() == frozenset()
    assert not settling.is_due()


@pytest.mark.parametrize(
    "name",
    ["~$report.docx", "report.txt~", "#report.txt#", ".#report.txt", "report.swp", "report.TMP", "report.pdf.part"]
    + ["a.crdownload", "a.partial", "a.download", "a.txt.sb-1a2b3c4d-Xy12Zz", "a.txt___jb_tmp___"],
)
def test_temporary_files_are_known_by_their_names(name: str) -> None:
    assert is_temporary(name)


@pytest.mark.parametrize(
    "name", ["C#", "#1 report.txt", "~home.txt", "part.txt", "tmp", "download", "a.partly", "x.temp.md"]
)
def test_documents_with_such_names_are_documents(name: str) -> None:
    assert not is_temporary(name)


def test_noise_does_not_stir(watched: Watched, folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / ".git" / "index").write_text("x")
    (folder / "index").mkdir()
    (folder / "index" / "dixit.sqlite").write_text("the index itself")
    (folder / "1931" / ".march.txt.swp").write_text("x")
    (folder / "1931" / "~$march.docx").write_text("x")
    (folder / "thesis.pdf.crdownload").write_text("%PDF")
    assert watched.is_silent()
    (folder / "thesis.pdf.crdownload").rename(folder / "thesis.pdf")
    assert watched.next() == Stirred()


def test_files_that_links_lead_out_to_do_not_stir(watched: Watched, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "diary.txt").write_text("Private.")
    (folder / "elsewhere").symlink_to(tmp_path / "elsewhere")
    (folder / "diary.txt").symlink_to(tmp_path / "diary.txt")
    watched.is_silent()  # the links themselves are new
    (tmp_path / "elsewhere" / "letter.txt").write_text("Not yours.")
    (tmp_path / "diary.txt").write_text("Still private.")
    assert watched.is_silent()
    (folder / "1931" / "march.txt").write_text("Snow again.")
    assert watched.next() == Stirred()


@pytest.mark.parametrize("target", ["/", "."])
def test_a_folder_with_a_linked_folder_in_it_is_watched_and_the_link_is_not_followed(
    start: Callable[..., Watched], folder: Path, target: str
) -> None:
    (folder / "link").symlink_to(target)
    watched = start(folder)
    assert watched.reasons == [(folder, "there is a link to a folder in it")]
    (folder / "1931" / "march.txt").write_text("Snow again.")
    assert watched.next() == Stirred()
    assert watched.is_silent()


def test_a_folder_that_comes_with_a_linked_folder_in_it_is_looked_at(
    start: Callable[..., Watched], folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "box").mkdir()
    (tmp_path / "box" / "link").symlink_to(folder / "1931")
    watched = start(folder)
    (tmp_path / "box").rename(folder / "box")
    assert watched.next() == Stirred()
    assert watched.reasons == [(folder, "there is a link to a folder in it")]
    (folder / "1931" / "march.txt").write_text("Snow again.")
    assert watched.next() == Stirred()


def test_a_linked_root_is_watched_and_its_files_are_named_as_the_root_is(
    start: Callable[..., Watched], folder: Path, tmp_path: Path
) -> None:
    link, other = tmp_path / "link", tmp_path / "other"
    link.symlink_to(folder)
    other.mkdir()
    watched = start(link, quiet=60.0, look_again=0.1)
    (folder / "april.txt").write_text("The ferry runs again.")
    assert watched.until(bool).busy == {link / "april.txt"}
    link.unlink()
    link.symlink_to(other)  # now it leads elsewhere
    (other / "may.txt").write_text("So does the bus.")
    assert watched.until(lambda busy: link / "may.txt" in busy)


def test_a_folder_that_goes_and_comes_back_stirs_both_times_and_is_watched_again(
    watched: Watched, folder: Path
) -> None:
    away = folder.with_name("away")
    folder.rename(away)
    began = time.monotonic()
    assert watched.next() == Stirred()
    assert time.monotonic() - began < 2
    away.rename(folder)
    assert watched.until_quiet() == Stirred()
    (folder / "1931" / "march.txt").write_text("Snow again.")
    assert watched.next() == Stirred()


def test_a_folder_that_is_put_in_anothers_place_is_watched(watched: Watched, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "march.txt").write_text("Other letters.")
    folder.rename(tmp_path / "old")
    other.rename(folder)
    assert watched.until_quiet() == Stirred()
    assert watched.is_silent()
    (folder / "march.txt").write_text("Snow again.")
    assert watched.next() == Stirred()
    (tmp_path / "old" / "1931" / "march.txt").write_text("Nobody listens here any more.")
    assert watched.is_silent()


def test_a_folder_that_is_deleted_and_made_anew_is_watched(watched: Watched, folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()  # often under the number of the old one
    watched.until_quiet()
    watched.is_silent()
    (folder / "march.txt").write_text("Snow again.")
    assert watched.next() == Stirred()


def test_a_folder_that_does_not_exist_yet_is_watched_when_it_does(
    start: Callable[..., Watched], tmp_path: Path
) -> None:
    coming = tmp_path / "coming"
    watched = start(coming)
    assert watched.is_silent()
    coming.mkdir()
    assert watched.until_quiet() == Stirred()
    watched.is_silent()
    (coming / "march.txt").write_text("Snow again.")
    assert watched.next() == Stirred()


def test_a_folder_that_is_added_is_watched_and_one_that_is_forgotten_is_not(
    start: Callable[..., Watched], folder: Path, tmp_path: Path
) -> None:
    added = tmp_path / "added"
    added.mkdir()
    watched = start(folder)
    watched.roots = [added]
    assert watched.next() == Stirred()
    (folder / "1931" / "march.txt").write_text("Snow again.")
    assert watched.is_silent()
    (added / "march.txt").write_text("Snow here too.")
    assert watched.next() == Stirred()


def test_a_single_file_is_watched_even_when_another_is_put_in_its_place(
    start: Callable[..., Watched], folder: Path
) -> None:
    letter = folder / "1931" / "march.txt"
    watched = start(letter)
    letter.with_name("april.txt").write_text("Beside it.")
    assert watched.is_silent()
    for text in ("Snow again.", "Thaw again."):
        letter.with_name("april.txt").write_text(text)
        letter.with_name("april.txt").replace(letter)
        assert watched.next() == Stirred()
    letter.unlink()
    assert watched.next() == Stirred()
    letter.write_text("It is back.")
    assert watched.next() == Stirred()


def test_what_happens_while_the_caller_is_busy_is_in_the_next_word(folder: Path, tmp_path: Path) -> None:
    stirs = watch(lambda: [folder], stop=threading.Event(), ignore=tmp_path / "index", quiet=QUIET)
    next(stirs)
    (folder / "april.txt").write_text("The ferry runs again.")
    (folder / "may.txt").write_text("So does the bus.")
    assert next(stirs) == Stirred()
    stirs.close()


def test_a_file_with_a_name_that_is_no_text_does_not_end_the_watch(watched: Watched, folder: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_text("From an old disk.")
    except OSError:
        pytest.skip("this file system has no such names")
    assert watched.next() == Stirred()
    (folder / "1931" / "march.txt").write_text("Snow again.")
    assert watched.next() == Stirred()


def test_every_now_and_then_there_is_a_word_without_any_change(start: Callable[..., Watched], folder: Path) -> None:
    watched = start(folder, look_again=0.2)
    assert watched.next() == watched.next() == Stirred()


@pytest.mark.parametrize("doing", ["nothing", "a file grows", "the folder is away"])
def test_it_ends_at_once_from_any_state_and_leaves_no_thread(
    start: Callable[..., Watched], folder: Path, doing: str
) -> None:
    threads = lambda: len(os.listdir("/proc/self/task")) if sys.platform == "linux" else 0
    before = threads()
    watched = start(folder, quiet=60, patience=600)
    if doing == "a file grows":
        (folder / "april.txt").write_text("The ferry")
    if doing == "the folder is away":
        folder.rename(folder.with_name("away"))
    assert watched.is_silent()
    assert watched.stop() < 1
    patience = threading.Event()
    rounds = 0
    while threads() > before and (rounds := rounds + 1) < 500:  # the system takes a moment to end one
        patience.wait(0.01)
    assert threads() <= before


OUT_OF_WATCHES = """
import os, sys, threading
from pathlib import Path
import watchfiles, psutil
from index.watch import watch
folder = Path(sys.argv[1])
told = []
stop = threading.Event()
stirs = watch(lambda: [folder], stop=stop, ignore=folder / "index", tell=lambda *t: told.append(t), quiet=0.2, look_at_roots=0.1)
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
taken = []
try:
    while True:
        taken.append(os.open("/", os.O_RDONLY))
except OSError:
    pass
for fd in taken[-2:]:
    os.close(fd)
next(stirs)
for fd in taken[:-2]:
    os.close(fd)
(folder / "april.txt").write_text("The ferry runs again.")
next(stirs)
print(len(told), told[0][0] == folder, told[0][1])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_where_the_system_refuses_to_watch_the_folder_is_looked_at_and_that_is_said_once(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", OUT_OF_WATCHES, str(folder)], capture_output=True, text=True, cwd=ROOM, timeout=60
    )
    assert done.stdout.startswith("1 True the system does not watch it: "), done.stderr


MOUNTS = [
    ("/", "ext4", "rw"),
    ("/home", "ext4", "rw"),
    ("/home/ada/share", "cifs", "rw,vers=3.0"),
    ("/mnt", "fuse.sshfs", "rw"),
    ("/mnt", "xfs", "rw"),
]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/ada/share/letters", "cifs"),
        ("/home/ada/shared", None),
        ("/home/ada", None),
        ("/mnt/letters", None),  # what was mounted last is what is seen
    ],
)
def test_a_network_share_is_known_by_the_file_system_that_a_path_is_on(path: str, kind: str | None) -> None:
    assert network_type(Path(path), MOUNTS) == kind


@pytest.mark.parametrize(
    "kind", ["nfs", "nfs4", "smb3", "9p", "fuse.rclone", "davfs", "afpfs", "vboxsf", "prl_fs", "drvfs"]
)
def test_network_file_systems_are_known(kind: str) -> None:
    assert network_type(Path("/letters"), [("/letters", kind, "rw")]) == kind


@pytest.mark.parametrize("kind", ["ext4", "btrfs", "apfs", "NTFS", "tmpfs", "overlay", "fuseblk", "zfs"])
def test_file_systems_of_this_machine_are_told_from_them(kind: str) -> None:
    assert network_type(Path("/letters"), [("/letters", kind, "rw")]) is None


def test_a_network_share_is_looked_at(
    start: Callable[..., Watched], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.watch._mounts", lambda: [(str(folder.resolve()), "nfs4", "rw")])
    watched = start(folder)
    assert watched.reasons == [(folder, "it is on a network share (nfs4)")]
    (folder / "april.txt").write_text("The ferry runs again.")
    assert watched.next() == Stirred()
    assert watched.is_silent()
