"""Numbers are written so that they say what they are."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.notation.numbers import number, short

SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
floats = st.floats(-1e300, 1e300).filter(lambda value: value == 0 or abs(value) > 1e-300)
EDGES = [9999.4, 9999.5, 9999.6, 12345.0, 99999.4, 99999.9, 999.4, 999.6, 999.96, 1e-4, 9.9996e-5, 1e-3]
edges = st.sampled_from(EDGES)
values = floats | edges | edges.map(lambda value: -value)


def read(text):
    """Return the number that a text stands for."""
    text = text.replace("−", "-")
    factor, _, power = text.rpartition("10") if re.search("10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+$", text) else (text, "", "")
    if not power:
        return float(factor)
    sign = -1 if factor == "-" else 1
    mantissa = factor.removesuffix("×")
    return float(f"{sign if mantissa in ('', '-') else mantissa}e{power.translate(SUPERSCRIPT)}")


@given(values)
def test_number_has_four_significant_digits_and_reads_back(value):
    text = number(value)
    assert read(text) == pytest.approx(value, rel=5.01e-4)
    assert "e" not in text
    assert "-" not in text
    if value:
        digits = re.sub("×10.*", "", text).lstrip("−0.").replace(".", "")
        assert len(digits) >= 4
    assert len(text) <= len("−1.234×10⁻³⁰⁰")


@given(values)
def test_short_is_short_and_reads_back(value):
    text = short(value)
    assert read(text) == pytest.approx(value, rel=0.051)
    if 1e-3 <= abs(value) < 1e5:
        assert read(text) == pytest.approx(value, rel=5.01e-3)
    assert "e" not in text
    assert "-" not in text
    assert len(text) <= len("−1.2×10⁻³⁰⁰")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (-0.0, "0"),
        (1, "1.000"),
        (-0.12346, "−0.1235"),
        (1.5e-7, "1.500×10⁻⁷"),
        (0.9, "0.9000"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
        (float("nan"), "not a number"),
    ],
)
def test_number(value, written):
    assert number(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (-0.0, "0"),
        (0.5, "0.5"),
        (-2, "−2"),
        (2e-6, "2×10⁻⁶"),
        (1e-7, "10⁻⁷"),
        (-1e-7, "−10⁻⁷"),
        (123456, "1.2×10⁵"),
        (999.7, "1000"),
        (0.0009999, "10⁻³"),
        (9.99e-8, "10⁻⁷"),
        (12345, "12345"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
        (float("nan"), "not a number"),
    ],
)
def test_short(value, written):
    assert short(value) == written
