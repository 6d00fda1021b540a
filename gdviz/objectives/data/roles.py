"""Which columns of a table are inputs and which is the answer: by choice, by their names, or by convention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdviz.tables.cells import Kind
from gdviz.wording import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdviz.tables import Column, Table

__all__ = ["LABELS", "UNCHOSEN", "Choice", "Roles", "network_roles", "neuron_roles"]

LABELS = ("label", "class", "target", "y")
"""Names of the answer's column; the first of them that the header has is used."""
MOST_CLASSES = 20
"""Maximum number of different whole numbers that are classes; with more, the answer is a number."""


@dataclass(frozen=True)
class Choice:
    """A person's choice of columns; empty fields are determined from the table.

    Attributes
    ----------
    columns
        Names or numbers from 1: for the neuron x and y, for a network the inputs.
    label
        The column of the answers, or the file of a picture's labels.
    answers
        ``classes`` or ``numbers``; empty: determined from the cells.
    skip_missing
        Whether rows in which a cell is missing are left out; otherwise the table is refused.
    """

    columns: tuple[str, ...] = ()
    label: str = ""
    answers: str = ""
    skip_missing: bool = False


UNCHOSEN = Choice()


@dataclass(frozen=True)
class Roles:
    """Which columns are used.

    Attributes
    ----------
    inputs, answer
        The columns.
    doubt
        Why other columns may be meant; empty where names or the number of columns leave no doubt.
    """

    inputs: tuple[Column, ...]
    answer: Column
    doubt: str = ""


def neuron_roles(table: Table, choice: Choice) -> Roles:
    """Return x and y: the columns that are called so, or the only two.

    Raises
    ------
    ValueError
        Where that leaves more than one possibility, or the choice does not fit: a sentence.
    """
    if choice.answers:
        raise ValueError("--classes and --numbers are for --objective network: the neuron's y is a number")
    if choice.columns or choice.label:
        return _chosen_pair(table, choice)
    _refuse_one(table, "two are needed, x and y")
    names = [column.name.lower() for column in table.columns]
    if "x" in names and "y" in names:
        return Roles((table.columns[names.index("x")],), table.columns[names.index("y")])
    if len(table.useful) == 2:
        return Roles(table.useful[:1], table.useful[1])
    raise ValueError(
        f"{table.path}: {len(table.useful)} columns ({table.names_of(table.useful)}), and it is not plain "
        "which are x and y; choose them: --columns A,B"
    )


def _chosen_pair(table: Table, choice: Choice) -> Roles:
    names = [*choice.columns, *([choice.label] if choice.label else [])]
    if len(names) == 1 and choice.label and len(table.useful) == 2:
        answer = table.column(choice.label)
        return Roles(tuple(column for column in table.useful if column is not answer), answer)
    if len(names) != 2:
        raise ValueError(f"--columns must name two columns for the neuron, x and y; there are: {_all(table)}")
    x, y = (table.column(name) for name in names)
    if x is y:
        raise ValueError(f"--columns names the column {plain(x.title)} twice; x and y are two")
    return Roles((x,), y)


def network_roles(table: Table, choice: Choice) -> Roles:
    """Return the inputs and the answer: the column called label, class, target or y, the only text, or the last one.

    Raises
    ------
    ValueError
        Where that leaves more than one possibility, or the choice does not fit: a sentence.
    """
    _refuse_one(table, "at least two are needed, a feature and a label")
    inputs = tuple(table.column(name) for name in choice.columns)
    if len(set(map(id, inputs))) < len(inputs):
        raise ValueError("--columns names a column twice; once is right")
    answer, doubt = (table.column(choice.label), "") if choice.label else _answer(table, inputs)
    if answer in inputs:
        raise ValueError(f"the column {plain(answer.title)} cannot be an input and the answer; choose another --label")
    others = inputs or tuple(column for column in table.useful if column is not answer)
    if not choice.answers and not doubt and answer.name.lower() not in LABELS[:2] and _are_whole(answer):
        doubt = "its whole numbers may be classes or numbers: --classes or --numbers"
    return Roles(others, answer, doubt)


def _answer(table: Table, inputs: Sequence[Column]) -> tuple[Column, str]:
    columns = [column for column in table.useful if column not in inputs]
    if not columns:
        raise ValueError("--columns names every column; one must be left for the answer")
    for label in LABELS:
        for column in columns:
            if column.name.lower() == label:
                return column, ""
    texts = [column for column in columns if column.is_text]
    if len(texts) == 1:
        return texts[0], "" if texts[0] is columns[-1] else "it is the only column of text"
    first, last = columns[0], columns[-1]
    if len(columns) > 2 and not table.header and _are_classes(first) and not _are_classes(last):
        raise ValueError(
            f"{table.path}: there is no header, and the first column looks like the answer, but so may the last; "
            f"choose it: --label 1 or --label {last.number}"
        )
    return last, "it is the last column: --label chooses another" if len(columns) > 2 else ""


def _are_whole(column: Column) -> bool:
    return set(column.kinds) <= {Kind.WHOLE, Kind.MISSING}


def _are_classes(column: Column) -> bool:
    """Return whether a column looks like classes: text, or few whole numbers that repeat."""
    if column.is_text:
        return True
    different = len(set(column.cells())) if _are_whole(column) else len(column.lines)
    return different <= min(MOST_CLASSES, len(column.lines) // 2)


def _refuse_one(table: Table, requirement: str) -> None:
    if len(table.columns) < 2:
        raise ValueError(f"{table.path}, line {table.first_line}: one column only; {requirement}")


def _all(table: Table) -> str:
    return table.names_of(table.columns)


ROLES: dict[str, Callable[[Table, Choice], Roles]] = {"neuron": neuron_roles, "network": network_roles}
"""How columns are found, by the name of the objective."""
