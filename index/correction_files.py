"""Sidecars and tables, read: what their files say, and what of it is of no use. Each is read again when its stamp is another."""

from __future__ import annotations

import csv
import io
import re
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any
from unicodedata import normalize

import yaml

from index.corrections import Correction, digested, short
from index.errors import UnreadableFile
from index.readers.base import Problem, decode
from index.readers.metadata import NAMES, as_text
from index.stored import file_and_record, stamp_of

MAX_SIDECAR_BYTES = 1024 * 1024
MAX_TABLE_BYTES = 32 * 1024 * 1024
MAX_ROWS = 200_000
_HEAD_BYTES = 65536  # of a table too large, to know it by its header
_MAX_FIELDS = 200
_MAX_NESTING = 20
_MAX_PROBLEMS = 100
"""Told of one table or sidecar: looking for more would take time with every plan."""
"""Told of one table or sidecar: looking for more would take time with every plan."""
_TICK = 0.02  # seconds: what was written this lately can be written again under the same stamp
_PASSWORD = "password"
_FIELD_OF = {alias: name for name, aliases in NAMES.items() for alias in aliases}
_LINE = re.compile(r"(?P<name>\w[\w -]*):(?:\s+(?P<value>.*))?")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Row:
    """What a table says about a file and its records, and the line that names it first."""

    line: int
    said: Correction


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table read: its rows by the path of the folder below the table's ("" for its own), and by the name of the file in it."""

    path: Path
    folders: Mapping[str, Mapping[str, Row]]
    problems: tuple[Problem, ...]


def read_sidecar(path: Path) -> Correction:
    """What a sidecar says, or what is wrong with it."""
    try:
        return _of_now(_sidecar_read, path)
    except OSError as error:
        return _wrong(path, f"cannot be opened ({error.strerror})")


def read_table(path: Path) -> Table | None:
    """A table; None for a file that is none, having no column `file`, or being one of documents."""
    try:
        return _of_now(_table_read, path)
    except OSError:
        return None


def _of_now(read: Callable[[Path, str], Any], path: Path) -> Any:
    """What `read` makes of a file as it is now: kept until its stamp is another, for plans are made often."""
    found = path.lstat()
    if 0 <= time.time() - found.st_ctime < _TICK:
        return read.__wrapped__(path, "")
    return read(path, stamp_of(found))


def _bytes(path: Path, limit: int) -> bytes:
    """A file whole, or one byte more than the limit. A link, that may lead anywhere, is not followed, nor is a pipe waited for."""
    if not stat.S_ISREG(path.lstat().st_mode):
        raise UnreadableFile("is a link or no file: put the file itself there")
    with path.open("rb") as file:
        return file.read(limit + 1)


@lru_cache(maxsize=65536)
def _sidecar_read(path: Path, stamp: str) -> Correction:
    try:
        data = _bytes(path, MAX_SIDECAR_BYTES)
        if len(data) > MAX_SIDECAR_BYTES:
            raise UnreadableFile(f"larger than {MAX_SIDECAR_BYTES // 2**20} MiB: keep to a few lines")
        entries = _entries(decode(data).text)
    except UnreadableFile as error:
        return _wrong(path, str(error))
    columns, reasons = _columns([name for name, _ in entries])
    reasons += [
        f"“{short(name)}” is no plain value or list of them" for name, value in entries[:_MAX_FIELDS] if value is None
    ]
    given = {column: value for column, (_, value) in zip(columns, entries) if column and value is not None}
    password = given.pop(_PASSWORD, None) or None
    fields = {name: as_text(value) for name, value in given.items()}
    problems = [Problem(path.name, reason) for reason in reasons]
    return digested(Correction(fields, password=password, misread=tuple(at_most(problems))))


