"""Benchmark surfaces: functions of x and y with known minima, on which the rules show their character."""

from __future__ import annotations

import abc
from typing import Any, ClassVar

import numpy as np

from gdviz.objectives.base import Array, Batch, Box, Objective
from gdviz.params import Declared

__all__ = ["SURFACES", "Beale", "Himmelblau", "Rosenbrock", "Surface"]


class Surface(Objective, Declared):
    """A function f(x, y) with its exact gradient, the box it is usually shown in, and its minima.

    A subclass writes `f` and `df` for numbers or arrays x and y.
    """

    parameters = ("x", "y")
    value_name: ClassVar[str] = "f"
    usual_box: ClassVar[Box]
    usual_start: ClassVar[tuple[float, float]]
    minima: ClassVar[tuple[tuple[float, float], ...]]

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.values() == other.values()

    def __hash__(self) -> int:
        return hash((type(self), *self.values().values()))

    @property
    def start(self) -> tuple[float, float]:
        """The usual start."""
        return self.usual_start

    @property
    def box(self) -> Box:
        """The usual box."""
        return self.usual_box

    @staticmethod
    @abc.abstractmethod
    def f(x: Any, y: Any) -> Any:
        """Return the value."""

    @staticmethod
    @abc.abstractmethod
    def df(x: Any, y: Any) -> tuple[Any, Any]:
        """Return ∂f/∂x and ∂f/∂y."""

    def value(self, params: Array) -> Array:
        """Return f at points of shape (..., 2)."""
        return np.asarray(self.f(params[..., 0], params[..., 1]), dtype=np.float64)

    def gradient(self, params: Array, batch: Batch = slice(None)) -> Array:
        """Return (∂f/∂x, ∂f/∂y); there is no data, so the batch does not matter."""
        return np.array(self.df(params[0], params[1]))


class Himmelblau(Surface):
    """(x² + y − 11)² + (x + y² − 7)² (Himmelblau, 1972): four minima, all of value 0."""

    name = "himmelblau"
    gentleness = 0.01
    label = "Himmelblau"
    formula = "f = (x² + y − 11)² + (x + y² − 7)²"
    usual_box = ((-6.0, 6.0), (-6.0, 6.0))
    usual_start = (-0.5, -1.0)
    minima = (
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.283185991286170),
        (3.584428340330492, -1.848126526964404),
    )

    @staticmethod
    def f(x: Any, y: Any) -> Any:
        """Return the value."""
        return (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2

    @staticmethod
    def df(x: Any, y: Any) -> tuple[Any, Any]:
        """Return the gradient."""
        a, b = x * x + y - 11, x + y * y - 7
        return 4 * x * a + 2 * b, 2 * a + 4 * y * b


class Rosenbrock(Surface):
    """(1 − x)² + 100(y − x²)² (Rosenbrock, 1960): a curved valley, one minimum at (1, 1)."""

    name = "rosenbrock"
    gentleness = 0.001
    label = "Rosenbrock"
    formula = "f = (1 − x)² + 100 (y − x²)²"
    usual_box = ((-2.0, 2.0), (-1.0, 3.0))
    usual_start = (-1.2, 1.0)
    minima = ((1.0, 1.0),)

    @staticmethod
    def f(x: Any, y: Any) -> Any:
        """Return the value."""
        return (1 - x) ** 2 + 100 * (y - x * x) ** 2

    @staticmethod
    def df(x: Any, y: Any) -> tuple[Any, Any]:
        """Return the gradient."""
        c = y - x * x
        return -2 * (1 - x) - 400 * x * c, 200 * c


class Beale(Surface):
    """(1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)² (Beale, 1958): flat, with steep walls."""

    name = "beale"
    gentleness = 0.01
    label = "Beale"
    formula = "f = (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²"
    usual_box = ((-4.5, 4.5), (-4.5, 4.5))
    usual_start = (1.0, 1.5)
    minima = ((3.0, 0.5),)

    @staticmethod
    def f(x: Any, y: Any) -> Any:
        """Return the value."""
        return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y * y) ** 2 + (2.625 - x + x * y * y * y) ** 2

    @staticmethod
    def df(x: Any, y: Any) -> tuple[Any, Any]:
        """Return the gradient."""
        y2, y3 = y * y, y * y * y
        a, b, c = 1.5 - x + x * y, 2.25 - x + x * y2, 2.625 - x + x * y3
        return 2 * (a * (y - 1) + b * (y2 - 1) + c * (y3 - 1)), 2 * x * (a + 2 * b * y + 3 * c * y2)


SURFACES: tuple[type[Surface], ...] = (Himmelblau, Rosenbrock, Beale)
"""Every benchmark surface."""
