"""What was said: for each verb of saying in a sentence, the stretches that are its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.speech.clauses import Token
from index.speech.cues import Cue, cues
from index.speech.language import Language
from index.speech.noun_phrases import Phrase, leading_subject, phrase_ending, phrase_starting, subject

_DASHES = ("—", "–", "--", "-")
SIGNING = ("—", "–", "--", "―")
_WH = ("whether", "how", "why", "what", "if", "who", "where", "when")
_OPENERS = ("and", "but", "so", "yet", "or", "still", ",", "then", "—", "–", "--", "-", ":", ";", ".", "…")


@dataclass(frozen=True, slots=True)
class Found:
    """Ranges of tokens that are somebody's words; `cue` and `speaker` are ranges of tokens too."""

    ranges: tuple[Phrase, ...]
    rule: str
    speaker: Phrase | None
    cue: Phrase | None


def said_in(tokens: Sequence[Token], language: Language) -> list[Found]:
    """Everything that is said in one sentence, in the order of the cues."""
    verbs = cues(tokens, language)
    found = _according(tokens, language)
    for number, cue in enumerate(verbs):
        later = verbs[number + 1 :]
        earlier = verbs[:number]
        content = _before(tokens, cue, earlier, language) or _after(tokens, cue, later, language)
        if content and (_has_quotation(tokens, content) or not _aside_or_within(tokens, cue, found, language)):
            found.append(content)
    found += _noun_claims(tokens, language)
    claimed = {i for f in found for a, b in f.ranges for i in range(a, b)}
    for at, token in enumerate(tokens):
        if token.kind == "quotation" and at not in claimed and (content := _by_place(tokens, at, verbs, language)):
            found.append(content)
    taken: set[tuple[Phrase, ...]] = set()
    unique = []
    for item in found:
        if item.ranges not in taken:
            unique.append(item)
            taken.add(item.ranges)
    return unique


def _has_quotation(tokens: Sequence[Token], content: Found) -> bool:
    return any(tokens[i].kind == "quotation" for a, b in content.ranges for i in range(a, b))


def _aside_or_within(tokens: Sequence[Token], cue: Cue, found: list[Found], language: Language) -> bool:
    """Whether a report is part of what somebody else says, “he said she fears”, or says nothing, “if he claims”."""
    if any(a <= cue.start < b and f.rule.startswith("reported") for f in found for a, b in f.ranges):
        return True
    return cue.start > 0 and tokens[cue.start - 1].word in language.not_asserted


def _before(tokens: Sequence[Token], cue: Cue, earlier: list[Cue], language: Language) -> Found | None:
    """“…,” he said. / It would rain, he said. / It would, he said, rain."""
    if not cue.frames & {"T", "Q"} or cue.side not in ("before", "after") or cue.start == 0:
        return None
    end = cue.start
    last = tokens[end - 1]
    quoted = last.kind == "quotation" or (last.kind == "mark" and end > 1 and tokens[end - 2].kind == "quotation")
    if last.kind == "mark" and last.word not in (",", *_DASHES, "?", "!"):
        return None
    if last.kind not in ("mark", "quotation"):
        return None
    start = 0
    for c in earlier:
        if c.side != "after" or True:
            start = max(start, _end_of_tag(tokens, c)) if _is_own_clause(tokens, c, end) else start
    rest = _over_adjuncts(tokens, cue.end, cue, language)
    tail = tokens[rest] if rest < len(tokens) else None
    tail_ends = tail is None or tail.kind == "mark" or tail.word in ("and", "but", "as", "while", "when", "after", "before", "who")
    if not quoted:
        if "Q" in cue.frames:
            return None
        if tail and tail.kind == "mark" and rest + 1 < len(tokens) and tokens[rest + 1].kind == "quotation":
            return None
        if not tail_ends or (tail is not None and tail.word == ":"):
            return None
        if tail is not None and tail.kind != "mark" and cue.side == "before" and tail.word != "as":
            return None
    else:
        if tail is not None and tail.kind == "quotation" and not _closes(tokens, end):
            return None
        at = _without_openers(tokens, start, end)
        led = tokens[at].kind != "quotation"
        colon = next((i for i in range(end - 1, start, -1) if tokens[i].word == ":" and tokens[i + 1].kind == "quotation"), None)
        if led and colon:
            start, led = colon + 1, False
        introduced = led and (tokens[at].word in language.prepositions | language.conjunctions or tokens[at].word.endswith("ing"))
        if introduced and tail and tail.kind == "mark" and rest + 1 < len(tokens) and tokens[rest + 1].kind == "quotation":
            return None
        if led and not tail_ends and not _adjunct(tail, language):
            return None
        if tail is not None and tail.word == ":" or (tail is not None and tail.word == "that" and not _closes(tokens, end)):
            return None
    first = _without_openers(tokens, start, end)
    if first >= end:
        return None
    stop = end - 1 if tokens[end - 1].kind == "mark" else end
    if stop <= first:
        return None
    ranges = [(first, stop)]
    continued = _interrupted(tokens, rest, cue, quoted, language)
    if continued:
        ranges.append(continued)
    elif not quoted and (stop - first < 3 or tokens[first].word in language.prepositions | language.conjunctions):
        return None
    rule = "tag within" if continued else "tag after"
    return Found(tuple(ranges), rule, cue.speaker, (cue.first, cue.last))


