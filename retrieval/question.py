"""Understanding a question, without a language model: whose words it asks for, on what, from when; as a follow-up too.

The rules stand in `frames` (who and what), `period` (when) and `follow_up` (what is left unsaid), their words in `asking`.

>>> question = understand("what did Putin say about withdrawal?")
>>> question.understood
'speaker Putin · topic withdrawal · any time'
>>> understand("and about sanctions?", before=question).standalone
'what did Putin say about sanctions?'
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from retrieval.follow_up import follow_up
from retrieval.parsing import parse, standing
from retrieval.question_records import Question

if TYPE_CHECKING:
    from index.speech.people import People


def understand(
    text: str,
    before: Question | None = None,
    people: People | None = None,
    newest: str | None = None,
    today: date | None = None,
) -> Question:
    """The question in `text`, put on its own feet where it follows the one `before` it.

    `people` are those of the collection, None where nobody is known. `newest` is the ISO date of the newest document and `today`
    the day, from which "last spring" is counted (see `period`).
    """
    parsed = parse(text, people, newest, today)
    following = follow_up(parsed, before, people) if before else None
    return following or standing(parsed, people)
