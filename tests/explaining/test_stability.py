"""The gauge is right: exact curvatures, limits that the literature knows, and runs that keep to them."""

import mpmath
import numpy as np
import pytest

import gdviz
from gdviz.explaining.stability import SAMPLES_AT_MOST, limit_of, stability_of
from gdviz.objectives import OBJECTIVES, Objective, SigmoidNeuron
from gdviz.optimizers import OPTIMIZERS
from tests.explaining.test_working import NEURON, Lying, Wordless


@pytest.mark.parametrize("point", [(0.3, -0.7), (-2.0, -2.0), (3.0, 1.0), (40.0, -30.0)])
def test_the_neurons_curvature_is_exact(point):
    """Against mpmath's derivatives to 40 digits."""
    X, Y = NEURON.X.tolist(), NEURON.Y.tolist()

    def error(w, b):
        return sum((1 / (1 + mpmath.exp(-(w * x + b))) - y) ** 2 / 2 for x, y in zip(X, Y, strict=True))

    with mpmath.workdps(40):
        truth = [[float(mpmath.diff(error, point, n)) for n in row] for row in (((2, 0), (1, 1)), ((1, 1), (0, 2)))]
    np.testing.assert_allclose(NEURON.hessian(np.array(point)), truth, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("cls", OBJECTIVES, ids=lambda cls: cls.name)
def test_differences_of_the_gradient_are_the_curvature(cls):
    objective = NEURON if cls is SigmoidNeuron else cls()
    point = np.array(objective.start) + 0.1
    found = Objective.hessian(objective, point)
    assert (found == found.T).all()
    h = 1e-4
    for axis, step in enumerate(np.eye(objective.size) * h):
        truth = (objective.gradient(point + step) - objective.gradient(point - step)) / (2 * h)
        np.testing.assert_allclose(found[axis], truth, rtol=1e-4, atol=1e-4 * abs(found).max())
    np.testing.assert_allclose(objective.hessian(point), found, rtol=1e-6, atol=1e-8 * abs(found).max())


@pytest.mark.parametrize(
    ("optimizer", "limit"),
    [
        (gdviz.GradientDescent(0.3), 2),
        (gdviz.Momentum(0.3, gamma=0.8), 2 * (1 + 0.8)),
        (gdviz.Momentum(7, gamma=0), 2),
        (gdviz.Nesterov(0.3, gamma=0.8), 2 * (1 + 0.8) / (1 + 2 * 0.8)),
        (gdviz.AdaGrad(0.1), 2),
        (gdviz.RMSProp(0.1), 2),
        (gdviz.Adadelta(), 2),
        (gdviz.Adam(0.1), 2 * 1.9 / 0.1),
        (gdviz.Adam(0.1, beta1=0.5, beta2=0.999), 2 * 1.5 / 0.5),
        (gdviz.AMSGrad(0.1, beta1=0.5), 2 * 1.5 / 0.5),
        (gdviz.AdaMax(0.1, beta1=0.5), 2 * 1.5 / 0.5),
    ],
    ids=lambda value: value.name if isinstance(value, gdviz.Optimizer) else f"{value:.3g}",
)
def test_the_limits_are_those_of_the_literature(optimizer, limit):
    assert limit_of(optimizer) == pytest.approx(limit, rel=2e-6)


@pytest.mark.parametrize(
    "optimizer", [gdviz.Lion(), Wordless(), Lying(), gdviz.GradientDescent(0)], ids=lambda optimizer: optimizer.name
)
def test_who_has_no_limit_or_does_not_tell_has_none(optimizer):
    assert limit_of(optimizer) is None


@pytest.mark.parametrize("cls", [gdviz.GradientDescent, gdviz.Momentum, gdviz.Nesterov], ids=lambda cls: cls.name)
def test_below_the_limit_a_run_comes_to_rest_and_above_it_it_does_not(cls):
    ravine = gdviz.Ravine(steepness=25.0)
    for share in (0.98, 1.02):
        optimizer = cls(eta=1.0)
        optimizer = cls(eta=share * limit_of(optimizer) / 25)
        run = gdviz.Run(ravine, optimizer, (0.0, 0.1), updates=3000)
        trajectory = gdviz.train(run)
        stability = stability_of(trajectory.step(1))
        assert stability.share == pytest.approx(share, rel=1e-5) and stability.sentence
        rests = not trajectory.diverged and abs(trajectory.params[-1, 1]) < 1e-3
        assert rests == (share < 1)


def test_the_batch_and_the_reduction_count():
    """A mean over a batch is a mean over all samples, on average; a sum over half of them is half the sum."""
    step, found = None, {}
    for reduction, size in (("sum", 11), ("mean", 11), ("sum", 5), ("mean", 5)):
        run = gdviz.Run(
            NEURON, gdviz.Momentum(0.1), sampling=gdviz.MiniBatch(size), reduction=reduction, start=(1, 0), updates=2
        )
        step = next(gdviz.steps(run))
        found[reduction, size] = stability_of(step).sharpness
    whole = 0.1 * np.linalg.eigvalsh(NEURON.hessian(step.before))[-1]
    assert found["sum", 11] == pytest.approx(whole)
    assert found["mean", 11] == found["mean", 5] == pytest.approx(whole / 11)
    assert found["sum", 5] == pytest.approx(whole * 5 / 11)


@pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)
def test_every_rule_is_gauged_without_a_warning(cls):
    run = gdviz.Run(NEURON, gdviz.training.usual(cls, NEURON), updates=20)
    for step in gdviz.steps(run):
        stability = stability_of(step)
        assert (stability is None) == (cls is gdviz.Lion)
        assert stability is None or (np.isfinite(stability.sharpness) and stability.limit > 0.5)


def test_where_the_surface_curves_down_no_step_is_too_large():
    run = gdviz.Run(SigmoidNeuron([0.5, 2.5], [0.2, 0.9]), gdviz.GradientDescent(1), (-2, -2), updates=3)
    stability = stability_of(next(gdviz.steps(run)))
    assert stability.sharpness < 0 and stability.share < 0 and "curved down" in stability.sentence


def test_who_makes_no_step_is_at_no_edge():
    for optimizer in (gdviz.GradientDescent(1), gdviz.AdaGrad(1), gdviz.Adam(1)):
        assert stability_of(next(gdviz.steps(gdviz.Run(gdviz.Ravine(), optimizer, (0.0, 0.0), updates=1)))) is None


def test_on_very_many_samples_nobody_waits_for_the_curvature():
    X = np.zeros(SAMPLES_AT_MOST + 1)
    run = gdviz.Run(SigmoidNeuron(X, X), gdviz.GradientDescent(1e-6), (1.0, 1.0), updates=1)
    assert stability_of(next(gdviz.steps(run))) is None


@pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)
@pytest.mark.parametrize("eta", [1e-300, 1e7, 1e200])
def test_a_rate_beyond_reason_raises_nothing(cls, eta):
    limit = limit_of(cls(eta=eta))
    assert limit is None or limit > 0


def test_the_limit_is_that_of_the_scheduled_rate():
    """AdamW's pull hangs on η, and so does how far it is from the edge."""
    run = gdviz.Run(
        NEURON, gdviz.AdamW(1.0, weight_decay=1.0), schedule=gdviz.StepDecay(0.1, every=1), updates=2, start=(1, 1)
    )
    first, second = (stability_of(step).limit for step in gdviz.steps(run))
    assert first == pytest.approx(19.0, rel=1e-3) and second == pytest.approx(36.1, rel=1e-3)
