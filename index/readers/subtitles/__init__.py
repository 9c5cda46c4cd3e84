"""Subtitles (SubRip, WebVTT): what is said, cue after cue, as paragraphs; the time of each cue is its place.

Cues break sentences wherever the picture wants it, so they are joined by blanks. A paragraph ends where somebody else speaks
(by the voice that the format tells, a dash, ">>", a name and a colon at the line), where nobody speaks for some seconds, and, once
it is long, with a sentence. Dashes and names stay in the text, where they are looked at as in any transcript.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from index.errors import UnreadableFile
from index.readers.base import Format, Options, Problem, Reading, decode
from index.readers.subtitles.cues import Cue, Stray, Words, in_subrip, in_webvtt
from index.records import Block, Document, Locator, Metadata, Span, Voice

_PAUSE = 3000  # milliseconds, after which a paragraph ends, with its sentence
_LONG_PAUSE = 12_000  # after which it ends in any case
_LONG = 500  # characters, after which a paragraph ends with a sentence; with a cue, where there are no full stops
_LONGEST = 4000  # after which it ends in any case
_PUNCTUATED = 0.05  # share of the cues with which a sentence ends, where there are full stops at all
_ENDS_SENTENCE = re.compile(r"[.!?…。！？]['\"”’»)\]]*$")
_MARK = re.compile(r"\s*>>+\s*(?P<rest>.*)")
_DASH = re.compile(r"\s*[-–—‐]\s?(?=[^\W\d]|[\"“'‘\[(¿¡])(?P<rest>.*)")
_SOUND = re.compile(r"[\[(♪][^\[\]()♪]*[\])♪]")  # "[GAVEL BANGS]": nobody says it
_LABEL = re.compile(r"\s*(?P<name>(?:[^\W\d_][\w.'’-]*\s){0,4}[^\W\d_][\w.'’-]*)(?:\s?[(\[][^()\[\]]{1,40}[)\]])?:\s")
_ROLLS_FROM = 3  # pairs of cues, and the share of all pairs, that show a line again
_ROLLING_SHARE = 0.3
_TOUCHING = 200  # milliseconds
_LANGUAGE = re.compile(r"^Language:\s*([A-Za-z]{2,3}(?:-[A-Za-z]{2,4})?)\s*$", re.MULTILINE)


def read_srt(data: bytes, name: str, options: Options = Options()) -> Reading:
    decoded = decode(data)
    return Reading(decoded.encoding, iter(_items(in_subrip(_with_line_feeds(decoded.text)), Metadata())))


def read_vtt(data: bytes, name: str, options: Options = Options()) -> Reading:
    decoded = decode(data)
    text = _with_line_feeds(decoded.text)
    language = _LANGUAGE.search(text.partition("\n\n")[0])
    return Reading(
        decoded.encoding, iter(_items(in_webvtt(text), Metadata(language=language[1] if language else None)))
    )


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def _items(found: Iterable[Cue | Stray], metadata: Metadata) -> list[Document | Problem]:
    cues: list[Cue] = []
    strays: list[Stray] = []
    for item in found:
        (cues if isinstance(item, Cue) else strays).append(item)
    if not cues:
        raise UnreadableFile("no subtitles: no time codes “00:01:02,000 --> 00:01:04,000” are in it")
    text = _Text(has_full_stops=sum(_ends_sentence(cue) for cue in cues) >= _PUNCTUATED * len(cues))
    shown = _unrolled(cues) if (rolling := _rolls(cues)) else cues
    for cue in shown:
        text.add(cue)
    text.close()
    if not text.blocks:
        raise UnreadableFile("the subtitles hold no words: leave the file out")
    notes = ["Subtitles are joined into paragraphs, and marks of style left out."]
    if rolling:
        notes.append("Lines that the captions show again as they roll are left out.")
    document = Document(
        "".join(text.parts),
        tuple(text.blocks),
        metadata,
        fidelity="extracted",
        locators=tuple(text.locators),
        voices=tuple(text.voices),
        notes=tuple(notes),
    )
    return [document, *_problems(cues, strays)]


class _Text:
    """The text under construction. Offsets are born here: what is added begins where what was added before it ends."""

    def __init__(self, has_full_stops: bool) -> None:
        self._has_full_stops = has_full_stops
        self.parts: list[str] = []
        self.blocks: list[Block] = []
        self.locators: list[Locator] = []
        self.voices: list[Voice] = []
        self._length = 0
        self._paragraph: int | None = None  # where the one that is being written begins
        self._voice: str | None = None
        self._first = 0  # its first part
        self._is_anothers = False  # it was opened by a dash: somebody else speaks
        self._until = 0  # when the last cue ended
        self._last = ""

    def add(self, cue: Cue) -> None:
        is_new = True
        is_dialogue = _is_dialogue(cue)
        for line in cue.lines:
            for number, piece in enumerate(line):
                words = " ".join(piece.text.split())
                if not words:
                    continue
                if self._parts_before(cue, piece, is_dialogue, opens_line=number == 0, opens_cue=is_new):
                    self.close()
                glued = number > 0 and not piece.text[0].isspace() and not line[number - 1].text[-1:].isspace()
                self._write(words, piece.voice, glued)
                if is_new:
                    start = self._length - len(words)
                    label, until = _clock(cue.start // 1000), _clock(-(-cue.end // 1000))
                    self.locators.append(
                        Locator(start, "time", label, cue.number, until if cue.end >= cue.start else None)
                    )
                    is_new = False
        if not is_new:
            self._until = cue.end

    def close(self) -> None:
        if self._paragraph is not None:
            span = Span(self._paragraph, self._length)
            is_sound = bool(_SOUND.fullmatch("".join(self.parts[self._first :])))
            self.blocks.append(Block("apparatus" if is_sound else "paragraph", span, len(self.blocks) + 1))
            if self._is_anothers and not is_sound:
                self.voices.append(Voice(span, None))
        self._paragraph = None

    def _parts_before(self, cue: Cue, piece: Words, is_dialogue: bool, opens_line: bool, opens_cue: bool) -> bool:
        """Whether a new paragraph begins with a piece."""
        if self._paragraph is None:
            return False
        if piece.voice != self._voice or _SOUND.fullmatch(piece.text.strip()) or _SOUND.fullmatch(self._last):
            return True
        sentence_ends = not self._has_full_stops or bool(_ENDS_SENTENCE.search(self._last))
        if opens_line and _opens_turn(piece.text, sentence_ends or is_dialogue):
            return True
        length = self._length - self._paragraph
        pause = cue.start - self._until if opens_cue else 0
        if pause >= _LONG_PAUSE or opens_cue and length > (_LONGEST if self._has_full_stops else _LONG):
            return True
        return sentence_ends and (pause >= _PAUSE or self._has_full_stops and length > _LONG)

    def _write(self, words: str, voice: str | None, glued: bool) -> None:
        between = ""
        if self._paragraph is not None:
            between = "" if glued else " "
        elif self.blocks:
            between = "\n\n"
        start = self._length + len(between)
        self.parts += [between, words]
        self._length = start + len(words)
        if voice:
            before = self.voices[-1] if self.voices else None
            if before and before.name == voice and before.span.end + len(between) == start and self._voice == voice:
                start = self.voices.pop().span.start
            self.voices.append(Voice(Span(start, self._length), voice))
        if self._paragraph is None:
            self._paragraph, self._first = self._length - len(words), len(self.parts) - 1
            opened = _DASH.match(words) or _MARK.match(words)
            self._is_anothers = bool(opened and not voice and not _LABEL.match(opened["rest"]))
        self._voice, self._last = voice, words


def _opens_turn(words: str, may: bool) -> bool:
    """Whether a line begins somebody's turn: with a mark, a label in capitals, or, where it `may` since no sentence goes on, with a
    dash or another label, of which each longer word is capitalised. A dash before a small letter is the sentence's own."""
    if _MARK.match(words):
        return True
    if match := _DASH.match(words):
        return may and not match["rest"][:1].islower()
    match = _LABEL.match(words)
    if not match:
        return False
    return match["name"].isupper() or may and all(w[0].isupper() or len(w) <= 3 for w in match["name"].split())


