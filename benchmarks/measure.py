"""Every figure of benchmarks/README.md, in one run.

usage: .venv/bin/python benchmarks/measure.py SHARED [WORK]

SHARED is the folder that holds `data/` and `tools/`; WORK (default .dixit/benchmarks) keeps indexes and answers.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from retrieval.evaluation import EvaluationSet, Run
from retrieval.evaluation import score as scored

DIXIT = Path(sys.executable).with_name("dixit")
SETS = ("scifact", "time1963", "squad", "qmsum", "xquad_ru")
SAID = {"kremlin_dev": "said/kremlin/corpus.jsonl.gz", "news_dev": "said/news_dev"}
SAID_MEASURES = (
    "ndcg@5",
    "success@1",
    "success@3",
    "recall@10",
    "highlight_f1",
    "speaker",
    "false_silence",
    "false_answer",
)


def main(shared: Path, work: Path) -> None:
    print("| set | run | nDCG@10 | MRR@10 | R@10 | R@100 | S@5 |\n|---|---|---|---|---|---|---|")
    for name in SETS:
        result = json.loads(dixit("evaluate", shared / "data/ir" / name, "--json", "--store", work))
        textbook = reciprocal_ranks(Path(result["run_files"]), name)
        runs = result["runs"] | {"rrf, k = 60": scored(textbook, EvaluationSet.load(shared / "data/ir" / name).qrels)}
        for run, values in runs.items():
            print(f"| {name} | {run} | {' | '.join(f'{v:.3f}' for v in values.values())} |", flush=True)
    print(f"\n| set | {' | '.join(SAID_MEASURES)} |\n|---{'|---' * len(SAID_MEASURES)}|")
    for name, corpus in SAID.items():
        store, folder = work / name, shared / "data/said" / name
        dixit("index", shared / "data" / corpus, "--store", store)
        show(name, score(shared, folder, asked(store, folder / "queries.jsonl")))
        turns = asked(store, folder / "dialogues.jsonl")
        show(f"{name}, follow-ups", score(shared, folder, turns, "--dialogues"))
        show(f"{name}, the same rewritten", score(shared, folder, asked_rewritten(store, folder), "--dialogues"))


def reciprocal_ranks(folder: Path, name: str) -> Run:
    """The textbook's fusion (Cormack, Clarke & Büttcher 2009) of the lexical and the dense run file, to compare with."""
    fused: Run = {}
    for half in ("lexical", "dense"):
        for line in (folder / f"{name}.{half}.run").read_text(encoding="utf-8").splitlines():
            query, _, document, rank, _, _ = line.split()
            scores = fused.setdefault(query, {})
            scores[document] = scores.get(document, 0.0) + 1 / (60 + int(rank))
    return fused


def dixit(*words: object) -> str:
    return subprocess.run([DIXIT, *map(str, words)], check=True, stdout=subprocess.PIPE, text=True).stdout


def asked(store: Path, questions: Path) -> Path:
    """The answers to a file of questions."""
    answers = store / f"answers-{questions.name}"
    dixit("batch", questions, "--out", answers, "--store", store)
    return answers


def asked_rewritten(store: Path, folder: Path) -> Path:
    """The turns of the dialogues, each asked by itself as somebody wrote it out in full."""
    dialogues = [json.loads(line) for line in (folder / "dialogues.jsonl").read_text(encoding="utf-8").splitlines()]
    alone = store / "rewritten.jsonl"
    turns = [(f"{d['id']}/{n}", t.get("rewritten", t["text"])) for d in dialogues for n, t in enumerate(d["turns"])]
    alone.write_text("".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in turns), encoding="utf-8")
    answers = {a["id"]: a for a in map(json.loads, asked(store, alone).read_text(encoding="utf-8").splitlines())}
    together = store / "answers-rewritten-dialogues.jsonl"
    rows = [{"id": d["id"], "answers": [answers[f"{d['id']}/{n}"] for n in range(len(d["turns"]))]} for d in dialogues]
    together.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return together


def score(shared: Path, folder: Path, answers: Path, *options: str) -> dict[str, float]:
    scorer = [sys.executable, shared / "tools/score_answers.py", folder, answers, "--json", *options]
    return json.loads(subprocess.run(scorer, check=True, stdout=subprocess.PIPE, text=True).stdout)["metrics"]


def show(name: str, values: dict[str, float]) -> None:
    print(f"| {name} | {' | '.join(f'{values[m]:.3f}' if m in values else '' for m in SAID_MEASURES)} |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else ".dixit/benchmarks"))
