"""The commands as a person or a script meets them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
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
    (folder / "documents/table.csv").write_text("a,b\n1,2\n")
    (folder / "documents/scan.pdf").write_bytes(b"%PDF-")
    out = dixit("index", "documents", cwd=folder).stdout
    assert "not read: documents/photo.txt: not a text file" in out
    assert "not read: documents/table.csv: " in out and "column “text”" in out
    assert "documents/scan.pdf (.pdf is not a format that is read)" in out
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
