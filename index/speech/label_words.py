"""The words of English speakers' labels: all the vocabulary that finding turns needs, folded to lower case.

Another language is another file like this one.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(phrase for p in text.replace("\n", "|").split("|") if (phrase := p.strip()))


# Labels that stand for somebody without a name. A number after them ("Speaker 2") is part of the label.
SOMEBODY = _phrases(
    """
    q | a | question | questions | answer | remark | response | reply | comment from the floor | exclamation | voice
    voices | the president | the vice president | the first lady | the prime minister | the chairman | the chair
    the chairwoman | the speaker | the moderator | the court | the witness | the clerk | the press | the mayor
    the governor | the secretary | the minister | the general secretary | the secretary-general | the interviewer | the host
    the interpreter | the deputy speaker | the deputy president | the acting president | the presiding officer
    the attorney general | president | vice president | prime minister | chairman | chairwoman | chairperson | chair
    deputy chair | speaker | moderator | co-moderator | interviewer | interviewee | reporter | reporters | journalist
    correspondent | host | co-host | anchor | announcer | narrator | commentator | interpreter | translator | operator
    presenter | master of ceremonies | audience | audience member | audience members | a participant | participant
    participants | student | students | child | children | boy | girl | man | woman | male | female | crowd | protester
    protesters | protestor | heckler | voter | caller | guest | respondent | panelist | panellist | delegate | member
    members | pupil | teacher | soldier | officer | military aide | senior administration official | senior official
    official | spokesman | spokesperson | spokeswoman | staff | audience participant | audience participants | player
    players | mission specialist | pilot | cadet | crowd member | unidentified | unidentified male | unidentified female
    unidentified man | unidentified woman | unidentified person | unidentified speaker | unidentified participant
    unidentified reporter | unidentified voice | unidentified audience member | unknown | unidentified speakers
    unknown speaker | unknown male | unknown female | male speaker | female speaker | male voice | female voice
    male narrator | female narrator | judge | clerk | witness | counsel | several members | an hon. member | hon. members
    group | all | everyone | the acting chair | the deputy chair | the vice chair | the chairperson | el presidente
    la presidenta | presidente | público | publico | pregunta | respuesta | press | the press secretary
    unknown audience member | off-camera voice | voiceover | voice-over
    """
)

# What goes on with where somebody without a name is: "Voice from the floor".
WHEREABOUTS = _words("from in at on off near behind")

# Of SOMEBODY, those that a figure of speech has too: "Question: who pays? Answer: we do."
QUESTIONS_AND_ANSWERS = _words("q a question questions answer")

# Labels of what nobody says: directions for the stage, put under a label by whoever typed the transcript.
NOBODY = _phrases("system | stage direction | stage directions")

# "Vladimir Putin and others:"
AND_OTHERS = _words("others colleagues everyone all participants")

# What makes a capitalised run no label but a word of the text or of the page. Any of them alone or as a run's first word.
NO_LABEL = _phrases(
    """
    photo | photos | photograph | image | images | picture | video | audio | source | sources | credit | caption | note
    notes | posted | published | updated | date | time | place | location | venue | when | where | who | what | why | how
    title | subject | headline | by | from | to | cc | re | fw | via | cite | link | url | tel | phone | fax | email
    e-mail | contact | contacts | website | web | address | tags | tag | topics | topic | category | categories | keywords
    filed under | related | related articles | related story | related stories | read more | more | see also | see | also
    watch | listen | share | follow | advertisement | disclaimer | correction | corrections | editor's note | editors' note
    author's note | publisher's note | update | breaking | breaking news | exclusive | opinion | analysis | fact | facts
    fact check | claim | verdict | rating | ruling | example | examples | summary | abstract | conclusion | background
    introduction | agenda | contents | table | figure | chart | map | chapter | section | part | page | step | item | items
    list | participants | panelists | panellists | moderators | speakers | attendees | present | absent | in attendance
    opponents | total | result | results | price | cost | score | winner | winners | pros | cons | advice | tip | tips
    warning | hint | remember | look | now | well | so | yes | no | okay | ok | and | but | or | because | first | second
    third | fourth | fifth | finally | next | then | today | tomorrow | yesterday | here | there | this | that | these
    those | it | he | she | they | we | i | you | my | your | our | his | her | their | its | if | as | for | in | on | at
    of | with | the following | let | let me | bottom line | translation | text | full text | transcript | full transcript
    statement | speech | remarks | press release | release | for immediate release | contact information | bibliography
    references | footnote | footnotes | ps | p.s | nb | n.b | eg | ie | end | fin | http | https | www | copyright | rights
    terms | rule | law | article | reason | reasons | problem | solution | goal | goals | task | tasks | message | reminder
    spoiler | twitter | facebook | instagram | youtube | telegram | edt | est | a.m | p.m | january | february | march
    april | may | june | july | august | september | october | november | december | monday | tuesday | wednesday | thursday
    friday | saturday | sunday | matthew | mark | luke | john | genesis | exodus | psalm | psalms | romans
    """
) - {"mark", "luke", "john", "matthew", "may", "april", "june", "speaker"}

# Words no name and no label begins or ends with; inside a run they show that it is a sentence.
SENTENCE_WORDS = _words(
    """
    i you he she it we they me him us them this that these those there here what which who whom whose why how when where is
    are was were be been being am isn't aren't wasn't do does did has have had will would shall should can could may might
    must if because although though while since unless until so but or nor yet not no yes my your our his their its let
    let's said say says saying told tell tells asked ask asks replied added according thanks thank please about than then
    """
)

# Small words inside titles ("Minister of Industry and Trade") and names ("Ursula von der Leyen").
SMALL_WORDS = _words(
    "of the and for in on at to from with under a an de la du des von van der den ten di da dos del al el bin ibn e y – - &"
)
NAME_PARTICLES = _words(
    "de la le du des von van der den ten ter di da do dos das del della al el bin ibn ben abu ul ud y e st. st"
)

# Words that a title turns on: what comes after them is their complement ("of Energy") and then the name.
ROLES = _words(
    """
    president vice-president premier chancellor king queen prince princess emperor pope patriarch metropolitan archbishop
    bishop rabbi mufti imam cardinal archpriest priest pastor minister secretary undersecretary secretary-general
    secretary-designate chairman chairwoman chairperson chair co-chair co-chairman chairman-designate vice-chairman speaker
    governor mayor prefect senator congressman congresswoman representative delegate deputy councillor councilman
    councilwoman commissioner ambassador envoy consul ombudsman ombudswoman director director-general deputy-director head
    chief leader commander commander-in-chief general admiral colonel major captain lieutenant sergeant marshal adviser
    advisor aide assistant spokesman spokeswoman spokesperson plenipotentiary attorney prosecutor judge justice rector dean
    professor academician doctor teacher student researcher scientist engineer designer architect artist actor actress
    singer composer conductor writer poet journalist correspondent editor editor-in-chief reporter anchor host moderator
    presenter founder co-founder owner partner ceo cfo coo cto president-elect member officer inspector superintendent
    analyst economist expert lawyer volunteer athlete coach champion trainer pilot cosmonaut astronaut driver farmer worker
    foreman manager entrepreneur businessman businesswoman resident veteran holder winner laureate mother father wife
    husband widow daughter son shri sheikh ayatollah emir sultan lord baroness baron dame sir
    """
)

# Titles that stand before a name; with a full stop or without.
HONORIFICS = _words(
    """
    mr mrs ms miss mx dr prof sen rep sec pres atty supt gov gen col maj capt lt cmdr sgt adm amb rev fr hon judge justice
    sir dame lord lady president premier chancellor king queen prince princess pope senator congressman congresswoman
    representative governor mayor secretary speaker minister ambassador general colonel major captain sergeant admiral
    commander director chairman chairwoman chairperson chair commissioner professor doctor principal reverend father sister
    brother bishop archbishop cardinal patriarch metropolitan rabbi imam archpriest priest academician chief officer deputy
    vice prime former acting first attorney under congressmember councilmember councilman councilwoman leader supreme staff
    right petty master private corporal administrator chaplain trooper astronaut brigadier cadet specialist ensign airman
    seaman agent emir amir sheikh crown el la presidente presidenta señor señora monsieur madame herr frau
    """
)

FORMS_OF_ADDRESS = _words("mr mrs ms miss mx sir madam dame the el la señor señora monsieur madame herr frau hon")
"""Those of them that say nothing of what somebody is."""

TITLES_OF_NAMES = _words("pope patriarch metropolitan archbishop king queen prince princess emperor emir sultan mother")
"""Those that a name of one word is not said without: "Pope Francis"."""

RANKS = _words(
    "general deputy first second vice executive managing acting former prime senior chief assistant associate"
)
"""What goes in front of a title that has its complement behind it: "First Deputy Minister of …"."""

# Stage directions, by any of their words; what is inaudible was said.
DIRECTIONS = _words(
    """
    applause laughter laughs laughing laugh cheers cheering cheer boos booing boo crosstalk cross-talk pause pauses
    interruption music singing sings chants chanting chant crowd audience break commercial tape clip video voiceover
    voice-over bell speaks speaking translation ends begins gestures coughs sighs silence whistles whistling ovation showing
    shows reading
    """
)

WOMENS_TITLES = _words("mrs ms miss madam madame lady dame queen princess chairwoman congresswoman señora frau sister")
MENS_TITLES = _words("mr sir lord king prince congressman señor monsieur herr father brother")

# What stands before a family name without being a given name.
NO_NAME = ROLES | HONORIFICS | SENTENCE_WORDS | SMALL_WORDS

MAJESTIES = _words("majesty highness excellency holiness eminence honor honour grace royal")
BEFORE_NAMES = HONORIFICS | MAJESTIES | _words("the his her your")

# Letters behind a name: "Anna Bruni MP".
POST_NOMINALS = _words(
    "mp mps am ms mep msp mla tm td qc kc phd ph.d md m.d esq cbe obe mbe kbe dbe cb cmg mc pc sc ret usn usa usaf"
)

# Whom a letter or a speech opens with: "Mr. President:", "Madam Speaker, …".
SPOKEN_TO = _words(
    "president speaker chairman chairwoman chair chairperson secretary minister ambassador chancellor premier governor mayor"
    " senator commissioner director general secretary-general moderator vice prime president-elect"
)

# Letters before a full stop that end no sentence; initials are known by their shape.
ABBREVIATIONS = _words(
    """
    mr mrs ms mx dr prof sen rep reps sens sec pres atty supt gov gen col maj capt lt cmdr sgt adm amb rev fr hon st 
    messrs mt u.s u.k u.n ph.d m.d d.c
    """
)

CLOCK_WORDS = _words("a.m. p.m. am pm edt est cdt cst mdt mst pdt pst gmt utc cet cest ast hst hast akdt msk")
"""What ends a time of day, and so the line that a label was run together with."""

# What a speech is called where its title names who gave it: "Remarks by …", "… 's speech at …".
SPEECHES = _words(
    "remarks address speech statement message greeting greetings lecture testimony keynote toast eulogy sermon declaration"
)

# What minutes and reports tell of a meeting with, in the past tense.
TELLING = _words(
    """
    said told asked replied answered added read spoke addressed thanked opened closed adjourned rose sat stood left entered
    arrived began followed continued concluded ended moved seconded voted carried agreed objected applauded laughed shouted
    interrupted presented introduced explained reported proposed called went came took gave walked turned nodded smiled joined
    noted stated declared announced met resumed paused broke handed invited responded insisted denied admitted carried passed
    approved adopted rejected elected taken accepted received resolved appointed applause silence
    """
)

# In their own voice, speaking to somebody.
FIRST_PERSON = _words(
    "i i'm i've i'd i'll me my mine we we're we've we'd we'll us our ours you you're you've you'll your let's thank thanks"
)
"""Words by which a text of turns is told from a list of headings with colons."""

GRAMMAR = _words("the of and to a in that is it for")
"""The words by which English is known: in another language the first person is not."""
