"""A file that is given to Dixit, laid whole into a folder that is indexed.

It is written under a hidden name first, which no sync and no watcher looks at, and gets its own name by one link that fails
where something is called so already. So nothing is ever overwritten, a crash leaves no half document, and two who give a file
of one name at once both find theirs there.

>>> clean_name("../a: the \\u202eplan?.TXT")
'a_ the plan_.TXT'
>>> clean_name(".txt")
'document.txt'
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import time
import unicodedata
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from threading import Lock
from typing import BinaryIO

from index import readers
from index.errors import SettingError

_LONGEST_NAME = 200
"""UTF-8 bytes: below the 255 of the file systems, with room for a number."""
_LONGEST_SUFFIX = 20
_CHUNK = 1 << 20
_HIDDEN = ".dixit-taking-"
_LEFT_BEHIND = 24 * 3600
"""Seconds after which a hidden file is nobody's any more: who wrote it was killed."""

_NOT_ON_WINDOWS = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)
# Controls, half surrogates, line separators, and the marks that make the letters after them run the other way.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")
_HIDING = re.compile(r"^(?:[.\s]|~\$)+")

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_WITHOUT_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}
_placing = Lock()


@dataclass(frozen=True, slots=True)
class Taken:
    """Where a file lies now; `already` when a file of its name with the same bytes lay there before."""

    path: Path
    already: bool


def take(name: str, content: BinaryIO, library: Path) -> Taken:
    """Lay a file called `name` into the folder `library`, which is made where there is none. Raises SettingError for a format
    that is not read, for a file too large to be, and for a folder that cannot be written; nothing is left of it then."""
    name = clean_name(name)
    if not readers.is_readable(name):
        suffix = PurePath(name).suffix or "A file without a suffix"
        raise SettingError(f"{suffix} is not a format that is read: give one of {', '.join(readers.suffixes())}.")
    hidden = library / f"{_HIDDEN}{uuid.uuid4().hex}"
    try:
        library.mkdir(parents=True, exist_ok=True)
        _sweep(library)
        try:
            digest = _write(content, hidden)
            return _place(hidden, digest, name, library)
        finally:
            hidden.unlink(missing_ok=True)
    except OSError as error:
        raise SettingError(_told(error, name, library)) from error


def clean_name(name: str) -> str:
    """A name that any file system keeps, that stays in its folder and that no sync passes over, as near to `name` as can be."""
    name = _UNSEEN.sub("", re.split(r"[/\\]", name)[-1])
    name = unicodedata.normalize("NFC", _NOT_ON_WINDOWS.sub("_", name)).rstrip(" .")
    stem, suffix = _split(name)
    stem = _HIDING.sub("", stem)
    stem = _cut(stem, _LONGEST_NAME - len(suffix.encode())).rstrip(" .")
    if _DEVICE.match(stem):
        stem += "_"
    return f"{stem or 'document'}{suffix}"


def _split(name: str) -> tuple[str, str]:
    """A name in two, the second the suffix with its dot, of a packed file both."""
    path = PurePath(f"x{name}" if name else "x")
    suffix = path.suffix
    if suffix.lower() == ".gz":
        suffix = PurePath(path.stem).suffix + suffix
    if not suffix or len(suffix.encode()) > _LONGEST_SUFFIX:
        return name, ""
    return name[: -len(suffix)], suffix


def _cut(text: str, size: int) -> str:
    """The beginning of a text that is at most `size` bytes of UTF-8."""
    return text.encode()[: max(size, 0)].decode(errors="ignore")


def _write(content: BinaryIO, path: Path) -> str:
    """Write a new file, giving the digest of its bytes."""
    digest, size = hashlib.sha256(), 0
    with open(path, "xb") as file:
        while chunk := content.read(_CHUNK):
            size += len(chunk)
            if size > readers.MAX_FILE_BYTES:
                raise SettingError(f"It is larger than {readers.MAX_FILE_BYTES // 2**20} MiB: split it.")
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def _place(hidden: Path, digest: str, name: str, library: Path) -> Taken:
    """Give a written file the first of its names that is free, unless it lies under one of them already."""
    for path in (library / n for n in _names(name)):
        while not _linked(hidden, path):
            if _holds(path, hidden.stat().st_size, digest):
                return Taken(path, True)
            if os.path.lexists(path):
                break  # it is another's; else it went away just now, and the name is free again
        else:
            return Taken(path, False)
    raise AssertionError("there is always another name")


def _names(name: str) -> Iterator[str]:
    stem, suffix = _split(name)
    yield name
    number = 2
    while True:
        end = f" ({number}){suffix}"
        yield _cut(stem, _LONGEST_NAME - len(end.encode())) + end
        number += 1


def _linked(hidden: Path, path: Path) -> bool:
    """Whether the name was free, the file having it now."""
    try:
        os.link(hidden, path)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _WITHOUT_LINKS:
            raise
        with _placing:  # a file system without links: safe against those of this process
            if os.path.lexists(path):
                return False
            os.rename(hidden, path)
    return True


def _holds(path: Path, size: int, digest: str) -> bool:
    """Whether a file has these bytes. One that cannot be read has not; nor has a link, which may lead out of the folder."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size != size:
            return False
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False


def _sweep(library: Path) -> None:
    """Remove what was being written when a process was killed."""
    for left in library.glob(f"{_HIDDEN}*"):
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - _LEFT_BEHIND:
                left.unlink()


def _told(error: OSError, name: str, library: Path) -> str:
    if error.errno in _NO_ROOM:
        return f"There is no room for {name} on the disk of {library}: make room and give it again."
    return f"{name} cannot be written to {library} ({error.strerror}): see to the permissions of that folder."
