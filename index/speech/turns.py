"""The turns of a transcript: whose words stand under which label.

No label tells by itself: "Note:", "Photo:" and "Putin: We will not allow it" above an article look like one. So all that have
the shape are weighed together: how many there are and whose come again, whether the words under them are somebody's own ("I",
"we", "you", outside quotation marks) and not quoted, and whether labels of this document stand at the start of lines.

>>> from index.blocks import lay_out
>>> text = "The two met in Rome. Prime Minister Anna Bruni: I am glad that you came. Ivan Petrov: Thank you, we all are."
>>> for turn in turns(Document(text, *lay_out(text))):
...     print(turn.name, "|", turn.role, "|", turn.parts[0].of(text))
Anna Bruni | Prime Minister | I am glad that you came.
Ivan Petrov | None | Thank you, we all are.
"""

from __future__ import annotations

import re
from bisect import bisect, bisect_left
from collections import Counter
from collections.abc import Sequence

from index.blocks import trimmed
from index.records import Document, Span
from index.speech import label_words as vocabulary
from index.speech.given import is_given
from index.speech.label_names import Names
from index.speech.labels import Label, candidates, in_capitals
from index.speech.monologues import told_speaker
from index.speech.ordinary import is_no_name
from index.speech.own_words import in_first_person, is_english, share_of_first_person
from index.speech.records import Utterance
from index.speech.turn_ends import by_line, labels_and_ends

_QUOTED = re.compile(r"\s*[\"“«„]")
_MARKS = r"<(?:…|\.{2,3})>|\*(?: ?\*){1,4}|_{3,}|-{3,}|#{3,}"
_IN_BRACKETS = r"\((?P<round>[^()]{0,600})\)|\[(?P<square>[^\[\]]{0,600})\]"
_OPENING = re.compile(rf"\s*(?:{_MARKS}|{_IN_BRACKETS})\.?\s*")
_CLOSING = re.compile(
    rf"(?:{_MARKS}|{_IN_BRACKETS}|(?:^|\s)\(?END\)?\s+\d{{1,2}}:\d{{2}}[ \xa0]?[AP]\.?M\.?(?: [A-Z]{{2,4}})?)\s*$"
)
_BREAK = re.compile(r"\*(?: ?\*){2,4}")
_LETTER = re.compile(r"[^\W_]")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]*_\s]*$")
_TAIL = 700
_TITLE = 220
_FOREWORD = 200

_LONE_TURN = 40  # words that a text under a single label has at least
_COVERED = 0.8  # share of the text that stands under labels which need no first person
_FIRST_PERSON = 0.012  # share of words in the first or second person that tells talk from prose


def turns(document: Document) -> list[Utterance]:
    """The turns of a transcript in order, none overlapping; none where the document is no transcript."""
    text = document.text
    candidate = _within_text(document, candidates(text))
    labels = _held(document, candidate)
    if not labels:
        return []
    labels, breaks = labels_and_ends(document, labels, candidate)
    names = Names(document, labels)
    found: list[Utterance] = []
    for label, under in zip(labels, _without_afterword(document, labels, _stretches(text, labels))):
        said = _said(text, _up_to_first(breaks, under))
        if label.shape != "nobody" and said:
            who = names.of(label)
            found.append(
                Utterance(
                    (said,), "direct", "turn", "turn label", label.mention, None, who.name, who.role, "turn label"
                )
            )
    return found


def _within_text(document: Document, found: list[Label]) -> list[Label]:
    """Without those in what a reader has set apart, the foot of each page of a statement ("Initials: ____"). In plain text nothing
    but its head and captions is, which are weighed with the rest."""
    if document.fidelity == "as is":
        return found
    frames = [b.span for b in document.blocks if b.kind == "apparatus"]
    ends = [span.end for span in frames]

    def framed(label: Label) -> bool:
        at = bisect(ends, label.span.start)
        return at < len(frames) and frames[at].start <= label.span.start

    return [label for label in found if not framed(label)]


