"""Who stands before a verb, and who after it: noun phrases, by closed classes of words and by capitals.

Positions are indices into a sentence's tokens.

>>> from index.records import Span
>>> from index.speech.clauses import read_sentences, span_of
>>> from index.speech.english import ENGLISH
>>> text = "Ann Lee, a lawyer who lives in Rome, has also said so."
>>> [sentence] = read_sentences(text, Span(0, len(text)), [], ENGLISH)
>>> verb = next(i for i, t in enumerate(sentence.tokens) if t.word == "said")
>>> span_of(sentence.tokens, subject(sentence.tokens, verb, ENGLISH)).of(text)
'Ann Lee'
"""

from __future__ import annotations

from collections.abc import Sequence

from index.speech.clauses import DASHES, Phrase, Token, is_adverb, is_participle
from index.speech.language import Language

_LONGEST = 14  # tokens of a phrase
_LONGEST_INSERTION = 40
_LONGEST_NAME = 4
_RELATIVE_REACH = 10


def subject(tokens: Sequence[Token], verb: int, language: Language) -> Phrase | None:
    """The phrase that is the subject of the verb at `verb`, to its left; None where there is none beside it."""
    at = _over_helpers(tokens, verb - 1, language)
    if at < 0:
        return None
    token = tokens[at]
    if token.word in (",", *DASHES) or (token.kind == "quotation" and token.word.endswith(",")):
        return _before_insertion(tokens, at, language)
    if token.word in language.relatives:
        return _antecedent(tokens, at, language)
    phrase = phrase_ending(tokens, at + 1, language)
    return _outside_relative(tokens, phrase, language) if phrase else None


def phrase_ending(tokens: Sequence[Token], end: int, language: Language) -> Phrase | None:
    """The noun phrase whose last token is the one before `end`."""
    while end > 0 and tokens[end - 1].kind == "aside":
        end -= 1
    last = tokens[end - 1] if end > 0 else None
    if last is None or last.kind not in ("word", "name"):
        return None
    if last.word.partition("'")[0] in language.pronouns:
        return end - 1, end
    if (
        _closed(last.word, language)
        or last.word in language.determiners
        or last.word.endswith(language.possessive_ends)
    ):
        return None
    start = _start_of_phrase(tokens, end, language)
    while start < end - 1 and (tokens[start].word in language.linkers or tokens[start].kind == "aside"):
        start += 1
    return (start, end) if start < end else None


def _start_of_phrase(tokens: Sequence[Token], end: int, language: Language) -> int:
    at = end - 1
    while at >= 0 and end - at <= _LONGEST:
        token = tokens[at]
        word = token.word
        if token.kind == "mark":
            if word != "." or at + 1 == end or tokens[at + 1].kind != "name":  # “Paul D. Ryan”
                break
        elif token.kind == "quotation":
            break
        elif token.kind != "aside":
            if word in language.determiners:
                linked = at > 1 and tokens[at - 1].word in language.linkers and _nominal(tokens[at - 2], language)
                if not linked:
                    return at
            elif word in language.linkers or word in language.coordinators:
                if not _links(tokens, at, end, language):
                    break
            elif _closed(word, language) or _is_verb(tokens, at, language):
                break
        at -= 1
    return at + 1


def _links(tokens: Sequence[Token], at: int, end: int, language: Language) -> bool:
    """Whether a preposition or an “and” is part of the phrase: “the mayor of Lille”, “Ann and Bob”."""
    if at + 1 == end or at == 0 or not _nominal(tokens[at - 1], language):
        return False
    return tokens[at].word in language.linkers or (tokens[at - 1].kind == "name" == tokens[at + 1].kind)


def _is_verb(tokens: Sequence[Token], at: int, language: Language) -> bool:
    is_saying = tokens[at].kind == "word" and tokens[at].word in language.frames
    return is_saying and (at == 0 or tokens[at - 1].word not in language.determiners)


