"""The headers of a mail as people read them.

The standard library's own parser of headers stops at some that are broken. Here, whatever their bytes are becomes some text.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re
from email.message import Message
from itertools import groupby
from operator import itemgetter

from index.errors import UnreadableFile
from index.readers.base import Decoded, decode

_ENCODED_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[\w-]*)?\?([bBqQ])\?([^?]*)\?=")
_STATEFUL = ("iso2022", "utf_7", "utf-7", "hz", "utf-16", "utf_16", "utf-32", "utf_32")
"""Encodings whose bytes are mostly ASCII, or hold NULs: what says that it is in one of them is not tried as UTF-8 first."""


def headers(message: Message, name: str) -> list[str]:
    """The values of every header of that name, as people read them, in one line each."""
    found = []
    for key, raw in message.raw_items():
        if key.lower() == name:
            found.append(" ".join(unfolded(str(raw)).split()))
    return [value for value in found if value]


def header(message: Message, name: str) -> str:
    return next(iter(headers(message, name)), "")


def unfolded(raw: str) -> str:
    """A header's value with its encoded words (RFC 2047) decoded; of adjacent words of one encoding the bytes are joined first,
    since some programs part a character between two."""
    text = decoded(raw.encode("utf-8", "surrogateescape")).text
    pieces: list[str] = []
    waiting: list[tuple[str, bytes]] = []
    end = 0

    def flush() -> None:
        for charset, words in groupby(waiting, key=itemgetter(0)):
            pieces.append(decoded(b"".join(word for _, word in words), charset).text)
        waiting.clear()

    for match in _ENCODED_WORD.finditer(text):
        between = text[end : match.start()]
        if between.strip() or not waiting:
            flush()
            pieces.append(between)
        waiting.append((match[1].lower(), _bytes_of(match[2], match[3])))
        end = match.end()
    flush()
    return "".join([*pieces, text[end:]])


def _bytes_of(how: str, word: str) -> bytes:
    raw = word.encode("utf-8", "surrogateescape")
    if how in "qQ":
        return quopri.decodestring(raw.replace(b"_", b" "), header=False)
    try:
        return base64.b64decode(raw + b"===")
    except (binascii.Error, ValueError):
        return raw


def decoded(data: bytes, charset: str | None = None) -> Decoded:
    """Bytes to text, in the encoding that is declared or another in which they make sense; half surrogates become U+FFFD."""
    if charset and _codec(charset).startswith(_STATEFUL):
        try:
            text = data.decode(charset)
            return Decoded(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), f"{charset} (declared)")
        except (UnicodeError, LookupError, ValueError):
            pass
    try:
        return decode(data.replace(b"\0", b""), charset)
    except (UnreadableFile, ValueError):
        return Decoded(data.decode("utf-8", "replace"), "utf-8 (damaged)")


def _codec(charset: str) -> str:
    try:
        return codecs.lookup(charset).name
    except (LookupError, ValueError):
        return ""
