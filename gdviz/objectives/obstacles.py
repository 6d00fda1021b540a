"""Surfaces with one obstacle each: a saddle, and a valley as steep as one likes, for which momentum was made."""

from dataclasses import dataclass
from typing import Any

from gdviz.objectives.base import OBJECTIVES
from gdviz.objectives.surface import Surface
from gdviz.params import param

__all__ = ["Ravine", "Saddle"]


@OBJECTIVES
class Saddle(Surface):
    """½x² − ½y² + ¼y⁴: a saddle at 0, where slow rules linger (Dauphin et al., 2014), between two minima."""

    name = "saddle"
    usual_factor = 0.1
    label = "Saddle"
    formula = "f = ½x² − ½y² + ¼y⁴"
    usual_box = ((-2.0, 2.0), (-2.0, 2.0))
    usual_start = (1.5, 0.001)
    minima = ((0.0, 1.0), (0.0, -1.0))

    @staticmethod
    def f(x: Any, y: Any) -> Any:
        """Return the value."""
        return 0.5 * x * x - 0.5 * y * y + 0.25 * y * y * y * y

    @staticmethod
    def df(x: Any, y: Any) -> tuple[Any, Any]:
        """Return the gradient."""
        return x, y * y * y - y


@OBJECTIVES
@dataclass(frozen=True, eq=False)
class Ravine(Surface):
    """½ (x² + κy²): a long valley, κ times as steep across as along, for which momentum was made (Polyak, 1964)."""

    name = "ravine"
    label = "Ravine"
    formula = "f = ½ (x² + κ y²)"
    usual_box = ((-5.0, 5.0), (-3.0, 3.0))
    usual_start = (-4.5, 2.0)
    minima = ((0.0, 0.0),)

    steepness: float = param(
        20.0, "κ", "steepness across the valley, relative to that along it", low=1, slider=(1, 1000), log=True
    )

    def rate_factor(self, grows_with_gradient: bool) -> float:
        """Return a little less than 2/κ, beyond which gradient descent diverges; 1 for other rules."""
        return 1.8 / self.steepness if grows_with_gradient else 1.0

    @staticmethod
    def f(x: Any, y: Any, steepness: Any) -> Any:
        """Return the value."""
        return 0.5 * (x * x + steepness * y * y)

    @staticmethod
    def df(x: Any, y: Any, steepness: Any) -> tuple[Any, Any]:
        """Return the gradient."""
        return x, steepness * y
