"""Functions of two variables from their values at Chebyshev's nodes.

A function that is analytic near a box is known on all of it, to rounding, from its values at a few nodes: the error
falls like ρ^−n, where the nearest pole lies on the ellipse with the semi-axes' sum ρ around the box (Trefethen,
Approximation Theory and Approximation Practice, 2013, theorem 8.2). Any grid in the box then costs two products of
small matrices, whatever the function itself would cost.
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

__all__ = ["Table", "coefficients_along", "coefficients_of", "count_wanted", "nodes_needed", "nodes_of"]

DIGITS = 1e-11
"""What is left out, relative to the greatest value on the box."""
MARGIN = 8


MOST = 1 << 20
"""More nodes than this nobody would evaluate."""


def nodes_needed(width: float, pole: float) -> int:
    """Return how many nodes an interval needs whose nearest pole is `pole` away from the real axis."""
    reach = 2 * pole / width if width > 0 else math.inf
    if math.isinf(reach):
        return 1
    if reach < 1 / MOST:
        return MOST
    count = math.log(1 / DIGITS) / math.asinh(reach) + MARGIN
    return 4 * math.ceil(count / 4)  # few different counts: their matrices are kept


@dataclass(frozen=True, eq=False)
class Table:
    """A function on a box by its Chebyshev coefficients.

    Attributes
    ----------
    box
        Where it is known.
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
        """Return the table of a function from its values on the grid of the nodes; None where they do not suffice."""
        a, b = (nodes_of(count, *bounds) for count, bounds in zip(shape, box, strict=True))
        at_nodes = values(a, b)
        coefficients = coefficients_of(at_nodes)
        scale = float(np.abs(at_nodes).max())
        rest = max(np.abs(coefficients[-2:]).max(), np.abs(coefficients[:, -2:]).max())
        converged = min(shape) < MARGIN or rest <= DIGITS * scale
        return cls(box, coefficients, scale) if converged else None

    def covers(self, box: Box) -> bool:
        """Return whether `box` lies inside."""
        return all(mine[0] <= low and high <= mine[1] for mine, (low, high) in zip(self.box, box, strict=True))

    def grid(self, a: Array, b: Array) -> Array:
        """Return the values at every pair of `a` and `b`: shape (len(a), len(b))."""
        rows, columns = self.coefficients.shape
        values: Array = (
            _polynomials(a, rows, *self.box[0]) @ self.coefficients @ _polynomials(b, columns, *self.box[1]).T
        )
        return values


def nodes_of(count: int, low: float, high: float) -> Array:
    """Return the nodes of an interval."""
    angles = np.pi * (np.arange(count) + 0.5) / count
    return (low + high) / 2 + (high - low) / 2 * np.cos(angles)


@lru_cache(maxsize=32)
def _to_coefficients(count: int) -> Array:
    """Return the matrix that makes coefficients of the values at the nodes."""
    k = np.arange(count)
    matrix: Array = 2 / count * np.cos(np.outer(k, np.pi * (k + 0.5) / count))
    matrix[0] /= 2
    return matrix


def _polynomials(x: Array, count: int, low: float, high: float) -> Array:
    """Return Chebyshev's polynomials at `x`: shape (len(x), count)."""
    unit = (2 * x - low - high) / (high - low) if high > low else np.zeros_like(x)
    return np.asarray(np.polynomial.chebyshev.chebvander(np.clip(unit, -1, 1), count - 1), np.float64)


def coefficients_of(values: Array) -> Array:
    """Return the Chebyshev coefficients of a function from its values at the nodes."""
    return coefficients_along(coefficients_along(values).T).T


def coefficients_along(values: Array) -> Array:
    """Return the coefficients of functions of one variable from their values, a column each, at the nodes."""
    return np.asarray(_to_coefficients(len(values)) @ values)


def count_wanted(coefficients: Array, left_out: float, grain: float) -> int:
    """Return how many coefficients are wanted so that all others add up to little, from how fast those there are fall.

    They are enough themselves where that is so already, or where the last ones are but rounding.
    """
    falling = np.maximum.accumulate(coefficients[::-1])[::-1]
    count, half, last = len(coefficients), len(coefficients) // 2, float(falling[max(len(falling) - 2, 0)])
    if count == 1 or last <= grain:
        return count
    enough = max(grain, left_out * (1 - (last / falling[0]) ** (1 / (count - 2))))  # of a geometric series
    if last <= enough:
        return count
    rate = max(1e-3, math.log(falling[half] / last) / (count - 2 - half))
    return count + 2 + math.ceil(math.log(last / enough) / rate)
