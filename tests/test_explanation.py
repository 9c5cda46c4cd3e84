"""`--explain`: for each passage, why it is there, in words and in figures that are those search ordered it by."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from app.terminal import show_answer
from app.wording import ordinal, short, why_here
from index.store import Store
from retrieval.assistant import Assistant
from retrieval.records import Answer, Explanation
from retrieval.schema import answer_json

ROOT = Path(__file__).resolve().parent.parent
HARBOUR = {
    "a.txt": "Harbour report\n\nThe harbour was closed on Monday. Ships wait outside. The pilots sleep.",
    "b.txt": "Letter\n\nWhen the harbour opens again, nobody at the pier could say; the pilots think of the spring.",
    "c.txt": "Notes\n\nThe harbour master grows roses.",
    "d.txt": "Minutes\n\nThe closing of the pier was put to the vote, and the pier was lost.\n\nCoffee was served at ten.",
}
SHELTERS = {
    f"{number}.txt": f"Published: {date}\n\n{title}\n\n“{words},” said {name}, the {office}. The council listened.\n"
    for number, (title, date, words, name, office) in enumerate(
        [
            ("Floods", "3 March 2021", "In June we shall close the shelter at the mill", "Anna Berg", "mayor"),
            ("Snow", "9 June 2022", "The shelter at the mill stays open for now", "Anna Berg", "mayor"),
            ("Storm", "10 June 2022", "Nobody told me of a shelter at all", "Peter Holm", "harbour master"),
        ]
    )
}


class ByWord:
    """A reranker that likes texts with a word."""

    def __init__(self, word: str) -> None:
        self.name, self._word = f"liking {word}", word

    def scores(self, question: str, texts: Sequence[str]) -> np.ndarray:
        return np.array([float(self._word in text) for text in texts], np.float32)


def dixit(*words: str, cwd: Path) -> str:
    """What a command prints."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "app.cli", *words]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=True).stdout


def explained(answer: Answer) -> list[Explanation]:
    found = [c.explanation for c in answer.citations if c.explanation]
    assert found and len(found) == len(answer.citations)
    return found


def shown(answer: Answer) -> str:
    """What the terminal gets."""
    file = io.StringIO()
    show_answer(Console(file=file, width=200), answer)
    return file.getvalue()


def test_nothing_is_explained_unasked(indexed: Callable) -> None:
    answer = indexed(HARBOUR).ask("when was the harbour closed?")
    assert answer.citations and all(c.explanation is None for c in answer.citations)
    assert "why here" not in shown(answer)
    assert all("explanation" not in p for p in answer_json(answer)["passages"])


def test_explaining_changes_nothing_else(indexed: Callable) -> None:
    assistant, question = indexed(HARBOUR), "when was the harbour closed?"
    plain, with_reasons = (answer_json(assistant.ask(question, explain=explain)) for explain in (False, True))
    for passage in with_reasons["passages"]:
        del passage["explanation"]
    assert plain == with_reasons


def test_the_words_named_stand_in_the_passage_as_they_are_named(indexed: Callable) -> None:
    answer = indexed(HARBOUR).ask("will they close the Harbour pier?", explain=True)
    for citation, why in zip(answer.citations, explained(answer)):
        for term in why.terms:
            assert all(form in citation.text for form in term.found)
    closing = next(c for c in answer.citations if "closing" in c.text)
    assert {t.asked: t.found for t in closing.explanation.terms} == {
        "close": ("closing",),
        "Harbour": (),
        "pier": ("pier",),
    }
    assert "“closing” for “close”" in why_here(closing)[1] and "not “Harbour”" in why_here(closing)[1]


def test_the_rarest_word_is_named_first(indexed: Callable) -> None:
    answer = indexed(HARBOUR).ask("harbour closed in the spring", explain=True)
    for why in explained(answer):
        rarity = [t.rarity for t in why.terms]
        assert rarity == sorted(rarity, reverse=True)
        assert why.terms[0].asked == "spring"


def test_a_word_of_the_title_alone_is_told_as_such(indexed: Callable) -> None:
    answer = indexed(HARBOUR).ask("minutes of the vote", explain=True)
    first = answer.citations[0]
    assert [(t.asked, t.found, t.in_title) for t in first.explanation.terms if t.in_title] == [("minutes", (), True)]
    assert "in the title “minutes”" in why_here(first)[1] and "(2 of 2)" in why_here(first)[1]


