"""What is kept of a document that was drawn out of its file: the text and what the reader knew of it, packed into bytes.

A reader of somebody else's format works once, when the file is read. What it drew out belongs to the digest of the file's bytes:
while a file has that digest, this is what it says, and no hostile file is taken apart while somebody waits for an answer.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING

from index.records import Block, Document, Layout, Locator, Metadata, Sheet, Span, Voice

if TYPE_CHECKING:
    import numpy as np

_UNITS = 64  # of a box's edges in a point: finer than any printer
_NOWHERE = -(2**31)


def packed(document: Document) -> bytes:
    """Text, blocks and voices; the rest has columns of its own."""
    blocks = [[b.kind, b.span.start, b.span.end, b.paragraph] for b in document.blocks]
    voices = [[v.span.start, v.span.end, v.name] for v in document.voices]
    return zlib.compress(json.dumps([document.text, blocks, voices], ensure_ascii=False).encode())


def unpacked(body: bytes, metadata: Metadata, fidelity: str, record: str | None, locators: str, notes: str) -> Document:
    """The document again, without its layout. Raises ValueError for bytes that are damaged."""
    try:
        text, blocks, voices = json.loads(zlib.decompress(body))
        return Document(
            text,
            tuple(Block(kind, Span(start, end), paragraph) for kind, start, end, paragraph in blocks),
            metadata,
            fidelity,  # type: ignore[arg-type]
            record,
            unpacked_locators(locators),
            tuple(Voice(Span(start, end), name) for start, end, name in voices),
            tuple(json.loads(notes)),
        )
    except (zlib.error, TypeError) as error:
        raise ValueError(str(error)) from error


def packed_locators(locators: tuple[Locator, ...]) -> str:
    return json.dumps([[x.start, x.kind, x.label, x.number, x.until] for x in locators], ensure_ascii=False)


@lru_cache(maxsize=256)
def unpacked_locators(locators: str) -> tuple[Locator, ...]:
    return tuple(Locator(*x) for x in json.loads(locators))


def packed_layout(layout: Layout) -> bytes:
    """Edges are rounded to 1/64 point."""
    import numpy as np

    edges = np.where(np.isnan(layout.boxes), _NOWHERE, np.rint(layout.boxes * _UNITS)).astype(np.int32)
    sheets = json.dumps([asdict(s) for s in layout.sheets]).encode()
    columns = _steps(np.column_stack([layout.pages.astype(np.int32), edges]))
    return zlib.compress(len(sheets).to_bytes(4, "little") + sheets + columns.T.tobytes())


def unpacked_layout(data: bytes) -> Layout:
    """Raises ValueError for bytes that are damaged."""
    import numpy as np

    try:
        data = zlib.decompress(data)
        size = int.from_bytes(data[:4], "little")
        sheets = tuple(Sheet(**s) for s in json.loads(data[4 : 4 + size]))
        columns = np.frombuffer(data, np.int32, offset=4 + size).reshape(5, -1)
    except (zlib.error, TypeError) as error:
        raise ValueError(str(error)) from error
    values = np.cumsum(columns, axis=1, dtype=np.int32).T
    edges = values[:, 1:]
    boxes = np.where(edges == _NOWHERE, np.nan, edges / np.float32(_UNITS)).astype(np.float32)
    return Layout(sheets, values[:, 0].copy(), boxes)


def _steps(values: np.ndarray) -> np.ndarray:
    """Each row less the one before, modulo 2³²: what goes on evenly packs well."""
    steps = values.copy()
    steps[1:] -= values[:-1]
    return steps
