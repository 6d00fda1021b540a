"""A run's updates as columns: append-only, update 0 is the start, so T updates make T + 1 points."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdviz.training.loop import Point, Step, steps

if TYPE_CHECKING:
    from gdviz.objectives import Array
    from gdviz.training.run import Run

__all__ = ["Chunk", "Trajectory"]


@dataclass(frozen=True)
class Chunk:
    """A piece of a trajectory.

    Attributes
    ----------
    params, error
        Shapes (k, n) and (k,): the points after each of k updates, and the objective's value there.
    end
        Where the run stands after them.
    diverged
        Why no update follows; empty where the run goes on or is finished.
    """

    params: Array
    error: Array
    end: Point
    diverged: str = ""


class Trajectory:
    """The points of a run, as far as they are computed.

    Attributes
    ----------
    run
        The run whose points these are.
    diverged
        Why the run ended before its last update; empty otherwise.
    """

    def __init__(self, run: Run) -> None:
        start = Point.start(run)
        self.run = run
        self.diverged = ""
        self._length = 1
        self._params = np.empty((min(run.total, 1024) + 1, len(start.params)))
        self._error = np.empty(len(self._params))
        self._checkpoints = [start]
        self._params[0] = start.params
        with np.errstate(all="ignore"):
            self._error[0] = run.objective.value(start.params)

    def __len__(self) -> int:
        """Return the number of points, the start included."""
        return self._length

    @property
    def last(self) -> int:
        """The number of the last update there is."""
        return self._length - 1

    @property
    def complete(self) -> bool:
        """Whether no update is to come."""
        return self.last == self.run.total or bool(self.diverged)

    @property
    def end(self) -> Point:
        """Where the run stands after the last update there is."""
        return self._checkpoints[-1]

    @property
    def params(self) -> Array:
        """The points, shape (T + 1, n); a view that must not be written to."""
        return _read_only(self._params[: self._length])

    @property
    def error(self) -> Array:
        """The objective's value at each point, shape (T + 1,)."""
        return _read_only(self._error[: self._length])

    @property
    def epoch(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """The epoch of each point, shape (T + 1,): 0 for the start."""
        return -(-np.arange(self._length, dtype=np.int64) // self.run.per_epoch)

    def append(self, chunk: Chunk) -> None:
        """Add the points of `chunk`, which must begin where this trajectory ends."""
        length = self._length + len(chunk.params)
        if chunk.end.update != length - 1:
            raise ValueError(f"a chunk that ends at update {chunk.end.update} does not follow update {self.last}")
        self._reserve(length)
        self._params[self._length : length] = chunk.params
        self._error[self._length : length] = chunk.error
        self._length = length
        self._checkpoints.append(chunk.end)
        self.diverged = chunk.diverged

    def step(self, update: int) -> Step:
        """Return update `update`, from 1, with all its terms, recomputed from the checkpoint before it.

        Raises
        ------
        ValueError
            Where that update is not there.
        """
        if not 1 <= update <= self.last:
            raise ValueError(f"there is no update {update}; there are 1 to {self.last}")
        before = bisect_right(self._checkpoints, update - 1, key=lambda point: point.update) - 1
        return next(step for step in steps(self.run, self._checkpoints[before]) if step.update == update)

    def _reserve(self, length: int) -> None:
        if length > len(self._params):
            capacity = min(max(length, 2 * len(self._params)), self.run.total + 1)
            room = np.empty((capacity - len(self._params), self._params.shape[1]))
            self._params = np.concatenate([self._params, room])
            self._error = np.concatenate([self._error, room[:, 0]])


def _read_only(array: Array) -> Array:
    view = array.view()
    view.flags.writeable = False
    return view
