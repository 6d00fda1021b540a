"""How an export is to look: a field for each declared option, and the name of the file asked for at the end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from gdviz.app.controls.forms import ParamForm, Problem
from gdviz.app.controls.parts import Column
from gdviz.views.words import named

if TYPE_CHECKING:
    from gdviz.params import Declared

__all__ = ["ExportDialog"]


class ExportDialog(QDialog):
    """Lets options be chosen; they are kept for the next time.

    Signals
    -------
    chosen(object)
        The options, in the order in which they were given.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget, title: str, *options: Declared) -> None:
        super().__init__(parent)
        named(self, "export_options").setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._options: list[Any] = list(options)
        self.forms = [ParamForm() for _ in options]
        fields = QWidget()
        column = QVBoxLayout(fields)
        for at, (form, one) in enumerate(zip(self.forms, options, strict=True)):
            form.show_values(one.params(), one.values())
            form.edited.connect(lambda name, value, at=at: self._edit(at, name, value))
            column.addWidget(form)
        column.addStretch(1)
        self._problem = Problem()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        save = buttons.addButton("Save as …", QDialogButtonBox.ButtonRole.AcceptRole)
        save.setDefault(True)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (Column(fields), self._problem, buttons):
            layout.addWidget(widget)
        self.resize(420, min(fields.sizeHint().height() + 90, parent.height() - 40))
        save.setFocus()

    def _edit(self, at: int, name: str, value: Any) -> None:
        """Take a value, or say why not and show the old one."""
        try:
            self._options[at] = replace(self._options[at], **{name: value})
        except ValueError as error:
            self._problem.say(f"{error}.")
            self.forms[at].show_values(self._options[at].params(), self._options[at].values())
        else:
            self._problem.say("")

    def _accept(self) -> None:
        self.accept()
        self.chosen.emit(tuple(self._options))
