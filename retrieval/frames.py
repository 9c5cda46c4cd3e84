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
9. *talk*: "summarise the debate on the quotas", "what was the discussion about?", of everybody's words on that matter

A name set before the question ("Merkel: what did she say?") stands for the pronoun in it; that is looked for first.

Whoever is the subject of the frame is asked for their words. A possessor is not ("under Trump's scheme"), nor an object, nor the
subject of a deed ("how long did Biden serve?"): they are spoken about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrieval import asking
from retrieval.clause import LONGEST_NAME, Clause, asks, in_dictionary, is_saying, lemma, tokens_of
from retrieval.question_records import Asked
from retrieval.who_is_meant import Meant

if TYPE_CHECKING:
    from index.speech.asked import Found
    from index.speech.people import People


@dataclass(frozen=True, slots=True)
class Framed:
    """Whose words a question asks for, and on what. `topic` is "" where it names no matter; `frame` names the rule that found
    it, "plain" where none did. `about` are those it names who are not asked for words."""

    who: tuple[Asked, ...]
    topic: str
    frame: str
    about: tuple[Asked, ...] = ()


def read_frame(text: str, start: int, people: People | None, found: Sequence[Found] = ()) -> Framed:
    """The frame of `text` from `start` on. Words blanked out (a period's) have to be spaces, so that spans hold. `people` are
    those of the collection, None where nobody is known, and `found` those of them who are found in the text."""
    return _Reading(Clause(text, tokens_of(text, start)), people, found).framed()


