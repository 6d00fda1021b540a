"""Networks in training: what is drawn, what is measured, when a run stops, and what is kept of it."""

import dataclasses
import statistics

import numpy as np
import pytest

import gdviz
from gdviz.engine import advance, alone, new_trajectory
from gdviz.objectives.data.samples import Data
from gdviz.objectives.data.shipped import LABELLED, blobs, moons
from gdviz.objectives.data.split import split
from gdviz.objectives.network.network import Network
from gdviz.optimizers import OPTIMIZERS
from gdviz.training import budget
from tests.objectives.test_network import at_random, plain_layers, plain_mean_error

pytestmark = pytest.mark.beside

SHUFFLED = gdviz.MiniBatch(7, shuffle=True)
EVERYTHING = {
    "activation": "tanh-leaky", "batchnorm": True, "dropout": "0.2-0.1", "l2": 0.01, "jitter": 0.1,
    "validation": 0.4, "standardize": True,
}  # fmt: skip


def noisy(**given):
    """A network that soon learns the noise of a few samples by heart."""
    given = {"layers": "2-8-5-2", "validation": 0.4, **given}
    return Network(**given, data=moons(50, noise=0.4))


def steps_of(run):
    return list(gdviz.steps(run))


def assert_engine_equals_steps(run):
    """Return the trajectory, every number of which is that of the readable loop."""
    trajectory, steps = gdviz.train(run), steps_of(run)
    np.testing.assert_array_equal(trajectory.params, [run.start, *(step.params for step in steps)])
    assert trajectory.complete and trajectory.last == len(steps)
    np.testing.assert_array_equal(trajectory.end.state, steps[-1].state)
    return trajectory


# -- what is drawn


def test_dropout_leaves_out_each_layers_share_and_makes_up_for_it():
    network = Network("2-40-50-30-2", dropout=(0.2, 0, 0.5), data=blobs_of_two(400))
    first, second, third = network.draw(0, 0).masks
    assert second is None
    for mask, rate, width in ((first, 0.2, 40), (third, 0.5, 30)):
        assert mask.shape == (400, width) and set(np.unique(mask)) == {0.0, 1 / (1 - rate)}
        sigma = (rate / (1 - rate) / mask.size) ** 0.5
        assert abs(mask.mean() - 1) < 5 * sigma


def blobs_of_two(samples):
    data = blobs(samples)
    return dataclasses.replace(data, Y=data.Y % 2, classes=("even", "odd"))


def test_draws_follow_from_seed_and_update():
    network = noisy(**EVERYTHING)

    def drawn(update, seed):
        draw = network.draw(update, seed)
        return [draw.X.tobytes(), *(mask.tobytes() for mask in draw.masks)]

    assert drawn(3, 1) == drawn(3, 1)
    for update, seed in ((4, 1), (3, 2), (1, 3)):
        assert not set(drawn(update, seed)) & set(drawn(3, 1))
    assert noisy().draw(0, 0).masks == (None, None) and not noisy().draws


def test_nothing_is_drawn_where_a_network_is_measured():
    given = {"layers": "64-6-10", "validation": 0.2}
    data = LABELLED["digits"]()
    data = dataclasses.replace(data, X=data.X[:60], Y=data.Y[:60])
    plain = Network(**given, data=data)
    drawing = Network(**given, dropout="0.5", jitter=0.5, shift=2.0, rotate=20.0, data=data)
    params = at_random(plain)
    assert drawing.draws and drawing.value(params) == plain.value(params)
    np.testing.assert_array_equal(drawing.measured(params[None]), plain.measured(params[None]))
    np.testing.assert_array_equal(drawing.gradient(params), plain.gradient(params))
    assert drawing.validation_error(params) == plain.validation_error(params)
    assert np.abs(drawing.gradient_in(params, slice(None), 0, 0) - plain.gradient(params)).max() > 1e-3


def test_jitter_shift_and_rotate_do_what_they_say():
    picture = np.zeros((3, 3))
    picture[1, 1] = 1.0
    data = Data("dots", np.tile(picture.ravel(), (2000, 1)), np.arange(2000.0) % 2, classes=("a", "b"), image=(3, 3))
    jittered = Network("9-2", jitter=0.2, data=data).draw(0, 0).X - data.X
    assert abs(jittered.std() - 0.2) < 5 * 0.2 / (2 * jittered.size) ** 0.5 and abs(jittered.mean()) < 0.01
    shifted = Network("9-2", shift=1.0, data=data).draw(0, 0).X.reshape(-1, 3, 3)
    # A dot moved by (u, v) is spread over its neighbours, so that its centre moves by (u, v): uniform on (-1, 1)².
    rows = (shifted.sum(axis=2) * np.array([-1, 0, 1])).sum(axis=1)
    assert np.abs(rows).max() <= 1 and abs(rows.std() - 1 / 3**0.5) < 0.03
    turned = Network("9-2", rotate=90.0, data=data).draw(0, 0).X
    np.testing.assert_allclose(turned[:, 4], 1.0, rtol=1e-12)  # the centre stays


