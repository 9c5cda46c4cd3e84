"""The chat: a question in, the documents' own words out, each passage with its citation.

Importing this module imports Gradio, which takes seconds.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # before the import, or it phones out

import gradio as gr  # noqa: E402

from app.markup import Stretch, dressed, joined, message_attribute, message_text, unlapped  # noqa: E402
from app.reader_page import reader_link  # noqa: E402
from app.wording import (  # noqa: E402
    FAITHFUL,
    also_heard,
    dated,
    differing,
    in_short,
    one_line,
    said_in_parts,
    voice,
    where_told,
    who_said_it,
    why_told,
)
from index.dates import spoken  # noqa: E402
from index.errors import DixitError  # noqa: E402
from index.stored import StoredDocument, doubt_about  # noqa: E402
from retrieval.assistant import DEFAULT_K, LONGEST_QUESTION, Assistant  # noqa: E402
from retrieval.question_records import Question  # noqa: E402
from retrieval.records import Answer, Attribution, Citation, Place, Status, Variant  # noqa: E402

STATIC = Path(__file__).parent / "static"
_ASKERS = 8
_CHIPS = 3
_MOST_REASONS = 200
_MOST_PLACES = 10
_LINES = 5
"""How many ways of underlining the style sheet has, to tell voices apart by."""
_VERDICTS = {"answered": "Found", "weak": "Weak match", "none": "Nothing found"}


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one browser tab has asked so far: the messages shown, the question that a follow-up would follow, and the commit that
    answered it."""

    messages: tuple[dict[str, str], ...] = ()
    before: Question | None = None
    commit: str = ""

    def with_message(self, role: str, content: str) -> Conversation:
        return replace(self, messages=(*self.messages, {"role": role, "content": content}))


def build_chat(assistant: Assistant) -> gr.Blocks:
    """The chat as Gradio Blocks. Its functions are private: programs use /api/ask."""

    def respond(text: str, talk: Conversation, within: list[str] | None):
        """The question at once, then its answer: one event, so that a tab asks one question at a time."""
        text, same = text.strip(), gr.skip()
        if not text:
            yield (same,) * (6 + _CHIPS)
            return
        talk = talk.with_message("user", f'<div class="asked" dir="auto">{message_text(text)}</div>')
        asking = gr.Row(visible=False), gr.Button(visible=True)
        yield talk, [*talk.messages, _SEARCHING], "", same, *asking, *(same,) * _CHIPS
        before = talk.commit
        talk, next_ones = _answered(assistant, text, talk, within or [])
        row, *chips = _offered(next_ones)
        held = same if talk.commit == before else _searched(assistant)
        yield talk, list(talk.messages), same, held, row, same, *chips

    def restart():
        row, *chips = _offered(_examples(assistant))
        return Conversation(), [], "", _searched(assistant), row, gr.Button(visible=False), *chips

    def load():
        return _searched(assistant), _choice(assistant), *_offered(_examples(assistant))

    with gr.Blocks(title="Dixit", analytics_enabled=False, fill_width=True) as blocks:
        talk = gr.State(Conversation())
        gr.Markdown(_HEAD, elem_id="head")
        searched = gr.Markdown(elem_id="searched", latex_delimiters=[])
        within = gr.Dropdown(
            [],
            multiselect=True,
            visible=False,
            label="Ask only in (none: in all)",
            elem_id="within",
            container=True,
            value=[],
        )
        gr.Markdown(_STATE, elem_id="index", sanitize_html=False)
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
            chips = [gr.Button(visible=False, size="sm", elem_classes="chip") for _ in range(_CHIPS)]
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
        shown = [talk, chat, box, searched, row, again, *chips]
        askers = [(box.submit, box), *((chip.click, chip) for chip in chips)]
        # A question asked while one is being answered waits for it (Gradio would drop it). What is done at once goes past the
        # queue: its stream, closed as such an event ends, would take a question that comes just then with it.
        asked = [
            trigger(respond, [text, talk, within], shown, trigger_mode="always_last", **private)
            for trigger, text in askers
        ]
        for trigger in (again.click, chat.clear):
            trigger(restart, None, shown, cancels=asked, queue=False, **private)
        blocks.load(load, None, [searched, within, row, *chips], queue=False, **private)
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
_HEAD = (
    '<div class="title"><h1>Dixit</h1><p>What your documents say, in their own words.</p>'
    '<p class="to-documents"><a href="/documents" target="_blank" rel="noopener">Documents: add, see, remove</a></p></div>'
)
_STATE = '<div id="index-state"></div><div id="index-newer" role="status"></div>'


