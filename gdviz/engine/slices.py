"""Error surfaces of networks on a plane through their params.

Three things make them fast. The first layer that changes on the plane is linear in its coordinates,
X (W + a U + b V) = X W + a X U + b X V, and what lies before it does not change at all. Where a mean over many samples
averages their roundings, float32 does. And without kinks the surface is analytic: its values at Chebyshev's nodes
(:mod:`gdviz.engine.chebyshev`) give any grid in the box.
"""

from __future__ import annotations

import math
from copy import copy
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from gdviz.engine.chebyshev import Table, coefficients_of, count_wanted, nodes_of
from gdviz.engine.threads import share, threads_for
from gdviz.objectives.layers import EPSILON, Layer, forward
from gdviz.objectives.network import Network
from gdviz.objectives.outputs import OUTPUTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from gdviz.objectives import Array, Box
    from gdviz.objectives.slice import Slice

__all__ = ["slice_grid"]

Precision = np.dtype[Any]

SINGLE: Precision = np.dtype(np.float32)
DOUBLE: Precision = np.dtype(np.float64)
AVERAGED = 1000
"""Of fewer samples the roundings of float32 are not averaged enough."""
AGREE = 3e-8
"""Where float32 is off by no more than this share of the values' range at some points, it serves."""
BLOCK = 1 << 17
"""So many numbers of a layer are computed at once: they stay near the processor, and calls do not count."""
ALONE = 1 << 18
"""A product of matrices with no more multiplications is not shared between threads by BLAS."""
FEWEST = 64
"""Samples that are computed at once, at least."""
EVALUATION = 3.0
"""Nanoseconds for a neuron on a sample."""

NODES = 17
"""So many nodes each way, on some of the samples, tell how many are needed."""
PROBED = 4
"""A share of the samples, one in so many, is computed for that."""
WORTH = 0.75
"""A table is made where it has at most this share of the grid's points."""
LEFT_OUT = 1e-8
"""How great the coefficients that a table lacks may be together, each way, as a share of the range of its values."""
GRAIN = {SINGLE: 4e-9, DOUBLE: 1e-13}
"""What rounding leaves of the last ones, as a share of the greatest value."""
LARGE = 200_000
"""Of more params than this a plane is not taken apart, so that it can be given up in the middle of a value."""
LEAST = 0.1
"""A table serves a part of its box where the greatest value is at least this share of that on all of it."""
RANGE = 0.01
"""And where the values differ by at least this share of it."""


class _Known(NamedTuple):
    """What is known of a plane: its table, and whether no value is below 0."""

    table: Table
    is_positive: bool

    def grid(self, a: Array, b: Array) -> Array:
        """Return the table's values; where none is below 0, what the table leaves out makes none."""
        values = self.table.grid(a, b)
        return np.maximum(values, 0.0, out=values) if self.is_positive else values


_known: WeakKeyDictionary[Slice, _Known] = WeakKeyDictionary()


def slice_grid(plane: Slice, a: ArrayLike, b: ArrayLike, cancelled: Callable[[], bool] = lambda: False) -> Array:
    """Return the values on a plane at every pair of `a` and `b`, exact to 1e-7 of the greatest of them.

    Parameters
    ----------
    plane
        A plane through the params of a network; of another objective each value is evaluated.
    a, b
        The two coordinates, shapes (n,) and (m,).
    cancelled
        Asked every few milliseconds; where it says yes, what is not computed yet stays NaN.

    Returns
    -------
    array
        Shape (n, m).
    """
    a, b, network = np.asarray(a, float), np.asarray(b, float), plane.objective
    if isinstance(network, Network) and network.size > LARGE:
        return _by_rows(lambda at: _plain_row(plane, network, at, b, cancelled), a, b, cancelled)
    if not isinstance(network, Network):
        return _by_rows(lambda at: plane.grid(np.array([at]), b)[0], a, b, cancelled)
    if not (a.size and b.size):
        return np.empty((a.size, b.size))
    with np.errstate(all="ignore"):
        values = _mean_errors(plane, a, b, cancelled)
        return values + _penalty(plane, network, a, b) if network.l2 and not network.decoupled else values


def _plain_row(plane: Slice, network: Network, a: float, b: Array, cancelled: Callable[[], bool]) -> Array:
    """Return the values at (a, b) for each b; every single one takes so long that it may have to be given up."""
    return np.array([network.value(plane.lifted(np.array([a, one])), cancelled) for one in b])


