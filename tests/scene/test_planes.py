"""Which plane is cut: held against numpy's SVD, plain sums over each neuron's weights, and runs that have not moved."""

import gc
import time
import weakref

import numpy as np
import pytest

import gdviz
from gdviz.objectives.network.architecture import Architecture
from gdviz.objectives.network.network import Network
from gdviz.params import describe, parse
from gdviz.scene import paths
from gdviz.scene.paths import path_on
from gdviz.scene.planes import PLANES, Principal, RandomDirections, Through, TwoWeights
from gdviz.training import Trajectory

pytestmark = pytest.mark.beside

NETWORK = Network(layers="2-5-2", batchnorm=True)
PATIENT = Network(layers="2-5-2", validation=0.3)


def run(optimizer=None, objective=NETWORK, **changes):
    return gdviz.Run(objective, optimizer or gdviz.Adam(0.05), **{"updates": 60, **changes})


@pytest.fixture(scope="module")
def trajectories():
    return [gdviz.train(run()), gdviz.train(run(gdviz.GradientDescent(0.5), updates=40))]


class Still:
    """A trajectory of given points, every update kept."""

    def __init__(self, params):
        self.params = np.asarray(params, float)
        self.last = self.result = len(self.params) - 1
        self.run = run(updates=max(self.last, 1))

    def params_at(self, update):
        return self.params[update]


class Big(Architecture, gdviz.Objective):
    name, label, formula = "big", "Big", ""
    size, start, box, value, gradient = 10**6, (), ((-1, 1), (-1, 1)), None, None

    def __init__(self):
        pass

    def name_of(self, index):
        return str(index)


def inside(box, points):
    low, high = np.array(box).T
    return ((points > low) & (points < high)).all()


@pytest.mark.parametrize("cls", PLANES, ids=lambda cls: cls.name)
def test_every_cut_is_declared_and_holds_the_paths(cls, trajectories):
    cut = cls()
    assert parse(describe(cut), PLANES) == cut and cut.label and cut.about.endswith(".")
    plane = cut.plane(NETWORK, trajectories, 0, 30)
    assert plane.about.endswith(".") and plane == cut.plane(NETWORK, trajectories, 0, 30)
    if cls is not RandomDirections:
        assert all(inside(plane.box, plane.projected(t.params)) for t in trajectories)


@pytest.mark.parametrize("cursor", [0, 17, 10**6])
def test_two_weights(trajectories, cursor):
    cut = TwoWeights(3, NETWORK.size - 1)
    plane = cut.plane(NETWORK, trajectories, 0, cursor)
    point = trajectories[0].params[min(cursor, 60)]
    assert cut.follows_cursor and plane.indices == (3, NETWORK.size - 1)
    assert plane.parameters == ("W1[0,3]", "b2[1]")
    np.testing.assert_array_equal(plane.lifted(point[[3, -1]]), point)
    np.testing.assert_array_equal(plane.projected(point), point[[3, -1]])
    assert (np.ptp(plane.box, axis=1) >= 2 - 1e-12).all()


@pytest.mark.parametrize("first", [5, 5 + NETWORK.size])
def test_weights_that_are_not_there_are_taken_round(trajectories, first):
    assert TwoWeights(first, 7).plane(NETWORK, trajectories, 0, 0).indices == (5, 7)
    assert TwoWeights(first, 5).plane(NETWORK, trajectories, 0, 0).indices == (5, 6)
    assert f"there are {NETWORK.size} params" in TwoWeights(first + NETWORK.size, 7).problem(NETWORK, 10)
    assert "not one" in TwoWeights(5, 5).problem(NETWORK, 10) and not TwoWeights().problem(NETWORK, 10)


def test_usually_it_is_the_two_weights_that_moved_furthest(trajectories):
    moved = np.abs(trajectories[1].params[-1] - trajectories[1].params[0])
    indices = TwoWeights().plane(NETWORK, trajectories, 1, 3).indices
    assert moved[indices[0]] == moved.max() and moved[indices[1]] == np.sort(moved)[-2]


