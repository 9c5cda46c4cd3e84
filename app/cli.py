"""The command line. Every command takes --store; errors are one sentence on standard error and an exit status that is not 0."""

from __future__ import annotations

import json
import re
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.settings import SEEDS, Settings
from index.errors import DixitError, NothingIndexed, SettingError

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.store import Store
    from index.sync import SyncReport
    from retrieval.assistant import Assistant
    from retrieval.evaluation import EvaluationSet, Run
    from retrieval.records import Status
    from retrieval.reranker import Reranker

_ACTING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What JSON lets stand as it is, but a terminal may obey: C1 controls and changes of direction."""

# Everything heavier than this module is imported by the command that uses it: `--help` and `status` load neither
# onnxruntime nor FAISS, and `ask` neither torch nor Gradio.


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        sys.stdout.write(f"dixit {version('dixit')}\n")
        raise typer.Exit


app = typer.Typer(
    help="Ask a folder of documents a question and read the answer in the documents' own words.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Tell the version.")
    ] = False,
) -> None:
    pass


PollOption = Annotated[
    float | None,
    typer.Option(
        "--poll",
        metavar="SECONDS",
        min=0.1,
        help="Watch by looking so often [default: where the system tells nothing, as of network shares]",
        show_default=False,
    ),
]
StoreOption = Annotated[
    Path | None,
    typer.Option("--store", help="Folder of the index [DIXIT_STORE; default .dixit]", show_default=False),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        help="Encoder: any sentence-transformers name or path [DIXIT_MODEL; default all-MiniLM-L6-v2]",
        show_default=False,
    ),
]
PasswordsOption = Annotated[
    Path | None,
    typer.Option(
        "--passwords",
        metavar="FILE",
        help="Passwords to try on encrypted documents, one a line [DIXIT_PASSWORDS]",
        show_default=False,
    ),
]
RerankerOption = Annotated[
    str | None,
    typer.Option(
        "--reranker",
        help="Reorder the best passages by a cross-encoder: any sentence-transformers name or path "
        "[DIXIT_RERANKER; default none]",
        show_default=False,
    ),
]
InOption = Annotated[
    list[str] | None,
    typer.Option("--in", metavar="NAME", help="Only in this collection; several times: in these.", show_default=False),
]
ExplainOption = Annotated[bool, typer.Option("--explain", help="Tell for each passage why it is there.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("ask")
def ask_command(
    question: Annotated[list[str], typer.Argument(help="The question.", show_default=False)],
    k: Annotated[int, typer.Option("--k", help="How many passages at most.")] = 5,
    collections: InOption = None,
    reranker: RerankerOption = None,
    explain: ExplainOption = False,
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Answer a question with verbatim passages and their citations."""
    from retrieval.schema import answer_json

    settings = Settings.of(store=store, reranker=reranker)
    answer = _assistant(settings, _reranker(settings)).ask(" ".join(question), None, k, explain, collections or [])
    if as_json:
        _print_json(answer_json(answer))
        return
    from app.terminal import show_answer

    show_answer(_console(), answer)


