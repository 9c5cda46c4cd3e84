"""Every file of a folder as `dixit index` reads it: what each format gives, and whether the laws hold of all of it.

usage: .venv/bin/python benchmarks/formats.py FOLDER [--json OUT]

Files are read in the process that readers run in, then heard for who says what and cut into passages, as for the index; then all
of it again in another process, which has to give the same. "Broke" is what a user should never be told: an exception that no
reader foresaw, a crash, a limit of time or memory. Ends with 1 if anything broke or a law was not kept.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

import numpy as np

from index import readers
from index.chunker import ChunkerSettings
from index.encoder import Encoder, load_encoder
from index.kept import packed, packed_layout, packed_locators, unpacked, unpacked_layout
from index.plan import Found
from index.reader_process import ReaderProcess
from index.readers import Options
from index.reading import Cut, Prepared, prepared
from index.records import Document, Layout, Span
from index.stored import Root

BROKE = ("the reader broke on it", "reading it took longer than", "reading it takes more memory")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file. `reason` is why it gave nothing; `parts` are those of parts of it, `broken` is what should not be."""

    file: str
    format: str
    documents: int = 0
    characters: int = 0
    reason: str | None = None
    parts: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def is_broken(self) -> bool:
        return any(told.startswith(BROKE) for told in (self.reason or "", *self.parts))


@dataclass(slots=True)
class Row:
    """A format in the table."""

    files: list[Outcome] = field(default_factory=list)

    def cells(self) -> list[object]:
        seconds = [f.seconds for f in self.files]
        refused = [f for f in self.files if f.reason and not f.is_broken]
        counts = [sum(f.reason is None for f in self.files), len(refused), sum(f.is_broken for f in self.files)]
        return [
            len(self.files),
            *counts,
            sum(bool(f.broken) for f in self.files),
            f"{median(seconds):.2f}",
            f"{max(seconds):.2f}",
        ]


def main(folder: Path, out: Path | None) -> int:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    found = [p for p in files if readers.is_readable(p.name)]
    encoder = load_encoder("hashing")
    outcomes: list[Outcome] = []
    with ReaderProcess() as process, ReaderProcess() as another:
        list(process.read(b"What is loaded once is not counted.", "a.txt").items)
        for path in found:
            outcomes.append(outcome(path, folder, (process, another), encoder))
    rows: dict[str, Row] = defaultdict(Row)
    for each in outcomes:
        rows[each.format].files.append(each)
    print_table(rows)
    print_told("Refused", ((o.format, o.reason, o.file) for o in outcomes if o.reason and not o.is_broken))
    print_told("Parts of files that were not read", ((o.format, p, o.file) for o in outcomes for p in o.parts))
    print_told("Broke", ((o.format, o.reason or o.parts[0], o.file) for o in outcomes if o.is_broken))
    print_told("Laws that were not kept", ((o.format, law, o.file) for o in outcomes for law in o.broken))
    others = [p for p in files if p not in set(found)]
    print_told("Not a format that is read", ((p.suffix.lower(), "", p.name) for p in others))
    if out:
        records = [asdict(o) for o in outcomes]
        out.write_text(
            json.dumps({"files": records, "not read": [str(p.relative_to(folder)) for p in others]}, indent=1)
        )
    return int(any(o.is_broken or o.broken for o in outcomes))


def outcome(path: Path, folder: Path, processes: tuple[ReaderProcess, ReaderProcess], encoder: Encoder) -> Outcome:
    """What becomes of a file, and what should not have."""
    with heard() as noise:
        started = time.perf_counter()
        first = made_ready(path, folder, processes[0], encoder)
        seconds = time.perf_counter() - started
        second = made_ready(path, folder, processes[1], encoder)
    cuts = [d for d in first.documents if isinstance(d, Cut)]
    reason, parts = first.state.reason, [p.reason for p in first.problems]
    broken = [law for cut in cuts for law in broken_laws(cut)]
    broken += [f"not one clause: {told!r}" for told in (reason, *parts) if told and not is_clause(told)]
    broken += [f"{part}: the reader's fault" for part in parts if "surrogate" in part and readers.is_parsed(path.name)]
    if not is_same(first, second):
        broken.append("read again, it is another")
    if noise:
        broken.append(f"prints: {noise[0]!r:.120}")
    return Outcome(
        str(path.relative_to(folder)),
        format_of(path.name),
        len(cuts),
        sum(len(c.document.text) for c in cuts),
        reason,
        tuple(parts),
        tuple(dict.fromkeys(broken)),
        round(seconds, 3),
    )


def made_ready(path: Path, folder: Path, process: ReaderProcess, encoder: Encoder) -> Prepared:
    found = Found(Root(1, folder, folder.name), str(path.relative_to(folder)), path, "", "read")
    settings = ChunkerSettings(max_tokens=encoder.max_tokens)
    return prepared(found, None, {}, encoder, settings, process, Options())


def format_of(name: str) -> str:
    """What people call the format of a file of this name."""
    stem = name.lower().removesuffix(".gz")
    return next(f for f, suffixes in readers.formats().items() if stem.endswith(suffixes))


def is_clause(reason: str) -> bool:
    """Whether a reason is fit for a line of a table: one clause, without a full stop, a line break or a traceback."""
    return (
        reason.isprintable()
        and reason == reason.strip() != ""
        and not reason.endswith(".")
        and "Traceback" not in reason
    )


def broken_laws(cut: Cut) -> list[str]:
    """The laws that a document and its passages do not keep."""
    return [law for law, is_kept in _laws(cut) if not is_kept]


