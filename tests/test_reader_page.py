"""The page of a document: its pages beside its text, what is marked on both, what is found in it, and where its links lead."""

from __future__ import annotations

import re
import unicodedata
import urllib.error
import urllib.request
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from browsing import listening, needs_browser
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from test_markup import shown, texts, writable
from test_pdf import LEFT, line, lines, pdf

from app.finding import found
from app.reader_page import document_page, reader_link, view_of
from app.server import create_app
from app.view import View
from index.chunker import passages
from index.encoder import HashingEncoder
from index.errors import SettingError
from index.records import Block, Document, Layout, Locator, Metadata, Sheet, Span
from index.stored import FileState, Root, StoredDocument, StoredPassage
from retrieval.assistant import Assistant, OpenDocument
from retrieval.records import Place
from retrieval.verification import Source

PARAGRAPHS = [
    "The harbour report",
    "The harbour stays closed until the pier is mended. Nobody will risk a life for a herring.",
    "The fishermen did not agree. They have bills to pay.",
    "The quay is old. The pier is older.",
]
TEXT = "\n\n".join(PARAGRAPHS)
AT = [TEXT.index(p) for p in PARAGRAPHS]
PAGES = (Locator(0, "page", "iv", 1), Locator(AT[2], "page", "v", 2), Locator(AT[3], "page", "vi", 3))
NOTES = ("12 words hyphenated at line ends are joined.", "<b>3</b> ligatures are spelled out.")


def document(text: str = TEXT, locators: tuple[Locator, ...] = (), **more) -> Document:
    pieces = [m for m in re.finditer(r"\S(?:.|\n(?!\n))*", text)]
    blocks = [Block("paragraph", Span(m.start(), m.start() + len(m[0].rstrip())), i) for i, m in enumerate(pieces, 1)]
    return Document(text, tuple(blocks), Metadata(title="The report"), "extracted", locators=locators, **more)


def typewritten(text: str, locators: tuple[Locator, ...]) -> Layout:
    """A layout of ten points by ten for a character; each locator's page has a line for each of its paragraphs."""
    pages, boxes = np.full(len(text), -1, np.int32), np.full((len(text), 4), np.nan, np.float32)
    page, line, column = -1, 0, 0
    starts = {x.start: x.number - 1 for x in locators}
    for i, c in enumerate(text):
        if i in starts:
            page, line, column = starts[i], 0, 0
        if c == "\n":
            line, column = line + 1, 0
            continue
        pages[i], boxes[i] = page, (10 * column, 790 - 20 * line, 10 * column + 10, 800 - 20 * line)
        column += 1
    return Layout((Sheet(0, 0, 1000, 800),) * 3, pages, boxes)


def opened(
    held: Document, layout: Layout | None = None, proof: str = "verified", now: Document | None = None, **facts
) -> OpenDocument:
    file = FileState(Root(1, "/f", "docs"), "f.pdf", "", "", "read")
    stored = StoredDocument(
        1, "docs/f.pdf", file, None, held.digest, len(held.text), facts.pop("fidelity", held.fidelity), "article", None,
        Metadata(**{"title": "The report", **facts}), notes=held.notes,
    )  # fmt: skip
    cut = [
        StoredPassage(i, 1, p, p.span.of(held.text), None)
        for i, p in enumerate(passages(held, HashingEncoder().count_tokens))
    ]
    notice = None if proof == "verified" else "docs/f.pdf has changed since it was indexed: run `dixit index`."
    return OpenDocument(stored, cut, [], Source(proof, now or held, notice), layout)


def page(open_document: OpenDocument, view: View) -> LexborHTMLParser:
    return LexborHTMLParser(document_page(open_document, view))


def paged(view: View, **facts) -> LexborHTMLParser:
    held = document(locators=PAGES)
    return page(opened(held, typewritten(TEXT, PAGES), **facts), view)


def boxes_of(tree: LexborHTMLParser, kind: str) -> list[tuple[str, list[float]]]:
    """The page and the place, in percent, of each rectangle of a kind."""
    return [
        (figure.attributes["id"], [float(rect.attributes[a].rstrip("%")) for a in ("x", "y", "width", "height")])
        for figure in tree.css("figure")
        for rect in figure.css("rect")
        if rect.attributes["class"] == kind
    ]


CITED = Span(AT[1], AT[1] + len(PARAGRAPHS[1]))
SECOND = Span(AT[1] + len("The harbour stays closed until the pier is mended. "), CITED.end)
VIEW = View("docs/f.pdf", CITED, (SECOND,))


