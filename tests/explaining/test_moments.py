"""Moments are where a plain loop over the run finds them, and a fork is the run that it came from, then its own."""

import cmath
from dataclasses import replace

import numpy as np
import pytest

import gdviz
from gdviz.engine import advance
from gdviz.explaining import moments as m
from gdviz.objectives import SigmoidNeuron
from gdviz.optimizers import LECTURE
from gdviz.training import Point, usual
from gdviz.training.run import Fork

RANDOM = np.random.default_rng(7)
NEURON = SigmoidNeuron(RANDOM.normal(size=11), RANDOM.uniform(size=11))
SWINGING = gdviz.Run(gdviz.Ravine(steepness=30.0), gdviz.Momentum(0.05), updates=400)
NOISY = gdviz.Run(NEURON, gdviz.GradientDescent(1.0), sampling=gdviz.Stochastic(shuffle=True), updates=300)


def plainly(trajectory):
    """The turns and the overshoots, found update by update."""
    p, e = trajectory.params.tolist(), trajectory.error.tolist()
    turns, heading = [], None
    for u in range(1, len(p)):
        move = complex(p[u][0] - p[u - 1][0], p[u][1] - p[u - 1][1])
        heading = move if heading is None else heading
        if abs(cmath.phase(move / heading)) > 2 * cmath.pi / 3:
            turns, heading = [*turns, u], move
    rises = [False] + [e[u] > e[u - 1] for u in range(1, len(e))]
    return turns, [u for u in range(1, len(e)) if rises[u] and not rises[u - 1]]


def walked(find, trajectory):
    found, at = [], 0
    while (at := find(trajectory, at)) is not None:
        found.append(at)
    return found


@pytest.mark.parametrize("block", [4096, 7])
@pytest.mark.parametrize("run", [SWINGING, NOISY], ids=["swinging", "noisy"])
def test_turns_and_overshoots_are_found_one_after_the_other(run, block, monkeypatch):
    monkeypatch.setattr(m, "BLOCK", block)
    trajectory = gdviz.train(run)
    turns, overshoots = plainly(trajectory)
    assert len(turns) > 5 and len(overshoots) > 5
    assert walked(m.next_turn, trajectory) == turns == m.turns(trajectory)
    assert walked(m.next_overshoot, trajectory) == overshoots
    assert m.next_turn(trajectory, turns[2]) == turns[3]


def test_a_wide_arc_is_a_turn_and_a_bend_is_none():
    neuron = gdviz.SigmoidNeuron([0.5, 2.5], [0.2, 0.9])
    straight, around = (
        gdviz.train(gdviz.Run(neuron, o, epochs=300)) for o in (gdviz.GradientDescent(0.5), gdviz.Momentum(0.5))
    )
    assert m.turns(straight) == [] and m.turns(around)[:2] == [43, 73]
    moves = np.diff(around.params[:44], axis=0)
    assert ((moves[1:] * moves[:-1]).sum(axis=1) > 0).all()  # from update to update it goes on


def test_a_first_update_that_raises_the_error_is_an_overshoot():
    trajectory = gdviz.train(gdviz.Run(gdviz.Ravine(steepness=20.0), gdviz.GradientDescent(0.105), updates=3))
    assert trajectory.error[1] > trajectory.error[0] and m.next_overshoot(trajectory, 0) == 1


def test_epochs_end_where_their_last_batch_was_seen():
    trajectory = gdviz.train(gdviz.Run(NEURON, sampling=gdviz.MiniBatch(4), updates=10))
    assert walked(m.next_epoch, trajectory) == [3, 6, 9]
    assert [m.next_epoch(trajectory, update) for update in (2, 3, 8, 9)] == [3, 6, 9, None]


def test_a_run_has_converged_from_where_it_moves_no_more():
    trajectory = gdviz.train(SWINGING)
    at = m.converged_at(trajectory)
    reach = 1e-3 * np.array([10, 6])
    off = abs(trajectory.params - trajectory.params[-1]) / reach
    assert 50 < at < 400 and (off[at:] <= 1).all() and (off[at - 1] > 1).any()
    lost = gdviz.train(replace(SWINGING, optimizer=gdviz.GradientDescent(0.1)))
    assert lost.diverged and m.converged_at(lost) == lost.last
    still = gdviz.train(replace(SWINGING, start=(0.0, 0.0)))
    assert m.converged_at(still) == 0


# -- forks


