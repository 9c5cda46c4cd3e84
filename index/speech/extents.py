"""Where the words of a saying begin and end, and what stands between them and their verb."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.speech.clauses import DASHES, Phrase, Token, is_adverb, is_quotation
from index.speech.cues import Cue
from index.speech.language import Language
from index.speech.noun_phrases import phrase_starting

SIGNING = ("—", "–", "--", "―")
"""The dashes between a quotation and the name under it."""

_YEAR = re.compile(r"(?:19|20)\d\d")
_OPENING_MARKS = (",", ":", ";", ".", "…", *DASHES)
_SENTENCE_PARTS = (".", "!", "?", ",", "…")
_LONGEST_INSERTION = 12  # tokens


@dataclass(frozen=True, slots=True)
class Saying:
    """Ranges of a sentence's tokens that are somebody's words, the rule that found them, and who said them by which verb."""

    ranges: tuple[Phrase, ...]
    rule: str
    speaker: Phrase | None = None
    cue: Phrase | None = None


def over_adjuncts(tokens: Sequence[Token], at: int, language: Language, spoken_to: bool = False) -> int:
    """Rightwards over to whom, when and where: he told “reporters in Rome on Monday” that."""
    if spoken_to and (addressee := phrase_starting(tokens, at, language)):
        at = addressee[1]
    while at < len(tokens):
        word = tokens[at].word
        next_word = tokens[at + 1].word if at + 1 < len(tokens) else ""
        when = word in language.times or _YEAR.fullmatch(word)
        if tokens[at].kind == "aside" or when or is_adverb(tokens[at], language):
            at += 1
        elif word in language.prepositions and next_word:
            if place := phrase_starting(tokens, at + 1, language):
                at = place[1]
            elif next_word in language.times or next_word in language.determiners:
                at += 2
            else:
                break
        elif word in language.determiners and next_word in language.times:
            at += 2
        else:
            break
    return at


def over_adverbs(tokens: Sequence[Token], at: int, language: Language) -> int:
    while at < len(tokens) and is_adverb(tokens[at], language):
        at += 1
    return at


def over_marks(tokens: Sequence[Token], at: int) -> int:
    while at < len(tokens) and tokens[at].word in (",", ":", *DASHES):
        at += 1
    return at


def without_openers(tokens: Sequence[Token], start: int, end: int, language: Language) -> int:
    """Where the quotation begins that only a “But” stands before; else `start`."""
    at = start
    while at < end and (tokens[at].word in language.openers or tokens[at].word in _OPENING_MARKS):
        at += 1
    return at if at < end and is_quotation(tokens, at) else start


def trimmed_end(tokens: Sequence[Token], start: int, end: int, language: Language) -> int:
    """`end` without the marks and the “and” that lead on to something else."""
    while end > start and (tokens[end - 1].kind == "mark" or tokens[end - 1].word in language.coordinators):
        end -= 1
    return end


def end_of_words(tokens: Sequence[Token], at: int, later: Sequence[Cue], language: Language) -> int:
    """Where words end that begin at `at`: at another saying that goes beside this one, else with the sentence."""
    for cue in later:
        if cue.start > at and _goes_beside(tokens, cue, language):
            return cue.start
    for i in range(at + 1, len(tokens)):
        if tokens[i].word == ";" or (tokens[i].word == language.according[0] and tokens[i - 1].word == ","):
            return i
    return len(tokens)


def _goes_beside(tokens: Sequence[Token], cue: Cue, language: Language) -> bool:
    """Whether a verb of saying is none of the words said before it: “…, and she added”, “…, adding”."""
    before = tokens[cue.start - 1].word
    if before == ";":
        return True
    if cue.side == "inherited":
        return before in (",", *DASHES, *language.coordinators)
    return before in language.coordinators and cue.start > 1 and tokens[cue.start - 2].word == ","


def end_of_quoted(tokens: Sequence[Token], start: int, end: int) -> int:
    """Words that begin with a quotation end with it where it ends like a sentence or a part of one."""
    at = start
    while at < end and is_quotation(tokens, at):
        marked = at + 1 < end and tokens[at + 1].kind == "mark"
        if marked and at + 2 < end and is_quotation(tokens, at + 2):
            at += 2
        elif marked or tokens[at].word.endswith(_SENTENCE_PARTS):
            return at + 1
        else:
            at += 1
    return end


def beyond_insertion(tokens: Sequence[Token], comma: int) -> int | None:
    """The quotation behind an insertion that opens at a comma: he said, however, “…”"""
    for at in range(comma + 1, min(comma + _LONGEST_INSERTION, len(tokens) - 1)):
        if tokens[at].word in (",", ":"):
            return at + 1 if is_quotation(tokens, at + 1) else None
    return None
