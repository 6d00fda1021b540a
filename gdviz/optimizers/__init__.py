"""The update rules, one small class each."""

from gdviz.optimizers.adaptive import AdaGrad, Adam, RMSProp
from gdviz.optimizers.base import Array, Optimizer, Term
from gdviz.optimizers.gd import GradientDescent
from gdviz.optimizers.momentum import Momentum, Nesterov

__all__ = [
    "OPTIMIZERS",
    "AdaGrad",
    "Adam",
    "Array",
    "GradientDescent",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "RMSProp",
    "Term",
]

OPTIMIZERS: tuple[type[Optimizer], ...] = (GradientDescent, Momentum, Nesterov, AdaGrad, RMSProp, Adam)
"""Every rule that the pickers, the command line and the contract tests know, in the lecture's order."""
