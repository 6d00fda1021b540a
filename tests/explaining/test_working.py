"""Each step is explained with its own numbers: equations, parts and past add up to what the rule did."""

from dataclasses import dataclass

import numpy as np
import pytest

import gdviz
from gdviz.explaining.anatomy import anatomy_of, stages_of
from gdviz.explaining.pasts import pasts_of
from gdviz.explaining.working import work_out
from gdviz.notation.expressions import evaluate
from gdviz.notation.numbers import number
from gdviz.objectives import OBJECTIVES, SigmoidNeuron
from gdviz.optimizers import OPTIMIZERS, Optimizer
from gdviz.params import param
from gdviz.training import usual

RANDOM = np.random.default_rng(3)
NEURON = SigmoidNeuron(RANDOM.normal(size=11), RANDOM.uniform(size=11))
MADE = [NEURON if cls is SigmoidNeuron else cls() for cls in OBJECTIVES]
every_optimizer = pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)
every_objective = pytest.mark.parametrize("objective", MADE, ids=lambda objective: objective.name)


def steps_of(cls, objective, updates=40, **more):
    run = gdviz.Run(objective, usual(cls, objective), updates=updates, **more)
    return run.optimizer, list(gdviz.steps(run))


@every_optimizer
@every_objective
def test_the_equations_with_their_numbers_give_the_rules_own(cls, objective):
    optimizer, steps = steps_of(cls, objective, schedule=gdviz.ExponentialDecay(0.01))
    terms = {term.symbol: term.name for term in (*optimizer.state, *optimizer.terms)}
    for step in (steps[0], steps[1], steps[-1]):
        lines = work_out(step)
        assert len(lines) == len(optimizer.equations)
        for line in lines:
            truth = step.terms.get(terms.get(line.equation.target))
            if line.equation.target == "w":
                truth = step.params
            elif line.equation.relation == "at":
                truth = step.asked_at
            np.testing.assert_allclose(line.result, truth, rtol=1e-12, atol=1e-300)


def displayed(value):
    """The number that the text on the screen says, and by how much it may be off."""
    text = number(float(value)).replace("−", "-")
    digits, _, power = text.partition("×10")
    exponent = int(power.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))) if power else 0
    decimals = len(digits.partition(".")[2])
    return float(digits) * 10.0**exponent, 0.5 * 10.0 ** (exponent - decimals) * (value != 0)


@every_optimizer
def test_who_checks_the_displayed_numbers_by_hand_finds_them_right(cls):
    """Each displayed result is what the displayed numbers give, as far as their rounding lets one tell."""
    optimizer, steps = steps_of(cls, NEURON)
    exact = {declared.symbol for declared in optimizer.params()} | {"t"}
    for step in (steps[0], steps[1], steps[9], steps[-1]):
        for line in work_out(step):
            for axis in range(2):
                values = {k: float(v[axis]) if np.ndim(v) else float(v) for k, v in line.values.items()}
                shown = {k: v if k in exact else displayed(v)[0] for k, v in values.items()}
                by_hand = evaluate(line.equation.value, shown)
                slack = 0.0
                for symbol in values.keys() - exact:
                    off = displayed(values[symbol])[1]
                    ends = [evaluate(line.equation.value, {**shown, symbol: shown[symbol] + d}) for d in (-off, off)]
                    slack += max(abs(end - by_hand) for end in ends if np.isfinite(end))
                result, off = displayed(line.result[axis])
                assert abs(result - by_hand) <= 1.01 * (slack + off) + 1e-300


@every_optimizer
@every_objective
def test_the_parts_tip_to_tail_are_the_step(cls, objective):
    _, steps = steps_of(cls, objective)
    for step in (steps[0], steps[1], steps[-1]):
        marks = anatomy_of(step).marks
        parts = [mark for mark in marks if mark.kind == "arrow" and mark.stage in ("memory", "gradient")]
        (whole,) = (mark for mark in marks if mark.stage == "step")
        np.testing.assert_array_equal(whole.at, step.before)
        np.testing.assert_array_equal(whole.vector, -step.step)
        at = step.before
        for part in parts:
            np.testing.assert_allclose(part.at, at, rtol=1e-9, atol=1e-12)
            at = part.at + part.vector
        scale = max(abs(step.step).max(), 1e-12)
        np.testing.assert_allclose(at, step.params, rtol=0, atol=1e-6 * scale + 1e-14 * abs(step.params).max())


