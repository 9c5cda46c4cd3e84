"""What a sync has to do: the folders as they are against the store as it is.

Size and times only spare the work of reading: a file that looks changed is read, and its digest decides.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index import readers
from index.correction_folder import Folder
from index.corrections import Correction
from index.errors import SettingError
from index.readers import Problem
from index.snapshot import Snapshot
from index.stored import Behind, FileState, Root, stamp_of
from index.watch import is_passed_over

_LARGE = 4 * 2**20  # bytes
# What lies beside `queries.jsonl` in an evaluation set. To find a question by itself is no answer.
_SIDE_FILES = {"queries.jsonl", "gold.jsonl", "dialogues.jsonl", "qrels.tsv"}


@dataclass(frozen=True, slots=True)
class Found:
    """A file on disk, and what to do about it. `stamp` is empty when the disk tells nothing of it."""

    root: Root
    path: str
    location: Path
    stamp: str
    status: Literal["read", "skip"]
    reason: str | None = None
    correction: Correction | None = None
    problems: tuple[Problem, ...] = ()
    """What is wrong with it as a table of what is known about other files."""

    @property
    def correction_digest(self) -> str:
        return self.correction.digest if self.correction else ""

    @property
    def name(self) -> str:
        return FileState(self.root, self.path, "", "", "read").name

    def holds(self, digest: str) -> bool:
        """Whether this is the digest of its bytes, and it is the file that was found."""
        same = not self.stamp or _stamp(self.location) == self.stamp
        return same and file_digest(self.location) == digest


@dataclass(frozen=True, slots=True)
class Renamed:
    """A file that was indexed, and the place where the same bytes are now."""

    before: FileState
    after: FileState


@dataclass(frozen=True, slots=True)
class Collections:
    """Which collections a sync is about."""

    looked_at: list[Root]
    new: list[Root]
    replaced: list[Root]
    """Known ones within a new one, which takes their place."""
    renamed: list[tuple[Root, str]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to be done. Making it writes nothing."""

    known: dict[tuple[int, str], FileState]
    """What the store knows of each file, by root and path."""
    todo: list[Found]
    """Files that are new or look changed."""
    renamed: list[Renamed]
    gone: list[FileState]
    """Files whose entries have to go."""
    replaced: Collection[Root]
    passed_over: list[Found]
    """Files that are of no use, and not yet known to be."""
    busy: list[str]
    """Names of the files that are being written: left as they are known."""
    still_failing: list[FileState]
    away: list[Root]
    """Collections that are not there now: a disk that is not plugged in, perhaps. What is known of them is kept."""
    unchanged: int
    skipped: int
    left_out: int
    misread: list[tuple[str, Problem]]
    """What is wrong with tables of what is known about files, by the name of each."""

    @property
    def removed(self) -> list[str]:
        """Names of the files that were read and no longer are."""
        passed_over = [self.known.get((f.root.id, f.path)) for f in self.passed_over]
        no_longer = [f for f in (*self.gone, *passed_over) if f is not None and f.status == "read"]
        return [f.name for f in no_longer if f.root not in self.replaced]