def _mean_errors(plane: Slice, a: Array, b: Array, cancelled: Callable[[], bool]) -> Array:
    """Return the mean error without the penalty at every pair."""
    known = _known.get(plane)
    if known is not None and known.table.covers(_box_of(a, b)):
        values, scale = known.grid(a, b), known.table.scale
        if values.max() >= LEAST * scale and np.ptp(values) >= RANGE * scale:
            return values
    ground = _Ground(plane).coarser(a, b, cancelled)
    known = ground.known(a, b, cancelled)
    if known is None:
        return ground.grid(a, b, cancelled)
    _known[plane] = known
    return known.grid(a, b)


def _box_of(a: Array, b: Array) -> Box:
    return (float(a.min()), float(a.max())), (float(b.min()), float(b.max()))


def _penalty(plane: Slice, network: Network, a: Array, b: Array) -> Array:
    """Return ½ λ Σ (W + a U + b V)² at every pair: a polynomial, whose coefficients are products of W, U and V."""
    vectors = np.vstack([plane.origin, plane.directions])
    products = sum(vectors[:, layer.W] @ vectors[:, layer.W].T for layer in network.layout.layers)
    (ww, wu, wv), (_, uu, uv), (_, _, vv) = np.asarray(products)
    a = a[:, None]
    return np.asarray(network.l2 * (ww / 2 + a * wu + b * wv + a * a * uu / 2 + a * b * uv + b * b * vv / 2))


def _by_rows(
    row: Callable[[float], Array], a: Array, b: Array, cancelled: Callable[[], bool], threads: int = 1
) -> Array:
    values = np.full((a.size, b.size), np.nan)

    def fill(index: int) -> None:
        if not cancelled():
            values[index] = row(a[index])

    share(fill, range(a.size), threads)
    return values


