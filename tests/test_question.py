"""Understanding a question: whose words it asks for, on what."""

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
        Person("Ana Ribeiro", "person", "she", roles=("Mayor of Porto Velho",)),
        Person("Henrik Solberg", "person", "he", roles=("Prime Minister of Norway",)),
        Person("Marta Petrakis", "person", "she", roles=("Minister of Health",)),
        Person("Dmitri Volkonsky", "person", "he"),
        Person("Walter Hargreaves", "person", "he"),
        Person("Judith Hargreaves", "person", "she"),
        Person("Pierre de Lamotte", "person", "he"),
        Person("Choi Min-ho", "person", "he"),
        Person("Norway", "body"),
        Person("Harbour Board", "body"),
    ]
)


def asked(text: str) -> Question:
    return understand(text, people=PEOPLE)


def who(text: str) -> list[str]:
    return [asked.shown for asked in asked(text).speakers]


@pytest.mark.parametrize(
    ("text", "speaker", "topic"),
    [
        ("what did Solberg say about withdrawal?", "Henrik Solberg", "withdrawal"),
        ("What does Ana Ribeiro think of the new bridge?", "Ana Ribeiro", "the new bridge"),
        (
            "did de Lamotte ever promise better care for old sailors?",
            "Pierre de Lamotte",
            "better care for old sailors",
        ),
        ("how did Volkonsky justify closing the mill?", "Dmitri Volkonsky", "closing the mill"),
        ("why did Petrakis think the ferry came late?", "Marta Petrakis", "the ferry came late"),
        ("did Solberg rule out a second vote?", "Henrik Solberg", "rule out a second vote"),
        ("what did Ribeiro have to say about parking?", "Ana Ribeiro", "parking"),
        ("has Solberg ever apologised for the flood?", "Henrik Solberg", "apologised for the flood"),
        ("didn't Solberg say that the dam was safe?", "Henrik Solberg", "the dam was safe"),
        ("what does Petrakis dislike about the plan?", "Marta Petrakis", "dislike the plan"),
        ("what did Solberg make of the report?", "Henrik Solberg", "the report"),
        ("what advice did Petrakis give on masks?", "Marta Petrakis", "advice masks"),
    ],
)
def test_the_subject_of_a_verb_of_saying_is_asked_for_their_words(text: str, speaker: str, topic: str) -> None:
    question = asked(text)
    assert [a.shown for a in question.speakers] == [speaker]
    assert question.topic == topic


@pytest.mark.parametrize(
    ("text", "speaker", "topic"),
    [
        ("Solberg on the price of salmon", "Henrik Solberg", "the price of salmon"),
        ("Ana Ribeiro about trams", "Ana Ribeiro", "trams"),
        ("what's wrong with the tram according to Ribeiro?", "Ana Ribeiro", "wrong with the tram"),
        ("according to Petrakis, who pays for it?", "Marta Petrakis", "pays for it"),
        ("is the harbour deep enough, in Solberg's view?", "Henrik Solberg", "the harbour deep enough"),
        ("best pupil she ever had, said Petrakis", "Marta Petrakis", "best pupil she ever had"),
        ("Choi Min-ho's reaction to the strike", "Choi Min-ho", "the strike"),
        ("what was Ribeiro's pitch to young voters?", "Ana Ribeiro", "young voters"),
        ("what is Solberg's position on whaling?", "Henrik Solberg", "whaling"),
        ("statements by Petrakis on vaccines", "Marta Petrakis", "vaccines"),
        ("what was promised by Solberg to fishermen?", "Henrik Solberg", "fishermen"),
        ("tell me what Solberg said about gas", "Henrik Solberg", "gas"),
        ("show me everything Ribeiro has ever said on noise", "Ana Ribeiro", "noise"),
        ("quote Solberg on withdrawal", "Henrik Solberg", "withdrawal"),
    ],
)
def test_other_ways_of_asking_for_somebodys_words(text: str, speaker: str, topic: str) -> None:
    question = asked(text)
    assert [a.shown for a in question.speakers] == [speaker]
    assert question.topic == topic


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("is Solberg still ready to talk to the miners?", "ready to talk to the miners"),
        ("was Solberg happy with the summit?", "happy with the summit"),
        ("is Solberg against the tunnel?", "against the tunnel"),
        ("how would Solberg sink Ribeiro's tram?", "sink Ribeiro's tram"),
    ],
)
def test_a_stand_or_what_somebody_would_do_is_theirs_to_tell(text: str, topic: str) -> None:
    question = asked(text)
    assert who(text) == ["Henrik Solberg"]
    assert question.topic == topic


