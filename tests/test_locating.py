"""Where in the original a passage stands: as people cite it, in the terminal, the chat and the JSON."""

from __future__ import annotations

import io
from html import unescape

from hypothesis import given
from hypothesis import strategies as st
from pptx import Presentation

from app.chat import answer_message
from app.wording import where_told
from index.records import Locator, Span
from retrieval.locating import in_words, located
from retrieval.schema import answer_json

PAGES = (
    Locator(0, "page", "iii", 3),
    Locator(100, "page", "iv", 4),
    Locator(150, "page", "iii", 3),  # its foot, after the paragraph that goes on over the page
    Locator(170, "page", "iv", 4),
)
SUBTITLES = """1
00:00:01,000 --> 00:00:04,000
The harbour stays closed until May.

2
00:00:30,000 --> 00:00:34,000
The lighthouse was painted in the summer.
"""


def told(start: int, end: int, locators=PAGES) -> str:
    return in_words(located(locators, Span(start, end)))


def test_a_passage_within_a_page_is_on_that_page() -> None:
    assert told(10, 40) == "p. iii"
    assert told(160, 165) == "p. iii"
    assert told(180, 190) == "p. iv"


def test_a_passage_over_a_page_is_on_both() -> None:
    assert told(90, 110) == "pp. iii–iv"


def test_a_passage_that_ends_where_a_page_begins_is_not_on_it() -> None:
    assert told(90, 100) == "p. iii"


def test_what_stands_before_the_first_place_stands_at_none() -> None:
    notes = (Locator(500, "footnote", "3", 1),)
    assert told(0, 100, notes) == "" and told(510, 520, notes) == "footnote 3"
    assert told(0, 100, ()) == ""


def test_places_without_a_name_are_told_by_their_number() -> None:
    assert told(0, 5, (Locator(0, "page", "", 7),)) == "p. 7"
    assert told(0, 5, (Locator(0, "slide", "", 2),)) == "slide 2"


def test_a_body_that_goes_over_into_notes_is_told_by_the_body() -> None:
    mixed = (Locator(0, "page", "1", 1), Locator(50, "footnote", "1", 1))
    assert told(40, 60, mixed) == "p. 1"


@given(st.lists(st.integers(0, 300), unique=True), st.integers(0, 320), st.integers(1, 50))
def test_the_places_told_are_those_at_its_first_and_last_character(starts, start, length) -> None:
    locators = tuple(Locator(at, "page", "", number) for number, at in enumerate(sorted(starts), start=1))
    where = located(locators, Span(start, start + length))
    at = lambda offset: [x for x in locators if x.start <= offset][-1:]  # noqa: E731
    assert ([where.first], [where.last]) == (at(start), at(start + length - 1)) if where else not at(start)


def test_a_subtitle_is_cited_by_its_time(indexed) -> None:
    assistant = indexed({"talk.srt": SUBTITLES})
    answer = assistant.ask("Who painted the lighthouse?", k=1)
    place = answer.citations[0].place
    assert "00:00:30–00:00:34" in where_told(place)
    told = answer_json(answer)["passages"][0]["located"]
    assert (told["kind"], told["words"]) == ("time", "00:00:30–00:00:34")
    assert "00:00:30–00:00:34" in unescape(answer_message(answer))


def test_a_row_and_a_slide_are_cited_as_such(indexed) -> None:
    slides = Presentation()
    for words in ("Harbour", "The lighthouse was painted in the summer."):
        slides.slides.add_slide(slides.slide_layouts[5]).shapes.title.text = words
    data = io.BytesIO()
    slides.save(data)
    assistant = indexed(
        {"a.pptx": data.getvalue(), "b.csv": "what,when\nThe ferry sails again,May\nThe quay was sold,June\n"}
    )
    where = lambda question: where_told(assistant.ask(question).citations[0].place)[0]  # noqa: E731
    assert where("Was the lighthouse painted in the summer?") == "slide 2"
    assert where("Is the ferry sailing again?") == "row 2"
