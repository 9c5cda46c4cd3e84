"""Saved web pages: which of their words are the main text, in which order they come, and what is known about them."""

from __future__ import annotations

import json
import quopri

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import readers
from index.errors import UnreadableFile
from index.readers.html import Page, lay_out_page
from index.records import Document, Metadata

PROSE = (
    "The council met on Tuesday, and after a long debate, it voted to close the old bridge, which had stood for a century.",
    "Engineers had warned for years, in report after report, that the piers were worn, and that the deck would not hold.",
    "“We waited too long,” the mayor said, “and now we have to build a new one, at three times the price of a repair.”",
    "Work is to begin in the spring, once the river has fallen, and it will last, by the city’s own plan, for two years.",
    "Until then, drivers will have to go round by the north, where a second bridge, much narrower, was opened last year.",
)
ARTICLE = "".join(f"<p>{words}</p>" for words in PROSE)
LINKS = "<ul>" + "".join(f'<li><a href="/{n}">Another story, number {n}</a></li>' for n in range(12)) + "</ul>"


def laid(body: str, head: str = "") -> Page:
    return lay_out_page(f"<!doctype html><html><head>{head}</head><body>{body}</body></html>")


def parts(page: Page | Document) -> list[tuple[str, str]]:
    return [(block.kind, block.span.of(page.text)) for block in page.blocks]


def metadata(head: str, body: str = "<p>Words.") -> Metadata:
    return laid(body, head).metadata


def one(data: str | bytes, name: str) -> Document:
    (document,) = readers.read(data.encode() if isinstance(data, str) else data, name).items
    return document


# The main text


def test_the_main_text_comes_first_and_everything_else_after_it_out_of_the_ranking() -> None:
    page = laid(
        f"""<div class="cookie-banner"><p>We use cookies, and so do our 812 partners, to make this page better for you.</p>
        <button>Accept all</button></div><nav>{LINKS}</nav>
        <div id="story"><h1>Bridge to close</h1>{ARTICLE}</div>
        <div class="comments"><h3>Comments</h3><p>First, I have to say, that this was long overdue, as we all knew.</p></div>
        <footer>© The Paper</footer>""",
        "<title>Bridge to close | The Paper</title>",
    )
    kinds = [kind for kind, _ in parts(page)]
    words = [words for _, words in parts(page)]
    assert words[:6] == ["Bridge to close", *PROSE]
    assert kinds[:6] == ["heading"] + ["paragraph"] * 5 and set(kinds[6:]) == {"apparatus"}
    assert words[6].startswith("We use cookies") and words[-1] == "© The Paper"
    assert "Accept all" in words and "Another story, number 3" in words and any("long overdue" in w for w in words)
    assert page.notes == ("Navigation and other matter beside the main text is put after it.",)


def test_a_page_of_nothing_but_its_article_is_left_as_it_is() -> None:
    page = laid(ARTICLE)
    assert parts(page) == [("paragraph", words) for words in PROSE] and page.notes == ()


@pytest.mark.parametrize(
    "body",
    [
        LINKS,
        "<h1>Bridge to close</h1><p>The council voted.</p>" + LINKS,
        "<form><label>Name of the applicant</label><input><p>State your reasons, in full.</p></form>",
        "<table><tr><th>Bridge</th><th>Year</th></tr><tr><td>North</td><td>2021</td></tr></table>",
    ],
)
def test_a_page_in_which_no_article_stands_out_keeps_its_words_as_paragraphs(body: str) -> None:
    page = laid(body)
    assert {kind for kind, _ in parts(page)} <= {"paragraph", "heading"} and page.notes == ()


def test_a_page_with_most_of_its_prose_elsewhere_is_not_taken_for_an_article() -> None:
    others = "".join(f"<td><div><p>{words}</p></div></td>" for words in PROSE * 4)
    page = laid(f"<div>{ARTICLE}</div><table><tr>{others}</tr></table>")
    assert {kind for kind, _ in parts(page)} == {"paragraph"} and len(page.blocks) == 25


