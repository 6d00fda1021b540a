"""Error surfaces: an objective's values over a grid of its two parameters."""

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
"""Maximum number of evaluations of a sample between two calls of `cancelled`."""
EVALUATION = 0.3
"""Nanoseconds that the compiled loop needs for the evaluation of a sample."""
NEARLY_0 = 1e-9
"""A sample's error below which rounding of f − y makes a relative error above 1e-11."""
WORTH = 0.5
"""Maximum number of nodes of a table, relative to the number of points of the grid."""
LEAST = 0.1
"""A table is reused on a part of its box if the greatest value there is at least this share of the whole box's."""

_tables: WeakKeyDictionary[Objective, Table] = WeakKeyDictionary()


def error_grid(
    objective: Objective,
    w: ArrayLike,
    b: ArrayLike,
    cancelled: Callable[[], bool] = lambda: False,
    wait: bool = True,
) -> Array:
    """Return the objective's values at every pair of `w` and `b`, with an error of at most 1e-10 of the greatest one.

    On a plane through a network's params it is at most 1e-7; see :func:`gdviz.engine.slices.slice_grid`.

    The neuron's error is analytic. If its poles are far enough away, a table of Chebyshev coefficients is computed once
    for a box; then any grid in this box costs two products of matrices, for any number of samples.

    Parameters
    ----------
    objective
        An objective of two parameters; for more parameters, a plane through them.
    w, b
        The first and the second parameter, shapes (n,) and (m,).
    cancelled
        Called from time to time; once it returns True, the remaining values stay NaN.
    wait
        Whether to wait for the neuron's compiled loop; otherwise numpy computes until it is ready. A plane never waits:
        loading the loops takes longer than most of its grids, see :func:`prepare_grids`.

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
    """Return the values at every pair; faster functions for some classes of objectives are registered here."""
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
        return _evaluate(neuron, w, b, cancelled)
    values = table.grid(w, b)
    return np.maximum(values, 0.0, out=values)


def prepare_grids() -> None:
    """Load or compile the loops that error grids use, and wait for them."""
    for loop in (grid_loop(), sigmoids_loop(), softmax_errors_loop()):
        loop.get()


def table_over(
    neuron: SigmoidNeuron, box: Box, most: float, cancelled: Callable[[], bool] = lambda: False
) -> Table | None:
    """Return a table, which is cached, of the neuron's error on a box, or None if it needs more than `most` nodes."""
    poles = np.pi / max(float(np.abs(neuron.X).max()), 1e-300), np.pi
    shape = nodes_needed(box[0][1] - box[0][0], poles[0]), nodes_needed(box[1][1] - box[1][0], poles[1])
    if shape[0] * shape[1] > most:
        return None
    table = Table.of(box, shape, lambda w, b: _at_nodes(neuron, w, b, cancelled))
    if table is not None:
        _tables[neuron] = table
    return table


def _at_nodes(neuron: SigmoidNeuron, w: Array, b: Array, cancelled: Callable[[], bool]) -> Array:
    """Return the error at every pair, up to rounding of the greatest value; carefully if all are nearly 0."""
    values = _evaluate(neuron, w, b, cancelled, is_careful=False)
    return values if values.max() >= NEARLY_0 * neuron.samples else _evaluate(neuron, w, b, cancelled)


def _evaluate(
    neuron: SigmoidNeuron, w: Array, b: Array, cancelled: Callable[[], bool], is_careful: bool = True
) -> Array:
    """Return the error at every pair by direct evaluation.

    `is_careful`: also values near 0 keep their full relative precision.
    """
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
    """Return the grid, computed in blocks of rows; `threads` > 1 only for loops that release the interpreter lock."""
    values = np.full((w.size, b.size), np.nan)
    rows = max(1, min(-(-w.size // threads), BLOCK // max(1, b.size * samples)))

    def fill(start: int) -> None:
        if not cancelled():
            with np.errstate(all="ignore"):
                values[start : start + rows] = grid(w[start : start + rows], b)

    share(fill, range(0, w.size, rows), threads)
    return values
