"""Students' trajectories, read from a table: a row for each update or epoch, with the params and perhaps the error."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gdviz.files.tables import FEW
from gdviz.params import as_number
from gdviz.tables import open_rows
from gdviz.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gdviz.objectives import Array

__all__ = ["Counted", "Notebook", "read_notebook", "read_notebooks"]

LARGEST = 256 << 20
"""Bytes of a file that is read."""
MOST_ROWS = 2_000_000
OTHER_NAMES = {
    "w": ("weight", "weights", "slope", "theta1"),
    "b": ("bias", "intercept", "theta0"),
    "error": ("loss", "cost", "err", "mse", "sse", "e"),
    "update": ("step", "iteration", "iter", "t"),
    "epoch": ("epochs", "ep"),
    "run": ("optimizer", "algorithm"),
}
"""What columns are often called, whatever the capitals and whatever follows a word."""

CLOCKS = ("update", "epoch")
"""The columns that count."""

Counted = np.ndarray[tuple[int], np.dtype[np.intp]]


@dataclass(frozen=True, eq=False)
class Notebook:
    """What a student computed.

    Attributes
    ----------
    params
        Shape (rows, n); NaN or infinite where the run diverged.
    error
        Shape (rows,); None where there is no such column.
    updates
        The number of the update after which each row stands, shape (rows,), as the student counted; None where no
        column says so.
    epochs
        The same in epochs.
    """

    params: Array
    error: Array | None
    updates: Counted | None
    epochs: Counted | None = None


def read_notebook(path: str | Path, names: Sequence[str], error: str = "error", run: str | None = None) -> Notebook:
    """Read one trajectory; see :func:`read_notebooks`. Of several runs it is the one that is named, or the first."""
    notebooks = read_notebooks(path, names, error, run)
    return next(iter(notebooks.values()))


def read_notebooks(
    path: str | Path, names: Sequence[str], error: str = "error", run: str | None = None
) -> dict[str, Notebook]:
    """Read the trajectories of a file by the names of their runs; one without a name where no column tells runs.

    Parameters
    ----------
    path
        The table.
    names, error
        How the columns of the params and of the error are called. Names that mean the same are found, too.
    run
        Where there is a column ``run``: whose rows are read; by default those of all.

    Raises
    ------
    ValueError
        Where the file cannot be read or is malformed: a sentence with the line.
    """
    path = Path(path)
    if path.is_file() and path.stat().st_size > LARGEST:
        raise ValueError(f"{path}: larger than {LARGEST >> 20} MB; no trajectory is")
    return _Reader(str(path), names, error, run).read(iter(open_rows(path)))


class _Reader:
    def __init__(self, path: str, names: Sequence[str], error: str, run: str | None) -> None:
        self._path, self._names, self._error, self._run = path, tuple(names), error, run
        self._header: list[str] = []

    def read(self, lines: Iterator[tuple[int, list[str]]]) -> dict[str, Notebook]:
        self._header = [cell.strip() for cell in next(lines, (1, []))[1]]
        places = [self._place(name) for name in self._names]
        free = [place for place in range(len(self._header)) if place not in places]
        also = {key: self._found(name, free) for key, name in (("error", self._error), *((k, k) for k in CLOCKS))}
        whose = self._found("run", free)
        if self._run is not None and whose is None:
            raise ValueError(f"{self._path}, line 1: there is no column 'run' that could name {plain(self._run)}")
        wanted = [*places, *(place for place in also.values() if place is not None)]
        keys = [key for key, place in also.items() if place is not None]
        rows: dict[str, list[list[float]]] = {}
        for count, (line, cells) in enumerate(lines):
            name = cells[whose] if whose is not None and whose < len(cells) else ""
            if self._run in (None, name):
                rows.setdefault(name, []).append([self._number(cells, place, line) for place in wanted])
            if count > MOST_ROWS:
                raise ValueError(f"{self._path}: more than {MOST_ROWS} rows")
        if not rows:
            whose_rows = f" of the run {plain(self._run)}" if self._run else ""
            raise ValueError(f"{self._path}: there is no row of numbers{whose_rows}")
        return {name: self._notebook(np.array(table), keys) for name, table in rows.items()}

    def _notebook(self, table: Array, keys: Sequence[str]) -> Notebook:
        n = len(self._names)
        columns = dict(zip(keys, table[:, n:].T, strict=True))
        updates = self._counted(columns["update"], "update") if "update" in columns else None
        # Within an epoch its number stays: then it says nothing of single rows.
        rises = "epoch" in columns and updates is None and bool((np.diff(columns["epoch"]) > 0).all())
        epochs = self._counted(columns["epoch"], "epoch") if rises else None
        return Notebook(table[:, :n], columns.get("error"), updates, epochs)

    def _place(self, name: str) -> int:
        """Return the column of a param's name."""
        found = self._found(name, range(len(self._header)))
        if found is not None and self._header.count(self._header[found]) == 1:
            return found
        given = ", ".join(plain(cell) for cell in self._header[:6]) or "nothing"
        often = "no column" if found is None else "more than one column"
        hint = "; gdviz train writes that many params only with --params" if len(self._names) > FEW else ""
        raise ValueError(f"{self._path}, line 1: there is {often} {plain(name)}; the header has: {given}{hint}")

    def _found(self, name: str, among: Sequence[int]) -> int | None:
        """Return the column that a name means: so called, in other capitals, or a word for it that only one has."""
        header = {place: self._header[place] for place in among}
        for change in (str, str.lower):
            exact = [place for place, cell in header.items() if change(cell) == change(name)]
            if exact:
                return exact[0]
        for word in (name, *OTHER_NAMES.get(name, ())):
            begins = re.compile(rf"{re.escape(word)}(?![a-z0-9])", re.IGNORECASE)
            found = [place for place, cell in header.items() if begins.match(cell)]
            if len(found) == 1:
                return found[0]
        return None

    def _number(self, cells: Sequence[str], place: int, line: int) -> float:
        try:
            return float(as_number(cells[place].strip().strip("[]").strip()))
        except IndexError:
            raise ValueError(
                f"{self._path}, line {line}: {len(cells)} column(s), where {place + 1} are needed"
            ) from None
        except ValueError:
            raise ValueError(f"{self._path}, line {line}: {plain(cells[place])} is not a number") from None

    def _counted(self, column: Array, name: str) -> Counted:
        is_whole = np.isfinite(column).all() and (column == np.floor(column)).all()
        if not is_whole or column[0] < 0 or column[-1] > 1e8 or (np.diff(column) <= 0).any():
            raise ValueError(f"{self._path}: the column {name!r} must be whole numbers that rise from row to row")
        return column.astype(np.intp)
