"""What the README tells a user to type works as it is written."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index import readers

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    """The `dixit` lines of the README's section on use, without their comments."""
    section = README.split("## Use", 1)[1].split("```")[1]
    return [line.split("#")[0].strip() for line in section.splitlines() if line.startswith("dixit ")]


def test_the_commands_of_the_readme_work_in_order_from_an_empty_index(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    tried = [shlex.split(c) for c in commands() if not c.startswith("dixit serve")]
    assert len(tried) >= 4
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    for words in tried:
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", *words[1:]], cwd=tmp_path, env=env, capture_output=True, text=True
        )
        assert done.returncode == 0, (words, done.stderr)
        if words[1] == "ask":
            assert "the entire contingent will be withdrawn from the territory of Kazakhstan" in done.stdout


def test_every_format_that_is_read_is_in_the_readme_and_the_other_way_round() -> None:
    table = README.split("**What is read**", 1)[1].split("Other files are passed over", 1)[0]
    assert set(re.findall(r"`(\.\w+)`", table)) - {".gz"} == set(readers.suffixes())


@pytest.mark.parametrize("command", ["ask", "index", "status", "serve", "batch", "evaluate", "forget"])
def test_every_command_is_in_the_readme_and_has_help(command: str) -> None:
    assert f"dixit {command}" in README
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", command, "--help"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0 and (command == "evaluate" or "--store" in done.stdout)


def test_every_setting_that_is_read_is_in_the_readme_and_the_other_way_round() -> None:
    from dataclasses import fields

    from app.settings import Settings

    assert set(re.findall(r"DIXIT_\w+", README)) == {f"DIXIT_{f.name.upper()}" for f in fields(Settings)}


def test_the_make_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"^make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
