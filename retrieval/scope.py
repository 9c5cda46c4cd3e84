"""Whose words, and of when, a question is asked of."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace

from index.store import Snapshot
from retrieval.question_records import Question


@dataclass(frozen=True, slots=True)
class Scope:
    """What is searched: `people` whose words are asked for, and the ranked passages that hold them; None for all passages.

    `unknown` are the asked speakers whom the documents do not quote, as the question calls them.
    """

    people: frozenset[str]
    passages: frozenset[int] | None
    unknown: tuple[str, ...] = ()

    def within(self, passages: Set[int]) -> Scope:
        """The same, among these passages."""
        return replace(self, passages=frozenset(passages if self.passages is None else self.passages & passages))

    def others(self, every: Set[int]) -> Scope:
        """What is not theirs, of every passage."""
        return Scope(frozenset(), frozenset(every - (self.passages or frozenset())))


def scope_of(question: Question, snapshot: Snapshot, shown_since: str | None = None, shown_until: str | None = None) -> Scope:
    """The scope of a question. `shown_since` and `shown_until` are the dates of what was shown before, for a question that wants
    what is older or newer."""
    passages: set[int] | None = None
    people = frozenset(name for asked in question.speakers for name in asked.persons)
    unknown = tuple(asked.words for asked in question.speakers if not asked.persons)
    if people:
        passages = snapshot.passages_said_by(people)
    elif question.besides:
        passages = snapshot.passages_not_said_by({n for asked in question.besides for n in asked.persons})
    if question.wants == "newer" and shown_until:
        later = snapshot.published_within(shown_until, None) - snapshot.published_within(None, shown_until)
        passages = _both(passages, snapshot.ranked_passages(later))
    if question.wants == "older" and shown_since:
        earlier = snapshot.published_within(None, shown_since) - snapshot.published_within(shown_since, None)
        passages = _both(passages, snapshot.ranked_passages(earlier))
    return Scope(people, None if passages is None else frozenset(passages), unknown)


def _both(some: set[int] | None, others: set[int]) -> set[int]:
    return others if some is None else some & others
