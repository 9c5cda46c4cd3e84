"""Ranking: both searches, their fusion, and what must hold of it whatever the weights are."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder import Encoder
from index.stored import StoredPassage
from retrieval.question import understand
from retrieval.search import CONTEXT_WEIGHT, DENSE_WEIGHT, STRANGE_SHARE, TURN_WEIGHT, TURNS, Searcher, fuse

FILES = {
    "harbour.txt": "The harbour is closed to ships.\n\nNobody knows when it opens again.",
    "airport.txt": "The airport is open.\n\nFlights leave every hour for the harbour city.",
    "wine.txt": "The harvest was poor.\n\nWine will be dear next year.",
}

cosines, matches = st.floats(-1, 1), st.floats(0, 50)


@given(cosines, cosines, matches, matches)
def test_a_candidate_that_is_better_on_both_sides_is_never_ranked_lower(d1, d2, b1, b2) -> None:
    better = fuse(max(d1, d2), max(b1, b2), 50.0)
    assert better >= fuse(d1, b1, 50.0) and better >= fuse(d2, b2, 50.0)


def test_a_passage_found_by_one_side_alone_carries_its_exact_score_of_the_other(indexed) -> None:
    with indexed(FILES).searcher() as searcher:
        search = searcher.search(understand("is the harbour closed to ships?"))
        hits = search.fused(depth=1)
        exact, words = dict(search.dense(depth=100)), dict(search.lexical(depth=100))
    assert hits
    for hit in hits:
        assert hit.dense == pytest.approx(exact[hit.passage.id], abs=1e-5)
        assert hit.lexical == pytest.approx(words.get(hit.passage.id, 0.0))


@pytest.mark.parametrize("question", ["harbour", "harbour city flights", "harbour zeppelin", "zeppelin"])
def test_no_passage_exceeds_the_ceiling_of_its_question(indexed, question: str) -> None:
    with indexed(FILES).searcher() as searcher:
        search = searcher.search(understand(question))
        ceiling = searcher.words.ceiling(search.question.terms)
        assert all(score <= ceiling for _, score in search.lexical())


def test_neighbours_of_hits_in_adjacent_documents_are_all_found(indexed) -> None:
    with indexed(
        {f"{n}.txt": "The harbour is closed.\n\nShips wait outside.\n\nFlights leave." for n in "ab"}
    ).searcher() as searcher:
        search = searcher.search(understand("harbour closed"))
        hits = [h for h in search.fused() if h.passage.passage.paragraph in (1, 3)]
        assert len(search.neighbours(hits, reach=2)) == 6


def test_equal_passages_are_in_order_of_their_documents_whenever_they_were_indexed(indexed) -> None:
    indexed({"b.txt": "The harbour is closed to ships.\n\nFlights leave."})
    answer = indexed({"a.txt": "The harbour is closed to ships.\n\nTrains leave."}).ask(
        "is the harbour closed to ships?"
    )
    assert answer.citations[0].place.document.doc_id == "documents/a.txt"


def test_neighbours_are_of_the_same_document(indexed) -> None:
    with indexed(FILES).searcher() as searcher:
        search = searcher.search(understand("harbour closed ships opens"))
        hits = search.fused()
        around = search.neighbours(hits[:1], reach=4)
    assert {h.passage.document_id for h in around} == {hits[0].passage.document_id}
    assert len(around) == 2


def test_the_passage_that_answers_comes_first(indexed) -> None:
    assistant = indexed(FILES)
    assert (
        assistant.ask("is the harbour closed to ships?").citations[0].place.document.doc_id == "documents/harbour.txt"
    )
    assert assistant.ask("how dear will wine be?").citations[0].place.document.doc_id == "documents/wine.txt"


@pytest.mark.parametrize(
    "question",
    ["'", '"', "AND", "a OR (b", "NEAR(", "*", 'harbour\'s "closed" AND ships*', "^-:{}", "\0", "what?", "🙂"],
)
def test_no_question_is_a_syntax_error(indexed, question: str) -> None:
    indexed(FILES).ask(question)


def test_the_forms_of_a_word_are_one_term() -> None:
    assert understand("withdrawn, withdrew, withdraws, withdrawal, withdrawals").terms == ("withdraw",)
    assert understand("What had the minister said about Orbán's plans?").terms == ("minist", "say", "orban", "plan")


def test_a_question_of_nothing_but_small_words_is_still_looked_up() -> None:
    assert understand("who was it?").terms


@pytest.mark.parametrize(
    ("question", "date"),
    [
        ("what did he say on 20 February 2022?", "2022-02-20"),
        ("what did he say on February 20, 2022?", "2022-02-20"),
        ("what did he say on 20.02.2022?", "2022-02-20"),
        ("what did he say in November 2021 about covid?", "2021-11"),
        ("what did he say on 31 February 2022?", None),
    ],
)
def test_the_date_that_a_question_names_is_understood(question: str, date: str | None) -> None:
    assert understand(question).published == date


def test_of_like_statements_that_of_the_date_asked_for_comes_first(indexed) -> None:
    files = {
        f"{m}.txt": f"Posted: 0{m}.0{m}.2022\n\nReport {m}\n\nThe port authority met; harbour fees rise by {m} percent."
        for m in (2, 3, 5)
    }
    answer = indexed(files).ask("how much do harbour fees rise, as of March 2022?")
    assert answer.citations[0].place.document.metadata.published == "2022-03-03"


# What stands around a passage


ROSES, CHOIR = "Roses bloom on every hill.", "The choir sang until midnight."
MENDED = "The pier was mended."


def turn(number: int, speaker: str, text: str, title: str = "Council meeting") -> str:
    """A line of a JSONL file: one turn of a conversation, or a whole speech."""
    return json.dumps({"id": f"t{number}", "title": title, "speaker": speaker, "text": text}) + "\n"


def found(assistant, question: str) -> dict[tuple[str, int], tuple[float, float]]:
    """(document, paragraph) → (score, what the passage is by itself), best first."""
    with assistant.searcher() as searcher:
        search = searcher.search(understand(question))
        names = {i: d.doc_id.removeprefix("documents/") for i, d in searcher.snapshot.documents().items()}
        return {
            (names[h.passage.document_id], h.passage.passage.paragraph): (h.score, search.parts(h.passage.id).own)
            for h in search.fused()
        }


def test_of_equal_passages_the_one_among_others_on_the_matter_comes_first(indexed) -> None:
    scores = found(
        indexed(
            {
                "a.txt": f"{ROSES}\n\n{MENDED}\n\n{CHOIR}",
                "b.txt": f"Ships wait for the pier.\n\n{MENDED}\n\nThe pier opens soon.",
            }
        ),
        "when was the pier mended?",
    )
    assert list(scores)[:2] == [("b.txt", 2), ("a.txt", 2)]
    (among, own), (strange, same) = scores["b.txt", 2], scores["a.txt", 2]
    assert own == pytest.approx(same) and among > strange + 0.01


def test_a_document_of_one_passage_neither_gains_nor_loses(indexed) -> None:
    scores = found(indexed({"a.txt": MENDED, "b.txt": f"{MENDED}\n\n{ROSES}"}), "when was the pier mended?")
    score, own = scores["a.txt", 1]
    assert score == pytest.approx(own)
    assert scores["b.txt", 1][0] < own


def test_what_stands_around_ends_with_the_document(indexed) -> None:
    scores = found(
        indexed({"a.txt": "The pier was mended in May.", "b.txt": MENDED, "c.txt": "The pier was mended in June."}),
        "when was the pier mended?",
    )
    assert all(score == pytest.approx(own) for score, own in scores.values())


def test_the_labels_between_turns_part_no_neighbours(indexed) -> None:
    town = "Council\n\nMayor Anna Berg: {}\n\nPeter Holm: Nine millions at least.\n\nAnna Berg: {}\n"
    scores = found(
        indexed(
            {
                "a.txt": town.format(ROSES, CHOIR),
                "b.txt": town.format("Shall we speak of the pier?", "Who pays for the pier?"),
            }
        ),
        "how many millions for the pier?",
    )
    (among, own), (strange, same) = scores["b.txt", 3], scores["a.txt", 3]
    assert own == pytest.approx(same) and among > own > strange


def test_a_record_with_a_speaker_is_read_among_the_turns_of_its_conversation(indexed) -> None:
    def council(title: str, before: str, after: str) -> str:
        words = (("Anna Berg", before), ("Peter Holm", "Nine millions at least."), ("Anna Berg", after))
        return "".join(turn(n, who, text, title) for n, (who, text) in enumerate(words))

    scores = found(
        indexed(
            {
                "a.jsonl": council("Council", ROSES, CHOIR),
                "b.jsonl": council("Council", "Shall we speak of the pier?", "Who pays for the pier?"),
            }
        ),
        "how many millions for the pier?",
    )
    (among, own), (strange, same) = scores["b.jsonl#t1", 1], scores["a.jsonl#t1", 1]
    assert own == pytest.approx(same) and among > own > strange


@pytest.mark.parametrize("what", ["another title", "another file", "no speaker"])
def test_records_that_are_not_of_one_conversation_tell_nothing_of_each_other(indexed, what: str) -> None:
    first, second = turn(1, "Anna Berg", MENDED), turn(2, "Peter Holm", "Which pier was mended?")
    files = {
        "another title": {"a.jsonl": first + turn(2, "Peter Holm", "Which pier was mended?", "Another meeting")},
        "another file": {"a.jsonl": first, "b.jsonl": second},
        "no speaker": {"a.jsonl": (first + second).replace('"speaker"', '"keeper"')},
    }[what]
    scores = found(indexed(files), "when was the pier mended?")
    assert len(scores) == 2 and all(score == pytest.approx(own) for score, own in scores.values())


def test_the_paragraphs_of_a_speech_that_is_one_record_stand_around_each_other(indexed) -> None:
    speech = turn(1, "Anna Berg", f"We wait for the pier.\n\n{MENDED}\n\nThe pier opens soon.")
    score, own = found(indexed({"a.jsonl": speech}), "when was the pier mended?")["a.jsonl#t1", 2]
    assert score != pytest.approx(own)


WORDS = "pier ship harbour mended storm roses choir millions winter money".split()


def some_files(seed: int) -> dict[str, str]:
    """Articles, a transcript, headings upon headings, and conversations in records; nobody wrote them."""
    draw = random.Random(seed)

    def told() -> str:
        return " ".join(f"The {' '.join(draw.choices(WORDS, k=3))}." for _ in range(draw.randint(1, 3)))

    def turns(title: str) -> str:
        return "".join(
            turn(draw.randint(1, 10**9), draw.choice(["Anna Berg", "Peter Holm"]), "\n\n".join([told()] * n), title)
            for n in draw.choices((1, 1, 2), k=draw.randint(2, 7))
        )

    labels = ("Mayor Anna Berg: ", "Peter Holm: ", "Anna Berg: ", "Peter Holm: ")
    return {
        "article.txt": "\n\n".join(told() for _ in range(draw.randint(1, 8))),
        "debate.txt": "Council\n\n" + "\n\n".join(label + told() for label in labels),
        "headings.md": "\n\n".join(told() + "\n\n# A" * draw.randint(0, 4) for _ in range(5)),
        "turns.jsonl": turns("Council") + turns("Harbour board"),
    }


def plainly(searcher: Searcher, text: str) -> dict[int, float]:
    """The scores of all passages as they are defined, made of all passages at once."""
    question, snapshot, encoder = understand(text), searcher.snapshot, searcher.encoder
    asked, ceiling = encoder.encode_query(question.query), searcher.words.ceiling(question.terms)
    stored = {i: np.frombuffer(data, np.float32) for i, data in snapshot.vectors()}
    documents = {
        i: [p for p in snapshot.passages_of(i) if p.vector_id is not None] for i in sorted(snapshot.documents())
    }

    def by_itself(passage: StoredPassage) -> float:
        start = passage.passage.span.start
        sentences = [passage.text[s.start - start : s.end - start] for s in passage.passage.sentences]
        nearest = max(float(v @ asked) for v in encoder.encode_passages(sentences))
        lexical = searcher.words.scores(question.terms, [passage.id])[passage.id]
        return fuse((float(stored[passage.vector_id or 0] @ asked) + nearest) / 2, lexical, ceiling)

    own = {p.id: by_itself(p) for ranked in documents.values() for p in ranked}
    best = {i: max(own[p.id] for p in ranked) for i, ranked in documents.items()}
    named = {i: (d.file.name, d.title) for i, d in snapshot.documents().items() if d.record}
    scores = {}
    for i, ranked in documents.items():
        others = {d: 1 / abs(d - i) for d in named if 0 < abs(d - i) <= TURNS and named[d] == named.get(i)}
        for n, passage in enumerate(ranked):
            if others:
                around, weight = sum(w * best[d] for d, w in others.items()) / sum(others.values()), TURN_WEIGHT
            else:
                beside = [q for q in ranked[max(0, n - 1) : n + 2] if 0 < abs(q.id - passage.id) <= 3]
                sides = [own[q.id] for q in beside] + [own[passage.id]] * (2 - len(beside))
                around, weight = sum(sides) / 2, CONTEXT_WEIGHT
            scores[passage.id] = (own[passage.id] + weight * around) / (1 + weight)
    return scores


@pytest.mark.parametrize("seed", range(6))
def test_scores_are_those_of_the_definition_whichever_passages_are_scored_together(indexed, seed: int) -> None:
    text = "when was the pier mended after the storm?"
    with indexed(some_files(seed)).searcher() as searcher:
        expected = plainly(searcher, text)
        together = {h.passage.id: h.score for h in searcher.search(understand(text)).score(expected)}
        alone = {i: searcher.search(understand(text)).score([i])[0].score for i in expected}
        search = searcher.search(understand(text))
        in_turn = {h.passage.id: h.score for h in [*search.fused(depth=3), *search.score(expected)]}
    assert len(expected) > 12
    for scores in (together, alone, in_turn):
        assert scores == pytest.approx(expected, abs=1e-3)  # the sentences' vectors are kept in float16


def test_what_a_question_is_opened_with_changes_nothing_that_is_found(indexed) -> None:
    with indexed(
        FILES | {"talk.txt": "The debate was long.\n\nThe summary of the discussion is short."}
    ).searcher() as s:

        def ranked(text: str) -> list[tuple[int, float]]:
            return [(h.passage.id, h.score) for h in s.search(understand(text)).fused()]

        plain = ranked("the harbour city")
        assert plain
        for opener in ("summarise the discussion about", "summarize the debate on", "tell me", "please find"):
            assert ranked(f"{opener} the harbour city") == plain, opener


def test_a_question_in_a_language_the_encoder_does_not_know_is_answered_by_its_words(indexed, minilm: Encoder) -> None:
    with indexed({"a.txt": "Порт закрыт до марта."}, minilm).searcher() as searcher:
        weights = {
            t: searcher.search(understand(t)).dense_weight for t in ("когда откроют порт?", "when does it open?")
        }
    assert weights == {"когда откроют порт?": DENSE_WEIGHT * STRANGE_SHARE, "when does it open?": DENSE_WEIGHT}
