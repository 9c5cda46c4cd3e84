"""The JSON forms: of an answer (`dixit ask --json`, `dixit batch`, the HTTP API) and of what is indexed (`dixit status --json`).

Version 1 of an answer, documented here and kept: fields may be added, none is renamed, removed or given another meaning.

    schema      "dixit.answer/1"
    question    as typed
    understood  {"standalone": with what a follow-up leaves unsaid, "terms": [stems looked up]}
    verdict     "answered" | "weak" | "none", with `reason` in words
    passages    best first: {number, doc_id, start, end, text, speaker, highlights: [[start, end], …], score, proof, notice,
                title, published, published_note, file, record, source, url, author, fidelity, encoding, paragraph,
                paragraph_end, line, heading, also: [places where a passage of it stands again in the same words]}
    documents   those cited: {doc_id, title, published, file, record, url}
    index       {commit, documents, passages, failed}: what was searched

Offsets are code points into the document's canonical text, half-open. `text` is the slice [start, end) as it stands in the
file; it is null, with the reason in `notice`, when that could not be proved (`proof`: "verified", "changed", "gone",
"unreadable"). `speaker` is null: unknown. `published` is ISO 8601 to the precision that is known.
"""

from __future__ import annotations

from index.records import Span
from index.store import StoredDocument
from retrieval.records import Answer, Citation, Place, Status

ANSWER_SCHEMA = "dixit.answer/1"
STATUS_SCHEMA = "dixit.status/1"


def answer_json(answer: Answer) -> dict:
    """An answer as JSON-ready values."""
    return {
        "schema": ANSWER_SCHEMA,
        "question": answer.question.text,
        "understood": {"standalone": answer.question.standalone, "terms": list(answer.question.terms)},
        "verdict": answer.verdict,
        "reason": answer.reason,
        "passages": [_citation(c) for c in answer.citations],
        "documents": [_document(d) for d in answer.documents],
        "index": {
            "commit": answer.commit,
            "documents": answer.searched.documents,
            "passages": answer.searched.passages,
            "failed": answer.searched.failed,
        },
    }


def status_json(status: Status) -> dict:
    """What is indexed, as JSON-ready values; `failed`, `problems` and `passed_over` say what is not, and why."""
    return {
        "schema": STATUS_SCHEMA,
        "store": str(status.folder.resolve()),
        "model": status.model,
        "committed_at": status.committed_at,
        "roots": [str(r) for r in status.roots],
        "documents": status.counts.documents,
        "passages": status.counts.passages,
        "failed": [{"file": f.name, "reason": f.reason} for f in status.failed],
        "problems": [{"file": f, "place": place, "reason": reason} for f, place, reason in status.problems],
        "passed_over": [{"file": f.name, "reason": f.reason} for f in status.skipped],
    }


def _citation(citation: Citation) -> dict:
    document = citation.place.document
    return {
        "number": citation.number,
        **_place(citation.place),
        "text": citation.text,
        "speaker": None,
        "highlights": [_pair(h) for h in citation.highlights],
        "score": round(citation.score, 4),
        "proof": citation.proof,
        "notice": citation.notice,
        "published_note": document.metadata.published_note,
        "source": document.metadata.source,
        "author": document.metadata.author,
        "fidelity": document.fidelity,
        "encoding": document.file.encoding,
        "also": [_place(p) for p in citation.also],
    }


def _place(place: Place) -> dict:
    return {
        **_document(place.document),
        "start": place.span.start,
        "end": place.span.end,
        "paragraph": place.paragraph,
        "paragraph_end": place.paragraph_end,
        "line": place.line,
        "heading": place.heading,
    }


def _document(document: StoredDocument) -> dict:
    return {
        "doc_id": document.doc_id,
        "title": document.title,
        "published": document.metadata.published,
        "file": document.file.name,
        "record": document.record,
        "url": document.metadata.url,
    }


def _pair(span: Span) -> list[int]:
    return [span.start, span.end]