@pytest.mark.parametrize("cls", [gdviz.Momentum, gdviz.Nesterov, gdviz.Adam, gdviz.AMSGrad, gdviz.NAdam, gdviz.AdamW])
def test_a_memory_has_its_part_also_where_the_run_hardly_moves_any_more(cls):
    """Seen from 0 the parts would be lost in the rounding of w."""
    neuron = SigmoidNeuron([0.5, 2.5], [0.2, 0.9])
    run = gdviz.Run(neuron, usual(cls, neuron), updates=900)
    trajectory = gdviz.train(run)
    for update in (2, 100, 447, 487, 535, 700, 900):
        step = trajectory.step(update)
        if np.any(step.step):
            stages = {mark.stage for mark in anatomy_of(step).marks if mark.kind == "arrow"}
            assert {"memory", "gradient", "step"} <= stages, update


@pytest.mark.parametrize("cls", [gdviz.Adam, gdviz.AdaMax, gdviz.AdaGrad])
def test_a_step_that_ends_at_0_is_worked_out_too(cls):
    for surface in (gdviz.Ravine(), gdviz.Booth()):
        step = next(gdviz.steps(gdviz.Run(surface, cls(0.1), (0.1, 0.1), updates=2)))
        assert work_out(step)


def test_the_parts_of_momentum_are_the_lectures():
    optimizer, steps = steps_of(gdviz.Momentum, NEURON)
    step = steps[7]
    arrows = [mark for mark in anatomy_of(step).marks if mark.kind == "arrow"]
    assert [mark.stage for mark in arrows] == ["gradient", "memory", "step"]
    gradient, memory, _ = arrows
    np.testing.assert_allclose(memory.vector, -optimizer.gamma * steps[6].terms["v"], rtol=1e-12)
    np.testing.assert_allclose(gradient.vector, -optimizer.eta * step.gradient, rtol=1e-9)


def test_nesterovs_memory_leads_to_where_the_gradient_is_taken():
    _, steps = steps_of(gdviz.Nesterov, NEURON)
    marks = anatomy_of(steps[7]).marks
    memory = next(mark for mark in marks if mark.stage == "memory" and mark.kind == "arrow")
    point = next(mark for mark in marks if mark.kind == "point")
    np.testing.assert_allclose(memory.at + memory.vector, point.at, rtol=1e-12)
    np.testing.assert_array_equal(point.at, steps[7].asked_at)


@pytest.mark.parametrize("cls", [gdviz.AdaGrad, gdviz.RMSProp, gdviz.Adam, gdviz.AdaMax, gdviz.NAdam])
def test_the_step_ends_on_the_ellipse_of_the_rates(cls):
    _, steps = steps_of(cls, NEURON)
    for step in (steps[0], steps[-1]):
        (ellipse,) = (mark for mark in anatomy_of(step).marks if mark.kind == "ellipse")
        assert np.hypot(*(step.step / ellipse.vector)) == pytest.approx(1, rel=1e-9)
        np.testing.assert_allclose(ellipse.vector[0] / ellipse.vector[1], step.terms["rate"][0] / step.terms["rate"][1])


def test_weight_decay_is_a_part_of_its_own():
    optimizer = gdviz.AdamW(0.1, weight_decay=0.3)
    step = list(gdviz.steps(gdviz.Run(NEURON, optimizer, (2.0, -1.0), updates=5)))[-1]
    pull = next(mark for mark in anatomy_of(step).marks if mark.label == "from w")
    np.testing.assert_allclose(pull.vector, -step.terms["pull"], rtol=1e-9)


PASTS = {
    **{"gd": "", "momentum": "v", "nag": "v", "adagrad": "v", "rmsprop": "v", "adam": "m v"},
    **{"adadelta": "v u", "amsgrad": "m v", "adamax": "m", "nadam": "m v", "adamw": "m v", "lion": "m"},
}
"""The memories that are sums of the past; a greatest value is none."""


