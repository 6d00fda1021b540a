"""The precision of written numbers: the digits in a file determine the tolerance for its rows."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gdviz.objectives import Array

__all__ = ["SINGLE", "half_units", "is_rounded"]

OF_SINGLE = 7
"""Up to this number of significant digits, numbers are not examined for single precision."""
SAMPLE = 2000
"""Maximum number of rows from which the number of digits is determined."""
LAST_FEW = 16
"""Tolerance for numbers that are written with all digits, in units of their own rounding."""
SINGLE: float = float(np.finfo(np.float32).eps) / 2
"""The rounding of a number near 1 that has single precision."""
DOUBLE = np.finfo(np.float64).eps / 2


def half_units(rows: Array) -> Array:
    """Return the maximum rounding error of each number, shape (rows, n).

    A column is rounded to the number of decimals, or of significant digits, of its longest number. Or its numbers have
    single precision. Or they are written with all digits, and get a tolerance of some units in the last place.
    """
    return np.stack([_of_column(column) for column in rows.T], axis=1)


def is_rounded(rows: Array) -> bool:
    """Return whether a column is rounded to fewer digits than double precision has."""
    return bool((half_units(rows) > 1e-12 * (1 + np.abs(np.nan_to_num(rows, posinf=0, neginf=0)))).any())


def _of_column(column: Array) -> Array:
    finite = column[np.isfinite(column)]
    size = np.maximum(np.abs(np.nan_to_num(column, nan=1.0, posinf=1e300, neginf=-1e300)), 1.0)
    double_tolerance = LAST_FEW * DOUBLE * size
    sample = finite[:: max(1, len(finite) // SAMPLE)]
    if len(np.unique(sample)) < 2:  # a constant, such as 0, does not show the number of digits
        return double_tolerance
    parts = [Decimal(repr(float(value))).normalize().as_tuple() for value in sample]
    decimals = max(-int(part.exponent) for part in parts)
    digits = max(len(part.digits) for part in parts)
    if digits > OF_SINGLE and _is_single(sample):
        return np.asarray(LAST_FEW * SINGLE * size)
    # The unit is that of fixed decimals or of fixed significant digits, whichever is greater.
    exponents = np.floor(np.log10(np.maximum(np.abs(np.where(np.isfinite(column), column, 1.0)), 1e-300)))
    unit = np.maximum(10.0**-decimals, 10.0 ** (exponents - digits + 1))
    return np.maximum(0.505 * unit, double_tolerance)


def _is_single(numbers: Array) -> bool:
    """Return whether all numbers have single precision, written exactly or with the fewest distinguishing digits."""
    with np.errstate(over="ignore"):  # numbers that are too large become infinite, and so differ
        single = numbers.astype(np.float32)
    return all(float(one) == number or float(str(one)) == number for one, number in zip(single, numbers, strict=True))
