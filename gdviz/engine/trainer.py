"""Whole trajectories, in one go or in chunks: by compiled loops where there are some, by numpy where there are none."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.engine.interpreted import advance_in_step, are_in_step
from gdviz.engine.library import gradient_loop, table_of, trajectory_loop, values_loop
from gdviz.training import Chunk, Point, Sampling, Trajectory
from gdviz.training.trajectory import checkpoint_every, shown_every

if TYPE_CHECKING:
    from collections.abc import Sequence

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
GATHERED = 1 << 18
"""Shuffled samples that are copied in one go."""
MUCH = 2e5
"""Evaluations of a sample from which on it pays to share the work between threads."""


def prepare(run: Run) -> None:
    """Load or compile what `run` needs, and wait for it."""
    for loop in _loops(run):
        loop.get()


def is_prepared(run: Run) -> bool:
    """Return whether :func:`prepare` would change nothing."""
    return all(loop.is_settled for loop in _loops(run))


def _loops(run: Run) -> Sequence[Any]:
    return gradient_loop(run.objective), trajectory_loop(type(run.optimizer)), values_loop()


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
    return Trajectory(run, lambda points: values_at(run.objective, points))


def values_at(objective: Objective, points: Array) -> Array:
    """Return the objective's value at points of shape (k, n)."""
    loop, gradient = values_loop().get(wait=False), gradient_loop(objective).get(wait=False)
    if loop is None or gradient is None:
        return objective.value(points)
    points, values, table = np.array(points, float, order="C"), np.empty(len(points)), table_of(objective)
    pieces = np.array_split(np.arange(len(points)), _threads(len(points) * objective.samples))
    _share(
        lambda piece: loop(points[piece[0] : piece[-1] + 1], gradient.value, table, values[piece[0] :]),
        [piece for piece in pieces if len(piece)],
        len(pieces),
    )
    return values


def advance(runs: Sequence[Run], points: Sequence[Point], count: int = CHUNK, shown: bool = False) -> list[Chunk]:
    """Return the next `count` updates of runs from where they stand, fewer at their ends or where they diverge.

    Nothing is waited for: what :func:`prepare` did not load is computed by numpy.

    Parameters
    ----------
    shown
        Whether the errors that a picture shows are to be evaluated at once.
    """
    pairs = list(zip(runs, points, strict=True))
    chunks: dict[int, Chunk] = {}
    compiled = [i for i, run in enumerate(runs) if is_compiled(run)]
    work = sum(min(count, run.total - point.update) * (_batch_size(run) + RULE) for run, point in pairs)
    made = _share(lambda i: _run_loop(*pairs[i], count), compiled, _threads(work))
    chunks.update(zip(compiled, made, strict=True))
    left = [i for i in range(len(runs)) if i not in chunks]
    while left:
        together = [i for i in left if are_in_step(pairs[left[0]], pairs[i])]
        left = [i for i in left if i not in together]
        made = advance_in_step([runs[i] for i in together], [points[i] for i in together], count)
        chunks.update(zip(together, made, strict=True))
    ordered = [chunks[i] for i in range(len(runs))]
    return [_with_shown(run, chunk) for run, chunk in zip(runs, ordered, strict=True)] if shown else ordered


def _batch_size(run: Run) -> int:
    return run.sampling.batch_size(run.objective.samples)


def _threads(work: float) -> int:
    return (os.cpu_count() or 1) if work > MUCH else 1


def _share(function: Any, items: Sequence[Any], threads: int) -> list[Any]:
    """Return what the function, which does not hold the interpreter, makes of each item."""
    if min(threads, len(items)) < 2:
        return [function(item) for item in items]
    return list(_pool().map(function, items))


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count(), "gdviz-engine")


