"""The English of asking: the words that the rules for questions and follow-ups go by.

Another language is another file like this one. Verbs are lemmas, nouns singular, everything lower case.
"""

from __future__ import annotations

import re

WH = frozenset("what who whom whose which when where why how whether if".split())

# "how many", "to whom", "what else": what may stand beside the question word.
BESIDE_WH = frozenset("many much to in on by from of about else".split())

AUXILIARIES = frozenset(
    "do does did have has had is are was were will would can could shall should may might must 's 'd".split()
)
BE = frozenset("is are was were 's".split())
WOULD = frozenset("will would can could shall should may might 'd".split())

# Verbs of saying and holding that tell nothing of the matter: who asks what somebody said about gas looks for gas.
SAYING = frozenset(
    """
    say tell think believe feel claim argue state mention explain justify defend comment respond react reply answer speak talk
    discuss promise pledge vow announce describe declare suggest assert insist maintain remark note observe express admit
    acknowledge concede write tweet post propose recommend advise warn deny stress emphasise emphasize highlight underline reckon
    consider regard view assess predict forecast expect hope want wish intend plan assume know mean report reveal disclose
    confirm allege contend imply hint remember quote cite address estimate repeat reiterate reason
    debate clarify testify preach lecture elaborate outline guess suppose opine swear quip
    """.split()
)

# Verbs that take a stand: they ask for somebody's words too, and are part of the matter.
HOLDING = frozenset(
    """
    accept accuse admire agree apologise apologize appeal applaud approve ask assure back blame boast brag commend compare
    compliment complain condemn confess congratulate credit criticise criticize demand denounce dismiss disagree dislike dispute
    distrust doubt downplay dread encourage endorse envisage envision exaggerate excuse favour favor fault fear foresee forgive
    greet hail hate honour honor interpret joke lament laud liken like list loathe love mind mock mourn object offer oppose
    pardon plead praise prefer prioritise prioritize protest question rank rate rebuke rebut refute regret reject rejoice resent
    ridicule salute scold scorn support summarise summarize tease thank threaten tout trust urge welcome worry wonder
    """.split()
)

# Verbs that ask for words with what follows them only: "what did she make of it?", but not "what did she make?".
PHRASES = frozenset(
    tuple(phrase.split())
    for phrase in """
    point out|make of|touch on|touch upon|lay out|set out|spell out|sum up|speak out|come out|see as|see the|see in|conclude that
    add that|add about|raise concerns|raise objections
    """.replace("\n", "|").split("|")
    if phrase.strip()
)
STAND_PHRASES = frozenset(
    tuple(phrase.split())
    for phrase in """
    rule out|call for|call on|call the|call it|push for|take issue|pay tribute|make fun|poke fun|put down|attack over
    challenge to|invite to|stand on|side with|press for|come out
    """.replace("\n", "|").split("|")
    if phrase.strip()
)
# "what advice did she give?": what these do with a noun of saying.
GIVING = frozenset("give make offer have issue deliver take hold express put raise use voice send get pass".split())

IRREGULAR = {
    "thought": "think", "felt": "feel", "told": "tell", "meant": "mean", "spoke": "speak", "spoken": "speak", "wrote": "write",
    "written": "write", "saw": "see", "seen": "see", "swore": "swear", "sworn": "swear", "knew": "know", "known": "know",
    "forgave": "forgive", "foresaw": "foresee", "said": "say", "says": "say",
}  # fmt: skip

# "is she ready to …", "was he happy with …": what somebody holds, told by an adjective.
STANCE = frozenset(
    """
    afraid against alarmed angry annoyed anxious ashamed aware behind certain comfortable committed concerned confident content
    convinced critical delighted determined disappointed disgusted eager embarrassed excited fond frustrated furious glad
    grateful happy hopeful impressed inclined keen offended open opposed optimistic outraged pessimistic pleased positive
    prepared proud ready relieved reluctant sad satisfied sceptical scared shocked skeptical sorry supportive sure surprised
    sympathetic thankful uneasy unhappy unsure unwilling upset wary willing worried
    """.split()
)

