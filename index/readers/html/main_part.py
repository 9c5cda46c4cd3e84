"""Which part of a page is its main text: the method of Arc90's Readability as Mozilla's reader view goes on with it.

Every paragraph gives points to the elements it stands in, the nearer the more: for being there, for each comma, and for each
hundred characters up to three. An element's points are weighed by the share of its words that are not links. The element with
the most is the main part, or one around it that does nearly as well; its neighbours join it when they read like it. What is
within it and is no running text (lists of links, forms, what calls itself "share") is taken out again.
If that leaves little, it is done again, each time less strictly.

Source of the method: https://github.com/mozilla/readability (Apache-2.0). This is our own writing of it over another tree: nothing
is removed, only told apart, and every step takes time in proportion to the size of the page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.readers.html.clutter import (
    is_never_main,
    is_no_text,
    is_sharing,
    is_unlikely,
    is_whole_paragraph,
    weight_of,
)
from index.readers.html.measures import Measure
from index.readers.html.tree import HEADINGS, Element

_UNITS = frozenset("section h2 h3 h4 h5 h6 p td pre".split())
_START = {"div": 5, "pre": 3, "td": 3, "blockquote": 3} | dict.fromkeys("address ol ul dl dd dt li form".split(), -3)
_START |= dict.fromkeys([*HEADINGS, "th"], -5)
_SHARES = (1, 2, 6, 9, 12)
"""What the points of a paragraph are divided by for its parent, the parent's parent, and so on."""
_SENTENCE = re.compile(r"\.(?: |$)")

# Lengths in characters.
_SHORTEST_UNIT = 25
_SHORT = 80
_PROSE = 100
_ENOUGH = 500
"""Of main text, to take a page for an article."""

_STRICTLY, _BY_WORDS, _BY_WEIGHT, _WHOLE = (
    (True, True, True),
    (False, True, True),
    (False, False, True),
    (False, False, False),
)


@dataclass(frozen=True, slots=True)
class MainPart:
    """`roots`: the elements whose text is the main one. `without`: elements that are not, within them or beside them."""

    roots: frozenset[Element]
    without: frozenset[Element]


def main_part(order: list[Element], data_tables: frozenset[Element]) -> MainPart | None:
    """The main text of a page whose elements are given in order, its body first. None where none stands out: in a list, a form,
    a page of a few words, or where most of the prose stands elsewhere."""
    for strictness in (_STRICTLY, _BY_WORDS, _BY_WEIGHT, _WHOLE):
        search = _Search(order, data_tables, *strictness)
        roots = search.best()
        length, has_most = search.clean(roots)
        if length >= _ENOUGH:
            return MainPart(roots, frozenset(search.without)) if has_most else None
    return None


