"""One update worked out: each of the rule's equations with the numbers that it was computed with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.optimizers.notation import Equation, evaluate, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdviz.objectives import Array
    from gdviz.optimizers import Optimizer
    from gdviz.training.loop import Step

__all__ = ["Line", "work_out"]

PARAMS, GRADIENT, UPDATE = "w", "g", "t"
"""How the notation writes the params, the gradient and the update's number."""


@dataclass(frozen=True)
class Line:
    """An equation with its numbers.

    Attributes
    ----------
    equation
        What becomes what; `w` stands for every parameter.
    values
        By symbol, what stands on the right: a number, or an array of shape (n,) with a number for each parameter.
    result
        What the right-hand side comes to, shape (n,).
    """

    equation: Equation
    values: Mapping[str, Any]
    result: Array


def work_out(step: Step) -> tuple[Line, ...]:
    """Return the equations of the step's rule with its numbers, from the first to the last.

    A rule from outside may have equations that are not in the notation, or that do not say what it does; then there
    are none.
    """
    try:
        lines = _lines(step.run.optimizer, step)
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return ()
    moved = [line.result for line in lines if line.equation.target == PARAMS]
    return lines if moved and np.allclose(moved[-1], step.params, rtol=1e-9, atol=1e-300, equal_nan=True) else ()


def _lines(optimizer: Optimizer, step: Step) -> tuple[Line, ...]:
    known: dict[str, Any] = {declared.symbol: getattr(optimizer, declared.name) for declared in optimizer.params()}
    known |= {term.symbol: value for term, value in zip(optimizer.state, step.remembered, strict=True)}
    known |= {"η": step.eta, UPDATE: step.update, PARAMS: step.before, GRADIENT: step.gradient}
    lines = []
    for equation in map(read, optimizer.equations):
        values = dict(known)
        with np.errstate(all="ignore"):
            result = np.broadcast_to(evaluate(equation.value, values), step.before.shape)
        lines.append(Line(equation, values, result))
        if equation.relation != "at":
            known[equation.target] = result
    return tuple(lines)
