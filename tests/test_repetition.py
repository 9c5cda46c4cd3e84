"""One statement in two places: when the words are the same, when nearly, when another statement; and where they differ."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Passage, Span
from index.sentences import sentences
from index.stored import StoredPassage
from retrieval.grouping import grouped
from retrieval.records import Hit
from retrieval.repetition import differences, nearly_same, said, shared, wording

WIRE = (
    "The ferry to Aaland will not sail before Thursday, the shipping company told passengers in Turku. Its engine was "
    "damaged when the ship ran on a rock outside the harbour. Nobody was hurt, and 340 people were brought ashore by the coast "
    "guard."
)


def passage(text: str, start: int = 0) -> StoredPassage:
    spans = tuple(Span(s.start + start, s.end + start) for s in sentences(text, Span(0, len(text))))
    return StoredPassage(1, 1, Passage(Span(start, start + len(text)), "body", spans, 1, 1), text, 1)


def nearly(shown: str, again: str) -> bool:
    return nearly_same([passage(shown)], passage(again))


def told(shown: str, again: str, start: int = 0) -> list[tuple[str | None, str | None]]:
    """The differences, as words: (of the copy, of what is shown)."""
    one, other = wording([passage(shown)]), wording([passage(again, start)])
    return [
        (
            Span(d.own.start - start, d.own.end - start).of(again) if d.own else None,
            d.shown.of(shown) if d.shown else None,
        )
        for d in differences(one, other)
    ]


def test_a_wire_story_that_a_paper_has_edited_is_nearly_the_same_and_the_edits_are_told():
    edited = WIRE.replace("told passengers", "said").replace("the coast guard", "boats of the coast guard")
    assert nearly(WIRE, edited)
    assert told(WIRE, edited) == [("said", "told passengers"), ("boats of", None)]


def test_a_passage_cut_shorter_is_nearly_the_same_and_what_it_lacks_is_no_difference():
    cut = WIRE[WIRE.index("Its engine") :]
    assert nearly(WIRE, cut)
    assert told(WIRE, cut) == []


def test_a_passage_that_has_one_sentence_more_is_nearly_the_same_and_the_sentence_is_told():
    more = f"{WIRE} Tickets are refunded at the pier."
    assert nearly(WIRE, more)
    assert told(WIRE, more) == [("Tickets are refunded at the pier", None)]


def test_a_passage_that_says_much_more_is_shown_by_itself():
    much = (
        WIRE
        + " Tickets are refunded at the pier, and those who have to be on the island tonight may take the small boat from Naantali."
    )
    assert not nearly(WIRE[: WIRE.index("Nobody")], much)


def test_words_left_out_within_a_sentence_are_told():
    assert told(WIRE, WIRE.replace(" outside the harbour", "")) == [(None, "outside the harbour")]
    assert told(WIRE, WIRE.replace("The ferry to Aaland will", "It will")) == [("It", "The ferry to Aaland")]


@pytest.mark.parametrize(
    ("words", "other"),
    [
        ("340 people", "430 people"), ("340 people", "more than 340 people"), ("340 people", "340 children"),
        ("will not sail", "will sail"), ("will not sail", "will never sail"), ("Nobody was", "Two were"),
        ("Thursday", "Friday"), ("to Aaland", "to Gotland"), ("before Thursday", "after Thursday"),
        ("was damaged", "was not damaged"), ("when the ship", "although the ship"), ("in Turku", "in Mariehamn"),
        ("was damaged", "was allegedly damaged"), ("told passengers", "didn't tell passengers"), ("Its engine", "Only its engine"),
        ("outside the harbour", "within the harbour"), ("damaged", "repaired"),
    ],
)  # fmt: skip
def test_a_figure_a_negation_another_name_or_the_opposite_makes_another_statement(words: str, other: str):
    assert words in WIRE
    assert not nearly(WIRE, WIRE.replace(words, other))
    assert not nearly(WIRE.replace(words, other), WIRE)
    assert said(WIRE) != said(WIRE.replace(words, other))


def test_what_no_list_knows_to_be_the_opposite_is_told_among_the_differences():
    assert told(WIRE, WIRE.replace("hurt", "wet")) == [("wet", "hurt")]


def test_a_name_for_a_pronoun_is_an_edit_and_not_another_statement():
    quoted = "“We shall mend what the storm has broken, street by street and roof by roof,” {} said at the town hall."
    assert nearly(quoted.format("she"), quoted.format("Anna Berg"))
    assert not nearly(quoted.format("Peter Holm"), quoted.format("Anna Berg"))


def test_the_same_form_of_words_about_other_people_is_another_statement():
    met = "The president had a telephone conversation with the Prime Minister of the Republic of {} at the latter's initiative."
    assert not nearly(met.format("Finland"), met.format("Estonia"))


def test_courtesies_are_not_taken_for_repetitions():
    assert not nearly(
        "I wish you all the best in your work.", "I wish you all the best in your new home. It was a long road."
    )


def test_a_question_is_not_the_statement_in_the_same_words():
    assert said("They will leave the harbour.") != said("They will leave the harbour?")


def test_marks_case_and_dashes_at_a_word_are_no_difference():
    assert said("“The Minister– Anna Berg – is HERE,” he said…") == said("the minister Anna Berg is here he said")
    assert said("It was -5 degrees.") != said("It was 5 degrees.")


def test_what_is_shared_is_told_in_offsets_of_what_is_shown():
    cut = WIRE[WIRE.index("Its engine") : WIRE.index("Nobody")].strip()
    runs = shared(wording([passage(WIRE)]), wording([passage(cut)]))
    assert [r.of(WIRE) for r in runs] == [cut.rstrip(".")]


def test_neighbouring_passages_are_compared_as_one():
    border = WIRE.index("Nobody")
    parts = [passage(WIRE[:border].rstrip()), passage(WIRE[border:], border)]
    again = passage(WIRE.replace("brought ashore", "taken ashore"))
    assert nearly_same(parts, again) and not nearly_same(parts[:1], again)


WORDS = st.sampled_from("the mayor said that a harbour stays closed 12 21 not — “we” mend it, is’t. Über ﬁsh".split())
TEXTS = st.lists(WORDS, min_size=1, max_size=40).map(" ".join)


@given(TEXTS, TEXTS, st.integers(0, 50))
def test_differences_are_words_of_the_texts_in_order(shown: str, again: str, start: int):
    one, other = wording([passage(shown)]), wording([passage(again, start)])
    found = differences(one, other)
    assert all(d.own or d.shown for d in found)
    for spans, within in (
        ([d.own for d in found if d.own], Span(start, start + len(again))),
        ([d.shown for d in found if d.shown], Span(0, len(shown))),
    ):
        assert all(within.holds(s) and len(s) for s in spans)
        assert all(a.end <= b.start for a, b in zip(spans, spans[1:]))


@given(TEXTS, TEXTS, st.integers(0, 50))
def test_what_is_no_difference_is_shown_word_for_word(shown: str, again: str, start: int):
    one, other = wording([passage(shown)]), wording([passage(again, start)])
    own = [d.own for d in differences(one, other) if d.own]
    rest = [w.folded for w in other.words if not any(s.holds(w.span) for s in own)]
    words = iter(w.folded for w in one.words)
    assert all(word in words for word in rest)  # in order, none of them new


@given(st.text())
def test_words_stand_at_their_spans_and_are_those_that_are_compared(text: str):
    found = wording([passage(text)]).words
    assert tuple(w.folded for w in found) == said(text)
    assert all(w.span.of(text) == w.written for w in found)


CLOSED = "The bridge over the river is closed to lorries, because its iron is old and tired."
AGAIN = "We have to tell the drivers of lorries that the bridge is closed: the iron is old and tired."
OPEN = "Lorries may take the bridge once more, since the builders were quicker than anybody thought."
FERRY = "Until June there is the ferry, which carries eight lorries an hour and costs nothing."


def hits(*told: tuple[str, int, float]) -> list[Hit]:
    """Hits of these words, in the document of this id, with this score; no two of them neighbours."""
    stored = [replace(passage(text), id=10 * n, document_id=d) for n, (text, d, _) in enumerate(told)]
    return [Hit(p, score, score, score) for p, (_, _, score) in zip(stored, told)]


def shown(
    found: list[Hit], k: int, days: dict[int, str], speakers: dict[int, frozenset[str]] | None = None
) -> list[str]:
    same = {h.passage.id: frozenset({"Anna Berg"}) for h in found}
    return [g.hits[0].passage.text for g in grouped(found, [], k, speakers or same, days)]


DAYS = {1: "2022-03-01", 2: "2022-03-01", 3: "2022-05-09"}


@pytest.mark.parametrize("document", [1, 2])
def test_what_was_said_on_another_day_comes_before_the_same_once_more(document: int):
    found = hits((CLOSED, 1, 0.60), (AGAIN, document, 0.59), (OPEN, 3, 0.58))
    assert shown(found, 2, DAYS) == [CLOSED, OPEN]
    assert shown(found, 3, DAYS) == [CLOSED, OPEN, AGAIN]


def test_what_is_new_does_not_come_before_what_is_clearly_better():
    found = hits((CLOSED, 1, 0.60), (AGAIN, 2, 0.59), (OPEN, 3, 0.50))
    assert shown(found, 3, DAYS) == [CLOSED, AGAIN, OPEN]


def test_the_same_once_more_on_another_day_keeps_its_place():
    found = hits((CLOSED, 1, 0.60), (AGAIN, 3, 0.59), (FERRY, 1, 0.58))
    assert shown(found, 3, DAYS) == [CLOSED, AGAIN, FERRY]


def test_what_somebody_else_says_on_the_same_day_is_new():
    found = hits((CLOSED, 1, 0.60), (AGAIN, 2, 0.59), (OPEN, 3, 0.58))
    speakers = {h.passage.id: frozenset({f"speaker {n}"}) for n, h in enumerate(found)}
    assert shown(found, 3, DAYS, speakers) == [CLOSED, AGAIN, OPEN]


def test_documents_without_a_date_are_not_of_the_same_day():
    found = hits((CLOSED, 1, 0.60), (AGAIN, 2, 0.59), (OPEN, 3, 0.58))
    assert shown(found, 3, {}) == [CLOSED, AGAIN, OPEN]


SOME = st.tuples(
    st.sampled_from([CLOSED, AGAIN, OPEN, FERRY, WIRE, WIRE.upper()]), st.integers(1, 3), st.integers(50, 60)
)


@given(st.lists(SOME, max_size=9), st.integers(1, 8))
def test_a_longer_list_begins_as_a_shorter_one_does(told: list[tuple[str, int, int]], k: int):
    found = hits(*((text, d, score / 100) for text, d, score in sorted(told, key=lambda t: -t[2])))
    assert shown(found, k, DAYS) == shown(found, k + 5, DAYS)[:k]


def test_a_point_before_a_figure_and_a_name_in_capitals_are_part_of_the_word():
    assert said("raised by .5 percent") != said("raised by 5 percent")
    assert said("He told US officials so.") != said("He told us officials so.")
    assert said("It rose… 5 metres") == said("It rose 5 metres")


@pytest.mark.parametrize("other", ["May", "Brown", "EU"])
def test_another_name_for_one_that_is_a_small_word_too_is_another_statement(other: str):
    told = "In March the WHO had known that the reserve in the eastern harbour was empty and told nobody of it."
    assert not nearly_same([passage(told)], passage(told.replace("WHO", other)))


def test_the_version_that_stands_in_most_places_is_shown_and_the_odd_one_under_it():
    odd = WIRE.replace("Nobody was hurt", "Nobody at all was hurt")
    [group] = grouped(hits((odd, 1, 0.9), (WIRE, 2, 0.8), (WIRE, 3, 0.7)), [], 5, {})
    assert [h.passage.document_id for h in (*group.hits, *group.also)] == [2, 3]
    assert [[h.passage.document_id for h in g.hits] for g in group.nearly] == [[1]]
