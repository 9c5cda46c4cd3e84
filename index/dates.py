"""Dates as documents write them, read day first, and said again in words.

>>> read_date("10.01.2022 14:29:00")
ReadDate(iso='2022-01-10', note='“10.01.2022 14:29:00” read day first')
>>> read_date("2022-06")
ReadDate(iso='2022-06', note=None)
>>> spoken("2022-01-10")
'10 January 2022'
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ]\d{1,2}:\d{2}.*)?$", re.ASCII)
_NUMERIC = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
_HAS_YEAR = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}\b")
_LANGUAGES = ["en", "ru", "uk", "de", "fr", "es"]
_MONTHS = "January February March April May June July August September October November December".split()


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date to the precision it was written with, and how it was read when that was open to doubt."""

    iso: str
    note: str | None = None


@lru_cache(maxsize=4096)
def read_date(raw: str) -> ReadDate | None:
    """The date that `raw` is, or None. Numbers are read day first; an ambiguous pair says so in `note`."""
    raw = raw.strip()
    if match := _ISO.match(raw):
        return _iso(*match.groups())
    if not _HAS_YEAR.search(raw) or len(raw) > 80:
        return None
    day_first = _parse(raw, "DMY")
    if day_first is None:
        return None
    ambiguous = _NUMERIC.search(raw) and _parse(raw, "MDY") not in (None, day_first)
    return ReadDate(day_first.isoformat(), f"“{raw}” read day first" if ambiguous else None)


def first_day(iso: str) -> str | None:
    """The first day of a day, month or year in ISO 8601; None for what is not one.

    >>> first_day("2022-02"), last_day("2022-02"), last_day("2022-02-31")
    ('2022-02-01', '2022-02-28', None)
    """
    return _day_of(iso, last=False)


def last_day(iso: str) -> str | None:
    """The last day of a day, month or year in ISO 8601; None for what is not one."""
    return _day_of(iso, last=True)


def _day_of(iso: str, last: bool) -> str | None:
    match = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", iso, re.ASCII)
    if not match or not _iso(*match.groups()):
        return None
    year, month, day = match.groups()
    month = month or ("12" if last else "01")
    return f"{year}-{month}-{day or (f'{monthrange(int(year), int(month))[1]:02}' if last else '01')}"


def spoken(iso: str) -> str:
    """An ISO date of any precision in words; what is not one is given back as it is."""
    match = re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", iso)
    if not match or not _iso(*match.groups()):
        return iso
    year, month, day = match.groups()
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}" if day else f"{_MONTHS[int(month) - 1]} {year}"


def _iso(year: str, month: str | None, day: str | None) -> ReadDate | None:
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return ReadDate("-".join(part for part in (year, month, day) if part))


def _parse(raw: str, order: str) -> date | None:
    import dateparser

    settings = {"DATE_ORDER": order, "REQUIRE_PARTS": ["day", "month", "year"], "RETURN_AS_TIMEZONE_AWARE": False}
    try:
        found = dateparser.parse(raw, languages=_LANGUAGES, settings=settings)
    except (ValueError, OverflowError, RecursionError):  # dateparser lets some malformed strings through to datetime
        return None
    return found.date() if found else None
