"""Mails: a file of one (EML), a file of many (mbox). A mail is a document, and so is whatever is attached to it that can be read.

The record of a mail in an mbox is its Message-ID, or its place ("#3") where it has none; that of an attachment is its name, in an
mbox behind the mail's and a stroke: "x@example.com/minutes.pdf".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from index.errors import UnreadableFile
from index.readers.base import Format, Options, Problem, Reading
from index.readers.members import Names, PassedOver, budget_of, documents, wants
from index.records import Document

if TYPE_CHECKING:
    from email.message import Message

# A line that opens a mail in an mbox (RFC 4155); and what was put in front of lines of a text that begin like one.
_OPENING = re.compile(rb"^From [^\n]*\d\d:\d\d[^\n]*\n(?=[!-9;-~]+[ \t]*:)", re.MULTILINE)
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)


def read_eml(data: bytes, name: str, options: Options = Options()) -> Reading:
    from index.readers.mail import messages, mime

    message = mime.parse(data)
    contents = mime.contents(message)
    document = messages.document(message, contents.bodies)
    if not document.text and not contents.attached:
        raise UnreadableFile("the mail holds no text: leave it out")

    def items() -> Iterator[Document | Problem]:
        passed_over = PassedOver("attachments")
        if document.text:
            yield document
        yield from _attached(message, contents.attached, "", options, passed_over)
        yield from passed_over.problems()

    return Reading(contents.bodies[0].encoding if contents.bodies else "", items())


def read_mbox(data: bytes, name: str, options: Options = Options()) -> Reading:
    mails = _mails(data)
    first = next(mails)

    def items() -> Iterator[Document | Problem]:
        passed_over = PassedOver("attachments")
        for record, mail in chain([first], mails):
            yield from _in_mbox(record, mail, options, passed_over)
        yield from passed_over.problems()

    return Reading("", items())


def eml_member(data: bytes, name: str, record: str, options: Options = Options()) -> tuple[bytes, str, str | None]:
    from index.readers.mail import mime

    own, _, inner = record.partition("#")
    for attached, file_name, part in _named(mime.contents(mime.parse(data)).attached):
        if attached == own:
            return mime.payload(part), file_name, inner or None
    raise UnreadableFile(f"nothing is attached to it as “{own}”")


def mbox_member(data: bytes, name: str, record: str, options: Options = Options()) -> tuple[bytes, str, str | None]:
    """The mail, in which an attachment is found next."""
    holding = [(own, mail) for own, mail in _mails(data) if record == own or record.startswith(f"{own}/")]
    if not holding:
        raise UnreadableFile(f"it holds no mail “{record}”")
    own, mail = max(holding, key=lambda found: len(found[0]))
    return mail, "mail.eml", record[len(own) + 1 :] or None


def _in_mbox(record: str, mail: bytes, options: Options, passed_over: PassedOver) -> Iterator[Document | Problem]:
    from index.readers.mail import messages, mime

    if not options.wants(record) and isinstance(options.only, Collection):
        if not any(wanted.startswith(f"{record}/") for wanted in options.only):
            return
    try:
        message = mime.parse(mail)
        contents = mime.contents(message)
        if options.wants(record):
            document = messages.document(message, contents.bodies, record)
            if document.text:
                yield document
    except UnreadableFile as error:
        yield Problem(f"mail {record}", str(error))
        return
    yield from _attached(message, contents.attached, f"{record}/", options, passed_over)


def _attached(
    message: Message, parts: list[Message], prefix: str, options: Options, passed_over: PassedOver
) -> Iterator[Document | Problem]:
    """The documents of what is attached to a mail, whose records begin with a prefix."""
    from index import readers
    from index.readers.mail import messages, mime

    budget = budget_of(options)  # of one mail: there is no harm in a mailbox of many
    for own, file_name, part in _named(parts):
        record = f"{prefix}{own}"
        if not readers.is_readable(file_name):
            passed_over.add(file_name)
        elif wants(options, record):
            try:
                data = mime.payload(part)
            except UnreadableFile as error:
                yield Problem(record, str(error))
                continue
            for item in documents(data, file_name, record, options, budget):
                if isinstance(item, Document):
                    extra = {"attached to": messages.described(message), **item.metadata.extra}
                    item = replace(item, metadata=replace(item.metadata, extra=extra))
                yield item


def _named(parts: list[Message]) -> Iterator[tuple[str, str, Message]]:
    """Some attachments with the record and the file name of each."""
    from index.readers.mail import mime

    names = Names()
    for part, file_name in zip(parts, mime.file_names(parts)):
        yield names.of(file_name), file_name, part


def _mails(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The mails of an mbox, with their records. Raises UnreadableFile for a file that is none."""
    from index.readers.mail import messages, mime

    openings = [*_OPENING.finditer(data)]
    if not openings or data[: openings[0].start()].strip():
        raise UnreadableFile("not an mbox file: it does not begin with the line “From …” that opens a mail")
    names = Names()
    ends = [opening.start() for opening in openings[1:]] + [len(data)]
    for number, (opening, end) in enumerate(zip(openings, ends), start=1):
        mail = _ESCAPED.sub(rb"\1", data[opening.end() : end])
        try:
            identity = messages.message_id(mime.parse(mail, only_headers=True))
        except UnreadableFile:
            identity = ""
        yield names.of(identity) if identity else f"#{number}", mail


FORMATS = (
    Format("mail", (".eml",), read_eml, member=eml_member),
    Format("mbox", (".mbox",), read_mbox, member=mbox_member),
)