def test_principal_directions_are_those_of_the_svd():
    paths = [Still(np.random.default_rng(seed).normal(size=(30, NETWORK.size)).cumsum(axis=0)) for seed in range(3)]
    plane = Principal().plane(NETWORK, paths, 1, 0)
    points = np.concatenate([path.params for path in paths])
    mean = points.mean(axis=0)
    _, spread, directions = np.linalg.svd(points - mean)
    np.testing.assert_allclose(plane.origin, mean, atol=1e-12)
    np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-13)
    np.testing.assert_allclose(np.abs(np.sum(plane.directions * directions[:2], axis=1)), 1, rtol=1e-12)
    largest = np.abs(plane.directions).argmax(axis=1)
    assert (plane.directions[[0, 1], largest] > 0).all()
    assert f"{(spread[:2] ** 2).sum() / (spread**2).sum():.1%}" in plane.about


@pytest.mark.parametrize("far", [1, 1e8])
def test_a_straight_path_has_one_principal_direction(far):
    along = np.random.default_rng(0).normal(size=NETWORK.size)
    path = Still(far + np.linspace(0, 1, 20)[:, None] * along)
    plane = Principal().plane(NETWORK, [path], 0, 0)
    assert abs(plane.directions[0] @ along) / np.linalg.norm(along) == pytest.approx(1, abs=1e-10)
    np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-12)
    assert "100.0%" in plane.about and inside(plane.box, plane.projected(path.params))


@pytest.mark.parametrize("cut", [Principal(), Through(), Through(7, 7, 7), RandomDirections(), TwoWeights()])
def test_a_run_that_has_not_moved(cut):
    """Of one point, and of two that are equal: two directions at right angles all the same."""
    for trajectories in ([Trajectory(run())], [Trajectory(run()), Trajectory(run())]):
        plane = cut.plane(NETWORK, trajectories, 0, 0)
        gram = plane.directions @ plane.directions.T
        assert np.isfinite(plane.box).all() and (np.ptp(plane.box, axis=1) > 0.5).all()
        if isinstance(cut, Principal | Through):
            np.testing.assert_allclose(gram, np.eye(2), atol=1e-12)
            assert "random" in plane.about


def test_random_directions_are_as_long_as_each_neurons_weights(trajectories):
    plane = RandomDirections(4).plane(NETWORK, trajectories, 0, 0)
    theta = trajectories[0].params[-1]
    np.testing.assert_array_equal(plane.origin, theta)
    assert plane.box == ((-1, 1), (-1, 1))
    for index, layer in enumerate(NETWORK.layout.layers):
        for direction in plane.directions:
            for neuron in range(layer.outputs):
                d, w = (NETWORK.layout.weights(p, index)[:, neuron] for p in (direction, theta))
                assert (d**2).sum() == pytest.approx((w**2).sum())
            assert not direction[layer.b].any() and (layer.gamma is None or not direction[layer.gamma].any())
    cosine = plane.directions[0] @ plane.directions[1] / np.linalg.norm(plane.directions[0]) ** 2
    assert abs(cosine) < 0.9
    assert plane != RandomDirections(5).plane(NETWORK, trajectories, 0, 0)


def test_random_directions_are_around_the_params_that_count():
    trajectory = gdviz.train(run(gdviz.Adam(0.3), PATIENT, updates=300, patience=3))
    assert trajectory.result < trajectory.last
    plane = RandomDirections().plane(PATIENT, [trajectory], 0, 0)
    np.testing.assert_array_equal(plane.origin, trajectory.params[trajectory.result])


def test_random_directions_need_layers(trajectories):
    with pytest.raises(ValueError, match="neuron by neuron; himmelblau has no layers"):
        RandomDirections().plane(gdviz.Himmelblau(), trajectories, 0, 0)


@pytest.mark.parametrize(
    ("cut", "updates"),
    [(Through(), (0, 60, 30)), (Through(5, 20, 10**9), (5, 20, 60)), (Through(-1, 0, -2), (60, 0, 30))],
)
def test_the_plane_goes_through_three_points(trajectories, cut, updates):
    plane = cut.plane(NETWORK, trajectories, 0, 0)
    points = trajectories[0].params[[*updates]]
    np.testing.assert_allclose(plane.lifted(np.array([[0, 0], [1, 0], [0, 1]])), points, atol=1e-14)
    assert plane.parameters == (f"to update {updates[1]}", f"to update {updates[2]}")
    assert "line" not in plane.about


