"""The period a question names: "in January 2022", "since March", "between 3 and 5 May 2022", "last spring".

What counts from a day ("last year", "in March") is counted from today, unless the documents end before it: who asks an
archive about "last spring" means the last one that it tells of. It is then counted from the newest document; both are noted.
Seasons are those of the north, by whole months. A year to come is no period but part of the matter ("net zero by 2050").
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

from index.dates import read_date, spoken
from index.records import Span
from retrieval.question_records import Period

_MONTHS = "january february march april may june july august september october november december".split()
_SHORT = {**{m: n for n, m in enumerate(_MONTHS, 1)}, **{m[:3]: n for n, m in enumerate(_MONTHS, 1)}, "sept": 9}
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_NUMBERS = {w: n for n, w in enumerate("a two three four five six seven eight nine ten eleven twelve".split(), 1)}
_NUMBERS |= {"an": 1, "one": 1, "few": 3, "couple of": 2, "several": 3}
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_TENS = {
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
    "nineties": 90,
}

_MONTH = rf"(?:{'|'.join(_MONTHS)}|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
_YEAR = r"(?:1[89]|20)\d\d"
_DAY = r"(?:[0-3]?\d)(?:st|nd|rd|th)?"
_SEASON = "(?:spring|summer|autumn|fall|winter)"
_NUMBER = rf"(?:\d+|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_UNIT = "(?:day|week|month|year|decade)"

# A point or stretch of time, the longest reading first. Each alternative is one shape, read by `_stretch`.
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
  | the\ (?:(?P<decade>(?:1[89]|20)\d0)s|(?P<tens>{"|".join(_TENS)}))\b
  | (?P<which>(?:the\ )?(?:past|previous)|last|this)\ (?P<what>week|month|year|decade|{_SEASON}|{_MONTH}|{"|".join(_WEEKDAYS)})\b
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


@dataclass(frozen=True, slots=True)
class _Stretch:
    """First and last day, and how they were come by."""

    since: date
    until: date
    exact: str | None = None
    precise: bool = True
    note: str | None = None


def find_period(text: str, newest: str | None = None, today: date | None = None) -> Found:
    """The period that `text` names. `newest` is the ISO date of the newest document, `today` the day to count from."""
    now = today or date.today()
    end = _last_day(newest) or now
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


def _placed(stretch: _Stretch, how: str, onwards: bool, match: re.Match[str]) -> Period:
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


def _told(words: str, *stretches: _Stretch) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"“{words.strip()}” read as {s.note}." for s in stretches if s.note))


def _ends(first: str, last: str, opened: bool, now: date, end: date) -> tuple[_Stretch | None, _Stretch | None]:
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
        given = f"{first} {_MONTHS[until.since.month - 1]} {until.since.year}"
    else:
        year = until.since.year
        month = _SHORT.get(re.sub(r"[\d\s.]|st|nd|rd|th", "", first.lower()), 1)
        given = f"{first} {year - 1 if month > until.until.month else year}"
    start = _PLACED.fullmatch(given)
    return (_stretch(start, "in", given, now, end) if start else None), until


def _stretch(match: re.Match[str], how: str, text: str, now: date, end: date) -> _Stretch | None:
    """What the shape that matched stands for, or None where it is no time after all."""
    group = match.groupdict()
    shape = next(s for s in _SHAPES if group[s])
    if shape in _NEEDS_PLACE and (not how or how in ("of", "for", "at") and shape != "bare_year"):
        return None
    if shape in _NEEDS_PLACE and not _AFTER_PLACE.match(text, match.end()):
        return None
    if shape == "bare_month" and group[shape] in ("may", "march", "mar") and how in ("on", "by", "over", "of", "for"):
        return None
    try:
        found = _SHAPES[shape](group, now, end)
    except ValueError:  # 31 February
        return None
    if found is None or found.since.year > max(now, end).year:
        return None
    return found


def _dated(day: str, month: str, year: str | None, now: date, end: date) -> _Stretch:
    number, at = int(re.sub(r"\D", "", day)), _month_number(month)
    if year:
        on = date(int(year), at, number)
        return _Stretch(on, on, on.isoformat())
    base, why = _base(
        now, end, lambda d: date(d.year, at, number) if date(d.year, at, number) <= d else date(d.year - 1, at, number)
    )
    on = date(base.year if date(base.year, at, number) <= base else base.year - 1, at, number)
    return _Stretch(on, on, on.isoformat(), note=f"{spoken(on.isoformat())}{why}")


def _numeric(group: dict, now: date, end: date) -> _Stretch | None:
    read = read_date(group["numeric"].replace("/", "."))
    if read is None:
        return None
    on = date.fromisoformat(read.iso)
    return _Stretch(on, on, read.iso, note=f"{spoken(read.iso)}, day first" if read.note else None)


def _in_month(year: int, month: int, note: str | None = None) -> _Stretch:
    return _Stretch(date(year, month, 1), _month_end(year, month), f"{year}-{month:02d}", note=note)


def _bare_month(group: dict, now: date, end: date) -> _Stretch:
    return _last_month(_month_number(group["bare_month"]), now, end)


def _last_month(month: int, now: date, end: date) -> _Stretch:
    """The newest month of that name that has begun."""
    base, why = _base(now, end, lambda d: date(d.year - (month > d.month), month, 1))
    year = base.year - (month > base.month)
    return _in_month(year, month, f"{spoken(f'{year}-{month:02d}')}{why}")


def _in_season(year: int, name: str, note: str | None = None) -> _Stretch:
    month = _SEASONS[name]
    last = (year + 1, 2) if name == "winter" else (year, month + 2)
    return _Stretch(date(year, month, 1), _month_end(*last), precise=False, note=note)


def _last_season(name: str, now: date, end: date, over: bool) -> _Stretch:
    """The newest season of that name that has begun, or with `over` has ended."""

    def newest(day: date) -> date:
        year = day.year
        while (_in_season(year, name).until if over else _in_season(year, name).since) > day:
            year -= 1
        return date(year, _SEASONS[name], 1)

    base, why = _base(now, end, newest)
    year = newest(base).year
    shown = f"{name} {year}/{(year + 1) % 100:02d}" if name == "winter" else f"{name} {year}"
    return _in_season(year, name, f"{shown}{why}")


def _share(group: dict, now: date, end: date) -> _Stretch:
    """A third of a year or month: "early 2022" is January to April, "late March" the 21st to the end."""
    year, which = int(group["share_year"]), group["share"].lower().split()[0]
    third = {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2}[which]
    if group["share_month"]:
        month = _month_number(group["share_month"])
        last = _month_end(year, month)
        bounds = [(date(year, month, 1), date(year, month, 10)), (date(year, month, 11), date(year, month, 20))]
        since, until = [*bounds, (date(year, month, 21), last)][third]
    else:
        since, until = date(year, 1 + 4 * third, 1), _month_end(year, 4 + 4 * third)
    return _Stretch(since, until, precise=False)


def _part(group: dict, now: date, end: date) -> _Stretch | None:
    """A quarter or half of a year."""
    parts, length = (4, 3) if group["part_of"].lower() == "quarter" else (2, 6)
    names = ["first", "second", "third", "fourth"][:parts]
    which = group["part"].lower()
    if which != "last" and which not in names:
        return None
    index = parts - 1 if which == "last" else names.index(which)
    year = int(group["part_year"])
    return _Stretch(date(year, 1 + index * length, 1), _month_end(year, (index + 1) * length))


def _which(group: dict, now: date, end: date) -> _Stretch | None:
    """ "last year", "this month", "last spring", "last Monday"."""
    which, what = group["which"].lower().split()[-1], group["what"].lower().rstrip(".")
    over = which != "this"
    if what in _SEASONS:
        return _last_season(what, now, end, over)
    if what in _WEEKDAYS:
        day = lambda d: d - timedelta((d.weekday() - _WEEKDAYS.index(what)) % 7 or 7)  # noqa: E731
        base, why = _base(now, end, day)
        on = day(base)
        return _Stretch(on, on, on.isoformat(), note=f"{spoken(on.isoformat())}{why}")
    if what in _SHORT:
        found = _last_month(_SHORT[what], now, end)
        return found
    start = lambda d: _unit_start(d, what, back=over)  # noqa: E731
    base, why = _base(now, end, start)
    since = start(base)
    until = _unit_start(base, what) - timedelta(1) if over else _unit_end(since, what)
    exact = {"year": None, "month": since.isoformat()[:7]}.get(what)
    return _Stretch(since, until, exact, note=f"{_shown(since, until)}{why}")


def _run(group: dict, now: date, end: date) -> _Stretch:
    """ "the last three months": up to the day counted from."""
    count, unit = _number(group["run"]), group["run_unit"].lower()
    base, why = _base(now, end, lambda d: _back(d, count, unit))
    since = _back(base, count, unit)
    return _Stretch(since, base, precise=False, note=f"{_shown(since, base)}{why}")


def _ago(group: dict, now: date, end: date) -> _Stretch:
    """ "two weeks ago": the day, week, month or year then."""
    count, unit = _number(group["ago"]), group["ago_unit"].lower()
    base, why = _base(now, end, lambda d: _unit_start(_back(d, count, unit), unit))
    since = _unit_start(_back(base, count, unit), unit)
    until = _unit_end(since, unit)
    return _Stretch(since, until, precise=False, note=f"{_shown(since, until)}{why}")


def _near(group: dict, now: date, end: date) -> _Stretch:
    on = now - timedelta(group["near"].lower() == "yesterday")
    return _Stretch(on, on, on.isoformat(), note=spoken(on.isoformat()))


def _decade(group: dict, now: date, end: date) -> _Stretch | None:
    year = int(group["decade"]) if group["decade"] else 1900 + _TENS[group["tens"].lower()]
    return _Stretch(date(year, 1, 1), date(year + 9, 12, 31))


def _year(year: int) -> _Stretch:
    return _Stretch(date(year, 1, 1), date(year, 12, 31))


_SHAPES = {
    "iso": lambda g, now, end: _Stretch(*2 * (date.fromisoformat(g["iso"]),), g["iso"]),
    "numeric": _numeric,
    "day": lambda g, now, end: _dated(g["day"], g["day_month"], g["day_year"], now, end),
    "us_day": lambda g, now, end: _dated(g["us_day"], g["us_month"], g["us_year"], now, end),
    "share": _share,
    "part": _part,
    "season": lambda g, now, end: _in_season(int(g["season_year"]), g["season"].lower()),
    "month": lambda g, now, end: _in_month(int(g["month_year"]), _month_number(g["month"])),
    "decade": _decade,
    "tens": _decade,
    "which": _which,
    "run": _run,
    "ago": _ago,
    "near": _near,
    "bare_year": lambda g, now, end: _year(int(g["bare_year"])),
    "bare_month": _bare_month,
    "bare_season": lambda g, now, end: _last_season(g["bare_season"].lower(), now, end, over=False),
}


def _base(now: date, end: date, start) -> tuple[date, str]:
    """The day to count from, today or the newest document's, and how to say so: today unless what is meant then starts after
    all documents."""
    if start(now) <= end:
        return now, ", counted from today"
    return end, f", counted from the newest document ({spoken(end.isoformat())})"


def _unit_start(day: date, unit: str, back: bool = False) -> date:
    """The first day of the week, month, year or decade that `day` is in, or of the one before."""
    if unit == "day":
        return day - timedelta(back)
    if unit == "week":
        return day - timedelta(day.weekday() + 7 * back)
    if unit == "month":
        return _back(day.replace(day=1), int(back), "month")
    year = day.year - day.year % 10 if unit == "decade" else day.year
    return date(year - back * (10 if unit == "decade" else 1), 1, 1)


def _unit_end(start: date, unit: str) -> date:
    if unit == "month":
        return _month_end(start.year, start.month)
    if unit in ("year", "decade"):
        return date(start.year + (9 if unit == "decade" else 0), 12, 31)
    return start + timedelta(6 if unit == "week" else 0)


def _back(day: date, count: int, unit: str) -> date:
    """`count` units before `day`; a day that the month lacks becomes its last."""
    if unit in ("day", "week"):
        return day - timedelta(count * (7 if unit == "week" else 1))
    months = count * {"month": 1, "year": 12, "decade": 120}[unit]
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, _month_end(year, month + 1).day))


def _number(words: str) -> int:
    return int(words) if words.isdigit() else _NUMBERS[words.lower()]


def _month_number(word: str) -> int:
    return _SHORT[word.lower().rstrip(".")]


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(1)


def _last_day(iso: str | None) -> date | None:
    """The last day of an ISO date of any precision."""
    if not iso:
        return None
    try:
        year, month, day = ([int(p) for p in iso[:10].split("-")] + [0, 0])[:3]
        return date(year, month, day) if day else _month_end(year, month) if month else date(year, 12, 31)
    except ValueError:
        return None


def _shown(since: date, until: date) -> str:
    if since == until:
        return spoken(since.isoformat())
    if (since.month, since.day, until.month, until.day) == (1, 1, 12, 31) and since.year == until.year:
        return str(since.year)
    if since.day == 1 and until == _month_end(since.year, since.month):
        return spoken(since.isoformat()[:7])
    return f"{spoken(since.isoformat())} to {spoken(until.isoformat())}"
