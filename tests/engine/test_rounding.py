"""Where rounding decides: found where the lecture's loop in plain Python finds it, and before it all ways agree."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gdviz
from gdviz.engine import horizon_sentence, rounding
from gdviz.engine.interpreted import advance_in_step
from gdviz.objectives import SigmoidNeuron, load_data
from gdviz.optimizers import OPTIMIZERS
from gdviz.training import Point
from gdviz.training.experiment import usual
from tests import oracle
from tests.surfaces import SURFACES

SAMPLES = [(0.5, 0.2), (2.5, 0.9)]
LECTURE = SigmoidNeuron(*zip(*SAMPLES, strict=True))
OTHERS = {"gamma": 0.9, "beta": 0.9, "beta1": 0.9, "beta2": 0.9, "eps": 1e-8}
NEAR = 2
"""Updates by which two right programs may differ on RMSProp, which multiplies a difference by 2.7 in each."""
ROUNDINGS = 30
"""What other roundings may make of a difference before it grows."""
NEURONS = [LECTURE, *(SigmoidNeuron.on(load_data(name).standardized()) for name in ("lecture", "oring", "sparse"))]
OBJECTIVES = [*NEURONS, *(cls() for cls in SURFACES)]
SAMPLINGS = [
    gdviz.Batch(), gdviz.Stochastic(), gdviz.Stochastic(shuffle=True), gdviz.MiniBatch(5),
    gdviz.MiniBatch(4, shuffle=True),
]  # fmt: skip


@pytest.mark.parametrize(("eta", "update"), [(0.05, 134), (0.1, 90)])
@pytest.mark.parametrize("reduction", ["lecture", "sum"])
def test_rmsprop_on_the_lectures_race(eta, update, reduction):
    run = gdviz.Run(LECTURE, gdviz.RMSProp(eta=eta), (-2, -2), reduction=reduction, epochs=300)
    assert abs(gdviz.horizon(run) - update) <= NEAR
    grown = oracle.growth(SAMPLES, (-2.0, -2.0), "rmsprop", {**OTHERS, "eta": eta}, reduction=reduction, updates=300)
    assert abs(gdviz.horizon(run) - oracle.horizon(grown)) <= NEAR


@pytest.mark.parametrize("rule", ["gd", "momentum", "nag", "adagrad", "adam"])
def test_the_lectures_other_rules_have_none(rule):
    (optimizer,) = (usual(cls, LECTURE) for cls in OPTIMIZERS if cls.name == rule)
    run = gdviz.Run(LECTURE, optimizer, (-2, -2), epochs=1000)
    assert gdviz.horizon(run) is None
    grown = oracle.growth(SAMPLES, (-2.0, -2.0), rule, {**OTHERS, "eta": optimizer.eta}, updates=1000)
    assert oracle.horizon(grown) is None


@pytest.mark.parametrize("rule", [cls.name for cls in OPTIMIZERS])
@settings(max_examples=8, deadline=None)
@given(power=st.floats(-1.5, 0.5), size=st.sampled_from([None, 1]), start=st.tuples(*[st.floats(-3, 3)] * 2))
def test_differences_have_grown_as_the_oracle_says(rule, power, size, start):
    """The threshold may be passed sooner or later, but not by a difference that other roundings do not explain."""
    (cls,) = (cls for cls in OPTIMIZERS if cls.name == rule)
    optimizer = usual(cls, LECTURE)
    optimizer = replace(optimizer, eta=optimizer.eta * 10**power)
    sampling = gdviz.Batch() if size is None else gdviz.Stochastic()
    update = gdviz.horizon(gdviz.Run(LECTURE, optimizer, start, sampling=sampling, updates=200))
    grown = oracle.growth(SAMPLES, start, rule, optimizer.values(), size=size, updates=200)
    assert grown[-1 if update is None else update - 1] <= 1e-9 * ROUNDINGS
    assert update is None or grown[update] >= 1e-9 / ROUNDINGS


def paths(run):
    """The points by compiled loops, where there are some, by numpy, and update by update."""
    numpy = advance_in_step([run], [Point.start(run)], run.total)[0].params
    return gdviz.train(run).params[1:], numpy, np.array([step.params for step in gdviz.steps(run)])


def agree(run):
    """Whether all ways agree as far as they can."""
    update = gdviz.horizon(run)
    ways = paths(run)
    before = run.total if update is None else update - 1
    if update is None:
        assert len({len(way) for way in ways}) == 1
    first, *others = (way[:before] for way in ways)
    off = max(float((np.abs(way - first) / np.maximum(1, np.abs(first))).max(initial=0.0)) for way in others)
    return off <= (1e-8 if update is None else 1e-7)


def drawn_run(random):
    objective, cls = random.choice(OBJECTIVES), random.choice(list(OPTIMIZERS))
    optimizer = usual(cls, objective)
    optimizer = replace(optimizer, eta=optimizer.eta * 10 ** random.uniform(-1.5, 1))
    schedule = random.choice([gdviz.ConstantRate(), gdviz.ConstantRate(), gdviz.CosineDecay(), gdviz.StepDecay()])
    reduction = random.choice(["lecture", "sum", "mean"])
    sampling = random.choice(SAMPLINGS)
    return gdviz.Run(objective, optimizer, sampling=sampling, schedule=schedule, reduction=reduction, updates=300)


@pytest.mark.parametrize("sampling", SAMPLINGS, ids=lambda s: f"{s.name}{'_shuffled' * getattr(s, 'shuffle', False)}")
@pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)
def test_all_ways_agree_before_the_horizon(cls, sampling):
    for objective in (LECTURE, NEURONS[2], OBJECTIVES[-1]):
        assert agree(gdviz.Run(objective, usual(cls, objective), sampling=sampling, updates=200))


@settings(max_examples=40, deadline=None)
@given(random=st.randoms(use_true_random=False))
def test_all_ways_agree_whatever_is_chosen(random):
    assert agree(drawn_run(random))


@pytest.mark.slow
@settings(max_examples=3000, deadline=None)
@given(random=st.randoms(use_true_random=False))
def test_all_ways_agree_in_very_many_runs(random):
    assert agree(drawn_run(random))


def test_rounding_really_decides_behind_it():
    """Otherwise the runs with a horizon would be left out of the comparison for nothing."""
    run = gdviz.Run(LECTURE, gdviz.RMSProp(eta=0.1), (-2, -2), epochs=300)
    one, other = (
        oracle.train(SAMPLES, (-2.0, -2.0), "rmsprop", {**OTHERS, "eta": 0.1}, updates=300, tilt=tilt)
        for tilt in (False, True)
    )
    off = np.abs(np.array(one) - other).max(axis=1)
    assert off[: gdviz.horizon(run)].max() <= 1e-7
    assert off.max() > 1e-3


# -- every kind of run


PATIENCE = 5
RMSPROP = gdviz.Run(LECTURE, gdviz.RMSProp(eta=0.05), (-2, -2), epochs=300)


def test_a_fork_has_the_horizon_of_the_way_it_went():
    other = replace(RMSPROP.forked_at(100), optimizer=gdviz.RMSProp(eta=1e-6))
    late = replace(RMSPROP.forked_at(200), optimizer=gdviz.RMSProp(eta=0.001))
    assert gdviz.horizon(late) == gdviz.horizon(RMSPROP)
    assert gdviz.horizon(other) is None


def test_a_schedule_counts():
    slower = replace(RMSPROP, schedule=gdviz.InverseDecay(rate=1.0))
    assert gdviz.horizon(slower) is None


def test_a_run_that_ends_before_has_none():
    at = gdviz.horizon(RMSPROP)
    assert gdviz.horizon(replace(RMSPROP, updates=at)) == at
    assert gdviz.horizon(replace(RMSPROP, updates=at - 1)) is None


def test_a_run_that_diverges_has_none_though_its_numbers_grow():
    surface = next(cls() for cls in SURFACES if cls.name == "booth")
    run = gdviz.Run(surface, gdviz.GradientDescent(eta=0.5), updates=200)
    assert gdviz.train(run).diverged
    assert gdviz.horizon(run) is None


def test_a_run_that_stops_early_ends_there():
    X = np.linspace(-1, 1, 20)
    line = gdviz.Network("1-1", output="linear", X=X, Y=X**2, validation=0.25)
    run = gdviz.Run(line, gdviz.RMSProp(eta=0.05), epochs=400, patience=PATIENCE)
    assert line.is_planar
    assert gdviz.horizon(replace(run, patience=0)) > gdviz.train(run).last > PATIENCE
    assert gdviz.horizon(run) is None


def test_more_than_two_params_have_none():
    X = np.linspace(-1, 1, 20)
    network = gdviz.Network("1-3-1", output="linear", X=X, Y=X**2)
    assert gdviz.horizon(gdviz.Run(network, gdviz.RMSProp(eta=0.2), epochs=400)) is None


def test_it_can_be_stopped_and_asked_again():
    asked = []

    def cancelled():
        asked.append(True)
        return len(asked) > 2

    run = gdviz.Run(LECTURE, gdviz.GradientDescent(eta=0.01), updates=10**6)
    assert gdviz.horizon(run, cancelled) is None
    assert len(asked) == 4
    run = replace(RMSPROP, seed=17)
    assert gdviz.horizon(run, lambda: True) is None
    assert gdviz.horizon(run) == gdviz.horizon(RMSPROP)


def test_it_does_not_depend_on_the_pieces(monkeypatch):
    at = gdviz.horizon(RMSPROP)
    monkeypatch.setattr(rounding, "PIECE", 0)
    monkeypatch.setattr(rounding, "FEW", 1)
    assert gdviz.horizon(replace(RMSPROP, seed=18)) == at


def test_no_more_is_looked_at_than_it_says(monkeypatch):
    at = gdviz.horizon(RMSPROP)
    for name, most, found in (
        ("MOST_UPDATES", at, at), ("MOST_UPDATES", at - 1, None),
        ("MOST_SAMPLES", 2 * at, at), ("MOST_SAMPLES", 2 * at - 1, None),
    ):  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setattr(rounding, name, most)
            assert gdviz.horizon(replace(RMSPROP, seed=hash((name, most)) % 1000 + 100)) == found


def test_additions_alone_are_no_growth():
    """A unit in the last place from each of the most updates that are looked at stays below the tolerance."""
    assert rounding.MOST_UPDATES * math.ulp(1.0) < rounding.TOLERANCE


def test_the_sentence_names_the_update():
    assert horizon_sentence(134).startswith("from update 134 on ")
