"""From ranked passages to an answer: neighbours joined, repetitions folded, sentences marked, a verdict, and every quote proved.

Nothing here writes text of its own into an answer: what is shown is slices, what is said about them is a fixed sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from index.encoder import Encoder
from index.records import Span
from index.store import StoredDocument
from index.words import stems
from retrieval.records import Citation, Hit, Place, Question, Verdict
from retrieval.verification import Source

LONGEST_SHOWN = 1200
"""Code points of a shown passage, beyond which neighbours are not joined to it."""

_JOIN_SHARE = 0.6  # a neighbour joins a passage when its score is at least this share of that passage's
_SAME_WORDS = 92.0  # of 100: Indel similarity over the two texts, from which they are called near-identical

_HARDLY_WORSE = 0.05

# Provisional, by the best cosine and by how many of the question's terms its best passages hold.
_ANSWERED, _WEAK = 0.42, 0.30


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring hits of one document, in text order, that are shown as one passage, and its repetitions elsewhere."""

    hits: tuple[Hit, ...]
    also: tuple[Hit, ...] = ()

    @property
    def score(self) -> float:
        return max(h.score for h in self.hits)

    @property
    def document_id(self) -> int:
        return self.hits[0].passage.document_id

    @property
    def span(self) -> Span:
        return Span(self.hits[0].passage.passage.span.start, self.hits[-1].passage.passage.span.end)

    @property
    def sentences(self) -> list[Span]:
        return [s for h in self.hits for s in h.passage.passage.sentences]


def grouped(hits: Sequence[Hit], k: int) -> list[Group]:
    """The first `k` groups of `hits` (best first): repetitions folded, then neighbours joined."""
    groups: list[Group] = []
    for hit in hits:
        same = _repetition(hit, groups)
        if same is not None:
            groups[same] = Group(groups[same].hits, (*groups[same].also, hit))
            continue
        joined = next((i for i, g in enumerate(groups) if _joins(hit, g)), None)
        if joined is not None:
            together = sorted((*groups[joined].hits, hit), key=lambda h: h.passage.id)
            groups[joined] = Group(tuple(together), groups[joined].also)
        elif len(groups) < k:
            groups.append(Group((hit,)))
    return groups


def judge(question: Question, hits: Sequence[Hit]) -> tuple[Verdict, str]:
    """The verdict on a ranking, and its reason in words."""
    if not hits:
        return "none", "Nothing in the documents bears on this question."
    closeness = max(h.dense for h in hits[:5])
    held = {s for h in hits[:5] for s in stems(h.passage.text)}
    covered = sum(t in held for t in question.terms) / max(1, len(question.terms))
    strength = closeness * (0.7 + 0.3 * covered)
    if strength >= _ANSWERED:
        return "answered", "These passages bear on the question."
    if strength >= _WEAK:
        return "weak", "These are the nearest passages; they may not answer the question."
    return "none", "Nothing in the documents comes near this question."


def highlights(question: Question, query: np.ndarray, groups: Sequence[Group], encoder: Encoder) -> list[tuple[Span, ...]]:
    """For each group the sentences that bear most on the question: the best of it, and those hardly worse.

    A sentence is scored as a passage is, by cosine and by the share of the question's terms that it holds.
    """
    spans = [group.sentences for group in groups]
    texts = [t for group in groups for h in group.hits for t in _sentence_texts(h)]
    if not texts:
        return []
    cosines = encoder.encode_passages(texts) @ query
    held = [set(stems(t)) for t in texts]
    shares = np.array([sum(t in h for t in question.terms) / max(1, len(question.terms)) for h in held])
    scores = 0.7 * cosines + 0.3 * shares
    marked: list[tuple[Span, ...]] = []
    at = 0
    for sentences in spans:
        own = scores[at : at + len(sentences)]
        at += len(sentences)
        marked.append(tuple(s for s, score in zip(sentences, own) if score >= own.max() - _HARDLY_WORSE))
    return marked


def _sentence_texts(hit: Hit) -> list[str]:
    start = hit.passage.passage.span.start
    return [hit.passage.text[s.start - start : s.end - start] for s in hit.passage.passage.sentences]


def place(document: StoredDocument, group: Sequence[Hit]) -> Place:
    """Where a group of neighbouring hits stands."""
    first, last = group[0].passage.passage, group[-1].passage.passage
    return Place(document, Span(first.span.start, last.span.end), first.paragraph, last.paragraph, first.line, first.heading)


def cite(number: int, group: Group, marked: tuple[Span, ...], documents: dict[int, StoredDocument], sources: dict[int, Source]) -> Citation:
    """The group as a citation: its words as they stand in the file now, or none and why not."""
    source = sources[group.document_id]
    text = quote(source, group)
    notice = source.notice
    if source.proof == "changed" and text is not None:
        notice = f"{notice} These words still stand at the same place."
    also = tuple(place(documents[h.passage.document_id], [h]) for h in group.also)
    where = place(documents[group.document_id], group.hits)
    return Citation(number, where, text, marked if text is not None else (), group.score, source.proof, notice, also)


def quote(source: Source, group: Group) -> str | None:
    """The group's slice of the source, if each of its passages stands there word for word with only blanks between."""
    if source.document is None:
        return None
    text, at = source.document.text, group.span.start
    for hit in group.hits:
        span = hit.passage.passage.span
        if text[at : span.start].strip() or source.quote(span, hit.passage.text) is None:
            return None
        at = span.end
    return group.span.of(text)


def _joins(hit: Hit, group: Group) -> bool:
    """Whether `hit` is the passage next to `group`, near enough in score, under the same heading, and not too long with it."""
    first, last = group.hits[0].passage, group.hits[-1].passage
    passage = hit.passage
    # A document's passages have consecutive ids, in order (`Writer.put_document`).
    if passage.document_id != first.document_id or passage.id not in (first.id - 1, last.id + 1):
        return False
    start, end = min(first.passage.span.start, passage.passage.span.start), max(last.passage.span.end, passage.passage.span.end)
    return (
        passage.passage.heading == first.passage.heading
        and hit.score >= _JOIN_SHARE * group.score
        and end - start <= LONGEST_SHOWN
    )


def _repetition(hit: Hit, groups: Sequence[Group]) -> int | None:
    """The group whose words `hit` has again, in another place."""
    firsts = [" ".join(h.passage.text for h in g.hits) for g in groups]
    found = process.extractOne(hit.passage.text, firsts, scorer=fuzz.ratio, score_cutoff=_SAME_WORDS)
    return found[2] if found else None
