"""Words that stand before their tag, or around it: “…,” she said. / It would, she said, rain."""

from __future__ import annotations

from collections.abc import Sequence

from index.speech.clauses import DASHES, Phrase, Token, is_participle, is_quotation
from index.speech.cues import Cue, cues
from index.speech.extents import Saying, over_adjuncts, over_marks, trimmed_end, without_openers
from index.speech.language import Language
from index.speech.noun_phrases import phrase_starting

_BEFORE_TAG = (",", *DASHES, "?", "!")
_TAGGING = ("before", "after", "agent", "quoted")
_BREAKING_OFF = (",", "?", "!", "—", "–", "-", "…", "...")
_REACH = 25  # tokens between a tag and the quotation that it interrupted
_SHORTEST = 3  # tokens, without quotation marks


def words_before(tokens: Sequence[Token], verbs: Sequence[Cue], number: int, language: Language) -> Saying | None:
    """The words before the tag of a cue, with those that go on after it; None where it is no tag for what is before.
    `number` is its place among the `verbs` of the sentence."""
    cue, earlier, later = verbs[number], verbs[:number], verbs[number + 1 :]
    end = cue.start
    if not cue.frames & {"T", "Q"} or cue.side not in _TAGGING or end == 0:
        return None
    marked = tokens[end - 1].word in _BEFORE_TAG and tokens[end - 1].kind == "mark"
    if tokens[cue.first].word in language.noises and not (marked or tokens[end - 1].word.endswith(",")):
        return None  # a sentence of its own: “I will stay.” Ann laughed.
    if not marked and not is_quotation(tokens, end - 1):
        return None
    stop = end - 1 if marked else end
    start = over_marks(tokens, max((c.end for c in earlier if _ends_before(tokens, c, end)), default=0))
    rest = over_adjuncts(tokens, cue.end, language, "A" in cue.frames)
    if is_quotation(tokens, stop - 1):
        return _quoted_before(tokens, cue, (start, stop), rest, later, language)
    return _reported_before(tokens, cue, (start, stop), rest, language)


def _ends_before(tokens: Sequence[Token], cue: Cue, tag: int) -> bool:
    """Whether the words of a verb of saying earlier in the sentence end before those of the tag."""
    return _tags_before(tokens, cue) or any(t.word in (";", ":") for t in tokens[cue.end : tag - 1])


def _tags_before(tokens: Sequence[Token], cue: Cue) -> bool:
    """Whether a verb of saying is in the tag of a quotation right before it, and a mark between: “…,” Ann said."""
    at = cue.start - 1
    marked = at > 0 and tokens[at].kind == "mark" and tokens[at].word in _BEFORE_TAG
    closes = is_quotation(tokens, at) and tokens[at].word.endswith((".", *_BREAKING_OFF))
    tagging = cue.side in _TAGGING and bool(cue.frames & {"T", "Q"})
    return tagging and (closes or (marked and is_quotation(tokens, at - 1)))


def _quoted_before(
    tokens: Sequence[Token], cue: Cue, words: Phrase, rest: int, later: Sequence[Cue], language: Language
) -> Saying | None:
    start, stop = words
    tail = tokens[rest] if rest < len(tokens) else None
    closes = tokens[cue.start - 1].kind == "mark" or tokens[stop - 1].word.endswith(_BREAKING_OFF)
    if tail is not None and (
        tail.word == ":" or (not closes and (tail.kind == "quotation" or tail.word == language.that))
    ):
        return None  # the words come after: He called it “a joke” but she said that
    first = without_openers(tokens, start, stop, language)
    if not is_quotation(tokens, first):
        if _is_what_was_asked(tokens, first, language):
            return None
        colon = next((i for i in range(stop, start, -1) if tokens[i].word == ":" and is_quotation(tokens, i + 1)), None)
        if colon:
            first = colon + 1
        elif not _is_led(tokens, first, rest, language):
            return None
    after = _after_tag(tokens, rest, language)
    if after and _is_anothers(tokens, cue, rest, after[0], later, language):
        after = None
    return _saying(tokens, cue, (first, stop), after, language)


