"""Finding passages: dense and lexical candidates at depth, then one fused order.

The fusion is a convex combination of scores, not of ranks (Bruch, Gai & Ingber 2023): how much better the first is than the
second is what a rank forgets. The cosine enters as it is and BM25 as a share of the most the question's terms could score;
neither is scaled by the other candidates, so a score means the same from question to question. A candidate that only one
side found is given its exact score by the other, not zero.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from index.encoder import Encoder
from index.lexical import LexicalIndex
from index.store import Snapshot, StoredPassage
from index.vectors import VectorIndex
from index.words import words
from retrieval.question_records import Question
from retrieval.records import Hit

DEPTH = 100
DENSE_WEIGHT = 0.5
DENSE_WEIGHT_AMONG = 0.65
"""Among the words of a few, which are on their topic in words of their own: there the question's own words tell less."""
DATE_BONUS = 0.15
"""Put on a passage of a document published when the question says: enough to lead among likes, not to find by date alone."""
TALK_BONUS = 0.1
"""Put on a passage of a document that the turn before was answered from: a conversation mostly stays with its documents."""


@dataclass(frozen=True, slots=True)
class Searcher:
    """What can be searched: one commit of the store, with its encoder and both indexes."""

    snapshot: Snapshot
    encoder: Encoder
    vectors: VectorIndex
    words: LexicalIndex

    def search(
        self, question: Question, among: Collection[int] | None = None, talked_of: Collection[int] = ()
    ) -> Search:
        """One question, over the passages `among` or over all; `talked_of` are documents that the conversation is on."""
        return Search(self, question, among, talked_of)


class Search:
    """One question over one commit. Lists of passages are best first."""

    def __init__(
        self,
        searcher: Searcher,
        question: Question,
        among: Collection[int] | None = None,
        talked_of: Collection[int] = (),
    ) -> None:
        self._searcher, self.question, self._among, self._talked_of = searcher, question, among, talked_of

    @cached_property
    def vector(self) -> np.ndarray:
        """The question's vector, of shape (dimension,): of its topic alone, where only some people's words are searched."""
        question = self.question
        topic = " ".join(part for part in (question.topic, question.context) if part)
        text = question.query if self._among is None else topic or question.query
        return self._searcher.encoder.encode_query(text)

    def dense(self, depth: int = DEPTH) -> list[tuple[int, float]]:
        """(passage id, cosine) of the nearest passages."""
        vectors = None if self._among is None else self._searcher.snapshot.vectors_of_passages(self._among)
        found = self._searcher.vectors.search(self.vector, depth, vectors)
        passages = self._searcher.snapshot.passage_ids_of_vectors([vector_id for vector_id, _ in found])
        return [(p, cosine) for vector_id, cosine in found for p in passages[vector_id] if self._holds(p)][:depth]

    def lexical(self, depth: int = DEPTH) -> list[tuple[int, float]]:
        """(passage id, BM25) of the passages that hold the question's terms best."""
        return self._searcher.words.search(self._terms, depth, self._among)

    def fused(self, depth: int = DEPTH) -> list[Hit]:
        """The candidates of both sides, `depth` of each, by their fused score."""
        candidates = {i for i, _ in self.dense(depth)} | {i for i, _ in self.lexical(depth)}
        hits = self.score(candidates)
        doc_ids = self._searcher.snapshot.doc_ids({h.passage.document_id for h in hits})
        # Equal scores by document and place, so that the order does not depend on when a document was indexed.
        return sorted(
            hits,
            key=lambda h: (-round(h.score, 6), doc_ids[h.passage.document_id], h.passage.passage.span.start),
        )

    def neighbours(self, hits: Iterable[Hit], reach: int) -> list[Hit]:
        """The passages at most `reach` before and after each hit in its document, scored, the hits among them."""
        wanted = {(h.passage.id + step, h.passage.document_id) for h in hits for step in range(-reach, reach + 1)}
        scored = self.score({i for i, _ in wanted if self._holds(i)})
        return [h for h in scored if (h.passage.id, h.passage.document_id) in wanted]

    def score(self, passage_ids: Collection[int]) -> list[Hit]:
        """The given passages, those of them that are ranked, with their scores, by id."""
        stored = self._searcher.snapshot.passages(passage_ids)
        ranked: dict[int, tuple[StoredPassage, int]] = {
            i: (p, p.vector_id) for i, p in stored.items() if p.vector_id is not None
        }
        cosines = self._searcher.vectors.scores(self.vector, sorted({v for _, v in ranked.values()}))
        matches = self._searcher.words.scores(self._terms, list(ranked))
        ceiling = self._searcher.words.ceiling(self._terms)
        weight = DENSE_WEIGHT if self._among is None else DENSE_WEIGHT_AMONG
        hits = []
        for i, (passage, vector_id) in ranked.items():
            bonus = DATE_BONUS if passage.document_id in self._of_that_date else 0.0
            bonus += TALK_BONUS if passage.document_id in self._talked_of else 0.0
            score = fuse(cosines[vector_id], matches[i], ceiling, weight) + bonus
            hits.append(Hit(passage, score, cosines[vector_id], matches[i]))
        return hits

    @cached_property
    def _terms(self) -> tuple[str, ...]:
        """What is looked up: the question's terms, and the words of its period ("he said in August")."""
        period = self.question.period
        named = [w for w in words(period.words) if not w.is_stopword and w.folded.isalpha()] if period else []
        return tuple(dict.fromkeys((*self.question.terms, *(w.stem for w in named))))

    def _holds(self, passage_id: int) -> bool:
        return self._among is None or passage_id in self._among

    @cached_property
    def _of_that_date(self) -> set[int]:
        """The documents published when the question says."""
        period = self.question.period
        return self._searcher.snapshot.published_within(period.since, period.until) if period else set()


def fuse(cosine: float, bm25: float, ceiling: float, dense_weight: float = DENSE_WEIGHT) -> float:
    """A cosine and a BM25 score, of at most `ceiling`, in one.

    >>> round(fuse(0.5, 5.0, 10.0), 3)
    0.5
    """
    return dense_weight * cosine + (1 - dense_weight) * (bm25 / ceiling if ceiling > 0 else 0.0)
