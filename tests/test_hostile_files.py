"""Files that are damaged, or made to do harm: each gives lawful text or a reason of one clause, in seconds and without much memory.

`DIXIT_FUZZ=20 pytest tests/test_hostile_files.py` damages twenty times as many; `benchmarks/fuzz.py` damages real files.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lawful import assert_lawful
from small_files import ODF_SPACES, OPF, epub, files, odf, parts_of, pdf, tar, with_part, zipped
from test_laws import check

from index import readers
from index.errors import UnreadableFile
from index.reader_process import ReaderProcess
from index.readers import Problem
from index.records import Document

EXAMPLES = 20 * int(os.environ.get("DIXIT_FUZZ", "1"))
SECONDS, MEMORY = 30, 2 * 2**30

BROKE = re.compile("the reader broke on it|reading it took longer|reading it takes more memory")


def assert_clause(reason: str) -> None:
    """One clause, of one line, that names no fault of ours."""
    assert reason.isprintable() and reason == reason.strip() and not reason.endswith("."), reason
    assert reason and "Traceback" not in reason and not BROKE.search(reason), reason


# Damaged at random

TOKENS = [
    b"",
    b"\0",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"&#xD800;",
    b"&#0;",
    b"&lol;",
    b"]]>",
    b"<!--",
    b"\r",
    b'"',
    b"--",
    b"9" * 30,
]
TOKENS += [
    b"<!DOCTYPE x [<!ENTITY lol 'ha'>]>",
    b"<p>" * 300,
    b"{" * 300,
    b"[" * 300,
    b"\\u-10000?",
    b"\\bin99999 ",
    b"endobj",
    b"-1",
]
TOKENS += [
    "\u202e\u200b\ufeff\u2028\x85\u0301".encode(),
    b"99:99:99.999 --> 00:00:00.000",
    b"=?x?b?%%%?=",
    b"From ",
    b": ",
    b"Jane ",
]
WAYS = ["cut off", "take out", "double", "double often", "move", "put in", "overwrite", "turn a bit", "other number"]
DAMAGES = st.lists(
    st.tuples(st.sampled_from(WAYS), st.integers(0, 999), st.integers(1, 400), st.sampled_from(TOKENS)),
    min_size=1,
    max_size=4,
)


def damaged(data: bytes, damages: list[tuple[str, int, int, bytes]]) -> bytes:
    for way, at, size, token in damages:
        start = at * len(data) // 1000
        end = min(len(data), start + size)
        before, within, after = data[:start], data[start:end], data[end:]
        match way:
            case "cut off":
                data = before
            case "take out":
                data = before + after
            case "double" | "double often":
                data = before + within * (2 if way == "double" else 40) + after
            case "move":
                data = after[: len(after) // 2] + within + before + after[len(after) // 2 :]
            case "put in":
                data = before + token + within + after
            case "overwrite":
                data = before + (token or b"A") * (len(within) // len(token or b"A") + 1) + after
            case "turn a bit":
                data = before + bytes(b ^ 1 << size % 8 for b in within[:1]) + within[1:] + after
            case "other number":
                data = before + re.sub(
                    rb"\d+", token if token.isdigit() or token == b"-1" else b"0", within + after, count=1
                )
    return data


@pytest.mark.parametrize("name", sorted(files()))
@given(part=st.none() | st.integers(0, 30), damages=DAMAGES)
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_file_gives_lawful_text_or_a_reason(name: str, part: int | None, damages) -> None:
    data = files()[name]
    if part is not None and zipfile.is_zipfile(io.BytesIO(data)):
        within = list(parts_of(data).items())
        path, body = within[part % len(within)]
        data = with_part(data, path, damaged(body, damages))
    else:
        data = damaged(data, damages)
    try:
        for item in readers.read(data, name).items:
            if isinstance(item, Problem):
                assert_clause(item.reason)
            else:
                assert_lawful(item)
                check(item)
    except UnreadableFile as error:
        assert_clause(str(error))


# Made to do harm


@pytest.fixture(scope="module")
def process() -> Iterator[ReaderProcess]:
    with ReaderProcess(SECONDS, MEMORY if sys.platform == "linux" else 2**62) as process:
        yield process


def told(process: ReaderProcess, data: bytes, name: str) -> tuple[list[str], str]:
    """The texts that a file gives, and all that is said of what it does not, in a line each."""
    texts: list[str] = []
    reasons: list[str] = []
    with suppress(UnreadableFile):
        try:
            for item in process.read(data, name).items:
                if isinstance(item, Document):
                    assert_lawful(item)
                    texts.append(item.text)
                else:
                    reasons.append(item.reason)
        except UnreadableFile as error:
            reasons.append(str(error))
            raise
    for reason in reasons:
        assert_clause(reason)
    assert texts or reasons
    return texts, "\n".join(reasons)


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LAUGHS = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij"))
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "haha">{LAUGHS}<!ENTITY lol "&j;">]>'
REACHES = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY lol SYSTEM "file:///etc/passwd">]>'
CHAPTER = "<html><body><p>&lol; It rained.</p></body></html>"


def word(body: str, head: str = "") -> bytes:
    return with_part(
        files()["a.docx"], "word/document.xml", f"{head}<w:document {W}><w:body>{body}</w:body></w:document>"
    )


def paragraph(words: str) -> str:
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def excel(rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    part = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    return with_part(files()["a.xlsx"], "xl/worksheets/sheet1.xml", part)


def in_zips(depth: int, data: bytes) -> bytes:
    name = "a.txt"
    for level in range(depth):
        data, name = zipped({name: data}), f"{level}.zip"
    return data


def of_one_name(times: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(times):
            archive.writestr("a.txt", "It rained.")
    return file.getvalue()


def mail(parts: int) -> bytes:
    head = "Subject: many\nContent-Type: multipart/mixed; boundary=b\n\n"
    return (head + "".join(f"--b\nContent-Type: text/plain\n\nPart {n}.\n" for n in range(parts)) + "--b--\n").encode()


def nested_mail(depth: int) -> bytes:
    opening = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    return f"Subject: deep\n{opening}Content-Type: text/plain\n\nDeep words.\n".encode()


BOMBS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a Word file": ("a.docx", lambda: word(paragraph("a" * 150_000_000)), "200 times its size"),
    "an Excel file": (
        "a.xlsx",
        lambda: excel(f'<row><c t="inlineStr"><is><t>{"a" * 150_000_000}</t></is></c></row>'),
        "200 times",
    ),
    "an EPUB": ("a.epub", lambda: epub(f"<html><body><p>{'a ' * 75_000_000}</p></body></html>"), "200 times its size"),
    "a ZIP archive": ("a.zip", lambda: zipped({"a.txt": b"\n" * 150_000_000}), "200 times its size"),
    "a ZIP archive in another": ("a.zip", lambda: in_zips(2, b"\n" * 150_000_000), "200 times its size"),
    "a file packed with gzip": (
        "a.txt.gz",
        lambda: gzip.compress(b"\n" * (2**29 + 1), 1),
        "unpacks to more than 512 MiB",
    ),
}


@pytest.mark.parametrize("what", BOMBS)
def test_what_unpacks_to_far_more_than_it_says_is_refused(process, what) -> None:
    name, make, reason = BOMBS[what]
    assert reason in told(process, make(), name)[1]


def test_archives_are_opened_three_deep(process) -> None:
    assert told(process, in_zips(3, b"It rained."), "a.zip")[0] == ["It rained."]
    assert "more than 3 files deep" in told(process, in_zips(10, b"It rained."), "a.zip")[1]


def test_names_that_lead_out_of_an_archive_are_refused(process) -> None:
    for name in ("../x.txt", "/etc/x.txt", "C:\\x.txt", "a/../../x.txt"):
        for archive, suffix in ((zipped({name: b"out", "ok.txt": b"It rained."}), "zip"), (tar({name: b"out"}), "tar")):
            texts, reasons = told(process, archive, f"a.{suffix}")
            assert "out" not in texts and "leads out of the archive" in reasons


def test_an_archive_of_too_many_files_is_read_as_far_as_the_limit(process) -> None:
    texts, reasons = told(process, zipped({f"{n}.txt": b"It rained." for n in range(10_001)}), "a.zip")
    assert len(texts) == 10_000 and "more than 10000 files" in reasons


def test_files_of_one_name_in_an_archive_are_all_read(process) -> None:
    assert len(told(process, of_one_name(2000), "a.zip")[0]) == 2000


@pytest.mark.parametrize("head", [LAUGHS, REACHES], ids=["that grow", "that reach out of the file"])
def test_entities_are_never_replaced(process, head) -> None:
    made = {
        "a.docx": word(paragraph("&lol;"), head),
        "a.odt": with_part(
            files()["a.odt"],
            "content.xml",
            f"{head}<office:document-content {ODF_SPACES}>&lol;</office:document-content>",
        ),
        "a.pptx": with_part(files()["a.pptx"], "ppt/slides/slide1.xml", f"{head}<x>&lol;</x>"),
        "a.xlsx": with_part(files()["a.xlsx"], "xl/sharedStrings.xml", f"{head}<sst>&lol;</sst>"),
        "a.epub": epub(head + CHAPTER),
        "b.epub": with_part(
            files()["a.epub"], "OEBPS/a.opf", head + OPF.partition("?>")[2].replace("The harbour", "&lol;")
        ),
        "a.html": f"{head}<html><body><svg><text>&lol;</text></svg><p>It rained.".encode(),
        "a.xhtml": f"{head}<html><body><p>&lol; It rained.</p></body></html>".encode(),
        "a.md": f"{head}\n\n<svg>&lol;</svg>\n\nIt rained.\n".encode(),
    }
    for name, data in made.items():
        texts, reasons = told(process, data, name)
        assert "hahahaha" not in "".join(texts) and "root:" not in "".join(texts), name
        assert len("".join(texts)) < 2000, name
        assert reasons or not name.endswith(("docx", "odt", "xlsx", "pptx")), name


DEEP: dict[str, tuple[str, Callable[[], bytes]]] = {
    "bold type in HTML": ("a.html", lambda: b"<b>" * 50_000 + b"It rained."),
    "boxes in HTML": ("a.html", lambda: b"<div>" * 20_000 + b"It rained."),
    "lists in HTML": ("a.html", lambda: b"<ul><li>" * 10_000 + b"It rained."),
    "tables in HTML": ("a.html", lambda: b"<table><tr><td>" * 10_000 + b"It rained."),
    "quotations in a mail": (
        "a.eml",
        lambda: b"Subject: x\nContent-Type: text/html\n\n" + b"<blockquote type=cite>" * 10_000 + b"It rained.",
    ),
    "linked data in HTML": (
        "a.html",
        lambda: b'<script type="application/ld+json">' + b'{"a":' * 100_000 + b"</script><p>It rained.",
    ),
    "quotations in Markdown": ("a.md", lambda: b">" * 100_000 + b" It rained."),
    "lists in Markdown": ("a.md", lambda: b"- " * 100_000 + b"It rained."),
    "brackets in Markdown": ("a.md", lambda: b"[" * 100_000 + b" It rained."),
    "HTML in Markdown": ("a.md", lambda: b"<div>\n" * 100_000 + b"\nIt rained."),
    "front matter": ("a.md", lambda: b"---\na: " + b"[" * 20_000 + b"\n---\nIt rained."),
    "groups in RTF": ("a.rtf", lambda: b"{\\rtf1 " + b"{" * 100_000 + b"It rained."),
    "tables in Word": (
        "a.docx",
        lambda: word("<w:tbl><w:tr><w:tc>" * 60 + paragraph("It rained.") + "</w:tc></w:tr></w:tbl>" * 60),
    ),
    "tags in subtitles": (
        "a.vtt",
        lambda: b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<v Ann>" * 50_000 + b"It rained.\n",
    ),
    "quotations in a plain mail": ("a.eml", lambda: b"Subject: x\n\n" + b">" * 100_000 + b" It rained.\n"),
}


@pytest.mark.parametrize("what", DEEP)
def test_what_is_nested_deep_is_read(process, what) -> None:
    name, make = DEEP[what]
    assert "It rained." in told(process, make(), name)[0][0]


TOO_DEEP: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "JSON": (
        "a.jsonl",
        lambda: b'{"text": "It rained.", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "nested too deep",
    ),
    "XML": (
        "a.docx",
        lambda: word("".join(f"<w:x{n}>" for n in range(5000)) + "".join(f"</w:x{n}>" for n in range(4999, -1, -1))),
        "damaged",
    ),
    "boxes in HTML": ("a.html", lambda: b"<div>" * 100_000 + b"It rained.", "more than 20,000 deep"),
    "boxes closed in HTML": ("a.html", lambda: b"<x></y>" * 50_000 + b"</x>" * 50_000, "more than 20,000 deep"),
    "boxes in an EPUB": ("a.epub", lambda: epub(f"<html><body>{'<div>' * 100_000}"), "damaged|more than 20,000 deep"),
    "parts of a mail": ("a.eml", lambda: nested_mail(1000), "nested too deep"),
    "mails in a mail": (
        "a.eml",
        lambda: b"Subject: x\nContent-Type: message/rfc822\n\n" * 1000 + b"It rained.",
        "nested too deep",
    ),
}


@pytest.mark.parametrize("what", TOO_DEEP)
def test_what_is_nested_too_deep_is_said_to_be(process, what) -> None:
    name, make, reason = TOO_DEEP[what]
    assert re.search(reason, told(process, make(), name)[1])


MANY: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a cell of ten million characters": ("a.csv", lambda: b'a,b\n"' + b"word " * 2_000_000 + b'",2\n', "word word"),
    "a quotation mark that is never closed": ("a.csv", lambda: b'a,b\n"open\n' + b"1,2\n" * 100_000, "open"),
    "columns": ("a.csv", lambda: b",".join(b"%d" % n for n in range(100_000)) + b"\n1,2\n", "99999"),
    "parts of a mail": ("a.eml", lambda: mail(10_000), "Part 99"),
    "correspondents": (
        "a.eml",
        lambda: b"To: " + b", ".join(b"a%d@b.example" % n for n in range(50_000)) + b"\n\nIt rained.",
        "It rained",
    ),
    "brackets in an address": (
        "a.eml",
        lambda: b"To: " + b"(" * 50_000 + b"\nFrom: " + b"<" * 50_000 + b"\n\nIt rained.",
        "It rained",
    ),
    "a long subject": ("a.eml", lambda: b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\n\nIt rained.", "It rained"),
    "pages": ("a.pdf", lambda: pdf(500), "The harbour"),
    "letters in one place": ("a.pdf", lambda: _printed(b"1 0 0 1 20 150 Tm (It rained.) Tj " * 5000), "It rained"),
    "letters strewn over a page": (
        "a.pdf",
        lambda: _printed(
            b"".join(b"1 0 0 1 %d %d Tm (a) Tj " % (n * 7919 % 300, n * 104729 % 200) for n in range(20_000))
        ),
        "a",
    ),
    "tags": ("a.srt", lambda: b"1\n00:00:01,000 --> 00:00:02,000\n" + b"<i>" * 100_000 + b"It rained.\n", "It rained"),
    "lines of a cue": ("a.srt", lambda: b"1\n00:00:01,000 --> 00:00:02,000\n" + b"It rained.\n" * 20_000, "It rained"),
    "styles, each based on the next": ("a.docx", lambda: _styled(5000), "The harbour"),
    "spaces": (
        "a.odt",
        lambda: odf("text", '<office:text><text:p>It<text:s text:c="999999999"/> rained.</text:p></office:text>'),
        "rained",
    ),
    "rows and cells that come again": ("a.ods", lambda: odf("spreadsheet", _repeated()), "x"),
    "a table's cell over all columns": (
        "a.html",
        lambda: b"<table><tr><td colspan=999999999 rowspan=999999999>It<td>rained",
        "rained",
    ),
}


def _printed(drawn: bytes) -> bytes:
    return re.sub(
        rb"<</Length \d+>>stream.*?endstream",
        b"<</Length %d>>stream\nBT /F 9 Tf %sET\nendstream" % (len(drawn) + 13, drawn),
        pdf(1),
        flags=re.DOTALL,
    )


def _styled(number: int) -> bytes:
    one = '<w:style w:type="paragraph" w:styleId="s{}"><w:name w:val="s"/><w:basedOn w:val="s{}"/></w:style>'
    return with_part(
        files()["a.docx"],
        "word/styles.xml",
        f"<w:styles {W}>{''.join(one.format(n, n + 1) for n in range(number))}</w:styles>",
    )


def _repeated() -> str:
    cell = '<table:table-cell table:number-columns-repeated="999999999"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="999999999">{cell}</table:table-row>'
    return f'<office:spreadsheet><table:table table:name="t">{row * 10}</table:table></office:spreadsheet>'


@pytest.mark.parametrize("what", MANY)
def test_much_of_one_thing_is_read_in_time(process, what) -> None:
    name, make, words = MANY[what]
    assert words in told(process, make(), name)[0][0]


def test_pages_that_there_are_none_of_are_not_waited_for(process) -> None:
    million = pdf(kids=b"6 0 R " * 1_000_000).replace(b"/Count 2", b"/Count 1000000")
    assert "has 1000000 pages, more than 10000" in told(process, million, "a.pdf")[1]
    assert "The harbour" in told(process, pdf().replace(b"/Count 2", b"/Count 2000000000"), "a.pdf")[0][0]


def test_pages_that_lead_round_and_round_are_left_out(process) -> None:
    assert "damaged" in told(process, pdf(kids=b"2 0 R 2 0 R"), "a.pdf")[1]
    assert "The harbour" in told(process, pdf(kids=b"6 0 R 2 0 R 7 0 R"), "a.pdf")[0][0]


@pytest.mark.parametrize(
    "box", [b"0 0 1e30 1e30", b"-1e38 -1e38 1e38 1e38", b"0 0 0 0", b"nan nan nan nan", b"300 200 0 0", b""]
)
def test_a_page_of_any_size_is_read(process, box) -> None:
    assert "The harbour" in told(process, pdf(box=box), "a.pdf")[0][0]


def test_times_that_no_clock_shows_are_no_times(process) -> None:
    absurd = "1\n99999999999:99:99,999 --> 00:00:00,000\nlost\n\n2\n00:00:00,000 --> 00:00:00,000\nIt rained.\n"
    assert told(process, absurd.encode(), "a.srt") == (["It rained."], "has no time code and is not shown: left out")
    digits = b"1\n" + b"9" * 100_000 + b":00:00,000 --> 00:00:01,000\nIt rained.\n"
    assert "no time codes" in told(process, digits, "a.srt")[1]


def test_cells_beyond_any_sheet_are_no_reason_to_fill_it(process) -> None:
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row>'
    assert told(process, excel(far), "a.xlsx")[0] == ["far"]
    assert told(process, excel(far.replace("1048576", "999999999999")), "a.xlsx")[0] == []


OTHERS = {
    "a.docx": ("a.pdf", "a.odt", "a.xlsx", "a.html", "a.rtf", "a.txt", "a.zip"),
    "a.xlsx": ("a.pdf", "a.docx", "a.ods", "a.csv"),
    "a.pptx": ("a.pdf", "a.docx", "a.odp"),
    "a.odt": ("a.pdf", "a.docx"),
    "a.epub": ("a.pdf", "a.docx", "a.html", "a.zip"),
    "a.rtf": ("a.pdf", "a.docx"),
    "a.pdf": ("a.docx", "a.html", "a.txt"),
    "a.zip": ("a.pdf", "a.eml"),
    "a.tar": ("a.pdf", "a.zip"),
    "a.html": ("a.docx", "a.xlsx"),
    "a.txt": ("a.docx", "a.xlsx"),
    "a.csv": ("a.docx", "a.xlsx"),
    "a.jsonl": ("a.docx", "a.html"),
    "a.srt": ("a.txt", "a.html"),
    "a.eml": ("a.docx", "a.txt"),
    "a.mbox": ("a.docx", "a.txt"),
    "a.mhtml": ("a.docx", "a.txt"),
}


@pytest.mark.parametrize(("name", "other"), [(name, other) for name, others in OTHERS.items() for other in others])
def test_a_file_that_is_not_what_its_name_says_is_refused(process, name, other) -> None:
    texts, reasons = told(process, files()[other], name)
    assert not texts and reasons
