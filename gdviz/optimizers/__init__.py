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
    "lecture_values",
    "paper_values",
]

LECTURE: tuple[type[Optimizer], ...] = (GradientDescent, Momentum, Nesterov, AdaGrad, RMSProp, Adam)
"""The lecture's rules, in its order."""
OPTIMIZERS: tuple[type[Optimizer], ...] = (*LECTURE, Adadelta, AMSGrad, AdaMax, NAdam, AdamW, Lion)
"""Every rule that the pickers, the command line and the contract tests know."""


def lecture_values(cls: type[Optimizer]) -> dict[str, float]:
    """Return the lecture's defaults for a rule of the lecture; none for others."""
    return {declared.name: declared.default for declared in cls.params()} if cls in LECTURE else {}


def paper_values(cls: type[Optimizer]) -> dict[str, float]:
    """Return the hyperparameters that the rule's paper recommends."""
    return dict(cls.published)
