"""Understanding a question: what to look up, and what a follow-up leaves unsaid.

>>> understand("what did Putin say about withdrawal?").terms
('putin', 'say', 'withdraw')
>>> understand("and about sanctions?", before=understand("what did Putin say about withdrawal?")).standalone
'what did Putin say about withdrawal? — and about sanctions?'
"""

from __future__ import annotations

import re

from index.dates import read_date
from index.words import words
from retrieval.records import Question

_FOLLOWS_UP = re.compile(
    r"\s*(?:and|but|or|so|also|what about|how about|when was that|anything|who else|why so|а|и|а что)\b", re.IGNORECASE
)
_MONTH = "(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}} {_MONTH},? \d{{4}}|{_MONTH} \d{{1,2}},? \d{{4}}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}|\d{{4}}-\d\d-\d\d)"
    rf"|(?P<month>{_MONTH} \d{{4}}))\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:he|she|they|him|her|them|his|their|it|that|this|those|these|он|она|они)\b", re.IGNORECASE)


def understand(text: str, before: Question | None = None) -> Question:
    """The question in `text`, put on its own feet with the one `before` it when it does not stand by itself."""
    own, names = _terms(text), _names(text)
    leans = before is not None and bool(
        _FOLLOWS_UP.match(text) or len(own) < 1 or (_PRONOUN.search(text) and len(own) <= 3)
    )
    if not leans or before is None:
        return Question(text, text, text.strip(), own, names, _date(text))
    terms = tuple(dict.fromkeys(own + before.terms))
    return Question(
        text,
        f"{before.text.strip()} — {text.strip()}",
        f"{before.query} {text.strip()}",
        terms,
        names,
        _date(text) or before.published,
    )


def _terms(text: str) -> tuple[str, ...]:
    found = words(text)
    # A question of nothing but stop words ("who was it?") is looked up by them after all.
    return tuple(dict.fromkeys(w.stem for w in [w for w in found if not w.is_stopword] or found))


def _names(text: str) -> tuple[str, ...]:
    """Capitalised words after the first: the first is capital in any sentence."""
    found = [w for w in words(text)[1:] if w.span.of(text)[0].isupper() and not w.is_stopword]
    return tuple(dict.fromkeys(w.span.of(text) for w in found))


def _date(text: str) -> str | None:
    """The day or month that a question names: "on 20 February 2022" is "2022-02-20", "in November 2021" is "2021-11"."""
    match = _DATE.search(text)
    if not match:
        return None
    # A month is read as its first day, whose day is then let go of.
    read = read_date(match["day"] or f"1 {match['month']}")
    return None if read is None else read.iso if match["day"] else read.iso[:7]
