"""Compiled objectives: loops over the samples that call an objective's own formula.

A gradient is compiled for each objective, and an update for each rule (:mod:`gdviz.engine.races`). Loops get their
addresses as arguments, so that any pair works without being compiled together. Rules and formulas are plain functions
in closures, so that numba's disk cache finds them by their names in every process. Only :mod:`gdviz.engine.library`
imports this module, and only if numba is installed.
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
    jit_for,
    plain_function,
    rows_between,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "compile_sum",
    "compile_sum_lanes",
    "compile_surface",
    "compile_surface_lanes",
    "compile_values",
    "compile_whole",
]

f8, i8, table = types.float64, types.int64, types.float64[:, ::1]
SUM = ("contract", "reassoc", "nsz")
"""Sums may be computed in any order, and a product and a sum in one instruction."""


def compile_sum(summand: Callable[..., Any], rows: int, cache: bool) -> Gradient:
    """Compile an objective that is a sum over samples.

    Parameters
    ----------
    cache
        Whether the loop is cached on the disk.
    summand
        ``(a, b, *sample) -> (value, ∂a, ∂b)``, elementwise.
    rows
        The number of numbers in a sample, which are rows of the table.
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

    return Gradient(*(jit_for(GRADIENT, cache, *SUM)(function) for function in (gradient, value_alone)))


def compile_sum_lanes(summand: Callable[..., Any], rows: int, cache: bool) -> Function:
    """Compile the gradient of such an objective at LANES points; see :func:`compile_sum`."""
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

    return Function(jit_for(LANE_GRADIENT, cache, "contract")(lanes))


def compile_surface(f: Callable[..., Any], df: Callable[..., Any], rows: int, cache: bool) -> Gradient:
    """Compile a surface f(x, y, *values) with its gradient df."""
    f, df = plain_function(f), plain_function(df)

    def gradient(a, b, first, last, table):
        values = column(table, 0, rows)
        along_a, along_b = df(a, b, *values)
        return f(a, b, *values), along_a, along_b

    loop = jit_for(GRADIENT, cache)(gradient)
    return Gradient(loop, loop)


def compile_surface_lanes(f: Callable[..., Any], df: Callable[..., Any], rows: int, cache: bool) -> Function:
    """Compile the gradient of a surface at LANES points."""
    df = plain_function(df)

    def lanes(a, b, along_a, along_b, table):
        values = column(table, 0, rows)
        for lane in range(LANES):
            along_a[lane], along_b[lane] = df(a[lane], b[lane], *values)

    return Function(jit_for(LANE_GRADIENT, cache, "contract")(lanes))


def compile_whole(gradient: Callable[..., Any], cache: bool) -> Gradient:
    """Compile an objective that defines the whole function ``(a, b, first, last, table) -> value, ∂a, ∂b``."""
    gradient = plain_function(gradient)

    def one(a, b, first, last, table):
        return gradient(a, b, first, last, table)

    loop = jit_for(GRADIENT, cache)(one)
    return Gradient(loop, loop)


def compile_values(cache: bool) -> Any:
    """Compile ``(points, gradient, table, out)``: an objective's value over all samples at points of shape (k, 2)."""

    def values(points, gradient, table, out):
        for i in range(len(points)):
            out[i] = gradient_at(gradient, points[i, 0], points[i, 1], 0, table.shape[1], table)[0]

    return jit_for(types.void(table, i8, table, f8[::1]), cache)(values)
