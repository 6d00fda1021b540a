"""A run's updates as columns: append-only, update 0 is the start, so T updates make T + 1 points."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.training.loop import Point, Step, steps

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdviz.objectives import Array
    from gdviz.training.run import Run

__all__ = ["Chunk", "Trajectory", "checkpoint_every", "shown_every"]

ROOM = 1 << 21
"""So many updates are made room for at once: to copy them to a larger place would be felt in the window."""
SHOWN = 512
"""About so many updates of a run show their error."""


def checkpoint_every(run: Run) -> int:
    """Return how many updates lie between two checkpoints: few enough that one step is explained at once."""
    return 16 if run.objective.samples <= 4096 else 1


def shown_every(run: Run) -> int:
    """Return how many updates lie between two whose error is shown."""
    return -(-run.total // SHOWN)


@dataclass(frozen=True)
class Chunk:
    """A piece of a trajectory: k updates.

    Attributes
    ----------
    params
        Shape (k, n): the points after each update.
    error
        Shape (k,): the objective's value there; NaN where it was not evaluated yet.
    states
        Shape (c, s, n): the rule's memory at each checkpoint, the updates that :func:`checkpoint_every` divides.
    end
        Where the run stands after them.
    diverged
        Why no update follows; empty where the run goes on or is finished.
    error_before
        The objective's value where the chunk begins; NaN where it was not evaluated.
    """

    params: Array
    error: Array
    states: Array
    end: Point
    diverged: str = ""
    error_before: float = math.nan


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


class Trajectory:
    """The points of a run, as far as they are computed; errors are evaluated where they are asked for.

    Parameters
    ----------
    run
        The run whose points these are.
    value
        Evaluates the objective at points of shape (k, n), faster than the objective itself does.

    Attributes
    ----------
    diverged
        Why the run ended before its last update; empty otherwise.
    """

    def __init__(self, run: Run, value: Callable[[Array], Array] | None = None) -> None:
        start = Point.start(run)
        self.run = run
        self.diverged = ""
        self.end = start
        """Where the run stands after the last update there is."""
        self._value = value or run.objective.value
        self._every = checkpoint_every(run)
        self._params = Column(start.params, run.total + 1)
        self._error = Column(np.array(np.nan), run.total + 1)
        self._states = Column(_stacked(start), run.total // self._every + 1)

    def __len__(self) -> int:
        """Return the number of points, the start included."""
        return self.last + 1

    @property
    def last(self) -> int:
        """The number of the last update there is."""
        return self.end.update

    @property
    def complete(self) -> bool:
        """Whether no update is to come."""
        return self.last == self.run.total or bool(self.diverged)

    @property
    def params(self) -> Array:
        """The points, shape (T + 1, n); a view that must not be written to."""
        return _read_only(self._params.rows)

    @property
    def error(self) -> Array:
        """The objective's value at each point, shape (T + 1,); evaluates those that are not known yet."""
        unknown = np.isnan(self._error.rows)
        if unknown.any():
            self._evaluate(np.flatnonzero(unknown))
        return _read_only(self._error.rows)

    def error_at(self, updates: np.ndarray[Any, np.dtype[np.intp]] | Sequence[int]) -> Array:
        """Return the objective's value after those updates only, shape (k,)."""
        updates = np.asarray(updates, dtype=np.intp)
        self._evaluate(updates[np.isnan(self._error.rows[updates])])
        error: Array = self._error.rows[updates]
        return error

    def _evaluate(self, updates: np.ndarray[Any, np.dtype[np.intp]]) -> None:
        if len(updates):
            with np.errstate(all="ignore"):
                self._error.rows[updates] = self._value(self._params.rows[updates])

    @property
    def epoch(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """The epoch of each point, shape (T + 1,): 0 for the start."""
        return -(-np.arange(len(self), dtype=np.int64) // self.run.per_epoch)

    def append(self, chunk: Chunk) -> None:
        """Add the points of `chunk`, which must begin where this trajectory ends."""
        if chunk.end.update != self.last + len(chunk.params):
            raise ValueError(f"a chunk that ends at update {chunk.end.update} does not follow update {self.last}")
        if not math.isnan(chunk.error_before):
            self._error.rows[-1] = chunk.error_before
        self._params.append(chunk.params)
        self._error.append(chunk.error)
        self._states.append(chunk.states)
        self.end = chunk.end
        self.diverged = chunk.diverged

    def plot(self) -> Any:
        """Return a matplotlib figure of the path and the error; see :func:`gdviz.training.display.figure_of`."""
        from gdviz.training.display import figure_of

        return figure_of(self)

    def _repr_html_(self) -> str:
        from gdviz.training.display import html_of_trajectory

        return html_of_trajectory(self)

    def checkpoint(self, update: int) -> Point:
        """Return where the run stood at the last checkpoint that is not after `update`."""
        row = update // self._every
        return Point(row * self._every, self._params.rows[row * self._every], tuple(self._states.rows[row]))

    def step(self, update: int) -> Step:
        """Return update `update`, from 1, with all its terms, recomputed from the checkpoint before it.

        Raises
        ------
        ValueError
            Where that update is not there.
        """
        return self.recent(update, 1)[0]

    def recent(self, update: int, count: int) -> tuple[Step, ...]:
        """Return the last `count` updates up to `update`, the newest last; fewer where there are not so many.

        Raises
        ------
        ValueError
            Where that update is not there.
        """
        if not 1 <= update <= self.last:
            raise ValueError(f"there is no update {update}; there are 1 to {self.last}")
        first = max(update - count, 0) + 1
        made = islice(steps(self.run, self.checkpoint(first - 1)), update - (first - 1) // self._every * self._every)
        return tuple(step for step in made if step.update >= first)


def _stacked(point: Point) -> Array:
    """Return a point's state as one array of shape (s, n)."""
    return np.array(point.state).reshape(len(point.state), len(point.params))


def _read_only(array: Array) -> Array:
    view = array.view()
    view.flags.writeable = False
    return view
