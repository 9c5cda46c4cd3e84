"""A PDF opened, with what can go wrong said in a sentence; its pages' sizes and labels."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from index.errors import UnreadableFile
from index.readers.base import MAX_PAGES
from index.records import Sheet

_ENCRYPTED = (
    "is encrypted: put `password: …` into a file of its name with .meta.yaml beside it, "
    "or give a file of passwords with `--passwords FILE`"
)


@contextmanager
def opened(data: bytes, passwords: tuple[str, ...] = ()) -> Iterator[Any]:
    """The file as a pypdfium2 PdfDocument, closed at the end. Raises UnreadableFile."""
    import pypdfium2
    import pypdfium2.raw as raw

    document = None
    wrong = False
    for password in (None, *passwords):
        try:
            document = pypdfium2.PdfDocument(data, password=password)
            break
        except pypdfium2.PdfiumError as error:
            wrong = raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower()
            if not wrong:
                break
    if document is None:
        if wrong:
            raise UnreadableFile(_ENCRYPTED + (" (the passwords given do not open it)" if passwords else ""))
        what = "not a PDF" if b"%PDF" not in data[:4096] else "a damaged PDF that cannot be opened"
        raise UnreadableFile(f"{what}: get another copy, or print it to a new PDF")
    try:
        count = len(document)
        if count > MAX_PAGES:
            raise UnreadableFile(f"has {count} pages, more than {MAX_PAGES}: split it")
        yield document
    finally:
        document.close()


def opened_page(document: Any, number: int) -> tuple[Any, bool]:
    """A page, and whether it has form fields or typed notes, which then are part of its text. Raises PdfiumError."""
    import pypdfium2.raw as raw

    page = document[number]
    if not any(
        _subtype(page, i) in (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT)
        for i in range(raw.FPDFPage_GetAnnotCount(page))
    ):
        return page, False
    # What is filled in stands in annotations; PDFium can make them part of the page, which has to be opened again.
    flattened = raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS
    if not flattened:
        return page, False
    page.close()
    return document[number], True


def _subtype(page: Any, index: int) -> int:
    import pypdfium2.raw as raw

    annotation = raw.FPDFPage_GetAnnot(page, index)
    if not annotation:
        return 0
    try:
        return int(raw.FPDFAnnot_GetSubtype(annotation))
    finally:
        raw.FPDFPage_CloseAnnot(annotation)


def label(document: Any, number: int) -> str:
    """What is printed for a page by the document's own labels; its count from 1 where there are none."""
    import pypdfium2.raw as raw

    size = raw.FPDF_GetPageLabel(document, number, None, 0)
    if size <= 2 or size > 400:
        return str(number + 1)
    buffer = ctypes.create_string_buffer(size)
    raw.FPDF_GetPageLabel(document, number, buffer, size)
    return " ".join(buffer.raw[: size - 2].decode("utf-16-le", "replace").split()) or str(number + 1)


def sheet(page: Any) -> Sheet:
    """The part of a page that is shown, and its turn."""
    return Sheet(*_shown(page), page.get_rotation() % 360)


def _shown(page: Any) -> tuple[float, float, float, float]:
    media, crop = _whole(page.get_mediabox()), _whole(page.get_cropbox())
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    return (left, bottom, right, top) if right > left and top > bottom else media


def _whole(box: tuple[float, float, float, float] | None) -> tuple[float, float, float, float]:
    if box is None or not all(map(math.isfinite, box)) or box[0] == box[2] or box[1] == box[3]:
        return (0.0, 0.0, 612.0, 792.0)
    return min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3])