# "Putin's answer on gas": nouns of what somebody says or holds.
SPEECH_NOUNS = frozenset(
    """
    account accusation address admission advice allegation analysis answer apology appeal argument assessment attack attitude
    case claim comment complaint concern conclusion condemnation criticism declaration defence defense denial description
    diagnosis excuse explanation fear feeling forecast hope impression interpretation interview joke justification lecture line
    message objection observation opinion outlook perspective pitch pledge position praise prediction promise quote quotation
    reaction reasoning rebuttal recommendation remark reply response rhetoric speech stance stand statement suggestion take
    testimony thinking thought threat tone tweet verdict view vision vow warning wish word
    """.split()
)
# These are as often deeds as words: they ask for the words of somebody whom the documents quote, and of nobody else.
DEED_NOUNS = frozenset("demand idea offer plan policy proposal solution strategy".split())

# "the discussion on the fishing quotas": what stands after them is the matter.
TALK_NOUNS = frozenset(
    "conversation debate deliberation dialogue discussion exchange introduction negotiation questioning summary talk".split()
)

# "in Obama's words", "in the eyes of Merkel"
EYES = frozenset(
    "word view opinion account eye telling mind book estimation assessment judgement judgment version".split()
)

# Participles that ask for words in the passive: "what was promised by …?", "what has been said about …?".
PARTICIPLES = frozenset(
    """
    said told written thought known claimed alleged promised proposed announced suggested argued reported offered demanded
    predicted recommended pledged mentioned quoted stated
    """.split()
)
# "Putin quotes about gas": nouns that a bare name may stand before.
BARE_NOUNS = frozenset(
    "quote quotes quotation quotations statement statements comment comments remarks interview".split()
)
# "Putin's answer when …", "Merkel's remark that …": what may follow such a noun beside ABOUT.
AFTER_NOUN = frozenset("that when , was is again there".split())

ABOUT = frozenset("about on of regarding concerning over to toward towards for with against after at in".split())
REGARDING = frozenset("about regarding concerning on of over".split())
# "Trump on the pullout": what stands between a name and its matter in a headline.
HEADLINE = frozenset("on about re".split())
INDEFINITE = frozenset("everything anything something whatever all things that".split())
# What may stand between the asking and its matter, the longest first.
LINKS = tuple(
    tuple(link.split())
    for link in sorted(
        """
        about|on|of|regarding|concerning|over|to|that|whether|if|as regards|with regard to|with regards to|in regard to|as to
        in relation to|with respect to|in respect of|when it comes to|when it came to|when asked about|when discussing
        when talking about|when speaking about|when speaking of|in terms of|in response to|in connection with|relating to
        related to|anything|something|much|a lot|a word|a thing|so much|more|anything more|anything else|else|himself|herself|up
        towards|toward|was|were|is|are
        """.replace("\n", "|").split("|"),
        key=lambda words: -len(words.split()),
    )
    if link.strip()
)

# Nobody in particular: "what did others say about Putin?" asks for no one's words.
ANYBODY = frozenset(
    """
    anybody anyone everybody everyone nobody somebody someone other others people person persons we you i it one ones
    critic critics expert experts observer observers analyst analysts commentator commentators source sources media press paper
    papers newspaper newspapers journalist journalists document documents text texts article articles report reports study
    studies poll polls survey surveys author authors speaker speakers there this that these those all any most some many few
    both each none who whoever meeting public law bill treaty letter file files passage data figures evidence research
    """.split()
)

PRONOUNS = {"he": "he", "him": "he", "his": "he", "she": "she", "her": "she", "hers": "she"}
THEY = frozenset("they them their theirs".split())
ANAPHORS = frozenset(
    """
    he him his she her hers they them their theirs it its this that these those there so then such one ones thing matter subject
    issue topic
    """.split()
)

# Bodies that speak: "what did the government say?" asks for its words though no name is given.
BODIES = frozenset(
    """
    academy administration agency alliance army association authority bank board cabinet charity church club commission
    committee company congress corporation council court delegation department embassy federation firm foundation
    government group institute ministry mission office opposition organisation organization parliament party police
    regulator senate state team treasury tribunal union university
    """.split()
)
DETERMINERS = frozenset("the a an one our their his her its this that my your".split())

# What may stand between somebody and their verb.
ADVERBS = frozenset(
    """
    ever also really actually once never still first then just even already always again soon himself herself themselves itself
    not only now today back at all last previously publicly jokingly else both
    """.split()
)
# "did she have to say", "did he go on to claim"
LIGHT = frozenset("have go on come seem appear use used try happen manage continue get choose dare".split())

