"""The user's own question on the user's own document, with the real model."""

from __future__ import annotations

import pytest

from app.settings import SEEDS
from index.store import Store
from index.sync import sync
from retrieval.assistant import Assistant


@pytest.fixture(scope="module")
def assistant(tmp_path_factory, minilm) -> Assistant:
    store = Store(tmp_path_factory.mktemp("seed"))
    sync(store, minilm, [SEEDS])
    return Assistant(store)


def test_the_withdrawal_is_among_the_first_three_whole_and_cited(assistant: Assistant) -> None:
    answer = assistant.ask("what did Putin say about withdrawal?")
    assert answer.verdict == "answered"
    words = "the entire contingent will be withdrawn from the territory of Kazakhstan,”"
    found = [
        c
        for c in answer.citations[:3]
        if "After fulfilling their functions" in (c.text or "") and words in (c.text or "")
    ]
    assert len(found) == 1
    place = found[0].place
    assert place.document.doc_id == "seeds/000_de73240398956e60.txt"
    assert place.document.metadata.published == "2022-01-10"
    assert place.document.metadata.published_note == "“10.01.2022 14:29:00” read day first"
    assert place.paragraph <= 7 <= place.paragraph_end


def test_the_sentence_of_the_withdrawal_is_emphasised(assistant: Assistant) -> None:
    answer = assistant.ask("what did Putin say about withdrawal?")
    text = assistant.open("seeds/000_de73240398956e60.txt").source.document.text
    marked = [h.of(text) for c in answer.citations[:3] for h in c.highlights]
    assert any(m.startswith("After fulfilling their functions") for m in marked)


def test_the_capital_of_france_is_not_in_it(assistant: Assistant) -> None:
    answer = assistant.ask("what is the capital of France?")
    assert (answer.verdict, answer.citations) == ("none", ())


def test_examples_come_from_the_document_and_find_something(assistant: Assistant) -> None:
    examples = assistant.examples(3)
    assert examples
    assert all(assistant.ask(e).citations for e in examples)
