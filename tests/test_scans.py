"""Scans and encrypted files: told to be that, and read once there is a way to."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from indexes import HASHING, write
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader, PdfWriter
from test_pdf import lines, pdf

from index.keeper import Keeper
from index.store import Store
from index.sync import SyncReport, sync
from retrieval.assistant import Assistant

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
WORDS = "The harbour stays closed until May."


def scan(*pages: str) -> bytes:
    """A PDF of pages that are images of these words."""
    images = []
    for words in pages:
        image = Image.new("L", (1240, 600), 255)
        ImageDraw.Draw(image).text((80, 80), words, fill=0, font=ImageFont.load_default(44))
        images.append(image)
    data = io.BytesIO()
    images[0].save(data, "PDF", resolution=150, save_all=True, append_images=images[1:])
    return data.getvalue()


def locked(password: str) -> bytes:
    """A PDF of one page, encrypted."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(scan(WORDS))))
    writer.encrypt(password, algorithm="AES-256")
    data = io.BytesIO()
    writer.write(data)
    return data.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "docs"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def reasons(report: SyncReport) -> list[str]:
    return [f.reason for f in report.failures]


def test_a_scan_is_said_to_be_one(store, folder) -> None:
    write(folder, "scan.pdf", scan(WORDS))
    (reason,) = reasons(sync(store, HASHING, [folder]))
    assert reason.startswith("no text layer") and "--ocr" in reason


@needs_tesseract
def test_a_scan_is_read_once_that_is_asked_for_and_says_so_wherever_it_is_cited(store, folder) -> None:
    write(folder, "scan.pdf", scan("Nothing.", WORDS))
    sync(store, HASHING, [folder])
    assert sync(store, HASHING, ocr=True).added == ["docs/scan.pdf"]
    cited = Assistant(store).ask("harbour closed until May").citations[0]
    assert cited.text == WORDS and cited.place.document.fidelity == "OCR"
    assert cited.place.located.first.number == 2
    assert {r.page for r in cited.rectangles} == {1}


@needs_tesseract
def test_what_was_said_of_ocr_holds_for_what_comes_later(store, folder) -> None:
    write(folder, "a.txt", "Words.")
    sync(store, HASHING, [folder], ocr=True)
    write(folder, "scan.pdf", scan(WORDS))
    assert sync(store, HASHING).added == ["docs/scan.pdf"]
    assert not sync(store, HASHING, fresh=True).failures
    write(folder, "other.pdf", scan(WORDS))
    assert reasons(sync(store, HASHING, ocr=False))


def test_a_scan_that_cannot_be_read_is_not_read_again_and_again(store, folder) -> None:
    write(folder, "scan.pdf", scan(WORDS))
    sync(store, HASHING, [folder])
    assert sync(store, HASHING).nothing_to_do


def test_an_encrypted_file_asks_for_its_password(store, folder) -> None:
    write(folder, "locked.pdf", locked("sesame"))
    (reason,) = reasons(sync(store, HASHING, [folder]))
    assert reason.startswith("is encrypted") and "meta.yaml" in reason and "--passwords" in reason
    (reason,) = reasons(sync(store, HASHING, passwords=["wrong"]))
    assert reason.startswith("is encrypted")


@needs_tesseract
def test_a_password_opens_a_file_from_a_list_or_beside_it(store, folder) -> None:
    write(folder, "locked.pdf", locked("sesame"))
    write(folder, "other.pdf", locked("simsala"))
    sync(store, HASHING, [folder], ocr=True)
    assert sync(store, HASHING, passwords=["wrong", "sesame"]).added == ["docs/locked.pdf"]
    write(folder, "other.pdf.meta.yaml", "password: simsala\n")
    assert sync(store, HASHING).added == ["docs/other.pdf"]
    assistant = Assistant(store)
    assert assistant.page_image("docs/other.pdf", 0, 400).startswith(b"\x89PNG")
    assistant.close()
    with store.read() as snapshot:
        assert "simsala" not in str(snapshot.documents()) and "simsala" not in str(snapshot.files())


@needs_tesseract
def test_the_server_tries_the_passwords_it_was_given(store, folder) -> None:
    write(folder, "locked.pdf", locked("sesame"))
    sync(store, HASHING, [folder], ocr=True)
    keeper = Keeper(store, "hashing", passwords=["sesame"])
    try:
        keeper.sync()
        assert keeper.wait(60)
        assert keeper.work.report.added == ["docs/locked.pdf"]
    finally:
        keeper.close()


@needs_tesseract
def test_the_scanned_pages_of_a_file_that_has_text_are_read_once_that_is_asked_for(store, folder) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(lines("The lighthouse was painted in the summer.")))))
    writer.append(PdfReader(io.BytesIO(scan(WORDS))))
    data = io.BytesIO()
    writer.write(data)
    write(folder, "mixed.pdf", data.getvalue())
    sync(store, HASHING, [folder])
    assert sync(store, HASHING, ocr=True).changed == ["docs/mixed.pdf"]
    assert Assistant(store).ask("harbour closed until May").citations[0].text == WORDS
    assert sync(store, HASHING).nothing_to_do
