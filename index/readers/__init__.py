"""Readers: the bytes of a file to documents. One module a family of formats; to add a format, add a module.

A module that has `FORMATS` is found by itself. What a reader is, and what it may do, stands in `base`. A format that needs a
library imports it where it reads: the names of the formats are asked for often, and cost nothing.
"""

from __future__ import annotations

import gzip
import importlib
import io
import pkgutil
import zlib
from os.path import splitext

from index.errors import UnreadableFile
from index.readers.base import MAX_FILE_BYTES, Format, Options, Problem, Reading

__all__ = [
    "MAX_FILE_BYTES",
    "Options",
    "Problem",
    "Reading",
    "formats",
    "is_parsed",
    "is_readable",
    "original",
    "read",
    "suffixes",
]


def _found() -> dict[str, Format]:
    modules = (importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__))
    every = [f for module in modules for f in getattr(module, "FORMATS", ())]
    return {suffix: f for f in every for suffix in f.suffixes}


_FORMATS = _found()


def formats() -> dict[str, tuple[str, ...]]:
    """What is read: the suffixes of each format by its name; each may be followed by .gz."""
    named: dict[str, tuple[str, ...]] = {}
    for format_ in dict.fromkeys(_FORMATS.values()):
        named[format_.name] = named.get(format_.name, ()) + format_.suffixes
    return named


def suffixes() -> list[str]:
    return list(_FORMATS)


def is_readable(name: str) -> bool:
    """Whether there is a reader for a file of this name."""
    return _suffix(name) in _FORMATS


def is_parsed(name: str) -> bool:
    """Whether what is in a file of this name has to be drawn out of it, and is kept; else it is the file's own text."""
    return is_readable(name) and _FORMATS[_suffix(name)].parsed


def same_reader(name: str, other: str) -> bool:
    """Whether the same bytes under either name give the same documents."""
    return _suffix(name) == _suffix(other) and name.lower().endswith(".gz") == other.lower().endswith(".gz")


def read(data: bytes, name: str, options: Options = Options()) -> Reading:
    """The documents in a file's bytes, by the file's name. Raises UnreadableFile."""
    format_, data = _format_of(data, name)
    return format_.read(data, name, options)


def original(data: bytes, name: str, record: str | None, options: Options = Options()) -> tuple[bytes, str]:
    """The bytes and the name of the file that a document was read from: of a file of files, the one within.

    Raises UnreadableFile."""
    while True:
        format_, data = _format_of(data, name)
        if record is None or format_.member is None:
            return data, name
        data, name, record = format_.member(data, name, record, options)


def _format_of(data: bytes, name: str) -> tuple[Format, bytes]:
    """The format of a file, and its bytes unpacked."""
    if not is_readable(name):
        what = _suffix(name) or "a file without a suffix"
        raise UnreadableFile(f"{what} is not a format that is read ({', '.join(suffixes())})")
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableFile(f"larger than {MAX_FILE_BYTES // 2**20} MiB: split it")
    return _FORMATS[_suffix(name)], _unpacked(data) if name.lower().endswith(".gz") else data


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