def make_plan(
    snapshot: Snapshot,
    store_folder: Path,
    roots: Sequence[Root],
    busy: Collection[Path] = (),
    replaced: Collection[Root] = (),
    follow: bool = True,
    wanted: Collection[Path] = (),
    hope: Callable[[str], bool] = lambda reason: False,
    again: Collection[tuple[int, str]] = (),
) -> Plan:
    """Compare the store with some of its collections, and those that they have `replaced`. Files that are `busy` are left as they
    are. To `follow` files that were renamed, those that may be are read.
    Files that were left out are taken in where they are `wanted`. There is `hope` for some that failed, told by the reason: they
    are to be read again though they are the same, and so are those named in `again`, by root and path."""
    files = snapshot.files()
    known = {(f.root.id, f.path): f for f in files}
    held = {f.root.id for f in files}
    away = [r for r in roots if is_away(r, r.id in held)]
    looked_at = {root.id for root in roots if root not in away}
    present, closed = _present([r for r in roots if r.id in looked_at], store_folder)
    gone = [
        f
        for f in files
        if (f.root in replaced or f.root.id in looked_at)
        and (f.root.id, f.path) not in present
        and not any(f.root.id == root and (not path or f.path.startswith(f"{path}/")) for root, path in closed)
    ]
    todo, passed_over, writing, still_failing = [], [], [], []
    unchanged = left_out = 0
    for key, found in present.items():
        before = known.get(key)
        if before and before.status == "left out" and found.location not in wanted:
            left_out += 1
        elif found.location in busy:
            writing.append(found.name)
        elif found.status == "skip":
            if before is None or (before.status, before.reason) != ("skipped", found.reason):
                passed_over.append(found)
        elif (
            key not in again
            and before
            and _is_unchanged(before, found)
            and not (before.status == "failed" and hope(before.reason or ""))
        ):
            unchanged += 1
            if before.status == "failed":
                still_failing.append(before)
        else:
            todo.append(found)
    # What a collection held that is away may be found in another: its folder was moved, perhaps.
    new = [f for f in todo if (f.root.id, f.path) not in known]
    others = [r for r in snapshot.roots() if r.id not in looked_at and r not in replaced] if follow and new else []
    lost = {r.id for r in others if is_away(r, r.id in held)}
    read_there = [f for f in files if f.status == "read" and f.root.id in lost]
    renamed = _followed([*gone, *read_there], new) if follow else []
    followed = {(r.after.root.id, r.after.path) for r in renamed}
    return Plan(
        known,
        # The largest last: what is soon read can be asked about while they are.
        sorted((f for f in todo if (f.root.id, f.path) not in followed), key=_is_large),
        renamed,
        [f for f in gone if not any(r.before is f for r in renamed)],
        replaced,
        passed_over,
        writing,
        still_failing,
        away,
        unchanged,
        sum(f.status == "skip" for f in present.values()),
        left_out,
        [(f.name, problem) for f in present.values() for problem in f.problems],
    )


def behind(snapshot: Snapshot, store_folder: Path, roots: Sequence[Root] | None = None) -> Behind:
    """How some collections, or all, differ from what is indexed of them. No file is opened."""
    plan = make_plan(snapshot, store_folder, snapshot.roots() if roots is None else roots, follow=False)
    before = [plan.known.get((f.root.id, f.path)) for f in plan.todo]
    return Behind(
        tuple(f.name for f, b in zip(plan.todo, before) if b is None or b.status == "skipped"),
        # One that could not be opened is told to have failed: whether it changed is not known.
        tuple(b.name for b in before if b is not None and b.status != "skipped" and b.stamp),
        tuple(plan.removed),
        tuple(r.path for r in plan.away),
    )


def existing(path: Path) -> Path:
    """The path in full. Raises SettingError for one that is not there or cannot be named."""
    if not path.exists():
        raise SettingError(f"{path} does not exist: give a folder or a file.")
    if _escaped(str(path.resolve())) != str(path.resolve()):
        raise SettingError(f"The name of {_escaped(str(path))} is not valid Unicode: rename it.")
    return path.resolve()


def collections(known: list[Root], paths: Sequence[Path], names: Mapping[Path, str] = {}) -> Collections:
    """The collections to look at, which of them are new, and which known ones they replace. A path within one stands for that one;
    a path around some takes their place. Without paths, all known ones are looked at. `names` are given to some of the paths.
    Raises SettingError for a name that cannot be given."""
    chosen: list[Root] = []
    new: list[Root] = []
    replaced: list[Root] = []
    renamed: list[tuple[Root, str]] = []
    for path in paths:
        current = [r for r in [*known, *new] if r not in replaced]
        around = next((r for r in current if path.is_relative_to(r.path)), None)
        if around is None:
            inner = [r for r in current if r.path.is_relative_to(path)]
            replaced += inner
            chosen = [r for r in chosen if r not in inner]
            taken = {r.name for r in current if r not in inner}
            name = _given_name(names[path], taken) if path in names else _root_name(path, taken)
            around = Root(max((r.id for r in [*known, *new]), default=0) + 1, path, name)
            new.append(around)
        elif path in names and around.path != path:
            raise SettingError(
                f"{path} lies within {around.path}, which is a collection: it cannot have a name of its own."
            )
        elif path in names and names[path] != around.name:
            renamed.append((around, _given_name(names[path], {r.name for r in current if r != around})))
        if around not in chosen:
            chosen.append(around)
    return Collections(
        chosen or known, [r for r in new if r not in replaced], [r for r in replaced if r in known], renamed
    )


