"""Quotations that stand alone, without a tag: whose words they go on with, or which sentence introduces them."""

from __future__ import annotations

from dataclasses import dataclass

from index.records import Span
from index.speech.clauses import Sentence, span_of
from index.speech.cues import cues
from index.speech.language import Language
from index.speech.noun_phrases import is_done_to, leading_subject
from index.speech.records import Utterance
from index.speech.tags import is_tag


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The sentences of a block, or its first ones, and what is said in them."""

    sentences: tuple[Sentence, ...] = ()
    utterances: tuple[Utterance, ...] = ()

    @property
    def is_left_open(self) -> bool:
        """Whether its last quotation is not closed, so that it goes on in the next paragraph."""
        last = self.sentences[-1].tokens[-1] if self.sentences else None
        return last is not None and last.quotation is not None and not last.quotation.closed


def alone(text: str, quoted: tuple[Span, ...], above: Paragraph, before: Paragraph, language: Language) -> Utterance:
    """The quotations of a sentence that holds nothing else. `above` is what comes before it in its own paragraph,
    `before` the paragraph before; only the nearer of the two can tell whose words they are."""
    said = Utterance(quoted, "direct", "quotation", "untagged")
    if label := language.label.match(text, quoted[0].start):
        return _said(said, "label", Span(*label.span("name")), None)
    nearer = above if above.sentences else before
    if not nearer.sentences:
        return said
    last = nearer.sentences[-1]
    if last.tokens[-1].word == ":":
        denied = any(cue.denied for cue in cues(last.tokens, language))
        done_to = is_done_to(last.tokens, len(last.tokens), language)
        return _said(said, "colon", None if denied or done_to else _subject(last, language), None)
    if nearer is above and is_tag(last.tokens, language) and (verbs := cues(last.tokens, language)):
        verb = verbs[0]
        speaker = span_of(last.tokens, verb.speaker) if verb.speaker else None
        return _said(said, "sentence before", speaker, span_of(last.tokens, (verb.first, verb.last)))
    return _continued(said, nearer)


def _continued(said: Utterance, paragraph: Paragraph) -> Utterance:
    """With the speaker of what the last sentence of a paragraph says, where nobody else speaks in that paragraph."""
    end = paragraph.sentences[-1].span
    last = [u for u in paragraph.utterances if u.span.end > end.start and u.mention]
    quotes = [u for u in last if u.mode != "indirect"]
    if not last or len({u.mention for u in paragraph.utterances}) > 1:
        return said
    first = quotes[-1] if quotes else last[0]
    return Utterance(said.parts, said.mode, said.form, "continued", first.mention, first.cue, because="continued")


def _said(said: Utterance, rule: str, mention: Span | None, cue: Span | None) -> Utterance:
    return Utterance(said.parts, said.mode, said.form, rule, mention, cue)


def _subject(sentence: Sentence, language: Language) -> Span | None:
    phrase = leading_subject(sentence.tokens, len(sentence.tokens), language)
    if phrase is None or sentence.tokens[phrase[0]].word in language.never_speaker:
        return None
    return span_of(sentence.tokens, phrase)
