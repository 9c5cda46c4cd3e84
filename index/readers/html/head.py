"""What a page says of itself: JSON-LD, meta tags, links, the address a browser wrote into the file it saved, its headings.

`_SAID_IN` is the order in which they are believed. A value that is not plausible (an address for a name, a date that is none) is
passed over, and the next one asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from index.dates import ReadDate, read_date
from index.readers.html.bylines import author_in, is_byline
from index.readers.html.linked_data import linked_data
from index.readers.html.saved import saved_page
from index.readers.html.tree import Element
from index.readers.metadata import as_text
from index.records import Metadata

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_SAID_IN = {
    "title": "ld:title dc.title dcterms.title citation_title og:title twitter:title parsely-title sailthru.title title html:title"
    " html:h1",
    "published": "ld:published article:published_time og:published_time parsely-pub-date sailthru.date datepublished"
    " citation_publication_date citation_date dc.date dc.date.issued dcterms.date dcterms.issued dcterms.created date pubdate"
    " publish-date publication_date html:time",
    "author": "ld:author dc.creator dcterms.creator citation_author author parsely-author sailthru.author article:author"
    " og:article:author html:author",
    "source": "ld:source og:site_name citation_journal_title dc.publisher dcterms.publisher application-name",
    "url": "html:canonical og:url saved:url ld:url html:base",
    "language": "html:lang content-language ld:language dc.language og:locale",
}
"""Where each field is looked for, the most trusted first. ld: JSON-LD; html: the page's own elements; saved: what the browser noted
when it saved the page; the rest: names of meta tags, with `dc:` and `dcterm:` written `dc.` and `dcterms.`"""

_SEVERAL = frozenset("citation_author author article:author dc.creator dcterms.creator".split())
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$")
_COMPACT = re.compile(r"(\d{4})[/.]?(\d{2})[/.]?(\d{2})(?!\d)")
_TAIL = re.compile(r"\s+(?:[|–—·•»«‹›/\\:-]|::)\s+|\s*\|\s*")
_CHANGED = re.compile("modif|updated|edited", re.IGNORECASE)
_FILED = re.compile(r"/((?:19|20)\d\d)[/-](\d\d)[/-](\d\d)(?=[/-])")
_DUBLIN_CORE = re.compile(r"^dc(terms?)?[:.]")
_WORD = re.compile(r"\w+")
_LONGEST = {"title": 500, "author": 300, "source": 120}


def metadata_of(page: LexborHTMLParser, markup: str, order: list[Element], address: str | None = None) -> Metadata:
    """The metadata of a parsed page. `markup`: its source; `order`: its visible elements; `address`: where it was saved from."""
    facts = _facts(page, markup, order)
    if address:
        facts["saved:url"] = address
    base = facts.get("saved:url", "") or facts.get("html:base", "")
    url = _first("url", facts, lambda value: _address(value, base))
    read = read_date(date) if (date := _first("published", facts, _date)) else _day_in(url)
    source = _first("source", facts, lambda value: _line("source", value))
    title = _first("title", facts, lambda value: _line("title", value))
    if title:
        title = _without_site(title, source, facts.get("html:h1"))
    saved = {"saved": facts["saved:date"]} if "saved:date" in facts else {}
    return Metadata(
        title=title,
        published=read.iso if read else None,
        published_note=read.note if read else None,
        author=_first("author", facts, author_in),
        source=source,
        url=url,
        language=_first("language", facts, lambda v: v.replace("_", "-") if _LANGUAGE.match(v) else None),
        extra=saved,
    )


def _first(name: str, facts: dict[str, str], plausible: Callable[[str], str | None]) -> str | None:
    values = (plausible(facts[key]) for key in _SAID_IN[name].split() if facts.get(key))
    return next(filter(None, values), None)


def _facts(page: LexborHTMLParser, markup: str, order: list[Element]) -> dict[str, str]:
    """Everything that is said, by the names of `_SAID_IN`."""
    facts = _metas(page)
    for name, css, attribute in (
        ("canonical", "link[rel~=canonical][href]", "href"),
        ("base", "base[href]", "href"),
        ("lang", "html[lang]", "lang"),
        ("lang", "html[xml\\:lang]", "xml:lang"),
    ):
        node = page.css_first(css)
        if node is not None:
            facts.setdefault(f"html:{name}", as_text(node.attributes.get(attribute)))
    title = page.css_first("head title, title")
    facts["html:title"] = as_text(title.text()) if title is not None else ""
    facts["html:h1"] = next((words for e in order if e.tag == "h1" and (words := e.words)), "")
    facts["html:author"] = next((name for e in order if is_byline(e) and (name := author_in(e.words))), "")
    facts["html:time"] = _time(order)
    said = linked_data(node.text() or "" for node in page.css('script[type="application/ld+json"]'))
    facts |= {f"ld:{name}": value for name, value in said.items()}
    facts["ld:title"] = _headline(said, facts["html:title"])
    address, date = saved_page(markup)
    facts |= {f"saved:{name}": value for name, value in (("url", address), ("date", date)) if value}
    return facts


def _metas(page: LexborHTMLParser) -> dict[str, str]:
    """The first of the meta tags of each name; of authors, each of whom may have a tag, all."""
    metas: dict[str, dict[str, None]] = {}
    for node in page.css("meta[content]"):
        given = node.attributes
        value = as_text(given["content"])
        for key in (given.get("property"), given.get("name"), given.get("itemprop"), given.get("http-equiv")):
            for name in (key or "").lower().split() if value else ():
                name = _DUBLIN_CORE.sub(lambda match: "dcterms." if match[1] else "dc.", name)
                metas.setdefault(name, {})[value] = None
    return {name: ", ".join(values) if name in _SEVERAL else next(iter(values)) for name, values in metas.items()}


def _headline(said: dict[str, str], title: str) -> str:
    """Of an article's headline and its name, the one that the page has for its title."""
    headline, name = said.get("headline", ""), said.get("name", "")
    if headline and name and _shared(name, title) > max(0.75, _shared(headline, title)):
        return name
    return headline or name


