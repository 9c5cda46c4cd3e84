"""Who said it, from the file to the answer: what somebody says is told apart from what is said about them."""

from __future__ import annotations

import pytest

from index.errors import SettingError
from retrieval.assistant import Assistant

MEETING = (
    "Meeting on the harbour\n\nThe council met in the town hall on Monday.\n\n"
    "Mayor Anna Berg: The harbour will stay closed until the pier is mended. Nobody likes that. Peter Holm: "
    "The fishermen cannot pay for a closed harbour. They need money before winter. Anna Berg: You will have money.\n\n"
    "Peter Holm: When will the money come? Anna Berg: In October."
)
ARTICLE = (
    "Pier collapses\n\nPart of the old pier fell into the sea on Friday.\n\n"
    "“The pier had been rotten for ten years,” said Clara Lindqvist, the engineer who inspected it.\n\n"
    "Anna Berg promised that the town would pay for a new pier.\n\n"
    "Critics say Anna Berg knew about the rotten pier and kept silent."
)


@pytest.fixture
def assistant(indexed) -> Assistant:
    return indexed({"meeting.txt": MEETING, "article.txt": ARTICLE})


def said(assistant: Assistant, name: str) -> list[str]:
    return [h.of(assistant.text_of(c.place.document)) for c in assistant.said(name) for h in c.highlights]


def test_a_passage_never_crosses_from_one_speaker_into_another(assistant: Assistant) -> None:
    passages = [p.text for p in assistant.open("documents/meeting.txt").passages if p.passage.role == "body"]
    assert "The fishermen cannot pay for a closed harbour. They need money before winter." in passages
    assert "When will the money come?" in passages and "In October." in passages


def test_a_question_that_names_a_speaker_is_answered_in_their_words_alone(assistant: Assistant) -> None:
    answer = assistant.ask("what did Peter Holm say about the closed harbour?")
    assert [c.text for c in answer.citations][:1] == [
        "The fishermen cannot pay for a closed harbour. They need money before winter."
    ]
    assert {c.who.speaker for c in answer.citations} == {"Peter Holm"}


def test_the_words_that_name_the_speaker_are_shown_with_why_they_do(assistant: Assistant) -> None:
    answer = assistant.ask("what did Clara Lindqvist say about the rotten pier?")
    who = answer.citations[0].who
    assert (who.how, who.speaker, who.because) == ("said", "Clara Lindqvist", "full name")
    assert who.mention_text is not None and "Clara Lindqvist" in who.mention_text


def test_reported_speech_is_told_apart_from_somebodys_own_words(assistant: Assistant) -> None:
    answer = assistant.ask("what did Anna Berg promise to pay for, a new pier?")
    reported = [c for c in answer.citations if "promised" in (c.text or "")]
    assert [(c.who.how, c.who.speaker) for c in reported] == [("reported", "Anna Berg")]


def test_what_others_say_about_somebody_is_never_mixed_in_with_what_they_say(assistant: Assistant) -> None:
    answer = assistant.ask("what did Anna Berg say about the rotten pier?")
    assert not any("Critics" in (c.text or "") for c in answer.citations)


def test_somebody_the_documents_do_not_quote_has_said_nothing_and_the_nearest_name_is_offered(
    assistant: Assistant,
) -> None:
    answer = assistant.ask("what did Clara Lindquist say about the pier?")
    assert answer.question.speakers[0].persons == ("Clara Lindqvist",)
    unknown = assistant.ask("what did Greta Thunberg say about the pier?")
    assert unknown.verdict == "none" and not unknown.citations
    assert "Greta Thunberg" in unknown.reason


def test_everything_somebody_says_is_listed_and_nothing_else(assistant: Assistant) -> None:
    words = " ".join(said(assistant, "Peter Holm"))
    assert "The fishermen cannot pay" in words and "When will the money come?" in words
    assert "You will have money" not in words


def test_a_surname_alone_finds_its_one_bearer(assistant: Assistant) -> None:
    assert said(assistant, "Holm") == said(assistant, "Peter Holm") != []


