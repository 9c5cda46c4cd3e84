"""What belongs to the index by its user's word: collections forgotten, files left out and taken in again.

The documents themselves are not touched.
"""

from __future__ import annotations

from pathlib import Path

from index.errors import SettingError
from index.store import Store
from index.stored import FileState, Root
from index.writer import Writer


def forget(store: Store, path: Path, wait: float = 0) -> None:
    """Take a collection out of the store, by its name or place. Raises SettingError for what is none."""
    with store.write(wait) as writer:
        root = collection_at(writer.roots(), path)
        if root is None:
            raise SettingError(f"{path} was never indexed by itself: `dixit status` tells what was.")
        with writer.transaction():
            writer.remove_root(root)
            writer.remove_unused_vectors()
            writer.know_people()


def leave_out(store: Store, file: str, wait: float = 0) -> None:
    """Take one file out of the index, and keep it out until it is taken in again. Raises SettingError for one that is not there."""
    with store.write(wait) as writer:
        state = _known(writer, file)
        if state.status == "left out":
            return
        with writer.transaction():
            writer.leave_out(state)
            writer.remove_unused_vectors()
            writer.know_people()


def take_in(store: Store, file: str, wait: float = 0) -> None:
    """Let a file that was left out be read by the next sync. Raises SettingError for one that is not there."""
    with store.write(wait) as writer:
        state = _known(writer, file)
        if state.status == "left out":
            with writer.transaction():
                writer.put_file(
                    FileState(state.root, state.path, "", "", "skipped", "taken in again, and not read yet")
                )


def collection_at(roots: list[Root], path: Path) -> Root | None:
    """The collection of this name or place."""
    named = next((r for r in roots if str(path) == r.name), None)
    return named or next((r for r in roots if path.resolve() == r.path), None)


def file_at(files: list[FileState], path: Path) -> FileState | None:
    """The file of this name or place."""
    return next((f for f in files if str(path) == f.name or path.resolve() == f.location), None)


def _known(writer: Writer, file: str) -> FileState:
    state = file_at(writer.files(), Path(file))
    if state is None:
        raise SettingError(f"{file} is not known to the index: `dixit status` tells what is.")
    return state
