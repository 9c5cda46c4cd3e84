"""A group of hits as a citation: its words as they stand in the file now, and where; or none, and why not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from index.records import Span
from index.stored import StoredDocument
from retrieval.grouping import Group
from retrieval.locating import located
from retrieval.records import Attribution, Citation, Hit, Place, Variant
from retrieval.repetition import differences, said
from retrieval.verification import Source, Sources


def place(document: StoredDocument, group: Sequence[Hit]) -> Place:
    """Where a group of neighbouring hits stands."""
    first, last = group[0].passage.passage, group[-1].passage.passage
    span = Span(first.span.start, last.span.end)
    where = located(document.locators, span)
    return Place(document, span, first.paragraph, last.paragraph, first.line, first.heading, where)


def proved_first(group: Group, documents: dict[int, StoredDocument], reader: Sources) -> tuple[Group, Source]:
    """The group and its source; if its words cannot be proved but those of a repetition can, that repetition in its place."""
    sources = []
    for candidate in (group, *_copies(group)):
        document = documents[candidate.document_id]
        sources.append(reader.read([document])[document.id])
        if _quote(sources[-1], candidate) is not None:
            return candidate, sources[-1]
    return group, sources[0]


def _copies(group: Group) -> Iterator[Group]:
    """The group as it is when a repetition of it is the one that is shown: those in the same words first."""
    every = (*group.hits, *group.also)
    for h in group.also:
        same = (o for o in every if o is not h and said(o.passage.text) == said(h.passage.text))
        yield Group((h,), tuple(same), group.nearly)
    own = Group(group.hits, group.also)
    for n, near in enumerate(group.nearly):
        yield Group(near.hits, near.also, (own, *group.nearly[:n], *group.nearly[n + 1 :]))


def cite(
    group: Group,
    source: Source,
    marked: tuple[Span, ...],
    documents: dict[int, StoredDocument],
    who: Attribution,
    heard: tuple[Attribution, ...],
    reader: Sources,
    nearly: tuple[Variant, ...] = (),
) -> Citation:
    """The group as a citation: its words as they stand in its file now, or none and why not; and who says them.
    Its number is 1 until it has its place in an answer."""
    text, notice = _proved(group, source)
    where, also = place(documents[group.document_id], group.hits), _places(group.also, documents, reader)
    marked = marked if text is not None else ()
    on_paper = reader.rectangles(where.document, where.span) if text is not None else ()
    return Citation(
        1, where, text, marked, group.score, source.proof, who, heard, notice, also, nearly, rectangles=on_paper
    )


def vary(
    near: Group,
    shown: Group,
    source: Source,
    documents: dict[int, StoredDocument],
    who: Attribution,
    reader: Sources,
) -> Variant:
    """What is nearly the same as a group that is shown, as a variant of it: its own words, as they stand in its file now."""
    text, notice = _proved(near, source)
    other = differences(shown.wording, near.wording) if text is not None else ()
    where, also = place(documents[near.document_id], near.hits), _places(near.also, documents, reader)
    return Variant(where, text, other, source.proof, who, notice, also)


def _places(hits: Iterable[Hit], documents: dict[int, StoredDocument], reader: Sources) -> tuple[Place, ...]:
    """Where words stand again: only where they still do."""
    found = []
    for hit in hits:
        document = documents[hit.passage.document_id]
        if reader.read([document])[document.id].quote(hit.passage.passage.span, [hit.passage]) is not None:
            found.append(place(document, [hit]))
    return tuple(found)


def _proved(group: Group, source: Source) -> tuple[str | None, str | None]:
    """The words of a group as they stand in its file, or None; and what has to be said of the file."""
    text = _quote(source, group)
    if source.proof == "changed" and text is not None:
        return text, f"{source.notice} These words still stand at the same place."
    if text is None and source.proof == "verified":
        return None, "What is indexed of it is not what its file holds: `dixit status --repair`."
    return text, source.notice


def _quote(source: Source, group: Group) -> str | None:
    return source.quote(group.span, (h.passage for h in group.hits))
