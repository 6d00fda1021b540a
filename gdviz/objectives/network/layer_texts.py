"""How a network's layers, activations and rates are written: one for all layers, or several joined by hyphens."""

from __future__ import annotations

from typing import Any

from gdviz.objectives.network.activations import ACTIVATIONS

__all__ = ["FORM_OF_LAYERS", "FORM_OF_RATES", "form_of_activations", "read_activations", "read_layers", "read_rates"]

WIDEST, DEEPEST = 10_000, 20
FORM_OF_LAYERS = f"neurons in each layer such as 2-16-2, 2 to {DEEPEST} layers of 1 to {WIDEST}"
FORM_OF_RATES = "a share >= 0 and < 1, or one for each hidden layer such as 0.2-0.5"


def _parts(value: Any) -> list[str]:
    """Return what hyphens separate, or what a tuple or list holds, as texts."""
    if isinstance(value, (tuple, list)):
        return [str(part) for part in value]
    return [part.strip() for part in str(value).split("-")]


def read_layers(value: Any) -> str:
    """Return ``(2, 16, 2)``, ``[2, 16, 2]`` or ``" 2-16-2"`` as ``2-16-2``."""
    sizes = [int(part) for part in _parts(value)]
    if not 2 <= len(sizes) <= DEEPEST or not all(1 <= size <= WIDEST for size in sizes):
        raise ValueError
    return "-".join(map(str, sizes))


def form_of_activations() -> str:
    """Say which texts name the activations of the hidden layers."""
    return f"one of {', '.join(ACTIVATIONS.names)}, or one for each hidden layer such as tanh-relu"


def read_activations(value: Any) -> str:
    """Return ``("tanh", "relu")`` or ``"tanh-relu"`` as ``tanh-relu``."""
    names = _parts(value)
    if not all(name in ACTIVATIONS.names for name in names):
        raise ValueError
    return "-".join(names)


def read_rates(value: Any) -> str:
    """Return ``0.2``, ``(0.2, 0.5)`` or ``"0.2-0.5"`` as ``0.2`` or ``0.2-0.5``."""
    parts = [value] if isinstance(value, (int, float)) else _parts(value)
    rates = [f"{float(part):.9f}".rstrip("0").rstrip(".") for part in parts]
    if not all(0 <= float(rate) < 1 for rate in rates):
        raise ValueError
    return "-".join(rates)
