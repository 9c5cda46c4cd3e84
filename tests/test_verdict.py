"""The verdict: an answer is called one where there is one, and silence is explained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder import Encoder
from retrieval.assistant import Assistant
from retrieval.evidence import OF_ANYBODYS, OF_THEIRS, Evidence, Model, gauge_of

COUNCIL = (
    "Council meeting\n\n"
    "Mayor Ruth Vane: The library will be open on Sundays from May. We have found the money for two more librarians. "
    "Tom Ashe: I am against the parking fees. Shopkeepers in the old town will lose their customers to the mall. "
    "Ruth Vane: The fees pay for the new buses. Nobody has to take the car.\n\n"
    "Tom Ashe: The tram line is late again, and it will cost eleven million more than was planned. "
    "Ruth Vane: The builders hit an old sewer under the market, so the tram will start a year later."
)
FLOOD = (
    "River over its banks\n\n"
    "The river flooded forty cellars in the lower town on Saturday night.\n\n"
    "“The pumps failed because nobody had serviced them since 2011,” said Ines Koller, who leads the fire brigade.\n\n"
    "The brigade pumped water out of the school until noon. Walter Grum, whose bakery stood under water, lost two ovens."
)
SPORT = (
    "Rowers win at home\n\n"
    "The women's eight won the regatta by half a length in front of three thousand people.\n\n"
    "“We had trained in the rain all spring,” said Julia Lindt, the cox."
)


@pytest.fixture
def town(indexed, minilm) -> Assistant:
    return indexed({"council.txt": COUNCIL, "flood.txt": FLOOD, "sport.txt": SPORT}, minilm)


# What the verdict is


@pytest.mark.parametrize(
    "question",
    [
        "what did Ruth Vane say about opening the library on Sundays?",
        "why did the pumps fail?",
        "what did Tom Ashe say about parking fees?",
    ],
)
def test_what_the_documents_tell_is_answered(town: Assistant, question: str) -> None:
    assert town.ask(question).verdict == "answered"


@pytest.mark.parametrize(
    "question", ["what is the capital of France?", "how do vaccines work?", "which planet has the most moons?"]
)
def test_what_no_document_is_about_gets_none_and_no_passage(town: Assistant, question: str) -> None:
    answer = town.ask(question)
    assert (answer.verdict, answer.citations) == ("none", ())


def test_a_document_that_holds_every_key_word_is_never_kept_back(indexed) -> None:
    text = "Ferry timetable for winter\n\nBoats leave at seven, at noon and at five. There is none on Mondays."
    assert indexed({"ferry.txt": text}).ask("ferry timetable winter").verdict != "none"


def test_what_only_others_speak_of_is_not_put_into_somebodys_mouth(town: Assistant) -> None:
    answer = town.ask("what did Julia Lindt say about the failed pumps?")
    assert (answer.verdict, answer.citations) == ("none", ())
    assert "Julia Lindt speaks in 1 document" in answer.reason and "others say" in answer.reason
    assert any("serviced" in (c.text or "") for c in answer.others)


def test_somebody_who_speaks_of_other_things_has_said_nothing_on_it(town: Assistant) -> None:
    answer = town.ask("what did Ines Koller say about nuclear weapons?")
    assert (answer.verdict, answer.citations) == ("none", ())
    assert "Ines Koller" in answer.reason


def test_whatever_somebody_says_answers_a_question_that_names_no_matter(town: Assistant) -> None:
    assert town.ask("what did Tom Ashe say?").verdict == "answered"


# Whose words they are


def test_nobody_of_that_name_is_quoted_and_the_nearest_name_is_told(town: Assistant) -> None:
    answer = town.ask("what did Greta Thunberg say about the flood?")
    assert (answer.verdict, answer.citations) == ("none", ())
    assert answer.reason.startswith("Nobody called Greta Thunberg is quoted in the documents")


def test_somebody_named_but_not_quoted_is_weak_at_best_and_told(town: Assistant) -> None:
    answer = town.ask("what did Walter Grum say about his bakery under water?")
    assert answer.verdict == "weak"
    assert "Walter Grum" in answer.reason and "speaker is not known" in answer.reason
    assert all(c.who.speaker is None for c in answer.citations)
    assert any("bakery" in (c.text or "") for c in answer.citations)


def test_of_several_speakers_the_one_who_is_not_quoted_is_told(town: Assistant) -> None:
    answer = town.ask("what did Tom Ashe and Greta Thunberg say about parking fees?")
    assert answer.verdict != "none"
    assert "Nobody called Greta Thunberg is quoted" in answer.reason


def test_a_pronoun_that_stands_for_nobody_is_no_unknown_speaker(town: Assistant) -> None:
    answer = town.ask("what did she say about opening the library on Sundays?")
    assert answer.verdict != "none" and "named" not in answer.reason


def test_a_name_that_stands_nowhere_is_told_and_nothing_is_called_an_answer(town: Assistant) -> None:
    answer = town.ask("how many cellars were flooded in Wuppertal?")
    assert answer.verdict != "answered"
    assert "“Wuppertal” stands nowhere in the documents" in answer.reason


# The model


class Squeezed:
    """An encoder with the same sense of likeness, all of whose cosines lie between 0.7 and 1, as many encoders have them."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder, self.name, self.fingerprint = encoder, encoder.name, "squeezed"
        self.dimension, self.max_tokens = encoder.dimension + 1, encoder.max_tokens
        self.count_tokens = encoder.count_tokens

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        vectors = self._encoder.encode_passages(texts)
        return np.hstack([vectors * 0.3**0.5, np.full((len(vectors), 1), 0.7**0.5, np.float32)])

    def encode_query(self, text: str) -> np.ndarray:
        return self.encode_passages([text])[0]


