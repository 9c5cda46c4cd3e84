"""Scoring retrieval on a set in BEIR's form (Thakur et al. 2021): `corpus.jsonl[.gz]`, `queries.jsonl`, `qrels.tsv`.

The corpus is indexed as any other file, in passages; a document's score is that of its best passage. Three runs stand side by
side: lexical (BM25), dense (cosines), and default: what `dixit ask` ranks by. Measures are those of ir_measures; a query
without judgements does not count.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import SettingError
from retrieval.question import understand
from retrieval.search import Searcher

MEASURES = {
    "ndcg@10": "nDCG@10",
    "mrr@10": "RR@10",
    "recall@10": "R@10",
    "recall@100": "R@100",
    "success@5": "Success@5",
}
RUN_NAMES = ("lexical", "dense", "default")

_PASSAGE_DEPTH = 400
_DOCUMENT_DEPTH = 100

Run = dict[str, dict[str, float]]
"""Scores of documents by query id and document id, best first."""


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """Questions by id, judgements (grade by query id and document id), and the corpus file."""

    name: str
    corpus: Path
    queries: dict[str, str]
    qrels: dict[str, dict[str, int]]

    @classmethod
    def load(cls, folder: Path) -> EvaluationSet:
        """Raises SettingError naming the file that is missing or malformed."""
        corpus = _first(folder, "corpus.jsonl", "corpus.jsonl.gz")
        queries_file = _first(folder, "queries.jsonl")
        queries = {}
        for number, line in enumerate(_lines(queries_file), start=1):
            try:
                record = json.loads(line)
                queries[str(record.get("id", record.get("_id")))] = str(record["text"])
            except (ValueError, KeyError, AttributeError):
                raise SettingError(f"{queries_file}, line {number}: not a JSON object with id and text.") from None
        qrels = _qrels(_first(folder, "qrels.tsv", "qrels/test.tsv"))
        judged = {q: text for q, text in queries.items() if q in qrels}
        if not judged:
            raise SettingError(f"No query of {queries_file} is judged in qrels.tsv: their ids have to be the same.")
        return cls(folder.resolve().name, corpus, judged, {q: qrels[q] for q in judged})


def runs(
    evaluation: EvaluationSet, searcher: Searcher, progress: Callable[[int, int], None] = lambda done, total: None
) -> dict[str, Run]:
    """The three runs over an index that holds the set's corpus alone."""
    records = {d.id: d.record or d.doc_id for d in searcher.snapshot.documents().values()}
    made: dict[str, Run] = {name: {} for name in RUN_NAMES}
    for number, (query_id, text) in enumerate(evaluation.queries.items()):
        progress(number, len(evaluation.queries))
        search = searcher.search(understand(text))
        lexical, dense = search.lexical(_PASSAGE_DEPTH), search.dense(_PASSAGE_DEPTH)
        stored = searcher.snapshot.passages({i for i, _ in [*lexical, *dense]})
        ranked = {
            "lexical": [(stored[i].document_id, s) for i, s in lexical],
            "dense": [(stored[i].document_id, s) for i, s in dense],
            "default": [(h.passage.document_id, h.score) for h in search.fused(_PASSAGE_DEPTH)],
        }
        for name, passages in ranked.items():
            made[name][query_id] = {records[d]: s for d, s in _best_first(passages)}
    progress(len(evaluation.queries), len(evaluation.queries))
    return made


def score(run: Run, qrels: dict[str, dict[str, int]]) -> dict[str, float]:
    """The measures of a run, means over the judged queries; a query that found nothing counts 0."""
    import ir_measures

    wanted = {name: ir_measures.parse_measure(measure) for name, measure in MEASURES.items()}
    values = ir_measures.calc_aggregate(wanted.values(), qrels, run)
    return {name: float(values[measure]) for name, measure in wanted.items()}


def write_trec(run: Run, path: Path, tag: str) -> None:
    """A run as a TREC run file: query, Q0, document, rank from 1, score, tag."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for query_id, documents in run.items():
            for rank, (document, value) in enumerate(documents.items(), start=1):
                file.write(f"{_token(query_id)} Q0 {_token(document)} {rank} {value:.6f} {tag}\n")


def _best_first(passages: Iterable[tuple[int, float]]) -> list[tuple[int, float]]:
    """Documents by their best passage, at most 100."""
    best: dict[int, float] = {}
    for document, value in passages:
        best[document] = max(value, best.get(document, value))
    return sorted(best.items(), key=lambda item: (-item[1], item[0]))[:_DOCUMENT_DEPTH]


def _token(name: str) -> str:
    """TREC files are parted by blanks: an id may hold none."""
    return "_".join(name.split())


def _first(folder: Path, *names: str) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise SettingError(f"{folder} is no evaluation set: it has no {names[0]}.")


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig") as file:
        yield from (line for line in file if line.strip())


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    """Judgements from three columns (query, document, grade) or TREC's four; a heading line is passed over."""
    found: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE), start=1):
            if not row or (number == 1 and not row[-1].strip().lstrip("-").isdigit()):
                continue
            try:
                found.setdefault(row[0], {})[row[-2]] = int(row[-1])
            except (ValueError, IndexError):
                raise SettingError(f"{path}, line {number}: not “query, document, grade” parted by tabs.") from None
    return found
