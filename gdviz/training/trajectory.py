"""A run's updates as columns: append-only, update 0 is the start, so T updates make T + 1 points."""

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
from gdviz.training.columns import Column, Measured
from gdviz.training.loop import Point, Step, has_stopped, steps

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdviz.objectives import Array
    from gdviz.training.run import Run

__all__ = ["Chunk", "Trajectory"]

Updates = Union["np.ndarray[Any, np.dtype[np.intp]]", "Sequence[int]"]
BLOCK = 1 << 22
"""Numbers of points that are measured at once."""


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
    seconds
        How long it took to compute, without the errors.
    carried
        Shape (k, r): what the objective has a run carry along; None: nothing.
    scores
        Shape (k, m): what the objective measures besides; NaN where it was not evaluated. None: nowhere.
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
    """The points of a run, as far as they are computed; errors are evaluated where they are asked for.

    Parameters
    ----------
    run
        The run whose points these are.
    measure
        Measures the objective and its scores at points of shape (k, n), faster than the objective itself does.

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
        """How long it took to compute what there is, without the errors."""
        self.end = start
        """Where the run stands after the last update there is."""
        self._measure = measure or partial(measured_at, run.objective)
        self._kept, self._every = kept_every(run), checkpoint_every(run)
        self._params = Column(start.params, run.total // self._kept + 1)
        self._carried = Column(start.carried, run.total // self._kept + 1)
        self._measured = Measured(measured_every(run), 1 + len(run.objective.score_names), run.total)
        self._states = Column(_stacked(start), run.total // self._every + 1)

    def __len__(self) -> int:
        """Return the number of points, the start included."""
        return self.last + 1

    @property
    def nbytes(self) -> int:
        """Bytes that all that is kept takes."""
        return sum(column.nbytes for column in (self._params, self._carried, self._measured, self._states))

    @property
    def last(self) -> int:
        """The number of the last update there is."""
        return self.end.update

    @property
    def complete(self) -> bool:
        """Whether no update is to come."""
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
        """The update whose params count: the last one or, of a run that may be stopped early, the best one."""
        return self.end.best.update if self.end.best is not None else self.last

    @property
    def params(self) -> Array:
        """The points that are kept, shape (T + 1, n); see :attr:`updates`. A view that must not be written to."""
        return _read_only(self._params.rows)

    @property
    def updates(self) -> np.ndarray[Any, np.dtype[np.intp]]:
        """The updates whose points are kept: all but where a run has very many numbers."""
        return np.arange(0, self.last + 1, self._kept)

    def params_at(self, update: int) -> Array:
        """Return the point after an update, shape (n,), computed again where it was not kept."""
        if update == self.last:
            return self.end.params
        row, rest = divmod(update, self._kept)
        return self.step(update).params if rest else self.params[row]

    @property
    def error(self) -> Array:
        """The objective's value at each point, shape (T + 1,); evaluates those that are not known yet."""
        return _read_only(self._measured_at(np.arange(len(self)))[:, 0])

    def error_at(self, updates: Updates) -> Array:
        """Return the objective's value after those updates only, shape (k,)."""
        return self._measured_at(updates)[:, 0]

    @property
    def scores(self) -> Array:
        """What the objective measures besides its value at each point, shape (T + 1, m)."""
        return self._measured_at(np.arange(len(self)))[:, 1:]

    def scores_at(self, updates: Updates) -> Array:
        """Return what the objective measures besides its value after those updates only, shape (k, m)."""
        return self._measured_at(updates)[:, 1:]

    def _measured_at(self, updates: Updates) -> Array:
        """Return error and scores after updates, shape (k, 1 + m); what is not known yet is measured."""
        wanted, back = np.unique(np.asarray(updates, dtype=np.intp), return_inverse=True)
        measured = self._measured.at(wanted)
        unknown = np.flatnonzero(np.isnan(measured).any(axis=1))
        at_once = max(1, BLOCK // self.run.objective.size)
        for some in (unknown[i : i + at_once] for i in range(0, len(unknown), at_once)):
            points = self._points(wanted[some])
            with np.errstate(all="ignore"):
                measured[some] = self._measure(points).reshape(len(points), -1)
            self._measured.put(wanted[some], measured[some])
        return measured[back]

    def _points(self, updates: np.ndarray[Any, np.dtype[np.intp]]) -> Array:
        """Return the points after updates, shape (k, n), with what the objective has a run carry along: (k, n + r)."""
        if self._kept == 1:
            points = self.params[updates]
            return np.hstack([points, self._carried.rows[updates]]) if self.end.carried.size else points
        wanted, first = set(updates.tolist()), self.checkpoint(int(updates[0]))
        walked = {first.update: first}
        for step in islice(steps(self.run, first, watches=False), int(updates[-1]) - first.update):
            if step.update in wanted:
                walked[step.update] = step.point
        return np.array([np.concatenate([walked[u].params, walked[u].carried]) for u in updates.tolist()])

    def carried_at(self, update: int) -> Array:
        """Return what the objective has the run carry along after an update, shape (r,)."""
        if not self.end.carried.size or update == self.last:
            return self.end.carried
        row, rest = divmod(update, self._kept)
        carried: Array = self.step(update).carried if rest else self._carried.rows[row]
        return carried

    @property
    def epoch(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """The epoch of each point, shape (T + 1,): 0 for the start."""
        return -(-np.arange(len(self), dtype=np.int64) // self.run.per_epoch)

    def append(self, chunk: Chunk) -> None:
        """Add the points of `chunk`, which must begin where this trajectory ends."""
        if chunk.end.update != self.last + len(chunk.params):
            raise ValueError(f"a chunk that ends at update {chunk.end.update} does not follow update {self.last}")
        if not math.isnan(chunk.error_before):
            before = self._measured.at(np.array([self.last]))
            before[0, 0] = chunk.error_before
            self._measured.put(np.array([self.last]), before)
        kept = slice(-(self.last + 1) % self._kept, None, self._kept)
        self._params.append(chunk.params[kept])
        if chunk.carried is not None:
            self._carried.append(chunk.carried[kept])
        scores = np.full((len(chunk.error), len(self.run.objective.score_names)), np.nan)
        self._measured.append(np.column_stack([chunk.error, scores if chunk.scores is None else chunk.scores]))
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
        """Return where the run stood at the last checkpoint that is not after `update`."""
        row = update // self._every
        kept = row * self._every // self._kept
        carried = self._carried.rows[kept] if self.end.carried.size else self.end.carried
        return Point(row * self._every, self._params.rows[kept], tuple(self._states.rows[row]), carried)

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
        again = steps(self.run, self.checkpoint(first - 1), watches=False)
        made = islice(again, update - (first - 1) // self._every * self._every)
        return tuple(step for step in made if step.update >= first)


def _stacked(point: Point) -> Array:
    """Return a point's state as one array of shape (s, n)."""
    return np.array(point.state).reshape(len(point.state), len(point.params))


def _read_only(array: Array) -> Array:
    view = array.view()
    view.flags.writeable = False
    return view
