"""The chat: a question in, the documents' own words out, each passage with its citation.

Importing this module imports Gradio, which takes seconds.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # before the import, or it phones out

import gradio as gr  # noqa: E402

from app.markup import marked, message_attribute, message_text  # noqa: E402
from app.reader_page import reader_link  # noqa: E402
from index.dates import spoken  # noqa: E402
from index.errors import DixitError  # noqa: E402
from index.store import guessed  # noqa: E402
from retrieval.assistant import LONGEST_QUESTION, Assistant  # noqa: E402
from retrieval.records import Answer, Citation, Place, Question, Status  # noqa: E402

STATIC = Path(__file__).parent / "static"
_ASKERS = 8
_EXAMPLES = 3
_MOST_REASONS = 200
_MOST_PLACES = 10
_VERDICTS = {"answered": "Found", "weak": "Weak match", "none": "Nothing found"}


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one browser tab has asked so far: the messages shown, and the question that a follow-up would follow."""

    messages: tuple[dict[str, str], ...] = ()
    before: Question | None = None

    def with_message(self, role: str, content: str) -> Conversation:
        return Conversation((*self.messages, {"role": role, "content": content}), self.before)


def build_chat(assistant: Assistant) -> gr.Blocks:
    """The chat as Gradio Blocks. Its functions are private: programs use /api/ask."""

    def respond(text: str, talk: Conversation):
        """The question at once, then its answer: one event, so that a tab asks one question at a time."""
        text, same = text.strip(), gr.skip()
        if not text:
            yield (same,) * 5
            return
        talk = talk.with_message("user", f'<div class="asked" dir="auto">{message_text(text)}</div>')
        yield talk, [*talk.messages, _SEARCHING], "", gr.Row(visible=False), gr.Button(visible=True)
        talk = _answered(assistant, text, talk)
        yield talk, list(talk.messages), same, same, same

    def restart():
        return Conversation(), [], "", gr.Row(visible=True), gr.Button(visible=False)

    def load():
        examples = _examples(assistant)
        chips = [gr.Button(value=e, visible=True) for e in examples]
        chips += [gr.Button(visible=False)] * (_EXAMPLES - len(examples))
        return _searched(assistant), gr.Row(visible=bool(examples)), *chips

    with gr.Blocks(title="Dixit", analytics_enabled=False, fill_width=True) as blocks:
        talk = gr.State(Conversation())
        gr.Markdown(_HEAD, elem_id="head")
        searched = gr.Markdown(elem_id="searched", latex_delimiters=[])
        chat = gr.Chatbot(
            elem_id="chat",
            label="Conversation",
            show_label=False,
            height=None,
            latex_delimiters=[],
            autoscroll=False,
            buttons=[],
            feedback_options=None,
            container=False,
            allow_tags=False,
        )
        with gr.Row(elem_id="examples") as row:
            chips = [gr.Button(visible=False, size="sm", elem_classes="chip") for _ in range(_EXAMPLES)]
        with gr.Row(elem_id="ask"):
            box = gr.Textbox(
                label="Your question",
                show_label=False,
                placeholder="Ask what was said…",
                container=False,
                autofocus=True,
                max_lines=5,
                max_length=LONGEST_QUESTION,
                submit_btn="Ask",
                elem_id="question",
            )
            again = gr.Button("New conversation", size="sm", visible=False, elem_id="again", min_width=0)
        private = {"api_visibility": "private", "show_progress": "hidden"}
        shown = [talk, chat, box, row, again]
        askers = [(box.submit, box), *((chip.click, chip) for chip in chips)]
        # A question asked while one is being answered waits for it (Gradio would drop it). What is done at once goes past the
        # queue: its stream, closed as such an event ends, would take a question that comes just then with it.
        asked = [
            trigger(respond, [text, talk], shown, trigger_mode="always_last", **private) for trigger, text in askers
        ]
        for trigger in (again.click, chat.clear):
            trigger(restart, None, shown, cancels=asked, queue=False, **private)
        blocks.load(load, None, [searched, row, *chips], queue=False, **private)
    blocks.queue(default_concurrency_limit=_ASKERS)
    return blocks


