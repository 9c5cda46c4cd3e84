"""Who said what in prose: the sieve. Each paragraph is read sentence by sentence; what nobody claims is left alone.

>>> from index.blocks import lay_out
>>> text = 'The mayor said that it would rain. "Take an umbrella," she added.'
>>> for u in reported_speech(text, lay_out(text)[0]):
...     print(u.mode, u.mention.of(text), [p.of(text) for p in u.parts])
indirect The mayor ['that it would rain']
direct she ['"Take an umbrella,"']
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.records import Block, Span
from index.speech.clauses import Sentence, Token, is_adverb, read_sentences, span_of
from index.speech.continuation import Paragraph, alone
from index.speech.english import ENGLISH
from index.speech.extents import SIGNING, Saying
from index.speech.language import Language
from index.speech.quotations import quotations
from index.speech.records import Mode, Utterance
from index.speech.sayings import sayings
from index.speech.tags import is_tag

_DOUBLE = '“”„«»"`'
_LONGEST_HEADING = 60  # code points
_LONGEST_SENTENCE = 1000  # tokens: what is longer is a table or a ruin, and each cue is weighed against all others


def reported_speech(text: str, blocks: Sequence[Block], language: Language = ENGLISH) -> list[Utterance]:
    """The utterances in the prose of `blocks`, in order. Speakers are given as they are named where this is said;
    who they are is left open."""
    found: list[Utterance] = []
    before = Paragraph()
    for block in blocks:
        if block.kind == "apparatus":
            continue
        quoted = quotations(text, block.span, language)
        sentences = _with_tags(read_sentences(text, block.span, quoted, language), language)
        utterances = _in_paragraph(text, sentences, before, language)
        if (
            utterances
            and (opened := _left_open(found, before)) is not None
            and _goes_on(text, utterances[0], block, language)
        ):
            first = found.pop(opened)
            utterances[0] = replace(first, parts=first.parts + utterances[0].parts)
        before = Paragraph(tuple(sentences), tuple(utterances))
        found += utterances
    return sorted(found, key=lambda u: (u.span, len(u.parts)))


def _in_paragraph(text: str, sentences: list[Sentence], before: Paragraph, language: Language) -> list[Utterance]:
    found: list[Utterance] = []
    for number, sentence in enumerate(sentences):
        said = sayings(sentence.tokens, language) if len(sentence.tokens) <= _LONGEST_SENTENCE else []
        quoted = tuple(t.span for t in sentence.tokens if t.kind == "quotation")
        last_quoted = next((i for i in range(len(found) - 1, -1, -1) if found[i].mode != "indirect"), None)
        if said:
            for utterance in (_utterance(sentence.tokens, s) for s in said):
                _add(found, utterance, last_quoted if _opens_with_quotation(sentence, language) else None)
        elif quoted and sentence.is_quotation and not (len(sentences) == 1 and _is_heading(text, quoted)):
            if last_quoted is None:
                above = Paragraph(tuple(sentences[:number]), tuple(found))
                found.append(alone(text, quoted, above, before, language))
            else:
                _extend(found, last_quoted, quoted)
    return found


def _opens_with_quotation(sentence: Sentence, language: Language) -> bool:
    """“…” / Instead, “…”"""
    kinds = [t.kind for t in sentence.tokens]
    if "quotation" not in kinds:
        return False
    lead = [t for t in sentence.tokens[: kinds.index("quotation")] if t.kind != "mark"]
    return all(is_adverb(t, language) or t.word in language.openers | language.adverbs for t in lead)


def _is_heading(text: str, quoted: tuple[Span, ...]) -> bool:
    """Whether the quotation that a paragraph consists of heads a section: short, and in single marks."""
    double = text[quoted[0].start] in _DOUBLE or text.startswith("''", quoted[0].start)
    return len(quoted) == 1 and len(quoted[0]) < _LONGEST_HEADING and not double


def _add(found: list[Utterance], utterance: Utterance, last_quoted: int | None) -> None:
    """A quotation that nothing in its sentence claims goes on with the quoted words before, where it opens the sentence,
    or else has the speaker of what was said last in the paragraph, where its sentence names nobody."""
    if utterance.rule.startswith("fragment") and last_quoted is not None:
        _extend(found, last_quoted, utterance.parts)
    elif utterance.rule == "fragment" and found and found[-1].mention:
        found.append(replace(utterance, mention=found[-1].mention, because="continued"))
    else:
        found.append(utterance)


def _extend(found: list[Utterance], at: int, parts: tuple[Span, ...]) -> None:
    found[at] = replace(found[at], parts=found[at].parts + parts)


def _left_open(found: list[Utterance], before: Paragraph) -> int | None:
    """Which utterance holds the quotation that the paragraph before leaves open."""
    if not before.is_left_open:
        return None
    end = before.sentences[-1].span.end
    return next((i for i in range(len(found) - 1, -1, -1) if found[i].parts[-1].end == end), None)


def _goes_on(text: str, utterance: Utterance, block: Block, language: Language) -> bool:
    """Whether the words that open a paragraph go on with the quotation that the one before left open."""
    start = utterance.parts[0].start
    untold = utterance.rule == "untagged" or utterance.because == "continued"
    return start == block.span.start and untold and not language.label.match(text, start)


def _with_tags(sentences: list[Sentence], language: Language) -> list[Sentence]:
    """A tag that stands as a sentence of its own joined to the quotation before: “Why not?” Ann said."""
    joined: list[Sentence] = []
    for sentence in sentences:
        last = joined[-1].tokens[-1] if joined else None
        if last and last.kind == "quotation" and (last.word.endswith(",") or _tags(sentence.tokens, language)):
            joined[-1] = Sentence(joined[-1].tokens + sentence.tokens)
        else:
            joined.append(sentence)
    return joined


def _tags(tokens: Sequence[Token], language: Language) -> bool:
    signs = tokens[0].word in SIGNING and len(tokens) > 1 and tokens[1].kind == "name"
    return signs or is_tag(tokens, language)


def _utterance(tokens: Sequence[Token], said: Saying) -> Utterance:
    kinds = {t.kind for start, end in said.ranges for t in tokens[start:end]}
    mode: Mode = "indirect" if "quotation" not in kinds else "mixed" if kinds & {"word", "name"} else "direct"
    return Utterance(
        tuple(span_of(tokens, r) for r in sorted(said.ranges)),
        mode,
        "quotation" if mode == "direct" else "report",
        said.rule,
        span_of(tokens, said.speaker) if said.speaker else None,
        span_of(tokens, said.cue) if said.cue else None,
    )
