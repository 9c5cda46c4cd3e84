"""Who stands before a verb, and who after it: noun phrases, by closed classes of words and by capitals.

Positions are indices into a sentence's tokens; a phrase is a half-open range of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.speech.clauses import Token
from index.speech.language import Language

Phrase = tuple[int, int]
_LONGEST = 14
_OPENING = {",", "—", "–", "--", "-"}


def subject(tokens: Sequence[Token], verb: int, language: Language) -> Phrase | None:
    """The phrase that is the subject of the verb at `verb`, to its left; None where there is none beside it."""
    at = _over_adjuncts(tokens, verb - 1, language)
    if at < 0:
        return None
    token = tokens[at]
    if token.kind == "mark" and token.word in _OPENING or token.kind == "quotation" and token.word.endswith(","):
        return _before_insertion(tokens, at, language)
    if token.word in language.relatives:
        return _antecedent(tokens, at, language)
    phrase = phrase_ending(tokens, at + 1, language)
    return _outside_relative(tokens, phrase, language) if phrase else None


def _outside_relative(tokens: Sequence[Token], phrase: Phrase, language: Language) -> Phrase:
    """“an official who met the mayor” said: not the mayor."""
    for at in range(phrase[0] - 1, max(0, phrase[0] - 10), -1):
        word = tokens[at].word
        if tokens[at].kind in ("mark", "quotation") or word in ("that", "and", "but") or "C" in language.frames.get(word, ()):
            break
        if word == "who" and at < phrase[0] - 1 and tokens[phrase[0] - 1].word not in language.auxiliaries:
            return phrase_ending(tokens, at, language) or phrase
    return phrase


def _over_adjuncts(tokens: Sequence[Token], at: int, language: Language) -> int:
    """Leftwards over adverbs, auxiliaries and days: “he has also repeatedly” said."""
    while at >= 0:
        token = tokens[at]
        word = token.word
        if token.kind in ("word", "name") and (
            word in language.auxiliaries
            or (word in language.adverbs and word not in language.relatives)
            or (word.endswith("ly") and token.kind == "word")
            or word in language.times
            or (word in language.prepositions | language.determiners and tokens[at + 1].word in language.times)
            or (word in language.prepositions and tokens[at + 2 : at + 3] and tokens[at + 2].word in language.times and tokens[at + 1].word in language.determiners)
            or (word in language.floating and at > 0 and tokens[at - 1].kind != "quotation")
        ):
            at -= 1
        elif token.kind == "aside":
            at -= 1
        else:
            break
    return at


def phrase_ending(tokens: Sequence[Token], end: int, language: Language) -> Phrase | None:
    """The noun phrase whose last token is the one before `end`."""
    while end > 0 and tokens[end - 1].kind == "aside":
        end -= 1
    last = tokens[end - 1] if end > 0 else None
    if last is None or last.kind not in ("word", "name"):
        return None
    word = last.word
    if word in language.pronouns or word.partition("'")[0] in language.pronouns:
        return end - 1, end
    if _closed(word, language) or word in language.determiners or word.endswith(("'s", "s'")):
        return None
    at = end - 1
    while at >= 0 and end - at <= _LONGEST:
        token = tokens[at]
        word = token.word
        if token.kind == "aside":
            at -= 1
        elif token.kind == "quotation":
            break
        elif token.kind == "mark":
            if word == "." and at + 1 < end and tokens[at + 1].kind == "name":
                at -= 1
                continue
            break
        elif word in language.determiners:
            at -= 1
            linked = at >= 1 and tokens[at].word in language.linkers and _nominal(tokens[at - 1], language)
            if not linked:
                break
        elif word in language.linkers or word == "and":
            if at + 1 == end or at == 0 or not _nominal(tokens[at - 1], language):
                break
            if word == "and" and not (tokens[at - 1].kind == "name" and tokens[at + 1].kind == "name"):
                break
            at -= 1
        elif _closed(word, language) or word in language.frames and token.kind == "word" and tokens[at-1].word not in language.determiners:
            break
        else:
            at -= 1
    start = at + 1
    while start < end - 1 and (tokens[start].word in language.linkers or tokens[start].kind == "aside"):
        start += 1
    return (start, end) if start < end else None


def _nominal(token: Token, language: Language) -> bool:
    return token.kind in ("word", "name") and not _closed(token.word, language) and not token.word.endswith("ly")


def _closed(word: str, language: Language) -> bool:
    return (
        word in language.prepositions
        or word in language.conjunctions
        or word in language.pronouns
        or word in language.auxiliaries
        or word in language.relatives
        or word in language.times
        or word in language.adverbs
    )


def _antecedent(tokens: Sequence[Token], relative: int, language: Language) -> Phrase | None:
    """“Ann Lee, who”: the relative with what it stands for."""
    at = relative
    if at and tokens[at - 1].kind == "mark" and tokens[at - 1].word in _OPENING:
        at -= 1
    phrase = phrase_ending(tokens, at, language)
    return (phrase[0], relative + 1) if phrase else None


def _before_insertion(tokens: Sequence[Token], closing: int, language: Language) -> Phrase | None:
    """The phrase before an apposition or relative clause that ends at the comma `closing`: “Ann Lee, a lawyer, ” said."""
    mark = tokens[closing].word if tokens[closing].kind == "mark" else ","
    nearest: Phrase | None = None
    for at in range(closing - 1, max(-1, closing - 40), -1):
        if tokens[at].kind != "mark" or tokens[at].word != mark:
            continue
        phrase = phrase_ending(tokens, at, language)
        if phrase is None:
            continue
        after = tokens[at + 1]
        if (
            after.word in language.relatives
            or after.word in language.determiners
            or after.word[:1].isdigit()
            or (after.kind == "word" and after.word.endswith("ing"))
            or after.word in language.titles
        ):
            return phrase
        if not (phrase[0] and tokens[phrase[0] - 1].word in language.prepositions):  # “in Austin, Texas,” is no speaker
            nearest = nearest or phrase
    return nearest


def phrase_starting(tokens: Sequence[Token], start: int, language: Language) -> Phrase | None:
    """The noun phrase whose first token is at `start`: “a spokesman for the mayor”, “Ann Lee”, “she”."""
    if start >= len(tokens) or tokens[start].kind not in ("word", "name"):
        return None
    word = tokens[start].word
    if word in language.pronouns and word not in language.determiners:
        return start, start + 1
    at = start
    if word in language.determiners:
        at += 1
        if at < len(tokens) and tokens[at].word in language.determiners:  # “all the”
            at += 1
    head = at
    while at < len(tokens) and at - start < _LONGEST:
        token = tokens[at]
        if token.kind == "aside" and at > head:
            at += 1
        elif token.kind not in ("word", "name"):
            break
        elif token.word in ("of", "for", "&") or (token.word == "and" and token.kind == "word"):
            nominal = at + 1 < len(tokens) and at > head and tokens[at + 1].kind in ("word", "name")
            joins = token.word != "and" or (tokens[at - 1].kind == "name" and tokens[at + 1 : at + 2] and tokens[at + 1].kind == "name")
            if not (nominal and joins) or (_closed(tokens[at + 1].word, language) and tokens[at + 1].word not in language.determiners):
                break
            at += 2
        elif _closed(token.word, language) or token.word in language.determiners:
            break
        elif token.kind == "word" and token.word in language.frames and token.word.endswith(("ing", "ed")):
            break
        else:
            at += 1
    return (start, at) if at > head or (at == start + 1 and word in language.determiners and at > start + 1) else None


def leading_subject(tokens: Sequence[Token], before: int, language: Language) -> Phrase | None:
    """The subject a sentence opens with, what introduces it left out: “In May, the minister” resigned."""
    at = 0
    while at + 1 < before and (
        tokens[at].kind == "mark"
        or tokens[at].word in ("and", "but", "so", "yet", "or")
        or (tokens[at].word in language.adverbs and tokens[at + 1].word != ",")
    ):
        at += 1
    if at < before and tokens[at].word not in language.determiners and (
        tokens[at].word in language.prepositions
        or tokens[at].word in language.conjunctions
        or tokens[at].word in language.adverbs
        or tokens[at].word in language.times
        or tokens[at].word.endswith(("ing", "ly"))
        or (tokens[at].word.endswith("ed") and at + 1 < before and tokens[at + 1].kind != "name")
    ):
        comma = next((i for i in range(at, before) if tokens[i].word == ","), None)
        if comma is None:
            return None
        at = comma + 1
        place = phrase_starting(tokens, at, language)  # “In Austin, Texas, the minister”
        if place and place[1] - place[0] == 1 and tokens[place[0]].kind == "name" and place[1] < before and tokens[place[1]].word == ",":
            at = place[1] + 1
    phrase = phrase_starting(tokens, at, language)
    return phrase if phrase and phrase[1] <= before else None
