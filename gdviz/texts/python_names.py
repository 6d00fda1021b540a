"""Symbols and expressions of the lecture's notation as Python, with numpy or with torch."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Literal

from gdviz.notation.expressions import Power, Product, Quotient, Sum
from gdviz.notation.writers import Writer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.notation.expressions import Expression

__all__ = ["MODULES", "Library", "Names"]

Library = Literal["numpy", "torch"]
GREEK = {
    **{"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "eps", "ζ": "zeta", "η": "eta", "θ": "theta"},
    **{"κ": "kappa", "λ": "lam", "μ": "mu", "ν": "nu", "ρ": "rho", "σ": "sigma", "φ": "phi", "ω": "omega"},
}
MARKS = {"\u0302": "_hat", "\u0304": "_bar", "\u0303": "_tilde"}
FUNCTIONS = {"max": "maximum", "sign": "sign", "abs": "abs"}
"""Names of the functions in numpy and torch."""
MODULES = {"numpy": "np", "torch": "torch"}
PARAMS = "w"
PRECEDENCE = {Sum: 1, Product: 2, Quotient: 2, Power: 3}


class Names(Writer):
    """Writes symbols and expressions as Python."""

    times = " * "

    def __init__(self, library: Library) -> None:
        self.library = library
        self._module = MODULES[library]

    def symbol(self, symbol: str) -> str:
        """Return a symbol's name in Python."""
        if symbol == PARAMS:
            return "params"
        name = ""
        for letter in unicodedata.normalize("NFD", symbol):
            digit = unicodedata.digit(letter, None)
            name += GREEK.get(letter) or MARKS.get(letter) or (str(digit) if digit is not None else letter)
        return name if name.isidentifier() else "_".join(filter(str.isalnum, name))

    def part(self, expression: Expression, binding: int) -> str:
        """Return a part, in parentheses where the surrounding expression binds more tightly."""
        text = self.written(expression)
        return f"({text})" if PRECEDENCE.get(type(expression), 9) < binding else text

    def quotient(self, above: Expression, below: Expression) -> str:
        """Return a quotient."""
        return f"{self.part(above, 2)} / {self.part(below, 3)}"

    def power(self, base: Expression, exponent: Expression) -> str:
        """Return a power."""
        return f"{self.part(base, 4)}**{self.part(exponent, 4)}"

    def root(self, inside: str) -> str:
        """Return a square root."""
        return f"{self._module}.sqrt({inside})"

    def call(self, name: str, arguments: Sequence[str]) -> str:
        """Return a call of the library's function."""
        return f"{self._module}.{FUNCTIONS[name]}({', '.join(arguments)})"