@every_optimizer
def test_a_memory_is_the_sum_of_what_past_updates_left_in_it(cls):
    run = gdviz.Run(
        NEURON, usual(cls, NEURON), sampling=gdviz.MiniBatch(4), schedule=gdviz.InverseDecay(0.05), updates=60
    )
    trajectory = gdviz.train(run)
    for update in (1, 2, 12, 13, 60):
        recent = trajectory.recent(update, 12)
        assert [step.update for step in recent] == list(range(max(1, update - 11), update + 1))
        names = {term.symbol: term.name for term in run.optimizer.state}
        pasts = pasts_of(recent)
        for past in pasts:
            assert past.updates == tuple(range(update, max(0, update - 12), -1))
            sum_of_all = past.contributions.sum(axis=0) + past.older
            np.testing.assert_allclose(sum_of_all, recent[-1].terms[names[past.symbol]], rtol=1e-11, atol=1e-15)
    assert {past.symbol for past in pasts} == set(PASTS[cls.name].split())


def test_the_weights_of_momentums_past_are_powers_of_gamma():
    run = gdviz.Run(NEURON, gdviz.Momentum(0.3, gamma=0.8), updates=9)
    (past,) = pasts_of(gdviz.train(run).recent(9, 4))
    np.testing.assert_allclose(past.weights, 0.3 * 0.8 ** np.arange(4), rtol=1e-15)


@dataclass(frozen=True)
class Averaging(gdviz.Momentum):
    """What it adds hangs on t."""

    name = "averaging"
    equations = ("v ← v + g / t", "w ← w − η v")

    @staticmethod
    def rule(g, t, v, eta, gamma, scaled):
        v = v + g / t
        return eta * v, (v,), ()


@dataclass(frozen=True)
class Each(gdviz.Momentum):
    """Each parameter forgets at a rate of its own."""

    name = "each"
    equations = ("v ← |g| v + η g", "w ← w − v")

    @staticmethod
    def rule(g, t, v, eta, gamma, scaled):
        v = abs(g) * v + eta * g
        return v, (v,), ()


def test_the_weights_of_a_past_hang_on_t_where_the_rule_does():
    (past,) = pasts_of(gdviz.train(gdviz.Run(NEURON, Averaging(0.01), updates=5)).recent(5, 12))
    np.testing.assert_allclose(past.weights, [1 / 5, 1 / 4, 1 / 3, 1 / 2, 1], rtol=1e-15)
    assert past.inputs == {"g"}


def test_a_past_of_which_each_parameter_has_its_own_is_not_written_out():
    step = gdviz.train(gdviz.Run(NEURON, Each(0.01), updates=5)).recent(5, 12)
    assert work_out(step[-1]) and pasts_of(step) == ()


@dataclass(frozen=True)
class Wordless(Optimizer):
    """A rule from outside that says nothing of itself."""

    name = "wordless"
    eta: float = param(0.1, "η", "learning rate", low=0)

    @staticmethod
    def rule(g, t, eta):
        return eta * g, (), ()


@dataclass(frozen=True)
class Foreign(Wordless):
    """Its equations are in another notation."""

    name = "foreign"
    equations = ("w -= eta * g", "w ← w − lr·∇E")


@dataclass(frozen=True)
class Lying(Wordless):
    """Its equations are not what it does."""

    name = "lying"
    equations = ("w ← w − 2 η g",)


@pytest.mark.parametrize("cls", [Wordless, Foreign, Lying])
def test_a_rule_whose_equations_do_not_explain_it_shows_its_whole_step(cls):
    optimizer = cls()
    step = next(gdviz.steps(gdviz.Run(NEURON, optimizer, updates=3)))
    assert work_out(step) == () and pasts_of([step]) == ()
    arrows = [mark for mark in anatomy_of(step).marks if mark.kind == "arrow"]
    assert [mark.stage for mark in arrows] == ["gradient", "step"]
    assert stages_of(optimizer)["g"] == "gradient"


def test_a_sentence_says_how_many_samples_were_seen_and_where():
    _, steps = steps_of(gdviz.Nesterov, NEURON, sampling=gdviz.Stochastic())
    sentence = anatomy_of(steps[3]).sentences["gradient"]
    assert "one sample" in sentence and "look-ahead" in sentence
    _, steps = steps_of(gdviz.GradientDescent, NEURON, sampling=gdviz.MiniBatch(4, shuffle=True))
    assert "3 samples" in anatomy_of(steps[2]).sentences["gradient"]
