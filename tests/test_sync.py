"""Sync: whatever happens to the files, and to the process, the index is the one that a fresh build would be."""

from __future__ import annotations

import gzip
import itertools
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoder import HashingEncoder
from index.errors import SettingError
from index.lexical import LexicalIndex
from index.membership import forget
from index.store import Store
from index.sync import SyncReport, sync
from index.vectors import open_vectors

ROOM = Path(__file__).resolve().parent.parent
HASHING = HashingEncoder()
QUERIES = ["harbour", "report ship", "войска"]
_clock = itertools.count(1_600_000_000)


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    stamp = next(_clock)  # two writes within one tick of the file system's clock must not look like none
    os.utime(path, (stamp, stamp))
    return path


def contents(store: Store) -> dict:
    """All that a user can find or be told, without the ids that depend on the order of work."""
    with store.read() as snapshot:
        documents = snapshot.documents()
        places = {}
        passages = {}
        sentences = {}
        for i, document in documents.items():
            of_document = snapshot.passages_of(i)
            vectors_of = snapshot.sentence_vectors({p.vector_id for p in of_document if p.vector_id is not None})
            for p in of_document:
                places[p.id] = (document.doc_id, p.passage.span)
                sentences[document.doc_id, p.passage.span] = vectors_of.get(p.vector_id or 0)
                passages[document.doc_id, p.passage.span] = (p.passage, p.text, p.vector_id is not None)
        body = sum(p.role == "body" for p, _, _ in passages.values())
        lexical = LexicalIndex(snapshot, body)
        vectors = open_vectors(store.folder, snapshot, HASHING.dimension)
        found = {}
        for query in QUERIES:
            found["words", query] = {places[i]: pytest.approx(s) for i, s in lexical.search(query.split(), 10_000)}
            by_vector = dict(vectors.search(HASHING.encode_query(query), 10_000))
            held = snapshot.passage_ids_of_vectors(list(by_vector))
            found["vectors", query] = {
                places[p]: pytest.approx(c, abs=1e-5) for v, c in by_vector.items() for p in held[v]
            }
        return {
            "documents": {d.doc_id: (d.record, d.text_digest, d.length, d.metadata) for d in documents.values()},
            "files": {(str(f.location), f.name): (f.status, f.reason, f.encoding, f.digest) for f in snapshot.files()},
            "problems": snapshot.problems(),
            "passages": passages,
            "vectors": sorted(data for _, data in snapshot.vectors()),
            "sentences": sentences,
            "conversations": sorted(
                sorted(documents[d].doc_id for d in {n.document_id for n in snapshot.turns_around({i}, 99)})
                for i in documents
            ),
            "found": found,
            "said": {
                d.doc_id: [(u.utterance, u.person) for u in snapshot.utterances(d.id)] for d in documents.values()
            },
            "authors": {d.doc_id: d.author for d in documents.values()},
            "people": snapshot.people(),
            "counts": snapshot.counts(),
            "pipeline": snapshot.meta("pipeline"),
        }


def commit(store: Store) -> str:
    with store.read() as snapshot:
        return snapshot.commit


def doc_ids(store: Store) -> set[str]:
    with store.read() as snapshot:
        return {d.doc_id for d in snapshot.documents().values()}


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


def fresh(tmp_path: Path, *roots: Path) -> dict:
    made = Store(tmp_path / f"fresh{next(_clock)}")
    sync(made, HASHING, roots)
    return contents(made)


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

    monkeypatch.setitem(__import__("index.readers", fromlist=["_READERS"])._READERS, ".md", broken)
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


# Another model, another chunker


def test_another_model_remakes_everything_and_says_so(folder: Path, store: Store) -> None:
    first = sync(store, HASHING, [folder])
    other = type("Other", (HashingEncoder,), {"name": "other", "fingerprint": "other"})()
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


# Law 4


BODIES = st.sampled_from(
    [
        "The report tells of a harbour.\n\nThe ship left.",
        "The ship left.\n\nThe harbour is empty.",
        "Title line\n\nThe report tells of a harbour. The ship left on Monday.",
        "Войска выведены.\n\nThe ship left.",
        "Talks\n\nMayor Anna Berg: We will wait for the ship. Ivan Holm: I think it left. Anna Berg: We see.",
        "Ship gone\n\n“The ship left,” said the mayor. “We wait,” Mr. Holm said.",
        "Ship gone\n\nMayor Peter Berg said that the ship would come. “It will,” Berg said.",
        "",
        b"\0no text",
        '{"id": "x", "text": "The ship left."}\n{"id": "x", "text": "Harbour."}\n{broken',
        '{"id": "y", "title": "Ship", "text": "Harbour."}',
        "".join(f'{{"id": "{n}", "title": "Ship", "speaker": "Anna Berg", "text": "Ship {n}."}}\n' for n in range(3)),
    ]
)
PLACES = st.sampled_from(["a.txt", "b.txt", "sub/a.txt", "c.jsonl", "sub/d.md", "queries.jsonl", "x.png"])
CHANGES = st.one_of(
    st.tuples(st.just("write"), PLACES, BODIES),
    st.tuples(st.just("rename"), PLACES, PLACES),
    st.tuples(st.just("delete"), PLACES, st.none()),
    st.tuples(st.just("touch"), PLACES, st.none()),
    st.tuples(st.just("sync"), st.none(), st.none()),
)


