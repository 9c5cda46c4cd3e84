"""A mail taken apart, as MIME (RFC 2045 to 2049, 2231) has it: its body, and what is attached to it."""

from __future__ import annotations

import base64
import codecs
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from typing import Literal

from index.errors import UnreadableFile
from index.readers.base import ENCRYPTED, MAX_MEMBERS
from index.readers.mail.headers import decoded, header, unfolded

_NOT_IN_A_NAME = re.compile(r"[\0-\x1f\x7f-\x9f/\\:]+")
_DEEPEST = 40  # parts in parts; no mail program makes more than six
_OF_A_MAIL = (
    b"from to cc date subject sender reply-to message-id received return-path delivered-to mime-version content-type"
)
_OF_A_MAIL = frozenset(_OF_A_MAIL.split())
"""Headers of which a mail has one at least."""
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
_SAYS_SEE_HTML = re.compile(
    r"\bhtml\b|view(?:ing)? (?:this|the|it)\b.{0,40}\b(?:browser|online)|in your browser|web version|im browser",
    re.I | re.S,
)
_STUB = 400  # characters: a plain text longer than this says more than that there is another
_SEALED = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
_SILENT = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/pgp-keys",
    "message/delivery-status",
    "message/disposition-notification",
    "text/rfc822-headers",
    "text/calendar",
    "text/x-amp-html",
    "application/ics",
}
"""What mail programs add of their own accord, and nobody has written."""


@dataclass(frozen=True, slots=True)
class Body:
    """A part of what the writer has written."""

    kind: Literal["plain", "html"]
    text: str
    encoding: str
    flowed: bool = False
    without_blank: bool = False
    """Of flowed text: the blank at the end of a line that goes on is no part of it (DelSp, RFC 3676)."""


@dataclass(slots=True)
class Contents:
    bodies: list[Body] = field(default_factory=list)
    attached: list[Message] = field(default_factory=list)


def parse(data: bytes, only_headers: bool = False) -> Message:
    """Raises UnreadableFile for what is no mail."""
    from email import policy
    from email.parser import BytesParser

    data = data.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n")
    head = re.split(rb"\r?\n\r?\n", data[:65536], maxsplit=1)[0]
    if not any(m[1].lower() in _OF_A_MAIL for line in head.splitlines() if (m := _FIELD.match(line))):
        raise UnreadableFile("not a mail: it begins with none of a mail's headers")
    try:
        return BytesParser(policy=policy.compat32).parsebytes(data, headersonly=only_headers)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise UnreadableFile("its parts are nested too deep or are damaged: save it anew") from error


def contents(message: Message) -> Contents:
    """What a mail says, and what is attached to it. Raises UnreadableFile for a mail that is encrypted."""
    found = Contents()
    found.bodies = _taken_apart(message, found, 0)
    return found


def _taken_apart(part: Message, found: Contents, depth: int, within: str = "") -> list[Body]:
    """The bodies in a part, which is one of a multipart of the type `within`; attachments are added to what is found."""
    kind = part.get_content_type()
    if depth > _DEEPEST or len(found.attached) > MAX_MEMBERS or kind in _SILENT:
        return []
    if kind == "multipart/encrypted" or kind in _SEALED and _text(part.get_param("smime-type")) != "certs-only":
        raise UnreadableFile(f"{ENCRYPTED} or sealed (S/MIME or PGP): save it decrypted in the mail program")
    if kind.startswith("multipart/"):
        if not part.is_multipart():  # the line that parts its parts is not in it
            return [_body(part, "plain")]
        branches = [_taken_apart(p, found, depth + 1, kind) for p in part.get_payload() if isinstance(p, Message)]
        return _preferred(branches) if kind == "multipart/alternative" else [b for branch in branches for b in branch]
    disposition = part.get_content_disposition()
    is_attached = disposition == "attachment" or depth and bool(file_name(part))
    if kind in ("text/plain", "text/html") and not is_attached:
        return [_body(part, "html" if kind == "text/html" else "plain")]
    has_place = within == "multipart/related" or "Content-ID" in part and disposition != "attachment"
    is_picture = kind.startswith("image/") and has_place
    is_another_form = kind.startswith("text/") and within == "multipart/alternative" and not is_attached
    if not (is_picture or is_another_form):
        found.attached.append(part)
    return []


def _preferred(branches: list[list[Body]]) -> list[Body]:
    """Of a text in several forms the plain one, unless it is empty or but says that there is another."""
    branches = [b for b in branches if any(body.text.strip() for body in b)]
    plain = next((b for b in branches if all(body.kind == "plain" for body in b)), None)
    other = next((b for b in reversed(branches) if any(body.kind == "html" for body in b)), None)
    if plain is None or other is None:
        return plain or other or []
    words = "".join(body.text for body in plain)
    return other if len(words) < _STUB and _SAYS_SEE_HTML.search(words) else plain


def _body(part: Message, kind: Literal["plain", "html"]) -> Body:
    data = payload(part)
    try:
        charset = part.get_content_charset()
    except (LookupError, ValueError):
        charset = None
    text = decoded(data, charset)
    return Body(
        kind,
        text.text.replace("\r\n", "\n").replace("\r", "\n"),
        text.encoding,
        _text(part.get_param("format")).lower() == "flowed",
        _text(part.get_param("delsp")).lower() == "yes",
    )


def payload(part: Message) -> bytes:
    """The bytes that a part holds: of a mail attached to a mail, that mail."""
    try:
        if part.is_multipart():
            inner = part.get_payload(0).as_bytes()
            how = _text(part.get("Content-Transfer-Encoding")).strip().lower()
            if how == "base64":  # against the standard, some encode a mail that they attach
                return base64.b64decode(b"".join(inner.split()) + b"===")
            return quopri.decodestring(inner) if how == "quoted-printable" else inner
        data = part.get_payload(decode=True)
        return data if isinstance(data, bytes) else b""
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
        raise UnreadableFile("is damaged: ask for it to be sent again") from error


def file_name(part: Message) -> str:
    """The name that a part brings for itself, without folders; empty if it brings none."""
    try:
        name = re.split(r"[/\\]", unfolded(part.get_filename() or ""))[-1]
    except (ValueError, LookupError, AttributeError, TypeError):
        return ""
    return " ".join(_NOT_IN_A_NAME.sub(" ", name).split())[-200:].strip()


def file_names(parts: list[Message]) -> Iterator[str]:
    """A name for each of some parts, with the suffix that its type has if it brings none that is known."""
    import mimetypes

    from index import readers

    types = mimetypes.MimeTypes()
    for number, part in enumerate(parts, start=1):
        kind = part.get_content_type()
        suffix = ".eml" if kind == "message/rfc822" else types.guess_extension(kind) or ""
        name = file_name(part) or _subject_of(part) or f"part {number}"
        if not readers.is_readable(name) and suffix and kind != "application/octet-stream":
            name += suffix
        yield name


def _subject_of(part: Message) -> str:
    """Of a mail that is attached."""
    inner = part.get_payload(0) if part.is_multipart() else None
    subject = header(inner, "subject") if isinstance(inner, Message) else ""
    return _NOT_IN_A_NAME.sub(" ", subject)[:80].strip(" .")


def _text(parameter: object) -> str:
    """A parameter of a header, which is three strings where it tells its encoding."""
    return str(parameter[2] if isinstance(parameter, tuple) else parameter or "")
