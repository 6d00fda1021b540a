"""The control panel: what is minimised, who races, and the selected run's settings. It only states intents."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGroupBox,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gdviz.app.controls.forms import ParamForm, Problem
from gdviz.app.controls.keys import reach_by_tab
from gdviz.app.controls.network_editor import NetworkEditor
from gdviz.app.controls.parts import Picker, fitted, make_choice, make_group, make_row, show_choice
from gdviz.app.controls.plane_choice import PlaneChoice
from gdviz.app.controls.race_list import RaceList
from gdviz.app.controls.shared_settings import SharedSettings
from gdviz.app.model.edits import ChooseRule, SetHyperparameter, SetObjective
from gdviz.objectives import OBJECTIVES
from gdviz.objectives.on_data import require_data
from gdviz.optimizers import OPTIMIZERS
from gdviz.views.words import Label, named, set_tip, untouched
from gdviz.wording import plain

if TYPE_CHECKING:
    from gdviz.objectives import Data, Objective
    from gdviz.objectives.network.network import Network
    from gdviz.optimizers import Optimizer
    from gdviz.training import Experiment, Run
    from gdviz.views.theme import Theme

__all__ = ["Panel"]

OPEN_CSV = "Open CSV …"
LARGE_INPUTS = 10.0
"""At the lecture's start |w| is 2: with |wx| = 20 the slope f (1 − f) is 2·10⁻⁹."""
SHOWN_ELSEWHERE = ("layers", "activation", "standardize")
"""Parameters of a network that have other controls than a field."""


