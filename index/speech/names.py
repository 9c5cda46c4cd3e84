"""Names of people as they are written, taken apart; and whether two of them can be one person's.

`parse` reads "Sen. Ted Cruz (R-Texas)", "President of Russia Vladimir Putin", "MR. EARNEST", "Ursula von der Leyen". The
surname is what is compared first, since a likeness of whole names says little: "Hillary Clinton" is as near to "Bill Clinton"
as "President Putin" is far from "Vladimir Putin".

>>> name = parse("President of Russia Vladimir Putin")
>>> name.title, name.full, name.given, name.surname
('President of Russia', 'Vladimir Putin', ('Vladimir',), 'Putin')
>>> parse("Kim Jong-un").surname, parse("Rodham Clinton, Jr.").suffix, parse("the president")
('Kim', 'Jr.', None)
>>> compatible(parse("Mr. Putin"), name), compatible(parse("Bill Clinton"), parse("Hillary Clinton"))
(True, False)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from simplemma import is_known

from index.speech.bodies import is_body, is_made_of_words, is_thing
from index.speech.given import gender_of, is_given, same_given
from index.speech.nations import is_place, nation_of
from index.speech.offices import HONORIFICS, gender_of_title, head_of, is_past, read_office
from index.speech.records import Gender
from index.speech.transliteration import fold, skeleton

_PARTICLES = frozenset(
    "van von der den de da di del della dela la le dos das du st. bin ibn al el ter ten zu af av y".split()
)
_LOWER_ONLY = frozenset("al el bin ibn y ten".split())  # capitalised they are given names or words: "Al Gore"
_SUFFIX = re.compile(r",?\s+(?P<suffix>[JS]r\.?|II|III|IV)(?=[\s,]|$)")
_ASIDE = re.compile(r"\s*[(\[][^)\]]*(?:[)\]]|$)")
_ACRONYM = re.compile(r"[A-Z]{3,5}$")
_POSSESSIVE = re.compile(r"['’ʼ]s$|(?<=s)['’ʼ]$")
_INITIAL = re.compile(r"(?:[A-ZÀ-ÞА-Я]\.?){1,2}$")
_NAME_WORD = re.compile(r"[^\W\d_][^\W\d_]*(?:['’ʼ.-]+[^\W\d_]*)*$")
# Words in front of a name that are no part of it although capitalised.
_ADJUNCTS = frozenset(
    """
    republican democratic democrat gop independent libertarian conservative liberal presidential vice-presidential federal foreign
    prime deputy first vice acting former then ex late onetime longtime fellow the a an his her their its our and by with
    senate house state national us u.s uk u.n fbi cia white supreme court interior defense defence press chief executive
    """.split()
)
_STATES = frozenset(("republic", "kingdom", "federation", "emirates"))
# Titles that are surnames behind "Mr.", where nobody is called by the title: not "Mr. President".
_ALSO_SURNAMES = frozenset("king bishop pope prince marshal baron duke major abbot queen page cook priest sen".split())
_MISTER = frozenset(("mr", "mrs", "ms", "miss"))
_JOINTS = frozenset("of for to at in on from with and the".split())
# Family names that stand first, with given names of Chinese or Korean syllables behind.
_FAMILY_FIRST = frozenset(
    """
    ahn an bae bai ban cai cao chang chen cheng cho choe choi chu deng ding dong du fan fang feng fu gao gu guo han hao he hong
    hu huang hwang hyun jang jeon jia jiang jin jo jung kang kim ko kong kwon lai lam lee lei li liang lim lin liu lu luo ma mao
    meng moon noh oh pan park peng qi qian qiao qin ri roh ryu shen shi shin sim song su sun tan tang tian tsai wan wang wei wen
    wu xi xia xiao xie xiong xu xue yan yang yao ye yi yin yoo yoon you yu yuan yun zeng zhang zhao zheng zhong zhou zhu zou
    chiang
    """.split()
)
_PINYIN = re.compile(
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|an|en|in|un|ai|ei|ao|ou|ia|ie|iu"
    r"|ua|uo|ui|ue|a|e|i|o|u)){1,2}$"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart. `full` is the name without title and suffix, in the order in which it is written.

    A name of one word has that as its surname and no given name, although it may be one ("Hillary"). `words` are the folded
    words of `full`; `title` is what stood in front, or behind a comma.
    """

    full: str
    given: tuple[str, ...]
    surname: str
    words: tuple[str, ...]
    title: str | None = None
    suffix: str | None = None
    gender: Gender | None = None

    @property
    def key(self) -> str:
        """The name folded: two of one key are written alike."""
        return " ".join(self.words)

    @property
    def whole(self) -> str:
        """The name with its suffix, as one shows it."""
        return f"{self.full} {self.suffix}" if self.suffix else self.full

    @property
    def is_full(self) -> bool:
        """Whether it holds more than a surname."""
        return bool(self.given)


