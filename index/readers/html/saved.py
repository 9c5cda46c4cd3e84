"""What a browser notes in a page that it saves: the address, and when."""

from __future__ import annotations

import re

_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d{1,6}\)(\S{1,4000}?)\s*-->", re.IGNORECASE)
_SINGLE_FILE = re.compile(
    r"<!--\s*Page saved with SingleFile\s+url:\s*(\S{1,4000})(?:\s+saved date:\s*([^\r\n]{1,100}?))?\s*(?:[\r\n]|-->)"
)
_HEAD = 20_000
"""How far into a page the note is looked for, in characters; some mails are in front of it."""


def saved_page(markup: str) -> tuple[str | None, str | None]:
    """The address and the date, as they are written, of a page that was saved by a browser or by SingleFile."""
    if match := _SAVED_FROM.search(markup, 0, _HEAD):
        return match[1], None
    if match := _SINGLE_FILE.search(markup, 0, _HEAD):
        return match[1], match[2]
    return None, None
