"""Compiled loops over the neurons of a network at many points of a plane, each for float32 and for float64.

Only :mod:`gdviz.engine.library` imports this module.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import types
from numba.extending import register_jitable

from gdviz.elementary import exp
from gdviz.engine.jit import jit_for

__all__ = ["compile_sigmoids", "compile_softmax_errors"]

f4, f8 = types.float32, types.float64
ABREAST = 128
"""Number of samples that are computed side by side."""
HIGHEST = 1e150
"""A product above this bound is replaced by its logarithm, before one more factor could overflow it."""


def compile_sigmoids(cache: bool) -> Any:
    """Compile ``(row, columns, factor, shift, out)``: shift + factor / (1 + row · column) for each of the columns.

    With row = e^−u and column = e^−v this is the sigmoid of u + v, without an exponential for each pair. Shapes: row
    (n, m), columns and out (k, n, m).
    """

    def sigmoids(row, columns, factor, shift, out):
        one = factor / factor
        for k in range(out.shape[0]):
            for n in range(out.shape[1]):
                across, along, a = row[n], columns[k, n], out[k, n]
                for m in range(out.shape[2]):
                    a[m] = shift + factor / (one + across[m] * along[m])

    signatures = [types.void(f[:, ::1], f[:, :, ::1], f, f, f[:, :, ::1]) for f in (f4, f8)]
    return jit_for(signatures, cache, "contract")(sigmoids)


@register_jitable(error_model="numpy", fastmath={"contract"})
def sums_abreast(z, T, k, first, count, highest, total, along):
    """For each of `count` samples, set the greatest z, Σ e^(z − greatest) and Σ T (z − greatest) over the classes."""
    last = first + count
    highest[:count] = z[0, k, first:last]
    total[:] = 0
    along[:] = 0
    for c in range(1, len(z)):
        row = z[c, k, first:last]
        for m in range(count):
            highest[m] = max(highest[m], row[m])
    for c in range(len(z)):
        row, target = z[c, k, first:last], T[c, first:last]
        for m in range(count):
            below = row[m] - highest[m]
            total[m] += exp(below)
            along[m] += target[m] * below


@register_jitable
def take_logarithm(product):
    """Return the logarithm of the product of some numbers, and set them to 1."""
    result = 0.0
    for m in range(len(product)):
        result += math.log(product[m])
    product[:] = 1.0
    return result


def compile_softmax_errors(cache: bool) -> Any:
    """Compile ``(z, T, out)``: Σ over m of log Σ e^z − Σ T z, where Σ T = 1, for each of k points.

    Shapes: z (classes, k, m), T (classes, at least m), out (k,). A sum of logarithms is the logarithm of a product, so
    that one logarithm serves many samples; `bound` is an upper bound of that product.
    """

    def errors(z, T, out):
        classes, points, samples = z.shape
        highest, total, along = np.empty(ABREAST, z.dtype), np.empty(ABREAST, z.dtype), np.empty(ABREAST, z.dtype)
        product = np.ones(ABREAST)
        for k in range(points):
            error, bound = 0.0, 1.0
            for first in range(0, samples, ABREAST):
                count = min(ABREAST, samples - first)
                sums_abreast(z, T, k, first, count, highest, total, along)
                for m in range(count):
                    product[m] *= total[m]
                    error -= along[m]
                bound *= classes  # each total is a sum of `classes` terms of at most 1
                if bound > HIGHEST:
                    error += take_logarithm(product)
                    bound = 1.0
            out[k] = error + take_logarithm(product)

    signatures = [types.void(f[:, :, ::1], f[:, ::1], f8[::1]) for f in (f4, f8)]
    return jit_for(signatures, cache, "contract")(errors)