def is_compiled(run: Run) -> bool:
    """Return whether the run's updates are made by a compiled loop, now."""
    sampling = type(run.sampling)
    standard = all(getattr(sampling, name) is getattr(Sampling, name) for name in ("batch", "size_at", "per_epoch"))
    return (
        standard
        and trajectory_loop(type(run.optimizer)).get(wait=False) is not None
        and gradient_loop(run.objective).get(wait=False) is not None
    )


def _run_loop(run: Run, start: Point, count: int) -> Chunk:
    """Return the next `count` updates, made by the compiled loop."""
    objective, optimizer = run.objective, run.optimizer
    count = min(count, run.total - start.update)
    loop, gradient = trajectory_loop(type(optimizer)).get(), gradient_loop(objective).get().one
    hyperparameters = np.array(optimizer.hyperparameters(0.0)[1:], float).reshape(-1, 1)
    divides = objective.divisor(run.reduction, 2, optimizer.lecture_divides) != 1
    etas, every = run.etas(start.update, count), checkpoint_every(run)
    point, state = np.array(start.params), np.array(start.state).reshape(len(optimizer.state), 2)
    params, errors = np.empty((count, 2)), np.full(count, np.nan)
    states = np.empty((count // every + 1, len(state), 2))
    # With all samples in every batch the gradient's error is that of the point before the update.
    logs = _batch_size(run) == objective.samples and optimizer.look_ahead is None
    made, diverged = 0, ""
    while made < count and not diverged:
        update = start.update + made
        table, batches, most = _batches(run, update, count - made)
        here, kept = slice(made, made + most), update // every - start.update // every
        done = loop(
            point, state, hyperparameters, etas[here], update, batches, divides, gradient, table,
            params[here], errors[here], logs, states[kept:], every, objective.limits,
        )  # fmt: skip
        made += done
        if done < len(etas[here]):
            diverged = f"diverged at update {start.update + made + 1}: {run.lost(params[made])}"
    checkpoints = (start.update + made) // every - start.update // every
    end = Point(start.update + made, point, tuple(state))
    return Chunk(params[:made], errors[:made], states[:checkpoints], end, diverged)


def _batches(run: Run, update: int, count: int) -> tuple[Array, Array, int]:
    """Return the samples as the next updates see them, where the loop begins in them, and for how many updates."""
    objective, sampling = run.objective, run.sampling
    samples, size, per_epoch = objective.samples, _batch_size(run), run.per_epoch
    epoch, position = divmod(update, per_epoch)
    first = position * size
    if not sampling.shuffle or size == samples:
        return table_of(objective), np.array([first, size, samples, samples, 0]), count
    epochs = min(-(-(position + count) // per_epoch), max(1, GATHERED // samples))
    return (
        _shuffled(run, epoch, epochs),
        np.array([first, size, samples, samples, samples]),
        min(count, epochs * per_epoch - position),
    )


def _shuffled(run: Run, epoch: int, epochs: int) -> Array:
    """Return the samples in the order of some epochs; the runs of a race see the same, so the last ones are kept."""
    global _last_shuffled
    table, key = run.objective.table, (run.sampling, run.seed, epoch, epochs)
    last_table, last_key, shuffled = _last_shuffled
    if last_table is not table or last_key != key:
        order = np.concatenate([run.sampling.order(epoch + i, run.objective.samples, run.seed) for i in range(epochs)])
        shuffled = np.array(table[:, order], np.float64, order="C")
        _last_shuffled = table, key, shuffled
    samples: Array = shuffled
    return samples


_last_shuffled: tuple[Any, Any, Any] = (None, None, None)


def _with_shown(run: Run, chunk: Chunk) -> Chunk:
    """Return the chunk with the errors evaluated that a picture shows."""
    updates = np.arange(chunk.end.update - len(chunk.params) + 1, chunk.end.update + 1)
    missing = (updates % shown_every(run) == 0) & np.isnan(chunk.error)
    if not missing.any():
        return chunk
    error = chunk.error.copy()
    with np.errstate(all="ignore"):
        error[missing] = values_at(run.objective, chunk.params[missing])
    return replace(chunk, error=error)
