"""The records of what is stored: collections, files, documents, passages, utterances."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from index.kept import unpacked_locators
from index.records import Fidelity, Locator, Metadata, Passage
from index.speech.records import Genre, Utterance

FileStatus = Literal["read", "failed", "skipped", "left out"]
"""`skipped`: of no use as a document. `left out`: taken out of the index by its user, until it is taken in again."""


@dataclass(frozen=True, slots=True)
class Root:
    """A collection: a folder or file that was given to be indexed, by absolute path, under a name unique in the store."""

    id: int
    path: Path
    name: str
    device: str = field(default="", compare=False)
    """That it was on when it was last looked at (st_dev)."""


def stamp_of(stat: os.stat_result) -> str:
    """Size and times of a file: while they stay the same, so do its bytes. The time of its last change of any kind (ctime) is
    among them, since a file moved into another's place can have that one's size and modification time."""
    return f"{stat.st_ino}:{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}"


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it was when it was last looked at."""

    root: Root
    path: str
    stamp: str
    """What the disk told of it (`stamp_of`); empty when it is to be looked at again whatever the disk tells."""
    digest: str
    status: FileStatus
    reason: str | None = None
    encoding: str | None = None
    indexed_at: str = ""
    correction: str = ""
    """Digest of what its user put right of its metadata; empty where there is nothing."""

    @property
    def location(self) -> Path:
        return self.root.path / self.path if self.path else self.root.path

    @property
    def name(self) -> str:
        """The file as it is named to people: the root's name and the path below it."""
        return f"{self.root.name}/{self.path}" if self.path else self.root.name


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document without its text, which is always read from its file again."""

    id: int
    doc_id: str
    file: FileState
    record: str | None
    text_digest: str
    length: int
    fidelity: Fidelity
    genre: Genre
    author: str | None
    """The person of the collection who wrote it, if that is told."""
    metadata: Metadata
    located: str = "[]"
    """Its locators, packed (index.kept)."""
    notes: tuple[str, ...] = ()
    """What the reader changed or left out."""

    @property
    def locators(self) -> tuple[Locator, ...]:
        return unpacked_locators(self.located)

    @property
    def title(self) -> str:
        return self.metadata.title or self.record or self.file.name.rsplit("/", 1)[-1]


def doubt_about(document: StoredDocument) -> str | None:
    """A warning for a document whose words are not certain: its encoding was detected, or damaged; or it holds changes that nobody
    has accepted."""
    encoding = document.file.encoding or ""
    if encoding.endswith(("(detected)", "damaged)")):
        return f"encoding {encoding}: compare special characters"
    return next((note.rstrip(".") for note in document.notes if "tracked change" in note), None)


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage of a stored document. `text` is what was indexed; what is shown is read from the file."""

    id: int
    document_id: int
    passage: Passage
    text: str
    vector_id: int | None


@dataclass(frozen=True, slots=True)
class Near:
    """A ranked passage, as it is needed to score it: its `conversation` is None but for a record that is a turn of one, the
    `turn`-th record of its file."""

    id: int
    document_id: int
    vector_id: int
    turn: int
    conversation: int | None


@dataclass(frozen=True, slots=True)
class StoredUtterance:
    """Something said in a stored document. `person` is the one of the collection who said it, None for nobody that is known."""

    id: int
    document_id: int
    utterance: Utterance
    person: str | None

    @property
    def speaker(self) -> str | None:
        """The name to show: of the person, or as far as the document tells it."""
        return self.person or self.utterance.name


@dataclass(frozen=True, slots=True)
class Spoken:
    """How much of a person's is in the collection: utterances, documents, and when the first and last were published."""

    person: str
    utterances: int
    documents: int
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    documents: int
    passages: int
    """Body passages: those that can be found."""
    failed: int


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file with what came of it: so many documents and ranked passages, the first document by name, and how many of its records
    could not be read."""

    state: FileState
    documents: int
    passages: int
    first: str | None
    problems: int
    fidelity: str
    """How faithful its documents are to it, in a word; "as is and extracted" where they are of several kinds."""


@dataclass(frozen=True, slots=True)
class Behind:
    """How the folders differ from what is indexed of them, as far as sizes and times tell: names of files that are new, changed or
    gone, and collections that are not there now."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    away: tuple[Path, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone or self.away)


def doc_id_of(file_name: str, record: str | None) -> str:
    """The name of a document, of its file's (`FileState.name`) and of its record's. "#" in a file's name is escaped as in a URL:
    no file is called as another's record is.

    >>> doc_id_of("docs/a#1.txt", None), doc_id_of("docs/b.jsonl", "7")
    ('docs/a%231.txt', 'docs/b.jsonl#7')
    """
    file = file_name.replace("%", "%25").replace("#", "%23")
    return f"{file}#{record}" if record is not None else file


def file_and_record(doc_id: str) -> tuple[str, str | None]:
    """What `doc_id_of` was made of.

    >>> file_and_record("docs/a%231.txt"), file_and_record("docs/b.jsonl#7#8")
    (('docs/a#1.txt', None), ('docs/b.jsonl', '7#8'))
    """
    file, hash_, record = doc_id.partition("#")
    return file.replace("%23", "#").replace("%25", "%"), record if hash_ else None
