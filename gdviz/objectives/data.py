"""Samples, and those for the neuron, with one input each; those of :mod:`gdviz.objectives.points` are for networks."""

from __future__ import annotations

import csv
import math
import os
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gdviz.assets import asset
from gdviz.params import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from gdviz.objectives.base import Array

__all__ = ["DATASETS", "Data", "begun", "is_number", "load_csv", "load_data", "named", "refuse_twice", "rows_of"]

EncodedRow = tuple[int, list[str]]


LARGEST = 1e100
"""A sample farther from 0 is refused."""


@dataclass(frozen=True, eq=False)
class Data:
    """Samples (x, y) with where they come from; x may be one input or several, y a number or a class.

    Attributes
    ----------
    name
        The data set's name, or the path of the file.
    X
        Shape (N,), or (N, d) for d inputs.
    Y
        Shape (N,): numbers or, where there are classes, the index of each sample's.
    x_label, y_label
        What the axes show.
    about
        One sentence on what it teaches.
    is_standardized
        Whether x is shifted and scaled.
    inputs
        The names of the inputs where there are several.
    classes
        The names of the classes; none: y is a number.
    image
        Rows and columns where the inputs are the pixels of a picture, row by row; otherwise none.
    """

    name: str
    X: Array
    Y: Array
    x_label: str = "x"
    y_label: str = "y"
    about: str = ""
    is_standardized: bool = False
    inputs: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    image: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse numbers of which no square can be added up, or drawn."""
        for name, values in (("x", self.X), ("y", self.Y)):
            extreme = max((values.min(), values.max()), key=abs) if values.size else 0.0
            if abs(extreme) > LARGEST:
                raise ValueError(f"samples: {name} must be numbers from −{LARGEST:g} to {LARGEST:g}, not {extreme:g}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Data) and all(
            np.array_equal(getattr(self, f.name), getattr(other, f.name)) for f in fields(self)
        )

    def checked(self) -> Data:
        """Return the data, or refuse what cannot be samples: a sentence."""
        if len(self.X) != len(self.Y) or not len(self.X):
            raise ValueError(f"x and y must have one length above 0, not {len(self.X)} and {len(self.Y)}")
        columns = 1 if self.X.ndim == 1 else self.X.shape[1]
        if self.inputs and len(self.inputs) != columns:
            raise ValueError(f"inputs must be {columns} names, one for each column of x, not {len(self.inputs)}")
        if self.image and (len(self.image) != 2 or min(self.image) < 1 or math.prod(self.image) != columns):
            raise ValueError(f"image must be rows and columns of {columns} pixels, not {plain(list(self.image))}")
        if self.classes and not (self.Y.ndim == 1 and np.isin(self.Y, np.arange(len(self.classes))).all()):
            raise ValueError(f"y must be classes from 0 to {len(self.classes) - 1}")
        return self

    def standardized(self) -> Data:
        """Return the data with x shifted to mean 0 and scaled to standard deviation 1 (a constant x only shifted)."""
        # Rounding gives a constant x a spread of some 1e-17, so it is not the spread that is asked.
        spread = float(self.X.std()) if self.X.min() < self.X.max() else 1.0
        X = (self.X - self.X.mean()) / (spread or 1.0)  # the square of a spread below 1e-162 is 0
        return replace(self, X=X, x_label=f"{self.x_label}, standardised", is_standardized=True)


def lecture() -> Data:
    """Return the two samples of the lecture."""
    return _shipped("lecture", "The lecture's two samples: every number can be checked by hand.")


def oring() -> Data:
    """Return the 23 shuttle launches before January 1986 (Dalal, Fowlkes and Hoadley, JASA 84, 1989)."""
    return _shipped("oring", "Shuttle launches before 1986: O-ring distress against temperature. Why one standardises.")


def _shipped(name: str, about: str) -> Data:
    return replace(load_csv(asset(f"data/{name}.csv")), name=name, about=about)


def sparse(samples: int = 100, seed: int = 0) -> Data:
    """Return seeded samples of which four in five have x = 0: w is seldom told anything, b always."""
    random = np.random.default_rng(seed)
    x = np.zeros(samples)
    x[::5] = random.uniform(0.5, 3.0, len(x[::5]))
    x = random.permutation(x)
    y = np.where(x == 0, 0.2, 0.9) + random.uniform(-0.1, 0.1, samples)
    about = "x is 0 for four samples in five: the reason for a learning rate per parameter."
    return Data("sparse", x, y, about=about)


DATASETS: dict[str, Callable[[], Data]] = {made.__name__: made for made in (lecture, oring, sparse)}
"""Every data set that ships with the program, by name."""


def load_data(name: str) -> Data:
    """Return a data set by its name, or the samples of a CSV file by its path.

    Raises
    ------
    ValueError
        Where there is neither, or the file is not fit: a sentence that says what and where.
    """
    return named(name, DATASETS, load_csv)


def named(name: str, known: Mapping[str, Callable[[], Data]], load: Callable[[str], Data]) -> Data:
    """Return the data set of that name among the `known`, or what `load` reads where the name is a path.

    Raises
    ------
    ValueError
        Where it is neither: a sentence with the names there are.
    """
    if name in known:
        return known[name]()
    if Path(name).suffix or "/" in name or "\\" in name or os.path.exists(name):
        return load(name)
    raise ValueError(f"unknown data {plain(name)}; known: {', '.join(known)}, or the path of a CSV file")


def load_csv(path: str | Path) -> Data:
    """Read samples from a CSV file: columns x and y by their header, otherwise the first two columns.

    Parameters
    ----------
    path
        UTF-8 text, separated by commas, semicolons or tabs; a header is optional; empty lines are skipped.

    Raises
    ------
    ValueError
        Where the file cannot be read or is malformed: a sentence with the line.
    """
    (line, cells), rows = begun(path, "the columns x,y and at least one row")
    if len(cells) < 2:
        raise ValueError(f"{path}, line {line}: one column only; two are needed, x and y")
    header = None if any(is_number(cell) for cell in cells) else [cell.strip() for cell in cells]
    columns = (0, 1) if header is None else _columns(header, f"{path}, line {line}")
    samples = [] if header else [_sample(path, line, cells, columns)]
    samples.extend(_sample(path, line, cells, columns) for line, cells in rows)
    if not samples:
        raise ValueError(f"{path}: there is a header but no row of numbers")
    X, Y = np.array(samples).T
    x_label, y_label = ("x", "y") if header is None else (header[columns[0]], header[columns[1]])
    return Data(str(path), np.ascontiguousarray(X), np.ascontiguousarray(Y), x_label, y_label, "Samples from a file.")


def begun(path: str | Path, needed: str) -> tuple[EncodedRow, Iterator[EncodedRow]]:
    """Return the first row of a CSV file and those that follow, or say that it is empty and what is needed."""
    rows = rows_of(Path(path))
    first = next(rows, None)
    if first is None:
        raise ValueError(f"{path}: the file is empty; it needs {needed}")
    return first, rows


def rows_of(path: Path) -> Iterator[EncodedRow]:
    """Yield the rows of a CSV file that are not empty, each with the number of its line.

    Raises
    ------
    ValueError
        Where the file cannot be read, or is no such file: a sentence.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline(65536)
            file.seek(0)
            reader = csv.reader(file, delimiter=next((mark for mark in ",;\t" if mark in head), ","))
            for cells in reader:
                if any(map(str.strip, cells)):
                    yield reader.line_num, cells
    except UnicodeDecodeError:
        raise ValueError(f"{path}, {_bad_byte(path)}; save the file as UTF-8") from None
    except csv.Error as error:
        raise ValueError(f"{path}, line {reader.line_num}: not a CSV file: {error}") from None
    except OSError as error:
        raise ValueError(f"{path}: cannot be read: {error.strerror or error}") from None


