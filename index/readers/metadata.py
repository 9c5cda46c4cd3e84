"""Metadata out of named fields: a JSONL record's, a CSV row's, front matter's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from index.dates import read_date
from index.records import Metadata

NAMES = {
    "title": ("title", "headline"),
    "published": ("date", "published", "date_published", "datepublished", "pubdate"),
    "author": ("author", "authors", "byline"),
    "source": ("source", "publisher", "publication"),
    "url": ("url", "link"),
    "language": ("lang", "language"),
}


def from_fields(fields: Mapping[object, object], besides: frozenset[str] = frozenset()) -> Metadata:
    """Known fields by any of their usual names; every other one, but for those in `besides` (in lower case), is kept in `extra`."""
    plain = {as_text(k): as_text(v) for k, v in fields.items() if k is not None}
    plain = {k: v for k, v in plain.items() if v and k.lower() not in besides}
    by_lower = {k.lower(): k for k in plain}
    known: dict[str, str] = {}
    for field, names in NAMES.items():
        key = next((by_lower[n] for n in names if n in by_lower), None)
        if key is not None:
            known[field] = plain.pop(key)
    raw_date = known.pop("published", None)
    read = read_date(raw_date) if raw_date else None
    note = read.note if read else (f"“{raw_date}” is no date that can be read" if raw_date else None)
    return Metadata(**known, published=read.iso if read else None, published_note=note, extra=plain)


def as_text(value: object) -> str:
    """A field's value as one line of text; a list as its parts with commas, anything else that is nested as nothing.

    Half a surrogate pair, which is no character and cannot be stored, is written out: "\\ud83d".
    """
    if isinstance(value, list):
        return ", ".join(filter(None, (as_text(v) for v in value if not isinstance(v, list))))
    if isinstance(value, (datetime, date)):
        return value.isoformat()[:10]
    if not isinstance(value, (str, int, float)):
        return ""
    return " ".join(str(value).split()).encode("utf-8", "backslashreplace").decode("utf-8")
