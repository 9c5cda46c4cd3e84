"""Names as they are written, taken apart, and whether two of them can be one person's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Span
from index.speech.bodies import body_in, is_body
from index.speech.names import compatible, parse
from index.speech.offices import read_office
from index.speech.sightings import sightings
from index.speech.transliteration import skeleton


@pytest.mark.parametrize(
    ("written", "title", "full", "surname"),
    [
        ("Sen. Maria Cole (R-Texas)", "Sen.", "Maria Cole", "Cole"),
        ("President of Estonia Jaan Tamm", "President of Estonia", "Jaan Tamm", "Tamm"),
        ("President of the Republic of Malta Anna Zahra", "President of the Republic of Malta", "Anna Zahra", "Zahra"),
        ("Head of the Federal Fishery Agency Oleg Rybin", "Head of the Federal Fishery Agency", "Oleg Rybin", "Rybin"),
        ("French President Jean Dupont", "French President", "Jean Dupont", "Dupont"),
        ("longtime Democratic pollster Pat Moran", "longtime Democratic pollster", "Pat Moran", "Moran"),
        ("Kim Jong-un", None, "Kim Jong-un", "Kim"),
        ("Ban Ki-moon", None, "Ban Ki-moon", "Ban"),
        ("Xi Jinping", None, "Xi Jinping", "Xi"),
        ("Recep Tayyip Erdoğan", None, "Recep Tayyip Erdoğan", "Erdoğan"),
        ("Douglas Holtz-Eakin", None, "Douglas Holtz-Eakin", "Holtz-Eakin"),
        ("Ursula von der Leyen", None, "Ursula von der Leyen", "von der Leyen"),
        ("Bill de Blasio", None, "Bill de Blasio", "de Blasio"),
        ("Al Gore", None, "Al Gore", "Gore"),
        ("MR. O'MALLEY", "MR.", "O'Malley", "O'Malley"),
        ("MCCAIN", None, "McCain", "McCain"),
        ("V. Putin", None, "V. Putin", "Putin"),
        ("Larry King", None, "Larry King", "King"),
        ("Secretary of State Kerry", "Secretary of State", "Kerry", "Kerry"),
        ("the Tver Courier’s Ann Lee", "the Tver Courier’s", "Ann Lee", "Lee"),
        ("Ivan Petrov, the mayor of Tver", "the mayor of Tver", "Ivan Petrov", "Petrov"),
        ("Addressing Ivan Petrov", None, "Ivan Petrov", "Petrov"),
    ],
)
def test_a_name_is_told_from_the_title_around_it(written: str, title: str | None, full: str, surname: str) -> None:
    name = parse(written)
    assert name is not None
    assert (name.full, name.surname) == (full, surname)
    if title:
        assert name.title == title


@pytest.mark.parametrize(
    "words",
    [
        "the president",
        "THE PRESIDENT",
        "officials",
        "Attorney General",
        "the White House",
        "Clinton campaign",
        "New York Times",
    ]
    + [
        "NATO",
        "New Jersey",
        "Patriot Coal",
        "Tom Reed and Ann Lee",
        "a spokesman for Mayor Frank Reed",
        "who",
        "",
        "—",
    ],
)
def test_what_names_no_person_is_none(words: str) -> None:
    assert parse(words) is None


@pytest.mark.parametrize(
    "words",
    [
        "Tver Region",
        "Cosmonautics Day",
        "Ann Lee Morning Show",
        "Executive Order",
        "Duma Speaker",
        "Corporation Almaz",
        "N. Korea",
        "Miss Housekeeping",
        "Zubov Boulevard",
    ],
)
def test_things_places_and_titles_are_no_names(words: str) -> None:
    assert parse(words) is None


@pytest.mark.parametrize(
    ("written", "full"),
    [
        ("King Hamad bin Isa Al Khalifa", "Hamad bin Isa Al Khalifa"),
        ("Doris Day", "Doris Day"),
        ("NBC Tom Reed", "Tom Reed"),
        ("Prime Minister of Cambodia Hun Sen", "Hun Sen"),
        ("Democratic Republic Phankham Viphavanh", "Phankham Viphavanh"),
    ],
)
def test_a_name_is_read_whole_among_such_words(written: str, full: str) -> None:
    name = parse(written)
    assert name and name.full == full


def test_a_title_of_a_feast_does_not_stand_before_a_guest() -> None:
    text = "Remarks by the President at a Dinner for Ann Lee"
    assert [s.role for s in sightings(text, Span(0, len(text))) if s.name.full == "Ann Lee"] == [None]


def test_a_suffix_is_kept_apart_from_the_surname() -> None:
    name = parse("Martin Reed, Jr.")
    assert name and (name.surname, name.suffix, name.whole) == ("Reed", "Jr.", "Martin Reed Jr.")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Putin", "Vladimir Putin"),
        ("Mr. Reed", "Tom Reed"),
        ("Bill Reed", "William Reed"),
        ("Bernie Sanders", "Bernard Sanders"),
        ("T. Reed", "Tom Reed"),
        ("Donald J. Trump", "Donald Trump"),
        ("Peña Nieto", "Enrique Peña Nieto"),
        ("Viktor Orbán", "Viktor Orban"),
        ("Kasym-Jomart Tokaev", "Kassym-Jomart Tokayev"),
        ("Gerhard Schröder", "Gerhard Schroeder"),
    ],
)
def test_forms_of_one_name_are_compatible(one: str, other: str) -> None:
    a, b = parse(one), parse(other)
    assert a and b and compatible(a, b) and compatible(b, a)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bill Clinton", "Hillary Clinton"),
        ("Mrs. Clinton", "Bill Clinton"),
        ("George W. Bush", "George H. Bush"),
        ("Tom Reed", "Tom Reed Jr."),
        ("Vladimir Putin", "Vladimir Pushkin"),
        ("Kim Jong-un", "Kim Yo-jong"),
    ],
)
def test_names_of_different_people_are_not(one: str, other: str) -> None:
    a, b = parse(one), parse(other)
    assert a and b and not compatible(a, b) and not compatible(b, a)


def test_spellings_of_one_name_have_one_skeleton() -> None:
    for spellings in (("zelensky", "zelenskyy", "zelenskiy"), ("lukashenko", "lukashenka"), ("sergei", "sergey")):
        assert len({skeleton(name) for name in spellings}) == 1


def test_titles_in_other_words_are_one_office() -> None:
    assert read_office("the Prime Minister of the Hellenic Republic") == read_office("Greek prime minister")
    assert read_office("Minister of Foreign Affairs") == read_office("foreign minister")
    assert read_office("chairwoman of the board") == read_office("board chairman")


def test_a_deputy_and_a_former_holder_are_not_the_holder() -> None:
    minister = read_office("minister of finance")
    assert minister
    for other in ("deputy minister of finance", "former minister of finance"):
        held = read_office(other)
        assert held and held != minister
    assert not minister.may_mean(read_office("deputy minister of finance"))  # type: ignore[arg-type]


def test_a_boss_may_be_a_chief_executive() -> None:
    asked, held = read_office("the Acme Mining boss"), read_office("chief executive of Acme Mining")
    assert asked and held and asked.may_mean(held)


@pytest.mark.parametrize(
    ("words", "body"),
    [
        ("Brennan Center for Justice", "Brennan Center for Justice"),
        ("Reed’s campaign", "Reed campaign"),
        ("Reed campaign officials", None),
        ("White House", "White House"),
        ("survey by the Institute", None),
    ],
)
def test_a_body_is_told_from_what_belongs_to_it(words: str, body: str | None) -> None:
    assert body_in(words) == body


def test_a_person_with_a_body_in_the_name_is_a_person() -> None:
    assert not is_body("Michael Bloomberg")


def test_a_title_in_a_list_belongs_to_the_name_behind_it() -> None:
    text = "There were President of Malta Anna Zahra and President of Estonia Jaan Tamm, and Minister of Industry Petr Novak."
    found = {s.name.full: s.role for s in sightings(text, Span(0, len(text)))}
    assert found == {
        "Anna Zahra": "President of Malta",
        "Jaan Tamm": "President of Estonia",
        "Petr Novak": "Minister of Industry",
    }


def test_a_headline_in_capitals_names_nobody() -> None:
    text = "Mayor Petrov Says Bridges Will Open Before Winter Comes To Tver"
    assert list(sightings(text, Span(0, len(text)))) == []


@given(st.text(alphabet="AbcÉ. ,’'s-МирTheMr\n", max_size=80))
def test_sightings_are_in_order_and_within_the_text(text: str) -> None:
    found = [s.span for s in sightings(text, Span(0, len(text)))]
    assert all(0 <= span.start < span.end <= len(text) for span in found)
    assert all(a.end <= b.start for a, b in zip(found, found[1:]))


@given(st.text(max_size=60))
def test_any_words_can_be_parsed(words: str) -> None:
    name = parse(words)
    assert name is None or name.full and name.surname in name.full


def test_a_surname_that_is_a_title_too_is_a_name_behind_mister() -> None:
    king, bishop = parse("Mr. King"), parse("Ms. Bishop")
    assert king is not None and bishop is not None
    assert (king.surname, bishop.surname) == ("King", "Bishop")
    assert parse("Mr. President") is None
