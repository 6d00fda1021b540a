"""The error's axis can be read at every height and range, and its curve keeps every extreme."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gdviz.views.error_curve import LogAxis, _envelope


@pytest.fixture(scope="module")
def axis(qapp):
    return LogAxis("left")


@given(
    low=st.integers(-600, 610).map(lambda n: n / 2),
    span=st.integers(2, 600).map(lambda n: n / 2) | st.sampled_from([1.0, 1.5, 2.0, 2.5, 3.0]),
    size=st.floats(60, 1200),
)
def test_labels_are_at_least_two_distinct_inside_and_not_crowded(axis, low, span, size):
    low, high = low - 0.02 * span, min(low + 1.02 * span, 309.5)
    assume(high - low >= 1)
    places = [place for _, level in axis.tickValues(low, high, size) for place in level]
    assert len(places) >= 2
    assert all(low <= place <= high for place in places)
    labels = axis.tickStrings(places, 1, 1)
    assert len(set(labels)) == len(labels) == len(places)
    pixels = np.diff(sorted(places)) / (high - low) * size
    assert pixels.min() >= 9  # a digit's height


def test_labels_say_the_value_not_its_logarithm(axis):
    assert axis.tickStrings([0, -1, np.log10(0.5), -7, 5], 1, 1) == ["1", "0.1", "0.5", "10⁻⁷", "10⁵"]


@given(length=st.integers(1, 3000), seed=st.integers(0, 100))
def test_the_envelope_keeps_first_last_least_and_greatest(length, seed):
    error = 10 ** np.random.default_rng(seed).normal(size=length).cumsum().clip(-200, 200)
    drawn = _envelope(np.arange(length), error)
    logs = np.log10(error)
    assert len(drawn) <= 2000
    assert drawn[0, 0] == 0
    assert tuple(drawn[-1]) == (length - 1, logs[-1])
    assert (np.diff(drawn[:, 0]) >= 0).all()
    assert drawn[:, 1].max() == logs.max()
    assert drawn[:, 1].min() == logs.min()


def test_an_error_of_0_is_a_gap():
    with np.errstate(divide="ignore"):
        drawn = _envelope(np.arange(3), np.array([1.0, 0.0, 0.1]))
    np.testing.assert_array_equal(drawn, [(0, 0), (1, np.nan), (2, -1)])
