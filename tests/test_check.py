"""`dixit status --check` and `--repair`: whatever is wrong with an index is told, and put right without work that is not needed."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import zlib
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from indexes import HASHING, commit, contents, encoder_called, fresh, touch, write
from test_cli import dixit

import index.sync
from index.check import Finding, Repair, check, repaired
from index.errors import NothingIndexed, StoreError
from index.membership import leave_out
from index.plan import file_digest
from index.store import Store
from index.stored import stamp_of
from index.sync import planned, sync
from index.vectors import FaissVectors, stored_vectors

FERRY = "The ferry\n\nThe ferry sails at nine from the old pier.\n\n“Bring a coat,” said Nils Brandt, its mate."
GARDEN = "The garden\n\nThe beans came up in a week.\n\nSlugs ate the lettuce before anybody saw them."
MAIL = '{"id": "1", "text": "The parcel came on Friday."}\n{"id": "2", "text": "It held a kettle and two cups."}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "docs"
    write(made, "ferry.txt", FERRY)
    write(made, "deep/garden.md", GARDEN)
    write(made, "mail.jsonl", MAIL)
    return made


@pytest.fixture
def store(tmp_path: Path, folder: Path) -> Store:
    made = Store(tmp_path / "store")
    sync(made, HASHING, [folder])
    return made


def found(store: Store) -> list[tuple[str, str]]:
    """What a check tells: kind and what it is about."""
    return [(f.kind, f.what) for f in check(store, HASHING)]


def put_right(store: Store) -> Repair:
    """Check and repair, as the command does."""
    return repaired(store, HASHING, check(store, HASHING), lambda what, done, total: None)


def is_put_right(store: Store, folder: Path, tmp_path: Path, embedded: int = 0) -> None:
    """A repair leaves nothing, embeds no more than is needed, and what it leaves is what a fresh build holds."""
    mended = put_right(store)
    assert mended.left == [] and mended.report is not None
    assert mended.report.embedded == embedded
    assert contents(store) == fresh(tmp_path, folder)
    with store.read() as snapshot:
        assert FaissVectors.load(store.folder, snapshot.commit) is not None
    assert sync(store, HASHING).nothing_to_do


def change(store: Store, *statements: str, database: Path | None = None) -> list:
    """Alter the database behind Dixit's back; gives the rows of the last statement."""
    with closing(sqlite3.connect(database or store.path)) as db:
        for statement in statements:
            rows = db.execute(statement).fetchall()
        db.commit()
        return rows


def faiss_file(store: Store) -> Path:
    (path,) = store.folder.glob("vectors-*.faiss")
    return path


