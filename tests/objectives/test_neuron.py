"""The sigmoid neuron: its numbers, its limits, and its sums over many samples."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gdviz
from gdviz.objectives import SigmoidNeuron, neuron, sigmoid
from tests import oracle


def test_the_lectures_numbers():
    lecture = SigmoidNeuron([0.5, 2.5], [0.2, 0.9])
    at = (-2.0, -2.0)
    f = [1 / (1 + math.exp(3)), 1 / (1 + math.exp(7))]
    assert lecture.value(np.array(at)) == pytest.approx(0.5 * (f[0] - 0.2) ** 2 + 0.5 * (f[1] - 0.9) ** 2, rel=1e-15)
    parts = [oracle.neuron_gradient(at, 0.5, 0.2), oracle.neuron_gradient(at, 2.5, 0.9)]
    np.testing.assert_allclose(lecture.gradient(np.array(at)), np.sum(parts, axis=0), rtol=1e-12)


@given(st.integers(0, 2**32))
@settings(max_examples=50, deadline=None)
def test_gradient_is_the_slope_of_the_error(seed):
    random = np.random.default_rng(seed)
    many = int(random.integers(1, 30))
    X, Y, at = random.normal(size=many), random.uniform(size=many), random.normal(size=2)
    for batch in (slice(None), slice(many // 3, many // 2 + 1), random.permutation(many)[: many // 2 + 1]):
        some = SigmoidNeuron(X[batch], Y[batch])
        h = 1e-5
        slope = [(some.value(at + h * e) - some.value(at - h * e)) / (2 * h) for e in np.eye(2)]
        np.testing.assert_allclose(SigmoidNeuron(X, Y).gradient(at, batch), slope, rtol=1e-6, atol=1e-8)


def test_batches_of_an_epoch_add_up_to_the_whole():
    random = np.random.default_rng(2)
    whole = SigmoidNeuron(random.normal(size=50), random.uniform(size=50))
    at = np.array([0.3, -1.0])
    parts = sum(whole.gradient(at, slice(i, i + 7)) for i in range(0, 50, 7))
    np.testing.assert_allclose(parts, whole.gradient(at), rtol=1e-13)


@pytest.mark.parametrize(("z", "limit"), [(1000.0, 1.0), (-1000.0, 0.0), (1e308, 1.0), (-1e308, 0.0)])
def test_saturation_is_exact_and_silent(z, limit):
    """e^−1000 is 0 in floating point: that underflow is the limit asked for, anything else is an accident."""
    with np.errstate(all="raise", under="ignore"):
        assert sigmoid(np.array([z]))[0] == limit
        saturated = SigmoidNeuron([1.0], [0.25])
        for point in ([0.0, z], [z, 0.0]):
            assert saturated.value(np.array(point)) == 0.5 * (limit - 0.25) ** 2
            np.testing.assert_array_equal(saturated.gradient(np.array(point)), [0.0, 0.0])


def test_sigmoid_is_symmetric_and_monotonic():
    z = np.arange(-10000, 10001) / 12.5
    f = sigmoid(z)
    assert (np.diff(f) >= 0).all() and f[0] == 0 and f[-1] == 1 and f[10000] == 0.5
    np.testing.assert_allclose(f + f[::-1], 1, rtol=1e-15)


@pytest.mark.parametrize(("samples", "points"), [(5 * neuron.BLOCK // 2, 2), (1000, neuron.BLOCK // 1000 + 7)])
def test_error_over_many_blocks_is_the_exact_sum(samples, points):
    random = np.random.default_rng(3)
    X, Y = random.normal(size=samples), random.uniform(size=samples)
    at = random.normal(size=(points, 2))
    errors = SigmoidNeuron(X, Y).value(at)
    for i in (0, points - 1):
        exact = math.fsum((0.5 * (sigmoid(at[i, 0] * X + at[i, 1]) - Y) ** 2).tolist())
        assert errors[i] == pytest.approx(exact, rel=1e-12)


def test_value_keeps_the_shape_of_the_points():
    some = SigmoidNeuron([1.0, 2.0], [0.0, 1.0])
    points = np.random.default_rng(4).normal(size=(3, 4, 2))
    for some_points in (points, points[0, 0], points[:0, 0]):
        assert some.value(some_points).shape == some_points.shape[:-1]
    assert some.value(points)[1, 2] == some.value(points[1, 2])


def test_error_grid_is_the_value_at_every_pair():
    some = SigmoidNeuron(*np.random.default_rng(5).uniform(size=(2, 40)))
    w, b = np.linspace(-4, 4, 9), np.linspace(-3, 5, 7)
    grid = gdviz.error_grid(some, w, b)
    assert grid.shape == (9, 7)
    samples = list(zip(some.X.tolist(), some.Y.tolist(), strict=True))
    plain = [[oracle.neuron_error((i, j), samples) for j in b.tolist()] for i in w.tolist()]
    np.testing.assert_allclose(grid, plain, rtol=1e-10)


def test_error_grid_can_be_stopped():
    assert np.isnan(gdviz.error_grid(SigmoidNeuron([1.0], [1.0]), [0, 1], [0, 1], cancelled=lambda: True)).all()


def test_samples_are_copied_and_kept():
    X = np.array([1.0, 2.0])
    some = SigmoidNeuron(X, [0, 1])
    X[0] = 9
    assert some.X[0] == 1
    with pytest.raises(ValueError, match="read-only"):
        some.X[0] = 9


def test_is_a_value():
    assert SigmoidNeuron([1], [2]) == SigmoidNeuron([1], [2]) != SigmoidNeuron([1], [3])
    assert hash(SigmoidNeuron([1], [2])) == hash(SigmoidNeuron([1], [2]))


@pytest.mark.parametrize(
    ("X", "Y", "sentence"),
    [
        ([], [], "X must be a list of at least one number"),
        ([[1]], [[1]], "X must be a list of at least one number, not of shape"),
        ([1, 2], [1], "must have one length, not 2 and 1"),
        ([1, math.nan], [1, 2], "X must be finite; sample 1 is not"),
        ([1], [math.inf], "Y must be finite; sample 0 is not"),
        (["one"], [1], "X must be a list of numbers"),
        ([[1, 2], [3]], [1, 2], "X must be a list of numbers"),
    ],
)
def test_samples_that_are_not_fit_are_refused(X, Y, sentence):
    with pytest.raises(ValueError, match=f"^neuron: .*{sentence}"):
        SigmoidNeuron(X, Y)


def test_params_in_the_datas_own_unit_say_the_same(tmp_path):
    data = gdviz.load_data("oring")
    neuron = gdviz.SigmoidNeuron.on(data.standardized())
    params = np.array([-1.3, 0.4])
    own = neuron.in_own_units(params)
    np.testing.assert_allclose(gdviz.SigmoidNeuron.on(data).predict(data.X, own), neuron.predict(neuron.X, params))
    assert gdviz.SigmoidNeuron.on(data).in_own_units(params) is None
    gdviz.save(gdviz.lecture_race(neuron), tmp_path / "race.gdviz")
    again = gdviz.open(tmp_path / "race.gdviz").experiment.objective
    assert again == neuron and (again.in_own_units(params) == own).all()


def test_an_old_session_that_does_not_know_the_unit_is_read(tmp_path):
    path = tmp_path / "race.gdviz"
    gdviz.save(gdviz.lecture_race(gdviz.SigmoidNeuron.on(gdviz.load_data("oring").standardized())), path)
    value = json.loads(path.read_text())
    del value["objective"]["data"]["unit"]
    path.write_text(json.dumps(value))
    assert gdviz.open(path).experiment.objective.in_own_units([1.0, 1.0]) is None
