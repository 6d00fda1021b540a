"""The type of arrays and the two functions with which update rules and objectives are written.

The functions take a number or an array, as numpy's do, with two differences: for a plain number they are as fast as
:mod:`math`, and the engine's compiled loops replace them by versions that compute several numbers at once.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "exp", "sqrt"]

Array = NDArray[np.float64]


def exp(z: Any) -> Any:
    """Return eᶻ."""
    return np.exp(z)


def sqrt(z: Any) -> Any:
    """Return √z; NaN where z < 0."""
    return math.sqrt(z) if type(z) is float and z >= 0 else np.sqrt(z)