def _adjunct(tail: Token, language: Language) -> bool:
    return tail.word in language.prepositions


def _closes(tokens: Sequence[Token], end: int) -> bool:
    """Whether the quotation before `end` ends as one does before its tag."""
    q = tokens[end - 1] if tokens[end - 1].kind == "quotation" else tokens[end - 2]
    return tokens[end - 1].word in (",", *_DASHES) or q.word.endswith((",", "?", "!", "—", "–", "-", "…", "..."))


def _is_own_clause(tokens: Sequence[Token], cue: Cue, before: int) -> bool:
    """Whether a verb of saying earlier in the sentence has words of its own, which end before the tag at `before`."""
    return any(t.kind == "mark" and t.word in (";", ":") for t in tokens[cue.end : before - 1])


def _end_of_tag(tokens: Sequence[Token], cue: Cue) -> int:
    return cue.end


def _interrupted(
    tokens: Sequence[Token], rest: int, cue: Cue, quoted: bool, language: Language
) -> Phrase | None:
    """What goes on after a tag in the middle: “…,” he said, “…”"""
    if rest >= len(tokens) or tokens[rest].kind == "quotation":
        return (rest, rest + 1) if rest < len(tokens) and quoted else None
    if tokens[rest].word not in (",", *_DASHES, ".", ";", ":"):
        return None
    at = rest + 1
    while at < len(tokens) and tokens[at].word in ("and", "but", "that", "then") and at + 1 < len(tokens) and tokens[at + 1].kind == "quotation":
        at += 1
    if at >= len(tokens):
        return None
    if quoted:
        behind = next((i for i in range(at, min(at + 25, len(tokens))) if tokens[i].kind == "quotation"), None)
        if behind and (behind == at or tokens[behind - 1].word in (",", *_DASHES)):
            return behind, behind + 1
    if not quoted and tokens[rest].word != ".":
        if tokens[at].word.endswith("ing") or tokens[at].word in ("and", "but", "while", "who", "which", "as", "though", "although", "after"):
            return None
        return at, _trimmed_end(tokens, at, len(tokens))
    return None


def _over_adjuncts(tokens: Sequence[Token], at: int, cue: Cue, language: Language) -> int:
    """Rightwards over when, where and to whom: he told reporters in Rome on Monday."""
    if "A" in cue.frames and at < len(tokens):
        phrase = phrase_starting(tokens, at, language)
        at = phrase[1] if phrase else at
    while at < len(tokens):
        token = tokens[at]
        word = token.word
        if token.kind == "aside" or word in language.times or (word in language.adverbs and word != "that") or (word.endswith("ly") and token.kind == "word"):
            at += 1
        elif word in language.prepositions and at + 1 < len(tokens):
            phrase = phrase_starting(tokens, at + 1, language)
            if phrase:
                at = phrase[1]
            elif tokens[at + 1].word in language.times or tokens[at + 1].word in language.determiners:
                at += 2
            else:
                break
        elif word in ("this", "last", "that", "the") and at + 1 < len(tokens) and tokens[at + 1].word in language.times:
            at += 2
        else:
            break
    return at


