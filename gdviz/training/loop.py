"""The loop that every update goes through, and its readable form: one step at a time with all that explains it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from gdviz.display import Displayed
from gdviz.objectives import Array, Samples
from gdviz.objectives.per_update import NOTHING, PerUpdate
from gdviz.objectives.scored import Scored

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gdviz.optimizers import Optimizer
    from gdviz.training.run import Run

__all__ = ["Best", "Loop", "Point", "Step", "following", "has_stopped", "steps", "watched"]

State = tuple[Array, ...]


@dataclass(frozen=True)
class Best:
    """The lowest validation error so far, and the update after which it was measured."""

    error: float
    update: int


@dataclass(frozen=True)
class Point:
    """Where a run stands: all that its next update depends on.

    Attributes
    ----------
    update
        How many updates were made.
    params
        Shape (n,).
    state
        The rule's memory, arrays of shape (n,).
    carried
        What the objective has a run carry along besides, shape (r,).
    best
        Of a run that can be stopped early, once an epoch is done.
    """

    update: int
    params: Array
    state: State
    carried: Array = field(default_factory=lambda: NOTHING)
    best: Best | None = None

    @classmethod
    def start(cls, run: Run) -> Point:
        """Return where `run` starts."""
        params, objective = np.array(run.start), run.objective
        carried = objective.carried if isinstance(objective, PerUpdate) else NOTHING
        return cls(0, params, run.optimizer.start_state(params), carried)


@dataclass(frozen=True)
class Step(Displayed):
    """One update with all that explains it.

    Attributes
    ----------
    run
        Whose rule, schedule and sampling made it: the run itself or, before it was forked, the one it came from.
    update, epoch
        Its number, from 1, and the epoch it belongs to, from 1.
    batch
        The samples it saw.
    eta
        The scheduled learning rate.
    before, params
        The parameters before and after it, shape (n,).
    asked_at
        Where the gradient was taken: `before`, or the look-ahead point.
    gradient
        The batch's gradient as the rule saw it, after the reduction.
    terms
        Every named quantity of the rule: its state after the update and what it computed in between.
    step
        What was subtracted: before − params.
    remembered, state
        The rule's memory before and after it.
    shrinkage
        What share of each parameter was taken away beside the rule for each unit of η, shape (n,); None: nothing.
    carried
        What the objective has a run carry along, after it.
    """

    run: Run
    update: int
    epoch: int
    batch: Samples
    eta: float
    before: Array
    asked_at: Array
    gradient: Array
    terms: Mapping[str, Array]
    step: Array
    params: Array
    remembered: State
    state: State
    shrinkage: Array | None = None
    carried: Array = field(default_factory=lambda: NOTHING)

    @property
    def point(self) -> Point:
        """Where the run stands after this step."""
        return Point(self.update, self.params, self.state, self.carried)

    def only(self, indices: Sequence[int]) -> Step:
        """Return the step of some of the params alone: rules are elementwise, so theirs is complete."""
        some = list(indices)

        def pick(array: Array) -> Array:
            return array[some] if np.ndim(array) else array

        before = pick(self.before)
        return replace(
            self,
            before=before,
            asked_at=before if self.asked_at is self.before else pick(self.asked_at),
            gradient=pick(self.gradient),
            terms={name: pick(term) for name, term in self.terms.items()},
            step=pick(self.step),
            params=pick(self.params),
            remembered=tuple(map(pick, self.remembered)),
            state=tuple(map(pick, self.state)),
            shrinkage=None if self.shrinkage is None else pick(self.shrinkage),
        )


class Loop:
    """The loop that every update goes through, a method a line; a mistake that people make changes one of them.

    What is asked of it depends on the run and on where it stands alone, so any update can be made again.
    """

    def start(self, run: Run) -> Point:
        """Return where the run starts, with which memory."""
        return Point.start(run)

    def counter(self, run: Run, update: int) -> int:
        """Return t of the update before which `update` others were made."""
        return update + 1

    def eta(self, run: Run, update: int) -> float:
        """Return the scheduled learning rate of that update."""
        return run.eta(update)

    def batch(self, run: Run, update: int) -> Samples:
        """Return the samples that it sees."""
        return run.sampling.batch(update, run.objective.samples, run.seed)

    def asked_at(self, run: Run, point: Point, hyperparameters: Sequence[float]) -> Array:
        """Return where the gradient is taken: at the params themselves, or at the look-ahead point; shape (n,)."""
        look_ahead = run.optimizer.look_ahead
        return point.params if look_ahead is None else look_ahead(point.params, *point.state, *hyperparameters)

    def gradient(self, run: Run, at: Array, batch: Samples, update: int) -> Array:
        """Return the gradient of a batch, not yet reduced, shape (n,)."""
        objective = run.objective
        if isinstance(objective, PerUpdate):
            return objective.gradient_in(at, batch, update, run.seed)
        return objective.gradient(at, batch)

    def shrinkage(self, run: Run) -> Array | None:
        """Return what share of each param is taken away beside the rule for each unit of η, shape (n,), or None."""
        return run.objective.shrinkage if isinstance(run.objective, PerUpdate) else None

    def carried(self, run: Run, point: Point, asked_at: Array, batch: Samples) -> Array:
        """Return what the run carries along after the update, shape (r,)."""
        objective = run.objective
        if not (point.carried.size and isinstance(objective, PerUpdate)):
            return NOTHING
        return objective.carry(point.carried, asked_at, batch, point.update, run.seed)

    def divisor(self, run: Run, update: int) -> float:
        """Return what the batch's gradient is divided by."""
        size = run.sampling.size_at(update, run.objective.samples)
        return run.objective.divisor(run.reduction, size, run.optimizer.lecture_divides)

    def rule(
        self, run: Run, g: Array, t: int, state: State, hyperparameters: Sequence[float]
    ) -> tuple[Array, State, State]:
        """Return what is subtracted, the new memory, and the terms in between, arrays of shape (n,)."""
        step, state, between = run.optimizer.rule(g, t, *state, *hyperparameters)
        return step, state, between

    def following(self, run: Run, point: Point) -> Step:
        """Return the step that `run` makes from `point`."""
        run = run.acting_at(point.update)
        optimizer, shrinkage = run.optimizer, self.shrinkage(run)
        eta = self.eta(run, point.update)
        hyperparameters = optimizer.hyperparameters(eta)
        batch = self.batch(run, point.update)
        asked_at = self.asked_at(run, point, hyperparameters)
        g = self.gradient(run, asked_at, batch, point.update) / self.divisor(run, point.update)
        step, state, between = self.rule(run, g, self.counter(run, point.update), point.state, hyperparameters)
        if shrinkage is not None:
            step, state = _shrunk(optimizer, step, state, eta * shrinkage * point.params)
        terms = dict(zip((term.name for term in (*optimizer.state, *optimizer.terms)), (*state, *between), strict=True))
        update = point.update + 1
        return Step(
            run,
            update,
            run.epoch(update),
            batch,
            eta,
            point.params,
            asked_at,
            g,
            terms,
            step,
            point.params - step,
            point.state,
            state,
            shrinkage,
            self.carried(run, point, asked_at, batch),
        )


