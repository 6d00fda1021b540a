"""Layers fitted to samples: forward passes with or without an update's random draws, the error, and its gradient."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import iadd
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from gdviz.objectives.data.shipped import moons
from gdviz.objectives.data.split import move_pictures
from gdviz.objectives.network.architecture import Architecture
from gdviz.objectives.network.layers import Pass, Statistics, backward, forward
from gdviz.objectives.network.outputs import OUTPUTS, check_targets
from gdviz.objectives.network.parts import Part, Parts, data_from_arrays, parts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from gdviz.objectives.base import Array, Samples
    from gdviz.objectives.data.samples import Data

__all__ = ["Draw", "Fitted"]

BLOCK, FEWEST = 3 << 12, 256
"""Numbers of a layer that are computed at once, so that memory is reused; and the minimum number of samples at once."""
SHARE = 0.1
"""The weight of a batch's mean in the running mean."""
ANEW = 1
"""Part of the seed of an update's draws, so that other draws with the same seed are independent of them."""


class Draw(NamedTuple):
    """The random draws of an update: its inputs X, shape (N, d), and each hidden layer's dropout mask."""

    X: Array
    masks: tuple[Array | None, ...]

    def of(self, rows: slice) -> Draw:
        """Return the draws of some of the samples."""
        return Draw(self.X[rows], tuple(None if mask is None else mask[rows] for mask in self.masks))


