"""Who said what in a document: its genre, its utterances, and the names of those who speak in it.

A sieve, strongest evidence first: what the format itself tells; the turns of a transcript under their labels, or the one speech
of a monologue; in the prose outside them what is quoted and reported; then who each mention stands for. Reported speech is not
looked for within anybody's own turn: "I said that …" there is theirs already.

The words are English. Another language has to bring, for what is quoted and reported, an instance of `language` (`english`);
for transcripts `label_words`; for names, titles and bodies `offices`, `ordinary`, `bodies`, with `nations` and `given` in its
spelling. The lists in `names` and `resolution` that are left are of titles' adjuncts and pronouns.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from index.records import Block, Document, Span
from index.speech.monologues import monologue
from index.speech.records import Genre, Speech, Utterance
from index.speech.reported import reported_speech
from index.speech.resolution import resolve
from index.speech.turns import turns
from index.speech.voices import are_all, ended_by, voices


def speech_of(document: Document) -> Speech:
    """All that is said in a document, in order, and by whom."""
    told = voices(document)
    if told and are_all(told, document):
        own: list[Utterance] = told
        names = {u.name for u in told}
        genre: Genre = "monologue" if len(names) == 1 and None not in names else "transcript"
    else:
        own = turns(document)
        genre = "transcript" if own else "article"
        if not own and (speech := monologue(document)):
            own, genre = [speech], "monologue"
        if told:
            own = sorted([*told, *ended_by(told, own)], key=lambda u: u.span.start)
    prose = _outside(document.blocks, own)
    found = [*own, *reported_speech(document.text, prose)]
    utterances, known = resolve(document, sorted(found, key=lambda u: (u.span.start, u.span.end)))
    return Speech(genre, utterances, known)


def _outside(blocks: Sequence[Block], own: Sequence[Utterance]) -> list[Block]:
    """The stretches of the blocks that are in nobody's turn, nor in the label of one."""
    taken = sorted(Span(min(u.mention.start if u.mention else u.span.start, u.span.start), u.span.end) for u in own)
    ends = [span.end for span in taken]
    found: list[Block] = []
    for block in blocks:
        start = block.span.start
        for turn in taken[bisect_right(ends, start) :]:
            if turn.start >= block.span.end:
                break
            if turn.start > start:
                found.append(replace(block, span=Span(start, turn.start)))
            start = turn.end
        if start < block.span.end:
            found.append(replace(block, span=Span(start, block.span.end)))
    return found
