"""Settings: the only reader of the environment. A command's option wins over its variable, that over the default."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index.errors import SettingError

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
"""The documents that come with Dixit: beside `app/` in a checkout as in an installed wheel."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`store` is the folder of the index, `model` the encoder's name or path (None: whatever the index was made with),
    `reranker` that of a cross-encoder (None: nothing is reranked), `cache` the folder of exported models (None: the user's own),
    `documents` the folder for what is added in the browser (None: one beside the index), `passwords` a file of passwords for
    encrypted documents, one a line."""

    store: Path = Path(".dixit")
    model: str | None = None
    reranker: str | None = None
    cache: Path | None = None
    documents: Path | None = None
    passwords: Path | None = None
    host: str = "127.0.0.1"
    port: int = 7860

    @classmethod
    def of(cls, environment: Mapping[str, str] = os.environ, **options: object) -> Settings:
        """Options that are None are taken from DIXIT_STORE, DIXIT_MODEL, DIXIT_RERANKER, DIXIT_CACHE, DIXIT_DOCUMENTS,
        DIXIT_PASSWORDS, DIXIT_HOST and DIXIT_PORT."""
        given: dict[str, object] = {}
        for name in ("store", "model", "reranker", "cache", "documents", "passwords", "host", "port"):
            value = options.get(name)
            value = environment.get(f"DIXIT_{name.upper()}") or None if value is None else value
            if value is not None:
                given[name] = value
        for name in ("store", "cache", "documents", "passwords"):
            if name in given:
                given[name] = Path(str(given[name])).expanduser()
        if "port" in given:
            given["port"] = _port(given["port"])
        return cls(**given)  # type: ignore[arg-type]

    @property
    def library(self) -> Path:
        """The folder for documents that are added in the browser."""
        return self.documents or self.store.absolute().parent / "dixit-documents"

    def passwords_to_try(self) -> tuple[str, ...]:
        """The passwords for encrypted documents. Raises SettingError for a file that cannot be read."""
        if self.passwords is None:
            return ()
        try:
            lines = self.passwords.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f"{self.passwords} cannot be read: give a text file with a password a line.") from error
        return tuple(line for line in lines if line)


def _port(value: object) -> int:
    try:
        port = int(str(value))
    except ValueError:
        port = -1
    if not 0 <= port <= 65535:
        raise SettingError(f"{value} is no port: give a number from 0 to 65535.")
    return port
