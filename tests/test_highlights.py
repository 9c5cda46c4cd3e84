"""What is marked in a passage: the few sentences that answer, and not what merely stands beside them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.records import Span
from retrieval.sentences import _MARK_SHARE, _MOST_MARKED, FIRST, ReadSentences, highlights

Row = tuple[float, float, int]
"""Of a sentence: its cosine, the score of its passage, its length."""

ROWS = st.lists(
    st.lists(st.tuples(st.floats(-0.25, 1), st.floats(0, 1), st.integers(1, 200)), min_size=1, max_size=7),
    min_size=1,
    max_size=5,
)


def read(groups: list[list[Row]]) -> ReadSentences:
    made = ReadSentences([], [], [], [])
    for rows in groups:
        ends = np.cumsum([length + 1 for _, _, length in rows])
        made.spans.append([Span(int(end) - length - 1, int(end) - 1) for end, (_, _, length) in zip(ends, rows)])
        made.cosines.append(np.array([cosine for cosine, _, _ in rows]))
        made.shares.append(np.zeros(len(rows)))
        made.scores.append(np.array([score for _, score, _ in rows]))
    return made


@given(ROWS)
def test_marked_are_the_best_and_at_most_a_few_that_are_hardly_worse_than_the_best_of_all(
    groups: list[list[Row]],
) -> None:
    sentences = read(groups)
    own = [[cosine + score for cosine, score, _ in rows] for rows in groups]
    least = _MARK_SHARE * max(max(scores) for scores in own[:FIRST])
    marked = highlights(sentences)
    assert len(marked) == len(groups)
    for spans, scores, some in zip(sentences.spans, own, marked):
        chosen = [spans.index(span) for span in some]
        assert chosen == sorted(set(chosen)) and 1 <= len(chosen) <= _MOST_MARKED
        assert max(scores) == max(scores[i] for i in chosen)
        assert len(chosen) == 1 or all(scores[i] >= least for i in chosen)
        if len(chosen) < _MOST_MARKED:
            assert all(score < least or i in chosen for i, score in enumerate(scores))


def marks(assistant, question: str) -> list[str]:
    """What is marked in the first citation."""
    citation = assistant.ask(question).citations[0]
    text = assistant.text_of(citation.place.document)
    assert all(citation.place.span.holds(h) for h in citation.highlights)
    return [h.of(text) for h in citation.highlights]


def test_the_sentence_that_answers_is_marked_wherever_it_stands_in_its_passage(indexed) -> None:
    beside = ["The choir sang until midnight.", "Everybody had tea.", "Roses were in bloom."]
    answer = "The pier was mended in May."
    for place in range(4):
        text = " ".join([*beside[:place], answer, *beside[place:]])
        assert marks(indexed({"a.txt": text}), "when was the pier mended?") == [answer], place


def test_an_answer_in_two_sentences_is_marked_without_what_stands_between(indexed) -> None:
    text = (
        "The pier was mended in May. Roses were in bloom on every hill of the island that year, and the choir sang until the "
        "morning came. The mended pier was opened in June."
    )
    assert marks(indexed({"a.txt": text}), "when was the mended pier opened?") == [
        "The pier was mended in May.",
        "The mended pier was opened in June.",
    ]
