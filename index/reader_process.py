"""Readers in a process of their own, with a limit on time and memory: a hostile or endless file costs itself, never the run.

`ReaderProcess` is the side of whoever reads many files; `main` the side of the process, which reads one file after the other
and ends with the one who started it. Both speak in pickles over the process's standard input and output. It is no jail: it keeps
accidents in, as a parser that crashes, hangs, or takes all memory.
"""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from index import readers
from index.errors import UnreadableFile
from index.readers import Options, Problem, Reading
from index.records import Document

TIME_LIMIT = 120.0
"""Seconds that a reader may take for its first document, and from one to the next."""
_WHOLE_FILE = 10
"""So many times that for all documents of a file."""
OCR_TIME_LIMIT = 3600.0
MEMORY_LIMIT = 4 * 2**30
"""Bytes of address space of the process. Only where the system knows such a limit (not on macOS and Windows)."""


class ReaderProcess:
    """Reads files, one at a time, in a process that is started when it is first needed and started again when it was lost.
    Not to be shared between threads."""

    def __init__(self, time_limit: float = TIME_LIMIT, memory_limit: int = MEMORY_LIMIT) -> None:
        self._time_limit, self._memory_limit = time_limit, memory_limit
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> ReaderProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, data: bytes, name: str, options: Options = Options()) -> Reading:
        """As `readers.read`. Raises UnreadableFile, also while the items are read."""
        answers = self._asked("read", data, name, options)
        encoding = next(answers)
        return Reading(encoding, answers)

    def page_image(self, data: bytes, name: str, record: str | None, page: int, width: int, options: Options) -> bytes:
        """A page, counted from 0, of the document that a record of a file is, as a PNG so many pixels wide. Raises
        UnreadableFile."""
        return next(self._asked("page_image", data, name, record, page, width, options))

    def close(self) -> None:
        process, self._process = self._process, None
        if process:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    with suppress(OSError):
                        pipe.close()

    def _asked(self, what: str, *arguments: Any) -> Iterator[Any]:
        """What the process answers to a request, one by one. Raises UnreadableFile when it has nothing to give, or is lost."""
        limit = OCR_TIME_LIMIT if any(isinstance(a, Options) and a.ocr for a in arguments) else self._time_limit
        whole, spent = False, 0.0
        try:
            process = self._started()
            with _Watched(process, limit):
                with suppress(BrokenPipeError):  # that it is gone shows when it is read from
                    pickle.dump((what, arguments), process.stdin, pickle.HIGHEST_PROTOCOL)
                    process.stdin.flush()
            while True:
                began = time.monotonic()
                with _Watched(process, min(limit, max(0.0, _WHOLE_FILE * limit - spent))) as watched:
                    try:
                        kind, value = pickle.load(process.stdout)
                    except (EOFError, OSError, pickle.UnpicklingError) as error:
                        raise UnreadableFile(_lost(watched.too_late, limit, process.wait())) from error
                spent += time.monotonic() - began  # not what is made of the documents meanwhile
                if kind == "item":
                    yield value
                    continue
                whole = True
                if kind == "unreadable":
                    raise UnreadableFile(value)
                return
        finally:
            if not whole:  # what it would still tell is of this file, not of the next
                self.close()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            command = [sys.executable, "-P", "-m", "index.reader_process", str(self._memory_limit)]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, close_fds=True
            )
        return self._process


class _Watched:
    """Kills a process that takes too long over what is done within the block."""

    def __init__(self, process: subprocess.Popen[bytes], limit: float) -> None:
        self.too_late = False
        self._process = process
        self._timer = threading.Timer(limit, self._kill)
        self._timer.daemon = True

    def __enter__(self) -> _Watched:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _kill(self) -> None:
        self.too_late = True
        self._process.kill()


def _lost(too_late: bool, limit: float, code: int) -> str:
    if too_late:
        return f"reading it took longer than the {limit:,.0f} seconds that a document may take: the file may be damaged"
    how = f"signal {-code}" if code < 0 else f"exit status {code}"
    return f"the reader broke on it ({how}): the file may be damaged"


# From here on: what runs in the process.


def main() -> None:
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # libraries print: that is no answer
        os.dup2(nothing, stream)
    _limit_memory(int(sys.argv[1]))
    warnings.simplefilter("ignore")
    gc.disable()  # trees of a hundred thousand nodes are looked through again and again
    waiting = _Requests(requests)
    while True:
        what, arguments = waiting.next()
        kind, value = _answered(_DOES[what], arguments, lambda item: _tell(answers, "item", item))
        _tell(answers, kind, value)
        gc.collect()


class _Requests:
    """Requests as they come. They are read in a thread of its own, so that the process ends with the one who started it, whatever
    it is at."""

    def __init__(self, stream: BinaryIO) -> None:
        import queue

        self._queue: queue.SimpleQueue[tuple[str, tuple]] = queue.SimpleQueue()
        threading.Thread(target=self._receive, args=(stream,), daemon=True).start()

    def next(self) -> tuple[str, tuple]:
        return self._queue.get()

    def _receive(self, stream: BinaryIO) -> None:
        try:
            while True:
                self._queue.put(pickle.load(stream))
        finally:
            os._exit(0)


def _answered(do: Callable, arguments: tuple, give: Callable[[object], None]) -> tuple[str, str | None]:
    try:
        for item in do(*arguments):
            give(item)
    except UnreadableFile as error:
        return "unreadable", str(error)
    except MemoryError:
        return "unreadable", "reading it takes more memory than it may: split it"
    except RecursionError:
        return "unreadable", "it is nested too deep"
    except Exception as error:  # noqa: BLE001 - a parser that breaks on one file costs that file
        told = " ".join(str(error).split())
        return "unreadable", f"the reader broke on it ({type(error).__name__}: {told})"[:300]
    return "done", None


def _read(data: bytes, name: str, options: Options) -> Iterator[str | Document | Problem]:
    reading = readers.read(data, name, options)
    yield reading.encoding
    yield from reading.items


def _page_image(data: bytes, name: str, record: str | None, page: int, width: int, options: Options) -> Iterator[bytes]:
    from index.readers.pdf.render import page_image

    inner, _ = readers.original(data, name, record, options)
    yield page_image(inner, page, width, options.passwords)


_DOES = {"read": _read, "page_image": _page_image}


def _tell(answers: BinaryIO, kind: str, value: object) -> None:
    pickle.dump((kind, value), answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()


def _limit_memory(most: int) -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
