"""What an answer shows: neighbours joined, repetitions folded, the telling sentence marked, silence where there is nothing."""

from __future__ import annotations

import pytest

STATEMENT = "The harbour will stay closed to all ships until the end of March, the port authority said in a statement on Monday."
OTHER = "Unrelated filler paragraph {} about gardens, roses and the weather in the hills."


def filler(first: int, count: int) -> str:
    return "\n\n".join(OTHER.format(f"number {n} of the {n}th kind") for n in range(first, first + count))


def test_an_index_of_nothing_answers_nothing(indexed) -> None:
    answer = indexed({"empty.txt": ""}).ask("is the harbour closed?")
    assert (answer.verdict, answer.citations) == ("none", ())


def test_near_identical_words_of_several_documents_are_shown_once_with_all_their_places(indexed) -> None:
    files = {f"paper{n}.txt": f"{filler(n * 9, 2)}\n\n{STATEMENT}\n\n{filler(n * 9 + 4, 2)}" for n in range(4)}
    files["paper4.txt"] = f"{filler(60, 2)}\n\n“{STATEMENT.upper()}”"
    answer = indexed(files).ask("how long will the harbour stay closed to ships?")
    showing = [c for c in answer.citations if "port authority" in (c.text or "")]
    assert len(showing) == 1
    places = [showing[0].place, *showing[0].also]
    assert {p.document.doc_id for p in places} == {f"documents/paper{n}.txt" for n in range(5)}


@pytest.mark.parametrize(
    "other",
    ["killed 21 people", "did not kill 12 people", "killed 12 miners", "killed over 12 people", "killed $12 people"],
)
def test_statements_that_contradict_each_other_are_never_folded(indexed, other: str) -> None:
    told = "The explosion in the Karvina mine {} on Monday, the company that runs the mine told reporters in Ostrava."
    files = {"a.txt": told.format("killed 12 people"), "b.txt": told.format(other)}
    answer = indexed(files).ask("how many people did the explosion in the Karvina mine kill?")
    assert sorted(c.text for c in answer.citations) == sorted(files.values())
    assert not any(c.also for c in answer.citations)


def test_each_place_of_a_repetition_holds_those_words(indexed, tmp_path) -> None:
    files = {f"paper{n}.txt": f"{filler(n * 9, n + 1)}\n\n{STATEMENT}" for n in range(3)}
    answer = indexed(files).ask("how long will the harbour stay closed to ships?")
    for place in answer.citations[0].also:
        assert "port authority" in place.span.of(place.document.file.location.read_text())


def test_neighbouring_passages_that_both_answer_are_one_passage(indexed) -> None:
    text = f"{filler(0, 3)}\n\nThe harbour is closed to ships.\n\nThe harbour is closed to ships that carry oil.\n\n{filler(5, 3)}"
    answer = indexed({"a.txt": text}).ask("is the harbour closed to ships?")
    first = answer.citations[0]
    assert first.text == "The harbour is closed to ships.\n\nThe harbour is closed to ships that carry oil."
    assert (first.place.paragraph, first.place.paragraph_end) == (4, 5)


def test_the_sentence_that_answers_is_marked_and_not_the_one_beside_it(indexed) -> None:
    text = (
        f"{filler(0, 3)}\n\nRoses were in bloom. The harbour is closed to ships. Everybody had tea.\n\n{filler(5, 3)}"
    )
    answer = indexed({"a.txt": text}).ask("is the harbour closed to ships?")
    assert [h.of(text) for h in answer.citations[0].highlights] == ["The harbour is closed to ships."]


def test_a_question_that_nothing_bears_on_gets_none_and_no_passage(indexed) -> None:
    answer = indexed({"a.txt": filler(0, 3)}).ask("which striker scored against Arsenal?")
    assert (answer.verdict, answer.citations) == ("none", ())


def test_numbers_run_from_one_and_passages_are_best_first(indexed) -> None:
    answer = indexed({f"{n}.txt": f"{STATEMENT[: 40 + n * 10]}\n\n{filler(n * 9, 3)}" for n in range(4)}).ask(
        "harbour closed?", k=3
    )
    assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert [c.score for c in answer.citations] == sorted((c.score for c in answer.citations), reverse=True)
    assert 1 <= len(answer.citations) <= 3


def test_captions_and_stamps_are_no_answers(indexed) -> None:
    text = "Posted: 10.01.2022 14:29:00\n\nHarbour news\n\nPhoto: www.harbour.example\n\nThe harbour was photographed by visitors."
    answer = indexed({"a.txt": text}).ask("harbour photo posted 2022")
    assert [c.text for c in answer.citations] == ["The harbour was photographed by visitors."]


def test_of_a_repetition_the_copy_that_can_be_proved_is_the_one_that_is_shown(indexed, tmp_path) -> None:
    files = {f"paper{n}.txt": f"{filler(n * 9, 3)}\n\n{STATEMENT}\n\n{filler(n * 9 + 4, 3)}" for n in range(2)}
    assistant = indexed(files)
    asked = "how long will the harbour stay closed to ships?"
    first = assistant.ask(asked).citations[0]
    first.place.document.file.location.unlink()
    again = assistant.ask(asked).citations[0]
    assert again.proof == "verified" and "port authority" in (again.text or "")
    assert again.place.document.doc_id == first.also[0].document.doc_id
    assert [p.document.doc_id for p in again.also] == [first.place.document.doc_id]


def test_an_answer_is_not_filled_up_with_what_has_nothing_to_do_with_it(indexed) -> None:
    files = {f"{n}.txt": filler(n * 3, 3) for n in range(4)} | {"a.txt": STATEMENT}
    answer = indexed(files).ask("how long will the harbour stay closed to ships?", k=10)
    assert [c.text for c in answer.citations] == [STATEMENT]
