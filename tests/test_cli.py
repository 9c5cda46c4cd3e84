"""The commands as a person or a script meets them."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REPORT = (
    "Minister resigns\n\nThe minister resigned on Monday. He gave no reason.\n\nBread will be dearer in the spring."
)


def dixit(*words: str | Path, cwd: Path, ok: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the command in a folder of its own, with the encoder that needs no model."""
    env = {**os.environ, "DIXIT_MODEL": "hashing", "PYTHONPATH": str(ROOT), **environment}
    env.pop("DIXIT_STORE", None) if "DIXIT_STORE" not in environment else None
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *map(str, words)],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert (done.returncode == 0) is ok, done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents/report.txt").write_text(REPORT)
    dixit("index", "documents", cwd=tmp_path)
    return tmp_path


def test_ask_prints_numbered_passages_each_with_its_citation_and_the_documents_cited(folder: Path) -> None:
    out = dixit("ask", "when did the minister resign?", cwd=folder).stdout
    assert "[1] The minister resigned on Monday. He gave no reason." in out
    assert "Minister resigns, no date, documents/report.txt, paragraph 2, line 3" in out
    assert out.rstrip().endswith("documents/report.txt") and "Documents cited" in out


def test_a_folder_can_be_taken_out_of_the_index_again(folder: Path) -> None:
    assert "0 documents" in dixit("forget", "documents", cwd=folder).stdout
    assert (folder / "documents/report.txt").read_text() == REPORT
    assert "nowhere" in dixit("forget", "nowhere", cwd=folder, ok=False).stderr


def test_questions_are_not_overwritten_by_their_answers(folder: Path) -> None:
    (folder / "queries.jsonl").write_text('{"id": "one", "text": "minister"}\n')
    dixit("batch", "queries.jsonl", "--out", "queries.jsonl", cwd=folder, ok=False)
    assert (folder / "queries.jsonl").read_text() == '{"id": "one", "text": "minister"}\n'


def test_the_version_is_told(tmp_path: Path) -> None:
    assert dixit("--version", cwd=tmp_path).stdout.startswith("dixit 0.")


def test_piped_output_is_plain(folder: Path) -> None:
    assert "\x1b" not in dixit("ask", "when did the minister resign?", cwd=folder).stdout


def test_the_question_needs_no_quotation_marks(folder: Path) -> None:
    assert "[1] The minister resigned" in dixit("ask", "when", "did", "the", "minister", "resign?", cwd=folder).stdout


def test_json_holds_the_whole_answer_in_the_documented_form(folder: Path) -> None:
    answer = json.loads(dixit("ask", "when did the minister resign?", "--json", cwd=folder).stdout)
    assert answer["schema"] == "dixit.answer/1"
    assert answer["verdict"] in ("answered", "weak")
    passage = answer["passages"][0]
    assert passage["text"] == REPORT[passage["start"] : passage["end"]]
    assert [REPORT[s:e] for s, e in passage["highlights"]] == ["The minister resigned on Monday."]
    assert (passage["proof"], passage["speaker"], passage["doc_id"]) == ("verified", None, "documents/report.txt")
    assert answer["documents"] == [
        {
            "doc_id": "documents/report.txt",
            "title": "Minister resigns",
            "published": None,
            "file": "documents/report.txt",
            "record": None,
            "url": None,
        }
    ]


def test_the_same_work_again_embeds_nothing(folder: Path) -> None:
    assert "Nothing has changed." in dixit("index", "documents", cwd=folder).stdout
    assert json.loads(dixit("index", "--json", cwd=folder).stdout)["embedded"] == 0


def test_a_summary_names_what_could_not_be_read_and_why(folder: Path) -> None:
    (folder / "documents/photo.txt").write_bytes(b"\0\1\2")
    (folder / "documents/table.csv").write_text("a,text\n1,\n")
    (folder / "documents/scan.png").write_bytes(b"PNG")
    out = dixit("index", "documents", cwd=folder).stdout
    assert "not read: documents/photo.txt: not a text file" in out
    assert "not read: documents/table.csv: has no “text”" in out
    assert "documents/scan.png (.png is not a format that is read)" in out
    assert "not read: documents/photo.txt" in dixit("status", cwd=folder).stdout


