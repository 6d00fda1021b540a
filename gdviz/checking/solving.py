"""Finds values that differ from the stated ones from the rows: a hyperparameter, the start, or the batches."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.checking.mistakes import MISTAKES, Student, both, with_setting
from gdviz.checking.mistakes.base import at_params
from gdviz.checking.mistakes.settings import otherwise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gdviz.checking.judging import Judge
    from gdviz.objectives import Samples
    from gdviz.training import Run

__all__ = ["solve", "solve_with"]

ROWS = 8
"""Number of rows from which a value is estimated; all rows decide whether it is right."""
FEW_ROWS = 4
"""The same where every mistake is tried along with it."""
STEPS, SECTIONS = 60, 45
"""Number of values on the grid of the search, and of steps of the golden section search after it."""
DIGITS = (1, 2, 3, 4, 6, 17)
"""Numbers of digits to which a value is rounded, in this order: people choose values with few digits."""
MOST_BATCHES = 3000
"""Maximum number of possible batches that are tried for each row."""
RATIO = (5**0.5 - 1) / 2


def solve(judge: Judge) -> Iterator[type[Student]]:
    """Yield students who match all rows with other batches, another start, or another value of a hyperparameter."""
    run = judge.run
    if (other_order := _other_order(judge)) is not None:
        yield other_order
    if judge.updates[0] == 0 and (elsewhere := _elsewhere(judge)) is not None:
        yield elsewhere
    for param in run.optimizer.params():
        if param.is_switch:
            continue
        student = _solve(judge, param.name, Student, ROWS)
        if student is not None:
            yield student


def solve_with(judge: Judge, mistakes: Iterable[type[Student]]) -> Iterator[type[Student]]:
    """Yield students who match all rows with another learning rate and one of these mistakes."""
    for mistake in mistakes:
        student = _solve(judge, "eta", mistake, FEW_ROWS)
        if student is not None:
            yield student


def _solve(judge: Judge, name: str, mistake: type[Student], rows: int) -> type[Student] | None:
    """Return the student with another value of a hyperparameter, estimated from the first rows, and a mistake."""
    value = _search(judge, name, mistake, rows)
    students = (_with_value(judge.run, name, float(f"{value:.{digits}g}"), mistake) for digits in DIGITS)
    return next((student for student in students if student is not None and judge.explains(student)), None)


def _with_value(run: Run, name: str, value: float, mistake: type[Student]) -> type[Student] | None:
    """Return the student with a value of a hyperparameter and a mistake; `Student` itself makes no mistake."""
    student = with_setting(run, name, value)
    return student if student is None or mistake is Student else both(mistake, student)


class OtherOrder(Student):
    """Uses other samples in an update than the stated ones."""

    cause = "the batches hold other samples: the order is another one, such as that of a shuffle with another seed"

    def __init__(self, samples: Sequence[int] = ()) -> None:
        self._samples = np.array(samples, int)

    def batch(self, run: Run, update: int) -> Samples:
        """Return the samples of this student."""
        return self._samples


def _other_order(judge: Judge) -> type[Student] | None:
    """Return :class:`OtherOrder` if for every row there is a batch that gives it."""
    run = judge.run
    N, size = run.objective.samples, run.batch_size
    if run.per_epoch == 1 or math.comb(N, size) > MOST_BATCHES or (np.diff(judge.updates) != 1).any():
        return None
    point = at_params(OtherOrder().start(run), judge.rows[0], run.optimizer)
    if judge.updates[0] != 0:
        return None
    for i in range(1, len(judge.rows)):
        batches = combinations(range(N), run.sampling.size_at(point.update, N))
        steps = (OtherOrder(samples).following(run, point) for samples in batches)
        step = next((one for one in steps if judge.is_near(one.params, i)), None)
        if step is None:
            return None
        point = at_params(step.point, judge.rows[i], run.optimizer)
    return OtherOrder


def _elsewhere(judge: Judge) -> type[Student] | None:
    """Return a student with the rows' own start, perhaps with a mistake, who matches all rows."""
    run: Run = judge.run
    try:
        run_elsewhere = replace(run, start=tuple(judge.rows[0].tolist()))
    except ValueError:
        return None
    names = ", ".join(f"{run.objective.name_of(i)} = {x:.6g}" for i, x in enumerate(judge.rows[0][:6]))
    student = otherwise(run_elsewhere, f"the run starts at {names}", "the run starts elsewhere")
    if judge.explains(student):
        return student
    pairs = (both(student, mistake) for mistake in MISTAKES if mistake().can_be_made(run))
    return next((pair for pair in pairs if judge.explains(pair)), None)


def _search(judge: Judge, name: str, mistake: type[Student], rows: int) -> float:
    """Return the value of a hyperparameter that fits the first rows best, by a grid and a golden section search."""
    param: Any = next(one for one in judge.run.optimizer.params() if one.name == name)
    low, high = param.slider
    if param.log:
        low, high = np.log(low / 100), np.log(high * 100)

    def to_value(x: float) -> float:
        return float(np.exp(x)) if param.log else x

    def misfit(x: float) -> float:
        student = _with_value(judge.run, name, to_value(x), mistake)
        return np.inf if student is None else judge.misfit(student, rows)

    grid = np.linspace(low, high, STEPS)
    at = int(np.argmin([misfit(x) for x in grid]))
    low, high = grid[max(at - 1, 0)], grid[min(at + 1, STEPS - 1)]
    for _ in range(SECTIONS):
        a, b = high - RATIO * (high - low), low + RATIO * (high - low)
        low, high = (low, b) if misfit(a) < misfit(b) else (a, high)
    return to_value((low + high) / 2)