@lru_cache(maxsize=50_000)
def parse(written: str) -> Name | None:
    """The personal name in `written`, or None where there is none: "the president", "officials", "the White House"."""
    text = _ASIDE.sub("", written.replace("\xa0", " ")).strip(" ,.;:—–-\"“”'‘")
    suffix = _SUFFIX.search(text)
    if suffix and suffix.start():
        text = text[: suffix.start()] + text[suffix.end() :]
    text, _, behind = text.partition(",")
    tokens = _POSSESSIVE.sub("", text).split()
    at = _where_name_begins(tokens)
    if at is None:
        return None
    named, title = tokens[at:], " ".join(tokens[:at]).strip(" ,")
    title = title or (behind.strip(" ,") if _is_title_behind(behind) else "")
    if _is_nobodys(" ".join(named), title):
        return None
    named = [word.strip(',;:"“”') for word in _lowered(named)]
    split = _where_surname_begins(named)
    given, surname = tuple(named[:split]), " ".join(named[split:])
    if _is_family_first(named):
        given, surname = tuple(named[1:]), named[0]
    gender = gender_of_title(title) if title else None
    if not gender and given:
        gender = next((g for n in given if (g := gender_of(n))), None) if gender_of(given[0]) else None
    return Name(
        full=" ".join(named),
        given=given,
        surname=surname,
        words=tuple(word for part in named for word in fold(part).split()),
        title=title or None,
        suffix=suffix["suffix"].rstrip(".") + "." * suffix["suffix"].startswith(("J", "S")) if suffix else None,
        gender=gender,
    )


def same_first(given: str, name: Name) -> bool:
    """Whether a given name (folded) alone can stand for a name: "bernie" for Bernard Sanders, but no word for its initial."""
    return bool(name.given) and len(name.given[0].rstrip(".")) > 1 and same_given(given, fold(name.given[0]))


def is_honorific(title: str) -> bool:
    """Whether a title says nothing but respect: "Mr.", "Dr."."""
    return all(fold(word).rstrip(".") in HONORIFICS for word in title.split())


def compatible(one: Name, other: Name) -> bool:
    """Whether two names can be one person's: the surnames agree, and nothing that stands beside them is at odds."""
    if not _same_surname(one, other):
        return False
    if one.gender and other.gender and one.gender != other.gender:
        return False
    if one.suffix and other.suffix and one.suffix[:2] != other.suffix[:2]:
        return False
    if bool(one.suffix) != bool(other.suffix) and one.given and one.given == other.given:
        return False  # "Donald Trump" and "Donald Trump Jr." are father and son
    return _same_given(_givens(one), _givens(other)) or _ends_with(one, other) or _ends_with(other, one)


def _is_nobodys(name: str, title: str) -> bool:
    """Whether what looks like a name is a body's, a thing's, a place's, or made of mere words."""
    if is_body(name) or is_thing(name) or is_place(_unabbreviated(fold(name))):
        return True
    if fold(title) == "miss" and " " not in name:
        return _is_mere_word(name)  # "Miss Universe"
    return not title and is_made_of_words(name)


