"""Whether words are somebody's own, spoken in the first person to somebody: what talk has and reports about it have not.

>>> in_first_person("I thank you all. We have met here to speak of our plans.")
True
>>> in_first_person("The minister thanked them all. “We have met,” she said, “to speak of our plans.”")
False
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.speech import label_words as vocabulary

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_QUOTATION = re.compile(r"“[^“”]{0,2000}[”]|\"[^\"\n]{0,1000}\"|«[^«»]{0,2000}»|''[^\n]{0,1000}?''")
_ENOUGH = 0.012
_ENGLISH = 0.08
_READ = 60_000  # code points that are enough to tell


def in_first_person(words: str) -> bool:
    return share_of_first_person([words]) >= _ENOUGH


def outside_quotations(words: str) -> str:
    return _QUOTATION.sub(" ", words)


def is_english(words: str) -> bool:
    """Whether the first person would be known in these words."""
    known = [word.casefold() in vocabulary.GRAMMAR for word in _WORD.findall(words[:_READ])]
    return sum(known) >= _ENGLISH * len(known)


def share_of_first_person(pieces: Iterable[str]) -> float:
    """The share of words outside quotation marks that stand for the speaker or the one spoken to."""
    count = own = read = 0
    for piece in pieces:
        plain = outside_quotations(piece[: _READ - read])
        words = [word.casefold().replace("’", "'") for word in _WORD.findall(plain)]
        count += len(words)
        own += sum(word in vocabulary.FIRST_PERSON for word in words)
        read += len(piece)
        if read >= _READ:
            break
    return own / count if count else 0.0