def test_a_name_of_nobody_is_told_with_the_nearest(assistant: Assistant) -> None:
    with pytest.raises(SettingError, match="did you mean Peter Holm"):
        assistant.said("Peter Holmm")


def test_speakers_are_listed_those_who_say_most_first(assistant: Assistant) -> None:
    listed = {s.person.name: s.spoken for s in assistant.speakers()}
    assert list(listed)[0] == "Anna Berg"
    assert (listed["Anna Berg"].documents, listed["Peter Holm"].documents) == (2, 1)


def test_who_speaks_is_made_out_anew_when_a_document_goes(indexed, tmp_path) -> None:
    assistant = indexed({"meeting.txt": MEETING, "article.txt": ARTICLE})
    (tmp_path / "documents/article.txt").unlink()
    assistant = indexed({"meeting.txt": MEETING})
    assert {s.person.name for s in assistant.speakers()} == {"Anna Berg", "Peter Holm"}


def test_the_same_words_of_two_people_are_not_folded(indexed) -> None:
    text = "Debate\n\nAnna Berg: I want the harbour closed to tankers now. Peter Holm: I want the harbour closed to tankers now."
    answer = indexed({"a.txt": f"{text}\n\nAnna Berg: We agree. Peter Holm: We do."}).ask("harbour closed to tankers?")
    assert {c.who.speaker for c in answer.citations} == {"Anna Berg", "Peter Holm"}


def test_a_passage_in_the_documents_own_voice_does_not_take_in_what_somebody_says(indexed) -> None:
    text = (
        "Pier collapses\n\nThe old pier of the harbour fell into the sea on Friday.\n\n"
        "“The old pier of the harbour fell because it was rotten,” said Clara Lindqvist.\n\nGardens are in bloom."
    )
    answer = indexed({"a.txt": text}).ask("old pier of the harbour fell")
    shown = {c.text: c.who.speaker for c in answer.citations}
    assert shown["The old pier of the harbour fell into the sea on Friday."] is None
    assert set(shown.values()) == {None, "Clara Lindqvist"}


def test_a_conversation_stays_with_its_documents(indexed) -> None:
    papers = {
        f"{n}.txt": "\n\n".join(
            f"The {what} of the {part} part is rotten." for part in ("first", "second", "third", "fourth")
        )
        + f"\n\nThe fine is {100 + n} crowns."
        for n, what in enumerate(("roof", "mill", "pier"))
    }
    assistant = indexed(papers)
    first = assistant.ask("which pier is rotten?")
    then = assistant.ask("how big is the fine?", first.question, k=20)
    fines = [c.place.document.doc_id for c in then.citations if "The fine" in (c.text or "")]
    assert fines[0] == "documents/2.txt"


def test_words_of_other_dates_than_the_question_names_are_told_to_be_that(indexed) -> None:
    said = "Posted: 05.05.2022\n\nHarbour\n\n“The harbour of Aarhus is closed to ships,” Peter Holm said."
    assistant = indexed({"a.txt": said})
    then = assistant.ask("what did Peter Holm say about the harbour of Aarhus in May 2022?")
    before = assistant.ask("what did Peter Holm say about the harbour of Aarhus in 2015?")
    assert "other dates" not in then.reason
    assert before.verdict == "weak" and "None of these is of 1 January 2015 to 31 December 2015" in before.reason


def test_the_words_of_a_period_are_looked_up_too(indexed) -> None:
    files = {
        f"{n}.txt": f"“The harbour was shut,” Peter Holm said in {m}." for n, m in enumerate(("May", "June", "August"))
    }
    answer = indexed(files).ask("what did Peter Holm say about the harbour in August 2016?")
    assert "in August" in (answer.citations[0].text or "")


def test_when_all_was_shown_the_next_ones_are_told_to_be_none(assistant: Assistant) -> None:
    first = assistant.ask("what did Peter Holm say about the closed harbour?", k=20)
    more = assistant.ask("the next ones", first.question, k=20)
    assert (more.verdict, more.citations) == ("none", ())
    assert more.reason == "There is nothing more than what was shown."