def _unabbreviated(place: str) -> str:
    return re.sub(r"^[ns]\. ", lambda m: {"n": "north ", "s": "south "}[m[0][0]], place)


def _where_name_begins(tokens: list[str]) -> int | None:
    """The index of the token with which the name begins: behind the title, within the capitalised words at the end."""
    tail = len(tokens)
    while tail and _may_be_of_a_name(tokens, tail - 1):
        tail -= 1
    while tail < len(tokens) and tokens[tail] in _LOWER_ONLY:
        tail += 1  # a particle joins what stands on both sides
    if tail == len(tokens):
        return None
    start = tail
    for at in range(tail, len(tokens) - 1):
        if is_title(tokens[at]) or _POSSESSIVE.search(tokens[at]):
            start = at + 1
    of_place = bool(tail) and tokens[tail - 1].casefold() in _JOINTS
    if of_place and start == tail:
        if not any(head_of(token) for token in tokens[:tail]):
            return None
        start = _behind_place(tokens, tail)
    else:
        while start < len(tokens) - 1 and _stands_in_front(tokens, start):
            start += 1
        start += _leading_nations(tokens[start:])
        if len(tokens) - start > 2 and _is_mere_word(tokens[start]) and is_given(tokens[start + 1]):
            start += 1  # "Addressing Vladimir Putin"
        if len(tokens) - start > 3 or of_place:
            start = next((i for i in range(start, len(tokens) - 1) if _is_given_name(tokens, i)), start)
    if start is None or _is_somebody_elses(tokens[:start]):
        return None
    last = fold(tokens[-1])
    if start == len(tokens) - 1 and start and last in _ALSO_SURNAMES and fold(tokens[start - 1]).rstrip(".") in _MISTER:
        return start
    if start == len(tokens) - 1 and (is_title(tokens[-1]) or last in _ADJUNCTS):
        return None
    if is_title(tokens[-1]) and last not in _ALSO_SURNAMES and not is_given(tokens[start]):
        return None  # "Duma Speaker"
    return start


def _stands_in_front(tokens: list[str], at: int) -> bool:
    """Whether a capitalised word before a name is none of it: "Republican", "former", "NBC", "Republic"."""
    token, rest = tokens[at], tokens[at + 1 :]
    if fold(token) in _ADJUNCTS or is_past(token):
        return True
    if len(rest) < 2:
        return False
    return fold(token) in _STATES or bool(_ACRONYM.match(token)) and is_given(rest[0]) and rest[0][1:].islower()


def _is_given_name(tokens: list[str], at: int) -> bool:
    """Whether a given name may begin here: not with the "Al" behind "Hamad bin Isa"."""
    return is_given(tokens[at]) and not (at and tokens[at] == "Al")


def _is_title_behind(words: str) -> bool:
    office = read_office(words)
    return bool(office and office.head)


def _is_mere_word(token: str) -> bool:
    return token.isalpha() and not is_given(token) and is_known(token.casefold(), "en")


def _is_somebody_elses(title: list[str]) -> bool:
    """Whether the name behind this title is not its holder's: "a spokesman for Mayor" Jackson is not Jackson."""
    joints = [i for i, token in enumerate(title) if token.casefold() in _JOINTS - {"the"} and i]
    if not joints or not any(head_of(token) for token in title[: joints[-1]]):
        return False
    return all(map(is_title, title[joints[-1] + 1 :]))


def _may_be_of_a_name(tokens: list[str], at: int) -> bool:
    token = tokens[at].strip(',;:"“”')
    if not _NAME_WORD.match(token):
        return False
    if token[0].isupper():
        return True
    return fold(token) in _PARTICLES and at + 1 < len(tokens) or token[:3] in ("al-", "el-", "d'A", "d’A")


def is_title(token: str) -> bool:
    return fold(token).rstrip(".,:") in HONORIFICS or bool(head_of(token)) and not is_given(token)