def _is_anothers(
    tokens: Sequence[Token], tag: Cue, rest: int, quoted: int, later: Sequence[Cue], language: Language
) -> bool:
    """Whether the quotation at `quoted`, after a tag that ends at `rest`, is somebody else's or may be:
    “…,” she said, and Ann replied, “…” / “…,” she said, “…,” Ann replied. / “…,” she said, and Ann: “…”"""
    for cue in later:
        if cue.frames & {"T", "Q"} and cue.speaker != tag.speaker:
            if cue.first < quoted or (cue.start <= quoted + 2 and _tags_before(tokens, cue)):
                return True
    at = rest + 1
    if at >= quoted or tokens[at].word not in language.coordinators | language.subordinators:
        return False
    return phrase_starting(tokens, at + 1, language) is not None


def _is_what_was_asked(tokens: Sequence[Token], first: int, language: Language) -> bool:
    """Whether what leads to a quotation makes it somebody else's: Asked “…,” she said yes. / When told “…,” she nodded."""
    at = first + 1 if tokens[first].word in language.conjunctions else first
    word = tokens[at].word
    past = word not in language.bare and not word.endswith((*language.third_person_ends, *language.participle_ends))
    return past and "A" in language.frames.get(word, ())


def _is_led(tokens: Sequence[Token], first: int, rest: int, language: Language) -> bool:
    """Whether what leads to a quotation is said too: It “was a joke,” she said. / Asked about the “joke,” she said: “…”"""
    if rest == len(tokens):
        return True
    tail = tokens[rest]
    if tail.kind == "mark":
        introduces = tokens[first].word in language.prepositions | language.conjunctions or is_participle(
            tokens[first], language
        )
        return not (introduces and is_quotation(tokens, rest + 1))
    return tail.word in language.coordinators | language.subordinators | language.prepositions


def _after_tag(tokens: Sequence[Token], rest: int, language: Language) -> Phrase | None:
    """What goes on after a tag within quoted words: “…,” he said, “…”"""
    if rest >= len(tokens) or is_quotation(tokens, rest):
        return (rest, rest + 1) if rest < len(tokens) else None
    if tokens[rest].word not in (",", *DASHES, ".", ";", ":"):
        return None
    for at in range(rest + 1, min(rest + _REACH, len(tokens))):
        if is_quotation(tokens, at):
            links = tokens[at - 1].word.endswith((",", ".", *DASHES)) or all(
                t.word in language.sequels or t.word == language.that for t in tokens[rest + 1 : at]
            )
            return (at, at + 1) if links else None
    return None


def _reported_before(tokens: Sequence[Token], cue: Cue, words: Phrase, rest: int, language: Language) -> Saying | None:
    start, stop = words
    tail = tokens[rest] if rest < len(tokens) else None
    if "Q" in cue.frames or is_quotation(tokens, rest + 1) and tail is not None and tail.kind == "mark":
        return None
    ends = tail is None or (tail.kind == "mark" and tail.word != ":")
    if not ends and tail.word not in language.coordinators | language.subordinators:
        return None
    after = None
    if tail is not None and tail.word in (",", ";", *DASHES) and rest + 1 < len(tokens):
        follows = tokens[rest + 1]
        other = is_participle(follows, language) or follows.word in language.coordinators | language.subordinators
        after = None if other else (rest + 1, trimmed_end(tokens, rest + 1, len(tokens), language))
    if after is None:
        introduces = tokens[start].word in language.prepositions | language.conjunctions
        if introduces or stop - start < _SHORTEST:
            return None
    return _saying(tokens, cue, (start, stop), after, language)


def _saying(
    tokens: Sequence[Token], cue: Cue, words: Phrase, after: Phrase | None, language: Language
) -> Saying | None:
    ranges = [r for r in (words, after) if r and r[0] < r[1]]
    if not ranges or ranges[0] != words:
        return None
    rule = "tag within" if after else "tag after"
    return Saying(tuple(ranges), rule, cue.speaker, (cue.first, cue.last))


def is_tag(tokens: Sequence[Token], language: Language) -> bool:
    """Whether a sentence is but a tag, for words that stand before it: Ann said in Rome."""
    verbs = cues(tokens, language)
    if not verbs or verbs[0].start > 0 or verbs[0].side != "before" or not verbs[0].frames & {"T", "Q"}:
        return False
    if verbs[0].denied or tokens[verbs[0].first].word in language.noises:
        return False
    rest = over_adjuncts(tokens, verbs[0].end, language, "A" in verbs[0].frames)
    if rest == len(tokens):
        return True
    if tokens[rest].kind == "mark":
        return tokens[rest].word in (",", ".", ";", *DASHES) and not is_quotation(tokens, rest + 1)
    return tokens[rest].word in language.coordinators | language.subordinators
