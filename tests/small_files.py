"""One small file of each format that is read, whole and with something of all that the format knows: what is damaged in tests.

usage: .venv/bin/python tests/small_files.py FOLDER    # writes them all, as seeds for benchmarks/fuzz.py
"""

from __future__ import annotations

import io
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

TEXT = "Posted: 10.01.2022\n\n“We will go,” said Jane Doe, the minister.\n\nIt rained; nobody was surprised by it.\n"
MARKDOWN = f"---\ntitle: On the harbour\ndate: 2022-01-10\n---\n# The harbour\n\n{TEXT}\n- one\n- two\n\n"
MARKDOWN += "| a | b |\n|---|---|\n| 1 | 2 |\n"
CSV = "name,town,year\nJane Doe,Leeds,2022\n“Ann, B.”,Ипсвич,2023\n"
RECORDS = "id,title,text\n1,One,“Yes,” said Jane Doe.\n2,Two,It rained.\n"
JSONL = '{"id": 1, "title": "One", "text": "“Yes,” said Jane Doe."}\n{"id": 2, "text": "It rained \\u2014 all day."}\n'
SRT = "1\n00:00:01,000 --> 00:00:03,500\n- Who goes?\n- <i>We</i> will.\n\n2\n00:01:04,000 --> 00:01:06,000\nJANE DOE: It rained.\n"
VTT = """WEBVTT
Language: en

NOTE a note

00:01.000 --> 00:03.500 align:start
<v Jane Doe>We will go</v> <i>now</i> &amp; then.

00:00:04.000 --> 00:00:06.000
<v Ann>It <00:00:05.000>rained.
"""
HTML = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The harbour | The Paper</title>
<link rel="canonical" href="https://paper.example/harbour"><meta property="article:published_time" content="2022-01-10">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "The harbour", "author": {"name": "Ann Other"}}</script>
</head><body><nav><ul><li><a href="/">Home</a><li><a href="/news">News</a></ul></nav><article><h1>The harbour</h1>
<p class="byline">By Ann Other</p><p>“We will go,” said <b>Jane Doe</b>, the minister.<br>
It rained, and nobody was surprised by it.</p>
<table><tr><th>year<th>ships</tr><tr><td>2022<td>12</tr></table><pre>  a\n    b</pre><blockquote>Ships &amp; more.</blockquote>
<svg><text>Sea</text></svg></article><footer>© The Paper</footer></body></html>
"""
MAIL = """From: Jane Doe <jane@paper.example>
To: =?utf-8?q?Ann_=C3=84?= <ann@paper.example>
Date: Mon, 10 Jan 2022 14:29:00 +0100
Subject: The harbour
Message-ID: <1@paper.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b1"

--b1
Content-Type: multipart/alternative; boundary="b2"

--b2
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

We will go =E2=80=93 all of us.

On Sun, 9 Jan 2022, Ann wrote:
> Who goes?
>> It rained.

--b2
Content-Type: text/html; charset=utf-8

<p>We will go – all of us.</p><blockquote type="cite">Who goes?</blockquote>
--b2--

--b1
Content-Type: text/plain; name="notes.txt"
Content-Disposition: attachment; filename="notes.txt"
Content-Transfer-Encoding: base64

SXQgcmFpbmVkLgo=

--b1
Content-Type: message/rfc822

From: Ann <ann@paper.example>
Subject: Re: the harbour

Who goes?

--b1--
"""
MHTML = f"""From: <Saved by Blink>
Snapshot-Content-Location: https://paper.example/harbour
Subject: The harbour
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="b1"

--b1
Content-Type: text/html
Content-Location: https://paper.example/harbour

{HTML}
--b1
Content-Type: image/png
Content-Transfer-Encoding: base64

iVBORw0KGgo=

