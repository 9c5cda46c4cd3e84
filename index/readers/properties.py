"""What an office file says of itself, as far as it can be believed: programs and templates fill in a good deal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from index.dates import read_date
from index.errors import UnreadableFile
from index.readers.base import Problem
from index.readers.packages import Package, tag
from index.records import Metadata

_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel)\b.*|(?:word|powerpoint|excel)[ -](?:document|presentation|workbook)"
    r"|untitled\W*\d*|no title|title|document\W*\d*|doc\d+|presentation\W*\d*|book\W*\d*|slide \d+|template"
    r"|презентация powerpoint|документ microsoft word|.*\.(?:docx?|dotx?|docm|odt|rtf|pptx?|xlsx?|tmp))",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"(?:(?:windows|microsoft(?: office)?|office) user|user\W*\d*|owner|admin(?:istrator)?|author|unknown|default|guest|test"
    r"|пользователь(?: windows)?|администратор|автор|python-(?:docx|pptx)|openpyxl|apache poi|docx4j|aspose.*|xlsxwriter"
    r"|(?:microsoft|libreoffice|openoffice)\b.*|un-?named|pc|hp|dell|asus|acer|lenovo|steve canny)",
    re.IGNORECASE,
)
_TEMPLATES = {
    "2013-12-23T23:15:00Z",
    "2013-01-27T09:14:16Z",
    "2013-01-27T09:15:58Z",
    "2006-09-16T00:00:00Z",
    "2006-09-13T11:21:51Z",
}
"""When the templates were made that python-docx, python-pptx and Excel start from: each of their files carries it on."""
_FIRST_YEAR = "1985"


def of_office(package: Package, problems: list[Problem]) -> Metadata:
    """The core properties of a package by Word, Excel or PowerPoint. If they are damaged, that is one of the `problems`."""
    for part in package.related().get("core-properties", ()):
        said: dict[str, str] = {}
        try:
            root = package.xml(part)
        except UnreadableFile as error:
            problems.append(Problem("properties", str(error)))
            continue
        for element in root:
            said.setdefault(tag(element), " ".join((element.text or "").split()))
        return believed(
            title=said.get("dc:title"),
            author=said.get("dc:creator"),
            created=said.get("dcterms:created"),
            saved=said.get("dcterms:modified"),
            language=said.get("dc:language"),
            extra={"subject": said.get("dc:subject"), "keywords": said.get("cp:keywords")},
        )
    return Metadata()


def believed(
    title: str | None,
    author: str | None,
    created: str | None,
    saved: str | None,
    language: str | None = None,
    extra: Mapping[str, str | None] | None = None,
) -> Metadata:
    """As metadata what is no template's and no program's. The date is the day the file was made, or else last saved."""
    made, kept = _day(created), _day(saved)
    if made and kept and made > kept:  # it was made from a copy, or a clock was wrong
        made = None
    note = (
        "the day on which the file was made" if made else "the day on which the file was last saved" if kept else None
    )
    return Metadata(
        title=title if title and any(map(str.isalpha, title)) and not _NO_TITLE.fullmatch(title) else None,
        author=person(author),
        published=made or kept,
        published_note=note,
        language=language or None,
        extra={k: v for k, v in (extra or {}).items() if v},
    )


def person(name: str | None) -> str | None:
    """The name of who wrote something, unless it is that of nobody.

    >>> person(" Ann  Lee "), person("Windows User"), person("")
    ('Ann Lee', None, None)
    """
    name = " ".join((name or "").split())
    return name if name and not _NO_AUTHOR.fullmatch(name) else None


def _day(stamp: str | None) -> str | None:
    read = read_date(stamp) if stamp and stamp not in _TEMPLATES else None
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    return read.iso if read and _FIRST_YEAR <= read.iso <= tomorrow else None
