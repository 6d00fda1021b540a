"""What every optimizer promises, held against every one of them, on every objective."""

import dataclasses
import math
import re

import numpy as np
import pytest

import gdviz
from gdviz.objectives import OBJECTIVES, SigmoidNeuron
from gdviz.optimizers import OPTIMIZERS
from gdviz.params import describe, parse
from tests.compiled import compiled

SPECIAL = {SigmoidNeuron: lambda: SigmoidNeuron([0.5, 2.5, -1.0], [0.2, 0.9, 0.4])}
OBJECTIVE_TABLE = [SPECIAL.get(cls, cls)() for cls in OBJECTIVES]
every_optimizer = pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)
every_objective = pytest.mark.parametrize("objective", OBJECTIVE_TABLE, ids=lambda objective: objective.name)


@every_optimizer
@every_objective
def test_steps_explain_themselves(cls, objective):
    run = gdviz.Run(objective, cls(eta=1e-3), updates=5)
    before = np.array(run.start)
    for number, step in enumerate(gdviz.steps(run), 1):
        assert step.update == number
        assert list(step.terms) == [term.name for term in (*cls.state, *cls.terms)]
        assert all(np.shape(value) == before.shape for value in step.terms.values())
        np.testing.assert_array_equal(step.before, before)
        np.testing.assert_array_equal(step.params, step.before - step.step)
        np.testing.assert_array_equal(
            step.gradient,
            objective.gradient(step.asked_at) / objective.divisor("lecture", objective.samples, cls.lecture_divides),
        )
        before = step.params
    assert number == 5


@every_optimizer
@every_objective
def test_a_small_rate_goes_downhill(cls, objective):
    trajectory = gdviz.train(gdviz.Run(objective, cls(eta=1e-5), updates=50))
    assert trajectory.error[-1] < trajectory.error[0]


@every_optimizer
def test_a_rule_takes_numbers_and_arrays_alike(cls):
    random = np.random.default_rng(1)
    g, state = random.normal(size=4), [random.uniform(0.1, 1, size=4) for _ in cls.state]
    hyperparameters = cls().hyperparameters(0.3)
    step, new_state, terms = cls.rule(g, 3, *state, *hyperparameters)
    assert len(new_state) == len(cls.state) and len(terms) == len(cls.terms)
    for i in range(4):
        one, one_state, one_terms = cls.rule(float(g[i]), 3, *(float(part[i]) for part in state), *hyperparameters)
        np.testing.assert_allclose(one, step[i], rtol=1e-15)
        for number, array in zip((*one_state, *one_terms), (*new_state, *terms), strict=True):
            np.testing.assert_allclose(number, array[i], rtol=1e-15)


@every_optimizer
def test_a_rule_leaves_its_arguments_alone(cls):
    g, state = np.ones(3), [np.ones(3) for _ in cls.state]
    for array in (g, *state):
        array.flags.writeable = False
    cls.rule(g, 1, *state, *cls().hyperparameters(0.1))


@every_optimizer
def test_is_a_frozen_value_that_says_what_it_is(cls):
    optimizer = cls(eta=0.25)
    with pytest.raises(dataclasses.FrozenInstanceError):
        optimizer.eta = 1
    assert optimizer == cls(eta=0.25) and hash(optimizer) == hash(cls(eta=0.25)) and optimizer != cls(eta=0.5)
    assert parse(describe(optimizer), OPTIMIZERS) == optimizer
    assert dataclasses.fields(cls)[0].name == "eta"
    assert cls.label and cls.__doc__ and all(cls.equations) and cls.equations
    assert all(term.symbol and term.help for term in (*cls.state, *cls.terms))


@every_optimizer
def test_state_starts_at_zero_or_at_the_params(cls):
    params = np.array([3.0, -2.0])
    state = cls().start_state(params)
    assert len(state) == len(cls.state)
    for term, part in zip(cls.state, state, strict=True):
        np.testing.assert_array_equal(part, params if term.kind == "point" else [0, 0])
        assert part is not params


@every_optimizer
def test_a_state_that_is_the_params_stays_with_them(cls):
    for step in gdviz.steps(gdviz.Run(gdviz.Beale(), cls(eta=0.01), updates=50)):
        for term in (term for term in cls.state if term.kind == "point"):
            np.testing.assert_array_equal(step.terms[term.name], step.params)


@every_optimizer
def test_a_rule_can_be_compiled(cls):
    rule, hyperparameters = compiled(cls.rule), cls().hyperparameters(0.3)
    for g in (-0.7, 0.0, 2.5):
        state = [0.1 + 0.2 * i for i in range(len(cls.state))]
        (step, *parts), (machine, *machines) = (
            (one[0], *one[1], *one[2]) for one in (made(g, 3.0, *state, *hyperparameters) for made in (cls.rule, rule))
        )
        np.testing.assert_allclose([machine, *machines], [step, *parts], rtol=1e-14)


