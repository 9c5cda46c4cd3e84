"""What each rung of the ranking is worth on the judged questions, verdicts left out.

usage: .venv/bin/python benchmarks/ladder.py SHARED [WORK]      (after measure.py, whose indexes in WORK it asks)

Of each set ndcg@5 / success@1 / success@3 / recall@10, and in brackets the mean length of the first five passages, in code points.
p is of the difference in ndcg@5 from the rung before, both sets pooled, by the paired randomisation test; what the default is
without a part is compared with the default.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

import numpy as np

from index.snapshot import Snapshot
from index.store import Store
from retrieval.assistant import Assistant
from retrieval.comparison import p_value
from retrieval.grouping import REACH, Group, grouped
from retrieval.question import understand
from retrieval.records import Hit
from retrieval.scope import scope_of
from retrieval.search import Search

SETS = ("news_dev", "kremlin_dev")
MEASURES = ("ndcg@5", "success@1", "success@3", "recall@10")
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Rung:
    """`ranked` gives the candidates, best first; `grown`: they are shown as in an answer, else one by one; `dated`: the date named
    counts; `theirs`: whoever is asked for their words is understood; `without` is taken off every score."""

    name: str
    ranked: Callable[[Search], list[Hit]]
    grown: bool = False
    dated: bool = False
    theirs: bool = False
    without: Callable[[Search, Hit], float] | None = None


def by(score: Callable[[Search, Hit], float]) -> Callable[[Search], list[Hit]]:
    return lambda search: sorted(search.fused(), key=lambda hit: -score(search, hit))


def reciprocal_ranks(search: Search) -> list[Hit]:
    scores: dict[int, float] = {}
    for ranking in (search.dense(), search.lexical()):
        for rank, (passage, _) in enumerate(ranking, start=1):
            scores[passage] = scores.get(passage, 0.0) + 1 / (60 + rank)
    return sorted(search.fused(), key=lambda hit: -scores[hit.passage.id])


def of_sentence(search: Search, hit: Hit) -> float:
    """What the nearest sentence brings into a passage's own score."""
    return search.dense_weight * (max(hit.sentences, default=hit.dense) - hit.dense) / 2


def of_context(search: Search, hit: Hit) -> float:
    return search.parts(hit.passage.id).context


RUNGS = (
    Rung("lexical (BM25)", by(lambda _, hit: hit.lexical)),
    Rung("dense (the passage's cosine)", by(lambda _, hit: hit.dense)),
    Rung("reciprocal rank fusion, k = 60", reciprocal_ranks),
    Rung(
        "the cosine and the share of BM25's ceiling, half and half",
        by(lambda s, hit: s.parts(hit.passage.id).own - of_sentence(s, hit)),
    ),
    Rung("+ the nearest sentence: the mean of both cosines", by(lambda search, hit: search.parts(hit.passage.id).own)),
    Rung("+ the passages on either side", Search.fused),
    Rung("+ grown by neighbours that score nearly as well, repetitions folded", Search.fused, grown=True),
    Rung("+ the date that a question names", Search.fused, grown=True, dated=True),
    Rung("+ the topic alone, among the words of whom it asks (default)", Search.fused, True, True, True),
)
ABLATIONS = (
    Rung("the default without the nearest sentence", Search.fused, True, True, True, of_sentence),
    Rung("the default without the passages on either side", Search.fused, True, True, True, of_context),
    Rung("the default without both", Search.fused, True, True, True, lambda s, h: of_sentence(s, h) + of_context(s, h)),
)


def main(shared: Path, work: Path) -> None:
    print(f"| rung | {' | '.join(SETS)} | p |\n|---{'|---' * len(SETS)}|---|")
    before: np.ndarray | None = None
    for rung in (*RUNGS, *ABLATIONS):
        cells, gains = [], []
        for name in SETS:
            rows, lengths = measured(shared, work, name, rung)
            cells.append(" / ".join(f"{mean(r[m] for r in rows):.3f}" for m in MEASURES) + f" ({mean(lengths):.0f})")
            gains += [[row[MEASURES[0]]] for row in rows]
        now = np.array(gains)
        p = "" if before is None else f"{p_value(now - before)[0]:.3f}"
        print(f"| {rung.name} | {' | '.join(cells)} | {p} |", flush=True)
        before = now if rung in RUNGS else before


def measured(shared: Path, work: Path, name: str, rung: Rung) -> tuple[list[dict[str, float]], list[int]]:
    """The measures of each question that can be answered, and the lengths of what is shown."""
    scorer = module(shared / "tools/score_answers.py")
    gold: dict[str, list[dict]] = {}
    for span in scorer.lines(shared / "data/said" / name / "gold.jsonl"):
        gold.setdefault(span["query_id"], []).append(span)
    rows, lengths = [], []
    assistant = Assistant(Store(work / name))
    with assistant.searcher() as searcher:
        snapshot = searcher.snapshot
        for query in scorer.lines(shared / "data/said" / name / "queries.jsonl"):
            if not query["answerable"]:
                continue
            question = understand(query["text"], people=assistant.people(snapshot) if rung.theirs else None)
            question = question if rung.dated else replace(question, period=None)
            search = searcher.search(question, scope_of(question, snapshot).passages if rung.theirs else None)
            groups = shown(rung, search, snapshot) if rung.grown else alone(rung.ranked(search))
            doc_ids = snapshot.doc_ids({g.document_id for g in groups})
            places = [{"doc_id": doc_ids[g.document_id], "start": g.span.start, "end": g.span.end} for g in groups]
            rows.append(scorer.score_one(gold[query["id"]], places))
            lengths += [len(g.span) for g in groups[:5]]
    return rows, lengths


def alone(hits: list[Hit]) -> list[Group]:
    return [Group((hit,)) for hit in hits[:SHOWN]]


def shown(rung: Rung, search: Search, snapshot: Snapshot) -> list[Group]:
    hits = rung.ranked(search)
    near = search.neighbours(hits[: 3 * SHOWN], REACH)
    if rung.without:
        hits, near = ([replace(h, score=h.score - rung.without(search, h)) for h in some] for some in (hits, near))
        hits.sort(key=lambda hit: -hit.score)
    said = snapshot.said_in({h.passage.id for h in (*hits, *near)})
    speakers = {i: frozenset(u.speaker or "" for u in of_passage) for i, of_passage in said.items()}
    days = {i: d.metadata.published for i, d in snapshot.documents({h.passage.document_id for h in hits}).items()}
    return grouped(hits, near, SHOWN, speakers, days)


def module(path: Path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else ".dixit/benchmarks"))
