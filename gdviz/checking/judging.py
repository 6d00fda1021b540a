"""Judges rows one by one: each is compared with the prediction from the row before it.

The rule's state is recomputed from the rows themselves. So a single wrong row counts once, and rounding errors do not
add up. Where there are several updates between two rows, all of them are computed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from gdviz.checking.mistakes.base import at_params
from gdviz.checking.resolution import SINGLE, half_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdviz.checking.mistakes import Student
    from gdviz.objectives import Array
    from gdviz.training import Run

__all__ = ["Judge", "Judgement", "Updates"]

Updates = np.ndarray[tuple[int], np.dtype[np.intp]]
WAYS = 4
"""Number of ways in which rows are moved within their rounding, to measure how much predictions depend on it."""
FREE = 6.0
"""Factor on that dependence by which a prediction may differ from a row."""
FIRST, NEARLY = 3, 1000.0
"""Number of rows of a quick check, and the factor on their rounding by which they may be off in it."""


@dataclass(frozen=True, eq=False)
class Judgement:
    """How well a student's predictions match rows.

    Attributes
    ----------
    matches
        The number of rows, from the first on, that match the predictions.
    predictions
        The prediction for each row that was examined, from the row before it, shape (≤ rows, n).
    largest_gap
        The largest difference between a matching row and its prediction.
    is_stepwise
        Whether every row matches the prediction from the row before it, even if the whole path does not match.
    """

    matches: int
    predictions: Array
    largest_gap: float
    is_stepwise: bool


class Judge:
    """Compares rows with the predictions of students.

    Parameters
    ----------
    run
        The run that the rows should be.
    rows
        The params, shape (rows, n).
    updates
        The number of the update after which each row was logged.
    """

    def __init__(self, run: Run, rows: Array, updates: Updates) -> None:
        self.run, self.rows, self.updates = run, rows, updates
        self._rounding = half_units(rows)
        self._is_coarse = bool((self._rounding > SINGLE * np.maximum(np.abs(np.nan_to_num(rows)), 1.0)).any())
        random, signs = np.random.default_rng(0), (-1.0) ** np.arange(rows.shape[1])
        sides = [random.choice([-1.0, 1.0], rows.shape) for _ in range(WAYS // 2)]
        # For two params the two directions of a pair are orthogonal, so that together they find any dependence.
        self._neighbours = [rows + way * side * self._rounding for side in sides for way in (1.0, signs)]

    def judge(self, student: type[Student], whole: bool = False) -> Judgement:
        """Return how well a student's predictions match the rows.

        Parameters
        ----------
        student
            The student who may have computed the rows.
        whole
            Whether to go on after a row that does not match; otherwise the comparison ends there.
        """
        walks = [self._predict(student, rows) for rows in (self.rows, *self._neighbours)]
        predictions, matches, largest_gap = [], 0, 0.0
        with np.errstate(all="ignore"):
            for i, (params, *others) in enumerate(zip(*walks, strict=True)):
                predictions.append(params)
                sensitivity = np.max([np.abs(other - params) for other in others], axis=0)
                gap = np.where(_same(params, self.rows[i]), 0.0, np.abs(params - self.rows[i]))
                tolerance = (
                    self._rounding[max(i - 1, 0)] + self._rounding[i] + FREE * np.nan_to_num(sensitivity, nan=0.0)
                )
                is_right = bool((gap <= tolerance).all())
                if is_right and matches == i:
                    matches, largest_gap = i + 1, max(largest_gap, float(gap.max()))
                elif not whole:
                    break
        judgement = Judgement(matches, np.array(predictions), largest_gap, matches == len(self.rows))
        return self._on_path(student, judgement) if judgement.is_stepwise and self._is_coarse else judgement

    def _on_path(self, student: type[Student], judgement: Judgement) -> Judgement:
        """Return the judgement of rows with few digits, which must also be near the student's own path.

        The rounding of such a row hides more than the effect of many mistakes in one update. But usually rows are
        rounded only for display, so the errors do not add up along the path. The tolerance includes the effects of
        single precision. A path that was computed by hand, with rounded numbers, differs from one with a mistake in
        :attr:`Judgement.is_stepwise`.
        """
        with np.errstate(all="ignore"):
            path, *others = (np.array(list(self._path(student, way))) for way in (0.0, 1.0, -1.0))
            sensitivity = np.maximum.accumulate(np.max([np.abs(other - path) for other in others], axis=0))
            gap = np.where(_same(path, self.rows), 0.0, np.abs(path - self.rows))
            is_near = (gap <= 2 * self._rounding + FREE * np.nan_to_num(sensitivity, nan=np.inf)).all(axis=1)
        if is_near.all():
            return judgement
        return replace(judgement, matches=int(np.argmin(is_near)), predictions=path)

    def _path(self, student: type[Student], way: float) -> Iterator[Array]:
        """Yield the student's params at each row; `way` ±1 moves them by single precision in each update."""
        pupil, random = student(), np.random.default_rng(1)
        run = pupil.own_run(self.run)
        point = pupil.start(run)
        for update in self.updates:
            while point.update < update:
                point = pupil.following(run, point).point
                if way:
                    side = random.choice([-way, way], len(point.params)) * SINGLE
                    nudged_params = point.params + side * np.maximum(np.abs(point.params), 1.0)
                    point = at_params(point, nudged_params, run.optimizer)
            yield point.params

    def explains(self, student: type[Student]) -> bool:
        """Return whether a student's predictions match all rows."""
        pupil = student()
        return pupil.can_be_made(self.run) and self.judge(student).matches == len(self.rows)

    def may_explain(self, student: type[Student]) -> bool:
        """Return whether the first rows nearly match a student's predictions: a quick check for many candidates."""
        with np.errstate(all="ignore"):
            walk = zip(self._predict(student, self.rows), self.rows, self._rounding, strict=True)
            return all((np.abs(params - row) <= NEARLY * free).all() for params, row, free in islice(walk, FIRST))

    def is_near(self, params: Array, row: int) -> bool:
        """Return whether params match a row, within a few times its rounding."""
        return bool((np.abs(params - self.rows[row]) <= FREE * self._rounding[row]).all())

    def misfit(self, student: type[Student], rows: int) -> float:
        """Return the sum of the differences between the first rows and a student's predictions."""
        with np.errstate(all="ignore"):
            predictions = [params for params, _ in zip(self._predict(student, self.rows), range(rows), strict=False)]
            gaps = np.abs(np.array(predictions) - self.rows[: len(predictions)]).max(axis=1)
        return float(np.nan_to_num(np.sum(gaps), nan=np.inf))

    def _predict(self, student: type[Student], rows: Array) -> Iterator[Array]:
        """Yield the prediction for each row from the row before it, and the start for the first one."""
        pupil = student()
        run = pupil.own_run(self.run)
        point = pupil.start(run)
        for update, row in zip(self.updates, rows, strict=True):
            while point.update < update:
                point = pupil.following(run, point).point
            yield point.params
            point = at_params(point, row, run.optimizer)


def _same(one: Array, other: Array) -> Array:
    """Return where numbers are equal, or both are not finite, as in the log of a diverged run."""
    return np.asarray((one == other) | (~np.isfinite(one) & ~np.isfinite(other)))