def _choice(assistant: Assistant) -> gr.Dropdown:
    """The collections to choose from, where there are several."""
    try:
        names = [c.name for c in assistant.status().collections]
    except DixitError:
        names = []
    return gr.Dropdown(choices=[(one_line(n), n) for n in names], visible=len(names) > 1)


def _answered(assistant: Assistant, text: str, talk: Conversation, within: list[str]) -> tuple[Conversation, list[str]]:
    """The conversation with the answer, and questions to go on with."""
    try:
        answer = assistant.ask(text, talk.before, collections=within)
    except DixitError as error:
        return talk.with_message("assistant", _error(str(error))), []
    except Exception as error:  # noqa: BLE001 - a fault of ours must not leave the question hanging
        logging.getLogger("dixit").exception("A question could not be answered")
        told = f"Dixit failed at this question ({type(error).__name__}): the terminal that it runs in says more."
        return talk.with_message("assistant", _error(told)), []
    said = talk.with_message("assistant", answer_message(answer))
    return Conversation(said.messages, answer.question, answer.commit), next_questions(answer)[:_CHIPS]


def _offered(questions: list[str]) -> list:
    """The row of chips with these questions on them."""
    chips = [gr.Button(value=q, visible=True) for q in questions]
    return [gr.Row(visible=bool(questions)), *chips, *[gr.Button(visible=False)] * (_CHIPS - len(questions))]


def _error(told: str) -> str:
    return f'<div class="answer"><p class="verdict error" role="alert">{message_text(told)}</p></div>'


def _examples(assistant: Assistant) -> list[str]:
    try:
        return assistant.examples(_CHIPS)
    except DixitError:
        return []


def next_questions(answer: Answer) -> list[str]:
    """Questions that go on from an answer, the likeliest first: whom a name may have meant, then what else there is."""
    question = answer.question
    offered = [
        f"{question.text[: asked.span.start]}{name}{question.text[asked.span.end :]}"
        for asked in question.speakers
        if asked.span
        for name in (asked.persons if len(asked.persons) > 1 else asked.nearest)
    ]
    if not answer.citations:
        return offered
    if answer.searched.documents > 1 and question.wants not in ("newer", "older"):
        offered.append("Anything more recent?")
    if any(asked.persons for asked in question.speakers):
        offered.append("Who else said so?")
    if len(answer.citations) >= DEFAULT_K:
        offered.append("The next ones")
    return offered


def answer_message(answer: Answer) -> str:
    """An answer as one chat message: no line ends, no character of a document that Markdown or HTML could read."""
    label = _VERDICTS[answer.verdict]
    verdict = f'<p class="verdict {answer.verdict}"><strong>{label}</strong> {message_text(answer.reason)}</p>'
    dates = dated(answer.citations)
    passages = "".join(_passage(c, str(c.number), answer.citations, dates.get(c.number)) for c in answer.citations)
    within = ", ".join(f"<bdi>{message_text(one_line(n))}</bdi>" for n in answer.collections)
    searched = f'<p class="within">Searched only in {within}</p>' if within else ""
    read = f"{verdict}{_understood(answer.question)}{searched}"
    return (
        f'<div class="answer commit-{answer.commit}" lang="en">{read}{passages}{_cited(answer)}{_others(answer)}</div>'
    )


def _understood(question: Question) -> str:
    """The question as it was understood, and what of it could not be resolved or was a choice."""
    follows = question.standalone.strip() != question.text.strip()
    read_as = f'<p class="read-as">Read as: <bdi>{message_text(question.standalone)}</bdi></p>' if follows else ""
    parts = "".join(f"<bdi>{message_text(p)}</bdi>" for p in question.understood.split(" · "))
    notes = "".join(f"<li>{message_text(n)}</li>" for n in question.notes)
    notes = f'<ul class="notes">{notes}</ul>' if notes else ""
    return f'{notes}{read_as}<p class="understood"><span>Understood:</span> {parts}</p>'


def _others(answer: Answer) -> str:
    """What others say on the topic: under a heading of its own, and lettered, so that none is taken for the asked speaker's."""
    if not answer.others:
        return ""
    asked = " or ".join(dict.fromkeys(a.shown for a in answer.question.speakers)) or "them"
    passages = "".join(_passage(c, _letter(i), answer.others) for i, c in enumerate(answer.others))
    opened = "" if answer.citations else " open"
    heading = f"<h2>Not said by <bdi>{message_text(asked)}</bdi>: what others say on this</h2>"
    return f'<details class="others"{opened}><summary>{heading}</summary>{passages}</details>'


def _letter(index: int) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[index % 26]


