"""Documents over HTTP: what is indexed, as a page and as JSON; files given, left out and taken in; the index brought up to date.

A commit is laid out once, and whoever asks while it is the last is told from that: pages ask every second.
"""

from __future__ import annotations

import threading
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.documents_page import (
    OUTCOMES,
    PER_PAGE,
    Collection,
    Held,
    Lag,
    Listing,
    Row,
    Wanted,
    documents_page,
    doing,
    outcome,
    refused_page,
    row_of,
)
from index import readers
from index.errors import DixitError, NothingIndexed, SettingError
from index.intake import take
from index.plan import Behind
from index.snapshot import Snapshot
from index.stored import Root
from retrieval.assistant import Assistant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import FastAPI
    from fastapi.responses import JSONResponse
    from starlette.datastructures import UploadFile
    from starlette.requests import Request
    from starlette.responses import Response

    from index.keeper import Work
    from index.sync import SyncReport

_LARGEST_REQUEST = readers.MAX_FILE_BYTES + 2**20
_MOST_FILES = 1000  # in one request
_NAMES_TOLD = 5
_LOOK_HOLDS, _LOOKS_SELDOM = 4.0, 20
"""A look at the folders is good enough for so many seconds, and for so many times as long as it took."""


class Keeps(Protocol):
    """What is asked here of an `index.keeper.Keeper`."""

    def sync(self, paths: Sequence[Path] = (), fresh: bool = False) -> None: ...
    def leave_out(self, file: str) -> None: ...
    def take_in(self, file: str) -> None: ...
    @property
    def work(self) -> Work: ...


def add_documents(
    app: FastAPI, assistant: Assistant, keeper: Keeps | None, library: Path | None, may_change: bool
) -> None:
    """Add the page /documents and the API it stands on. Files that are given lie in `library` and are indexed by `keeper`;
    without either, or unless this server `may_change` the index, it is only shown."""
    from fastapi import Body
    from fastapi.responses import HTMLResponse, JSONResponse
    from starlette.concurrency import run_in_threadpool
    from starlette.exceptions import HTTPException
    from starlette.requests import ClientDisconnect

    catalogue = _Catalogue(assistant)
    keeping = keeper if may_change and library else None

    @app.get("/documents")
    def page(collection: str = "", outcome: str = "", q: str = "", page: str = "1") -> HTMLResponse:
        try:
            wanted = _wanted(collection, outcome, q, page)
            held = catalogue.held(_busy(keeper))
            listing = Listing(wanted, 0, [], {}) if held.error else catalogue.listing(wanted)
        except DixitError as error:
            return HTMLResponse(refused_page(str(error)), 400 if isinstance(error, SettingError) else 503)
        watching = keeper is not None and keeper.work.watching
        return HTMLResponse(documents_page(held, listing, library if keeping else None, watching))

    @app.get("/api/index")
    def index() -> JSONResponse:
        work = _work_json(keeper.work) if keeper else None
        held = asdict(catalogue.held(_busy(keeper)))
        return JSONResponse({**held, "work": work, "may_change": bool(keeping)})

    @app.get("/api/files")
    def files(collection: str = "", outcome: str = "", q: str = "", page: str = "1") -> JSONResponse:
        def told() -> dict[str, object]:
            listing = catalogue.listing(_wanted(collection, outcome, q, page))
            return {"total": listing.total, "files": [asdict(r) for r in listing.rows]}

        return _answered(told)

    async def give(request: Request) -> Response:
        if keeping is None or library is None:
            return _refused()
        size = request.headers.get("content-length", "")
        if not size.isdecimal() or int(size) > _LARGEST_REQUEST:
            return JSONResponse(
                {"error": f"More than {_LARGEST_REQUEST // 2**20} MiB at once are not taken: give fewer files."}, 413
            )
        try:
            async with request.form(max_files=_MOST_FILES, max_fields=0) as form:
                given = [f for f in form.getlist("files") if not isinstance(f, str)]
                if not given:
                    return JSONResponse({"error": "No file came: give some as `files`."}, 400)
                return await run_in_threadpool(lambda: _answered(lambda: _take(given, library, keeping, catalogue)))
        except (HTTPException, ClientDisconnect):
            return JSONResponse({"error": "The files did not come whole: give them again."}, 400)
        except OSError as error:  # they wait in the folder for temporary files
            told = f"The files cannot be kept on this machine ({error.strerror}): make room and give them again."
            return JSONResponse({"error": told}, 503)

    app.add_route("/api/documents", give, methods=["POST"])

    @app.post("/api/index/sync")
    def sync() -> JSONResponse:
        return _begun(keeping, lambda keeper: keeper.sync())

    @app.post("/api/index/fresh")
    def fresh() -> JSONResponse:
        return _begun(keeping, lambda keeper: keeper.sync(fresh=True))

    @app.post("/api/files/leave-out")
    def leave_out(name: str = Body(embed=True)) -> JSONResponse:
        return _begun(keeping, lambda keeper: keeper.leave_out(catalogue.known(name)))

    @app.post("/api/files/take-in")
    def take_in(name: str = Body(embed=True)) -> JSONResponse:
        return _begun(keeping, lambda keeper: keeper.take_in(catalogue.known(name)))


