"""The lines of a mail written in HTML, and how deep each is quoted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.readers.html.drawing import Place, draw
from index.readers.html.parsing import parsed
from index.readers.html.tables import data_tables
from index.readers.html.tree import HEADINGS, Element, in_order, shown
from index.readers.mail.replies import MARKS, Line

_SIGNATURE = re.compile(r"\b(?:gmail_signature|moz-signature|protonmail_signature_block|x_?signature)\b", re.IGNORECASE)
_ONLY_INDENTED = re.compile(r"border\s*:\s*(?:none|0)", re.IGNORECASE)  # Gmail writes indented paragraphs so


@dataclass(frozen=True, slots=True)
class _Quoted(Place):
    """`depth` tells how many quote it."""

    depth: int = 0


def html_lines(markup: str) -> tuple[str, list[Line]]:
    """The text of a mail's HTML and its lines, blank ones too."""
    body = shown(parsed(markup))
    if body is None:
        return "", []
    parts: list[str] = []
    lines: list[Line] = []
    position = 0
    pieces, _ = draw(body, _place_of, data_tables(in_order(body)))
    for piece in pieces:
        if parts:
            lines.append(Line(position + 1, position + 1, piece.place.depth, position + 1))
            position += 2
        for words in piece.words.split("\n"):
            marks = MARKS.match(words)
            depth = marks[0].count(">")
            begin = position + (marks.end() if depth else 0)
            lines.append(Line(position, position + len(words), piece.place.depth + depth, begin, piece.place.kind))
            position += len(words) + 1
        position -= 1
        parts.append(piece.words)
    return "\n\n".join(parts), lines


def _place_of(element: Element, outer: Place) -> Place:
    depth = outer.depth if isinstance(outer, _Quoted) else 0
    kind = outer.kind
    if element.tag == "blockquote" and not _ONLY_INDENTED.search(element.attributes.get("style") or ""):
        depth += 1
    if kind != "apparatus" and element.tag in HEADINGS:
        kind = "heading"
    if _SIGNATURE.search(element.label):
        kind = "apparatus"
    return _Quoted(kind, True, depth)