def test_a_passage_without_any_of_the_words_says_so(indexed: Callable) -> None:
    answer = indexed({"a.txt": "Log\n\nThe gate was shut at noon."}).ask("zebra crossing", explain=True)
    for citation in answer.citations:
        assert why_here(citation)[1].startswith("words: not “zebra”, “crossing” (0 of 2)")


@pytest.mark.parametrize(
    "question", ["when was the harbour closed?", "what did Anna Berg say about the shelter in June 2022?"]
)
def test_the_figures_are_those_that_order_the_passages(indexed: Callable, question: str) -> None:
    answer = indexed(HARBOUR | SHELTERS).ask(question, explain=True)
    for citation, why in zip(answer.citations, explained(answer)):
        meaning = (why.dense + why.nearest_dense) / 2
        assert why.parts.own == pytest.approx(why.dense_weight * meaning + (1 - why.dense_weight) * why.lexical)
        assert why.parts.own + why.parts.context + why.parts.date + why.parts.talk == pytest.approx(citation.score)
        assert 0 <= why.lexical <= 1 and 1 <= why.rank <= why.candidates <= why.searched
        assert citation.place.span.holds(why.span) and why.span.holds(why.nearest)
        assert f"score {short(citation.score)}" in why_here(citation)[3]
    assert [why.rank for why in explained(answer)][0] == 1


def test_the_nearest_sentence_is_the_one_that_shares_most_with_the_question(indexed: Callable) -> None:
    first = indexed(HARBOUR).ask("harbour closed on Monday", explain=True).citations[0]
    assert first.explanation.nearest_dense > first.explanation.dense
    assert "“The harbour was closed on Monday.”" in why_here(first)[2]


def test_whose_words_were_searched_is_told_when_somebody_was_asked_for(indexed: Callable) -> None:
    assistant = indexed(SHELTERS)
    theirs = assistant.ask("what did Anna Berg say about the shelter?", explain=True)
    for citation, why in zip(theirs.citations, explained(theirs)):
        assert why.people == ("Anna Berg",) and why.searched == 2
        assert "of 2 passages with words of Anna Berg, as asked" in why_here(citation)[0]
    anybodys = assistant.ask("is there a shelter?", explain=True)
    assert all(w.people == () and w.searched == anybodys.searched.passages for w in explained(anybodys))


def test_what_others_say_is_explained_as_theirs_was_not_searched(indexed: Callable) -> None:
    answer = indexed(SHELTERS | HARBOUR).ask("what did Peter Holm say about the shelter at the mill?", explain=True)
    assert all(c.explanation and c.explanation.people == () for c in answer.others)


def test_a_date_that_was_asked_for_is_told(indexed: Callable) -> None:
    answer = indexed(SHELTERS).ask("what did Anna Berg say about the shelter at the mill in June 2022?", explain=True)
    june = next(c for c in answer.citations if "stays open" in c.text)
    march = next(c for c in answer.citations if "shall close" in c.text)
    assert june.explanation.parts.date > 0 == march.explanation.parts.date
    assert f"{short(june.explanation.parts.date)} as published in the time asked for, June 2022" in why_here(june)[3]
    assert "nothing for its date, which is not June 2022" in why_here(march)[3]


def test_no_date_is_spoken_of_when_none_was_asked_for(indexed: Callable) -> None:
    answer = indexed(SHELTERS).ask("what did Anna Berg say about the shelter?", explain=True)
    assert all("date" not in line and "time asked" not in line for c in answer.citations for line in why_here(c))


def test_that_a_conversation_stays_with_its_documents_is_told(indexed: Callable) -> None:
    assistant = indexed(SHELTERS)
    before = assistant.ask("what did Anna Berg say about the shelter?").question
    answer = assistant.ask("what did she say about the mill?", before, explain=True)
    assert any(why.parts.talk > 0 for why in explained(answer))
    for citation, why in zip(answer.citations, explained(answer)):
        assert ("the conversation is on" in why_here(citation)[3]) == (why.parts.talk > 0)


