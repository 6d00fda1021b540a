"""A student's trajectory, read from a CSV file: a row for each update, with the params and perhaps the error."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gdviz.files.tables import FEW
from gdviz.objectives.data import rows_of
from gdviz.params import as_number, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gdviz.objectives import Array

__all__ = ["Notebook", "read_notebook"]

LARGEST = 256 << 20
"""Bytes of a file that is read."""
MOST_ROWS = 2_000_000


@dataclass(frozen=True, eq=False)
class Notebook:
    """What a student computed.

    Attributes
    ----------
    params
        Shape (rows, n).
    error
        Shape (rows,); None where there is no such column.
    updates
        The number of the update after which each row stands, shape (rows,); None where no column says so.
    """

    params: Array
    error: Array | None
    updates: np.ndarray[tuple[int], np.dtype[np.intp]] | None


def read_notebook(path: str | Path, names: Sequence[str], error: str = "error", run: str | None = None) -> Notebook:
    """Read a trajectory.

    Parameters
    ----------
    names, error
        How the columns of the params and of the error are called.
    run
        Where there is a column ``run``: whose rows are read; by default those of the first one.

    Raises
    ------
    ValueError
        Where the file cannot be read or is malformed: a sentence with the line.
    """
    path = Path(path)
    if path.exists() and path.stat().st_size > LARGEST:
        raise ValueError(f"{path}: larger than {LARGEST >> 20} MB; no trajectory is")
    return _Reader(str(path), names, error, run).read(rows_of(path))


class _Reader:
    def __init__(self, path: str, names: Sequence[str], error: str, run: str | None) -> None:
        self._path, self._names, self._error, self._run = path, tuple(names), error, run

    def read(self, lines: Iterator[tuple[int, list[str]]]) -> Notebook:
        header = [cell.strip() for cell in next(lines, (1, []))[1]]
        known = {name: place for place, name in reversed(list(enumerate(header)))}
        places = [self._place(header, known, name) for name in self._names]
        error = header.index(self._error) if self._error in header else None
        update = header.index("update") if "update" in header else None
        whose = header.index("run") if "run" in header else None
        if self._run is not None and whose is None:
            raise ValueError(f"{self._path}, line 1: there is no column 'run' that could name {plain(self._run)}")
        wanted = [*places, *(place for place in (error, update) if place is not None)]
        rows = []
        for line, cells in lines:
            if self._is_mine(cells, whose):
                rows.append([self._number(cells, place, line) for place in wanted])
            if len(rows) > MOST_ROWS:
                raise ValueError(f"{self._path}: more than {MOST_ROWS} rows")
        if not rows:
            whose_rows = f" of the run {plain(self._run)}" if self._run else ""
            raise ValueError(f"{self._path}: there is no row of numbers{whose_rows}")
        table = np.array(rows)
        n = len(places)
        counted = self._counted(table[:, -1]) if update is not None else None
        return Notebook(table[:, :n], table[:, n] if error is not None else None, counted)

    def _place(self, header: Sequence[str], known: Mapping[str, int], name: str) -> int:
        """Return the column of a name; `known` says where each name stands first."""
        place = known.get(name)
        if place is None or (len(known) < len(header) and header.count(name) > 1):
            given = ", ".join(plain(cell) for cell in header[:6]) or "nothing"
            often = "no column" if place is None else "more than one column"
            hint = "; gdviz train writes that many params only with --params" if len(self._names) > FEW else ""
            raise ValueError(f"{self._path}, line 1: there is {often} {plain(name)}; the header has: {given}{hint}")
        return place

    def _is_mine(self, cells: Sequence[str], whose: int | None) -> bool:
        if whose is None or whose >= len(cells):
            return True
        self._run = cells[whose] if self._run is None else self._run
        return cells[whose] == self._run

    def _number(self, cells: Sequence[str], place: int, line: int) -> float:
        try:
            number = float(as_number(cells[place]))
        except IndexError:
            raise ValueError(
                f"{self._path}, line {line}: {len(cells)} column(s), where {place + 1} are needed"
            ) from None
        except ValueError:
            raise ValueError(f"{self._path}, line {line}: {plain(cells[place])} is not a number") from None
        if not math.isfinite(number):
            raise ValueError(f"{self._path}, line {line}: {plain(cells[place])} is not a finite number")
        return number

    def _counted(self, column: Array) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        if (column != np.floor(column)).any() or column[0] < 0 or (np.diff(column) <= 0).any() or column[-1] > 1e8:
            raise ValueError(f"{self._path}: the column 'update' must be whole numbers that rise from row to row")
        return column.astype(np.intp)
