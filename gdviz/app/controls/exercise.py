"""Exercises: sessions whose author left open a few controls, while everything else stays as it is."""

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
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gdviz.app.controls.forms import ParamField

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gdviz.app.controls.panel import Panel
    from gdviz.objectives import Objective
    from gdviz.scene.session import Session
    from gdviz.training import Experiment, Run

__all__ = ["ExerciseDialog", "changes", "controls_of", "refusal_of", "show_only"]

SHARED = {"sampling": "strategy", "reduction": "reduction", "epochs": "epochs", "updates": "epochs", "seed": "seed",
          "start": "start", "patience": "patience"}  # fmt: skip
"""Which control changes a field that runs share."""


CONTROLS = (ParamField, QComboBox, QPushButton)
"""What a group of the panel is made of."""


def changes(old: Experiment, new: Experiment) -> set[str]:
    """Return the names of the controls that lead from one experiment to another; how a run looks is always free."""
    if [run.fork for run in old.runs] != [run.fork for run in new.runs]:
        return {"runs"}
    return {name for one, other in zip(old.runs, new.runs, strict=True) for name in _between(one, other)}


def refusal_of(session: Session, experiment: Experiment) -> str:
    """Say what an exercise leaves open where an edit changes something else; empty where it may be made."""
    left_open = session.open_controls
    if left_open is None or changes(session.experiment, experiment) <= set(left_open):
        return ""
    return f"This exercise leaves open: {', '.join(left_open) or 'nothing'}."


def _between(old: Run, new: Run) -> Iterator[str]:
    if old.objective != new.objective:
        yield from _of_objective(old.objective, new.objective)
    for key, one, other in (("optimizer", old.optimizer, new.optimizer), ("schedule", old.schedule, new.schedule)):
        if type(one) is not type(other):
            yield key
        else:
            yield from (name for name, value in one.values().items() if other.values()[name] != value)
    yield from (control for key, control in SHARED.items() if getattr(old, key) != getattr(new, key))


def _of_objective(old: Objective, new: Objective) -> Iterator[str]:
    """Return the controls that lead from one objective to another."""
    if type(old) is not type(new):
        yield "objective"
        return
    if old.data != new.data:
        yield "data"
    values, others = (thing.values() for thing in (old, new))
    yield from (name for name, value in values.items() if others[name] != value)


def controls_of(experiment: Experiment) -> dict[str, str]:
    """Return the controls that an author can leave open, with what they are called."""
    names = {"objective": "the objective", "data": "the data", "runs": "which runs race", "optimizer": "the rules"}
    declared = [experiment.objective]
    for run in experiment.runs:
        for thing in (*declared, run.optimizer, run.schedule):
            names |= {param.name: f"{param.symbol}: {param.help}" for param in thing.params()}
    return names | {
        **{"strategy": "the strategy", "schedule": "the schedule", "reduction": "the reduction"},
        **{"epochs": "the number of epochs", "seed": "the seed", "start": "the start"},
    }


def show_only(panel: Panel, left_open: Sequence[str] | None) -> None:
    """Hide the controls of the panel that are not left open; None: all are there."""
    common = panel.common
    for name, widgets in {
        "objective": [panel.objective],
        "data": [panel.data, panel.standardize],
        "runs": [panel.add_run, panel.remove_run],
        "optimizer": [panel.optimizer],
        "strategy": [common.strategy, common.batch_size, common.shuffle],
        "schedule": [common.schedule],
        "reduction": [common.reduction],
    }.items():
        for widget in widgets:
            _show(widget, left_open is None or name in left_open)
    for field in panel.findChildren(ParamField):
        name = "start" if field.declared.name.startswith("start ") else field.declared.name
        field.setVisible(left_open is None or name in left_open)
    for section in panel.objective_params.sections.values():
        section.show_only(left_open)
    common.for_all.setVisible(left_open is None or any(_is_there(common.box, kind) for kind in CONTROLS))
    for box in panel.findChildren(QGroupBox):  # nothing may be left in one
        box.setVisible(left_open is None or any(_is_there(box, kind) for kind in (*CONTROLS, QListWidget)))
    panel.plane.box.setVisible(panel.plane.is_offered)  # how it is looked at is always free
    panel.network.setVisible(panel.has_network and (left_open is None or "layers" in left_open))


def _is_there(box: QGroupBox, kind: type[QWidget]) -> bool:
    return any(not widget.isHidden() for widget in box.findChildren(kind))


def _show(widget: QWidget, is_visible: bool) -> None:
    """Show or hide a control with the label beside it."""
    widget.setVisible(is_visible)
    row = widget if isinstance(widget.parentWidget().layout(), QFormLayout) else widget.parentWidget()
    form = row.parentWidget().layout()
    label = form.labelForField(row) if isinstance(form, QFormLayout) else None
    if isinstance(label, QLabel):
        label.setVisible(is_visible)


class ExerciseDialog(QDialog):
    """Lets an author tick what is left open.

    Signals
    -------
    chosen(object)
        The names of the controls.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget, experiment: Experiment) -> None:
        super().__init__(parent, windowTitle="Exercise: what is left open", objectName="exercise")
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
