"""gdviz against the lecture's loops in plain Python: every update, params and error, to 1e-9 relative.

Some random examples cannot be computed to 1e-9 in floating point by anybody: a gradient that is nearly 0 by
cancellation, divided by the root of its own square. The oracle finds them by itself: it runs twice with different
roundings, and an example where its own two answers differ by more than 1e-11 is left out. So is one where a step all
but leads to 0: the last digits of the point before become the first, and the two roundings may agree by chance.
"""

import csv
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import gdviz
from gdviz.objectives import SigmoidNeuron, load_data
from gdviz.optimizers import OPTIMIZERS
from gdviz.params import parse
from gdviz.training import SCHEDULES
from tests import oracle
from tests.command import gdviz as command
from tests.surfaces import SURFACES

RULES = {cls.name: cls for cls in OPTIMIZERS}
LECTURE = {"eta": 0.01, "gamma": 0.9, "beta": 0.9, "beta1": 0.9, "beta2": 0.9, "eps": 1e-8}
PAPERS = {
    "adadelta": {"rho": 0.95, "eps": 1e-6},
    "amsgrad": {"beta2": 0.99},
    "adamax": {"beta2": 0.999},
    "nadam": {"beta1": 0.975, "beta2": 0.999},
    "adamw": {"beta2": 0.999, "weight_decay": 0.01},
    "lion": {"beta2": 0.99, "weight_decay": 0.1},
}
DEFAULTS = {rule: {**LECTURE, **PAPERS.get(rule, {})} for rule in RULES}


def furthest(numbers, truth):
    """The largest relative difference; 0 against 0 is none."""
    pairs = zip(np.ravel(numbers).tolist(), np.ravel(truth).tolist(), strict=True)
    return max(0.0 if a == b else abs(a - b) / max(abs(b), 1e-300) for a, b in pairs)


def oracle_race(samples, points_of):
    """The oracle's points and errors, and how far any two roundings may lie apart."""
    plain, tilted = points_of(False), points_of(True)
    errors = [oracle.neuron_error(point, samples) for point in plain]
    tilted_errors = [oracle.neuron_error(point, samples, tilt=True) for point in tilted]
    return plain, errors, max(furthest(tilted, plain), furthest(tilted_errors, errors), cancelled(plain))


def cancelled(points):
    """How much of a point's last digit is left after the step from it, as a share of the next point."""
    pairs = zip(np.ravel(points[:-1]).tolist(), np.ravel(points[1:]).tolist(), strict=True)
    return max(0.0 if after == 0 else np.finfo(float).eps * abs(before / after) for before, after in pairs)


def number(low, high):
    return st.floats(low, high, allow_subnormal=False)


def logarithmic(low, high):
    return number(math.log10(low), math.log10(high)).map(lambda power: 10**power)


hyperparameters = st.fixed_dictionaries(
    {"eta": logarithmic(1e-4, 2), "eps": logarithmic(1e-8, 1)}
    | {key: number(0, 0.99) for key in ("gamma", "beta", "beta1", "beta2", "rho", "weight_decay")}
)
schedules = st.one_of(
    st.just(("constant", {})),
    st.tuples(st.just("step"), st.fixed_dictionaries({"drop": number(0.1, 1), "every": st.integers(1, 12)})),
    st.tuples(st.just("exponential"), st.fixed_dictionaries({"rate": number(0, 0.3)})),
    st.tuples(st.just("inverse"), st.fixed_dictionaries({"rate": number(0, 5)})),
    st.tuples(st.just("cosine"), st.fixed_dictionaries({"floor": number(0, 0.1)})),
)


