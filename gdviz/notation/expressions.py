"""Expressions of the lecture's notation, as trees: their values and their parts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = [
    "Call",
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


def evaluate(expression: Expression, values: Mapping[str, Any]) -> Any:
    """Return the value of an expression; `values` has a number or an array for each symbol."""
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


def rebuilt(expression: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """Return the expression with each of its direct parts replaced by ``change(part)``."""
    match expression:
        case Sum(terms):
            return Sum(tuple((sign, change(term)) for sign, term in terms))
        case Product(factors):
            return Product(tuple(map(change, factors)))
        case Call(name, arguments):
            return Call(name, tuple(map(change, arguments)))
        case Quotient(above, below):
            return Quotient(change(above), change(below))
        case Power(base, exponent):
            return Power(change(base), change(exponent))
        case Root(inside):
            return Root(change(inside))
        case Group(inside):
            return Group(change(inside))
        case _:
            return expression


def symbols(expression: Expression) -> Iterator[str]:
    """Yield the symbols of an expression, from left to right."""
    if isinstance(expression, Symbol):
        yield expression.name
    for child in children(expression):
        yield from symbols(child)
