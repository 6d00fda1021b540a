"""Forward passes of a network at very many points of a plane through its params.

Two things make them fast. First, layers before the first one that changes on the plane are computed once, and the input
of that layer's neurons is linear in the plane's coordinates: X (W + a U + b V) = X W + a X U + b X V. Second, if the
activation of that layer is a sigmoid, it needs e^−(u+v) = e^−u · e^−v, so that one exponential serves a whole row of
the grid and one a whole column.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from gdviz.engine.library import sigmoids_loop, softmax_errors_loop
from gdviz.engine.threads import share, threads_for
from gdviz.objectives.network.layers import EPSILON, Layer, forward
from gdviz.objectives.network.outputs import OUTPUTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdviz.objectives import Array, Network
    from gdviz.objectives.plane import Plane

__all__ = ["DOUBLE", "SINGLE", "Passes", "Precision"]

Precision = np.dtype[Any]

SINGLE: Precision = np.dtype(np.float32)
DOUBLE: Precision = np.dtype(np.float64)
BLOCK = 1 << 21
"""Number of bytes of a layer that are computed at once: they fit the cache, and the cost of calls is negligible."""
ALONE = 1 << 18
"""Maximum number of multiplications in a product of matrices that BLAS computes in a single thread."""
FEWEST = 64
"""Minimum number of samples that are computed at once."""
EVALUATION = 2.0
"""Nanoseconds for one neuron on one sample."""
SEPARABLE = {SINGLE: 40.0, DOUBLE: 350.0}
"""Maximum exponent x for which the product eˣ · eˣ is finite."""


class _Piece(NamedTuple):
    """Some samples: the input of the neurons of the first layer that changes, and the targets T.

    The input at (a, b) is `origin` + a `U` + b `V`, all of shape (neurons, samples); T has the shape (outputs,
    samples). So sums over the samples run along contiguous rows.
    """

    origin: Array
    U: Array
    V: Array
    T: Array


class Passes:
    """The mean error of a network on a plane, without the penalty, in one precision.

    Parameters
    ----------
    plane
        A plane through the params of a network.

    Attributes
    ----------
    is_analytic
        Whether the error has no kink on the plane.
    precision
        The floating-point type of the computation.
    """

    def __init__(self, plane: Plane) -> None:
        network = cast("Network", plane.objective)
        self._network, self._layers, self.precision = network, network.layout.layers, DOUBLE
        self._first = _first_that_changes(plane, self._layers)
        self.is_analytic = all(f.is_analytic for f in network.activations[self._first :])
        layer, X, T = self._layers[self._first], network.parts.training.X, network.parts.training.T
        self._later = slice(layer.W.stop, plane.origin.size)
        self._params = plane.origin[self._later], plane.directions[:, self._later]
        before = forward(network.layout, network.activations, network.leak, plane.origin, X)[self._first].inputs
        z = [before @ p[layer.W].reshape(layer.inputs, layer.outputs) for p in (plane.origin, *plane.directions)]
        if layer.gamma is None:
            z = [one + p[layer.b] for one, p in zip(z, (plane.origin, *plane.directions), strict=True)]
        size = self._samples_at_once(len(X))
        pieces = [slice(at, at + size) for at in range(0, len(X), size)]
        self._pieces = [_Piece(*(np.ascontiguousarray(one[at].T) for one in (*z, T))) for at in pieces]

    def _samples_at_once(self, samples: int) -> int:
        """Return the number of samples that are computed at once: all, if a layer is normalised over them."""
        after = self._layers[self._first :]
        self._width = max(layer.outputs for layer in after)
        products = max((layer.inputs * layer.outputs for layer in after[1:]), default=1)
        size = max(FEWEST, min(BLOCK // DOUBLE.itemsize // self._width, ALONE // products))
        size = samples if self._network.batchnorm or size > samples else -(-samples // -(-samples // size))
        self._numbers = max(self._width * size, self._params[0].size)
        self._is_alone = size * products <= ALONE
        return size

    @property
    def samples(self) -> int:
        """The number of samples in the mean."""
        return sum(piece.T.shape[1] for piece in self._pieces)

    @property
    def _points(self) -> int:
        """The number of points that are computed at once."""
        return max(1, BLOCK // (self.precision.itemsize * self._numbers))

    def in_single(self) -> Passes:
        """Return the same computation in float32."""
        single = copy(self)
        single.precision = SINGLE
        single._pieces = [_Piece(*(rows.astype(SINGLE) for rows in piece)) for piece in self._pieces]
        return single

    def on_some(self, every: int) -> Passes:
        """Return the same computation on every k-th sample only, with k = `every`."""
        few = copy(self)
        rows = (
            np.concatenate([part[:, ::every] for part in parts], axis=1) for parts in zip(*self._pieces, strict=True)
        )
        few._pieces = [_Piece(*rows)]
        return few

    def grid(self, a: Array, b: Array, cancelled: Callable[[], bool]) -> Array:
        """Return the mean error at every pair of `a` and `b` by direct evaluation; NaN where it was cancelled."""
        threads = threads_for(EVALUATION * a.size * b.size * self.samples * self._width * self._is_alone)
        parts = [(piece, rows) for piece in self._pieces for rows in _shares(a.size, threads)]
        sums = share(lambda part: self._sums(part[0], a[part[1]], b, cancelled), parts, threads)
        values = np.zeros((a.size, b.size))
        for (_, rows), part_sums in zip(parts, sums, strict=True):
            values[rows] += part_sums
        return values / self.samples

    def _sums(self, piece: _Piece, a: Array, b: Array, cancelled: Callable[[], bool]) -> Array:
        """Return the sum of the errors of a piece's samples at every pair; NaN where it was cancelled."""
        sums: Array = np.full((a.size, b.size), np.nan)
        targets, (origin, (u, v)) = np.tile(piece.T, min(self._points, b.size)), self._params
        with np.errstate(all="ignore"):
            for at in range(0, b.size, self._points):
                some = slice(at, at + self._points)
                first, row = self._first_layer(piece, a, b[some]), origin + b[some, None] * v
                for i, one in enumerate(a):
                    if cancelled():
                        return sums
                    params = (row + one * u).astype(self.precision, copy=False)
                    sums[i, some] = self._errors(self._onward(first(one, params), params), targets)
        return sums

    def _first_layer(self, piece: _Piece, a: Array, b: Array) -> Callable[[float, Array], Array]:
        """Return a function ``(a, params) -> values`` of the first layer that changes, for all of `b`.

        `a` is one of the row's coordinates; the values have the shape (k, neurons, samples) for the k columns `b`.
        """
        number, layer = self.precision.type, self._layers[self._first]
        columns = b.astype(self.precision)[:, None, None] * piece.V
        form = None if layer is self._layers[-1] or layer.gamma else self._network.activations[self._first].sigmoid
        if form is None or not self._is_separable(piece, a, columns, form[0]):
            return lambda a, params: self._values(self._first, columns + (piece.origin + number(a) * piece.U), params)
        steepness, factor, shift = map(number, form)
        columns, out = np.exp(-steepness * columns), np.empty_like(columns)
        loop = sigmoids_loop().get(wait=False) or _sigmoids

        def sigmoids(a: float, _: Array) -> Any:
            loop(np.exp(-steepness * (piece.origin + number(a) * piece.U)), columns, factor, shift, out)
            return out

        return sigmoids

    def _is_separable(self, piece: _Piece, a: Array, columns: Array, steepness: float) -> bool:
        """Return whether no product of a row's and a column's exponential can overflow."""
        limit = SEPARABLE[self.precision] / steepness
        along = np.abs(piece.origin).max() + np.abs(a).max() * np.abs(piece.U).max()
        return bool(along <= limit and np.abs(columns).max() <= limit)

    def _values(self, index: int, z: Array, params: Array) -> Array:
        """Return f(z) of a layer, or z of the last one, after normalisation and b, unless `z` already contains b."""
        layer = self._layers[index]
        if layer.gamma is not None:
            _normalise(z, params[:, self._of(layer.gamma), None])
        if layer.gamma is not None or index > self._first:
            z += params[:, self._of(layer.b), None]
        return z if layer is self._layers[-1] else np.asarray(self._network.activations[index].f(z, self._network.leak))

    def _onward(self, values: Array, params: Array) -> Array:
        """Return the last layer's z, shape (k, outputs, samples), from the values of the first one that changes."""
        for index, layer in enumerate(self._layers[self._first + 1 :], self._first + 1):
            W = params[:, self._of(layer.W)].reshape(-1, layer.inputs, layer.outputs)
            # In memory the neurons come first, so that `_errors` finds the classes one after the other without a copy.
            z = np.empty((layer.outputs, *values.shape[::2]), self.precision).transpose(1, 0, 2)
            np.matmul(W.transpose(0, 2, 1), values, out=z)
            values = self._values(index, z, params)
        return values

    def _errors(self, z: Array, targets: Array) -> Array:
        """Return the sum of the samples' errors for each of k points; `targets` repeats them k or more times."""
        by_class, sums = np.ascontiguousarray(z.transpose(1, 0, 2)), np.empty(len(z))
        loop = softmax_errors_loop().get(wait=False) if self._network.output == "softmax" else None
        if loop is not None:
            loop(by_class, targets, sums)
            return sums
        flat = by_class.reshape(len(by_class), -1)
        errors = OUTPUTS[self._network.output].error(flat.T, targets[:, : flat.shape[1]].T)
        return np.asarray(errors.reshape(len(z), -1).sum(axis=1, dtype=float, out=sums))

    def _of(self, part: slice) -> slice:
        """Return the position of a part of the params among those after the first W that changes."""
        return slice(part.start - self._later.start, part.stop - self._later.start)


def _shares(rows: int, threads: int) -> list[slice]:
    """Return the rows as `threads` slices of equal size."""
    size = max(1, -(-rows // threads))
    return [slice(at, at + size) for at in range(0, rows, size)]


def _first_that_changes(plane: Plane, layers: tuple[Layer, ...]) -> int:
    """Return the index of the first layer whose params change on the plane; of the last layer if none does."""
    for index, layer in enumerate(layers[:-1]):
        if plane.directions[:, layer.W.start : (layer.gamma or layer.b).stop].any():
            return index
    return len(layers) - 1


def _sigmoids(row: Array, columns: Array, factor: float, shift: float, out: Array) -> None:
    """Compute the same as the loop of :func:`gdviz.engine.neurons.compile_sigmoids`."""
    np.multiply(row, columns, out=out)
    out += 1
    np.divide(factor, out, out=out)
    out += shift


def _normalise(z: Array, gamma: Array) -> None:
    """Normalise z, shape (k, neurons, samples), in place to mean 0 and deviation γ over the samples."""
    z -= z.mean(axis=2, keepdims=True)
    z *= gamma / np.sqrt(np.square(z).mean(axis=2, keepdims=True) + z.dtype.type(EPSILON))
