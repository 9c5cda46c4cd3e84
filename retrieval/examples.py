"""Example questions out of the indexed documents: what is told more often here than words are told elsewhere."""

from __future__ import annotations

import math
import random
import re
from collections import Counter

from index.store import Snapshot
from index.words import Word, words

_SAMPLE = 40
_GAP = re.compile(r"[ \u00a0-]")


def example_questions(snapshot: Snapshot, count: int) -> list[str]:
    """At most `count` questions about phrases of the documents, each of another document where there are enough.

    A phrase is two or three neighbouring words, none of them a stop word, that one document repeats or has in its title;
    the rarer its words are in the whole collection, the more it tells. The same index always gives the same questions.
    """
    documents = list(snapshot.documents().values())
    sample = random.Random(snapshot.commit).sample(documents, min(_SAMPLE, len(documents)))
    best: list[tuple[float, str]] = []
    for document in sample:
        texts = [p.text for p in snapshot.passages_of(document.id)[:60] if p.passage.role == "body"]
        phrases = _phrases(texts, document.metadata.title or "")
        if phrases:
            best.append(_most_telling(phrases, snapshot))
    chosen = dict.fromkeys(phrase for _, phrase in sorted(best, reverse=True))
    return [f"What is said about {phrase}?" for phrase in list(chosen)[:count]]


def _phrases(texts: list[str], title: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for text, weight in [*((t, 1) for t in texts), (title, 2)]:
        run: list[Word] = []
        for word in words(text):
            near = not run or _GAP.fullmatch(text[run[-1].span.end : word.span.start])
            tells = not word.is_stopword and len(word.folded) > 2 and word.folded.isalpha()
            run = [*run, word] if near and tells else [word] if tells else []
            for length in (2, 3):
                if len(run) >= length:
                    found[text[run[-length].span.start : word.span.end]] += weight
    return found


def _most_telling(phrases: Counter[str], snapshot: Snapshot) -> tuple[float, str]:
    passages = snapshot.counts().passages

    def telling(item: tuple[str, int]) -> tuple[float, str]:
        phrase, times = item
        parts = [w.stem for w in words(phrase)]
        counts = snapshot.term_counts(parts)
        rarity = sum(math.log(1 + passages / max(1, counts.get(p, 0))) for p in parts) / len(parts)
        return (1 + math.log(times)) * rarity, phrase

    return max(telling(item) for item in phrases.most_common(40))
