"""What the terminal and the pages say in our own words around a quote.

Names and words of documents in it are still to be escaped.
"""

from __future__ import annotations

from collections.abc import Iterable

from index import readers
from index.dates import spoken
from index.records import Span
from retrieval.locating import in_words
from retrieval.records import Attribution, Citation, Explanation, Place, Term, Variant

_DIFFERENCES = 3  # told on one line
_LONGEST_QUOTED = 12  # words
_TERMS = 8  # of each kind told on one line
_NAMES = 3
_LEAST = 0.005  # of a score that is told

_WHY = {
    "full name": "named in full",
    "same name": "part of the name",
    "apposition": "stands beside the name",
    "title": "title",
    "pronoun": "pronoun",
    "turn label": "label of the turn",
    "by-line": "by-line",
    "continued": "continues what was said before",
    "collection": "as other documents name them",
    "voice": "as the file itself tells",
}


def who_said_it(who: Attribution) -> str:
    """Who says a passage, and how: "said by Vladimir Putin", "speaker unknown"."""
    how, name, more = said_in_parts(who)
    return " ".join(part for part in (how, name) if part) + (f": {more}" if more else "")


def said_in_parts(who: Attribution) -> tuple[str, str, str]:
    """The same in three: how, the name, and what is told of somebody without one.

    >>> said_in_parts(Attribution((), "said", "Anna Berg", "the mayor"))
    ('said by', 'Anna Berg', '')
    >>> said_in_parts(Attribution((), "reported", None, "a source"))
    ('', 'speaker unknown', 'a source')
    """
    if who.how == "written":
        return ("written by", who.speaker, "") if who.speaker else ("", "in the document’s own words", "")
    if who.speaker:
        return "said by" if who.how == "said" else "reported of", who.speaker, ""
    return "", "speaker unknown", one_line(who.role or "")


def where_told(place: Place, line: bool = True) -> list[str]:
    """Where in its document a passage stands: page or the like, paragraphs, line if asked for. A line of what was drawn out of a
    file is no line of the file."""
    several = place.paragraph_end > place.paragraph
    paragraphs = f"paragraphs {place.paragraph}–{place.paragraph_end}" if several else f"paragraph {place.paragraph}"
    at = f"line {place.line}" if line and place.document.fidelity == "as is" else ""
    return [told for told in (in_words(place.located), paragraphs, at) if told]


FAITHFUL = {
    "as is": "the file’s own text, character for character",
    "extracted": "drawn out of the file",
    "OCR": "recognised on the image of the page: compare it",
}
"""What a document's fidelity means, by the word that a citation has for it."""


def formats_told() -> str:
    """What is read, by the name of each format and its suffixes."""
    return "; ".join(f"{name} ({', '.join(suffixes)})" for name, suffixes in readers.formats().items())


def why_told(who: Attribution) -> tuple[str, str] | None:
    """The words that name the speaker in the text, and why they stand for the name; None where there are no such words."""
    if who.mention_text is None:
        return None
    return one_line(who.mention_text), _WHY.get(who.because or "", "not told who this is")


def voice(who: Attribution) -> tuple[str | None, str | None]:
    """What tells one speaker from another: the name, else the description."""
    return (who.speaker, None) if who.speaker else (None, who.role)


def also_heard(who: Attribution, heard: Iterable[Attribution]) -> list[Attribution]:
    """Who speaks in a passage beside the one that it is shown under: each once, at their first words."""
    first: dict[tuple[str | None, str | None], Attribution] = {}
    for other in heard:
        if who.how == "written" or voice(other) != voice(who):
            first.setdefault(voice(other), other)
    return list(first.values())


def dated(citations: Iterable[Citation]) -> dict[int, str]:
    """The date to tell beside the speaker, by citation number: of those whose speaker is cited from several dates, so that
    statements of different days are seen to be such."""
    by_speaker: dict[str, dict[int, str]] = {}
    for citation in citations:
        published = citation.place.document.metadata.published
        if citation.who.speaker and published:
            by_speaker.setdefault(citation.who.speaker, {})[citation.number] = published
    several = [dates for dates in by_speaker.values() if len(set(dates.values())) > 1]
    return {number: f"published {spoken(date)}" for dates in several for number, date in dates.items()}


def differing(variant: Variant, citation: Citation) -> list[str]:
    """Where the words of a variant are other than those of the citation it stands under: "“May” for “March”"."""
    told = []
    for difference in variant.differences:
        own = _quoted(difference.own, variant) if difference.own else ""
        shown = _quoted(difference.shown, citation) if difference.shown else ""
        told.append(f"{own} for {shown}" if own and shown else f"with {own}" if own else f"without {shown}")
    return told


