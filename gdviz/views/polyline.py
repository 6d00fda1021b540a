"""Long paths on few pixels: a stroke is drawn once, however often a path goes over it."""

from __future__ import annotations

import numpy as np

__all__ = ["Thinned"]

MOST = 4000
"""Of more strokes than this only the newest are drawn."""
GAP = np.full((1, 2), np.nan)


class Thinned:
    """The strokes of a growing path that differ on the screen; what is known is kept when the path grows.

    A run that has converged, or circles about its goal, adds points for ever but hardly any pixels. Points in the
    pixel of the one before are dropped, and so is a stroke between two pixels that was drawn already.

    Parameters
    ----------
    pixel
        The size of half a pixel in each coordinate, shape (2,).
    """

    def __init__(self, pixel: np.ndarray) -> None:
        self._pixel = np.asarray(pixel, float)
        self._points = 0
        self._cell = (0, 0)
        self._at = 0
        self._seen: set[tuple[int, ...]] = set()
        self._strokes: list[tuple[int, int]] = []

    def path(self, points: np.ndarray) -> np.ndarray:
        """Return the polyline to draw for `points`, shape (k, 2): shape (m, 2), interrupted by rows of NaN.

        The points that were there in an earlier call must be the same as then.
        """
        if len(points) > self._points:
            self._extend(points)
        strokes = np.array(self._strokes, dtype=np.intp).reshape(-1, 2)
        strokes = strokes[: np.searchsorted(strokes[:, 1], len(points))][-MOST:]
        if not len(strokes):
            return np.vstack([points[:1], points[-1:]])
        jump = np.flatnonzero(strokes[1:, 0] != strokes[:-1, 1]) + 1
        pieces = []
        for piece in np.split(strokes, jump):
            pieces += [points[piece[:1, 0]], points[piece[:, 1]], GAP]
        return np.concatenate([*pieces, points[-1:]])

    def _extend(self, points: np.ndarray) -> None:
        with np.errstate(over="ignore"):
            cells = np.clip(np.nan_to_num(points[self._points :] / self._pixel), -1e15, 1e15).round().astype(np.int64)
        first = self._points == 0
        if first:
            self._cell = tuple(cells[0].tolist())
        before = np.vstack([[self._cell], cells[:-1]])
        for i in np.flatnonzero((cells != before).any(axis=1)).tolist():
            cell = tuple(cells[i].tolist())
            stroke = (*self._cell, *cell)
            index = self._points + i
            if stroke not in self._seen:
                self._seen.add(stroke)
                self._strokes.append((self._at, index))
            self._cell, self._at = cell, index
        self._points = len(points)
