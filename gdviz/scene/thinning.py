"""Thins out long paths: a stroke between two pixels is drawn once, however often a path repeats it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gdviz.objectives.plane import Plane
    from gdviz.scene.frame import Frame
    from gdviz.training import Run

__all__ = ["Paths", "Thinned"]

MOST = 4000
"""Maximum number of strokes that are drawn; the newest ones."""
GAP = np.full((1, 2), np.nan)


class Thinned:
    """The strokes of a growing path that differ on the screen, computed incrementally as the path grows.

    A run that has converged, or circles about its goal, adds points forever but hardly any pixels. Points in the same
    pixel as the one before are dropped, and so are strokes between two pixels that are drawn already.

    Parameters
    ----------
    pixel
        The size of half a pixel in each coordinate, shape (2,).
    """

    def __init__(self, pixel: np.ndarray) -> None:
        self.pixel = np.asarray(pixel, float)
        self._points = 0
        self._cell = np.zeros(2, np.int64)
        self._at = 0
        self._keys: set[int] = set()
        self._strokes = np.empty((0, 2), np.intp)

    def path(self, points: np.ndarray) -> np.ndarray:
        """Return the polyline to draw for `points`, shape (k, 2): shape (m, 2), interrupted by rows of NaN.

        The path may only grow: points of earlier calls must be unchanged.
        """
        if len(points) > self._points:
            self._extend(points)
        strokes = self._strokes[: np.searchsorted(self._strokes[:, 1], len(points))][-MOST:]
        if not len(strokes):
            return np.vstack([points[:1], points[-1:]])
        jump = np.flatnonzero(strokes[1:, 0] != strokes[:-1, 1]) + 1
        if not len(jump):
            return np.concatenate([points[strokes[:1, 0]], points[strokes[:, 1]], GAP, points[-1:]])
        pieces = []
        for piece in np.split(strokes, jump):
            pieces += [points[piece[:1, 0]], points[piece[:, 1]], GAP]
        return np.concatenate([*pieces, points[-1:]])

    def _extend(self, points: np.ndarray) -> None:
        with np.errstate(over="ignore"):
            cells = np.clip(np.nan_to_num(points[self._points :] / self.pixel), -1e15, 1e15).round().astype(np.int64)
        if self._points == 0:
            self._cell = cells[0]
        changes = np.flatnonzero((cells != np.vstack([self._cell, cells[:-1]])).any(axis=1))
        corners = np.vstack([self._cell, cells[changes]])
        ends = np.concatenate([[self._at], self._points + changes])
        keys = _hash_rows(np.hstack([corners[:-1], corners[1:]]))
        first = np.sort(np.unique(keys, return_index=True)[1])
        new = [i for i, key in zip(first.tolist(), keys[first].tolist(), strict=True) if key not in self._keys]
        self._keys.update(keys[new].tolist())
        self._strokes = np.concatenate([self._strokes, np.stack([ends[:-1][new], ends[1:][new]], axis=1)])
        self._cell, self._at = corners[-1], int(ends[-1])
        self._points = len(points)


def _hash_rows(rows: np.ndarray) -> np.ndarray:
    """Return a 64-bit hash of each row of whole numbers; collisions are improbable enough to be ignored."""
    keys = np.zeros(len(rows), np.uint64)
    for column in rows.T.astype(np.uint64):
        keys = (keys ^ column) * np.uint64(0x9E3779B97F4A7C15)
        keys ^= keys >> np.uint64(29)
    return keys


class Paths:
    """The thinned paths of a frame's runs, cached as long as run, plane and pixels stay the same."""

    def __init__(self) -> None:
        self._entries: dict[int, tuple[tuple[Run, Plane | None], Thinned]] = {}

    def of(self, frame: Frame, pixel: np.ndarray) -> list[np.ndarray]:
        """Return the polyline of each run, shapes (m, 2); `pixel` is half a pixel's size in each coordinate."""
        paths = []
        for index, run in enumerate(frame.runs):
            entry = self._entries.get(index)
            is_same = entry is not None and entry[0] == (run.run, frame.plane)
            if entry is None or not is_same or not np.array_equal(entry[1].pixel, pixel):
                entry = self._entries[index] = (run.run, frame.plane), Thinned(pixel)
            paths.append(entry[1].path(run.path))
        return paths
