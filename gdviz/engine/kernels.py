"""The compiled loops: every rule and every objective is put into them as it is written.

A trajectory's loop is compiled for each rule, a gradient for each objective; the loop is handed the gradient's address,
so any pair works without being compiled together. Rules and formulas are closed over as plain functions: numba's disk
cache then knows them by their names, in every process. Nobody imports this module but :mod:`gdviz.engine.library`,
which does so where numba is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import types

from gdviz.engine.jit import (
    GRADIENT,
    LANE_GRADIENT,
    LANES,
    Function,
    Gradient,
    column,
    each,
    gradient_at,
    plain_function,
    put,
    rows_between,
    signed,
    stay,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "compile_sum",
    "compile_sum_lanes",
    "compile_surface",
    "compile_surface_lanes",
    "compile_trajectory",
    "compile_values",
    "compile_whole",
]

f8, i8, table = types.float64, types.int64, types.float64[:, ::1]
SUM = ("contract", "reassoc", "nsz")
"""A sum may be taken in any order, and a product added in one go."""


def compile_sum(summand: Callable[..., Any], rows: int, cache: bool) -> Gradient:
    """Compile an objective that is a sum over samples.

    Parameters
    ----------
    summand
        ``(a, b, *sample) -> (value, ∂a, ∂b)``, elementwise.
    rows
        Numbers in a sample: rows of the table.
    """
    summand = plain_function(summand)

    def gradient(a, b, first, last, table):
        value, along_a, along_b = 0.0, 0.0, 0.0
        samples = rows_between(table, first, last, rows)
        for i in range(last - first):
            v, ga, gb = summand(a, b, *each(samples, i))
            value += v
            along_a += ga
            along_b += gb
        return value, along_a, along_b

    def value_alone(a, b, first, last, table):
        value = 0.0
        samples = rows_between(table, first, last, rows)
        for i in range(last - first):
            value += summand(a, b, *each(samples, i))[0]
        return value, 0.0, 0.0

    return Gradient(*(signed(GRADIENT, cache, *SUM)(function) for function in (gradient, value_alone)))


def compile_sum_lanes(summand: Callable[..., Any], rows: int, cache: bool) -> Function:
    """Compile the gradient of the same at LANES points."""
    summand = plain_function(summand)

    def lanes(a, b, along_a, along_b, table):
        along_a[:] = 0.0
        along_b[:] = 0.0
        for i in range(table.shape[1]):
            sample = column(table, i, rows)
            for lane in range(LANES):
                _, ga, gb = summand(a[lane], b[lane], *sample)
                along_a[lane] += ga
                along_b[lane] += gb

    return Function(signed(LANE_GRADIENT, cache, "contract")(lanes))


def compile_surface(f: Callable[..., Any], df: Callable[..., Any], rows: int, cache: bool) -> Gradient:
    """Compile a surface f(x, y, *values) with its gradient df."""
    f, df = plain_function(f), plain_function(df)

    def gradient(a, b, first, last, table):
        values = column(table, 0, rows)
        along_a, along_b = df(a, b, *values)
        return f(a, b, *values), along_a, along_b

    compiled = signed(GRADIENT, cache)(gradient)
    return Gradient(compiled, compiled)


def compile_surface_lanes(f: Callable[..., Any], df: Callable[..., Any], rows: int, cache: bool) -> Function:
    """Compile the gradient of a surface at LANES points."""
    df = plain_function(df)

    def lanes(a, b, along_a, along_b, table):
        values = column(table, 0, rows)
        for lane in range(LANES):
            along_a[lane], along_b[lane] = df(a[lane], b[lane], *values)

    return Function(signed(LANE_GRADIENT, cache, "contract")(lanes))


def compile_whole(gradient: Callable[..., Any], cache: bool) -> Gradient:
    """Compile an objective that brings the whole function ``(a, b, first, last, table) -> value, ∂a, ∂b``."""
    gradient = plain_function(gradient)

    def one(a, b, first, last, table):
        return gradient(a, b, first, last, table)

    compiled = signed(GRADIENT, cache)(one)
    return Gradient(compiled, compiled)


TRAJECTORY = i8(
    f8[::1], table, table, f8[::1], i8, i8[::1], types.boolean, i8, table,
    table, f8[::1], types.boolean, types.float64[:, :, ::1], i8, table,
)  # fmt: skip


def compile_trajectory(rule: Any, look_ahead: Any, states: int, hyperparameters: int, cache: bool) -> Any:
    """Compile the loop over a run's updates.

    Parameters
    ----------
    rule, look_ahead
        Of the optimizer.
    states, hyperparameters
        How many the rule has.

    Returns
    -------
    function
        ``(point, state, hyperparameters, etas, update, batches, divides, gradient, table, params, errors, logs,
        states, every, limits) -> updates made``: see :mod:`gdviz.engine.trainer` for their shapes. `point` and `state`
        hold where the run stands, before and after.
    """
    rule, look_ahead = plain_function(rule), plain_function(look_ahead or stay)
    others = hyperparameters - 1

    def run(
        point, state, rest, etas, update, batches, divides, gradient, table, params, errors, logs, kept, every, limits
    ):
        a, b = point[0], point[1]
        state_a, state_b = column(state, 0, states), column(state, 1, states)
        fixed = column(rest, 0, others)
        first, size, end, samples, stride = batches
        made = 0
        for k in range(len(etas)):
            hyper = (etas[k], *fixed)
            last = min(first + size, end)
            at_a, at_b = look_ahead(a, *state_a, *hyper), look_ahead(b, *state_b, *hyper)
            value, ga, gb = gradient_at(gradient, at_a, at_b, first, last, table)
            if logs and k > 0:
                errors[k - 1] = value
            if divides:
                ga, gb = ga / (last - first), gb / (last - first)
            t = float(update + k + 1)
            step_a, new_a, _ = rule(ga, t, *state_a, *hyper)
            step_b, new_b, _ = rule(gb, t, *state_b, *hyper)
            to_a, to_b = a - step_a, b - step_b
            params[k, 0], params[k, 1] = to_a, to_b
            if not (limits[0, 0] <= to_a <= limits[0, 1] and limits[1, 0] <= to_b <= limits[1, 1]):
                break
            a, b, state_a, state_b = to_a, to_b, new_a, new_b
            made += 1
            if (update + made) % every == 0:
                row = (update + made) // every - update // every - 1
                put(kept[row], 0, state_a)
                put(kept[row], 1, state_b)
            first = last
            if first == end:
                first = end - samples + stride
                end += stride
        if logs and made > 0:
            errors[made - 1] = gradient_at(gradient, a, b, 0, samples, table)[0]
        point[0], point[1] = a, b
        put(state, 0, state_a)
        put(state, 1, state_b)
        return made

    return signed(TRAJECTORY, cache)(run)


def compile_values(cache: bool) -> Any:
    """Compile ``(points, gradient, table, out)``: an objective's value over all samples at points of shape (k, 2)."""

    def values(points, gradient, table, out):
        for i in range(len(points)):
            out[i] = gradient_at(gradient, points[i, 0], points[i, 1], 0, table.shape[1], table)[0]

    return signed(types.void(table, i8, table, f8[::1]), cache)(values)
