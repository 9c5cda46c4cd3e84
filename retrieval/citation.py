"""A group of hits as a citation: its words as they stand in the file now, and where; or none, and why not."""

from __future__ import annotations

from collections.abc import Sequence

from index.records import Span
from index.store import StoredDocument
from retrieval.grouping import Group, said
from retrieval.records import Attribution, Citation, Hit, Place
from retrieval.verification import Source, SourceReader


def place(document: StoredDocument, group: Sequence[Hit]) -> Place:
    """Where a group of neighbouring hits stands."""
    first, last = group[0].passage.passage, group[-1].passage.passage
    return Place(
        document, Span(first.span.start, last.span.end), first.paragraph, last.paragraph, first.line, first.heading
    )


def proved_first(group: Group, documents: dict[int, StoredDocument], reader: SourceReader) -> tuple[Group, Source]:
    """The group and its source; if its words cannot be proved but those of a repetition can, that repetition in its place."""
    every = (*group.hits, *group.also)
    copies = [
        Group((h,), tuple(o for o in every if o is not h and said(o.passage.text) == said(h.passage.text)))
        for h in group.also
    ]
    sources = []
    for candidate in (group, *copies):
        document = documents[candidate.document_id]
        sources.append(reader.read([document])[document.id])
        if _quote(sources[-1], candidate) is not None:
            return candidate, sources[-1]
    return group, sources[0]


def cite(
    group: Group,
    source: Source,
    marked: tuple[Span, ...],
    documents: dict[int, StoredDocument],
    who: Attribution,
    heard: tuple[Attribution, ...],
) -> Citation:
    """The group as a citation: its words as they stand in its file now, or none and why not; and who says them.
    Its number is 1 until it has its place in an answer."""
    text = _quote(source, group)
    notice = source.notice
    if source.proof == "changed" and text is not None:
        notice = f"{notice} These words still stand at the same place."
    also = tuple(place(documents[h.passage.document_id], [h]) for h in group.also)
    where = place(documents[group.document_id], group.hits)
    marked = marked if text is not None else ()
    return Citation(1, where, text, marked, group.score, source.proof, who, heard, notice, also)


def _quote(source: Source, group: Group) -> str | None:
    return source.quote(group.span, (h.passage for h in group.hits))