@every_optimizer
def test_hyperparameters_are_checked(cls):
    for declared in cls.params():
        kind = "yes or no" if declared.is_switch else "a number"
        for bad in (-1, math.nan, math.inf, "much", None, *([0.5, 2] if declared.is_switch else [True])):
            with pytest.raises(ValueError, match=f"^{cls.name}: {declared.name} must be {kind}"):
                cls(**{declared.name: bad})


def test_names_are_unique():
    assert len({cls.name for cls in OPTIMIZERS}) == len(OPTIMIZERS) == len({cls.label for cls in OPTIMIZERS})


def first_step(optimizer, g):
    return optimizer.rule(g, 1, *optimizer.start_state(g), *optimizer.hyperparameters(optimizer.eta))[0]


@pytest.mark.parametrize(
    ("optimizer", "size"),
    [
        (gdviz.GradientDescent(0.3), lambda g: 0.3 * g),
        (gdviz.Momentum(0.3), lambda g: 0.3 * g),
        (gdviz.Nesterov(0.3), lambda g: 0.3 * g),
        (gdviz.AdaGrad(0.3), lambda g: 0.3 * np.sign(g)),
        (gdviz.RMSProp(0.3, beta=0.75), lambda g: 0.3 * np.sign(g) / math.sqrt(0.25)),
        (gdviz.Adam(0.3, beta1=0.7, beta2=0.99), lambda g: 0.3 * np.sign(g)),
        (gdviz.Adadelta(0.3, rho=0.75), lambda g: 0.3 * math.sqrt(1e-6) / np.sqrt(0.25 * g * g + 1e-6) * g),
        (gdviz.AMSGrad(0.3, beta1=0.7, beta2=0.99), lambda g: 0.3 * np.sign(g) * 0.3 / math.sqrt(0.01)),
        (gdviz.AdaMax(0.3, beta1=0.7), lambda g: 0.3 * np.sign(g)),
        (gdviz.NAdam(0.3, beta1=0.7, beta2=0.99), lambda g: 0.3 * np.sign(g) * (1 + 0.7 / 1.7)),
        (gdviz.AdamW(0.3, beta1=0.7, weight_decay=0.1), lambda g: 0.3 * (np.sign(g) + 0.1 * g)),  # w starts at g here
        (gdviz.Lion(0.3, weight_decay=0.1), lambda g: 0.3 * (np.sign(g) + 0.1 * g)),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_the_first_step_is_known(optimizer, size):
    g = np.array([5.0, -0.2, 1e3])
    np.testing.assert_allclose(first_step(optimizer, g), size(g), rtol=1e-6)  # ε against √v of the smallest |g|


def test_epsilon_stands_outside_the_root():
    g = np.array([3.0])
    assert first_step(gdviz.AdaGrad(1, eps=2), g) == pytest.approx(3 / (3 + 2), rel=1e-15)
    assert first_step(gdviz.Adam(1, eps=2), g) == pytest.approx(3 / (3 + 2), rel=1e-14)


def test_adadeltas_epsilon_stands_inside_the_roots():
    g = np.array([3.0])
    assert first_step(gdviz.Adadelta(1, rho=0, eps=2), g) == pytest.approx(math.sqrt(2 / (9 + 2)) * 3, rel=1e-15)


def test_adadelta_does_not_care_in_which_unit_the_error_is():
    def points(unit):
        state, way = (np.zeros(1), np.zeros(1)), []
        for g in np.sin(np.arange(1.0, 60)):
            step, state, _ = gdviz.Adadelta.rule(np.array([unit * g]), 1, *state, 1.0, 0.95, 1e-300)
            way.append(step)
        return way

    np.testing.assert_allclose(points(1e6), points(1.0), rtol=1e-9)


def test_amsgrads_rates_never_grow_where_adams_do():
    rates = {}
    for cls in (gdviz.AMSGrad, gdviz.Adam):
        run = gdviz.Run(gdviz.Himmelblau(), cls(0.1), updates=200)
        rates[cls] = np.array([step.terms["rate"] for step in gdviz.steps(run)])
    assert (np.diff(rates[gdviz.AMSGrad], axis=0) <= 0).all()
    assert (np.diff(rates[gdviz.Adam], axis=0) > 0).any()


@pytest.mark.parametrize("cls", [gdviz.AdamW, gdviz.Lion])
def test_weight_decay_is_decoupled_from_the_gradient(cls):
    """Without a gradient the params shrink by (1 − ηλ) with every update."""
    optimizer, w = cls(0.1, weight_decay=0.5), np.array([3.0, -2.0])
    state = optimizer.start_state(w)
    for t in (1, 2, 3):
        step, state, _ = optimizer.rule(np.zeros(2), t, *state, *optimizer.hyperparameters(0.1))
        np.testing.assert_allclose(w - step, w * (1 - 0.1 * 0.5), rtol=1e-15)
        w = w - step


def test_without_decay_adamw_is_adam():
    one, other = (
        gdviz.train(gdviz.Run(gdviz.Beale(), optimizer, updates=100)).params
        for optimizer in (gdviz.AdamW(0.1, weight_decay=0), gdviz.Adam(0.1, beta2=0.999))
    )
    np.testing.assert_allclose(one, other, rtol=1e-13)


def test_lions_steps_all_have_one_size():
    run = gdviz.Run(gdviz.Beale(), gdviz.Lion(0.01, weight_decay=0), updates=50)
    np.testing.assert_allclose([np.abs(step.step) for step in gdviz.steps(run)], 0.01, rtol=1e-15)


def test_nesterov_asks_at_the_look_ahead_point():
    run = gdviz.Run(gdviz.Himmelblau(), gdviz.Nesterov(0.01, gamma=0.8), updates=3)
    first, second, _ = gdviz.steps(run)
    np.testing.assert_array_equal(first.asked_at, first.before)
    np.testing.assert_array_equal(second.asked_at, first.params - 0.8 * first.terms["v"])


FUNCTIONS = {"max": np.maximum, "abs": np.abs, "sign": np.sign}


def evaluate(expression, values):
    """Evaluate a displayed formula: symbols are names, a space between two factors multiplies."""
    text = expression.replace("²", "**2").replace("ᵗ⁺¹", "**(t+1)").replace("ᵗ", "**t").replace("−", "-")
    text = re.sub(r"\|(\w)\|", r"abs(\1)", text)
    symbols = (*FUNCTIONS, *sorted(values, key=len, reverse=True), "**")
    parts = re.findall("|".join(map(re.escape, symbols)) + r"|\d+|\S", text)
    source, before = "", ""
    for part in parts:
        name = f"values[{part!r}]" if part in values else {"√": "root**"}.get(part, part)
        factor = part in values or part in "(√"
        source += ("*" if factor and (before in values or before == ")" or before.isdigit()) else "") + name
        before = part
    return eval(source, {"values": values, "root": Root(), **FUNCTIONS})


class Root:
    """√: binds as tightly as a power, so that √v + ε is (√v) + ε."""

    def __pow__(self, value):
        return np.sqrt(value)


@every_optimizer
def test_the_displayed_equations_give_the_displayed_numbers(cls):
    run = gdviz.Run(SPECIAL[SigmoidNeuron](), cls(eta=0.2), updates=4, reduction="sum")
    symbols = {declared.symbol: declared.name for declared in cls.params()}
    terms = {term.symbol: term.name for term in (*cls.state, *cls.terms)}
    start = run.optimizer.start_state(np.array(run.start))
    old = {term.symbol: part for term, part in zip(cls.state, start, strict=True)}
    for step in gdviz.steps(run):
        values = {symbol: getattr(run.optimizer, name) for symbol, name in symbols.items()}
        values |= old | {"g": step.gradient, "w": step.before, "t": step.update}
        for line in (line for line in cls.equations if "←" in line or "=" in line):
            left, right = re.split("[←=]", line)
            values[left.strip()] = evaluate(right, values)
        for symbol in (symbol for symbol in terms if symbol in values):
            np.testing.assert_allclose(values[symbol], step.terms[terms[symbol]], rtol=1e-13, err_msg=symbol)
        np.testing.assert_allclose(values["w"], step.params, rtol=1e-13)
        old = {term.symbol: step.terms[term.name] for term in cls.state}


def test_adam_against_fifty_digits():
    mp = pytest.importorskip("mpmath").mp.clone()
    mp.dps = 50
    run = gdviz.Run(SigmoidNeuron([0.5, 2.5], [0.2, 0.9]), gdviz.Adam(0.1, beta2=0.999), (-2, -2), updates=100)
    beta1, beta2, eta, eps = (mp.mpf(number) for number in (0.9, 0.999, 0.1, 1e-8))
    point, m, v = [mp.mpf(-2)] * 2, [mp.mpf(0)] * 2, [mp.mpf(0)] * 2
    for t, step in enumerate(gdviz.steps(run), 1):
        g = [mp.mpf(0)] * 2
        for x, y in zip(map(mp.mpf, (0.5, 2.5)), map(mp.mpf, (0.2, 0.9)), strict=True):
            f = 1 / (1 + mp.exp(-(point[0] * x + point[1])))
            g = [g[0] + (f - y) * f * (1 - f) * x, g[1] + (f - y) * f * (1 - f)]
        m = [beta1 * m[i] + (1 - beta1) * g[i] for i in range(2)]
        v = [beta2 * v[i] + (1 - beta2) * g[i] ** 2 for i in range(2)]
        rate = [eta / (mp.sqrt(v[i] / (1 - beta2**t)) + eps) for i in range(2)]
        point = [point[i] - rate[i] * m[i] / (1 - beta1**t) for i in range(2)]
        np.testing.assert_allclose(step.params, [float(value) for value in point], rtol=1e-12)
