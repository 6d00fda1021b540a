"""The equations of a step with numbers of so many digits that each line is right as it is printed.

Who works a printed line out gets its printed result, to the last digit. A quantity has the same digits in every line:
four, or more where a line needs them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.explaining.working import GRADIENT, PARAMS, UPDATE
from gdviz.notation.expressions import Sum, evaluate, symbols
from gdviz.notation.numbers import number, read_number, with_decimals, with_digits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.explaining.working import Line
    from gdviz.notation.reading import Equation

__all__ = ["Change", "PrintedLine", "change_of", "printed_lines"]

USUAL, MOST = 4, 15
"""The number of significant digits of a quantity, and the maximum where a line needs more."""
CANCELLED = 9
"""A sum's result is printed with so many digits fewer than its terms at most: what lies below them is rounding."""
TIE, MARGIN = 0.46, 0.495
"""In units of a result's last digit: how far rounding may move it, and how far a printed line may be off."""
DEEPEST = 8
"""Maximum number of decimals in the table of a step."""


@dataclass(frozen=True)
class PrintedLine:
    """An equation with printed numbers, for one parameter.

    Attributes
    ----------
    equation
        The equation.
    numbers
        The text that stands for each symbol on the right.
    relation
        ``=``, or ``≈`` where only rounding is left of the result.
    result
        The right-hand side's value as a text.
    """

    equation: Equation
    numbers: dict[str, str]
    relation: str
    result: str


@dataclass(frozen=True)
class Change:
    """A quantity before and after a step, with texts of which the first two add up to the third."""

    before: str
    delta: str
    after: str


def change_of(before: float, after: float, delta: float | None = None) -> Change:
    """Return how a quantity changed; the printed numbers add up as they are printed.

    Parameters
    ----------
    before, after
        Its values.
    delta
        What is added; None: the difference.
    """
    delta = float(after - before if delta is None else delta)
    if not np.isfinite([before, after, delta]).all():
        return Change(number(before), number(delta), number(after))
    decimals = _decimals(before, after, delta)
    told = (round(value, decimals) for value in (before, after))
    start, end = told
    difference = with_decimals(end - start, decimals, has_sign=True)
    if abs(delta) < 10 ** (1 - decimals) and delta:  # it would have hardly a digit
        difference = f"{'+' if delta > 0 else ''}{with_digits(delta, USUAL)}"
    return Change(with_decimals(before, decimals), difference, with_decimals(after, decimals))


def _decimals(before: float, after: float, delta: float) -> int:
    """Return the number of decimals with which before, step and after are rounded and add up, if there is one."""
    size = max(abs(before), abs(after), abs(delta), 1e-300)
    powers = math.floor(math.log10(size)), math.floor(math.log10(abs(delta) or size))
    deepest = min(DEEPEST, CANCELLED - 1 - powers[0])
    first = min(USUAL - 1 - powers[1], deepest)
    candidates = (*range(first, deepest + 1), *range(first - 1, first - 4, -1), *range(deepest + 1, deepest + 5))
    return next((decimals for decimals in candidates if _fits(before, after, delta, decimals)), first)


def _fits(before: float, after: float, delta: float, decimals: int) -> bool:
    """Return whether the difference of the rounded numbers is the rounded step."""
    return abs(round(after, decimals) - round(before, decimals) - delta) * 10.0**decimals < MARGIN


def printed_lines(lines: Sequence[Line], axis: int) -> tuple[PrintedLine, ...]:
    """Return a step's equations with printed numbers, for one parameter.

    Parameters
    ----------
    lines
        The equations with their numbers, see :func:`~gdviz.explaining.working.work_out`.
    axis
        The parameter's index.
    """
    with np.errstate(all="ignore"):
        return _Sheet(lines, axis).printed()


class _Quantity:
    """A number, and with how many digits it is printed; one object stands for it in every line."""

    def __init__(self, value: float, digits: int = USUAL) -> None:
        self.value, self.digits = value, digits
        self.unit = 0.0
        self._print()

    def _print(self) -> None:
        self.text = with_digits(self.value, self.digits)
        self.told = read_number(self.text) if math.isfinite(self.value) else self.value
        power = math.floor(math.log10(abs(self.value))) if self.value and math.isfinite(self.value) else 0
        self.unit = 10.0 ** (power + 1 - self.digits)

    @property
    def can_grow(self) -> bool:
        return self.told != self.value and self.digits < MOST

    def grow(self) -> bool:
        """Print one digit more; return whether there is one."""
        if not self.can_grow:
            return False
        self.digits += 1
        self._print()
        return True


