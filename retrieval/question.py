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
    """The question in `text`, put on its own feet when it does not stand by itself: with the one `before` it, and with the last
    that stood alone. The newest words come first, since an encoder that cannot read all leaves out the end."""
    own = _content(text)
    leans = _FOLLOWS_UP.match(text) or not own or (_PRONOUN.search(text) and len(own) <= 3)
    if before is None or not leans:
        return Question(text, text, text.strip(), tuple(own) or _stems(text), _names(text), _date(text))
    anchor = before.anchor or before
    texts = list(dict.fromkeys(t.strip() for t in (text, before.text, anchor.text)))
    terms = tuple(dict.fromkeys(stem for t in texts for stem in _content(t)))
    published = _date(text) or before.published
    return Question(text, " — ".join(reversed(texts)), " ".join(texts), terms, _names(text), published, anchor)


def _content(text: str) -> list[str]:
    return list(dict.fromkeys(w.stem for w in words(text) if not w.is_stopword))


def _stems(text: str) -> tuple[str, ...]:
    """A question of nothing but stop words ("who was it?") is looked up by them after all."""
    return tuple(dict.fromkeys(w.stem for w in words(text)))


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
