"""Office files: Word, OpenDocument, RTF, PowerPoint, Excel. What a person reads is the text, and each word has its place."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lawful import assert_lawful

from index import readers
from index.errors import UnreadableFile
from index.readers import Options, Problem
from index.readers.building import Building
from index.records import Document

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
ODF = "urn:oasis:names:tc:opendocument:xmlns:"
SENTENCE = "The minister said that the pier would be mended before the winter."


def read(data: bytes, name: str) -> list[Document | Problem]:
    found = list(readers.read(data, name).items)
    for document in found:
        if isinstance(document, Document):
            is_whole(document)
    return found


def is_whole(document: Document) -> None:
    """What holds of every document, and of these: each place begins with a block."""
    assert_lawful(document)
    starts = [locator.start for locator in document.locators]
    assert len(set(starts)) == len(starts) and set(starts) <= {b.span.start for b in document.blocks}


def one(data: bytes, name: str) -> Document:
    (document,) = read(data, name)
    assert isinstance(document, Document)
    return document


def parts(document: Document) -> list[tuple[str, str]]:
    return [(b.kind, b.span.of(document.text)) for b in document.blocks]


def places(document: Document) -> list[tuple[str, str, str]]:
    """Each block that begins a place: the place's kind and label, and the words."""
    at = {b.span.start: b.span.of(document.text) for b in document.blocks}
    return [(place.kind, place.label, at[place.start]) for place in document.locators]


def voices(document: Document) -> list[tuple[str, str]]:
    return [(voice.name, voice.span.of(document.text)) for voice in document.voices]


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(UnreadableFile) as error:
        read(data, name)
    return str(error.value)


