"""The verdict: do these passages answer, may they, or is there nothing? With the reason in words.

Whose words they are comes first: nobody answers for somebody whom the documents do not quote. Where their name stands in the
text all the same, the nearest of anybody's words are shown, as weak at best. Everything else is decided by the chance that the
fitted model gives to the evidence (`retrieval.evidence`). A name in the question that stands nowhere in the documents keeps an
answer from being more than weak.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.snapshot import Snapshot
from index.words import stems
from retrieval.evidence import Model, evidence
from retrieval.question_records import Asked, Period, Question
from retrieval.records import Citation, Hit, Verdict
from retrieval.scope import Scope
from retrieval.search import Search, Searcher
from retrieval.sentences import FIRST, ReadSentences

_WEAK = "These are the nearest passages; they may not answer the question."
_MUCH_NEARER = 0.25
"""On the encoder's gauge: so much closer come others that it is worth telling."""


def heard(question: Question, scope: Scope, snapshot: Snapshot) -> bool:
    """Whether the documents have words of anybody whose words are asked for; true where nobody's are."""
    asked = _asked(question)
    known = [a for a in asked if a.words not in scope.unknown]
    told_by_role = any(not a.persons for a in known)
    return not asked or bool(known and (scope.passages or told_by_role or snapshot.passages_said_by(scope.people)))


def judge(
    question: Question, scope: Scope, searcher: Searcher, search: Search, hits: Sequence[Hit], read: ReadSentences
) -> tuple[Verdict, str]:
    """The verdict on what a `search` found, `hits` best first, and the sentences `read` of its first groups; with the reason.

    The search was among the passages of the `scope`, or among those that may be anybody's where nobody who is asked for is `heard`.
    """
    snapshot = searcher.snapshot
    if not heard(question, scope, snapshot):
        return _of_the_unheard(question, searcher, search, hits, read)
    strange = _strange_name(question, snapshot)
    theirs = bool(_asked(question))
    found = _weighed(searcher, search, hits, read, scope.passages, theirs)
    missing = "".join(f" {_nobody_called(a)}" for a in _asked(question) if a.words in scope.unknown)
    if found.verdict == "none" and not theirs and _holds_every_word(question, hits[:FIRST], snapshot):
        return "weak", _WEAK
    if found.verdict == "none":
        if theirs:
            return "none", _silent(question, scope, snapshot) + missing
        what = "Nothing in the documents"
        if strange:
            what = f"“{strange}” stands nowhere in the documents, and nothing in them"
        return "none", f"{what} comes near this question."
    if strange:
        reason = f"“{strange}” stands nowhere in the documents; these are the nearest passages and may not answer."
        return "weak", reason + missing
    if found.verdict == "weak" and found.others_nearer:
        reason = f"What others say comes nearer than anything by {_who(question)}, which may not answer."
        return "weak", reason + missing
    if found.verdict == "weak":
        return "weak", _WEAK + missing
    return "answered", "These passages bear on the question." + missing


@dataclass(frozen=True, slots=True)
class _Weighed:
    verdict: Verdict
    others_nearer: bool = False


def _weighed(
    searcher: Searcher,
    search: Search,
    hits: Sequence[Hit],
    read: ReadSentences,
    among: frozenset[int] | None,
    theirs: bool,
) -> _Weighed:
    """What the fitted model makes of it."""
    if not hits or not read.spans:
        return _Weighed("none")
    shown, terms = evidence(searcher, search, hits, read, among, theirs), search.question.terms
    if theirs and not search.question.topic and not search.question.context:
        return _Weighed("answered")  # they are asked for on no matter in particular
    if shown.closeness <= 0 and terms and not searcher.snapshot.term_counts(terms):
        return _Weighed("none")  # none of its words stands anywhere, and what is nearest is so by chance
    return _Weighed(Model.load().verdict(shown, _is_carried(search.question)), shown.lead > _MUCH_NEARER)