def test_a_heading_that_says_the_title_belongs_to_the_text_though_it_stands_above_it() -> None:
    page = laid(
        f"<header class='site-header'><h1>Bridge  to close</h1><p>Menu</p></header><div class='entry'>{ARTICLE}</div>",
        "<title>Bridge to close - The Paper</title>",
    )
    assert parts(page)[:2] == [("heading", "Bridge to close"), ("paragraph", PROSE[0])]
    assert parts(page)[-1] == ("apparatus", "Menu")


def test_a_heading_that_says_the_title_is_kept_where_its_header_is_taken_out() -> None:
    header = "<div class=header><h1>Bridge to close</h1><p>Share this</p></div>"
    page = laid(f"<div class=story>{header}{ARTICLE}</div>", "<title>Bridge to close</title>")
    assert parts(page)[:2] == [("heading", "Bridge to close"), ("paragraph", PROSE[0])]
    assert parts(page)[-1] == ("apparatus", "Share this")


def test_without_an_article_the_header_of_the_page_is_apparatus_and_that_of_a_section_is_not() -> None:
    page = laid("<header>The Paper</header><section><header><h2>Notice</h2></header><p>Closed today.</p></section>")
    assert parts(page) == [("apparatus", "The Paper"), ("heading", "Notice"), ("paragraph", "Closed today.")]


def test_captions_and_bylines_stay_where_they_are_out_of_the_ranking() -> None:
    page = laid(
        f"<div><h2>Bridge</h2><div class='byline'>By Jane Doe</div><p>{PROSE[0]}</p><figure><img src=a.jpg>"
        f"<figcaption>The old bridge</figcaption></figure>{ARTICLE}</div>"
    )
    assert parts(page)[:5] == [
        ("heading", "Bridge"),
        ("apparatus", "By Jane Doe"),
        ("paragraph", PROSE[0]),
        ("apparatus", "The old bridge"),
        ("paragraph", PROSE[0]),
    ]


def test_a_list_of_links_within_the_article_is_put_after_it_and_a_list_of_points_is_not() -> None:
    points = "<ul><li>The bridge is closed, for good.</li><li>The new one is paid for by the state.</li></ul>"
    related = f"<div class='related'><b>Read on</b>{LINKS}</div>"
    page = laid(f"<div>{ARTICLE}{related}{points}{ARTICLE}</div>")
    words = [words for _, words in parts(page)]
    assert words.index("The bridge is closed, for good.") == 5 and words.index("Read on") == 12
    assert dict(map(reversed, parts(page)))["Read on"] == "apparatus"


def test_words_in_a_sentence_are_never_taken_out_of_it_whatever_they_are_called() -> None:
    sentence = "Then he <span class='related comment'>quietly</span> left, and <button>the rest</button> followed."
    page = laid(f"<div>{ARTICLE}<p>{sentence}</p></div>")
    assert ("paragraph", "Then he quietly left, and the rest followed.") in parts(page)


def test_a_form_around_the_whole_page_does_not_hide_it() -> None:
    page = laid(f"<form><div class='content'>{ARTICLE}</div><nav>{LINKS}</nav></form>")
    assert parts(page)[:5] == [("paragraph", words) for words in PROSE]


def test_a_book_or_a_mail_is_drawn_in_its_own_order() -> None:
    markup = f"<header><h1>One</h1></header><nav>{LINKS}</nav><section>{ARTICLE}</section><aside>A note.</aside>"
    page = lay_out_page(markup, main=False)
    assert parts(page)[0] == ("heading", "One") and parts(page)[1][0] == "apparatus"
    assert parts(page)[-1] == ("paragraph", "A note.") and page.notes == ()


def test_the_places_of_what_has_an_id_are_known() -> None:
    page = lay_out_page("<h1 id=top>One</h1><section id=s><p id=p>Two</p></section><a id=end></a>", main=False)
    assert page.names == {"top": 0, "s": 5, "p": 5, "end": 8}


# How words are drawn


def test_two_breaks_end_a_paragraph_and_one_ends_a_line() -> None:
    page = laid("<div>One<br>two<br> <br>\n three <b>four</b><br><br><br>five<br></div>")
    assert [words for _, words in parts(page)] == ["One\ntwo", "three four", "five"]


