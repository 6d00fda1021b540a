"""The lecture's notation, read: what an optimizer's equations say can be worked out and typeset.

An equation is a line such as ``m ← β₁ m + (1−β₁) g``, ``m̂ = m / (1−β₁ᵗ)`` or ``g at w − γ v``. Factors stand side by
side, ``/`` divides all of the product before it, a superscript is a power, ``√`` takes what follows it, ``|g|`` is the
absolute value; ``max`` and ``sign`` are the functions that there are. Symbols are single letters with hats and indices.

>>> equation = read("v ← γ v + η g")
>>> equation.target, evaluate(equation.value, {"γ": 0.9, "v": 2.0, "η": 0.1, "g": 3.0})
('v', 2.1)
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = [
    "Call",
    "Equation",
    "Expression",
    "Group",
    "Number",
    "Power",
    "Product",
    "Quotient",
    "Root",
    "Sum",
    "Symbol",
    "children",
    "evaluate",
    "read",
    "read_expression",
    "rebuilt",
    "symbols",
]


@dataclass(frozen=True)
class Number:
    """A number as it is written."""

    text: str


@dataclass(frozen=True)
class Symbol:
    """A quantity by its symbol."""

    name: str


@dataclass(frozen=True)
class Sum:
    """Terms, each with its sign: 1 or −1."""

    terms: tuple[tuple[int, Expression], ...]


@dataclass(frozen=True)
class Product:
    """Factors side by side."""

    factors: tuple[Expression, ...]


@dataclass(frozen=True)
class Quotient:
    """A fraction."""

    above: Expression
    below: Expression


@dataclass(frozen=True)
class Power:
    """A base with its superscript."""

    base: Expression
    exponent: Expression


@dataclass(frozen=True)
class Root:
    """A square root."""

    inside: Expression


@dataclass(frozen=True)
class Group:
    """What stands in parentheses."""

    inside: Expression


@dataclass(frozen=True)
class Call:
    """A function of its arguments: ``max``, ``sign``, or ``abs`` for what stands between bars."""

    name: str
    arguments: tuple[Expression, ...]


Expression = Number | Symbol | Sum | Product | Quotient | Power | Root | Group | Call
FUNCTIONS = {"max": np.maximum, "sign": np.sign, "abs": np.abs}


@dataclass(frozen=True)
class Equation:
    """A line: what becomes what.

    Attributes
    ----------
    target
        The symbol on the left.
    relation
        ``←`` where its old value is replaced, ``=`` where it is computed on the way, ``at`` where the target is the
        gradient and `value` the point at which it is taken.
    value
        The right-hand side.
    """

    target: str
    relation: str
    value: Expression


SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵗᵏ", "0123456789+−tk", strict=True))
TOKEN = re.compile(
    rf"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<function>max|sign)|(?P<power>[{''.join(SUPERSCRIPTS)}]+)"
    r"|(?P<symbol>[^\W\d_]\u0302?[₀-₉]*)|(?P<sign>[-−+/(),|√]))"
)


@lru_cache(maxsize=256)
def read(text: str) -> Equation:
    """Return what an equation says.

    Raises
    ------
    ValueError
        Where the text is not in the notation: which, and where it ends to be.
    """
    for relation in ("←", "=", " at "):
        target, found, value = text.partition(relation)
        if found:
            return Equation(target.strip(), relation.strip(), read_expression(value))
    raise ValueError(f"an equation has ←, = or at in it, not {text!r}")


@lru_cache(maxsize=256)
def read_expression(text: str) -> Expression:
    """Return what a right-hand side says; see :func:`read`."""
    reader = _Reader(text)
    expression = reader.sum()
    if reader.kind:
        raise ValueError(f"{text!r} cannot be read from {reader.token!r} on")
    return expression


class _Reader:
    """Reads an expression from left to right; `kind` and `token` are what comes next."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._bars = 0  # that are open: the next one closes, otherwise one opens
        self.kind, self.token = "", ""
        self._next()

    def _next(self) -> str:
        token = self.token
        rest = self._text[self._at :]
        match = TOKEN.match(rest)
        if match:
            self._at += match.end()
            self.kind, self.token = match.lastgroup or "", match[match.lastgroup or 0]
        elif rest.strip():
            raise ValueError(f"{self._text!r} cannot be read from {rest.strip()!r} on")
        else:
            self.kind, self.token = "", ""
        return token

    def _take(self, token: str) -> None:
        if self.token != token:
            raise ValueError(f"{self._text!r} lacks a {token!r} before {self.token or 'its end'!r}")
        self._next()

    def sum(self) -> Expression:
        terms = []
        sign = self._sign() if self.token in ("+", "−", "-") else 1
        while True:
            terms.append((sign, self._product()))
            if self.token not in ("+", "−", "-"):
                break
            sign = self._sign()
        return terms[0][1] if terms == [(1, terms[0][1])] else Sum(tuple(terms))

    def _sign(self) -> int:
        return 1 if self._next() == "+" else -1

    def _product(self) -> Expression:
        value = self._factor()
        while True:
            if self.token == "/":
                self._next()
                value = Quotient(value, self._factor())
            elif self.kind in ("number", "symbol", "function") or self.token in ("(", "√") or self._opens():
                before = value.factors if isinstance(value, Product) else (value,)
                value = Product((*before, self._factor()))
            else:
                return value

    def _opens(self) -> bool:
        return self.token == "|" and not self._bars

    def _factor(self) -> Expression:
        base = self._primary()
        if self.kind != "power":
            return base
        exponent = "".join(SUPERSCRIPTS[sign] for sign in self._next())
        return Power(base, read_expression(exponent))

    def _primary(self) -> Expression:
        if self.kind == "number":
            return Number(self._next())
        if self.kind == "symbol":
            return Symbol(self._next())
        if self.kind == "function":
            return self._call()
        opening = self._next()
        if opening == "√":
            return Root(self._primary())
        if opening not in ("(", "|"):
            raise ValueError(f"{self._text!r} lacks a quantity before {opening or 'its end'!r}")
        outer, self._bars = self._bars, int(opening == "|")
        inside = self.sum()
        self._bars = outer
        self._take(")" if opening == "(" else "|")
        return Group(inside) if opening == "(" else Call("abs", (inside,))

    def _call(self) -> Expression:
        name = self._next()
        self._take("(")
        arguments = [self.sum()]
        while self.token == ",":
            self._next()
            arguments.append(self.sum())
        self._take(")")
        return Call(name, tuple(arguments))


