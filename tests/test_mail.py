"""Mails: each is a document, with whose words are whose; what is attached is a document too."""

from __future__ import annotations

import base64
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lawful import assert_lawful

from index import readers
from index.errors import UnreadableFile
from index.readers.base import Options, Problem
from index.readers.mail.attributions import attributed
from index.readers.mail.correspondents import person
from index.records import Document

LINES = b'{"id": "q", "text": "One record."}\n{"text": "Another record."}\n'


def mail(text: str = "Hello.", content_type: str = "text/plain; charset=utf-8", headers: str = "") -> bytes:
    head = f"{headers}From: Jane Doe <jane@example.com>\nTo: Bob Roe <bob@example.com>\nSubject: Minutes\n"
    head += "Date: Mon, 10 Jan 2022 14:29:00 +0100\nMessage-ID: <1@example.com>\nMIME-Version: 1.0\n"
    return f"{head}Content-Type: {content_type}\nContent-Transfer-Encoding: 8bit\n\n{text}".encode()


def read(data: bytes, name: str = "a.eml", only=None) -> list[Document | Problem]:
    items = list(readers.read(data, name, Options(only)).items)
    for item in items:
        if isinstance(item, Document):
            assert_lawful(item)
    return items


def one(data: bytes) -> Document:
    document = read(data)[0]
    assert isinstance(document, Document)
    return document


def records(data: bytes, name: str = "a.eml", only=None) -> list[str | None]:
    return [item.record for item in read(data, name, only) if isinstance(item, Document)]


def voices(document: Document) -> list[tuple[str, str]]:
    return [(voice.name, voice.span.of(document.text)) for voice in document.voices]


def apparatus(document: Document) -> list[str]:
    return [block.span.of(document.text) for block in document.blocks if block.kind == "apparatus"]


# A mail as a document


def test_a_mail_is_its_headers_and_its_text() -> None:
    document = one(mail("Hello Bob,\n\nit is done.\n"))
    assert document.text == (
        "From: Jane Doe <jane@example.com>\nTo: Bob Roe <bob@example.com>\nDate: Mon, 10 Jan 2022 14:29:00 +0100\n"
        "Subject: Minutes\n\nHello Bob,\n\nit is done."
    )
    assert [(b.kind, b.paragraph) for b in document.blocks] == [("apparatus", 1), ("apparatus", 2), ("paragraph", 3)]
    assert document.fidelity == "extracted" and document.record is None
    assert voices(document) == [("Jane Doe", "Hello Bob,\n\nit is done.")]


def test_the_headers_are_its_metadata() -> None:
    metadata = one(mail()).metadata
    assert (metadata.title, metadata.author, metadata.published) == ("Minutes", "Jane Doe", "2022-01-10")
    assert metadata.extra["from"] == "Jane Doe <jane@example.com>"
    assert metadata.extra["to"] == "Bob Roe <bob@example.com>"
    assert metadata.extra["sent"] == "2022-01-10T14:29:00+01:00"


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        ("=?utf-8?q?Caf=C3=A9_au_lait?=", "Café au lait"),
        ("=?utf-8?B?0J/RgNC4?= =?utf-8?B?0LLQtdGC?=", "Привет"),
        ("=?utf-8?B?0J/R?= =?utf-8?B?gNC4?=", "При"),  # a character parted between two words
        ("Re: =?iso-8859-1?Q?Gr=FC=DFe?= an alle", "Re: Grüße an alle"),
        ("=?koi8-r?B?8NLJ18XU?=", "Привет"),
        ("=?nonsense?q?plain?= words", "plain words"),
        ("folded\n over two lines", "folded over two lines"),
        ("bytes as they are: é", "bytes as they are: é"),
        ("=?utf-8?B?broken", "=?utf-8?B?broken"),
    ],
)
def test_headers_are_decoded_whatever_they_hold(raw: str, subject: str) -> None:
    data = f"Subject: {raw}\nFrom: a@example.com\n\nHello.".encode()
    assert one(data).metadata.title == subject


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Jane Doe <jane@example.com>", "Jane Doe"),
        ("jane@example.com", "jane@example.com"),
        ("<jane@example.com>", "jane@example.com"),
        ('"Doe, Jane (Legal)" <jane@example.com>', "Jane Doe"),
        ('"O\'Brien, Pat" <pat@example.com>', "Pat O'Brien"),
        ('"Acme, Inc." <info@example.com>', "Acme, Inc."),
        ("jane@example.com (Jane Doe)", "Jane Doe"),
        ("Jane Doe [mailto:jane@example.com]", "Jane Doe"),
        ("'Jane Doe' via The List <list@example.com>", "Jane Doe"),
        ("Ann Lee [mailto:ann@example.com] On Behalf Of Jane Doe", "Jane Doe"),
        ("jane@example.com <jane@example.com>", "jane@example.com"),
        ("", None),
    ],
)
def test_the_writer_is_the_name_shown_else_the_address(written: str, name: str | None) -> None:
    assert person(written) == name