--b1--
"""
RTF = r"""{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil\fcharset0 Arial;}{\f1\fcharset204 Arial;}}
{\stylesheet{\s1 heading 1;}}{\info{\title The harbour}{\author Ann Other}{\creatim\yr2022\mo1\dy10}}
\pard\s1 The harbour\par\pard \ldblquote We will go,\rdblquote  said Jane Doe.\line
It \'e9t\u233? rained{\footnote Or so they say.}.\par
\trowd\cellx100\cellx200 year\cell ships\cell\row {\f1 \'c6}{\v hidden}{\*\unknown x}{\pict\pngblip 8950}\par}
"""
CONTAINER = """<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OEBPS/a.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
OPF = """<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i"><metadata
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The harbour</dc:title><dc:creator>Ann Other</dc:creator>
<dc:language>en</dc:language><dc:date>2022-01-10</dc:date></metadata><manifest>
<item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="c1" href="1.xhtml" media-type="application/xhtml+xml"/>
<item id="c2" href="2.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="c1"/><itemref idref="c2"/></spine></package>"""
NAV = """<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body><nav epub:type="toc"><ol>
<li><a href="1.xhtml">The sea</a></li><li><a href="2.xhtml#s">The land</a></li></ol></nav></body></html>"""
CHAPTER = """<html xmlns="http://www.w3.org/1999/xhtml"><head><title>C</title></head><body><h1>Of it</h1>
<p id="s">“Go,” she said.</p></body></html>"""
ODF_SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {p: p for p in ("office", "text", "table", "style", "presentation", "meta")}.items()
)
ODF_SPACES += (
    ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
ODT_BODY = """<office:text><text:h text:outline-level="1">The harbour</text:h><text:p>“Go,” said<text:s text:c="2"/>Jane Doe.
<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>
<text:note-body><text:p>Or so.</text:p></text:note-body></text:note>
<office:annotation><dc:creator>Ann</dc:creator><dc:date>2022-01-10</dc:date><text:p>Sure?</text:p></office:annotation></text:p>
<text:list><text:list-item><text:p>one</text:p></text:list-item></text:list>
<table:table><table:table-row><table:table-cell table:number-columns-repeated="2"><text:p>12</text:p></table:table-cell>
</table:table-row></table:table></office:text>"""
ODS_BODY = """<office:spreadsheet><table:table table:name="Ships"><table:table-row><table:table-cell>
<text:p>year</text:p></table:table-cell><table:table-cell><text:p>ships</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="2">
<table:table-cell office:value-type="float" office:value="2022"><text:p>2022</text:p></table:table-cell>
<table:table-cell><text:p>12</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>"""
ODP_BODY = """<office:presentation><draw:page draw:name="One">
<draw:frame presentation:class="title"><draw:text-box><text:p>The harbour</text:p></draw:text-box></draw:frame>
<draw:frame><draw:text-box><text:p>Ships go.</text:p></draw:text-box></draw:frame><presentation:notes><draw:frame>
<draw:text-box><text:p>Speak up.</text:p></draw:text-box></draw:frame></presentation:notes></draw:page></office:presentation>"""
META = """<office:meta><dc:title>The harbour</dc:title><dc:creator>Ann Other</dc:creator>
<dc:date>2022-01-10T10:00:00</dc:date></office:meta>"""


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    """A ZIP archive of parts, in order."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def with_part(package: bytes, name: str, part: bytes | str) -> bytes:
    """The package with a part put in, or in another's place."""
    return zipped({**parts_of(package), name: part})


def parts_of(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def files() -> dict[str, bytes]:
    """The files by their names."""
    plain = {
        "a.txt": TEXT,
        "a.md": MARKDOWN,
        "a.html": HTML,
        "a.mhtml": MHTML,
        "a.eml": MAIL,
        "a.mbox": f"From jane Mon Jan 10 14:29:00 2022\n{MAIL}\nFrom ann Tue Jan 11 10:00:00 2022\nSubject: two\n\nIt rained.\n",
        "a.csv": CSV,
        "b.csv": RECORDS,
        "a.tsv": CSV.replace(",", "\t"),
        "a.jsonl": JSONL,
        "a.srt": SRT,
        "a.vtt": VTT,
        "a.rtf": RTF,
    }
    made = {name: text.encode() for name, text in plain.items()}
    made |= {"a.docx": docx(), "a.pptx": pptx(), "a.xlsx": xlsx(), "a.epub": epub(), "a.pdf": pdf()}
    made |= {
        "a.odt": odf("text", ODT_BODY),
        "a.ods": odf("spreadsheet", ODS_BODY),
        "a.odp": odf("presentation", ODP_BODY),
    }
    within = {
        "one.txt": TEXT.encode(),
        "in/two.eml": MAIL.encode(),
        "in/three.docx": made["a.docx"],
        "four.csv": RECORDS.encode(),
    }
    return made | {"a.zip": zipped(within), "a.tar": tar(within)}


def docx() -> bytes:
    import docx

    document = docx.Document()
    document.core_properties.title, document.core_properties.author = "The harbour", "Ann Other"
    document.sections[0].header.paragraphs[0].text = "The Paper"
    document.add_heading("The harbour", 1)
    paragraph = document.add_paragraph("“We will go,” said Jane Doe.")
    document.add_comment(paragraph.runs, "Sure?", author="Ann Other")
    document.add_paragraph("one", style="List Bullet")
    table = document.add_table(2, 2)
    for number, cell in enumerate(c for row in table.rows for c in row.cells):
        cell.text = f"cell {number}"
    return _saved(document)


def pptx() -> bytes:
    import pptx

    slides = pptx.Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[1])
    slide.shapes.title.text, slide.placeholders[1].text = "The harbour", "Ships go.\nIt rained."
    slide.notes_slide.notes_text_frame.text = "Speak up."
    table = slide.shapes.add_table(1, 2, 0, 0, 100, 100).table
    table.cell(0, 0).text, table.cell(0, 1).text = "year", "2022"
    return _saved(slides)


def xlsx() -> bytes:
    import datetime

    import openpyxl

    book = openpyxl.Workbook()
    book.properties.title = "Ships"
    for row in (["year", "ships", "on"], [2022, 12.5, datetime.date(2022, 1, 10)], ["Leeds", True, "=1+1"]):
        book.active.append(row)
    book.create_sheet("Empty")
    return _saved(book)


def _saved(document: object) -> bytes:
    file = io.BytesIO()
    document.save(file)  # type: ignore[attr-defined]
    return file.getvalue()


def epub(chapter: str = CHAPTER) -> bytes:
    parts = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER, "OEBPS/a.opf": OPF}
    return zipped({**parts, "OEBPS/nav.xhtml": NAV, "OEBPS/1.xhtml": chapter, "OEBPS/2.xhtml": CHAPTER})


