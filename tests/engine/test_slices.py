"""Error surfaces of networks are what plain forward passes give, to 1e-7 of the greatest value, and soon cancelled."""

import time

import numpy as np
import pytest

import gdviz
from gdviz.engine import error_grid, passes, slices
from gdviz.objectives.data.shipped import LABELLED
from gdviz.objectives.network.network import Network
from gdviz.objectives.plane import Plane

pytestmark = pytest.mark.beside

DIGITS = 1e-7
BOX = ((-1.0, 1.0), (-1.0, 1.0))
A, B = np.linspace(-1, 1, 40), np.linspace(-0.9, 1, 37)
MOONS = LABELLED["moons"]()
CURVE = LABELLED["curve"]()
MANY = LABELLED["moons"](samples=1500)


def plane(network, length=0.5, seed=0, parts=None):
    """A plane around the first params; its directions are 0 but for the layers in `parts`."""
    random = np.random.default_rng(seed)
    directions = length * random.normal(size=(2, network.size))
    for index, layer in enumerate(network.layout.layers):
        if parts is not None and index not in parts:
            directions[:, layer.W.start : (layer.gamma or layer.b).stop] = 0
    origin = np.array(network.start) + 0.1 * random.normal(size=network.size)
    return Plane(network, origin, directions, ("a", "b"), BOX)


def plain(cut, a, b):
    """The value at every pair, by one forward pass each."""
    return np.array(
        [[cut.objective.value(cut.origin + x * cut.directions[0] + y * cut.directions[1]) for y in b] for x in a]
    )


def assert_exact(cut, a, b, values, digits=DIGITS, every=3):
    assert values.shape == (a.size, b.size)
    truth = plain(cut, a[::every], b[::every])
    assert np.abs(values[::every, ::every] - truth).max() <= digits * np.abs(truth).max()


@pytest.fixture
def evaluated(monkeypatch):
    """How many points were evaluated, call by call, and in which precision."""
    calls, before = [], passes.Passes.grid

    def counted(self, a, b, cancelled):
        calls.append((a.size * b.size, self.precision.name))
        return before(self, a, b, cancelled)

    monkeypatch.setattr(passes.Passes, "grid", counted)
    return calls


NETWORKS = {
    "tanh": Network(layers="2-8-8-2", data=MOONS),
    "relu": Network(layers="2-8-8-2", activation="relu", data=MOONS),
    "leaky-tanh": Network(layers="2-8-6-2", activation="leaky-tanh", data=MOONS),
    "logistic": Network(layers="2-8-2", activation="logistic", data=MOONS),
    "linear": Network(layers="2-2", data=MOONS),
    "batchnorm": Network(layers="2-8-8-2", batchnorm=True, data=MOONS),
    "batchnorm relu": Network(layers="2-8-8-2", batchnorm=True, activation="relu", data=MANY),
    "l2": Network(layers="2-8-2", l2=0.3, data=MOONS),
    "l2, relu": Network(layers="2-8-8-2", l2=10, activation="relu", data=MOONS),
    "decoupled": Network(layers="2-8-2", l2=0.3, decoupled=True, data=MOONS),
    "dropout": Network(layers="2-8-2", dropout="0.5", jitter=0.5, data=MOONS),
    "regression": Network(layers="1-8-1", output="linear", data=CURVE),
    "one logistic": Network(layers="2-8-1", output="logistic", data=MOONS),
    "squared": Network(layers="2-8-2", output="logistic-squared", data=MOONS),
    "kept apart, scaled": Network(layers="2-8-2", validation=0.3, standardize=True, data=MANY),
    "many samples": Network(layers="2-16-16-2", data=MANY),
    "many samples, relu": Network(layers="2-16-16-2", activation="relu", data=MANY),
}


@pytest.mark.parametrize("length", [0.01, 0.5, 3])
@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_what_plain_forward_passes_give(network, length):
    cut = plane(network, length)
    assert_exact(cut, A, B, error_grid(cut, A, B))


@pytest.mark.parametrize("parts", [{0}, {1}, {2}, {0, 2}, set()])
@pytest.mark.parametrize("key", ["tanh", "relu", "batchnorm", "batchnorm relu"])
def test_where_some_layers_stay_as_they_are(key, parts):
    cut = plane(NETWORKS[key], parts=parts)
    assert_exact(cut, A, B, slices.slice_grid(cut, A, B))


def test_behind_the_last_kink_there_is_a_table(evaluated):
    """Of a ReLU network the last layer alone is analytic."""
    a, b = np.linspace(-1, 1, 120), np.linspace(-1, 1, 110)
    cut = plane(NETWORKS["relu"], parts={2})
    assert_exact(cut, a, b, slices.slice_grid(cut, a, b), every=10)
    assert sum(count for count, _ in evaluated) < 0.2 * a.size * b.size
    evaluated.clear()
    slices.slice_grid(plane(NETWORKS["relu"], parts={1}), a, b)
    assert [count for count, _ in evaluated] == [a.size * b.size]


def test_float32_networks_are_what_they_are_in_float64():
    """Their own values are rounded to 1e-6; the surface is that of the params as they are."""
    network, exact = (Network(layers="2-8-2", precision=p, data=MOONS) for p in ("float32", "float64"))
    cut = plane(network)
    values = slices.slice_grid(cut, A, B)
    assert_exact(cut, A, B, values, 3e-6)
    assert_exact(Plane(exact, cut.origin, cut.directions, ("a", "b"), BOX), A, B, values)


