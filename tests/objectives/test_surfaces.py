"""The benchmark surfaces: minima where they are declared to be, exact gradients, the values of the literature."""

import math

import numpy as np
import pytest

import gdviz
from gdviz.objectives import OBJECTIVES
from gdviz.params import describe, parse
from tests.compiled import compiled
from tests.surfaces import SURFACES

VALUES = [cls() for cls in SURFACES] + [gdviz.Ravine(steepness=50)]
every_surface = pytest.mark.parametrize("surface", VALUES, ids=describe)

LOWEST = {
    "mccormick": -math.sqrt(3) / 2 - math.pi / 3,
    "camel": -1.0316284534898774,
    "styblinski-tang": -78.33233140754282,
    "saddle": -0.25,
}
"""The global minima's values; 0 on all other surfaces."""


def grid(surface, n=401):
    """Points all over the surface's box, shape (n, n, 2)."""
    return np.stack(np.meshgrid(*(np.linspace(low, high, n) for low, high in surface.box), indexing="ij"), axis=-1)


def settled(surface, point):
    """Where Newton's method goes from `point`."""
    for _ in range(50):
        along = [surface.gradient(point + h) - surface.gradient(point - h) for h in 1e-6 * np.eye(2)]
        point = point - np.linalg.lstsq(np.array(along) / 2e-6, surface.gradient(point), rcond=None)[0]
    return point


@every_surface
def test_declared_minima_are_minima(surface):
    ring = 1e-3 * np.stack([np.cos(np.arange(0, 6, 0.5)), np.sin(np.arange(0, 6, 0.5))], axis=-1)
    (left, right), (low, high) = surface.box
    assert surface.minima
    for minimum in map(np.array, surface.minima):
        assert surface.value(minimum) == pytest.approx(LOWEST.get(surface.name, 0), rel=0, abs=1e-12)
        np.testing.assert_allclose(surface.gradient(minimum), 0, atol=1e-12)
        assert (surface.value(minimum + ring) > surface.value(minimum)).all()
        assert left <= minimum[0] <= right and low <= minimum[1] <= high


@every_surface
def test_no_point_of_the_box_is_lower_and_no_global_minimum_is_missing(surface):
    points, lowest = grid(surface), LOWEST.get(surface.name, 0)
    values = surface.value(points)
    assert (values >= lowest - 1e-12).all()
    neighbours = np.lib.stride_tricks.sliding_window_view(np.pad(values, 1, constant_values=np.inf), (3, 3))
    for hollow in points[values == neighbours.min(axis=(2, 3))]:
        minimum = settled(surface, hollow)
        if (
            surface.value(minimum) < lowest + 1e-9
            and (points[0, 0] <= minimum).all()
            and (minimum <= points[-1, -1]).all()
        ):
            assert np.linalg.norm(minimum - surface.minima, axis=1).min() < 1e-6


@every_surface
def test_gradient_is_the_slope_by_a_complex_step(surface):
    values = surface.values().values()
    for x, y in np.random.default_rng(0).uniform(-4, 4, size=(50, 2)):
        h = 1e-100j
        slope = [surface.f(x + h, y, *values).imag / 1e-100, surface.f(x, y + h, *values).imag / 1e-100]
        np.testing.assert_allclose(surface.gradient(np.array([x, y])), slope, rtol=1e-11, atol=1e-11)


@every_surface
def test_value_of_many_points_is_each_points_value(surface):
    points = np.random.default_rng(1).normal(size=(3, 4, 2))
    values = surface.value(points)
    assert values.shape == (3, 4)
    assert values[2, 1] == pytest.approx(surface.value(points[2, 1]), rel=1e-14)
    x, y = np.array([-1.0, 0.5, 2.0]), np.array([0.0, 3.0])
    error = gdviz.error_grid(surface, x, y)
    assert error.shape == (3, 2) and error[2, 1] == pytest.approx(surface.value(np.array([2.0, 3.0])), rel=1e-14)


