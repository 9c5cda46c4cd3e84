"""Quotations that stand alone, without a tag: whose words they go on with, or which sentence introduces them."""

from __future__ import annotations

from dataclasses import dataclass

from index.records import Span
from index.speech.clauses import Sentence
from index.speech.language import Language
from index.speech.noun_phrases import leading_subject
from index.speech.records import Utterance


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The sentences of a block and what is said in them, as far as it was read."""

    sentences: tuple[Sentence, ...]
    utterances: tuple[Utterance, ...]


def continued(quoted: tuple[Span, ...], above: Paragraph, before: Paragraph, language: Language) -> Utterance:
    """The quotations of a sentence that holds nothing else; `above` is what its own paragraph holds so far."""
    for paragraph in (above, before):
        if not paragraph.sentences:
            continue
        if _introduces(paragraph):
            return Utterance(quoted, "direct", "quotation", "colon", _subject(paragraph.sentences[-1], language))
        end = paragraph.sentences[-1].span
        last = [u for u in paragraph.utterances if u.span.end > end.start and u.mention]
        quotes = [u for u in last if u.mode != "indirect"]
        if last:
            said = (quotes or last)[-1 if quotes else 0]
            kind = ("A" if paragraph is above else "B") + ("q" if quotes else "r")
            kind += str(min(2, len({u.mention for u in paragraph.utterances})))
            return Utterance(quoted, "direct", "quotation", "continued "+kind, said.mention, said.cue, because="continued")
        break
    return Utterance(quoted, "direct", "quotation", "untagged")


def goes_on(before: Paragraph) -> bool:
    """Whether the last quotation of a paragraph was left open, to go on in the next."""
    last = before.sentences[-1].tokens[-1] if before.sentences else None
    return last is not None and last.quotation is not None and not last.quotation.closed


def _subject(sentence: Sentence, language: Language) -> Span | None:
    phrase = leading_subject(sentence.tokens, len(sentence.tokens), language)
    if phrase is None or sentence.tokens[phrase[0]].word in language.never_speaker:
        return None
    return Span(sentence.tokens[phrase[0]].span.start, sentence.tokens[phrase[1] - 1].span.end)


def _introduces(paragraph: Paragraph) -> bool:
    return paragraph.sentences[-1].tokens[-1].word == ":"