def _after(tokens: Sequence[Token], cue: Cue, later: list[Cue], language: Language) -> Found | None:
    """He said: “…” / He said that it would rain. / He called for rain."""
    at = cue.end
    size = len(tokens)
    while at < size and (tokens[at].word in language.adverbs - {"that"} or (tokens[at].word.endswith("ly") and tokens[at].kind == "word")) and not (at + 1 < size and tokens[at + 1].kind == "quotation" and tokens[at].word == "only"):
        at += 1
    if at >= size:
        return None
    frames = cue.frames
    word = tokens[at].word
    who, verb = cue.speaker, (cue.first, cue.last)
    end = _end_of_content(tokens, at, later, language)
    if cue.side == "after the comma" and cue.speaker:
        end = cue.speaker[0] - 1

    def found(start: int, rule: str) -> Found | None:
        start = _over_marks(tokens, start)
        if start >= size:
            return None
        stop = _trimmed_end(tokens, start, max(end, start))
        if rule == "reported clause" and (tokens[start].word in ("to", "and", "or", "but") or tokens[stop - 1].span.end - tokens[start].span.start < 15) and tokens[start].kind != "quotation":
            return None
        if tokens[start : start + 1] and tokens[start].kind == "quotation":
            stop = _end_of_quoted(tokens, start, stop)
        return Found(((start, stop),), rule, who, verb) if start < stop else None

    if tokens[at].kind == "quotation":
        fragment = tokens[at].quotation is not None and len(tokens[at].quotation.inner) < 25
        return found(at, "tag before") if not fragment or frames & {"T", "O", "Q"} else None
    speech = frames & {"T", "C", "H", "Q"}
    if word in (":", ",") and at + 1 < size and tokens[at + 1].kind == "quotation":
        return found(at + 1, "colon" if word == ":" else "tag before") if speech else None
    if word == "," and speech:  # he said, however, “…”
        if quoted := _beyond_insertion(tokens, at):
            return found(quoted, "tag before")
    if tokens[at].word in language.auxiliaries and tokens[at].word not in ("to", "not", "never"):
        return None
    if frames & {"C", "H"} and word == "that":
        return found(at, "reported clause")
    if frames & {"C", "H", "T"} and word in _WH:
        return found(at, "reported question")
    if "I" in frames and word == "to" and "A" not in frames:
        return found(at, "infinitive")
    if word in frames and len(word) > 1:  # a preposition of its own: “called for”
        return found(at + 1, "object")
    beyond = _over_adjuncts(tokens, at, cue, language)
    if beyond < size and beyond > at:
        token = tokens[beyond]
        if token.kind == "quotation" and speech and token.quotation and len(token.quotation.inner) > 25:
            return found(beyond, "tag before")
        if token.word in (":", ",") and beyond + 1 < size and tokens[beyond + 1].kind == "quotation" and speech:
            return found(beyond + 1, "colon" if token.word == ":" else "tag before")
        if token.word == "," and speech and (quoted := _beyond_insertion(tokens, beyond)):
            return found(quoted, "tag before")
        if token.word == "that" and frames & {"C", "H"}:
            return found(beyond, "reported clause")
        if token.word in _WH and "A" in frames:
            return found(beyond, "reported question")
        if token.word == "to" and {"A", "I"} <= frames:
            return found(beyond, "infinitive")
    if "C" in frames and "A" not in frames and tokens[at].kind in ("word", "name") and word not in language.conjunctions:
        if word in language.prepositions and word != "to":
            if beyond < size and tokens[beyond].kind in ("word", "name"):
                return found(beyond, "reported clause")
            return None
        if word == "to" and cue.side != "before":
            return None
        start = at
        while start < size and (tokens[start].word in language.times or tokens[start].word in ("on",) and start + 1 < size and tokens[start + 1].word in language.times):
            start += 1
        return found(start, "reported clause")
    if "A" in frames and "C" in frames and tokens[at].kind in ("word", "name"):
        addressee = phrase_starting(tokens, at, language)
        start = addressee[1] if addressee else at
        start = _over_adjuncts(tokens, start, Cue(0, 0, frozenset(), None, "none"), language)
        if start < size and tokens[start].kind in ("word", "name"):
            return found(start, "reported clause")
        return found(at, "reported clause") if not addressee else None
    if "O" in frames and tokens[at].kind in ("word", "name") and word not in language.prepositions | language.conjunctions:
        return found(at, "object")
    return None


