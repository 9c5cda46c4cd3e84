"""Names of people that are ordinary English words too, and the words between which only a name stands.

>>> is_ordinary("may"), is_ordinary("putin"), is_ordinary("jordan")
(True, False, True)
"""

from __future__ import annotations

import simplemma

from index.speech.given import is_given
from index.speech.nations import nation_of
from index.speech.offices import head_of
from index.words import STOPWORDS

_ORDINARY = frozenset(
    """
    angel april art august baker ball ban banks barber bass bean bear bell berry bill bird bishop black blood bloom blunt bond
    booker booth bow bowman brand bridges brook brooks brown buck bush butcher butler cash carter carpenter case chance chase
    christian church clay close coach coal cook cooper cotton craft crane crisp cross crow crown cruise curry dawn day
    dean diamond doll drew duke earl earnest east england english faith falls farmer fell field fields finch fisher fit flood
    flowers flynn ford forest foster fox france frank franks freed freedom freeman french frost gates george gay german glass
    good grace grand grant graves gray green grey guy hall hand hardy harm hart harvey hawk hays head heard heart held herring hill
    hills hunt hunter hope house ivy jack jay jean joy judge june justice keen king kind knight lake land lane law laws lay lee
    light little lock long lord love low lynch major mark marks marsh mason masters may mercy merit mills minor miller mark
    moon moore moss north norm page paige paris park parks parker parry pat peace pence penny pike pitt pole pool poor pope
    porter post potter pound power powers price pride prince quick rand ray reed rice rich rivers rob robin rock roman root rose
    rush rust sage sand sessions shaw sharp shepherd short silver singer skin slack small smart smith snow song sparks speaker
    spear spring stanley star steel sterling stone stone street strange strong sue summer sweet swift tan taylor temple tester
    thatcher tide tiller town turner usher van vale violet virginia wade walker wall walls ward warner waters watt way weaver
    webb weeks weiner welch wells west wheeler white wild will wills wise wolf wood woods wright yates york young
    """.split()
)
SURNAMES_FIRST = frozenset(
    """
    baker biden brown bush carter clinton cook cotton ford gates jackson jones king moore pence rice rubio ryan sanders smith
    trump walker warren
    """.split()
)
"""Words of the dictionary that, capitalised and alone, are somebody's surname rather than anything else."""
SAYING = frozenset(
    """
    say said says saying tell told think thinks thought believe believes believed want wants wanted claim claimed promise promised
    warn warned mean meant explain explained justify justified react reacted respond responded answer answered call called ask
    asked argue argued describe described admit admitted deny denied defend defended criticize criticise criticized criticised
    blame blamed propose proposed suggest suggested feel felt see saw view views viewed demand demanded offer offered accuse
    accused mention mentioned comment commented write wrote tweet tweeted announce announced complain complained insist
    insisted agree agreed speak spoke talk talked discuss discussed ever not really actually also
    """.split()
)
ASKED = frozenset("did does do has had have would is was will can could should".split())
BEHIND = frozenset("by from per".split())


HUMAN = frozenset(
    "woman man girl boy person child teenager neighbor neighbour passenger witness caller guest patient".split()
)
GROUPS = frozenset("republicans democrats police people everyone staff family media press management security".split())


def is_plural(folded: str) -> bool:
    """Whether a word is the plural of a common noun, or a group's: at the start of a sentence "Critics" is no name."""
    if folded in GROUPS or folded.endswith("men") and simplemma.is_known(folded, "en"):
        return True
    return folded.endswith("s") and simplemma.is_known(folded, "en") and simplemma.lemmatize(folded, "en") != folded


def is_common(word: str) -> bool:
    """Whether a word is one of the dictionary's that is no given name, no title and no country's."""
    folded = word.casefold()
    if is_given(word) or head_of(word) or folded in TITLE_MODIFIERS or nation_of(folded):
        return False
    return simplemma.is_known(folded, "en")


