"""One statement in two places: in the same words, or nearly; and where it differs.

Two copies are *in the same words* when they have all their words and figures in common, in order. A copy is *nearly the same* when
most of its words are shown already in long runs: a wire story that another paper has cut or edited, a stock phrase with a word
changed. Nearly the same is never the same: such a copy keeps its own words, and where they are other than those shown is told.
Where the other words are known to make another statement (`turning`: a figure, a negation, one name for another, "for" and
"against") it is no copy at all. What no list knows to be another statement is among the differences that are told.

The runs are difflib's matching blocks (Ratcliff & Metzener 1988) over folded words. Most pairs are spared the search for them: the
runs together are never longer than the longest common subsequence (rapidfuzz), nor that than the words in common.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from index.records import Span
from index.stored import StoredPassage
from index.words import STOPWORDS, fold, stems
from retrieval.records import Difference
from retrieval.turning import EDITED, NEGATING, NUMBERS, opposed

LEAST_SHARE = 0.75
"""How many of a copy's words have to be shown already, in runs."""
SHORTEST_RUN = 4
"""Words in a row that are a run: fewer may meet anywhere ("of the President of")."""
FEWEST_WORDS = 8
"""In runs, for a copy to be one: courtesies of less are said on every occasion, to other people."""

_ACRONYMS = frozenset("IT US WHO".split())  # as small words they would be others
_NAMES_TOO = frozenset("may will".split())  # small words that are names with a capital
_DASHES = "-–—"
_DASH = re.compile(f"[{_DASHES}]")
_AROUND_WORDS = "\"'‘’“”„«»()[].,;:!…"  # not "?", which makes another statement


@dataclass(frozen=True, slots=True)
class SaidWord:
    """A word of a text as two copies of one statement have it in common, and where it stands."""

    folded: str
    written: str
    span: Span


@dataclass(frozen=True, slots=True)
class Wording:
    """Neighbouring passages of one document, word by word. `sentences` numbers the sentence of each
    word. Spans are the document's."""

    words: tuple[SaidWord, ...]
    sentences: tuple[int, ...]

    @property
    def folded(self) -> tuple[str, ...]:
        return tuple(w.folded for w in self.words)


@lru_cache(maxsize=4096)
def said(text: str) -> tuple[str, ...]:
    """What two copies of one statement have in common: all its words and figures, in order, but for case, quotation marks and
    the points around them. Nothing smaller is let go of: "for" and "against", "before" and "after", 12 and 21 are small too.

    >>> said("They voted for the bill.") == said("“THEY voted for the bill,”")
    True
    >>> said("They voted for the bill.") == said("They voted against the bill.")
    False
    """
    return tuple(folded for part in text.split() if (folded := _bared(part)[2]))


def wording(passages: Iterable[StoredPassage]) -> Wording:
    """The words of neighbouring passages, in order."""
    found: list[SaidWord] = []
    of: list[int] = []
    sentences = 0
    for stored in passages:
        passage, start = stored.passage, stored.passage.span.start
        ends = [s.end for s in passage.sentences]
        for word in _said_words(stored.text):
            span = Span(word.span.start + start, word.span.end + start)
            found.append(SaidWord(word.folded, word.written, span))
            of.append(sentences + sum(end <= span.start for end in ends))
        sentences += len(ends) + 1
    return Wording(tuple(found), tuple(of))


def nearly_same(shown: Sequence[StoredPassage], again: StoredPassage) -> bool:
    """Whether most of the words of `again` are shown already, and no other word is known to make another statement of it. `shown`
    are neighbours, in order."""
    words = said(again.text)
    least = max(FEWEST_WORDS, LEAST_SHARE * len(words))
    new = _vocabulary(again.text).difference(*(_vocabulary(p.text) for p in shown))
    if len(words) - len(new) < least:
        return False
    if LCSseq.similarity([w for p in shown for w in said(p.text)], words) < least:
        return False
    one, other = wording(shown), wording([again])
    blocks = _blocks(one, other)
    in_runs = sum(block.size for block in blocks if block.size >= SHORTEST_RUN)
    return in_runs >= least and not any(_turned(one, other, gap) for gap in _gaps(one, other, blocks))


def overlap(some: Iterable[StoredPassage], others: Iterable[StoredPassage]) -> float:
    """How many of the words that tell anything are in both, as a share of those with fewer of them."""
    a, b = (frozenset().union(*(_vocabulary(p.text) for p in side)) - STOPWORDS for side in (some, others))
    return len(a & b) / (min(len(a), len(b)) or 1)


def differences(shown: Wording, again: Wording) -> tuple[Difference, ...]:
    """Where the words of `again` are other than those shown, in order. Sentences that only `shown` has are no difference: the copy
    was cut elsewhere."""
    gaps = _gaps(shown, again, _blocks(shown, again))
    return tuple(Difference(_span(again, gap.own), _span(shown, gap.shown)) for gap in gaps)


