"""Mistakes in the initial state, and in when it is reset."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from gdviz.checking.mistakes.base import MISTAKES, Student, points

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdviz.objectives import Array
    from gdviz.optimizers import Term
    from gdviz.training import Point, Run, Step


class OfTheMemory(Student):
    """A mistake in the initial state."""

    def can_be_made(self, run: Run) -> bool:
        """Return whether there is a memory."""
        return any(term.kind != "point" for term in run.optimizer.state)


@lru_cache(maxsize=1)
def _end_of(run: Run) -> Point:
    *_, end = points(Student(), run, run.total)
    return end


def _starting(run: Run, point: Point, make: Callable[[Term, Array], Array]) -> Point:
    """Return the start with the state ``make(term, g)`` for each term, where g is the first gradient."""
    g = Student().following(run, point).gradient
    terms = zip(run.optimizer.state, point.state, strict=True)
    return replace(point, state=tuple(s if term.kind == "point" else make(term, g) for term, s in terms))


@MISTAKES
class MemoryResetEachEpoch(OfTheMemory):
    """v = 0 at the beginning of every epoch."""

    cause = "the memory was set to 0 at the beginning of every epoch"

    def can_be_made(self, run: Run) -> bool:
        """Return whether there is a memory, and several updates in an epoch."""
        return run.per_epoch > 1 and super().can_be_made(run)

    def following(self, run: Run, point: Point) -> Step:
        """Begin every epoch with an empty memory."""
        if point.update % run.per_epoch == 0:
            point = replace(point, state=run.optimizer.start_state(point.params))
        return super().following(run, point)


@MISTAKES
class StateKept(OfTheMemory):
    """The memory of the run before."""

    cause = "the memory was not reset: the run began with what the run before had left"

    def start(self, run: Run) -> Point:
        """Begin with the state at the end of such a run."""
        return replace(super().start(run), state=_end_of(run).state)


@MISTAKES
class MemoryFromOne(OfTheMemory):
    """v = 1 at first."""

    cause = "the memory starts at 1, not at 0"

    def start(self, run: Run) -> Point:
        """Begin with ones."""
        return _starting(run, super().start(run), lambda term, g: np.ones_like(g))


@MISTAKES
class MemoryFromGradient(OfTheMemory):
    """m = g and v = g² at first."""

    cause = "the memory starts at the first gradient and its square, not at 0"

    def start(self, run: Run) -> Point:
        """Begin with the first gradient."""
        return _starting(run, super().start(run), lambda term, g: g * g if term.kind == "number" else g)
