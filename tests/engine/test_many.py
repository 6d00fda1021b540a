"""Many runs at once end where each alone would, compiled or not, and say when they came near a minimum."""

import math

import numpy as np
import pytest

import gdviz
from gdviz.engine import many, train_many
from gdviz.engine.library import Loop
from gdviz.objectives import SigmoidNeuron
from gdviz.optimizers import OPTIMIZERS
from gdviz.training.experiment import usual
from tests.engine import outsiders

RANDOM = np.random.default_rng(2)
NEURON = SigmoidNeuron(RANDOM.normal(size=9), RANDOM.uniform(size=9))
HIMMELBLAU = gdviz.Himmelblau()
OBJECTIVES = [HIMMELBLAU, gdviz.Rosenbrock(), NEURON]
STARTS = {
    "himmelblau": [(2.5, 2.2), (-2.5, 3.0), (-3.5, -3.0), (3.4, -1.7), (4.0, 3.0)],
    "rosenbrock": [(-1.2, 1.0), (1.5, 2.5), (0.5, 0.0), (0.9, 1.1), (-0.5, 0.5)],
    "neuron": [(-2.0, -2.0), (3.0, 2.5), (3.0, -2.0), (-2.0, 3.0), (-3.0, 1.5)],
}
UPDATES = 25
every_optimizer = pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)
every_objective = pytest.mark.parametrize("objective", OBJECTIVES, ids=lambda objective: objective.name)


@pytest.fixture(params=["compiled", "numpy"], autouse=True)
def way(request, monkeypatch):
    """Train once by the compiled loops, once without them."""
    if request.param == "numpy":
        monkeypatch.setattr(many, "lanes_loop", lambda optimizer, varied: Loop())
    else:
        pytest.importorskip("numba")
        assert many.lanes_loop(gdviz.Momentum, False).get() is not None
    return request.param


def one_by_one(objective, optimizers, starts, updates=UPDATES, **fields):
    """The trajectories of the runs, each trained alone."""
    runs = [
        gdviz.Run(objective, rule, at, updates=updates, **fields) for rule, at in zip(optimizers, starts, strict=True)
    ]
    return [gdviz.train(run) for run in runs]


def assert_ends(ends, trajectories, rtol=1e-9):
    truth = np.array([trajectory.params[-1] for trajectory in trajectories])
    assert not any(trajectory.diverged for trajectory in trajectories)
    assert ends.params.shape == truth.shape
    assert abs(ends.params - truth).max() <= rtol * abs(truth).max()


@every_optimizer
@every_objective
def test_every_rule_ends_where_it_would_alone(cls, objective):
    """AdamW and Lion remember the params, Nesterov looks ahead; the lecture divides for gradient descent alone."""
    optimizer, starts = usual(cls, objective), STARTS[objective.name]
    ends = train_many(objective, optimizer, starts, UPDATES)
    assert_ends(ends, one_by_one(objective, [optimizer] * len(starts), starts))


@every_optimizer
def test_every_hyperparameter_can_be_each_runs_own(cls):
    usual_one = usual(cls, NEURON)
    shares = np.random.default_rng(3).uniform(0.7, 0.99, size=(len(usual_one.values()), 5))
    varied = {name: value * share for (name, value), share in zip(usual_one.values().items(), shares, strict=True)}
    varied |= {declared.name: np.arange(5) % 2.0 for declared in cls.params() if declared.is_switch}
    optimizers = [cls(**{name: column[i] for name, column in varied.items()}) for i in range(5)]
    ends = train_many(NEURON, usual_one, STARTS["neuron"], UPDATES, varied=varied)
    assert_ends(ends, one_by_one(NEURON, optimizers, STARTS["neuron"]))
    one_start = train_many(NEURON, usual_one, (3.0, 2.5), UPDATES, varied=varied)
    assert_ends(one_start, one_by_one(NEURON, optimizers, [(3.0, 2.5)] * 5))


def test_a_switch_between_yes_and_no_is_refused():
    with pytest.raises(ValueError, match=r"corrected must be yes or no, not 0\.5"):
        train_many(NEURON, gdviz.Adam(), STARTS["neuron"], 3, varied={"corrected": [0.0, 0.5, 1.0, 1.0, 0.0]})


def test_one_hyperparameter_for_all_is_the_same_as_one_for_each():
    starts = STARTS["himmelblau"]
    shared = train_many(HIMMELBLAU, gdviz.Adam(0.05), starts, UPDATES)
    one = train_many(HIMMELBLAU, gdviz.Adam(0.1), starts, UPDATES, varied={"eta": [0.05]})
    each = train_many(HIMMELBLAU, gdviz.Adam(0.1), starts, UPDATES, varied={"eta": [0.05] * 5})
    np.testing.assert_array_equal(one.params, shared.params)
    np.testing.assert_allclose(each.params, shared.params, rtol=1e-11)


