"""“It is not in your documents” and “it is not read yet” are different answers, and an answer says which it is."""

from __future__ import annotations

import json
import os
import re
import urllib.request
from pathlib import Path
from urllib.parse import quote

import pytest
from indexes import HASHING, touch, write
from selectolax.lexbor import LexborHTMLParser
from test_cli import dixit
from test_web import served

from app.chat import answer_message
from index.membership import leave_out, take_in
from index.store import Store
from index.sync import sync
from retrieval.assistant import Assistant
from retrieval.schema import answer_json

ORCHARD = "The orchard\n\nThe plums were picked in August.\n\n“The pears can wait,” said Greta Holt, who owns it."
CHOIR = "The choir\n\nThe choir sang in the barn on Sunday.\n\nTwo tenors were ill."
ABSENT = "who repaired the telescope?"
TELESCOPE = "The telescope\n\nA clockmaker repaired the telescope."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "docs"
    write(made, "orchard.txt", ORCHARD)
    write(made, "choir.txt", CHOIR)
    return made


@pytest.fixture
def store(tmp_path: Path, folder: Path) -> Store:
    made = Store(tmp_path / "store")
    sync(made, HASHING, [folder])
    return made


@pytest.fixture
def assistant(store: Store) -> Assistant:
    return Assistant(store)


@pytest.fixture
def plain(assistant: Assistant) -> str:
    """The reason of a none while everything is read."""
    return assistant.ask(ABSENT).reason


def told(assistant: Assistant, plain: str, collections: tuple[str, ...] = ()) -> str:
    """What a none says beside that there is nothing."""
    answer = assistant.ask(ABSENT, collections=collections)
    assert answer.verdict == "none"
    assert answer.reason.startswith(plain.rstrip())
    return answer.reason[len(plain) :].strip()


# What is told


def test_where_everything_is_read_nothing_is_told(assistant: Assistant, store: Store, folder: Path, plain: str) -> None:
    assert "dixit index" not in plain and "not read" not in plain and "changed" not in plain
    answer = assistant.ask(ABSENT)
    assert answer.verdict == "none" and answer.unread is not None
    assert not answer.unread.behind and not answer.unread.failed
    write(folder, "choir.txt", CHOIR + "\n\nThe basses were well.")
    write(folder, "telescope.txt", "Nothing to see.")
    sync(store, HASHING)
    assert told(assistant, plain) == "", "what was just indexed is read"


def test_a_file_that_is_not_read_yet_is_told_by_name(assistant: Assistant, folder: Path, plain: str) -> None:
    write(folder, "telescope.txt", TELESCOPE)
    assert told(assistant, plain) == "1 file is not read yet (docs/telescope.txt): run `dixit index`."
    assert assistant.ask(ABSENT).unread.behind.new == ("docs/telescope.txt",)


def test_a_file_that_has_changed_since_is_told_by_name(assistant: Assistant, folder: Path, plain: str) -> None:
    write(folder, "choir.txt", TELESCOPE)
    assert told(assistant, plain) == "1 file has changed since it was read (docs/choir.txt): run `dixit index`."
    assert assistant.ask(ABSENT).unread.behind.changed == ("docs/choir.txt",)


def test_after_the_next_sync_the_answer_is_there(assistant: Assistant, store: Store, folder: Path, plain: str) -> None:
    write(folder, "telescope.txt", TELESCOPE)
    assert told(assistant, plain)
    sync(store, HASHING)
    found = assistant.ask(ABSENT)
    assert found.verdict != "none" and "A clockmaker repaired the telescope." in found.citations[0].text


def test_a_touched_file_is_told_until_it_was_looked_at(
    assistant: Assistant, store: Store, folder: Path, plain: str
) -> None:
    touch(folder / "choir.txt")
    assert "docs/choir.txt" in told(assistant, plain), "whether its words are the same is not known"
    sync(store, HASHING)
    assert told(assistant, plain) == ""


def test_several_files_are_counted_and_some_named(assistant: Assistant, folder: Path, plain: str) -> None:
    write(folder, "choir.txt", TELESCOPE)
    for number in range(5):
        write(folder, f"new{number}.txt", "Words.")
    said = told(assistant, plain)
    assert "5 files are not read yet (docs/new0.txt, docs/new1.txt, docs/new2.txt, …)" in said
    assert "and 1 file has changed since it was read (docs/choir.txt): run `dixit index`." in said


def test_a_file_that_could_not_be_read_is_told_by_name_and_where_to_see_why(
    assistant: Assistant, store: Store, folder: Path, plain: str
) -> None:
    write(folder, "photo.txt", b"\0\1")
    sync(store, HASHING)
    assert told(assistant, plain) == "1 file could not be read (docs/photo.txt): see `dixit status`."
    assert assistant.ask(ABSENT).unread.failed == ("docs/photo.txt",)


