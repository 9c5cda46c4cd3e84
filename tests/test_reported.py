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
