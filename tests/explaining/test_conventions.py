"""Conventions on which programs differ: each is the rule that its equations say, and the usual one is the default."""

import numpy as np
import pytest

import gdviz
from gdviz.engine import is_compiled, prepare
from gdviz.explaining.pasts import pasts_of
from gdviz.explaining.stability import limit_of
from gdviz.explaining.working import work_out
from gdviz.objectives import SigmoidNeuron
from gdviz.optimizers import OPTIMIZERS
from gdviz.params import describe, parse

NEURON = SigmoidNeuron([0.5, 2.5, -1.0], [0.2, 0.9, 0.4])
SCHEDULE = gdviz.InverseDecay(0.1)


def plain(optimizer, g, state, t, eta):
    """The rules as other programs have them, for plain numbers: the step and the new state."""
    name, o = optimizer.name, optimizer
    if name in ("momentum", "nag"):
        v = eta * (o.gamma * state[0] + g) if o.scaled else o.gamma * state[0] + eta * g
        return v, (v,)
    if name in ("adagrad", "rmsprop"):
        v = state[0] + g * g if name == "adagrad" else o.beta * state[0] + (1 - o.beta) * g * g
        below = (v + o.eps) ** 0.5 if o.inside else v**0.5 + o.eps
        return eta * g / below, (v,)
    m = o.beta1 * state[0] + (1 - o.beta1) * g
    v = o.beta2 * state[1] + (1 - o.beta2) * g * g
    m_hat, v_hat = (m / (1 - o.beta1**t), v / (1 - o.beta2**t)) if o.corrected else (m, v)
    return eta * m_hat / ((v_hat + o.eps) ** 0.5 if o.inside else v_hat**0.5 + o.eps), (m, v)


CHOSEN = [
    gdviz.Momentum(0.3, scaled=True),
    gdviz.Nesterov(0.3, scaled=True),
    gdviz.AdaGrad(0.3, eps=0.01, inside=True),
    gdviz.RMSProp(0.03, eps=0.01, inside=True),
    gdviz.Adam(0.05, eps=0.01, inside=True),
    gdviz.Adam(0.05, corrected=False),
    gdviz.Adam(0.05, eps=0.01, inside=True, corrected=False),
]
every_convention = pytest.mark.parametrize("optimizer", CHOSEN, ids=describe)


@every_convention
def test_each_convention_is_the_rule_that_it_says(optimizer):
    run = gdviz.Run(NEURON, optimizer, (-2.0, -1.0), schedule=SCHEDULE, updates=60)
    point, states = [-2.0, -1.0], [(0.0,) * len(optimizer.state)] * 2
    truth = []
    for t in range(1, 61):
        eta = run.eta(t - 1)
        kept = getattr(optimizer, "gamma", 0) * (eta if getattr(optimizer, "scaled", 0) else 1)
        asked = [p - kept * s[0] if optimizer.look_ahead else p for p, s in zip(point, states, strict=True)]
        g = NEURON.gradient(np.array(asked)).tolist()
        made = [plain(optimizer, g[i], states[i], t, eta) for i in range(2)]
        point, states = [p - step for p, (step, _) in zip(point, made, strict=True)], [state for _, state in made]
        truth.append(point)
    np.testing.assert_allclose([step.params for step in gdviz.steps(run)], truth, rtol=1e-11)
    np.testing.assert_allclose(gdviz.train(run).params[1:], truth, rtol=1e-11)
    usual = gdviz.train(gdviz.Run(NEURON, type(optimizer)(optimizer.eta), (-2.0, -1.0), schedule=SCHEDULE, updates=60))
    assert abs(usual.params[1:] - truth).max() > 1e-3


@every_convention
def test_a_convention_is_compiled_explained_and_written(optimizer):
    run = gdviz.Run(NEURON, optimizer, (-2.0, -1.0), schedule=SCHEDULE, updates=30)
    if gdviz.engine.library.race_loop().get() is not None:
        prepare(run)
        assert is_compiled(run)
    trajectory = gdviz.train(run)
    for update in (1, 2, 30):
        lines = work_out(trajectory.step(update))
        assert len(lines) == len(optimizer.equations)
        np.testing.assert_allclose(lines[-1].result, trajectory.params[update], rtol=1e-10)
    assert pasts_of(trajectory.recent(30, 12))
    assert optimizer.written() != optimizer.equations
    assert parse(describe(optimizer), OPTIMIZERS) == optimizer


def test_the_defaults_are_the_lectures():
    for cls in (gdviz.Momentum, gdviz.Nesterov, gdviz.AdaGrad, gdviz.RMSProp, gdviz.Adam):
        assert cls().written() == cls.equations


def test_words_and_numbers_choose_a_convention():
    for word in ("yes", "on", "1", True, 1, 1.0):
        assert gdviz.Adam(inside=word).inside == 1.0
    assert parse("adam:corrected=no", OPTIMIZERS).corrected == 0.0
    with pytest.raises(ValueError, match="adam: inside must be yes or no, not 'maybe'"):
        gdviz.Adam(inside="maybe")


def test_a_memory_that_is_scaled_bears_a_step_like_gradient_descent_without_it():
    """With ηγ instead of γ as the share that is kept, the limit is 2(1 + ηγ)."""
    assert limit_of(gdviz.Momentum(0.5, 0.8, scaled=True)) == pytest.approx(2 * (1 + 0.4), rel=1e-5)
