"""Vanilla gradient descent."""

from dataclasses import dataclass
from typing import Any

from gdviz.optimizers.base import OPTIMIZERS, Optimizer
from gdviz.optimizers.declarations import learning_rate

__all__ = ["GradientDescent"]


@OPTIMIZERS
@dataclass(frozen=True)
class GradientDescent(Optimizer):
    """Vanilla gradient descent (Cauchy, 1847): w ← w − ηg.

    The lecture's code divides the batch's summed gradient by the batch's size here, and only here.
    """

    name = "gd"
    label = "Gradient descent"
    usual_eta = 1.0
    grows_with_gradient = True
    is_of_lecture = True
    equations = ("w ← w − η g",)
    lecture_divides = True

    eta: float = learning_rate()

    @staticmethod
    def rule(g: Any, t: Any, eta: Any) -> Any:
        """Return the step ηg."""
        return eta * g, (), ()
