"""Searching words: BM25 over stems, in SQLite's FTS5.

A query's terms are or-ed: a passage need not hold them all. Terms reach FTS5 only as quoted strings of letters and digits, so
no query can be a syntax error. Very common terms weigh next to nothing in BM25 and cost the most time: they are left out
while others remain.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from math import log

from index.snapshot import Snapshot

FIELD_WEIGHTS = (0.5, 1.0)
"""Of the document's title and the passage's text."""

_K1 = 1.2  # FTS5's own, as is the least idf below
_LEAST_RARITY = 1e-6
_COMMON_SHARE = 0.2
_SMALL = 2000  # passages; in fewer, a common term costs nothing


class LexicalIndex:
    """BM25 (Robertson & Zaragoza 2009; k1 1.2, b 0.75 as FTS5 has them) over one snapshot."""

    def __init__(self, snapshot: Snapshot, passages: int, weights: tuple[float, float] = FIELD_WEIGHTS) -> None:
        self._snapshot, self._passages, self._weights = snapshot, passages, weights

    def search(self, terms: Iterable[str], depth: int, among: Collection[int] | None = None) -> list[tuple[int, float]]:
        """(passage id, BM25) of the `depth` best passages that hold any of the stems, `among` some or all, best first."""
        query = self._query(terms)
        return self._snapshot.match(query, self._weights, depth, among) if query else []

    def scores(self, terms: Iterable[str], ids: Sequence[int]) -> dict[int, float]:
        """BM25 of the given passages; 0 for those that hold none of the stems."""
        query = self._query(terms)
        found = self._snapshot.match_scores(query, self._weights, ids) if query and ids else {}
        return {i: found.get(i, 0.0) for i in ids}

    def rarity(self, terms: Iterable[str]) -> dict[str, float]:
        """The inverse document frequency of each term that is looked up; a term that stands nowhere is the rarest."""
        found = self._looked_up(terms)
        return {t: max(_LEAST_RARITY, log((self._passages - n + 0.5) / (n + 0.5))) for t, n in found.items()}

    def ceiling(self, terms: Iterable[str]) -> float:
        """What no passage's BM25 for these terms can exceed: that of one holding each of them without end."""
        return (_K1 + 1) * sum(self.rarity(terms).values())

    def _query(self, terms: Iterable[str]) -> str:
        return " OR ".join(f'"{t}"' for t, n in self._looked_up(terms).items() if n)

    def _looked_up(self, terms: Iterable[str]) -> dict[str, int]:
        """The terms, the very common left out while others stand somewhere, with how many passages hold each."""
        wanted = list(dict.fromkeys(terms))
        counts = dict.fromkeys(wanted, 0) | self._snapshot.term_counts(wanted)
        common = {t for t, n in counts.items() if n > self._passages * _COMMON_SHARE}
        if self._passages > _SMALL and any(n for t, n in counts.items() if t not in common):
            return {t: n for t, n in counts.items() if t not in common}
        return counts
