"""What the sieve has to know of a language: its words. One file a language holds an instance of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """Words are in lower case, with a plain apostrophe, in every form they are written in.

    `frames` tells of each verb of saying what may be the words said, by letters:
      T  words that it stands after or between: “…,” she noted
      C  a clause, with a conjunction or without: she said it rained
      H  a clause with a conjunction: she doubted that it rained
      A  somebody spoken to may come first: she told him that it rained
      I  an infinitive: she promised to come
      O  an object: she praised the rain
    and by a preposition, what follows that: she called for rain.
    """

    # verbs of saying, and what else says that somebody said something
    frames: Mapping[str, frozenset[str]]
    phrasal: Mapping[tuple[str, str], frozenset[str]]  # those of two words: pointed out
    bare: frozenset[str]  # their forms without an ending
    nominal: frozenset[str]  # those forms that are nouns as well: claims
    reporting: frozenset[str]  # participles that may follow their noun: a letter saying
    naming: frozenset[str]  # with these a title or a nickname stands in quotation marks: a book called “…”
    asking: frozenset[str]  # verbs with somebody spoken to whose speaker may follow them nevertheless: “…?” asked Ann
    contradicting: frozenset[str]  # what follows these is what their speaker denies: denied that it rained
    quoting: frozenset[str]  # with these the words are those of their object: quoted Ann as saying
    causing: frozenset[str]  # with these somebody comes to speak: prompting Ann to say
    noises: frozenset[str]  # of saying only within one sentence with the quotation: “…,” she laughed, she agreed
    nouns: frozenset[str]  # Ann's claim that
    according: tuple[str, str]

    # closed classes
    pronouns: frozenset[str]
    singulars: frozenset[str]  # pronouns
    persons: frozenset[str]  # pronouns that stand for somebody who was named
    relatives: frozenset[str]
    determiners: frozenset[str]
    possessives: frozenset[str]
    linkers: frozenset[str]  # prepositions that go on with a noun phrase: the mayor of Lille
    prepositions: frozenset[str]
    conjunctions: frozenset[str]
    coordinators: frozenset[str]
    subordinators: frozenset[str]  # conjunctions that begin something else after a tag: he said as he left
    questions: frozenset[str]  # whether, how
    that: str
    to: str
    by: str
    quoted_as: str  # quoted Ann “as” saying
    what: str
    who: str
    negations: frozenset[str]
    sequels: frozenset[str]  # after these a verb has the subject of the one before
    genitives: frozenset[str]  # what a name or a title goes on with: minister for trade
    auxiliaries: frozenset[str]
    passive: frozenset[str]  # auxiliaries with which a participle is passive: was told
    unreal: frozenset[str]  # with these a clause was not said, though a quotation may have been: would say
    denying: frozenset[str]  # auxiliaries with which nothing at all was said: did not say, could say
    have: str  # makes what would be said what was not: would have said
    refusing: frozenset[str]  # before an infinitive or a participle, these say that it was not said: refused to say
    instead: frozenset[str]  # before “of” and a participle, likewise: instead of saying
    supposing: frozenset[
        str
    ]  # before a speaker, these make a supposition or a question of it: if she said, did she say
    disbelieving: frozenset[str]  # before a clause, these tell that it is not so: a wish that she had said
    believing: frozenset[str]  # and these when negated: not true that she said
    not_asserted: frozenset[str]  # before a speaker, these leave open whether it was said: if she says
    introducing: frozenset[str]  # what a participle of saying follows: “…, adding that”
    openers: frozenset[str]  # before a quotation and no part of it: But “…,” she said
    adverbs: frozenset[str]
    floating: frozenset[str]  # after the subject they belong to: have both said
    times: frozenset[str]
    titles: frozenset[str]
    groups: frozenset[str]  # who speaks for the name before: Ann Lee’s “aides”
    abbreviations: frozenset[str]  # written with a full stop that ends no sentence
    plurals: frozenset[str]  # nouns that are plural without the ending
    works: frozenset[str]  # before a quotation they make it a title: in her book, “…”
    showing: frozenset[str]  # before what looks like a title, these make it one: on “Late Night”
    small_words: frozenset[str]  # words of a title that are written small
    never_speaker: frozenset[str]
    nobody: frozenset[str]  # a subject that begins with one of these says nothing: no minister said

    # forms: the ends of words
    adverb_ends: tuple[str, ...]
    not_adverbs: frozenset[str]
    participle_ends: tuple[str, ...]
    no_past: frozenset[str]  # “written”: says something only after “have”
    perfect: frozenset[str]
    past_ends: tuple[str, ...]
    third_person_ends: tuple[str, ...]
    plural_ends: tuple[str, ...]
    possessive_ends: tuple[str, ...]

    elision: re.Pattern[str]  # what an apostrophe opens, and no quotation: ’em
    label: re.Pattern[str]  # a speaker's label within a quotation: “PENCE: Well…”; group `name`
