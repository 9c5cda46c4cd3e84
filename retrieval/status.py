"""What an index holds, since when, and what it could not read. Told without loading a model or a vector."""

from __future__ import annotations

from index.errors import StoreError
from index.store import Store
from index.stored import Counts, FileEntry, Root
from retrieval.records import Collection, Status


def index_status(store: Store) -> Status:
    """The status of a store's last commit. Raises StoreError when there is none."""
    with store.read() as snapshot:
        if not snapshot.meta("encoder_name"):
            raise StoreError(f"Nothing is indexed in {store.folder} yet: run `dixit index PATH` first.")
        entries = snapshot.file_entries()
        files = [e.state for e in entries]
        return Status(
            store.folder,
            snapshot.meta("encoder_name") or "",
            snapshot.meta("committed_at") or "",
            [_collection(r, [e for e in entries if e.state.root == r]) for r in snapshot.roots()],
            snapshot.counts(),
            [f for f in files if f.status == "failed"],
            [f for f in files if f.status == "skipped"],
            [f for f in files if f.status == "left out"],
            snapshot.problems(),
        )


def _collection(root: Root, entries: list[FileEntry]) -> Collection:
    held = Counts(
        sum(e.documents for e in entries),
        sum(e.passages for e in entries),
        sum(e.state.status == "failed" for e in entries),
    )
    return Collection(root.name, root.path, root.path.exists(), sum(e.state.status == "read" for e in entries), held)