def _passage(citation: Citation, mark: str, beside: Sequence[Citation], date: str | None = None) -> str:
    """A passage under its mark; `beside` it are the others of the answer."""
    place, who = citation.place, citation.who
    language = place.document.metadata.language
    others = also_heard(who, citation.attributions)
    quote = ""
    if citation.text is not None:
        written_in = f' lang="{message_attribute(language)}"' if language else ""
        quote = f'<blockquote dir="auto"{written_in}>{_words(citation, others)}</blockquote>'
    notice = f'<p class="notice">{message_text(citation.notice)}</p>' if citation.notice else ""
    also = ""
    if citation.also:
        also = f'<p class="also">{_alsos(citation.also)}</p>'
    return (
        f'<section class="passage"><h2 class="number"><span class="unseen">Passage </span>{mark}</h2>'
        f"{_who(who, others, date) if quote else ''}{quote}{notice}{_heard(others)}"
        f'<p class="citation">{_link(place, citation, beside)}<br>{_where(place)}</p>{also}{_nearly(citation)}</section>'
    )


def _nearly(citation: Citation) -> str:
    """What says the same in nearly the same words: where, and in which words it differs; opened, all its words, those marked."""
    shown = "".join(_variant(v, citation) for v in citation.nearly[:_MOST_PLACES])
    more = len(citation.nearly) - _MOST_PLACES
    return shown + (f'<p class="also">Nearly the same in {more} more passages</p>' if more > 0 else "")


def _variant(variant: Variant, citation: Citation) -> str:
    place = variant.place
    told = [f"<bdi>{message_text(one_line(place.document.title))}</bdi>", _published(place), _stands(place)]
    other = in_short(differing(variant, citation))
    words = ""
    if variant.text is not None:
        language = place.document.metadata.language
        written_in = f' lang="{message_attribute(language)}"' if language else ""
        differs = [Stretch(d.own, "span", ' class="differs"') for d in variant.differences if d.own]
        own = dressed(variant.text, place.span, [differs], message_text)
        words = f'<div class="words" dir="auto"{written_in}>{own}</div>'
    notice = f'<p class="notice">{message_text(variant.notice)}</p>' if variant.notice else ""
    also = f'<p class="also">{_alsos(variant.also)}</p>' if variant.also else ""
    return (
        f'<details class="nearly"><summary>Nearly the same: {", ".join(t for t in told if t)}'
        f"{f' – <bdi>{message_text(other)}</bdi>' if other else ''}</summary>"
        f'{_who(variant.who, [])}{words}{notice}<p class="citation">{_link(place)}<br>{_where(place)}</p>{also}</details>'
    )


def _who(who: Attribution, others: list[Attribution], date: str | None = None) -> str:
    """Who says the passage, how, and which words of the text tell so; and the date, where it has to be seen here."""
    line = " voice line-0" if others and who.how != "written" else ""
    how, name, more = said_in_parts(who)
    role = who.role if who.speaker and who.how != "written" else ""
    named = f'<strong class="speaker{line}"><bdi>{message_text(_opening(one_line(name), how))}</bdi></strong>'
    told = f"{':' if more else ','} <bdi>{message_text(one_line(more or role))}</bdi>" if more or role else ""
    when = f'<span class="when">{message_text(date)}</span>' if date else ""
    return f'<p class="who">{f"{how.capitalize()} " if how else ""}{named}{told} {_because(who)}{when}</p>'


def _because(who: Attribution) -> str:
    """The words of the text that name the speaker, where they tell more than has been told, and why they stand for the name."""
    why = why_told(who)
    if not why:
        return ""
    told = {who.speaker, f"{one_line(who.role or '')} {who.speaker}"}
    words = "" if why[0] in told else f"<bdi>“{message_text(why[0])}”</bdi> – "
    return f'<span class="why">{words}{message_text(why[1])}</span>'


def _opening(name: str, how: str) -> str:
    """A name as it is; words of ours that open a line ("speaker unknown") with a capital."""
    return name if how else name[:1].upper() + name[1:]


def _words(citation: Citation, others: list[Attribution]) -> str:
    """The quote, its highlights marked, the words that name the speaker underlined; and whose words are whose, if there are
    several voices in it."""
    assert citation.text is not None
    span, who = citation.place.span, citation.who
    lines = {voice(o): f"line-{i % (_LINES - 1) + 1}" for i, o in enumerate(others)}
    voices = unlapped((s, a) for a in citation.attributions for s in a.spans) if others else []
    said = [
        Stretch(s, "span", f' class="voice {lines.get(voice(a), "line-0")}" title="{_title(a)}"') for s, a in voices
    ]
    naming = [who.mention] if who.mention and who.mention_text and span.holds(who.mention) else []
    named = [Stretch(m, "span", f' class="naming" title="{_title(who)}"') for m in naming]
    highlighted = [Stretch(h, "mark") for h in joined(citation.highlights)]
    return dressed(citation.text, span, [highlighted, said, named], message_text)