@pytest.mark.parametrize("reduction", ["sum", "mean", "lecture"])
@pytest.mark.parametrize("cls", [gdviz.GradientDescent, gdviz.Momentum], ids=lambda cls: cls.name)
def test_gradients_are_reduced_as_asked(cls, reduction):
    ends = train_many(NEURON, cls(0.2), STARTS["neuron"], UPDATES, reduction=reduction)
    assert_ends(ends, one_by_one(NEURON, [cls(0.2)] * 5, STARTS["neuron"], reduction=reduction))


@pytest.mark.parametrize("count", [1, 2, 255, 256, 257, 9000])
def test_any_number_of_runs(count):
    """They are taken 256 side by side, and 8192 by a thread; every run must come back to its place."""
    random = np.random.default_rng(count)
    starts, etas = random.uniform(-4, 4, size=(count, 2)), random.uniform(0.001, 0.01, count)
    chosen = np.unique(np.append(random.integers(count, size=10), [0, count - 1]))
    for varied in ({}, {"eta": etas}):
        ends = train_many(HIMMELBLAU, gdviz.Momentum(0.005), starts, 10, varied=varied, tolerance=0.5)
        rules = [gdviz.Momentum(etas[i] if varied else 0.005) for i in chosen]
        trajectories = one_by_one(HIMMELBLAU, rules, starts[chosen], 10)
        assert ends.params.shape == (count, 2) and ends.needed.shape == ends.nearest.shape == (count,)
        np.testing.assert_allclose(ends.params[chosen], [t.params[-1] for t in trajectories], rtol=1e-9)
        for i, trajectory in zip(chosen, trajectories, strict=True):
            needed, nearest = arrival(trajectory, HIMMELBLAU.minima, 0.5)
            assert ends.nearest[i] == nearest and (needed == 0 or ends.needed[i] == needed)


def arrival(trajectory, minima, tolerance):
    """After how many updates it was first near a minimum, and which is nearest to the end, from the points alone."""
    away = [[math.dist(point, minimum) for minimum in minima] for point in trajectory.params.tolist()]
    near = [update for update, distances in enumerate(away) if min(distances) <= tolerance]
    return (near[0] if near else -1), int(np.argmin(away[-1]))


@pytest.mark.parametrize("tolerance", [0.02, 0.5, 3.0])
def test_needed_and_nearest_are_what_the_trajectories_say(tolerance):
    starts = np.stack(np.meshgrid(np.linspace(-4.3, 4.4, 8), np.linspace(-4.2, 4.1, 7)), axis=-1).reshape(-1, 2)
    optimizer = gdviz.Momentum(0.004)
    ends = train_many(HIMMELBLAU, optimizer, starts, 60, tolerance=tolerance)
    trajectories = one_by_one(HIMMELBLAU, [optimizer] * len(starts), starts, 60)
    needed, nearest = np.array([arrival(trajectory, HIMMELBLAU.minima, tolerance) for trajectory in trajectories]).T
    came = needed != 0  # the others were there before the first update
    np.testing.assert_array_equal(ends.needed[came], needed[came])
    np.testing.assert_array_equal(ends.nearest, nearest)
    assert set(nearest) == {0, 1, 2, 3} and len(set(needed[came])) >= 3


def test_who_starts_at_a_minimum_needed_no_update():
    ends = train_many(HIMMELBLAU, gdviz.Momentum(0.004), [(3.0, 2.0), (3.2, 2.2)], 5, tolerance=0.01)
    assert ends.needed.tolist() == [0, -1]


def test_minima_can_be_given_and_need_not_be_known():
    goal = gdviz.train(gdviz.Run(NEURON, gdviz.Adam(0.1), updates=30)).params[20]
    ends = train_many(NEURON, gdviz.Adam(0.1), [(-2, -2), (5, 5)], 30, minima=[goal, (9, 9)], tolerance=1e-6)
    assert ends.needed.tolist() == [20, -1] and ends.nearest[0] == 0
    unknown = train_many(NEURON, gdviz.Adam(0.1), [(-2, -2), (5, 5)], 30, tolerance=1)
    assert unknown.needed.tolist() == unknown.nearest.tolist() == [-1, -1]
    not_asked = train_many(HIMMELBLAU, gdviz.Adam(0.1), [(3.1, 2), (-3, 3)], 30)
    assert not_asked.needed.tolist() == [-1, -1] and not_asked.nearest.tolist() == [0, 1]


@pytest.mark.parametrize("optimizer", [gdviz.Momentum(0.1), gdviz.GradientDescent(1e300)], ids=lambda rule: rule.name)
def test_a_run_that_diverged_has_no_end(optimizer):
    starts, eta = STARTS["himmelblau"], [0.004, optimizer.eta, 0.004, optimizer.eta, 0.004]
    ends = train_many(HIMMELBLAU, optimizer, starts, 60, varied={"eta": eta}, tolerance=1.0)
    assert np.isfinite(ends.params).all(axis=1).tolist() == [True, False, True, False, True]
    assert (ends.nearest >= 0).tolist() == [True, False, True, False, True]
    assert (ends.needed[[0, 2, 4]] >= 0).all()


