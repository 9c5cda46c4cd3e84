"""The period a question names: "in January 2022", "since March", "between 3 and 5 May 2022", "last spring".

What counts from a day ("last year", "in March") is counted from today, unless the documents end before it: who asks an
archive about "last spring" means the last one that it tells of. It is then counted from the newest document; both are noted.
A year to come is no period but part of the matter ("net zero by 2050").
An event ("since the invasion") has no date that could be told: it stays a matter of words, with a note.

>>> found = find_period("what did Putin say in January 2022 about gas?")
>>> found.period.since, found.period.until, found.period.words
('2022-01-01', '2022-01-31', 'in January 2022')
>>> find_period("what has changed since the flood?").notes
('“since the flood” is no date that can be told: it is searched as words.',)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from index.records import Span
from retrieval.question_records import Period
from retrieval.stretches import MONTH_NUMBERS, MONTHS, NUMBERS, SHAPES, TENS, WEEKDAYS, Stretch, last_day

_MONTH = rf"(?:{'|'.join(MONTHS)}|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
_YEAR = r"(?:1[89]|20)\d\d"
_DAY = r"(?:[0-3]?\d)(?:st|nd|rd|th)?"
_SEASON = "(?:spring|summer|autumn|fall|winter)"
_NUMBER = rf"(?:\d+|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
_UNIT = "(?:day|week|month|year|decade)"

# A point or stretch of time, the longest reading first. Each alternative is one shape, read by its name in `SHAPES`.
_POINT = rf"""(?:
    (?P<iso>\d{{4}}-\d\d-\d\d)
  | (?P<numeric>\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}})
  | (?:the\ )?(?P<day>{_DAY})\ (?:of\ )?(?P<day_month>{_MONTH})(?:,?\ (?P<day_year>{_YEAR}))?(?!\w)
  | (?P<us_month>{_MONTH})\ (?:the\ )?(?P<us_day>{_DAY})(?!\d)(?:,?\ (?P<us_year>{_YEAR}))?(?!\w)
  | (?:the\ )?(?P<share>early|late|mid|beginning\ of|start\ of|middle\ of|end\ of)[\ -](?:the\ year\ )?
        (?:(?P<share_month>{_MONTH})\ )?(?P<share_year>{_YEAR})\b
  | (?:the\ )?(?P<part>first|second|third|fourth|last)\ (?P<part_of>quarter|half)\ of\ (?P<part_year>{_YEAR})\b
  | (?:the\ )?(?P<season>{_SEASON})\ (?:of\ )?(?P<season_year>{_YEAR})\b
  | (?P<month>{_MONTH})(?:,|\ of)?\ (?P<month_year>{_YEAR})\b
  | the\ (?:(?P<decade>(?:1[89]|20)\d0)s|(?P<tens>{"|".join(TENS)}))\b
  | (?P<which>(?:the\ )?(?:past|previous)|last|this)\ (?P<what>week|month|year|decade|{_SEASON}|{_MONTH}|{"|".join(WEEKDAYS)})\b
  | the\ (?:last|past)\ (?P<run>{_NUMBER})\ (?P<run_unit>{_UNIT})s?\b
  | (?P<ago>{_NUMBER})\ (?P<ago_unit>{_UNIT})s?\ ago\b
  | (?P<near>today|yesterday)\b
  | (?P<bare_year>{_YEAR})\b
  | (?P<bare_month>{_MONTH})(?!\w)
  | (?:the\ )?(?P<bare_season>{_SEASON})\b(?!\ of\b)
)"""
_RANGE = re.compile(
    r"\b(?:(?:between|from)\ )?(?P<first>{D}(?:\ {M})?(?:,?\ {Y})?|{M}(?:\ {D})?(?:,?\ {Y})?|{Y})"
    r"\s*(?:and|to|until|till|[-–—])\s*"
    r"(?P<last>{D}\ {M}(?:,?\ {Y})?|{M}(?:\ {D}\b)?(?:,?\ {Y})?|{Y})\b".replace("{D}", _DAY)
    .replace("{M}", _MONTH)
    .replace("{Y}", _YEAR),
    re.IGNORECASE,
)
_PLACED = re.compile(
    rf"(?<![\w’'-])(?:(?P<how>since|from|after|following|before|prior\ to|ahead\ of|until|till|up\ to|by|in|on|during|"
    rf"throughout|over|at|as\ of|of|within|for)\ )?{_POINT}(?P<onwards>\ on(?:wards?)?\b)?",
    re.IGNORECASE | re.VERBOSE,
)
# Of these the month, year or season alone is no date: "may", "march", "2022 people", "spring water", "the January riots".
_NEEDS_PLACE = ("bare_year", "bare_month", "bare_season")
_AFTER_PLACE = re.compile(
    r"\s*(?:$|[?.!,;:)–—-]|(?:about|on|that|when|and|or|but|with|to|at|by|for|of|in|as|he|she|they)\b|(?=[A-Z]))"
)
_SINCE, _AFTER = {"since", "from", "as of"}, {"after", "following"}
_BEFORE, _UNTIL = {"before", "prior to", "ahead of"}, {"until", "till", "up to", "by"}

_EVENTS = """
    (?:invasion|war|coup|election|summit|pandemic|attack|vote|referendum|crisis|riot|test|meeting|talk|visit|bombing|blast|
    explosion|crash|fire|flood|earthquake|trial|strike|protest|death|fall|start|beginning|end|outbreak|lockdown|debate|
    annexation|ceasefire|resignation|arrest|scandal|revolution|uprising|unrest|withdrawal|agreement|deal|game|match|final|
    hurricane|storm|merger|launch|reform|conference|interview|speech|massacre|killing|murder|shooting|accident|disaster)s?"""
_EVENT = re.compile(
    rf"\b(?:(?:since|until|till)\ (?:the|his|her|their|its|this|that)\ [\w’'-]+(?:\ [\w’'-]+){{0,4}}?"
    rf"|(?:after|before|during|following|ahead\ of|prior\ to)\ (?:(?:the|his|her|their|its|this|that)\ )(?:[\w’'-]+\ ){{0,3}}?"
    rf"{_EVENTS})(?:\ (?:of|in|on)\ (?:the\ )?[\w’'-]+(?:\ [A-Z][\w’'-]+)*)?(?=$|[?.!,;:]|\ )",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """What a question says of time: one period or none, the spans of its words, and what is to be told of how it was read."""

    period: Period | None
    spans: tuple[Span, ...] = ()
    notes: tuple[str, ...] = ()


def find_period(text: str, newest: str | None = None, today: date | None = None) -> Found:
    """The period that `text` names. `newest` is the ISO date of the newest document, `today` the day to count from."""
    now = today or date.today()
    end = last_day(newest) or now
    if match := _RANGE.search(text):
        first, last = _ends(match["first"], match["last"], bool(re.match("(?i)between|from", match.group())), now, end)
        if first and last and first.since <= last.until:
            words = match.group()
            period = Period(first.since.isoformat(), last.until.isoformat(), words, Span(*match.span()))
            return Found(period, (period.span,), _told(words, first, last))
    since: Period | None = None
    spans: list[Span] = []
    notes: list[str] = []
    for match in _PLACED.finditer(text):
        how = (match["how"] or "").lower()
        stretch = _stretch(match, how, text, now, end)
        if stretch is None:
            continue
        period = _placed(stretch, how, bool(match["onwards"]), match)
        # Two that name one side each make one period: "since March 2021 and before June 2022".
        since = period if since is None else _both(since, period)
        spans.append(Span(*match.span()))
        notes += _told(match.group(), stretch)
    return Found(since, tuple(spans), tuple(dict.fromkeys([*notes, *_events(text, spans)])))


def _placed(stretch: Stretch, how: str, onwards: bool, match: re.Match[str]) -> Period:
    since, until = stretch.since.isoformat(), stretch.until.isoformat()
    exact: str | None = None
    if how in _AFTER:
        since, until = (stretch.until + timedelta(1)).isoformat(), None
    elif how in _SINCE - {"from"} or onwards:
        until = None
    elif how in _BEFORE:
        since, until = None, (stretch.since - timedelta(1)).isoformat()
    elif how in _UNTIL:
        since = None
    else:
        exact = stretch.exact
    return Period(since, until, match.group(), Span(*match.span()), exact, stretch.precise)


def _both(one: Period, other: Period) -> Period:
    """Two periods as one where each is open on another side; else the first."""
    if one.since and not one.until and other.until and not other.since and one.since <= other.until:
        return replace(
            one, until=other.until, words=f"{one.words} {other.words}", precise=one.precise and other.precise
        )
    if other.since and not other.until and one.until and not one.since and other.since <= one.until:
        return replace(
            one, since=other.since, words=f"{one.words} {other.words}", precise=one.precise and other.precise
        )
    return one


def _events(text: str, taken: list[Span]) -> list[str]:
    """Notes of what says a time by an event."""
    found = [m for m in _EVENT.finditer(text) if not any(Span(*m.span()).overlaps(s) for s in taken)]
    return [f"“{m.group()}” is no date that can be told: it is searched as words." for m in found]


def _told(words: str, *stretches: Stretch) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"“{words.strip()}” read as {s.note}." for s in stretches if s.note))


def _ends(first: str, last: str, opened: bool, now: date, end: date) -> tuple[Stretch | None, Stretch | None]:
    """The stretches at both ends of a range; the first takes the month and year it lacks from the last."""
    read = _PLACED.fullmatch(last)
    until = _stretch(read, "in", last, now, end) if read else None
    if until is None or (last.isdigit() and not (opened or first.isdigit())):
        return None, None
    if first.isdigit() and len(first) == 4 or re.search(rf"{_YEAR}$", first):
        given = first
    elif re.fullmatch(_DAY, first, re.IGNORECASE):
        if not (read["day"] or read["us_day"]):
            return None, None
        given = f"{first} {MONTHS[until.since.month - 1]} {until.since.year}"
    else:
        year = until.since.year
        month = MONTH_NUMBERS.get(re.sub(r"[\d\s.]|st|nd|rd|th", "", first.lower()), 1)
        given = f"{first} {year - 1 if month > until.until.month else year}"
    start = _PLACED.fullmatch(given)
    return (_stretch(start, "in", given, now, end) if start else None), until


def _stretch(match: re.Match[str], how: str, text: str, now: date, end: date) -> Stretch | None:
    """What the shape that matched stands for, or None where it is no time after all."""
    group = match.groupdict()
    shape = next(s for s in SHAPES if group[s])
    if shape in _NEEDS_PLACE and (not how or how in ("of", "for", "at") and shape != "bare_year"):
        return None
    if shape in _NEEDS_PLACE and not _AFTER_PLACE.match(text, match.end()):
        return None
    if shape == "bare_month" and group[shape] in ("may", "march", "mar") and how in ("on", "by", "over", "of", "for"):
        return None
    try:
        found = SHAPES[shape](group, now, end)
    except ValueError:  # 31 February
        return None
    if found is None or found.since.year > max(now, end).year:
        return None
    return found
