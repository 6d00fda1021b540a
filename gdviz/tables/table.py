"""A whole table in memory: its columns as text, what they can be, their names, and which of them only count rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING

import numpy as np

from gdviz.params import plain
from gdviz.tables.cells import Kind, as_value, decimal_mark, kind_of
from gdviz.tables.header import INDEX, has_header, is_commented_header, tidy_name
from gdviz.tables.rows import Rows, open_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from gdviz.tables.rows import Row

__all__ = ["Column", "Table", "read_table"]

MOST_CELLS = 1 << 26
"""Cells of a table, as numbers half a gigabyte: MNIST's 60,000 pictures have 47 million."""
MOST_COLUMNS = 10_000
CHUNK = 4096
PLAIN = b"0123456789+-.eE\n"
"""Characters of numbers that need no second look."""
KNOWN_TEXTS = 1000


@dataclass(eq=False)
class Column:
    """A column's cells, kept as text that takes no more memory than the file.

    Attributes
    ----------
    path
        The table's file.
    number
        Of the column, from 1.
    name
        By the header; empty where there is none.
    lines
        The number of each cell's line, shape (rows,).
    """

    path: str
    number: int
    lines: NDArray[np.int64]
    name: str = ""
    chunks: list[str] = field(default_factory=list, repr=False)

    def cells(self) -> Iterator[str]:
        """Yield the cells as text, in the order of the rows."""
        return chain.from_iterable(chunk.split("\n") for chunk in self.chunks)

    @property
    def title(self) -> str:
        """The name or, where there is none, which column it is."""
        return self.name or f"column {self.number}"

    @cached_property
    def kinds(self) -> Counter[Kind]:
        """How many cells are of which kind."""
        kinds: Counter[Kind] = Counter()
        for chunk in self.chunks:
            kinds.update(_kinds(chunk))
        return kinds

    @property
    def is_empty(self) -> bool:
        """Whether no cell holds anything."""
        return not any(chunk.strip() for chunk in self.chunks)

    @property
    def is_text(self) -> bool:
        """Whether there is text among the cells, but no number."""
        return Kind.TEXT in self.kinds and not any(kind.is_number for kind in self.kinds)

    def texts(self) -> list[str]:
        """Return at most 1000 of the cells that are text."""
        if Kind.TEXT not in self.kinds:
            return []
        return list(islice((cell for cell in self.cells() if kind_of(cell) is Kind.TEXT), KNOWN_TEXTS))

    def numbers(self, mark: str) -> NDArray[np.float64]:
        """Return the cells as numbers, shape (rows,); yes and true are 1, no and false 0.

        Raises
        ------
        ValueError
            Where a cell is no finite number, or is missing: a sentence with its line.
        """
        parts = [_floats(chunk, mark) for chunk in self.chunks]
        if all(part is not None for part in parts):
            return np.concatenate([part for part in parts if part is not None] or [np.empty(0)])
        return np.array([self._number(i, cell, mark) for i, cell in enumerate(self.cells())])

    def _number(self, row: int, cell: str, mark: str) -> float:
        try:
            return as_value(cell, mark)
        except ValueError as error:
            missing = kind_of(cell) is Kind.MISSING
            why = f": the column {plain(self.title)} has no value there" if missing else ""
            raise ValueError(f"{self.path}, line {self.lines[row]}: {error}{why}") from None


def _kinds(chunk: str) -> Counter[Kind]:
    cells = chunk.split("\n")
    numbers = _floats(chunk, ".")
    if numbers is None:
        return Counter(map(kind_of, cells))
    if "." not in chunk:
        return Counter({Kind.WHOLE: len(cells)})
    has_point = any(kind_of(cell) is Kind.POINT for cell in cells if "." in cell)
    return Counter({Kind.POINT if has_point else Kind.MAYBE_POINT: len(cells)})


def _floats(chunk: str, mark: str) -> NDArray[np.float64] | None:
    """Return numbers that are spelled plainly; None: look at each cell."""
    if mark != "." or chunk.encode("utf-8", "replace").translate(None, PLAIN):
        return None
    try:
        numbers = np.array(list(map(float, chunk.split("\n"))))
    except ValueError:
        return None
    return numbers if np.isfinite(numbers).all() else None


