"""Words: what a person would call the same word is the same stem, and every word is found where it stands."""

from __future__ import annotations

import sqlite3
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.words import STOPWORDS, fold, stems, words

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT)
@settings(deadline=None)
def test_a_word_stands_where_its_span_says(text: str) -> None:
    found = words(text)
    assert [w.stem for w in found] == stems(text)
    assert all(a.span.end <= b.span.start for a, b in zip(found, found[1:]))
    for word in found:
        assert fold(word.span.of(text)) == word.folded


@given(TEXT)
@settings(deadline=None)
def test_no_letter_or_digit_is_left_out(text: str) -> None:
    covered = {i for w in words(text) for i in range(w.span.start, w.span.end)}
    assert not [c for i, c in enumerate(text) if c.isalnum() and i not in covered]


@given(TEXT)
@settings(deadline=None)
def test_the_form_of_its_characters_does_not_change_a_word(text: str) -> None:
    assert stems(unicodedata.normalize("NFC", text)) == stems(unicodedata.normalize("NFD", text))


@given(st.lists(TEXT, min_size=1, max_size=5))
@settings(deadline=None)
def test_the_full_text_index_finds_every_stem_it_was_given(texts: list[str]) -> None:
    db = sqlite3.connect(":memory:")
    db.execute('CREATE VIRTUAL TABLE t USING fts5(x, tokenize = "ascii")')
    db.executemany(
        "INSERT INTO t (rowid, x) VALUES (?, ?)", [(n, " ".join(stems(text))) for n, text in enumerate(texts)]
    )
    for n, text in enumerate(texts):
        for stem in set(stems(text)):
            assert (n,) in db.execute("SELECT rowid FROM t WHERE t MATCH ?", (f'"{stem}"',)).fetchall()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("withdrawal", "withdrawals"),
        ("withdraw", "Withdrawing"),
        ("Orbán", "ORBAN’S"),
        ("U.S.", "US"),
        ("войска", "войсками"),
        ("Ещё", "ЕЩЕ"),
        ("re\u0301sume\u0301", "résumés"),
        ("и\u0306од", "йод"),
        ("ﬁnance", "finance"),
        ("straße", "STRASSE"),
        ("O’Brien", "O'Brien"),
        ("H₂O", "h2o"),
    ],
)
def test_these_are_the_same_word(one: str, other: str) -> None:
    assert stems(one) == stems(other) and len(stems(one)) == 1


@pytest.mark.parametrize(("one", "other"), [("йод", "иод"), ("universe", "unit"), ("हिन्दी", "हनद")])
def test_these_are_not_the_same_word(one: str, other: str) -> None:
    assert stems(one) != stems(other)


def test_the_country_is_no_stopword_though_the_pronoun_is() -> None:
    assert [w.is_stopword for w in words("the U.S. gave us aid")] == [True, False, False, True, False]


def test_stopwords_are_recognised_as_they_are_written() -> None:
    assert all(w.is_stopword for text in STOPWORDS for w in words(text.title()))
    assert all(w.is_stopword for w in words("Don’t WON'T Ещё"))
