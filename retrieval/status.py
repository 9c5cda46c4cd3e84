"""What an index holds, since when, and what it could not read. Told without loading a model or a vector."""

from __future__ import annotations

from index.errors import StoreError
from index.store import Store
from retrieval.records import Status


def index_status(store: Store) -> Status:
    """The status of a store's last commit. Raises StoreError when there is none."""
    with store.read() as snapshot:
        if not snapshot.meta("encoder_name"):
            raise StoreError(f"Nothing is indexed in {store.folder} yet: run `dixit index PATH` first.")
        files = snapshot.files()
        return Status(
            store.folder,
            snapshot.meta("encoder_name") or "",
            snapshot.meta("committed_at") or "",
            [r.path for r in snapshot.roots()],
            snapshot.counts(),
            [f for f in files if f.status == "failed"],
            [f for f in files if f.status == "skipped"],
            snapshot.problems(),
        )
