"""People ask over HTTP, sixteen at a time, while documents come, change and go and the index is made again.

Whatever is done, whoever asks is answered from one whole commit, no older than the last that was there when they asked, with words
that stand in a file. In the suite this goes on for some seconds; for a minute by

    DIXIT_SECONDS=60 pytest tests/test_concurrency.py -s

which prints how much was asked and done, and the memory of the server.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest

from index.encoder import Encoder
from index.membership import take_in
from index.records import text_digest
from index.store import Store
from index.sync import sync
from retrieval.assistant import Assistant

ROOM = Path(__file__).resolve().parent.parent
SECONDS = float(os.environ.get("DIXIT_SECONDS", "8"))
ASKERS = 16
PATIENCE = 60.0  # seconds, for what takes one on a quiet machine
MEMORY = 48  # MiB that the server may hold more in the last third of the time than in the first

PLACES = """Arnholm Bredvik Carlsund Dalby Ekenes Falkvik Grimstad Halden Ivarby Jordnes Kolvik Lerholm Marvik Norrby
    Odderstad Porsvik Ravnes Skarholm Torvik Ulvsund Vestby Ytterby Algrund Bjornes""".split()
QUESTIONS = [
    "What did the council decide about the quay?",
    "Who counted the herring boats?",
    "What did the harbour master of Dalby say?",
    *(f"When does the ferry to {place} sail?" for place in PLACES[::2]),
]
K = 8

Answers = dict[str, frozenset[tuple[str, int, int]]]
"""By question, every place that its answer tells of: document, start and end."""


@dataclass(frozen=True, slots=True)
class Commit:
    """What one commit holds, by document, and what it answers to one who asks alone."""

    id: str
    texts: dict[str, str]
    answers: Answers


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer as it came over HTTP. `newest` is the number of the newest commit known when it was asked for."""

    question: str
    asked_at: float
    came_at: float
    newest: int
    answer: dict


@dataclass(slots=True)
class Documents:
    """The files as they are on disk, and as they were: every text that a document ever had, with the times between which it may
    have been found in its file."""

    folder: Path
    library: Path
    texts: dict[str, str] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    stood: dict[str, list[tuple[str, float, float]]] = field(default_factory=dict)

    @property
    def indexed(self) -> dict[str, str]:
        """What an index of them holds."""
        return {d: text for d, text in self.texts.items() if d not in self.left_out}

    def location(self, doc_id: str) -> Path:
        root, _, name = doc_id.partition("/")
        return (self.folder if root == self.folder.name else self.library) / name

    @contextmanager
    def replaced(self, doc_id: str, text: str | None) -> Iterator[None]:
        """A document is put into its file, in place of what is there, or taken away, within the block."""
        began = time.monotonic()
        yield
        stood = self.stood.setdefault(doc_id, [])
        if doc_id in self.texts:
            before, since, _ = stood.pop()
            stood.append((before, since, time.monotonic()))
            del self.texts[doc_id]
        if text is not None:
            stood.append((text, began, float("inf")))
            self.texts[doc_id] = text

    def write(self, doc_id: str, text: str, at_once: bool = True) -> None:
        """Write a file, in one step or by writing over what is there."""
        path = self.location(doc_id)
        with self.replaced(doc_id, text):
            hidden = path.with_name(f".{path.name}") if at_once else path
            hidden.write_text(text, encoding="utf-8")
            hidden.replace(path)

    def delete(self, doc_id: str) -> None:
        with self.replaced(doc_id, None):
            self.location(doc_id).unlink()

    def rename(self, doc_id: str, to: str) -> None:
        text = self.texts[doc_id]
        with self.replaced(doc_id, None), self.replaced(to, text):
            self.location(doc_id).rename(self.location(to))

    def could_be_read(self, doc_id: str, start: int, end: int, words: str, since: float, until: float) -> bool:
        """Whether some words stood at their place in a document's file at any moment of a time."""
        return any(
            text[start:end] == words and came <= until and went >= since
            for text, came, went in self.stood.get(doc_id, ())
        )


def letter(place: str, number: int) -> str:
    """A document that tells by its words which it is."""
    return (
        f"News from {place}, issue {number}\n\n"
        f"The harbour master of {place} counted {number} herring boats on Monday. The council of {place} decided that the quay "
        f"will be mended in {1900 + number}.\n\n"
        f"“The ferry to {place} sails at {number % 24} o'clock, and nobody in {place} will wait for it,” said Anna Berg, the "
        f"harbour master of {place}.\n\n"
        f"Peter Holm of the fishermen's union of {place} did not agree. “We have {number} bills to pay,” he said.\n"
    )


