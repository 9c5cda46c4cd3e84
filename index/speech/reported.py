"""Who said what in prose: the sieve. Each paragraph is read sentence by sentence, and what nobody claims is left alone."""

from __future__ import annotations

from collections.abc import Sequence

from dataclasses import replace

from index.records import Block, Span
from index.speech.clauses import Sentence, Token, read_sentences
from index.speech.contents import SIGNING, Found, is_tag, said_in
from index.speech.continuation import Paragraph, continued, goes_on
from index.speech.english import ENGLISH
from index.speech.language import Language
from index.speech.quotations import quotations
from index.speech.records import Mode, Utterance


def reported_speech(text: str, blocks: Sequence[Block], language: Language = ENGLISH) -> list[Utterance]:
    """The utterances in the prose of `blocks`, in order. Speakers are given as they are named where this is said."""
    found: list[Utterance] = []
    before = Paragraph((), ())
    for block in blocks:
        if block.kind == "apparatus":
            continue
        quoted = quotations(text, block.span, language)
        sentences = _with_tags(read_sentences(text, block.span, quoted, language), language)
        utterances = _in_paragraph(text, sentences, before, language)
        if found and goes_on(before) and utterances and utterances[0].parts[0].start == block.span.start:
            if not language.label.match(utterances[0].parts[0].of(text)) and utterances[0].rule.startswith(("untagged", "continued")):
                found[-1] = utterances[0] = replace(found[-1], parts=found[-1].parts + utterances[0].parts)
                utterances = utterances[1:]
        before = Paragraph(tuple(sentences), tuple(utterances) or (before.utterances if sentences and all(s.is_quotation for s in sentences) else ()))
        found += utterances
    return sorted(found, key=lambda u: (u.span, len(u.parts)))


def _in_paragraph(text: str, sentences: list[Sentence], before: Paragraph, language: Language) -> list[Utterance]:
    found: list[Utterance] = []
    for number, sentence in enumerate(sentences):
        said = [_utterance(sentence.tokens, f) for f in said_in(sentence.tokens, language)]
        quoted = tuple(t.span for t in sentence.tokens if t.kind == "quotation")
        if said or not quoted or not sentence.is_quotation:
            found += said
            continue
        joined = next((i for i in range(len(found) - 1, -1, -1) if found[i].mode != "indirect"), None)
        if joined is not None:  # it goes on: “…,” she said. “…”
            found[joined] = replace(found[joined], parts=found[joined].parts + quoted)
        else:
            label = language.label.match(text, quoted[0].start)
            if label:
                found.append(Utterance(quoted, "direct", "quotation", "label", Span(*label.span("name"))))
                continue
            found.append(continued(quoted, Paragraph(tuple(sentences[:number]), tuple(found)), before, language))
    return found


def _with_tags(sentences: list[Sentence], language: Language) -> list[Sentence]:
    """A tag that stands as a sentence of its own joined to the quotation before: “Why not?” Ann said."""
    joined: list[Sentence] = []
    for sentence in sentences:
        if joined and joined[-1].tokens[-1].kind == "quotation":
            signed = sentence.tokens[0].word in SIGNING and len(sentence.tokens) > 1 and sentence.tokens[1].kind == "name"
            if joined[-1].tokens[-1].word.endswith(",") or signed or is_tag(sentence.tokens, language):
                tokens = joined[-1].tokens + sentence.tokens
                joined[-1] = Sentence(tokens, Span(joined[-1].span.start, sentence.span.end))
                continue
        joined.append(sentence)
    return joined


def _utterance(tokens: Sequence[Token], found: Found) -> Utterance:
    parts = tuple(_span(tokens, r) for r in sorted(found.ranges))
    inside = [t for a, b in found.ranges for t in tokens[a:b]]
    words = [t for t in inside if t.kind in ("word", "name")]
    quoted = [t for t in inside if t.kind == "quotation"]
    mode: Mode = "indirect" if not quoted else "mixed" if words else "direct"
    return Utterance(
        parts,
        mode,
        "quotation" if mode == "direct" else "report",
        found.rule,
        _span(tokens, found.speaker) if found.speaker else None,
        _span(tokens, found.cue) if found.cue else None,
    )


def _span(tokens: Sequence[Token], phrase: tuple[int, int]) -> Span:
    return Span(tokens[phrase[0]].span.start, tokens[phrase[1] - 1].span.end)
