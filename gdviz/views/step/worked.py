"""A step worked out on paper: the rule, the rule with this update's numbers, the memory, and a table of the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QFont

from gdviz.explaining.working import DECAY, PARAMS
from gdviz.notation.expressions import Expression, Group, Number, Power, Product, Sum, Symbol, rebuilt
from gdviz.notation.numbers import number
from gdviz.objectives.scored import about_value
from gdviz.views.step.formula import FONTS, Box, Writing, beside, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gdviz.explaining.pasts import Past
    from gdviz.explaining.working import Line
    from gdviz.notation.reading import Equation
    from gdviz.scene.frame import Frame

__all__ = ["Paper", "formulas", "help_of", "past_lines", "table_rows", "worked_lines"]

WRITTEN_OUT = 3
"""The maximum number of past updates that are written out before the dots."""
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
    """Return an equation in symbols: a box for each line that it needs."""
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
    return float(value[axis]) if isinstance(value, np.ndarray) and value.ndim else float(value)


def past_lines(past: Past, names: Sequence[str], paper: Paper) -> list[Box]:
    """Return a state as the sum of what past updates left in it: in symbols, and in numbers for each parameter."""
    count = min(WRITTEN_OUT, len(past.updates))
    has_more = len(past.updates) > count or bool(past.older.any())
    head = [paper.formula.text(f"{past.symbol}{_index(past.updates[0])}", past.symbol), paper.formula.text(" = ")]
    terms = [_term(past, back) for back in range(count)]
    dots = paper.formula.text(" + …") if has_more else None
    boxes = lines_of(beside(head), Sum(tuple((1, term) for term in terms)), dots, paper.width, paper.formula)
    for axis, name in enumerate(names):
        newest = [float(value) for value in past.contributions[:count, axis]]
        rest = float(past.contributions[count:, axis].sum() + past.older[axis])
        values = (*newest, *([rest] if has_more else []))
        total = Sum(tuple((-1 if value < 0 else 1, Number(number(abs(value)))) for value in values))
        boxes += lines_of(paper.numbers.text(f"  {name}:  "), total, None, paper.width, paper.numbers)
    return boxes


def _term(past: Past, back: int) -> Expression:
    """Return what the update `back` before the newest left in the memory: its increment times a power of the decay."""
    term = _indexed(past.increment, past.inputs, _index(past.updates[back]))
    if past.decay is None or back == 0:
        return term
    decay = past.decay if isinstance(past.decay, Symbol) else Group(past.decay)
    power = decay if back == 1 else Power(decay, Number(str(back)))
    factors = term.factors if isinstance(term, Product) else (term,)
    return Product((power, *factors))


def _index(update: int) -> str:
    return str(update).translate(SUBSCRIPT)


def _indexed(expression: Expression, inputs: frozenset[str], index: str) -> Expression:
    """Return the expression with an index at what differs from update to update."""
    if isinstance(expression, Symbol):
        return Symbol(f"{expression.name}{index}") if expression.name in inputs else expression
    return rebuilt(expression, lambda part: _indexed(part, inputs, index))


def table_rows(frame: Frame) -> list[tuple[str, str, list[str]]]:
    """Return the numbers of a step that are in none of its equations, as rows; the first row is the heading.

    Returns
    -------
    rows
        Each a label, its help, and a number for each of the two parameters that are shown.
    """
    run, step = frame.selected_run, frame.step
    rows = [("", "", list(frame.names))]
    if step is None:
        rows.append(_row("start", "where every run starts", run.params[0, list(frame.axes)]))
    else:
        rows.append(_row("before", "the point before this update", step.before))
        if step.asked_at is not step.before:
            rows.append(_row("asked at", "where the gradient was taken: the look-ahead point", step.asked_at))
        rows.append(_row("g", "the gradient of the batch", step.gradient))
        targets = {line.equation.target for line in frame.working}
        rows += [
            _row(term.symbol, term.help, step.terms[term.name])
            for term in (*run.run.optimizer.state, *run.run.optimizer.terms)
            if term.symbol not in targets
        ]
        rows.append(_row("step", "what is subtracted", step.step))
        rows.append(_row("after", "the point after this update", step.params))
        rows.append(("η", "the learning rate of this update", [number(step.eta), ""]))
    about = about_value(frame.objective)
    if run.updates[-1] < run.update:  # it takes too long to be measured with every update
        about = f"as of update {run.updates[-1]}; {about}"
    rows.append((frame.objective.value_name, about, [number(run.error[-1]), ""]))
    return rows


def _row(label: str, tip: str, values: Iterable[float]) -> tuple[str, str, list[str]]:
    return label, tip, [number(float(value)) for value in values]


def help_of(symbol: str, frame: Frame) -> str:
    """Return what a symbol of the selected run's rule stands for, such as ``g: the gradient of the batch``."""
    optimizer = frame.selected_run.run.optimizer
    helps = {"g": "the gradient of the batch", PARAMS: "each parameter", "t": "the update's number, from 1"}
    helps[DECAY] = "how much of each weight is taken away beside the rule"
    helps |= {parameter.symbol: parameter.help for parameter in optimizer.params()}
    helps |= {term.symbol: term.help for term in (*optimizer.state, *optimizer.terms)}
    text = helps.get(symbol) or helps.get(symbol.rstrip("₀₁₂₃₄₅₆₇₈₉"), "")
    return f"{symbol}: {text}" if text else ""
