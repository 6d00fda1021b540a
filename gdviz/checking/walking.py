"""A student who does everything right: the loop of :mod:`gdviz.training.loop`, each line of it open to a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from gdviz.training import Point

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdviz.objectives import Array
    from gdviz.objectives import Batch as Samples
    from gdviz.training import Run

__all__ = ["State", "Student", "points", "walk"]

State = tuple["Array", ...]


class Student:
    """Does everything right, line by line."""

    cause: ClassVar[str] = ""
    """What was done instead, as the end of a sentence."""

    def believed(self, run: Run) -> Run:
        """Return the run that is computed."""
        return run

    def start(self, run: Run) -> Point:
        """Return where it starts, with which memory."""
        return Point.start(run)

    def counter(self, run: Run, update: int) -> int:
        """Return t of the update before which `update` others were made."""
        return update + 1

    def asked_at(self, run: Run, point: Point, hyperparameters: tuple[float, ...]) -> Array:
        """Return where the gradient is taken."""
        look_ahead = run.optimizer.look_ahead
        return point.params if look_ahead is None else look_ahead(point.params, *point.state, *hyperparameters)

    def gradient(self, run: Run, at: Array, batch: Samples, update: int) -> Array:
        """Return the gradient of a batch in the update before which `update` others were made, not yet reduced."""
        return run.objective.gradient_in(at, batch, update, run.seed)

    def size(self, run: Run, update: int) -> int:
        """Return the size of the batch that a mean divides by."""
        return run.sampling.size_at(update, run.objective.samples)

    def step(self, run: Run, g: Array, t: int, state: State, hyperparameters: tuple[float, ...]) -> tuple[Array, State]:
        """Return what is subtracted, and the new memory."""
        step, state, _ = run.optimizer.rule(g, t, *state, *hyperparameters)
        return step, state

    def following(self, run: Run, point: Point) -> Point:
        """Return where the run stands after the next update."""
        hyperparameters = run.optimizer.hyperparameters(run.eta(point.update))
        g = self.divided(run, point, self.asked_at(run, point, hyperparameters))
        step, state = self.step(run, g, self.counter(run, point.update), point.state, hyperparameters)
        return _shrunk(run, point, Point(point.update + 1, point.params - step, state))

    def divided(self, run: Run, point: Point, at: Array) -> Array:
        """Return the gradient as the rule sees it."""
        batch = run.sampling.batch(point.update, run.objective.samples, run.seed)
        size = self.size(run, point.update)
        divisor = run.objective.divisor(run.reduction, size, run.optimizer.lecture_divides)
        return self.gradient(run, at, batch, point.update) / divisor


def _shrunk(run: Run, before: Point, point: Point) -> Point:
    """Return where an update leads, with what is taken off beside the rule."""
    shrinkage = run.objective.shrinkage
    if shrinkage is None:
        return point
    shrunk = run.eta(before.update) * shrinkage * before.params
    kinds = [term.kind for term in run.optimizer.state]
    state = tuple(s - shrunk if kind == "point" else s for s, kind in zip(point.state, kinds, strict=True))
    return Point(point.update, point.params - shrunk, state)


def walk(student: Student, run: Run, updates: int) -> Array:
    """Return the params after 0, 1, … `updates` updates as the student computes them, shape (updates + 1, n)."""
    with np.errstate(all="ignore"):
        run = student.believed(run)
        return np.array([point.params for point in points(student, run, updates)])


def points(student: Student, run: Run, updates: int) -> Iterator[Point]:
    """Yield where the student stands after 0, 1, … `updates` updates."""
    point = student.start(run)
    yield point
    for _ in range(updates):
        point = student.following(run, point)
        yield point
