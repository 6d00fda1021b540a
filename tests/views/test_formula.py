"""Formulas are laid out so that everything in them can be read, in symbols as with numbers."""

import itertools

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF

import gdviz
from gdviz.explaining.pasts import pasts_of
from gdviz.explaining.working import work_out
from gdviz.notation.expressions import symbols
from gdviz.notation.numbers import number, short
from gdviz.notation.reading import read, read_expression
from gdviz.objectives import SigmoidNeuron
from gdviz.optimizers import OPTIMIZERS
from gdviz.training import usual
from gdviz.views.step.formula import Writing, written
from gdviz.views.step.worked import Paper, formulas, past_lines, worked_lines

NEURON = SigmoidNeuron([0.5, 2.5, -1.0], [0.2, 0.9, 0.4])
every_optimizer = pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)


@pytest.fixture
def font(qapp):
    return QFont(qapp.font())


def texts(boxes):
    return [piece.text for box in boxes for piece in box.pieces]


def assert_readable(box, width=None):
    """No text lies on another, and nothing leaves the box."""
    places = []
    for piece in box.pieces:
        assert -0.5 <= piece.x and piece.x + piece.width <= box.width + 1.5
        if piece.text.strip():
            metrics = QFontMetricsF(piece.font)
            ink = metrics.tightBoundingRect(piece.text).translated(piece.x, piece.y)
            assert -box.ascent - 3 <= ink.top() and ink.bottom() <= box.descent + 3, piece.text
            places.append((ink.adjusted(0.8, 0.8, -0.8, -0.8), piece.text))
    for (one, a), (other, b) in itertools.combinations(places, 2):
        assert not QRectF(one).intersects(QRectF(other)), (a, b)
    if width is not None:
        assert box.width <= width


@every_optimizer
def test_every_rule_can_be_read_in_symbols_in_numbers_and_in_its_past(cls, font):
    run = gdviz.Run(NEURON, usual(cls, NEURON), (-2.0, -2.0), updates=30)
    paper = Paper.of(290, font)
    for update in (1, 2, 30):
        recent = gdviz.train(run).recent(update, 12)
        for line in work_out(recent[-1]):
            symbolic = formulas(line.equation, paper)
            numeric = worked_lines(line, ("w", "b"), paper)
            assert set(symbols(line.equation.value)) <= {p.symbol for box in symbolic for p in box.pieces}
            assert {"  w:  ", "  b:  "} <= set(texts(numeric))
            for axis in range(2):
                assert number(float(line.result[axis])) in texts(numeric)
            for box in (*symbolic, *numeric):
                assert_readable(box)
        for past in pasts_of(recent):
            for box in past_lines(past, ("w", "b"), paper):
                assert_readable(box, width=paper.width)


@every_optimizer
def test_lines_are_broken_before_they_are_too_wide(cls, font):
    run = gdviz.Run(NEURON, usual(cls, NEURON), updates=9)
    paper = Paper.of(300, font)
    for line in work_out(gdviz.train(run).step(9)):
        for box in worked_lines(line, ("w", "b"), paper):
            assert box.width <= 345  # a single term is not broken


def test_fractions_roots_and_powers_stand_where_they_belong(font):
    writing = Writing(font)
    fraction = written(read_expression("a / b"), writing)
    a, b = (next(piece for piece in fraction.pieces if piece.text == text) for text in "ab")
    (line,) = (piece for piece in fraction.pieces if piece.font is None)
    assert a.y < line.y < b.y
    power = written(read_expression("a²"), writing)
    base, exponent = power.pieces
    assert exponent.y < base.y and exponent.font.pointSizeF() < base.font.pointSizeF() and exponent.x >= base.width - 1
    root = written(read_expression("√(a + b)"), writing)
    assert "(" not in texts([root]) and any(piece.font is None for piece in root.pieces)


def test_a_negative_number_stands_in_parentheses_where_a_sign_would_mislead(font):
    values = {"a": -2.0, "b": -3.0, "c": 4.0}
    told = "".join(texts([written(read_expression("a − b + a c + b² + c a"), Writing(font, values))]))
    assert told == "−2 − (−3) + (−2)·4 + (−3)2 + 4·(−2)"


def test_numbers_are_short_where_they_are_round(font):
    told = texts([written(read_expression("a + b + c"), Writing(font, {"a": 0.9, "b": 1e-8, "c": 0.123456}))])
    assert told == [short(0.9), " + ", "10⁻⁸", " + ", "0.1235"]


def test_the_past_is_written_with_its_indices_and_powers(font):
    run = gdviz.Run(NEURON, gdviz.Momentum(0.3), updates=137)
    (past,) = pasts_of(gdviz.train(run).recent(137, 12))
    symbolic, *numeric = past_lines(past, ("w", "b"), Paper.of(600, font))
    assert "".join(texts([symbolic])) == "v₁₃₇ = η g₁₃₇ + γ η g₁₃₆ + γ2 η g₁₃₅ + …"
    assert len(numeric) == 2
    first = gdviz.train(run).recent(1, 12)
    (past,) = pasts_of(first)
    assert "".join(texts(past_lines(past, ("w", "b"), Paper.of(600, font))[:1])) == "v₁ = η g₁"
    assert read("v ← γ v + η g").value
