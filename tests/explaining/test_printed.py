"""Each printed line, worked out with the numbers that are printed, gives the result that is printed."""

import re
from decimal import Decimal, getcontext

import numpy as np
import pytest

import gdviz
from gdviz.explaining.printed import change_of, printed_lines
from gdviz.explaining.working import work_out
from gdviz.notation.numbers import read_number, with_decimals, with_digits
from gdviz.notation.plain import Plain
from gdviz.objectives import OBJECTIVES, SigmoidNeuron
from gdviz.optimizers import OPTIMIZERS
from gdviz.training import usual

getcontext().prec = 40
LECTURE = SigmoidNeuron([0.5, 2.5], [0.2, 0.9])
MADE = [LECTURE if cls is SigmoidNeuron else cls() for cls in OBJECTIVES]
PLANAR = [objective for objective in MADE if objective.is_planar]
every_optimizer = pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)
every_objective = pytest.mark.parametrize("objective", PLANAR, ids=lambda objective: objective.name)
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
LOWERED = str.maketrans(RAISED, "0123456789+-")
NUMBER = rf"(?:\d+(?:\.\d+)?×)?10[{RAISED}]+|\d+(?:\.\d+)?"


def number_of(text):
    """A printed number, and the place of its last digit."""
    mantissa, _, power = re.fullmatch(rf"(−?[\d.]*?)(×?10([{RAISED}]+))?", text).groups()
    power = int(power.translate(LOWERED)) if power else 0
    mantissa = mantissa.replace("−", "-").replace("+", "") or "1"
    mantissa = "-1" if mantissa == "-" else mantissa
    return Decimal(mantissa).scaleb(power), Decimal(1).scaleb(power - len(mantissa.partition(".")[2]))


class Reader:
    """Works a printed line out in decimals, token by token, as one reads it."""

    def __init__(self, text):
        self.tokens = re.findall(rf"{NUMBER}|[{RAISED}]+|max|sign|[-−+·/√(),|]", text)
        assert "".join(self.tokens) == text.replace(" ", ""), text

    def next(self, *wanted):
        if self.tokens and (not wanted or self.tokens[0] in wanted):
            return self.tokens.pop(0)
        return ""

    def sum(self):
        value = -self.product() if self.next("−") else self.product()
        while sign := self.next("+", "−"):
            value += self.product() if sign == "+" else -self.product()
        return value

    def product(self):
        value = self.power()
        while sign := self.next("·", "/"):
            value = value * self.power() if sign == "·" else value / self.power()
        return value

    def power(self):
        base = self.factor()
        if self.tokens and set(self.tokens[0]) <= set(RAISED):
            exponent = sum(int(part) for part in self.next().translate(LOWERED).split("+"))
            return base**exponent
        return base

    def factor(self):
        token = self.next()
        if token == "√":
            return self.factor().sqrt()
        if token in ("(", "|"):
            value = self.sum()
            assert self.next(")" if token == "(" else "|")
            return value if token == "(" else abs(value)
        if token in ("max", "sign"):
            assert self.next("(")
            values = [self.sum()]
            while self.next(","):
                values.append(self.sum())
            assert self.next(")")
            return max(values) if token == "max" else Decimal((values[0] > 0) - (values[0] < 0))
        return number_of(token)[0]


def worked(text):
    reader = Reader(text)
    value = reader.sum()
    assert reader.tokens == [], text
    return value


def texts_of(step):
    """Each line of a step as it is copied: the numbers, the relation, the result, and the result's true value."""
    lines = work_out(step)
    for axis in range(2):
        for line, printed in zip(lines, printed_lines(lines, axis), strict=True):
            yield Plain(printed.numbers).written(line.equation.value), printed, float(line.result[axis])


def assert_adds_up(text, printed, truth):
    value, (result, unit) = worked(text), number_of(printed.result)
    if result == 0:
        unit = Decimal("1e-9") * max((abs(number_of(part)[0]) for part in re.findall(NUMBER, text)), default=1)
    assert abs(value - result) <= unit / 2, f"{text} = {printed.result}, not {value}"
    assert abs(Decimal(truth) - result) <= unit / 2 * Decimal("1.000001"), f"{printed.result} is not {truth}"


@every_optimizer
@every_objective
def test_every_printed_line_adds_up(cls, objective):
    run = gdviz.Run(objective, usual(cls, objective), updates=60, schedule=gdviz.ExponentialDecay(0.01))
    for step in gdviz.steps(run):
        if step.update in (1, 2, 3, 7, 20, 60):
            for text, printed, truth in texts_of(step):
                assert printed.relation == "=", text
                assert_adds_up(text, printed, truth)


@every_optimizer
def test_every_printed_line_adds_up_also_where_hardly_anything_moves(cls):
    run = gdviz.Run(LECTURE, usual(cls, LECTURE), updates=2000)
    trajectory = gdviz.train(run)
    for update in (500, 997, 1400, 2000):
        for text, printed, truth in texts_of(trajectory.step(update)):
            if printed.relation == "=":
                assert_adds_up(text, printed, truth)


@every_optimizer
def test_a_quantity_has_the_same_digits_in_every_line(cls):
    run = gdviz.Run(LECTURE, usual(cls, LECTURE), updates=9)
    for step in gdviz.steps(run):
        lines = work_out(step)
        for axis in range(2):
            now = {}
            for printed in printed_lines(lines, axis):
                for symbol, text in printed.numbers.items():
                    assert now.setdefault(symbol, text) == text
                if printed.equation.relation != "at":
                    now[printed.equation.target] = printed.result


