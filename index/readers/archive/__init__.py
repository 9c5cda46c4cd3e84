"""ZIP and TAR archives: every file in one that can be read gives its documents, under its path in the archive.

Nothing is written to disk. Path names that lead out of the archive are refused all the same: who made one had something in mind.
What is unpacked is counted while it is unpacked, over all files and archives within, whatever the archive says of their sizes.
"""

from __future__ import annotations

import gzip
import io
import lzma
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import IO

from index.errors import UnreadableFile
from index.readers.archive.names import name_in_tar, names_in_zip
from index.readers.base import ENCRYPTED, MAX_FILE_BYTES, MAX_MEMBERS, Format, Options, Problem, Reading
from index.readers.members import Budget, Names, PassedOver, budget_of, documents, wants
from index.records import Document

_HIDDEN = re.compile(r"(?:^|/)(?:\.[^./]|__MACOSX/|~\$)|(?:^|/)(?:thumbs\.db|desktop\.ini)$", re.IGNORECASE)
_LEADS_OUT = re.compile(r"/|[A-Za-z]:|(?:.*/)?\.\.(?:/|$)", re.DOTALL)
_CONTROL = re.compile(r"[\0-\x1f\x7f-\x9f]")
_BOMB_RATIO = 200  # text packs to a tenth, tables of hardly anything but zeros to a hundredth
_NO_BOMB = 16 * 2**20  # bytes: what unpacks to no more than this is none, however well it was packed
_AES = 99  # the compression method that says so

_BROKEN = (zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, zlib.error, struct.error, OSError, EOFError)
_BROKEN += (ValueError, LookupError, OverflowError, NotImplementedError, RuntimeError)
"""What the libraries raise on archives that are damaged, or packed in a way they do not know."""


@dataclass(frozen=True, slots=True)
class _Member:
    """A file in an archive. `most` is how many bytes it may unpack to; `refused` says why it is not to be opened."""

    path: str
    most: int
    open: Callable[[], IO[bytes]]
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class _Archive:
    """The files of an archive, and what is to be noted with every document out of it."""

    members: Iterator[_Member]
    notes: tuple[str, ...] = ()


def read_zip(data: bytes, name: str, options: Options = Options()) -> Reading:
    return Reading("", _documents(_zip(data, options.passwords), options))


def read_tar(data: bytes, name: str, options: Options = Options()) -> Reading:
    return Reading("", _documents(_tar(data), options))


def zip_member(data: bytes, name: str, record: str, options: Options = Options()) -> tuple[bytes, str, str | None]:
    return _member(_zip(data, options.passwords), record)


def tar_member(data: bytes, name: str, record: str, options: Options = Options()) -> tuple[bytes, str, str | None]:
    return _member(_tar(data), record)


def _documents(archive: _Archive, options: Options) -> Iterator[Document | Problem]:
    from index import readers

    budget, passed_over = budget_of(options), PassedOver()
    for record, member in _named(archive):
        if isinstance(member, Problem):
            yield member
        elif not readers.is_readable(member.path):
            passed_over.add(member.path)
        elif member.refused:
            yield Problem(record, member.refused)
        elif wants(options, record):
            try:
                data = _unpacked(member, budget)
            except UnreadableFile as error:
                yield Problem(record, str(error))
                if budget.is_spent:
                    return
                continue
            for item in documents(data, _file_name(member), record, options, budget):
                yield replace(item, notes=(*item.notes, *archive.notes)) if isinstance(item, Document) else item
    yield from passed_over.problems()


def _member(archive: _Archive, wanted: str) -> tuple[bytes, str, str | None]:
    own, _, inner = wanted.partition("#")
    for record, member in _named(archive):
        if record == own and isinstance(member, _Member) and not member.refused:
            return _unpacked(member, Budget()), _file_name(member), inner or None
    raise UnreadableFile(f"it holds no “{own}” that can be read")


def _named(archive: _Archive) -> Iterator[tuple[str, _Member | Problem]]:
    """Every file but hidden ones, with its record; and what is wrong with the archive, where its end cannot be reached."""
    names = Names()
    try:
        for member in archive.members:
            if not _HIDDEN.search(member.path):
                yield names.of(_CONTROL.sub("\ufffd", member.path)), member
    except _BROKEN as error:
        yield "", Problem("archive", f"is damaged, and its rest cannot be read ({_in_a_clause(error)})")


