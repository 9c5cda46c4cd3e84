"""The page that shows what is indexed, when and with what outcome, and where documents are added and left out.

Plain HTML, a table to read without a script. With one (static/documents.js) it can be changed here, and keeps itself up to
date: the script fetches this same page and puts its newer parts in place, so that names and reasons are made HTML here alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from app.markup import page_text
from app.wording import one_line
from index import readers
from index.correction_folder import TELLS_OF_OTHERS
from index.dates import spoken
from index.stored import FileEntry, FileStatus

if TYPE_CHECKING:
    from index.keeper import Work
    from index.sync import SyncReport

PER_PAGE = 100
OUTCOMES: dict[FileStatus, str] = {
    "read": "Read",
    "failed": "Could not be read",
    "skipped": "Passed over",
    "left out": "Left out",
}


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder or file that is indexed, `there` unless it is away now: a disk that is not plugged in, perhaps."""

    name: str
    path: str
    there: bool
    files: int
    documents: int
    failed: int


@dataclass(frozen=True, slots=True)
class Lag:
    """In how many files the folders differ from the index, and the names of the first of them."""

    new: int
    changed: int
    gone: int
    names: list[str]


@dataclass(frozen=True, slots=True)
class Held:
    """What the last commit holds, and how far the folders are ahead of it. `commit` is empty where nothing is indexed yet."""

    commit: str
    committed_at: str
    documents: int
    passages: int
    failed: int
    left_out: int
    collections: list[Collection]
    behind: Lag | None
    error: str | None = None
    """Why the index cannot be read: then there is nothing else to tell."""


@dataclass(frozen=True, slots=True)
class Row:
    """A file in the table. `doc_id` is that of its first document."""

    name: str
    collection: str
    outcome: FileStatus
    reason: str
    remedy: str
    documents: int
    passages: int
    indexed_at: str
    doc_id: str | None
    fidelity: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files to show: of a collection, of an outcome, with `q` in their name; pages are counted from 1."""

    collection: str = ""
    outcome: str = ""
    q: str = ""
    page: int = 1

    def address(self, **changed: object) -> str:
        asked = {"collection": self.collection, "outcome": self.outcome, "q": self.q, "page": self.page} | changed
        query = urlencode({k: v for k, v in asked.items() if v and (k, v) != ("page", 1)}, quote_via=quote)
        return f"/documents?{query}" if query else "/documents"


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the table, of `total` files that are wanted; `outcomes` counts those of any outcome."""

    wanted: Wanted
    total: int
    rows: list[Row]
    outcomes: dict[FileStatus, int]


# What to do about a file, by what is said to be wrong with it.
_REMEDIES = [
    (r"larger than|unpacks to more than", f"Split it into files of less than {readers.MAX_FILE_BYTES // 2**20} MiB."),
    (r"its encoding is not known|surrogate", "Open it in an editor and save it as UTF-8."),
    (r"NUL bytes", "Save what it says as text: its suffix promises that, but it is something else."),
    (
        r"cannot be opened \(Permission denied\)",
        "Let the account that Dixit runs under read it (see to its permissions), then look again.",
    ),
    (r"cannot be opened", "See whether it can be opened on this machine, then look again."),
    (r"not a whole gzip file", "Copy it here again: it is damaged or came only in part."),
    (r"needs OCR", "It is a scan: `dixit index --ocr` recognises its words, where tesseract is installed."),
    (r"is encrypted with a password", "Open it where it was made, and save it without a password."),
    (
        r"^is encrypted",
        "Put `password: …` into a file NAME.meta.yaml beside it, or passwords into a file given with --passwords; "
        "or save it without one.",
    ),
    (r"took longer than|more memory than|nested too deep", "See whether it can be opened; save it anew, or in parts."),
    (r"holds no text", "If there should be text in it, save it again; if not, it can be removed."),
    (r"is not a format that is read", f"Save it as one of those that are: {', '.join(readers.suffixes())}."),
    (r"not a table|not a row", "Open it as a table, and save it as CSV again."),
    (r"in the format of an older", "Save it in the format of today: .docx, .xlsx, .pptx."),
    (r"damaged|is missing|is no whole", "Get another copy, or open it where it was made and save it again."),
    (r"not JSON|not a JSON object", "Put one JSON object, whole, on each line."),
    (r"has no “text”", "Give each record a field “text”."),
    (
        r"the reader broke on it",
        "Open and save it anew, or save what it says as .txt; if it opens elsewhere, report it.",
    ),
    (r"not valid Unicode|its name does not say so", "Rename it."),
    (r"evaluation set", "Nothing needs to be done: it holds questions, no document."),
    (r"changes while it is read", "Look again once nobody is writing it."),
]
_SAID_ALREADY = re.compile(r": (?:split it|save it as UTF-8|rename it|index again when it is whole)$")


