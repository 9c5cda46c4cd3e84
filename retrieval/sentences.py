"""The sentences of what is shown, read one by one: which of them bear on the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.records import Span
from index.words import stems
from retrieval.grouping import Group
from retrieval.records import Hit

FIRST = 3
"""The sentences of so many groups set the measure for what is marked, and are looked at for the verdict."""

_MARK_SHARE = 0.8  # of the best sentence's score, which is its cosine and the score of its passage
_MOST_MARKED = 3


@dataclass(frozen=True, slots=True)
class ReadSentences:
    """Sentences of groups as they bear on the question: per group, the spans, their cosines, the shares of the question's terms,
    weighed by rarity, that they hold, and the scores of the passages they stand in."""

    spans: list[list[Span]]
    cosines: list[np.ndarray]
    shares: list[np.ndarray]
    scores: list[np.ndarray]


def read_sentences(
    groups: Sequence[Group], rarity: dict[str, float], wanted: Sequence[Sequence[Span]] | None = None
) -> ReadSentences:
    """The sentences of the groups as the question was compared with them: those that hold anything of what is `wanted` of each
    group, all where nothing is."""
    total = sum(rarity.values()) or 1.0
    read = ReadSentences([], [], [], [])
    for group, spans in zip(groups, wanted or [()] * len(groups)):
        chosen = _chosen(group, spans)
        read.spans.append([s.span for s in chosen])
        read.cosines.append(np.array([s.cosine for s in chosen]))
        read.shares.append(np.array([sum(rarity.get(t, 0.0) for t in set(stems(s.text))) / total for s in chosen]))
        read.scores.append(np.array([s.score for s in chosen]))
    return read


def highlights(read: ReadSentences) -> list[tuple[Span, ...]]:
    """For each group the few sentences that bear most on the question, in order: those hardly worse than the best sentence of the
    first groups, or else the group's own best. All that were marked would tell nothing."""
    scores = [c + p for c, p in zip(read.cosines, read.scores)]
    least = _MARK_SHARE * max((s.max() for s in scores[:FIRST]), default=0.0)
    marked = []
    for spans, own in zip(read.spans, scores):
        order = np.argsort(-own, kind="stable")[:_MOST_MARKED]
        chosen = {int(i) for i in order if own[i] >= least} or {int(order[0])}
        marked.append(tuple(span for i, span in enumerate(spans) if i in chosen))
    return marked


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of a group: where it stands, its words, its cosine, and the score of the passage it stands in."""

    span: Span
    text: str
    cosine: float
    score: float


def _chosen(group: Group, wanted: Sequence[Span]) -> list[_Sentence]:
    """The wanted sentences of a group, or all."""
    every = [
        _Sentence(span, text, cosine, hit.score)
        for hit in group.hits
        for span, text, cosine in zip(hit.passage.passage.sentences, _sentence_texts(hit), hit.sentences)
    ]
    return [sentence for sentence in every if any(map(sentence.span.overlaps, wanted))] or every


def _sentence_texts(hit: Hit) -> list[str]:
    start = hit.passage.passage.span.start
    return [hit.passage.text[s.start - start : s.end - start] for s in hit.passage.passage.sentences]
