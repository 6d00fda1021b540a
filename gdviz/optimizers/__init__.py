"""The update rules, one small class each."""

from gdviz.optimizers.adam import Adam, AdaMax, AdamW, AMSGrad, NAdam
from gdviz.optimizers.adaptive import Adadelta, AdaGrad, RMSProp
from gdviz.optimizers.base import Array, Optimizer, Term
from gdviz.optimizers.gd import GradientDescent
from gdviz.optimizers.momentum import Momentum, Nesterov
from gdviz.optimizers.sign import Lion

__all__ = [
    "LECTURE",
    "OPTIMIZERS",
    "AMSGrad",
    "AdaGrad",
    "AdaMax",
    "Adadelta",
    "Adam",
    "AdamW",
    "Array",
    "GradientDescent",
    "Lion",
    "Momentum",
    "NAdam",
    "Nesterov",
    "Optimizer",
    "RMSProp",
    "Term",
]

LECTURE: tuple[type[Optimizer], ...] = (GradientDescent, Momentum, Nesterov, AdaGrad, RMSProp, Adam)
"""The lecture's rules, in its order."""
OPTIMIZERS: tuple[type[Optimizer], ...] = (*LECTURE, Adadelta, AMSGrad, AdaMax, NAdam, AdamW, Lion)
"""Every rule that the pickers, the command line and the contract tests know."""
