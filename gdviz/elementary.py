"""What update rules and objectives are written with: arrays of float64, and two functions.

The functions take a number or an array and are numpy's, with two differences: of a plain number they cost no more than
:mod:`math` does, and the engine's compiled loops put forms in their place that work on several numbers at once.
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
