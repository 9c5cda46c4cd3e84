"""What each rung of the ranking is worth on the judged questions, verdicts left out.

usage: .venv/bin/python benchmarks/ladder.py SHARED [WORK]      (after measure.py, whose indexes in WORK it asks)
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import mean

import retrieval.grouping
from index.store import Store
from retrieval.assistant import Assistant
from retrieval.grouping import REACH, grouped
from retrieval.question import understand
from retrieval.records import Hit
from retrieval.scope import scope_of
from retrieval.search import DEPTH, Search

SETS = ("news_dev", "kremlin_dev")
Rung = Callable[[Search], list[Hit]]


def main(shared: Path, work: Path) -> None:
    print(f"| rung | {' | '.join(SETS)} |\n|---{'|---' * len(SETS)}|")
    for name, rung, grown, among in (
        ("lexical (BM25)", lambda s: by(s, lambda h: h.lexical), False, False),
        ("dense", lambda s: by(s, lambda h: h.dense), False, False),
        ("reciprocal rank fusion, k = 60", reciprocal_ranks, False, False),
        ("min-max over the candidates, half and half", min_max, False, False),
        ("the cosine and the share of BM25's ceiling, half and half", undated, False, False),
        ("+ passages grown by neighbours that score as well", undated, True, False),
        ("+ the date that a question names", lambda s: s.fused(), True, False),
        ("+ the topic alone, among the words of whom the question asks (default)", lambda s: s.fused(), True, True),
    ):
        print(f"| {name} | {' | '.join(measured(shared, work, s, rung, grown, among) for s in SETS)} |", flush=True)


def by(search: Search, score: Callable[[Hit], float]) -> list[Hit]:
    return sorted((replace(h, score=score(h)) for h in search.fused()), key=lambda h: -h.score)


def reciprocal_ranks(search: Search) -> list[Hit]:
    scores: dict[int, float] = {}
    for ranking in (search.dense(), search.lexical()):
        for rank, (passage, _) in enumerate(ranking, start=1):
            scores[passage] = scores.get(passage, 0.0) + 1 / (60 + rank)
    return by(search, lambda h: scores[h.passage.id])


def min_max(search: Search) -> list[Hit]:
    hits = search.fused()

    def scaled(value: Callable[[Hit], float]) -> dict[int, float]:
        low, high = min(map(value, hits)), max(map(value, hits))
        return {h.passage.id: (value(h) - low) / (high - low or 1) for h in hits}

    dense, lexical = scaled(lambda h: h.dense), scaled(lambda h: h.lexical)
    return by(search, lambda h: dense[h.passage.id] + lexical[h.passage.id])


def undated(search: Search) -> list[Hit]:
    search.question = replace(search.question, period=None)
    return search.fused(DEPTH)


def measured(shared: Path, work: Path, name: str, rung: Rung, grown: bool, among: bool) -> str:
    """ndcg@5 / success@3 of a rung on a set, and the mean length of what is shown, in code points."""
    scorer = module(shared / "tools/score_answers.py")
    gold: dict[str, list[dict]] = {}
    for span in scorer.lines(shared / "data/said" / name / "gold.jsonl"):
        gold.setdefault(span["query_id"], []).append(span)
    retrieval.grouping._JOIN_SHARE = 0.8 if grown else float("inf")
    rows, lengths = [], []
    assistant = Assistant(Store(work / name))
    with assistant.searcher() as searcher:
        for query in scorer.lines(shared / "data/said" / name / "queries.jsonl"):
            if not query["answerable"]:
                continue
            question = understand(query["text"], people=assistant.people(searcher.snapshot) if among else None)
            search = searcher.search(question, scope_of(question, searcher.snapshot).passages)
            hits = rung(search)
            near = search.neighbours(hits[:30], REACH) if grown else []
            said = searcher.snapshot.said_in({h.passage.id for h in (*hits, *near)})
            speakers = {i: frozenset(u.speaker or "" for u in of_passage) for i, of_passage in said.items()}
            groups = grouped(hits, near, 10, speakers)
            documents = searcher.snapshot.documents(g.document_id for g in groups)
            places = [(documents[g.document_id].doc_id, g.span) for g in groups]
            shown = [{"doc_id": d, "start": span.start, "end": span.end} for d, span in places]
            rows.append(scorer.score_one(gold[query["id"]], shown))
            lengths += [len(span) for _, span in places[:5]]
    return f"{mean(r['ndcg@5'] for r in rows):.3f} / {mean(r['success@3'] for r in rows):.3f} ({mean(lengths):.0f})"


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
