"""Who the labels of one document stand for: "TRUMP", "Mr. Trump" and "D.Trump" are who another label or the head calls in full.

A label is given a fuller name only where the document has exactly one that fits; otherwise the name stays as it stands.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.records import Document
from index.speech import label_words as vocabulary
from index.speech.given import gender_of, is_given
from index.speech.labels import Label, in_capitals
from index.speech.records import Gender

_PARTICLE = r"(?:[ \xa0](?:de|la|van|von|der|den|al|el|bin|da|dos|del|di)(?=[ \xa0]))"
_RUN = re.compile(rf"[^\W\d_a-zа-я][\w'’.-]*{_PARTICLE}*(?:[ \xa0][^\W\d_a-zа-я][\w'’.-]*)+")
_NAMESAKES = 20  # so many people of one name are looked at
_QUOTES = "\"'“”‘,"
_I_AM = re.compile(r"(?:\bI['’]?\s?a?m|\bname(?: is|['’]s))\s+(?:\w+\s)?$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_][^\W\d_'’-]*(?:['’-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Who:
    """A speaker as a document knows them."""

    name: str | None
    role: str | None


def proper_name(name: Sequence[str]) -> str:
    """The words of a name, without capitals throughout: "PAT O’HARA" is Pat O’Hara."""
    return " ".join(_without_capitals(word.strip(_QUOTES), {}) for word in name)


class Names:
    """The fullest names of a document's speakers, and the titles that their labels give them."""

    def __init__(self, document: Document, labels: Sequence[Label]) -> None:
        self._text = document.text
        self._casing = _casing(document.text) if any(in_capitals(w) for label in labels for w in label.name) else {}
        self._in_labels = _by_family(_without_misprints(labels, [self._proper(label.name) for label in labels]))
        # "VP" after "Vladimir Putin", "Anna" after "Anna Bruni"
        self._by_initials: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        self._by_given: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for full in (full for namesakes in self._in_labels.values() for full in namesakes):
            self._by_initials["".join(word[0] for word in full)].append(full)
            self._by_given[full[0].casefold()].append(full)
        self._known: dict[tuple[tuple[str, ...], str], str] = {}
        self._labels = labels
        self._starts = [label.span.start for label in labels]
        self._title = document.metadata.title or ""
        self._in_text: dict[str, list[tuple[int, tuple[str, ...]]]] | None = None
        self._roles: dict[str, str] = {}
        for label in labels:
            if label.name and label.role and (name := self._full(label)):
                self._roles.setdefault(name, self._cased_role(label.role))

    def of(self, label: Label) -> Who:
        """The name and the title of who speaks under a label."""
        if not label.name:
            return Who(None, label.role)
        name = self._full(label)
        role = self._cased_role(label.role) if label.role else self._roles.get(name)
        return Who(name, role)

    def _full(self, label: Label) -> str:
        key = (label.name, (label.role or "").casefold())
        if key not in self._known:
            signed = self._by_initials.get(label.name[0], []) if len(label.name) == 1 else []
            name = signed[0] if len(signed) == 1 else self._fullest(self._proper(label.name), _gender(label.role))
            self._known[key] = " ".join(name)
        return self._known[key]

    def _fullest(self, name: tuple[str, ...], gender: Gender | None) -> tuple[str, ...]:
        family = name[-1].casefold()
        namesakes = self._in_labels.get(family, [])
        fitting = [full for full in namesakes if _fits(name, full)] if len(namesakes) <= _NAMESAKES else []
        if not fitting and len(name) == 1:
            fitting = self._by_given.get(name[0].casefold(), [])
        if not fitting and (len(name) == 1 or len(name[0].rstrip(".")) == 1):
            fitting = [full for full in self._named_in_text(family) if _fits(name, full)]
        fitting = [full for full in fitting if not gender or gender_of(full[0]) in (gender, None)]
        longest = max(fitting, key=len, default=name)
        if not all(_fits(full, longest) for full in fitting):
            return name
        return Counter(fitting).most_common(1)[0][0] if fitting else name

    def _named_in_text(self, family: str) -> list[tuple[str, ...]]:
        """Names in the title and in the text: but for "I am Anna Bruni", nobody calls themselves by their full name."""
        if self._in_text is None:
            self._in_text = _names_in(self._text)
            self._in_title = _names_in(self._title)
        by_others = [name for at, name in self._in_text.get(family, ()) if not self._says_own(at, family)]
        return by_others + [name for _, name in self._in_title.get(family, ())]

    def _says_own(self, at: int, family: str) -> bool:
        """Whether what stands at an offset is said by somebody of that family name, and not to say who they are."""
        label = self._labels[bisect(self._starts, at) - 1] if self._starts[0] <= at else None
        own = label is not None and bool(label.name) and label.name[-1].casefold() == family
        return own and not _I_AM.search(self._text, max(0, at - 20), at)

    def _proper(self, name: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_without_capitals(word.strip(_QUOTES), self._casing) for word in name)

    def _cased_role(self, role: str) -> str | None:
        """A title as it is read; "Mr." and the like say nothing of who somebody is."""
        words = role.split()
        while words and words[0].casefold().strip(".") in vocabulary.FORMS_OF_ADDRESS:
            words = words[1:]
        if role.isupper():
            words = [_without_capitals(w, self._casing) if _is_read_small(w) else w for w in words]
            words = [w.lower() if w.casefold() in vocabulary.SMALL_WORDS else w for w in words]
        return " ".join(words) or None


