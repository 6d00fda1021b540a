"""Benchmark surfaces with one minimum: valleys that are curved, flat, tilted or long."""

from dataclasses import dataclass
from typing import Any

from gdviz.objectives.surface import Surface
from gdviz.params import param

__all__ = ["Beale", "Booth", "Ravine", "Rosenbrock"]


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


class Booth(Surface):
    """(x + 2y − 7)² + (2x + y − 5)² (Booth, in Jamil and Yang, 2013): a tilted bowl."""

    name = "booth"
    gentleness = 0.05
    label = "Booth"
    formula = "f = (x + 2y − 7)² + (2x + y − 5)²"
    usual_box = ((-10.0, 10.0), (-10.0, 10.0))
    usual_start = (-4.0, 2.0)
    minima = ((1.0, 3.0),)

    @staticmethod
    def f(x: Any, y: Any) -> Any:
        """Return the value."""
        return (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2

    @staticmethod
    def df(x: Any, y: Any) -> tuple[Any, Any]:
        """Return the gradient."""
        a, b = x + 2 * y - 7, 2 * x + y - 5
        return 2 * a + 4 * b, 4 * a + 2 * b


@dataclass(frozen=True, eq=False)
class Ravine(Surface):
    """½ (x² + κy²): a long valley, κ times as steep across as along, for which momentum was made (Polyak, 1964)."""

    name = "ravine"
    label = "Ravine"
    formula = "f = ½ (x² + κ y²)"
    usual_box = ((-5.0, 5.0), (-3.0, 3.0))
    usual_start = (-4.5, 2.0)
    minima = ((0.0, 0.0),)

    steepness: float = param(20.0, "κ", "how many times as steep across as along", low=1, slider=(1, 1000), log=True)

    @property
    def gentleness(self) -> float:
        """A little less than 2/κ, beyond which gradient descent diverges."""
        return 1.8 / self.steepness

    @staticmethod
    def f(x: Any, y: Any, steepness: Any) -> Any:
        """Return the value."""
        return 0.5 * (x * x + steepness * y * y)

    @staticmethod
    def df(x: Any, y: Any, steepness: Any) -> tuple[Any, Any]:
        """Return the gradient."""
        return x, steepness * y
