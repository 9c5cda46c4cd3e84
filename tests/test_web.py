"""The web server as a reader meets it: the chat and the document page in a real browser, the API over real HTTP."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from browsing import listening, needs_browser

from app.server import create_app, serve
from app.settings import SEEDS
from index.errors import SettingError
from index.store import Store
from index.sync import sync
from retrieval.assistant import Assistant
from retrieval.schema import ANSWER_SCHEMA

HOSTILE_NAME = "a \"b' <i>.txt"
HOSTILE = """# <b>Zebra</b> "title" & **more

The zebra said <script>alert(1)</script> and <img src=x onerror=alert(2)> and <form action=http://evil><b>Go</b></form>.

    The zebra counts $$x^2$$ and \\(y\\) and **bold** and _under_ and `tick` and ``` fence.
# head of the zebra\t| a | b |\r
[a zebra](javascript:alert(3)) ![zebra](http://evil.example/x.png) https://evil.example/z &amp; &#60; {{zebra}} ${zebra}

Mayor <b onclick=alert(5)>Zed</b> **Zebra** said: “The zebra will <u>stay</u>.”

<IMG SRC=X ONERROR=ALERT(6)>: The zebra goes. <I>ZED</I>: The zebra stays. <IMG SRC=X ONERROR=ALERT(6)>: So it goes.

The zebra said in Hebrew שלום עולם (א) and in Arabic مرحبا, and \u202eturned around zebra\u2069 and left it open.
"""


HARBOUR = (
    "The harbour stays closed\n\nMayor Anna Berg spoke on Monday. “The harbour will stay closed until the pier is mended,” she "
    "said.\n\n“Nobody will risk a life for a herring,” Anna Berg said.\n\nThe fishermen did not agree. “We have bills to pay,” "
    "said Peter Holm, who chairs their union.\n"
)


def served(assistant: Assistant, host: str = "127.0.0.1") -> AbstractContextManager[str]:
    """The application on a free port, for as long as the block lasts; gives its address."""
    return listening(create_app(assistant, host))


@pytest.fixture(scope="module")
def seed_assistant(tmp_path_factory, minilm) -> Assistant:
    store = Store(tmp_path_factory.mktemp("seed"))
    sync(store, minilm, [SEEDS])
    return Assistant(store)


@pytest.fixture
def seed(seed_assistant: Assistant) -> Iterator[str]:
    """The address of a server over the seed document. One server at a time: Gradio's queues of two applications in one
    process, each with an event loop of its own, now and then lose an answer."""
    with served(seed_assistant) as address:
        yield address


def ask(page, question: str):
    """Type a question, press Enter, and give its answer."""
    answers = page.locator("#chat .answer")
    count = answers.count()
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    answers.nth(count).wait_for()
    return answers.nth(count)


LINES = """e => {
    const copy = e.cloneNode(true);
    copy.querySelectorAll("br").forEach(b => b.replaceWith("\\n"));
    return copy.textContent;
}"""


def shown_text(element) -> str:
    """An element's text, a `<br>` read as a line end."""
    return element.evaluate(LINES)


def got(address: str, headers: dict[str, str] | None = None, data: bytes | None = None):
    """(status, headers, body) of a request."""
    request = urllib.request.Request(address, data=data, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            return response.status, response.headers, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


@needs_browser
def test_a_question_is_answered_with_cited_passages_that_open_at_their_place(seed, opened):
    page = opened(seed)
    answer = ask(page, "what did Putin say about withdrawal?")
    quotes = answer.locator("blockquote")
    texts = [shown_text(q) for q in quotes.all()]
    number = next(
        i
        for i, t in enumerate(texts)
        if "the entire contingent will be withdrawn from the territory of Kazakhstan" in t
    )
    assert number < 3 and answer.locator("mark").count() >= 1
    who = answer.locator(".who").nth(number)
    assert " ".join(who.inner_text().split()).startswith("Said by Vladimir Putin, ")
    assert "“he” – pronoun" in " ".join(who.inner_text().split())
    assert answer.locator(".passage").nth(number).locator(".naming").inner_text() == "he"
    assert answer.locator(".understood").inner_text().startswith("Understood: speaker Vladimir Putin")
    citation = answer.locator(".citation").nth(number)
    assert re.search(r"10 January 2022 · paragraphs? \d", citation.inner_text())
    assert "seeds/000_de73240398956e60.txt" in citation.inner_text()
    assert "000_de73240398956e60.txt" in answer.locator(".cited").inner_text()

    with page.context.expect_page() as opening:
        citation.locator("a").click()
    document = opening.value
    document.locator("article").wait_for()
    assert "".join("".join(document.locator(".cited").all_text_contents()).split()) == "".join(texts[number].split())
    marks = [shown_text(m) for m in answer.locator(".passage").nth(number).locator("mark").all()]
    assert document.locator("mark").all_text_contents() == marks
    box = document.locator("#passage").bounding_box()
    assert 0 <= box["y"] <= 800 - 50 and document.evaluate("scrollY") > 0
    assert document.locator("#passage").evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    assert document.locator("#passage .voice").first.get_attribute("data-who") == "Vladimir Putin"
    assert document.locator("#passage .naming").inner_text() == "he"
    assert document.locator("article").evaluate("e => e.textContent") == next(SEEDS.glob("*.txt")).read_bytes().decode()

    from playwright.sync_api import Error

    with document.expect_event("close"), suppress(Error):  # it is gone before the click is reported done
        document.get_by_role("link", name="Back to the chat").click()
    assert answer.is_visible()


@needs_browser
def test_the_chat_says_what_is_searched_and_offers_questions_from_the_documents(seed, opened):
    page = opened(seed)
    searched = page.locator(".searched")
    searched.wait_for()
    assert re.search(r"Searching seeds\s*1 document · \d+ passages\s*indexed \d+ \w+ \d{4}", searched.inner_text())
    assert page.get_by_label("Your question").evaluate("e => e === document.activeElement")
    chip = page.locator(".chip:visible").first
    question = chip.inner_text()
    topic = question.partition(" about ")[2].removesuffix("?").casefold()
    assert topic in next(SEEDS.glob("*.txt")).read_text().casefold()
    chip.click()
    page.locator("#chat .answer").wait_for()
    assert page.locator("#chat .asked").inner_text() == question
    page.get_by_role("button", name=question).wait_for(state="hidden")


@needs_browser
def test_an_answer_offers_questions_that_follow_it(indexed, opened):
    with served(indexed({"a.txt": HARBOUR, "b.txt": "The quay is old.\n"})) as address:
        page = opened(address)
        ask(page, "what did Anna Berg say about the harbour?")
        page.get_by_role("button", name="Who else said so?").click()
        followed = page.locator("#chat .answer").nth(1)
        assert "any speaker but Anna Berg" in followed.locator(".understood").inner_text()
        assert "Read as: " in followed.locator(".read-as").inner_text()
        assert "Peter Holm" in followed.locator(".passage").first.inner_text()


@needs_browser
def test_what_others_say_is_apart_from_what_the_asked_speaker_says(indexed, opened):
    with served(indexed({"a.txt": HARBOUR})) as address:
        answer = ask(opened(address), "what did Anna Berg say about bills to pay?")
        speakers = answer.locator(".passage:not(.others .passage) .speaker").all_inner_texts()
        assert set(speakers) <= {"Anna Berg"}
        others = answer.locator(".others")
        assert others.locator("summary").inner_text() == "Not said by Anna Berg: what others say on this"
        if others.get_attribute("open") is None:
            others.locator("summary").click()
        first = others.locator(".passage").first
        assert first.locator(".number").inner_text().endswith("a")
        assert first.locator(".speaker").is_visible() and first.locator("blockquote").is_visible()


@needs_browser
def test_an_edited_copy_opens_to_its_own_words_with_those_that_differ_marked(indexed, opened):
    told = "“The bridge will be open again when the ice has gone from the river, not a day before,” Mayor Anna Berg told {}."
    assistant = indexed(
        {"gazette.txt": told.format("reporters in the town hall"), "herald.txt": told.format("the Herald")}
    )
    with served(assistant) as address:
        page = opened(address, width=390)
        answer = ask(page, "when will the bridge be open again?")
        assert answer.locator("section").count() == 1
        copy = answer.locator("details.nearly")
        assert "the Herald" in copy.locator("summary").inner_text() and not copy.locator(".words").is_visible()
        copy.locator("summary").click()
        both = {shown_text(copy.locator(".words")), shown_text(answer.locator("blockquote"))}
        assert both == {told.format("reporters in the town hall"), told.format("the Herald")}
        assert copy.locator(".differs").inner_text() in ("reporters in the town hall", "the Herald")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        with page.context.expect_page() as opening:
            copy.locator(".citation a").click()
        opening.value.locator("article .cited").first.wait_for()


@needs_browser
def test_the_document_page_names_who_speaks_and_leads_to_their_first_words(indexed, opened):
    with served(indexed({"a.txt": HARBOUR})) as address:
        document = opened(f"{address}/document?id=documents/a.txt")
        assert document.locator(".speakers a").all_inner_texts() == ["Anna Berg", "Peter Holm"]
        labels = document.locator(".voice[data-who]").evaluate_all("es => es.map(e => [e.dataset.who, e.textContent])")
        assert ["Peter Holm", "“We have bills to pay,”"] in labels
        assert document.locator("article").evaluate("e => e.textContent") == HARBOUR
        beside = "e => getComputedStyle(e, '::before').content"
        assert "Anna Berg" in document.locator(".voice").first.evaluate(beside)
        document.locator(".speakers a").nth(1).click()
        assert document.locator(":target").inner_text() == "“We have bills to pay,”"


@needs_browser
def test_a_question_beside_the_documents_finds_nothing_and_says_so(seed, opened):
    answer = ask(opened(seed), "what is the capital of France?")
    assert "Nothing found" in answer.locator(".verdict.none").inner_text()
    assert not answer.locator(".passage").count()


@needs_browser
def test_a_phone_shows_chat_and_document_without_sideways_scrolling(seed, opened):
    page = opened(seed, 390, 844)
    answer = ask(page, "what did Putin say about withdrawal?")
    question = page.get_by_label("Your question").bounding_box()
    assert question["y"] + question["height"] <= 844 and question["x"] + question["width"] <= 390
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(fits)
    with page.context.expect_page() as opening:
        answer.locator(".citation a").first.click()
    opening.value.locator("article").wait_for()
    assert opening.value.evaluate(fits)


@needs_browser
def test_a_hostile_document_is_shown_as_it_is(indexed, opened):
    assistant = indexed({HOSTILE_NAME: HOSTILE, "plain.txt": "The giraffe is another animal. It is tall.\n"})
    with served(assistant) as address:
        page = opened(address)
        question = "zebra said title counts head turned <script>alert(4)</script> **zebra** $$x$$"
        answer = ask(page, question)
        passages = json.loads(got(f"{address}/api/ask?q={quote(question)}")[2])["passages"]
        hostile = [p for p in passages if p["file"].endswith(HOSTILE_NAME)]
        assert all(
            any(w in p["text"] for p in hostile) for w in ("<script>", "$$x^2$$", "javascript:", "\u202e", "שלום")
        )
        shown = [shown_text(q) for q in answer.locator("blockquote").all()]
        assert shown == [p["text"].replace("\r\n", "\n") for p in passages]
        assert shown_text(page.locator(".asked")) == question
        titles = [a.inner_text() for a in answer.locator(".citation a.source").all()]
        assert titles == [p["title"] for p in passages] and '# <b>Zebra</b> "title" & **more' in titles
        assert HOSTILE_NAME in answer.inner_text()
        assert not page.locator("#chat :is(script, img, form, b, code, pre, h1, .katex, a:not(.source))").count()

        links = [a.get_attribute("href") for a in answer.locator("a.source").all()]
        document = opened(
            address + next(h for h in links if h.startswith("/document?id=documents/a%20%22b%27%20%3Ci%3E.txt&"))
        )
        assert document.locator("article").evaluate("e => e.textContent") == HOSTILE
        assert HOSTILE_NAME in document.locator("dl").inner_text()
        assert document.locator("mark").count() and not document.locator("article :is(script, img, form, b, a)").count()


@needs_browser
def test_a_file_changed_since_it_was_indexed_is_never_quoted_wrongly(indexed, opened, tmp_path):
    assistant = indexed({"note.txt": "The minister left on Monday.\n", "kept.txt": "The minister stayed at home.\n"})
    with served(assistant) as address:
        file = tmp_path / "documents" / "note.txt"
        file.write_text("The minister left on Friday.\n")
        page = opened(address)
        answer = ask(page, "the minister left on Monday")
        changed = answer.locator(".passage").filter(has=page.locator(".notice"))
        assert changed.count() == 1 and "has changed since it was indexed" in changed.locator(".notice").inner_text()
        assert not changed.locator("blockquote").count()
        assert "day" not in "".join(answer.locator("blockquote").all_inner_texts())

        link = address + changed.locator("a.source").get_attribute("href")
        document = opened(link)
        assert "has changed since it was indexed" in document.locator("header").inner_text()
        assert document.locator("article").inner_text().strip() == "The minister left on Friday."
        assert not document.locator("mark, .cited").count()

        file.unlink()
        document.reload()
        assert "no longer there" in document.locator(".notice").inner_text()
        assert not document.locator("article").count()


@needs_browser
def test_a_follow_up_leans_on_the_conversation_until_it_is_cleared(seed, opened):
    page = opened(seed)
    ask(page, "what did Putin say about withdrawal?")
    followed = ask(page, "and about terrorism?")
    assert followed.locator(".read-as").inner_text() == "Read as: what did Putin say about terrorism?"
    assert "speaker Vladimir Putin" in followed.locator(".understood").inner_text()
    stranger = ask(opened(seed), "and about terrorism?")
    assert not stranger.locator(".read-as").count()
    page.get_by_role("button", name="New conversation").click()
    page.locator("#chat .answer").first.wait_for(state="detached")
    page.locator(".chip:visible").first.wait_for()
    assert not ask(page, "and about terrorism?").locator(".read-as").count()


@needs_browser
def test_a_long_document_opens_at_once_at_its_end(indexed, opened):
    text = (
        "".join(f"The paragraph numbered {n} tells of nothing but its own number.\n\n" for n in range(1, 3001))
        + "The walrus sleeps.\n"
    )
    with served(indexed({"long.txt": text})) as address:
        link = ask(opened(address), "walrus sleeps").locator("a.source").first.get_attribute("href")
        document = opened(address + link)
        assert document.locator("#passage").inner_text() == "The walrus sleeps."
        box = document.locator("#passage").bounding_box()
        assert 0 <= box["y"] <= 750
        assert document.locator("article").evaluate("e => e.textContent") == text


@needs_browser
def test_what_could_not_be_read_is_counted_and_listed(indexed, opened):
    with served(indexed({"a.txt": "Some words stand here.\n", "<b>broken.txt": b"\0\0\0"})) as address:
        page = opened(address)
        page.get_by_text("1 could not be read").click()
        assert "<b>broken.txt" in page.locator(".searched details").inner_text()
        assert "NUL bytes" in page.locator(".searched details").inner_text()


@needs_browser
def test_an_empty_store_is_told_in_a_sentence(tmp_path, opened):
    with served(Assistant(Store(tmp_path / "none"))) as address:
        page = opened(address)
        page.get_by_text("run dixit index PATH first").or_(
            page.get_by_text("run `dixit index PATH` first")
        ).first.wait_for()
        assert "dixit index" in ask(page, "anything?").inner_text()


def test_the_api_answers_in_the_documented_form(seed):
    status, headers, body = got(f"{seed}/api/ask?q=what%20did%20Putin%20say%20about%20withdrawal%3F&k=2")
    answer = json.loads(body)
    assert (status, answer["schema"]) == (200, ANSWER_SCHEMA) and 1 <= len(answer["passages"]) <= 2
    text = next(SEEDS.glob("*.txt")).read_bytes().decode()
    assert all(p["text"] == text[p["start"] : p["end"]] for p in answer["passages"])
    assert answer["passages"][0]["speaker"] == "Vladimir Putin"
    who = answer["passages"][0]["who"]
    assert (who["how"], who["mention_text"], who["because"]) == ("said", "he", "pronoun")
    assert text[slice(*who["mention"])] == "he"
    assert answer["understood"]["shown"].startswith("speaker Vladimir Putin")
    posted = got(
        f"{seed}/api/ask",
        {"content-type": "application/json"},
        b'{"q": "what did Putin say about withdrawal?", "k": 2}',
    )
    assert json.loads(posted[2]) == answer
    told = json.loads(got(f"{seed}/api/status")[2])
    assert (told["documents"], told["failed"]) == (1, []) and told["committed_at"]


def test_several_askers_at_once_each_get_their_own_answer(indexed):
    animals = ["zebra", "walrus", "giraffe", "otter", "badger", "heron"]
    with served(indexed({f"{a}.txt": f"The {a} was seen by the river on Sunday.\n" for a in animals})) as address:
        with ThreadPoolExecutor(len(animals)) as pool:
            answers = list(pool.map(lambda a: got(f"{address}/api/ask?q=where+was+the+{a}+seen&k=1")[2], animals))
    assert [json.loads(a)["passages"][0]["file"] for a in answers] == [f"documents/{a}.txt" for a in animals]


@pytest.mark.parametrize(
    "query", ["", "?q=", "?q=a&k=0", "?q=a&k=x", "?q=a&k=101", "?q=a&k=%C2%B2", f"?q={'a' * 4001}"]
)
def test_the_api_refuses_what_makes_no_sense_in_a_sentence(seed, query):
    status, _, body = got(f"{seed}/api/ask{query}")
    assert status == 400 and json.loads(body)["error"].endswith(".")


@pytest.mark.parametrize("query, status", [
    ("", 400), ("?id=none.txt", 404), ("?id=SEED&start=0&end=999999999", 400), ("?id=SEED&start=5&end=5", 400),
    ("?id=SEED&start=-1&end=5", 400), ("?id=SEED&start=x&end=5", 400), ("?id=SEED&start=5", 400),
    ("?id=SEED&h=1-2", 400),
    ("?id=SEED&start=0&end=9&h=5-10", 400), ("?id=SEED&start=0&end=9&h=5", 400), ("?id=SEED&start=0&end=%C2%B2", 400),
    ("?id=SEED&start=0&end=9" + "&h=1-2" * 201, 400), ("?id=%3Cscript%3Ealert(1)%3C/script%3E", 404),
])  # fmt: skip
def test_a_place_that_is_not_there_is_refused_in_a_sentence(seed, query, status):
    found, headers, body = got(f"{seed}/document{query.replace('SEED', 'seeds/000_de73240398956e60.txt')}")
    assert found == status and re.search(r'role="alert">[^<]+\.', body) and "<script>alert" not in body
    assert "text/html" in headers["content-type"]


@pytest.mark.parametrize("path", ["/", "/document?id=none", "/api/status", "/dixit/reader.css", "/config", "/nothing"])
def test_every_response_forbids_what_is_not_ours(seed, path):
    headers = got(seed + path)[1]
    policy = dict(p.strip().split(" ", 1) for p in headers["content-security-policy"].split(";"))
    assert policy["default-src"] in ("'self'", "'none'") and "http" not in headers["content-security-policy"]
    assert (policy["frame-ancestors"], policy["object-src"]) == ("'none'",) * 2
    # The page of a document has a form, for what is to be found in it; it leads to this server only.
    assert policy["form-action"] == ("'self'" if path.startswith("/document?") else "'none'")
    assert (policy["connect-src"], policy["img-src"]) == ("'self'", "'self' data:")
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


@pytest.mark.parametrize("host, status", [
    ("evil.example", 403), ("127.0.0.1.evil.example", 403), ("localhost.", 403), ("[::1", 403), ("192.168.1.7", 403),
    ("localhost:7860", 200), ("127.0.0.1", 200), ("[::1]:7860", 200),
])  # fmt: skip
def test_a_foreign_name_is_refused(seed, host, status):
    assert got(f"{seed}/api/status", {"host": host})[0] == status
    assert got(f"{seed}/", {"host": host})[0] == status


def test_a_server_for_all_addresses_answers_to_addresses_but_to_no_foreign_name(indexed):
    with served(indexed({"a.txt": "Some words.\n"}), "0.0.0.0") as address:
        assert got(f"{address}/api/status", {"host": "192.168.1.7:7860"})[0] == 200
        assert got(f"{address}/api/status", {"host": "evil.example"})[0] == 403


def test_another_sites_page_cannot_post(seed):
    refused = got(f"{seed}/api/ask", {"origin": "http://evil.example", "content-type": "text/plain"}, b"{}")
    assert refused[0] == 403 and refused[2].endswith("refused.")


def test_files_cannot_be_put_on_the_server(seed):
    body = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nhello\r\n--x--\r\n'
    assert got(f"{seed}/gradio_api/upload", {"content-type": "multipart/form-data; boundary=x"}, body)[0] >= 400


def test_a_taken_port_is_one_sentence_with_the_remedy(indexed):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingError, match=rf"^Port {port} .*--port\.$"):
            serve(indexed({"a.txt": "Some words.\n"}), "127.0.0.1", port, open_browser=False)


def test_serve_prints_its_address_once_it_answers_and_ends_quietly(indexed, tmp_path):
    indexed({"a.txt": "Some words.\n"})
    program = (
        "import sys; from pathlib import Path; from app.server import serve; from index.store import Store;"
        " from retrieval.assistant import Assistant; serve(Assistant(Store(Path(sys.argv[1]))), '127.0.0.1', 0, False)"
    )
    arguments = [sys.executable, "-c", program, str(tmp_path / "store")]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(arguments, cwd=Path(__file__).parent.parent, **pipes) as process:
        try:
            address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
            assert json.loads(got(f"{address[0]}/api/status")[2])["documents"] == 1
            with urllib.request.urlopen(f"{address[0]}/gradio_api/heartbeat/chat", timeout=120):  # as an open chat does
                process.send_signal(signal.SIGINT)
                _, complaints = process.communicate(timeout=120)
            assert (process.returncode, complaints) == (0, "")
        finally:
            process.kill()


def test_importing_the_server_does_not_pay_for_gradio():
    program = (
        "import sys, app.server; sys.exit(any(m in sys.modules for m in ('gradio', 'fastapi', 'torch', 'uvicorn')))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parent.parent).returncode == 0
