"""The data of one run up to the timeline's cursor, as views draw it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gdviz.objectives import Array
    from gdviz.scene.settings import Axis
    from gdviz.training.experiment import Look
    from gdviz.training.loop import Step
    from gdviz.training.run import Run

__all__ = ["RunFrame"]


@dataclass(frozen=True)
class RunFrame:
    """One run up to the cursor.

    Attributes
    ----------
    title, look, run
        The run's name, its appearance, and the run.
    params
        Its kept points up to the cursor, shape (k + 1, n).
    path
        The same points in the plane that is shown, shape (k + 1, 2).
    point, carried, update
        Its params at the cursor, shape (n,), the carried statistics, and the number of the update.
    shown, error, scores
        Updates from the start to the cursor, both included, whose errors are drawn, shape (s,); the objective's values,
        shape (s,), and scores, shape (s, m), after them.
    pace
        Seconds per update; 0 where they are not known.
    recent
        The last updates up to the cursor with all their terms, the newest last; empty at the start, and for runs that
        are not explained.
    ended
        Why the run ended before the cursor; empty otherwise.
    """

    title: str
    look: Look
    run: Run
    params: Array
    path: Array
    point: Array
    carried: Array
    update: int
    updates: np.ndarray[tuple[int], np.dtype[np.intp]]
    error: Array
    scores: Array
    pace: float
    recent: tuple[Step, ...]
    ended: str

    @property
    def step(self) -> Step | None:
        """The update at the cursor with all its terms; None at the start."""
        return self.recent[-1] if self.recent else None

    @property
    def previous(self) -> Step | None:
        """The update before that one; None where there is none."""
        return self.recent[-2] if len(self.recent) > 1 else None

    @property
    def step_errors(self) -> tuple[float, float] | None:
        """The error before and after the update at the cursor; None where it was not measured then."""
        if self.step is None or self.updates[-2:].tolist() != [self.step.update - 1, self.step.update]:
            return None
        return float(self.error[-2]), float(self.error[-1])

    def along(self, axis: Axis, updates: Array | int) -> Array:
        """Return updates in the unit of an axis: updates, epochs, or milliseconds of computing."""
        scale = {"update": 1.0, "epoch": 1 / self.run.per_epoch, "time": 1000 * self.pace}[axis]
        return np.asarray(scale * np.asarray(updates))

    def at(self, update: int) -> Array:
        """Return the run's point in the plane after an update, shape (2,)."""
        return np.asarray(self.path[update * len(self.path) // (self.update + 1)])
