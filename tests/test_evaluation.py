"""`dixit evaluate`: the field's measures, checked against their formulas on a set one can hold in one's head."""

from __future__ import annotations

import json
from math import log2
from pathlib import Path

import pytest

from index.errors import SettingError
from retrieval.evaluation import EvaluationSet, score, write_trec

QRELS = {"q1": {"a": 1, "b": 1}, "q2": {"c": 1}}


def write_set(folder: Path, qrels: str = "query-id\tcorpus-id\tscore\nq1\ta\t1\nq1\tb\t1\nq2\tc\t1\n") -> Path:
    folder.mkdir()
    corpus = [
        {"_id": "a", "text": "The harbour is closed."},
        {"_id": "b", "text": "Ships wait."},
        {"_id": "c", "text": "Wine is dear."},
    ]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(d) + "\n" for d in corpus))
    queries = [
        {"id": "q1", "text": "closed harbour"},
        {"id": "q2", "text": "dear wine"},
        {"id": "q3", "text": "unjudged"},
    ]
    (folder / "queries.jsonl").write_text("".join(json.dumps(q) + "\n" for q in queries))
    (folder / "qrels.tsv").write_text(qrels)
    return folder


def test_the_measures_are_those_of_the_formulas() -> None:
    run = {"q1": {"x": 3.0, "a": 2.0, "b": 1.0}, "q2": {"y": 1.0}}
    values = score(run, QRELS)
    ideal = 1 + 1 / log2(3)
    assert values["ndcg@10"] == pytest.approx(((1 / log2(3) + 1 / log2(4)) / ideal + 0) / 2)
    assert values["mrr@10"] == pytest.approx((1 / 2 + 0) / 2)
    assert values["recall@10"] == pytest.approx((2 / 2 + 0) / 2)
    assert values["success@5"] == pytest.approx((1 + 0) / 2)


def test_a_query_that_found_nothing_counts_nothing_and_is_not_left_out() -> None:
    assert score({"q1": {"a": 1.0, "b": 0.5}}, QRELS)["recall@10"] == pytest.approx(0.5)


def test_only_judged_queries_count_and_a_heading_line_is_no_judgement(tmp_path: Path) -> None:
    loaded = EvaluationSet.load(write_set(tmp_path / "toy"))
    assert loaded.queries.keys() == {"q1", "q2"}
    assert loaded.qrels == QRELS


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "toy")
    (folder / "qrels.tsv").unlink()
    with pytest.raises(SettingError, match="qrels.tsv"):
        EvaluationSet.load(folder)


def test_a_malformed_judgement_is_named_by_its_line(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="line 2"):
        EvaluationSet.load(write_set(tmp_path / "toy", "q1\ta\t1\nq1\tb\tyes\n"))


def test_a_run_file_has_the_six_columns_of_trec(tmp_path: Path) -> None:
    write_trec({"q1": {"b": 2.0, "a": 1.0}}, tmp_path / "toy.run", "dixit-dense")
    assert (tmp_path / "toy.run").read_text().splitlines() == [
        "q1 Q0 b 1 2.000000 dixit-dense",
        "q1 Q0 a 2 1.000000 dixit-dense",
    ]
