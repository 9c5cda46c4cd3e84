"""Finding passages: dense and lexical candidates at depth, then one fused order.

The fusion is a convex combination of both scores, each brought to [0, 1] over the candidates (Bruch, Gai & Ingber 2023),
not of ranks: how much better the first is than the second is what a rank forgets. A candidate that only one side found is
given its exact score by the other, not zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.encoder import Encoder
from index.lexical import LexicalIndex
from index.store import Snapshot
from index.vectors import VectorIndex
from retrieval.records import Hit, Question

DEPTH = 200
DENSE_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Searcher:
    """The two searches over one commit. All three methods give at most `depth` (passage id, score), best first."""

    snapshot: Snapshot
    encoder: Encoder
    vectors: VectorIndex
    lexical_index: LexicalIndex

    def dense(self, question: Question, depth: int = DEPTH) -> list[tuple[int, float]]:
        """By cosine between the question's vector and the passages'."""
        return self._nearest(self.encoder.encode_query(question.query), depth)

    def lexical(self, question: Question, depth: int = DEPTH) -> list[tuple[int, float]]:
        """By BM25 over the question's stems."""
        return self.lexical_index.search(question.terms, depth)

    def fused(self, question: Question, depth: int = DEPTH) -> list[Hit]:
        """By both, fused."""
        query = self.encoder.encode_query(question.query)
        dense, lexical = dict(self._nearest(query, depth)), dict(self.lexical(question, depth))
        stored = self.snapshot.passages(dense.keys() | lexical.keys())
        ids = list(stored)
        vector_ids = {i: v for i in ids if (v := stored[i].vector_id) is not None and i not in dense}
        cosines = self.vectors.scores(query, sorted(set(vector_ids.values())))
        dense |= {i: cosines[v] for i, v in vector_ids.items()}
        lexical |= self.lexical_index.scores(question.terms, [i for i in ids if i not in lexical])
        scores = fuse([dense[i] for i in ids], [lexical[i] for i in ids], DENSE_WEIGHT)
        hits = [Hit(stored[i], s, dense[i], lexical[i]) for i, s in zip(ids, scores)]
        return sorted(hits, key=lambda h: (-h.score, h.passage.id))[:depth]

    def _nearest(self, query: np.ndarray, depth: int) -> list[tuple[int, float]]:
        found = self.vectors.search(query, depth)
        passages = self.snapshot.passage_ids_of_vectors([vector_id for vector_id, _ in found])
        return [(p, score) for vector_id, score in found for p in passages[vector_id]][:depth]


def fuse(dense: list[float], lexical: list[float], weight: float) -> list[float]:
    """`weight` parts of the dense score and the rest of the lexical one, each scaled by its range over the candidates.

    >>> fuse([0.8, 0.4], [0.0, 12.0], 0.75)
    [0.75, 0.25]
    """
    scaled = zip(_scaled(dense), _scaled(lexical))
    return [weight * d + (1 - weight) * b for d, b in scaled]


def _scaled(scores: list[float]) -> list[float]:
    low, high = min(scores, default=0.0), max(scores, default=0.0)
    return [(s - low) / (high - low) if high > low else 0.0 for s in scores]
