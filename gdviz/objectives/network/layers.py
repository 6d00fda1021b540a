"""The layers of a network on one flat vector of parameters: forward, and backward by the chain rule.

For each layer the vector holds the weights W (inputs × outputs, row by row), then the biases b and, where a hidden
layer is normalised, the factors γ. A layer computes

    z = a W + b                    or, normalised over the batch,  z = γ (a W − mean) / √(variance + ε) + b
    a = f(z)                       and, with dropout,               a = f(z) · mask

so that b is added last either way: it is the shift of the normalisation, which would undo any other one. (Ioffe and
Szegedy, Samples normalization, ICML 2015; Srivastava et al., Dropout, JMLR 15, 2014.)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.elementary import Array
    from gdviz.objectives.network.activations import Activation

__all__ = ["EPSILON", "Layer", "Layout", "Normalisation", "Pass", "Statistics", "backward", "forward"]

EPSILON = 1e-5
"""What is added to a variance before a layer is divided by its root."""

Statistics = tuple["Array", "Array"]
"""Mean and variance of each neuron's input, shapes (n,)."""


@dataclass(frozen=True)
class Layer:
    """Where a layer's parameters lie in the flat vector; `gamma` is None where it is not normalised."""

    inputs: int
    outputs: int
    W: slice
    b: slice
    gamma: slice | None


@dataclass(frozen=True)
class Layout:
    """The layers of a network with `sizes` neurons, the inputs' number first."""

    sizes: tuple[int, ...]
    is_normalised: bool = False

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """All layers, the last one being the output's, which is never normalised."""
        made, at = [], 0
        for number, (inputs, outputs) in enumerate(zip(self.sizes, self.sizes[1:], strict=False), 1):
            W = slice(at, at + inputs * outputs)
            b = slice(W.stop, W.stop + outputs)
            has_gamma = self.is_normalised and number < len(self.sizes) - 1
            gamma = slice(b.stop, b.stop + outputs) if has_gamma else None
            at = b.stop if gamma is None else gamma.stop
            made.append(Layer(inputs, outputs, W, b, gamma))
        return tuple(made)

    @property
    def size(self) -> int:
        """How many parameters there are."""
        last = self.layers[-1]
        return int(last.b.stop)

    def weights(self, params: Array, index: int) -> Array:
        """Return W of a layer as a view of shape (inputs, outputs)."""
        layer = self.layers[index]
        return params[layer.W].reshape(layer.inputs, layer.outputs)

    def name_of(self, index: int) -> str:
        """Return what a parameter is called: its layer from 1, row and column from 0 as in numpy."""
        for number, layer in enumerate(self.layers, 1):
            if index < layer.W.stop:
                row, column = divmod(index - layer.W.start, layer.outputs)
                return f"W{number}[{row},{column}]"
            if index < layer.b.stop:
                return f"b{number}[{index - layer.b.start}]"
            if layer.gamma is not None and index < layer.gamma.stop:
                return f"γ{number}[{index - layer.gamma.start}]"
        raise IndexError(f"there is no parameter {index}; there are {self.size}")


@dataclass(frozen=True)
class Normalisation:
    """How what enters a layer's neurons was normalised.

    Attributes
    ----------
    unit, deviation
        It with mean 0 and deviation 1, shape (N, outputs), and the root it was divided by, shape (outputs,).
    statistics
        The mean and variance with which it was normalised.
    is_own
        Whether these are the batch's own, so that they change with the parameters.
    """

    unit: Array
    deviation: Array
    statistics: Statistics
    is_own: bool


@dataclass(frozen=True)
class Pass:
    """What a layer's forward pass computed and its backward pass needs.

    Attributes
    ----------
    entered
        What came in, shape (N, inputs).
    a
        f(z), before any dropout, shape (N, outputs); of the last layer z itself.
    mask
        What dropout multiplies it by; None: nothing.
    normal
        Of a layer that is normalised.
    """

    entered: Array
    a: Array
    mask: Array | None = None
    normal: Normalisation | None = None

    @property
    def statistics(self) -> Statistics | None:
        """The mean and variance with which the layer was normalised."""
        return None if self.normal is None else self.normal.statistics


def forward(
    layout: Layout,
    activations: Sequence[Activation],
    leak: float,
    params: Array,
    X: Array,
    masks: Sequence[Array | None] = (),
    statistics: Sequence[Statistics | None] = (),
) -> list[Pass]:
    """Return what each layer makes of X, shape (N, inputs); the last one's `a` are the z of the output, (N, outputs).

    Parameters
    ----------
    layout
        Where each layer's parameters lie.
    activations
        Of each hidden layer.
    leak
        The slope of a leaky ReLU below 0.
    params
        The flat vector, shape (n,).
    X
        Inputs, shape (N, inputs).
    masks
        For each hidden layer what dropout multiplies its values by; empty: none is dropped.
    statistics
        For each hidden layer the mean and variance to normalise with; empty: the batch's own.
    """
    passes, entered, last = [], X, len(layout.layers) - 1
    for index, layer in enumerate(layout.layers):
        z, normal = entered @ layout.weights(params, index), None
        if layer.gamma is not None:
            normal = _normalised(z, statistics[index] if statistics else None)
            z = params[layer.gamma] * normal.unit
        z += params[layer.b]
        a = z if index == last else activations[index].f(z, leak)
        mask = masks[index] if masks and index < last else None
        passes.append(Pass(entered, a, mask, normal))
        entered = a if mask is None else a * mask
    return passes


def _normalised(z: Array, given: Statistics | None) -> Normalisation:
    mean = z.mean(axis=0) if given is None else given[0]
    centred = z - mean
    variance = np.einsum("ij,ij->j", centred, centred) / len(z) if given is None else given[1]
    deviation = np.sqrt(variance + EPSILON)
    return Normalisation(centred / deviation, deviation, (mean, variance), is_own=given is None)


def backward(
    layout: Layout, activations: Sequence[Activation], leak: float, params: Array, passes: Sequence[Pass], slope: Array
) -> Array:
    """Return the gradient as a flat vector: from ∂error/∂z of the output, shape (N, outputs), back to the first."""
    gradient = np.empty_like(params)
    dz = slope
    for index in range(len(layout.layers) - 1, -1, -1):
        layer, made = layout.layers[index], passes[index]
        if index < len(layout.layers) - 1:
            if made.mask is not None:
                dz *= made.mask
            dz *= activations[index].slope(made.a, leak)
        gradient[layer.b] = dz.sum(axis=0)
        if layer.gamma is not None and made.normal is not None:
            gradient[layer.gamma] = np.einsum("ij,ij->j", dz, made.normal.unit)
            dz = _through(made.normal, dz * params[layer.gamma])
        np.matmul(made.entered.T, dz, out=layout.weights(gradient, index))
        if index:
            dz = dz @ layout.weights(params, index).T
    return gradient


def _through(normal: Normalisation, d_unit: Array) -> Array:
    """Return ∂error/∂z from ∂error/∂unit: the batch's mean and variance depend on every sample's z."""
    if normal.is_own:
        along = np.einsum("ij,ij->j", d_unit, normal.unit) / len(d_unit)
        d_unit = d_unit - d_unit.mean(axis=0) - normal.unit * along
    return np.asarray(d_unit / normal.deviation)
