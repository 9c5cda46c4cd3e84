"""English, as the sieve for quoted and reported speech reads it. Another language is another file with the same fields."""

from __future__ import annotations

import re

from index.speech.language import Language


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


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
    rule rules ruled
    tally tallies tallied tallying
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
    brag brags bragged bragging
    beg begs begged begging
    blog blogs blogged blogging
    dub dubs dubbed dubbing
    pan pans panned panning
    confer confers conferred conferring
    """.strip().splitlines()
}

# By the letters that `Language` explains.
_FRAMES = {
    "T C H": """say add write note explain argue claim insist declare assert recall announce reveal acknowledge suggest warn predict
        remark concede contend maintain complain joke quip admit stress emphasize emphasise reiterate caution confirm allege
        boast brag lament observe opine tweet conclude indicate proclaim reason repeat testify theorize think believe hope marvel
        muse gripe grouse posit counter surmise profess attest affirm reaffirm vent crow gush exclaim report deny swear
        remember blog post estimate figure reckon agree forecast speculate tease underscore underline highlight outline""",
    "T H": """state respond reply comment mention continue elaborate read fume mutter shout yell scream chant answer retort
        volunteer exclaim wonder question protest rant snap bark whisper cry text email read interject chime deadpan
        thunder holler growl snipe murmur moan groan sigh laugh chuckle sneer scoff plead implore object signal hint clarify
        disclose recount intone offer tout demand confide intimate jeer gloat charge barrack cheer beam blare
        rule find determine calculate tally""",
    "T C H A I": "tell ask promise urge assure remind inform advise instruct persuade convince encourage exhort implore beg",
    "T H I": "vow pledge threaten",
    "H": """imply demonstrate fear doubt suspect recognize demand realize learn discover show recommend
        discuss worry understand know foresee feel hear boast propose hold""",
    "O H": """call accuse cite criticize criticise urge blast blame denounce dismiss mock slam praise condemn decry describe
        express reject portray bemoan rebuke chide lambaste assail liken deride applaud hail thank quote retweet reiterate
        characterize characterise rate label brand dub endorse tout defend disparage question ridicule deem compare attack pan
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


_PHRASAL = {
    "T C H": """point/points/pointed/pointing out, shoot/shoots/shot back, fire/fires/fired back, hit/hits back,
        chime/chimes/chimed in,
        put/puts it, jump/jumped in, cut/cuts in, spell/spelled out, make/makes/made/making clear, quoted as,
        cry/cries/cried out, call/calls/called out""",
    "T H": "go/goes/went on",
    "to": "draw/draws/drew/drawing attention, call/calls/called attention",
}


def _phrasal() -> dict[tuple[str, str], frozenset[str]]:
    found = {}
    for frames, verbs in _PHRASAL.items():
        for forms, particle in (verb.split() for verb in verbs.split(",")):
            for form in forms.split("/"):
                found[form, particle] = frozenset(frames.split())
    return found


TITLES = _words(
    "mr mrs ms miss dr sir lord lady dame prof professor president vice senator sen rep representative congressman",
    "congresswoman gov governor mayor judge justice secretary minister premier chancellor king queen prince princess",
    "pope bishop archbishop cardinal rabbi imam ayatollah sheikh emir general gen colonel col captain capt major maj",
    "lieutenant lt sergeant sgt admiral adm commander officer detective sheriff chief chairman chairwoman chair",
    "director speaker leader ambassador commissioner attorney spokesman spokeswoman spokesperson reverend rev father",
    "sister brother pastor coach st hon comrade",
)

_POSSESSIVES = _words("his her their its our my your")
_LINKERS = _words("of for at in from with & near inside within among against between")
_NOT_THIRD_PERSON = {"read", "put"}  # past as well

