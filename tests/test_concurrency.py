"""People ask over HTTP, sixteen at a time, while documents come, change and go and the index is made again.

Whatever is done, whoever asks is answered from one whole commit, no older than the last that was there when they asked, with words
that stand in a file. In the suite this goes on for some seconds; for a minute by

    DIXIT_SECONDS=60 pytest tests/test_concurrency.py -s

which prints how much was asked and done, and the memory of the server.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote

import psutil

from index.encoder import Encoder
from index.membership import take_in
from index.records import text_digest
from index.store import Store
from index.sync import sync
from retrieval.assistant import Assistant
from retrieval.schema import answer_json

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
DEEDS = ("change", "add", "delete", "rename", "leave_out", "take_in", "make_again")

Place = tuple[str, int, int]
"""A document, and from where to where in its text."""


@dataclass(frozen=True, slots=True)
class Commit:
    """What is held by document, and by question every place that the answer tells of."""

    id: str
    texts: dict[str, str]
    answers: dict[str, frozenset[Place]]


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer as it came over HTTP. `newest` is the number of the newest commit known when it was asked for."""

    question: str
    asked_at: float
    came_at: float
    newest: int
    answer: dict


@dataclass(frozen=True, slots=True)
class Stood:
    """A text in its file: it may have been found there from `came` to `went`, and was there for certain from `there` to `going`."""

    text: str
    came: float
    there: float
    going: float = float("inf")
    went: float = float("inf")


@dataclass(slots=True)
class Documents:
    """The files as they are on disk, and as they were: every text that a document ever had, with the times between which it may
    have been found in its file."""

    folder: Path
    library: Path
    texts: dict[str, str] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    stood: dict[str, list[Stood]] = field(default_factory=dict)

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
        ended, stood = time.monotonic(), self.stood.setdefault(doc_id, [])
        if doc_id in self.texts:
            stood.append(replace(stood.pop(), going=began, went=ended))
            del self.texts[doc_id]
        if text is not None:
            stood.append(Stood(text, began, ended))
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

    def stood_there(self, doc_id: str, start: int, end: int, words: str, since: float, until: float) -> bool:
        """Whether some words stood at their place in a document's file at any moment of a time."""
        held = (s for s in self.stood.get(doc_id, ()) if s.text[start:end] == words)
        return any(s.came <= until and s.went >= since for s in held)

    def stood_all_the_time(self, doc_id: str, start: int, end: int, words: str, since: float, until: float) -> bool:
        """Whether some words stood at their place in a document's file for certain, from the beginning to the end of a time."""
        held = (s for s in self.stood.get(doc_id, ()) if s.text[start:end] == words)
        return any(s.there <= since and s.going >= until for s in held)


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
    for number, place in enumerate(PLACES[:18]):
        documents.write(f"letters/{place}.txt", letter(place, number))
    documents.write(f"given/{PLACES[18]}.txt", letter(PLACES[18], 18))
    store = Store(tmp_path / "store")
    sync(store, hashing, [documents.folder, documents.library])

    with served(store, documents.library) as server:
        town = Town(server, store, documents)
        town.note_commit()
        heard = asked_meanwhile(server, town, SECONDS)

    told: Counter[str] = Counter()
    for one in heard:
        told.update(check(one, town.commits, documents))
    third = len(town.memory) // 3
    first, last = median(town.memory[:third]), median(town.memory[-third:])
    cuts = quantiles((one.came_at - one.asked_at for one in heard), n=20)
    print(
        f"\n{len(heard)} answers in {SECONDS:.0f} s, p50 {cuts[9]:.3f} s, p95 {cuts[18]:.3f} s; passages: {dict(told)}; "
        f"{len(town.commits)} commits: {dict(town.done)}; memory of the server: {first:.0f} MiB in the first third, "
        f"{last:.0f} in the last, {max(town.memory):.0f} at most"
    )
    assert len(heard) > 10 * ASKERS and told["shown"] > told["withheld"] > 0
    assert last - first < MEMORY, town.memory