class _Ground:
    """The mean error of a network on a plane, without the penalty, in one precision.

    Layers are held as (neurons, samples): so the sums over the classes and over the samples run along the rows.
    """

    def __init__(self, plane: Slice) -> None:
        network = plane.objective
        assert isinstance(network, Network)
        self._network, self._layers, self._precision = network, network.layout.layers, DOUBLE
        self._error = OUTPUTS[network.output].error
        self._first = _first_that_changes(plane, self._layers)
        self._is_analytic = all(f.is_analytic for f in network.activations[self._first :])
        layer, X, T = self._layers[self._first], network.parts.training.X, network.parts.training.T
        self._later = slice(layer.W.stop, plane.origin.size)
        self._params = plane.origin[self._later], plane.directions[:, self._later]
        before = forward(network.layout, network.activations, network.leak, plane.origin, X)[self._first].entered
        W = [p[layer.W].reshape(layer.inputs, layer.outputs) for p in (plane.origin, *plane.directions)]
        size = self._samples_at_once(len(X))
        pieces = [slice(at, at + size) for at in range(0, len(X), size)]
        self._pieces = [[np.ascontiguousarray(x.T) for x in (*(before[at] @ w for w in W), T[at])] for at in pieces]

    def coarser(self, a: Array, b: Array, cancelled: Callable[[], bool]) -> _Ground:
        """Return the same in float32 where that does for a grid, which some of its points tell."""
        if self._network.samples < AVERAGED:
            return self
        single = copy(self)
        single._precision = SINGLE
        single._pieces = [[rows.astype(SINGLE) for rows in piece] for piece in self._pieces]
        few = [np.array([x.min(), np.median(x), x.max()]) for x in (a, b)]
        exact, rough = (ground.grid(few[0], few[1], cancelled) for ground in (self, single))
        return single if np.abs(rough - exact).max() <= AGREE * np.ptp(exact) else self

    def _samples_at_once(self, samples: int) -> int:
        """Return how many samples are computed at once: all, where a layer is normalised over them."""
        after = self._layers[self._first :]
        self._width = max(layer.outputs for layer in after)
        products = max((layer.inputs * layer.outputs for layer in after[1:]), default=1)
        size = max(FEWEST, min(BLOCK // self._width, ALONE // products))
        size = samples if self._network.batchnorm or size > samples else -(-samples // -(-samples // size))
        self._points = max(1, BLOCK // max(self._width * size, self._params[0].size))
        self._is_alone = size * products <= ALONE
        return size

    def known(self, a: Array, b: Array, cancelled: Callable[[], bool]) -> _Known | None:
        """Return a table of the box around a grid; None where evaluating the grid takes no longer."""
        box = _box_of(a, b)
        if not (self._is_analytic and np.isfinite(box).all()):
            return None
        shape, ground = tuple(NODES if high > low else 1 for low, high in box), self._on_some()
        while math.prod(shape) <= WORTH * a.size * b.size:
            nodes = [nodes_of(count, *bounds) for count, bounds in zip(shape, box, strict=True)]
            values = ground.grid(nodes[0], nodes[1], cancelled)
            if not np.isfinite(values).all():
                break
            coefficients, scale = coefficients_of(values), float(np.abs(values).max())
            limits = LEFT_OUT * float(np.ptp(values)), GRAIN[self._precision] * scale
            wanted = tuple(count_wanted(np.abs(coefficients).max(axis=axis), *limits) for axis in (1, 0))
            if wanted == shape and ground is self:
                return _Known(Table(box, coefficients, scale), bool(values.min() >= 0))
            shape, ground = wanted, self
        return None

    def _on_some(self) -> _Ground:
        """Return the same on some of the samples; itself where they are few."""
        few = copy(self)
        few._pieces = self._pieces[: -(-len(self._pieces) // PROBED)]
        return few if len(few._pieces) < len(self._pieces) else self

    def grid(self, a: Array, b: Array, cancelled: Callable[[], bool]) -> Array:
        """Return the mean error at every pair, each evaluated."""
        work = EVALUATION * a.size * b.size * self._network.samples * self._width * self._is_alone
        return _by_rows(lambda at: self._row(at, b, cancelled), a, b, cancelled, threads_for(work))

    def _row(self, a: float, b: Array, cancelled: Callable[[], bool]) -> Array:
        """Return the mean error at (a, b) for each b; NaN where it was cancelled."""
        sums = np.zeros(b.size)
        for origin, U, V, T in self._pieces:
            base, targets = origin + self._precision.type(a) * U, np.tile(T, self._points)
            for at in range(0, b.size, self._points):
                if cancelled():
                    return np.full(b.size, np.nan)
                some = slice(at, at + self._points)
                with np.errstate(all="ignore"):
                    sums[some] += self._summed(a, b[some], base, V, targets)
        return sums / self._network.samples

    def _summed(self, a: float, b: Array, base: Array, V: Array, T: Array) -> Array:
        """Return the sum of some samples' errors at (a, b) for each of k numbers b: shape (k,)."""
        origin, (u, v) = self._params
        params = (origin + a * u + b[:, None] * v).astype(self._precision, copy=False)
        z = b.astype(self._precision)[:, None, None] * V
        z += base
        for index, layer in enumerate(self._layers[self._first :], self._first):
            if index > self._first:
                entered = self._network.activations[index - 1].f(z, self._network.leak)
                W = params[:, self._of(layer.W)].reshape(-1, layer.inputs, layer.outputs)
                z = np.empty((layer.outputs, *entered.shape[::2]), self._precision).transpose(1, 0, 2)
                np.matmul(W.transpose(0, 2, 1), entered, out=z)
            if layer.gamma is not None:
                _normalise(z, params[:, self._of(layer.gamma), None])
            z += params[:, self._of(layer.b), None]
        by_class = z.transpose(1, 0, 2).reshape(layer.outputs, -1)
        errors = self._error(by_class.T, T[:, : by_class.shape[1]].T)
        return np.asarray(errors.reshape(len(b), -1).sum(axis=1, dtype=float))

    def _of(self, part: slice) -> slice:
        """Return where a part of the params lies among those after the first W that changes."""
        return slice(part.start - self._later.start, part.stop - self._later.start)


def _first_that_changes(plane: Slice, layers: tuple[Layer, ...]) -> int:
    """Return the number of the first layer whose params differ on the plane; of the last where none do."""
    for index, layer in enumerate(layers[:-1]):
        if plane.directions[:, layer.W.start : (layer.gamma or layer.b).stop].any():
            return index
    return len(layers) - 1


def _normalise(z: Array, gamma: Array) -> None:
    """Give z, shape (k, neurons, samples), the mean 0 and the deviation γ over the samples, where it is."""
    z -= z.mean(axis=2, keepdims=True)
    z *= gamma / np.sqrt(np.square(z).mean(axis=2, keepdims=True) + z.dtype.type(EPSILON))
