"""Archives: every readable file in one is read under its path; what is hostile is refused, by name."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lawful import assert_lawful

from index import readers
from index.errors import UnreadableFile
from index.readers import members
from index.readers.base import MAX_DEPTH, Options, Problem
from index.records import Document

LINES = b'{"id": "a", "text": "One record."}\n{"text": "Another record."}\n'


def zipped(files: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return target.getvalue()


def read(data: bytes, name: str = "a.zip", only=None) -> list[Document | Problem]:
    items = list(readers.read(data, name, Options(only)).items)
    for item in items:
        if isinstance(item, Document):
            assert_lawful(item)
    return items


def texts(data: bytes, name: str = "a.zip", only=None) -> dict[str | None, str]:
    return {item.record: item.text for item in read(data, name, only) if isinstance(item, Document)}


def problems(data: bytes, name: str = "a.zip") -> dict[str, str]:
    return {item.where: item.reason for item in read(data, name) if isinstance(item, Problem)}


def test_files_are_documents_under_their_paths_and_records_within_behind_a_number_sign() -> None:
    data = zipped({"notes/one.txt": "Hello.", "records.jsonl": LINES, "in.zip": zipped({"deep.txt": "Deep."})})
    assert texts(data) == {
        "notes/one.txt": "Hello.",
        "records.jsonl#a": "One record.",
        "records.jsonl##2": "Another record.",
        "in.zip#deep.txt": "Deep.",
    }
    assert texts(data) == texts(data)


def test_a_document_within_keeps_what_its_own_reader_told() -> None:
    (document,) = read(zipped({"a.html": "<title>Sea</title><p>It rises.</p>", "b.bin": ""}))[:1]
    alone = next(iter(readers.read(b"<title>Sea</title><p>It rises.</p>", "a.html").items))
    assert (document.text, document.fidelity, document.metadata) == (alone.text, "extracted", alone.metadata)


def test_names_that_come_twice_or_hold_a_number_sign_are_records_of_their_own() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as packed:
            for content in ("first", "second"):
                packed.writestr("a#1.txt", content)
    assert texts(target.getvalue()) == {"a%231.txt": "first", "a%231.txt (2)": "second"}


def test_only_what_is_wanted_is_unpacked() -> None:
    data = zipped({"one.txt": "One.", "two.txt": "Two.", "records.jsonl": LINES})
    assert texts(data, only={"two.txt", "records.jsonl#a"}) == {"two.txt": "Two.", "records.jsonl#a": "One record."}
    broken = data.replace(b"One.", b"0ne.")
    assert [i for i in read(broken, only={"two.txt"}) if isinstance(i, Problem)] == []


def test_the_original_of_a_record_is_the_file_within_at_any_depth() -> None:
    data = zipped({"in.zip": zipped({"records.jsonl": LINES}), "one.txt": "One."})
    assert readers.original(data, "a.zip", "one.txt") == (b"One.", "one.txt")
    assert readers.original(data, "a.zip", "in.zip#records.jsonl#a") == (LINES, "records.jsonl")
    with pytest.raises(UnreadableFile, match="holds no “gone.txt”"):
        readers.original(data, "a.zip", "gone.txt")


def test_kinds_that_are_not_read_are_told_in_one_sentence_and_hidden_files_not_at_all() -> None:
    data = zipped(
        {
            "a.txt": "A.",
            "b.jpg": "",
            "c.jpg": "",
            "d": "",
            "__MACOSX/._a.txt": "x",
            ".hidden/e.txt": "x",
            "~$a.docx": "x",
        }
    )
    assert texts(data) == {"a.txt": "A."}
    assert problems(data) == {"3 files": "of kinds that are not read: jpg (2), without a suffix (1)"}


@pytest.mark.parametrize("path", ["../a.txt", "/etc/a.txt", "b/../../a.txt", "C:\\a.txt", "\\a.txt", "..\\a.txt"])
def test_a_path_that_leads_out_of_the_archive_is_refused(path: str) -> None:
    data = zipped({path: "A.", "b.txt": "B."})
    assert texts(data) == {"b.txt": "B."}
    assert list(problems(data).values()) == ["its path leads out of the archive: refused"]


def test_a_path_with_a_nul_is_refused() -> None:
    data = zipped({"b.txt": "B.", "aXx.txt": "A."}).replace(b"aXx.txt", b"a\0x.txt")
    assert texts(data) == {"b.txt": "B."}
    assert list(problems(data).values()) == ["its name holds control characters: refused"]


def test_a_link_is_not_followed() -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr(link, "/etc/passwd")
    assert problems(target.getvalue()) == {"link.txt": "is a link, and links in archives are not followed"}


def test_archives_in_archives_are_opened_to_a_depth_and_no_further() -> None:
    data = zipped({"a.txt": "Deepest."})
    for _ in range(MAX_DEPTH):
        data = zipped({"in.zip": data})
    assert texts(data) == {}
    assert list(problems(data).values()) == [f"lies more than {MAX_DEPTH} files deep: unpack the files around it"]
    inner = next(iter(texts(zipped({"in.zip": zipped({"in.zip": zipped({"a.txt": "Deep."})})})).values()))
    assert inner == "Deep."


def test_a_bomb_costs_itself_alone() -> None:
    data = zipped({"bomb.txt": b"a" * 40_000_000, "b.txt": "B."})
    assert len(data) < 100_000
    assert texts(data) == {"b.txt": "B."}
    assert "more than 200 times its size" in problems(data)["bomb.txt"]


def test_what_is_unpacked_is_counted_over_all_files_and_archives_within(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "MAX_FILE_BYTES", 10_000)
    words = b"word " * 700
    data = zipped({f"{n}.zip": zipped({"a.txt": words}) for n in range(9)})
    assert len(texts(data)) == 2
    assert "all within is more than" in list(problems(data).values())[0]


def test_the_number_of_files_is_counted_over_all_archives_within(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "MAX_MEMBERS", 5)
    data = zipped({f"{n}.zip": zipped({"a.txt": "A.", "b.txt": "B."}) for n in range(9)})
    assert len(texts(data)) == 3
    assert any("files within: this and the rest are not read" in reason for reason in problems(data).values())


def test_a_size_that_the_archive_tells_wrongly_is_not_believed() -> None:
    data = zipped({"a.txt": b"a" * 5000, "b.txt": "B."})
    told_small = data.replace(struct.pack("<L", 5000), struct.pack("<L", 10))
    assert texts(told_small) == {"b.txt": "B."}
    assert "cannot be unpacked" in problems(told_small)["a.txt"]


def test_an_encrypted_file_is_told_to_be() -> None:
    data = bytearray(zipped({"a.txt": "A.", "b.txt": "B."}))
    data[6] |= 1  # the first file's own flag, and the one in the directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert texts(bytes(data)) == {"b.txt": "B."}
    assert problems(bytes(data)) == {"a.txt": "is encrypted: unpack the archive into the folder"}


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("Отчёт о выводе войск.txt", "cp866"), ("Résumé détaillé.txt", "utf-8"), ("Grüße.txt", "cp1252")],
)
def test_names_in_an_older_encoding_are_read_as_it(name: str, encoding: str) -> None:
    raw = name.encode(encoding)
    data = zipped({"x" * len(raw): "Text."}).replace(b"x" * len(raw), raw)
    ((document,)) = read(data)
    assert document.record == name
    assert any("file names" in note for note in document.notes) == (encoding != "utf-8")


def test_a_name_that_is_told_again_in_unicode_is_read_so() -> None:
    raw, name = b"r?sum?.txt".replace(b"?", b"\x82"), "résumé ☂.txt"
    field = struct.pack("<BL", 1, zlib.crc32(raw)) + name.encode()
    info = zipfile.ZipInfo("X" * len(raw))
    info.extra = struct.pack("<HH", 0x7075, len(field)) + field
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr(info, "Text.")
    assert texts(target.getvalue().replace(b"X" * len(raw), raw)) == {name: "Text."}


def test_a_file_that_cannot_be_read_costs_only_itself() -> None:
    data = zipped({"empty.jsonl": "no json\n", "bad.txt": b"\0\0\0", "b.txt": "B."})
    assert texts(data) == {"b.txt": "B."}
    assert problems(data) == {
        "empty.jsonl: line 1": "not JSON (Expecting value)",
        "bad.txt": "not a text file (it holds NUL bytes)",
    }


def test_a_guessed_encoding_of_a_file_within_is_noted() -> None:
    words = (
        "Le président a déclaré que les troupes seront retirées dès février. La décision a été très discutée à l'été."
    )
    (document,) = read(zipped({"a.txt": words.encode("latin-1")}))
    assert document.notes == ("Its encoding is cp1252 (detected).",)


@pytest.mark.parametrize("data", [b"", b"PK", b"no archive at all", zipped({"a.txt": "A."})[:-30]])
def test_what_is_no_whole_archive_is_refused_with_the_reason(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="not a whole ZIP archive"):
        readers.read(data, "a.zip")


def tarred(files: dict[str, bytes], mode: str = "w") -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode) as packed:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            packed.addfile(info, io.BytesIO(content))
    return target.getvalue()


@pytest.mark.parametrize(("name", "mode"), [("a.tar", "w"), ("a.tgz", "w:gz"), ("a.tar.gz", "w:gz")])
def test_tar_archives_are_read_as_zip_archives_are(name: str, mode: str) -> None:
    data = tarred({"notes/one.txt": b"Hello.", "records.jsonl": LINES, "../out.txt": b"x", "p.png": b""}, mode)
    assert list(texts(data, name)) == ["notes/one.txt", "records.jsonl#a", "records.jsonl##2"]
    assert set(problems(data, name)) == {"../out.txt", "1 file"}
    assert readers.original(data, name, "notes/one.txt") == (b"Hello.", "one.txt")


def test_links_and_devices_in_a_tar_archive_are_refused() -> None:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as packed:
        for name, kind in [
            ("link.txt", tarfile.SYMTYPE),
            ("hard.txt", tarfile.LNKTYPE),
            ("pipe.txt", tarfile.FIFOTYPE),
        ]:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            packed.addfile(info)
    assert texts(target.getvalue(), "a.tar") == {}
    assert set(problems(target.getvalue(), "a.tar")) == {"link.txt", "hard.txt", "pipe.txt"}


def test_a_truncated_tar_archive_gives_what_it_holds_and_tells() -> None:
    data = tarred({"a.txt": b"A.", "b.txt": b"b" * 5000})[:2500]
    assert texts(data, "a.tar") == {"a.txt": "A."}
    assert len(problems(data, "a.tar")) >= 1
    with pytest.raises(UnreadableFile, match="not a whole gzip file"):
        readers.read(gzip.compress(data)[:-20], "a.tgz")


ZIP = zipped({"a.txt": "Some words.", "b/c.jsonl": LINES, "in.zip": zipped({"d.txt": "Deep."})})
TAR = tarred({"a.txt": b"Some words.", "b/c.jsonl": LINES})


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([("a.zip", ZIP), ("a.tar", TAR)]),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=6)), max_size=6),
    st.integers(0, 10_000),
)
def test_a_damaged_archive_gives_documents_problems_or_a_reason(
    whole: tuple[str, bytes], changes: list[tuple[int, bytes]], cut: int
) -> None:
    name, data = whole[0], bytearray(whole[1])
    for at, piece in changes:
        data[at % len(data) : at % len(data) + len(piece)] = piece
    try:
        items = read(bytes(data[: len(data) - cut if cut < 200 else None]), name)
    except UnreadableFile:
        return
    records = [i.record for i in items if isinstance(i, Document)]
    assert len(set(records)) == len(records)


def test_unpacking_is_in_memory_only(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    texts(ZIP)
    assert list(tmp_path.iterdir()) == []
