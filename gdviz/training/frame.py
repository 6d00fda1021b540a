"""What the views draw at the timeline's cursor: pure data made from experiment, trajectories and cursor."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gdviz.training.anatomy import STAGES, anatomy_of
from gdviz.training.history import pasts_of
from gdviz.training.parting import differ_in_convention, parting_of
from gdviz.training.stability import stability_of
from gdviz.training.trajectory import shown_every
from gdviz.training.working import work_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.objectives import Array, Box, Objective
    from gdviz.training.anatomy import Anatomy
    from gdviz.training.experiment import Experiment, Look
    from gdviz.training.history import Past
    from gdviz.training.loop import Step
    from gdviz.training.parting import Parting
    from gdviz.training.run import Run
    from gdviz.training.stability import Stability
    from gdviz.training.trajectory import Trajectory
    from gdviz.training.working import Line

__all__ = ["Fan", "Frame", "RunFrame", "available", "box_around", "frame_at"]


@dataclass(frozen=True)
class RunFrame:
    """One run up to the cursor.

    Attributes
    ----------
    title, look, run
        The run, what it is called, and what it looks like.
    params
        Its points up to the cursor, shape (k + 1, n).
    shown, error
        Some updates from the start to the cursor, both included, and the objective's value after them: shape (s,).
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
    shown: np.ndarray[tuple[int], np.dtype[np.intp]]
    error: Array
    recent: tuple[Step, ...]
    ended: str

    @property
    def step(self) -> Step | None:
        """The update at the cursor with all its terms; None at the start."""
        return self.recent[-1] if self.recent else None

    @property
    def update(self) -> int:
        """The number of the update that this run stands at."""
        return len(self.params) - 1


FANNED = 500
"""Of more samples the gradients are not shown one by one."""


@dataclass(frozen=True, eq=False)
class Fan:
    """The gradients that a batch's gradient is made of.

    Attributes
    ----------
    at
        Where they are taken, shape (n,).
    vectors, seen
        Each sample's, shape (N, n), and whether the batch held it, shape (N,).
    """

    at: Array
    vectors: Array
    seen: np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True)
class Frame:
    """The runs at the cursor.

    Attributes
    ----------
    runs, chosen
        The runs that are not hidden, and the one whose step is explained.
    cursor, total
        The update that is shown, and the last there will be.
    available
        The last update that every run has reached, ended ones aside.
    stages
        How many of that step's stages are shown: all of them, or fewer while it unfolds.
    """

    objective: Objective
    runs: tuple[RunFrame, ...]
    chosen: RunFrame
    cursor: int
    total: int
    available: int
    stages: int = len(STAGES)

    @property
    def is_preview(self) -> bool:
        """Whether a run is computed on a stand-in for the objective."""
        return any(run.run.objective != self.objective for run in (*self.runs, self.chosen))

    @cached_property
    def working(self) -> tuple[Line, ...]:
        """The equations of the selected run's step with their numbers; none at the start."""
        step = self.chosen.step
        return work_out(step) if step is not None else ()

    @cached_property
    def pasts(self) -> tuple[Past, ...]:
        """What the selected run's memories are made of; none at the start."""
        return pasts_of(self.chosen.recent)

    @cached_property
    def partings(self) -> tuple[tuple[str, Parting], ...]:
        """The titles of runs that differ from the selected one in a convention only, and where they part from it."""
        chosen = self.chosen
        return tuple(
            (run.title, parting_of(chosen.params, run.params, self.objective.box))
            for run in self.runs
            if run is not chosen and differ_in_convention(chosen.run, run.run)
        )

    @cached_property
    def fan(self) -> Fan | None:
        """The gradient of each sample where the selected run's step asked for it; None where there is none to show."""
        step = self.chosen.step
        if step is None or not 1 < self.objective.samples <= FANNED:
            return None
        vectors = self.objective.sample_gradients(step.asked_at)
        seen = np.zeros(len(vectors), bool)
        seen[step.batch] = True
        return Fan(step.asked_at, vectors, seen)

    @cached_property
    def stability(self) -> Stability | None:
        """How near the selected run's step is to the edge; None at the start, and where there is no edge."""
        step = self.chosen.step
        return stability_of(step) if step is not None else None

    @cached_property
    def anatomy(self) -> Anatomy | None:
        """What explains the selected run's step; None at the start."""
        step = self.chosen.step
        return anatomy_of(step) if step is not None else None


def available(trajectories: Sequence[Trajectory]) -> int:
    """Return the last update that can be shown: every run has reached it that is still being computed."""
    growing = [trajectory.last for trajectory in trajectories if not trajectory.complete]
    return min(growing) if growing else max(trajectory.last for trajectory in trajectories)


def box_around(objective: Objective, trajectories: Sequence[Trajectory]) -> Box:
    """Return the part of the plane to look at: the objective's box, wider where paths leave it, at most threefold."""
    box = []
    for axis, (low, high) in enumerate(objective.box):
        width = high - low
        ends = [(t.params[:, axis].min(), t.params[:, axis].max()) for t in trajectories]
        lowest, highest = min(low, *(end[0] for end in ends)), max(high, *(end[1] for end in ends))
        margin = 0.05 * width
        first = low if lowest == low else max(lowest - margin, low - width)
        last = high if highest == high else min(highest + margin, high + width)
        box.append((float(first), float(last)))
    return box[0], box[1]


REMEMBERED = 12
"""So many updates are looked back at, fewer where each takes long."""


def _remembered(run: Run) -> int:
    return max(1, min(REMEMBERED, 50_000 // run.sampling.batch_size(run.objective.samples)))


def frame_at(
    experiment: Experiment, trajectories: Sequence[Trajectory], cursor: int, selected: int = 0, explain: bool = True,
    stages: int = len(STAGES),
) -> Frame:  # fmt: skip
    """Return the frame at `cursor`, at most what is available.

    Parameters
    ----------
    explain
        Whether to make the selected run's step, of which so many `stages` are shown.
    """
    reached = available(trajectories)
    cursor = max(0, min(cursor, reached))
    runs = []
    titled = zip(experiment.titles, experiment.looks, trajectories, strict=True)
    for index, (title, look, trajectory) in enumerate(titled):
        update = min(cursor, trajectory.last)
        explained = explain and index == selected and update > 0
        made = update - (update == cursor > 0 and stages < len(STAGES))  # an update that unfolds is not made yet
        recent = trajectory.recent(update, _remembered(trajectory.run)) if explained else ()
        ended = trajectory.diverged if update == trajectory.last else ""
        shown = np.unique(np.append(np.arange(0, made, shown_every(trajectory.run)), made))
        error = trajectory.error_at(shown)
        runs.append(RunFrame(title, look, trajectory.run, trajectory.params[: made + 1], shown, error, recent, ended))
    visible = tuple(run for run in runs if not run.look.hidden)
    return Frame(experiment.objective, visible, runs[selected], cursor, experiment.total, reached, stages)
