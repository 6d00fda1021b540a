"""The first updates of a run, worked out with their numbers: as LaTeX and as HTML."""

from __future__ import annotations

import unicodedata
from html import escape
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from gdviz.explaining.working import work_out
from gdviz.notation.numbers import number
from gdviz.notation.writers import Writer
from gdviz.training import steps
from gdviz.wording import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gdviz.explaining.working import Line
    from gdviz.notation.expressions import Expression
    from gdviz.training import Run, Step

__all__ = ["html_of", "latex_of"]

FEW = 2
"""Maximum number of parameters that are worked out."""

GREEK = {
    **{"α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "ε": r"\varepsilon", "η": r"\eta", "λ": r"\lambda"},
    **{"μ": r"\mu", "ρ": r"\rho", "σ": r"\sigma", "θ": r"\theta"},
}
HAT = "\u0302"
SPECIAL = {
    **{letter: rf"\{letter}" for letter in "&%$#_{}"},
    **{"<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", "−": "$-$"},
    **{"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"},
}
"""LaTeX's special characters, and their replacements."""
LATIN = 0x17F
"""The last code point that every LaTeX engine knows."""
SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
RELATIONS = {"←": r"\leftarrow", "=": "="}


class Latex(Writer):
    """Writes expressions as LaTeX, with symbols or, if there are `values`, with numbers in their place."""

    def __init__(self, values: Mapping[str, float] | None = None) -> None:
        self._values = values
        self.times = self._dots[values is not None]

    _dots: ClassVar[tuple[str, str]] = (r" \, ", r" \cdot ")
    """The text between symbols, and between numbers."""

    def symbol(self, symbol: str) -> str:
        """Return a symbol, or the value in its place."""
        if self._values is None:
            return self.name(symbol)
        value = self._values[symbol]
        return self.group(self.number(value)) if value < 0 else self.number(value)

    def name(self, symbol: str) -> str:
        r"""Return a symbol, such as ``\hat{m}`` or ``\beta_{1}``."""
        letters = unicodedata.normalize("NFD", symbol)
        base, index, has_hat = "", "", HAT in letters
        for letter in letters.replace(HAT, ""):
            digit = unicodedata.digit(letter, None)
            if digit is not None:
                index += str(digit)
            else:
                base += GREEK.get(letter, letter)
        base = rf"\hat{{{base}}}" if has_hat else base
        return f"{base}_{{{index}}}" if index else base

    def number(self, value: float) -> str:
        r"""Return a number with four digits, such as ``-1.5\times 10^{-7}``."""
        mantissa, times, exponent = number(value).replace("−", "-").partition("×10")
        return rf"{mantissa}\times 10^{{{exponent.translate(SUPERSCRIPT)}}}" if times else mantissa

    def quotient(self, above: Expression, below: Expression) -> str:
        """Return a fraction."""
        return rf"\frac{{{self.written(above)}}}{{{self.written(below)}}}"

    def power(self, base: Expression, exponent: Expression) -> str:
        """Return a power."""
        return f"{self.written(base)}^{{{self.written(exponent)}}}"

    def root(self, inside: str) -> str:
        """Return a square root."""
        return rf"\sqrt{{{inside}}}"

    def group(self, inside: str) -> str:
        """Return something in parentheses of its height."""
        return rf"\left({inside}\right)"

    def call(self, name: str, arguments: Sequence[str]) -> str:
        """Return a function of its arguments, or what stands between bars."""
        inside = ", ".join(arguments)
        if name == "abs":
            return rf"\left|{inside}\right|"
        return rf"\{'max' if name == 'max' else 'operatorname{sign}'}\left({inside}\right)"


class Html(Latex):
    """Writes expressions as HTML text."""

    minus = "−"

    _dots = (" ", "·")

    def name(self, symbol: str) -> str:
        """Return a symbol in italics."""
        return f"<i>{escape(symbol)}</i>"

    def number(self, value: float) -> str:
        """Return a number with four digits."""
        return number(value)

    def quotient(self, above: Expression, below: Expression) -> str:
        """Return a quotient on one line."""
        return f"({self.written(above)}) / ({self.written(below)})"

    def power(self, base: Expression, exponent: Expression) -> str:
        """Return a power."""
        return f"{self.written(base)}<sup>{self.written(exponent)}</sup>"

    def root(self, inside: str) -> str:
        """Return a square root."""
        return f"√({inside})"

    def group(self, inside: str) -> str:
        """Return something in parentheses."""
        return f"({inside})"

    def call(self, name: str, arguments: Sequence[str]) -> str:
        """Return a function of its arguments, or what stands between bars."""
        inside = ", ".join(arguments)
        return f"|{inside}|" if name == "abs" else f"{name}({inside})"


def _numbers_of(writer: Latex, line: Line, axis: int) -> tuple[str, str]:
    """Return an equation's right-hand side with the numbers of one parameter, and its value."""
    values = {key: _at(value, axis) for key, value in line.values.items()}
    return type(writer)(values).written(line.equation.value), writer.number(_at(line.result, axis))


def _at(value: Any, axis: int) -> float:
    return float(value[axis]) if getattr(value, "ndim", 0) else float(value)


def _first_steps(run: Run, count: int) -> tuple[list[Step], list[str], str]:
    """Return the first steps restricted to a few parameters, their names, and a sentence that says which they are.

    Of many parameters they are those with the greatest gradients in the first step.
    """
    first_steps, size = list(islice(steps(run), count)), run.objective.size
    if size <= FEW or not first_steps:
        return first_steps, list(run.objective.parameters), ""
    indices = sorted(np.argsort(-np.abs(first_steps[0].gradient), kind="stable")[:FEW].tolist())
    names = [run.objective.name_of(index) for index in indices]
    remark = f"Of {size} parameters {' and '.join(names)}, whose gradients are the greatest at first."
    return [step.only(indices) for step in first_steps], names, remark


def latex_of(run: Run, title: str, count: int = 3) -> str:
    """Return the first `count` updates of at most two parameters as LaTeX, for a document that loads amsmath."""
    writer = Latex()
    first_steps, names, remark = _first_steps(run, count)
    names = [_symbol(name) for name in names]
    parts = [rf"\subsection*{{{_escape(title)}}}", *([_sentence(remark)] if remark else [])]
    for step in first_steps:
        parts.append(rf"\paragraph{{Update {step.update}}}\ ")
        rows = [_gradient_row(writer, step, names)]
        for line in work_out(step):
            relation = RELATIONS.get(line.equation.relation, r"\text{ at }")
            rows.append(rf"{writer.symbol(line.equation.target)} &{relation} {writer.written(line.equation.value)} \\")
            for axis, name in enumerate(names):
                numbers, result = _numbers_of(writer, line, axis)
                rows.append(rf"{name}:\quad & {numbers} = {result} \\")
        parts.append("\\begin{align*}\n" + "\n".join(rows).removesuffix(r" \\") + "\n\\end{align*}")
    return "\n".join(parts) + "\n"


def _symbol(name: str) -> str:
    """Return a parameter's name as LaTeX writes it in a formula."""
    return "".join(GREEK.get(letter, letter) for letter in name)


def _sentence(text: str) -> str:
    """Return a sentence as LaTeX; words with brackets are parameters, which become formulas."""
    words = [
        rf"${_symbol(word.rstrip(','))}${',' * word.endswith(',')}" if "[" in word else word for word in text.split()
    ]
    return " ".join(words)


def _gradient_row(writer: Latex, step: Step, names: Sequence[str]) -> str:
    each = r",\quad ".join(
        f"g_{{{name}}} = {writer.number(float(value))}" for name, value in zip(names, step.gradient, strict=True)
    )
    return rf"& {each} \\"


def _escape(text: str) -> str:
    """Return LaTeX that prints a text literally with any engine; letters that fonts may lack become [U+…]."""
    return "".join(map(_letter, visible(text)))


def _letter(letter: str) -> str:
    if letter in SPECIAL:
        return SPECIAL[letter]
    if letter in GREEK:
        return f"${GREEK[letter]}$"
    return letter if ord(letter) <= LATIN else f"[U+{ord(letter):04X}]"


def html_of(run: Run, title: str, count: int = 3) -> str:
    """Return the first `count` updates of at most two parameters as a piece of HTML."""
    writer = Html()
    first_steps, names, remark = _first_steps(run, count)
    parts = [f"<h3>{escape(title)}</h3>", *([f"<p>{escape(remark)}</p>"] if remark else [])]
    for step in first_steps:
        rows = [f"<tr><th></th>{''.join(f'<th>{name}</th>' for name in names)}</tr>"]
        rows.append(_html_row("<i>g</i>", [writer.number(float(value)) for value in step.gradient]))
        for line in work_out(step):
            equation = f"{writer.symbol(line.equation.target)} {line.equation.relation} "
            right_sides = [_numbers_of(writer, line, axis) for axis in range(len(names))]
            cells = [f"{numbers} = <b>{result}</b>" for numbers, result in right_sides]
            rows.append(_html_row(equation + writer.written(line.equation.value), cells))
        parts.append(f"<table><caption>Update {step.update}</caption>{''.join(rows)}</table>")
    return "\n".join(parts)


def _html_row(head: str, cells: list[str]) -> str:
    return f"<tr><th>{head}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
