"""Shared fixtures: small indexes of real files, by an encoder that needs no model where meaning does not matter."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from index.encoder import Encoder, load_encoder
from index.store import Store
from index.sync import sync
from retrieval.assistant import Assistant

pytest_plugins = ["browsing"]

# A slow machine is no failure. Other examples each time, but where it is decided whether a change lands (.ci/run).
settings.register_profile("dixit", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("dixit")


@pytest.fixture(scope="session")
def hashing() -> Encoder:
    """An encoder without a model: the cosine of two texts is how many words they share."""
    return load_encoder("hashing")


@pytest.fixture(scope="session")
def minilm() -> Encoder:
    """The default encoder."""
    return load_encoder()


@pytest.fixture
def indexed(tmp_path: Path, hashing: Encoder) -> Callable[..., Assistant]:
    """Writes files (name → text or bytes) into a folder `documents` and gives an assistant over their index."""

    def build(files: dict[str, str | bytes], encoder: Encoder = hashing) -> Assistant:
        folder = tmp_path / "documents"
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        sync(Store(tmp_path / "store"), encoder, [folder])
        return Assistant(Store(tmp_path / "store"))

    return build
