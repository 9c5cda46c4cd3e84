"""Turns as a reader of transcripts would mark them: whose words stand where, and what is nobody's."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.blocks import lay_out
from index.records import Block, Document, Metadata, Span
from index.speech.labels import candidates
from index.speech.monologues import monologue
from index.speech.turns import turns


def document(text: str, **metadata: object) -> Document:
    return Document(text, *lay_out(text, Metadata(**metadata)))  # type: ignore[arg-type]


def told(text: str, **metadata: object) -> list[tuple[str | None, str]]:
    """Who speaks, by name or else by role, and the words."""
    return [(turn.name or turn.role, turn.parts[0].of(text)) for turn in turns(document(text, **metadata))]


def test_turns_stand_under_labels_at_the_start_of_lines() -> None:
    text = "ANNA BRUNI: I am glad you came.\n\nIVAN PETROV: Thank you, we all are.\n\nANNA BRUNI: Shall we begin?"
    assert told(text) == [
        ("Anna Bruni", "I am glad you came."),
        ("Ivan Petrov", "Thank you, we all are."),
        ("Anna Bruni", "Shall we begin?"),
    ]


def test_a_label_may_stand_within_a_line_after_a_full_stop() -> None:
    text = (
        "The two ministers met in Rome. Prime Minister of Italy Anna Bruni: I am glad you came, friends. "
        "Ivan Petrov: Thank you. We are too. Anna Bruni: Let us begin, then."
    )
    found = turns(document(text))
    assert [turn.name for turn in found] == ["Anna Bruni", "Ivan Petrov", "Anna Bruni"]
    assert found[0].mention and found[0].mention.of(text) == "Prime Minister of Italy Anna Bruni"
    assert found[0].role == found[2].role == "Prime Minister of Italy"
    assert found[1].parts[0].of(text) == "Thank you. We are too."


def test_a_heading_run_into_a_label_is_in_nobodys_turn() -> None:
    text = "Anna Bruni: I thank you all. * * * Beginning of talks with port workers Mayor of Genoa Ivan Petrov: We have work to do."
    found = turns(document(text))
    assert [turn.parts[0].of(text) for turn in found] == ["I thank you all.", "We have work to do."]
    assert found[1].mention and found[1].mention.of(text) == "Mayor of Genoa Ivan Petrov"


def test_a_pop_up_with_the_name_turned_round_is_part_of_the_label() -> None:
    text = (
        "Let us hear him. Trade Minister Ivan Petrov Petrov IvanTrade Minister: I thank you. Anna Bruni: We thank you."
    )
    found = turns(document(text))
    assert [(turn.name, turn.role) for turn in found] == [("Ivan Petrov", "Trade Minister"), ("Anna Bruni", None)]
    assert found[0].mention and found[0].mention.of(text) == "Trade Minister Ivan Petrov"


@pytest.mark.parametrize(
    "label",
    [
        "Anna Bruni (retranslated):",
        "Anna Bruni (via interpreter):",
        "Anna Bruni (D-NY):",
        "**Anna Bruni:**",
        "**Anna Bruni**:",
        "[00:01:23] Anna Bruni:",
        "00:12 Anna Bruni:",
        "Anna Bruni and others:",
        "Anna Bruni, dock worker:",
        "- Anna Bruni:",
        "Dr. Anna Bruni:",
        "ANNA BRUNI:",
        "ANNA BRUNI --",
        "Anna Bruni:\n",
        "Anna Bruni  00:01:23\n",
    ],
)
def test_labels_are_written_in_many_ways(label: str) -> None:
    text = f"{label} I came early, as you asked.\n\nIVAN PETROV: And we thank you.\n\n{label} You are welcome."
    found = turns(document(text))
    assert [turn.name for turn in found] == ["Anna Bruni", "Ivan Petrov", "Anna Bruni"]
    assert [turn.parts[0].of(text) for turn in found] == [
        "I came early, as you asked.",
        "And we thank you.",
        "You are welcome.",
    ]
    assert found[0].mention and found[0].mention.of(text).upper() in ("ANNA BRUNI", "DR. ANNA BRUNI")


def test_questions_are_marked_by_a_letter_alone() -> None:
    text = "MS. BRUNI: I will take your questions.\n\nQ   Will you resign?\n\nMS. BRUNI: No.\n\nQ   Thank you."
    assert told(text) == [
        ("Bruni", "I will take your questions."),
        ("Q", "Will you resign?"),
        ("Bruni", "No."),
        ("Q", "Thank you."),
    ]


@pytest.mark.parametrize(
    "label", ["Question", "Reporter", "THE PRESIDENT", "Moderator", "AUDIENCE MEMBER", "Speaker 2"]
)
def test_who_has_no_name_is_known_by_the_label(label: str) -> None:
    text = f"Anna Bruni: I am here for you.\n\n{label}: Do you hear us?\n\nAnna Bruni: I do."
    found = turns(document(text))[1]
    assert (found.name, found.role, found.because) == (None, label, "turn label")


def test_stage_directions_at_the_ends_of_a_turn_are_not_said() -> None:
    text = "ANNA BRUNI: (Laughs.) I thank you. [Applause]\n\nIVAN PETROV: (Applause.)\n\nANNA BRUNI: We won (again) today. <…>"
    assert told(text) == [("Anna Bruni", "I thank you."), ("Anna Bruni", "We won (again) today.")]


def test_brackets_of_the_speakers_own_stay() -> None:
    text = "Anna Bruni: We have two ports [in the north]\n\nIvan Petrov: And you have one (the small one)"
    assert [words for _, words in told(text)] == [
        "We have two ports [in the north]",
        "And you have one (the small one)",
    ]


def test_a_label_of_stage_directions_has_no_turn() -> None:
    text = "ANNA BRUNI: I thank you.\n\nSYSTEM: [applause]\n\nANNA BRUNI: We go on.\n\nSYSTEM: [bell rings]"
    assert told(text) == [("Anna Bruni", "I thank you."), ("Anna Bruni", "We go on.")]


def test_prose_after_a_line_of_stars_is_not_the_last_speakers() -> None:
    text = "Anna Bruni: I thank you all. Ivan Petrov: And we you. * * * The ministers signed an agreement on fishing."
    assert told(text)[-1] == ("Ivan Petrov", "And we you.")


@pytest.mark.parametrize(
    ("label", "full"),
    [
        ("BRUNI", "ANNA BRUNI"),
        ("Bruni", "Anna Bruni"),
        ("A.Bruni", "Anna Bruni"),
        ("Ms. Bruni", "Anna Bruni"),
        ("AB", "Anna Bruni"),
    ],
)
def test_a_short_label_stands_for_the_fuller_one(label: str, full: str) -> None:
    text = f"{full}: I am here.\n\nIVAN PETROV: So are we.\n\n{label}: You came.\n\nIVAN PETROV: We did.\n\n{label}: I see."
    assert {name for name, _ in told(text)} == {"Anna Bruni", "Ivan Petrov"}


def test_a_family_name_is_completed_from_the_head() -> None:
    text = "Briefing by Press Secretary Emma Waters\n\nMS. WATERS: I have two things.\n\nQ   Are you sure?\n\nMS. WATERS: I am."
    assert told(text)[0][0] == "Emma Waters"


def test_labels_may_be_indented() -> None:
    text = "\tTHE PRESIDENT:\u00a0 I thank you.\n\n\t\u00a0\tAUDIENCE:\u00a0 We love you!\n\n\tTHE PRESIDENT:\u00a0 And I you."
    assert [name for name, _ in told(text)] == ["THE PRESIDENT", "AUDIENCE", "THE PRESIDENT"]


def test_a_short_answer_before_a_label_ends_a_turn() -> None:
    text = "Anna Bruni: Was it you? Ivan Petrov: No. Anna Bruni: I see… Ivan Petrov: It was David Waters Sr. Anna Bruni: I see."
    assert [words for _, words in told(text)] == ["Was it you?", "No.", "I see…", "It was David Waters Sr.", "I see."]


def test_a_time_of_day_in_front_is_not_part_of_the_label() -> None:
    text = "Genoa\n\n10:12 A.M. EDT  THE PRESIDENT: I thank you. MS. BRUNI: And I you. THE PRESIDENT: We are glad."
    assert [name for name, _ in told(text)] == ["THE PRESIDENT", "Bruni", "THE PRESIDENT"]


def test_a_salutation_is_no_label() -> None:
    text = (
        "ANNA BRUNI: Madam Speaker, Mr. Vice President, members, and friends: I thank you.\n\nIVAN PETROV: And I you."
    )
    assert [name for name, _ in told(text)] == ["Anna Bruni", "Ivan Petrov"]


@pytest.mark.parametrize(
    ("label", "name", "role"),
    [
        ("President of Egypt Omar el-Masri", "Omar el-Masri", "President of Egypt"),
        ("King of Bahrain Hamad bin Isa Al Khalifa", "Hamad bin Isa Al Khalifa", "King of Bahrain"),
        ("President of the Commission Anna von der Heide", "Anna von der Heide", "President of the Commission"),
        ("Minister of Trade, Ports and Fishing Anna Bruni", "Anna Bruni", "Minister of Trade, Ports and Fishing"),
        ("President Bruni of Italy", "Bruni", "President"),
        ("His Majesty King Olaf", "King Olaf", "His Majesty"),
        ("Patriarch Kirill", "Patriarch Kirill", None),
        ("Harbour CEO Anna Bruni", "Anna Bruni", "Harbour CEO"),
        ("DEPUTY CHIEF OF MISSION MR. WATERS", "Waters", "Deputy Chief of Mission"),
        ("SENATOR McALLEN", "McAllen", "Senator"),
        ("Anna Bruni MP", "Anna Bruni", "MP"),
    ],
)
def test_a_title_is_told_from_the_name(label: str, name: str, role: str | None) -> None:
    text = f"{label}: I thank you, friends.\n\nIVAN PETROV: And I thank Mr. McAllen.\n\n{label}: We are glad."
    found = turns(document(text))
    assert [(turn.name, turn.role) for turn in found[::2]] == [(name, role)] * 2
    assert found[0].mention and found[0].mention.of(text) == label


def test_two_namesakes_are_kept_apart() -> None:
    text = "ANNA BRUNI: I am here.\n\nIVAN BRUNI: So am I.\n\nBRUNI: You are late.\n\nANNA BRUNI: We know."
    assert [name for name, _ in told(text)] == ["Anna Bruni", "Ivan Bruni", "Bruni", "Anna Bruni"]


def test_a_relative_whom_a_speaker_names_is_not_the_speaker() -> None:
    text = "WATERS: My father, David Waters, taught me.\n\nPETROV: You loved him.\n\nWATERS: I did.\n\nPETROV: So."
    assert told(text)[0][0] == "Waters"


def test_a_man_is_not_taken_for_a_woman_of_that_name() -> None:
    text = "MRS. WATERS: I thank you.\n\nPETROV: Your husband, David Waters, is here.\n\nMRS. WATERS: We came.\n\nPETROV: So."
    assert told(text)[0][0] == "Waters"


def test_the_document_tells_how_a_name_in_capitals_is_written() -> None:
    text = "MCALLEN: I am here.\n\nO'HARA: We thank you, Mr. McAllen.\n\nMCALLEN: And I you."
    assert [name for name, _ in told(text)] == ["McAllen", "O'Hara", "McAllen"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Let me say this: we will not sell the port.",
        "I told Ivan Petrov: you must come.",
        "Note: I was not there.",
        "It was 14:29 when we left.",
        "And here is the thing: you came.",
        "We have three goals: peace, bread and work.",
        "See http://example.org for more.",
    ],
)
def test_a_colon_in_a_speech_opens_no_turn(sentence: str) -> None:
    text = f"ANNA BRUNI: I am glad. {sentence} That is all.\n\nIVAN PETROV: We thank you.\n\nANNA BRUNI: Thank you."
    assert [name for name, _ in told(text)] == ["Anna Bruni", "Ivan Petrov", "Anna Bruni"]


ARTICLES = [
    "Petrov: We will not sell the port\n\nThe mayor, Ivan Petrov, said on Monday that the port was not for sale. "
    "“We will not sell it,” he said. The council meets again in May. Nobody in the town expected him to change his mind.",
    "Port sold\n\nPhoto: Anna Bruni\n\nSource: The Harbour News\n\nNote: This story was updated.\n\nThe port was sold on Monday.",
    "Where they stand\n\nAnna Bruni: The mayor has promised lower fees and a new pier.\n\n"
    "Ivan Petrov: The councillor wants the port to stay as it is, and has voted so twice.",
    "The mayor was asked twice.\n\nBruni: “I have said all that I can.”\n\nPetrov: “We have said nothing.”\n\nThey left at 14:29.",
]


@pytest.mark.parametrize("text", ARTICLES, ids=["headline", "credits", "a list of people", "quotations"])
def test_an_article_with_what_looks_like_labels_has_no_turns(text: str) -> None:
    assert told(text) == []


def test_an_article_that_quotes_a_conversation_goes_on_after_it() -> None:
    text = (
        "The mayor met the press on Monday for the first time since the port was sold to a company from abroad. "
        "It was a short meeting, held on the pier, and it did not go well for the mayor or for those who had come to ask.\n\n"
        "REPORTER: Will you resign?\n\nMAYOR BRUNI: I will not.\n\nREPORTER: Are you sure?\n\nMAYOR BRUNI: I told you so.\n\n"
        "The council meets again in May. Nobody in the town expects a vote before the summer."
    )
    assert told(text)[-1] == ("Bruni", "I told you so.")


def test_one_label_at_the_start_makes_a_whole_speech_one_turn() -> None:
    text = "Anna Bruni: " + "I thank you all, my friends, for we have come far and you have stood by us. " * 4
    assert told(text) == [("Anna Bruni", text[12:].strip())]


WORDS = st.lists(
    st.sampled_from(
        ["Anna Bruni", "IVAN PETROV", "Mr.", "President of", ": ", ":", "I", "we", "said", "(Applause.)", "[", ")", "\n\n", "\n",
         "Q ", " ", "* * *", "<…>", ". ", "“", "”", "\u00a0", "é", "👩‍👩‍👧", "\u0301", "00:12 ", "**", "—", "Question", "\u2028",
         "\r\n"]
    ),
    max_size=60,
).map("".join)  # fmt: skip


@given(st.one_of(st.text(), WORDS))
@settings(max_examples=300)
def test_turns_are_in_order_apart_and_behind_their_mentions(text: str) -> None:
    position = 0
    for turn in turns(document(text)):
        (part,) = turn.parts
        assert turn.mention is not None and turn.form == "turn" and turn.mode == "direct"
        assert position <= turn.mention.start < turn.mention.end <= part.start < part.end <= len(text)
        for span in (turn.mention, part):
            assert span.of(text) == span.of(text).strip() != ""
        position = part.end


@given(st.one_of(st.text(), WORDS))
@settings(max_examples=300)
def test_candidates_are_in_order_and_hold_their_mentions(text: str) -> None:
    position = 0
    for label in candidates(text):
        assert position <= label.span.start and label.span.end <= len(text)
        assert label.span.holds(label.mention) and label.mention.of(text).strip()
        position = label.span.end


@given(st.one_of(st.text(), WORDS), st.text(min_size=1).filter(str.strip))
def test_the_parts_of_a_monologue_are_in_order_and_not_blank(text: str, speaker: str) -> None:
    speech = monologue(document(text, extra={"speaker": speaker}))
    position = 0
    for part in speech.parts if speech else ():
        assert position <= part.start < part.end <= len(text) and part.of(text).strip()
        position = part.end


def test_a_turn_is_one_span_over_all_its_paragraphs() -> None:
    text = "ANNA BRUNI: I thank you.\n\nWe have won.\n\nIVAN PETROV: You have."
    first = turns(document(text))[0]
    assert first.parts == (Span(12, 38),)
    assert first.span.of(text) == "I thank you.\n\nWe have won."


MEETING = [
    "Anna Bruni: I call the meeting to order, and I thank you all.",
    "Ivan Petrov: We have three reports to read.",
    "Anna Bruni: Please, let us hear them.",
    "Ivan Petrov: You will find them on your desks.",
]


def words_of(name: str, text: str) -> list[str]:
    return [words for who, words in told(text) if who == name]


@pytest.mark.parametrize("apart", ["\n\n", "\n"], ids=["paragraphs", "lines"])
@pytest.mark.parametrize(
    ("label", "who"),
    [
        ("Ali", "Ali"),
        ("Audience member", "Audience member"),
        ("Voice from the floor", "Voice from the floor"),
        ("Woman in the second row", "Woman in the second row"),
        ("李小龙", "李小龙"),
        ("O’Brien-Smith", "O’Brien-Smith"),
        ("X", "X"),
    ],
)
def test_a_label_that_comes_once_has_a_turn_of_its_own(label: str, who: str, apart: str) -> None:
    text = apart.join([*MEETING, f"{label}: Shame on the lot of them!", MEETING[0]])
    assert told(text)[4] == (who, "Shame on the lot of them!")
    assert words_of("Ivan Petrov", text)[-1] == "You will find them on your desks."


@pytest.mark.parametrize(
    "label", ["Channel 4", "Money", "Presidente Fernández:", "Kowal, from the gallery", "Nowak in the back"]
)
def test_what_only_looks_like_a_label_ends_the_turn_before_it(label: str) -> None:
    text = "\n\n".join([*MEETING, f"{label}: Shame on the lot of them!", MEETING[0]])
    assert "Shame on the lot of them!" not in "".join(words for _, words in told(text))


@pytest.mark.parametrize(
    "opening", ["And one thing more", "Number four", "Money", "Let me be plain", "All right, second goal"]
)
def test_a_paragraph_of_a_speech_may_open_with_a_few_words_and_a_colon(opening: str) -> None:
    speech = "Anna Bruni: I thank you.\n\n" + "We have built a harbour for you.\n\n" * 6
    text = f"{speech}{opening}: we owe you none.\n\nIvan Petrov: I thank you.\n\nAnna Bruni: And I you."
    assert len(told(text)) == 3 and f"{opening}: we owe you none." in told(text)[0][1]


@pytest.mark.parametrize("apart", ["\n\n", "\n"], ids=["paragraphs", "lines"])
@pytest.mark.parametrize(
    "prose",
    [
        "The chairman then read a letter from the railway company.",
        'Jan Kowal then addressed the meeting: "I sank the ferry."',
        "The meeting adjourned for ten minutes.",
        '"I sank it," Jan Kowal said.',
    ],
)
def test_what_is_told_between_turns_is_not_the_last_speakers(prose: str, apart: str) -> None:
    for text in (apart.join([*MEETING, prose, *MEETING[:2]]), apart.join([*MEETING, prose])):
        assert words_of("Ivan Petrov", text)[1] == "You will find them on your desks."


def test_a_story_within_a_long_speech_is_the_speakers() -> None:
    story = "The old pilot said that no ship would come. He read the sky and went home."
    speech = f"I thank you all.\n\nWe have met before.\n\nWe had a pilot then.\n\n{story}\n\nWe know better now."
    text = f"Anna Bruni: {speech}\n\nIvan Petrov: I thank you.\n\nAnna Bruni: And I you.\n\nIvan Petrov: {speech}"
    assert [words for _, words in told(text)] == [speech, "I thank you.", "And I you.", speech]


@pytest.mark.parametrize(
    "closing",
    [
        "ENDS",
        "END",
        "###",
        "- 30 -",
        "**Notes to editors**",
        "Editor's note: The minutes were amended in May.",
        "Copyright 2020 The Harbour Council. All rights reserved.",
        "© The Harbour Council",
        "Media contact: Jane Roe, 555 0100",
    ],
)
def test_what_closes_a_page_is_not_the_last_speakers(closing: str) -> None:
    text = "\n\n".join([*MEETING, closing, "We are the council of a small harbour."])
    assert told(text)[-1] == ("Ivan Petrov", "You will find them on your desks.")


def test_a_speech_may_end_with_what_only_resembles_a_closing() -> None:
    text = "\n\n".join(
        [*MEETING, "Copyright is what we have come for, and notes are what you will take.", "End it now, I say."]
    )
    assert told(text)[-1][1].endswith("End it now, I say.")


ASKED = ["Did you take the money?", "Who took it?", "Will you resign?", "Are you sorry?"]
ANSWERED = ["I did not take a cent.", "Ask my successor, not me.", "I will not.", "I am sorry for the town."]


@pytest.mark.parametrize(
    "question", ["**Gazette: {}**", "**Gazette:** {}", "**{}**", "__{}__", "## {}", "### Gazette: {}"]
)
@pytest.mark.parametrize("apart", ["\n\n", "\n"], ids=["paragraphs", "lines"])
def test_a_question_in_bold_is_not_whoever_answers(question: str, apart: str) -> None:
    text = apart.join(f"{question.format(q)}{apart}Ilse Brandt: {a}" for q, a in zip(ASKED, ANSWERED))
    assert words_of("Ilse Brandt", text) == ANSWERED
    if "Gazette" in question:
        assert words_of("Gazette", text) == ASKED


IMPERSONAL = [
    "Anna Bruni: The bridge was built in 1920 and closed in 1984.",
    "Ivan Petrov: The council voted to open it again.",
    "Anna Bruni: The vote was lost by a single hand.",
    "Ivan Petrov: The minutes say otherwise.",
]


@pytest.mark.parametrize("count", [3, 4])
def test_speakers_who_come_again_are_heard_although_nobody_says_i(count: int) -> None:
    assert len(told("\n\n".join(IMPERSONAL[:count]))) == count


def test_a_meeting_with_one_long_report_is_a_transcript() -> None:
    report = "The harbour was dug in 1890 by the railway, and the railway kept it until the war. " * 40
    others = ["Anna Bruni: I open the meeting.", "Ivan Petrov: We have one report.", f"Carl Nowak: {report.strip()}"]
    text = "\n\n".join([*others, "Lena Marsh: Thank you.", "Paul Drum: I move to adjourn."])
    assert [who for who, _ in told(text)] == ["Anna Bruni", "Ivan Petrov", "Carl Nowak", "Lena Marsh", "Paul Drum"]


@pytest.mark.parametrize(
    "lines",
    [
        ["Name: Anna", "Age: 30", "City: Rome", "Name: Ivan", "Age: 40", "City: Genoa"],
        ["Opening Hours: It opens at nine.", "Closing Time: It closes at ten."] * 2,
        ["Q: When does the museum open?", "A: The museum opens at nine."] * 3,
    ],
    ids=["a form", "opening hours", "a list of questions"],
)
def test_a_form_whose_fields_come_again_has_no_turns(lines: list[str]) -> None:
    assert told("\n".join(lines)) == []


def test_after_a_voice_that_is_heard_once_nobody_knows_who_goes_on() -> None:
    speech = "Anna Bruni: " + "I thank you all for this harbour, which we have built with our own hands. " * 5
    text = f"{speech}\n\nVoice from the floor: Shame!\n\nAnd we will build on."
    assert [words for _, words in told(text)] == [speech[12:].strip(), "Shame!"]


def test_the_foot_of_a_page_is_no_label() -> None:
    text = "The clerk said: “Enter it.” I entered it.\n\nInitials: ____ Page 1 of 2\n\nI was asked again. I entered it again."
    at = text.index("Initials")
    foot = Block("apparatus", Span(at, text.index("\n\nI was")), 2)
    body = [Block("paragraph", Span(0, at - 2), 1), foot, Block("paragraph", Span(foot.span.end + 2, len(text)), 3)]
    assert turns(Document(text, tuple(body), Metadata(), "extracted")) == []
