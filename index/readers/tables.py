"""JSONL, and tables with a column “text”: one document a record. The canonical text is the record's `text` field.

`id` (or `_id`, `doc_id`) names the record, `title`, `date`, `source`, `url`, `author` are what they say, and every other field is
kept as metadata. A record without an id is named by its place, "#12"; an id that came before is given its place behind it.

A CSV file without such a column is one document, as it is, each of its rows a block.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from index.blocks import lay_out, trimmed
from index.errors import UnreadableFile
from index.readers.base import Format, Options, Problem, Reading, decode
from index.readers.metadata import as_text, from_fields
from index.records import Block, BlockKind, Document, Locator, Metadata, Span

_ID_FIELDS = ("id", "_id", "doc_id")
_NOT_METADATA = frozenset({"text", *_ID_FIELDS})


def read_jsonl(data: bytes, name: str, options: Options = Options()) -> Reading:
    decoded = decode(data)
    return Reading(decoded.encoding, record_documents(_json_records(decoded.text), options))


def read_csv(data: bytes, name: str, options: Options = Options()) -> Reading:
    decoded = decode(data)
    csv.field_size_limit(2**31 - 1)
    first_line = re.split(r"[\r\n]", decoded.text.lstrip("\r\n"), maxsplit=1)[0]
    delimiter = "\t" if ".tsv" in name.lower() else max(",;\t", key=first_line.count)
    rows = csv.DictReader(io.StringIO(decoded.text, newline=""), delimiter=delimiter)
    try:
        is_of_records = are_records(rows.fieldnames or [])
    except csv.Error as error:
        raise UnreadableFile(f"not a table ({error})") from error
    if is_of_records:
        return Reading(decoded.encoding, record_documents(_csv_records(rows), options))
    return Reading(decoded.encoding, iter([_as_it_is(decoded.text, delimiter)]))


def are_records(columns: Sequence[str]) -> bool:
    """Whether each row of a table with these columns is a document of its own."""
    return "text" in [column.strip().lower() for column in columns]


def _as_it_is(text: str, delimiter: str) -> Document:
    """A table as one document: the file itself, each row a block, the first a heading if it names the columns."""
    from index.readers.sheets import is_header

    rows = list(_csv_rows(text, delimiter))
    filled = [cells for _, _, cells in rows if any(map(str.strip, cells))]
    is_headed = len(filled) > 1 and is_header(*filled[:2])
    blocks: list[Block] = []
    locators: list[Locator] = []
    for number, span, cells in rows:
        if not len(span):
            continue
        is_filled = any(map(str.strip, cells))
        kind: BlockKind = (
            "apparatus" if not is_filled else "heading" if is_headed and cells is filled[0] else "paragraph"
        )
        blocks.append(Block(kind, span, len(blocks) + 1))
        locators.append(Locator(span.start, "row", str(number), number))
    return Document(text, tuple(blocks), Metadata(), locators=tuple(locators))


def _csv_rows(text: str, delimiter: str) -> Iterator[tuple[int, Span, list[str]]]:
    """The rows of a table, each by its number from 1, with the lines it stands on, without the blanks at their ends."""
    read_to = 0

    def lines() -> Iterator[str]:
        nonlocal read_to
        for line in io.StringIO(text, newline=""):
            read_to += len(line)
            yield line

    rows = csv.reader(lines(), delimiter=delimiter)
    start = number = 0
    while True:
        try:
            cells = next(rows, None)
        except csv.Error:  # a NUL, a carriage return astray: the line is a row of one cell
            cells = [text[start:read_to]]
        if cells is None:
            return
        number += 1
        yield number, trimmed(text, Span(start, read_to)), cells
        start = read_to


def _json_records(text: str) -> Iterator[Mapping[object, object] | Problem]:
    # Not splitlines(): U+2028 and its like are lawful inside a JSON string.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            yield Problem(f"line {number}", f"not JSON ({error.msg})")
            continue
        except RecursionError:
            yield Problem(f"line {number}", "it is nested too deep")
            continue
        except ValueError:  # Python makes no number of more than 4,300 digits
            yield Problem(f"line {number}", "it holds a number of thousands of digits")
            continue
        yield record if isinstance(record, dict) else Problem(f"line {number}", "not a JSON object")


def _csv_records(rows: csv.DictReader) -> Iterator[Mapping[object, object] | Problem]:
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Problem(f"line {rows.line_num}", f"not a row ({error})")
            continue
        yield {(k.strip() if isinstance(k, str) else k): v for k, v in row.items() if not isinstance(v, list)}


def record_documents(
    records: Iterable[Mapping[object, object] | Problem], options: Options, prefix: str = ""
) -> Iterator[Document | Problem]:
    """A document for each record, named by its id or else its place, after `prefix`."""
    seen: set[str] = set()
    for ordinal, record in enumerate(records):
        if isinstance(record, Problem):
            yield record
            continue
        by_lower = {str(k).lower(): v for k, v in record.items()}
        text = by_lower.get("text")
        name = next((i for field in _ID_FIELDS if (i := as_text(by_lower.get(field)))), f"#{ordinal + 1}")
        name = prefix + name
        if not isinstance(text, str) or not text.strip():
            yield Problem(f"record {name}", "has no “text”")
            continue
        while name in seen:
            name = f"{name} (#{ordinal + 1})"
        seen.add(name)
        if not options.wants(name):
            continue
        blocks, metadata = lay_out(text, from_fields(record, besides=_NOT_METADATA))
        yield Document(text, blocks, metadata, record=name)


FORMATS = (
    Format("JSON lines", (".jsonl", ".ndjson"), read_jsonl, parsed=False),
    Format("CSV", (".csv", ".tsv"), read_csv, parsed=False),
)
