"""Samples from files: a table of any usual kind, or pictures as IDX files."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gdviz.objectives.data.pictures import load_pictures
from gdviz.objectives.data.roles import MOST_CLASSES, UNCHOSEN, Choice, Roles, network_roles, neuron_roles
from gdviz.objectives.data.samples import DATASETS, FROM_FILE, Data, DataSet, find_data, is_known, is_path
from gdviz.objectives.data.shipped import LABELLED
from gdviz.tables import Column, Table, is_missing, read_table
from gdviz.tables.cells import Kind, kind_of
from gdviz.tables.header import tidy_name
from gdviz.tables.idx import is_idx
from gdviz.wording import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from gdviz.elementary import Array
    from gdviz.registry import Registry

__all__ = ["as_data", "load_any", "load_csv", "load_data", "load_table", "rows_left_out"]

MOST_FEATURES = 4096
MOST_NAMES = 100
"""Maximum number of classes with names."""
PARTED = re.compile(r"[\d\s.+−-]+([;,|][\d\s.+−-]+)+")
"""Several numbers in one cell."""
NEEDED = "the columns x,y and at least one row"
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def load_data(name: str, choice: Choice = UNCHOSEN) -> Data:
    """Return a data set for the neuron by its name, or the samples of a file by its path.

    Parameters
    ----------
    name
        The name of a data set, such as ``oring``, or the path of a table; see :func:`load_csv`.
    choice
        Which columns of a table to use; by default they are found.

    Returns
    -------
    Data
        X and Y of shape (N,).

    Raises
    ------
    ValueError
        Where there is neither, or the file is not suitable: a sentence that says what is wrong and where.
    """
    return _load(name, (DATASETS,), load_csv, choice)


def load_any(name: str, choice: Choice = UNCHOSEN) -> Data:
    """Return a data set for networks or for the neuron by its name, or the samples of a file.

    Parameters
    ----------
    name
        The name of a data set, such as ``moons``, or the path of a table or of IDX pictures; see :func:`load_table`.
    choice
        Which columns of a table to use; by default they are found.

    Returns
    -------
    Data
        X of shape (N,) or (N, d), Y of shape (N,).

    Raises
    ------
    ValueError
        Where there is neither, or the file is not suitable: a sentence that says what is wrong and where.
    """
    return _load(name, (LABELLED, DATASETS), load_table, choice)


def _load(
    name: str, registries: Sequence[Registry[DataSet]], load: Callable[[str, Choice], Data], choice: Choice
) -> Data:
    if choice != UNCHOSEN and (is_known(name, registries) or not is_path(name)):
        raise ValueError(f"{plain(name)} is no file: --columns, --label, --classes and --numbers are for files")
    return find_data(name, registries, lambda path: load(path, choice))


def load_csv(path: str | Path, choice: Choice = UNCHOSEN) -> Data:
    """Read samples for the neuron: columns x and y by their header, or the only two columns.

    Parameters
    ----------
    path
        A table: text separated by commas, semicolons, tabs, bars or blanks, or an Excel or OpenDocument workbook.
    choice
        Which columns to use; by default they are found.

    Raises
    ------
    ValueError
        Where the file cannot be read, is malformed, or is ambiguous: a sentence with the line.
    """
    if is_idx(path):
        raise ValueError(f"{path}: pictures have many inputs; they are for --objective network")
    table = read_table(path, NEEDED)
    return as_data(table, neuron_roles(table, choice), choice, is_numeric=True)


def load_table(path: str | Path, choice: Choice = UNCHOSEN) -> Data:
    """Read features and labels for a network.

    The label is the column called label, class, target or y, otherwise the only text column, otherwise the last column.
    Every other column is a feature, except columns that only count rows. Labels are classes where they are text, or
    whole numbers with at most 20 different values.

    Parameters
    ----------
    path
        A table as for :func:`load_csv`, or an IDX file of pictures whose labels are beside it.
    choice
        Which columns to use; by default they are found.

    Returns
    -------
    data
        X of shape (N,) for one feature, otherwise (N, d).

    Raises
    ------
    ValueError
        Where the file cannot be read, is malformed, or is ambiguous: a sentence with the line.
    """
    if is_idx(path):
        return load_pictures(path, choice)
    table = read_table(path, "columns of numbers, one of labels and at least one row")
    return as_data(table, network_roles(table, choice), choice, is_numeric=False)


def as_data(table: Table, roles: Roles, choice: Choice, is_numeric: bool) -> Data:
    """Return the samples in a table.

    Parameters
    ----------
    table
        The table.
    roles
        Which columns are inputs, and which is the answer.
    choice
        How to read the answers, and what to do with missing cells.
    is_numeric
        Whether answers are always numbers, as for the neuron.

    Raises
    ------
    ValueError
        Where a cell is missing or does not suit its column: a sentence with its line.
    """
    if len(roles.inputs) > MOST_FEATURES:
        where = f"{table.path}, line {table.first_line}"
        raise ValueError(f"{where}: {len(roles.inputs)} features; at most {MOST_FEATURES} are right")
    if not table.rows:
        raise ValueError(f"{table.path}: there is a header but no row of numbers")
    out = rows_left_out(roles) if choice.skip_missing else np.zeros(table.rows, bool)
    if out.all():
        raise ValueError(f"{table.path}: a cell is missing in every row")
    rows = np.flatnonzero(~out)
    mark = table.mark([column for column in (*roles.inputs, roles.answer) if not column.is_text])
    X = np.stack([column.numbers(mark, rows) for column in roles.inputs], axis=1)
    Y, classes = _targets(table.path, roles.answer, "numbers" if is_numeric else choice.answers, mark, rows)
    names, y_label = _names(roles, bool(table.header))
    has_one = len(names) == 1
    return Data(
        _file_name(table.path),
        X[:, 0].copy() if has_one else X,
        Y,
        names[0] if has_one else "x",
        y_label,
        _about(table, roles, classes, int(out.sum()), is_numeric),
        inputs=() if has_one else names,
        classes=classes,
        source=os.path.abspath(table.path),
    )


def rows_left_out(roles: Roles) -> NDArray[np.bool_]:
    """Return for each row whether a cell of the chosen columns is missing."""
    out = np.zeros(len(roles.answer.lines), bool)
    for column in (*roles.inputs, roles.answer):
        if Kind.MISSING in column.kinds:
            out |= np.array([is_missing(cell) for cell in column.cells()])
    return out


def _file_name(path: str) -> str:
    """Return the name of a file's data set; it differs from the names of all registered data sets."""
    name = Path(path).name
    return f"{name} (file)" if is_known(name, (LABELLED, DATASETS)) else name