def _entries(text: str) -> list[tuple[str, str | None]]:
    """Names and values of a YAML mapping, as they are written (a date is no number, 007 not 7); None for a value that is nested.

    Nothing is built out of it, and what would grow or nest without end is refused first.
    """
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_LOADER):
            if getattr(event, "anchor", None):
                raise UnreadableFile("it uses anchors (& and *): write the words out, between quotation marks")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _MAX_NESTING:
                raise UnreadableFile("it is nested too deep: give one line a field")
        root = yaml.compose(text, Loader=_LOADER)
    except (yaml.YAMLError, ValueError) as error:
        return _plain_lines(text, error)
    if root is None or (isinstance(root, yaml.ScalarNode) and _is_null(root)):
        return []
    if not isinstance(root, yaml.MappingNode):
        raise UnreadableFile("it holds no fields: write them as “title: …”, one a line")
    return [(_words(name) or "", _words(value)) for name, value in root.value]


def _words(node: yaml.Node) -> str | None:
    if isinstance(node, yaml.SequenceNode) and all(isinstance(part, yaml.ScalarNode) for part in node.value):
        return ", ".join(filter(None, map(_words, node.value)))
    if not isinstance(node, yaml.ScalarNode):
        return None
    return "" if _is_null(node) else node.value


def _is_null(node: yaml.ScalarNode) -> bool:
    return node.tag == "tag:yaml.org,2002:null"


def _plain_lines(text: str, error: Exception) -> list[tuple[str, str | None]]:
    """What people write is not always YAML ("title: War: a history"): its plain lines still say what they say."""
    lines = [line.strip() for line in text.splitlines()]
    matches = [_LINE.fullmatch(line) for line in lines if line and not line.startswith(("#", "---", "..."))]
    if not matches or not all(matches):
        mark = getattr(error, "problem_mark", None)
        raise UnreadableFile(
            f"it is no YAML{f' (line {mark.line + 1})' if mark else ''}: give “title: …”, one field a line"
        )
    return [(m["name"], (m["value"] or "").strip(" \t\"'")) for m in matches if m]


