"""The grammar that can be had without a parser: tokens, sentences with their quotations masked, and noun phrases.

A quotation is one token, whatever it holds, so that the sentence around it is read as if it were a noun.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from index.records import Span
from index.sentences import sentences
from index.speech.language import Language
from index.speech.quotations import Quotation

TokenKind = Literal["word", "name", "mark", "quotation", "aside"]

_TOKEN = re.compile(
    r"(?P<aside>[(\[][^()\[\]\n]{1,80}[)\]])"
    r"|(?P<word>(?:[^\W\d_]\.){2,}|[#@$£€]?\w+(?:[.,/]\d+)*%?(?:['’\-‑&]\w+)*)"
    r"|(?P<mark>--|[^\w\s])"
)


_FULL_STOPS = (".", "?", "!")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a mark, an aside in brackets or a whole quotation. `word` is in lower case with a plain apostrophe."""

    kind: TokenKind
    word: str
    span: Span
    quotation: Quotation | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in which quotations are single tokens: one that holds full stops does not end it."""

    tokens: tuple[Token, ...]
    span: Span

    @property
    def is_quotation(self) -> bool:
        """Whether there is nothing but quotations in it."""
        return all(t.kind in ("quotation", "mark") for t in self.tokens)


def read_sentences(text: str, within: Span, quoted: Sequence[Quotation], language: Language) -> list[Sentence]:
    """The sentences of one block, quotations masked."""
    spans = _unbroken(text, sentences(text, within), quoted)
    tokens = list(_tokens(text, within, quoted, language))
    found, at = [], 0
    for span in spans:
        first = at
        while at < len(tokens) and tokens[at].span.start < span.end:
            at += 1
            # The splitter does not always see that a quotation opens a sentence: He left. ''I had to,'' he said.
            if at < len(tokens) and tokens[at].kind == "quotation" and tokens[at - 1].word in _FULL_STOPS and at - first > 2:
                found.append(_sentence(tokens[first:at]))
                first = at
        if at > first:
            found.append(_sentence(tokens[first:at]))
    return found


def _sentence(tokens: list[Token]) -> Sentence:
    return Sentence(tuple(tokens), Span(tokens[0].span.start, tokens[-1].span.end))


def _unbroken(text: str, spans: list[Span], quoted: Sequence[Quotation]) -> list[Span]:
    """Sentences joined where the boundary between them lies inside a quotation."""
    joined: list[Span] = []
    for span in spans:
        if joined and any(q.span.start < span.start < q.span.end for q in quoted):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _tokens(text: str, within: Span, quoted: Sequence[Quotation], language: Language) -> Iterator[Token]:
    position = within.start
    taken = position  # up to where the text is in a token: an abbreviation holds its full stop
    for quotation in [*quoted, None]:
        end = quotation.span.start if quotation else within.end
        for match in _TOKEN.finditer(text, position, end):
            if match.start() < taken:
                continue
            kind, word = match.lastgroup, match.group()
            stop = taken = match.end()
            if kind == "word":
                folded = word.lower().replace("’", "'")
                if text[stop : stop + 1] == "." and folded in language.abbreviations:
                    stop = taken = stop + 1
                kind = "name" if word[0].isupper() or word[0] in "@" else "word"
                yield Token(kind, folded, Span(match.start(), stop))
            else:
                yield Token(kind, word, Span(match.start(), stop))
        if quotation and _nickname(text, quotation):
            yield Token("aside", quotation.inner.of(text), quotation.span)
            position = quotation.span.end
        elif quotation:
            yield Token("quotation", quotation.inner.of(text).rstrip()[-3:], quotation.span, quotation)
            position = quotation.span.end


def _nickname(text: str, quotation: Quotation) -> bool:
    """Marcia "Cia" Price: one capitalised word in marks between names."""
    inner = quotation.inner.of(text)
    before, after = text[: quotation.span.start][-40:].split(), text[quotation.span.end : quotation.span.end + 2]
    return inner.isalpha() and inner[0].isupper() and bool(before) and before[-1][0].isupper() and after[1:].isupper() and after[0] == " "
