"""Links into a web page at the words that are cited: text fragments (https://wicg.github.io/scroll-to-text-fragment/).

A directive `:~:text=[prefix-,]start[,end][,-suffix]` names words, and a browser shows the first place that has them. It looks
without regard to case and accents, finds whole words only, and none of the four may go over the end of a block: here, of a line or
of a table's cell. So the words are given with as many of those around them as it takes to have them once in the whole document.
Where the same words stand twice with the same words around them, nothing can tell them apart.

>>> text_fragment("One man, one vote.\\n\\nOne man stays.", Span(20, 27))
':~:text=One%20man,-stays.'
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlsplit

from index.records import Span

_LONGEST = 300
"""Characters of a passage that is given whole; of a longer one, its first and last words."""
_ENDS = (4, 6, 9, 14, 21)
"""Of how many words the beginning and the end of a passage are tried."""
_AROUND = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89)
"""How many words before and after are tried."""
_FARTHEST = 4000
"""Characters before and after in which words are taken."""
_BREAKS = "\n\r\t\f\v\x1c\x1d\x1e\x85\u2028\u2029"
_LINE = re.compile(f"[^{_BREAKS}]+")
_CHUNK = re.compile(r"\S+")
_WITHIN_WORDS = frozenset(
    "'’.:·,;"
)  # a browser does not end a word at one between two letters or digits: can't, 3.5, U.S


@dataclass(frozen=True, slots=True)
class _Terms:
    """The parts of a directive, as places in the text; an empty one is left out."""

    start: Span
    end: Span | None = None
    prefix: Span | None = None
    suffix: Span | None = None

    def directive(self, text: str) -> str:
        parts = [f"{_encoded(self.prefix.of(text))}-"] if self.prefix else []
        parts += [_encoded(term.of(text)) for term in (self.start, self.end) if term]
        parts += [f"-{_encoded(self.suffix.of(text))}"] if self.suffix else []
        return ":~:text=" + ",".join(parts)


def fragment_link(url: str, text: str, span: Span) -> str | None:
    """The address of a page with the directive that shows a span of its text; None for an address that is none of the web's.

    A fragment that the address has is kept, and a directive that it has is replaced.

    >>> fragment_link("https://x.org/a#sec", "Hello world.", Span(0, 5))
    'https://x.org/a#sec:~:text=Hello'
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc or any(c.isspace() or c < " " for c in url):
        return None
    address, _, fragment = url.partition("#")
    return f"{address}#{fragment.partition(':~:')[0]}{text_fragment(text, span)}"


def text_fragment(text: str, span: Span) -> str:
    """The directive that shows the words of `span`, whole words that it cuts included; empty for one without words."""
    lines = _lines(text, span)
    if not lines:
        return ""
    searched = _Folded(text)
    for terms in _candidates(text, lines):
        if searched.shows_only(terms):
            break
    return terms.directive(text)


def _candidates(text: str, lines: list[Span]) -> Iterator[_Terms]:
    """From the shortest on: the words alone, then with ever more of what stands around them."""
    whole = Span(lines[0].start, lines[-1].end)
    alone = [_Terms(whole)] if len(lines) == 1 and len(whole) <= _LONGEST else list(_by_ends(text, lines))
    yield from alone
    for number in _AROUND:
        prefix, suffix = _before(text, whole.start, number), _after(text, whole.end, number)
        for terms in alone:
            yield _Terms(terms.start, terms.end, None, suffix)
            yield _Terms(terms.start, terms.end, prefix, None)
            yield _Terms(terms.start, terms.end, prefix, suffix)


