"""The names of files in archives, which for thirty years were bytes in whatever encoding the maker's machine had.

A ZIP entry says that its name is UTF-8, or brings it again in UTF-8 (Info-ZIP's "Unicode Path" field), or says nothing: the
standard's cp437 then, but mostly UTF-8 all the same, or the code page of the maker's country, which all names together tell best.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Sequence

from index.errors import UnreadableFile
from index.readers.base import decode

_IS_UTF8 = 0x800
_UNICODE_PATH = 0x7075


def names_in_zip(infos: Sequence[zipfile.ZipInfo]) -> tuple[list[str], str | None]:
    """The names of some entries, in their order, and a note on how they were read where that was a guess."""
    # zipfile has read as cp437, which loses nothing, what is not said to be UTF-8. It ends a name at a NUL, the original does not.
    raw = [i.orig_filename.encode("utf-8" if i.flag_bits & _IS_UTF8 else "cp437", "replace") for i in infos]
    sure = [i.orig_filename if i.flag_bits & _IS_UTF8 else _unicode_path(i, name) for i, name in zip(infos, raw)]
    encoding = _encoding_of([name for name, known in zip(raw, sure) if known is None])
    names = [known if known is not None else name.decode(encoding, "replace") for name, known in zip(raw, sure)]
    if encoding == "utf-8":
        return names, None
    return names, f"The archive does not tell the encoding of its file names; they are read as {encoding}."


def name_in_tar(name: str) -> str:
    """A name that tarfile has decoded as UTF-8, with what is none as half surrogates."""
    raw = name.encode("utf-8", "surrogateescape")
    return raw.decode(_encoding_of([raw]), "replace")


def _encoding_of(names: Sequence[bytes]) -> str:
    try:
        for name in names:
            name.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        encoding = decode(b"\n".join(names).replace(b"\0", b"")).encoding
        return encoding.split()[0] if encoding.endswith("(detected)") else "cp437"
    except UnreadableFile:
        return "cp437"


def _unicode_path(info: zipfile.ZipInfo, raw: bytes) -> str | None:
    extra = info.extra
    while len(extra) >= 4:
        kind, length = struct.unpack("<HH", extra[:4])
        field, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _UNICODE_PATH and field[:5] == struct.pack("<BL", 1, zlib.crc32(raw)):
            try:
                return field[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
    return None