class _Search:
    """One search. `strip`: elements called unlikely are left out from the start; `weigh`: names count; `cleaning`: what is no
    running text is taken out at the end."""

    def __init__(
        self, order: list[Element], data_tables: frozenset[Element], strip: bool, weigh: bool, cleaning: bool
    ) -> None:
        self.body, self.data_tables, self.weigh, self.cleaning = order[0], data_tables, weigh, cleaning
        self.scores: dict[Element, float] = {}
        self.without: set[Element] = set()
        self.guarded: set[Element] = set()
        """What stands in a table of data, or in code: it is kept as it is."""
        self.order = self._likely(order, strip)
        self.measures = self._measured(self.order, frozenset())

    def best(self) -> frozenset[Element]:
        self._score()
        first = sorted(self.scores, key=self.scores.__getitem__, reverse=True)[:5]
        if not first or first[0] is self.body:
            return frozenset([self.body])
        return frozenset(self._with_neighbours(self._widened(first)))

    def clean(self, roots: frozenset[Element]) -> tuple[int, bool]:
        """Tell apart what is no running text in the roots: the length of what is, and if they hold most of the page's prose."""
        within: set[Element] = set()
        for element in self.order:  # a parent comes before its children
            if element in roots or element.parent in within:
                within.add(element)
        kept = [element for element in self.order if element in within]
        has_most = 2 * self._prose(kept) >= self._prose(self.order)
        measures = self._measured(kept, roots)
        return sum(measures[root].length for root in roots), has_most

    def _likely(self, order: list[Element], strip: bool) -> list[Element]:
        """The elements that may be main text."""
        found = []
        in_table: set[Element] = set()
        out: set[Element] = set()
        for element in order:  # a parent comes before its children
            parent = element.parent
            if parent in out:
                out.add(element)
                continue
            unlikely = is_never_main(element) or (strip and parent not in in_table and is_unlikely(element))
            if unlikely and (not element.inline or is_whole_paragraph(element)):
                self.without.add(element)
                out.add(element)
                continue
            found.append(element)
            if parent in in_table or element.tag in ("table", "code"):
                in_table.add(element)
            if parent is not None and (parent in self.guarded or parent in self.data_tables or parent.tag == "code"):
                self.guarded.add(element)
        return found

    def _measured(self, order: list[Element], roots: frozenset[Element]) -> dict[Element, Measure]:
        """What the elements hold; with roots, what is no running text within them is told apart, and not counted."""
        measures = {element: Measure() for element in order}
        for element in reversed(order):
            held = measures[element]
            held.complete(element, element in self.data_tables)
            if roots and element not in roots and self._is_clutter(element, held):
                self.without.add(element)
            elif element.parent in measures:
                measures[element.parent].add(held)
        return measures

    def _is_clutter(self, element: Element, held: Measure) -> bool:
        if element.inline or element in self.guarded:
            return False
        weight = self._weight(element)
        if is_sharing(element, held.length) or (element.tag in ("h1", "h2") and weight < 0):
            return True
        return self.cleaning and is_no_text(element, held, weight)

    def _score(self) -> None:
        for unit in self.order:
            held = self.measures[unit]
            if unit.kind not in _UNITS or held.length < _SHORTEST_UNIT:
                continue
            points = 2 + held.commas + min(held.length // 100, 3)
            for ancestor, share in zip(unit.ancestors, _SHARES):
                self.scores.setdefault(ancestor, self._start(ancestor))
                self.scores[ancestor] += points / share
        for element in self.scores:
            self.scores[element] *= 1 - self.measures[element].link_density

    def _start(self, element: Element) -> float:
        return _START.get(element.kind, 0) + self._weight(element)

    def _weight(self, element: Element) -> int:
        return weight_of(element) if self.weigh else 0

    def _widened(self, first: list[Element]) -> Element:
        """The best element, or one around it that holds what is nearly as good."""
        top = first[0]
        rivals = [set(e.ancestors) for e in first[1:] if self.scores[e] >= 0.75 * self.scores[top]]
        if len(rivals) >= 3:
            around = (a for a in top.ancestors if a is not self.body and sum(a in rival for rival in rivals) >= 3)
            top = next(around, top)
        last = self.scores.setdefault(top, self._start(top))
        least = last / 3
        for ancestor in (a for a in top.ancestors if a in self.scores and a is not self.body):
            score = self.scores[ancestor]
            if score < least:
                break
            if score > last:
                top = ancestor
                break
            last = score
        while top.parent is not self.body and len(self._kept_in(top.parent)) == 1:
            top = top.parent
        return top

    def _with_neighbours(self, top: Element) -> list[Element]:
        score = self.scores.setdefault(top, self._start(top))
        least = max(10.0, score * 0.2)
        found = []
        for neighbour in self._kept_in(top.parent):
            alike = top.attributes.get("class") and neighbour.attributes.get("class") == top.attributes.get("class")
            bonus = score * 0.2 if alike else 0.0
            scores_well = neighbour in self.scores and self.scores[neighbour] + bonus >= least
            if neighbour is top or scores_well or self._reads_well(neighbour):
                found.append(neighbour)
        return found

    def _kept_in(self, element: Element) -> list[Element]:
        return [inner for inner in element.elements if inner not in self.without]

    def _reads_well(self, element: Element) -> bool:
        held = self.measures[element]
        if element.kind != "p" or not held.length:
            return False
        if held.length > _SHORT:
            return held.link_density < 0.25
        return held.linked == 0 and _SENTENCE.search(element.words) is not None

    def _prose(self, elements: list[Element]) -> float:
        """The characters of the paragraphs among elements; those that are short or mostly links left out."""
        held = (self.measures[element] for element in elements if element.kind == "p")
        own = (measure.length - measure.linked for measure in held if measure.link_density < 0.5)
        return sum(length for length in own if length >= _PROSE)
