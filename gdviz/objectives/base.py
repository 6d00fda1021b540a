"""What an objective is: a value and a gradient over a space of parameters.

To add one: a subclass in a file of its own with ``@OBJECTIVES`` above it, in this package or in a plug-in. What only
some objectives have is in subclasses of :class:`Objective` with one subject each. An objective inherits from those that
fit it; no two of them define the same member, so their order does not matter:

* :class:`gdviz.objectives.on_data.OnData`: it is fitted to samples, which can be exchanged;
* :class:`gdviz.objectives.scored.Scored`: scores are measured besides the value;
* :class:`gdviz.objectives.per_update.PerUpdate`: an update needs more of it than a gradient;
* :class:`gdviz.objectives.compiled.Compiled`: the engine compiles loops from its formula.
"""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from gdviz.elementary import Array
from gdviz.objectives.space import Box, ParameterSpace
from gdviz.params import Declared
from gdviz.registry import Registry

if TYPE_CHECKING:
    from gdviz.objectives.data.samples import Data

__all__ = ["OBJECTIVES", "Array", "Box", "Objective", "Reduction", "Samples"]

Samples = slice | NDArray[np.intp]
"""Which samples: all or consecutive ones as a slice, others by their indices."""
Reduction = Literal["lecture", "sum", "mean"]


class Objective(ParameterSpace, Declared):
    """Something to be minimised. A value: it never changes after construction.

    A subclass gives `name`, `label`, `formula`, `parameters`, `start`, `box`, `value` and `gradient`. All else has an
    answer that suits a function of a few parameters without data.
    """

    formula: ClassVar[str]
    """The value, in the lecture's notation."""
    value_name: ClassVar[str] = "error"
    minima: ClassVar[tuple[tuple[float, float], ...]] = ()
    """The points of the least value, as far as they are known."""
    samples: int = 1
    """How many samples the value adds up; 1 where there is no data."""
    data: Data | None = None
    """The samples; None where there are none, see :class:`gdviz.objectives.on_data.OnData`."""
    score_names: tuple[str, ...] = ()
    """What is measured besides the value, see :class:`gdviz.objectives.scored.Scored`."""
    has_layers: bool = False
    """Whether it is a network: then it has all that :class:`gdviz.Network` has."""

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
        """Return the gradient at one point, summed over the samples of `batch`; of a network the mean.

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
        """Return the curvatures at one point, summed over all samples: shape (n, n), symmetric.

        By central differences of the exact gradient, to about nine digits, where a subclass has no formula.
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

    @property
    def lowest(self) -> float:
        """The least value there is, as far as it is known; an error's is 0."""
        return 0.0

    @property
    def work(self) -> float:
        """How much it takes to evaluate it once, in evaluations of a neuron on one sample."""
        return float(self.samples)

    def rate_factor(self, grows_with_gradient: bool) -> float:
        """Return the factor on a learning rate that suits the lecture's neuron, so that it suits this objective.

        Parameters
        ----------
        grows_with_gradient
            Whether the rule's step grows with the gradient: where the objective is steep, such a rule needs a small
            factor, other rules do not.
        """
        return 1.0

    def divisor(self, reduction: Reduction, batch_size: int, lecture_divides: bool) -> float:
        """Return what the summed gradient of a batch is divided by.

        Parameters
        ----------
        batch_size
            Samples of the batch.
        lecture_divides
            Whether the lecture's code divides by it for this rule.
        reduction
            ``sum``: by 1; ``mean``: by the batch's size; ``lecture``: by the batch's size for those rules only that
            divide in the lecture's code (`lecture_divides`).
        """
        divides = lecture_divides if reduction == "lecture" else reduction == "mean"
        return float(batch_size) if divides else 1.0


OBJECTIVES: Registry[type[Objective]] = Registry("objective")
"""Every objective that the pickers, the command line and the contract tests know."""
