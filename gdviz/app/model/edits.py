"""Edits as values: each says which field of the experiment gets which value, and makes the new experiment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from gdviz.objectives import OBJECTIVES, OnData
from gdviz.optimizers import OPTIMIZERS
from gdviz.training import SCHEDULES, usual

if TYPE_CHECKING:
    from collections.abc import Hashable

    from gdviz.objectives import Objective
    from gdviz.training import Experiment, Run

__all__ = [
    "ChooseObjective",
    "ChooseRule",
    "ChooseSchedule",
    "Edit",
    "SetHyperparameter",
    "SetObjective",
    "SetRun",
    "SetSchedule",
]


class Edit(Protocol):
    """One change of an experiment.

    Attributes
    ----------
    field
        The name of the control beside which a refusal is said.
    """

    @property
    def field(self) -> str:
        """The name of the control beside which a refusal is said."""

    def key(self, selected: int) -> Hashable:
        """Return what is edited continuously, as by a slider; None: each edit stands alone."""

    def apply(self, experiment: Experiment, selected: int) -> Experiment:
        """Return the experiment with the change.

        Raises
        ------
        ValueError
            Where the value is none that the field can have: a sentence.
        """


@dataclass(frozen=True)
class ChooseObjective:
    """Minimise something else, at learning rates that suit it."""

    name: str
    field = "objective"

    def key(self, selected: int) -> Hashable:
        """Return that it stands alone."""
        return None

    def apply(self, experiment: Experiment, selected: int) -> Experiment:
        """Return the experiment on the objective's usual data."""
        if self.name == experiment.objective.name:
            return experiment
        cls = OBJECTIVES[self.name]
        objective: Objective = cls.on(cls.load(cls.usual_data)) if issubclass(cls, OnData) else cls()

        def on_objective(run: Run) -> Run:
            optimizer: Any = run.optimizer
            optimizer = replace(optimizer, eta=usual(type(optimizer), objective).eta)
            return replace(run, fork=None, objective=objective, start=(), optimizer=optimizer)

        return experiment.with_each(on_objective)


@dataclass(frozen=True)
class SetObjective:
    """Give a parameter of the objective a value; `activation` goes with the number of layers where that changes."""

    field: str
    value: Any
    activation: str | None = None

    def key(self, selected: int) -> Hashable:
        """Return the parameter."""
        return SetObjective, self.field

    def apply(self, experiment: Experiment, selected: int) -> Experiment:
        """Return the experiment; what is written for each layer follows the number of layers."""
        objective = experiment.objective
        if self.field != "layers":
            return experiment.on(_with(objective, **{self.field: self.value}))
        hidden, rates = self.value.count("-") - 1, _values(objective, "dropout").split("-")
        dropout = "-".join(rates) if len(rates) in (1, hidden) else "-".join((rates + rates[-1:] * hidden)[:hidden])
        activation = self.activation or _values(objective, "activation")
        return experiment.on(_with(objective, layers=self.value, activation=activation, dropout=dropout or "0"))


def _with(objective: Any, **values: Any) -> Objective:
    result: Objective = replace(objective, **values)
    return result


def _values(objective: Any, name: str) -> str:
    return str(getattr(objective, name))


@dataclass(frozen=True)
class ChooseRule:
    """Give the selected run another rule, at its usual learning rate."""

    name: str
    field = "optimizer"

    def key(self, selected: int) -> Hashable:
        """Return that it stands alone."""
        return None

    def apply(self, experiment: Experiment, selected: int) -> Experiment:
        """Return the experiment with the rule."""
        rule = usual(OPTIMIZERS[self.name], experiment.objective)
        return experiment.with_run(selected, optimizer=rule)


@dataclass(frozen=True)
class SetHyperparameter:
    """Give a hyperparameter of the selected run a value."""

    field: str
    value: Any

    def key(self, selected: int) -> Hashable:
        """Return the hyperparameter and the run."""
        return SetHyperparameter, self.field, selected

    def apply(self, experiment: Experiment, selected: int) -> Experiment:
        """Return the experiment with the value."""
        optimizer: Any = experiment.runs[selected].optimizer
        return experiment.with_run(selected, optimizer=replace(optimizer, **{self.field: self.value}))


class _OfRuns:
    """A change of every run, or of the selected one alone."""

    field: str
    is_for_all: bool

    def key(self, selected: int) -> Hashable:
        """Return the field and whose it is."""
        return type(self), self.field, None if self.is_for_all else selected

    def apply(self, experiment: Experiment, selected: int) -> Experiment:
        """Return the experiment with the change."""
        if self.is_for_all:
            return experiment.with_each(lambda run: run.changed(**self.changes(run, experiment.runs[selected])))
        run = experiment.runs[selected]
        changes = self.changes(run, run)
        # A fork begins where the run began that it was; everything else is changed from the fork on.
        new_run = run.changed(**changes) if self.field == "start" else replace(run, **changes)
        runs = (*experiment.runs[:selected], new_run, *experiment.runs[selected + 1 :])
        return replace(experiment, runs=runs)

    def changes(self, run: Run, selected: Run) -> dict[str, Any]:
        """Return the fields of `run` that change; `selected` is the run whose controls are shown."""
        raise NotImplementedError


@dataclass(frozen=True)
class SetRun(_OfRuns):
    """Give a field that runs usually share a value: strategy, reduction, epochs, seed, patience or start."""

    field: str
    value: Any
    is_for_all: bool = True

    def changes(self, run: Run, selected: Run) -> dict[str, Any]:
        """Return the field; a run that is to last a number of epochs has no number of updates."""
        return {self.field: self.value} | ({"updates": None} if self.field == "epochs" else {})


@dataclass(frozen=True)
class ChooseSchedule(_OfRuns):
    """Change the learning rate by another schedule."""

    name: str
    is_for_all: bool = True
    field = "schedule"

    def changes(self, run: Run, selected: Run) -> dict[str, Any]:
        """Return the schedule with its usual parameters."""
        return {"schedule": SCHEDULES[self.name]()}


@dataclass(frozen=True)
class SetSchedule(_OfRuns):
    """Give a parameter of the schedule a value, in all runs that have a schedule of its kind."""

    field: str
    value: Any
    is_for_all: bool = True

    def changes(self, run: Run, selected: Run) -> dict[str, Any]:
        """Return the schedule with the value."""
        if type(run.schedule) is not type(selected.schedule):
            return {}
        schedule: Any = run.schedule
        return {"schedule": replace(schedule, **{self.field: self.value})}
