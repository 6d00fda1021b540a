"""Adam: running means of the gradient and of its square, and their quotient."""

from dataclasses import dataclass
from typing import Any

from gdviz.elementary import sqrt
from gdviz.optimizers.base import OPTIMIZERS, Optimizer, Term
from gdviz.optimizers.declarations import (
    epsilon,
    epsilon_inside,
    epsilon_placed,
    gradient_decay,
    learning_rate,
    square_decay,
)
from gdviz.params import param

__all__ = ["M_HAT", "RATE", "V_HAT", "Adam", "M", "V"]

M = Term("m", "m", "running mean of the gradients")
V = Term("v", "v", "running mean of the squared gradients", "number")
M_HAT = Term("m_hat", "m̂", "m, corrected for its start at 0")
V_HAT = Term("v_hat", "v̂", "v, corrected for its start at 0", "number")
RATE = Term("rate", "η/(√v̂+ε)", "the learning rate of each parameter", "scale")


@OPTIMIZERS
@dataclass(frozen=True)
class Adam(Optimizer):
    """Adam (Kingma and Ba, 2015, algorithm 1), with the lecture's defaults β₁ = β₂ = 0.9.

    m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ), w ← w − ηm̂/(√v̂ + ε).
    """

    name = "adam"
    label = "Adam"
    usual_eta = 0.1
    is_of_lecture = True
    published = (("eta", 0.001), ("beta1", 0.9), ("beta2", 0.999), ("eps", 1e-8))
    source = "Kingma and Ba, 2015, algorithm 1"
    state = (M, V)
    terms = (M_HAT, V_HAT, RATE)
    equations = (
        "m ← β₁ m + (1−β₁) g",
        "v ← β₂ v + (1−β₂) g²",
        "m̂ = m / (1−β₁ᵗ)",
        "v̂ = v / (1−β₂ᵗ)",
        "w ← w − η m̂ / (√v̂ + ε)",
    )

    eta: float = learning_rate()
    beta1: float = gradient_decay()
    beta2: float = square_decay()
    eps: float = epsilon()
    inside: float = epsilon_inside()
    corrected: float = param(1.0, "m̂, v̂", "whether m and v are corrected for their start at 0", is_switch=True)

    def written(self) -> tuple[str, ...]:
        """Return the equations, with ε inside or outside the root, and with or without the corrections m̂ and v̂."""
        lines = epsilon_placed(self.equations, self.inside)
        return lines if self.corrected else tuple(line.partition(" / (1−β")[0] for line in lines)

    @staticmethod
    def rule(
        g: Any, t: Any, m: Any, v: Any, eta: Any, beta1: Any, beta2: Any, eps: Any, inside: Any, corrected: Any
    ) -> Any:
        """Return the step ηm̂/(√v̂ + ε)."""
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        m_hat = m / (1 - corrected * beta1**t)
        v_hat = v / (1 - corrected * beta2**t)
        rate = eta / (sqrt(v_hat + inside * eps) + (1 - inside) * eps)
        return rate * m_hat, (m, v), (m_hat, v_hat, rate)
