"""A plane through an objective's params: lifted, projected, its gradient by differences, and planes that are none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gdviz
from gdviz.objectives.network.network import Network
from gdviz.objectives.plane import Plane

pytestmark = pytest.mark.beside

BOX = ((-1.0, 1.0), (-2.0, 2.0))
NETWORK = Network(layers="2-3-2", l2=0.1)
SIZE = NETWORK.size
numbers = st.floats(-100, 100, allow_subnormal=False)


class Far(gdviz.Objective):
    """Of very many params, of which nothing is evaluated."""

    name, label, formula = "far", "Far", ""
    size, start, box = 10**6, (0.0,) * 10**6, BOX

    def value(self, params):
        return params[..., 0]

    def gradient(self, params, batch=None):
        return params


def plane(seed=0, objective=NETWORK, **changes):
    random = np.random.default_rng(seed)
    given = {
        "origin": random.normal(size=objective.size), "directions": random.normal(size=(2, objective.size)),
        "names": ("a", "b"), "box": BOX, "about": "A plane.",
    }  # fmt: skip
    return Plane(objective, **{**given, **changes})


def along_axes(i, j, seed=0):
    directions = np.zeros((2, SIZE))
    directions[0, i] = directions[1, j] = 1
    origin = np.random.default_rng(seed).normal(size=SIZE)
    origin[[i, j]] = 0
    return plane(origin=origin, directions=directions)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 1000), st.lists(st.tuples(numbers, numbers), min_size=1, max_size=4))
def test_what_is_lifted_is_projected_to_where_it_was(seed, points):
    cut, points = plane(seed), np.array(points)
    np.testing.assert_allclose(cut.projected(cut.lifted(points)), points, rtol=1e-9, atol=1e-9)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 1000), st.integers(0, 1000))
def test_no_point_of_the_plane_is_nearer_than_the_projected_one(seed, other):
    cut, random = plane(seed), np.random.default_rng(other)
    params = random.normal(size=(3, SIZE))
    least = np.linalg.lstsq(cut.directions.T, (params - cut.origin).T, rcond=None)[0].T
    np.testing.assert_allclose(cut.projected(params), least, atol=1e-12)
    moved = np.linalg.lstsq(cut.directions.T, params.T, rcond=None)[0].T
    np.testing.assert_allclose(cut.moved(params), moved, atol=1e-12)


@given(st.permutations(range(SIZE)), numbers, numbers)
@settings(deadline=None)
def test_along_axes_nothing_is_rounded(order, a, b):
    i, j = order[:2]
    cut = along_axes(i, j)
    params = np.random.default_rng(i).normal(size=(4, SIZE)) / 3
    assert cut.axes == cut.indices == (i, j)
    assert np.array_equal(cut.projected(params), params[:, [i, j]])
    assert np.array_equal(cut.moved(params[0]), params[0, [i, j]])
    lifted = cut.lifted(np.array([a, b]))
    assert lifted[[i, j]].tolist() == [a, b] and np.array_equal(
        np.delete(lifted, [i, j]), np.delete(cut.origin, [i, j])
    )


def test_the_axes_are_the_nearest_ones_and_two():
    directions = np.zeros((2, SIZE))
    directions[:, 4] = 2, -3
    directions[1, 7] = -1
    cut = plane(directions=directions)
    assert cut.axes == (4, 7) and cut.indices is None
    assert len(set(plane(directions=np.zeros((2, SIZE))).axes)) == 2
    assert plane(directions=2 * along_axes(1, 2).directions).indices is None


@pytest.mark.parametrize("factors", [(0, 0), (1, 0), (0, 1), (1, 1), (1, -3), (1e-200, 1e-200), (1e150, -1e150)])
def test_directions_that_span_no_plane(factors):
    """The nearest point is still found, with the shortest coordinates that lead there."""
    u = np.random.default_rng(5).normal(size=SIZE)
    cut, params = plane(directions=np.outer(factors, u)), np.random.default_rng(6).normal(size=SIZE)
    from_origin = params - cut.origin
    wanted = (u @ from_origin) / (u @ u) * u if any(factors) else np.zeros(SIZE)
    coordinates = cut.projected(params)
    np.testing.assert_allclose(cut.lifted(coordinates) - cut.origin, wanted, rtol=1e-9, atol=1e-12)
    across = np.array([-factors[1], factors[0]]) / max(np.abs(factors).max(), 1e-300)
    assert abs(across @ coordinates) <= 1e-9 * np.abs(coordinates).max()
    assert cut.off_share(from_origin) == pytest.approx(1 - wanted @ wanted / (from_origin @ from_origin), abs=1e-12)


@pytest.mark.parametrize("length", [1e-300, 1e-160, 1, 1e160, 1e300])
def test_the_share_off_the_plane(length):
    cut = along_axes(0, 1)
    displacement = np.zeros(SIZE)
    assert cut.off_share(displacement) == 0
    displacement[0] = 3 * length
    assert cut.off_share(displacement) == 0
    displacement[5] = 4 * length
    assert cut.off_share(displacement) == pytest.approx(16 / 25)
    displacement[0] = 0
    assert cut.off_share(displacement) == 1


@pytest.mark.parametrize("objective", [NETWORK, Network(layers="2-3-2", activation="relu", batchnorm=True)])
def test_the_gradient_is_that_of_the_value(objective):
    cut, at, h = plane(3, objective), np.array([0.3, -0.2]), 1e-6
    differences = [(cut.value(at + step) - cut.value(at - step)) / (2 * h) for step in h * np.eye(2)]
    np.testing.assert_allclose(cut.gradient(at), differences, rtol=1e-6, atol=1e-8)


def test_values_are_the_objectives():
    cut, points = plane(1), np.random.default_rng(2).normal(size=(3, 4, 2))
    values = cut.value(points)
    assert values.shape == (3, 4)
    a, b = points[1, 2]
    assert values[1, 2] == NETWORK.value(cut.origin + (a * cut.directions[0] + b * cut.directions[1]))
    np.testing.assert_array_equal(cut.grid(np.array([0.1, a]), np.array([b]))[1], [values[1, 2]])


def test_what_it_has_of_its_objective():
    cut = plane()
    assert (cut.size, cut.name, cut.parameters, cut.box) == (2, "plane", ("a", "b"), BOX)
    for key in ("label", "value_name", "samples", "data", "lowest"):
        assert getattr(cut, key) == getattr(NETWORK, key)
    np.testing.assert_allclose(cut.start, cut.projected(np.array(NETWORK.start)))


def test_planes_are_equal_by_what_they_are():
    assert plane() == plane() and hash(plane()) == hash(plane())
    others = [
        plane(1), plane(about="Another."), plane(names=("a", "c")), plane(box=((-1.0, 1.0), (-1.0, 1.0))),
        plane(objective=Network(layers="2-3-2")), plane(directions=plane(1).directions), NETWORK,
    ]  # fmt: skip
    assert all(plane() != other for other in others)
    assert len({plane(), plane(), *others}) == 1 + len(others)


def test_nobody_changes_it_afterwards():
    origin = np.zeros(SIZE)
    cut = plane(origin=origin)
    origin[0] = 1
    assert cut.origin[0] == 0
    with pytest.raises(ValueError, match="read-only"):
        cut.directions[0] = 1


@pytest.mark.parametrize("changes", [{"origin": np.zeros(SIZE - 1)}, {"directions": np.zeros((SIZE, 2))}])
def test_shapes_that_do_not_fit_are_refused(changes):
    with pytest.raises(ValueError, match=f"must have the shapes \\({SIZE},\\) and \\(2, {SIZE}\\)"):
        plane(**changes)


def test_a_million_params():
    cut = plane(objective=Far())
    np.testing.assert_allclose(cut.projected(cut.lifted(np.array([0.5, -2.0]))), [0.5, -2.0])
    assert 0.99 < cut.off_share(np.random.default_rng(9).normal(size=Far.size)) < 1