def packed(members: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return file.getvalue()


def rels(**targets: str) -> str:
    """A part's relations, by id: "comments:comments.xml"."""
    each = (
        f'<Relationship Id="{i}" Type="{R}/{t.split(":")[0]}" Target="{t.split(":")[1]}"/>' for i, t in targets.items()
    )
    return f'<Relationships xmlns="{RELS}">{"".join(each)}</Relationships>'


def core(**said: str) -> str:
    names = {"title": "dc:title", "author": "dc:creator", "created": "dcterms:created", "saved": "dcterms:modified"}
    inner = "".join(f"<{names[k]}>{v}</{names[k]}>" for k, v in said.items())
    spaces = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    return f'<cp:coreProperties xmlns:cp="urn:cp" {spaces}>{inner}</cp:coreProperties>'


def word(body: str, said: dict[str, str] | None = None, space: str = W, **more: str) -> bytes:
    """A Word file of a body's XML, and perhaps of other parts, by their names: comments="…"."""
    members: dict[str, str | bytes] = {
        "_rels/.rels": rels(a="officeDocument:word/document.xml", b="core-properties:docProps/core.xml"),
        "word/document.xml": f'<w:document xmlns:w="{space}" xmlns:a="{A}"><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": rels(**{k: f"{k}:{k}.xml" for k in more}),
    }
    if said:
        members["docProps/core.xml"] = core(**said)
    for name, inner in more.items():
        members[f"word/{name}.xml"] = f'<w:{name} xmlns:w="{W}">{inner}</w:{name}>'
    return packed(members)


def run(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def para(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner if inner.startswith('<') else run(inner)}</w:p>"


def table(*rows: list[str]) -> str:
    cell = lambda c: f"<w:tc>{c if c.startswith('<') else para(c)}</w:tc>"  # noqa: E731
    return f"<w:tbl>{''.join('<w:tr>' + ''.join(map(cell, row)) + '</w:tr>' for row in rows)}</w:tbl>"


STYLES = (
    '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/>'
    '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="Mine"/><w:basedOn w:val="H1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="character" w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>'
)


# Word


def test_paragraphs_are_counted_as_a_person_counts_them_and_headings_are_told_by_their_style() -> None:
    style = '<w:pStyle w:val="{}"/>'.format
    body = para("Annual report", style("T")) + para("The sea", style("Mine")) + para("It rises.") + para("")
    document = one(word(body + para("It falls.") + para("5", style("TOC1")), styles=STYLES), "a.docx")
    assert parts(document) == [
        ("heading", "Annual report"),
        ("heading", "The sea"),
        ("paragraph", "It rises."),
        ("paragraph", "It falls."),
        ("apparatus", "5"),
    ]
    assert [b.paragraph for b in document.blocks] == [1, 2, 3, 4, 5]
    assert document.metadata.title == "Annual report" and document.fidelity == "extracted"


def test_a_whole_text_in_the_style_of_a_heading_is_no_heading() -> None:
    document = one(word(para(SENTENCE * 5, '<w:pStyle w:val="H1"/>'), styles=STYLES), "a.docx")
    assert [b.kind for b in document.blocks] == ["paragraph"]


def test_what_was_deleted_is_not_quoted_and_what_was_inserted_is() -> None:
    body = para(
        run("He ")
        + f'<w:del w:id="1"><w:r><w:delText>never</w:delText></w:r></w:del><w:ins w:id="2">{run("always")}</w:ins>'
        f"{run(' came')}<w:moveFrom>{run(' late')}</w:moveFrom><w:moveTo>{run(' early')}</w:moveTo>{run('.')}"
    )
    document = one(word(body), "a.docx")
    assert document.text == "He always came early."
    assert document.notes == ("4 tracked changes: read as if they were accepted; what was deleted is left out.",)


def test_paragraphs_whose_parting_was_deleted_are_one() -> None:
    document = one(word(para("One ", "<w:rPr><w:del/></w:rPr>") + para("sentence.")), "a.docx")
    assert parts(document) == [("paragraph", "One sentence.")]


def test_a_row_or_cell_that_was_deleted_is_not_in_the_table() -> None:
    cells = table(["a", "b"]).replace("<w:tc>", "<w:tc><w:tcPr><w:cellDel/></w:tcPr>", 1)
    assert one(word(cells), "a.docx").text == "b"
    body = table(["a", "b"], ["c", "d"]).replace("<w:tr>", "<w:tr><w:trPr><w:del/></w:trPr>", 1)
    assert one(word(body), "a.docx").text == "c\td"


def test_hidden_text_is_left_out_and_said_so() -> None:
    body = para(run("Seen.") + run(" Not seen.", "<w:vanish/>") + run(" Nor this.", '<w:rStyle w:val="Secret"/>'))
    body += para(run("Shown.", '<w:vanish w:val="0"/>'))
    document = one(word(body, styles=STYLES), "a.docx")
    assert document.text == "Seen.\n\nShown."
    assert document.notes == ("4 words of hidden text left out.",)


def test_line_breaks_tabs_and_hyphens_are_what_is_seen() -> None:
    inner = "<w:r><w:t>co</w:t><w:softHyphen/><w:t>operate</w:t><w:br/><w:t>well</w:t><w:noBreakHyphen/><w:t>known</w:t><w:tab/>"
    inner += '<w:t>so\u00adft</w:t><w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="Odd" w:char="F0AA"/></w:r>'
    document = one(word(para(inner)), "a.docx")
    assert document.text == "cooperate\nwell-known\tsoft✓\ufffd"
    assert document.notes == (
        "2 soft hyphens left out.",
        "1 sign of a font that has no letters for them stand as “\ufffd”.",
    )


def test_of_a_field_its_result_is_read_and_not_its_code() -> None:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    code = (
        mark("begin") + "<w:r><w:instrText>IF 1 </w:instrText></w:r>" + mark("begin") + mark("separate") + run("inner")
    )
    body = para(run("On ") + code + mark("end") + mark("separate") + run("Monday") + mark("end") + run("."))
    assert one(word(body + para("Next.")), "a.docx").text == "On Monday.\n\nNext."


def test_a_field_without_an_end_hides_no_more_than_its_paragraph() -> None:
    body = para(run("Seen") + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + run("code")) + para("Next.")
    assert one(word(body), "a.docx").text == "Seen\n\nNext."


def test_links_content_controls_and_smart_tags_are_part_of_the_text() -> None:
    inner = (
        f"<w:hyperlink>{run('A link')}</w:hyperlink><w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{run(' here')}"
    )
    document = one(word(para(inner + f"</w:sdtContent></w:sdt><w:smartTag>{run('.')}</w:smartTag>")), "a.docx")
    assert document.text == "A link here."


def test_notes_come_after_the_text_under_the_numbers_they_are_shown_with() -> None:
    reference = '<w:r><w:{}Reference w:id="{}"/></w:r>'.format
    custom = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="4"/><w:t>*</w:t></w:r>'
    body = para(run("One.") + reference("footnote", 3) + reference("endnote", 1) + custom) + para(
        run("Two.") + reference("footnote", 2)
    )
    note = '<w:{0} w:id="{1}"{3}><w:p><w:r><w:{0}Ref/></w:r>{2}</w:p></w:{0}>'.format
    footnotes = note("footnote", 0, run("—"), ' w:type="separator"') + note("footnote", 2, run("Second."), "")
    footnotes += note("footnote", 3, run("First."), "") + note("footnote", 4, run("Starred."), "")
    document = one(word(body, footnotes=footnotes, endnotes=note("endnote", 1, run("Last."), "")), "a.docx")
    assert document.text == "One.\n\nTwo.\n\nFirst.\n\nStarred.\n\nSecond.\n\nLast."
    assert places(document) == [
        ("footnote", "1", "First."),
        ("footnote", "*", "Starred."),
        ("footnote", "2", "Second."),
        ("footnote", "i", "Last."),
    ]
    assert [place.number for place in document.locators] == [1, 2, 3, 4]


def test_comments_are_their_writers_words_in_the_order_of_the_text() -> None:
    body = para(run("Words.") + '<w:r><w:commentReference w:id="7"/></w:r><w:r><w:commentReference w:id="5"/></w:r>')
    comment = '<w:comment w:id="{}" w:author="{}">{}</w:comment>'.format
    comments = comment(5, "Bo Ek", para("No.")) + comment(7, "Ann Lee", para("Is it so?") + para("I doubt it."))
    document = one(word(body, comments=comments), "a.docx")
    assert places(document) == [("comment", "1", "Is it so?"), ("comment", "2", "No.")]
    assert voices(document) == [("Ann Lee", "Is it so?"), ("Ann Lee", "I doubt it."), ("Bo Ek", "No.")]


def test_headers_and_footers_are_kept_once_out_of_the_rankings_way() -> None:
    document = one(word(para("Words."), header=para("Confidential"), footer=para("Confidential")), "a.docx")
    assert parts(document) == [("paragraph", "Words."), ("apparatus", "Confidential")]


def test_a_table_of_short_cells_is_one_block_and_one_of_sentences_a_block_a_row() -> None:
    small = table(["Port", "Ships"], ["Dover", ""], ["", "3"])
    assert [w for _, w in parts(one(word(small), "a.docx"))] == ["Port\tShips\nDover\n\t3"]
    long = table(["Who", "What"], ["Lee", SENTENCE], ["Ek", para("No.") + para("Never.")])
    assert [w for _, w in parts(one(word(long), "a.docx"))] == ["Who\tWhat", f"Lee\t{SENTENCE}", "Ek\tNo.\nNever."]


def test_a_table_that_only_frames_the_page_is_read_as_paragraphs() -> None:
    document = one(word(table([para(SENTENCE) + para("A second paragraph.")])), "a.docx")
    assert [w for _, w in parts(document)] == [SENTENCE, "A second paragraph."]


def test_a_table_within_a_table_is_read_in_its_cell() -> None:
    document = one(word(table(["a", para("before") + table(["b", "c"], ["d", "e"]) + para("after")])), "a.docx")
    assert document.text == "a\tbefore\nb\tc\nd\te\nafter"


def test_a_text_box_is_read_once_and_after_the_paragraph_it_is_in() -> None:
    box = f"<w:txbxContent>{para('In a box.')}</w:txbxContent>"
    space = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    choice = f"<mc:AlternateContent {space}><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    document = one(word(para(run("Before ") + f"<w:r>{choice}</w:r>" + run("after.")) + para("Next.")), "a.docx")
    assert document.text == "Before after.\n\nIn a box.\n\nNext."


def test_what_is_struck_through_is_in_the_text_and_told() -> None:
    document = one(word(para(run("Salmon ") + run("sold out", "<w:strike/>"))), "a.docx")
    assert document.text == "Salmon sold out" and document.notes == ("2 words struck through, and in the text.",)


def test_the_strict_form_of_the_format_is_read() -> None:
    strict = word(para("Words."), space="http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert one(strict, "a.docx").text == "Words."


def test_metadata_that_a_program_filled_in_is_not_believed() -> None:
    real = {
        "title": "The pier",
        "author": "Ann Lee",
        "created": "2021-03-04T10:00:00Z",
        "saved": "2021-03-05T10:00:00Z",
    }
    metadata = one(word(para("Words."), real), "a.docx").metadata
    assert (metadata.title, metadata.author, metadata.published) == ("The pier", "Ann Lee", "2021-03-04")
    assert metadata.published_note == "the day on which the file was made"
    filled = {
        "title": "Microsoft Word - x.doc",
        "author": "Windows User",
        "created": "2013-12-23T23:15:00Z",
        "saved": "1601-01-01",
    }
    metadata = one(word(para("Words."), filled), "a.docx").metadata
    assert (metadata.title, metadata.author, metadata.published, metadata.published_note) == (None,) * 4
    late = {"created": f"{date.today().year + 2}-01-01T00:00:00Z", "saved": "2020-02-02T00:00:00Z"}
    metadata = one(word(para("Words."), late), "a.docx").metadata
    assert (metadata.published, metadata.published_note) == ("2020-02-02", "the day on which the file was last saved")


def test_a_damaged_part_costs_itself() -> None:
    document, problem = read(word(para("Words."), comments="</oops"), "a.docx")
    assert isinstance(document, Document) and document.text == "Words."
    assert isinstance(problem, Problem) and problem.where == "comments"


def test_macros_are_named_and_left_alone() -> None:
    data = word(para("Words."))
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a") as package:
        package.writestr("word/vbaProject.bin", b"\0")
    assert one(file.getvalue(), "a.docm").notes == ("It holds macros, which were not looked at.",)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=30), max_size=6))