def remedy(reason: str) -> str:
    """What to do about a file, by why it could not be read.

    >>> remedy("its encoding is not known: save it as UTF-8")
    'Open it in an editor and save it as UTF-8.'
    """
    found = (told for pattern, told in _REMEDIES if re.search(pattern, reason))
    if not reason or reason.startswith(TELLS_OF_OTHERS):
        return ""
    return next(found, "Put the file right; then look again.")


def row_of(entry: FileEntry, problem: tuple[str, str] | None) -> Row:
    """A file as the table has it. `problem` is the first of its records that could not be read: where, and why."""
    state = entry.state
    reason = _SAID_ALREADY.sub("", state.reason or "")
    if not reason and problem:
        what = "part" if entry.documents == 1 else "record"
        reason = f"{counted(entry.problems, what)} could not be read ({problem[0]}: {problem[1]})"
        if problem[0].startswith("metadata"):
            reason = f"what is said about it cannot be used ({problem[1]})"
    advice = remedy(state.reason or (problem[1] if problem else ""))
    if state.status == "left out":
        reason, advice = "taken out of the index; the file itself is where it was", ""
    counts = entry.documents, entry.passages
    return Row(
        state.name,
        state.root.name,
        state.status,
        reason,
        advice,
        *counts,
        state.indexed_at,
        entry.first,
        entry.fidelity,
    )


def doing(work: Work) -> str:
    """What is being done, as a sentence that is not at its end; empty when nothing is."""
    of = f"{work.done:,} of {work.total:,}"
    return {
        "idle": "",
        "waiting": "Waiting for another process that writes the index…",
        "starting": "Looking through the folders…",
        "reading": f"Reading {of} {'file' if work.total == 1 else 'files'}…",
        "embedding": f"Making {of} passages findable…",
        "storing": f"Storing {of} {'file' if work.total == 1 else 'files'}…",
    }.get(work.doing, f"{work.doing.capitalize()} {of}…")


def outcome(report: SyncReport) -> str:
    """What came of a sync, in a sentence."""
    counts = {
        "added": report.added,
        "changed": report.changed,
        "renamed": report.renamed,
        "removed": report.removed,
        "no longer readable": report.unreadable,
    }
    done = ", ".join(f"{len(names):,} {what}" for what, names in counts.items() if names)
    failed = f"{len(report.failures):,} could not be read" if report.failures else ""
    waits = f"{len(report.busy):,} still being written" if report.busy else ""
    told = "; ".join(t for t in (done or "Nothing had changed", failed, waits) if t) + "."
    return f"Everything was read again, since {report.remade_because}. {told}" if report.remade_because else told


def counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def documents_page(held: Held, listing: Listing, library: Path | None, watching: bool = False) -> str:
    """The page. What is dropped on it is copied to `library`; without one, nothing can be changed here. Where somebody is
    `watching` the folders, that they are ahead of the index is not worth telling."""
    may_change = library is not None
    changing = _changing(library) if library else _READ_ONLY
    told = replace(held, behind=None) if watching else held
    body = (
        f'<header><nav aria-label="Page">{_BACK}</nav><h1>Documents</h1>{_facts(held)}</header>'
        f"<main>{changing}{_notices(told, may_change)}{_collections(held)}{_files(listing, may_change)}</main>{_TEMPLATES}"
    )
    return _page(body)


def refused_page(message: str) -> str:
    """The page for an address that makes no sense: one sentence."""
    told = f'<main><p class="notice" role="alert">{page_text(message)}</p></main>'
    return _page(f'<header><nav aria-label="Page">{_BACK}</nav><h1>Documents</h1></header>{told}')


def _page(body: str) -> str:
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><title>Documents – Dixit</title>'
        '<link rel="icon" href="/dixit/favicon.svg"><link rel="stylesheet" href="/dixit/reader.css">'
        '<link rel="stylesheet" href="/dixit/documents.css"><script src="/dixit/reader.js" defer></script>'
        f'<script src="/dixit/documents.js" defer></script></head><body>{body}</body></html>'
    )


