"""What its user says about a file: title, date, author and the like, which win over what was found in the file itself.

It is said in a sidecar, `report.pdf.meta.yaml` (or `report.meta.yaml`, where one document only has that stem), or in a row of a
table, `metadata.csv` or `metadata.tsv`, whose column `file` names a file of its folder or of one below ("2022/report.pdf"), or a
record of a file of many as `doc_id_of` does ("mails.mbox#7"). A sidecar wins over tables, a table nearer the file over one
farther, field by field. An empty field of a sidecar takes away what was found; an empty cell of a table says nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from index.dates import read_date
from index.readers.base import Problem
from index.readers.metadata import NAMES
from index.records import Document, Metadata

_OF_A_RECORD = ("title", "published", "author", "url")
"""What each record of a file of many has for itself: what is said of the whole file stands in only where it has none."""
"""What each record of a file of many has for itself: what is said of the whole file stands in only where it has none."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What is said about one file: `fields` of `Metadata` by their names there, any others as they were written, "" for one that
    is taken away; for a file of many, `records` are the fields of some of them. `digest` is that of all that was said, the
    password included: another one, and the file is to be read again."""

    fields: Mapping[str, str] = field(default_factory=dict)
    records: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    password: str | None = field(default=None, repr=False)
    misread: tuple[Problem, ...] = ()
    """What is wrong with a sidecar."""
    digest: str = ""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What of it is of no use. Dates are read here, for only a file that is read again has to be told of them."""
        every = [("metadata", self.fields), *((f"metadata of record {r}", f) for r, f in self.records.items())]
        dates = [(where, fields.get("published")) for where, fields in every]
        return *self.misread, *(Problem(where, _no_date(d)) for where, d in dates if d and read_date(d) is None)

    def unmet(self, records: Collection[str]) -> tuple[Problem, ...]:
        """What is said of records that are not among those of the file."""
        return tuple(
            Problem(f"metadata of record {r}", "there is none of that name") for r in self.records if r not in records
        )


def corrected(document: Document, correction: Correction) -> Document:
    """The document with the metadata that its user gave it. Of a record of a file of many, what is said of the record wins. What
    is said of the whole file wins too (source, language and the like), but a title, date, author or url only stands in where the
    record has none."""
    found, given = document.metadata, dict(correction.fields)
    if document.record is not None:
        given = {k: v for k, v in given.items() if not (v and k in _OF_A_RECORD and getattr(found, k))}
        given |= correction.records.get(document.record, {})
    return replace(document, metadata=_with(found, given)) if given else document


def _with(found: Metadata, given: Mapping[str, str]) -> Metadata:
    known = {k: v or None for k, v in given.items() if k in NAMES}
    raw = known.pop("published", None)
    if raw and (read := read_date(raw)):
        known |= {"published": read.iso, "published_note": read.note}
    elif given.get("published") == "":
        known |= {"published": None, "published_note": None}
    others = {k: v for k, v in given.items() if k not in NAMES}
    named = {k.casefold() for k in others}
    kept = {k: v for k, v in found.extra.items() if k.casefold() not in named}
    return replace(found, **known, extra=kept | {k: v for k, v in others.items() if v})


def over(near: Correction, far: Correction) -> Correction:
    """Two sources together, the nearer one winning field by field."""
    records = {r: {**far.records.get(r, {}), **near.records.get(r, {})} for r in {**far.records, **near.records}}
    return Correction(
        {**far.fields, **near.fields},
        records,
        far.password if near.password is None else near.password,
        near.misread + far.misread,
        _digest([near.digest, far.digest]),
    )


def digested(said: Correction) -> Correction:
    everything = [said.fields, said.records, said.password, [(p.where, p.reason) for p in said.misread]]
    return replace(said, digest=_digest(everything)) if any(everything) else said


def _digest(parts: list) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _no_date(raw: str) -> str:
    return f"“{short(raw)}” is no date that can be read: write it as 2022-01-31"


def short(words: str) -> str:
    return words if len(words) <= 80 else f"{words[:79]}…"
