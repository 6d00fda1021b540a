"""How much of a run is kept, and how often its error is measured: as much as memory and time allow.

A race has one budget of memory, whatever the computer, and its runs share it: what is kept depends on the race alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.training.run import Run

__all__ = ["checkpoint_every", "is_heavy", "kept_every", "least_bytes", "measured_every", "shown_every", "work_of"]

SHOWN = 512
"""About so many updates of a run show their error."""
MOST_BYTES = 1 << 29
"""Maximum number of bytes for the points of a race's runs, again for their memories, and again for their errors.

Where they would be more, not those of every update are kept.
"""
MEMORIES = 2
"""So many numbers a rule remembers of each parameter, whatever the rule: runs in step have their checkpoints together.
"""
UPDATING = 12
"""Vectors as long as the params that an update takes, the start as Python's numbers included."""
STANDING = 4
"""Points of a run with their memories that are there at once: its start, the last two, and one that is handed on."""
CALLS = 10**5
"""What the calls for an update take, in multiplications."""
HEAVY = 10**7
"""Multiplications that take longer than a frame may."""
SHARE = 3
"""Of a network the error is measured on at most so many samples for each one that an update sees."""


def kept_every(run: Run) -> int:
    """Return how many updates lie between two whose params are kept: 1, unless there are very many numbers."""
    return max(1, -(-(run.total + 1) * run.objective.size * 8 // _share(run)))


def measured_every(run: Run) -> int:
    """Return how many updates lie between two for whose errors there is room: 1, unless they are very many."""
    return max(1, -(-(run.total + 1) * (1 + len(run.objective.score_names)) * 8 // _share(run)))


def _share(run: Run) -> int:
    """Return a run's share of the race's budget, in bytes."""
    return MOST_BYTES // run.racers


def checkpoint_every(run: Run) -> int:
    """Return how many updates lie between two checkpoints: few enough that one step is explained at once."""
    objective, kept = run.objective, kept_every(run)
    work = objective.samples if objective.is_planar else work_of(run)
    wanted = max(16 if work <= 4096 else 1, -(-run.total * MEMORIES * objective.size * 8 // _share(run)))
    return -(-wanted // kept) * kept


def shown_every(run: Run) -> int:
    """Return how many updates lie between two whose error is shown: to measure it must not outweigh training."""
    every = -(-run.total // SHOWN)
    return every if run.objective.is_planar else max(every, -(-run.objective.samples // (SHARE * run.batch_size)))


def least_bytes(runs: Sequence[Run]) -> int:
    """Return the number of bytes that a race needs at least, however little of it is kept.

    Of each run those are its start and where it stands, before an update and after it, params and memories; one run
    at a time is updated.
    """
    standing = sum(STANDING * (1 + len(run.optimizer.state)) for run in runs)
    return 8 * runs[0].objective.size * (standing + UPDATING)


def work_of(run: Run) -> int:
    """Return what an update takes, in gradients of a neuron on one sample."""
    return run.batch_size * max(1, run.objective.size // 2)


def is_heavy(run: Run) -> bool:
    """Return whether to measure the error once, or to make an update again, takes longer than a frame may."""
    objective = run.objective
    again = checkpoint_every(run) * (CALLS + work_of(run))
    return not objective.is_planar and max(objective.samples * objective.size // 2, again) > HEAVY