def in_short(told: list[str]) -> str:
    """A list of differences in so many words as a line holds.

    >>> in_short(["with “a”", "with “b”", "with “c”", "with “d”", "with “e”"])
    'with “a”; with “b”; with “c”; and 2 other differences'
    """
    most = _DIFFERENCES if len(told) > _DIFFERENCES + 1 else len(told)
    more = [f"and {len(told) - most} other differences"] if len(told) > most else []
    return "; ".join([*told[:most], *more])


def why_here(citation: Citation) -> list[str]:
    """Why a passage is shown, in lines, the first with its place; none where that was not asked for."""
    why = citation.explanation
    if why is None:
        return []
    words, meaning = 1 - why.dense_weight, why.dense_weight
    score = [f"{short(why.parts.own)} by itself (words × {short(words)} + meaning × {short(meaning)})"]
    if abs(why.parts.context) >= _LEAST:
        score.append(f"{short(why.parts.context)} for what stands around it")
    if why.parts.date:
        score.append(f"{short(why.parts.date)} as published in the time asked for, {why.period}")
    elif why.period:
        score.append(f"nothing for its date, which is not {why.period}")
    if why.parts.talk:
        score.append(f"{short(why.parts.talk)} for a document that the conversation is on")
    lines = [
        _where_found(why),
        f"words: {_words_found(why.terms)}: {short(why.lexical)} of the most they could score",
        f"meaning: {_meaning(why, citation)}",
        f"score {short(why.parts.score)}: {', '.join(score)}",
    ]
    if why.reranker:
        lines.append(f"reranked by {why.reranker}: {ordinal(why.rank)}, {ordinal(why.rank_before)} before")
    if why.joined:
        beside = "the passage" if len(why.joined) == 1 else f"the {len(why.joined)} passages"
        lines.append(f"shown with {beside} beside it, nearly as good")
    return [one_line(line) for line in lines]


def _where_found(why: Explanation) -> str:
    candidates = f"{why.candidates:,} candidates, of " if why.candidates < why.searched else ""
    people = list(why.people[:_NAMES])
    if len(why.people) > _NAMES:
        people.append(f"{len(why.people) - _NAMES} others")
    whose = f" with words of {' or '.join(people)}, as asked" if people else ""
    return f"{ordinal(why.rank)} of {candidates}{why.searched:,} passages{whose}"


def _words_found(terms: Iterable[Term]) -> str:
    """Which words of the question stand in a passage, and which do not: "“withdrawn” for “withdrawal”; not “soldiers” (1 of 2)"."""
    looked_up = [t for t in terms if t.rarity is not None]
    found = [_form(t) for t in looked_up if t.found]
    titled = [f"“{t.asked}”" for t in looked_up if t.in_title and not t.found]
    missing = [f"“{t.asked}”" for t in looked_up if not t.found and not t.in_title]
    told = [_some(found)] if found else []
    told += [f"in the title {_some(titled)}"] if titled else []
    told += [f"not {_some(missing)}"] if missing else []
    count = f" ({len(looked_up) - len(missing)} of {len(looked_up)})" if looked_up else "none looked up"
    common = [f"“{t.asked}”" for t in terms if t.rarity is None]
    return "; ".join(told) + count + (f"; {_some(common)} too common to count" if common else "")


def _form(term: Term) -> str:
    """The first of a term's forms in a passage, and how the question has it, where that is otherwise."""
    same = [form for form in term.found if form.casefold() == term.asked.casefold()]
    return f"“{same[0]}”" if same else f"“{term.found[0]}” for “{term.asked}”"


def _some(told: list[str]) -> str:
    more = [f"{len(told) - _TERMS} more"] if len(told) > _TERMS else []
    return ", ".join([*told[:_TERMS], *more])


def _meaning(why: Explanation, citation: Citation) -> str:
    if why.nearest is None:
        return short(why.dense)
    mean = short((why.dense + why.nearest_dense) / 2)
    return (
        f"{mean}, the mean of {short(why.dense)} for the passage and {short(why.nearest_dense)} for its nearest sentence, "
        f"{_quoted(why.nearest, citation)}"
    )


def short(number: float) -> str:
    """A score to two digits.

    >>> short(0.625), short(-0.5), short(-0.001), short(1.0)
    ('.62', '−.50', '.00', '1.00')
    """
    digits = f"{abs(number):.2f}".removeprefix("0")
    return f"−{digits}" if number <= -_LEAST else digits


def ordinal(number: int) -> str:
    """
    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 112, 121)]
    ['1st', '2nd', '3rd', '4th', '11th', '112th', '121st']
    """
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _quoted(span: Span, said: Citation | Variant) -> str:
    """Words of a passage in marks; of many the first and last."""
    start = said.place.span.start
    words = (said.text or "")[span.start - start : span.end - start].split()
    if len(words) > _LONGEST_QUOTED:
        half = _LONGEST_QUOTED // 2
        words = [*words[:half], "…", *words[-half:]]
    return f"“{' '.join(words)}”"


def one_line(text: str) -> str:
    return " ".join(text.split())
