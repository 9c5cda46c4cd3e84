"""EPUB: a book in the order in which it is read, its chapters as places."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lawful import assert_lawful

from index import readers
from index.errors import UnreadableFile
from index.readers import packages
from index.readers.base import Problem
from index.records import Document

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
METADATA = (
    "<dc:title>The Sea</dc:title><dc:creator>Ann Poe</dc:creator><dc:creator>Bob Roe</dc:creator><dc:date>2019-05-04</dc:date>"
    "<dc:language>en</dc:language><dc:publisher>Harbour House</dc:publisher>"
)
SHORE = '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>'
SHORE += '<h1>I. The Shore</h1><p>Waves <a id="z"/>came&nbsp;in.</p></body></html>'
DEEP = '<html><head><title>x</title></head><body><p>The shore goes on.</p><h1 id="deep">II</h1><p>It is deep.</p></body></html>'
NAV = (
    '<html xmlns:epub="http://www.idpf.org/2007/ops"><body><nav epub:type="landmarks"><a href="x.xhtml">Cover</a></nav>'
    '<nav epub:type="toc"><ol><li><a href="text/the%20shore.xhtml">The Shore</a></li>'
    '<li><a href="text/deep.xhtml#deep">The Deep</a></li></ol></nav></body></html>'
)
NCX = (
    '<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://www.daisy.org/z3986/2005/ncx-2005-1.dtd">'
    '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>Shore (old)</text></navLabel>'
    '<content src="text/the%20shore.xhtml"/></navPoint></navMap></ncx>'
)


def book(
    changed: dict[str, str | None] | None = None, metadata: str = METADATA, spine: str = "nav shore deep"
) -> bytes:
    """A book of two chapters; what is `changed` is put in its place, or left out."""
    items = "".join(
        f'<item id="{name}" href="{path}" media-type="{kind}" properties="{properties}"/>'
        for name, path, kind, properties in [
            ("nav", "nav.xhtml", "application/xhtml+xml", "nav"),
            ("ncx", "toc.ncx", "application/x-dtbncx+xml", ""),
            ("shore", "text/the%20shore.xhtml", "application/xhtml+xml", ""),
            ("deep", "text/deep.xhtml", "application/xhtml+xml", ""),
            ("picture", "cover.png", "image/png", ""),
        ]
    )
    order = "".join(f'<itemref idref="{name}"/>' for name in spine.split())
    parts: dict[str, str | None] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/content.opf": f'<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata>{metadata}</metadata><manifest>{items}</manifest><spine>{order}</spine></package>",
        "OEBPS/nav.xhtml": NAV,
        "OEBPS/toc.ncx": NCX,
        "OEBPS/text/the shore.xhtml": SHORE,
        "OEBPS/text/deep.xhtml": DEEP,
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in (parts | (changed or {})).items():
            if content is not None:
                packed.writestr(name, content)
    return target.getvalue()


def read(data: bytes) -> tuple[Document, list[Problem]]:
    document, *problems = readers.read(data, "a.epub").items
    assert isinstance(document, Document)
    assert_lawful(document)
    return document, problems


def places(document: Document) -> list[tuple[str, int, str]]:
    assert {p.kind for p in document.locators} == {"chapter"}
    return [(p.label, p.number, document.text[p.start :].split("\n")[0]) for p in document.locators]


def test_chapters_follow_each_other_as_they_are_read() -> None:
    document, problems = read(book(spine="shore deep"))
    assert document.text == "I. The Shore\n\nWaves came\xa0in.\n\nThe shore goes on.\n\nII\n\nIt is deep."
    assert [b.kind for b in document.blocks] == ["heading", "paragraph", "paragraph", "heading", "paragraph"]
    assert (document.fidelity, document.record, problems) == ("extracted", None, [])


def test_a_chapter_begins_where_the_table_of_contents_says() -> None:
    document, _ = read(book(spine="shore deep"))
    assert places(document) == [("The Shore", 1, "I. The Shore"), ("The Deep", 2, "II")]


def test_the_table_of_contents_of_epub_2_is_read_where_there_is_no_other() -> None:
    document, _ = read(book({"OEBPS/nav.xhtml": None}, spine="shore deep"))
    assert places(document) == [("Shore (old)", 1, "I. The Shore")]


def test_without_a_table_of_contents_each_page_is_a_chapter_by_its_heading() -> None:
    document, _ = read(book({"OEBPS/nav.xhtml": None, "OEBPS/toc.ncx": None}, spine="shore deep"))
    assert places(document) == [("I. The Shore", 1, "I. The Shore"), ("II", 2, "The shore goes on.")]


def test_the_table_of_contents_itself_is_apparatus() -> None:
    document, _ = read(book())
    listed = [b.span.of(document.text) for b in document.blocks if b.kind == "apparatus"]
    assert listed == ["Cover", "The Shore", "The Deep"]
    assert places(document)[:2] == [("", 1, "Cover"), ("The Shore", 2, "I. The Shore")]


def test_the_metadata_is_the_books() -> None:
    metadata = read(book())[0].metadata
    assert (metadata.title, metadata.author, metadata.source) == ("The Sea", "Ann Poe, Bob Roe", "Harbour House")
    assert (metadata.published, metadata.language) == ("2019-05-04", "en")


def test_what_a_program_fills_in_for_want_of_knowledge_is_no_metadata() -> None:
    said = "<dc:title>Unknown</dc:title><dc:creator>Unknown</dc:creator><dc:date>0101-01-01T00:00:00+00:00</dc:date>"
    metadata = read(book(metadata=said + "<dc:language>und</dc:language>"))[0].metadata
    assert (metadata.title, metadata.author, metadata.published, metadata.language) == (None, None, None, None)


def test_elements_that_are_empty_in_xml_do_not_swallow_what_follows() -> None:
    page = '<html><head><title/><script src="x"/></head><body><p>One<a id="x"/> two<br/>three</p><div/><p>Four</p></body></html>'
    document, _ = read(book({"OEBPS/text/deep.xhtml": page}, spine="deep"))
    assert document.text == "One two\nthree\n\nFour"


ENCRYPTION = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:e="http://www.w3.org/2001/04/xmlenc#">'
    '<e:EncryptedData><e:EncryptionMethod Algorithm="{method}"/><e:CipherData><e:CipherReference URI="{path}"/></e:CipherData>'
    "</e:EncryptedData></encryption>"
)


def test_a_locked_book_is_told_to_be() -> None:
    locked = ENCRYPTION.format(method="http://www.w3.org/2001/04/xmlenc#aes128-cbc", path="OEBPS/text/deep.xhtml")
    with pytest.raises(UnreadableFile, match="locked"):
        readers.read(book({"META-INF/encryption.xml": locked}), "a.epub")


def test_hidden_fonts_do_not_lock_a_book() -> None:
    fonts = ENCRYPTION.format(method="http://www.idpf.org/2008/embedding", path="OEBPS/fonts/a.otf")
    assert read(book({"META-INF/encryption.xml": fonts}))[0].text == read(book())[0].text


def test_a_missing_page_costs_only_itself() -> None:
    document, problems = read(book({"OEBPS/text/deep.xhtml": None}, spine="shore deep gone"))
    assert document.text.endswith("in.")
    assert [p.where for p in problems] == ["OEBPS/text/deep.xhtml"]


def test_the_package_document_is_found_without_its_container() -> None:
    assert read(book({"META-INF/container.xml": None}))[0].text == read(book())[0].text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no whole EPUB"),
        (b"not a package", "no whole EPUB"),
        (book({"META-INF/container.xml": None, "OEBPS/content.opf": None}), "not a whole EPUB"),
        (book({"OEBPS/content.opf": "<package>"}), "damaged"),
        (book(spine=""), "holds no text"),
        (
            book({"OEBPS/text/deep.xhtml": "<html><body><img src='a.png'/></body></html>"}, spine="deep"),
            "holds no text",
        ),
    ],
)
def test_what_is_no_book_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        readers.read(data, "a.epub")


def test_entities_of_its_own_are_refused() -> None:
    bomb = '<!DOCTYPE package [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><package>&b;</package>'
    with pytest.raises(UnreadableFile, match="document type"):
        readers.read(book({"OEBPS/content.opf": bomb}), "a.epub")


def test_a_chapter_that_begins_behind_all_words_is_none() -> None:
    document, _ = read(
        book({"OEBPS/text/deep.xhtml": "<body><p>Words.</p><a id='deep'></a></body>"}, spine="shore deep")
    )
    assert [label for label, *_ in places(document)] == ["The Shore"]


def test_references_out_of_the_book_lead_nowhere() -> None:
    document, _ = read(
        book({"OEBPS/nav.xhtml": NAV.replace("text/deep.xhtml", "../../../etc/passwd")}, spine="shore deep")
    )
    assert [label for label, *_ in places(document)] == ["The Shore"]


def test_a_page_that_unpacks_without_end_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "MAX_FILE_BYTES", 100_000)
    long = f"<html><body><p>{'word ' * 40_000}</p></body></html>"
    document, problems = read(book({"OEBPS/text/deep.xhtml": long}, spine="shore deep"))
    assert document.text.endswith("in.") and "unpacks to more than" in problems[0].reason


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=6)), min_size=1, max_size=5))
def test_a_damaged_book_gives_what_it_holds_or_a_reason(changes: list[tuple[int, bytes]]) -> None:
    data = bytearray(BOOK)
    for at, piece in changes:
        data[at % len(data) : at % len(data) + len(piece)] = piece
    try:
        read(bytes(data))
    except UnreadableFile:
        pass


PIECES = st.sampled_from(
    ["<p>", "</p>", "<h1>", "words", " ", "<a id='b'/>", "<nav>", "<br/>", "&nbsp;", "<", "/>", "<table><td>", "\n"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_page_keeps_the_laws(page: str) -> None:
    try:
        read(book({"OEBPS/text/deep.xhtml": page.replace("id='b'", "id='deep'")}))
    except UnreadableFile:
        pass


BOOK = book()