def _leading_nations(tokens: list[str]) -> int:
    """How many tokens at the start name a country ("French", "Saudi Arabian"), when a name follows."""
    for length in (3, 2, 1):
        if len(tokens) > length and nation_of(fold(" ".join(tokens[:length])).rstrip(".")) and not is_given(tokens[0]):
            return length
    return 0


def _behind_place(tokens: list[str], tail: int) -> int | None:
    """Where the name begins in "of Turkey Recep Tayyip Erdogan": behind a country, or with a given name, or two from the end."""
    for at in range(tail, len(tokens) - 1):
        if at > tail and is_given(tokens[at]):
            return at
    if nation := _leading_nations(tokens[tail:]):
        return tail + nation
    left = len(tokens) - tail
    if left == 2 and fold(tokens[tail]) in _ADJUNCTS:
        return tail + 1  # "Secretary of State Kerry"
    if left < 3 or not any(head_of(token) and token[0].isupper() for token in tokens[:tail]):
        return None
    last = len(tokens) - 2
    while last > tail + 1 and (_INITIAL.match(tokens[last]) or fold(tokens[last]) in _PARTICLES):
        last -= 1
    return last


def _where_surname_begins(named: list[str]) -> int:
    """The index of the surname's first word: the last one, or the particles in front of it."""
    start = len(named) - 1
    while start > 0 and fold(named[start - 1]) in _PARTICLES and (start > 1 or named[0] != "Al"):
        if named[start - 1][0].isupper() and fold(named[start - 1]) in _LOWER_ONLY:
            break
        start -= 1
    return start


def _is_family_first(named: list[str]) -> bool:
    if len(named) not in (2, 3) or fold(named[0]) not in _FAMILY_FIRST:
        return False
    given = [syllable for word in named[1:] for syllable in fold(word).split("-")]
    if "-" in named[1]:
        return len(named) == 2 and not named[1].split("-")[1][:1].isupper() or not is_given(named[1].split("-")[0])
    if len(named) == 3:
        return not any(map(is_given, named[1:])) and all(len(s) <= 5 for s in given) and not _INITIAL.match(named[1])
    return bool(_PINYIN.match(given[0])) and not is_given(named[1])


def _lowered(named: list[str]) -> list[str]:
    """A name in capitals as one writes it: "MR. O'MALLEY" is O'Malley, "MCCAIN" is McCain."""
    bare = [word for word in named if not _INITIAL.match(word)]
    if not bare or any(c.islower() for word in bare for c in word if not word.startswith(("Mc", "Mac"))):
        return [_mixed(word) if word.startswith("Mc") and word[2:].isupper() else word for word in named]
    return [word if _INITIAL.match(word) else _mixed(word) for word in named]


def _mixed(word: str) -> str:
    word = re.sub(r"[^\W\d_]+", lambda m: m.group().capitalize(), word)
    word = re.sub(r"['’]S$", lambda m: m.group().lower(), word)
    return re.sub(r"^Mc([a-z])", lambda m: f"Mc{m[1].upper()}", word)


def _same_surname(one: Name, other: Name) -> bool:
    a, b = fold(one.surname), fold(other.surname)
    return a == b or skeleton(a) == skeleton(b) or _ends_with(one, other) or _ends_with(other, one)


def _ends_with(longer: Name, shorter: Name) -> bool:
    """Whether one name is the end of the other: "Peña Nieto" of "Enrique Peña Nieto"."""
    return len(shorter.words) > 1 and longer.words[-len(shorter.words) :] == shorter.words


def _givens(name: Name) -> list[str]:
    return [fold(given).strip("\"“”'") for given in name.given]


def _same_given(one: list[str], other: list[str]) -> bool:
    """Whether given names agree. A first name may be left out, so may middle ones; what both have must not be at odds."""
    if not one or not other:
        return True
    if same_given(one[0], other[0]):
        middles = one[1:], other[1:]
        return not all(middles) or any(same_given(a, b) for a in middles[0] for b in middles[1])
    return any(same_given(a, other[0]) for a in one[1:] if len(a) > 2) or any(
        same_given(a, one[0]) for a in other[1:] if len(a) > 2
    )
