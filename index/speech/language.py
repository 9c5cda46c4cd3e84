"""What the sieve has to know of a language: its words. One file a language holds an instance of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """Words in lower case, with a plain apostrophe, each in every form it is written in.

    `frames` tells of each verb of saying what may follow it as the words said; see `index.speech.reports`.
    """

    code: str
    frames: Mapping[str, frozenset[str]]
    phrasal: frozenset[tuple[str, str]]
    nouns: frozenset[str]
    pronouns: frozenset[str]
    relatives: frozenset[str]
    determiners: frozenset[str]
    possessives: frozenset[str]
    linkers: frozenset[str]
    prepositions: frozenset[str]
    conjunctions: frozenset[str]
    auxiliaries: frozenset[str]
    passive: frozenset[str]
    adverbs: frozenset[str]
    times: frozenset[str]
    titles: frozenset[str]
    abbreviations: frozenset[str]
    unreal: frozenset[str]
    not_asserted: frozenset[str]
    floating: frozenset[str]
    reporting: frozenset[str]
    asking: frozenset[str]
    introducing: frozenset[str]
    bare: frozenset[str]
    nominal: frozenset[str]
    plurals: frozenset[str]
    never_speaker: frozenset[str]
    label: re.Pattern[str]
    elision: re.Pattern[str]
