"""Markdown. The canonical text is the decoded file with its marks; the parser only says which lines are what."""

from __future__ import annotations

import re
from dataclasses import replace

import yaml
from markdown_it import MarkdownIt

from index.blocks import cover, trimmed
from index.readers.base import Format, Options, Reading, decode
from index.readers.metadata import from_fields
from index.records import Block, Document, Metadata, Span

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|$)")
_FRONT_MATTER = re.compile(
    r"---[^\S\r\n]*(?:\r\n?|\n)(?P<yaml>(?:.*?(?:\r\n?|\n))??)---[^\S\r\n]*(?=\r|\n|$)", re.DOTALL
)
_FIELD = re.compile(r"(?P<name>\w[\w -]*):[^\S\r\n]+(?P<value>\S.*)")
_LEAVES = {"heading_open": "heading", "paragraph_open": "paragraph", "fence": "paragraph", "code_block": "paragraph"}
_LEAVES |= {"table_open": "paragraph", "html_block": "apparatus"}


def read(data: bytes, name: str, options: Options = Options()) -> Reading:
    decoded = decode(data)
    text = decoded.text
    front = _FRONT_MATTER.match(text)
    fields = _front_matter(front["yaml"]) if front else None
    body = front.end() if front and fields is not None else 0
    starts = _line_starts(text, body)
    blocks: list[Block] = []
    for token in MarkdownIt("commonmark").enable("table").disable("inline").parse(text[body:]):
        if token.type not in _LEAVES or token.map is None:
            continue
        first, last = token.map
        span = trimmed(text, Span(starts[first], starts[min(last, len(starts) - 1)]))
        if len(span) and (not blocks or span.start >= blocks[-1].span.end):
            blocks.append(Block(_LEAVES[token.type], span, len(blocks) + 1))
    metadata = from_fields(fields) if fields else Metadata()
    if not metadata.title:
        heading = next((b for b in blocks if b.kind == "heading"), None)
        metadata = replace(metadata, title=_bare(heading.span.of(text)) if heading else None)
    return Reading(decoded.encoding, iter([Document(text, cover(text, blocks), metadata)]))


def _line_starts(text: str, body: int) -> list[int]:
    """Offsets in `text` at which the lines of its body start, and the end of the text."""
    starts = [m.start() for m in _LINE.finditer(text, body) if m.end() > m.start()]
    return [*starts, len(text)]


def _front_matter(source: str) -> dict | None:
    """The fields between two lines of dashes, or None when what stands there is a text between two rules."""
    try:
        fields = yaml.safe_load(source)
    except (yaml.YAMLError, ValueError, RecursionError):
        # What people write is not always YAML ("title: War: a history"): its plain lines still say what they say.
        lines = filter(None, map(_FIELD.match, source.splitlines()))
        return {m["name"]: m["value"].strip(" \"'") for m in lines} or None
    return fields if isinstance(fields, dict) else {} if fields is None else None


def _bare(heading: str) -> str:
    """A heading without its marks: "## Title ##", or a title underlined in the next line."""
    return heading.splitlines()[0].strip().strip("#").strip()


FORMATS = (Format("Markdown", (".md", ".markdown"), read, parsed=False),)