class _Row:
    """An equation with the quantities in it."""

    def __init__(self, line: Line, inputs: dict[str, _Quantity], result: _Quantity) -> None:
        self.line, self.inputs, self.result = line, inputs, result
        self.is_exact = True

    def value(self, exact: str = "") -> float:
        """Return what the printed numbers give, or with one of them exact."""
        values = {name: one.value if name == exact else one.told for name, one in self.inputs.items()}
        return float(self._evaluate(values))

    def _evaluate(self, values: dict[str, float]) -> Any:
        try:
            return evaluate(self.line.equation.value, values)
        except (ArithmeticError, ValueError):
            return math.nan

    @property
    def adds_up(self) -> bool:
        """Whether the printed numbers give the printed result."""
        if not all(math.isfinite(one.value) for one in (*self.inputs.values(), self.result)):
            return True
        return bool(abs(self.value() - self.result.told) <= MARGIN * self._unit)

    @property
    def _unit(self) -> float:
        if self.result.value:
            return self.result.unit
        return 1e-12 * max((abs(one.value) for one in self.inputs.values()), default=1.0)

    def grow(self) -> bool:
        """Print one digit more where it helps most; return whether there is one."""
        result = self.result
        if abs(result.value - result.told) > TIE * result.unit and result.grow():
            return True
        printed = self.value()
        growing = {name: abs(self.value(name) - printed) for name, one in self.inputs.items() if one.can_grow}
        worst = max(growing, key=lambda name: growing[name], default="")
        return self.inputs[worst].grow() if worst else result.grow()


class _Sheet:
    """The equations of one parameter, whose quantities get digits until all lines add up."""

    def __init__(self, lines: Sequence[Line], axis: int) -> None:
        self._now: dict[str, _Quantity] = {}
        self._rows = [self._row(line, axis) for line in lines]

    def _row(self, line: Line, axis: int) -> _Row:
        values = {name: _at(line.values[name], axis) for name in symbols(line.equation.value)}
        inputs = {name: self._quantity(name, value) for name, value in values.items()}
        result = _Quantity(float(line.result[axis]), _digits_of(line, values, float(line.result[axis])))
        if line.equation.relation != "at":
            self._now[line.equation.target] = result
        return _Row(line, inputs, result)

    def _quantity(self, name: str, value: float) -> _Quantity:
        now = self._now.get(name)
        if now is None or now.value != value:
            now = self._now[name] = _Quantity(value, MOST if name == UPDATE else USUAL)
        return now

    def printed(self) -> tuple[PrintedLine, ...]:
        is_changed = True
        while is_changed:
            is_changed = False
            for row in reversed(self._rows):
                while row.is_exact and not row.adds_up:
                    row.is_exact = row.grow()
                    is_changed = True
        return tuple(
            PrintedLine(
                row.line.equation,
                {name: one.text for name, one in row.inputs.items()},
                "=" if row.is_exact else "≈",
                row.result.text,
            )
            for row in self._rows
        )


def _at(value: Any, axis: int) -> float:
    return float(value[axis]) if isinstance(value, np.ndarray) and value.ndim else float(value)


def _digits_of(line: Line, values: dict[str, float], result: float) -> int:
    """Return with how many digits a result is printed at first: fewer where its terms cancel, more for a new point."""
    if not (result and math.isfinite(result)):
        return USUAL
    power = math.floor(math.log10(abs(result)))
    if PARAMS in values and line.equation.target in (PARAMS, GRADIENT):
        decimals = _decimals(values[PARAMS], result, result - values[PARAMS])
        return min(max(power + 1 + decimals, 1), MOST)
    expression = line.equation.value
    if isinstance(expression, Sum):
        terms = [abs(float(evaluate(term, values))) for _, term in expression.terms]
        lost = math.floor(math.log10(max(terms))) - power if max(terms, default=0.0) > 0 else 0
        return max(1, min(USUAL, CANCELLED - lost))
    return USUAL
