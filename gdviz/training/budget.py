"""How many points of a run are kept, and how often its error is measured, within limits of memory and time.

A race has one budget of memory, the same on every computer, and its runs share it. So what is kept depends on the race
alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.training.run import Run

__all__ = ["checkpoint_every", "is_heavy", "kept_every", "least_bytes", "measured_every", "shown_every", "work_of"]

SHOWN = 512
"""Approximate number of updates of a run whose error is shown."""
MOST_BYTES = 1 << 29
"""Maximum number of bytes for the points of a race's runs; the same for the rules' states, and for the errors.

A race that would need more keeps only every k-th of them.
"""
MEMORIES = 2
"""Assumed number of states of a rule. It is the same for every rule, so that runs in step share their checkpoints."""
UPDATING = 12
"""Vectors of the params' length that an update needs, including the start as Python numbers."""
STANDING = 4
"""Points of a run, with states, that exist at once: its start, the last two, and one that is handed on."""
CALLS = 10**5
"""Cost of the calls of an update, in multiplications."""
HEAVY = 10**7
"""Number of multiplications above which work takes longer than a frame."""
SHARE = 3
"""Maximum number of samples on which a network's error is measured, per sample that updates see."""


def kept_every(run: Run) -> int:
    """Return k where every k-th update's params are kept: 1, unless there are very many numbers."""
    return max(1, -(-(run.total + 1) * run.objective.size * 8 // _share(run)))


def measured_every(run: Run) -> int:
    """Return k where there is memory for every k-th update's error and scores: 1, unless there are very many."""
    return max(1, -(-(run.total + 1) * (1 + len(run.objective.score_names)) * 8 // _share(run)))


def _share(run: Run) -> int:
    """Return a run's share of the race's budget, in bytes."""
    return MOST_BYTES // run.racers


def checkpoint_every(run: Run) -> int:
    """Return the number of updates between checkpoints: few enough to recompute any step quickly."""
    objective, stride = run.objective, kept_every(run)
    work = objective.samples if objective.is_planar else work_of(run)
    spacing = max(16 if work <= 4096 else 1, -(-run.total * MEMORIES * objective.size * 8 // _share(run)))
    return -(-spacing // stride) * stride


def shown_every(run: Run) -> int:
    """Return k where every k-th update's error is shown: measuring must not take longer than training."""
    every = -(-run.total // SHOWN)
    return every if run.objective.is_planar else max(every, -(-run.objective.samples // (SHARE * run.batch_size)))


def least_bytes(runs: Sequence[Run]) -> int:
    """Return the minimum number of bytes that a race needs, even if almost nothing of it is kept.

    Each run needs its start and its points before and after an update, with params and states; one run is updated at a
    time.
    """
    standing = sum(STANDING * (1 + len(run.optimizer.state)) for run in runs)
    return 8 * runs[0].objective.size * (standing + UPDATING)


def work_of(run: Run) -> int:
    """Return the cost of an update, in gradients of a neuron on one sample."""
    return run.batch_size * max(1, run.objective.size // 2)


def is_heavy(run: Run) -> bool:
    """Return whether measuring the error once, or recomputing an update, takes longer than a frame."""
    objective = run.objective
    again = checkpoint_every(run) * (CALLS + work_of(run))
    return not objective.is_planar and max(objective.samples * objective.size // 2, again) > HEAVY
