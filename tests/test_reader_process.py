"""A reader in a process of its own: what hangs, crashes or takes all memory costs its file, and the next one is read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import psutil
import pytest

from index.errors import UnreadableFile
from index.reader_process import ReaderProcess

FORMATS = """
import ctypes, os, sys, time, warnings
from index import readers
from index.errors import UnreadableFile
from index.readers.base import Format, Options, Problem, Reading
from index.readers.plain import read

def hang(data, name, options):
    while True: time.sleep(60)

def hang_inside(data, name, options):
    def items():
        yield Problem("page 1", "is empty")
        while True: time.sleep(60)
    return Reading("none", items())

def endless(data, name, options):
    def items():
        while True:
            time.sleep(0.2)
            yield Problem("page 1", "is empty")
    return Reading("none", items())

def greedy(data, name, options):
    return bytearray(16 * 2**30)

def crash(data, name, options):
    ctypes.string_at(0)

def chatty(data, name, options):
    print("no answer"); os.write(1, b"nor this"); warnings.warn("nor that")
    return read(data, name, options)

def deep(data, name, options):
    return deep(data, name, options)

def wrong(data, name, options):
    raise KeyError("page")

for name, reader in list(globals().items()):
    if callable(reader) and getattr(reader, "__module__", "") == __name__ and not name.startswith("_"):
        readers._FORMATS[f".{name}"] = Format(name, (f".{name}",), reader)
"""


@pytest.fixture
def process(tmp_path: Path, monkeypatch):
    """A process that has readers of the worst kind beside its own."""
    (tmp_path / "sitecustomize.py").write_text(textwrap.dedent(FORMATS))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with ReaderProcess(time_limit=5) as process:
        yield process


def reason(process: ReaderProcess, name: str) -> str:
    with pytest.raises(UnreadableFile) as caught:
        list(process.read(b"Words.", name).items)
    return str(caught.value)


def words(process: ReaderProcess) -> list[str]:
    return [d.text for d in process.read("“Words,” she said.".encode(), "a.txt").items]


def test_a_file_is_read_as_it_is_read_in_place(process) -> None:
    assert words(process) == ["“Words,” she said."]


def test_one_process_reads_many_files(process) -> None:
    words(process)
    first = process._process.pid
    words(process)
    assert process._process.pid == first


@pytest.mark.parametrize("name", ["a.hang", "a.hang_inside"])
def test_an_endless_file_is_given_up_and_the_next_is_read(process, name) -> None:
    assert "longer than the 5 seconds" in reason(process, name)
    assert words(process)


def test_a_file_of_ever_more_documents_is_given_up_in_the_end(tmp_path: Path, process) -> None:
    with ReaderProcess(time_limit=0.5) as hasty:
        assert "longer than" in reason(hasty, "a.endless")


def test_what_came_before_a_reader_hung_was_given(process) -> None:
    items = process.read(b"Words.", "a.hang_inside").items
    assert next(items).where == "page 1"
    with pytest.raises(UnreadableFile):
        next(items)


def test_a_reader_that_crashes_costs_its_file(process) -> None:
    assert "broke on it (signal 11)" in reason(process, "a.crash")
    assert words(process)


@pytest.mark.skipif(sys.platform != "linux", reason="the system knows no such limit")
def test_a_reader_that_takes_all_memory_is_refused_it(process) -> None:
    assert "more memory" in reason(process, "a.greedy")
    assert words(process)


def test_what_libraries_print_is_no_answer(process) -> None:
    assert [d.text for d in process.read(b"Words.", "a.chatty").items] == ["Words."]


def test_what_a_reader_did_not_foresee_is_a_reason(process) -> None:
    assert "nested too deep" in reason(process, "a.deep")
    assert "KeyError" in reason(process, "a.wrong")
    assert words(process)


def test_half_a_reading_does_not_get_into_the_next(process) -> None:
    data = b'{"text": "One."}\n{"text": "Two."}\n'
    assert next(process.read(data, "a.jsonl").items).text == "One."
    assert words(process) == ["“Words,” she said."]


def test_a_format_that_is_not_read_is_refused(process) -> None:
    assert ".xyz is not a format that is read" in reason(process, "a.xyz")


def test_the_process_ends_with_the_one_who_started_it(process, tmp_path: Path) -> None:
    code = (
        "import threading\nfrom index.reader_process import ReaderProcess\nprocess = ReaderProcess()\n"
        "threading.Thread(target=lambda: list(process.read(b'', 'a.hang').items), daemon=True).start()\n"
        "while process._process is None: pass\nprint(process._process.pid, flush=True)\nthreading.Event().wait()\n"
    )
    starter = subprocess.Popen([sys.executable, "-P", "-c", code], stdout=subprocess.PIPE)
    reader = psutil.Process(int(starter.stdout.readline()))
    os.kill(starter.pid, signal.SIGKILL)
    starter.wait()
    reader.wait(timeout=20)
    assert not reader.is_running()
    starter.stdout.close()
