"""The settings that runs usually share: strategy, schedule, reduction, stop and start; for all of them or for one."""

from __future__ import annotations

from typing import Any, get_args

from PySide6.QtCore import QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QWidget

from gdviz.app.controls.forms import ParamForm, Problem
from gdviz.app.controls.keys import NumberKeys, reach_by_tab
from gdviz.app.controls.parts import Picker, fitted, make_choice, make_group, make_row, show_choice
from gdviz.app.model.edits import ChooseSchedule, SetRun, SetSchedule
from gdviz.objectives import Reduction
from gdviz.objectives.scored import has_validation
from gdviz.params import Declared, Param
from gdviz.training import SCHEDULES, STRATEGIES, Experiment, MiniBatch, Run
from gdviz.views.words import Label, named, untouched

__all__ = ["SharedSettings"]

STOP = (
    Param("epochs", "epochs", "the number of epochs", 100, low=1, high=10**8, slider=(1, 10_000), log=True),
    Param("seed", "seed", "of the shuffling", 0, low=0, high=2**53, slider=(0, 100)),
)
PATIENCE = Param("patience", "patience", "epochs without a lower validation error after which a run stops; 0: it does "
                 "not", 0, low=0, high=10**6, slider=(0, 100))  # fmt: skip
FAR = 1e6
"""A start farther out than this could not be drawn."""
BATCH_SIZES = ("32", "64", "128")


