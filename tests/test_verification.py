"""Law 2: what is shown as quoted stands in the file, now, at its offsets; else it is not shown."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoder import load_encoder
from index.store import Store
from index.sync import sync
from retrieval.assistant import Assistant

REPORT = "Minister resigns\n\nThe minister resigned on Monday. He gave no reason.\n\nThe harbour stays closed."
RECORDS = '{"id": "a", "text": "The harbour is closed."}\n{"id": "b", "text": "The airport is open."}\n'


def test_a_quote_is_the_slice_of_the_file_at_its_offsets(indexed, tmp_path: Path) -> None:
    assistant = indexed({"report.txt": REPORT})
    citation = assistant.ask("when did the minister resign?").citations[0]
    assert citation.proof == "verified"
    assert citation.text == citation.place.span.of((tmp_path / "documents/report.txt").read_text())
    assert "The minister resigned on Monday." in [h.of(REPORT) for h in citation.highlights]


def test_words_that_are_no_longer_in_the_file_are_not_shown(indexed, tmp_path: Path) -> None:
    assistant = indexed({"report.txt": REPORT})
    (tmp_path / "documents/report.txt").write_text(REPORT.replace("resigned on Monday", "stayed in office"))
    citation = assistant.ask("when did the minister resign?").citations[0]
    assert (citation.proof, citation.text, citation.highlights) == ("changed", None, ())
    assert "report.txt has changed since it was indexed" in (citation.notice or "")


def test_a_change_of_the_same_size_and_time_is_seen_by_a_new_process(indexed, tmp_path: Path) -> None:
    indexed({"report.txt": REPORT})
    path = tmp_path / "documents/report.txt"
    stat = path.stat()
    path.write_text(REPORT.replace("Monday", "Friday"))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    citation = Assistant(Store(tmp_path / "store")).ask("when did the minister resign?").citations[0]
    assert (citation.proof, citation.text) == ("changed", None)


def test_a_change_of_the_same_size_and_time_is_seen_by_the_same_process(indexed, tmp_path: Path) -> None:
    assistant = indexed({"report.txt": REPORT})
    assert assistant.ask("when did the minister resign?").citations[0].proof == "verified"
    path = tmp_path / "documents/report.txt"
    stat = path.stat()
    path.write_text(REPORT.replace("Monday", "Friday"))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    answer = assistant.ask("when did the minister resign?")
    assert (answer.citations[0].proof, answer.citations[0].text) == ("changed", None)
    assert (answer.verdict, "dixit index" in answer.reason) == ("weak", True)


def test_words_that_still_stand_in_a_changed_file_are_shown_with_the_warning(indexed, tmp_path: Path) -> None:
    assistant = indexed({"report.txt": REPORT})
    (tmp_path / "documents/report.txt").write_text(REPORT + "\n\nA correction was printed on Tuesday.")
    citation = assistant.ask("when did the minister resign?").citations[0]
    assert citation.proof == "changed"
    assert citation.text is not None and citation.text == citation.place.span.of(REPORT)
    assert "has changed" in (citation.notice or "") and "still stand" in (citation.notice or "")


def test_words_that_moved_within_the_file_are_not_shown_at_the_old_place(indexed, tmp_path: Path) -> None:
    assistant = indexed({"report.txt": REPORT})
    (tmp_path / "documents/report.txt").write_text("An older note.\n\n" + REPORT)
    citation = assistant.ask("when did the minister resign?").citations[0]
    assert (citation.proof, citation.text) == ("changed", None)


def test_a_deleted_file_is_said_to_be_gone(indexed, tmp_path: Path) -> None:
    assistant = indexed({"report.txt": REPORT})
    (tmp_path / "documents/report.txt").unlink()
    citation = assistant.ask("when did the minister resign?").citations[0]
    assert (citation.proof, citation.text) == ("gone", None)
    assert "report.txt is no longer there" in (citation.notice or "")


def test_a_record_is_proved_by_itself_whatever_happens_to_its_neighbours(indexed, tmp_path: Path) -> None:
    assistant = indexed({"news.jsonl": RECORDS})
    (tmp_path / "documents/news.jsonl").write_text('{"id": "c", "text": "New."}\n' + RECORDS.splitlines()[0] + "\n")
    harbour = assistant.ask("is the harbour closed?").citations[0]
    assert (harbour.proof, harbour.text) == ("verified", "The harbour is closed.")
    airport = assistant.ask("is the airport open?").citations[0]
    assert (airport.proof, airport.text) == ("gone", None)
    assert "Record b is no longer in" in (airport.notice or "")


@settings(max_examples=40, deadline=None)
@given(
    before=st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=60), min_size=1, max_size=4
    ),
    after=st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=60), min_size=1, max_size=4
    ),
)
def test_whatever_is_shown_stands_in_the_file(tmp_path_factory, before: list[str], after: list[str]) -> None:
    folder = tmp_path_factory.mktemp("law")
    path = folder / "documents" / "a.txt"
    path.parent.mkdir()
    common = "The contingent will be withdrawn."
    path.write_bytes("\n\n".join([*before, common]).encode())
    sync(Store(folder / "store"), load_encoder("hashing"), [path.parent])
    now = "\n\n".join([*after, common])
    path.write_bytes(now.encode())
    for citation in Assistant(Store(folder / "store")).ask("will the contingent be withdrawn?").citations:
        assert citation.text is None or citation.text == citation.place.span.of(now)
        assert all(citation.place.span.holds(h) for h in citation.highlights)
