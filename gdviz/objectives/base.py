"""What an objective is: a value and a gradient over a space of parameters, and how to look at it.

To add one: a subclass in a file of its own with ``@OBJECTIVES`` above it, in this package or in a plug-in.
"""

from __future__ import annotations

import abc
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from gdviz.elementary import Array
from gdviz.objectives.data.roles import UNCHOSEN, Choice
from gdviz.params import Declared
from gdviz.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from gdviz.objectives.data.samples import Data, DataSet

__all__ = ["OBJECTIVES", "Array", "Box", "Objective", "Reduction", "Samples"]

Samples = slice | NDArray[np.intp]
"""Which samples: all or consecutive ones as a slice, others by their indices."""
Box = tuple[tuple[float, float], tuple[float, float]]
"""The lowest and highest value of the first and of the second parameter."""
Reduction = Literal["lecture", "sum", "mean"]
FAR = 1e6
"""How many times the box a point may be away before its run counts as diverged."""


TOLD = 6
"""So many parameters are named in a message."""
NOTHING = np.empty(0)


class Objective(Declared, abc.ABC):
    """Something to be minimised. A value: it never changes after construction."""

    formula: ClassVar[str]
    """The value, in the lecture's notation."""
    parameters: tuple[str, ...]
    """The parameters' names, as many as there are dimensions."""
    value_name: ClassVar[str] = "error"
    about_value: str = "summed over all data"
    """How the value comes about, as a tip."""
    minima: ClassVar[tuple[tuple[float, float], ...]] = ()
    """The points of the least value, as far as they are known."""
    samples: int = 1
    """How many samples the value adds up; 1 where there is no data."""
    data: Data | None = None
    """The samples; None where there are none."""
    has_validation: bool = False
    """Whether samples are kept apart, so that a run can be stopped by their error."""
    score_names: tuple[str, ...] = ()
    """What is measured besides the value."""
    shrinkage: Array | None = None
    """What share of each parameter an update takes away beside the rule, for each unit of η; None: nothing."""

    summand: ClassVar[Callable[..., tuple[Any, Any, Any]] | None] = None
    """For two parameters: ``(a, b, *sample) -> (value, ∂/∂a, ∂/∂b)`` of one sample, elementwise as a rule is.

    A static method. From it, and from :attr:`table`, the engine compiles the objective; without it numpy serves.
    """

    whole: ClassVar[Callable[..., tuple[Any, Any, Any]] | None] = None
    """In place of `summand`: ``(a, b, first, last, table) -> (value, ∂/∂a, ∂/∂b)`` over columns first to last."""

    datasets: ClassVar[tuple[Registry[DataSet], ...]] = ()
    """The registries of the data sets that it can be fitted to; none where it has no data."""
    usual_data: ClassVar[str] = ""
    """The name of the data set that it begins with."""

    @classmethod
    def names_of_datasets(cls) -> tuple[str, ...]:
        """Return the names of the data sets that it can be fitted to, the usual one first."""
        names = (name for registry in cls.datasets for name in registry.names)
        return tuple(dict.fromkeys((cls.usual_data, *names))) if cls.datasets else ()

    @classmethod
    def on(cls, data: Data, **given: Any) -> Self:
        """Return the objective on a data set; `given` are its parameters."""
        raise ValueError(f"{cls.name} has no data")

    @classmethod
    def load(cls, name: str, choice: Choice = UNCHOSEN) -> Data:
        """Return samples that suit it, by the name of a data set or the path of a table of which columns are chosen."""
        raise ValueError(f"{cls.name} has no data")

    def with_data(self, data: Data, standardize: bool) -> Self:
        """Return the objective on other samples, as much as may be as it was."""
        raise ValueError(f"{self.name} has no data")

    @property
    def is_standardized(self) -> bool:
        """Whether the inputs are shifted and scaled."""
        return self.data is not None and self.data.is_standardized

    @property
    def size(self) -> int:
        """How many parameters there are."""
        return len(self.parameters)

    @property
    def is_planar(self) -> bool:
        """Whether its params are the plane that is drawn; otherwise one is cut through them."""
        return self.size == 2

    def has_params_of(self, other: Objective) -> bool:
        """Return whether a point of the other objective means the same here, so that a run can begin there."""
        return self.is_planar and other.is_planar and self.parameters == other.parameters

    def name_of(self, index: int) -> str:
        """Return the name of one parameter, without making those of all."""
        return self.parameters[index]

    @property
    def names_for_messages(self) -> str:
        """The parameters' names as a message has them: the first few, where they are many."""
        names = ",".join(self.name_of(i) for i in range(min(self.size, TOLD)))
        return f"{names},..." if self.size > TOLD else names

    @property
    def extent(self) -> Array:
        """How wide the range of each parameter is that is worth looking at, shape (n,)."""
        return np.asarray(np.ptp(np.array(self.box), axis=1))

    def rate_factor(self, grows_with_gradient: bool) -> float:
        """Return the factor on a learning rate that suits the lecture's neuron, so that it suits this objective.

        Parameters
        ----------
        grows_with_gradient
            Whether the rule's step grows with the gradient: where the objective is steep, such a rule needs a small
            factor, other rules do not.
        """
        return 1.0

    @property
    def work(self) -> float:
        """How much it takes to evaluate it once, in evaluations of a neuron on one sample."""
        return float(self.samples)

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

    def measured(self, points: Array, cancelled: Callable[[], bool] = lambda: False) -> Array:
        """Return the value and the scores at points of shape (k, n): shape (k, 1 + scores).

        What takes long asks now and then whether it is `cancelled`; then it is NaN.
        """
        return self.value(points)[:, None]

    @property
    def is_sum_of_samples(self) -> bool:
        """Whether the gradient that an update sees is the sum, or the mean, of its samples' gradients."""
        return True

    @property
    def carried(self) -> Array:
        """What a run carries along besides its params, before the first update: shape (r,), usually nothing."""
        return NOTHING

    def carry(self, carried: Array, params: Array, batch: Samples, update: int, seed: int) -> Array:
        """Return what is carried along after an update whose gradient was taken at `params`."""
        return carried

    def validation_error(self, params: Array, carried: Array | None = None) -> float:
        """Return the mean error over the samples that are kept apart."""
        raise ValueError(f"{self.name}: no samples are kept apart")

    def gradients(self, points: Array, batch: Samples = slice(None)) -> Array:
        """Return the gradients at many points, shape (k, n), summed over the samples of `batch`: shape (k, n)."""
        return np.array([self.gradient(point, batch) for point in points])

    def gradient_in(self, params: Array, batch: Samples, update: int, seed: int) -> Array:
        """Return the gradient that a run sees before whose update `update` others were made.

        It is the batch's, unless something is drawn anew for each update, such as which neurons drop out.
        """
        return self.gradient(params, batch)

    def sample_gradients(self, params: Array) -> Array:
        """Return the gradient of each sample at one point, shape (samples, n).

        Their sum is the whole gradient, their mean that of an objective which is a mean.
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

    def grid(self, a: Array, b: Array) -> Array:
        """Return the values over a grid of the two parameters: shape (len(a), len(b))."""
        return self.value(np.stack(np.broadcast_arrays(a[:, None], b), axis=-1))


OBJECTIVES: Registry[type[Objective]] = Registry("objective")
"""Every objective that the pickers, the command line and the contract tests know."""