def _beyond_insertion(tokens: Sequence[Token], comma: int) -> int | None:
    """The quotation behind an insertion that opens at a comma: he said, however, “…”"""
    closing = next((i for i in range(comma + 1, min(comma + 12, len(tokens) - 1)) if tokens[i].word == ","), None)
    return closing + 1 if closing and tokens[closing + 1].kind == "quotation" else None


def is_tag(tokens: Sequence[Token], language: Language) -> bool:
    """Whether a sentence is but a tag, for words that stand before it: Ann said in Rome."""
    verbs = cues(tokens, language)
    if not verbs or verbs[0].start > 0 or verbs[0].side != "before" or not verbs[0].frames & {"T", "Q"}:
        return False
    rest = _over_adjuncts(tokens, verbs[0].end, verbs[0], language)
    if rest == len(tokens):
        return True
    if tokens[rest].kind == "mark":
        return tokens[rest].word in (",", ".", ";", *_DASHES) and (rest + 1 == len(tokens) or tokens[rest + 1].kind != "quotation")
    return tokens[rest].word in ("as", "when", "after", "while", "before", "and", "but")


def _by_place(tokens: Sequence[Token], at: int, verbs: list[Cue], language: Language) -> Found | None:
    """A quotation whose verb is no known one of saying: “Enough,” the sergeant barked. / She gloated: “…”"""
    quotation = tokens[at]
    before = tokens[at - 1] if at else None
    if before is not None and before.word == ":":
        speaker = phrase_ending(tokens, at - 1, language)
        alone = speaker and (speaker[0] == 0 or tokens[speaker[0] - 1].kind == "mark") and tokens[speaker[1] - 1].kind in ("name", "aside")
        if not alone:  # “More from Ann Lee: “…” is hers, “she told Ann Lee: “…” is not
            speaker = leading_subject(tokens, at - 1, language)
        return Found(((at, at + 1),), "colon", speaker, (at - 1, at))
    if at + 2 < len(tokens) and tokens[at + 1].word in SIGNING and tokens[at + 2].kind == "name":
        signed = phrase_starting(tokens, at + 2, language)
        if signed and (signed[1] == len(tokens) or tokens[signed[1]].kind == "mark"):
            return Found(((at, at + 1),), "signature", signed, None)
    if _without_openers(tokens, 0, at + 1) == at and quotation.word.endswith((",", "?", "!", "—")) and at + 2 < len(tokens):
        who = phrase_starting(tokens, at + 1, language)
        for split in range(who[1] - 1, who[0], -1) if who else ():
            if tokens[split].kind == "word" and tokens[split].word.endswith(("ed", "s")) and _ends_tag(tokens, split + 1, language):
                return Found(((at, at + 1),), "tag after", (who[0], split), (split, split + 1))
        verb = at + 1
        if who and _past(tokens, who[1]) and _ends_tag(tokens, who[1] + 1, language):
            return Found(((at, at + 1),), "tag after", who, (who[1], who[1] + 1))
        if who and quotation.word.endswith(",") and any("T" in language.frames.get(t.word, ()) for t in tokens[who[1] : at + 30]):
            return Found(((at, at + 1),), "tag after", who, None)
        if _past(tokens, verb) and (who := phrase_starting(tokens, verb + 1, language)):
            return Found(((at, at + 1),), "tag after", who, (verb, verb + 1))
    if before is not None and before.word == "," and at >= 3 and _past(tokens, at - 2):
        if speaker := subject(tokens, at - 2, language) or leading_subject(tokens, at - 2, language):
            return Found(((at, at + 1),), "tag before", speaker, (at - 2, at - 1))
    return None


def _past(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].kind == "word" and tokens[at].word.endswith("ed")


