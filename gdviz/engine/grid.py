"""Error surfaces: the objective's values over a grid of its two parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from gdviz.objectives import Array, Objective

__all__ = ["error_grid"]

BLOCK = 1 << 20
"""Evaluations of a sample between two looks at whether to go on."""


def error_grid(
    objective: Objective, w: ArrayLike, b: ArrayLike, cancelled: Callable[[], bool] = lambda: False
) -> Array:
    """Return the objective's values at every pair of `w` and `b`.

    Parameters
    ----------
    w, b
        The first and the second parameter, shapes (n,) and (m,).
    cancelled
        Asked from time to time; where it says yes, what is not computed yet stays NaN.

    Returns
    -------
    array
        Shape (n, m).
    """
    w, b = np.asarray(w, float), np.asarray(b, float)
    values = np.full((w.size, b.size), np.nan)
    rows = max(1, BLOCK // max(1, b.size * objective.samples))
    with np.errstate(all="ignore"):
        for i in range(0, w.size, rows):
            if cancelled():
                break
            values[i : i + rows] = objective.grid(w[i : i + rows], b)
    return values
