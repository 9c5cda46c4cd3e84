"""The English of asking: the words that the rules for questions go by. Another language is another file like this one.

Verbs are lemmas, nouns singular, everything lower case.
"""

from __future__ import annotations

WH = frozenset("what who whom whose which when where why how whether if".split())

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
    debate clarify testify preach lecture elaborate outline argue guess feel suppose opine swear quip
    """.split()
)

# Verbs that take a stand: they ask for somebody's words too, and are part of the matter.
HOLDING = frozenset(
    """
    accept accuse admire agree apologise apologize appeal applaud approve ask assure back blame boast brag 
     commend compare compliment complain condemn confess congratulate credit criticise criticize demand denounce
    dismiss disagree dislike dispute distrust doubt downplay dread encourage endorse envisage envision exaggerate excuse favour
    favor fault fear foresee forgive greet hail hate honour honor interpret joke lament
    laud liken like list loathe love mind mock mourn object offer oppose pardon plead praise prefer prioritise
    prioritize protest question rank rate rebuke rebut refute regret reject rejoice resent ridicule salute scold
    scorn support summarise summarize tease thank threaten tout trust urge welcome worry wonder
    """.split()
)

# Verbs that ask for words with what follows them only: "what did she make of it?", but not "what did she make?".
PHRASES = frozenset(
    tuple(phrase.split())
    for phrase in """
    point out|make of|touch on|touch upon|lay out|set out|spell out|sum up|speak out|come out|see as|see the|see in|conclude that
    add that|add about|raise concerns|raise objections|    """.replace("\n", "|").split("|")
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

# "in Obama's words", "in the eyes of Merkel"
EYES = frozenset(
    "word view opinion account eye telling mind book estimation assessment judgement judgment version".split()
)

ABOUT = frozenset("about on of regarding concerning over to toward towards for with against after at in".split())
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
    both each none who whoever public law bill treaty letter file files passage data figures evidence research
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
    not only now today back at all last previously publicly jokingly else once both
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
