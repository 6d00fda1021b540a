"""A preview says what the neuron says over all its samples, to six digits and more, inside its box."""

import numpy as np
import pytest

import gdviz
from gdviz.engine import Preview, error_grid, is_compiled, prepare, train_many, values_at
from gdviz.engine.interpreted import advance_in_step
from gdviz.engine.library import Loop
from gdviz.objectives import SigmoidNeuron
from gdviz.optimizers import OPTIMIZERS
from gdviz.training import Point
from gdviz.training.experiment import usual

DIGITS = 1e-6
BOXES = {
    "the usual": ((-4.0, 4.0), (-4.0, 4.0)),
    "beside": ((-1.0, 6.0), (2.0, 9.0)),
    "narrow": ((0.5, 0.6), (-3.0, 3.0)),
    "wide": ((-6.0, 6.0), (-10.0, 10.0)),
}


def made(samples=3000, scale=1.0, labels=True, seed=0):
    random = np.random.default_rng(seed)
    X = scale * random.normal(size=samples)
    Y = random.uniform(size=samples) < 1 / (1 + np.exp(-2 * X / scale)) if labels else random.uniform(0, 1, samples)
    return SigmoidNeuron(X, np.asarray(Y, float))


NEURON = made()
PREVIEW = Preview.over(NEURON, NEURON.box)


def points_in(box, count=200):
    (w0, w1), (b0, b1) = box
    return np.random.default_rng(1).uniform((w0, b0), (w1, b1), size=(count, 2))


def assert_close(value, truth, digits=DIGITS):
    assert np.shape(value) == np.shape(truth)
    assert abs(value - truth).max() <= digits * abs(truth).max()


@pytest.mark.parametrize("labels", [False, True], ids=["numbers", "labels"])
@pytest.mark.parametrize("scale", [0.01, 1, 2])
@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
def test_error_and_slopes_are_the_neurons(box, scale, labels):
    neuron = made(500, scale, labels, seed=3)
    preview, points = Preview.over(neuron, box), points_in(box)
    assert_close(preview.value(points), neuron.value(points))
    assert_close(preview.gradients(points), neuron.gradients(points))
    assert_close(preview.gradient(points[0]), neuron.gradient(points[0]))


def test_the_patches_meet_on_the_boxs_edges_and_corners():
    w, b = np.linspace(-4, 4, 81), np.linspace(-4, 4, 81)
    edges = np.concatenate([[(x, y), (y, x)] for x in (-4.0, 4.0) for y in b])
    assert_close(PREVIEW.value(edges), NEURON.value(edges))
    assert_close(error_grid(PREVIEW, w, b), error_grid(NEURON, w, b))
    seams = np.linspace(-4, 4, 1 + int(PREVIEW.table[0, 2]))[1:-1]
    for shift in (-1e-9, 0, 1e-9):
        across = np.stack([seams + shift, np.zeros_like(seams)], axis=1)
        assert_close(PREVIEW.gradients(across), NEURON.gradients(across))


def test_outside_the_nearest_point_inside_serves():
    outside = np.array([(-9, 0), (9, 1), (1, -7), (0, 1e9), (-1e300, 1e300), (np.inf, -np.inf), (4.001, 4.001)])
    inside = np.clip(outside, -4, 4)
    np.testing.assert_allclose(PREVIEW.value(outside), PREVIEW.value(inside), rtol=1e-12)
    np.testing.assert_allclose(PREVIEW.gradients(outside), PREVIEW.gradients(inside), rtol=1e-9, atol=1e-9)
    pytest.importorskip("numba")
    prepare(gdviz.Run(PREVIEW))
    np.testing.assert_allclose(values_at(PREVIEW, outside), PREVIEW.value(inside), rtol=1e-12)