def _by_ends(text: str, lines: list[Span]) -> Iterator[_Terms]:
    """A passage as its first and its last words, that do not meet."""
    first, last = _chunks(text, lines[0]), _chunks(text, lines[-1])
    if len(lines) == 1:
        first, last = first[: len(first) // 2], last[len(first) // 2 :]
        if not first:  # one word of more than three hundred letters
            yield _Terms(lines[0])
            return
    for number in _ENDS:
        start = Span(first[0].start, first[:number][-1].end)
        yield _Terms(start, Span(last[-number:][0].start, last[-1].end))


def _lines(text: str, span: Span) -> list[Span]:
    """The lines and cells that a span covers, cut to it, widened to whole words."""
    start, end = span.start, span.end
    found = []
    for match in _LINE.finditer(text, text.rfind("\n", 0, start) + 1):
        if match.start() >= end:
            break
        left, right = max(start, match.start()), min(end, match.end())
        while left < right and text[left].isspace():
            left += 1
        while left < right and text[right - 1].isspace():
            right -= 1
        if left >= right:
            continue
        while left > match.start() and _joined(text, left):
            left -= 1
        while right < match.end() and _joined(text, right):
            right += 1
        if any(map(_is_word, text[left:right])):
            found.append(Span(left, right))
    return found


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_" or unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf")


def _joined(text: str, at: int) -> bool:
    """Whether `at` is within a word."""
    before, after = text[at - 1], text[at]
    if _is_word(before) and _is_word(after):
        return True
    if before in _WITHIN_WORDS:
        return at > 1 and _is_word(text[at - 2]) and _is_word(after)
    return after in _WITHIN_WORDS and _is_word(before) and at + 1 < len(text) and _is_word(text[at + 1])


def _chunks(text: str, line: Span) -> list[Span]:
    return [Span(m.start(), m.end()) for m in _CHUNK.finditer(text, line.start, line.end)]


def _before(text: str, at: int, number: int) -> Span | None:
    """The last words before a place, of its line; of the line before where it begins one."""
    end = at
    while end > 0 and text[end - 1].isspace():
        end -= 1
    start = end
    while start > max(0, end - _FARTHEST) and text[start - 1] not in _BREAKS:
        start -= 1
    chunks = _chunks(text, Span(start, end))[-number:]
    return Span(chunks[0].start, end) if chunks else None


def _after(text: str, at: int, number: int) -> Span | None:
    """The first words after a place, of its line; of the line after where it ends one."""
    start = at
    while start < len(text) and text[start].isspace():
        start += 1
    line = _LINE.match(text, start, start + _FARTHEST)
    chunks = _chunks(text, Span(start, line.end()))[:number] if line else []
    return Span(start, chunks[-1].end) if chunks else None


def _encoded(words: str) -> str:
    """Percent-encoded as a directive asks: what parts its terms, `-` and `,`, and `&`, too."""
    return quote(" ".join(words.split()), safe="", errors="replace").replace("-", "%2D")


class _Folded:
    """A text as a browser searches it: without case and accents. It may find more than a browser does, never less."""

    def __init__(self, text: str) -> None:
        self.text, self.folded = text, _folded(text)

    def shows_only(self, terms: _Terms) -> bool:
        """Whether a browser that is given the terms shows this place, and has nothing else to show."""
        end = None if terms.end else terms.suffix
        opening = self._pattern(terms.prefix, terms.start, end)
        first = opening.search(self.folded)
        if first is None or opening.search(self.folded, first.start() + 1):
            return False
        if terms.end is None:
            return True
        closing = self._pattern(terms.end, terms.suffix).search(self.folded, first.end())
        last = terms.suffix or terms.end
        return closing is not None and closing.end() == len(_fold(self.text[: last.end]))

    def _pattern(self, *terms: Span | None) -> re.Pattern[str]:
        words = ([re.escape(_fold(word)) for word in term.of(self.text).split()] for term in terms if term)
        return re.compile(r"\s*".join(r"\s+".join(term) for term in words))


@lru_cache(maxsize=2)
def _folded(text: str) -> str:
    return _fold(text)


def _fold(text: str) -> str:
    """Without accents and other marks, and what is not seen, as soft hyphens."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text)
    passed_over = {ord(c): None for c in set(parts) if unicodedata.category(c) in ("Mn", "Me", "Cf")}
    return parts.translate(passed_over).casefold()
