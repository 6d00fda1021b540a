"""The compiled loop over the neuron's error grid. Only :mod:`gdviz.engine.library` imports this module."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import register_jitable

from gdviz.elementary import exp
from gdviz.engine.jit import jit_for

__all__ = ["compile_grid"]

f8, table = types.float64, types.float64[:, ::1]
SUM = {"contract", "reassoc", "nsz"}


# Without reassoc: 1 − (y + u·r) would lose the digits that this function preserves.
@register_jitable(error_model="numpy", fastmath={"contract"})
def deviation(u, r, y):
    """Return f − y for f = r = 1/(1+u). Near f = 1 it is computed as (1 − y) − (1 − f), which loses no digits."""
    return (1.0 - y) - u * r if u < 1.0 else r - y


@register_jitable(error_model="numpy", fastmath=SUM)
def careful_row(along_w, along_b, Y):
    """Return Σ ½(f−y)² where e^−(wx+b) is the product of e^−wx and e^−b."""
    total = 0.0
    for n in range(len(Y)):
        u = along_w[n] * along_b
        d = deviation(u, 1.0 / (1.0 + u), Y[n])
        total += d * d
    return 0.5 * total


@register_jitable(error_model="numpy", fastmath=SUM)
def row(along_w, along_b, Y):
    """Return the same faster: two samples share a division, but small values lose relative precision."""
    total = 0.0
    half = len(Y) // 2
    for n in range(half):
        u, v = 1.0 + along_w[n] * along_b, 1.0 + along_w[n + half] * along_b
        r = 1.0 / (u * v)
        first, second = r * v - Y[n], r * u - Y[n + half]
        total += first * first + second * second
    if len(Y) % 2:
        last = 1.0 / (1.0 + along_w[-1] * along_b) - Y[-1]
        total += last * last
    return 0.5 * total


@register_jitable(error_model="numpy", fastmath=SUM)
def direct(w, b, X, Y):
    """Return Σ ½(f−y)² with an exponential for every sample, so that no product can overflow."""
    total = 0.0
    for n in range(len(Y)):
        u = exp(-(w * X[n] + b))
        d = deviation(u, 1.0 / (1.0 + u), Y[n])
        total += d * d
    return 0.5 * total


def compile_grid(cache: bool) -> Any:
    """Compile ``(w, b, table, separable, careful, out)``: the error at every pair of `w` and `b`.

    `separable`: no |wx| + |b| is above 350, so that products of exponentials stay finite. `careful`: values near 0 keep
    their relative precision. `out`: the result, shape (len(w), len(b)).
    """

    def grid(w, b, table, separable, careful, out):
        X, Y = table[0], table[1]
        along_w, along_b = np.empty(len(X)), np.empty(len(b))
        for j in range(len(b)):
            along_b[j] = exp(-b[j])
        for i in range(len(w)):
            if separable:
                for n in range(len(X)):
                    along_w[n] = exp(-w[i] * X[n])
            for j in range(len(b)):
                if not separable:
                    out[i, j] = direct(w[i], b[j], X, Y)
                elif careful:
                    out[i, j] = careful_row(along_w, along_b[j], Y)
                else:
                    out[i, j] = row(along_w, along_b[j], Y)

    return jit_for(types.void(f8[::1], f8[::1], table, types.boolean, types.boolean, table), cache)(grid)
