"""Understanding a question: what to look up, and what a follow-up leaves unsaid.

>>> understand("what did Putin say about withdrawal?").terms
('putin', 'withdraw')
>>> understand("and about sanctions?", before=understand("what did Putin say about withdrawal?")).standalone
'what did Putin say about withdrawal? — and about sanctions?'
"""

from __future__ import annotations

import re

from index.words import words
from retrieval.records import Question

# How people ask, not what about: looked up, these words find every "he said" of the collection.
_ASKING = frozenset(
    """say says said tell tells told think thinks thought mention mentions mentioned talk talks talked speak spoke comment
    comments commented view views opinion opinions explain explained describe described according document documents article
    articles passage passages quote quotes quoted find show give please summarize summarise ever""".split()
)
_FOLLOWS_UP = re.compile(r"\s*(?:and|but|or|so|also|what about|how about|when was that|anything|who else|why so|а|и|а что)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:he|she|they|him|her|them|his|their|it|that|this|those|these|он|она|они)\b", re.IGNORECASE)


def understand(text: str, before: Question | None = None) -> Question:
    """The question in `text`, put on its own feet with the one `before` it when it does not stand by itself."""
    own, names = _terms(text), _names(text)
    leans = before is not None and bool(_FOLLOWS_UP.match(text) or len(own) < 1 or (_PRONOUN.search(text) and len(own) <= 3))
    if not leans or before is None:
        return Question(text, text, text.strip(), own, names)
    terms = tuple(dict.fromkeys(own + before.terms))
    return Question(text, f"{before.text.strip()} — {text.strip()}", f"{before.query} {text.strip()}", terms, names)


def _terms(text: str) -> tuple[str, ...]:
    found = [w for w in words(text) if not w.is_stopword]
    content = [w for w in found if w.folded not in _ASKING]
    # A question of nothing but such words ("what is said?") is looked up by them after all.
    return tuple(dict.fromkeys(w.stem for w in content or found or words(text)))


def _names(text: str) -> tuple[str, ...]:
    """Capitalised words after the first: the first is capital in any sentence."""
    found = [w for w in words(text)[1:] if w.span.of(text)[0].isupper() and not w.is_stopword]
    return tuple(dict.fromkeys(w.span.of(text) for w in found))
