"""Long paths on few pixels: only the points that a screen can tell apart are drawn."""

from __future__ import annotations

import numpy as np

__all__ = ["Thinned"]

MOST = 4000
"""A path of more distinct points than this is drawn with every second, third ... of them."""


class Thinned:
    """The points of a growing path that differ on the screen; what is known is kept when the path grows.

    Parameters
    ----------
    pixel
        The size of half a pixel in each coordinate, shape (n,).
    """

    def __init__(self, pixel: np.ndarray) -> None:
        self._pixel = np.asarray(pixel, float)
        self._seen = 0
        self._last = np.full(len(self._pixel), np.nan)
        self._kept: list[np.ndarray] = []

    def indices(self, points: np.ndarray) -> np.ndarray:
        """Return which of `points`, shape (k, n), to draw: first and last always.

        The points that were there in an earlier call must be the same as then.
        """
        if len(points) > self._seen:
            self._extend(points)
        kept = np.concatenate(self._kept)
        kept = kept[: np.searchsorted(kept, len(points) - 1)]
        kept = kept[:: 1 + len(kept) // MOST]
        return np.append(kept, len(points) - 1)

    def _extend(self, points: np.ndarray) -> None:
        cells = np.round(points[self._seen :] / self._pixel)
        before = np.vstack([self._last, cells[:-1]])
        moved = (cells != before).any(axis=1)
        self._kept = [np.concatenate([*self._kept, self._seen + np.flatnonzero(moved)])]
        self._last = cells[-1]
        self._seen = len(points)