def _ends_tag(tokens: Sequence[Token], at: int, language: Language) -> bool:
    return at >= len(tokens) or tokens[at].kind in ("mark", "aside") or tokens[at].word in (
        language.prepositions | language.conjunctions | language.adverbs | language.times
    )


def _end_of_content(tokens: Sequence[Token], at: int, later: list[Cue], language: Language) -> int:
    """Where the words end that begin at `at`: at another saying that goes beside this one, else with the sentence."""
    for cue in later:
        start = cue.start
        if start <= at:
            continue
        before = tokens[start - 1]
        if before.word in (",", "and", "but", "or", ";", *_DASHES) and (
            cue.side == "inherited"
            or before.word == ";"
            or (before.word in ("and", "but") and start >= 2 and tokens[start - 2].word == ",")
        ):
            return start
    for i in range(at + 1, len(tokens)):
        if tokens[i].word == ";" or (tokens[i].word == "according" and tokens[i - 1].word == ","):
            return i
    return len(tokens)


def _trimmed_end(tokens: Sequence[Token], start: int, end: int) -> int:
    while end > start and (tokens[end - 1].kind == "mark" and tokens[end - 1].word not in ("%", "$") or tokens[end - 1].word in ("and", "but", "or")):
        end -= 1
    return end


def _end_of_quoted(tokens: Sequence[Token], start: int, end: int) -> int:
    """Words that begin with a quotation end with it when it ends like a sentence or part of one."""
    at = start
    while at < end and tokens[at].kind == "quotation":
        if tokens[at].word.endswith((".", "!", "?", ",", "…")) or tokens[at + 1 : at + 2] and tokens[at + 1].word in (",", "and", "."):
            if at + 2 < end and tokens[at + 1].kind == "mark" and tokens[at + 2].kind == "quotation":
                at += 2
                continue
            return at + 1
        at += 1
    return end


def _over_marks(tokens: Sequence[Token], start: int) -> int:
    while start < len(tokens) and tokens[start].kind == "mark" and tokens[start].word in (",", ":", *_DASHES):
        start += 1
    return start


def _without_openers(tokens: Sequence[Token], start: int, end: int) -> int:
    """“But” and the like before a quotation are not said in it."""
    at = start
    while at < end and tokens[at].word in _OPENERS:
        at += 1
    return at if at < end and tokens[at].kind == "quotation" else start


def _according(tokens: Sequence[Token], language: Language) -> list[Found]:
    found = []
    for at in range(len(tokens) - 2):
        if tokens[at].word != "according" or tokens[at + 1].word != "to":
            continue
        who = phrase_starting(tokens, at + 2, language)
        if who is None:
            continue
        comma = next((i for i in range(who[1], len(tokens)) if tokens[i].word == ","), None)
        ranges = []
        if at > 0 and tokens[at - 1].word not in ("and", "but"):
            stop = _trimmed_end(tokens, 0, at)
            if stop > 0:
                ranges.append((_without_openers(tokens, 0, stop), stop))
        elif comma:
            ranges.append((comma + 1, _trimmed_end(tokens, comma + 1, len(tokens))))
        ranges = [r for r in ranges if r[0] < r[1]]
        if ranges:
            found.append(Found(tuple(ranges), "according to", who, (at, at + 2)))
    return found


def _noun_claims(tokens: Sequence[Token], language: Language) -> list[Found]:
    """His claim that it would rain."""
    found = []
    for at in range(1, len(tokens) - 2):
        if tokens[at].word not in language.nouns or tokens[at].kind != "word" or tokens[at + 1].word != "that":
            continue
        who = None
        for back in range(at - 1, max(-1, at - 4), -1):
            word = tokens[back].word
            if word in language.possessives:
                who = (back, back + 1)
                break
            if word.endswith("'s") and tokens[back].kind == "name" or word.endswith("s'"):
                who = phrase_ending(tokens, back + 1, language)
                break
            if tokens[back].kind != "word":
                break
        if who:
            stop = _trimmed_end(tokens, at + 1, len(tokens))
            found.append(Found(((at + 1, stop),), "noun", who, (at, at + 1)))
    return found
