"""Words found in a text as a browser's own search finds them: the whole phrase, wherever it stands, case and accents aside.

Case folding and the taking apart of ligatures change a text's length. So what is searched is a folded copy that knows for each of
its characters where it comes from: the spans found are the text's own.

>>> text = "The Café\\nof the ﬁrst STRAẞE"
>>> [span.of(text) for words in ("cafe of", "first", "strasse", "ir") for span in found(text, words).spans]
['Café\\nof', 'ﬁrst', 'STRAẞE', 'ﬁr']
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from index.records import Span
from index.words import fold

MOST_FOUND = 10_000
"""Of more, it is told that there are more."""

_ALIKE = str.maketrans(
    dict.fromkeys("‘‚‛′`´", "'")
    | dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None)  # shown as nothing
)


@dataclass(frozen=True, slots=True)
class Found:
    """Where words stand, in order, without overlaps; `more` where those are not all."""

    spans: tuple[Span, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as it is compared. It is made of pieces, told by where each begins in the folded copy and in the text; `odd` pieces
    are whole, of the others the n-th character comes from the n-th."""

    text: str
    own: tuple[int, ...]
    original: tuple[int, ...]
    odd: tuple[bool, ...]

    def span(self, start: int, end: int) -> Span:
        """The stretch of the text that the folded copy's characters come from."""
        first, last = (bisect_right(self.own, at) - 1 for at in (start, end - 1))
        until = self.original[last + 1] if self.odd[last] else self.original[last] + end - self.own[last]
        return Span(self.original[first] + (0 if self.odd[first] else start - self.own[first]), until)


def found(text: str, words: str, most: int = MOST_FOUND) -> Found:
    """Where `words` stand in `text`."""
    sought = folded(words.strip()).text.strip()
    if not sought:
        return Found()
    within = folded(text)
    spans: list[Span] = []
    at = within.text.find(sought)
    while at >= 0:
        span = within.span(at, at + len(sought))
        if not spans or span.start >= spans[-1].end:  # else it begins in the ligature in which the last one ends
            if len(spans) == most:
                return Found(tuple(spans), True)
            spans.append(span)
        at = within.text.find(sought, at + len(sought))
    return Found(tuple(spans))


@lru_cache(maxsize=4)  # who looks through a document asks for one after the other
def folded(text: str) -> Folded:
    """A text as it is compared: folded as `index.words.fold` does it, marks and dashes of any make alike, blanks as one."""
    letters = {c: _fold(c) for c in set(text)}
    plain = {ord(c): to for c, to in letters.items() if len(to) == 1 and not c.isspace()}
    marks = "".join(re.escape(c) for c in letters if unicodedata.category(c).startswith("M"))
    strange = "".join(re.escape(c) for c, to in letters.items() if len(to) != 1)
    odd = [rf"[^{marks}][{marks}]+"] if marks else []
    odd += [rf"\s\s+|[^\S ]{f'|[{strange}]' if strange else ''}"]
    copy: list[str] = []
    own, original, is_odd = [0], [0], [False]
    length = at = 0

    def put(piece: str, start: int, whole: bool) -> None:
        nonlocal length
        own.append(length)
        original.append(start)
        is_odd.append(whole)
        copy.append(piece)
        length += len(piece)

    for match in re.finditer("|".join(odd), text):
        put(text[at : match.start()].translate(plain), at, False)
        put(_fold(match.group()), match.start(), True)
        at = match.end()
    put(text[at:].translate(plain), at, False)
    return Folded("".join(copy), tuple(own), tuple(original), tuple(is_odd))


@lru_cache(maxsize=10_000)
def _fold(piece: str) -> str:
    return " " if piece.isspace() else fold(piece.translate(_ALIKE))
