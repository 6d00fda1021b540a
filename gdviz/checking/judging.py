"""Judges rows step by step: each is compared with what follows from the row before it.

The rule's memory is computed again from the rows themselves, so that what is wrong once is wrong once, and rounding
does not add up. Where a row stands for several updates, those between two rows are computed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from gdviz.checking.mistakes.base import anchored
from gdviz.checking.resolution import SINGLE, half_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdviz.checking.mistakes import Student
    from gdviz.objectives import Array
    from gdviz.training import Run

__all__ = ["Judge", "Judgement", "Updates"]

Updates = np.ndarray[tuple[int], np.dtype[np.intp]]
WAYS = 4
"""Rows are moved within their rounding in so many ways, to see how far what follows from them moves."""
FREE = 6.0
"""What follows may be off by so many times that."""
FIRST, NEARLY = 3, 1000.0
"""Rows of a quick look, and how many times their rounding they may be off in it."""


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
    is_stepwise
        Whether every row follows from the row before, wherever the path is.
    """

    explained: int
    following: Array
    off: float
    is_stepwise: bool


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
        self._is_coarse = bool((self._free > SINGLE * np.maximum(np.abs(np.nan_to_num(rows)), 1.0)).any())
        random, turned = np.random.default_rng(0), (-1.0) ** np.arange(rows.shape[1])
        sides = [random.choice([-1.0, 1.0], rows.shape) for _ in range(WAYS // 2)]
        # Of two params the two ways of a pair are at right angles: the one finds what the other happens to leave.
        self._nudged = [rows + way * side * self._free for side in sides for way in (1.0, turned)]

    def judge(self, student: type[Student], whole: bool = False) -> Judgement:
        """Return how far a student explains the rows.

        Parameters
        ----------
        student
            Who may have computed the rows.
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
                free = self._free[max(i - 1, 0)] + self._free[i] + FREE * np.nan_to_num(moved, nan=0.0)
                is_right = bool((gap <= free).all())
                if is_right and explained == i:
                    explained, off = i + 1, max(off, float(gap.max()))
                elif not whole:
                    break
        found = Judgement(explained, np.array(seen), off, explained == len(self.rows))
        return self._on_path(student, found) if found.is_stepwise and self._is_coarse else found

    def _on_path(self, student: type[Student], found: Judgement) -> Judgement:
        """Return the judgement of rows of few digits, which have to be near the student's own path, too.

        What such a row leaves open is more than many a mistake changes in one update; but it was rounded for the eye
        alone, so nothing adds up. Who computes with single precision is free in what comes of that; who computes by
        hand, with the rounded numbers, is told from a mistake by :attr:`Judgement.is_stepwise`.
        """
        with np.errstate(all="ignore"):
            path, *others = (np.array(list(self._path(student, way))) for way in (0.0, 1.0, -1.0))
            moved = np.maximum.accumulate(np.max([np.abs(other - path) for other in others], axis=0))
            gap = np.where(_same(path, self.rows), 0.0, np.abs(path - self.rows))
            is_near = (gap <= 2 * self._free + FREE * np.nan_to_num(moved, nan=np.inf)).all(axis=1)
        if is_near.all():
            return found
        return replace(found, explained=int(np.argmin(is_near)), following=path)

    def _path(self, student: type[Student], way: float) -> Iterator[Array]:
        """Yield where the student is at each row, with params that are moved by single precision after each update."""
        made, random = student(), np.random.default_rng(1)
        run = made.believed(self.run)
        point = made.start(run)
        for update in self.updates:
            while point.update < update:
                point = made.following(run, point).point
                if way:
                    side = random.choice([-way, way], len(point.params)) * SINGLE
                    moved = point.params + side * np.maximum(np.abs(point.params), 1.0)
                    point = anchored(point, moved, run.optimizer)
            yield point.params

    def explains(self, student: type[Student]) -> bool:
        """Return whether a student explains every row."""
        made = student()
        return made.can_be_made(self.run) and self.judge(student).explained == len(self.rows)

    def may_explain(self, student: type[Student]) -> bool:
        """Return whether the first rows are nearly as a student computes them: a quick look at one of very many."""
        with np.errstate(all="ignore"):
            walk = zip(self._following(student, self.rows), self.rows, self._free, strict=True)
            return all((np.abs(params - row) <= NEARLY * free).all() for params, row, free in islice(walk, FIRST))

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
