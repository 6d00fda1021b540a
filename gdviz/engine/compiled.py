"""Updates by compiled loops: packs their arguments into arrays and unpacks their results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from gdviz.engine.library import gradient_loop, race_loop, table_of, update_loop
from gdviz.objectives import Objective
from gdviz.optimizers import Optimizer
from gdviz.training import Chunk, Point, Sampling
from gdviz.training.budget import checkpoint_every

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.objectives import Array, Compiled
    from gdviz.training import Run

__all__ = ["advance_compiled", "is_compiled"]

GATHERED = 1 << 18
"""Maximum number of samples that are copied in shuffled order at once."""


def is_compiled(run: Run) -> bool:
    """Return whether compiled loops are ready for the run and compute exactly what its classes define."""
    standard = all(
        getattr(type(thing), name) is getattr(base, name)
        for thing, base, names in (
            (run.sampling, Sampling, ("batch", "size_at", "per_epoch")),
            (run.objective, Objective, ("divisor",)),
            (run.optimizer, Optimizer, ("hyperparameters",)),
        )
        for name in names
    )
    loops = race_loop(), update_loop(type(run.optimizer)), gradient_loop(run.objective)
    return standard and all(loop.get(wait=False) is not None for loop in loops)


def advance_compiled(
    runs: Sequence[Run], points: Sequence[Point], count: int, nudges: Sequence[float] = ()
) -> list[Chunk]:
    """Return the next `count` updates of runs that are in step, fewer at their end or where they diverge.

    `nudges`: one for each run, or none; ±∞ moves its params by one unit in the last place up or down after each update.
    """
    race = InStep(runs, points, min(count, runs[0].total - points[0].update), nudges)
    begin = 0
    while begin < race.count and race.counts.max() == begin:
        table, batches, most = _batches(runs[0], race.start + begin, race.count - begin)
        race.go(begin, begin + most, table, batches)
        begin += most
    return [race.chunk(index) for index in range(len(runs))]


class InStep:
    """The arrays, a row for each run, on which the loop of :func:`gdviz.engine.races.compile_race` works."""

    def __init__(self, runs: Sequence[Run], points: Sequence[Point], count: int, nudges: Sequence[float] = ()) -> None:
        self.runs, self.count, self.start = runs, count, points[0].update
        objective = runs[0].objective
        self.every = checkpoint_every(runs[0])
        rules = [update_loop(type(run.optimizer)).get() for run in runs]
        self.updates = np.array([rule.one for rule in rules])
        self.look_aheads = np.array([rule.look_ahead for rule in rules])
        self.memory = _memory(runs, points)
        self.etas = np.array([run.etas(self.start, count) for run in runs])
        self.divides = np.array([objective.divisor(r.reduction, 2, r.optimizer.lecture_divides) != 1 for r in runs])
        # If a batch has all samples, the gradient at a point comes with the error there, which is logged.
        sees_all = runs[0].batch_size == objective.samples
        self.logs = np.array([sees_all and run.optimizer.look_ahead is None for run in runs])
        self.params = np.empty((len(runs), count, 2))
        self.errors = np.full((len(runs), count + 1), np.nan)
        self.checkpoints = np.empty((len(runs), count // self.every + 1, self.memory.shape[1]))
        self.counts = np.zeros(len(runs), np.int64)
        self.nudges = np.array(nudges, float)

    def go(self, begin: int, stop: int, table: Array, batches: Array) -> None:
        """Make the updates from number `begin` to `stop` of this chunk; runs that have diverged are left out."""
        objective = self.runs[0].objective
        race_loop().get()(
            self.memory, self.updates, self.look_aheads, self.etas, self.start, begin, stop, batches, self.divides,
            gradient_loop(objective).get().one, table, self.params, self.errors, self.logs, self.checkpoints,
            self.every, objective.limits, self.counts, self.nudges,
        )  # fmt: skip

    def chunk(self, index: int) -> Chunk:
        """Return the updates of one run."""
        run, count = self.runs[index], int(self.counts[index])
        states, update = len(run.optimizer.state), self.start + count
        stands = self.memory[index + len(self.runs) * (count % 2)]
        states_at = self.checkpoints[index, : update // self.every - self.start // self.every, 2 : 2 + 2 * states]
        divergence = "" if count == self.count else run.divergence(self.params[index, count])
        return Chunk(
            self.params[index, :count],
            self.errors[index, 1 : count + 1],
            states_at.reshape(len(states_at), 2, states).transpose(0, 2, 1),
            Point(update, stands[:2].copy(), tuple(stands[2 : 2 + 2 * states].reshape(2, states).T.copy())),
            divergence and f"diverged at update {update + 1}: {divergence}",
            float(self.errors[index, 0]),
        )


def _memory(runs: Sequence[Run], points: Sequence[Point]) -> Array:
    """Return two equal rows for each run: its params, its state and its hyperparameters after η.

    Updates read one row of a run and write the other one.
    """
    rows = []
    for run, point in zip(runs, points, strict=True):
        states = [part.tolist() for part in point.state]
        along_a, along_b = ([state[axis] for state in states] for axis in range(2))
        rows.append([*point.params.tolist(), *along_a, *along_b, *run.optimizer.hyperparameters(0.0)[1:]])
    width = max(map(len, rows))
    return np.array([row + [0.0] * (width - len(row)) for row in rows + rows])


def _batches(run: Run, update: int, count: int) -> tuple[Array, Array, int]:
    """Return the samples for the next updates: the table, the loop's counters, and the number of updates they serve.

    The counters are (first, size, end, samples, stride): the loop begins at column `first`, takes batches of `size`
    columns up to `end`, and then goes on `stride` columns behind the last epoch's first one. The stride is 0 where
    every epoch has the same order, otherwise the table holds several epochs one after the other.
    """
    objective, sampling = run.objective, run.sampling
    samples, size, per_epoch = objective.samples, run.batch_size, run.per_epoch
    epoch, position = divmod(update, per_epoch)
    first = position * size
    if not sampling.shuffle or size == samples:
        return table_of(objective), np.array([first, size, samples, samples, 0]), count
    epochs = min(-(-(position + count) // per_epoch), max(1, GATHERED // samples))
    return (
        _in_order(run, epoch, epochs),
        np.array([first, size, samples, samples, samples]),
        min(count, epochs * per_epoch - position),
    )


def _in_order(run: Run, epoch: int, epochs: int) -> Array:
    """Return the samples in the order of some epochs. The last result is cached, since all runs of a race need it."""
    global _last_in_order
    table, key = cast("Compiled", run.objective).table, (run.sampling, run.seed, epoch, epochs)
    last_table, last_key, columns = _last_in_order
    if last_table is not table or last_key != key:
        order = np.concatenate([run.sampling.order(epoch + i, run.objective.samples, run.seed) for i in range(epochs)])
        columns = np.array(table[:, order], np.float64, order="C")
        _last_in_order = table, key, columns
    samples: Array = columns
    return samples


_last_in_order: tuple[Any, Any, Any] = (None, None, None)
