"""What each lesson says is so, measured on its own session; and each opens and plays in the window.

Those on networks are measured in tests/test_network_lessons.py.
"""

import numpy as np
import pytest

import gdviz
from gdviz.explaining.moments import converged_at, turns
from gdviz.files import write_session
from gdviz.files.lessons import lessons
from tests.app.driving import settle

TITLES = [
    "Gentle slopes are slow",
    "Momentum, and its U-turns",
    "Nesterov looks before it leaps",
    "Sparse features want their own rate",
    "AdaGrad stalls near the goal",
    "RMSProp does not stall",
    "Adam: both, and corrected",
    "Batch, mini-batch, stochastic",
    "Learning-rate schedules",
    "Too large a rate",
    "Zeros never break symmetry",
    "Xavier for tanh, He for ReLU",
    "Dropout and L2 narrow the gap",
    "Stop where validation is best",
    "Batches of 32, 64 and 128",
]


def raced(number):
    """The trajectories of a lesson, in the order of its runs."""
    return gdviz.engine.train_all(lessons()[number - 1].experiment.runs)


def lengths(trajectory):
    return np.linalg.norm(np.diff(trajectory.params, axis=0), axis=1)


def below(trajectory, error):
    """The first update that is below an error."""
    assert trajectory.error.min() < error
    return int(np.argmax(trajectory.error < error))


def goal(objective):
    """Where the least error is, found by Newton's method from where Adam arrives."""
    params = gdviz.train(gdviz.Run(objective, gdviz.Adam(0.02), (0.0, 0.0), epochs=4000)).params[-1]
    for _ in range(50):
        params = params - np.linalg.solve(objective.hessian(params), objective.gradient(params))
    assert np.abs(objective.gradient(params)).max() < 1e-12
    return params


def test_the_lessons_are_there_in_the_order_of_the_lecture():
    assert [session.lesson.title for session in lessons()] == TITLES
    for session in lessons():
        assert 2 <= session.lesson.text.count(". ") + 1 <= 5
        assert "?" in session.lesson.question and session.lesson.task
        write_session(session)


def test_1_gentle_slopes_are_slow():
    (gd,) = raced(1)
    way = lengths(gd)
    assert int(np.argmax(way)) + 1 == 162 and way.max() / way[0] > 30
    assert way[:150].mean() < 0.1 * way.max()
    assert [round(float(gd.error[update]), 2) for update in (0, 150)] == [0.42, 0.37]
    assert gd.error[170] < 0.3 * gd.error[150]  # then a few updates suffice
    session = lessons()[0].experiment
    flatter = gdviz.train(session.with_all(start=(-4.0, -4.0)).runs[0])
    assert flatter.error[-1] > 0.999 * flatter.error[0]


def test_2_momentum_is_sooner_there_and_turns_back():
    gd, momentum = raced(2)
    assert turns(gd) == [] and len(turns(momentum)) >= 2
    assert below(momentum, 0.05) < below(gd, 0.05) / 5
    assert lengths(momentum).sum() > 2 * lengths(gd).sum()  # the longer way, in less time
    calmer = gdviz.train(gdviz.Run(gd.run.objective, gdviz.Momentum(0.5, gamma=0.8), (-2, -2), epochs=500))
    assert len(turns(calmer)) == 1 < len(turns(momentum))
    assert abs(below(calmer, 0.05) - below(momentum, 0.05)) <= 2


def test_3_nesterov_swings_less_but_does_not_turn_less_often():
    momentum, nesterov = raced(3)
    w = goal(momentum.run.objective)[0]
    beyond = [trajectory.params[:, 0].max() - w for trajectory in (momentum, nesterov)]
    assert 0 < beyond[1] < 0.6 * beyond[0]
    assert converged_at(nesterov) < converged_at(momentum)
    assert len(turns(nesterov)) >= len(turns(momentum))  # as the lesson admits


def test_4_adagrad_gives_a_sparse_feature_its_own_rate():
    gd, adagrad = raced(4)
    neuron = gd.run.objective
    assert np.mean(neuron.X == 0) == 0.8
    way = goal(neuron) - gd.params[0]
    first = [np.abs(trajectory.params[1] - trajectory.params[0]) for trajectory in (gd, adagrad)]
    assert first[0][1] / first[0][0] > 5 and first[1][1] / first[1][0] == pytest.approx(1, rel=1e-6)
    come = [(trajectory.params[100] - trajectory.params[0]) / way for trajectory in (gd, adagrad)]
    assert come[0][0] < 0.05 and come[0][1] > 0.9  # gradient descent leaves w behind
    assert come[1][0] > 0.5
    rate = [adagrad.step(update).terms["rate"] for update in (1, 100)]
    assert rate[0][0] > 5 * rate[0][1] and rate[1][0] < rate[1][1]  # w's rate is the larger one, and does not stay so


def test_5_adagrad_stalls():
    (adagrad,) = raced(5)
    rates = np.array([adagrad.step(update).terms["rate"] for update in (1, 10, 50, 100, 300)])
    assert (np.diff(rates, axis=0) <= 0).all()
    fallen = rates[0] / rates[-1]
    assert fallen[0] > fallen[1] > 50  # w's has fallen further
    missing = np.abs(adagrad.params[-1] - goal(adagrad.run.objective))
    assert missing[1] > missing[0] > 0.5  # and yet more is missing in b
    assert lengths(adagrad)[-1] < 0.004
    larger = gdviz.train(gdviz.Run(adagrad.run.objective, gdviz.AdaGrad(0.5), (-2, -2), epochs=300))
    assert larger.error[-1] < 1e-6


