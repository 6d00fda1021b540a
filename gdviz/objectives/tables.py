"""Samples for networks from any CSV file with features and a label."""

from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from gdviz.objectives.data import DATASETS, Data, begun, is_number, named, refuse_twice
from gdviz.objectives.points import LABELLED
from gdviz.params import plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from gdviz.objectives.base import Array
    from gdviz.objectives.data import EncodedRow

__all__ = ["load_any", "load_table"]

LABELS = ("label", "class", "target", "y")
"""What a header may call the column of the labels; the first of these that it has is taken."""
MOST_FEATURES = 4096
MOST_CLASSES = 100
MOST_NUMBERED_CLASSES = 20
"""The most different whole numbers that are classes; where there are more, the label is a number."""

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")

Label = tuple[int, str]
"""The number of the line and the cell."""


def load_any(name: str) -> Data:
    """Return a data set by its name, of those for networks and those for the neuron, or the table of a CSV file.

    Raises
    ------
    ValueError
        Where there is neither, or the file is not fit: a sentence that says what and where.
    """
    return named(name, LABELLED | DATASETS, load_table)


def load_table(path: str | Path) -> Data:
    """Read features and labels from a CSV file.

    The label is the column that the header calls label, class, target or y, otherwise the last one; every other column
    is a feature. Labels are classes where one of them is no number, or where all are whole and at most 20 differ.

    Parameters
    ----------
    path
        UTF-8 text, separated by commas, semicolons or tabs; empty lines are skipped. The first row is a header where
        none of its cells is a number.

    Returns
    -------
    data
        X of shape (N,) for one feature, otherwise (N, d).

    Raises
    ------
    ValueError
        Where the file cannot be read or is malformed: a sentence with the line.
    """
    first, rows = begun(path, "columns of numbers, one of labels and at least one row")
    line, cells = first
    _refuse_width(len(cells) - 1, f"{path}, line {line}")
    has_header = not any(is_number(cell) for cell in cells)
    names = [cell.strip() for cell in cells] if has_header else _usual_names(len(cells) - 1)
    column = _label_column(names, f"{path}, line {line}")
    X, labels = _samples(path, rows if has_header else chain([first], rows), len(cells), column)
    y_label = names.pop(column)
    Y, classes = _targets(path, labels, y_label)
    about = "Samples from a file."
    if len(names) == 1:
        return Data(str(path), X[:, 0].copy(), Y, names[0], y_label, about, classes=classes)
    return Data(str(path), X, Y, y_label=y_label, about=about, inputs=tuple(names), classes=classes)


def _refuse_width(features: int, where: str) -> None:
    if features < 1:
        raise ValueError(f"{where}: one column only; at least two are needed, a feature and a label")
    if features > MOST_FEATURES:
        raise ValueError(f"{where}: {features} features; at most {MOST_FEATURES} are right")


def _usual_names(features: int) -> list[str]:
    if features == 1:
        return ["x", "y"]
    return [f"x{number}".translate(SUBSCRIPTS) for number in range(1, features + 1)] + ["y"]


def _label_column(names: list[str], where: str) -> int:
    lower = [name.lower() for name in names]
    refuse_twice(lower, where)
    return next((lower.index(label) for label in LABELS if label in lower), len(names) - 1)


def _samples(path: str | Path, rows: Iterable[EncodedRow], columns: int, column: int) -> tuple[Array, list[Label]]:
    """Return the features, shape (N, columns − 1), and the labels, those in `column`."""
    X, labels = [], []
    for line, cells in rows:
        where = f"{path}, line {line}"
        if len(cells) != columns:
            raise ValueError(f"{where}: {len(cells)} column(s), where the first row has {columns}")
        label = cells.pop(column).strip()
        if not label:
            raise ValueError(f"{where}: the label is missing; a name or a number is right")
        labels.append((line, label))
        # A row of float64 takes a quarter of what a list takes.
        X.append(np.array([_finite(cell, where) for cell in cells]))
    if not X:
        raise ValueError(f"{path}: there is a header but no row of numbers")
    return np.array(X), labels


def _finite(cell: str, where: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        raise ValueError(
            f"{where}: {plain(cell)} is not a number; every column but the label's holds numbers"
        ) from None
    if not math.isfinite(number):
        raise ValueError(f"{where}: {plain(number)} is not a finite number")
    return number


def _targets(path: str | Path, labels: list[Label], y_label: str) -> tuple[Array, tuple[str, ...]]:
    """Return what a network is to give for each sample, shape (N,), and the names of the classes if there are any."""
    name = next((label for label in labels if not is_number(label[1])), None)
    if name is not None:
        known, Y = np.unique([cell for _, cell in labels], return_inverse=True)
        if len(known) > MOST_CLASSES:
            raise ValueError(
                f"{path}, line {name[0]}: {plain(name[1])} is not a number, so labels are names of classes, and the "
                f"column {plain(y_label)} has {len(known)} of them; at most {MOST_CLASSES} are right"
            )
        return _classes(path, Y, known.tolist(), y_label)
    numbers = np.array([_finite(cell, f"{path}, line {line}") for line, cell in labels])
    values, Y = np.unique(numbers, return_inverse=True)
    if len(values) > MOST_NUMBERED_CLASSES or (values != np.round(values)).any():
        return numbers, ()
    return _classes(path, Y, [str(int(value)) for value in values], y_label)


def _classes(path: str | Path, Y: NDArray[np.intp], names: list[str], y_label: str) -> tuple[Array, tuple[str, ...]]:
    if len(names) == 1:
        raise ValueError(
            f"{path}: the column {plain(y_label)} has only one class, {plain(names[0])}; at least two are right"
        )
    return Y.astype(np.float64), tuple(names)
