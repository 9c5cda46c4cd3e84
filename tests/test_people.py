"""The people of a collection: who is gathered from its documents, and whom the words of a question mean."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.blocks import lay_out
from index.records import Document
from index.speech.directory import Entry
from index.speech.people import People, gather
from index.speech.records import Known, Person
from index.speech.resolution import resolve


def person(name: str, *roles: str, aliases: tuple[str, ...] = ()) -> Person:
    return Person(name, "person", None, aliases, roles)


PEOPLE = People(
    [
        person("Vladimir Putin", "President of Russia"),
        person("Kyriakos Mitsotakis", "Prime Minister of the Hellenic Republic"),
        person("Olaf Scholz", "Federal Chancellor of Germany"),
        person("Emmanuel Macron", "President of the French Republic"),
        person("Paolo Ricci", "President of the International Federation of Red Cross Societies"),
        person("John Stone", "CEO of Acme Mining"),
        person("Xi Jinping", "President of the People's Republic of China"),
        person("Hillary Clinton", "Secretary of State"),
        person("Bill Clinton", "former President"),
        person("Bernard Sanders"),
        person("Theresa May", "Prime Minister of the United Kingdom"),
        person("Loretta Lynch", "Attorney General"),
        person("Volodymyr Zelensky"),
        person("Alexander Lukashenko"),
        person("Kassym-Jomart Tokayev"),
        person("Gerhard Schröder"),
        person("Bill de Blasio"),
        person("Ban Ki-moon"),
        person("Kim Jong-un"),
        Person("White House", "body"),
        Person("Clinton campaign", "body"),
        Person("China", "body"),
    ]
)


def named(question: str) -> list[tuple[str, str, list[str]]]:
    return [(f.words, f.how, [p.name for p in f.persons]) for f in PEOPLE.find(question)]


@pytest.mark.parametrize(
    ("question", "words", "how", "name"),
    [
        ("what did Vladimir Putin say?", "Vladimir Putin", "name", "Vladimir Putin"),
        ("what did putin say about withdrawal?", "putin", "surname", "Vladimir Putin"),
        ("what does President Putin want?", "President Putin", "surname", "Vladimir Putin"),
        ("PUTIN ON SANCTIONS", "PUTIN", "surname", "Vladimir Putin"),
        ("Putin's view of it", "Putin's", "surname", "Vladimir Putin"),
        ("Ban Ki-moon’s reaction", "Ban Ki-moon’s", "name", "Ban Ki-moon"),
        ("ban ki moon on climate", "ban ki moon", "name", "Ban Ki-moon"),
        ("what did Kim threaten?", "Kim", "surname", "Kim Jong-un"),
        ("did de Blasio call it terrorism?", "de Blasio", "name", "Bill de Blasio"),
        ("what does hillary think?", "hillary", "given name", "Hillary Clinton"),
        ("Bernie on banks", "Bernie", "given name", "Bernard Sanders"),
        ("what did Bernie Sanders promise?", "Bernie Sanders", "name", "Bernard Sanders"),
        ("zelenskyy on grain", "zelenskyy", "surname", "Volodymyr Zelensky"),
        ("what did Lukashenka say?", "Lukashenka", "surname", "Alexander Lukashenko"),
        ("what did Tokaev say?", "Tokaev", "surname", "Kassym-Jomart Tokayev"),
        ("Schroeder on gas", "Schroeder", "surname", "Gerhard Schröder"),
        ("did the Greek prime minister complain?", "the Greek prime minister", "role", "Kyriakos Mitsotakis"),
        ("what did the French president reply?", "the French president", "role", "Emmanuel Macron"),
        ("the president of Russia on gas", "the president of Russia", "role", "Vladimir Putin"),
        ("what did the Red Cross president say?", "the Red Cross president", "role", "Paolo Ricci"),
        ("what was the chancellor's answer?", "the chancellor's", "role", "Olaf Scholz"),
        ("what happened to the Acme Mining boss?", "the Acme Mining boss", "role", "John Stone"),
        ("French president Emmanuel Macron on gas", "French president Emmanuel Macron", "name", "Emmanuel Macron"),
        ("what did the White House say?", "White House", "name", "White House"),
        ("what did Zelinsky say?", "Zelinsky", "misspelt", "Volodymyr Zelensky"),
    ],
)
def test_whoever_a_question_names_is_found(question: str, words: str, how: str, name: str) -> None:
    assert (words, how) in [(w, h) for w, h, _ in named(question)]
    assert next(names for w, _, names in named(question) if w == words)[0] == name


@pytest.mark.parametrize(
    "question",
    [
        "will prices rise in may?",
        "what may happen?",
        "is a lynch mob a crowd?",
        "what does Greta Thunberg think of nuclear power?",
        "what did Erdogan say after the coup?",
        "what did Greta Putin say?",
        "how many Russian soldiers were there?",
        "where is the Chinese embassy?",
        "and about Nord Stream 2?",
    ],
)
def test_nobody_is_found_where_nobody_is_named(question: str) -> None:
    assert named(question) == []


def test_ordinary_words_are_names_where_a_name_stands() -> None:
    assert named("did may say so?") == [("may", "surname", ["Theresa May"])]
    assert named("why did May resign?") == [("May", "surname", ["Theresa May"])]
    assert named("Lynch on immunity") == [("Lynch", "surname", ["Loretta Lynch"])]


@pytest.mark.parametrize("question", ["what did the president of Hungary say?", "Hungary's president on gas"])
def test_a_title_of_another_country_is_not_cut_to_one_that_somebody_holds(question: str) -> None:
    assert named(question) == []


def test_the_president_of_a_country_is_not_its_prime_minister() -> None:
    text = "President of Malta Anna Zahra and Prime Minister Olga Orlova met in Tver."
    document = Document(text, *lay_out(text))
    people = gather([("a", None, k) for k in resolve(document, [])[1]])
    (found,) = people.find("what did the president of Malta say?")
    assert [p.name for p in found.persons] == ["Anna Zahra"]


def test_a_mere_given_name_is_nobody() -> None:
    people = People([person("Sergei"), person("Kirill", "Patriarch"), person("Ivan Petrov")])
    assert [people.find(f"what did {name} say?") for name in ("Sergei", "Sergey")] == [[], []]
    assert people.find("what did Kirill say?")[0].persons[0].name == "Kirill"


def test_a_shared_name_means_both() -> None:
    assert named("what did Clinton say?") == [("Clinton", "surname", ["Bill Clinton", "Hillary Clinton"])]
    assert named("what did Secretary Clinton say?")[0][2] == ["Hillary Clinton"]
    assert PEOPLE.of("Clinton") is None


def test_the_longest_reading_wins() -> None:
    assert named("what did the Clinton campaign say?") == [("Clinton campaign", "name", ["Clinton campaign"])]


def test_a_body_unknown_to_the_documents_is_not_the_person_it_is_named_after() -> None:
    assert named("what did the Putin administration say?") == []


def test_a_people_is_its_country_if_that_speaks_and_nobody_who_leads_it() -> None:
    assert named("what about the Chinese?") == [("the Chinese", "role", ["China"])]
    assert named("what about the French?") == []
    assert PEOPLE.called("Paris") == []


@pytest.mark.parametrize("written", ["J.D. Lark", "J. D. Lark", "JD Lark", "j.d. lark"])
def test_initials_are_read_with_and_without_blanks(written: str) -> None:
    people = People([Person("J.D. Lark", "person"), Person("Ann Lark", "person")])
    (found,) = people.find(f"what did {written} say?")
    assert [p.name for p in found.persons] == ["J.D. Lark"]


def test_a_title_that_tells_a_gender_tells_two_of_one_surname_apart() -> None:
    people = People([Person("Barack Obama", "person", "he"), Person("Michelle Obama", "person", "she")])
    assert people.of("Obama", "Mrs.").name == "Michelle Obama"
    assert people.of("Obama") is None


def test_the_president_is_whom_most_documents_call_so_whatever_courtesy_calls_others() -> None:
    facts = [(f"d{i}", "2010-01-01", Known("Ann Lee", "person", "President")) for i in range(12)]
    facts += [(f"d{i}", "2010-01-01", Known("Tom Reed", "person", "President")) for i in range(3)]
    assert gather(facts).of(None, "The President", "2010-01-01").name == "Ann Lee"
    facts += [(f"e{i}", "2010-01-01", Known("Ivan Petrov", "person", "President")) for i in range(9)]
    assert gather(facts).of(None, "The President", "2010-01-01") is None


def test_an_office_does_not_go_to_the_spouse_of_that_surname() -> None:
    people = gather(
        [
            ("a", None, Known("Ann Reed", "person", "First Lady", "she", 9)),
            ("b", None, Known("Tom Reed", "person", "President", "he")),
            ("c", None, Known("Reed", "person", "President", None, 5)),
            ("d", None, Known("Reed", "person", None, "she", 5)),
        ]
    )
    assert {p.name: p.roles for p in people.persons} == {"Ann Reed": ("First Lady",), "Tom Reed": ("President",)}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Hillary", ["Hillary Clinton"]),
        ("Mr. Putin", ["Vladimir Putin"]),
        ("President Clinton", ["Bill Clinton"]),
        ("the chancellor", ["Olaf Scholz"]),
        ("the president", ["Emmanuel Macron", "Paolo Ricci", "Vladimir Putin", "Xi Jinping"]),
        ("the Swiss president", []),
        ("", []),
    ],
)
def test_called_gives_everybody_who_may_be_meant(words: str, names: list[str]) -> None:
    assert [p.name for p in PEOPLE.called(words)] == names


def test_nearest_goes_by_the_surname() -> None:
    assert [p.name for p in PEOPLE.nearest("Putn")] == ["Vladimir Putin"]
    assert [p.name for p in PEOPLE.nearest("Hilary Clintn")] == ["Hillary Clinton"]
    assert PEOPLE.nearest("Greta Thunberg") == [] == PEOPLE.nearest("Erdogan")


@given(st.text(alphabet="putin may's Hillary-Clinton the Greek pm,.?’ ", max_size=60))
def test_finds_are_slices_in_order(question: str) -> None:
    found = PEOPLE.find(question)
    assert all(f.span.of(question) == f.words and f.persons for f in found)
    assert all(a.span.end <= b.span.start for a, b in zip(found, found[1:]))


# Gathering


def gathered(*facts: tuple[str, str | None, Known]) -> dict[str, Person]:
    return {p.name: p for p in gather(facts).persons}


def known(name: str, role: str | None = None, count: int = 1, gender: str | None = None) -> Known:
    return Known(name, "person", role, gender, count)  # type: ignore[arg-type]


def test_a_surname_joins_its_one_bearer() -> None:
    people = gathered(("a", None, known("Ivan Petrov", count=9)), ("b", None, known("Petrov")))
    assert list(people) == ["Ivan Petrov"] and people["Ivan Petrov"].aliases == ("Petrov",)


def test_a_surname_that_two_share_joins_who_dominates_or_nobody() -> None:
    both = [
        ("a", None, known("Ann Reed", count=10)),
        ("b", None, known("Tom Reed", count=9)),
        ("c", None, known("Reed")),
    ]
    assert gathered(*both)["Ann Reed"].aliases == ()
    assert gather(both).of("Reed") is None
    one = [
        ("a", None, known("Ann Reed", count=100)),
        ("b", None, known("Tom Reed", count=2)),
        ("c", None, known("Reed")),
    ]
    assert gathered(*one)["Ann Reed"].aliases == ("Reed",)


def test_middle_names_initials_and_spellings_are_one_person() -> None:
    people = gathered(
        ("a", None, known("Donald Reed", count=5)),
        ("b", None, known("Donald J. Reed")),
        ("c", None, known("D. Reed")),
        ("d", None, known("Kassym-Jomart Tokayev", count=3)),
        ("e", None, known("Kassym-Zhomart Tokaev")),
    )
    assert set(people) == {"Donald Reed", "Kassym-Jomart Tokayev"}


def test_different_given_names_are_never_one_person() -> None:
    people = gathered(("a", None, known("Hillary Clinton", count=50)), ("b", None, known("Bill Clinton")))
    assert set(people) == {"Hillary Clinton", "Bill Clinton"}


def test_a_single_name_with_a_title_of_its_own_is_somebody() -> None:
    people = gathered(
        ("a", None, known("Kirill Petrov")),
        ("a", None, known("Kirill Novak")),
        ("b", None, known("Kirill", "Patriarch")),
    )
    assert set(people) == {"Kirill Petrov", "Kirill Novak", "Kirill"}


def test_father_and_son_are_two_where_a_document_has_both() -> None:
    two = gathered(("a", None, known("Tom Reed")), ("a", None, known("Tom Reed Jr.")))
    assert len(two) == 2
    one = gathered(("a", None, known("Tom Reed")), ("b", None, known("Tom Reed Jr.")))
    assert len(one) == 1


def test_roles_in_other_words_are_counted_together() -> None:
    people = gathered(
        ("a", None, known("Jaan Tamm", "President of Estonia")),
        ("b", None, known("Jaan Tamm", "the Estonian president")),
        ("c", None, known("Jaan Tamm", "President of Estonia")),
        ("d", None, known("Jaan Tamm", "her rival")),
    )
    assert people["Jaan Tamm"].roles == ("President of Estonia",)


def test_a_title_means_who_held_it_at_the_time() -> None:
    people = gather(
        [
            ("a", "2016-05-01", known("Ann Lee", "President of Malta")),
            ("b", "2016-12-01", known("Ann Lee", "President of Malta")),
            ("c", "2017-02-01", known("Tom Reed", "President of Malta")),
            ("d", "2018-02-01", known("Tom Reed", "President of Malta")),
        ]
    )
    for date, name in (("2016-08-01", "Ann Lee"), ("2017-08-01", "Tom Reed")):
        holder = people.of(None, "the Maltese president", date)
        assert holder and holder.name == name
    assert people.of(None, "the Maltese president") is None


def test_bodies_are_one_by_name_whatever_the_case() -> None:
    people = gather([("a", None, Known("White House", "body", count=3)), ("b", None, Known("the WHITE HOUSE", "body"))])
    assert [(p.name, p.kind) for p in people.persons] == [("White House", "body")]


_DATES = {"a": None, "b": "2020-01-01", "c": "2021-06"}
_FACTS = st.lists(
    st.builds(
        lambda document, fact: (document, _DATES[document], fact),
        st.sampled_from(sorted(_DATES)),
        st.builds(
            Known,
            st.sampled_from(["Ann Reed", "Tom Reed", "Reed", "T. Reed", "Tom Reed Jr.", "Ann", "Thomas Reed", "Lee"]),
            st.just("person"),
            st.sampled_from([None, "mayor", "President of Malta", "Maltese president"]),
            st.sampled_from([None, "he", "she"]),
            st.integers(1, 20),
        ),
    ),
    max_size=12,
)


@given(_FACTS, st.randoms())
def test_the_order_of_documents_makes_no_difference(
    facts: list[tuple[str, str | None, Known]], chance: random.Random
) -> None:
    shuffled = [*facts]
    chance.shuffle(shuffled)
    assert gather(shuffled).entries == gather(facts).entries


@given(_FACTS)
def test_people_are_kept_as_json(facts: list[tuple[str, str | None, Known]]) -> None:
    entries = gather(facts).entries
    kept = [Entry.from_json(json.loads(json.dumps(entry.as_json()))) for entry in entries]
    assert People(kept).entries == entries
    assert len({e.person.name for e in entries}) == len(entries)
