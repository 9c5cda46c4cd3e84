"""The characters of one page with their boxes, as PDFium tells them, in the order of the content stream.

PDFium is asked once a character; what is the same for a whole text object (font, size, turn) is asked once an object. All measures
are points of the page's user space, before the page is turned.

PDFium spells ligatures out, as letters that share the glyph's box; puts right-to-left runs into the order of reading; marks a
hyphen that ends a line with U+0002 (U+FFFE in its own text); and gives characters beyond the BMP as two surrogates.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import numpy as np

from index.readers.pdf.pdfium import prototypes

DAMAGED = 0xFFFD
_HYPHENS = (0x02, 0xFFFE, 0xAD)
_SYMBOLS = {0xF0B7: 0x2022, 0xF0A7: 0x25AA, 0xF0D8: 0x27A2, 0xF0FC: 0x2713, 0xF0A8: 0x25AB}
"""Bullets of Symbol and Wingdings, which are found in the private use area at their place in the font."""
_GRAIN = 1.0
"""Points: the cells in which the same letter is looked for twice; then its distance has to be small against its size, too."""
_INVISIBLE = 3  # text rendering mode 3: neither filled nor stroked
_IMAGE = 3  # FPDF_PAGEOBJ_IMAGE


@dataclass(frozen=True, slots=True, eq=False)
class Glyphs:
    """The visible characters of a page that are no blanks, in the stream's order, an entry each in every array.

    `boxes`: left, bottom, right, top. `origins`: x and y on the baseline. `sizes`: height of the font as shown. `angles`: degrees
    counter-clockwise of the direction in which the text runs, less 360 in mirror writing. `spaced`: a blank or a line's end stands
    before it.
    """

    codes: np.ndarray
    boxes: np.ndarray
    origins: np.ndarray
    sizes: np.ndarray
    angles: np.ndarray
    bold: np.ndarray
    hidden: np.ndarray
    spaced: np.ndarray
    hyphens: np.ndarray
    overprinted: int = 0
    outside: int = 0

    def __len__(self) -> int:
        return len(self.codes)

    def taken(self, which: np.ndarray, **counts: int) -> Glyphs:
        """Those glyphs alone; a blank before one that is left out stands before the next."""
        arrays = {name: getattr(self, name)[which] for name in _ARRAYS}
        numbers = np.cumsum(self.spaced)[which]
        arrays["spaced"] = np.diff(numbers, prepend=0) > 0
        return Glyphs(**arrays, **({"overprinted": self.overprinted, "outside": self.outside} | counts))


_ARRAYS = ("codes", "boxes", "origins", "sizes", "angles", "bold", "hidden", "spaced", "hyphens")


def page_glyphs(page: Any, shown: tuple[float, float, float, float]) -> Glyphs:
    """The characters of a page (a pypdfium2 PdfPage); `shown` is the part of it that is seen: left, bottom, right, top."""
    ask = prototypes()
    textpage = ask["LoadPage"](ctypes.cast(page.raw, ctypes.c_void_p).value)
    if not textpage:
        return nothing()
    try:
        glyphs = _asked(ask, textpage)
    finally:
        ask["ClosePage"](textpage)
    return _without_overprint(_within(glyphs, shown))


def _asked(ask: dict[str, Any], textpage: int) -> Glyphs:
    count = ask["CountChars"](textpage)
    if count <= 0:
        return nothing()
    every = range(count)
    unicode, object_of, unmapped = ask["GetUnicode"], ask["GetTextObject"], ask["HasUnicodeMapError"]
    codes = np.fromiter((unicode(textpage, i) for i in every), np.uint32, count)
    objects = [object_of(textpage, i) or 0 for i in every]
    blank = _is_blank(codes)
    boxes, origins = np.zeros((count, 4)), np.zeros((count, 2))
    box_of, origin_of, box_at, origin_at = (
        ask["GetCharBox"],
        ask["GetCharOrigin"],
        boxes.ctypes.data,
        origins.ctypes.data,
    )
    wrong = np.zeros(count, bool)
    for i in np.flatnonzero(~blank | (codes < 0x20)).tolist():
        at = box_at + 32 * i
        box_of(textpage, i, at, at + 16, at + 8, at + 24)  # PDFium's order: left, right, bottom, top
        origin_of(textpage, i, origin_at + 16 * i, origin_at + 16 * i + 8)
        wrong[i] = unmapped(textpage, i) > 0
    sizes, angles, bold, hidden, fonts = _of_objects(ask, textpage, objects)
    hyphens = np.isin(codes, _HYPHENS) & ~wrong
    blank &= ~(wrong & (codes < 0x20))
    codes[wrong & _is_guess(codes, wrong, fonts)] = DAMAGED
    codes[hyphens] = ord("-")
    codes, joined = _whole_characters(codes)
    _fill_empty_boxes(ask, textpage, boxes, ~blank)
    spaced = np.zeros(count, bool)
    spaced[1:] = blank[:-1]
    keep = ~blank & ~joined & np.isfinite(boxes).all(axis=1) & (sizes > 0)
    all_ = Glyphs(codes, boxes, origins, sizes, angles, bold, hidden, spaced, hyphens)
    return all_.taken(keep)


def _is_blank(codes: np.ndarray) -> np.ndarray:
    """Blanks, and control characters that show nothing; not U+0000, a glyph without a letter, nor U+0002, a hyphen."""
    blank = (codes <= 0x20) & (codes != 0) & (codes != 0x02) | (codes >= 0x7F) & (codes <= 0xA0)
    blank |= (codes >= 0x2000) & (codes <= 0x200B) | (codes == 0x202F) | (codes == 0x205F) | (codes == 0x3000)
    return blank | (codes == 0x2028) | (codes == 0x2029) | (codes == 0xFEFF) | (codes == 0x1680)


def _is_guess(codes: np.ndarray, wrong: np.ndarray, fonts: np.ndarray) -> np.ndarray:
    """Which characters of fonts that do not tell their letters are not those that PDFium guesses.

    It then takes a glyph's number for the letter's code, which is right in fonts of one byte a letter, and elsewhere gives soup
    ("6XPPD" for "Summa"). What reads like words is taken: mostly small letters, or capitals with vowels among them.
    """
    guess = np.zeros(len(codes), bool)
    for font in np.unique(fonts[wrong]):
        those = wrong & (fonts == font)
        text = codes[those].clip(0, 0x10FFFF).astype("<u4").tobytes().decode("utf-32-le", "replace")
        letters = [c for c in text if c.isalpha() and c < "\u0250"]
        small, vowels = sum(c.islower() for c in letters), sum(c in "aeiouyAEIOUY" for c in letters)
        odd = sum(not (c.isalnum() or c in " .,:;-'\"()/?!&%$€§") or "\u0180" <= c < "\u0370" for c in text)
        like_words = small > 0.5 * len(letters) or 0.2 * len(letters) < vowels < 0.7 * len(letters)
        guess |= those & ((codes < 0x20) | (not (like_words and odd <= 0.2 * len(text))))
    return guess


def _whole_characters(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Codes with surrogates put together and all that is no character as U+FFFD; and which second halves are joined away."""
    high = (codes >= 0xD800) & (codes < 0xDC00)
    low = (codes >= 0xDC00) & (codes < 0xE000)
    pair = high & np.append(low[1:], False)
    joined = np.append(False, pair[:-1])
    after = np.append(codes[1:], 0)
    codes = np.where(pair, 0x10000 + ((codes - 0xD800) << 10) + (after - 0xDC00), codes).astype(np.uint32)
    for private, symbol in _SYMBOLS.items():
        codes[codes == private] = symbol
    no_character = (
        (codes == 0) | (codes >= 0xD800) & (codes < 0xF900) | (codes > 0x10FFFF) | ((codes & 0xFFFE) == 0xFFFE)
    )
    no_character |= codes >= 0xF0000
    codes[no_character] = DAMAGED
    return codes, joined


