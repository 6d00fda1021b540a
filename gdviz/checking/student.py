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

__all__ = ["Counts", "Notebook", "read_notebook", "read_notebooks"]

LARGEST = 256 << 20
"""Maximum number of bytes of a file."""
MOST_ROWS = 2_000_000
OTHER_NAMES = {
    "w": ("weight", "weights", "slope", "theta1"),
    "b": ("bias", "intercept", "theta0"),
    "error": ("loss", "cost", "err", "mse", "sse", "e"),
    "update": ("step", "iteration", "iter", "t"),
    "epoch": ("epochs", "ep"),
    "run": ("optimizer", "algorithm"),
}
"""Other names of columns; capitals and text after the word do not matter."""

CLOCKS = ("update", "epoch")
"""The columns that count updates or epochs."""

Counts = np.ndarray[tuple[int], np.dtype[np.intp]]


@dataclass(frozen=True, eq=False)
class Notebook:
    """A student's log.

    Attributes
    ----------
    params
        Shape (rows, n); NaN or infinite where the run diverged.
    error
        Shape (rows,); None where there is no such column.
    updates
        The number of the update after which each row was logged, shape (rows,), as the student counted; None without
        such a column.
    epochs
        The same in epochs.
    """

    params: Array
    error: Array | None
    updates: Counts | None
    epochs: Counts | None = None


def read_notebook(path: str | Path, names: Sequence[str], error: str = "error", run: str | None = None) -> Notebook:
    """Read one trajectory, that of the run `run` or the first one; see :func:`read_notebooks`."""
    notebooks = read_notebooks(path, names, error, run)
    return next(iter(notebooks.values()))


def read_notebooks(
    path: str | Path, names: Sequence[str], error: str = "error", run: str | None = None
) -> dict[str, Notebook]:
    """Read the trajectories of a file, by the names of their runs; the name is empty where there is no column ``run``.

    Parameters
    ----------
    path
        The table.
    names, error
        The names of the columns of the params and of the error; names with the same meaning are found, too.
    run
        The run whose rows are read, by the column ``run``; by default all runs.

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
        also = {key: self._find(name, free) for key, name in (("error", self._error), *((k, k) for k in CLOCKS))}
        whose = self._find("run", free)
        if self._run is not None and whose is None:
            raise ValueError(f"{self._path}, line 1: there is no column 'run' that could name {plain(self._run)}")
        numeric_places = [*places, *(place for place in also.values() if place is not None)]
        keys = [key for key, place in also.items() if place is not None]
        rows: dict[str, list[list[float]]] = {}
        for count, (line, cells) in enumerate(lines):
            name = cells[whose] if whose is not None and whose < len(cells) else ""
            if self._run in (None, name):
                rows.setdefault(name, []).append([self._number(cells, place, line) for place in numeric_places])
            if count > MOST_ROWS:
                raise ValueError(f"{self._path}: more than {MOST_ROWS} rows")
        if not rows:
            whose_rows = f" of the run {plain(self._run)}" if self._run else ""
            raise ValueError(f"{self._path}: there is no row of numbers{whose_rows}")
        return {name: self._notebook(np.array(table), keys) for name, table in rows.items()}

    def _notebook(self, table: Array, keys: Sequence[str]) -> Notebook:
        n = len(self._names)
        columns = dict(zip(keys, table[:, n:].T, strict=True))
        updates = self._counts(columns["update"], "update") if "update" in columns else None
        # If the epoch does not rise from row to row, it does not identify rows.
        rises = "epoch" in columns and updates is None and bool((np.diff(columns["epoch"]) > 0).all())
        epochs = self._counts(columns["epoch"], "epoch") if rises else None
        return Notebook(table[:, :n], columns.get("error"), updates, epochs)

    def _place(self, name: str) -> int:
        """Return the index of a param's column."""
        place = self._find(name, range(len(self._header)))
        if place is not None and self._header.count(self._header[place]) == 1:
            return place
        header = ", ".join(plain(cell) for cell in self._header[:6]) or "nothing"
        often = "no column" if place is None else "more than one column"
        hint = "; gdviz train writes that many params only with --params" if len(self._names) > FEW else ""
        raise ValueError(f"{self._path}, line 1: there is {often} {plain(name)}; the header has: {header}{hint}")

    def _find(self, name: str, among: Sequence[int]) -> int | None:
        """Return the index of a column by its name, in any capitals, or by a synonym of only one column; or None."""
        header = {place: self._header[place] for place in among}
        for change in (str, str.lower):
            exact = [place for place, cell in header.items() if change(cell) == change(name)]
            if exact:
                return exact[0]
        for word in (name, *OTHER_NAMES.get(name, ())):
            begins = re.compile(rf"{re.escape(word)}(?![a-z0-9])", re.IGNORECASE)
            matching = [place for place, cell in header.items() if begins.match(cell)]
            if len(matching) == 1:
                return matching[0]
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

    def _counts(self, column: Array, name: str) -> Counts:
        is_whole = np.isfinite(column).all() and (column == np.floor(column)).all()
        if not is_whole or column[0] < 0 or column[-1] > 1e8 or (np.diff(column) <= 0).any():
            raise ValueError(f"{self._path}: the column {name!r} must be whole numbers that rise from row to row")
        return column.astype(np.intp)
