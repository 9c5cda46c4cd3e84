"""Searching words: BM25 over stems, in SQLite's FTS5.

A query's terms are or-ed: a passage need not hold them all. Terms reach FTS5 only as quoted strings of letters and digits, so
no query can be a syntax error. Very common terms weigh next to nothing in BM25 and cost the most time: they are left out
while others remain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.store import Snapshot

FIELD_WEIGHTS = (0.5, 1.0)
"""Of the document's title and the passage's text."""

_COMMON_SHARE = 0.2
_SMALL = 2000  # passages; in fewer, a common term costs nothing


class LexicalIndex:
    """BM25 (Robertson & Zaragoza 2009; k1 1.2, b 0.75 as FTS5 has them) over one snapshot."""

    def __init__(self, snapshot: Snapshot, passages: int, weights: tuple[float, float] = FIELD_WEIGHTS) -> None:
        self._snapshot, self._passages, self._weights = snapshot, passages, weights

    def search(self, terms: Iterable[str], depth: int) -> list[tuple[int, float]]:
        """(passage id, BM25) of the `depth` best passages that hold any of the stems, best first."""
        query = self._query(terms)
        return self._snapshot.match(query, self._weights, depth) if query else []

    def scores(self, terms: Iterable[str], ids: Sequence[int]) -> dict[int, float]:
        """BM25 of the given passages; 0 for those that hold none of the stems."""
        query = self._query(terms)
        found = self._snapshot.match_scores(query, self._weights, ids) if query and ids else {}
        return {i: found.get(i, 0.0) for i in ids}

    def _query(self, terms: Iterable[str]) -> str:
        counts = self._snapshot.term_counts(list(dict.fromkeys(terms)))
        if self._passages > _SMALL:
            rare = {t: n for t, n in counts.items() if n <= self._passages * _COMMON_SHARE}
            counts = rare or counts
        return " OR ".join(f'"{t}"' for t in counts)
