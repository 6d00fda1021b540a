"""The base of writers, which write an expression in another language: Python, LaTeX or HTML."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING

from gdviz.notation.expressions import Call, Group, Number, Power, Product, Quotient, Root, Sum, Symbol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.notation.expressions import Expression

__all__ = ["Writer"]


class Writer(abc.ABC):
    """Writes an expression; a language overrides the methods for the nodes that it writes differently."""

    times: str
    """The text between two factors."""
    minus: str = "-"
    """The minus sign."""

    def written(self, expression: Expression) -> str:
        """Return an expression in this language."""
        match expression:
            case Number(text):
                return text
            case Symbol(name):
                return self.symbol(name)
            case Sum(terms):
                signs = [" + " if sign > 0 else f" {self.minus} " for sign, _ in terms]
                line = "".join(sign + self.part(term, 2) for sign, (_, term) in zip(signs, terms, strict=True))
                return line[3:] if terms[0][0] > 0 else self.minus + line[3:]
            case Product(factors):
                return self.times.join(self.part(factor, 3) for factor in factors)
            case Quotient(above, below):
                return self.quotient(above, below)
            case Power(base, exponent):
                return self.power(base, exponent)
            case Root(inside):
                return self.root(self.written(inside))
            case Group(inside):
                return self.group(self.written(inside))
            case Call(name, arguments):
                return self.call(name, [self.written(argument) for argument in arguments])

    def part(self, expression: Expression, binding: int) -> str:
        """Return a part of an expression, in parentheses where the language needs them.

        Parameters
        ----------
        expression
            The part.
        binding
            How tightly the surrounding expression binds, from 1 (sum) to 4 (power).
        """
        return self.written(expression)

    def group(self, inside: str) -> str:
        """Return something in parentheses."""
        return f"({inside})"

    @abc.abstractmethod
    def symbol(self, symbol: str) -> str:
        """Return a quantity."""

    @abc.abstractmethod
    def quotient(self, above: Expression, below: Expression) -> str:
        """Return a fraction."""

    @abc.abstractmethod
    def power(self, base: Expression, exponent: Expression) -> str:
        """Return a base with its exponent."""

    @abc.abstractmethod
    def root(self, inside: str) -> str:
        """Return a square root."""

    @abc.abstractmethod
    def call(self, name: str, arguments: Sequence[str]) -> str:
        """Return a function of its arguments."""