# -- what is measured


def plain_measured(network, data, params):
    """The value and the scores by loops: standardise, part by part, and count."""
    train, held = split(data.Y, network.validation, network.split_seed)
    columns = [[float(data.X[n][i]) for n in train] for i in range(2)]
    centre, spread = [statistics.fmean(c) for c in columns], [statistics.pstdev(c) for c in columns]
    rows = [[(float(x[i]) - centre[i]) / spread[i] for i in range(2)] for x in data.X]
    z, seen = plain_layers(network, params, [rows[n] for n in train])
    validation, _ = plain_layers(network, params, [rows[n] for n in held], given=seen)
    scores = []
    for said, part in ((z, train), (validation, held)):
        one_hot = [[float(data.Y[n] == k) for k in range(2)] for n in part]
        scores.append(plain_mean_error("softmax", said, one_hot))
        scores.append(sum(row.index(max(row)) == data.Y[n] for row, n in zip(said, part, strict=True)) / len(part))
    return scores


@pytest.mark.parametrize("batchnorm", [False, True], ids=["plain", "normalised"])
def test_what_is_measured_is_what_loops_count(batchnorm):
    network = noisy(standardize=True, batchnorm=batchnorm, l2=0.1, split_seed=3)
    assert network.score_names == ("training_error", "accuracy", "validation_error", "validation_accuracy")
    points = np.array([at_random(network, seed) for seed in range(3)])
    measured = network.measured(points)
    for point, (value, *scores) in zip(points, measured, strict=True):
        np.testing.assert_allclose(scores, plain_measured(network, network.data, point), rtol=1e-12)
        assert value == network.value(point) == pytest.approx(scores[0] + network.penalty(point), rel=1e-14)
        assert network.validation_error(point) == scores[2]


def test_numbers_have_no_accuracy_and_two_classes_may_share_one_output():
    curve = Network("1-6-1", output="linear", validation=0.2, data=LABELLED["curve"]())
    assert curve.score_names == ("training_error", "validation_error")
    assert curve.measured(at_random(curve)[None]).shape == (1, 3)
    for output in ("logistic", "linear", "logistic-squared"):
        network = Network("2-6-1", output=output, data=moons())
        params = at_random(network)
        (_, _, accuracy), said = network.measured(params[None])[0], network.predict(network.data.X, params)[:, 0]
        assert accuracy == np.mean((said > 0.5) == (network.data.Y == 1)), output


def test_a_trajectory_shows_the_scores():
    run = gdviz.Run(noisy(**EVERYTHING), gdviz.Adam(0.05), sampling=SHUFFLED, updates=20)
    trajectory = gdviz.train(run)
    np.testing.assert_array_equal(
        np.column_stack([trajectory.error, trajectory.scores]), run.objective.measured(trajectory.params)
    )


# -- when a run stops


