"""The command line. Every command takes --store; errors are one sentence on standard error and an exit status that is not 0."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.settings import SEEDS, Settings
from index.errors import DixitError, SettingError

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.sync import SyncReport

# Everything heavier than this module is imported by the command that uses it: `--help` and `status` load neither
# onnxruntime nor FAISS, and `ask` neither torch nor Gradio.

app = typer.Typer(
    help="Ask a folder of documents a question and read the answer in the documents' own words.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

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
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("ask")
def ask_command(
    question: Annotated[list[str], typer.Argument(help="The question.", show_default=False)],
    k: Annotated[int, typer.Option("--k", help="How many passages at most.")] = 5,
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Answer a question with verbatim passages and their citations."""
    from retrieval.schema import answer_json

    answer = _assistant(Settings.of(store=store)).ask(" ".join(question), k=k)
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
    model: ModelOption = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Read documents into the index: what is new or changed is read, what is gone is let go of."""
    from retrieval.schema import status_json

    settings = Settings.of(store=store, model=model)
    started = time.perf_counter()
    report = _sync(settings, [*(paths or []), *([SEEDS] if seeds else [])])
    status = _assistant(settings).status()
    if as_json:
        _print_json(
            {
                "added": report.added,
                "changed": report.changed,
                "removed": report.removed,
                "unchanged": report.unchanged,
                "embedded": report.embedded,
                "remade_because": report.remade_because,
                "status": status_json(status),
            }
        )
        return
    from app.terminal import show_sync

    show_sync(_console(), report, status, time.perf_counter() - started)


@app.command("status")
def status_command(as_json: JsonOption = False, store: StoreOption = None) -> None:
    """Tell what is indexed, from where, with which model, when, and what failed."""
    from retrieval.schema import status_json

    status = _assistant(Settings.of(store=store)).status()
    if as_json:
        _print_json(status_json(status))
        return
    from app.terminal import show_status

    show_status(_console(), status)


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
    store: StoreOption = None,
) -> None:
    """Open a chat over the index in the browser."""
    settings = Settings.of(store=store, host=host, port=port)
    assistant = _assistant(settings)
    assistant.status()
    from app.server import serve

    serve(assistant, settings.host, settings.port, open_browser)


@app.command("batch")
def batch_command(
    queries: Annotated[
        Path, typer.Argument(help="JSONL: an id and a text, or an id and turns, a line.", show_default=False)
    ],
    out: Annotated[Path, typer.Option("--out", help="Where the answers go, a JSON object a line.", show_default=False)],
    k: Annotated[int, typer.Option("--k", help="How many passages at most.")] = 10,
    store: StoreOption = None,
) -> None:
    """Answer many questions in one process."""
    from retrieval.batch import answers, read_queries

    asked = read_queries(queries)
    assistant = _assistant(Settings.of(store=store))
    try:
        with out.open("w", encoding="utf-8") as file, _progress("answering") as progress:
            for number, answer in enumerate(answers(assistant, asked, k), start=1):
                file.write(json.dumps(answer, ensure_ascii=False) + "\n")
                progress("answering", number, len(asked))
    except OSError as error:
        raise SettingError(f"{out} cannot be written ({error.strerror}): choose another file with --out.") from error
    _console(stderr=True).print(f"{len(asked)} answered, in {out}", markup=False, highlight=False)


@app.command("evaluate")
def evaluate_command(
    folder: Annotated[Path, typer.Argument(help="A set in BEIR's form.", show_default=False)],
    runs_folder: Annotated[
        Path | None,
        typer.Option(
            "--runs", help="Where the TREC run files go [default STORE/evaluation/SET/runs]", show_default=False
        ),
    ] = None,
    model: ModelOption = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Score retrieval on a judged set: lexical, dense and default side by side. Writes TREC run files."""
    from index.store import Store
    from retrieval.assistant import Assistant
    from retrieval.evaluation import MEASURES, EvaluationSet, runs, score, write_trec

    evaluation = EvaluationSet.load(folder)
    settings = Settings.of(store=store, model=model)
    work = settings.store / "evaluation" / evaluation.name
    _sync(Settings(store=work, model=settings.model, cache=settings.cache), [evaluation.corpus])
    with Assistant(Store(work), settings.cache).searcher() as searcher, _progress("asking") as progress:
        made = runs(evaluation, searcher, lambda done, total: progress("asking", done, total))
    scores = {name: score(run, evaluation.qrels) for name, run in made.items()}
    target = runs_folder or work / "runs"
    for name, run in made.items():
        write_trec(run, target / f"{evaluation.name}.{name}.run", f"dixit-{name}")
    if as_json:
        _print_json(
            {"set": evaluation.name, "queries": len(evaluation.queries), "run_files": str(target), "runs": scores}
        )
        return
    table = Table(
        "run",
        *MEASURES,
        title=f"{evaluation.name}, {len(evaluation.queries)} queries",
        caption=f"TREC run files in {target}",
    )
    for name, values in scores.items():
        table.add_row(name, *(f"{values[m]:.4f}" for m in MEASURES))
    _console().print(table)


def main() -> None:
    """Entry point: errors a user can cause as one sentence, interruption without a traceback."""
    try:
        app()
    except DixitError as error:
        sys.exit(f"dixit: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # `dixit ask … | head`
        sys.stderr.close()
        sys.exit(141)


def _assistant(settings: Settings):
    from index.store import Store
    from retrieval.assistant import Assistant

    return Assistant(Store(settings.store), settings.cache)


def _sync(settings: Settings, paths: list[Path]) -> SyncReport:
    from index.store import Store
    from index.sync import sync

    store = Store(settings.store)
    if not paths and not store.exists():
        raise SettingError("Nothing is indexed yet: give a folder or a file, `dixit index PATH`.")
    encoder = _encoder(settings)
    with _progress("reading") as progress:
        return sync(store, encoder, paths, progress=progress)


def _encoder(settings: Settings) -> Encoder:
    """The encoder asked for, else the one the index was made with, else the default."""
    from index.encoder import DEFAULT_MODEL, load_encoder
    from index.store import Store

    name = settings.model
    store = Store(settings.store)
    if name is None and store.exists():
        with store.read() as snapshot:
            name = snapshot.meta("encoder_name")
    told = "Preparing the model for this machine: once, some 15 seconds."
    return load_encoder(name or DEFAULT_MODEL, settings.cache, lambda: _console(stderr=True).print(told))


@contextmanager
def _progress(first: str) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on standard error, for work that lasts; nothing where that is no terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=_console(stderr=True), transient=True) as bar:
        task = bar.add_task(first, total=None)
        yield lambda what, done, total: bar.update(task, description=what, completed=done, total=total)


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _console(stderr: bool = False) -> Console:
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False)


if __name__ == "__main__":
    main()