def _is_carried(question: Question) -> bool:
    """Whether the topic, or a part of it, is that of the question before, asked of somebody else."""
    before = question.before
    return before is not None and bool(question.context or question.topic == before.topic)


def _of_the_unheard(
    question: Question, searcher: Searcher, search: Search, hits: Sequence[Hit], read: ReadSentences
) -> tuple[Verdict, str]:
    """Of somebody who is not known to say anything: what nobody known says may be theirs, if the documents name them at all."""
    named = [a for a in _asked(question) if a.persons or _stands(a.words, searcher.snapshot)]
    if not named:
        return "none", " ".join(map(_nobody_called, _asked(question)))
    who = " and ".join(a.shown if a.persons else f"“{a.words}”" for a in named)
    reason = f"{who} is named in the documents, but nothing in them can be told to be said by that name"
    if _weighed(searcher, search, hits, read, None, False).verdict == "none":
        return "none", f"{reason}, nor does anything come near this question."
    return "weak", f"{reason}; these are the nearest passages whose speaker is not known, and may not answer."


def bears(searcher: Searcher, search: Search, hits: Sequence[Hit], read: ReadSentences) -> bool:
    """Whether what a search of others' words found bears on the question at all."""
    return _weighed(searcher, search, hits, read, None, False).verdict != "none"


def of_period(period: Period, citations: Sequence[Citation], snapshot: Snapshot) -> bool:
    """Whether any of the citations is of a period: by the date of its document, or because it names it, both month and year where
    both are asked for."""
    within = snapshot.published_within(period.since, period.until)
    named = {w for w in stems(period.words) if not w.isdecimal() or len(w) == 4} - set(
        stems("in on of the since until before after last next this past late early mid")
    )
    return any(c.place.document.id in within or (named and named <= set(stems(c.text or ""))) for c in citations)


def _silent(question: Question, scope: Scope, snapshot: Snapshot) -> str:
    """Why there is nothing of somebody who speaks in the documents."""
    documents = {s.person: s.documents for s in snapshot.spoken()}
    most = max((documents.get(name, 0) for name in scope.people), default=0)
    places = f" in {most:,} document{'' if most == 1 else 's'}" if most else ""
    nothing = "comes near this" if scope.passages else "is of that time or place"
    return f"{_who(question)} speaks{places}, but says nothing that {nothing}."


def _asked(question: Question) -> list[Asked]:
    """Those whose words are asked for, but for a pronoun that stands for nobody known."""
    return [a for a in question.speakers if a.how != "pronoun"]


def _who(question: Question) -> str:
    return " and ".join(a.shown for a in _asked(question) if a.how != "unknown")


def _nobody_called(asked: Asked) -> str:
    nearest = f"; the nearest name is {asked.nearest[0]}" if asked.nearest else ""
    return f"Nobody called {asked.words} is quoted in the documents{nearest}."


def _strange_name(question: Question, snapshot: Snapshot) -> str | None:
    """A name of the question that stands nowhere, but for those by which somebody is asked for."""
    known = [a for a in (*question.speakers, *question.about) if a.persons or a in question.speakers]
    called = {stem for asked in known for stem in stems(asked.words)}
    return next((n for n in question.names if not called.issuperset(stems(n)) and not _stands(n, snapshot)), None)


def _holds_every_word(question: Question, hits: Sequence[Hit], snapshot: Snapshot) -> bool:
    """Whether one of the passages, its title with it, holds all that was asked for: a question may be nothing but key words."""
    documents = snapshot.documents({h.passage.document_id for h in hits})
    texts = [f"{documents[h.passage.document_id].title} {h.passage.text}" for h in hits]
    return bool(question.terms) and any(set(question.terms) <= set(stems(text)) for text in texts)


def _stands(words: str, snapshot: Snapshot) -> bool:
    """Whether some words stand in the documents, one behind the other."""
    wanted = " ".join(stems(words))
    return bool(wanted) and bool(snapshot.match(f'"{wanted}"', (1.0, 1.0), 1))