class Town:
    """Where letters are written, one thing after the other: each is done, and its commit noted, before the next."""

    def __init__(self, server: Server, store: Store, documents: Documents) -> None:
        self._server, self._store, self._documents = server, store, documents
        self.commits: list[Commit] = []
        self.done: Counter[str] = Counter()
        self.memory: list[float] = []
        """Of the server after each thing that was done, in MiB."""
        self._numbers = itertools.count(100)
        self._chance = random.Random(5)

    def live(self, seconds: float) -> None:
        """One thing after the other for so long, each of them at least once."""
        deadline = time.monotonic() + seconds
        for name in itertools.cycle(DEEDS):
            getattr(self, f"_{name}")()
            self._server.wait()
            self.note_commit()
            self.done[name] += 1
            self.memory.append(self._server.memory())
            if time.monotonic() >= deadline and len(self.done) == len(DEEDS):
                break

    def note_commit(self) -> None:
        """Note what is indexed now, which is what there is on disk, and what is answered from it to one who asks alone."""
        texts = self._documents.indexed
        with self._store.read() as snapshot:
            commit, held = snapshot.commit, {d.doc_id: d.text_digest for d in snapshot.documents().values()}
        assert held == {doc_id: text_digest(text) for doc_id, text in texts.items()}
        assistant = Assistant(self._store)
        found = {q: frozenset(shown(answer_json(assistant.ask(q, k=K)))) for q in QUESTIONS}
        self.commits.append(Commit(commit, texts, found))

    def _change(self) -> None:
        for number, doc_id in enumerate(self._some(6)):
            self._documents.write(doc_id, self._letter_of(doc_id), at_once=number % 2 == 0)
        self._server.post("/api/index/sync")

    def _add(self) -> None:
        given = {f"{place}.txt": letter(place, next(self._numbers)) for place in self._places(2)}
        with ExitStack() as stack:
            for name, text in given.items():
                stack.enter_context(self._documents.replaced(f"given/{name}", text))
            self._server.give(given)

    def _delete(self) -> None:
        for doc_id in self._some(2):
            self._documents.delete(doc_id)
        self._server.post("/api/index/sync")

    def _rename(self) -> None:
        (doc_id,), (place,) = self._some(1), self._places(1)
        self._documents.rename(doc_id, f"letters/{place}.txt")
        self._server.post("/api/index/sync")

    def _leave_out(self) -> None:
        (doc_id,) = self._some(1)
        self._documents.left_out.add(doc_id)
        self._server.post("/api/files/leave-out", {"name": doc_id})

    def _take_in(self) -> None:
        (doc_id,) = self._documents.left_out
        take_in(self._store, doc_id, wait=-1)
        self.note_commit()  # in this one it is not read yet
        self._documents.left_out.clear()
        self._server.post("/api/index/sync")

    def _make_again(self) -> None:
        for doc_id in self._some(3):
            self._documents.write(doc_id, self._letter_of(doc_id))
        self._server.post("/api/index/fresh")

    def _some(self, count: int) -> list[str]:
        return self._chance.sample(sorted(self._documents.indexed), count)

    def _places(self, count: int) -> list[str]:
        """Some of which there is no letter."""
        here = {Path(doc_id).stem for doc_id in self._documents.texts}
        return self._chance.sample([place for place in PLACES if place not in here], count)

    def _letter_of(self, doc_id: str) -> str:
        return letter(Path(doc_id).stem, next(self._numbers))


class Server:
    """A `dixit serve` in a process of its own."""

    def __init__(self, address: str, process: subprocess.Popen) -> None:
        self.address, self._process = address, psutil.Process(process.pid)

    def get(self, path: str) -> dict:
        return _opened(urllib.request.Request(self.address + path))

    def post(self, path: str, body: dict | None = None) -> dict:
        data = json.dumps(body or {}).encode()
        return self._sent(path, data, "application/json")

    def give(self, files: dict[str, str]) -> None:
        """Add documents as the page does."""
        border = "a-border-that-is-in-no-letter"
        parts = [
            f'--{border}\r\ncontent-disposition: form-data; name="files"; filename="{name}"\r\n\r\n{text}\r\n'
            for name, text in files.items()
        ]
        data = "".join([*parts, f"--{border}--\r\n"]).encode()
        told = self._sent("/api/documents", data, f"multipart/form-data; boundary={border}")
        assert [taken["as"] for taken in told["taken"]] == list(files)

    def wait(self) -> None:
        """Wait until what was asked for is done."""
        deadline = time.monotonic() + PATIENCE
        while (work := self.get("/api/index")["work"])["doing"] != "idle":
            assert time.monotonic() < deadline, f"waited in vain: {work}"
            time.sleep(0.01)
        assert work["error"] is None

    def memory(self) -> float:
        """Of the process that answers, in MiB; the worker is another."""
        return self._process.memory_info().rss / 2**20

    def _sent(self, path: str, data: bytes, kind: str) -> dict:
        return _opened(urllib.request.Request(self.address + path, data, {"content-type": kind}))


