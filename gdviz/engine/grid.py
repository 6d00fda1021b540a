"""Error surfaces: the objective's values over a grid of its two parameters."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from gdviz.engine.chebyshev import Table, nodes_needed
from gdviz.engine.library import grid_loop, sigmoids_loop, softmax_errors_loop
from gdviz.engine.slices import slice_grid
from gdviz.engine.threads import share, threads_for
from gdviz.objectives.neuron import SEPARABLE, SigmoidNeuron
from gdviz.objectives.plane import Plane

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from gdviz.objectives import Array, Box, Objective

__all__ = ["error_grid", "prepare_grids", "table_over"]

BLOCK = 1 << 22
"""Evaluations of a sample between two looks at whether to go on."""
EVALUATION = 0.3
"""Nanoseconds that the compiled loop needs for one of them."""
NEARLY_0 = 1e-9
"""A sample's error below which the rounding of f − y is more than 1e-11 of it."""
WORTH = 0.5
"""A table is made where it has at most this share of the grid's points."""
LEAST = 0.1
"""A table serves a part of its box where the greatest value is at least this share of that on all of it."""

_tables: WeakKeyDictionary[Objective, Table] = WeakKeyDictionary()


def error_grid(
    objective: Objective,
    w: ArrayLike,
    b: ArrayLike,
    cancelled: Callable[[], bool] = lambda: False,
    wait: bool = True,
) -> Array:
    """Return the objective's values at every pair of `w` and `b`, exact to 1e-10 of the greatest of them.

    On a plane through a network's params it is 1e-7; see :func:`gdviz.engine.slices.slice_grid`.

    The neuron's error is analytic: where its poles allow it, a table of Chebyshev coefficients is made once and serves
    every part of its box, so zooming and panning cost two products of matrices, whatever the number of samples.

    Parameters
    ----------
    objective
        What is evaluated: it has two parameters, or is a plane through more of them.
    w, b
        The first and the second parameter, shapes (n,) and (m,).
    cancelled
        Asked from time to time; where it says yes, what is not computed yet stays NaN.
    wait
        Whether to wait for the neuron's compiled loop; otherwise numpy serves until it is there. A plane takes the
        loops that are there, see :func:`prepare_grids`: to load them takes longer than most of its grids.

    Returns
    -------
    array
        Shape (n, m).
    """
    if not objective.is_planar:
        raise ValueError(f"{objective.size} params have no plane of their own; cut one, as gdviz.scene.planes does")
    return _grid(objective, np.asarray(w, float), np.asarray(b, float), cancelled, wait)


@singledispatch
def _grid(objective: Objective, w: Array, b: Array, cancelled: Callable[[], bool], wait: bool) -> Array:
    """Return the values at every pair; what is registered here computes them sooner for one class of objectives."""
    return _by_blocks(objective.grid, objective.samples, w, b, cancelled)


@_grid.register(Plane)
def _grid_of_plane(plane: Plane, a: Array, b: Array, cancelled: Callable[[], bool], wait: bool) -> Array:
    return slice_grid(plane, a, b, cancelled)


@_grid.register(SigmoidNeuron)
def _grid_of_neuron(neuron: SigmoidNeuron, w: Array, b: Array, cancelled: Callable[[], bool], wait: bool) -> Array:
    if not (neuron.is_unchanged and w.size and b.size):
        return _by_blocks(neuron.grid, neuron.samples, w, b, cancelled)
    if wait:
        grid_loop().get()
    if not (np.isfinite(w).all() and np.isfinite(b).all()):
        return _by_blocks(neuron.grid, neuron.samples, w, b, cancelled)
    box = (float(w.min()), float(w.max())), (float(b.min()), float(b.max()))
    table = _tables.get(neuron)
    if table is not None and table.covers(box):
        values = table.grid(w, b)
        if values.max() >= LEAST * table.scale:
            return np.maximum(values, 0.0, out=values)
    table = table_over(neuron, box, WORTH * w.size * b.size, cancelled)
    if table is None:
        return _evaluated(neuron, w, b, cancelled)
    values = table.grid(w, b)
    return np.maximum(values, 0.0, out=values)


def prepare_grids() -> None:
    """Load or compile what error grids need, and wait for it."""
    for loop in (grid_loop(), sigmoids_loop(), softmax_errors_loop()):
        loop.get()


def table_over(
    neuron: SigmoidNeuron, box: Box, most: float, cancelled: Callable[[], bool] = lambda: False
) -> Table | None:
    """Return the neuron's error on a box as a table of at most so many nodes, or None; it is kept for later."""
    poles = np.pi / max(float(np.abs(neuron.X).max()), 1e-300), np.pi
    shape = nodes_needed(box[0][1] - box[0][0], poles[0]), nodes_needed(box[1][1] - box[1][0], poles[1])
    if shape[0] * shape[1] > most:
        return None
    table = Table.of(box, shape, lambda w, b: _at_nodes(neuron, w, b, cancelled))
    if table is not None:
        _tables[neuron] = table
    return table


def _at_nodes(neuron: SigmoidNeuron, w: Array, b: Array, cancelled: Callable[[], bool]) -> Array:
    """Return the error at every pair, exact to rounding of the greatest: carefully only where all of it is nearly 0."""
    values = _evaluated(neuron, w, b, cancelled, is_careful=False)
    return values if values.max() >= NEARLY_0 * neuron.samples else _evaluated(neuron, w, b, cancelled)


def _evaluated(
    neuron: SigmoidNeuron, w: Array, b: Array, cancelled: Callable[[], bool], is_careful: bool = True
) -> Array:
    """Return the error at every pair, each evaluated; carefully: to the last digits also where it is nearly 0."""
    loop = grid_loop().get(wait=False)
    if loop is None:
        return _by_blocks(neuron.grid, neuron.samples, w, b, cancelled)
    with np.errstate(over="ignore"):
        separable = bool(np.abs(w).max() * np.abs(neuron.X).max() + np.abs(b).max() <= SEPARABLE)

    def rows(w: Array, b: Array) -> Array:
        values = np.empty((w.size, b.size))
        loop(np.ascontiguousarray(w), np.ascontiguousarray(b), neuron.table, separable, is_careful, values)
        return values

    threads = threads_for(EVALUATION * w.size * b.size * neuron.samples)
    return _by_blocks(rows, neuron.samples, w, b, cancelled, threads)


def _by_blocks(
    grid: Callable[[Array, Array], Array], samples: int, w: Array, b: Array, cancelled: Callable[[], bool],
    threads: int = 1,
) -> Array:  # fmt: skip
    """Return the grid, some rows at a time, on several threads where the work does not hold the interpreter."""
    values = np.full((w.size, b.size), np.nan)
    rows = max(1, min(-(-w.size // threads), BLOCK // max(1, b.size * samples)))

    def fill(start: int) -> None:
        if not cancelled():
            with np.errstate(all="ignore"):
                values[start : start + rows] = grid(w[start : start + rows], b)

    share(fill, range(0, w.size, rows), threads)
    return values
