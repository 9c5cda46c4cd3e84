"""The words that say that somebody said something, and who: every verb of saying in a sentence with its speaker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.speech.clauses import DASHES, Phrase, Token, is_adverb, is_participle, is_quotation
from index.speech.language import Language
from index.speech.noun_phrases import leading_subject, phrase_ending, phrase_starting, subject

_FARTHEST = 80  # code points between a speaker and a verb that is not beside them
_MOST_HELPERS = 4
_LONGEST_CAUSED = 8  # tokens of “prompting the mayor of Lille to”

Side = Literal["before", "after", "after the comma", "inherited", "agent", "quoted", "unknown"]
"""Where the speaker of a verb stands. `after the comma`: Noting that it rained, she left. `inherited`: of the verb before.
`agent`: She was told by Ann. `quoted`: She quoted Ann as saying."""

_ONLY_QUOTES = frozenset(
    "Q"
)  # what was not said, “would say”, or has no subject, “to say”, may still bring a quotation
_INVERTIBLE_AFTER = (",", *DASHES)
_PARTICIPLE_AFTER = (",", ";", "(", *DASHES)


@dataclass(frozen=True, slots=True)
class Cue:
    """A verb of saying, tokens `first` up to `last`, with what may be said in it (see `Language.frames`) and its speaker.

    `other` is whom the tag begins with where it is not the speaker: who was told, or who quotes. What is `denied` was not
    said, by nobody."""

    first: int
    last: int
    frames: frozenset[str]
    speaker: Phrase | None
    side: Side
    other: Phrase | None = None
    denied: bool = False

    @property
    def start(self) -> int:
        """Where the tag begins, its speaker included where they come first."""
        opening = self.speaker if self.side == "before" else self.other
        return opening[0] if opening else self.first

    @property
    def end(self) -> int:
        return self.speaker[1] if self.speaker and self.side in ("after", "agent") else self.last


def cues(tokens: Sequence[Token], language: Language) -> list[Cue]:
    """The verbs of saying of a sentence, in order, those left out that have no speaker in it."""
    found: list[Cue] = []
    at = 0
    while at < len(tokens):
        frames, last = _frames(tokens, at, language)
        cue = _cue(tokens, at, last, frames, found, language) if frames else None
        if cue:
            if _is_denied(tokens, cue, language):
                cue = replace(cue, frames=_ONLY_QUOTES if frames & {"T", "Q"} else frozenset(), denied=True)
            found.append(cue)
        at = last if frames else at + 1
    return found


def _frames(tokens: Sequence[Token], at: int, language: Language) -> tuple[frozenset[str] | None, int]:
    """What the verb of saying at `at` may have said, and where it ends; None where there is none."""
    token = tokens[at]
    if token.kind not in ("word", "name") or (token.kind == "name" and at > 0 and not is_quotation(tokens, at - 1)):
        return None, at + 1
    following = tokens[at + 1].word if at + 1 < len(tokens) else ""
    if frames := language.phrasal.get((token.word, following)):
        return frames, at + 2
    return language.frames.get(token.word), at + 1


def _cue(
    tokens: Sequence[Token], first: int, last: int, frames: frozenset[str], found: list[Cue], language: Language
) -> Cue | None:
    word = tokens[first].word
    helpers = _helpers(tokens, first, language)
    if language.to in helpers:
        went_on = first >= 3 and (tokens[first - 3].word, tokens[first - 2].word) in language.phrasal
        if not went_on or tokens[first - 1].word != language.to:
            return _of_infinitive(tokens, first, last, language)
        first -= 3  # “went on to say”
    participle = word.endswith(language.participle_ends)
    passive = bool(helpers & language.passive)
    if passive and not participle:
        return _of_passive(tokens, first, last, frames, language)
    if word in language.no_past and not helpers & language.perfect:
        return None  # “on ninety days written notice”
    if word in language.quoting and (quoted := phrase_starting(tokens, last, language)):
        if _quotes_as(tokens, quoted[1], language):
            return None  # the cue is “as saying”
        if _brings(tokens, quoted[1]):
            return Cue(first, last, _ONLY_QUOTES, quoted, "after")
    if helpers & language.unreal:
        frames = _ONLY_QUOTES if "T" in frames else frozenset()
    if not participle and (speaker := _inverted(tokens, first, last, frames, language)):
        return Cue(first, last, frames, speaker, "after")
    if participle and not passive:
        return _of_participle(tokens, first, last, frames, found, language)
    if _is_coordinated(tokens, first, language):
        unclear = word in language.bare or (word in language.nominal and not _fits_verb(tokens, last, language))
        speaker = None if unclear else _inherited(tokens, first, found, language)
        return Cue(first, last, frames, speaker, "inherited") if speaker else None
    speaker = subject(tokens, first, language)
    if not speaker or _is_nobody(tokens, speaker, language):
        return None
    if word in language.nominal and not _agrees(tokens, first, last, speaker, language):
        return None
    return Cue(first, last, frames, speaker, "before")


def _is_denied(tokens: Sequence[Token], cue: Cue, language: Language) -> bool:
    """Whether nothing was said: “did not say”, “refused to say”, “without saying”, “if she said”, “no minister said”."""
    helpers = _helpers(tokens, cue.first, language)
    if helpers & language.denying or (language.have in helpers and helpers & language.unreal):
        return True
    if cue.side == "before" and cue.speaker and _is_supposed(tokens, cue.speaker, language):
        return True
    if cue.speaker and tokens[cue.speaker[0]].word in language.nobody:
        return True
    if cue.speaker and cue.side == "before" and _is_disbelieved(tokens, cue.speaker, language):
        return True
    at = cue.first - 1
    while at > 0 and (tokens[at].word == language.to or is_adverb(tokens[at], language)):
        at -= 1
    unfinished = language.to in helpers or is_participle(tokens[cue.first], language)
    if not unfinished or at < 0:
        return False
    instead = tokens[at].word in language.genitives and at > 0 and tokens[at - 1].word in language.instead
    return instead or tokens[at].word in language.refusing


def _is_supposed(tokens: Sequence[Token], speaker: Phrase, language: Language) -> bool:
    """Whether a clause is a supposition or a question: “if she” said, “had she” said, “did she” say."""
    at = speaker[0] - 1
    while at > 0 and is_adverb(tokens[at], language):
        at -= 1
    if at < 0 or tokens[speaker[1] - 1].word in language.relatives or tokens[at].word not in language.supposing:
        return False
    before = tokens[at - 1] if at else None
    opens = before is None or before.kind in ("mark", "quotation") or before.word in language.conjunctions
    return opens or tokens[at].word not in language.auxiliaries


def _is_disbelieved(tokens: Sequence[Token], speaker: Phrase, language: Language) -> bool:
    """“It is not true that she” said, “I wish she” had said."""
    for at in range(speaker[1] - 1, max(-1, speaker[0] - 3), -1):
        if tokens[at].kind == "mark":
            return False
        negated = any(t.word in language.negations for t in tokens[max(0, at - 3) : at])
        if tokens[at].word in language.disbelieving or (tokens[at].word in language.believing and negated):
            return True
    return False


def _of_infinitive(tokens: Sequence[Token], first: int, last: int, language: Language) -> Cue | None:
    """“to say” brings a quotation, whose is seldom plain: it is in “prompting Ann to say”."""
    cue = Cue(first, last, _ONLY_QUOTES, None, "unknown")
    if not _brings(tokens, last):
        return cue if _is_denied(tokens, cue, language) else None
    for at in range(first - 2, max(-1, first - 2 - _LONGEST_CAUSED), -1):
        if tokens[at].word in language.causing:
            speaker = phrase_starting(tokens, at + 1, language)
            return replace(cue, speaker=speaker) if speaker and speaker[1] == first - 1 else cue
    return cue


def _of_passive(
    tokens: Sequence[Token], first: int, last: int, frames: frozenset[str], language: Language
) -> Cue | None:
    """Bob was told: by Ann, or nobody knows by whom. Of other verbs the passive says little: it was noted."""
    told = subject(tokens, first, language)
    if "A" not in frames or not told:
        return None
    named = last < len(tokens) and tokens[last].word == language.by
    speaker = phrase_starting(tokens, last + 1, language) if named else None
    return Cue(first, last, frames - {"I", "A"} if speaker else _ONLY_QUOTES, speaker, "agent", told)


def _brings(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].word in (",", ":") and is_quotation(tokens, at + 1)


def _quotes_as(tokens: Sequence[Token], at: int, language: Language) -> bool:
    """“as saying”, at `at`."""
    return at + 1 < len(tokens) and tokens[at].word == language.quoted_as and is_participle(tokens[at + 1], language)


def _is_quoted_as(tokens: Sequence[Token], at: int, language: Language) -> bool:
    """“was quoted as”, with the “as” at `at`."""
    is_as = tokens[at].word == language.quoted_as and tokens[at - 1].word in language.quoting
    return is_as and bool(_helpers(tokens, at - 1, language) & language.passive)


def _of_participle(
    tokens: Sequence[Token], first: int, last: int, frames: frozenset[str], found: list[Cue], language: Language
) -> Cue | None:
    """“…, adding that” / “a letter saying that” / “Noting that it rained, she” left."""
    at = first - 1
    while at >= 0 and is_adverb(tokens[at], language):
        at -= 1
    quoted = phrase_ending(tokens, at, language) if at > 0 and tokens[at].word == language.quoted_as else None
    if quoted and quoted[0] and tokens[quoted[0] - 1].word in language.quoting:
        return Cue(first, last, frames, quoted, "quoted", subject(tokens, quoted[0] - 1, language))
    if at > 1 and _is_quoted_as(tokens, at, language) and (speaker := subject(tokens, at - 1, language)):
        return Cue(first, last, frames, speaker, "before")
    introduced = at < 0 or is_quotation(tokens, at) or tokens[at].word in _PARTICIPLE_AFTER
    if not introduced and tokens[at].word not in language.introducing:
        holder = phrase_ending(tokens, first, language) if tokens[first].word in language.reporting else None
        if holder is None:
            cue = Cue(first, last, _ONLY_QUOTES, None, "unknown")
            return cue if _is_denied(tokens, cue, language) else None
        if (
            holder[0] == 0 or tokens[holder[1] - 1].kind == "name"
        ):  # “The letter saying”, but not “sent a letter saying”
            return Cue(first, last, frames, holder, "before")
    elif at <= 0:
        comma = next((i for i in range(last, len(tokens)) if tokens[i].word == ","), None)
        speaker = phrase_starting(tokens, comma + 1, language) if comma else None
        return Cue(first, last, frames, speaker, "after the comma") if speaker else None
    return Cue(first, last, frames, _inherited(tokens, first, found, language), "inherited")


def _helpers(tokens: Sequence[Token], first: int, language: Language) -> set[str]:
    """The auxiliaries before a verb, those written together with a pronoun too: “he's”."""
    found = set()
    for at in range(first - 1, max(-1, first - 1 - _MOST_HELPERS), -1):
        word = tokens[at].word
        pronoun, mark, ending = word.partition("'")
        if word in language.auxiliaries or word in language.denying:
            found.add(word)
        elif mark and pronoun in language.pronouns and mark + ending in language.auxiliaries:
            found.add(mark + ending)
        elif not is_adverb(tokens[at], language):
            break
    return found


