"""Who says the words of a passage, and how: said, reported, written, or unknown.

The utterances are those that the index found; here they are cut to what is shown, and the words that name the speaker are read
from the document, so that they are a slice of it like any other quote.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from index.records import Span
from index.stored import StoredDocument, StoredUtterance
from retrieval.records import Attribution, How

_LEAST_SHARE = 0.25
"""How much of the marked words somebody has to say for the passage to be called theirs."""

_HOW: dict[str, How] = {"direct": "said", "mixed": "reported", "indirect": "reported"}


def attributions(span: Span, said: Iterable[StoredUtterance], text: str | None) -> tuple[Attribution, ...]:
    """What is said within `span`, in order. `text` is the document's, or None when it cannot be proved now."""
    found = []
    for stored in said:
        utterance = stored.utterance
        parts = tuple(c for p in utterance.parts if (c := clipped(p, span)))
        if parts:
            mention = utterance.mention
            words = mention.of(text) if mention and text is not None else None
            found.append(
                Attribution(
                    parts, _HOW[utterance.mode], stored.speaker, utterance.role, mention, words, utterance.because
                )
            )
    return tuple(found)


def leading(
    found: Sequence[Attribution], marked: Sequence[Span], document: StoredDocument, asked: Collection[str] = ()
) -> Attribution:
    """The one attribution that a passage is shown under: of somebody who was asked about, else of who says most of the marked
    words, else of the document's own voice."""
    own = [a for a in found if a.speaker in asked] or list(found)
    best = max(own, key=lambda a: (_shared(a.spans, marked), -a.spans[0].start), default=None)
    if best is not None and (
        best.speaker in asked or _shared(best.spans, marked) >= _LEAST_SHARE * sum(map(len, marked))
    ):
        return best
    return Attribution(tuple(marked), "written", document.author or document.metadata.author)


def clipped(part: Span, span: Span) -> Span | None:
    """What of `part` lies within `span`."""
    start, end = max(part.start, span.start), min(part.end, span.end)
    return Span(start, end) if start < end else None


def _shared(some: Iterable[Span], others: Sequence[Span]) -> int:
    """How many code points are in both."""
    return sum(len(c) for a in some for b in others if (c := clipped(a, b)))