@given(st.lists(CHANGES, max_size=14))
@settings(max_examples=40, deadline=None)
def test_any_history_of_a_folder_searches_like_a_fresh_build(tmp_path_factory, changes: list) -> None:
    tmp_path = tmp_path_factory.mktemp("law4")
    folder, store = tmp_path / "docs", Store(tmp_path / "store")
    folder.mkdir()
    for what, name, other in changes:
        if what == "sync":
            sync(store, HASHING, [folder])
        elif what == "write":
            write(folder, name, other)
        elif (path := folder / name).exists():
            if what == "rename":
                (folder / other).parent.mkdir(exist_ok=True)
                path.replace(folder / other)
            elif what == "delete":
                path.unlink()
            else:
                write(folder, name, path.read_bytes())
    sync(store, HASHING, [folder])
    assert contents(store) == fresh(tmp_path, folder)


# Law 5


CHILD = """
import os, signal, sys
from pathlib import Path
import index.sync
from index.encoder import load_encoder
from index.store import Store
from index.writer import Writer
from index.vectors import FaissVectors

store, folder, deadly = sys.argv[1], sys.argv[2], int(sys.argv[3])
index.sync._EMBED_BATCH, index.sync._GROUP_PASSAGES = 8, 24
moments = 0

def moment(*_):
    global moments
    moments += 1
    if moments == deadly:
        os.kill(os.getpid(), signal.SIGKILL)

def with_moments(function):
    def wrapped(*arguments, **named):
        moment()
        result = function(*arguments, **named)
        moment()
        return result
    return wrapped

# Between any two statements of the writer, in the midst of a transaction or after it, and around the FAISS file.
for name in ("put_file", "put_document", "remove_file", "add_vectors", "set_meta", "remove_unused_vectors"):
    setattr(Writer, name, with_moments(getattr(Writer, name)))
FaissVectors.save = with_moments(FaissVectors.save)
os.replace = with_moments(os.replace)
index.sync.sync(Store(Path(store)), load_encoder("hashing"), [Path(folder)], progress=moment)
print(moments)
"""


def child(store: Store, folder: Path, deadly: int) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", CHILD, str(store.folder), str(folder), str(deadly)]
    return subprocess.run(command, cwd=ROOM, capture_output=True, text=True, timeout=60)


def rewrite(folder: Path, generation: int) -> None:
    for n in range(16):
        text = "\n\n".join(f"Report {n} of harbour {p} and ship {generation if p > 2 else 0}." for p in range(5))
        write(folder, f"{n + generation}.txt", text)
    for path in folder.iterdir():
        if int(path.stem) < generation:
            path.unlink()


def stored_vectors_count(store: Store) -> int:
    with store.write() as writer:
        return writer._db.execute("SELECT count(*) FROM vector").fetchone()[0]


def test_a_killed_sync_leaves_the_last_commit_and_what_was_embedded(tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    rewrite(folder, 0)
    store = Store(tmp_path / "store")
    sync(store, HASHING, [folder])
    generations, rounds = itertools.count(1), 8
    rewrite(folder, next(generations))
    whole = child(store, folder, 0)
    assert whole.returncode == 0, whole.stderr
    moments = int(whole.stdout)
    assert moments > 100
    seen = Counter()
    for n in range(rounds):
        rewrite(folder, next(generations))
        held, vectors, last = contents(store), stored_vectors_count(store), commit(store)
        # The last rounds die at the very end, around the FAISS file.
        deadly = moments * (n + 1) // rounds if n < rounds - 2 else moments - 2 * (rounds - n) + 1
        assert child(store, folder, deadly).returncode == -signal.SIGKILL
        if commit(store) == last:
            seen["before"] += 1
            assert contents(store) == held
            kept = stored_vectors_count(store) - vectors
            assert kept >= 0
        else:
            seen["after"] += 1
            kept = None
        report = sync(store, HASHING, [folder])
        built = Store(tmp_path / f"fresh{n}")
        sync(built, HASHING, [folder])
        assert contents(store) == contents(built)
        # 16 files of 2 new paragraphs each, but for those whose vectors were kept.
        assert report.embedded == (0 if kept is None else 16 * 2 - kept)
    assert seen["before"] >= 4 and seen["after"] >= 1


def test_a_killed_first_build_is_completed_by_the_next(tmp_path: Path) -> None:
    folder, store = tmp_path / "docs", Store(tmp_path / "store")
    folder.mkdir()
    rewrite(folder, 0)
    assert child(store, folder, 60).returncode == -signal.SIGKILL
    assert doc_ids(store) == set()
    kept = stored_vectors_count(store)
    assert kept > 0
    report = sync(store, HASHING, [folder])
    assert report.embedded == 16 * 5 - kept
    assert contents(store) == fresh(tmp_path, folder)
