"""The data that the views draw at the timeline's cursor, from experiment, trajectories and cursor."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gdviz.explaining.anatomy import STAGES, anatomy_of
from gdviz.explaining.conventions import conventions_of, differ_in_convention
from gdviz.explaining.headline import headline_of
from gdviz.explaining.parts import shares_of
from gdviz.explaining.pasts import pasts_of
from gdviz.explaining.stability import stability_of
from gdviz.explaining.working import work_out
from gdviz.objectives.per_update import NOTHING
from gdviz.scene.paths import path_on
from gdviz.scene.run_frame import RunFrame
from gdviz.training.budget import is_heavy, kept_every, shown_every, work_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.explaining.anatomy import Anatomy
    from gdviz.explaining.conventions import Parting
    from gdviz.explaining.parts import Share
    from gdviz.explaining.pasts import Past
    from gdviz.explaining.stability import Stability
    from gdviz.explaining.working import Line
    from gdviz.objectives import Array, Box, Objective
    from gdviz.objectives.plane import Plane
    from gdviz.training.experiment import Experiment
    from gdviz.training.loop import Step
    from gdviz.training.run import Run
    from gdviz.training.trajectory import Trajectory

__all__ = ["Fan", "Frame", "OffPlane", "RunFrame", "available", "box_around", "frame_at"]

FANNED = 500
"""Maximum number of samples whose gradients are shown one by one."""
FANNED_NUMBERS = 200_000
"""Maximum number of numbers in these gradients."""
CURVED = 50
"""Maximum number of params for which the curvature is computed: with more it would delay frames."""


@dataclass(frozen=True)
class OffPlane:
    """How much a picture of a plane hides.

    Attributes
    ----------
    share
        The share of the squared distance from the start to the cursor that is off the plane.
    error, error_on_plane
        The objective's value at the run's point, and at the nearest point of the plane.
    """

    share: float
    error: float
    error_on_plane: float


@dataclass(frozen=True, eq=False)
class Fan:
    """The gradients of single samples, of which a batch's gradient is the sum.

    Attributes
    ----------
    at
        The point at which they are evaluated, shape (n,).
    vectors, in_batch
        Each sample's gradient, shape (N, n), and whether the batch contains the sample, shape (N,).
    """

    at: Array
    vectors: Array
    in_batch: np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True)
class Frame:
    """The runs at the cursor.

    Attributes
    ----------
    runs, chosen
        The runs that are not hidden, and the one whose step is explained.
    cursor, total
        The update that is shown, and the last one of the whole experiment.
    available
        The last update that all runs, except runs that have ended, have reached.
    stages
        The number of stages of that step that are shown; fewer than all while the step unfolds.
    plane
        The plane through the params that is shown; None: there are only two params.
    horizon
        The selected run's rounding horizon; None: it has none, or it is not known.
    """

    objective: Objective
    runs: tuple[RunFrame, ...]
    selected_run: RunFrame
    cursor: int
    total: int
    available: int
    stages: int = len(STAGES)
    plane: Plane | None = None
    horizon: int | None = None

    @property
    def shown_objective(self) -> Objective:
        """The objective that contour and surface show: the objective itself, or its slice on the plane."""
        return self.objective if self.plane is None else self.plane

    @cached_property
    def axes(self) -> tuple[int, int]:
        """The indices of the two params whose numbers are shown: those nearest to the plane's axes."""
        return (0, 1) if self.plane is None else self.plane.axes

    @cached_property
    def names(self) -> tuple[str, str]:
        """The names of these two params."""
        return self.objective.name_of(self.axes[0]), self.objective.name_of(self.axes[1])

    @cached_property
    def recent(self) -> tuple[Step, ...]:
        """The selected run's last updates, restricted to these two params."""
        steps = self.selected_run.recent
        return steps if self.objective.is_planar else tuple(step.only(self.axes) for step in steps)

    @property
    def step(self) -> Step | None:
        """The selected run's update at the cursor, restricted to these two params; None at the start."""
        return self.recent[-1] if self.recent else None

    @cached_property
    def off_plane(self) -> OffPlane | None:
        """How far the selected run is off the plane; None without a plane, and where it would delay frames."""
        if self.plane is None or is_heavy(self.selected_run.run):
            return None
        start, point = np.array(self.selected_run.run.start), self.selected_run.point
        with np.errstate(all="ignore"):
            there = float(self.plane.value(self.plane.projected(point)))
        return OffPlane(self.plane.off_share(point - start), float(self.selected_run.error[-1]), there)

    @property
    def is_preview(self) -> bool:
        """Whether a run is computed on an approximation of the objective."""
        return any(run.run.objective != self.objective for run in (*self.runs, self.selected_run))

    @cached_property
    def working(self) -> tuple[Line, ...]:
        """The equations of the selected run's step with their numbers; none at the start."""
        return work_out(self.step) if self.step is not None else ()

    @cached_property
    def pasts(self) -> tuple[Past, ...]:
        """The selected run's states as sums of past gradients; none at the start."""
        return pasts_of(self.recent)

    @cached_property
    def partings(self) -> tuple[tuple[str, Parting], ...]:
        """The titles of runs that differ from the selected one only in a convention, and where they part from it."""
        selected_run = self.selected_run
        return tuple(
            (run.title, conventions_of(selected_run.params, run.params, self.objective.extent, kept_every(run.run)))
            for run in self.runs
            if run is not selected_run and differ_in_convention(selected_run.run, run.run)
        )

    @cached_property
    def fan(self) -> Fan | None:
        """The gradients of single samples in the selected run's step; None where there are none to show."""
        step, objective = self.selected_run.step, self.objective
        is_large = objective.samples > FANNED or objective.samples * objective.size > FANNED_NUMBERS
        if step is None or objective.samples == 1 or is_large:
            return None
        vectors, at = objective.sample_gradients(step.asked_at), step.asked_at
        if vectors is None:
            return None
        in_batch = np.zeros(len(vectors), bool)
        in_batch[step.batch] = True
        if self.plane is not None:
            vectors, at = self.plane.moved(vectors), self.plane.projected(at)
        return Fan(at, vectors, in_batch)

    @cached_property
    def stability(self) -> Stability | None:
        """How near the selected run's step is to the limit of stability; None at the start, and without a limit."""
        step = self.selected_run.step
        return stability_of(step) if step is not None and self.objective.size <= CURVED else None

    @cached_property
    def headline(self) -> str:
        """The selected run's step in one or two sentences; empty at the start, and where steps are not explained."""
        run = self.selected_run
        return headline_of(run.step, run.previous, run.step_errors, self.stability) if run.step is not None else ""

    @cached_property
    def shares(self) -> tuple[Share, ...]:
        """How much of the selected run's step comes from where; none where it does not move."""
        return shares_of(self.selected_run.step) if self.selected_run.step is not None else ()

    @cached_property
    def anatomy(self) -> Anatomy | None:
        """The anatomy of the selected run's step; None at the start."""
        if self.selected_run.step is None or self.step is None:
            return None
        if self.plane is None or self.plane.indices is not None:
            return anatomy_of(self.step)
        return anatomy_of(self.selected_run.step).on_plane(self.plane.projected, self.plane.moved)