def test_6_rmsprop_does_not_stall_but_never_rests():
    adagrad, rmsprop = raced(6)
    target = goal(rmsprop.run.objective)
    assert below(rmsprop, 0.001) < 60 and adagrad.error.min() > 0.01
    rates = [rmsprop.step(update).terms["rate"] for update in (10, 100)]
    assert (rates[1] > 10 * rates[0]).all()  # they recover
    arrived = int(np.argmax(np.abs(rmsprop.params - target).max(axis=1) < 0.1))
    half = (adagrad.params[arrived] - adagrad.params[0])[0] / (target - adagrad.params[0])[0]
    assert 0.3 < half < 0.7
    last = np.abs(np.diff(rmsprop.params[-5:], axis=0))
    np.testing.assert_allclose(last, 0.1, rtol=1e-3)  # to and fro, by η in w and in b
    slower, calmed = map(gdviz.train, lessons()[5].experiment.with_all(schedule=gdviz.CosineDecay()).runs)
    assert np.abs(calmed.params[-1] - target).max() < 1e-6
    assert slower.error[-1] > adagrad.error[-1]


def test_7_adam_takes_its_first_step_by_eta_once_it_is_corrected():
    rmsprop, adam, uncorrected = raced(7)
    np.testing.assert_allclose(np.abs(adam.params[1] - adam.params[0]), 0.1, rtol=1e-5)
    np.testing.assert_allclose(np.abs(uncorrected.params[1] - uncorrected.params[0]), 0.1 * 10**0.5, rtol=1e-3)
    w = goal(adam.run.objective)[0]
    assert uncorrected.params[:, 0].max() - w > 2 > 0.1 > adam.params[:, 0].max() - w
    assert adam.error[-1] < 1e-6 < rmsprop.error[-1]
    lecture = gdviz.Adam(0.1, beta2=0.9, corrected=0)
    short = gdviz.train(gdviz.Run(adam.run.objective, lecture, (-2, -2), epochs=1))
    np.testing.assert_allclose(np.abs(short.params[1] - short.params[0]), 0.1 * 0.1**0.5, rtol=1e-3)


def test_8_stochastic_is_ahead_by_epochs_and_noisy():
    race = raced(8)
    assert [trajectory.run.per_epoch for trajectory in race] == [1, 6, 23]
    after = [trajectory.error[5 * trajectory.run.per_epoch] for trajectory in race]
    assert after[0] > after[1] + 1 > after[2] + 2
    raising = [np.mean(np.diff(trajectory.error) > 0) for trajectory in race]
    assert raising[0] == 0 and 0.1 < raising[1] < raising[2] == pytest.approx(0.4, abs=0.03)
    swing = np.ptp(race[2].params[-5 * 23 :], axis=0)
    assert (swing > 0.2).all()  # it does not come to rest
    even = [trajectory.error[40] for trajectory in race]
    assert max(even) / min(even) < 1.5  # after as many updates


def test_9_a_rate_that_falls_calms_the_noise_and_one_that_falls_too_fast_stands_still():
    race = dict(zip(lessons()[8].experiment.titles, raced(9), strict=True))
    swing = {title: np.ptp(trajectory.params[-5 * 23 :], axis=0).max() for title, trajectory in race.items()}
    constant = swing.pop("Constant")
    assert constant > 0.5 and all(other < constant / 4 for other in swing.values())
    stuck = race.pop("Exponential, too fast")
    rattling = race.pop("Constant")
    assert stuck.error[-1] > 1.65 > 1.575 > rattling.error[-1] > 1.57
    assert all(trajectory.error[-1] < 1.569 for trajectory in race.values())
    assert lengths(rattling)[-1] > 20 * lengths(race["Cosine"])[-1]
    slower = gdviz.ExponentialDecay(0.05)
    assert gdviz.train(gdviz.Experiment((stuck.run,)).with_all(schedule=slower).runs[0]).error[-1] < 1.569


def test_10_the_limit_is_2_by_lambda_and_momentum_bears_nearly_twice_as_much():
    under, over, momentum = raced(10)
    assert np.linalg.eigvalsh(under.run.objective.hessian(np.zeros(2))).max() == pytest.approx(20)
    y = under.params[:60, 1]
    np.testing.assert_allclose(y[1:] / y[:-1], 1 - 0.095 * 20, rtol=1e-9)
    y = over.params[:60, 1]
    np.testing.assert_allclose(y[1:] / y[:-1], 1 - 0.105 * 20, rtol=1e-9)
    assert over.diverged and not under.diverged and not momentum.diverged
    assert momentum.error[-1] < 1e-6 and momentum.run.optimizer.eta == over.run.optimizer.eta
    assert momentum.run.optimizer.eta < 2 * (1 + 0.9) / 20


@pytest.mark.once
@pytest.mark.parametrize("number", range(1, len(TITLES) + 1))
def test_each_opens_by_its_key_and_plays(open_window, spin, number):
    window = open_window()
    window.sessions.show_lesson(number - 1)
    spin(lambda: window.controller.complete and window.controller.settled)
    session = lessons()[number - 1]
    assert window.controller.experiment == session.experiment and window.controller.selected == session.selected
    assert f"lesson {number} of {len(TITLES)}" in window.lesson.title.text() and not window.docks.lesson.isHidden()
    bar = window.lesson
    for label in (bar.text, bar.more):  # all of it can be read
        assert label.heightForWidth(label.width()) <= label.height() and label.geometry().bottom() <= bar.height()
    window.controller.play()
    spin(lambda: window.controller.cursor > 3)
    window.controller.pause()
    settle(window)
