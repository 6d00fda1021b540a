"""The compiled loops and numpy's make the updates of :func:`gdviz.steps`, the readable reference, in any chunks.

What is compared is relative to the path's scale, over the first updates: later, a rule that hops about a minimum lets
the last bit decide.
"""

import numpy as np
import pytest

import gdviz
from gdviz.engine import advance, is_compiled, prepare
from gdviz.engine.interpreted import advance_in_step, are_in_step
from gdviz.objectives import SigmoidNeuron
from gdviz.optimizers import OPTIMIZERS
from gdviz.training import SCHEDULES, Point
from gdviz.training.experiment import usual
from tests.surfaces import SURFACES

RANDOM = np.random.default_rng(5)
NEURON = SigmoidNeuron(RANDOM.normal(size=11), RANDOM.uniform(size=11))
SHUFFLED = gdviz.MiniBatch(4, shuffle=True)
STRATEGIES = {
    "batch": gdviz.Batch(),
    "minibatch": gdviz.MiniBatch(4),
    "minibatch-shuffled": SHUFFLED,
    "stochastic": gdviz.Stochastic(),
    "stochastic-shuffled": gdviz.Stochastic(shuffle=True),
}
TOLERANCE = 1e-12
every_optimizer = pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)
every_strategy = pytest.mark.parametrize("sampling", STRATEGIES.values(), ids=STRATEGIES)
every_surface = pytest.mark.parametrize("surface", [cls() for cls in SURFACES], ids=lambda surface: surface.name)


def compiled(run, *sizes):
    """The run's points after each update by the compiled loops, and why no more followed."""
    pytest.importorskip("numba")
    prepare(run)
    assert is_compiled(run)
    return chunked(lambda point, size: advance([run], [point], size)[0], run, sizes)


def interpreted(run, *sizes):
    """The same by numpy."""
    return chunked(lambda point, size: advance_in_step([run], [point], size)[0], run, sizes)


def chunked(make, run, sizes):
    """The points of chunks of the given sizes, then of one that goes on to the end."""
    point, pieces, reason, sizes = Point.start(run), [], "", [*sizes, run.total]
    while point.update < run.total and not reason:
        chunk = make(point, sizes.pop(0))
        point, reason = chunk.end, chunk.diverged
        pieces.append(chunk)
    params = np.concatenate([piece.params for piece in pieces])
    np.testing.assert_array_equal(point.params, [run.start, *params][-1])
    states = np.concatenate([piece.states for piece in pieces])
    assert len(params) == point.update and len(states) == point.update // 16
    return params, states, point.state, reason


def reference(run):
    return np.array([step.params for step in gdviz.steps(run)]).reshape(-1, 2)


def assert_same_path(params, truth):
    assert params.shape == truth.shape
    assert np.isfinite(truth).all() and abs(params - truth).max(initial=0) <= TOLERANCE * abs(truth).max(initial=1)


makers = pytest.mark.parametrize("made", [compiled, interpreted])


@makers
@every_optimizer
@every_strategy
def test_the_neurons_updates_are_those_of_the_reference(cls, sampling, made):
    run = gdviz.Run(NEURON, usual(cls, NEURON), sampling=sampling, updates=60)
    assert_same_path(made(run)[0], reference(run))


@makers
@every_optimizer
@every_surface
def test_a_surfaces_updates_are_those_of_the_reference(cls, surface, made):
    run = gdviz.Run(surface, usual(cls, surface), updates=60)
    assert_same_path(made(run)[0], reference(run))


@makers
@every_optimizer
def test_checkpoints_and_the_end_hold_the_rules_memory(cls, made):
    run = gdviz.Run(NEURON, usual(cls, NEURON), sampling=SHUFFLED, updates=60)
    _, states, end, _ = made(run)
    truth = [np.array(step.state).reshape(-1, 2) for step in gdviz.steps(run)]
    assert states.shape == (3, len(cls.state), 2)
    for state, update in (*zip(states, (16, 32, 48), strict=True), (end, 60)):
        np.testing.assert_allclose(np.reshape(state, (-1, 2)), truth[update - 1], rtol=1e-11, atol=1e-13)