def available(trajectories: Sequence[Trajectory]) -> int:
    """Return the last update that can be shown: all runs that are still computed have reached it."""
    growing = [trajectory.last for trajectory in trajectories if not trajectory.complete]
    return min(growing) if growing else max(trajectory.last for trajectory in trajectories)


def box_around(objective: Objective, trajectories: Sequence[Trajectory]) -> Box:
    """Return the part of the plane to show: the objective's box, up to three times as wide where paths leave it."""
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
"""Number of the last updates that a frame has; fewer where each takes long."""


def _steps_back(run: Run) -> int:
    return max(1, min(REMEMBERED, 50_000 // work_of(run)))


def frame_at(
    experiment: Experiment, trajectories: Sequence[Trajectory], cursor: int, selected: int = 0, explain: bool = True,
    stages: int = len(STAGES), plane: Plane | None = None, horizon: int | None = None,
) -> Frame:  # fmt: skip
    """Return the frame at `cursor`, at most what is available.

    Parameters
    ----------
    experiment
        The runs that race.
    trajectories
        Their trajectories so far.
    cursor
        The update that is shown.
    selected
        The index of the run whose step is explained.
    explain
        Whether to compute that step.
    stages
        The number of its stages that are shown.
    plane
        The plane that is shown, where the objective has more than two params.
    horizon
        The selected run's rounding horizon, where it is known.
    """
    last = available(trajectories)
    cursor = max(0, min(cursor, last))
    runs = []
    racers = zip(experiment.titles, experiment.looks, trajectories, strict=True)
    for index, (title, look, trajectory) in enumerate(racers):
        update = min(cursor, trajectory.last)
        heavy = is_heavy(trajectory.run)
        is_explained = explain and index == selected and update > 0 and not heavy
        # While the update at the cursor unfolds in stages, the run is still at the point before it.
        position = update - (update == cursor > 0 and stages < len(STAGES))
        recent = trajectory.recent(update, _steps_back(trajectory.run)) if is_explained else ()
        ending = trajectory.ended if update == trajectory.last else ""
        measured_at = np.arange(0, position + 1, shown_every(trajectory.run))
        if measured_at[-1] < position and not heavy:
            measured_at = np.append(measured_at, position)
        rows = position // kept_every(trajectory.run) + 1
        params = trajectory.params[:rows]
        runs.append(
            RunFrame(
                title, look, trajectory.run, params, params if plane is None else path_on(plane, trajectory, rows - 1),
                params[-1] if heavy and position < trajectory.last else trajectory.params_at(position),
                NOTHING if heavy else trajectory.carried_at(position), position, measured_at,
                trajectory.error_at(measured_at), trajectory.scores_at(measured_at),
                trajectory.seconds / max(trajectory.last, 1), recent, ending,
            )
        )  # fmt: skip
    visible = tuple(run for run in runs if not run.look.hidden)
    selected_run, total = runs[selected], experiment.total
    return Frame(experiment.objective, visible, selected_run, cursor, total, last, stages, plane, horizon)
