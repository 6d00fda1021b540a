"""The update rules, one small class each."""

# ruff: noqa: I001 -- the order of these modules is the order in which the rules are listed: the lecture's six first
from gdviz.optimizers.base import OPTIMIZERS, Array, Optimizer, Term
from gdviz.optimizers.descent import GradientDescent, Momentum, Nesterov
from gdviz.optimizers.adaptive import AdaGrad, RMSProp
from gdviz.optimizers.adam import Adam
from gdviz.optimizers.beyond_lecture import Adadelta, AdaMax, AdamW, AMSGrad, Lion, NAdam

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

LECTURE: tuple[type[Optimizer], ...] = tuple(cls for cls in OPTIMIZERS if cls.is_of_lecture)
"""The lecture's rules, in its order."""


def lecture_values(cls: type[Optimizer]) -> dict[str, float]:
    """Return the lecture's defaults for a rule of the lecture; none for others."""
    return {param.name: param.default for param in cls.params()} if cls.is_of_lecture else {}


def paper_values(cls: type[Optimizer]) -> dict[str, float]:
    """Return the hyperparameters that the rule's paper recommends."""
    return dict(cls.published)