def _names(roles: Roles, has_header: bool) -> tuple[tuple[str, ...], str]:
    """Return the names of the inputs and of the answer."""
    if has_header:
        return tuple(column.title for column in roles.inputs), roles.answer.title
    if len(roles.inputs) == 1:
        return ("x",), "y"
    return tuple(f"x{i}".translate(SUBSCRIPTS) for i in range(1, len(roles.inputs) + 1)), "y"


def _about(table: Table, roles: Roles, classes: Sequence[str], left_out: int, is_numeric: bool) -> str:
    """Return a sentence that says which parts of the file are used; a short one where that is obvious."""
    columns = (*roles.inputs, roles.answer)
    others = [column for column in table.columns if column not in columns]
    if is_numeric:
        summary = f"x = {roles.inputs[0].title[:40]}, y = {roles.answer.title[:40]}"
    else:
        kind = f"{len(classes)} classes" if classes else "numbers"
        title = roles.answer.title[:40]
        summary = f"{len(roles.inputs)} inputs = {table.names_of(roles.inputs)}; answer = {title}, {kind}"
        summary += f" ({roles.doubt})" if roles.doubt else ""
    parts = [summary, f"header in line {table.header}" if table.header else "no header", *table.notes]
    if others:
        parts.append(f"{table.names_of(others)} left out")
    if left_out:
        parts.append(f"{left_out} row(s) with missing cells left out")
    is_plain = is_numeric and summary == "x = x, y = y" and table.header == 1 and len(parts) == 2
    return f"{FROM_FILE}." if is_plain else f"{FROM_FILE}: {'; '.join(parts)}."


