"""Sentences of a block of text, with exact offsets.

Two kept libraries do the work: nupunkt (Punkt, Kiss & Strunk 2006, with a model of English abbreviations) and razdel for
Cyrillic. Both are given one block at a time, never a whole document, so no sentence crosses a paragraph. What is added
here is only what quoted speech and lists need: a closing mark, or the "he said." after it, stays with the sentence it
closes, and what has no letter in it ("2.") with the sentence it opens.

>>> text = '"Will you?" she asked. He left the U.S. Army.'
>>> [s.of(text) for s in sentences(text, Span(0, len(text)))]
['"Will you?" she asked.', 'He left the U.S. Army.']
"""

from __future__ import annotations

import re

import nupunkt
import razdel

from index.blocks import trimmed
from index.records import Span

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LETTER = re.compile(r"[^\W\d_]")
_ONLY_CLOSING = re.compile(r"[\s\"'”’»)\]…\.]+$")

# Where a sentence too long for the encoder is cut, best place first.
_CUTS = (re.compile(r"[;:—–]\s"), re.compile(r",\s"), re.compile(r"\s"))


def sentences(text: str, within: Span) -> list[Span]:
    """The sentences of `within`, in order, without the white space around them; together they hold all its non-blanks."""
    block = within.of(text)
    if not block.strip():
        return []
    found: list[Span] = []
    for start, end in _raw_spans(block):
        piece = block[start:end]
        start += len(piece) - len(piece.lstrip())
        end -= len(piece) - len(piece.rstrip())
        if start >= end:
            continue
        span = Span(within.start + start, within.start + end)
        if found and (_continues(text, found[-1], span) or not _LETTER.search(found[-1].of(text))):
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return found


def split_long(text: str, sentence: Span, longest: int) -> list[Span]:
    """A sentence of more than `longest` code points, cut after clauses, else between words, else anywhere."""
    pieces, start = [], sentence.start
    while sentence.end - start > longest:
        window = text[start : start + longest]
        cut = next((m[-1].end() for c in _CUTS if (m := [*c.finditer(window, longest // 3)])), longest)
        pieces.append(trimmed(text, Span(start, start + cut)))
        start += cut
    pieces.append(trimmed(text, Span(start, sentence.end)))
    return [p for p in pieces if len(p)]


def _raw_spans(block: str) -> list[tuple[int, int]]:
    """Spans that cover `block` without gaps."""
    cyrillic = len(_CYRILLIC.findall(block))
    if cyrillic * 2 > len(_LETTER.findall(block)):
        starts = [s.start for s in razdel.sentenize(block)]
        starts[:1] = [0]
        return list(zip(starts, [*starts[1:], len(block)]))
    return nupunkt.sent_spans(block)


def _continues(text: str, before: Span, span: Span) -> bool:
    """Whether `span` is no sentence of its own: closing marks alone, or a lower-case tag after a quoted question."""
    piece = span.of(text)
    if _ONLY_CLOSING.match(piece):
        return True
    first = _LETTER.search(piece)
    closed_quote = before.of(text)[-1:] in "\"'”’»"
    return closed_quote and bool(first) and first.start() <= 3 and first.group().islower()
