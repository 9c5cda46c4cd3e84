"""Two set-ups on the same queries: is the difference more than chance, how large may it be, and where does it come from.

The test is the paired randomisation test (Smucker, Allan & Carterette 2007): if it made no difference which set-up a query was
asked of, each query's difference might as well have the other sign; p is the share of such worlds in which the mean differs at
least as much as it did. The interval is a paired bootstrap over queries: 95 % of the means that other draws of as many queries
give. Both are the same from run to run. A set has some dozens of queries, which shows large differences only; sets given
together are pooled query by query. Each measure is tested on its own: decide which one counts before looking at five.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.errors import SettingError
from retrieval.evaluation import MEASURES, EvaluationSet, Run, score_each

SAMPLES = 10_000
LEAD_MEASURE = "ndcg@10"
"""The measure by which queries are told to differ."""

_SEED = 2007
_DRAWN_AT_ONCE = 500  # worlds held in memory together
_ROUNDING = 1e-12  # means that differ by less differ by rounding


@dataclass(frozen=True, slots=True)
class SetUp:
    """One side of a comparison as it was written: a TREC run file, or a run (one of `evaluation.RUN_NAMES`) over the index of an
    encoder (None: the one that `--model` names, or the default)."""

    text: str
    run: str = "default"
    encoder: str | None = None
    reranker: str | None = None
    run_file: Path | None = None

    @classmethod
    def of(cls, text: str) -> SetUp:
        """`lexical`, `dense`, `default`, an encoder's name or path, one of the last two with `+RERANKER`, or a run file. Raises
        SettingError for what is none of these.

        >>> SetUp.of("default+cross-encoder/one").reranker
        'cross-encoder/one'
        """
        path = Path(text).expanduser()
        if text in ("lexical", "dense", "default"):
            return cls(text, run=text)
        if path.is_file():
            return cls(text, run_file=path)
        encoder, plus, reranker = (text, "", "") if path.is_dir() else text.partition("+")
        if not encoder.strip() or (plus and not reranker.strip()):
            raise SettingError(f"“{text}” is no set-up to compare: write default, ENCODER or ENCODER+RERANKER.")
        if plus and encoder in ("lexical", "dense"):
            raise SettingError(
                f"{text} cannot be compared, only the default ranking is reranked: write default+{reranker}."
            )
        if encoder.startswith((".", "/", "~")) and not Path(encoder).expanduser().is_dir():
            raise SettingError(f"There is no file or folder {encoder}: give a run file, or the folder of an encoder.")
        named = None if encoder == "default" else encoder
        return cls(text, "reranked" if plus else "default", named, reranker or None)


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure of both set-ups, means over all queries. `difference` is B's less A's, with its two-sided `p` and the bounds of its
    95 % interval."""

    measure: str
    a: float
    b: float
    difference: float
    p: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ComparedQuery:
    """A query with its measures under both set-ups."""

    set_name: str
    query_id: str
    text: str
    a: dict[str, float]
    b: dict[str, float]

    @property
    def difference(self) -> float:
        """B's less A's, by the leading measure."""
        return self.b[LEAD_MEASURE] - self.a[LEAD_MEASURE]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Set-up `a` against set-up `b`. `without_a` and `without_b` are how many queries found nothing, and count 0."""

    a: str
    b: str
    sets: tuple[str, ...]
    differences: tuple[Difference, ...]
    queries: tuple[ComparedQuery, ...]
    without_a: int
    without_b: int

    def better_under_b(self) -> list[ComparedQuery]:
        """Queries, the one that gains most first."""
        return sorted((q for q in self.queries if q.difference > _ROUNDING), key=lambda q: -q.difference)

    def better_under_a(self) -> list[ComparedQuery]:
        return sorted((q for q in self.queries if q.difference < -_ROUNDING), key=lambda q: q.difference)


def compared(a: str, b: str, runs: Iterable[tuple[EvaluationSet, Run, Run]]) -> Comparison:
    """The comparison of the set-ups written `a` and `b`, with the run of each on every set."""
    queries: list[ComparedQuery] = []
    names: list[str] = []
    without_a = without_b = 0
    for evaluation, run_a, run_b in runs:
        names.append(evaluation.name)
        of_a, of_b = score_each(run_a, evaluation.qrels), score_each(run_b, evaluation.qrels)
        for query_id, text in evaluation.queries.items():
            queries.append(ComparedQuery(evaluation.name, query_id, text, of_a[query_id], of_b[query_id]))
            without_a += not run_a.get(query_id)
            without_b += not run_b.get(query_id)
    values_a = np.array([[q.a[m] for m in MEASURES] for q in queries])
    values_b = np.array([[q.b[m] for m in MEASURES] for q in queries])
    gained = values_b - values_a
    low, high = interval(gained)
    columns = (values_a.mean(axis=0), values_b.mean(axis=0), gained.mean(axis=0), p_value(gained), low, high)
    differences = tuple(Difference(m, *map(float, row)) for m, row in zip(MEASURES, zip(*columns)))
    return Comparison(a, b, tuple(names), differences, tuple(queries), without_a, without_b)


def p_value(gained: np.ndarray) -> np.ndarray:
    """The randomisation test over differences of shape (queries, measures): of shape (measures,). Never 0: the world that was seen
    is one of those that might have been."""
    random = np.random.default_rng(_SEED)
    seen = np.abs(gained.mean(axis=0)) - _ROUNDING
    as_far = np.zeros(gained.shape[1])
    for _ in range(SAMPLES // _DRAWN_AT_ONCE):
        signs = random.integers(0, 2, (_DRAWN_AT_ONCE, len(gained)), dtype=np.int8) * 2.0 - 1.0
        as_far += (np.abs(signs @ gained / len(gained)) >= seen).sum(axis=0)
    return (as_far + 1) / (SAMPLES + 1)


def interval(gained: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The 95 % interval of the mean, from 2.5 % to 97.5 % of what draws of as many queries give; each of shape (measures,)."""
    random = np.random.default_rng(_SEED)
    drawn = []
    for _ in range(SAMPLES // _DRAWN_AT_ONCE):
        # How often each query is drawn, rather than which: the means are then one product.
        counts = random.multinomial(len(gained), np.full(len(gained), 1 / len(gained)), _DRAWN_AT_ONCE)
        drawn.append(counts @ gained / len(gained))
    low, high = np.quantile(np.concatenate(drawn), (0.025, 0.975), axis=0)
    return low, high


def comparison_json(comparison: Comparison) -> dict:
    """Everything, query by query."""
    return {
        "sets": list(comparison.sets),
        "queries": len(comparison.queries),
        "a": comparison.a,
        "b": comparison.b,
        "test": f"paired randomisation test, two-sided, {SAMPLES} samples; interval: paired bootstrap, 95 %",
        "measures": {
            d.measure: {"a": d.a, "b": d.b, "difference": d.difference, "p": d.p, "interval": [d.low, d.high]}
            for d in comparison.differences
        },
        "found_nothing": {"a": comparison.without_a, "b": comparison.without_b},
        "per_query": [
            {"set": q.set_name, "id": q.query_id, "text": q.text, "a": q.a, "b": q.b} for q in comparison.queries
        ],
    }


def check_names(evaluations: Sequence[EvaluationSet]) -> None:
    """Raises SettingError where two sets have one name: nobody could tell their queries apart."""
    names = [e.name for e in evaluations]
    for name in names:
        if names.count(name) > 1:
            raise SettingError(f"Two of the sets are called {name}: give each set once, in a folder of its own name.")
