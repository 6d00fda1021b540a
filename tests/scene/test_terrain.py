"""Heights, levels and contour lines of the error surface tell the truth about its values."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gdviz
from gdviz.scene.terrain import Terrain
from tests import surfaces


def bowl(offset=0.0, scale=1.0, power=1.0, n=41, m=33):
    """Return a bowl; powers above 2 make it so flat in the middle that heights are logarithmic."""
    a, b = np.linspace(-2, 3, n), np.linspace(-1, 2, m)
    return Terrain(a, b, offset + scale * (a[:, None] ** 2 + 2 * b**2) ** power)


def of(objective, n=61):
    a, b = (np.linspace(low, high, n) for low, high in objective.box)
    return Terrain(a, b, gdviz.error_grid(objective, a, b))


REAL = [gdviz.SigmoidNeuron.on(gdviz.load_data("lecture")), *(cls() for cls in surfaces.SURFACES)]
SURFACES = [bowl(), bowl(power=5), bowl(offset=-7), *map(of, REAL)]
bowls = st.builds(
    bowl,
    offset=st.sampled_from([0.0, 10.4, -3.0, 1234.5]),
    scale=st.floats(-25, 12).map(lambda exponent: 10.0**exponent),
    power=st.sampled_from([0.5, 1.0, 3.0, 6.0]),
    n=st.integers(2, 40),
    m=st.integers(2, 40),
).filter(lambda terrain: terrain.highest - terrain.lowest > 1e-6 * abs(terrain.lowest))


def test_both_kinds_of_heights_are_tried():
    assert {terrain.is_log for terrain in SURFACES} == {True, False}


@given(bowls)
def test_heights_rise_with_the_values_from_0_to_1(terrain):
    values = np.sort(terrain.values.ravel())
    heights = terrain.height(values)
    assert heights[0] == pytest.approx(0, abs=1e-12)
    assert heights[-1] == pytest.approx(1, abs=1e-12)
    rising = np.diff(heights)[np.diff(values) > 1e-9 * np.abs(values[1:])]
    assert (rising > 0).all()
    assert (np.diff(heights) >= 0).all()


@given(bowls, st.floats(0, 1))
def test_value_is_the_inverse_of_height(terrain, height):
    value = terrain.value(height)
    assert terrain.height(np.array([value]))[0] == pytest.approx(height, abs=1e-4)


def digits(level):
    """Return the significant digits of a level, without the zeros at the end."""
    return f"{level:.12e}".split("e")[0].strip("-").rstrip("0").replace(".", "")


@given(bowls)
def test_levels_lie_inside_ascend_and_are_round(terrain):
    levels = terrain.levels
    assert 3 <= len(levels) <= 30
    assert list(levels) == sorted(set(levels))
    assert terrain.lowest < levels[0]
    assert levels[-1] < terrain.highest
    span = terrain.highest - terrain.lowest
    unit = 10.0 ** math.floor(math.log10(1e-5 * span))
    for level in levels:  # few digits, or no more than it takes to tell the levels apart
        assert len(digits(level)) <= 2 or level / unit == pytest.approx(round(level / unit), abs=1e-2, rel=1e-12)


@pytest.mark.parametrize("terrain", SURFACES)
def test_contour_lines_lie_on_their_level(terrain):
    span = terrain.highest - terrain.lowest
    assert set(terrain.lines) == set(terrain.levels)
    assert sum(map(len, terrain.lines.values())) >= len(terrain.levels)
    for level, lines in terrain.lines.items():
        for line in lines:
            assert line.shape[1] == 2
            np.testing.assert_allclose(terrain.sample(line), level, atol=1e-9 * span)


@pytest.mark.parametrize("terrain", SURFACES)
def test_sample_is_exact_at_the_nodes_and_between_them_inside_their_values(terrain):
    a, b = (grid.ravel() for grid in np.meshgrid(terrain.a, terrain.b, indexing="ij"))
    span = terrain.highest - terrain.lowest
    sampled = terrain.sample(np.column_stack([a, b])).reshape(terrain.values.shape)
    np.testing.assert_allclose(sampled, terrain.values, atol=1e-9 * span)
    middle = terrain.sample(np.array([[terrain.a[3:5].mean(), terrain.b[7:9].mean()]]))[0]
    assert middle == pytest.approx(terrain.values[3:5, 7:9].mean(), abs=1e-9 * span)


def test_outside_the_box_there_is_no_value():
    (a0, a1), (b0, b1) = bowl().box
    outside = [(a0 - 1e-6, 0), (a1 + 1e-6, 0), (0, b0 - 1e-6), (0, b1 + 1e-6), (1e300, 0), (np.nan, 0)]
    assert np.isnan(bowl().sample(np.array(outside, float))).all()
    assert np.isfinite(bowl().sample(np.array([(a0, b0), (a1, b1), (a0, b1), (a1, b0)]))).all()


@pytest.mark.parametrize("value", [0.0, 3.5, -1e300, 1e-300])
def test_a_plain_has_no_lines_and_one_height(value):
    plain = Terrain(np.linspace(0, 1, 5), np.linspace(0, 1, 4), np.full((5, 4), value))
    assert plain.levels == ()
    assert plain.lines == {}
    np.testing.assert_array_equal(plain.height(plain.values), 0)
    assert np.isfinite(plain.shade).all()
    assert plain.sample(np.array([[0.5, 0.5]])) == value


def test_holes_do_not_spoil_the_rest():
    whole = bowl()
    values = whole.values.copy()
    values[10:14, 5:9] = np.nan
    holed = Terrain(whole.a, whole.b, values)
    assert (holed.lowest, holed.highest) == (np.nanmin(values), np.nanmax(values))
    heights = holed.height(values)
    assert np.isnan(heights[10:14, 5:9]).all()
    assert np.isfinite(np.delete(heights, range(10, 14), axis=0)).all()
    assert np.isfinite(holed.shade).all()
    for level, lines in holed.lines.items():
        for line in lines:
            assert np.isfinite(line).all()
            sampled = holed.sample(line)
            np.testing.assert_allclose(sampled[np.isfinite(sampled)], level, atol=1e-9)


def test_light_comes_from_one_side():
    """A slope that rises towards +a is lit otherwise than the same slope rising towards -a."""
    a = b = np.linspace(-1, 1, 21)
    up, down = (Terrain(a, b, sign * a[:, None] + 0 * b) for sign in (1, -1))
    assert abs(up.shade.mean() - down.shade.mean()) > 0.1


def test_what_only_rounding_makes_is_flat():
    noise = 2.0 + 1e-15 * np.random.default_rng(0).normal(size=(9, 9))
    terrain = Terrain(np.linspace(0, 1, 9), np.linspace(0, 1, 9), noise)
    assert terrain.levels == () and not terrain.height(noise).any() and terrain.lines == {}
