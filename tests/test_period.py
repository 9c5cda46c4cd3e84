"""When: the period that a question names."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.period import find_period

TODAY = date(2031, 5, 14)  # a Wednesday


def dates(text: str, newest: str | None = None) -> tuple[str | None, str | None] | None:
    period = find_period(text, newest, TODAY).period
    return (period.since, period.until) if period else None


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("what did the mayor say on 20 February 2022?", "2022-02-20", "2022-02-20"),
        ("what did she say on February 3rd, 2022 at noon?", "2022-02-03", "2022-02-03"),
        ("on 2022-02-20", "2022-02-20", "2022-02-20"),
        ("what was promised in January 2022 about the ferry?", "2022-01-01", "2022-01-31"),
        ("in Sept. 2021", "2021-09-01", "2021-09-30"),
        ("in February 2024", "2024-02-01", "2024-02-29"),
        ("who led the council in 2019?", "2019-01-01", "2019-12-31"),
        ("during the 1980s", "1980-01-01", "1989-12-31"),
        ("in the nineties", "1990-01-01", "1999-12-31"),
        ("in the first quarter of 2022", "2022-01-01", "2022-03-31"),
        ("in the second half of 2021", "2021-07-01", "2021-12-31"),
    ],
)
def test_a_day_a_month_a_year_is_its_first_and_last_day(text: str, since: str, until: str) -> None:
    found = find_period(text, None, TODAY)
    assert (found.period.since, found.period.until) == (since, until)
    assert found.period.precise and found.notes == ()


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("spring 2021", "2021-03-01", "2021-05-31"),
        ("in the winter of 2021", "2021-12-01", "2022-02-28"),
        ("in early 2022", "2022-01-01", "2022-04-30"),
        ("late March 2022", "2022-03-21", "2022-03-31"),
        ("at the end of 2020", "2020-09-01", "2020-12-31"),
    ],
)
def test_words_without_sharp_bounds_are_not_precise(text: str, since: str, until: str) -> None:
    period = find_period(text, None, TODAY).period
    assert (period.since, period.until, period.precise) == (since, until, False)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("since March 2022", "2022-03-01", None),
        ("from May 2022 onwards", "2022-05-01", None),
        ("after 24 February 2022", "2022-02-25", None),
        ("after 2019", "2020-01-01", None),
        ("before the summer of 2021", None, "2021-05-31"),
        ("until 2020", None, "2020-12-31"),
        ("by June 2022", None, "2022-06-30"),
        ("since March 2021 and before June 2022", "2021-03-01", "2022-05-31"),
    ],
)
def test_since_and_before_leave_a_side_open(text: str, since: str | None, until: str | None) -> None:
    assert dates(text) == (since, until)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("between 3 and 5 May 2022", "2022-05-03", "2022-05-05"),
        ("3–5 May 2022", "2022-05-03", "2022-05-05"),
        ("between March and May 2022", "2022-03-01", "2022-05-31"),
        ("from December 2021 to February 2022", "2021-12-01", "2022-02-28"),
        ("from November to January 2022", "2021-11-01", "2022-01-31"),
        ("from 2014 until 2016", "2014-01-01", "2016-12-31"),
        ("May 3 to May 5, 2022", "2022-05-03", "2022-05-05"),
    ],
)
def test_a_range_takes_what_its_first_end_lacks_from_its_last(text: str, since: str, until: str) -> None:
    assert dates(text) == (since, until)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("last year", "2030-01-01", "2030-12-31"),
        ("this month", "2031-05-01", "2031-05-31"),
        ("last spring", "2030-03-01", "2030-05-31"),
        ("this spring", "2031-03-01", "2031-05-31"),
        ("last Monday", "2031-05-12", "2031-05-12"),
        ("last week", "2031-05-05", "2031-05-11"),
        ("yesterday", "2031-05-13", "2031-05-13"),
        ("two weeks ago", "2031-04-28", "2031-05-04"),
        ("in the last three months", "2031-02-14", "2031-05-14"),
        ("since March", "2031-03-01", None),
        ("in November", "2030-11-01", "2030-11-30"),
        ("on 20 June", "2030-06-20", "2030-06-20"),
    ],
)
def test_what_counts_from_a_day_is_counted_from_today_and_noted(text: str, since: str, until: str | None) -> None:
    found = find_period(text, "2031-05-13", TODAY)
    assert (found.period.since, found.period.until) == (since, until)
    assert text in found.notes[0]


def test_an_archive_that_ends_long_before_today_is_counted_from_its_newest_document() -> None:
    found = find_period("what did she say last spring?", "2022-06-18", TODAY)
    assert (found.period.since, found.period.until) == ("2022-03-01", "2022-05-31")
    assert found.notes == ("“last spring” read as spring 2022, counted from the newest document (18 June 2022).",)


@pytest.mark.parametrize(
    "text",
    [
        "may the council march on?",
        "how many arrests followed the January riots?",
        "what does the 2022 budget say?",
        "will it be net zero by 2050?",
        "the spring water of Vals",
        "did 2000 people come?",
        "on 31 February 2022",
    ],
)
def test_what_looks_like_a_date_and_is_none_is_no_period(text: str) -> None:
    assert dates(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("what has changed since the flood in Ahrweiler?", "since the flood in Ahrweiler"),
        ("what did the coach say after the lost final?", "after the lost final"),
        ("who spoke during the strike?", "during the strike"),
    ],
)
def test_a_time_told_by_an_event_is_said_not_to_be_resolved(text: str, words: str) -> None:
    found = find_period(text, None, TODAY)
    assert found.period is None
    assert words in found.notes[0] and "no date" in found.notes[0]


def test_a_date_in_numbers_is_read_day_first_and_says_so() -> None:
    found = find_period("on 05.06.2022", None, TODAY)
    assert found.period.exact == "2022-06-05" and "day first" in found.notes[0]


def test_only_one_day_or_month_is_exact() -> None:
    assert find_period("in June 2022").period.exact == "2022-06"
    assert find_period("on 1 June 2022").period.exact == "2022-06-01"
    assert find_period("since June 2022").period.exact is None
    assert find_period("in 2022").period.exact is None


_PIECES = st.lists(
    st.sampled_from(
        "in on since before until last this spring winter March may 2022 1999 31 5 and to between – , May the of end early "
        "year week ago three flood after from 30.2.2022 2022-13-01 Monday first quarter".split()
    ),
    max_size=9,
)


@given(_PIECES)
def test_the_words_of_a_period_are_where_its_span_says_and_its_ends_in_order(pieces: list[str]) -> None:
    text = " ".join(pieces)
    found = find_period(text, "2022-06-18", TODAY)
    assert list(found.spans) == sorted(found.spans)
    for span in found.spans:
        assert 0 <= span.start < span.end <= len(text)
    if found.period:
        period = found.period
        assert period.span in found.spans and period.words.startswith(period.span.of(text))
        assert period.since or period.until
        if period.since and period.until:
            assert date.fromisoformat(period.since) <= date.fromisoformat(period.until)
