"""What the tests of crashes do in processes of their own: work on a store, until it is done or the process is killed.

The functions are run by `multiprocessing`'s fork server, which has everything imported: a child begins within milliseconds.
"""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from indexes import encoder_called

import index.store
import index.sync
from index.membership import forget, leave_out, take_in
from index.store import Store
from index.sync import remake, sync


def work(what: str, folder: Path, place: Path, told: Connection, deadly: int = 0) -> None:
    """Do `what` to the store at `place`, and die at the `deadly`-th moment, if any; tell when it begins, and in the end how many
    moments there were. A moment is before any statement is given to SQLite, and before and after any file is replaced, written
    to disk or removed."""
    index.sync._EMBED_BATCH, index.sync._GROUP_PASSAGES, index.sync._COMMIT_SHARE, index.sync._FEW = 8, 24, 0, 5
    moments = 0

    def moment(*_) -> None:
        nonlocal moments
        moments += 1
        if moments == deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    def with_moments(function: Callable) -> Callable:
        def wrapped(*arguments, **named):
            moment()
            result = function(*arguments, **named)
            moment()
            return result

        return wrapped

    def traced(connect: Callable) -> Callable:
        def connected(*arguments, **named) -> sqlite3.Connection:
            made = connect(*arguments, **named)
            made.set_trace_callback(moment)
            return made

        return connected

    for name in ("replace", "fsync", "unlink"):
        setattr(os, name, with_moments(getattr(os, name)))
    Path.unlink = with_moments(Path.unlink)  # type: ignore[method-assign]
    sqlite3.connect = traced(sqlite3.connect)
    told.send("begun")
    WORK[what](Store(place), folder)
    told.send(moments)


def leave_out_some(store: Store, folder: Path) -> None:
    for name in some(store):
        leave_out(store, name)
    for name in some(store)[:2]:
        take_in(store, name)
    index.sync.sync(store, encoder_called("hashing"), [folder])


def some(store: Store) -> list[str]:
    with store.read() as snapshot:
        return [f.name for f in snapshot.files()][:4]


def forget_and_add(store: Store, folder: Path) -> None:
    forget(store, folder)
    sync(store, encoder_called("hashing"), [folder])


def with_another_version(store: Store, folder: Path) -> None:
    index.sync.PIPELINE_VERSION = "another"
    sync(store, encoder_called("hashing"), [folder])


WORK: dict[str, Callable[[Store, Path], object]] = {
    "sync": lambda store, folder: sync(store, encoder_called("hashing"), [folder]),
    "make all again": lambda store, folder: sync(store, encoder_called("hashing"), [folder], fresh=True),
    "mend": lambda store, folder: remake(store, encoder_called("hashing"), "it was damaged"),
    "change the model": lambda store, folder: sync(store, encoder_called("other"), [folder]),
    "change the version": with_another_version,
    "leave some out": leave_out_some,
    "forget and add": forget_and_add,
    "give a name": lambda store, folder: sync(store, encoder_called("hashing"), [folder], names={folder: "Papers"}),
}
"""What may be under way when a process dies."""
