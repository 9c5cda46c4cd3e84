"""Example questions out of the indexed documents: what is told more often here than words are told elsewhere."""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from itertools import pairwise

from index.snapshot import Snapshot
from index.stored import StoredPassage
from index.words import Word, words

_SAMPLE = 40
_GAP = re.compile(r"[ \u00a0]")
_OPENERS = frozenset(
    "a an the this that these those of on in by with from for against its their our his her so-called".split()
)


def example_questions(snapshot: Snapshot, count: int) -> list[str]:
    """At most `count` questions about phrases of the documents, each of another document where there are enough.

    A phrase is two or three neighbouring words, none of them a stop word; one that its document repeats or has in its title
    tells more, as does one whose words are rare in the collection. The same index always gives the same questions.
    """
    documents = list(snapshot.documents().values())
    passages = snapshot.counts().passages
    sample = random.Random(snapshot.commit).sample(documents, min(_SAMPLE, len(documents)))
    told: list[tuple[int, float, str, str]] = []
    for document in sample:
        body = [p for p in snapshot.passages_of(document.id)[:60] if p.passage.role == "body"]
        phrases = _most_telling(
            _phrases([p.text for p in body], document.metadata.title or ""), snapshot, passages, count
        )
        told += [
            (turn, -value, phrase, _asking(phrase, body, snapshot)) for turn, (value, phrase) in enumerate(phrases)
        ]
    # The best phrase of each document before the second best of any.
    chosen = {phrase: question for _, _, phrase, question in sorted(told, reverse=True)}
    return [*reversed(chosen.values())][:count]


def _asking(phrase: str, body: list[StoredPassage], snapshot: Snapshot) -> str:
    """The question about a phrase: of the one who says it, where one person alone does."""
    holding = [p.id for p in body if phrase in p.text]
    people = {u.person for said in snapshot.said_in(holding).values() for u in said}
    person = people.pop() if len(people) == 1 else None
    if person and not set(phrase.split()) & set(person.split()):
        return f"What did {person} say about {phrase}?"
    return f"What is said about {phrase}?"


def _phrases(texts: list[str], title: str) -> Counter[str]:
    """How often each phrase stands in the texts; standing in the title counts twice."""
    found: Counter[str] = Counter()
    for text, weight in [*((t, 1) for t in texts), (title, 2)]:
        every = words(text)
        for first in range(1, len(every)):
            for last in (first + 1, first + 2):
                phrase = every[first : last + 1]
                after = every[last + 1] if last + 1 < len(every) else None
                if last < len(every) and _stands_alone(text, every[first - 1], phrase, after):
                    found[text[phrase[0].span.start : phrase[-1].span.end]] += weight
    return found


def _stands_alone(text: str, before: Word, phrase: list[Word], after: Word | None) -> bool:
    """Whether some words are likely to be a thing of their own: telling words side by side, a name or behind an article or
    preposition (a verb stands behind neither), and with no telling word right behind them."""
    tells = all(not w.is_stopword and len(w.folded) > 2 and w.folded.isalpha() for w in phrase)
    side_by_side = all(_GAP.fullmatch(text[a.span.end : b.span.start]) for a, b in pairwise(phrase))
    ends = after is None or after.is_stopword or not _GAP.fullmatch(text[phrase[-1].span.end : after.span.start])
    name = all(w.span.of(text)[0].isupper() for w in phrase)
    opened = before.folded in _OPENERS and _GAP.fullmatch(text[before.span.end : phrase[0].span.start])
    return bool(tells and side_by_side and ends and (name or opened))


def _most_telling(phrases: Counter[str], snapshot: Snapshot, passages: int, count: int) -> list[tuple[float, str]]:
    """The best `count` phrases that share no word, with what they are worth."""
    valued: list[tuple[float, str]] = []
    for phrase, times in phrases.most_common(40):
        parts = [w.stem for w in words(phrase)]
        counts = snapshot.term_counts(parts)
        rarity = sum(math.log(1 + passages / max(1, counts.get(p, 0))) for p in parts) / len(parts)
        valued.append((min(times, 3) * (1 + rarity), phrase))
    best: list[tuple[float, str]] = []
    for value, phrase in sorted(valued, reverse=True):
        if len(best) < count and not any(set(phrase.split()) & set(b.split()) for _, b in best):
            best.append((value, phrase))
    return best
