"""Rules beyond the lecture: Adadelta, four variants of Adam, and Lion, which uses only the sign."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from gdviz.elementary import sqrt
from gdviz.optimizers.adam import M_HAT, RATE, V_HAT, M, V
from gdviz.optimizers.base import OPTIMIZERS, Optimizer, Term
from gdviz.optimizers.declarations import (
    PARAMS,
    PULL,
    decay_rate,
    decoupled_decay,
    epsilon,
    gradient_decay,
    learning_rate,
    square_decay,
)

__all__ = ["AMSGrad", "AdaMax", "Adadelta", "AdamW", "Lion", "NAdam"]


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


@OPTIMIZERS
@dataclass(frozen=True)
class AMSGrad(Optimizer):
    """AMSGrad (Reddi, Kale and Kumar, 2018, algorithm 2): no parameter's learning rate ever grows again.

    m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², v̂ ← max(v̂, v), w ← w − ηm/(√v̂ + ε).

    As in the paper, nothing is corrected for the start at 0; the paper's ε is 0.
    """

    name = "amsgrad"
    label = "AMSGrad"
    usual_eta = 0.1
    published = (("beta1", 0.9), ("beta2", 0.99))
    source = "Reddi, Kale and Kumar, 2018, section 5"
    state = (M, V, Term("v_hat", "v̂", "the greatest v so far", "number"))
    terms = (RATE,)
    equations = (
        "m ← β₁ m + (1−β₁) g",
        "v ← β₂ v + (1−β₂) g²",
        "v̂ ← max(v̂, v)",
        "w ← w − η m / (√v̂ + ε)",
    )

    eta: float = learning_rate()
    beta1: float = gradient_decay()
    beta2: float = square_decay(0.99)
    eps: float = epsilon()

    @staticmethod
    def rule(g: Any, t: Any, m: Any, v: Any, v_hat: Any, eta: Any, beta1: Any, beta2: Any, eps: Any) -> Any:
        """Return the step ηm/(√v̂ + ε)."""
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        v_hat = np.maximum(v_hat, v)
        rate = eta / (sqrt(v_hat) + eps)
        return rate * m, (m, v, v_hat), (rate,)


@OPTIMIZERS
@dataclass(frozen=True)
class AdaMax(Optimizer):
    """AdaMax (Kingma and Ba, 2015, section 7.1): Adam with the greatest of the gradients' sizes for their mean square.

    m ← β₁m + (1−β₁)g, u ← max(β₂u, |g|), m̂ = m/(1−β₁ᵗ), w ← w − ηm̂/(u + ε).

    The paper's ε is 0, with which a gradient of 0 at the start would give 0/0.
    """

    name = "adamax"
    label = "AdaMax"
    usual_eta = 0.2
    published = (("eta", 0.002), ("beta1", 0.9), ("beta2", 0.999))
    source = "Kingma and Ba, 2015, algorithm 2"
    state = (M, Term("u", "u", "the greatest |g| so far, each forgotten at the rate β₂", "number"))
    terms = (M_HAT, Term("rate", "η/(u+ε)", "the learning rate of each parameter", "scale"))
    equations = (
        "m ← β₁ m + (1−β₁) g",
        "u ← max(β₂ u, |g|)",
        "m̂ = m / (1−β₁ᵗ)",
        "w ← w − η m̂ / (u + ε)",
    )

    eta: float = learning_rate(0.002)
    beta1: float = gradient_decay()
    beta2: float = decay_rate("β₂", "share of the greatest |g| that is kept", 0.999)
    eps: float = epsilon(help="keeps the division finite")

    @staticmethod
    def rule(g: Any, t: Any, m: Any, u: Any, eta: Any, beta1: Any, beta2: Any, eps: Any) -> Any:
        """Return the step ηm̂/(u + ε)."""
        m = beta1 * m + (1 - beta1) * g
        u = np.maximum(beta2 * u, abs(g))
        m_hat = m / (1 - beta1**t)
        rate = eta / (u + eps)
        return rate * m_hat, (m, u), (m_hat, rate)


@OPTIMIZERS
@dataclass(frozen=True)
class NAdam(Optimizer):
    """NAdam (Dozat, 2016): Adam with Nesterov's momentum, that of the next update instead of that of the last.

    m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², m̂ = β₁m/(1−β₁ᵗ⁺¹) + (1−β₁)g/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ),
    w ← w − ηm̂/(√v̂ + ε).

    The paper's μₜ is β₁ at every t; the schedule that some programs have for it is no part of the rule.
    """

    name = "nadam"
    label = "NAdam"
    usual_eta = 0.05
    published = (("beta1", 0.975), ("beta2", 0.999), ("eps", 1e-8))
    source = "Dozat, 2016"
    state = (M, V)
    terms = (
        Term("m_hat", "m̂", "the next update's m as far as it is known, corrected for its start at 0"),
        V_HAT,
        RATE,
    )
    equations = (
        "m ← β₁ m + (1−β₁) g",
        "v ← β₂ v + (1−β₂) g²",
        "m̂ = β₁ m / (1−β₁ᵗ⁺¹) + (1−β₁) g / (1−β₁ᵗ)",
        "v̂ = v / (1−β₂ᵗ)",
        "w ← w − η m̂ / (√v̂ + ε)",
    )

    eta: float = learning_rate(0.002)
    beta1: float = gradient_decay(0.975)
    beta2: float = square_decay(0.999)
    eps: float = epsilon()

    @staticmethod
    def rule(g: Any, t: Any, m: Any, v: Any, eta: Any, beta1: Any, beta2: Any, eps: Any) -> Any:
        """Return the step ηm̂/(√v̂ + ε)."""
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        m_hat = beta1 * m / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        rate = eta / (sqrt(v_hat) + eps)
        return rate * m_hat, (m, v), (m_hat, v_hat, rate)


@OPTIMIZERS
@dataclass(frozen=True)
class AdamW(Optimizer):
    """AdamW (Loshchilov and Hutter, 2019, algorithm 2): Adam, and apart from it a pull towards 0.

    m, v, m̂ and v̂ as in Adam, w ← w − η(m̂/(√v̂ + ε) + λw).

    The paper's λ is ηλ here, as it is in most programs: its schedule multiplies both parts of the step, as η's does.
    """

    name = "adamw"
    label = "AdamW"
    usual_eta = 0.1
    published = (("eta", 0.001), ("beta1", 0.9), ("beta2", 0.999), ("eps", 1e-8))
    source = "Loshchilov and Hutter, 2019, algorithm 2"
    state = (M, V, PARAMS)
    terms = (M_HAT, V_HAT, RATE, PULL)
    equations = (
        "m ← β₁ m + (1−β₁) g",
        "v ← β₂ v + (1−β₂) g²",
        "m̂ = m / (1−β₁ᵗ)",
        "v̂ = v / (1−β₂ᵗ)",
        "w ← w − η (m̂ / (√v̂ + ε) + λ w)",
    )

    eta: float = learning_rate(0.001)
    beta1: float = gradient_decay()
    beta2: float = square_decay(0.999)
    eps: float = epsilon()
    weight_decay: float = decoupled_decay(0.01)

    @staticmethod
    def rule(
        g: Any, t: Any, m: Any, v: Any, w: Any, eta: Any, beta1: Any, beta2: Any, eps: Any, weight_decay: Any
    ) -> Any:
        """Return the step η(m̂/(√v̂ + ε) + λw)."""
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        rate = eta / (sqrt(v_hat) + eps)
        pull = eta * weight_decay * w
        step = rate * m_hat + pull
        return step, (m, v, w - step), (m_hat, v_hat, rate, pull)


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
