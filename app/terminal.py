"""Answers and reports in a terminal: emphasised where it is one, plain where it is piped.

Document text is data, not markup: it reaches the terminal through rich.text.Text, and control characters (which could move
the cursor, recolour or reorder what stands around them) are shown as their visible stand-ins.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from app.markup import joined
from app.wording import (
    also_heard,
    dated,
    differing,
    formats_told,
    in_short,
    one_line,
    where_told,
    who_said_it,
    why_here,
    why_told,
)
from index.correction_folder import TELLS_OF_OTHERS
from index.dates import spoken
from index.records import Span
from index.stored import Counts, StoredDocument, StoredUtterance, doubt_about
from retrieval.attribution import attributions
from retrieval.records import Answer, Citation, Place, Status, Variant
from retrieval.speakers import Speaker

if TYPE_CHECKING:
    from index.check import Finding, Repair
    from index.sync import SyncReport

_OF_METADATA = re.compile(r", metadata|metadata\.[ct]sv, line ")
_LISTED = 10  # of each kind of file in a report, before "and 12 more"


def show_answer(console: Console, answer: Answer) -> None:
    """The verdict, the passages with their citations, the documents cited."""
    question = answer.question
    if question.standalone != question.text:
        console.print(Text(f"Read as: {visible(question.standalone)}", style="dim"), soft_wrap=True)
    console.print(Text(f"Understood: {visible(question.understood)}", style="dim"), soft_wrap=True)
    for note in question.notes:
        console.print(Text(visible(note), style="yellow"), soft_wrap=True)
    style = {"answered": "green", "weak": "yellow", "none": "red"}[answer.verdict]
    console.print(Text(_line(answer.reason), style=style))
    if answer.verdict == "none":
        within = f" of {', '.join(map(visible, answer.collections))}" if answer.collections else ""
        console.print(Text(f"Searched {_held(answer.searched)}{within}."))
    dates = dated(answer.citations)
    for citation in answer.citations:
        console.print()
        _show_citation(console, citation, dates.get(citation.number))
    if answer.others:
        console.print(Text("\nNot asked for: what others say of it", style="bold"))
        for citation in answer.others:
            console.print()
            _show_citation(console, citation)
    if answer.citations:
        console.print(Text("\nDocuments cited", style="bold"))
        for document in answer.documents:
            numbers = ", ".join(str(c.number) for c in answer.citations if c.place.document.id == document.id)
            notes = [n for n in (document.metadata.published_note, doubt_about(document)) if n]
            told = f"  [{numbers}] {described(document)}" + (f" ({visible('; '.join(notes))})" if notes else "")
            console.print(Text(told), soft_wrap=True)


def _show_citation(console: Console, citation: Citation, date: str | None = None) -> None:
    lead = Text(f"[{citation.number}] ", style="bold cyan")
    if citation.text is not None:
        _print_words(console, lead.append_text(quoted(citation)))
    else:
        console.print(lead.append(visible(citation.notice or ""), style="yellow"), soft_wrap=True)
    if citation.text is not None:
        console.print(Text(f"    — {_attributed(citation)}{f'; {date}' if date else ''}"), soft_wrap=True)
    console.print(Text(f"      {cited(citation.place)}", style="dim"), soft_wrap=True)
    if citation.text is not None and citation.notice:
        console.print(Text(f"    {visible(citation.notice)}", style="yellow"), soft_wrap=True)
    _show_also(console, citation.also, "    ")
    for variant in citation.nearly[:_LISTED]:
        _show_variant(console, variant, citation)
    if len(citation.nearly) > _LISTED:
        console.print(Text(f"    nearly the same: {len(citation.nearly) - _LISTED} more passages", style="dim"))
    for number, line in enumerate(why_here(citation)):
        console.print(Text(f"    {'  ' if number else 'why here: '}{visible(line)}", style="dim"), soft_wrap=True)


def _show_variant(console: Console, variant: Variant, citation: Citation) -> None:
    """What is nearly the same as a citation: where, in which words it differs, and all its own words, those marked."""
    console.print(Text(f"    nearly the same: {cited(variant.place)}", style="dim"), soft_wrap=True)
    console.print(Text(f"      — {visible(who_said_it(variant.who))}", style="dim"), soft_wrap=True)
    if variant.differences:
        told = in_short(differing(variant, citation))
        console.print(Text(f"      differs: {visible(told)}", style="yellow"), soft_wrap=True)
    if variant.text is not None:
        own = [d.own for d in variant.differences if d.own]
        _print_words(console, Text("      ").append_text(_emphasised(variant.text, variant.place.span, own)))
    if variant.notice:
        console.print(Text(f"      {visible(variant.notice)}", style="yellow"), soft_wrap=True)
    _show_also(console, variant.also, "      ")


def _show_also(console: Console, places: tuple[Place, ...], indent: str) -> None:
    """Where the same words stand again."""
    for place in places[:_LISTED]:
        console.print(Text(f"{indent}also in the same words: {cited(place)}", style="dim"), soft_wrap=True)
    if len(places) > _LISTED:
        console.print(Text(f"{indent}also in the same words: {len(places) - _LISTED} more places", style="dim"))


def _print_words(console: Console, words: Text) -> None:
    if console.is_terminal:
        console.print(words)
    else:
        console.file.write(f"{words.plain}\n")  # as it is: printing would turn tabs into blanks


def _attributed(citation: Citation) -> str:
    """Who says it, and which words of the text tell so."""
    why = why_told(citation.who)
    told = f" (“{why[0]}”: {why[1]})" if why else ""
    heard = also_heard(citation.who, citation.attributions)
    others = list(dict.fromkeys(a.speaker or "speaker unknown" for a in heard))
    also = f"; also in it: {', '.join(others)}" if others else ""
    return visible(f"{who_said_it(citation.who)}{told}{also}")


def show_speakers(console: Console, shown: list[Speaker], total: int) -> None:
    """Who speaks, one a line."""
    for speaker in shown:
        spoken_, person = speaker.spoken, speaker.person
        dates = [spoken(d) for d in dict.fromkeys((spoken_.first, spoken_.last)) if d]
        told = [_count(spoken_.utterances, "utterance"), _count(spoken_.documents, "document"), " to ".join(dates)]
        line = Text(visible(person.name), style="bold").append(f"  {', '.join(t for t in told if t)}", style="not bold")
        names = [*person.roles[:3], *person.aliases[:5]]
        if names:
            line.append(f"  ({visible(', '.join(names))})", style="not bold dim")
        console.print(line, soft_wrap=True)
    if not shown:
        console.print(Text("Nobody is quoted in the documents."))
    if len(shown) < total:
        console.print(Text(f"and {total - len(shown):,} more: --k 0 lists all", style="dim"))


def show_said(console: Console, name: str, shown: list[Citation], total: int) -> None:
    """What somebody says, passage by passage."""
    if not shown:
        console.print(Text(f"Nothing that {visible(name)} says is in the documents, or in those of that time."))
    for citation in shown:
        _show_citation(console, citation)
        console.print()
    if len(shown) < total:
        console.print(Text(f"{total - len(shown):,} more passages: --k 0 shows all", style="dim"))


def show_utterances(
    console: Console,
    found: list[tuple[StoredDocument, StoredUtterance]],
    text_of: Callable[[StoredDocument], str | None],
) -> None:
    """Everything that is said, document by document: who, how, the words."""
    for document, said in itertools.groupby(found, key=lambda pair: pair[0]):
        console.print(Text(described(document), style="bold"), soft_wrap=True)
        text = text_of(document)
        for _, stored in said:
            who, *_ = attributions(stored.utterance.span, [stored], text)
            console.print(Text(f"  {visible(who_said_it(who))}", style="cyan"), soft_wrap=True)
            words = (
                " … ".join(p.of(text) for p in stored.utterance.parts)
                if text
                else "its file has changed: run `dixit index`"
            )
            console.print(Text(f"    {visible(' '.join(words.split()))}"), soft_wrap=True)


def quoted(citation: Citation) -> Text:
    """The passage's words, its highlighted sentences emphasised."""
    return _emphasised(citation.text or "", citation.place.span, citation.highlights)


