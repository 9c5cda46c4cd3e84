"""How long a running assistant takes for a question.

usage: .venv/bin/python benchmarks/latency.py STORE QUERIES.jsonl

What is loaded once, and by `dixit serve` when it starts, is not counted.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from statistics import quantiles

from index.store import Store
from retrieval.assistant import Assistant
from retrieval.batch import read_queries


def main(store: Path, queries: Path) -> None:
    assistant = Assistant(Store(store))
    texts = [query["text"] for query in read_queries(queries)]
    assistant.warm_up()
    seconds = []
    for text in texts:
        started = time.perf_counter()
        assistant.ask(text)
        seconds.append(time.perf_counter() - started)
    cuts = quantiles(seconds, n=20)
    print(f"{len(texts)} questions: p50 {cuts[9]:.3f} s, p95 {cuts[18]:.3f} s")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