def test_sixteen_people_ask_while_documents_come_change_and_go_and_the_index_is_made_again(
    tmp_path: Path, hashing: Encoder
) -> None:
    documents = Documents(tmp_path / "letters", tmp_path / "given")
    for folder in (documents.folder, documents.library):
        folder.mkdir()
    for number, place in enumerate(PLACES[:18], start=1):
        documents.write(f"letters/{place}.txt", letter(place, number))
    documents.write(f"given/{PLACES[18]}.txt", letter(PLACES[18], 19))
    store = Store(tmp_path / "store")
    sync(store, hashing, [documents.folder, documents.library])

    with served(store, documents.library) as (address, process):
        town = Town(address, store, documents)
        town.note_commit()
        heard, wrong = asked_meanwhile(town, process, lambda: town.live(SECONDS))

    assert wrong == []
    assert len(heard) > 10 * ASKERS
    numbers = {commit.id: number for number, commit in enumerate(town.commits)}
    told: Counter[str] = Counter()
    for one in heard:
        assert one.answer["index"]["commit"] in numbers, "of a commit that never was"
        number = numbers[one.answer["index"]["commit"]]
        assert number >= one.newest, "of a commit older than that which was there"
        told.update(checked(one, town.commits[number], documents))
    assert told["shown"] > len(heard) / 2, told
    assert set(town.done) == {"changed", "added", "deleted", "renamed", "left out", "taken in", "made again"}

    first, last = town.memory[: len(town.memory) // 3], town.memory[-len(town.memory) // 3 :]
    grown = statistics.median(last) - statistics.median(first)
    seconds = sorted(one.came_at - one.asked_at for one in heard)
    print(
        f"\n{len(heard)} answers by {ASKERS} askers in {SECONDS:.0f} s, p50 {seconds[len(seconds) // 2]:.3f} s, p95 "
        f"{seconds[len(seconds) * 95 // 100]:.3f} s; passages {dict(told)}; {len(town.commits)} commits: {dict(town.done)}; "
        f"server {statistics.median(first):.0f} MiB in the first third, {statistics.median(last):.0f} in the last, at most "
        f"{max(town.memory):.0f}"
    )
    assert grown < MEMORY, town.memory


class Town:
    """Where letters are written, one thing after the other: each is done, and its commit noted, before the next."""

    def __init__(self, address: str, store: Store, documents: Documents) -> None:
        self.address, self._store, self._documents = address, store, documents
        self.commits: list[Commit] = []
        self.done: Counter[str] = Counter()
        self.memory: list[float] = []
        self._numbers = iter(range(100, 10**9))
        self._chance = random.Random(5)

    def live(self, seconds: float) -> Iterator[None]:
        """One thing after the other, for so long, and all of them at least once; yields after each."""
        deadline = time.monotonic() + seconds
        deeds = (self._change, self._add, self._delete, self._rename, self._leave_out, self._take_in, self._make_again)
        while time.monotonic() < deadline or not self.done["made again"]:
            for deed in deeds:
                deed()
                self._wait()
                self.note_commit()
                yield
                if time.monotonic() >= deadline and self.done["made again"]:
                    break

    def note_commit(self) -> None:
        """Note what is indexed now, which is what is on disk, and what is answered from it."""
        with self._store.read() as snapshot:
            now, held = snapshot.commit, {d.doc_id: d.text_digest for d in snapshot.documents().values()}
        texts = self._documents.indexed
        assert held == {d: text_digest(text) for d, text in texts.items()}
        assistant = Assistant(self._store)  # one that remembers nothing
        found = {q: places(json_of(assistant, q)) for q in QUESTIONS}
        self.commits.append(Commit(now, texts, found))

    def _change(self) -> None:
        for n, doc_id in enumerate(self._some(6)):
            self._documents.write(doc_id, self._letter(doc_id), at_once=n % 2 == 0)
        self._sync()
        self.done["changed"] += 1

    def _add(self) -> None:
        here = {_place(d) for d in self._documents.texts}
        for place in self._chance.sample([p for p in PLACES if p not in here], 2):
            doc_id, text = f"given/{place}.txt", letter(place, next(self._numbers))
            with self._documents.replaced(doc_id, text):
                self._give(f"{place}.txt", text)
            self._wait()
        self.done["added"] += 1

    def _delete(self) -> None:
        for doc_id in self._some(2):
            self._documents.delete(doc_id)
        self._sync()
        self.done["deleted"] += 1

    def _rename(self) -> None:
        here = {_place(d) for d in self._documents.texts}
        (doc_id,) = self._some(1)
        place = self._chance.choice([p for p in PLACES if p not in here])
        self._documents.rename(doc_id, f"{doc_id.split('/')[0]}/{place}.txt")
        self._sync()
        self.done["renamed"] += 1

    def _leave_out(self) -> None:
        (doc_id,) = self._some(1)
        self._documents.left_out.add(doc_id)
        self._post("/api/files/leave-out", {"name": doc_id})
        self.done["left out"] += 1

    def _take_in(self) -> None:
        doc_id = self._documents.left_out.pop()
        without = self._documents.indexed
        without.pop(doc_id)
        take_in(self._store, doc_id, wait=-1)  # a commit in which it is not yet read
        self._sync()
        self.done["taken in"] += 1

    def _make_again(self) -> None:
        for doc_id in self._some(3):
            self._documents.write(doc_id, self._letter(doc_id))
        self._post("/api/index/fresh")
        self.done["made again"] += 1
