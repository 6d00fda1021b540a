"""The hyperparameters and terms that several rules share, declared once.

The defaults are those of the lecture's ``fit``; a rule that is not the lecture's gives those of its paper.
"""

import re
from typing import Any

from gdviz.optimizers.base import Term
from gdviz.params import param

__all__ = [
    "PARAMS",
    "PULL",
    "decay_rate",
    "decoupled_decay",
    "epsilon",
    "epsilon_inside",
    "epsilon_placed",
    "gradient_decay",
    "learning_rate",
    "square_decay",
]

PARAMS = Term("w", "w", "the params themselves, which weight decay needs", "point")
PULL = Term("pull", "ηλw", "the part of the step that comes from weight decay")


def learning_rate(default: float = 0.01) -> Any:
    """Declare the learning rate η."""
    return param(default, "η", "learning rate: how far to go along the step", low=0, slider=(1e-4, 10), log=True)


def decay_rate(symbol: str, help: str, default: float = 0.9) -> Any:
    """Declare a rate in [0, 1) at which the past is forgotten."""
    return param(default, symbol, help, low=0, high=1, high_open=True, slider=(0, 0.999))


def gradient_decay(default: float = 0.9) -> Any:
    """Declare Adam's β₁."""
    return decay_rate("β₁", "share of the old mean of gradients that is kept", default)


def square_decay(default: float = 0.9) -> Any:
    """Declare Adam's β₂."""
    return decay_rate("β₂", "share of the old mean of squared gradients that is kept", default)


def epsilon(default: float = 1e-8, help: str = "keeps the division finite; added outside the root") -> Any:
    """Declare ε, which keeps divisions finite; it stands outside the root unless `help` says otherwise."""
    return param(default, "ε", help, low=0, slider=(1e-10, 1), log=True)


def epsilon_inside() -> Any:
    """Declare the switch between √v + ε and √(v + ε): conventions on which programs differ."""
    return param(0.0, "ε in √", "whether ε is added inside the root instead of outside", is_switch=True)


def epsilon_placed(equations: tuple[str, ...], inside: float) -> tuple[str, ...]:
    """Return the equations; with `inside`, ε stands inside the root."""
    return tuple(re.sub(r"\(√(\S+) \+ ε\)", r"√(\1 + ε)", line) if inside else line for line in equations)


def decoupled_decay(default: float) -> Any:
    """Declare the rate λ of decoupled weight decay."""
    return param(default, "λ", "weight decay: how strongly w is pulled towards 0", low=0, slider=(1e-4, 1), log=True)
