"""Output functions of a network's last layer, each with its error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdviz.objectives.neuron import sigmoid
from gdviz.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdviz.elementary import Array

__all__ = ["OUTPUTS", "Output", "check_targets"]

ROUNDING = 1e-9
"""Tolerance for the sum of shares, which should be 1."""


@dataclass(frozen=True)
class Output:
    """An output function with its error.

    Attributes
    ----------
    name, error_name, formula
        Its name, the name of its error, and that error's formula for one sample, as text.
    f
        ``z -> ŷ``, shapes (N, k).
    error
        ``(z, y) -> error`` of each sample, shape (N,).
    slope
        ``(z, y) -> ∂error/∂z``, shape (N, k).
    for_classes
        Whether it is for classes; otherwise for numbers.
    """

    name: str
    error_name: str
    formula: str
    f: Callable[[Array], Array]
    error: Callable[[Array, Array], Array]
    slope: Callable[[Array, Array], Array]
    for_classes: bool = True


def check_targets(output: str, T: Array) -> None:
    """Raise ValueError, a sentence, where the output's error has no minimum for targets of shape (N, k)."""
    if output == "softmax" and (T.min() < 0 or np.abs(T.sum(axis=1) - 1).max() > ROUNDING):
        advice = "take logistic" if T.shape[1] == 1 else "they must be shares that add up to 1"
        raise ValueError(f"network: softmax has an output for each class; for these targets {advice}")
    if output == "logistic" and (T.min() < 0 or T.max() > 1):
        raise ValueError("network: logistic needs targets from 0 to 1; for other numbers take linear")


def softmax(z: Array) -> Array:
    """Return e^z / Σ e^z, a share for each class."""
    e = np.exp(_below_highest(z))
    return np.asarray(e / e.sum(axis=0)).T


def _below_highest(z: Array) -> Array:
    """Return z minus each sample's greatest z, transposed: shape (k, N). No share changes, and nothing can overflow.

    Numpy is faster along the many samples than along the few classes.
    """
    columns = np.ascontiguousarray(z.T)
    return np.asarray(columns - columns.max(axis=0))


def _softmax_error(z: Array, y: Array) -> Array:
    """Return −Σ y log ŷ as log Σ e^z − Σ y z, for Σ y = 1; so there is no logarithm of a ŷ that is 0."""
    z = _below_highest(z)
    return np.asarray(np.log(np.exp(z).sum(axis=0)) - np.einsum("ji,ij->i", z, y))


def _logistic_error(z: Array, y: Array) -> Array:
    """Return −Σ y log ŷ + (1−y) log(1−ŷ) as Σ log(1 + e^z) − y z."""
    return np.asarray((np.logaddexp(0, z) - y * z).sum(axis=1))


def _squared_error(f: Array, y: Array) -> Array:
    return np.asarray(0.5 * np.einsum("ij,ij->i", f - y, f - y))


def _logistic_slope(z: Array, y: Array) -> Array:
    f = sigmoid(z)
    return np.asarray((f - y) * f * (1 - f))


OUTPUTS: Registry[Output] = Registry("output")
"""Every output that networks know, with its error."""

OUTPUTS(
    Output(
        "softmax",
        "cross-entropy",
        "−Σ y log ŷ,  ŷ = e^z / Σ e^z",
        softmax,
        _softmax_error,
        lambda z, y: softmax(z) - y,
    )
)
OUTPUTS(
    Output(
        "logistic",
        "cross-entropy",
        "−Σ y log ŷ + (1−y) log(1−ŷ),  ŷ = 1 / (1 + e^−z)",
        sigmoid,
        _logistic_error,
        lambda z, y: sigmoid(z) - y,
    )
)
OUTPUTS(
    Output(
        "linear",
        "squared error",
        "½ Σ (ŷ−y)²,  ŷ = z",
        lambda z: z,
        _squared_error,
        lambda z, y: z - y,
        for_classes=False,
    )
)
OUTPUTS(
    Output(
        "logistic-squared",
        "squared error",
        "½ Σ (ŷ−y)²,  ŷ = 1 / (1 + e^−z)",
        sigmoid,
        lambda z, y: _squared_error(sigmoid(z), y),
        _logistic_slope,
    )
)
