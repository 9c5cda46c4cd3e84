"""The one speech of a monologue: words in the first person by somebody whom title, by-line or metadata name.

>>> from index.blocks import lay_out
>>> text = "Remarks by Prime Minister Anna Bruni at the Harbour\\n\\nRome\\n\\nI thank you all. We open our new harbour."
>>> speech = monologue(Document(text, *lay_out(text)))
>>> speech.name, speech.role, speech.mention.of(text), [part.of(text) for part in speech.parts]
('Anna Bruni', 'Prime Minister', 'Prime Minister Anna Bruni', ['I thank you all. We open our new harbour.'])
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.records import Block, Document, Span
from index.speech import label_words as vocabulary
from index.speech.label_names import proper_name
from index.speech.labels import shape_of
from index.speech.own_words import in_first_person, share_of_first_person
from index.speech.records import Utterance

_HEAD_BLOCKS = 12
_HEAD_LINE = 400
_SPEECH = "|".join(sorted(vocabulary.SPEECHES))
_BY = re.compile(
    rf"\b(?:{_SPEECH})(?:,? as (?:prepared for delivery|delivered))?(?: (?:delivered|given|made))? (?:by|of|from):? "
    rf"(?P<rest>[^\n:;(\[“\"—–]{{2,160}})",
    re.IGNORECASE,
)
_WHO_ENDS = re.compile(
    r"$|,|\s+(?:at|on|in|to|for|before|during|after|upon|following|about|regarding|with|as|prior|via|honoring|announcing|marking"
    r"|welcoming|and|delivered|is|commemorating)\b",
    re.IGNORECASE,
)
_OF = re.compile(
    rf"(?:^|[:—–]\s*)(?P<rest>[^\n:;(\[“\"—–'’]{{2,90}})['’]s? (?:[\w-]+ ){{0,3}}(?:{_SPEECH})\b", re.IGNORECASE
)
_SEVERAL = re.compile(r"\s*(?:,\s*(?:and\s)?|\s(?:and|&)\s)", re.IGNORECASE)
_ADDRESSED = re.compile(
    r"\b(?:thank you|ladies and gentlemen|my fellow|good (?:morning|afternoon|evening)|dear (?:friends|colleagues|guests)|hello"
    r"|distinguished|your excellenc\w+|comrades|friends,)",
    re.IGNORECASE,
)
_OWN = 0.02  # share of words in the first or second person that a speech has at least
_CLOCK = re.compile(r"\d{1,2}:\d{2} ?[ap]\.?m\.?", re.IGNORECASE)
_END = re.compile(
    r"(?:\(?END\)?|###|FIN)?(?:\s*\d{1,2}:\d{2} ?[AP]\.?M\.?(?: [A-Z]{2,4})?)?|[(\[][^()\[\]]{0,200}[)\]]",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class _Speaker:
    name: str | None
    role: str | None
    mention: Span | None


def monologue(document: Document) -> Utterance | None:
    """The speech that a document is, or None. Its parts are the paragraphs of it, without head matter and introduction."""
    if told := told_speaker(document):
        parts = _trimmed(document.text, [block for block in document.blocks if block.kind != "apparatus"])
        return _utterance(parts, _Speaker(told, None, None)) if parts else None
    speaker = _named_in_head(document) or _author(document)
    if speaker is None:
        return None
    spoken = [block for block in document.blocks if block.kind == "paragraph" and not _holds(block, speaker.mention)]
    parts = _trimmed(document.text, _speech(document.text, spoken, speaker))
    if not parts or share_of_first_person(part.of(document.text) for part in parts) < _OWN:
        return None
    return _utterance(parts, speaker)


def told_speaker(document: Document) -> str | None:
    """The speaker whom the metadata name, as a record of one turn has it."""
    told = (value for field, value in document.metadata.extra.items() if field.casefold() == "speaker")
    return next(told, "").strip() or None


def _utterance(parts: tuple[Span, ...], speaker: _Speaker) -> Utterance:
    return Utterance(
        parts, "direct", "monologue", "by-line", speaker.mention, None, speaker.name, speaker.role, "by-line"
    )


def _named_in_head(document: Document) -> _Speaker | None:
    """Who title or head matter say it is by: "Remarks by …", "Anna Bruni’s speech at …"."""
    for block in document.blocks[:_HEAD_BLOCKS]:
        line = block.span.of(document.text)
        if len(line) <= _HEAD_LINE and (found := _speaker_in(line)):
            name, role, (start, end) = found
            return _Speaker(name, role, Span(block.span.start + start, block.span.start + end))
    if document.metadata.title and (found := _speaker_in(document.metadata.title)):
        return _Speaker(found[0], found[1], None)
    return None


def _speaker_in(line: str) -> tuple[str | None, str | None, tuple[int, int]] | None:
    """Name, role and place of whom a line says the speech is by: the shortest beginning of what follows that names somebody."""
    for match in filter(None, (_BY.search(line), _OF.search(line))):
        begin, rest = match.start("rest"), match["rest"].rstrip()
        ends = [end.start() for end in _WHO_ENDS.finditer(rest)] if match.re is _BY else [len(rest)]
        for end in ends:
            shaped = shape_of(rest[:end])
            if shaped and shaped.shape in ("titled", "full", "caps", "somebody"):
                if _SEVERAL.match(rest, end) and _names_another(rest[end:]):
                    return None
                start, stop = shaped.part
                return proper_name(shaped.name) or None, shaped.role, (begin + start, begin + stop)
    return None


def _names_another(words: str) -> bool:
    """Whether what follows a name is another one, "and Mayor Ivan Petrov", and not what they are, ", Mayor of Rome"."""
    rest = words[_SEVERAL.match(words).end() :]
    shaped = shape_of(rest[: next(end.start() for end in _WHO_ENDS.finditer(rest) if end.start() or not rest)])
    if shaped is None or shaped.shape in ("glued", "single", "nobody"):
        return False
    return shaped.shape in ("titled", "somebody") or not any(
        word.casefold() in vocabulary.ROLES for word in shaped.name
    )


def _author(document: Document) -> _Speaker | None:
    """Whoever the metadata call the author, when the text addresses an audience: authors of articles do not."""
    author = (document.metadata.author or "").strip()
    body = [block.span.of(document.text) for block in document.blocks if block.kind == "paragraph"]
    if not author or _SEVERAL.search(author) or not any(_ADDRESSED.search(words[:400]) for words in body[:3]):
        return None
    at = document.text.find(author, 0, _HEAD_LINE * 4)
    return _Speaker(author, None, Span(at, at + len(author)) if at >= 0 else None)


def _speech(text: str, blocks: Sequence[Block], speaker: _Speaker) -> list[Block]:
    """The blocks from the first one that is in the speaker's voice: what introduces it is short or speaks of them."""
    for i, block in enumerate(blocks):
        words = block.span.of(text)
        in_passing = _is_line(words) or _speaks_of(words, speaker)
        if in_first_person(words) and not _speaks_of(words, speaker) or not in_passing:
            return list(blocks[i:])
    return []


def _trimmed(text: str, blocks: Sequence[Block]) -> tuple[Span, ...]:
    """The spans of blocks, without the lines of no words, stage directions and "END" at the end."""
    spans = [block.span for block in blocks]
    while spans and (not _LETTER.search(spans[-1].of(text)) or _END.fullmatch(spans[-1].of(text).strip())):
        spans.pop()
    return tuple(spans)


def _is_line(words: str) -> bool:
    """A line of head matter: a place, a time, an address."""
    return (
        len(words) < 200
        and words.rstrip()[-1:] not in '.!?…”"’'
        or bool(_CLOCK.search(words[-30:]))
        and len(words) < 200
    )


def _speaks_of(words: str, speaker: _Speaker) -> bool:
    """Whether words outside quotation marks name the speaker in the third person."""
    family = speaker.name.split()[-1] if speaker.name else None
    return bool(family and re.search(rf"\b{re.escape(family)}\b(?!:)", words)) or bool(
        speaker.role and speaker.role.casefold() in words.casefold() and not in_first_person(words)
    )


def _holds(block: Block, mention: Span | None) -> bool:
    return mention is not None and block.span.holds(mention)