@dataclass(frozen=True, eq=False)
class Table:
    """A table.

    Attributes
    ----------
    path
        The file, as it was named.
    columns
        Those that hold something.
    header
        The line of the header; 0 where there is none, and the columns have no names.
    notes
        What was done in reading, parts of a sentence.
    separator
        What ends a column in the file; empty for a workbook.
    """

    path: str
    columns: tuple[Column, ...]
    header: int
    notes: tuple[str, ...]
    separator: str

    @property
    def rows(self) -> int:
        """How many rows there are below the header."""
        return len(self.columns[0].lines) if self.columns else 0

    @cached_property
    def counting(self) -> tuple[Column, ...]:
        """The columns that only count or name rows; none where fewer than two others would remain."""
        counting = tuple(column for column in self.columns if self.header and self._is_index(column))
        return counting if len(self.columns) - len(counting) >= 2 else ()

    def _is_index(self, column: Column) -> bool:
        return INDEX.fullmatch(column.name) is not None or (not column.name and column.number == 1)

    @property
    def useful(self) -> tuple[Column, ...]:
        """The columns that do more than count rows."""
        return tuple(column for column in self.columns if column not in self.counting)

    def column(self, name: str) -> Column:
        """Return the column of that name, or of that number from 1.

        Raises
        ------
        ValueError
            Where there is none: a sentence with the names that there are.
        """
        for matches in (str.__eq__, lambda a, b: a.lower() == b.lower()):
            found = [column for column in self.columns if column.name and matches(column.name, name.strip())]
            if found:
                return found[0]
        found = [column for column in self.columns if str(column.number) == name.strip()]
        if not found:
            raise ValueError(f"{self.path}: there is no column {plain(name)}; there are: {self.told(self.columns)}")
        return found[0]

    def told(self, columns: Sequence[Column]) -> str:
        """Return the names of columns as a sentence has them."""
        names = [column.name or str(column.number) for column in columns]
        return ", ".join(names[:8] + (["…"] if len(names) > 8 else []))

    def mark(self, columns: Sequence[Column]) -> str:
        """Return the decimal mark that these columns share, ``.`` or ``,``.

        Raises
        ------
        ValueError
            Where they contradict each other, or do not tell: a sentence.
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


def read_table(path: str | Path, needed: str = "a row of cells") -> Table:
    """Read a table.

    Parameters
    ----------
    path
        Text in any usual dialect, or a workbook: see :func:`gdviz.tables.rows.open_rows`.
    needed
        What an empty file lacks, as the end of a sentence.

    Raises
    ------
    ValueError
        Where the file cannot be read, is empty, too large, or a row has another width: a sentence with the line.
    """
    rows = open_rows(path)
    all_rows = iter(rows)
    first = next(all_rows, None)
    if first is None:
        raise ValueError(f"{path}: the file is empty; it needs {needed}")
    width = len(first.cells)
    if width > MOST_COLUMNS:
        raise ValueError(f"{path}, line {first.line}: {width} columns; at most {MOST_COLUMNS} are right")
    columns = _columns(str(path), width, all_rows)
    names, header = _header(rows, first, columns)
    for column, name in zip(columns, names, strict=True):
        column.name = tidy_name(name)
    if not header:
        _put_first(first, columns)
    columns = [column for column in columns if column.name or not column.is_empty]
    refuse_twice([column.name for column in columns], f"{path}, line {header}")
    return Table(str(path), tuple(columns), header, tuple(rows.notes), rows.separator)


def _columns(path: str, width: int, rows: Iterator[Row]) -> list[Column]:
    lines: list[NDArray[np.int64]] = []
    chunks: list[list[str]] = [[] for _ in range(width)]
    most = max(1, min(CHUNK, (1 << 20) // width))
    for chunk in iter(lambda: list(islice(rows, most)), []):
        lines.append(np.array([row.line for row in chunk]))
        for column, cells in zip(chunks, zip(*(row.cells for row in chunk), strict=True), strict=True):
            column.append(_joined(cells))
        if (len(lines) - 1) * most * width > MOST_CELLS:
            raise ValueError(f"{path}: more than {MOST_CELLS} cells; a table of at most so many is read")
    numbers = np.concatenate(lines or [np.empty(0, np.int64)])
    return [Column(path, i, numbers, chunks=column) for i, column in enumerate(chunks, 1)]


def _joined(cells: Sequence[str]) -> str:
    text = "\n".join(cells)
    return text if text.count("\n") == len(cells) - 1 else "\n".join(" ".join(cell.splitlines()) for cell in cells)


def _header(rows: Rows, first: Row, columns: Sequence[Column]) -> tuple[list[str], int]:
    """Return the columns' names, empty ones where there are none, and the line of the header or 0."""
    texts = [column.texts() for column in columns]
    if rows.has_row_names or has_header(first.cells, [column.kinds for column in columns], texts):
        return first.cells, first.line
    commented = rows.split(rows.comment)
    if is_commented_header(commented, len(columns)):
        return commented, max(1, first.line - 1)
    return [""] * len(columns), 0


def _put_first(row: Row, columns: Sequence[Column]) -> None:
    """Put a first row that is no header before the others."""
    lines = np.concatenate([[row.line], columns[0].lines])
    for column, cell in zip(columns, row.cells, strict=True):
        column.lines = lines
        column.chunks.insert(0, _joined([cell]))
        column.__dict__.pop("kinds", None)


def refuse_twice(names: Sequence[str], where: str) -> None:
    """Raise a ValueError, a sentence that begins with `where`, where two columns have the same name."""
    lower = [name.lower() for name in names if name]
    if len(set(lower)) < len(lower):
        twice = next(name for name in lower if lower.count(name) > 1)
        raise ValueError(f"{where}: the header names the column {plain(twice)} twice; once is right")
