"""RTF: the text, then text boxes, then headers and footers once, then footnotes, then comments under their writers' names.

Deleted and hidden text, field codes and the automatic numbers of lists are not in it. Objects within it are never opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from index.errors import UnreadableFile
from index.readers.base import Format, Options, Reading
from index.readers.building import Building, counted
from index.readers.properties import believed
from index.readers.rtf.flow import Flow
from index.readers.rtf.story import Story
from index.records import Document, Metadata

_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\s*\\rtf")


def read(data: bytes, name: str, options: Options = Options()) -> Reading:
    if not _BEGINNING.match(data):
        raise UnreadableFile("it is no RTF, though its name says so: open it in what made it and save it anew")
    return Reading("rtf", _items(Story(data)))


def _items(story: Story) -> Iterator[Document]:
    page = Building()
    page.counts.update(story.counts)
    story.text.write(page)
    title = page.title()
    for flow in _of(story, "box"):
        flow.write(page)
    seen: list[object] = []
    for flow in _of(story, "frame"):
        if flow.items not in seen:
            seen.append(flow.items)
            flow.write(page, "apparatus")
    for number, flow in enumerate(_of(story, "footnote"), start=1):
        page.place("footnote", str(number), number)
        flow.write(page)
    for number, flow in enumerate(_of(story, "comment"), start=1):
        page.place("comment", str(number), number)
        flow.write(page)
    page.require_words("RTF file")
    metadata = _metadata(story)
    yield page.document(replace(metadata, title=metadata.title or title), _remarks(page, story))


def _of(story: Story, kind: str) -> list[Flow]:
    return [flow for flow in story.asides if flow.kind == kind]


def _metadata(story: Story) -> Metadata:
    said = {name: flow.words() for name, flow in story.said.items()}
    days = {}
    for name, parts in story.dates.items():
        days[name] = f"{parts.get('yr', 0):04}-{parts.get('mo', 0):02}-{parts.get('dy', 0):02}"
    return believed(
        title=said.get("title"),
        author=said.get("author"),
        created=days.get("creatim"),
        saved=days.get("revtim"),
        extra={"subject": said.get("subject"), "keywords": said.get("keywords")},
    )


def _remarks(page: Building, story: Story) -> list[str]:
    n = page.counts
    notes, comments = len(_of(story, "footnote")), len(_of(story, "comment"))
    said = [
        (n["deleted"], f"{counted(n['deleted'], 'word')} deleted by tracked changes left out."),
        (n["hidden"], f"{counted(n['hidden'], 'word')} of hidden text left out."),
        (notes, f"{counted(notes, 'note')} put after the text, the marks left out."),
        (comments, f"{counted(comments, 'comment')} put after the text."),
        (
            n["numbers"],
            f"{counted(n['numbers'], 'automatic number or bullet', 'automatic numbers and bullets')} left out.",
        ),
        (n["formulas"], f"{counted(n['formulas'], 'formula')} left out."),
        (n["soft hyphens"], f"{counted(n['soft hyphens'], 'soft hyphen')} left out."),
        (n["pictures"], f"What may be written in {counted(n['pictures'], 'picture')} is not read."),
        (story.is_cut_off, "The file is cut off: its end is missing."),
    ]
    return [sentence for is_so, sentence in said if is_so]


FORMATS = (Format("RTF", (".rtf",), read),)