def _shared(words: str, other: str) -> float:
    """Which part of the words are among the other's."""
    bare = _WORD.findall(words.casefold())
    return len([w for w in bare if w in set(_WORD.findall(other.casefold()))]) / len(bare) if bare else 0.0


def _time(order: list[Element]) -> str:
    """The time that a `<time>` or an element of microdata says for the publication, or the first `<time>` there is."""
    times = [e for e in order if e.tag == "time" and e.attributes.get("datetime") and not _CHANGED.search(_named(e))]
    stated = [e for e in order if (e.attributes.get("itemprop") or "").lower() == "datepublished"]
    stated += [e for e in times if "pubdate" in e.attributes or "publi" in _named(e)]
    for element in stated + times:
        value = element.attributes.get("datetime") or element.attributes.get("content") or element.words
        if _date(value):
            return value
    return ""


def _named(element: Element) -> str:
    return f"{element.label} {element.attributes.get('itemprop') or ''}"


def _line(name: str, value: str) -> str | None:
    return value if len(value) <= _LONGEST[name] and any(map(str.isalnum, value)) else None


def _date(value: str) -> str | None:
    """A date that can be read, and is not the one that a clock begins with."""
    if match := _COMPACT.match(value):
        value = "-".join(match.groups())
    read = read_date(value)
    return value if read and read.iso > "1000" and read.iso != "1970-01-01" else None


def _day_in(url: str | None) -> ReadDate | None:
    """The day that an address is filed under: /2015/03/18/."""
    match = _FILED.search(url or "")
    read = read_date("-".join(match.groups())) if match else None
    return ReadDate(read.iso, "read from the page's address") if read else None


def _address(value: str, base: str) -> str | None:
    try:
        address = urljoin(base, value.strip())
        parts = urlsplit(address)
    except ValueError:
        return None
    return (
        address
        if parts.scheme in ("http", "https") and parts.netloc and not any(c.isspace() for c in address)
        else None
    )


def _without_site(title: str, site: str | None, heading: str | None) -> str:
    """A title without the name of the site before or behind it: what the page's heading says, or what is not the site."""
    cuts = list(_TAIL.finditer(title))
    bare = lambda words: _WORD.findall(words.casefold())  # noqa: E731
    if heading and any(bare(part) == bare(heading) for part in (title[c.end() :] for c in cuts)):
        return next(title[c.end() :] for c in cuts if bare(title[c.end() :]) == bare(heading))
    for cut in cuts:
        before, behind = title[: cut.start()], title[cut.end() :]
        if heading and bare(before) == bare(heading):
            return before
        if site and bare(behind) == bare(site) and bare(before):
            return before
        if site and bare(before) == bare(site) and bare(behind):
            return behind
    return title
