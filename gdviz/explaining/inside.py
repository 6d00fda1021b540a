"""The layers of a network at some params, and its confusion matrix, as data for the views."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gdviz.objectives.network.activations import ACTIVATIONS
from gdviz.objectives.network.outputs import OUTPUTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdviz.elementary import Array
    from gdviz.objectives.network.network import Network
    from gdviz.objectives.network.parts import Part

    Indices = NDArray[np.intp]

__all__ = ["BINS", "Confusion", "Inside", "LayerInside", "confusion_of", "inputs_of", "inside_of"]

SAMPLES = 256
"""Maximum number of training samples, evenly spaced, over which a layer is examined."""
BINS = 16
FLAT, MOSTLY = 0.01, 0.95
"""A neuron is saturated where its slope is below FLAT for more than MOSTLY of the samples."""
RANGES = {"tanh": (-1.0, 1.0), "logistic": (0.0, 1.0)}
"""The ranges of bounded activations, so that the bins of their histograms stay the same."""
MOST, EFFORT = 2000, 1e8
"""Maximum number of samples in a confusion matrix, and of samples times parameters."""


@dataclass(frozen=True, eq=False)
class LayerInside:
    """One layer at some params.

    Attributes
    ----------
    weights
        W as a view, shape (inputs, outputs).
    activation
        The name of its activation; in the last layer of the network's output.
    spread
        The standard deviation of all outputs of its neurons.
    idle
        The share of neurons that are dead (ReLU: never above 0) or saturated (their slope is nearly 0); 0 in the last
        layer.
    range, histogram
        The ends of the bins, and the share of outputs in each, shape (BINS,); all 0 where nothing is finite.
    slope
        The root of the mean square of ∂E/∂W.
    """

    weights: Array
    activation: str
    spread: float
    idle: float
    range: tuple[float, float]
    histogram: Array
    slope: float


@dataclass(frozen=True, eq=False)
class Inside:
    """All layers of a network at some params."""

    layers: tuple[LayerInside, ...]


def inside_of(network: Network, params: Array) -> Inside:
    """Return the state of each layer at `params`, over some training samples, without dropout."""
    part = network.parts.training
    some = slice(None, None, -(-len(part.X) // SAMPLES))
    with np.errstate(all="ignore"):  # params of a diverged run may be anything
        passes = network.passes(params, part.X[some])
        gradient = network.gradient(params, some)
        outputs = [layer_pass.a for layer_pass in passes[:-1]] + [OUTPUTS[network.output].f(passes[-1].a)]
        names = [activation.name for activation in network.activations] + [network.output]
        layers = zip(range(len(names)), names, outputs, strict=True)
        return Inside(tuple(_layer(network, params, gradient, *layer) for layer in layers))


def _layer(network: Network, params: Array, gradient: Array, index: int, name: str, a: Array) -> LayerInside:
    bounds, histogram = _histogram(a, RANGES.get(name))
    return LayerInside(
        weights=network.layout.weights(params, index),
        activation=name,
        spread=float(a.std(dtype=float)),
        idle=_idle(name, a, network.leak) if index < len(network.activations) else 0.0,
        range=bounds,
        histogram=histogram,
        slope=float(np.sqrt(np.square(gradient[network.layout.layers[index].W]).mean())),
    )


def _idle(name: str, a: Array, leak: float) -> float:
    if name == "relu":
        return float((a <= 0).all(axis=0).mean())
    if name not in RANGES:
        return 0.0
    is_flat = np.abs(ACTIVATIONS[name].slope(a, leak)) < FLAT
    return float((is_flat.mean(axis=0) > MOSTLY).mean())


def _histogram(a: Array, bounds: tuple[float, float] | None) -> tuple[tuple[float, float], Array]:
    """Return the ends of the bins, and the share of finite values in each."""
    values = a[np.isfinite(a)]
    if not len(values):
        return bounds or (0.0, 1.0), np.zeros(BINS)
    low, high = bounds or (float(values.min()), float(values.max()))
    scale = BINS / (high - low) if high > low else 0.0
    places = np.nan_to_num((values - low) * scale).clip(0, BINS - 1).astype(np.intp)
    return (low, high), np.bincount(places, minlength=BINS) / len(values)


@dataclass(frozen=True, eq=False)
class Confusion:
    """Which classes the network confuses.

    Attributes
    ----------
    is_validation
        Whether these are the validation samples; otherwise the training samples.
    part
        All of those samples.
    samples
        The indices into the part of the samples that are counted, shape (s,): all of them, or evenly spaced ones.
    true, predictions
        The class of each, and the class that the network predicts, shape (s,).
    classes
        The number of classes.
    """

    is_validation: bool
    part: Part
    samples: Indices
    true: Indices
    predictions: Indices
    classes: int

    @cached_property
    def counts(self) -> Indices:
        """The number of samples of each class (row) for which the network predicts each class (column)."""
        flat = np.bincount(self.true * self.classes + self.predictions, minlength=self.classes**2)
        return flat.reshape(self.classes, self.classes)

    @property
    def accuracy(self) -> float:
        """The share of samples whose class is predicted correctly."""
        return float((self.true == self.predictions).mean())

    @cached_property
    def wrong(self) -> Indices:
        """The indices into `samples`, `true` and `predictions` at which the network is wrong."""
        return np.flatnonzero(self.true != self.predictions)


def confusion_of(network: Network, params: Array, carried: Array | None = None) -> Confusion:
    """Return the confusion of a network with classes on its validation samples, or on its training samples."""
    is_validation = network.parts.validation is not None
    part = network.parts.validation or network.parts.training
    most = int(np.clip(EFFORT / network.size, 100, MOST))
    samples = np.arange(0, len(part.X), -(-len(part.X) // most))
    with np.errstate(all="ignore"):
        passes = network.passes(
            params, part.X[samples], None, network.statistics_of(carried) or network.exact_statistics(params)
        )
        predictions = OUTPUTS[network.output].f(passes[-1].a)
    classes = max(len(network.data.classes), 2)
    return Confusion(is_validation, part, samples, _classes(part.T[samples]), _classes(predictions), classes)


def _classes(outputs: Array) -> Indices:
    """Return the class of each row of outputs or targets."""
    return (outputs[:, 0] > 0.5).astype(np.intp) if outputs.shape[1] == 1 else outputs.argmax(axis=1)


def inputs_of(network: Network, part: Part) -> Array:
    """Return a part's inputs in the data's own unit, shape (N, d)."""
    scaler = network.parts.scaler
    return part.X if scaler is None else np.asarray(part.X * scaler.deviation + scaler.mean)
