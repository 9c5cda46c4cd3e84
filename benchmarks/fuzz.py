"""Real files, damaged at random, read as `dixit index` reads them: each gives text or a reason, in time, and the laws hold.

usage: .venv/bin/python benchmarks/fuzz.py FOLDER... [--rounds N] [--seed S] [--format NAME] [--keep FOLDER]

Every round takes one file of each format below the folders and damages it in one to four ways: bits turned, parts cut off, doubled,
taken out, moved, overwritten, joined with another file's; numbers made huge or negative; what parsers trip over put in. Of what is
packed, most rounds damage what is within and pack it again: a part of a package or an archive, a stream of a PDF. Of mails, half
damage the headers. Inputs that break a reader, take more than 20 seconds or 2 GiB, or give what breaks a law are kept in
`--keep` (default .dixit/fuzz) under their seed and round, and so is the slowest of each format. Ends with 1 if any was at fault.
"""

from __future__ import annotations

import argparse
import random
import resource
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from damages import MAILS, damaged
from formats import BROKE, broken_laws, format_of, is_clause

from index import readers
from index.chunker import ChunkerSettings, passages
from index.encoder import Encoder, load_encoder
from index.errors import UnreadableFile
from index.reader_process import ReaderProcess
from index.readers import Problem
from index.reading import Cut
from index.records import Document
from index.speech import speech_of

_SECONDS = 20
_MEMORY = 2 * 2**30
_LARGEST = 300_000  # bytes: larger seeds make slow rounds, and no other faults


@dataclass(slots=True)
class Tally:
    """What became of the damaged files of a format."""

    rounds: int = 0
    read: int = 0
    refused: int = 0
    at_fault: int = 0
    longest: float = 0.0
    slowest: tuple[str, bytes] = ("", b"")


def main(folders: list[Path], rounds: int, seed: int, only: str | None, keep: Path) -> int:
    seeds = seeds_below(folders, only)
    encoder = load_encoder("hashing")
    tallies: dict[str, Tally] = {name: Tally() for name in seeds}
    keep.mkdir(parents=True, exist_ok=True)
    with ReaderProcess(_SECONDS, _MEMORY) as process:
        list(process.read(b"What is loaded once is not counted.", "a.txt").items)
        for number in range(rounds):
            for name, files in seeds.items():
                chance = random.Random(f"{seed} {number} {name}")
                path, other = chance.choice(files), chance.choice(files)
                data = damaged(path.read_bytes(), other.read_bytes(), path.name.lower().endswith(MAILS), chance)
                called = f"{seed}-{number}-{path.name}"
                if faults := tried(data, called, process, encoder, tallies[name]):
                    (keep / called).write_bytes(data)
                    print(f"{keep / called}: {'; '.join(faults)}", flush=True)
    print("| format | seeds | damaged files | gave text | refused | at fault | longest, s |")
    print("|---" * 7 + "|")
    for name, tally in tallies.items():
        counts = f"{tally.rounds} | {tally.read} | {tally.refused} | {tally.at_fault} | {tally.longest:.1f}"
        print(f"| {name} | {len(seeds[name])} | {counts} |")
        called, data = tally.slowest
        (keep / f"slowest-{called}").write_bytes(data)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**10
    print(f"\nThe most memory of a reader's process: {most:,.0f} MiB")
    return int(any(tally.at_fault for tally in tallies.values()))


def seeds_below(folders: list[Path], only: str | None) -> dict[str, list[Path]]:
    """The files to damage, by format."""
    seeds: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(p for folder in folders for p in folder.rglob("*") if p.is_file()):
        if readers.is_readable(path.name) and path.stat().st_size <= _LARGEST:
            name = format_of(path.name)
            if only is None or only.lower() in (name.lower(), path.suffix[1:].lower()):
                seeds[name].append(path)
    return dict(seeds)


def tried(data: bytes, name: str, process: ReaderProcess, encoder: Encoder, tally: Tally) -> list[str]:
    """Reads damaged bytes; gives what is at fault."""
    tally.rounds += 1
    faults: list[str] = []
    told: list[str] = []
    documents = 0
    started = time.perf_counter()
    try:
        for item in _items(data, name, process):
            if isinstance(item, Problem):
                told.append(item.reason)
                continue
            documents += 1
            with _limit(_SECONDS):
                speech = speech_of(item)
                cut = Cut(item, passages(item, encoder.count_tokens, ChunkerSettings(), speech.utterances), speech)
            faults += broken_laws(cut)
    except UnreadableFile as error:
        told.append(str(error))
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        faults.append(f"cut into passages, {type(error).__name__}: {error}"[:300])
    seconds = time.perf_counter() - started
    if seconds > _SECONDS:
        faults.append(f"{seconds:.0f} seconds")
    faults += [f"told {reason!r}" for reason in told if reason.startswith(BROKE) or not is_clause(reason)]
    if seconds > tally.longest:
        tally.longest, tally.slowest = seconds, (name, data)
    tally.read += bool(documents)
    tally.refused += not documents
    tally.at_fault += bool(faults)
    return list(dict.fromkeys(faults))


def _items(data: bytes, name: str, process: ReaderProcess) -> Iterable[Document | Problem]:
    """As for the index: what has to be taken apart is read in the process, what is text already here."""
    if readers.is_parsed(name):
        return process.read(data, name).items
    with _limit(_SECONDS):
        return list(readers.read(data, name).items)


@contextmanager
def _limit(seconds: int) -> Iterator[None]:
    def late(*_: object) -> None:
        raise TimeoutError(f"more than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", dest="only", metavar="NAME", help="a format's name or suffix: PDF, docx")
    parser.add_argument("--keep", type=Path, default=Path(".dixit/fuzz"))
    arguments = parser.parse_args()
    sys.exit(main(arguments.folders, arguments.rounds, arguments.seed, arguments.only, arguments.keep))
