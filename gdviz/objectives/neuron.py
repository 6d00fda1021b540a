"""The lecture's sigmoid neuron: two parameters, and every number can be checked by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeGuard

import numpy as np

from gdviz.elementary import exp
from gdviz.objectives.base import OBJECTIVES, Array, Box, Objective, Samples
from gdviz.objectives.compiled import Compiled
from gdviz.objectives.data.csv_tables import load_data
from gdviz.objectives.data.roles import UNCHOSEN, Choice
from gdviz.objectives.data.samples import DATASETS, Data
from gdviz.objectives.on_data import OnData
from gdviz.wording import plain

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["SigmoidNeuron", "is_neuron", "sigmoid"]

SEPARABLE = 350.0
"""Up to this |wx| + |b|, e^−wx · e^−b and the product of two such stay finite."""
BLOCK = 3 << 12
"""Maximum number of sigmoids in memory at once: 96 KiB stay in the processor's cache and reuse the same memory."""


def sigmoid(z: Any) -> Any:
    """Return 1/(1 + e^−z). Where e^−z overflows to infinity, the result is 0, which is right."""
    with np.errstate(over="ignore"):
        return 1 / (1 + exp(-z))


def slope(f: Any, y: Any) -> Any:
    """Return (f−y) f (1−f), the derivative of a sample's error with respect to wx + b."""
    return (f - y) * f * (1 - f)


