"""RTF taken apart: a stream of words, control words and groups, to flows of paragraphs and tables (RTF specification 1.9.1).

A group is `{…}`; what is set within it ends with it. Some groups are not part of the text around them: footnotes, comments,
headers. Each of those is a flow of its own.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from index.readers.properties import person
from index.readers.rtf.flow import Flow, joined
from index.readers.rtf.vocabulary import (
    ASIDES,
    CODE_PAGES,
    KEPT,
    NUMBERS,
    OF_SIGNS,
    PASSED,
    SIGNS,
    SKIPPED,
    SYMBOLS,
)
from index.readers.symbols import sign
from index.records import BlockKind

_TOKEN = re.compile(
    r"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])"
    r"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)


_UNSEEN = dict.fromkeys([*range(9), *range(11, 32), 0x7F, 0xAD])  # control characters and the soft hyphen


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds within a group. `table` is the list of fonts or styles that it is part of."""

    flow: Flow | None
    table: str = ""
    stands_for: int = 1  # how many characters after \u stand for it where Unicode is not read
    font: int = 0
    hidden: bool = False
    deleted: bool = False
    kind: BlockKind = "paragraph"
    in_table: bool = False
    date: str = ""


class Story:
    """A file taken apart. `text` is what it says, `asides` what belongs elsewhere, `said` what it says of itself."""

    def __init__(self, data: bytes) -> None:
        self.text = Flow()
        self.asides: list[Flow] = []
        self.said: dict[str, Flow] = {}
        self.dates: dict[str, dict[str, int]] = {}
        self.counts: Counter[str] = Counter()
        self.is_cut_off = False
        self._group = _Group(self.text)
        self._groups: list[_Group] = []
        self._fonts: dict[int, tuple[str, int]] = {}  # name and character set, by number
        self._styles: dict[int, BlockKind] = {}
        self._entry = Flow()  # of a table: the name that is being read
        self._number = self._level = -1
        self._standing = 0  # characters yet to pass over, which stand for one of Unicode
        self._starred = False
        self._code_page = "cp1252"
        self._decoder: codecs.IncrementalDecoder | None = None
        self._read(data.decode("latin-1"))

    def _read(self, source: str) -> None:
        position = 0
        while match := _TOKEN.match(source, position):
            position = match.end()
            what = match.lastgroup
            if what == "text":
                self._say_bytes(match["text"])
            elif what == "byte":
                self._say_bytes(chr(int(match["byte"], 16)))
            elif what == "brace":
                self._brace(match["brace"])
            elif what == "sign":
                self._sign(match["sign"])
            elif match["word"]:
                number = int(match["number"]) if match["number"] else None
                if match["word"] == "bin":
                    position += max(number or 0, 0)
                else:
                    self._word(match["word"], number)
        self.is_cut_off = bool(self._groups)
        for flow in [self.text, *self.asides]:
            flow.end()

    def _brace(self, brace: str) -> None:
        self._standing, self._starred, self._decoder = 0, False, None
        if brace == "{":
            self._groups.append(self._group)
            if self._group.table:
                self._number = -1
        elif self._groups:
            self._group = self._groups.pop()

    def _word(self, word: str, number: int | None) -> None:
        if self._standing:
            self._standing -= 1
            return
        self._decoder = None
        starred, self._starred = self._starred, False
        if word in ASIDES or word in KEPT:
            self._set_aside(word)
        elif word in ("fonttbl", "stylesheet"):
            self._change(flow=None, table=word)
        elif word in SKIPPED or word in NUMBERS or (starred and word not in PASSED and not self._group.table):
            self.counts["numbers"] += word in NUMBERS
            self.counts["pictures"] += word == "pict" and not any(g.flow is None for g in self._groups[-1:])
            self.counts["formulas"] += word == "moMath"
            self._change(flow=None, table="")
        elif self._group.table:
            self._table_word(word, number)
        elif self._group.date:
            self.dates.setdefault(self._group.date, {})[word] = number or 0
        elif word in SIGNS:
            self._say(SIGNS[word])
        elif word == "u":
            self._say(self._unicode((number or 0) % 0x10000))
            self._standing = self._group.stands_for
        elif setting := _SETTINGS.get(word):
            setting(self, number)

    def _sign(self, sign_: str) -> None:
        if self._standing:
            self._standing -= 1
        elif sign_ == "*":
            self._starred = True
        elif sign_ in "\r\n":
            self._paragraph(None)
        elif sign_ == "-":
            self.counts["soft hyphens"] += self._group.flow is not None
        elif sign_ in SYMBOLS:
            self._say(SYMBOLS[sign_])

    def _change(self, **changes: object) -> None:
        self._group = replace(self._group, **changes)  # type: ignore[arg-type]

    def _set_aside(self, word: str) -> None:
        if self._group.flow is None and word not in KEPT:
            return
        flow = Flow(ASIDES.get(word, word))
        if word in KEPT:
            self.said[word] = flow
        else:
            author = self.said.pop("atnauthor", None) if flow.kind == "comment" else None
            flow.by = person(author.words()) if author else None
            self.asides.append(flow)
        self._group = _Group(flow, stands_for=self._group.stands_for, date=word if word.endswith("tim") else "")

    def _table_word(self, word: str, number: int | None) -> None:
        """A word within the table of fonts or of styles."""
        if word in ("f", "s", "cs", "ds", "ts"):
            self._number = number or 0 if word in ("f", "s") else -1
            self._level = -1
            self._entry = Flow()
        elif word == "fcharset":
            self._fonts[self._number] = ("", number or 0)
        elif word == "outlinelevel":
            self._level = number or 0
        elif word == "u":
            self._standing = self._group.stands_for

    def _end_entry(self) -> None:
        name = self._entry.words().rstrip(";").lower()
        if self._group.table == "fonttbl":
            self._fonts[self._number] = (name, self._fonts.get(self._number, ("", 0))[1])
        elif self._number >= 0:
            is_heading = 0 <= self._level < 9 or name.startswith(("heading", "title", "subtitle"))
            is_apparatus = name.startswith(("toc ", "caption", "header", "footer", "index "))
            self._styles[self._number] = "apparatus" if is_apparatus else "heading" if is_heading else "paragraph"
        self._entry = Flow()

    def _say_bytes(self, raw: str) -> None:
        """Says characters that each stand for a byte of the font's code page."""
        passed = min(self._standing, len(raw))
        self._standing -= passed
        raw = raw[passed:]
        if self._group.table:
            self._entry.line.append(raw)
            if ";" in raw:
                self._end_entry()
        elif raw and self._group.flow is not None:
            name, charset = self._fonts.get(self._group.font, ("", 0))
            if charset == OF_SIGNS or name in ("symbol", "wingdings"):
                self._say("".join(sign(ord(c), name) if c != " " else c for c in raw))
                return
            self._decoder = self._decoder or _decoder(CODE_PAGES.get(charset, self._code_page))
            self._say(self._decoder.decode(raw.encode("latin-1")))

    def _unicode(self, code: int) -> str:
        if 0xF000 <= code <= 0xF0FF:
            return sign(code, self._fonts.get(self._group.font, ("", 0))[0])
        return chr(code)

    def _say(self, words: str) -> None:
        flow = self._group.flow
        if flow is None:
            return
        if self._group.hidden:
            self.counts["hidden"] += len(words.split())
        elif self._group.deleted:
            self.counts["deleted"] += len(words.split())
        else:
            self.counts["soft hyphens"] += words.count("\xad")
            flow.line.append(words.translate(_UNSEEN))

    # What control words set. `number` is None where the word comes without one, which for most means "on".

    def _paragraph(self, number: int | None) -> None:
        if self._group.flow and not (self._group.deleted or self._group.hidden):
            self._group.flow.end_paragraph(self._group.kind, self._group.in_table)

    def _plain_paragraph(self, number: int | None) -> None:
        self._change(kind=self._styles.get(0, "paragraph"), in_table=False)

    def _plain(self, number: int | None) -> None:
        self._change(hidden=False, deleted=False, font=self._default_font)

    def _style(self, number: int | None) -> None:
        self._change(kind=self._styles.get(number or 0, "paragraph"))

    def _outline(self, number: int | None) -> None:
        if self._group.kind != "apparatus":
            self._change(kind="heading" if 0 <= (number or 0) < 9 else "paragraph")

    def _code(self, number: int | None) -> None:
        name = {10000: "mac_roman", 936: "gb18030", 65001: "utf-8"}.get(number or 1252, f"cp{number or 1252}")
        try:
            self._code_page = codecs.lookup(name).name
        except LookupError:
            pass

    _default_font = 0

    def _set_default_font(self, number: int | None) -> None:
        self._default_font = number or 0
        self._change(font=self._default_font)

    def _row_begins(self, number: int | None) -> None:
        if flow := self._group.flow:
            if not flow.in_row and joined(flow.line).strip():
                flow.end_paragraph(self._group.kind, in_table=False)
            flow.in_row = True

    def _cell_ends(self, number: int | None) -> None:
        if self._group.flow:
            self._group.flow.end_cell()

    def _row_ends(self, number: int | None) -> None:
        if self._group.flow:
            self._group.flow.end_row()


_SETTINGS: dict[str, Callable[[Story, int | None], None]] = {
    "par": Story._paragraph,
    "sect": Story._paragraph,
    "pard": Story._plain_paragraph,
    "plain": Story._plain,
    "s": Story._style,
    "outlinelevel": Story._outline,
    "cell": Story._cell_ends,
    "row": Story._row_ends,
    "trowd": Story._row_begins,
    "ansicpg": Story._code,
    "mac": lambda story, number: story._code(10000),
    "pc": lambda story, number: story._code(437),
    "pca": lambda story, number: story._code(850),
    "deff": Story._set_default_font,
    "f": lambda story, number: story._change(font=number or 0),
    "uc": lambda story, number: story._change(stands_for=min(max(number if number is not None else 1, 0), 32)),
    "v": lambda story, number: story._change(hidden=number != 0),
    "deleted": lambda story, number: story._change(deleted=number != 0),
    "intbl": lambda story, number: story._change(in_table=number != 0),
}


def _decoder(name: str) -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder(name)("replace")
