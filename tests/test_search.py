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


def test_neighbours_of_hits_in_adjacent_documents_are_all_found(indexed) -> None:
    with indexed(
        {f"{n}.txt": "The harbour is closed.\n\nShips wait outside.\n\nFlights leave." for n in "ab"}
    ).searcher() as searcher:
        search = searcher.search(understand("harbour closed"))
        hits = [h for h in search.fused() if h.passage.passage.paragraph in (1, 3)]
        assert len(search.neighbours(hits, reach=2)) == 6


def test_equal_passages_are_in_order_of_their_documents_whenever_they_were_indexed(indexed) -> None:
    indexed({"b.txt": "The harbour is closed to ships.\n\nFlights leave."})
    answer = indexed({"a.txt": "The harbour is closed to ships.\n\nTrains leave."}).ask(
        "is the harbour closed to ships?"
    )
    assert answer.citations[0].place.document.doc_id == "documents/a.txt"


def test_neighbours_are_of_the_same_document(indexed) -> None:
    with indexed(FILES).searcher() as searcher:
        search = searcher.search(understand("harbour closed ships opens"))
        hits = search.fused()
        around = search.neighbours(hits[:1], reach=4)
    assert {h.passage.document_id for h in around} == {hits[0].passage.document_id}
    assert len(around) == 2


def test_the_passage_that_answers_comes_first(indexed) -> None:
    assistant = indexed(FILES)
    assert (
        assistant.ask("is the harbour closed to ships?").citations[0].place.document.doc_id == "documents/harbour.txt"
    )
    assert assistant.ask("how dear will wine be?").citations[0].place.document.doc_id == "documents/wine.txt"


@pytest.mark.parametrize(
    "question",
    ["'", '"', "AND", "a OR (b", "NEAR(", "*", 'harbour\'s "closed" AND ships*', "^-:{}", "\0", "what?", "🙂"],
)
def test_no_question_is_a_syntax_error(indexed, question: str) -> None:
    indexed(FILES).ask(question)


def test_the_forms_of_a_word_are_one_term() -> None:
    assert understand("withdrawn, withdrew, withdraws, withdrawal, withdrawals").terms == ("withdraw",)
    assert understand("What had the minister said about Orbán's plans?").terms == ("minist", "say", "orban", "plan")


def test_a_question_of_nothing_but_small_words_is_still_looked_up() -> None:
    assert understand("who was it?").terms


@pytest.mark.parametrize(
    ("question", "date"),
    [
        ("what did he say on 20 February 2022?", "2022-02-20"),
        ("what did he say on February 20, 2022?", "2022-02-20"),
        ("what did he say on 20.02.2022?", "2022-02-20"),
        ("what did he say in November 2021 about covid?", "2021-11"),
        ("what did he say on 31 February 2022?", None),
    ],
)
def test_the_date_that_a_question_names_is_understood(question: str, date: str | None) -> None:
    assert understand(question).published == date


def test_of_like_statements_that_of_the_date_asked_for_comes_first(indexed) -> None:
    files = {
        f"{m}.txt": f"Posted: 0{m}.0{m}.2022\n\nReport {m}\n\nThe port authority met; harbour fees rise by {m} percent."
        for m in (2, 3, 5)
    }
    answer = indexed(files).ask("how much do harbour fees rise, as of March 2022?")
    assert answer.citations[0].place.document.metadata.published == "2022-03-03"
