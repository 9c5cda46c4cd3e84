"""Bodies: organisations, offices and places that speak, told from people by the words their names hold.

>>> is_body("the White House"), is_body("Clinton campaign"), is_body("NATO"), is_body("Vladimir Putin")
(True, True, True, False)
"""

from __future__ import annotations

import re

import simplemma

from index.speech.given import is_given
from index.speech.transliteration import fold

_WORDS = frozenset(
    """
    house kremlin pentagon white-house administration government cabinet congress senate parliament duma assembly council
    committee commission court tribunal department ministry agency bureau office service services treasury embassy
    consulate authority board bank fund foundation institute institution center centre university college school
    academy library museum hospital church vatican party campaign camp caucus union association federation confederation
    league alliance coalition society organization organisation organisations network group team company corporation corp
    inc ltd llc plc co industries holdings partners enterprises systems airlines motors press times post journal news
    herald tribune gazette chronicle magazine review daily newspaper globe guardian observer telegraph television radio
    media channel studio studios records entertainment pac superpac police army navy force forces guard military troops
    state states city county town province nations nation kingdom republic conference convention
    summit forum tower street wall hall square poll survey study report lab laboratory labs project initiative movement
    crowd exchange reserve trust club chamber
    """.split()
)
_KNOWN = frozenset(
    """
    nato un eu us uk fbi cia nsa doj dea dhs hhs epa irs icc imf who wto opec osce csto cis eaeu brics unesco unicef unhcr
    cnn nbc abc cbs msnbc pbs npr bbc afp ap tass rt nra aclu naacp aarp dnc rnc gop hrc isis isil plo hamas hezbollah
    nasa fema osha cdc fda faa fcc ftc sec gao cbo omb usda nlrb ussr eeoc eia
    facebook twitter google amazon microsoft youtube reuters bloomberg politico breitbart yahoo hollywood politifact
    taliban al-qaeda gazprom rosneft rosatom roscosmos sberbank wikileaks interfax obamacare congress
    """.split()
)
DESCRIBED = frozenset(
    """
    court tribunal committee commission council department ministry agency bureau office service board authority bank fund
    foundation institute institution center centre university college school academy library museum hospital church party
    campaign administration caucus union association federation league alliance coalition society organization organisation
    network group company corporation newspaper magazine embassy consulate
    """.split()
)
"""Words by which a body is spoken of again once it was named: "the court"."""
_THINGS = frozenset(
    """
    act treaty agreement agreements accord accords order orders award awards prize festival games cup tournament championship
    olympics theatre theatres theater theaters philharmonic philharmonia orchestra region regions district territory boulevard
    avenue highway airport registry management fuels show debate debates directorate headquarters meeting culture museums video
    exhibition protocol constitution code charter declaration programme reception ceremony rally dinner luncheon breakfast
    ball swearing-in drop-by
    """.split()
)
_THINGS_OR_SURNAMES = frozenset("day bill law road bridge lake valley plan deal budget week".split())
RUN_BY_SOMEBODY = frozenset("administration campaign foundation".split())
"""Those that have a name although they are written small: "Sanders campaign"."""
_PARTIES = frozenset(("republicans", "democrats"))
_JOINTS = frozenset("of for and the & on in to at de".split())
_BEHIND = _JOINTS | frozenset("that which who whose from with under itself also".split())
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
    if folded[-1] in _PARTIES:
        return len(words) > 1
    if folded[0] in DESCRIBED and (len(folded) == 2 or folded[1:2] and folded[1] in ("of", "for")):
        return True  # "Corporation Rosatom", "Court of Appeals"
    return len(words) == 1 and bool(_ACRONYM.match(words[0])) and (len(words[0]) < 4 or not _VOWEL.search(words[0]))


def body_in(words: str) -> str | None:
    """The name of the body that a description without its article names: "Brennan Center for Justice", "Clinton campaign"."""
    tokens = re.sub(r"['’]s\b", "", words.partition(",")[0]).split()
    end = 0
    for at, token in enumerate(tokens):
        if token[0].isupper() or token[0].isdigit():
            end = at + 1
        elif end == at and at and fold(token) in _WORDS:
            end = at + 1
            break
        elif token not in _JOINTS:
            break
    name = " ".join(tokens[:end])
    if tokens[end : end + 1] and tokens[end] not in _BEHIND:
        return None  # "FEC reports"
    return name if name and name[0].isupper() and is_body(name) else None


def is_thing(name: str) -> bool:
    """Whether a name's last word says that it is a thing's or a place's: "Ivanovo Region", "Cosmonautics Day"."""
    words = name.split()
    last = fold(words[-1])
    return last in _THINGS or len(words) > 1 and last in _THINGS_OR_SURNAMES and not is_given(words[0])


def is_made_of_words(name: str) -> bool:
    """Whether a name of several words holds none but those of a dictionary, and no given name: "Patriot Coal"."""
    words = name.split()
    return (
        len(words) > 1 and not is_given(words[0]) and all(simplemma.is_known(word.casefold(), "en") for word in words)
    )
