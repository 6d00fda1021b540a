"""Mistakes in the gradient: factors, and the neuron's formula."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

import numpy as np

from gdviz.checking.mistakes.base import MISTAKES, State, Student
from gdviz.objectives import is_neuron

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdviz.objectives import Array, Samples, SigmoidNeuron
    from gdviz.training import Run


def sigmoid(z: Array) -> Array:
    """Return 1/(1 + e^−z)."""
    return np.asarray(1 / (1 + np.exp(-z)))


class OfTheNeuron(Student):
    """A mistake in (f − y) f (1 − f) x."""

    slope: ClassVar[Callable[..., Array]]
    """``(f, y) -> ∂E/∂(wx + b)`` of each sample."""

    def can_be_made(self, run: Run) -> bool:
        """Return whether the objective is the neuron."""
        return is_neuron(run.objective)

    def gradient(self, run: Run, at: Array, batch: Samples, update: int) -> Array:
        """Return the gradient with another slope."""
        neuron = cast("SigmoidNeuron", run.objective)
        x, y = neuron.X[batch], neuron.Y[batch]
        return self.along(x, type(self).slope(sigmoid(at[0] * x + at[1]), y))

    def along(self, x: Array, slopes: Array) -> Array:
        """Return the gradient along w and b from the samples' slopes."""
        return np.array([slopes @ x, slopes.sum()])


SLOPES: tuple[tuple[str, Callable[[Array, Array], Array], str], ...] = (
    ("SlopeMissing", lambda f, y: f - y, "the sigmoid's slope f(1 − f) is missing: (f − y)x, the gradient of the "
     "cross-entropy, in place of (f − y)f(1 − f)x"),
    ("SlopeHalved", lambda f, y: (f - y) * f, "the sigmoid's slope was taken as f in place of f(1 − f)"),
    ("SlopeOtherHalf", lambda f, y: (f - y) * (1 - f), "the sigmoid's slope was taken as 1 − f in place of f(1 − f)"),
    ("SlopeOfOutput", lambda f, y: (f - y) * sigmoid(f) * (1 - sigmoid(f)), "the sigmoid's slope was taken at f, not "
     "at wx + b: σ(f)(1 − σ(f)) in place of f(1 − f)"),
    ("SlopePlus", lambda f, y: (f - y) * f * (1 + f), "the sigmoid's slope was taken as f(1 + f) in place of f(1 − f)"),
    ("ErrorMissing", lambda f, y: f * (1 - f), "the factor f − y is missing in the gradient"),
    ("ErrorSquared", lambda f, y: (f - y) ** 2 * f * (1 - f), "f − y was squared in the gradient"),
)  # fmt: skip


class OfB(Student):
    """A mistake that concerns b alone."""

    def can_be_made(self, run: Run) -> bool:
        """Return whether there are two params."""
        return run.objective.is_planar


class Scaled(Student):
    """The gradient times a factor."""

    factor: ClassVar[float]

    def gradient(self, run: Run, at: Array, batch: Samples, update: int) -> Array:
        """Multiply it."""
        return self.factor * super().gradient(run, at, batch, update)


# Mistakes that modify the gradient come before those that replace it: so both take effect when two are combined.


@MISTAKES
class Uphill(Scaled):
    """y − f in place of f − y."""

    cause = "the gradient has the wrong sign: the run goes uphill (y − f in place of f − y, or + in place of −)"
    factor = -1.0


@MISTAKES
class Doubled(Scaled):
    """The gradient of Σ (f − y)²."""

    cause = "the gradient is twice as long: that of Σ(f − y)², without the ½"
    factor = 2.0


@MISTAKES
class Halved(Scaled):
    """Half the gradient."""

    cause = "the gradient was halved"
    factor = 0.5


@MISTAKES
class BNotMoved(OfB):
    """The last param stays, whatever the memory holds for it."""

    cause = "b was never updated"

    def rule(
        self, run: Run, g: Array, t: int, state: State, hyperparameters: Sequence[float]
    ) -> tuple[Array, State, State]:
        """Leave the second step out."""
        step, state, between = super().rule(run, g, t, state, hyperparameters)
        return step * [1.0, 0.0], state, between


@MISTAKES
class NoGradientForB(OfB):
    """The second slope is 0."""

    cause = "the gradient along b is 0 in every update"

    def gradient(self, run: Run, at: Array, batch: Samples, update: int) -> Array:
        """Leave the second slope out."""
        return super().gradient(run, at, batch, update) * [1.0, 0.0]


@MISTAKES
class SignOfB(Student):
    """f = 1/(1 + e^(−wx + b))."""

    cause = "b has the wrong sign in the exponent: e^(−wx + b) in place of e^−(wx + b)"

    def can_be_made(self, run: Run) -> bool:
        """Return whether the objective is the neuron."""
        return is_neuron(run.objective)

    def gradient(self, run: Run, at: Array, batch: Samples, update: int) -> Array:
        """Take f at −b, and go on as if it were right."""
        return super().gradient(run, at * [1, -1], batch, update)


for name, slope, cause in SLOPES:
    MISTAKES(type(name, (OfTheNeuron,), {"slope": staticmethod(slope), "cause": cause}))


@MISTAKES
class InputMissing(OfTheNeuron):
    """x is missing along w."""

    cause = "the factor x is missing in the gradient along w"
    slope = staticmethod(lambda f, y: (f - y) * f * (1 - f))

    def along(self, x: Array, slopes: Array) -> Array:
        """Leave x out."""
        return np.array([slopes.sum(), slopes.sum()])


@MISTAKES
class InputTwice(InputMissing):
    """x stands along b, too."""

    cause = "the gradient along b was multiplied by x"

    def along(self, x: Array, slopes: Array) -> Array:
        """Multiply both by x."""
        return np.array([slopes @ x, slopes @ x])
