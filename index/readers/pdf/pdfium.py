"""PDFium's functions for text, as bare C prototypes that take addresses as plain numbers.

They are called for every character, and write straight into arrays; pypdfium2's own, which check and convert pointers, take several
times as long.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any


@cache
def prototypes() -> dict[str, Any]:
    """PDFium's functions with addresses passed as plain numbers."""
    import pypdfium2.raw as raw

    address, number = ctypes.c_void_p, ctypes.c_int
    signatures: dict[str, tuple[str, Any, tuple[Any, ...]]] = {
        "LoadPage": ("FPDFText_LoadPage", address, (address,)),
        "ClosePage": ("FPDFText_ClosePage", None, (address,)),
        "CountChars": ("FPDFText_CountChars", number, (address,)),
        "GetUnicode": ("FPDFText_GetUnicode", ctypes.c_uint, (address, number)),
        "GetTextObject": ("FPDFText_GetTextObject", address, (address, number)),
        "HasUnicodeMapError": ("FPDFText_HasUnicodeMapError", number, (address, number)),
        "GetCharBox": ("FPDFText_GetCharBox", number, (address, number, *[address] * 4)),
        "GetLooseCharBox": ("FPDFText_GetLooseCharBox", number, (address, number, address)),
        "GetCharOrigin": ("FPDFText_GetCharOrigin", number, (address, number, address, address)),
        "GetMatrix": ("FPDFText_GetMatrix", number, (address, number, address)),
        "GetFontSize": ("FPDFText_GetFontSize", ctypes.c_double, (address, number)),
        "GetFontWeight": ("FPDFText_GetFontWeight", number, (address, number)),
        "ObjectFont": ("FPDFTextObj_GetFont", address, (address,)),
        "RenderMode": ("FPDFTextObj_GetTextRenderMode", number, (address,)),
        "FontName": ("FPDFFont_GetBaseFontName", ctypes.c_size_t, (address, address, ctypes.c_size_t)),
    }
    return {
        name: ctypes.CFUNCTYPE(result, *arguments)(ctypes.cast(getattr(raw, function), address).value)
        for name, (function, result, arguments) in signatures.items()
    }
