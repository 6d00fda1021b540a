"""Rules that give every parameter a learning rate of its own."""

from dataclasses import dataclass
from typing import Any

from numpy import sqrt

from gdviz.optimizers.base import Optimizer, Term
from gdviz.optimizers.declarations import decay_rate, epsilon, learning_rate

__all__ = ["AdaGrad", "Adam", "RMSProp"]

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

    @staticmethod
    def rule(g: Any, t: Any, v: Any, eta: Any, eps: Any) -> Any:
        """Return the step ηg/(√v + ε)."""
        v = v + g * g
        rate = eta / (sqrt(v) + eps)
        return rate * g, (v,), (rate,)


@dataclass(frozen=True)
class RMSProp(Optimizer):
    """RMSProp (Tieleman and Hinton, 2012): v ← βv + (1−β)g², w ← w − ηg/(√v + ε)."""

    name = "rmsprop"
    label = "RMSProp"
    state = (Term("v", "v", "running mean of the squared gradients", "number"),)
    terms = (RATE,)
    equations = ("v ← β v + (1−β) g²", "w ← w − η g / (√v + ε)")

    eta: float = learning_rate()
    beta: float = decay_rate("β", "share of the old mean of squared gradients that is kept")
    eps: float = epsilon()

    @staticmethod
    def rule(g: Any, t: Any, v: Any, eta: Any, beta: Any, eps: Any) -> Any:
        """Return the step ηg/(√v + ε)."""
        v = beta * v + (1 - beta) * g * g
        rate = eta / (sqrt(v) + eps)
        return rate * g, (v,), (rate,)


@dataclass(frozen=True)
class Adam(Optimizer):
    """Adam (Kingma and Ba, 2015, algorithm 1), with the lecture's defaults β₁ = β₂ = 0.9.

    m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ), w ← w − ηm̂/(√v̂ + ε).
    """

    name = "adam"
    label = "Adam"
    state = (
        Term("m", "m", "running mean of the gradients"),
        Term("v", "v", "running mean of the squared gradients", "number"),
    )
    terms = (
        Term("m_hat", "m̂", "m, corrected for its start at 0"),
        Term("v_hat", "v̂", "v, corrected for its start at 0", "number"),
        Term("rate", "η/(√v̂+ε)", "the learning rate of each parameter", "scale"),
    )
    equations = (
        "m ← β₁ m + (1−β₁) g",
        "v ← β₂ v + (1−β₂) g²",
        "m̂ = m / (1−β₁ᵗ)",
        "v̂ = v / (1−β₂ᵗ)",
        "w ← w − η m̂ / (√v̂ + ε)",
    )

    eta: float = learning_rate()
    beta1: float = decay_rate("β₁", "share of the old mean of gradients that is kept")
    beta2: float = decay_rate("β₂", "share of the old mean of squared gradients that is kept")
    eps: float = epsilon()

    @staticmethod
    def rule(g: Any, t: Any, m: Any, v: Any, eta: Any, beta1: Any, beta2: Any, eps: Any) -> Any:
        """Return the step ηm̂/(√v̂ + ε)."""
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        rate = eta / (sqrt(v_hat) + eps)
        return rate * m_hat, (m, v), (m_hat, v_hat, rate)