def test_a_table_of_data_is_a_line_a_row_and_a_tab_a_cell() -> None:
    page = laid(
        """<table><caption>Bridges</caption><thead><tr><th></th><th>Year</th><th>Length</th></tr></thead>
        <tr><td><p>North</p></td><td><div>2021</div></td><td><p>120 m</p><p>(new)</p></td></tr>
        <tr><td>Old</td><td></td><td>90 m</td></tr></table>"""
    )
    rows = [words for _, words in parts(page)]
    assert rows == ["Bridges", "Year\tLength", "North\t2021\t120 m\n(new)", "Old\t\t90 m"]


def test_a_table_that_lays_out_a_page_is_paragraphs() -> None:
    page = laid(f"<table><tr><td><p>{PROSE[0]}</p><p>{PROSE[1]}</p></td><td><p>{PROSE[2]}</p></td></tr></table>")
    assert parts(page) == [("paragraph", words) for words in PROSE[:3]]


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>no</p>",
        "<p style='color:red; DISPLAY : none'>no</p>",
        "<p style=visibility:hidden>no</p>",
        "<p aria-hidden=true>no</p>",
        "<template><p>no</p></template>",
        "<noscript>no</noscript>",
        "<svg><title>no</title></svg>",
        "<select><option>no</select>",
        "<!-- no -->",
    ],
)
def test_what_is_not_shown_is_not_read(hidden: str) -> None:
    assert parts(laid(f"<p>yes</p><div>{hidden}</div>")) == [("paragraph", "yes")]


def test_formulas_and_text_from_right_to_left_are_kept_as_they_stand() -> None:
    formula = (
        "<math><semantics><mrow><mi>x</mi><mo>=</mo><mn>2</mn></mrow><annotation>x=2</annotation></semantics></math>"
    )
    page = laid(f"<p>Let {formula}.</p><p dir=rtl>שלום <b>עולם</b>, 12</p>")
    assert parts(page) == [("paragraph", "Let x=2."), ("paragraph", "שלום עולם, 12")]


# What is known about a page

LINKED = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Bridge to close"}