@pytest.mark.parametrize(
    "text",
    [
        "why did the boiler blow up?",
        "will snuff be outlawed in Norway?",
        "who won the regatta?",
        "who would lose under Solberg's parking scheme?",
        "price of a tram ticket if Ribeiro's toll comes in?",
        "how long did Solberg serve in the navy?",
        "where was Petrakis's birthplace?",
        "why are green groups wary of the owner?",
        "did sanctions come up in the call?",
        "flooding on the coast",
        "Flooding on the coast",
        "what did the documents say about gas?",
        "what do experts say about eels?",
    ],
)
def test_a_question_that_asks_for_nobodys_words_has_no_speaker(text: str) -> None:
    assert asked(text).speakers == ()


@pytest.mark.parametrize(
    "text",
    ["what did others say about Solberg?", "what was said about Solberg?", "who criticised Solberg?"],
)
def test_whom_it_is_about_is_told_apart_from_who_speaks(text: str) -> None:
    question = asked(text)
    assert question.speakers == ()
    assert [a.shown for a in question.about] == ["Henrik Solberg"]


def test_a_possessor_or_object_is_spoken_about() -> None:
    question = asked("Solberg on Ribeiro's trouble with the Harbour Board")
    assert [a.shown for a in question.speakers] == ["Henrik Solberg"]
    assert "Ana Ribeiro" in [a.shown for a in question.about]


def test_who_is_spoken_to_stays_in_the_topic() -> None:
    question = asked("what did Solberg tell the mayor about the dykes?")
    assert question.topic == "the mayor about the dykes"


def test_the_subject_of_a_deed_is_marked_as_the_subject() -> None:
    (solberg,) = asked("how long did Solberg serve in the navy?").about
    assert (solberg.persons, solberg.part) == (("Henrik Solberg",), "subject")


def test_several_speakers() -> None:
    assert who("what did Solberg and Ribeiro say about gas?") == ["Henrik Solberg", "Ana Ribeiro"]
    assert who("what did Solberg, Ribeiro and the health minister say?") == [
        "Henrik Solberg", "Ana Ribeiro", "Marta Petrakis",
    ]  # fmt: skip


def test_a_title_asks_for_its_holder() -> None:
    (norway,) = asked("what did the Norwegian prime minister complain about?").speakers
    assert (norway.words, norway.persons, norway.how) == ("the Norwegian prime minister", ("Henrik Solberg",), "role")


def test_a_title_that_nobody_holds_is_asked_for_by_its_words() -> None:
    question = asked("what did the lighthouse keeper's lawyer say about fog?")
    assert [(a.persons, a.how) for a in question.speakers] == [((), "role")]
    assert "do not say who" in question.notes[0]


def test_a_shared_surname_means_both_and_says_so() -> None:
    question = asked("what did Hargreaves say about the will?")
    assert set(question.speakers[0].persons) == {"Walter Hargreaves", "Judith Hargreaves"}
    assert any("may be" in note for note in question.notes)


@pytest.mark.parametrize(
    ("slip", "name"),
    [("Volkonksy", "Dmitri Volkonsky"), ("Ribiero", "Ana Ribeiro"), ("Solbergh", "Henrik Solberg")],
)
def test_a_misspelt_name_is_resolved_and_told(slip: str, name: str) -> None:
    question = asked(f"what did {slip} say about gas?")
    (speaker,) = question.speakers
    assert (speaker.words, speaker.persons, speaker.how) == (slip, (name,), "misspelt")
    assert question.notes == (f"“{slip}” read as {name}.",)


@pytest.mark.parametrize(
    "text",
    [
        "what does Greta Lindqvist think of nuclear power?",
        "what did greta lindqvist think of nuclear power?",
        "Greta Lindqvist on nuclear power",
        "Greta Lindqvist's reaction to nuclear power",
        "is nuclear power safe, according to Greta Lindqvist?",
    ],
)
def test_an_unknown_speaker_is_still_asked_for(text: str) -> None:
    question = asked(text)
    (speaker,) = question.speakers
    assert (speaker.persons, speaker.how) == ((), "unknown")
    assert speaker.words.lower() == "greta lindqvist"