def look() -> dict:
    """Theme, style and scripts, as `gr.mount_gradio_app` takes them. Nothing in them is fetched from elsewhere."""
    sans, mono = (
        ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"),
        ("ui-monospace", "Consolas", "monospace"),
    )
    return {
        "theme": gr.themes.Base(primary_hue="amber", neutral_hue="stone", font=sans, font_mono=mono),
        "css_paths": [STATIC / "chat.css"],
        "head": '<meta name="color-scheme" content="light dark"><script src="/dixit/chat.js" defer></script>',
        "favicon_path": str(STATIC / "favicon.svg"),
        "footer_links": [],
        "run_history": False,
    }


_SEARCHING = {"role": "assistant", "content": '<p class="searching">Searching…</p>'}
_HEAD = '<div class="title"><h1>Dixit</h1><p>What your documents say, in their own words.</p></div>'


def _answered(assistant: Assistant, text: str, talk: Conversation) -> Conversation:
    try:
        answer = assistant.ask(text, talk.before)
    except DixitError as error:
        return talk.with_message("assistant", _error(str(error)))
    except Exception as error:  # noqa: BLE001 - a fault of ours must not leave the question hanging
        logging.getLogger("dixit").exception("A question could not be answered")
        told = f"Dixit failed at this question ({type(error).__name__}): the terminal that it runs in says more."
        return talk.with_message("assistant", _error(told))
    return Conversation(talk.with_message("assistant", answer_message(answer)).messages, answer.question)


def _error(told: str) -> str:
    return f'<div class="answer"><p class="verdict error" role="alert">{message_text(told)}</p></div>'


def _examples(assistant: Assistant) -> list[str]:
    try:
        return assistant.examples(_EXAMPLES)
    except DixitError:
        return []


def answer_message(answer: Answer) -> str:
    """An answer as one chat message: no line ends, no character of a document that Markdown or HTML could read."""
    question = answer.question
    follows = question.standalone.strip() != question.text.strip()
    read_as = f'<p class="read-as">Read as: <bdi>{message_text(question.standalone)}</bdi></p>' if follows else ""
    label = _VERDICTS[answer.verdict]
    verdict = f'<p class="verdict {answer.verdict}"><strong>{label}</strong> {message_text(answer.reason)}</p>'
    passages = "".join(_passage(c) for c in answer.citations)
    return f'<div class="answer" lang="en">{verdict}{read_as}{passages}{_cited(answer)}</div>'


def _passage(citation: Citation) -> str:
    place = citation.place
    language = place.document.metadata.language
    quote = ""
    if citation.text is not None:
        words = marked(citation.text, place.span.start, citation.highlights, message_text)
        written_in = f' lang="{message_attribute(language)}"' if language else ""
        quote = f'<blockquote dir="auto"{written_in}>{words}</blockquote>'
    notice = f'<p class="notice">{message_text(citation.notice)}</p>' if citation.notice else ""
    also = ""
    if citation.also:
        also = f'<p class="also">also in: {_alsos(citation.also)}</p>'
    return (
        f'<section class="passage"><h2 class="number"><span class="unseen">Passage </span>{citation.number}</h2>'
        f"{quote}{notice}"
        f'<p class="citation">{_link(place, citation)}<br>{_where(place)}</p>{also}</section>'
    )


def _link(place: Place, citation: Citation | None = None) -> str:
    href = reader_link(place, citation.highlights if citation else ())
    title = f"<bdi>{message_text(place.document.title)}</bdi>"
    return f'<a class="source" target="_blank" rel="noopener" href="{message_attribute(href)}">{title}</a>'