def _bad_byte(path: Path) -> str:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                return f"line {number}: not UTF-8 text (byte 0x{line[error.start]:02x})"
    return "not UTF-8 text"


def is_number(cell: str) -> bool:
    """Return whether a cell is a number, perhaps one that is not finite."""
    try:
        float(cell)
    except ValueError:
        return False
    return True


def refuse_twice(names: Sequence[str], where: str) -> None:
    """Raise a ValueError, a sentence that begins with `where`, where two columns have the same name."""
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{where}: the header names the column {plain(twice)} twice; once is right")


def _columns(header: list[str], where: str) -> tuple[int, int]:
    names = [name.lower() for name in header]
    for name in ("x", "y"):
        if names.count(name) > 1:
            raise ValueError(f"{where}: the header names the column {name!r} twice; once is right")
    refuse_twice(names, where)
    if "x" in names and "y" in names:
        return names.index("x"), names.index("y")
    return 0, 1


def _sample(path: str | Path, line: int, cells: list[str], columns: tuple[int, int]) -> tuple[float, float]:
    try:
        x, y = float(cells[columns[0]]), float(cells[columns[1]])
    except IndexError:
        raise ValueError(f"{path}, line {line}: {len(cells)} column(s), where x and y are needed") from None
    except ValueError:
        bad = next(cells[column] for column in columns if not is_number(cells[column]))
        raise ValueError(f"{path}, line {line}: {plain(bad)} is not a number") from None
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError(f"{path}, line {line}: {plain(x if not math.isfinite(x) else y)} is not a finite number")
    return x, y