def _shrunk(optimizer: Optimizer, step: Array, state: State, shrunk: Array) -> tuple[Array, State]:
    """Return step and memory with what is taken away beside the rule; a memory that is the params stays with them."""
    kinds = [term.kind for term in optimizer.state]
    return step + shrunk, tuple(s - shrunk if k == "point" else s for s, k in zip(state, kinds, strict=True))


following = Loop().following


def watched(run: Run, point: Point, before: Point) -> Point:
    """Return the point with the lowest validation error so far, which is measured at the end of every epoch."""
    run = run.acting_at(before.update)
    objective, best = run.objective, before.best
    if not (run.patience and isinstance(objective, Scored)):
        return replace(point, best=best)
    if point.update % run.per_epoch == 0:
        error = objective.validation_error(point.params, point.carried)
        best = Best(error, point.update) if best is None or error < best.error else best
    return replace(point, best=best)


def has_stopped(run: Run, point: Point) -> bool:
    """Return whether so many epochs brought no lower validation error that the run makes no update any more."""
    run = run.acting_at(point.update)
    if not run.patience or point.best is None:
        return False
    begin = run.fork.update if run.fork is not None else 0  # a fork has its own patience
    return point.update - max(point.best.update, begin) >= run.patience * run.per_epoch


def steps(run: Run, start: Point | None = None, watches: bool = True) -> Iterator[Step]:
    """Yield the run's updates one by one, from `start` or from the run's own start.

    This is the readable reference: :func:`gdviz.train` gives the same numbers faster. A run that diverges ends with
    the last params that are within the objective's limits, one that is stopped early with the last that it made.
    `watches`: whether the validation error is measured, so that a run with patience can stop.
    """
    point = Point.start(run) if start is None else start
    while point.update < run.total and not has_stopped(run, point):
        with np.errstate(all="ignore"):
            step = following(run, point)
        if run.lost(step.params):
            return
        yield step
        point = watched(run, step.point, point) if watches else step.point