STOPS = frozenset(
    """
    about on in at by from with without to for over under into onto after before during since until till against between
    through because while that than as and or but if
    """.split()
) | (WH - {"whose"})

# What is asked for before the question itself; the longest first.
OPENERS = (
    "can you tell me|could you tell me|please tell me|tell me|do you know|i would like to know|i'd like to know|i want to know"
    "|remind me|can you show me|please show me|show me|can you find|find me|find|give me|list|please|quote|look up|search for"
    "|summarise|summarize|and then|and|but|or|so|also|then|ok|okay|well|now|yes|no|right|thanks"
)

# What follow-ups say, and what they leave unsaid (see `follow_up`).

LED = re.compile(r"\s*(?:and|but|or|so|also|then|what about|how about)\b", re.IGNORECASE)
MORE = re.compile(
    r"(?:(?:show|give|read|tell)(?: me)? )?(?:(?:some|any) )?(?:more|the next (?:ones?|page|passages?|results?|few)"
    r"|next(?: ones?| page)?|the rest|(?:the )?others|continue|go on|keep going|what else"
    r"|anything else|more of (?:the same|these|those|them)|else)"
    r"(?: please| of (?:the same|these|those|them)| results| passages| quotes)?",
    re.IGNORECASE,
)
_LEAD_IN = (
    r"(?:(?:is|was|are|were) there |(?:did|has|have) (?:he|she|they) (?:say|said) |(?:do|does) (?:he|she|they) say )?"
)
NEWER = re.compile(
    rf"{_LEAD_IN}(?:anything|something|any|what|what is|what's|and)?\s*(?:more recent(?:ly)?|newer|new|later(?: on)?"
    r"|since(?: then)?|after (?:that|this)|afterwards|lately|recently|(?:the )?(?:latest|newest|most recent)(?: ones?)?)",
    re.IGNORECASE,
)
OLDER = re.compile(
    rf"{_LEAD_IN}(?:anything|something|any|what|and)?\s*(?:older|earlier(?: on)?|before (?:that|this|then)|previously"
    r"|(?:the )?(?:first|oldest|earliest)(?: ones?)?)",
    re.IGNORECASE,
)
WHO_ELSE = re.compile(
    r"(?:who else\b|(?:did|has|have|does|do) (?:anyone|anybody|someone|somebody|others?)\b|anyone else\b|anybody else\b"
    r"|what (?:did|do|does|have|has) (?:the )?others?\b"
    r"|who (?:said|says|thinks|claimed) (?:so|that|it|this)$|(?:and )?the others$)",
    re.IGNORECASE,
)
TOO = re.compile(
    r"(?:(?:what|how) about\s+|(?:did|does|do|has|have|is|are|was|were|would|will|and)\s+)?"
    r"(?P<place>(?:for|in|to|with|from|of|against)\s+)?"
    r"(?P<who>.*?)(?:\s+(?:too|as well|either))?$",
    re.IGNORECASE | re.DOTALL,
)
# "the Chinese", "Merkel and Macron": the verb before is to be plural.
SEVERAL = re.compile(r"the \w+(?: \w+)*(?:s|ese|ish|ch)$|.* and ", re.IGNORECASE)
PLURAL = {"is": "are", "was": "were", "does": "do", "has": "have"}
ABOUT_THAT = re.compile(
    r"\b(?:about|on|of|to|regarding|with|over|for) (?P<that>it|that|this|these|those|them)$", re.IGNORECASE
)
WHAT_ABOUT = re.compile(r"(?:(?:what|how) )?(?:about|on|regarding|concerning)\s+", re.IGNORECASE)
# "and in Kazakhstan?": what narrows the topic before.
NARROWING = frozenset("in at for during with from to against under near among between after before".split())
# "how big was the fine?", "why did that happen?": what points to the turn before.
THE_THING = re.compile(r"\b(?:the|these|those|such)\s+[a-z]")
POINTING = re.compile(
    r"\b(?:he|she|they|him|her|hers|them|his|their|theirs|it|its|this|that|these|those|so|then"
    r"|there(?! (?:is|are|was|were|be|has|have)\b))\b",
    re.IGNORECASE,
)
# What is no topic of its own.
ANYONE = frozenset("anyone anybody someone somebody everyone everybody other others else".split())
EMPTY = (
    WH
    | AUXILIARIES
    | frozenset("what's many much exactly happen happened mean ever about on else again and but".split())
)
