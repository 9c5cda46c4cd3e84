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

cosines, matches = st.floats(-1, 1), st.floats(0, 50)


@given(cosines, cosines, matches, matches)
def test_a_candidate_that_is_better_on_both_sides_is_never_ranked_lower(d1, d2, b1, b2) -> None:
    better = fuse(max(d1, d2), max(b1, b2), 50.0)
    assert better >= fuse(d1, b1, 50.0) and better >= fuse(d2, b2, 50.0)


def test_a_passage_found_by_one_side_alone_carries_its_exact_score_of_the_other(indexed) -> None:
    with indexed(FILES).searcher() as searcher:
        search = searcher.search(understand("is the harbour closed to ships?"))
        hits = search.fused(depth=1)
        exact, words = dict(search.dense(depth=100)), dict(search.lexical(depth=100))
    assert hits
    for hit in hits:
        assert hit.dense == pytest.approx(exact[hit.passage.id], abs=1e-5)
        assert hit.lexical == pytest.approx(words.get(hit.passage.id, 0.0))


@pytest.mark.parametrize("question", ["harbour", "harbour city flights", "harbour zeppelin", "zeppelin"])
def test_no_passage_exceeds_the_ceiling_of_its_question(indexed, question: str) -> None:
    with indexed(FILES).searcher() as searcher:
        search = searcher.search(understand(question))
        ceiling = searcher.words.ceiling(search.question.terms)
        assert all(score <= ceiling for _, score in search.lexical())


def test_neighbours_are_of_the_same_document(indexed) -> None:
    with indexed(FILES).searcher() as searcher:
        search = searcher.search(understand("harbour closed ships opens"))
        hits = search.fused()
        around = search.neighbours(hits[:1], reach=4)
    assert {h.passage.document_id for h in around} == {hits[0].passage.document_id}
    assert len(around) == 2


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
