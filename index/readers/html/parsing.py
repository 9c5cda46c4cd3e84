"""Markup parsed as a browser would, but for what is nested so deep that it would take minutes.

The parser looks through all that is open at many a tag, as the standard has it, so its time grows with the square of the depth:
100,000 `<div>` without an end took 30 seconds. Browsers stop nesting at 512.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from index.errors import UnreadableFile

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_DEEPEST = 20_000
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
# What needs no end tag, and what does not nest however often it is left open.
_WITHOUT_END = "p li dd dt option optgroup tr td th tbody thead tfoot colgroup caption rp rt rb rtc"
_WITHOUT_END += " area base br col embed hr img input link meta source"
_WITHOUT_END += " track wbr a b big code em font i nobr s small strike strong tt u"
_DO_NOT_NEST = frozenset(_WITHOUT_END.split())


def parsed(markup: str) -> LexborHTMLParser:
    """Raises UnreadableFile for what is nested too deep."""
    from selectolax.lexbor import LexborHTMLParser

    if markup.count("<") > _DEEPEST and _is_too_deep(markup):
        raise UnreadableFile(f"its elements are nested more than {_DEEPEST:,} deep: save the page anew from a browser")
    return LexborHTMLParser(markup)


def _is_too_deep(markup: str) -> bool:
    """Whether more elements are open at a tag than may be. Scripts and comments are counted as if they were markup, so this is
    only for what no page comes near."""
    open_: Counter[str] = Counter()
    depth = 0
    for tag in _TAG.finditer(markup):
        name = tag[2].lower()
        if name in _DO_NOT_NEST:
            continue
        if not tag[1]:
            open_[name] += 1
            depth += 1
            if depth > _DEEPEST:
                return True
        elif open_[name]:
            open_[name] -= 1
            depth -= 1
    return False
