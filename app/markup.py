"""The one place where a document's words become HTML: for chat messages, and for pages of our own.

A chat message is read twice, as Markdown (a blank line ends its HTML, what follows is Markdown and LaTeX) and then as
HTML. So for a message every character that is neither a letter, a digit nor a space becomes a character reference, in
which Markdown finds nothing, and a line end becomes `<br>`; a message never holds a line end. A page is read once, as
HTML, and its text nodes keep every character, line ends too.

What HTML has no way to write: NUL is shown as ␀, half a surrogate pair as �, and in a message, which the browser reads
and writes once more on the way, every kind of line end is a line break.

Words of a document can hold direction marks that are never closed: they belong in an element that is a line box of its
own (a block, or `<bdi>` styled as an inline block), where their effect ends.

>>> message_text("**a** <b>")
'&#42;&#42;a&#42;&#42; &#60;b&#62;'
>>> page_text("a\\r\\n<b>")
'a&#13;\\n&lt;b&gt;'
>>> marked("One. Two.", 40, [Span(45, 49)], page_text)
'One. <mark>Two.</mark>'
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable

from index.records import Span

_NO_HTML = {0: "␀"} | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_LINE_END = re.compile(r"\r\n?|\n")
# In HTML references to 128–159 mean windows-1252 letters, so these controls are written as they are: Markdown has none.
_PLAIN = re.compile(r"[^\W_]| |[\x80-\x9f]")

Write = Callable[[str], str]
"""`message_text` or `page_text`."""


def message_text(text: str) -> str:
    """Text for a chat message, in an element or a quoted attribute."""
    pieces = _LINE_END.split(text.translate(_NO_HTML))
    return "<br>".join("".join(c if _PLAIN.fullmatch(c) else f"&#{ord(c)};" for c in piece) for piece in pieces)


def page_text(text: str) -> str:
    """Text for a page, in an element or a quoted attribute."""
    return html.escape(text.translate(_NO_HTML)).replace("\r", "&#13;")


def message_attribute(text: str) -> str:
    """Text for a quoted attribute in a chat message, on one line."""
    return message_text(" ".join(text.split()))


def marked(text: str, offset: int, highlights: Iterable[Span], write: Write) -> str:
    """`text`, which starts at `offset` of its document, with the highlights (offsets of the document) in `<mark>`."""
    pieces, at = [], 0
    for span in joined(highlights):
        start, end = max(span.start - offset, at), min(span.end - offset, len(text))
        if start < end:
            pieces += [write(text[at:start]), f"<mark>{write(text[start:end])}</mark>"]
            at = end
    return "".join([*pieces, write(text[at:])])


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same stretches, in order, those that overlap made one.

    >>> joined([Span(4, 9), Span(0, 5), Span(9, 10)])
    [Span(start=0, end=9), Span(start=9, end=10)]
    """
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start < found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found
