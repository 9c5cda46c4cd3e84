"""Who writes a mail, and to whom: names out of what stands in a header or in front of a quoted mail.

>>> person('"Doe, Jane (Legal)" <jane@example.com>'), person("bob@example.com")
('Jane Doe', 'bob@example.com')
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")

_NOBODY: Mapping[str, str] = MappingProxyType({})
_ADDRESS_IN_MARKS = re.compile(
    rf"<[^<>]{{0,300}}>|\[\s*(?:mailto:|SMTP:)[^\[\]]{{0,300}}\]|\(\s*{ADDRESS.pattern}\s*\)|mailto:\S+", re.IGNORECASE
)
_AFTER_ADDRESS = re.compile(rf"^\s*<?{ADDRESS.pattern}>?\s*\((?P<name>[^()@]{{2,80}})\)\s*$")
_DEPARTMENT = re.compile(r"\s*[(\[][^()\[\]]{0,80}[)\]]\s*$")
_SENT_FOR = re.compile(
    r"^.{0,200}\b(?:on behalf of|im auftrag von|de la part de|per conto di|namens|от имени)\s", re.IGNORECASE
)
_THROUGH_A_LIST = re.compile(r"\s+via\s+.*$", re.IGNORECASE | re.DOTALL)
_QUOTES = " \t\"'*_,;:<>“”‘’-"
_TURNED_ROUND = re.compile(r"(?P<family>[^\W\d_][\w'’. -]{0,40}),\s+(?P<given>[^\W\d_][\w'’. -]{0,40})")
_LOOKED_AT = 500  # characters, of one correspondent
_LONGEST_HEADER = 50_000
_ONE = re.compile(
    r'(?:"[^"]*"|[^",;])+'
)  # correspondents are parted by commas, and so are the names of some within quotes
_NO_GIVEN_NAME = {
    "inc",
    "llc",
    "ltd",
    "gmbh",
    "ag",
    "jr",
    "sr",
    "phd",
    "md",
    "esq",
    "llp",
    "plc",
    "sa",
    "corp",
    "co",
    "the",
}


def person(written: str, known: Mapping[str, str] = _NOBODY) -> str | None:
    """The name of one correspondent, else the address. `known` are names by address in lower case, for who is here without one.

    "Family, Given" is turned round as it is by those who write so; a department behind a name, and the list that a mail came
    through, are left out.
    """
    written = _SENT_FOR.sub("", written[:_LOOKED_AT])
    address = ADDRESS.search(written)
    if match := _AFTER_ADDRESS.match(written):
        name = match["name"]
    else:
        name = _ADDRESS_IN_MARKS.sub(" ", written)
    if any(map(str.isalpha, without := ADDRESS.sub(" ", name))):
        name = without
    name = " ".join(_THROUGH_A_LIST.sub("", name).split()).strip(_QUOTES)
    name = _DEPARTMENT.sub("", name).strip(_QUOTES + "()[]")
    if not any(map(str.isalpha, name)) or ADDRESS.fullmatch(name):
        return known.get(address[0].lower(), address[0]) if address else None
    match = _TURNED_ROUND.fullmatch(name)
    if match and match["given"].strip(".").lower() not in _NO_GIVEN_NAME and len(name.split()) <= 5:
        return f"{match['given']} {match['family']}"
    return name


def names_by_address(written: list[str]) -> dict[str, str]:
    """Of the correspondents in some headers, whoever has both a name and an address."""
    found: dict[str, str] = {}
    for one in (one for value in written for one in _ONE.findall(value[:_LONGEST_HEADER])):
        address, name = ADDRESS.search(one), person(one)
        if address and name and not ADDRESS.fullmatch(name):
            found.setdefault(address[0].lower(), name)
    return found
