"""Follow-ups: what a turn leaves unsaid is taken from the one before; a full question starts afresh."""

from __future__ import annotations

from retrieval.question import understand

FIRST = understand("what did the minister say about the harbour?")


def test_a_turn_that_leans_on_the_last_keeps_its_terms() -> None:
    turn = understand("and about the airport?", FIRST)
    assert set(turn.terms) >= {"airport", "minist"}
    assert "airport" in turn.standalone and "minister" in turn.standalone


def test_a_full_question_starts_afresh() -> None:
    turn = understand("which striker scored the winning goal against Arsenal?", FIRST)
    assert turn.standalone == "which striker scored the winning goal against Arsenal?"
    assert "minist" not in turn.terms


def test_a_long_conversation_keeps_the_newest_words_first_and_does_not_grow() -> None:
    turn = FIRST
    for topic in ("the airport", "the railway", "the zebras"):
        turn = understand(f"and about {topic}?", turn)
    assert turn.query.startswith("and about the zebras?")
    assert turn.query.endswith(FIRST.text)
    assert "airport" not in turn.terms


def test_without_a_turn_before_it_a_follow_up_is_a_question_like_any_other() -> None:
    assert understand("and about the airport?").standalone == "and about the airport?"
