"""Follow-ups: what a turn of a conversation leaves unsaid, taken from the one before by rules.

The rules, tried in this order; the first that fits is taken. `before` is the turn before as it was understood.

1. *the next ones*: "more", "the next ones": the same question, next page
2. *newer, older*: "anything more recent?", "and before that?": the same question
3. *who else*: "who else said so?", "what did others say?": the same topic, anybody but those asked before
4. *another time*: "and in March?": the same speakers and topic, another period
5. *somebody else*: "and Scholz?", "what about the Chinese?": the same topic and period, other speakers. A bare country
   takes the place of the country in the topic, if it names one ("and Poland?" after "… about gas for Germany")
6. *told of before*: "what did Trump say?", "how did Hillary answer him?", "what was his answer on that?", "when was that?": a
   question that has speakers or a verb and no topic of its own has that of the one before. "he" and "she" are the last speaker
   whom the word fits, or who was spoken about
7. *there*: "did Hollande say anything about defence there?": a topic of a word or two with a pronoun in it is joined by
   that of the one before
8. *another topic*: "and about sanctions?", "and sanctions?": the same speakers and period; "and in Kazakhstan?" narrows the topic
9. *leaning*: a short question that names nobody and speaks of "the fine", "it", or opens with "and": its own words, with the
   topic before as context; anybody's words

Any other question starts afresh.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.speech.offices import read_office
from retrieval import asking
from retrieval.clause import asks, is_saying, tokens_of
from retrieval.parsing import Parsed, content, finished, mentioned, names_in
from retrieval.question_records import Asked, Question, Wants
from retrieval.who_is_meant import everybody_in

if TYPE_CHECKING:
    from index.speech.people import People

_MOST_CONTENT = 4
"""Stems that a question may have and still lean on the one before."""

_FURTHEST = 6
"""Lists of people looked through for "he", two for each turn."""


def follow_up(parsed: Parsed, before: Question, people: People | None) -> Question | None:
    """The question as a follow-up of `before`, or None where it stands by itself."""
    turn = _Turn(parsed, before, people)
    rules = (
        turn.next_ones, turn.newer_or_older, turn.who_else, turn.another_time, turn.somebody_else, turn.told_of_before,
        turn.another_topic, turn.leaning,
    )  # fmt: skip
    return next((question for rule in rules if (question := rule())), None)


@dataclass(frozen=True, slots=True)
class _Turn:
    parsed: Parsed
    before: Question
    people: People | None

    def next_ones(self) -> Question | None:
        if not asking.MORE.fullmatch(self._rest):
            return None
        return self._same(page=self.before.page + 1, wants="more")

    def newer_or_older(self) -> Question | None:
        wants = (
            "newer" if asking.NEWER.fullmatch(self._rest) else "older" if asking.OLDER.fullmatch(self._rest) else None
        )
        return self._same(wants=wants, period=None, standalone=self._of_any_time) if wants else None

    def who_else(self) -> Question | None:
        if not asking.WHO_ELSE.match(self._rest):
            return None
        told = " ".join(t.text for t in tokens_of(self.parsed.framed.topic) if t.low not in asking.ANYONE)
        own = content(told) and self._own_topic
        if own and "else" not in self._rest.lower() and "others" not in self._rest.lower():
            return None
        topic = self.parsed.framed.topic if own else self.before.topic
        besides = tuple(dict.fromkeys((*self.before.speakers, *self.before.besides)))
        context = "" if own else self.before.context
        return self._made(
            topic, self._joined(self.parsed.own, topic), (), context=context, besides=besides, wants="who"
        )

    def another_time(self) -> Question | None:
        if self.parsed.period is None or self.parsed.framed.who or self._content_of(self.parsed.masked):
            return None
        standalone = self._retimed(self.before.standalone)
        return self._same(period=self.parsed.period, standalone=standalone, query=standalone, notes=self.parsed.notes)

    def somebody_else(self) -> Question | None:
        if self.parsed.framed.frame == "dislocated":
            return None
        start, end = self._rest_span
        match = asking.TOO.match(self.parsed.masked, start, end)
        named, end = match.span("who")
        words = self.parsed.masked[named:end].strip()
        if match["place"] or (_country(words) and not words.lower().startswith("the ")):
            places = [t.text for t in tokens_of(self.before.topic) if t.capital and _country(t.text)]
            if len(places) == 1 and _country(words):
                return self._on(self.before.topic.replace(places[0], words))
            if match["place"] or places or not self.before.speakers:
                return None
        who = self._resolved(everybody_in(self.parsed.masked, named, end, self.people, self.parsed.found))
        if not who or (not self.before.speakers and not all(a.persons for a in who)):
            return None
        standalone = self._swapped(self.before.speakers, words) or self._asking(words, self.before.topic)
        return self._made(
            self.before.topic, self._retimed(standalone), who,
            context=self.before.context, about=(), wants=_kept(self.before.wants),
        )  # fmt: skip

    def told_of_before(self) -> Question | None:
        """A question of the frames, which lacks a topic or has one that leans; "he" is told by the question before."""
        framed = self.parsed.framed
        who = self._resolved(framed.who)
        own = self._own_topic
        if not framed.who and (own or framed.frame not in ("who", "anybody", "plain") or not self._asks_again):
            return None
        if not own:
            topic, context, joined = self.before.topic, self.before.context, self.before.topic
        elif self._leans and len(own) <= 2 and not names_in("x " + framed.topic):
            topic, context, joined = framed.topic, self.before.topic, self.before.topic
        elif any(a.how == "pronoun" for a in framed.who):
            topic, context, joined = framed.topic, "", ""
        else:
            return None
        speakers = who if framed.who or framed.frame != "who" else self.before.speakers
        words, about = self._joined(self._named(who), joined), self._spoken_about()
        return self._made(topic, words, speakers, context=context, about=about, wants=self.parsed.wants)

    def another_topic(self) -> Question | None:
        start, end = self._rest_span
        match = asking.WHAT_ABOUT.match(self.parsed.masked, start, end)
        first = tokens_of(self.parsed.masked[start:end])[:1]
        opened = match or (self._led and first and first[0].low not in asking.WH | asking.AUXILIARIES)
        if not opened or self.parsed.framed.who:
            return None
        topic = " ".join(self.parsed.masked[match.end() if match else start : end].split())
        if not content(topic):
            return None
        if not match and first[0].low in asking.NARROWING and self.before.topic:
            topic = f"{self.before.topic} {topic}"  # "and in Kazakhstan?" narrows the topic
        if not self.before.speakers:
            joined = self._joined(self.parsed.own, self.before.topic)
            return self._made(topic, joined, (), context=self.before.topic, wants=_kept(self.before.wants))
        return self._on(topic)

    def leaning(self) -> Question | None:
        framed = self.parsed.framed
        if framed.who or self.parsed.period:
            return None
        own = content(self.parsed.own)
        named = names_in("x " + self.parsed.own[:1].lower() + self.parsed.own[1:]) or any(
            a.how != "pronoun" for a in framed.about
        )
        short = len(own) <= _MOST_CONTENT
        speaks_of = asking.THE_THING.search(self.parsed.own) or self._leans
        if own and not ((self._led and short) or (short and speaks_of and not named)):
            return None
        about = (*self._spoken_about(), *(replace(a, span=None, part="named") for a in self.before.speakers))
        return self._made(
            framed.topic if own else self.before.topic,
            self._joined(self.parsed.own, self.before.topic),
            (),
            context=self.before.topic if own else self.before.context,
            about=tuple({a.persons or a.words: a for a in about}.values()),
            wants=self.parsed.wants,
        )

    # What is left unsaid

    @property
    def _led(self) -> bool:
        """Whether it opens with "and", "but", "what about"."""
        return bool(asking.LED.match(self.parsed.text))

    @property
    def _rest_span(self) -> tuple[int, int]:
        """The question without what opens it and the marks at its end."""
        text = self.parsed.masked
        return self.parsed.start, max(self.parsed.start, len(text.rstrip(" ?!.,…")))

    @property
    def _rest(self) -> str:
        start, end = self._rest_span
        return " ".join(self.parsed.text[start : max(end, len(self.parsed.text.rstrip(" ?!.,…")))].split())

    @property
    def _leans(self) -> bool:
        return bool(asking.POINTING.search(self.parsed.framed.topic))

    @property
    def _asks_again(self) -> bool:
        """Whether nothing but question words, pronouns and verbs of saying is there: "when was that?", "why did he say so?"."""
        return not self._content_of(self.parsed.masked[self.parsed.start :])

    @property
    def _own_topic(self) -> tuple[str, ...]:
        return self._content_of(self.parsed.framed.topic)

    def _content_of(self, text: str) -> tuple[str, ...]:
        kept = [
            t.text for t in tokens_of(text)
            if t.low not in asking.ANAPHORS and t.low not in asking.EMPTY and not (asks(t.low) and t.low == t.text)
        ]  # fmt: skip
        return content(" ".join(kept))

    def _resolved(self, who: tuple[Asked, ...]) -> tuple[Asked, ...]:
        """Those asked, with who "he" is. A pronoun of nobody is left out."""
        found = []
        for asked in who:
            if asked.how == "pronoun":
                found += [
                    replace(a, words=asked.words, span=asked.span, how="pronoun", part="speaker")
                    for a in self._meant(asked)
                ]
            else:
                found.append(asked)
        return tuple(found)

    def _meant(self, pronoun: Asked) -> tuple[Asked, ...]:
        word = pronoun.words.lower()
        if word in asking.THEY:
            return self.before.speakers or self.before.about[-1:]
        gender = asking.PRONOUNS[word]
        chain, turn = [], self.before
        while turn and len(chain) < _FURTHEST:
            chain += [turn.speakers, turn.about]
            turn = turn.before
        for candidates in chain:
            for asked in reversed(candidates):
                # Of two who share a name "she" means the one it fits.
                fit = tuple(name for name in asked.persons if self._gender(name) in (None, gender))
                if fit or not asked.persons:
                    return (replace(asked, persons=fit),)
        return ()

    def _gender(self, name: str) -> str | None:
        called = self.people.called(name) if self.people is not None else []
        return next((p.gender for p in called if p.name == name), None)

    def _spoken_about(self) -> tuple[Asked, ...]:
        """Those whom the question names, "him" and "her" told by the one before."""
        about = list(mentioned(self.parsed))
        asked = {a.persons for a in self._resolved(self.parsed.framed.who)}
        for token in tokens_of(self.parsed.framed.topic):
            if token.low in asking.PRONOUNS or token.low in asking.THEY:
                about += [
                    replace(a, span=None, part="named")
                    for a in self._meant(Asked(token.low, None, (), "pronoun"))
                    if a.persons and a.persons not in asked
                ]
        return tuple({a.persons or a.words: a for a in about}.values())

    # The question in words

    def _swapped(self, old: tuple[Asked, ...], words: str) -> str | None:
        """The question before with other speakers in the place of its own, where these stand in it once and side by side."""
        if not old:
            return None
        first, last = (rf"\b{re.escape(a.words)}\b" for a in (old[0], old[-1]))
        places = list(re.finditer(rf"{first}(?:.*?{last})?" if len(old) > 1 else first, self.before.standalone))
        if len(places) != 1 or any(a.how == "pronoun" for a in old):
            return None
        start, end = places[0].span()
        article = re.search(r"\bthe $", self.before.standalone[:start], re.IGNORECASE)
        start = article.start() if article else start
        before = self.before.standalone[:start]
        if asking.SEVERAL.match(words):
            before = re.sub(r"\b(is|was|does|has) $", lambda m: asking.PLURAL[m[1]] + " ", before)
        return before + words + self.before.standalone[end:]

    def _on(self, topic: str) -> Question:
        """The same speakers and period, on another topic."""
        old, standalone = self.before.topic, self.before.standalone
        if old and standalone.count(old) == 1:
            standalone = standalone.replace(old, topic)
        else:
            standalone = self._asking(" and ".join(a.shown for a in self.before.speakers), topic)
        return self._made(topic, self._retimed(standalone), self.before.speakers)

    def _named(self, who: tuple[Asked, ...]) -> str:
        """The question's own words, with a name in the place of "he"."""
        text = self.parsed.text
        for asked in who:
            if asked.how == "pronoun" and asked.span:
                name = asked.shown if asked.persons else self._meant(asked)[0].shown
                owned = asked.words.lower() in ("his", "their") or (
                    asked.words.lower() == "her" and self.parsed.framed.frame != "plain"
                )
                text = text[: asked.span.start] + name + ("'s" if owned else "") + text[asked.span.end :]
                break  # two that "they" means are named by the first; later spans would have moved
        return text[self.parsed.start :].strip()

    def _joined(self, own: str, topic: str) -> str:
        """A question's own words with the topic that they leave unsaid: in the place of "it", or after them."""
        if not topic:
            return own
        words = own.rstrip(" ?!.")
        # A clause cannot be spoken "about": it was not in the question before either.
        noun = re.search(rf"\b(?:about|on|of|regarding|over) {re.escape(topic)}", self.before.standalone)
        if noun and (match := asking.ABOUT_THAT.search(words)):
            return f"{words[: match.start('that')]}{topic}?"
        last = tokens_of(words)[-1:]
        if noun and last and is_saying(last[0].low):
            return f"{words} about {topic}?"
        return f"{own} — {topic}"

    def _asking(self, who: str, topic: str) -> str:
        """The question for somebody's words on a topic."""
        if topic.split()[:1] and topic.split()[0].lower() in asking.WH | asking.AUXILIARIES:
            return f"{who} — {topic}"
        return f"what did {who} say about {topic}?" if topic else f"what did {who} say?"

    def _retimed(self, standalone: str) -> str:
        """The words of another question with the period of this one."""
        if self.parsed.period is None:
            return standalone
        words, old = self.parsed.period.words, self.before.period.words if self.before.period else ""
        if old and standalone.count(old) == 1:
            return standalone.replace(old, words)
        return f"{standalone.rstrip(' ?')} {words}?"

    @property
    def _of_any_time(self) -> str:
        """The question before without the words of its period."""
        old = self.before.period.words if self.before.period else ""
        standalone = self.before.standalone
        return " ".join(standalone.replace(old, "").split()).replace(" ?", "?") if old else standalone

    def _same(self, **changes) -> Question:
        """The question before, asked again."""
        kept = replace(
            self.before, text=self.parsed.text, anchor=self.before.anchor or self.before, before=self.before,
            names=names_in(self.parsed.text), notes=(), page=1, wants=_kept(self.before.wants),
        )  # fmt: skip
        kept = replace(
            kept,
            speakers=self._placed(kept.speakers),
            about=self._placed(kept.about),
            besides=self._placed(kept.besides),
            period=replace(kept.period, span=None) if kept.period else None,
        )
        return finished(replace(kept, **changes), self.people)

    def _placed(self, people: tuple[Asked, ...]) -> tuple[Asked, ...]:
        """Who is carried over has no place in this turn's text."""
        text = self.parsed.text
        return tuple(a if a.span and a.span.of(text) == a.words else replace(a, span=None) for a in people)

    def _made(
        self,
        topic: str,
        standalone: str,
        speakers: tuple[Asked, ...],
        context: str = "",
        about: tuple[Asked, ...] | None = None,
        besides: tuple[Asked, ...] = (),
        wants: Wants = "said",
    ) -> Question:
        """A question of this turn."""
        period = self.parsed.period
        if period is None and self.before.period and wants != "when":
            period = replace(self.before.period, span=None)
        lost = [a for a in self.parsed.framed.who if a.how == "pronoun" and not self._meant(a)]
        return finished(
            Question(
                text=self.parsed.text,
                standalone=standalone,
                query=standalone.replace(" — ", " "),
                terms=(),
                names=names_in(self.parsed.text),
                topic=topic,
                context=context,
                speakers=self._placed(speakers),
                about=mentioned(self.parsed) if about is None else self._placed(about),
                besides=self._placed(besides),
                period=period,
                wants=wants,
                notes=(*(f"“{a.words}”: nobody was named whom it fits." for a in lost), *self.parsed.notes),
                anchor=self.before.anchor or self.before,
                before=self.before,
            ),
            self.people,
        )


def _kept(wants: Wants) -> Wants:
    """What was wanted, of a question that is asked again."""
    return "said" if wants in ("more", "newer", "older", "when") else wants


def _country(words: str) -> bool:
    office = read_office(words)
    return bool(office and not office.head and office.nations)
