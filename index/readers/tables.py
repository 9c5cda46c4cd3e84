"""JSONL and CSV: one document a record. The canonical text is the record's `text` field.

`id` (or `_id`, `doc_id`) names the record, `title`, `date`, `source`, `url`, `author` are what they say, and every other field is
kept as metadata. A record without an id is named by its place, "#12"; an id that came before is given its place behind it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping

from index.blocks import lay_out
from index.errors import UnreadableFile
from index.readers.base import Format, Options, Problem, Reading, decode
from index.readers.metadata import as_text, from_fields
from index.records import Document

_ID_FIELDS = ("id", "_id", "doc_id")
_NOT_METADATA = frozenset({"text", *_ID_FIELDS})


def read_jsonl(data: bytes, name: str, options: Options = Options()) -> Reading:
    decoded = decode(data)
    return Reading(decoded.encoding, _documents(_json_records(decoded.text), options))


def read_csv(data: bytes, name: str, options: Options = Options()) -> Reading:
    decoded = decode(data)
    csv.field_size_limit(2**31 - 1)
    first_line = re.split(r"[\r\n]", decoded.text.lstrip("\r\n"), maxsplit=1)[0]
    delimiter = "\t" if ".tsv" in name.lower() else max(",;\t", key=first_line.count)
    rows = csv.DictReader(io.StringIO(decoded.text, newline=""), delimiter=delimiter)
    try:
        columns = [c.strip().lower() for c in rows.fieldnames or []]
    except csv.Error as error:
        raise UnreadableFile(f"not a table ({error})") from error
    if "text" not in columns:
        raise UnreadableFile("a table is read by its column “text”, and its first line names none")
    return Reading(decoded.encoding, _documents(_csv_records(rows), options))


def _json_records(text: str) -> Iterator[Mapping[object, object] | Problem]:
    # Not splitlines(): U+2028 and its like are lawful inside a JSON string.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Problem(f"line {number}", f"not JSON ({getattr(error, 'msg', error)})")
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


def _documents(records: Iterator[Mapping[object, object] | Problem], options: Options) -> Iterator[Document | Problem]:
    seen: set[str] = set()
    for ordinal, record in enumerate(records):
        if isinstance(record, Problem):
            yield record
            continue
        by_lower = {str(k).lower(): v for k, v in record.items()}
        text = by_lower.get("text")
        name = next((i for field in _ID_FIELDS if (i := as_text(by_lower.get(field)))), f"#{ordinal + 1}")
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
