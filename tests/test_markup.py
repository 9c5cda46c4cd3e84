"""What becomes of a document's words on their way to HTML: they are still the same words, and nothing but words."""

import inspect
from collections.abc import Sequence
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from app.markup import Stretch, dressed, joined, message_attribute, message_text, page_text, unlapped
from app.reader_page import View, document_page
from index.blocks import lay_out
from index.chunker import passages
from index.encoder import HashingEncoder
from index.records import Document, Span
from index.speech.records import Utterance
from index.stored import FileState, Root, StoredDocument, StoredPassage, StoredUtterance
from retrieval.assistant import OpenDocument
from retrieval.verification import Source

SPECIAL = list("<>&\"'`*_#$\\[]()!|~\n\r\t\0\x0b\x0c\x85\x9f\xa0\xad;:/= \u2028\u202e\u2066\u2069\u05d0\u0301") + [
    "\n\n", "\r\n", "<script>", "</article>", "<!--", "]]>", "&amp;", "&#60;", "$$x$$", "```", "# ",
]  # fmt: skip
texts = st.lists(st.sampled_from(SPECIAL) | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)).map("".join)


def shown(html: str, selector: str) -> str:
    """The text a browser finds in the element, a `<br>` read as a line end."""
    element = LexborHTMLParser(html).css_first(selector)
    return "".join(
        "\n" if n.tag == "br" else n.text_content or ""
        for n in element.traverse(include_text=True)
        if n.tag in ("br", "-text")
    )


def writable(text: str) -> str:
    return text.replace("\0", "␀")


def one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@given(texts)
def test_a_message_shows_the_text_it_was_given(text):
    assert shown(f"<div>{message_text(text)}</div>", "div") == one_line_end(writable(text))


@given(texts)
def test_markdown_and_gradio_find_nothing_to_do_in_a_message(text):
    message = f"<div>{message_text(text)}</div>"
    assert MarkdownIt("commonmark", {"html": True}).render(message) == message
    assert inspect.cleandoc(message) == message


@given(texts)
def test_a_message_attribute_shows_the_text_on_one_line(text):
    found = LexborHTMLParser(f'<p title="{message_attribute(text)}">').css_first("p").attributes["title"]
    assert (found or "") == writable(" ".join(text.split()))


@given(texts)
def test_a_page_shows_the_text_it_was_given(text):
    assert shown(f"<p>{page_text(text)}</p>", "p") == writable(text)


@given(texts, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40))), st.integers(0, 10))
def test_marks_add_no_word_and_lose_none(text, pairs, offset):
    spans = [Span(offset + min(p), offset + max(p)) for p in pairs]
    place = Span(offset, offset + len(text))
    html = f"<p>{dressed(text, place, [[Stretch(s, 'mark') for s in joined(spans)]], page_text)}</p>"
    assert shown(html, "p") == writable(text)
    inside = "".join(s.of("\0" * offset + text) for s in joined(spans))
    assert "".join(m.text() for m in LexborHTMLParser(html).css("mark")) == writable(inside)


spans = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda p: Span(min(p), max(p)))


@given(st.lists(spans))
def test_overlapping_stretches_are_cut_so_that_each_word_is_in_the_one_begun_last(given_spans):
    cut = unlapped((s, s) for s in given_spans)
    assert all(a.end <= b.start for (a, _), (b, _) in zip(cut, cut[1:])) and all(len(s) for s, _ in cut)
    for at in range(40):
        over = [s for s in given_spans if s.start <= at < s.end]
        found = [whole for s, whole in cut if s.start <= at < s.end]
        assert found == ([max(over, key=lambda s: (s.start, -s.end))] if over else [])


@given(texts, st.lists(spans), st.lists(spans))
def test_elements_in_elements_add_no_word_and_lose_none(text, outer, inner):
    layers = [
        [Stretch(s, tag, first=f' id="{tag}{i}"') for i, (s, _) in enumerate(unlapped((s, None) for s in layer))]
        for tag, layer in (("i", outer), ("u", inner))
    ]
    html = f"<p>{dressed(text, Span(0, len(text)), layers, page_text)}</p>"
    assert shown(html, "p") == writable(text)
    for layer in layers:
        for stretch in layer:
            # Cut or not, an element has its words, and its id once.
            assert html.count(stretch.first) == (stretch.span.start < len(text))
    tree = LexborHTMLParser(html)
    assert "".join(e.text() for e in tree.css("u")) == writable("".join(s.span.of(text) for s in layers[1]))


def test_half_a_surrogate_pair_is_shown_as_the_replacement_character():
    assert page_text("a\ud800b") == message_text("a\ud800b").replace("&#65533;", "\ufffd") == "a\ufffdb"


