"""The encoder: texts to unit vectors, by any sentence-transformers model.

A sentence-transformers model is a transformer, a pooling and perhaps a normalisation. The first time a model is used its
transformer is exported to ONNX and kept in the cache folder under the model's fingerprint; from then on the model runs in
onnxruntime, about twice as fast on a CPU as torch and without the ten seconds that importing torch takes. The export is
compared with the original before it is trusted. A model that is anything more than these three parts, or that does not
export, runs in sentence-transformers itself: slower, the same vectors.

No text is ever truncated unseen: `count_tokens` is how the chunker keeps within `max_tokens`.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from index.errors import ModelError
from index.models import DEFAULT_MODEL, ModelFolder, find_model
from index.records import Span
from index.words import stems

# onnxruntime reports to its makers unless it is told not to, before it is first imported; nothing here calls home.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

_PARITY_TEXTS = ("The entire contingent will be withdrawn.", "Who said so?", "a " * 100)
_BATCH_TOKENS = 512  # small batches of rows of like length: padding and cache misses cost more than calls


@dataclass(frozen=True, slots=True)
class WithSentences:
    """Vectors of passages, and those of the sentences in each: `passages` of shape (n, dimension), and n arrays `sentences` of
    shape (sentences of it, dimension); float32, all rows of length 1."""

    passages: np.ndarray
    sentences: list[np.ndarray]


class Encoder(Protocol):
    """Texts to vectors. `fingerprint` changes whenever the vectors would: it is part of every vector's key."""

    name: str
    fingerprint: str
    dimension: int
    max_tokens: int
    """The most word pieces of text it reads, its own special tokens and passage prompt already taken off."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, without special tokens."""

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        """float32 of shape (len(texts), dimension), rows of length 1."""

    def encode_with_sentences(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> WithSentences:
        """The same, and the vectors of the `sentences` of each text, by their offsets into it."""

    def encode_query(self, text: str) -> np.ndarray:
        """float32 of shape (dimension,), of length 1."""


def load_encoder(
    name: str = DEFAULT_MODEL, cache: Path | None = None, on_export: Callable[[], None] = lambda: None
) -> Encoder:
    """The encoder for a model's name or path; `hashing` needs no model at all. Raises ModelError with the remedy.

    `on_export` is called before a model is exported, which takes some 15 seconds and happens once.
    """
    if name == "hashing":
        return HashingEncoder()
    cache = cache or default_cache()
    model = find_model(name)
    parts = _Parts.of(model.folder)
    if parts is None:
        return TorchEncoder(model)
    graph = cache / model.fingerprint[:16] / "transformer.onnx"
    refused = graph.with_name("refused")
    if graph.exists():
        with suppress(Exception):  # a damaged graph is made again
            return OnnxEncoder(model, graph, parts)
    if not refused.exists():
        on_export()
        try:
            _export(model, graph, parts)
            return OnnxEncoder(model, graph, parts)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the export, the original still works
            with suppress(OSError):
                refused.write_text(f"{type(error).__name__}: {error}", encoding="utf-8")  # not to be tried every time
    return TorchEncoder(model)


def default_cache() -> Path:
    """The folder for exported models: one for all indexes of this user."""
    from platformdirs import user_cache_path

    return user_cache_path("dixit") / "encoders"


@dataclass(frozen=True, slots=True)
class _Parts:
    """What must be known of a model beside its transformer to run it without sentence-transformers."""

    pooling: str
    normalize: bool
    max_seq_length: int
    query_prompt: str
    passage_prompt: str

    @classmethod
    def of(cls, folder: Path) -> _Parts | None:
        """None for a model that is more than transformer, mean or CLS pooling, and normalisation."""
        try:
            modules = _json(folder / "modules.json")
            kinds = [m["type"].rsplit(".", 1)[-1] for m in modules]
            if kinds[:2] != ["Transformer", "Pooling"] or kinds[2:] not in ([], ["Normalize"]):
                return None
            if not (folder / "tokenizer.json").exists():
                return None
            pooling = _pooling_mode(_json(folder / modules[1]["path"] / "config.json"))
            limit = _json(folder / modules[0]["path"] / "sentence_bert_config.json")["max_seq_length"]
            config = _json(folder / "config_sentence_transformers.json")
            prompts = config.get("prompts") or {}
            query, passage = _prompts(prompts, config.get("default_prompt_name"))
        except (OSError, KeyError, ValueError, TypeError):
            return None
        if pooling is None or not limit:
            return None
        return cls(pooling, "Normalize" in kinds, limit, query, passage)


def _prompts(prompts: Mapping[str, str], default_name: str | None) -> tuple[str, str]:
    """What the model wants in front of a query and of a passage. Always said to sentence-transformers in so many words: left
    to itself it looks for "document" only."""
    default = prompts.get(default_name or "") or ""
    passage = next((prompts[k] for k in ("document", "passage", "corpus") if prompts.get(k)), default)
    return prompts.get("query") or default, passage


def _pooling_mode(config: dict) -> str | None:
    if "pooling_mode" in config:
        return config["pooling_mode"] if config["pooling_mode"] in ("mean", "cls") else None
    modes = [k for k, on in config.items() if k.startswith("pooling_mode_") and on]
    known = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}
    return known.get(modes[0]) if len(modes) == 1 and config.get("include_prompt", True) else None


