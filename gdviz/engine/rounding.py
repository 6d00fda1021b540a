"""The rounding horizon: the update after which rounding errors dominate a run's numbers.

Near a minimum RMSProp makes steps of about the length η, however small the gradient is. So it jumps about the minimum,
and each jump multiplies the difference between two nearby paths. The 16th digit depends on the order of additions;
after some dozens of such updates the difference reaches the first digit, and no two correct programs agree. The horizon
is found by experiment: the run is trained again with every param moved by one unit in the last place after each update,
and the paths are compared.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from gdviz.engine.alone import advance_alone
from gdviz.engine.compiled import advance_compiled, is_compiled
from gdviz.engine.interpreted import advance_in_step
from gdviz.engine.trainer import RULE, goes_alone, prepare
from gdviz.training import Point

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdviz.training import Chunk, Run

__all__ = ["horizon", "horizon_sentence"]

TOLERANCE = 1e-9
"""Difference between paths, relative to max(1, |param|), that rounding without amplification never reaches."""
MOST_UPDATES = 10**6
"""Maximum number of updates. So many units in the last place add up to less than the tolerance, unless they grow."""
MOST_SAMPLES = 3 * 10**8
"""Maximum number of gradients of a sample per path: about a second for all three paths."""
NUDGES = (0.0, math.inf, -math.inf)
"""The nudges of the run's own path and of the two other paths."""
PIECE = 2e6
"""Nanoseconds of work between two calls of `cancelled`."""
UNKNOWN = -1
FEW = 64
"""Number of updates that numpy makes in about that time."""


def horizon(run: Run, cancelled: Callable[[], bool] = lambda: False) -> int | None:
    """Return the update from which on a run has amplified differences in the 16th digit to visible ones.

    The run is trained again twice with every param moved by one unit in the last place after each update: once up, once
    down. The horizon is the first update after which one of these paths differs from the run's own by more than 10⁻⁹ in
    any param, relative to the param where that is greater than 1. Each single step is correct after the horizon, too;
    but another correct program gives other numbers.

    The horizon depends on the run alone. Two programs, or numpy and compiled loops, may find slightly different ones:
    the difference is the number of updates in which the run multiplies a difference by four.

    Parameters
    ----------
    run
        The run, on an objective with two parameters; for others there is no horizon.
    cancelled
        Called every few milliseconds; once it returns True, the result is None.

    Returns
    -------
    int or None
        The number of the update; None where there is none among the updates that are searched: the first million, or
        fewer if they would need more than 3·10⁸ gradients of a sample.
    """
    if not run.objective.is_planar:
        return None
    update = _horizons.get(run, UNKNOWN)
    if update == UNKNOWN:
        update = _search(run, cancelled)
        if cancelled():
            return None
        _horizons[run] = update
    return update


def horizon_sentence(update: int) -> str:
    """Return the sentence about a run with its horizon at `update`, without the full stop."""
    return (
        f"from update {update} on this run amplifies differences in the 16th digit: "
        "each step is right, but other right programs give other numbers"
    )


_horizons: WeakKeyDictionary[Run, int | None] = WeakKeyDictionary()
"""The horizons found so far, as long as their runs exist: window, pictures and films need the same ones."""


def _search(run: Run, cancelled: Callable[[], bool]) -> int | None:
    prepare(run)
    last = min(run.total, MOST_UPDATES, MOST_SAMPLES // run.batch_size)
    points = [Point.start(run)] * len(NUDGES)
    while (update := points[0].update) < last and not cancelled():
        count = min(last, run.acts_until(update)) - update
        own, *others = chunks = _advance(run.acting_at(update), points, count)
        apart = [row for row in (_first_apart(own, chunk) for chunk in others) if row is not None]
        if apart:
            return update + 1 + min(apart)
        if not len(own.params) or own.diverged:
            return None
        points = [chunk.end for chunk in chunks]
    return None


def _advance(run: Run, points: list[Point], count: int) -> list[Chunk]:
    """Return the next chunks, of at most `count` updates, of the three paths."""
    if goes_alone(run.objective):
        count = min(count, FEW)
        return [advance_alone(run, point, count, nudge=nudge) for point, nudge in zip(points, NUDGES, strict=True)]
    runs = [run] * len(NUDGES)
    if is_compiled(run):
        piece = int(PIECE / (len(NUDGES) * (run.batch_size + RULE)))
        return advance_compiled(runs, points, min(count, max(piece, 1)), NUDGES)
    return advance_in_step(runs, points, min(count, FEW), NUDGES)


def _first_apart(own: Chunk, other: Chunk) -> int | None:
    """Return the first row in which another path departs from the run's own, or in which it has ended; else None."""
    rows = min(len(own.params), len(other.params))
    here, there = own.params[:rows], other.params[:rows]
    apart = (np.abs(there - here) > TOLERANCE * np.maximum(1, np.abs(here))).any(axis=1)
    if apart.any():
        return int(np.argmax(apart))
    return rows if rows < len(own.params) else None
