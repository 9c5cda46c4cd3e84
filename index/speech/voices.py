"""Who says or writes what as the format of a document itself tells it: the voice of a subtitle, the writer of a mail and of what it
quotes, the author of a comment. Nothing has to be made out.

>>> from index.blocks import lay_out
>>> from index.records import Voice
>>> text = "I shall come.\\n\\nSo shall I."
>>> document = Document(text, *lay_out(text), voices=(Voice(Span(0, 13), "Anna Berg"), Voice(Span(15, 26), "Ivan Petrov")))
>>> [(u.name, u.parts[0].of(text)) for u in voices(document)]
[('Anna Berg', 'I shall come.'), ('Ivan Petrov', 'So shall I.')]
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from index.blocks import trimmed
from index.records import Document, Span
from index.speech.records import Utterance

_MOST = 0.5  # share of the words under voices from which on a document is nothing else


def voices(document: Document) -> list[Utterance]:
    """What is said under the voices of a document, in order, none overlapping; without what only frames it."""
    blocks = [b.span for b in document.blocks if b.kind != "apparatus"]
    ends = [span.end for span in blocks]
    found = []
    for voice in document.voices:
        parts = []
        for block in blocks[bisect_right(ends, voice.span.start) :]:
            if block.start >= voice.span.end:
                break
            within = Span(max(block.start, voice.span.start), min(block.end, voice.span.end))
            parts.append(trimmed(document.text, within))
        parts = [p for p in parts if len(p)]
        if parts:
            because = "voice" if voice.name else None
            found.append(Utterance(tuple(parts), "direct", "turn", "voice", name=voice.name, because=because))
    return found


def ended_by(told: list[Utterance], turns: list[Utterance]) -> list[Utterance]:
    """Turns under labels up to where a voice begins: whoever goes on after it, nobody tells."""
    starts = [u.span.start for u in told]
    found = []
    for turn in turns:
        after = bisect_right(starts, turn.span.start)
        end = starts[after] if after < len(starts) else turn.span.end
        within = after and told[after - 1].span.end > turn.span.start
        parts = tuple(Span(p.start, min(p.end, end)) for p in turn.parts if p.start < end)
        if parts and not within:
            found.append(replace(turn, parts=parts))
    return found


def are_all(said: list[Utterance], document: Document) -> bool:
    """Whether hardly anything of a document is under no voice."""
    whole = sum(len(b.span) for b in document.blocks if b.kind == "paragraph")
    return sum(len(p) for u in said for p in u.parts) >= _MOST * whole
