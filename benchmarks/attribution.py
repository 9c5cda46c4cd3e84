"""Who said what, against annotated articles and transcripts, and how fast it is made out.

usage: .venv/bin/python benchmarks/attribution.py SHARED [WORK]

SHARED holds `data/` and `tools/`; WORK (default .dixit/benchmarks) keeps indexes and utterances. PolNeAR is scored by
`tools/score_attribution.py`. A turn of a debate counts as found when an utterance shares more than eight tenths of the
characters of both, and as right when the last word of the speaker's name is the same; stage directions ("SYSTEM")
are nobody's words.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from index import readers
from index.readers import Problem
from index.records import Document, Metadata
from index.speech import speech_of
from index.speech.turns import turns

DIXIT = Path(sys.executable).with_name("dixit")
ARTICLES, DEBATES = "attribution/polnear_dev.jsonl.gz", "attribution/debate_turns_dev.jsonl.gz"


def main(shared: Path, work: Path) -> None:
    articles = utterances(shared / "data" / ARTICLES, work)
    scorer = [sys.executable, shared / "tools/score_attribution.py", shared / "data" / ARTICLES, articles]
    print(subprocess.run(scorer, check=True, stdout=subprocess.PIPE, text=True).stdout)
    print_turns(shared / "data" / DEBATES, utterances(shared / "data" / DEBATES, work))
    print_speed(shared / "data" / ARTICLES)
    print_growth()


def utterances(corpus: Path, work: Path) -> Path:
    """The utterances of a corpus as the command writes them, indexed by the encoder that needs no model."""
    name = corpus.name.partition(".")[0]
    store, out = work / name, work / f"{name}-utterances.jsonl"
    subprocess.run(
        [DIXIT, "index", corpus, "--store", store, "--model", "hashing"], check=True, stdout=subprocess.DEVNULL
    )
    with out.open("wb") as file:
        subprocess.run([DIXIT, "utterances", "--json", "--store", store], check=True, stdout=file)
    return out


def print_turns(corpus: Path, found: Path) -> None:
    said: dict[str, list[dict]] = {}
    for utterance in map(json.loads, found.read_text(encoding="utf-8").split("\n")[:-1]):
        said.setdefault(utterance["doc_id"].rpartition("#")[2], []).append(utterance)
    turns = rightly = bounded = 0
    for document in lines(corpus):
        for turn in document["turns"]:
            if turn["speaker"] != "SYSTEM":
                same = [u for u in said.get(document["id"], []) if same_stretch(turn, u)]
                turns, bounded = turns + 1, bounded + bool(same)
                rightly += any(surname(u["speaker"] or u["role"]) == surname(turn["speaker"]) for u in same)
    print(f"turns {turns}  found {bounded / turns:.3f}  found with the right speaker {rightly / turns:.3f}\n")


def same_stretch(one: dict, other: dict) -> bool:
    shared = min(one["end"], other["end"]) - max(one["start"], other["start"])
    return shared > 0.8 * max(one["end"] - one["start"], other["end"] - other["start"])


def surname(name: str | None) -> str | None:
    return name.split()[-1].casefold() if name else None


def print_speed(corpus: Path) -> None:
    documents = [d for d in readers.read(corpus.read_bytes(), corpus.name).items if not isinstance(d, Problem)]
    words = sum(len(d.text.split()) for d in documents)
    speech_of(documents[0])  # what is loaded once is not counted
    started = time.process_time()
    for document in documents:
        speech_of(document)
    print(f"{words / (time.process_time() - started):,.0f} words a second on one core, names and mentions resolved")


def print_growth() -> None:
    """How much longer four times the text takes, of texts that are hard on the rules for turns: four times is linear."""

    def seconds(piece: str, size: int) -> float:
        made = Document("Anna Bruni: I am here.\n\nIvan Petrov: " + piece * (size // len(piece)), (), Metadata())
        started = time.process_time()
        turns(made)
        return time.process_time() - started

    pieces = [
        "a: ",
        ":",
        "Anna Bruni: I ",
        "Anna Bruni: I\n\n",
        "(",
        "* * * I am ",
        "“",
        "Anna Bruni (",
        "Q  A\n",
        "A de ",
    ]
    worst = max(seconds(piece, 200_000) / max(seconds(piece, 50_000), 0.05) for piece in pieces)
    print(f"four times the text takes {worst:.1f} times as long, at worst")


def lines(path: Path) -> Iterator[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else ".dixit/benchmarks"))
