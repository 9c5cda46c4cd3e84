"""What a page says of itself in JSON-LD (https://schema.org/Article): headline, date, authors, publisher, language, address.

The article may lie within lists, in `@graph` or as a page's main entity, and name its authors by the `@id` of other items.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator

from index.readers.metadata import as_text

_ARTICLE = re.compile(r"(?:Article|Posting|Report|APIReference|CreativeWork|Review|Recipe|Book|Chapter|Legislation)$")
_FENCE = re.compile(r"^\s*(?://)?\s*<!\[CDATA\[|(?://)?\s*\]\]>\s*;?\s*$")
_WITHIN = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemListElement", "item")
_MOST_ITEMS = 10_000
_PLAIN = {"headline": "headline", "name": "name", "published": "datePublished", "language": "inLanguage", "url": "url"}

Item = dict[str, object]


def linked_data(scripts: Iterable[str]) -> dict[str, str]:
    """What the first article among the items says, by our names; what it leaves out may be said of the page it is on."""
    items = [item for script in scripts for item in _items(script)]
    by_id = {i["@id"]: i for i in reversed(items) if isinstance(i.get("@id"), str) and len(i) > 1}
    articles = [i for i in items if any(_ARTICLE.search(t) for t in _types(i)) and (i.get("headline") or i.get("name"))]
    articles = articles or [i for i in items if i.get("headline")]
    pages = [i for i in items if any(t.endswith("WebPage") for t in _types(i))]
    found: dict[str, str] = {}
    for item in [*articles[:1], *pages[:1]]:
        said = {ours: as_text(item.get(theirs)) for ours, theirs in _PLAIN.items()}
        said["author"] = ", ".join(dict.fromkeys(_names(item.get("author") or item.get("creator"), by_id)))
        said["source"] = ", ".join(_names(item.get("publisher"), by_id))
        if item in articles:
            found = {k: v for k, v in said.items() if v} | found
        else:
            found |= {
                k: v for k, v in said.items() if v and k in ("published", "author", "language") and k not in found
            }
    return {k: html.unescape(v) for k, v in found.items()}


def _items(script: str) -> Iterator[Item]:
    try:
        waiting = [json.loads(_FENCE.sub("", script), strict=False)]
    except (ValueError, RecursionError):
        return
    for _ in range(_MOST_ITEMS):
        if not waiting:
            return
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting[:0] = item[:_MOST_ITEMS]
        elif isinstance(item, dict):
            yield item
            waiting += [item[key] for key in _WITHIN if isinstance(item.get(key), (dict, list))]


def _types(item: Item) -> list[str]:
    types = item.get("@type")
    return [t for t in (types if isinstance(types, list) else [types]) if isinstance(t, str)]


def _names(value: object, by_id: dict[object, Item]) -> list[str]:
    """The names of people or bodies: plain, as items, or by the ids of items."""
    found = []
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            one = one.get("name") or by_id.get(str(one.get("@id")), {}).get("name")
        if name := as_text(one):
            found.append(name)
    return found
