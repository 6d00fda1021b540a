"""What an objective is: a value and a gradient over a space of parameters, and how to look at it.

To add one: a subclass in a file of its own, and its entry in :mod:`gdviz.objectives`.
"""

from __future__ import annotations

import abc
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Array", "Batch", "Box", "Objective", "Reduction"]

Array = NDArray[np.float64]
Batch = slice | NDArray[np.intp]
"""Which samples: all or consecutive ones as a slice, others by their indices."""
Box = tuple[tuple[float, float], tuple[float, float]]
"""The lowest and highest value of the first and of the second parameter."""
Reduction = Literal["lecture", "sum", "mean"]
FAR = 1e6
"""How many times the box a point may be away before its run counts as diverged."""


class Objective(abc.ABC):
    """Something to be minimised. A value: it never changes after construction."""

    name: ClassVar[str]
    label: ClassVar[str]
    formula: ClassVar[str]
    """The value, in the lecture's notation."""
    parameters: tuple[str, ...]
    """The parameters' names, as many as there are dimensions."""
    value_name: ClassVar[str] = "error"
    minima: ClassVar[tuple[tuple[float, float], ...]] = ()
    """The points of the least value, as far as they are known."""
    samples: int = 1
    """How many samples the value adds up; 1 where there is no data."""

    summand: ClassVar[Callable[..., tuple[Any, Any, Any]] | None] = None
    """For two parameters: ``(a, b, *sample) -> (value, ∂/∂a, ∂/∂b)`` of one sample, elementwise as a rule is.

    A static method. From it, and from :attr:`table`, the engine compiles the objective; without it numpy serves.
    """

    whole: ClassVar[Callable[..., tuple[Any, Any, Any]] | None] = None
    """In place of `summand`: ``(a, b, first, last, table) -> (value, ∂/∂a, ∂/∂b)`` over columns first to last."""

    @property
    def gentleness(self) -> float:
        """What a learning rate for the lecture's neuron is multiplied by here; small where the objective is steep."""
        return 1.0

    @property
    def lowest(self) -> float:
        """The least value there is, as far as it is known; an error's is 0."""
        return 0.0

    @property
    @abc.abstractmethod
    def start(self) -> tuple[float, ...]:
        """A good point to start from."""

    @property
    @abc.abstractmethod
    def box(self) -> Box:
        """The part of the parameter space that is worth looking at."""

    @abc.abstractmethod
    def value(self, params: Array) -> Array:
        """Return the value over all data at one or many points.

        Parameters
        ----------
        params
            Shape (..., n) for n parameters.

        Returns
        -------
        array
            Shape (...).
        """

    @abc.abstractmethod
    def gradient(self, params: Array, batch: Batch = slice(None)) -> Array:
        """Return the gradient at one point, summed over the samples of `batch`.

        Parameters
        ----------
        params
            Shape (n,).
        batch
            The samples; all of them by default.

        Returns
        -------
        array
            Shape (n,).
        """

    def gradients(self, points: Array, batch: Batch = slice(None)) -> Array:
        """Return the gradients at many points, shape (k, n), summed over the samples of `batch`: shape (k, n)."""
        return np.array([self.gradient(point, batch) for point in points])

    def sample_gradients(self, params: Array) -> Array:
        """Return the gradient of each sample at one point, shape (samples, n); their sum is the whole gradient."""
        return np.array([self.gradient(params, slice(i, i + 1)) for i in range(self.samples)])

    def hessian(self, params: Array) -> Array:
        """Return the curvatures at one point, summed over all samples: shape (n, n), symmetric.

        By central differences of the exact gradient, to about nine digits, where a subclass has no formula.
        """
        reach = 1e-5 * np.maximum(np.abs(params), np.ptp(np.array(self.box), axis=1) / 100)
        columns = [
            (self.gradient(params + step) - self.gradient(params - step)) / (2 * step[axis])
            for axis, step in enumerate(np.diag(reach))
        ]
        return np.asarray(np.stack(columns) + np.stack(columns).T) / 2

    @property
    def table(self) -> Array:
        """The numbers of each sample: a column for each, shape (rows, samples)."""
        return np.empty((0, self.samples))

    @cached_property
    def limits(self) -> Array:
        """The part of the parameter space outside of which a run has diverged, shape (n, 2): 10⁶ times the box."""
        low, high = np.array(self.box).T
        return np.stack([(low + high) / 2 - FAR * (high - low) / 2, (low + high) / 2 + FAR * (high - low) / 2], axis=1)

    def divisor(self, reduction: Reduction, batch_size: int, lecture_divides: bool) -> float:
        """Return what the summed gradient of a batch is divided by.

        Parameters
        ----------
        reduction
            ``sum``: by 1; ``mean``: by the batch's size; ``lecture``: by the batch's size for those rules only that
            divide in the lecture's code (`lecture_divides`).
        """
        divides = lecture_divides if reduction == "lecture" else reduction == "mean"
        return float(batch_size) if divides else 1.0

    def grid(self, a: Array, b: Array) -> Array:
        """Return the values over a grid of the two parameters: shape (len(a), len(b))."""
        return self.value(np.stack(np.broadcast_arrays(a[:, None], b), axis=-1))
