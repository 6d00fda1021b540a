"""How much of a run is kept, and how often its error is measured: as much as memory and time allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdviz.training.run import Run

__all__ = ["checkpoint_every", "is_heavy", "kept_every", "shown_every", "work_of"]

SHOWN = 512
"""About so many updates of a run show their error."""
MOST_BYTES = 1 << 29
"""Of a run's points, and of its memories, so many bytes are kept; where they are more, not those of every update."""
MEMORIES = 2
"""So many numbers a rule remembers of each parameter, whatever the rule: runs in step have their checkpoints together.
"""
CALLS = 10**5
"""What the calls for an update take, in multiplications."""
HEAVY = 10**7
"""Multiplications that take longer than a frame may."""
SHARE = 3
"""Of a network the error is measured on at most so many samples for each one that an update sees."""


def kept_every(run: Run) -> int:
    """Return how many updates lie between two whose params are kept: 1, unless there are very many numbers."""
    return max(1, -(-(run.total + 1) * run.objective.size * 8 // MOST_BYTES))


def checkpoint_every(run: Run) -> int:
    """Return how many updates lie between two checkpoints: few enough that one step is explained at once."""
    objective, kept = run.objective, kept_every(run)
    work = objective.samples if objective.is_planar else work_of(run)
    wanted = max(16 if work <= 4096 else 1, -(-run.total * MEMORIES * objective.size * 8 // MOST_BYTES))
    return -(-wanted // kept) * kept


def shown_every(run: Run) -> int:
    """Return how many updates lie between two whose error is shown: to measure it must not outweigh training."""
    every = -(-run.total // SHOWN)
    return every if run.objective.is_planar else max(every, -(-run.objective.samples // (SHARE * run.batch_size)))


def work_of(run: Run) -> int:
    """Return what an update takes, in gradients of a neuron on one sample."""
    return run.batch_size * max(1, run.objective.size // 2)


def is_heavy(run: Run) -> bool:
    """Return whether to measure the error once, or to make an update again, takes longer than a frame may."""
    objective = run.objective
    again = checkpoint_every(run) * (CALLS + work_of(run))
    return not objective.is_planar and max(objective.samples * objective.size // 2, again) > HEAVY