# The pages beside the text


def test_the_cited_passage_has_its_rectangle_on_the_image_and_its_marked_sentence_a_stronger_one():
    tree = paged(VIEW)
    assert boxes_of(tree, "passage") == [("page-1", [0, 5.0, len(PARAGRAPHS[1]), 1.25])]
    start = SECOND.start - CITED.start
    assert boxes_of(tree, "sentence") == [("page-1", [start, 5.0, len(SECOND), 1.25])]
    assert [f.attributes["id"] for f in tree.css("figure.opens")] == ["page-1"]


def test_only_the_cited_page_is_loaded_at_once_and_every_page_has_its_room():
    images = paged(VIEW).css("figure img")
    assert [i.attributes["loading"] for i in images] == ["eager", "lazy", "lazy"]
    assert {(i.attributes["width"], i.attributes["height"]) for i in images} == {("800", "640")}
    assert [i.attributes["alt"] for i in images] == [f"Page {n} of 3" for n in (1, 2, 3)]
    assert "width=1600 1600w" in images[0].attributes["srcset"]


def test_a_turned_page_has_the_room_it_has_when_it_is_turned():
    held = document(locators=PAGES)
    layout = typewritten(TEXT, PAGES)
    turned = Layout((Sheet(0, 0, 1000, 800, 90),) * 3, layout.pages, layout.boxes)
    assert page(opened(held, turned), VIEW).css_first("img").attributes["height"] == "1000"


def test_a_page_is_marked_where_it_begins_in_the_text_and_both_lead_to_each_other():
    tree = paged(VIEW)
    marks = tree.css("article a.place")
    assert [(m.attributes["data-at"], m.attributes["href"]) for m in marks] == [
        ("p. iv", "#page-1"), ("p. v", "#page-2"), ("p. vi", "#page-3"),
    ]  # fmt: skip
    assert all(m.text() == "" for m in marks)
    assert [f.css_first("a.paper").attributes["href"] for f in tree.css("figure")] == ["#passage", "#text-2", "#text-3"]
    assert len(tree.css("#text-2")) == len(tree.css("#page-2")) == 1
    assert "p. v · 2 of 3" in tree.css("figcaption")[1].text()


def test_the_text_beside_the_pages_is_the_canonical_text():
    assert shown(paged(VIEW).html, "article") == TEXT


def test_a_passage_over_two_pages_has_its_rectangles_on_both():
    span = Span(SECOND.start, AT[2] + len("The fishermen did not agree."))
    assert [at for at, _ in boxes_of(paged(View("docs/f.pdf", span)), "passage")] == ["page-1", "page-2"]


def test_pages_of_a_file_that_has_changed_are_not_shown():
    held = document(locators=PAGES)
    now = document(TEXT.replace("older", "gone"), locators=PAGES)
    tree = page(opened(held, typewritten(TEXT, PAGES), proof="changed", now=now), VIEW)
    assert not tree.css("figure, img, rect") and "changed" in tree.css_first(".notice").text()


def test_places_of_a_document_without_pages_are_marked_and_lead_nowhere():
    slides = (Locator(0, "slide", "", 1), Locator(AT[2], "slide", "", 2), Locator(AT[3] + 4, "slide", 'a"<b>\nc', 3))
    tree = page(opened(document(locators=slides)), VIEW)
    assert [s.attributes["data-at"] for s in tree.css("article span.place")] == ["slide 1", "slide 2", 'slide a"<b> c']
    assert not tree.css("article a, figure") and shown(tree.html, "article") == TEXT


def test_a_page_that_comes_again_is_marked_again_and_linked_to_once():
    again = (Locator(0, "page", "1", 1), Locator(AT[1], "page", "2", 2), Locator(AT[2], "page", "1", 1))
    tree = page(opened(document(locators=again), typewritten(TEXT, again)), View("docs/f.pdf"))
    assert [m.attributes["data-at"] for m in tree.css(".place")] == ["p. 1", "p. 2", "p. 1"]
    assert len(tree.css("#text-1")) == 1


