"""Whole trajectories, in one go or in chunks: by compiled loops where there are some, by numpy where there are none."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.engine.alone import advance_alone
from gdviz.engine.compiled import advance_compiled, is_compiled
from gdviz.engine.interpreted import advance_in_step, are_in_step
from gdviz.engine.library import gradient_loop, race_loop, table_of, update_loop, values_loop
from gdviz.engine.threads import share, threads_for
from gdviz.objectives.per_update import PerUpdate
from gdviz.objectives.scored import Scored, has_validation
from gdviz.training import Chunk, Point, Trajectory
from gdviz.training.budget import shown_every

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdviz.objectives import Array, Objective
    from gdviz.training import Run

__all__ = [
    "CHUNK",
    "advance",
    "is_compiled",
    "is_prepared",
    "new_trajectory",
    "prepare",
    "train",
    "train_all",
    "values_at",
]

CHUNK = 1 << 16
"""Updates that are computed in one go."""
RULE = 30
"""An update of a rule takes as long as so many samples."""
PLAIN = 2
"""Of more params than this each run goes alone: then it is the arithmetic that takes time, not the calls."""


def prepare(run: Run) -> None:
    """Load or compile what `run` needs, and wait for it."""
    for loop in _loops(run):
        loop.get()


def is_prepared(run: Run) -> bool:
    """Return whether :func:`prepare` would change nothing."""
    return all(loop.is_settled for loop in _loops(run))


def _loops(run: Run) -> Sequence[Any]:
    if goes_alone(run.objective):
        return ()
    return gradient_loop(run.objective), update_loop(type(run.optimizer)), race_loop(), values_loop()


def train(run: Run) -> Trajectory:
    """Return the whole trajectory of `run`: the numbers of :func:`gdviz.steps`, sooner."""
    return train_all([run])[0]


def train_all(runs: Sequence[Run]) -> list[Trajectory]:
    """Return the whole trajectories of many runs."""
    for run in runs:
        prepare(run)
    trajectories = [new_trajectory(run) for run in runs]
    going = trajectories
    while going:
        chunks = advance([trajectory.run for trajectory in going], [trajectory.end for trajectory in going])
        for trajectory, chunk in zip(going, chunks, strict=True):
            trajectory.append(chunk)
        going = [trajectory for trajectory in going if not trajectory.complete]
    return trajectories


def new_trajectory(run: Run) -> Trajectory:
    """Return a trajectory that evaluates its errors as fast as can be."""
    return Trajectory(run, lambda points: measured_at(run.objective, points))


def measured_at(objective: Objective, points: Array, cancelled: Callable[[], bool] = lambda: False) -> Array:
    """Return the objective's value and its scores at points of shape (k, n): shape (k, 1 + scores)."""
    if isinstance(objective, Scored):
        return objective.measured(points, cancelled)
    return values_at(objective, points)[:, None]


def values_at(objective: Objective, points: Array) -> Array:
    """Return the objective's value at points of shape (k, n)."""
    loop, gradient = values_loop().get(wait=False), gradient_loop(objective).get(wait=False)
    if loop is None or gradient is None:
        return objective.value(points)
    points, values, table = np.array(points, float, order="C"), np.empty(len(points)), table_of(objective)
    pieces = np.array_split(np.arange(len(points)), threads_for(len(points) * objective.samples))
    share(
        lambda piece: loop(points[piece[0] : piece[-1] + 1], gradient.value, table, values[piece[0] :]),
        [piece for piece in pieces if len(piece)],
        len(pieces),
    )
    return values


