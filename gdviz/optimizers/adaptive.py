"""Rules that give every parameter a learning rate of its own."""

from dataclasses import dataclass
from typing import Any

from gdviz.elementary import sqrt
from gdviz.optimizers.base import OPTIMIZERS, Optimizer, Term
from gdviz.optimizers.declarations import decay_rate, epsilon, epsilon_inside, epsilon_placed, learning_rate

__all__ = ["AdaGrad", "RMSProp"]

RATE = Term("rate", "η/(√v+ε)", "the learning rate of each parameter", "scale")


@OPTIMIZERS
@dataclass(frozen=True)
class AdaGrad(Optimizer):
    """AdaGrad (Duchi, Hazan and Singer, 2011): v ← v + g², w ← w − ηg/(√v + ε)."""

    name = "adagrad"
    label = "AdaGrad"
    usual_eta = 0.5
    is_of_lecture = True
    state = (Term("v", "v", "sum of the squared gradients so far", "number"),)
    terms = (RATE,)
    equations = ("v ← v + g²", "w ← w − η g / (√v + ε)")

    eta: float = learning_rate()
    eps: float = epsilon()
    inside: float = epsilon_inside()

    def written(self) -> tuple[str, ...]:
        """Return the equations, with ε inside or outside the root."""
        return epsilon_placed(self.equations, self.inside)

    @staticmethod
    def rule(g: Any, t: Any, v: Any, eta: Any, eps: Any, inside: Any) -> Any:
        """Return the step ηg/(√v + ε)."""
        v = v + g * g
        rate = eta / (sqrt(v + inside * eps) + (1 - inside) * eps)
        return rate * g, (v,), (rate,)


@OPTIMIZERS
@dataclass(frozen=True)
class RMSProp(Optimizer):
    """RMSProp (Tieleman and Hinton, 2012): v ← βv + (1−β)g², w ← w − ηg/(√v + ε)."""

    name = "rmsprop"
    label = "RMSProp"
    usual_eta = 0.05
    is_of_lecture = True
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
        """Return the equations, with ε inside or outside the root."""
        return epsilon_placed(self.equations, self.inside)

    @staticmethod
    def rule(g: Any, t: Any, v: Any, eta: Any, beta: Any, eps: Any, inside: Any) -> Any:
        """Return the step ηg/(√v + ε)."""
        v = beta * v + (1 - beta) * g * g
        rate = eta / (sqrt(v + inside * eps) + (1 - inside) * eps)
        return rate * g, (v,), (rate,)
