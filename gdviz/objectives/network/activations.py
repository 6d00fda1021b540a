"""Activation functions, each with its slope in terms of its own value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.objectives.neuron import sigmoid
from gdviz.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ACTIVATIONS", "Activation"]


@dataclass(frozen=True)
class Activation:
    """An activation function a = f(z), elementwise.

    Attributes
    ----------
    name, formula
        Its name, and its formula as text.
    f
        ``(z, leak) -> a``.
    slope
        ``(a, leak) -> da/dz``: for all these functions the slope follows from the value a.
    is_analytic
        Whether it is analytic, without a kink: then polynomials interpolate the error surface to full precision.
    sigmoid
        (c, factor, shift) where it is shift + factor / (1 + e^−cz); then e^−c(u+v) is computed as e^−cu · e^−cv.
    """

    name: str
    formula: str
    f: Callable[[Any, float], Any]
    slope: Callable[[Any, float], Any]
    is_analytic: bool = True
    sigmoid: tuple[float, float, float] | None = None


ACTIVATIONS: Registry[Activation] = Registry("activation")
"""Every activation function that networks know."""

ACTIVATIONS(
    Activation("logistic", "1 / (1 + e^−z)", lambda z, leak: sigmoid(z), lambda a, leak: a * (1 - a), sigmoid=(1, 1, 0))
)
ACTIVATIONS(Activation("tanh", "tanh z", lambda z, leak: np.tanh(z), lambda a, leak: 1 - a * a, sigmoid=(2, 2, -1)))
ACTIVATIONS(
    Activation("relu", "max(0, z)", lambda z, leak: np.maximum(z, 0), lambda a, leak: (a > 0).astype(a.dtype), False)
)
ACTIVATIONS(
    Activation(
        "leaky",
        "z where z > 0, else leak · z",
        lambda z, leak: np.where(z > 0, z, leak * z),
        lambda a, leak: np.where(a > 0, a.dtype.type(1), a.dtype.type(leak)),
        False,
    )
)
ACTIVATIONS(Activation("linear", "z", lambda z, leak: z, lambda a, leak: np.ones_like(a)))
