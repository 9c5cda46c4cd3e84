"""BM25 in FTS5 against BM25 written out."""

from __future__ import annotations

import math
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical import FIELD_WEIGHTS, LexicalIndex
from index.records import Block, Document, Metadata, Passage, Span
from index.speech.records import Speech
from index.store import Store
from index.stored import FileState, Root
from index.words import stems

VOCABULARY = "harbour ship captain withdraw troops Киев войска café 1812 naïve".split()
TEXTS = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=8).map(" ".join)


def bm25(
    rows: dict[int, tuple[str, str]], terms: list[str], weights: tuple[float, float] = FIELD_WEIGHTS
) -> dict[int, float]:
    """As SQLite documents it for FTS5: k1 1.2, b 0.75; a column's weight multiplies the term's count there; a row's
    length is that of all its columns; the idf is no less than 1e-6."""
    k1, b = 1.2, 0.75
    counts = {i: [Counter(stems(column)) for column in columns] for i, columns in rows.items()}
    length = {i: sum(c.total() for c in columns) for i, columns in counts.items()}
    average = sum(length.values()) / len(rows)
    scores: dict[int, float] = {}
    for term in dict.fromkeys(terms):
        holding = [i for i, columns in counts.items() if any(term in c for c in columns)]
        idf = max(1e-6, math.log((len(rows) - len(holding) + 0.5) / (len(holding) + 0.5)))
        for i in holding:
            tf = sum(weight * column[term] for weight, column in zip(weights, counts[i]))
            scores[i] = scores.get(i, 0.0) + idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length[i] / average))
    return scores


@contextmanager
def lexical(folder: Path, rows: list[tuple[str, str]], counted: int | None = None):
    """An index over passages of the given (title, text), and the rows by passage id."""
    store = Store(folder)
    with store.write() as writer, writer.transaction():
        writer.add_root(root := Root(1, folder, "r"))
        for n, (title, text) in enumerate(rows):
            span = Span(0, len(text))
            file_id = writer.put_file(FileState(root, f"{n}.txt", "", "", "read"))
            document = Document(text, (Block("paragraph", span, 1),), Metadata(title=title))
            writer.put_document(
                file_id,
                f"r/{n}.txt",
                0,
                document,
                [(Passage(span, "body", (span,), 1, 1), None)],
                Speech("article", ()),
            )
    with store.read() as snapshot:
        by_document = {d.id: int(d.doc_id[2:-4]) for d in snapshot.documents().values()}
        ids = {p.id: rows[n] for i, n in by_document.items() for p in snapshot.passages_of(i)}
        yield LexicalIndex(snapshot, counted or len(rows)), ids


@given(
    st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=12),
    st.lists(st.sampled_from([*VOCABULARY, "absent"]), max_size=4),
)
@settings(max_examples=30, deadline=None)
def test_full_text_ranks_by_bm25(tmp_path_factory, rows: list[tuple[str, str]], asked: list[str]) -> None:
    with lexical(tmp_path_factory.mktemp("lexical"), rows) as (index, ids):
        terms = stems(" ".join(asked))
        expected = bm25(ids, terms)
        found = index.search(terms, 100)
        assert dict(found) == pytest.approx(expected, rel=1e-6, abs=1e-9)
        assert [s for _, s in found] == sorted((s for _, s in found), reverse=True)
        assert index.search(terms, 2) == found[:2]
        some = set(list(ids)[::2])
        assert index.search(terms, 100, some) == [(i, s) for i, s in found if i in some]
        assert index.scores(terms, list(ids)) == pytest.approx(
            {i: expected.get(i, 0.0) for i in ids}, rel=1e-6, abs=1e-9
        )


ANYTHING = [
    "it's",
    '"quoted',
    "AND",
    "OR",
    "NEAR(a b)",
    "a*",
    "title:x",
    "-x",
    "^x",
    "x + y",
    ")(",
    "\\",
    "'; DROP TABLE passage; --",
    "",
    "😀",
    "\0",
    "{x}",
]


@pytest.mark.parametrize("query", ANYTHING)
def test_no_query_is_a_syntax_error(tmp_path: Path, query: str) -> None:
    with lexical(tmp_path, [("", "harbour"), ("a title", f"it's x and y {query}")]) as (index, ids):
        assert all(ids[i][1] != "harbour" for i, _ in index.search(stems(query), 10))
        index.search([query, f'"{query}"'], 10)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
@settings(max_examples=50, deadline=None)
def test_no_text_is_a_syntax_error(tmp_path_factory, text: str) -> None:
    with lexical(tmp_path_factory.mktemp("lexical"), [("", "harbour"), ("", text)]) as (index, _):
        terms = stems(text)
        assert bool(index.search(terms, 10)) == bool(terms)


def test_operators_are_searched_as_words(tmp_path: Path) -> None:
    with lexical(tmp_path, [("", "near the harbour"), ("", "ships and captains"), ("", "either or")]) as (index, ids):
        assert [ids[i][1] for i, _ in index.search(stems("NEAR"), 9)] == ["near the harbour"]
        assert [ids[i][1] for i, _ in index.search(stems("OR"), 9)] == ["either or"]


def test_very_common_terms_are_left_out_only_while_others_remain(tmp_path: Path) -> None:
    rows = [("", "harbour " + ("captain" if n == 3 else "")) for n in range(10)]
    # Counted as part of a large collection, in which "harbour" stands in more than a fifth of 2,001 × 0.2 passages.
    with lexical(tmp_path, rows * 60, counted=2001) as (index, ids):
        assert {ids[i][1] for i, _ in index.search(stems("harbour captain"), 10_000)} == {"harbour captain"}
        assert len(index.search(stems("harbour"), 10_000)) == 600
