"""The mistakes that are easily made when one writes the lecture's update rules down oneself.

A mistake changes one line of :class:`Student`. To add one: a subclass, and its entry in :data:`MISTAKES`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.checking.walking import Student, points, walk
from gdviz.objectives import SigmoidNeuron
from gdviz.training import Point

if TYPE_CHECKING:
    from gdviz.checking.walking import State
    from gdviz.objectives import Array
    from gdviz.objectives import Batch as Samples
    from gdviz.training import Run

__all__ = ["MISTAKES", "Student", "walk"]


class EpsilonAdded(Student):
    """w ← w − (ηm/√v + ε)."""

    cause = "ε was added to the quotient, not to the root in its denominator: ηg/√v + ε in place of ηg/(√v + ε)"

    def step(self, run: Run, g: Array, t: int, state: State, hyperparameters: tuple[float, ...]) -> tuple[Array, State]:
        """Divide by the bare root, and add ε to what comes out."""
        optimizer: Any = run.optimizer
        if not hasattr(optimizer, "eps"):
            return super().step(run, g, t, state, hyperparameters)
        bare = replace(optimizer, eps=1e-300)
        step, state, _ = optimizer.rule(g, t, *state, *bare.hyperparameters(hyperparameters[0]))
        return step + optimizer.eps, state


class Changed(Student):
    """Another value of a hyperparameter or of the run than was meant."""

    def changes(self, optimizer: Any) -> dict[str, Any]:
        """Return the hyperparameters that differ."""
        return {}

    def believed(self, run: Run) -> Run:
        """Compute with them."""
        changes = self.changes(run.optimizer)
        optimizer: Any = run.optimizer
        return replace(run, optimizer=replace(optimizer, **changes)) if changes else run


class EpsilonInside(Changed):
    """√(v + ε)."""

    cause = "ε was put inside the root: √(v + ε) in place of √v + ε"

    def changes(self, optimizer: Any) -> dict[str, Any]:
        """Put ε inside."""
        return {"inside": 1} if getattr(optimizer, "inside", None) == 0 else {}


class EpsilonOutside(Changed):
    """√v + ε, where it is to stand inside."""

    cause = "ε was put outside the root: √v + ε in place of √(v + ε)"

    def changes(self, optimizer: Any) -> dict[str, Any]:
        """Put ε outside."""
        return {"inside": 0} if getattr(optimizer, "inside", None) == 1 else {}


class NotCorrected(Changed):
    """No division by 1 − βᵗ."""

    cause = "the bias correction is missing: m and v were not divided by 1 − βᵗ"

    def changes(self, optimizer: Any) -> dict[str, Any]:
        """Leave it out."""
        return {"corrected": 0} if getattr(optimizer, "corrected", None) == 1 else {}


class Swapped(Changed):
    """(1−β)v + βg²."""

    cause = "β and 1 − β were swapped"

    def changes(self, optimizer: Any) -> dict[str, Any]:
        """Swap them."""
        return {name: 1 - getattr(optimizer, name) for name in ("beta", "beta1", "beta2") if hasattr(optimizer, name)}


class Summed(Student):
    """Σ in place of the mean."""

    cause = "the batch's gradients were summed, not divided by the batch's size"

    def believed(self, run: Run) -> Run:
        """Add them up."""
        return replace(run, reduction="sum")


class Averaged(Student):
    """The mean in place of Σ."""

    cause = "the batch's gradients were divided by the batch's size, not only summed"

    def believed(self, run: Run) -> Run:
        """Take the mean."""
        return replace(run, reduction="mean")


class SignOfB(Student):
    """f = 1/(1 + e^(−wx + b))."""

    cause = "b has the wrong sign in the exponent: e^(−wx + b) in place of e^−(wx + b)"

    def gradient(self, run: Run, at: Array, batch: Samples, update: int) -> Array:
        """Take f at −b, and go on as if it were right."""
        is_neuron = isinstance(run.objective, SigmoidNeuron)
        return super().gradient(run, at * [1, -1], batch, update) if is_neuron else at * np.nan


class NotAhead(Student):
    """Nesterov's gradient at w."""

    cause = "the gradient was taken at w, not at the look-ahead point w − γv"

    def asked_at(self, run: Run, point: Point, hyperparameters: tuple[float, ...]) -> Array:
        """Take it where the run stands."""
        return point.params


class EtaTwice(Student):
    """η times what η is already in."""

    cause = "η was applied twice"

    def step(self, run: Run, g: Array, t: int, state: State, hyperparameters: tuple[float, ...]) -> tuple[Array, State]:
        """Multiply the step by η once more."""
        step, state = super().step(run, g, t, state, hyperparameters)
        return hyperparameters[0] * step, state


class CounterRestarted(Student):
    """t = 1 at the beginning of every epoch."""

    cause = "the counter t of the bias correction was started again with every epoch"

    def counter(self, run: Run, update: int) -> int:
        """Count within the epoch."""
        return update % run.per_epoch + 1


class CountedEpochs(Student):
    """t = the epoch."""

    cause = "the counter t of the bias correction counts epochs, not updates"

    def counter(self, run: Run, update: int) -> int:
        """Count the epochs."""
        return update // run.per_epoch + 1


class ShortBatchAsFull(Student):
    """The last batch's sum divided by the full size."""

    cause = "the last batch of an epoch, which is short, was divided by the size of a full one"

    def size(self, run: Run, update: int) -> int:
        """Return the full size."""
        return run.batch_size


class OneByOne(Student):
    """w is moved before b's gradient is taken."""

    cause = "w was updated before the gradient for b was taken"

    def following(self, run: Run, point: Point) -> Point:
        """Move the first parameter, then take the gradient again for the next; nobody does so where they are many."""
        if not run.objective.is_planar:
            return Point(point.update + 1, point.params * np.nan, point.state)
        t, hyperparameters = self.counter(run, point.update), run.optimizer.hyperparameters(run.eta(point.update))
        params, state = point.params.copy(), tuple(part.copy() for part in point.state)
        for axis in range(len(params)):
            g = self.divided(run, point, self.asked_at(run, Point(point.update, params, state), hyperparameters))
            step, new = self.step(run, g, t, point.state, hyperparameters)
            params[axis] = point.params[axis] - step[axis]
            for old, part in zip(state, new, strict=True):
                old[axis] = part[axis]
        return Point(point.update + 1, params, state)


class StateKept(Student):
    """The memory of the run before."""

    cause = "the memory was not reset: the run began with what the run before had left"

    def start(self, run: Run) -> Point:
        """Begin with what such a run leaves."""
        point = super().start(run)
        if point.state:
            *_, point = points(Student(), run, run.total)
        return Point(0, np.array(run.start), point.state)


MISTAKES: tuple[type[Student], ...] = (
    Summed,
    Averaged,
    SignOfB,
    NotAhead,
    EtaTwice,
    NotCorrected,
    CounterRestarted,
    CountedEpochs,
    ShortBatchAsFull,
    Swapped,
    OneByOne,
    StateKept,
    EpsilonInside,
    EpsilonOutside,
    EpsilonAdded,
)
"""Every mistake that is looked for; of two that fit alike the first one is named."""
