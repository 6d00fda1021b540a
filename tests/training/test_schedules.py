"""The schedules against their formulas, t counted from 0 in epochs or in updates."""

import math

import pytest

import gdviz
from gdviz.objectives import SigmoidNeuron
from gdviz.params import describe, parse
from gdviz.training import SCHEDULES

FORMULAS = [
    (gdviz.ConstantRate(), lambda t, T: 0.3),
    (gdviz.StepDecay(0.5, 3), lambda t, T: 0.3 * 0.5 ** math.floor(t / 3)),
    (gdviz.ExponentialDecay(0.2), lambda t, T: 0.3 * math.exp(-0.2 * t)),
    (gdviz.InverseDecay(0.2), lambda t, T: 0.3 / (1 + 0.2 * t)),
    (gdviz.CosineDecay(0.05), lambda t, T: 0.05 + (0.3 - 0.05) * (1 + math.cos(math.pi * t / T)) / 2),
    (gdviz.StepDecay(0.5, 3, per="update"), lambda t, T: 0.3 * 0.5 ** math.floor(t / 3)),
    (gdviz.CosineDecay(0.05, per="update"), lambda t, T: 0.05 + (0.3 - 0.05) * (1 + math.cos(math.pi * t / T)) / 2),
]


@pytest.mark.parametrize(("schedule", "formula"), FORMULAS, ids=[describe(schedule) for schedule, _ in FORMULAS])
def test_the_learning_rate_of_every_update_is_the_formulas(schedule, formula):
    neuron = SigmoidNeuron(range(5), range(5))
    for stop, updates in (({"epochs": 9}, 27), ({"updates": 14}, 14)):
        run = gdviz.Run(neuron, gdviz.Adam(0.3), schedule=schedule, sampling=gdviz.MiniBatch(2), **stop)
        etas = [step.eta for step in gdviz.steps(run)]
        assert len(etas) == updates
        if schedule.per == "update":
            expected = [formula(t, updates) for t in range(updates)]
        else:
            expected = [formula(t // 3, math.ceil(updates / 3)) for t in range(updates)]
        assert etas == pytest.approx(expected, rel=1e-14)


def test_every_schedule_is_tested_and_starts_at_eta():
    assert {type(schedule) for schedule, _ in FORMULAS} == set(SCHEDULES)
    assert all(cls().at(0.7, 0, 3, 30) == 0.7 for cls in SCHEDULES)


@pytest.mark.parametrize("cls", SCHEDULES, ids=lambda cls: cls.name)
def test_is_a_value_that_says_what_it_is(cls):
    assert parse(describe(cls()), SCHEDULES) == cls() and hash(cls()) == hash(cls())
    assert cls.formula and cls.label


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("step:drop=0", "step: drop must be a number > 0 and <= 1, not '0'"),
        ("step:every=2.5", "step: every must be a whole number >= 1, not '2.5'"),
        ("inverse:rate=-1", "inverse: rate must be a number >= 0, not '-1'"),
        ("cosine:floor=x", "cosine: floor must be a number >= 0, not 'x'"),
        ("cosine:per=day", "cosine: per must be one of epoch, update, not 'day'"),
        ("cosine:rate=1", "cosine has no parameter 'rate'; it has: floor, per"),
        ("constant:rate=1", "constant has no parameters; 'constant:rate=1' should be constant"),
        ("step:every=2,every=3", "step: every is given twice"),
        ("step:every", "step: write parameters as name=value, not 'every'"),
        ("cosin", "unknown schedule 'cosin'; did you mean cosine? known: constant, step, "),
    ],
)
def test_bad_ones_are_refused(text, sentence):
    with pytest.raises(ValueError) as refused:
        parse(text, SCHEDULES)
    assert str(refused.value).startswith(sentence)
