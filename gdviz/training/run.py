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
"""Maximum depth of forks of forks."""
MOST_UPDATES = 10**8
"""Maximum number of updates: more would not fit into memory."""
SHOWN = 6
"""Maximum number of a point's numbers that an error message shows."""


@dataclass(frozen=True)
class Fork:
    """The origin of a forked run: up to `update` it is identical to `run`, after that it is independent."""

    run: Run
    update: int

    @property
    def depth(self) -> int:
        """The number of nested forks, this one included."""
        return 1 if self.run.fork is None else 1 + self.run.fork.depth


@dataclass(frozen=True)
class Run(Displayed):
    """One optimizer on one objective from one start, with its schedule and sampling: one curve in a picture.

    Parameters
    ----------
    objective, optimizer
        What is minimised, and how.
    start
        The first point: a finite number for each parameter of the objective; empty: the objective's own start.
    sampling, schedule
        Which samples an update sees; how the learning rate changes.
    reduction
        How a batch's gradients are combined: ``sum``, ``mean``, or ``lecture``, as in the lecture's code.
    epochs, updates
        The length of the run in epochs or, if it is not None, in updates.
    seed
        The seed of shuffling, dropout and augmentation.
    patience
        Number of epochs without a lower validation error after which the run stops, with its best params as the result;
        0: no early stopping.
    fork
        The run from which this one was forked, whose state it inherits; None: it is not forked.
    racers
        The number of runs that share the budget of memory; the experiment sets it. It is not compared.

    Raises
    ------
    ValueError
        Where a value is not valid: a sentence that names it and says what is valid.
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
            numbers = ",".join(f"{value:g}" for value in point[:SHOWN]) + ",..." * (len(point) > SHOWN)
            raise ValueError(f"start must be {size} finite numbers {names}, not {numbers}")
        with np.errstate(all="ignore"):
            value = self.objective.value(np.array(point))
        if not np.isfinite(value):
            numbers = ",".join(f"{value:g}" for value in point[:SHOWN])
            raise ValueError(
                f"start {numbers} is too far out: {self.objective.value_name} is not a finite number there"
            )
        divergence = self.divergence(np.array(point))
        if divergence:
            raise ValueError(f"start is too far out: {divergence}")
        return point

    def acting_at(self, update: int) -> Run:
        """Return the run, this one or an origin of its fork, whose rule makes the update after update `update`."""
        return self if self.fork is None or update >= self.fork.update else self.fork.run.acting_at(update)

    def acts_until(self, update: int) -> int:
        """Return the last update that is made by the same run as the one after update `update`."""
        if self.fork is None or update >= self.fork.update:
            return self.total
        return min(self.fork.update, self.fork.run.acts_until(update))

    def forked_at(self, update: int) -> Run:
        """Return a fork of this run at an update, which can be changed from there on."""
        return replace(self, fork=Fork(self, update))

    def changed(self, **changes: Any) -> Run:
        """Return the run with fields changed from its start on, also in the runs it was forked from."""
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
        """Return the scheduled learning rate of the update after `update` others."""
        return self.schedule.at(self.optimizer.eta, update, self.per_epoch, self.total)

    def etas(self, update: int, count: int) -> Array:
        """Return the scheduled learning rates of the `count` updates that follow update `update`."""
        return self.schedule.rates(self.optimizer.eta, np.arange(update, update + count), self.per_epoch, self.total)

    def divergence(self, params: Array) -> str:
        """Return the reason why a run at `params` has diverged, as a part of a sentence; empty where it has not."""
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
        is_valid = not isinstance(value, bool) and value == int(value) and least <= value <= most
    except (TypeError, ValueError, OverflowError):
        is_valid = False
    if not is_valid:
        raise ValueError(f"{name} must be a whole number from {least} to {most}, not {plain(value)}")
    return int(value)
