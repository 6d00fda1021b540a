"""A run: one optimizer on one objective from one start, with its schedule and sampling."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any, get_args

import numpy as np

from gdviz.display import Displayed
from gdviz.objectives import Array, Objective, Reduction
from gdviz.objectives.scored import has_validation
from gdviz.optimizers import GradientDescent, Optimizer
from gdviz.training.sampling import Batch, Sampling
from gdviz.training.schedules import ConstantRate, Schedule
from gdviz.wording import plain

__all__ = ["Fork", "Run"]

REDUCTIONS: tuple[Reduction, ...] = get_args(Reduction)
DEEPEST = 20
"""Forks of forks."""
MOST_UPDATES = 10**8
"""More could not be kept in memory."""
SHOWN = 6
"""So many of a point's numbers an error message shows."""


@dataclass(frozen=True)
class Fork:
    """Where a run left another: up to `update` it is that run, and from there on it goes its own way."""

    run: Run
    update: int

    @property
    def depth(self) -> int:
        """How many forks of forks this is, itself included."""
        return 1 if self.run.fork is None else 1 + self.run.fork.depth


@dataclass(frozen=True)
class Run(Displayed):
    """One optimizer on one objective from one start, with its schedule and sampling: one curve, one colour.

    Parameters
    ----------
    objective, optimizer
        What is minimised, and how.
    start
        The first point, as many finite numbers as the objective has parameters.
    sampling, schedule
        Which samples an update sees; how the learning rate changes.
    reduction
        How a batch's gradients are added up: ``sum``, ``mean``, or ``lecture`` as its code has it.
    epochs, updates
        The stop: after so many epochs or, where `updates` is given, after so many updates.
    seed
        Of the shuffling.
    patience
        Epochs without a lower validation error after which the run stops, and its best params count; 0: it does not.
    fork
        The run that it was before some update, whose memory it takes along; None: it is its own from the start.
    racers
        How many runs share the memory in which updates are kept; the experiment says so. No part of what a run is.

    Raises
    ------
    ValueError
        With one sentence that says which value is not valid and what would be.
    """

    objective: Objective
    optimizer: Optimizer = field(default_factory=GradientDescent)
    start: tuple[float, ...] = ()
    sampling: Sampling = field(default=Batch(), kw_only=True)
    schedule: Schedule = field(default=ConstantRate(), kw_only=True)
    reduction: Reduction = field(default="lecture", kw_only=True)
    epochs: int = field(default=100, kw_only=True)
    updates: int | None = field(default=None, kw_only=True)
    seed: int = field(default=0, kw_only=True)
    patience: int = field(default=0, kw_only=True)
    fork: Fork | None = field(default=None, kw_only=True)
    racers: int = field(default=1, kw_only=True, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Check every value."""
        for key, kind in (
            ("objective", Objective),
            ("optimizer", Optimizer),
            ("sampling", Sampling),
            ("schedule", Schedule),
        ):
            if not isinstance(getattr(self, key), kind):
                raise ValueError(f"{key} must be one of gdviz's {kind.__name__}s, not {plain(getattr(self, key))}")
        object.__setattr__(self, "start", self._point())
        if self.reduction not in REDUCTIONS:
            raise ValueError(f"reduction must be one of {', '.join(REDUCTIONS)}, not {plain(self.reduction)}")
        object.__setattr__(self, "epochs", _count("epochs", self.epochs))
        if self.updates is not None:
            object.__setattr__(self, "updates", _count("updates", self.updates))
        object.__setattr__(self, "seed", _count("seed", self.seed, least=0, most=2**63))
        object.__setattr__(self, "patience", _count("patience", self.patience, least=0))
        if self.patience and not has_validation(self.objective):
            raise ValueError("patience (early stopping) needs samples that are kept apart for validation, and none are")
        if self.total > MOST_UPDATES:
            raise ValueError(f"the run would take {self.total} updates; at most {MOST_UPDATES} can be kept")
        if self.fork is not None:
            self._check_fork(self.fork)

    def _check_fork(self, fork: Fork) -> None:
        if type(fork.run.optimizer) is not type(self.optimizer):
            raise ValueError("a run that was forked keeps its rule: it goes on with the rule's memory")
        if (fork.run.objective, fork.run.start) != (self.objective, self.start):
            raise ValueError("a run that was forked keeps the objective and the start of the run it came from")
        if fork.depth > DEEPEST:
            raise ValueError(f"forks of forks can be {DEEPEST} deep, not deeper")
        last = min(fork.run.total, self.total)
        if not 0 < fork.update <= last:
            raise ValueError(f"a run can be forked at an update from 1 to {last}, not at {fork.update}")

    def _point(self) -> tuple[float, ...]:
        if self.start is self.objective.start:
            return self.start
        size = self.objective.size
        names = self.objective.names_for_messages
        try:
            point = tuple(float(value) for value in self.start)
        except (TypeError, ValueError):
            raise ValueError(f"start must be numbers {names}, not {plain(self.start)}") from None
        if not point:
            return self.objective.start
        if len(point) != size or not all(map(math.isfinite, point)):
            given = ",".join(f"{value:g}" for value in point[:SHOWN]) + ",..." * (len(point) > SHOWN)
            raise ValueError(f"start must be {size} finite numbers {names}, not {given}")
        with np.errstate(all="ignore"):
            value = self.objective.value(np.array(point))
        if not np.isfinite(value):
            given = ",".join(f"{value:g}" for value in point[:SHOWN])
            raise ValueError(f"start {given} is too far out: {self.objective.value_name} is not a finite number there")
        lost = self.lost(np.array(point))
        if lost:
            raise ValueError(f"start is too far out: {lost}")
        return point

    def acting_at(self, update: int) -> Run:
        """Return the run whose rule makes the update that follows update `update`."""
        return self if self.fork is None or update >= self.fork.update else self.fork.run.acting_at(update)

    def acts_until(self, update: int) -> int:
        """Return up to which update the same run acts as after update `update`."""
        if self.fork is None or update >= self.fork.update:
            return self.total
        return min(self.fork.update, self.fork.run.acts_until(update))

    def forked_at(self, update: int) -> Run:
        """Return a run that is this one up to an update, and can be changed from there on."""
        return replace(self, fork=Fork(self, update))

    def changed(self, **changes: Any) -> Run:
        """Return the run with fields changed, from its start on."""
        fork = self.fork and Fork(self.fork.run.changed(**changes), self.fork.update)
        return replace(self, fork=fork, **changes)

    @property
    def batch_size(self) -> int:
        """Samples in a full batch."""
        return self.sampling.batch_size(self.objective.samples)

    @property
    def per_epoch(self) -> int:
        """Updates in an epoch."""
        return self.sampling.per_epoch(self.objective.samples)

    @property
    def total(self) -> int:
        """Updates in the whole run."""
        return self.epochs * self.per_epoch if self.updates is None else self.updates

    def eta(self, update: int) -> float:
        """Return the scheduled learning rate of the update before which `update` others were made."""
        return self.schedule.at(self.optimizer.eta, update, self.per_epoch, self.total)

    def etas(self, update: int, count: int) -> Array:
        """Return the scheduled learning rates of the `count` updates that follow update `update`."""
        return self.schedule.rates(self.optimizer.eta, np.arange(update, update + count), self.per_epoch, self.total)

    def lost(self, params: Array) -> str:
        """Say how a run that stands at `params` has diverged; empty where it has not."""
        low, high = self.objective.limits.T
        outside = ~((params >= low) & (params <= high))
        if not outside.any():
            return ""
        index = int(np.argmax(outside))
        name, value = self.objective.name_of(index), params[index]
        if not math.isfinite(value):
            return f"{name} left the finite numbers"
        return f"{name} = {value:.3g} is a million times outside the view"

    def epoch(self, update: int) -> int:
        """Return the epoch that the params after `update` updates belong to: 0 is the start."""
        return -(-update // self.per_epoch)


def _count(name: str, value: Any, least: int = 1, most: int = MOST_UPDATES) -> int:
    try:
        valid = not isinstance(value, bool) and value == int(value) and least <= value <= most
    except (TypeError, ValueError, OverflowError):
        valid = False
    if not valid:
        raise ValueError(f"{name} must be a whole number from {least} to {most}, not {plain(value)}")
    return int(value)