@pytest.mark.parametrize("date", ["yesterday", "Mon, 99 Jan 2022 14:29:00", "Thu, 1 Jan 1970 00:00:00 +0000", ""])
def test_a_date_that_is_none_is_left_out(date: str) -> None:
    assert one(f"From: a@example.com\nDate: {date}\n\nHello.".encode()).metadata.published is None


@pytest.mark.parametrize(
    ("charset", "encoded"),
    [
        ("iso-8859-1", "Grüße aus Köln".encode("latin-1")),
        ("windows-1251", "Привет из Москвы".encode("cp1251")),
        ("iso-2022-jp", "大統領は述べた".encode("iso-2022-jp")),
        ("utf-8", "Grüße aus Köln".encode()),
        ("us-ascii", "Grüße aus Köln".encode()),
        ("no-such-charset", "Grüße aus Köln".encode()),
    ],
)
def test_the_text_is_decoded_as_declared_or_as_it_makes_sense(charset: str, encoded: bytes) -> None:
    data = f"From: a@example.com\nContent-Type: text/plain; charset={charset}\n".encode()
    data += b"Content-Transfer-Encoding: base64\n\n" + base64.b64encode(encoded)
    right = "Grüße aus Köln", "Привет из Москвы", "大統領は述べた"
    assert one(data).text.partition("\n\n")[2] in right


def test_line_ends_of_the_wire_are_line_breaks() -> None:
    assert one(mail("One.\r\nTwo.\r\n\r\nThree.")).text.endswith("\n\nOne.\nTwo.\n\nThree.")


def test_of_two_forms_the_plain_one_is_read_unless_it_says_that_there_is_another() -> None:
    message = EmailMessage()
    message["From"] = "a@example.com"
    message.set_content("Plain words.")
    message.add_alternative("<p>Rich words.</p>", subtype="html")
    assert one(message.as_bytes()).text.endswith("Plain words.")
    message = EmailMessage()
    message["From"] = "a@example.com"
    message.set_content("Please view this email in your browser.")
    message.add_alternative("<p>Rich <b>words</b>.</p><p>More.</p>", subtype="html")
    assert one(message.as_bytes()).text.endswith("Rich words.\n\nMore.")


def test_text_that_flows_is_joined_and_that_is_noted() -> None:
    document = one(mail("A line that \ngoes on.\n> quoted \n> too\n\n-- \nJane", "text/plain; format=flowed"))
    assert document.text.endswith("A line that goes on.\n> quoted too\n\n-- \nJane")
    assert document.notes == ("Lines that the mail lets flow on (format=flowed) are joined.",)
    assert one(mail("A line that \ngoes on.")).text.endswith("A line that \ngoes on.")


def test_a_signature_and_what_a_telephone_adds_are_apparatus() -> None:
    document = one(mail("Hello.\n\nSent from my iPhone\n\n-- \nJane Doe\nActing Secretary"))
    assert apparatus(document)[1:] == ["Sent from my iPhone", "-- \nJane Doe\nActing Secretary"]
    assert voices(document) == [("Jane Doe", "Hello.")]


def test_dashes_in_a_text_are_no_signature() -> None:
    document = one(mail("First.\n\n--\n\n" + "\n".join(f"Point {n}." for n in range(20))))
    assert len(apparatus(document)) == 1


