"""A column of a table: its cells as text, their kinds, and their numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING

import numpy as np

from gdviz.tables.cells import Kind, as_value, kind_of
from gdviz.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

__all__ = ["Column", "join_cells"]

PLAIN = b"0123456789+-.eE\n"
"""The characters of plainly spelled numbers, which are converted all at once."""
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
        Its name in the header; empty where there is no header.
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
        """The name or, where there is none, the column's number."""
        return self.name or f"column {self.number}"

    @cached_property
    def kinds(self) -> Counter[Kind]:
        """The number of cells of each kind."""
        kinds: Counter[Kind] = Counter()
        for chunk in self.chunks:
            kinds.update(_kinds(chunk))
        return kinds

    def put_first(self, cell: str, lines: NDArray[np.int64]) -> None:
        """Insert a cell before the others; `lines` are the line numbers of all cells after that."""
        self.lines = lines
        self.chunks.insert(0, join_cells([cell]))
        self.__dict__.pop("kinds", None)

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

    def numbers(self, mark: str = ".", rows: NDArray[np.intp] | None = None) -> NDArray[np.float64]:
        """Return the cells as numbers; yes and true are 1, no and false 0.

        Parameters
        ----------
        mark
            The decimal mark, see :meth:`Table.mark`.
        rows
            The indices of the rows, from 0; None: all rows.

        Raises
        ------
        ValueError
            Where a cell is no finite number, or is missing: a sentence with its line.
        """
        parts = [_floats(chunk, mark) for chunk in self.chunks]
        if all(part is not None for part in parts):
            numbers = np.concatenate([part for part in parts if part is not None] or [np.empty(0)])
            return numbers if rows is None else numbers[rows]
        cells = list(self.cells())
        return np.array([self._number(row, cells[row], mark) for row in (range(len(cells)) if rows is None else rows)])

    def _number(self, row: int, cell: str, mark: str) -> float:
        try:
            return as_value(cell, mark)
        except ValueError as error:
            is_missing = kind_of(cell) is Kind.MISSING
            why = f": the column {plain(self.title)} has no value there" if is_missing else ""
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
    """Return the numbers of a chunk where all are spelled plainly; None: each cell must be read on its own."""
    if mark != "." or chunk.encode("utf-8", "replace").translate(None, PLAIN):
        return None
    try:
        numbers = np.array(list(map(float, chunk.split("\n"))))
    except ValueError:
        return None
    return numbers if np.isfinite(numbers).all() else None


def join_cells(cells: Sequence[str]) -> str:
    """Return cells as one text, a line each."""
    text = "\n".join(cells)
    return text if text.count("\n") == len(cells) - 1 else "\n".join(" ".join(cell.splitlines()) for cell in cells)
