"""What kind of text a document is: the turns of a transcript, one person's speech, or prose in its own voice."""

from __future__ import annotations

from index.records import Document
from index.speech.monologues import monologue
from index.speech.records import Genre
from index.speech.turns import turns


def genre_of(document: Document) -> Genre:
    """A transcript where turns are found under labels, a monologue where somebody named speaks, else an article."""
    if turns(document):
        return "transcript"
    return "monologue" if monologue(document) else "article"
