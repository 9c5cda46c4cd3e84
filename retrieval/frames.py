"""What a question asks for, by its frame: whose words, on what matter.

The frames, tried in this order; the first that fits is taken:

1. *attributed*: "what is wrong with the reform, according to Clinton?", "is trade fair, in Merkel's view?", "…, said Obama"
2. *anybody*: "what did others say about Putin?", "what was said about gas?", which ask for nobody's words in particular
3. *inverted*: "what did Putin say about gas?", "how would Merkel save the euro?", "is Kerry ready to negotiate?"
4. *told*: "(show me) everything Merkel has said on coal", "why Putin thinks that …"
5. *possessive*: "Ban's reaction to the test", "what was the chancellor's answer on that?"
6. *by*: "reactions from Paris to the vote", "what was promised by Macron to farmers?"
7. *headline*: "Trump on the pullout"
8. *who*: "who said that sanctions do not work?"

Whoever is the subject of the frame is asked for their words. A possessor is not ("under Trump's scheme"), nor an object, nor the
subject of a deed ("how long did Biden serve?"): they are spoken about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import simplemma

from index.records import Span
from index.speech.offices import read_office
from index.words import fold
from retrieval import asking
from retrieval.question_records import Asked, How
from retrieval.spelling import misspelt

if TYPE_CHECKING:
    from index.speech.asked import Found
    from index.speech.people import People

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}|(?:Mr|Mrs|Jr|Sr)\.|[A-Z]\w{1,3}\.(?=\s[A-Z])"  # "Sen. Hale"
    r"|\w+(?:[-'’ʼ]\w+)*(?:(?<=s)['’](?!\w))?|[^\w\s]"
)
_CONTRACTED = re.compile(r"(what|who|how|where|why|when)(['’ʼ](?:s|d))", re.IGNORECASE)  # "what's", "who'd"
_POSSESSIVE = re.compile(r"['’ʼ]s$|(?<=s)['’ʼ]$")
_ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
_NEGATED = re.compile(r"n['’]t$")
_OPENER = re.compile(rf"\s*(?:(?:{asking.OPENERS})\b[\s,:]*)+", re.IGNORECASE)
_LONGEST_NAME = 9

Range = tuple[int, int]
"""Of tokens, half-open."""


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
        return bool(_POSSESSIVE.search(self.text)) and len(self.text) > 2


@dataclass(frozen=True, slots=True)
class Framed:
    """Whose words a question asks for, and on what. `topic` is "" where it names no matter; `frame` names the rule that found
    it, "plain" where none did. `subject` is whom it asks about who is not asked for words."""

    who: tuple[Asked, ...]
    topic: str
    frame: str
    about: tuple[Asked, ...] = ()


class Frames:
    """Reads questions with the people of a collection, or with none known."""

    def __init__(self, people: People | None, found: Sequence[Found] = ()) -> None:
        """`found` are those whom `people` find in the text that is to be read."""
        self._people, self._known = people, found

    def read(self, text: str, start: int = 0) -> Framed:
        """The frame of `text` from `start` on. Words blanked out (a period's) have to be spaces, so that spans hold."""
        return _Reading(text, tokens_of(text, start), self._people, self._known).framed()

    def called(self, text: str, start: int, end: int) -> Asked | None:
        """Who is meant by `text[start:end]` where that is nothing but somebody's name, title or pronoun."""
        reading = _Reading(text, [t for t in tokens_of(text, start) if t.end <= end], self._people, self._known)
        return reading.one((0, len(reading.tokens))) if reading.tokens else None

    def several(self, text: str, start: int, end: int) -> tuple[Asked, ...]:
        """As `called`, of "Merkel and Hollande"; () where any of them is nobody."""
        reading = _Reading(text, [t for t in tokens_of(text, start) if t.end <= end], self._people, self._known)
        return reading.whole((0, len(reading.tokens))) if reading.tokens else ()


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
def _in_dictionary(word: str) -> bool:
    return simplemma.is_known(word, lang="en")


def is_saying(word: str) -> bool:
    return lemma(word) in asking.SAYING


def asks(word: str) -> bool:
    """Whether a verb asks for somebody's words or stand."""
    return lemma(word) in asking.SAYING or lemma(word) in asking.HOLDING


class _Reading:
    """One question being read."""

    def __init__(self, text: str, tokens: list[Token], people: People | None, known: Sequence[Found]) -> None:
        self.text, self.people, self.known = text, people, known
        while tokens and tokens[-1].low in "?!.":
            tokens.pop()
        while tokens and tokens[0].low in ",;:–—-":
            tokens.pop(0)
        self.tokens = tokens
        # Typed without capitals, a name is what the dictionary does not have.
        self.flat = not any(t.capital for t in tokens[1:])

    def framed(self) -> Framed:
        rules: Sequence[Callable[[], Framed | None]] = (
            self.dislocated, self.attributed, self.anybody, self.inverted, self.told, self.possessive, self.by, self.headline,
            self.who,
        )  # fmt: skip
        for rule in rules:
            if found := rule():
                return found
        return Framed((), self._words((0, len(self.tokens))), "plain", self._subject())

    # The frames

    def dislocated(self) -> Framed | None:
        """ "what about Merkel, what did she say?", "as for Merkel, …", "Merkel: …": the name stands for the pronoun."""
        low = self._low
        opened = 2 if low[:2] in (["what", "about"], ["how", "about"], ["as", "for"]) else 0
        mark = "," if opened else ":"
        comma = low.index(mark) if mark in low[:_LONGEST_NAME] else 0
        who = self.whole((opened, comma)) if comma else ()
        if not who:
            return None
        rest = _Reading(self.text, self.tokens[comma + 1 :], self.people, self.known).framed()
        if rest.who and any(asked.how != "pronoun" for asked in rest.who):
            return None
        return replace(rest, who=who)

    def attributed(self) -> Framed | None:
        low = self._low
        for i, word in enumerate(low):
            start = None
            if low[i : i + 2] == ["according", "to"]:
                start = i + 2
            elif word == "per" and (i == 0 or low[i - 1] == ","):
                start = i + 1
            elif word == "in" and low[i + 1 : i + 2] == ["the"] and low[i + 3 : i + 4] == ["of"]:
                start = i + 4 if lemma(low[i + 2]) in asking.EYES else None
            elif word in ("said", "says") and low[i - 1 : i] == [","]:
                start = i + 1
            elif word == "in":
                if found := self._in_their_view(i):
                    return found
            if start and (found := self._attributed_to(i, start)):
                return found
        return None

    def _in_their_view(self, i: int) -> Framed | None:
        for k in range(i + 1, min(i + _LONGEST_NAME, len(self.tokens) - 1)):
            if self.tokens[k].owns or self.tokens[k].low in ("his", "her"):
                who = self.several((i + 1, k + 1))
                if who and lemma(self._low[k + 1]) in asking.EYES:
                    return Framed(who, self._without((i, k + 2)), "attributed")
        return None

    def _attributed_to(self, i: int, start: int) -> Framed | None:
        end = self._until_stop(start)
        for last in range(end, start, -1):
            if who := self.several((start, last)):
                return Framed(who, self._without((i, last)), "attributed")
        return None

    def anybody(self) -> Framed | None:
        """Asked of nobody in particular: what is left is the matter."""
        low = self._low
        said = None
        aux = self._auxiliary()
        if aux is not None:
            for j in range(aux + 1, min(aux + 5, len(low))):
                if asks(low[j]) and all(w not in asking.STOPS for w in low[aux + 1 : j]):
                    subject = [w for w in low[aux + 1 : j] if w not in asking.ADVERBS and w not in asking.DETERMINERS]
                    if subject and subject[-1] in asking.ANYBODY and not self.tokens[j - 1].capital:
                        said = j
                    elif not subject and low[aux] in (*asking.BE, "has", "have") and low[j] in _PARTICIPLES:
                        said = j if j + 1 < len(low) and low[j + 1] in asking.ABOUT else None
                    elif subject == ["been"] and low[j] in _PARTICIPLES:
                        said = j if j + 1 < len(low) and low[j + 1] in asking.ABOUT else None
                    break
        if said is None:
            return None
        rest = self._unlinked((said + 1, len(low)))
        named = self.several(rest) if rest[1] - rest[0] <= _LONGEST_NAME else ()
        about = tuple(replace(a, part="named") for a in named if a.how != "pronoun")
        return Framed((), self._words(rest), "anybody", about)

    def inverted(self) -> Framed | None:
        aux = self._auxiliary()
        if aux is None:
            return None
        low, tokens = self._low, self.tokens
        being = low[aux] in asking.BE
        end = min(aux + 2 + _LONGEST_NAME, len(tokens))
        for j in range(aux + 2, end):
            if (
                tokens[j].low in asking.STOPS
                and not self._light(j)
                and not (being and low[j] in ("against", "for", "behind"))
            ):
                if not (low[j] in ("and", "or", "to", "for") and not being):
                    if low[j] not in ("and", "or"):
                        break
            if low[j] in asking.AUXILIARIES and low[j] != "have" and not tokens[j].capital:
                break
            if not self._is_stand(j, being, low[aux] in ("has", "have", "had", "'s", "'d")) and not self._gives(aux, j):
                continue
            subject = self._unadverbed((aux + 1, j))
            if subject[0] < subject[1] and not tokens[subject[1] - 1].owns and (who := self.several(subject)):
                keep = j if being and low[j] in asking.STANCE else self._matter(j)
                return Framed(who, self._topic(self._asked_thing(aux), (keep, len(tokens))), "inverted")
        return self._would(aux)

    def _would(self, aux: int) -> Framed | None:
        """What somebody known would do is theirs to tell."""
        if self._low[aux] not in asking.WOULD:
            return None
        end = self._name_end(aux + 1)
        who = self.several((aux + 1, end)) if end > aux + 1 else ()
        if not who or not all(a.persons and self._is_person(a) for a in who) or end >= len(self.tokens):
            return None
        first = self._unadverbed_front(end)
        return Framed(who, self._topic(self._asked_thing(aux), (first, len(self.tokens))), "inverted")

    def told(self) -> Framed | None:
        low = self._low
        starts = [0] if low and not (low[0] in asking.WH or low[0] in asking.INDEFINITE) else [1]
        if low[:2] == ["is", "there"] and low[2:3]:
            starts = [3]
        elif low[:1] and low[0] in asking.INDEFINITE and low[1:2] == ["that"]:
            starts = [2]
        for start in starts:
            if start >= len(low) or low[start] in asking.AUXILIARIES:
                continue
            for j in range(start + 1, min(start + _LONGEST_NAME, len(low))):
                if low[j] in asking.STOPS and low[j] not in ("and", "or", "for"):
                    break
                finite = not self.tokens[j].capital and is_saying(low[j]) and (start > 0 or lemma(low[j]) != low[j])
                if not finite:
                    continue
                end = j
                while end > start and low[end - 1] in asking.AUXILIARIES | asking.ADVERBS:
                    end -= 1
                if end > start and (who := self.several((start, end))):
                    return Framed(who, self._topic((0, 0), (self._matter(j), len(low))), "told")
        return None

    def possessive(self) -> Framed | None:
        low = self._low
        start = 0
        if low[:1] and low[0] in asking.WH:
            start = 1
        if low[start : start + 1] and low[start] in asking.BE | {"about"}:
            start += 1
        if low[start : start + 1] == ["there"]:
            return None
        for k in range(start, min(start + _LONGEST_NAME, len(low))):
            token = self.tokens[k]
            if low[k] in asking.STOPS:
                return None
            if not token.owns and low[k] not in ("his", "her", "their"):
                # A bare name before the noun: "Putin quotes about gas".
                if k == start or low[k] not in _PLAIN_NOUNS or low[k + 1 : k + 2] == []:
                    continue
                noun, who = k, self.several((start, k))
            else:
                noun = self._speech_noun(k + 1)
                who = self.several((start, k + 1)) if noun else ()
            if not noun or not who:
                continue
            if lemma(low[noun]) in asking.DEED_NOUNS and not all(a.persons for a in who):
                return None
            if lemma(low[noun]) in asking.DEED_NOUNS and noun + 1 == len(low):
                return None  # "Trump's trade plan" is the matter itself
            if noun + 1 < len(low) and low[noun + 1] not in asking.ABOUT | {
                "that",
                "when",
                ",",
                "was",
                "is",
                "again",
                "there",
            }:
                return None
            matter = noun + 2 if low[noun + 1 : noun + 2] and low[noun + 1] in asking.ABOUT else noun + 1
            return Framed(who, self._topic((0, 0), (matter, len(low))), "possessive")
        return None

    def by(self) -> Framed | None:
        low = self._low
        for i, word in enumerate(low[:-1]):
            noun = low[i - 1] if i else ""
            spoken = i and lemma(noun) in asking.SPEECH_NOUNS and word in ("by", "from", "of") and i <= 6
            passive = i and word == "by" and noun in _PARTICIPLES and asks(noun)
            if not spoken and not passive:
                continue
            end = self._until_stop(i + 1)
            who = next((w for last in range(end, i + 1, -1) if (w := self.several((i + 1, last)))), ())
            if not who or (word == "of" and end >= len(low)):
                continue
            last = next(last for last in range(end, i + 1, -1) if self.several((i + 1, last)))
            before = (0, 0) if spoken else self._unlinked((0, i - 1), questions=True)
            return Framed(who, self._topic(before, (last, len(low))), "by")
        return None

    def headline(self) -> Framed | None:
        low = self._low
        at = next((i for i, w in enumerate(low[:_LONGEST_NAME]) if w in asking.HEADLINE), 0)
        if not at or at + 1 >= len(low):
            return None
        who = self.whole((0, at))
        single = at == 1 and not self.flat and _in_dictionary(low[0])
        if not who or any(a.how in ("unknown", "name") and not a.persons and (single or self.flat) for a in who):
            return None
        return Framed(who, self._topic((0, 0), (at, len(low))), "headline")

    def who(self) -> Framed | None:
        low = self._low
        if not low or low[0] not in ("who", "which"):
            return None
        for j in range(1, min(5, len(low))):
            if low[j] in asking.STOPS:
                return None
            if asks(low[j]) and not self.tokens[j].capital:
                return Framed((), self._topic((0, 0), (self._matter(j), len(low))), "who")
        return None

    def _subject(self) -> tuple[Asked, ...]:
        """Who does what a plain question asks about."""
        aux = self._auxiliary()
        if aux is None:
            return ()
        end = self._name_end(aux + 1)
        found = self.several((aux + 1, end)) if end > aux + 1 else ()
        return tuple(replace(a, part="subject") for a in found if a.how != "unknown")

    # Who is meant

    def whole(self, at: Range) -> tuple[Asked, ...]:
        """Everybody of a list, or () where one of them is nobody."""
        parts = self._split(at)
        found = [self.one(part) for part in parts]
        return tuple(a for a in found if a) if all(found) else ()

    def several(self, at: Range) -> tuple[Asked, ...]:
        """Who a list of names and titles means, those left out that are nobody's."""
        if (one := self.one(at)) and (one.persons or len(self._split(at)) == 1):
            return (one,)
        found = [a for part in self._split(at) if (a := self.one(part))]
        return tuple({a.persons or a.words: a for a in found}.values())

    def one(self, at: Range) -> Asked | None:
        """Who a name, title or pronoun means, or None where it can be nobody's words that are asked for."""
        start, end = self._bare(at)
        if start >= end:
            return None
        tokens, low = self.tokens[start:end], self._low[start:end]
        if any(
            w in asking.STOPS or w in asking.AUXILIARIES - {"will", "may"} or not w[0].isalnum()
            for w in low
            if w != "for"
        ):
            return None
        last = tokens[-1]
        stop = last.end - len(m.group()) if (m := _POSSESSIVE.search(last.text)) and len(last.text) > 2 else last.end
        span = Span(tokens[0].start, stop)
        words = span.of(self.text)
        head = _POSSESSIVE.sub("", low[-1])
        if len(low) == 1 and (head in asking.PRONOUNS or head in asking.THEY):
            return Asked(words, span, (), "pronoun")
        determined = start > at[0] or any(t.owns for t in tokens[:-1])
        if head in asking.ANYBODY and not (last.capital and not self.flat):
            return None
        named = self._named(tokens, head)
        described = Span(self.tokens[at[0]].start, stop) if self._low[at[0]] in asking.DETERMINERS else span
        if found := self._found(words, named or determined or len(low) > 1, span):
            span = described if found.how == "role" else span
            return replace(found, words=span.of(self.text), span=span)
        if named and (slip := self._slip(words)):
            return Asked(words, span, slip, "misspelt")
        # "the Greek minister Petrakis", "Trump's lawyer Cohen": the name at the end, where what is before it is a title.
        for k in range(1, len(tokens)):
            before = self.text[tokens[0].start : tokens[k - 1].end]
            titled = tokens[k - 1].owns or not tokens[k - 1].capital or read_office(before)
            rest = self.text[tokens[k].start : stop]
            if named and titled and (found := self._found(rest, True) or self._slipped(rest)):
                return replace(found, words=words, span=span)
        office = read_office(words)
        if named and office and office.head and not read_office(last.text):
            first = end - 1  # "Putin's spokesman Peskov", "Dr Frank Atherton", who is not known
            while first > start and self.tokens[first - 1].capital and not self._titles(first - 1):
                first -= 1
            return self._unknown(Span(self.tokens[first].start, stop))
        if office and (office.head or (office.nations and determined)):
            plural = head.endswith("s") and not office.nations
            if named or (determined and not plural):
                return Asked(described.of(self.text), described, (), "role")
            return None
        if named:
            return self._unknown(span)
        if head in asking.BODIES and (determined or any(t.capital for t in tokens)):
            return Asked(described.of(self.text), described, (), "role")
        return None

    def _titles(self, i: int) -> bool:
        return self.tokens[i].owns or read_office(self.tokens[i].text) is not None

    def _unknown(self, span: Span) -> Asked:
        """A name that the collection does not have; where no collection is given, a name."""
        words = span.of(self.text)
        if self.people is None:
            return Asked(words, span, (), "name")
        return Asked(words, span, (), "unknown", tuple(p.name for p in self.people.nearest(words)))

    def _named(self, tokens: list[Token], head: str) -> bool:
        """Whether some words may be a name: the last is capital, or where nothing is, in no dictionary."""
        if self.flat and not tokens[-1].capital:
            return len(head) > 2 and len(tokens) <= 3 and not _in_dictionary(head)
        return tokens[-1].capital and not (tokens[-1].start == self.tokens[0].start and tokens[-1].low in asking.WH)

    def _found(self, words: str, loose: bool, span: Span | None = None) -> Asked | None:
        """Who of the collection is called by these words. A single word that is no name and stands without an article has to be
        part of their name: "official" alone asks for nobody."""
        if self.people is None:
            return None
        here = next(
            (f for f in self.known if span and f.span.end >= span.end and span.holds(Span(*self._bounds(f.span)))),
            None,
        )
        if here and self._bounds(here.span) == (span.start, span.end):
            if here.how == "misspelt":
                return Asked(words, None, tuple(p.name for p in here.persons), "misspelt")
            persons = here.persons
        else:
            persons = self.people.called(words)
        if not persons:
            return None
        head = _parts(_POSSESSIVE.sub("", words))[-1:]
        if any(head[0] in _parts(name) for p in persons for name in (p.name, *p.aliases)):
            how: How = "name"
        elif office := read_office(words):
            how = "role" if office.head or office.nations else "misspelt"
        elif words[:1].islower() or not words.split()[-1][:1].isupper():
            return None  # "Trump's trade plan" is not Trump
        else:
            how = "misspelt"
        if how == "role" and not loose:
            return None
        return Asked(words, None, tuple(p.name for p in persons), how)

    def _bounds(self, span: Span) -> tuple[int, int]:
        """A span without the article in front and the possessive ending."""
        words = span.of(self.text)
        start = len(m.group()) if (m := _ARTICLE.match(words)) else 0
        end = len(m.group()) if (m := _POSSESSIVE.search(words)) else 0
        return span.start + start, span.end - end

    def _slip(self, words: str) -> tuple[str, ...]:
        """The people whose name is nearest to these words, where it is near enough for a slip."""
        if self.people is None:
            return ()
        near = {
            p.name: min(d)
            for p in self.people.nearest(words)
            if (d := [n for name in (p.name, *p.aliases) if (n := misspelt(words, name)) is not None])
        }
        return tuple(name for name, apart in near.items() if apart == min(near.values()))

    def _slipped(self, words: str) -> Asked | None:
        return Asked(words, None, slip, "misspelt") if (slip := self._slip(words)) else None

    def _is_person(self, asked: Asked) -> bool:
        return bool(self.people) and all(p.kind == "person" for name in asked.persons for p in self.people.called(name))

    # Words and places

    @property
    def _low(self) -> list[str]:
        return [t.low for t in self.tokens]

    def _auxiliary(self) -> int | None:
        """Where the auxiliary of an inverted question stands: at the start or after what is asked for."""
        low = self._low
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

    def _asked_thing(self, aux: int) -> Range:
        """What stands before the auxiliary beside the question word: "how many soldiers did …" asks for soldiers."""
        start = 0
        while start < aux and self._low[start] in asking.WH | {
            "many",
            "much",
            "to",
            "in",
            "on",
            "by",
            "from",
            "of",
            "about",
            "else",
        }:
            start += 1
        return (start, aux)

    def _is_stand(self, j: int, being: bool, perfect: bool) -> bool:
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
        pair = (lemma(self._low[j]), *self._low[j + 1 : j + 2])
        return True if pair in asking.PHRASES else False if pair in asking.STAND_PHRASES else None

    def _gives(self, aux: int, j: int) -> bool:
        """ "what advice did she give?" """
        thing = [lemma(w) for w in self._low[slice(*self._asked_thing(aux))]]
        return lemma(self._low[j]) in asking.GIVING and any(w in asking.SPEECH_NOUNS for w in thing)

    def _matter(self, verb: int) -> int:
        """Where the matter begins: after a verb of saying, and with one that takes a stand."""
        if self._phrase(verb):
            return verb + 2
        return verb + 1 if is_saying(self._low[verb]) or lemma(self._low[verb]) in asking.GIVING else verb

    def _light(self, j: int) -> bool:
        return self._low[j] == "to" and j > 0 and lemma(self._low[j - 1]) in asking.LIGHT | {"on"}

    def _unadverbed(self, at: Range) -> Range:
        """A subject without what stands between it and its verb: "Putin ever", "Merkel really have to"."""
        start, end = at
        low = self._low
        while end > start:
            if low[end - 1] == "to" and end - 1 > start and lemma(low[end - 2]) in asking.LIGHT:
                end -= 2
            elif low[end - 2 : end] == ["on", "to"] and lemma(low[end - 3]) in asking.LIGHT:
                end -= 3
            elif not self.tokens[end - 1].capital and (
                low[end - 1] in asking.ADVERBS or (low[end - 1].endswith("ly") and _in_dictionary(low[end - 1]))
            ):
                end -= 1
            elif low[end - 1] == "," or low[end - 1] == "have":
                end -= 1
            else:
                break
        return (start, end)

    def _unadverbed_front(self, start: int) -> int:
        while start < len(self.tokens) - 1 and self._low[start] in asking.ADVERBS:
            start += 1
        return start

    def _bare(self, at: Range) -> Range:
        """Without articles, "both" and the like in front."""
        start, end = self._unadverbed(at)
        while start < end and self._low[start] in asking.DETERMINERS | {"both", "either", "neither", "even", "only"}:
            if end - start == 1:
                break
            start += 1
        return (start, end)

    def _split(self, at: Range) -> list[Range]:
        """The parts of a list: "Putin, Macron and the chancellor"."""
        parts, start = [], at[0]
        for i in range(*at):
            if self._low[i] in ("and", "or", ",", "&"):
                parts.append((start, i))
                start = i + 1
        return [(a, b) for a, b in [*parts, (start, at[1])] if a < b]

    def _name_end(self, start: int) -> int:
        """Where a name that begins at a token ends: after its capital words, or after a possessive."""
        end = start
        low = self._low
        if end < len(low) and low[end] == "the":
            end += 1
        first = end
        while (
            end < len(low)
            and end - start < _LONGEST_NAME
            and (self.tokens[end].capital or (low[end] in ("and", "of", "de", "von", "van", "bin") and end > first))
        ):
            if self.tokens[end].owns:
                return start
            end += 1
        while end > first and not self.tokens[end - 1].capital:
            end -= 1
        if end == first and self.people is not None:
            # Typed without capitals: the longest words that the collection knows somebody by.
            for last in range(min(first + 3, len(low)), first, -1):
                if (found := self.one((start, last))) and found.how == "name" and found.persons:
                    return last
        return end if end > first else start

    def _speech_noun(self, start: int) -> int | None:
        """A noun of saying after a possessive, with at most two words between that describe it."""
        for i in range(start, min(start + 3, len(self.tokens))):
            noun = lemma(self._low[i])
            if noun in asking.SPEECH_NOUNS or noun in asking.DEED_NOUNS:
                return i
            if self._low[i] in asking.STOPS or self.tokens[i].owns:
                return None
        return None

    def _until_stop(self, start: int) -> int:
        low = self._low
        end = start
        while end < len(low) and end - start < _LONGEST_NAME and low[end] not in _ENDS:
            end += 1
        return end

    def _unlinked(self, at: Range, questions: bool = False) -> Range:
        """Without "about", "that", "anything on" in front, or question words and auxiliaries."""
        start, end = at
        low = self._low
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

    def _topic(self, before: Range, after: Range) -> str:
        """The matter: what is asked for, and what follows the verb."""
        start = after[0]
        if start + 1 < after[1] and self._low[start] in asking.HOLDING and self._low[start + 1] in _OF:
            # "complain about regarding Ankara": the verb, and then the matter.
            rest = self._unlinked((start + 1, after[1]))
            return " ".join(p for p in (self._words(before), self._low[start], self._words(rest)) if p)
        rest = self._unlinked(after)
        if rest[0] < rest[1] and is_saying(self._low[rest[0]]) and self._low[rest[0] - 1 : rest[0]] == ["to"]:
            rest = self._unlinked((rest[0] + 1, rest[1]))  # "want to say about"
        return " ".join(part for part in (self._words(before), self._words(rest)) if part)

    def _without(self, at: Range) -> str:
        """The matter of a question without the words at `at`, its question word and auxiliary."""
        before = self._unlinked((0, at[0]), questions=True)
        after = self._unlinked((at[1], len(self.tokens)), questions=before[0] >= before[1])
        return " ".join(part for part in (self._words(before), self._words(after)) if part)

    def _words(self, at: Range) -> str:
        if at[0] >= at[1]:
            return ""
        return " ".join(self.text[self.tokens[at[0]].start : self.tokens[at[1] - 1].end].split())


_OF = frozenset("about regarding concerning on of over".split())
_ENDS = (asking.STOPS - {"and"}) | asking.AUXILIARIES | {",", ";", ":", "(", ")", "–", "—"}
_PARTICIPLES = frozenset("said told written thought known claimed alleged promised proposed announced suggested".split()) | {
    "argued", "reported", "offered", "demanded", "predicted", "recommended", "pledged", "mentioned", "quoted", "stated"
}  # fmt: skip
_PLAIN_NOUNS = frozenset(
    "quote quotes quotation quotations statement statements comment comments remarks interview".split()
)


def _parts(name: str) -> list[str]:
    return re.findall(r"\w+", fold(name))
