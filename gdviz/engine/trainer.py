"""Whole trajectories, in one go or in chunks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gdviz.training.loop import Point, following
from gdviz.training.trajectory import Chunk, Trajectory

if TYPE_CHECKING:
    from gdviz.objectives import Array
    from gdviz.training.run import Run

__all__ = ["CHUNK", "advance", "train"]

CHUNK = 512
"""Updates from checkpoint to checkpoint: replaying so many to explain one step takes a few milliseconds."""


def advance(run: Run, point: Point, count: int = CHUNK) -> Chunk:
    """Return the next `count` updates of `run` from `point`, fewer at its end or where it diverges."""
    start = point
    params = np.empty((min(count, run.total - point.update), len(point.params)))
    done, diverged = 0, ""
    with np.errstate(all="ignore"):
        for done in range(len(params)):
            step = following(run, point)
            if not np.isfinite(step.params).all():
                diverged = f"diverged at update {step.update}: {_lost(run, step.params)} left the finite numbers"
                break
            params[done] = step.params
            point = step.point
        else:
            done = len(params)
        error = run.objective.value(params[:done])
    finite = np.isfinite(error)
    if not finite.all():
        good = int(np.argmin(finite))
        diverged = f"diverged at update {start.update + good + 1}: {run.objective.value_name} left the finite numbers"
        return replace(advance(run, start, good), diverged=diverged)
    return Chunk(params[:done], error, point, diverged)


def _lost(run: Run, params: Array) -> str:
    return run.objective.parameters[int(np.argmin(np.isfinite(params)))]


def train(run: Run) -> Trajectory:
    """Return the whole trajectory of `run`."""
    trajectory = Trajectory(run)
    while not trajectory.complete:
        trajectory.append(advance(run, trajectory.end))
    return trajectory
