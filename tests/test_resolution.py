"""Who a mention stands for within one document: every rule, with a sentence from life."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.blocks import lay_out
from index.records import Document, Span
from index.speech.records import Known, Utterance
from index.speech.resolution import resolve


def said(text: str, *mentions: str) -> list[Utterance]:
    """The utterances of `text`, where each of `mentions`, in the order of the text, is said to say what follows it."""
    document = Document(text, *lay_out(text))
    utterances, at = [], 0
    for mention in mentions:
        start = text.index(mention, at)
        at = start + len(mention)
        part = Span(min(at + 1, len(text)), min(at + 2, len(text)))
        utterances.append(Utterance((part,), "indirect", "report", "test", Span(start, at)))
    resolved, _ = resolve(document, utterances)
    return list(resolved)


def known(text: str, *mentions: str) -> list[Known]:
    document = Document(text, *lay_out(text))
    spans = [Span(text.index(mention), text.index(mention) + len(mention)) for mention in mentions]
    utterances = [Utterance((Span(0, 1),), "indirect", "report", "test", span) for span in spans]
    return list(resolve(document, utterances)[1])


def test_full_name_is_itself() -> None:
    (one,) = said("Ivan Petrov said the bridge was safe.", "Ivan Petrov")
    assert (one.name, one.because) == ("Ivan Petrov", "full name")


def test_same_name_gives_a_surname_the_full_name() -> None:
    _, two = said("Ivan Petrov opened the bridge. It was safe, Petrov said.", "Ivan Petrov", "Petrov")
    assert (two.name, two.because) == ("Ivan Petrov", "same name")


def test_same_name_holds_for_a_given_name_that_one_person_bears() -> None:
    (one,) = said("Hillary Reed spoke first. Hillary promised roads.", "Hillary promised"[:7])
    assert one.name == "Hillary Reed"


def test_title_in_front_becomes_the_role() -> None:
    (one,) = said("Finance Minister Olga Orlova said taxes would fall.", "Finance Minister Olga Orlova")
    assert (one.name, one.role) == ("Olga Orlova", "Finance Minister")


def test_apposition_before_the_name() -> None:
    text = "At the meeting the President of the Estonian Republic, Jaan Tamm, noted that the sea was calm."
    (one,) = said(text, "the President of the Estonian Republic, Jaan Tamm,")
    assert (one.name, one.because) == ("Jaan Tamm", "apposition")
    assert one.role == "the President of the Estonian Republic"


def test_apposition_behind_the_name() -> None:
    (one,) = said("Ivan Petrov, the mayor of Tver, said so.", "Ivan Petrov, the mayor of Tver,")
    assert (one.name, one.role) == ("Ivan Petrov", "the mayor of Tver")


def test_apposition_with_another_name_in_it_is_no_title() -> None:
    text = "Anna Zahra, Minister of Finance Petr Novak and the clerks came. Zahra said so."
    (one,) = said(text, "Zahra said"[:5])
    assert one.role is None


@pytest.mark.parametrize(
    "text",
    [
        "Responding to Ann Lee's call for direct talks with Petr Novak, the President of Malta reaffirmed his plan.",
        "At the request of Petr Novak, the President of Malta spoke about the reasons for it.",
        "Asked about Petr Novak, the mayor said the tax would rise.",
        "In a call with Petr Novak, the president of Malta said it was late.",
        "In the case of Petr Novak, the judge said it was late.",
        "Standing next to Petr Novak, the spokeswoman said: “It is late.”",
        "According to Petr Novak, the mayor said it was late.",
        "When he met Petr Novak, the mayor resigned.",
        "Asked about Petr Novak, the mayor, who was ill, said it was late.",
        "Petr Novak, the mayor said, was late.",
        "They met, and in a call with Petr Novak, the president of Malta, in turn, said it was late.",
        "Asked by the mayor, Petr Novak said it was late.",
        "At a meeting with the mayor, Petr Novak, who was ill, said it was late.",
    ],
)
def test_a_name_takes_no_title_that_is_the_next_subjects(text: str) -> None:
    assert [k.role for k in known(text, "Petr Novak") if k.name == "Petr Novak"] == [None]


def test_a_title_behind_an_opening_phrase_stands_for_nobody_it_names() -> None:
    (one,) = said("In a call with Ann Lee, the president of Malta said it was late.", "the president of Malta")
    assert (one.name, one.role) == (None, "president of Malta")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("“It is late,” said Petr Novak, the mayor.", "the mayor"),
        ("“It is late,” added Petr Novak, the mayor of Tver, in a letter.", "the mayor of Tver"),
        ("Petr Novak, the mayor, said it was late.", "the mayor"),
        ("He met Petr Novak, the mayor of Tver, on Monday.", "the mayor of Tver"),
        ("On Monday Petr Novak, a lawyer based in Tver, said it was late.", "a lawyer based in Tver"),
        ("When Petr Novak, the mayor of Tver, came, it was late.", "the mayor of Tver"),
        ("According to Petr Novak, the mayor of Tver, the tax is dead.", "the mayor of Tver"),
        ("It was Petr Novak, the U.S. ambassador to Malta, who came.", "the U.S. ambassador to Malta"),
        (
            "He saw Petr Novak, organizer of a group called Riverside, on Monday.",
            "organizer of a group called Riverside",
        ),
        ("In this city, Petr Novak, a judge of the court, said it was late.", "a judge of the court"),
        ("The mayor of Tver, Petr Novak said, and left.", "The mayor of Tver"),
    ],
)
def test_an_apposition_with_its_closing_mark_is_the_names_title(text: str, role: str) -> None:
    facts = known(text, "Petr Novak")
    assert [k.role for k in facts] == [role]


def test_a_title_between_two_names_is_not_given_to_the_one_in_the_opening_phrase() -> None:
    facts = known("In a call with Petr Novak, the president of Malta, Anna Zahra, said it was late.", "Petr Novak")
    assert [(k.name, k.role) for k in facts] == [("Anna Zahra", "the president of Malta"), ("Petr Novak", None)]


def test_a_role_holds_no_participle_no_other_name_and_no_courtesy() -> None:
    assert [k.role for k in known("Addressing President Lukin, he smiled.", "Lukin")] == ["President"]
    facts = known("President of the Republic of Malta Anna Zahra and Prime Minister Olga Orlova met.", "Olga Orlova")
    assert [(k.name, k.role) for k in facts] == [
        ("Anna Zahra", "President of the Republic of Malta"),
        ("Olga Orlova", "Prime Minister"),
    ]
    assert [k.role for k in known("The talk was led by member Ms. Anna Zahra.", "Anna Zahra")] == ["member"]


@pytest.mark.parametrize(
    "text",
    [
        "Anna Berzin met Carla Mendes on Monday. “I will sue,” she said.",
        "Anna Berzin met with Carla Mendes, the mayor. “I will sue,” she said.",
        "Anna Berzin, the mayor, met Carla Mendes. “I will sue,” she said.",
        "Anna Berzin and Carla Mendes met. “I will sue,” she said.",
    ],
)
def test_pronoun_that_may_mean_either_of_two_stands_for_nobody(text: str) -> None:
    assert said(text, "she")[0].name is None


def test_pronoun_after_one_has_asked_the_other_stands_for_nobody() -> None:
    text = "Anna Berzin asked Carla Mendes if all was well. “I am fine,” she said."
    assert [u.name for u in said(text, "Anna Berzin", "she")] == ["Anna Berzin", None]


def test_pronoun_means_who_has_spoken_before_of_two_who_fit() -> None:
    text = "Anna Berzin said the tax was dead. She met Carla Mendes. “I will sue,” she said."
    assert said(text, "Anna Berzin", "she")[1].name == "Anna Berzin"
    assert said("Anna Berzin met Tom Reed. “I will sue,” she said.", "she")[0].name == "Anna Berzin"


def test_pronoun_means_a_known_woman_rather_than_a_bare_surname() -> None:
    text = "Anna Berzin spoke first. “The tax is dead,” said Novak, who was there. “It is not,” she replied."
    assert [u.name for u in said(text, "Novak", "she")] == ["Novak", "Anna Berzin"]


def test_title_stands_for_its_one_holder_in_other_words() -> None:
    text = "The President of the Russian Federation, Oleg Smirnov, flew in. The President of Russia called it timely."
    (one,) = said(text, "The President of Russia")
    assert (one.name, one.because, one.role) == ("Oleg Smirnov", "title", "President of Russia")


def test_title_that_two_people_hold_stands_for_the_last_one_spoken_of() -> None:
    text = "Sen. Ann Lee rose. Sen. Tom Reed objected. The senator said it was late."
    (one,) = said(text, "The senator")
    assert one.name == "Tom Reed"


def test_title_that_nobody_holds_stays_a_title() -> None:
    (one,) = said("Ivan Petrov came late. The governor said nothing new.", "The governor")
    assert (one.name, one.role) == (None, "governor")


def test_title_of_somebody_else_is_not_taken() -> None:
    (one,) = said("Ivan Petrov is a lawyer. Ann Lee left. Her lawyer said she was ill.", "Her lawyer")
    assert one.name is None


def test_nominee_is_not_anybody_who_ever_was_one() -> None:
    text = "Ann Lee, the party's nominee in 2012, was there. Tom Reed spoke for an hour. The nominee promised roads."
    (one,) = said(text, "The nominee")
    assert one.name is None


def test_pronoun_stands_for_the_last_speaker() -> None:
    text = "Ivan Petrov praised Tom Reed. Petrov called the bridge safe. Then he said it was cheap."
    *_, last = said(text, "Ivan Petrov", "Petrov called"[:6], "he")
    assert (last.name, last.because) == ("Ivan Petrov", "pronoun")


def test_pronoun_looks_for_its_gender() -> None:
    text = "Olga Orlova spoke first. Ivan Petrov listened. She said it was late."
    (one,) = said(text, "She")
    assert one.name == "Olga Orlova"


def test_pronoun_prefers_whose_gender_is_known() -> None:
    text = "Mayor Quorra Zell opened the session. Then Zell asked Tom Reed about roads. He said they were fine."
    (one,) = said(text, "He said"[:2])
    assert one.name == "Tom Reed"


def test_pronoun_passes_over_a_name_that_only_describes() -> None:
    text = "Reed campaign chairman Ivan Petrov called the bridge safe. Then he said it was cheap. Tom Reed was away."
    *_, last = said(text, "Reed campaign chairman Ivan Petrov", "he said"[:2])
    assert last.name == "Ivan Petrov"


def test_pronoun_passes_over_whoever_is_named_in_the_words_said() -> None:
    document_text = "Ivan Petrov said Tom Reed had lied. “Reed is late,” he added."
    document = Document(document_text, *lay_out(document_text))
    first = Utterance((Span(17, 34),), "indirect", "report", "test", Span(0, 11))
    second = Utterance((Span(36, 51),), "direct", "quotation", "test", Span(52, 54))
    resolved, _ = resolve(document, [first, second])
    assert resolved[1].name == "Ivan Petrov"


def test_pronoun_after_an_unnamed_speaker_stands_for_nobody() -> None:
    text = "Ivan Petrov opened the bridge. A spokesman was glad. He said it was safe."
    *_, last = said(text, "A spokesman", "He said"[:2])
    assert last.name is None


def test_pronoun_of_possession_looks_within_its_sentence() -> None:
    text = "Olga Orlova left. The talks cast a cloud over Ann Lee and her promise that all was well."
    (one,) = said(text, "her")
    assert one.name == "Ann Lee"


def test_pronoun_does_not_look_far_back() -> None:
    text = "Ivan Petrov opened the bridge.\n\n" + "It rained.\n\n" * 6 + "He said it was safe."
    (one,) = said(text, "He")
    assert one.name is None


def test_relative_pronoun_stands_for_the_name_before_it() -> None:
    (one,) = said("It pleased Ann Lee, the mayor of Tver, who said so.", "who")
    assert (one.name, one.because) == ("Ann Lee", "pronoun")


def test_plural_pronouns_stand_for_nobody() -> None:
    (one,) = said("Ivan Petrov and Ann Lee came. They said it was late.", "They")
    assert one.name is None


def test_continued_words_are_of_the_same_speaker() -> None:
    text = "Ivan Petrov spoke. “One,” he said. “Two.”"
    document = Document(text, *lay_out(text))
    he = Span(text.index("he said"), text.index("he said") + 2)
    first = Utterance((Span(19, 25),), "direct", "quotation", "test", he)
    second = Utterance((Span(35, 41),), "direct", "quotation", "continued", he, because="continued")
    resolved, _ = resolve(document, [first, second])
    assert [(u.name, u.because) for u in resolved] == [("Ivan Petrov", "pronoun"), ("Ivan Petrov", "continued")]


def test_bodies_keep_their_name() -> None:
    text = "The White House said so. The Reed campaign denied it."
    one, two = said(text, "The White House", "The Reed campaign")
    assert (one.name, two.name) == ("White House", "Reed campaign")
    assert {k.kind for k in known(text, "The White House", "The Reed campaign")} == {"body"}


def test_a_described_body_is_the_one_whose_name_has_its_words() -> None:
    text = "The U.S. Court of Appeals for the Ninth Circuit met in May. The appeals court was divided. The court rose."
    for one in said(text, "The appeals court", "The court"):
        assert (one.name, one.because) == ("U.S. Court of Appeals for the Ninth Circuit", "title")


def test_a_described_body_is_unknown_when_two_fit() -> None:
    (one,) = said(
        "The House Rules Committee met. So did the Senate Budget Committee. The committee said so.", "The committee"
    )
    assert (one.name, one.role) == (None, "committee")


def test_a_described_body_has_to_be_named_before() -> None:
    (one,) = said("The museum said so. The Tver Railway Museum is old.", "The museum")
    assert one.name is None


def test_a_described_body_is_told_by_its_head_not_by_any_word_of_a_name() -> None:
    (one,) = said("The Tver Museum Service opened. The museum said so.", "The museum")
    assert one.name is None


def test_the_campaign_is_the_one_that_has_a_name() -> None:
    one, his = said(
        "The Reed campaign met. The campaign said so. His campaign denied it.", "The campaign", "His campaign"
    )
    assert (one.name, his.name) == ("Reed campaign", None)


def test_part_of_a_bodys_name_gets_the_whole() -> None:
    text = "The U.S. Department of Health and Human Welfare spoke first. The Department of Health said so."
    (one,) = said(text, "The Department of Health")
    assert (one.name, one.because) == ("U.S. Department of Health and Human Welfare", "same name")


def test_a_bodys_name_keeps_its_inner_article() -> None:
    text = "The Ministry of Sport of the Estonian Republic said so."
    (one,) = said(text, "The Ministry of Sport of the Estonian Republic")
    assert one.name == "Ministry of Sport of the Estonian Republic"


def test_sources_have_no_name() -> None:
    text = "A source said so. Officials denied it. A spokesman for Tom Reed laughed."
    for utterance in said(text, "A source", "Officials", "A spokesman for Tom Reed"):
        assert utterance.name is None and utterance.role


def test_two_speakers_at_once_are_not_one() -> None:
    (one,) = said("Ivan Petrov and Ann Lee said it was late.", "Ivan Petrov and Ann Lee")
    assert one.name is None


def test_shared_surname_goes_to_the_one_the_document_calls_by_it() -> None:
    text = "Ann Reed arrived. Reed was tired. Her husband, Tom Reed, drove. Reed said it was late."
    (one,) = said(text, "Reed said")
    assert one.name in ("Ann Reed", None)
    start = text.rindex("Reed said")
    document = Document(text, *lay_out(text))
    utterance = Utterance((Span(0, 1),), "indirect", "report", "test", Span(start, start + 4))
    assert resolve(document, [utterance])[0][0].name == "Ann Reed"


def test_shared_surname_is_nobodys_when_nothing_tells() -> None:
    text = "Ann Reed and Tom Reed arrived together. It was late, Reed said."
    start = text.rindex("Reed")
    document = Document(text, *lay_out(text))
    utterance = Utterance((Span(0, 1),), "indirect", "report", "test", Span(start, start + 4))
    assert resolve(document, [utterance])[0][0].name is None


def test_shared_surname_is_told_apart_by_a_title() -> None:
    text = "Ann Reed and Tom Reed arrived together. It was late, Mrs. Reed said."
    (one,) = said(text, "Mrs. Reed")
    assert one.name == "Ann Reed"


def test_president_somebody_is_not_their_wife() -> None:
    text = "President Reed spoke. Later Michelle Reed sang. Reed said he was tired."
    start = text.rindex("Reed")
    document = Document(text, *lay_out(text))
    utterance = Utterance((Span(0, 1),), "indirect", "report", "test", Span(start, start + 4))
    resolved = resolve(document, [utterance])[0][0]
    assert resolved.name == "Reed" and resolved.role == "President"


def test_known_tells_names_titles_and_genders_from_outside_speech() -> None:
    facts = known("Taking part were Prime Minister Olga Orlova and President of Malta Anna Zahra.")
    assert [(k.name, k.role, k.gender) for k in facts] == [
        ("Anna Zahra", "President of Malta", "she"),
        ("Olga Orlova", "Prime Minister", "she"),
    ]


def test_places_and_headings_are_not_people() -> None:
    assert known("He flew to New Jersey. Virginia Beach was sunny. Patriot Coal closed.") == []


def test_turns_keep_their_name_and_their_reason() -> None:
    text = "President of Malta Anna Zahra: Welcome. Zahra: Thank you."
    document = Document(text, *lay_out(text))
    turns = [
        Utterance(
            (Span(31, 39),),
            "direct",
            "turn",
            "label",
            Span(0, 29),
            None,
            "Anna Zahra",
            "President of Malta",
            "turn label",
        ),
        Utterance((Span(47, 57),), "direct", "turn", "label", Span(40, 45), None, "Zahra", None, "turn label"),
    ]
    resolved, facts = resolve(document, turns)
    assert [(u.name, u.because) for u in resolved] == [("Anna Zahra", "turn label")] * 2
    assert ("Anna Zahra", "President of Malta") in {(k.name, k.role) for k in facts}


def _turn(text: str, label: str, words: str, name: str | None, role: str | None) -> Utterance:
    start, at = text.index(words), text.index(label)
    part, mention = Span(start, start + len(words)), Span(at, at + len(label))
    return Utterance((part,), "direct", "turn", "label", mention, None, name, role, "turn label")


def test_the_president_in_a_label_is_nobody_whom_he_speaks_of() -> None:
    text = "THE PRESIDENT: As President Lincoln said, it is late."
    document = Document(text, *lay_out(text))
    (turn,), _ = resolve(document, [_turn(text, "THE PRESIDENT", text[15:], None, "THE PRESIDENT")])
    assert turn.name is None


def test_the_president_in_a_label_is_whom_the_head_of_the_document_names() -> None:
    text = "Remarks by President Reed and the Mayor.\n\nTHE PRESIDENT: As President Lincoln said, it is late."
    document = Document(text, *lay_out(text))
    words = text[text.index("As President") :]
    (turn,), _ = resolve(document, [_turn(text, "THE PRESIDENT", words, None, "THE PRESIDENT")])
    assert (turn.name, turn.because) == ("Reed", "title")


def test_mrs_in_a_label_is_not_the_president_of_that_surname() -> None:
    text = "MRS. REED: I thank President Reed, my husband. He is late."
    document = Document(text, *lay_out(text))
    (turn,), facts = resolve(document, [_turn(text, "MRS. REED", text[11:], "Reed", None)])
    assert (turn.name, turn.role) == ("Reed", "Mrs.")
    assert {(k.role, k.gender) for k in facts} == {(None, "she"), ("President", None)}


def test_a_word_of_the_dictionary_that_speaks_is_no_person() -> None:
    text = "Patriot said it was sorry. Wells Cargo denied it."
    one, two = said(text, "Patriot", "Wells Cargo")
    assert (one.name, two.name) == (None, None)


def test_the_label_of_nobody_makes_nobody() -> None:
    text = "Question: When will it open?"
    document = Document(text, *lay_out(text))
    turn = Utterance((Span(10, 28),), "direct", "turn", "label", Span(0, 8), None, None, "Question", "turn label")
    assert resolve(document, [turn]) == ((turn,), ())


_WORDS = st.sampled_from(
    "Ivan Petrov Ann Lee Mr. he She said the mayor President of Malta , . “ ” \n\n who and The White House Jr. 's in".split(
        " "
    )
)


@given(st.lists(_WORDS, max_size=40), st.lists(st.integers(0, 200), max_size=6))
def test_resolving_changes_no_span_and_no_order(words: list[str], cuts: list[int]) -> None:
    text = " ".join(words) + " ."
    document = Document(text, *lay_out(text))
    mentions = sorted({cut % len(text) for cut in cuts})
    utterances = [
        Utterance((Span(0, 1),), "indirect", "report", "test", Span(m, min(m + 9, len(text)))) for m in mentions
    ]
    resolved, _ = resolve(document, utterances)
    assert [(u.parts, u.mention) for u in resolved] == [(u.parts, u.mention) for u in utterances]
    assert all(bool(u.because) == bool(u.name) for u in resolved)
