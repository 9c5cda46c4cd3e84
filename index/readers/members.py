"""Files within a file: what an archive and a mail have in common.

A document of a file within goes by that file's name; one of many in it by that name, "#" and its own record. A "#" in the name
itself is written "%23", and what has a name that came before is numbered.

>>> names = Names()
>>> names.of("a.csv"), names.of("b#1.txt"), names.of("a.csv")
('a.csv', 'b%231.txt', 'a.csv (2)')
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, fields, replace

from index.errors import UnreadableFile
from index.readers.base import MAX_DEPTH, MAX_FILE_BYTES, MAX_MEMBERS, Options, Problem
from index.records import Document


class Names:
    """The records of files within, each another's, and the same again when they come in the same order."""

    def __init__(self) -> None:
        self._times: Counter[str] = Counter()
        self._taken: set[str] = set()

    def of(self, name: str) -> str:
        escaped = record = name.replace("#", "%23")
        while record in self._taken:
            self._times[escaped] += 1
            record = f"{escaped} ({self._times[escaped] + 1})"
        self._taken.add(record)
        return record


class Budget:
    """What may still be unpacked of one file and of all that lies in it, however deep: bytes and members."""

    def __init__(self) -> None:
        self.bytes = MAX_FILE_BYTES
        self.members = MAX_MEMBERS

    @property
    def is_spent(self) -> bool:
        return self.bytes <= 0


@dataclass(frozen=True, slots=True)
class Within(Options):
    """The options to a file within another. The budget is the outermost file's."""

    budget: Budget = field(default_factory=Budget)


def budget_of(options: Options) -> Budget:
    return options.budget if isinstance(options, Within) else Budget()


class PassedOver:
    """Counts the files within that no reader is for, by kind, to tell of them in one sentence."""

    def __init__(self, what: str = "files") -> None:
        self._what = what
        self._kinds: Counter[str] = Counter()

    def add(self, name: str) -> None:
        stem, dot, suffix = name.rpartition("/")[2].rpartition(".")
        self._kinds[suffix.lower() if stem and dot and len(suffix) <= 12 else "without a suffix"] += 1

    def problems(self) -> Iterator[Problem]:
        if not self._kinds:
            return
        kinds = [f"{kind} ({n})" for kind, n in sorted(self._kinds.items(), key=lambda k: (-k[1], k[0]))]
        more = f" and {len(kinds) - 8} more" if len(kinds) > 8 else ""
        number = sum(self._kinds.values())
        where = f"{number} {self._what if number > 1 else self._what.removesuffix('s')}"
        yield Problem(where, f"of kinds that are not read: {', '.join(kinds[:8])}{more}")


def wants(options: Options, record: str) -> bool:
    """Whether any document of the file within that goes by `record` is wanted."""
    if options.wants(record) or not isinstance(options.only, Collection):
        return True
    return any(wanted.startswith(f"{record}#") for wanted in options.only)


def documents(data: bytes, name: str, record: str, options: Options, budget: Budget) -> Iterator[Document | Problem]:
    """The documents of a file within, each under the record it has in the file that holds it. `options` are those to that file."""
    from index import readers

    if options.depth >= MAX_DEPTH:
        yield Problem(record, f"lies more than {MAX_DEPTH} files deep: unpack the files around it")
        return
    is_packed = name.lower().endswith(".gz")  # what that unpacks to is known by its text alone
    try:
        reading = readers.read(data, name, _inner(options, record, budget))
        doubtful = reading.encoding.endswith(("(detected)", "damaged)"))
        for item in reading.items:
            if isinstance(item, Problem):
                yield Problem(f"{record}: {item.where}", item.reason)
                continue
            if is_packed:
                budget.bytes -= len(item.text)
            full = record if item.record is None else f"{record}#{item.record}"
            if options.wants(full):
                notes = (*item.notes, f"Its encoding is {reading.encoding}.") if doubtful else item.notes
                yield replace(item, record=full, notes=notes)
    except UnreadableFile as error:
        yield Problem(record, str(error))
    except Exception as error:  # noqa: BLE001 - as a file of its own would, it costs only itself
        yield Problem(record, f"the reader broke on it ({type(error).__name__}: {' '.join(str(error).split())})"[:300])


def _inner(options: Options, record: str, budget: Budget) -> Within:
    only = options.only
    if isinstance(only, Collection):
        head = f"{record}#"
        only = frozenset(wanted.removeprefix(head) for wanted in only if wanted.startswith(head))
    elif only is not None:
        only = None  # it cannot be asked what it holds: all is read, and what is not wanted is left out after
    told = {f.name: getattr(options, f.name) for f in fields(Options)}
    return Within(**told | {"only": only, "depth": options.depth + 1}, budget=budget)