@app.command("index")
def index_command(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Folders or files; none: those already indexed.", show_default=False)
    ] = None,
    seeds: Annotated[bool, typer.Option("--seeds", help="Index the documents that come with Dixit.")] = False,
    name: Annotated[
        str | None,
        typer.Option("--name", help="What the one folder given is called, to ask in it alone.", show_default=False),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be done, and do nothing.")] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Make everything again; the old index answers until that is done.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Stay, and read what arrives or changes.")] = False,
    poll: PollOption = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for another process that writes the index.")] = False,
    ocr: Annotated[
        bool | None,
        typer.Option(
            "--ocr/--no-ocr",
            help="Recognise the text of scanned pages, by tesseract [default: as it was last said for this index]",
            show_default=False,
        ),
    ] = None,
    passwords: PasswordsOption = None,
    model: ModelOption = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Read documents into the index: what is new or changed is read, what is gone is let go of."""
    settings = Settings.of(store=store, model=model, passwords=passwords)
    given = [*(paths or []), *([SEEDS] if seeds else [])]
    if name is not None and len(given) != 1:
        raise SettingError("--name is that of one folder: give one path with it.")
    if poll is not None and not watch:
        raise SettingError("--poll says how often to look while watching: give --watch with it.")
    if watch and dry_run:
        raise SettingError("--dry-run does nothing: give --watch without it.")
    asked = _Indexing(given, {p: name for p in given if name is not None}, fresh, -1 if wait else 0, ocr)
    if ocr and shutil.which("tesseract") is None:
        raise SettingError("--ocr needs tesseract, which is not installed: `apt-get install tesseract-ocr`.")
    if dry_run:
        _show_sync(settings, _planned(settings, asked), None, as_json)
        return
    report, seconds = _sync(settings, asked)
    _show_sync(settings, report, seconds, as_json, indent=None if watch else 2)
    if watch:
        _keep_up(settings, report, poll, as_json)


@app.command("status")
def status_command(
    check: Annotated[
        bool,
        typer.Option("--check", help="Compare the index with itself and, byte by byte, with the documents."),
    ] = False,
    repair: Annotated[bool, typer.Option("--repair", help="Check, and put right what is found.")] = False,
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Tell what is indexed, from where, with which model, when, and what failed."""
    from retrieval.schema import status_json

    settings = Settings.of(store=store)
    if check or repair:
        _check(settings, repair, as_json)
        return
    status = _status(settings)
    if as_json:
        _print_json(status_json(status))
        return
    from app.terminal import show_status

    show_status(_console(), status)


