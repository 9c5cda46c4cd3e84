"""HTML: saved web pages, alone or with all that belongs to them (MHTML). Their main text comes first; what stands beside it,
navigation, notices, comments, is kept after it, out of the ranking's way.
"""

from __future__ import annotations

import re

from index.readers.base import Format, Options, Reading, decode
from index.readers.html.page import Page, lay_out_page
from index.readers.html.web_archive import page_in
from index.records import Document

__all__ = ["FORMATS", "Page", "lay_out_page", "read"]

_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]{0,100}encoding=[\"']([\w.:-]+)", re.IGNORECASE
)


def read(data: bytes, name: str, options: Options = Options()) -> Reading:
    match = _DECLARED.search(data[:4096])
    decoded = decode(data, next((g.decode("ascii", "replace") for g in match.groups() if g), None) if match else None)
    return _reading(decoded.encoding, lay_out_page(decoded.text))


def read_archive(data: bytes, name: str, options: Options = Options()) -> Reading:
    decoded, address = page_in(data)
    return _reading(decoded.encoding, lay_out_page(decoded.text, address=address))


def _reading(encoding: str, page: Page) -> Reading:
    document = Document(page.text, page.blocks, page.metadata, "extracted", notes=page.notes)
    return Reading(encoding, iter([document]))


FORMATS = (
    Format("HTML", (".html", ".htm", ".xhtml"), read),
    Format("saved web page", (".mhtml", ".mht"), read_archive),
)
