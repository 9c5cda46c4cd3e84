"""Example questions out of the indexed documents: what is told more often here than words are told elsewhere."""

from __future__ import annotations

import math
import random
import re
from collections import Counter

from index.store import Snapshot
from index.words import Word, words

_SAMPLE = 40
_GAP = re.compile(r"[ \u00a0]")


def example_questions(snapshot: Snapshot, count: int) -> list[str]:
    """At most `count` questions about phrases of the documents, each of another document where there are enough.

    A phrase is two or three neighbouring words, none of them a stop word; one that its document repeats or has in its title
    tells more, as does one whose words are rare in the collection. The same index always gives the same questions.
    """
    documents = list(snapshot.documents().values())
    sample = random.Random(snapshot.commit).sample(documents, min(_SAMPLE, len(documents)))
    told: list[tuple[int, float, str]] = []
    for document in sample:
        texts = [p.text for p in snapshot.passages_of(document.id)[:60] if p.passage.role == "body"]
        phrases = _most_telling(_phrases(texts, document.metadata.title or ""), snapshot, count)
        told += [(turn, -value, phrase) for turn, (value, phrase) in enumerate(phrases)]
    # The best phrase of each document before the second best of any.
    chosen = dict.fromkeys(phrase for _, _, phrase in sorted(told))
    return [f"What is said about {phrase}?" for phrase in list(chosen)[:count]]


def _phrases(texts: list[str], title: str) -> Counter[str]:
    """How often each phrase stands in the texts; standing in the title counts twice."""
    found: Counter[str] = Counter()
    for text, weight in [*((t, 1) for t in texts), (title, 2)]:
        run: list[Word] = []
        for word in words(text):
            near = not run or _GAP.fullmatch(text[run[-1].span.end : word.span.start])
            tells = (
                not word.is_stopword
                and len(word.folded) > 2
                and word.folded.isalpha()
                and text[word.span.start - 1 : word.span.start] != "-"
            )
            run = [*run, word] if near and tells else [word] if tells else []
            for length in (2, 3):
                if len(run) >= length:
                    found[text[run[-length].span.start : word.span.end]] += weight
    return found


def _most_telling(phrases: Counter[str], snapshot: Snapshot, count: int) -> list[tuple[float, str]]:
    """The best `count` phrases that share no word, with what they are worth."""
    passages = snapshot.counts().passages
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
