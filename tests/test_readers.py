"""Readers: bytes as they come from the world, to the text a person would see, or a reason in one sentence."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index import readers
from index.errors import UnreadableFile
from index.readers import Problem
from index.readers.base import decode
from index.records import Document

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
RUSSIAN = "Президент сообщил, что войска будут выведены с территории республики. Это произойдёт через десять дней."
FRENCH = "Le président a déclaré que les troupes seront retirées dès février. La décision a été très discutée à l'été."


def read(data: bytes | str, name: str, only=None) -> list[Document | Problem]:
    return list(readers.read(data if isinstance(data, bytes) else data.encode(), name, readers.Options(only)).items)


def one(data: bytes | str, name: str) -> Document:
    (document,) = read(data, name)
    assert isinstance(document, Document)
    return document


def parts(document: Document) -> list[tuple[str, str]]:
    return [(b.kind, b.span.of(document.text)) for b in document.blocks]


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(UnreadableFile) as error:
        read(data, name)
    return str(error.value)


# Encodings


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (RUSSIAN.encode("utf-8"), "utf-8"),
        (RUSSIAN.encode("utf-8-sig"), "utf-8 (byte order mark)"),
        (b"\xff\xfe" + RUSSIAN.encode("utf-16-le"), "utf-16-le (byte order mark)"),
        (b"\xfe\xff" + RUSSIAN.encode("utf-16-be"), "utf-16-be (byte order mark)"),
        (b"\xff\xfe\0\0" + RUSSIAN.encode("utf-32-le"), "utf-32-le (byte order mark)"),
        (RUSSIAN.encode("cp1251"), "cp1251 (detected)"),
    ],
)
def test_text_is_decoded_and_its_encoding_told(data: bytes, encoding: str) -> None:
    reading = readers.read(data, "a.txt")
    assert reading.encoding == encoding
    assert next(iter(reading.items)).text == RUSSIAN


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "latin-1"),
        ("Der Präsident erklärte, dass die Truppen in zehn Tagen abzögen. Eine große Überraschung.", "cp1252"),
        ("“We won’t allow it,” he said – and left the café.", "cp1252"),
        ("Prezident řekl, že vojska budou stažena z území republiky. Příští týden začne první část.", "cp1250"),
        ("Mixed text with some русские слова and mostly English words around them, he said.", "cp1251"),
        (RUSSIAN, "koi8-r"),
        ("大統領は軍隊を撤退させると述べた。それは十日後に起こる。", "shift_jis"),
    ],
)
def test_text_in_an_older_encoding_is_recognised_without_a_declaration(text: str, encoding: str) -> None:
    assert one(text.encode(encoding), "a.txt").text == text


@pytest.mark.parametrize(
    "meta",
    ['<meta charset="windows-1251">', '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'],
)
def test_a_page_is_decoded_as_it_declares(meta: str) -> None:
    reading = readers.read(f"<html><head>{meta}</head><body><p>Да. Нет.</p></body>".encode("cp1251"), "a.html")
    assert reading.encoding == "windows-1251 (declared)"
    assert next(iter(reading.items)).text == "Да. Нет."


def test_a_page_that_says_latin_1_means_what_browsers_read() -> None:
    assert (
        one('<meta charset="iso-8859-1"><p>“It’s so” – he said'.encode("cp1252"), "a.html").text
        == "“It’s so” – he said"
    )


@pytest.mark.parametrize("declared", ["nonsense", "utf-16", "idna", "undefined", "hex", "rot13", "utf-8"])
def test_a_declaration_that_cannot_be_true_is_passed_over(declared: str) -> None:
    for padding in ("", " "):  # an even number of bytes may pass for UTF-16
        page = f'<meta charset="{declared}"><p>{RUSSIAN}</p>{padding}'
        assert one(page.encode("cp1251"), "a.html").text == RUSSIAN


def test_utf_8_wins_over_what_a_page_declares() -> None:
    assert one(f'<meta charset="windows-1251"><p>{RUSSIAN}</p>', "a.html").text == RUSSIAN


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 4, b"\0" * 100])
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.jsonl", "a.csv"])
def test_what_is_no_text_is_refused(data: bytes, name: str) -> None:
    assert "not a text file" in refusal(data, name)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.jsonl"])
def test_an_empty_file_holds_no_passages_and_breaks_nothing(name: str) -> None:
    assert all(not item.blocks for item in read(b"", name) if isinstance(item, Document))


@pytest.mark.parametrize(
    ("begins", "kind"),
    [(b"%PDF-1.7\n1 0 obj", "a PDF"), (b"{\\rtf1 Words.}", "an RTF file"), (b"PK\x03\x04", "a ZIP or office")],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.csv", "a.srt"])
def test_a_file_under_a_wrong_suffix_is_told_to_be_one(name: str, begins: bytes, kind: str) -> None:
    assert f"is {kind}" in refusal(begins, name)


def test_an_unknown_format_is_refused_by_name() -> None:
    assert ".doc is not a format that is read" in refusal(b"", "a.doc")
    assert "without a suffix" in refusal(b"", "README")


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md", "a.html", "a.jsonl", "a.csv", "a.txt.gz"]))
@settings(deadline=None)
def test_no_bytes_break_a_reader(data: bytes, name: str) -> None:
    try:
        read(data, name)
    except UnreadableFile:
        pass


# gzip


def test_a_packed_file_of_several_members_is_read_whole() -> None:
    assert (
        one(gzip.compress(b"First half, ") + gzip.compress(b"second half."), "A.TXT.GZ").text
        == "First half, second half."
    )


@pytest.mark.parametrize(
    "data", [b"not packed", gzip.compress(RUSSIAN.encode() * 50)[:-40], gzip.compress(b"x" * 999)[:12] + b"\xff" * 40]
)
def test_a_damaged_packed_file_is_refused(data: bytes) -> None:
    assert "gzip" in refusal(data, "a.txt.gz")


def test_a_file_that_unpacks_too_large_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(readers, "MAX_FILE_BYTES", 1000)
    assert "unpacks to more" in refusal(gzip.compress(b"a" * 5000), "a.txt.gz")


# JSONL


def test_bad_lines_cost_only_themselves() -> None:
    lines = [
        '{"id": "a", "text": "One."}',
        "{not json",
        "[1, 2]",
        '{"id": "b"}',
        '{"id": "c", "text": 5}',
        "",
        '{"id": "d", "text": "Two."}',
    ]
    found = read("\n".join(lines), "a.jsonl")
    assert [(i.record, i.text) for i in found if isinstance(i, Document)] == [("a", "One."), ("d", "Two.")]
    assert [i.where for i in found if isinstance(i, Problem)] == ["line 2", "line 3", "record b", "record c"]


def test_very_deep_json_costs_only_its_line() -> None:
    found = read("[" * 100_000 + "\n" + '{"id": "a", "text": "One."}', "a.jsonl")
    assert found[0] == Problem("line 1", "it is nested too deep") and found[1].record == "a"


def test_a_number_of_many_digits_costs_only_its_line() -> None:
    found = read('{"id": "a", "text": "One.", "n": ' + "9" * 5000 + '}\n{"id": "b", "text": "Two."}', "a.jsonl")
    assert found[0] == Problem("line 1", "it holds a number of thousands of digits") and found[1].record == "b"


@given(
    st.lists(
        st.sampled_from(
            [None, "a", "b", "#2", "#3", "a (#2)", "a (#3)", "a (#4)", "a (#3) (#4)", 7, "7", "\ud800", ""]
        ),
        max_size=8,
    )
)
@settings(deadline=None)
@example(["a (#3)", "a", "a"])
def test_records_have_names_of_their_own_whatever_their_ids(ids: list) -> None:
    found = read("\n".join(json.dumps({"id": i, "text": f"Text {n}."}) for n, i in enumerate(ids)), "a.jsonl")
    names = [d.record for d in found]
    assert len(set(names)) == len(ids) and [d.text for d in found] == [f"Text {n}." for n in range(len(ids))]
    for name in names:
        name.encode("utf-8")
    for n, name in enumerate(names):
        assert [
            d.text
            for d in read(
                "\n".join(json.dumps({"id": i, "text": f"Text {k}."}) for k, i in enumerate(ids)), "a.jsonl", {name}
            )
        ] == [f"Text {n}."]


def test_a_record_without_an_id_is_named_by_its_place() -> None:
    found = read(
        '{"_id": "x", "text": "A."}\n{"text": "B."}\n{"id": null, "_id": "y", "text": "C."}\n{"ID": 0, "Text": "D."}',
        "a.jsonl",
    )
    assert [d.record for d in found] == ["x", "#2", "y", "0"]
    assert not any(d.metadata.extra for d in found)


def test_known_fields_become_metadata_and_others_are_kept() -> None:
    record = {
        "id": 1,
        "text": "A.",
        "Headline": "T",
        "date": "05.06.2020",
        "authors": ["Jane", None, "John"],
        "url": "u",
        "place": "Kyiv",
    }
    record |= {
        "nested": {"a": 1},
        "mixed": ["x", ["y"], {"z": 1}],
        "count": 3,
        "nothing": None,
        "missing": float("nan"),
    }
    metadata = one(json.dumps(record), "a.jsonl").metadata
    assert (metadata.title, metadata.published, metadata.author, metadata.url) == ("T", "2020-06-05", "Jane, John", "u")
    assert metadata.extra == {"place": "Kyiv", "mixed": "x", "count": "3", "missing": "nan"}
    assert "read day first" in metadata.published_note


def test_a_date_that_cannot_be_read_is_said_to_be_so() -> None:
    metadata = one('{"text": "A.", "date": "last spring"}', "a.jsonl").metadata
    assert metadata.published is None and "last spring" in metadata.published_note


def test_half_a_surrogate_pair_in_a_field_is_written_out() -> None:
    metadata = one('{"text": "A.", "title": "x\\ud83d", "k\\ud83d": "v\\ude00"}', "a.jsonl").metadata
    assert metadata.title == "x\\ud83d" and metadata.extra == {"k\\ud83d": "v\\ude00"}


def test_line_separators_inside_a_json_string_part_no_records() -> None:
    assert one('{"id": "a", "text": "One\u2028two\x85three."}\r\n', "a.jsonl").text == "One\u2028two\x85three."


# CSV


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")), st.text("ab;,\t\"'\n ")
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(",;\t"),
)
@settings(deadline=None)
def test_a_table_gives_back_the_texts_that_were_written(rows: list[tuple[str, str]], delimiter: str) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerow(["id", "text", "title"])
    writer.writerows([n, text, title] for n, (text, title) in enumerate(rows))
    found = [i for i in read(file.getvalue().encode("utf-8-sig"), "a.csv") if isinstance(i, Document)]
    assert [(d.record, d.text) for d in found] == [(str(n), text) for n, (text, _) in enumerate(rows) if text.strip()]


def test_ragged_rows_and_spaced_headers_are_read() -> None:
    found = read("ID , Text,title\n1,One.\n2,Two.,T,extra,more\n3\n", "a.csv")
    assert [(d.record, d.text, d.metadata.title) for d in found if isinstance(d, Document)] == [
        ("1", "One.", None),
        ("2", "Two.", "T"),
    ]
    assert [p.where for p in found if isinstance(p, Problem)] == ["record 3"]


def test_a_table_whose_lines_end_in_carriage_returns_is_read() -> None:
    assert one("id;text\r1;One, two, three.\r", "a.csv").text == "One, two, three."


def test_a_huge_field_is_read() -> None:
    text = "word " * 100_000
    assert one(f'id,text\n1,"{text}"\n', "a.csv").text == text


def test_a_table_without_a_text_column_is_one_document() -> None:
    assert parts(one("id,body\n1,One.\n", "a.csv")) == [("heading", "id,body"), ("paragraph", "1,One.")]
    assert one("", "a.csv").blocks == ()


# Markdown


def test_front_matter_becomes_metadata_and_stays_in_the_text() -> None:
    for newline in ("\n", "\r\n", "\r"):
        text = newline.join(
            ["---", "title: The war", "date: 2022-01-10", "tags: [a, b]", "---", "", "# Heading", "", "Words."]
        )
        document = one(text, "a.md")
        assert document.text == text
        assert [k for k, _ in parts(document)] == ["apparatus", "heading", "paragraph"]
        assert (document.metadata.title, document.metadata.published, document.metadata.extra) == (
            "The war",
            "2022-01-10",
            {"tags": "a, b"},
        )


@pytest.mark.parametrize(
    "bad",
    [
        "title: War: a history\ndate: 2022-01-10",
        "title: 'War: a history\ndate: 2022-01-10",
        "title: War: a history\nx: [\ndate: 2022-01-10",
    ],
)
def test_front_matter_that_is_no_yaml_still_says_what_it_says(bad: str) -> None:
    document = one(f"---\n{bad}\n---\n\nWords.", "a.md")
    assert (document.metadata.title, document.metadata.published) == ("War: a history", "2022-01-10")
    assert [k for k, _ in parts(document)] == ["apparatus", "paragraph"]


def test_an_impossible_date_in_front_matter_costs_only_itself() -> None:
    metadata = one("---\ntitle: T\ndate: 2022-13-45\n---\n\nWords.", "a.md").metadata
    assert metadata.title == "T" and metadata.published is None


def test_a_text_between_two_rules_is_no_front_matter() -> None:
    document = one("---\n\nThe first words.\n\n---\n\nThe second words.", "a.md")
    assert [w for k, w in parts(document) if k == "paragraph"] == ["The first words.", "The second words."]


def test_empty_front_matter_is_apparatus() -> None:
    assert [k for k, _ in parts(one("---\n---\nWords.", "a.md"))] == ["apparatus", "paragraph"]


def test_front_matter_that_unfolds_without_end_is_read() -> None:
    bomb = "\n".join(
        [
            "a0: &a0 [x, x]",
            *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 40)),
            "self: &self [*self]",
            "title: T",
        ]
    )
    assert one(f"---\n{bomb}\n---\n\nWords.", "a.md").metadata.title == "T"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_blocks_of_markdown_are_its_headings_paragraphs_and_items(newline: str) -> None:
    lines = [
        "Title",
        "=====",
        "",
        "First *words*",
        "in two lines.",
        "",
        "## Part ##",
        "",
        "- One",
        "  - Two",
        "",
        "  Three",
        "1. Four",
        "",
    ]
    lines += [
        "> Said",
        "> so",
        "",
        "| a | b |",
        "|---|---|",
        "| 1 | 2 |",
        "",
        "```",
        "# code",
        "```",
        "",
        "<div>x</div>",
        "",
        "[ref]: http://x",
    ]
    document = one(newline.join(lines), "a.md")
    expected = [
        ("heading", ["Title", "====="]),
        ("paragraph", ["First *words*", "in two lines."]),
        ("heading", ["## Part ##"]),
        ("paragraph", ["- One"]),
        ("paragraph", ["- Two"]),
        ("paragraph", ["Three"]),
        ("paragraph", ["1. Four"]),
        ("paragraph", ["> Said", "> so"]),
        ("paragraph", ["| a | b |", "|---|---|", "| 1 | 2 |"]),
        ("paragraph", ["```", "# code", "```"]),
        ("apparatus", ["<div>x</div>"]),
        ("apparatus", ["[ref]: http://x"]),
    ]
    assert parts(document) == [(kind, newline.join(words)) for kind, words in expected]
    assert document.metadata.title == "Title"


@pytest.mark.parametrize("text", ["[" * 50_000, "> " * 5_000 + "x", "*a_ " * 20_000, "- " * 3_000 + "x", "`" * 30_000])
def test_markdown_made_to_hurt_is_read(text: str) -> None:
    assert one(text, "a.md").text == text


# HTML


def test_a_page_is_its_visible_words() -> None:
    page = """<!DOCTYPE html><html lang="en"><head><title>T</title><style>p {}</style></head><body>
    <nav><a href="/">Home</a></nav>
    <h1>A &amp; B</h1>
    <p>One <b>bo<i>ld</i></b>word,&nbsp;two<br>
       three<!-- no --> <span hidden>no</span><span aria-hidden="true">no</span>four &lt;five&gt;.</p>
    <script>no()</script><template>no</template><noscript>no</noscript>
    <ul><li>Item <p>inner</p> rest</li></ul>
    <table><tr><th>H</th><th>I</th></tr><tr><td>1</td><td>2</td></tr></table>
    <pre>  a
    b</pre>
    <p>Unclosed <b>bold
    <p>Next</b>
    <footer>Foot</footer>"""
    document = one(page, "a.html")
    assert parts(document) == [
        ("apparatus", "Home"),
        ("heading", "A & B"),
        ("paragraph", "One boldword,\xa0two\nthree four <five>."),
        ("paragraph", "Item"),
        ("paragraph", "inner"),
        ("paragraph", "rest"),
        ("paragraph", "H\tI"),
        ("paragraph", "1\t2"),
        ("paragraph", "a\n    b"),
        ("paragraph", "Unclosed bold"),
        ("paragraph", "Next"),
        ("apparatus", "Foot"),
    ]
    assert document.fidelity == "extracted" and document.metadata.language == "en"
    assert document.text == "\n\n".join(words for _, words in parts(document))


@pytest.mark.parametrize("tag", ["div", "b", "span", "blockquote", "ul><li", "table><tr><td"])
def test_a_page_nested_ten_thousand_deep_is_read(tag: str) -> None:
    document = one(f"<{tag}>x " * 10_000 + "end", "a.html")
    assert document.text.endswith("end") and document.text.count("x") == 10_000


def test_a_table_row_of_very_many_cells_is_read() -> None:
    assert one("<table><tr>" + "<td>x" * 50_000, "a.html").text == "\t".join("x" * 50_000)


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<html></html>",
        "<frameset><frame src=a></frameset>",
        "<head><title>T</title></head>",
        "<p>  <br> &nbsp; </p>",
    ],
)
def test_a_page_without_words_has_no_blocks(page: str) -> None:
    assert parts(one(page, "a.html")) == []


def test_metadata_of_a_page_come_from_its_head() -> None:
    linked = {
        "@context": "x",
        "@graph": [
            {"@type": "Org"},
            {"headline": "L", "datePublished": "2022-01-10T10:00:00Z", "author": [{"name": "Jane"}, "John"]},
        ],
    }
    page = f"""<head><title>T</title><meta property="og:title" content="O"><meta property="og:site_name" content="Site">
    <link rel="canonical" href="https://x/y"><script type="application/ld+json">{
        json.dumps(linked)
    }</script></head><p>Words."""
    metadata = one(page, "a.html").metadata
    assert (metadata.title, metadata.published, metadata.author) == ("L", "2022-01-10", "Jane, John")
    assert (metadata.source, metadata.url) == ("Site", "https://x/y")


@pytest.mark.parametrize(
    "linked",
    [
        "{broken",
        "[" * 5000,
        "null",
        "5",
        '{"@graph": 5}',
        '{"@graph": {"headline": 5}}',
        '{"headline": {"a": 1}, "author": 7}',
        '{"headline": ["a"], "datePublished": {}, "author": [null, [[]], {"name": {}}]}',
        '{"headline": "\\ud800", "author": "\\udc00"}',
    ],
)
def test_malformed_linked_data_costs_only_itself(linked: str) -> None:
    document = one(f'<title>T</title><script type="application/ld+json">{linked}</script><p>Words.', "a.html")
    assert parts(document) == [("paragraph", "Words.")]
    assert document.metadata.title
    repr(document.metadata).encode("utf-8")


def test_a_page_without_linked_data_is_titled_by_its_title_or_heading() -> None:
    assert one("<title> A\n title </title><h1>H</h1>", "a.html").metadata.title == "A title"
    assert one("<h1>Only <b>this</b></h1><p>x", "a.html").metadata.title == "Only this"


def test_no_word_of_a_real_article_is_lost_and_hardly_any_taken_for_apparatus() -> None:
    pages = sorted((DATA / "files" / "html" / "readability").glob("*/expected.html"))
    pages = [p for p in pages if (p.parent / "source.html").exists()]
    if not pages:
        pytest.skip("the shared data are not here")
    counted = lambda text: Counter(re.findall(r"\w+", text))  # noqa: E731
    for page in pages:
        expected = counted(one(page.read_bytes(), page.name).text)
        source = one(page.with_name("source.html").read_bytes(), "source.html")
        assert expected <= counted(source.text), page.parent.name
        body = counted("\n".join(words for kind, words in parts(source) if kind != "apparatus"))
        assert (expected & body).total() >= 0.9 * expected.total(), page.parent.name


def test_a_damaged_byte_costs_itself_and_not_the_encoding() -> None:
    data = "“We won’t leave the café,” said the minister’s wife.".encode()
    for at in (20, len(data) - 5):
        broken = decode(data[:at] + b"\xff" + data[at:])
        assert "“We won’t" in broken.text and "\ufffd" in broken.text
        assert broken.encoding == "utf-8 (1 damaged)"
    assert decode(data[:-30] + b"\xe2\x80").text.startswith("“We won’t")


def test_russian_in_koi8_is_russian() -> None:
    text = "Президент России заявил, что весь контингент будет выведен с территории Казахстана. " * 3
    assert decode(text.encode("koi8-r")).text == text
