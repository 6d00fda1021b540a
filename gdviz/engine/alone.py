"""Updates of runs with many params: one run at a time, each update as the readable loop makes it."""

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
"""Of points that are handed over at once: few enough that their memory is used again by the next ones."""


def advance_alone(
    run: Run, point: Point, count: int, cancelled: Callable[[], bool] = lambda: False, nudge: float = 0.0
) -> Chunk:
    """Return the next updates of a run, at most `count`.

    They are fewer at its end, where it diverges or stops, once `cancelled`, and where `count` points take much memory.
    `nudge`: ±∞ to move the params by one unit in the last place that way after each update, or 0.
    """
    every, n = checkpoint_every(run), run.objective.size
    most = min(count, max(1, MOST_BYTES // (8 * n)))
    params, states = np.empty((most, n)), np.empty((most // every + 1, len(point.state), n))
    low, high = run.objective.limits.T
    narrowest = low.max(), high.min()
    carried = np.empty((most, point.carried.size)) if point.carried.size else None
    made, kept, lost = 0, 0, ""
    with np.errstate(all="ignore"):
        while made < most and point.update < run.total and not has_stopped(run, point) and not cancelled():
            step = following(run, point)
            if nudge:
                step = replace(step, params=np.nextafter(step.params, nudge))
            # To ask each param for its own limits takes longer, and nearly always all of them are far from any.
            if not (narrowest[0] <= step.params.min() and step.params.max() <= narrowest[1]):
                lost = run.divergence(step.params)
            if lost:
                lost = f"diverged at update {step.update}: {lost}"
                break
            params[made] = step.params
            if carried is not None:
                carried[made] = step.carried
            point, made = with_best(run, step.point, point), made + 1
            if point.update % every == 0:
                states[kept] = np.reshape(point.state, states.shape[1:])
                kept += 1
    carried = None if carried is None else carried[:made]
    return Chunk(params[:made], np.full(made, np.nan), states[:kept], point, lost, carried=carried)
