"""Formulas: the lecture's notation laid out with fractions and roots, as symbols or with numbers in their place.

A box knows its size and what is in it; boxes are put side by side, above each other and under roots. Every piece that
stands for a quantity carries its symbol, so that a view can colour it and find what is under the mouse.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gdviz.notation.expressions import Call, Expression, Group, Number, Power, Product, Quotient, Root, Sum, Symbol
from gdviz.notation.numbers import number, short

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["FONTS", "Box", "Writing", "beside", "lines_of", "written"]

FONTS = ["DejaVu Serif", "Cambria Math", "STIX Two Math", "serif"]
GAP = 2.0
"""Pixels between a fraction's line and what stands above and below."""
SCRIPT = 0.72
"""The size of a superscript, of the type around it."""


@dataclass(frozen=True)
class Piece:
    """Some text at a place, or a line where `text` is empty: from (x, y) to (x + width, y + height)."""

    x: float
    y: float
    width: float
    height: float
    text: str
    font: QFont | None
    symbol: str


@dataclass(frozen=True)
class Box:
    """A laid-out formula: its pieces lie around a baseline at y = 0, from x = 0 on."""

    width: float
    ascent: float
    descent: float
    pieces: tuple[Piece, ...] = ()

    @property
    def height(self) -> float:
        """From the top to the bottom."""
        return self.ascent + self.descent

    def moved(self, x: float, y: float) -> tuple[Piece, ...]:
        """Return the pieces elsewhere."""
        return tuple(replace(piece, x=piece.x + x, y=piece.y + y) for piece in self.pieces)

    def paint(self, painter: QPainter, x: float, baseline: float, color: Callable[[str], QColor]) -> None:
        """Paint the box; `color` is asked for that of each symbol, and with an empty name for all else."""
        for piece in self.moved(x, baseline):
            painter.setPen(QPen(color(piece.symbol), 1.0))
            if piece.font is None:
                painter.drawLine(QPointF(piece.x, piece.y), QPointF(piece.x + piece.width, piece.y + piece.height))
            else:
                painter.setFont(piece.font)
                painter.drawText(QPointF(piece.x, piece.y), piece.text)

    def places(self, x: float, baseline: float) -> list[tuple[QRectF, str]]:
        """Return where each symbol stands."""
        return [
            (QRectF(piece.x, piece.y - piece.height, piece.width, 1.3 * piece.height), piece.symbol)
            for piece in self.moved(x, baseline)
            if piece.symbol
        ]


def beside(boxes: Sequence[Box]) -> Box:
    """Return boxes side by side on one baseline."""
    x, pieces = 0.0, list[Piece]()
    for box in boxes:
        pieces += box.moved(x, 0.0)
        x += box.width
    ascent, descent = (max((getattr(box, side) for box in boxes), default=0.0) for side in ("ascent", "descent"))
    return Box(x, ascent, descent, tuple(pieces))


@dataclass(frozen=True)
class Writing:
    """How a formula is written.

    Attributes
    ----------
    font
        The type.
    values
        The numbers that stand for the symbols; None: the symbols themselves.
    """

    font: QFont
    values: Mapping[str, Any] | None = None

    def text(self, text: str, symbol: str = "") -> Box:
        """Return some text as a box."""
        metrics = QFontMetricsF(self.font)
        width = metrics.horizontalAdvance(text)
        piece = Piece(0.0, 0.0, width, metrics.ascent(), text, self.font, symbol)
        return Box(width, metrics.ascent(), metrics.descent(), (piece,))

    def smaller(self) -> Writing:
        """Return the same for a superscript."""
        font = QFont(self.font)
        font.setPointSizeF(max(font.pointSizeF() * SCRIPT, 5.0))
        return replace(self, font=font)


