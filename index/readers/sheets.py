"""The rows of spreadsheets, whoever read them. A row is a block, its cells parted by tabs, and its place its number in its sheet.

A sheet with a column “text” is a table of records, each of them a document, as a CSV file with one is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from index.readers.base import Options, Problem
from index.readers.building import Building
from index.readers.tables import are_records, record_documents
from index.records import Document, Metadata

MAX_ROWS = 200_000
"""More rows than this are not read of one file."""
MAX_CHARACTERS = 100_000_000

_FIGURE = re.compile(r"[\d\s.,:;/%+\-−–()$€£¥#]*|(?:true|false)", re.IGNORECASE)

Row = tuple[int, Sequence[str]]
"""Its number in the sheet, from 1, and its cells as they are shown."""


def is_header(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether a row names the columns of those under it: all of it is words, and not all of what follows."""
    named = [cell.strip() for cell in first if cell.strip()]
    below = [cell for cell in second if cell.strip()]
    words_only = not any(map(_FIGURE.fullmatch, named)) and len(set(named)) == len(named) > 1
    return words_only and any(map(_FIGURE.fullmatch, below))


def sheet_documents(
    sheets: Iterable[tuple[str, Iterator[Row]]],
    metadata: Metadata,
    kind_of_file: str,
    options: Options,
    notes: Sequence[str] = (),
) -> Iterator[Document | Problem]:
    """The documents of a workbook: of each sheet of records its records, and all other sheets as one."""
    page = Building()
    tables = 0
    for name, rows in sheets:
        first, second = [*islice(rows, 2), None, None][:2]
        if first is None:
            continue
        if second and are_records(first[1]):
            tables += 1
            records = (dict(zip(first[1], cells, strict=False)) for _, cells in chain([second], rows))
            yield from record_documents(records, options, prefix=f"{name} " if tables > 1 else "")
            continue
        is_headed = second is not None and is_header(first[1], second[1])
        for number, cells in chain(filter(None, [first, second]), rows):
            if len(page.blocks) >= MAX_ROWS or page.length >= MAX_CHARACTERS:
                yield Problem(f"{name}!{number}", "the file is read no further than this row: split it")
                break
            page.place("row", f"{name}!{number}", number)
            page.add("\t".join(cells), "heading" if is_headed and number == first[0] else "paragraph")
    if not tables:
        page.require_words(kind_of_file)
    if page.blocks:
        yield page.document(metadata, notes, record="other sheets" if tables else None)
