"""What stands between the last character of a line and the first of the next: a blank, nothing, or nothing in place of a hyphen.

A hyphen between letters at the end of a line is one that a typesetter put in, and goes, when the next line begins with a small
letter; unless the document writes the word with its hyphen in the midst of a line, and nowhere without, or the word has another
hyphen ("state-of-the-" "art"), or one of its parts is one that English compounds have ("well-" "known", "state-" "owned", "twenty-"
"one"), or both parts are English words and together they make none ("mixed-" "mode"). Before a capital or a number it is the
word's own ("North-" "Atlantic") and stays, as it does after capitals ("EU-" "wide"); in a word all of capitals it goes if the
document writes the word without it. A soft hyphen at the end of a line is shown as a hyphen, and is taken for one.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import cached_property

_WORD = re.compile(r"\w+(?:[-‐]\w+)*")
_HYPHENATED = re.compile(r"([\w-]*[^\W\d_])[-‐]$")
_NEXT = re.compile(r"[^\W\d_]+")
_JOINS = re.compile(r"\S[-‐‑–—/]$")
_COMPOUND = re.compile(
    r"(?:well|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-[a-z]+|so-called|self-(?!ish|less)[a-z]+"
    r"|(?!inter)[a-z]{4,}-(?:based|led|backed|owned|controlled|term|level|ranking|profile|scale|elect|related)"
)
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

    @cached_property  # most documents have no hyphen to ask about
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
        if first.isupper() and len(first) > 1:
            return False
        if "-" in first or written in self._words or _COMPOUND.fullmatch(written):
            return False
        return _is_english(whole) or not (_is_english(first.lower()) and _is_english(second.lower()))


def _is_english(word: str) -> bool:
    import simplemma

    return len(word) > 1 and simplemma.is_known(word, lang="en")
