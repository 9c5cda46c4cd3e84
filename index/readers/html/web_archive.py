"""Web archives (MHTML, RFC 2557): a page with all that belongs to it, as a mail. The page itself is read, the rest left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import UnreadableFile
from index.readers.base import Decoded, decode

if TYPE_CHECKING:
    from email.message import Message

_PAGES = ("text/html", "application/xhtml+xml")


def page_in(data: bytes) -> tuple[Decoded, str | None]:
    """The page of a web archive, and the address it was saved from. Raises UnreadableFile."""
    from email.errors import MessageError
    from email.parser import BytesParser

    try:
        archive = BytesParser().parsebytes(data)
        part = _root(archive)
        content = part.get_payload(decode=True) if part is not None else None
    except (MessageError, RecursionError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise UnreadableFile("not a whole web archive: save the page anew") from error
    if part is None or not isinstance(content, bytes):
        raise UnreadableFile("a web archive without a page: save the page anew")
    address = part["Content-Location"] or archive["Snapshot-Content-Location"] or archive["Content-Location"]
    return decode(content, part.get_content_charset()), str(address).strip() if address else None


def _root(archive: Message) -> Message | None:
    """The page that the archive is of: the part named as its start, or the first that is a page."""
    pages = [part for part in archive.walk() if part.get_content_type() in _PAGES]
    start = archive.get_param("start")
    return next((page for page in pages if start and page["Content-ID"] == start), pages[0] if pages else None)
