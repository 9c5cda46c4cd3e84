"""The image of a page, as it is shown: turned and cut, with its annotations' looks, no action or script run."""

from __future__ import annotations

import io
from typing import Any

from index.errors import UnreadableFile
from index.readers.pdf.opening import opened

WIDEST, HIGHEST = 4000, 6000
"""Pixels of an image at the most."""


def page_image(data: bytes, page: int, width: int, passwords: tuple[str, ...] = ()) -> bytes:
    """Page `page` (counted from 0) as a PNG `width` pixels wide, less where it would be too high. Raises UnreadableFile."""
    import pypdfium2

    with opened(data, passwords) as document:
        if not 0 <= page < len(document):
            raise UnreadableFile(f"has no page {page + 1}: it has {len(document)}")
        try:
            opened_page = document[page]
            try:
                return _png(drawn(opened_page, width))
            finally:
                opened_page.close()
        except (pypdfium2.PdfiumError, ValueError, MemoryError) as error:
            raise UnreadableFile(f"page {page + 1} is damaged and cannot be drawn: get another copy") from error


def drawn(page: Any, width: int, grey: bool = False) -> Any:
    """A page as a Pillow image of that width, or as high as is allowed."""
    across, down = page.get_size()
    scale = min(min(max(width, 1), WIDEST) / max(across, 1.0), HIGHEST / max(down, 1.0))
    bitmap = page.render(scale=scale, may_draw_forms=False, grayscale=grey)
    try:
        return bitmap.to_pil().copy()
    finally:
        bitmap.close()


def _png(image: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
