"""Corrections: what a user says of a file in a sidecar or a table wins over what was found in it, and what is of no use is told."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import correction_files
from index.correction_folder import Folder
from index.corrections import Correction, corrected
from index.records import Block, Document, Metadata, Span

FOUND = Metadata(
    "scan0001", "1999-01-01", "“1.1.99” read day first", "Microsoft Word", "office", None, "en", {"pages": "3"}
)


def folder(path: Path, **files: str | bytes) -> Folder:
    """The corrections in a folder with these files. "/" in a name makes the folders."""
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return in_(path)


def in_(path: Path, above=()) -> Folder:
    return Folder(path, [p.name for p in path.iterdir() if not p.is_dir()], above)


def document(record: str | None = None, found: Metadata = FOUND) -> Document:
    return Document("Words.", (Block("paragraph", Span(0, 6), 1),), found, record=record)


def said(here: Folder, name: str) -> dict[str, str]:
    correction = here.of(name)
    assert correction is not None
    return dict(correction.fields)


def told(problems) -> list[tuple[str, str]]:
    return [(p.where, p.reason) for p in problems]


# Where it is said


def test_a_sidecar_gives_title_date_author_source_and_url(tmp_path: Path) -> None:
    sidecar = (
        "title: The plan\ndate: 2022-01-10\nauthor: [Anna Berg, Jo Li]\nsource: Leak\nurl: https://a.org/1\ncase: 007\n"
    )
    here = folder(tmp_path, **{"report.pdf": "x", "report.pdf.meta.yaml": sidecar})
    meta = corrected(document(), here.of("report.pdf")).metadata
    assert (meta.title, meta.published, meta.published_note) == ("The plan", "2022-01-10", None)
    assert (meta.author, meta.source, meta.url) == ("Anna Berg, Jo Li", "Leak", "https://a.org/1")
    assert (meta.language, dict(meta.extra)) == ("en", {"pages": "3", "case": "007"})
    assert here.of("report.pdf").problems == ()


def test_a_table_gives_them_for_the_files_that_it_names(tmp_path: Path) -> None:
    here = folder(
        tmp_path, **{"metadata.csv": "File;Title;Date\na.pdf;Plan A;2022-01\nb.pdf;;\n", "a.pdf": "x", "b.pdf": "x"}
    )
    assert said(here, "a.pdf") == {"title": "Plan A", "published": "2022-01"}
    assert here.of("b.pdf") is None
    assert here.problems == {}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("metadata.csv", "\ufefffile,title\r\na.pdf,Été\r\n".encode()),
        ("metadata.csv", "file;title\na.pdf;Été\n".encode("utf-16")),
        ("metadata.csv", "\n\nfile,title\n\n./a.pdf,Été\n".encode()),
        ("metadata.csv", 'title,file\n"Été",a.pdf\n'.encode()),
        ("metadata.tsv", "file\ttitle\na.pdf\tÉté\n".encode()),
    ],
)
def test_a_table_is_read_however_it_was_saved(tmp_path: Path, name: str, data: bytes) -> None:
    assert said(folder(tmp_path, **{name: data, "a.pdf": "x"}), "a.pdf") == {"title": "Été"}


def test_a_sidecar_with_the_stem_belongs_to_the_one_document_of_that_stem(tmp_path: Path) -> None:
    here = folder(
        tmp_path, **{"a.pdf": "x", "a.bin": "x", "a.meta.yml": "title: A", "b.html.gz": "x", "b.meta.yaml": "title: B"}
    )
    assert said(here, "b.html.gz") == {"title": "B"}
    here = folder(tmp_path, **{"c.txt": "x", "c.md": "x", "c.meta.yaml": "title: C"})
    assert here.of("c.txt") is here.of("c.md") is None
    assert here.no_document("c.meta.yaml") == "may belong to c.md or c.txt: call it c.md.meta.yaml if it is that one's"


def test_the_sidecar_wins_over_the_table_and_the_nearer_table_over_the_farther(tmp_path: Path) -> None:
    above = folder(
        tmp_path,
        **{
            "metadata.csv": "file,title,author,source,url\n2022/a.txt,far,far,far,far\n2022/b.txt,far,,,\n",
            "2022/metadata.csv": "file,title,author,source\na.txt,near,near,near\n",
            "2022/a.meta.yaml": "title: stem\nauthor: stem",
            "2022/a.txt.meta.yaml": "title: full",
            "2022/a.txt": "x",
            "2022/b.txt": "x",
        },
    )
    here = in_(tmp_path / "2022", above.below("2022"))
    assert said(here, "a.txt") == {"title": "full", "author": "stem", "source": "near", "url": "far"}
    assert said(here, "b.txt") == {"title": "far"}
    assert above.problems == here.problems == {}


def test_a_table_reaches_folders_several_below(tmp_path: Path) -> None:
    top = folder(
        tmp_path, **{"metadata.csv": "file,title\nx/y/a.txt,A\nx\\y\\b.txt,B\n", "x/y/a.txt": "x", "x/y/b.txt": "x"}
    )
    below = in_(tmp_path / "x" / "y", in_(tmp_path / "x", top.below("x")).below("y"))
    assert (said(below, "a.txt"), said(below, "b.txt")) == ({"title": "A"}, {"title": "B"})
    assert top.of("a.txt") is None


def test_a_name_is_the_same_in_either_of_its_unicode_forms(tmp_path: Path) -> None:
    composed, decomposed = "caf\u00e9.txt", "cafe\u0301.txt"
    here = folder(
        tmp_path,
        **{decomposed: "x", "metadata.csv": f"file,title\n{composed},A\n", f"{composed}.meta.yaml": "author: B"},
    )
    assert said(here, decomposed) == {"title": "A", "author": "B"}
    assert here.problems == {}


# What is no document


def test_a_sidecar_and_a_table_are_no_documents(tmp_path: Path) -> None:
    here = folder(
        tmp_path, **{"a.txt": "x", "a.txt.meta.yaml": "", "b.txt.meta.yaml": "", "metadata.csv": "file,title\n"}
    )
    assert here.no_document("a.txt.meta.yaml") == "holds what is known about a.txt: no document"
    assert here.no_document("b.txt.meta.yaml") == "belongs to b.txt, which is not there"
    assert here.no_document("metadata.csv") == "holds what is known about other files: no document"
    assert here.no_document("a.txt") is None


@pytest.mark.parametrize("header", ["id,text", "file,text", "filename,title", ""])
def test_a_table_without_a_column_file_or_of_texts_is_a_document(tmp_path: Path, header: str) -> None:
    here = folder(tmp_path, **{"a.txt": "x", "metadata.csv": f"{header}\na.txt,Words\n"})
    assert here.no_document("metadata.csv") is None
    assert here.of("a.txt") is None


# What wins over what


def test_an_empty_field_of_a_sidecar_takes_away_what_was_found(tmp_path: Path) -> None:
    here = folder(tmp_path, **{"a.pdf": "x", "a.pdf.meta.yaml": "author:\ndate: ~\npages: ''\n"})
    meta = corrected(document(), here.of("a.pdf")).metadata
    assert (meta.author, meta.published, meta.published_note, dict(meta.extra)) == (None, None, None, {})
    assert meta.title == "scan0001"


def test_a_date_that_was_interpreted_says_how() -> None:
    meta = corrected(document(), Correction({"published": "10.01.2022"})).metadata
    assert (meta.published, meta.published_note) == ("2022-01-10", "“10.01.2022” read day first")


def test_a_date_that_cannot_be_read_leaves_the_one_that_was_found_and_is_told() -> None:
    correction = Correction({"published": "31.31.2022"}, {"7": {"published": "soon"}})
    assert corrected(document(), correction).metadata == FOUND
    assert told(correction.problems) == [
        ("metadata", "“31.31.2022” is no date that can be read: write it as 2022-01-31"),
        ("metadata of record 7", "“soon” is no date that can be read: write it as 2022-01-31"),
    ]


def test_other_fields_replace_those_of_their_name_in_any_case() -> None:
    found = Metadata(extra={"Speaker": "Nobody", "pages": "3"})
    assert dict(corrected(document(found=found), Correction({"speaker": "Anna"})).metadata.extra) == {
        "pages": "3",
        "speaker": "Anna",
    }


def test_nothing_but_the_metadata_changes() -> None:
    before = document()
    after = corrected(before, Correction({"title": "A"}))
    assert (after.text, after.blocks, after.record, after.fidelity) == (
        before.text,
        before.blocks,
        None,
        before.fidelity,
    )
    assert corrected(before, Correction()) is before


# Files of many


def test_a_row_may_name_a_record_of_a_file_of_many(tmp_path: Path) -> None:
    table = "file,title\nmails.mbox#<1@a>,First\narchive.zip#inner/path.pdf,Path\n100%25%23.mbox#1#2,Odd\n"
    here = folder(tmp_path, **{"metadata.csv": table, "mails.mbox": "x", "archive.zip": "x", "100%#.mbox": "x"})
    assert here.of("mails.mbox").records == {"<1@a>": {"title": "First"}}
    assert here.of("archive.zip").records == {"inner/path.pdf": {"title": "Path"}}
    assert here.of("100%#.mbox").records == {"1#2": {"title": "Odd"}}
    assert here.problems == {}
    assert corrected(document("<1@a>"), here.of("mails.mbox")).metadata.title == "First"
    assert corrected(document("<2@a>"), here.of("mails.mbox")).metadata == FOUND
    assert told(here.of("mails.mbox").unmet({"<2@a>"})) == [("metadata of record <1@a>", "there is none of that name")]


def test_a_hash_in_a_files_own_name_may_be_written_as_it_is(tmp_path: Path) -> None:
    here = folder(
        tmp_path, **{"metadata.csv": "file,title\nReport #3.pdf,Three\nReport #4.pdf,Four\n", "Report #3.pdf": "x"}
    )
    assert said(here, "Report #3.pdf") == {"title": "Three"}
    (problems,) = here.problems.values()
    assert told(problems) == [("line 2", "there is no file “Report ” (a # in a file's own name is written %23)")]


def test_what_is_said_of_a_file_of_many_stands_in_for_what_its_records_have_not_of_their_own() -> None:
    given = {"title": "The leak", "published": "2022", "author": "", "source": "Leak", "case": "7"}
    correction = Correction(given, {"1": {"title": "One"}})
    meta = corrected(document("2"), correction).metadata
    assert (meta.title, meta.published, meta.author, meta.source) == ("scan0001", "1999-01-01", None, "Leak")
    assert meta.extra["case"] == "7"
    assert corrected(document("1"), correction).metadata.title == "One"
    bare = corrected(document("2", Metadata()), correction).metadata
    assert (bare.title, bare.published) == ("The leak", "2022")


# Passwords


def test_a_password_is_given_to_the_reader_and_shown_to_nobody(tmp_path: Path) -> None:
    files = {
        "a.pdf": "x",
        "a.pdf.meta.yaml": 'password: " 0123"',
        "b.pdf": "x",
        "metadata.csv": "file,password\nb.pdf, 456\n",
    }
    here = folder(tmp_path, **files)
    correction = here.of("a.pdf")
    assert (correction.password, here.of("b.pdf").password) == (" 0123", "456")
    assert "0123" not in repr(correction) + correction.digest
    assert corrected(document(), correction).metadata == FOUND
    assert pickle.loads(pickle.dumps(correction)) == correction


def test_another_password_is_another_digest(tmp_path: Path) -> None:
    first = folder(tmp_path, **{"a.pdf": "x", "a.pdf.meta.yaml": "password: 1"}).of("a.pdf").digest
    assert folder(tmp_path, **{"a.pdf.meta.yaml": "password: 2"}).of("a.pdf").digest != first


@pytest.mark.parametrize(
    "sidecar",
    ["pasword: s3cret", "passwort: s3cret", "password: [s3cret, {}]", "password: &a s3cret", "password: s3cret\n- b"],
)
def test_a_password_that_is_not_understood_is_not_told_either(tmp_path: Path, sidecar: str) -> None:
    correction = folder(tmp_path, **{"a.pdf": "x", "a.pdf.meta.yaml": sidecar}).of("a.pdf")
    assert correction.fields == {}
    assert correction.problems and "s3cret" not in repr(correction)


def test_a_record_has_no_password_of_its_own(tmp_path: Path) -> None:
    here = folder(tmp_path, **{"a.zip": "x", "metadata.csv": "file,title,password\na.zip#b,B,s3cret\n"})
    assert here.of("a.zip").records == {"b": {"title": "B"}}
    assert here.of("a.zip").password is None
    assert told(here.problems[tmp_path / "metadata.csv"]) == [
        ("line 2", "a password is given to the whole file, not to a record")
    ]


# When it is read again


def test_the_digest_tells_whether_anything_said_of_a_file_changed(tmp_path: Path) -> None:
    files = {"a.txt": "x", "b.txt": "x", "metadata.csv": "file,title\na.txt,A\nb.txt,B\n"}
    before = folder(tmp_path, **files)
    after = folder(tmp_path, **{"metadata.csv": "file,title\nb.txt,New\na.txt,A\n"})
    assert before.of("a.txt").digest == after.of("a.txt").digest
    assert before.of("b.txt").digest != after.of("b.txt").digest
    with_sidecar = folder(tmp_path, **{"a.txt.meta.yaml": "author: C"})
    assert with_sidecar.of("a.txt").digest != after.of("a.txt").digest
    assert folder(tmp_path, **{"a.txt.meta.yaml": "# nothing yet\n"}).of("a.txt").digest == after.of("a.txt").digest


def test_what_was_read_before_is_not_taken_for_what_is_there_now(tmp_path: Path) -> None:
    for number in range(20):
        here = folder(
            tmp_path,
            **{"a.txt": "x", "a.txt.meta.yaml": f"n: {number:02}", "metadata.csv": f"file,m\na.txt,{number:02}\n"},
        )
        assert said(here, "a.txt") == {"n": f"{number:02}", "m": f"{number:02}"}


# What is of no use


@pytest.mark.parametrize(
    ("sidecar", "reason"),
    [
        ("- title: A", "it holds no fields: write them as “title: …”, one a line"),
        ("A title", "it holds no fields: write them as “title: …”, one a line"),
        ("title: [A\nb", "it is no YAML (line 3): give “title: …”, one field a line"),
        ("title: &a A\nauthor: *a", "it uses anchors (& and *): write the words out, between quotation marks"),
        ("title: " + "[" * 100_000, "it is nested too deep: give one line a field"),
        ("title: " + "A" * correction_files.MAX_SIDECAR_BYTES, "larger than 1 MiB: keep to a few lines"),
        (b"\x00\x01\x02", "not a text file (it holds NUL bytes)"),
    ],
)
def test_a_sidecar_that_says_nothing_says_why(tmp_path: Path, sidecar: str | bytes, reason: str) -> None:
    correction = folder(tmp_path, **{"a.txt": "x", "a.txt.meta.yaml": sidecar}).of("a.txt")
    assert told(correction.problems) == [("a.txt.meta.yaml", reason)]
    assert correction.fields == {} and correction.digest
    assert corrected(document(), correction) == document()


def test_plain_lines_that_are_no_yaml_still_say_what_they_say(tmp_path: Path) -> None:
    sidecar = "---\n# found in May\ntitle: War: a history\nauthor:\nurl: https://a.org\n---\n"
    assert said(folder(tmp_path, **{"a.txt": "x", "a.txt.meta.yaml": sidecar}), "a.txt") == {
        "title": "War: a history",
        "author": "",
        "url": "https://a.org",
    }


def test_a_field_that_is_nested_or_there_twice_costs_only_itself(tmp_path: Path) -> None:
    sidecar = "title: A\nTitle: B\nheadline: C\nauthor:\n  - name: D\nsource: {a: b}\nautor: E\n"
    correction = folder(tmp_path, **{"a.txt": "x", "a.txt.meta.yaml": sidecar}).of("a.txt")
    assert correction.fields == {"title": "A", "autor": "E"}
    assert [p.reason for p in correction.problems] == [
        "“title” is there twice: the first is used",
        "“headline” is not used: “title” says it already",
        "“autor” is kept under that name: call it “author” if it is that",
        "“author” is no plain value or list of them",
        "“source” is no plain value or list of them",
    ]


def test_rows_that_are_of_no_use_are_told_by_line(tmp_path: Path) -> None:
    table = "file,title,title,titel\na.txt,A\na.txt,B\nb.txt,B\n../c.txt,C\n/etc/passwd,D\n,E\n2021/d.txt,F\na.txt#1,x,y,z,war\n"
    here = folder(tmp_path, **{"a.txt": "x", "metadata.csv": table})
    assert said(here, "a.txt") == {"title": "A"}
    assert here.of("a.txt").problems == ()
    assert {path.name: told(problems) for path, problems in here.problems.items()} == {
        "metadata.csv": [
            ("header", "“title” is there twice: the first is used"),
            ("header", "“titel” is kept under that name: call it “title” if it is that"),
            ("line 3", "it names a.txt again: line 2 is used"),
            ("line 5", "“../c.txt” leads out of the folder"),
            ("line 6", "“/etc/passwd” leads out of the folder"),
            ("line 7", "it names no file"),
            ("line 9", "it has more cells than the header: put what holds a comma between quotation marks"),
            ("line 4", "there is no file “b.txt”"),
            ("line 8", "there is no folder “2021”"),
        ]
    }


def test_a_quotation_mark_that_is_never_closed_is_told(tmp_path: Path) -> None:
    table = 'file,title\na.txt,"A, or B"\nb.txt,"B\nc.txt,C\nd.txt,D\n'
    here = folder(tmp_path, **{"metadata.csv": table, "a.txt": "x", "b.txt": "x", "c.txt": "x"})
    assert said(here, "a.txt") == {"title": "A, or B"}
    assert told(here.problems[tmp_path / "metadata.csv"]) == [("line 5", "not a row (unexpected end of data)")]


def test_a_file_that_is_not_in_a_folder_below_is_told_of_the_table_that_names_it(tmp_path: Path) -> None:
    table = f"file,title\nx/a.txt,A\nx/b.txt,B\n{'y' * 300}/c.txt,C\n"
    top = folder(tmp_path, **{"metadata.csv": table, "x/a.txt": "x"})
    assert told(top.problems[tmp_path / "metadata.csv"]) == [
        ("line 3", "there is no file “x/b.txt”"),
        ("line 4", f"there is no folder “{'y' * 79}…”"),
    ]
    assert in_(tmp_path / "x", top.below("x")).problems == {}


def test_a_table_with_ever_so_much_wrong_tells_of_a_hundred(tmp_path: Path) -> None:
    here = folder(tmp_path, **{"metadata.csv": "file,title\n" + "no.txt,A\n" * 1_500})
    (problems,) = here.problems.values()
    assert len(problems) == 101
    assert told(problems)[-1] == ("and more", "other things are wrong too: put these right first")


def test_a_table_has_so_many_rows_and_bytes_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(correction_files, "MAX_ROWS", 2)
    here = folder(tmp_path / "rows", **{"metadata.csv": "file,m\na,1\nb,2\nc,3\nd,4\n", "a": "", "b": "", "c": ""})
    assert here.of("b") and here.of("c") is None
    assert told(here.problems[tmp_path / "rows" / "metadata.csv"]) == [
        ("line 4", "only 2 rows are used: split it by folder")
    ]
    monkeypatch.setattr(correction_files, "MAX_TABLE_BYTES", 2 * 2**20)
    here = folder(tmp_path / "bytes", **{"metadata.csv": "file,m\na," + "x" * 2**21, "a": ""})
    assert here.of("a") is None and here.no_document("metadata.csv")
    reason = "larger than 2 MiB, and none of it is used: split it by folder"
    assert told(here.problems[tmp_path / "bytes" / "metadata.csv"]) == [("table", reason)]


def test_a_field_too_many_is_not_used(tmp_path: Path) -> None:
    sidecar = "".join(f"f{n}: {n}\n" for n in range(50_000))
    correction = folder(tmp_path, **{"a.txt": "x", "a.txt.meta.yaml": sidecar}).of("a.txt")
    assert len(correction.fields) == 200
    assert [p.reason for p in correction.problems] == ["only 200 fields are used"]


def test_links_and_pipes_are_not_followed_nor_waited_for(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("title: root")
    docs = tmp_path / "docs"
    folder(docs, **{"a.txt": "x", "b.txt": "x"})
    (docs / "a.txt.meta.yaml").symlink_to(tmp_path / "secret")
    os.mkfifo(docs / "b.txt.meta.yaml")
    os.mkfifo(docs / "metadata.csv")
    here = in_(docs)
    for name in ("a.txt", "b.txt"):
        assert told(here.of(name).problems) == [
            (f"{name}.meta.yaml", "is a link or no file: put the file itself there")
        ]
    assert here.no_document("metadata.csv") is None


def test_a_file_that_goes_away_meanwhile_is_told(tmp_path: Path) -> None:
    here = folder(tmp_path, **{"a.txt": "x", "a.txt.meta.yaml": "title: A"})
    (tmp_path / "a.txt.meta.yaml").unlink()
    assert told(here.of("a.txt").problems) == [("a.txt.meta.yaml", "cannot be opened (No such file or directory)")]


@given(st.binary(max_size=200) | st.text(alphabet="ab:- \n\t\"'[]{}&*!|>#,\u2028é\x85", max_size=60).map(str.encode))
@settings(max_examples=300, deadline=None)
def test_whatever_stands_in_a_sidecar_or_a_table_costs_no_more_than_itself(tmp_path_factory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any")
    here = folder(
        path,
        **{"a.txt": "x", "a.txt.meta.yaml": data, "metadata.csv": b"file,title,date\n" + data, "metadata.tsv": data},
    )
    for correction in filter(None, map(here.of, sorted(os.listdir(path)))):
        after = corrected(document(), correction)
        assert after.text == document().text
        assert all(isinstance(p.reason, str) and "\n" not in p.reason for p in correction.problems)
        assert all(isinstance(k, str) and isinstance(v, str) for k, v in correction.fields.items())
    assert all(p.reason for problems in here.problems.values() for p in problems)
