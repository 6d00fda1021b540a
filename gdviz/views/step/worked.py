"""A step worked out on paper: the rule, the same rule with this update's numbers, and what the memory is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QFont

from gdviz.notation.expressions import Expression, Group, Number, Power, Product, Sum, Symbol, rebuilt
from gdviz.notation.numbers import number
from gdviz.views.step.formula import FONTS, Box, Writing, beside, lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from gdviz.explaining.pasts import Past
    from gdviz.explaining.working import Line
    from gdviz.notation.reading import Equation

__all__ = ["Paper", "formulas", "past_lines", "worked_lines"]

WRITTEN_OUT = 3
"""So many past updates are written out before the dots."""
SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True)
class Paper:
    """What is written on: its width in pixels, and the type for formulas and for numbers."""

    width: float
    formula: Writing
    numbers: Writing

    @classmethod
    def of(cls, width: float, font: QFont) -> Paper:
        """Return paper for a widget's width and font."""
        formula, numbers = QFont(font), QFont(font)
        formula.setFamilies(FONTS)
        numbers.setPointSizeF(font.pointSizeF() * 0.92)
        return cls(width, Writing(formula), Writing(numbers))


def formulas(equation: Equation, paper: Paper) -> list[Box]:
    """Return an equation in symbols, in as many lines as it needs."""
    writing = paper.formula
    head = beside([writing.text(equation.target, equation.target), writing.text(f" {equation.relation} ")])
    return lines_of(head, equation.value, None, paper.width, writing)


def worked_lines(line: Line, names: Sequence[str], paper: Paper) -> list[Box]:
    """Return the equation's right-hand side with its numbers, for each parameter in turn, and what it comes to."""
    boxes = []
    for axis, name in enumerate(names):
        writing = replace(paper.numbers, values={symbol: _at(value, axis) for symbol, value in line.values.items()})
        head = writing.text(f"  {name}:  ")
        symbol = "" if line.equation.relation == "at" else line.equation.target
        tail = beside([writing.text(" = "), writing.text(number(float(line.result[axis])), symbol)])
        boxes += lines_of(head, line.equation.value, tail, paper.width, writing)
    return boxes


def _at(value: np.ndarray | float, axis: int) -> float:
    return float(value[axis]) if getattr(value, "ndim", 0) else float(value)


def past_lines(past: Past, names: Sequence[str], paper: Paper) -> list[Box]:
    """Return a state as the sum of what past updates left in it: in symbols, and in numbers for each parameter."""
    count = min(WRITTEN_OUT, len(past.updates))
    has_more = len(past.updates) > count or bool(past.older.any())
    head = [paper.formula.text(f"{past.symbol}{_index(past.updates[0])}", past.symbol), paper.formula.text(" = ")]
    terms = [_term(past, back) for back in range(count)]
    dots = paper.formula.text(" + …") if has_more else None
    boxes = lines_of(beside(head), Sum(tuple((1, term) for term in terms)), dots, paper.width, paper.formula)
    for axis, name in enumerate(names):
        shown = [float(value) for value in past.contributions[:count, axis]]
        rest = float(past.contributions[count:, axis].sum() + past.older[axis])
        values = (*shown, *([rest] if has_more else []))
        summed = Sum(tuple((-1 if value < 0 else 1, Number(number(abs(value)))) for value in values))
        boxes += lines_of(paper.numbers.text(f"  {name}:  "), summed, None, paper.width, paper.numbers)
    return boxes


def _term(past: Past, back: int) -> Expression:
    """Return what the update `back` before the newest left: the kept share to that power, and what it added."""
    added = _indexed(past.increment, past.inputs, _index(past.updates[back]))
    if past.decay is None or back == 0:
        return added
    kept = past.decay if isinstance(past.decay, Symbol) else Group(past.decay)
    power = kept if back == 1 else Power(kept, Number(str(back)))
    factors = added.factors if isinstance(added, Product) else (added,)
    return Product((power, *factors))


def _index(update: int) -> str:
    return str(update).translate(SUBSCRIPT)


def _indexed(expression: Expression, inputs: frozenset[str], index: str) -> Expression:
    """Return the expression with an index at what differs from update to update."""
    if isinstance(expression, Symbol):
        return Symbol(f"{expression.name}{index}") if expression.name in inputs else expression
    return rebuilt(expression, lambda part: _indexed(part, inputs, index))