@settings(deadline=None, max_examples=60)
def test_every_paragraph_is_found_where_its_block_says(texts: list[str]) -> None:
    escape = lambda t: t.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")  # noqa: E731
    body = "".join(para(run(escape(t))) for t in texts)
    shown = [t.replace("\u00ad", "").strip() for t in texts]
    try:
        document = one(word(body), "a.docx")
    except UnreadableFile:
        assert not any(shown)
        return
    assert [w for _, w in parts(document)] == [t for t in shown if t]


# Packages that are damaged, locked or hostile

NAMES = ["a.docx", "a.odt", "a.pptx", "a.xlsx"]


@pytest.mark.parametrize("name", NAMES)
def test_an_encrypted_file_says_so(name: str) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    assert "is encrypted with a password" in refusal(ole + "EncryptedPackage".encode("utf-16-le"), name)
    assert "older" in refusal(ole, name)


def test_an_encrypted_opendocument_file_says_so() -> None:
    manifest = f'<m:manifest xmlns:m="{ODF}manifest:1.0"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    assert "is encrypted" in refusal(packed({"META-INF/manifest.xml": manifest, "content.xml": b"\x8f\x01"}), "a.odt")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("data", [b"", b"PK", b"%PDF-1.4", packed({"other.xml": "<a/>"}), word(para("Words."))[:300]])
