"""How long a time in words is: "2022", "early March", "last spring", "the last three months", from which day to which.

Seasons are those of the north, by whole months. What counts from a day is counted from today, or from the newest document where
all documents end before it; the note says which.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from index.dates import read_date, spoken

MONTHS = "january february march april may june july august september october november december".split()
MONTH_NUMBERS = {**{m: n for n, m in enumerate(MONTHS, 1)}, **{m[:3]: n for n, m in enumerate(MONTHS, 1)}, "sept": 9}
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
NUMBERS = {w: n for n, w in enumerate("a two three four five six seven eight nine ten eleven twelve".split(), 1)}
NUMBERS |= {"an": 1, "one": 1, "few": 3, "couple of": 2, "several": 3}
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
TENS = {
    w: 10 * n for n, w in enumerate("twenties thirties forties fifties sixties seventies eighties nineties".split(), 2)
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """First and last day, and how they were come by."""

    since: date
    until: date
    exact: str | None = None
    precise: bool = True
    note: str | None = None


def _dated(day: str, month: str, year: str | None, now: date, end: date) -> Stretch:
    number, at = int(re.sub(r"\D", "", day)), _month_number(month)
    if year:
        on = date(int(year), at, number)
        return Stretch(on, on, on.isoformat())
    newest = lambda d: date(d.year - (date(d.year, at, number) > d), at, number)
    base, why = _base(now, end, newest)
    on = newest(base)
    return Stretch(on, on, on.isoformat(), note=f"{spoken(on.isoformat())}{why}")


def _numeric(group: dict, now: date, end: date) -> Stretch | None:
    read = read_date(group["numeric"].replace("/", "."))
    if read is None:
        return None
    on = date.fromisoformat(read.iso)
    return Stretch(on, on, read.iso, note=f"{spoken(read.iso)}, day first" if read.note else None)


def _in_month(year: int, month: int, note: str | None = None) -> Stretch:
    return Stretch(date(year, month, 1), _month_end(year, month), f"{year}-{month:02d}", note=note)


def _bare_month(group: dict, now: date, end: date) -> Stretch:
    return _last_month(_month_number(group["bare_month"]), now, end)


def _last_month(month: int, now: date, end: date) -> Stretch:
    """The newest month of that name that has begun."""
    base, why = _base(now, end, lambda d: date(d.year - (month > d.month), month, 1))
    year = base.year - (month > base.month)
    return _in_month(year, month, f"{spoken(f'{year}-{month:02d}')}{why}")


def _in_season(year: int, name: str, note: str | None = None) -> Stretch:
    month = SEASONS[name]
    last = (year + 1, 2) if name == "winter" else (year, month + 2)
    return Stretch(date(year, month, 1), _month_end(*last), precise=False, note=note)


def _last_season(name: str, now: date, end: date, over: bool) -> Stretch:
    """The newest season of that name that has begun, or with `over` has ended."""

    def newest(day: date) -> date:
        year = day.year
        while (_in_season(year, name).until if over else _in_season(year, name).since) > day:
            year -= 1
        return date(year, SEASONS[name], 1)

    base, why = _base(now, end, newest)
    year = newest(base).year
    shown = f"{name} {year}/{(year + 1) % 100:02d}" if name == "winter" else f"{name} {year}"
    return _in_season(year, name, f"{shown}{why}")


def _share(group: dict, now: date, end: date) -> Stretch:
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
    return Stretch(since, until, precise=False)


def _part(group: dict, now: date, end: date) -> Stretch | None:
    """A quarter or half of a year."""
    parts, length = (4, 3) if group["part_of"].lower() == "quarter" else (2, 6)
    names = ["first", "second", "third", "fourth"][:parts]
    which = group["part"].lower()
    if which != "last" and which not in names:
        return None
    index = parts - 1 if which == "last" else names.index(which)
    year = int(group["part_year"])
    return Stretch(date(year, 1 + index * length, 1), _month_end(year, (index + 1) * length))


def _which(group: dict, now: date, end: date) -> Stretch | None:
    """ "last year", "this month", "last spring", "last Monday"."""
    which, what = group["which"].lower().split()[-1], group["what"].lower().rstrip(".")
    over = which != "this"
    if what in SEASONS:
        return _last_season(what, now, end, over)
    if what in WEEKDAYS:
        day = lambda d: d - timedelta((d.weekday() - WEEKDAYS.index(what)) % 7 or 7)
        base, why = _base(now, end, day)
        on = day(base)
        return Stretch(on, on, on.isoformat(), note=f"{spoken(on.isoformat())}{why}")
    if what in MONTH_NUMBERS:
        return _last_month(MONTH_NUMBERS[what], now, end)
    start = lambda d: _unit_start(d, what, back=over)
    base, why = _base(now, end, start)
    since = start(base)
    until = _unit_start(base, what) - timedelta(1) if over else _unit_end(since, what)
    exact = {"year": None, "month": since.isoformat()[:7]}.get(what)
    return Stretch(since, until, exact, note=f"{_shown(since, until)}{why}")


def _run(group: dict, now: date, end: date) -> Stretch:
    """ "the last three months": up to the day counted from."""
    count, unit = _number(group["run"]), group["run_unit"].lower()
    base, why = _base(now, end, lambda d: _back(d, count, unit))
    since = _back(base, count, unit)
    return Stretch(since, base, precise=False, note=f"{_shown(since, base)}{why}")


def _ago(group: dict, now: date, end: date) -> Stretch:
    """ "two weeks ago": the day, week, month or year then."""
    count, unit = _number(group["ago"]), group["ago_unit"].lower()
    base, why = _base(now, end, lambda d: _unit_start(_back(d, count, unit), unit))
    since = _unit_start(_back(base, count, unit), unit)
    until = _unit_end(since, unit)
    return Stretch(since, until, precise=False, note=f"{_shown(since, until)}{why}")


def _near(group: dict, now: date, end: date) -> Stretch:
    on = now - timedelta(group["near"].lower() == "yesterday")
    return Stretch(on, on, on.isoformat(), note=spoken(on.isoformat()))


def _decade(group: dict, now: date, end: date) -> Stretch | None:
    year = int(group["decade"]) if group["decade"] else 1900 + TENS[group["tens"].lower()]
    return Stretch(date(year, 1, 1), date(year + 9, 12, 31))


def _year(year: int) -> Stretch:
    return Stretch(date(year, 1, 1), date(year, 12, 31))


# What reads each shape of a time, by the name of its group in the pattern that finds it (see `period`); they raise ValueError
# for a day that there is not (31 February).
SHAPES = {
    "iso": lambda g, now, end: Stretch(*2 * (date.fromisoformat(g["iso"]),), g["iso"]),
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
    return int(words) if words.isdigit() else NUMBERS[words.lower()]


def _month_number(word: str) -> int:
    return MONTH_NUMBERS[word.lower().rstrip(".")]


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(1)


def last_day(iso: str | None) -> date | None:
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
