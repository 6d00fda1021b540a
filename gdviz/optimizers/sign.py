"""Rules that take from the gradients only their sign."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from gdviz.optimizers.base import OPTIMIZERS, Optimizer, Term
from gdviz.optimizers.declarations import PARAMS, PULL, decay_rate, decoupled_decay, learning_rate

__all__ = ["Lion"]


@OPTIMIZERS
@dataclass(frozen=True)
class Lion(Optimizer):
    """Lion (Chen et al., 2023, algorithm 2): c = β₁m + (1−β₁)g, w ← w − η(sign(c) + λw), m ← β₂m + (1−β₂)g."""

    name = "lion"
    label = "Lion"
    usual_eta = 0.02
    published = (("beta1", 0.9), ("beta2", 0.99))
    source = "Chen et al., 2023"
    state = (Term("m", "m", "running mean of the gradients"), PARAMS)
    terms = (Term("c", "c", "m and the gradient, of which only the sign is taken"), PULL)
    equations = ("c = β₁ m + (1−β₁) g", "w ← w − η (sign(c) + λ w)", "m ← β₂ m + (1−β₂) g")

    eta: float = learning_rate(1e-4)
    beta1: float = decay_rate("β₁", "share of m in c")
    beta2: float = decay_rate("β₂", "share of the old mean of gradients that is kept", 0.99)
    weight_decay: float = decoupled_decay(0.1)

    @staticmethod
    def rule(g: Any, t: Any, m: Any, w: Any, eta: Any, beta1: Any, beta2: Any, weight_decay: Any) -> Any:
        """Return the step η(sign(c) + λw)."""
        c = beta1 * m + (1 - beta1) * g
        pull = eta * weight_decay * w
        step = eta * np.sign(c) + pull
        m = beta2 * m + (1 - beta2) * g
        return step, (m, w - step), (c, pull)