def test_numbers_are_as_short_as_they_can_be():
    """Of an ordinary step no number has more than seven significant digits, and what is round stays round."""
    for rule in OPTIMIZERS:
        step = list(gdviz.steps(gdviz.Run(LECTURE, usual(rule, LECTURE), (-2, -2), updates=40)))[-1]
        for _, printed, _ in texts_of(step):
            for text in (*printed.numbers.values(), printed.result):
                digits = re.sub(rf"×?10[{RAISED}]+$|[^\d]", "", text).lstrip("0")
                assert len(digits) <= 9, text
            assert printed.numbers.get("β₁", "0.9") in ("0.9", "0.975")


def test_a_look_ahead_is_written_as_the_lecture_does():
    step = list(gdviz.steps(gdviz.Run(LECTURE, gdviz.Nesterov(0.5), (-2, -2), updates=40)))[-1]
    texts = [f"{text} = {printed.result}" for text, printed, _ in texts_of(step)]
    assert texts[0] == "1.81786 − 0.9·(−0.09958) = 1.90748"
    assert texts[2] == "1.81786 − (−0.06672) = 1.88458"


def test_squares_of_small_numbers_stand_in_parentheses():
    assert Plain({"g": "1.2×10⁻³"}).written(work_g()) == "(1.2×10⁻³)²"
    assert Plain({"g": "−0.5"}).written(work_g()) == "(−0.5)²"
    assert Plain({"g": "0.5"}).written(work_g()) == "0.5²"
    assert worked("(1.2×10⁻³)²") == Decimal("1.44E-6") != worked("1.2×10⁻³²")


def work_g():
    return gdviz.notation.reading.read("v ← g²").value


def test_who_checks_lines_here_finds_wrong_ones():
    step = list(gdviz.steps(gdviz.Run(LECTURE, gdviz.Adam(0.1), updates=9)))[-1]
    for text, printed, truth in texts_of(step):
        assert_adds_up(text, printed, truth)
        for symbol, number in printed.numbers.items():
            value, unit = number_of(number)
            if symbol in ("m", "g"):
                wrong = Plain({**printed.numbers, symbol: str(value + 3000 * unit).replace("-", "−")})
                with pytest.raises(AssertionError):
                    assert_adds_up(wrong.written(printed.equation.value), printed, truth)


def test_the_reader_here_reads_as_the_lecture_writes():
    assert worked("2 − 3·(−4) / (1 + 1)") == 8
    assert worked("√(3² + 4²)·2") == 10
    assert worked("max(1, |−3|) − sign(−0.1)") == 4
    assert worked("1.5×10⁻³ + 10⁻³ + 2¹⁺¹") == Decimal("4.0025")


# -- before, step, after


@every_optimizer
@every_objective
def test_before_and_step_add_up_to_after_as_printed(cls, objective):
    run = gdviz.Run(objective, usual(cls, objective), updates=60)
    for step in gdviz.steps(run):
        for axis in range(2):
            before, after, delta = float(step.before[axis]), float(step.params[axis]), -float(step.step[axis])
            assert width_where_it_adds_up(before, delta, after) <= 13
        width_where_it_adds_up(float(objective.value(step.before)), None, float(objective.value(step.params)))


def width_where_it_adds_up(before, delta, after):
    change = change_of(before, after, delta)
    delta = after - before if delta is None else delta
    (first, _), (step, place), (last, unit) = map(number_of, (change.before, change.delta.lstrip("+"), change.after))
    assert abs(first + step - last) <= (unit / 2 if place < unit else 0), change
    assert abs(Decimal(after) - last) <= unit / 2 * Decimal("1.000001") and abs(
        Decimal(before) - first
    ) <= unit / 2 * Decimal("1.000001")
    assert abs(Decimal(delta) - step) <= place / 2 * Decimal("1.000001"), change
    assert change.delta[0] in ("+" if delta > 0 else "−" if delta < 0 else "0"), change
    return max(map(len, (change.before, change.delta, change.after)))


@pytest.mark.parametrize("seed", range(5))
def test_any_numbers_add_up_as_printed(seed):
    random = np.random.default_rng(seed)
    for _ in range(400):
        before = float(random.normal() * 10.0 ** random.integers(-12, 15))
        delta = float(random.normal() * 10.0 ** random.integers(-12, 15))
        width_where_it_adds_up(before, delta, before + delta)


def test_numbers_are_read_as_they_are_written():
    random = np.random.default_rng(0)
    for _ in range(500):
        value = float(random.normal() * 10.0 ** random.integers(-20, 20))
        for digits in (4, 6, 9):
            assert read_number(with_digits(value, digits)) == pytest.approx(value, rel=0.51 * 10.0 ** (1 - digits))
            assert number_of(with_digits(value, digits))[0] == Decimal(repr(read_number(with_digits(value, digits))))
        assert read_number(with_decimals(value, 4)) == pytest.approx(value, abs=0.5001e-4, rel=1e-14)
    assert [with_digits(v, 4) for v in (0.9, 1e-8, -0.123456, 123456.7)] == ["0.9", "10⁻⁸", "−0.1235", "1.235×10⁵"]
    assert [with_decimals(v, 3, has_sign=True) for v in (1.5, -1e-9, 0.0, -2.25)] == [
        "+1.500",
        "0.000",
        "0.000",
        "−2.250",
    ]
