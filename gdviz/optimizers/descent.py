"""Gradient descent: plain, with momentum, and with Nesterov's momentum."""

from dataclasses import dataclass
from typing import Any

from gdviz.optimizers.base import OPTIMIZERS, Optimizer, Term
from gdviz.optimizers.declarations import decay_rate, learning_rate
from gdviz.params import param

__all__ = ["GradientDescent", "Momentum", "Nesterov"]


def scaled_memory() -> Any:
    """Declare the switch between v ← γv + ηg and v ← η(γv + g): conventions on which programs differ."""
    return param(0.0, "η(γv+g)", "whether η multiplies the memory too: v ← η(γv + g)", is_switch=True)


VELOCITY = Term("v", "v", "velocity: the steps so far, each forgotten at the rate γ")


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


@OPTIMIZERS
@dataclass(frozen=True)
class Momentum(Optimizer):
    """Momentum (Polyak, 1964): v ← γv + ηg, w ← w − v."""

    name = "momentum"
    label = "Momentum"
    usual_eta = 0.5
    grows_with_gradient = True
    is_of_lecture = True
    state = (VELOCITY,)
    equations = ("v ← γ v + η g", "w ← w − v")

    eta: float = learning_rate()
    gamma: float = decay_rate("γ", "momentum: the share of the last velocity that is kept")
    scaled: float = scaled_memory()

    def written(self) -> tuple[str, ...]:
        """Return the equations; with `scaled`, η multiplies both terms of v."""
        return tuple(line.replace("γ v + η g", "η γ v + η g") if self.scaled else line for line in self.equations)

    @staticmethod
    def rule(g: Any, t: Any, v: Any, eta: Any, gamma: Any, scaled: Any) -> Any:
        """Return the step v."""
        share = scaled * eta * gamma + (1 - scaled) * gamma
        v = share * v + eta * g
        return v, (v,), ()


@OPTIMIZERS
@dataclass(frozen=True)
class Nesterov(Optimizer):
    """Nesterov's accelerated gradient (1983), as in Sutskever et al. (2013): momentum with g taken at w − γv."""

    name = "nag"
    label = "Nesterov"
    usual_eta = 0.5
    grows_with_gradient = True
    is_of_lecture = True
    state = (VELOCITY,)
    equations = ("g at w − γ v", "v ← γ v + η g", "w ← w − v")

    eta: float = learning_rate()
    gamma: float = decay_rate("γ", "momentum: the share of the last velocity that is kept")
    scaled: float = scaled_memory()

    rule = staticmethod(Momentum.rule)

    def written(self) -> tuple[str, ...]:
        """Return the equations; with `scaled`, η multiplies γv too."""
        return tuple(line.replace("γ v", "η γ v") if self.scaled else line for line in self.equations)

    @staticmethod
    def look_ahead(w: Any, v: Any, eta: Any, gamma: Any, scaled: Any) -> Any:
        """Return the point w − γv to which the velocity alone would lead."""
        share = scaled * eta * gamma + (1 - scaled) * gamma
        return w - share * v
