"""One update worked out: the rule's equations with the numbers of the update."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.notation.expressions import evaluate
from gdviz.notation.reading import Equation, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdviz.objectives import Array
    from gdviz.optimizers import Optimizer, Term
    from gdviz.training.loop import Step

__all__ = ["Line", "arrows_of", "memories_of", "scales_of", "work_out"]

PARAMS, GRADIENT, UPDATE = "w", "g", "t"
"""The symbols of the params, the gradient and the update's number in the notation."""

DECAY = "λ"
"""The symbol of the share of the weights that is subtracted beside the rule."""


@dataclass(frozen=True)
class Line:
    """An equation with its numbers.

    Attributes
    ----------
    equation
        The equation; `w` stands for each parameter.
    values
        The value of each symbol on the right: a number, or an array of shape (n,) with a number for each parameter.
    result
        The value of the right-hand side, shape (n,).
    """

    equation: Equation
    values: Mapping[str, Any]
    result: Array


def work_out(step: Step) -> tuple[Line, ...]:
    """Return the equations of the step's rule with its numbers, in their order.

    The result is empty where the equations are not in the notation or do not give the step, as may be with a plug-in.
    """
    try:
        lines = _lines(step.run.optimizer, step)
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return ()
    ends = [line.result for line in lines if line.equation.target == PARAMS]
    scale = np.abs(step.before) + np.abs(step.step)
    return lines if ends and (np.abs(ends[-1] - step.params) <= 1e-9 * scale).all() else ()


def memories_of(optimizer: Optimizer) -> list[str]:
    """Return the symbols of the states that are displacements: parts of the step, besides the gradient."""
    return [term.symbol for term in optimizer.state if term.kind == "arrow"]


def arrows_of(optimizer: Optimizer) -> set[str]:
    """Return the symbols of all displacements and directions, without those of scaling factors."""
    return {GRADIENT, *(term.symbol for term in (*optimizer.state, *optimizer.terms) if term.kind == "arrow")}


def scales_of(optimizer: Optimizer) -> list[Term]:
    """Return the quantities that are learning rates of the parameters."""
    return [term for term in (*optimizer.state, *optimizer.terms) if term.kind == "scale"]


def _lines(optimizer: Optimizer, step: Step) -> tuple[Line, ...]:
    values_now: dict[str, Any] = {param.symbol: getattr(optimizer, param.name) for param in optimizer.params()}
    values_now |= {term.symbol: value for term, value in zip(optimizer.state, step.state_before, strict=True)}
    values_now |= {"η": step.eta, UPDATE: step.update, PARAMS: step.before, GRADIENT: step.gradient}
    equations = list(map(read, optimizer.written()))
    if step.shrinkage is not None and DECAY not in values_now:
        values_now[DECAY] = step.shrinkage
        at = next(i for i, line in enumerate(equations) if line.target == PARAMS and line.relation != "at")
        equations.insert(at, read(f"w ← w − η {DECAY} w"))  # before the step: the decay applies to the old weights
    lines = []
    for equation in equations:
        values = dict(values_now)
        with np.errstate(all="ignore"):
            result = np.broadcast_to(evaluate(equation.value, values), step.before.shape)
        lines.append(Line(equation, values, result))
        if equation.relation != "at":
            values_now[equation.target] = result
    return tuple(lines)
