"""`dixit evaluate SET … --compare A B`: two set-ups side by side, with a test that says whether the difference is chance."""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import SettingError
from retrieval.comparison import SetUp, compared, interval, p_value
from retrieval.evaluation import EvaluationSet, Run

ROOT = Path(__file__).resolve().parent.parent


def column(*gained: float) -> np.ndarray:
    return np.array(gained)[:, None]


def a_set(name: str = "toy", queries: int = 20) -> EvaluationSet:
    """Every query is answered by the document of its own number."""
    numbers = range(queries)
    questions = {f"q{n}": f"What of number {n}?" for n in numbers}
    return EvaluationSet(name, Path("corpus.jsonl"), questions, {f"q{n}": {f"d{n}": 1} for n in numbers})


def found_at(ranks: dict[int, int], queries: int = 20) -> Run:
    """A run that finds the right document at a rank, the first where none is told."""
    run: Run = {}
    for n in range(queries):
        rank = ranks.get(n, 1)
        others = {f"other{i}": 2.0 - i / 100 for i in range(rank - 1)}
        run[f"q{n}"] = {**others, f"d{n}": 1.0}
    return run


def test_p_is_the_share_of_all_signs_that_differ_as_far() -> None:
    gained = [0.3, -0.1, 0.25, 0.4, 0.0, 0.15, 0.35, -0.05]
    seen = abs(sum(gained))
    worlds = list(itertools.product((-1, 1), repeat=len(gained)))
    exact = sum(abs(sum(s * g for s, g in zip(world, gained))) >= seen - 1e-9 for world in worlds) / len(worlds)
    assert p_value(column(*gained))[0] == pytest.approx(exact, abs=0.01)


def test_no_difference_is_always_matched_by_chance() -> None:
    assert p_value(column(*[0.0] * 30))[0] == 1.0


def test_a_gain_on_every_query_is_not_chance_and_never_quite_certain() -> None:
    assert 0 < p_value(column(*[0.2] * 30))[0] < 0.001


def test_a_few_queries_prove_nothing() -> None:
    assert p_value(column(0.5, 0.5, 0.5, 0.5))[0] > 0.1


@given(st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.37, 1.0]), min_size=1, max_size=12))
def test_which_of_the_two_is_called_a_makes_no_difference_to_p(gained: list[float]) -> None:
    there, back = column(*gained), -column(*gained)
    assert p_value(there) == p_value(back)


def test_the_interval_holds_the_mean_and_narrows_with_more_queries() -> None:
    few, many = column(*[0.0, 0.2] * 10), column(*[0.0, 0.2] * 100)
    (low,), (high,) = interval(few)
    (low_of_many,), (high_of_many,) = interval(many)
    assert low < low_of_many < 0.1 < high_of_many < high
    # By the normal approximation: .1 ± 1.96 standard errors.
    assert (low_of_many, high_of_many) == pytest.approx((0.1 - 0.0139, 0.1 + 0.0139), abs=0.002)


def test_b_gains_what_a_loses_and_the_queries_that_differ_most_come_first() -> None:
    comparison = compared("one", "two", [(a_set(), found_at({3: 4, 5: 2}), found_at({7: 2}))])
    ndcg = comparison.differences[0]
    assert ndcg.measure == "ndcg@10" and ndcg.difference == pytest.approx(ndcg.b - ndcg.a) and ndcg.difference > 0
    assert [q.query_id for q in comparison.better_under_b()] == ["q3", "q5"]
    assert [q.query_id for q in comparison.better_under_a()] == ["q7"]


def test_sets_given_together_are_pooled_query_by_query() -> None:
    small, large = a_set("small", 5), a_set("large", 15)
    worse, best = found_at({n: 2 for n in range(5)}, 5), found_at({}, 15)
    comparison = compared("one", "two", [(small, worse, found_at({}, 5)), (large, best, best)])
    mrr = next(d for d in comparison.differences if d.measure == "mrr@10")
    assert len(comparison.queries) == 20  # ids are the same in both sets
    assert mrr.a == pytest.approx((5 * 0.5 + 15) / 20) and mrr.b == 1.0


def test_pooled_sets_show_what_one_of_them_cannot() -> None:
    def p_of(sets: int) -> float:
        pairs = [(a_set(f"s{i}", 4), found_at({n: 2 for n in range(4)}, 4), found_at({}, 4)) for i in range(sets)]
        return compared("one", "two", pairs).differences[0].p

    assert p_of(1) > 0.1 and p_of(5) < 0.01


def test_a_query_that_one_set_up_finds_nothing_for_counts_nothing_and_is_told_of() -> None:
    without = {q: d for q, d in found_at({}).items() if q != "q3"}
    comparison = compared("one", "two", [(a_set(), without, found_at({}))])
    assert (comparison.without_a, comparison.without_b) == (1, 0)
    assert comparison.queries[3].a["recall@10"] == 0.0