def shared(shown: Wording, again: Wording) -> list[Span]:
    """What of `shown` is in runs with `again`, in order."""
    blocks = [b for b in _blocks(shown, again) if b.size >= SHORTEST_RUN]
    return [Span(shown.words[b.a].span.start, shown.words[b.a + b.size - 1].span.end) for b in blocks]


@dataclass(frozen=True, slots=True)
class _Gap:
    """The words between two blocks, by their places: of what is shown those in sentences that the copy has some of; of the copy
    all, and those in sentences that it has in part."""

    shown: Sequence[int]
    own: Sequence[int]
    own_in_part: Sequence[int]


def _blocks(shown: Wording, again: Wording) -> list[Match]:
    """The words in common, in order. A single word is no sign of anything."""
    found = SequenceMatcher(None, shown.folded, again.folded, autojunk=False).get_matching_blocks()
    return [block for block in found if block.size > 1]


def _gaps(shown: Wording, again: Wording, blocks: Sequence[Match]) -> list[_Gap]:
    shown_met = {shown.sentences[n] for b in blocks for n in range(b.a, b.a + b.size)}
    own_met = {again.sentences[n] for b in blocks for n in range(b.b, b.b + b.size)}
    ends = [Match(0, 0, 0), *blocks, Match(len(shown.words), len(again.words), 0)]
    gaps = []
    for before, after in pairwise(ends):
        others = [n for n in range(before.a + before.size, after.a) if shown.sentences[n] in shown_met]
        own = range(before.b + before.size, after.b)
        if others or own:
            gaps.append(_Gap(others, own, [n for n in own if again.sentences[n] in own_met]))
    return gaps


def _turned(shown: Wording, again: Wording, gap: _Gap) -> bool:
    """Whether the words in a gap are known to make another statement."""
    others, own = [shown.words[n] for n in gap.shown], [again.words[n] for n in gap.own_in_part]
    if _figures(others) != _figures(own) or _negating(others) != _negating(own):
        return True
    if _beside_figure(shown, gap.shown) or _beside_figure(again, gap.own_in_part):
        return True
    return any(of(others) and of(own) and of(others) != of(own) for of in (_names, _opposed))


def _figures(words: Iterable[SaidWord]) -> Counter[str]:
    return Counter(w.folded for w in words if _is_figure(w))


def _is_figure(word: SaidWord) -> bool:
    return any(c.isdigit() for c in word.folded) or not NUMBERS.isdisjoint(_DASH.split(word.folded))


def _negating(words: Iterable[SaidWord]) -> Counter[str]:
    return Counter(w.folded for w in words if w.folded in NEGATING or w.folded.endswith("n't"))


def _names(words: Iterable[SaidWord]) -> set[str]:
    """Words with a capital, those that may only open a sentence among them."""
    return {
        w.folded.removesuffix("'s")
        for w in words
        if w.written[:1].isupper() and (w.folded not in STOPWORDS or w.folded in _NAMES_TOO)
    }


def _opposed(words: Iterable[SaidWord]) -> set[str]:
    """Words of which one for another may be the opposite."""
    closed = {w.folded for w in words if w.folded in STOPWORDS and w.folded not in EDITED}
    return closed | {s for w in words for s in stems(w.written) if s in opposed()}


def _beside_figure(wording: Wording, gap: Sequence[int]) -> bool:
    """Whether a figure stands next to the words of a gap, in their sentence: "12 miners", "over 12"."""
    edges = [(gap[0], gap[0] - 1), (gap[-1], gap[-1] + 1)] if gap else []
    return any(
        0 <= near < len(wording.words)
        and wording.sentences[near] == wording.sentences[at]
        and _is_figure(wording.words[near])
        for at, near in edges
    )


def _span(wording: Wording, places: Sequence[int]) -> Span | None:
    """From the first of some words to the last."""
    return Span(wording.words[places[0]].span.start, wording.words[places[-1]].span.end) if places else None


@lru_cache(maxsize=4096)
def _vocabulary(text: str) -> frozenset[str]:
    return frozenset(said(text))


@lru_cache(maxsize=4096)
def _said_words(text: str) -> tuple[SaidWord, ...]:
    """The words of `said`, each with its span."""
    found = []
    for part in re.finditer(r"\S+", text):
        before, written, folded = _bared(part.group())
        if folded:
            start = part.start() + before
            found.append(SaidWord(folded, written, Span(start, start + len(written))))
    return tuple(found)


@lru_cache(maxsize=200_000)
def _bared(part: str) -> tuple[int, str, str]:
    """What stands between two blanks, without the marks around it: how many these are in front, the word, the word folded."""
    opened = part.lstrip(_AROUND_WORDS)
    if opened[:1].isdigit() and part[: -len(opened)].endswith("."):
        opened = f".{opened}"  # ".5" is another figure than "5"
    written = opened.rstrip(_AROUND_WORDS + _DASHES)
    return len(part) - len(opened), written, written if written in _ACRONYMS else fold(written)
