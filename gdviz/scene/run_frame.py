"""One run as the views draw it, up to the timeline's cursor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

if TYPE_CHECKING:
    from gdviz.objectives import Array
    from gdviz.training.experiment import Look
    from gdviz.training.loop import Step
    from gdviz.training.run import Run

__all__ = ["AXES", "Axis", "RunFrame"]

Axis = Literal["update", "epoch", "time"]
AXES: tuple[Axis, ...] = get_args(Axis)
"""What curves can be drawn over."""


@dataclass(frozen=True)
class RunFrame:
    """One run up to the cursor.

    Attributes
    ----------
    title, look, run
        The run, what it is called, and what it looks like.
    params
        Its points up to the cursor as far as they are kept, shape (k + 1, n).
    path
        The same points in the plane that is looked at, shape (k + 1, 2).
    point, carried, update
        Where it stands, shape (n,), what the objective has it carry along, and after which update.
    shown, error, scores
        Some updates from the start to the cursor, both included, the objective's value after them, shape (s,), and what
        it measures besides, shape (s, m).
    pace
        Seconds that an update takes; 0 where that is not known.
    recent
        The last updates up to the cursor with all their terms, the newest last; none at the start, and none where the
        run is not the one that is explained.
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
    shown: np.ndarray[tuple[int], np.dtype[np.intp]]
    error: Array
    scores: Array
    pace: float
    recent: tuple[Step, ...]
    ended: str

    @property
    def step(self) -> Step | None:
        """The update at the cursor with all its terms; None at the start."""
        return self.recent[-1] if self.recent else None

    def along(self, axis: Axis, updates: Array | int) -> Array:
        """Return updates as what an axis counts: updates, epochs, or milliseconds of computing."""
        scale = {"update": 1.0, "epoch": 1 / self.run.per_epoch, "time": 1000 * self.pace}[axis]
        return np.asarray(scale * np.asarray(updates))

    def at(self, update: int) -> Array:
        """Return where in the plane the run was after an update, shape (2,)."""
        return np.asarray(self.path[update * len(self.path) // (self.update + 1)])
