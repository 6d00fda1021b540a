"""Arrays that grow at their end: what a trajectory keeps of its updates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from gdviz.objectives import Array

__all__ = ["Column", "Measured"]

ROOM = 1 << 21
"""So many rows are made room for at once: to copy them to a larger place would be felt in the window."""
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
        """All rows there are; a view."""
        return self._rows[: self._length]

    @property
    def nbytes(self) -> int:
        """Bytes that the rows take."""
        return int(self.rows.nbytes)


class Measured:
    """What was measured after each update: NaN where it was not.

    Of very many updates there is a row for every k-th alone; of what is measured between these rows the newest is kept.

    Parameters
    ----------
    every
        The number k.
    width
        How many numbers are measured after an update.
    total
        Updates of the whole run.
    """

    def __init__(self, every: int, width: int, total: int) -> None:
        self._every = every
        self._rows = Column(np.full(width, np.nan), total // every + 1)
        self._others: dict[int, Array] = {}
        self._length = 1

    def append(self, rows: Array) -> None:
        """Add what was measured after the updates that follow, shape (k, width)."""
        self._rows.append(rows[-self._length % self._every :: self._every])
        first, self._length = self._length, self._length + len(rows)
        if self._every > 1:
            known = np.flatnonzero(~np.isnan(rows).all(axis=1))
            self.put(known + first, rows[known])

    def at(self, updates: np.ndarray[Any, np.dtype[np.intp]]) -> Array:
        """Return what was measured after updates, shape (k, width); a copy."""
        row, rest = np.divmod(updates, self._every)
        measured: Array = self._rows.rows[row]
        for i in np.flatnonzero(rest):
            measured[i] = self._others.get(int(updates[i]), np.nan)
        return measured

    def put(self, updates: np.ndarray[Any, np.dtype[np.intp]], values: Array) -> None:
        """Keep what was measured after updates, shape (k, width)."""
        row, rest = np.divmod(updates, self._every)
        self._rows.rows[row[rest == 0]] = values[rest == 0]
        for i in np.flatnonzero(rest)[-OTHERS:]:
            self._others[int(updates[i])] = values[i]
        while len(self._others) > OTHERS:
            del self._others[next(iter(self._others))]

    @property
    def nbytes(self) -> int:
        """Bytes that what was measured takes."""
        return self._rows.nbytes + len(self._others) * int(self._rows.rows[0].nbytes)