def advance(
    runs: Sequence[Run], points: Sequence[Point], count: int = CHUNK, shown: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Chunk]:  # fmt: skip
    """Return the next updates of runs from where they stand, at most `count`.

    They are fewer at a run's end, where it diverges, and where so many params would take much memory.

    Nothing is waited for: what :func:`prepare` did not load is computed by numpy.

    Parameters
    ----------
    runs
        The runs that go on.
    points
        Where each of them stands.
    count
        The number of updates.
    shown
        Whether the errors that a picture shows are to be evaluated at once.
    cancelled
        Asked between updates that take long; where it says yes, fewer are made.
    """
    counts = [min(count, r.acts_until(p.update) - p.update) for r, p in zip(runs, points, strict=True)]
    pairs = [(run.acting_at(point.update), point) for run, point in zip(runs, points, strict=True)]
    work = sum(count * (run.batch_size + RULE) for count, (run, _) in zip(counts, pairs, strict=True))
    threads = threads_for(work)
    compiled = [i for i, run in enumerate(runs) if is_compiled(run)]
    shares = [share for group in _in_step(pairs, counts, compiled) for share in _parted(group, threads)]
    alone = [i for i, run in enumerate(runs) if goes_alone(run.objective)]
    others = _in_step(pairs, counts, [i for i in range(len(runs)) if i not in (*compiled, *alone)])
    chunks = share(lambda s: _timed(partial(advance_compiled, *_picked(pairs, s), counts[s[0]])), shares, threads)
    chunks += [_timed(partial(advance_in_step, *_picked(pairs, g), counts[g[0]])) for g in others]
    chunks += [_timed(partial(_alone, runs[i], points[i], counts[i], cancelled)) for i in alone]
    indices = [i for group in [*shares, *others, alone] for i in group]
    made = dict(zip(indices, (chunk for some in chunks for chunk in some), strict=True))
    ordered = [made[i] for i in range(len(runs))]
    return [_with_shown(run, chunk, cancelled) for run, chunk in zip(runs, ordered, strict=True)] if shown else ordered


def goes_alone(objective: Objective) -> bool:
    """Return whether an objective's updates are more than a rule for two params and a gradient of the batch."""
    return objective.size > PLAIN or has_validation(objective) or isinstance(objective, PerUpdate)


def _alone(run: Run, point: Point, count: int, cancelled: Callable[[], bool]) -> list[Chunk]:
    return [advance_alone(run, point, count, cancelled)]


def _timed(advance: Callable[[], list[Chunk]]) -> list[Chunk]:
    """Return the chunks of runs that went together, each with its share of the time."""
    began = time.perf_counter()
    chunks = advance()
    seconds = (time.perf_counter() - began) / len(chunks)
    return [replace(chunk, seconds=seconds) for chunk in chunks]


def _in_step(pairs: Sequence[tuple[Run, Point]], counts: Sequence[int], indices: Sequence[int]) -> list[list[int]]:
    """Return the indices in groups of runs that see the same batches for as many updates."""
    groups: list[list[int]] = []
    for i in indices:
        alike = (g for g in groups if counts[g[0]] == counts[i] and are_in_step(pairs[g[0]], pairs[i]))
        group = next(alike, None)
        if group is None:
            groups.append([i])
        else:
            group.append(i)
    return groups


def _parted(group: list[int], threads: int) -> list[list[int]]:
    """Return the group in as many parts as there are threads for it."""
    return [part.tolist() for part in np.array_split(group, min(threads, len(group)))]


def _picked(pairs: Sequence[tuple[Run, Point]], indices: Sequence[int]) -> tuple[list[Run], list[Point]]:
    return [pairs[i][0] for i in indices], [pairs[i][1] for i in indices]


def _with_shown(run: Run, chunk: Chunk, cancelled: Callable[[], bool]) -> Chunk:
    """Return the chunk with the errors evaluated that a picture shows."""
    updates = np.arange(chunk.end.update - len(chunk.params) + 1, chunk.end.update + 1)
    missing = (updates % shown_every(run) == 0) & np.isnan(chunk.error)
    if not missing.any():
        return chunk
    measured = np.full((len(chunk.error), 1 + len(run.objective.score_names)), np.nan)
    measured[:, 0] = chunk.error
    with np.errstate(all="ignore"):
        points = chunk.params if chunk.carried is None else np.hstack([chunk.params, chunk.carried])
        measured[missing] = measured_at(run.objective, points[missing], cancelled)
    return replace(chunk, error=measured[:, 0], scores=measured[:, 1:])
