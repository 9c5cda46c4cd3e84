"""What is said about the files of one folder: by the sidecars in it, by its tables and by those of the folders above."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import reduce
from itertools import chain
from os.path import splitext
from pathlib import Path
from unicodedata import normalize

from index import readers
from index.correction_files import Row, Table, at_most, nfc, read_sidecar, read_table
from index.corrections import Correction, digested, over, short
from index.readers.base import Problem

TABLES = ("metadata.csv", "metadata.tsv")
SIDECARS = (".meta.yaml", ".meta.yml")
TELLS_OF_OTHERS = "holds what is known about"
"""How the reason begins for which a file that is of use is no document."""


class Folder:
    """What is said about the files of one folder. `names` are those of all its files; `above` is what the folder that it lies in
    hands down to it (`below`)."""

    def __init__(self, path: Path, names: Collection[str], above: Sequence[tuple[Table, str]] = ()) -> None:
        self._path = path
        self._names = {nfc(name) for name in names}
        own = [table for name in TABLES if name in self._names and (table := read_table(path / name))]
        self._own = {table.path.name: table for table in own}
        self._tables = [*((table, "") for table in own), *above]
        self._by_full_name: dict[str, list[str]] = {}
        self._by_stem: dict[str, list[str]] = {}
        self._no_documents = {name: f"{TELLS_OF_OTHERS} other files: no document" for name in self._own}
        sidecars = sorted(name for name in names if name.endswith(SIDECARS))
        if sidecars:
            self._give(sidecars)

    def _give(self, sidecars: list[str]) -> None:
        documents = self._names - self._own.keys()
        by_stem: dict[str, list[str]] = {}
        for document in sorted(filter(readers.is_readable, documents)):
            for stem in _stems(document):
                by_stem.setdefault(stem, []).append(document)
        for sidecar in sidecars:
            named = nfc(splitext(splitext(sidecar)[0])[0])
            full = named in documents
            self._no_documents[sidecar] = self._given(sidecar, named, [named] if full else by_stem.get(named, []), full)

    def _given(self, sidecar: str, named: str, owners: list[str], full: bool) -> str:
        """Give a sidecar to the file that it belongs to, and say what it is."""
        if not owners:
            return f"belongs to {named}, which is not there"
        if len(owners) > 1:
            return f"may belong to {' or '.join(owners[:3])}: call it {owners[0]}{SIDECARS[0]} if it is that one's"
        (self._by_full_name if full else self._by_stem).setdefault(owners[0], []).append(sidecar)
        return f"{TELLS_OF_OTHERS} {owners[0]}: no document"

    def no_document(self, name: str) -> str | None:
        """Why a file is not to be read as a document, its being a sidecar or a table; else None."""
        return self._no_documents.get(name)

    def of(self, name: str) -> Correction | None:
        """What is said about a file of the folder."""
        name = nfc(name)
        sidecars = [*self._by_full_name.get(name, ()), *self._by_stem.get(name, ())]
        said = [read_sidecar(self._path / sidecar) for sidecar in sidecars]
        said += [self._row(table.folders.get(below, {}), name) for table, below in self._tables]
        said = [correction for correction in said if correction and correction.digest]
        return reduce(over, said) if said else None

    def _row(self, rows: Mapping[str, Row], name: str) -> Correction | None:
        if name in rows:
            return rows[name].said
        # “Report #3.pdf”, as nearly everybody writes it, for “Report %233.pdf”.
        file, hash_, record = name.partition("#")
        if hash_ and file not in self._names and file in rows and record in rows[file].said.records:
            return digested(Correction(rows[file].said.records[record]))
        return None

    def below(self, name: str) -> list[tuple[Table, str]]:
        """What is handed down to a folder in this one: tables, each with the folder's path below it."""
        return [(table, joined(below, nfc(name))) for table, below in self._tables]

    @property
    def problems(self) -> dict[Path, list[Problem]]:
        """What is wrong with the folder's own tables, by the path of each."""
        wrong = {table.path: at_most(chain(table.problems, self._unmet(table))) for table in self._own.values()}
        return {path: problems for path, problems in wrong.items() if problems}

    def _unmet(self, table: Table) -> Iterator[Problem]:
        """What a table says of files that are not there."""
        for below, rows in table.folders.items():
            names = _listed(self._path, below) if below else self._names
            if names is None:
                line = min(row.line for row in rows.values())
                yield Problem(f"line {line}", f"there is no folder “{short(below)}”")
                continue
            for name, row in rows.items():
                as_written = {f"{name}#{record}" for record in row.said.records}
                if name not in names and not (as_written and as_written <= names):
                    hint = " (a # in a file's own name is written %23)" if as_written else ""
                    yield Problem(f"line {row.line}", f"there is no file “{short(joined(below, name))}”{hint}")


def _stems(name: str) -> set[str]:
    """The name without its suffix, and of a packed file without both."""
    stem, suffix = splitext(name)
    return {stem, splitext(stem)[0]} if suffix.lower() == ".gz" else {stem}


def joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _listed(folder: Path, below: str) -> set[str] | None:
    """The names in a folder below one, that may be stored in either Unicode form; None where it cannot be listed."""
    for form in {below, normalize("NFD", below)}:
        with suppress(OSError, ValueError):
            return {nfc(name) for name in os.listdir(folder / form)}
    return None
