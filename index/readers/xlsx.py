"""Excel's workbooks, row by row, by openpyxl. A formula is its value as it was last computed and saved.

Values are written as Excel shows them as far as their formats are simple: so many decimals, thousands, percent; a date always as
ISO 8601 has it. Formulas and macros are never run.
"""

from __future__ import annotations

import io
import re
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from index.errors import UnreadableFile
from index.readers.base import Format, Options, Problem, Reading
from index.readers.building import counted
from index.readers.packages import Package
from index.readers.properties import of_office
from index.readers.sheets import Row, sheet_documents
from index.records import Document

if TYPE_CHECKING:
    from openpyxl import Workbook

_LAST_ROW = 1_048_576  # of any sheet of Excel's
_CONTROLS = re.compile(r"_x00(0[9AD])_\n?")  # ECMA-376 part 1, 22.9.2.19: what XML has no character for
_BREAKS = {"0D": "\n", "0A": "\n", "09": "\t"}
_AT_A_TIME = 500
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*\shidden=[\"'](?:1|true)[\"']")
_NO_VALUE = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]*/>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_SIMPLE = re.compile(r"(?P<thousands>#,##)?0(?:\.(?P<decimals>0+))?(?P<percent>%)?(?:_\)|;.*)?")


def read(data: bytes, name: str, options: Options = Options()) -> Reading:
    package = Package(data, "Excel", "Excel file")
    package.measure()
    from openpyxl import load_workbook

    with _quiet():
        try:
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        except Exception as error:  # noqa: BLE001 - of a damaged file it lets through whatever befalls it
            raise UnreadableFile("it is no whole Excel file: open it in Excel and save it anew") from error
    return Reading("xlsx", _items(package, book, options))


def _items(package: Package, book: Workbook, options: Options) -> Iterator[Document | Problem]:
    broken: list[Problem] = []
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    notes = [f"{counted(len(hidden), 'sheet')} hidden in Excel: {', '.join(hidden)}."] if hidden else []
    if any(n.lower().endswith("vbaproject.bin") for n in package.names()):
        notes.append("It holds macros, which were not looked at.")
    comments = sum("comments" in n.lower() and n.lower().endswith(".xml") for n in package.names())
    if comments:
        notes.append(f"The comments on cells of {counted(comments, 'sheet')} are not read.")
    notes += _not_shown(package)
    sheets = ((sheet.title, _rows(sheet, broken)) for sheet in book.worksheets)
    try:
        yield from sheet_documents(sheets, of_office(package, broken), "Excel file", options, notes)
    except UnreadableFile:
        if not broken:
            raise
    yield from broken


def _not_shown(package: Package) -> list[str]:
    """What a reader of the sheets does not see in Excel, or here."""
    hidden = empty = 0
    for name in package.names():
        if _SHEET.fullmatch(name):
            try:
                sheet = package.read(name)
            except UnreadableFile:
                continue
            hidden += len(_HIDDEN_ROW.findall(sheet))
            empty += len(_NO_VALUE.findall(sheet))
    notes = [f"{counted(hidden, 'row')} hidden in Excel {_are(hidden)} read with the others."] if hidden else []
    if empty:
        notes.append(f"{counted(empty, 'formula')} whose value was never saved {_are(empty)} left out.")
    return notes


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _rows(sheet: Any, broken: list[Problem]) -> Iterator[Row]:
    """The rows of a sheet that hold anything. Of one that is damaged, those before the damage."""
    number = 0
    is_damaged = False
    sheet.reset_dimensions()  # what a file says of them is not always so
    rows = sheet.iter_rows()
    while number < _LAST_ROW and not is_damaged:
        batch = []
        try:
            with _quiet():
                for row in islice(rows, _AT_A_TIME):
                    batch.append(row)
        except _FAULTS:
            is_damaged = True
        for row in batch:
            number += 1
            cells = [_shown(cell) for cell in row]
            if any(cells):
                yield number, cells
        if len(batch) < _AT_A_TIME:
            break
    if is_damaged:
        broken.append(Problem(f"{sheet.title}!{number + 1}", "the sheet is damaged from here on"))


_FAULTS = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, SyntaxError, OSError, EOFError)
_FAULTS += (BadZipFile, zlib.error)
"""What openpyxl lets through of a damaged sheet; an error of XML is a SyntaxError."""


@contextmanager
def _quiet() -> Iterator[None]:
    """openpyxl warns of what it passes over, validation, drawings, and prints of styles that are missing."""
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def _shown(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return _number(value, _format_of(cell))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, (date, time, timedelta)):
        return str(value)
    return _CONTROLS.sub(lambda match: _BREAKS[match[1]], str(value)).strip()


def _format_of(cell: Any) -> str:
    try:
        return cell.number_format or "General"
    except IndexError:  # a style that the file does not hold
        return "General"


def _number(value: int | float, number_format: str) -> str:
    """
    >>> _number(0.256, "0%"), _number(1234.5, "#,##0.00"), _number(0.1 + 0.2, "General"), _number(2e6, "General")
    ('26%', '1,234.50', '0.3', '2000000')
    """
    match = _SIMPLE.fullmatch(number_format)
    if not match:
        return str(value) if isinstance(value, int) else f"{value:.11g}" if abs(value) < 1e11 else f"{value:.15g}"
    shown = value * 100 if match["percent"] else value
    try:
        return f"{shown:{',' if match['thousands'] else ''}.{len(match['decimals'] or '')}f}{match['percent'] or ''}"
    except (OverflowError, ValueError):  # digits that no float has, decimals that no sheet shows
        return str(value)


FORMATS = (Format("Excel", (".xlsx", ".xlsm", ".xltx", ".xltm"), read),)
