"""One PDF to its document, page by page; a page that cannot be read costs only itself."""

from __future__ import annotations

from index.errors import UnreadableFile
from index.readers.base import Options, Problem
from index.readers.pdf.assembly import PageText, assembled, in_order
from index.readers.pdf.columns import regions
from index.readers.pdf.facts import facts
from index.readers.pdf.furniture import Row, line_numbers, set_aside
from index.readers.pdf.glyphs import DAMAGED
from index.readers.pdf.hyphens import Hyphens
from index.readers.pdf.lines import Piece, frames, height, joined, pieces, right_to_left
from index.readers.pdf.opening import opened
from index.readers.pdf.pages import Pages, read_pages
from index.readers.pdf.paragraphs import Paragraph, measures, paragraphs, set_notes_apart, uses_indents
from index.records import Document, Fidelity, Sheet


def items(data: bytes, name: str, options: Options) -> list[Document | Problem]:
    """The document and the problems of its pages. Raises UnreadableFile."""
    with opened(data, options.passwords) as pdf:
        found = read_pages(pdf, options.ocr)
        if not any(map(len, found.glyphs)):
            raise UnreadableFile(_no_text(found))
        pages, hyphens = _laid_out(found)
        paragraphs_ = in_order(pages, uses_indents(p for page in pages for p in page.body))
        whole = assembled(paragraphs_, pages, found.sheets, found.labels, hyphens)
        metadata = facts(pdf, name, whole.text, whole.blocks)
    fidelity: Fidelity = "OCR" if found.scanned or found.recognised else "extracted"
    document = Document(
        whole.text,
        whole.blocks,
        metadata,
        fidelity,
        locators=whole.locators,
        notes=tuple(_notes(found, hyphens.joined, sum(len(p.heads) + len(p.feet) for p in pages))),
        layout=whole.layout,
    )
    return [document, *found.problems, *_unread(found)]


def _laid_out(found: Pages) -> tuple[list[PageText], Hyphens]:
    """Each page's paragraphs, by what is usual in the whole document."""
    laid = [[(frame, pieces(glyphs, frame)) for frame in frames(glyphs)] for glyphs in found.glyphs]
    ends = [_ends(page[0][0].angle, sheet) if page else (0.0, 0.0) for page, sheet in zip(laid, found.sheets)]
    furniture = set_aside([(page[0][1] if page else [], *end) for page, end in zip(laid, ends)])
    numbered = [line_numbers(page[0][1], *end) if page else [] for page, end in zip(laid, ends)]
    cut: list[list[list[list[Piece]]]] = []  # lines of regions of frames of pages
    for page, (head, foot), numbers in zip(laid, furniture, numbered):
        aside = {id(piece) for row in [*head, *foot, numbers] for piece in row}
        cut.append([regions([p for p in all_ if id(p) not in aside], frame.rightward) for frame, all_ in page])
    usual = measures([region for page in cut for one in page for region in one])
    pages = []
    for number, (glyphs, page_frames, (head, foot), margin) in enumerate(zip(found.glyphs, cut, furniture, numbered)):
        rightward = not right_to_left(glyphs.codes)
        text = PageText(glyphs, heads=[_aside(row, number, rightward) for row in head])
        for at, one in enumerate(page_frames):
            for region in one:
                body, notes = set_notes_apart(paragraphs(region, number, usual), usual)
                # What runs in another direction than the text stands beside it.
                (text.body if at == 0 else text.notes).extend(body)
                text.notes += notes
        text.feet = [_aside(row, number, rightward) for row in reversed(foot)]
        if margin:
            text.feet.append(Paragraph([(number, piece) for piece in margin], "apparatus"))
        pages.append(text)
    _with_text([p for page in pages for p in page.body])
    hyphens = Hyphens([line.text for page in cut for one in page for region in one for line in region])
    return pages, hyphens


