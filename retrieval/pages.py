"""Pages of documents as images, drawn in a process of their own: a file that cannot be drawn costs its image, not the server."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from index.errors import SettingError, UnreadableFile
from index.plan import correction_of
from index.reader_process import ReaderProcess
from index.readers import Options
from index.stored import StoredDocument
from retrieval.verification import Sources

_KEPT_BYTES = 64 * 2**20
_TIME_LIMIT = 30.0
WIDTHS = (400, 800, 1200, 1600)
"""In pixels. Others are not drawn: each asked for would be kept."""


class Pages:
    """Draws pages, one at a time, and keeps the last ones. Safe to share between threads."""

    def __init__(self, passwords: Sequence[str] = ()) -> None:
        self._process = ReaderProcess(_TIME_LIMIT)
        self._passwords = tuple(passwords)
        self._drawing = threading.Lock()
        self._kept: OrderedDict[tuple[str, str | None, int, int], bytes] = OrderedDict()

    def image(self, stored: StoredDocument, sources: Sources, page: int, width: int) -> bytes:
        """A page, counted from 0, as a PNG. Raises SettingError where there is none, or the file is not what was indexed."""
        if width not in WIDTHS:
            raise SettingError(f"A page is drawn {', '.join(map(str, WIDTHS))} pixels wide, not {width}.")
        source = sources.read([stored])[stored.id]
        if source.proof != "verified":
            raise SettingError(source.notice or f"{stored.file.name} is not what was indexed.")
        key = (stored.file.digest, stored.record, page, width)
        with self._drawing:
            if key not in self._kept:
                self._keep(key, self._drawn(stored, page, width))
            self._kept.move_to_end(key)
            return self._kept[key]

    def close(self) -> None:
        self._process.close()

    def _drawn(self, stored: StoredDocument, page: int, width: int) -> bytes:
        location = stored.file.location
        correction = correction_of(stored.file.root, stored.file.path)
        own = (correction.password,) if correction and correction.password else ()
        options = Options(passwords=(*own, *self._passwords))
        try:
            return self._process.page_image(location.read_bytes(), location.name, stored.record, page, width, options)
        except (OSError, UnreadableFile) as error:
            raise SettingError(f"Page {page + 1} of {stored.file.name} cannot be drawn: {error}.") from error

    def _keep(self, key: tuple[str, str | None, int, int], image: bytes) -> None:
        self._kept[key] = image
        while sum(map(len, self._kept.values())) > _KEPT_BYTES and len(self._kept) > 1:
            self._kept.popitem(last=False)
