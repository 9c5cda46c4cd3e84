"""The words of a question and their places: its auxiliary, the verb that asks, and where its matter begins.

Ranges count tokens and are half-open; the spans of tokens count code points of the question as typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import simplemma

from retrieval import asking

LONGEST_NAME = 9
"""In tokens, a title with it."""

Range = tuple[int, int]
"""Of tokens, half-open."""

POSSESSIVE = re.compile(r"['’ʼ]s$|(?<=s)['’ʼ]$")
_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}|(?:Mr|Mrs|Jr|Sr)\.|[A-Z]\w{1,3}\.(?=\s[A-Z])"  # "Sen. Hale"
    r"|\w+(?:[-'’ʼ]\w+)*(?:(?<=s)['’](?!\w))?|[^\w\s]"
)
_CONTRACTED = re.compile(r"(what|who|how|where|why|when)(['’ʼ](?:s|d))", re.IGNORECASE)  # "what's", "who'd"
_NEGATED = re.compile(r"n['’]t$")
_OPENER = re.compile(rf"\s*(?:(?:{asking.OPENERS})\b[\s,:]*)+", re.IGNORECASE)
_ENDS = (asking.STOPS - {"and"}) | asking.AUXILIARIES | {",", ";", ":", "(", ")", "–", "—"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark of a question, with its span. `low` is folded, with plain apostrophes."""

    text: str
    low: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper()

    @property
    def owns(self) -> bool:
        return bool(POSSESSIVE.search(self.text)) and len(self.text) > 2


def after_opener(text: str) -> int:
    """Where the question itself begins: after "and", "tell me", "please"."""
    match = _OPENER.match(text)
    return match.end() if match and match.end() < len(text.rstrip(" ?!.")) else 0


def tokens_of(text: str, start: int = 0) -> list[Token]:
    tokens = []
    for match in _TOKEN.finditer(text, start):
        two = _CONTRACTED.fullmatch(match.group())
        for at, end in [match.span()] if not two else [two.span(1), two.span(2)]:
            at, end = (at, end) if not two else (at + match.start(), end + match.start())
            word = text[at:end]
            tokens.append(Token(word, re.sub("[’ʼ]", "'", word.lower()), at, end))
    return tokens


@lru_cache(maxsize=20_000)
def lemma(word: str) -> str:
    """The dictionary form of a lower-case word."""
    return asking.IRREGULAR.get(word) or simplemma.lemmatize(word, lang="en").lower()


@lru_cache(maxsize=20_000)
def in_dictionary(word: str) -> bool:
    return simplemma.is_known(word, lang="en")


def is_saying(word: str) -> bool:
    return lemma(word) in asking.SAYING


def asks(word: str) -> bool:
    """Whether a verb asks for somebody's words or stand."""
    return lemma(word) in asking.SAYING or lemma(word) in asking.HOLDING


