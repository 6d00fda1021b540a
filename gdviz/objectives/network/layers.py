"""The layers of a network on one flat vector of parameters: forward, and backward by the chain rule.

For each layer the vector holds the weights W (inputs × outputs, row by row), then the biases b and, where a hidden
layer is normalised, the factors γ. A layer computes

    z = a W + b                    or, normalised over the batch,  z = γ (a W − mean) / √(variance + ε) + b
    a = f(z)                       and, with dropout,               a = f(z) · mask

so that b is added last in both cases: in a normalised layer it is the shift, which the normalisation cannot undo.
(Ioffe and Szegedy, Batch normalization, ICML 2015; Srivastava et al., Dropout, JMLR 15, 2014.)
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
"""Added to the variance before its root divides a normalised layer's input."""

Statistics = tuple["Array", "Array"]
"""Mean and variance of each neuron's input, shapes (n,)."""


@dataclass(frozen=True)
class Layer:
    """The position of a layer's parameters in the flat vector; `gamma` is None where it is not normalised."""

    inputs: int
    outputs: int
    W: slice
    b: slice
    gamma: slice | None


@dataclass(frozen=True)
class Layout:
    """The layers of a network; `sizes` are the numbers of inputs and of each layer's neurons."""

    sizes: tuple[int, ...]
    is_normalised: bool = False

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """All layers; the last one is the output layer, which is never normalised."""
        layers, at = [], 0
        for number, (inputs, outputs) in enumerate(zip(self.sizes, self.sizes[1:], strict=False), 1):
            W = slice(at, at + inputs * outputs)
            b = slice(W.stop, W.stop + outputs)
            has_gamma = self.is_normalised and number < len(self.sizes) - 1
            gamma = slice(b.stop, b.stop + outputs) if has_gamma else None
            at = b.stop if gamma is None else gamma.stop
            layers.append(Layer(inputs, outputs, W, b, gamma))
        return tuple(layers)

    @property
    def size(self) -> int:
        """The number of parameters."""
        last = self.layers[-1]
        return int(last.b.stop)

    def weights(self, params: Array, index: int) -> Array:
        """Return W of a layer as a view of shape (inputs, outputs)."""
        layer = self.layers[index]
        return params[layer.W].reshape(layer.inputs, layer.outputs)

    def name_of(self, index: int) -> str:
        """Return a parameter's name: layers count from 1, rows and columns from 0 as in numpy."""
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
    """The normalisation of a W in a layer, see the module's docstring.

    Attributes
    ----------
    unit, deviation
        The normalised values, shape (N, outputs), and the root √(variance + ε), shape (outputs,).
    statistics
        The mean and variance that were used.
    is_own
        Whether these are the batch's own, so that they depend on the parameters.
    """

    unit: Array
    deviation: Array
    statistics: Statistics
    is_own: bool


@dataclass(frozen=True)
class Pass:
    """The results of a layer's forward pass that its backward pass needs.

    Attributes
    ----------
    inputs
        The layer's inputs, shape (N, inputs).
    a
        f(z), before any dropout, shape (N, outputs); in the last layer z itself.
    mask
        The dropout mask that multiplies f(z); None: no dropout.
    normal
        The normalisation; None in a layer without.
    """

    inputs: Array
    a: Array
    mask: Array | None = None
    normal: Normalisation | None = None

    @property
    def statistics(self) -> Statistics | None:
        """The mean and variance of the normalisation; None in a layer without."""
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
    """Return the forward pass of each layer; in the last one `a` is z, shape (N, outputs).

    Parameters
    ----------
    layout
        The position of each layer's parameters.
    activations
        The activation of each hidden layer.
    leak
        The slope of a leaky ReLU below 0.
    params
        The flat vector, shape (n,).
    X
        Inputs, shape (N, inputs).
    masks
        The dropout mask of each hidden layer; empty: no dropout.
    statistics
        The mean and variance for the normalisation of each hidden layer; empty: the batch's own.
    """
    passes, inputs, last = [], X, len(layout.layers) - 1
    for index, layer in enumerate(layout.layers):
        z, normal = inputs @ layout.weights(params, index), None
        if layer.gamma is not None:
            normal = _normalise(z, statistics[index] if statistics else None)
            z = params[layer.gamma] * normal.unit
        z += params[layer.b]
        a = z if index == last else activations[index].f(z, leak)
        mask = masks[index] if masks and index < last else None
        passes.append(Pass(inputs, a, mask, normal))
        inputs = a if mask is None else a * mask
    return passes


def _normalise(z: Array, statistics: Statistics | None) -> Normalisation:
    mean = z.mean(axis=0) if statistics is None else statistics[0]
    centred = z - mean
    variance = np.einsum("ij,ij->j", centred, centred) / len(z) if statistics is None else statistics[1]
    deviation = np.sqrt(variance + EPSILON)
    return Normalisation(centred / deviation, deviation, (mean, variance), is_own=statistics is None)


def backward(
    layout: Layout, activations: Sequence[Activation], leak: float, params: Array, passes: Sequence[Pass], slope: Array
) -> Array:
    """Return the gradient as a flat vector, by back-propagation.

    Parameters
    ----------
    layout, activations, leak, params
        As for :func:`forward`.
    passes
        The result of :func:`forward`.
    slope
        ∂error/∂z of the output layer, shape (N, outputs).

    Returns
    -------
    array
        Shape (n,).
    """
    gradient = np.empty_like(params)
    dz = slope
    for index in range(len(layout.layers) - 1, -1, -1):
        layer, forward_pass = layout.layers[index], passes[index]
        if index < len(layout.layers) - 1:
            if forward_pass.mask is not None:
                dz *= forward_pass.mask
            dz *= activations[index].slope(forward_pass.a, leak)
        gradient[layer.b] = dz.sum(axis=0)
        if layer.gamma is not None and forward_pass.normal is not None:
            gradient[layer.gamma] = np.einsum("ij,ij->j", dz, forward_pass.normal.unit)
            dz = _through(forward_pass.normal, dz * params[layer.gamma])
        np.matmul(forward_pass.inputs.T, dz, out=layout.weights(gradient, index))
        if index:
            dz = dz @ layout.weights(params, index).T
    return gradient


def _through(normal: Normalisation, d_unit: Array) -> Array:
    """Return the gradient before the normalisation from that after it, `d_unit`.

    The batch's own mean and variance depend on every sample, which gives two more terms.
    """
    if normal.is_own:
        along = np.einsum("ij,ij->j", d_unit, normal.unit) / len(d_unit)
        d_unit = d_unit - d_unit.mean(axis=0) - normal.unit * along
    return np.asarray(d_unit / normal.deviation)
