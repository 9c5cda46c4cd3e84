"""By-lines: who wrote a page, where only an element of the page says so."""

from __future__ import annotations

import re

from index.readers.html.tree import Element

_NAMED = re.compile(r"byline|author|dateline|writtenby", re.IGNORECASE)
_LONGEST = 100
_BY = re.compile(r"(?:(?:written |posted |published |story |text )?by|von|par|por|автор|текст)\b[:\s]+", re.IGNORECASE)
_ENDS = re.compile(
    r"\s*(?:[|•·\n]|\s[–—-]\s|(?:,\s*)?\b(?:edited|updated|published|posted|photo(?:graph)?s?|special to)\b.*"
    r"|(?:,\s*|\bon\s+)?\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d|\d).*",
    re.IGNORECASE | re.DOTALL,
)
_NO_NAME = re.compile(
    r"\b(?:about|admin|all|author|authors|comment|comments|follow|more|posts|profile|read|share|subscribe|view)\b|https?:|[@<>{}=]",
    re.IGNORECASE,
)


def is_byline(element: Element) -> bool:
    """Whether an element says who wrote the page, or when."""
    if not 0 < element.length < _LONGEST:
        return False
    said = element.attributes.get("rel") == "author" or "author" in (element.attributes.get("itemprop") or "")
    return said or _NAMED.search(element.label) is not None


def author_in(words: str) -> str | None:
    """The names in a by-line, without what stands around them; None for what is no name.

    >>> author_in("By Jane Doe and John Roe | March 25, 2015"), author_in("Follow Author"), author_in("https://x.org/jane")
    ('Jane Doe and John Roe', None, None)
    """
    name = _ENDS.sub("", _BY.sub("", words.strip(), count=1)).strip(" ,;")
    letters = sum(map(str.isalpha, name))
    if not 2 <= letters <= 300 or letters < 0.6 * len(name) or name[0].islower() or _NO_NAME.search(name):
        return None
    return name
