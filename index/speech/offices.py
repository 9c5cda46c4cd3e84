"""Titles and descriptions of people: "President of the Russian Federation", "the Russian president", "Red Cross president".

A title has a head, the noun that says what somebody is, and the rest, which says of what. Two titles are compared by head,
country and words, so that their wording does not matter. The words are English; another language needs lists of its own.

>>> read_office("the President of the Russian Federation") == read_office("Russian President")
True
>>> read_office("the Red Cross president").may_mean(read_office("President of the Federation of Red Cross Societies"))
True
>>> read_office("the rain"), read_office("the Greek")
(None, Office(head='', words=frozenset(), nations=frozenset({'greece'}), past=False))
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from index.speech import nations
from index.speech.records import Gender
from index.speech.transliteration import fold

# Heads that mean the same stand in one line, the first form is theirs.
_HEADS = """
president pres
prime-minister premier pm
chancellor
minister
secretary
secretary-general
attorney-general
general gen
senator sen sens senators
representative rep reps congressman congresswoman congressmember
governor gov govs
mayor
king
queen
prince
princess
pope pontiff
patriarch
emperor
sultan
emir
ayatollah
ambassador
envoy
commissioner
commissar
chair chairman chairwoman chairperson co-chair co-chairman co-chairwoman
chief-of-staff
chief
head
leader
boss
chief-executive ceo
chief-financial-officer cfo
director
general-director director-general
general-designer
manager
executive
officer
founder co-founder
owner
speaker
whip
delegate
lawmaker legislator parliamentarian mp deputy
councilman councilwoman councilmember councillor alderman
commander
captain capt
colonel col
lieutenant lt
major maj
admiral adm
sergeant sgt
marshal
sheriff
police-chief
prosecutor
attorney lawyer counsel
solicitor-general
surgeon-general
judge
justice
aide assistant
adviser advisor
strategist
consultant
operative
pollster
spokesperson spokesman spokeswoman
press-secretary
representative-for
candidate
nominee
contender
hopeful
challenger
incumbent
opponent
rival
running-mate
front-runner frontrunner
president-elect
professor prof
doctor dr
economist
analyst
expert
historian
scientist
researcher
scholar
fellow
author
writer
journalist
reporter
correspondent
columnist
commentator
pundit
editor
publisher
anchor anchorman anchorwoman
host
moderator
blogger
activist
organizer organiser
advocate
campaigner
lobbyist
philanthropist
billionaire
businessman businesswoman businessperson
entrepreneur
mogul tycoon
investor
banker
broker
trader
developer
engineer
designer
architect
actor actress
comedian
singer
rapper
musician
director-film filmmaker
producer
artist
novelist
poet
celebrity
star
coach
player
quarterback
athlete
champion
boxer
rabbi
pastor
priest
reverend rev
bishop
archbishop
cardinal
imam
father
sister
brother
mother
wife husband
son
daughter
widow
uncle
aunt
cousin
first-lady
veteran
soldier
teacher
student
farmer
worker
resident
voter
volunteer
supporter
surrogate
delegate
superdelegate
donor
fundraiser
republican
democrat
libertarian
socialist
conservative
liberal
independent
treasurer
comptroller
auditor
coordinator
manager
negotiator
dean
principal
member
partner
politician
statesman
diplomat
official
detective
inspector
superintendent
physician
nurse
psychologist
psychiatrist
biographer
dictator
tsar czar
plaintiff
defendant
suspect
victim
gunman
whistleblower
hacker
model
"""

_WEAK = frozenset(
    """
    candidate nominee contender hopeful challenger incumbent opponent rival running-mate front-runner republican democrat
    libertarian socialist conservative liberal independent member partner official fellow supporter voter volunteer surrogate
    delegate superdelegate donor resident activist lawmaker politician aide adviser strategist spokesperson attorney author writer
    journalist reporter host leader chief head boss executive officer worker student teacher star player father mother son
    daughter brother sister wife husband uncle aunt cousin friend analyst expert economist veteran businessman billionaire
    """.split()
)
PRESIDENCIES = frozenset(("president", "vice president"))
OF_STATE = PRESIDENCIES | {"prime-minister", "chancellor", "king", "queen", "pope", "first-lady"}
SPOUSES = frozenset(("first-lady", "wife", "husband"))
HONORIFICS = frozenset("mr mrs ms miss mister madam madame sir dame lord lady dr mme herr frau".split())
_BEFORE_SURNAMES = frozenset(
    """
    president minister chancellor secretary general senator representative governor mayor king queen prince princess pope
    patriarch emperor sultan emir ayatollah ambassador commissioner chair chief speaker captain colonel lieutenant major admiral
    sergeant marshal sheriff judge justice professor doctor coach rabbi pastor reverend bishop archbishop cardinal imam officer
    detective inspector superintendent councilman premier pm prime-minister
    """.split()
)
# Words that stand in a head and make another office of it.
_BEFORE = frozenset("vice deputy first-deputy assistant associate first senior shadow under acting".split())
_ACTING = frozenset("acting senior first".split())  # but "first deputy", "first lady" are read before
_PAST = frozenset("former ex late onetime one-time retired erstwhile past then-".split())
_DROPPED = frozenset(
    """
    the a an of for to and in on at by from our their his her its my your this that current sitting incumbent new newly
    longtime long-time outgoing own fellow top high-ranking affairs then mr mrs ms
    """.split()
)
LINKS = frozenset("of for to at in on from with by about as who that when under".split())
"""Words behind which a title says of what it is."""
_OF_COUNTRIES = frozenset("republic federation federal state kingdom union".split())  # said beside a country's name
# Heads that name whoever leads.
_LEADERS = frozenset("boss chief head leader".split())
_LEADING = _LEADERS | frozenset(
    """
    president prime-minister chancellor king queen emperor chief-executive chair director general-director
    secretary-general governor mayor speaker
    """.split()
)
_COMPOUNDS = {
    tuple(compound.split("-")): compound
    for compound in """
    prime-minister secretary-general attorney-general chief-of-staff chief-executive chief-executive-officer
    chief-financial-officer general-director director-general general-designer police-chief solicitor-general surgeon-general
    press-secretary running-mate front-runner president-elect first-lady first-deputy co-chair co-chairman co-chairwoman
    co-founder vice-president
    """.split()
}
OFFICE_WORDS = (
    frozenset(word for compound in _COMPOUNDS for word in compound)
    | _BEFORE
    | _OF_COUNTRIES
    | LINKS
    | {"the", "and", "affairs"}
)
"""Words that a title may hold beside its head, whatever it is of."""
_SAME_HEAD = {form: line.split()[0] for line in _HEADS.splitlines() if line for form in line.split()} | {
    "chief-executive-officer": "chief-executive",
    "director-general": "general-director",
    "vice-president": "vice president",
}
_PLURAL = re.compile(r"(?<=[a-z])s$")
_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|\w+(?:['’]\w+)*")
_POSSESSIVE = re.compile(r"['’]s$|(?<=s)['’]$")

_WOMEN = re.compile(
    r"\b(?:\w*woman|actress|queen|princess|mother|sister|daughter|wife|widow|aunt|first lady|mrs|ms|madam|madame|miss"
    r"|businesswoman|heiress|waitress|grandmother|girlfriend)\b",
    re.IGNORECASE,
)
_MEN = re.compile(
    r"\b(?:\w*[a-z](?<!wo)man|actor|king|prince|father|brother|son|husband|uncle|pope|mr|sir|rabbi|priest|patriarch"
    r"|grandfather|boyfriend)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Office:
    """A title, taken apart: head, countries, the other words of it. `past` when it says that it is no longer held."""

    head: str
    words: frozenset[str] = frozenset()
    nations: frozenset[str] = frozenset()
    past: bool = False

    def may_mean(self, held: Office) -> bool:
        """Whether who asks by this title may mean somebody who holds that one: all that this one says, that one says too."""
        if self.head and self.head != held.head and not (self.head in _LEADERS and held.head in _LEADING):
            return False
        return self.words <= held.words and self.nations <= held.nations and (held.past or not self.past)


def head_of(token: str) -> str | None:
    """The head that a word stands for, if it is one: "chairwoman" is "chair"."""
    token = fold(token).strip(".,;:")
    return _SAME_HEAD.get(token)


def is_personal_title(title: str) -> bool:
    """Whether a title is one that stands before a bare surname: "Sen.", "Mr.", "former President"."""
    last = fold(title.split()[-1]).strip(".,")
    return last in HONORIFICS or _SAME_HEAD.get(last) in _BEFORE_SURNAMES


def is_weak(office: Office) -> bool:
    """Whether many are called so at a time ("the candidate"), or only in relation to somebody ("the rival")."""
    return office.head.split()[-1] in _WEAK


def is_past(token: str) -> bool:
    """Whether a word says that an office is no longer held: "former"."""
    return fold(token) in _PAST


def gender_of_title(words: str) -> Gender | None:
    """The gender that a title tells: "Mrs.", "chairwoman", "Congressman"."""
    woman, man = bool(_WOMEN.search(words)), bool(_MEN.search(words))
    return None if woman == man else "she" if woman else "he"


@lru_cache(maxsize=20_000)
def read_office(words: str) -> Office | None:
    """The office that a title or description names, or None where it names neither an office nor a country."""
    tokens = _join_compounds([fold(_POSSESSIVE.sub("", t)).replace(".", "") for t in _TOKEN.findall(words)])
    tokens, countries = _take_countries(tokens)
    past = any(token in _PAST for token in tokens)
    tokens = [token for token in tokens if token not in _PAST]
    at = _head_position(tokens)
    if at is None:
        rest = frozenset(tokens) - _DROPPED
        return Office("", frozenset(), frozenset(countries), past) if countries and not rest else None
    head, start = _SAME_HEAD.get(tokens[at]) or _SAME_HEAD[_PLURAL.sub("", tokens[at])], at
    while start and tokens[start - 1] in _BEFORE:
        start -= 1
        if tokens[start] not in _ACTING:
            head = f"{tokens[start]} {head}"
    dropped = _DROPPED | _OF_COUNTRIES if countries else _DROPPED
    rest = [token for token in tokens[:start] + tokens[at + 1 :] if token not in dropped]
    return Office(head, frozenset(rest), frozenset(countries), past)


def _head_position(tokens: list[str]) -> int | None:
    """The last head before the first "of": what comes after says of what."""
    link = next((i for i, token in enumerate(tokens) if token in LINKS and i), len(tokens))
    heads = [i for i, t in enumerate(tokens[:link]) if t in _SAME_HEAD or _PLURAL.sub("", t) in _SAME_HEAD]
    return heads[-1] if heads else None


def _join_compounds(tokens: list[str]) -> list[str]:
    joined: list[str] = []
    at = 0
    while at < len(tokens):
        for length in (3, 2):
            if compound := _COMPOUNDS.get(tuple(tokens[at : at + length])):
                joined.append(compound)
                at += length
                break
        else:
            joined.append(tokens[at])
            at += 1
    return joined


def _take_countries(tokens: list[str]) -> tuple[list[str], list[str]]:
    """The tokens without those that name countries, and the countries."""
    rest: list[str] = []
    countries: list[str] = []
    at = 0
    while at < len(tokens):
        for length in range(nations.LONGEST, 0, -1):
            if len(tokens) - at >= length and (country := nations.nation_of(" ".join(tokens[at : at + length]))):
                countries.append(country)
                at += length
                break
        else:
            rest.append(tokens[at])
            at += 1
    return rest, countries
