"""Runs of which not every point is kept tell the same as if all were."""

import numpy as np
import pytest

import gdviz
from gdviz.explaining.conventions import conventions_of
from gdviz.explaining.moments import converged_at, next_turn
from gdviz.objectives import Network
from gdviz.scene.frame import frame_at
from gdviz.training import MiniBatch, budget

pytestmark = pytest.mark.beside
MOONS = Network.on(Network.load("moons"), layers="2-5-2", batchnorm=True, running=True)


def both(run, monkeypatch, most=1 << 14):
    """The trajectory with all points, and with some of them."""
    whole = gdviz.train(run)
    monkeypatch.setattr(budget, "MOST_BYTES", most)
    thinned = gdviz.train(run)
    assert budget.kept_every(run) > 3 and len(thinned.params) < len(whole.params)
    return whole, thinned


def test_errors_and_scores_are_those_of_every_update(monkeypatch):
    run = gdviz.Run(MOONS, gdviz.Adam(0.02), sampling=MiniBatch(64), epochs=60)
    whole, thinned = both(run, monkeypatch)
    np.testing.assert_array_equal(thinned.error, whole.error)
    np.testing.assert_array_equal(thinned.scores_at([7, 100, 101]), whole.scores_at([7, 100, 101]))


def test_moments_are_updates_not_rows(monkeypatch):
    run = gdviz.Run(
        gdviz.Network.on(Network.load("moons"), layers="2-3-2"), gdviz.Momentum(0.3, gamma=0.95), epochs=400
    )
    whole, thinned = both(run, monkeypatch)
    every = budget.kept_every(run)
    assert converged_at(whole) <= converged_at(thinned) < converged_at(whole) + every
    turn = next_turn(thinned, 0)
    assert turn is None or turn in thinned.updates


def test_runs_part_at_an_update_not_at_a_row(monkeypatch):
    runs = [gdviz.Run(MOONS, gdviz.Adam(0.02, corrected=c), epochs=300) for c in (True, False)]
    whole = [gdviz.train(run) for run in runs]
    monkeypatch.setattr(budget, "MOST_BYTES", 1 << 14)
    thinned, every = [gdviz.train(run) for run in runs], budget.kept_every(runs[0])
    exact = conventions_of(whole[0].params, whole[1].params, MOONS.extent)
    rough = conventions_of(thinned[0].params, thinned[1].params, MOONS.extent, every)
    assert exact.first <= rough.first < exact.first + every
    assert abs(exact.widest - rough.widest) <= every


def test_rules_with_different_memories_go_in_step(monkeypatch):
    monkeypatch.setattr(budget, "MOST_BYTES", 1 << 14)
    neuron = gdviz.SigmoidNeuron(np.linspace(-1, 1, 5000), np.linspace(0, 1, 5000))
    runs = [
        gdviz.Run(neuron, rule, sampling=MiniBatch(10), updates=915) for rule in (gdviz.GradientDescent(), gdviz.Adam())
    ]
    together = gdviz.engine.train_all(runs)
    for run, trajectory in zip(runs, together, strict=True):
        np.testing.assert_allclose(trajectory.params_at(901), list(gdviz.steps(run))[900].params, rtol=1e-9)


def test_a_fork_has_a_patience_of_its_own():
    network = Network.on(Network.load("moons"), layers="2-5-2")
    stopped = gdviz.Run(network, gdviz.Adam(0.5), epochs=300, patience=4)
    last = gdviz.train(stopped).last
    assert last < 300
    fork = stopped.forked_at(last).changed(patience=4)
    assert last + 4 <= gdviz.train(fork).last
    patient = gdviz.Run(network, gdviz.Adam(0.5), epochs=300)
    hasty = gdviz.Run(network, gdviz.Adam(0.5), epochs=300, patience=1, fork=gdviz.training.run.Fork(patient, 250))
    trajectory = gdviz.train(hasty)
    assert trajectory.last > 250
    np.testing.assert_array_equal(trajectory.params[:251], gdviz.train(patient).params[:251])


def test_no_fan_where_samples_do_not_add_up_to_the_gradient():
    for given, there in (
        ({}, True),
        ({"batchnorm": True}, False),
        ({"dropout": "0.3"}, False),
        ({"jitter": 0.1}, False),
    ):
        network = Network.on(Network.load("moons"), layers="2-3-2", **given)
        experiment = gdviz.lecture_race(network, epochs=3)
        trajectories = gdviz.engine.train_all(experiment.runs)
        plane = gdviz.scene.planes.Principal().plane(network, trajectories, 0, 2)
        fan = frame_at(experiment, trajectories, 2, plane=plane).fan
        assert (fan is not None) == there
        if there:
            step = trajectories[0].step(2)
            np.testing.assert_allclose(fan.vectors.mean(axis=0), plane.moved(step.gradient), rtol=1e-9)
