"""The rounding horizon: the update from which on a run's numbers are those of its rounding errors.

Near its rest RMSProp makes steps of the length η whatever the gradient is, so it hops about the minimum, and each hop
multiplies a difference between two paths. The 16th digit, which depends on the order of additions, then becomes the
first after some dozens of updates: no two right programs agree. Such a run is found by trying: it is trained again
with every param moved by one unit in the last place after each update, and the paths are compared.
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
"""A difference that rounding alone does not make: a share of the param, or of 1 where that is greater."""
MOST_UPDATES = 10**6
"""So many units in the last place, one from each update, add up to less than the tolerance where nothing grows."""
MOST_SAMPLES = 3 * 10**8
"""Gradients of a sample that take about a second for all three paths."""
NUDGES = (0.0, math.inf, -math.inf)
"""The run's own path, and where the other two are moved."""
PIECE = 2e6
"""Nanoseconds of computing between two moments at which it can be stopped."""
UNKNOWN = -1
FEW = 64
"""Updates that numpy makes in such a piece, or a little more."""


def horizon(run: Run, cancelled: Callable[[], bool] = lambda: False) -> int | None:
    """Return the update from which on differences in the 16th digit have grown into the numbers of a run.

    The run is trained again twice with every param moved by one unit in the last place after each update: once up,
    once down. The horizon is the first update after which one of these paths is off the run's own in any param by more
    than 10⁻⁹ of the param, or 10⁻⁹ where it is less than 1. Each step is right after the horizon as before it; but
    another right program gives other numbers.

    It depends on the run alone. Two programs, or numpy and compiled loops, may find it a few updates apart: as many as
    the run needs to multiply a difference by four.

    Parameters
    ----------
    run
        The run, on an objective with two parameters; for others there is no horizon.
    cancelled
        Asked every few milliseconds; where it says yes, the answer is None.

    Returns
    -------
    int or None
        The number of the update; None where there is no such update among the first million of the run, fewer where
        they would see more than 3·10⁸ samples: later ones are not looked at.
    """
    if not run.objective.is_planar:
        return None
    update = _known.get(run, UNKNOWN)
    if update == UNKNOWN:
        update = _found(run, cancelled)
        if cancelled():
            return None
        _known[run] = update
    return update


def horizon_sentence(update: int) -> str:
    """Return what is said of a run whose horizon is at an update, without the full stop."""
    return (
        f"from update {update} on this run amplifies differences in the 16th digit: "
        "each step is right, but other right programs give other numbers"
    )


_known: WeakKeyDictionary[Run, int | None] = WeakKeyDictionary()
"""What was found, as long as its run is in use: window, pictures and films ask for the same."""


def _found(run: Run, cancelled: Callable[[], bool]) -> int | None:
    prepare(run)
    last = min(run.total, MOST_UPDATES, MOST_SAMPLES // run.batch_size)
    points = [Point.start(run)] * len(NUDGES)
    while (update := points[0].update) < last and not cancelled():
        count = min(last, run.acts_until(update)) - update
        own, *moved = chunks = _advanced(run.acting_at(update), points, count)
        apart = [row for row in (_first_apart(own, chunk) for chunk in moved) if row is not None]
        if apart:
            return update + 1 + min(apart)
        if not len(own.params) or own.diverged:
            return None
        points = [chunk.end for chunk in chunks]
    return None


def _advanced(run: Run, points: list[Point], count: int) -> list[Chunk]:
    """Return the next updates of the three paths, at most `count`."""
    if goes_alone(run.objective):
        count = min(count, FEW)
        return [advance_alone(run, point, count, nudge=nudge) for point, nudge in zip(points, NUDGES, strict=True)]
    runs = [run] * len(NUDGES)
    if is_compiled(run):
        piece = int(PIECE / (len(NUDGES) * (run.batch_size + RULE)))
        return advance_compiled(runs, points, min(count, max(piece, 1)), NUDGES)
    return advance_in_step(runs, points, min(count, FEW), NUDGES)


def _first_apart(own: Chunk, moved: Chunk) -> int | None:
    """Return the first row in which another path is not the run's own any more; a row may be missing there."""
    rows = min(len(own.params), len(moved.params))
    here, there = own.params[:rows], moved.params[:rows]
    apart = (np.abs(there - here) > TOLERANCE * np.maximum(1, np.abs(here))).any(axis=1)
    if apart.any():
        return int(np.argmax(apart))
    return rows if rows < len(own.params) else None
