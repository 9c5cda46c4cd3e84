"""Paragraphs, and head matter told from prose: what is wrongly taken for a stamp or a caption is never found again."""

from __future__ import annotations

import gzip
import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import readers
from index.blocks import lay_out, paragraphs
from index.dates import ReadDate, read_date, spoken
from index.records import Document, Metadata

SEED = Path(__file__).resolve().parent.parent / "seeds" / "000_de73240398956e60.txt"
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
PROSE = "The minister left the government on Monday after a long dispute. Nobody knows who will follow."


def kinds(text: str, declared: Metadata = Metadata()) -> list[tuple[str, str]]:
    return [(b.kind, b.span.of(text)) for b in lay_out(text, declared)[0]]


def test_the_seed_is_laid_out_as_a_reader_sees_it() -> None:
    (document,) = readers.read(SEED.read_bytes(), SEED.name).items
    assert isinstance(document, Document)
    assert [(b.paragraph, b.kind) for b in document.blocks] == [
        (1, "apparatus"),
        (2, "heading"),
        (3, "paragraph"),
        (4, "apparatus"),
        *((n, "paragraph") for n in range(5, 10)),
    ]
    assert document.blocks[0].span.of(document.text) == "Posted: 10.01.2022 14:29:00"
    assert document.blocks[3].span.of(document.text) == "Photo: www.tass.ru"
    assert document.metadata.title == "Putin: We won’t allow scenarios of so-called colour revolutions to be played out"
    assert document.metadata.published == "2022-01-10"
    assert document.metadata.published_note == "“10.01.2022 14:29:00” read day first"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_paragraphs_are_parted_by_blank_lines_only(newline: str) -> None:
    text = f"One line{newline}and its second.{newline}{newline} \t{newline}Another.{newline}"
    assert [(b.paragraph, b.span.of(text)) for b in paragraphs(text)] == [
        (1, f"One line{newline}and its second."),
        (2, "Another."),
    ]


def test_lines_too_long_to_have_been_wrapped_are_paragraphs() -> None:
    first, second = PROSE * 2, PROSE * 3
    text = f"{first}\n{second}"
    assert [b.span.of(text) for b in paragraphs(text)] == [first, second]


@pytest.mark.parametrize(
    "dateline",
    [
        "LONDON —",
        "WASHINGTON (AP) —",
        "LONDON (Reuters) -",
        "CHICAGO –",
        "BOCA RATON, Fla. --",
        "PASADENA, Calif., Jan. 1 (UPI) —",
        "MOSCOW, January 10. /TASS/.",
        "МОСКВА, 10 января. /ТАСС/.",
    ],
)
def test_a_dateline_is_parted_from_the_paragraph_it_opens(dateline: str) -> None:
    text = f"Minister resigns\n\n{dateline} {PROSE}"
    blocks, _ = lay_out(text)
    assert kinds(text)[1:] == [("apparatus", dateline), ("paragraph", PROSE)]
    assert blocks[1].paragraph == blocks[2].paragraph == 2


@pytest.mark.parametrize(
    "opening",
    [
        "AFL-CIO leaders met on Monday. ",
        "NATO — the alliance — met. ",
        "NATO-Russia talks failed. ",
        "X-rays show it. ",
        "I - and you - know it. ",
    ],
)
def test_prose_is_no_dateline(opening: str) -> None:
    text = opening + PROSE
    assert kinds(text) == [("paragraph", text)]


@pytest.mark.parametrize(
    "caption",
    [
        "Photo: www.tass.ru",
        "Photo by: Jane Doe",
        "Image: a street in Kyiv / Reuters",
        "The president arrives. (AP Photo/John Smith)",
        "Фото: ТАСС",
        "Video | CNN",
    ],
)
def test_a_caption_is_apparatus_wherever_it_stands(caption: str) -> None:
    text = "\n\n".join([*[PROSE] * 8, caption, PROSE])
    assert kinds(text)[8] == ("apparatus", caption)
    assert [k for k, _ in kinds(text)].count("apparatus") == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "Images/videos of the attack were spread online.",
        "Photographs of the building were shown.",
        "Pictures tell the story, he told Reuters.",
        "Video showed the crowd.",
    ],
)
def test_prose_about_pictures_is_no_caption(sentence: str) -> None:
    text = f"{PROSE}\n\n{sentence}"
    assert kinds(text) == [("paragraph", PROSE), ("paragraph", sentence)]


def test_labelled_heads_become_metadata() -> None:
    head = "Title: Minister resigns\nDate: 3 May 2021\nBy: Jane Doe\nSource: The Paper\nURL: https://example.org/a"
    text = f"{head}\n\n{PROSE}"
    blocks, metadata = lay_out(text)
    assert [b.kind for b in blocks] == ["apparatus", "paragraph"]
    assert metadata == Metadata(
        "Minister resigns", "2021-05-03", None, "Jane Doe", "The Paper", "https://example.org/a"
    )


def test_a_label_may_have_its_value_in_the_next_line() -> None:
    head = "Cite: \nhttps://example.org/a\n\nOctober 21, 2010\nFor Immediate Release\n\nRemarks by the President"
    text = f"{head}\n\n{PROSE}"
    blocks, metadata = lay_out(text)
    assert [b.kind for b in blocks] == ["apparatus", "apparatus", "heading", "paragraph"]
    assert (metadata.url, metadata.published, metadata.title) == (
        "https://example.org/a",
        "2010-10-21",
        "Remarks by the President",
    )


