"""Words that make another statement of one: the vocabulary of `repetition`, English and Russian.

Folded forms (`index.words.fold`).
"""

from __future__ import annotations

from functools import cache

from index.words import stems

NEGATING = frozenset(
    """
    no not never none nobody nothing nowhere neither nor cannot without unless except if only hardly barely scarcely almost
    nearly about roughly alleged allegedly reportedly supposedly denied denies deny
    не ни нет никогда никто ничего без если только лишь кроме почти едва якобы
    """.split()
)
"""They turn a statement round, or hedge it, wherever they come in; so does what ends in "n't"."""

NUMBERS = frozenset(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions billion
    billions trillion dozen dozens half halves third thirds quarter quarters twice double triple percent per
    ноль один одна два две три четыре пять шесть семь восемь девять десять сто тысяч тысяча тысячи миллион миллиона миллионов
    миллиард миллиарда миллиардов процент процента процентов половина треть четверть вдвое втрое
    """.split()
)

_OPPOSED = """
    open close rise fall increase decrease grow shrink raise lower high low gain lose win defeat victory begin start end stop
    continue support oppose accept reject approve refuse agree disagree allow forbid ban permit confirm deny true false right
    wrong guilty innocent good bad best worst better worse buy sell import export friend enemy ally attack defend peace war
    inside outside east west north south left early late first last new old always sometimes possible impossible likely
    unlikely legal illegal safe dangerous strong weak success failure help harm hope fear love hate dead alive kill wound
    repair damage break mend build destroy arrive leave enter withdraw deploy join quit keep hire dismiss
    открыть закрыть рост падение вырасти упасть увеличить уменьшить поддержать осудить принять отвергнуть начать закончить
    разрешить запретить подтвердить опровергнуть победа поражение друг враг мир война
"""

EDITED = frozenset(
    "a an the this that these those which who is are was were be been has have had and of to in on at as by".split()
)
"""Of the closed classes these come and go as papers edit, and the statement stays what it is."""


@cache
def opposed() -> frozenset[str]:
    """The stems of words one of which, for another, makes the opposite."""
    return frozenset(stems(_OPPOSED))