def _laws(cut: Cut) -> Iterator[tuple[str, bool]]:
    document, text = cut.document, cut.document.text
    blocks, passages = [b.span for b in document.blocks], [p.span for p in cut.passages]
    sentences = [s for p in cut.passages for s in p.sentences]
    voices = [v.span for v in document.voices]
    said = [(*u.parts, *filter(None, (u.mention, u.cue))) for u in cut.speech.utterances]
    for what, spans in (("blocks", blocks), ("passages", passages), ("sentences", sentences), ("voices", voices)):
        yield f"{what} within the text", _within(text, spans)
        yield f"{what} in order", all(a.end <= b.start for a, b in zip(spans, spans[1:]))
    for what, spans in (("block", blocks), ("passage", passages), ("sentence", sentences)):
        yield f"every word in a {what}", not _between(text, spans).strip()
    yield "no blanks at the ends of a block", all(s.of(text) == s.of(text).strip() for s in blocks)
    yield "every passage within a block", _each_within(passages, blocks)
    yield "a voice of some words", all(s.of(text).strip() for s in voices)
    yield "a voice of some name, or none", all(v.name is None or v.name.strip() for v in document.voices)
    yield "what is said within the text", all(_within(text, spans) for spans in said)
    yield "paragraphs counted from 1", _counts([b.paragraph for b in document.blocks])
    starts = [locator.start for locator in document.locators]
    yield "places in order", starts == sorted(starts)
    yield "places within the text", all(0 <= start < len(text) for start in starts)
    yield "places counted from 1", all(locator.number >= 1 for locator in document.locators)
    yield "notes of one line", all(n.isprintable() and n.strip() for n in document.notes)
    yield "what is kept gives it again", _kept(document) == document
    if layout := document.layout:
        yield from _laws_of_layout(document, layout)


def _laws_of_layout(document: Document, layout: Layout) -> Iterator[tuple[str, bool]]:
    pages, boxes, length = layout.pages, layout.boxes, len(document.text)
    yield "a box for each character", pages.shape == (length,) and boxes.shape == (length, 4)
    if not length or pages.shape != (length,):
        return
    yield "pages that there are", -1 <= int(pages.min()) and int(pages.max()) < len(layout.sheets)
    blank = np.array([c.isspace() for c in document.text])
    yield "every character of a word on a page", bool((pages[~blank] >= 0).all())
    placed = boxes[pages >= 0]
    yield "boxes of numbers", bool(np.isfinite(placed).all() and (np.abs(placed) < 2**24).all())
    again = unpacked_layout(packed_layout(layout))
    yield "boxes kept to a hair", bool(np.allclose(again.boxes, boxes, rtol=1e-6, atol=1 / 64, equal_nan=True))


def _within(text: str, spans: Iterable[Span]) -> bool:
    return all(s.start < s.end <= len(text) for s in spans)


def _between(text: str, spans: list[Span]) -> str:
    edges = [0, *(edge for s in spans for edge in (s.start, s.end)), len(text)]
    return "".join(text[a:b] for a, b in zip(edges[::2], edges[1::2]))


def _each_within(inner: list[Span], outer: list[Span]) -> bool:
    """Whether each of the inner spans lies in one of the outer ones; both in order."""
    rest = iter(outer)
    around = next(rest, None)
    for span in inner:
        while around and around.end <= span.start:
            around = next(rest, None)
        if not around or not around.holds(span):
            return False
    return True


def _counts(numbers: list[int]) -> bool:
    return numbers == sorted(numbers) and (not numbers or numbers[0] == 1)


def _kept(document: Document) -> Document:
    locators, notes = packed_locators(document.locators), json.dumps(document.notes)
    return unpacked(packed(document), document.metadata, document.fidelity, document.record, locators, notes)


def is_same(one: Prepared, other: Prepared) -> bool:
    """Whether two readings of a file gave the same, boxes too."""
    layouts = [[d.document.layout for d in p.documents if isinstance(d, Cut)] for p in (one, other)]
    return (one.state.reason, one.problems, one.documents) == (
        other.state.reason,
        other.problems,
        other.documents,
    ) and all(
        (a is None and b is None) or (a is not None and b is not None and packed_layout(a) == packed_layout(b))
        for a, b in zip(*layouts)
    )


@contextmanager
def heard() -> Iterator[list[str]]:
    """The lines that anything within prints, whatever it is written in; they are there when it has ended."""
    lines: list[str] = []
    with tempfile.TemporaryFile() as file:
        kept = [(stream, os.dup(stream)) for stream in (1, 2)]
        sys.stdout.flush()
        sys.stderr.flush()
        for stream, _ in kept:
            os.dup2(file.fileno(), stream)
        try:
            yield lines
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for stream, before in kept:
                os.dup2(before, stream)
                os.close(before)
            file.seek(0)
            lines += file.read().decode("utf-8", "replace").splitlines()


def print_table(rows: dict[str, Row]) -> None:
    print("| format | files | gave text | refused | broke | laws not kept | median, s | longest, s |")
    print("|---" * 8 + "|")
    for name, row in sorted(rows.items()):
        print("|", " | ".join(map(str, [name, *row.cells()])), "|")
    every = Row([f for row in rows.values() for f in row.files])
    if every.files:
        print("|", " | ".join(map(str, ["all", *every.cells()])), "|")


def print_told(title: str, told: Iterable[tuple[str, str | None, str]]) -> None:
    """What files were told, each thing once, with how often, and a file it was told of."""
    files: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    for format_, reason, file in told:
        files[format_, reason].append(file)
    if not files:
        return
    print(f"\n{title}: {sum(map(len, files.values()))}")
    for (format_, reason), names in sorted(files.items(), key=lambda item: (item[0][0], -len(item[1]))):
        print(f"  {len(names):4} {format_ or 'no suffix'}: {reason or ''} [{names[0]}]")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path, dest="out", metavar="OUT")
    arguments = parser.parse_args()
    sys.exit(main(arguments.folder, arguments.out))
