"""Words that come after their verb: She said: “…” / She said that it would rain. / She called for rain."""

from __future__ import annotations

from collections.abc import Sequence

from index.speech.clauses import Phrase, Token, is_quotation
from index.speech.cues import Cue
from index.speech.extents import (
    Saying,
    beyond_insertion,
    end_of_quoted,
    end_of_words,
    over_adjuncts,
    over_adverbs,
    over_marks,
    trimmed_end,
)
from index.speech.language import Language
from index.speech.noun_phrases import phrase_starting

_SHORTEST_CLAUSE = 15  # code points
_SCARE = 25  # code points: a shorter quotation may be a word that the writer will not answer for
_SPEECH = {"T", "C", "H", "Q"}

_Start = tuple[int, str]
"""Where the words begin, and the rule."""


def words_after(tokens: Sequence[Token], cue: Cue, later: Sequence[Cue], language: Language) -> Saying | None:
    """The words after the verb of `cue`; None where none of the forms that it takes is there."""
    at = over_adverbs(tokens, cue.end, language)
    if at >= len(tokens):
        return None
    begins = _start(tokens, cue, at, language)
    if begins is None:
        return None
    start, rule = over_marks(tokens, begins[0]), begins[1]
    end = end_of_words(tokens, at, later, language)
    if cue.side == "after the comma" and cue.speaker:
        end = cue.speaker[0] - 1
    return _saying(tokens, cue, (start, end), rule, language)


def _saying(tokens: Sequence[Token], cue: Cue, words: Phrase, rule: str, language: Language) -> Saying | None:
    start, end = words
    end = trimmed_end(tokens, start, end, language)
    if start >= end:
        return None
    if is_quotation(tokens, start):
        end = end_of_quoted(tokens, start, end)
    elif rule == "reported clause":
        short = tokens[end - 1].span.end - tokens[start].span.start < _SHORTEST_CLAUSE
        if short or tokens[start].word in (language.to, *language.coordinators):
            return None
        if (
            is_quotation(tokens, end - 1)
            and tokens[end - 2].word in language.naming
            and tokens[start].word != language.that
        ):
            return None  # she wrote a book called “…”
    own = rule == "object" and any(is_quotation(tokens, at) for at in range(start, end))  # rejected it as “a joke”
    if tokens[cue.first].word in language.contradicting and not own and not is_quotation(tokens, start):
        start = cue.first  # the denial with what is denied, which is no words of theirs
    return Saying(((start, end),), rule, cue.speaker, (cue.first, cue.last))


def _start(tokens: Sequence[Token], cue: Cue, at: int, language: Language) -> _Start | None:
    token, frames = tokens[at], cue.frames
    if token.kind == "quotation":
        return _quotation(tokens, cue, at, language)
    if frames & _SPEECH and (brought := _brings_quotation(tokens, at)):
        return brought
    if token.word in language.auxiliaries and token.word not in {language.to, *language.negations}:
        return None
    if frames & {"C", "H"} and token.word == language.that:
        return at, "reported clause"
    noise = tokens[cue.first].word in language.noises  # she laughed when she heard it
    if frames & {"T", "C", "H"} and token.word in language.questions and not noise:
        return at, "reported question"
    if "I" in frames and "A" not in frames and _is_infinitive(tokens, at, language):
        return None if tokens[cue.first].word in language.refusing else (at, "infinitive")
    if len(token.word) > 1 and token.word in frames:  # a preposition of its own
        return at + 1, "object"
    return _beyond_adjuncts(tokens, cue, at, language) or _beside(tokens, cue, at, language)


def _quotation(tokens: Sequence[Token], cue: Cue, at: int, language: Language) -> _Start | None:
    """The quotation right after the verb."""
    what = cue.start > 0 and tokens[cue.start - 1].word == language.what
    if tokens[cue.first].word in language.naming and not what:
        return None  # “a book called ‘…’”, but “what she called ‘…’”
    if len(tokens[at].word) < _SCARE and not cue.frames & {"T", "O", "Q"}:
        return None
    return at, "tag before"


def _brings_quotation(tokens: Sequence[Token], at: int) -> _Start | None:
    """The quotation after the mark at `at`: she said: “…” / she said, however, “…”"""
    if tokens[at].word not in (",", ":"):
        return None
    if is_quotation(tokens, at + 1):
        return at + 1, "colon" if tokens[at].word == ":" else "tag before"
    quoted = beyond_insertion(tokens, at) if tokens[at].word == "," else None
    return (quoted, "tag before") if quoted else None


def _is_infinitive(tokens: Sequence[Token], at: int, language: Language) -> bool:
    """“pledged to come”, not “pledged to Ann” nor “to the party”."""
    follows = tokens[at + 1] if at + 1 < len(tokens) else None
    return (
        tokens[at].word == language.to
        and follows is not None
        and follows.kind == "word"
        and follows.word not in language.determiners
    )


def _beyond_adjuncts(tokens: Sequence[Token], cue: Cue, at: int, language: Language) -> _Start | None:
    """Words behind to whom, when and where: he told reporters in Rome on Monday that."""
    frames = cue.frames
    beyond = over_adjuncts(tokens, at, language, "A" in frames)
    if beyond == at or beyond >= len(tokens) or tokens[beyond - 1].word in language.works:
        return None
    token = tokens[beyond]
    if frames & _SPEECH:
        if token.kind == "quotation":
            return (beyond, "tag before") if len(token.word) > _SCARE else None
        if brought := _brings_quotation(tokens, beyond):
            return brought
    if token.word == language.that and frames & {"C", "H"}:
        return beyond, "reported clause"
    if token.word in language.questions and "A" in frames:
        return beyond, "reported question"
    if token.word == language.to and {"A", "I"} <= frames:
        return beyond, "infinitive"
    return None


def _beside(tokens: Sequence[Token], cue: Cue, at: int, language: Language) -> _Start | None:
    """A clause without conjunction, or an object, beside the verb or behind to whom, when and where."""
    token, frames = tokens[at], cue.frames
    if token.kind not in ("word", "name"):
        return None
    if "C" in frames and "A" in frames:
        addressee = phrase_starting(tokens, at, language)
        beyond = over_adjuncts(tokens, addressee[1], language) if addressee else at
        if beyond < len(tokens) and tokens[beyond].kind in ("word", "name"):
            return beyond, "reported clause"
    elif "C" in frames and token.word not in language.conjunctions:
        beyond = over_adjuncts(tokens, at, language) if token.word in language.prepositions else at
        while beyond < len(tokens) and tokens[beyond].word in language.times:
            beyond += 1
        if beyond < len(tokens) and tokens[beyond].kind in ("word", "name"):
            return beyond, "reported clause"
    elif "O" in frames and token.word not in language.prepositions | language.conjunctions:
        return at, "object"
    return None