@pytest.mark.parametrize("optimizer", [gdviz.AdaGrad(1e8), gdviz.Lion(1e9)], ids=lambda rule: rule.name)
def test_a_run_that_left_the_view_a_million_times_over_has_no_end(optimizer):
    """Alone it is said to have diverged, even where it would have come back."""
    start = STARTS["himmelblau"][0]
    assert gdviz.train(gdviz.Run(HIMMELBLAU, optimizer, start, updates=60)).diverged
    ends = train_many(HIMMELBLAU, optimizer, [start, start], 60)
    assert not np.isfinite(ends.params).all(axis=1).any() and ends.nearest.tolist() == [-1, -1]


@pytest.mark.parametrize("layout", [np.ascontiguousarray, np.asfortranarray], ids=["rows", "columns"])
def test_starts_are_left_as_they_are_however_they_lie_in_memory(layout):
    starts = layout(np.array(STARTS["himmelblau"]))
    starts.flags.writeable = False
    varied = {"eta": np.full(5, 0.004)}
    ends = train_many(HIMMELBLAU, gdviz.Momentum(0.004), starts, UPDATES, varied=varied)
    assert starts.tolist() == np.array(STARTS["himmelblau"]).tolist() and (varied["eta"] == 0.004).all()
    assert_ends(ends, one_by_one(HIMMELBLAU, [gdviz.Momentum(0.004)] * 5, starts))


def test_numpys_whole_numbers_are_whole_numbers():
    starts = STARTS["himmelblau"]
    ends = train_many(HIMMELBLAU, gdviz.Momentum(0.004), starts, np.int64(UPDATES), tolerance=np.float32(0.5))
    assert_ends(ends, one_by_one(HIMMELBLAU, [gdviz.Momentum(0.004)] * 5, starts))


def test_no_update_is_no_change():
    ends = train_many(HIMMELBLAU, gdviz.Momentum(), STARTS["himmelblau"], 0)
    assert ends.params.tolist() == np.array(STARTS["himmelblau"]).tolist()


@pytest.mark.parametrize("objective", [outsiders.Line(), gdviz.Ravine(50.0)], ids=lambda objective: objective.name)
def test_objectives_without_a_summand_and_with_parameters(objective):
    starts = [(1.0, 2.0), (-1.0, 0.5), (0.0, 1.0)]
    ends = train_many(objective, gdviz.AdamW(0.1), starts, UPDATES)
    assert_ends(ends, one_by_one(objective, [gdviz.AdamW(0.1)] * 3, starts))


BAD = {
    "starts of three": ({"starts": [[1, 2, 3]]}, "starts must be points of two parameters"),
    "no starts": ({"starts": []}, "starts"),
    "words": ({"starts": "ab"}, "ab"),
    "unknown": ({"varied": {"speed": [1, 2]}}, "momentum has no parameter 'speed'; it has: eta, gamma"),
    "too great": ({"varied": {"gamma": [0.5, 1.0]}}, "gamma must be a number >= 0 and < 1, not 1"),
    "not a number": ({"varied": {"eta": [0.1, math.nan]}}, "eta must be"),
    "other count": ({"varied": {"eta": [0.1, 0.2, 0.3]}}, "2 starts do not go with 3 values"),
    "unlike counts": ({"varied": {"eta": [0.1, 0.2], "gamma": [0.1, 0.2, 0.3]}}, "shape"),
    "no values": ({"varied": {"eta": []}}, "2 starts do not go with 0 values"),
    "a table": ({"varied": {"eta": [[0.1, 0.2]]}}, "eta must be numbers of shape"),
    "minima of three": ({"minima": [1, 2, 3]}, "shape"),
    "negative updates": ({"updates": -1}, "updates"),
    "half an update": ({"updates": 2.5}, "updates"),
    "unknown reduction": ({"reduction": "median"}, "reduction"),
    "negative tolerance": ({"tolerance": -1.0}, "tolerance"),
}


@pytest.mark.parametrize(("changed", "message"), BAD.values(), ids=BAD)
def test_bad_input_is_refused_with_one_sentence(changed, message):
    given = {"starts": [(1, 2), (2, 1)], "updates": 5, **changed}
    with pytest.raises(ValueError, match=message) as refused:
        train_many(HIMMELBLAU, gdviz.Momentum(0.004), **given)
    assert str(refused.value) and "\n" not in str(refused.value)


def test_an_objective_of_three_parameters_is_refused():
    with pytest.raises(ValueError, match="two parameters"):
        train_many(outsiders.Point(), gdviz.Momentum(0.004), [(1, 2), (2, 1)], 5)


def test_a_hundred_thousand_runs():
    side = np.linspace(-5, 5, 317)
    starts = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)[: 10**5]
    ends = train_many(HIMMELBLAU, gdviz.Momentum(0.002), starts, 50, tolerance=1.0)
    assert np.isfinite(ends.params).all() and set(ends.nearest.tolist()) == {0, 1, 2, 3}
    chosen = np.random.default_rng(4).integers(10**5, size=5)
    trajectories = one_by_one(HIMMELBLAU, [gdviz.Momentum(0.002)] * 5, starts[chosen], 50)
    np.testing.assert_allclose(ends.params[chosen], [t.params[-1] for t in trajectories], rtol=1e-9)