def test_one_table_serves_what_lies_in_its_box(evaluated):
    cut = plane(NETWORKS["tanh"])
    slices.slice_grid(cut, np.linspace(-1, 1, 90), np.linspace(-1, 1, 90))
    tabulated = len(evaluated)
    assert sum(count for count, _ in evaluated) <= 0.8 * 90 * 90
    for low, high in ((-1, 1), (-0.5, 1), (0.3, 0.9)):
        a, b = np.linspace(low, high, 200), np.linspace(low, high, 150)
        assert_exact(cut, a, b, slices.slice_grid(cut, a, b), every=20)
    same = Plane(cut.objective, cut.origin, cut.directions, ("a", "b"), BOX)
    slices.slice_grid(same, A, B)
    assert len(evaluated) == tabulated
    wider = np.linspace(-1.2, 1, 100)
    assert_exact(cut, wider, wider, slices.slice_grid(cut, wider, wider), every=10)
    assert len(evaluated) > tabulated


def test_a_close_look_shows_no_grain():
    """Where the values hardly differ it is their difference that is seen."""
    for network in (NETWORKS["many samples"], NETWORKS["many samples, relu"]):
        cut = plane(network)
        slices.slice_grid(cut, A, B)
        a, b = 0.1 + np.linspace(0, 1e-4, 50), 0.2 + np.linspace(0, 1e-4, 50)
        values, truth = slices.slice_grid(cut, a, b)[::7, ::7], plain(cut, a[::7], b[::7])
        assert np.abs(values - truth).max() <= 1e-6 * np.ptp(truth)


def test_many_samples_are_computed_in_float32_where_that_does(evaluated):
    slices.slice_grid(plane(NETWORKS["many samples, relu"], 1, seed=7), A, B)
    assert evaluated[-1] == (A.size * B.size, "float32")
    slices.slice_grid(plane(NETWORKS["many samples, relu"], 1e-5), A, B)
    assert evaluated[-1] == (A.size * B.size, "float64")
    slices.slice_grid(plane(NETWORKS["relu"], 3), A, B)
    assert evaluated[-1] == (A.size * B.size, "float64")


@pytest.mark.parametrize("limits", [(1 << 8, 1 << 18, 64), (1 << 16, 1, 1), (1 << 30, 1 << 30, 64)])
def test_blocks_of_any_size_are_one_grid(limits, monkeypatch):
    for name, value in zip(("BLOCK", "ALONE", "FEWEST"), limits, strict=True):
        monkeypatch.setattr(passes, name, value)
    for key in ("relu", "batchnorm relu", "regression"):
        cut = plane(NETWORKS[key], seed=limits[0] % 1000)
        assert_exact(cut, A[:5], B, slices.slice_grid(cut, A[:5], B), every=1)


def test_grids_of_any_form():
    cut = plane(NETWORKS["tanh"])
    axis = np.linspace(-1, 1, 300)
    for a, b in [(axis, axis[:1]), (axis[:1], axis), (axis[:1], axis[:1]), (axis[::-9], axis[::8])]:
        assert_exact(cut, a, b, slices.slice_grid(cut, a, b), every=7)
    assert_exact(cut, np.array([1, 0, 1]), np.array([0, 0]), slices.slice_grid(cut, [1, 0, 1], [0, 0]), every=1)
    for shape in ((0, 5), (5, 0), (0, 0)):
        assert slices.slice_grid(cut, axis[: shape[0]], axis[: shape[1]]).shape == shape


@pytest.mark.parametrize("spoilt", [np.nan, np.inf, -np.inf])
def test_a_coordinate_that_is_no_number_spoils_its_row_alone(spoilt):
    for key in ("tanh", "regression", "l2"):
        cut = plane(NETWORKS[key])
        values = slices.slice_grid(cut, np.append(A, spoilt), B)
        assert_exact(cut, A, B, values[:-1])


def test_planes_through_other_objectives():
    surface = gdviz.Himmelblau()
    cut = Plane(surface, [1.0, 2.0], [[1.0, 0.5], [0.0, 2.0]], ("a", "b"), BOX)
    assert_exact(cut, A, B, error_grid(cut, A, B), 1e-14)
    assert np.isnan(error_grid(cut, A, B, lambda: True)).all()


@pytest.mark.parametrize("key", ["tanh", "relu", "many samples"])
def test_who_cancels_gets_nan_and_leaves_no_table(key):
    cut = plane(NETWORKS[key], seed=77)
    assert np.isnan(slices.slice_grid(cut, A, B, lambda: True)).all()
    assert cut not in slices._interpolants
    assert_exact(cut, A, B, slices.slice_grid(cut, A, B))


def test_what_was_there_when_one_cancelled_is_right():
    cut, asked = plane(NETWORKS["relu"]), []
    values = slices.slice_grid(cut, A, B, lambda: asked.append(0) or len(asked) > 25)
    here = np.isfinite(values)
    assert here.any() and not here.all()
    np.testing.assert_allclose(values[here], plain(cut, A, B)[here], rtol=1e-7)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_a_stop_is_soon(activation):
    """Between two questions a digits network is computed for some milliseconds."""
    network = Network(layers="64-32-10", activation=activation, data=LABELLED["digits"]())
    asked = []

    def cancelled():
        asked.append(time.perf_counter())
        return len(asked) > 50

    slices.slice_grid(plane(network, 0.1), A, B, cancelled)
    assert np.median(np.diff(asked)) < 0.01
    assert time.perf_counter() - asked[50] < 0.05 + 5 * np.diff(asked).max()
