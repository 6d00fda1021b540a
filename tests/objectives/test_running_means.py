"""Running means of normalised layers: what a plain loop says, carried along with every update."""

import dataclasses

import numpy as np
import pytest

import gdviz
from gdviz.objectives import Network

pytestmark = pytest.mark.beside


def test_running_means_are_those_of_a_plain_loop():
    network = Network.on(Network.load("moons"), layers="2-5-4-2", batchnorm=True, running=True, dropout="0.2")
    run = gdviz.Run(network, gdviz.Adam(0.02), sampling=gdviz.MiniBatch(32, shuffle=True), epochs=4, seed=5)
    mean, variance = [np.zeros(5), np.zeros(4)], [np.ones(5), np.ones(4)]
    trajectory = gdviz.train(run)
    for step in gdviz.steps(run):
        draw = network.draw(step.update - 1, 5, step.batch)
        z = network.passes(step.before, draw.X, draw)
        for i in range(2):
            inputs = z[i].inputs @ network.layout.weights(step.before, i)
            mean[i] = 0.9 * mean[i] + 0.1 * inputs.mean(axis=0)
            variance[i] = 0.9 * variance[i] + 0.1 * inputs.var(axis=0, ddof=1)
        carried = np.concatenate([mean[0], variance[0], mean[1], variance[1]])
        np.testing.assert_allclose(step.carried, carried, rtol=1e-12)
    held = network.parts.validation
    z = network.passes(step.params, held.X, None, list(zip(mean, variance, strict=True)))[-1].a
    is_right = z.argmax(axis=1) == held.T.argmax(axis=1)
    assert trajectory.scores[-1, network.score_names.index("validation_accuracy")] == is_right.mean()
    np.testing.assert_array_equal(trajectory.end.carried, step.carried)
    seventeenth = next(s for s in gdviz.steps(run) if s.update == 17)
    np.testing.assert_array_equal(trajectory.step(17).carried, seventeenth.carried)
    exact = gdviz.train(run.changed(objective=dataclasses.replace(network, running=False)))
    np.testing.assert_array_equal(exact.params, trajectory.params)
    assert np.abs(exact.scores[-1] - trajectory.scores[-1]).max() > 1e-6


def test_what_is_shown_at_once_is_what_is_measured_later():
    network = Network.on(Network.load("moons"), layers="2-5-2", batchnorm=True, running=True)
    run = gdviz.Run(network, gdviz.Adam(0.02), sampling=gdviz.MiniBatch(64), epochs=3)
    at_once = gdviz.engine.new_trajectory(run)
    while not at_once.complete:
        at_once.append(gdviz.engine.advance([run], [at_once.end], 5, with_errors=True)[0])
    np.testing.assert_array_equal(at_once.scores, gdviz.train(run).scores)
