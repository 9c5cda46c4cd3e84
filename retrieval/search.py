"""Finding passages: dense and lexical candidates at depth, then one fused order.

The fusion is a convex combination of scores, not of ranks (Bruch, Gai & Ingber 2023): how much better the first is than the
second is what a rank forgets. The cosine enters as it is and BM25 as a share of the most the question's terms could score;
neither is scaled by the other candidates, so a score means the same from question to question. A candidate that only one
side found is given its exact score by the other, not zero.

A passage is as near as the mean of two cosines: its own, and that of its nearest sentence. One sentence often answers that stands
among others on something else; read alone, a sentence matches much by chance. What stands on either side counts too (`_Context`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from index.encoder import Encoder
from index.lexical import LexicalIndex
from index.snapshot import Snapshot
from index.stored import Near
from index.vectors import VectorIndex, sentence_vectors
from index.words import words
from retrieval.question_records import Question
from retrieval.records import Hit, Parts
from retrieval.reranker import Reranker

DEPTH = 100
DENSE_WEIGHT = 0.5
DENSE_WEIGHT_AMONG = 0.75
"""Among the words of a few, which are on their topic in words of their own: there the question's own words tell less."""
STRANGE_SHARE, MOST_PIECES = 0.2, 4
"""Of either weight, for a question whose words are cut into more pieces than so many on average (fertility, Rust et al. 2021).
English questions have 1.2 to an English model, Russian ones 6, by letters: of these it has nothing to tell."""
CONTEXT_WEIGHT = 0.3
"""Of the passages on either side, the passage's own being 1: what stands among others on the matter is on the matter."""
TURN_WEIGHT, TURNS = 1.0, 4
"""Of the turns before and after, as many on each side, where each is a record: one alone says little of what is talked about."""
DATE_BONUS = 0.15
"""Put on a passage of a document published when the question says: enough to lead among likes, not to find by date alone."""
TALK_BONUS = 0.05
"""Put on a passage of a document that the turn before was answered from: a conversation mostly stays with its documents."""


_AROUND = 3  # in ids: what is not ranked, such as the label of a turn, has an id too


@dataclass(frozen=True, slots=True)
class Searcher:
    """What can be searched: one commit of the store, with its encoder and both indexes, and the reranker if one was asked for."""

    snapshot: Snapshot
    encoder: Encoder
    vectors: VectorIndex
    words: LexicalIndex
    reranker: Reranker | None = None

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
        self._own: dict[int, _Own] = {}
        self._parts: dict[int, Parts] = {}

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
        return self._searcher.words.search(self.terms, depth, self._among)

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
        snapshot = self._searcher.snapshot
        around = snapshot.around(passage_ids, _AROUND)
        turns = snapshot.turns_around({n.document_id for n in around if n.conversation}, TURNS)
        self._read({n.id: n for n in (*around, *turns)})
        context = _Context(around, turns, self._own)
        hits = []
        for i, passage in snapshot.passages(passage_ids).items():
            if passage.vector_id is None:
                continue
            own = self._own[i]
            self._parts[i] = parts = Parts(
                own.score,
                context.score(i) - own.score,
                DATE_BONUS if passage.document_id in self._of_that_date else 0.0,
                TALK_BONUS if passage.document_id in self._talked_of else 0.0,
            )
            hits.append(Hit(passage, parts.score, own.dense, own.lexical, own.sentences))
        return hits

    def parts(self, passage_id: int) -> Parts:
        """What the score of a passage that was scored is made of."""
        return self._parts[passage_id]

    def _read(self, passages: Mapping[int, Near]) -> None:
        """Compare with the question what was not compared with it yet."""
        vectors = {i: n.vector_id for i, n in passages.items() if i not in self._own}
        cosines = self._searcher.vectors.scores(self.vector, sorted(set(vectors.values())))
        sentences = sentence_vectors(self._searcher.snapshot, set(vectors.values()), len(self.vector))
        matches = self._searcher.words.scores(self.terms, list(vectors))
        ceiling = self._searcher.words.ceiling(self.terms)
        for i, v in vectors.items():
            of_sentences = tuple((sentences[v] @ self.vector).tolist())
            nearness = (cosines[v] + max(of_sentences, default=cosines[v])) / 2
            score = fuse(nearness, matches[i], ceiling, self.dense_weight)
            self._own[i] = _Own(score, cosines[v], matches[i], of_sentences)

    @cached_property
    def dense_weight(self) -> float:
        """Of the cosines in a passage's own score, the rest being that of BM25."""
        weight = DENSE_WEIGHT if self._among is None else DENSE_WEIGHT_AMONG
        return weight * STRANGE_SHARE if self._is_strange() else weight

    def _is_strange(self) -> bool:
        """Whether the question is in a language that the encoder does not know: its words fall to pieces."""
        text = self.question.query
        return self._searcher.encoder.count_tokens([text])[0] > MOST_PIECES * max(1, len(words(text)))

    @cached_property
    def terms(self) -> tuple[str, ...]:
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


@dataclass(frozen=True, slots=True)
class _Own:
    """What a passage is to the question by itself: the fused score, the cosine, BM25, and the cosines of its sentences."""

    score: float
    dense: float
    lexical: float
    sentences: tuple[float, ...]


class _Context:
    """What stands around passages: in their documents, and in the conversations whose turns they are."""

    def __init__(self, around: Sequence[Near], turns: Sequence[Near], own: Mapping[int, _Own]) -> None:
        self._own = own
        self._near = {n.id: n for n in around}
        self._before = {
            b.id: a.id
            for a, b in zip(around, around[1:])
            if a.document_id == b.document_id and b.id - a.id <= _AROUND  # else there are others between
        }
        self._after = {a: b for b, a in self._before.items()}
        self._turns: dict[int, dict[int, float]] = {}
        for n in turns:
            best = self._turns.setdefault(n.conversation or 0, {})
            best[n.turn] = max(own[n.id].score, best.get(n.turn, float("-inf")))

    def score(self, passage_id: int) -> float:
        """The passage's own score and that of its context, weighed. Where there is none on one side, its own stands for it, so that
        a short document neither gains nor loses."""
        own, near = self._own[passage_id].score, self._near[passage_id]
        if near.conversation is not None:
            return (own + TURN_WEIGHT * self._of_turns(near, own)) / (1 + TURN_WEIGHT)
        sides = [
            self._own[side[passage_id]].score if passage_id in side else own for side in (self._before, self._after)
        ]
        return (own + CONTEXT_WEIGHT * sum(sides) / 2) / (1 + CONTEXT_WEIGHT)

    def _of_turns(self, near: Near, own: float) -> float:
        """The scores of the turns around, each by its best passage; the nearer count more."""
        best = self._turns[near.conversation or 0]
        weights = {t: 1 / abs(t - near.turn) for t in best if 0 < abs(t - near.turn) <= TURNS}
        return sum(w * best[t] for t, w in weights.items()) / sum(weights.values()) if weights else own