@pytest.mark.parametrize("given", [{}, EVERYTHING], ids=["plain", "everything"])
@pytest.mark.parametrize("sampling", [gdviz.Batch(), SHUFFLED, gdviz.MiniBatch(8)], ids=["batch", "shuffle", "mini"])
@pytest.mark.parametrize("patience", [1, 4])
def test_a_run_stops_where_a_plain_loop_says(given, sampling, patience):
    endless = gdviz.Run(noisy(**given), gdviz.Adam(0.05), sampling=sampling, epochs=150)
    per_epoch = -(-30 // getattr(sampling, "size", 30))
    lowest, best, stop = np.inf, None, None
    for step in gdviz.steps(endless):
        if step.update % per_epoch == 0:
            error = endless.objective.validation_error(step.params)
            if error < lowest:
                lowest, best = error, step.update
            elif step.update - best >= patience * per_epoch:
                stop = step.update
                break
    assert stop is not None and stop < endless.total, "the example does not stop"
    trajectory = assert_engine_equals_steps(dataclasses.replace(endless, patience=patience))
    assert (trajectory.last, trajectory.result) == (stop, best)
    assert f"since update {best}" in trajectory.ended
    assert trajectory.scores[best, -2] == lowest == trajectory.scores[per_epoch::per_epoch, -2].min()


def test_a_stopped_run_is_the_same_in_chunks_and_its_steps_can_be_explained():
    run = gdviz.Run(noisy(**EVERYTHING), gdviz.Adam(0.05), sampling=SHUFFLED, epochs=150, patience=3)
    whole, pieces = gdviz.train(run), new_trajectory(run)
    while not pieces.complete:
        pieces.append(*advance([run], [pieces.end], 7))
    np.testing.assert_array_equal(pieces.params, whole.params)
    assert (pieces.result, pieces.ended) == (whole.result, whole.ended)
    for update in (1, whole.result, whole.last):
        np.testing.assert_array_equal(whole.step(update).params, whole.params[update])


def test_a_network_of_two_parameters_keeps_all_of_that():
    X = np.random.default_rng(0).normal(size=40)
    given = {"output": "logistic", "jitter": 0.5, "validation": 0.3, "l2": 0.1, "decoupled": True}
    network = Network("1-1", **given, X=X, Y=(X + np.random.default_rng(1).normal(size=40) > 0).astype(float))
    run = gdviz.Run(network, gdviz.Adam(0.3), sampling=SHUFFLED, epochs=60, patience=2)
    trajectory = assert_engine_equals_steps(run)
    assert trajectory.last < run.total


# -- what is kept


@pytest.mark.parametrize("rows", [1, 5, 40])
def test_points_that_were_not_kept_are_computed_again(monkeypatch, rows):
    run = gdviz.Run(noisy(**EVERYTHING), gdviz.Adam(0.05), sampling=SHUFFLED, updates=120)
    whole, steps = gdviz.train(run), steps_of(run)
    monkeypatch.setattr(budget, "MOST_BYTES", rows * 8 * run.objective.size)
    thin = new_trajectory(run)
    while not thin.complete:
        thin.append(*advance([run], [thin.end], 50))
    assert len(thin.params) <= rows + 1 and thin.last == 120 and len(thin) == 121
    np.testing.assert_array_equal(thin.params, whole.params[thin.updates])
    for update in range(121) if rows == 5 else (0, 1, 60, 119, 120):
        np.testing.assert_array_equal(thin.params_at(update), whole.params[update])
    for update in (1, 37, 50, 51, 120):
        again, made = thin.step(update), steps[update - 1]
        for name in ("params", "gradient", "step", "eta", "batch", "state"):
            np.testing.assert_array_equal(getattr(again, name), getattr(made, name))
    np.testing.assert_array_equal(thin.error_at([0, 3, 120]), whole.error[[0, 3, 120]])
    np.testing.assert_array_equal(thin.error, whole.error)
    np.testing.assert_array_equal(thin.scores, whole.scores)


# -- the contract


@pytest.mark.parametrize("shrunk", [False, True], ids=["everything", "decoupled"])
@pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)
def test_every_optimizer_trains_a_network_as_the_readable_loop_does(cls, shrunk):
    network = noisy(**EVERYTHING, decoupled=shrunk)
    run = gdviz.Run(network, cls(eta=0.01), sampling=SHUFFLED, schedule=gdviz.CosineDecay(per="update"), updates=40)
    assert_engine_equals_steps(run)


@pytest.mark.parametrize("cls", [gdviz.AdamW, gdviz.Lion], ids=lambda cls: cls.name)
def test_a_rule_that_keeps_the_params_keeps_them_shrunk(cls):
    run = gdviz.Run(noisy(l2=0.1, decoupled=True), cls(eta=0.01), updates=10)
    *_, last = gdviz.steps(run)
    np.testing.assert_allclose(last.terms["w"], last.params, rtol=1e-12)


@pytest.mark.parametrize("optimizer", [gdviz.GradientDescent(0.1), gdviz.Adam(0.01)], ids=lambda made: made.name)
def test_it_makes_no_difference_how_many_points_are_handed_over_at_once(monkeypatch, optimizer):
    run = gdviz.Run(noisy(**EVERYTHING), optimizer, sampling=SHUFFLED, updates=70)
    whole = gdviz.train(run)
    monkeypatch.setattr(alone, "MOST_BYTES", 3 * 8 * run.objective.size)
    (chunk,) = advance([run], [whole.checkpoint(0)])
    assert len(chunk.params) == 3, "what is handed over at once must not fill the memory"
    pieces = assert_engine_equals_steps(run)
    for update in range(71):
        kept = pieces.checkpoint(update), whole.checkpoint(update)
        assert kept[0].update == kept[1].update
        np.testing.assert_array_equal(kept[0].state, kept[1].state)


def test_a_run_that_diverges_ends_with_the_last_numbers_that_are_finite():
    run = gdviz.Run(noisy(activation="linear", output="linear"), gdviz.GradientDescent(50.0), updates=200)
    trajectory = assert_engine_equals_steps_until_lost(run)
    assert trajectory.diverged.startswith(f"diverged at update {trajectory.last + 1}: ")
    assert np.abs(trajectory.params).max() <= 1e6


def assert_engine_equals_steps_until_lost(run):
    trajectory, steps = gdviz.train(run), steps_of(run)
    assert 0 < len(steps) < run.total
    np.testing.assert_array_equal(trajectory.params, [run.start, *(step.params for step in steps)])
    return trajectory


def test_many_samples_are_taken_in_blocks_that_change_nothing():
    network = Network("2-64-2", dropout="0.3", l2=0.1, data=moons(1000))
    params, draw = at_random(network), network.draw(0, 0)
    parts = [
        network.gradient(params, slice(i, i + 100), network.draw(0, 0).of(slice(i, i + 100)))
        for i in range(0, 1000, 100)
    ]
    np.testing.assert_allclose(
        network.gradient(params, slice(None), draw), np.mean(parts, axis=0), rtol=1e-11, atol=1e-15
    )
