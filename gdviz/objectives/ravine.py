"""A quadratic valley as steep as one likes, on which momentum shows what it is for."""

from dataclasses import dataclass
from typing import Any

from gdviz.objectives.base import OBJECTIVES
from gdviz.objectives.surface import Surface
from gdviz.params import param

__all__ = ["Ravine"]


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

    steepness: float = param(20.0, "κ", "how many times as steep across as along", low=1, slider=(1, 1000), log=True)

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