@pytest.mark.parametrize(
    ("text", "run", "encoder", "reranker"),
    [
        ("lexical", "lexical", None, None),
        ("dense", "dense", None, None),
        ("default", "default", None, None),
        ("default+cross-encoder/one", "reranked", None, "cross-encoder/one"),
        ("all-MiniLM-L6-v2", "default", "all-MiniLM-L6-v2", None),
        ("some/encoder+./a+b", "reranked", "some/encoder", "./a+b"),
    ],
)
def test_a_set_up_is_a_run_or_an_encoder_perhaps_with_a_reranker(
    text: str, run: str, encoder: str | None, reranker: str | None
) -> None:
    assert SetUp.of(text) == SetUp(text, run, encoder, reranker)


def test_a_folder_with_a_plus_in_its_name_is_an_encoder_and_a_file_is_a_run(tmp_path: Path) -> None:
    (tmp_path / "a+b").mkdir()
    (tmp_path / "x.run").touch()
    assert SetUp.of(str(tmp_path / "a+b")).encoder == str(tmp_path / "a+b")
    assert SetUp.of(str(tmp_path / "x.run")).run_file == tmp_path / "x.run"


@pytest.mark.parametrize(
    "text", ["", "default+", "+some/reranker", "lexical+some/reranker", "./nowhere", "./nowhere+x/y"]
)
def test_what_is_no_set_up_is_refused(text: str) -> None:
    with pytest.raises(SettingError):
        SetUp.of(text)


def dixit(*words: str | Path, cwd: Path, ok: bool = True) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "DIXIT_MODEL": "hashing", "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "COLUMNS": "160"}
    command = [sys.executable, "-m", "app.cli", *map(str, words)]
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert (done.returncode == 0) is ok and "Traceback" not in done.stderr, done.stderr
    return done


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """A folder of two small sets, in which a query has the words of its document."""
    for name, things in (("ships", ["ferry", "tug", "barge"]), ("food", ["bread", "wine", "\x1b[2Jcheese"])):
        (tmp_path / name).mkdir()
        for file, rows in (
            ("corpus.jsonl", [{"id": f"d{n}", "text": f"The {t} is dear this year."} for n, t in enumerate(things)]),
            ("queries.jsonl", [{"id": f"q{n}", "text": f"dear {t}"} for n, t in enumerate(things)]),
        ):
            (tmp_path / name / file).write_text("".join(json.dumps(row) + "\n" for row in rows))
        (tmp_path / name / "qrels.tsv").write_text("".join(f"q{n}\td{n}\t1\n" for n in range(3)))
    return tmp_path


def test_several_sets_are_compared_in_one_test_with_everything_in_json(sets: Path) -> None:
    told = json.loads(dixit("evaluate", "ships", "food", "--compare", "lexical", "default", "--json", cwd=sets).stdout)
    assert (told["sets"], told["queries"], told["a"], told["b"]) == (["ships", "food"], 6, "lexical", "default")
    assert [(q["set"], q["id"]) for q in told["per_query"]] == [
        (s, f"q{n}") for s in ("ships", "food") for n in range(3)
    ]
    assert told["measures"]["ndcg@10"].keys() == {"a", "b", "difference", "p", "interval"}
    assert told["measures"]["ndcg@10"]["a"] == told["per_query"][0]["a"]["ndcg@10"] == 1.0


def test_a_run_file_is_compared_as_it_was_written_and_the_queries_that_differ_are_shown(sets: Path) -> None:
    (sets / "poor.run").write_text("q0 Q0 d0 1 2.0 x\nq1 Q0 d2 1 2.0 x\nq2 Q0 d1 1 2.0 x\nq2 Q0 d2 2 1.0 x\n")
    out = dixit("evaluate", "food", "--compare", "poor.run", "default", cwd=sets).stdout
    assert out.startswith("A  poor.run\nB  default\n")
    assert "By ndcg@10" in out and "proves nothing" in out
    assert "Better under B than under A: 2 of 3 queries" in out and "Better under A than under B: 0 of 3" in out
    assert re.search(r"0\.000 → 1\.000  dear wine  \(q1\)", out)
    assert "\x1b" not in out


def test_without_compare_each_set_is_scored_on_its_own(sets: Path) -> None:
    told = json.loads(dixit("evaluate", "ships", "food", "--json", cwd=sets).stdout)
    assert [one["set"] for one in told] == ["ships", "food"]
    assert all(set(one["runs"]) == {"lexical", "dense", "default"} for one in told)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["food", "--compare", "default", "default"], "Both set-ups are default"),
        (["food", "food", "--compare", "lexical", "default"], "food"),
        (["food", "ships", "--compare", "food/qrels.tsv", "default"], "one set"),
        (["food", "--compare", "food/qrels.tsv", "default"], "line 1"),
        (["food", "--compare", "default", "no/such-model"], "no/such-model"),
        (["food", "--compare", "default", "default+./nowhere"], "./nowhere"),
        (["food", "--compare", "lexical", "default", "--reranker", "x/y"], "--reranker"),
    ],
)
def test_a_mistake_is_one_sentence_before_anything_is_indexed(sets: Path, words: list[str], names: str) -> None:
    done = dixit("evaluate", *words, cwd=sets, ok=False)
    assert done.stdout == "" and names in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert not (sets / ".dixit").exists()
