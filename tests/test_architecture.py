"""The house's one rule: app → retrieval → index, never back; and nothing heavy before it is needed."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAY_USE = {"index": {"index"}, "retrieval": {"retrieval", "index"}, "app": {"app", "retrieval", "index"}}


def imported_rooms(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add(node.module or "")
    return {name.split(".")[0] for name in names} & MAY_USE.keys()


@pytest.mark.parametrize("room", MAY_USE)
def test_imports_run_from_app_to_retrieval_to_index_and_never_back(room: str) -> None:
    modules = list((ROOT / room).rglob("*.py"))
    assert modules
    for module in modules:
        assert imported_rooms(module) <= MAY_USE[room], module


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        module.relative_to(ROOT).as_posix()
        for room in MAY_USE
        for module in (ROOT / room).rglob("*.py")
        if any(
            isinstance(n, ast.Attribute) and n.attr in ("environ", "getenv")
            for n in ast.walk(ast.parse(module.read_text()))
        )
    }
    # encoder.py and chat.py set variables for libraries, before they import them; they read none.
    assert readers <= {"app/settings.py", "index/encoder.py", "app/chat.py"}


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("app.cli", {"torch", "transformers", "sentence_transformers", "gradio", "faiss", "onnxruntime", "numpy"}),
        ("retrieval.assistant", {"torch", "transformers", "sentence_transformers", "gradio"}),
        ("retrieval.status", {"numpy", "faiss", "onnxruntime"}),
    ],
)
def test_importing_a_room_does_not_load_what_only_some_commands_use(module: str, heavy: set[str]) -> None:
    code = f"import sys, {module}; print(*(set(sys.modules) & {heavy!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.split() == []


def test_nothing_calls_home(tmp_path: Path) -> None:
    """onnxruntime keeps a device id and a queue of events for its makers wherever it may report to them."""
    code = "from index.encoder import load_encoder; load_encoder().encode_query('hello')"
    env = {**os.environ, "HOME": str(tmp_path), "DIXIT_CACHE": os.environ.get("DIXIT_CACHE", "")}
    env.pop("XDG_CACHE_HOME", None)
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=True)
    assert [p for p in tmp_path.rglob("*") if "microsoft" in str(p).lower()] == []


def test_every_package_is_named_in_the_wheel() -> None:
    import tomllib

    named = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"])
    found = {
        module.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for room in MAY_USE
        for module in (ROOT / room).rglob("*.py")
    }
    assert found | {"seeds"} == named
