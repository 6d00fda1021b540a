"""The mistakes that are easily made when one writes the lecture's update rules down oneself.

:class:`Student` is the loop of :mod:`gdviz.training.loop` with each of its lines open to a mistake. A mistake changes
one line. To add one: a subclass, and its entry in :data:`MISTAKES`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from gdviz.objectives import SigmoidNeuron
from gdviz.training import Point

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdviz.objectives import Array
    from gdviz.objectives import Batch as Samples
    from gdviz.training import Run

__all__ = ["MISTAKES", "Student", "walk"]

State = tuple["Array", ...]


class Student:
    """Does everything right, line by line."""

    cause: ClassVar[str] = ""
    """What was done instead, as the end of a sentence."""

    def believed(self, run: Run) -> Run:
        """Return the run that is computed."""
        return run

    def start(self, run: Run) -> Point:
        """Return where it starts, with which memory."""
        return Point.start(run)

    def counter(self, run: Run, update: int) -> int:
        """Return t of the update before which `update` others were made."""
        return update + 1

    def asked_at(self, run: Run, point: Point, hyperparameters: tuple[float, ...]) -> Array:
        """Return where the gradient is taken."""
        look_ahead = run.optimizer.look_ahead
        return point.params if look_ahead is None else look_ahead(point.params, *point.state, *hyperparameters)

    def gradient(self, run: Run, at: Array, batch: Samples) -> Array:
        """Return the gradients of a batch, summed."""
        return run.objective.gradient(at, batch)

    def size(self, run: Run, update: int) -> int:
        """Return the size of the batch that a mean divides by."""
        return run.sampling.size_at(update, run.objective.samples)

    def step(self, run: Run, g: Array, t: int, state: State, hyperparameters: tuple[float, ...]) -> tuple[Array, State]:
        """Return what is subtracted, and the new memory."""
        step, state, _ = run.optimizer.rule(g, t, *state, *hyperparameters)
        return step, state

    def following(self, run: Run, point: Point) -> Point:
        """Return where the run stands after the next update."""
        hyperparameters = run.optimizer.hyperparameters(run.eta(point.update))
        g = self.divided(run, point, self.asked_at(run, point, hyperparameters))
        step, state = self.step(run, g, self.counter(run, point.update), point.state, hyperparameters)
        return Point(point.update + 1, point.params - step, state)

    def divided(self, run: Run, point: Point, at: Array) -> Array:
        """Return the gradient as the rule sees it."""
        batch = run.sampling.batch(point.update, run.objective.samples, run.seed)
        size = self.size(run, point.update)
        divisor = run.objective.divisor(run.reduction, size, run.optimizer.lecture_divides)
        return self.gradient(run, at, batch) / divisor


def walk(student: Student, run: Run, updates: int) -> Array:
    """Return the params after 0, 1, … `updates` updates as the student computes them, shape (updates + 1, n)."""
    with np.errstate(all="ignore"):
        run = student.believed(run)
        return np.array([point.params for point in _points(student, run, updates)])


def _points(student: Student, run: Run, updates: int) -> Iterator[Point]:
    point = student.start(run)
    yield point
    for _ in range(updates):
        point = student.following(run, point)
        yield point


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

    def gradient(self, run: Run, at: Array, batch: Samples) -> Array:
        """Take f at −b, and go on as if it were right."""
        return super().gradient(run, at * [1, -1], batch) if isinstance(run.objective, SigmoidNeuron) else at * np.nan


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
        return run.sampling.batch_size(run.objective.samples)


class OneByOne(Student):
    """w is moved before b's gradient is taken."""

    cause = "w was updated before the gradient for b was taken"

    def following(self, run: Run, point: Point) -> Point:
        """Move the first parameter, then take the gradient again for the next."""
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
            *_, point = _points(Student(), run, run.total)
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