def test_the_gauge_reads_the_same_whatever_the_encoders_cosines_are_like(minilm) -> None:
    pairs = Model.load().pairs
    plain, squeezed = gauge_of(minilm, pairs), gauge_of(Squeezed(minilm), pairs)
    assert squeezed.closeness(0.7 + 0.3 * 0.4) == pytest.approx(plain.closeness(0.4), abs=1e-3)
    assert squeezed.by_chance(1000) == pytest.approx(plain.by_chance(1000), abs=1e-3)


def test_the_more_passages_there_are_the_nearer_one_has_to_be(minilm) -> None:
    by_chance = Model.load().gauge(minilm).by_chance
    assert by_chance(1) == 0 < by_chance(10) < by_chance(10_000) < 1.5


def test_the_gauge_that_is_shipped_is_that_of_the_encoder(minilm, hashing) -> None:
    model = Model.load()
    for encoder in (minilm, hashing):
        shipped, taken = model.gauges[encoder.fingerprint], gauge_of(encoder, model.pairs)
        assert astuple(taken) == pytest.approx(astuple(shipped), abs=1e-3)


def test_the_weights_are_those_of_the_evidence() -> None:
    model = Model.load()
    assert (set(model.theirs), set(model.anybodys)) == ({*OF_THEIRS, "bias"}, {*OF_ANYBODYS, "bias"})
    assert 0 < model.weak_from < model.answered_from < 1


shares = st.floats(0, 1)
EVIDENCE = st.builds(Evidence, st.floats(-1.5, 2.5), shares, st.floats(0, 2), st.booleans())


@given(EVIDENCE, st.floats(0.01, 1))
def test_nearer_passages_and_more_of_the_words_never_count_against_an_answer(found: Evidence, more: float) -> None:
    chance = Model.load().chance
    assert chance(replace(found, closeness=found.closeness + more)) >= chance(found)
    assert chance(replace(found, words=found.words + more)) >= chance(found)


@given(EVIDENCE, st.floats(0.01, 1))
def test_nearer_words_of_others_never_count_for_one(found: Evidence, more: float) -> None:
    chance = Model.load().chance
    assert chance(replace(found, lead=found.lead + more)) <= chance(found)


def test_an_encoder_that_tells_nothing_apart_still_has_a_gauge() -> None:
    class Constant:
        fingerprint = "constant"

        def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
            return np.ones((len(texts), 1), np.float32)

        def encode_query(self, text: str) -> np.ndarray:
            return np.ones(1, np.float32)

    gauge = gauge_of(Constant(), Model.load().pairs)
    for cosine in (-1.0, 1.0):
        found = Evidence(gauge.closeness(cosine) - gauge.by_chance(1000), 0.0, 0.0, False)
        assert 0 <= Model.load().chance(found) <= 1


def test_a_topic_carried_over_from_another_question_takes_more_to_be_absent() -> None:
    model = Model.load()
    doubtful = next(
        e
        for closeness in range(300, -300, -1)
        if model.weak_from * 0.5 > model.chance(e := Evidence(closeness / 100, 0.0, 0.0, True))
    )
    assert (model.verdict(doubtful), model.verdict(doubtful, carried=True)) == ("none", "weak")
