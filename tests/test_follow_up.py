"""Follow-ups: what a turn leaves unsaid is taken from the one before; a full question starts afresh."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.speech.people import People
from index.speech.records import Person
from retrieval.question import understand
from retrieval.question_records import Question

PEOPLE = People(
    [
        Person("Henrik Solberg", "person", "he", roles=("Prime Minister of Norway",)),
        Person("Ana Ribeiro", "person", "she", roles=("Mayor of Porto Velho",)),
        Person("Dmitri Volkonsky", "person", "he"),
        Person("Walter Hargreaves", "person", "he"),
        Person("Judith Hargreaves", "person", "she"),
    ]
)


def talk(*turns: str) -> Question:
    """The last turn of a conversation, understood."""
    question: Question | None = None
    for turn in turns:
        question = understand(turn, question, PEOPLE)
    return question


def speakers(question: Question) -> list[str]:
    return [asked.shown for asked in question.speakers]


SOLBERG = "what did Solberg say about the herring quota?"


@pytest.mark.parametrize("turn", ["and about sanctions?", "and sanctions?", "what about sanctions?", "on sanctions?"])
def test_another_topic_keeps_speaker_and_period(turn: str) -> None:
    question = talk("what did Solberg say about gas in March 2022?", turn)
    assert (speakers(question), question.topic, question.published) == (["Henrik Solberg"], "sanctions", "2022-03")
    assert question.standalone == "what did Solberg say about sanctions in March 2022?"


@pytest.mark.parametrize(
    "turn", ["and Ribeiro?", "what about Ribeiro?", "Ribeiro?", "how about the mayor of Porto Velho?"]
)
def test_another_speaker_keeps_the_topic(turn: str) -> None:
    question = talk(SOLBERG, turn)
    assert (speakers(question), question.topic) == (["Ana Ribeiro"], "the herring quota")
    assert "Solberg" not in question.standalone and question.standalone.endswith("say about the herring quota?")


def test_and_did_she_is_another_speaker_of_the_same_claim() -> None:
    question = talk("did Solberg claim the dam was safe?", "and did Ribeiro?")
    assert question.standalone == "did Ribeiro claim the dam was safe?"


def test_a_people_is_another_speaker() -> None:
    question = talk("is Solberg still ready to talk to the miners?", "what about the Portuguese?")
    assert [a.words for a in question.speakers] == ["the Portuguese"]
    assert question.standalone == "are the Portuguese still ready to talk to the miners?"


def test_a_country_takes_the_place_of_the_country_in_the_topic() -> None:
    question = talk("what did Solberg say about cod for Portugal?", "and Spain?")
    assert (speakers(question), question.topic) == (["Henrik Solberg"], "cod for Spain")


@pytest.mark.parametrize(
    "turn",
    [
        "and what did Ribeiro say?",
        "how did Ribeiro react?",
        "what did Ribeiro answer?",
        "and what did Ribeiro say about it?",
        "what was Ribeiro's answer on that?",
        "did Ribeiro say so too?",
    ],
)
def test_a_question_without_a_topic_of_its_own_has_that_of_the_one_before(turn: str) -> None:
    question = talk(SOLBERG, turn)
    assert (speakers(question), question.topic) == (["Ana Ribeiro"], "the herring quota")
    assert "herring" in question.query and "her" in question.terms[0]


def test_him_is_who_was_asked_before() -> None:
    question = talk(SOLBERG, "how did Ribeiro answer him?")
    assert speakers(question) == ["Ana Ribeiro"]
    assert [a.shown for a in question.about] == ["Henrik Solberg"]


def test_he_is_the_last_speaker_and_a_figure_is_asked_on_the_same_topic() -> None:
    question = talk("what did Solberg say about the boats off Bergen?", "how many did he say there were?")
    assert (speakers(question), question.topic, question.wants) == (
        ["Henrik Solberg"],
        "the boats off Bergen",
        "figure",
    )


def test_he_passes_over_a_woman_to_the_man_before_her() -> None:
    assert speakers(talk(SOLBERG, "and Ribeiro?", "what did he say about wages?")) == ["Henrik Solberg"]


def test_she_tells_two_of_one_name_apart() -> None:
    assert speakers(talk("what did Hargreaves say about the will?", "what did she say about the house?")) == [
        "Judith Hargreaves"
    ]


def test_a_pronoun_that_fits_nobody_is_told_and_not_guessed() -> None:
    question = talk(SOLBERG, "did she agree?")
    assert question.speakers == () and "nobody was named" in question.notes[0]


def test_there_joins_the_topic_before() -> None:
    question = talk("was Solberg happy with the Lisbon summit?", "did Ribeiro say anything about defence there?")
    assert speakers(question) == ["Ana Ribeiro"]
    assert "defence" in question.topic and "Lisbon" in question.context and "Lisbon" in question.query


def test_when_was_that_asks_for_the_date_of_the_same() -> None:
    question = talk("what did Solberg say about the new museum in May 2021?", "when was that?")
    assert (question.topic, question.wants, question.period) == ("the new museum", "when", None)


@pytest.mark.parametrize(
    "turn", ["how big was the fine?", "when were the sailors due home?", "did wages come up in the call?"]
)
def test_a_short_question_that_names_nobody_has_the_topic_as_its_context(turn: str) -> None:
    question = talk(SOLBERG, turn)
    assert question.speakers == ()
    assert question.query.startswith(turn.rstrip("?")) and "herring" in question.query
    assert question.context == "the herring quota"


def test_another_period() -> None:
    question = talk("what did Solberg say about gas in March 2022?", "and in May 2022?")
    assert (speakers(question), question.topic, question.published) == (["Henrik Solberg"], "gas", "2022-05")
    assert question.standalone == "what did Solberg say about gas in May 2022?"


@pytest.mark.parametrize(
    ("turn", "wants"), [("anything more recent?", "newer"), ("and since then?", "newer"), ("anything older?", "older")]
)
def test_newer_and_older_ask_the_same(turn: str, wants: str) -> None:
    question = talk(SOLBERG, turn)
    assert (speakers(question), question.topic, question.wants) == (["Henrik Solberg"], "the herring quota", wants)


@pytest.mark.parametrize("turn", ["more", "the next ones", "next", "show me more", "continue", "what else?"])
def test_the_next_ones_are_the_next_page(turn: str) -> None:
    question = talk(SOLBERG, turn)
    assert (speakers(question), question.page, question.wants) == (["Henrik Solberg"], 2, "more")
    assert talk(SOLBERG, turn, turn).page == 3
    assert talk(SOLBERG, turn, "and about wages?").page == 1


@pytest.mark.parametrize(
    "turn", ["who else said so?", "did anybody else say that?", "what did others say?", "anyone else?"]
)
def test_who_else_asks_anybody_but_those_before(turn: str) -> None:
    question = talk(SOLBERG, turn)
    assert question.speakers == () and [a.shown for a in question.besides] == ["Henrik Solberg"]
    assert question.topic == "the herring quota"


@pytest.mark.parametrize(
    "turn",
    [
        "which striker scored the winning goal against Arsenal?",
        "what did Ribeiro say about the tram and the bridge?",
        "why did the Bergen boiler blow up?",
        "is oak harder than pine?",
        "Volkonsky on the mill",
    ],
)
def test_a_full_question_starts_afresh(turn: str) -> None:
    question = talk(SOLBERG, turn)
    assert question == understand(turn, None, PEOPLE)
    assert question.anchor is None and "her" not in question.terms


def test_the_chain_of_questions_can_be_followed_back() -> None:
    question = talk(SOLBERG, "and Ribeiro?", "and about wages?")
    assert question.before.text == "and Ribeiro?"
    assert question.anchor.text == SOLBERG


def test_a_long_conversation_does_not_grow() -> None:
    question = talk(SOLBERG, "and about coal?", "and about whales?", "and about zebras?")
    assert question.standalone == "what did Solberg say about zebras?"
    assert "coal" not in question.asked_terms


def test_without_a_turn_before_it_a_follow_up_is_a_question_like_any_other() -> None:
    assert understand("and about the airport?").standalone == "and about the airport?"


def test_a_place_narrows_the_topic() -> None:
    question = talk("what did Solberg say about wages?", "and in Spain?")
    assert question.topic == "wages in Spain"
    assert question.standalone == "what did Solberg say about wages in Spain?"
    assert len(question.speakers) == 1


def test_what_is_newer_is_not_asked_of_the_period_before() -> None:
    question = talk("what did Solberg say about wages in May 2021?", "anything more recent?")
    assert question.standalone == "what did Solberg say about wages?"
    assert question.period is None


_TURNS = st.lists(
    st.sampled_from(
        [SOLBERG, "and Ribeiro?", "and in May 2022?", "more", "who else said so?", "when was that?", "did he?", "why?", "?",
         "how did she answer him?", "and sanctions?", "and Spain?", "what about them?", "it", "and", "the others", "his view?"]
    ) | st.text(max_size=20),
    min_size=1, max_size=6,
)  # fmt: skip


@given(_TURNS)
def test_any_conversation_is_understood_and_spans_are_of_the_turn_itself(turns: list[str]) -> None:
    question = talk(*turns)
    assert question.text == turns[-1]
    for found in (*question.speakers, *question.about):
        assert found.span is None or found.span.of(question.text) == found.words
