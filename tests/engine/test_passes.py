"""The compiled loops over neurons give what numpy gives, and error surfaces made by them what plain passes do."""

import mpmath
import numpy as np
import pytest

from gdviz.engine import error_grid, passes, prepare_grids
from gdviz.engine.library import sigmoids_loop, softmax_errors_loop
from gdviz.objectives.data.shipped import LABELLED
from gdviz.objectives.network.network import Network
from gdviz.objectives.network.outputs import OUTPUTS
from tests.engine.test_slices import A, B, assert_exact, plane

RANDOM = np.random.default_rng(3)
PRECISIONS = {np.float32: 2e-6, np.float64: 1e-14}
MANY = LABELLED["moons"](samples=1500)
NETWORKS = {
    "tanh": Network(layers="2-8-8-2", data=LABELLED["moons"]()),
    "logistic, in float32": Network(layers="2-16-2", activation="logistic", data=MANY),
    "tanh, in float32": Network(layers="2-16-16-2", data=MANY),
    "leaky, in float32": Network(layers="2-16-2", activation="leaky", data=MANY),
    "normalised": Network(layers="2-8-8-2", batchnorm=True, data=MANY),
    "without classes": Network(layers="1-8-1", output="linear", data=LABELLED["curve"]()),
    "more classes": Network(layers="64-8-10", data=LABELLED["digits"]()),
}


@pytest.fixture(autouse=True)
def _loops():
    pytest.importorskip("numba")
    prepare_grids()
    assert sigmoids_loop().get() is not None and softmax_errors_loop().get() is not None


@pytest.mark.parametrize("length", [0.01, 0.5, 3, 60])
@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_error_surfaces_by_compiled_loops(network, length):
    """Also where exponentials would overflow if they were taken apart."""
    cut = plane(network, length)
    assert_exact(cut, A, B, error_grid(cut, A, B), every=4)


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 5, 7), (2, 32, 599), (4, 3, 16)])
@pytest.mark.parametrize("precision", PRECISIONS)
def test_sigmoids_are_those_of_sums(precision, shape):
    u, v = RANDOM.normal(0, 8, shape[1:]), RANDOM.normal(0, 8, shape)
    out, plain = np.empty(shape, precision), np.empty(shape, precision)
    row, columns = np.exp(-u).astype(precision), np.exp(-v).astype(precision)
    for loop, made in ((sigmoids_loop().get(), out), (passes._sigmoids, plain)):
        loop(row, columns, precision(2), precision(-1), made)
        assert np.abs(made - np.tanh((u + v) / 2)).max() <= PRECISIONS[precision]


@pytest.mark.parametrize("samples", [1, 127, 128, 129, 1797])
@pytest.mark.parametrize("classes", [2, 3, 10])
@pytest.mark.parametrize("precision", PRECISIONS)
def test_softmax_errors_are_what_numpy_gives(precision, classes, samples):
    points = 3
    z = RANDOM.normal(0, 10, (classes, points, samples)).astype(precision)
    shares = RANDOM.dirichlet(np.ones(classes), samples).T
    T = np.tile(np.where(np.arange(samples) % 2, shares, np.eye(classes)[:, [0]]), points)
    made = np.empty(points)
    softmax_errors_loop().get()(z, T.astype(precision), made)
    flat = z.astype(float).reshape(classes, -1)
    truth = OUTPUTS["softmax"].error(flat.T, T.T).reshape(points, -1).sum(axis=1)
    np.testing.assert_allclose(made, truth, rtol=PRECISIONS[precision])


def test_softmax_errors_of_very_many_classes_do_not_overflow():
    """The product of e^(error) over the samples is past the largest number many times over."""
    z, T, made = np.zeros((1000, 1, 40_000)), np.full((1000, 40_000), 1e-3), np.empty(1)
    softmax_errors_loop().get()(z, T, made)
    assert made[0] == pytest.approx(40_000 * np.log(1000), rel=1e-12)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_softmax_errors_of_wild_outputs(precision):
    z = np.array([[1e30, -1e30, 0], [0, 0, 1e-30], [-1e30, 0, 0]], precision)[:, None]
    T, made = np.eye(3, dtype=precision), np.empty(1)
    softmax_errors_loop().get()(z, T, made)
    assert made[0] == pytest.approx(float(np.log(2) + np.log(3)), rel=1e-6)
    z[1, 0, 1] = np.nan
    softmax_errors_loop().get()(z, T, made)
    assert np.isnan(made[0])


def test_the_exponential_of_float32_is_right_to_two_units_in_the_last_place():
    numba = pytest.importorskip("numba")
    from gdviz.elementary import exp

    @numba.njit(error_model="numpy")
    def over(z, out):
        for i in range(len(z)):
            out[i] = exp(z[i])

    points = np.append(RANDOM.uniform(-87, 88.7, 4000), [0, -0.0, 1e-30, -1e-30, 88.72, -87]).astype(np.float32)
    truth = np.array([float(mpmath.exp(mpmath.mpf(point))) for point in points.tolist()])
    made = np.empty_like(points)
    over(points, made)
    assert (abs(made - truth) / np.spacing(truth.astype(np.float32))).max() <= 2
    far = np.array([-88, -200, -np.inf, 89, 1e30, np.inf, np.nan], np.float32)
    made = np.empty_like(far)
    over(far, made)
    assert made.tolist()[:6] == [0, 0, 0, np.inf, np.inf, np.inf] and np.isnan(made[6])
