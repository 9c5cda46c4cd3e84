"""What may be the label of a turn, one candidate at a time: "President of Russia Vladimir Putin:", "MR. EARNEST:", "Q".

Candidates only: whether a document is a transcript at all is told by all of them together, in `index.speech.turns`.
A colon is looked at from behind: the words in front of it, back to the end of a sentence or the start of a line, are a label
when they have the shape of one. Nothing further back than `_REACH` is looked at, so the work is linear whatever the text.

>>> text = "They met in Rome. Prime Minister of Italy Anna Bruni (retranslated): Good morning."
>>> label = candidates(text)[0]
>>> label.mention.of(text), label.name, label.role
('Prime Minister of Italy Anna Bruni', ('Anna', 'Bruni'), 'Prime Minister of Italy')
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from index.records import Span
from index.speech import label_words as vocabulary

Shape = Literal["somebody", "nobody", "titled", "full", "caps", "single", "glued"]
"""`somebody`: "Question". `nobody`: stage directions. `titled`: a name with a title. `full`: a name of two words or more.
`caps`: in capitals. `single`: one word. `glued`: a name at the end of words that are none of the label's."""

_REACH = 240  # code points looked at in front of a colon
_LONGEST = 24  # words in a label
_LONGEST_NAME = 5

_COLON = re.compile(r"[:：](?![\d/\\:])")
_LINE_END = re.compile(r"[\r\n\v\f\x85\u2028\u2029]")
_TOKEN = re.compile(r"\S+")
_ROUND = r"\((?:[^()]|\([^()]{0,60}\)){1,90}\)"
_SUFFIX = re.compile(rf"\s*(?:{_ROUND}|\[[^\[\]]{{1,90}}\])$")
_MARKUP = re.compile(r"^[\W_]+")
_CLOCK_REST = re.compile(r"\d{1,2}(?:[.,]\d{1,3})?[\])]?\s+")
_NUMBER = re.compile(r"\s*(?:#|no\.?)?\s*\d{1,3}$")
_ENDS = re.compile(r"(?:[.!?…;]|\.{2,})[\"'”’»)\]*_]*$|[\"”»)\]>*•|–—-]$")
_ENDED_WITHIN = re.compile(r"(?:(?<=[^\W\d_]{2})[.!?]|[…)\]>*])[*)\]>\s]*(?=[^\W\d_])")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+-?(?:[^\W\d_]\.?)?$")
_INITIALS_GLUED = re.compile(r"^((?:[^\W\d_]\.)+)(?=[^\W\d_]{2})")
_JOINED = re.compile(r"[a-z]{1,3}[-'’](?=[^\W\d_])")
_NAME_WORD = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_][^\W\d_.'’ʼ`\-–\u0300-\u036f]*(?:['’ʼ`.\-–][^\W\d_]*)*$")
_TOOLTIP = re.compile(
    r"(?:^|\s)(?P<name>(?P<given>\S+(?:\s\S+){0,2}?)\s(?P<family>\S+(?:\s\S+)?))\s(?P=family)\s(?P=given)"
)

# A line that is a label without a colon: "Q   Thank you", "MR. SMITH -- Thank you", "Anna Bruni  00:12:03".
_ALONE = re.compile(
    r"^[^\S\r\n]*(?P<label>"
    r"(?P<q>Q(?=\.?[^\S\r\n])|A(?=\.[^\S\r\n]|[^\S\r\n]{2,}|\t))(?=\.?[^\S\r\n]+[\"“'‘(\[]?[A-ZÀ-Þ…-])"
    r"|(?P<dash>(?:[A-Z][\w.'’-]{0,20} ){0,3}[A-Z][A-Z.'’-]{1,20}) ?(?=(?:--|—) ?[A-ZÀ-Þ“\"])"
    r"|(?P<clock>[A-ZÀ-Þ][\w.'’-]{0,30}(?: [A-Z0-9À-Þ][\w.'’-]{0,30}){0,3})"
    r"[^\S\r\n]{1,20}[(\[]?\d{1,2}:\d{2}(?::\d{2})?[)\]]?(?=[^\S\r\n]{0,20}$)"
    r")",
    re.MULTILINE,
)
_AFTER_ALONE = re.compile(r"(?:\.|--|—)?")


@dataclass(frozen=True, slots=True)
class Label:
    """`span` is all that is no words of a turn: the heading or time stamp glued in front, the words, the colon.

    `mention` are the words that name the speaker; `name` the words of the name alone, as they are written, and empty where
    there is none; `role` the title in front of it, or the whole label where it names nobody.
    """

    span: Span
    mention: Span
    name: tuple[str, ...]
    role: str | None
    shape: Shape
    at_line: bool

    @property
    def key(self) -> str:
        """The same for all labels that are written alike, but for capitals and titles."""
        return " ".join(self.name or (self.role or "").split()).casefold()


def candidates(text: str) -> list[Label]:
    """Everything in `text` that has the shape of a label, in order, none overlapping."""
    found: list[Label] = []
    for label in sorted([*_with_colon(text), *_alone(text)], key=lambda label: label.span.start):
        if not found or found[-1].span.end <= label.span.start:
            found.append(label)
    return found


def is_capitalised(word: str) -> bool:
    """Whether a word begins with a capital, as "el-Sisi" does for this purpose, or with a letter of a script that has none."""
    word = word.lstrip("\"'“‘«(")
    if word[:1].islower() and (joined := _JOINED.match(word)):
        word = word[joined.end() :]
    return word[:1].isalpha() and not word[:1].islower()


def in_capitals(words: str) -> bool:
    """Whether words are written in capitals, but for a small letter or two: "SENATOR McALLEN"."""
    letters = [c for c in words if c.isalpha()]
    return len(letters) > 1 and sum(c.isupper() for c in letters) * 4 >= 3 * len(letters)


def _with_colon(text: str) -> Iterator[Label]:
    last = 0  # behind the last colon: a label holds none
    line = 0  # start of the line, as far as it was looked for
    searched = 0
    for match in _COLON.finditer(text):
        colon = match.start()
        for end in _LINE_END.finditer(text, searched, colon):
            line = end.end()
        searched = colon
        before = text[colon - 1 : colon]
        colon_before = text.rfind(":", max(last, colon - _REACH), colon) + 1
        start = max(line, last, colon_before, colon - _REACH)
        last = match.end()
        if start < colon and (before.isalpha() or before in ".)]*_ \xa0’'" or before.isdigit()):
            if label := _read(text, start, colon, match.end(), line):
                yield label


def _read(text: str, start: int, colon: int, end: int, line: int) -> Label | None:
    """The label that ends at `colon`, if the words between `start` and it have the shape of one."""
    words_end = _without_suffix(text, start, colon)
    if words_end == start and text[start:colon].strip(" ()[]*_").casefold() in vocabulary.SOMEBODY:
        words_end = start + len(text[start:colon].rstrip(" )]*_"))
    last_word = "".join(text[max(start, words_end - 40) : words_end].split()[-1:]).lstrip("*_#>")
    described = start == line and "," in text[start:words_end]  # "Anna Bruni, dock worker:"
    if not (is_capitalised(last_word) or last_word[:1].isdigit() or last_word in vocabulary.AND_OTHERS or described):
        return None
    tokens = [(start + m.start(), m.group()) for m in _TOKEN.finditer(text[start:words_end])]
    first = _first_of_run(tokens)
    if first is None:
        return None
    offset, word = tokens[first]
    run = _bare(text[offset:words_end], after_colon=offset == start and text[start - 1 : start] == ":")
    begin = words_end - len(run)
    stopped = first > 0 or start == line or text[start - 1 : start] == ":"
    at_line = begin - line <= _REACH and not text[line:begin].strip(' \t\xa0*_#>-–—•·"“[]()0123456789:.,')
    if not run or not stopped:
        return None
    shaped = shape_of(run)
    if shaped is None:
        return None
    shape, name, role, (a, b) = shaped
    if at_line:
        offset = line + len(text[line:begin]) - len(text[line:begin].lstrip())
    return Label(Span(min(offset, begin), _after(text, end)), Span(begin + a, begin + b), name, role, shape, at_line)


def _without_suffix(text: str, start: int, end: int) -> int:
    """Where the words of a label end, without "(retranslated)", "(D-NY)", "[00:12]", markup and blanks behind them."""
    piece = text[start:end].rstrip(" \t\xa0*_")
    for _ in range(2):
        if piece[-1:] not in (")", "]") or not (match := _SUFFIX.search(piece, max(0, len(piece) - 100))):
            break
        piece = piece[: match.start()].rstrip(" \t\xa0*_")
    return start + len(piece)


def _after(text: str, end: int) -> int:
    """Behind the colon and the markup that closes with it ("**Name:** …")."""
    while text[end : end + 1] in ("*", "_"):
        end += 1
    return end


def _first_of_run(tokens: list[tuple[int, str]]) -> int | None:
    """The first of the words, going back from the last one, that no sentence and no mark parts from it."""
    first = len(tokens)
    while first and len(tokens) - first < _LONGEST:
        word = tokens[first - 1][1]
        ends = _ENDS.search(word) and not _is_abbreviation(word) or word.casefold() in vocabulary.CLOCK_WORDS
        if first < len(tokens) and ends:
            break
        if within := [*_ENDED_WITHIN.finditer(word)]:
            cut = within[-1].end()
            tokens[first - 1] = (tokens[first - 1][0] + cut, word[cut:])
            tokens.insert(first - 1, (tokens[first - 1][0] - cut, word[:cut]))
            return first if first < len(tokens) else None
        first -= 1
    if first == len(tokens) or (first and len(tokens) - first >= _LONGEST):
        return None
    return first


def _is_abbreviation(word: str) -> bool:
    bare = word.lstrip("\"'“‘«(").rstrip(",")
    return bare.endswith(".") and (bare[:-1].casefold() in vocabulary.ABBREVIATIONS or bool(_INITIALS.match(bare)))


def _bare(run: str, after_colon: bool) -> str:
    """A run of words without markup, and without the rest of a clock ("[00:01:23] ") in front."""
    if after_colon and (clock := _CLOCK_REST.match(run)):
        run = run[clock.end() :]
    return run[match.end() :] if (match := _MARKUP.match(run)) else run


class Shaped(NamedTuple):
    """What a run of words says of a speaker: `part` of it names them, from and to which code point of the run."""

    shape: Shape
    name: tuple[str, ...]
    role: str | None
    part: tuple[int, int]


@lru_cache(maxsize=4096)
def shape_of(run: str) -> Shaped | None:
    """The words that may name a speaker, read; None when they are no label.

    >>> shape_of("Plant Director Ivan Petrov")
    Shaped(shape='titled', name=('Ivan', 'Petrov'), role='Plant Director', part=(0, 26))
    """
    folded = " ".join(run.casefold().replace("’", "'").split()).rstrip(".")
    whole = (0, len(run))
    unnumbered = _NUMBER.sub("", folded)
    if unnumbered in vocabulary.SOMEBODY:
        return None if run.islower() else Shaped("somebody", (), run, whole)
    if folded in vocabulary.NOBODY:
        return Shaped("nobody", (), run, whole)
    if unnumbered in vocabulary.NO_LABEL or folded.rpartition(" ")[2] in vocabulary.SPEECHES:
        return None
    if (match := _TOOLTIP.search(run)) and is_capitalised(match["name"]):
        name_at = match.start("name")
        begin = _role_start(run[:name_at].split())
        role = " ".join(run[:name_at].split()[begin:]) or None
        return Shaped("titled", tuple(match["name"].split()), role, (_offset(run, begin), match.end("name")))
    words = run.split()
    folds = [word.casefold().replace("’", "'").strip(".,\"'“”") for word in words]
    if folds[-1] in vocabulary.AND_OTHERS and len(words) > 2 and folds[-2] == "and":
        words, folds = words[:-2], folds[:-2]
        whole = (0, len(run[: _offset(run, len(words))].rstrip()))
    if (
        folds[0] in vocabulary.FORMS_OF_ADDRESS
        and words[1:2]
        and words[1].endswith(",")
        and folds[1] in vocabulary.SPOKEN_TO
    ):
        return None  # "Madam Speaker, Mr. President, friends:"
    majesty = len(words) > 2 and folds[1] in vocabulary.MAJESTIES  # "His Majesty King Abdullah"
    if not majesty and any(
        f in vocabulary.SENTENCE_WORDS and not (i and is_capitalised(w)) for i, (w, f) in enumerate(zip(words, folds))
    ):
        return None
    shaped = (
        _name_and_description(run, words, folds) or _titled(run, words, folds, whole) or _named(words, folds, whole)
    )
    title = len(words) > 2 and vocabulary.BEFORE_NAMES.issuperset(folds[:2])  # "First Lady Anna Bruni"
    begins_otherwise = folds[0] in vocabulary.NO_LABEL and not title and not (len(words) > 1 and run.isupper())
    return None if shaped and begins_otherwise and shaped.part[0] == 0 else shaped


def _name_and_description(run: str, words: list[str], folds: list[str]) -> Shaped | None:
    """ "JANE DOE, BUSINESS OWNER", "Jane Doe, CNN" """
    comma = next((i for i, word in enumerate(words[:-1]) if word.endswith(",")), None)
    if (
        comma is None
        or comma > 4
        or any(f in vocabulary.SMALL_WORDS - vocabulary.NAME_PARTICLES for f in folds[: comma + 1])
    ):
        return None
    head = [word.rstrip(",") for word in words[: comma + 1] if not word.startswith("(")]
    shaped = _named(head, folds[: len(head)], (0, 0)) if head else None
    if shaped is None or shaped.shape == "single" or not shaped.name:
        return None
    shape: Shape = "titled" if set(folds) & vocabulary.ROLES else "full"
    return Shaped(shape, shaped.name, " ".join(words[comma + 1 :]), (0, run.index(",", _offset(run, comma))))


def _titled(run: str, words: list[str], folds: list[str], whole: tuple[int, int]) -> Shaped | None:
    """A title with its complement, then a name: "First Deputy Minister of Trade Anna Bruni", "Plant CEO Ivan Petrov"."""
    turning = [
        i for i, fold in enumerate(folds[:-1]) if fold in vocabulary.ROLES or fold.split("-")[-1] in vocabulary.ROLES
    ]
    if not turning or not is_capitalised(words[-1]) or not _NAME_WORD.match(words[-1]):
        return None
    name_at, name_end = _where_name_begins(words, folds, turning[-1]), len(words)
    if (
        name_at is None
        and "of" in folds[turning[-1] + 2 : turning[-1] + 4]
        and len(words) - folds.index("of", turning[-1]) <= 4
    ):
        name_at, name_end = turning[-1] + 1, folds.index("of", turning[-1])  # "President Bruni of Italy"
    if name_at is None:
        return None
    while name_at < name_end - 1 and folds[name_at] in vocabulary.FORMS_OF_ADDRESS:
        name_at += 1
    name = words[name_at:name_end]
    if not all(_NAME_WORD.match(word) and not word.endswith(",") for word in name) or not is_capitalised(name[0]):
        return None
    begin = _role_start(words[:name_at])
    if len(name) == 1 and folds[name_at - 1] in vocabulary.TITLES_OF_NAMES:
        name_at -= 1
    role = [
        w
        for w in words[begin:name_at]
        if w.casefold().strip(".") not in vocabulary.FORMS_OF_ADDRESS - {"the", "el", "la"}
    ]
    return Shaped("titled", tuple(words[name_at:name_end]), " ".join(role) or None, (_offset(run, begin), whole[1]))


def _where_name_begins(words: list[str], folds: list[str], role: int) -> int | None:
    """Which word behind the one that a title turns on begins the name: at once, or behind the complement of the title."""
    behind = range(role + 1, len(words))
    small = vocabulary.SMALL_WORDS - vocabulary.NAME_PARTICLES
    if len(behind) <= 4 and not any(folds[i] in small for i in behind):
        whole = all(is_capitalised(words[i]) or folds[i] in vocabulary.NAME_PARTICLES for i in behind)
        return role + 1 if whole and is_capitalised(words[role + 1]) else None
    begins = len(words) - 2
    while begins > role + 1 and vocabulary.NAME_PARTICLES & set(folds[begins - 1 : begins + 1]):
        begins -= 1
    return begins if begins > role + 1 and is_capitalised(words[begins]) else None


def _named(words: list[str], folds: list[str], whole: tuple[int, int]) -> Shaped | None:
    """A name with or without a short title in front, or at the end of words that are not the label's."""
    if not is_capitalised(words[-1]):
        return None
    if (
        not all(_NAME_WORD.match(word) for word in words)
        or not all(is_capitalised(w) or f in vocabulary.NAME_PARTICLES or f == "and" for w, f in zip(words, folds))
        or len(words) > _LONGEST_NAME + 2
    ):
        return _glued(words, whole)
    if "and" in folds:
        return Shaped("full", (), " ".join(words), whole)
    first = 0
    while first < len(words) - 1 and folds[first] in vocabulary.BEFORE_NAMES:
        first += 1
    name = tuple(part for word in words[first:] for part in _INITIALS_GLUED.sub(r"\1 ", word).split())
    role = " ".join(words[:first]) or None
    if len(name) > 1 and name[-1].isupper() and name[-1].casefold().strip(".") in vocabulary.POST_NOMINALS:
        return Shaped("titled", name[:-1], role or name[-1], whole)
    if len(name) > _LONGEST_NAME:
        return None
    if first:
        spoken_to = len(name) == 1 and folds[first] in vocabulary.SPOKEN_TO and folds[0] in vocabulary.FORMS_OF_ADDRESS
        return None if spoken_to else Shaped("titled", name, role, whole)  # "Mr. President:" opens a letter
    if in_capitals("".join(words)):
        return Shaped("caps", name, None, whole)
    if len(name) > 1:
        return Shaped("full", name, None, whole)
    return Shaped("single", name, None, whole)


def _glued(words: list[str], whole: tuple[int, int]) -> Shaped | None:
    """ "Answers to questions Anna Bruni": the last two words may be a name, if the document knows it as one."""
    if len(words) < 3 or not all(is_capitalised(w) and _NAME_WORD.match(w) for w in words[-2:]):
        return None
    return Shaped("glued", tuple(words[-2:]), None, (whole[1] - len(" ".join(words[-2:])), whole[1]))


def _role_start(words: list[str]) -> int:
    """Which word of those before a name a title begins with: a heading with words in small letters may stand before it.

    >>> _role_start("Beginning of Russian-Greek talks Prime Minister of Greece".split())
    4
    """
    folds = [word.casefold().strip(".,") for word in words]
    turning = [i for i, f in enumerate(folds) if f in vocabulary.ROLES or f.split("-")[-1] in vocabulary.ROLES]
    if not turning:
        return 0
    start = turning[-1]
    if not any(w[0].islower() and f not in vocabulary.SMALL_WORDS for w, f in zip(words[:start], folds)):
        return 0
    with_complement = folds[start + 1 : start + 2] == ["of"]
    while start and is_capitalised(words[start - 1]) and (not with_complement or folds[start - 1] in vocabulary.RANKS):
        start -= 1
    return start


def _offset(run: str, word: int) -> int:
    """Where a word of a run starts; behind the last one, where the last one ends."""
    spans = [m.span() for m in _TOKEN.finditer(run)]
    return spans[word][0] if word < len(spans) else spans[-1][1]


def _alone(text: str) -> list[Label]:
    """Labels without a colon, each at the start of a line. All but "Q" have to come again: "ROME -- " opens an article too."""
    found: list[tuple[str, Label]] = []
    for match in _ALONE.finditer(text):
        kind = next(kind for kind in ("q", "dash", "clock") if match[kind])
        mention = Span(*match.span(kind))
        shaped = shape_of(mention.of(text))
        if shaped is None:
            continue
        end = match.end() if kind == "clock" else _AFTER_ALONE.match(text, match.end()).end()
        span = Span(match.start("label"), end)
        found.append((kind, Label(span, mention, shaped.name, shaped.role, shaped.shape, True)))
    again = Counter((kind, label.key if kind == "dash" else "") for kind, label in found)
    return [label for kind, label in found if kind == "q" or again[kind, label.key if kind == "dash" else ""] > 1]
