"""What the controls and actions mean for the experiment: each makes a new one, or says why that cannot be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gdviz.app.model.document import Locked
from gdviz.app.model.edits import ChooseObjective
from gdviz.optimizers import LECTURE
from gdviz.training import Experiment, usual
from gdviz.training.experiment import MOST_RUNS
from gdviz.views.theme import STYLES

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from gdviz.app.model.document import Document
    from gdviz.app.model.edits import Edit
    from gdviz.optimizers import Optimizer
    from gdviz.training import Run

__all__ = ["Edits"]

LONGEST = 40
"""Letters of a run's name."""


class Edits(QObject):
    """Edits the document's experiment.

    Signals
    -------
    refused(str, str)
        The name of a control whose value cannot be taken, and why; empty: no control's. Nothing was changed.
    """

    refused = Signal(str, str)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document

    @property
    def _experiment(self) -> Experiment:
        return self._document.experiment

    @property
    def _selected(self) -> int:
        return self._document.selected

    def apply(self, edit: Edit) -> None:
        """Make an edit, or say beside its control why that cannot be."""
        try:
            experiment = edit.apply(self._experiment, self._selected)
        except ValueError as error:
            self.refused.emit(edit.field, str(error))
        else:
            self.edit(experiment, key=edit.key(self._selected))

    def edit(self, experiment: Experiment, select: int | None = None, key: Hashable = None) -> None:
        """Make an experiment the current one, or say that the exercise is locked."""
        try:
            self._document.edit(experiment, key, select)
        except Locked as error:
            self.refused.emit("", str(error))

    def choose_objective(self, name: str) -> None:
        """Minimise something else, at learning rates that suit it."""
        self.apply(ChooseObjective(name))

    def add_run(self, rule: type[Optimizer] | None = None) -> None:
        """Add a run below the selected one: its copy, or one that differs from it in its rule."""
        if not self._has_room():
            return
        at = self._selected
        run = self._experiment.runs[at]
        if rule is not None:
            run = replace(run, fork=None, optimizer=usual(rule, run.objective))
        self.edit(self._experiment.with_added(at + 1, run), select=at + 1)

    def _has_room(self) -> bool:
        if len(self._experiment.runs) >= MOST_RUNS:
            self.refused.emit("", f"A race has at most {MOST_RUNS} runs")
            return False
        return True

    def fork(self, update: int) -> None:
        """Add a run that is the selected one up to an update and can be changed from there on."""
        at = self._selected
        if update > 0 and self._has_room():
            try:
                fork = self._experiment.runs[at].forked_at(update)
            except ValueError as error:
                self.refused.emit("", str(error))
            else:
                self.edit(self._experiment.with_added(at + 1, fork), select=at + 1)

    def remove_run(self, index: int) -> None:
        """Take a run out of the race."""
        if len(self._experiment.runs) > 1:
            last = len(self._experiment.runs) - 2
            self.edit(self._experiment.without(index), select=min(index, last))

    def move_run(self, by: int) -> None:
        """Move the selected run up or down in the list."""
        at = self._selected
        self.put_run(at, min(max(at + by, 0), len(self._experiment.runs) - 1))

    def put_run(self, at: int, to: int) -> None:
        """Put a run at another place in the list."""
        self.edit(self._experiment.with_moved(at, to), select=to)

    def rename_run(self, index: int, title: str) -> None:
        """Call a run by another name in all pictures; an empty one means its optimizer's."""
        run, look = self._experiment.runs[index], self._experiment.looks[index]
        title = " ".join(title.split())[:LONGEST]
        title = "" if title == run.optimizer.label else title
        if title != look.title:
            self.edit(self._experiment.with_look(index, title=title))

    def recolour_run(self) -> None:
        """Give the selected run the next colour and marker that no other run has."""
        at = self._selected
        style = self._experiment.looks[at].style
        others = {look.style % STYLES for i, look in enumerate(self._experiment.looks) if i != at}
        following = [(style + i) % STYLES for i in range(1, STYLES)]
        free = [one for one in following if one not in others] or following
        self.edit(self._experiment.with_look(at, style=free[0]))

    def hide_run(self, index: int | None = None) -> None:
        """Leave a run, or the selected one, out of the pictures, or bring it back."""
        at = self._selected if index is None else index
        look = self._experiment.looks[at]
        self.edit(self._experiment.with_look(at, hidden=not look.hidden))

    def solo(self) -> None:
        """Show the selected run alone, or all again."""
        self.edit(self._experiment.with_only(self._selected))

    def lecture_six(self) -> None:
        """Let the lecture's six rules race under the settings that all runs share."""
        run = self._experiment.runs[0]
        rules = [usual(cls, run.objective) for cls in LECTURE]
        self.edit(Experiment(tuple(replace(run, fork=None, optimizer=rule) for rule in rules)), select=0)

    def take_defaults(self, values_of: Callable[[type[Optimizer]], Mapping[str, Any]]) -> None:
        """Set every run's hyperparameters to those that some source gives; others stay as they are."""

        def with_defaults(run: Run) -> Run:
            optimizer: Any = run.optimizer
            return replace(run, optimizer=replace(optimizer, **values_of(type(optimizer))))

        self.edit(self._experiment.with_each(with_defaults))