def _inverted(
    tokens: Sequence[Token], first: int, last: int, frames: frozenset[str], language: Language
) -> Phrase | None:
    """The speaker after the verb: “…,” said Ann Lee."""
    spoken_to = "A" in frames and tokens[first].word not in language.asking
    if "T" not in frames or spoken_to:
        return None
    after_quotation = is_quotation(tokens, first - 1)
    if first and not after_quotation and tokens[first - 1].word not in _INVERTIBLE_AFTER:
        return None
    if first == 0 and tokens[0].kind != "name":
        return None
    phrase = phrase_starting(tokens, last, language)
    if phrase is None or tokens[phrase[0]].word in language.never_speaker:
        return None
    after = tokens[phrase[1]] if phrase[1] < len(tokens) else None
    pronoun = tokens[phrase[0]].word in language.pronouns
    if after_quotation and not (pronoun and after and after.kind != "mark"):
        return phrase
    ends = after is None or after.kind in ("mark", "quotation")
    if ends or after.word in language.prepositions | language.times | language.relatives:
        named = any(t.kind == "name" for t in tokens[phrase[0] : phrase[1]])
        return phrase if named or not subject(tokens, first, language) else None
    return None


def _is_coordinated(tokens: Sequence[Token], first: int, language: Language) -> bool:
    """Whether a verb goes on with the subject of the one before: she sighed “and” said."""
    at = first - 1
    while at > 0 and (tokens[at].word in language.auxiliaries or is_adverb(tokens[at], language)):
        at -= 1
    return at >= 0 and tokens[at].word in language.sequels


