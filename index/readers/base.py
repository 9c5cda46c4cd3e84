"""What every reader gives, and how bytes become text."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

from index.errors import UnreadableFile
from index.records import Document

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


_OTHERS = {
    b"%PDF-": "a PDF",
    b"{\\rtf": "an RTF file",
    b"PK\x03\x04": "a ZIP or office file",
    b"\xd0\xcf\x11\xe0": "an old office file",
}
"""How files begin that are no text, and what they are."""

_AS_BROWSERS_READ = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "euc_kr": "cp949"}
_AS_BROWSERS_READ |= {"gb2312": "gb18030", "gbk": "gb18030"}
"""Encodings that web pages name when they mean a larger one (WHATWG Encoding Standard)."""

_COMMONEST = ("cp1252", "cp1251")
"""Which to take of several that the detector finds equally likely."""


MAX_FILE_BYTES = 512 * 1024 * 1024
"""A file larger than this, packed or unpacked, is refused rather than read into memory."""

MAX_PAGES = 10_000
MAX_MEMBERS = 10_000
MAX_DEPTH = 3
"""Of a file of files: how many it may hold, and how deep one may lie in another."""


NEEDS_OCR = "needs OCR"
ENCRYPTED = "is encrypted"
"""What stands in reasons for which a file is tried again when there is a way to read it."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a reader is told beside a file's bytes and name.

    `only`: the records that are wanted of a file of many, None for all. `passwords`: to be tried on an encrypted file, in order.
    `ocr`: recognise text on pages that have none. `depth`: how many files this one lies in.
    """

    only: Container[str] | None = None
    passwords: tuple[str, ...] = ()
    ocr: bool = False
    depth: int = 0

    def hope(self, reason: str) -> bool:
        """Whether a file that was refused for a reason may be read now."""
        return self.ocr and NEEDS_OCR in reason or bool(self.passwords) and ENCRYPTED in reason

    def wants(self, record: str) -> bool:
        return self.only is None or record in self.only


@dataclass(frozen=True, slots=True)
class Problem:
    """A record that could not be read: where in the file, and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The encoding of a file, with how it was known, and its documents and problems, read as they are asked for."""

    encoding: str
    items: Iterator[Document | Problem]


Reader = Callable[[bytes, str, Options], Reading]
"""A file's bytes, its name (the suffix tells the format, and .gz is taken off already) and the options to what it holds. Raises
UnreadableFile for a file that gives nothing; a bad record among good ones becomes a Problem and costs only itself."""

Member = Callable[[bytes, str, str, Options], tuple[bytes, str, str | None]]
"""Of a file of files: the bytes and the name of the file that a record is of, and the record's name within that, if it is one of
many there too. Raises UnreadableFile."""


@dataclass(frozen=True, slots=True)
class Format:
    """What a module of `readers` reads. `name` is what people call it.

    `parsed`: somebody else's format is taken apart, so that it happens in a process of its own, and what is drawn out is kept; else
    the text is the file's own, and it is decoded again whenever it is to be proved.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Reader
    parsed: bool = True
    member: Member | None = None


# What text files are found in; left to itself, detection takes Russian for Japanese and quotation marks for Cyrillic.
_IN_USE = ["cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r", "koi8_u", "cp866"]
_IN_USE += ["iso8859_2", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"]


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    encoding: str
    """Name of the encoding and how it was known: "utf-8", "windows-1251 (declared)", "cp1252 (detected)",
    "utf-8 (1 damaged)": bytes that are no UTF-8 stand as U+FFFD."""


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Bytes to text, every character kept, line ends too. In order: byte order mark, strict UTF-8, declared, UTF-8 with
    damage, detected.

    A byte order mark is part of the encoding, not of the text. Raises UnreadableFile for what is no text.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            try:
                return Decoded(data[len(mark) :].decode(name), f"{name} (byte order mark)")
            except UnicodeDecodeError:
                break
    other = next((kind for start, kind in _OTHERS.items() if data.startswith(start)), None)
    if other:
        raise UnreadableFile(f"is {other}, though its name does not say so: rename it")
    if b"\0" in data[:65536]:
        raise UnreadableFile("not a text file (it holds NUL bytes)")
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    if declared:
        try:
            codec = codecs.lookup(declared).name
            # What tells its encoding in ASCII letters is not in UTF-16.
            if not codec.startswith(("utf-16", "utf-32")):
                return Decoded(data.decode(_AS_BROWSERS_READ.get(codec, codec)), f"{declared.lower()} (declared)")
        except (LookupError, UnicodeError):
            pass
    mended = data.decode("utf-8", "replace")
    wrong = mended.count("\ufffd") - data.count("\ufffd".encode())
    # UTF-8 that was damaged: far more of its many-byte characters are right than wrong, as in no other encoding.
    if sum(c > "\x7f" for c in mended) - wrong > wrong:
        return Decoded(mended, f"utf-8 ({wrong} damaged)")
    import charset_normalizer

    found = charset_normalizer.from_bytes(data, cp_isolation=_IN_USE)
    best = found.best()
    if best is None:
        raise UnreadableFile("its encoding is not known: save it as UTF-8")
    alike = {m.encoding: m for m in found if (m.chaos, m.coherence) == (best.chaos, best.coherence)}
    best = next((alike[name] for name in _COMMONEST if name in alike), best)
    try:
        return Decoded(data.decode(best.encoding), f"{best.encoding} (detected)")
    except UnicodeDecodeError as error:
        raise UnreadableFile("its encoding is not known: save it as UTF-8") from error
