"""What an answer could not take in: files that are not read yet, or have changed, or could not be read.

“It is not in your documents” and “it is not read yet” are different answers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from index.plan import behind
from index.snapshot import Snapshot
from index.stored import Root
from retrieval.records import Unread

_NAMED = 3


def unread(snapshot: Snapshot, store_folder: Path, roots: Sequence[Root]) -> Unread:
    """What of some collections is not in the index as it is in their folders now. No file is opened."""
    failed = [f.name for f in snapshot.files() if f.status == "failed" and f.root in roots]
    records = [f"{file}, {place}" for root, file, place in _problems(snapshot) if root in {r.id for r in roots}]
    return Unread(behind(snapshot, store_folder, roots), (*failed, *records))


def not_read(left: Unread, being_read: bool) -> str:
    """Why what is asked for may be there all the same: empty where everything was read. `being_read`, the folders are brought up to
    date by themselves."""
    lag = left.behind
    parts = [
        _counted(lag.new, "is not read yet", "are not read yet"),
        _counted(lag.changed, "has changed since it was read", "have changed since they were read"),
    ]
    told = [p for p in parts if p]
    remedy = "they are read by themselves, ask again soon" if being_read else "run `dixit index`"
    sentences = [f"{' and '.join(told)}: {remedy}."] if told else []
    sentences += [f"{path} is not there now: bring it back, or `dixit forget` it." for path in lag.away]
    if left.failed:
        sentences.append(f"{_counted(left.failed, 'could not be read', 'could not be read')}: see `dixit status`.")
    return " ".join(sentences)


def _counted(names: Collection[str], one: str, many: str) -> str:
    if not names:
        return ""
    shown = ", ".join(sorted(names)[:_NAMED]) + (", …" if len(names) > _NAMED else "")
    return f"1 file {one} ({shown})" if len(names) == 1 else f"{len(names):,} files {many} ({shown})"


def _problems(snapshot: Snapshot) -> list[tuple[int, str, str]]:
    by_name = {f.name: f.root.id for f in snapshot.files()}
    return [(by_name[file], file, place) for file, place, _ in snapshot.problems()]