@lru_cache(maxsize=4096)
def _table_read(path: Path, stamp: str) -> Table | None:
    try:
        data = _bytes(path, MAX_TABLE_BYTES)
        whole = len(data) <= MAX_TABLE_BYTES
        text = decode(data if whole else data[:_HEAD_BYTES]).text
    except UnreadableFile:
        return None
    first_line = re.split(r"[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0]
    delimiter = "\t" if path.suffix == ".tsv" else max(",;\t", key=first_line.count)
    # Strict, so that a quotation mark that is never closed is told, not taken for a cell that holds all rows to come.
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = next((row for row in rows if row), [])
    except csv.Error:
        return None
    names = [name.strip().lower() for name in header]
    if "file" not in names or "text" in names:
        return None
    if not whole:
        reason = f"larger than {MAX_TABLE_BYTES // 2**20} MiB, and none of it is used: split it by folder"
        return Table(path, {}, (Problem("table", reason),))
    return _table_of(path, header, names.index("file"), rows)


def _table_of(path: Path, header: list[str], file_column: int, rows: Iterator[list[str]]) -> Table:
    columns, reasons = _columns([name if at != file_column else "" for at, name in enumerate(header)])
    problems = [Problem("header", reason) for reason in reasons]
    lines: dict[tuple[str, str, str | None], int] = {}
    said: dict[str, dict[str, _Gathered]] = {}
    for number, line, row in _numbered(rows, problems):
        if number > MAX_ROWS:
            problems.append(Problem(f"line {line}", f"only {MAX_ROWS:,} rows are used: split it by folder"))
            break
        cell = row[file_column].strip() if file_column < len(row) else ""
        place = _place(cell)
        if place is None:
            wrong = f"“{short(cell)}” leads out of the folder" if cell else "it names no file"
        elif any(row[len(header) :]):
            wrong = "it has more cells than the header: put what holds a comma between quotation marks"
        elif place in lines:
            wrong = f"it names {short(cell)} again: line {lines[place]} is used"
        else:
            wrong = ""
        if wrong or place is None:
            problems.append(Problem(f"line {line}", wrong))
            continue
        lines[place] = line
        folder, name, record = place
        values = {column: value for column, value in zip(columns, row) if column and value.strip()}
        password = values.pop(_PASSWORD, "").strip() or None
        fields = {column: as_text(value) for column, value in values.items()}
        gathered = said.setdefault(folder, {}).setdefault(name, _Gathered(line))
        if record is None:
            gathered.fields, gathered.password = fields, password
        else:
            gathered.records[record] = fields
            if password:
                problems.append(Problem(f"line {line}", "a password is given to the whole file, not to a record"))
    folders = {folder: {name: g.row() for name, g in files.items()} for folder, files in said.items()}
    return Table(path, folders, tuple(problems))


@dataclass(slots=True)
class _Gathered:
    """The rows of one file, as far as they have been read."""

    line: int
    fields: dict[str, str] = field(default_factory=dict)
    password: str | None = None
    records: dict[str, dict[str, str]] = field(default_factory=dict)

    def row(self) -> Row:
        return Row(self.line, digested(Correction(self.fields, self.records, self.password)))


def _numbered(rows: Iterator[list[str]], problems: list[Problem]) -> Iterator[tuple[int, int, list[str]]]:
    """The rows that are not empty, counted from 1, with the lines that they end at; what is no row becomes a problem."""
    number = 0
    while True:
        number += 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            problems.append(Problem(f"line {rows.line_num}", f"not a row ({error})"))
            continue
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield number, rows.line_num, row


def _place(cell: str) -> tuple[str, str, str | None] | None:
    """Folder, file and record that a table names; None for what leads out of its folder, or nowhere."""
    path, record = file_and_record(cell)
    path = nfc(path.replace("\\", "/"))
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if not parts or ".." in parts or path.startswith("/"):
        return None
    return "/".join(parts[:-1]), parts[-1], record


def _columns(names: Sequence[str]) -> tuple[list[str | None], list[str]]:
    """The field that each name stands for, None for one that is of no use, and what is wrong with them."""
    lower = [name.strip().lower() for name in names[:_MAX_FIELDS]]
    columns: list[str | None] = []
    reasons = [f"only {_MAX_FIELDS} fields are used"] if len(names) > _MAX_FIELDS else []
    for at, name in enumerate(lower):
        field_ = _FIELD_OF.get(name)
        first = next((alias for alias in NAMES[field_] if alias in lower), name) if field_ else name
        near = get_close_matches(name, [*_FIELD_OF, _PASSWORD], n=1, cutoff=0.8)
        if not name:
            columns.append(None)
        elif name in lower[:at]:
            columns.append(None)
            reasons.append(f"“{short(name)}” is there twice: the first is used")
        elif first != name:
            columns.append(None)
            reasons.append(f"“{short(name)}” is not used: “{first}” says it already")
        elif near == [_PASSWORD] and name != _PASSWORD:
            columns.append(None)
            reasons.append(f"“{short(name)}” is not used: call it “{_PASSWORD}” if it is one")
        else:
            columns.append(field_ or (_PASSWORD if name == _PASSWORD else as_text(names[at])))
            if near and name not in (*_FIELD_OF, _PASSWORD):
                reasons.append(f"“{short(name)}” is kept under that name: call it “{near[0]}” if it is that")
    return columns, reasons


def _wrong(path: Path, reason: str) -> Correction:
    return digested(Correction(misread=(Problem(path.name, reason),)))


def at_most(problems: Iterable[Problem]) -> list[Problem]:
    told = list(islice(problems, _MAX_PROBLEMS + 1))
    more = (
        [Problem("and more", "other things are wrong too: put these right first")] if len(told) > _MAX_PROBLEMS else []
    )
    return told[:_MAX_PROBLEMS] + more


def nfc(name: str) -> str:
    """A name in the one of its Unicode forms that people type; some systems store another."""
    return normalize("NFC", name)
