"""The description that stands beside a name, set off by marks: "Petr Novak, the mayor of Tver, said".

What follows a name and a comma is as often the subject of what comes next: "Asked about Petr Novak, the mayor said". So a
description has to be closed by a mark of its own and may hold no verb; and behind a name that ends an opening phrase, where
the sentence still lacks its subject, what follows the closing mark has to be one.

>>> apposition("Later ", ", the mayor of Tver, said so."), apposition("Asked about ", ", the mayor said so.")
('the mayor of Tver', None)
>>> apposition("In a call with ", ", the mayor, who was ill, said so.")
"""

from __future__ import annotations

import re

from index.speech.names import parse
from index.speech.offices import LINKS, head_of, read_office
from index.speech.ordinary import (
    CALENDAR,
    CALLED,
    FINITE,
    FUNCTION_WORDS,
    OPENERS,
    PREPOSITIONS,
    RELATIVES,
    SAYING,
    SUBJECT_PRONOUNS,
    SUBORDINATORS,
    TITLE_MODIFIERS,
)
from index.speech.transliteration import fold

_RIGHT = re.compile(
    r"\s?,\s+(?:who\s+(?:is|was)\s+)?(?P<words>(?:[^.!?;:,()\[\]\"“”«»\n—–]|(?<=\b[A-Z])\.(?=[A-Z]|\s[a-z])){3,240})"
    r"(?P<close>[,.;)—–]|$|\n)?\s*(?P<next>[\w’'-]*(?:\s[A-Z][\w’'-]*)*)"
)
_LINK_OF_CLAUSES = re.compile(r"\s(?:and|who|whom|whose|which|that)\s")
_DETERMINER = re.compile(r"\b(?:(?:the|an?|his|her|its|their|one of the)\s|(?-i:[A-Z])[\w’'-]*['’]s\s)", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?;:\"“”«»\n—–]")
_BREAK = re.compile(r"[.!?;:,()\[\]\"“”«»\n—–]")
_COMMA_OR_VERB = re.compile(r"\s*,\s*(?P<next>[\w’'-]*)")
_VERB_BEHIND = re.compile(r"\s+(?:said|says|told|has|had|was|is|will|noted|added)\b")
_DETERMINERS = frozenset("the a an his her its their this that".split())
_TIMES = frozenset(("after", "before", "since", "until"))
_COORDINATOR = re.compile(r"\b(?:and|but|so|yet)\s")
_MARKED_OFF = frozenset(",—–")


def apposition(before: str, after: str) -> str | None:
    """The description set off on one side of a full name, when its head says what somebody is."""
    return described(before, after) or _on_the_left(before, after)


def describes(phrase: str) -> bool:
    """Whether a phrase is a description of somebody, and holds no name of theirs and no verb."""
    office = read_office(phrase)
    if not office or not office.head or (holder := parse(phrase)) and holder.is_full:
        return False
    words = phrase.split()
    if any(word.casefold() in FINITE | SUBJECT_PRONOUNS for word in words):
        return False
    link = next((i for i, word in enumerate(words) if word.casefold() in LINKS and i), len(words))
    lead = words[:link]
    if any(fold(word) in SAYING for word in lead):
        return False
    determined = bool(_DETERMINER.match(phrase + " "))
    return determined or all(modifies(word) for word in lead)


def modifies(word: str) -> bool:
    """Whether a word may stand in a title before its head."""
    bare = fold(word)
    return (
        bare not in FUNCTION_WORDS
        and bare not in SAYING
        and (word[0].isupper() or "-" in word or bare in TITLE_MODIFIERS or bool(head_of(word)))
    )


def described(before: str, after: str) -> str | None:
    """The description behind a name."""
    right = _RIGHT.match(after)
    if not right:
        return None
    words = right["words"].strip()
    link = _LINK_OF_CLAUSES.search(words)
    phrase = words[: link.start()] if link else words
    goes_on = link and link.group() == " and "
    if right["close"] is None and not link:
        return None
    if goes_on and not _DETERMINER.match(phrase) or not describes(phrase):
        return None
    opening = _is_opening_phrase(before)
    if _has_verb(words if goes_on or not link else phrase, opening):
        return None
    if opening and (link or right["close"] not in _MARKED_OFF or not _is_subject(right["next"])):
        return None
    return phrase


