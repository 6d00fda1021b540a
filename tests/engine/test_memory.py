"""A million updates of a race fit in memory, any can be explained at once, and errors are evaluated on demand."""

import json

import numpy as np
import pytest

import gdviz
from gdviz.objectives import SigmoidNeuron
from gdviz.training import Point
from gdviz.training.trajectory import checkpoint_every
from tests.command import python

pytest.importorskip("resource", reason="nothing tells a process's peak memory here")

LECTURE_RACE = """
import json
import numpy as np
import gdviz
from gdviz.objectives import SigmoidNeuron, load_data
from tests.memory import peak

neuron = SigmoidNeuron.on(load_data("lecture"))
race = gdviz.lecture_race(neuron, updates=10**6)
trajectories = gdviz.engine.train_all(race.runs)
assert all(trajectory.complete and len(trajectory) == 10**6 + 1 for trajectory in trajectories)
furthest = 0.0
for trajectory in trajectories:
    for update in np.random.default_rng(0).integers(1, 10**6, size=20, endpoint=True).tolist():
        step = trajectory.step(update)
        assert step.update == update
        for numbers, row in ((step.before, update - 1), (step.params, update)):
            furthest = max(furthest, float(abs(numbers - trajectory.params[row]).max()))
    assert np.isfinite(trajectory.error_at(range(0, 10**6, 2000))).all()
print(json.dumps({"peak": peak(), "furthest": furthest, "runs": len(trajectories)}))
"""
NEURON = SigmoidNeuron(*np.random.default_rng(0).uniform(size=(2, 11)))


def test_six_runs_of_a_million_updates_are_held_and_stepped_through_in_a_gigabyte():
    pytest.importorskip("numba")
    done = python("-c", LECTURE_RACE)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["runs"] == 6 and found["furthest"] <= 1e-10
    assert 50e6 < found["peak"] < 1e9, f"{found['peak'] / 1e6:.0f} MB"


@pytest.mark.parametrize("samples", [11, 4097])
def test_any_step_is_recomputed_from_the_checkpoint_before_it(samples):
    """Few updates lie between two checkpoints: one where an update takes long."""
    X, Y = np.random.default_rng(samples).uniform(size=(2, samples))
    sampling = gdviz.MiniBatch(4, shuffle=True)
    run = gdviz.Run(SigmoidNeuron(X, Y), gdviz.AMSGrad(0.01), sampling=sampling, updates=3000)
    trajectory = gdviz.train(run)
    every = checkpoint_every(run)
    assert every == (16 if samples == 11 else 1)
    for update in np.random.default_rng(1).integers(1, 3000, size=20, endpoint=True).tolist():
        checkpoint = trajectory.checkpoint(update - 1)
        assert isinstance(checkpoint, Point) and checkpoint.update == (update - 1) // every * every
        fresh = next(step for step in gdviz.steps(run, checkpoint) if step.update == update)
        step = trajectory.step(update)
        assert step.terms.keys() == fresh.terms.keys()
        for name, number in fresh.terms.items():
            np.testing.assert_array_equal(step.terms[name], number)
        for name in ("before", "asked_at", "gradient", "step", "params", "batch"):
            np.testing.assert_array_equal(getattr(step, name), getattr(fresh, name))
        np.testing.assert_allclose(step.params, trajectory.params[update], rtol=1e-12)


def counted(run):
    """A trajectory that notes how many points it evaluates, call by call."""
    calls = []

    def value(points):
        calls.append(len(points))
        return run.objective.value(points)

    return gdviz.Trajectory(run, value), calls


@pytest.mark.parametrize("sampling", [gdviz.MiniBatch(4), gdviz.MiniBatch(4, shuffle=True)], ids=["plain", "shuffled"])
def test_errors_are_evaluated_where_they_are_asked_for_and_only_once(sampling):
    run = gdviz.Run(NEURON, gdviz.Momentum(0.1), sampling=sampling, updates=500)
    trajectory, calls = counted(run)
    while not trajectory.complete:
        trajectory.append(gdviz.engine.advance([run], [trajectory.end], 70)[0])
    for update in (3, 77, 499):
        trajectory.step(update)
    assert calls == []
    some = trajectory.error_at([0, 10, 500])
    np.testing.assert_allclose(some, NEURON.value(trajectory.params[[0, 10, 500]]), rtol=1e-13)
    assert calls == [3]
    trajectory.error_at([10])
    trajectory.error_at([10, 11])
    assert calls == [3, 1]
    np.testing.assert_allclose(trajectory.error, NEURON.value(trajectory.params), rtol=1e-13)
    assert calls == [3, 1, 497]
    assert trajectory.error[500] == some[2] and calls == [3, 1, 497]


def test_errors_that_the_loop_knows_are_not_evaluated_again():
    """With all samples in every batch the gradient brings the error along, that of the start too."""
    pytest.importorskip("numba")
    run = gdviz.Run(NEURON, gdviz.Adam(0.1), updates=500)
    gdviz.engine.prepare(run)
    trajectory, calls = counted(run)
    while not trajectory.complete:
        trajectory.append(gdviz.engine.advance([run], [trajectory.end], 70)[0])
    np.testing.assert_allclose(trajectory.error, NEURON.value(trajectory.params), rtol=1e-13)
    assert calls == []


def test_what_a_picture_shows_is_evaluated_with_the_chunk():
    run = gdviz.Run(NEURON, gdviz.Momentum(0.1), sampling=gdviz.MiniBatch(4), updates=5000)
    trajectory, calls = counted(run)
    while not trajectory.complete:
        trajectory.append(gdviz.engine.advance([run], [trajectory.end], 700, with_errors=True)[0])
    every = gdviz.training.budget.shown_every(run)
    shown = np.arange(every, 5001, every)
    assert 400 < len(shown) <= 512
    np.testing.assert_allclose(trajectory.error_at(shown), NEURON.value(trajectory.params[shown]), rtol=1e-13)
    assert calls == []
    trajectory.error_at([every + 1])
    assert calls == [1]
