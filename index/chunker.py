"""Documents into passages: whole sentences of one block and one speaker's turn, packed up to a size the encoder reads whole.

Passages do not overlap and together hold all of a document's non-blank text (law 3). A passage is cut at sentence borders, and
where another begins to speak; the label of a turn ("Question:") is a passage of its own, which is not ranked. Only a "sentence"
that alone is longer than the encoder reads (a table, a transcript without full stops) is cut inside, after a clause where it
can be. What the encoder reads is the passage with its document's title and section in front: the words
that tell what a paragraph is about often stand only there. What is shown stays the slice.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.records import Document, Passage, Span
from index.sentences import sentences, split_long
from index.speech.records import Utterance

_NEWLINE = re.compile(r"\r\n?|\n")

_LETTERS_PER_PIECE = 6  # prose has four or five

CountTokens = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class ChunkerSettings:
    """Sizes in the encoder's word pieces: what a passage is filled up to, and the most that the encoder reads."""

    target_tokens: int = 120
    max_tokens: int = 254

    @property
    def context_tokens(self) -> int:
        """What is kept free for title and heading."""
        return min(48, self.max_tokens // 4)

    @property
    def longest_passage(self) -> int:
        return self.max_tokens - self.context_tokens


def passages(
    document: Document,
    count_tokens: CountTokens,
    settings: ChunkerSettings = ChunkerSettings(),
    utterances: Sequence[Utterance] = (),
) -> list[Passage]:
    """The passages of `document`, in order. No passage crosses the border of a turn, if there are any in `utterances`."""
    labels, borders = _turn_borders(utterances)
    line_of = _line_counter(document.text)

    def size(texts: Sequence[str]) -> list[int]:
        # Word pieces alone take a thousand letters without a blank for one unknown piece.
        return [max(n, len(t) // _LETTERS_PER_PIECE) for n, t in zip(count_tokens(texts), texts)]

    has_body = any(b.kind == "paragraph" for b in document.blocks)
    heading: str | None = None
    found: list[Passage] = []
    for block in document.blocks:
        if block.kind == "heading":
            heading = block.span.of(document.text)
        # A document of nothing but a title or a stamp is still to be found by it.
        role = "body" if block.kind == "paragraph" or not has_body else block.kind
        for segment in _segments(block.span, borders):
            for group in _packed(document.text, segment, size, settings):
                span = Span(group[0].start, group[-1].end)
                wordless = not any(c.isalnum() for c in span.of(document.text))
                kept_as = "apparatus" if wordless or any(label.holds(span) for label in labels(span)) else role
                found.append(Passage(span, kept_as, tuple(group), block.paragraph, line_of(span.start), heading))
    return found


def embedded_text(
    passage_text: str, title: str | None, heading: str | None, count_tokens: CountTokens, settings: ChunkerSettings
) -> str:
    """What the encoder reads for a passage: title and heading, as far as they fit, then the passage itself."""
    context = " ".join(dict.fromkeys(" ".join(part.split()) for part in (title, heading) if part))
    words = context.split(" ")
    while words and count_tokens([" ".join(words) + "."])[0] > settings.context_tokens:
        words = words[: max(0, len(words) * 3 // 4)]
    if not words or not words[0]:
        return passage_text
    return f"{' '.join(words).rstrip('.')}. {passage_text}"


def _turn_borders(utterances: Sequence[Utterance]) -> tuple[Callable[[Span], list[Span]], list[int]]:
    """The labels of turns that overlap a span, as a function, and all offsets at which a turn or its label begins or ends."""
    turns = [u for u in utterances if u.form == "turn"]
    labels = sorted(Span(u.mention.start, u.span.start) for u in turns if u.mention and u.mention.start < u.span.start)
    starts = [label.start for label in labels]

    def overlapping(span: Span) -> list[Span]:
        return labels[max(0, bisect_right(starts, span.start) - 1) : bisect_right(starts, span.end)]

    ends = {offset for u in turns for offset in (u.span.start, u.span.end)}
    return overlapping, sorted(ends | set(starts))


def _segments(block: Span, borders: Sequence[int]) -> Iterator[Span]:
    """`block`, cut at the borders that lie inside it."""
    start = block.start
    for border in borders[bisect_right(borders, block.start) : bisect_left(borders, block.end)]:
        yield Span(start, border)
        start = border
    yield Span(start, block.end)


def _packed(text: str, within: Span, count_tokens: CountTokens, settings: ChunkerSettings) -> Iterator[list[Span]]:
    group: list[Span] = []
    for unit in _units(text, within, count_tokens, settings.longest_passage):
        # Counted over the slice that the passage would be: word pieces at a seam do not simply add up.
        if group and count_tokens([text[group[0].start : unit.end]])[0] > min(
            settings.target_tokens, settings.longest_passage
        ):
            yield group
            group = []
        group.append(unit)
    if group:
        yield group


def _units(text: str, within: Span, count_tokens: CountTokens, longest: int) -> list[Span]:
    """Sentences, those of more than `longest` word pieces cut until they are not."""
    whole = sentences(text, within)
    counts = count_tokens([s.of(text) for s in whole]) if whole else []
    units: list[Span] = []
    for sentence, count in zip(whole, counts):
        pieces = [sentence]
        # Start from the share of the sentence that fits, and shrink while a piece is still too dense.
        size = max(1, int(len(sentence) * longest / max(count, 1) * 0.9))
        while max(count_tokens([p.of(text) for p in pieces])) > longest and size > 1:
            pieces = split_long(text, sentence, size)
            size = size * 2 // 3
        units += pieces
    return units


def _line_counter(text: str) -> Callable[[int], int]:
    """A function from an offset to its line, from 1; asked for rising offsets it reads the text once."""
    at, line = 0, 1

    def line_of(offset: int) -> int:
        nonlocal at, line
        if offset < at:
            at, line = 0, 1
        line += len(_NEWLINE.findall(text, at, offset))
        at = offset
        return line

    return line_of