class SharedSettings(QObject):
    """A group of controls; it only states intents.

    Signals
    -------
    edited(object)
        An Edit of every run, or of the selected one alone, as the switch says.
    """

    edited = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._run: Run | None = None
        self._title = ""
        self.box, form = make_group("All runs")
        self._make_switch(form)
        self._make_sampling(form)
        self.schedule = Picker("schedule", "How the learning rate changes", SCHEDULES)
        self.schedule_params = ParamForm()
        reductions = [(name, name) for name in get_args(Reduction)]
        self.reduction = make_choice("reduction", "How a batch's gradients are added up", reductions)
        self.reduction.setToolTip("lecture: only gradient descent divides by the batch's size; sum: none; mean: all")
        self.stop_and_start = ParamForm()
        form.addRow("Schedule", self.schedule)
        form.addRow(self.schedule_params)
        form.addRow("Reduction", self.reduction)
        form.addRow(self.stop_and_start)
        self._connect()
        reach_by_tab(self.for_all, self.strategy, self.shuffle, self.schedule, self.reduction)

    def _make_switch(self, form: QFormLayout) -> None:
        self.for_all = named(QCheckBox("for all runs"), "for_all", "Change the settings below for all runs")
        self.for_all.setChecked(True)
        self.for_all.setToolTip("Whether a change of what follows is for all runs, or for the selected one alone")
        self.for_all.toggled.connect(self._show_whose)
        form.addRow(self.for_all)
        self.differing = Label(objectName="differing", wordWrap=True)
        self.differing.hide()
        form.addRow(self.differing)

    def _make_sampling(self, form: QFormLayout) -> None:
        self.strategy = Picker("strategy", "Which samples an update sees", STRATEGIES)
        self.batch_size = named(QComboBox(), "batch_size", "Samples in a mini-batch")
        self._size_line = named(QLineEdit(), "", "Samples in a mini-batch")
        self.batch_size.setEditable(True)
        self.batch_size.setLineEdit(self._size_line)
        self.batch_size.addItems(BATCH_SIZES)
        self._size_line.setCompleter(None)  # type: ignore[arg-type]  # a completer would make 128 of a 12 that is typed
        self.shuffle = named(QCheckBox("shuffle"), "shuffle", "Shuffle before every epoch")
        self.shuffle.setToolTip("Draw a new order of the samples before every epoch")
        self.sampling_problem = Problem()
        form.addRow("Strategy", self.strategy)
        form.addRow("Batch size", make_row(self.batch_size, self.shuffle))
        form.addRow(self.sampling_problem)

    def _connect(self) -> None:
        self.strategy.activated.connect(self._edit_sampling)
        self.shuffle.clicked.connect(self._edit_sampling)
        self.batch_size.activated.connect(self._edit_sampling)
        self._size_line.editingFinished.connect(self._type_batch_size)
        NumberKeys(self.batch_size, self._show_batch_size)
        self.schedule.activated.connect(self._choose_schedule)
        self.schedule_params.edited.connect(self._edit_schedule)
        self.reduction.activated.connect(lambda: self.edit("reduction", self.reduction.currentText()))
        self.stop_and_start.edited.connect(self._edit_stop_or_start)

    def edit(self, field: str, value: Any) -> None:
        """Say that a field of the runs is to be changed, for whom the switch says."""
        self.edited.emit(SetRun(field, value, self.for_all.isChecked()))

    def _choose_schedule(self) -> None:
        self.edited.emit(ChooseSchedule(self.schedule.currentData(), self.for_all.isChecked()))

    def _edit_schedule(self, name: str, value: Any) -> None:
        self.edited.emit(SetSchedule(name, value, self.for_all.isChecked()))

    def _type_batch_size(self) -> None:
        self._edit_sampling()
        if self.batch_size.hasFocus():  # Return was pressed: another number can be typed at once
            self._size_line.selectAll()

    def _edit_sampling(self) -> None:
        cls = STRATEGIES[self.strategy.currentData()]
        values: dict[str, Any] = {"shuffle": self.shuffle.isChecked(), "size": self.batch_size.currentText()}
        try:
            sampling = cls(**{name: value for name, value in values.items() if name in _names(cls)})
        except ValueError as error:
            self.sampling_problem.say(f"{error}.")
            return
        self.sampling_problem.say("")
        self.edit("sampling", sampling)

    def _edit_stop_or_start(self, name: str, value: float) -> None:
        assert self._run is not None
        names = [f"start {parameter}" for parameter, _ in _starts(self._run)]
        if name in names:
            start = list(self._run.start)
            start[names.index(name)] = value
            self.edit("start", tuple(start))
        else:
            self.edit(name, value)

    # -- showing

    def set_for_all(self, is_for_all: bool) -> None:
        """Let changes be for all runs, or for the selected one alone."""
        self.for_all.setChecked(is_for_all)

    def show_run(self, experiment: Experiment, selected: int) -> None:
        """Show the settings of the selected run, and in which of them the others differ."""
        run = self._run = experiment.runs[selected]
        self._title = experiment.titles[selected]
        self._show_whose()
        differing = ", ".join(experiment.differing)
        self.differing.setText(f"The runs differ in: {differing}." if differing else "")
        self.differing.setVisible(bool(differing))
        self._show_sampling(run)
        self.schedule.show_name(run.schedule.name)
        self.schedule_params.show_values(run.schedule.params(), run.schedule.values())
        show_choice(self.reduction, run.reduction)
        values: dict[str, float] = {"epochs": run.epochs, "seed": run.seed}
        values |= {"patience": run.patience} | {f"start {name}": value for name, value in _starts(run)}
        stop = (*STOP, *([PATIENCE] if has_validation(run.objective) else []))
        self.stop_and_start.show_values((*stop, *_start_params(run)), values)

    def _show_whose(self) -> None:
        title = "All runs" if self.for_all.isChecked() else f"Only for {fitted(self._title, self.box)}"
        self.box.setTitle(untouched(title))

    def _show_sampling(self, run: Run) -> None:
        self.strategy.show_name(run.sampling.name)
        self.strategy.setEnabled(run.objective.samples > 1)
        self.batch_size.setEnabled(isinstance(run.sampling, MiniBatch))
        self.shuffle.setEnabled("shuffle" in _names(type(run.sampling)))
        self.shuffle.setChecked(run.sampling.shuffle)
        if not self.sampling_problem.text():
            self._show_batch_size()

    def _show_batch_size(self) -> None:
        """Show the value in place of what was typed."""
        self.sampling_problem.say("")
        if self._run is not None and isinstance(self._run.sampling, MiniBatch):
            with QSignalBlocker(self.batch_size):
                self.batch_size.setCurrentText(str(self._run.sampling.size))


def _names(cls: type[Declared]) -> set[str]:
    return {param.name for param in cls.params()}


def _starts(run: Run) -> list[tuple[str, float]]:
    """Return the params of the start where they are few enough for a field each."""
    return list(zip(run.objective.parameters, run.start, strict=True)) if run.objective.is_planar else []


def _start_params(run: Run) -> tuple[Param, ...]:
    if not run.objective.is_planar:
        return ()
    return tuple(
        Param(f"start {name}", f"{name}₀", f"the first {name} of every run", default, low=-FAR, high=FAR, slider=bounds)
        for name, default, bounds in zip(run.objective.parameters, run.objective.start, run.objective.box, strict=True)
    )