def test_status_tells_what_from_where_and_with_which_model(folder: Path) -> None:
    status = json.loads(dixit("status", "--json", cwd=folder).stdout)
    assert (status["documents"], status["passages"], status["model"]) == (1, 2, "hashing")
    assert status["roots"] == [str(folder / "documents")]


def test_the_store_can_be_anywhere_by_option_or_variable(folder: Path) -> None:
    dixit("index", "documents", "--store", "elsewhere", cwd=folder)
    by_option = dixit("ask", "minister", "--store", "elsewhere", "--json", cwd=folder).stdout
    assert (
        json.loads(by_option)["passages"]
        == json.loads(dixit("ask", "minister", "--json", cwd=folder, DIXIT_STORE="elsewhere").stdout)["passages"]
    )


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["ask", "anything", "--store", "nowhere"], "nowhere"),
        (["ask", " "], "empty"),
        (["ask", "x", "--k", "0"], "0"),
        (["index", "missing-folder"], "missing-folder"),
        (["index", "--store", "fresh"], "dixit index PATH"),
        (["index", "documents", "--store", "documents/report.txt"], "report.txt"),
        (["index", "documents", "--model", "no/such-model"], "no/such-model"),
        (["batch", "missing.jsonl", "--out", "out.jsonl"], "missing.jsonl"),
        (["evaluate", "documents"], "corpus.jsonl"),
        (["serve", "--port", "99999999"], "99999999"),
        (["index", "--dry-run", "missing-folder"], "missing-folder"),
        (["index", "--dry-run", "--store", "fresh"], "dixit index PATH"),
        (["index", "--fresh", "--store", "fresh"], "dixit index PATH"),
        (["index", "documents", "documents", "--name", "Papers"], "--name"),
        (["index", "documents", "--name", " "], "name"),
        (["forget", "documents/none.txt"], "none.txt"),
        (["forget", "documents", "--store", "nowhere"], "nowhere"),
        (["ask", "minister", "--in", "nowhere"], "“documents”"),
        (["status", "--check", "--store", "nowhere"], "nowhere"),
        (["status", "--repair", "--store", "nowhere"], "nowhere"),
    ],
)
def test_a_mistake_is_one_sentence_that_names_it_and_a_status_that_is_not_zero(
    folder: Path, words: list[str], names: str
) -> None:
    done = dixit(*words, cwd=folder, ok=False, HF_HUB_OFFLINE="1")
    assert done.stdout == ""
    assert names in done.stderr and len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_batch_answers_each_line_in_the_form_of_json(folder: Path) -> None:
    lines = [
        {"id": "one", "text": "when did the minister resign?"},
        {"id": "two", "turns": [{"text": "when did the minister resign?"}, {"text": "and the bread?"}]},
    ]
    (folder / "queries.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    dixit("batch", "queries.jsonl", "--out", "answers.jsonl", cwd=folder)
    one, two = map(json.loads, (folder / "answers.jsonl").read_text().splitlines())
    assert one == {
        "id": "one",
        **json.loads(dixit("ask", "when did the minister resign?", "--k", "10", "--json", cwd=folder).stdout),
    }
    assert [a["question"] for a in two["answers"]] == ["when did the minister resign?", "and the bread?"]
    assert "Bread" in two["answers"][1]["passages"][0]["text"]


def test_a_malformed_line_of_a_batch_is_named_and_nothing_is_written(folder: Path) -> None:
    (folder / "queries.jsonl").write_text('{"id": "one", "text": "x"}\n{"id": "two"}\n')
    assert "line 2" in dixit("batch", "queries.jsonl", "--out", "answers.jsonl", cwd=folder, ok=False).stderr
    assert not (folder / "answers.jsonl").exists()


def test_evaluate_scores_three_runs_and_writes_them(folder: Path) -> None:
    toy = folder / "toy"
    toy.mkdir()
    (toy / "corpus.jsonl").write_text(
        '{"_id": "a", "text": "The harbour is closed."}\n{"_id": "b", "text": "Wine is dear."}\n'
    )
    (toy / "queries.jsonl").write_text('{"_id": "q", "text": "dear wine"}\n')
    (toy / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\tb\t1\n")
    result = json.loads(dixit("evaluate", "toy", "--json", cwd=folder).stdout)
    assert set(result["runs"]) == {"lexical", "dense", "default"}
    assert all(values["ndcg@10"] == values["mrr@10"] == 1.0 for values in result["runs"].values())

    assert (folder / result["run_files"] / "toy.default.run").read_text().startswith("q Q0 b 1 ")


def test_two_sets_of_one_name_do_not_share_an_index(folder: Path) -> None:
    for place, text in (("x", "The harbour is closed."), ("y", "Wine is dear.")):
        toy = folder / place / "toy"
        toy.mkdir(parents=True)
        (toy / "corpus.jsonl").write_text(json.dumps({"id": place, "text": text}) + "\n")
        (toy / "queries.jsonl").write_text('{"id": "q", "text": "dear wine, closed harbour"}\n')
        (toy / "qrels.tsv").write_text(f"q\t{place}\t1\n")
    for place in ("x", "y", "x"):
        runs = json.loads(dixit("evaluate", f"{place}/toy", "--json", cwd=folder).stdout)["runs"]
        assert runs["default"]["mrr@10"] == 1.0


def test_a_folder_that_is_not_there_leaves_no_index_behind(tmp_path: Path) -> None:
    dixit("index", "missing-folder", cwd=tmp_path, ok=False)
    assert not (tmp_path / ".dixit").exists()


def test_json_holds_no_character_that_a_terminal_obeys(folder: Path) -> None:
    (folder / "documents/evil.txt").write_text("Evil\n\nThe ferry \x9b31m sank \u202egnos\u202c. Really.")
    dixit("index", cwd=folder)
    out = dixit("ask", "ferry sank", "--json", cwd=folder).stdout
    assert not re.search("[\x7f-\x9f\u202a-\u202e]", out)
    assert "\u202egnos" in json.loads(out)["passages"][0]["text"]


def test_a_question_with_bytes_that_are_no_text_is_still_answered(folder: Path) -> None:
    assert "resigned" in dixit("ask", "minister resigned \udcff", cwd=folder).stdout


def test_escape_sequences_of_a_document_do_not_reach_the_terminal(folder: Path) -> None:
    (folder / "documents/evil.txt").write_text(
        "Evil\n\nThe ferry \x1b[2J\x1b]0;owned\x07 sank \u202egnos\u202c. Really."
    )
    dixit("index", cwd=folder)
    out = dixit("ask", "ferry sank", cwd=folder).stdout
    assert "ferry" in out and not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", out)


def test_the_documents_that_come_with_it_can_be_indexed_from_anywhere(tmp_path: Path) -> None:
    dixit("index", "--seeds", cwd=tmp_path)
    assert "the entire contingent will be withdrawn" in dixit("ask", "entire contingent withdrawn", cwd=tmp_path).stdout


TALK = (
    "Talks\n\nAnna Berg: We keep the harbour closed. Peter Holm: For how long, may I ask? Anna Berg: Until our pier is mended. "
    "Peter Holm: That is too long for us."
)


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents/talks.txt").write_text(TALK)
    dixit("index", "documents", cwd=tmp_path)
    return tmp_path


def test_speakers_are_listed_with_how_much_they_say(talks: Path) -> None:
    out = dixit("speakers", cwd=talks).stdout
    assert "Anna Berg  2 utterances, 1 document" in out and "Peter Holm" in out
    assert [s["name"] for s in json.loads(dixit("speakers", "--json", cwd=talks).stdout)] == ["Anna Berg", "Peter Holm"]


def test_said_shows_somebodys_words_and_their_place(talks: Path) -> None:
    out = dixit("said", "Holm", cwd=talks).stdout
    assert "For how long, may I ask?" in out and "That is too long for us." in out and "Until our pier" not in out
    assert "said by Peter Holm (“Peter Holm”: label of the turn)" in out
    about = dixit("said", "Anna Berg", "--about", "the pier", cwd=talks).stdout
    assert "Until our pier is mended." in about


def test_said_of_a_name_that_nobody_has_is_one_sentence(talks: Path) -> None:
    assert "Nobody called “Quentin”" in dixit("said", "Quentin", cwd=talks, ok=False).stderr
    assert "--since" in dixit("said", "Holm", "--since", "yesteryear", cwd=talks, ok=False).stderr


def test_utterances_are_a_json_object_a_line_in_offsets_of_the_file(talks: Path) -> None:
    lines = dixit("utterances", "--json", cwd=talks).stdout.splitlines()
    found = [json.loads(line) for line in lines]
    words = [TALK[u["start"] : u["end"]] for u in found]
    assert words == [
        "We keep the harbour closed.",
        "For how long, may I ask?",
        "Until our pier is mended.",
        "That is too long for us.",
    ]
    assert [u["speaker"] for u in found] == ["Anna Berg", "Peter Holm"] * 2
    assert TALK[slice(*found[0]["mention"])] == "Anna Berg" and found[0]["mode"] == "direct"
    assert "talks.txt" in dixit("utterances", "talks.txt", cwd=talks).stdout
    assert "nothing.txt" in dixit("utterances", "nothing.txt", cwd=talks, ok=False).stderr


# The living index


def line_with(words: str, out: str) -> str:
    """The one line of an output that holds some words."""
    (line,) = [line for line in out.splitlines() if words in line]
    return line


def held(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, byte by byte, but for the empty ones by which SQLite keeps readers and writers apart."""
    files = [p for p in sorted(folder.rglob("*")) if p.is_file() and not p.name.endswith("-shm")]
    found = {str(p.relative_to(folder)): p.read_bytes() for p in files}
    return {name: data for name, data in found.items() if data or not name.endswith("-wal")}


def test_a_summary_names_what_was_added_changed_renamed_removed_and_is_unreadable_now(folder: Path) -> None:
    docs = folder / "documents"
    for name in ("bread", "cheese", "wine"):
        (docs / f"{name}.txt").write_text(f"Of {name} nothing is left.")
    out = dixit("index", cwd=folder).stdout
    assert line_with("added", out) == "added: documents/bread.txt, documents/cheese.txt, documents/wine.txt"
    (docs / "report.txt").rename(docs / "minister.txt")
    (docs / "bread.txt").write_text("Of bread there is plenty.")
    (docs / "cheese.txt").unlink()
    (docs / "wine.txt").write_bytes(b"\0\1")
    (docs / "milk.txt").write_text("Of milk there is some.")
    out = dixit("index", cwd=folder).stdout
    assert line_with("added", out) == "added: documents/milk.txt"
    assert line_with("changed", out) == "changed: documents/bread.txt"
    assert line_with("renamed", out) == "renamed: documents/report.txt → documents/minister.txt"
    assert line_with("removed", out) == "removed: documents/cheese.txt"
    assert line_with("can no longer", out) == "can no longer be read: documents/wine.txt"
    assert line_with("not read", out).startswith("not read: documents/wine.txt: ")
    assert "Nothing has changed" not in out and "2 embedded" in out


def test_a_summary_in_json_has_all_of_it(folder: Path) -> None:
    docs = folder / "documents"
    (docs / "report.txt").rename(docs / "minister.txt")
    (docs / "photo.txt").write_bytes(b"\0\1")
    told = json.loads(dixit("index", "--json", cwd=folder).stdout)
    assert told["renamed"] == [["documents/report.txt", "documents/minister.txt"]]
    assert (told["added"], told["changed"], told["removed"], told["embedded"]) == ([], [], [], 0)
    assert [f["file"] for f in told["failures"]] == ["documents/photo.txt"]
    assert told["status"]["documents"] == 1


def test_a_summary_says_which_files_are_still_being_written(folder: Path) -> None:
    from rich.console import Console

    from app.terminal import show_sync
    from index.store import Store
    from index.sync import SyncReport
    from retrieval.status import index_status

    out = io.StringIO()
    report = SyncReport(busy=["documents/film.txt"], unchanged=1)
    show_sync(Console(file=out), report, index_status(Store(folder / ".dixit")), 0.1)
    assert "being written, left for the next time: documents/film.txt" in out.getvalue()


def test_a_folder_that_is_away_is_told_and_kept(folder: Path) -> None:
    (folder / "documents").rename(folder / "elsewhere")
    out = dixit("index", cwd=folder).stdout
    assert line_with("is not there now", out).startswith(str(folder / "documents"))
    assert "1 document, 2 passages" in out


def test_a_dry_run_tells_what_would_be_done_and_writes_nothing(folder: Path) -> None:
    docs = folder / "documents"
    (docs / "bread.txt").write_text("Of bread nothing is left.")
    (docs / "wine.txt").write_text("Of wine nothing is left.")
    dixit("index", cwd=folder)
    (docs / "report.txt").rename(docs / "minister.txt")
    (docs / "bread.txt").write_text("Of bread there is plenty.")
    (docs / "wine.txt").unlink()
    (docs / "milk.txt").write_text("Of milk there is some.")
    before = held(folder)
    out = dixit("index", "--dry-run", cwd=folder).stdout
    assert line_with("added:", out) == "added: documents/milk.txt"
    assert line_with("changed:", out) == "changed: documents/bread.txt"
    assert line_with("renamed:", out) == "renamed: documents/report.txt → documents/minister.txt"
    assert line_with("removed:", out) == "removed: documents/wine.txt"
    assert "nothing was done" in out
    told = json.loads(dixit("index", "--dry-run", "--json", cwd=folder).stdout)
    assert told["dry_run"] is True and told["added"] == ["documents/milk.txt"]
    other = folder / "other"
    other.mkdir()
    (other / "o.txt").write_text("A letter.")
    assert "other/o.txt" in dixit("index", "--dry-run", "other", cwd=folder).stdout
    assert "would be read again: you asked for it" in dixit("index", "--dry-run", "--fresh", cwd=folder).stdout
    (other / "o.txt").unlink()
    assert held(folder) == before
    done = json.loads(dixit("index", "--json", cwd=folder).stdout)
    assert all(done[what] == told[what] for what in ("added", "changed", "renamed", "removed", "unreadable"))


def test_a_dry_run_without_an_index_makes_none(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents/report.txt").write_text(REPORT)
    assert "added: documents/report.txt" in dixit("index", "--dry-run", "documents", cwd=tmp_path).stdout
    assert held(tmp_path) == {"documents/report.txt": REPORT.encode()} and not (tmp_path / ".dixit").exists()


def test_a_dry_run_tells_what_would_be_taken_in_again(folder: Path) -> None:
    dixit("forget", "documents/report.txt", cwd=folder)
    before = held(folder)
    assert "added: documents/report.txt" in dixit("index", "--dry-run", "documents/report.txt", cwd=folder).stdout
    assert held(folder) == before


def test_fresh_makes_everything_again(folder: Path) -> None:
    before = json.loads(dixit("ask", "minister", "--json", cwd=folder).stdout)
    told = json.loads(dixit("index", "--fresh", "--json", cwd=folder).stdout)
    assert (told["embedded"], told["remade_because"]) == (2, "you asked for it")
    assert "Everything was read again: you asked for it." in dixit("index", "--fresh", cwd=folder).stdout
    assert not (folder / ".dixit/index.sqlite").exists(), "it was replaced"
    after = json.loads(dixit("ask", "minister", "--json", cwd=folder).stdout)
    assert after["passages"] == before["passages"] and after["index"]["commit"] != before["index"]["commit"]


def test_fresh_of_some_folders_keeps_the_others(folder: Path) -> None:
    (folder / "other").mkdir()
    (folder / "other/o.txt").write_text("A letter.")
    dixit("index", "--fresh", "other", cwd=folder)
    assert json.loads(dixit("status", "--json", cwd=folder).stdout)["documents"] == 2


def test_a_file_is_left_out_by_its_name_or_place_and_taken_in_again(folder: Path) -> None:
    (folder / "documents/bread.txt").write_text("Of bread nothing is left.")
    dixit("index", cwd=folder)
    out = dixit("forget", "documents/report.txt", cwd=folder).stdout
    assert "1 document, 1 passage" in out and line_with("left out", out).startswith("left out: documents/report.txt")
    assert (folder / "documents/report.txt").read_text() == REPORT
    assert "Nothing has changed." in dixit("index", cwd=folder).stdout
    dixit("index", "--fresh", cwd=folder)
    status = json.loads(dixit("status", "--json", cwd=folder).stdout)
    assert (status["left_out"], status["documents"]) == (["documents/report.txt"], 1)
    assert "resigned" not in dixit("ask", "minister resigned on Monday", cwd=folder).stdout.partition("[1]")[2]

    taken = json.loads(dixit("index", folder / "documents/report.txt", "--json", cwd=folder).stdout)
    assert (taken["added"], taken["status"]["left_out"]) == (["documents/report.txt"], [])
    assert "[1] The minister resigned" in dixit("ask", "minister resigned on Monday", cwd=folder).stdout
    # By its name, from anywhere.
    dixit("forget", "documents/report.txt", "--store", folder / ".dixit", cwd=folder / "documents")
    assert json.loads(dixit("status", "--json", cwd=folder).stdout)["left_out"] == ["documents/report.txt"]


HOLDER = """
import sys
from pathlib import Path
from index.store import Store
with Store(Path(sys.argv[1])).locked():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that writes the index until its input ends."""
    words = [sys.executable, "-c", HOLDER, str(folder / ".dixit")]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_who_else_is_writing_is_told(folder: Path, holder: subprocess.Popen) -> None:
    (folder / "documents/new.txt").write_text("Of milk there is some.")
    for words in ("index", "index --fresh", "index documents --name Papers", "forget documents/report.txt"):
        done = dixit(*words.split(), cwd=folder, ok=False)
        assert f"process {holder.pid}" in done.stderr and "is writing the index in .dixit" in done.stderr, words
        assert len(done.stderr.strip().splitlines()) == 1 and done.stdout == "", words


def test_whoever_writes_an_index_can_be_asked_meanwhile(folder: Path, holder: subprocess.Popen) -> None:
    assert "[1] The minister resigned" in dixit("ask", "minister resigned", cwd=folder).stdout
    assert "1 document" in dixit("status", cwd=folder).stdout
    assert "Nothing has changed" in dixit("index", "--dry-run", cwd=folder).stdout
    assert "is whole" in dixit("status", "--check", cwd=folder).stdout


def test_wait_waits_until_the_other_is_done(folder: Path, holder: subprocess.Popen) -> None:
    with started("index", "--wait", "--json", cwd=folder) as waiting:
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(3)
        (folder / "documents/late.txt").write_text("Of milk there is some.")
        holder.stdin.close()
        out, _ = waiting.communicate(timeout=60)
    assert waiting.returncode == 0 and json.loads(out)["added"] == ["documents/late.txt"]


def test_a_writer_that_was_killed_is_not_waited_for(folder: Path, holder: subprocess.Popen) -> None:
    holder.kill()
    holder.wait()
    assert "Nothing has changed" in dixit("index", cwd=folder).stdout


@contextmanager
def started(*words: str, cwd: Path) -> Iterator[subprocess.Popen[str]]:
    """The command at work."""
    env = {**os.environ, "DIXIT_MODEL": "hashing", "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    env.pop("DIXIT_STORE", None)
    call = [sys.executable, "-m", "app.cli", *words]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(call, cwd=cwd, env=env, text=True, **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


def until(words: str, process: subprocess.Popen) -> list[str]:
    """The lines that a command prints up to the one with some words."""
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if words in line:
            return lines
    pytest.fail(f"ended before it said {words}: {lines} {process.stderr.read()}")


@pytest.mark.parametrize("poll", [[], ["--poll", "0.2"]])
def test_a_watching_index_tells_what_arrives_changes_and_goes_until_it_is_interrupted(
    folder: Path, poll: list[str]
) -> None:
    docs = folder / "documents"
    with started("index", "--watch", *poll, cwd=folder) as watching:
        until("Watching the folders", watching)
        (docs / "milk.txt").write_text("Of milk there is some.")
        assert until("milk.txt", watching)[-1] == "added: documents/milk.txt"
        assert "[1] Of milk there is some." in dixit("ask", "milk", cwd=folder).stdout
        (docs / "milk.txt").write_text("Of milk there is none at all.")
        assert until("milk.txt", watching)[-1] == "changed: documents/milk.txt"
        (docs / "milk.txt").rename(docs / "cream.txt")
        assert until("cream.txt", watching)[-1] == "renamed: documents/milk.txt → documents/cream.txt"
        (docs / "cream.txt").write_bytes(b"\0\1")
        assert until("cream.txt", watching)[-1] == "can no longer be read: documents/cream.txt"
        assert until("not read", watching)[-1].startswith("not read: documents/cream.txt: ")
        (docs / "report.txt").unlink()
        assert until("report.txt", watching) == ["removed: documents/report.txt"]
        watching.send_signal(signal.SIGINT)
        out, err = watching.communicate(timeout=30)
    assert watching.returncode == 130, err
    assert "Traceback" not in err and "stopped; what was committed" in err and out == "", (out, err)
    assert json.loads(dixit("status", "--json", cwd=folder).stdout)["documents"] == 0


def test_a_watching_index_outlasts_a_folder_that_goes_and_comes_again(folder: Path) -> None:
    with started("index", "--watch", cwd=folder) as watching:
        until("Watching the folders", watching)
        (folder / "documents").rename(folder / "elsewhere")
        until("is not there now", watching)
        (folder / "elsewhere/milk.txt").write_text("Of milk there is some.")
        (folder / "elsewhere").rename(folder / "documents")
        assert until("milk.txt", watching)[-1] == "added: documents/milk.txt"


def test_watching_in_json_prints_an_object_a_line_and_nothing_else(folder: Path) -> None:
    with started("index", "--watch", "--json", cwd=folder) as watching:
        assert json.loads(watching.stdout.readline())["status"]["documents"] == 1
        (folder / "documents/milk.txt").write_text("Of milk there is some.")
        assert json.loads(watching.stdout.readline())["added"] == ["documents/milk.txt"]


def test_an_index_of_garbage_is_one_sentence_that_says_how_to_go_on(folder: Path) -> None:
    (folder / ".dixit/index.sqlite").write_bytes(b"\xaa" * 20_000)
    for words in (
        "ask minister",
        "index",
        "index --dry-run",
        "status",
        "speakers",
        "forget documents",
        "serve --port 0",
    ):
        done = dixit(*words.split(), cwd=folder, ok=False)
        assert len(done.stderr.strip().splitlines()) == 1 and "dixit status --repair" in done.stderr, (
            words,
            done.stderr,
        )
        assert done.stdout == "" and done.returncode == 1, words


def test_an_index_of_another_version_is_one_sentence_that_says_how_to_go_on(folder: Path) -> None:
    with closing(sqlite3.connect(folder / ".dixit/index.sqlite")) as db:
        db.execute("UPDATE meta SET value = '0' WHERE key = 'schema'")
        db.commit()
    for words in ("ask minister", "status", "forget documents", "serve --port 0"):
        done = dixit(*words.split(), cwd=folder, ok=False)
        assert len(done.stderr.strip().splitlines()) == 1 and "another version" in done.stderr, words
        assert "dixit index" in done.stderr and done.stdout == "", words
    assert "another version" in dixit("index", "--dry-run", cwd=folder).stdout
    assert "another version" in dixit("index", cwd=folder).stdout
    assert "[1] The minister resigned" in dixit("ask", "minister resigned", cwd=folder).stdout


def test_file_names_in_a_summary_do_not_act_on_the_terminal(folder: Path) -> None:
    for name in ("a\x1b[2J.txt", "b\nNothing has changed.txt", "c\u202etxt.gpj"):
        (folder / "documents" / name).write_text("Of milk there is some.")
    for words in (["index", "--dry-run"], ["index"], ["status"]):
        out = dixit(*words, cwd=folder).stdout
        assert "\x1b" not in out and "\u202e" not in out
        assert not any(line.startswith("Nothing has changed") for line in out.splitlines())
