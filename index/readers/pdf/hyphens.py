"""What stands between the last character of a line and the first of the next: a blank, nothing, or nothing in place of a hyphen.

A hyphen between letters at the end of a line is one that a typesetter put in, and goes, when the next line begins with a small
letter; unless the document writes the word with its hyphen in the midst of a line, and nowhere without, or the word has another
hyphen ("state-of-the-" "art"). Before a capital or a number it is the word's own ("North-" "Atlantic") and stays; in a word all of
capitals it goes if the document writes the word without it. A soft hyphen goes always.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import cached_property

_WORD = re.compile(r"\w+(?:[-‐]\w+)*")
_HYPHENATED = re.compile(r"([\w-]*[^\W\d_])[-‐]$")
_NEXT = re.compile(r"[^\W\d_]+")
_JOINS = re.compile(r"(?:\S[-‐‑–—/]|—)$")
_WIDE = re.compile(r"[\u2e80-\u312f\u3190-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")


class Join(Enum):
    BLANK = auto()
    NOTHING = auto()
    NO_HYPHEN = auto()


class Hyphens:
    """Joins lines, by the words of the document, given as the texts of its lines. `joined` counts the hyphens taken out."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self.joined = 0

    @cached_property
    def _words(self) -> set[str]:
        return {word for line in self._lines for word in _WORD.findall(line.lower())}

    def join(self, before: str, after: str) -> Join:
        """How a line goes on in the next."""
        match = _HYPHENATED.search(before)
        follows = _NEXT.match(after)
        if match and follows and self._is_put_in(match[1], follows[0]):
            self.joined += 1
            return Join.NO_HYPHEN
        if _JOINS.search(before):
            return Join.NOTHING
        ends = before[-1:] + after[:1]
        return Join.NOTHING if len(_WIDE.findall(ends)) == 2 and not _HANGUL.search(ends) else Join.BLANK

    def _is_put_in(self, first: str, second: str) -> bool:
        whole, written = (first + second).lower(), f"{first}-{second}".lower()
        if not second[0].islower():
            capitals = first.isupper() and second.isupper() and len(first) > 1
            return capitals and whole in self._words
        if whole in self._words:
            return True
        return "-" not in first and written not in self._words
