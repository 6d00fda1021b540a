"""Vanilla gradient descent."""

from dataclasses import dataclass
from typing import Any

from gdviz.optimizers.base import Optimizer
from gdviz.optimizers.declarations import learning_rate

__all__ = ["GradientDescent"]


@dataclass(frozen=True)
class GradientDescent(Optimizer):
    """Vanilla gradient descent (Cauchy, 1847): w ← w − ηg.

    The lecture's code divides the batch's summed gradient by the batch's size here, and only here.
    """

    name = "gd"
    label = "Gradient descent"
    equations = ("w ← w − η g",)
    lecture_divides = True

    eta: float = learning_rate()

    @staticmethod
    def rule(g: Any, t: Any, eta: Any) -> Any:
        """Return the step ηg."""
        return eta * g, (), ()
