"""Subtitles: what is said as paragraphs, each cue's time as its place, the format's voices as voices."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lawful import assert_lawful

from index import readers
from index.errors import UnreadableFile
from index.readers.base import Problem
from index.records import Document


def read(text: str | bytes, name: str = "a.vtt") -> tuple[Document, list[Problem]]:
    document, *problems = readers.read(text if isinstance(text, bytes) else text.encode(), name).items
    assert isinstance(document, Document)
    assert_lawful(document)
    return document, problems


def vtt(*cues: str) -> str:
    """Cues of two seconds that follow each other."""
    return "WEBVTT\n\n" + "\n\n".join(f"{clock(2 * n)} --> {clock(2 * n + 2)}\n{cue}" for n, cue in enumerate(cues))


def clock(seconds: float) -> str:
    return f"{int(seconds) // 60:02}:{seconds % 60:06.3f}"


def paragraphs(text: str | bytes, name: str = "a.vtt") -> list[str]:
    document, _ = read(text, name)
    return [block.span.of(document.text) for block in document.blocks]


def test_cues_are_joined_into_sentences_and_each_is_a_place() -> None:
    document, problems = read(vtt("We shall go", "to the sea.", "It is not\nfar."))
    assert document.text == "We shall go to the sea. It is not far."
    assert [(p.label, p.until, p.number, document.text[p.start :][:5]) for p in document.locators] == [
        ("00:00:00", "00:00:02", 1, "We sh"),
        ("00:00:02", "00:00:04", 2, "to th"),
        ("00:00:04", "00:00:06", 3, "It is"),
    ]
    assert {p.kind for p in document.locators} == {"time"}
    assert document.fidelity == "extracted" and problems == []
    assert "Subtitles are joined into paragraphs, and marks of style left out." in document.notes


def test_times_are_told_in_hours_minutes_and_seconds_the_end_rounded_up() -> None:
    document, _ = read("WEBVTT\n\n1:02:03.900 --> 1:02:04.100 align:start\nHello.")
    assert (document.locators[0].label, document.locators[0].until) == ("01:02:03", "01:02:05")


SRT = """1
00:00:01,000 --> 00:00:03,000
{\\an8}<i>Hello</i> <font color="#fff">there</font>,

said after a blank line.

2
00:00:03,100 --> 00:00:05,000
If x < y & so on.
1984

3
00:00:05,100 --> 00:00:06,000

4
00:00:06,100 --> 00:00:07,000
End.
"""


@pytest.mark.parametrize("encoded", [SRT.encode(), SRT.encode("utf-8-sig"), SRT.replace("\n", "\r\n").encode()])
def test_subrip_is_read_with_its_tags_taken_out_and_nothing_else(encoded: bytes) -> None:
    document, _ = read(encoded, "a.srt")
    assert document.text == "Hello there, said after a blank line. If x < y & so on. 1984 End."
    assert [p.number for p in document.locators] == [1, 2, 4]


def test_subrip_in_an_older_encoding_is_read() -> None:
    text = "1\n00:00:01,000 --> 00:00:03,000\nLe président a déclaré que les troupes seront retirées dès février.\n"
    assert paragraphs(text.encode("latin-1"), "a.srt") == [text.splitlines()[2]]


def test_notes_styles_and_regions_are_no_words_of_the_film() -> None:
    text = "WEBVTT - a title\nKind: captions\nLanguage: en-GB\n\nNOTE not said\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:a\n\n"
    document, problems = read(text + "intro\n00:01.000 --> 00:02.000\nSaid.\n\nNOTE\nnot said\neither\n")
    assert (document.text, document.metadata.language, problems) == ("Said.", "en-GB", [])


def test_tags_times_and_character_references_of_webvtt_are_read() -> None:
    assert paragraphs(
        vtt("<c.yellow.bg>One</c> <00:00:01.000><b>two</b> &amp; &lt;three&gt;&nbsp;<ruby>x<rt>y</rt></ruby>")
    ) == ["One two & <three> xy"]


def test_a_voice_is_whose_words_they_are_and_its_turn_a_paragraph() -> None:
    document, _ = read(
        vtt("<v Ann Poe>We go", "<v Ann Poe>now.</v>", "<v.loud Bob Roe>No!</v> <v Ann Poe>Yes.", "Nobody's.")
    )
    assert [(v.name, v.span.of(document.text)) for v in document.voices] == [
        ("Ann Poe", "We go now."),
        ("Bob Roe", "No!"),
        ("Ann Poe", "Yes."),
    ]
    assert [b.span.of(document.text) for b in document.blocks] == ["We go now.", "No!", "Yes.", "Nobody's."]


def test_dashes_marks_and_names_begin_a_turn_and_stay_in_the_text() -> None:
    cues = [
        "- Shall we?\n- Not yet.",
        "We wait.",
        ">> Now the news.",
        "ANN POE: We go.",
        "Bob Roe (laughing): No –",
        "- as was said before: no.",
    ]
    assert paragraphs(vtt(*cues)) == [
        "- Shall we?",
        "- Not yet. We wait.",
        ">> Now the news.",
        "ANN POE: We go.",
        "Bob Roe (laughing): No – - as was said before: no.",
    ]


def test_a_silence_ends_a_paragraph() -> None:
    assert paragraphs(
        "WEBVTT\n\n00:01.000 --> 00:02.000\nOne\n\n00:04.000 --> 00:05.000\ntwo.\n\n00:09.000 --> 00:10.000\nThree."
    ) == [
        "One two.",
        "Three.",
    ]


def test_a_silence_within_a_sentence_does_not_part_it() -> None:
    cues = "00:01.000 --> 00:02.000\nAustralia was\n\n00:07.000 --> 00:08.000\nmade.\n\n"
    assert paragraphs(f"WEBVTT\n\n{cues}") == ["Australia was made."]
    assert paragraphs(f"WEBVTT\n\n{cues.replace('made.', 'made')}") == ["Australia was", "made"]


def test_a_long_speech_is_parted_between_sentences() -> None:
    found = paragraphs(vtt(*["We went to the sea and looked at it", "for a long time, and went home."] * 20))
    assert len(found) > 1 and all(p.endswith("home.") and len(p) < 700 for p in found)


def test_captions_without_full_stops_are_parted_all_the_same() -> None:
    assert max(map(len, paragraphs(vtt(*[f"we went to the sea {n}" for n in range(400)])))) < 1300


ROLLING = """WEBVTT
Kind: captions
Language: en

