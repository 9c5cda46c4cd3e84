"""How fast PDFs are read, beside pypdf and pdfminer.six, and whether the boxes hold.

usage: .venv/bin/python benchmarks/pdf_speed.py FOLDER [SEED]

Every PDF below FOLDER that this reader and both others read is read by each, one after the other, in the same process; this reader
makes paragraphs and boxes besides. Each file is given a time limit, by which hostile ones are left out. Then, of each file with
text, 20 sentences chosen at random are read back: what PDFium finds with its middle in the rectangles of the sentence has to be the
sentence, blanks and the hyphens of line ends aside.
"""

from __future__ import annotations

import io
import logging
import random
import signal
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from index.errors import UnreadableFile
from index.layout import Rect, rectangles
from index.readers.base import Options
from index.readers.pdf import read
from index.readers.pdf.glyphs import page_glyphs
from index.readers.pdf.opening import opened, opened_page
from index.records import Document, Span
from index.sentences import sentences

_SECONDS = 20
_SENTENCES = 20


def main(folder: Path, seed: int) -> None:
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() == ".pdf")
    readers: dict[str, Callable[[bytes], int]] = {"dixit": _dixit, "pypdf": _pypdf, "pdfminer.six": _pdfminer}
    for file in files[:8]:  # imports are not counted
        for reader in readers.values():
            _timed(reader, file.read_bytes())
    spent: Counter[str] = Counter()
    pages = 0
    for file in files:
        times = {name: _timed(reader, file.read_bytes()) for name, reader in readers.items()}
        if all(seconds is not None for seconds, _ in times.values()):
            pages += times["dixit"][1]
            for name, (seconds, _) in times.items():
                spent[name] += seconds or 0.0
    for name, seconds in spent.items():
        print(
            f"{name:14} {pages / seconds:8.1f} pages a second, {seconds / spent['dixit']:.1f} times the time of dixit"
        )
    print(f"{pages} pages of the files that all three read")
    _boxes(files, random.Random(seed))


def _timed(reader: Callable[[bytes], int], data: bytes) -> tuple[float | None, int]:
    started = time.perf_counter()
    try:
        with _limit(_SECONDS):
            pages = reader(data)
    except Exception:  # another library's fault is not ours to name; the file is left out
        return None, 0
    return time.perf_counter() - started, pages


@contextmanager
def _limit(seconds: int) -> Iterator[None]:
    def late(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _document(data: bytes) -> Document:
    return next(item for item in read(data, "file.pdf", Options()).items if isinstance(item, Document))


def _dixit(data: bytes) -> int:
    layout = _document(data).layout
    assert layout is not None
    return len(layout.sheets)


def _pypdf(data: bytes) -> int:
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(data))
    return len([page.extract_text() for page in reader.pages])


def _pdfminer(data: bytes) -> int:
    from pdfminer.high_level import extract_text

    return extract_text(io.BytesIO(data)).count("\f")


def _boxes(files: list[Path], chance: random.Random) -> None:
    right = wrong = 0
    for file in files:
        try:
            with _limit(_SECONDS):
                document = _document(file.read_bytes())
        except (UnreadableFile, TimeoutError):
            continue
        spans = [s for b in document.blocks for s in sentences(document.text, b.span)]
        for span in chance.sample(spans, min(_SENTENCES, len(spans))):
            told, found = _bare(span.of(document.text)), _bare(_read_back(file.read_bytes(), document, span))
            right += told == found
            wrong += told != found
            if told != found:
                print(f"{file.name}: {span.of(document.text)!r:.100} reads {found!r:.100}")
    print(
        f"{right} of {right + wrong} sentences are read back from their rectangles: {right / max(right + wrong, 1):.2%}"
    )


def _bare(text: str) -> list[str]:
    return sorted(c for c in text if not c.isspace() and c not in "-\u2010")


def _read_back(data: bytes, document: Document, span: Span) -> str:
    """The characters that PDFium finds in the rectangles of a span, each once."""
    assert document.layout is not None
    by_page: dict[int, list[Rect]] = {}
    for rect in rectangles(document.layout, span):
        by_page.setdefault(rect.page, []).append(rect)
    found = ""
    with opened(data) as pdf:
        for number, rects in by_page.items():
            sheet = document.layout.sheets[number]
            page, _ = opened_page(pdf, number)
            glyphs = page_glyphs(page, (sheet.left, sheet.bottom, sheet.right, sheet.top))
            page.close()
            x, y = ((glyphs.boxes[:, i] + glyphs.boxes[:, i + 2]) / 2 for i in (0, 1))
            inside = np.zeros(len(glyphs), bool)
            for r in rects:  # boxes are kept in single precision: a hair's breadth to either side
                inside |= (x > r.left - 0.01) & (x < r.right + 0.01) & (y > r.bottom - 0.01) & (y < r.top + 0.01)
            found += "".join(map(chr, glyphs.codes[inside]))
    return found


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) == 3 else 1)
