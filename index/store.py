"""The store: a folder with one database that holds the truth, and nothing that cannot be derived from it beside it.

A writer changes the database in transactions, each of which leaves a whole index and a new commit id; a `Snapshot` is one
reader's view of one commit, however long it asks and whatever is written meanwhile (WAL). Layout of the folder:

    index.sqlite                    documents, passages, vectors, full text, files and what failed
    index-<id>.sqlite, current      after everything was made again: the database, and its name
    vectors-<commit>-<crc>.faiss    derived: the vectors of one commit, for searching (see index.vectors)
    write.lock, writer.json         held by the one process that writes; who that is

Everything is made again in a new database, beside the one that is asked. `current` is replaced last.
"""

from __future__ import annotations

import json
import os
import re
import socket
import sqlite3
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock, Timeout

from index.errors import DamagedStore, NothingIndexed, StoreError
from index.snapshot import Snapshot
from index.writer import Writer

_FIRST = "index.sqlite"
_DATABASE = re.compile(r"index(-[0-9a-f]{12})?\.sqlite")
_POINTER, _LOCK, _WHO = "current", "write.lock", "writer.json"

_PASSING = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
"""Failures that are not the index's own."""
_OURS = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class Store:
    """A store's folder. Opening it reads nothing yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def path(self) -> Path:
        """The database in use."""
        found = self._databases()
        with suppress(OSError, UnicodeDecodeError):
            name = (self.folder / _POINTER).read_text("utf-8").strip()
            if self.folder / name in found:
                return self.folder / name
        if self.folder / _FIRST in found or not found:
            return self.folder / _FIRST
        if len(found) == 1:
            return found[0]
        raise DamagedStore(
            f"{self.folder / _POINTER} names none of the databases beside it ({', '.join(p.name for p in found)}): "
            "write the name of the right one into it, or delete them and run `dixit index PATH`."
        )

    def exists(self) -> bool:
        path = self.path
        return path.exists() or (self.path != path and self.exists())  # another took its place this moment

    def databases_not_in_use(self) -> list[Path]:
        """What a build that never came to its end has left."""
        used = self.path
        return [p for p in self._databases() if p != used]

    def _databases(self) -> list[Path]:
        try:
            names = sorted(n for n in os.listdir(self.folder) if _DATABASE.fullmatch(n))
        except OSError:
            return []
        return [self.folder / n for n in names]

    @contextmanager
    def read(self) -> Iterator[Snapshot]:
        """A view of the last commit, unchanged until the block ends. Raises StoreError when there is none."""
        with self._failing_to_read(), closing(self._begun()) as db:
            yield Snapshot(db)

    def _begun(self) -> sqlite3.Connection:
        """A connection in a read transaction on the database in use."""
        while True:
            path = self.path
            try:
                db = self._in_transaction(path)
            except (StoreError, sqlite3.Error, UnicodeDecodeError):
                if self.path == path:
                    raise
                continue  # another took its place, and it was removed, while it was opened
            if self.path == path:
                return db
            db.close()

    def _in_transaction(self, path: Path) -> sqlite3.Connection:
        if not path.exists():
            raise self._nothing()
        try:
            return self._begin(self._connected(path))
        except sqlite3.OperationalError as error:
            log = Path(f"{path}-wal")
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _PASSING or (log.exists() and log.stat().st_size):
                raise
            # No room for what readers share with a writer: with nothing in its log they can do without.
            return self._begin(self._connected(path, "immutable=1"))

    def _begin(self, db: sqlite3.Connection) -> sqlite3.Connection:
        try:
            db.execute("PRAGMA query_only = ON")
            db.execute("BEGIN")
            if not db.execute("SELECT 1 FROM sqlite_master").fetchone():
                raise self._nothing()
            Snapshot(db).check_version(self.folder)
        except BaseException:
            db.close()
            raise
        return db

    @contextmanager
    def locked(self, wait: float = 0, on_wait: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Be the one that writes. Raises StoreError, saying who is, when it is another for longer than `wait` seconds, -1 being
        as long as it takes; `on_wait` is called before waiting. A process that dies lets go of it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / _LOCK)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                on_wait()
                lock.acquire(timeout=wait)
        except Timeout:
            raise StoreError(
                f"{self._who()} is writing the index in {self.folder}: wait until it is done, as `dixit index --wait` does."
            ) from None
        except OSError as error:
            raise StoreError(
                f"The index cannot be written in {self.folder} ({error.strerror}): choose another with --store."
            ) from error
        who = self.folder / _WHO
        try:
            with suppress(OSError):
                who.write_text(json.dumps(_myself()), "utf-8")
            yield
        finally:
            with suppress(OSError):
                who.unlink(missing_ok=True)
            lock.release()

    def is_being_written(self) -> bool:
        """Whether a process is at it, as far as can be told without asking for the lock."""
        import psutil

        try:
            who = json.loads((self.folder / _WHO).read_text("utf-8"))
            return psutil.pid_exists(int(who["pid"])) and who.get("host", socket.gethostname()) == socket.gethostname()
        except (OSError, ValueError, KeyError, TypeError):
            return False

    @contextmanager
    def write(self, wait: float = 0) -> Iterator[Writer]:
        """The one writer of this store, until the block ends. Raises StoreError as `locked` does."""
        with self.locked(wait), self.writer() as writer:
            yield writer

    @contextmanager
    def writer(self) -> Iterator[Writer]:
        """The writer of the database in use, for the one who has `locked` the store."""
        with self._written(self.path) as writer:
            writer.check_version(self.folder)
            yield writer

    @contextmanager
    def rebuilt(self) -> Iterator[Writer]:
        """The writer of a new database, for the one who has `locked` the store. It takes the place of the one in use when the
        block ends without an error."""
        path = self.folder / f"index-{uuid.uuid4().hex[:12]}.sqlite"
        with self._written(path) as writer:
            yield writer
        before = self.path
        with suppress(sqlite3.Error, UnicodeDecodeError, StoreError), closing(self._connected(before)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # whoever opens it this moment finds it whole
        self.point_at(path)

    def is_pointed_at(self) -> bool:
        """Whether `current`, if there is one, names the database in use."""
        try:
            return (self.folder / _POINTER).read_text("utf-8").strip() == self.path.name
        except FileNotFoundError:
            return self.path.name == _FIRST
        except (OSError, UnicodeDecodeError):
            return False

    def point_at(self, path: Path) -> None:
        """Name the database in use, for the one who has `locked` the store."""
        with self._failing_to_write():
            part = self.folder / f"{_POINTER}.part"
            with part.open("w", encoding="utf-8") as file:
                file.write(path.name)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, self.folder / _POINTER)
            _fsync_folder(self.folder)

    def tidy(self) -> None:
        """Remove what is not in use: databases of builds that never came to their end, or that another has replaced."""
        for path in self.databases_not_in_use():
            for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
                with suppress(OSError):
                    name.unlink(missing_ok=True)

    @contextmanager
    def _written(self, path: Path) -> Iterator[Writer]:
        with self._failing_to_write(), closing(self._connected(path, "mode=rwc")) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA foreign_keys = ON")
            writer = Writer(db)
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
                with writer.transaction():
                    writer.create()
            yield writer

    def _connected(self, path: Path, mode: str = "mode=rw") -> sqlite3.Connection:
        if not os.access(self.folder, os.W_OK):
            # There SQLite can read beside a writer's log, or else a file that nobody writes, and has to be told which.
            mode = "mode=ro" if Path(f"{path}-wal").exists() else "immutable=1"
        address = f"file:{quote(str(path.absolute()))}?{mode}"
        try:
            return sqlite3.connect(address, timeout=30, isolation_level=None, uri=True)
        except sqlite3.OperationalError as error:
            raise StoreError(
                f"{path} cannot be opened ({error}): see to its permissions, or choose another index with --store."
            ) from error

    @contextmanager
    def _failing_to_read(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _PASSING:
                raise StoreError(f"The index in {self.folder} cannot be read now ({error}): try again.") from error
            raise self._damaged(error) from error
        except UnicodeDecodeError as error:  # SQLite tells of its own tables in words that are none
            raise self._damaged(error) from error

    @contextmanager
    def _failing_to_write(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.DatabaseError, OSError) as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if isinstance(error, OSError) or (isinstance(error, sqlite3.OperationalError) and code not in _OURS):
                raise StoreError(
                    f"The index in {self.folder} cannot be written ({error}); what was committed before is whole."
                ) from error
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> DamagedStore:
        return DamagedStore(
            f"The index in {self.folder} is damaged ({error}): `dixit status --repair` makes it again from your documents."
        )

    def _nothing(self) -> StoreError:
        if self.folder.exists() and not self.folder.is_dir():
            return StoreError(f"{self.folder} is a file: choose a folder for the index with --store.")
        return NothingIndexed(f"Nothing is indexed in {self.folder} yet: run `dixit index PATH` first.")

    def _who(self) -> str:
        """Who is writing, as far as they say."""
        try:
            who = json.loads((self.folder / _WHO).read_text("utf-8"))
            host = f" on {who['host']}" if who["host"] != socket.gethostname() else ""
            return f"Another process ({who['command']}, process {who['pid']}{host}, since {who['since']})"
        except (OSError, ValueError, KeyError, TypeError):
            return "Another process"


def _myself() -> dict:
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])[:100]
    since = datetime.now(UTC).astimezone().isoformat(sep=" ", timespec="seconds")
    return {"pid": os.getpid(), "host": socket.gethostname(), "command": command, "since": since}


def _fsync_folder(folder: Path) -> None:
    """A replaced name outlives a power cut. Not every file system knows it for folders."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