def linked(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


@pytest.mark.parametrize(
    "data",
    [
        LINKED | {"author": {"@type": "Person", "name": "Jane Doe"}},
        [{"@type": "Organization", "name": "The Paper"}, LINKED | {"author": [{"name": "Jane Doe"}]}],
        {"@graph": [{"@type": "WebPage"}, LINKED | {"author": {"@id": "#j"}}, {"@id": "#j", "name": "Jane Doe"}]},
        {"@type": "WebPage", "mainEntity": LINKED | {"author": "Jane Doe"}},
        LINKED | {"@type": ["Thing", "BlogPosting"], "creator": ["Jane Doe", {"name": "Jane Doe"}]},
    ],
)
def test_linked_data_are_found_wherever_they_lie(data: object) -> None:
    found = metadata(linked(data))
    assert (found.title, found.author) == ("Bridge to close", "Jane Doe")


def test_linked_data_are_believed_before_meta_tags_and_those_before_the_elements() -> None:
    head = (
        linked(LINKED | {"datePublished": "2022-01-10T23:00:00-05:00", "publisher": {"name": "The Paper"}})
        + '<meta property="article:published_time" content="2022-02-01"><meta name="author" content="Jane Doe">'
        + '<meta property="og:title" content="Close"><title>Else</title>'
    )
    found = metadata(head, "<h1>Other</h1><div class=author>John Roe</div><time datetime=2022-03-01>March</time>")
    assert found == Metadata("Bridge to close", "2022-01-10", None, "Jane Doe", "The Paper", None, None)


@pytest.mark.parametrize(
    ("head", "body", "published"),
    [
        ('<meta name="parsely-pub-date" content="2022-01-10T00:00:00Z">', "", "2022-01-10"),
        ('<meta name="sailthru.date" content="Mon, 10 Jan 2022 08:00:00 -0500">', "", "2022-01-10"),
        ('<meta name="DC.date.issued" content="2022-01-10">', "", "2022-01-10"),
        ('<meta name="citation_publication_date" content="2022/01/10">', "", "2022-01-10"),
        ('<meta itemprop="datePublished" content="20220110">', "", "2022-01-10"),
        ("", "<span itemprop=datePublished content=2022-01-10>yesterday</span>", "2022-01-10"),
        ("", "<time datetime=2022-01-09 class=updated>x</time><time datetime=2022-01-10>y</time>", "2022-01-10"),
        ('<link rel="canonical" href="https://x.org/2022/01/10/bridge">', "", "2022-01-10"),
        ('<meta name="date" content="soon"><meta name="pubdate" content="2022-01-10">', "", "2022-01-10"),
        ('<meta name="date" content="1970-01-01">', "<time datetime=x>no</time>", None),
    ],
)
def test_the_date_is_read_where_pages_write_it(head: str, body: str, published: str | None) -> None:
    assert metadata(head, f"<p>Words.</p>{body}").published == published


@pytest.mark.parametrize(
    ("head", "body", "author"),
    [
        ('<meta name="DC.creator" content="Jane Doe">', "", "Jane Doe"),
        ('<meta name="citation_author" content="Jane Doe"><meta name="citation_author" content="John Roe">',)
        + ("", "Jane Doe, John Roe"),
        (
            '<meta property="article:author" content="https://facebook.com/jane">',
            "<a rel=author>Jane Doe</a>",
            "Jane Doe",
        ),
        ("", "<p class=byline>By JANE DOE and JOHN ROE | March 25, 2022</p>", "JANE DOE and JOHN ROE"),
        ("", "<div class=author-box>Follow Author</div><div itemprop=author>Жанна Доева</div>", "Жанна Доева"),
        ("", "<p class=byline>Updated 5 minutes ago</p>", None),
    ],
)
def test_the_author_is_a_name_or_nothing(head: str, body: str, author: str | None) -> None:
    assert metadata(head, f"<p>Words.</p>{body}").author == author


@pytest.mark.parametrize(
    ("title", "title_read"),
    [
        ("Bridge to close | The Paper", "Bridge to close"),
        ("Bridge to close – THE PAPER", "Bridge to close"),
        ("The Paper: Bridge to close", "The Paper: Bridge to close"),
        ("The Paper » Bridge to close", "Bridge to close"),
        ("North - South - Bridge to close", "North - South - Bridge to close"),
        ("A & B", "A & B"),
    ],
)
def test_the_name_of_the_site_is_no_part_of_the_title(title: str, title_read: str) -> None:
    assert metadata(f'<title>{title}</title><meta property="og:site_name" content="The Paper">').title == title_read


def test_a_title_is_cut_to_what_the_heading_says() -> None:
    assert (
        metadata("<title>Bridge - to close - News - X</title>", "<h1>Bridge – to close</h1>").title
        == "Bridge - to close"
    )


def test_the_language_is_the_pages() -> None:
    assert lay_out_page("<html lang=en-GB><p>x").metadata.language == "en-GB"
    assert metadata('<meta property="og:locale" content="ru_RU">').language == "ru-RU"
    assert metadata('<meta http-equiv="content-language" content="all of them, really">').language is None


# Saved pages


@pytest.mark.parametrize(
    ("page", "url"),
    [
        ("<!-- saved from url=(0026)https://x.org/bridge?a=1#b --><html><p>x", "https://x.org/bridge?a=1#b"),
        (
            "<html><!--\n Page saved with SingleFile \n url: https://x.org/bridge \n saved date: Mon Jan 10 2022\n--><p>x",
        )
        + ("https://x.org/bridge",),
        ("<base href='https://x.org/'><p>x", "https://x.org/"),
        (
            "<!-- saved from url=(0015)https://x.org/b/c --><link rel=canonical href='../bridge'><p>x",
            "https://x.org/bridge",
        ),
        ("<!-- saved from url=(0013)about:internet --><p>x", None),
        ("<link rel=canonical href='javascript:alert(1)'><base href='file:///home/jane/'><p>x", None),
    ],
)
def test_the_address_is_the_pages_own_or_the_one_that_the_browser_noted(page: str, url: str | None) -> None:
    assert one(page, "a.html").metadata.url == url


def archive(page: str, extra: str = "") -> bytes:
    body = quopri.encodestring(page.encode("cp1251")).decode()
    return (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://x.org/bridge\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/css\r\nContent-Location: https://x.org/a.css\r\n\r\np {}\r\n"
        "--b\r\nContent-Type: text/html; charset=windows-1251\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        f"{extra}Content-Location: https://x.org/bridge\r\n\r\n{body}\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize("name", ["a.mhtml", "a.MHT"])
def test_a_web_archive_is_its_page(name: str) -> None:
    document = one(archive("<title>Мост</title><p>Да, закрыт.</p>"), name)
    assert parts(document) == [("paragraph", "Да, закрыт.")]
    assert (document.metadata.title, document.metadata.url) == ("Мост", "https://x.org/bridge")
    assert document.fidelity == "extracted"


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"MIME-Version: 1.0\r\nContent-Type: image/png\r\n\r\nx", b"\0\xff" * 50]
)
def test_a_web_archive_without_a_page_says_so(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="save the page anew"):
        list(readers.read(data, "a.mht").items)