def _inherited(tokens: Sequence[Token], first: int, found: list[Cue], language: Language) -> Phrase | None:
    """The speaker of the verb of saying before in the sentence, else the one that the sentence opens with."""
    for cue in reversed(found):
        if cue.speaker and cue.side in ("before", "after") and _opens_clause(tokens, cue, language):
            return cue.speaker if _is_near(tokens, cue.speaker, first) else None
    speaker = leading_subject(tokens, first, language)
    if not speaker or _is_nobody(tokens, speaker, language):
        return None
    return speaker if _is_near(tokens, speaker, first) else None


def _is_near(tokens: Sequence[Token], speaker: Phrase, verb: int) -> bool:
    return tokens[verb].span.start - tokens[speaker[1] - 1].span.end <= _FARTHEST


def _opens_clause(tokens: Sequence[Token], cue: Cue, language: Language) -> bool:
    """Whether a verb is no part of what somebody else said in the sentence: “she said he fears”."""
    before = tokens[cue.start - 1] if cue.start else None
    return (
        before is None
        or before.kind in ("mark", "quotation")
        or before.word in language.coordinators
        or before.word in language.subordinators
    )


def _is_nobody(tokens: Sequence[Token], speaker: Phrase, language: Language) -> bool:
    return speaker[1] - speaker[0] == 1 and tokens[speaker[0]].word in language.never_speaker


def _agrees(tokens: Sequence[Token], first: int, last: int, speaker: Phrase, language: Language) -> bool:
    """Whether a word that may be a noun, “claims”, is a verb here: it agrees with its subject, and what follows fits."""
    head = tokens[speaker[1] - 1]
    third_person = tokens[first].word.endswith(language.third_person_ends)
    if head.word in language.pronouns or head.word in language.relatives:
        return third_person or head.word not in language.singulars
    plural = head.word in language.plurals or head.word.endswith(language.plural_ends)
    if not _fits_verb(tokens, last, language):
        return False
    if not third_person:
        return plural or tokens[first].word.endswith(language.past_ends)
    before = tokens[speaker[0] - 1].word if speaker[0] else ""
    return not (plural and head.kind == "word") and before not in language.prepositions


def _fits_verb(tokens: Sequence[Token], last: int, language: Language) -> bool:
    """Whether what follows may follow a verb of saying: no bare noun or verb."""
    after = tokens[last] if last < len(tokens) else None
    return (
        after is None
        or after.kind != "word"
        or after.word in language.determiners
        or after.word in language.pronouns
        or after.word in language.prepositions
        or after.word in language.conjunctions
        or after.word in language.relatives
        or after.word in language.times
    )
