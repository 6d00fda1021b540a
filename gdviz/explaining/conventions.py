"""Where two runs part that differ only in a convention, and how far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gdviz.objectives import Array
    from gdviz.training.run import Run

__all__ = ["Parting", "conventions_of", "differ_in_convention"]

SEEN = 1e-3
"""Runs have parted where their points differ by more than this share of the objective's box."""
MOST = 20_000
"""Of more than twice this number of points only some are compared."""


@dataclass(frozen=True)
class Parting:
    """Where two runs part.

    Attributes
    ----------
    first
        The first update after which they have parted; None where they never part.
    widest, distance
        The update after which their distance is greatest, and that distance.
    """

    first: int | None
    widest: int
    distance: float


def differ_in_convention(one: Run, other: Run) -> bool:
    """Return whether two runs differ only in switches of their rule."""
    a, b = one.optimizer, other.optimizer
    if type(a) is not type(b) or a == b or one.changed(optimizer=b) != other:
        return False
    return all(p.is_switch or getattr(a, p.name) == getattr(b, p.name) for p in a.params())


def conventions_of(one: Array, other: Array, extent: Array, every: int = 1) -> Parting:
    """Return where two runs part.

    Parameters
    ----------
    one, other
        Their points, shapes (k, n) and (l, n), from the start on.
    extent
        The width of the objective's box, shape (n,).
    every
        The number of updates between two points.
    """
    last = min(len(one), len(other))
    updates = np.arange(0, last, max(1, last // MOST))
    away = one[updates] - other[updates]
    distances = np.linalg.norm(away, axis=1)
    apart = np.flatnonzero((np.abs(away) > SEEN * extent).any(axis=1))
    widest = int(np.argmax(distances))
    first = every * int(updates[apart[0]]) if len(apart) else None
    return Parting(first, every * int(updates[widest]), float(distances[widest]))
