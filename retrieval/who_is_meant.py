"""Who is meant by words of a question: somebody known by a name or a slip of one, a title, a pronoun, or a name nobody has.

Words are taken for nobody rather than for somebody they may not mean: "official" alone, "critics", "Trump's trade plan".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.records import Span
from index.speech.offices import read_office
from index.words import fold
from retrieval import asking
from retrieval.clause import LONGEST_NAME, POSSESSIVE, Clause, Range, Token, in_dictionary, tokens_of
from retrieval.question_records import Asked, How
from retrieval.spelling import misspelt

if TYPE_CHECKING:
    from index.speech.asked import Found
    from index.speech.people import People

_ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)


def everybody_in(
    text: str, start: int, end: int, people: People | None, found: Sequence[Found] = ()
) -> tuple[Asked, ...]:
    """Who is meant by `text[start:end]`, where that is nothing but names, titles and pronouns ("Merkel and Hollande"); () where
    any of them is nobody. `found` are those whom `people` find in the text."""
    clause = Clause(text, [t for t in tokens_of(text, start) if t.end <= end])
    return Meant(clause, people, found).whole((0, len(clause.tokens))) if clause.tokens else ()


class Meant:
    """Tells who is meant by ranges of a question's tokens, with the people of a collection, or with none known."""

    def __init__(self, clause: Clause, people: People | None, found: Sequence[Found]) -> None:
        """`found` are those whom `people` find in the clause's text."""
        self.clause, self.people, self.found = clause, people, found
        self.text, self.tokens, self.low = clause.text, clause.tokens, clause.low

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
        tokens, low = self.tokens[start:end], self.low[start:end]
        if any(
            w in asking.STOPS or w in asking.AUXILIARIES - {"will", "may"} or not w[0].isalnum()
            for w in low
            if w != "for"
        ):
            return None
        last = tokens[-1]
        stop = last.end - len(m.group()) if (m := POSSESSIVE.search(last.text)) and len(last.text) > 2 else last.end
        span = Span(tokens[0].start, stop)
        words = span.of(self.text)
        head = POSSESSIVE.sub("", low[-1])
        if len(low) == 1 and (head in asking.PRONOUNS or head in asking.THEY):
            return Asked(words, span, (), "pronoun")
        determined = start > at[0] or any(t.owns for t in tokens[:-1])
        if head in asking.ANYBODY and not (last.capital and not self.clause.flat):
            return None
        named = self._named(tokens, head)
        described = Span(self.tokens[at[0]].start, stop) if self.low[at[0]] in asking.DETERMINERS else span
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

    def longest(self, start: int) -> tuple[tuple[Asked, ...], int]:
        """Who the longest words from a token on mean, and where these end."""
        for end in range(self.clause.until_stop(start), start, -1):
            if who := self.several((start, end)):
                return who, end
        return (), start

    def name_end(self, start: int) -> int:
        """Where a name that begins at a token ends: after its capital words, or after a possessive."""
        end = start
        low = self.low
        if end < len(low) and low[end] == "the":
            end += 1
        first = end
        while (
            end < len(low)
            and end - start < LONGEST_NAME
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

    def is_person(self, asked: Asked) -> bool:
        return bool(self.people) and all(p.kind == "person" for name in asked.persons for p in self.people.called(name))

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
        if self.clause.flat and not tokens[-1].capital:
            return len(head) > 2 and len(tokens) <= 3 and not in_dictionary(head)
        return tokens[-1].capital and not (tokens[-1].start == self.tokens[0].start and tokens[-1].low in asking.WH)

    def _found(self, words: str, loose: bool, span: Span | None = None) -> Asked | None:
        """Who of the collection is called by these words. A single word that is no name and stands without an article has to be
        part of their name: "official" alone asks for nobody."""
        if self.people is None:
            return None
        here = next(
            (f for f in self.found if span and f.span.end >= span.end and span.holds(Span(*self._bounds(f.span)))),
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
        head = _parts(POSSESSIVE.sub("", words))[-1:]
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
        end = len(m.group()) if (m := POSSESSIVE.search(words)) else 0
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

    def _bare(self, at: Range) -> Range:
        """Without articles, "both" and the like in front."""
        start, end = self.clause.unadverbed(at)
        while start < end and self.low[start] in asking.DETERMINERS | {"both", "either", "neither", "even", "only"}:
            if end - start == 1:
                break
            start += 1
        return (start, end)

    def _split(self, at: Range) -> list[Range]:
        """The parts of a list: "Putin, Macron and the chancellor"."""
        parts, start = [], at[0]
        for i in range(*at):
            if self.low[i] in ("and", "or", ",", "&"):
                parts.append((start, i))
                start = i + 1
        return [(a, b) for a, b in [*parts, (start, at[1])] if a < b]


def _parts(name: str) -> list[str]:
    return re.findall(r"\w+", fold(name))
