"""The grammar that can be had without a parser: tokens, and sentences with their quotations masked.

A quotation is one token, whatever it holds, so that the sentence around it is read as if it were a noun.

>>> from index.speech.english import ENGLISH
>>> from index.speech.quotations import quotations
>>> text = 'The mayor called it "a joke. A bad one," and left.'
>>> within = Span(0, len(text))
>>> [s] = read_sentences(text, within, quotations(text, within), ENGLISH)
>>> [t.span.of(text) for t in s.tokens]
['The', 'mayor', 'called', 'it', '"a joke. A bad one,"', 'and', 'left', '.']
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from index.records import Span
from index.sentences import sentences
from index.speech.language import Language
from index.speech.quotations import Quotation

TokenKind = Literal["word", "name", "mark", "quotation", "aside"]
"""`name` is a word with a capital, `aside` what stands in brackets, with them."""

Phrase = tuple[int, int]
"""A half-open range of indices into a sentence's tokens."""

DASHES = ("—", "–", "--", "-")

_TOKEN = re.compile(
    r"(?P<aside>[(\[][^()\[\]\n]{1,80}[)\]])"
    r"|(?P<word>(?:[^\W\d_]\.){2,}|[#@$£€]?\w+(?:[.,/]\d+)*%?(?:['’\-‑&]\w+)*)"
    r"|(?P<mark>--|[^\w\s])"
)
_FULL_STOPS = (".", "?", "!")
_LONGEST_TITLE = 5  # words


@dataclass(frozen=True, slots=True)
class Token:
    """`word` is in lower case with a plain apostrophe; of a quotation it is what stands between its marks, as written."""

    kind: TokenKind
    word: str
    span: Span
    quotation: Quotation | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in which quotations are single tokens: one that holds full stops does not end it."""

    tokens: tuple[Token, ...]

    @property
    def span(self) -> Span:
        return span_of(self.tokens, (0, len(self.tokens)))

    @property
    def is_quotation(self) -> bool:
        """Whether there is nothing but quotations in it."""
        return all(t.kind in ("quotation", "mark") for t in self.tokens)


def span_of(tokens: Sequence[Token], phrase: Phrase) -> Span:
    """The text that a range of tokens, which is not empty, covers."""
    return Span(tokens[phrase[0]].span.start, tokens[phrase[1] - 1].span.end)


def is_quotation(tokens: Sequence[Token], at: int) -> bool:
    return 0 <= at < len(tokens) and tokens[at].kind == "quotation"


def is_adverb(token: Token, language: Language) -> bool:
    return token.kind == "word" and (
        token.word in language.adverbs
        or (token.word.endswith(language.adverb_ends) and token.word not in language.not_adverbs)
    )


def is_participle(token: Token, language: Language) -> bool:
    return token.kind == "word" and token.word.endswith(language.participle_ends)


def read_sentences(text: str, within: Span, quoted: Sequence[Quotation], language: Language) -> list[Sentence]:
    """The sentences of one block, its quotations masked."""
    starts = [q.span.start for q in quoted]  # in order, and none overlaps another
    ends = [
        s.end
        for s in sentences(text, within)
        if not ((before := bisect_left(starts, s.end)) and s.end < quoted[before - 1].span.end)
    ]
    tokens = list(_tokens(text, within, quoted, language))
    found: list[Sentence] = []
    first = 0
    for at, token in enumerate(tokens):
        if at > first and (_past_any(ends, token) or _opens_sentence(tokens, first, at)):
            found.append(Sentence(tuple(tokens[first:at])))
            first = at
    if first < len(tokens):
        found.append(Sentence(tuple(tokens[first:])))
    return found


def _past_any(ends: list[int], token: Token) -> bool:
    """Whether a sentence has ended before `token`; its end is taken off the list."""
    passed = False
    while ends and token.span.start >= ends[0]:
        ends.pop(0)
        passed = True
    return passed


def _opens_sentence(tokens: list[Token], first: int, at: int) -> bool:
    """The splitter does not always see that a quotation opens a sentence: He left. ''I had to,'' he said."""
    return tokens[at].kind == "quotation" and tokens[at - 1].word in _FULL_STOPS and at - first > 2


def _tokens(text: str, within: Span, quoted: Sequence[Quotation], language: Language) -> Iterator[Token]:
    position = within.start
    for quotation in quoted:
        yield from _unquoted(text, Span(position, quotation.span.start), language)
        position = quotation.span.end
        if title := _title(text, quotation, language):
            yield Token("name", title.of(text).lower(), title)
            yield from _unquoted(text, Span(title.end, quotation.inner.end), language)
        elif _nickname(text, quotation):
            yield Token("aside", quotation.inner.of(text), quotation.span)
        else:
            yield Token("quotation", quotation.inner.of(text).strip(), quotation.span, quotation)
    yield from _unquoted(text, Span(position, within.end), language)


def _unquoted(text: str, within: Span, language: Language) -> Iterator[Token]:
    taken = within.start  # up to where the text is in a token: an abbreviation holds its full stop
    for match in _TOKEN.finditer(text, within.start, within.end):
        if match.start() < taken:
            continue
        kind, word, taken = match.lastgroup, match.group(), match.end()
        if kind == "word":
            kind = "name" if word[0].isupper() or word[0] == "@" else "word"
            word = word.lower().replace("’", "'")
            if word in language.abbreviations and text[taken : min(taken + 1, within.end)] == ".":
                taken += 1
        yield Token(kind, word, Span(match.start(), taken))


def _title(text: str, quotation: Quotation, language: Language) -> Span | None:
    """The name of a programme or a paper: on ABC’s “This Week”."""
    title = quotation.inner.of(text).rstrip(",")
    words = title.split()
    before = text[max(0, quotation.span.start - 20) : quotation.span.start].split()
    if not before or not 0 < len(words) <= _LONGEST_TITLE or title.strip()[-1] in _FULL_STOPS:
        return None
    if not all(w[0].isupper() or w in language.small_words for w in words):
        return None
    owner = before[-1].replace("’", "'")
    if owner[0].isupper() and owner.endswith(language.possessive_ends) or owner.lower() in language.showing:
        return Span(quotation.inner.start, quotation.inner.start + len(title))
    return None


def _nickname(text: str, quotation: Quotation) -> bool:
    """Marcia "Cia" Price: one capitalised word in marks between names."""
    inner = quotation.inner.of(text)
    before = text[max(0, quotation.span.start - 40) : quotation.span.start].split()
    after = text[quotation.span.end : quotation.span.end + 2]
    between = bool(before) and before[-1][0].isupper() and after[:1] == " " and after[1:].isupper()
    return between and inner.isalpha() and inner[0].isupper()
