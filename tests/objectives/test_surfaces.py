"""The benchmark surfaces: minima where they are declared to be, exact gradients, the values of the literature."""

import numpy as np
import pytest

import gdviz
from gdviz.objectives import SURFACES

every_surface = pytest.mark.parametrize("surface", [cls() for cls in SURFACES], ids=lambda surface: surface.name)


@every_surface
def test_declared_minima_are_minima(surface):
    ring = 1e-3 * np.stack([np.cos(np.arange(0, 6, 0.5)), np.sin(np.arange(0, 6, 0.5))], axis=-1)
    (left, right), (low, high) = surface.box
    assert surface.minima
    for minimum in map(np.array, surface.minima):
        assert abs(surface.value(minimum)) < 1e-20
        np.testing.assert_allclose(surface.gradient(minimum), 0, atol=1e-10)
        assert (surface.value(minimum + ring) > surface.value(minimum)).all()
        assert left <= minimum[0] <= right and low <= minimum[1] <= high


@every_surface
def test_gradient_is_the_slope_by_a_complex_step(surface):
    for x, y in np.random.default_rng(0).uniform(-4, 4, size=(50, 2)):
        h = 1e-100j
        slope = [surface.f(x + h, y).imag / 1e-100, surface.f(x, y + h).imag / 1e-100]
        np.testing.assert_allclose(surface.gradient(np.array([x, y])), slope, rtol=1e-11, atol=1e-11)


@every_surface
def test_value_of_many_points_is_each_points_value(surface):
    points = np.random.default_rng(1).normal(size=(3, 4, 2))
    values = surface.value(points)
    assert values.shape == (3, 4)
    assert values[2, 1] == surface.value(points[2, 1])
    x, y = np.array([-1.0, 0.5, 2.0]), np.array([0.0, 3.0])
    grid = gdviz.error_grid(surface, x, y)
    assert grid.shape == (3, 2) and grid[2, 1] == surface.value(np.array([2.0, 3.0]))


def test_values_of_the_literature():
    zero = np.zeros(2)
    assert gdviz.Himmelblau().value(zero) == 170
    assert gdviz.Rosenbrock().value(zero) == 1
    assert gdviz.Rosenbrock().value(np.array([-1.2, 1])) == pytest.approx(24.2, rel=1e-15)
    assert gdviz.Beale().value(zero) == 14.203125


@every_surface
def test_is_a_value(surface):
    assert surface == type(surface)() and hash(surface) == hash(type(surface)())
    assert surface.formula and surface.label and len(surface.start) == len(surface.parameters)
