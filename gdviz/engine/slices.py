"""Error surfaces of networks on a plane through their params.

Three things make them fast. A forward pass takes less on a plane than elsewhere (:mod:`gdviz.engine.passes`). Where a
mean over many samples averages their roundings, float32 does. And without kinks the surface is analytic: its values at
Chebyshev's nodes (:mod:`gdviz.engine.chebyshev`) give any grid in the box.
"""

from __future__ import annotations

import math
from functools import singledispatch
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from gdviz.engine.chebyshev import Table, coefficients_along, coefficients_of, count_wanted, nodes_of
from gdviz.engine.passes import DOUBLE, SINGLE, Passes
from gdviz.objectives.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from gdviz.objectives import Array, Box, Objective
    from gdviz.objectives.plane import Plane

__all__ = ["slice_grid"]

AVERAGED = 1000
"""Of fewer samples the roundings of float32 are not averaged enough."""
AGREE = 3e-8
"""Where float32 is off by no more than this share of the values' range at some points, it serves."""

NODES = 17
"""With so many nodes along a line it begins to be seen how many are needed."""
AT_LEAST = 5
"""From fewer it is not seen how fast coefficients fall."""
LINES = 4
"""So many lines each way are looked at."""
PROBED = 8
"""On one sample in so many."""
MOST = 1000
"""More nodes along a line than this nobody would evaluate."""
WORTH = 0.75
"""A table is made where it has at most this share of the grid's points."""
LEFT_OUT, ENOUGH = 1e-8, 3e-8
"""How great the coefficients that a table lacks may be together, each way, as a share of the range of its values: so
small they are aimed at, since a table that is not good `ENOUGH` would have to be made once more."""
GRAIN = {SINGLE: 1.7e-7, DOUBLE: 1e-12}
"""What rounding leaves of the last ones, for one sample, as a share of the greatest value; a mean has less of it."""
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


_known: WeakKeyDictionary[Plane, _Known] = WeakKeyDictionary()


def slice_grid(plane: Plane, a: ArrayLike, b: ArrayLike, cancelled: Callable[[], bool] = lambda: False) -> Array:
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
    return _grid(plane.objective, plane, np.asarray(a, float), np.asarray(b, float), cancelled)


@singledispatch
def _grid(objective: Objective, plane: Plane, a: Array, b: Array, cancelled: Callable[[], bool]) -> Array:
    """Return the values on a plane through an objective's params, each evaluated."""
    return _by_rows(lambda at: plane.grid(np.array([at]), b)[0], a, b, cancelled)


@_grid.register(Network)
def _grid_of_network(network: Network, plane: Plane, a: Array, b: Array, cancelled: Callable[[], bool]) -> Array:
    if network.size > LARGE:
        return _by_rows(lambda at: _plain_row(plane, network, at, b, cancelled), a, b, cancelled)
    if not (a.size and b.size):
        return np.empty((a.size, b.size))
    with np.errstate(all="ignore"):
        values = _mean_errors(plane, a, b, cancelled)
        return values + _penalty(plane, network, a, b) if network.l2 and not network.decoupled else values


def _plain_row(plane: Plane, network: Network, a: float, b: Array, cancelled: Callable[[], bool]) -> Array:
    """Return the values at (a, b) for each b; every single one takes so long that it may have to be given up."""
    at, v = plane.lifted(np.array([a, 0.0])), plane.directions[1]
    return np.array([network.value(at + one * v, cancelled) for one in b])


def _mean_errors(plane: Plane, a: Array, b: Array, cancelled: Callable[[], bool]) -> Array:
    """Return the mean error without the penalty at every pair."""
    known = _known.get(plane)
    if known is not None and known.table.covers(_box_of(a, b)):
        values, scale = known.grid(a, b), known.table.scale
        if values.max() >= LEAST * scale and np.ptp(values) >= RANGE * scale:
            return values
    passes = _cheapest(plane, a, b, cancelled)
    known = _tabulated(passes, a, b, cancelled)
    if known is None:
        return passes.grid(a, b, cancelled)
    _known[plane] = known
    return known.grid(a, b)


def _box_of(a: Array, b: Array) -> Box:
    return (float(a.min()), float(a.max())), (float(b.min()), float(b.max()))


