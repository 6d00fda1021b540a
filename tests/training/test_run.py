"""Runs and experiments: checked on construction, frozen, named."""

import dataclasses
import math

import numpy as np
import pytest

import gdviz
from gdviz.objectives import SigmoidNeuron
from gdviz.optimizers import LECTURE as LECTURES_RULES
from gdviz.optimizers import OPTIMIZERS
from gdviz.training import usual
from tests.surfaces import SURFACES

LECTURE = SigmoidNeuron([0.5, 2.5], [0.2, 0.9])


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"objective": "neuron"}, "objective must be one of gdviz's Objectives, not 'neuron'"),
        ({"optimizer": gdviz.Adam}, "optimizer must be one of gdviz's Optimizers, not "),
        ({"sampling": 32}, "sampling must be one of gdviz's Samplings, not 32"),
        ({"schedule": None}, "schedule must be one of gdviz's Schedules, not None"),
        ({"start": (1,)}, "start must be 2 finite numbers w,b, not 1"),
        ({"start": (1, math.nan)}, "start must be 2 finite numbers w,b, not 1,nan"),
        ({"start": ("a", 1)}, "start must be numbers w,b, not "),
        ({"start": 5}, "start must be numbers w,b, not 5"),
        ({"objective": gdviz.Beale(), "start": (1e99, 1e99)}, "start 1e+99,1e+99 is too far out: f is not a finite"),
        ({"reduction": "average"}, "reduction must be one of lecture, sum, mean, not 'average'"),
        ({"epochs": 0}, "epochs must be a whole number from 1 to 100000000, not 0"),
        ({"epochs": 2.5}, "epochs must be a whole number from 1 to 100000000, not 2.5"),
        ({"epochs": True}, "epochs must be a whole number"),
        ({"updates": -3}, "updates must be a whole number from 1 to 100000000, not -3"),
        ({"updates": math.inf}, "updates must be a whole number from 1 to 100000000, not inf"),
        ({"seed": -1}, "seed must be a whole number from 0 to "),
        ({"seed": "now"}, "seed must be a whole number from 0 to "),
        ({"epochs": 10**8, "sampling": gdviz.Stochastic()}, "the run would take 200000000 updates; at most 100000000"),
    ],
)
def test_what_is_not_valid_is_refused_in_one_sentence(fields, sentence):
    with pytest.raises(ValueError) as refused:
        gdviz.Run(**{"objective": LECTURE, **fields})
    assert str(refused.value).startswith(sentence)
    assert "\n" not in str(refused.value)


def test_defaults_are_the_lectures():
    run = gdviz.Run(LECTURE)
    assert (run.optimizer, run.start, run.epochs, run.updates) == (gdviz.GradientDescent(0.01), (-2.0, -2.0), 100, None)
    assert (run.sampling, run.schedule, run.reduction) == (gdviz.Batch(), gdviz.ConstantRate(), "lecture")
    adam = gdviz.Adam()
    assert (adam.eta, adam.beta1, adam.beta2, adam.eps) == (0.01, 0.9, 0.9, 1e-8)


def test_a_run_is_a_frozen_value():
    run = gdviz.Run(LECTURE, start=[1, 2])
    with pytest.raises(dataclasses.FrozenInstanceError):
        run.epochs = 3
    assert run.start == (1.0, 2.0)
    assert run == gdviz.Run(SigmoidNeuron([0.5, 2.5], [0.2, 0.9]), start=np.array([1, 2])) and hash(run)


def test_a_start_at_the_origin_is_not_the_default_start():
    assert gdviz.Run(LECTURE, start=(0, 0)).start == (0.0, 0.0)
    assert gdviz.Run(LECTURE, start=np.zeros(2)).start == (0.0, 0.0)


def test_epochs_and_updates():
    run = gdviz.Run(SigmoidNeuron(range(5), range(5)), sampling=gdviz.MiniBatch(2), epochs=4)
    assert (run.per_epoch, run.total) == (3, 12)
    assert [run.epoch(update) for update in range(8)] == [0, 1, 1, 1, 2, 2, 2, 3]
    assert dataclasses.replace(run, updates=7).total == 7


@pytest.mark.parametrize("cls", [gdviz.GradientDescent, gdviz.Adam])
@pytest.mark.parametrize("reduction", ["lecture", "sum", "mean"])
def test_reductions(cls, reduction):
    """A short last batch divides by its own size; the lecture divides for gradient descent alone."""
    neuron = SigmoidNeuron(range(5), [0.0] * 5)
    run = gdviz.Run(neuron, cls(), sampling=gdviz.MiniBatch(3), reduction=reduction, updates=2)
    for step, size in zip(gdviz.steps(run), (3, 2), strict=True):
        divides = reduction == "mean" or (reduction == "lecture" and cls is gdviz.GradientDescent)
        expected = neuron.gradient(step.before, step.batch) / (size if divides else 1)
        np.testing.assert_array_equal(step.gradient, expected)


def test_names_are_made_unique():
    race = gdviz.Experiment.race(LECTURE, [gdviz.Adam(), gdviz.GradientDescent(), gdviz.Adam(1), gdviz.Adam(2)])
    assert race.names == ("adam", "gd", "adam#2", "adam#3")


def test_experiments_are_checked_and_changed():
    with pytest.raises(ValueError, match="at least one run"):
        gdviz.Experiment(())
    with pytest.raises(ValueError, match="share one objective"):
        gdviz.Experiment((gdviz.Run(LECTURE), gdviz.Run(gdviz.Beale())))
    race = gdviz.lecture_race(LECTURE)
    assert race.names == ("gd", "momentum", "nag", "adagrad", "rmsprop", "adam")
    changed = race.with_all(start=(1, 1)).with_run(2, optimizer=gdviz.Nesterov(9), updates=1000)
    assert {run.start for run in changed.runs} == {(1.0, 1.0)}
    assert changed.runs[2].optimizer.eta == 9 and changed.total == 1000 and race.total == 300


@pytest.mark.parametrize("objective", [LECTURE, *(cls() for cls in SURFACES)], ids=lambda objective: objective.name)
@pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)
def test_the_usual_rate_leads_downhill(cls, objective):
    trajectory = gdviz.train(gdviz.Run(objective, usual(cls, objective), epochs=300))
    assert not trajectory.diverged
    assert trajectory.error[-1] < 0.9 * trajectory.error[0]


def test_every_rule_has_a_usual_rate_and_the_lectures_race_is_the_lectures():
    assert all(cls.usual_eta is not None for cls in OPTIMIZERS)
    assert tuple(type(run.optimizer) for run in gdviz.lecture_race(gdviz.Beale()).runs) == LECTURES_RULES
