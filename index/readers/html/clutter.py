"""What is no main text, by what its author calls it and by what it holds. The words are those that pages use in class and id, as
Mozilla's reader view has gathered them, and what cookie notices are called.
"""

from __future__ import annotations

import re

from index.readers.html.measures import Measure
from index.readers.html.tree import HEADINGS, Element

_UNLIKELY = re.compile(
    "-ad-|ad-break|agegate|ai2html|banner|breadcrumb|combx|comment|community|cookie|cover-wrap|disqus|extra|footer|gdpr|header"
    "|legends|menu|pager|pagination|popup|related|remark|replies|rss|shoutbox|sidebar|skyscraper|social|sponsor|supplemental",
    re.IGNORECASE,
)
_MAYBE = re.compile("and|article|body|column|content|main|shadow", re.IGNORECASE)
_FOR = re.compile("article|blog|body|content|entry|main|page|post|story|text", re.IGNORECASE)
_AGAINST = re.compile(
    r"-ad-|(?<!\S)hid(?!\S)|hidden|banner|combx|comment|com-|contact|footer|gdpr|masthead|media|meta|outbrain|promo|related|scroll"
    "|share|shopping|shoutbox|sidebar|skyscraper|sponsor|tags|widget",
    re.IGNORECASE,
)
_SHARING = re.compile(r"(?:\b|_)share(?:daddy)?(?:\b|_)", re.IGNORECASE)
_ROLES = frozenset("alert alertdialog complementary dialog menu menubar navigation".split())
_NEVER_MAIN = frozenset("aside footer nav".split())
_CLEANED = frozenset("form fieldset table ul div".split())
_LONGEST_SHARING = 500  # characters


def is_never_main(element: Element) -> bool:
    """Navigation, asides, footers, buttons: no main text, however strictly it is looked for."""
    return element.tag in _NEVER_MAIN or is_control(element)


def is_control(element: Element) -> bool:
    """A button or field that is no part of a sentence or heading."""
    if element.tag not in ("button", "textarea") or element.parent is None:
        return False
    return element.parent.tag not in HEADINGS and is_whole_paragraph(element)


def is_whole_paragraph(element: Element) -> bool:
    """Whether an inline element holds all words of the paragraph it stands in: it can go without cutting a sentence."""
    return element.parent is not None and element.parent.length == element.length


def is_unlikely(element: Element) -> bool:
    """Whether it is called like what stands beside a main text."""
    if element.attributes.get("role") in _ROLES:
        return True
    label = element.label
    return element.tag not in ("a", "body") and _UNLIKELY.search(label) is not None and _MAYBE.search(label) is None


def weight_of(element: Element) -> int:
    """What the names of an element speak for, main text (more than 0) or not."""
    names = [element.attributes.get("class") or "", element.attributes.get("id") or ""]
    return 25 * sum(bool(_FOR.search(name)) - bool(_AGAINST.search(name)) for name in names)


def is_sharing(element: Element, length: int) -> bool:
    return length < _LONGEST_SHARING and _SHARING.search(element.label) is not None


def is_no_text(element: Element, held: Measure, weight: int) -> bool:
    """Whether a list, form, table or `<div>` within the main part is no running text."""
    if element.kind not in _CLEANED or held.data_table:
        return False
    if weight < 0 or held.commas >= 10:
        return weight < 0
    density = held.link_density
    is_list = element.kind == "ul" or held.in_lists > 0.9 * held.length
    in_figure = any(ancestor.tag == "figure" for ancestor, _ in zip(element.ancestors, range(4)))
    is_label = not (is_list or in_figure) and held.length < 25 and held.in_headings < 0.9 * held.length
    return (
        (held.images > 1 and held.paragraphs < 0.5 * held.images and not in_figure)
        or (held.items - 100 > held.paragraphs and not is_list)
        or held.inputs > held.paragraphs // 3
        or (is_label and held.images not in (1, 2) and density > 0)
        or (weight < 25 and density > 0.2 and not is_list)
        or (weight >= 25 and density > 0.5)
        or (held.images == 0 and not held.textish)
    )
