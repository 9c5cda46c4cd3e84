"""Hits into what is shown: neighbours joined, repetitions folded.

An answer often runs over a passage's border, and a statement often stands in several papers. The first is one passage to a
reader, and so is the second, with all its places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from index.records import Span
from index.words import fold
from retrieval.records import Hit

LONGEST_SHOWN = 1300
"""Code points of a shown passage, beyond which no neighbour is joined to it."""

REACH = 4
"""How many passages before and after a hit may be joined to it."""

_LEAST_SHARE = 0.5  # what scores less than this share of the best hit only fills the page
_JOIN_SHARE = 0.8  # a neighbour is joined when it scores at least this share of the hit
_AROUND_WORDS = "\"'‘’“”„«»()[].,;:!…"  # not "?", which makes another statement


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring hits of one document, in text order, that are shown as one passage, and its repetitions elsewhere."""

    hits: tuple[Hit, ...]
    also: tuple[Hit, ...] = ()

    @property
    def score(self) -> float:
        """That of the hit it grew from."""
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


Speakers = Mapping[int, frozenset[str]]
"""Who has words in each passage, by its id."""


def grouped(hits: Sequence[Hit], neighbours: Iterable[Hit], k: int, speakers: Speakers) -> list[Group]:
    """The first `k` groups of `hits` (best first), each grown by those of its `neighbours` that score nearly as well and are
    of the same speakers; a hit whose words are shown already, in the same place or another, makes no group of its own."""
    scored = {h.passage.id: h for h in neighbours} | {h.passage.id: h for h in hits}
    groups: list[Group] = []
    shown: set[int] = set()
    for hit in hits:
        if hit.score < _LEAST_SHARE * abs(hits[0].score) and hit is not hits[0]:
            break
        if hit.passage.id in shown:
            continue
        same = _repetition(hit, groups, speakers)
        if same is not None:
            groups[same] = Group(groups[same].hits, (*groups[same].also, hit))
            shown.add(hit.passage.id)
        elif len(groups) < k:
            group = _grown(hit, scored, shown, speakers)
            groups.append(group)
            shown |= {h.passage.id for h in group.hits}
    return groups


def _grown(hit: Hit, scored: dict[int, Hit], shown: Set[int], speakers: Speakers) -> Group:
    """The hit with the neighbours on either side that score nearly as well, the better side first, up to the longest shown."""
    members = [hit]
    while True:
        # A document's passages have consecutive ids, in order (`Writer.put_document`).
        sides = [members[0].passage.id - 1, members[-1].passage.id + 1]
        open_sides = [
            h
            for i in sides
            if (h := scored.get(i))
            and i not in shown
            and _joins(h, hit, members)
            and _same_speakers(h, members, speakers)
        ]
        if not open_sides:
            return Group(tuple(members))
        members = sorted([*members, max(open_sides, key=lambda h: h.score)], key=lambda h: h.passage.id)


def _same_speakers(neighbour: Hit, members: list[Hit], speakers: Speakers) -> bool:
    """Whether the neighbour goes on with the words of somebody who is heard already, or brings nobody's but the document's own: so
    that nobody's words come under another's name, or under nobody's."""
    own, so_far = _of(neighbour, speakers), frozenset().union(*(_of(m, speakers) for m in members))
    return not own or bool(own & so_far)


def _of(hit: Hit, speakers: Speakers) -> frozenset[str]:
    return speakers.get(hit.passage.id, frozenset())


def _joins(neighbour: Hit, hit: Hit, members: list[Hit]) -> bool:
    passage, first, last = neighbour.passage, members[0].passage, members[-1].passage
    start, end = (
        min(first.passage.span.start, passage.passage.span.start),
        max(last.passage.span.end, passage.passage.span.end),
    )
    return (
        passage.document_id == hit.passage.document_id
        and passage.passage.heading == hit.passage.passage.heading
        and neighbour.score >= _JOIN_SHARE * hit.score
        and end - start <= LONGEST_SHOWN
    )


def _repetition(hit: Hit, groups: Sequence[Group], speakers: Speakers) -> int | None:
    """The group that shows the words of `hit` already, from another place: of the same speakers, since "Yes." may be anybody's."""
    same = lambda h: said(h.passage.text) == said(hit.passage.text) and _of(h, speakers) == _of(hit, speakers)  # noqa: E731
    return next((i for i, g in enumerate(groups) if any(map(same, g.hits))), None)


@lru_cache(maxsize=4096)
def said(text: str) -> tuple[str, ...]:
    """What two copies of one statement have in common: all its words and figures, in order, but for case, quotation marks and
    the points around them. Nothing smaller is let go of: "for" and "against", "before" and "after", 12 and 21 are small too.

    >>> said("They voted for the bill.") == said("“THEY voted for the bill,”")
    True
    >>> said("They voted for the bill.") == said("They voted against the bill.")
    False
    """
    return tuple(word for part in text.split() if (word := fold(part.strip(_AROUND_WORDS))).strip("-–—"))