def _held(document: Document, found: Sequence[Label]) -> list[Label]:
    """The candidates that are labels of turns, all told; none when the document is no transcript."""
    text = document.text
    labels = _believed(document, found)
    if all(label.shape == "nobody" for label in labels):
        return []
    if told_speaker(document) and _LETTER.search(text, 0, labels[0].span.start):
        return []  # a record of one turn, in which somebody else's is quoted or interrupts
    stretches = _stretches(text, labels)
    quoted = sum(bool(_QUOTED.match(text, s.start)) for s in stretches)
    if quoted * 3 > len(stretches):
        return []
    if len(labels) == 2 and all(label.key in vocabulary.QUESTIONS_AND_ANSWERS for label in labels):
        return []  # a question and its answer are a figure of speech
    if len(labels) == 1:
        return labels if _lone_turn(document, labels[0], stretches[0]) else []
    of_themselves = sum(_names_own(text, label, under) for label, under in zip(labels, stretches))
    if of_themselves * 3 > len(labels):
        return []
    if share_of_first_person(s.of(text) for s in stretches) >= _FIRST_PERSON:
        return labels
    return labels if _borne_out(text, labels, stretches) else []


def _borne_out(text: str, labels: Sequence[Label], stretches: Sequence[Span]) -> bool:
    """Whether labels are those of turns although few words under them are in the first person.

    Most turns are short talk and one a long report; or two or more speakers' labels come again, and there are whole sentences
    under them, in another language or under labels at the start of lines over nearly all the text.
    """
    own = sum(in_first_person(s.of(text)) for s in stretches)
    if by_line(labels) and len(labels) > 2 and own * 2 >= len(labels):
        return True
    again = sum(count > 1 for count in Counter(label.key for label in labels).values())
    sentences = sum(bool(_SENTENCE_END.search(text[max(s.start, s.end - 20) : s.end])) for s in stretches)
    if sentences * 2 <= len(labels):
        return False
    if again > 1 and not is_english(text[labels[0].span.end :]):
        return True
    faq = all(label.key in vocabulary.QUESTIONS_AND_ANSWERS for label in labels)
    covered = len(text) - labels[0].span.start >= _COVERED * len(text)
    return by_line(labels) and covered and again > 0 and len(labels) > 2 and all(map(_is_speaker, labels)) and not faq


def _is_speaker(label: Label) -> bool:
    """Whether a label names somebody: "Opening Hours" comes again too."""
    return not label.name or label.shape == "titled" or is_given(label.name[0]) or not any(map(is_no_name, label.name))


def _stretches(text: str, labels: Sequence[Label]) -> list[Span]:
    """What stands under each label, up to the next one."""
    return [Span(a.span.end, b.span.start if b else len(text)) for a, b in zip(labels, [*labels[1:], None])]


def _up_to_first(breaks: Sequence[int], under: Span) -> Span:
    """A stretch up to the first place in it at which a turn ends."""
    at = bisect_left(breaks, under.start)
    return Span(under.start, breaks[at]) if at < len(breaks) and breaks[at] < under.end else under


def _without_afterword(document: Document, labels: Sequence[Label], stretches: list[Span]) -> list[Span]:
    """An article that quotes a conversation goes on after it: its paragraphs are not the last speaker's.

    That is so when prose stands before the first turn too and every turn but the last is one paragraph; the last one then ends
    before the paragraphs at the end of which none is in the first person.
    """
    text, last = document.text, stretches[-1]
    starts = [block.span.start for block in document.blocks]

    def paragraphs_in(under: Span) -> list[int]:
        return starts[bisect(starts, under.start) : bisect_left(starts, under.end)]

    prose_before = bool(starts) and labels[0].span.start - starts[0] >= _FOREWORD
    if len(labels) < 3 or not prose_before or any(len(paragraphs_in(s)) > 1 for s in stretches[:-1]):
        return stretches
    end = last.end
    for start in reversed(paragraphs_in(last)):
        if in_first_person(text[start:end]):
            break
        end = start
    return [*stretches[:-1], Span(last.start, max(last.start, end))]


def _lone_turn(document: Document, label: Label, under: Span) -> bool:
    """Whether the one label of a document has a speech under it: it opens it, or gives a title with the name."""
    text = document.text
    opens = not _LETTER.search(text[: label.span.start])
    words = under.of(text)
    one_word = label.shape in ("single", "caps") and len(label.name) == 1
    if one_word and not opens or len(words.split()) < _LONE_TURN:
        return False
    named = label.shape in ("titled", "somebody") or bool(label.name) and is_given(label.name[0])
    if not (opens or label.at_line and named or label.shape in ("titled", "somebody")):
        return False
    if label.shape in ("single", "full") and _names_own(text, label, under):
        return False
    return in_first_person(words) and len(under) * 3 > len(text)


def _names_own(text: str, label: Label, under: Span) -> bool:
    """Whether the beginning of what stands under a label speaks of them by name, as a list or an article does."""
    return (
        bool(label.name)
        and label.name[-1].casefold() in text[under.start : min(under.end, under.start + _TAIL)].casefold()
    )