def change_unseen(store: Store, path: Path, content: str) -> None:
    """Write other words into a file so that nothing but them is told apart: of the same length, its times put back, and its
    stamp, which the system would not let one put back, in the store."""
    assert len(content.encode()) == path.stat().st_size
    before = path.stat()
    path.write_text(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with store.write() as writer, writer.transaction(visible=False):
        for state in writer.files():
            if state.location == path:
                writer.touch_file(
                    type(state)(state.root, state.path, stamp_of(path.stat()), state.digest, state.status)
                )


# A whole index


def test_a_whole_index_has_no_findings_and_a_repair_of_it_does_nothing(store: Store, folder: Path) -> None:
    before = commit(store)
    assert found(store) == []
    assert put_right(store) == Repair(None, [])
    assert commit(store) == before


def test_what_cannot_be_read_is_told_and_is_nothing_wrong(store: Store, folder: Path) -> None:
    write(folder, "photo.txt", b"\0\1\2")
    write(folder, "mail.jsonl", MAIL + "{broken\n")
    write(folder, "picture.png", b"\0")
    sync(store, HASHING)
    assert found(store) == [("unread", "docs/photo.txt"), ("unread", "docs/mail.jsonl, line 3")]
    assert all(not f.is_wrong and f.how for f in check(store, HASHING))
    assert put_right(store).report is None, "there is nothing to do about it"


def test_where_nothing_was_ever_indexed_there_is_nothing_to_check(tmp_path: Path) -> None:
    with pytest.raises(NothingIndexed, match="dixit index PATH"):
        check(Store(tmp_path / "none"), HASHING)


NAMES = st.sampled_from(["a.txt", "b.md", "c/d.txt", "e.jsonl", "f.png", "gold.jsonl", "queries.jsonl"])
TEXTS = st.sampled_from(["The kettle boils.", "Two cups.\n\nOne saucer.", '{"id": "1", "text": "A spoon."}', "\0", ""])
HISTORIES = st.lists(st.tuples(NAMES, st.one_of(st.none(), TEXTS)), max_size=6)


@settings(max_examples=25)
@given(first=HISTORIES, then=HISTORIES)
def test_whatever_a_sync_would_do_a_check_tells_and_a_repair_does(tmp_path_factory, first, then) -> None:
    place = tmp_path_factory.mktemp("place")
    folder, store = place / "docs", Store(place / "store")
    folder.mkdir()
    _play(folder, first)
    sync(store, HASHING, [folder])
    assert [f for f in check(store, HASHING) if f.is_wrong] == []
    _play(folder, then)
    shutil.copytree(store.folder, place / "copy")
    done = sync(Store(place / "copy"), HASHING)
    touched = {*done.added, *done.changed, *done.removed, *done.unreadable, *(before for before, _ in done.renamed)}
    wrong = {f.what for f in check(store, HASHING) if f.is_wrong}
    assert touched <= wrong
    mended = put_right(store)
    assert [f for f in mended.left if f.is_wrong] == []
    if wrong:
        assert contents(store) == fresh(place, folder)


def _play(folder: Path, history: Sequence[tuple[str, str | None]]) -> None:
    for name, content in history:
        if content is not None:
            write(folder, name, content)
        elif (folder / name).exists():
            (folder / name).unlink()


# Folders


def test_a_changed_file_that_looks_the_same_is_told_by_its_digest(store: Store, folder: Path, tmp_path: Path) -> None:
    change_unseen(store, folder / "ferry.txt", FERRY.replace("nine", "five"))
    assert planned(store, HASHING).nothing_to_do, "by size and times nothing has changed"
    assert found(store) == [("stale", "docs/ferry.txt")]
    is_put_right(store, folder, tmp_path, embedded=1)


def test_a_broken_file_that_looks_the_same_is_told_and_then_known_as_unreadable(store: Store, folder: Path) -> None:
    change_unseen(store, folder / "ferry.txt", "\0" * len(FERRY.encode()))
    assert found(store) == [("stale", "docs/ferry.txt")]
    mended = put_right(store)
    assert mended.report.unreadable == ["docs/ferry.txt"]
    assert [(f.kind, f.what) for f in mended.left] == [("unread", "docs/ferry.txt")]


def test_a_touched_file_is_no_finding(store: Store, folder: Path) -> None:
    touch(folder / "ferry.txt")
    assert found(store) == []


def test_new_changed_gone_and_renamed_files_are_told_and_read(store: Store, folder: Path, tmp_path: Path) -> None:
    write(folder, "bread.txt", "The bread is in the oven.")
    write(folder, "mail.jsonl", MAIL.replace("Friday", "Sunday"))
    (folder / "deep/garden.md").unlink()
    (folder / "ferry.txt").rename(folder / "boat.txt")
    assert sorted(found(store)) == [
        ("missing", "docs/deep/garden.md"),
        ("stale", "docs/bread.txt"),
        ("stale", "docs/ferry.txt"),
        ("stale", "docs/mail.jsonl"),
    ]
    assert "docs/boat.txt" in {f.what: f.how for f in check(store, HASHING)}["docs/ferry.txt"]
    is_put_right(store, folder, tmp_path, embedded=2)


def test_a_file_that_turned_out_to_be_no_document_is_told(store: Store, folder: Path, tmp_path: Path) -> None:
    write(folder, "set/gold.jsonl", MAIL)
    sync(store, HASHING)
    write(folder, "set/queries.jsonl", '{"id": "1", "text": "When did the parcel come?"}\n')
    assert ("stale", "docs/set/gold.jsonl") in found(store) or ("orphaned", "docs/set/gold.jsonl") in found(store)
    is_put_right(store, folder, tmp_path)


def test_a_file_that_was_read_and_may_no_longer_be_opened_is_told(store: Store, folder: Path, monkeypatch) -> None:
    real_open, real_read = Path.open, Path.read_bytes

    def denied(real: Callable) -> Callable:
        def opened(self: Path, *arguments, **named):
            if self.name == "ferry.txt":
                raise PermissionError(13, "Permission denied")
            return real(self, *arguments, **named)

        return opened

    monkeypatch.setattr(Path, "open", denied(real_open))
    monkeypatch.setattr(Path, "read_bytes", denied(real_read))
    os.chmod(folder / "ferry.txt", 0o200)
    assert [what for _, what in found(store)] == ["docs/ferry.txt"]
    mended = put_right(store)
    assert [(f.kind, f.what) for f in mended.left] == [("unread", "docs/ferry.txt")]


def test_a_folder_that_is_away_is_told_and_what_was_read_of_it_is_kept(store: Store, folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))
    assert found(store) == [("missing", str(folder))]
    held = contents(store)
    assert [(f.kind, f.what) for f in put_right(store).left] == [("missing", str(folder))]
    assert contents(store) == held


