"""Sync: whatever happens to the files, and to the process, the index is the one that a fresh build would be."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from indexes import HASHING, commit, contents, doc_ids, encoder_called, fresh, write

from index.errors import SettingError
from index.membership import forget
from index.plan import behind
from index.store import Store
from index.stored import FileState
from index.sync import SyncReport, sync


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "docs"
    write(made, "a.txt", "The report tells of a harbour.\n\nA second paragraph about a ship.")
    write(made, "deep/er/b.md", "# Heading\n\nWords about the harbour.")
    write(made, "c.jsonl", '{"id": "x", "text": "Войска выведены."}\n{"id": "y", "text": "Words of y."}')
    return made


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


# One change at a time


def test_what_is_in_the_folder_is_indexed(folder: Path, store: Store) -> None:
    report = sync(store, HASHING, [folder])
    assert sorted(report.added) == ["docs/a.txt", "docs/c.jsonl", "docs/deep/er/b.md"]
    assert doc_ids(store) == {"docs/a.txt", "docs/deep/er/b.md", "docs/c.jsonl#x", "docs/c.jsonl#y"}
    assert report.embedded == 5 and not report.failures


def test_a_second_sync_embeds_nothing_and_is_no_new_commit(folder: Path, store: Store) -> None:
    write(folder, "broken.txt", b"\0\0")
    write(folder, "picture.png", b"\0\0")
    first = sync(store, HASHING, [folder])
    before = commit(store)
    second = sync(store, HASHING)
    assert second == SyncReport(unchanged=4, skipped=1, failures=first.failures)
    assert second.nothing_to_do and commit(store) == before


def test_a_touched_file_is_looked_at_once_and_changes_nothing(folder: Path, store: Store, monkeypatch) -> None:
    sync(store, HASHING, [folder])
    before = commit(store)
    write(folder, "a.txt", (folder / "a.txt").read_bytes())
    assert sync(store, HASHING) == SyncReport(unchanged=3)
    assert commit(store) == before
    # Its new time is known now: it is not even opened again.
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail(f"{self} is read"))
    monkeypatch.setattr("index.vectors.FaissVectors.load", lambda *_: True)
    assert sync(store, HASHING) == SyncReport(unchanged=3)


def test_a_changed_document_embeds_only_its_changed_passages(folder: Path, store: Store) -> None:
    paragraphs = [f"Paragraph number {n} of the long report." for n in range(20)]
    write(folder, "long.txt", "\n\n".join(paragraphs))
    sync(store, HASHING, [folder])
    paragraphs[7] = "Paragraph seven was written anew."
    paragraphs.insert(12, "And this one was put in between.")
    del paragraphs[3]
    write(folder, "long.txt", "\n\n".join(paragraphs))
    report = sync(store, HASHING)
    assert (report.changed, report.added, report.embedded) == (["docs/long.txt"], [], 2)


def test_a_renamed_file_is_followed_and_not_embedded_again(folder: Path, store: Store, tmp_path: Path) -> None:
    sync(store, HASHING, [folder])
    (folder / "a.txt").rename(folder / "deep" / "z.txt")
    report = sync(store, HASHING)
    assert (report.renamed, report.added, report.removed) == ([("docs/a.txt", "docs/deep/z.txt")], [], [])
    assert report.embedded == 0
    assert contents(store) == fresh(tmp_path, folder)


def test_a_deleted_file_is_forgotten_with_its_vectors(folder: Path, store: Store, tmp_path: Path) -> None:
    sync(store, HASHING, [folder])
    (folder / "c.jsonl").unlink()
    assert sync(store, HASHING).removed == ["docs/c.jsonl"]
    assert contents(store) == fresh(tmp_path, folder)
    with store.write() as writer:
        assert writer._db.execute("SELECT count(*) FROM vector").fetchone() == (3,)


def test_what_is_known_of_a_folder_that_is_away_is_kept_and_said_until_it_is_forgotten(
    folder: Path, store: Store
) -> None:
    sync(store, HASHING, [folder])
    held = contents(store)
    folder.rename(folder.with_name("elsewhere"))
    report = sync(store, HASHING)
    assert (report.unreachable, report.removed, contents(store)) == ([folder], [], held)
    folder.with_name("elsewhere").rename(folder)
    assert sync(store, HASHING).embedded == 0 and contents(store) == held
    forget(store, folder)
    with store.read() as snapshot:
        assert not snapshot.roots() and not snapshot.documents()
    with pytest.raises(SettingError, match="never indexed"):
        forget(store, folder)


def test_a_file_that_cannot_be_read_is_reported_and_read_when_it_is_mended(folder: Path, store: Store) -> None:
    write(folder, "z.txt.gz", b"no gzip")
    report = sync(store, HASHING, [folder])
    assert [f.name for f in report.failures] == ["docs/z.txt.gz"] and "gzip" in report.failures[0].reason
    assert sync(store, HASHING).failures == report.failures
    write(folder, "z.txt.gz", gzip.compress(b"Mended words."))
    assert sync(store, HASHING).added == ["docs/z.txt.gz"]
    write(folder, "z.txt.gz", b"broken again")
    assert [f.name for f in sync(store, HASHING).failures] == ["docs/z.txt.gz"]
    assert "docs/z.txt.gz" not in doc_ids(store)


def test_a_file_that_may_not_be_opened_is_tried_again_though_it_looks_the_same(
    folder: Path, store: Store, monkeypatch
) -> None:
    real = Path.read_bytes

    def denied(self: Path) -> bytes:
        if self.name == "a.txt":
            raise PermissionError(13, "Permission denied")
        return real(self)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", denied)
        assert [f.reason for f in sync(store, HASHING, [folder]).failures] == ["cannot be opened (Permission denied)"]
        before = commit(store)
        assert len(sync(store, HASHING).failures) == 1 and commit(store) == before
    assert sync(store, HASHING).added == ["docs/a.txt"]


def test_bad_records_are_problems_of_their_file(folder: Path, store: Store) -> None:
    write(folder, "c.jsonl", '{"id": "x", "text": "Whole."}\n{broken\n{"id": "s", "text": "\\ud83d"}')
    report = sync(store, HASHING, [folder])
    assert [f.name for f in report.failures] == ["docs/c.jsonl, line 2", "docs/c.jsonl, record s"]
    with store.read() as snapshot:
        assert [(name, where) for name, where, _ in snapshot.problems()] == [
            ("docs/c.jsonl", "line 2"),
            ("docs/c.jsonl", "record s"),
        ]


def test_fields_that_cannot_be_stored_cost_no_run(folder: Path, store: Store) -> None:
    write(folder, "c.jsonl", json.dumps({"id": "\ud800", "title": "\udc00", "x\ud800": "y", "text": "Words."}))
    write(folder, "d.html", '<script type="application/ld+json">{"headline": "\\ud800"}</script><p>Words of d.')
    write(folder, "e.md", '---\ntitle: "\\uD800"\n---\n\nWords of e.')
    assert not sync(store, HASHING, [folder]).failures
    assert len(doc_ids(store)) == 5


def test_a_parser_that_breaks_costs_only_its_file(folder: Path, store: Store, monkeypatch) -> None:
    def broken(*_):
        raise RuntimeError("inside")

    formats = __import__("index.readers", fromlist=["_FORMATS"])._FORMATS
    monkeypatch.setitem(formats, ".md", replace(formats[".md"], read=broken))
    report = sync(store, HASHING, [folder])
    assert [f.name for f in report.failures] == ["docs/deep/er/b.md"] and "inside" in report.failures[0].reason
    assert len(report.added) == 2


# Roots


def test_a_path_within_a_known_folder_stands_for_that_folder(folder: Path, store: Store) -> None:
    sync(store, HASHING, [folder])
    write(folder, "new.txt", "New words.")
    assert sync(store, HASHING, [folder / "deep", folder / "a.txt"]).added == ["docs/new.txt"]
    with store.read() as snapshot:
        assert [r.path for r in snapshot.roots()] == [folder]


def test_a_folder_around_known_ones_takes_their_place(folder: Path, store: Store, tmp_path: Path) -> None:
    sync(store, HASHING, [folder / "deep", folder / "a.txt"])
    assert doc_ids(store) == {"deep/er/b.md", "a.txt"}
    report = sync(store, HASHING, [folder])
    assert report.embedded == 2, "only what was not there yet"
    assert contents(store) == fresh(tmp_path, folder)
    with store.read() as snapshot:
        assert [r.path for r in snapshot.roots()] == [folder]


@pytest.mark.parametrize("order", [0, 1])
def test_paths_around_one_another_are_one_root_in_either_order(
    folder: Path, store: Store, tmp_path: Path, order: int
) -> None:
    sync(store, HASHING, [folder, folder / "deep"][:: 1 - 2 * order])
    assert contents(store) == fresh(tmp_path, folder)


def test_folders_of_one_name_are_told_apart(tmp_path: Path, store: Store) -> None:
    for place in ("one/docs", "two/docs", "two/docs2/one/docs"):
        write(tmp_path / place, "a.txt", f"The words of {place}.")
    sync(store, HASHING, [tmp_path / "one/docs", tmp_path / "two/docs", tmp_path / "two/docs2/one/docs"])
    assert len(doc_ids(store)) == 3 and {"docs/a.txt", "two/docs/a.txt"} < doc_ids(store)


def test_a_name_that_begins_with_another_folder_s_name_is_not_given(tmp_path: Path, store: Store) -> None:
    write(tmp_path / "x/docs", "a/f.txt", "First.")
    write(tmp_path / "y/a", "f.txt", "Second.")
    write(tmp_path / "z/docs/a", "f.txt", "Third.")
    sync(store, HASHING, [tmp_path / "x/docs", tmp_path / "y/a", tmp_path / "z/docs/a"])
    assert len(doc_ids(store)) == 3


def test_only_the_paths_given_are_looked_at(tmp_path: Path, store: Store, folder: Path) -> None:
    other = write(tmp_path / "other", "o.txt", "Other words.").parent
    sync(store, HASHING, [folder, other])
    write(other, "p.txt", "More other words.")
    assert sync(store, HASHING, [folder]).nothing_to_do
    assert sync(store, HASHING).added == ["other/p.txt"]


def test_a_path_that_is_not_there_is_refused_before_anything_is_done(folder: Path, store: Store) -> None:
    with pytest.raises(SettingError, match="does not exist"):
        sync(store, HASHING, [folder, folder / "none"])
    assert not store.exists()


def test_the_store_itself_is_not_indexed(folder: Path) -> None:
    store = Store(folder / "store")
    for _ in range(2):
        report = sync(store, HASHING, [folder])
        assert report.skipped == 0
    assert report.nothing_to_do


def test_an_empty_folder_is_indexed_as_that(tmp_path: Path, store: Store) -> None:
    (tmp_path / "empty").mkdir()
    assert sync(store, HASHING, [tmp_path / "empty"]).nothing_to_do
    assert doc_ids(store) == set()


def test_a_collection_is_known_before_its_files_are_read(folder: Path, store: Store) -> None:
    seen = []

    def look(what: str, done: int, total: int) -> None:
        with store.read() as snapshot:
            seen.append((what, done, len(behind(snapshot, store.folder).new)))

    sync(store, HASHING, [folder], progress=look)
    assert ("reading", 0, 3) in seen, "who asks meanwhile is told of all that is not read yet"
    with store.read() as snapshot:
        assert not behind(snapshot, store.folder)


def test_a_folder_that_was_moved_and_is_given_anew_is_followed(folder: Path, store: Store) -> None:
    sync(store, HASHING, [folder])
    with store.read() as snapshot:
        held = {d.text_digest for d in snapshot.documents().values()}
    moved = folder.rename(folder.with_name("papers"))
    report = sync(store, HASHING, [moved])
    assert ("docs/a.txt", "papers/a.txt") in report.renamed and len(report.renamed) == 3
    assert (report.embedded, report.added) == (0, [])
    with store.read() as snapshot:
        assert {d.text_digest for d in snapshot.documents().values()} == held
        assert snapshot.document("docs/a.txt").doc_id == "papers/a.txt"


def test_the_index_is_no_folder_of_documents(folder: Path, store: Store) -> None:
    sync(store, HASHING, [folder])
    with pytest.raises(SettingError, match="is the index"):
        sync(store, HASHING, [store.folder])


def test_what_collections_are_called_now_is_told(folder: Path, store: Store) -> None:
    sync(store, HASHING, [folder / "deep"])
    assert sync(store, HASHING, [folder / "deep"], names={folder / "deep": "below"}).collections == [("deep", "below")]
    assert sync(store, HASHING, [folder]).collections == [("below", "docs")]
    assert sync(store, HASHING).nothing_to_do


# Names and links


NAMES = [
    "with space.txt",
    'it\'s "quoted".txt',
    "c.jsonl#x.txt",
    "c.jsonl#x",
    "line\nbreak.txt",
    "100%.txt",
    "c.jsonl%23x.txt",
    "日本.TXT",
    "<b>.txt",
    "a?b&c.txt",
    "-x.txt",
    "[1].txt",
]


def test_any_file_name_is_a_document_of_its_own(folder: Path, store: Store, tmp_path: Path) -> None:
    for n, name in enumerate(NAMES):
        write(folder, name if name.lower().endswith(".txt") else f"{name}.txt", f"Words of file {n}.")
    write(
        folder,
        "c.jsonl",
        "\n".join(json.dumps({"id": i, "text": f"Words of {i}."}) for i in ("x", "x.txt", "#", "y#z")),
    )
    report = sync(store, HASHING, [folder])
    assert not report.failures and len(report.added) == len(doc_ids(store)) + 1 - 4
    with store.read() as snapshot:
        assert all(d.file.location.is_file() for d in snapshot.documents().values())


def test_a_name_that_is_no_unicode_is_skipped_and_named(folder: Path, store: Store) -> None:
    path = os.path.join(os.fsencode(folder), b"bad\xff.txt")
    with open(path, "wb") as file:
        file.write(b"Words.")
    write(folder, r"bad\xff.txt", "Words under the readable name.")
    assert r"docs/bad\xff.txt" in sync(store, HASHING, [folder]).added
    (folder / r"bad\xff.txt").unlink()
    report = sync(store, HASHING)
    assert (report.skipped, report.removed) == (1, [r"docs/bad\xff.txt"])
    with store.read() as snapshot:
        assert [f.reason for f in snapshot.files() if f.status == "skipped"] == [
            "its name is not valid Unicode: rename it"
        ]


def test_links_out_of_the_folder_and_loops_are_passed_over(folder: Path, store: Store, tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", "secret.txt", "Secret words.")
    (folder / "out.txt").symlink_to(outside)
    (folder / "outdir").symlink_to(outside.parent)
    (folder / "loop").symlink_to(folder)
    (folder / "self.txt").symlink_to(folder / "self.txt")
    (folder / "dangling.txt").symlink_to(folder / "nothing.txt")
    (folder / "inside.txt").symlink_to(folder / "a.txt")
    report = sync(store, HASHING, [folder])
    assert sorted(report.added) == ["docs/a.txt", "docs/c.jsonl", "docs/deep/er/b.md", "docs/inside.txt"]
    assert not report.failures


def test_hidden_files_are_passed_over(folder: Path, store: Store) -> None:
    for name in (".hidden.txt", ".git/x.txt", "~$a.txt"):
        write(folder, name, "Hidden words.")
    assert len(sync(store, HASHING, [folder]).added) == 3


def test_the_questions_of_an_evaluation_set_are_no_documents(folder: Path, store: Store) -> None:
    for name in ("queries.jsonl", "gold.jsonl", "dialogues.jsonl", "qrels.tsv"):
        write(folder, f"set/{name}", '{"id": "1", "text": "A question."}')
    write(folder, "set/corpus.jsonl", '{"id": "1", "text": "A document."}')
    write(folder, "gold.jsonl", '{"id": "1", "text": "Of gold."}')
    report = sync(store, HASHING, [folder])
    assert report.skipped == 4 and {"docs/set/corpus.jsonl#1", "docs/gold.jsonl#1"} < doc_ids(store)


def test_a_link_that_leads_to_another_file_is_read_again(folder: Path, store: Store, tmp_path: Path) -> None:
    write(folder, "b.txt", "Words of the other file.")
    link = folder / "link.txt"
    link.symlink_to(folder / "a.txt")
    sync(store, HASHING, [folder])
    link.unlink()
    link.symlink_to(folder / "b.txt")
    assert sync(store, HASHING).changed == ["docs/link.txt"]
    link.unlink()
    link.symlink_to(write(tmp_path / "outside", "secret.txt", "Secret words."))
    assert sync(store, HASHING).removed == ["docs/link.txt"]
    assert contents(store) == fresh(tmp_path, folder)


def test_a_renaming_in_case_only_is_followed(folder: Path, store: Store, tmp_path: Path) -> None:
    sync(store, HASHING, [folder])
    (folder / "a.txt").rename(folder / "A.txt")
    report = sync(store, HASHING)
    assert (report.renamed, report.embedded) == ([("docs/a.txt", "docs/A.txt")], 0)
    assert contents(store) == fresh(tmp_path, folder)
    with store.read() as snapshot:
        found = snapshot.document("docs/a.txt")
        assert found and found.doc_id == "docs/A.txt"


# Clocks, and files that change while they are read


def state_of(store: Store, name: str) -> FileState:
    with store.read() as snapshot:
        return next(f for f in snapshot.files() if f.name == name)


def changing(
    monkeypatch: pytest.MonkeyPatch, path: Path, change: Callable[[], object], after: bool, times: int
) -> None:
    """The file changes, so many times, just before it is read or just after."""
    real, left = Path.read_bytes, [times]

    def read_bytes(self: Path) -> bytes:
        now = self == path and left[0] > 0
        left[0] -= now
        if now and not after:
            change()
        data = real(self)
        if now and after:
            change()
        return data

    monkeypatch.setattr(Path, "read_bytes", read_bytes)


@pytest.mark.parametrize("after", [False, True])
def test_a_file_that_grows_while_it_is_read_is_read_again(
    folder: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    path = write(folder, "log.txt", "The log begins.\n\n")

    def grow() -> None:
        with path.open("a") as file:
            file.write("Another line.\n\n")

    with monkeypatch.context() as patch:
        changing(patch, path, grow, after, times=2)
        assert not sync(store, HASHING, [folder]).failures
    assert state_of(store, "docs/log.txt").digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert sync(store, HASHING).nothing_to_do
    assert contents(store) == fresh(tmp_path, folder)


@pytest.mark.parametrize("after", [False, True])
def test_a_file_that_never_stands_still_is_told(
    folder: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    path = write(folder, "log.txt", "The log begins.\n\n")
    turns = iter(range(10**6, 2 * 10**6))
    with monkeypatch.context() as patch:  # of one size, and given its old time: only its ctime tells
        changing(patch, path, lambda: write_in_place(path, f"Line {next(turns)} of it."), after, times=99)
        report = sync(store, HASHING, [folder])
    assert [(f.name, "changes while it is read" in f.reason) for f in report.failures] == [("docs/log.txt", True)]
    assert sync(store, HASHING).added == ["docs/log.txt"]
    assert contents(store) == fresh(tmp_path, folder)


def write_in_place(path: Path, content: str) -> None:
    before = path.stat()
    path.write_text(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_two_writes_of_one_size_within_a_tick_of_the_clock_are_two(
    folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(folder, "a.txt", "Pier 100 is shut.")
    sync(store, HASHING, [folder])
    for n in range(100, 300, 20):
        write_in_place(path, f"Pier {n} is open.")

        def write_at_once(what: str, *_, n: int = n) -> None:
            if what == "reading":
                write_in_place(path, f"Pier {n + 1} is shut.")

        with monkeypatch.context() as patch:
            changing(patch, path, lambda n=n: write_in_place(path, f"Pier {n + 2} is shut."), after=True, times=1)
            sync(store, HASHING, progress=write_at_once)
        sync(store, HASHING)
        assert state_of(store, "docs/a.txt").digest == hashlib.sha256(path.read_bytes()).hexdigest()


def test_what_was_changed_and_given_its_old_time_and_size_is_found(folder: Path, store: Store) -> None:
    path = write(folder, "a.txt", "The ship left at noon.")
    sync(store, HASHING, [folder])
    before = path.stat()
    path.write_text("The ship left at dusk.")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert sync(store, HASHING).changed == ["docs/a.txt"]


@pytest.mark.parametrize("moment", [0, 1, 1_000_000_000, 2_000_000_000, 4_000_000_000, 32_000_000_000])
def test_a_clock_that_goes_back_or_ahead_decides_nothing(
    folder: Path, store: Store, tmp_path: Path, moment: int
) -> None:
    path = folder / "a.txt"
    sync(store, HASHING, [folder])
    os.utime(path, (moment, moment))
    before = commit(store)
    assert sync(store, HASHING) == SyncReport(unchanged=3) and commit(store) == before
    path.write_text("Other words, written at that time.")
    os.utime(path, (moment, moment))
    assert sync(store, HASHING).changed == ["docs/a.txt"]
    assert contents(store) == fresh(tmp_path, folder)


def test_a_system_clock_set_back_finds_what_changed(folder: Path, store: Store, monkeypatch) -> None:
    sync(store, HASHING, [folder])
    monkeypatch.setattr("index.reading.time.time", lambda: 1_000_000_000.0)
    (folder / "a.txt").write_text("Written when the clock was wrong.")
    assert sync(store, HASHING).changed == ["docs/a.txt"]
    assert sync(store, HASHING) == SyncReport(unchanged=3)


@pytest.fixture
def meanwhile() -> Callable:
    """Gives a context in which something is done over and over by another thread."""

    class Meanwhile:
        def __init__(self, act: Callable[[], object]) -> None:
            self._act, self._over, self._began = act, threading.Event(), threading.Event()
            self._thread = threading.Thread(target=self._run)

        def _run(self) -> None:
            while not self._over.is_set():
                self._act()
                self._began.set()

        def __enter__(self) -> None:
            self._thread.start()
            assert self._began.wait(10)

        def __exit__(self, *_) -> None:
            self._over.set()
            self._thread.join()

    return Meanwhile


def test_a_file_replaced_while_it_is_read_is_one_or_the_other(
    folder: Path, store: Store, tmp_path: Path, meanwhile: Callable
) -> None:
    texts = ["The crane stands at pier one.\n\n" * 200, "The crane was sold to Oslo.\n\n" * 300]
    sync(store, HASHING, [folder])
    turns = [0]

    def put_in_place() -> None:
        turns[0] += 1
        new = folder / ".new"
        new.write_text(texts[turns[0] % 2])
        new.replace(folder / "crane.txt")

    digests = {hashlib.sha256(t.encode()).hexdigest(): len(t) for t in texts}
    with meanwhile(put_in_place):
        for _ in range(6):
            sync(store, HASHING)
            state = state_of(store, "docs/crane.txt")
            if state.status == "read":
                assert digests[state.digest] == int(state.stamp.split(":")[1])
            else:
                assert "changes while it is read" in (state.reason or "")
    sync(store, HASHING)
    assert contents(store) == fresh(tmp_path, folder)


def test_a_file_that_goes_while_it_is_read_costs_only_itself(folder: Path, store: Store, monkeypatch) -> None:
    real = Path.read_bytes

    def gone(self: Path) -> bytes:
        if self.name == "b.md":
            self.unlink()
        return real(self)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", gone)
        report = sync(store, HASHING, [folder])
    assert [f.name for f in report.failures] == ["docs/deep/er/b.md"] and len(report.added) == 2
    report = sync(store, HASHING)
    assert not report.failures and {f.name for f in _files(store)} == {"docs/a.txt", "docs/c.jsonl"}


def _files(store: Store) -> list[FileState]:
    with store.read() as snapshot:
        return snapshot.files()


def test_a_file_larger_than_the_limit_is_told_and_read_when_it_is_split(
    folder: Path, store: Store, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr("index.readers.MAX_FILE_BYTES", 2000)
    write(folder, "large.txt", "Many words. " * 500)
    write(folder, "packed.txt.gz", gzip.compress(b"Many words. " * 500))
    report = sync(store, HASHING, [folder])
    assert {f.name: "split it" in f.reason for f in report.failures} == {
        "docs/large.txt": True,
        "docs/packed.txt.gz": True,
    }
    before = commit(store)
    again = sync(store, HASHING)
    assert again.nothing_to_do and set(again.failures) == set(report.failures) and commit(store) == before
    write(folder, "a.txt", "Grown words. " * 500)
    assert sync(store, HASHING).unreadable == ["docs/a.txt"] and "docs/a.txt" not in doc_ids(store)
    write(folder, "large.txt", "Few words.")
    assert sync(store, HASHING).added == ["docs/large.txt"]
    assert contents(store) == fresh(tmp_path, folder)


# Another model, another chunker


def test_another_model_remakes_everything_and_says_so(folder: Path, store: Store) -> None:
    first = sync(store, HASHING, [folder])
    other = encoder_called("other")
    report = sync(store, other, [folder / "a.txt"])
    assert report.remade_because == "the model changed from hashing to other"
    assert (report.embedded, len(report.added)) == (first.embedded, 3)
    assert sync(store, other).nothing_to_do
    back = sync(store, HASHING)
    assert "from other to hashing" in back.remade_because and back.embedded == first.embedded


def test_files_that_took_each_others_place_are_noticed(tmp_path: Path, store: Store) -> None:
    folder = tmp_path / "swapped"
    folder.mkdir()
    for name, words in (("a.txt", "The ship left."), ("b.txt", "The ship came")):
        (folder / name).write_text(words)
        os.utime(folder / name, ns=(1_000, 1_000))
    sync(store, HASHING, [folder])
    (folder / "a.txt").rename(folder / "c")
    (folder / "b.txt").rename(folder / "a.txt")
    (folder / "c").rename(folder / "b.txt")
    assert sorted(sync(store, HASHING).changed) == ["swapped/a.txt", "swapped/b.txt"]


def test_another_chunker_remakes_everything_but_embeds_only_what_is_new(
    folder: Path, store: Store, monkeypatch
) -> None:
    sync(store, HASHING, [folder])
    before = contents(store)
    monkeypatch.setattr("index.sync.PIPELINE_VERSION", "another")
    report = sync(store, HASHING)
    assert "another version" in report.remade_because and (report.embedded, len(report.added)) == (0, 3)
    assert contents(store) | {"pipeline": 0} == before | {"pipeline": 0}


def test_the_largest_files_are_read_last(folder: Path, store: Store) -> None:
    write(folder, "a.jsonl", '{"text": "Words."}\n' + " " * (4 * 2**20) + "\n")
    report = sync(store, HASHING, [folder])
    assert report.added[-1] == "docs/a.jsonl" and len(report.added) > 1
