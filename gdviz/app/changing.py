"""What has to follow where a part of an objective is changed, or all of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gdviz.training import usual

if TYPE_CHECKING:
    from gdviz.objectives import Objective

__all__ = ["suited", "with_param"]


def with_param(objective: Any, name: str, value: Any) -> Objective:
    """Return the objective with a parameter changed; what is written for each layer follows the number of layers.

    Parameters
    ----------
    objective
        The objective to change.
    name
        The parameter's name.
    value
        The parameter's value; of ``layers`` also a pair of layers and activation.
    """
    if name != "layers":
        changed: Objective = replace(objective, **{name: value})
        return changed
    layers, activation = value if isinstance(value, tuple) else (value, objective.activation)
    hidden, rates = layers.count("-") - 1, objective.dropout.split("-")
    dropout = objective.dropout if len(rates) in (1, hidden) else "-".join((rates + rates[-1:] * hidden)[:hidden])
    network: Objective = replace(objective, layers=layers, activation=activation, dropout=dropout or "0")
    return network


def suited(optimizer: Any, objective: Objective) -> Any:
    """Return an optimizer with the learning rate that usually suits the objective."""
    return replace(optimizer, eta=usual(type(optimizer), objective).eta)
