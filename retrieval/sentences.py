"""The sentences of what is shown, read one by one: which of them bear on the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.encoder import Encoder
from index.records import Span
from index.words import stems
from retrieval.grouping import Group
from retrieval.records import Hit

FIRST = 3
"""The sentences of so many groups set the measure for what is marked, and are looked at for the verdict."""

_MARK_SHARE = 0.8  # a sentence is marked when it scores at least this share of the best
_MOST_MARKED = 5


@dataclass(frozen=True, slots=True)
class ReadSentences:
    """Sentences of groups as they bear on the question: per group, the spans, their cosines, the shares of the question's terms,
    weighed by rarity, that they hold, and the scores of the passages they stand in."""

    spans: list[list[Span]]
    cosines: list[np.ndarray]
    shares: list[np.ndarray]
    scores: list[np.ndarray]


def read_sentences(
    groups: Sequence[Group],
    query: np.ndarray,
    encoder: Encoder,
    rarity: dict[str, float],
    wanted: Sequence[Sequence[Span]] | None = None,
) -> ReadSentences:
    """The sentences of the groups, encoded and compared with the question's vector: those that hold anything of what is `wanted`
    of each group, all where nothing is."""
    chosen = [_chosen(group, spans) for group, spans in zip(groups, wanted or [()] * len(groups))]
    texts = [text for group in chosen for _, text, _ in group]
    cosines = encoder.encode_passages(texts) @ query if texts else np.zeros(0, np.float32)
    total = sum(rarity.values()) or 1.0
    shares = np.array([sum(rarity.get(s, 0.0) for s in set(stems(t))) / total for t in texts])
    borders = np.cumsum([len(group) for group in chosen])[:-1]
    return ReadSentences(
        [[span for span, _, _ in group] for group in chosen],
        np.split(cosines, borders),
        np.split(shares, borders),
        [np.array([score for _, _, score in group]) for group in chosen],
    )


def highlights(read: ReadSentences) -> list[tuple[Span, ...]]:
    """For each group the sentences that bear most on the question: those hardly worse than the best sentence of the first
    groups, or else the group's own best."""
    scores = [0.8 * c + 0.2 * s + 0.5 * p for c, s, p in zip(read.cosines, read.shares, read.scores)]
    best = max((s.max() for s in scores[:FIRST]), default=0.0)
    marked = []
    for spans, own in zip(read.spans, scores):
        order = np.argsort(-own, kind="stable")[:_MOST_MARKED]
        chosen = {int(i) for i in order if own[i] >= _MARK_SHARE * best} or {int(order[0])}
        marked.append(tuple(span for i, span in enumerate(spans) if i in chosen))
    return marked


def _chosen(group: Group, wanted: Sequence[Span]) -> list[tuple[Span, str, float]]:
    """The wanted sentences of a group: span, words, and the score of the passage each stands in."""
    every = [
        (span, text, hit.score)
        for hit in group.hits
        for span, text in zip(hit.passage.passage.sentences, _sentence_texts(hit))
    ]
    return [sentence for sentence in every if any(map(sentence[0].overlaps, wanted))] or every


def _sentence_texts(hit: Hit) -> list[str]:
    start = hit.passage.passage.span.start
    return [hit.passage.text[s.start - start : s.end - start] for s in hit.passage.passage.sentences]
