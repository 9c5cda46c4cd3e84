"""The characters of every page of a file, read from its text or, if asked for, recognised on its image; a page that cannot be read
costs only itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from index.readers.base import Problem
from index.readers.pdf.glyphs import DAMAGED, Glyphs, covered_by_image, nothing, page_glyphs
from index.readers.pdf.ocr import need_tesseract, recognised
from index.readers.pdf.opening import label, opened_page, sheet
from index.records import Sheet

_SOUP = 0.4  # a page of which more than this share has no letters behind its glyphs is not read
_LITTLE = 80  # characters: less on an image of the whole page is a stamp on a scan


@dataclass(slots=True)
class Pages:
    """An entry a page in `glyphs`, `sheets` and `labels`; of the others, which pages, counted from 0.

    `empty`: something is drawn on them, but no text. `poor`: an image, with a stamp. `soup`: their letters are not told. `scanned`:
    the text lies invisible behind an image. `recognised`: OCR was made here; `tried`: in vain. `filled`: form fields are part of
    them. `unseen` counts invisible characters.
    """

    glyphs: list[Glyphs] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    poor: list[int] = field(default_factory=list)
    soup: list[int] = field(default_factory=list)
    scanned: list[int] = field(default_factory=list)
    recognised: list[int] = field(default_factory=list)
    tried: list[int] = field(default_factory=list)
    filled: list[int] = field(default_factory=list)
    unseen: int = 0


def read_pages(pdf: Any, ocr: bool) -> Pages:
    """The pages of an open file. Raises UnreadableFile where OCR is asked for and needed, and there is no Tesseract."""
    import pypdfium2

    found = Pages()
    for number in range(len(pdf)):
        found.labels.append(label(pdf, number))
        try:
            page, fields = opened_page(pdf, number)
        except pypdfium2.PdfiumError:
            found.problems.append(Problem(f"page {number + 1}", "is damaged and cannot be read: get another copy"))
            found.glyphs.append(nothing())
            found.sheets.append(Sheet(0, 0, 612, 792))
            continue
        try:
            found.sheets.append(sheet(page))
            found.glyphs.append(_glyphs(page, number, found, ocr))
            if fields:
                found.filled.append(number)
        finally:
            page.close()
    return found


def _glyphs(page: Any, number: int, found: Pages, ocr: bool) -> Glyphs:
    shown = found.sheets[number]
    box = (shown.left, shown.bottom, shown.right, shown.top)
    glyphs = page_glyphs(page, box)
    if glyphs.hidden.any():
        # Behind a scan stands what was recognised on it; elsewhere text that nobody sees is not read.
        if glyphs.hidden.mean() > 0.5 or covered_by_image(page, box):
            found.scanned.append(number)
        else:
            found.unseen += int(glyphs.hidden.sum())
            glyphs = glyphs.taken(~glyphs.hidden)
    lack = _lack(page, glyphs, box, found)
    if lack is None:
        return glyphs
    if ocr:
        need_tesseract()
        read = _by_ocr(page, shown)
        if len(read) > len(glyphs) or lack is found.soup and len(read):
            found.recognised.append(number)
            return read
        found.tried.append(number)
    lack.append(number)
    return nothing() if lack is found.soup else glyphs


def _by_ocr(page: Any, shown: Sheet) -> Glyphs:
    import pypdfium2

    try:
        return recognised(page, shown)
    except (pypdfium2.PdfiumError, ValueError, MemoryError):  # a page that cannot be drawn
        return nothing()


def _lack(page: Any, glyphs: Glyphs, box: tuple[float, float, float, float], found: Pages) -> list[int] | None:
    """What is amiss with a page's text: the list it belongs in."""
    if not len(glyphs):
        return found.empty if has_marks(page) else None
    if (glyphs.codes == DAMAGED).mean() > _SOUP:
        return found.soup
    return found.poor if len(glyphs) < _LITTLE and not glyphs.hidden.any() and covered_by_image(page, box) else None


def has_marks(page: Any) -> bool:
    """Whether anything is drawn on a page."""
    import pypdfium2.raw as raw

    return raw.FPDFPage_CountObjects(page) > 0 or raw.FPDFPage_GetAnnotCount(page) > 0