def _answered(told: Callable[[], dict[str, object]]) -> JSONResponse:
    from fastapi.responses import JSONResponse

    try:
        return JSONResponse(told())
    except SettingError as error:
        return JSONResponse({"error": str(error)}, 400)
    except DixitError as error:
        return JSONResponse({"error": str(error)}, 503)


def _begun(keeper: Keeps | None, begin: Callable[[Keeps], None]) -> JSONResponse:
    if keeper is None:
        return _refused()

    def told() -> dict[str, object]:
        begin(keeper)
        return {"work": _work_json(keeper.work)}

    return _answered(told)


def _refused() -> JSONResponse:
    from fastapi.responses import JSONResponse

    return JSONResponse({"error": "This server only reads the index: nothing can be changed through it."}, 403)


def _take(given: list[UploadFile], library: Path, keeper: Keeps, catalogue: _Catalogue) -> dict[str, object]:
    """Lay files into the library and have them indexed; those that were left out before are wanted again."""
    taken, refused = [], []
    for file in given:
        name = file.filename or ""
        try:
            at = take(name, file.file, library)
        except SettingError as error:
            refused.append({"name": name, "reason": str(error)})
            continue
        taken.append({"name": name, "as": at.path.name, "already": at.already})
        for left_out in catalogue.left_out_at(at.path) if at.already else []:
            keeper.take_in(left_out)
    if taken:
        keeper.sync([library])
    return {"taken": taken, "refused": refused}


def _wanted(collection: str, outcome: str, q: str, page: str) -> Wanted:
    if outcome and outcome not in OUTCOMES:
        raise SettingError(f"“{outcome[:20]}” is no outcome: give one of {', '.join(OUTCOMES)}.")
    if not page.isascii() or not page.isdecimal() or len(page) > 9 or int(page) < 1:
        raise SettingError(f"“{page[:20]}” is no page: give a number from 1.")
    return Wanted(collection, outcome, q, int(page))


def _busy(keeper: Keeps | None) -> bool:
    return keeper is not None and keeper.work.doing != "idle"


def _work_json(work: Work) -> dict[str, object]:
    """Work as it is told to programs; `told` and `outcome` say it in words."""
    return {
        "doing": work.doing,
        "done": work.done,
        "total": work.total,
        "began_at": work.began_at or None,
        "ended_at": work.ended_at or None,
        "error": work.error,
        "watching": work.watching,
        "told": doing(work),
        "outcome": outcome(work.report) if work.report else None,
        "report": _report_json(work.report) if work.report else None,
    }


def _report_json(report: SyncReport) -> dict[str, object]:
    """How many files each thing happened to, and the names of the first of them."""
    names = {
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
        "renamed": [f"{before} → {now}" for before, now in report.renamed],
        "unreadable": report.unreadable,
        "failures": [f.name for f in report.failures],
        "busy": report.busy,
    }
    first = {what: some[:_NAMES_TOLD] for what, some in names.items() if some}
    return {**{what: len(some) for what, some in names.items()}, "unchanged": report.unchanged, "names": first}


@dataclass(frozen=True, slots=True)
class _Commit:
    """The last commit, laid out. `rows` are in the order of the table."""

    held: Held
    roots: list[Root]
    rows: list[Row]
    searched: list[str]
    """The names of the rows, as they are looked through."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What a look at the folders showed, and until when that is good enough (monotonic seconds)."""

    commit: str
    away: frozenset[Path]
    behind: Lag | None
    until: float


_NOTHING = _Commit(Held("", "", 0, 0, 0, 0, [], None), [], [], [])