class Panel(QWidget):
    """The controls, from top to bottom as one sets up a race.

    Signals
    -------
    objective_chosen(str), data_chosen(str, bool)
        A name (or the wish to open a file), and whether x is to be standardised.
    edited(object)
        An Edit of the selected run or of what runs share.
    run_selected(int), run_added(object), run_removed(int)
        In the race list; of a run that is added its rule's class.
    """

    objective_chosen = Signal(str)
    data_chosen = Signal(str, bool)
    edited = Signal(object)
    run_selected = Signal(int)
    run_added = Signal(object)
    run_removed = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._experiment: Experiment | None = None
        self._selected = 0
        self._datasets: tuple[str, ...] = ()
        self._hint_data: Data | None = None
        """The samples of which the hint speaks."""
        self.has_network = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(8)
        self.shared_settings = SharedSettings(self)
        self.shared_settings.edited.connect(self.edited)
        self.plane = PlaneChoice(self)
        groups = self._objective_group(), self._race_group(theme), self._run_group()
        for group in (*groups, self.plane.box, self.shared_settings.box):
            layout.addWidget(group)
        layout.addStretch(1)
        reach_by_tab(self.objective, self.data, self.standardize, self.optimizer)
        reach_by_tab(self.add_run, self.remove_run, self.runs)

    # -- what is minimised

    def _objective_group(self) -> QGroupBox:
        group, form = make_group("Objective")
        self.objective = Picker("objective", "What is minimised", OBJECTIVES)
        self.objective.activated.connect(lambda: self.objective_chosen.emit(self.objective.currentData()))
        form.addRow(self.objective)
        self.data = make_choice("data", "The samples", [])
        self.data.activated.connect(self._choose_data)
        self.standardize = QCheckBox("standardise x")
        self.standardize.setObjectName("standardize")
        self.standardize.setAccessibleName("Standardise x")
        self.standardize.setToolTip("Shift x to mean 0 and scale it to standard deviation 1")
        self.standardize.clicked.connect(self._choose_data)
        form.addRow("Data", make_row(self.data, self.standardize))
        self.data_problem = Problem()
        form.addRow(self.data_problem)
        self.size_hint = Label(wordWrap=True, objectName="size_hint")
        self.size_hint.hide()
        form.addRow(self.size_hint)
        self.network = NetworkEditor()
        self.network.edited.connect(self.edited)
        form.addRow(self.network)
        self.objective_params = ParamForm()
        self.objective_params.edited.connect(lambda name, value: self.edited.emit(SetObjective(name, value)))
        form.addRow(self.objective_params)
        return group

    def _choose_data(self) -> None:
        self.data_problem.say("")
        self.data_chosen.emit(self.data.currentData(), self.standardize.isChecked())

    # -- who races

    def _race_group(self, theme: Theme) -> QGroupBox:
        group, form = make_group("Race")
        self.runs = RaceList(theme)
        self.runs.currentRowChanged.connect(self._choose_run)
        form.addRow(self.runs)
        self.add_run = QPushButton("+ add")
        self.remove_run = QPushButton("− remove")
        for button, name, tip in (
            (self.add_run, "add_run", "Add a run: choose its rule"),
            (self.remove_run, "remove_run", "Take the selected run out of the race"),
        ):
            button.setObjectName(name)
            set_tip(button, tip)
            button.setAccessibleName(tip)
        self.rules = named(QMenu(self.add_run), "rules")
        self._list_rules()
        self.add_run.clicked.connect(
            lambda: self.rules.popup(self.add_run.mapToGlobal(self.add_run.rect().bottomLeft()))
        )
        self.remove_run.clicked.connect(lambda: self.run_removed.emit(self._selected))
        form.addRow(make_row(self.add_run, self.remove_run))
        return group

    def _list_rules(self) -> None:
        """Add the rules to their menu that are not there yet."""
        for cls in OPTIMIZERS[len(self.rules.actions()) :]:
            self.rules.addAction(cls.label).triggered.connect(lambda _=False, cls=cls: self.run_added.emit(cls))

    def _choose_run(self, index: int) -> None:
        if index >= 0:
            self.run_selected.emit(index)

    # -- the selected run

    def _run_group(self) -> QGroupBox:
        self.run_box, form = make_group("Selected run")
        self.optimizer = Picker("optimizer", "The update rule", OPTIMIZERS)
        self.optimizer.activated.connect(lambda: self.edited.emit(ChooseRule(self.optimizer.currentData())))
        form.addRow(self.optimizer)
        self.run_problem = Problem()
        form.addRow(self.run_problem)
        self.hyperparameters = ParamForm()
        self.hyperparameters.edited.connect(lambda name, value: self.edited.emit(SetHyperparameter(name, value)))
        form.addRow(self.hyperparameters)
        return self.run_box

    # -- showing

    def _run(self) -> Run:
        assert self._experiment is not None
        return self._experiment.runs[self._selected]

    def show_experiment(self, experiment: Experiment, selected: int) -> None:
        """Show the experiment's settings and those of the selected run."""
        if self._experiment is not None and experiment.objective != self._experiment.objective:
            self.data_problem.say("")  # it was about samples for another one
        self._experiment, self._selected = experiment, selected
        run = experiment.runs[selected]
        with QSignalBlocker(self.runs):
            self.runs.show_runs(experiment, selected)
        self._list_rules()
        self.remove_run.setEnabled(len(experiment.runs) > 1)
        self.run_box.setTitle(untouched(f"Selected run: {fitted(experiment.titles[selected], self.run_box)}"))
        self._show_objective(run)
        self.optimizer.show_name(run.optimizer.name)
        set_tip(self.optimizer, _about(run.optimizer))
        self.run_problem.say("")
        self.hyperparameters.show_values(run.optimizer.params(), run.optimizer.values())
        self.shared_settings.show_run(experiment, selected)

    def _show_objective(self, run: Run) -> None:
        objective = run.objective
        self.objective.show_name(objective.name)
        params = objective.params()
        self.has_network = objective.has_layers
        self.network.setVisible(self.has_network)
        if self.has_network:
            self.network.show_network(cast("Network", objective))
            params = tuple(param for param in params if param.name not in SHOWN_ELSEWHERE)
        self.objective_params.show_values(params, {param.name: getattr(objective, param.name) for param in params})
        self.objective_params.setVisible(bool(params))
        self.plane.show_objective(objective)
        for widget in (self.data, self.standardize):
            widget.setEnabled(objective.data is not None)
        self.size_hint.hide()
        if objective.data is not None:
            self._show_data(objective, objective.data)

    def _show_data(self, objective: Objective, data: Data) -> None:
        names = (*require_data(objective).names_of_datasets(), OPEN_CSV)
        if names != self._datasets:
            self._datasets = names
            self.data.clear()
            for name in names:
                self.data.addItem(name, name)
        key = data.source or data.name
        if self.data.findData(key) < 0:
            self.data.insertItem(self.data.count() - 1, data.name, key)
        show_choice(self.data, key)
        set_tip(self.data, data.about)
        self.standardize.setChecked(require_data(objective).is_standardized)
        if data is not self._hint_data:
            self._hint_data = data
            self.size_hint.setText(_hint(objective, data))
        self.size_hint.setVisible(bool(self.size_hint.text()))

    def refuse(self, name: str, sentence: str) -> None:
        """Say beside the field of that name why its value cannot be taken, and show what there is."""
        assert self._experiment is not None
        self.show_experiment(self._experiment, self._selected)
        for form in (
            self.objective_params,
            self.hyperparameters,
            self.shared_settings.schedule_params,
            self.shared_settings.stop_and_start,
        ):
            field = form.fields.get(name)
            if field is not None:
                field.problem.say(f"{sentence}.")
                return
        (self.run_problem if name == "optimizer" else self.shared_settings.sampling_problem).say(f"{sentence}.")

    def set_theme(self, theme: Theme) -> None:
        """Draw the race list in the colours of `theme`."""
        self.runs.set_theme(theme)
        if self._experiment is not None:
            with QSignalBlocker(self.runs):
                self.runs.show_runs(self._experiment, self._selected)


def _hint(objective: Objective, data: Data) -> str:
    """Say that a neuron's inputs are so large that it saturates at usual weights; empty where they are not."""
    size = float(np.abs(data.X).mean()) if require_data(objective).saturates and not data.is_standardized else 0.0
    if size <= LARGE_INPUTS:
        return ""
    return f"x is about {size:.3g} on average: with usual w the neuron saturates and hardly learns. Standardise x."


def _about(optimizer: Optimizer) -> str:
    """Return where a rule comes from, and what its paper recommends."""
    symbols = {param.name: param.symbol for param in optimizer.params()}
    about = (optimizer.__doc__ or "").partition("\n")[0]
    values = ", ".join(f"{symbols[name]} = {plain(value)}" for name, value in optimizer.published)
    return f"{about}\n{values} ({optimizer.source})" if values else about
