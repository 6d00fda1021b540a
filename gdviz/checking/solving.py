"""Values that were set otherwise than stated, found from the rows: hyperparameters by a search, and the start."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.checking.mistakes import MISTAKES, Student, both, otherwise_set
from gdviz.checking.mistakes.settings import otherwise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdviz.checking.judging import Judge
    from gdviz.training import Run

__all__ = ["solved"]

ROWS = 8
"""Rows from which a value is found; all of them decide whether it is right."""
STEPS = 60
RATIO = (5**0.5 - 1) / 2


def solved(judge: Judge) -> Iterator[type[Student]]:
    """Yield the students who took another value of one hyperparameter, or began elsewhere, and explain every row."""
    run = judge.run
    if judge.updates[0] == 0 and (elsewhere := _elsewhere(judge)) is not None:
        yield elsewhere
    for declared in run.optimizer.params():
        if declared.is_switch:
            continue
        value = _searched(judge, declared.name)
        student = None if value is None else otherwise_set(run, declared.name, value)
        if student is not None and judge.explains(student):
            yield student


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


def _searched(judge: Judge, name: str) -> float | None:
    """Return the value of a hyperparameter that brings the first rows nearest: a golden section over its slider."""
    declared: Any = next(one for one in judge.run.optimizer.params() if one.name == name)
    low, high = declared.slider
    if declared.log:
        low, high = np.log(low / 100), np.log(high * 100)

    def meant(x: float) -> float:
        return float(np.exp(x)) if declared.log else x

    def misfit(x: float) -> float:
        student = otherwise_set(judge.run, name, meant(x))
        return np.inf if student is None else judge.misfit(student, ROWS)

    grid = np.linspace(low, high, STEPS)
    at = int(np.argmin([misfit(x) for x in grid]))
    low, high = grid[max(at - 1, 0)], grid[min(at + 1, STEPS - 1)]
    for _ in range(STEPS):
        a, b = high - RATIO * (high - low), low + RATIO * (high - low)
        low, high = (low, b) if misfit(a) < misfit(b) else (a, high)
    return meant((low + high) / 2)
