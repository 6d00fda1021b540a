"""Trajectories: chunks follow one another, any step can be explained again, a diverging run ends finite."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gdviz
from gdviz.engine import CHUNK, advance
from gdviz.objectives import SigmoidNeuron
from gdviz.optimizers import OPTIMIZERS
from gdviz.training import Chunk

NEURON = SigmoidNeuron(*np.random.default_rng(0).uniform(size=(2, 11)))
SHUFFLED = gdviz.MiniBatch(4, shuffle=True)


def grown(run, sizes):
    """A trajectory that grew by chunks of the given sizes, then to its end."""
    trajectory = gdviz.Trajectory(run)
    for size in sizes:
        trajectory.append(advance(run, trajectory.end, size))
    while not trajectory.complete:
        trajectory.append(advance(run, trajectory.end))
    return trajectory


@pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)
def test_any_step_is_explained_as_when_it_was_made(cls):
    run = gdviz.Run(NEURON, cls(eta=0.1), sampling=SHUFFLED, schedule=gdviz.CosineDecay(), updates=50)
    trajectory = grown(run, [7, 1, 20])
    for step in gdviz.steps(run):
        again = trajectory.step(step.update)
        assert (again.update, again.epoch, again.eta) == (step.update, step.epoch, step.eta)
        assert again.terms.keys() == step.terms.keys()
        for name in step.terms:
            np.testing.assert_array_equal(again.terms[name], step.terms[name])
        for name in ("batch", "before", "asked_at", "gradient", "step", "params"):
            np.testing.assert_array_equal(getattr(again, name), getattr(step, name))
        np.testing.assert_array_equal(trajectory.params[step.update], step.params)


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
    np.testing.assert_array_equal(trajectory.error, NEURON.value(trajectory.params))
    with pytest.raises(ValueError, match="read-only"):
        trajectory.params[0] = 0


def test_a_chunk_that_does_not_follow_is_refused():
    run = gdviz.Run(NEURON, updates=100)
    trajectory = gdviz.Trajectory(run)
    first = advance(run, trajectory.end, 10)
    trajectory.append(first)
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
    trajectory = gdviz.Trajectory(run)
    trajectory.append(advance(run, trajectory.end, 100))
    early = trajectory.params
    copy = early.copy()
    while not trajectory.complete:
        trajectory.append(advance(run, trajectory.end))
    np.testing.assert_array_equal(early, copy)
    np.testing.assert_array_equal(trajectory.params[:101], copy)


@pytest.mark.parametrize(
    ("optimizer", "lost"),
    [
        (gdviz.GradientDescent(1), "f"),  # x⁴ overflows before x does
        (gdviz.GradientDescent(1e307), "x"),
        (gdviz.Momentum(1), "f"),
        (gdviz.Nesterov(1), "f"),
        (gdviz.AdaGrad(1e200), "f"),
    ],
)
def test_divergence_ends_the_run_with_a_reason_and_finite_numbers(optimizer, lost):
    run = gdviz.Run(gdviz.Rosenbrock(), optimizer, updates=2000)
    trajectory = gdviz.train(run)
    assert trajectory.complete and trajectory.last < 2000
    assert trajectory.diverged == f"diverged at update {trajectory.last + 1}: {lost} left the finite numbers"
    assert np.isfinite(trajectory.params).all() and np.isfinite(trajectory.error).all()
    steps = [step.params.tolist() for step in gdviz.steps(run)]
    assert steps[: trajectory.last] == trajectory.params[1:].tolist()
    if trajectory.last:
        assert trajectory.step(trajectory.last).params.tolist() == trajectory.params[-1].tolist()
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
    trajectory.append(Chunk(np.empty((0, 2)), np.empty(0), trajectory.end))
    assert len(trajectory) == 4
