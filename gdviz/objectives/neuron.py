"""The lecture's sigmoid neuron: two parameters, and every number can be checked by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from gdviz.objectives.base import Array, Batch, Box, Objective
from gdviz.objectives.data import Data

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["SigmoidNeuron", "sigmoid"]

BLOCK = 1 << 18
"""How many sigmoids are held at once: 2 MiB of them stay near the processor."""


def sigmoid(z: Array) -> Array:
    """Return 1/(1 + e^−z), exact in its limits 0 and 1: only e^−|z|, which cannot overflow, is ever taken."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


class SigmoidNeuron(Objective):
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

    def __init__(self, X: ArrayLike, Y: ArrayLike) -> None:
        self._fit(Data("given", _samples("X", X), _samples("Y", Y), about="Samples given by a program."))

    @classmethod
    def on(cls, data: Data) -> SigmoidNeuron:
        """Return the neuron on a data set, which keeps the data's name and labels."""
        neuron = cls(data.X, data.Y)
        neuron._fit(replace(data, X=neuron.X, Y=neuron.Y))
        return neuron

    def _fit(self, data: Data) -> None:
        if data.X.size != data.Y.size:
            raise ValueError(f"neuron: X and Y must have one length, not {data.X.size} and {data.Y.size}")
        self.data, self.X, self.Y, self.samples = data, data.X, data.Y, data.X.size

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SigmoidNeuron) and self.data == other.data

    def __hash__(self) -> int:
        return hash((self.data.name, self.X.tobytes(), self.Y.tobytes()))

    @property
    def start(self) -> tuple[float, float]:
        """The lecture's start (−2, −2)."""
        return (-2.0, -2.0)

    @property
    def box(self) -> Box:
        """The lecture's part of the plane."""
        return ((-4.0, 4.0), (-4.0, 4.0))

    def predict(self, x: Array, params: Array) -> Array:
        """Return f(x) for inputs of shape (N,) at params (w, b)."""
        w, b = params
        return sigmoid(w * x + b)

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

    def gradient(self, params: Array, batch: Batch = slice(None)) -> Array:
        """Return (Σ (f−y) f (1−f) x, Σ (f−y) f (1−f)) over the batch."""
        x = self.X[batch]
        slope = self.slopes(params, batch)
        return np.array([slope @ x, slope.sum()])

    def slopes(self, params: Array, batch: Batch = slice(None)) -> Array:
        """Return (f−y) f (1−f) for each sample of the batch: its part of ∂E/∂b."""
        f = self.predict(self.X[batch], params)
        return (f - self.Y[batch]) * f * (1 - f)


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
