"""Plain text. The canonical text is the decoded file, every character of it."""

from __future__ import annotations

from index.blocks import lay_out
from index.readers.base import Format, Options, Reading, decode
from index.records import Document


def read(data: bytes, name: str, options: Options = Options()) -> Reading:
    decoded = decode(data)
    blocks, metadata = lay_out(decoded.text)
    return Reading(decoded.encoding, iter([Document(decoded.text, blocks, metadata)]))


FORMATS = (Format("plain text", (".txt", ".text"), read, parsed=False),)
