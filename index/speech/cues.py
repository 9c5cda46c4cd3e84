"""The words that say that somebody said something, and who: every verb of saying in a sentence with its speaker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.speech.clauses import Token
from index.speech.language import Language
from index.speech.noun_phrases import Phrase, leading_subject, phrase_ending, phrase_starting, subject

_FARTHEST = 120  # code points

Side = Literal["before", "after", "after the comma", "inherited", "none"]


@dataclass(frozen=True, slots=True)
class Cue:
    """A verb of saying at tokens `first` up to `last`. `side` is where its speaker stands; `start` is where the tag begins."""

    first: int
    last: int
    frames: frozenset[str]
    speaker: Phrase | None
    side: Side

    @property
    def start(self) -> int:
        return self.speaker[0] if self.speaker and self.side == "before" else self.first

    @property
    def end(self) -> int:
        return self.speaker[1] if self.speaker and self.side == "after" else self.last


def cues(tokens: Sequence[Token], language: Language) -> list[Cue]:
    """The verbs of saying of a sentence, in order, each with its speaker where one can be told."""
    found: list[Cue] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        frames = language.frames.get(token.word) if token.kind in ("word", "name") else None
        last = at + 1
        if last < len(tokens) and (token.word, tokens[last].word) in language.phrasal:
            frames, last = frozenset("TCH"), last + 1
            if token.word in ("went", "goes") and not (
                last < len(tokens) and tokens[last].word in (",", ".", ":") or last == len(tokens)
            ):
                frames = None
        if frames is None or (token.kind == "name" and at > 0 and tokens[at - 1].kind != "quotation"):
            at += 1
            continue
        if cue := _cue(tokens, at, last, frames, found, language):
            found.append(cue)
        at = last
    return found


def _cue(
    tokens: Sequence[Token], first: int, last: int, frames: frozenset[str], found: list[Cue], language: Language
) -> Cue | None:
    word = tokens[first].word
    before = tokens[first - 1] if first else None
    helper = _helpers(tokens, first, language)
    if "to" in helper:
        if not (first >= 3 and tokens[first - 1].word == "to" and tokens[first - 2].word == "on"):
            quotes = tokens[last + 1 : last + 2] and tokens[last].word in (",", ":") and tokens[last + 1].kind == "quotation"
            return Cue(first, last, frozenset("Q"), None, "none") if quotes else None
        first -= 3  # “went on to say”
        before = tokens[first - 1] if first else None
    passive = helper & language.passive
    if passive and not word.endswith("ing"):
        return None
    if helper & language.unreal:
        frames = frozenset("Q") if "T" in frames else frozenset()
    inverted = _inverted(tokens, first, last, frames, language)
    if inverted:
        return Cue(first, last, frames, inverted, "after")
    if word.endswith("ing") and not passive:
        at = first - 1
        while at >= 0 and (tokens[at].word in language.adverbs or tokens[at].word.endswith("ly")):
            at -= 1
        if at >= 0 and not (tokens[at].word in language.introducing or tokens[at].kind == "quotation"):
            if word not in language.reporting or tokens[at].kind != "word":
                return None
            holder = phrase_ending(tokens, first, language)
            if holder and holder[0] == 0:  # “The letter saying”
                return Cue(first, last, frames, holder, "before")
            return Cue(first, last, frames, _inherited(tokens, first, found, language), "inherited") if holder else None
        if at <= 0:  # “Noting that it rained, she” left
            comma = next((i for i in range(last, len(tokens)) if tokens[i].word == ","), None)
            speaker = phrase_starting(tokens, comma + 1, language) if comma else None
            return Cue(first, last, frames, speaker, "after the comma") if speaker else None
        return Cue(first, last, frames, _inherited(tokens, first, found, language), "inherited")
    at = first - 1
    while at > 0 and (tokens[at].word in language.adverbs or tokens[at].word in language.auxiliaries or tokens[at].word.endswith("ly")):
        at -= 1
    if at >= 0 and tokens[at].word in ("and", "but", "or", "then"):
        speaker = None if word in language.bare else _inherited(tokens, first, found, language)
        return Cue(first, last, frames, speaker, "inherited") if speaker else None
    speaker = subject(tokens, first, language)
    if not speaker or (speaker[1] - speaker[0] == 1 and tokens[speaker[0]].word in language.never_speaker):
        return None
    if word in language.nominal and not _is_verb(tokens, first, last, speaker, language):
        return None
    return Cue(first, last, frames, speaker, "before")


def _is_verb(tokens: Sequence[Token], first: int, last: int, speaker: Phrase, language: Language) -> bool:
    """Whether a word that may be a noun too, “claims”, is a verb here: it agrees with its subject, and what follows fits."""
    subject_word = tokens[speaker[1] - 1]
    after = tokens[last] if last < len(tokens) else None
    fits = after is None or after.kind != "word" or _opens_clause(after, language)
    if subject_word.word in language.pronouns or subject_word.word in language.relatives:
        return True
    bare = not tokens[first].word.endswith("s")
    plural = subject_word.word.endswith("s") and (bare or subject_word.kind == "word") or subject_word.word in language.plurals
    if not fits:
        return False
    if not bare:
        before = tokens[speaker[0] - 1] if speaker[0] else None
        return not plural and not (before and before.word in language.prepositions)
    return plural


def _opens_clause(token: Token, language: Language) -> bool:
    return (
        token.word in language.determiners
        or token.word in language.pronouns
        or token.word in language.prepositions
        or token.word in language.conjunctions
        or token.word in language.relatives
        or token.word in language.times
    )


def _helpers(tokens: Sequence[Token], first: int, language: Language) -> set[str]:
    """The auxiliaries before a verb."""
    found = set()
    at = first - 1
    while at >= 0 and at > first - 5:
        word = tokens[at].word
        if word in language.auxiliaries:
            found.add(word)
        elif "'" in word and "'" + word.rpartition("'")[2] in language.auxiliaries and word.partition("'")[0] in language.pronouns:
            found.add("'" + word.rpartition("'")[2])
        elif not (word in language.adverbs or word.endswith("ly")):
            break
        at -= 1
    return found


def _inverted(
    tokens: Sequence[Token], first: int, last: int, frames: frozenset[str], language: Language
) -> Phrase | None:
    """The speaker after the verb: “…,” said Ann Lee."""
    told = "A" in frames and tokens[first].word not in language.asking
    if "T" not in frames or told or tokens[first].word.endswith("ing") or (first and not (tokens[first - 1].kind == "quotation" or tokens[first - 1].word in (",", "—", "--", "-"))):
        return None
    if first == 0 and tokens[0].kind != "name":
        return None
    phrase = phrase_starting(tokens, last, language)
    if phrase is None or tokens[phrase[0]].word in language.never_speaker:
        return None
    after = tokens[phrase[1]] if phrase[1] < len(tokens) else None
    pronoun = tokens[phrase[0]].word in language.pronouns
    if first and tokens[first - 1].kind == "quotation" and not (pronoun and after and after.kind != "mark"):
        return phrase
    if after is None or after.kind in ("mark", "quotation") or after.word in language.prepositions or after.word in language.times or after.word in language.relatives:
        named = any(t.kind == "name" for t in tokens[phrase[0] : phrase[1]])
        return phrase if named or not subject(tokens, first, language) else None
    return None


def _inherited(tokens: Sequence[Token], first: int, found: list[Cue], language: Language) -> Phrase | None:
    """The speaker of the verb before in the sentence, else the one the sentence opens with."""
    for cue in reversed(found):
        if cue.speaker and cue.side in ("before", "after") and _opens_its_clause(tokens, cue):
            return cue.speaker if _near(tokens, cue.speaker, first) else None
    speaker = leading_subject(tokens, first, language)
    return speaker if speaker and _near(tokens, speaker, first) else None


def _near(tokens: Sequence[Token], speaker: Phrase, verb: int) -> bool:
    """Whether a speaker is near enough to a verb that is not beside them to be trusted."""
    return tokens[verb].span.start - tokens[speaker[1] - 1].span.end <= _FARTHEST


def _opens_its_clause(tokens: Sequence[Token], cue: Cue) -> bool:
    """Whether a verb is no part of what somebody else said in the sentence: “she said he fears”."""
    before = tokens[cue.start - 1] if cue.start else None
    return before is None or before.kind in ("mark", "quotation") or before.word in ("and", "but", "while", "as")
