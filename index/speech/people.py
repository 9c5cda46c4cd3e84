"""The people of a collection: who its documents name, under which names and titles, and whom a question means.

Names are compared surname first (`names`). A surname alone stands for one person where one person has nearly all of its
mentions; where two share it, it stands for neither, and who asks is shown both.

>>> people = People([Person("Vladimir Putin", "person", roles=("President of Russia",)), Person("Hillary Clinton", "person")])
>>> for found in people.find("did putin, the Russian president, call Hillary?"):
...     print(found.words, "|", found.how, "|", found.persons[0].name)
putin | surname | Vladimir Putin
the Russian president | role | Vladimir Putin
Hillary | given name | Hillary Clinton
>>> [p.name for p in people.nearest("Pution")], people.nearest("Thunberg")
(['Vladimir Putin'], [])
"""

from __future__ import annotations

from collections.abc import Iterable

from index.speech import asked
from index.speech.asked import NEAR, Found, likeness
from index.speech.directory import Directory, Entry, dominating, leading, of_gender, tokens, without_the, worth_asking
from index.speech.gathering import gather_entries
from index.speech.names import is_title
from index.speech.offices import OF_STATE, Office, gender_of_title, read_office
from index.speech.records import Known, Person


class People:
    """Everybody the documents name. Made of `Entry` records, as they are stored, or of bare `Person` records."""

    def __init__(self, entries: Iterable[Entry | Person]) -> None:
        self._directory = Directory(entry if isinstance(entry, Entry) else Entry(entry) for entry in entries)
        self.entries = self._directory.entries
        self.persons = tuple(entry.person for entry in self.entries)

    def of(self, name: str | None, role: str | None = None, published: str | None = None) -> Person | None:
        """The one whom a document means by a name or, where it gives none, by a title on the day it was published."""
        office = read_office(role) if role else None
        if name:
            found = of_gender(self._directory.named(tokens(without_the(name))), gender_of_title(role or ""))
            one = dominating(self._directory.holding_most(found, office))
        elif office and office.head:
            # Many are called "President Somebody" out of courtesy; "the President" is one.
            told = leading if office == Office(office.head) and office.head in OF_STATE else dominating
            one = told(self._directory.holders(office, published))
        else:
            one = None
        return one.person if one else None

    def called(self, words: str) -> list[Person]:
        """Everybody who may be meant by a name, a part of one or a title, the likeliest first."""
        names = tokens(without_the(words))
        while len(names) > 1 and is_title(names[0].surface):
            names = names[1:]
        found = self._directory.named(names) or (self._directory.by_given(names[0]) if len(names) == 1 else [])
        office = read_office(words)
        if found or not office:
            return [entry.person for entry in worth_asking(self._directory.holding(found, office))]
        return [entry.person for entry in self._directory.meant_by(office)]

    def find(self, text: str) -> list[Found]:
        """Who is named in a question, from left to right, of overlapping readings the longest.

        A name that is also an ordinary word ("may", "bush", "cook") counts where it is capitalised within a sentence, or
        stands where a name does ("did may say").
        """
        return asked.find(self._directory, text)

    def nearest(self, words: str, n: int = 3) -> list[Person]:
        """Those whose surname is most like one in `words`, where one is near enough to be misspelt."""
        folded = [token.folded for token in tokens(words) if not is_title(token.surface)]
        scored = []
        for entry in self.entries:
            near = max((likeness(folded, name) for name in self._directory.names[entry.person.name]), default=0.0)
            if near >= NEAR:
                scored.append((-near, -entry.count, entry.person.name, entry.person))
        return [person for *_, person in sorted(scored, key=lambda s: s[:3])[:n]]


def gather(known: Iterable[tuple[str, str | None, Known]]) -> People:
    """The people of a collection, of (doc_id, date of publication or None, what the document tells) in any order."""
    return People(gather_entries(known))