def test_what_is_no_mail_is_refused() -> None:
    for data in (b"", b"Just some words.", b"\0\1\2", b"Title: a\n\nText."):
        with pytest.raises(UnreadableFile, match="not a mail"):
            readers.read(data, "a.eml")


@pytest.mark.parametrize(
    ("content_type", "text"),
    [
        ('multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b', "--b\n\nVersion: 1\n--b--"),
        ("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "MIAGCSqGSIb3DQEHA6CAMIACAQAxggHX"),
        ("text/plain", "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----"),
    ],
)
def test_an_encrypted_mail_is_told_to_be(content_type: str, text: str) -> None:
    with pytest.raises(UnreadableFile, match="is encrypted"):
        readers.read(mail(text, content_type), "a.eml")


def test_a_mail_without_anything_in_it_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="holds no text"):
        readers.read(b"Received: by x\n\n\n", "a.eml")


# Whose words


def told(text: str, content_type: str = "text/plain; charset=utf-8") -> list[tuple[str, str]]:
    return voices(one(mail(text, content_type)))


def test_quoted_lines_are_the_words_of_whom_the_line_before_them_names() -> None:
    text = (
        "I agree.\n\nOn Mon, Jan 3, 2022 at 10:00 AM Bob Roe <bob@example.com>\nwrote:\n\n> We go.\n> Now.\n\nAnd soon."
    )
    assert told(text) == [("Jane Doe", "I agree."), ("Bob Roe", "> We go.\n> Now."), ("Jane Doe", "And soon.")]
    assert "On Mon, Jan 3, 2022 at 10:00 AM Bob Roe <bob@example.com>\nwrote:" in apparatus(one(mail(text)))


def test_quotations_within_quotations_are_each_their_writers() -> None:
    text = (
        "Mine.\n\nAm 03.01.2022 um 10:00 schrieb Bob Roe:\n> Bob's.\n>\n> Le 2 janv. 2022 à 9:00, Eve Poe a écrit :\n"
        ">> Eve's.\n> Bob's again.\n"
    )
    assert told(text) == [
        ("Jane Doe", "Mine."),
        ("Bob Roe", "> Bob's."),
        ("Eve Poe", ">> Eve's."),
        ("Bob Roe", "> Bob's again."),
    ]


def test_an_answer_between_the_lines_leaves_each_their_own() -> None:
    text = "Bob Roe wrote:\n> Shall we?\n\nYes.\n\n> When?\n\nNow."
    assert told(text) == [
        ("Bob Roe", "> Shall we?"),
        ("Jane Doe", "Yes."),
        ("Bob Roe", "> When?"),
        ("Jane Doe", "Now."),
    ]


def test_nobody_is_told_for_quoted_lines_without_a_name() -> None:
    assert told("> Whose is this?\n\nMine is this.") == [(None, "> Whose is this?"), ("Jane Doe", "Mine is this.")]


@pytest.mark.parametrize(
    "header",
    [
        "-----Original Message-----\nFrom: Roe, Bob [mailto:bob@example.com]\nSent: Monday, January 3, 2022 9:00 AM\n"
        "To: Jane Doe\nSubject: RE: Minutes",
        "________________________________\nVon: Bob Roe <bob@example.com>\nGesendet: Montag, 3. Januar 2022 09:00\nAn: Jane Doe\n"
        "Betreff: AW: Minutes",
        "---------- Forwarded message ---------\nFrom: Bob Roe <bob@example.com>\nDate: Mon, Jan 3, 2022\nSubject: Minutes\nTo: x",
        "*From:* Bob Roe <bob@example.com>\n*Sent:* Monday\n*To:* Jane\n*Subject:* Minutes",
        "От: Bob Roe\nОтправлено: 3 января 2022 г.\nКому: Jane\nТема: Minutes",
    ],
)
def test_under_a_copy_of_headers_all_is_the_words_of_whom_they_name(header: str) -> None:
    text = f"Mine.\n\n{header}\n\nBob's.\n\nBob's too."
    assert told(text) == [("Jane Doe", "Mine."), ("Bob Roe", "Bob's.\n\nBob's too.")]
    assert header in apparatus(one(mail(text)))


def test_a_banner_without_a_name_ends_the_writers_words() -> None:
    assert told("Mine.\n\n-----Original Message-----\n\nSomebody's.") == [("Jane Doe", "Mine.")]