@makers
@pytest.mark.parametrize("per", ["epoch", "update"])
@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda cls: cls.name)
def test_the_learning_rate_follows_its_schedule(schedule, per, made):
    timing = {} if schedule is gdviz.ConstantRate else {"per": per}
    speed = {"every": 3} if schedule is gdviz.StepDecay else {}
    run = gdviz.Run(NEURON, gdviz.Momentum(0.3), sampling=SHUFFLED, schedule=schedule(**timing, **speed), updates=50)
    truth = reference(run)
    assert_same_path(made(run, 7, 16)[0], truth)
    constant = gdviz.Run(NEURON, gdviz.Momentum(0.3), sampling=SHUFFLED, updates=50)
    assert (schedule is gdviz.ConstantRate) == np.array_equal(reference(constant), truth)


@makers
@pytest.mark.parametrize("optimizer", [gdviz.GradientDescent(0.3), gdviz.Nesterov(0.1)], ids=["gd", "nag"])
@pytest.mark.parametrize("sampling", [gdviz.Batch(), SHUFFLED], ids=["batch", "minibatch"])
def test_gradients_are_reduced_as_asked(sampling, optimizer, made):
    """The last batch of an epoch is shorter, so it is divided by another number."""
    ends = []
    for reduction in ("sum", "mean", "lecture"):
        run = gdviz.Run(NEURON, optimizer, sampling=sampling, reduction=reduction, updates=40)
        params = made(run)[0]
        assert_same_path(params, reference(run))
        ends.append(params[-1].tolist())
    assert ends[0] != ends[1] and ends[2] == ends[1 if optimizer.lecture_divides else 0]


