"""What each lesson on networks says is so, measured on its own session; see tests/test_lessons.py."""

from dataclasses import replace

import numpy as np
import pytest

import gdviz
from gdviz.explaining.inside import inside_of
from gdviz.files.lessons import lessons
from gdviz.scene.planes import TwoWeights
from gdviz.training import MiniBatch
from tests.test_lessons import raced

pytestmark = pytest.mark.beside


def names_of(network, where):
    return [network.name_of(index) for index in np.flatnonzero(where)]


def apart(trajectory):
    """How far the incoming weights of the first hidden layer's neurons ever are from each other."""
    weights = [trajectory.run.objective.layout.weights(params, 0) for params in trajectory.params]
    return float(np.ptp(weights, axis=2).max())


def spreads(network, params=None):
    """The spread of each hidden layer's outputs, and the gradients of the weights between hidden layers."""
    layers = inside_of(network, np.array(network.start if params is None else params)).layers
    return np.array([layer.spread for layer in layers[:-1]]), np.array([layer.slope for layer in layers[1:-1]])


def scores(trajectory, update=None):
    """Training error and accuracy, and both of the samples that are kept apart."""
    return trajectory.scores_at([trajectory.last if update is None else update])[0]


def test_11_zeros_never_break_symmetry():
    zeros, equal, xavier = raced(11)
    network = zeros.run.objective
    assert network.activation == "tanh" and not np.any(zeros.run.start)
    assert names_of(network, network.gradient(zeros.params[0])) == ["b2[0]"]
    assert names_of(network, np.any(zeros.params != 0, axis=0)) == ["b2[0]"]  # to the last digit
    share = network.data.Y.mean()
    np.testing.assert_allclose(network.predict(network.data.X, zeros.params[-1]), share, rtol=1e-6)
    assert apart(zeros) == 0 and apart(equal) < 1e-9 and apart(xavier) > 1
    np.testing.assert_allclose(equal.params[:, 0], equal.params[:, 1], rtol=1e-9)  # on the diagonal of the plane
    assert np.ptp(equal.params[:, 0]) > 0.3
    assert lessons()[10].views.plane == TwoWeights(0, 1)
    assert [round(float(t.error[-1]), 3) for t in (zeros, equal, xavier)] == [0.637, 0.181, 0.032]
    assert np.abs(zeros.error[50:] - zeros.error[-1]).max() < 1e-6  # it stalls
    weights = network.layout.weights(equal.params[-1], 1)
    assert np.ptp(weights) < 1e-9 < abs(weights[0, 0])  # so the output is one tanh of one line: its border is straight
    alike = gdviz.train(replace(xavier.run, objective=replace(network, init="zeros"), start=()))
    np.testing.assert_array_equal(alike.params, zeros.params)


def test_12_he_keeps_relus_spread_and_xavier_does_not_but_he_keeps_that_of_tanh_as_well():
    he, xavier = raced(12)
    network = he.run.objective
    assert (network.activation, network.init) == ("relu", "he") and len(network.sizes) == 7
    np.testing.assert_allclose(xavier.params[0], network.first_params("xavier", network.init_seed), atol=5.1e-4)
    (outputs, gradients), (lower, smaller) = (spreads(network, t.params[0]) for t in (he, xavier))
    assert [round(float(outputs[index]), 2) for index in (0, -1)] == [0.49, 0.40]
    assert [round(float(lower[index]), 2) for index in (0, -1)] == [0.17, 0.03]
    assert (np.diff(lower) < -0.01).all()
    assert [3.5 < ratio < 5.5 for ratio in gradients / smaller] == [True] * 4
    assert [round(float(t.error[50]), 2) for t in (xavier, he)] == [0.21, 0.07]
    assert xavier.error[-1] < 0.05  # later, not never

    tanh = {init: replace(network, activation="tanh", init=init) for init in ("xavier", "he")}
    ends = {init: [round(float(spreads(own)[0][index]), 2) for index in (0, -1)] for init, own in tanh.items()}
    assert ends == {"xavier": [0.26, 0.17], "he": [0.55, 0.52]}
    reach = [np.abs(own.passes(np.array(own.start), own.parts.training.X)[4].a).mean() for own in tanh.values()]
    assert reach[1] > 2 * reach[0]  # nearer to the ends

    wide = replace(network, init="normal")
    assert round(float(spreads(wide)[0][-1])) == 57
    wider, as_it_was = lessons()[11].experiment.on(wide).runs  # as the panel does it
    assert "at update 4" in gdviz.train(wider).diverged and as_it_was.start == xavier.run.start
    others = lessons()[11].experiment.on(replace(network, activation="tanh")).runs
    seen = [spreads(run.objective, np.array(run.start))[0] for run in others]
    assert [[round(float(one[index]), 2) for index in (0, -1)] for one in seen] == [ends["he"], ends["xavier"]]


def test_12_holds_in_the_median_of_many_seeds():
    network = lessons()[11].experiment.objective
    kept = {}
    for activation, init in (("relu", "he"), ("relu", "xavier"), ("tanh", "xavier"), ("tanh", "he")):
        drawn = (spreads(replace(network, activation=activation, init=init, init_seed=seed))[0] for seed in range(25))
        kept[activation, init] = float(np.median([outputs[-1] / outputs[0] for outputs in drawn]))
    assert kept["relu", "he"] > 0.75 and kept["relu", "xavier"] < 0.3
    assert kept["tanh", "he"] > 0.8 > kept["tanh", "xavier"] > 0.6  # the other way round is not worse here


