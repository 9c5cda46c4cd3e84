"""Plain text into paragraphs, and the head matter of a report into metadata, without moving an offset.

A report as it is saved from the web opens with a posting stamp, a title, a by-line, a photo credit; its first paragraph
opens with a dateline. None of them answers anything. They stay in the text, as blocks of their own kinds.

>>> text = "Posted: 10.01.2022 14:29:00\\n\\nMinister resigns\\n\\nLONDON, Jan. 9 (Reuters) — He left."
>>> blocks, metadata = lay_out(text)
>>> [(b.kind, b.paragraph, b.span.of(text)) for b in blocks][1:]
[('heading', 2, 'Minister resigns'), ('apparatus', 3, 'LONDON, Jan. 9 (Reuters) —'), ('paragraph', 3, 'He left.')]
>>> metadata.title, metadata.published
('Minister resigns', '2022-01-10')
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from statistics import median

from index.dates import read_date
from index.records import Block, Metadata, Span

_LINE = re.compile(r"[^\r\n]+")
_BLANK_LINE = re.compile(r"(?>\r\n?|\n)[^\S\r\n]*(?=[\r\n])\s*")
_UNWRAPPED = 110  # a median line longer than this was not wrapped by hand: each line is a paragraph
_HEAD_BLOCKS = 6
_TITLE_LONGEST = 220
_FOOT_LONGEST = 400

_LABELS = {
    "published": r"posted(?: on)?|published(?: on)?|date|updated|last updated|issued|released|created|опубликовано|дата",
    "author": r"by|author|byline|written by|автор",
    "source": r"source|via|publication|источник",
    "url": r"url|link|cite|original",
    "title": r"title|headline|subject|заголовок",
}
_LABELLED = {name: re.compile(rf"(?:{words})\s*:\s*(?P<value>\S.*)$", re.IGNORECASE) for name, words in _LABELS.items()}
_BYLINE = re.compile(r"By (?P<value>(?:[A-Z][\w.'’-]+)(?: (?:[A-Z][\w.'’-]+|and|de|van|von)){1,7})(?:,.{0,60})?$")
_FOOT = re.compile(  # "Jane Doe is the former mayor of Springfield.", "Jane Doe, a lawyer, is the author of …"
    r"(?P<value>(?:[A-ZÀ-Þ][\w.'’-]* ){1,3}[A-ZÀ-Þ][\w'’-]+)(?:, [^.]{3,120},)?"
    r" (?:is|was|served as|teaches|writes|heads) (?:an?|the|[a-z])"
)
_RELEASE = re.compile(r"for immediate release\b[\s:_-]*(?P<value>.*)$", re.IGNORECASE)
_CAPTION = re.compile(
    r"(?:(?:file )?photo(?:graph)?s?|images?|picture|video|graphic|illustration|caption|фото|видео)"
    r"(?: (?:by|credit|courtesy|courtesy of))?(?:\s*[:|©]|\s+/\s).{0,300}$"
    r"|.{0,300}(?:/ ?(?:AP|AFP|Reuters|TASS|Getty Images)|\((?:AP|AFP|Reuters) Photo[^)]*\)|Getty Images)\)?$",
    re.IGNORECASE | re.DOTALL,
)
_PLACE = r"[A-ZÀ-ÞА-Я][A-ZÀ-ÞА-Я'’.-]+(?:[ -][A-ZÀ-ÞА-Я][A-ZÀ-ÞА-Я'’.-]+){0,4}"
_DATELINE = re.compile(
    # LONDON · MIAMI, Fla. · WASHINGTON, DC, each perhaps with a day: Jan. 9 · January 9, 2022 · 9 января
    rf"(?:{_PLACE})(?:, [A-Z][\w.]+(?: [A-Z][\w.]+)?)?"
    r"(?:, (?:[A-Z][a-z]+\.? \d{1,2}(?:, \d{4})?|\d{1,2} [^\W\d_]+\.?(?: \d{4})?))?"
    # then the agency between full stops (. /TASS/.), or perhaps the agency and a dash that is no hyphen ("AFL-CIO")
    r"(?:\.? /[A-ZА-Я][\w .:-]{1,30}/\.\s*|(?: ?[(/][A-ZА-Я][\w .:-]{1,30}[)/])?(?:\s*(?:—|--)\s*|\s+[–-]\s+))"
    r"(?=[^\s\W]|[“\"«‘'(])"
)
_SPLIT_LABEL = re.compile(r":[^\S\r\n]*(?:\r\n?|\n)\s*")
_WORDS = re.compile(r"\w+")
_CLOSING = "\"'’”»›)] "
_SENTENCE_END = ".,;:…"


def lay_out(text: str, declared: Metadata = Metadata()) -> tuple[tuple[Block, ...], Metadata]:
    """The blocks of a plain text and its metadata: what was `declared` beside it wins over what the head matter says."""
    return _with_head_matter(text, paragraphs(text), declared)


def paragraphs(text: str) -> list[Block]:
    """Blocks between blank lines, numbered from 1; lines too long to have been wrapped are paragraphs themselves."""
    spans: list[Span] = []
    start = 0
    for gap in [*_BLANK_LINE.finditer(text), None]:
        end = gap.start() if gap else len(text)
        lines = [trimmed(text, Span(start + m.start(), start + m.end())) for m in _LINE.finditer(text[start:end])]
        lines = [line for line in lines if len(line)]
        if lines and median(map(len, lines)) > _UNWRAPPED:
            spans += lines
        elif lines:
            spans.append(Span(lines[0].start, lines[-1].end))
        start = gap.end() if gap else end
    return [Block("paragraph", span, number) for number, span in enumerate(spans, start=1)]


def cover(text: str, blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks, with what non-blank text lies between them added as apparatus, so that nothing is lost (law 3)."""
    covered: list[Block] = []
    position = 0
    for block in [*blocks, None]:
        gap = trimmed(text, Span(position, block.span.start if block else len(text)))
        if len(gap):
            covered.append(Block("apparatus", gap, covered[-1].paragraph if covered else 1))
        if block:
            covered.append(block)
            position = block.span.end
    return tuple(covered)


