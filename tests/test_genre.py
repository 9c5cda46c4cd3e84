"""The genre of a document: whose voice it is in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.blocks import lay_out
from index.records import Document, Metadata
from index.speech import speech_of
from index.speech.monologues import monologue

SPEECH = (
    "Good morning, friends. I thank you for coming to our harbour.\n\n"
    "We have worked for this day, and you have worked with us."
)


def document(text: str, **metadata: object) -> Document:
    return Document(text, *lay_out(text, Metadata(**metadata)))  # type: ignore[arg-type]


def words(text: str, **metadata: object) -> list[str]:
    speech = monologue(document(text, **metadata))
    return [part.of(text) for part in speech.parts] if speech else []


def test_turns_under_labels_are_a_transcript() -> None:
    assert (
        speech_of(document("Anna Bruni: I am here.\n\nIvan Petrov: We see you.\n\nAnna Bruni: Good.")).genre
        == "transcript"
    )


def test_prose_about_people_is_an_article() -> None:
    text = "Port sold\n\nThe mayor, Anna Bruni, sold the port on Monday. “I had to,” she said. “We need the money.”"
    assert speech_of(document(text)).genre == "article"


@pytest.mark.parametrize(
    ("title", "name", "role"),
    [
        ("Remarks by the President at the Harbour", None, "the President"),
        ("Remarks by Mayor Anna Bruni at the Harbour", "Anna Bruni", "Mayor"),
        ("REMARKS BY MAYOR ANNA BRUNI AT THE HARBOUR", "Anna Bruni", "MAYOR"),
        ("Remarks of First Lady Anna Bruni", "Anna Bruni", "First Lady"),
        ("Remarks as Prepared for Delivery by Dr. Anna Bruni", "Anna Bruni", "Dr."),
        ("Address by Anna Bruni, Mayor of Genoa", "Anna Bruni", None),
        ("Statement by the First Lady on the Harbour", None, "the First Lady"),
        ("Speech by Anna Bruni at the opening of the harbour", "Anna Bruni", None),
        ("Full text: Anna Bruni’s speech at the harbour", "Anna Bruni", None),
        ("Mayor Bruni's Weekly Address", "Bruni", "Mayor"),
    ],
)
def test_a_title_tells_whose_speech_it_is(title: str, name: str | None, role: str | None) -> None:
    text = f"{title}\n\nGenoa, 10:15 A.M.\n\n{SPEECH}"
    speech = monologue(document(text))
    assert speech is not None and speech_of(document(text)).genre == "monologue"
    assert (speech.name, speech.role, speech.because) == (name, role, "by-line")
    assert speech.mention and speech.mention.of(text) in title
    assert [part.of(text) for part in speech.parts] == SPEECH.split("\n\n")


def test_a_title_in_the_metadata_tells_it_too() -> None:
    speech = monologue(document(SPEECH, title="Speech by Anna Bruni at the harbour"))
    assert speech is not None and (speech.name, speech.mention) == ("Anna Bruni", None)


def test_a_speaker_in_the_metadata_said_it_all() -> None:
    text = "Is it agreed?\n\nIt is."
    speech = monologue(document(text, extra={"speaker": "Anna Bruni"}))
    assert speech is not None and speech.name == "Anna Bruni"
    assert words(text, extra={"speaker": "Anna Bruni"}) == ["Is it agreed?", "It is."]
    assert speech_of(document(text, extra={"speaker": "Anna Bruni"})).genre == "monologue"


def test_an_interruption_does_not_make_a_told_speakers_turn_a_transcript() -> None:
    text = "I have said it all. We go on. Ms. Emma Waters: Shame! I will not have it. Ivan Petrov: Order! I thank you."
    assert speech_of(document(text, extra={"speaker": "Anna Bruni"})).genre == "monologue"


def test_an_introduction_in_the_third_person_is_not_said() -> None:
    text = f"Speech by Anna Bruni\n\nAnna Bruni spoke on Monday in Genoa before six hundred guests.\n\n{SPEECH}"
    assert words(text) == SPEECH.split("\n\n")


def test_a_stamp_at_the_end_is_not_said() -> None:
    assert words(f"Speech by Anna Bruni\n\n{SPEECH}\n\nEND 10:40 A.M. EDT") == SPEECH.split("\n\n")


def test_a_statement_in_the_third_person_is_an_article() -> None:
    text = (
        "Statement by the Press Secretary on the Harbour\n\nThe President met the Mayor of Genoa today. "
        "They spoke of the harbour, and agreed to meet again in May. The President thanked the Mayor for her visit."
    )
    assert speech_of(document(text)).genre == "article"


def test_remarks_by_two_without_labels_are_nobodys() -> None:
    assert monologue(document(f"Remarks by Mayor Anna Bruni and Minister Ivan Petrov\n\n{SPEECH}")) is None


def test_an_author_who_speaks_to_an_audience_gives_a_speech() -> None:
    speech = monologue(document(f"The new harbour\n\n{SPEECH}", author="Anna Bruni"))
    assert speech is not None and speech.name == "Anna Bruni"


def test_a_dateline_is_no_label() -> None:
    text = (
        "GENOA -- I went to the harbour on Monday, and we all saw it: my ship had come in. "
        + "I think that we won. " * 20
    )
    assert speech_of(document(text)).genre == "article"


def test_an_author_who_reports_writes_an_article() -> None:
    text = "The new harbour\n\nI went to Genoa on Monday. The harbour was open, and the mayor spoke to us of her plans."
    assert speech_of(document(text, author="Anna Bruni")).genre == "article"


def test_the_seed_is_an_article() -> None:
    seeds = Path(__file__).parent.parent / "seeds"
    for path in seeds.glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert speech_of(document(text)).genre == "article"


@given(st.text())
def test_every_text_has_a_genre(text: str) -> None:
    assert speech_of(document(text)).genre in ("article", "transcript", "monologue")
