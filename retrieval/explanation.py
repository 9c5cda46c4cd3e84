"""Why a passage is shown: what search found in it, part by part, told with the question's own words and the passage's."""

from __future__ import annotations

from collections.abc import Sequence

from index.stored import StoredDocument
from index.words import stems, words
from retrieval.grouping import Group
from retrieval.question_records import Question
from retrieval.records import Explanation, Hit, Term
from retrieval.reranker import DEPTH
from retrieval.scope import Scope
from retrieval.search import Search, Searcher


class Explainer:
    """Explains what one search came to: `fused` are its hits as it scored them, `hits` the same after any reranker."""

    def __init__(
        self, searcher: Searcher, search: Search, scope: Scope, fused: Sequence[Hit], hits: Sequence[Hit]
    ) -> None:
        self._search, self._people = search, tuple(sorted(scope.people))
        self._scored = {h.passage.id: (rank, h) for rank, h in enumerate(fused, start=1)}
        self._rank = {h.passage.id: rank for rank, h in enumerate(hits, start=1)}
        self._reranker = searcher.reranker.name if searcher.reranker else None
        self._searched = searcher.snapshot.counts().passages if scope.passages is None else len(scope.passages)
        self._rarity = searcher.words.rarity(search.terms)
        self._ceiling = searcher.words.ceiling(search.terms)
        self._asked = _as_asked(search.question)

    def of(self, group: Group, document: StoredDocument) -> Explanation:
        """Why a group is shown, which stands in `document`."""
        first = min((h for h in group.hits if h.passage.id in self._rank), key=lambda h: self._rank[h.passage.id])
        rank_before, hit = self._scored[first.passage.id]
        sentences = hit.passage.passage.sentences
        nearest = max(range(len(hit.sentences)), key=hit.sentences.__getitem__, default=None)
        period = self._search.question.period
        return Explanation(
            span=hit.passage.passage.span,
            rank=self._rank[hit.passage.id],
            candidates=len(self._scored),
            searched=self._searched,
            people=self._people,
            terms=self._terms("\n".join(h.passage.text for h in group.hits), document.metadata.title or ""),
            lexical=hit.lexical / self._ceiling if self._ceiling > 0 else 0.0,
            dense=hit.dense,
            nearest=None if nearest is None else sentences[nearest],
            nearest_dense=hit.dense if nearest is None else hit.sentences[nearest],
            dense_weight=self._search.dense_weight,
            parts=self._search.parts(hit.passage.id),
            period=period.shown if period else None,
            reranker=self._reranker if rank_before <= DEPTH and len(self._scored) > 1 else None,
            rank_before=rank_before,
            joined=tuple(h.passage.passage.span for h in group.hits if h is not first),
        )

    def _terms(self, text: str, title: str) -> tuple[Term, ...]:
        """The terms that were looked up, the rarest first, then those too common; and how they stand in all that is shown."""
        forms: dict[str, dict[str, str]] = {}
        for word in words(text):
            forms.setdefault(word.stem, {}).setdefault(word.folded, word.span.of(text))
        titled = set(stems(title))
        found = [
            Term(self._asked.get(t, t), tuple(forms.get(t, {}).values()), t in titled, self._rarity.get(t))
            for t in self._search.terms
        ]
        return tuple(sorted(found, key=lambda term: -(term.rarity or 0.0)))


def _as_asked(question: Question) -> dict[str, str]:
    """The question's words as they are typed, by stem; of a follow-up also those it leaves unsaid."""
    period = question.period.words if question.period else ""
    texts = (period, question.context, question.standalone, question.text)  # of two spellings the last is taken
    return {word.stem: word.span.of(text) for text in texts for word in words(text)}
