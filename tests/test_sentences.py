"""Sentences as people would count them, in the kinds of text that quotations come from."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.records import Span
from index.sentences import sentences, split_long

EXPECTED = [
    ["Mr. Putin met Rep. Jim Jordan (R-Ohio) in the U.S. on Monday.", "He left."],
    ["Sen. Ted Cruz, R-Texas, and Gen. Lee vs. the State.", "Dr. Smith, Ph.D., agreed."],
    ["It happened in the U.S.", "He went home."],
    ["“We won’t allow it…”, he said.", "“It is over.”"],
    ["“We will see,” he said.", "“And then we go.”"],
    ['"Will you?" she asked.', "He left."],
    ["“It works!” he said."],
    ["“Are you sure?”", "“Yes.”"],
    ["He said “no.”", "Then he left."],
    ["J. R. R. Tolkien and George W. Bush met.", "They spoke."],
    ["V. V. Putin spoke.", "S.V. Lavrov agreed."],
    ["He waited...", "Then he left."],
    ["Wait… what?", "No."],
    ["“I want to emphasise... the whole,” he said."],
    ["Trump said: ''We will win.", "We always win.''", "He smiled."],
    ["''Fine.''", "He left."],
    ["«Зачем?» – спросили его.", "Он не ответил."],
    ["Он сказал: «Нет».", "Потом ушёл."],
    ["А. С. Пушкин родился в Москве.", "Это было давно."],
    ["Let us honour them.", "(Minute of silence.)", "We go on."],
    ["(Minute of silence)"],
    ["It costs $3.5 million.", "That is 2.5 per cent more."],
    ["1. First point.", "2. Second point."],
]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda e: e[0][:30])
def test_sentences_from_life(expected: list[str]) -> None:
    text = " ".join(expected)
    assert [s.of(text) for s in sentences(text, Span(0, len(text)))] == expected


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda e: e[0][:30])
def test_sentences_are_the_same_wherever_the_block_stands(expected: list[str]) -> None:
    block = "\n".join(expected)
    text = f"Before. {block} After."
    within = Span(8, 8 + len(block))
    assert [s.of(text) for s in sentences(text, within)] == expected


@given(st.text(), st.text(), st.text())
@settings(deadline=None)
def test_sentences_hold_every_word_of_their_block_and_none_beside_it(before: str, block: str, after: str) -> None:
    text = before + block + after
    found = sentences(text, Span(len(before), len(before) + len(block)))
    position = len(before)
    for sentence in found:
        assert not text[position : sentence.start].strip()
        assert sentence.of(text) == sentence.of(text).strip() != ""
        position = sentence.end
    assert not text[position : len(before) + len(block)].strip() and position <= len(before) + len(block)


@given(st.text(st.sampled_from("ab ,;—\n\u0301"), max_size=200), st.integers(1, 50))
@settings(deadline=None)
def test_a_long_sentence_is_cut_into_pieces_that_fit_and_lose_nothing(text: str, longest: int) -> None:
    pieces = split_long(text, Span(0, len(text)), longest)
    assert all(0 < len(p) <= longest for p in pieces)
    assert "".join("".join(p.of(text).split()) for p in pieces) == "".join(text.split())


def test_a_long_sentence_is_cut_after_a_clause_where_it_can_be() -> None:
    text = "They came in the morning and left; the others, who had stayed behind, waited for news"
    assert [p.of(text) for p in split_long(text, Span(0, len(text)), 40)] == [
        "They came in the morning and left;",
        "the others, who had stayed behind,",
        "waited for news",
    ]
