"""Quotations are found in every typography, apostrophes are told apart, and the spans are those of the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Span
from index.speech.quotations import quotations


def found(text: str) -> list[str]:
    return [q.span.of(text) for q in quotations(text, Span(0, len(text)))]


@pytest.mark.parametrize(
    "quotation",
    [
        "“It snows.”",
        '"It snows."',
        "''It snows.''",
        "``It snows.''",
        "«It snows.»",
        "„It snows.“",
        "‘It snows.’",
        "'It snows.'",
    ],
)
def test_every_pair_of_marks_is_a_quotation(quotation):
    text = f"She said: {quotation} Then she left."
    assert found(text) == [quotation]


def test_marks_of_different_typography_close_one_another():
    assert found('“It snows," she said. "It always does.”') == ['“It snows,"', '"It always does.”']


def test_apostrophes_open_and_close_nothing():
    assert found("The dog's tail isn't long; the dogs' tails ain't either, back in the '90s, say 'em all.") == []


def test_an_apostrophe_within_single_marks_does_not_close_them():
    assert found("‘It’s the drivers’ choice, not ours,’ he said.") == ["‘It’s the drivers’ choice, not ours,’"]


def test_inches_are_no_quotation():
    assert found("He is 5'10\" tall and jumps 6'2\" high.") == []


def test_a_quotation_within_a_quotation_is_part_of_it():
    text = "“She told me ‘never again’ and I said “why?” to that,” he recalled."
    assert found(text) == ["“She told me ‘never again’ and I said “why?” to that,”"]


def test_three_marks_in_a_row_close_the_inner_quotation_and_the_outer_one():
    assert found("''They wrote 'gone fishing''' on the door.") == ["''They wrote 'gone fishing'''"]


def test_a_quotation_closed_by_mistake_with_an_opening_mark_ends_there():
    assert found("“Not tonight,“ she said. “Tomorrow.”") == ["“Not tonight,“", "“Tomorrow.”"]


def test_a_quotation_left_open_runs_to_the_end_of_its_paragraph_and_says_so():
    text = "“We began at dawn. We ended at dusk."
    [quotation] = quotations(text, Span(0, len(text)))
    assert (quotation.span, quotation.closed) == (Span(0, len(text)), False)


def test_a_mark_that_closes_nothing_is_left_alone():
    assert found("and so it ended.” Nobody came.") == []


def test_the_inner_span_leaves_the_marks_out():
    text = "She said ``yes'' twice."
    [quotation] = quotations(text, Span(0, len(text)))
    assert quotation.inner.of(text) == "yes"


@given(st.text(alphabet="ab .,'’‘“”\"«»„`s\n", max_size=80), st.integers(0, 10))
def test_quotations_lie_in_their_block_in_order_apart_and_hold_their_inner_words(text, start):
    within = Span(min(start, len(text)), len(text))
    quoted = quotations(text, within)
    assert all(within.holds(q.span) and q.span.holds(q.inner) for q in quoted)
    assert all(a.span.end <= b.span.start for a, b in zip(quoted, quoted[1:]))
    assert all(q.closed for q in quoted[:-1])
