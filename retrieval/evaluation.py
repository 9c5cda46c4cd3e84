"""Scoring retrieval on a set in BEIR's form (Thakur et al. 2021): `corpus.jsonl[.gz]`, `queries.jsonl`, `qrels.tsv`.

The corpus is indexed as any other file, in passages; a document's score is that of its best passage. Runs stand side by side:
lexical (BM25), dense (cosines), default: what `dixit ask` ranks by, and with a reranker reranked: default as that reorders it.
Measures are those of ir_measures; a query without judgements does not count.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import SettingError
from retrieval.question import understand
from retrieval.reranker import reranked
from retrieval.scope import scope_of
from retrieval.search import Searcher

if TYPE_CHECKING:
    from index.speech.people import People

MEASURES = {
    "ndcg@10": "nDCG@10",
    "mrr@10": "RR@10",
    "recall@10": "R@10",
    "recall@100": "R@100",
    "success@5": "Success@5",
}
RUN_NAMES = ("lexical", "dense", "default", "reranked")

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
    evaluation: EvaluationSet,
    searcher: Searcher,
    progress: Callable[[int, int], None] = lambda done, total: None,
    names: Sequence[str] | None = None,
    people: People | None = None,
) -> dict[str, Run]:
    """The runs of these names, or all that the searcher gives, over an index that holds the set's corpus alone. `people` are its
    speakers, by whom the default run understands a question, as `dixit ask` does."""
    names = names or [name for name in RUN_NAMES if name != "reranked" or searcher.reranker]
    records = {d.id: d.record or d.doc_id for d in searcher.snapshot.documents().values()}
    made: dict[str, Run] = {name: {} for name in names}
    for number, (query_id, text) in enumerate(evaluation.queries.items()):
        progress(number, len(evaluation.queries))
        for name in names:
            passages = _ranked(name, text, searcher, people)
            made[name][query_id] = {records[d]: s for d, s in _best_first(passages)}
    progress(len(evaluation.queries), len(evaluation.queries))
    return made


def score(run: Run, qrels: dict[str, dict[str, int]]) -> dict[str, float]:
    """The measures of a run, means over the judged queries; a query that found nothing counts 0."""
    import ir_measures

    wanted = {name: ir_measures.parse_measure(measure) for name, measure in MEASURES.items()}
    values = ir_measures.calc_aggregate(wanted.values(), qrels, run)
    return {name: float(values[measure]) for name, measure in wanted.items()}


def score_each(run: Run, qrels: dict[str, dict[str, int]]) -> dict[str, dict[str, float]]:
    """The measures of every judged query, by its id."""
    import ir_measures

    names = {ir_measures.parse_measure(measure): name for name, measure in MEASURES.items()}
    values: dict[str, dict[str, float]] = {query_id: {} for query_id in qrels}
    for metric in ir_measures.iter_calc(names, qrels, run):
        values[metric.query_id][names[metric.measure]] = float(metric.value)
    return values


def write_trec(run: Run, path: Path, tag: str) -> None:
    """A run as a TREC run file: query, Q0, document, rank from 1, score, tag."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for query_id, documents in run.items():
            for rank, (document, value) in enumerate(documents.items(), start=1):
                file.write(f"{_token(query_id)} Q0 {_token(document)} {rank} {value:.6f} {tag}\n")


def read_trec(path: Path, evaluation: EvaluationSet) -> Run:
    """A TREC run file as a run of this set; queries that the set does not judge are passed over. Raises SettingError for a file
    that is none, or of another set."""
    queries = {_token(q): q for q in evaluation.queries}
    judged = {_token(d): d for grades in evaluation.qrels.values() for d in grades}
    found: Run = {}
    for number, line in enumerate(_lines(path), start=1):
        try:
            query_id, _, document, _, value, _ = line.split()
            score_of_it = float(value)
        except ValueError:
            message = f"{path}, line {number}: not the six columns of a TREC run file, nor a set-up's name."
            raise SettingError(message) from None
        if query_id in queries:
            found.setdefault(queries[query_id], {})[judged.get(document, document)] = score_of_it
    if not found:
        raise SettingError(f"{path} holds no query of {evaluation.name}: give a run file of that set.")
    return found


def _ranked(name: str, text: str, searcher: Searcher, people: People | None) -> list[tuple[int, float]]:
    """(document id, score) of the passages that the run of this name finds, best first."""
    if name in ("lexical", "dense"):
        search = searcher.search(understand(text))
        found = search.lexical(_PASSAGE_DEPTH) if name == "lexical" else search.dense(_PASSAGE_DEPTH)
        stored = searcher.snapshot.passages(i for i, _ in found)
        return [(stored[i].document_id, s) for i, s in found]
    question = understand(text, None, people)
    asked = scope_of(question, searcher.snapshot).passages
    hits = searcher.search(question, asked).fused(_PASSAGE_DEPTH)
    if name == "reranked" and searcher.reranker:
        hits = reranked(hits, question.standalone, searcher.reranker, searcher.snapshot, searcher.encoder)
    ranked = [(h.passage.document_id, h.score) for h in hits]
    if asked is None:
        return ranked
    # Whoever is asked for comes first, and what others say after them, as an answer has it.
    rest = searcher.search(question).fused(_PASSAGE_DEPTH)
    return [(d, s + 1) for d, s in ranked] + [(h.passage.document_id, h.score) for h in rest]


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