def written(expression: Expression, writing: Writing) -> Box:
    """Return an expression as a box."""
    match expression:
        case Number(text):
            return writing.text(text)
        case Symbol(name):
            return _quantity(name, writing)
        case Sum(terms):
            return beside([part for i, term in enumerate(terms) for part in _term(term, i == 0, writing)])
        case Product(factors):
            return _product(factors, writing)
        case Quotient(above, below):
            return _fraction(written(_bare(above), writing), written(_bare(below), writing), writing)
        case Power(base, exponent):
            return _power(written(_grouped(base, writing), writing), written(exponent, writing.smaller()))
        case Root(inside):
            return _root(written(_bare(inside), writing), writing)
        case Group(inside):
            return _between("(", written(inside, writing), ")", writing)
        case Call("abs", (inside,)):
            return _between("|", written(inside, writing), "|", writing)
        case Call(name, arguments):
            parts = [part for argument in arguments for part in (writing.text(", "), written(argument, writing))][1:]
            return beside([writing.text(name), _between("(", beside(parts), ")", writing)])


def lines_of(head: Box, expression: Expression, tail: Box | None, width: float, writing: Writing) -> list[Box]:
    """Return ``head expression tail`` as lines of at most `width` pixels; a line is broken before a term."""
    terms = expression.terms if isinstance(expression, Sum) else ((1, expression),)
    parts = [beside(_term(term, i == 0, writing)) for i, term in enumerate(terms)] + ([tail] if tail else [])
    indent = writing.text("   ")
    lines, line = [], [head]
    for part in parts:
        if len(line) > 1 and sum(box.width for box in line) + part.width > width:
            lines.append(beside(line))
            line = [indent]
        line.append(part)
    return [*lines, beside(line)]


def _term(term: tuple[int, Expression], is_first: bool, writing: Writing) -> list[Box]:
    sign, value = term
    before = ("−" if sign < 0 else "") if is_first else (" − " if sign < 0 else " + ")
    box = written(value if is_first and sign > 0 else _grouped(value, writing), writing)
    return [writing.text(before), box] if before else [box]


def _bare(expression: Expression) -> Expression:
    """Return what stands in the parentheses: a fraction's line and a root's roof need none."""
    return expression.inside if isinstance(expression, Group) else expression


def _grouped(expression: Expression, writing: Writing) -> Expression:
    """Return the expression in parentheses where a negative number would stand behind a sign."""
    if isinstance(expression, Product):
        return Product((_grouped(expression.factors[0], writing), *expression.factors[1:]))
    is_negative = isinstance(expression, Symbol) and writing.values is not None and writing.values[expression.name] < 0
    return Group(expression) if is_negative else expression


def _quantity(name: str, writing: Writing) -> Box:
    if writing.values is None:
        return writing.text(name, name)
    value = float(writing.values[name])
    is_round = math.isfinite(value) and float(f"{value:.3g}") == value
    return writing.text(short(value) if is_round else number(value), name)


def _product(factors: Sequence[Expression], writing: Writing) -> Box:
    sign = " " if writing.values is None else "·"
    parts: list[Box] = []
    for factor in factors:
        parts += [writing.text(sign), written(_grouped(factor, writing) if parts else factor, writing)]
    return beside(parts[1:])


def _fraction(above: Box, below: Box, writing: Writing) -> Box:
    width = max(above.width, below.width) + 6
    axis = -0.32 * QFontMetricsF(writing.font).ascent()
    over, under = axis - GAP - above.descent, axis + GAP + below.ascent
    line = Piece(1.0, axis, width - 2, 0.0, "", None, "")
    pieces = (*above.moved((width - above.width) / 2, over), line, *below.moved((width - below.width) / 2, under))
    return Box(width, above.height - axis + GAP, below.height + axis + GAP, pieces)


def _power(base: Box, exponent: Box) -> Box:
    up = 0.45 * base.ascent
    pieces = (*base.pieces, *exponent.moved(base.width, -up))
    return Box(base.width + exponent.width + 1, max(base.ascent, exponent.ascent + up), base.descent, pieces)


def _root(inside: Box, writing: Writing) -> Box:
    sign = writing.text("√")
    roof = Piece(sign.width - 1, -inside.ascent + 1, inside.width + 2, 0.0, "", None, "")
    pieces = (*sign.pieces, roof, *inside.moved(sign.width, 0.0))
    return Box(sign.width + inside.width + 2, max(sign.ascent, inside.ascent + 1), inside.descent, pieces)


def _between(left: str, inside: Box, right: str, writing: Writing) -> Box:
    return beside([writing.text(left), inside, writing.text(right)])