def _with_text(body: list[Paragraph]) -> None:
    """Where headings hold half of the words or more, as on slides and forms, they are what the document says, but for the first."""
    headings = [p for p in body if p.kind == "heading"]
    if 2 * sum(len(p.text) for p in headings) < sum(len(p.text) for p in body):
        return
    for paragraph in headings if len(headings) == len(body) else headings[1:]:
        paragraph.kind = "paragraph"


def _ends(angle: float, sheet: Sheet) -> tuple[float, float]:
    """Where a page ends above and below, in the frame of text of that angle."""
    heights = [float(height(x, y, angle)) for x in (sheet.left, sheet.right) for y in (sheet.bottom, sheet.top)]
    return max(heights), min(heights)


def _aside(row: Row, page: int, rightward: bool) -> Paragraph:
    return Paragraph([(page, joined(row, rightward))], "apparatus")


def _unread(found: Pages) -> list[Problem]:
    """Pages with words on them that nobody can read."""
    reason = "the fonts do not tell their letters: needs OCR: `dixit index --fresh --ocr`"
    return [Problem(_named(found.soup).lower(), reason)] if found.soup else []


def _no_text(found: Pages) -> str:
    if found.problems and len(found.problems) == len(found.glyphs):
        return "every page of it is damaged: get another copy, or print it to a new PDF"
    if found.soup and not found.tried:
        return "its fonts do not tell which letters their glyphs are: needs OCR: `dixit index --ocr`"
    if not found.empty:
        return "its pages are blank: nothing to read"
    return (
        "no text layer: needs OCR: `dixit index --ocr`"
        if not found.tried
        else "no text layer, and OCR found no words on it"
    )


def _notes(found: Pages, joined_words: int, set_apart: int) -> list[str]:
    notes = []
    overprinted, outside = (sum(getattr(g, name) for g in found.glyphs) for name in ("overprinted", "outside"))
    damaged = sum(int((g.codes == DAMAGED).sum()) for g in found.glyphs)
    if joined_words:
        notes.append(f"{_many(joined_words, 'word')} hyphenated at line ends {_are(joined_words)} joined.")
    if set_apart:
        told = "running head, foot or page number" if set_apart == 1 else "running heads, feet and page numbers"
        notes.append(f"{set_apart} {told} {_are(set_apart)} set apart from the text.")
    if overprinted:
        notes.append(f"{_many(overprinted, 'character')} printed twice over {_are(overprinted)} read once.")
    if outside:
        notes.append(f"{_many(outside, 'character')} outside the page {_are(outside)} left out.")
    if found.unseen:
        notes.append(f"{_many(found.unseen, 'invisible character')} {_are(found.unseen)} left out.")
    if found.filled:
        notes.append(f"{_named(found.filled)}: what stands in form fields and typed notes is read with the text.")
    if damaged:
        notes.append(f"{_many(damaged, 'glyph')} without a letter in its font {_are(damaged)} shown as \ufffd.")
    if found.recognised:
        notes.append(
            f"{_named(found.recognised)}: the text was recognised by OCR (Tesseract) on the image of the page."
        )
    if found.scanned:
        notes.append(f"{_named(found.scanned)}: the text was recognised on the image by whoever made the file.")
    if found.soup:
        notes.append(f"{_named(found.soup)} {_are(len(found.soup))} not read: the fonts do not tell their letters.")
    if found.empty:
        notes.append(f"{_named(found.empty)} {'holds' if len(found.empty) == 1 else 'hold'} no text: needs OCR.")
    if found.poor:
        notes.append(
            f"{_named(found.poor)} {'is an image' if len(found.poor) == 1 else 'are images'} with little text: needs OCR."
        )
    return notes


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _named(numbers: list[int]) -> str:
    """Pages by their count: "Page 3", "Pages 3, 5–8 and 11"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    said = [str(a + 1) if a == b else f"{a + 1}–{b + 1}" for a, b in runs]
    if len(said) > 1:
        said = [", ".join(said[:-1]) + " and " + said[-1]]
    return ("Page " if len(numbers) == 1 else "Pages ") + said[0]
