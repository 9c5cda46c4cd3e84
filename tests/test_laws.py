"""Laws 1 and 3 of the design, for any text a file may hold: spans give back the words, and no words are lost."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import readers
from index.chunker import ChunkerSettings, embedded_text, passages
from index.encoder import Encoder, HashingEncoder
from index.errors import UnreadableFile
from index.readers import Problem
from index.records import Document, Passage, Span
from index.sentences import sentences
from index.speech import speech_of
from index.speech.records import Speech
from index.store import Store
from index.sync import sync

SHARED = Path(__file__).resolve().parents[2] / "shared"
HASHING = HashingEncoder()
SMALL = ChunkerSettings(target_tokens=12, max_tokens=40)

# What is hard about text: every kind of line end, what only looks like one, marks that combine, letters that change
# their length when folded, right-to-left, beyond the basic plane, blanks that are none, and what a head matter holds.
HARD = st.sampled_from(
    "\n|\r\n|\r|\n\n|\r\n\r\n|\r\r|\u2028|\u2029|\x85|\x0b|\x0c|\t|\xa0|\u200b|\u3000|e\u0301|"
    "и\u0306|ﬁ|ß|İ|שלום|مرحبا؟|👩‍👩‍👧|𝔘𝔫𝔦|漢字。|"
    "Mr. |U.S. |“|” he said. |...|… |''|«Зачем?» – |Posted: 10.01.2022 14:29:00|"
    "Photo: TASS|LONDON — |By John Smith|Title: |# |---|> |- |"
    "1. |```|<b>|&amp;|, |; |. |! |? |. A| a |word |Ж. Ё. |x".split("|")
)
PARTS = HARD | st.text(st.characters(categories=["L", "P", "Z", "M"]), max_size=6)
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=120),
    st.lists(PARTS, max_size=60).map("".join),
    st.tuples(st.sampled_from(["\n", "\r\n", "\r", "\n\n"]), st.lists(PARTS, max_size=20)).map(
        lambda t: t[0].join(t[1])
    ),
)


def documents(data: bytes, name: str) -> list[Document]:
    return [item for item in readers.read(data, name).items if not isinstance(item, Problem)]


def check(document: Document, encoder: Encoder = HASHING, settings: ChunkerSettings = SMALL) -> list[Passage]:
    """Every law about one document; gives its passages."""
    speech = speech_of(document)
    text, cut = document.text, passages(document, encoder.count_tokens, settings, speech.utterances)
    check_speech(document, speech, cut)
    for spans in ([b.span for b in document.blocks], [p.span for p in cut], [s for p in cut for s in p.sentences]):
        assert all(0 <= s.start < s.end <= len(text) for s in spans), "empty or outside the text"
        assert all(a.end <= b.start for a, b in zip(spans, spans[1:])), "overlapping or out of order"
        assert not _between(text, spans).strip(), "words that no span holds"
    for passage in cut:
        block = next(b for b in document.blocks if b.span.holds(passage.span))
        assert passage.paragraph == block.paragraph
        assert (passage.sentences[0].start, passage.sentences[-1].end) == (passage.span.start, passage.span.end)
        assert passage.line == 1 + len(re.findall("\r\n|\r|\n", text[: passage.span.start]))
        whole = [s for segment in segments(block.span, speech) for s in sentences(text, segment)]
        for sentence in passage.sentences:
            around = next(s for s in whole if s.holds(sentence))
            too_long = max(encoder.count_tokens([around.of(text)])[0], len(around) // 6) > settings.longest_passage
            assert sentence == around or too_long
        title, words = document.metadata.title, passage.span.of(text)
        assert len(words) <= 7 * settings.max_tokens, "a wall of letters"
        read = embedded_text(words, title, passage.heading, encoder.count_tokens, settings)
        assert encoder.count_tokens([read])[0] <= settings.max_tokens
    numbers = [b.paragraph for b in document.blocks]
    assert numbers == sorted(numbers) and (not numbers or numbers[0] == 1)
    return cut


def check_speech(document: Document, speech: Speech, cut: list[Passage]) -> None:
    """Every law about what is said in a document: slices of its text, in order, and no passage across the border of a turn."""
    text, turns = document.text, [u for u in speech.utterances if u.form == "turn"]
    for utterance in speech.utterances:
        spans = [*utterance.parts, *filter(None, (utterance.mention, utterance.cue))]
        assert all(0 <= s.start < s.end <= len(text) and s.of(text).strip() for s in spans)
        assert all(a.end <= b.start for a, b in zip(utterance.parts, utterance.parts[1:]))
        assert utterance.name is None or utterance.because is not None
    starts = [u.span for u in speech.utterances]
    assert starts == sorted(starts)
    assert all(a.span.end <= b.span.start for a, b in zip(turns, turns[1:]))
    for passage in cut:
        assert all(t.span.holds(passage.span) or not t.span.overlaps(passage.span) for t in turns)


def segments(block: Span, speech: Speech) -> list[Span]:
    """A block, cut where turns and their labels begin and end."""
    turns = [u for u in speech.utterances if u.form == "turn"]
    borders = {o for u in turns for o in (u.span.start, u.span.end, *([u.mention.start] if u.mention else []))}
    edges = [block.start, *sorted(b for b in borders if block.start < b < block.end), block.end]
    return [Span(a, b) for a, b in zip(edges, edges[1:])]


def _between(text: str, spans: list) -> str:
    edges = [0, *[edge for s in spans for edge in (s.start, s.end)], len(text)]
    return "".join(text[a:b] for a, b in zip(edges[::2], edges[1::2]))


@given(TEXTS)
@settings(deadline=None)
def test_plain_text_is_kept_whole_and_covered(text: str) -> None:
    data = text.encode("utf-8")
    (document,) = documents(data, "a.txt")
    assert document.text == data.decode("utf-8-sig")
    check(document)


@given(TEXTS)
@settings(deadline=None)
def test_markdown_is_kept_whole_and_covered(text: str) -> None:
    data = text.encode("utf-8")
    (document,) = documents(data, "a.md")
    assert document.text == data.decode("utf-8-sig")
    check(document)


@given(st.lists(st.tuples(TEXTS.filter(str.strip), TEXTS), max_size=4))
@settings(deadline=None)
def test_records_are_kept_whole_and_covered(rows: list[tuple[str, str]]) -> None:
    records = [{"id": n, "title": title, "text": text} for n, (text, title) in enumerate(rows)]
    lines = [json.dumps(r, ensure_ascii=r["id"] % 2 == 0) for r in records]
    found = documents("\n".join(lines).encode(), "a.jsonl")
    assert [(d.text, d.record) for d in found] == [(text, str(n)) for n, (text, _) in enumerate(rows)]
    for document in found:
        check(document)


TAGS = st.sampled_from("p div b i span h1 h2 li ul nav td tr table pre blockquote a".split())
NODES = st.recursive(
    TEXTS.map(html.escape),
    lambda inner: st.builds(lambda tag, nodes: f"<{tag}>{''.join(nodes)}</{tag}>", TAGS, st.lists(inner, max_size=3)),
    max_leaves=12,
)


@given(NODES)
@settings(deadline=None)
def test_all_words_of_a_page_are_extracted_in_order_and_covered(page: str) -> None:
    (document,) = documents(f"<!doctype html><meta charset=utf-8><body>{page}".encode(), "a.html")
    check(document)
    # The parser moves words out of tables, so only which letters there are is compared for those.
    words = re.sub(r"\s", "", html.unescape(re.sub(r"<[^>]*>", "", page)))
    found = re.sub(r"\s", "", document.text)
    assert found == words if "<t" not in page else sorted(found) == sorted(words)


@given(st.lists(TEXTS.filter(str.strip), min_size=1, max_size=3))
@settings(max_examples=20, deadline=None)
def test_stored_passages_are_slices_of_the_file(tmp_path_factory, texts: list[str]) -> None:
    folder = tmp_path_factory.mktemp("law1")
    for n, text in enumerate(texts):
        (folder / f"{n}.txt").write_bytes(text.encode())
    store = Store(folder / "store")
    sync(store, HASHING, [folder])
    with store.read() as snapshot:
        stored = {d.doc_id: d for d in snapshot.documents().values()}
        assert len(stored) == len(texts)
        for n, text in enumerate(texts):
            text = text.removeprefix("\ufeff")
            found = snapshot.passages_of(stored[f"{folder.name}/{n}.txt"].id)
            assert found and all(p.text == p.passage.span.of(text) for p in found)
            assert not _between(text, [p.passage.span for p in found]).strip()


LONG = {
    "a line without spaces": "абв𝔘" * 5000,
    "a line of Latin letters without spaces": "x" * 20_000,
    "a table": "\n".join("\t".join(f"{r * 7919 % 10007}.{c}" for c in range(12)) for r in range(300)),
    "a transcript without full stops": "so we went there and then " * 800,
    "a long clause": "the minister, who had said so before; and again — " * 200,
}


@pytest.mark.parametrize("what", LONG)
def test_nothing_is_embedded_that_the_model_would_cut_off(minilm: Encoder, what: str) -> None:
    document = Document(*_parts(LONG[what]))
    cut = check(document, minilm, ChunkerSettings(max_tokens=minilm.max_tokens))
    assert len(cut) > 1 or " " not in LONG[what]


@pytest.mark.parametrize("limit", [20, 62, 126])
def test_nothing_is_cut_off_by_a_model_that_reads_less(minilm: Encoder, limit: int) -> None:
    text = "The minister resigned on Monday, and nobody in the harbour was surprised by it; the ships left. " * 40
    (document,) = documents(json.dumps({"title": "A title of some length", "text": text}).encode(), "a.jsonl")
    check(document, minilm, ChunkerSettings(max_tokens=limit))


@pytest.mark.parametrize("title", ["word " * 2000, "Отставка правительства " * 300, "x-" * 2000])
def test_a_very_long_title_leaves_room_for_the_passage(minilm: Encoder, title: str) -> None:
    text = "The minister resigned on Monday. Nobody was surprised by it. " * 60
    (document,) = documents(json.dumps({"title": title, "text": text}).encode(), "a.jsonl")
    sizes = ChunkerSettings(max_tokens=minilm.max_tokens)
    first = check(document, minilm, sizes)[0].span.of(text)
    read = embedded_text(first, title, None, minilm.count_tokens, sizes)
    assert read.endswith(first)
    assert sum(minilm.count_tokens([read.removesuffix(first)])) <= sizes.context_tokens


def _parts(text: str) -> tuple:
    (document,) = documents(text.encode(), "a.txt")
    return document.text, document.blocks, document.metadata


def real_files() -> Iterator[Path]:
    for path in sorted((SHARED / "data" / "files").rglob("*")):
        if path.is_file() and readers.is_readable(path.name):
            yield path


def test_every_real_file_is_read_or_refused_and_keeps_the_laws() -> None:
    if not (SHARED / "data" / "files").is_dir():
        pytest.skip("the shared data are not here")
    read = 0
    for path in real_files():
        try:
            found = list(readers.read(path.read_bytes(), path.name).items)
        except UnreadableFile:
            continue
        read += 1
        for item in found:
            if not isinstance(item, Problem):
                check(item, HASHING, ChunkerSettings())
    assert read > 100