def test_a_release_stamp_without_a_date_leaves_the_date_to_the_next_line() -> None:
    assert (
        lay_out(f"FOR IMMEDIATE RELEASE\nContact: the office\n\nJune 3, 2019\n\n{PROSE}")[1].published == "2019-06-03"
    )


def test_a_byline_names_the_author() -> None:
    text = f"Minister resigns\n\nBy Jane Doe and John O’Neil\n\n{PROSE}"
    assert [k for k, _ in kinds(text)] == ["heading", "apparatus", "paragraph"]
    assert lay_out(text)[1].author == "Jane Doe and John O’Neil"


def test_what_was_declared_wins_over_the_head_matter() -> None:
    declared = Metadata(title="Minister resigns", published="2021-05-04", author="Desk")
    blocks, metadata = lay_out(f"Posted: 03.05.2021\n\nMinister resigns.\n\nBy Jane Doe\n\n{PROSE}", declared)
    assert [b.kind for b in blocks] == ["apparatus", "heading", "apparatus", "paragraph"]
    assert metadata == declared


def test_a_known_title_is_recognised_in_spite_of_its_points_and_line_ends() -> None:
    text = f"Minister resigns; \nhe says 'never again.'\n\n{PROSE}"
    assert kinds(text, Metadata(title="Minister resigns; he says 'never again'"))[0][0] == "heading"
    assert kinds(text, Metadata(title="Another title altogether"))[0][0] == "paragraph"


@pytest.mark.parametrize(
    "title", ["Will he go?", "“We will not go,” says minister", "Minister: ‘We will not go’", "Отставка министра"]
)
def test_a_short_line_before_the_prose_is_the_title(title: str) -> None:
    text = f"{title}\n\n{PROSE}"
    assert kinds(text) == [("heading", title), ("paragraph", PROSE)]
    assert lay_out(text)[1].title == title


def test_a_short_line_after_prose_has_begun_is_no_title() -> None:
    question = "The question is, why did it take so long?"
    text = f"{PROSE}\n\n{question}\n\n{PROSE}"
    assert lay_out(text)[1].title is None
    assert [k for k, _ in kinds(text)] == ["paragraph"] * 3


def test_of_a_list_of_short_lines_only_the_first_is_a_heading() -> None:
    assert [k for k, _ in kinds("Groceries\n\nMilk\n\nEggs\n\nBread\n\nButter")] == ["heading"] + ["paragraph"] * 4


def test_a_text_of_one_line_is_a_paragraph_not_a_title() -> None:
    assert kinds("Nothing but this line") == [("paragraph", "Nothing but this line")]


def test_a_number_alone_is_no_stamp() -> None:
    assert kinds(f"1984\n\n{PROSE}")[0] == ("heading", "1984")


def test_real_articles_give_no_false_titles_or_apparatus() -> None:
    corpus = DATA / "attribution" / "polnear_train.jsonl.gz"
    if not corpus.exists():
        pytest.skip("the shared data are not here")
    bare = lambda words: re.findall(r"\w+", words.casefold())  # noqa: E731
    titles = datelines = 0
    for line in gzip.decompress(corpus.read_bytes()).decode().splitlines():
        record = json.loads(line)
        for kind, words in kinds(record["text"]):
            if kind == "heading":
                titles += 1
                assert bare(words) == bare(record["title"])
            elif kind == "apparatus":
                datelines += 1
                assert re.fullmatch(r"[A-Z. ]{3,}.{0,40}(?:—|–|-)|BYLINE: .*", words, re.DOTALL), words
    assert titles > 10 and datelines > 50


@given(st.dates(min_value=date(1000, 1, 1)))
@settings(deadline=None)
def test_written_dates_are_read_day_first_and_said_again(day) -> None:
    assert read_date(day.isoformat()) == ReadDate(day.isoformat())
    assert spoken(day.isoformat()) == f"{day.day} {day:%B} {day.year:04}"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("10.01.2022 14:29:00", ReadDate("2022-01-10", "“10.01.2022 14:29:00” read day first")),
        ("25.01.2022", ReadDate("2022-01-25")),
        ("January 25, 2022", ReadDate("2022-01-25")),
        ("10 января 2022", ReadDate("2022-01-10")),
        ("2022-01-10T14:29:00+03:00", ReadDate("2022-01-10")),
        ("2022", ReadDate("2022")),
        ("2022-06", ReadDate("2022-06")),
        ("2022-13-45", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_keep_the_precision_they_were_written_with(raw: str, expected: ReadDate | None) -> None:
    assert read_date(raw) == expected


def test_a_date_is_said_in_words_and_anything_else_given_back() -> None:
    assert [spoken(d) for d in ("2022-01-10", "2022-01", "2022", "2022-13", "2022-00-01", "soon")] == [
        "10 January 2022",
        "January 2022",
        "2022",
        "2022-13",
        "2022-00-01",
        "soon",
    ]


@given(st.text(max_size=90))
@settings(deadline=None)
def test_no_string_breaks_the_reading_of_dates(raw: str) -> None:
    found = read_date(raw)
    assert found is None or re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", found.iso)


@pytest.mark.parametrize(
    "head",
    [
        "Minister resigns\nPosted: 10.01.2022 14:29:00\nPhoto: AP",
        "Posted: 10.01.2022 14:29:00\nMinister resigns\nPhoto: AP",
        "Minister resigns\n10 January 2022",
    ],
)
def test_head_matter_without_blank_lines_is_read_line_by_line(head: str) -> None:
    blocks, metadata = lay_out(f"{head}\n\nThe minister resigned on Monday.")
    assert (metadata.title, metadata.published) == ("Minister resigns", "2022-01-10")
    assert [b.kind for b in blocks].count("paragraph") == 1
