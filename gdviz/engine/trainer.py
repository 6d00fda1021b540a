"""Whole trajectories, at once or in chunks: by compiled loops where they are ready, otherwise by numpy."""

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
"""Maximum number of updates in a chunk."""
RULE = 30
"""Cost of a rule's update, in gradients of a sample."""
PLAIN = 2
"""Maximum number of params of runs that advance in step; with more, arithmetic takes the time, not calls."""


def prepare(run: Run) -> None:
    """Load or compile the loops that `run` needs, and wait for them."""
    for loop in _loops(run):
        loop.get()


def is_prepared(run: Run) -> bool:
    """Return whether :func:`prepare` has nothing to do."""
    return all(loop.is_settled for loop in _loops(run))


def _loops(run: Run) -> Sequence[Any]:
    if goes_alone(run.objective):
        return ()
    return gradient_loop(run.objective), update_loop(type(run.optimizer)), race_loop(), values_loop()


def train(run: Run) -> Trajectory:
    """Return the whole trajectory of a run: the numbers of :func:`gdviz.steps`, faster.

    It waits for the compiled loops that the run needs, so its numbers do not depend on timing.

    Parameters
    ----------
    run
        The run.

    Returns
    -------
    Trajectory
        All updates of the run, or those before it diverges or stops early. Errors are evaluated on demand.

    Examples
    --------
    >>> import gdviz
    >>> run = gdviz.Run(gdviz.Booth(), gdviz.GradientDescent(eta=0.05), updates=100)
    >>> gdviz.train(run).params[-1].round(3)
    array([1., 3.])
    """
    return train_all([run])[0]


def train_all(runs: Sequence[Run]) -> list[Trajectory]:
    """Return the whole trajectories of many runs, in their order; see :func:`train`.

    Runs on one objective that see the same batches advance in step, which is faster than one by one.
    """
    for run in runs:
        prepare(run)
    trajectories = [new_trajectory(run) for run in runs]
    active = trajectories
    while active:
        chunks = advance([trajectory.run for trajectory in active], [trajectory.end for trajectory in active])
        for trajectory, chunk in zip(active, chunks, strict=True):
            trajectory.append(chunk)
        active = [trajectory for trajectory in active if not trajectory.complete]
    return trajectories


def new_trajectory(run: Run) -> Trajectory:
    """Return an empty trajectory that evaluates its errors with compiled loops where they are ready."""
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
    runs: Sequence[Run], points: Sequence[Point], count: int = CHUNK, with_errors: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Chunk]:  # fmt: skip
    """Return the next updates of runs, at most `count` for each.

    There are fewer at a run's end, where it diverges, and where points with many params would take much memory. This
    function never waits for loops: without :func:`prepare` numpy computes.

    Parameters
    ----------
    runs
        The runs.
    points
        The position of each run.
    count
        The maximum number of updates.
    with_errors
        Whether the errors that pictures show are evaluated at once.
    cancelled
        Called between updates that take long; once it returns True, no more updates are made.
    """
    counts = [min(count, r.acts_until(p.update) - p.update) for r, p in zip(runs, points, strict=True)]
    pairs = [(run.acting_at(point.update), point) for run, point in zip(runs, points, strict=True)]
    work = sum(count * (run.batch_size + RULE) for count, (run, _) in zip(counts, pairs, strict=True))
    threads = threads_for(work)
    fast = [i for i, run in enumerate(runs) if is_compiled(run)]
    shares = [share for group in _in_step(pairs, counts, fast) for share in _split(group, threads)]
    alone = [i for i, run in enumerate(runs) if goes_alone(run.objective)]
    others = _in_step(pairs, counts, [i for i in range(len(runs)) if i not in (*fast, *alone)])
    chunks = share(lambda s: _with_time(partial(advance_compiled, *_select(pairs, s), counts[s[0]])), shares, threads)
    chunks += [_with_time(partial(advance_in_step, *_select(pairs, g), counts[g[0]])) for g in others]
    chunks += [_with_time(partial(_alone, runs[i], points[i], counts[i], cancelled)) for i in alone]
    indices = [i for group in [*shares, *others, alone] for i in group]
    chunk_of = dict(zip(indices, (chunk for some in chunks for chunk in some), strict=True))
    in_order = [chunk_of[i] for i in range(len(runs))]
    if not with_errors:
        return in_order
    return [_with_errors(run, chunk, cancelled) for run, chunk in zip(runs, in_order, strict=True)]


def goes_alone(objective: Objective) -> bool:
    """Return whether runs on an objective advance one by one, because an update needs more than rule and gradient."""
    return objective.size > PLAIN or has_validation(objective) or isinstance(objective, PerUpdate)


def _alone(run: Run, point: Point, count: int, cancelled: Callable[[], bool]) -> list[Chunk]:
    return [advance_alone(run, point, count, cancelled)]


def _with_time(advance: Callable[[], list[Chunk]]) -> list[Chunk]:
    """Return the chunks of runs that advanced together, each with its share of the elapsed time."""
    began = time.perf_counter()
    chunks = advance()
    seconds = (time.perf_counter() - began) / len(chunks)
    return [replace(chunk, seconds=seconds) for chunk in chunks]


def _in_step(pairs: Sequence[tuple[Run, Point]], counts: Sequence[int], indices: Sequence[int]) -> list[list[int]]:
    """Return the indices in groups of runs that see the same batches and make the same number of updates."""
    groups: list[list[int]] = []
    for i in indices:
        alike = (g for g in groups if counts[g[0]] == counts[i] and are_in_step(pairs[g[0]], pairs[i]))
        group = next(alike, None)
        if group is None:
            groups.append([i])
        else:
            group.append(i)
    return groups


def _split(group: list[int], threads: int) -> list[list[int]]:
    """Return the group in parts, one for each thread at most."""
    return [part.tolist() for part in np.array_split(group, min(threads, len(group)))]


def _select(pairs: Sequence[tuple[Run, Point]], indices: Sequence[int]) -> tuple[list[Run], list[Point]]:
    return [pairs[i][0] for i in indices], [pairs[i][1] for i in indices]


def _with_errors(run: Run, chunk: Chunk, cancelled: Callable[[], bool]) -> Chunk:
    """Return the chunk with the errors and scores that pictures show."""
    updates = np.arange(chunk.end.update - len(chunk.params) + 1, chunk.end.update + 1)
    is_due = (updates % shown_every(run) == 0) & np.isnan(chunk.error)
    if not is_due.any():
        return chunk
    numbers = np.full((len(chunk.error), 1 + len(run.objective.score_names)), np.nan)
    numbers[:, 0] = chunk.error
    with np.errstate(all="ignore"):
        points = chunk.params if chunk.carried is None else np.hstack([chunk.params, chunk.carried])
        numbers[is_due] = measured_at(run.objective, points[is_due], cancelled)
    return replace(chunk, error=numbers[:, 0], scores=numbers[:, 1:])
