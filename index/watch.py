"""Watching folders: when there may be something to sync, and which files had better be left alone for now.

What the system tells of changes is a hint, never the truth: it tells of too much (editors' temporary files), too early
(files that are half copied) and too little (network shares, a watch that could not be had). So a hint only starts a wait
until the files stay as they are, and every now and then there is a sync without any hint. What changed is found by the sync.

All times are seconds, by a clock that never goes back. A file's own times are compared with each other, never with a clock.
"""

from __future__ import annotations

import math
import os
import re
import stat
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watchfiles.main import FileChange

_POLL = 5.0  # between two looks at a folder of whose changes the system does not tell
_TICK = 0.1  # between two questions whether something happened, at most
_STEP = 10  # milliseconds that the library takes to answer one

_TEMPORARY = re.compile(
    r"""  ~\$.* | .+~ | \#.*\# | \.\#.*                                # Office's owner files; Emacs and its kin
        | .+\.(sw[a-p]|kate-swp|tmp)                                # being edited
        | .+\.(part|partial|crdownload|download|opdownload|aria2)   # being downloaded
        | .+\.sb-[0-9a-f]{8}-\w{6} | .+___jb_(tmp|old)___           # being saved: macOS, JetBrains
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_NETWORK = re.compile(
    r"""  nfs\d* | cifs | smb\w* | 9p | afpfs | afs | ncpfs? | webdav | davfs\d* | autofs
        | ceph | lustre | gpfs | glusterfs | beegfs\w* | orangefs | coda
        | vboxsf | prl_fs | drvfs | vmhgfs | virtiofs | osxfs | fakeowner | (mac|osx)?fuse(\..*)?
    """,
    re.VERBOSE | re.IGNORECASE,
)

_Stamp = tuple[int, ...]
_FOLDER: _Stamp = ()


@dataclass(frozen=True, slots=True)
class Stirred:
    """There may be something to sync."""

    busy: frozenset[Path] = frozenset()
    """Files that are still being written: to be left in the index as they are. There is another Stirred when they are done."""


def watch(
    paths: Callable[[], Sequence[Path]],
    *,
    stop: threading.Event,
    ignore: Path,
    poll: float | None = None,
    tell: Callable[[Path, str], None] = lambda path, reason: None,
    quiet: float = 0.5,
    patience: float = 3.0,
    look_at_roots: float = 1.0,
    look_again: float = 60.0,
) -> Iterator[Stirred]:
    """Yields whenever there may be something to sync: first at once, then after changes, then every `look_again`; ends when
    `stop` is set. What happens while the caller is busy with one Stirred is in the next.

    `paths` gives the roots (folders or files, there or not); it is asked every `look_at_roots`. `ignore` is the index's own
    folder. A change is told when nothing has changed for `quiet`, and if it does not get quiet after `patience` all the same,
    with the files that are not. `poll` has all folders looked at every so many seconds, instead of only those of whose
    changes the system does not tell; `tell` is called with each folder of these and the reason, once."""
    roots: dict[Path, _Root] = {}
    told: set[tuple[Path, str]] = set()
    ignore = ignore.resolve()
    next_look = last = -math.inf
    try:
        while not stop.is_set():
            if time.monotonic() >= next_look:
                current = [Path(os.path.abspath(path)) for path in paths()]
                for path in roots.keys() - set(current):
                    roots.pop(path).close()
                for path in current:
                    if path in roots and not roots[path].has_moved():
                        continue
                    if path in roots:
                        roots[path].close()
                    roots[path] = _Root(path, ignore, poll, quiet, patience, stop)
                    if next_look > 0:  # at the start there is a Stirred anyway
                        roots[path].note_all()
                next_look = time.monotonic() + look_at_roots
            for root in roots.values():
                root.look()
                if root.why_polled and (root.path, root.why_polled) not in told:
                    told.add((root.path, root.why_polled))
                    tell(root.path, root.why_polled)
            if stop.is_set():
                break
            due = time.monotonic() - last >= look_again  # at first, always
            # Each root is asked: one that is due starts to wait anew.
            if any([root.settling.is_due() for root in roots.values()]) or due:
                yield Stirred(frozenset().union(*(root.settling.take() for root in roots.values())))
                last = time.monotonic()
            stop.wait(min(_TICK, quiet / 4))
    finally:
        for root in roots.values():
            root.close()


def is_temporary(name: str) -> bool:
    """Whether a file or folder of this name is an editor's, an office program's or a download's and soon gone."""
    return _TEMPORARY.fullmatch(name) is not None


def network_type(path: Path, mounts: Iterable[tuple[str, str, str]]) -> str | None:
    """The type of the file system of a path (absolute, without links) if it may be changed by other machines, of which this
    one is not told. `mounts` are mount points, types and options, the later hiding the earlier."""
    if str(path).startswith(("\\\\", "//")):
        return "UNC"
    around = [m for m in mounts if path.is_relative_to(m[0])]
    if not around:
        return None
    deepest = max(len(Path(m[0]).parts) for m in around)
    _, kind, options = [m for m in around if len(Path(m[0]).parts) == deepest][-1]
    return kind if _NETWORK.fullmatch(kind) or "remote" in options.split(",") else None


class _Root:
    """A folder or file that is watched: by the system where it tells of changes, else by looking."""

    def __init__(
        self, path: Path, ignore: Path, poll: float | None, quiet: float, patience: float, stop: threading.Event
    ) -> None:
        self.path = path
        self.why_polled: str | None = None
        self.settling = _Settling(quiet, patience)
        self._real = Path(os.path.realpath(path))
        self._ignore = ignore
        self._stop = stop
        self._identity = _identity(path)
        self._events: Generator[set[FileChange], None, None] | None = None
        self._every = min(_TICK, quiet / 4)  # between two looks; at one file, or at nothing, they cost nothing
        self._next_look = 0.0
        self._poll_every = _POLL if poll is None else poll
        self._files, linked = self._files_below(self._real)
        shared = network_type(self._real, _mounts())
        if shared:
            self.settling.quiet = max(quiet, self._poll_every)  # its times and sizes may come late
        if not self._real.is_dir():
            self._every = 1.0 if shared else self._every
        elif poll is not None:
            self._poll("polling was asked for")
        elif shared:
            self._poll(f"it is on a network share ({shared})")
        elif linked:
            self._poll("there is a link to a folder in it")  # the library would follow it, anywhere
        else:
            self._watch()

    def note_all(self) -> None:
        """Note the root and all that is in it: who knows what is being written there."""
        self.settling.note(self.path)
        for path in self._files_below(self._real)[0]:
            self.settling.note(path)

    def has_moved(self) -> bool:
        """Whether it has gone, come, or is another than it was."""
        now = _identity(self.path)
        if self._events is None and now and self._identity:
            return now[:2] != self._identity[:2]  # the numbers of files on network shares may change for no reason
        return now != self._identity

    def look(self) -> None:
        """Note what has changed."""
        if self._events is not None:
            self._listen(self._events)
        elif time.monotonic() >= self._next_look:
            began = time.monotonic()
            before = self._files
            self._files, _ = self._files_below(self._real)
            if not self._stop.is_set():
                for path in {path for path, _ in self._files.items() ^ before.items()}:
                    self.settling.note(path)
            now = time.monotonic()
            self._next_look = now + max(self._every, 10 * (now - began))  # a slow share is not kept busy by looking

    def close(self) -> None:
        if self._events is not None:
            self._events.close()
        self._events = None

    def _watch(self) -> None:
        import watchfiles

        # It has a thread of its own that gathers what the system tells; `next` takes what there is and does not wait.
        self._events = watchfiles.watch(
            self._real,
            watch_filter=None,
            debounce=5 * _STEP,
            step=_STEP,
            rust_timeout=1,
            yield_on_timeout=True,
            debug=False,
            force_polling=False,
            recursive=True,
            ignore_permission_denied=False,  # it would leave unwatched what comes after the folder that is closed to it
        )
        self._files = {}
        self.look()

    def _listen(self, events: Generator[set[FileChange], None, None]) -> None:
        try:
            told = {(change.name, Path(path)) for change, path in next(events)}
        except FileNotFoundError:
            self._is_lost()
            return
        except (OSError, RuntimeError, ValueError) as error:
            # Its limit is reached, a folder is closed to us, a name is no text.
            self._poll(f"the system does not watch it: {error}")
            self.settling.note(self.path)
            return
        for change, path in told:
            if path == self._real and change == "deleted":
                self._is_lost()
            elif path == self._real or not path.is_relative_to(self._real):
                self.settling.note(self.path)
            elif not self._is_noise(path):
                self._note(path)

    def _is_lost(self) -> None:
        """It has gone; another may be there already, by chance with the same number."""
        self.close()
        self._identity = None
        self.settling.note(self.path)

    def _note(self, path: Path) -> None:
        if path.is_dir() and not path.is_symlink():
            # What was in a folder when it came is not told of.
            self.settling.note(self._as_given(path))
            files, linked = self._files_below(path)
            for file in files:
                self.settling.note(file)
            if linked:
                self._poll("there is a link to a folder in it")
        elif not _leads_out(path, self._real):
            self.settling.note(self._as_given(path))

    def _poll(self, reason: str) -> None:
        self.close()
        self.why_polled = reason
        self._every = self._poll_every
        self._files, _ = self._files_below(self._real)
        self._next_look = time.monotonic() + self._every

    def _is_noise(self, path: Path) -> bool:
        inner = path.relative_to(self._real).parts
        return path.is_relative_to(self._ignore) or any(is_passed_over(part) for part in inner)

    def _as_given(self, path: Path) -> Path:
        return self.path / path.relative_to(self._real)

    def _files_below(self, top: Path) -> tuple[dict[Path, _Stamp], bool]:
        """The stamps of all files below a folder, or of the one file; and whether there are links to folders."""
        files: dict[Path, _Stamp] = {}
        linked = False
        if (own := _stamp(top)) not in (None, _FOLDER):
            return {self._as_given(top): own}, False
        folders = [top]
        while folders and not self._stop.is_set():
            folder = folders.pop()
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        path = folder / entry.name
                        if is_passed_over(entry.name) or path == self._ignore:
                            continue
                        if entry.is_dir(follow_symlinks=False):
                            folders.append(path)
                        elif entry.is_symlink() and (path.is_dir() or _leads_out(path, self._real)):
                            linked |= path.is_dir()
                        elif found := _stamp(path):
                            files[self._as_given(path)] = found
            except OSError:  # gone meanwhile, or closed
                files[self._as_given(folder)] = _FOLDER
        return files, linked


class _Settling:
    """Changed files, until they stay as they are for `quiet`."""

    @dataclass(slots=True)
    class Change:
        stamp: _Stamp | None
        seen: float

    def __init__(self, quiet: float, patience: float) -> None:
        self.quiet = quiet
        self._patience = patience
        self._began: float | None = None
        self._changes: dict[Path, _Settling.Change] = {}

    def note(self, path: Path) -> None:
        self._changes[path] = self.Change(_stamp(path), time.monotonic())

    def is_due(self) -> bool:
        """Whether it is time to tell: all files are quiet, or it has taken too long already."""
        if not self._changes:
            return False
        now = time.monotonic()
        if self._began is None:
            self._began = now
        # After this long there is no waiting, and never less than it takes to see a file twice.
        if now - self._began >= max(self._patience, 2 * self.quiet):
            return True
        return self._all_quiet(now) and not self._look(now)

    def take(self) -> frozenset[Path]:
        """The files that are not quiet. The others are done with."""
        now = time.monotonic()
        self._look(now)
        self._changes = {path: change for path, change in self._changes.items() if now - change.seen < self.quiet}
        self._began = None
        return frozenset(path for path, change in self._changes.items() if change.stamp != _FOLDER)

    def _all_quiet(self, now: float) -> bool:
        return all(now - change.seen >= self.quiet for change in self._changes.values())

    def _look(self, now: float) -> bool:
        """Whether a file has changed since it was looked at last, whatever was told of it."""
        found = False
        for path, change in self._changes.items():
            if (stamp := _stamp(path)) != change.stamp:
                change.stamp, change.seen = stamp, now
                found = True
        return found


def is_passed_over(name: str) -> bool:
    return name.startswith(".") or is_temporary(name)


def _leads_out(path: Path, root: Path) -> bool:
    return path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(root)


def _stamp(path: Path) -> _Stamp | None:
    """Size and times of a file; without its number, which some network shares make up anew."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return _FOLDER if stat.S_ISDIR(found.st_mode) else (found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _identity(path: Path) -> tuple[int, bool, int] | None:
    """What tells a folder or file from another in the same place: its device, what it is, its number."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_dev, stat.S_ISDIR(found.st_mode), found.st_ino


def _mounts() -> list[tuple[str, str, str]]:
    import psutil

    try:
        return [(p.mountpoint, p.fstype, p.opts) for p in psutil.disk_partitions(all=True)]
    except (OSError, psutil.Error):
        return []
