"""Text of a page that is only an image, recognised by Tesseract where it is installed, in the form of the page's own characters.

Tesseract tells the box of each word; its characters share it by even parts. Boxes are carried back from the image to the page's
user space.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import UnreadableFile
from index.readers.pdf.glyphs import Glyphs, nothing
from index.readers.pdf.render import drawn
from index.records import Sheet

_DOTS = 300  # an inch
_SECONDS = 60.0  # for one page
_WIDEST = 3500  # pixels
_SURE = 70  # per cent; a page read the wrong way up is less sure than that
_OSD = re.compile(r"Rotate: (90|180|270|0)\b")
_LEAST_SURE = 20  # words of which Tesseract is less sure, in per cent, are stains more often than words


def need_tesseract() -> None:
    """Raises UnreadableFile where Tesseract is not installed."""
    if shutil.which("tesseract") is None:
        raise UnreadableFile(
            "no text layer, and Tesseract, which would recognise it, is not installed: "
            "install it (`apt install tesseract-ocr`, `brew install tesseract`) and read the file again"
        )


def recognised(page: Any, sheet: Sheet) -> Glyphs:
    """The words on the image of a page as characters with boxes; nothing where Tesseract takes too long.

    A page may lie on its side or on its head: Tesseract is asked, and where it cannot tell, all four ways are tried.
    """
    across, _ = page.get_size()
    image = drawn(page, min(int(across / 72 * _DOTS), _WIDEST), grey=True)
    dots = max(70, round(image.width / max(across, 1) * 72))
    lies = _OSD.search(_tesseract(image, dots, "0", "stdout"))
    best = _read(image, dots, int(lies[1]) if lies else 0)
    if not lies and best.sureness < _SURE:
        best = max(
            [best, *(_read(image, dots, turn) for turn in (90, 180, 270))], key=lambda r: r.sureness * len(r.words)
        )
    return _placed(best, sheet)


@dataclass(frozen=True, slots=True)
class _Recognised:
    """Tesseract's rows for words and for lines, on the image turned clockwise by `turn`, of that size in pixels."""

    words: list[dict[str, str]]
    lines: dict[tuple[str, ...], tuple[float, float]]
    size: tuple[int, int]
    turn: int
    sureness: float


def _read(image: Any, dots: int, turn: int) -> _Recognised:
    turned = image.rotate(-turn, expand=True)
    table = _tesseract(turned, dots, "3", "stdout", "tsv")
    rows = [
        row for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE) if row.get("height")
    ]
    lines = {_line(row): (float(row["top"]), float(row["height"])) for row in rows if row["level"] == "4"}
    words = [
        row
        for row in rows
        if row["level"] == "5" and (row.get("text") or "").strip() and float(row["conf"]) >= _LEAST_SURE
    ]
    letters = sum(len(row["text"]) for row in words)
    sureness = sum(float(row["conf"]) * len(row["text"]) for row in words) / letters if letters else 0.0
    return _Recognised(words, lines, turned.size, turn, sureness)


def _tesseract(image: Any, dots: int, mode: str, *output: str) -> str:
    with tempfile.TemporaryDirectory(prefix="dixit-ocr-") as folder:
        file = Path(folder) / "page.png"
        image.save(file)
        command = ["tesseract", str(file), output[0], "--dpi", str(dots), "--psm", mode, *output[1:]]
        try:
            run = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        except (subprocess.TimeoutExpired, OSError):
            return ""
    return run.stdout.decode("utf-8", "replace")


def _placed(read: _Recognised, sheet: Sheet) -> Glyphs:
    shown = replace(sheet, rotation=(sheet.rotation + read.turn) % 360)
    codes, boxes, origins, sizes, spaced = [], [], [], [], []
    for row in read.words:
        text = row["text"].strip()
        top, high = read.lines.get(_line(row), (float(row["top"]), float(row["height"])))
        left, wide = float(row["left"]), float(row["width"]) / len(text)
        for at, character in enumerate(text):
            box = left + at * wide, float(row["top"]), left + (at + 1) * wide, float(row["top"]) + float(row["height"])
            codes.append(ord(character))
            boxes.append(_on_page(box, read.size, shown))
            origins.append(_on_page((box[0], top + 0.8 * high, box[0], top + 0.8 * high), read.size, shown)[:2])
            sizes.append(0.9 * high / read.size[1] * _shown_height(shown))
            spaced.append(at == 0)
    count = len(codes)
    if not count:
        return nothing()
    no, angles = np.zeros(count, bool), np.full(count, float(shown.rotation))
    return Glyphs(
        np.array(codes, np.uint32),
        np.array(boxes),
        np.array(origins),
        np.array(sizes),
        angles,
        no,
        no,
        np.array(spaced),
        no,
    )


def _line(row: dict[str, str]) -> tuple[str, ...]:
    return row["block_num"], row["par_num"], row["line_num"]


def _shown_height(sheet: Sheet) -> float:
    return sheet.right - sheet.left if sheet.rotation % 180 else sheet.top - sheet.bottom


def _on_page(
    box: tuple[float, float, float, float], size: tuple[int, int], sheet: Sheet
) -> tuple[float, float, float, float]:
    """A box on the image (left, top, right, bottom in pixels, from above) in points of the page before it is turned."""
    width, height = sheet.right - sheet.left, sheet.top - sheet.bottom
    corners = []
    for x, y in ((box[0] / size[0], box[1] / size[1]), (box[2] / size[0], box[3] / size[1])):
        across, up = {0: (x, 1 - y), 90: (y, x), 180: (1 - x, y), 270: (1 - y, 1 - x)}[sheet.rotation % 360]
        corners.append((sheet.left + across * width, sheet.bottom + up * height))
    (x0, y0), (x1, y1) = corners
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