# Whatever a page is made of

LEAVES = st.sampled_from(
    ["word, ", "Two words. ", "<br>", "<br><br>", "<img src=a>", "<input>", " ", "\n", "ß", "a" * 90, PROSE[0]]
)
CLASSES = st.sampled_from(
    ["", " class=comment", " class=article", " id=share", " hidden", " role=navigation", " class=byline"]
)
TAGS = st.sampled_from(
    "p div span b a ul li table tr td th pre h1 h2 form aside article section figure figcaption button".split()
)
NODES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda tag, named, nodes: f"<{tag}{named}>{''.join(nodes)}</{tag}>", TAGS, CLASSES, st.lists(inner, max_size=4)
    ),
    max_leaves=40,
)


@given(NODES, st.booleans())
@settings(deadline=None, max_examples=300)
def test_looking_for_the_main_text_loses_no_word_and_moves_no_offset(markup: str, with_article: bool) -> None:
    markup = f"<body>{markup}<div>{ARTICLE if with_article else ''}</div>"
    looked, drawn = lay_out_page(markup), lay_out_page(markup, main=False)
    assert sorted(looked.text.split()) == sorted(drawn.text.split())
    for page in (looked, drawn):
        spans = [block.span for block in page.blocks]
        assert "\n\n".join(span.of(page.text) for span in spans) == page.text
        assert all(span.of(page.text).strip() for span in spans)
        assert [block.paragraph for block in page.blocks] == list(range(1, len(spans) + 1))
        assert all(0 <= start <= len(page.text) for start in page.names.values())
    kinds = [block.kind for block in looked.blocks]
    if looked.notes:
        assert kinds[-1] == "apparatus" and set(kinds) != {"apparatus"}


def test_a_word_is_not_cut_in_two_by_what_runs_on_in_its_line() -> None:
    assert [
        b.span.of(p.text) for p in [lay_out_page("<p>the <span role=navigation>har</span>bour</p>")] for b in p.blocks
    ] == ["the harbour"]


@pytest.mark.parametrize(
    "markup",
    [
        "<div class=comment><p>word, word. " * 5_000,
        "<table><tr><th>x " * 5_000,
        "<ul><li><a href=#a>x</a>" * 5_000,
        "<section><h1>x<p>Hello, world, this is a sentence.</p>" * 5_000,
        "<div>" + "a<br><br>" * 20_000,
        "<table><tr>" + "<td> </td>" * 20_000,
        "".join(f"<x-{n}>y" for n in range(5_000)),
        '<script type="application/ld+json">' + '[{"@graph":' * 5_000 + "</script><p>x",
        "".join(f"<meta name=citation_author content='Jane {n}'>" for n in range(5_000)) + "<p>x",
        "<title>" + "a | " * 5_000 + "</title><h1>b</h1>",
        "<!-- saved from url=(" * 5_000 + "<p>x",
    ],
)
def test_a_page_made_to_hurt_is_read(markup: str) -> None:
    document = one(markup, "a.html")
    assert document.text == "\n\n".join(block.span.of(document.text) for block in document.blocks)


def test_a_page_nested_deeper_than_any_is_refused_before_it_is_parsed() -> None:
    for markup in ("<div>" * 100_000, "<x></y>" * 100_000):
        with pytest.raises(UnreadableFile, match="nested more than 20,000 deep"):
            one(markup + "Words.", "a.html")
    assert one("<p><i>Word. <br>" * 7_000, "a.html").text.startswith("Word.")
