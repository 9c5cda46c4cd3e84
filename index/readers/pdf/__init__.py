"""PDF. The text as a person reads it, and for each of its characters the page and the box of its glyph.

`opening` opens the file; `glyphs` asks PDFium for characters and boxes; `lines` and `columns` put them in the order of reading;
`furniture` sets running heads and page numbers aside; `paragraphs` tells where one ends; `hyphens` joins lines; `assembly` makes
the document of it. `facts` are its metadata; `ocr` reads what is only an image; `render` draws a page. PDFium is not thread-safe:
all this stays in one thread.
"""

from __future__ import annotations

from index.readers.base import Format, Options, Reading


def read(data: bytes, name: str, options: Options = Options()) -> Reading:
    from index.readers.pdf.document import items

    return Reading("PDF", iter(items(data, name, options)))


FORMATS = (Format("PDF", (".pdf",), read),)