@every_surface
def test_numbers_arrays_and_compiled_loops_are_served_by_one_source(surface):
    values = surface.values().values()
    x, y = np.array([-1.5, 0.0, 0.3, 2.0]), np.array([0.5, 0.0, -0.7, 1.1])
    f, df = compiled(surface.f), compiled(surface.df)
    for i in range(4):
        one = surface.f(float(x[i]), float(y[i]), *values), *surface.df(float(x[i]), float(y[i]), *values)
        many = (array[i] for array in (surface.f(x, y, *values), *surface.df(x, y, *values)))
        machine = f(x[i], y[i], *values), *df(x[i], y[i], *values)
        np.testing.assert_allclose([*many], one, rtol=1e-14, atol=1e-14)
        np.testing.assert_allclose(machine, one, rtol=1e-14, atol=1e-14)


def test_values_of_the_literature():
    zero = np.zeros(2)
    assert gdviz.Himmelblau().value(zero) == 170
    assert gdviz.Rosenbrock().value(zero) == 1
    assert gdviz.Rosenbrock().value(np.array([-1.2, 1])) == pytest.approx(24.2, rel=1e-15)
    assert gdviz.Beale().value(zero) == 14.203125
    assert gdviz.Booth().value(zero) == 74
    assert gdviz.McCormick().value(np.array([-0.54719, -1.54719])) == pytest.approx(-1.9133, abs=1e-4)
    assert gdviz.Camel().value(np.array([0.0898, -0.7126])) == pytest.approx(-1.0316, abs=1e-4)
    assert gdviz.StyblinskiTang().value(np.full(2, -2.903534)) == pytest.approx(2 * -39.16617, abs=1e-4)
    assert gdviz.Rastrigin().value(np.full(2, 4.52299366)) == pytest.approx(80.70658, abs=1e-4)
    assert gdviz.Ackley().value(np.array([1.0, 1.0])) == pytest.approx(20 * (1 - math.exp(-0.2)), rel=1e-14)
    assert gdviz.Ravine(steepness=9).value(np.array([3.0, 1.0])) == 9


@pytest.mark.parametrize("number", [float, np.float64, np.array])
def test_the_tip_of_ackley_has_no_slope_and_raises_nothing(number):
    with np.errstate(all="raise"):
        assert gdviz.Ackley.df(number(0.0), number(0.0)) == (0, 0)


def test_the_saddle_is_a_saddle():
    saddle, zero = gdviz.Saddle(), np.zeros(2)
    np.testing.assert_array_equal(saddle.gradient(zero), 0)
    assert saddle.value(np.array([0.1, 0])) > saddle.value(zero) > saddle.value(np.array([0, 0.1]))


@every_surface
def test_is_a_value(surface):
    assert surface == type(surface)(**surface.values()) and hash(surface) == hash(type(surface)(**surface.values()))
    assert parse(describe(surface), OBJECTIVES) == surface
    assert surface.formula and surface.label and len(surface.start) == len(surface.parameters)


def test_declared_parameters_are_part_of_the_value():
    assert gdviz.Ravine() == gdviz.Ravine(steepness=20) != gdviz.Ravine(steepness=50)
    assert len({gdviz.Ravine(), gdviz.Ravine(20), gdviz.Ravine(50), gdviz.Booth()}) == 3
    with pytest.raises(ValueError, match="ravine: steepness must be a number >= 1, not 0"):
        gdviz.Ravine(steepness=0)


@pytest.mark.parametrize("surface", [*VALUES, gdviz.Ravine(steepness=1), gdviz.Ravine(steepness=1000)], ids=describe)
def test_the_lectures_race_neither_diverges_nor_stands_still(surface):
    """Each rule ends lower than it began, by a tenth at least of what there is to gain, and not outside the view."""
    (left, right), (low, high) = surface.box
    for run in gdviz.lecture_race(surface).runs:
        trajectory = gdviz.train(run)
        first, last, lowest = trajectory.error[0], trajectory.error[-1], LOWEST.get(surface.name, 0)
        assert not trajectory.diverged
        assert last < first - 0.1 * (first - lowest)
        assert left <= trajectory.params[-1, 0] <= right and low <= trajectory.params[-1, 1] <= high
