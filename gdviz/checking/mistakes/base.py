"""Students: the loop of :mod:`gdviz.training.loop`, perhaps with a mistake in one of its lines."""

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
    """A student who makes no mistake. A mistake is a subclass that overrides one line of the loop and has a `cause`.

    Overriding methods call ``super()``, so that two mistakes can be combined by multiple inheritance.
    """

    cause: ClassVar[str] = ""
    """The mistake, as the end of a sentence."""
    plain: ClassVar[str] = ""
    """The cause without numbers of the task, for a hint; empty: the cause has no numbers."""

    def can_be_made(self, run: Run) -> bool:
        """Return whether the mistake makes a difference in this run."""
        return True

    def own_run(self, run: Run) -> Run:
        """Return the run that the student computes."""
        return run

    def equations(self, optimizer: Optimizer) -> tuple[str, ...]:
        """Return the rule as the student writes it, in the lecture's notation."""
        return optimizer.written()

    def asked_at(self, run: Run, point: Point, hyperparameters: Sequence[float]) -> Array:
        """Return the point at which the gradient is evaluated, by the student's equations if they differ."""
        ours, right = (_ahead(lines) for lines in (self.equations(run.optimizer), run.optimizer.written()))
        if ours == right:
            return super().asked_at(run, point, hyperparameters)
        values = _values_of(run.optimizer, point.state, hyperparameters) | {PARAMS: point.params}
        return point.params if ours is None else np.asarray(evaluate(read(ours).value, values))

    def rule(
        self, run: Run, g: Array, t: int, state: State, hyperparameters: Sequence[float]
    ) -> tuple[Array, State, State]:
        """Return the step, the new state and the terms, by the student's equations if they differ."""
        equations = self.equations(run.optimizer)
        if equations == run.optimizer.written():
            return super().rule(run, g, t, state, hyperparameters)
        return _evaluate_rule(equations, run.optimizer, g, t, state, hyperparameters)


MISTAKES: Registry[type[Student]] = Registry("mistake")
"""Every mistake that is tried on any run, the likeliest first."""


class Rewritten(Student):
    """A mistake in the rule: matches of `pattern` in its equations are replaced by `replacement`."""

    pattern: ClassVar[str]
    replacement: ClassVar[str]

    def equations(self, optimizer: Optimizer) -> tuple[str, ...]:
        """Return the equations with the mistake; lines that become empty are left out."""
        return tuple(filter(None, (self._rewritten(line) for line in super().equations(optimizer))))

    def _rewritten(self, line: str) -> str:
        return re.sub(self.pattern, self.replacement, line)

    def can_be_made(self, run: Run) -> bool:
        """Return whether the pattern is in the rule's equations."""
        return self.equations(run.optimizer) != run.optimizer.written()


def both(one: type[Student], other: type[Student]) -> type[Student]:
    """Return the student who makes two mistakes."""
    cause = f"two mistakes: {one.cause}; and {other.cause}"
    return type(f"{one.__name__}And{other.__name__}", (one, other), {"cause": cause, "can_be_made": _can_both})


def _can_both(self: Student, run: Run) -> bool:
    return all(issubclass(mistake, Student) and mistake().can_be_made(run) for mistake in type(self).__bases__)


def _ahead(equations: Sequence[str]) -> str | None:
    """Return the equation of the point at which the gradient is evaluated; None: at the params."""
    return next((line for line in equations if " at " in line), None)


def _values_of(optimizer: Optimizer, state: State, hyperparameters: Sequence[float]) -> dict[str, Any]:
    """Return the values of an optimizer's symbols, hyperparameters and state, before an update."""
    symbols = (param.symbol for param in optimizer.params())
    values: dict[str, Any] = dict(zip(symbols, hyperparameters, strict=True))
    return values | {term.symbol: value for term, value in zip(optimizer.state, state, strict=True)}


def _evaluate_rule(
    equations: Sequence[str], optimizer: Optimizer, g: Array, t: int, state: State, hyperparameters: Sequence[float]
) -> tuple[Array, State, State]:
    """Return step, state and terms by the equations; the symbol ``n`` in them is Σ g² over all params."""
    values = {PARAMS: np.zeros_like(g)} | _values_of(optimizer, state, hyperparameters)
    before = values[PARAMS]
    values |= {"g": g, "t": t, "n": np.full_like(g, g @ g)}
    for equation in map(read, equations):
        if equation.relation != "at":
            values[equation.target] = np.broadcast_to(evaluate(equation.value, values), g.shape)
    terms = tuple(np.asarray(values.get(term.symbol, np.full_like(g, np.nan))) for term in optimizer.terms)
    return before - values[PARAMS], tuple(values[term.symbol] for term in optimizer.state), terms


def at_params(point: Point, params: Array, optimizer: Optimizer) -> Point:
    """Return the point moved to `params`; a state that holds the params moves along."""
    kinds = [term.kind for term in optimizer.state]
    state = tuple(
        s + (params - point.params) if kind == "point" else s for s, kind in zip(point.state, kinds, strict=True)
    )
    return replace(point, params=params, state=state)


def walk(student: Student, run: Run, updates: int) -> Array:
    """Return the params after 0, 1, … `updates` updates as the student computes them, shape (updates + 1, n)."""
    with np.errstate(all="ignore"):
        return np.array([point.params for point in points(student, student.own_run(run), updates)])


def points(student: Student, run: Run, updates: int) -> Iterator[Point]:
    """Yield the student's point after 0, 1, … `updates` updates of `run`."""
    point = student.start(run)
    yield point
    for _ in range(updates):
        point = student.following(run, point).point
        yield point
