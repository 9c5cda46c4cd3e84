"""Keeping a store up to its folders while people go on asking.

A sync is heavy work, so it runs in a process of its own, the worker: questions are not held up by it, and are answered even
when it is killed. A `Keeper` lives where the questions are answered. It collects what is asked for, hands it to the worker as
one `_Job` after the other, and tells what is being done. The worker keeps the encoder between jobs; after some minutes
without any it is let go, so that its memory is given back. To end it in the midst of work does no harm: a store bears that.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from index.errors import DixitError, SettingError, StoreError
from index.store import Store

# What reads and embeds is imported where it is used, in the worker.
if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.salvage import Salvage
    from index.sync import SyncReport

Doing = Literal["idle", "waiting", "starting", "reading", "embedding", "storing"]
"""`waiting`: another process writes the store."""

_IDLE_SECONDS = 300.0
_LOOK_AGAIN = 60.0  # seconds until the folders are looked at though nothing was told of them
_BETWEEN_TIDINGS = 0.1  # seconds
_NICENESS = 5
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """What a keeper is doing, how far it is (`done` of `total` files or texts), and how the last work ended."""

    doing: Doing = "idle"
    done: int = 0
    total: int = 0
    began_at: str = ""
    """When the work that runs, or ran last, was begun: ISO 8601, UTC."""
    ended_at: str = ""
    """When the last work ended, of which `error` tells."""
    report: SyncReport | None = None
    """Of the last sync that came to its end."""
    error: str | None = None
    """Why the last work failed, wholly or in part; None after one that did not."""
    watching: bool = False


@dataclass(frozen=True, slots=True)
class _Job:
    """Files to leave out or take in, then a sync: of everything that is indexed, or of some paths only."""

    everything: bool
    paths: tuple[Path, ...] = ()
    fresh: bool = False
    choices: Mapping[str, bool] = field(default_factory=dict)
    """By name of a file, whether it is taken in."""
    busy: frozenset[Path] = frozenset()
    wished: bool = True
    """Whether somebody asked for it, and wants to know what came of it even if that is nothing."""

    def joined_by(self, later: _Job) -> _Job:
        """Both in one, where they differ as the later wants it.

        >>> _Job(True, choices={"a.txt": False}).joined_by(_Job(False, fresh=True, choices={"a.txt": True}))
        _Job(everything=True, paths=(), fresh=True, choices={'a.txt': True}, busy=frozenset(), wished=True)
        """
        return _Job(
            self.everything or later.everything,
            tuple(dict.fromkeys(self.paths + later.paths)),
            self.fresh or later.fresh,
            {**self.choices, **later.choices},
            later.busy,
            self.wished or later.wished,
        )


@dataclass(frozen=True, slots=True)
class _Progress:
    doing: Doing
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class _Ended:
    """What became of a job: the sync's report, and a sentence on what failed."""

    report: SyncReport | None = None
    error: str | None = None
    trace: str | None = None
    """The traceback of an error that nobody foresaw."""