def test_a_record_that_could_not_be_read_is_told(assistant: Assistant, store: Store, folder: Path, plain: str) -> None:
    write(folder, "mail.jsonl", '{"id": "1", "text": "The parcel came."}\n{broken\n')
    sync(store, HASHING)
    assert "docs/mail.jsonl, line 2" in told(assistant, plain)


def test_a_file_that_cannot_be_opened_is_told_to_have_failed_not_to_have_changed(
    assistant: Assistant, store: Store, folder: Path, plain: str, monkeypatch
) -> None:
    real = Path.read_bytes

    def denied(self: Path) -> bytes:
        if self.name == "secret.txt":
            raise PermissionError(13, "Permission denied")
        return real(self)

    write(folder, "secret.txt", "Words.")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", denied)
        sync(store, HASHING)
    assert told(assistant, plain) == "1 file could not be read (docs/secret.txt): see `dixit status`."


def test_a_folder_that_is_away_is_told(assistant: Assistant, folder: Path, plain: str) -> None:
    folder.rename(folder.with_name("elsewhere"))
    assert told(assistant, plain) == f"{folder} is not there now: bring it back, or `dixit forget` it."
    assert assistant.ask(ABSENT).unread.behind.away == (folder,)


def test_two_folders_that_are_away_are_both_told(
    assistant: Assistant, store: Store, folder: Path, tmp_path: Path, plain: str
) -> None:
    other = write(tmp_path / "other", "o.txt", "Words.").parent
    sync(store, HASHING, [other])
    folder.rename(tmp_path / "docs-away")
    other.rename(tmp_path / "other-away")
    said = told(assistant, plain)
    assert str(folder) in said and str(other) in said


# What is not told


def test_a_file_that_is_gone_could_not_tell_anything(assistant: Assistant, folder: Path, plain: str) -> None:
    (folder / "choir.txt").unlink()
    assert told(assistant, plain) == ""
    assert assistant.ask(ABSENT).unread.behind.gone == ("docs/choir.txt",)


def test_a_question_that_is_answered_says_nothing_of_it(assistant: Assistant, store: Store, folder: Path) -> None:
    before = assistant.ask("when were the plums picked?")
    write(folder, "photo.txt", b"\0\1")
    sync(store, HASHING)
    write(folder, "telescope.txt", TELESCOPE)
    answer = assistant.ask("when were the plums picked?")
    assert answer.verdict == "answered" and answer.unread is None
    assert answer.reason == before.reason
    assert answer_json(answer)["unread"] is None


def test_what_was_left_out_is_not_told_until_it_is_taken_in(
    assistant: Assistant, store: Store, folder: Path, plain: str
) -> None:
    write(folder, "attic.txt", "Old chairs stand in the attic.")
    sync(store, HASHING)
    leave_out(store, "docs/attic.txt")
    assert told(assistant, plain) == ""
    write(folder, "attic.txt", TELESCOPE)
    assert told(assistant, plain) == "", "whatever becomes of it"
    assert not assistant.behind()
    take_in(store, "docs/attic.txt")
    assert told(assistant, plain) == "1 file is not read yet (docs/attic.txt): run `dixit index`."


def test_what_is_of_no_use_as_a_document_is_not_told(assistant: Assistant, folder: Path, plain: str) -> None:
    for name in ("picture.png", ".hidden.txt", "~$letter.txt", "letter.txt.part", "notes.txt~"):
        write(folder, name, TELESCOPE)
    os.symlink("/etc", folder / "etc")
    assert told(assistant, plain) == ""


def test_only_the_collections_that_were_asked_are_told_of(
    assistant: Assistant, store: Store, folder: Path, tmp_path: Path, plain: str
) -> None:
    other = write(tmp_path / "other", "o.txt", "Words about nothing.").parent
    write(other, "photo.txt", b"\0\1")
    write(other, "mail.jsonl", '{"id": "1", "text": "The parcel came."}\n{broken\n')
    sync(store, HASHING, [other])
    write(other, "new.txt", TELESCOPE)
    write(other, "o.txt", TELESCOPE)
    assert told(assistant, plain, ("docs",)) == ""
    said = told(assistant, plain, ("other",))
    for name in ("other/new.txt", "other/o.txt", "other/photo.txt", "other/mail.jsonl, line 2"):
        assert name in said and name in told(assistant, plain)
    write(folder, "new.txt", TELESCOPE)
    assert "docs/new.txt" not in told(assistant, plain, ("other",))
    assert "docs/new.txt" in told(assistant, plain, ("docs",))


