"""The base of benchmark surfaces: functions of two parameters with exact gradients and known minima."""

from __future__ import annotations

import abc
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from gdviz.objectives.compiled import Compiled

if TYPE_CHECKING:
    from gdviz.objectives.base import Array, Box, Samples

__all__ = ["Surface"]


class Surface(Compiled):
    """A function f(x, y) with its exact gradient, the box it is usually shown in, and its minima.

    A subclass defines `f` and `df` for numbers or arrays x and y, with arithmetic, :mod:`gdviz.elementary` and numpy's
    elementwise functions only; its declared parameters are the arguments after x and y.
    """

    parameters = ("x", "y")
    formulas = ("f", "df")
    value_name: ClassVar[str] = "f"
    usual_factor: ClassVar[float] = 1.0
    """Factor on the usual learning rates of rules whose step grows with the gradient; small where it is steep."""
    usual_box: ClassVar[Box]
    usual_start: ClassVar[tuple[float, float]]
    """A start from which the rules take clearly different paths."""
    minima: tuple[tuple[float, float], ...]
    """All global minima in the usual box; other local minima are not listed."""

    def __eq__(self, other: object) -> bool:
        return self is other or (type(self) is type(other) and self.values() == other.values())

    def __hash__(self) -> int:
        return hash((type(self), *self.values().values()))

    def rate_factor(self, grows_with_gradient: bool) -> float:
        """Return the factor on a learning rate that suits the lecture's neuron."""
        return self.usual_factor if grows_with_gradient else 1.0

    @property
    def start(self) -> tuple[float, float]:
        """The usual start."""
        return self.usual_start

    @cached_property
    def lowest(self) -> float:
        """The value at the minima."""
        return float(self.value(np.array(self.minima[0]))) if self.minima else 0.0

    @property
    def box(self) -> Box:
        """The usual box."""
        return self.usual_box

    @staticmethod
    @abc.abstractmethod
    def f(x: Any, y: Any, *values: Any) -> Any:
        """Return the value."""

    @staticmethod
    @abc.abstractmethod
    def df(x: Any, y: Any, *values: Any) -> tuple[Any, Any]:
        """Return ∂f/∂x and ∂f/∂y."""

    def value(self, params: Array) -> Array:
        """Return f at points of shape (..., 2)."""
        return np.asarray(self.f(params[..., 0], params[..., 1], *self.values().values()), dtype=np.float64)

    def gradient(self, params: Array, batch: Samples = slice(None)) -> Array:
        """Return (∂f/∂x, ∂f/∂y); there is no data, so the batch does not matter."""
        return np.array(self.df(params[0], params[1], *self.values().values()))

    def gradients(self, points: Array, batch: Samples = slice(None)) -> Array:
        """Return the gradients at points of shape (k, 2)."""
        along = self.df(points[:, 0], points[:, 1], *self.values().values())
        return np.stack(np.broadcast_arrays(*along), axis=1)

    @property
    def table(self) -> Array:
        """The declared parameters that are real numbers, as the only column."""
        return np.array([value for value in self.values().values() if type(value) is float]).reshape(-1, 1)