def _unpacked(member: _Member, budget: Budget) -> bytes:
    """The bytes of a file, taken off the budget. Raises UnreadableFile."""
    if budget.members <= 0:
        budget.bytes = 0  # spent
        raise UnreadableFile(f"there are more than {MAX_MEMBERS} files within: this and the rest are not read")
    budget.members -= 1
    most = min(max(0, budget.bytes), member.most)
    try:
        with member.open() as file:
            data = file.read(most + 1)
    except _BROKEN as error:
        raise UnreadableFile(f"cannot be unpacked ({_in_a_clause(error)})") from error
    budget.bytes -= len(data)
    if len(data) <= most:
        return data
    if budget.is_spent:
        raise UnreadableFile(f"all within is more than {MAX_FILE_BYTES // 2**20} MiB: this and the rest are not read")
    raise UnreadableFile(f"unpacks to more than {_BOMB_RATIO} times its size, as no document does")


def _zip(data: bytes, passwords: tuple[str, ...] = ()) -> _Archive:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = [info for info in archive.infolist() if not info.is_dir()]
    except _BROKEN as error:
        raise UnreadableFile(f"not a whole ZIP archive ({_in_a_clause(error)})") from error

    names, note = names_in_zip(infos)
    if infos and all(_is_encrypted(info) for info in infos) and not passwords:
        raise UnreadableFile(f"{ENCRYPTED}: give its password, or unpack it into the folder")

    def members() -> Iterator[_Member]:
        for path, info in zip(names, infos):
            refused = _refused(path, stat.S_ISLNK(info.external_attr >> 16))
            if _is_encrypted(info) and (info.compress_type == _AES or not passwords):
                refused = refused or f"{ENCRYPTED}: unpack the archive into the folder"
            most = max(_NO_BOMB, info.compress_size * _BOMB_RATIO)
            yield _Member(path, most, partial(_opened, archive, info, most, passwords), refused)

    return _Archive(members(), (note,) if note else ())


def _is_encrypted(info: zipfile.ZipInfo) -> bool:
    return bool(info.flag_bits & 1)


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int, passwords: tuple[str, ...]) -> IO[bytes]:
    if not _is_encrypted(info):
        return archive.open(info)
    for password in passwords:
        try:
            # One in 256 wrong passwords shows only when all is read.
            with archive.open(info, pwd=password.encode()) as file:
                return io.BytesIO(file.read(min(most, MAX_FILE_BYTES) + 1))
        except _BROKEN:
            continue
    raise UnreadableFile(f"{ENCRYPTED}, and no password fits: unpack the archive into the folder")


def _tar(data: bytes) -> _Archive:
    if data.startswith(b"\x1f\x8b"):
        data = _gunzipped(data)
    try:
        archive = tarfile.open(fileobj=io.BytesIO(data), mode="r:", errors="surrogateescape", encoding="utf-8")
    except _BROKEN as error:
        raise UnreadableFile(f"not a whole TAR archive ({_in_a_clause(error)})") from error

    def members() -> Iterator[_Member]:
        read_to = -1
        while info := archive.next():
            if info.offset <= read_to:  # a size below zero would lead back, and round and round
                raise tarfile.ReadError("an entry leads back")
            read_to = info.offset
            if info.isdir():
                continue
            path = name_in_tar(info.name)
            special = "is a sparse file or a device" if not info.isfile() or info.issparse() else None
            refused = _refused(path, info.issym() or info.islnk()) or special
            yield _Member(path, len(data), partial(archive.extractfile, info), refused)

    return _Archive(members())


def _gunzipped(data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            unpacked = packed.read(MAX_FILE_BYTES + 1)
    except _BROKEN as error:
        raise UnreadableFile(f"not a whole gzip file ({_in_a_clause(error)})") from error
    if len(unpacked) > MAX_FILE_BYTES:
        raise UnreadableFile(f"unpacks to more than {MAX_FILE_BYTES // 2**20} MiB: split it")
    return unpacked


def _refused(path: str, is_link: bool) -> str | None:
    if _CONTROL.search(path):
        return "its name holds control characters: refused"
    if _LEADS_OUT.match(path.replace("\\", "/")):
        return "its path leads out of the archive: refused"
    return "is a link, and links in archives are not followed" if is_link else None


def _file_name(member: _Member) -> str:
    return re.split(r"[/\\]", member.path)[-1]


def _in_a_clause(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


FORMATS = (
    Format("ZIP", (".zip",), read_zip, member=zip_member),
    Format("TAR", (".tar", ".tgz"), read_tar, member=tar_member),
)
