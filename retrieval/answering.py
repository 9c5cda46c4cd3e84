"""From a question as understood to an answer: whose words are searched, what is found there, what it is worth.

A question about what somebody said is asked of their words alone. What others say on the topic is found apart, and offered
apart, when they say little or nothing of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from index.stored import StoredDocument, StoredUtterance
from retrieval.attribution import attributions, leading
from retrieval.citation import cite, proved_first, vary
from retrieval.explanation import Explainer
from retrieval.grouping import REACH, Group, grouped
from retrieval.question_records import Question
from retrieval.records import Answer, Attribution, Citation, Hit, Variant
from retrieval.reranker import reranked
from retrieval.scope import Scope, scope_of
from retrieval.search import Search, Searcher
from retrieval.sentences import FIRST, ReadSentences, highlights, read_sentences
from retrieval.verdict import bears, heard, judge, of_period
from retrieval.verification import Source, Sources

_OTHERS = 3
"""How many passages of others are offered, at most."""

_TALKED_OF = 4
"""How many of the best passages of the turn before tell which documents a conversation is on."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What a search came to: hits best first, what of them is shown, its sentences, the citations."""

    search: Search
    hits: list[Hit]
    groups: list[Group]
    read: ReadSentences
    citations: tuple[Citation, ...]


def answer(
    question: Question,
    searcher: Searcher,
    sources: Sources,
    k: int,
    documents: Collection[int] | None = None,
    explain: bool = False,
) -> Answer:
    """The answer, with at most `k` citations, from all documents or from some; each with why it is there, to `explain`."""
    snapshot = searcher.snapshot
    scope = scope_of(question, snapshot, *_shown_before(question, searcher, sources, k, documents))
    if documents is not None:
        scope = scope.within(snapshot.ranked_passages(documents))
    every = frozenset(snapshot.ranked_passages(documents))
    asked_of, searched = question, scope
    if not heard(question, scope, snapshot):
        # What somebody else says who is known is not theirs.
        asked_of = _of_anybody(question)
        searched = Scope(frozenset(), every - snapshot.passages_not_said_by(()))
    found = _find(asked_of, searcher, sources, k, searched, explain)
    if question.page > 1 and not found.citations:
        nothing = "There is nothing more than what was shown."
        return Answer(question, "none", nothing, (), snapshot.commit, snapshot.counts())
    verdict, reason = judge(question, scope, searcher, found.search, found.hits, found.read)
    citations = found.citations if verdict != "none" else ()
    if question.period and citations and not of_period(question.period, citations, snapshot):
        other = f"None of these is of {question.period.shown}; they are the nearest of other dates."
        verdict, reason = "weak", other if verdict == "answered" else f"{reason} {other}"
    others: tuple[Citation, ...] = ()
    if question.speakers and verdict != "answered" and searched.passages is not None:
        rest = _find(question, searcher, sources, _OTHERS, searched.others(every), explain)
        if bears(searcher, rest.search, rest.hits, rest.read):
            others = rest.citations
            reason += " What others say of it is shown apart."
    if citations and citations[0].text is None:
        verdict = "weak"
        reason = f"What was found first cannot be shown. {citations[0].notice or ''}".rstrip()
    return Answer(question, verdict, reason, citations, snapshot.commit, snapshot.counts(), others)


def _of_anybody(question: Question) -> Question:
    """The question as one that is asked of everybody's words: who is named in it is a word like any other."""
    return replace(question, speakers=(), terms=question.asked_terms)


def _shown_before(
    question: Question, searcher: Searcher, sources: Sources, k: int, documents: Collection[int] | None
) -> tuple[str | None, str | None]:
    """The first and last date of what answered the question before, for one that wants what is older or newer."""
    if question.wants not in ("newer", "older") or question.before is None:
        return None, None
    before = answer(question.before, searcher, sources, k, documents)
    dates = sorted(d.metadata.published for d in before.documents if d.metadata.published)
    return (dates[0], dates[-1]) if dates else (None, None)


