"""What a sync has to do: the folders as they are against the store as it is.

Size and modification time only spare the work of reading: a file that looks changed is read, and its digest decides.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from index import readers
from index.errors import SettingError, StoreError
from index.store import FileState, Root, Snapshot, stamp_of

# What lies beside `queries.jsonl` in an evaluation set. To find a question by itself is no answer.
_SIDE_FILES = {"queries.jsonl", "gold.jsonl", "dialogues.jsonl", "qrels.tsv"}


@dataclass(frozen=True, slots=True)
class Found:
    """A file on disk, and what to do about it."""

    root: Root
    path: str
    location: Path
    status: Literal["read", "skip"]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to be done, for which roots. Making it writes nothing."""

    new_roots: list[Root]
    replaced_roots: list[Root]
    known: dict[tuple[int, str], FileState]
    """What the store knows of each file that stays in it, by root and path."""
    todo: list[Found]
    """Files that are new or look changed."""
    gone: list[FileState]
    """Files whose entries have to go."""
    passed_over: list[Found]
    """Files that are of no use, and not yet known to be."""
    removed: list[str]
    """Names of the files that were read and no longer are."""
    still_failing: list[FileState]
    unreachable: list[Root]
    """Roots that are not there now: a disk that is not plugged in, perhaps. What is known of them is kept."""
    unchanged: int
    skipped: int


def make_plan(snapshot: Snapshot, store_folder: Path, paths: Sequence[Path], afresh: bool) -> Plan:
    """Compare the store with its folders. `paths` are looked at, and added where they are new; without any, all known roots
    are; `afresh`, all of them are, and every file has to be read."""
    roots, new, replaced = _roots(snapshot.roots(), paths)
    if afresh:
        roots = [r for r in snapshot.roots() if r not in replaced] + new
    unreachable = [r for r in roots if not r.path.exists()]
    roots = [r for r in roots if r not in unreachable]
    looked_at = {root.id for root in roots}
    files = snapshot.files()
    if afresh and unreachable:
        raise StoreError(
            f"Everything has to be read again, but {unreachable[0].path} is not there: bring it back, or `dixit forget` it."
        )
    known = {} if afresh else {(f.root.id, f.path): f for f in files if f.root not in replaced}
    present: dict[tuple[int, str], Found] = {}
    for root in roots:
        for found in _walk(root, store_folder.resolve()):
            # A name that had to be made readable gives way to a file that is called so.
            if present.setdefault((root.id, found.path), found).status == "skip":
                present[root.id, found.path] = found
    gone = [f for f in files if f.root in replaced or f.root.id in looked_at and (f.root.id, f.path) not in present]
    removed = [f.name for f in gone if f.status == "read" and f.root not in replaced]
    todo, passed_over, still_failing = [], [], []
    unchanged = 0
    for key, found in present.items():
        before = known.get(key)
        if found.status == "skip":
            if before is None or (before.status, before.reason) != ("skipped", found.reason):
                passed_over.append(found)
            if before and before.status == "read":
                removed.append(before.name)
        elif before and before.status != "skipped" and _same_stamp(found.location, before):
            unchanged += 1
            if before.status == "failed":
                still_failing.append(before)
        else:
            todo.append(found)
    skipped = sum(f.status == "skip" for f in present.values())
    return Plan(new, replaced, known, todo, gone, passed_over, removed, still_failing, unreachable, unchanged, skipped)


def existing(path: Path) -> Path:
    """The path in full. Raises SettingError for one that is not there or cannot be named."""
    if not path.exists():
        raise SettingError(f"{path} does not exist: give a folder or a file.")
    if _escaped(str(path.resolve())) != str(path.resolve()):
        raise SettingError(f"The name of {_escaped(str(path))} is not valid Unicode: rename it.")
    return path.resolve()


def _roots(known: list[Root], paths: list[Path]) -> tuple[list[Root], list[Root], list[Root]]:
    """The roots to look at, which of them are new, and which known ones they replace. A path within a root stands for that
    root; a path around roots takes their place. Without paths, all known roots are looked at."""
    chosen: list[Root] = []
    new: list[Root] = []
    replaced: list[Root] = []
    for path in paths:
        current = [r for r in [*known, *new] if r not in replaced]
        around = next((r for r in current if path.is_relative_to(r.path)), None)
        if around is None:
            inner = [r for r in current if r.path.is_relative_to(path)]
            replaced += inner
            chosen = [r for r in chosen if r not in inner]
            name = _root_name(path, {r.name for r in current if r not in inner})
            around = Root(max((r.id for r in [*known, *new]), default=0) + 1, path, name)
            new.append(around)
        if around not in chosen:
            chosen.append(around)
    return chosen or known, [r for r in new if r not in replaced], [r for r in replaced if r in known]


def _root_name(path: Path, taken: set[str]) -> str:
    """The shortest end of the path that is neither another root's name nor the beginning of one, nor begins with one."""
    parts = [p for p in path.parts if p != path.anchor] or ["root"]
    names = ["/".join(parts[-n:]) for n in range(1, len(parts) + 1)]
    clash = lambda name: any(f"{name}/".startswith(f"{t}/") or f"{t}/".startswith(f"{name}/") for t in taken)  # noqa: E731
    return next((name for name in names if not clash(name)), str(path))


def _walk(root: Root, store_folder: Path) -> Iterator[Found]:
    """Every file of a root, folder by folder. Hidden files, links out of the root and the store itself are passed over; a
    folder that cannot be listed is found as a file that cannot be read."""
    if root.path.is_file():
        yield _judged(root, "", root.path, set())
        return
    closed: list[OSError] = []
    for folder, folders, names in os.walk(root.path, onerror=closed.append):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and Path(folder, f) != store_folder)
        siblings = set(names)
        for name in sorted(names):
            location = Path(folder, name)
            if name.startswith((".", "~$")) or not location.is_file():
                continue
            if location.is_symlink() and not location.resolve().is_relative_to(root.path):
                continue
            yield _judged(root, PurePosixPath(location.relative_to(root.path)).as_posix(), location, siblings)
    for error in closed:
        location = Path(error.filename)
        yield Found(root, _escaped(location.relative_to(root.path).as_posix()).removeprefix("."), location, "read")


def _judged(root: Root, path: str, location: Path, siblings: set[str]) -> Found:
    name = location.name
    if _escaped(path) != path:
        return Found(root, _escaped(path), location, "skip", "its name is not valid Unicode: rename it")
    if "queries.jsonl" in siblings and (name in _SIDE_FILES):
        return Found(
            root, path, location, "skip", "belongs to an evaluation set: questions and judgements, no document"
        )
    if not readers.is_readable(name) and path:
        suffix = location.suffix.lower() or "no suffix"
        return Found(root, path, location, "skip", f"{suffix} is not a format that is read")
    return Found(root, path, location, "read")


def _escaped(name: str) -> str:
    """A file name that holds bytes which are no UTF-8, with those escaped."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _same_stamp(location: Path, before: FileState) -> bool:
    try:
        stat = location.stat()
    except OSError:
        return False
    return stamp_of(stat) == before.stamp
