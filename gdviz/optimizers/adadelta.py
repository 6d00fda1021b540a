"""Adadelta, whose steps are in the unit of the params."""

from dataclasses import dataclass
from typing import Any

from gdviz.elementary import sqrt
from gdviz.optimizers.base import OPTIMIZERS, Optimizer, Term
from gdviz.optimizers.declarations import decay_rate, epsilon, learning_rate

__all__ = ["Adadelta"]


@OPTIMIZERS
@dataclass(frozen=True)
class Adadelta(Optimizer):
    """Adadelta (Zeiler, 2012): v ← ρv + (1−ρ)g², d = √(u+ε)/√(v+ε) g, u ← ρu + (1−ρ)d², w ← w − ηd.

    The paper has no η, which is 1: d is measured in w's own unit. ε stands inside the roots, where it sets how far the
    first steps go.
    """

    name = "adadelta"
    label = "Adadelta"
    usual_eta = 10.0
    published = (("rho", 0.95), ("eps", 1e-6))
    source = "Zeiler, 2012"
    state = (
        Term("v", "v", "running mean of the squared gradients", "number"),
        Term("u", "u", "running mean of d²", "number"),
    )
    terms = (
        Term("d", "d", "the step before η: the gradient in the unit of w"),
        Term("rate", "η√(u+ε)/√(v+ε)", "the learning rate of each parameter", "scale"),
    )
    equations = ("v ← ρ v + (1−ρ) g²", "d = √(u + ε) / √(v + ε) g", "u ← ρ u + (1−ρ) d²", "w ← w − η d")

    eta: float = learning_rate(1.0)
    rho: float = decay_rate("ρ", "share of the old means that is kept", 0.95)
    eps: float = epsilon(1e-6, "inside the roots; sets how far the first steps go")

    @staticmethod
    def rule(g: Any, t: Any, v: Any, u: Any, eta: Any, rho: Any, eps: Any) -> Any:
        """Return the step ηd."""
        v = rho * v + (1 - rho) * g * g
        ratio = sqrt(u + eps) / sqrt(v + eps)
        d = ratio * g
        u = rho * u + (1 - rho) * d * d
        return eta * d, (v, u), (d, eta * ratio)