def correction_of(root: Root, path: str) -> Correction | None:
    """What is said about a file of a collection, by its path there."""
    if not path:
        return Folder(root.path.parent, _files_in(root.path.parent)).of(root.path.name)
    *folders, name = path.split("/")
    at, handed_down = root.path, ()
    for folder in folders:
        handed_down = Folder(at, _files_in(at), handed_down).below(folder)
        at = at / folder
    return Folder(at, _files_in(at), handed_down).of(name)


def _files_in(folder: Path) -> set[str]:
    try:
        with os.scandir(folder) as listing:
            return {e.name for e in listing if not e.is_dir(follow_symlinks=False)}
    except OSError:
        return set()


def file_digest(location: Path) -> str | None:
    """SHA-256 of a file's bytes; None where it cannot be read."""
    try:
        with location.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _given_name(name: str, taken: Collection[str]) -> str:
    if not name.strip() or name != name.strip() or _escaped(name) != name or not name.isprintable():
        raise SettingError(f"A collection cannot be called “{name}”: give it a name of printable characters.")
    if _clashes(name, taken):
        raise SettingError(
            f"A collection cannot be called “{name}” beside {', '.join(sorted(taken))}: give another name."
        )
    return name


def _root_name(path: Path, taken: Collection[str]) -> str:
    """The shortest end of the path that is neither another root's name nor the beginning of one, nor begins with one."""
    parts = [p for p in path.parts if p != path.anchor] or ["root"]
    names = ["/".join(parts[-n:]) for n in range(1, len(parts) + 1)]
    return next((name for name in names if not _clashes(name, taken)), str(path))


def _clashes(name: str, taken: Collection[str]) -> bool:
    return any(f"{name}/".startswith(f"{t}/") or f"{t}/".startswith(f"{name}/") for t in taken)


def is_away(root: Root, held: bool) -> bool:
    """Whether a collection is not there; or, files of it being `held`, is an empty folder on another device than it was, as of
    a disk that was taken out."""
    try:
        if str(root.path.stat().st_dev) == root.device or not root.path.is_dir():
            return False
        return held and bool(root.device) and not any(os.scandir(root.path))
    except OSError:
        return True


def _present(roots: Sequence[Root], store_folder: Path) -> tuple[dict[tuple[int, str], Found], list[tuple[int, str]]]:
    """Every file of some roots by root and path, and the folders that cannot be listed."""
    present: dict[tuple[int, str], Found] = {}
    closed: list[tuple[int, str]] = []
    for root in roots:
        for found in _walk(root, store_folder.resolve(), closed):
            # A name that had to be made readable gives way to a file that is called so.
            if present.setdefault((root.id, found.path), found).status == "skip":
                present[root.id, found.path] = found
    return present, closed


def _walk(root: Root, store_folder: Path, closed: list[tuple[int, str]]) -> Iterator[Found]:
    """Every file of a root, folder by folder. Hidden and temporary files, links out of the root and the store itself are passed
    over; a folder that cannot be listed is found as a file that cannot be read, and is among the `closed`."""
    if root.path.is_file():
        yield _judged(
            root, "", root.path, _stamp(root.path), set(), Folder(root.path.parent, _files_in(root.path.parent))
        )
        return
    folders: list[tuple[str, Sequence]] = [("", ())]
    while folders:
        below, handed_down = folders.pop()
        try:
            with os.scandir(root.path / below) as listing:
                entries = sorted((e for e in listing if not is_passed_over(e.name)), key=lambda e: e.name)
        except OSError:
            closed.append((root.id, _escaped(below)))
            yield Found(root, _escaped(below), root.path / below, "", "read")
            continue
        siblings = {e.name for e in entries}
        known = Folder(root.path / below, {e.name for e in entries if not e.is_dir(follow_symlinks=False)}, handed_down)
        inner = []
        for entry in entries:
            path = f"{below}/{entry.name}" if below else entry.name
            if entry.is_dir(follow_symlinks=False):
                if root.path / path != store_folder:
                    inner.append((path, known.below(entry.name)))
            elif entry.is_symlink() and not _leads_to_a_file_within(root, entry):
                reason = "is a link out of its folder, to a folder or to nothing: put the documents themselves there"
                yield Found(root, _escaped(path), root.path / path, "", "skip", reason)
            else:
                try:
                    if entry.is_file():
                        yield _judged(root, path, root.path / path, stamp_of(entry.stat()), siblings, known)
                except OSError:
                    yield _judged(root, path, root.path / path, "", siblings, known)
        folders += reversed(inner)