@makers
@every_optimizer
@pytest.mark.parametrize("sampling", [gdviz.Batch(), SHUFFLED], ids=["batch", "minibatch"])
def test_chunks_change_nothing_at_all(cls, sampling, made):
    run = gdviz.Run(NEURON, usual(cls, NEURON), sampling=sampling, schedule=gdviz.CosineDecay(), updates=75)
    whole = made(run)
    pieces = made(run, 1, 2, 13, 16, 1, 31)
    for one, other in zip(whole, pieces, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("sampling", STRATEGIES.values(), ids=STRATEGIES)
def test_errors_are_the_objectives_however_they_were_evaluated(sampling):
    """The loop over all samples notes them on its way, the others are evaluated afterwards."""
    run = gdviz.Run(NEURON, gdviz.Momentum(0.3), sampling=sampling, updates=50)
    trajectory = gdviz.train(run)
    np.testing.assert_allclose(trajectory.error, NEURON.value(trajectory.params), rtol=1e-13)
    (shown,) = advance([run], [Point.start(run)], 50, with_errors=True)
    np.testing.assert_allclose(shown.error, trajectory.error[1:], rtol=1e-13)


def test_many_samples_are_shuffled_piece_by_piece(monkeypatch):
    """Copies of the shuffled samples are made some epochs at a time; where one ends changes nothing."""
    run = gdviz.Run(NEURON, gdviz.Adam(0.1), sampling=SHUFFLED, updates=60)
    whole = compiled(run)
    monkeypatch.setattr("gdviz.engine.compiled.GATHERED", 2 * NEURON.samples)
    monkeypatch.setattr("gdviz.engine.compiled._last_in_order", (None, None, None))
    for sizes in ((), (5,)):
        for one, other in zip(compiled(run, *sizes), whole, strict=True):
            np.testing.assert_array_equal(one, other)


DIVERGING = {
    "at once": gdviz.Run(gdviz.Rosenbrock(), gdviz.GradientDescent(1e307), updates=90),
    "after one": gdviz.Run(gdviz.Rosenbrock(), gdviz.GradientDescent(1), updates=90),
    "later": gdviz.Run(gdviz.Himmelblau(), gdviz.Momentum(0.03, gamma=0.9), updates=900),
    "look-ahead": gdviz.Run(gdviz.Booth(), gdviz.Nesterov(0.11), updates=900),
    "pulled too hard": gdviz.Run(gdviz.Beale(), gdviz.AdamW(0.5, weight_decay=5), updates=90),
    "no epsilon": gdviz.Run(SigmoidNeuron([0, 1], [0.5, 0.5]), gdviz.Adam(eps=0), (1, 0), sampling=gdviz.Stochastic()),
    "neither": gdviz.Run(SigmoidNeuron([0.0], [0.5]), gdviz.AdaMax(eps=0), (1, 1)),
}


@makers
@pytest.mark.parametrize("run", DIVERGING.values(), ids=DIVERGING)
def test_a_run_diverges_at_the_references_update_for_the_same_reason(run, made):
    truth = reference(run)
    with np.errstate(all="ignore"):
        beyond = gdviz.training.loop.following(run, last_point(run, len(truth))).params
    params, _, _, reason = made(run)
    assert reason == f"diverged at update {len(truth) + 1}: {run.divergence(beyond)}" and len(truth) < run.total
    assert params.shape == truth.shape
    np.testing.assert_allclose(params, truth, rtol=1e-9)
    for one, other in zip(made(run), made(run, 1, 2, 3), strict=True):
        np.testing.assert_array_equal(one, other)


def last_point(run, update):
    point = Point.start(run)
    for step in gdviz.steps(run):
        point = step.point
    assert point.update == update
    return point


def test_runs_in_step_do_not_feel_that_others_diverge():
    """Of six that share numpy's calls, three leave the race, each at another time."""
    etas = {0.01: False, 0.02: True, 0.004: False, 1e307: True, 0.05: True, 0.001: False}
    runs = gdviz.Experiment.race(gdviz.Himmelblau(), [gdviz.Momentum(eta) for eta in etas], updates=60).runs
    points = [Point.start(run) for run in runs]
    first, *others = zip(runs, points, strict=True)
    assert all(are_in_step(first, other) for other in others)
    chunks = advance_in_step(runs, points, 60)
    assert [bool(chunk.diverged) for chunk in chunks] == list(etas.values())
    assert len({len(chunk.params) for chunk in chunks}) == 4
    for run, chunk in zip(runs, chunks, strict=True):
        params, _, end, reason = interpreted(run)
        np.testing.assert_allclose(chunk.params, params, rtol=1e-13)
        np.testing.assert_allclose(chunk.end.state, end, rtol=1e-13)
        assert (chunk.end.update, chunk.diverged) == (len(params), reason)


def test_different_rules_go_in_step_with_their_own_memories():
    race = gdviz.lecture_race(NEURON, sampling=SHUFFLED, updates=60)
    chunks = advance_in_step(race.runs, [Point.start(run) for run in race.runs], 60)
    for run, chunk in zip(race.runs, chunks, strict=True):
        assert_same_path(chunk.params, reference(run))


def test_runs_that_see_other_batches_are_not_in_step():
    base = gdviz.Run(NEURON, gdviz.Momentum(0.1), sampling=SHUFFLED, updates=20)
    other = SigmoidNeuron(NEURON.X[::-1], NEURON.Y)
    fields = {"sampling": gdviz.MiniBatch(5, shuffle=True)}, {"seed": 1}, {"updates": 21}, {"objective": other}
    runs = [base, *(gdviz.Run(**{**vars(base), **changed}) for changed in fields)]
    points = [Point.start(run) for run in runs]
    pairs = list(zip(runs, points, strict=True))
    assert all(are_in_step(one, other) == (one is other) for one in pairs for other in pairs)
    for run, chunk in zip(runs, advance(runs, points, 20), strict=True):
        assert_same_path(chunk.params, reference(run)[:20])


WITH_EPSILON = [cls for cls in OPTIMIZERS if any(param.name == "eps" for param in cls.params())]


@makers
@pytest.mark.parametrize("eps", [0, 1e-8])
@pytest.mark.parametrize("cls", WITH_EPSILON, ids=lambda cls: cls.name)
def test_a_gradient_of_zero_never_raises(cls, eps, made):
    """By plain numbers 0/0 is an error; it must end as NaN does in arrays."""
    run = gdviz.Run(SigmoidNeuron([0.0], [0.5]), cls(eta=0.1, eps=eps), (1.0, 0.0), updates=5)
    truth = reference(run)
    params, _, _, reason = made(run)
    assert_same_path(params, truth)
    assert bool(reason) == (len(truth) < 5)
