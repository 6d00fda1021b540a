"""A whole table in memory: its columns, their names, and which of them only count rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from gdviz.tables.cells import Kind, decimal_mark, kind_of
from gdviz.tables.column import Column, join_cells
from gdviz.tables.header import INDEX, has_header, is_commented_header, tidy_name
from gdviz.tables.rows import Rows, open_rows
from gdviz.wording import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from gdviz.tables.rows import Row

__all__ = ["Table", "read_table"]

MOST_CELLS = 1 << 26
"""Cells of a table, as numbers half a gigabyte: MNIST's 60,000 pictures have 47 million."""
MOST_COLUMNS = 10_000
CHUNK = 4096


@dataclass(frozen=True, eq=False)
class Table:
    """A table.

    Attributes
    ----------
    path
        The file's path, as the caller wrote it.
    columns
        The columns that are not empty.
    header
        The line of the header; 0 where there is none, and the columns have no names.
    notes
        What readers should know about how it was read, as parts of a sentence.
    separator
        The character between the file's columns; empty for a workbook.
    """

    path: str
    columns: tuple[Column, ...]
    header: int
    notes: tuple[str, ...]
    separator: str

    @property
    def rows(self) -> int:
        """The number of rows below the header."""
        return len(self.columns[0].lines) if self.columns else 0

    @property
    def first_line(self) -> int:
        """The number of the table's first line."""
        return self.header or int(self.columns[0].lines[0])

    @cached_property
    def index_columns(self) -> tuple[Column, ...]:
        """The columns that only count or name rows; empty if fewer than two others would remain."""
        index_columns = tuple(column for column in self.columns if self.header and self._is_index(column))
        return index_columns if len(self.columns) - len(index_columns) >= 2 else ()

    def _is_index(self, column: Column) -> bool:
        return INDEX.fullmatch(column.name) is not None or (not column.name and column.number == 1)

    @property
    def useful(self) -> tuple[Column, ...]:
        """The columns that do more than count rows."""
        return tuple(column for column in self.columns if column not in self.index_columns)

    def column(self, name: str) -> Column:
        """Return the column of that name, or of that number from 1.

        Raises
        ------
        ValueError
            Where there is none: a sentence with the names that there are.
        """
        for matches in (str.__eq__, lambda a, b: a.lower() == b.lower()):
            matching = [column for column in self.columns if column.name and matches(column.name, name.strip())]
            if matching:
                return matching[0]
        matching = [column for column in self.columns if str(column.number) == name.strip()]
        if not matching:
            raise ValueError(f"{self.path}: there is no column {plain(name)}; there are: {self.names_of(self.columns)}")
        return matching[0]

    def names_of(self, columns: Sequence[Column]) -> str:
        """Return the names of columns for a sentence."""
        names = [column.title[:40] for column in columns]
        return ", ".join(names[:8] + (["…"] if len(names) > 8 else []))

    def mark(self, columns: Sequence[Column]) -> str:
        """Return the decimal mark that these columns share, ``.`` or ``,``.

        Raises
        ------
        ValueError
            Where they contradict each other, or are ambiguous: a sentence.
        """
        kinds = {kind for column in columns for kind in column.kinds}
        try:
            return decimal_mark(kinds, groups_are_plain=self.separator in (",", ""))
        except ValueError as error:
            doubtful = (Kind.COMMA, Kind.MAYBE_COMMA, Kind.POINT_THOUSANDS)
            first = min((self._line_of(column, doubtful) for column in columns), key=lambda at: at[0])
            raise ValueError(f"{self.path}, line {first[0]}: {plain(first[1])}: {error}") from None

    def _line_of(self, column: Column, kinds: Sequence[Kind]) -> tuple[int, str]:
        """Return the line and the text of the first cell of some kind."""
        if not any(kind in column.kinds for kind in kinds):
            return 1 << 62, ""
        return next((int(column.lines[i]), cell) for i, cell in enumerate(column.cells()) if kind_of(cell) in kinds)


def read_table(
    path: str | Path, requirement: str = "a row of cells", cancelled: Callable[[], bool] = lambda: False
) -> Table:
    """Read a table.

    Parameters
    ----------
    path
        Text in any usual dialect, or a workbook: see :func:`gdviz.tables.rows.open_rows`.
    requirement
        What the file must have, for the sentence that refuses an empty one.
    cancelled
        Called every few thousand rows; if it returns True, reading stops and the table is refused.

    Raises
    ------
    ValueError
        Where the file cannot be read, is empty, too large, or a row has another width: a sentence with the line.
    """
    rows = open_rows(path)
    all_rows = iter(rows)
    first = next(all_rows, None)
    if first is None:
        raise ValueError(f"{path}: the file is empty; it needs {requirement}")
    width = len(first.cells)
    if width > MOST_COLUMNS:
        raise ValueError(f"{path}, line {first.line}: {width} columns; at most {MOST_COLUMNS} are right")
    columns = _columns(str(path), width, all_rows, cancelled)
    names, header, is_row = _header(rows, first, columns)
    for column, name in zip(columns, names, strict=True):
        column.name = tidy_name(name)
    if is_row:
        lines = np.concatenate([[first.line], columns[0].lines])
        for column, cell in zip(columns, first.cells, strict=True):
            column.put_first(cell, lines)
    columns = [column for column in columns if column.name or not column.is_empty]
    refuse_twice([column.name for column in columns], f"{path}, line {header}")
    return Table(str(path), tuple(columns), header, tuple(rows.notes), rows.separator)


def _columns(path: str, width: int, rows: Iterator[Row], cancelled: Callable[[], bool]) -> list[Column]:
    lines: list[NDArray[np.int64]] = []
    chunks: list[list[str]] = [[] for _ in range(width)]
    most = max(1, min(CHUNK, (1 << 20) // width))
    for chunk in iter(lambda: list(islice(rows, most)), []):
        lines.append(np.array([row.line for row in chunk]))
        for column, cells in zip(chunks, zip(*(row.cells for row in chunk), strict=True), strict=True):
            column.append(join_cells(cells))
        if (len(lines) - 1) * most * width > MOST_CELLS:
            raise ValueError(f"{path}: more than {MOST_CELLS} cells; at most that many are read")
        if cancelled():
            raise ValueError(f"{path}: not read to the end, for it is not wanted any more")
    numbers = np.concatenate(lines or [np.empty(0, np.int64)])
    return [Column(path, i, numbers, chunks=column) for i, column in enumerate(chunks, 1)]


def _header(rows: Rows, first: Row, columns: Sequence[Column]) -> tuple[list[str], int, bool]:
    """Return the columns' names (empty without a header), the header's line or 0, and whether `first` is a data row."""
    texts = [column.texts() for column in columns]
    if rows.has_row_names or has_header(first.cells, [column.kinds for column in columns], texts):
        return first.cells, first.line, False
    comment = rows.split(rows.comment)
    if is_commented_header(comment, len(columns)):
        return comment, rows.comment_line, True
    return [""] * len(columns), 0, True


def refuse_twice(names: Sequence[str], where: str) -> None:
    """Raise a ValueError, a sentence that begins with `where`, where two columns have the same name."""
    lower = [name.lower() for name in names if name]
    if len(set(lower)) < len(lower):
        twice = next(name for name in lower if lower.count(name) > 1)
        raise ValueError(f"{where}: the header names the column {plain(twice)} twice; once is right")