def _talked_of(question: Question, searcher: Searcher) -> set[int]:
    """The documents that the turn before was answered from, where this one follows it without being the same question."""
    before = question.before
    if before is None or question.wants in ("more", "newer", "older"):
        return set()
    hits = searcher.search(before, scope_of(before, searcher.snapshot).passages).fused()
    return {h.passage.document_id for h in hits[:_TALKED_OF]}


def _find(
    question: Question,
    searcher: Searcher,
    sources: Sources,
    k: int,
    scope: Scope,
    explain: bool,
) -> _Found:
    """The `k` groups of one page: page 2 are those after the first `k`."""
    search, snapshot = searcher.search(question, scope.passages, _talked_of(question, searcher)), searcher.snapshot
    skipped = (question.page - 1) * k
    hits = fused = search.fused()
    if searcher.reranker:
        hits = reranked(fused, question.standalone, searcher.reranker, snapshot, searcher.encoder)
    looked_at = max(k, FIRST)  # the verdict is that of the first, whether so many are shown or not
    near = search.neighbours(hits[: 3 * (skipped + looked_at)], REACH)
    said = snapshot.said_in({h.passage.id for h in (*hits, *near)})
    days = {i: d.metadata.published for i, d in snapshot.documents({h.passage.document_id for h in hits}).items()}
    groups = grouped(hits, near, skipped + looked_at, {i: _speakers(s) for i, s in said.items()}, days)[skipped:]
    documents = snapshot.documents(h.passage.document_id for g in groups for h in g.every)
    # All at once first, so that a file of many records is read in one pass.
    sources.read(documents.values())
    proved = [proved_first(group, documents, sources) for group in groups]
    groups = [group for group, _ in proved]
    heard = [_heard(group, source, said) for group, source in proved]
    theirs = [[s for a in of_group if a.speaker in scope.people for s in a.spans] for of_group in heard]
    rarity = searcher.words.rarity(question.terms)
    read = read_sentences(groups, rarity, theirs)
    explainer = Explainer(searcher, search, scope, fused, hits) if explain else None
    citations = []
    for (group, source), of_group, marked in list(zip(proved, heard, highlights(read)))[:k]:
        who = leading(of_group, marked, documents[group.document_id], scope.people)
        nearly = tuple(_varied(near, group, who, documents, sources, said) for near in group.nearly)
        citation = cite(group, source, marked, documents, who, of_group, sources, nearly)
        if explainer and citation.text is not None:
            citation = replace(citation, explanation=explainer.of(group, citation.place.document))
        citations.append(citation)
    if any(len(asked.persons) > 1 for asked in question.speakers):
        citations = _apart(citations)
    numbered = tuple(replace(c, number=n) for n, c in enumerate(citations, start=skipped + 1))
    return _Found(search, hits, groups, read, numbered)


def _heard(group: Group, source: Source, said: Mapping[int, Sequence[StoredUtterance]]) -> tuple[Attribution, ...]:
    """All that is said in a group, `said` being what is said in each passage by its id."""
    own = {u.id: u for h in group.hits for u in said[h.passage.id]}
    return attributions(group.span, own.values(), source.proved_text)


def _varied(
    near: Group,
    shown: Group,
    who: Attribution,
    documents: dict[int, StoredDocument],
    sources: Sources,
    said: Mapping[int, Sequence[StoredUtterance]],
) -> Variant:
    """What is nearly the same as a group that is shown under `who`, under the same speaker as its own document has them."""
    near, source = proved_first(near, documents, sources)
    heard = _heard(near, source, said) if who.how != "written" else ()
    own = leading(heard, (near.span,), documents[near.document_id], {who.speaker})
    return vary(near, shown, source, documents, own, sources)


def _apart(citations: list[Citation]) -> list[Citation]:
    """The citations of people who share the name that was asked for, one person's after the other's."""
    order = list(dict.fromkeys(c.who.speaker for c in citations))
    return sorted(citations, key=lambda c: order.index(c.who.speaker))


def _speakers(said: Sequence[StoredUtterance]) -> frozenset[str]:
    return frozenset(u.speaker or "" for u in said)