def _where(place: Place) -> str:
    """Date, paragraph, line, speaker, file: what a citation says beside the title."""
    line = f"line {place.line}" if place.document.fidelity == "as is" else ""
    parts = [_published(place), _paragraph(place), line, "speaker unknown"]
    return f"{' · '.join(p for p in parts if p)}<br><bdi>{message_text(_file(place))}</bdi>"


def _alsos(places: tuple[Place, ...]) -> str:
    more = f"; and {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else ""
    return "; ".join(_also(p) for p in places[:_MOST_PLACES]) + more


def _also(place: Place) -> str:
    parts = [_link(place), _published(place), _paragraph(place)]
    return ", ".join(p for p in parts if p)


def _published(place: Place) -> str:
    meta = place.document.metadata
    if not meta.published:
        return ""
    note = f' title="{message_attribute(meta.published_note)}"' if meta.published_note else ""
    return f"<time{note}>{message_text(spoken(meta.published))}</time>"


def _file(place: Place) -> str:
    document = place.document
    return document.file.name if document.record is None else f"{document.file.name}#{document.record}"


def _paragraph(place: Place) -> str:
    if place.paragraph_end == place.paragraph:
        return f"paragraph {place.paragraph}"
    return f"paragraphs {place.paragraph}–{place.paragraph_end}"


def _cited(answer: Answer) -> str:
    """The closing list: each document once, with the numbers of its passages."""
    items = []
    for document in answer.documents:
        own = [c for c in answer.citations if c.place.document.id == document.id]
        numbers = ", ".join(str(c.number) for c in own)
        note = document.metadata.published_note
        published = message_text(spoken(document.metadata.published)) if document.metadata.published else ""
        date = f"{published} ({message_text(note)})" if note else published
        doubt = guessed(document)
        told = " · ".join(
            part
            for part in (date, message_text(doubt or ""), f"<bdi>{message_text(_file(own[0].place))}</bdi>")
            if part
        )
        source = f"{_link(own[0].place, own[0])}<br>{told}"
        items.append(f'<li><span class="numbers">{numbers}</span> <span>{source}</span></li>')
    return f'<div class="cited"><h2>Documents cited</h2><ul>{"".join(items)}</ul></div>' if items else ""


def _searched(assistant: Assistant) -> str:
    """What is being searched, as it is now."""
    try:
        status = assistant.status()
    except DixitError as error:
        return f'<div class="searched"><p class="verdict error">{message_text(str(error))}</p></div>'
    names = ", ".join(
        f'<bdi title="{message_attribute(str(p))}">{message_text(p.name or str(p))}</bdi>' for p in status.roots
    )
    counts = status.counts
    held = f"{_counted(counts.documents, 'document')} · {_counted(counts.passages, 'passage')}"
    facts = [f"Searching <strong>{names}</strong>", held, _indexed(status)]
    line = "".join(f"<span>{fact}</span>" for fact in facts if fact)
    return f'<div class="searched"><p>{line}</p>{_unread(status)}</div>'


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _indexed(status: Status) -> str:
    if not status.committed_at:
        return ""
    at = datetime.fromisoformat(status.committed_at).astimezone()
    return f"indexed {spoken(at.date().isoformat())}, {at:%H:%M}"


def _unread(status: Status) -> str:
    """How many files and records could not be read, and a list of them to open."""
    failed = [(f.name, f.reason or "") for f in status.failed] + [
        (f"{f}, {where}", why) for f, where, why in status.problems
    ]
    left = [(f.name, f.reason or "") for f in status.skipped]
    told = [f"{len(failed):,} could not be read" if failed else "", f"{len(left):,} left out" if left else ""]
    if not failed and not left:
        return ""
    listed = (failed + left)[:_MOST_REASONS]
    items = "".join(f"<li><bdi>{message_text(name)}</bdi> – {message_text(reason)}</li>" for name, reason in listed)
    more = len(failed) + len(left) - len(listed)
    items += f"<li>and {more:,} more: <code>dixit status</code> lists all</li>" if more else ""
    return f"<details><summary>{', '.join(t for t in told if t)}</summary><ul>{items}</ul></details>"
