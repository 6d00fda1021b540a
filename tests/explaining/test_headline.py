"""What a headline says of a step is true: each sentence is read back into its claim and the claim is computed anew."""

import re

import numpy as np
import pytest

import gdviz
from gdviz.explaining.headline import headline_of
from gdviz.explaining.parts import shares_of
from gdviz.explaining.stability import stability_of
from gdviz.objectives import OBJECTIVES, SigmoidNeuron
from gdviz.optimizers import OPTIMIZERS
from gdviz.scene.frame import frame_at
from gdviz.training import usual
from tests.explaining.pieces import DECAY, MEAN, VELOCITY, pieces
from tests.explaining.test_working import Foreign, Lying, Wordless

LECTURE = SigmoidNeuron([0.5, 2.5], [0.2, 0.9])
MADE = [LECTURE if cls is SigmoidNeuron else cls() for cls in OBJECTIVES]
PLANAR = [objective for objective in MADE if objective.is_planar]
every_optimizer = pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)
SHARE = {"rmsprop": lambda o: o.beta, "adadelta": lambda o: o.rho}
"""Of the old mean of squares, what is kept."""
DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"


def angle(one, other):
    cosine = one @ other / np.linalg.norm(one) / np.linalg.norm(other)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


class Truth:
    """The facts of one step, measured with numpy alone; a method for each claim that a headline can make."""

    def __init__(self, step, previous, sharpness=0.0):
        self.step, self.previous, self.sharpness = step, previous, sharpness
        self.move = step.params - step.before
        objective = step.run.objective
        self.errors = float(objective.value(step.before)), float(objective.value(step.params))
        self.slope = objective.gradient(step.before)
        self.pieces = {name: piece for name, piece in pieces(step).items() if np.any(piece)}
        self.order = sorted(self.pieces, key=lambda name: -np.linalg.norm(self.pieces[name]))

    def leads(self, name):
        lengths = [np.linalg.norm(self.pieces[one]) for one in (name, self.order[0])]
        return lengths[0] >= lengths[1] * (1 - 1e-9)

    def alone(self, name):
        return set(self.pieces) == {name}

    def beside(self, name, verb):
        low, high = {"helps": (0, 60.001), "bends it": (59.999, 120.001), "brakes it": (119.999, 180)}[verb]
        first = next(one for one in self.order if one != name) if self.order[0] == name else self.order[0]
        is_second = all(
            np.linalg.norm(self.pieces[name]) >= np.linalg.norm(self.pieces[x]) * (1 - 1e-9)
            for x in self.order
            if x != first
        )
        return is_second and low <= angle(self.pieces[first], self.pieces[name]) <= high

    def empty(self, name):
        symbol = {VELOCITY: "v", MEAN: "m"}[name]
        states = {term.symbol: s for term, s in zip(self.step.run.optimizer.state, self.step.state_before, strict=True)}
        return not np.any(states[symbol]) and self.alone("gradient")

    def turned(self):
        return self.previous is not None and angle(self.move, self.previous.params - self.previous.before) > 119.999

    def rates(self):
        """The learning rates of the parameters as the papers of AdaGrad, RMSProp and Adadelta have them."""
        o = self.step.run.optimizer
        old, new = (1.0, 1.0) if o.name == "adagrad" else (SHARE[o.name](o), 1 - SHARE[o.name](o))
        v = old * self.step.state_before[0] + new * self.step.gradient**2
        if o.name == "adadelta":
            return self.step.eta * ((self.step.state_before[1] + o.eps) / (v + o.eps)) ** 0.5
        return self.step.eta / (v**0.5 + o.eps)

    def ratio(self, high, times, low):
        names, rates = self.step.run.objective.parameters, self.rates()
        factor, _, power = times.rpartition("10") if times[-1] in DIGITS else (times, "", "")
        ratio = float(factor.rstrip("×") or 1) * 10.0 ** int(power.translate(str.maketrans(DIGITS, "0123456789")) or 0)
        told_with = 0.05 if power else 0.006
        truth = rates[names.index(high)] / rates[names.index(low)]
        return ratio >= 1.05 and truth == pytest.approx(ratio, rel=told_with)

    def same_rates(self):
        return max(self.rates()) / min(self.rates()) < 1.0501

    def falls(self):
        return self.errors[1] < self.errors[0]

    def rises(self):
        return self.errors[1] > self.errors[0]

    def climbs(self, name=None):
        along = self.move if name is None else self.pieces[name]
        return self.slope @ along > 0 and self.slope @ self.move > 0 and self.rises()

    def overshoots(self):
        return self.slope @ self.move < 0 and self.rises()


