"""Reads equations in the lecture's notation into trees, so that they can be evaluated and typeset.

An equation is a line such as ``m ← β₁ m + (1−β₁) g``, ``m̂ = m / (1−β₁ᵗ)`` or ``g at w − γ v``. Factors stand side by
side, ``/`` divides the whole product before it, a superscript is a power, ``√`` applies to the factor after it, ``|g|``
is the absolute value; the only functions are ``max`` and ``sign``. Symbols are single letters with hats and indices.

>>> from gdviz.notation.expressions import evaluate
>>> equation = read("v ← γ v + η g")
>>> equation.target, evaluate(equation.value, {"γ": 0.9, "v": 2.0, "η": 0.1, "g": 3.0})
('v', 2.1)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from gdviz.notation.expressions import Call, Expression, Group, Number, Power, Product, Quotient, Root, Sum, Symbol

__all__ = ["Equation", "read", "read_expression"]


@dataclass(frozen=True)
class Equation:
    """An equation: a target, a relation and an expression.

    Attributes
    ----------
    target
        The symbol on the left.
    relation
        ``←`` where the target is state and gets a new value, ``=`` where it is an intermediate quantity, ``at`` where
        it is the gradient and `value` the point at which it is evaluated.
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
    """Return an equation as a tree.

    Raises
    ------
    ValueError
        Where the text is not in this notation: a sentence with the text and the place.
    """
    for relation in ("←", "=", " at "):
        target, separator, value = text.partition(relation)
        if separator:
            return Equation(target.strip(), relation.strip(), read_expression(value))
    raise ValueError(f"an equation has ←, = or at in it, not {text!r}")


@lru_cache(maxsize=256)
def read_expression(text: str) -> Expression:
    """Return a right-hand side as a tree; see :func:`read`."""
    reader = _Reader(text)
    expression = reader.sum()
    if reader.kind:
        raise ValueError(f"{text!r} cannot be read from {reader.token!r} on")
    return expression


class _Reader:
    """Reads an expression from left to right by recursive descent; `kind` and `token` describe the next token."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._bars = 0  # of |…|: 1 while one is open, so that the next | closes it
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