def test_a_reranker_is_told_with_the_places_before_and_after(indexed: Callable, tmp_path: Path) -> None:
    indexed(HARBOUR)
    question = "was the harbour closed when the pilots think of roses?"
    plain = Assistant(Store(tmp_path / "store")).ask(question, explain=True)
    assert all(w.reranker is None and w.rank == w.rank_before for w in explained(plain))
    before = {c.text: c.explanation for c in plain.citations}
    answer = Assistant(Store(tmp_path / "store"), reranker=ByWord("roses")).ask(question, explain=True)
    first = answer.citations[0]
    assert "roses" in first.text and first.explanation.rank == 1 < first.explanation.rank_before
    assert first.explanation.rank_before == before[first.text].rank
    assert f"reranked by liking roses: 1st, {ordinal(before[first.text].rank)} before" in why_here(first)
    # What it was worth to search is told as it was, not as it was dealt out anew.
    assert first.explanation.parts == before[first.text].parts
    assert first.explanation.parts.score < first.score


def test_neighbours_that_are_shown_with_a_passage_are_told(indexed: Callable) -> None:
    text = "Report\n\n" + "\n\n".join(f"The harbour was closed on day {n} by the pilots." for n in ("one", "two"))
    first = indexed({"a.txt": text}).ask("harbour closed by the pilots", explain=True).citations[0]
    assert len(first.explanation.joined) == 1 and first.place.span.holds(first.explanation.joined[0])
    assert "shown with the passage beside it, nearly as good" in why_here(first)


def test_nothing_is_quoted_of_a_document_that_has_changed(indexed: Callable, tmp_path: Path) -> None:
    assistant = indexed(HARBOUR)
    (tmp_path / "documents" / "a.txt").write_text("Harbour report\n\nAll is well.")
    answer = assistant.ask("when was the harbour closed?", explain=True)
    gone = [c for c in answer.citations if c.text is None]
    assert gone and all(c.explanation is None for c in gone)
    assert "Monday" not in shown(answer)


def test_what_a_document_or_a_reranker_has_to_say_cannot_act_on_the_terminal(indexed: Callable, tmp_path: Path) -> None:
    indexed(
        HARBOUR | {"evil.txt": "Evil\n\nThe ferry \x1b[2J\x1b]0;owned\x07 sank \u202egnos\u202c. [bold]Really[/bold]."}
    )
    reranker = ByWord("ferry")
    reranker.name = "\x1b[31mred\u202e"
    answer = Assistant(Store(tmp_path / "store"), reranker=reranker).ask("ferry sank \u202egnos\x1b", explain=True)
    told = shown(answer)
    assert "why here" in told and "reranked by ␛[31mred<U+202E>" in told and "“The ferry ␛[2J" in told
    assert not {"\x1b", "\x07", "\u202e", "\u202c"} & set(told)


def test_json_tells_the_same_in_the_documented_form(indexed: Callable) -> None:
    answer = indexed(SHELTERS).ask("what did Anna Berg say about the shelter in June 2022?", explain=True)
    for passage, why in zip(json.loads(json.dumps(answer_json(answer)))["passages"], explained(answer)):
        told = passage["explanation"]
        assert [told["start"], told["end"]] == [why.span.start, why.span.end]
        assert told["score"]["total"] == passage["score"]
        own = told["dense_weight"] * (told["dense"] + told["nearest"]["dense"]) / 2
        own += (1 - told["dense_weight"]) * told["lexical"]
        assert own == pytest.approx(told["score"]["own"], abs=2e-4)
        assert (told["people"], told["period"], told["reranker"]) == (["Anna Berg"], "June 2022", None)
        assert all(set(term) == {"asked", "found", "in_title", "rarity"} for term in told["terms"])


def test_ask_and_batch_take_the_option(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.txt").write_text(HARBOUR["a.txt"])
    dixit("index", "documents", "--model", "hashing", cwd=tmp_path)
    assert "why here: 1st of 1 passages" in dixit("ask", "harbour", "--explain", cwd=tmp_path)
    (tmp_path / "queries.jsonl").write_text('{"id": 1, "text": "harbour"}\n{"id": 2, "turns": [{"text": "harbour"}]}\n')
    dixit("batch", "queries.jsonl", "--out", "out.jsonl", "--explain", cwd=tmp_path)
    one, two = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    by_ask = json.loads(dixit("ask", "harbour", "--explain", "--json", cwd=tmp_path))
    assert one["passages"] == two["answers"][0]["passages"] == by_ask["passages"]
    assert "explanation" in one["passages"][0]
