"""The compiled loop over many runs at once: LANES of them side by side, in vector registers.

Only :mod:`gdviz.engine.library` imports this module.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import register_jitable

from gdviz.engine.jit import LANES, column, jit_for, lane_gradient_at, plain_function, put

__all__ = ["compile_lanes"]

f8, i8, table = types.float64, types.int64, types.float64[:, ::1]
RUNS = types.void(table, types.float64[:, :, ::1], table, i8, i8, table, f8, table, table, f8, f8[::1])


def stay(params: Any, *state_and_hyperparameters: Any) -> Any:
    """Return the params: the look-ahead of a rule without one."""
    return params


@njit(error_model="numpy", fastmath={"contract"})
def note_arrivals(a, b, minima, near, t, needed):
    """Set `needed` to t for the runs that are near one of the minima for the first time."""
    for i in range(len(minima)):
        for lane in range(LANES):
            away_a, away_b = a[lane] - minima[i, 0], b[lane] - minima[i, 1]
            is_near = away_a * away_a + away_b * away_b <= near
            needed[lane] = min(needed[lane], t) if is_near else needed[lane]


def compile_lanes(rule: Any, look_ahead: Any, states: int, hyperparameters: int, varied: bool, cache: bool) -> Any:
    """Compile the updates of many runs of one rule on one objective, all samples in every batch.

    Parameters
    ----------
    cache
        Whether the loop is cached on the disk.
    rule, look_ahead
        The optimizer's functions.
    states, hyperparameters
        The numbers of its states and of its hyperparameters, η included.
    varied
        Whether each run has its own hyperparameters. If all share them, the compiler computes their powers only once.

    Returns
    -------
    function
        ``(points, states, hyperparameters, updates, gradient, table, divisor, limits, minima, near, needed)`` with
        `points` of shape (2, R), `states` (2, s, R) and `hyperparameters` (h, R or 1); it updates `points` and `states`
        in place. A point outside `limits`, shape (2, 2), becomes NaN. `needed`, shape (R,), is lowered to the first
        update after which the squared distance from one of the `minima` is at most `near`.
    """
    rule, look_ahead = plain_function(rule), plain_function(look_ahead or stay)

    # These are separate functions, because otherwise the compiler cannot tell that the arrays do not overlap.
    @register_jitable(error_model="numpy", fastmath={"contract"})
    def ask(at, params, state, own, common):
        for lane in range(LANES):
            hyper = column(own, lane, hyperparameters) if varied else common
            at[lane] = look_ahead(params[lane], *column(state, lane, states), *hyper)

    @register_jitable(error_model="numpy", fastmath={"contract", "arcp"})
    def update(params, g, divisor, t, low, high, state, own, common):
        for lane in range(LANES):
            hyper = column(own, lane, hyperparameters) if varied else common
            step, new, _ = rule(g[lane] / divisor, t, *column(state, lane, states), *hyper)
            to = params[lane] - step
            params[lane] = to if low <= to <= high else np.nan
            put(state, lane, new)

    def run(points, memories, hyper, updates, gradient, table, divisor, limits, minima, near, needed):
        params, at, g = np.empty((2, LANES)), np.empty((2, LANES)), np.empty((2, LANES))
        state, own = np.empty((2, states, LANES)), np.empty((hyperparameters, LANES))
        arrivals = np.empty(LANES)
        common = column(hyper, 0, hyperparameters)
        for start in range(0, points.shape[1], LANES):
            some = slice(start, min(start + LANES, points.shape[1]))
            count = some.stop - some.start
            params[:], state[:], arrivals[:] = 0.0, 0.0, np.inf
            params[:, :count], state[:, :, :count] = points[:, some], memories[:, :, some]
            if varied:
                own[:] = hyper[:, start : start + 1]  # lanes without a run compute something harmless
                own[:, :count] = hyper[:, some]
            for t in range(1, updates + 1):
                for axis in range(2):
                    ask(at[axis], params[axis], state[axis], own, common)
                lane_gradient_at(gradient, at[0], at[1], g[0], g[1], table)
                for axis in range(2):
                    low, high = limits[axis, 0], limits[axis, 1]
                    update(params[axis], g[axis], divisor, float(t), low, high, state[axis], own, common)
                if len(minima):
                    note_arrivals(params[0], params[1], minima, near, float(t), arrivals)
            points[:, some], memories[:, :, some] = params[:, :count], state[:, :, :count]
            needed[some] = np.minimum(needed[some], arrivals[:count])

    return jit_for(RUNS, cache)(run)
