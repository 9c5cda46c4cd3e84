"""Links into a page at its words: what a browser, told the directive, shows."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.records import Span
from retrieval.text_fragment import fragment_link, text_fragment


def fold(text: str) -> str:
    """As a browser compares, one character for one."""
    plain = (unicodedata.normalize("NFD", c)[0] for c in text)
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)


def shown(text: str, directive: str) -> Span | None:
    """The first place that a browser finds: the algorithm of the specification, in its own words, over lines for blocks."""
    assert re.fullmatch(r":~:text=[^&\s]*", directive)
    parts = directive.removeprefix(":~:text=").split(",")
    prefix = unquote(parts.pop(0)[:-1]) if parts[0].endswith("-") else None
    suffix = unquote(parts.pop()[1:]) if parts[-1].startswith("-") else None
    start, *end = map(unquote, parts)
    for first in places(text, prefix or start, 0):
        begin = first
        if prefix:
            at = skipped(text, first.end)
            begin = next((p for p in places(text, start, at, bounded=False) if p.start == at), None)
            if begin is None:
                continue
        for last in places(text, end[0], begin.end) if end else [begin]:
            at = skipped(text, last.end)
            if not suffix or any(p.start == at for p in places(text, suffix, at, bounded=False)):
                return Span(begin.start, last.end)
    return None


def places(text: str, term: str, position: int, bounded: bool = True) -> list[Span]:
    pattern = r"[^\S\n\t]+".join(map(re.escape, fold(term).split()))
    found = (Span(m.start(1), m.end(1)) for m in re.finditer(f"(?=({pattern}))", fold(text)) if m.start() >= position)
    return [p for p in found if not bounded or not within_word(text, p.start)]


def within_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def skipped(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def selected(text: str, words: str, nth: int = 0) -> str:
    """The directive for the nth place of the words; a browser shows just them."""
    start = [m.start() for m in re.finditer(re.escape(words), text)][nth]
    directive = text_fragment(text, Span(start, start + len(words)))
    assert shown(text, directive) == Span(start, start + len(words))
    return directive.removeprefix(":~:text=")


def test_words_that_stand_once_are_given_alone() -> None:
    assert selected("One two three.", "two") == "two"


def test_what_parts_the_terms_is_encoded_and_so_is_every_letter_beyond_ascii() -> None:
    assert selected("Is it yes-or-no, this & that?", "yes-or-no, this & that") == "yes%2Dor%2Dno%2C%20this%20%26%20that"
    assert selected("Да, нет.", "нет") == "%D0%BD%D0%B5%D1%82"


def test_words_that_stand_twice_get_those_before_or_after_them() -> None:
    text = "He said no. She said no to it."
    assert selected(text, "said no", 1) == "said%20no,-to"
    assert selected(text, "said", 0) in ("He-,said", "said,-no.")


def test_case_and_accents_do_not_tell_words_apart() -> None:
    assert "," in selected("Cafe first. The café second.", "café")
    assert "," in selected("NO to it. And no to that.", "no")


def test_a_long_passage_is_its_first_and_last_words() -> None:
    text = "Start of it all " + "and so on " * 40 + "to the very end. More."
    directive = selected(text, text.removesuffix(" More."))
    assert directive == "Start%20of%20it%20all,to%20the%20very%20end."


def test_a_passage_over_several_blocks_lines_or_cells_is_its_first_and_last_words() -> None:
    for border in ("\n\n", "\n", "\t"):
        text = f"Zero. One two three.{border}Four five six. Seven."
        assert selected(text, f"One two three.{border}Four five six.") == "One%20two%20three.,Four%20five%20six."


def test_an_end_that_comes_earlier_too_is_told_by_more_words() -> None:
    text = "A start here.\n\nThe end. Not yet the end.\n\nIt is the end."
    selected(text, "A start here.\n\nThe end. Not yet the end.")
    selected(text, "A start here.\n\nThe end.")


def test_a_word_that_is_cut_is_given_whole() -> None:
    assert text_fragment("We can't go 3.5 miles.", Span(6, 7)) == ":~:text=can%27t"
    assert text_fragment("We can't go 3.5 miles.", Span(12, 13)) == ":~:text=3.5"
    assert text_fragment("हिन्दी में", Span(0, 1)) == text_fragment("हिन्दी में", Span(0, 6))


def test_nothing_is_said_of_nothing() -> None:
    assert text_fragment("a  b", Span(1, 3)) == ""
    assert text_fragment("", Span(0, 0)) == ""


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://x.org/a", "https://x.org/a#:~:text=two"),
        ("http://x.org/a?b=c#sec", "http://x.org/a?b=c#sec:~:text=two"),
        ("https://x.org/#:~:text=old", "https://x.org/#:~:text=two"),
        ("https://x.org/#sec:~:text=old,er", "https://x.org/#sec:~:text=two"),
        ("file:///a.html", None),
        ("javascript:alert(1)//x", None),
        ("ftp://x.org/a", None),
        ("https:///a", None),
        ("https://[x", None),
        ("https://x.org/a b", None),
        ("", None),
    ],
)
def test_only_addresses_of_the_web_get_a_link_and_keep_their_fragment(url: str, link: str | None) -> None:
    assert fragment_link(url, "One two three.", Span(4, 7)) == link


WORDS = st.sampled_from("a an no No nó one two, three. can't (x) “q” yes-no 3.5 & 100% день".split())
LINES = st.lists(st.lists(WORDS, min_size=1, max_size=8), min_size=1, max_size=5)


@given(LINES, st.sampled_from(["\n\n", "\n", "\t"]), st.data())
@settings(deadline=None)
def test_a_browser_shows_exactly_the_place(lines: list[list[str]], border: str, data: st.DataObject) -> None:
    # A number that no other line has, so that there is something to tell alike lines apart.
    lines = [[*line[: len(line) // 2], f"z{n}z", *line[len(line) // 2 :]] for n, line in enumerate(lines)]
    text = border.join(map(" ".join, lines))
    chunks = [Span(m.start(), m.end()) for m in re.finditer(r"\S+", text)]
    first = data.draw(st.integers(0, len(chunks) - 1))
    last = data.draw(st.integers(first, len(chunks) - 1))
    span = Span(chunks[first].start, chunks[last].end)
    if not re.search(r"\w", span.of(text)):
        return
    found = shown(text, text_fragment(text, span))
    # Blocks at its ends that hold no words are left out.
    assert found is not None and re.findall(r"\w+", found.of(text)) == re.findall(r"\w+", span.of(text))
    assert span.holds(found)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80), st.data())
@settings(deadline=None)
def test_any_text_gives_a_directive_of_plain_ascii(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    directive = text_fragment(text, span)
    assert directive == "" or re.fullmatch(r":~:text=[\w.~%/,-]+", directive, re.ASCII)
    assert directive or not any(c.isalnum() for c in span.of(text))