@given(texts.filter(str.strip), st.data())
def test_whatever_is_marked_the_article_is_the_text_and_nothing_but_words(text, data):
    starts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=5)))
    kinds = st.sampled_from(["page", "row", "time", "chapter"])
    locators = tuple(Locator(s, data.draw(kinds), data.draw(texts), n) for n, s in enumerate(starts, 1))
    held = document(text, locators)
    layout = typewritten(text, tuple(x for x in locators if x.kind == "page" and x.number <= 3))
    view = View("docs/f.pdf", find=data.draw(st.sampled_from(["<", "e", "script", "a b", "$", ""])))
    html = document_page(opened(held, layout), view)
    tree = LexborHTMLParser(html)
    assert shown(html, "article") == writable(text)
    assert not tree.css("article :is(script, img, b, form)") and len(tree.css("script")) == 1
    ids = [e.attributes["id"] for e in tree.css("[id]")]
    assert len(ids) == len(set(ids))


def test_no_page_writes_a_style_or_a_script_into_itself():
    html = paged(VIEW).html
    assert "style=" not in html and "<style" not in html and not re.search(r"<script(?! src)|\son\w+=", html)


# What is found


def test_words_are_found_whatever_their_case_and_accents_over_line_ends_and_counted():
    held = document("The Café\nof the first. A CAFE of paper.\n\nHer cafe\u0301  of stone, the Cafeteria.")
    tree = page(opened(held), View("docs/f.pdf", find="cafe of", hit=2))
    hits = [h.text() for h in tree.css("mark.hit")]
    assert hits == ["Café\nof", "CAFE of", "cafe\u0301  of"]
    assert tree.css_first("#hit").text() == "CAFE of" and tree.css_first(".count").text() == "2 of 3"
    assert tree.css_first("input[name=find]").attributes["value"] == "cafe of"


def test_the_next_and_the_last_place_found_are_links_that_keep_the_passage():
    tree = paged(View("docs/f.pdf", CITED, (SECOND,), find="pier", hit=2))
    assert tree.css_first(".count").text() == "2 of 2"
    on = tree.css_first("form [rel=next]").attributes["href"]
    asked = parse_qs(urlsplit(on).query)
    assert (asked["find"], asked["hit"], asked["start"], asked["h"]) == (
        ["pier"], ["1"], [str(CITED.start)], [f"{SECOND.start}-{SECOND.end}"],
    )  # fmt: skip
    assert urlsplit(on).fragment == "hit"
    hidden = {(i.attributes["name"], i.attributes["value"]) for i in tree.css("form input[type=hidden]")}
    assert ("end", str(CITED.end)) in hidden and ("id", "docs/f.pdf") in hidden


def test_what_is_found_is_marked_on_the_pages_too_and_its_page_is_opened():
    tree = paged(View("docs/f.pdf", CITED, find="PIER", hit=2))
    assert [at for at, _ in boxes_of(tree, "hit")] == ["page-1"]
    assert [at for at, _ in boxes_of(tree, "hit now")] == ["page-3"]
    assert [f.attributes["id"] for f in tree.css("figure.opens")] == ["page-3"]


def test_words_that_are_not_there_are_said_not_to_be():
    assert page(opened(document()), View("docs/f.pdf", find="walrus")).css_first(".count").text() == "Not found"


def test_a_place_beyond_the_last_is_the_last():
    assert paged(View("docs/f.pdf", find="pier", hit=99)).css_first(".count").text() == "2 of 2"


def test_of_very_many_places_those_around_the_one_shown_are_marked_and_the_count_says_there_are_more():
    held = document("ha " * 20_000)
    tree = page(opened(held), View("docs/f.pdf", find="ha", hit=9_000))
    assert tree.css_first(".count").text() == "9,000 of more than 10,000"
    assert 900 < len(tree.css("mark.hit")) < 1100 and tree.css_first("#hit").text() == "ha"


@given(texts, texts)
def test_what_is_found_is_as_sought_but_for_case_marks_and_blanks(text, words):
    for span in found(text, words).spans:
        assert len(span) and span.end <= len(text)
        again = found(span.of(text), words).spans
        assert again == (Span(0, len(span)),)


@given(st.text(st.sampled_from("aAéǅßﬁ ы\u0301й\n-—’'"), min_size=1, max_size=12), texts, texts)
def test_words_that_stand_in_a_text_are_found(words, before, after):
    text = f"{before} {words} {after}"
    if words.strip() and not unicodedata.combining(words.strip()[0]):
        assert any(s.overlaps(Span(len(before), len(before) + 2 + len(words))) for s in found(text, words).spans)


# The passages of an answer