def _emphasised(words: str, place: Span, spans: Iterable[Span]) -> Text:
    """Words that stand at `place` of their document, with stretches of it in bold."""
    text = Text()
    at = 0
    for span in joined(spans):
        inner = Span(span.start - place.start, span.end - place.start)
        text.append(visible(words[at : inner.start]))
        text.append(visible(inner.of(words)), style="bold")
        at = inner.end
    return text.append(visible(words[at:]))


def cited(place: Place) -> str:
    """Where words stand: document, date, file, page, paragraph, line; and how faithful the text is to the file."""
    return ", ".join([described(place.document), *map(visible, where_told(place)), place.document.fidelity])


def described(document: StoredDocument) -> str:
    published = document.metadata.published
    file = document.file.name if document.record is None else f"{document.file.name}#{document.record}"
    parts = [document.title, spoken(published) if published else "no date", file]
    return visible(", ".join(" ".join(p.split()) for p in parts))


def visible(text: str) -> str:
    """`text` with control and direction-changing characters made visible: nothing in it can act on the terminal."""
    return "".join(
        c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf") or c in "\u200c\u200d\u00ad" else _stand_in(c)
        for c in text.replace("\r\n", "\n")
    )


def _line(text: str) -> str:
    """The same on one line: a file's name may hold line ends."""
    return visible(one_line(text))


