"""Everything that is said in one sentence: by its verbs, by “according to”, by nouns of saying, by where a quotation stands."""

from __future__ import annotations

from collections.abc import Sequence

from index.speech.clauses import Phrase, Token, is_quotation
from index.speech.contents import words_after
from index.speech.cues import Cue, cues
from index.speech.extents import SIGNING, Saying, trimmed_end, without_openers
from index.speech.language import Language
from index.speech.noun_phrases import is_done_to, leading_subject, phrase_ending, phrase_starting, subject
from index.speech.tags import words_before

_CLOSING = (",", "?", "!", "—")
_REACH = 30  # tokens from a quotation to the verb of its tag
_NOUN_REACH = 3  # tokens from a noun of saying to whose it is
_LONGEST_SMALL_WORD = 3  # letters; in a title the longer ones are written with capitals
_TELLING = 7  # words: a shorter quotation without any tag may be a title, or a word that the writer will not answer for


def sayings(tokens: Sequence[Token], language: Language) -> list[Saying]:
    """What is said in a sentence, in the order of the rules, strongest first; no two of them are the same words."""
    found = _according(tokens, language)
    verbs = cues(tokens, language)
    nobodys: set[int] = set()  # quotations that were not said
    for number, cue in enumerate(verbs):
        said = words_before(tokens, verbs, number, language)
        said = said or words_after(tokens, cue, verbs[number + 1 :], language)
        if said and cue.denied:
            nobodys.update(at for start, end in said.ranges for at in range(start, end))
        elif said and _of_nobody(said, verbs[:number], nobodys):
            continue  # Instead of saying “…,” she laughed.
        elif said and (_quotes(tokens, said) or not _is_left_open(tokens, cue, found, language)):
            found.append(said)
    found += _of_nouns(tokens, language)
    claimed = nobodys.union(at for said in found for start, end in said.ranges for at in range(start, end))
    for at in _free_of_denial(tokens, verbs, language):
        if is_quotation(tokens, at) and at not in claimed and (said := _by_place(tokens, at, language)):
            found.append(said)
    return list({said.ranges: said for said in reversed(found)}.values())[::-1]


def _free_of_denial(tokens: Sequence[Token], verbs: Sequence[Cue], language: Language) -> range:
    """Where a quotation may be somebody's though no verb claims it: not beside a verb that says that nothing was said,
    and before that one only where it belongs to no tag: “…,” said Ann, who did not praise it."""
    end = len(tokens)
    for cue in verbs:
        if cue.denied:
            aside = not cue.frames or (cue.speaker and tokens[cue.speaker[1] - 1].word in language.relatives)
            end = min(end, cue.first if aside else 0)
    return range(end)


def _of_nobody(said: Saying, earlier: Sequence[Cue], nobodys: set[int]) -> bool:
    """Whether words before a tag are those that somebody there did not say, and no sentence that says so."""
    start, end = said.ranges[0]
    unsaid = any(cue.denied and not cue.speaker and start <= cue.first < end for cue in earlier)
    return said.rule in ("tag after", "tag within") and unsaid and any(at in nobodys for at in range(start, end))


def _quotes(tokens: Sequence[Token], said: Saying) -> bool:
    return any(is_quotation(tokens, at) for start, end in said.ranges for at in range(start, end))


def _is_left_open(tokens: Sequence[Token], cue: Cue, found: list[Saying], language: Language) -> bool:
    """Whether a report is part of what somebody else says, “he said she fears”, or says nothing, “if he claims”."""
    if any(f.rule.startswith("reported") and start <= cue.start < end for f in found for start, end in f.ranges):
        return True
    return cue.start > 0 and tokens[cue.start - 1].word in language.not_asserted


def _according(tokens: Sequence[Token], language: Language) -> list[Saying]:
    """It would rain, according to Ann. / According to Ann, it would rain."""
    found = []
    for at in range(len(tokens) - 2):
        if (tokens[at].word, tokens[at + 1].word) != language.according:
            continue
        speaker = phrase_starting(tokens, at + 2, language)
        if speaker is None:
            continue
        if at > 0 and tokens[at - 1].word not in language.coordinators:
            end = trimmed_end(tokens, 0, at, language)
            start = without_openers(tokens, 0, end, language)
        else:
            start = next((i + 1 for i in range(speaker[1], len(tokens)) if tokens[i].word == ","), len(tokens))
            end = trimmed_end(tokens, start, len(tokens), language)
        if start < end:
            found.append(Saying(((start, end),), "according to", speaker, (at, at + 2)))
    return found


def _of_nouns(tokens: Sequence[Token], language: Language) -> list[Saying]:
    """Okafor's claim that it would rain."""
    found = []
    for at in range(1, len(tokens) - 2):
        if tokens[at].kind == "word" and tokens[at].word in language.nouns and tokens[at + 1].word == language.that:
            end = trimmed_end(tokens, at + 1, len(tokens), language)
            if speaker := _owner(tokens, at, language):
                found.append(Saying(((at + 1, end),), "noun", speaker, (at, at + 1)))
    return found


