"""What an RTF file says, as it is taken apart: paragraphs and tables one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.readers.building import Building
from index.records import BlockKind


@dataclass(slots=True)
class Flow:
    """Paragraphs and tables one after the other. `kind` says of an aside what it is, `by` who wrote it."""

    kind: str = "text"
    by: str | None = None
    items: list[tuple[BlockKind, str] | list[list[list[str]]]] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    cell: list[str] = field(default_factory=list)
    row: list[list[str]] = field(default_factory=list)
    table: list[list[list[str]]] = field(default_factory=list)
    in_row: bool = False

    def end_paragraph(self, kind: BlockKind, in_table: bool) -> None:
        words = joined(self.line)
        self.line.clear()
        if in_table or self.in_row:
            self.cell.append(words)
        elif words.strip():
            self.end_table()
            self.items.append((kind, words))

    def end_cell(self) -> None:
        self.end_paragraph("paragraph", in_table=True)
        self.row.append(self.cell)
        self.cell = []

    def end_row(self) -> None:
        if self.cell or joined(self.line).strip():
            self.end_cell()
        self.table.append(self.row)
        self.row, self.in_row = [], False

    def end_table(self) -> None:
        if self.row or self.cell:
            self.end_row()
        if self.table:
            self.items.append(self.table)
            self.table = []

    def end(self) -> None:
        self.end_paragraph("paragraph", in_table=False)
        self.end_table()

    def write(self, page: Building, kind: BlockKind | None = None) -> None:
        for item in self.items:
            if isinstance(item, tuple):
                page.add(item[1], kind or item[0], self.by)
            else:
                page.add_table(item, kind or "paragraph")

    def words(self) -> str:
        return " ".join(joined(self.line).split())


def joined(line: list[str]) -> str:
    """The pieces of a paragraph in one; halves of surrogate pairs, which come one by one, are joined."""
    return "".join(line).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