def forked(cls, sampling, update=37, eta=0.5):
    parent = gdviz.Run(NEURON, usual(cls, NEURON), sampling=sampling, schedule=gdviz.InverseDecay(0.01), updates=90)
    fork = parent.forked_at(update)
    return parent, replace(fork, optimizer=replace(fork.optimizer, eta=eta * fork.optimizer.eta))


@pytest.mark.parametrize("sampling", [gdviz.Batch(), gdviz.MiniBatch(4, shuffle=True)], ids=["batch", "minibatch"])
@pytest.mark.parametrize("cls", LECTURE, ids=lambda cls: cls.name)
def test_a_fork_is_the_other_run_and_then_its_own(cls, sampling):
    """Written out: the parent to update 37, then its memory and its params handed to the other learning rate."""
    parent, fork = forked(cls, sampling)
    begun = list(gdviz.steps(parent))[36].point
    own = replace(fork, fork=None)
    truth = [*(s.params for s in list(gdviz.steps(parent))[:37]), *(s.params for s in gdviz.steps(own, begun))]
    assert abs(truth[-1] - list(gdviz.steps(parent))[-1].params).max() > 1e-6
    np.testing.assert_allclose([step.params for step in gdviz.steps(fork)], truth, rtol=1e-12)
    np.testing.assert_allclose(gdviz.train(fork).params[1:], truth, rtol=1e-10, atol=1e-12)
    trajectory, point = gdviz.engine.new_trajectory(fork), Point.start(fork)
    while not trajectory.complete:
        (chunk,) = advance([fork], [trajectory.end], 20)
        trajectory.append(chunk)
    np.testing.assert_allclose(trajectory.params[1:], truth, rtol=1e-10, atol=1e-12)
    assert point.update == 0
    step = trajectory.step(30)
    assert step.run == parent and trajectory.step(38).run == fork
    assert step.eta == pytest.approx(parent.eta(29)) and trajectory.step(38).eta == pytest.approx(fork.eta(37))


def test_parent_and_forks_race_together():
    parent, fork = forked(gdviz.Adam, gdviz.Batch())
    again = replace(fork.forked_at(60), optimizer=gdviz.Adam(1e-9, 0.1, 0.1))
    runs = [parent, fork, again, forked(gdviz.Adam, gdviz.Batch(), 5)[1]]
    for run, trajectory in zip(runs, gdviz.engine.train_all(runs), strict=True):
        np.testing.assert_allclose(trajectory.params, gdviz.train(run).params, rtol=1e-12)
    np.testing.assert_array_equal(gdviz.train(again).params[:61], gdviz.train(fork).params[:61])
    still = gdviz.train(again).params
    assert abs(still[61:] - still[60]).max() < 1e-6


def test_a_step_is_explained_by_the_rule_that_made_it():
    _, fork = forked(gdviz.Momentum, gdviz.Batch())
    fork = replace(fork, optimizer=gdviz.Momentum(0.1, gamma=0.2))
    trajectory = gdviz.train(fork)
    for update in (30, 37, 38, 50):
        step = trajectory.step(update)
        assert gdviz.explaining.working.work_out(step) and step.run.optimizer.gamma == (0.9 if update <= 37 else 0.2)
        (past,) = gdviz.explaining.pasts.pasts_of(trajectory.recent(update, 12))
        np.testing.assert_allclose(past.contributions.sum(axis=0) + past.older, step.terms["v"], rtol=1e-11)


def test_what_is_changed_for_all_is_changed_from_the_start():
    _, fork = forked(gdviz.Momentum, gdviz.Batch())
    race = gdviz.Experiment((fork,)).with_all(start=(1.0, 1.0))
    (moved,) = race.runs
    assert moved.start == moved.fork.run.start == (1.0, 1.0) and moved.fork.update == 37
    assert gdviz.train(moved).complete


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"optimizer": gdviz.Adam()}, "keeps its rule"),
        ({"start": (0.0, 0.0)}, "keeps the objective and the start"),
        ({"updates": 20}, "from 1 to 20, not at 37"),
        ({"objective": SigmoidNeuron([0.0], [1.0])}, "keeps the objective"),
    ],
)
def test_a_fork_that_cannot_be_is_refused(changes, sentence):
    _, fork = forked(gdviz.Momentum, gdviz.Batch())
    with pytest.raises(ValueError, match=sentence):
        replace(fork, **changes)
    with pytest.raises(ValueError, match="not at 0"):
        replace(fork, fork=Fork(fork.fork.run, 0))