_BACK = '<a id="back" href="/">← Back to the chat</a>'
_READ_ONLY = (
    '<p class="hint">Documents cannot be added or removed here: this server only reads the index. '
    "Where it runs, <code>dixit index</code> changes it.</p>"
)
# Questions that a button asks before it does what it says; the script puts them in its place.
_TEMPLATES = (
    '<template id="ask-remove"><span class="asking" role="group" aria-label="Remove?">Leave it out of the index? The file itself '
    'stays where it is. <span class="choices"><button type="button" class="yes">Yes, remove</button> '
    '<button type="button" class="no">No</button></span></span></template>'
    '<template id="ask-fresh"><span class="asking" role="group" aria-label="Rebuild?">Read everything again? This takes about as '
    "long as the first time; until it is done, the index as it is answers. "
    '<span class="choices"><button type="button" class="yes">Yes, rebuild</button> '
    '<button type="button" class="no">No</button></span></span></template>'
)


def _changing(library: Path) -> str:
    """Where files are dropped, and how far the reading of them is. Empty parts are filled by the script."""
    formats = ", ".join(readers.suffixes())
    return (
        '<noscript><p class="hint">Without scripts this page can be read; to add or remove documents it needs them.</p></noscript>'
        '<section class="scripted" aria-label="Add documents"><input id="pick" type="file" multiple class="unseen" '
        f'data-most="{readers.MAX_FILE_BYTES}">'
        '<label id="drop" for="pick"><strong>Drop files here</strong> or <u>choose them</u>'
        f"<small>They are copied to <bdi>{page_text(str(library))}</bdi>. What is read: {formats}, each also packed as .gz."
        "</small></label>"
        '<ul id="refused" role="alert"></ul></section>'
        '<section class="scripted" id="work" aria-label="Reading"><div id="bar" hidden><p id="doing"></p>'
        '<progress aria-labelledby="doing"></progress></div><p id="told" role="status"></p><p id="watching"></p>'
        '<p class="buttons"><button type="button" data-do="/api/index/sync">Look again</button> '
        '<button type="button" data-do="/api/index/fresh" data-ask="ask-fresh">Rebuild</button></p></section>'
    )


def _facts(held: Held) -> str:
    if not held.commit:
        return f'<p id="facts">{"" if held.error else "Nothing is indexed yet."}</p>'
    parts = [counted(held.documents, "document"), counted(held.passages, "passage")]
    parts += [f"{held.failed:,} could not be read"] if held.failed else []
    parts += [f"{held.left_out:,} left out"] if held.left_out else []
    return f'<p id="facts">{" · ".join(parts)} · indexed {_when(held.committed_at)}</p>'


def _notices(held: Held, may_change: bool) -> str:
    """Why the index cannot be read, or where it is not what its folders hold."""
    away = [c for c in held.collections if not c.there]
    told = [
        f"<bdi>{page_text(c.name)}</bdi> is away: <bdi>{page_text(c.path)}</bdi> is not there now. What was read of it is kept."
        for c in away
    ]
    if lag := held.behind:
        counts = {"new": lag.new, "changed": lag.changed, "gone": lag.gone}
        which = ", ".join(f"{n:,} {what}" for what, n in counts.items() if n)
        names = ", ".join(f"<bdi>{page_text(one_line(n))}</bdi>" for n in lag.names)
        more = ", …" if lag.new + lag.changed + lag.gone > len(lag.names) else ""
        button = ' <button type="button" class="scripted" data-do="/api/index/sync">Read them now</button>'
        told.append(f"The folders are ahead of the index: {which} ({names}{more}).{button if may_change else ''}")
    lines = f'<p class="notice" role="alert">{page_text(held.error)}</p>' if held.error else ""
    lines += "".join(f'<p class="lag">{t}</p>' for t in told)
    return f'<div id="notices">{lines}</div>'


def _collections(held: Held) -> str:
    items = "".join(_collection(c) for c in held.collections)
    return f'<section id="collections"><h2>Collections</h2><ul>{items}</ul></section>' if items else _NO_COLLECTIONS


def _collection(collection: Collection) -> str:
    name, path = page_text(collection.name), page_text(collection.path)
    link = f'<a href="{page_text(Wanted(collection=collection.name).address())}"><bdi>{name}</bdi></a>'
    return f"<li>{link} <span>{_told(collection)}</span> <small><bdi>{path}</bdi></small></li>"


_NO_COLLECTIONS = '<section id="collections"></section>'


def _told(collection: Collection) -> str:
    parts = [counted(collection.files, "file"), counted(collection.documents, "document")]
    parts += [f"{collection.failed:,} could not be read"] if collection.failed else []
    return " · ".join(parts if collection.there else [*parts, "<strong>away</strong>"])