def evaluate(expression: Expression, values: Mapping[str, Any]) -> Any:
    """Return the value of an expression where each symbol has the value that is given, a number or an array."""
    match expression:
        case Number(text):
            return float(text)
        case Symbol(name):
            return values[name]
        case Sum(terms):
            return sum(sign * evaluate(term, values) for sign, term in terms)
        case Product(factors):
            return math.prod(evaluate(factor, values) for factor in factors)
        case Quotient(above, below):
            return evaluate(above, values) / evaluate(below, values)
        case Power(base, exponent):
            return evaluate(base, values) ** evaluate(exponent, values)
        case Root(inside):
            return np.sqrt(evaluate(inside, values))
        case Group(inside):
            return evaluate(inside, values)
        case Call(name, arguments):
            return FUNCTIONS[name](*(evaluate(argument, values) for argument in arguments))


def children(expression: Expression) -> tuple[Expression, ...]:
    """Return the expressions that an expression is made of, from left to right."""
    match expression:
        case Sum(terms):
            return tuple(term for _, term in terms)
        case Product(parts) | Call(_, parts):
            return parts
        case Quotient(first, second) | Power(first, second):
            return first, second
        case Root(inside) | Group(inside):
            return (inside,)
        case _:
            return ()


def rebuilt(expression: Expression, made: Callable[[Expression], Expression]) -> Expression:
    """Return the same expression of other parts: what `made` makes of each."""
    match expression:
        case Sum(terms):
            return Sum(tuple((sign, made(term)) for sign, term in terms))
        case Product(factors):
            return Product(tuple(map(made, factors)))
        case Call(name, arguments):
            return Call(name, tuple(map(made, arguments)))
        case Quotient(above, below):
            return Quotient(made(above), made(below))
        case Power(base, exponent):
            return Power(made(base), made(exponent))
        case Root(inside):
            return Root(made(inside))
        case Group(inside):
            return Group(made(inside))
        case _:
            return expression


def symbols(expression: Expression) -> Iterator[str]:
    """Yield the symbols of an expression, from left to right."""
    if isinstance(expression, Symbol):
        yield expression.name
    for child in children(expression):
        yield from symbols(child)
