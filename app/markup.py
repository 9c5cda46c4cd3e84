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
>>> dressed("One. Two.", Span(0, 9), [[Stretch(Span(0, 6), "em")], [Stretch(Span(5, 9), "i", first=' id="two"')]], page_text)
'<em>One. <i id="two">T</i></em><i>wo.</i>'
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TypeVar

from index.records import Span

_NO_HTML = {0: "␀"} | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_LINE_END = re.compile(r"\r\n?|\n")
# In HTML references to 128–159 mean windows-1252 letters, so these controls are written as they are: Markdown has none.
_PLAIN = re.compile(r"[^\W_]| |[\x80-\x9f]")

Write = Callable[[str], str]
"""`message_text` or `page_text`."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of a document, offsets of its text, that are put in an element. Its attributes, blank in front, are HTML already;
    an element that has to be cut has `first`, for what may stand once (an id, a label), in its first piece only."""

    span: Span
    tag: str
    attributes: str = ""
    first: str = ""


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


def dressed(text: str, span: Span, layers: Sequence[Sequence[Stretch]], write: Write) -> str:
    """`text`, which stands at `span` of its document, with stretches of it in their elements: those of the first layer outermost.
    The stretches of one layer are in order and do not overlap; those of an inner one are cut where an outer one begins or ends."""
    pieces: list[str] = []

    def put(piece: Span, depth: int) -> None:
        if depth == len(layers):
            pieces.append(write(text[piece.start - span.start : piece.end - span.start]))
            return
        layer, at = layers[depth], piece.start
        for i in range(bisect_right(layer, piece.start, key=lambda s: s.span.end), len(layer)):
            stretch = layer[i]
            start, end = max(stretch.span.start, at), min(stretch.span.end, piece.end)
            if stretch.span.start >= piece.end:
                break
            if start >= end:
                continue
            if at < start:
                put(Span(at, start), depth + 1)
            first = stretch.first if start == stretch.span.start else ""
            pieces.append(f"<{stretch.tag}{stretch.attributes}{first}>")
            put(Span(start, end), depth + 1)
            pieces.append(f"</{stretch.tag}>")
            at = end
        if at < piece.end:
            put(Span(at, piece.end), depth + 1)

    put(span, 0)
    return "".join(pieces)


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


def unlapped(stretches: Iterable[tuple[Span, T]]) -> list[tuple[Span, T]]:
    """The same stretches without overlaps, in order: where one lies in another, the inner one has the words.

    >>> unlapped([(Span(0, 9), "a"), (Span(2, 4), "b")])
    [(Span(start=0, end=2), 'a'), (Span(start=2, end=4), 'b'), (Span(start=4, end=9), 'a')]
    """
    given = sorted(((s, what) for s, what in stretches if len(s)), key=lambda pair: (pair[0].start, -pair[0].end))
    cuts = sorted({edge for s, _ in given for edge in (s.start, s.end)})
    found: list[tuple[Span, T]] = []
    over: list[int] = []  # those begun, the last one begun on top
    begun, last = 0, -1
    for start, end in zip(cuts, cuts[1:]):
        while begun < len(given) and given[begun][0].start <= start:
            heappush(over, -begun)
            begun += 1
        while over and given[-over[0]][0].end <= start:
            heappop(over)
        if not over:
            last = -1
        elif -over[0] == last:
            found[-1] = (Span(found[-1][0].start, end), found[-1][1])
        else:
            last = -over[0]
            found.append((Span(start, end), given[last][1]))
    return found