def is_no_name(word: str) -> bool:
    """Whether a capitalised word that stands alone is rather one of the dictionary's than somebody's surname."""
    folded = word.casefold()
    if folded in SURNAMES_FIRST or not is_common(word):
        return False
    return simplemma.lemmatize(folded, "en").islower()  # the dictionary has "Obama" with a capital


def is_ordinary(folded: str) -> bool:
    """Whether a word in lower case, or at the beginning of a sentence, is more likely to be a word than a name."""
    return folded in _ORDINARY or folded in STOPWORDS or nation_of(folded) is not None


CALENDAR = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december christmas easter thanksgiving ramadan
    """.split()
)
FUNCTION_WORDS = (
    STOPWORDS
    | CALENDAR - {"april", "june", "august", "may"}
    | frozenset(
        """
    yet however meanwhile according today yesterday tomorrow last next earlier later asked thus hence indeed instead despite
    although though while since because whereas when where why how who what which whose both either neither many most several
    other others another few two three four five six seven eight nine ten one first second third everyone nobody someone
    per via amid among unlike like even still just now then here there also moreover perhaps maybe yes no not
        i'm i've i'd i'll speaking
    following given citing quoting added adding dear thank thanks please ok okay hello well let regarding concerning nor
    colleagues friends
    """.split()
    )
)
FINITE = frozenset(
    """
    is was are were has had have do does did will would can could may might must shall should isn't wasn't hasn't hadn't won't
    said says told tells asked asks noted added argued warned claimed declared stressed emphasised emphasized pressed urged
    spoke speaks began became took takes gave gives made makes went goes came comes saw sees met meets left leaves got gets
    wrote writes thought thinks knew knows found finds kept keeps led stood stands sat held holds ran runs brought thanks
    thanked told sent spent lost won paid put set cut chose drew rose fell flew grew broke spoke swore threw wore woke
    understood felt heard hears sought taught caught fought bought sold built meant stayed replied denied agreed insisted
    laid lay lied quit read shook struck withdrew forgot froze hid hung drove ate drank
    """.split()
)
"""Forms of verbs that have a subject; most others end in "-ed"."""
CALLED = frozenset("called named nicknamed dubbed titled entitled".split())
SUBJECT_PRONOUNS = frozenset("he she they we i it who".split())
RELATIVES = frozenset("who whom whose which that where when".split())
PREPOSITIONS = frozenset(
    """
    of for to at in on from with by than as about under against amid among after before behind beside between beyond despite
    during following for inside into like near off over per since through throughout toward towards until upon via within
    without along alongside according because regarding concerning
    """.split()
)
SUBORDINATORS = frozenset(
    "when while after before as if since because although though once until unless whereas but".split()
)
OPENERS = PREPOSITIONS | frozenset("like unlike given opposite next seen told thanks together".split())
"""Words that open a phrase before the subject of a sentence; participles do too: "Asked about"."""
ADDRESSING = frozenset(
    """
    accompanying addressing answering asking calling citing congratulating contacting contradicting criticising criticizing
    defending describing echoing facing following greeting hearing including informing interrupting interviewing introducing
    inviting joining meeting mentioning naming opposing phoning praising quoting receiving recalling recognising recognizing
    replacing seeing succeeding supporting telling thanking urging warning welcoming
    """.split()
)
"""Participles with which a sentence begins that go on with a person: "Addressing President Reed"."""
TITLE_JOINTS = frozenset("of for to on and the in at from under with".split())
TITLE_MODIFIERS = frozenset(
    """
    former longtime senior deputy vice prime foreign national chief campaign press state presidential republican democratic
    conservative political policy security then acting local federal public legal top finance interior defense defence executive
    retired fellow music film sports radio television tv media economic military police party leading lead assistant associate
    managing junior general house senate senior onetime one-time ex outgoing incoming current staff communications research
    legislative congressional gubernatorial mayoral majority minority science law history economics real estate business tech
    technology software investment investigative freelance veteran renowned famed noted prominent influential independent
    libertarian liberal progressive socialist immigration civil rights human labor labour union energy environmental climate
    health education transportation agriculture trade commerce homeland housing justice space film hollywood celebrity
    """.split()
)