def _targets(
    path: str, answer: Column, answers: str, mark: str, rows: NDArray[np.intp]
) -> tuple[Array, tuple[str, ...]]:
    """Return each sample's number or class, shape (N,), and the names of the classes if there are any."""
    if answers == "numbers":
        return answer.numbers(mark, rows), ()
    cells = list(answer.cells())
    labels = [cells[row].strip() for row in rows]
    gap = next((row for row in rows if is_missing(cells[row])), None)
    if gap is not None:
        raise ValueError(f"{path}, line {answer.lines[gap]}: the label is missing; a name or a number is right")
    if any(kind_of(label) in (Kind.TEXT, Kind.WORD) for label in labels):
        _refuse_mixture(path, answer, cells, rows)
        return _named_classes(path, answer, labels, rows)
    numbers = answer.numbers(mark, rows)
    values, Y = np.unique(numbers, return_inverse=True)
    is_whole = bool((values == np.round(values)).all())
    if answers != "classes" and (len(values) > MOST_CLASSES or not is_whole):
        return numbers, ()
    names = [str(int(value)) if value == round(value) else repr(float(value)) for value in values]
    return _classes(path, Y, names, answer.title)


def _refuse_mixture(path: str, answer: Column, cells: Sequence[str], rows: NDArray[np.intp]) -> None:
    """Refuse cells that cannot be names of classes: several numbers in a cell, or text among decimal numbers."""
    where = next((row for row in rows if PARTED.fullmatch(cells[row].strip())), None)
    if where is not None:
        raise ValueError(
            f"{path}, line {answer.lines[where]}: {plain(cells[where].strip())} is neither a number nor a name of a "
            "class; a column for each number is right"
        )
    decimal = next((row for row in rows if kind_of(cells[row]).is_number and kind_of(cells[row]) != Kind.WHOLE), None)
    if decimal is not None:
        text = next(row for row in rows if not kind_of(cells[row]).is_number)
        raise ValueError(
            f"{path}, line {answer.lines[text]}: {plain(cells[text].strip())} is not a number, "
            f"but line {answer.lines[decimal]} has {plain(cells[decimal].strip())} in the column {plain(answer.title)}"
        )


def _named_classes(
    path: str, answer: Column, labels: list[str], rows: NDArray[np.intp]
) -> tuple[Array, tuple[str, ...]]:
    unique, Y = np.unique(labels, return_inverse=True)
    names = [tidy_name(label) for label in unique.tolist()]
    if len(unique) > MOST_NAMES:
        at = next(i for i, label in enumerate(labels) if kind_of(label) is Kind.TEXT)
        raise ValueError(
            f"{path}, line {answer.lines[rows[at]]}: {plain(labels[at])} is not a number, so labels are names of "
            f"classes, and the column {plain(answer.title)} has {len(unique)} of them; at most {MOST_NAMES} are right"
        )
    if len(set(names)) < len(names):
        raise ValueError(f"{path}: two classes in the column {plain(answer.title)} look alike")
    return _classes(path, Y, names, answer.title)


def _classes(path: str, Y: NDArray[np.intp], names: list[str], y_label: str) -> tuple[Array, tuple[str, ...]]:
    if len(names) == 1:
        raise ValueError(
            f"{path}: the column {plain(y_label)} has only one class, {plain(names[0])}; at least two are right"
        )
    return Y.astype(np.float64), tuple(names)