def _leads_to_a_file_within(root: Root, entry: os.DirEntry) -> bool:
    try:
        return entry.is_file() and Path(entry.path).resolve().is_relative_to(root.path)
    except (OSError, RuntimeError):
        return False


def _judged(root: Root, path: str, location: Path, stamp: str, siblings: set[str], known: Folder) -> Found:
    """A file with what is to be done about it, and what is `known` about it."""
    name = path.rpartition("/")[2]
    reason = None
    if _escaped(path) != path:
        path, reason = _escaped(path), "its name is not valid Unicode: rename it"
    elif name in _SIDE_FILES and "queries.jsonl" in siblings:
        reason = "belongs to an evaluation set: questions and judgements, no document"
    elif no_document := path and known.no_document(name):
        return Found(root, path, location, stamp, "skip", no_document, None, tuple(known.problems.get(location, ())))
    elif path and not readers.is_readable(name):
        suffix = location.suffix.lower()
        reason = f"{suffix} is not a format that is read" if suffix else "without a suffix its format is not known"
    if reason:
        return Found(root, path, location, stamp, "skip", reason)
    return Found(root, path, location, stamp, "read", None, known.of(location.name))


def _followed(gone: Sequence[FileState], new: Sequence[Found]) -> list[Renamed]:
    """The new files that hold what a file held that is gone, each with that one: the one in the same place, if there is one
    (another collection has it now), else one of the same bytes. A file that another reader would read is a file of its own."""
    left = [s for s in gone if s.status in ("read", "left out")]
    renamed = []

    def follow(found: Found, before: FileState) -> None:
        after = FileState(found.root, found.path, found.stamp, before.digest, before.status, None, before.encoding)
        renamed.append(Renamed(before, after))
        left.remove(before)

    by_place = {s.location: s for s in left}
    elsewhere = []
    for found in new:
        before = by_place.get(found.location)
        # What its user left out stays so, whatever it holds by now.
        if before and (before.status == "left out" or _is_same(before, found)):
            follow(found, before)
        else:
            elsewhere.append(found)
    by_size: dict[str, list[FileState]] = {}
    for state in left:
        by_size.setdefault(_size(state.stamp), []).append(state)
    for found in elsewhere:
        likely = by_size.get(_size(found.stamp), [])
        if before := next((s for s in likely if _is_same(s, found)), None):
            follow(found, before)
            likely.remove(before)
    return renamed


def _is_same(before: FileState, found: Found) -> bool:
    if before.correction != found.correction_digest:
        return False
    if not found.stamp or not before.digest or _size(before.stamp) != _size(found.stamp):
        return False
    return readers.same_reader(before.location.name, found.location.name) and found.holds(before.digest)


def _is_unchanged(before: FileState, found: Found) -> bool:
    """Whether a file is known as it is, as far as the disk tells, and with what its user put right of it."""
    known = before.status not in ("skipped", "left out") and before.correction == found.correction_digest
    return known and bool(found.stamp) and found.stamp == before.stamp


def _is_large(found: Found) -> bool:
    return int(_size(found.stamp) or 0) > _LARGE


def _size(stamp: str) -> str:
    return stamp.split(":")[1] if stamp else ""


def _stamp(location: Path) -> str:
    try:
        return stamp_of(location.stat())
    except OSError:
        return ""


def _escaped(name: str) -> str:
    """A file name that holds bytes which are no UTF-8, with those escaped."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
