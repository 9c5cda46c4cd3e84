"""One file made ready for the store: read whole, laid out by its reader, heard for who says what, cut into passages.

Whatever becomes of it, it costs no other file: one that cannot be read is prepared as that, with the reason.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from index import readers
from index.chunker import ChunkerSettings, passages
from index.corrections import corrected
from index.encoder import Encoder
from index.errors import UnreadableFile
from index.plan import Found
from index.reader_process import ReaderProcess
from index.readers import Options, Problem
from index.records import Document, Passage
from index.speech import speech_of
from index.speech.records import Speech
from index.stored import FileState, stamp_of
from index.writer import content_digest

_ATTEMPTS = 3
_TICK = 0.02  # seconds: the coarsest clock by which a system stamps what is written


@dataclass(frozen=True, slots=True)
class Kept:
    """A document that is stored, by its internal id, just as its file has it still."""

    id: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A document cut into passages. `digests` are those of the passages' vectors, in order, None for one that has none."""

    document: Document
    passages: list[Passage]
    speech: Speech
    digests: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file read and cut. One whose bytes are those that are indexed has no documents, though it was read."""

    state: FileState
    documents: list[Cut | Kept]
    problems: list[Problem]

    @property
    def is_the_same(self) -> bool:
        return self.state.status == "read" and not self.documents

    @property
    def size(self) -> int:
        """In passages that are new."""
        return sum(len(d.passages) for d in self.documents if isinstance(d, Cut))


def prepared(
    found: Found,
    indexed: FileState | None,
    stored: Mapping[str | None, tuple[int, str]],
    encoder: Encoder,
    settings: ChunkerSettings,
    process: ReaderProcess,
    options: Options,
) -> Prepared:
    """A file made ready. `indexed` is its state as it is indexed, None if it is not; `stored` are its documents that are, by
    record: internal id and digest of all that the reader gave. What has to be taken apart is read in the `process`."""
    correction = found.correction
    state = FileState(found.root, found.path, "", "", "failed", correction=correction.digest if correction else "")
    documents: list[Cut | Kept] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    try:
        data, stamp = _whole(found.location)
        state = replace(state, stamp=stamp, digest=hashlib.sha256(data).hexdigest())
        if indexed and (state.digest, state.correction) == (indexed.digest, indexed.correction):
            return Prepared(replace(state, status="read"), [], [])
        if correction and correction.password:
            options = replace(options, passwords=(correction.password, *options.passwords))
        read = process.read if readers.is_parsed(found.location.name) else readers.read
        reading = read(data, found.location.name, options)
        for item in reading.items:
            if isinstance(item, Document):
                seen.add(item.record or "")
                item = corrected(item, correction) if correction else item
            if isinstance(item, Problem):
                problems.append(item)
            elif not _is_unicode(item):
                where = f"record {item.record}" if item.record else "text"
                problems.append(Problem(where, "holds half a surrogate pair, no character"))
            elif stored and stored.get(item.record, (0, ""))[1] == content_digest(item):
                documents.append(Kept(stored[item.record][0]))
            else:
                speech = speech_of(item)
                documents.append(Cut(item, passages(item, encoder.count_tokens, settings, speech.utterances), speech))
        if not any(isinstance(d, Kept) or d.passages for d in documents):
            raise UnreadableFile(problems[0].reason if len(problems) == 1 else "holds no text")
        state = replace(state, status="read", encoding=reading.encoding)
    except UnreadableFile as error:
        state = replace(state, reason=str(error))
    except _Changing:
        state = replace(state, reason="it changes while it is read: index again when it is whole")
    except OSError as error:
        # What keeps it closed need not change its stamp: it is tried again the next time.
        state = replace(state, stamp="", reason=f"cannot be opened ({error.strerror})")
    except Exception as error:  # noqa: BLE001 - a parser that breaks on one file costs that file, never the run
        state = replace(
            state, reason=f"the reader broke on it ({type(error).__name__}: {' '.join(str(error).split())})"[:300]
        )
    if correction:
        problems += correction.problems
        if state.status == "read":
            problems += correction.unmet(seen)
    return Prepared(state, documents if state.status == "read" else [], problems)


class _Changing(Exception):
    """The file was never the same before and after it was read."""


def _whole(location: Path) -> tuple[bytes, str]:
    """The bytes of a file and its stamp, which are of one moment."""
    for _ in range(_ATTEMPTS):
        before = location.stat()
        if before.st_size > readers.MAX_FILE_BYTES:
            raise UnreadableFile(f"larger than {readers.MAX_FILE_BYTES // 2**20} MiB: split it")
        if 0 <= time.time() - before.st_ctime < _TICK:
            time.sleep(_TICK)  # what is written to it now could go by the same stamp
        data = location.read_bytes()
        after = location.stat()
        if stamp_of(before) == stamp_of(after) and len(data) == after.st_size:
            return data, stamp_of(after)
    raise _Changing


def _is_unicode(document: Document) -> bool:
    told = (
        document.text,
        document.record or "",
        *(x.label for x in document.locators),
        *(v.name or "" for v in document.voices),
    )
    meta = (v for v in astuple(document.metadata) if isinstance(v, str))
    try:
        for text in (*told, *meta, *document.metadata.extra.values()):
            text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
