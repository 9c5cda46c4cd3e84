"""The line in front of a quoted mail that tells who wrote it, as mail programs put it in their languages.

>>> attributed("On Mon, Jan 3, 2022 at 10:00 AM Bob Example <bob@example.com> wrote:", {})
Attribution(name='Bob Example', is_sure=True)
>>> attributed("Am 03.01.2022 um 10:00 schrieb Doe, Jane:", {}).name
'Jane Doe'
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from index.readers.mail.correspondents import ADDRESS, person

_VERB = re.compile(
    r"(?<![\w@.-])(?:wrote|writes|said|says|a écrit|écrivait|escribió|ha scritto|scrive|schrieb|schreibt|schreef|skrev|escreveu"
    r"|написала?|написал\(а\)|пишет|пише|написав|napisała?|napisał\(a\)|pisze|kirjoitti|yazdı|napsala?|írta|写道|のメール)(?![\w@])",
    re.IGNORECASE,
)
_LEADS = set("on at in le el il giorno em no dia am op den dne dnia w dniu в quoting from от użytkownik".split())
_DAYS = (
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun"
    " montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi"
    " dimanche lunes martes miércoles jueves viernes sábado domingo today yesterday gestern heute hier"
)
_MONTHS = (
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct"
    " nov dec januar februar märz mai juni juli oktober dezember janvier février mars avril juin juillet août septembre octobre"
    " novembre décembre"
)
_OF_THE_DATE = {*_DAYS.split(), *_MONTHS.split()}
_OF_THE_CLOCK = set(
    "am pm a.m p.m uhr um at à às alle ore las los gmt utc cet cest est edt cst cdt mst mdt pst pdt bst ist msk clock г"
    " года".split()
)
_DATE = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}")
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}")
_OF_PROSE = {"said", "says"}  # in front of marked lines only: a mail program does not word it so


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who wrote what is quoted, None where the line does not name them. `is_sure`: no person words a line so, only a mail
    program: with two of a verb of writing, an address and the time."""

    name: str | None
    is_sure: bool


def attributed(line: str, known: Mapping[str, str]) -> Attribution | None:
    """What a line tells about the quotation after it; None when it is no such line."""
    line = line.strip(" \t:：*_-")
    verbs = list(_VERB.finditer(line))
    address = ADDRESS.search(line)
    if verbs:
        before, after = line[: verbs[-1].start()], line[verbs[-1].end() :]
    elif address or line.lower().startswith("quoting "):
        before, after = line, ""
    else:
        return None
    if len(_without_addresses(after).split()) > 12:
        return None
    name = _name_in(before, known) or _name_in(after, known)
    is_machines = any(match[0].lower() not in _OF_PROSE for match in verbs)
    told = [is_machines, bool(address), bool(_CLOCK.search(line))]
    return Attribution(name, sum(told) > 1 and bool(address or _DATE.search(line)))


def may_end(line: str) -> bool:
    """Whether a line may be the last of an attribution: it ends in a colon, or as Zoho ends it, with the verb."""
    line = line.rstrip(" \t*_")
    if line.endswith((":", "：")):
        return True
    line = line.rstrip("- ")
    return bool(ADDRESS.search(line)) and any(match.end() == len(line) for match in _VERB.finditer(line))


def may_begin(line: str) -> bool:
    """Whether a line may be the first of an attribution that goes on over several."""
    first = line.split(maxsplit=1)[0].lower() if line.strip() else ""
    return first in _LEADS or bool(ADDRESS.search(line)) or any(map(str.isdigit, line))


def _without_addresses(words: str) -> str:
    return ADDRESS.sub(" ", words)


def _name_in(words: str, known: Mapping[str, str]) -> str | None:
    """The name at the end of words that tell a date as well."""
    own = re.sub(r"<[^<>]{0,300}>|\[mailto:[^\[\]]{0,300}\]", lambda m: m[0].replace(" ", ""), words)
    taken: list[str] = []
    for token in reversed(own.split()):
        bare = token.strip(".,;()\"'").lower()
        marked = token.startswith(("<", "[", "(")) or "@" in token
        if not marked and (any(map(str.isdigit, bare)) or bare in _OF_THE_CLOCK):
            break
        if bare in _OF_THE_DATE and token.endswith((",", ".")) or token == ",":
            break
        taken.insert(0, token)
    while taken and taken[0].strip(".,;").lower() in _LEADS | set(_DAYS.split()):
        taken.pop(0)
    name = person(" ".join(taken), known)
    if name is None or ADDRESS.fullmatch(name):
        return name
    initial = next((c for c in name if c.isalpha()), "a")
    is_name = not initial.islower() or (len(taken) <= 2 and "@" in words)  # a user's name in small letters
    return name if is_name and len(name.split()) <= 6 else None
