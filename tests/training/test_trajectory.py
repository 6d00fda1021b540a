"""Trajectories: chunks follow one another, any step can be explained again, a diverging run ends finite."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gdviz
from gdviz.engine import advance
from gdviz.engine.trainer import CHUNK
from gdviz.objectives import SigmoidNeuron
from gdviz.optimizers import OPTIMIZERS
from gdviz.training import Chunk

NEURON = SigmoidNeuron(*np.random.default_rng(0).uniform(size=(2, 11)))
SHUFFLED = gdviz.MiniBatch(4, shuffle=True)


def grown(run, sizes):
    """A trajectory that grew by chunks of the given sizes, then to its end."""
    trajectory = gdviz.engine.new_trajectory(run)
    for size in sizes:
        grow(trajectory, size)
    while not trajectory.complete:
        grow(trajectory)
    return trajectory


def grow(trajectory, size=CHUNK):
    (chunk,) = advance([trajectory.run], [trajectory.end], size)
    trajectory.append(chunk)
    return chunk


@pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)
def test_any_step_is_explained_as_when_it_was_made(cls):
    run = gdviz.Run(NEURON, cls(eta=0.1), sampling=SHUFFLED, schedule=gdviz.CosineDecay(), updates=50)
    trajectory = grown(run, [7, 1, 20])
    for step in gdviz.steps(run):
        again = trajectory.step(step.update)
        assert (again.update, again.epoch, again.eta) == (step.update, step.epoch, step.eta)
        assert again.terms.keys() == step.terms.keys()
        for name in step.terms:
            np.testing.assert_allclose(again.terms[name], step.terms[name], rtol=1e-11, atol=1e-14)
        np.testing.assert_array_equal(again.batch, step.batch)
        for name in ("before", "asked_at", "gradient", "step", "params"):
            np.testing.assert_allclose(getattr(again, name), getattr(step, name), rtol=1e-11, atol=1e-14)
        np.testing.assert_allclose(trajectory.params[step.update], step.params, rtol=1e-12)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 40), max_size=6))
def test_chunks_change_nothing(sizes):
    run = gdviz.Run(NEURON, gdviz.Adam(0.1), sampling=SHUFFLED, updates=100)
    whole, pieces = gdviz.train(run), grown(run, sizes)
    np.testing.assert_array_equal(pieces.params, whole.params)
    np.testing.assert_array_equal(pieces.error, whole.error)
    assert pieces.complete and len(pieces) == 101


def test_columns():
    run = gdviz.Run(NEURON, gdviz.Momentum(), (1, 2), sampling=gdviz.MiniBatch(4), updates=2 * CHUNK + 5)
    trajectory = gdviz.train(run)
    assert trajectory.params.shape == (2 * CHUNK + 6, 2) and trajectory.error.shape == (2 * CHUNK + 6,)
    assert trajectory.params[0].tolist() == [1, 2]
    assert trajectory.epoch[:5].tolist() == [0, 1, 1, 1, 2]
    np.testing.assert_allclose(trajectory.error, NEURON.value(trajectory.params), rtol=1e-13)
    with pytest.raises(ValueError, match="read-only"):
        trajectory.params[0] = 0


def test_a_chunk_that_does_not_follow_is_refused():
    run = gdviz.Run(NEURON, updates=100)
    trajectory = gdviz.engine.new_trajectory(run)
    first = grow(trajectory, 10)
    with pytest.raises(ValueError, match="does not follow update 10"):
        trajectory.append(first)
    assert len(trajectory) == 11


def test_there_is_no_step_before_the_first_or_after_the_last():
    trajectory = gdviz.train(gdviz.Run(NEURON, updates=5))
    for update in (0, 6, -1):
        with pytest.raises(ValueError, match=f"no update {update}; there are 1 to 5"):
            trajectory.step(update)


def test_growing_keeps_what_was_handed_out():
    run = gdviz.Run(NEURON, updates=5000)
    trajectory = gdviz.engine.new_trajectory(run)
    grow(trajectory, 100)
    early = trajectory.params
    copy = early.copy()
    while not trajectory.complete:
        grow(trajectory)
    np.testing.assert_array_equal(early, copy)
    np.testing.assert_array_equal(trajectory.params[:101], copy)


@pytest.mark.parametrize(
    ("optimizer", "reason"),
    [
        (gdviz.GradientDescent(1), "x = .* is a million times outside the view"),
        (gdviz.GradientDescent(1e307), "x left the finite numbers"),
        (gdviz.Momentum(1), "x = .* is a million times outside the view"),
        (gdviz.Nesterov(1), "x = .* is a million times outside the view"),
        (gdviz.AdaGrad(1e200), "x = .* is a million times outside the view"),
    ],
)
def test_divergence_ends_the_run_with_a_reason_and_finite_numbers(optimizer, reason):
    run = gdviz.Run(gdviz.Rosenbrock(), optimizer, updates=2000)
    trajectory = gdviz.train(run)
    assert trajectory.complete and trajectory.last < 2000
    assert re.fullmatch(f"diverged at update {trajectory.last + 1}: {reason}", trajectory.diverged)
    assert (abs(trajectory.params) <= 4e6).all() and np.isfinite(trajectory.error).all()
    steps = [step.params for step in gdviz.steps(run)]
    assert len(steps) == trajectory.last
    if steps:
        np.testing.assert_allclose(trajectory.params[1:], steps, rtol=1e-12)
        np.testing.assert_allclose(trajectory.step(trajectory.last).params, trajectory.params[-1], rtol=1e-12)
    assert grown(run, [1, 1, 1]).diverged == trajectory.diverged


def test_divergence_in_a_later_chunk_keeps_the_state_before_it():
    """Its end is where the last finite update left the run, although the chunk was computed beyond it."""
    run = gdviz.Run(gdviz.Himmelblau(), gdviz.Momentum(0.02, gamma=0.99), updates=3000)
    trajectory = gdviz.train(run)
    assert trajectory.diverged
    assert trajectory.end.update == trajectory.last
    np.testing.assert_array_equal(trajectory.end.params, trajectory.params[-1])


def test_a_gradient_of_zero_with_no_epsilon_is_a_divergence():
    run = gdviz.Run(SigmoidNeuron([0.0], [0.5]), gdviz.Adam(eps=0), (1, 1))
    trajectory = gdviz.train(run)
    assert (trajectory.last, trajectory.diverged) == (0, "diverged at update 1: w left the finite numbers")


def test_an_empty_chunk_is_harmless():
    run = gdviz.Run(NEURON, updates=3)
    trajectory = gdviz.train(run)
    trajectory.append(Chunk(np.empty((0, 2)), np.empty(0), np.empty((0, 0, 2)), trajectory.end))
    assert len(trajectory) == 4