class _Reading:
    """One question being read."""

    def __init__(self, clause: Clause, people: People | None, found: Sequence[Found]) -> None:
        self.clause, self.people, self.found = clause, people, found
        self.tokens, self.low = clause.tokens, clause.low
        self.meant = Meant(clause, people, found)

    def framed(self) -> Framed:
        rules: Sequence[Callable[[], Framed | None]] = (
            self.dislocated, self.attributed, self.anybody, self.inverted, self.told, self.possessive, self.by, self.headline,
            self.who, self.talk,
        )  # fmt: skip
        for rule in rules:
            if found := rule():
                return found
        return Framed((), self.clause.words((0, len(self.tokens))), "plain", self._subject())

    # The frames

    def dislocated(self) -> Framed | None:
        """ "what about Merkel, what did she say?", "as for Merkel, …", "Merkel: …": the name stands for the pronoun."""
        low = self.low
        opened = 2 if low[:2] in (["what", "about"], ["how", "about"], ["as", "for"]) else 0
        mark = "," if opened else ":"
        comma = low.index(mark) if mark in low[:LONGEST_NAME] else 0
        who = self.meant.whole((opened, comma)) if comma else ()
        if not who:
            return None
        rest = _Reading(Clause(self.clause.text, self.tokens[comma + 1 :]), self.people, self.found).framed()
        if rest.who and any(asked.how != "pronoun" for asked in rest.who):
            return None
        return replace(rest, who=who)

    def attributed(self) -> Framed | None:
        low = self.low
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
        for k in range(i + 1, min(i + LONGEST_NAME, len(self.tokens) - 1)):
            if self.tokens[k].owns or self.tokens[k].low in ("his", "her"):
                who = self.meant.several((i + 1, k + 1))
                if who and lemma(self.low[k + 1]) in asking.EYES:
                    return Framed(who, self.clause.without((i, k + 2)), "attributed")
        return None

    def _attributed_to(self, i: int, start: int) -> Framed | None:
        who, end = self.meant.longest(start)
        return Framed(who, self.clause.without((i, end)), "attributed") if who else None

    def anybody(self) -> Framed | None:
        """Asked of nobody in particular: what is left is the matter."""
        low = self.low
        said = None
        aux = self.clause.auxiliary()
        if aux is not None:
            for j in range(aux + 1, min(aux + 5, len(low))):
                if asks(low[j]) and all(w not in asking.STOPS for w in low[aux + 1 : j]):
                    subject = [w for w in low[aux + 1 : j] if w not in asking.ADVERBS and w not in asking.DETERMINERS]
                    if subject and subject[-1] in asking.ANYBODY and not self.tokens[j - 1].capital:
                        said = j
                    elif subject == ["been"] or (not subject and low[aux] in (*asking.BE, "has", "have")):
                        about = j + 1 < len(low) and low[j + 1] in asking.ABOUT
                        said = j if about and low[j] in asking.PARTICIPLES else None
                    break
        if said is None:
            return None
        rest = self.clause.unlinked((said + 1, len(low)))
        named = self.meant.several(rest) if rest[1] - rest[0] <= LONGEST_NAME else ()
        about = tuple(replace(a, part="named") for a in named if a.how != "pronoun")
        return Framed((), self.clause.words(rest), "anybody", about)

    def inverted(self) -> Framed | None:
        aux = self.clause.auxiliary()
        if aux is None:
            return None
        low, tokens = self.low, self.tokens
        being = low[aux] in asking.BE
        passed = {"and", "or", *(("against", "for", "behind") if being else ("to", "for"))}
        end = min(aux + 2 + LONGEST_NAME, len(tokens))
        for j in range(aux + 2, end):
            if low[j] in asking.STOPS - passed and not self.clause.is_light(j):
                break
            if low[j] in asking.AUXILIARIES and low[j] != "have" and not tokens[j].capital:
                break
            if not self.clause.is_stand(
                j, being, low[aux] in ("has", "have", "had", "'s", "'d")
            ) and not self.clause.gives(aux, j):
                continue
            subject = self.clause.unadverbed((aux + 1, j))
            if subject[0] < subject[1] and not tokens[subject[1] - 1].owns and (who := self.meant.several(subject)):
                keep = j if being and low[j] in asking.STANCE else self.clause.matter_after(j)
                return Framed(who, self.clause.topic(self.clause.asked_thing(aux), (keep, len(tokens))), "inverted")
        return self._would(aux)

    def _would(self, aux: int) -> Framed | None:
        """What somebody known would do is theirs to tell."""
        if self.low[aux] not in asking.WOULD:
            return None
        end = self.meant.name_end(aux + 1)
        who = self.meant.several((aux + 1, end)) if end > aux + 1 else ()
        if not who or not all(a.persons and self.meant.is_person(a) for a in who) or end >= len(self.tokens):
            return None
        first = self.clause.past_adverbs(end)
        return Framed(who, self.clause.topic(self.clause.asked_thing(aux), (first, len(self.tokens))), "inverted")

    def told(self) -> Framed | None:
        low = self.low
        if low[:2] == ["is", "there"]:
            start = 3
        elif low[:1] and low[0] in asking.INDEFINITE and low[1:2] == ["that"]:
            start = 2
        else:
            start = 1 if low[:1] and low[0] in asking.WH | asking.INDEFINITE else 0
        if start >= len(low) or low[start] in asking.AUXILIARIES:
            return None
        for j in range(start + 1, min(start + LONGEST_NAME, len(low))):
            if low[j] in asking.STOPS and low[j] not in ("and", "or", "for"):
                break
            if self.tokens[j].capital or not is_saying(low[j]) or (start == 0 and lemma(low[j]) == low[j]):
                continue  # no finite verb of saying
            end = j
            while end > start and low[end - 1] in asking.AUXILIARIES | asking.ADVERBS:
                end -= 1
            if end > start and (who := self.meant.several((start, end))):
                return Framed(who, self.clause.topic((0, 0), (self.clause.matter_after(j), len(low))), "told")
        return None

    def possessive(self) -> Framed | None:
        low = self.low
        start = 0
        if low[:1] and low[0] in asking.WH:
            start = 1
        if low[start : start + 1] and low[start] in asking.BE | {"about"}:
            start += 1
        if low[start : start + 1] == ["there"]:
            return None
        for k in range(start, min(start + LONGEST_NAME, len(low))):
            token = self.tokens[k]
            if low[k] in asking.STOPS:
                return None
            if not token.owns and low[k] not in ("his", "her", "their"):
                # A bare name before the noun: "Putin quotes about gas".
                if k == start or low[k] not in asking.BARE_NOUNS or low[k + 1 : k + 2] == []:
                    continue
                noun, who = k, self.meant.several((start, k))
            else:
                noun = self.clause.speech_noun(k + 1)
                who = self.meant.several((start, k + 1)) if noun else ()
            if not noun or not who:
                continue
            if lemma(low[noun]) in asking.DEED_NOUNS and not all(a.persons for a in who):
                return None
            if lemma(low[noun]) in asking.DEED_NOUNS and noun + 1 == len(low):
                return None  # "Trump's trade plan" is the matter itself
            if noun + 1 < len(low) and low[noun + 1] not in asking.ABOUT | asking.AFTER_NOUN:
                return None
            matter = noun + 2 if low[noun + 1 : noun + 2] and low[noun + 1] in asking.ABOUT else noun + 1
            return Framed(who, self.clause.topic((0, 0), (matter, len(low))), "possessive")
        return None

    def by(self) -> Framed | None:
        low = self.low
        for i, word in enumerate(low[:-1]):
            noun = low[i - 1] if i else ""
            spoken = i and lemma(noun) in asking.SPEECH_NOUNS and word in ("by", "from", "of") and i <= 6
            passive = i and word == "by" and noun in asking.PARTICIPLES and asks(noun)
            if not spoken and not passive:
                continue
            who, last = self.meant.longest(i + 1)
            if not who or (word == "of" and self.clause.until_stop(i + 1) >= len(low)):
                continue
            before = (0, 0) if spoken else self.clause.unlinked((0, i - 1), questions=True)
            return Framed(who, self.clause.topic(before, (last, len(low))), "by")
        return None

    def headline(self) -> Framed | None:
        low = self.low
        at = next((i for i, w in enumerate(low[:LONGEST_NAME]) if w in asking.HEADLINE), 0)
        if not at or at + 1 >= len(low):
            return None
        who = self.meant.whole((0, at))
        single = at == 1 and not self.clause.flat and in_dictionary(low[0])
        if not who or any(a.how in ("unknown", "name") and not a.persons and (single or self.clause.flat) for a in who):
            return None
        return Framed(who, self.clause.topic((0, 0), (at, len(low))), "headline")

    def who(self) -> Framed | None:
        low = self.low
        if not low or low[0] not in ("who", "which"):
            return None
        for j in range(1, min(5, len(low))):
            if low[j] in asking.STOPS:
                return None
            if asks(low[j]) and not self.tokens[j].capital:
                return Framed((), self.clause.topic((0, 0), (self.clause.matter_after(j), len(low))), "who")
        return None

    def talk(self) -> Framed | None:
        low = self.low
        start = 2 if low[:1] and low[0] in asking.WH and low[1:2] and low[1] in asking.BE else 0
        for j in range(start, min(start + 4, len(low) - 2)):
            if low[j] in asking.STOPS - asking.DETERMINERS:
                return None
            if lemma(low[j]) in asking.TALK_NOUNS and low[j + 1] in {*asking.REGARDING, "of"}:
                return Framed((), self.clause.words((j + 2, len(low))), "talk", self._subject())
        return None

    def _subject(self) -> tuple[Asked, ...]:
        """Who does what a plain question asks about."""
        aux = self.clause.auxiliary()
        if aux is None:
            return ()
        end = self.meant.name_end(aux + 1)
        found = self.meant.several((aux + 1, end)) if end > aux + 1 else ()
        return tuple(replace(a, part="subject") for a in found if a.how != "unknown")