def _on_the_left(before: str, after: str) -> str | None:
    """ "The mayor of Tver, Petr Novak, said"; without the second comma only where the sentence begins with it."""
    front = before.rstrip()
    comma = _COMMA_OR_VERB.match(after)
    if not front.endswith(",") or not comma and not _VERB_BEHIND.match(after):
        return None
    clause = _SENTENCE.split(front[:-1])[-1]
    left = _BREAK.split(front[:-1])[-1]
    for determiner in reversed([*_DETERMINER.finditer(left)]):
        phrase = left[determiner.start() :].strip()
        if describes(phrase):
            lead = clause[: len(clause) - len(left) + determiner.start()].split()
            if comma:
                theirs = not _is_opening_phrase(front[:-1]) or comma["next"].casefold() not in RELATIVES | PREPOSITIONS
            else:
                theirs = not lead or fold(lead[-1]) in SUBORDINATORS
            return phrase if theirs else None
    return None


def _is_opening_phrase(before: str) -> bool:
    """Whether a name behind these words ends a phrase that opens its sentence: "In a call with", "Asked about", "When he met"."""
    sentence = _SENTENCE.split(before)[-1]
    if before.rstrip(" \"'”’").endswith(",") or "(" in sentence.rpartition(")")[2]:
        return False
    clause = sentence.rpartition(",")[2] or sentence
    words = sentence.replace(",", " ").split()
    if words and words[0].islower() and words[0].endswith("ed"):
        return False  # behind a quotation: "…," added Petr Novak
    if words and fold(words[0]) in ("and", "but", "so", "yet", "then"):
        del words[0]
    if not words:
        return False
    while len(words) > 1 and (head_of(words[-1]) or fold(words[-1]) in TITLE_MODIFIERS):
        words.pop()
    if fold(words[-1]) in CALENDAR or len(words) > 2 and fold(words[-2]) in _DETERMINERS:
        return False  # "On Monday", "In the end": the name behind is the subject itself
    if len(words) == 1 and fold(words[0]) in SUBORDINATORS - _TIMES:
        return False  # "When Petr Novak, the mayor, came"
    if fold(words[0]) in SUBORDINATORS and "," not in sentence:
        return True
    joined = _COORDINATOR.split(sentence)[-1].split()
    if len(joined) > 1 and len(joined) < len(sentence.split()) and _opens(joined[0]) and not _has_clause(joined):
        return True  # "They met, and in a call with Petr Novak"
    if not _opens(words[0]) and not (clause.split() and _opens(clause.split()[0])):
        return False
    return not _has_clause(words)


def _opens(word: str) -> bool:
    folded = fold(word)
    return folded in OPENERS or folded.endswith(("ing", "ed"))


def _has_clause(words: list[str]) -> bool:
    """Whether a verb with its subject stands among these words."""
    for at, word in enumerate(map(fold, words)):
        behind = fold(words[at + 1]) if at + 1 < len(words) else ""
        front = fold(words[at - 1]) if at else ""
        if not at or front in _DETERMINERS:
            continue
        if word in FINITE | SUBJECT_PRONOUNS or word.endswith("ed") and behind not in PREPOSITIONS:
            return True
    return False


def _has_verb(phrase: str, opening: bool) -> bool:
    """Whether a verb follows the head of a description: then it is a subject. In an opening phrase any "-ed" may be one."""
    words = phrase.split()
    head = next((i for i, word in enumerate(words) if head_of(word)), len(words))
    while head + 1 < len(words) and head_of(words[head + 1]):
        head += 1
    for at in range(head + 1, len(words)):
        word = fold(words[at])
        behind = fold(words[at + 1]) if at + 1 < len(words) else ""
        if word in FINITE | SUBJECT_PRONOUNS:
            return True
        front = fold(words[at - 1])
        called = word in CALLED and {"a", "an"} & set(words[max(0, at - 3) : at])  # "of a group called Clean Rivers"
        if word.endswith("ed") and words[at].islower() and front not in _DETERMINERS and not called:
            if opening or behind not in PREPOSITIONS:
                return True
        if at == head + 1 and words[at].islower() and word.endswith("s") and word not in PREPOSITIONS:
            return True  # "the judge rules"
    return False


def _is_subject(word: str) -> bool:
    """Whether the subject of the sentence may begin so. A full name is one whose title the words before are."""
    words = word.split()
    if not words or len(words) > 1 and words[0][0].isupper() and (name := parse(word)) and name.is_full:
        return False
    folded = fold(words[0])
    return folded not in RELATIVES | PREPOSITIONS | FINITE | {"and", "but", "or"} and not folded.endswith(
        ("ing", "ed", "ly")
    )
