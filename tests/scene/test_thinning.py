"""Long paths are drawn with few points, and nobody can see the difference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.scene.thinning import MOST, Thinned

HALF = np.array([0.01, 0.05])
"""Half a pixel in each coordinate."""


def walk(seed, length, stride):
    """Return a path such as an optimizer's: wandering, resting, going back over its own trace."""
    random = np.random.default_rng(seed)
    steps = random.normal(size=(length, 2)) * stride * HALF
    steps[random.random(length) < 0.3] = 0
    path = np.cumsum(steps, axis=0)
    if seed % 2:  # to and fro
        path = np.concatenate([path, path[::-1], path[: length // 2]])
    if seed % 3 == 0:  # round and round
        path = np.concatenate([path, np.tile(path[-5:], (20, 1))])
    return path


paths = st.builds(walk, st.integers(0, 10**6), st.integers(2, 150), st.sampled_from([0.1, 0.7, 3.0, 30.0]))


def segments(polyline):
    """Return the starts and ends, in half pixels, of the drawn strokes; single points as strokes of no length."""
    points = polyline / HALF
    starts, ends = points[:-1], points[1:]
    drawn = np.isfinite(starts).all(axis=1) & np.isfinite(ends).all(axis=1)
    alone = points[np.isfinite(points).all(axis=1)]
    return np.concatenate([starts[drawn], alone]), np.concatenate([ends[drawn], alone])


def farthest(points, starts, ends):
    """Return the greatest distance of one of the points from the nearest of the strokes."""
    along = ends - starts
    length = np.maximum((along**2).sum(axis=1), 1e-300)
    points = points[:, None]
    share = np.clip(((points - starts) * along).sum(axis=2) / length, 0, 1)
    away = points - (starts + share[..., None] * along)
    return float((away**2).sum(axis=2).min(axis=1).max()) ** 0.5


def between(starts, ends):
    """Return points along strokes, three on each."""
    return np.concatenate([starts + share * (ends - starts) for share in (0.25, 0.5, 0.75)])


@settings(deadline=None)
@given(paths)
def test_every_point_of_the_path_is_drawn_within_a_pixel(path):
    assert farthest(path / HALF, *segments(Thinned(HALF).path(path))) <= 2


@settings(deadline=None, max_examples=50)
@given(paths)
def test_nothing_is_drawn_farther_than_a_pixel_from_the_path(path):
    """A stroke that the run never made would be a lie."""
    starts, ends = segments(Thinned(HALF).path(path))
    assert farthest(between(starts, ends), *segments(path)) <= 2


@given(paths, st.lists(st.floats(0, 1), max_size=5))
def test_growing_is_the_same_as_all_at_once(path, shares):
    growing = Thinned(HALF)
    for length in sorted(max(1, round(share * len(path))) for share in shares):
        growing.path(path[:length])
    np.testing.assert_array_equal(growing.path(path), Thinned(HALF).path(path))


@settings(deadline=None)
@given(paths, st.floats(0, 1))
def test_going_back_in_time_shows_the_path_as_it_was(path, share):
    thinned = Thinned(HALF)
    thinned.path(path)
    earlier = path[: max(1, round(share * len(path)))]
    drawn = thinned.path(earlier)
    assert farthest(earlier / HALF, *segments(drawn)) <= 2
    starts, ends = segments(drawn)
    assert farthest(between(starts, ends), *(segments(earlier))) <= 2
    np.testing.assert_array_equal(drawn[-1], earlier[-1])


@given(paths)
def test_it_begins_and_ends_where_the_path_does(path):
    drawn = Thinned(HALF).path(path)
    np.testing.assert_array_equal(drawn[0], path[0])
    np.testing.assert_array_equal(drawn[-1], path[-1])


def test_a_run_at_rest_adds_nothing():
    path = np.concatenate([walk(2, 300, 3.0), np.tile(walk(2, 300, 3.0)[-1:], (100_000, 1))])
    assert len(Thinned(HALF).path(path)) < 700


@pytest.mark.parametrize("length", [MOST - 1, MOST, MOST + 1, 3 * MOST + 7, 40_000])
def test_a_very_long_path_is_drawn_with_a_bounded_number_of_points_to_its_end(length):
    angle = np.linspace(0, 40, length)
    path = np.column_stack([angle * np.cos(angle), angle * np.sin(angle)]) * 50
    drawn = Thinned(HALF).path(path)
    assert len(drawn) <= 3 * MOST + 3
    np.testing.assert_array_equal(drawn[-1], path[-1])


@pytest.mark.parametrize("far", [1e17, 1e200, 1.7e308])
def test_a_diverging_path_is_drawn_without_a_warning(far):
    drawn = Thinned(HALF).path(np.array([(0, 0), (1, 1), (-far, far), (far, -far)]))
    assert np.isfinite(drawn[:2]).all()
    np.testing.assert_array_equal(drawn[-1], (far, -far))


def test_a_path_of_one_point():
    drawn = Thinned(HALF).path(np.array([[3.0, 4.0]]))
    np.testing.assert_array_equal(np.unique(drawn, axis=0), [[3.0, 4.0]])
