"""Documents as their owner meets them: dropped, read, listed with what came of them, left out and taken in, in a real browser."""

from __future__ import annotations

import gzip
import json
import re
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from browsing import listening, needs_browser
from fastapi import FastAPI
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from app.documents_api import add_documents
from app.documents_page import outcome, remedy
from app.server import _STATIC, _Guard
from index import readers
from index.encoder import Encoder
from index.keeper import Keeper, Work
from index.store import Store
from index.sync import Failure, SyncReport, sync
from retrieval.assistant import Assistant

HOSTILE_NAMES = [
    "<img src=x onerror=alert(1)>.txt",
    '"quoted" onfocus=alert(2) autofocus x=".txt',
    "invoice \u202etxt.exe.md",
    "</td><script>alert(3)<" + "\uff0f" + "script>.txt",
    "a&amp;b' % # ? .txt",
    "an_uncommonly_long_name_without_a_single_blank_" * 3 + ".txt",
]


class Busy:
    """A keeper in the midst of work, for as long as it is asked."""

    def __init__(self, work: Work) -> None:
        self.work = work

    def sync(self, paths=(), fresh: bool = False) -> None: ...
    def leave_out(self, file: str) -> None: ...
    def take_in(self, file: str) -> None: ...


class Place:
    """A folder of documents with its index, and a server that has both."""

    def __init__(self, root: Path, encoder: Encoder) -> None:
        self.documents, self.library = root / "documents", root / "library"
        self.documents.mkdir()
        self.store, self.encoder = Store(root / "store"), encoder
        self.address = ""

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.documents / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def sync(self, *paths: Path) -> SyncReport:
        return sync(self.store, self.encoder, paths or [self.documents])

    @contextmanager
    def served(self, keeper: object = None, may_change: bool = True) -> Iterator[Place]:
        own = None if keeper else Keeper(self.store, "hashing")
        app = FastAPI(openapi_url=None)
        app.add_middleware(_Guard, host="127.0.0.1")
        app.mount("/dixit", StaticFiles(directory=_STATIC))

        app.add_route("/like-the-chat", lambda request: HTMLResponse(LIKE_THE_CHAT))
        add_documents(app, Assistant(self.store), keeper or own, self.library, may_change)
        try:
            with listening(app) as self.address:
                yield self
        finally:
            if own:
                own.close()

    def got(self, path: str, **headers: str) -> dict:
        return json.loads(request(self.address + path, headers)[1])

    def posted(self, path: str, body: object = None, **headers: str) -> tuple[int, dict]:
        status, told = request(
            self.address + path, {"content-type": "application/json", **headers}, json.dumps(body or {}).encode()
        )
        return status, json.loads(told)

    def gave(self, *files: tuple[str, bytes], **headers: str) -> tuple[int, dict]:
        """The answer to files given as a form gives them."""
        parts = b"".join(
            b'--x\r\nContent-Disposition: form-data; name="files"; filename="%s"\r\n\r\n%s\r\n' % (n.encode(), content)
            for n, content in files
        )
        kind = {"content-type": "multipart/form-data; boundary=x", **headers}
        status, told = request(f"{self.address}/api/documents", kind, parts + b"--x--\r\n")
        return status, json.loads(told)

    def files(self) -> dict[str, dict]:
        return {f["name"]: f for f in self.got("/api/files")["files"]}


def request(address: str, headers: dict[str, str], data: bytes | None = None) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, data, headers), timeout=120) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture
def place(tmp_path: Path, hashing: Encoder) -> Place:
    return Place(tmp_path, hashing)


def row(page, name: str):
    """The row of a file in the table."""
    return page.locator("tbody tr").filter(has=page.get_by_text(name, exact=True))