# The database


SPOILED: dict[str, list[str]] = {
    "a passage's text is altered": ["UPDATE passage SET text = replace(text, 'nine', 'five')"],
    "a passage has moved": ["UPDATE passage SET start = start + 1, \"end\" = \"end\" + 1 WHERE text LIKE '%nine%'"],
    "a passage is shorter": [
        "UPDATE passage SET start = start + 4, text = substr(text, 5) WHERE text LIKE 'The ferry sails%'"
    ],
    "a passage's sentences are other ones": ["UPDATE passage SET sentences = '[]' WHERE text LIKE '%nine%'"],
    "a passage's sentences are no list": ["UPDATE passage SET sentences = 'oh' WHERE text LIKE '%nine%'"],
    "a passage has no text": ["UPDATE passage SET text = x'00ff' WHERE text LIKE '%nine%'"],
    "a passage has another's vector": [
        "UPDATE passage SET vector_id = (SELECT vector_id FROM passage WHERE text LIKE '%beans%') WHERE text LIKE '%nine%'"
    ],
    "a passage has no vector": ["UPDATE passage SET vector_id = NULL WHERE text LIKE '%nine%'"],
    "a passage is gone": [
        "DELETE FROM full_text WHERE rowid = (SELECT id FROM passage WHERE text LIKE '%nine%')",
        "DELETE FROM said WHERE passage_id = (SELECT id FROM passage WHERE text LIKE '%nine%')",
        "DELETE FROM passage WHERE text LIKE '%nine%'",
    ],
    "a passage belongs to nothing": ["UPDATE passage SET document_id = 999 WHERE text LIKE '%nine%'"],
    "a document is gone": [
        "PRAGMA foreign_keys = ON",
        "DELETE FROM full_text WHERE rowid IN (SELECT passage.id FROM passage JOIN document ON document.id = document_id"
        " WHERE doc_id = 'docs/ferry.txt')",
        "DELETE FROM document WHERE doc_id = 'docs/ferry.txt'",
    ],
    "a record is gone": [
        "PRAGMA foreign_keys = ON",
        "DELETE FROM full_text WHERE rowid IN (SELECT passage.id FROM passage JOIN document ON document.id = document_id"
        " WHERE doc_id = 'docs/mail.jsonl#2')",
        "DELETE FROM document WHERE doc_id = 'docs/mail.jsonl#2'",
    ],
    "a record has another's name": ["UPDATE document SET record = '7' WHERE record = '2'"],
    "a document has another digest": ["UPDATE document SET text_digest = 'x' WHERE doc_id = 'docs/ferry.txt'"],
    "a document has another title": ["UPDATE document SET title = 'The barge' WHERE doc_id = 'docs/ferry.txt'"],
    "words are another's": ["UPDATE utterance SET name = 'Olga Lund'"],
    "a row is missing from the full text": ["DELETE FROM full_text WHERE rowid = (SELECT min(rowid) FROM full_text)"],
    "a row of the full text belongs to nothing": ["INSERT INTO full_text (rowid, title, text) VALUES (999, '', 'ferri')"],
    "the full text holds other words": ["UPDATE full_text SET text = 'kettl' WHERE rowid = (SELECT min(rowid) FROM full_text)"],
}  # fmt: skip


@pytest.mark.parametrize("how", SPOILED)
def test_what_is_damaged_in_the_database_is_told_and_made_again_without_embedding(
    store: Store, folder: Path, tmp_path: Path, how: str
) -> None:
    change(store, *SPOILED[how])
    assert {"damaged", "missing"} & {kind for kind, _ in found(store)}, found(store)
    is_put_right(store, folder, tmp_path)


def test_a_document_s_damage_is_told_of_that_document(store: Store) -> None:
    change(store, *SPOILED["a passage's text is altered"])
    assert found(store) == [("damaged", "docs/ferry.txt")]


