"""What the page of a document is asked to show. Everything is in its address, so that the address can be shared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from app.markup import joined
from index.errors import SettingError
from index.records import Span
from retrieval.records import Place

_MOST_HIGHLIGHTS = 200
_MOST_ALSO = 50
_LONGEST_SOUGHT = 200


@dataclass(frozen=True, slots=True)
class View:
    """What to show of which document. `also` are the other passages of it that the same answer cites, and `highlights` the marked
    sentences, each within one of these passages; `find` are words to be found, of which the `hit`-th place, from 1, is shown."""

    doc_id: str
    passage: Span | None = None
    highlights: tuple[Span, ...] = ()
    also: tuple[Span, ...] = ()
    find: str = ""
    hit: int = 1

    @property
    def passages(self) -> list[Span]:
        """All that are cited, in the order of the document."""
        return sorted({*self.also, *([self.passage] if self.passage else [])})

    @property
    def asked(self) -> list[tuple[str, str]]:
        """The names and values of the address, but for what is to be found."""
        asked = [("id", self.doc_id)]
        if self.passage:
            asked += [("start", str(self.passage.start)), ("end", str(self.passage.end))]
        asked += [("also", f"{s.start}-{s.end}") for s in self.also]
        return asked + [("h", f"{s.start}-{s.end}") for s in self.highlights]

    @property
    def address(self) -> str:
        """On this server."""
        sought = [("find", self.find), ("hit", str(self.hit))] if self.find else []
        place = "#hit" if self.find else "#passage" if self.passage else ""
        return f"/document?{urlencode(self.asked + sought, safe='/', quote_via=quote)}{place}"

    def at(self, passage: Span) -> View:
        """The same view of another of its passages."""
        also = tuple(p for p in self.passages if p != passage)
        return replace(self, passage=passage, also=also, find="", hit=1)

    def at_hit(self, number: int) -> View:
        """The same view of another place where its words are found."""
        return replace(self, hit=number)


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked in a document: of its view's passages and sentences those whose words are proved, `passage` being the one that
    is shown; `hits` where words were found, `hit` the one of them that is shown."""

    passage: Span | None = None
    highlights: tuple[Span, ...] = ()
    also: tuple[Span, ...] = ()
    hits: tuple[Span, ...] = ()
    hit: Span | None = None


def reader_link(place: Place, highlights: Iterable[Span] = (), also: Iterable[Span] = ()) -> str:
    """The address of the page that shows a place, on this server. `also` are other passages of its document, to lead on to;
    sentences of theirs may be among the `highlights`."""
    others = tuple(dict.fromkeys(s for s in also if s != place.span))[:_MOST_ALSO]
    marked = tuple(h for h in highlights if any(p.holds(h) for p in (place.span, *others)))[:_MOST_HIGHLIGHTS]
    return View(place.document.doc_id, place.span, marked, others).address


def view_of(
    doc_id: str,
    start: str | None,
    end: str | None,
    highlights: Sequence[str] = (),
    also: Sequence[str] = (),
    find: str = "",
    hit: str = "1",
) -> View:
    """The view that a query asks for. Raises SettingError for numbers that are no span."""
    if not doc_id:
        raise SettingError("The address names no document: it has to say id=….")
    sought, number = " ".join(find.split()), _number(hit)
    if len(sought) > _LONGEST_SOUGHT:
        raise SettingError(f"The words to find are more than {_LONGEST_SOUGHT} characters: look for fewer.")
    if start is None and end is None:
        if highlights or also:
            raise SettingError("The address marks sentences of no passage: it has to say start=… and end=….")
        return View(doc_id, find=sought, hit=number)
    passage = _span(start or "", end or "")
    if len(highlights) > _MOST_HIGHLIGHTS:
        raise SettingError(f"The address marks more than {_MOST_HIGHLIGHTS} sentences: mark fewer.")
    if len(also) > _MOST_ALSO:
        raise SettingError(f"The address names more than {_MOST_ALSO} other passages: name fewer.")
    others = tuple(dict.fromkeys(s for s in map(_pair, also) if s != passage))
    marks = tuple(map(_pair, highlights))
    for mark in marks:
        if not any(p.holds(mark) for p in (passage, *others)):
            raise SettingError(
                f"The sentence {mark.start}-{mark.end} is not inside the passage {passage.start}-{passage.end}."
            )
    return View(doc_id, passage, tuple(joined(marks)), others, sought, number)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 6 and int(text)):
        raise SettingError(f"“{text[:20]}” is no number of a place where words are found: count from 1.")
    return int(text)


def _pair(text: str) -> Span:
    start, _, end = text.partition("-")
    return _span(start, end)


def _span(start: str, end: str) -> Span:
    if not all(n.isascii() and n.isdecimal() and len(n) <= 12 for n in (start, end)) or int(start) >= int(end):
        raise SettingError(
            f"“{start[:20]}” to “{end[:20]}” is no stretch of text: give two numbers, the smaller first."
        )
    return Span(int(start), int(end))