def test_what_is_no_such_file_is_refused_in_a_sentence(data: bytes, name: str) -> None:
    assert ": open it" in refusal(data, name) or "missing" in refusal(data, name)


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
def test_a_document_type_is_refused(name: str) -> None:
    bomb = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    path = "word/document.xml" if name == "a.docx" else "xl/workbook.xml"
    data = packed(
        {path: f'{bomb}<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>'}
    )
    assert "document type" in refusal(data, name)


def test_nothing_outside_is_fetched(tmp_path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    system = f'<!DOCTYPE w [<!ENTITY s SYSTEM "file://{tmp_path}/secret.txt">]>'
    data = packed(
        {"word/document.xml": f'{system}<w:document xmlns:w="{W}"><w:p><w:r><w:t>&s;</w:t></w:r></w:p></w:document>'}
    )
    assert "document type" in refusal(data, "a.docx")
    outward = rels(a="officeDocument:../../etc/passwd")
    assert "missing" in refusal(packed({"_rels/.rels": outward}), "a.docx")


@pytest.mark.parametrize(("name", "path"), [("a.docx", "word/document.xml"), ("a.xlsx", "xl/worksheets/sheet1.xml")])
def test_a_part_that_unpacks_to_far_more_than_it_is_is_refused(name: str, path: str) -> None:
    assert "times its size" in refusal(packed({path: b"<a>" + b" " * 5_000_000 + b"</a>"}), name)


def test_a_file_of_too_many_parts_is_refused() -> None:
    assert "parts" in refusal(packed({f"{n}": b"" for n in range(10_001)}), "a.docx")


def test_elements_within_elements_without_end_are_refused_and_break_nothing() -> None:
    deep = "<w:sdt>" * 5_000 + "</w:sdt>" * 5_000
    assert "damaged" in refusal(word(deep), "a.docx")
    near = f"{'<w:txbxContent><w:p>' * 60}{run('Deep.')}{'</w:p></w:txbxContent>' * 60}"
    assert one(word(near), "a.docx").text == "Deep."


def test_a_file_of_pictures_says_that_it_holds_no_text() -> None:
    assert "holds no text" in refusal(word(para("")), "a.docx")


@given(st.data())
@settings(deadline=None, max_examples=80)
def test_no_mutation_breaks_a_reader(data: st.DataObject) -> None:
    name, whole = data.draw(st.sampled_from(sorted(SAMPLES.items())))
    mutated = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        mutated[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        read(bytes(mutated), name)
    except UnreadableFile as error:
        assert "\n" not in str(error)


# OpenDocument


def odf(body: str, kind: str = "text", styles: str = "", meta: str = "") -> bytes:
    names = {"office": "office", "text": "text", "table": "table", "draw": "drawing", "style": "style"}
    names |= {"presentation": "presentation", "meta": "meta"}
    spaces = "".join(f' xmlns:{prefix}="{ODF}{name}:1.0"' for prefix, name in names.items())
    spaces += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    content = (
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}>"
    )
    members: dict[str, str | bytes] = {
        "content.xml": f"<office:document-content{spaces}>{content}</office:body></office:document-content>"
    }
    if meta:
        members["meta.xml"] = f"<office:document-meta{spaces}><office:meta>{meta}</office:meta></office:document-meta>"
    return packed(members)


def test_an_opendocument_text_is_read_with_headings_blanks_and_breaks() -> None:
    body = '<text:h text:outline-level="1">The sea</text:h><text:p>It\n   <text:span>rises </text:span> high.<text:s text:c="2"/>'
    document = one(odf(body + "Yes.<text:line-break/> New<text:tab/>line.</text:p>"), "a.odt")
    assert parts(document) == [("heading", "The sea"), ("paragraph", "It rises high.  Yes.\nNew\tline.")]
    assert document.metadata.title == "The sea"


def test_of_an_opendocument_text_what_was_deleted_is_left_out() -> None:
    deleted = "<text:tracked-changes><text:changed-region><text:deletion><office:change-info/><text:p>Gone.</text:p>"
    body = f"{deleted}</text:deletion></text:changed-region></text:tracked-changes><text:p>Kept.</text:p>"
    document = one(odf(body), "a.odt")
    assert document.text == "Kept." and document.notes[0].startswith("1 tracked change: ")


def test_notes_and_comments_of_an_opendocument_text_come_after_it() -> None:
    note = "<text:note><text:note-citation>1</text:note-citation>"
    note += "<text:note-body><text:p>A note.</text:p></text:note-body></text:note>"
    comment = "<office:annotation><dc:creator>Ann Lee</dc:creator><dc:date>2021-01-01</dc:date>"
    comment += "<text:p>Is it?</text:p></office:annotation>"
    document = one(odf(f"<text:p>Words{note}{comment} go on.</text:p>"), "a.odt")
    assert document.text == "Words go on.\n\nA note.\n\nIs it?"
    assert places(document) == [("footnote", "1", "A note."), ("comment", "1", "Is it?")]
    assert voices(document) == [("Ann Lee", "Is it?")]


def test_hidden_text_frames_and_contents_of_an_opendocument_text() -> None:
    styles = '<style:style style:name="H"><style:text-properties text:display="none"/></style:style>'
    body = (
        "<text:table-of-content><text:index-body><text:p>The sea 1</text:p></text:index-body></text:table-of-content>"
    )
    body += '<text:p>Seen<text:span text:style-name="H"> hidden</text:span>.<draw:frame><draw:text-box><text:p>Box.</text:p>'
    body += "</draw:text-box></draw:frame> More.</text:p><text:p>Next.</text:p>"
    document = one(odf(body, styles=styles), "a.odt")
    assert parts(document) == [
        ("apparatus", "The sea 1"),
        ("paragraph", "Seen. More."),
        ("paragraph", "Box."),
        ("paragraph", "Next."),
    ]
    assert "1 word of hidden text left out." in document.notes


def test_a_table_of_an_opendocument_text() -> None:
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>".format
    row = "<table:table-row>{}</table:table-row>".format
    body = f"<table:table>{row(cell('a') + cell('b'))}{row(cell('c') + cell('d'))}</table:table>"
    assert one(odf(body), "a.odt").text == "a\tb\nc\td"


def test_the_metadata_of_an_opendocument_file() -> None:
    meta = "<dc:title>The pier</dc:title><meta:initial-creator>Ann Lee</meta:initial-creator>"
    meta += "<meta:creation-date>2021-03-04T10:00:00</meta:creation-date><dc:language>en-GB</dc:language>"
    found = one(odf("<text:p>Words.</text:p>", meta=meta), "a.odt").metadata
    assert (found.title, found.author, found.published, found.language) == (
        "The pier",
        "Ann Lee",
        "2021-03-04",
        "en-GB",
    )


def ods_row(*cells: str, repeated: int = 1) -> str:
    each = "".join(f"<table:table-cell><text:p>{c}</text:p></table:table-cell>" for c in cells)
    return f'<table:table-row table:number-rows-repeated="{repeated}">{each}</table:table-row>'


def test_an_opendocument_spreadsheet_is_read_row_by_row_as_its_cells_are_shown() -> None:
    rows = ods_row("Port", "Ships") + ods_row(repeated=3) + ods_row("Dover", "12 %") + ods_row(repeated=1_048_000)
    document = one(odf(f'<table:table table:name="Tab">{rows}</table:table>', "spreadsheet"), "a.ods")
    assert places(document) == [("row", "Tab!1", "Port\tShips"), ("row", "Tab!5", "Dover\t12 %")]


def test_cells_repeated_without_end_are_no_trap() -> None:
    row = ods_row("word " * 1_000, repeated=1_000_000_000).replace(
        "-cell>", '-cell table:number-columns-repeated="99999999">', 1
    )
    document, *_ = read(odf(f"<table:table>{row}</table:table>", "spreadsheet"), "a.ods")
    assert isinstance(document, Document) and len(document.text) < 10_000_000


def test_rows_that_are_repeated_again_and_again_are_no_trap() -> None:
    trap = ods_row("word", repeated=1_000).replace("-cell>", '-cell table:number-columns-repeated="1000">', 1) * 20
    assert len(one(odf(f"<table:table>{trap}</table:table>", "spreadsheet"), "a.ods").text) < 1_500_000
    honest = ods_row("n/a", "0", repeated=300)
    assert one(odf(f"<table:table>{honest}</table:table>", "spreadsheet"), "a.ods").text.count("n/a\t0") == 300


def test_an_opendocument_presentation_is_read_slide_by_slide() -> None:
    frame = "<draw:frame{}><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>".format
    slide = frame("", "Points.") + frame(' presentation:class="title"', "The sea")
    notes = f"<presentation:notes>{frame('', 'Say it.')}</presentation:notes>"
    document = one(
        odf(f"<draw:page>{slide}{notes}</draw:page><draw:page>{frame('', 'End.')}</draw:page>", "presentation"), "a.odp"
    )
    assert places(document) == [("slide", "1", "The sea"), ("slide", "1, notes", "Say it."), ("slide", "2", "End.")]
    assert parts(document)[0] == ("heading", "The sea")


# RTF


def rtf(body: str, head: str = r"\ansi\ansicpg1252") -> bytes:
    fonts = (
        r"{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset204 Times Cyr;}{\f2\fcharset128 Mincho;}{\f3\fcharset2 Symbol;}}"
    )
    styles = r"{\stylesheet{ Normal;}{\s1\outlinelevel0 heading 1;}{\*\cs2 Strong;}}"
    return (r"{\rtf1" + head + r"\deff0" + fonts + styles + body + "}").encode("latin-1")


def test_rtf_is_read_in_the_code_pages_of_its_fonts_and_in_unicode() -> None:
    body = r"Caf\'e9 {\f1 \'cf\'f0} {\f2 \'93\'fa\'96{\'7b}} \u8212-\u-10179?\u-8704? {\uc2\u233\'65\'301} {\f3 b}"
    assert one(rtf(body.replace(r"\'96{\'7b}", r"\'96\'7b")), "a.rtf").text == "Café Пр 日本 —😀 é1 β"


def test_rtf_paragraphs_headings_and_signs() -> None:
    document = one(
        rtf(r"\pard\s1 The sea\par\pard\plain It\line rises\emdash\~now\_a\-days.\tab X\par\par {\b B}old"), "a.rtf"
    )
    assert parts(document) == [
        ("heading", "The sea"),
        ("paragraph", "It\nrises—\xa0now-adays.\tX"),
        ("paragraph", "Bold"),
    ]


def test_of_rtf_hidden_and_deleted_words_and_field_codes_are_left_out() -> None:
    body = r"Seen{\v  hidden}{\deleted  gone} {\field{\*\fldinst HYPERLINK x}{\fldrslt a link}}{\*\unknown thing}.{\pict 00ff}"
    document = one(rtf(body), "a.rtf")
    assert document.text == "Seen a link."
    assert document.notes[:2] == ("1 word deleted by tracked changes left out.", "1 word of hidden text left out.")


def test_tables_notes_comments_and_headers_of_rtf() -> None:
    body = r"{\header Head\par}Words{\footnote \chftn  A note.}{\*\atnid A}{\*\atnauthor Ann Lee}{\*\annotation Is it?}.\par"
    body += r"\trowd\pard\intbl a\cell b\par c\cell\row\trowd\pard\intbl 1\cell 2\cell\row\pard After.\par"
    document = one(rtf(body), "a.rtf")
    assert document.text == "Words.\n\na\tb\nc\n1\t2\n\nAfter.\n\nHead\n\nA note.\n\nIs it?"
    assert places(document) == [("footnote", "1", "A note."), ("comment", "1", "Is it?")]
    assert voices(document) == [("Ann Lee", "Is it?")] and ("apparatus", "Head") in parts(document)


def test_the_metadata_of_rtf() -> None:
    info = r"{\info{\title The pier}{\author Ann Lee}{\creatim\yr2021\mo3\dy4\hr1}}"
    metadata = one(rtf(info + "Words."), "a.rtf").metadata
    assert (metadata.title, metadata.author, metadata.published) == ("The pier", "Ann Lee", "2021-03-04")


def test_rtf_that_is_cut_off_is_read_as_far_as_it_goes_and_says_so() -> None:
    document = one(rtf("Words {\\b bold and")[:-1], "a.rtf")
    assert document.text == "Words bold and" and document.notes == ("The file is cut off: its end is missing.",)
    assert "no RTF" in refusal(b"Words.", "a.rtf")


def test_binary_data_in_rtf_is_passed_over_and_groups_may_lie_deep() -> None:
    assert one(rtf(r"A{\pict\bin5 }}{{x}B" + "{" * 50_000 + "C" + "}" * 50_000), "a.rtf").text == "ABC"


# PowerPoint


def shape(words: list[str], top: int | None = None, kind: str = "", left: int = 0) -> str:
    at = f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="9" cy="9"/></a:xfrm>' if top is not None else ""
    place = f'<p:ph type="{kind}"/>' if kind else ""
    body = "".join(f"<a:p><a:r><a:t>{w}</a:t></a:r></a:p>" for w in words)
    return f"<p:sp><p:nvSpPr><p:nvPr>{place}</p:nvPr></p:nvSpPr><p:spPr>{at}</p:spPr><p:txBody>{body}</p:txBody></p:sp>"


def slides(*each: str, attributes: str = "", **more: str) -> bytes:
    """A presentation of the XML of its slides; `more`: notes or comments of the first, by kind."""
    spaces = f'xmlns:p="{P}" xmlns:a="{A}" xmlns:r="{R}"'
    ids = "".join(f'<p:sldId r:id="s{n}"/>' for n in range(len(each)))
    members: dict[str, str | bytes] = {
        "_rels/.rels": rels(a="officeDocument:ppt/presentation.xml"),
        "ppt/presentation.xml": f"<p:presentation {spaces}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": rels(
            **{f"s{n}": f"slide:slides/{n}.xml" for n in range(len(each))}, au="commentAuthors:authors.xml"
        ),
        "ppt/authors.xml": f'<p:cmAuthorLst {spaces}><p:cmAuthor id="1" name="Ann Lee"/></p:cmAuthorLst>',
    }
    for n, tree in enumerate(each):
        members[f"ppt/slides/{n}.xml"] = (
            f"<p:sld {spaces} {attributes}><p:cSld><p:spTree>{tree}</p:spTree></p:cSld></p:sld>"
        )
    members["ppt/slides/_rels/0.xml.rels"] = rels(**{k: f"{k}:../{k}.xml" for k in more})
    for name, tree in more.items():
        members[f"ppt/{name}.xml"] = f"<p:x {spaces}>{tree}</p:x>"
    return packed(members)


def test_a_slide_is_read_title_first_and_from_top_to_bottom() -> None:
    slide = shape(["Low."], 500) + shape(["High, right."], 100, left=50) + shape(["High, left."], 100)
    document = one(slides(slide + shape(["3"], 0, "sldNum") + shape(["The sea"], 300, "title")), "a.pptx")
    assert parts(document) == [
        ("heading", "The sea"),
        ("paragraph", "High, left."),
        ("paragraph", "High, right."),
        ("paragraph", "Low."),
        ("apparatus", "3"),
    ]
    assert document.metadata.title == "The sea"


def test_a_text_without_a_place_of_its_own_stands_where_the_layout_puts_it() -> None:
    layout = f"<p:cSld><p:spTree>{shape([], 900, 'body')}</p:spTree></p:cSld>"
    document = one(slides(shape(["Body."], None, "body") + shape(["Above it."], 500), slideLayout=layout), "a.pptx")
    assert document.text == "Above it.\n\nBody."


def test_groups_tables_and_notes_of_slides_are_read() -> None:
    outline = '<a:off x="0" y="1000"/><a:ext cx="10" cy="10"/><a:chOff x="0" y="0"/><a:chExt cx="10" cy="10"/>'
    group = f"<p:grpSp><p:grpSpPr><a:xfrm>{outline}</a:xfrm></p:grpSpPr>{shape(['In a group.'], 0)}</p:grpSp>"
    cell = "<a:tc><a:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></a:txBody></a:tc>".format
    grid = f"<a:tbl><a:tr>{cell('a')}{cell('b')}</a:tr><a:tr>{cell('c')}{cell('d')}</a:tr></a:tbl>"
    frame = f"<p:graphicFrame><a:graphic><a:graphicData>{grid}</a:graphicData></a:graphic></p:graphicFrame>"
    notes = f"<p:cSld><p:spTree>{shape(['Say it.'], 0, 'body')}{shape(['1'], 0, 'sldNum')}</p:spTree></p:cSld>"
    comments = '<p:cm authorId="1"><p:text>Is it?</p:text></p:cm>'
    document = one(
        slides(group + shape(["First."], 500) + frame, shape(["Next slide."], 0), notesSlide=notes, comments=comments),
        "a.pptx",
    )
    assert document.text == "a\tb\nc\td\n\nFirst.\n\nIn a group.\n\nSay it.\n\nIs it?\n\nNext slide."
    assert places(document) == [
        ("slide", "1", "a\tb\nc\td"),
        ("slide", "1, notes", "Say it."),
        ("comment", "1", "Is it?"),
        ("slide", "2", "Next slide."),
    ]
    assert voices(document) == [("Ann Lee", "Is it?")]


def test_hidden_slides_are_read_and_told() -> None:
    assert one(slides(shape(["Words."], 0), attributes='show="0"'), "a.pptx").notes == (
        "1 slide hidden when the presentation is shown.",
    )


def test_a_hidden_shape_is_not_on_the_slide() -> None:
    hidden = shape(["Not seen."], 0).replace("<p:nvSpPr>", '<p:nvSpPr><p:cNvPr hidden="1"/>')
    assert one(slides(hidden + shape(["Seen."], 0)), "a.pptx").text == "Seen."


def test_a_damaged_slide_costs_itself() -> None:
    document, problem = read(slides("</oops", shape(["Words."], 0)), "a.pptx")
    assert isinstance(document, Document) and places(document) == [("slide", "2", "Words.")]
    assert isinstance(problem, Problem) and problem.where == "slide 1"


# Excel


def workbook(**sheets: list[list[object]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook_is_read_row_by_row_with_sheet_and_number() -> None:
    document = one(workbook(Ports=[["Port", "Ships"], [], ["Dover", 3]], Notes=[[SENTENCE]]), "a.xlsx")
    assert places(document) == [
        ("row", "Ports!1", "Port\tShips"),
        ("row", "Ports!3", "Dover\t3"),
        ("row", "Notes!1", SENTENCE),
    ]
    assert [b.kind for b in document.blocks] == ["heading", "paragraph", "paragraph"]


def test_values_are_as_they_are_shown_and_dates_are_iso() -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["x", date(2022, 1, 10), 0.256, 1234.5, True, 0.1 + 0.2, None, 7])
    for cell, shown_as in (("C1", "0.0%"), ("D1", "#,##0.00")):
        book.active[cell].number_format = shown_as
    file = io.BytesIO()
    book.save(file)
    assert one(file.getvalue(), "a.xlsx").text == "x\t2022-01-10\t25.6%\t1,234.50\tTRUE\t0.3\t\t7"


def edited(package: bytes, before: bytes, after: bytes) -> bytes:
    """An Excel file with something of its first sheet replaced."""
    with zipfile.ZipFile(io.BytesIO(package)) as parts:
        members: dict[str, str | bytes] = {name: parts.read(name) for name in parts.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    assert isinstance(sheet, bytes) and before in sheet
    return packed(members | {"xl/worksheets/sheet1.xml": sheet.replace(before, after)})


def test_a_number_that_no_format_can_show_is_shown_as_it_is() -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append([7])
    book.active["A1"].number_format = "0.00"
    file = io.BytesIO()
    book.save(file)
    assert one(edited(file.getvalue(), b"<v>7<", b"<v>1%s<" % (b"0" * 400)), "a.xlsx").text == "1" + "0" * 400


def test_a_cell_of_a_style_that_there_is_not_is_read() -> None:
    package = edited(workbook(Ports=[["Dover", 3]]), b"<c ", b'<c s="999" ')
    assert one(package, "a.xlsx").text == "Dover\t3"


def test_a_sheet_with_a_column_text_is_a_table_of_records() -> None:
    rows: list[list[object]] = [
        ["ID", "Text", "Date"],
        [7, "One.", date(2022, 1, 10)],
        [8, None, None],
        ["x", "Two.", None],
    ]
    found = read(workbook(Sheet=rows, Other=[["Words."]]), "a.xlsx")
    documents = [d for d in found if isinstance(d, Document)]
    assert [(d.record, d.text) for d in documents] == [("7", "One."), ("x", "Two."), ("other sheets", "Words.")]
    assert [d.metadata.published for d in documents[:2]] == ["2022-01-10", None]
    assert [p.where for p in found if isinstance(p, Problem)] == ["record 8"]
    only = readers.read(workbook(Sheet=rows), "a.xlsx", Options(only={"x"})).items
    assert [d.record for d in only if isinstance(d, Document)] == ["x"]


def test_the_line_breaks_of_other_systems_in_cells_are_line_breaks() -> None:
    assert one(workbook(S=[["one_x000D_\ntwo"]]), "a.xlsx").text == "one\ntwo"


def test_a_hidden_sheet_is_told() -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(workbook(Seen=[["a"]], Secret=[["b"]])))
    book["Secret"].sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    assert one(file.getvalue(), "a.xlsx").notes == ("1 sheet hidden in Excel: Secret.",)


# CSV without a column “text”


def test_a_table_without_a_column_text_is_one_document_as_it_is() -> None:
    text = 'port,ships,note\r\n"Dover",3,"Two\r\nlines"\r\n\r\n,,\r\nYork,4,x\r\n'
    document = one(text.encode(), "a.csv")
    assert document.text == text and document.fidelity == "as is"
    assert parts(document) == [
        ("heading", "port,ships,note"),
        ("paragraph", '"Dover",3,"Two\r\nlines"'),
        ("apparatus", ",,"),
        ("paragraph", "York,4,x"),
    ]
    assert [(place.label, place.number) for place in document.locators] == [("1", 1), ("2", 2), ("4", 4), ("5", 5)]


@given(st.text(st.sampled_from("ab1,;\t\"'\r\n \x0b\u2028"), max_size=60))
@settings(deadline=None)
def test_every_table_is_covered_by_its_rows(text: str) -> None:
    for document in read(text.encode(), "a.csv"):
        assert isinstance(document, Document) and document.text == text


# The text under construction


@given(st.lists(st.tuples(st.text(max_size=20), st.sampled_from(["heading", "paragraph", "apparatus"]), st.booleans())))
def test_blocks_places_and_voices_are_born_where_the_words_are_written(pieces: list[tuple[str, str, bool]]) -> None:
    page = Building()
    for number, (words, kind, is_placed) in enumerate(pieces):
        if is_placed:
            page.place("slide", str(number), number)
        page.add(words, kind, by="Ann" if is_placed else None)
    document = page.document()
    is_whole(document)
    assert [w for _, w in parts(document)] == [w.strip() for w, _, _ in pieces if w.strip()]


SAMPLES = {
    "a.docx": word(para("Words.") + table(["a", "b"]), styles=STYLES, comments=para("c")),
    "a.odt": odf("<text:p>Words.</text:p>"),
    "a.ods": odf(f"<table:table>{ods_row('a', 'b')}</table:table>", "spreadsheet"),
    "a.rtf": rtf(r"Words \u8212- {\b x}\par\trowd a\cell b\cell\row"),
    "a.pptx": slides(shape(["Words."], 0)),
    "a.xlsx": workbook(Sheet=[["Port", "Ships"], ["Dover", 3]]),
}


def test_what_excel_hides_or_never_computed_is_told() -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Zephyr Trust", "=1+1"])
    book.active.append(["A hidden row", "and what it says"])
    book.active.row_dimensions[2].hidden = True
    data = io.BytesIO()
    book.save(data)
    (found,) = readers.read(data.getvalue(), "a.xlsx").items
    assert "1 row hidden in Excel is read with the others." in found.notes
    assert "1 formula whose value was never saved is left out." in found.notes