def _opened(request: urllib.request.Request) -> dict:
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{error.code} for {request.full_url}: {error.read().decode()}") from None


@contextmanager
def served(store: Store, library: Path) -> Iterator[Server]:
    """The real server, for as long as the block lasts; it must have had nothing to complain of."""
    arguments = ["serve", "--port", "0", "--store", store.folder, "--documents", library]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-m", "app.cli", *map(str, arguments)], cwd=ROOM, **pipes) as process:
        try:
            address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
            assert address, process.stderr.read()
            yield Server(address[0], process)
            process.send_signal(signal.SIGINT)
            _, complaints = process.communicate(timeout=PATIENCE)
            assert complaints == ""
        finally:
            process.kill()


def asked_meanwhile(server: Server, town: Town, seconds: float) -> list[Heard]:
    """What sixteen people heard while the town lived on. Raises what any of them met with that was no answer."""
    heard: list[Heard] = []
    over = threading.Event()

    def ask(number: int) -> None:
        chance = random.Random(number)
        while not over.is_set():
            question = chance.choice(QUESTIONS)
            newest, asked_at = len(town.commits) - 1, time.monotonic()
            answer = server.get(f"/api/ask?q={quote(question)}&k={K}")
            heard.append(Heard(question, asked_at, time.monotonic(), newest, answer))

    with ThreadPoolExecutor(ASKERS) as people:
        asking = [people.submit(ask, number) for number in range(ASKERS)]
        try:
            town.live(seconds)
        finally:
            over.set()
    for one in asking:
        one.result()
    return heard


def shown(answer: dict) -> Iterator[Place]:
    """Every place that an answer tells of."""
    for passage in told_of(answer):
        for place in (passage, *passage["also"]):
            yield place["doc_id"], place["start"], place["end"]


def told_of(answer: dict) -> Iterator[dict]:
    """Every passage of an answer, and those folded into them."""
    for passage in (*answer["passages"], *answer["others"]):
        yield passage
        yield from passage["nearly"]


def check(heard: Heard, commits: list[Commit], documents: Documents) -> Counter[str]:
    """An answer is of one commit, no older than the last that was known, and its words are in its files; gives how many passages
    are shown, and how many withheld."""
    ids = [commit.id for commit in commits]
    assert heard.answer["index"]["commit"] in ids, "of a commit that never was"
    number = ids.index(heard.answer["index"]["commit"])
    assert number >= heard.newest, "of a commit that was over"
    commit, told = commits[number], Counter()
    assert heard.answer["index"]["documents"] == len(commit.texts)
    places = frozenset(shown(heard.answer))
    assert places <= commit.answers[heard.question], "places of another commit"
    for doc_id, start, end in commit.answers[heard.question] - places:
        # Where words stand again is told only while they do.
        words = commit.texts[doc_id][start:end]
        assert not documents.stood_all_the_time(doc_id, start, end, words, heard.asked_at, heard.came_at)
        told["missing"] += 1
    for passage in told_of(heard.answer):
        doc_id, start, end, words = (passage[key] for key in ("doc_id", "start", "end", "text"))
        if words is None:
            assert passage["notice"] and passage["proof"] != "verified"
            told["withheld"] += 1
        else:
            assert words == commit.texts[doc_id][start:end]
            assert documents.stood_there(doc_id, start, end, words, heard.asked_at, heard.came_at)
            told["shown"] += 1
    return told
