"""Judges rows step by step: each is compared with what follows from the row before it.

The rule's memory is computed again from the rows themselves, so that what is wrong once is wrong once, and rounding
does not add up. Where a row stands for several updates, those between two rows are computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdviz.checking.mistakes.base import anchored
from gdviz.checking.resolution import half_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdviz.checking.mistakes import Student
    from gdviz.objectives import Array
    from gdviz.training import Run

__all__ = ["Judge", "Judgement", "Updates"]

Updates = np.ndarray[tuple[int], np.dtype[np.intp]]
NUDGES = (1.0, -1.0, 0.5)
"""Rows are moved within their rounding in so many ways, to see how far what follows from them moves."""
FREE = 6.0
"""What follows may be off by so many times that."""


@dataclass(frozen=True, eq=False)
class Judgement:
    """How far a student explains rows.

    Attributes
    ----------
    explained
        The number of rows from the first on that are as the student computes them.
    following
        What follows from the row before, for the rows that were looked at, shape (≤ rows, n).
    off
        By how much the explained rows are off at most.
    """

    explained: int
    following: Array
    off: float


class Judge:
    """Compares rows with what students compute.

    Parameters
    ----------
    run
        What is stated to be computed.
    rows
        The params, shape (rows, n).
    updates
        After which update each row stands.
    """

    def __init__(self, run: Run, rows: Array, updates: Updates) -> None:
        self.run, self.rows, self.updates = run, rows, updates
        self._free = half_units(rows)
        sides = np.random.default_rng(0).choice([-1.0, 1.0], rows.shape)
        self._nudged = [rows + nudge * sides * self._free for nudge in NUDGES[:2]]
        self._nudged.append(rows + NUDGES[2] * np.roll(sides, 1, axis=1) * self._free)

    def judge(self, student: type[Student], whole: bool = False) -> Judgement:
        """Return how far a student explains the rows.

        Parameters
        ----------
        whole
            Whether to go on where a row is not explained; otherwise that is the end.
        """
        walks = [self._following(student, rows) for rows in (self.rows, *self._nudged)]
        seen, explained, off = [], 0, 0.0
        with np.errstate(all="ignore"):
            for i, (params, *others) in enumerate(zip(*walks, strict=True)):
                seen.append(params)
                moved = np.max([np.abs(other - params) for other in others], axis=0)
                gap = np.where(_same(params, self.rows[i]), 0.0, np.abs(params - self.rows[i]))
                is_right = bool((gap <= self._free[i] + FREE * np.nan_to_num(moved, nan=0.0)).all())
                if is_right and explained == i:
                    explained, off = i + 1, max(off, float(gap.max()))
                elif not whole:
                    break
        return Judgement(explained, np.array(seen), off)

    def explains(self, student: type[Student]) -> bool:
        """Return whether a student explains every row."""
        made = student()
        return made.can_be_made(self.run) and self.judge(student).explained == len(self.rows)

    def is_near(self, params: Array, row: int) -> bool:
        """Return whether params are those of a row, within a few times its rounding."""
        return bool((np.abs(params - self.rows[row]) <= FREE * self._free[row]).all())

    def misfit(self, student: type[Student], rows: int) -> float:
        """Return how far the first rows are from what a student computes, added up."""
        with np.errstate(all="ignore"):
            seen = [params for params, _ in zip(self._following(student, self.rows), range(rows), strict=False)]
            gaps = np.abs(np.array(seen) - self.rows[: len(seen)]).max(axis=1)
        return float(np.nan_to_num(np.sum(gaps), nan=np.inf))

    def _following(self, student: type[Student], rows: Array) -> Iterator[Array]:
        """Yield what follows from each row for the next one, beginning with the start."""
        made = student()
        run = made.believed(self.run)
        point = made.start(run)
        for update, row in zip(self.updates, rows, strict=True):
            while point.update < update:
                point = made.following(run, point).point
            yield point.params
            point = anchored(point, row, run.optimizer)


def _same(one: Array, other: Array) -> Array:
    """Return where numbers are equal, or both are none: a log of a run that diverged."""
    return np.asarray((one == other) | (~np.isfinite(one) & ~np.isfinite(other)))
