"""What the terminal and the pages say in our own words around a quote.

Names and words of documents in it are still to be escaped.
"""

from __future__ import annotations

from collections.abc import Iterable

from retrieval.records import Attribution

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


def one_line(text: str) -> str:
    return " ".join(text.split())
