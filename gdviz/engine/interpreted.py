"""Updates without compiled loops: runs that see the same batches advance in step, so that they share numpy's calls.

With two parameters the calls take most of the time, not the arithmetic. So one call computes the gradients of all runs.
The rules are elementwise and get plain numbers, with which Python is much faster than with arrays of two numbers.
"""

from __future__ import annotations

from itertools import repeat
from math import nextafter
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.training import Batch, Chunk, Point
from gdviz.training.budget import checkpoint_every

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.objectives import Samples
    from gdviz.training import Run

__all__ = ["advance_in_step", "are_in_step"]


def are_in_step(one: tuple[Run, Point], other: tuple[Run, Point]) -> bool:
    """Return whether two runs, each at its point, will see the same batches."""
    (a, here), (b, there) = one, other
    alike = a.objective is b.objective and a.sampling == b.sampling and a.seed == b.seed
    return alike and (here.update, a.total) == (there.update, b.total)


class Walker:
    """One run while it advances, with plain numbers, or with arrays (`as_arrays`) where plain numbers fail.

    `is_plain`: its learning rate is constant and it has no look-ahead, so an update needs no preparation.
    `nudge`: ±∞ moves its params by one unit in the last place up or down after each update; 0 does not.
    """

    def __init__(self, run: Run, point: Point, count: int, as_arrays: bool, nudge: float) -> None:
        optimizer = run.optimizer
        self.run, self.nudge = run, nudge
        self.update = self._update_as_arrays if as_arrays else self._update
        self.rule, self.look_ahead = optimizer.rule, optimizer.look_ahead
        self.divisors: dict[int, float] = {}
        etas = run.etas(point.update, count).tolist()
        self.hyperparameters = optimizer.hyperparameters(etas[0] if etas else 0.0)
        self.etas = iter(etas) if len(set(etas)) > 1 else None
        self.is_plain = self.etas is None and self.look_ahead is None
        self.limits = run.objective.limits.tolist()
        self.params: list[float] = point.params.tolist()
        self.state = list(zip(*(part.tolist() for part in point.state), strict=True)) or [()] * len(self.params)
        self.points: list[list[float]] = []
        self.states: list[Any] = []
        self.diverged = ""

    def prepare(self) -> list[float]:
        """Set the next update's learning rate and return the point at which it needs the gradient."""
        if self.etas is not None:
            self.hyperparameters = self.run.optimizer.hyperparameters(next(self.etas))
        return self.params if self.look_ahead is None else self._gradient_point(self.look_ahead, self.hyperparameters)

    def _gradient_point(self, look_ahead: Any, h: Sequence[float]) -> list[float]:
        try:
            return [float(look_ahead(p, *s, *h)) for p, s in zip(self.params, self.state, strict=True)]
        except (ArithmeticError, TypeError, ValueError):  # plain numbers raise errors where arrays give inf or NaN
            memory = [np.array(part, float) for part in zip(*self.state, strict=True)]
            asked_at: list[float] = look_ahead(np.array(self.params), *memory, *h).tolist()
            return asked_at

    def go(self, gradient: list[float], size: int, t: int, keep: bool) -> bool:
        """Make update `t` and return whether the run goes on; `keep`: the state after it is a checkpoint."""
        divisor = self.divisors.get(size) or self._divisor(size)
        if divisor != 1:
            gradient = [g / divisor for g in gradient]
        params, state = self.update(gradient, t)
        if self.nudge:
            params = [nextafter(p, self.nudge) for p in params]
        for p, (low, high) in zip(params, self.limits):  # noqa: B905  (strict=True is slower)
            if not low <= p <= high:
                self.diverged = f"diverged at update {t}: {self.run.divergence(np.array(params))}"
                return False
        self.params, self.state = params, state
        self.points.append(params)
        if keep:
            self.states.append(state)
        return True

    def _divisor(self, size: int) -> float:
        run = self.run
        self.divisors[size] = run.objective.divisor(run.reduction, size, run.optimizer.lecture_divides)
        return self.divisors[size]

    def _update(self, gradient: list[float], t: int) -> tuple[list[float], list[Any]]:
        rule, h = self.rule, self.hyperparameters
        params: list[float] = []
        state: list[Any] = []
        try:
            for p, g, s in zip(self.params, gradient, self.state):  # noqa: B905
                step, new, _ = rule(g, t, *s, *h)
                params.append(float(p - step))
                state.append(new)
        except (ArithmeticError, TypeError, ValueError):
            return self._update_as_arrays(gradient, t)
        return params, state

    def _update_as_arrays(self, gradient: list[float], t: int) -> tuple[list[float], list[Any]]:
        memory = [np.array(part, float) for part in zip(*self.state, strict=True)]
        step, new, _ = self.rule(np.array(gradient), t, *memory, *self.hyperparameters)
        params = (np.array(self.params) - step).tolist()
        state = list(zip(*(part.tolist() for part in new), strict=True)) or [()] * len(params)
        return params, state

    def chunk(self, start: int) -> Chunk:
        """Return the updates made after update `start`."""
        per_param, n = len(self.run.optimizer.state), len(self.params)
        params = np.array(self.points).reshape(-1, n)
        states = np.array(self.states, float).reshape(len(self.states), n, per_param).transpose(0, 2, 1)
        memory = np.array(self.state, float).reshape(n, per_param).T
        end = Point(start + len(params), np.array(self.params), tuple(memory))
        return Chunk(params, np.full(len(params), np.nan), states, end, self.diverged)


def advance_in_step(
    runs: Sequence[Run], points: Sequence[Point], count: int, nudges: Sequence[float] = ()
) -> list[Chunk]:
    """Return the next `count` updates of runs that are in step, fewer at their end or where they diverge.

    `nudges`: one for each run, or none; ±∞ moves its params by one unit in the last place up or down after each update.
    """
    pairs = list(zip(runs, points, nudges or repeat(0.0)))  # noqa: B905  (zeros repeat endlessly)
    try:
        return _advance(pairs, count, as_arrays=False)
    except TypeError:  # a plain power of a negative number is complex, which arrays give as NaN, like the reference
        return _advance(pairs, count, as_arrays=True)


def _advance(walking: Sequence[tuple[Run, Point, float]], count: int, as_arrays: bool) -> list[Chunk]:
    """Return the next updates of runs, given as (run, point, nudge)."""
    run, point, _ = walking[0]
    objective, sampling, seed = run.objective, run.sampling, run.seed
    start, samples, every = point.update, objective.samples, checkpoint_every(run)
    count = min(count, run.total - start)
    walkers = [Walker(run, point, count, as_arrays, nudge) for run, point, nudge in walking]
    active = list(walkers)
    sees_all = type(sampling) is Batch
    batch: Samples = slice(0, samples)
    size = samples
    with np.errstate(all="ignore"):
        for update in range(start, start + count):
            asked_at = np.array([walker.params if walker.is_plain else walker.prepare() for walker in active])
            if not sees_all:
                batch, size = sampling.batch(update, samples, seed), sampling.size_at(update, samples)
            gradients, keep = objective.gradients(asked_at, batch).tolist(), (update + 1) % every == 0
            goes_on = [walker.go(gradient, size, update + 1, keep) for walker, gradient in zip(active, gradients)]  # noqa: B905
            if False in goes_on:
                active = [walker for walker in active if not walker.diverged]
                if not active:
                    break
    return [walker.chunk(start) for walker in walkers]