def _without_capitals(word: str, casing: Mapping[str, str]) -> str:
    """A word written in capitals as the text writes it elsewhere, else as names are written."""
    if not in_capitals(word):
        return word
    if found := casing.get(word.casefold()):
        return found
    if word.endswith(".") and word[:-1].casefold() in vocabulary.ABBREVIATIONS:
        return word.capitalize()
    return re.sub(r"[^\W\d_]+", lambda part: part.group().capitalize(), word)


def _is_read_small(word: str) -> bool:
    """Whether a word of a title in capitals is one, and no abbreviation: "CEO" stays as it is."""
    return len(word) > 3 or not word.isalpha() or word.casefold() in vocabulary.BEFORE_NAMES


def _gender(role: str | None) -> Gender | None:
    words = {word.casefold().strip(".") for word in (role or "").split()}
    return "she" if words & vocabulary.WOMENS_TITLES else "he" if words & vocabulary.MENS_TITLES else None


def _casing(text: str) -> dict[str, str]:
    """How the text writes its capitalised words when not all in capitals: "MCCRORY" is McCrory there."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for word in _WORD.findall(text):
        if word[0].isupper() and not in_capitals(word):
            bare = word[:-2] if word.endswith(("'s", "’s")) else word
            counts[bare.casefold()][bare] += 1
    return {folded: forms.most_common(1)[0][0] for folded, forms in counts.items()}


def _without_misprints(labels: Sequence[Label], names: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Names of two words or more; "PRESIDNET OBAMA" is none, among the many labels of PRESIDENT OBAMA."""
    titled = Counter(label.name[-1].casefold() for label in labels if label.role and len(label.name) == 1)
    counts = Counter(name for name in names if len(name) > 1)
    return [name for name, count in counts.items() if is_given(name[0]) or count * 3 >= titled[name[-1].casefold()]]


def _by_family(names: Iterable[tuple[str, ...]]) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for name in names:
        found[name[-1].casefold()].append(name)
    return found


def _fits(name: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether a name may be short for a fuller one: "Petrov", "I. Petrov", "I.Petrov" for "Ivan Petrov"."""
    if name[-1].casefold() != full[-1].casefold() or len(name) > len(full):
        return False
    rest = iter(full[:-1])
    return all(any(_same_given(given, other) for other in rest) for given in name[:-1])


def _same_given(given: str, other: str) -> bool:
    given, other = given.rstrip(".").casefold(), other.rstrip(".").casefold()
    return given == other or (len(given) == 1 or len(other) == 1) and given[:1] == other[:1]


def _names_in(text: str) -> dict[str, list[tuple[int, tuple[str, ...]]]]:
    """Names of two words or more with where they stand, by family name. Only a known given name shows where one begins."""
    found: dict[str, list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
    for run in _RUN.finditer(text):
        words = [_bare(word) for word in run.group().split()]
        start = None
        for i, word in enumerate(words):
            if word.casefold().rstrip(".") in vocabulary.NO_NAME:
                start = None
            elif start is not None and not in_capitals(word):
                found[word.casefold()].append((run.start(), (*words[start:i], word)))
            if start is None and is_given(word):
                start = i
    return found


def _bare(word: str) -> str:
    """A word of a name without what is put behind it; an initial keeps its full stop."""
    word = word[:-2] if word.endswith(("'s", "’s")) else word.rstrip(",")
    return word if len(word) == 2 else word.rstrip(".") or word
