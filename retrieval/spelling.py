"""Names a letter or two apart."""

from __future__ import annotations

from index.words import fold

_ONE_LETTER, _TWO_LETTERS = 5, 8
"""From how many letters on one, and two, may be wrong."""


def misspelt(asked: str, name: str) -> int | None:
    """How many letters `asked` is away from `name`, in all words together, or None where it means somebody else.

    The last word is the surname and has to be alike; what stands before it has to be alike too, or may be left out.

    >>> misspelt("Zelenksy", "Volodymyr Zelensky"), misspelt("Vladmir Putin", "Vladimir Putin")
    (1, 1)
    >>> misspelt("Boris Lynch", "Loretta Lynch"), misspelt("Baden", "Hunter Biden"), misspelt("Bush", "Busch")
    (None, 1, None)
    """
    ours, theirs = _words(asked), _words(name)
    if not ours or not theirs or len(ours) > len(theirs):
        return None
    apart = [_apart(ours[-1], theirs[-1])]
    if len(ours) > 1:
        apart += [_apart(given, own) for given, own in zip(ours[:-1], theirs)]
    return None if None in apart or not any(apart) else sum(n for n in apart if n)


def _words(name: str) -> list[str]:
    return fold(name).replace("-", " ").split()


def _apart(one: str, other: str) -> int | None:
    """The distance of two words, where they are alike enough for one to be a slip for the other."""
    if one == other:
        return 0
    allowed = (len(one) >= _ONE_LETTER) + (len(one) >= _TWO_LETTERS)
    if not allowed or one[0] != other[0] or abs(len(one) - len(other)) > allowed:
        return None
    steps = distance(one, other)
    return steps if steps <= allowed else None


def distance(one: str, other: str) -> int:
    """Letters put in, left out, changed or swapped with their neighbour (optimal string alignment).

    >>> distance("zelenksy", "zelensky"), distance("pashinian", "pashinyan"), distance("", "abc")
    (1, 1, 3)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        new = [i]
        for j, b in enumerate(other, 1):
            new.append(min(row[j] + 1, new[-1] + 1, row[j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                new[j] = min(new[j], before[j - 2] + 1)
        before, row = row, new
    return row[-1]