def test_the_other_passages_of_an_answer_are_led_through():
    other = Span(AT[3], len(TEXT))
    view = View("docs/f.pdf", CITED, (SECOND,), (other,))
    tree = paged(view)
    assert tree.css_first(".jump").text() == "Passage 1 of 2"
    assert [e.text() for e in tree.css("article .cited-too")] == [PARAGRAPHS[3]]
    assert [at for at, _ in boxes_of(tree, "also")] == ["page-3"]
    on = paged(_followed(tree.css_first("nav [rel=next]")))
    assert on.css_first(".jump").text() == "Passage 2 of 2"
    assert [e.text() for e in on.css("article .cited")] == [PARAGRAPHS[3]]
    assert [m.text() for m in on.css("article mark")] == [SECOND.of(TEXT)]
    assert _followed(on.css_first("nav [rel=next]")) == view


def _followed(link) -> View:
    asked = parse_qs(urlsplit(link.attributes["href"]).query)
    one = {k: v[0] for k, v in asked.items()}
    return view_of(one["id"], one.get("start"), one.get("end"), asked.get("h", []), asked.get("also", []))


def test_the_link_to_a_place_carries_the_passages_beside_it_and_is_read_back():
    held = opened(document()).stored
    place, other = Place(held, CITED, 2, 2, 3, None), Span(AT[3], AT[3] + 16)
    link = reader_link(place, [SECOND, other], [CITED, other, other])
    asked = parse_qs(urlsplit(link).query)
    view = view_of(asked["id"][0], asked["start"][0], asked["end"][0], asked["h"], asked["also"])
    assert view == View("docs/f.pdf", CITED, (SECOND, other), (other,))
    many = reader_link(place, (), [Span(n, n + 1) for n in range(1000)])
    assert len(parse_qs(urlsplit(many).query)["also"]) == 50


@pytest.mark.parametrize(
    "asked",
    [
        {"also": ["5-9"]}, {"start": "1", "end": "9", "also": ["5"]}, {"find": "a" * 201}, {"hit": "0"}, {"hit": "x"},
        {"start": "1", "end": "9", "also": ["1-2"] * 51}, {"start": "1", "end": "9", "also": ["20-30"], "highlights": ["8-12"]},
    ],
)  # fmt: skip
def test_an_address_that_makes_no_sense_is_refused_in_a_sentence(asked):
    with pytest.raises(SettingError, match=r"[^.]+\.$"):
        view_of("docs/f.pdf", asked.pop("start", None), asked.pop("end", None), **asked)


def test_another_passage_beyond_the_document_is_refused():
    with pytest.raises(SettingError, match="characters long"):
        paged(View("docs/f.pdf", CITED, (), (Span(5, 99_999),)))


# What the page tells of the document


def test_how_faithful_the_text_is_stands_with_what_the_reader_changed():
    tree = page(opened(document(notes=NOTES)), View("docs/f.pdf"))
    assert "extracted: drawn out of the file" in tree.css_first("dl").text()
    assert [li.text() for li in tree.css(".notes li")] == list(NOTES)


def test_recognised_text_comes_with_a_warning_to_compare_it():
    assert "compare" in paged(VIEW, fidelity="OCR").css_first(".caution").text()
    assert not paged(VIEW).css(".caution")


def test_the_quote_to_copy_is_the_proved_slice_with_where_it_stands():
    span = Span(CITED.start, AT[2] + len(PARAGRAPHS[2]))
    button = paged(View("docs/f.pdf", span), published="2022-01-10").css_first("button[data-copy]")
    assert button.attributes["data-copy"] == span.of(TEXT)
    assert button.attributes["data-reference"] == "The report, 10 January 2022, pp. iv–v, docs/f.pdf"
    changed = document(TEXT.replace("Nobody", "Somebody"), PAGES)
    held = opened(document(locators=PAGES), proof="changed", now=changed)
    assert not page(held, VIEW).css("button[data-copy]")


def test_the_original_is_linked_at_the_passage_only_on_the_web():
    for url, leads in [("https://example.org/a", True), ("javascript:alert(1)", False), ("//x/y", False)]:
        tree = page(opened(document(), url=url), VIEW)
        links = [a.attributes["href"] for a in tree.css(".actions a")]
        assert bool(links) == leads and all(a.startswith("https://example.org/a#:~:text=") for a in links)
    assert not page(opened(document(), url="https://example.org/a"), View("docs/f.pdf")).css(".actions a")


