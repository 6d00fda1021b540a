"""Momentum, and Nesterov's version of it that looks before it leaps."""

from dataclasses import dataclass
from typing import Any

from gdviz.optimizers.base import Optimizer, Term
from gdviz.optimizers.declarations import decay_rate, learning_rate

__all__ = ["Momentum", "Nesterov"]

VELOCITY = Term("v", "v", "velocity: the steps so far, each forgotten at the rate γ")


@dataclass(frozen=True)
class Momentum(Optimizer):
    """Momentum (Polyak, 1964): v ← γv + ηg, w ← w − v."""

    name = "momentum"
    label = "Momentum"
    state = (VELOCITY,)
    equations = ("v ← γ v + η g", "w ← w − v")

    eta: float = learning_rate()
    gamma: float = decay_rate("γ", "momentum: the share of the last velocity that is kept")

    @staticmethod
    def rule(g: Any, t: Any, v: Any, eta: Any, gamma: Any) -> Any:
        """Return the step v."""
        v = gamma * v + eta * g
        return v, (v,), ()


@dataclass(frozen=True)
class Nesterov(Optimizer):
    """Nesterov's accelerated gradient (1983), as in Sutskever et al. (2013): momentum with g taken at w − γv."""

    name = "nag"
    label = "Nesterov"
    state = (VELOCITY,)
    equations = ("g at w − γ v", "v ← γ v + η g", "w ← w − v")

    eta: float = learning_rate()
    gamma: float = decay_rate("γ", "momentum: the share of the last velocity that is kept")

    rule = staticmethod(Momentum.rule)

    @staticmethod
    def look_ahead(w: Any, v: Any, eta: Any, gamma: Any) -> Any:
        """Return the point w − γv to which the velocity alone would lead."""
        return w - gamma * v