NAME = rf"(gradient|{VELOCITY}|{MEAN}|{DECAY})"
THE = rf"(?:[Tt]he )?(?i:{NAME})"
CLAIMS = {
    r"The gradient is 0: the run stands still\.": lambda t: not np.any(t.move) and not np.any(t.step.gradient),
    r"The run stands still\.": lambda t: not np.any(t.move),
    r"The run hardly moves: its step is less than a millionth of the map\.": lambda t: (
        (abs(t.move) < 1.001e-6 * np.ptp(t.step.run.objective.box, axis=1)).all() and np.any(t.step.step)
    ),
    rf"{THE} (?:carries it on|drives it|pulls it); {THE} (helps|brakes it|bends it)\.": lambda t, lead, other, verb: (
        t.leads(lead) and t.beside(other, verb)
    ),
    rf"{THE} carries it uphill: the error rises\.": lambda t, name: t.leads(name) and t.climbs(name),
    rf"{THE} (helps|brakes it|bends it)\.": lambda t, name, verb: t.beside(name, verb),
    r"The gradient alone moves it\.": lambda t: t.alone("gradient"),
    rf"There is no {NAME} yet: the gradient alone moves it\.": lambda t, name: t.empty(name),
    rf"(The gradient is 0 here: )?{THE} alone (?:carries it on|pulls it)\.": lambda t, flat, name: (
        t.alone(name) and (not flat or not np.any(t.step.gradient))
    ),
    rf"No {NAME} counts here: the gradient alone moves it\.": lambda t, name: t.alone("gradient") and not t.empty(name),
    rf"It turns back: the gradient is stronger than {THE}\.": lambda t, other: (
        t.turned() and t.leads("gradient") and other in t.pieces
    ),
    r"The gradient turns it back\.": lambda t: t.turned() and t.alone("gradient"),
    r"The gradient moves it; the learning rate of (\w) is (\S+) times that of (\w)\.": lambda t, *told: (
        t.alone("gradient") and t.ratio(*told)
    ),
    r"The gradient moves it; the parameters have nearly the same learning rate\.": lambda t: (
        t.alone("gradient") and t.same_rates()
    ),
    r"Gradient and memory together move it\.": lambda t: "gradient and memory together" in t.pieces,
    r"The error falls\.": Truth.falls,
    r"The error rises\.": Truth.rises,
    r"The error stays nearly the same\.": lambda t: t.errors[0] == pytest.approx(t.errors[1], rel=2e-12),
    r"It overshoots: the error rises\.": Truth.overshoots,
    r"Beyond the limit: the error rises\.": lambda t: t.overshoots() and t.sharpness > 1,
    r"(?:That|The step) leads uphill: the error rises\.": Truth.climbs,
    r"This batch’s gradient leads uphill: the error rises\.": lambda t: (
        t.climbs("gradient") and t.step.run.objective.samples > 1
    ),
    r"The gradient’s part leads uphill: the error rises\.": lambda t: t.climbs("gradient"),
    r"Weight decay pulls it uphill: the error rises\.": lambda t: t.climbs(DECAY),
}


def refuted(text, truth):
    """The sentences of a headline that are not true, or that claim what nobody here can check."""
    wrong = []
    for sentence in re.findall(r"[^.]*(?:\.\d[^.]*)*\.", text):
        sentence = sentence.strip()
        found = [(claim, match) for pattern, claim in CLAIMS.items() if (match := re.fullmatch(pattern, sentence))]
        groups = (
            [group and (group if group[:3] == "The" else group.lower()) for group in found[0][1].groups()]
            if found
            else []
        )
        if len(found) != 1 or not found[0][0](truth, *groups):
            wrong.append(sentence)
    return wrong


def told(run, updates=range(1, 10_000)):
    """Each step of a run that is looked at, with its headline and the facts."""
    previous = None
    for step in gdviz.steps(run):
        if step.update in updates:
            objective, stability = run.objective, stability_of(step)
            errors = float(objective.value(step.before)), float(objective.value(step.params))
            text = headline_of(step, previous, errors, stability)
            yield text, Truth(step, previous, stability.share if stability else 0.0)
        previous = step


SOME = {1, 2, 3, 5, 8, 13, 21, 34, 55, 59, 60}


@every_optimizer
@pytest.mark.parametrize("objective", PLANAR, ids=lambda objective: objective.name)
def test_no_sentence_is_wrong(cls, objective):
    run = gdviz.Run(objective, usual(cls, objective), updates=60)
    for text, truth in told(run, SOME):
        assert refuted(text, truth) == [] and 20 < len(text) < 110, (truth.step.update, text)


