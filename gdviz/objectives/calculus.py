"""What follows from a value and a gradient: values over a grid, gradients at many points, the Hessian."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from gdviz.elementary import Array

__all__ = ["Calculus", "Samples"]

Samples = slice | NDArray[np.intp]
"""A selection of samples: a slice for all or consecutive ones, otherwise their indices."""


class Calculus(abc.ABC):
    """A function with a gradient: the base of :class:`gdviz.Objective`.

    A subclass defines `value` and `gradient`. All else follows from them, one point after the other and by differences;
    where a formula gives it faster or more exactly, a subclass defines that too.
    """

    samples: int

    @property
    @abc.abstractmethod
    def extent(self) -> Array:
        """The size of each parameter's range, shape (n,)."""

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
    def gradient(self, params: Array, batch: Samples = slice(None)) -> Array:
        """Return the gradient at one point: the sum over the samples of `batch`, for a network the mean.

        Parameters
        ----------
        params
            Shape (n,).
        batch
            The samples; by default all.

        Returns
        -------
        array
            Shape (n,).
        """

    def gradients(self, points: Array, batch: Samples = slice(None)) -> Array:
        """Return the gradients at many points, shape (k, n), summed over the samples of `batch`: shape (k, n)."""
        return np.array([self.gradient(point, batch) for point in points])

    def sample_gradients(self, params: Array) -> Array | None:
        """Return the gradient of each sample at one point, shape (samples, n).

        The gradient of a batch is their sum over the batch, or their mean where the objective is a mean. None where it
        is neither, because a sample's gradient depends on the rest of the batch or on random numbers.
        """
        return np.array([self.gradient(params, slice(i, i + 1)) for i in range(self.samples)])

    def hessian(self, params: Array) -> Array:
        """Return the Hessian of the value over all samples at one point: shape (n, n), symmetric.

        Without a formula in a subclass, it consists of central differences of the exact gradient: about nine digits.
        """
        reach = 1e-5 * np.maximum(np.abs(params), self.extent / 100)
        columns = [
            (self.gradient(params + step) - self.gradient(params - step)) / (2 * step[axis])
            for axis, step in enumerate(np.diag(reach))
        ]
        return np.asarray(np.stack(columns) + np.stack(columns).T) / 2

    def grid(self, a: Array, b: Array) -> Array:
        """Return the values over a grid of the two parameters: shape (len(a), len(b))."""
        return self.value(np.stack(np.broadcast_arrays(a[:, None], b), axis=-1))
