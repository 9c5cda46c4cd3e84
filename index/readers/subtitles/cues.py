"""The cues of a subtitle file: WebVTT as the W3C's standard parses it, SubRip as programs write it, damaged ones as far as it goes.

Not by a library: webvtt-py stops at the first cue that is not well formed, srt and pysubs2 lose who speaks.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

_STAMP = r"(?:(\d{1,4})\s?:\s?)?(\d{1,3})\s?:\s?(\d{1,2})(?:\s?[.,:]\s?(\d{1,3}))?"
_TIMING = re.compile(rf"\s*{_STAMP}\s*-{{1,2}}>\s*{_STAMP}(?:\s.*)?$")
_NUMBER = re.compile(r"\s*\d{1,9}\s*$")
_NOT_SHOWN = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)|Style:|Region:")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>|</v\s*>")
_ANY_TAG = re.compile(r"<[^<>]*>")
_TAG_IN_USE = re.compile(r"</?(?:i|b|u|s|c|em|strong|font|span|ruby|rt|lang|v)\b[^<>]*>|<\d[\d:.,]*>", re.IGNORECASE)
_OVERRIDE = re.compile(r"\{\\[^{}]*\}")  # Advanced SubStation's, which players take in SubRip too: {\an8}
_BREAK = re.compile(r"<br\s*/?>|\\[Nn]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a cue's line, and whose voice it is, where the file says so."""

    text: str
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class Cue:
    """What is shown at a time, from `start` to `end` in milliseconds. `number` counts cues from 1 as they come in the file."""

    number: int
    start: int
    end: int
    lines: tuple[tuple[Words, ...], ...]


@dataclass(frozen=True, slots=True)
class Stray:
    """Lines that no time code stands over, and so are never shown: a block of a WebVTT file, what stands ahead of the first cue in
    SubRip. `line` counts from 1."""

    line: int


def in_webvtt(text: str) -> Iterator[Cue | Stray]:
    """A cue ends at a blank line. What stands ahead of the first is the file's head."""
    number = 0
    for first, block in _blocks(text):
        if _NOT_SHOWN.match(block[0]) or first == 1 and block[0].startswith("WEBVTT"):
            continue
        at = next((i for i, line in enumerate(block[:2]) if _TIMING.match(line)), None)
        if at is None:
            if number:
                yield Stray(first)
            continue
        # Without the blank line that parts them, a second time code begins another cue.
        timings = [i for i, line in enumerate(block) if i >= at and _TIMING.match(line)]
        for i, end in zip(timings, [*timings[1:], len(block)]):
            number += 1
            yield _cue(number, block[i], block[i + 1 : end], _webvtt_words)


def in_subrip(text: str) -> Iterator[Cue | Stray]:
    """A cue ends at the next time code, before its number: blank lines within a cue's words are not rare."""
    lines = text.split("\n")
    timings = [i for i, line in enumerate(lines) if _TIMING.match(line)]
    for i, line in enumerate(lines[: timings[0]] if timings else ()):
        if line.strip() and not _NUMBER.match(line):
            yield Stray(i + 1)
            break
    for number, (i, following) in enumerate(zip(timings, [*timings[1:], len(lines) + 1]), start=1):
        body = lines[i + 1 : following]
        if following <= len(lines) and body and _NUMBER.match(body[-1]):
            body.pop()
        yield _cue(number, lines[i], body, _subrip_words)


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines between blank ones, with the number of the first."""
    block: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        if line.strip():
            block.append(line)
        elif block and _is_a_cue_so_far(block) and line:
            block.append(line)  # a line of blanks does not end a cue; YouTube writes it for an empty one
        elif block:
            yield number - len(block), block
            block = []


def _is_a_cue_so_far(block: list[str]) -> bool:
    return any(_TIMING.match(line) for line in block[:2])


def _cue(number: int, timing: str, body: list[str], words_of) -> Cue:
    hours, minutes, seconds, part, *until = _TIMING.match(timing).groups()
    lines = []
    voice: str | None = None
    for line in _BREAK.sub("\n", "\n".join(body)).split("\n"):
        pieces, voice = words_of(line, voice)
        if any(piece.text.strip() for piece in pieces):
            lines.append(tuple(pieces))
    return Cue(number, _milliseconds(hours, minutes, seconds, part), _milliseconds(*until), tuple(lines))


def _milliseconds(hours: str | None, minutes: str, seconds: str, part: str | None) -> int:
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int((part or "0").ljust(3, "0"))


def _webvtt_words(line: str, voice: str | None) -> tuple[list[Words], str | None]:
    """A line's pieces, and the voice that goes on in the next line."""
    pieces = []
    start = 0
    for match in [*_VOICE.finditer(line), None]:
        words = _OVERRIDE.sub("", _ANY_TAG.sub("", line[start : match.start() if match else len(line)]))
        if words:
            pieces.append(Words(html.unescape(words), voice))
        if match:
            voice = " ".join(html.unescape(match[1] or "").split()) or None
            start = match.end()
    return pieces, voice


def _subrip_words(line: str, voice: str | None) -> tuple[list[Words], str | None]:
    if _VOICE.search(line) or voice:
        return _webvtt_words(line, voice)
    return [Words(_OVERRIDE.sub("", _TAG_IN_USE.sub("", line)))], None
