"""Mistakes in the loop around the rule: in its batches, its divisor, and the order of its lines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gdviz.checking.mistakes.base import MISTAKES, Student

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.checking.mistakes.base import State
    from gdviz.objectives import Array, Samples
    from gdviz.training import Point, Run, Step


class OfBatches(Student):
    """A mistake that needs several updates in an epoch."""

    def can_be_made(self, run: Run) -> bool:
        """Return whether an epoch has several updates."""
        return run.per_epoch > 1


@MISTAKES
class Summed(Student):
    """Σ in place of the mean."""

    cause = "the batch's gradients were summed, not divided by the batch's size"

    def own_run(self, run: Run) -> Run:
        """Add them up."""
        return super().own_run(run).changed(reduction="sum")


@MISTAKES
class Averaged(Student):
    """The mean in place of Σ."""

    cause = "the batch's gradients were divided by the batch's size, not only summed"

    def own_run(self, run: Run) -> Run:
        """Take the mean."""
        return super().own_run(run).changed(reduction="mean")


@MISTAKES
class DividedTwice(Student):
    """The mean of the mean."""

    cause = "the batch's gradients were divided by the batch's size twice"

    def divisor(self, run: Run, update: int) -> float:
        """Divide by its square."""
        return float(run.sampling.size_at(update, run.objective.samples)) ** 2


@MISTAKES
class DividedByAll(Student):
    """1/N in place of one over the batch's size."""

    cause = "the batch's gradients were divided by the number of all samples, not by the batch's size"

    def divisor(self, run: Run, update: int) -> float:
        """Divide by N."""
        return float(run.objective.samples)


@MISTAKES
class EtaTwice(Student):
    """A step that contains η is multiplied by η."""

    cause = "η was applied twice"

    def rule(
        self, run: Run, g: Array, t: int, state: State, hyperparameters: Sequence[float]
    ) -> tuple[Array, State, State]:
        """Multiply the step by η once more."""
        step, state, between = super().rule(run, g, t, state, hyperparameters)
        return hyperparameters[0] * step, state, between


@MISTAKES
class OneByOne(Student):
    """w is updated before b's gradient is computed."""

    cause = "w was updated before the gradient for b was taken"

    def can_be_made(self, run: Run) -> bool:
        """Return whether there are two params; with more, nobody writes the loop like that."""
        return run.objective.is_planar

    def following(self, run: Run, point: Point) -> Step:
        """Update the first parameter, then compute the gradient again for the second one."""
        first, half_params, state_before = super().following(run, point), point.params.copy(), point.state
        half_params[0] = first.params[0]
        # The look-ahead uses the state, whose first component is updated already.
        half = tuple(np.array([new[0], old[1]]) for new, old in zip(first.state, state_before, strict=True))
        again = self._with_gradient_at(run, point, replace(point, params=half_params, state=half))
        state = tuple(np.array([new[0], late[1]]) for new, late in zip(first.state, again.state, strict=True))
        params = np.array([first.params[0], again.params[1]])
        return replace(first, params=params, state=state, step=point.params - params)

    def _with_gradient_at(self, run: Run, point: Point, other: Point) -> Step:
        """Return the step from `point` with the gradient of `other`, a point that is half updated."""
        hyperparameters = run.optimizer.hyperparameters(self.eta(run, point.update))
        at = self.asked_at(run, other, hyperparameters)
        g = self.gradient(run, at, self.batch(run, point.update), point.update) / self.divisor(run, point.update)
        step, state, _ = self.rule(run, g, self.counter(run, point.update), point.state, hyperparameters)
        step_at_point = super().following(run, point)
        return replace(step_at_point, step=step, params=point.params - step, state=state)


@MISTAKES
class GradientNeverReset(Student):
    """Σ over all updates."""

    cause = "the gradient was never set to 0: it adds up over all updates"

    def __init__(self) -> None:
        super().__init__()
        self._sum: Array | float = 0.0

    def gradient(self, run: Run, at: Array, batch: Samples, update: int) -> Array:
        """Add all gradients up."""
        self._sum = (self._sum if update else 0.0) + super().gradient(run, at, batch, update)
        return np.asarray(self._sum)


@MISTAKES
class ShortBatchAsFull(OfBatches):
    """The last batch's sum divided by the full size."""

    cause = "the last batch of an epoch, which is short, was divided by the size of a full one"

    def divisor(self, run: Run, update: int) -> float:
        """Return the full size."""
        return run.objective.divisor(run.reduction, run.batch_size, run.optimizer.lecture_divides)


@MISTAKES
class ShortBatchDropped(OfBatches):
    """No last batch where it would be short."""

    cause = "the last batch of an epoch, which is short, was left out"

    def can_be_made(self, run: Run) -> bool:
        """Return whether there is a short one."""
        return run.objective.samples % run.batch_size > 0 and run.per_epoch > 1

    def batch(self, run: Run, update: int) -> Samples:
        """Return the batch where every epoch has full ones alone."""
        return super().batch(run, self._in_full_epochs(run, update))

    def divisor(self, run: Run, update: int) -> float:
        """Return that of a full batch."""
        return super().divisor(run, self._in_full_epochs(run, update))

    def _in_full_epochs(self, run: Run, update: int) -> int:
        epoch, position = divmod(update, run.per_epoch - 1)
        return epoch * run.per_epoch + position


@MISTAKES
class Backwards(OfBatches):
    """The last samples first."""

    cause = "the samples were seen in reverse order"

    def batch(self, run: Run, update: int) -> Samples:
        """Return the batch counted from the end."""
        size = run.sampling.size_at(update, run.objective.samples)
        last = run.objective.samples - update % run.per_epoch * run.batch_size
        return np.arange(last - size, last)


@MISTAKES
class SameBatch(OfBatches):
    """The first batch again and again."""

    cause = "every update saw the first batch"

    def batch(self, run: Run, update: int) -> Samples:
        """Return the first one."""
        return super().batch(run, 0)


@MISTAKES
class GradientNotReset(OfBatches):
    """Σ over the updates of an epoch."""

    cause = "the gradient was not set to 0 after an update: it adds up over an epoch"

    def __init__(self) -> None:
        super().__init__()
        self._sum: Array | float = 0.0

    def gradient(self, run: Run, at: Array, batch: Samples, update: int) -> Array:
        """Add the epoch's gradients up."""
        before = self._sum if update % run.per_epoch else 0.0
        self._sum = before + super().gradient(run, at, batch, update)
        return np.asarray(self._sum)
