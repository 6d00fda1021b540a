"""One update worked out: each of the rule's equations with the numbers that it was computed with."""

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
"""How the notation writes the params, the gradient and the update's number."""

DECAY = "λ"
"""The share of the weights that is taken away beside the rule."""


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
    scale = np.abs(step.before) + np.abs(step.step)
    return lines if moved and (np.abs(moved[-1] - step.params) <= 1e-9 * scale).all() else ()


def memories_of(optimizer: Optimizer) -> list[str]:
    """Return the symbols of what a rule remembers and adds up: what its step is made of, besides the gradient."""
    return [term.symbol for term in optimizer.state if term.kind == "arrow"]


def arrows_of(optimizer: Optimizer) -> set[str]:
    """Return the symbols of all displacements and directions; what only scales them is not among them."""
    return {GRADIENT, *(term.symbol for term in (*optimizer.state, *optimizer.terms) if term.kind == "arrow")}


def scales_of(optimizer: Optimizer) -> list[Term]:
    """Return the quantities that are learning rates of the parameters."""
    return [term for term in (*optimizer.state, *optimizer.terms) if term.kind == "scale"]


def _lines(optimizer: Optimizer, step: Step) -> tuple[Line, ...]:
    known: dict[str, Any] = {declared.symbol: getattr(optimizer, declared.name) for declared in optimizer.params()}
    known |= {term.symbol: value for term, value in zip(optimizer.state, step.state_before, strict=True)}
    known |= {"η": step.eta, UPDATE: step.update, PARAMS: step.before, GRADIENT: step.gradient}
    equations = list(map(read, optimizer.written()))
    if step.shrinkage is not None and DECAY not in known:
        known[DECAY] = step.shrinkage
        at = next(i for i, line in enumerate(equations) if line.target == PARAMS and line.relation != "at")
        equations.insert(at, read(f"w ← w − η {DECAY} w"))  # before the step: it takes away from what was there
    lines = []
    for equation in equations:
        values = dict(known)
        with np.errstate(all="ignore"):
            result = np.broadcast_to(evaluate(equation.value, values), step.before.shape)
        lines.append(Line(equation, values, result))
        if equation.relation != "at":
            known[equation.target] = result
    return tuple(lines)
