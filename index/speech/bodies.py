"""Bodies: organisations, offices and places that speak, told from people by the words their names hold.

>>> is_body("the White House"), is_body("Clinton campaign"), is_body("NATO"), is_body("Vladimir Putin")
(True, True, True, False)
"""

from __future__ import annotations

import re

import simplemma

from index.speech.given import is_given
from index.words import fold

_WORDS = frozenset(
    """
    house kremlin pentagon white-house administration government cabinet congress senate parliament duma assembly council
    committee commission court tribunal department ministry agency bureau office service services treasury embassy
    consulate authority authorities board bank fund foundation institute institution center centre university college school
    academy library museum hospital church vatican party campaign camp caucus union association federation confederation
    league alliance coalition society organization organisation organisations network group team company corporation corp
    inc ltd llc plc co industries holdings partners enterprises systems airlines motors press times post journal news
    herald tribune gazette chronicle magazine review daily newspaper globe guardian observer telegraph television radio
    media channel studio studios records entertainment pac superpac police army navy force forces guard military troops
    state states city county town province nations nation kingdom republic republicans democrats conference convention
    summit forum tower street wall hall square poll survey study report lab laboratory labs project initiative movement
    crowd exchange reserve trust club chamber facebook twitter google apple amazon microsoft youtube reuters bloomberg
    politico breitbart yahoo fox hollywood moscow brussels america trump-organization line act
    """.split()
)
_KNOWN = frozenset(
    """
    nato un eu us uk fbi cia nsa doj dea dhs hhs epa irs icc imf who wto opec osce csto cis eaeu brics unesco unicef unhcr
    cnn nbc abc cbs msnbc pbs npr bbc afp ap tass rt nra aclu naacp aarp dnc rnc gop hrc isis isil plo hamas hezbollah
    nasa fema osha cdc fda faa fcc ftc sec gao cbo omb usda nlrb ussr eeoc eia
    taliban al-qaeda gazprom rosneft rosatom roscosmos sberbank wikileaks interfax obamacare congress
    """.split()
)
_ACRONYM = re.compile(r"(?:[A-Z]\.?){2,6}(?:-[A-Z]+)?$")
_VOWEL = re.compile(r"[AEIOUY]")
_WORD = re.compile(r"[\w.'’&-]+")


def is_body(name: str) -> bool:
    """Whether these words, without a title in front, name a body."""
    words = [word.strip(".") for word in _WORD.findall(name)]
    folded = [fold(word).removesuffix("'s") for word in words]
    if folded[:1] == ["the"]:
        words, folded = words[1:], folded[1:]
    if not words:
        return False
    if any(word in _WORDS for word in folded[1:]) or folded[0] in _KNOWN or folded[-1] in _WORDS:
        return True
    return len(words) == 1 and bool(_ACRONYM.match(words[0])) and (len(words[0]) < 4 or not _VOWEL.search(words[0]))


def is_made_of_words(name: str) -> bool:
    """Whether a name of several words holds none but those of a dictionary, and no given name: "Patriot Coal"."""
    words = name.split()
    return len(words) > 1 and not is_given(words[0]) and all(simplemma.is_known(word.casefold(), "en") for word in words)
