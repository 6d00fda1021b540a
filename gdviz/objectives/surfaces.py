"""Benchmark surfaces: curved, flat and long valleys, and several minima, of which a rule finds one."""

from typing import Any

import numpy as np

from gdviz.elementary import exp, sqrt
from gdviz.objectives.base import OBJECTIVES
from gdviz.objectives.surface import Surface

__all__ = [
    "Ackley",
    "Beale",
    "Booth",
    "Camel",
    "Himmelblau",
    "McCormick",
    "Rastrigin",
    "Rosenbrock",
    "StyblinskiTang",
]


@OBJECTIVES
class Himmelblau(Surface):
    """(x² + y − 11)² + (x + y² − 7)² (Himmelblau, 1972): four minima, all of value 0."""

    name = "himmelblau"
    usual_factor = 0.01
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


@OBJECTIVES
class Rosenbrock(Surface):
    """(1 − x)² + 100(y − x²)² (Rosenbrock, 1960): a curved valley, one minimum at (1, 1)."""

    name = "rosenbrock"
    usual_factor = 0.001
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


@OBJECTIVES
class Beale(Surface):
    """(1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)² (Beale, 1958): flat, with steep walls."""

    name = "beale"
    usual_factor = 0.01
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


@OBJECTIVES
class Booth(Surface):
    """(x + 2y − 7)² + (2x + y − 5)² (Booth, in Jamil and Yang, 2013): a tilted bowl."""

    name = "booth"
    usual_factor = 0.05
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


@OBJECTIVES
class McCormick(Surface):
    """sin(x + y) + (x − y)² − 1.5x + 2.5y + 1 (McCormick, in Jamil and Yang, 2013): a wavy valley.

    With every wave towards (−∞, −∞) it is lower by π; the minimum is the one in the box.
    """

    name = "mccormick"
    usual_factor = 0.03
    label = "McCormick"
    formula = "f = sin(x + y) + (x − y)² − 1.5x + 2.5y + 1"
    usual_box = ((-1.5, 4.0), (-3.0, 4.0))
    usual_start = (-0.5, 2.5)
    minima = ((1 / 2 - np.pi / 3, -1 / 2 - np.pi / 3),)

    @staticmethod
    def f(x: Any, y: Any) -> Any:
        """Return the value."""
        return np.sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1

    @staticmethod
    def df(x: Any, y: Any) -> tuple[Any, Any]:
        """Return the gradient."""
        a, b = np.cos(x + y), 2 * (x - y)
        return a + b - 1.5, a - b + 2.5


@OBJECTIVES
class Camel(Surface):
    """The six-hump camel back (Dixon and Szegö, 1978): six minima, two of them global."""

    name = "camel"
    usual_factor = 0.05
    label = "Six-hump camel"
    formula = "f = (4 − 2.1x² + x⁴/3) x² + xy + (4y² − 4) y²"
    usual_box = ((-2.0, 2.0), (-1.0, 1.0))
    usual_start = (-1.9, -0.6)
    minima = ((0.08984201310031806, -0.7126564030207396), (-0.08984201310031806, 0.7126564030207396))

    @staticmethod
    def f(x: Any, y: Any) -> Any:
        """Return the value."""
        x2, y2 = x * x, y * y
        return (4 - 2.1 * x2 + x2 * x2 / 3) * x2 + x * y + (4 * y2 - 4) * y2

    @staticmethod
    def df(x: Any, y: Any) -> tuple[Any, Any]:
        """Return the gradient."""
        x2, y2 = x * x, y * y
        return (8 - 8.4 * x2 + 2 * x2 * x2) * x + y, x + (16 * y2 - 8) * y


@OBJECTIVES
class StyblinskiTang(Surface):
    """½ Σ (z⁴ − 16z² + 5z) over z = x, y (Styblinski and Tang, 1990): four minima, one of them global."""

    name = "styblinski-tang"
    usual_factor = 0.01
    label = "Styblinski–Tang"
    formula = "f = ½ (x⁴ − 16x² + 5x + y⁴ − 16y² + 5y)"
    usual_box = ((-5.0, 5.0), (-5.0, 5.0))
    usual_start = (-1.5, 4.5)
    minima = ((-2.903534027771177, -2.903534027771177),)

    @staticmethod
    def f(x: Any, y: Any) -> Any:
        """Return the value."""
        x2, y2 = x * x, y * y
        return 0.5 * (x2 * x2 - 16 * x2 + 5 * x + y2 * y2 - 16 * y2 + 5 * y)

    @staticmethod
    def df(x: Any, y: Any) -> tuple[Any, Any]:
        """Return the gradient."""
        return 2 * x * x * x - 16 * x + 2.5, 2 * y * y * y - 16 * y + 2.5


@OBJECTIVES
class Rastrigin(Surface):
    """20 + x² − 10 cos 2πx + y² − 10 cos 2πy (Rastrigin, 1974): a bowl full of pits, the deepest at 0."""

    name = "rastrigin"
    usual_factor = 0.001
    label = "Rastrigin"
    formula = "f = 20 + x² − 10 cos 2πx + y² − 10 cos 2πy"
    usual_box = ((-5.12, 5.12), (-5.12, 5.12))
    usual_start = (-4.0, 2.4)
    minima = ((0.0, 0.0),)

    @staticmethod
    def f(x: Any, y: Any) -> Any:
        """Return the value."""
        return 20 + x * x - 10 * np.cos(2 * np.pi * x) + y * y - 10 * np.cos(2 * np.pi * y)

    @staticmethod
    def df(x: Any, y: Any) -> tuple[Any, Any]:
        """Return the gradient."""
        return 2 * x + 20 * np.pi * np.sin(2 * np.pi * x), 2 * y + 20 * np.pi * np.sin(2 * np.pi * y)


@OBJECTIVES
class Ackley(Surface):
    """A funnel in a field of pits (Ackley, 1987), the deepest at 0.

    At 0 the surface has a tip and no slope; `df` gives 0 there.
    """

    name = "ackley"
    usual_factor = 0.01
    label = "Ackley"
    formula = "f = 20 (1 − e^−0.2r) + e − e^½(cos 2πx + cos 2πy),  r = √½(x² + y²)"
    usual_box = ((-5.0, 5.0), (-5.0, 5.0))
    usual_start = (-1.5, 0.6)
    minima = ((0.0, 0.0),)

    @staticmethod
    def f(x: Any, y: Any) -> Any:
        """Return the value."""
        r = sqrt(0.5 * (x * x + y * y))
        return 20 - 20 * exp(-0.2 * r) + np.e - exp(0.5 * (np.cos(2 * np.pi * x) + np.cos(2 * np.pi * y)))

    @staticmethod
    def df(x: Any, y: Any) -> tuple[Any, Any]:
        """Return the gradient."""
        r = sqrt(0.5 * (x * x + y * y))
        a = 2 * exp(-0.2 * r) / (r + 1e-150)  # no other r feels it; at 0 it makes a x 0 rather than 0/0
        b = np.pi * exp(0.5 * (np.cos(2 * np.pi * x) + np.cos(2 * np.pi * y)))
        return a * x + b * np.sin(2 * np.pi * x), a * y + b * np.sin(2 * np.pi * y)