def test_text_that_only_looks_like_quoting_is_the_writers() -> None:
    text = "On the other hand, this is what she wrote:\nnothing.\n\nFrom: the beginning\nwe knew. He said:\n\nNo."
    assert [name for name, _ in told(text)] == ["Jane Doe"]
    text = "At 10:30 on 3 January 2022 President Ann Poe said:\n\nWe go.\n\nI wrote it down."
    assert [name for name, _ in told(text)] == ["Jane Doe"]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("On Mon, Jan 3, 2022 at 10:00 AM Bob Roe <bob@example.com> wrote:", "Bob Roe"),
        ("On 01/03/11 7:07 PM, Bob Roe wrote:", "Bob Roe"),
        ("On Tue, 2011-03-01 at 18:02 +0530, Bob Roe wrote:", "Bob Roe"),
        ("On Jan 3, 2022, at 10:00 AM, Roe, Bob (Legal) <bob@example.com> wrote:", "Bob Roe"),
        ("Am 03.01.2022 um 10:00 schrieb Bob Roe <bob@example.com>:", "Bob Roe"),
        ("Bob Roe <bob@example.com> schrieb am Mo., 3. Jan. 2022, 10:00:", "Bob Roe"),
        ("Le lun. 15 nov. 2021 à 19:42, Bob Roe <bob@example.com> a écrit :", "Bob Roe"),
        ("El lun, 3 ene 2022 a las 10:00, Bob Roe (<bob@example.com>) escribió:", "Bob Roe"),
        ("Il giorno lun 3 gen 2022 alle ore 10:00 Bob Roe <bob@example.com> ha scritto:", "Bob Roe"),
        ("Op 12 december 2016 19:05 schreef Bob Roe <bob@example.com>:", "Bob Roe"),
        ("пн, 3 янв. 2022 г. в 10:00, Bob Roe <bob@example.com>:", "Bob Roe"),
        ("W dniu 2017-01-09 11:59:39 użytkownik Bob Roe <bob@example.com> napisał:", "Bob Roe"),
        ("2017-11-24 16:32 GMT+01:00 Bob Roe <bob@example.com>:", "Bob Roe"),
        ("On Mon, Jan 3, 2022, <bob@example.com> wrote:", "bob@example.com"),
        ("On Monday you wrote:", None),
    ],
)
def test_who_is_named_in_the_line_before_a_quotation(line: str, name: str | None) -> None:
    found = attributed(line, {})
    assert found is not None and found.name == name


def test_an_address_alone_is_named_as_in_the_headers() -> None:
    text = "On Mon, Jan 3, 2022 at 10:00 AM <bob@example.com> wrote:\n> Bob's."
    assert told(text) == [("Bob Roe", "> Bob's.")]


def test_quotations_in_html_are_told_by_its_blocks() -> None:
    gmail = (
        '<div dir="ltr">I agree.<div>-- <br><div class="gmail_signature">Jane</div></div></div>'
        '<div class="gmail_quote"><div class="gmail_attr">On Mon, Jan 3, 2022 at 10:00 AM Bob Roe &lt;bob@example.com&gt; wrote:'
        '<br></div><blockquote class="gmail_quote"><div>We <b>go</b>.</div><div>Now.</div></blockquote></div>'
    )
    document = one(mail(gmail, "text/html; charset=utf-8"))
    assert voices(document) == [("Jane Doe", "I agree."), ("Bob Roe", "We go.\n\nNow.")]
    assert "Jane" in apparatus(document)


def test_quotations_in_html_are_told_by_copied_headers() -> None:
    outlook = (
        "<p>Mine.</p><div style='border-top:solid'><p><b>From:</b> Bob Roe &lt;bob@example.com&gt;<br><b>Sent:</b> Monday<br>"
        "<b>To:</b> Jane<br><b>Subject:</b> Minutes</p></div><p>Bob's.</p>"
    )
    assert told(outlook, "text/html") == [("Jane Doe", "Mine."), ("Bob Roe", "Bob's.")]


