"""What was drawn out of a file is kept with the digest of its bytes: it says that while the file does, then nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.check import check
from index.kept import packed, packed_layout, packed_locators, unpacked, unpacked_layout
from index.records import Block, Document, Layout, Locator, Metadata, Sheet, Span, Voice
from index.store import Store
from index.sync import sync
from retrieval.assistant import Assistant

PAGE = (
    "<html><head><title>The harbour</title></head><body><h1>The harbour</h1><p>The harbour stays closed until May, said "
    "the mayor.</p><p>The lighthouse was painted in the summer by volunteers from the village.</p></body></html>"
)
texts = st.text(st.characters(codec="utf-8"), max_size=80)


@st.composite
def documents(draw) -> Document:
    text = draw(texts)
    at = st.integers(0, len(text))
    spans = st.builds(lambda a, b: Span(min(a, b), max(a, b)), at, at)
    blocks = draw(st.lists(st.builds(Block, st.sampled_from(["paragraph", "heading"]), spans, st.integers(1, 9))))
    places = st.builds(Locator, at, st.just("page"), texts, st.integers(1, 9), st.none() | texts)
    voices = draw(st.lists(st.builds(Voice, spans, texts)))
    notes = draw(st.lists(texts))
    located = draw(st.lists(places))
    return Document(text, tuple(blocks), Metadata(), "OCR", "r", tuple(located), tuple(voices), tuple(notes))


@given(documents())
def test_a_document_comes_back_as_it_was(document: Document) -> None:
    import json

    notes = json.dumps(document.notes)
    back = unpacked(packed(document), Metadata(), "OCR", "r", packed_locators(document.locators), notes)
    assert back == document


@given(st.lists(st.tuples(st.integers(-1, 3000), st.floats(-5000, 5000, width=32)), max_size=50))
def test_a_layout_comes_back_to_a_64th_of_a_point(characters) -> None:
    pages = np.array([page for page, _ in characters], np.int32)
    boxes = np.array([[x, x + 1, x + 7.5, x + 9] for _, x in characters], np.float32).reshape(-1, 4)
    boxes[pages < 0] = np.nan
    layout = Layout((Sheet(0, 0, 595.25, 842, 90),), pages, boxes)
    back = unpacked_layout(packed_layout(layout))
    assert back.sheets == layout.sheets
    assert (back.pages == pages).all()
    assert np.allclose(back.boxes, boxes, atol=1 / 64, equal_nan=True)


@given(st.binary(max_size=40))
def test_damaged_bytes_are_told_from_a_document(data: bytes) -> None:
    with pytest.raises(ValueError):
        unpacked(data, Metadata(), "extracted", None, "[]", "[]")
    with pytest.raises(ValueError):
        unpacked_layout(data)


def shown(assistant: Assistant, question: str = "Who says that the harbour stays closed?"):
    return assistant.ask(question).citations[0]


def test_a_web_page_is_quoted_while_it_is_what_was_read(indexed, tmp_path: Path) -> None:
    assistant = indexed({"a.html": PAGE})
    cited = shown(assistant)
    assert cited.proof == "verified" and "stays closed until May" in cited.text
    assert cited.place.document.fidelity == "extracted"
    (tmp_path / "documents" / "a.html").write_text(PAGE.replace("May", "June"))
    cited = shown(assistant)
    assert cited.proof == "changed" and cited.text is None and "dixit index" in cited.notice
    (tmp_path / "documents" / "a.html").write_text(PAGE)
    assert shown(assistant).proof == "verified"


def test_a_web_page_that_is_gone_is_not_quoted(indexed, tmp_path: Path) -> None:
    assistant = indexed({"a.html": PAGE})
    (tmp_path / "documents" / "a.html").unlink()
    assert shown(assistant).proof == "gone"


def test_what_is_kept_goes_with_its_document(indexed, hashing, tmp_path: Path) -> None:
    indexed({"a.html": PAGE, "b.txt": "Words."})
    (tmp_path / "documents" / "a.html").unlink()
    store = Store(tmp_path / "store")
    sync(store, hashing)
    with sqlite3.connect(store.path) as db:
        assert db.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def damage(store: Store) -> None:
    with sqlite3.connect(store.path) as db:
        db.execute("UPDATE kept SET body = zeroblob(20)")


def test_a_damaged_copy_is_not_quoted_and_the_doctor_mends_it(indexed, hashing, tmp_path: Path) -> None:
    indexed({"a.html": PAGE})
    store = Store(tmp_path / "store")
    damage(store)
    cited = shown(Assistant(store))
    assert cited.proof == "unreadable" and cited.text is None and "--repair" in cited.notice
    assert any(f.kind == "damaged" and "a.html" in f.what for f in check(store, hashing))


def test_only_what_is_taken_apart_is_kept(indexed, tmp_path: Path) -> None:
    indexed({"a.txt": "Words stand here.", "b.md": "# Words\n\nstand here."})
    with sqlite3.connect(Store(tmp_path / "store").path) as db:
        assert db.execute("SELECT count(*) FROM kept").fetchone() == (0,)
