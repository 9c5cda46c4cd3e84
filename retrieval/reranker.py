"""Reranking: a cross-encoder reads question and passage together, and puts the best candidates in its own order.

Off unless one is asked for. Any CrossEncoder of sentence-transformers with one score for a pair will do, by hub name or folder;
it runs in torch, as sentence-transformers gives it, and nothing of it is imported before. The cost, on two cores: some
seconds to load, once a process, then for every question a forward pass over `DEPTH` pairs of some 120 word pieces: half a second
for six layers of MiniLM's width, twice that where the words of others are looked for too. The index knows nothing of it.

Only the order is the reranker's. Its scores are of no stated scale, and all that comes after search (which neighbours are
joined, where a page ends, the verdict) reads the fused scores; so these are kept and dealt out anew: the reranker's best passage
gets the largest of them, its second the next.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np

from index.chunker import ChunkerSettings, embedded_text
from index.encoder import Encoder
from index.errors import ModelError, SettingError
from index.snapshot import Snapshot
from retrieval.records import Hit

DEPTH = 20
"""How many of the best passages are read."""

_SUCH_AS = "such as cross-encoder/ms-marco-MiniLM-L6-v2"
_OTHER_FORMATS = ["*.onnx", "onnx/*", "openvino/*", "*.h5", "*.msgpack", "*.ot", "*.gguf"]  # of the same weights


class Reranker(Protocol):
    """Reads a question with each of some texts. `scores` mean nothing but their order: more is better."""

    name: str

    def scores(self, question: str, texts: Sequence[str]) -> np.ndarray:
        """float32 of shape (len(texts),)."""


class CrossEncoderReranker:
    """A CrossEncoder of sentence-transformers. Safe to share between threads."""

    def __init__(self, name: str, model) -> None:
        self.name, self._model = name, model
        self._lock = threading.Lock()  # its tokenizer sets truncation and padding for each call

    def scores(self, question: str, texts: Sequence[str]) -> np.ndarray:
        from torch.nn import Identity

        with self._lock:
            # The logits: a sigmoid gives the same order until it can no more tell 1 from 1. The default prompt is put in front
            # by `predict` itself.
            found = self._model.predict(
                [(question, text) for text in texts], activation_fn=Identity(), show_progress_bar=False
            )
        return np.asarray(found, np.float32)


def load_reranker(name: str) -> Reranker:
    """The reranker of a folder or hub name. Raises SettingError for a folder that is not there, ModelError for what cannot be
    loaded or is no cross-encoder with one score."""
    model = _cross_encoder(_folder(name), name)
    if not _is_trained(model):
        raise ModelError(
            f"{name} is no cross-encoder (nothing in it scores a question with a passage): "
            f"give one that was trained to, {_SUCH_AS}."
        )
    if model.num_labels != 1:
        raise ModelError(
            f"The cross-encoder {name} tells {model.num_labels} classes apart and gives no one score to rank by: "
            f"give one with a single label, {_SUCH_AS}."
        )
    reranker = CrossEncoderReranker(name, model)
    try:
        reranker.scores("Who said so?", ["He did.", "She did, and in so many words."])
    except Exception as error:  # noqa: BLE001 - before the first question, whatever it is
        raise _unusable(name, error) from error
    return reranker


def reranked(hits: Sequence[Hit], question: str, reranker: Reranker, snapshot: Snapshot, encoder: Encoder) -> list[Hit]:
    """`hits`, best first, the first `DEPTH` of them in the reranker's order. It reads what the encoder read: title and section,
    then the passage."""
    first = hits[:DEPTH]
    if len(first) < 2:
        return list(hits)
    documents = snapshot.documents({h.passage.document_id for h in first})
    settings = ChunkerSettings(max_tokens=encoder.max_tokens)
    texts = [
        embedded_text(
            h.passage.text,
            documents[h.passage.document_id].metadata.title,
            h.passage.passage.heading,
            encoder.count_tokens,
            settings,
        )
        for h in first
    ]
    return reordered(hits, reranker.scores(question, texts))


def reordered(hits: Sequence[Hit], scores: Sequence[float] | np.ndarray) -> list[Hit]:
    """The first `len(scores)` of `hits` in the order of `scores`, equals as they were, and the rest after them. The scores of the
    hits are permuted: the list falls as it did, only other passages stand on its steps."""
    order = sorted(range(len(scores)), key=lambda i: -scores[i])
    moved = [replace(hits[i], score=hits[rank].score) for rank, i in enumerate(order)]
    return [*moved, *hits[len(scores) :]]


def _folder(name: str) -> Path:
    """The folder of a cross-encoder, of a hub name from the hub's own cache first."""
    path = Path(name).expanduser()
    if path.is_dir():
        if not (path / "config.json").exists() and not (path / "modules.json").exists():
            raise ModelError(f"{name} holds no cross-encoder (no config.json): give the model's own folder.")
        return path.resolve()
    if name.startswith((".", "/", "~")) or name.count("/") > 1:
        raise SettingError(f"There is no folder {name}: give a cross-encoder's folder, or its name on the hub.")
    from huggingface_hub import snapshot_download

    for candidate in [name] if "/" in name else [f"cross-encoder/{name}", name]:
        for local_only in (True, False):
            try:
                found = snapshot_download(candidate, local_files_only=local_only, ignore_patterns=_OTHER_FORMATS)
            except Exception:  # noqa: BLE001 - the hub's errors are many; all mean that it is not to be had
                continue
            if any(p.suffix in (".safetensors", ".bin") for p in Path(found).rglob("*")):  # not a download broken off
                return Path(found)
    raise ModelError(
        f"There is no cross-encoder named {name} here or on the hub, which has to be reached the first time: "
        f"give its name there, {_SUCH_AS}, or the path of its folder."
    )


def _cross_encoder(folder: Path, name: str):
    try:
        from sentence_transformers import CrossEncoder
        from transformers.utils import logging as messages

        # What is wrong with a model is told in one sentence.
        messages.disable_progress_bar()
        messages.set_verbosity_error()
        logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
        return CrossEncoder(str(folder), device="cpu")
    except Exception as error:  # noqa: BLE001 - everything that loading a foreign folder can raise
        raise _unusable(name, error) from error


def _is_trained(model) -> bool:
    """Whether the head that scores is the folder's own: to a bare transformer, or a bi-encoder, sentence-transformers adds an
    untrained one."""
    if len(model) > 1:  # modules of its own that score
        return True
    architectures = model[0].model.config.architectures or []
    return any(a.endswith("ForSequenceClassification") for a in architectures)


def _unusable(name: str, error: Exception) -> ModelError:
    reason = str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__
    return ModelError(f"The cross-encoder {name} cannot be run ({reason}): give another, {_SUCH_AS}.")