def _is_dialogue(cue: Cue) -> bool:
    """Whether two speak in a cue, each after a dash."""
    return sum(bool(_DASH.match(line[0].text)) for line in cue.lines) > 1


def _rolls(cues: list[Cue]) -> bool:
    """Whether the captions of a file roll: many show the last line of the one before again, and a new one under it, as those do
    that a machine makes of live speech."""
    plain = [lines for cue in cues if (lines := _plain(cue))]
    pairs = list(zip(plain, plain[1:]))
    again = sum(before[-1] == after[0] and (len(after) > 1 or len(before) > 1) for before, after in pairs)
    again += sum(len(after) == len(before) == 1 and after[0].startswith(before[0] + " ") for before, after in pairs)
    return again >= _ROLLS_FROM and again >= _ROLLING_SHARE * len(pairs)


def _unrolled(cues: list[Cue]) -> Iterator[Cue]:
    """The cues without what the cue before, to which they join, has shown already."""
    before: list[str] = []
    until = 0
    for cue in cues:
        lines = _plain(cue)
        if cue.start - until > _TOUCHING:
            before = []
        most = min(len(before), len(lines))
        seen = next((k for k in range(most, 0, -1) if before[-k:] == lines[:k]), 0)
        kept = cue.lines[seen:]
        if not seen and before and lines and lines[0].startswith(before[-1] + " "):
            rest = lines[0].removeprefix(before[-1])
            kept = ((Words(rest, cue.lines[0][-1].voice),), *cue.lines[1:])
        yield Cue(cue.number, cue.start, cue.end, kept)
        if lines:
            before, until = lines, cue.end


def _plain(cue: Cue) -> list[str]:
    return [" ".join("".join(piece.text for piece in line).split()) for line in cue.lines]


def _ends_sentence(cue: Cue) -> bool:
    return bool(cue.lines and _ENDS_SENTENCE.search(_plain(cue)[-1]))


def _problems(cues: list[Cue], strays: list[Stray]) -> Iterator[Problem]:
    reversed_ = [cue.number for cue in cues if cue.end < cue.start]
    earlier = [after.number for before, after in zip(cues, cues[1:]) if after.start < before.start]
    for numbers, reason in [
        (reversed_, "ends before it begins: its words are kept where they stand"),
        (earlier, "begins before the one in front of it: its words are kept where they stand"),
    ]:
        if numbers:
            yield Problem(f"cue {numbers[0]}{_and_more(numbers)}", reason)
    if strays:
        lines = [stray.line for stray in strays]
        yield Problem(f"line {lines[0]}{_and_more(lines)}", "has no time code and is not shown: left out")


def _and_more(numbers: list[int]) -> str:
    return f" and {len(numbers) - 1} more" if len(numbers) > 1 else ""


def _clock(seconds: int) -> str:
    """
    >>> _clock(192)
    '00:03:12'
    """
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


FORMATS = (
    Format("SubRip subtitles", (".srt",), read_srt),
    Format("WebVTT subtitles", (".vtt",), read_vtt),
)
