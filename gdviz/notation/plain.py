"""Expressions as one line of plain text, for the clipboard: ``0.9·(−0.0077) + (1 − 0.9)·0.041``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdviz.notation.expressions import Group, Number, Power, Symbol
from gdviz.notation.numbers import RAISED
from gdviz.notation.writers import Writer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gdviz.notation.expressions import Expression

__all__ = ["Plain", "needs_brackets"]

SUPERSCRIPT = str.maketrans("0123456789+−t", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵗ", " ")


def needs_brackets(text: str) -> bool:
    """Return whether a number stands in parentheses under a power or a root: with a sign, or with a power of ten."""
    return text.startswith("−") or "×" in text or text[-1:] in RAISED


class Plain(Writer):
    """Writes expressions as text, with symbols or, if there are `numbers`, with these texts in their place."""

    minus = "−"

    def __init__(self, numbers: Mapping[str, str] | None = None) -> None:
        self._numbers = numbers
        self.times = " " if numbers is None else "·"

    def symbol(self, symbol: str) -> str:
        """Return a symbol, or the number in its place."""
        return symbol if self._numbers is None else self._numbers[symbol]

    def part(self, expression: Expression, binding: int) -> str:
        """Return a term or a factor, in parentheses where a sign would stand behind another."""
        text = self.written(expression)
        return f"({text})" if isinstance(expression, Symbol) and text.startswith("−") else text

    def quotient(self, above: Expression, below: Expression) -> str:
        """Return a quotient on one line."""
        return f"{self.written(above)} / {self._bracketed(below)}"

    def power(self, base: Expression, exponent: Expression) -> str:
        """Return a power."""
        return f"{self._bracketed(base)}{self.written(exponent).translate(SUPERSCRIPT)}"

    def _bracketed(self, expression: Expression) -> str:
        text = self.written(expression)
        is_one = isinstance(expression, Number | Symbol) and not needs_brackets(text)
        return text if is_one or isinstance(expression, Group | Power) or text.startswith("√") else f"({text})"

    def root(self, inside: str) -> str:
        """Return a square root."""
        is_closed = inside.startswith("(") and inside.endswith(")")
        return f"√{inside}" if is_closed or not (needs_brackets(inside) or " " in inside) else f"√({inside})"

    def call(self, name: str, arguments: Sequence[str]) -> str:
        """Return a function of its arguments, or what stands between bars."""
        inside = ", ".join(arguments)
        return f"|{inside}|" if name == "abs" else f"{name}({inside})"
