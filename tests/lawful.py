"""What holds of every document that any reader gives, as one check for all their tests."""

from __future__ import annotations

from index.records import Document


def assert_lawful(document: Document) -> None:
    """Blocks in order and apart, with no blank at their ends, holding all that is no blank; places and voices in order, within."""
    text = document.text
    covered = [False] * len(text)
    end = 0
    for block in document.blocks:
        words = block.span.of(text)
        assert end <= block.span.start and words and words == words.strip(), block
        end = block.span.end
        assert end <= len(text)
        covered[block.span.start : block.span.end] = [True] * len(block.span)
    assert not [c for c, is_held in zip(text, covered) if not (is_held or c.isspace())]
    numbers = [block.paragraph for block in document.blocks]
    assert numbers == sorted(numbers) and (not numbers or numbers[0] == 1)
    starts = [locator.start for locator in document.locators]
    assert starts == sorted(starts) and all(0 <= start < len(text) for start in starts)
    end = 0
    for voice in document.voices:
        words = voice.span.of(text)
        assert (
            end <= voice.span.start
            and voice.span.end <= len(text)
            and words.strip() == words != ""
            and voice.name != ""
        )
        end = voice.span.end
    text.encode("utf-8")
