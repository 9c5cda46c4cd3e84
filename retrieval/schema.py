"""The JSON forms: of an answer (`dixit ask --json`, `dixit batch`, the HTTP API) and of what is indexed (`dixit status --json`).

Version 1 of an answer, documented here and kept: fields may be added, none is renamed, removed or given another meaning.

    schema      "dixit.answer/1"
    question    as typed
    understood  the question as understood: {standalone: with what a follow-up leaves unsaid, shown: in a few words,
                speakers: [{words, persons, how, nearest}], besides: [the same], topic, period: {since, until, words} or null,
                wants, page, terms: [stems looked up], notes: [what could not be resolved, or was a choice]}
    verdict     "answered" | "weak" | "none", with `reason` in words
    passages    best first: {number, doc_id, start, end, text, speaker, who: {how, speaker, role, mention, mention_text, because},
                attributions: [{…as who, spans: [[start, end], …]}: all that is said in it], highlights: [[start, end], …],
                score, proof, notice, title, published, published_note, file, record, source, url, author, fidelity, genre,
                encoding, notes: [what the reader changed], paragraph, paragraph_end, line, heading, located: {kind: "page",
                "slide", "chapter", "sheet", "row", "time", "footnote" or "comment", first: {label: as printed, number: counted
                from 1, until: of a time}, last, words: "pp. iv–v"} or null, rectangles: of a PDF, line by line, [{page: counted
                from 1, left, bottom, right, top: in points of the page's user space}], also: [places where it stands again in the
                same words],
                nearly: [{…place, text, speaker, who, differences: [{own, shown}], proof, notice, also: [places]}: passages folded
                into it, which say the same in nearly the same words], explanation: why it is there, below, only where asked for}
    others      passages, of the same form, on the topic by others than the speaker who was asked about
    documents   those cited: {doc_id, title, published, file, record, url}
    index       {commit, documents, passages, failed, collections: [names; empty: all]}: what was searched
    unread      null, or for a question that is not answered {new, changed, gone: [files that are not in the index as they are in
                their folders], away: [folders that are not there], failed: [files and records that could not be read]}

Offsets are code points into the document's canonical text, half-open. `text` is the slice [start, end) as it stands in the
file; it is null, with the reason in `notice`, when that could not be proved (`proof`: "verified", "changed", "gone",
"unreadable"). `how` is "said" (in quotation marks, or in their turn), "reported" or "written" (the document's own voice, by its
author); `speaker` is the name of who says or writes the marked words, null when nobody can be told; `mention` the words of the
document that name them there, and `because` why these stand for the name. `published` is ISO 8601 to the precision that is known.
A difference is where a passage has other words (`own`, [start, end] in its document) than the one it is folded into (`shown`,
[start, end] in that one's document); null where the one or the other has nothing there.

Why a passage is there (`--explain`; not where the text could not be proved): {start, end: of the passage that was found, rank,
candidates, searched, people: [those whose words were searched], terms: [{asked, found: [forms in the passage], in_title,
rarity}], lexical, dense, nearest: {start, end, dense} or null, dense_weight, score: {own, context, date, talk, total}, period,
reranker, rank_before, joined: [[start, end], …]}. `rank`, from 1, is the place among the `candidates` of the `searched` passages;
`terms` are the words looked up, the rarest first, `rarity` their inverse document frequency, null for one so common that it was
not looked up; `lexical` is BM25 as a share of the most that the terms could score. `dense` is the passage's cosine, `nearest` the
sentence with the largest one. The score's `own` part is dense_weight * (dense + nearest.dense) / 2 + (1 - dense_weight) *
lexical, `context` what stands around adds or takes, `date` and `talk` what is put on a document of the date asked for, or that
the conversation is on. `reranker` is the name of the one that read it, and moved it to `rank` from `rank_before`, or null; its
answer's `score` is then that of its new place. `joined` are the passages beside it that are shown with it.

What somebody says, version 1 (`dixit said --json`): {schema "dixit.said/1", name, total, passages: of the form above, the newest
documents first}. Speakers (`dixit speakers --json`): a list of {name, kind: "person" | "body", aliases, roles, utterances,
documents, first, last: dates of publication}.

An utterance, version 1 (a line of `dixit utterances --json`): {schema "dixit.utterance/1", doc_id, start, end, parts: [[start,
end], …]: the words said, without the tag, mode: "direct" | "mixed" | "indirect", form: "quotation" | "turn" | "monologue" |
"report", rule: which one found it, mention: [start, end] | null, cue: [start, end] | null, speaker: name | null, role: title or
description | null, because}.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from index.records import Span
from index.stored import Behind, StoredDocument, StoredUtterance
from retrieval.locating import Located, in_words
from retrieval.question_records import Asked, Question
from retrieval.records import Answer, Attribution, Citation, Explanation, Place, Status, Unread, Variant
from retrieval.speakers import Speaker

if TYPE_CHECKING:
    from index.check import Finding, Repair
    from index.sync import SyncReport

ANSWER_SCHEMA = "dixit.answer/1"
STATUS_SCHEMA = "dixit.status/1"
CHECK_SCHEMA = "dixit.check/1"
SAID_SCHEMA = "dixit.said/1"
UTTERANCE_SCHEMA = "dixit.utterance/1"


def answer_json(answer: Answer) -> dict:
    """An answer as JSON-ready values."""
    return {
        "schema": ANSWER_SCHEMA,
        "question": answer.question.text,
        "understood": _understood(answer.question),
        "verdict": answer.verdict,
        "reason": answer.reason,
        "passages": [_citation(c) for c in answer.citations],
        "others": [_citation(c) for c in answer.others],
        "documents": [_document(d) for d in answer.documents],
        "index": {
            "commit": answer.commit,
            "documents": answer.searched.documents,
            "passages": answer.searched.passages,
            "failed": answer.searched.failed,
            "collections": list(answer.collections),
        },
        "unread": _unread(answer.unread) if answer.unread else None,
    }


def _unread(unread: Unread) -> dict:
    return {**behind_json(unread.behind), "failed": list(unread.failed)}


def behind_json(behind: Behind) -> dict:
    """How the folders differ from the index, as JSON-ready values."""
    return {
        "new": list(behind.new),
        "changed": list(behind.changed),
        "gone": list(behind.gone),
        "away": [str(p) for p in behind.away],
    }


def status_json(status: Status) -> dict:
    """What is indexed, as JSON-ready values; `failed`, `problems` and `passed_over` say what is not, and why."""
    return {
        "schema": STATUS_SCHEMA,
        "store": str(status.folder.resolve()),
        "model": status.model,
        "committed_at": status.committed_at,
        "roots": [str(c.path) for c in status.collections],
        "collections": [
            {
                "name": c.name,
                "path": str(c.path),
                "there": c.there,
                "files": c.files,
                "documents": c.counts.documents,
                "passages": c.counts.passages,
                "failed": c.counts.failed,
            }
            for c in status.collections
        ],
        "documents": status.counts.documents,
        "passages": status.counts.passages,
        "failed": [{"file": f.name, "reason": f.reason} for f in status.failed],
        "problems": [{"file": f, "place": place, "reason": reason} for f, place, reason in status.problems],
        "left_out": [f.name for f in status.left_out],
        "passed_over": [{"file": f.name, "reason": f.reason} for f in status.skipped],
    }


def sync_json(report: SyncReport) -> dict:
    """What a sync did, or would do, as JSON-ready values. File names begin with that of their collection."""
    return {
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
        "renamed": [list(r) for r in report.renamed],
        "collections_renamed": [list(r) for r in report.collections],
        "unreadable": report.unreadable,
        "busy": report.busy,
        "failures": [{"file": f.name, "reason": f.reason} for f in report.failures],
        "away": [str(p) for p in report.unreachable],
        "unchanged": report.unchanged,
        "left_out": report.left_out,
        "embedded": report.embedded,
        "remade_because": report.remade_because,
    }


def findings_json(found: Iterable[Finding], mended: Repair | None) -> dict:
    """What a check found, and after a repair what is left, as JSON-ready values."""
    told = lambda findings: [{"kind": f.kind, "what": f.what, "how": f.how} for f in findings]  # noqa: E731
    repair = mended and {"sync": sync_json(mended.report) if mended.report else None, "left": told(mended.left)}
    return {"schema": CHECK_SCHEMA, "findings": told(found), "repair": repair}


def _citation(citation: Citation) -> dict:
    document = citation.place.document
    return {
        "number": citation.number,
        **_place(citation.place),
        "text": citation.text,
        "speaker": citation.who.speaker,
        "who": _attribution(citation.who),
        "attributions": [{**_attribution(a), "spans": [_pair(s) for s in a.spans]} for a in citation.attributions],
        "highlights": [_pair(h) for h in citation.highlights],
        "score": round(citation.score, 4),
        "proof": citation.proof,
        "notice": citation.notice,
        "published_note": document.metadata.published_note,
        "source": document.metadata.source,
        "author": document.metadata.author,
        "fidelity": document.fidelity,
        "notes": list(document.notes),
        "rectangles": [{**r._asdict(), "page": r.page + 1} for r in citation.rectangles],
        "genre": document.genre,
        "encoding": document.file.encoding,
        "also": [_place(p) for p in citation.also],
        "nearly": [_variant(v) for v in citation.nearly],
        **({"explanation": _explanation(citation.explanation)} if citation.explanation else {}),
    }


def _explanation(why: Explanation) -> dict:
    parts = why.parts
    score = {"own": parts.own, "context": parts.context, "date": parts.date, "talk": parts.talk, "total": parts.score}
    return {
        "start": why.span.start,
        "end": why.span.end,
        "rank": why.rank,
        "candidates": why.candidates,
        "searched": why.searched,
        "people": list(why.people),
        "terms": [
            {"asked": t.asked, "found": list(t.found), "in_title": t.in_title, "rarity": _rounded(t.rarity)}
            for t in why.terms
        ],
        "lexical": _rounded(why.lexical),
        "dense": _rounded(why.dense),
        "nearest": {
            "start": why.nearest.start,
            "end": why.nearest.end,
            "dense": _rounded(why.nearest_dense),
        }
        if why.nearest
        else None,
        "dense_weight": why.dense_weight,
        "score": {name: _rounded(part) for name, part in score.items()},
        "period": why.period,
        "reranker": why.reranker,
        "rank_before": why.rank_before,
        "joined": [_pair(s) for s in why.joined],
    }


def _variant(variant: Variant) -> dict:
    return {
        **_place(variant.place),
        "text": variant.text,
        "speaker": variant.who.speaker,
        "who": _attribution(variant.who),
        "differences": [
            {"own": _pair(d.own) if d.own else None, "shown": _pair(d.shown) if d.shown else None}
            for d in variant.differences
        ],
        "proof": variant.proof,
        "notice": variant.notice,
        "also": [_place(p) for p in variant.also],
    }


def _attribution(who: Attribution) -> dict:
    return {
        "how": who.how,
        "speaker": who.speaker,
        "role": who.role,
        "mention": _pair(who.mention) if who.mention else None,
        "mention_text": who.mention_text,
        "because": who.because,
    }


def utterance_json(doc_id: str, stored: StoredUtterance) -> dict:
    """An utterance of a document as JSON-ready values."""
    said = stored.utterance
    return {
        "schema": UTTERANCE_SCHEMA,
        "doc_id": doc_id,
        "start": said.span.start,
        "end": said.span.end,
        "parts": [_pair(p) for p in said.parts],
        "mode": said.mode,
        "form": said.form,
        "rule": said.rule,
        "mention": _pair(said.mention) if said.mention else None,
        "cue": _pair(said.cue) if said.cue else None,
        "speaker": stored.speaker,
        "role": said.role,
        "because": said.because,
    }


def speakers_json(speakers: Iterable[Speaker]) -> list[dict]:
    """The speakers of a collection as JSON-ready values."""
    return [
        {
            "name": s.person.name,
            "kind": s.person.kind,
            "aliases": list(s.person.aliases),
            "roles": list(s.person.roles),
            "utterances": s.spoken.utterances,
            "documents": s.spoken.documents,
            "first": s.spoken.first,
            "last": s.spoken.last,
        }
        for s in speakers
    ]


def said_json(name: str, shown: Iterable[Citation], total: int) -> dict:
    """What somebody says as JSON-ready values: passages as those of an answer, of so many."""
    return {"schema": SAID_SCHEMA, "name": name, "total": total, "passages": [_citation(c) for c in shown]}


def _understood(question: Question) -> dict:
    period = question.period
    return {
        "standalone": question.standalone,
        "shown": question.understood,
        "speakers": [_asked(a) for a in question.speakers],
        "besides": [_asked(a) for a in question.besides],
        "topic": question.topic,
        "period": {"since": period.since, "until": period.until, "words": period.words} if period else None,
        "wants": question.wants,
        "page": question.page,
        "terms": list(question.terms),
        "notes": list(question.notes),
    }


def _asked(asked: Asked) -> dict:
    return {"words": asked.words, "persons": list(asked.persons), "how": asked.how, "nearest": list(asked.nearest)}


def _place(place: Place) -> dict:
    return {
        **_document(place.document),
        "start": place.span.start,
        "end": place.span.end,
        "paragraph": place.paragraph,
        "paragraph_end": place.paragraph_end,
        "line": place.line,
        "heading": place.heading,
        "located": _located(place.located) if place.located else None,
    }


def _located(where: Located) -> dict:
    told = lambda x: {"label": x.label, "number": x.number, "until": x.until}  # noqa: E731
    return {
        "kind": where.first.kind,
        "first": told(where.first),
        "last": told(where.last),
        "words": in_words(where),
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


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 4) + 0.0  # no -0.0


def _pair(span: Span) -> list[int]:
    return [span.start, span.end]
