"""Error surfaces of networks on a plane through their params.

Three things make them fast. Forward passes are cheaper on a plane than elsewhere (:mod:`gdviz.engine.passes`). In a
mean over many samples rounding errors average out, so float32 is precise enough. And without kinks the surface is
analytic: its values at Chebyshev nodes (:mod:`gdviz.engine.chebyshev`) determine any grid in the box.
"""

from __future__ import annotations

import math
from functools import singledispatch
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from gdviz.engine.chebyshev import Table, coefficients_along, coefficients_of, count_needed, nodes_of
from gdviz.engine.passes import DOUBLE, SINGLE, Passes
from gdviz.objectives.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from gdviz.objectives import Array, Box, Objective
    from gdviz.objectives.plane import Plane

__all__ = ["slice_grid"]

AVERAGED = 1000
"""Minimum number of samples whose mean may be computed in float32."""
AGREE = 3e-8
"""Maximum error of float32 at some test points, relative to the range of the values there."""

NODES = 17
"""Number of nodes along a line with which the search for the right number begins."""
AT_LEAST = 5
"""Minimum number of nodes: fewer do not show how fast coefficients fall."""
LINES = 4
"""Number of lines along each axis on which that number is determined."""
PROBED = 8
"""There every k-th sample is enough, with this k."""
MOST = 1000
"""Maximum number of nodes along a line."""
WORTH = 0.75
"""Maximum number of nodes of a table, relative to the number of points of the grid."""
LEFT_OUT, ENOUGH = 1e-8, 3e-8
"""Sum of the coefficients that a table leaves out along each axis, relative to the range of its values: the aim, and
the maximum. The aim is stricter, because a table that exceeds the maximum must be computed again."""
GRAIN = {SINGLE: 1.7e-7, DOUBLE: 1e-12}
"""Rounding error of a coefficient for one sample, relative to the greatest value; it is smaller for a mean."""
LARGE = 200_000
"""With more params than this every value is evaluated directly, so that work can be cancelled within a value."""
LEAST = 0.1
"""A table is reused on a part of its box if the greatest value there is at least this share of the whole box's."""
RANGE = 0.01
"""And if the range of the values there is at least this share of the whole box's greatest value."""


class _Interpolant(NamedTuple):
    """The table of a plane, and whether no value at its nodes is negative."""

    table: Table
    is_positive: bool

    def grid(self, a: Array, b: Array) -> Array:
        """Return the table's values; small negative ones, which come from left-out coefficients, become 0."""
        values = self.table.grid(a, b)
        return np.maximum(values, 0.0, out=values) if self.is_positive else values


_interpolants: WeakKeyDictionary[Plane, _Interpolant] = WeakKeyDictionary()


def slice_grid(plane: Plane, a: ArrayLike, b: ArrayLike, cancelled: Callable[[], bool] = lambda: False) -> Array:
    """Return the values on a plane at every pair of `a` and `b`, with an error of at most 1e-7 of the greatest one.

    Parameters
    ----------
    plane
        A plane through the params of a network; for other objectives every value is evaluated directly.
    a, b
        The two coordinates, shapes (n,) and (m,).
    cancelled
        Called every few milliseconds; once it returns True, the remaining values stay NaN.

    Returns
    -------
    array
        Shape (n, m).
    """
    return _grid(plane.objective, plane, np.asarray(a, float), np.asarray(b, float), cancelled)


@singledispatch
def _grid(objective: Objective, plane: Plane, a: Array, b: Array, cancelled: Callable[[], bool]) -> Array:
    """Return the values on a plane by direct evaluation; faster functions are registered here."""
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
    interpolant = _interpolants.get(plane)
    if interpolant is not None and interpolant.table.covers(_box_of(a, b)):
        values, scale = interpolant.grid(a, b), interpolant.table.scale
        if values.max() >= LEAST * scale and np.ptp(values) >= RANGE * scale:
            return values
    passes = _cheapest(plane, a, b, cancelled)
    interpolant = _tabulate(passes, a, b, cancelled)
    if interpolant is None:
        return passes.grid(a, b, cancelled)
    _interpolants[plane] = interpolant
    return interpolant.grid(a, b)


def _box_of(a: Array, b: Array) -> Box:
    return (float(a.min()), float(a.max())), (float(b.min()), float(b.max()))


def _penalty(plane: Plane, network: Network, a: Array, b: Array) -> Array:
    """Return ½ λ Σ (W + a U + b V)² at every pair: a polynomial in a and b with scalar products as coefficients."""
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
    """Return a plane's passes, in float32 if that is precise enough at some test points of the grid."""
    passes = Passes(plane)
    if plane.samples < AVERAGED:
        return passes
    single = passes.in_single()
    few = [np.array([x.min(), np.median(x), x.max()]) for x in (a, b)]
    exact, rough = (one.grid(few[0], few[1], cancelled) for one in (passes, single))
    return single if np.abs(rough - exact).max() <= AGREE * np.ptp(exact) else passes


def _tabulate(passes: Passes, a: Array, b: Array, cancelled: Callable[[], bool]) -> _Interpolant | None:
    """Return a table of the box around a grid; None where direct evaluation of the grid is at least as fast."""
    box = _box_of(a, b)
    if not passes.is_analytic or not np.isfinite(box).all() or a.size * b.size <= 2 * LINES * NODES:
        return None
    # A first guess from a few lines. Then the table itself tells whether it has enough nodes, or how many it needs.
    few = passes.on_some(PROBED) if passes.samples >= AVERAGED else passes
    shape = tuple(_count_along(few, axis, box, cancelled) for axis in range(2))
    while math.prod(shape) <= WORTH * a.size * b.size:
        nodes = [nodes_of(count, *bounds) for count, bounds in zip(shape, box, strict=True)]
        values = passes.grid(nodes[0], nodes[1], cancelled)
        if not np.isfinite(values).all():
            break
        coefficients = coefficients_of(values)
        along = [np.abs(coefficients).max(axis=axis) for axis in (1, 0)]
        enough, next_shape = (
            tuple(count_needed(each, *_limits(values, share, passes)) for each in along) for share in (ENOUGH, LEFT_OUT)
        )
        if enough == shape:
            return _Interpolant(Table(box, coefficients, float(np.abs(values).max())), bool(values.min() >= 0))
        shape = next_shape
    return None


def _limits(values: Array, left_out: float, passes: Passes) -> tuple[float, float]:
    """Return the maximum sum of left-out coefficients, and the rounding error of a coefficient."""
    grain = GRAIN[passes.precision] / math.sqrt(passes.samples)
    return left_out * float(np.ptp(values)), grain * float(np.abs(values).max())


def _count_along(passes: Passes, axis: int, box: Box, cancelled: Callable[[], bool]) -> int:
    """Return the number of nodes that a box needs along an axis, judged by a few lines along it."""
    if box[axis][0] == box[axis][1]:
        return 1
    count, next_count = 0, NODES
    while count < next_count <= MOST:
        count = next_count
        nodes = [nodes_of(LINES, *bounds) for bounds in box]
        nodes[axis] = nodes_of(count, *box[axis])
        values = passes.grid(nodes[0], nodes[1], cancelled)
        if not np.isfinite(values).all():
            return MOST
        coefficients = np.abs(coefficients_along(values if axis == 0 else values.T)).max(axis=1)
        left_out, grain = _limits(values, LEFT_OUT, passes)
        next_count = count_needed(coefficients, left_out, grain)
    rest = np.cumsum(np.where(coefficients > grain, coefficients, 0)[::-1])[::-1]
    return max(AT_LEAST, int(np.count_nonzero(rest > left_out)) + 1)
