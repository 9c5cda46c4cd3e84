"""Whose words, and of when, a question is asked of."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace

from index.snapshot import Snapshot
from index.words import stems
from retrieval.question_records import Asked, Question

_THE = frozenset(stems("the a an"))


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


def scope_of(
    question: Question, snapshot: Snapshot, shown_since: str | None = None, shown_until: str | None = None
) -> Scope:
    """The scope of a question. `shown_since` and `shown_until` are the dates of what was shown before, for a question that wants
    what is older or newer."""
    passages: set[int] | None = None
    people = frozenset(name for asked in question.speakers for name in asked.persons)
    in_roles = {asked.words: _said_as(asked, snapshot) for asked in question.speakers if not asked.persons}
    unknown = tuple(words for words, passages in in_roles.items() if not passages)
    if people or any(in_roles.values()):
        passages = snapshot.passages_said_by(people).union(*in_roles.values())
    elif question.besides:
        passages = snapshot.passages_not_said_by({n for asked in question.besides for n in asked.persons})
    if question.wants == "newer" and shown_until:
        later = snapshot.published_within(shown_until, None) - snapshot.published_within(None, shown_until)
        passages = _both(passages, snapshot.ranked_passages(later))
    if question.wants == "older" and shown_since:
        earlier = snapshot.published_within(None, shown_since) - snapshot.published_within(shown_since, None)
        passages = _both(passages, snapshot.ranked_passages(earlier))
    return Scope(people, None if passages is None else frozenset(passages), unknown)


def _said_as(asked: Asked, snapshot: Snapshot) -> set[int]:
    """What is said by whoever is described as the question describes them, where it gives no name: "the spokesman"."""
    wanted = set(stems(asked.words)) - _THE if asked.how == "role" else set()
    return snapshot.passages_said_as([r for r in snapshot.roles() if wanted <= set(stems(r))]) if wanted else set()


def _both(some: set[int] | None, others: set[int]) -> set[int]:
    return others if some is None else some & others
