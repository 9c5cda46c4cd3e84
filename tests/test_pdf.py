"""PDFs as a person reads them, each character with its page and box. The files are made here, byte by byte."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import UnreadableFile
from index.layout import Rect, on_image, rectangles
from index.readers.base import Options, Problem
from index.readers.pdf import read
from index.readers.pdf.render import page_image
from index.records import Document, Layout, Span

LEFT, TOP, LEADING = 72, 700, 14


def line(x: float, y: float, words: str, size: float = 12, font: str = "F1") -> bytes:
    escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("cp1252")
    return b"BT /%s %g Tf %g %g Td (%s) Tj ET\n" % (font.encode(), size, x, y, escaped)


def lines(*words: str, x: float = LEFT, top: float = TOP, size: float = 12) -> bytes:
    return b"".join(line(x, top - i * LEADING, w, size) for i, w in enumerate(words))


def pdf(
    *contents: bytes, page: bytes = b"", catalog: bytes = b"", info: bytes = b"", objects: Sequence[bytes] = ()
) -> bytes:
    """A file of pages of 612 by 792 points. Fonts: F1 Helvetica, F2 Helvetica-Bold, F3 with ToUnicode: 1 is "ffi". `objects` are
    numbered from 20."""
    kids = b" ".join(b"%d 0 R" % (100 + 2 * i) for i in range(len(contents)))
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding %s >>"
    numbered = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(contents)),
        3: font % (b"Helvetica", b""),
        4: font % (b"Helvetica-Bold", b""),
        5: font % (b"Helvetica", b"/ToUnicode 6 0 R"),
        6: _stream(
            b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange "
            b"3 beginbfchar <01> <006600660069> <02> <D83DDE00> <03> <D83D> endbfchar endcmap"
        ),
        7: b"<< %s >>" % info,
    }
    numbered |= {20 + i: body for i, body in enumerate(objects)}
    for i, content in enumerate(contents):
        numbered[100 + 2 * i] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R %s "
            b"/Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R >> /XObject << /I1 20 0 R >> >> >>"
            % (101 + 2 * i, page)
        )
        numbered[101 + 2 * i] = _stream(content)
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in numbered.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    out += b"trailer << /Size 1000 /Root 1 0 R /Info 7 0 R >>\nstartxref\n%d\n%%%%EOF" % start
    return bytes(out)


def _stream(body: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(body), body)


def image(width: int, height: int, pixels: bytes) -> bytes:
    head = b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 /Length %d >>"
    return head % (width, height, len(pixels)) + b"\nstream\n" + pixels + b"\nendstream"


IMAGE = image(1, 1, b"A")
SCAN = b"q 612 0 0 792 0 0 cm /I1 Do Q\n"

PROSE = [
    "The minister told parliament that the fleet would stay in port until",
    "the spring, and that nobody had been asked to sign anything at all",
    "before the committee had read the report on the wreck of the ferry.",
]
NARROW = [
    "The minister told the house that",
    "the whole fleet would stay in port",
    "until the spring, and that nobody",
    "had been asked to sign any paper",
    "before the committee had read it.",
]
OTHER = [
    "Owners of the smaller boats said",
    "that they had heard no such thing",
    "from the ministry, which had sent",
    "them letters about nets and about",
    "the price of diesel, and no more.",
]


def document(data: bytes, **options: object) -> Document:
    (found,) = read(data, "file.pdf", Options(**options)).items  # type: ignore[arg-type]
    assert isinstance(found, Document)
    return found


def texts(found: Document, kind: str | None = None) -> list[str]:
    return [b.span.of(found.text) for b in found.blocks if kind in (None, b.kind)]


def span_of(found: Document, words: str) -> Span:
    start = found.text.index(words)
    return Span(start, start + len(words))


def layout_of(found: Document) -> Layout:
    assert found.layout is not None
    return found.layout


def reason(data: bytes, **options: object) -> str:
    with pytest.raises(UnreadableFile) as caught:
        list(read(data, "file.pdf", Options(**options)).items)  # type: ignore[arg-type]
    return str(caught.value)


class TestText:
    def test_lines_of_a_paragraph_are_joined_by_one_blank(self) -> None:
        assert texts(document(pdf(lines(*PROSE)))) == [" ".join(PROSE)]

    def test_space_between_lines_parts_paragraphs(self) -> None:
        found = document(pdf(lines(*PROSE) + lines(*PROSE, top=TOP - 5 * LEADING)))
        assert texts(found) == [" ".join(PROSE)] * 2

    def test_an_indent_parts_paragraphs(self) -> None:
        second = "Nobody was asked to sign anything at all, or to say who had given it"
        content = lines(*PROSE) + line(LEFT + 18, TOP - 3 * LEADING, second) + lines(*PROSE, top=TOP - 4 * LEADING)
        assert texts(document(pdf(content))) == [" ".join(PROSE), " ".join([second, *PROSE])]

    def test_a_short_last_line_ends_a_paragraph(self) -> None:
        found = document(pdf(lines(*PROSE, "It sank.", *PROSE)))
        assert texts(found) == [" ".join([*PROSE, "It sank."]), " ".join(PROSE)]

    def test_columns_are_read_one_after_the_other_in_whatever_order_they_are_written(self) -> None:
        left, right = lines(*NARROW), lines(*OTHER, x=320)
        rows = b"".join(
            line(LEFT, TOP - i * LEADING, a) + line(320, TOP - i * LEADING, b)
            for i, (a, b) in enumerate(zip(NARROW, OTHER))
        )
        for content in (left + right, right + left, rows):
            assert " ".join(texts(document(pdf(content)))) == " ".join(NARROW + OTHER)

    def test_a_heading_over_columns_comes_before_them(self) -> None:
        content = lines(*NARROW) + lines(*OTHER, x=320) + line(150, TOP + 40, "The ferry and the fleet", 24)
        found = document(pdf(content))
        assert texts(found, "heading") == ["The ferry and the fleet"]
        assert found.blocks[0].kind == "heading"

    def test_cells_of_a_table_stand_in_rows(self) -> None:
        rows = [("Boat", "Tons", "Year"), ("Anna", "120", "1968"), ("Berta", "98", "1971"), ("Clara", "240", "1980")]
        content = b"".join(
            line(LEFT + 150 * j, TOP - i * 20, cell) for i, row in enumerate(rows) for j, cell in enumerate(row)
        )
        assert texts(document(pdf(content))) == ["\t".join(row) for row in rows]

    def test_a_running_text_beside_its_bullets_keeps_them(self) -> None:
        content = b"".join(
            line(LEFT, TOP - i * LEADING, "\u2022") + line(LEFT + 18, TOP - i * LEADING, words)
            for i, words in enumerate(NARROW[:3])
        )
        assert texts(document(pdf(content))) == [f"\u2022 {words}" for words in NARROW[:3]]

    def test_overprinted_characters_are_read_once_and_it_is_said(self) -> None:
        found = document(pdf(lines("Nobody signed.", *NARROW, *OTHER) + lines("Nobody signed.", x=LEFT + 0.4)))
        assert found.text.count("Nobody signed.") == 1
        assert "13 characters printed twice over are read once." in found.notes

    def test_what_stands_off_the_page_is_left_out_and_it_is_said(self) -> None:
        found = document(pdf(lines("Nobody signed.") + line(-300, 400, "slug")))
        assert found.text == "Nobody signed."
        assert "4 characters outside the page are left out." in found.notes

    def test_invisible_text_on_no_scan_is_left_out_and_it_is_said(self) -> None:
        found = document(pdf(lines(*PROSE) + b"BT 3 Tr /F1 12 Tf 72 400 Td (hidden words) Tj ET"))
        assert "hidden" not in found.text
        assert "11 invisible characters are left out." in found.notes

    def test_invisible_text_on_a_scan_is_what_was_recognised_on_it(self) -> None:
        found = document(pdf(SCAN + b"BT 3 Tr /F1 12 Tf 72 400 Td (words of the scan) Tj ET", objects=[IMAGE]))
        assert found.text == "words of the scan"
        assert found.fidelity == "OCR"

    def test_a_page_that_is_turned_reads_as_it_is_shown(self) -> None:
        turned = b"".join(
            b"BT /F1 12 Tf 0 1 -1 0 %d 72 Tm (%s) Tj ET\n" % (100 + 14 * i, w.encode()) for i, w in enumerate(PROSE)
        )
        assert texts(document(pdf(turned, page=b"/Rotate 90"))) == [" ".join(PROSE)]

    def test_a_note_in_the_margin_does_not_break_the_line_beside_it(self) -> None:
        found = document(pdf(lines(*NARROW, *OTHER, x=200) + line(LEFT, TOP - 3 * LEADING, "See the report", 8)))
        assert texts(found) == [" ".join(NARROW + OTHER), "See the report"] or texts(found) == [
            " ".join(NARROW),
            " ".join(OTHER),
            "See the report",
        ]

    def test_a_large_initial_begins_the_first_of_the_lines_it_stands_beside(self) -> None:
        content = line(LEFT, TOP - LEADING, "T", 36) + lines("he minister told the house that", *NARROW[1:2], x=100)
        found = document(pdf(content + lines(*NARROW[2:], top=TOP - 2 * LEADING)))
        assert found.text == " ".join(NARROW)

    def test_vertical_writing_is_read_down_and_to_the_left(self) -> None:
        down = b"".join(line(300, 700 - 14 * i, c) for i, c in enumerate("ABCDEFGH"))
        next_ = b"".join(line(280, 700 - 14 * i, c) for i, c in enumerate("IJKLMNOP"))
        assert document(pdf(down + next_)).text.replace(" ", "") == "ABCDEFGHIJKLMNOP"

    def test_what_is_filled_into_a_form_is_read_at_its_place_and_it_is_said(self) -> None:
        look = b"BT /F1 12 Tf 2 4 Td (Anna Berg) Tj ET"
        objects = [
            IMAGE,
            b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Anna Berg) /Rect [120 396 300 414] /AP << /N 22 0 R >> >>",
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 180 18] /Resources << /Font << /F1 3 0 R >> >> /Length %d >>"
            % len(look)
            + b"\nstream\n%s\nendstream" % look,
        ]
        content = line(LEFT, 400, "Name:") + line(LEFT, 380, "Signed in the port.")
        found = document(pdf(content, page=b"/Annots [21 0 R]", objects=objects))
        assert found.text.startswith("Name: Anna Berg") or found.text.startswith("Name:\tAnna Berg")
        assert any("form fields" in note for note in found.notes)

    def test_numbers_of_the_lines_of_a_transcript_are_set_aside(self) -> None:
        said = [*NARROW, *OTHER, *NARROW, *OTHER]
        numbers = b"".join(line(LEFT - 30, TOP - 30 * i, str(i + 1)) for i in range(20))
        content = numbers + b"".join(line(LEFT, TOP - 30 * i, words) for i, words in enumerate(said))
        found = document(pdf(content))
        assert texts(found, "apparatus") == [" ".join(str(i + 1) for i in range(20))]
        assert " ".join(texts(found, "paragraph")) == " ".join(said)

    def test_no_text_is_made_of_nothing(self) -> None:
        assert reason(pdf(b"")) == "its pages are blank: nothing to read"


class TestHyphens:
    @pytest.mark.parametrize(
        ("before", "after", "told"),
        [
            ("until the commit-", "tee had read it", "committee"),
            ("until the commit\xad", "tee had read it", "committee"),
            ("in the wide North-", "Atlantic Ocean", "North-Atlantic"),
            ("a state-of-the-", "art engine room", "state-of-the-art"),
            ("in the wave of COVID-", "19 that came", "COVID-19"),
            ("by the state-", "owned yard", "state-owned"),
            ("it was a self-", "ish plan", "selfish"),
            ("it was a mixed-", "mode engine", "mixed-mode"),
            ("under an EU-", "wide ban", "EU-wide"),
            ("the sanc-", "tions of Lukash-enko", "sanctions"),
            ("from 2018\u2013", "2021 at sea", "2018\u20132021"),
            ("he said \u2014", "and left", "said \u2014 and"),
        ],
        ids=[
            "small letter",
            "soft hyphen",
            "capital",
            "more hyphens",
            "number",
            "compound",
            "no compound",
            "two words that make none",
            "after capitals",
            "a word of no words",
            "range",
            "dash",
        ],
    )
    def test_a_hyphen_at_a_line_end_is_the_words_own_or_goes(self, before: str, after: str, told: str) -> None:
        assert told in document(pdf(lines(before, after))).text

    def test_a_compound_that_the_document_writes_with_its_hyphen_keeps_it(self) -> None:
        found = document(pdf(lines("The long-term plan was read, and the long-", "term costs were not.")))
        assert found.text == "The long-term plan was read, and the long-term costs were not."

    def test_joined_words_are_counted_in_the_notes(self) -> None:
        found = document(pdf(lines("until the commit-", "tee had read the re-", "port in full.")))
        assert found.notes == ("2 words hyphenated at line ends are joined.",)

    def test_a_word_over_two_lines_has_its_place_on_both(self) -> None:
        found = document(pdf(lines("until the commit-", "tee had read it")))
        rects = rectangles(layout_of(found), span_of(found, "committee"))
        assert [round(r.bottom) for r in rects] == [TOP, TOP - LEADING]


class TestCharacters:
    def test_a_ligature_is_spelled_out_and_its_letters_share_its_box(self) -> None:
        found = document(pdf(b"BT /F3 12 Tf 72 700 Td (the o\\001ce of) Tj ET"))
        assert found.text == "the office of"
        boxes = layout_of(found).boxes[5:8]
        assert (boxes == boxes[0]).all()

    def test_surrogates_make_one_character_and_half_of_a_pair_makes_none(self) -> None:
        found = document(pdf(b"BT /F3 12 Tf 72 700 Td (a wave \\002 and half \\003 of one) Tj ET"))
        assert found.text == "a wave \U0001f600 and half \ufffd of one"
        assert "1 glyph without a letter in its font is shown as \ufffd." in found.notes

    def test_text_that_is_mostly_damaged_is_refused(self) -> None:
        assert "do not tell which letters" in reason(pdf(b"BT /F3 12 Tf 72 700 Td (\\003\\003\\003 a) Tj ET"))


class TestPages:
    def test_pages_are_labelled_as_printed_and_counted_from_one(self) -> None:
        labels = b"/PageLabels << /Nums [0 << /S /r /St 4 >> 1 << /S /D /P (A-) >>] >>"
        found = document(pdf(lines(*PROSE), lines(*PROSE), catalog=labels))
        assert [(x.label, x.number, x.start) for x in found.locators] == [
            ("iv", 1, 0),
            ("A-1", 2, found.blocks[1].span.start),
        ]

    def test_a_sentence_over_a_page_is_one_with_the_page_changing_within(self) -> None:
        foot, head = "Nobody had been asked to sign anything at all before the committee", "had read the report."
        found = document(pdf(lines(*PROSE[:2], foot), lines(head)))
        assert texts(found) == [" ".join([*PROSE[:2], foot, head])]
        assert [(x.number, found.text[x.start :][:8]) for x in found.locators] == [(1, "The mini"), (2, "had read")]

    def test_running_heads_and_numbers_come_after_the_paragraph_they_would_break(self) -> None:
        pages = [
            line(LEFT, 760, "The Ferry Inquiry") + lines(*words, top=600) + line(300, 40, f"{12 + i}")
            for i, words in enumerate([PROSE[:2], [PROSE[2][:-1], PROSE[0]], PROSE[1:]])
        ]
        found = document(pdf(*pages))
        assert texts(found, "apparatus").count("The Ferry Inquiry") == 3
        assert [t for t in texts(found, "apparatus") if t.isdigit()] == ["12", "13", "14"]
        assert texts(found, "paragraph") == [" ".join([*PROSE[:2], PROSE[2][:-1], PROSE[0], *PROSE[1:]])]
        numbers = [x.number for x in found.locators]
        assert numbers == [1, 2, 3, 1, 2, 3]

    def test_lines_that_are_alike_but_for_their_figures_are_text(self) -> None:
        items = [f"{n}. On {n} May he told me to enter {n},000 dollars as dredging" for n in (10, 21, 32)]
        pages = [
            lines(*PROSE, top=600) + line(LEFT, 60, item) + line(LEFT, 30, "Initials: ____ Page 1") for item in items
        ]
        found = document(pdf(*pages))
        assert all(any(item in t for t in texts(found, "paragraph")) for item in items)
        assert texts(found, "apparatus") == ["Initials: ____ Page 1"] * 3

    def test_footnotes_come_after_the_text_of_their_page(self) -> None:
        note = lines("1 Letter of the owners, 3 May.", top=90, size=8)
        found = document(pdf(lines(*PROSE[:2]) + note, lines(PROSE[2])))
        assert texts(found) == [" ".join(PROSE), "1 Letter of the owners, 3 May."]

    def test_a_page_without_text_is_named(self) -> None:
        found = document(pdf(lines(*PROSE), SCAN, lines(*PROSE), SCAN, objects=[IMAGE]))
        assert "Pages 2 and 4 hold no text: needs OCR." in found.notes

    def test_a_broken_page_costs_only_itself(self) -> None:
        data = pdf(lines(*PROSE), lines("lost"), lines(*PROSE)).replace(
            b"102 0 obj\n<< /Type /Page ", b"102 0 obj\n<< /Type /Paje "
        )
        items = list(read(data, "file.pdf", Options()).items)
        assert [i.where for i in items if isinstance(i, Problem)] in (["page 2"], [])
        assert isinstance(items[0], Document)
        assert items[0].text.count("The minister") == 2


class TestBoxes:
    def test_rectangles_of_a_span_are_one_a_line(self) -> None:
        found = document(pdf(lines(*PROSE)))
        rects = rectangles(layout_of(found), found.blocks[0].span)
        assert len(rects) == 3
        assert all(abs(r.left - LEFT) < 2 for r in rects)

    def test_no_character_of_another_span_has_its_middle_in_them(self) -> None:
        found = document(pdf(lines(*NARROW) + lines(*OTHER, x=320)))
        layout = layout_of(found)
        for block in found.blocks:
            inside = characters_within(layout, rectangles(layout, block.span))
            assert found.text[block.span.start : block.span.end].replace(" ", "") == "".join(
                found.text[i] for i in inside
            )

    @settings(max_examples=30, deadline=None)
    @given(st.data())
    def test_any_span_is_read_back_from_its_rectangles(self, data: st.DataObject) -> None:
        layout = _TWO_COLUMNS.layout
        assert layout is not None
        start = data.draw(st.integers(0, len(_TWO_COLUMNS.text) - 1))
        end = data.draw(st.integers(start + 1, len(_TWO_COLUMNS.text)))
        inside = characters_within(layout, rectangles(layout, Span(start, end)))
        assert inside == [i for i in range(start, end) if layout.pages[i] >= 0]

    def test_what_the_reader_put_in_stands_nowhere(self) -> None:
        found = document(pdf(lines(*PROSE) + lines(*PROSE, top=400)))
        layout = layout_of(found)
        blank = np.array([c.isspace() for c in found.text])
        assert (layout.pages[blank] == -1).all() and np.isnan(layout.boxes[blank]).all()
        assert (layout.pages[~blank] == 0).all() and np.isfinite(layout.boxes[~blank]).all()

    @pytest.mark.parametrize("rotation", [0, 90, 180, 270])
    def test_a_rectangle_is_found_on_the_image_however_the_page_is_turned_and_cut(self, rotation: int) -> None:
        content = b"0 0 0 rg 200 300 60 40 re f\n" + line(200, 500, "text")
        data = pdf(content, page=b"/CropBox [100 200 400 700] /Rotate %d" % rotation)
        sheet = layout_of(document(data)).sheets[0]
        assert (sheet.left, sheet.bottom, sheet.right, sheet.top, sheet.rotation) == (100, 200, 400, 700, rotation)
        x, y, w, h = on_image(sheet, Rect(0, 200, 300, 260, 340))
        image = grey(page_image(data, 0, 400))
        height, width = image.shape
        dark = np.argwhere(image < 128)
        # The filled rectangle is all that is dark within its place, and its place is all dark.
        top, left, low, right = round(y * height), round(x * width), round((y + h) * height), round((x + w) * width)
        assert (image[top + 2 : low - 2, left + 2 : right - 2] < 128).all()
        assert ((dark >= [top - 2, left - 2]) & (dark <= [low + 2, right + 2])).all(axis=1).sum() > 0.9 * (
            low - top
        ) * (right - left)

    def test_the_image_of_a_page_that_is_not_there_is_refused_with_a_reason(self) -> None:
        with pytest.raises(UnreadableFile, match="has no page 3: it has 1"):
            page_image(pdf(lines(*PROSE)), 2, 400)

    def test_the_image_of_a_page_is_bounded_whatever_its_size(self) -> None:
        tall = pdf(lines(*PROSE), page=b"/CropBox [0 0 10 700]")
        height, width = grey(page_image(tall, 0, 100_000)).shape
        assert height <= 6000 and width <= 4000

    def test_a_ligature_in_part_has_the_whole_glyphs_rectangle(self) -> None:
        found = document(pdf(b"BT /F3 12 Tf 72 700 Td (the o\\001ce of) Tj ET"))
        (rect,) = rectangles(layout_of(found), Span(6, 7))
        assert rect.right > rect.left

    def test_a_span_without_characters_has_none(self) -> None:
        found = document(pdf(lines(*PROSE) + lines(*PROSE, top=400)))
        gap = found.blocks[0].span.end
        assert rectangles(layout_of(found), Span(gap, gap + 2)) == ()


class TestMetadata:
    def test_title_author_date_and_language_are_read(self) -> None:
        info = b"/Title (The wreck of the ferry) /Author (Anna Berg) /CreationDate (D:20220110143000+01'00')"
        found = document(pdf(lines(*PROSE), info=info, catalog=b"/Lang (en-GB)")).metadata
        assert (found.title, found.author, found.published, found.language) == (
            "The wreck of the ferry",
            "Anna Berg",
            "2022-01-10",
            "en-GB",
        )

    @pytest.mark.parametrize(
        "title", [b"untitled", b"Microsoft Word - Document1", b"report_final2.docx", b"file", b"\\000"]
    )
    def test_a_title_that_a_program_made_is_none(self, title: bytes) -> None:
        assert document(pdf(lines(*PROSE), info=b"/Title (%s)" % title)).metadata.title is None

    def test_words_title_is_freed_of_the_programs_words(self) -> None:
        info = b"/Title (Microsoft Word - Report on the ferry.doc)"
        assert document(pdf(lines(*PROSE), info=info)).metadata.title == "Report on the ferry"

    @pytest.mark.parametrize("author", [b"Adobe InDesign", b"admin", b"jsmith2", b"Microsoft Office User", b"-"])
    def test_a_program_or_a_log_in_is_no_author(self, author: bytes) -> None:
        assert document(pdf(lines(*PROSE), info=b"/Author (%s)" % author)).metadata.author is None

    @pytest.mark.parametrize("day", [b"D:19000101", b"D:29990101", b"D:20221345", b"yesterday"])
    def test_a_day_that_cannot_be_is_none(self, day: bytes) -> None:
        assert document(pdf(lines(*PROSE), info=b"/CreationDate (%s)" % day)).metadata.published is None

    def test_the_first_heading_is_the_title_where_the_file_tells_none(self) -> None:
        found = document(pdf(line(LEFT, 750, "The ferry and the fleet", 24) + lines(*PROSE)))
        assert found.metadata.title == "The ferry and the fleet"


class TestRefusals:
    def test_a_scan_is_named_as_one(self) -> None:
        assert reason(pdf(SCAN, objects=[IMAGE])) == "no text layer: needs OCR: `dixit index --ocr`"

    def test_ocr_without_tesseract_says_how_to_get_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", "")
        assert "install" in reason(pdf(SCAN, objects=[IMAGE]), ocr=True)

    @pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")
    @pytest.mark.parametrize("rotation", [0, 90, 180])
    def test_a_scan_is_read_by_ocr_if_asked_and_marked_as_such(self, rotation: int) -> None:
        drawn = grey(page_image(pdf(lines(*PROSE, size=14)), 0, 1224))
        scan = image(drawn.shape[1], drawn.shape[0], drawn.tobytes())
        found = document(pdf(SCAN, objects=[scan], page=b"/Rotate %d" % rotation), ocr=True)
        assert "the fleet would stay in port" in found.text
        assert found.fidelity == "OCR"
        assert found.notes == ("Page 1: the text was recognised by OCR (Tesseract) on the image of the page.",)
        (rect,) = rectangles(layout_of(found), span_of(found, "minister"))
        (told,) = rectangles(layout_of(document(pdf(lines(*PROSE, size=14)))), span_of(found, "minister"))
        assert np.allclose(rect[1:], told[1:], atol=3)

    def test_an_encrypted_file_asks_for_its_password_and_opens_with_it(self) -> None:
        data = encrypted(pdf(lines(*PROSE)), "sesame")
        assert reason(data).startswith("is encrypted: put `password: …` into")
        assert "do not open it" in reason(data, passwords=("wrong",))
        assert texts(document(data, passwords=("wrong", "sesame"))) == [" ".join(PROSE)]

    def test_a_file_encrypted_with_the_empty_password_just_opens(self) -> None:
        assert texts(document(encrypted(pdf(lines(*PROSE)), ""))) == [" ".join(PROSE)]

    @pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7\n", b"%PDF-1.4\n%%EOF", b"\0" * 100])
    def test_what_is_no_pdf_is_refused_with_a_reason(self, data: bytes) -> None:
        assert reason(data)

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_damage_anywhere_gives_text_or_a_reason(self, data: st.DataObject) -> None:
        whole = bytearray(_WHOLE)
        for _ in range(data.draw(st.integers(1, 8))):
            at = data.draw(st.integers(0, len(whole) - 1))
            whole[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
        try:
            items = list(read(bytes(whole), "file.pdf", Options()).items)
        except UnreadableFile as error:
            assert str(error)
            return
        for item in items:
            if isinstance(item, Document):
                assert_is_whole(item)


def assert_is_whole(found: Document) -> None:
    """Blocks in order that hold all but the blanks, locators in order, a layout as long as the text."""
    layout = layout_of(found)
    position = 0
    for block in found.blocks:
        assert not found.text[position : block.span.start].strip()
        assert block.span.of(found.text) == block.span.of(found.text).strip() != ""
        position = block.span.end
    assert not found.text[position:].strip()
    starts = [x.start for x in found.locators]
    assert starts == sorted(starts)
    assert len(layout.pages) == len(layout.boxes) == len(found.text)
    found.text.encode()


def characters_within(layout: Layout, rects: Sequence[Rect]) -> list[int]:
    """Which characters have the middle of their box in one of the rectangles."""
    inside = np.zeros(len(layout.pages), bool)
    x, y = ((layout.boxes[:, i] + layout.boxes[:, i + 2]) / 2 for i in (0, 1))
    for r in rects:
        inside |= (layout.pages == r.page) & (x >= r.left) & (x <= r.right) & (y >= r.bottom) & (y <= r.top)
    return np.flatnonzero(inside).tolist()


def encrypted(data: bytes, password: str) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def grey(image: bytes) -> np.ndarray:
    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(image)).convert("L"))


_TWO_COLUMNS = document(
    pdf(lines(*NARROW) + lines(*OTHER, x=320), lines(*PROSE, "until the commit-", "tee had read it."))
)
_WHOLE = pdf(
    line(LEFT, 760, "A head", 20) + lines(*PROSE), b"BT /F3 12 Tf 72 700 Td (the o\\001ce \\002) Tj ET" + lines(*OTHER)
)
