"""What its user says about a file reaches the answers, by itself, and costs no other file anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from indexes import HASHING, contents, fresh, write

from index.plan import behind
from index.store import Store
from index.sync import SyncReport, planned, sync
from retrieval.assistant import Assistant

WORDS = "The harbour stays closed until May.\n"
PAGE = f"<html><head><title>untitled</title></head><body><h1>News</h1><p>{WORDS}</p></body></html>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "docs", "a.txt", WORDS)
    write(tmp_path / "docs", "b.txt", "The lighthouse was painted in the summer.\n")
    write(tmp_path / "docs", "page.html", PAGE)
    return tmp_path / "docs"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def read(store: Store, folder: Path) -> SyncReport:
    return sync(store, HASHING, [folder])


def metadata(store: Store, name: str):
    with store.read() as snapshot:
        return snapshot.document(name).metadata


def same_as_fresh(store: Store, folder: Path, tmp_path: Path) -> bool:
    return contents(store) == fresh(tmp_path / "other", folder)


def test_a_sidecar_gives_title_date_and_author(store, folder, tmp_path) -> None:
    write(
        folder,
        "a.txt.meta.yaml",
        "title: The pier\ndate: 3 March 2021\nauthor: Anna Berg\nurl: https://example.org/a\n",
    )
    read(store, folder)
    meta = metadata(store, "docs/a.txt")
    assert (meta.title, meta.published, meta.author, meta.url) == (
        "The pier",
        "2021-03-03",
        "Anna Berg",
        "https://example.org/a",
    )
    place = Assistant(store).ask("Is the harbour closed?").citations[0].place
    assert place.document.title == "The pier"


def test_a_sidecar_that_arrives_changes_or_goes_has_its_file_read_again_and_no_other(store, folder, tmp_path) -> None:
    read(store, folder)
    write(folder, "a.txt.meta.yaml", "title: The pier\n")
    with store.read() as snapshot:
        assert behind(snapshot, store.folder).changed == ("docs/a.txt",)
    assert planned(store, HASHING, [folder]).changed == ["docs/a.txt"]
    assert read(store, folder).changed == ["docs/a.txt"]
    assert read(store, folder).nothing_to_do
    write(folder, "a.txt.meta.yaml", "title: The quay\n")
    assert read(store, folder).changed == ["docs/a.txt"]
    assert metadata(store, "docs/a.txt").title == "The quay"
    (folder / "a.txt.meta.yaml").unlink()
    assert read(store, folder).changed == ["docs/a.txt"]
    assert metadata(store, "docs/a.txt").title != "The quay"
    assert same_as_fresh(store, folder, tmp_path)


def test_a_sidecar_is_no_document(store, folder) -> None:
    write(folder, "a.txt.meta.yaml", "title: The pier\n")
    report = read(store, folder)
    assert "docs/a.txt.meta.yaml" not in report.added and not report.failures


def test_a_table_speaks_of_many_files_and_of_folders_below(store, folder, tmp_path) -> None:
    write(folder, "2022/c.txt", "The ferry sails again.\n")
    write(
        folder,
        "metadata.csv",
        "file,title,date,source\na.txt,The pier,2021-03-03,Herald\n2022/c.txt,The ferry,2022,Post\n",
    )
    read(store, folder)
    assert (metadata(store, "docs/a.txt").title, metadata(store, "docs/a.txt").source) == ("The pier", "Herald")
    assert metadata(store, "docs/2022/c.txt").published == "2022"
    write(
        folder,
        "metadata.csv",
        "file,title,date,source\na.txt,The pier,2021-03-03,Herald\n2022/c.txt,Ferries,2022,Post\n",
    )
    assert read(store, folder).changed == ["docs/2022/c.txt"]
    assert same_as_fresh(store, folder, tmp_path)


def test_a_slip_in_a_table_is_told_and_costs_only_its_row(store, folder) -> None:
    write(folder, "metadata.csv", "file,title\na.txt,The pier\nz.txt,Nothing\n")
    report = read(store, folder)
    assert [(f.name, f.reason) for f in report.failures] == [("docs/metadata.csv, line 3", "there is no file “z.txt”")]
    assert metadata(store, "docs/a.txt").title == "The pier"


def test_a_date_that_is_none_is_told_of_its_file(store, folder) -> None:
    write(folder, "a.txt.meta.yaml", "title: The pier\ndate: someday\n")
    report = read(store, folder)
    assert any("docs/a.txt" in f.name and "someday" in f.reason for f in report.failures)
    assert metadata(store, "docs/a.txt").title == "The pier"


def test_a_corrected_title_is_proved_and_quoted_as_before(store, folder) -> None:
    write(folder, "page.html.meta.yaml", "title: The harbour of Oslo\n")
    read(store, folder)
    cited = Assistant(store).ask("harbour of Oslo").citations
    page = next(c for c in cited if c.place.document.doc_id == "docs/page.html")
    assert page.proof == "verified" and page.text.strip() == WORDS.strip()
    assert page.place.document.title == "The harbour of Oslo"


def test_a_file_that_moves_with_its_sidecar_keeps_what_it_says(store, folder, tmp_path) -> None:
    write(folder, "a.txt.meta.yaml", "title: The pier\n")
    read(store, folder)
    (folder / "a.txt").rename(folder / "d.txt")
    (folder / "a.txt.meta.yaml").rename(folder / "d.txt.meta.yaml")
    assert read(store, folder).renamed == [("docs/a.txt", "docs/d.txt")]
    assert metadata(store, "docs/d.txt").title == "The pier"
    assert same_as_fresh(store, folder, tmp_path)


def test_a_file_that_moves_away_from_its_sidecar_is_read_without_it(store, folder, tmp_path) -> None:
    write(folder, "a.txt.meta.yaml", "title: The pier\n")
    read(store, folder)
    (folder / "a.txt").rename(folder / "d.txt")
    read(store, folder)
    assert metadata(store, "docs/d.txt").title != "The pier"
    assert same_as_fresh(store, folder, tmp_path)


def test_one_file_given_by_itself_has_its_sidecar(store, folder) -> None:
    write(folder, "a.txt.meta.yaml", "title: The pier\n")
    sync(store, HASHING, [folder / "a.txt"])
    assert metadata(store, "a.txt").title == "The pier"
