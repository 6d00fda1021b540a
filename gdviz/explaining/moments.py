"""Interesting moments of a run: where it turns back, overshoots, ends an epoch, or comes to rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gdviz.training.trajectory import Trajectory

__all__ = ["converged_at", "next_epoch", "next_overshoot", "next_turn", "turns"]

MOST, FEWEST = 4e6, 16
"""Evaluations of a sample in a block of updates, and the minimum number of errors in it."""
BLOCK = 4096
"""Number of updates that are searched at once."""
AT_REST = 1e-3
"""Maximum movement of a run at rest, as a share of the objective's box."""


BACK = -0.5
"""A step heads back where its angle with an earlier step exceeds 120°: the cosine is below this."""


def turns(trajectory: Trajectory) -> list[int]:
    """Return all updates at which the run turns back, see :func:`next_turn`."""
    updates: list[int] = []
    while (turn := next_turn(trajectory, updates[-1] if updates else 0)) is not None:
        updates.append(turn)
    return updates


def next_turn(trajectory: Trajectory, after: int) -> int | None:
    """Return the first update after `after` whose step heads back compared with the step at `after`; None: none does.

    A path may turn back at once or, with momentum, in a wide arc; in both cases the angle between the two steps exceeds
    120°. At the start, where there is no step, the first step is compared with. Where not all points are kept, moves
    between kept points stand for steps.
    """
    updates, points = trajectory.updates, trajectory.params
    origin = max(int(np.searchsorted(updates, after, side="right")) - 1, 1)
    heading = np.diff(points[origin - 1 : origin + 1], axis=0)[:1]
    for first in range(origin, len(updates) - 1, BLOCK):
        moves = np.diff(points[first : first + BLOCK + 1], axis=0)
        lengths = np.linalg.norm(moves, axis=1) * np.linalg.norm(heading)
        backwards = np.flatnonzero((moves * heading).sum(axis=1) < BACK * lengths)
        if len(backwards):
            return int(updates[first + 1 + int(backwards[0])])
    return None


def next_overshoot(trajectory: Trajectory, after: int) -> int | None:
    """Return the first update after `after` that raises the error although the one before it did not; None: none."""
    block = int(min(BLOCK, max(FEWEST, MOST / trajectory.run.objective.work)))
    for first in range(after, trajectory.last, block):
        window = np.arange(max(first - 1, 0), min(first + block, trajectory.last) + 1, dtype=np.intp)
        rises = np.diff(trajectory.error_at(window)) > 0  # from the one of update `first` on
        rises = rises if first > 0 else np.concatenate([[False], rises])
        begins = np.flatnonzero(rises[1:] & ~rises[:-1])
        if len(begins):
            return first + 1 + int(begins[0])
    return None


def next_epoch(trajectory: Trajectory, after: int) -> int | None:
    """Return the last update of the first epoch that ends after `after`; None where none does."""
    per_epoch = trajectory.run.per_epoch
    end = (after // per_epoch + 1) * per_epoch
    return end if end <= trajectory.last else None


def converged_at(trajectory: Trajectory) -> int:
    """Return the update from which on the run stays near its end; the last one where it does not come to rest."""
    params = trajectory.params
    reach = AT_REST * trajectory.run.objective.extent
    away = np.flatnonzero((np.abs(params - params[-1]) > reach).any(axis=1))
    first = int(trajectory.updates[min(int(away[-1]) + 1, len(params) - 1)]) if len(away) else 0
    is_at_rest = not trajectory.diverged and first < trajectory.last
    return first if is_at_rest else trajectory.last
