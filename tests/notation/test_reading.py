"""The lecture's notation is read as it is meant."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.notation.expressions import evaluate, symbols
from gdviz.notation.reading import read, read_expression
from gdviz.optimizers import OPTIMIZERS

VALUES = {"a": 2.0, "b": 3.0, "c": 5.0, "β₁": 0.9, "m̂": 7.0, "t": 3, "k": 2}


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("a b + c", 11.0),
        ("a − b − c", -6.0),
        ("−a + b", 1.0),
        ("a / b c", 2 / 3 * 5),
        ("a b / (c + 1)", 1.0),
        ("a / b / c", 2 / 15),
        ("a²", 4.0),
        ("2 a² b", 24.0),
        ("1−β₁ᵗ", 1 - 0.9**3),
        ("1 − β₁ᵗ⁺¹", 1 - 0.9**4),
        ("(a + b)ᵏ", 25.0),
        ("√a + b", math.sqrt(2) + 3),
        ("√(a + b) / √(b + 1) c", math.sqrt(5) / 2 * 5),
        ("|a − c| b", 9.0),
        ("b |a − c| + a", 11.0),
        ("(1−β₁) |a| b", 0.6),
        ("|a (b − |c|)| |a|", 8.0),
        ("max(a b, |c|)", 6.0),
        ("sign(a − b) m̂", -7.0),
        ("0.5 (1−β₁) m̂", 0.5 * (1 - 0.9) * 7),
    ],
)
def test_an_expression_is_worth_what_it_says(text, truth):
    assert evaluate(read_expression(text), VALUES) == pytest.approx(truth, rel=1e-15)


numbers = st.integers(1, 99).map(str)
signs = st.sampled_from(["+", "−"])


@given(st.lists(st.tuples(signs, numbers, numbers, numbers), min_size=1, max_size=6))
def test_sums_of_fractions_are_worth_what_python_says(parts):
    text = " ".join(f"{sign} {a} ({b}) / {c}" for sign, a, b, c in parts)
    python = " ".join(f"{sign} {a} * ({b}) / {c}" for sign, a, b, c in parts).replace("−", "-")
    assert evaluate(read_expression(text), {}) == pytest.approx(eval(python), rel=1e-12, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("a +", "its end"),
        ("(a", "')'"),
        ("a % b", "'% b'"),
        ("max(a b", "')'"),
        ("a ) b", "')'"),
        ("", "its end"),
        ("|a", "'|'"),
    ],
)
def test_what_is_not_in_the_notation_is_refused_with_its_place(text, where):
    with pytest.raises(ValueError, match=r"lacks|cannot be read") as refusal:
        read_expression(text)
    assert where in str(refusal.value) and "\n" not in str(refusal.value)


def test_a_line_without_a_relation_is_no_equation():
    with pytest.raises(ValueError, match="an equation has"):
        read("v + g")


@pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)
def test_every_rule_is_in_the_notation_and_uses_only_its_own_symbols(cls):
    """A symbol that stands for nothing could not be given a number."""
    known = {"w", "g", "t", *(param.symbol for param in cls.params()), *(term.symbol for term in cls.state)}
    for equation in map(read, cls.equations):
        assert set(symbols(equation.value)) <= known
        known.add(equation.target)
    assert read(cls.equations[-1]).target == "w" or cls.name == "lion"