@app.command("speakers")
def speakers_command(
    k: Annotated[int, typer.Option("--k", help="How many at most; 0: all.")] = 50,
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Tell who speaks in the documents: how often, under which names, from when to when."""
    from retrieval.schema import speakers_json

    found = _assistant(Settings.of(store=store)).speakers()
    shown = found[: k or None]
    if as_json:
        _print_json(speakers_json(shown))
        return
    from app.terminal import show_speakers

    show_speakers(_console(), shown, len(found))


@app.command("said")
def said_command(
    name: Annotated[
        str, typer.Argument(help="Who: a name, or a part of one that is theirs alone.", show_default=False)
    ],
    topic: Annotated[str | None, typer.Option("--about", help="On what.", show_default=False)] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", help="In documents from this day, month or year on: 2022-01.", show_default=False),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="In documents up to this day, month or year.", show_default=False)
    ] = None,
    k: Annotated[int, typer.Option("--k", help="How many passages at most; 0: all.")] = 20,
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Show what somebody says in the documents, all of it or on a topic, word for word."""
    from index.dates import first_day, last_day
    from retrieval.schema import answer_json, said_json

    first, last = _day(since, first_day, "--since"), _day(until, last_day, "--until")
    if first and last and first > last:
        raise SettingError(f"--since {since} is after --until {until}: turn them round.")
    settings = Settings.of(store=store)
    if topic is not None:
        answer = _assistant(settings, _reranker(settings)).said_about(name, topic, first, last, k or 100)
        if as_json:
            _print_json(answer_json(answer))
            return
        from app.terminal import show_answer

        show_answer(_console(), answer)
        return
    found = _assistant(settings).said(name, first, last)
    shown = found[: k or None]
    if as_json:
        _print_json(said_json(name, shown, len(found)))
        return
    from app.terminal import show_said

    show_said(_console(), name, shown, len(found))


@app.command("utterances")
def utterances_command(
    documents: Annotated[
        list[str] | None, typer.Argument(help="Documents by id or file; none: all.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object a line.")] = False,
    store: StoreOption = None,
) -> None:
    """List everything that is said in the documents, by whom, and how that was told."""
    from retrieval.schema import utterance_json

    assistant = _assistant(Settings.of(store=store))
    found = assistant.utterances(documents or [])
    if as_json:
        for document, said in found:
            _print_json(utterance_json(document.doc_id, said), indent=None)
        return
    from app.terminal import show_utterances

    show_utterances(_console(), found, assistant.text_of)


@app.command("forget")
def forget_command(
    path: Annotated[
        Path, typer.Argument(help="A folder or file as it was given, one within, or its name.", show_default=False)
    ],
    store: StoreOption = None,
) -> None:
    """Take a folder, or one file of it, out of the index. The documents themselves are not touched."""
    from index.membership import collection_at, forget, leave_out
    from index.store import Store

    settings = Settings.of(store=store)
    its = Store(settings.store)
    with its.read() as snapshot:
        root = collection_at(snapshot.roots(), path)
    if root is not None:
        forget(its, path)
    else:
        leave_out(its, str(path))
    from app.terminal import show_status

    show_status(_console(), _status(settings))


@app.command("serve")
def serve_command(
    host: Annotated[
        str | None,
        typer.Option("--host", help="Address to listen on [DIXIT_HOST; default 127.0.0.1]", show_default=False),
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", help="Port [DIXIT_PORT; default 7860]", show_default=False)
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the chat in the browser.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Read what arrives or changes in the folders.")] = False,
    poll: PollOption = None,
    documents: Annotated[
        Path | None,
        typer.Option(
            "--documents",
            help="Folder for documents that are added in the browser [DIXIT_DOCUMENTS; default dixit-documents, beside the index]",
            show_default=False,
        ),
    ] = None,
    changes: Annotated[
        bool | None,
        typer.Option(
            "--changes/--no-changes",
            help="Whether documents may be added and removed in the browser [default: where only this machine can reach it]",
            show_default=False,
        ),
    ] = None,
    passwords: PasswordsOption = None,
    reranker: RerankerOption = None,
    store: StoreOption = None,
) -> None:
    """Open a chat over the index in the browser."""
    if poll is not None and not watch:
        raise SettingError("--poll says how often to look while watching: give --watch with it.")
    from index.keeper import Keeper
    from index.store import Store

    settings = Settings.of(
        store=store, host=host, port=port, reranker=reranker, documents=documents, passwords=passwords
    )
    tried = settings.passwords_to_try()
    with closing(Keeper(Store(settings.store), cache=settings.cache, passwords=tried)) as keeper:
        kept_up = lambda: keeper.work.watching or keeper.work.doing != "idle"  # noqa: E731
        assistant = _assistant(settings, _reranker(settings), kept_up)
        with suppress(NothingIndexed):  # documents may be added in the browser
            assistant.status()  # an index that cannot be opened is told of before anything is started
        from app.server import serve

        if watch:
            keeper.watch(poll)
        with closing(assistant):
            serve(assistant, settings.host, settings.port, open_browser, keeper, settings.library, changes)


@app.command("batch")
def batch_command(
    queries: Annotated[
        Path, typer.Argument(help="JSONL: an id and a text, or an id and turns, a line.", show_default=False)
    ],
    out: Annotated[Path, typer.Option("--out", help="Where the answers go, a JSON object a line.", show_default=False)],
    k: Annotated[int, typer.Option("--k", help="How many passages at most.")] = 10,
    collections: InOption = None,
    reranker: RerankerOption = None,
    explain: ExplainOption = False,
    store: StoreOption = None,
) -> None:
    """Answer many questions in one process."""
    from retrieval.batch import answers, read_queries

    asked = read_queries(queries)
    if out.exists() and out.samefile(queries):
        raise SettingError(f"{out} holds the questions: choose another file with --out.")
    settings = Settings.of(store=store, reranker=reranker)
    assistant = _assistant(settings, _reranker(settings))
    with _written(out, "--out"), out.open("w", encoding="utf-8") as file, _progress("answering") as progress:
        for number, answer in enumerate(answers(assistant, asked, k, explain, collections or []), start=1):
            file.write(json.dumps(answer, ensure_ascii=False) + "\n")
            progress("answering", number, len(asked))
    _console(stderr=True).print(f"{len(asked)} answered, in {out}", markup=False, highlight=False)


@app.command("evaluate")
def evaluate_command(
    folders: Annotated[list[Path], typer.Argument(help="Sets in BEIR's form.", show_default=False)],
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--compare",
            metavar="A B",
            help="Test two set-ups against each other, over all sets together. Each is lexical, dense, default, an encoder's name "
            "or path, default+RERANKER, ENCODER+RERANKER, or a TREC run file.",
            show_default=False,
        ),
    ] = None,
    runs_folder: Annotated[
        Path | None,
        typer.Option(
            "--runs", help="Where the TREC run files go [default: beside the index of the set]", show_default=False
        ),
    ] = None,
    model: ModelOption = None,
    reranker: RerankerOption = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Score retrieval on judged sets: lexical, dense and default side by side, and reranked. Writes TREC run files."""
    from retrieval.comparison import check_names
    from retrieval.evaluation import EvaluationSet

    evaluations = [EvaluationSet.load(folder) for folder in folders]
    check_names(evaluations)
    if compare is not None:
        if reranker or runs_folder:
            given = "--reranker" if reranker else "--runs"
            raise SettingError(
                f"{given} does not go with --compare: a reranker is written as default+NAME, no runs are kept."
            )
        _compare(evaluations, compare, Settings.of(store=store, model=model), as_json)
        return
    told = _scored(evaluations, Settings.of(store=store, model=model, reranker=reranker), runs_folder)
    if as_json:
        _print_json(told[0] if len(told) == 1 else told)
        return
    from retrieval.evaluation import MEASURES

    for one in told:
        title, caption = f"{one['set']}, {one['queries']} queries", f"TREC run files in {one['run_files']}"
        table = Table("run", *MEASURES, title=title, caption=caption)
        for name, values in one["runs"].items():
            table.add_row(name, *(f"{values[m]:.4f}" for m in MEASURES))
        _console().print(table)


def _scored(evaluations: list[EvaluationSet], settings: Settings, runs_folder: Path | None) -> list[dict]:
    """The scores of every run, set by set, their run files being written."""
    from retrieval.evaluation import score, write_trec

    encoder, reranker = _encoder_of_evaluation(settings), _reranker(settings)
    told = []
    for evaluation in evaluations:
        work, made = _runs(evaluation, settings, encoder, reranker)
        target = runs_folder or work / "runs"
        with _written(target, "--runs"):
            for name, run in made.items():
                write_trec(run, target / f"{evaluation.name}.{name}.run", f"dixit-{name}")
        scores = {name: score(run, evaluation.qrels) for name, run in made.items()}
        told.append(
            {"set": evaluation.name, "queries": len(evaluation.queries), "run_files": str(target), "runs": scores}
        )
    return told


def _compare(evaluations: list[EvaluationSet], written: tuple[str, str], settings: Settings, as_json: bool) -> None:
    """Two set-ups over all sets, shown. What of them cannot be had is told of before anything is indexed."""
    from retrieval.comparison import SetUp, compared, comparison_json
    from retrieval.evaluation import read_trec

    a, b = map(SetUp.of, written)
    if a == b:
        raise SettingError(f"Both set-ups are {a.text}: give two that differ.")
    if len(evaluations) > 1 and (a.run_file or b.run_file):
        raise SettingError("A run file is of one set: give one set with it.")
    files = {s.text: read_trec(s.run_file, e) for s in (a, b) for e in evaluations if s.run_file}
    of_set_up = {s: replace(settings, model=s.encoder or settings.model, reranker=s.reranker) for s in (a, b)}
    rerankers = {s: _reranker(of_set_up[s]) for s in (a, b)}
    encoders = {s: _encoder_of_evaluation(of_set_up[s]) for s in (a, b) if not s.run_file}

    def run_of(set_up: SetUp, evaluation: EvaluationSet) -> Run:
        if set_up.run_file:
            return files[set_up.text]
        its = of_set_up[set_up], encoders[set_up], rerankers[set_up]
        return _runs(evaluation, *its, [set_up.run])[1][set_up.run]

    comparison = compared(a.text, b.text, [(e, run_of(a, e), run_of(b, e)) for e in evaluations])
    if as_json:
        _print_json(comparison_json(comparison))
        return
    from app.comparison_view import show_comparison

    show_comparison(_console(), comparison)


def _runs(
    evaluation: EvaluationSet,
    settings: Settings,
    encoder: Encoder,
    reranker: Reranker | None,
    names: list[str] | None = None,
) -> tuple[Path, dict[str, Run]]:
    """The runs of these names over a set, and the folder of its index."""
    from index.models import DEFAULT_MODEL
    from index.records import text_digest
    from retrieval.evaluation import runs

    # Sets of one name are told apart by where their corpus is; each encoder has an index of its own.
    parts = [evaluation.name, text_digest(str(evaluation.corpus.resolve()))[:8]]
    parts += [] if encoder.name == DEFAULT_MODEL else [text_digest(encoder.name)[:8]]
    work = settings.store / "evaluation" / "-".join(parts)
    its = replace(settings, store=work)
    _sync(its, _Indexing([evaluation.corpus]), encoder)
    assistant = _assistant(its, reranker)
    with assistant.searcher() as searcher, _progress("asking") as progress:
        people = assistant.people(searcher.snapshot)
        return work, runs(evaluation, searcher, lambda done, total: progress("asking", done, total), names, people)


def main() -> None:
    """Entry point: errors a user can cause as one sentence, interruption without a traceback."""
    try:
        app()
    except DixitError as error:
        from app.terminal import visible

        sys.exit(f"dixit: {visible(' '.join(str(error).split()))}")
    except SystemExit as ended:  # so Typer ends when it is interrupted
        if ended.code == 130:
            sys.stderr.write("\ndixit: stopped; what was committed or embedded before is kept.\n")
        raise
    except BrokenPipeError:  # `dixit ask … | head`
        sys.stderr.close()
        sys.exit(141)


def _assistant(
    settings: Settings, reranker: Reranker | None = None, kept_up: Callable[[], bool] = lambda: False
) -> Assistant:
    from index.store import Store
    from retrieval.assistant import Assistant

    passwords = settings.passwords_to_try()
    return Assistant(Store(settings.store), settings.cache, _tell_of_export, reranker, kept_up, passwords)


def _reranker(settings: Settings) -> Reranker | None:
    """The reranker asked for: loaded at once, so that one that cannot be had is told of before any work."""
    if not settings.reranker:
        return None
    from retrieval.reranker import load_reranker

    return load_reranker(settings.reranker)


def _status(settings: Settings) -> Status:
    from index.store import Store
    from retrieval.status import index_status

    return index_status(Store(settings.store))


@dataclass(frozen=True, slots=True)
class _Indexing:
    """What `dixit index` was asked for: `wait` in seconds for another writer, -1 being as long as it takes."""

    paths: list[Path]
    names: dict[Path, str] = field(default_factory=dict)
    fresh: bool = False
    wait: float = 0
    ocr: bool | None = None


def _sync(settings: Settings, asked: _Indexing, encoder: Encoder | None = None) -> tuple[SyncReport, float]:
    """What a sync found and did, and how many seconds it took. Without an encoder, `_encoder` gives it."""
    from index.sync import sync

    store = _store_to_index(settings, asked)
    encoder = encoder or _encoder(settings)
    started = time.perf_counter()
    with _progress("reading") as progress:
        report = sync(
            store,
            encoder,
            asked.paths,
            progress=progress,
            names=asked.names,
            fresh=asked.fresh,
            wait=asked.wait,
            ocr=asked.ocr,
            passwords=settings.passwords_to_try(),
        )
    return report, time.perf_counter() - started


def _store_to_index(settings: Settings, asked: _Indexing) -> Store:
    from index.store import Store

    store = Store(settings.store)
    if not asked.paths and not store.exists():
        raise SettingError("Nothing is indexed yet: give a folder or a file, `dixit index PATH`.")
    return store


def _planned(settings: Settings, asked: _Indexing) -> SyncReport:
    """What a sync would do."""
    from index.sync import planned

    return planned(
        _store_to_index(settings, asked), _encoder(settings), asked.paths, names=asked.names, fresh=asked.fresh
    )


def _show_sync(
    settings: Settings, report: SyncReport, seconds: float | None, as_json: bool, indent: int | None = 2
) -> None:
    """What a sync did, in so many seconds; without these, what it would do."""
    from retrieval.schema import status_json, sync_json

    status = _status(settings) if seconds is not None else None
    if as_json:
        _print_json(sync_json(report) | ({"status": status_json(status)} if status else {"dry_run": True}), indent)
        sys.stdout.flush()
        return
    from app.terminal import show_plan, show_sync

    if status is None or seconds is None:
        show_plan(_console(), report)
    else:
        show_sync(_console(), report, status, seconds)


def _keep_up(settings: Settings, before: SyncReport, poll: float | None, as_json: bool) -> None:
    """Sync whenever something changes, until interrupted, `before` being what the first sync did; in JSON a line each time that
    something did."""
    from app.terminal import show_change, show_line
    from index.errors import StoreError
    from index.store import Store
    from index.sync import sync
    from index.watch import watch
    from retrieval.schema import sync_json

    store, encoder, console = Store(settings.store), _encoder(settings), _console()
    passwords = settings.passwords_to_try()
    _console(stderr=as_json).print("Watching the folders (Ctrl-C stops it).")
    told: set[str] = set()

    def roots() -> list[Path]:
        with store.read() as snapshot:
            return [r.path for r in snapshot.roots()]

    def tell(folder: Path, reason: str) -> None:
        show_line(_console(stderr=True), f"{folder} is watched by looking at it now and then: {reason}.")

    for stirred in watch(roots, poll=poll, stop=threading.Event(), ignore=settings.store, tell=tell):
        try:
            with _progress("reading") as progress:
                report = sync(store, encoder, progress=progress, busy=stirred.busy, wait=-1, passwords=passwords)
        except StoreError as error:
            # A full disk may have room again: it is tried again with the next change.
            if str(error) not in told:
                show_line(_console(stderr=True), f"dixit: {error}")
            told = {str(error)}
        else:
            told = set()
            if not as_json:
                show_change(console, report, before)
            elif not report.nothing_to_do:
                _print_json(sync_json(report), indent=None)
                sys.stdout.flush()
            before = report


def _check(settings: Settings, repair: bool, as_json: bool) -> None:
    """What is wrong with the index, and what was put right. Ends with status 1 when something is left."""
    from app.terminal import show_findings
    from index.check import check, repaired
    from index.store import Store
    from retrieval.schema import findings_json

    store, encoder = Store(settings.store), _encoder(settings)
    with _progress("checking") as progress:
        found = check(store, encoder, progress)
        mended = repaired(store, encoder, found, progress) if repair else None
    if as_json:
        _print_json(findings_json(found, mended))
    else:
        show_findings(_console(), found, mended)
    if any(f.is_wrong for f in (mended.left if mended else found)):
        raise typer.Exit(1)


def _encoder(settings: Settings) -> Encoder:
    """The encoder asked for, else the one the index was made with, else the default."""
    from index.encoder import load_encoder
    from index.models import DEFAULT_MODEL
    from index.salvage import Salvage
    from index.store import Store

    name = settings.model or Salvage([Store(settings.store).path]).meta("encoder_name") or DEFAULT_MODEL
    return load_encoder(name, settings.cache, _tell_of_export)


def _encoder_of_evaluation(settings: Settings) -> Encoder:
    """The encoder asked for, else the default: what is measured does not depend on what was measured before."""
    from index.encoder import load_encoder
    from index.models import DEFAULT_MODEL

    return load_encoder(settings.model or DEFAULT_MODEL, settings.cache, _tell_of_export)


def _day(given: str | None, day: Callable[[str], str | None], option: str) -> str | None:
    """The first or last day of what an option names. Raises SettingError for what is no date."""
    if given is None:
        return None
    if found := day(given):
        return found
    raise SettingError(f"{given} is no date for {option}: write 2022, 2022-01 or 2022-01-10.")


def _tell_of_export() -> None:
    _console(stderr=True).print("Preparing the model for this machine: once, some 15 seconds.")


@contextmanager
def _written(path: Path, option: str) -> Iterator[None]:
    """A path that cannot be written is told of by the option that chooses another."""
    try:
        yield
    except OSError as error:
        raise SettingError(f"{path} cannot be written ({error.strerror}): choose another with {option}.") from error


@contextmanager
def _progress(first: str) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on standard error, for work that lasts; nothing where that is no terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = _console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(first, total=None)
        yield lambda what, done, total: bar.update(task, description=what, completed=done, total=total)


def _print_json(value: object, indent: int | None = 2) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    sys.stdout.write(_ACTING.sub(lambda c: f"\\u{ord(c.group()):04x}", text) + "\n")


def _console(stderr: bool = False) -> Console:
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False)


if __name__ == "__main__":
    main()