def test_another_bearer_of_a_surname_is_not_the_one_known() -> None:
    (speaker,) = asked("what did Rupert Solberg say about contempt?").speakers
    assert speaker.persons == ()


def test_names_typed_small_are_found() -> None:
    assert who("what did solberg say about gas?") == ["Henrik Solberg"]


def test_where_no_people_are_given_a_name_is_a_name() -> None:
    question = understand("what did Solberg say about gas?")
    assert [(a.shown, a.how) for a in question.speakers] == [("Solberg", "name")]
    assert question.notes == () and question.terms == question.asked_terms


def test_he_of_nobody_is_told() -> None:
    question = asked("did he say that?")
    assert question.speakers == () and "nobody has been named" in question.notes[0]


def test_as_for_somebody_the_name_stands_for_the_pronoun() -> None:
    question = asked("what about Solberg, what did he propose on fish?")
    assert (who(question.text), question.topic) == (["Henrik Solberg"], "fish")


def test_the_period_is_no_part_of_the_topic() -> None:
    question = asked("what did Solberg say in February 2022 about the danger of war?")
    assert question.topic == "the danger of war"
    assert question.published == "2022-02"
    assert asked("In 2021, what did Solberg say about coal?").topic == "coal"


def test_terms_of_the_topic_leave_out_who_says_it_and_how() -> None:
    question = asked("what did Solberg say about the withdrawal of troops?")
    assert question.terms == ("withdraw", "troop")
    assert set(question.asked_terms) >= {"solberg", "say", "withdraw", "troop"}


@pytest.mark.parametrize(
    "text",
    [
        "summarise the discussion about the fishing quotas",
        "Summarize the debate on the fishing quotas.",
        "please summarise the exchange over the fishing quotas",
        "what was the discussion about the fishing quotas?",
        "what was said about the fishing quotas?",
        "what did people say about the fishing quotas?",
        "tell me about the fishing quotas",
        "tell me the fishing quotas",
        "can you find the fishing quotas?",
        "and the fishing quotas?",
    ],
)
def test_how_a_matter_is_asked_for_is_not_looked_up(text: str) -> None:
    plain, question = asked("the fishing quotas"), asked(text)
    assert question.terms == question.asked_terms == plain.terms
    assert question.query.removeprefix("about ").rstrip("?.") == plain.query
    assert question.text == question.standalone == text and not question.speakers


def test_a_debate_that_is_the_matter_itself_is_looked_up() -> None:
    assert set(asked("who won the debate in Bergen?").terms) >= {"won", "debat", "bergen"}
    assert "summari" in "".join(asked("who wrote the summary?").terms)


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("how many seals were counted?", "figure"),
        ("how many seals did Solberg say were counted?", "figure"),
        ("what share of the catch was cod?", "figure"),
        ("when was the harbour dredged?", "when"),
        ("who won the regatta?", "who"),
        ("what did Solberg say?", "said"),
        ("why did the boiler blow up?", "plain"),
    ],
)
def test_what_is_wanted(text: str, wants: str) -> None:
    assert asked(text).wants == wants


def test_the_understanding_is_shown_in_words() -> None:
    assert asked("what did Solberg say about withdrawal?").understood == (
        "speaker Henrik Solberg · topic withdrawal · any time"
    )
    assert asked("what did Solberg say in January 2022 about cod?").understood.endswith("topic cod · January 2022")


@given(st.text(max_size=60) | st.lists(st.sampled_from(
    "what did does Solberg Ribeiro’s and , say said about on the mayor of is was ready according to in view ? 's who 2022 "
    "since March others he by promised Greta — « »".split()), max_size=12).map(" ".join))  # fmt: skip
def test_any_text_is_understood_and_spans_are_where_their_words_stand(text: str) -> None:
    question = asked(text)
    for found in (*question.speakers, *question.about):
        assert found.span is not None and found.span.of(text) == found.words
    assert isinstance(question.understood, str)