def test_headers_copied_within_a_quotation_are_told_too() -> None:
    html = (
        "<p>Mine.</p><div>On Mon, Jan 3, 2022 at 10:00 AM Bob Roe &lt;bob@example.com&gt; wrote:</div><blockquote><p>Bob's.</p>"
        "<p>From: Eve Poe</p><p>Sent: Monday</p><p>To: Bob</p><p>Subject: x</p><p>Eve's.</p></blockquote>"
    )
    assert told(html, "text/html") == [("Jane Doe", "Mine."), ("Bob Roe", "Bob's."), ("Eve Poe", "Eve's.")]


def test_a_text_signed_with_pgp_is_read_and_its_armour_is_apparatus() -> None:
    text = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello.\n\n-----BEGIN PGP SIGNATURE-----\n\niQEz\n"
        "-----END PGP SIGNATURE-----\n"
    )
    assert told(text) == [("Jane Doe", "Hello.")]


# What is attached


def with_attachments() -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = (
        "Jane Doe <jane@example.com>",
        "Papers",
        "<2@example.com>",
    )
    message.set_content("See attached.")
    message.add_attachment(LINES, maintype="application", subtype="octet-stream", filename="records.jsonl")
    message.add_attachment("Ein Vermerk.", filename="Größe #1.txt")
    message.add_attachment("Noch einer.", filename="Größe #1.txt")
    message.add_attachment(b"PNG", maintype="image", subtype="png", filename="logo.png")
    forwarded = EmailMessage()
    forwarded["From"], forwarded["Subject"] = "Eve Poe <eve@example.com>", "Old news"
    forwarded.set_content("The old mail.")
    forwarded.add_attachment("Deep.", filename="deep.txt")
    message.add_attachment(forwarded)
    return message.as_bytes()


def test_attachments_are_documents_under_their_names() -> None:
    assert records(with_attachments()) == [
        None,
        "records.jsonl#q",
        "records.jsonl##2",
        "Größe %231.txt",
        "Größe %231.txt (2)",
        "Old news.eml",
        "Old news.eml#deep.txt",
    ]
    assert read(with_attachments())[-1] == Problem("1 attachment", "of kinds that are not read: png (1)")


def test_an_attachment_tells_the_mail_that_it_came_with() -> None:
    documents = [item for item in read(with_attachments()) if isinstance(item, Document)]
    assert documents[1].metadata.extra["attached to"] == "Papers (Jane Doe)"
    assert documents[-1].metadata.extra["attached to"] == "Old news (Eve Poe)"
    assert "attached to" not in documents[0].metadata.extra


def test_the_original_of_an_attachment_is_the_file_itself() -> None:
    data = with_attachments()
    assert readers.original(data, "a.eml", None) == (data, "a.eml")
    assert readers.original(data, "a.eml", "records.jsonl#q") == (LINES, "records.jsonl")
    assert readers.original(data, "a.eml", "Größe %231.txt (2)")[0].strip() == b"Noch einer."
    assert readers.original(data, "a.eml", "Old news.eml#deep.txt")[0].strip() == b"Deep."
    with pytest.raises(UnreadableFile, match="nothing is attached"):
        readers.original(data, "a.eml", "gone.txt")


def test_pictures_within_the_text_are_not_told_as_attachments() -> None:
    message = EmailMessage()
    message["From"] = "a@example.com"
    message.set_content('<p>Hello</p><img src="cid:x">', subtype="html")
    message.add_related(b"PNG", maintype="image", subtype="png", cid="<x>", filename="image001.png")
    assert len(read(message.as_bytes())) == 1


def test_a_mail_of_attachments_alone_has_its_headers_as_text() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@example.com", "Papers"
    message.add_attachment("A note.", filename="note.txt")
    assert records(message.as_bytes()) == [None, "note.txt"]


# mbox

MBOX = (
    b"From jane@example.com Mon Jan 10 14:29:00 2022\n" + mail("First.\n>From the start.\n\n")
    # the same mail again, as in two folders that were joined
    + b"From jane@example.com Mon Jan 10 14:29:00 2022\n" + mail("First.\n\n")
    + b"From - Tue Jan 11 14:29:00 2022\nFrom: Bob <bob@example.com>\nSubject: no id\n\nFrom here on, 10:30 or so,\nit rains.\n\n"
    + b"From MAILER-DAEMON Tue Jan 11 14:29:00 2022\n" + with_attachments()
)  # fmt: skip


