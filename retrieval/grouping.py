"""Hits into what is shown: neighbours joined, repetitions folded.

An answer often runs over a passage's border, and a statement often stands in several papers, or is made on several days. The first
is one passage to a reader; so is the second, with all its places, and with its own words wherever they differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from types import MappingProxyType

from index.records import Span
from retrieval.records import Hit
from retrieval.repetition import Wording, nearly_same, overlap, said, shared, wording

LONGEST_SHOWN = 1300
"""Code points of a shown passage, beyond which no neighbour is joined to it."""

REACH = 4
"""How many passages before and after a hit may be joined to it."""

_LEAST_SHARE = 0.5  # what scores less than this share of the best hit only fills the page
_AS_WELL = 0.02  # what scores so much less scores as well, when it brings something new
_MUCH = 0.4  # of the words of a passage in another: it says much the same
_JOIN_SHARE = 0.8  # a neighbour is joined when it scores at least this share of the hit


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring hits of one document, in text order, that are shown as one passage; `also` are its repetitions elsewhere in the
    same words, `nearly` those in nearly the same, each with its own repetitions."""

    hits: tuple[Hit, ...]
    also: tuple[Hit, ...] = ()
    nearly: tuple[Group, ...] = ()

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
    def every(self) -> list[Hit]:
        """Its own hits and those folded into it."""
        return [*self.hits, *self.also, *(h for near in self.nearly for h in near.every)]

    @property
    def wording(self) -> Wording:
        return wording(h.passage for h in self.hits)

    @property
    def sentences(self) -> list[Span]:
        return [s for h in self.hits for s in h.passage.passage.sentences]


Speakers = Mapping[int, frozenset[str]]
"""Who has words in each passage, by its id."""


Days = Mapping[int, str | None]
"""When each document was published, by its id, as far as that is known."""

_UNKNOWN: Days = MappingProxyType({})


def grouped(
    hits: Sequence[Hit], neighbours: Iterable[Hit], k: int, speakers: Speakers, days: Days = _UNKNOWN
) -> list[Group]:
    """The first `k` groups of `hits` (best first), each grown by those of its `neighbours` that score nearly as well and are
    of the same speakers; a hit whose words are shown already, in the same place or another, makes no group of its own. What says
    much the same on the same day comes after what scores as well and does not."""
    scored = {h.passage.id: h for h in neighbours} | {h.passage.id: h for h in hits}
    groups: list[Group] = []
    shown: set[int] = set()
    for hit in hits:
        if hit.score < _LEAST_SHARE * abs(hits[0].score) and hit is not hits[0]:
            break
        if hit.passage.id in shown:
            continue
        folded = _folded(hit, groups, speakers)
        if folded is not None:
            at, group = folded
            groups[at] = group
            shown.add(hit.passage.id)
        elif len(groups) < k or hit.score >= groups[k - 1].score - _AS_WELL:
            group = _grown(hit, scored, shown, speakers)
            groups.append(group)
            shown |= {h.passage.id for h in group.hits}
    return [_most_told_first(group) for group in _varied(groups, k, speakers, days)]


def _most_told_first(group: Group) -> Group:
    """The group under that version of its statement which stands in most places: the odd one may be an error of its paper."""
    versions = [Group(group.hits, group.also), *group.nearly]
    most = max(versions, key=lambda version: len(version.also))
    return Group(most.hits, most.also, tuple(v for v in versions if v is not most))


def _varied(groups: Sequence[Group], k: int, speakers: Speakers, days: Days) -> list[Group]:
    """The first `k` groups, each the best of the rest that brings something new, where one does that scores as well as the best
    (maximal marginal relevance, Carbonell & Goldstein 1998, by steps). All that score as well as the `k`th have to be in `groups`:
    so a longer list begins as a shorter one does."""
    rest, chosen = list(groups), list[Group]()
    while rest and len(chosen) < k:
        as_well = (g for g in rest if g.score >= rest[0].score - _AS_WELL)
        new = (g for g in as_well if not any(_says_the_same(g, c, speakers, days) for c in chosen))
        chosen.append(next(new, rest[0]))
        rest.remove(chosen[-1])
    return chosen


def _says_the_same(group: Group, other: Group, speakers: Speakers, days: Days) -> bool:
    """Whether a group says much of what another does, of the same speakers on the same day."""
    day = days.get(group.document_id)
    return (
        (group.document_id == other.document_id or (day is not None and day == days.get(other.document_id)))
        and _all_of(group, speakers) == _all_of(other, speakers)
        and overlap((h.passage for h in group.hits), (h.passage for h in other.hits)) >= _MUCH
    )


def _all_of(group: Group, speakers: Speakers) -> frozenset[str]:
    return frozenset().union(*(_of(h, speakers) for h in group.hits))


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


def _folded(hit: Hit, groups: Sequence[Group], speakers: Speakers) -> tuple[int, Group] | None:
    """The group that shows the words of `hit` already, or nearly, from another place, with `hit` in it; and which one it is. Of the
    same speakers, since "Yes." may be anybody's."""
    for i, group in enumerate(groups):
        if _in_same_words(hit, group, speakers):
            return i, replace(group, also=(*group.also, hit))
        for n, near in enumerate(group.nearly):
            if _in_same_words(hit, near, speakers):
                again = replace(near, also=(*near.also, hit))
                return i, replace(group, nearly=(*group.nearly[:n], again, *group.nearly[n + 1 :]))
    for i, group in enumerate(groups):
        if _nearly_the_same(hit, group, speakers):
            return i, replace(group, nearly=(*group.nearly, Group((hit,))))
    return None


def _in_same_words(hit: Hit, group: Group, speakers: Speakers) -> bool:
    words = said(hit.passage.text)
    return any(said(h.passage.text) == words and _of(h, speakers) == _of(hit, speakers) for h in group.hits)


def _nearly_the_same(hit: Hit, group: Group, speakers: Speakers) -> bool:
    own = _of(hit, speakers)
    if not own <= _all_of(group, speakers):
        return False
    if not nearly_same([h.passage for h in group.hits], hit.passage):
        return False
    runs = shared(group.wording, wording([hit.passage]))
    holding = [h for h in group.hits if any(map(h.passage.passage.span.overlaps, runs))]
    return all(_of(h, speakers) == own for h in holding)
