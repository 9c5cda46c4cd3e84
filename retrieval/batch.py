"""Many questions in one process, alone or as the turns of conversations.

A line of input is `{"id": …, "text": …}` or `{"id": …, "turns": [{"text": …}, …]}`; a line of output is the answer in the form
of retrieval.schema with the id in front, or `{"id": …, "answers": [one for each turn]}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.errors import SettingError
from retrieval.assistant import Assistant
from retrieval.records import Question
from retrieval.schema import answer_json


def read_queries(path: Path) -> list[dict]:
    """The lines of a file of questions. Raises SettingError naming the first that is not one."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise SettingError(f"{path} cannot be read ({why}): give a JSONL file of questions.") from None
    queries = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            query = json.loads(line)
            texts = [turn["text"] for turn in query["turns"]] if "turns" in query else [query["text"]]
            if "id" not in query or not texts or not all(isinstance(t, str) and t.strip() for t in texts):
                raise KeyError
        except (ValueError, KeyError, TypeError):
            raise SettingError(f"{path}, line {number}: needs an id, and a text or turns with texts.") from None
        queries.append(query)
    return queries


def answers(
    assistant: Assistant, queries: list[dict], k: int, explain: bool = False, collections: Sequence[str] = ()
) -> Iterator[dict]:
    """The answers to queries as `read_queries` gives them, in order, from some `collections` or all; with why each passage
    is there, to `explain`."""
    for query in queries:
        if "turns" not in query:
            yield {"id": query["id"], **answer_json(assistant.ask(query["text"], None, k, explain, collections))}
            continue
        before: Question | None = None
        answered = []
        for turn in query["turns"]:
            answer = assistant.ask(turn["text"], before, k, explain, collections)
            before = answer.question
            answered.append(answer_json(answer))
        yield {"id": query["id"], "answers": answered}
