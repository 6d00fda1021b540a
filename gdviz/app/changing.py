"""Experiments on another objective: what may stay as it was, and what has to follow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gdviz.training import usual

if TYPE_CHECKING:
    from gdviz.objectives import Objective
    from gdviz.training import Experiment

__all__ = ["fitted_to", "suited", "with_param"]


def fitted_to(experiment: Experiment, objective: Objective) -> Experiment:
    """Return the experiment on an objective of the same kind; starts and forks stay where the params do."""
    if objective.is_planar and experiment.objective.is_planar:
        return experiment.with_all(objective=objective)
    return experiment.with_each(
        lambda run: replace(
            run, fork=None, objective=objective, start=(), patience=run.patience if objective.has_validation else 0
        )
    )


def with_param(objective: Any, name: str, value: Any) -> Objective:
    """Return the objective with a parameter changed; what is written for each layer follows the number of layers.

    Parameters
    ----------
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
