"""The encoder: the publisher's weights, the model's own vectors and prompts, and a remedy in every refusal."""

from __future__ import annotations

import hashlib
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
from index.encoder import DEFAULT_MODEL, Encoder, HashingEncoder, OnnxEncoder, TorchEncoder, load_encoder, model_folder
from index.errors import ModelError

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
    source = model_folder(DEFAULT_MODEL)
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
    assert hashlib.sha256((model_folder(DEFAULT_MODEL) / "model.safetensors").read_bytes()).hexdigest() == PUBLISHED
    assert minilm.name == DEFAULT_MODEL and minilm.dimension == 384


def test_tampered_weights_are_refused_with_a_remedy(tmp_path: Path, monkeypatch) -> None:
    folder = copy_of_the_model(tmp_path / "model")
    weights = folder / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.unlink()
    weights.write_bytes(data)
    monkeypatch.setattr(room, "model_folder", lambda name: folder)
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
    plain = room._fingerprint(copy_of_the_model(tmp_path / "plain"))
    assert plain == room._fingerprint(model_folder(DEFAULT_MODEL))
    prompts = room._fingerprint(
        copy_of_the_model(tmp_path / "prompts", config_sentence_transformers={"prompts": PROMPTS})
    )
    longer = room._fingerprint(copy_of_the_model(tmp_path / "longer", sentence_bert_config={"max_seq_length": 128}))
    weights = copy_of_the_model(tmp_path / "weights")
    (weights / "model.safetensors").unlink()
    (weights / "model.safetensors").write_bytes(b"other")
    assert len({plain, prompts, longer, room._fingerprint(weights)}) == 4


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
    assert agree(minilm, model_folder(DEFAULT_MODEL))

    # A model with prompts; the kept graph of it is damaged, so it is exported again.
    prompted = copy_of_the_model(tmp_path / "prompted", config_sentence_transformers={"prompts": PROMPTS})
    graph = same_graph(tmp_path / "cache", room._fingerprint(prompted), minilm)
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
    same_graph(tmp_path / "cache", room._fingerprint(cls), minilm)
    with_cls = load_encoder(str(cls), tmp_path / "cache")
    assert isinstance(with_cls, OnnxEncoder) and agree(with_cls, cls)
    maximum = copy_of_the_model(
        tmp_path / "max", **{"1_Pooling__config": {"pooling_mode_mean_tokens": False, "pooling_mode_max_tokens": True}}
    )
    with_max = load_encoder(str(maximum), tmp_path / "cache")
    assert isinstance(with_max, TorchEncoder) and agree(with_max, maximum)
    assert with_max.max_tokens == minilm.max_tokens and with_max.count_tokens(TEXTS) == minilm.count_tokens(TEXTS)