def test_a_mail_in_an_mbox_is_a_record_by_its_message_id_or_place() -> None:
    assert records(MBOX, "a.mbox")[:5] == [
        "1@example.com",
        "1@example.com (2)",
        "#3",
        "2@example.com",
        "2@example.com/records.jsonl#q",
    ]
    first, _, third = read(MBOX, "a.mbox")[:3]
    assert first.text.endswith("First.\nFrom the start.")
    assert third.text.endswith("From here on, 10:30 or so,\nit rains.")


def test_only_the_mails_that_are_wanted_are_read() -> None:
    assert records(MBOX, "a.mbox", {"#3"}) == ["#3"]
    assert records(MBOX, "a.mbox", {"2@example.com/records.jsonl#q"}) == ["2@example.com/records.jsonl#q"]


def test_the_original_of_a_record_in_an_mbox_is_the_mail_or_what_is_attached() -> None:
    data, name = readers.original(MBOX, "a.mbox", "#3")
    assert (data.split(b"\n")[1], name) == (b"Subject: no id", "mail.eml")
    assert readers.original(MBOX, "a.mbox", "2@example.com/records.jsonl#q") == (LINES, "records.jsonl")
    with pytest.raises(UnreadableFile, match="holds no mail"):
        readers.original(MBOX, "a.mbox", "9@example.com")


def test_an_encrypted_mail_costs_only_itself_in_an_mbox() -> None:
    sealed = mail("-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n\n")
    data = b"From a Mon Jan 10 14:29:00 2022\n" + sealed + MBOX
    assert len(records(data, "a.mbox")) == len(records(MBOX, "a.mbox"))
    assert read(data, "a.mbox")[0].reason.startswith("is encrypted")


def test_what_is_no_mbox_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="not an mbox"):
        readers.read(mail(), "a.mbox")


# Anything at all

PIECES = st.sampled_from(
    ["> ", ">", "\n", "\n\n", "-- ", "--", "On 3 Jan 2022 10:00, Bob <b@x.org> wrote:", "From: Bob"]
    + ["Sent: now", "To: x", "Subject: y", "-----Original Message-----", "words", " ", "\t"]
    + ["é", "\u2028", "\x0c", "-----BEGIN PGP SIGNATURE-----", "____", ">:", "\r"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(
    st.lists(PIECES, max_size=40).map("".join),
    st.sampled_from(["text/plain", "text/plain; format=flowed", "text/html"]),
)
def test_any_text_keeps_the_laws(text: str, content_type: str) -> None:
    one(mail(text, content_type))


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([("a.eml", with_attachments()), ("a.mbox", MBOX)]),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=8)), max_size=8),
)
def test_a_damaged_mail_gives_documents_problems_or_a_reason(
    whole: tuple[str, bytes], changes: list[tuple[int, bytes]]
) -> None:
    name, data = whole[0], bytearray(whole[1])
    for at, piece in changes:
        data[at % len(data) : at % len(data) + len(piece)] = piece
    try:
        items = read(bytes(data), name)
    except UnreadableFile:
        return
    found = [i.record for i in items if isinstance(i, Document)]
    assert len(set(found)) == len(found)


def test_parts_nested_without_end_are_not_followed_without_end() -> None:
    deep = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3000))
    try:
        read(b"From: a@example.com\n" + deep.encode())
    except UnreadableFile as error:
        assert "nested too deep" in str(error)


@pytest.mark.parametrize("words", ["Dear Bob,", "Bob,", "> Hi Jane", "Best regards,\nJane Doe", "Thank you,"])
def test_a_greeting_is_nothing_that_is_said(words: str) -> None:
    found = one(mail(f"{words}\n\nThe ship is sold."))
    kinds = {b.span.of(found.text): b.kind for b in found.blocks}
    assert kinds[words] == "apparatus" and kinds["The ship is sold."] == "paragraph"


def test_a_short_answer_is_no_greeting() -> None:
    found = one(mail("> Is it sold?\n\nYes.\n\nBob knows."))
    assert [b.span.of(found.text) for b in found.blocks if b.kind == "paragraph"] == [
        "> Is it sold?",
        "Yes.",
        "Bob knows.",
    ]
