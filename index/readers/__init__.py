"""Readers: the bytes of a file to documents. One module a family of formats; to add a format, add a module and its line here.

A reader is a function `read(data, name, only) -> Reading`; `only` names the records that are wanted of a file of many, so
that one can be read back without laying out the rest. It raises UnreadableFile for a file that gives nothing; a bad record
among good ones becomes a `Problem` and costs only itself.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Container
from os.path import splitext

from index.errors import UnreadableFile
from index.readers import html, markdown, plain, tables
from index.readers.base import Problem, Reading

__all__ = ["MAX_FILE_BYTES", "Problem", "Reading", "formats", "is_readable", "read"]

MAX_FILE_BYTES = 512 * 1024 * 1024
"""A file larger than this, packed or unpacked, is refused rather than read into memory."""

_Reader = Callable[[bytes, str, Container[str] | None], Reading]

_READERS: dict[str, _Reader] = {
    ".txt": plain.read,
    ".text": plain.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".html": html.read,
    ".htm": html.read,
    ".xhtml": html.read,
    ".jsonl": tables.read_jsonl,
    ".ndjson": tables.read_jsonl,
    ".csv": tables.read_csv,
    ".tsv": tables.read_csv,
}


def formats() -> list[str]:
    """The suffixes that are read; each may be followed by .gz."""
    return list(_READERS)


def is_readable(name: str) -> bool:
    """Whether there is a reader for a file of this name."""
    return _suffix(name) in _READERS


def same_reader(name: str, other: str) -> bool:
    """Whether the same bytes under either name give the same documents."""
    return _suffix(name) == _suffix(other) and name.lower().endswith(".gz") == other.lower().endswith(".gz")


def read(data: bytes, name: str, only: Container[str] | None = None) -> Reading:
    """The documents in a file's bytes, by the file's name; of a file of records, `only` those named. Raises UnreadableFile."""
    if not is_readable(name):
        raise UnreadableFile(
            f"{_suffix(name) or 'a file without a suffix'} is not a format that is read ({', '.join(formats())})"
        )
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableFile(f"larger than {MAX_FILE_BYTES // 2**20} MiB: split it")
    if name.lower().endswith(".gz"):
        data = _unpacked(data)
    return _READERS[_suffix(name)](data, name, only)


def _suffix(name: str) -> str:
    stem, suffix = splitext(name.lower())
    return splitext(stem)[1] if suffix == ".gz" else suffix


def _unpacked(data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            unpacked = packed.read(MAX_FILE_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(f"not a whole gzip file ({error})") from error
    if len(unpacked) > MAX_FILE_BYTES:
        raise UnreadableFile(f"unpacks to more than {MAX_FILE_BYTES // 2**20} MiB: split it")
    return unpacked