def _owner(tokens: Sequence[Token], noun: int, language: Language) -> Phrase | None:
    """Whose the noun at `noun` is: “Okafor's” repeated claim. Whose “his” is, is seldom plain."""
    for at in range(noun - 1, max(-1, noun - 1 - _NOUN_REACH), -1):
        word = tokens[at].word
        if tokens[at].kind == "name" and word.endswith(language.possessive_ends):
            return at, at + 1
        if tokens[at].kind != "word" or word in language.possessives:
            break
    return None


def _by_place(tokens: Sequence[Token], at: int, language: Language) -> Saying | None:
    """A quotation whose verb is not known as one of saying, or that has none."""
    return (
        _after_colon(tokens, at, language)
        or _signed(tokens, at, language)
        or _before_any_verb(tokens, at, language)
        or _after_any_verb(tokens, at, language)
        or _telling(tokens, at, language)
    )


def _after_colon(tokens: Sequence[Token], at: int, language: Language) -> Saying | None:
    """She had an answer: “…” / More from Ann Lee: “…”"""
    if not at or tokens[at - 1].word != ":":
        return None
    speaker = phrase_ending(tokens, at - 1, language)
    if speaker:
        apart = speaker[0] == 0 or tokens[speaker[0] - 1].kind == "mark"
        named = tokens[speaker[1] - 1].kind in ("name", "aside")
        speaker = speaker if apart and named else None
    if not speaker and not is_done_to(tokens, at, language):
        speaker = leading_subject(tokens, at - 1, language)
    return Saying(((at, at + 1),), "colon", speaker, (at - 1, at))


def _signed(tokens: Sequence[Token], at: int, language: Language) -> Saying | None:
    """“…” — Ann Lee"""
    if at + 2 >= len(tokens) or tokens[at + 1].word not in SIGNING or tokens[at + 2].kind != "name":
        return None
    speaker = phrase_starting(tokens, at + 2, language)
    if speaker and (speaker[1] == len(tokens) or tokens[speaker[1]].kind == "mark"):
        return Saying(((at, at + 1),), "signature", speaker)
    return None


def _before_any_verb(tokens: Sequence[Token], at: int, language: Language) -> Saying | None:
    """“Enough,” the sergeant barked. / “Enough,” beamed Ann."""
    opens = without_openers(tokens, 0, at + 1, language) == at
    if not opens or at + 2 >= len(tokens) or not tokens[at].word.endswith(_CLOSING):
        return None
    words = ((at, at + 1),)
    speaker = phrase_starting(tokens, at + 1, language)
    if speaker:
        for verb in range(speaker[1], speaker[0], -1):
            inflected = _is_past(tokens, verb, language) or (
                verb < speaker[1] and _is_third_person(tokens, verb, language)
            )
            if inflected and _ends_tag(tokens, verb + 1, language):
                return Saying(words, "tag after", (speaker[0], verb), (verb, verb + 1))
        rest = tokens[speaker[1] : at + _REACH]
        active = bool(rest) and rest[0].word not in language.passive | language.unreal
        saying = active and any("T" in language.frames.get(t.word, ()) for t in rest)
        if saying and tokens[at].word.endswith(","):
            return Saying(words, "tag after", speaker)
    if _is_past(tokens, at + 1, language) and (speaker := phrase_starting(tokens, at + 2, language)):
        return Saying(words, "tag after", speaker, (at + 1, at + 2))
    return None


def _after_any_verb(tokens: Sequence[Token], at: int, language: Language) -> Saying | None:
    """The crowd jeered, “…”"""
    verb = at - 2
    if verb < 1 or tokens[at - 1].word != "," or not _is_past(tokens, verb, language):
        return None
    if tokens[verb - 1].word in language.passive | language.unreal:
        return None
    speaker = subject(tokens, verb, language) or leading_subject(tokens, verb, language)
    return Saying(((at, at + 1),), "tag before", speaker, (verb, verb + 1)) if speaker else None


def _telling(tokens: Sequence[Token], at: int, language: Language) -> Saying | None:
    """A quotation long enough to be no title, in a sentence that does not say whose it is."""
    words = tokens[at].word.split()
    title = all(w[:1].isupper() for w in words if len(w) > _LONGEST_SMALL_WORD and w.isalpha())
    if len(words) < _TELLING or title or not any(t.kind in ("word", "name") for t in tokens):
        return None
    speaker = leading_subject(tokens, at, language)
    if speaker is None:
        return Saying(((at, at + 1),), "fragment")
    known = tokens[speaker[0]].word in language.persons
    return Saying(((at, at + 1),), "fragment of somebody", speaker if known else None)


def _is_past(tokens: Sequence[Token], at: int, language: Language) -> bool:
    return at < len(tokens) and tokens[at].kind == "word" and tokens[at].word.endswith(language.past_ends)


def _is_third_person(tokens: Sequence[Token], at: int, language: Language) -> bool:
    return tokens[at].kind == "word" and tokens[at].word.endswith(language.third_person_ends)


def _ends_tag(tokens: Sequence[Token], at: int, language: Language) -> bool:
    if at >= len(tokens) or tokens[at].kind in ("mark", "aside"):
        return True
    return tokens[at].word in language.prepositions | language.conjunctions | language.adverbs | language.times