ENGLISH = Language(
    frames=_frames(),
    phrasal=_phrasal(),
    bare=frozenset(verb for verbs in _FRAMES.values() for verb in verbs.split() if verb not in _NOT_THIRD_PERSON)
    | (_IRREGULAR.keys() - _NOT_THIRD_PERSON),
    nominal=_words(
        "state states report reports claim claims reason reasons remark remarks figure figures tweet tweets post",
        "posts estimate estimates promise promises email emails counter counters attack attacks question questions",
        "call calls note notes pledge pledges vow vows forecast forecasts show shows comment comments boast boasts",
        "joke jokes hope hopes fear fears doubt doubts demand demands protest protests offer offers blame praise",
        "brand brands label labels quote quotes text texts signal signals hint hints rant rants cry cries answer",
        "answers reply replies scream screams whisper whispers chant chants shout shouts point points talk talks blog",
        "blogs find finds feel figure tease muse deem thought worry worries concern concerns vent argue reckon object",
        "objects volunteer volunteers swear laugh laughs estimated rebuke rebukes condemn slam highlight highlights",
        "outline outlines charge charges cheer cheers beam beams slams rule rules tally tallies holds",
    ),
    reporting=_words(
        "saying claiming stating arguing alleging accusing urging suggesting warning telling asking calling declaring",
        "showing",
    ),
    naming=_words(
        "call calls called calling labeled labelled label dubbed dub named titled entitled deemed branded known",
    ),
    asking=_words("ask asks asked asking"),
    contradicting=_words(
        "deny denies denied denying doubt doubts doubted doubting reject rejects rejected rejecting dismiss dismisses",
        "dismissed dismissing disavow disavows disavowed disavowing repudiate repudiates repudiated repudiating",
    ),
    quoting=_words("quote quotes quoted quoting cite cites cited citing"),
    causing=_words(
        "prompt prompts prompted prompting lead leads led leading cause causes caused causing provoke provokes",
        "provoked provoking drive drives drove driving move moves moved moving",
    ),
    noises=_words(
        "laugh laughs laughed chuckle chuckles chuckled sneer sneers sneered scoff scoffs scoffed groan groans groaned",
        "moan moans moaned sigh sighs sighed cheer cheers cheered beam beams beamed jeer jeers jeered snap snaps",
        "snapped agree agrees agreed bark barks barked growl growls growled",
        "gloat gloats gloated fume fumes fumed blare blares blared",
    ),
    nouns=_words(
        "claim claims assertion assertions statement statements suggestion suggestions warning warnings allegation",
        "allegations belief contention argument accusation accusations promise pledge vow insistence prediction",
        "declaration remark remarks comment comments view opinion admission acknowledgment acknowledgement",
        "announcement complaint complaints denial concern concerns charge charges hope fear conclusion assessment",
        "observation testimony demand notion idea",
    ),
    according=("according", "to"),
    pronouns=_words(
        "he she they it we i you one everyone everybody someone somebody nobody neither both many most some others",
        "another",
    ),
    singulars=_words("he she it one everyone everybody someone somebody nobody neither another"),
    persons=_words("he she they"),
    relatives=_words("who which that whom whose"),
    determiners=_POSSESSIVES
    | _words(
        "the a an this that these those some many several few most any no every each all both another other one two",
        "three four five six seven eight nine ten dozens hundreds more fewer",
    ),
    possessives=_POSSESSIVES,
    linkers=_LINKERS,
    prepositions=_LINKERS
    | _words(
        "on to by behind about after before during since until under over through into upon via without amid despite",
        "like around across toward towards as than per because off out up down",
    ),
    conjunctions=_words(
        "and but or nor yet so while as because since although though when whenever where if unless until whereas",
        "that whether how why what than once before after",
    ),
    coordinators=_words("and but or"),
    subordinators=_words("as while when after before who which though although"),
    questions=_words("whether how why what if who where when"),
    that="that",
    to="to",
    by="by",
    quoted_as="as",
    what="what",
    who="who",
    negations=_words("not never"),
    sequels=_words("and but or then"),
    genitives=_words("of for &"),
    auxiliaries=_words(
        "has have had having is are was were be been being am do does did will would can could may might must shall",
        "should won't wouldn't can't cannot couldn't hasn't haven't hadn't isn't aren't wasn't weren't doesn't don't",
        "didn't shouldn't 's 've 'd 'll 're not never to",
    ),
    passive=_words("is are was were be been being am isn't aren't wasn't weren't get gets got 's 're 'm"),
    unreal=_words(
        "not never would will could can may might must should don't doesn't didn't won't wouldn't can't cannot",
        "couldn't hasn't haven't hadn't",
    ),
    denying=_words(
        "not never hardly scarcely could may might must should don't doesn't didn't won't wouldn't can't cannot couldn't shouldn't",
        "hasn't haven't hadn't isn't aren't wasn't weren't",
    ),
    have="have",
    refusing=_words(
        "decline declines declined declining refuse refuses refused refusing fail fails failed failing forget forgets",
        "forgot forgetting neglect neglects neglected neglecting deny denies denied denying avoid avoids avoided",
        "avoiding without",
    ),
    instead=_words("instead short"),
    supposing=_words(
        "if nor unless whether had has have did do does is are was were will would can could should may might didn't don't",
        "doesn't hasn't haven't hadn't isn't aren't won't wouldn't can't couldn't shouldn't",
    ),
    disbelieving=_words(
        "false untrue unlikely imagine imagines imagined suppose pretend pretends pretended wish wishes wished doubt doubts",
        "doubted deny denies denied denying",
    ),
    believing=_words("true correct believe believes think thinks"),
    not_asserted=_words("if whether unless what how will would do does did are is can could should"),
    introducing=_words("by in while before after and or but then from without as"),
    openers=_words("and but so yet or still then"),
    adverbs=_words(
        "also later then never even still just recently once often already again now ever first too yesterday not",
        "always soon earlier today tonight sometimes almost simply long further instead meanwhile previously thus",
        "though however therefore nevertheless perhaps maybe only much well far rather quite so more most away back",
        "twice",
    ),
    floating=_words("both all each"),
    times=_words(
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august",
        "september october november december jan feb mar apr jun jul aug sept sep oct nov dec today yesterday tonight",
        "tomorrow morning afternoon evening night week weekend month year hours day days weeks months years ago past",
        "last this next early late earlier later point time times moment fact turn least first",
    ),
    titles=TITLES,
    groups=_words(
        "campaign administration aide aides official officials supporter supporters ally allies adviser advisers",
        "advisor advisors voter voters staff staffer staffers team government police leaders lawmaker lawmakers",
        "researchers representatives lawyer lawyers backers delegates critics opponents surrogates camp attorneys",
        "prosecutors authorities spokespeople office agency department executives employees strategist strategists",
        "pollster pollsters report poll study article statement letter website newspaper operatives donors fans",
        "residents students workers democrats republicans senators loyalists foundation organization committee",
    ),
    abbreviations=_words(
        "mr mrs ms dr prof sen sens rep reps gov gen col capt maj lt sgt adm rev st hon jr sr vs inc corp co ltd d.c",
        "u.s u.n jan feb mar apr jun jul aug sept sep oct nov dec no e.g i.e etc fla calif mass pa va ill conn wis",
        "minn mich tenn ariz",
    ),
    plurals=_words("people men women police children voters family media"),
    works=_words(
        "book books memoir memoirs album song songs film films movie show play novel essay documentary series poem",
        "column magazine autobiography program programme single hit tune headline episode website site pseudonym name",
    ),
    showing=_words("on"),
    small_words=_words("the of a and in to with for"),
    nobody=_words("no nobody none neither nothing"),
    never_speaker=_words("there this that these those what which such here so as"),
    adverb_ends=("ly",),
    not_adverbs=_words("family ally rally bully reply supply assembly anomaly italy july apply rely comply fly imply"),
    participle_ends=("ing",),
    no_past=_words("written shown"),
    perfect=_words("have has had having 've 'd"),
    past_ends=("ed",),
    third_person_ends=("s",),
    plural_ends=("s",),
    possessive_ends=("'s", "s'"),
    elision=re.compile(r"(?:em|til|tis|twas|cause|n|round|bout)\b"),
    label=re.compile(r"[^\w\s]{1,2}(?P<name>[A-Z][A-Z.'’ -]{2,40}):"),
)