class Clause:
    """A question, or a part of one, as its tokens, without the marks around it. `low` are their folded words."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        while tokens and tokens[-1].low in "?!.":
            tokens.pop()
        while tokens and tokens[0].low in ",;:–—-":
            tokens.pop(0)
        self.text, self.tokens = text, tokens
        self.low = [t.low for t in tokens]
        # Typed without capitals, a name is what the dictionary does not have.
        self.flat = not any(t.capital for t in tokens[1:])

    # The verb that asks

    def auxiliary(self) -> int | None:
        """Where the auxiliary of an inverted question stands: at the start or after what is asked for."""
        low = self.low
        if not low:
            return None
        first = 1 if low[0] in asking.STOPS - asking.WH and low[1:2] and low[1] in asking.WH else 0
        if _NEGATED.sub("", low[0]) in asking.AUXILIARIES or low[0] == "won't":
            return 0
        # "When discussing the design, what did she say?": the question after the comma.
        begin = next(
            (i + 1 for i, w in enumerate(low[:-1]) if w == "," and low[i + 1] in asking.WH | asking.AUXILIARIES), 0
        )
        if begin and (low[begin] in asking.AUXILIARIES):
            return begin
        if low[first] not in asking.WH and not begin:
            return None
        for i in range((begin or first) + 1, min((begin or first) + 10, len(low))):
            if _NEGATED.sub("", low[i]) in asking.AUXILIARIES and not self.tokens[i].capital:
                return i
        return None

    def asked_thing(self, aux: int) -> Range:
        """What stands before the auxiliary beside the question word: "how many soldiers did …" asks for soldiers."""
        start = 0
        while start < aux and self.low[start] in asking.WH | asking.BESIDE_WH:
            start += 1
        return (start, aux)

    def is_stand(self, j: int, being: bool, perfect: bool) -> bool:
        """Whether the word is a verb, or after "is" an adjective, that asks for words or a stand."""
        token = self.tokens[j]
        if token.capital:
            return False
        if not being:
            # "did Putin plan", "has Merkel planned": of what follows "did she leave" or "would she upset", "plans" is no verb.
            plain = lemma(token.low) == token.low or (perfect and token.low != lemma(token.low) + "s")
            return plain and (asks(token.low) or self._phrase(j) is not None)
        return token.low in asking.STANCE or (
            token.low.endswith("ing") and (asks(token.low) or self._phrase(j) is not None)
        )

    def _phrase(self, j: int) -> bool | None:
        """Whether a verb is one of saying, or of a stand, with the word after it ("rule out"); None where it is neither."""
        pair = (lemma(self.low[j]), *self.low[j + 1 : j + 2])
        return True if pair in asking.PHRASES else False if pair in asking.STAND_PHRASES else None

    def gives(self, aux: int, j: int) -> bool:
        """ "what advice did she give?" """
        thing = [lemma(w) for w in self.low[slice(*self.asked_thing(aux))]]
        return lemma(self.low[j]) in asking.GIVING and any(w in asking.SPEECH_NOUNS for w in thing)

    def is_light(self, j: int) -> bool:
        """Whether this is the "to" of "have to say", "go on to claim"."""
        return self.low[j] == "to" and j > 0 and lemma(self.low[j - 1]) in asking.LIGHT | {"on"}

    def speech_noun(self, start: int) -> int | None:
        """A noun of saying after a possessive, with at most two words between that describe it."""
        for i in range(start, min(start + 3, len(self.tokens))):
            noun = lemma(self.low[i])
            if noun in asking.SPEECH_NOUNS or noun in asking.DEED_NOUNS:
                return i
            if self.low[i] in asking.STOPS or self.tokens[i].owns:
                return None
        return None

    def until_stop(self, start: int) -> int:
        """Where a name that begins at a token must end: before a mark, a preposition or an auxiliary."""
        low = self.low
        end = start
        while end < len(low) and end - start < LONGEST_NAME and low[end] not in _ENDS:
            end += 1
        return end

    def unadverbed(self, at: Range) -> Range:
        """A subject without what stands between it and its verb: "Putin ever", "Merkel really have to"."""
        start, end = at
        low = self.low
        while end > start:
            if low[end - 1] == "to" and end - 1 > start and lemma(low[end - 2]) in asking.LIGHT:
                end -= 2
            elif low[end - 2 : end] == ["on", "to"] and lemma(low[end - 3]) in asking.LIGHT:
                end -= 3
            elif not self.tokens[end - 1].capital and (
                low[end - 1] in asking.ADVERBS or (low[end - 1].endswith("ly") and in_dictionary(low[end - 1]))
            ):
                end -= 1
            elif low[end - 1] == "," or low[end - 1] == "have":
                end -= 1
            else:
                break
        return (start, end)

    def past_adverbs(self, start: int) -> int:
        while start < len(self.tokens) - 1 and self.low[start] in asking.ADVERBS:
            start += 1
        return start

    # What it is about

    def matter_after(self, verb: int) -> int:
        """Where the matter begins: after a verb of saying, and with one that takes a stand."""
        if self._phrase(verb):
            return verb + 2
        return verb + 1 if is_saying(self.low[verb]) or lemma(self.low[verb]) in asking.GIVING else verb

    def unlinked(self, at: Range, questions: bool = False) -> Range:
        """Without "about", "that", "anything on" in front, or question words and auxiliaries."""
        start, end = at
        low = self.low
        moved = True
        while moved and start < end:
            moved = False
            for link in asking.LINKS:
                if tuple(low[start : min(start + len(link), end)]) == link:
                    start, moved = start + len(link), True
                    break
            if not moved and (
                low[start] == "," or (questions and low[start] in asking.WH | asking.AUXILIARIES | {"many", "much"})
            ):
                start, moved = start + 1, True
        while end > start and (low[end - 1] in asking.ABOUT or low[end - 1] == ","):
            end -= 1
        return (start, end)

    def topic(self, before: Range, after: Range) -> str:
        """The matter: what is asked for, and what follows the verb."""
        start = after[0]
        if start + 1 < after[1] and self.low[start] in asking.HOLDING and self.low[start + 1] in asking.REGARDING:
            # "complain about regarding Ankara": the verb, and then the matter.
            rest = self.unlinked((start + 1, after[1]))
            return " ".join(p for p in (self.words(before), self.low[start], self.words(rest)) if p)
        rest = self.unlinked(after)
        if rest[0] < rest[1] and is_saying(self.low[rest[0]]) and self.low[rest[0] - 1 : rest[0]] == ["to"]:
            rest = self.unlinked((rest[0] + 1, rest[1]))  # "want to say about"
        return " ".join(part for part in (self.words(before), self.words(rest)) if part)

    def without(self, at: Range) -> str:
        """The matter of a question without the words at `at`, its question word and auxiliary."""
        before = self.unlinked((0, at[0]), questions=True)
        after = self.unlinked((at[1], len(self.tokens)), questions=before[0] >= before[1])
        return " ".join(part for part in (self.words(before), self.words(after)) if part)

    def words(self, at: Range) -> str:
        if at[0] >= at[1]:
            return ""
        return " ".join(self.text[self.tokens[at[0]].start : self.tokens[at[1] - 1].end].split())