def _files(listing: Listing, may_change: bool) -> str:
    wanted = listing.wanted
    search = (
        '<p class="scripted"><label for="find" class="unseen">Find files by name</label><input id="find" type="search" '
        f'placeholder="Find files by name" autocomplete="off" value="{page_text(wanted.q)}"></p>'
    )
    head = "".join(f'<th scope="col">{h}</th>' for h in ("File", "Outcome", "Holds", "When"))
    head += '<th scope="col"><span class="unseen">Change</span></th>' if may_change else ""
    rows = "".join(_row(r, may_change) for r in listing.rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if rows else "<p>No such files.</p>"
    return (
        f'<section id="files" aria-label="Files"><h2>Files</h2>{search}<div id="list">{_filters(listing)}'
        f"{table if sum(listing.outcomes.values()) else ''}{_pager(listing)}</div></section>"
    )


def _filters(listing: Listing) -> str:
    """Links to the files of each outcome, and out of a collection or a search."""
    wanted = listing.wanted
    counts: list[tuple[str, str, int]] = [("", "All", sum(listing.outcomes.values()))]
    counts += [(o, label, n) for o, label in OUTCOMES.items() if (n := listing.outcomes.get(o, 0))]
    links = "".join(
        f'<a href="{page_text(wanted.address(outcome=o, page=1))}"{_CURRENT if o == wanted.outcome else ""}>{label} {n:,}</a>'
        for o, label, n in counts
    )
    if wanted.collection:
        name = f"<bdi>{page_text(wanted.collection)}</bdi>"
        links += (
            f'<a href="{page_text(wanted.address(collection="", page=1))}">of {name} only: show all collections</a>'
        )
    return f'<nav class="filters" aria-label="Which files">{links}</nav>'


_CURRENT = ' aria-current="true"'


def _row(row: Row, may_change: bool) -> str:
    name = f"<bdi>{page_text(row.name)}</bdi>"
    if row.doc_id is not None:
        address = page_text(f"/document?id={quote(row.doc_id, safe='/')}")
        name = f'<a target="_blank" rel="noopener" href="{address}">{name}</a>'
    told = [t for t in (_sentence(row.reason), row.remedy) if t]
    why = f'<p class="why">{page_text(" ".join(told))}</p>' if told else ""
    holds = counted(row.passages, "passage") if row.outcome == "read" else ""
    holds += f" in {row.documents:,} documents" if row.documents > 1 else ""
    holds += f" · {row.fidelity}" if row.fidelity else ""
    cells = [
        f'<th scope="row">{name}{why}</th>',
        f'<td class="outcome">{OUTCOMES[row.outcome]}</td>',
        f'<td class="holds">{holds}</td>',
        f'<td class="when">{_when(row.indexed_at)}</td>',
    ]
    cells += [f"<td>{_button(row)}</td>"] if may_change else []
    return f'<tr class="{row.outcome.replace(" ", "-")}">{"".join(cells)}</tr>'


def _button(row: Row) -> str:
    if row.outcome == "skipped":
        return ""
    name = f'data-name="{page_text(row.name)}"'
    if row.outcome == "left out":
        about = f'aria-label="Take {page_text(row.name)} in again"'
        return (
            f'<button type="button" class="scripted" data-do="/api/files/take-in" {name} {about}>Take in again</button>'
        )
    about = f'aria-label="Remove {page_text(row.name)} from the index"'
    ask = 'data-ask="ask-remove"'
    return f'<button type="button" class="scripted" data-do="/api/files/leave-out" {ask} {name} {about}>Remove</button>'


def _sentence(words: str) -> str:
    """Words of ours as a sentence.

    >>> _sentence("holds no text")
    'Holds no text.'
    """
    return f"{words[0].upper()}{words[1:].rstrip('.')}." if words else ""


def _pager(listing: Listing) -> str:
    pages = -(-listing.total // PER_PAGE)
    if pages < 2:
        return ""
    here = listing.wanted.page
    link = lambda page, label: f'<a href="{page_text(listing.wanted.address(page=page))}">{label}</a>'  # noqa: E731
    before = link(here - 1, "← Before") if here > 1 else ""
    after = link(here + 1, "Next →") if here < pages else ""
    return f'<nav class="pager" aria-label="Pages">{before}<span>Page {here:,} of {pages:,}</span>{after}</nav>'


def _when(iso: str) -> str:
    """A moment, in the server's own time."""
    if not iso:
        return ""
    at = datetime.fromisoformat(iso).astimezone()
    return f'<time datetime="{page_text(iso)}">{spoken(at.date().isoformat())}, {at:%H:%M}</time>'
