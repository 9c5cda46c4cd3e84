"""Ranking: both searches, their fusion, and what must hold of it whatever the weights are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.question import understand
from retrieval.search import fuse

FILES = {
    "harbour.txt": "The harbour is closed to ships.\n\nNobody knows when it opens again.",
    "airport.txt": "The airport is open.\n\nFlights leave every hour for the harbour city.",
    "wine.txt": "The harvest was poor.\n\nWine will be dear next year.",
}

scores = st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 50)), min_size=1, max_size=20)


@given(scores, st.floats(0, 1))
def test_a_candidate_that_is_better_on_both_sides_is_never_ranked_lower(pairs, weight) -> None:
    fused = fuse([d for d, _ in pairs], [b for _, b in pairs], weight)
    for (d1, b1), f1 in zip(pairs, fused):
        for (d2, b2), f2 in zip(pairs, fused):
            assert not (d1 >= d2 and b1 >= b2) or f1 >= f2 - 1e-9


@given(scores, st.floats(0, 1))
def test_fused_scores_are_shares(pairs, weight) -> None:
    assert all(-1e-9 <= s <= 1 + 1e-9 for s in fuse([d for d, _ in pairs], [b for _, b in pairs], weight))


def test_a_passage_found_by_words_alone_carries_its_exact_cosine(indexed, hashing) -> None:
    assistant = indexed(FILES)
    question = understand("is the harbour closed to ships?")
    with assistant.searcher() as searcher:
        hits = searcher.fused(question, depth=1)
        exact = dict(searcher.dense(question, depth=100))
        words = dict(searcher.lexical(question, depth=100))
    assert hits
    for hit in hits:
        assert hit.dense == pytest.approx(exact[hit.passage.id], abs=1e-5)
        assert hit.lexical == pytest.approx(words.get(hit.passage.id, 0.0))


def test_the_passage_that_answers_comes_first(indexed) -> None:
    assistant = indexed(FILES)
    assert assistant.ask("is the harbour closed to ships?").citations[0].place.document.doc_id == "documents/harbour.txt"
    assert assistant.ask("how dear will wine be?").citations[0].place.document.doc_id == "documents/wine.txt"


@pytest.mark.parametrize("question", ["'", '"', "AND", "a OR (b", "NEAR(", "*", "harbour's \"closed\" AND ships*", "^-:{}", "\0", "what?", "🙂"])
def test_no_question_is_a_syntax_error(indexed, question: str) -> None:
    indexed(FILES).ask(question)


def test_terms_leave_out_how_it_was_asked() -> None:
    assert understand("What did the minister say about Orbán's withdrawals?").terms == ("minist", "orban", "withdraw")


def test_a_question_of_nothing_but_small_words_is_still_looked_up() -> None:
    assert understand("who was it?").terms
