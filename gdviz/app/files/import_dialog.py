"""Which of a table's columns are inputs and which is the answer, chosen over its first rows."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gdviz.objectives.data.csv_tables import as_data, rows_left_out
from gdviz.objectives.data.roles import Choice, Roles
from gdviz.tables import Column, Table, is_missing
from gdviz.tables.cells import Kind
from gdviz.views.words import Label, named

if TYPE_CHECKING:
    from gdviz.objectives import Data

__all__ = ["ImportDialog"]

ROWS, COLUMNS = 12, 60
"""How much of a table is shown; columns beyond have the roles that are guessed."""
INPUT, ANSWER, CLASSES, NUMBERS, LEFT_OUT = "Input", "Answer", "Answer: classes", "Answer: numbers", "Leave out"
LINES = 5
"""Rows that are left out by their lines; of more only how many there are."""


class ImportDialog(QDialog):
    """Shows a table's first rows, lets each column be an input, the answer or nothing, and says which rows are used.

    Parameters
    ----------
    table
        The table.
    roles
        The columns' roles as they are guessed; None: nothing is.
    is_neuron
        Whether there is one input, and the answer is a number.

    Signals
    -------
    chosen(object)
        The samples.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget, table: Table, roles: Roles | None, is_neuron: bool) -> None:
        super().__init__(parent)
        named(self, "import_data").setWindowTitle("Open samples")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._table, self._is_neuron = table, is_neuron
        self._data: Data | None = None
        self._role_of = {column.number: self._guess(column, roles) for column in table.columns}
        self.roles = [self._role(column) for column in table.columns[:COLUMNS]]
        self.sentence = Label(wordWrap=True, objectName="import_sentence")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.use = buttons.addButton("Use these rows", QDialogButtonBox.ButtonRole.AcceptRole)
        self.use.setObjectName("import_use")
        self.use.setDefault(True)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (self._about(), self._preview(), self.sentence, buttons):
            layout.addWidget(widget)
        self.resize(min(900, parent.width() - 60), min(520, parent.height() - 60))
        self._follow()

    # -- what is shown

    def _about(self) -> Label:
        table = self._table
        name = table.path.replace("\\", "/").rpartition("/")[2]
        header = f"header in line {table.header}" if table.header else "no header"
        parts = [f"{name}: {table.rows} rows, {len(table.columns)} columns", header, *table.notes]
        return Label("; ".join(parts), wordWrap=True, objectName="import_about")

    def _preview(self) -> QTableWidget:
        columns = self._table.columns[:COLUMNS]
        rows = min(ROWS, self._table.rows)
        preview = named(QTableWidget(rows + 2, len(columns)), "import_preview", "The first rows")
        preview.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        preview.setHorizontalHeaderLabels([column.title for column in columns])
        lines = [str(line) for line in columns[0].lines[:rows]]
        preview.setVerticalHeaderLabels(["role", "kind", *(f"line {line}" for line in lines)])
        for at, column in enumerate(columns):
            preview.setCellWidget(0, at, self.roles[at])
            preview.setItem(1, at, QTableWidgetItem(_kind(column)))
            for row, cell in enumerate(islice(column.cells(), rows)):
                preview.setItem(row + 2, at, QTableWidgetItem(cell.strip() or "empty"))
        preview.resizeColumnsToContents()
        return preview

    def _role(self, column: Column) -> QComboBox:
        names = (INPUT, ANSWER, LEFT_OUT) if self._is_neuron else (INPUT, CLASSES, NUMBERS, LEFT_OUT)
        role = named(QComboBox(), f"role_{column.number}", f"What column {column.number} is")
        role.addItems(names)
        role.setCurrentText(self._role_of[column.number])
        role.activated.connect(lambda: self._choose(column.number, role.currentText()))
        return role

    def _guess(self, column: Column, roles: Roles | None) -> str:
        if roles is None:
            return LEFT_OUT
        if column is roles.answer:
            is_text = Kind.TEXT in column.kinds or Kind.WORD in column.kinds
            is_class = is_text or set(column.kinds) <= {Kind.WHOLE, Kind.MISSING}
            return ANSWER if self._is_neuron else CLASSES if is_class else NUMBERS
        return INPUT if column in roles.inputs and not column.is_text else LEFT_OUT

    # -- what is chosen

    def _choose(self, number: int, role: str) -> None:
        """Give a column a role; of answers, and of a neuron's inputs, there is one."""
        is_answer = role in (ANSWER, CLASSES, NUMBERS)
        for other, old in self._role_of.items():
            is_second = is_answer and old in (ANSWER, CLASSES, NUMBERS)
            if is_second or (self._is_neuron and role == old == INPUT):
                self._role_of[other] = LEFT_OUT
        self._role_of[number] = role
        for column, box in zip(self._table.columns, self.roles, strict=False):
            box.setCurrentText(self._role_of[column.number])
        self._follow()

    def _follow(self) -> None:
        """Say which rows are used, or why these columns cannot be."""
        try:
            self._data, sentence = self._read()
        except ValueError as error:
            self._data, sentence = None, f"{str(error).removeprefix(f'{self._table.path}, ')}."
        self.sentence.setText(sentence)
        self.use.setEnabled(self._data is not None)
        self.use.setText("Use these rows" if self._data is None else f"Use these {len(self._data.X)} rows")

    def _read(self) -> tuple[Data, str]:
        columns = self._table.columns
        inputs = tuple(column for column in columns if self._role_of[column.number] == INPUT)
        answer = [column for column in columns if self._role_of[column.number] in (ANSWER, CLASSES, NUMBERS)]
        if not inputs or not answer:
            raise ValueError("Choose one input and the answer" if self._is_neuron else "Choose inputs and the answer")
        role = self._role_of[answer[0].number]
        choice = Choice(answers={CLASSES: "classes", NUMBERS: "numbers"}.get(role, ""), skip_missing=True)
        roles = Roles(inputs, answer[0])
        data = as_data(self._table, roles, choice, self._is_neuron)
        return data, f"{len(data.X)} rows will be used. {_left_out(roles)}"

    def _accept(self) -> None:
        if self._data is not None:
            self.accept()
            self.chosen.emit(replace(self._data))


def _kind(column: Column) -> str:
    kinds = column.kinds
    if column.is_text:
        return f"text, {len(set(column.cells()))} kinds"
    if Kind.TEXT in kinds:
        return "numbers and text"
    if Kind.WORD in kinds:
        return "yes / no"
    return "whole number" if set(kinds) <= {Kind.WHOLE, Kind.MISSING} else "number"


def _left_out(roles: Roles) -> str:
    """Say which rows are left out, and for the first of them why."""
    out = np.flatnonzero(rows_left_out(roles))
    if not len(out):
        return ""
    first = int(out[0])
    why = next(c.title for c in (*roles.inputs, roles.answer) if is_missing(next(islice(c.cells(), first, None))))
    lines = ", ".join(str(roles.answer.lines[row]) for row in out[:LINES])
    if len(out) == 1:
        return f"Line {lines} is left out: {why} is empty."
    more = f" and {len(out) - LINES} more" if len(out) > LINES else ""
    return f"Lines {lines}{more} are left out: in the first of them {why} is empty."