def test_13_dropout_and_l2_narrow_the_gap_at_the_price_of_the_training_error():
    (held_back,) = raced(13)
    network = held_back.run.objective
    assert (network.l2, network.dropout, network.size, network.samples) == (0.003, "0.3", 722, 40)
    free = replace(network, l2=0.0, dropout="0")
    by_heart = gdviz.train(replace(held_back.run, objective=free, start=()))
    assert [round(float(scores(held_back)[index]), 2) for index in (0, 2, 3)] == [0.47, 0.34, 0.80]
    error, accuracy, validation_error, validation_accuracy = scores(by_heart)
    assert error < 0.005 and accuracy == 1
    assert (round(float(validation_error), 1), round(float(validation_accuracy), 2)) == (3.5, 0.7)
    climbs = [t.scores[-1, 2] / t.scores[:, 2].min() for t in (held_back, by_heart)]
    assert climbs[0] < 1.15 and climbs[1] > 5

    kinds = {
        "neither": free,
        "L2": replace(network, dropout="0"),
        "dropout": replace(network, l2=0.0),
        "both": network,
    }
    ends = {
        kind: np.array([scores(gdviz.train(seeded(own, held_back.run, seed))) for seed in range(11)])
        for kind, own in kinds.items()
    }
    gap = {kind: float(np.median(end[:, 2] - end[:, 0])) for kind, end in ends.items()}
    assert [round(gap[kind], 1) for kind in ("neither", "L2", "dropout")] == [3.5, 0.6, 0.1]
    assert abs(gap["both"]) < 0.05
    middle = {kind: np.median(end, axis=0) for kind, end in ends.items()}
    assert middle["neither"][0] < 0.005 < 0.1 < middle["L2"][0] < middle["dropout"][0]  # the price
    right = {kind: float(values[3]) for kind, values in middle.items()}
    assert right["L2"] <= right["neither"] < min(right["dropout"], right["both"])  # as the lesson admits


def seeded(network, run, seed):
    """The run with other samples kept apart, from other weights and with other neurons dropped."""
    return replace(run, objective=replace(network, split_seed=seed, init_seed=seed), start=(), seed=seed)


def test_14_early_stopping_stops_after_the_validation_minimum_and_its_best_params_count():
    on, stopped = raced(14)
    assert replace(stopped.run, patience=0) == on.run and stopped.run.patience == 10
    epochs = on.run.per_epoch
    validation = on.scores[::epochs, 2]
    assert int(validation.argmin()) == 65 and round(float(validation.min()), 3) == 0.316
    assert (stopped.result, stopped.last) == (65 * epochs, 75 * epochs) and stopped.complete
    assert "no lower validation error since update 260, whose params count" in stopped.ended
    np.testing.assert_array_equal(stopped.params, on.params[: stopped.last + 1])
    assert scores(stopped, stopped.result)[2] == validation.min()
    assert on.last == on.result == 150 * epochs
    assert [round(float(scores(on, update)[0]), 2) for update in (stopped.result, on.last)] == [0.24, 0.09]
    assert round(float(scores(on)[2]), 2) == 0.56
    hasty = gdviz.train(replace(stopped.run, patience=2))
    assert hasty.last == 3 * epochs and round(float(scores(hasty, hasty.result)[2]), 3) == 0.685


def test_15_small_batches_lead_by_epochs_and_hardly_by_time():
    race = raced(15)
    assert [trajectory.run.sampling for trajectory in race] == [MiniBatch(size, shuffle=True) for size in (32, 64, 128)]
    assert race[0].run.objective.samples == 512
    assert [trajectory.run.per_epoch for trajectory in race] == [16, 8, 4]
    assert [round(float(trajectory.error[-1]), 3) for trajectory in race] == [0.022, 0.053, 0.148]
    for epoch in (5, 10, 20, 40):
        after = [float(trajectory.error[epoch * trajectory.run.per_epoch]) for trajectory in race]
        assert after[0] < after[1] < after[2]
    even = [float(trajectory.error[160]) for trajectory in race]
    assert max(even) / min(even) < 1.1 and np.mean(even) == pytest.approx(0.15, abs=0.005)
    scaled = gdviz.train(replace(race[2].run, optimizer=gdviz.GradientDescent(2.0)))
    assert round(float(scaled.error[-1]), 3) == 0.026


def test_15_an_epoch_of_large_batches_takes_less_time():
    small, _, large = lessons()[14].experiment.runs
    pairs = [(gdviz.train(small), gdviz.train(large)) for _ in range(9)]  # a busy machine is so for both
    took, took_less = np.median([[trained.seconds for trained in pair] for pair in pairs], axis=0)
    assert took > 2 * took_less
    ahead, behind = (trained.error for trained in pairs[0])
    lead = behind[-1] / ahead[-1]
    left = behind[-1] / ahead[int(small.total * took_less / took)]  # at equal time
    assert left < 0.5 * lead