def _title(who: Attribution) -> str:
    return message_attribute(who_said_it(who))


def _heard(others: list[Attribution]) -> str:
    """Who else speaks in the passage, each name underlined as their words are."""
    told = []
    for i, other in enumerate(others):
        how, name, more = said_in_parts(other)
        named = f'<span class="voice line-{i % (_LINES - 1) + 1}"><bdi>{message_text(one_line(name))}</bdi></span>'
        told.append(f"{how} {named}: <bdi>{message_text(more)}</bdi>" if more else f"{how} {named}")
    return f'<p class="heard">Also in it, underlined as the names are: {"; ".join(told)}</p>' if told else ""


def _link(place: Place, citation: Citation | None = None, beside: Sequence[Citation] = ()) -> str:
    """A link to a place, from where one can go on to what else is cited of the document."""
    own = [c for c in beside if c is not citation and c.place.document.id == place.document.id]
    marked = [h for c in ([citation] if citation else []) + own for h in c.highlights]
    href = reader_link(place, marked, [c.place.span for c in own])
    title = f"<bdi>{message_text(place.document.title)}</bdi>"
    return f'<a class="source" target="_blank" rel="noopener" href="{message_attribute(href)}">{title}</a>'


def _where(place: Place) -> str:
    """Date, page, paragraph, line, how faithful the text is, file: what a citation says beside the title."""
    parts = [_published(place), *map(message_text, where_told(place)), _fidelity(place.document)]
    return f"{' · '.join(p for p in parts if p)}<br><bdi>{message_text(_file(place))}</bdi>"


def _alsos(places: tuple[Place, ...]) -> str:
    """Where the same words stand again."""
    more = f"; and {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else ""
    return f"Also in the same words: {'; '.join(_also(p) for p in places[:_MOST_PLACES])}{more}"


def _also(place: Place) -> str:
    parts = [_link(place), _published(place), _stands(place)]
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


def _stands(place: Place) -> str:
    return ", ".join(map(message_text, where_told(place, line=False)))


def _fidelity(document: StoredDocument) -> str:
    told = " ".join([f"{FAITHFUL[document.fidelity]}.", *document.notes])
    return f'<span class="fidelity" title="{message_attribute(told)}">{document.fidelity}</span>'


def _cited(answer: Answer) -> str:
    """The closing list: each document once, with the numbers of its passages."""
    items = []
    for document in answer.documents:
        own = [c for c in answer.citations if c.place.document.id == document.id]
        numbers = ", ".join(str(c.number) for c in own)
        note = document.metadata.published_note
        published = message_text(spoken(document.metadata.published)) if document.metadata.published else ""
        date = f"{published} ({message_text(note)})" if note else published
        doubt = doubt_about(document)
        told = " · ".join(
            part
            for part in (date, message_text(doubt or ""), f"<bdi>{message_text(_file(own[0].place))}</bdi>")
            if part
        )
        source = f"{_link(own[0].place, own[0], own)}<br>{told}"
        items.append(f'<li><span class="numbers">{numbers}</span> <span>{source}</span></li>')
    return f'<div class="cited"><h2>Documents cited</h2><ul>{"".join(items)}</ul></div>' if items else ""


def _searched(assistant: Assistant) -> str:
    """What is being searched, as it is now."""
    try:
        status = assistant.status()
    except DixitError as error:
        return f'<div class="searched"><p class="verdict error">{message_text(str(error))}</p></div>'
    names = ", ".join(
        f'<bdi title="{message_attribute(str(c.path))}">{message_text(one_line(c.name))}</bdi>'
        for c in status.collections
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
    told = [f"{len(failed):,} could not be read" if failed else "", f"{len(left):,} passed over" if left else ""]
    if not failed and not left:
        return ""
    listed = (failed + left)[:_MOST_REASONS]
    items = "".join(f"<li><bdi>{message_text(name)}</bdi> – {message_text(reason)}</li>" for name, reason in listed)
    more = len(failed) + len(left) - len(listed)
    items += f"<li>and {more:,} more: <code>dixit status</code> lists all</li>" if more else ""
    return f"<details><summary>{', '.join(t for t in told if t)}</summary><ul>{items}</ul></details>"
