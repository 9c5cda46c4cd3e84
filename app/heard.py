"""Whose words a document's words are, as its page tells it: a list of who speaks, and a name beside each voice's words."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field

from app.markup import Stretch, page_text, unlapped
from app.wording import one_line, said_in_parts, voice, who_said_it, why_told
from index.records import Span
from retrieval.assistant import OpenDocument
from retrieval.attribution import attributions
from retrieval.records import Attribution

_MOST_VOICES = 5000
"""In one paragraph: browsers fail at some tens of thousands of elements in one. Of more, those in the cited passage are shown."""
_MOST_SPEAKERS_SHOWN = 8
"""Where more speak in a document, the list of them has to be opened."""

Voice = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Voices:
    """What is said in a document: all of it; whose the words are, in order and without overlaps; where each voice has its first."""

    heard: list[Attribution] = field(default_factory=list)
    words: list[tuple[Span, Attribution]] = field(default_factory=list)
    first: dict[Voice, Span] = field(default_factory=dict)


def voices_of(opened: OpenDocument) -> Voices:
    source = opened.source
    if source.document is None or source.proof != "verified":
        return Voices()
    text = source.document.text
    heard = list(attributions(Span(0, len(text)), opened.utterances, text))
    words = unlapped((s, a) for a in heard for s in a.spans)
    first: dict[Voice, Span] = {}
    for span, a in words:
        first.setdefault(voice(a), span)
    return Voices(heard, words, first)


def speaker_list(voices: Voices) -> str:
    """Who speaks in the document, those who say most first, each with a link to their first words."""
    if not voices.first:
        return ""
    said = Counter((voice(a), a.how) for a in voices.heard)
    roles = {voice(a): a.role for a in reversed(voices.heard) if a.role and a.speaker}
    shown = {voice(a): a for a in voices.heard}
    often = sorted(voices.first, key=lambda v: (v[0] is None, -said[v, "said"] - said[v, "reported"]))
    rows = []
    for v in often:
        _, name, more = said_in_parts(shown[v])
        told = f": {more}" if more else f", {one_line(roles[v])}" if v in roles else ""
        counts = ", ".join(f"{how} {said[v, how]:,}" for how in ("said", "reported") if said[v, how])
        rows.append(
            f'<li><a href="#{_anchor(voices, v)}"><bdi>{page_text(one_line(name))}</bdi></a>'
            f"<bdi>{page_text(told)}</bdi> <small>{counts}</small></li>"
        )
    opened = " open" if len(rows) <= _MOST_SPEAKERS_SHOWN else ""
    return f'<details class="speakers"{opened}><summary>Who speaks here: {len(rows):,}</summary><ul>{"".join(rows)}</ul></details>'


def _anchor(voices: Voices, v: Voice) -> str:
    return f"said-{voices.first[v].start}"


def own_voices(voices: Voices, paragraph: Span, cited: Span | None) -> list[Stretch]:
    """Whose the words of a paragraph are. The name stands where another voice begins, and again where the paragraph or the cited
    passage does."""
    found, last = [], None
    for i in range(bisect_right(voices.words, paragraph.start, key=lambda w: w[0].end), len(voices.words)):
        span, who = voices.words[i]
        if span.start >= paragraph.end:
            break
        if len(found) >= _MOST_VOICES and not (cited and cited.overlaps(span)):
            continue
        clipped = Span(max(span.start, paragraph.start), min(span.end, paragraph.end))
        for piece in _cut(clipped, cited):
            begins = (voice(who), who.how)
            opens = cited is not None and cited.start == piece.start
            told = (piece.start > span.start or _named_before(who, piece.start)) and not opens
            label = _label(who, told) if begins != last or opens else ""
            anchor = f' id="{_anchor(voices, voice(who))}"' if voices.first[voice(who)].start == piece.start else ""
            title = page_text(_told(who))
            found.append(Stretch(piece, "span", f' class="voice {who.how}" title="{title}"', f"{anchor}{label}"))
            last = begins
    return found


def _cut(span: Span, cited: Span | None) -> list[Span]:
    """A span in two where the cited passage begins in it."""
    if cited is None or not span.start < cited.start < span.end:
        return [span]
    return [Span(span.start, cited.start), Span(cited.start, span.end)]


def _named_before(who: Attribution, start: int) -> bool:
    """Whether the name itself stands right before the words, as the label of a turn does."""
    mention = who.mention
    return bool(mention and who.mention_text == who.speaker and mention.end <= start <= mention.end + len(": "))


def _label(who: Attribution, told: bool) -> str:
    """What the style sheet shows beside the first words of a voice; `told` where there needs to be no label if there is no room."""
    _, name, more = said_in_parts(who)
    parts = [name, more, "reported" if who.how == "reported" else ""]
    return f' data-who="{page_text(one_line(" · ".join(p for p in parts if p)))}"{" data-told" if told else ""}'


def _told(who: Attribution) -> str:
    why = why_told(who)
    return one_line(f"{who_said_it(who)} (“{why[0]}”: {why[1]})" if why else who_said_it(who))


def naming(voices: Voices, passage: Span | None) -> list[Stretch]:
    """The words that name those who speak in the cited passage, wherever they stand."""
    if passage is None:
        return []
    heard = [a for a in voices.heard if a.mention and any(s.overlaps(passage) for s in a.spans)]
    named = unlapped((a.mention, a) for a in heard if a.mention)
    return [Stretch(m, "span", f' class="naming" title="{page_text(_told(a))}"') for m, a in named]
