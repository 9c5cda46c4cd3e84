"""`dixit evaluate`: the field's measures, checked against their formulas on a set one can hold in one's head."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import log2
from pathlib import Path

import numpy as np
import pytest

from index.errors import SettingError
from retrieval.evaluation import EvaluationSet, read_trec, runs, score, score_each, write_trec

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


def test_the_measures_of_all_queries_have_the_measures_of_the_run_as_their_mean() -> None:
    run = {"q1": {"x": 3.0, "a": 2.0, "b": 1.0}}
    each = score_each(run, QRELS)
    assert each.keys() == QRELS.keys() and each["q2"]["ndcg@10"] == 0.0
    means = {m: (each["q1"][m] + each["q2"][m]) / 2 for m in each["q1"]}
    assert means == pytest.approx(score(run, QRELS))


def test_a_run_file_is_read_as_it_was_written_even_where_ids_hold_blanks(tmp_path: Path) -> None:
    evaluation = EvaluationSet(
        "toy", tmp_path, {"the first": "?", "q2": "?"}, {"the first": {"a b": 1}, "q2": {"c": 1}}
    )
    run = {"the first": {"x": 2.5, "a b": 1.0}, "q2": {"c": 0.5}}
    write_trec(run, tmp_path / "toy.run", "dixit")
    assert read_trec(tmp_path / "toy.run", evaluation) == run


@pytest.mark.parametrize(
    ("text", "told"), [("q1 Q0 a 1 2.0 x\nq1 a 1\n", "line 2"), ("q1 Q0 a 1 high x\n", "line 1"), ("", "no query")]
)
def test_a_file_that_is_no_run_is_named(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "toy.run").write_text(text)
    with pytest.raises(SettingError, match=told):
        read_trec(tmp_path / "toy.run", EvaluationSet.load(write_set(tmp_path / "toy")))


def test_a_run_file_of_another_set_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.run").write_text("elsewhere-1 Q0 a 1 2.0 x\n")
    with pytest.raises(SettingError, match="no query of toy"):
        read_trec(tmp_path / "other.run", EvaluationSet.load(write_set(tmp_path / "toy")))


class WaitingFirst:
    """A reranker that puts texts of waiting before all others."""

    name = "waiting"

    def scores(self, question: str, texts: Sequence[str]) -> np.ndarray:
        return np.array([float("wait" in text) for text in texts], np.float32)


def test_with_a_reranker_there_is_a_fourth_run_and_the_other_three_are_as_they_were(
    indexed: Callable, tmp_path: Path
) -> None:
    evaluation = EvaluationSet("toy", tmp_path, {"q1": "closed harbour"}, {"q1": {"a": 1}})
    assistant = indexed(
        {"corpus.jsonl": '{"id": "a", "text": "The harbour is closed."}\n{"id": "b", "text": "Ships wait."}\n'}
    )
    with assistant.searcher() as searcher:
        plain = runs(evaluation, searcher)
        made = runs(evaluation, replace(searcher, reranker=WaitingFirst()))
    assert plain.keys() == {"lexical", "dense", "default"}
    assert {name: run for name, run in made.items() if name != "reranked"} == plain
    assert list(made["default"]["q1"]) == ["a", "b"] and list(made["reranked"]["q1"]) == ["b", "a"]


def test_the_default_run_puts_the_words_of_whoever_is_asked_for_first(indexed: Callable, tmp_path: Path) -> None:
    words = {
        "holm": ("Peter Holm", "It will cost much, I fear."),
        "berg": ("Anna Berg", "The harbour is closed, and nobody said what the harbour costs."),
        "lind": ("Clara Lind", "Roses bloom."),
    }
    lines = [json.dumps({"id": i, "title": i, "speaker": who, "text": text}) for i, (who, text) in words.items()]
    question = "what did Peter Holm say about the closed harbour?"
    evaluation = EvaluationSet("toy", tmp_path, {"q1": question}, {"q1": {"holm": 1}})
    assistant = indexed({"corpus.jsonl": "\n".join(lines)})
    with assistant.searcher() as searcher:
        strangers = runs(evaluation, searcher, names=["default"])["default"]["q1"]
        made = runs(evaluation, searcher, people=assistant.people(searcher.snapshot))
    assert list(strangers)[0] == "berg"
    assert list(made["default"]["q1"])[:2] == ["holm", "berg"] and len(made["default"]["q1"]) == 3
    assert list(made["lexical"]["q1"])[0] == list(made["dense"]["q1"])[0] == "berg"
