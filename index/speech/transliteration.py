"""Names from other scripts and alphabets, spelt in many ways: what the ways have in common.

>>> skeleton("lukashenka") == skeleton("lukashenko"), skeleton("tokayev") == skeleton("tokaev")
(True, True)
>>> skeleton("schroeder") == skeleton("schroder"), skeleton("putin") == skeleton("pushkin")
(True, False)
"""

from __future__ import annotations

import re
from functools import lru_cache

from index import words

fold = lru_cache(maxsize=100_000)(words.fold)
"""`index.words.fold`, remembered: the words of names come again and again."""


@lru_cache(maxsize=50_000)
def skeleton(folded: str) -> str:
    """A folded name with the differences of transliteration taken out."""
    for pattern, replacement in _VARIANTS:
        folded = pattern.sub(replacement, folded)
    return folded


_VARIANTS = [
    (re.compile(pattern), replacement)
    for pattern, replacement in [
        (r"['ʼʹ’]", ""),
        (r"\b(?:ye|je)(?=\w)", "e"),
        (r"(?<=[aeiou])y(?=[eao])", ""),  # Tokayev
        (r"(?<=\w)([oau])e(?=[^aeiouy\s-]{1,3}(?:[aeiou]|$))(?<!.ue)", r"\1"),  # Schroeder, Schröder
        (r"\b(?:iu|ju)", "yu"),
        (r"(?:iy|yy|ij|yi|ii|ey|ei|ay|ai|[yij])\b", "i"),
        (r"enka\b", "enko"),
        (r"kh", "h"),
        (r"zh", "j"),
        (r"ks", "x"),
        (r"ck", "k"),
        (r"(?:ff|w)\b", "v"),
        (r"ss", "s"),
        (r"(?<=[^aeiou\W])y(?=[^aeiou\W])", "i"),
    ]
]
