"""Each rule of the sieve by what it settles: whose words these are, which words, and in what mode."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.blocks import lay_out
from index.records import Block, Span
from index.speech.reported import reported_speech


def said(text: str) -> list[tuple]:
    """(speaker as named, mode, words…) of every utterance."""
    blocks, _ = lay_out(text)
    return [
        (u.mention.of(text) if u.mention else None, u.mode, *(p.of(text) for p in u.parts))
        for u in reported_speech(text, blocks)
    ]


def only(text: str) -> tuple:
    [utterance] = said(text)
    return utterance


# Words before their tag


def test_a_tag_after_the_quotation_names_its_speaker():
    assert only("“The bridge is closed,” the engineer said.") == ("the engineer", "direct", "“The bridge is closed,”")


def test_a_tag_may_be_turned_round():
    text = "“The bridge is closed,” said Ruth Okafor, the county engineer."
    assert only(text) == ("Ruth Okafor", "direct", "“The bridge is closed,”")


def test_a_tag_in_the_middle_joins_both_halves():
    text = "“The bridge,” she said, “is closed for a year.”"
    assert only(text) == ("she", "direct", "“The bridge,”", "“is closed for a year.”")


def test_a_quotation_goes_on_after_its_tag_in_the_same_paragraph():
    text = "“The bridge is closed,” she said. “It will stay so.”"
    assert only(text) == ("she", "direct", "“The bridge is closed,”", "“It will stay so.”")


def test_a_quotation_goes_on_behind_a_then():
    text = "“The bridge is closed,” she said. Then, “It will stay so for as long as I live.”"
    assert only(text)[2:] == ("“The bridge is closed,”", "“It will stay so for as long as I live.”")


def test_a_question_is_joined_to_the_tag_that_follows_as_a_sentence_of_its_own():
    assert only("“Who pays for it?” Okafor asked.") == ("Okafor", "direct", "“Who pays for it?”")


def test_what_leads_to_a_quotation_is_said_too():
    text = "The bridge “was never safe,” Okafor said in March."
    assert only(text) == ("Okafor", "mixed", "The bridge “was never safe,”")


def test_a_but_before_a_quotation_is_not_said():
    assert only("But “the bridge is closed,” she said.")[1:] == ("direct", "“the bridge is closed,”")


def test_a_tag_at_the_end_of_a_report():
    assert only("The bridge will open in June, Okafor said.") == (
        "Okafor",
        "indirect",
        "The bridge will open in June",
    )


def test_a_tag_within_a_report_joins_both_halves():
    text = "The bridge, Okafor said, will open in June."
    assert only(text) == ("Okafor", "indirect", "The bridge", "will open in June")


def test_a_verb_that_nobody_listed_tags_a_quotation_that_leads_to_it():
    assert only("“Enough,” the sergeant hissed.")[0] == "the sergeant"
    assert only("“This is the best day,” enthused Ruth Okafor.")[0] == "Ruth Okafor"


# Words after their verb


@pytest.mark.parametrize(
    "text",
    [
        "Okafor said, “The bridge is closed.”",
        "Okafor said: “The bridge is closed.”",
        "Okafor said “The bridge is closed.”",
        "Okafor told reporters in Leeds on Monday: “The bridge is closed.”",
        "Okafor said, however, “The bridge is closed.”",
        "Okafor had a short answer: “The bridge is closed.”",
    ],
)
def test_a_quotation_after_its_verb(text):
    assert only(text) == ("Okafor", "direct", "“The bridge is closed.”")


def test_a_clause_with_that():
    assert only("The engineer said that the bridge was closed.")[1:] == ("indirect", "that the bridge was closed")


@pytest.mark.parametrize("verb", "ruled found concluded determined held estimated calculated tallied reported".split())
def test_institutions_report_what_they_found(verb):
    text = f"The court {verb} that the county had lost forty bridges."
    assert only(text) == ("The court", "indirect", "that the county had lost forty bridges")


@pytest.mark.parametrize("verb", "ruled found concluded determined estimated calculated tallied reported".split())
def test_a_tag_of_an_institution(verb):
    assert only(f"The county had lost forty bridges, the court {verb}.") == (
        "the court",
        "indirect",
        "The county had lost forty bridges",
    )


@pytest.mark.parametrize(
    "text", ["The party ruled the county for years.", "The rules say little.", "She held the rope that he found there."]
)
def test_ruling_and_holding_are_not_always_saying(text):
    assert said(text) == []


def test_a_clause_without_that():
    assert only("The engineer said the bridge was closed.") == ("The engineer", "indirect", "the bridge was closed")


def test_a_clause_behind_whom_it_was_told_and_when():
    text = "Okafor told the council on Monday that the bridge was closed."
    assert only(text) == ("Okafor", "indirect", "that the bridge was closed")


def test_quoted_words_within_a_report_make_it_mixed():
    text = "Okafor said the bridge was “a death trap” in winter."
    assert only(text) == ("Okafor", "mixed", "the bridge was “a death trap” in winter")


def test_a_question_that_is_reported():
    assert only("Okafor asked whether the bridge was closed.")[1:] == ("indirect", "whether the bridge was closed")


def test_an_intention_is_reported():
    assert only("The mayor vowed to reopen the bridge.") == ("The mayor", "indirect", "to reopen the bridge")


def test_what_somebody_calls_something():
    text = "The mayor called the bridge “a death trap.”"
    assert only(text) == ("The mayor", "mixed", "the bridge “a death trap.”")


def test_what_somebody_draws_attention_to():
    text = "The mayor drew attention to the fact that the bridge had no railing."
    assert only(text) == ("The mayor", "indirect", "the fact that the bridge had no railing")


def test_two_verbs_of_one_speaker_are_two_utterances():
    text = "Okafor said the bridge was closed, adding that it would stay so."
    assert said(text) == [
        ("Okafor", "indirect", "the bridge was closed"),
        ("Okafor", "indirect", "that it would stay so"),
    ]


def test_a_sentence_that_opens_with_a_participle_names_its_speaker_after_the_comma():
    text = "Noting that the bridge was closed, Okafor turned to the next question."
    assert only(text) == ("Okafor", "indirect", "that the bridge was closed")


def test_according_to_before_and_after():
    assert only("According to the engineer, the bridge is closed.")[0] == "the engineer"
    assert only("The bridge is closed, according to the engineer.")[2] == "The bridge is closed"


def test_a_claim_is_said_by_whose_claim_it_is():
    text = "Nobody shared Okafor’s claim that the bridge was unsafe."
    assert only(text) == ("Okafor’s", "indirect", "that the bridge was unsafe")


def test_a_long_quotation_that_nobody_claims_is_an_utterance_of_an_unknown_speaker():
    text = "The letter ends where “the river takes everything that we ever built here” and nothing else."
    assert only(text) == (None, "direct", "“the river takes everything that we ever built here”")


def test_a_label_within_a_quotation_names_its_speaker():
    text = "The show went on.\n\n“OKAFOR: Well, the bridge is closed.”"
    assert only(text)[0] == "OKAFOR"


def test_a_nickname_and_a_programme_are_no_quotations():
    text = "Ruth “Ro” Okafor told Radio Leeds’s “The Long Morning” on Monday that the bridge was closed."
    assert only(text)[1:] == ("indirect", "that the bridge was closed")


def test_verbs_of_two_words_and_verbs_that_went_on_to_say():
    assert only("Okafor pointed out that the bridge was closed.")[0] == "Okafor"
    assert only("Okafor went on to say that the bridge was closed.")[0] == "Okafor"


# Whose words they are


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Ruth Okafor, a county engineer who lives in Leeds, said the bridge was closed.", "Ruth Okafor"),
        ("Ruth Okafor, 52, said the bridge was closed.", "Ruth Okafor"),
        ("Sen. Ruth Okafor (R-Texas) said the bridge was closed.", "Sen. Ruth Okafor"),
        ("In an interview on Monday, Okafor said the bridge was closed.", "Okafor"),
        ("Speaking in Leeds, England, Okafor said the bridge was closed.", "Okafor"),
        ("The engineer has in the past repeatedly said the bridge was closed.", "The engineer"),
        ("A spokesman for the county said the bridge was closed.", "A spokesman for the county"),
        ("An engineer who met the mayor said the bridge was closed.", "An engineer"),
        ("In defence of it, the mayor of Leeds, Ruth Okafor, said the bridge was closed.", "the mayor of Leeds, Ruth Okafor"),
        ("The mayor of Leeds, Ruth Okafor, said the bridge was closed.", "The mayor of Leeds, Ruth Okafor"),
        ("The bridge was built by Ruth Okafor, who said it was closed for good.", "Ruth Okafor, who"),
    ],
)  # fmt: skip
def test_the_mention_is_the_phrase_that_names_the_speaker(text, speaker):
    assert only(text)[0] == speaker


def test_a_coordinated_verb_has_the_subject_of_the_first():
    assert only("Okafor shook her head and said the bridge was closed.")[0] == "Okafor"


# Quotations that stand alone


def test_a_quotation_alone_in_its_paragraph_goes_on_with_who_spoke_before():
    text = "The mayor noted that the bridge had no railing.\n\n“Somebody will fall from it one day.”"
    assert said(text)[1] == ("The mayor", "direct", "“Somebody will fall from it one day.”")


def test_a_paragraph_that_ends_with_a_colon_introduces_the_next_one():
    text = "The mayor wrote to the county:\n\n“Somebody will fall from it one day.”"
    assert said(text) == [("The mayor", "direct", "“Somebody will fall from it one day.”")]


def test_a_quotation_of_several_paragraphs_is_one_utterance():
    text = "“The bridge is closed,” Okafor said. “It is old.\n\n“And it is narrow.”"
    assert said(text) == [("Okafor", "direct", "“The bridge is closed,”", "“It is old.", "“And it is narrow.”")]


def test_two_speakers_before_a_quotation_alone_leave_its_speaker_unknown():
    text = "The mayor said it was safe, but the engineer said it was closed.\n\n“Somebody will fall one day.”"
    assert said(text)[-1][0] is None


def test_a_quotation_with_a_dash_and_a_name_is_signed():
    text = "“The bridge was my childhood and I miss it.” — Ruth Okafor"
    assert only(text)[0] == "Ruth Okafor"


# What nobody says


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “bridge” is a plank.",
        "She wrote a book called “The Long Bridge.”",
        "He sang on “Late Night Leeds” last week.",
        "The council met.\n\n‘A bridge too far’\n\nNobody came.",
        "She is a fan of “All the Long Bridges That We Ever Crossed Together” and of rain.",
        "The two claims were filed in March.",
        "The state built the bridge in 1960.",
        "The engineer did not say the bridge was closed.",
        "It is not clear if he says that the bridge was closed.",
        "She was told that the bridge was closed.",
    ],
)
def test_no_utterance_is_made_of_titles_scare_quotes_nouns_and_what_was_not_said(text):
    assert said(text) == []


def test_a_report_within_a_report_is_not_put_in_another_mouth():
    assert only("Okafor said the mayor believes the bridge is safe.") == (
        "Okafor",
        "indirect",
        "the mayor believes the bridge is safe",
    )


# Offsets

_PIECES = st.sampled_from(
    ["Ann", "said", "that", "it", "rained", ",", ".", "“", "”", '"', "''", "he", "the mayor", "according to", ":", "and",
     "told", "—", "who", "\n\n", "adding", "(", ")", "’s", "not", "to", "called", "asked", "whether", "?", "In May"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=40))
def test_utterances_lie_in_the_text_in_order_with_parts_apart(pieces):
    text = " ".join(pieces)
    utterances = reported_speech(text, lay_out(text)[0])
    whole = Span(0, len(text))
    for u in utterances:
        assert all(whole.holds(p) and len(p) for p in u.parts)
        assert all(a.end <= b.start for a, b in zip(u.parts, u.parts[1:]))
        assert all(s is None or (whole.holds(s) and len(s)) for s in (u.mention, u.cue))
    assert [u.span for u in utterances] == sorted(u.span for u in utterances)


@given(st.text(max_size=120))
def test_any_text_can_be_read(text):
    if text.strip():
        reported_speech(text, [Block("paragraph", Span(0, len(text)), 1)])


def test_apparatus_says_nothing():
    text = "Photo: the mayor said that it would rain."
    assert reported_speech(text, [Block("apparatus", Span(0, len(text)), 1)]) == []


# Nobody is given words that are not theirs


@pytest.mark.parametrize(
    "answer",
    [
        "and George Patel replied, “So are you.”",
        "to which George Patel replied, “So are you.”",
        "before George Patel, her deputy, shouted, “So are you.”",
        "prompting George Patel to say, “So are you.”",
        "but “So are you.” George Patel replied.",
    ],
)
def test_who_answers_in_the_same_sentence_has_the_second_quotation(answer):
    assert said(f"“You are a liar,” said Carla Mendes, {answer}") == [
        ("Carla Mendes", "direct", "“You are a liar,”"),
        ("George Patel", "direct", "“So are you.”"),
    ]


def test_who_is_told_something_and_replies_has_the_second_quotation():
    text = "“You are a liar,” Carla Mendes told Petr Novak, who replied, “So are you.”"
    assert [(who, *words) for who, _, *words in said(text)] == [
        ("Carla Mendes", "“You are a liar,”"),
        ("Petr Novak, who", "“So are you.”"),
    ]


def test_a_second_subject_without_a_known_verb_takes_the_second_quotation_from_the_first():
    text = "“You are a liar,” said Carla Mendes, and George Patel: “So are you.”"
    assert said(text)[0] == ("Carla Mendes", "direct", "“You are a liar,”")
    assert said(text)[1][0] is None


def test_an_insertion_after_the_tag_leaves_the_second_quotation_to_the_same_speaker():
    text = "“I will stay,” Petr Novak said, his voice shaking, “to the end.”"
    assert only(text) == ("Petr Novak", "direct", "“I will stay,”", "“to the end.”")


@pytest.mark.parametrize(
    "text",
    [
        "Anna Berzin never said “we will raise taxes”.",
        "Anna Berzin did not say: “We will raise the taxes of everybody in this town.”",
        "“I am sorry,” Anna Berzin did not say.",
        "Anna Berzin would never say “I am sorry”.",
        "Nor did Anna Berzin say “I am sorry”.",
        "Neither Anna Berzin nor George Patel said “I am sorry”.",
        "No minister said: “We will raise the taxes on bread and milk.”",
        "It is not true that Anna Berzin said “I quit”.",
    ],
)
def test_what_was_not_said_is_nobodys(text):
    assert said(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "If Anna Berzin said “I quit”, the party would fall.",
        "Had Anna Berzin said “I quit”, the party would have fallen.",
        "Did Anna Berzin say “I quit”?",
        "Anna Berzin should have said “I am sorry”.",
        "Anna Berzin could have said, “I am sorry.”",
        "Carla Mendes wishes Anna Berzin had said “I am sorry”.",
    ],
)
def test_what_might_have_been_said_is_nobodys(text):
    assert said(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Anna Berzin declined to comment on the leak.",
        "Anna Berzin refused to say whether she would resign.",
        "“I quit,” Anna Berzin refused to say.",
        "Anna Berzin stopped short of saying “we will raise taxes”.",
        "Anna Berzin left without saying, “I am sorry.”",
    ],
)
def test_who_refuses_to_say_something_does_not_say_it(text):
    assert said(text) == []


def test_a_negation_within_what_is_said_is_said():
    text = "“I did not take it,” Anna Berzin said. She said she would never say “I quit”."
    assert said(text) == [
        ("Anna Berzin", "direct", "“I did not take it,”"),
        ("She", "mixed", "she would never say “I quit”"),
    ]


def test_what_is_denied_is_told_with_the_denial():
    text = "Anna Berzin denied that she had leaked the report."
    assert only(text) == ("Anna Berzin", "indirect", "denied that she had leaked the report")


def test_what_is_dismissed_in_somebodys_own_words_is_told_without_the_verb():
    text = "Anna Berzin dismissed the report as “a work of fiction from end to end”."
    assert only(text)[2] == "the report as “a work of fiction from end to end”"


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“You are fired,” George Patel was told by Carla Mendes.", "Carla Mendes"),
        ("“You are fired,” George Patel was told.", None),
        ("Petr Novak was asked by a reporter: “Will you resign?”", "a reporter"),
        ("Petr Novak was asked: “Will you resign?”", None),
        ("Petr Novak was greeted with one question: “Will you resign?”", None),
        ("Petr Novak was told by Carla Mendes that he would be fired.", "Carla Mendes"),
    ],
)
def test_in_the_passive_the_speaker_is_who_it_was_said_by(text, speaker):
    assert only(text)[0] == speaker


@pytest.mark.parametrize(
    "text",
    [
        "George Patel quoted Carla Mendes as saying, “I never took a coin.”",
        "George Patel quoted Carla Mendes: “I never took a coin.”",
        "“I never took a coin.” Carla Mendes was quoted as saying.",
        "“I never took a coin,” George Patel quoted Carla Mendes as saying.",
    ],
)
def test_words_that_are_quoted_are_those_of_who_is_quoted(text):
    assert only(text)[:2] == ("Carla Mendes", "direct")


@pytest.mark.parametrize(
    "reaction", ["laughed when she heard it", "laughed", "smiled", "heard it and wept", "agreed with him"]
)
def test_who_only_reacts_to_a_quotation_is_not_its_speaker(reaction):
    [(who, *_)] = said(f"Petr Novak left the hall. “I will not resign.” Anna Berzin {reaction}.")
    assert who is None


def test_a_laugh_in_the_same_sentence_is_a_tag():
    assert only("“You cannot be serious,” Anna Berzin laughed.")[0] == "Anna Berzin"


@pytest.mark.parametrize("lead", ["Asked by a reporter,", "Asked,", "When asked"])
def test_a_question_that_leads_to_an_answer_is_not_the_answerers(lead):
    text = f"{lead} “Will you resign?”, Petr Novak said, “No.”"
    assert ("Petr Novak", "direct", "“No.”") in said(text)
    assert not any(who == "Petr Novak" for who, _, *words in said(text) if "resign" in words[0])


def test_a_ruin_of_quotation_marks_is_nobodys() -> None:
    text = "“Yes” he said no, " * 400 + "and left."
    assert reported_speech(text, lay_out(text)[0]) == []


@pytest.mark.parametrize(
    "text",
    [
        "The Landlord may terminate this lease on ninety days written notice to the Tenant.",
        "The Tenant shall give written notice to the Landlord.",
    ],
)
def test_a_written_notice_is_nobodys_report(text: str) -> None:
    assert reported_speech(text, lay_out(text)[0]) == []


def test_what_somebody_has_written_is_theirs() -> None:
    text = "The minister has written that the harbour will stay closed."
    (said,) = reported_speech(text, lay_out(text)[0])
    assert said.mention.of(text) == "The minister"