class Keeper:
    """Keeps a store up to its folders, in a process of its own. Every method but `wait` and `close` returns at once; safe to
    share between threads.

    `model` None is the one that the index was made with, else the default. The worker is let go after `idle` seconds without
    work.
    """

    def __init__(
        self,
        store: Store,
        model: str | None = None,
        cache: Path | None = None,
        idle: float = _IDLE_SECONDS,
        passwords: Sequence[str] = (),
    ) -> None:
        self._store = store
        self._outfit = (store.folder.absolute(), model, cache.absolute() if cache else None, tuple(passwords))
        self._idle = idle
        self._changed = threading.Condition()  # guards what follows, and tells of every change of it
        self._work = Work()
        self._asked: _Job | None = None
        self._busy: frozenset[Path] = frozenset()  # files that are being written, as far as the watch tells
        self._worker: _Worker | None = None
        self._keeping: threading.Thread | None = None
        self._watching: threading.Thread | None = None
        self._watched: list[Path] = []
        self._closed = threading.Event()

    def sync(self, paths: Sequence[Path] = (), fresh: bool = False) -> None:
        """Ask for a sync of these paths, or of everything, which `fresh` always is. What is asked for during one is done together
        after it."""
        self._ask(_Job(fresh or not paths, tuple(p.absolute() for p in paths), fresh))

    def leave_out(self, file: str) -> None:
        """Take a file, by `FileState.name`, out of the index. The file itself is not touched."""
        self._ask(_Job(True, choices={file: False}))

    def take_in(self, file: str) -> None:
        """Index a file again that was left out."""
        self._ask(_Job(True, choices={file: True}))

    def watch(self, poll: float | None = None) -> None:
        """Sync whenever something may have changed in the folders, and once at first. `poll` is that of `index.watch`."""
        with self._changed:
            if self._watching is None and not self._closed.is_set():
                self._work = replace(self._work, watching=True)
                self._watching = threading.Thread(target=self._watch, args=(poll,), name="watch", daemon=True)
                self._watching.start()

    @property
    def work(self) -> Work:
        return self._work

    def wait(self, timeout: float) -> bool:
        """Wait until nothing is asked for and nothing runs; whether that came within `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._asked is None and self._work.doing == "idle", timeout)

    def close(self) -> None:
        """End the work, in the midst of it too. What is asked for from now on is not done."""
        with self._changed:
            self._closed.set()
            self._asked = None
            if self._worker:
                self._worker.kill()
            self._changed.notify_all()
        for thread in (self._keeping, self._watching):
            if thread:
                thread.join(timeout=0.9)

    def _ask(self, job: _Job) -> None:
        with self._changed:
            if self._closed.is_set():
                return
            self._asked = self._asked.joined_by(job) if self._asked else job
            if self._work.doing == "idle":
                self._begin()
            if self._keeping is None:
                self._keeping = threading.Thread(target=self._keep, name="keeper", daemon=True)
                self._keeping.start()
            self._changed.notify_all()

    def _keep(self) -> None:
        """The keeper's own thread: one job after the other, until it is closed."""
        unfinished: _Job | None = None
        while not self._closed.is_set():
            job = self._next()
            if job is None:
                self._let_go()
                continue
            job = unfinished.joined_by(job) if unfinished else job
            try:
                ended, unfinished = self._handed_over(job), None
            except Exception as error:  # noqa: BLE001 - the worker died over it, or none was to be had
                ended, unfinished = self._lost(error), job
            self._end(ended, job)
        self._let_go()
        with self._changed:
            self._work = replace(self._work, doing="idle", done=0, total=0)
            self._changed.notify_all()

    def _next(self) -> _Job | None:
        """The next job, once there is one; None when it is time to let the worker go."""
        with self._changed:
            self._changed.wait_for(lambda: self._asked or self._closed.is_set(), self._idle if self._worker else None)
            job, self._asked = self._asked, None
            if job:
                self._begin()
                job = replace(job, busy=self._busy)
            return job

    def _handed_over(self, job: _Job) -> _Ended:
        """What the worker, a new one if need be, makes of a job."""
        if self._worker and not self._worker.is_alive():
            self._let_go()
        if self._worker is None:
            worker = _Worker(*self._outfit)
            with self._changed:
                self._worker = worker
                if self._closed.is_set():
                    worker.kill()
        return self._worker.carry_out(job, self._tell)

    def _lost(self, error: Exception) -> _Ended:
        """A job that nobody carried out to its end."""
        if self._worker is None or not isinstance(error, (EOFError, OSError)):
            self._let_go()
            return _unforeseen(error)
        how = self._worker.end()
        self._let_go()
        return _Ended(
            error=f"Reading the documents stopped unexpectedly ({how}): what was committed before is whole; "
            "it is tried again with the next change."
        )

    def _let_go(self) -> None:
        with self._changed:
            worker, self._worker = self._worker, None
        if worker:
            worker.kill()
            worker.end()

    def _watch(self, poll: float | None) -> None:
        """The watch's own thread."""
        from index.watch import watch

        def tell(folder: Path, reason: str) -> None:
            _log.info("%s is looked at every some seconds: %s", folder, reason)

        given = dict(stop=self._closed, ignore=self._store.folder, poll=poll, look_again=_LOOK_AGAIN, tell=tell)
        last = time.monotonic()
        try:
            for stirred in watch(self._folders, **given):
                self._busy = stirred.busy
                untold = time.monotonic() - last >= _LOOK_AGAIN
                last = time.monotonic()
                # Where nothing was told of, no worker is called to find that nothing changed.
                if self._store.exists() and (not untold or self._is_behind()):
                    self._ask(_Job(True, wished=False))
        except Exception as error:  # noqa: BLE001 - that nobody watches any more must not stay unknown
            _log.exception("The watch broke off.")
            with self._changed:
                sentence = f"The folders are watched no more ({type(error).__name__}: {error}): start the server again."
                self._work = replace(self._work, watching=False, error=sentence)

    def _folders(self) -> list[Path]:
        """What is watched; while the index cannot be read, what was."""
        with suppress(StoreError), self._store.read() as snapshot:
            self._watched = [root.path for root in snapshot.roots()]
        return self._watched

    def _is_behind(self) -> bool:
        from index.plan import behind

        try:
            with self._store.read() as snapshot:
                found = behind(snapshot, self._store.folder)
        except StoreError:  # the sync will say why
            return True
        return bool(found.new or found.changed or found.gone)

    def _begin(self) -> None:
        self._work = replace(self._work, doing="starting", done=0, total=0, began_at=_now())

    def _tell(self, progress: _Progress) -> None:
        with self._changed:
            self._work = replace(self._work, doing=progress.doing, done=progress.done, total=progress.total)

    def _end(self, ended: _Ended, job: _Job) -> None:
        if ended.trace:
            _log.error("A sync broke off.\n%s", ended.trace)
        with self._changed:
            told = ended.report and (not ended.report.nothing_to_do or (job.wished and not job.choices))
            report = ended.report if told or self._work.report is None else self._work.report
            error = None if self._closed.is_set() else ended.error
            self._work = replace(self._work, doing="idle", done=0, total=0, ended_at=_now(), report=report, error=error)
            self._changed.notify_all()