@pytest.mark.parametrize("cut", [Through(0, -1, -1), Through(0, -1, 0), Through(0, 0, -1), Through(0, -1, 20)])
def test_three_points_on_a_line_are_a_line_cut(cut):
    along = np.random.default_rng(1).normal(size=NETWORK.size)
    path = Still(NETWORK.start + np.linspace(0, 1, 41)[:, None] * along)
    plane = cut.plane(NETWORK, [path], 0, 0)
    u, v = plane.directions
    np.testing.assert_allclose(u, along, atol=1e-12)
    assert abs(u @ v) < 1e-10 * (u @ u) and v @ v == pytest.approx(u @ u)
    assert plane.parameters == ("to update 40", "a random direction") and "a line cut" in plane.about
    assert inside(plane.box, plane.projected(path.params)) and inside(plane.box, np.array([[0, -0.4], [0, 0.4]]))


def test_a_path_that_grows_is_projected_as_it_grows(trajectories, monkeypatch):
    whole = trajectories[0]
    plane = Principal().plane(NETWORK, trajectories, 0, 0)
    projected, seen = type(plane).projected, []
    monkeypatch.setattr(type(plane), "projected", lambda self, p: (seen.append(p.size), projected(self, p))[1])
    growing = Trajectory(run())
    for count in (10, 1, 49):
        (chunk,) = gdviz.engine.advance([growing.run], [growing.end], count)
        growing.append(chunk)
        path = path_on(plane, growing, growing.last)
        np.testing.assert_allclose(path, projected(plane, whole.params[: growing.last + 1]), atol=1e-12)
    assert sum(seen) == growing.params.size
    assert path_on(plane, growing, 7).shape == (8, 2) and not path.flags.writeable
    assert sum(seen) == growing.params.size
    other = Through().plane(NETWORK, trajectories, 0, 0)
    np.testing.assert_allclose(path_on(other, growing, 60), projected(other, growing.params), atol=1e-12)


def test_paths_are_forgotten_with_their_trajectory(trajectories):
    growing = Trajectory(run())
    path_on(Principal().plane(NETWORK, trajectories, 0, 0), growing, 0)
    gone = weakref.ref(growing)
    del growing
    gc.collect()
    assert gone() is None


def test_a_path_in_many_blocks_is_one_path(trajectories, monkeypatch):
    plane = Through().plane(NETWORK, trajectories, 0, 0)
    monkeypatch.setattr(paths, "BLOCK", 7 * NETWORK.size)
    path = path_on(plane, trajectories[1], 40)
    np.testing.assert_allclose(path, plane.projected(trajectories[1].params), atol=1e-12)


@pytest.mark.parametrize("cut", [Principal(), TwoWeights(), Through()])
def test_a_million_params_take_no_time(cut):
    random = np.random.default_rng(0)
    trajectories = [Still(random.normal(size=(12, Big.size)).cumsum(axis=0)) for _ in range(2)]
    times = []
    for _ in range(3):
        began = time.process_time()
        cut.plane(Big(), trajectories, 0, 5)
        times.append(time.process_time() - began)
    assert min(times) < 1.0  # processor time, of both cores


def test_no_picture_is_made_for_a_run_that_ran_away():
    network = Network.on(Network.load("curve"), layers="1-8-1")
    runs = [gdviz.Run(network, rule, epochs=60) for rule in (gdviz.Adam(0.02), gdviz.RMSProp(0.01))]
    away = gdviz.Run(network, gdviz.GradientDescent(20.0), epochs=60)
    trajectories = [gdviz.train(run) for run in (*runs, away)]
    assert np.linalg.norm(trajectories[2].params[-1] - network.start) > 100 * np.linalg.norm(
        trajectories[0].params[-1] - network.start
    )
    for cut in (Principal(), TwoWeights(0, 3)):
        with_it, without = (cut.plane(network, some, 0, 60) for some in (trajectories, trajectories[:2]))
        np.testing.assert_allclose(with_it.box, without.box, rtol=1e-6)
    assert np.ptp(Principal().plane(network, trajectories, 2, 60).box) > 100