def _title_labels(document: Document, found: Sequence[Label]) -> set[Label]:
    """What looks like labels but stands in a title, "Petrov: We will not allow it", with no label below it."""
    blocks = document.blocks
    starts = [block.span.start for block in blocks]
    opened = {label.span.start for label in found}
    title = _words_of(document.metadata.title or "")
    titles: set[Label] = set()
    for label in found:
        at = bisect(starts, label.mention.start) - 1
        if at < 0 or len(blocks[at].span) > _TITLE or not blocks[at].span.holds(label.mention):
            continue
        if at + 1 < len(blocks) and starts[at + 1] in opened:
            continue
        words = _words_of(blocks[at].span.of(document.text))
        if blocks[at].kind != "paragraph" or title and words == title[: len(words)]:
            titles.add(label)
    return titles


def _words_of(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _believed(document: Document, found: Sequence[Label]) -> list[Label]:
    """Candidates that other candidates bear out: names of one word, names at the end of other words, and those within lines."""
    text = document.text
    forms = Counter((label.key, label.shape) for label in found)
    headings = _title_labels(document, found)
    found = [label for label in found if forms[label.key, label.shape] > 1 or label not in headings]
    sure = [label for label in found if label.shape in ("titled", "full", "caps", "somebody", "nobody")]
    family = {label.name[-1].casefold() for label in sure if label.name}
    names = {label.name for label in sure}
    keys = Counter(label.key for label in found if label.at_line or label.shape != "single")
    opening = _LETTER.search(text)
    at_line = sum(label.at_line for label in sure)
    by_line = at_line * 10 >= 8 * len(sure) and at_line >= 2
    style = sum(label.at_line and in_capitals(label.mention.of(text)) for label in sure) * 10 >= 9 * len(sure) >= 30
    capital_names = {label.name[-1].casefold() for label in sure if label.name and in_capitals(label.mention.of(text))}
    lower = _lower_words(text, {label.key for label in found if label.shape == "single"})

    def believed(label: Label) -> bool:
        if label.shape == "glued":
            return label.name in names and not by_line
        if label.shape == "single":
            if label.name[-1].casefold() in family:
                return label.at_line or not by_line
            if opening and label.mention.start == opening.start():
                return label.key not in lower
            return keys[label.key] >= 2 and label.at_line and label.key not in lower
        if style and label.shape in ("full", "titled") and not in_capitals(label.mention.of(text)):
            return bool(label.name) and label.name[-1].casefold() in capital_names
        if label.at_line:
            return True
        if label.shape == "somebody":
            return not by_line and len(label.key) > 1
        if by_line or label.shape == "caps":
            return keys[label.key] >= 2
        return True

    return [label for label in found if believed(label)]


def _lower_words(text: str, keys: set[str]) -> set[str]:
    """Which of these words the text also has in small letters: "Look:" is no name where "look" is a word."""
    return {word for word in re.findall(r"[^\W\d_]+", text) if word in keys} if keys else set()


def _said(text: str, under: Span) -> Span | None:
    """What is said under a label: without stage directions at its ends, and nothing where there is nothing else."""
    start, end = under.start, under.end
    while start < end and (match := _OPENING.match(text, start, end)) and _is_direction(match, alone=True):
        start = match.end()
    for mark in reversed([*_BREAK.finditer(text, start, end)]):
        if in_first_person(text[mark.end() : end]):
            break
        end = mark.start()  # what follows the last line of stars is prose
    while start < end:
        end = trimmed(text, Span(start, end)).end
        match = _CLOSING.search(text, max(start, end - _TAIL), end)
        if not match or not _is_direction(match, alone=_ended(text, start, match.start())):
            break
        end = match.start()
    said = trimmed(text, Span(start, max(start, end)))
    return said if len(said) else None


def _is_direction(match: re.Match[str], alone: bool) -> bool:
    """Whether what was found is a mark or a direction for the stage, and not a word of the speaker's in brackets.

    `alone`: it does not stand within a sentence, so that it may be a sentence of its own: "(The minister spoke of his visit.)"
    """
    words = match["round"] or match["square"]
    if words is None:
        return True
    if {word.casefold() for word in _WORD.findall(words)} & vocabulary.DIRECTIONS:
        return True
    return alone and words.strip()[:1].isupper() and words.strip()[-1:] in ".!?…"


def _ended(text: str, start: int, end: int) -> bool:
    """Whether the text up to `end` is no unfinished sentence."""
    return text[max(start, end - 20) : end].rstrip()[-1:] in ("", *'.!?…”"’»)>]*—-')
