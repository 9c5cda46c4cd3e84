"""Main text and metadata of web pages against what Mozilla's reader view makes of them, beside trafilatura and readability-lxml.

usage: .venv/bin/python benchmarks/main_text.py FOLDER

FOLDER holds a folder a page, each with `source.html`, `expected.html` and `expected-metadata.json`, as mozilla/readability has them
in test/test-pages. F1 is of words, case folded: `bag` compares how often each word comes, `sequence` their longest common
subsequence. The other two take part where they are installed.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import mean, median

from rapidfuzz.distance import LCSseq
from selectolax.lexbor import LexborHTMLParser

from index import readers
from index.dates import read_date
from index.records import Document

_WORD = re.compile(r"\w+")
_BY = re.compile(r"(?:written )?by\s+", re.IGNORECASE)


def main(folder: Path) -> None:
    logging.disable(logging.CRITICAL)
    pages = {p.parent.name: p.read_bytes() for p in sorted(folder.glob("*/source.html"))}
    expected = {
        name: words(markup_text(p.read_text("utf-8")))
        for name in pages
        if (p := folder / name / "expected.html").exists()
    }
    print(
        "| main text | bag, median | bag, mean | bag, least | sequence, median | sequence, mean |\n|---|---|---|---|---|---|"
    )
    for extractor, extract in extractors().items():
        found = {name: words(extract(pages[name])) for name in expected}
        bags = [bag_f1(found[name], expected[name]) for name in expected]
        sequences = [sequence_f1(found[name], expected[name]) for name in expected]
        figures = (median(bags), mean(bags), min(bags), median(sequences), mean(sequences))
        print(f"| {extractor} | {' | '.join(f'{f:.3f}' for f in figures)} |")
    said = {n: json.loads(p.read_text("utf-8")) for n in pages if (p := folder / n / "expected-metadata.json").exists()}
    print(f"\n{len(expected)} pages; metadata of {len(said)}\n")
    print("| field | same | other | ours alone | theirs alone |\n|---|---|---|---|---|")
    for field, pairs in metadata({name: document(pages[name]) for name in said}, said).items():
        same = sum(ours == theirs for ours, theirs in pairs)
        alone = sum(bool(ours) and not theirs for ours, theirs in pairs)
        missed = sum(bool(theirs) and not ours for ours, theirs in pairs)
        print(f"| {field} | {same} | {len(pairs) - same - alone - missed} | {alone} | {missed} |")


def extractors() -> dict[str, Callable[[bytes], str]]:
    found: dict[str, Callable[[bytes], str]] = {"Dixit": main_text, "Dixit, with captions and by-lines": with_captions}
    try:
        import trafilatura

        found["trafilatura"] = lambda data: trafilatura.extract(data, include_comments=False) or ""
    except ImportError:
        pass
    try:
        import readability

        found["readability-lxml"] = lambda data: markup_text(
            readability.Document(data.decode("utf-8", "replace")).summary()
        )
    except ImportError:
        pass
    return found | {"whole page": lambda data: document(data).text}


def document(data: bytes) -> Document:
    (found,) = readers.read(data, "page.html").items
    return found


def main_text(data: bytes) -> str:
    """What is ranked: all that is not apparatus."""
    page = document(data)
    return "\n".join(block.span.of(page.text) for block in page.blocks if block.kind != "apparatus")


def with_captions(data: bytes) -> str:
    """The same with the apparatus that stands among it."""
    page = document(data)
    last = max((n for n, block in enumerate(page.blocks) if block.kind != "apparatus"), default=-1)
    return page.text[: page.blocks[last].span.end] if last >= 0 else ""


def markup_text(markup: str) -> str:
    body = LexborHTMLParser(markup).body
    return body.text(separator=" ") if body is not None else ""


def words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def bag_f1(found: list[str], expected: list[str]) -> float:
    return f1((Counter(found) & Counter(expected)).total(), found, expected)


def sequence_f1(found: list[str], expected: list[str]) -> float:
    return f1(LCSseq.similarity(found, expected), found, expected)


def f1(common: int, found: list[str], expected: list[str]) -> float:
    """2PR/(P+R) of the words in common; of two empty texts, 1."""
    return 2 * common / (len(found) + len(expected)) if found or expected else 1.0


def metadata(pages: dict[str, Document], said: dict[str, dict]) -> dict[str, list[tuple[str, str]]]:
    """Of each field our value and theirs, page by page: blanks folded, a date to its day, a by-line without its "by"."""
    pairs: dict[str, list[tuple[str, str]]] = {}
    for name, page in pages.items():
        ours, theirs = page.metadata, said[name]
        day = read_date(theirs.get("publishedTime") or "")
        for field, own, other in (
            ("title", ours.title, theirs.get("title")),
            ("byline", ours.author, _BY.sub("", theirs.get("byline") or "", count=1)),
            ("lang", ours.language, theirs.get("lang")),
            ("siteName", ours.source, theirs.get("siteName")),
            ("publishedTime", ours.published, day.iso if day else None),
        ):
            pairs.setdefault(field, []).append((own or "", " ".join((other or "").split())))
    return pairs


if __name__ == "__main__":
    main(Path(sys.argv[1]))