class OnnxEncoder:
    """A model run in onnxruntime from its exported graph. Safe to share between threads."""

    def __init__(self, model: ModelFolder, graph: Path, parts: _Parts) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
        options.log_severity_level = 3
        self.name, self.fingerprint, self._parts = model.name, model.fingerprint, parts
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(model.folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        specials = len(self._tokenizer.encode("").ids)
        self.max_tokens = parts.max_seq_length - specials - sum(self.count_tokens([parts.passage_prompt]))
        self.dimension = int(self._session.get_outputs()[0].shape[-1])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(e.ids) for e in self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        return self._encode([self._parts.passage_prompt + t for t in texts])

    def encode_with_sentences(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> WithSentences:
        """One reading gives both: a sentence's vector is the mean of its word pieces as they are read in their passage, so that
        "he will do so by May" is about what stands before it ("late chunking", Günther et al. 2024)."""
        if self._parts.pooling != "mean":
            return _read_alone(self, texts, sentences)
        prompt = len(self._parts.passage_prompt)
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        found: list[np.ndarray] = [np.zeros((0, self.dimension), np.float32)] * len(texts)
        for i, hidden, offsets in self._read([self._parts.passage_prompt + t for t in texts]):
            vectors[i] = hidden.mean(axis=0)
            # Special tokens are of no length, and begin nowhere.
            starts = np.array([start - prompt if end > start else -1 for start, end in offsets])
            within = [(starts >= s.start) & (starts < s.end) for s in sentences[i]]
            if within:
                found[i] = _unit(np.stack([hidden[w].mean(axis=0) if w.any() else vectors[i] for w in within]))
        return WithSentences(_unit(vectors), found)

    def encode_query(self, text: str) -> np.ndarray:
        return self._encode([self._parts.query_prompt + text])[0]

    def _encode(self, texts: list[str]) -> np.ndarray:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for i, hidden, _ in self._read(texts):
            vectors[i] = hidden[0] if self._parts.pooling == "cls" else hidden.mean(axis=0)
        return _unit(vectors)

    def _read(self, texts: list[str]) -> Iterator[tuple[int, np.ndarray, list[tuple[int, int]]]]:
        """For each text, in any order: its number, the model's last layer of shape (word pieces, dimension), and the word pieces'
        offsets into it. A text that is too long loses its end."""
        limit = self._parts.max_seq_length
        read = self._tokenizer.encode_batch(texts)
        rows = [e.ids if len(e.ids) <= limit else [*e.ids[: limit - 1], e.ids[-1]] for e in read]
        # Rows of like length together: padding is work. Longest first, so that the largest batch is met first.
        order = sorted(range(len(rows)), key=lambda i: -len(rows[i]))
        at = 0
        while at < len(order):
            width = len(rows[order[at]])
            batch = order[at : at + max(1, _BATCH_TOKENS // width)]
            at += len(batch)
            ids = np.zeros((len(batch), width), np.int64)
            mask = np.zeros((len(batch), width), np.int64)
            for r, i in enumerate(batch):
                ids[r, : len(rows[i])] = rows[i]
                mask[r, : len(rows[i])] = 1
            hidden = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
            for r, i in enumerate(batch):
                yield i, hidden[r, : len(rows[i])], read[i].offsets[: len(rows[i])]


class TorchEncoder:
    """Any other model, run by sentence-transformers itself."""

    def __init__(self, model: ModelFolder) -> None:
        self.name, self.fingerprint = model.name, model.fingerprint
        self._model = _sentence_transformer(model)
        self.dimension = int(self._model.get_embedding_dimension())
        tokenizer = self._model.tokenizer
        self._lock = threading.Lock()  # its tokenizer sets truncation and padding for each call
        self._query, self._passage = _prompts(self._model.prompts, self._model.default_prompt_name)
        limit = self._model.max_seq_length or 512
        self.max_tokens = (
            limit
            - len(tokenizer("")["input_ids"])
            - len(tokenizer(self._passage, add_special_tokens=False)["input_ids"])
        )

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        with self._lock:
            ids = self._model.tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)[
                "input_ids"
            ]
        return [len(row) for row in ids]

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        return self._encode(self._model.encode_document, texts, self._passage)

    def encode_with_sentences(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> WithSentences:
        return _read_alone(self, texts, sentences)

    def encode_query(self, text: str) -> np.ndarray:
        return self._encode(self._model.encode_query, [text], self._query)[0]

    def _encode(self, encode: Callable, texts: Sequence[str], prompt: str) -> np.ndarray:
        with self._lock:
            return _unit(np.asarray(encode(list(texts), prompt=prompt, show_progress_bar=False), np.float32))


class HashingEncoder:
    """A bag of hashed stems: no model, no meaning, the same everywhere. For tests, and for machines too small for a model.

    >>> encoder = HashingEncoder()
    >>> float(encoder.encode_query("troops withdraw") @ encoder.encode_query("Withdraws troops.")) > 0.999
    True
    """

    name, fingerprint, dimension, max_tokens = "hashing", "hashing-1", 256, 254

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(t.split()) for t in texts]

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(vectors, texts):
            for stem in stems(text):
                digest = int.from_bytes(hashlib.blake2b(stem.encode(), digest_size=4).digest())
                row[digest % self.dimension] += 1.0
        return _unit(vectors)

    def encode_with_sentences(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> WithSentences:
        return _read_alone(self, texts, sentences)

    def encode_query(self, text: str) -> np.ndarray:
        return self.encode_passages([text])[0]


def _read_alone(encoder: Encoder, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> WithSentences:
    """For a model whose word pieces say nothing by themselves: each sentence is read for itself."""
    words = [s.of(text) for text, spans in zip(texts, sentences) for s in spans]
    vectors = encoder.encode_passages(words) if words else np.zeros((0, encoder.dimension), np.float32)
    borders = np.cumsum([len(spans) for spans in sentences])[:-1]
    return WithSentences(encoder.encode_passages(texts), np.split(vectors, borders) if len(texts) else [])


def _sentence_transformer(found: ModelFolder):
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()
        return SentenceTransformer(str(found.folder), device="cpu")
    except Exception as error:  # noqa: BLE001 - everything that loading a foreign folder can raise
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelError(
            f"The model {found.name} cannot be loaded ({reason}): give the folder of a sentence-transformers model."
        ) from error


def _export(found: ModelFolder, graph: Path, parts: _Parts) -> None:
    """Write the transformer's ONNX graph, whole or not at all, after proving it against the original."""
    import contextlib
    import io
    import logging
    import tempfile
    import warnings

    import torch

    model = _sentence_transformer(found)
    transformer = model[0].auto_model.eval()

    class Hidden(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids, attention_mask):
            return self.transformer(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    example = model.tokenizer(["one two three", "four"], padding=True, return_tensors="pt")
    axes = {
        0: torch.export.Dim("batch", min=1, max=4096),
        1: torch.export.Dim("tokens", min=2, max=parts.max_seq_length),
    }
    graph.parent.mkdir(parents=True, exist_ok=True)
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        tempfile.TemporaryDirectory(dir=graph.parent) as work,
    ):
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            Hidden(),
            (example["input_ids"], example["attention_mask"]),
            dynamo=True,
            dynamic_shapes=(axes, axes),
            input_names=["input_ids", "attention_mask"],
            output_names=["hidden"],
            verbose=False,
        )
        written = Path(work) / "transformer.onnx"
        program.save(str(written), external_data=False)
        texts = list(_PARITY_TEXTS)
        ours = OnnxEncoder(found, written, parts).encode_passages(texts)
        theirs = model.encode_document(texts, prompt=parts.passage_prompt, show_progress_bar=False)
        theirs = _unit(np.asarray(theirs, np.float32))
        if float((ours * theirs).sum(axis=1).min()) < 0.9999:
            raise ModelError(f"The exported graph of {found.name} does not give the model's own vectors.")
        os.replace(written, graph)


def _json(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