def look_now(page) -> None:
    """Have the page ask how things are at once, as it does when it is come back to."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def expect(locator):
    from playwright.sync_api import expect

    return expect(locator)


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def done(page) -> str:
    """What is told once the work that was begun is over."""
    page.locator("#told").get_by_text(re.compile(r"added|changed|removed|Nothing had")).wait_for()
    page.locator("#bar").wait_for(state="hidden")
    return page.locator("#told").inner_text()


# --- Adding


@needs_browser
def test_chosen_files_are_read_and_stand_in_the_table(place, opened, tmp_path):
    for name, text in {
        "minutes.txt": "The pier is mended.\n",
        "plan.md": "# Plan\n\nPaint it.\n",
        "x.exe": "MZ",
    }.items():
        (tmp_path / name).write_text(text)
    with place.served():
        page = opened(f"{place.address}/documents")
        assert page.locator("#facts").inner_text() == "Nothing is indexed yet."
        page.set_input_files("#pick", [tmp_path / "minutes.txt", tmp_path / "plan.md", tmp_path / "x.exe"])
        row(page, "library/minutes.txt").wait_for()
        assert row(page, "library/plan.md").locator(".outcome").inner_text() == "Read"
        assert "2 added" in done(page)
        assert re.match(
            r"2 documents · 2 passages · indexed \d+ \w+ \d{4}, \d\d:\d\d", page.locator("#facts").inner_text()
        )
        assert re.match(
            r"x\.exe – \.exe is not a format that is read: give one of .*\.txt", page.locator("#refused").inner_text()
        )
        assert (place.library / "minutes.txt").read_text() == "The pier is mended.\n"
        link = row(page, "library/minutes.txt").get_by_role("link")
        assert link.get_attribute("href") == "/document?id=library/minutes.txt"
    assert sorted(p.name for p in place.library.iterdir()) == ["minutes.txt", "plan.md"]


@needs_browser
def test_dropped_files_are_read_and_a_dropped_file_of_a_taken_name_gets_a_number(place, opened):
    with place.served():
        page = opened(f"{place.address}/documents")
        for words in ("Monday", "Friday"):
            files = page.evaluate_handle(
                "words => { const d = new DataTransfer(); d.items.add(new File([words], 'minutes.txt')); return d; }",
                words,
            )
            page.dispatch_event("body", "dragenter", {"dataTransfer": files})
            assert page.locator("body.dragging").count() == 1
            page.dispatch_event("body", "drop", {"dataTransfer": files})
        row(page, "library/minutes (2).txt").wait_for()
        assert not page.locator("body.dragging").count()
    assert {p.name: p.read_text() for p in place.library.iterdir()} == {
        "minutes.txt": "Monday",
        "minutes (2).txt": "Friday",
    }


def test_files_given_to_the_api_are_answered_for_one_by_one(place):
    with place.served():
        status, told = place.gave(
            ("minutes.txt", b"Monday."), ("../../minutes.txt", b"Friday."), ("x.bin", b"x"), ("minutes.txt", b"Monday.")
        )
        assert status == 200
        assert told["taken"] == [
            {"name": "minutes.txt", "as": "minutes.txt", "already": False},
            {"name": "../../minutes.txt", "as": "minutes (2).txt", "already": False},
            {"name": "minutes.txt", "as": "minutes.txt", "already": True},
        ]
        assert [r["name"] for r in told["refused"]] == ["x.bin"] and ".txt" in told["refused"][0]["reason"]
        wait_until(lambda: set(place.files()) == {"library/minutes.txt", "library/minutes (2).txt"})


def test_more_at_once_than_a_file_may_hold_is_refused_before_it_is_sent(place):
    with place.served():
        with socket.create_connection(urlsplit(place.address).netloc.split(":")) as connection:
            head = f"POST /api/documents HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {readers.MAX_FILE_BYTES * 2}\r\n\r\n"
            connection.sendall(head.encode())
            assert connection.recv(100).startswith(b"HTTP/1.1 413")


def test_files_that_do_not_come_whole_are_refused_in_a_sentence(place):
    with place.served():
        kind = {"content-type": "multipart/form-data; boundary=x"}
        for body in (
            b"nothing of a form",
            b'--x\r\nContent-Disposition: form-data; name="files"\r\n\r\nno file\r\n--x--\r\n',
        ):
            status, told = request(f"{place.address}/api/documents", kind, body)
            assert (status, json.loads(told)["error"]) == (400, "The files did not come whole: give them again.")
        assert not place.library.exists()


def test_a_file_given_again_after_it_was_left_out_is_read_again(place):
    with place.served():
        outcome = lambda: place.files().get("library/minutes.txt", {}).get("outcome")  # noqa: E731
        place.gave(("minutes.txt", b"Monday."))
        wait_until(lambda: outcome() == "read")
        assert place.posted("/api/files/leave-out", {"name": "library/minutes.txt"})[0] == 200
        wait_until(lambda: outcome() == "left out")
        assert place.gave(("minutes.txt", b"Monday."))[1]["taken"][0]["already"]
        wait_until(lambda: outcome() == "read")


@needs_browser
def test_a_file_too_large_is_not_even_sent(place, opened, monkeypatch):
    monkeypatch.setattr(readers, "MAX_FILE_BYTES", 2**20)
    with place.served():
        page = opened(f"{place.address}/documents")
        files = [
            {"name": "large.txt", "mimeType": "", "buffer": b"a" * (2**20 + 1)},
            {"name": "small.txt", "mimeType": "", "buffer": b"a"},
        ]
        page.set_input_files("#pick", files)
        row(page, "library/small.txt").wait_for()
        assert page.locator("#refused").inner_text() == "large.txt – It is larger than 1 MiB: split it."
    assert [p.name for p in place.library.iterdir()] == ["small.txt"]


@needs_browser
def test_a_file_that_was_there_already_is_told_of(place, opened):
    place.library.mkdir()
    (place.library / "minutes.txt").write_text("Monday.")
    place.sync(place.library)
    with place.served():
        page = opened(f"{place.address}/documents")
        page.set_input_files("#pick", {"name": "minutes.txt", "mimeType": "", "buffer": b"Monday."})
        page.get_by_text("One file was there already. Nothing had changed.").wait_for()


# --- Leaving out and taking in


@needs_browser
def test_a_file_is_removed_after_a_question_and_taken_in_again_and_itself_untouched(place, opened):
    minutes, kept = place.write("minutes.txt", "The pier is mended.\n"), place.write("kept.txt", "The quay is old.\n")
    place.sync()
    with place.served():
        page = opened(f"{place.address}/documents")
        button = page.get_by_role("button", name="Remove documents/minutes.txt from the index")
        button.click()
        assert "The file itself stays where it is" in row(page, "documents/minutes.txt").inner_text()
        page.keyboard.press("Escape")
        assert button.evaluate("e => e === document.activeElement")
        button.click()
        page.get_by_role("button", name="No").click()
        assert page.locator(".asking").count() == 0
        button.click()
        page.get_by_role("button", name="Yes, remove").click()
        row(page, "documents/minutes.txt").get_by_text("Left out").wait_for()
        again = page.get_by_role("button", name="Take documents/minutes.txt in again")
        assert again.evaluate("e => e === document.activeElement")
        assert page.locator("#facts").inner_text().startswith("1 document · 1 passage · 1 left out")
        assert minutes.read_text() == "The pier is mended.\n" and kept.exists()

        again.click()
        row(page, "documents/minutes.txt").locator(".outcome").get_by_text("Read", exact=True).wait_for()
        assert page.locator("#facts").inner_text().startswith("2 documents")


def test_a_file_that_is_not_in_the_index_cannot_be_left_out(place):
    place.write("a.txt", "Some words.\n")
    place.sync()
    with place.served():
        status, told = place.posted("/api/files/leave-out", {"name": "documents/none.txt"})
        assert status == 400 and told["error"] == "No file documents/none.txt is in the index."


# --- What could not be read


@needs_browser
def test_a_file_that_could_not_be_read_stands_first_with_its_reason_and_what_to_do(place, opened):
    place.write("a.txt", "Some words.\n")
    broken = place.write("z.txt", b"\0\0\0")
    place.sync()
    with place.served():
        page = opened(f"{place.address}/documents")
        first = page.locator("tbody tr").first
        assert first.locator(".outcome").inner_text() == "Could not be read"
        assert first.locator(".why").inner_text() == f"Not a text file (it holds NUL bytes). {remedy('NUL bytes')}"
        assert not first.locator("a").count()
        broken.write_text("Now it has words.\n")
        page.get_by_role("button", name="Look again").click()
        row(page, "documents/z.txt").locator(".outcome").get_by_text("Read", exact=True).wait_for()
        assert "could not be read" not in page.locator("#facts").inner_text()


def broken_files() -> dict[str, bytes]:
    whole = gzip.compress(b"The pier is mended.\n" * 99)
    return {
        "nul.txt": b"\0\0", "empty.txt": b"", "half.txt.gz": whole[: len(whole) // 2], "bad.csv": b"a,text\n1,\n",
        "bad.jsonl": b"nothing", "list.jsonl": b"[1]", "none.jsonl": b'{"a": 1}', "half.jsonl": b'{"text": "\\ud800"}',
        "picture.png": b"PNG",
    }  # fmt: skip


def test_whatever_is_wrong_with_a_file_there_is_something_to_do_about_it(place):
    for name, content in broken_files().items():
        place.write(name, content)
    place.sync()
    with place.served():
        files = place.files()
        assert len(files) == len(broken_files())
        for name, file in files.items():
            assert file["outcome"] == ("skipped" if name.endswith("png") else "failed"), name
            assert file["reason"] and file["remedy"] and file["remedy"] != remedy("anything else"), name


def test_records_that_could_not_be_read_are_told_of_in_the_row_of_their_file(place):
    place.write("notes.jsonl", '{"text": "The pier is mended."}\nnothing\n{"text": "The quay is old."}\n{"a": 1}\n')
    place.sync()
    with place.served():
        file = place.files()["documents/notes.jsonl"]
        assert (file["outcome"], file["documents"], file["passages"]) == ("read", 2, 2)
        assert file["reason"].startswith("2 records could not be read (line 2: not JSON")


# --- The table


@needs_browser
def test_hostile_names_are_shown_as_they_are(place, opened):
    for number, name in enumerate(HOSTILE_NAMES):
        place.write(name, f"Document number {number}.\n")
    place.write("<b>broken</b>.txt".replace("/", "\uff0f"), b"\0")
    place.sync()
    with place.served():
        page = opened(f"{place.address}/documents")
        shown = page.locator("tbody th bdi").all_text_contents()
        assert sorted(shown) == sorted(f"documents/{n}" for n in [*HOSTILE_NAMES, "<b>broken<\uff0fb>.txt"])
        assert not page.locator("main :is(img, script, b), [onerror], [onfocus], [autofocus]").count()
        for name in HOSTILE_NAMES:
            page.get_by_label("Find files by name").fill(name.upper())
            expect(page.locator("tbody tr")).to_have_count(1)
            assert page.locator("tbody th bdi").text_content() == f"documents/{name}"
            button = page.get_by_role("button", name=f"Remove documents/{name} from the index", exact=True)
            assert button.get_attribute("data-name") == f"documents/{name}"
            document = page.locator("tbody th a").get_attribute("href")
            doc_id = place.files()[f"documents/{name}"]["doc_id"]
            assert document == f"/document?id={quote(doc_id, safe='/')}"
            page.get_by_label("Find files by name").fill("")
            expect(page.locator("tbody tr")).to_have_count(len(HOSTILE_NAMES) + 1)
        hostile = f"documents/{HOSTILE_NAMES[0]}"
        page.get_by_role("button", name=f"Remove {hostile} from the index", exact=True).click()
        page.get_by_role("button", name="Yes, remove").click()
        row(page, hostile).get_by_text("Left out").wait_for()


@needs_browser
def test_a_hostile_name_that_is_dropped_or_refused_is_shown_as_it_is(place, opened):
    with place.served():
        page = opened(f"{place.address}/documents")
        files = [
            {"name": n, "mimeType": "", "buffer": n.encode()}
            for n in ("<img src=x onerror=alert(1)>.txt", "<img src=x onerror=alert(1)>")
        ]
        page.set_input_files("#pick", files)
        row(page, "library/_img src=x onerror=alert(1)_.txt").wait_for()
        assert "<img src=x onerror=alert(1)> – " in page.locator("#refused li").inner_text()
        assert not page.locator("img").count()


@needs_browser
def test_many_files_come_in_pages_and_can_be_told_apart_by_outcome(place, opened):
    for number in range(105):
        place.write(f"n{number:03}.txt", f"Number {number}.\n")
    place.write("zz.txt", b"\0")
    place.write("picture.png", b"PNG")
    place.sync()
    with place.served():
        page = opened(f"{place.address}/documents")
        assert page.locator("tbody tr").count() == 100
        assert page.locator("tbody tr").first.locator("bdi").inner_text() == "documents/zz.txt"
        page.get_by_role("link", name="Next →").click()
        page.get_by_text("Page 2 of 2").wait_for()
        assert page.locator("tbody tr").count() == 7
        page.get_by_role("link", name="Passed over 1").click()
        page.locator("tbody tr.skipped").wait_for()
        assert page.locator("tbody tr").count() == 1
        assert ".png is not a format that is read" in page.locator(".why").inner_text()
    with place.served():
        assert place.got("/api/files?outcome=failed")["total"] == 1
        assert [f["name"] for f in place.got("/api/files?q=N10")["files"]] == [
            f"documents/n10{n}.txt" for n in range(5)
        ]
        assert place.got("/api/files?collection=documents")["total"] == 107
        assert place.got("/api/files?collection=none")["total"] == 0


@needs_browser
def test_a_phone_shows_all_of_it_without_sideways_scrolling(place, opened):
    for name in [*HOSTILE_NAMES, "kept.txt"]:
        place.write(name, f"This is {name}.\n")
    place.write("broken_and_with_a_very_long_name_that_has_no_blank_in_it_anywhere_at_all.txt", b"\0")
    place.sync()
    with place.served():
        page = opened(f"{place.address}/documents", 390, 844)
        assert fits(page)
        page.get_by_role("button", name="Remove documents/kept.txt").click()
        page.get_by_role("button", name="Rebuild", exact=True).click()
        assert fits(page)
        page.set_input_files("#pick", {"name": "long_name_" * 20 + ".exe", "mimeType": "", "buffer": b"x"})
        page.locator("#refused li").wait_for()
        assert fits(page)


@needs_browser
def test_without_scripts_the_page_is_a_table_to_read(place, opened):
    place.write("a.txt", "Some words.\n")
    place.write("z.txt", b"\0")
    place.sync()
    with place.served():
        page = opened(f"{place.address}/documents", java_script_enabled=False)
        assert page.locator("tbody tr").count() == 2 and not page.locator("button:visible").count()
        page.get_by_role("link", name="Could not be read 1").click()
        assert page.locator("tbody tr").count() == 1
        assert "NUL bytes" in page.locator(".why").inner_text()


# --- While it is being read


@needs_browser
def test_progress_is_shown_in_words_and_as_a_bar(place, opened):
    place.write("a.txt", "Some words.\n")
    place.sync()
    keeper = Busy(Work("reading", 12, 40))
    with place.served(keeper):
        page = opened(f"{place.address}/documents")
        page.get_by_text("Reading 12 of 40 files…").wait_for()
        assert page.locator("progress").evaluate("e => [e.value, e.max]") == [12, 40]
        keeper.work = Work(
            "idle",
            report=SyncReport(added=["a", "b", "c"], changed=["d"], removed=["e", "f"], failures=[Failure("g", "h")]),
        )
        page.get_by_text("3 added, 1 changed, 2 removed; 1 could not be read.").wait_for()
        page.locator("#bar").wait_for(state="hidden")
        keeper.work = Work("idle", error="The disk is full: make room.", watching=True)
        look_now(page)
        page.locator("#told.bad").get_by_text("The disk is full: make room.").wait_for()
        assert "read by itself" in page.locator("#watching").inner_text()


@pytest.mark.parametrize("report, told", [
    (SyncReport(), "Nothing had changed."),
    (SyncReport(added=["a"] * 1200), "1,200 added."),
    (SyncReport(failures=[Failure("a", "b")]), "Nothing had changed; 1 could not be read."),
    (SyncReport(added=["a"], remade_because="the model changed"), "Everything was read again, since the model changed. 1 added."),
])  # fmt: skip
def test_what_came_of_it_is_a_sentence(report, told):
    assert outcome(report) == told


@needs_browser
def test_a_newer_commit_shows_itself_but_not_under_somebodys_finger(place, opened):
    place.write("a.txt", "Some words.\n")
    place.sync()
    with place.served():
        page = opened(f"{place.address}/documents")
        page.get_by_role("button", name="Remove documents/a.txt from the index").click()
        place.write("b.txt", "Other words.\n")
        place.sync()
        with page.expect_response("**/api/index"):
            look_now(page)
        page.evaluate(
            "fetch(location.href).then((answer) => answer.text())"
        )  # as long as fetching the new parts would take
        assert page.get_by_role("button", name="Yes, remove").is_visible() and not row(page, "documents/b.txt").count()
        page.keyboard.press("Escape")
        look_now(page)
        row(page, "documents/b.txt").wait_for()
        assert page.get_by_role("button", name="Remove documents/a.txt from the index").evaluate(
            "e => e === document.activeElement"
        )


@needs_browser
def test_folders_that_are_ahead_of_the_index_are_told_of_and_read_at_a_click(place, opened):
    place.write("a.txt", "Some words.\n")
    place.sync()
    with place.served():
        place.write("<b>new.txt", "New words.\n")
        page = opened(f"{place.address}/documents")
        assert "1 new (documents/<b>new.txt)" in page.locator(".lag").inner_text()
        assert place.got("/api/index")["behind"] == {
            "new": 1,
            "changed": 0,
            "gone": 0,
            "names": ["documents/<b>new.txt"],
        }
        page.get_by_role("button", name="Read them now").click()
        row(page, "documents/<b>new.txt").wait_for()
        page.locator(".lag").wait_for(state="detached")


@needs_browser
def test_a_collection_that_is_away_is_said_to_be_away_and_kept(place, opened):
    place.write("a.txt", "Some words.\n")
    place.sync()
    place.documents.rename(place.documents.with_name("unplugged"))
    with place.served():
        page = opened(f"{place.address}/documents")
        assert "documents is away" in page.locator(".lag").inner_text()
        assert (
            page.locator("#collections").get_by_text("away", exact=True).is_visible()
            and row(page, "documents/a.txt").is_visible()
        )
        held = place.got("/api/index")
        assert [(c["name"], c["there"], c["documents"]) for c in held["collections"]] == [("documents", False, 1)]
        assert held["behind"] is None


@needs_browser
def test_a_rebuild_asks_first_and_leaves_another_commit(place, opened):
    place.write("a.txt", "Some words.\n")
    place.sync()
    with place.served():
        before = place.got("/api/index")["commit"]
        page = opened(f"{place.address}/documents")
        page.get_by_role("button", name="Rebuild", exact=True).click()
        assert "until it is done, the index as it is answers" in page.locator("#work .asking").inner_text()
        page.get_by_role("button", name="Yes, rebuild").click()
        wait_until(lambda: place.got("/api/index")["commit"] != before)
        page.locator("#bar").wait_for(state="hidden")
        assert row(page, "documents/a.txt").is_visible()


def test_the_state_of_the_index_is_told_as_it_is(place):
    with place.served():
        held = place.got("/api/index")
        assert (held["commit"], held["documents"], held["collections"], held["may_change"]) == ("", 0, [], True)
        assert held["work"]["doing"] == "idle" and held["work"]["report"] is None
        place.gave(("a.txt", b"Some words."), ("b.txt", b"\0"))
        wait_until(lambda: place.got("/api/index")["work"]["ended_at"])
        held = place.got("/api/index")
        assert held["commit"] and held["committed_at"]
        assert (held["documents"], held["passages"], held["failed"], held["left_out"], held["behind"]) == (
            1,
            1,
            1,
            0,
            None,
        )
        assert held["collections"] == [
            {"name": "library", "path": str(place.library), "there": True, "files": 2, "documents": 1, "failed": 1}
        ]
        assert held["work"]["report"]["added"] == 1 and held["work"]["report"]["names"]["added"] == ["library/a.txt"]
        assert held["work"]["outcome"] == "1 added; 1 could not be read."


# --- Who may


CHANGES = ["/api/documents", "/api/index/sync", "/api/index/fresh", "/api/files/leave-out", "/api/files/take-in"]


@needs_browser
def test_a_server_that_only_reads_shows_the_table_and_refuses_changes_in_a_sentence(place, opened):
    place.write("a.txt", "Some words.\n")
    place.sync()
    with place.served(may_change=False):
        page = opened(f"{place.address}/documents")
        assert row(page, "documents/a.txt").is_visible() and not page.locator("button, input[type=file]").count()
        assert "only reads the index" in page.locator(".hint").inner_text()
        assert place.got("/api/index")["may_change"] is False
        for path in CHANGES:
            status, told = (
                place.gave(("b.txt", b"b"))
                if path.endswith("documents")
                else place.posted(path, {"name": "documents/a.txt"})
            )
            assert (status, told["error"]) == (
                403,
                "This server only reads the index: nothing can be changed through it.",
            )
    assert not place.library.exists() and place.store.path.exists()


@pytest.mark.parametrize("path", CHANGES)
def test_another_sites_page_cannot_change_anything(place, path):
    place.write("a.txt", "Some words.\n")
    place.sync()
    with place.served():
        kind = {"content-type": "multipart/form-data; boundary=x", "origin": "http://evil.example"}
        body = b'--x\r\nContent-Disposition: form-data; name="files"; filename="b.txt"\r\n\r\nb\r\n--x--\r\n'
        assert request(place.address + path, kind, body)[0] == 403
        assert (
            request(place.address + path, {**kind, "content-type": "text/plain"}, b'{"name": "documents/a.txt"}')[0]
            == 403
        )
        assert place.got("/api/index")["work"]["began_at"] is None and not place.library.exists()


@pytest.mark.parametrize("query", ["outcome=none", "page=0", "page=-1", "page=x", "page=%C2%B2", "page=9999999999"])
def test_what_makes_no_sense_is_refused_in_a_sentence(place, query):
    with place.served():
        for path in ("/api/files", "/documents"):
            status, body = request(f"{place.address}{path}?{query}", {})
            assert status == 400 and re.search(r": give .*\.", body)


@needs_browser
def test_a_damaged_index_is_told_of_and_so_is_what_a_rebuild_needs(place, opened):
    place.write("a.txt", "Some words.\n")
    place.sync()
    with place.served():
        place.store.path.write_bytes(b"nothing of an index" * 999)
        assert request(f"{place.address}/api/files", {})[0] == 503
        assert str(place.store.folder) in place.got("/api/index")["error"]
        page = opened(f"{place.address}/documents")
        assert str(place.store.folder) in page.locator(".notice").inner_text()
        page.get_by_role("button", name="Rebuild", exact=True).click()
        page.get_by_role("button", name="Yes, rebuild").click()
        page.locator("#told.bad").get_by_text("dixit index --fresh PATH").wait_for()


# --- The chat, which is told of it


LIKE_THE_CHAT = """<!DOCTYPE html><html><head><script src="/dixit/chat.js" defer></script></head><body>
<p id="index-state"></p><div id="chat"></div><div id="index-newer"></div>
<div id="question"><textarea></textarea><button class="submit-button">Ask</button></div></body></html>"""
ANSWERED = """([question, commit]) => {
    const asked = document.createElement("div"), answer = document.createElement("div");
    asked.className = "asked"; asked.innerHTML = question; answer.className = `answer commit-${commit}`;
    document.getElementById("chat").append(asked, answer);
}"""


@needs_browser
def test_the_chat_tells_that_documents_are_being_read_and_that_an_answer_is_of_an_older_index(place, opened):
    place.write("a.txt", "Some words.\n")
    place.sync()
    keeper = Busy(Work("reading", 12, 40))
    with place.served(keeper):
        page = opened(f"{place.address}/like-the-chat")
        page.locator("#index-state").get_by_text("Reading 12 of 40 files…").wait_for()
        page.evaluate(ANSWERED, ["what of<br>the pier?", place.got("/api/index")["commit"]])
        keeper.work = Work()
        expect(page.locator("#index-state")).to_have_text("")
        assert page.locator("#index-newer").inner_text() == ""
        place.write("b.txt", "Other words.\n")
        place.sync()
        look_now(page)
        page.get_by_text("The index has changed since this answer: ask again.").wait_for()

        box = page.locator("#question textarea")
        box.fill("what I am typ")
        assert not page.get_by_role("button", name="Ask again").is_visible() and box.input_value() == "what I am typ"
        box.fill("")
        page.evaluate(
            "document.querySelector('.submit-button').addEventListener('click', (e) => e.target.append(' (sent)'))"
        )
        page.get_by_role("button", name="Ask again").click()
        page.get_by_text("Ask (sent)").wait_for()
        assert box.input_value() == "what of\nthe pier?"
        page.evaluate(ANSWERED, ["what of the pier?", place.got("/api/index")["commit"]])
        expect(page.locator("#index-newer")).to_have_text("")


@needs_browser
def test_an_answer_newer_than_what_was_known_is_not_taken_for_an_old_one(place, opened):
    place.write("a.txt", "Some words.\n")
    place.sync()
    with place.served(Busy(Work())):
        page = opened(f"{place.address}/like-the-chat")
        page.wait_for_load_state("networkidle")
        page.evaluate(
            "new MutationObserver(() => { window.told ||= document.getElementById('index-newer').textContent; })"
            ".observe(document.getElementById('index-newer'), { childList: true, subtree: true })"
        )
        place.write("b.txt", "Other words.\n")
        place.sync()
        with page.expect_response("**/api/index"):
            page.evaluate(ANSWERED, ["?", place.got("/api/index")["commit"]])
        with page.expect_response("**/api/index"):
            look_now(page)
        assert not page.evaluate("window.told")


def wait_until(it_is_so: Callable[[], object], seconds: float = 60) -> None:
    """Ask again and again, until it is so or the time is over."""
    over = threading.Event()
    timer = threading.Timer(seconds, over.set)
    timer.start()
    try:
        while not it_is_so():
            assert not over.wait(0.1), f"it never came to be so: {it_is_so()}"
    finally:
        timer.cancel()
