"""FAISS against arithmetic, and the file it is kept in: whatever becomes of that, the search is the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunker import ChunkerSettings, embedded_text
from index.encoder import Encoder
from index.records import Span
from index.store import Store
from index.sync import sync
from index.vectors import ExactVectors, FaissVectors, open_vectors, sentence_vectors, stored_vectors

DIMENSION = 8
FOLDER_TEXTS = {
    f"{n}.txt": f"Statement number {n} about harbour {n % 3} and ship {n % 5}.\n\nThe end of {n}." for n in range(12)
}


@st.composite
def collections(draw) -> tuple[np.ndarray, np.ndarray]:
    ids = draw(st.lists(st.integers(1, 2**62), unique=True, max_size=12))
    cells = st.floats(-1, 1, width=32).map(lambda x: round(x, 2))
    matrix = np.array([draw(st.lists(cells, min_size=DIMENSION, max_size=DIMENSION)) for _ in ids], np.float32).reshape(
        -1, DIMENSION
    )
    matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-12)
    return np.array(ids, np.int64), matrix


@given(collections(), st.integers(0, 2**32 - 1), st.integers(0, 15))
@settings(deadline=None)
def test_faiss_searches_as_arithmetic_does(collection: tuple[np.ndarray, np.ndarray], seed: int, depth: int) -> None:
    ids, matrix = collection
    query = np.random.default_rng(seed).standard_normal(DIMENSION).astype(np.float32)
    exact, faiss = (
        ExactVectors(ids, matrix),
        FaissVectors.build([(ids[:3], matrix[:3]), (ids[3:], matrix[3:])], matrix.shape[1]),
    )
    cosines = {int(i): float(row @ query) for i, row in zip(ids, matrix)}
    for index in (exact, faiss):
        found = index.search(query, depth)
        assert len(found) == len({i for i, _ in found}) == min(depth, len(ids))
        assert [c for _, c in found] == pytest.approx(sorted(cosines.values(), reverse=True)[:depth], abs=1e-5)
        assert all(c == pytest.approx(cosines[i], abs=1e-5) for i, c in found)
        some = {int(i) for i in ids[::2]}
        within = index.search(query, depth, some)
        assert {i for i, _ in within} <= some and len(within) == min(depth, len(some))
        best = sorted((cosines[i] for i in some), reverse=True)[:depth]
        assert [c for _, c in within] == pytest.approx(best, abs=1e-5)
        asked = [*(int(i) for i in ids[::2]), 2**62 + 1]
        assert index.scores(query, asked) == pytest.approx({i: cosines[i] for i in asked if i in cosines}, abs=1e-5)


def test_equal_vectors_come_in_the_order_of_their_ids() -> None:
    matrix = np.ones((4, 1), np.float32)
    assert [i for i, _ in ExactVectors(np.array([7, 3, 9, 1]), matrix).search(np.ones(1, np.float32), 3)] == [1, 3, 7]


@pytest.fixture
def store(tmp_path: Path, hashing: Encoder) -> Store:
    folder = tmp_path / "documents"
    folder.mkdir()
    for name, text in FOLDER_TEXTS.items():
        (folder / name).write_text(text)
    made = Store(tmp_path / "store")
    sync(made, hashing, [folder])
    return made


def faiss_file(store: Store) -> Path:
    (path,) = store.folder.glob("vectors-*.faiss")
    return path


def search(store: Store, hashing: Encoder) -> dict[int, float]:
    with store.read() as snapshot:
        return dict(
            open_vectors(store.folder, snapshot, hashing.dimension).search(
                hashing.encode_query("harbour 2 statement"), 10
            )
        )


DAMAGE = {
    "missing": lambda path: path.unlink(),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-7]),
    "empty": lambda path: path.write_bytes(b""),
    "garbage": lambda path: path.write_bytes(b"\xff" * path.stat().st_size),
    "one bit flipped": lambda path: path.write_bytes(path.read_bytes()[:-1] + bytes([path.read_bytes()[-1] ^ 1])),
    "of another commit": lambda path: path.rename(path.with_name("vectors-" + "0" * 32 + path.name[-15:])),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_vector_file_changes_nothing_and_embeds_nothing(
    store: Store, hashing: Encoder, tmp_path: Path, damage: str
) -> None:
    path = faiss_file(store)
    before, whole = search(store, hashing), path.read_bytes()
    assert len(before) == 10 and max(before.values()) > 0.5
    DAMAGE[damage](path)
    assert search(store, hashing) == pytest.approx(before)
    assert sync(store, hashing, [tmp_path / "documents"]).embedded == 0
    assert faiss_file(store).read_bytes() == whole
    assert search(store, hashing) == pytest.approx(before)


def test_the_file_holds_what_the_store_holds(store: Store, hashing: Encoder) -> None:
    with store.read() as snapshot:
        ((ids, matrix),) = stored_vectors(snapshot, hashing.dimension)
        loaded = FaissVectors.load(store.folder, snapshot.commit)
        query = hashing.encode_query("ship 3")
        assert loaded is not None
        assert loaded.scores(query, ids.tolist()) == pytest.approx(
            ExactVectors(ids, matrix).scores(query, ids.tolist()), abs=1e-6
        )
        assert FaissVectors.load(store.folder, "0" * 32) is None


def test_files_of_former_commits_and_half_written_ones_are_cleared_away(
    store: Store, hashing: Encoder, tmp_path: Path
) -> None:
    former = faiss_file(store)
    (store.folder / "tmpabc.part").write_bytes(b"half")
    (tmp_path / "documents" / "0.txt").write_text("Something new altogether.")
    sync(store, hashing)
    assert faiss_file(store) != former and not list(store.folder.glob("*.part"))


def test_an_index_of_no_documents_is_searched_in_vain(tmp_path: Path, hashing: Encoder) -> None:
    (tmp_path / "documents").mkdir()
    store = Store(tmp_path / "store")
    sync(store, hashing, [tmp_path / "documents"])
    assert search(store, hashing) == {}


# The vectors of sentences

SPEECH = (
    "Opening of the pier\n\nWe built it. The pier stood in the storm! Will it stand again?\n\n"
    "Nobody knows.\n\nShips wait outside, and they will wait until May. Thank you."
)


def check_sentences(store: Store, encoder: Encoder) -> int:
    """Every sentence has its vector in its place, as the encoder reads it; gives how many there are."""
    settings, count = ChunkerSettings(max_tokens=encoder.max_tokens), 0
    with store.read() as snapshot:
        for i, document in snapshot.documents().items():
            ranked = {p.vector_id: p for p in snapshot.passages_of(i) if p.vector_id is not None}
            kept = sentence_vectors(snapshot, ranked, encoder.dimension)
            assert kept.keys() == ranked.keys()
            for vector_id, passage in ranked.items():
                heading = passage.passage.heading
                read = embedded_text(passage.text, document.metadata.title, heading, encoder.count_tokens, settings)
                shift = len(read) - len(passage.text) - passage.passage.span.start
                spans = [Span(s.start + shift, s.end + shift) for s in passage.passage.sentences]
                again = encoder.encode_with_sentences([read], [spans]).sentences[0]
                assert kept[vector_id].shape == again.shape == (len(spans), encoder.dimension)
                assert kept[vector_id] == pytest.approx(again, abs=1e-3)
                count += len(spans)
    return count


@pytest.mark.parametrize("name", ["hashing", "minilm"])
def test_the_vectors_of_sentences_are_those_of_the_encoder_and_stay_so_when_a_file_changes(
    request: pytest.FixtureRequest, tmp_path: Path, name: str
) -> None:
    encoder = request.getfixturevalue(name)
    folder, store = tmp_path / "documents", Store(tmp_path / "store")
    folder.mkdir()
    for file, text in (FOLDER_TEXTS | {"speech.txt": SPEECH}).items():
        (folder / file).write_text(text)
    sync(store, encoder, [folder])
    assert check_sentences(store, encoder) == 2 * len(FOLDER_TEXTS) + 6
    (folder / "speech.txt").write_text(SPEECH.replace("Nobody knows.", "It will. I know. Trust me."))
    (folder / "0.txt").unlink()
    assert sync(store, encoder).embedded == 1
    assert check_sentences(store, encoder) == 2 * (len(FOLDER_TEXTS) - 1) + 8


def test_no_vectors_of_sentences_are_asked_for_in_vain(store: Store, hashing: Encoder) -> None:
    with store.read() as snapshot:
        assert sentence_vectors(snapshot, (), hashing.dimension) == {}
        assert sentence_vectors(snapshot, [10**9], hashing.dimension) == {}