def trimmed(text: str, span: Span) -> Span:
    """`span` without the white space at its ends."""
    piece = span.of(text)
    start = span.start + len(piece) - len(piece.lstrip())
    return Span(start, max(start, span.end - (len(piece) - len(piece.rstrip()))))


def _with_head_matter(text: str, blocks: list[Block], declared: Metadata) -> tuple[tuple[Block, ...], Metadata]:
    found: dict[str, str] = {}
    laid: list[Block] = []
    may_be_title = True
    blocks = [part for i, b in enumerate(blocks) for part in (_head_lines(text, b) if i < _HEAD_BLOCKS else [b])]
    for i, block in enumerate(blocks):
        words = block.span.of(text)
        in_head = i < _HEAD_BLOCKS
        title = declared.title or found.get("title")
        may_be_title = may_be_title and i < len(blocks) - 1
        labels = _labels(words) if in_head else None
        if labels is not None:
            found = labels | found
            laid.append(replace(block, kind="apparatus"))
        elif _CAPTION.match(words):
            laid.append(replace(block, kind="apparatus"))
        elif in_head and (_same(words, title) if title else may_be_title and _is_title(words)):
            found.setdefault("title", words)
            laid.append(replace(block, kind="heading"))
        else:
            may_be_title = False  # prose has begun
            laid += _without_dateline(text, block) if in_head else [block]
    if "author" not in found and (author := _author_at_foot(text, blocks)):
        found["author"] = author
    return cover(text, laid), _metadata(found, declared)


def _author_at_foot(text: str, blocks: list[Block]) -> str | None:
    """The author whom the last lines of an opinion piece introduce: somebody whom the piece itself does not name."""
    if len(blocks) < 3 or len(blocks[-1].span) > _FOOT_LONGEST:
        return None
    match = _FOOT.match(blocks[-1].span.of(text))
    surname = match["value"].split()[-1] if match else ""
    return match["value"] if match and surname not in text[: blocks[-1].span.start] else None


def _head_lines(text: str, block: Block) -> list[Block]:
    """A block whose lines are parts of the head matter, stamp under title under credit, as a block a line."""
    lines = [
        trimmed(text, Span(block.span.start + m.start(), block.span.start + m.end()))
        for m in _LINE.finditer(block.span.of(text))
    ]
    lines = [line for line in lines if len(line)]
    labelled = any(_labels(line.of(text)) for line in lines)
    short = len(lines) <= 6 and all(len(line) <= _TITLE_LONGEST for line in lines)
    if len(lines) > 1 and labelled and short and _labels(block.span.of(text)) is None:
        return [replace(block, span=line) for line in lines]
    return [block]


def _labels(words: str) -> dict[str, str] | None:
    """What a block of head matter says, or None when it is none: every line of it has to be a label with its value."""
    found: dict[str, str] = {}
    for line in map(str.strip, _SPLIT_LABEL.sub(": ", words).splitlines()):
        for name, pattern in [*_LABELLED.items(), ("author", _BYLINE), ("published", _RELEASE)]:
            if (match := pattern.match(line)) and len(line) < 300:
                value = match["value"].strip()
                if name != "published" or read_date(value):
                    found.setdefault(name, value)
                elif pattern is not _RELEASE:
                    continue
                break
        else:
            if not (len(line) < 40 and (date := read_date(line)) and len(date.iso) == len("2022-01-10")):
                return None
            found.setdefault("published", line)
    return found


def _is_title(words: str) -> bool:
    """A title is one short line that does not end as a sentence in the midst of a text does. A question may be one."""
    end = words.rstrip(_CLOSING)[-1:]
    return len(words) <= _TITLE_LONGEST and len(words.splitlines()) == 1 and end not in _SENTENCE_END


def _same(words: str, title: str) -> bool:
    """Whether a block is the title that is known, but for its points and blanks."""
    bare = _WORDS.findall(words.casefold())
    return bool(bare) and bare == _WORDS.findall(title.casefold())


def _without_dateline(text: str, block: Block) -> list[Block]:
    match = _DATELINE.match(block.span.of(text))
    # A dateline is followed by the beginning of a sentence, "NATO — the alliance" is one.
    if not match or match.end() > 90 or block.span.of(text)[match.end()].islower():
        return [block]
    cut = block.span.start + match.end()
    dateline = trimmed(text, Span(block.span.start, cut))
    return [Block("apparatus", dateline, block.paragraph), replace(block, span=Span(cut, block.span.end))]


def _metadata(found: dict[str, str], declared: Metadata) -> Metadata:
    published = read_date(found["published"]) if "published" in found and not declared.published else None
    return replace(
        declared,
        title=declared.title or found.get("title"),
        published=declared.published or (published.iso if published else None),
        published_note=declared.published_note or (published.note if published else None),
        author=declared.author or found.get("author"),
        source=declared.source or found.get("source"),
        url=declared.url or found.get("url"),
    )