@st.composite
def cases(draw):
    """Samples, the oracle's arguments, and the same as fields of a gdviz.Run."""
    samples = draw(st.lists(st.tuples(number(-4, 4), number(-0.5, 1.5)), min_size=1, max_size=40))
    start = draw(st.tuples(number(-3, 3), number(-3, 3)))
    schedule, per = draw(schedules), draw(st.sampled_from(["epoch", "update"]))
    made = {cls.name: cls for cls in SCHEDULES}[schedule[0]]
    size = draw(st.one_of(st.none(), st.just(1), st.integers(2, 45)))
    sampling = gdviz.Batch() if size is None else gdviz.Stochastic() if size == 1 else gdviz.MiniBatch(size)
    per_epoch = math.ceil(len(samples) / (size or len(samples)))
    common = {"reduction": draw(st.sampled_from(["lecture", "sum", "mean"]))}
    if draw(st.booleans()):
        updates = draw(st.integers(1, 60))
        stop = {"updates": updates}
    else:
        stop = {"epochs": draw(st.integers(1, max(1, 60 // per_epoch)))}
        updates = stop["epochs"] * per_epoch
    mine = {"size": size, "schedule": schedule, "per": per, "updates": updates, **common}
    timing = {} if schedule[0] == "constant" else {"per": per}
    theirs = {"sampling": sampling, "schedule": made(**schedule[1], **timing), **stop, **common}
    return samples, start, draw(hyperparameters), mine, theirs


def made(rule, h):
    return RULES[rule](**{key: value for key, value in h.items() if key in {p.name for p in RULES[rule].params()}})


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases())
def test_every_update_agrees_with_the_lectures_loop(rule, case):
    samples, start, h, mine, theirs = case
    points, errors, doubt = oracle_race(samples, lambda tilt: oracle.train(samples, start, rule, h, tilt=tilt, **mine))
    assume(doubt <= 1e-11)
    run = gdviz.Run(SigmoidNeuron(*zip(*samples, strict=True)), made(rule, h), start, **theirs)
    assume((np.abs(points) < run.objective.limits[:, 1]).all())  # beyond, gdviz calls it diverged and stops
    trajectory = gdviz.train(run)
    assert furthest(trajectory.params, points) <= 1e-9
    assert furthest(trajectory.error, errors) <= 1e-9
    assert furthest([step.params for step in gdviz.steps(run)], points[1:]) <= 1e-9


@pytest.mark.parametrize("data", ["lecture", "oring", "sparse"])
@pytest.mark.parametrize("rule", RULES)
def test_shipped_data_agree_without_exception(rule, data):
    """At the lecture's η; at 0.1 its RMSProp hops about the minimum, and after 100 updates the last bit decides."""
    neuron = SigmoidNeuron.on(load_data(data).standardized())
    samples = list(zip(neuron.X.tolist(), neuron.Y.tolist(), strict=True))
    points = oracle.train(samples, (-2.0, -2.0), rule, DEFAULTS[rule], size=8, updates=150)
    run = gdviz.Run(neuron, made(rule, DEFAULTS[rule]), (-2, -2), sampling=gdviz.MiniBatch(8), updates=150)
    trajectory = gdviz.train(run)
    assert furthest(trajectory.params, points) <= 1e-9
    assert furthest(trajectory.error, [oracle.neuron_error(point, samples) for point in points]) <= 1e-9


@pytest.mark.parametrize("surface", [cls() for cls in SURFACES], ids=lambda s: s.name)
@pytest.mark.parametrize("rule", RULES)
def test_surfaces_agree(rule, surface):
    def gradient(point, x, y, tilt):
        return surface.df(*point, *surface.values().values())

    h = {**DEFAULTS[rule], "eta": 1e-4}
    points = oracle.train([(0, 0)], surface.start, rule, h, updates=100, gradient=gradient)
    assert furthest(gdviz.train(gdviz.Run(surface, made(rule, h), updates=100)).params, points) <= 1e-9


def test_the_oracle_would_notice():
    """The comparison fails for a rule that is off by one part in a million."""
    samples = [(0.5, 0.2), (2.5, 0.9)]
    points = oracle.train(samples, (-2.0, -2.0), "adam", {**LECTURE, "beta1": 0.9 + 1e-6}, updates=20)
    run = gdviz.Run(SigmoidNeuron([0.5, 2.5], [0.2, 0.9]), gdviz.Adam(), (-2, -2), updates=20)
    assert furthest(gdviz.train(run).params, points) > 1e-9


@pytest.mark.parametrize("rule", RULES)
def test_the_command_line_writes_exactly_what_python_computes(rule, tmp_path):
    text = f"{rule}:eta=0.05"
    flags = ["--data", "oring", "--standardize", "--strategy", "minibatch", "--batch-size", "5", "--epochs", "12"]
    done = command("train", *flags, "--optimizer", text, "-o", tmp_path / "f.csv")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with (tmp_path / "f.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    neuron = SigmoidNeuron.on(load_data("oring").standardized())
    trajectory = gdviz.train(gdviz.Run(neuron, parse(text, OPTIMIZERS), sampling=gdviz.MiniBatch(5), epochs=12))
    assert header == ["run", "update", "epoch", "w", "b", "error"]
    assert [row[0] for row in rows] == [rule] * 61
    assert [(int(row[1]), int(row[2])) for row in rows] == list(enumerate([0, *np.repeat(range(1, 13), 5)]))
    assert [[float(row[3]), float(row[4])] for row in rows] == trajectory.params.tolist()
    assert [float(row[5]) for row in rows] == trajectory.error.tolist()
    samples = list(zip(neuron.X.tolist(), neuron.Y.tolist(), strict=True))
    points = oracle.train(samples, (-2.0, -2.0), rule, {**DEFAULTS[rule], "eta": 0.05}, size=5, updates=60)
    assert furthest([[float(cell) for cell in row[3:5]] for row in rows], points) <= 1e-9