00:00:00.000 --> 00:00:02.000 align:start position:0%
 
we<00:00:00.500><c> shall</c><00:00:01.000><c> go</c>

00:00:02.000 --> 00:00:02.010 align:start position:0%
we shall go
 

00:00:02.010 --> 00:00:04.000 align:start position:0%
we shall go
to<00:00:03.000><c> the sea</c>

00:00:04.000 --> 00:00:04.010 align:start position:0%
to the sea
 

00:00:04.010 --> 00:00:06.000 align:start position:0%
to the sea
and<00:00:05.000><c> swim</c>
"""  # noqa: W291, W293 - YouTube writes a line of one blank for an empty one


def test_captions_that_roll_are_said_once() -> None:
    document, _ = read(ROLLING)
    assert document.text == "we shall go to the sea and swim"
    assert [(p.label, p.number) for p in document.locators] == [("00:00:00", 1), ("00:00:02", 3), ("00:00:04", 5)]
    assert "Lines that the captions show again as they roll are left out." in document.notes


def test_captions_that_grow_word_by_word_are_said_once() -> None:
    assert paragraphs(vtt("we", "we shall", "we shall go", "we shall go now")) == ["we shall go now"]


def test_what_is_said_twice_is_kept_twice() -> None:
    assert paragraphs(vtt("No.", "No.", "I said no.", "Did you?", "No.")) == ["No. No. I said no. Did you? No."]


def test_wrong_times_are_told_and_the_words_kept() -> None:
    text = "WEBVTT\n\n00:05.000 --> 00:04.000\nOne.\n\n00:06.000 --> 00:08.000\nTwo.\n\n00:03.000 --> 00:04.000\nThree."
    document, problems = read(text)
    assert document.text == "One. Two. Three."
    assert document.locators[0].until is None
    assert [(p.where, p.reason.partition(":")[0]) for p in problems] == [
        ("cue 1", "ends before it begins"),
        ("cue 3", "begins before the one in front of it"),
    ]


def test_a_block_without_a_time_is_told() -> None:
    document, problems = read(vtt("One.") + "\n\nlost words\n\n00:04.000 --> 00:06.000\nTwo.")
    assert document.text == "One. Two."
    assert problems == [Problem("line 6", "has no time code and is not shown: left out")]


def test_words_ahead_of_the_first_time_that_can_be_read_are_told() -> None:
    text = "1\n99999999999:00:00,000 --> 00:00:01,000\nLost.\n\n2\n00:00:02,000 --> 00:00:04,000\nKept.\n"
    document, problems = read(text, "a.srt")
    assert document.text == "Kept."
    assert problems == [Problem("line 2", "has no time code and is not shown: left out")]
    assert not read(text.partition("\n\n")[2], "a.srt")[1]


def test_a_missing_blank_line_between_cues_loses_none() -> None:
    assert paragraphs("WEBVTT\n\n00:01.000 --> 00:02.000\nOne.\n00:02.000 --> 00:03.000\nTwo.") == ["One. Two."]
    assert paragraphs("1\n00:00:01,000 --> 00:00:02,000\nOne.\n2\n00:00:02,000 --> 00:00:03,000\nTwo.", "a.srt") == [
        "One. Two."
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "no subtitles"), ("Just words.", "no subtitles"), ("1\n00:00:01,000 --> 00:00:02,000\n\n", "hold no words")],
)
@pytest.mark.parametrize("name", ["a.srt", "a.vtt"])
def test_a_file_without_subtitles_is_refused(text: str, reason: str, name: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        readers.read(text.encode(), name)


PIECES = st.sampled_from(
    ["00:01.000 --> 00:02.000", "00:00:03,500 --> 00:00:01,000", "\n", "\n\n", " ", "<v Ann>", "</v>", "<i>", "<", "&amp;"]
    + ["&", "- ", "words", "end.", "ANN:", ">>", "NOTE", "WEBVTT", "{\\an8}", "1"]
    + ["é", "\u2028", "\xa0", "\t", "<00:01.000>", "<v ", "\r"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(["a.srt", "a.vtt"]))
def test_any_subtitles_keep_the_laws_or_are_refused(text: str, name: str) -> None:
    try:
        read(text, name)
    except UnreadableFile:
        pass
