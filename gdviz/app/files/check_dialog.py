"""What a notebook's table is expected to hold: its columns can be named otherwise, and a template be saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from gdviz.app.controls.forms import Problem
from gdviz.views.words import Label, named

if TYPE_CHECKING:
    from gdviz.training import Run

__all__ = ["CheckDialog", "template_of"]

FEW = 6
"""The maximum number of params whose names are asked for."""
ABOUT = (
    "A table with a header and a row for each update or epoch, with as many digits as you like. A column “update” or "
    "“epoch” may say which row is which, a column “run” whose rows they are."
)


class CheckDialog(QDialog):
    """Asks which columns are meant, then for the file.

    Signals
    -------
    file_wanted(list)
        The names of the params' columns and of the error's.
    template_wanted()
        A table to begin with is to be saved.
    """

    file_wanted = Signal(list)
    template_wanted = Signal()

    def __init__(self, parent: QWidget, run: Run, title: str) -> None:
        super().__init__(parent)
        named(self, "check_notebook").setWindowTitle("Check a notebook")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._size = run.objective.size
        names = [run.objective.name_of(i) for i in range(self._size)] if self._size <= FEW else []
        columns = ", ".join([*names, "error"]) if names else ""
        self.columns = named(QLineEdit(columns), "check_columns", "Columns of the parameters and of the error")
        self.columns.setVisible(bool(names))
        self._problem = Problem()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        choose = buttons.addButton("Choose the file …", QDialogButtonBox.ButtonRole.AcceptRole)
        choose.setDefault(True)
        template = buttons.addButton("Save a template …", QDialogButtonBox.ButtonRole.ActionRole)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        template.clicked.connect(self.template_wanted)
        layout = QVBoxLayout(self)
        question = "Columns of the parameters and, if there is one, of the error:" if names else ""
        for text in (f"The numbers are compared with {title}.", ABOUT, question):
            layout.addWidget(Label(text, wordWrap=True))
        for widget in (self.columns, self._problem, buttons):
            layout.addWidget(widget)
        self.resize(460, self.sizeHint().height())

    def _accept(self) -> None:
        names = [name.strip() for name in self.columns.text().split(",") if name.strip()]
        if self._size <= FEW and len(names) not in (self._size, self._size + 1):
            self._problem.say(f"Name {self._size} columns and, if there is one, that of the error.")
            return
        self.accept()
        self.file_wanted.emit(names)


def template_of(run: Run) -> str:
    """Return a table that holds the header and the start of a run, to be gone on with."""
    names = [run.objective.name_of(i) for i in range(run.objective.size)]
    error = float(run.objective.value(np.array(run.start)))
    start = ",".join(map(repr, run.start))
    return f"update,{','.join(names)},error\n0,{start},{error!r}\n"
