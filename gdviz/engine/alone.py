"""Updates of runs with many params: one run at a time, with the readable loop."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gdviz.training import Chunk, Point, following, has_stopped, with_best
from gdviz.training.budget import checkpoint_every

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdviz.training import Run

__all__ = ["advance_alone"]

MOST_BYTES = 1 << 19
"""Maximum size of the points of a chunk: so little that the next chunk reuses the same memory."""


def advance_alone(
    run: Run, point: Point, count: int, cancelled: Callable[[], bool] = lambda: False, nudge: float = 0.0
) -> Chunk:
    """Return the next updates of a run, at most `count`.

    There are fewer at the run's end, where it diverges or stops, once `cancelled` returns True, and where `count`
    points would take much memory. `nudge`: ±∞ moves the params by one unit in the last place up or down after each
    update; 0 does not.
    """
    every, n = checkpoint_every(run), run.objective.size
    most = min(count, max(1, MOST_BYTES // (8 * n)))
    params, states = np.empty((most, n)), np.empty((most // every + 1, len(point.state), n))
    low, high = run.objective.limits.T
    narrowest = low.max(), high.min()
    carried = np.empty((most, point.carried.size)) if point.carried.size else None
    row, checkpoint, divergence = 0, 0, ""
    with np.errstate(all="ignore"):
        while row < most and point.update < run.total and not has_stopped(run, point) and not cancelled():
            step = following(run, point)
            if nudge:
                step = replace(step, params=np.nextafter(step.params, nudge))
            # Nearly always all params are within the narrowest limits, which is quicker to check.
            if not (narrowest[0] <= step.params.min() and step.params.max() <= narrowest[1]):
                divergence = run.divergence(step.params)
            if divergence:
                divergence = f"diverged at update {step.update}: {divergence}"
                break
            params[row] = step.params
            if carried is not None:
                carried[row] = step.carried
            point, row = with_best(run, step.point, point), row + 1
            if point.update % every == 0:
                states[checkpoint] = np.reshape(point.state, states.shape[1:])
                checkpoint += 1
    carried = None if carried is None else carried[:row]
    return Chunk(params[:row], np.full(row, np.nan), states[:checkpoint], point, divergence, carried=carried)
