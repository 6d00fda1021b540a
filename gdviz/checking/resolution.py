"""How finely numbers were written down: the digits that a file has decide how closely its rows are judged."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gdviz.objectives import Array

__all__ = ["SINGLE", "half_units", "is_rounded"]

OF_SINGLE = 7
"""Numbers of so few significant digits may be of single precision, whatever they were."""
SAMPLE = 2000
"""Rows that are looked at to tell how many digits there are."""
LAST_FEW = 16
"""Of a number that was written whole the last digits are free: so many units of its own rounding."""
SINGLE: float = float(np.finfo(np.float32).eps) / 2
"""The rounding of a number near 1 that has single precision."""
DOUBLE = np.finfo(np.float64).eps / 2


def half_units(rows: Array) -> Array:
    """Return by how much each number may be off through its rounding, shape (rows, n).

    A column is rounded to as many decimals, or to as many significant digits, as its longest number has; or its numbers
    are of single precision; or they are whole, and then their last digits are free.
    """
    return np.stack([_of_column(column) for column in rows.T], axis=1)


def is_rounded(rows: Array) -> bool:
    """Return whether any column was rounded to fewer digits than a number has."""
    return bool((half_units(rows) > 1e-12 * (1 + np.abs(np.nan_to_num(rows, posinf=0, neginf=0)))).any())


def _of_column(column: Array) -> Array:
    finite = column[np.isfinite(column)]
    size = np.maximum(np.abs(np.nan_to_num(column, nan=1.0, posinf=1e300, neginf=-1e300)), 1.0)
    whole = LAST_FEW * DOUBLE * size
    looked_at = finite[:: max(1, len(finite) // SAMPLE)]
    if len(np.unique(looked_at)) < 2:  # a constant, such as a zero, tells nothing about digits
        return whole
    parts = [Decimal(repr(float(value))).normalize().as_tuple() for value in looked_at]
    decimals = max(-int(part.exponent) for part in parts)
    digits = max(len(part.digits) for part in parts)
    if digits > OF_SINGLE and _is_single(looked_at):
        return np.asarray(LAST_FEW * SINGLE * size)
    # As many decimals make the greatest unit where all have as many; as many digits, where all have as many of them.
    leading = np.floor(np.log10(np.maximum(np.abs(np.where(np.isfinite(column), column, 1.0)), 1e-300)))
    unit = np.maximum(10.0**-decimals, 10.0 ** (leading - digits + 1))
    return np.maximum(0.505 * unit, whole)


def _is_single(numbers: Array) -> bool:
    """Return whether all numbers are of single precision, written whole or as briefly as tells them apart."""
    with np.errstate(over="ignore"):  # what is too large becomes infinite, which it is not
        single = numbers.astype(np.float32)
    return all(float(one) == number or float(str(one)) == number for one, number in zip(single, numbers, strict=True))