def _stand_in(character: str) -> str:
    code = ord(character)
    return chr(0x2400 + code) if code < 0x20 else f"<U+{code:04X}>"


def show_line(console: Console, line: str) -> None:
    """One line, whatever stands in it."""
    console.print(Text(visible(line)), soft_wrap=True)


def show_sync(console: Console, report: SyncReport, status: Status, seconds: float) -> None:
    """What a sync did, what the index holds, what could not be read."""
    if report.remade_because:
        console.print(Text(f"Everything was read again: {visible(report.remade_because)}."))
    _show_differences(console, report)
    if report.nothing_to_do:
        console.print(Text("Nothing has changed."))
    work = f"{report.embedded:,} embedded in {seconds:.1f} s"
    console.print(Text(f"{_held(status.counts)}; {work}; index in {status.folder}"), soft_wrap=True)
    told = {f.name for f in status.failed} | {f"{name}, {place}" for name, place, _ in status.problems}
    for failure in report.failures:
        if failure.name not in told:  # of a table of what is known about files
            _show_failure(console, failure.name, failure.reason)
    _show_unread(console, status)


def show_plan(console: Console, report: SyncReport) -> None:
    """What a sync would do."""
    if report.remade_because:
        console.print(Text(f"Everything would be read again: {visible(report.remade_because)}."))
    _show_differences(console, report)
    if report.nothing_to_do:
        console.print(Text("Nothing has changed."))
    console.print(Text(f"{_count(report.unchanged, 'file')} unchanged; nothing was done (--dry-run)"))


def show_change(console: Console, report: SyncReport, before: SyncReport) -> None:
    """What arrived, changed or went since the sync before; nothing where nothing did."""
    _show_differences(
        console, replace(report, unreachable=[p for p in report.unreachable if p not in before.unreachable])
    )
    for failure in report.failures:
        if failure not in before.failures:
            _show_failure(console, failure.name, failure.reason)


def _show_differences(console: Console, report: SyncReport) -> None:
    to = lambda pairs: [f"{before} → {after}" for before, after in pairs]  # noqa: E731
    for what, names in (
        ("added", report.added),
        ("changed", report.changed),
        ("renamed", to(report.renamed)),
        ("collection", to(report.collections)),
        ("removed", report.removed),
        ("can no longer be read", report.unreadable),
        ("being written, left for the next time", report.busy),
    ):
        if names:
            console.print(Text(f"{what}: {_listed(names)}"), soft_wrap=True)
    for path in report.unreachable:
        kept = "it is read when it is back" if report.remade_because else "what was read of it is kept"
        told = f"{visible(str(path))} is not there now: {kept} (`dixit forget` lets go of it)"
        console.print(Text(told, style="yellow"), soft_wrap=True)