class _Catalogue:
    """What is indexed, and how far the folders are ahead of it. Safe to share between threads."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._lock = threading.Lock()
        self._looking = threading.Lock()
        self._commit = _NOTHING
        self._look: _Look | None = None

    def held(self, busy: bool) -> Held:
        """What the last commit holds. While work is going on (`busy`) it is not told how far the folders are ahead."""
        try:
            last = self._last()
            look = self._looked(last)
        except DixitError as error:
            return replace(_NOTHING.held, error=str(error))
        collections = [replace(c, there=Path(c.path) not in look.away) for c in last.held.collections]
        return replace(last.held, collections=collections, behind=None if busy else look.behind)

    def listing(self, wanted: Wanted) -> Listing:
        """A page of files: first those that could not be read, then those last looked at, then by name."""
        last = self._last()
        q = _folded(wanted.q)
        fitting = [
            row
            for row, name in zip(last.rows, last.searched, strict=True)
            if (not wanted.collection or row.collection == wanted.collection) and q in name
        ]
        outcomes = Counter(row.outcome for row in fitting)
        if wanted.outcome:
            fitting = [row for row in fitting if row.outcome == wanted.outcome]
        start = (wanted.page - 1) * PER_PAGE
        return Listing(wanted, len(fitting), fitting[start : start + PER_PAGE], dict(outcomes))

    def known(self, name: str) -> str:
        """The name of a file, if there is one of that name. Raises SettingError when there is not."""
        if not any(row.name == name for row in self._last().rows):
            shown = name[:200].encode("utf-8", "replace").decode()  # half a surrogate pair is no character
            raise SettingError(f"No file {shown} is in the index.")
        return name

    def left_out_at(self, path: Path) -> list[str]:
        """The names under which a file is left out of the index."""
        last = self._last()
        names = []
        for root in last.roots:
            with suppress(ValueError):
                names.append(f"{root.name}/{path.resolve().relative_to(root.path).as_posix()}")
        return [r.name for r in last.rows if r.outcome == "left out" and r.name in names]

    def _last(self) -> _Commit:
        try:
            with self._assistant.read() as snapshot, self._lock:
                if snapshot.commit != self._commit.held.commit:
                    self._commit = _laid_out(snapshot)
                return self._commit
        except NothingIndexed:
            return _NOTHING

    def _looked(self, last: _Commit) -> _Look:
        """The folders as they are, or were some seconds ago. Only one looks at a time: one that is away can keep them waiting."""
        look = self._look
        fresh = look is not None and look.commit == last.held.commit and time.monotonic() < look.until
        if not fresh and self._looking.acquire(blocking=False):
            try:
                began = time.monotonic()
                away = frozenset(root.path for root in last.roots if not root.path.exists())
                lag = _lag(self._assistant.behind()) if last.roots else None
                ended = time.monotonic()
                until = ended + max(_LOOK_HOLDS, _LOOKS_SELDOM * (ended - began))
                self._look = look = _Look(last.held.commit, away, lag, until)
            finally:
                self._looking.release()
        return look or _Look("", frozenset(), None, 0)


def _lag(behind: Behind) -> Lag | None:
    names = [*behind.new, *behind.changed, *behind.gone]
    return Lag(len(behind.new), len(behind.changed), len(behind.gone), names[:_NAMES_TOLD]) if names else None


def _laid_out(snapshot: Snapshot) -> _Commit:
    entries = snapshot.file_entries()
    problems: dict[str, tuple[str, str]] = {}
    for name, place, reason in snapshot.problems():
        problems.setdefault(name, (place, reason))
    rows = sorted((row_of(e, problems.get(e.state.name)) for e in entries), key=lambda r: r.name)
    rows.sort(key=lambda r: r.indexed_at, reverse=True)
    rows.sort(key=lambda r: r.outcome != "failed")
    outcomes = Counter(row.outcome for row in rows)
    collections = [_collection(root, [r for r in rows if r.collection == root.name]) for root in snapshot.roots()]
    documents, passages = sum(r.documents for r in rows), sum(r.passages for r in rows)
    counts = documents, passages, outcomes["failed"], outcomes["left out"]
    held = Held(snapshot.commit, snapshot.meta("committed_at") or "", *counts, collections, None)
    return _Commit(held, snapshot.roots(), rows, [_folded(r.name) for r in rows])


def _collection(root: Root, rows: list[Row]) -> Collection:
    failed = sum(r.outcome == "failed" for r in rows)
    return Collection(root.name, str(root.path), True, len(rows), sum(r.documents for r in rows), failed)


def _folded(name: str) -> str:
    """A name as it is looked for: however its accents are written, in whatever case."""
    return unicodedata.normalize("NFC", name).casefold()
