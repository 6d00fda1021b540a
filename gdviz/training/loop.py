"""The readable training loop: one update at a time, with all numbers that explain it."""

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

__all__ = ["Best", "Loop", "Point", "Step", "following", "has_stopped", "steps", "with_best"]

State = tuple[Array, ...]


@dataclass(frozen=True)
class Best:
    """The lowest validation error so far, and the update after which it was measured."""

    error: float
    update: int


@dataclass(frozen=True)
class Point:
    """The position of a run: everything on which its next update depends.

    Attributes
    ----------
    update
        The number of updates so far.
    params
        Shape (n,).
    state
        The rule's state, arrays of shape (n,).
    carried
        Statistics that the objective lets a run carry along, shape (r,).
    best
        The best validation error of a run that can stop early; None before the first epoch ends.
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
    """One update with all numbers that explain it.

    Attributes
    ----------
    run
        The run whose rule, schedule and sampling made the update: before a fork, that is the run it was forked from.
    update, epoch
        Its number, from 1, and the epoch it belongs to, from 1.
    batch
        The samples of the update.
    eta
        The scheduled learning rate.
    before, params
        The parameters before and after it, shape (n,).
    asked_at
        Where the gradient was evaluated: `before`, or the look-ahead point.
    gradient
        The batch's gradient after the reduction, as the rule gets it.
    terms
        Every named quantity of the rule: its state after the update, and its intermediate quantities.
    step
        The step that was subtracted: before − params.
    state_before, state
        The rule's state before and after it.
    shrinkage
        The share of each parameter that was subtracted beside the rule, per unit of η, shape (n,); None: nothing.
    carried
        The carried statistics after it.
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
    state_before: State
    state: State
    shrinkage: Array | None = None
    carried: Array = field(default_factory=lambda: NOTHING)

    @property
    def point(self) -> Point:
        """Where the run stands after this step."""
        return Point(self.update, self.params, self.state, self.carried)

    def only(self, indices: Sequence[int]) -> Step:
        """Return the step restricted to some params, which is complete for them because rules are elementwise."""
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
            state_before=tuple(map(pick, self.state_before)),
            state=tuple(map(pick, self.state)),
            shrinkage=None if self.shrinkage is None else pick(self.shrinkage),
        )


class Loop:
    """The training loop with a method for each of its lines. The mistakes of `gdviz check` override one of them.

    Every method depends on its arguments alone, so any update can be recomputed.
    """

    def start(self, run: Run) -> Point:
        """Return where the run starts, with the rule's first state."""
        return Point.start(run)

    def counter(self, run: Run, update: int) -> int:
        """Return t, which the rule gets, for the update after `update` others."""
        return update + 1

    def eta(self, run: Run, update: int) -> float:
        """Return the scheduled learning rate of that update."""
        return run.eta(update)

    def batch(self, run: Run, update: int) -> Samples:
        """Return the samples of that update."""
        return run.sampling.batch(update, run.objective.samples, run.seed)

    def asked_at(self, run: Run, point: Point, hyperparameters: Sequence[float]) -> Array:
        """Return the point at which the gradient is evaluated, shape (n,): the params, or the look-ahead point."""
        look_ahead = run.optimizer.look_ahead
        return point.params if look_ahead is None else look_ahead(point.params, *point.state, *hyperparameters)

    def gradient(self, run: Run, at: Array, batch: Samples, update: int) -> Array:
        """Return the gradient of a batch before the reduction, shape (n,)."""
        objective = run.objective
        if isinstance(objective, PerUpdate):
            return objective.gradient_in(at, batch, update, run.seed)
        return objective.gradient(at, batch)

    def shrinkage(self, run: Run) -> Array | None:
        """Return the share of each param that is subtracted beside the rule, per unit of η, shape (n,), or None."""
        return run.objective.shrinkage if isinstance(run.objective, PerUpdate) else None

    def carried(self, run: Run, point: Point, asked_at: Array, batch: Samples) -> Array:
        """Return the carried statistics after the update, shape (r,)."""
        objective = run.objective
        if not (point.carried.size and isinstance(objective, PerUpdate)):
            return NOTHING
        return objective.carry(point.carried, asked_at, batch, point.update, run.seed)

    def divisor(self, run: Run, update: int) -> float:
        """Return the divisor of the batch's gradient."""
        size = run.sampling.size_at(update, run.objective.samples)
        return run.objective.divisor(run.reduction, size, run.optimizer.lecture_divides)

    def rule(
        self, run: Run, g: Array, t: int, state: State, hyperparameters: Sequence[float]
    ) -> tuple[Array, State, State]:
        """Return the step, the new state, and the intermediate terms, arrays of shape (n,)."""
        step, state, between = run.optimizer.rule(g, t, *state, *hyperparameters)
        return step, state, between

    def following(self, run: Run, point: Point) -> Step:
        """Return the next step of `run` from `point`."""
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


def _shrunk(optimizer: Optimizer, step: Array, state: State, loss: Array) -> tuple[Array, State]:
    """Return step and state after `loss`, shape (n,), is subtracted beside the rule.

    A state of the kind ``point`` holds the params themselves, so the loss is subtracted from it, too.
    """
    kinds = [term.kind for term in optimizer.state]
    return step + loss, tuple(s - loss if k == "point" else s for s, k in zip(state, kinds, strict=True))


following = Loop().following


def with_best(run: Run, point: Point, before: Point) -> Point:
    """Return the point with the best validation error so far, which is measured at the end of every epoch."""
    run = run.acting_at(before.update)
    objective, best = run.objective, before.best
    if not (run.patience and isinstance(objective, Scored)):
        return replace(point, best=best)
    if point.update % run.per_epoch == 0:
        error = objective.validation_error(point.params, point.carried)
        best = Best(error, point.update) if best is None or error < best.error else best
    return replace(point, best=best)


def has_stopped(run: Run, point: Point) -> bool:
    """Return whether early stopping has ended the run: `patience` epochs without a lower validation error."""
    run = run.acting_at(point.update)
    if not run.patience or point.best is None:
        return False
    begin = run.fork.update if run.fork is not None else 0  # a fork has its own patience
    return point.update - max(point.best.update, begin) >= run.patience * run.per_epoch


def steps(run: Run, start: Point | None = None, measures_validation: bool = True) -> Iterator[Step]:
    """Yield the run's updates one by one, from `start` or from the run's own start.

    This is the readable reference: :func:`gdviz.train` gives the same numbers faster. A run that diverges ends before
    its params leave the objective's limits.

    Parameters
    ----------
    run
        The run.
    start
        Where to begin; None: at the run's start.
    measures_validation
        Whether the validation error is measured after each epoch, so that a run with patience can stop.
    """
    point = Point.start(run) if start is None else start
    while point.update < run.total and not has_stopped(run, point):
        with np.errstate(all="ignore"):
            step = following(run, point)
        if run.divergence(step.params):
            return
        yield step
        point = with_best(run, step.point, point) if measures_validation else step.point
