"""The updates of a run as columns that grow. Update 0 is the start, so T updates make T + 1 points."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Union

import numpy as np

from gdviz.display import Displayed, figure_of
from gdviz.objectives.scored import measured_at
from gdviz.training.budget import checkpoint_every, kept_every, measured_every
from gdviz.training.columns import Column, Measurements
from gdviz.training.loop import Point, Step, has_stopped, steps

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdviz.objectives import Array
    from gdviz.training.run import Run

__all__ = ["Chunk", "Trajectory"]

Updates = Union["np.ndarray[Any, np.dtype[np.intp]]", "Sequence[int]"]
BLOCK = 1 << 22
"""Maximum number of numbers in the points that are measured at once."""


@dataclass(frozen=True)
class Chunk:
    """A piece of a trajectory: k updates.

    Attributes
    ----------
    params
        Shape (k, n): the points after each update.
    error
        Shape (k,): the objective's value there; NaN where it is not evaluated yet.
    states
        Shape (c, s, n): the rule's state at each checkpoint, the multiples of :func:`checkpoint_every`.
    end
        The position of the run after them.
    diverged
        Why the run diverged, as a part of a sentence; empty where it did not.
    error_before
        The objective's value before the chunk's first update; NaN where it was not evaluated.
    scores
        Shape (k, m): the objective's scores; NaN where they are not measured yet. None: nowhere.
    carried
        Shape (k, r): the carried statistics; None: there are none.
    seconds
        The time that the updates took, without the errors.
    """

    params: Array
    error: Array
    states: Array
    end: Point
    diverged: str = ""
    error_before: float = math.nan
    scores: Array | None = None
    carried: Array | None = None
    seconds: float = 0.0


class Trajectory(Displayed):
    """The points of a run that are computed so far; errors are evaluated on demand.

    Parameters
    ----------
    run
        The run.
    measure
        A faster function than the objective's own for its value and scores at points of shape (k, n).

    Attributes
    ----------
    diverged
        Why the run ended before its last update; empty otherwise.
    """

    def __init__(self, run: Run, measure: Callable[[Array], Array] | None = None) -> None:
        start = Point.start(run)
        self.run = run
        self.diverged = ""
        self.seconds = 0.0
        """The time that all updates so far took, without the errors."""
        self.end = start
        """The position of the run after the last update so far."""
        self._measure = measure or partial(measured_at, run.objective)
        self._stride, self._every = kept_every(run), checkpoint_every(run)
        self._params = Column(start.params, run.total // self._stride + 1)
        self._carried = Column(start.carried, run.total // self._stride + 1)
        self._measurements = Measurements(measured_every(run), 1 + len(run.objective.score_names), run.total)
        self._states = Column(_stack(start), run.total // self._every + 1)

    def __len__(self) -> int:
        """Return the number of points, the start included."""
        return self.last + 1

    @property
    def nbytes(self) -> int:
        """The size of all columns in bytes."""
        return sum(column.nbytes for column in (self._params, self._carried, self._measurements, self._states))

    @property
    def last(self) -> int:
        """The number of the last update so far."""
        return self.end.update

    @property
    def complete(self) -> bool:
        """Whether no more updates follow."""
        return self.last == self.run.total or bool(self.diverged) or has_stopped(self.run, self.end)

    @property
    def ended(self) -> str:
        """Why the run ended before its last update; empty otherwise."""
        if not self.diverged and self.last < self.run.total and self.end.best and has_stopped(self.run, self.end):
            best = self.end.best.update
            return f"stopped at update {self.last}: no lower validation error since update {best}, whose params count"
        return self.diverged

    @property
    def result(self) -> int:
        """The update whose params are the result: the last one or, for a run with early stopping, the best one."""
        return self.end.best.update if self.end.best is not None else self.last

    @property
    def params(self) -> Array:
        """The points that are kept, a read-only view of shape (T + 1, n); see :attr:`updates`."""
        return _read_only(self._params.rows)

    @property
    def updates(self) -> np.ndarray[Any, np.dtype[np.intp]]:
        """The updates whose points are kept: all of them, unless the run has very many numbers."""
        return np.arange(0, self.last + 1, self._stride)

    def params_at(self, update: int) -> Array:
        """Return the point after an update, shape (n,), which is recomputed where it was not kept."""
        if update == self.last:
            return self.end.params
        row, rest = divmod(update, self._stride)
        return self.step(update).params if rest else self.params[row]

    @property
    def error(self) -> Array:
        """The objective's value at each point, shape (T + 1,); missing values are evaluated now."""
        return _read_only(self._measured_at(np.arange(len(self)))[:, 0])

    def error_at(self, updates: Updates) -> Array:
        """Return the objective's value after those updates only, shape (k,)."""
        return self._measured_at(updates)[:, 0]

    @property
    def scores(self) -> Array:
        """The objective's scores at each point, shape (T + 1, m); missing ones are measured now."""
        return self._measured_at(np.arange(len(self)))[:, 1:]

    def scores_at(self, updates: Updates) -> Array:
        """Return the objective's scores after those updates only, shape (k, m)."""
        return self._measured_at(updates)[:, 1:]

    def _measured_at(self, updates: Updates) -> Array:
        """Return error and scores after updates, shape (k, 1 + m); missing ones are measured now."""
        distinct, back = np.unique(np.asarray(updates, dtype=np.intp), return_inverse=True)
        values = self._measurements.at(distinct)
        gaps = np.flatnonzero(np.isnan(values).any(axis=1))
        at_once = max(1, BLOCK // self.run.objective.size)
        for some in (gaps[i : i + at_once] for i in range(0, len(gaps), at_once)):
            points = self._points(distinct[some])
            with np.errstate(all="ignore"):
                values[some] = self._measure(points).reshape(len(points), -1)
            self._measurements.put(distinct[some], values[some])
        return values[back]

    def _points(self, updates: np.ndarray[Any, np.dtype[np.intp]]) -> Array:
        """Return the points after updates, with carried statistics, if any, as further columns: shape (k, n + r)."""
        if self._stride == 1:
            points = self.params[updates]
            return np.hstack([points, self._carried.rows[updates]]) if self.end.carried.size else points
        numbers, first = set(updates.tolist()), self.checkpoint(int(updates[0]))
        points_at = {first.update: first}
        for step in islice(steps(self.run, first, measures_validation=False), int(updates[-1]) - first.update):
            if step.update in numbers:
                points_at[step.update] = step.point
        return np.array([np.concatenate([points_at[u].params, points_at[u].carried]) for u in updates.tolist()])

    def carried_at(self, update: int) -> Array:
        """Return the carried statistics after an update, shape (r,)."""
        if not self.end.carried.size or update == self.last:
            return self.end.carried
        row, rest = divmod(update, self._stride)
        carried: Array = self.step(update).carried if rest else self._carried.rows[row]
        return carried

    @property
    def epoch(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """The epoch of each point, shape (T + 1,): 0 for the start."""
        return -(-np.arange(len(self), dtype=np.int64) // self.run.per_epoch)

    def append(self, chunk: Chunk) -> None:
        """Add the updates of `chunk`, which must follow the last one of this trajectory.

        Raises
        ------
        ValueError
            Where it follows another update.
        """
        if chunk.end.update != self.last + len(chunk.params):
            raise ValueError(f"a chunk that ends at update {chunk.end.update} does not follow update {self.last}")
        if not math.isnan(chunk.error_before):
            before = self._measurements.at(np.array([self.last]))
            before[0, 0] = chunk.error_before
            self._measurements.put(np.array([self.last]), before)
        rows = slice(-(self.last + 1) % self._stride, None, self._stride)
        self._params.append(chunk.params[rows])
        if chunk.carried is not None:
            self._carried.append(chunk.carried[rows])
        scores = np.full((len(chunk.error), len(self.run.objective.score_names)), np.nan)
        self._measurements.append(np.column_stack([chunk.error, scores if chunk.scores is None else chunk.scores]))
        self._states.append(chunk.states)
        self.end = chunk.end
        self.diverged = chunk.diverged
        self.seconds += chunk.seconds

    def plot(self) -> Any:
        """Return a matplotlib figure of the path and the error.

        Raises
        ------
        ImportError
            Where matplotlib is not installed: a sentence.
        """
        return figure_of(self)

    def checkpoint(self, update: int) -> Point:
        """Return the position of the run at the last checkpoint up to `update`."""
        row = update // self._every
        index = row * self._every // self._stride
        carried = self._carried.rows[index] if self.end.carried.size else self.end.carried
        return Point(row * self._every, self._params.rows[index], tuple(self._states.rows[row]), carried)

    def step(self, update: int) -> Step:
        """Return update `update`, from 1, with all its terms, recomputed from the checkpoint before it.

        Raises
        ------
        ValueError
            Where there is no such update.
        """
        return self.recent(update, 1)[0]

    def recent(self, update: int, count: int) -> tuple[Step, ...]:
        """Return the last `count` updates up to `update`, the newest last; fewer where update 1 is nearer.

        Raises
        ------
        ValueError
            Where there is no such update.
        """
        if not 1 <= update <= self.last:
            raise ValueError(f"there is no update {update}; there are 1 to {self.last}")
        first = max(update - count, 0) + 1
        again = steps(self.run, self.checkpoint(first - 1), measures_validation=False)
        replay = islice(again, update - (first - 1) // self._every * self._every)
        return tuple(step for step in replay if step.update >= first)


def _stack(point: Point) -> Array:
    """Return a point's state as one array of shape (s, n)."""
    return np.array(point.state).reshape(len(point.state), len(point.params))


def _read_only(array: Array) -> Array:
    view = array.view()
    view.flags.writeable = False
    return view