def test_what_is_no_number_stays_none():
    """Runs that diverge get there where nobody stops them."""
    points = np.array([(np.nan, 0.0), (0.0, np.nan), (1.0, 1.0)])
    prepare(gdviz.Run(PREVIEW))
    assert np.isnan(values_at(PREVIEW, points)).tolist() == [True, True, False]
    assert np.isnan(PREVIEW.value(points)).tolist() == [True, True, False]
    assert np.isnan(PREVIEW.gradients(points)).any(axis=1).tolist() == [True, True, False]


def test_many_runs_may_diverge_on_it(monkeypatch):
    starts, etas = [(1.0, 1.0), (0.5, -2.0)], {"eta": [1e308, 1e-4]}
    monkeypatch.setattr("gdviz.engine.many.lanes_loop", lambda optimizer, varied: Loop())
    ends = train_many(PREVIEW, gdviz.Nesterov(), starts, 100, varied=etas)
    assert np.isfinite(ends.params).all(axis=1).tolist() == [False, True]


def test_numpy_and_the_compiled_loop_say_the_same():
    pytest.importorskip("numba")
    points = points_in(((-6, 6), (-6, 6)), 2000)
    run = gdviz.Run(PREVIEW, gdviz.Adam(0.1), updates=60)
    prepare(run)
    assert is_compiled(run)
    np.testing.assert_allclose(values_at(PREVIEW, points), PREVIEW.value(points), rtol=1e-12)
    (chunk,) = advance_in_step([run], [Point.start(run)], 60)
    np.testing.assert_allclose(chunk.params, gdviz.train(run).params[1:], rtol=1e-10)
    ends = train_many(PREVIEW, gdviz.Adam(0.1), [(-2, -2), (1, 1)], 60)
    np.testing.assert_allclose(ends.params[0], chunk.params[-1], rtol=1e-9)


@pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)
def test_trajectories_on_it_are_close_to_the_exact(cls):
    """So close that in a picture of a thousand pixels nobody sees a difference."""
    optimizer = usual(cls, NEURON)
    if cls.name in ("gd", "momentum", "nag"):
        optimizer = cls(eta=1e-4 * (NEURON.samples if cls.lecture_divides else 1))
    exact, preview = (gdviz.train(gdviz.Run(objective, optimizer, updates=60)) for objective in (NEURON, PREVIEW))
    assert abs(exact.params).max() <= 4
    assert_close(preview.params, exact.params, 1e-5)
    assert_close(preview.error, exact.error, 1e-5)


def test_it_looks_as_the_neuron_does():
    assert (PREVIEW.start, PREVIEW.box, PREVIEW.samples) == (NEURON.start, NEURON.box, NEURON.samples)
    assert PREVIEW.parameters == NEURON.parameters
    np.testing.assert_array_equal(PREVIEW.limits, NEURON.limits)
    run = gdviz.Run(PREVIEW, gdviz.GradientDescent(0.5), updates=20)  # divides by the number of the neuron's samples
    exact = gdviz.Run(NEURON, gdviz.GradientDescent(0.5), updates=20)
    assert_close(gdviz.train(run).params, gdviz.train(exact).params)


@pytest.mark.parametrize(("scale", "half"), [(50, 4), (1, 200), (1e5, 1)])
def test_where_the_error_is_too_steep_there_is_none(scale, half):
    assert Preview.over(made(50, scale), ((-half, half), (-half, half))) is None


@pytest.mark.parametrize("after", [0, 1, 2])
def test_who_cancels_gets_none(after):
    neuron = made(seed=10 + after)
    answers = iter([False] * after + [True] * 10**6)
    assert Preview.over(neuron, neuron.box, cancelled=lambda: next(answers)) is None
    again = Preview.over(neuron, neuron.box)
    points = points_in(neuron.box)
    assert_close(again.value(points), neuron.value(points))


def test_data_in_which_x_says_nothing():
    neuron = SigmoidNeuron([0.0, 0.0, 0.0], [0.0, 1.0, 1.0])
    points = points_in(neuron.box)
    preview = Preview.over(neuron, neuron.box)
    assert_close(preview.value(points), neuron.value(points))
    assert abs(preview.gradients(points)[:, 0]).max() <= 1e-9
