"""Who says what in the seed article: each of its six utterances, right."""

from __future__ import annotations

import pytest

from app.settings import SEEDS
from index import readers
from index.records import Document
from index.speech import speech_of
from index.speech.records import Speech

PUTIN = "the President of the Russian Federation, Vladimir Putin"
HEAD = "the President of the Russian Federation"


@pytest.fixture(scope="module")
def document() -> Document:
    (path,) = SEEDS.glob("000_*.txt")
    (read,) = readers.read(path.read_bytes(), path.name).items
    assert isinstance(read, Document)
    return read


@pytest.fixture(scope="module")
def speech(document: Document) -> Speech:
    return speech_of(document)


@pytest.mark.parametrize(
    ("at", "mode", "mention", "cue", "because", "role", "opens", "ends"),
    [
        (0, "indirect", PUTIN, "noted", "apposition", HEAD, "that the threat to", "advantage of the situation"),
        (1, "direct", PUTIN, "noted", "continued", HEAD, "“Those who took up arms", "in a tight time frame.”"),
        (2, "indirect", "Vladimir Putin", "drew attention", "full name", HEAD, "the fact that", "been activated"),
        (3, "direct", "he", "said", "pronoun", HEAD, "“I want to emphasise", "territory of Kazakhstan,”"),
        (
            4,
            "mixed",
            "the President of Russia",
            "called",
            "title",
            "President of Russia",
            "the direction of",
            "terrorism.”",
        ),
        (5, "direct", "Vladimir Putin", "added", "full name", HEAD, "“I am sure", "to be played out.”"),
    ],
)
def test_utterance(
    document: Document,
    speech: Speech,
    at: int,
    mode: str,
    mention: str,
    cue: str,
    because: str,
    role: str,
    opens: str,
    ends: str,
) -> None:
    utterance = speech.utterances[at]
    assert utterance.name == "Vladimir Putin"
    assert (utterance.mode, utterance.because, utterance.role) == (mode, because, role)
    assert utterance.mention and utterance.mention.of(document.text) == mention
    assert utterance.cue and utterance.cue.of(document.text) == cue
    words = utterance.span.of(document.text)
    assert words.startswith(opens) and words.endswith(ends)


def test_there_are_no_other_utterances_and_nobody_else_is_named(speech: Speech) -> None:
    assert (speech.genre, len(speech.utterances)) == ("article", 6)
    assert [(known.name, known.kind) for known in speech.known] == [("Vladimir Putin", "person")]