@dataclass(frozen=True, eq=False)
class Fitted(Architecture):
    """An architecture with its samples."""

    X: Any = field(default=None, repr=False)
    Y: Any = field(default=None, repr=False)
    data: Data = field(default=None, repr=False)  # type: ignore[assignment]  # replaced by samples

    def __post_init__(self) -> None:
        """Check every parameter, and that network and samples fit each other."""
        super().__post_init__()
        if self.data is None:
            for_classes = OUTPUTS[self.output].for_classes
            samples = moons() if self.X is None else data_from_arrays(self.X, self.Y, self.sizes[-1], for_classes)
            object.__setattr__(self, "data", samples)
        for key in ("X", "Y"):  # the data has them
            object.__setattr__(self, key, None)
        if (self.shift or self.rotate) and not self.data.image:
            raise ValueError(f"network: shift and rotate are for pictures; the data {self.data.name} has none")
        check_targets(self.output, self.parts.training.T)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Fitted) and self.values() == other.values() and self.data == other.data

    def __hash__(self) -> int:
        return hash((*self.values().values(), self.data.name))

    @cached_property
    def parts(self) -> Parts:
        """The training and the validation samples."""
        return parts_of(self.data, self.sizes, self.validation, self.split_seed, self.standardize)

    @cached_property
    def _training(self) -> Part:
        """The training samples in the network's precision."""
        return self._precise(self.parts.training)

    @cached_property
    def _held_out(self) -> Part | None:
        return None if self.parts.validation is None else self._precise(self.parts.validation)

    def _precise(self, part: Part) -> Part:
        return Part(part.X.astype(self.precision, copy=False), part.T.astype(self.precision, copy=False))

    @cached_property
    def draws(self) -> bool:
        """Whether random numbers are drawn for each update."""
        return any(self.rates) or bool(self.jitter or self.shift or self.rotate)

    def draw(self, update: int, seed: int, batch: Samples = slice(None)) -> Draw:
        """Return the random draws of an update for its batch; `update` is the number of updates before it."""
        random = np.random.default_rng((seed, update, ANEW))
        X = self._training.X[batch]
        if self.shift or self.rotate:
            shift = random.uniform(-self.shift, self.shift, (len(X), 2))
            angle = random.uniform(-self.rotate, self.rotate, len(X))
            X = move_pictures(X, (self.data.image[0], self.data.image[1]), shift, angle)
        if self.jitter:
            X = X + random.normal(0, self.jitter, X.shape)
        masks = tuple(
            (random.random((len(X), width)) >= rate).astype(self.precision) / (1 - rate) if rate else None
            for rate, width in zip(self.rates, self.sizes[1:], strict=False)
        )
        return Draw(X.astype(self.precision, copy=False), masks)

    def passes(
        self, params: Array, X: Array, draw: Draw | None = None, statistics: Sequence[Statistics | None] = ()
    ) -> list[Pass]:
        """Return the forward pass of each layer for standardised inputs X, shape (N, d)."""
        precise = params.astype(self.precision, copy=False)
        masks = () if draw is None else draw.masks
        return forward(self.layout, self.activations, self.leak, precise, X, masks, statistics)

    def exact_statistics(self, params: Array) -> tuple[Statistics | None, ...]:
        """Return mean and variance of each normalised layer's input over all training samples."""
        if not self.batchnorm:
            return ()
        return tuple(layer.statistics for layer in self.passes(params, self._training.X))

    # -- running means

    @cached_property
    def carried(self) -> Array:
        """The running mean and variance of each normalised neuron's input before the first update: 0 and 1."""
        widths = self.sizes[1:-1] if self.batchnorm and self.running else ()
        return np.concatenate([np.empty(0), *(np.repeat([0.0, 1.0], width) for width in widths)])

    def carry(self, carried: Array, params: Array, batch: Samples, update: int, seed: int) -> Array:
        """Return the running means after an update: 0.9 of the old, 0.1 of the batch's, whose variance is unbiased."""
        draw = self.draw(update, seed, batch) if self.draws else None
        X = self._training.X[batch] if draw is None else draw.X
        passes = self.passes(params, X, draw)[:-1]
        correction = len(X) / max(len(X) - 1, 1)
        statistics = [part for m in passes if m.statistics for part in (m.statistics[0], m.statistics[1] * correction)]
        return np.asarray((1 - SHARE) * carried + SHARE * np.concatenate(statistics))

    def statistics_of(self, carried: Array | None) -> tuple[Statistics, ...]:
        """Return the running means as (mean, variance) of each layer; empty where nothing is carried along."""
        if carried is None or not carried.size:
            return ()
        widths = np.repeat(self.sizes[1:-1], 2)
        parts = np.split(carried, np.cumsum(widths)[:-1])
        return tuple(zip(parts[::2], parts[1::2], strict=True))

    def checked(self, params: ArrayLike) -> Array:
        """Return params as an array; raise ValueError, a sentence, where their number is not the network's."""
        points = np.asarray(params, float)
        if points.ndim == 0 or points.shape[-1] != self.layout.size:
            raise ValueError(f"network: params must have the shape (..., {self.layout.size}), not {points.shape}")
        return points

    def predict(self, X: Array, params: Array, carried: Array | None = None) -> Array:
        """Return the predictions, shape (N, k), for inputs in the data's own unit, (N,) or (N, d); dropout is off.

        Normalised layers use the mean and variance over all training samples, or the running ones in `carried`.
        """
        params, x = self.checked(params), self.parts.scaled(np.asarray(X, float)).astype(self.precision, copy=False)
        if x.shape[1] != self.sizes[0]:
            raise ValueError(f"network: X must have {self.sizes[0]} inputs, not {x.shape[1]}")
        z = self.passes(params, x, None, self.statistics_of(carried) or self.exact_statistics(params))[-1].a
        return self.output_layer.f(z).astype(float, copy=False)

    # -- the error

    def error_of(self, params: Array, batch: Samples = slice(None), draw: Draw | None = None) -> float:
        """Return the mean error over a batch plus the penalty, with the update's draws."""
        z = self.passes(params, self._training.X[batch] if draw is None else draw.X, draw)[-1].a
        return float(self.output_layer.error(z, self._training.T[batch]).mean(dtype=float)) + self.penalty(params)

    def gradient(self, params: Array, batch: Samples = slice(None), draw: Draw | None = None) -> Array:
        """Return the gradient of the mean error over a batch and of the penalty, shape (n,).

        Normalised layers use the batch's mean and variance. The random draws do not depend on the params.
        """
        T, inputs = self._training.T[batch], Draw(self._training.X[batch], ()) if draw is None else draw
        precise = params.astype(self.precision, copy=False)
        parts = (self._part_of_gradient(precise, inputs.of(rows), T[rows], len(T)) for rows in self._blocks(len(T)))
        gradient = reduce(iadd, parts).astype(float, copy=False)
        if self.l2 and not self.decoupled:
            for layer in self.layout.layers:
                gradient[layer.W] += self.l2 * params[layer.W]
        return gradient

    def _part_of_gradient(self, params: Array, draw: Draw, T: Array, samples: int) -> Array:
        """Return the contribution of some samples to the gradient of the mean error over `samples` samples."""
        passes = self.passes(params, draw.X, draw)
        slope = self.output_layer.slope(passes[-1].a, T) / T.dtype.type(samples)
        return backward(self.layout, self.activations, self.leak, params, passes, slope)

    def _blocks(self, samples: int) -> list[slice]:
        """Return the samples in blocks that fit the processor's cache; only one where layers are normalised."""
        rows = samples if self.batchnorm else max(FEWEST, BLOCK // max(self.sizes[1:]))
        return [slice(first, first + rows) for first in range(0, samples, rows)]

    @cached_property
    def shrinkage(self) -> Array | None:
        """The share of each parameter that an update subtracts beside the rule, per unit of η: λ for weights."""
        if not (self.l2 and self.decoupled):
            return None
        shrinkage = np.zeros(self.layout.size)
        for layer in self.layout.layers:
            shrinkage[layer.W] = self.l2
        return shrinkage

    def penalty(self, params: Array) -> float:
        """Return ½ λ Σ W²; 0 with decoupled weight decay."""
        if not self.l2 or self.decoupled:
            return 0.0
        return 0.5 * self.l2 * sum(float(params[layer.W] @ params[layer.W]) for layer in self.layout.layers)