class _Worker:
    """The worker as the keeper sees it."""

    def __init__(self, folder: Path, model: str | None, cache: Path | None, passwords: tuple[str, ...]) -> None:
        # Spawned, not forked: it gets neither the threads of a server nor the sockets that it listens on.
        context = multiprocessing.get_context("spawn")
        self._connection, its_end = context.Pipe()
        outfit = (its_end, folder, model, cache, passwords)
        self._process = context.Process(target=_run, args=outfit, name="worker", daemon=True)
        self._process.start()
        its_end.close()  # while it were open here too, nobody would notice that the worker is gone

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.is_alive()

    def carry_out(self, job: _Job, tell: Callable[[_Progress], None]) -> _Ended:
        """What becomes of a job. Raises EOFError or OSError if the worker dies over it."""
        self._connection.send(job)
        while isinstance(message := self._connection.recv(), _Progress):
            tell(message)
        return message

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> str:
        """Wait until it is gone; how it went."""
        self._process.join(timeout=1)
        self._connection.close()
        code = self._process.exitcode
        return f"signal {-code}" if code is not None and code < 0 else f"exit status {code}"


# From here on: what runs in the worker.


def _run(keeper: Connection, folder: Path, model: str | None, cache: Path | None, passwords: tuple[str, ...]) -> None:
    """Jobs in, what becomes of them out, as long as there is somebody to tell."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this process
    if hasattr(os, "nice"):
        os.nice(_NICENESS)  # questions come first
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    desk = _Desk(Store(folder), model, cache, passwords, _Thinned(keeper))
    with suppress(EOFError, OSError):
        while True:
            keeper.send(desk.carry_out(keeper.recv()))


def _end_with_the_server() -> None:
    server = multiprocessing.parent_process()
    assert server is not None
    server.join()
    os._exit(1)  # whatever is being done: nobody would be told of it


class _Thinned:
    """Progress told to the keeper, at most some times a second while the same is being done."""

    def __init__(self, keeper: Connection) -> None:
        self._keeper = keeper
        self._doing: Doing = "starting"
        self._told_at = 0.0

    def __call__(self, doing: Doing, done: int, total: int) -> None:
        now = time.monotonic()
        if doing != self._doing or now - self._told_at >= _BETWEEN_TIDINGS:
            self._doing, self._told_at = doing, now
            self._keeper.send(_Progress(doing, done, total))


class _Desk:
    """Where jobs are done, with an encoder that stays loaded."""

    def __init__(
        self, store: Store, model: str | None, cache: Path | None, passwords: tuple[str, ...], progress: _Thinned
    ) -> None:
        self._passwords = passwords
        self._store, self._model, self._cache, self._progress = store, model, cache, progress
        self._loaded: tuple[str, Encoder] | None = None

    def carry_out(self, job: _Job) -> _Ended:
        """What becomes of a job, whatever that is. What of it cannot be done does not keep the rest from being done."""
        try:
            return self._synced(job)
        except DixitError as error:
            return _Ended(error=str(error))
        except Exception as error:  # noqa: BLE001 - the worker lives on: what was wrong may have been one document
            return _unforeseen(error)

    def _synced(self, job: _Job) -> _Ended:
        from index.membership import leave_out, take_in
        from index.plan import existing
        from index.sync import sync

        refused = []
        for file, taken_in in job.choices.items():
            try:
                (take_in if taken_in else leave_out)(self._store, file, wait=-1)
            except SettingError as error:
                refused.append(str(error))
        paths = []
        for path in job.paths:
            try:
                paths.append(existing(path))
            except SettingError as error:
                refused.append(str(error))
        report = None
        if paths or job.everything:
            if paths and job.everything:
                paths = [*(p for p in self._folders() if p.exists()), *paths]
            encoder = self._encoder()
            given = dict(busy=job.busy, fresh=job.fresh, wait=-1, passwords=self._passwords)
            report = sync(self._store, encoder, paths, progress=self._progress, **given)
        return _Ended(report, " ".join(refused) or None)

    def _encoder(self) -> Encoder:
        from index.encoder import load_encoder
        from index.models import DEFAULT_MODEL

        # Asked each time: another process may have made the index again by another model.
        name = self._model or self._index().meta("encoder_name") or DEFAULT_MODEL
        if self._loaded is None or self._loaded[0] != name:
            self._loaded = (name, load_encoder(name, self._cache))
        return self._loaded[1]

    def _folders(self) -> list[Path]:
        return [root.path for root in self._index().roots()]

    def _index(self) -> Salvage:
        """The index, be it of another version or damaged: it may be about to be made again."""
        from index.salvage import Salvage

        return Salvage([self._store.path])


def _unforeseen(error: Exception) -> _Ended:
    sentence = f"Reading the documents broke off ({type(error).__name__}: {error}): what was committed before is whole."
    return _Ended(error=sentence, trace="".join(traceback.format_exception(error)))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
