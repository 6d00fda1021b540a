"""The functions that rules are written with, as numpy has them and as compiled loops have them."""

import math

import mpmath
import numpy as np
import pytest

from gdviz import elementary
from gdviz.objectives import sigmoid

RANDOM = np.random.default_rng(0)
EDGES = [0.0, -0.0, 5e-324, -5e-324, 1e-300, 1.0, -1.0, math.log(2) / 2, -math.log(2) / 2, 700.0, -700.0]
POINTS = np.array(
    [*EDGES, *RANDOM.uniform(-700, 700, 3000), *RANDOM.uniform(-2, 2, 2000), *RANDOM.normal(0, 1e-8, 200)]
)


@pytest.fixture(scope="module")
def loops():
    """Loops over arrays, vectorised as the engine's are: the exponential, the sigmoid and the root."""
    numba = pytest.importorskip("numba")
    import gdviz.engine.jit  # noqa: F401  # what it registers is what is tested

    def loop(function):
        @numba.njit(error_model="numpy")
        def over(z, out):
            for i in range(len(z)):
                out[i] = function(z[i])

        def call(z):
            z = np.asarray(z, float)
            out = np.empty_like(z)
            over(z, out)
            return out

        return call

    return {function.__name__: loop(function) for function in (elementary.exp, elementary.sqrt, sigmoid)}


def exact(function, points):
    """To 40 digits, rounded once."""
    with mpmath.workdps(40):
        return np.array([float(function(mpmath.mpf(point))) for point in points.tolist()])


def ulps(values, truth):
    return abs(values - truth) / np.spacing(abs(truth))


def test_the_exponential_is_right_to_two_units_in_the_last_place(loops):
    truth = exact(mpmath.exp, POINTS)
    assert ulps(loops["exp"](POINTS), truth).max() <= 2
    assert ulps(elementary.exp(POINTS), truth).max() <= 2
    assert loops["exp"]([0.0, -0.0]).tolist() == [1.0, 1.0]


def test_the_exponential_rises():
    points = np.linspace(-3, 3, 20001)
    assert (np.diff(elementary.exp(points)) > 0).all()


def test_the_compiled_exponential_rises_and_ends_where_it_is_as_good_as_nothing(loops):
    """It neither overflows nor wraps around, however far out."""
    assert (np.diff(loops["exp"](np.linspace(-800, 709.7, 20001))) >= 0).all()
    far = loops["exp"]([-708.5, -745, -800, -1e4, -1e300, -np.inf])
    assert (far >= 0).all() and (far <= 1e-307).all()
    assert (loops["exp"]([709.8, 745, 800, 1e4, 1e300, np.inf]) == np.inf).all()
    np.testing.assert_allclose(loops["exp"]([700.5, 708.5, 709.7]), np.exp([700.5, 708.5, 709.7]), rtol=1e-15)


def test_the_sigmoid_is_right_where_it_matters_and_saturates(loops):
    points = np.append(POINTS, RANDOM.uniform(-40, 40, 2000))
    truth = exact(lambda z: 1 / (1 + mpmath.exp(-z)), points)
    for values in (loops["sigmoid"](points), sigmoid(points)):
        assert abs(values - truth).max() <= 4e-16
        np.testing.assert_allclose(values, truth, rtol=2e-15)
    far = np.array([800.0, 1e4, 1e300, np.inf])
    for function in (loops["sigmoid"], sigmoid):
        assert function(far).tolist() == [1, 1, 1, 1]
        assert (abs(function(-far)) <= 1e-307).all()


def test_the_root_is_exactly_rounded(loops):
    points = abs(np.append(POINTS, [1e-320, 1e308, 4.0, 2.0]))
    assert loops["sqrt"](points).tolist() == elementary.sqrt(points).tolist() == exact(mpmath.sqrt, points).tolist()
    assert [elementary.sqrt(point) for point in points.tolist()] == elementary.sqrt(points).tolist()


def test_the_root_of_a_negative_number_is_none(loops):
    negative = np.array([-1.0, -1e-300, -np.inf])
    with np.errstate(invalid="ignore"):
        assert np.isnan(loops["sqrt"](negative)).all() and np.isnan(elementary.sqrt(negative)).all()
        assert all(np.isnan(elementary.sqrt(point)) for point in negative.tolist())
    assert math.copysign(1, elementary.sqrt(-0.0)) == math.copysign(1, loops["sqrt"]([-0.0])[0]) == -1


@pytest.mark.parametrize("name", ["exp", "sqrt", "sigmoid"])
def test_what_is_no_number_stays_none(loops, name):
    """Also where a loop takes several numbers at once."""
    points = np.where(np.arange(50) % 7 == 3, np.nan, 0.5)
    assert np.isnan(loops[name](points)).tolist() == np.isnan(points).tolist()
    plain = {"exp": elementary.exp, "sqrt": elementary.sqrt, "sigmoid": sigmoid}[name]
    assert np.isnan(plain(points)).tolist() == np.isnan(points).tolist()
    assert np.isnan(plain(math.nan))


@pytest.mark.parametrize("function", [elementary.exp, elementary.sqrt, sigmoid])
@pytest.mark.parametrize("shape", [(), (5,), (2, 3, 4), (0,)])
def test_numbers_and_arrays_of_any_shape_alike(function, shape):
    points = RANDOM.uniform(0, 5, size=shape)
    values = np.asarray(function(points))
    assert values.shape == shape
    for point, value in zip(points.ravel().tolist(), values.ravel(), strict=True):
        assert function(point) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("function", [elementary.exp, sigmoid])
def test_overflow_is_no_error(function):
    with np.errstate(over="ignore"):
        assert function(1e4) > 0.5 and function(np.float64(-1e4)) == 0
