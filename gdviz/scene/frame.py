"""What the views draw at the timeline's cursor: pure data made from experiment, trajectories and cursor."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gdviz.explaining.anatomy import STAGES, anatomy_of
from gdviz.explaining.conventions import conventions_of, differ_in_convention
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
"""Of more samples the gradients are not shown one by one."""
FANNED_NUMBERS = 200_000
"""Nor where they are of more numbers than this."""
CURVED = 50
"""Of more params the curvature would take longer than a frame may."""


@dataclass(frozen=True)
class OffPlane:
    """How much a picture of a plane does not show.

    Attributes
    ----------
    share
        The share of the squared way from the start to the cursor that lies off the plane.
    error, error_on_plane
        The objective's value where the run stands, and at the point of the plane that is nearest to it.
    """

    share: float
    error: float
    error_on_plane: float


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
    plane
        The plane through the params that is looked at; None: there are only two.
    horizon
        The update from which on rounding decides the selected run's numbers; None: there is none, or it is not known.
    """

    objective: Objective
    runs: tuple[RunFrame, ...]
    chosen: RunFrame
    cursor: int
    total: int
    available: int
    stages: int = len(STAGES)
    plane: Plane | None = None
    horizon: int | None = None

    @property
    def shown_objective(self) -> Objective:
        """What the plane's views show: the objective itself, or a slice through it."""
        return self.objective if self.plane is None else self.plane

    @cached_property
    def axes(self) -> tuple[int, int]:
        """The two params whose numbers are shown: those that the plane's axes are, or lie nearest to."""
        return (0, 1) if self.plane is None else self.plane.axes

    @cached_property
    def names(self) -> tuple[str, str]:
        """The names of these two params."""
        return self.objective.name_of(self.axes[0]), self.objective.name_of(self.axes[1])

    @cached_property
    def recent(self) -> tuple[Step, ...]:
        """The selected run's last updates, of these two params alone."""
        steps = self.chosen.recent
        return steps if self.objective.is_planar else tuple(step.only(self.axes) for step in steps)

    @property
    def step(self) -> Step | None:
        """The selected run's update at the cursor, of these two params alone; None at the start."""
        return self.recent[-1] if self.recent else None

    @cached_property
    def off_plane(self) -> OffPlane | None:
        """How far the selected run is off the plane; None where there is nothing beside it."""
        if self.plane is None or is_heavy(self.chosen.run):
            return None
        start, point = np.array(self.chosen.run.start), self.chosen.point
        with np.errstate(all="ignore"):
            there = float(self.plane.value(self.plane.projected(point)))
        return OffPlane(self.plane.off_share(point - start), float(self.chosen.error[-1]), there)

    @property
    def is_preview(self) -> bool:
        """Whether a run is computed on a stand-in for the objective."""
        return any(run.run.objective != self.objective for run in (*self.runs, self.chosen))

    @cached_property
    def working(self) -> tuple[Line, ...]:
        """The equations of the selected run's step with their numbers; none at the start."""
        return work_out(self.step) if self.step is not None else ()

    @cached_property
    def pasts(self) -> tuple[Past, ...]:
        """What the selected run's memories are made of; none at the start."""
        return pasts_of(self.recent)

    @cached_property
    def partings(self) -> tuple[tuple[str, Parting], ...]:
        """The titles of runs that differ from the selected one in a convention only, and where they part from it."""
        chosen = self.chosen
        return tuple(
            (run.title, conventions_of(chosen.params, run.params, self.objective.extent, kept_every(run.run)))
            for run in self.runs
            if run is not chosen and differ_in_convention(chosen.run, run.run)
        )

    @cached_property
    def fan(self) -> Fan | None:
        """The gradient of each sample where the selected run's step asked for it; None where there is none to show."""
        step, objective = self.chosen.step, self.objective
        is_large = objective.samples > FANNED or objective.samples * objective.size > FANNED_NUMBERS
        if step is None or objective.samples == 1 or is_large:
            return None
        vectors, at = objective.sample_gradients(step.asked_at), step.asked_at
        if vectors is None:
            return None
        seen = np.zeros(len(vectors), bool)
        seen[step.batch] = True
        if self.plane is not None:
            vectors, at = self.plane.moved(vectors), self.plane.projected(at)
        return Fan(at, vectors, seen)

    @cached_property
    def stability(self) -> Stability | None:
        """How near the selected run's step is to the edge; None at the start, and where there is no edge."""
        step = self.chosen.step
        return stability_of(step) if step is not None and self.objective.size <= CURVED else None

    @cached_property
    def anatomy(self) -> Anatomy | None:
        """What explains the selected run's step; None at the start."""
        if self.chosen.step is None or self.step is None:
            return None
        if self.plane is None or self.plane.indices is not None:
            return anatomy_of(self.step)
        return anatomy_of(self.chosen.step).seen(self.plane.projected, self.plane.moved)


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
        Of each of them, as far as it is computed.
    cursor
        The update that is shown.
    selected
        The index of the run whose step is explained.
    stages
        The number of stages of the update that are shown.
    explain
        Whether to make the selected run's step, of which so many `stages` are shown.
    plane
        The plane that is looked at, where the objective has more than two params.
    horizon
        The selected run's rounding horizon, where it is known.
    """
    reached = available(trajectories)
    cursor = max(0, min(cursor, reached))
    runs = []
    titled = zip(experiment.titles, experiment.looks, trajectories, strict=True)
    for index, (title, look, trajectory) in enumerate(titled):
        update = min(cursor, trajectory.last)
        heavy = is_heavy(trajectory.run)
        explained = explain and index == selected and update > 0 and not heavy
        made = update - (update == cursor > 0 and stages < len(STAGES))  # an update that unfolds is not made yet
        recent = trajectory.recent(update, _remembered(trajectory.run)) if explained else ()
        ended = trajectory.ended if update == trajectory.last else ""
        shown = np.arange(0, made + 1, shown_every(trajectory.run))
        if shown[-1] < made and not heavy:
            shown = np.append(shown, made)
        kept = made // kept_every(trajectory.run) + 1
        params = trajectory.params[:kept]
        runs.append(
            RunFrame(
                title, look, trajectory.run, params, params if plane is None else path_on(plane, trajectory, kept - 1),
                params[-1] if heavy and made < trajectory.last else trajectory.params_at(made),
                NOTHING if heavy else trajectory.carried_at(made), made, shown,
                trajectory.error_at(shown), trajectory.scores_at(shown),
                trajectory.seconds / max(trajectory.last, 1), recent, ended,
            )
        )  # fmt: skip
    visible = tuple(run for run in runs if not run.look.hidden)
    chosen, total = runs[selected], experiment.total
    return Frame(experiment.objective, visible, chosen, cursor, total, reached, stages, plane, horizon)
