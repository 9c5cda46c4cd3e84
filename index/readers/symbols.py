"""The characters of fonts that have signs in the places of letters, as far as they are common in documents.

Such a sign is kept by its place in the font, from U+F000 where it is in Unicode's range for private use.
"""

from __future__ import annotations

_WINGDINGS = dict(
    zip(b"\x4a\x6c\x6e\x6f\x76\xa7\xa8\xd8\xdf\xe0\xe8\xf0\xfb\xfc\xfd\xfe", "☺●■□❖▪◻➢←→➔⇨✗✓☒☑", strict=True)
)
_SYMBOL = dict(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True))
_SYMBOL |= dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True))
_SYMBOL |= dict(zip(b"\xa3\xa5\xae\xb0\xb1\xb3\xb4\xb7\xb9\xbb\xbc\xde", "≤∞→°±≥×•≠≈…⇒", strict=True))
_FONTS = {"wingdings": _WINGDINGS, "symbol": _SYMBOL}

UNKNOWN = "\ufffd"


def sign(code: int, font: str | None) -> str:
    """The character at a place of a font, U+FFFD if it has none.

    >>> sign(0xF0FC, "Wingdings"), sign(0x62, "Symbol"), sign(0x2713, "Segoe UI Symbol"), sign(0xF0AA, "Webdings")
    ('✓', 'β', '✓', '�')
    """
    if code >> 8 in (0, 0xF0):
        known = _FONTS.get((font or "").lower(), {}).get(code & 0xFF)
        if known:
            return known
    is_character = 0 < code < 0x110000 and not 0xE000 <= code <= 0xF8FF and chr(code).isprintable()
    return chr(code) if is_character else UNKNOWN
