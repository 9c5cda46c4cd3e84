"""The store as its readers and its one writer meet it: one commit at a time, whole or refused with a remedy."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoder import Encoder
from index.errors import StoreError
from index.records import Block, Document, Metadata, Passage, Span
from index.speech.records import Speech
from index.store import Store
from index.stored import FileState, Near, Root
from index.sync import sync
from index.writer import Writer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "documents"
    made.mkdir()
    for n in range(5):
        (made / f"{n}.txt").write_text(f"Report number {n} tells of harbours.\n\nIt has an end.")
    return made


@pytest.fixture
def store(folder: Path, hashing: Encoder, tmp_path: Path) -> Store:
    made = Store(tmp_path / "store")
    sync(made, hashing, [folder])
    return made


def texts(snapshot) -> list[str]:
    return sorted(p.text for d in snapshot.documents() for p in snapshot.passages_of(d))


def test_a_snapshot_keeps_its_commit_whatever_is_written_meanwhile(
    store: Store, folder: Path, hashing: Encoder
) -> None:
    with store.read() as before:
        commit, held = before.commit, texts(before)
        (folder / "0.txt").write_text("Another text entirely.")
        (folder / "1.txt").unlink()
        sync(store, hashing)
        assert (before.commit, texts(before)) == (commit, held)
        assert before.match('"report"', (1.0, 1.0), 10) and not before.match('"anoth"', (1.0, 1.0), 10)
        with store.read() as after:
            assert after.commit != commit and texts(after) != held
            assert after.match('"anoth"', (1.0, 1.0), 10)


def test_a_snapshot_opened_in_the_midst_of_a_sync_sees_the_old_commit(
    store: Store, folder: Path, hashing: Encoder
) -> None:
    with store.read() as before:
        held = (before.commit, texts(before))
    for n in range(3, 12):
        (folder / f"{n}.txt").write_text(f"Changed report {n}.")
    seen = []

    def look(what: str, done: int, total: int) -> None:
        with store.read() as meanwhile:
            seen.append((what, (meanwhile.commit, texts(meanwhile)) == held))

    sync(store, hashing, progress=look)
    # The last is told when all is committed.
    assert {what for what, _ in seen} == {"reading", "embedding", "storing"}
    assert all(old for _, old in seen[:-1]) and not seen[-1][1]


def test_a_model_change_answers_from_the_old_index_until_the_new_one_is_whole(store: Store, hashing: Encoder) -> None:
    with store.read() as before:
        held = (before.commit, before.meta("encoder"), texts(before))
    seen = []

    def look(what: str, done: int, total: int) -> None:
        with store.read() as meanwhile:
            seen.append((meanwhile.commit, meanwhile.meta("encoder"), texts(meanwhile)))

    sync(store, renamed(hashing, "other"), progress=look)
    assert seen and all(state == held for state in seen)
    with store.read() as after:
        assert after.commit != held[0] and after.meta("encoder") == "other" and texts(after) == held[2]


def renamed(encoder: Encoder, name: str) -> Encoder:
    return type("Other", (type(encoder),), {"name": name, "fingerprint": name})()


def test_a_second_writer_is_refused_while_the_first_writes(store: Store) -> None:
    with store.write():
        with pytest.raises(StoreError, match="Another process.*is writing.*wait"):
            with store.write():
                pass
    with store.write() as writer:
        assert writer.commit


def test_an_empty_place_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="dixit index PATH"):
        with Store(tmp_path / "none").read():
            pass
    assert not (tmp_path / "none").exists()


def test_a_reader_is_never_told_that_nothing_is_there_while_the_index_is_replaced(
    store: Store, folder: Path, hashing: Encoder
) -> None:
    class Replaced(Store):
        """A store whose database is replaced, and removed, right after its name was first read."""

        first = True

        @property
        def path(self) -> Path:
            found = super().path
            if self.first:
                self.first = False
                sync(store, hashing, fresh=True)
                assert not found.exists()
            return found

    assert Replaced(store.folder).exists()
    with Replaced(store.folder).read() as snapshot:
        assert snapshot.counts().documents == 5


def damage(store: Store, how: Callable[[bytes], bytes]) -> None:
    for name in ("index.sqlite-wal", "index.sqlite-shm"):
        (store.folder / name).unlink(missing_ok=True)
    store.path.write_bytes(how(store.path.read_bytes()))


DAMAGE = {
    "garbage": lambda data: b"\xa5" * len(data),
    "text": lambda data: b"not a database at all" * 100,
    "a page overwritten": lambda data: data[:4096] + b"\xff" * 4096 + data[8192:],
    "cut in half": lambda data: data[: len(data) // 2],
}


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_store_is_refused_with_a_remedy(store: Store, how: str) -> None:
    damage(store, DAMAGE[how])
    with pytest.raises(StoreError, match="dixit status --repair"):
        with store.read() as snapshot:
            snapshot.files(), snapshot.documents(), texts(snapshot), list(snapshot.vectors())


@pytest.mark.parametrize("how", ["garbage", "text"])
def test_a_damaged_store_is_not_written_over(store: Store, hashing: Encoder, how: str) -> None:
    damage(store, DAMAGE[how])
    before = store.path.read_bytes()
    with pytest.raises(StoreError, match="dixit status --repair"):
        sync(store, hashing)
    assert store.path.read_bytes() == before


def test_an_emptied_store_says_how_to_begin(store: Store) -> None:
    damage(store, lambda data: b"")
    with pytest.raises(StoreError, match="dixit index PATH"):
        with store.read():
            pass


def test_a_store_of_another_version_is_refused_until_it_is_made_again(store: Store, hashing: Encoder) -> None:
    with store.read() as snapshot:
        held = texts(snapshot)
    with store.write() as writer, writer.transaction():
        writer.set_meta("schema", "0")
    with pytest.raises(StoreError, match="another version"):
        with store.read():
            pass
    report = sync(store, hashing)
    assert "another version" in (report.remade_because or "") and report.embedded == 0
    with store.read() as snapshot:
        assert texts(snapshot) == held


def test_a_crash_while_the_store_is_made_leaves_a_place_to_begin(
    tmp_path: Path, folder: Path, hashing: Encoder, monkeypatch
) -> None:
    def stop(*_) -> None:
        raise KeyboardInterrupt

    store = Store(tmp_path / "new")
    with monkeypatch.context() as patch:
        patch.setattr(Writer, "set_meta", stop)
        with pytest.raises(KeyboardInterrupt):
            sync(store, hashing, [folder])
    assert len(sync(store, hashing, [folder]).added) == 5


def test_a_failed_change_leaves_nothing_behind(store: Store) -> None:
    with store.read() as snapshot:
        held = (snapshot.commit, texts(snapshot))
    with pytest.raises(ZeroDivisionError), store.write() as writer, writer.transaction():
        for state in writer.files():
            writer.remove_file(state.root, state.path)
        raise ZeroDivisionError
    with store.read() as snapshot:
        assert (snapshot.commit, texts(snapshot)) == held


def test_removing_a_file_removes_its_words_and_passages(store: Store) -> None:
    with store.write() as writer, writer.transaction():
        for state in writer.files():
            writer.remove_file(state.root, state.path)
        writer.remove_unused_vectors()
    db = sqlite3.connect(store.path)
    for table in ("document", "passage", "problem", "vector", "full_text"):
        assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
    assert db.execute("SELECT count(*) FROM full_text_terms").fetchone() == (0,)
    db.close()


def test_the_store_is_sound_and_its_references_hold(store: Store, folder: Path, hashing: Encoder) -> None:
    (folder / "0.txt").write_text("Changed.")
    sync(store, hashing)
    db = sqlite3.connect(store.path)
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.execute("INSERT INTO full_text (full_text) VALUES ('integrity-check')")
    db.close()


def test_a_store_is_read_in_a_folder_that_cannot_be_named_as_a_pattern(
    tmp_path: Path, folder: Path, hashing: Encoder
) -> None:
    store = Store(tmp_path / "st*re [1] #?")
    sync(store, hashing, [folder])
    with store.read() as snapshot:
        assert snapshot.counts().documents == 5
    assert len(list(store.folder.glob("vectors-*.faiss"))) == 1


# What stands around passages, and around records

RECORDS = st.builds(
    dict,
    roles=st.lists(st.sampled_from(["body", "body", "heading", "apparatus"]), min_size=1, max_size=5),
    title=st.sampled_from(["Council", "Council", "Board", None]),
    genre=st.sampled_from(["monologue", "monologue", "monologue", "article"]),
    record=st.sampled_from([True, True, True, False]),
)


def put(writer: Writer, files: list[list[dict]]) -> None:
    """Files of records, each passage one word, those of body text with a vector."""
    writer.add_root(root := Root(1, Path("/r"), "r"))
    words = ("body", "heading", "apparatus")
    writer.add_vectors([("digest", b"", b"")])
    vector = writer.known_vectors(["digest"])["digest"]
    for f, records in enumerate(files):
        file_id = writer.put_file(FileState(root, f"{f}.jsonl", "", "", "read"))
        for r, record in enumerate(records):
            text = "\n\n".join(record["roles"])
            spans, at = [], 0
            for role in record["roles"]:
                spans.append(Span(at, at + len(role)))
                at += len(role) + 2
            blocks = tuple(Block("paragraph", span, n) for n, span in enumerate(spans, start=1))
            name = f"{r}" if record["record"] else None
            document = Document(text, blocks, Metadata(title=record["title"]), record=name)
            passages = [
                (Passage(span, role, (span,), n, n), vector if role == words[0] else None)
                for n, (span, role) in enumerate(zip(spans, record["roles"]), start=1)
            ]
            writer.put_document(file_id, f"r/{f}.jsonl#{r}", r, document, passages, Speech(record["genre"], ()))
            writer.join_conversations(file_id)


def conversations(files: list[list[dict]]) -> list[list[str]]:
    """The records that follow each other under one title, each with its speaker, by name."""
    found: list[list[str]] = []
    for f, records in enumerate(files):
        before = None
        for r, record in enumerate(records):
            title = record["title"] if record["record"] and record["genre"] == "monologue" else None
            if title and title == before:
                found[-1].append(f"r/{f}.jsonl#{r}")
            elif title:
                found.append([f"r/{f}.jsonl#{r}"])
            before = title
    return found


@given(st.lists(st.lists(RECORDS, max_size=7), min_size=1, max_size=3), st.data())
@settings(max_examples=40)
def test_what_stands_around_is_what_a_walk_over_all_passages_finds(tmp_path_factory, files, data) -> None:
    store = Store(tmp_path_factory.mktemp("around"))
    with store.write() as writer, writer.transaction():
        put(writer, files)
    with store.read() as snapshot:
        documents = snapshot.documents()
        ranked = [p for i in sorted(documents) for p in snapshot.passages_of(i) if p.passage.role == "body"]
        given_ids = data.draw(st.sets(st.sampled_from(sorted(p.id for p in ranked)), max_size=5)) if ranked else set()
        reach = data.draw(st.integers(0, 4))
        around = snapshot.around(given_ids, reach)
        assert [(n.id, n.document_id, n.vector_id) for n in around] == [
            (p.id, p.document_id, p.vector_id) for p in ranked if any(abs(p.id - g) <= reach for g in given_ids)
        ]
        ids = {d.doc_id: i for i, d in documents.items()}
        for talk in conversations(files):
            of_talk = [ids[name] for name in talk]
            assert len({n.conversation for n in around if n.document_id in of_talk}) <= 1
            if len(talk) < 2:
                continue
            turn = data.draw(st.sampled_from(of_talk))
            near: list[Near] = snapshot.turns_around({turn}, reach)
            assert [n.id for n in near] == [
                p.id for p in ranked if p.document_id in of_talk and abs(p.document_id - turn) <= reach
            ]
            assert {n.conversation for n in near} <= {of_talk[0]}
        alone = {i for i in documents if not any(documents[i].doc_id in talk for talk in conversations(files))}
        assert snapshot.turns_around(alone, 4) == []
        assert all(n.conversation is None for n in around if n.document_id in alone)


def test_a_conversation_is_whole_again_after_its_file_changed(tmp_path: Path, hashing: Encoder) -> None:
    line = '{{"id": "{0}", "title": "Council", "speaker": "Anna Berg", "text": "Pier {0} is shut."}}\n'
    folder = tmp_path / "talks"
    folder.mkdir()
    store = Store(tmp_path / "store")
    for count in (3, 5, 2):
        (folder / "a.jsonl").write_text("".join(line.format(n) for n in range(count)))
        (folder / "b.jsonl").write_text("".join(line.format(n) for n in range(4)))
        sync(store, hashing, [folder])
        with store.read() as snapshot:
            turns = {d.doc_id: i for i, d in snapshot.documents().items()}
            near = snapshot.turns_around({turns["talks/a.jsonl#0"]}, 9)
            assert {n.document_id for n in near} == {i for name, i in turns.items() if "a.jsonl" in name}
            assert len(near) == count