def odf(kind: str, body: str) -> bytes:
    parts = {"mimetype": f"application/vnd.oasis.opendocument.{kind}"}
    for name, within in (
        ("content", f"<office:body>{body}</office:body>"),
        ("meta", META),
        ("styles", "<office:styles/>"),
    ):
        root = f"office:document-{name}"
        parts[f"{name}.xml"] = f'<?xml version="1.0" encoding="UTF-8"?><{root} {ODF_SPACES}>{within}</{root}>'
    return zipped(parts)


def tar(parts: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, part in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(part)
            archive.addfile(info, io.BytesIO(part))
    return file.getvalue()


def pdf(pages: int = 2, kids: bytes | None = None, box: bytes = b"0 0 300 200") -> bytes:
    """A PDF of so many pages of three lines. `kids` may stand for the pages in the tree, object 2."""
    lines = b"BT /F 12 Tf 20 150 Td (The harbour) Tj 0 -20 Td (\\223We will go,\\224 said Jane Doe of Lon-) Tj"
    lines += b" 0 -14 Td (don. It rained.) Tj ET"
    objects = {1: b"<</Type/Catalog/Pages 2 0 R/PageLabels<</Nums[0<</S/r>>]>>>>"}
    objects[3] = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    objects[4] = b"<</Length %d>>stream\n%s\nendstream" % (len(lines), lines)
    objects[5] = b"<</Title(The harbour)/Author(Ann Other)/CreationDate(D:20220110142900Z)>>"
    numbers = range(6, 6 + pages)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Resources<</Font<</F 3 0 R>>>>/Contents 4 0 R>>" % box
    objects |= dict.fromkeys(numbers, page)
    objects[2] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids or b" ".join(b"%d 0 R" % n for n in numbers))
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in sorted(objects.items()):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size %d/Root 1 0 R/Info 5 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return bytes(out) + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    for name, data in files().items():
        (Path(sys.argv[1]) / name).write_bytes(data)
