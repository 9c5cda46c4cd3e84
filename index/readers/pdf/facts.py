"""Title, author, date and language, as far as what the file says of itself is plausible.

Programs write most of it: a file's name for a title, their own name for an author. What looks like that is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from os.path import splitext
from typing import Any

from index.records import Block, Metadata

_DATE = re.compile(r"(?:D:)?(\d{4})(?:[-:]?(\d{2})(?:[-:]?(\d{2}))?)?")
_MADE_BY = re.compile(r"^(?:microsoft (?:office )?(?:word|powerpoint|excel|publisher) ?[-–] ?)", re.IGNORECASE)
_SUFFIX = re.compile(
    r"\.(?:docx?|pdf|pptx?|xlsx?|rtf|odt|od[ps]|indd|qxp|qxd|tex|dvi|ps|eps|html?|txt|tiff?|jpe?g|png|pages|wpd|fm|cdr|ai|md)$",
    re.IGNORECASE,
)
_NO_TITLE = re.compile(
    r"(?:untitled|no ?title|title|document|presentation|slide|layout|template|scan(?:ned)?(?: document| image)?|new|print|doc|"
    r"powerpoint presentation|word document|unknown|none|null|about:blank|default|без названия|документ|презентация)"
    r"[\s_\-–]*\d*(?:\.\w+)?",
    re.IGNORECASE,
)
_PROGRAM = re.compile(
    r"microsoft|adobe|acrobat|libreoffice|openoffice|latex|tex\b|pdf|ghostscript|writer|indesign|quark|distiller|"
    r"scanner|xerox|canon|ricoh|hewlett|konica|epson|apache|chrom|skia|quartz|wkhtml|prince|word\b|printer|copier|google",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"(?:user|admin(?:istrator)?|owner|unknown|anonymous|author|root|guest|default|none|null|n/a|test|pc|me|office|"
    r"пользователь|админ|автор)\d*",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_LONGEST = 300


def facts(pdf: Any, name: str, text: str, blocks: Sequence[Block]) -> Metadata:
    """What the document says of itself, and its first heading where it names no title."""
    said = {k: " ".join(v.replace("\0", "").split()) for k, v in pdf.get_metadata_dict(skip_empty=True).items()}
    made_by = {said.get("Creator", "").lower(), said.get("Producer", "").lower()}
    return Metadata(
        title=_title(said.get("Title", ""), name) or _first_heading(text, blocks),
        published=_day(said.get("CreationDate", "")),
        published_note="the day the PDF was made" if _day(said.get("CreationDate", "")) else None,
        author=_author(said.get("Author", ""), made_by),
        language=_language(pdf),
    )


def _title(raw: str, name: str) -> str | None:
    """
    >>> _title("Microsoft Word - Report on the floods.doc", "a.pdf"), _title("untitled", "a.pdf"), _title("x_v2.indd", "a.pdf")
    ('Report on the floods', None, None)
    """
    title = _SUFFIX.sub("", _MADE_BY.sub("", raw)).strip()
    stem = splitext(name.rsplit("/", 1)[-1])[0]
    letters = sum(c.isalpha() for c in title)
    was_file = title != raw.strip()
    if letters < 3 or len(title) > _LONGEST or _NO_TITLE.fullmatch(title) or title.casefold() == stem.casefold():
        return None
    if "\ufffd" in title or "\\" in title or title.startswith(("/", "http:", "https:", "file:")):
        return None
    # One word without a blank is the name of a file where it was one, or looks like one.
    if " " not in title and (was_file or re.search(r"[_\d]", title)):
        return None
    return title


def _author(raw: str, made_by: set[str]) -> str | None:
    letters = sum(c.isalpha() for c in raw)
    if letters < 3 or len(raw) > _LONGEST or raw.lower() in made_by or _NOBODY.fullmatch(raw) or _PROGRAM.search(raw):
        return None
    # A log-in name ("jsmith2", "mpk", "JOHNSCA") is nobody's name.
    if (
        "\ufffd" in raw
        or " " not in raw
        and (raw.islower() or raw.isupper() and len(raw) > 6 or re.search(r"[\d@\\]", raw))
    ):
        return None
    return raw


def _day(raw: str) -> str | None:
    match = _DATE.match(raw)
    if not match:
        return None
    year, month, day = match.groups()
    try:
        found = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if not date(1985, 1, 1) <= found <= date.today():
        return None
    return "-".join(part for part in (year, month, day) if part)


def _language(pdf: Any) -> str | None:
    import ctypes

    import pypdfium2.raw as raw

    size = raw.FPDFCatalog_GetLanguage(pdf, None, 0)
    if not 2 < size < 80:
        return None
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFCatalog_GetLanguage(pdf, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    language = buffer.raw[: size - 2].decode("utf-16-le", "replace").strip()
    return language.replace("_", "-") if _LANGUAGE.fullmatch(language) else None


def _first_heading(text: str, blocks: Sequence[Block]) -> str | None:
    """The first heading, if nothing but running heads stands before it."""
    for block in blocks:
        if block.kind == "heading":
            return " ".join(block.span.of(text).split())
        if block.kind == "paragraph":
            return None
    return None