@OBJECTIVES
class SigmoidNeuron(OnData, Compiled):
    """f(x) = 1/(1 + e^−(wx+b)) fitted to data by the error E(w, b) = Σ ½(f(x) − y)², summed over all samples.

    Parameters
    ----------
    X, Y
        Inputs and targets, shape (N,), finite, N >= 1.

    Raises
    ------
    ValueError
        Where the shapes differ, there is no sample, or a number is not finite.
    """

    name: ClassVar[str] = "neuron"
    label: ClassVar[str] = "Sigmoid neuron"
    formula: ClassVar[str] = "E = Σ ½ (f(x) − y)²,  f(x) = 1 / (1 + e^−(wx+b))"
    parameters = ("w", "b")
    datasets = (DATASETS,)
    usual_data = "lecture"
    is_share = True
    saturates = True

    def __init__(self, X: ArrayLike, Y: ArrayLike) -> None:
        self._fit(Data("given", _samples("X", X), _samples("Y", Y), about="Samples given by a program."))

    @classmethod
    def on(cls, data: Data, **values: Any) -> SigmoidNeuron:
        """Return the neuron on a data set, which keeps the data's name and labels; it has no parameters."""
        if values:
            raise ValueError(f"neuron has no parameters; it has no {plain(next(iter(values)))}")
        neuron = cls(data.X, data.Y)
        neuron._fit(replace(data, X=neuron.X, Y=neuron.Y))
        return neuron

    @classmethod
    def load(cls, name: str, choice: Choice = UNCHOSEN) -> Data:
        """Return samples by the name of a data set or the path of a table."""
        return load_data(name, choice)

    def with_data(self, data: Data, standardize: bool) -> SigmoidNeuron:
        """Return the neuron on other samples."""
        return SigmoidNeuron.on(data.standardized() if standardize else data)

    def in_own_units(self, params: Array) -> Array | None:
        """Return (w, b) for x in the data's own unit, shape (2,); None where x was not standardised.

        With x = mean + spread · X the output is that of w/spread and b − w · mean/spread.
        """
        if self.data.unit is None:
            return None
        mean, spread = self.data.unit
        w, b = params
        return np.array([w / spread, b - w * mean / spread])

    @property
    def is_unchanged(self) -> bool:
        """Whether the error is exactly the lecture's: false for subclasses, which may change it."""
        return type(self) is SigmoidNeuron

    def _fit(self, data: Data) -> None:
        if data.X.size != data.Y.size:
            raise ValueError(f"neuron: X and Y must have one length, not {data.X.size} and {data.Y.size}")
        self.data, self.X, self.Y, self.samples = data, data.X, data.Y, data.X.size
        self.minima = _exact_minimum(data.X, data.Y)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, SigmoidNeuron) and self.data == other.data)

    def __hash__(self) -> int:
        return hash((self.X.tobytes(), self.Y.tobytes()))

    @property
    def start(self) -> tuple[float, float]:
        """The lecture's start (−2, −2)."""
        return (-2.0, -2.0)

    @property
    def box(self) -> Box:
        """The lecture's part of the plane."""
        return ((-4.0, 4.0), (-4.0, 4.0))

    def predict(self, x: Array, params: Array, carried: Array | None = None) -> Array:
        """Return f(x) for inputs of shape (N,) at params (w, b); nothing is carried along."""
        w, b = params
        f: Array = sigmoid(w * x + b)
        return f

    def value(self, params: Array) -> Array:
        """Return E at points of shape (..., 2)."""
        points = np.asarray(params, float).reshape(-1, 2)
        errors = np.zeros(len(points))
        samples = min(self.samples, BLOCK)
        rows = max(1, BLOCK // samples)
        for i in range(0, len(points), rows):
            w, b = points[i : i + rows].T[:, :, None]
            for j in range(0, self.samples, samples):
                batch = slice(j, j + samples)
                deviation = sigmoid(w * self.X[batch] + b) - self.Y[batch]
                errors[i : i + rows] += 0.5 * np.einsum("ij,ij->i", deviation, deviation)
        return errors.reshape(np.shape(params)[:-1])

    def grid(self, a: Array, b: Array) -> Array:
        """Return E over a grid of w and b, shape (len(a), len(b)), with full relative precision even where f ≈ y."""
        if type(self).value is not SigmoidNeuron.value:
            return super().grid(a, b)
        errors = np.zeros((len(a), len(b)))
        samples = max(1, min(self.samples, BLOCK // max(1, len(b))))
        apart = float(np.abs(a).max(initial=0) * np.abs(self.X).max() + np.abs(b).max(initial=0)) <= SEPARABLE
        with np.errstate(over="ignore", invalid="ignore"):
            along_b = np.exp(-b)[:, None]
            for first in range(0, self.samples, samples):
                x, y = self.X[first : first + samples], self.Y[first : first + samples]
                for i, w in enumerate(a):
                    u = np.exp(-w * x) * along_b if apart else np.exp(-(w * x + b[:, None]))
                    f = 1 / (1 + u)
                    deviation = np.where(u < 1, (1 - y) - u * f, f - y)  # near 1, f − y would lose its digits
                    errors[i] += 0.5 * np.einsum("ij,ij->i", deviation, deviation)
        return errors

    @staticmethod
    def summand(w: Any, b: Any, x: Any, y: Any) -> tuple[Any, Any, Any]:
        """Return a sample's error ½(f−y)² with its slopes along w and b."""
        f = sigmoid(w * x + b)
        along_b = slope(f, y)
        return 0.5 * (f - y) * (f - y), along_b * x, along_b

    @cached_property
    def table(self) -> Array:
        """The rows X and Y."""
        return np.array([self.X, self.Y])

    def gradient(self, params: Array, batch: Samples = slice(None)) -> Array:
        """Return (Σ (f−y) f (1−f) x, Σ (f−y) f (1−f)) over the batch."""
        gradient: Array = self.gradients(np.reshape(params, (1, 2)), batch)[0]
        return gradient

    def gradients(self, points: Array, batch: Samples = slice(None)) -> Array:
        """Return the gradients at points of shape (k, 2)."""
        x, y, x_and_1 = self.X[batch], self.Y[batch], self._x_and_1[batch]
        rows = max(1, BLOCK // y.size)
        if len(points) > rows:
            return np.concatenate([self.gradients(points[i : i + rows], batch) for i in range(0, len(points), rows)])
        slopes = slope(sigmoid(points[:, :1] * x + points[:, 1:]), y)
        # A product for each point: no bit of a gradient may depend on the other points of the call.
        gradients: Array = np.matmul(slopes[:, None, :], x_and_1)[:, 0]
        return gradients

    def sample_gradients(self, params: Array) -> Array:
        """Return ((f−y) f (1−f) x, (f−y) f (1−f)) of each sample: shape (N, 2)."""
        slopes = slope(self.predict(self.X, params), self.Y)
        return np.asarray(slopes[:, None] * self._x_and_1)

    def hessian(self, params: Array) -> Array:
        """Return Σ s (x, 1)ᵀ(x, 1) with s = f(1−f)(f(1−f) + (f−y)(1−2f)), the second derivative along wx + b."""
        f = self.predict(self.X, params)
        rise = f * (1 - f)
        bend = rise * (rise + (f - self.Y) * (1 - 2 * f))
        return np.asarray(self._x_and_1.T @ (bend[:, None] * self._x_and_1))

    @cached_property
    def _x_and_1(self) -> Array:
        return np.stack([self.X, np.ones_like(self.X)], axis=1)


def is_neuron(objective: Objective) -> TypeGuard[SigmoidNeuron]:
    """Return whether an objective is the sigmoid neuron or a subclass of it."""
    return isinstance(objective, SigmoidNeuron)


def _samples(name: str, values: ArrayLike) -> Array:
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"neuron: {name} must be a list of numbers") from None
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"neuron: {name} must be a list of at least one number, not of shape {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"neuron: {name} must be finite; sample {int(np.argmin(np.isfinite(array)))} is not")
    array.flags.writeable = False
    return array


def _exact_minimum(X: Array, Y: Array) -> tuple[tuple[float, float], ...]:
    """Return (w, b) for which the neuron meets both of two samples: w x + b = ln(y / (1 − y)); nothing for others."""
    if X.size != 2 or X[0] == X[1] or not ((Y > 0) & (Y < 1)).all():
        return ()
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        z = np.log(Y / (1 - Y))
        w = (z[1] - z[0]) / (X[1] - X[0])
        minimum = float(w), float(z[0] - w * X[0])
    return (minimum,) if np.isfinite(minimum).all() else ()