def _of_objects(ask: dict[str, Any], textpage: int, objects: list[int]) -> tuple[np.ndarray, ...]:
    """Size, turn, boldness, invisibility and (by number) font, asked at the first character of each text object."""
    import pypdfium2.raw as raw

    known: dict[int, tuple[float, float, bool, bool, float]] = {0: (0.0, 0.0, False, False, 0.0)}
    names: dict[int, bool] = {}
    matrix = (ctypes.c_float * 6)()
    at = ctypes.addressof(matrix)
    for i, address in enumerate(objects):
        if address in known:
            continue
        ask["GetMatrix"](textpage, i, at)
        a, b, c, d = matrix[:4]
        size = ask["GetFontSize"](textpage, i) * float(np.hypot(c, d))
        angle = round(float(np.degrees(np.arctan2(b, a)))) % 360 if a or b else 0
        angle -= 360 if a * d - b * c < 0 else 0
        font = ask["ObjectFont"](address) or 0
        if font not in names:
            name = ctypes.create_string_buffer(256)
            length = ask["FontName"](font, ctypes.addressof(name), 256) if font else 0
            names[font] = bool(length) and any(word in name.value.lower() for word in (b"bold", b"black", b"heavy"))
        mode = ask["RenderMode"](address)
        bold = names[font] or (ask["GetFontWeight"](textpage, i) >= 600) or mode == raw.FPDF_TEXTRENDERMODE_FILL_STROKE
        known[address] = (size, angle, bold, mode == _INVISIBLE, float(list(names).index(font)))
    columns = np.array([known[o] for o in objects], float)
    return columns[:, 0], columns[:, 1], columns[:, 2] > 0, columns[:, 3] > 0, columns[:, 4]


