"""What a ranking shows for and against an answer, in a few measures, and the fitted model that weighs them.

A cosine alone tells little: what it is for unrelated texts depends on the encoder, and of ten thousand unrelated passages one is
near by chance. So cosines are read on a gauge of the encoder, on which unrelated texts are 0 and a question and its answer are 1
on average (by the pairs in `verdict.json`), and what the nearest of so many passages would have by chance is taken off. Beside
it stand the words found, and, for a question about somebody's words, how much nearer others come: that is what tells "they do
not speak of it" from "they say it in other words".

The model is a logistic regression, one for questions of anybody's words and one for those of somebody's. The weights are in
`verdict.json`, fitted by `benchmarks/fit_verdict.py`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log, sqrt
from pathlib import Path

import numpy as np

from index.encoder import Encoder
from retrieval.records import Hit, Verdict
from retrieval.search import DEPTH, Search, Searcher
from retrieval.sentences import FIRST, ReadSentences

_CARRIED_SHARE = 0.1  # of the least chance, for a topic that is carried over
_MODEL = Path(__file__).with_name("verdict.json")
_NARROWEST_GAUGE, _LEAST_GAUGE = 4.0, 0.01
"""In spreads of unrelated texts, and in cosine: for an encoder that hardly tells an answer from anything else."""
_LARGEST = 700.0  # of which `exp` can be taken


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer, and what against it, to a question of somebody's words (`theirs`) or of anybody's.

    `closeness` is that of the nearest passage or sentence, on the encoder's gauge, less what the nearest of as many unrelated
    passages would have. `words` is the largest share of the question's words, weighed by rarity, that stand in one sentence.
    `lead` is how much closer the nearest passage of others is: at least 0, and 0 where anybody's words are searched.
    """

    closeness: float
    words: float
    lead: float
    theirs: bool


OF_THEIRS = ("closeness", "words", "lead")
OF_ANYBODYS = ("closeness", "words")
"""The measures that the model weighs, for somebody's words and for anybody's."""


@dataclass(frozen=True, slots=True)
class Gauge:
    """What cosines mean to an encoder: those of unrelated texts on average, how they spread, and the average of a question's with
    its answer."""

    unrelated: float
    spread: float
    related: float

    def closeness(self, cosine: float) -> float:
        """
        >>> Gauge(0.0, 0.1, 0.5).closeness(0.25)
        0.5
        """
        return (cosine - self.unrelated) / (self.related - self.unrelated)

    def by_chance(self, passages: int) -> float:
        """The closeness of the nearest of so many unrelated passages: about the largest of as many normal deviates."""
        return self.spread * sqrt(2 * log(max(passages, 1))) / (self.related - self.unrelated)


@dataclass(frozen=True)
class Model:
    """The fitted model: the weights of the measures, and "bias", for somebody's words and for anybody's; from which chance on a
    question is weakly answered, and answered; the `pairs` of questions and answers by which an encoder is gauged, and the `gauges`
    already taken, by its fingerprint."""

    theirs: dict[str, float]
    anybodys: dict[str, float]
    weak_from: float
    answered_from: float
    pairs: list[tuple[str, str]]
    gauges: dict[str, Gauge]

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> Model:
        data = json.loads(_MODEL.read_text(encoding="utf-8"))
        gauges = {fingerprint: Gauge(*ends) for fingerprint, ends in data["gauges"].items()}
        pairs = [(question, answer) for question, answer in data["pairs"]]
        return cls(data["theirs"], data["anybodys"], data["weak_from"], data["answered_from"], pairs, gauges)

    def chance(self, evidence: Evidence) -> float:
        """How likely it is that the passages answer the question, between 0 and 1."""
        weights = self.theirs if evidence.theirs else self.anybodys
        measures = OF_THEIRS if evidence.theirs else OF_ANYBODYS
        total = weights["bias"] + sum(weights[name] * getattr(evidence, name) for name in measures)
        return 1 / (1 + exp(min(-total, _LARGEST)))

    def verdict(self, evidence: Evidence, carried: bool = False) -> Verdict:
        """The verdict on the evidence. A topic `carried` over from another question, in the words of that one, shows less by its
        absence: there it takes more to say that there is nothing."""
        chance = self.chance(evidence)
        least = self.weak_from * (_CARRIED_SHARE if carried else 1)
        return "answered" if chance >= self.answered_from else "weak" if chance >= least else "none"

    def gauge(self, encoder: Encoder) -> Gauge:
        """The encoder's gauge, taken the first time it is needed."""
        if encoder.fingerprint not in self.gauges:
            self.gauges[encoder.fingerprint] = gauge_of(encoder, self.pairs)
        return self.gauges[encoder.fingerprint]


def gauge_of(encoder: Encoder, pairs: Sequence[tuple[str, str]]) -> Gauge:
    """The gauge of an encoder by questions and answers: each question with its own answer, and with those of others."""
    questions = np.stack([encoder.encode_query(question) for question, _ in pairs])
    cosines = questions @ encoder.encode_passages([answer for _, answer in pairs]).T
    own = np.eye(len(pairs), dtype=bool)
    unrelated, spread = float(cosines[~own].mean()), float(cosines[~own].std())
    least = max(_NARROWEST_GAUGE * spread, _LEAST_GAUGE)
    return Gauge(unrelated, spread, max(float(cosines[own].mean()), unrelated + least))


def evidence(
    searcher: Searcher,
    search: Search,
    hits: Sequence[Hit],
    read: ReadSentences,
    among: frozenset[int] | None = None,
    theirs: bool = False,
) -> Evidence:
    """The evidence of a `search` over the passages `among` or over all, which are somebody's own (`theirs`) or anybody's.

    `hits` is what it found, one at least; `read` are the sentences of its first groups.
    """
    gauge = Model.load().gauge(searcher.encoder)
    nearest = max(max(h.dense for h in hits), *(float(c.max(initial=-1.0)) for c in read.cosines[:FIRST]))
    searched = searcher.snapshot.counts().passages if among is None else len(among)
    words = max(float(s.max(initial=0.0)) for s in read.shares[:FIRST])
    lead = 0.0
    if theirs and among is not None:
        lead = max(0.0, gauge.closeness(_nearest_of_others(among, searcher, search)) - gauge.closeness(nearest))
    return Evidence(gauge.closeness(nearest) - gauge.by_chance(searched), words, lead, theirs)


def _nearest_of_others(theirs: frozenset[int], searcher: Searcher, search: Search) -> float:
    """The cosine of the nearest passage that is not among `theirs`; where they have all the nearest, that of the last of those."""
    found = searcher.vectors.search(search.vector, DEPTH)
    passages = searcher.snapshot.passage_ids_of_vectors([vector_id for vector_id, _ in found])
    of_others = (cosine for vector_id, cosine in found if not theirs.issuperset(passages[vector_id]))
    return next(of_others, found[-1][1])
