"""One mail as a document: a block of its headers, its text as it was written, and whose words each line is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.message import Message
from itertools import groupby
from statistics import median

from index.blocks import cover, trimmed
from index.errors import UnreadableFile
from index.readers.base import ENCRYPTED
from index.readers.mail.correspondents import names_by_address, person
from index.readers.mail.headers import header, headers
from index.readers.mail.mime import Body
from index.readers.mail.quoted_html import html_lines
from index.readers.mail.replies import Line, Told, marked_lines, told
from index.records import Block, BlockKind, Document, Metadata, Span, Voice

_SHOWN = ("From", "To", "Cc", "Date", "Subject")
_UNWRAPPED = 110  # a median line longer than this was not wrapped by hand: each line is a paragraph
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?$")
_BLANK_LINES_AHEAD = re.compile(r"\A(?:[^\S\n]*\n)+")
_ENCRYPTED_WITHIN = re.compile(r"^-----BEGIN PGP MESSAGE-----\s*$", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]+")
_GREETINGS = frozenset(
    "dear hi hello hey good morning afternoon evening all everyone best kind warm regards wishes thanks thank you many cheers yours"
    " sincerely faithfully truly respectfully mr mrs ms dr".split()
)
_LONGEST_GREETING = 6  # words
_FIRST_YEAR = 1971  # of mails; what is dated before it was sent by a machine whose clock had stopped
_LAST_YEAR = 2100


def document(message: Message, bodies: list[Body], record: str | None = None) -> Document:
    """Raises UnreadableFile for a mail whose text is encrypted."""
    people = [value for name in ("from", "sender", "reply-to", "to", "cc") for value in headers(message, name)]
    writer = person(header(message, "from"))
    letter = _Letter(writer, names_by_address(people))
    letter.add_headers([f"{name}: {value}" for name in _SHOWN if (value := ", ".join(headers(message, name.lower())))])
    for body in bodies:
        letter.add(body)
    text = "".join(letter.parts)
    return Document(
        text,
        cover(text, letter.blocks),
        _metadata(message, writer),
        fidelity="extracted",
        record=record,
        voices=tuple(letter.voices),
        notes=tuple(letter.notes),
    )


class _Letter:
    """The text under construction. Offsets are born here: what is added begins where what was added before it ends."""

    def __init__(self, writer: str | None, known: Mapping[str, str]) -> None:
        self._writer, self._known = writer, known
        self._names = {part.casefold() for name in (*known.values(), writer or "") for part in _WORD.findall(name)}
        self._length = 0
        self.parts: list[str] = []
        self.blocks: list[Block] = []
        self.voices: list[Voice] = []
        self.notes: dict[str, None] = {}

    def add_headers(self, lines: list[str]) -> None:
        if lines:
            start = self._append("\n".join(lines))
            self.blocks.append(Block("apparatus", Span(start, self._length), 1))

    def add(self, body: Body) -> None:
        text, lines = (body.text, []) if body.kind == "plain" else html_lines(body.text)
        if _ENCRYPTED_WITHIN.search(text):
            raise UnreadableFile(f"{ENCRYPTED} (PGP): save it decrypted in the mail program")
        if body.kind == "plain":
            if body.flowed:
                text = _joined(text, body.without_blank)
                if text != body.text:
                    self.notes["Lines that the mail lets flow on (format=flowed) are joined."] = None
            text = _BLANK_LINES_AHEAD.sub("", text).rstrip()
            lines = marked_lines(text)
        if text:
            start = self._append(text)
            for run, telling in _runs(lines, told(text, lines, self._writer, self._known)):
                spans = [trimmed(text, Span(line.start, line.end)) for line in run]
                frames = telling.part == "apparatus" or self._is_greeting(" ".join(s.of(text) for s in spans))
                kind = "apparatus" if frames else run[0].kind
                self._add_run(spans, start, kind, telling.writer, run[0].depth > 0)

    def _is_greeting(self, words: str) -> bool:
        """Whether lines are only the names of those who write, and words of greeting: "Dear Ann,", "Best regards\nBob"."""
        said = [word.casefold() for word in _WORD.findall(words)]
        if not words.endswith(",") and self._names.isdisjoint(said):
            return False
        return 0 < len(said) <= _LONGEST_GREETING and all(w in self._names or w in _GREETINGS for w in said)

    def _append(self, text: str) -> int:
        """Where the text begins that is added."""
        if self.parts:
            self.parts.append("\n\n")
            self._length += 2
        start = self._length
        self.parts.append(text)
        self._length += len(text)
        return start

    def _add_run(self, lines: list[Span], start: int, kind: BlockKind, writer: str | None, is_quoted: bool) -> None:
        """A paragraph, or several where each line is one. The lines' offsets count from `start`. What `is_quoted` is another's,
        even if nobody is told to have written it."""
        first = len(self.blocks)
        unwrapped = median(map(len, lines)) > _UNWRAPPED
        for paragraph in [[line] for line in lines] if unwrapped else [lines]:
            span = Span(start + paragraph[0].start, start + paragraph[-1].end)
            self.blocks.append(Block(kind, span, len(self.blocks) + 1))
        if writer or is_quoted and kind != "apparatus":
            span = Span(self.blocks[first].span.start, self.blocks[-1].span.end)
            before = self.voices[-1] if self.voices else None
            if before and before.name == writer and before.span.end == self.blocks[first - 1].span.end:
                span = Span(self.voices.pop().span.start, span.end)
            self.voices.append(Voice(span, writer))


def _runs(lines: list[Line], tellings: list[Told]) -> Iterator[tuple[list[Line], Told]]:
    """Neighbouring lines that are the same, quoted as deep, with no blank line between."""
    for (telling, *_), run in groupby(zip(lines, tellings), key=lambda pair: (pair[1], pair[0].depth, pair[0].kind)):
        if telling.part != "blank":
            yield [line for line, _ in run], telling


def _joined(text: str, without_blank: bool) -> str:
    """Text that is to flow (RFC 3676): a line that ends in a blank goes on in the next, if that is quoted as deep."""
    joined: list[str] = []
    before: tuple[int, bool] | None = None
    for line in text.split("\n"):
        marks = re.match(r">*", line)[0]
        words = line[len(marks) :].removeprefix(" ")
        flows = words.endswith(" ") and words != "-- "
        if flows and without_blank:
            words = words[:-1]
        if before == (len(marks), True) and words != "-- ":
            joined[-1] += words
        else:
            joined.append(f"{marks} {words}" if marks else words)
        before = len(marks), flows
    return "\n".join(joined)


def _metadata(message: Message, writer: str | None) -> Metadata:
    sent = _sent(header(message, "date"))
    extra = {name: ", ".join(headers(message, name)) for name in ("from", "to", "cc")}
    extra["sent"] = sent.isoformat() if sent else ""
    extra["message-id"] = message_id(message)
    extra["in-reply-to"] = header(message, "in-reply-to").strip("<> ")
    language = header(message, "content-language").partition(",")[0].strip()
    return Metadata(
        title=header(message, "subject") or None,
        published=sent.date().isoformat() if sent else None,
        author=writer,
        language=language if _LANGUAGE.match(language) else None,
        extra={key: value for key, value in extra.items() if value},
    )


def described(message: Message) -> str:
    """A mail in a line: "Minutes (Jane Doe, 2022-01-10)"."""
    metadata = _metadata(message, person(header(message, "from")))
    by = ", ".join(filter(None, [metadata.author, metadata.published]))
    return f"{metadata.title or 'a mail'} ({by})" if by else metadata.title or "a mail"


def message_id(message: Message) -> str:
    return "".join(header(message, "message-id").strip("<> ").split())


def _sent(raw: str) -> datetime | None:
    from email.utils import parsedate_to_datetime

    try:
        sent = parsedate_to_datetime(raw)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return sent if _FIRST_YEAR <= sent.year <= _LAST_YEAR else None
