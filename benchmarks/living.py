"""What it costs to keep an index up to its documents, each figure beside the one it is a share of.

usage: .venv/bin/python benchmarks/living.py SHARED [memory] [unchanged] [one] [arrival] [meanwhile]

SHARED is the folder that holds `data/` and `tools/`. Without names, all measures are taken. Documents and indexes are left in
.dixit/benchmarks/living. Other work on the machine falsifies the figures: how busy it was is told on standard error.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

import httpx

from app.settings import Settings

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.store import Store
    from index.sync import SyncReport

# What loads models is imported where it is used: a command that is begun by a large process is told to be as large itself.

DIXIT = Path(sys.executable).with_name("dixit")
WORK = Path(".dixit/benchmarks/living").absolute()
KREMLIN, QUESTIONS = "data/said/kremlin/corpus.jsonl.gz", "data/said/kremlin_dev/queries.jsonl"
WHITEHOUSE = "data/scale/whitehouse.jsonl.gz"

_BETWEEN_QUESTIONS = 0.2  # seconds, while the answer is not there yet
_TOO_LONG = 120.0  # seconds


def memory(shared: Path, first: int = 100) -> None:
    """The most memory that first builds of n, 2n and 4n documents have."""
    head("documents", "passages", "build, s", "peak memory, MiB", "of the first")
    peaks: list[float] = []
    for number in (first, 2 * first, 4 * first):
        work = emptied("memory")
        as_files(shared, shared / WHITEHOUSE, work / "documents", number)
        ran = dixit("index", work / "documents", "--store", work / "store")
        peaks.append(ran.peak)
        share = f"{ran.peak / peaks[0]:.2f}"
        show(number, f"{ran.told['status']['passages']:,}", f"{ran.seconds:.0f}", f"{ran.peak:.0f}", share)


def unchanged(shared: Path, files: int = 10_000, size: int = 600, rounds: int = 5) -> None:
    """A sync of many files of which none has changed. A file is as many paragraphs in a row as come to `size` characters."""
    work = emptied("unchanged")
    pieces = (p for corpus in (KREMLIN, WHITEHOUSE) for d in records(shared / corpus) for p in cut(d, size))
    as_files(shared, written(islice(pieces, files), work / "pieces.jsonl"), work / "documents")
    build = dixit("index", work / "documents", "--store", work / "store")
    commands = [dixit("index", "--store", work / "store").seconds for _ in range(rounds)]
    syncs = [synced(work / "store").seconds for _ in range(rounds)]
    head(f"{len(list((work / 'documents').iterdir())):,} files", "median, s", "longest, s", "median, of the build")
    show(f"build, {build.told['status']['passages']:,} passages", f"{build.seconds:.1f}", "", "")
    for what, seconds in (("`dixit index`, nothing changed", commands), ("the sync alone", syncs)):
        show(what, *typical(seconds), percent(median(seconds) / build.seconds))


def one(shared: Path, words: int = 50_000, rounds: int = 5, places: int = 10) -> None:
    """One document changed by a word, again and again: among many, each a file or all in one; and in a long one."""
    columns = ("`dixit index`, s", "of the build", "the sync alone, s", "of the build", "texts embedded", "texts new")
    head("one changed of", "build, s", *columns)
    for shape, lay_out in (("files", separate_files), ("records of one file", one_file)):
        work = emptied("one")
        number, change = lay_out(shared, work)
        build = dixit("index", work / "documents", "--store", work / "store")
        commands, syncs, embedded, new = [], [], 0, 0
        for which in spread(number, 2 * rounds):
            before = digests(work / "store")
            change(which)
            if len(commands) < rounds:
                ran = dixit("index", "--store", work / "store")
                commands.append(ran.seconds)
                embedded += ran.told["embedded"]
            else:
                did = synced(work / "store")
                syncs.append(did.seconds)
                embedded += did.report.embedded
            new += len(digests(work / "store") - before)
        shares = [(f"{median(s):.2f}", percent(median(s) / build.seconds)) for s in (commands, syncs)]
        told = f"{embedded} in {2 * rounds} changes"
        show(f"{number} {shape}", f"{build.seconds:.1f}", *shares[0], *shares[1], told, new)
    print()
    head(f"{words:,} words", "passages", "embedded for a changed word: median", "most", "texts new, at most", "renamed")
    text = at_length(shared, words)
    for shape, its in (("in paragraphs", text), ("in one paragraph", " ".join(text.split()))):
        work = emptied("one")
        path = work / "documents" / "long.txt"
        path.parent.mkdir()
        path.write_text(its, encoding="utf-8")
        synced(work / "store", path.parent)
        embedded_each, new_each = [], []
        for at in spread(len(its), places):
            before = digests(work / "store")
            its = with_another_word(its, at)
            path.write_text(its, encoding="utf-8")
            embedded_each.append(synced(work / "store").report.embedded)
            new_each.append(len(digests(work / "store") - before))
        renamed = synced_after_renaming(path, work / "store")
        counts = f"{median(embedded_each):g}", max(embedded_each), max(new_each), renamed.embedded
        show(shape, f"{passages(work / 'store'):,}", *counts)


def arrival(shared: Path, renamed: int = 20, copied: int = 10, given: int = 10, cold: int = 3) -> None:
    """How long until the words of a file that comes are answered over HTTP, the question itself and the wait between two of them
    included. Counted from its last byte, of a file that is given over HTTP from its first."""
    folder, store, library = kremlin_served(shared)
    texts = (d["text"] for d in records(shared / WHITEHOUSE) if 500 <= len(d["text"].split()) <= 1500)
    drops = (Drop.of(number, text) for number, text in enumerate(texts))

    def by_rename(client: httpx.Client, drop: Drop) -> float:
        beside = WORK / drop.name
        beside.write_bytes(drop.data)
        os.replace(beside, folder / drop.name)
        return time.perf_counter()

    def by_copy(client: httpx.Client, drop: Drop) -> float:
        step = len(drop.data) // 12 + 1
        with (folder / drop.name).open("wb") as file:
            for at in range(0, len(drop.data), step):
                time.sleep(0.3 if at else 0)
                file.write(drop.data[at : at + step])
                file.flush()
        return time.perf_counter()

    def by_giving(client: httpx.Client, drop: Drop) -> float:
        started = time.perf_counter()
        client.post("/api/documents", files={"files": (drop.name, drop.data)}).raise_for_status()
        return started

    def show_drops(how: str, seconds: list[float]) -> None:
        show(how, len(seconds), *(f"{s:.2f}" for s in (*p50_p95(seconds), max(seconds))))

    head("a file of 500 to 1,500 words arrives", "times", "p50, s", "p95, s", "longest, s")
    with served(store, "--watch", "--documents", library) as client:
        wait_for_work(client, begun=True)
        show_drops("by rename", [arrived(client, by_rename, next(drops)) for _ in range(renamed)])
        show_drops("in 12 pieces, 0.3 s apart", [arrived(client, by_copy, next(drops)) for _ in range(copied)])
        show_drops("over HTTP", [arrived(client, by_giving, next(drops)) for _ in range(given)])
    seconds = []
    for _ in range(cold):
        with served(store, "--documents", library) as client:
            seconds.append(arrived(client, by_giving, next(drops)))
    show_drops("over HTTP, the first of a server", seconds)


def meanwhile(shared: Path, rounds: int = 2) -> None:
    """Questions, a second apart, alone and while everything is made again."""
    _, store, library = kremlin_served(shared)
    texts = [json.loads(line)["text"] for line in (shared / QUESTIONS).read_text(encoding="utf-8").splitlines()]
    alone, during = [], []
    with served(store, "--documents", library) as client:
        for text in rounds * texts:
            alone.append(asked(client, text))
            time.sleep(1)
        client.post("/api/index/fresh").raise_for_status()
        began = time.perf_counter()
        for text in cycle(texts):
            during.append(asked(client, text))
            if not is_working(client):
                break
            time.sleep(1)
        made_again = time.perf_counter() - began
        if error := client.get("/api/index").json()["work"]["error"]:
            sys.exit(error)
    head("questions to `dixit serve`", "number", "p50, s", "p95, s", "longest, s")
    for when, seconds in (("alone", alone), (f"while everything is made again, {made_again:.0f} s", during)):
        show(when, len(seconds), *(f"{s:.2f}" for s in (*p50_p95(seconds), max(seconds))))
    show("as many times", "", *(f"{b / a:.1f}" for a, b in zip(p50_p95(alone), p50_p95(during))), "")


MEASURES: dict[str, Callable[[Path], None]] = {
    "memory": memory,  # first, while this process is small
    "unchanged": unchanged,
    "one": one,
    "arrival": arrival,
    "meanwhile": meanwhile,
}


def main(shared: Path, what: list[str]) -> None:
    if unknown := set(what) - MEASURES.keys():
        sys.exit(f"{', '.join(sorted(unknown))}: no such measure.\n{__doc__}")
    for name, measure in MEASURES.items():
        if not what or name in what:
            load, at = os.getloadavg()[0], time.strftime("%H:%M:%S")
            print(f"{name} at {at}, load in the minute before {load:.2f}", file=sys.stderr, flush=True)
            measure(shared)
            print(flush=True)


# Documents


def records(corpus: Path) -> Iterator[dict]:
    with gzip.open(corpus, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def written(documents: Iterator[dict], path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(d, ensure_ascii=False) + "\n" for d in documents), encoding="utf-8")
    return path


def as_files(shared: Path, corpus: Path, folder: Path, limit: int | None = None) -> None:
    words = [sys.executable, shared / "tools/as_files.py", corpus, folder, *([limit] if limit else [])]
    subprocess.run(list(map(str, words)), check=True)


def cut(document: dict, size: int) -> Iterator[dict]:
    """A document in pieces: as many of its paragraphs in a row as come to `size` characters; the last may be shorter."""
    piece: list[str] = []
    number = 0
    for paragraph in filter(str.strip, document["text"].split("\n")):
        piece.append(paragraph)
        if sum(map(len, piece)) >= size:
            yield document | {"id": f"{document['id']}-{number}", "text": "\n".join(piece)}
            piece, number = [], number + 1
    if piece:
        yield document | {"id": f"{document['id']}-{number}", "text": "\n".join(piece)}


def separate_files(shared: Path, work: Path) -> tuple[int, Callable[[int], None]]:
    """The Kremlin corpus as files: how many, and what changes one of them."""
    as_files(shared, shared / KREMLIN, work / "documents")
    paths = sorted((work / "documents").iterdir())

    def change(which: int) -> None:
        text = paths[which].read_text(encoding="utf-8")
        paths[which].write_text(with_another_word(text, len(text) // 2), encoding="utf-8")

    return len(paths), change


def one_file(shared: Path, work: Path) -> tuple[int, Callable[[int], None]]:
    """The Kremlin corpus as one file of records: how many, and what changes one of them."""
    documents = list(records(shared / KREMLIN))
    path = written(iter(documents), work / "documents" / "corpus.jsonl")

    def change(which: int) -> None:
        text = documents[which]["text"]
        documents[which]["text"] = with_another_word(text, len(text) // 2)
        written(iter(documents), path)

    return len(documents), change


def at_length(shared: Path, words: int) -> str:
    """Remarks one after the other, of so many words."""
    texts: list[str] = []
    for document in records(shared / WHITEHOUSE):
        missing = words - sum(len(t.split()) for t in texts)
        if missing <= 0:
            break
        ends = [m.end() for m in islice(re.finditer(r"\S+", document["text"]), missing)]
        texts.append(document["text"][: ends[-1]])
    return "\n".join(texts)


def with_another_word(text: str, at: int) -> str:
    """A text with another word in place of the first ordinary one after a place, or before it."""
    word = re.compile(r"(?<= )[a-z]{4,9}(?= )")
    found = word.search(text, at) or word.search(text)
    assert found, "a text without an ordinary word"
    return f"{text[: found.start()]}otherwise{text[found.end() :]}"


def spread(length: int, number: int) -> Iterator[int]:
    """So many places, evenly spread."""
    return ((2 * n + 1) * length // (2 * number) for n in range(number))


# Commands and syncs


@dataclass(frozen=True, slots=True)
class Ran:
    """A command: what it told, how long it took, and the most memory it had, in MiB."""

    told: dict
    seconds: float
    peak: float


@dataclass(frozen=True, slots=True)
class Synced:
    report: SyncReport
    seconds: float


def dixit(*words: object) -> Ran:
    started = time.perf_counter()
    process = subprocess.Popen([DIXIT, *map(str, words), "--json"], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    told = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"`dixit {words[0]}` ended with {process.returncode}.")
    unit = 1 if sys.platform == "darwin" else 1024  # bytes
    return Ran(json.loads(told), seconds, usage.ru_maxrss * unit / 2**20)


@cache
def encoder() -> Encoder:
    """The encoder, loaded, having read something."""
    from index.encoder import load_encoder

    loaded = load_encoder(cache=Settings.of().cache)
    loaded.encode_with_sentences(["A text."], [[]])
    return loaded


def synced(folder: Path, *paths: Path) -> Synced:
    """A sync in this process; that the encoder is loaded is not counted."""
    from index.sync import sync

    loaded = encoder()
    started = time.perf_counter()
    report = sync(store_of(folder), loaded, paths)
    return Synced(report, time.perf_counter() - started)


def synced_after_renaming(path: Path, store: Path) -> SyncReport:
    path.rename(path.with_name("renamed.txt"))
    report = synced(store).report
    assert len(report.renamed) == 1 and not report.added
    return report


def store_of(folder: Path) -> Store:
    from index.store import Store

    return Store(folder)


def digests(folder: Path) -> set[str]:
    """Those of all texts that are embedded."""
    with store_of(folder).read() as snapshot:
        return set(snapshot.vector_digests().values())


def passages(folder: Path) -> int:
    with store_of(folder).read() as snapshot:
        return snapshot.counts().passages


# The server


@dataclass(frozen=True, slots=True)
class Drop:
    """A file to arrive: its last sentence is of words that stand nowhere else, and is asked for."""

    name: str
    data: bytes
    word: str
    question: str

    @classmethod
    def of(cls, number: int, text: str) -> Drop:
        ship, cargo = invented(2 * number), invented(2 * number + 1)
        sentence = f"The {ship} carries {cargo} down the river in spring."
        data = f"{text}\n\n{sentence}\n".encode()
        return cls(f"dropped-{number}.txt", data, ship, f"What does the {ship} carry, {cargo}?")


def invented(number: int) -> str:
    """A word that is in no text, another for each number.

    >>> invented(0), invented(1234)
    ('Zubabavok', 'Zubumuvok')
    """
    syllables = [a + b for b in "aiou" for a in "bdglmnrstv"]
    return f"Zu{syllables[number // 40 % 40]}{syllables[number % 40]}vok"


def kremlin_served(shared: Path) -> tuple[Path, Path, Path]:
    """The Kremlin corpus as files, its index, and the folder for what is given over HTTP."""
    work = WORK / "served"
    folder, store, library = work / "documents", work / "store", work / "library"
    if not folder.exists():
        as_files(shared, shared / KREMLIN, folder)
    for dropped in (*folder.glob("dropped-*"), *library.glob("dropped-*")):
        dropped.unlink()
    dixit("index", folder, "--store", store)
    return folder, store, library


@contextmanager
def served(store: Path, *options: object) -> Iterator[httpx.Client]:
    """A client of a server that has answered a question."""
    words = [DIXIT, "serve", "--port", "0", "--store", store, *options]
    with subprocess.Popen(list(map(str, words)), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            address = re.search(r"http://\S+", process.stdout.readline())
            assert address, "the server did not start"
            with httpx.Client(base_url=address.group(), timeout=_TOO_LONG) as client:
                asked(client, "Who spoke about gas?")
                yield client
        finally:
            process.terminate()


def asked(client: httpx.Client, question: str) -> float:
    """How many seconds the answer took."""
    started = time.perf_counter()
    client.get("/api/ask", params={"q": question}).raise_for_status()
    return time.perf_counter() - started


def arrived(client: httpx.Client, come: Callable[[httpx.Client, Drop], float], drop: Drop) -> float:
    """How many seconds after it came the words of a file were answered."""
    came = come(client, drop)
    while time.perf_counter() - came < _TOO_LONG:
        answer = client.get("/api/ask", params={"q": drop.question}).raise_for_status().json()
        if any(drop.word in passage["text"] for passage in answer["passages"]):
            seconds = time.perf_counter() - came
            wait_for_work(client)
            return seconds
        time.sleep(_BETWEEN_QUESTIONS)
    sys.exit(f"{drop.name} was not answered within {_TOO_LONG:.0f} s.")


def is_working(client: httpx.Client) -> bool:
    return client.get("/api/index").raise_for_status().json()["work"]["doing"] != "idle"


def wait_for_work(client: httpx.Client, begun: bool = False) -> None:
    """Wait until nothing is being done, and, `begun`, has been."""
    while is_working(client) or (begun and not client.get("/api/index").json()["work"]["ended_at"]):
        time.sleep(_BETWEEN_QUESTIONS)


# Figures


def p50_p95(seconds: list[float]) -> tuple[float, float]:
    cuts = quantiles(seconds, n=20, method="inclusive")
    return cuts[9], cuts[18]


def typical(seconds: list[float]) -> tuple[str, str]:
    return f"{median(seconds):.2f}", f"{max(seconds):.2f}"


def percent(share: float) -> str:
    return f"{100 * share:.2f} %"


def head(*cells: str) -> None:
    show(*cells)
    print(f"|{'---|' * len(cells)}", flush=True)


def show(*cells: object) -> None:
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


def emptied(name: str) -> Path:
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), sys.argv[2:])
