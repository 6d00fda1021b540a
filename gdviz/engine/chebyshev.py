"""Interpolation of functions of two variables from their values at Chebyshev nodes.

A function that is analytic near a box is determined on the whole box, up to rounding, by its values at a few nodes.
With n nodes along an interval the error falls like ρ^−n, where ρ is the sum of the semi-axes of the ellipse around the
interval (with its ends as foci, scaled to [−1, 1]) on which the nearest pole lies (Trefethen, Approximation Theory and
Approximation Practice, 2013, theorem 8.2). Any grid in the box then costs two products of small matrices, however
expensive the function is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdviz.objectives import Array, Box

__all__ = ["Table", "coefficients_along", "coefficients_of", "count_needed", "nodes_needed", "nodes_of"]

DIGITS = 1e-11
"""Relative size of the coefficients that are left out, compared with the greatest value on the box."""
MARGIN = 8


MOST = 1 << 20
"""Maximum number of nodes."""


def nodes_needed(width: float, pole: float) -> int:
    """Return the number of nodes that an interval needs if the nearest pole is `pole` away from the real axis."""
    reach = 2 * pole / width if width > 0 else math.inf
    if math.isinf(reach):
        return 1
    if reach < 1 / MOST:
        return MOST
    count = math.log(1 / DIGITS) / math.asinh(reach) + MARGIN
    return 4 * math.ceil(count / 4)  # a multiple of 4: few different counts, so that the cached matrices serve often


@dataclass(frozen=True, eq=False)
class Table:
    """A function on a box, given by its Chebyshev coefficients.

    Attributes
    ----------
    box
        The box.
    coefficients
        Shape (m, k).
    scale
        The greatest absolute value at the nodes.
    """

    box: Box
    coefficients: Array
    scale: float

    @classmethod
    def of(cls, box: Box, shape: tuple[int, int], values: Callable[[Array, Array], Array]) -> Table | None:
        """Return the table of a function; None where so many nodes are not enough.

        Parameters
        ----------
        box
            The box.
        shape
            The numbers of nodes along a and b.
        values
            ``(a, b) -> array``: the function on the grid of the nodes, shape (len(a), len(b)).
        """
        a, b = (nodes_of(count, *bounds) for count, bounds in zip(shape, box, strict=True))
        at_nodes = values(a, b)
        coefficients = coefficients_of(at_nodes)
        scale = float(np.abs(at_nodes).max())
        rest = max(np.abs(coefficients[-2:]).max(), np.abs(coefficients[:, -2:]).max())
        is_converged = min(shape) < MARGIN or rest <= DIGITS * scale
        return cls(box, coefficients, scale) if is_converged else None

    def covers(self, box: Box) -> bool:
        """Return whether `box` lies inside the table's box."""
        return all(mine[0] <= low and high <= mine[1] for mine, (low, high) in zip(self.box, box, strict=True))

    def grid(self, a: Array, b: Array) -> Array:
        """Return the values at every pair of `a` and `b`: shape (len(a), len(b))."""
        rows, columns = self.coefficients.shape
        values: Array = (
            _polynomials(a, rows, *self.box[0]) @ self.coefficients @ _polynomials(b, columns, *self.box[1]).T
        )
        return values


def nodes_of(count: int, low: float, high: float) -> Array:
    """Return the Chebyshev nodes of an interval, from high to low."""
    angles = np.pi * (np.arange(count) + 0.5) / count
    return (low + high) / 2 + (high - low) / 2 * np.cos(angles)


@lru_cache(maxsize=32)
def _to_coefficients(count: int) -> Array:
    """Return the matrix that maps values at the nodes to coefficients."""
    k = np.arange(count)
    matrix: Array = 2 / count * np.cos(np.outer(k, np.pi * (k + 0.5) / count))
    matrix[0] /= 2
    return matrix


def _polynomials(x: Array, count: int, low: float, high: float) -> Array:
    """Return the first `count` Chebyshev polynomials at `x`: shape (len(x), count)."""
    unit = (2 * x - low - high) / (high - low) if high > low else np.zeros_like(x)
    return np.asarray(np.polynomial.chebyshev.chebvander(np.clip(unit, -1, 1), count - 1), np.float64)


def coefficients_of(values: Array) -> Array:
    """Return the Chebyshev coefficients of a function from its values at the nodes."""
    return coefficients_along(coefficients_along(values).T).T


def coefficients_along(values: Array) -> Array:
    """Return the coefficients of functions of one variable from their values, a column each, at the nodes."""
    return np.asarray(_to_coefficients(len(values)) @ values)


def count_needed(coefficients: Array, left_out: float, grain: float) -> int:
    """Return the number of coefficients after which the rest is negligible, extrapolated from how fast they fall.

    It is the present number where the rest is negligible already, or where the last ones consist of rounding errors.

    Parameters
    ----------
    coefficients
        Their absolute values, shape (n,).
    left_out
        How large the sum of all further coefficients may be.
    grain
        The size of rounding errors in a coefficient.
    """
    # Even or odd coefficients may vanish, so look at the largest of all from each one on.
    falling = np.maximum.accumulate(coefficients[::-1])[::-1]
    count, half, last = len(coefficients), len(coefficients) // 2, float(falling[max(len(falling) - 2, 0)])
    if count == 1 or last <= grain:
        return count
    # The sum of all further coefficients, as if they were a geometric series.
    enough = max(grain, left_out * (1 - (last / falling[0]) ** (1 / (count - 2))))
    if last <= enough:
        return count
    rate = max(1e-3, math.log(falling[half] / last) / (count - 2 - half))
    return count + 2 + math.ceil(math.log(last / enough) / rate)
