"""Plain text. The canonical text is the decoded file, every character of it."""

from __future__ import annotations

from collections.abc import Container

from index.blocks import lay_out
from index.readers.base import Reading, decode
from index.records import Document


def read(data: bytes, name: str, only: Container[str] | None = None) -> Reading:
    decoded = decode(data)
    blocks, metadata = lay_out(decoded.text)
    return Reading(decoded.encoding, iter([Document(decoded.text, blocks, metadata)]))