# In a browser, over a PDF


def filler(number: int) -> bytes:
    return lines(*(f"Line {i} of page {number} tells of the weather at sea." for i in range(30)))


WALRUS = "The walrus sleeps on the ice until the spring."
REPORT = [*map(filler, range(1, 8)), line(LEFT, 400, WALRUS), filler(9)]


def got(address: str, headers: dict[str, str] | None = None):
    """(status, headers, body) of a request."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers or {}), timeout=120) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


@pytest.fixture
def report(indexed) -> Iterator[tuple[str, Assistant]]:
    """A server over a PDF of nine pages, and the assistant behind it."""
    assistant = indexed({"report.pdf": pdf(*REPORT)})
    with listening(create_app(assistant)) as address:
        yield address, assistant
    assistant.close()


def walrus(assistant: Assistant) -> str:
    """The address of the passage on the eighth page."""
    citation = assistant.ask("walrus sleeps").citations[0]
    return reader_link(citation.place, citation.highlights)


IN_VIEW = """e => {
    const box = e.getBoundingClientRect(), pages = document.querySelector(".pages").getBoundingClientRect();
    const above = pages.width < innerWidth ? document.querySelector(".bar").getBoundingClientRect().bottom : pages.bottom;
    const pane = e.closest(".pages") ? pages : { top: above, bottom: innerHeight };
    return box.top >= pane.top && box.bottom <= pane.bottom;
}"""


@needs_browser
@pytest.mark.parametrize("more", [{}, {"java_script_enabled": False}], ids=["with script", "without"])
@pytest.mark.parametrize("width, height", [(1280, 800), (390, 844)])
def test_a_cited_pdf_opens_at_the_page_with_the_passage_on_it_beside_the_words(report, opened, width, height, more):
    address, assistant = report
    document = opened(address + walrus(assistant), width, height, **more)
    image = document.locator("#page-8 img")
    assert image.evaluate("e => e.complete && e.naturalWidth")
    mark = document.locator("#page-8 rect.passage")
    assert mark.evaluate(IN_VIEW) and document.locator("#passage").evaluate(IN_VIEW)
    assert document.locator("#passage").inner_text() == WALRUS
    drawn, page_box = mark.bounding_box(), image.bounding_box()
    assert drawn["x"] - page_box["x"] == pytest.approx(page_box["width"] * LEFT / 612, abs=4)
    assert drawn["y"] - page_box["y"] == pytest.approx(page_box["height"] * (792 - 412) / 792, abs=8)
    assert document.evaluate("document.documentElement.scrollWidth <= innerWidth")
    side_by_side = document.locator(".text").bounding_box()["x"] > page_box["x"] + page_box["width"]
    assert side_by_side == (width > 800)


@needs_browser
def test_a_mark_in_the_text_leads_to_the_image_and_the_image_to_the_words(report, opened):
    address, assistant = report
    document = opened(address + walrus(assistant))
    document.get_by_role("link", name="Image of p. 3", exact=True).click()
    assert document.locator("figure:target").get_attribute("id") == "page-3"
    before = document.evaluate("scrollY")
    document.get_by_role("link", name="Image of p. 9", exact=True).evaluate("e => e.click()")
    drawn, pane = document.locator("#page-9:target").bounding_box(), document.locator(".pages").bounding_box()
    assert pane["y"] <= drawn["y"] < pane["y"] + 100 and document.evaluate("scrollY") == before
    document.locator("#page-3 a.paper").click()
    document.wait_for_url("**#text-3")
    assert document.locator("#text-3").evaluate(IN_VIEW)


@needs_browser
def test_the_keyboard_scrolls_the_text_at_once_and_the_pages_when_they_have_the_focus(report, opened):
    address, assistant = report
    document = opened(address + walrus(assistant))
    at = document.evaluate("scrollY")
    document.keyboard.press("Home")
    document.wait_for_function("at => scrollY < at", arg=at)
    pages = document.get_by_role("region", name="The pages")
    at = pages.evaluate("e => e.scrollTop")
    pages.focus()
    document.keyboard.press("Home")
    document.wait_for_function("at => document.querySelector('.pages').scrollTop < at", arg=at)


@needs_browser
def test_words_are_found_and_gone_through_without_a_script(report, opened):
    address, assistant = report
    document = opened(address + walrus(assistant), java_script_enabled=False)
    document.get_by_role("searchbox").fill("PAGE 3 tells")
    document.get_by_role("button", name="Find").click()
    assert document.locator(".count").inner_text() == "1 of 30"
    assert (
        document.locator("#hit").evaluate(IN_VIEW)
        and document.locator("#page-3").evaluate("e => e.querySelectorAll('rect.hit').length") == 30
    )
    document.get_by_role("link", name="Next place").click()
    document.wait_for_url("**hit=2#hit")
    assert document.locator(".count").inner_text() == "2 of 30"
    assert document.locator("#passage").count() == 1
    document.get_by_role("link", name="Stop finding").click()
    document.wait_for_url("**#passage")
    assert not document.locator("mark.hit").count() and document.locator("#passage").evaluate(IN_VIEW)


@needs_browser
def test_enter_in_the_field_leads_to_the_next_place_and_with_shift_to_the_last(report, opened):
    document = opened(f"{report[0]}/document?id=documents/report.pdf&find=line+2+of")
    document.get_by_role("searchbox").focus()
    document.keyboard.press("Enter")
    document.wait_for_url("**hit=2#hit")
    document.locator("input:focus").wait_for()
    document.keyboard.press("Shift+Enter")
    document.wait_for_url("**hit=1#hit")


@needs_browser
def test_the_quote_is_copied_word_for_word_with_its_reference(report, opened):
    address, assistant = report
    document = opened(address + walrus(assistant), permissions=["clipboard-read", "clipboard-write"])
    document.get_by_role("button", name="Copy quote with reference").click()
    document.get_by_text("Copied").wait_for()
    copied = document.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{WALRUS}\n\n— ") and copied.endswith(", p. 8, documents/report.pdf")
    document.get_by_role("button", name="Copy link").click()
    document.wait_for_function("navigator.clipboard.readText().then(text => text === location.href)")


@needs_browser
def test_on_paper_stand_the_text_with_its_pages_marked_and_the_image_of_the_cited_page(report, opened):
    address, assistant = report
    document = opened(address + walrus(assistant))
    document.emulate_media(media="print")
    assert not document.locator(".bar").is_visible() and not document.locator(".actions").is_visible()
    assert document.locator("h1").is_visible() and document.locator("dl").is_visible()
    assert document.locator("#page-8").is_visible() and not document.locator("#page-7").is_visible()
    assert document.locator(".cited").evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    assert "p. 8" in document.locator(".place").nth(7).evaluate("e => getComputedStyle(e, '::before').content")
    assert document.locator("article").evaluate("e => e.getBoundingClientRect().height > 2000")


def test_a_page_is_a_png_that_the_browser_asks_for_again(report):
    address = f"{report[0]}/document/page?id=documents/report.pdf&page=8&width=400"
    status, headers, body = got(address)
    assert (status, headers["content-type"], headers["cache-control"]) == (200, "image/png", "private, no-cache")
    assert body.startswith(b"\x89PNG") and headers["content-security-policy"].startswith("default-src 'none'")
    again = got(address, {"if-none-match": f'"x", {headers["etag"]}'})
    assert (again[0], again[2]) == (304, b"")
    assert got(address.replace("page=8", "page=7"), {"if-none-match": headers["etag"]})[0] == 200


@pytest.mark.parametrize("query, status", [
    ("id=documents/report.pdf&page=0", 400), ("id=documents/report.pdf&page=x", 400), ("id=documents/report.pdf", 400),
    ("id=documents/report.pdf&page=1&width=401", 400), ("id=documents/report.pdf&page=10", 404), ("id=none&page=1", 404),
    ("page=1", 404), ("id=documents/report.pdf&page=9999999", 400),
])  # fmt: skip
def test_a_page_that_is_not_there_is_refused_in_a_sentence(report, query, status):
    found, headers, body = got(f"{report[0]}/document/page?{query}")
    assert found == status and headers["content-type"].startswith("text/plain")
    assert re.fullmatch(r"[^\n]+\.", body.decode())


def test_a_file_that_has_changed_shows_no_pages(report, tmp_path):
    address, assistant = report
    link = walrus(assistant)
    (tmp_path / "documents" / "report.pdf").write_bytes(pdf(*REPORT[:3]))
    status, _, body = got(f"{address}/document/page?id=documents/report.pdf&page=1")
    assert status == 404 and b"has changed since it was indexed" in body
    page_now = got(address + link.partition("#")[0])[2].decode()
    assert "has changed since it was indexed" in page_now and "<img" not in page_now
