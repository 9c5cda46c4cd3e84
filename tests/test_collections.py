"""Collections: several folders in one index, each with a name, asked one by one, together or all at once."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from indexes import HASHING, contents, doc_ids, fresh, write
from test_cli import dixit
from test_web import served

from index.errors import SettingError
from index.membership import forget, leave_out
from index.store import Store
from index.sync import sync
from retrieval.assistant import Assistant
from retrieval.records import Answer

WINDMILL = (
    "The mill\n\nThe windmill lost a sail in the storm.\n\n“It will turn again in June,” said Olga Lund, the miller."
)
LIGHTHOUSE = "The lighthouse\n\nThe lighthouse lost its lamp in the storm.\n\nThe keeper rowed home."
BAKERY = "The bakery\n\nThe bakery lost its chimney in the storm.\n\n“We bake all the same,” said Emil Falk, the baker."


@pytest.fixture
def inland(tmp_path: Path) -> Path:
    return write(tmp_path / "inland", "news.txt", WINDMILL).parent


@pytest.fixture
def coast(tmp_path: Path) -> Path:
    return write(tmp_path / "coast", "news.txt", LIGHTHOUSE).parent


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return write(tmp_path / "town", "paper/monday.txt", BAKERY).parent.parent


@pytest.fixture
def store(tmp_path: Path, inland: Path, coast: Path, town: Path) -> Store:
    made = Store(tmp_path / "store")
    sync(made, HASHING, [inland, coast, town], names={town: "The town's papers"})
    return made


@pytest.fixture
def assistant(store: Store) -> Assistant:
    return Assistant(store)


def cited(answer: Answer) -> set[str]:
    """The documents of all passages of an answer, those folded into others or not asked for included."""
    places = [c.place for c in (*answer.citations, *answer.others)]
    places += [p for c in (*answer.citations, *answer.others) for p in (*c.also, *(v.place for v in c.nearly))]
    return {p.document.doc_id for p in places}


def names(store: Store) -> dict[str, Path]:
    with store.read() as snapshot:
        return {r.name: r.path for r in snapshot.roots()}


# Names


def test_a_collection_has_the_name_that_it_is_given_or_that_of_its_folder(
    store: Store, inland: Path, coast: Path, town: Path
) -> None:
    assert names(store) == {"inland": inland, "coast": coast, "The town's papers": town}
    assert doc_ids(store) == {"inland/news.txt", "coast/news.txt", "The town's papers/paper/monday.txt"}


@pytest.mark.parametrize(
    "name", ["", " ", " padded", "two\nlines", "bell\x07", "turned\u202e", "half\udc80", "no\u00a0break\u200b"]
)
def test_a_name_of_characters_that_cannot_be_seen_is_refused(store: Store, inland: Path, name: str) -> None:
    before = contents(store)
    with pytest.raises(SettingError, match="give it a name"):
        sync(store, HASHING, [inland], names={inland: name})
    assert "inland" in names(store) and contents(store) == before


@pytest.mark.parametrize("name", ["coast", "coast/south", "The town's papers"])
def test_a_name_that_is_another_s_or_within_another_s_is_refused(store: Store, inland: Path, name: str) -> None:
    with pytest.raises(SettingError, match="coast"):
        sync(store, HASHING, [inland], names={inland: name})
    assert "inland" in names(store)


def test_a_name_around_another_s_is_refused(store: Store, inland: Path, tmp_path: Path) -> None:
    sync(store, HASHING, [inland], names={inland: "land/north"})
    other = write(tmp_path / "other", "o.txt", "A letter.").parent
    with pytest.raises(SettingError, match="land/north"):
        sync(store, HASHING, [other], names={other: "land"})
    sync(store, HASHING, [other], names={other: "land/south"})
    assert {"land/north", "land/south"} < set(names(store))


def test_a_refused_name_leaves_no_index_behind(tmp_path: Path, inland: Path) -> None:
    made = Store(tmp_path / "new")
    with pytest.raises(SettingError):
        sync(made, HASHING, [inland], names={inland: " "})
    with pytest.raises(SettingError, match="does not exist"):
        sync(made, HASHING, [], names={tmp_path / "none": "Nothing"})
    assert not made.exists() or not names(made)


def test_a_folder_within_a_collection_gets_no_name_of_its_own(store: Store, town: Path) -> None:
    with pytest.raises(SettingError, match="lies within"):
        sync(store, HASHING, [town / "paper"], names={town / "paper": "Mondays"})
    assert "Mondays" not in names(store)


def test_a_file_can_be_a_collection_with_a_name(store: Store, tmp_path: Path) -> None:
    letter = write(tmp_path / "desk", "letter.txt", "The piano was sold to a school.")
    sync(store, HASHING, [letter], names={letter: "The letter"})
    assert names(store)["The letter"] == letter
    asked = Assistant(store).ask("who bought the piano?", collections=["The letter"])
    assert cited(asked) == {"The letter"}


# Renaming


def test_a_renamed_collection_is_called_so_at_once_and_embeds_nothing(
    store: Store, inland: Path, coast: Path, town: Path, assistant: Assistant
) -> None:
    report = sync(store, HASHING, [inland], names={inland: "Hills"})
    assert report.embedded == 0 and not report.failures
    assert names(store) == {"Hills": inland, "coast": coast, "The town's papers": town}
    assert cited(assistant.ask("windmill sail", collections=["Hills"])) == {"Hills/news.txt"}
    with pytest.raises(SettingError):
        assistant.ask("windmill sail", collections=["inland"])


def test_a_renamed_collection_is_as_one_that_was_called_so_from_the_beginning(
    store: Store, inland: Path, coast: Path, town: Path, tmp_path: Path
) -> None:
    sync(store, HASHING, [inland], names={inland: "Hills"})
    made = Store(tmp_path / "from the beginning")
    sync(made, HASHING, [inland, coast, town], names={inland: "Hills", town: "The town's papers"})
    assert contents(store) == contents(made)


def test_links_to_documents_of_a_renamed_collection_keep_working(
    store: Store, inland: Path, assistant: Assistant
) -> None:
    write(inland, "mail #1.jsonl", '{"id": "7", "text": "The parcel came on Friday."}\n')
    sync(store, HASHING)
    for name in ("Hills", "Mountains", "Hills and dales"):
        sync(store, HASHING, [inland], names={inland: name})
    for former in ("inland", "Hills", "Mountains", "Hills and dales"):
        opened = assistant.open(f"{former}/news.txt")
        assert (opened.stored.doc_id, opened.source.proved_text) == ("Hills and dales/news.txt", WINDMILL)
        assert assistant.open(f"{former}/mail %231.jsonl#7").stored.doc_id == "Hills and dales/mail %231.jsonl#7"


def test_a_link_leads_to_the_document_that_has_the_name_now(
    store: Store, inland: Path, coast: Path, assistant: Assistant
) -> None:
    sync(store, HASHING, [inland], names={inland: "Hills"})
    sync(store, HASHING, [coast], names={coast: "inland"})
    assert assistant.open("inland/news.txt").stored.file.location == coast / "news.txt"
    assert assistant.open("coast/news.txt").stored.file.location == coast / "news.txt"
    assert assistant.open("Hills/news.txt").stored.file.location == inland / "news.txt"


def test_a_collection_gets_its_old_name_back(store: Store, inland: Path, assistant: Assistant) -> None:
    before = contents(store)
    for name in ("Hills", "inland"):
        sync(store, HASHING, [inland], names={inland: name})
    assert contents(store) == before
    assert assistant.open("Hills/news.txt").stored.doc_id == "inland/news.txt"


def test_a_name_given_again_is_no_change(store: Store, inland: Path) -> None:
    with store.read() as snapshot:
        before = snapshot.commit
    assert sync(store, HASHING, [inland], names={inland: "inland"}).nothing_to_do
    with store.read() as snapshot:
        assert snapshot.commit == before


def test_making_everything_again_keeps_the_names(store: Store, inland: Path, assistant: Assistant) -> None:
    sync(store, HASHING, [inland], names={inland: "Hills"})
    held = names(store)
    sync(store, HASHING, fresh=True)
    assert names(store) == held
    assert assistant.open("inland/news.txt").stored.doc_id == "Hills/news.txt"


# Asking in some


def test_all_collections_are_asked_unless_some_are_chosen(assistant: Assistant) -> None:
    everywhere = assistant.ask("what was lost in the storm?")
    assert cited(everywhere) == {"inland/news.txt", "coast/news.txt", "The town's papers/paper/monday.txt"}
    assert everywhere.collections == () and everywhere.searched.documents == 3


@pytest.mark.parametrize(
    "chosen", [["inland"], ["coast", "The town's papers"], ["coast", "coast"], ["inland", "coast", "The town's papers"]]
)
def test_only_the_chosen_ones_are_asked_and_counted(assistant: Assistant, chosen: list[str]) -> None:
    answer = assistant.ask("what was lost in the storm?", collections=chosen)
    assert {c.split("/")[0] for c in cited(answer)} == set(chosen)
    assert set(answer.collections) == set(chosen) and len(answer.collections) == len(set(chosen))
    alone = {"inland": 2, "coast": 2, "The town's papers": 2}
    assert answer.searched.documents == len(set(chosen))
    assert answer.searched.passages == sum(alone[c] for c in set(chosen))


def test_what_stands_in_another_collection_is_not_found(assistant: Assistant) -> None:
    answer = assistant.ask("who rowed home?", collections=["inland"])
    assert answer.verdict == "none" and not cited(answer)
    assert cited(assistant.ask("who rowed home?", collections=["coast"])) == {"coast/news.txt"}


def test_two_collections_with_the_same_paths_are_told_apart(assistant: Assistant) -> None:
    assert cited(assistant.ask("lost in the storm", collections=["coast"])) == {"coast/news.txt"}
    assert cited(assistant.ask("lost in the storm", collections=["inland"])) == {"inland/news.txt"}
    assert assistant.open("coast/news.txt").source.proved_text == LIGHTHOUSE
    assert assistant.open("inland/news.txt").source.proved_text == WINDMILL


def test_the_same_words_in_another_collection_are_no_place_to_show(
    store: Store, coast: Path, assistant: Assistant
) -> None:
    write(coast, "copy.txt", WINDMILL)
    sync(store, HASHING)
    everywhere = assistant.ask("windmill sail")
    assert {"coast/copy.txt", "inland/news.txt"} <= cited(everywhere)
    assert cited(assistant.ask("windmill sail", collections=["inland"])) == {"inland/news.txt"}


def test_somebody_who_speaks_in_another_collection_is_not_quoted_from_it(assistant: Assistant) -> None:
    there = assistant.ask("what did Olga Lund say?", collections=["inland"])
    assert "It will turn again in June" in there.citations[0].text
    elsewhere = assistant.ask("what did Olga Lund say about the storm?", collections=["coast"])
    assert cited(elsewhere) <= {"coast/news.txt"}
    assert all(c.who.speaker != "Olga Lund" for c in elsewhere.citations)


def test_an_empty_collection_finds_nothing(store: Store, tmp_path: Path, assistant: Assistant) -> None:
    (tmp_path / "empty").mkdir()
    sync(store, HASHING, [tmp_path / "empty"])
    answer = assistant.ask("windmill sail", collections=["empty"])
    assert answer.verdict == "none" and not cited(answer)
    assert (answer.searched.documents, answer.searched.passages, answer.searched.failed) == (0, 0, 0)


def test_what_could_not_be_read_is_counted_where_it_is(store: Store, coast: Path, assistant: Assistant) -> None:
    write(coast, "photo.txt", b"\0\1")
    sync(store, HASHING)
    assert assistant.ask("windmill", collections=["coast"]).searched.failed == 1
    assert assistant.ask("windmill", collections=["inland"]).searched.failed == 0


def test_an_unknown_collection_is_one_sentence_that_names_those_there_are(assistant: Assistant) -> None:
    with pytest.raises(SettingError) as refused:
        assistant.ask("windmill", collections=["inland", "Atlantis"])
    told = str(refused.value)
    assert all(f"“{name}”" in told for name in ("Atlantis", "inland", "coast", "The town's papers"))
    assert len(told.splitlines()) == 1


def test_a_follow_up_stays_in_the_chosen_collection(assistant: Assistant) -> None:
    first = assistant.ask("what did the storm take from the windmill?", collections=["inland"])
    assert cited(first) == {"inland/news.txt"}
    next_ = assistant.ask("and when will it turn again?", before=first.question, collections=["inland"])
    assert cited(next_) == {"inland/news.txt"} and next_.collections == ("inland",)
    elsewhere = assistant.ask("and the lamp?", before=first.question, collections=["coast"])
    assert cited(elsewhere) == {"coast/news.txt"}


# From the command line, in a batch, over HTTP


@pytest.fixture
def place(tmp_path: Path, inland: Path, coast: Path, town: Path) -> Path:
    dixit("index", "inland", "coast", cwd=tmp_path)
    dixit("index", "town", "--name", "The town's papers", cwd=tmp_path)
    return tmp_path


def in_json(*words: str, cwd: Path) -> dict:
    return json.loads(dixit("ask", "what was lost in the storm?", *words, "--json", cwd=cwd).stdout)


def files_of(answer: dict) -> set[str]:
    return {p["file"] for p in answer["passages"]}


def test_ask_in_one_some_or_all(place: Path) -> None:
    assert files_of(in_json(cwd=place)) == {
        "inland/news.txt",
        "coast/news.txt",
        "The town's papers/paper/monday.txt",
    }
    one = in_json("--in", "The town's papers", cwd=place)
    assert files_of(one) == {"The town's papers/paper/monday.txt"}
    assert (one["index"]["collections"], one["index"]["documents"]) == (["The town's papers"], 1)
    some = in_json("--in", "inland", "--in", "coast", cwd=place)
    assert files_of(some) == {"inland/news.txt", "coast/news.txt"}
    assert (some["index"]["collections"], some["index"]["documents"]) == (["inland", "coast"], 2)


def test_an_answer_that_is_none_says_which_collections_were_searched(place: Path) -> None:
    out = dixit("ask", "who rowed home?", "--in", "inland", cwd=place).stdout
    assert "Searched 1 document, 2 passages of inland." in out


def test_ask_in_an_unknown_collection_is_one_sentence(place: Path) -> None:
    done = dixit("ask", "windmill", "--in", "Atlantis\x1b[2J", cwd=place, ok=False)
    assert done.stdout == "" and "\x1b" not in done.stderr
    assert len(done.stderr.splitlines()) == 1 and "“inland”, “coast”, “The town's papers”" in done.stderr


def test_a_batch_is_answered_in_the_chosen_collections_follow_ups_too(place: Path) -> None:
    turns = [{"text": "what did the storm take from the windmill?"}, {"text": "and from the bakery?"}]
    lines = [{"id": "one", "text": "what was lost in the storm?"}, {"id": "two", "turns": turns}]
    (place / "queries.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    dixit("batch", "queries.jsonl", "--out", "a.jsonl", "--in", "inland", cwd=place)
    one, two = map(json.loads, (place / "a.jsonl").read_text().splitlines())
    for answer in (one, *two["answers"]):
        assert files_of(answer) <= {"inland/news.txt"} and answer["index"]["collections"] == ["inland"]
    assert files_of(one) == files_of(two["answers"][0]) == {"inland/news.txt"}
    failed = dixit("batch", "queries.jsonl", "--out", "b.jsonl", "--in", "Atlantis", cwd=place, ok=False)
    assert "Atlantis" in failed.stderr and len(failed.stderr.splitlines()) == 1


@pytest.fixture
def api(assistant: Assistant) -> Iterator[Callable[..., tuple[int, dict]]]:
    """Calls the served API: a path, and a body to post."""
    with served(assistant) as address:

        def call(path: str, body: object = None) -> tuple[int, dict]:
            data = None if body is None else json.dumps(body).encode()
            request = urllib.request.Request(address + path, data, {"content-type": "application/json"})
            try:
                with urllib.request.urlopen(request, timeout=30) as response:
                    return response.status, json.load(response)
            except urllib.error.HTTPError as error:
                return error.code, json.load(error)

        yield call


def test_the_api_answers_from_the_chosen_collections(api: Callable[..., tuple[int, dict]]) -> None:
    q = quote("what was lost in the storm?")
    papers = "The town's papers"
    assert len(files_of(api(f"/api/ask?q={q}")[1])) == 3
    assert files_of(api(f"/api/ask?q={q}&in=coast")[1]) == {"coast/news.txt"}
    both = api(f"/api/ask?q={q}&in=coast&in={quote(papers)}")[1]
    assert files_of(both) == {"coast/news.txt", f"{papers}/paper/monday.txt"}
    assert (both["index"]["collections"], both["index"]["documents"]) == (["coast", papers], 2)
    posted = api("/api/ask", {"q": "what was lost in the storm?", "in": ["inland"]})[1]
    assert files_of(posted) == {"inland/news.txt"} and posted["index"]["collections"] == ["inland"]
    assert len(files_of(api("/api/ask", {"q": "what was lost in the storm?", "in": []})[1])) == 3


@pytest.mark.parametrize("given", ["inland", [1], {"inland": True}, None, ["Atlantis"], [["inland"]]])
def test_the_api_refuses_collections_that_are_none_in_a_sentence(api: Callable, given: object) -> None:
    status, answer = api("/api/ask", {"q": "windmill", "in": given})
    assert status == 400 and set(answer) == {"error"} and len(answer["error"].splitlines()) == 1


def test_status_lists_the_collections_with_what_each_holds(place: Path, town: Path) -> None:
    write(town, "paper/photo.txt", b"\0\1")
    dixit("index", cwd=place)
    out = dixit("status", cwd=place).stdout
    assert f"The town's papers: {town} (1 document, 2 passages)" in out
    told = json.loads(dixit("status", "--json", cwd=place).stdout)["collections"]
    assert [(c["name"], c["documents"], c["passages"], c["failed"], c["there"]) for c in told] == [
        ("inland", 1, 2, 0, True),
        ("coast", 1, 2, 0, True),
        ("The town's papers", 1, 2, 1, True),
    ]
    town.rename(place / "elsewhere")
    assert "is not there now" in dixit("status", cwd=place).stdout


def test_a_name_is_given_and_changed_on_the_command_line(place: Path) -> None:
    out = dixit("index", "inland", "--name", "Hills", cwd=place).stdout
    assert "Nothing has changed" not in out and "Hills" in out, "its name has"
    assert "Hills: " in dixit("status", cwd=place).stdout
    assert files_of(in_json("--in", "Hills", cwd=place)) == {"Hills/news.txt"}
    for words in (["index", "--name", "X"], ["index", "inland", "coast", "--name", "X"]):
        assert "one path" in dixit(*words, cwd=place, ok=False).stderr
    refused = dixit("index", "inland", "--name", "coast", cwd=place, ok=False)
    assert "coast" in refused.stderr and len(refused.stderr.splitlines()) == 1


# Belonging


def test_a_collection_is_forgotten_by_its_name_or_its_place(store: Store, coast: Path, assistant: Assistant) -> None:
    forget(store, Path("The town's papers"))
    assert set(names(store)) == {"inland", "coast"}
    forget(store, coast)
    assert set(names(store)) == {"inland"}
    assert doc_ids(store) == {"inland/news.txt"}
    assert assistant.ask("bakery chimney").verdict == "none"
    with pytest.raises(SettingError, match="papers"):
        forget(store, Path("The town's papers"))


def test_forget_by_name_takes_the_one_called_so_not_one_whose_folder_is(store: Store, place: Path) -> None:
    dixit("index", "inland", "--name", "x", cwd=place)
    dixit("index", "coast", "--name", "inland", cwd=place)
    dixit("forget", "inland", cwd=place)
    held = json.loads(dixit("status", "--json", cwd=place).stdout)["collections"]
    assert sorted(c["name"] for c in held) == ["The town's papers", "x"]


def test_a_forgotten_name_is_free_again(store: Store, inland: Path, coast: Path) -> None:
    forget(store, Path("inland"))
    sync(store, HASHING, [coast], names={coast: "inland"})
    assert names(store)["inland"] == coast


def test_a_file_moved_between_collections_is_a_rename(
    store: Store, inland: Path, coast: Path, assistant: Assistant
) -> None:
    (inland / "news.txt").rename(coast / "mill.txt")
    report = sync(store, HASHING)
    assert (report.renamed, report.added, report.removed) == ([("inland/news.txt", "coast/mill.txt")], [], [])
    assert report.embedded == 0
    assert cited(assistant.ask("windmill sail", collections=["coast"])) == {"coast/mill.txt"}
    assert assistant.ask("windmill sail", collections=["inland"]).verdict == "none"
    assert assistant.open("inland/news.txt").stored.doc_id == "coast/mill.txt"


def test_files_that_change_places_between_collections_are_those_they_are(
    store: Store, inland: Path, coast: Path, town: Path, assistant: Assistant, tmp_path: Path
) -> None:
    (inland / "news.txt").rename(tmp_path / "news.txt")
    (coast / "news.txt").rename(inland / "news.txt")
    (tmp_path / "news.txt").rename(coast / "news.txt")
    assert sync(store, HASHING).embedded == 0
    assert cited(assistant.ask("windmill sail", collections=["coast"])) == {"coast/news.txt"}
    assert assistant.open("inland/news.txt").source.proved_text == LIGHTHOUSE


def test_a_collection_around_others_takes_their_place_and_links_lead_into_it(tmp_path: Path) -> None:
    country = tmp_path / "country"
    write(country, "inland/news.txt", WINDMILL)
    write(country, "coast/news.txt", LIGHTHOUSE)
    store = Store(tmp_path / "store")
    sync(store, HASHING, [country / "inland", country / "coast"], names={country / "inland": "Hills"})
    report = sync(store, HASHING, [country], names={country: "The country"})
    assert names(store) == {"The country": country} and report.embedded == 0
    assert doc_ids(store) == {"The country/inland/news.txt", "The country/coast/news.txt"}
    assistant = Assistant(store)
    assert assistant.open("Hills/news.txt").source.proved_text == WINDMILL
    assert assistant.open("coast/news.txt").source.proved_text == LIGHTHOUSE
    with pytest.raises(SettingError, match="“The country”"):
        assistant.ask("windmill", collections=["Hills"])


def test_a_collection_around_one_may_take_its_name(tmp_path: Path, town: Path) -> None:
    store = Store(tmp_path / "store")
    sync(store, HASHING, [town / "paper"], names={town / "paper": "Papers"})
    report = sync(store, HASHING, [town], names={town: "Papers"})
    assert names(store) == {"Papers": town} and report.embedded == 0
    assert Assistant(store).open("Papers/monday.txt").stored.doc_id == "Papers/paper/monday.txt"


def test_what_was_left_out_of_a_collection_stays_out_of_the_one_around_it(tmp_path: Path, town: Path) -> None:
    write(town, "paper/tuesday.txt", "The chimney was mended on Tuesday.")
    store = Store(tmp_path / "store")
    sync(store, HASHING, [town / "paper"])
    leave_out(store, "paper/tuesday.txt")
    sync(store, HASHING, [town])
    assert doc_ids(store) == {"town/paper/monday.txt"}


def test_collections_looked_at_alone_come_to_what_all_come_to_at_once(
    tmp_path: Path, inland: Path, coast: Path
) -> None:
    store = Store(tmp_path / "alone")
    for root in (coast, inland):
        sync(store, HASHING, [root])
    assert contents(store) == fresh(tmp_path, inland, coast)