def test_no_document_is_opened_to_tell_it(assistant: Assistant, folder: Path, plain: str, monkeypatch) -> None:
    write(folder, "telescope.txt", TELESCOPE)
    opened = []
    real = Path.open
    monkeypatch.setattr(Path, "open", lambda self, *a, **n: opened.append(self) or real(self, *a, **n))
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail(f"{self} is read"))
    assert told(assistant, plain)
    assert not [p for p in opened if p.is_relative_to(folder)]


# Where it is told


def test_it_is_told_in_the_terminal_and_in_json(tmp_path: Path, folder: Path) -> None:
    write(folder, "photo.txt", b"\0\1")
    dixit("index", "docs", cwd=tmp_path)
    write(folder, "telescope.txt", TELESCOPE)
    write(folder, "choir.txt", "The choir is silent.")
    (folder / "orchard.txt").unlink()
    out = " ".join(dixit("ask", ABSENT, cwd=tmp_path).stdout.split())
    assert "1 file is not read yet (docs/telescope.txt)" in out
    assert "1 file has changed since it was read (docs/choir.txt): run `dixit index`." in out
    assert "1 file could not be read (docs/photo.txt): see `dixit status`." in out
    answer = json.loads(dixit("ask", ABSENT, "--json", cwd=tmp_path).stdout)
    assert answer["verdict"] == "none" and "docs/telescope.txt" in answer["reason"]
    assert answer["unread"] == {
        "new": ["docs/telescope.txt"],
        "changed": ["docs/choir.txt"],
        "gone": ["docs/orchard.txt"],
        "away": [],
        "failed": ["docs/photo.txt"],
    }


def test_it_is_told_over_http(assistant: Assistant, folder: Path) -> None:
    write(folder, "telescope.txt", TELESCOPE)
    with served(assistant) as address, urllib.request.urlopen(f"{address}/api/ask?q={quote(ABSENT)}") as response:
        answer = json.load(response)
    assert answer["unread"]["new"] == ["docs/telescope.txt"] and "docs/telescope.txt" in answer["reason"]


def test_it_is_told_in_the_chat(assistant: Assistant, folder: Path) -> None:
    write(folder, "telescope.txt", TELESCOPE)
    shown = LexborHTMLParser(answer_message(assistant.ask(ABSENT)))
    assert "1 file is not read yet (docs/telescope.txt)" in shown.body.text()


HOSTILE = [
    "<img src=x onerror=alert(1)>.txt",
    "**bold** [a](javascript:alert(2)) $$x$$ `tick`.txt",
    "a\nFound: all is well\n.txt",
    "\x1b[2J\x1b]0;owned\x07.txt",
    "\u202etxt.gpj\u2066.txt",
    "& &amp; &#60;.txt",
]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("failed", [False, True])
def test_a_file_s_name_is_words_and_nothing_else_in_the_chat(
    assistant: Assistant, store: Store, folder: Path, name: str, failed: bool
) -> None:
    harmless = page_of(assistant, store, folder, "harmless.txt", failed)
    (folder / "harmless.txt").unlink()
    sync(store, HASHING)
    shown = page_of(assistant, store, folder, name, failed)
    assert [n.tag for n in shown.css("*") if n.tag != "br"] == [n.tag for n in harmless.css("*")]
    told_ = "".join(shown.body.text().split())
    assert "".join(f"docs/{name}".split()) in told_, "it is named as it is"


def page_of(assistant: Assistant, store: Store, folder: Path, name: str, failed: bool) -> LexborHTMLParser:
    (folder / name).write_bytes(b"\0\1" if failed else b"Words.")
    if failed:
        sync(store, HASHING)
    message = answer_message(assistant.ask(ABSENT))
    assert "\n" not in message
    return LexborHTMLParser(message)


def test_a_file_s_name_does_not_act_on_the_terminal(tmp_path: Path, folder: Path) -> None:
    dixit("index", "docs", cwd=tmp_path)
    for name in ("a\nFound: all is well\n.txt", "b\x1b[2J\x1b]0;owned\x07\x9b31m.txt", "c\u202etxt.gpj\u2066.txt"):
        write(folder, name, TELESCOPE)
    out = dixit("ask", ABSENT, cwd=tmp_path).stdout
    assert "3 files are not read yet" in out
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066]", out)
    assert not any(line.startswith("Found: all is well") for line in out.splitlines()), "a name is on one line"


def test_while_another_process_reads_nobody_is_told_to_run_it_again(folder: Path, store: Store) -> None:
    write(folder, "telescope.txt", TELESCOPE)
    assistant = Assistant(store)
    assert "run `dixit index`" in assistant.ask(ABSENT).reason
    with store.locked():
        told = assistant.ask(ABSENT).reason
    assert "ask again soon" in told and "run `dixit index`" not in told
    assert "run `dixit index`" in assistant.ask(ABSENT).reason
