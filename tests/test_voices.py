"""Who says or writes what where the format of a document tells it."""

from __future__ import annotations

from index import readers
from index.blocks import lay_out
from index.chunker import passages
from index.records import Document, Span, Voice
from index.speech import speech_of

MAIL = "I shall be in Oslo on Monday.\n\nThe ship is sold.\n\nWhen will you come? The ship is ours still.\n"


def document(text: str, *voices: tuple[str, str]) -> Document:
    """A document with the voices of these names over these words."""
    found = tuple(Voice(Span(text.index(words), text.index(words) + len(words)), name) for name, words in voices)
    return Document(text, *lay_out(text), voices=found)


def said(of: Document) -> list[tuple[str | None, str]]:
    return [(u.name, " | ".join(p.of(of.text) for p in u.parts)) for u in speech_of(of).utterances]


def test_a_mail_is_its_writers_and_what_it_quotes_is_the_others() -> None:
    own, quoted = MAIL[: MAIL.index("\n\nWhen")], MAIL[MAIL.index("When") :].strip()
    mail = document(MAIL, ("Anna Berg", own), ("Ivan Petrov", quoted))
    assert said(mail) == [
        ("Anna Berg", "I shall be in Oslo on Monday. | The ship is sold."),
        ("Ivan Petrov", "When will you come? The ship is ours still."),
    ]
    assert speech_of(mail).genre == "transcript"


def test_no_passage_holds_the_words_of_two_voices() -> None:
    text = "The ship is sold. It was ours. We shall miss it."
    mail = document(text, ("Anna Berg", "The ship is sold."), ("Ivan Petrov", "It was ours. We shall miss it."))
    cut = passages(mail, lambda texts: [len(t.split()) for t in texts], utterances=speech_of(mail).utterances)
    assert [p.span.of(text).strip() for p in cut] == ["The ship is sold.", "It was ours. We shall miss it."]


def test_one_voice_over_all_is_a_monologue() -> None:
    assert speech_of(document(MAIL, ("Anna Berg", MAIL.strip()))).genre == "monologue"


def test_what_frames_a_text_is_under_no_voice() -> None:
    text = "From: Anna Berg\nTo: Ivan Petrov\n\nThe ship is sold, and so is the pier at which it lay."
    blocks, metadata = lay_out(text)
    head = blocks[0].__class__("apparatus", Span(0, text.index("\n\n")), 1)
    body = blocks[0].__class__("paragraph", Span(text.index("The"), len(text)), 2)
    mail = Document(text, (head, body), metadata, voices=(Voice(Span(0, len(text)), "Anna Berg"),))
    assert said(mail) == [("Anna Berg", "The ship is sold, and so is the pier at which it lay.")]


def test_a_comment_is_its_authors_and_the_text_it_stands_at_remains_an_article() -> None:
    text = (
        "The harbour stays closed. “It is not safe,” said Mayor Peter Holm. Nothing is known of the costs of the new pier, "
        "nor of those of the old one, which was taken down in the spring.\n\nCheck this with the council."
    )
    report = document(text, ("Anna Berg", "Check this with the council."))
    assert ("Anna Berg", "Check this with the council.") in said(report)
    assert ("Peter Holm", "“It is not safe,”") in said(report)
    assert speech_of(report).genre == "article"


def test_a_voice_that_is_an_address_is_told_as_it_is() -> None:
    assert said(document("The ship is sold.", ("anna@example.org", "The ship is sold."))) == [
        ("anna@example.org", "The ship is sold.")
    ]


def test_words_of_somebody_else_are_nobodys_we_know_and_stand_apart(indexed) -> None:
    mail = (
        "From: Jane Doe <jane@example.org>\nTo: Luis Roe <luis@example.org>\nSubject: Permit\nDate: Mon, 3 Jan 2022 09:00:00 +0000"
        "\n\n> Who signed the sailing permit?\n\nThe harbour master signed the sailing permit himself.\n"
    )
    assistant = indexed({"a.eml": mail})
    cited = assistant.ask("Who signed the sailing permit?").citations
    assert all(
        (c.who.speaker == "Jane Doe") == (c.text == "The harbour master signed the sailing permit himself.")
        for c in cited
    )
    assert any(c.who.speaker == "Jane Doe" for c in cited)


def test_a_turn_under_a_label_ends_where_somebody_else_begins() -> None:
    subtitles = (
        "1\n00:00:01,000 --> 00:00:04,000\nREED: I was on the bridge all night.\n\n2\n00:00:05,000 --> 00:00:08,000\n"
        "- Did they answer?\n- They laughed at me.\n\n3\n00:00:09,000 --> 00:00:11,000\n[GAVEL BANGS]\n\n"
        "4\n00:00:12,000 --> 00:00:15,000\nREED: I say it as it was.\n\n"
        "5\n00:00:16,000 --> 00:00:18,000\nMAYOR: I thank you, we are done.\n"
    )
    (read,) = readers.read(subtitles.encode(), "a.srt").items
    assert [b.kind for b in read.blocks if "GAVEL" in b.span.of(read.text)] == ["apparatus"]
    by_words = {words: name for name, words in said(read)}
    assert by_words["- Did they answer?"] is None and by_words["- They laughed at me."] is None
    assert [words.strip() for words, name in by_words.items() if name and "REED" in name.upper()] == [
        "I was on the bridge all night.",
        "I say it as it was.",
    ]
