"""The loop that every update goes through, and its readable form: one step at a time with all that explains it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdviz.objectives import Array
from gdviz.objectives import Batch as Samples

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gdviz.training.run import Run

__all__ = ["Point", "Step", "following", "steps"]

State = tuple[Array, ...]


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
    """

    update: int
    params: Array
    state: State

    @classmethod
    def start(cls, run: Run) -> Point:
        """Return where `run` starts."""
        params = np.array(run.start)
        return cls(0, params, run.optimizer.start_state(params))


@dataclass(frozen=True)
class Step:
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

    def _repr_html_(self) -> str:
        from gdviz.training.display import html_of_step

        return html_of_step(self)

    @property
    def point(self) -> Point:
        """Where the run stands after this step."""
        return Point(self.update, self.params, self.state)


def following(run: Run, point: Point) -> Step:
    """Return the step that `run` makes from `point`."""
    run = run.acting_at(point.update)
    optimizer, objective = run.optimizer, run.objective
    eta = run.eta(point.update)
    hyperparameters = optimizer.hyperparameters(eta)
    batch = run.sampling.batch(point.update, objective.samples, run.seed)
    size = run.sampling.size_at(point.update, objective.samples)
    look_ahead = optimizer.look_ahead
    asked_at = point.params if look_ahead is None else look_ahead(point.params, *point.state, *hyperparameters)
    g = objective.gradient(asked_at, batch) / objective.divisor(run.reduction, size, optimizer.lecture_divides)
    step, state, between = optimizer.rule(g, point.update + 1, *point.state, *hyperparameters)
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
    )


def steps(run: Run, start: Point | None = None) -> Iterator[Step]:
    """Yield the run's updates one by one, from `start` or from the run's own start.

    This is the readable reference: :func:`gdviz.train` gives the same numbers faster. A run that diverges ends with
    the last params that are within the objective's limits.
    """
    point = Point.start(run) if start is None else start
    while point.update < run.total:
        with np.errstate(all="ignore"):
            step = following(run, point)
        if run.lost(step.params):
            return
        yield step
        point = step.point