def test_a_vector_that_is_not_what_was_written_is_embedded_again_and_no_other(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    change(store, "UPDATE vector SET data = zeroblob(length(data)) WHERE id = (SELECT min(id) FROM vector)")
    assert [kind for kind, _ in found(store)] == ["damaged"]
    is_put_right(store, folder, tmp_path, embedded=1)


def test_the_vectors_of_sentences_are_compared_too(store: Store, folder: Path, tmp_path: Path) -> None:
    change(store, "UPDATE vector SET sentences = zeroblob(length(sentences)) WHERE id = (SELECT max(id) FROM vector)")
    assert [kind for kind, _ in found(store)] == ["damaged"]
    is_put_right(store, folder, tmp_path, embedded=1)


def test_a_vector_with_its_checksum_in_another_s_row_is_told(store: Store, folder: Path, tmp_path: Path) -> None:
    row = "(SELECT {0} FROM vector WHERE id = (SELECT max(id) FROM vector))"
    change(
        store,
        f"UPDATE vector SET data = {row.format('data')}, sentences = {row.format('sentences')}, crc = {row.format('crc')}"
        " WHERE id = (SELECT min(id) FROM vector)",
    )
    assert ("damaged", "index.sqlite") in found(store)
    is_put_right(store, folder, tmp_path, embedded=1)


def test_vectors_that_nothing_uses_are_told_and_removed(store: Store, folder: Path, tmp_path: Path) -> None:
    with store.write() as writer, writer.transaction(visible=False):
        writer.add_vectors([("of nothing", bytes(4 * HASHING.dimension), b"")])
    assert found(store) == [("orphaned", "index.sqlite")]
    is_put_right(store, folder, tmp_path)
    assert change(store, "SELECT count(*) FROM vector WHERE digest = 'of nothing'") == [(0,)]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_page_of_garbage_is_told_and_made_again(store: Store, folder: Path, tmp_path: Path, share: float) -> None:
    change(store, "PRAGMA wal_checkpoint(TRUNCATE)")
    with store.path.open("r+b") as file:
        pages = store.path.stat().st_size // 4096
        file.seek(max(1, int(pages * share)) * 4096)
        file.write(b"\xaa" * 4096)
    assert {f.kind for f in check(store, HASHING)} <= {"damaged", "missing"} and found(store)
    mended = put_right(store)
    assert mended.left == [] and contents(store) == fresh(tmp_path, folder)


@pytest.mark.parametrize("garbage", [b"CREATE TABLE \xb8aid (", b"CREATE TABLE said \xb8"])
def test_tables_that_cannot_be_read_are_told_in_a_sentence(store: Store, folder: Path, garbage: bytes) -> None:
    change(store, "PRAGMA wal_checkpoint(TRUNCATE)")
    data = store.path.read_bytes()
    assert data.count(b"CREATE TABLE said (") == 1
    store.path.write_bytes(data.replace(b"CREATE TABLE said (", garbage))
    assert found(store) == [("damaged", "index.sqlite")]
    with pytest.raises(StoreError, match="dixit status --repair"), store.read():
        pass


def test_a_version_that_is_no_text_is_told_in_a_sentence(store: Store) -> None:
    change(store, "UPDATE meta SET value = CAST(x'b8b8' AS TEXT) WHERE key = 'schema'")
    assert [kind for kind, _ in found(store)] == ["damaged"]
    with pytest.raises(StoreError, match="dixit status --repair"), store.read():
        pass


def test_a_database_of_garbage_cannot_be_repaired_and_says_how_to_begin_again(store: Store, folder: Path) -> None:
    store.path.write_bytes(b"\xaa" * 20_000)
    assert found(store) == [("damaged", "index.sqlite")]
    with pytest.raises(StoreError, match="dixit index --fresh PATH"):
        put_right(store)
    sync(store, HASHING, [folder], fresh=True)
    assert found(store) == []


def test_an_index_of_another_version_is_told_and_made_again_from_its_vectors(
    store: Store, folder: Path, tmp_path: Path, monkeypatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(index.sync, "PIPELINE_VERSION", "other")
        sync(store, HASHING)
    told = check(store, HASHING)
    assert [f.kind for f in told] == ["stale"] and "another version" in told[0].how
    is_put_right(store, folder, tmp_path)


def test_an_index_with_other_tables_is_told_and_made_again(store: Store, folder: Path, tmp_path: Path) -> None:
    change(store, "UPDATE meta SET value = '0' WHERE key = 'schema'")
    assert [(f.kind, "another version" in f.how) for f in check(store, HASHING)] == [("stale", True)]
    is_put_right(store, folder, tmp_path)


def test_another_model_is_told(store: Store) -> None:
    told = check(store, encoder_called("another"))
    assert [f.kind for f in told] == ["stale"] and "from hashing to another" in told[0].how


# What is derived, and what is left behind


def test_without_its_faiss_file_an_index_says_so_and_gets_one(store: Store, folder: Path, tmp_path: Path) -> None:
    faiss_file(store).unlink()
    assert found(store) == [("missing", "the FAISS file")]
    is_put_right(store, folder, tmp_path)


@pytest.mark.parametrize("data", [b"", b"\xaa" * 999, b"half"], ids=["empty", "garbage", "truncated"])
def test_a_faiss_file_that_is_not_what_was_written_is_told(
    store: Store, folder: Path, tmp_path: Path, data: bytes
) -> None:
    path = faiss_file(store)
    path.write_bytes(path.read_bytes()[:500] if data == b"half" else data)
    assert found(store) == [("damaged", "the FAISS file")]
    is_put_right(store, folder, tmp_path)


def test_a_faiss_file_with_other_vectors_and_the_right_checksum_is_told(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    import faiss

    with store.read() as snapshot:
        ((ids, matrix),) = stored_vectors(snapshot, HASHING.dimension)
        commit_ = snapshot.commit
    data = faiss.serialize_index(FaissVectors.build([(ids, matrix[::-1].copy())], HASHING.dimension)._index).tobytes()
    faiss_file(store).unlink()
    (store.folder / f"vectors-{commit_}-{zlib.crc32(data):08x}.faiss").write_bytes(data)
    assert found(store) == [("damaged", "the FAISS file")]
    is_put_right(store, folder, tmp_path)


def test_a_faiss_file_that_is_none_with_the_right_checksum_is_told(store: Store, folder: Path, tmp_path: Path) -> None:
    path = faiss_file(store)
    path.unlink()
    data = b"\xaa" * 999
    path.with_name(f"{path.name[: -len('00000000.faiss')]}{zlib.crc32(data):08x}.faiss").write_bytes(data)
    assert found(store) == [("damaged", "the FAISS file")]
    is_put_right(store, folder, tmp_path)


def test_what_interrupted_runs_left_is_told_and_removed(store: Store, folder: Path, tmp_path: Path) -> None:
    left = ["index-0123456789ab.sqlite", f"vectors-{'0' * 32}-00000000.faiss", "current.part", "vectors-x.part"]
    for name in left:
        (store.folder / name).write_bytes(b"left")
    assert sorted(found(store)) == sorted(("orphaned", name) for name in left)
    is_put_right(store, folder, tmp_path)
    assert not any((store.folder / name).exists() for name in left)


# What a repair keeps


def test_a_repair_keeps_what_was_left_out_and_the_names_that_files_had(store: Store, folder: Path) -> None:
    (folder / "ferry.txt").rename(folder / "boat.txt")
    sync(store, HASHING, names={folder: "docs"})
    sync(store, HASHING, [folder], names={folder: "papers"})
    leave_out(store, "papers/mail.jsonl")
    change(store, *SPOILED["a passage has moved"])
    mended = put_right(store)
    assert mended.left == [] and mended.report.embedded == 0
    with store.read() as snapshot:
        assert [f.name for f in snapshot.files() if f.status == "left out"] == ["papers/mail.jsonl"]
        for former in ("docs/ferry.txt", "docs/boat.txt", "papers/boat.txt"):
            assert snapshot.document(former).file.location == folder / "boat.txt", former
        assert snapshot.document("docs/mail.jsonl#1") is None


def test_a_repair_keeps_collections_and_their_names(store: Store, folder: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other", "o.txt", "A letter from the coast.").parent
    sync(store, HASHING, [other], names={other: "Letters home"})
    change(store, *SPOILED["a passage's text is altered"])
    assert put_right(store).left == []
    with store.read() as snapshot:
        assert {r.name: r.path for r in snapshot.roots()} == {"docs": folder, "Letters home": other}


def test_a_damaged_index_is_not_made_again_from_a_folder_that_is_away(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    held = contents(store)
    change(store, *SPOILED["a row of the full text belongs to nothing"])
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(StoreError, match="is not there"):
        put_right(store)
    folder.with_name("elsewhere").rename(folder)
    is_put_right(store, folder, tmp_path)
    assert contents(store) == held


def test_who_repairs_says_who_is_writing(store: Store) -> None:
    faiss_file(store).unlink()
    wrong = check(store, HASHING)
    with store.locked(), pytest.raises(StoreError, match="is writing"):
        repaired(Store(store.folder), HASHING, wrong, lambda what, done, total: None)


def test_digests_of_what_cannot_be_opened_are_none(tmp_path: Path) -> None:
    assert file_digest(tmp_path / "none") is None


# The command


@pytest.fixture
def place(tmp_path: Path, folder: Path) -> Path:
    """A folder with an index of its `docs` in `.dixit`."""
    dixit("index", "docs", cwd=tmp_path)
    return tmp_path


def test_a_whole_index_is_said_to_be_whole(place: Path) -> None:
    for option in ("--check", "--repair"):
        assert "The index is whole" in dixit("status", option, cwd=place).stdout
    told = json.loads(dixit("status", "--check", "--json", cwd=place).stdout)
    assert told == {"schema": "dixit.check/1", "findings": [], "repair": None}


def test_what_is_wrong_is_told_with_status_1_and_put_right_with_status_0(place: Path) -> None:
    change(Store(place / ".dixit"), *SPOILED["a passage's text is altered"])
    write(place / "docs", "new.txt", "The bread is in the oven.")
    checked = dixit("status", "--check", cwd=place, ok=False)
    assert checked.returncode == 1 and checked.stderr == ""
    assert "damaged: docs/ferry.txt: " in checked.stdout and "stale: docs/new.txt: is not read yet" in checked.stdout
    assert "dixit status --repair" in checked.stdout
    mended = dixit("status", "--repair", cwd=place).stdout
    assert "damaged: docs/ferry.txt: " in mended and "Put right; 1 embedded." in mended
    assert "The index is whole" in dixit("status", "--check", cwd=place).stdout


def test_a_repair_in_json_tells_what_was_done_and_what_is_left(place: Path) -> None:
    write(place / "docs", "new.txt", "The bread is in the oven.")
    write(place / "docs", "photo.txt", b"\0\1")
    checked = json.loads(dixit("status", "--check", "--json", cwd=place, ok=False).stdout)
    assert checked["repair"] is None
    told = json.loads(dixit("status", "--repair", "--json", cwd=place).stdout)
    assert {(f["kind"], f["what"]) for f in told["findings"]} == {
        ("stale", "docs/new.txt"),
        ("stale", "docs/photo.txt"),
    }
    assert (told["repair"]["sync"]["added"], told["repair"]["sync"]["embedded"]) == (["docs/new.txt"], 1)
    assert [(f["kind"], f["what"]) for f in told["repair"]["left"]] == [("unread", "docs/photo.txt")]


def test_what_a_repair_cannot_put_right_is_told_with_status_1(place: Path) -> None:
    (place / "docs").rename(place / "elsewhere")
    mended = dixit("status", "--repair", cwd=place, ok=False)
    assert mended.returncode == 1 and f"left: missing: {place / 'docs'}" in mended.stdout
    assert "Put right" not in mended.stdout, "nothing was"


def test_a_database_of_garbage_is_one_sentence_that_says_how_to_go_on(place: Path) -> None:
    (place / ".dixit/index.sqlite").write_bytes(b"\xaa" * 20_000)
    assert "damaged: index.sqlite" in dixit("status", "--check", cwd=place, ok=False).stdout
    failed = dixit("status", "--repair", cwd=place, ok=False)
    assert len(failed.stderr.splitlines()) == 1 and "dixit index --fresh PATH" in failed.stderr
    dixit("index", "--fresh", "docs", cwd=place)
    assert "The index is whole" in dixit("status", "--check", cwd=place).stdout


def test_a_file_s_name_in_a_finding_does_not_act_on_the_terminal(place: Path) -> None:
    write(place / "docs", "a\x1b[2J\nThe index is whole\u202e.txt", "The bread is in the oven.")
    out = dixit("status", "--check", cwd=place, ok=False).stdout
    assert "\x1b" not in out and "\u202e" not in out
    assert not any(line.startswith("The index is whole") for line in out.splitlines())


def test_a_finding_is_wrong_but_for_what_cannot_be_read() -> None:
    kinds = ("stale", "missing", "orphaned", "damaged", "unread")
    assert [Finding(k, "", "").is_wrong for k in kinds] == [True, True, True, True, False]
