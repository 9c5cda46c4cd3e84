"""Word files: the body, then headers and footers once, then footnotes and endnotes, then comments under their writers' names.

Tracked changes are read as if they were accepted. Hidden text, the marks of notes and the automatic numbers of lists are not in
the text; macros are never looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from index.errors import UnreadableFile
from index.readers.base import Format, Options, Problem, Reading
from index.readers.building import Building, counted
from index.readers.packages import Package, child, own, tag
from index.readers.properties import of_office, person
from index.readers.word.story import Story
from index.readers.word.styles import Style, styles_of
from index.records import Document

if TYPE_CHECKING:
    from lxml.etree import _Element

_NOTE_KINDS = {"footnote": "decimal", "endnote": "lowerRoman"}
_ROMAN = dict(
    zip((1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), "m cm d cd c xc l xl x ix v iv i".split(), strict=True)
)


def read(data: bytes, name: str, options: Options = Options()) -> Reading:
    package = Package(data, "Word", "Word file")
    main = next(iter(package.related().get("officeDocument", ())), "word/document.xml")
    body = package.xml(main)
    if tag(body) != "w:document":
        raise UnreadableFile("it holds no Word document: open it in Word and save it anew")
    return Reading("docx", _items(package, main, body))


def _items(package: Package, main: str, body: _Element) -> Iterator[Document | Problem]:
    parts = package.related(main)
    problems: list[Problem] = []

    def roots(kind: str) -> list[_Element]:
        found = []
        for path in parts.get(kind, ()):
            try:
                found.append(package.xml(path))
            except UnreadableFile as error:  # a note that is damaged costs the notes, not the text
                problems.append(Problem(kind, str(error)))
        return found

    styles: dict[str, Style] = {}
    for root in roots("styles"):
        styles |= styles_of(root)
    page = Building()
    story = Story(page, styles)
    story.write(body)
    title = page.title()
    _frame(page, styles, roots("header") + roots("footer"))
    formats = _number_formats(roots("settings"))
    for kind, number_format in formats.items():
        _notes(page, story, kind, number_format, roots(f"{kind}s"))
    _comments(page, story, roots("comments"))
    page.require_words("Word file")
    metadata = of_office(package, problems)
    yield page.document(replace(metadata, title=metadata.title or title), _remarks(page, package))
    yield from problems


def _frame(page: Building, styles: dict[str, Style], roots: list[_Element]) -> None:
    """Headers and footers, each wording of them once."""
    seen = set()
    for root in roots:
        frame = Building()
        Story(frame, styles).write(root)
        if frame.text and frame.text not in seen:
            seen.add(frame.text)
            for block in frame.blocks:
                page.add(block.span.of(frame.text), "apparatus")


def _notes(page: Building, story: Story, kind: str, number_format: str, roots: list[_Element]) -> None:
    """The notes of one kind in the order in which the text refers to them, each under the number it is shown with."""
    notes = {own(e, "id"): e for root in roots for e in root if (own(e, "type") or "normal") == "normal"}
    count = 0
    referred = [(id_, mark) for k, id_, mark in story.references.notes if k == kind]
    for id_, mark in referred:
        count += not mark
        note = notes.pop(id_, None)
        if note is None:
            continue
        page.counts["notes"] += 1
        page.place("footnote", mark.strip() or _numbered(count, number_format), page.counts["notes"])
        story.write(note)


def _comments(page: Building, story: Story, roots: list[_Element]) -> None:
    """Comments in the order in which the text refers to them, numbered, each its writer's words."""
    comments = {own(e, "id") or "": e for root in roots for e in root}
    order = [*story.references.comments, *comments]
    for id_ in order:
        comment = comments.pop(id_, None)
        if comment is None:
            continue
        page.counts["comments"] += 1
        page.place("comment", str(page.counts["comments"]), page.counts["comments"])
        story.write(comment, by=person(own(comment, "author")) or "")


def _number_formats(settings: list[_Element]) -> dict[str, str]:
    formats = dict(_NOTE_KINDS)
    for root in settings:
        for kind in formats:
            if (chosen := child(root, f"w:{kind}Pr", "w:numFmt")) is not None:
                formats[kind] = own(chosen, "val") or formats[kind]
    return formats


def _numbered(number: int, number_format: str) -> str:
    """A note's number as it is shown.

    >>> _numbered(4, "lowerRoman"), _numbered(28, "upperLetter"), _numbered(3, "decimal")
    ('iv', 'BB', '3')
    """
    if number_format.endswith("Letter"):
        shown = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    elif number_format.endswith("Roman"):
        shown, left = "", number
        for value, sign in _ROMAN.items():
            shown, left = shown + sign * (left // value), left % value
    else:
        return str(number)
    return shown.upper() if number_format.startswith("upper") else shown


def _remarks(page: Building, package: Package) -> list[str]:
    n = page.counts
    said = {
        "changes": f"{counted(n['changes'], 'tracked change')}: read as if they were accepted; what was deleted is left out.",
        "hidden": f"{counted(n['hidden'], 'word')} of hidden text left out.",
        "notes": f"{counted(n['notes'], 'note')} put after the text, the marks left out.",
        "comments": f"{counted(n['comments'], 'comment')} put after the text.",
        "numbers": f"{counted(n['numbers'], 'automatic number or bullet', 'automatic numbers and bullets')} left out.",
        "formulas": f"{counted(n['formulas'], 'formula')} written in a line.",
        "soft hyphens": f"{counted(n['soft hyphens'], 'soft hyphen')} left out.",
        "signs": f"{counted(n['signs'], 'sign')} of a font that has no letters for them stand as “\ufffd”.",
        "pictures": f"What may be written in {counted(n['pictures'], 'picture')} is not read.",
        "struck": f"{counted(n['struck'], 'word')} struck through, and in the text.",
        "drawn": f"{counted(n['drawn'], 'chart or diagram', 'charts and diagrams')} left out.",
        "embedded": f"{counted(n['embedded'], 'part')} in other formats within it left out.",
    }
    remarks = [sentence for what, sentence in said.items() if n[what]]
    if any(name.lower().endswith("vbaproject.bin") for name in package.names()):
        remarks.append("It holds macros, which were not looked at.")
    return remarks


FORMATS = (Format("Word", (".docx", ".docm", ".dotx", ".dotm"), read),)
