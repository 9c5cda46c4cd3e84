"""The verdict: do these passages answer, may they, or is there nothing?

Provisional: two bars on one cosine, set by eye on dev questions for the default encoder. The cosine that the best of N
unrelated passages reaches by chance grows with log N, and the bars with it. A name that stands nowhere in the documents
makes the verdict one step more careful.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import log2

from index.words import stems
from retrieval.records import Hit, Question, Verdict
from retrieval.sentences import FIRST, ReadSentences

_BAR, _BAR_PER_DOUBLING, _ANSWERED_ABOVE_BAR = 0.18, 0.022, 0.10


def judge(
    question: Question,
    hits: Sequence[Hit],
    read: ReadSentences,
    counted: Callable[[Sequence[str]], Mapping[str, int]],
    passages: int,
) -> tuple[Verdict, str]:
    """The verdict on a ranking over so many `passages`, and its reason in words. `counted` tells which terms stand anywhere."""
    if not hits:
        return "none", "Nothing in the documents bears on this question."
    closest = [h.dense for h in hits[:1]] + [float(c.max()) for c in read.cosines[:FIRST]]
    above = max(closest, default=0.0) - (_BAR + _BAR_PER_DOUBLING * log2(max(passages, 2)))
    strange = next((n for n in question.names if not counted(stems(n))), None)
    if above < 0:
        return "none", "Nothing in the documents comes near this question."
    if strange and above < _ANSWERED_ABOVE_BAR:
        return "none", f"“{strange}” stands nowhere in the documents, and nothing in them comes near the question."
    if strange:
        return (
            "weak",
            f"“{strange}” stands nowhere in the documents; these are the nearest passages and may not answer.",
        )
    if above < _ANSWERED_ABOVE_BAR:
        return "weak", "These are the nearest passages; they may not answer the question."
    return "answered", "These passages bear on the question."