def _fill_empty_boxes(ask: dict[str, Any], textpage: int, boxes: np.ndarray, wanted: np.ndarray) -> None:
    """A glyph that has no outline gets the room its font gives it."""
    empty = wanted & ((boxes[:, 2] - boxes[:, 0] <= 0) | (boxes[:, 3] - boxes[:, 1] <= 0))
    loose = (ctypes.c_float * 4)()
    for i in np.flatnonzero(empty).tolist():
        if ask["GetLooseCharBox"](textpage, i, ctypes.addressof(loose)):
            left, top, right, bottom = loose
            boxes[i] = min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def _within(glyphs: Glyphs, shown: tuple[float, float, float, float]) -> Glyphs:
    x, y = (glyphs.boxes[:, 0] + glyphs.boxes[:, 2]) / 2, (glyphs.boxes[:, 1] + glyphs.boxes[:, 3]) / 2
    inside = (x >= shown[0]) & (x <= shown[2]) & (y >= shown[1]) & (y <= shown[3])
    return glyphs if inside.all() else glyphs.taken(inside, outside=int((~inside).sum()))


def _without_overprint(glyphs: Glyphs) -> Glyphs:
    """Without characters that are printed a second time at (nearly) the same place, to look bold or to cast a shadow."""
    if len(glyphs) < 2:
        return glyphs
    again = np.zeros(len(glyphs), bool)
    # An `ffi` is three letters at one place, `ff` twice the same: letters of one glyph follow each other and share its box.
    same_glyph = np.append(
        False, (np.diff(glyphs.boxes, axis=0) == 0).all(axis=1) & (np.diff(glyphs.origins, axis=0) == 0).all(axis=1)
    )
    glyph = np.cumsum(~same_glyph)
    count = np.arange(len(glyphs))
    nth = count - np.maximum.accumulate(np.where(same_glyph, 0, count))
    for shift in (0.0, 0.5):  # what lies on either side of a border between cells shares one of the shifted cells
        cells = np.floor(glyphs.origins / _GRAIN + shift).astype(np.int64)
        keys = (
            (((cells[:, 0] & 0xFFFFF) << 20 | cells[:, 1] & 0xFFFFF) << 23)
            | glyphs.codes.astype(np.int64) << 2
            | nth & 3
        )
        _, first, where = np.unique(keys, return_index=True, return_inverse=True)
        if len(first) == len(keys):
            continue
        mate = first[where]
        apart = np.abs(glyphs.origins[mate] - glyphs.origins).max(axis=1)
        alike = (np.abs(glyphs.sizes[mate] - glyphs.sizes) < 0.05 * glyphs.sizes) & (apart < 0.12 * glyphs.sizes)
        again |= (glyph[mate] != glyph) & alike & (glyphs.angles[mate] == glyphs.angles)
    return glyphs.taken(~again, overprinted=int(again.sum())) if again.any() else glyphs


def covered_by_image(page: Any, shown: tuple[float, float, float, float]) -> bool:
    """Whether one image fills most of the page, as on a scan."""
    area = (shown[2] - shown[0]) * (shown[3] - shown[1])
    for number, found in enumerate(page.get_objects(filter=(_IMAGE,), max_depth=3)):
        left, bottom, right, top = found.get_bounds()
        width = min(right, shown[2]) - max(left, shown[0])
        height = min(top, shown[3]) - max(bottom, shown[1])
        if width > 0 and height > 0 and width * height > 0.5 * area:
            return True
        if number > 200:
            break
    return False


def nothing() -> Glyphs:
    flat, flag = np.zeros(0), np.zeros(0, bool)
    return Glyphs(flat.astype(np.uint32), np.zeros((0, 4)), np.zeros((0, 2)), flat, flat, flag, flag, flag, flag)
