"""What the encoder reads for a passage, and the digest by which its vectors are kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from index.chunker import ChunkerSettings, embedded_text
from index.encoder import Encoder
from index.records import Passage, Span


@dataclass(frozen=True, slots=True)
class Embedded:
    """The text that is embedded for a passage, and where in it the passage's sentences stand."""

    text: str
    sentences: tuple[Span, ...]

    @classmethod
    def of(
        cls, passage: Passage, words: str, title: str | None, encoder: Encoder, settings: ChunkerSettings
    ) -> Embedded:
        """`words` are those of the passage, `title` that of its document."""
        text = embedded_text(words, title, passage.heading, encoder.count_tokens, settings)
        shift = len(text) - len(words) - passage.span.start
        return cls(text, tuple(Span(s.start + shift, s.end + shift) for s in passage.sentences))

    def digest(self, encoder: Encoder) -> str:
        """Of all that the vectors depend on: the encoder, the text, the borders of its sentences."""
        borders = ",".join(f"{s.start}-{s.end}" for s in self.sentences)
        return hashlib.sha256(f"{encoder.fingerprint}\0{borders}\0{self.text}".encode()).hexdigest()
