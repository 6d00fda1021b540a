"""What happens inside a network at some params, and what it takes for what: pure data for the views that show it."""

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
"""A layer is looked at over at most so many training samples, evenly spaced."""
BINS = 16
FLAT, MOSTLY = 0.01, 0.95
"""A neuron is saturated where its slope is below FLAT for more than MOSTLY of the samples."""
RANGES = {"tanh": (-1.0, 1.0), "logistic": (0.0, 1.0)}
"""Where all outputs lie, so that their histogram does not shift while they do."""
MOST, EFFORT = 2000, 1e8
"""Classes are counted over at most so many samples, and parameters times samples."""


@dataclass(frozen=True, eq=False)
class LayerInside:
    """One layer at some params.

    Attributes
    ----------
    weights
        W as a view, shape (inputs, outputs).
    activation
        What its neurons compute; of the last layer the network's output.
    spread
        The standard deviation of all that its neurons put out.
    idle
        The share of neurons that are dead (ReLU: never above 0) or saturated (their slope is nearly 0); of the last
        layer 0.
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
    """Return what happens in each layer at `params`, over some training samples, dropout off."""
    part = network.parts.training
    some = slice(None, None, -(-len(part.X) // SAMPLES))
    with np.errstate(all="ignore"):  # a run that diverged may stand anywhere
        passes = network.passes(params, part.X[some])
        gradient = network.gradient(params, some)
        outputs = [made.a for made in passes[:-1]] + [OUTPUTS[network.output].f(passes[-1].a)]
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
    """Which class is taken for which.

    Attributes
    ----------
    is_validation
        Whether these are samples that are kept apart; otherwise those the network is fitted to.
    part
        All of those samples.
    samples
        The samples that were asked, as indices into the part, shape (s,): all of them, or evenly spaced ones.
    true, said
        The class of each, and the one that the network says, shape (s,).
    classes
        How many there are.
    """

    is_validation: bool
    part: Part
    samples: Indices
    true: Indices
    said: Indices
    classes: int

    @cached_property
    def counts(self) -> Indices:
        """Return how many samples of each class (row) are taken for each class (column)."""
        flat = np.bincount(self.true * self.classes + self.said, minlength=self.classes**2)
        return flat.reshape(self.classes, self.classes)

    @property
    def accuracy(self) -> float:
        """The share of samples that are taken for what they are."""
        return float((self.true == self.said).mean())

    @cached_property
    def wrong(self) -> Indices:
        """Where in `samples`, `true` and `said` the network is wrong."""
        return np.flatnonzero(self.true != self.said)


def confusion_of(network: Network, params: Array, carried: Array | None = None) -> Confusion:
    """Return what a network with classes takes the samples for: those kept apart, or where there are none its own."""
    is_validation = network.parts.validation is not None
    part = network.parts.validation or network.parts.training
    most = int(np.clip(EFFORT / network.size, 100, MOST))
    samples = np.arange(0, len(part.X), -(-len(part.X) // most))
    with np.errstate(all="ignore"):
        passes = network.passes(
            params, part.X[samples], None, network.statistics_of(carried) or network.exact_statistics(params)
        )
        said = OUTPUTS[network.output].f(passes[-1].a)
    classes = max(len(network.data.classes), 2)
    return Confusion(is_validation, part, samples, _classes(part.T[samples]), _classes(said), classes)


def _classes(outputs: Array) -> Indices:
    """Return the class that each row of outputs or targets stands for."""
    return (outputs[:, 0] > 0.5).astype(np.intp) if outputs.shape[1] == 1 else outputs.argmax(axis=1)


def inputs_of(network: Network, part: Part) -> Array:
    """Return a part's inputs as the data has them, shape (N, d)."""
    scaler = network.parts.scaler
    return part.X if scaler is None else np.asarray(part.X * scaler.deviation + scaler.mean)
