"""Rules that give every parameter a learning rate of its own."""

from dataclasses import dataclass
from typing import Any

from gdviz.elementary import sqrt
from gdviz.optimizers.base import Optimizer, Term
from gdviz.optimizers.declarations import decay_rate, epsilon, epsilon_inside, epsilon_placed, learning_rate

__all__ = ["AdaGrad", "Adadelta", "RMSProp"]

RATE = Term("rate", "η/(√v+ε)", "the learning rate of each parameter", "scale")


@dataclass(frozen=True)
class AdaGrad(Optimizer):
    """AdaGrad (Duchi, Hazan and Singer, 2011): v ← v + g², w ← w − ηg/(√v + ε)."""

    name = "adagrad"
    label = "AdaGrad"
    state = (Term("v", "v", "sum of the squared gradients so far", "number"),)
    terms = (RATE,)
    equations = ("v ← v + g²", "w ← w − η g / (√v + ε)")

    eta: float = learning_rate()
    eps: float = epsilon()
    inside: float = epsilon_inside()

    def written(self) -> tuple[str, ...]:
        """Return the equations, with ε where it is chosen to be."""
        return epsilon_placed(self.equations, self.inside)

    @staticmethod
    def rule(g: Any, t: Any, v: Any, eta: Any, eps: Any, inside: Any) -> Any:
        """Return the step ηg/(√v + ε)."""
        v = v + g * g
        rate = eta / (sqrt(v + inside * eps) + (1 - inside) * eps)
        return rate * g, (v,), (rate,)


@dataclass(frozen=True)
class RMSProp(Optimizer):
    """RMSProp (Tieleman and Hinton, 2012): v ← βv + (1−β)g², w ← w − ηg/(√v + ε)."""

    name = "rmsprop"
    label = "RMSProp"
    published = (("beta", 0.9),)
    source = "Tieleman and Hinton, 2012, lecture 6e"
    state = (Term("v", "v", "running mean of the squared gradients", "number"),)
    terms = (RATE,)
    equations = ("v ← β v + (1−β) g²", "w ← w − η g / (√v + ε)")

    eta: float = learning_rate()
    beta: float = decay_rate("β", "share of the old mean of squared gradients that is kept")
    eps: float = epsilon()
    inside: float = epsilon_inside()

    def written(self) -> tuple[str, ...]:
        """Return the equations, with ε where it is chosen to be."""
        return epsilon_placed(self.equations, self.inside)

    @staticmethod
    def rule(g: Any, t: Any, v: Any, eta: Any, beta: Any, eps: Any, inside: Any) -> Any:
        """Return the step ηg/(√v + ε)."""
        v = beta * v + (1 - beta) * g * g
        rate = eta / (sqrt(v + inside * eps) + (1 - inside) * eps)
        return rate * g, (v,), (rate,)


@dataclass(frozen=True)
class Adadelta(Optimizer):
    """Adadelta (Zeiler, 2012): v ← ρv + (1−ρ)g², d = √(u+ε)/√(v+ε) g, u ← ρu + (1−ρ)d², w ← w − ηd.

    The paper has no η, which is 1: d is measured in w's own unit. ε stands inside the roots, where it sets how far the
    first steps go.
    """

    name = "adadelta"
    label = "Adadelta"
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
