"""A student: the loop of :mod:`gdviz.training.loop` with one line that may be changed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from gdviz.explaining.working import PARAMS
from gdviz.notation.expressions import evaluate
from gdviz.notation.reading import read
from gdviz.registry import Registry
from gdviz.training import Loop, Point

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gdviz.objectives import Array
    from gdviz.optimizers import Optimizer
    from gdviz.training import Run

__all__ = ["MISTAKES", "Rewritten", "State", "Student", "both", "walk"]

State = tuple["Array", ...]


class Student(Loop):
    """Does everything right, line by line; a mistake is a subclass that changes one line and says what it is.

    Mistakes call what they override by ``super()``, so that two of them can be made at once.
    """

    cause: ClassVar[str] = ""
    """What was done instead, as the end of a sentence."""
    plain: ClassVar[str] = ""
    """The same without a number of the task, for a hint; empty: the cause has none."""

    def can_be_made(self, run: Run) -> bool:
        """Return whether the line that is changed is there in this run."""
        return True

    def believed(self, run: Run) -> Run:
        """Return the run that is computed."""
        return run

    def equations(self, optimizer: Optimizer) -> tuple[str, ...]:
        """Return the rule as it was understood, in the lecture's notation."""
        return optimizer.written()

    def asked_at(self, run: Run, point: Point, hyperparameters: Sequence[float]) -> Array:
        """Return where the gradient is taken, by the equations where they are other ones."""
        ours, right = (_ahead(lines) for lines in (self.equations(run.optimizer), run.optimizer.written()))
        if ours == right:
            return super().asked_at(run, point, hyperparameters)
        known = _known(run.optimizer, point.state, hyperparameters) | {PARAMS: point.params}
        return point.params if ours is None else np.asarray(evaluate(read(ours).value, known))

    def rule(
        self, run: Run, g: Array, t: int, state: State, hyperparameters: Sequence[float]
    ) -> tuple[Array, State, State]:
        """Return what is subtracted, the new memory, and the terms, by the equations where they are other ones."""
        equations = self.equations(run.optimizer)
        if equations == run.optimizer.written():
            return super().rule(run, g, t, state, hyperparameters)
        return _worked(equations, run.optimizer, g, t, state, hyperparameters)


MISTAKES: Registry[type[Student]] = Registry("mistake")
"""Every mistake that is looked for in any run, the likeliest first."""


class Rewritten(Student):
    """A mistake in the rule: what `pattern` finds in its equations was written as `replacement`."""

    pattern: ClassVar[str]
    replacement: ClassVar[str]

    def equations(self, optimizer: Optimizer) -> tuple[str, ...]:
        """Return the equations with the mistake; a line of which nothing is left is left out."""
        return tuple(filter(None, (self._rewritten(line) for line in super().equations(optimizer))))

    def _rewritten(self, line: str) -> str:
        return re.sub(self.pattern, self.replacement, line)

    def can_be_made(self, run: Run) -> bool:
        """Return whether the rule has what is rewritten."""
        return self.equations(run.optimizer) != run.optimizer.written()


def both(one: type[Student], other: type[Student]) -> type[Student]:
    """Return the student who makes two mistakes."""
    cause = f"two mistakes: {one.cause}; and {other.cause}"
    return type(f"{one.__name__}And{other.__name__}", (one, other), {"cause": cause, "can_be_made": _can_both})


def _can_both(self: Student, run: Run) -> bool:
    return all(issubclass(mistake, Student) and mistake().can_be_made(run) for mistake in type(self).__bases__)


def _ahead(equations: Sequence[str]) -> str | None:
    """Return the line that says where the gradient is taken; None: at the params."""
    return next((line for line in equations if " at " in line), None)


def _known(optimizer: Optimizer, state: State, hyperparameters: Sequence[float]) -> dict[str, Any]:
    """Return what the symbols of an optimizer's equations stand for before an update."""
    symbols = (declared.symbol for declared in optimizer.params())
    known: dict[str, Any] = dict(zip(symbols, hyperparameters, strict=True))
    return known | {term.symbol: value for term, value in zip(optimizer.state, state, strict=True)}


def _worked(
    equations: Sequence[str], optimizer: Optimizer, g: Array, t: int, state: State, hyperparameters: Sequence[float]
) -> tuple[Array, State, State]:
    """Return step, memory and terms as the equations have them; ``n`` in them is Σ g² over all params."""
    known = {PARAMS: np.zeros_like(g)} | _known(optimizer, state, hyperparameters)
    before = known[PARAMS]
    known |= {"g": g, "t": t, "n": np.full_like(g, g @ g)}
    for equation in map(read, equations):
        if equation.relation != "at":
            known[equation.target] = np.broadcast_to(evaluate(equation.value, known), g.shape)
    terms = tuple(np.asarray(known.get(term.symbol, np.full_like(g, np.nan))) for term in optimizer.terms)
    return before - known[PARAMS], tuple(known[term.symbol] for term in optimizer.state), terms


def anchored(point: Point, params: Array, optimizer: Optimizer) -> Point:
    """Return a point moved to the params of a row; a memory that is the params goes along."""
    kinds = [term.kind for term in optimizer.state]
    moved = tuple(
        s + (params - point.params) if kind == "point" else s for s, kind in zip(point.state, kinds, strict=True)
    )
    return replace(point, params=params, state=moved)


def walk(student: Student, run: Run, updates: int) -> Array:
    """Return the params after 0, 1, … `updates` updates as the student computes them, shape (updates + 1, n)."""
    with np.errstate(all="ignore"):
        return np.array([point.params for point in points(student, student.believed(run), updates)])


def points(student: Student, run: Run, updates: int) -> Iterator[Point]:
    """Yield where the student stands after 0, 1, … `updates` updates of what the student computes."""
    point = student.start(run)
    yield point
    for _ in range(updates):
        point = student.following(run, point).point
        yield point
