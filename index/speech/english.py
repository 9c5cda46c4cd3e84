"""English, as the sieve reads it: the one file of its words. Another language is another file with the same fields."""

from __future__ import annotations

import re

from index.speech.language import Language


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


PRONOUNS = _words("he she they it we i you one everyone everybody someone somebody nobody neither both many most some others another")
RELATIVES = _words("who which that whom whose")
POSSESSIVES = _words("his her their its our my your")
DETERMINERS = POSSESSIVES | _words(
    "the a an this that these those some many several few most any no every each all both another other one two three four five",
    "six seven eight nine ten dozens hundreds more fewer",
)
LINKERS = _words("of for at in from with on to by & behind near inside within among against between")
PREPOSITIONS = LINKERS | _words(
    "about after before during since until under over through into upon via without amid despite like around across toward",
    "towards as than per because off out up down",
)
CONJUNCTIONS = _words(
    "and but or nor yet so while as because since although though when whenever where if unless until whereas that whether how why",
    "what than once before after",
)
AUXILIARIES = _words(
    "has have had having is are was were be been being am do does did will would can could may might must shall should",
    "won't wouldn't can't cannot couldn't may not hasn't haven't hadn't isn't aren't wasn't weren't doesn't don't didn't shouldn't",
    "'s 've 'd 'll 're not never to",
)
PASSIVE = _words("is are was were be been being am isn't aren't wasn't weren't get gets got 's 're 'm")
ADVERBS = _words(
    "also later then never even still just recently once often already again now ever first too yesterday not always soon",
    "earlier today tonight sometimes almost simply long further instead meanwhile previously thus though however therefore",
    "nevertheless perhaps maybe only much well far rather quite so more most away back twice publicly privately that much",
)
TIMES = _words(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september",
    "october november december today yesterday tonight tomorrow morning afternoon evening night week weekend month year",
    "jan feb mar apr jun jul aug sept sep oct nov dec jan. feb. mar. apr. jun. jul. aug. sept. sep. oct. nov. dec. mon. tue. wed. thu.",
    "last this next early late earlier later hours days weeks months years ago past point time times moment fact turn least first",
)
TITLES = _words(
    "mr mrs ms miss dr sir lord lady dame prof professor president vice senator sen rep representative congressman congresswoman",
    "gov governor mayor judge justice secretary minister premier chancellor king queen prince princess pope bishop archbishop",
    "cardinal rabbi imam ayatollah sheikh emir general gen colonel col captain capt major maj lieutenant lt sergeant sgt admiral",
    "adm commander officer detective sheriff chief chairman chairwoman chair director speaker leader ambassador commissioner",
    "attorney spokesman spokeswoman spokesperson reverend rev father sister brother pastor coach st hon comrade",
)
ABBREVIATIONS = _words(
    "mr mrs ms dr prof sen sens rep reps gov gen col capt maj lt sgt adm rev st hon jr sr vs inc corp co ltd d.c u.s u.n jan feb mar",
    "apr jun jul aug sept sep oct nov dec no e.g i.e etc fla calif mass pa va ill conn wis minn mich tenn ariz",
)