def show_findings(console: Console, found: list[Finding], mended: Repair | None) -> None:
    """What is wrong with an index, and what was put right."""
    for finding in found:
        style = "red" if finding.is_wrong else "yellow"
        told = f"{finding.kind}: {finding.what}: {finding.how}"
        console.print(Text(_line(told), style=style), soft_wrap=True)
    wrong = [f for f in found if f.is_wrong]
    if not wrong:
        but = ", but for what cannot be read" if found else ""
        console.print(Text(f"The index is whole, and just what the folders hold{but}.", style="green"))
    elif mended is None:
        console.print(Text("`dixit index` reads what changed; `dixit status --repair` puts right what can be."))
    elif mended.report is not None:
        if not any(f.is_wrong for f in mended.left):
            console.print(Text(f"Put right; {mended.report.embedded:,} embedded.", style="green"))
        for finding in mended.left:
            if finding.is_wrong:
                told = f"left: {finding.kind}: {finding.what}: {finding.how}"
                console.print(Text(_line(told), style="red"), soft_wrap=True)


def show_status(console: Console, status: Status) -> None:
    console.print(Text(_held(status.counts)))
    at = status.committed_at.replace("T", " ").replace("+00:00", " UTC")
    console.print(Text(f"index   {status.folder.resolve()}, committed {at}"), soft_wrap=True)
    console.print(Text(f"model   {visible(status.model)}"), soft_wrap=True)
    for collection in status.collections:
        counts = collection.counts
        held = f"{_count(counts.documents, 'document')}, {_count(counts.passages, 'passage')}"
        there = "" if collection.there else "; is not there now"
        told = f"from    {visible(collection.name)}: {visible(str(collection.path))} ({held}{there})"
        console.print(Text(told), soft_wrap=True)
    if status.left_out:
        names = _listed([f.name for f in status.left_out])
        console.print(Text(f"left out: {names} (`dixit index FILE` takes it in again)", style="dim"), soft_wrap=True)
    _show_unread(console, status)


def _show_unread(console: Console, status: Status) -> None:
    """What could not be read and why, file by file; what is of no format that is read, by reason."""
    for file in status.failed:
        _show_failure(console, file.name, file.reason or "")
    for name, place, reason in status.problems[:_LISTED]:
        _show_failure(console, f"{name}, {place}", reason)
    if len(status.problems) > _LISTED:
        console.print(
            Text(
                f"not read: {len(status.problems) - _LISTED} more records; `dixit status --json` lists them all",
                style="yellow",
            )
        )
    by_reason: dict[str, list[str]] = {}
    for file in status.skipped:
        if not (file.reason or "").startswith(TELLS_OF_OTHERS):  # of use, and no document
            by_reason.setdefault(file.reason or "", []).append(file.name)
    for reason, names in by_reason.items():
        console.print(Text(f"passed over: {_listed(names)} ({visible(reason)})", style="dim"), soft_wrap=True)
    if any("not a format that is read" in reason for reason in by_reason):
        console.print(Text(f"What is read: {formats_told()}.", style="dim"), soft_wrap=True)


def _show_failure(console: Console, name: str, reason: str) -> None:
    what = "not used" if _OF_METADATA.search(name) else "not read"
    console.print(Text(f"{what}: {_line(name)}: {_line(reason)}", style="yellow"), soft_wrap=True)


def _listed(names: list[str]) -> str:
    shown = ", ".join(map(_line, names[:_LISTED]))
    return f"{shown} and {len(names) - _LISTED} more" if len(names) > _LISTED else shown


def _held(counts: Counts) -> str:
    return f"{_count(counts.documents, 'document')}, {_count(counts.passages, 'passage')}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
