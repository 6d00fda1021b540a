"""An exercise in the panel: the controls that its author left open; and the dialog in which an author chooses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGroupBox,
    QLabel,
    QLayout,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gdviz.app.controls.forms import ParamField
from gdviz.app.model.exercise import controls_of
from gdviz.views.words import named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.app.controls.panel import Panel
    from gdviz.training import Experiment

__all__ = ["ExerciseDialog", "show_only"]

CONTROLS = (ParamField, QComboBox, QPushButton)
"""What a group of the panel is made of."""


def show_only(panel: Panel, left_open: Sequence[str] | None) -> None:
    """Hide the controls of the panel that are not left open; None: all are there."""
    shared = panel.shared_settings
    widgets_of: dict[str, list[QWidget]] = {
        "objective": [panel.objective],
        "data": [panel.data, panel.standardize],
        "runs": [panel.add_run, panel.remove_run],
        "optimizer": [panel.optimizer],
        "strategy": [shared.strategy, shared.batch_size, shared.shuffle],
        "schedule": [shared.schedule],
        "reduction": [shared.reduction],
    }
    for name, widgets in widgets_of.items():
        for widget in widgets:
            _show(widget, left_open is None or name in left_open)
    for field in panel.findChildren(ParamField):
        name = "start" if field.param.name.startswith("start ") else field.param.name
        field.setVisible(left_open is None or name in left_open)
    for section in panel.objective_params.sections.values():
        section.show_only(left_open)
    shared.for_all.setVisible(left_open is None or any(_is_there(shared.box, kind) for kind in CONTROLS))
    for box in panel.findChildren(QGroupBox):  # nothing may be left in one
        box.setVisible(left_open is None or any(_is_there(box, kind) for kind in (*CONTROLS, QListWidget)))
    panel.plane.box.setVisible(panel.plane.is_offered)  # how it is looked at is always free
    panel.network.setVisible(panel.has_network and (left_open is None or "layers" in left_open))


def _is_there(box: QGroupBox, kind: type[QWidget]) -> bool:
    return any(not widget.isHidden() for widget in box.findChildren(kind))


def _show(widget: QWidget, is_visible: bool) -> None:
    """Show or hide a control with the label beside it."""
    widget.setVisible(is_visible)
    row, form = widget, _layout_around(widget)
    if not isinstance(form, QFormLayout) and (parent := widget.parentWidget()) is not None:
        row, form = parent, _layout_around(parent)
    label = form.labelForField(row) if isinstance(form, QFormLayout) else None
    if isinstance(label, QLabel):
        label.setVisible(is_visible)


def _layout_around(widget: QWidget) -> QLayout | None:
    parent = widget.parentWidget()
    return None if parent is None else parent.layout()


class ExerciseDialog(QDialog):
    """Lets an author tick what is left open.

    Signals
    -------
    chosen(object)
        The names of the controls.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget, experiment: Experiment) -> None:
        super().__init__(parent)
        named(self, "exercise").setWindowTitle("Exercise: what is left open")
        self.boxes = {name: QCheckBox(text) for name, text in controls_of(experiment).items()}
        layout = QVBoxLayout(self)
        for name, box in self.boxes.items():
            box.setObjectName(f"open_{name}")
            layout.addWidget(box)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.addButton("Save as …", QDialogButtonBox.ButtonRole.AcceptRole).setDefault(True)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    def _accept(self) -> None:
        self.accept()
        self.chosen.emit(tuple(name for name, box in self.boxes.items() if box.isChecked()))
