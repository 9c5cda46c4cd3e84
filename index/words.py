"""Words as the full-text index sees them: folded, stemmed, each with the span it came from.

Folding (NFKC, case, diacritics) can change a word's length, so the words are found on the untouched text and folded one by
one: the span is always that of the original. A word is brought to its lemma first (simplemma's dictionary) and then stemmed
(Snowball, Porter 2001): stemming alone leaves "withdrawn" apart from "withdrawal", the dictionary alone leaves a noun apart
from its verb. English for Latin letters and Russian for Cyrillic, chosen word by word, so that a collection may hold both.

>>> [(w.stem, w.span.of("Orbán’s withdrawals")) for w in words("Orbán’s withdrawals")]
[('orban', 'Orbán’s'), ('withdraw', 'withdrawals')]
>>> stems("withdrew, withdrawn")
['withdraw', 'withdraw']
"""

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import simplemma
import Stemmer

from index.records import Span


def _marks() -> str:
    """The combining marks of the basic plane, as the inside of a character class: `\\w` leaves them out."""
    marks = [c for c in range(0x300, 0x10000) if unicodedata.category(chr(c)).startswith("M")]
    ends = [c for c in marks if unicodedata.category(chr(c + 1))[0] != "M"]
    starts = [c for c in marks if unicodedata.category(chr(c - 1))[0] != "M"]
    return "".join(f"{chr(a)}-{chr(b)}" for a, b in zip(starts, ends))


_PART = rf"\w[\w{_marks()}]*"
_WORD = re.compile(rf"(?:[^\W\d_]\.){{2,}}|{_PART}(?:['’ʼ]{_PART})*")
_POSSESSIVE = re.compile(r"['’ʼ]s?$", re.IGNORECASE)
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_APOSTROPHES = re.compile(r"['’ʼ]")
_stemmers = threading.local()

# The closed classes only (articles, pronouns, prepositions, conjunctions, auxiliaries). The lists that libraries ship
# also drop "bill", "billion", "system" or "call", which are what people ask about.
STOPWORDS = frozenset(
    """
    a about above across after again against all along already also although always am among amongst an and any are
    aren't around as at be because been before behind being below beside besides between beyond both but by can can't
    could couldn't did didn't do does doesn't doing don't down during each either else ever every few for from further
    had hadn't has hasn't have haven't having he her here hers herself him himself his how i if in into is isn't it its
    itself just let's like many me might more most much must my myself near neither never no nor not now of off often on
    once only onto or other our ours ourselves out over own per quite rather same shall she should shouldn't since so
    some still such than that the their theirs them themselves then there therefore these they this those though through
    till to too toward towards under unless until up upon us very via was wasn't we were weren't what whatever when
    where whether which while who whom whose why will with within without won't would wouldn't yet you your yours
    yourself yourselves
    и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по только ее мне было вот от меня еще нет о из
    ему когда даже ну ли если уже или ни быть был него до вас нибудь вам ведь там потом себя ничего ей может они тут где есть
    надо ней для мы тебя их чем была сам чтоб без будто чего себе под будет тогда кто этот того потому этого какой совсем ним
    здесь этом почти мой тем чтобы нее были куда зачем всех при об хоть после над больше тот через эти нас про них какая
    сколько кого чей чья
    """.split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its stem as indexed, its folded form, and where it stands."""

    stem: str
    folded: str
    span: Span

    @property
    def is_stopword(self) -> bool:
        return self.folded in STOPWORDS


def words(text: str) -> list[Word]:
    """All words of `text` in order. "U.S." is one word, "us"; a possessive "’s" belongs to its word and is not indexed."""
    found = []
    for match in _WORD.finditer(text):
        folded, stem = _fold_and_stem(match.group())
        if stem:
            found.append(Word(stem, folded, Span(match.start(), match.end())))
    return found


def stems(text: str) -> list[str]:
    """The stems of all words of `text`, in order: what goes into the full-text index."""
    return [stem for match in _WORD.finditer(text) if (stem := _fold_and_stem(match.group())[1])]


def fold(word: str) -> str:
    """NFKC, case-folded, without diacritics, with a plain apostrophe; "й" and "ё" are letters of their own and "ё" is "е"."""
    composed = unicodedata.normalize("NFC", _APOSTROPHES.sub("'", word).casefold())
    decomposed = unicodedata.normalize("NFKD", composed.replace("й", "\0"))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).replace("\0", "й")
    return unicodedata.normalize("NFKC", plain)


@lru_cache(maxsize=200_000)
def _fold_and_stem(surface: str) -> tuple[str, str]:
    folded = fold(surface)
    bare = "".join(c for c in _POSSESSIVE.sub("", folded) if unicodedata.category(c)[0] in "LNM")
    if not bare:
        return folded, ""
    language, lemmas = ("russian", "ru") if _CYRILLIC.search(bare) else ("english", "en")
    return folded, _stemmer(language).stemWord(simplemma.lemmatize(bare, lang=lemmas).casefold())


def _stemmer(language: str) -> Stemmer.Stemmer:
    # A Snowball stemmer keeps state while it works, so each thread has its own.
    if not hasattr(_stemmers, language):
        setattr(_stemmers, language, Stemmer.Stemmer(language, 0))
    return getattr(_stemmers, language)
