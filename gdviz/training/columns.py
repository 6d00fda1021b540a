"""Arrays that grow at their end, in which a trajectory keeps its points, states and measurements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from gdviz.objectives import Array

__all__ = ["Column", "Measurements"]

ROOM = 1 << 21
"""Initial capacity in rows, so large that copying to a larger array, which would delay the window, is rare."""
OTHERS = 1 << 14
"""Maximum number of measurements that are kept between the rows."""


class Column:
    """An array that grows at its end."""

    def __init__(self, first: Array, most: int) -> None:
        self._rows = np.empty((min(ROOM, most), *first.shape))  # takes no memory before it is written to
        self._rows[0] = first
        self._most = most
        self._length = 1

    def append(self, rows: Array) -> None:
        """Add rows, each of the first one's shape."""
        length = self._length + len(rows)
        if length > len(self._rows):
            capacity = min(max(length, 2 * len(self._rows)), self._most)
            self._rows = np.concatenate([self._rows, np.empty((capacity - len(self._rows), *self._rows.shape[1:]))])
        self._rows[self._length : length] = rows
        self._length = length

    @property
    def rows(self) -> Array:
        """All rows so far; a view."""
        return self._rows[: self._length]

    @property
    def nbytes(self) -> int:
        """The size of the rows in bytes."""
        return int(self.rows.nbytes)


class Measurements:
    """The measurements after each update: NaN where nothing was measured.

    With very many updates there is a row for every k-th update only. Of the measurements between these rows, a limited
    number of the newest is kept.

    Parameters
    ----------
    every
        The number k.
    width
        The number of numbers per measurement.
    total
        The number of updates of the whole run.
    """

    def __init__(self, every: int, width: int, total: int) -> None:
        self._every = every
        self._rows = Column(np.full(width, np.nan), total // every + 1)
        self._others: dict[int, Array] = {}
        self._length = 1

    def append(self, rows: Array) -> None:
        """Add the measurements after the next k updates, shape (k, width)."""
        self._rows.append(rows[-self._length % self._every :: self._every])
        first, self._length = self._length, self._length + len(rows)
        if self._every > 1:
            indices = np.flatnonzero(~np.isnan(rows).all(axis=1))
            self.put(indices + first, rows[indices])

    def at(self, updates: np.ndarray[Any, np.dtype[np.intp]]) -> Array:
        """Return a copy of the measurements after k updates, shape (k, width)."""
        row, rest = np.divmod(updates, self._every)
        values: Array = self._rows.rows[row]
        for i in np.flatnonzero(rest):
            values[i] = self._others.get(int(updates[i]), np.nan)
        return values

    def put(self, updates: np.ndarray[Any, np.dtype[np.intp]], values: Array) -> None:
        """Set the measurements after k updates, shape (k, width)."""
        row, rest = np.divmod(updates, self._every)  # rest 0: the update has a row
        self._rows.rows[row[rest == 0]] = values[rest == 0]
        for i in np.flatnonzero(rest)[-OTHERS:]:
            self._others[int(updates[i])] = values[i]
        while len(self._others) > OTHERS:
            del self._others[next(iter(self._others))]

    @property
    def nbytes(self) -> int:
        """The size of all measurements in bytes."""
        return self._rows.nbytes + len(self._others) * int(self._rows.rows[0].nbytes)
