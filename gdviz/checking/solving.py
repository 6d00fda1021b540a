"""Values that were set otherwise than stated, found from the rows: hyperparameters by a search, and the start."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.checking.mistakes import MISTAKES, Student, both, otherwise_set
from gdviz.checking.mistakes.base import anchored
from gdviz.checking.mistakes.settings import otherwise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gdviz.checking.judging import Judge
    from gdviz.objectives import Samples
    from gdviz.training import Run

__all__ = ["solved", "solved_with"]

ROWS = 8
"""Rows from which a value is found; all of them decide whether it is right."""
FEW_ROWS = 4
"""The same where every mistake is tried."""
STEPS, SECTIONS = 60, 45
"""Values between which the best is looked for, and how often what lies between two of them is made narrower."""
DIGITS = (1, 2, 3, 4, 6, 17)
"""Somebody took a value of few digits rather than one of many."""
MOST_BATCHES = 3000
"""Batches of some of the samples that are tried for each row."""
RATIO = (5**0.5 - 1) / 2


def solved(judge: Judge) -> Iterator[type[Student]]:
    """Yield the students who took another value of one hyperparameter, or began elsewhere, and explain every row."""
    run = judge.run
    if (other_order := _other_order(judge)) is not None:
        yield other_order
    if judge.updates[0] == 0 and (elsewhere := _elsewhere(judge)) is not None:
        yield elsewhere
    for declared in run.optimizer.params():
        if declared.is_switch:
            continue
        found = _solved(judge, declared.name, Student, ROWS)
        if found is not None:
            yield found


def solved_with(judge: Judge, mistakes: Iterable[type[Student]]) -> Iterator[type[Student]]:
    """Yield the students who took another learning rate, made one of these mistakes too, and explain every row."""
    for mistake in mistakes:
        found = _solved(judge, "eta", mistake, FEW_ROWS)
        if found is not None:
            yield found


def _solved(judge: Judge, name: str, mistake: type[Student], rows: int) -> type[Student] | None:
    """Return who took another value of a hyperparameter, found from so many rows, and made that mistake."""
    value = _searched(judge, name, mistake, rows)
    students = (_with_value(judge.run, name, float(f"{value:.{digits}g}"), mistake) for digits in DIGITS)
    return next((student for student in students if student is not None and judge.explains(student)), None)


def _with_value(run: Run, name: str, value: float, mistake: type[Student]) -> type[Student] | None:
    """Return who makes a mistake and sets a hyperparameter otherwise; `Student` itself makes none."""
    student = otherwise_set(run, name, value)
    return student if student is None or mistake is Student else both(mistake, student)


class OtherOrder(Student):
    """Sees other samples in an update than those that are stated."""

    cause = "the batches hold other samples: the order is another one, such as that of a shuffle with another seed"

    def __init__(self, samples: Sequence[int] = ()) -> None:
        self._samples = np.array(samples, int)

    def batch(self, run: Run, update: int) -> Samples:
        """Return the samples that are tried."""
        return self._samples


def _other_order(judge: Judge) -> type[Student] | None:
    """Return who saw other samples, where for every row there are some that explain it."""
    run = judge.run
    N, size = run.objective.samples, run.batch_size
    if run.per_epoch == 1 or math.comb(N, size) > MOST_BATCHES or (np.diff(judge.updates) != 1).any():
        return None
    point = anchored(OtherOrder().start(run), judge.rows[0], run.optimizer)
    if judge.updates[0] != 0:
        return None
    for i in range(1, len(judge.rows)):
        tried = combinations(range(N), run.sampling.size_at(point.update, N))
        steps = (OtherOrder(samples).following(run, point) for samples in tried)
        step = next((one for one in steps if judge.is_near(one.params, i)), None)
        if step is None:
            return None
        point = anchored(step.point, judge.rows[i], run.optimizer)
    return OtherOrder


def _elsewhere(judge: Judge) -> type[Student] | None:
    """Return who begins where the rows begin, perhaps with a mistake after that."""
    run: Run = judge.run
    try:
        moved = replace(run, start=tuple(judge.rows[0].tolist()))
    except ValueError:
        return None
    names = ", ".join(f"{run.objective.name_of(i)} = {x:.6g}" for i, x in enumerate(judge.rows[0][:6]))
    student = otherwise(moved, f"the run starts at {names}", "the run starts elsewhere")
    if judge.explains(student):
        return student
    pairs = (both(student, mistake) for mistake in MISTAKES if mistake().can_be_made(run))
    return next((pair for pair in pairs if judge.explains(pair)), None)


def _searched(judge: Judge, name: str, mistake: type[Student], rows: int) -> float:
    """Return the value of a hyperparameter that brings the first rows nearest: a golden section over its slider."""
    declared: Any = next(one for one in judge.run.optimizer.params() if one.name == name)
    low, high = declared.slider
    if declared.log:
        low, high = np.log(low / 100), np.log(high * 100)

    def meant(x: float) -> float:
        return float(np.exp(x)) if declared.log else x

    def misfit(x: float) -> float:
        student = _with_value(judge.run, name, meant(x), mistake)
        return np.inf if student is None else judge.misfit(student, rows)

    grid = np.linspace(low, high, STEPS)
    at = int(np.argmin([misfit(x) for x in grid]))
    low, high = grid[max(at - 1, 0)], grid[min(at + 1, STEPS - 1)]
    for _ in range(SECTIONS):
        a, b = high - RATIO * (high - low), low + RATIO * (high - low)
        low, high = (low, b) if misfit(a) < misfit(b) else (a, high)
    return meant((low + high) / 2)