def _inflected(verb: str) -> list[str]:
    """The forms of a regular verb. A doubled consonant is written out in the tables below, as irregular."""
    if verb.endswith("e"):
        return [verb, verb + "s", verb + "d", verb[:-1] + "ing"]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return [verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"]
    s = "es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s"
    return [verb, verb + s, verb + "ed", verb + "ing"]


_IRREGULAR = {
    line.split()[0]: line.split()
    for line in """
    say says said saying
    tell tells told telling
    write writes wrote writing written
    admit admits admitted admitting
    quip quips quipped quipping
    think thinks thought thinking
    read reads reading
    know knows knew knowing
    swear swears swore swearing
    put puts putting
    hold holds held holding
    shout shouts shouted shouting
    begin begins began beginning
    see sees saw seeing
    feel feels felt feeling
    fear fears feared fearing
    find finds found finding
    show shows showed shown showing
    refer refers referred referring
    speak speaks spoke speaking
    sing sings sang singing
    slam slams slammed slamming
    chant chants chanted chanting
    bet bets betting
    understand understands understood
    mean means meant
    go goes went going
    rebut rebuts rebutted rebutting
    hear hears heard
    snap snaps snapped snapping
    rap raps rapped
    pen pens penned penning
    spit spits spat
    forget forgets forgot
    foresee foresees foresaw
    learn learns learned learning
    retort retorts retorted retorting
    text texts texted texting
    deny denies denied denying
    cry cries cried crying
    reply replies replied replying
    imply implies implied implying
    """.strip().splitlines()
}

# What may be the words said: T the tag stands after or between them; C a clause, with "that" or without; H a clause with
# "that", "whether", "how"; A somebody spoken to may stand between; I an infinitive; O an object; a preposition, what follows it.
_FRAMES = {
    "T C H": """say add write note explain argue claim insist declare assert recall announce reveal acknowledge suggest warn predict
        remark concede contend maintain complain joke quip admit stress emphasize emphasise reiterate caution confirm allege
        boast brag lament observe opine tweet conclude indicate proclaim reason repeat testify theorize think believe hope marvel
        muse gripe grouse posit counter surmise profess attest affirm reaffirm vent crow gush exclaim report deny swear
        remember blog post estimate figure reckon agree forecast speculate tease underscore""",
    "T H": """state respond reply comment mention continue elaborate read fume mutter shout yell scream chant answer retort
        volunteer exclaim wonder question protest rant snap bark whisper cry text email read interject chime deadpan
        thunder holler growl snipe murmur moan groan sigh laugh chuckle sneer scoff plead implore object signal hint clarify
        disclose recount intone offer tout demand confide intimate jeer gloat charge barrack cheer beam blare""",
    "T C H A I": "tell ask promise urge assure remind inform advise instruct persuade convince",
    "T H I": "vow pledge threaten",
    "H": """imply demonstrate fear doubt suspect recognize demand realize learn discover show find recommend
        discuss worry understand know calculate determine foresee feel hear boast propose""",
    "O H": """call accuse cite criticize criticise urge blast blame denounce dismiss mock slam praise condemn decry describe
        express reject portray bemoan rebuke chide lambaste assail liken deride applaud hail thank quote retweet reiterate
        characterize characterise label brand dub endorse tout defend disparage question ridicule deem compare attack pan
        disavow repudiate scold admonish castigate excoriate extol laud commend""",
    "I": "decline refuse seek agree offer",
}
_WITH = {
    "to": "refer point allude",
    "for": "call vouch apologize apologise",
    "on": "call comment",
    "about": "talk speak complain joke boast",
    "of": "speak boast complain warn",
    "against": "rail warn argue inveigh",
}


def _frames() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for frames, verbs in _FRAMES.items():
        for verb in verbs.split():
            for form in _IRREGULAR.get(verb) or _inflected(verb):
                found.setdefault(form, set()).update(frames.split())
    for preposition, verbs in _WITH.items():
        for verb in verbs.split():
            for form in _IRREGULAR.get(verb) or _inflected(verb):
                found.setdefault(form, set()).add(preposition)
    return {form: frozenset(frames) for form, frames in found.items()}


# The second word of a verb of saying, and the forms of the first: "pointed out", "shot back".
PHRASAL = {
    ("pointed", "out"), ("points", "out"), ("point", "out"), ("pointing", "out"), ("shot", "back"), ("shoots", "back"),
    ("fired", "back"), ("hit", "back"), ("chimed", "in"), ("put", "it"), ("puts", "it"), ("jumped", "in"), ("cut", "in"),
    ("went", "on"), ("goes", "on"), ("called", "out"), ("quoted", "as"), ("spelled", "out"), ("made", "clear"),
    ("makes", "clear"), ("making", "clear"),
}  # fmt: skip

# "his claim that", "the president's warning that"
NOUNS = _words(
    "claim claims assertion assertions statement statements suggestion suggestions warning warnings allegation allegations belief",
    "contention argument accusation accusations promise pledge vow insistence prediction declaration remark remarks comment comments",
    "view opinion admission acknowledgment announcement complaint complaints denial concern concerns charge charges hope fear",
    "conclusion assessment observation acknowledgement testimony demand notion idea",
)

INTRODUCING = _words(", — – -- - by in while before after and or but then from without as ; (")
REPORTING = _words("saying claiming stating arguing alleging accusing urging suggesting warning telling asking calling declaring showing")
PLURALS = _words("people men women police children voters family media")
# Verbs of saying that are nouns as well, and those bare forms that a speaker of one cannot be the subject of.
NOMINAL = _words(
    "state states report reports claim claims reason reasons remark remarks figure figures tweet tweets post posts estimate estimates",
    "promise promises email emails counter counters attack attacks question questions call calls note notes pledge pledges vow vows",
    "forecast forecasts show shows comment comments boast boasts joke jokes hope hopes fear fears doubt doubts demand demands protest",
    "protests offer offers blame praise brand brands label labels quote quotes text texts signal signals hint hints rant rants cry cries",
    "answer answers reply replies scream screams whisper whispers chant chants shout shouts point points talk talks blog blogs find",
    "finds feel figure tease muse deem counter thought worry worries concern concerns vent argue reckon object objects volunteer",
    "volunteers swear read reads laugh laughs find finds estimated attack rebuke rebukes condemn slam",
)
BARE = frozenset(line[0] for line in _IRREGULAR.values() if line[0] not in ("read", "put")) | frozenset(
    verb for verbs in _FRAMES.values() for verb in verbs.split() if verb not in _IRREGULAR
)

UNREAL = _words("not never would will could can may might must should don't doesn't didn't won't wouldn't can't cannot couldn't hasn't haven't hadn't")
NEVER = _words("there this that these those what which such here so as")

ENGLISH = Language(
    code="en",
    frames=_frames(),
    phrasal=frozenset(PHRASAL),
    nouns=NOUNS,
    pronouns=PRONOUNS,
    relatives=RELATIVES,
    determiners=DETERMINERS,
    possessives=POSSESSIVES,
    linkers=LINKERS,
    prepositions=PREPOSITIONS,
    conjunctions=CONJUNCTIONS,
    auxiliaries=AUXILIARIES,
    passive=PASSIVE,
    adverbs=ADVERBS,
    times=TIMES,
    titles=TITLES,
    abbreviations=ABBREVIATIONS,
    unreal=UNREAL,
    not_asserted=_words("if whether unless what how will would do does did are is can could should"),
    floating=_words("both all each"),
    reporting=REPORTING,
    asking=_words("ask asks asked asking"),
    introducing=INTRODUCING,
    bare=BARE,
    nominal=NOMINAL,
    plurals=PLURALS,
    never_speaker=NEVER,
    label=re.compile(r"[^\w\s]{1,2}(?P<name>[A-Z][A-Z.'’ -]{2,40}):"),
    elision=re.compile(r"(?:em|til|tis|twas|cause|n|round|bout)\b"),
)
