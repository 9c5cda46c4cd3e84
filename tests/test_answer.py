"""What an answer shows: neighbours joined, repetitions folded, the telling sentence marked, silence where there is nothing."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from app.terminal import show_answer
from retrieval.schema import answer_json

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
    showing = [c for c in answer.citations if "port authority" in (c.text or "").lower()]
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


WIRE = (
    "“The pier has to be mended before any ship may enter the harbour again, and that will take us the whole of the spring,” "
    "Mayor Anna Berg told {}. “We ask the fishermen for patience.”"
)


def test_an_edited_copy_stands_under_the_first_with_its_own_words_place_and_speaker(indexed) -> None:
    files = {
        "gazette.txt": f"{filler(0, 2)}\n\n{WIRE.format('reporters in the town hall')}",
        "herald.txt": f"{filler(9, 3)}\n\n{WIRE.format('the Herald')}",
        "post.txt": f"{filler(20, 3)}\n\n{WIRE.format('the Herald').replace('“', '«').replace('”', '»')}",
    }
    answer = indexed(files).ask("when may ships enter the harbour again?")
    first = answer.citations[0]
    assert len(answer.citations) == 1 and len(first.nearly) == 1
    variant = first.nearly[0]
    shown, own = (files[p.place.document.doc_id.rsplit("/", 1)[1]] for p in (first, variant))
    assert first.place.span.of(shown) == first.text and variant.place.span.of(own) == variant.text != first.text
    assert variant.proof == "verified" and variant.who.speaker == first.who.speaker == "Anna Berg"
    told = [(d.own.of(own) if d.own else None, d.shown.of(shown) if d.shown else None) for d in variant.differences]
    assert [sorted(t) for t in told] == [["reporters in the town hall", "the Herald"]]
    every = [first.place, *first.also, variant.place, *variant.also]
    assert {p.document.doc_id for p in every} == {f"documents/{name}" for name in files}


def test_a_stock_phrase_is_shown_once_with_the_days_on_which_it_was_said(indexed) -> None:
    phrase = (
        "We are mending the pier stone by stone, {}and we shall not stop before the last ship is back in the harbour."
    )
    files = {
        f"day{n}.txt": f"Published: {n + 1} March 2022\n\n“{phrase.format(word)}” Mayor Anna Berg said.\n\n{filler(n * 9, 2)}"
        for n, word in enumerate(["", "as I said, ", "dear friends, "])
    }
    answer = indexed(files).ask("what did Anna Berg say about mending the pier?")
    first = answer.citations[0]
    dates = {v.place.document.metadata.published for v in (first, *first.nearly)}
    assert len(answer.citations) == 1 and dates == {"2022-03-01", "2022-03-02", "2022-03-03"}


def test_of_edited_copies_the_one_that_can_be_proved_is_the_one_that_is_shown(indexed) -> None:
    assistant = indexed({"gazette.txt": WIRE.format("reporters"), "herald.txt": WIRE.format("the Herald on the phone")})
    asked = "when may ships enter the harbour again?"
    first = assistant.ask(asked).citations[0]
    first.place.document.file.location.unlink()
    again = assistant.ask(asked).citations[0]
    assert again.proof == "verified" and again.place.document.doc_id == first.nearly[0].place.document.doc_id
    gone = again.nearly[0]
    assert gone.place.document.doc_id == first.place.document.doc_id
    assert (gone.text, gone.differences, gone.proof) == (None, (), "gone") and "no longer there" in (gone.notice or "")


def test_the_same_words_of_somebody_else_are_a_passage_of_their_own(indexed) -> None:
    other = WIRE.format("reporters in the town hall on Monday").replace("Mayor Anna Berg", "Harbour master Peter Holm")
    answer = indexed({"a.txt": WIRE.format("reporters"), "b.txt": other}).ask("when may ships enter the harbour again?")
    assert [c.who.speaker for c in answer.citations] in (["Anna Berg", "Peter Holm"], ["Peter Holm", "Anna Berg"])


def test_an_edited_copy_in_the_json_form_is_a_slice_of_its_document(indexed) -> None:
    files = {
        "gazette.txt": WIRE.format("reporters in the town hall"),
        "herald.txt": f"{filler(0, 1)}\n\n{WIRE.format('us')}",
    }
    passage = answer_json(indexed(files).ask("when may ships enter the harbour again?"))["passages"][0]
    variant = passage["nearly"][0]
    text, shown = (files[p["file"].split("/")[-1]] for p in (variant, passage))
    assert text[variant["start"] : variant["end"]] == variant["text"]
    own, other = variant["differences"][0]["own"], variant["differences"][0]["shown"]
    assert {text[slice(*own)], shown[slice(*other)]} == {"us", "reporters in the town hall"}
    assert variant["speaker"] == "Anna Berg" and variant["also"] == []


def test_the_terminal_tells_where_a_copy_differs_and_shows_its_own_words(indexed) -> None:
    files = {"gazette.txt": WIRE.format("reporters in the town hall"), "herald.txt": WIRE.format("the Herald")}
    answer = indexed(files).ask("when may ships enter the harbour again?")
    written = io.StringIO()
    show_answer(Console(file=written, width=80), answer)
    lines = written.getvalue().splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("    nearly the same: "))
    first, variant = answer.citations[0], answer.citations[0].nearly[0]
    assert variant.place.document.title in lines[at] and lines[at + 1] == "      — said by Anna Berg"
    told = ["“the Herald”", "“reporters in the town hall”"]
    assert lines[at + 2] in [f"      differs: {' for '.join(t)}" for t in (told, told[::-1])]
    assert lines[at + 3] == f"      {variant.text}" and f"[1] {first.text}" in lines


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
    assert not again.also, "a place where the words do not stand any more is none"


def test_an_answer_is_not_filled_up_with_what_has_nothing_to_do_with_it(indexed) -> None:
    files = {f"{n}.txt": filler(n * 3, 3) for n in range(4)} | {"a.txt": STATEMENT}
    answer = indexed(files).ask("how long will the harbour stay closed to ships?", k=10)
    assert [c.text for c in answer.citations] == [STATEMENT]


def test_a_place_where_the_same_words_no_longer_stand_is_not_told_as_one(indexed, tmp_path) -> None:
    assistant = indexed({f"paper{n}.txt": STATEMENT for n in range(3)})
    asked = "how long will the harbour stay closed to ships?"
    first = assistant.ask(asked).citations[0]
    changed = first.also[0].document
    changed.file.location.write_text(STATEMENT.replace("March", "April"))
    left = [p.document.doc_id for p in assistant.ask(asked).citations[0].also]
    assert len(first.also) == 2 and left == [p.document.doc_id for p in first.also if p.document.id != changed.id]


def test_the_verdict_does_not_depend_on_how_many_passages_are_shown(indexed) -> None:
    files = {
        f"{n}.txt": f"{filler(n * 9, 3)}\n\nThe {thing} stays closed."
        for n, thing in enumerate(["port", "road", "harbour"])
    }
    assistant = indexed(files)
    for asked in ("is the harbour closed?", "who owns the roses?", "do the gardens stay closed in the hills?"):
        told = {(a.verdict, a.reason) for a in (assistant.ask(asked, k=k) for k in (1, 2, 3, 8))}
        assert len(told) == 1, asked
        assert all(len(assistant.ask(asked, k=k).citations) <= k for k in (1, 2))


def test_a_month_of_another_year_is_not_the_month_asked_for(indexed) -> None:
    files = {"a.txt": f"Posted: 10 June 2022\n\nThe harbour\n\n{STATEMENT} In July the harbour was open to ships."}
    answer = indexed(files).ask("was the harbour open to ships in July 2023?")
    assert answer.verdict == "weak" and "None of these is of" in answer.reason
