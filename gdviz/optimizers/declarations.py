"""The hyperparameters that several rules share, declared once: the defaults are those of the lecture's ``fit``."""

from typing import Any

from gdviz.params import param

__all__ = ["decay_rate", "epsilon", "learning_rate"]


def learning_rate() -> Any:
    """Declare the learning rate η."""
    return param(0.01, "η", "learning rate: how far to go along the step", low=0, slider=(1e-4, 10), log=True)


def decay_rate(symbol: str, help: str, default: float = 0.9) -> Any:
    """Declare a rate in [0, 1) at which the past is forgotten."""
    return param(default, symbol, help, low=0, high=1, high_open=True, slider=(0, 0.999))


def epsilon() -> Any:
    """Declare ε, which stands outside the root."""
    return param(1e-8, "ε", "keeps the division finite; added outside the root", low=0, slider=(1e-10, 1), log=True)
