"""The base of all objectives: a value and a gradient over a space of parameters.

To add one: a subclass in a file of its own with ``@OBJECTIVES`` above it, in this package or in a plug-in. Capabilities
that only some objectives have are subclasses of :class:`Objective` with one subject each. An objective inherits from
all that fit it. No two of them define the same member, so their order does not matter:

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
"""A selection of samples: a slice for all or consecutive ones, otherwise their indices."""
Reduction = Literal["lecture", "sum", "mean"]


class Objective(ParameterSpace, Declared):
    """A function to be minimised. An objective never changes after construction.

    A subclass defines `name`, `label`, `formula`, `parameters`, `start`, `box`, `value` and `gradient`. The defaults of
    all other members suit a function of a few parameters without data.
    """

    formula: ClassVar[str]
    """The formula of the value, in the lecture's notation."""
    value_name: ClassVar[str] = "error"
    minima: ClassVar[tuple[tuple[float, float], ...]] = ()
    """The known global minima."""
    samples: int = 1
    """The number of samples in the value's sum or mean; 1 where there is no data."""
    data: Data | None = None
    """The samples; None where there are none, see :class:`gdviz.objectives.on_data.OnData`."""
    score_names: tuple[str, ...] = ()
    """The names of the scores that are measured besides the value, see :class:`gdviz.objectives.scored.Scored`."""
    has_layers: bool = False
    """Whether it is a network, with all members of :class:`gdviz.Network`."""

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

    @property
    def lowest(self) -> float:
        """The least possible value, as far as it is known; 0 for an error."""
        return 0.0

    @property
    def work(self) -> float:
        """The cost of one evaluation, in evaluations of a neuron on one sample."""
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
        """Return the divisor of a batch's summed gradient.

        Parameters
        ----------
        reduction
            ``sum``: 1; ``mean``: the batch's size; ``lecture``: the batch's size for rules with `lecture_divides`,
            otherwise 1.
        batch_size
            The number of samples in the batch.
        lecture_divides
            Whether the lecture's code divides by the batch's size for this rule.
        """
        divides = lecture_divides if reduction == "lecture" else reduction == "mean"
        return float(batch_size) if divides else 1.0


OBJECTIVES: Registry[type[Objective]] = Registry("objective")
"""Every objective that pickers, command line and contract tests offer."""