def _penalty(plane: Plane, network: Network, a: Array, b: Array) -> Array:
    """Return ½ λ Σ (W + a U + b V)² at every pair: a polynomial, whose coefficients are products of W, U and V."""
    vectors = np.vstack([plane.origin, plane.directions])
    products = sum(vectors[:, layer.W] @ vectors[:, layer.W].T for layer in network.layout.layers)
    (ww, wu, wv), (_, uu, uv), (_, _, vv) = np.asarray(products)
    a = a[:, None]
    return np.asarray(network.l2 * (ww / 2 + a * wu + b * wv + a * a * uu / 2 + a * b * uv + b * b * vv / 2))


def _by_rows(row: Callable[[float], Array], a: Array, b: Array, cancelled: Callable[[], bool]) -> Array:
    values = np.full((a.size, b.size), np.nan)
    for index, one in enumerate(a):
        if not cancelled():
            values[index] = row(one)
    return values


def _cheapest(plane: Plane, a: Array, b: Array, cancelled: Callable[[], bool]) -> Passes:
    """Return a plane's passes, in float32 where that does for a grid, which some of its points tell."""
    passes = Passes(plane)
    if plane.samples < AVERAGED:
        return passes
    single = passes.in_single()
    few = [np.array([x.min(), np.median(x), x.max()]) for x in (a, b)]
    exact, rough = (one.grid(few[0], few[1], cancelled) for one in (passes, single))
    return single if np.abs(rough - exact).max() <= AGREE * np.ptp(exact) else passes


def _tabulated(passes: Passes, a: Array, b: Array, cancelled: Callable[[], bool]) -> _Known | None:
    """Return a table of the box around a grid; None where evaluating the grid takes no longer."""
    box = _box_of(a, b)
    if not passes.is_analytic or not np.isfinite(box).all() or a.size * b.size <= 2 * LINES * NODES:
        return None
    few = passes.on_some(PROBED) if passes.samples >= AVERAGED else passes
    shape = tuple(_count_along(few, axis, box, cancelled) for axis in range(2))
    while math.prod(shape) <= WORTH * a.size * b.size:
        nodes = [nodes_of(count, *bounds) for count, bounds in zip(shape, box, strict=True)]
        values = passes.grid(nodes[0], nodes[1], cancelled)
        if not np.isfinite(values).all():
            break
        coefficients = coefficients_of(values)
        along = [np.abs(coefficients).max(axis=axis) for axis in (1, 0)]
        enough, wanted = (
            tuple(count_wanted(each, *_limits(values, share, passes)) for each in along) for share in (ENOUGH, LEFT_OUT)
        )
        if enough == shape:
            return _Known(Table(box, coefficients, float(np.abs(values).max())), bool(values.min() >= 0))
        shape = wanted
    return None


def _limits(values: Array, left_out: float, passes: Passes) -> tuple[float, float]:
    """Return how great what a table lacks may be, and what of that is rounding."""
    grain = GRAIN[passes.precision] / math.sqrt(passes.samples)
    return left_out * float(np.ptp(values)), grain * float(np.abs(values).max())


def _count_along(passes: Passes, axis: int, box: Box, cancelled: Callable[[], bool]) -> int:
    """Return how many nodes a box needs along an axis, as a few lines across it tell."""
    if box[axis][0] == box[axis][1]:
        return 1
    count, wanted = 0, NODES
    while count < wanted <= MOST:
        count = wanted
        nodes = [nodes_of(LINES, *bounds) for bounds in box]
        nodes[axis] = nodes_of(count, *box[axis])
        values = passes.grid(nodes[0], nodes[1], cancelled)
        if not np.isfinite(values).all():
            return MOST
        coefficients = np.abs(coefficients_along(values if axis == 0 else values.T)).max(axis=1)
        left_out, grain = _limits(values, LEFT_OUT, passes)
        wanted = count_wanted(coefficients, left_out, grain)
    rest = np.cumsum(np.where(coefficients > grain, coefficients, 0)[::-1])[::-1]
    return max(AT_LEAST, int(np.count_nonzero(rest > left_out)) + 1)