def phrase_starting(tokens: Sequence[Token], start: int, language: Language) -> Phrase | None:
    """The noun phrase whose first token is at `start`: “a spokesman for the mayor”, “Ann Lee”, “she”."""
    if start >= len(tokens) or tokens[start].kind not in ("word", "name"):
        return None
    if tokens[start].word in language.pronouns and tokens[start].word not in language.determiners:
        return start, start + 1
    head = start
    while head < len(tokens) and head < start + 2 and tokens[head].word in language.determiners:
        head += 1
    at = head
    while at < len(tokens) and at - start < _LONGEST:
        token = tokens[at]
        if token.kind == "aside" and at > head:
            at += 1
        elif token.kind not in ("word", "name"):
            break
        elif token.word in language.genitives or (token.word in language.coordinators and token.kind == "word"):
            if not (at > head and _goes_on(tokens, at, language)):
                break
            at += 2
        elif _closed(token.word, language) or token.word in language.determiners:
            break
        elif at > head and token.kind == "word" and _is_predicate(tokens, at, language):
            break
        else:
            at += 1
    return (start, at) if at > head else None


def _goes_on(tokens: Sequence[Token], at: int, language: Language) -> bool:
    """Whether a phrase goes on after the preposition or the “and” at `at`."""
    if at + 1 >= len(tokens) or tokens[at + 1].kind not in ("word", "name"):
        return False
    if tokens[at].word in language.coordinators and not tokens[at - 1].kind == "name" == tokens[at + 1].kind:
        return False
    return tokens[at + 1].word in language.determiners or not _closed(tokens[at + 1].word, language)


def _is_predicate(tokens: Sequence[Token], at: int, language: Language) -> bool:
    """Whether a word is rather the verb than part of the phrase: a verb of saying, or what follows a name and is neither
    a title nor a body of people, “Trump aides”, nor leads to a name, “Trump campaign manager Ann Lee”."""
    word = tokens[at].word
    if word in language.frames and word not in language.nominal:
        return True
    if tokens[at - 1].kind != "name" or word in language.titles or word in language.groups:
        return False
    return not any(t.kind == "name" for t in tokens[at + 1 : at + 3])


def leading_subject(tokens: Sequence[Token], before: int, language: Language) -> Phrase | None:
    """The subject a sentence opens with, what introduces it left out: “In May, the minister” resigned."""
    at = 0
    while at + 1 < before and (
        tokens[at].kind == "mark"
        or tokens[at].word in language.openers
        or (tokens[at].word in language.adverbs and tokens[at + 1].word != ",")
    ):
        at += 1
    if at < before and _introduces(tokens, at, before, language):
        comma = next((i for i in range(at, before) if tokens[i].word == ","), None)
        if comma is None:
            return None
        at = comma + 1
        place = phrase_starting(tokens, at, language)  # “In Austin, Texas, the minister”
        single = place and place[1] == at + 1 < before and tokens[at + 1].word == ","
        at += 2 if single and (tokens[at].kind == "name" or tokens[at].word.isdigit()) else 0
    phrase = phrase_starting(tokens, at, language)
    return phrase if phrase and phrase[1] <= before else None


def is_done_to(tokens: Sequence[Token], before: int, language: Language) -> bool:
    """Whether there is a passive before a token, so that the subject may be no speaker: she was greeted with: “…”"""
    for at in range(1, before):
        past = tokens[at].kind == "word" and tokens[at].word.endswith(language.past_ends)
        if past and tokens[at - 1].word in language.passive:
            return True
    return False


def _introduces(tokens: Sequence[Token], at: int, before: int, language: Language) -> bool:
    """Whether what begins at `at` is no subject but comes before one: “In May”, “Asked about it”, “Speaking in Rome”."""
    token = tokens[at]
    if token.word in language.determiners:
        return False
    asked = token.word.endswith(language.past_ends) and at + 1 < before and tokens[at + 1].kind != "name"
    return (
        token.word in language.prepositions
        or token.word in language.conjunctions
        or token.word in language.adverbs
        or token.word in language.times
        or token.word.endswith(language.participle_ends)
        or is_adverb(token, language)
        or asked
    )