WILD = {
    "small batches": lambda: gdviz.Run(
        SigmoidNeuron.on(gdviz.load_data("oring").standardized()), gdviz.Momentum(0.5), (-3, 3), updates=80,
        sampling=gdviz.Stochastic(shuffle=True), seed=2,
    ),
    "one sample": lambda: gdviz.Run(
        SigmoidNeuron.on(gdviz.load_data("oring").standardized()), gdviz.GradientDescent(3.0), (-3, 3), updates=80,
        sampling=gdviz.Stochastic(shuffle=True),
    ),
    "beyond the limit": lambda: gdviz.Run(gdviz.Ravine(steepness=20.0), gdviz.GradientDescent(0.13), updates=30),
    "no memory kept": lambda: gdviz.Run(LECTURE, gdviz.Momentum(0.5, gamma=0.0), updates=5),
    "no gradient": lambda: gdviz.Run(gdviz.Saddle(), gdviz.GradientDescent(0.1), (0.0, 0.0), updates=3),
    "a swinging memory": lambda: gdviz.Run(gdviz.Ravine(steepness=30.0), gdviz.Momentum(0.05), updates=300),
    "a long way to rest": lambda: gdviz.Run(gdviz.Ravine(), gdviz.GradientDescent(0.05), updates=500),
    "much weight decay": lambda: gdviz.Run(gdviz.Booth(), gdviz.AdamW(0.3, weight_decay=0.9), (8, 8), updates=80),
    "a look ahead": lambda: gdviz.Run(gdviz.Ravine(steepness=30.0), gdviz.Nesterov(0.04), updates=300),
}  # fmt: skip


@pytest.mark.parametrize("name", WILD)
def test_no_sentence_is_wrong_where_it_goes_wild(name):
    texts = ""
    for text, truth in told(WILD[name]()):
        assert refuted(text, truth) == [], (truth.step.update, text)
        texts += text
    assert {
        "small batches": "uphill", "one sample": "This batch’s gradient", "beyond the limit": "Beyond the limit",
        "no memory kept": "No old velocity counts here", "no gradient": "stands still",
        "a swinging memory": "turns back",
        "a long way to rest": "hardly moves", "much weight decay": "eight decay", "a look ahead": "overshoots",
    }[name] in texts  # fmt: skip


def test_who_checks_headlines_here_finds_wrong_ones():
    """Each headline, told of another step, or with falls for rises, is refuted somewhere."""
    facts = list(told(gdviz.Run(LECTURE, gdviz.Momentum(0.5), updates=120)))
    assert all(refuted(text, truth) == [] for text, truth in facts)
    assert sum(refuted(text, truth) != [] for (text, _), (_, truth) in zip(facts, facts[40:], strict=False)) > 20
    for text, truth in facts:
        for old, new in (("falls", "rises"), ("helps", "brakes it"), ("bends it", "helps"), ("brakes it", "bends it")):
            if old in text:
                assert refuted(text.replace(old, new), truth) != []
        if text.startswith("The old velocity carries it on; the gradient"):
            swapped = text.replace(
                "The old velocity carries it on; the gradient", "The gradient drives it; the old velocity"
            )
            assert refuted(swapped, truth) != []
    assert refuted("The moon pulls it.", facts[0][1]) != []


def test_of_a_network_the_parts_are_told_and_no_reason_that_was_not_measured():
    network = gdviz.Network.on(gdviz.Network.load("moons"), layers="2-4-2")
    for rule in OPTIMIZERS:
        run = gdviz.Run(network, usual(rule, network), updates=12)
        for text, truth in told(run, {1, 2, 12}):
            text = re.sub(r"; the largest learning rate is (\S+) times the smallest", "", text)
            text = text.replace("The gradient moves it.", "The gradient alone moves it.")
            assert refuted(text, truth) == [], text
            assert "uphill" not in text and "overshoots" not in text


@pytest.mark.parametrize("cls", [Wordless, Foreign, Lying])
def test_a_rule_whose_equations_do_not_explain_it_gets_a_simpler_sentence(cls):
    step = next(gdviz.steps(gdviz.Run(LECTURE, cls(), updates=3)))
    assert headline_of(step, None, (0.4, 0.3)) == "The rule moves it as a whole. The error falls."
    assert headline_of(step, None, (0.3, 0.4)).startswith("The rule moves it as a whole.")
    assert headline_of(step) == "The rule moves it as a whole."
    assert shares_of(step) == (("gradient", "rule", 100),)


def test_a_frame_has_the_headline_of_its_step_and_no_error_while_the_step_unfolds():
    race = gdviz.lecture_race(LECTURE, epochs=60)
    trajectories = [gdviz.train(run) for run in race.runs]
    facts = [text for text, _ in told(race.runs[2])]
    for cursor in (1, 2, 30, 60):
        assert frame_at(race, trajectories, cursor, selected=2).headline == facts[cursor - 1]
    unfolding = frame_at(race, trajectories, 30, selected=2, stages=2).headline
    assert unfolding and "error" not in unfolding and facts[29].startswith(unfolding.split(";")[0])
    assert frame_at(race, trajectories, 0, selected=2).headline == ""