@given(texts, st.data())
def test_a_document_page_holds_the_canonical_text_character_for_character(text, data):
    opened = opened_document(text, utterances=data.draw(st.lists(uttered(len(text)), max_size=6)))
    found = [p.passage for p in opened.passages]
    cited = data.draw(st.sampled_from(found)) if found else None
    view = View("f.txt", cited.span, cited.sentences) if cited else View("f.txt")
    html = document_page(opened, view)
    assert shown(html, "article") == writable(text)
    if cited:
        tree = LexborHTMLParser(html)
        # The frame leaves out the blank lines between paragraphs; not a word.
        assert "".join("".join(e.text() for e in tree.css(".cited")).split()) == writable(
            "".join(cited.span.of(text).split())
        )
        assert "".join(e.text() for e in tree.css("mark")) == writable("".join(s.of(text) for s in cited.sentences))
        assert len(tree.css("#passage")) == 1


def uttered(length: int) -> st.SearchStrategy[Utterance]:
    """Anything said anywhere in a text of that length by anybody."""
    bounds = (
        st.lists(st.integers(0, length), min_size=2, max_size=6, unique=True).map(sorted) if length else st.nothing()
    )
    parts = bounds.map(lambda b: tuple(map(Span, b[::2], b[1::2])))
    mention = st.none() | bounds.map(lambda b: Span(b[0], b[-1]))
    return st.builds(
        Utterance,
        parts=parts,
        mode=st.sampled_from(["direct", "mixed", "indirect"]),
        form=st.just("report"),
        rule=st.just("drawn"),
        mention=mention,
        name=st.none() | texts,
        role=st.none() | texts,
        because=st.sampled_from([None, "pronoun"]),
    )


@given(texts.filter(str.strip), texts, st.data())
def test_who_speaks_is_shown_beside_the_words_and_is_nothing_but_words(name, role, data):
    text = "“Stay here,” she said. “And wait.”\n\nThe keeper said that it was late.\n"
    quoted = Utterance(
        (Span(0, 12), Span(23, 34)), "direct", "quotation", "tag", Span(13, 16), None, name, role, "pronoun"
    )
    reported = Utterance((Span(52, 68),), "indirect", "report", "verb", Span(36, 46), None, None, role, "title")
    html = document_page(opened_document(text, utterances=[quoted, reported]), View("f.txt", Span(0, 34)))
    tree = LexborHTMLParser(html)
    assert shown(html, "article") == text
    assert (
        not tree.css("main :is(script, img, b, form, a)") and len(tree.css("script, link, title, main, article")) == 6
    )
    said = tree.css_first(".voice")
    assert said.attributes["data-who"] == writable(" ".join(name.split()))
    assert [v.text() for v in tree.css(".voice[data-who]")] == ["“Stay here,”", "that it was late"]
    assert [v.text() for v in tree.css(".naming")] == ["she"]  # the one whose words are cited
    links = {a.attributes["href"]: a.text() for a in tree.css(".speakers a")}
    assert list(links.values()) == [writable(" ".join(name.split())), "speaker unknown"]
    assert all(len(tree.css(f'[id="{href[1:]}"]')) == 1 for href in links)


def test_a_text_that_has_changed_is_nobodys_words():
    said = [Utterance((Span(0, 5),), "direct", "quotation", "tag", None, None, "Anna Berg")]
    page = document_page(opened_document("Stay here.\n", now="Stay away.\n", utterances=said), View("f.txt"))
    assert "Anna Berg" not in page


def test_a_changed_text_is_marked_only_where_the_indexed_words_still_stand():
    before = "Posted: 10.01.2022\n\nThe first paragraph stands. It is here.\n\nThe second paragraph moves away.\n"
    after = before.replace("moves", "walks")
    first, second = (p.passage for p in opened_document(before).passages if p.passage.role == "body")
    opened = opened_document(before, now=after)
    kept = LexborHTMLParser(document_page(opened, View("f.txt", first.span, first.sentences)))
    assert "".join(e.text() for e in kept.css("mark, .cited > mark")) and "changed" in kept.css_first(".notice").text()
    gone = LexborHTMLParser(document_page(opened, View("f.txt", second.span, second.sentences)))
    assert not gone.css("mark") and not gone.css(".cited") and not gone.css("#passage")
    assert "nothing is marked" in gone.css_first("header").text()
    assert shown(gone.html, "article") == after


def opened_document(text: str, now: str | None = None, utterances: Sequence[Utterance] = ()) -> OpenDocument:
    blocks, metadata = lay_out(text)
    document = Document(text, blocks, metadata)
    file = FileState(Root(1, Path("/f.txt"), "f.txt"), "", "", "", "read", encoding="utf-8")
    stored = StoredDocument(1, "f.txt", file, None, document.digest, len(text), "as is", "article", None, metadata)
    cut = passages(document, HashingEncoder().count_tokens)
    kept = [StoredPassage(i, 1, p, p.span.of(text), None) for i, p in enumerate(cut)]
    said = [StoredUtterance(i, 1, u, None) for i, u in enumerate(utterances)]
    if now is None:
        return OpenDocument(stored, kept, said, Source("verified", document))
    blocks, metadata = lay_out(now)
    return OpenDocument(
        stored,
        kept,
        said,
        Source("changed", Document(now, blocks, metadata), "f.txt has changed since it was indexed."),
    )