def _over_helpers(tokens: Sequence[Token], at: int, language: Language) -> int:
    """Leftwards over auxiliaries, adverbs and times: he “has in the past repeatedly” said."""
    while at >= 0:
        token = tokens[at]
        word = token.word
        next_words = [t.word for t in tokens[at + 1 : at + 3]]
        if token.kind == "aside":
            at -= 1
        elif token.kind in ("word", "name") and (
            word in language.auxiliaries
            or is_adverb(token, language)
            or word in language.times
            or (
                word in language.prepositions | language.determiners
                and next_words[:1]
                and next_words[0] in language.times
            )
            or (
                word in language.prepositions
                and len(next_words) == 2
                and next_words[0] in language.determiners
                and next_words[1] in language.times
            )
            or (word in language.floating and at > 0 and tokens[at - 1].kind != "quotation")
        ):
            at -= 1
        else:
            break
    return at


def _antecedent(tokens: Sequence[Token], relative: int, language: Language) -> Phrase | None:
    """“Ann Lee, who”: the relative with what it stands for."""
    at = relative
    if at and tokens[at - 1].word in (",", *DASHES):
        at -= 1
    phrase = phrase_ending(tokens, at, language)
    return (phrase[0], relative + 1) if phrase else None


def _outside_relative(tokens: Sequence[Token], phrase: Phrase, language: Language) -> Phrase:
    """“an official who met the mayor” said: not the mayor."""
    if tokens[phrase[0] - 1].word in language.auxiliaries:
        return phrase
    for at in range(phrase[0] - 1, max(0, phrase[0] - _RELATIVE_REACH), -1):
        word = tokens[at].word
        if word == language.who:
            return (phrase_ending(tokens, at, language) if at < phrase[0] - 1 else None) or phrase
        clause = word == language.that or word in language.coordinators or "C" in language.frames.get(word, ())
        if clause or tokens[at].kind in ("mark", "quotation"):
            break
    return phrase


def _before_insertion(tokens: Sequence[Token], closing: int, language: Language) -> Phrase | None:
    """The phrase before an apposition or a relative clause that ends at the comma `closing`: “Ann Lee, a lawyer,” said."""
    mark = tokens[closing].word if tokens[closing].kind == "mark" else ","
    nearest = second = None
    for at in range(closing - 1, max(-1, closing - _LONGEST_INSERTION), -1):
        phrase = phrase_ending(tokens, at, language) if tokens[at].word == mark else None
        if phrase is None or tokens[phrase[1] - 1].word[:1].isdigit():
            continue
        if tokens[phrase[0]].word in language.pronouns and phrase[0] and tokens[phrase[0] - 1].kind in ("word", "name"):
            continue  # “to explain it,”
        inserted = tokens[at + 1 : closing]
        named = len(inserted) <= _LONGEST_NAME and all(t.kind in ("name", "aside") for t in inserted)
        titled = tokens[phrase[0]].kind == "word" or tokens[phrase[0]].word in language.determiners
        if nearest is None and named and titled:
            return phrase[0], closing  # “the mayor of Lille, Ann Lee,”
        opens = _opens_insertion(tokens[at + 1], language)
        if _begins_clause(tokens, phrase[0], language):
            if opens:
                return phrase
            nearest = nearest or phrase
        elif opens:
            second = second or phrase
    return nearest or second


def _opens_insertion(token: Token, language: Language) -> bool:
    return (
        token.word in language.relatives
        or token.word in language.determiners
        or token.word in language.titles
        or token.word[:1].isdigit()
        or is_participle(token, language)
    )


def _begins_clause(tokens: Sequence[Token], start: int, language: Language) -> bool:
    """Whether a subject may begin here: not in “in Austin, Texas,” nor in “facing a challenge, a hard one,”."""
    before = tokens[start - 1] if start else None
    return (
        before is None
        or before.kind in ("mark", "quotation", "aside")
        or before.word in language.conjunctions
        or before.word in language.relatives
        or before.word in language.adverbs
        or before.word in language.times
        or "C" in language.frames.get(before.word, ())
    )


def _nominal(token: Token, language: Language) -> bool:
    return token.kind in ("word", "name") and not _closed(token.word, language) and not is_adverb(token, language)


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
