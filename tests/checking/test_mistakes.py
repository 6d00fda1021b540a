"""Every mistake is named on other data, rules and hyperparameters, and nothing that is right is called wrong."""

import random
import re

import numpy as np
import pytest

import gdviz
from gdviz.checking import MISTAKES, check, read_notebooks
from gdviz.checking.mistakes import both, settings_of, walk
from gdviz.checking.mistakes.base import at_params
from gdviz.checking.student import Notebook
from gdviz.cli import main
from gdviz.optimizers import LECTURE, OPTIMIZERS
from gdviz.training import SCHEDULES, Loop

pytestmark = pytest.mark.once

SHARE = 0.95
"""Of the planted mistakes that leave other numbers so many are named."""


WRITTEN = {
    "whole": str,
    "single": lambda value: str(float(np.float32(value))),
    "single, as brief as can be": lambda value: str(np.float32(value)),
    **{form: form.__mod__ for form in ("%.2f", "%.4f", "%.6f", "%.9f", "%.4g", "%.8g", "%.10g", "%.7e")},
}
"""How students write numbers down."""


def drawn(dice, schedule=None):
    """Return a run on random samples with random settings."""
    cls, N = dice.choice(LECTURE), dice.randrange(3, 9)
    random_ = np.random.default_rng(dice.randrange(10**6))
    neuron = gdviz.SigmoidNeuron(random_.normal(0.3, 1.2, N), random_.uniform(0.05, 0.95, N))
    given = {"eta": dice.choice([0.05, 0.2, 0.5, 1.0])}
    for declared in cls.params():
        if declared.name in ("gamma", "beta", "beta1", "beta2"):
            given[declared.name] = dice.choice([0.7, 0.85, 0.9, 0.95])
        if declared.name == "eps":
            given[declared.name] = dice.choice([1e-8, 1e-6, 1e-3])
    sampling = dice.choice([gdviz.Batch(), gdviz.MiniBatch(2), gdviz.Stochastic(), gdviz.MiniBatch(N - 1)])
    start = (dice.uniform(-2, 2), dice.uniform(-2, 2))
    schedule = schedule or gdviz.ConstantRate()
    return gdviz.Run(neuron, cls(**given), start, sampling=sampling, schedule=schedule, epochs=12)


def rows_of(run):
    return gdviz.train(run).params


def planted(run, student):
    """Return what a mistake leaves, or None where it cannot be made or leaves the same numbers as none."""
    if not student().can_be_made(run):
        return None
    rows, right = walk(student(), run, run.total), rows_of(run)
    if not np.isfinite(rows[:4]).all() or np.allclose(rows[: len(right)], right[: len(rows)], rtol=1e-9, atol=1e-9):
        return None
    return rows[: int(np.argmin(np.append(np.isfinite(rows).all(axis=1), False)))]


def is_named(run, rows, student):
    """Return whether the cause is told, or another one with the same numbers."""
    verdict = check(run, Notebook(rows, None, np.arange(len(rows))))
    assert not verdict.is_right or np.allclose(rows, rows_of(run)[: len(rows)], rtol=1e-6, atol=1e-6)
    return bool(verdict.causes) and not verdict.is_right


@pytest.mark.parametrize("count", [1, pytest.param(12, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])])
def test_mistakes_are_named_whatever_the_settings(count):
    dice, missed, total = random.Random(count), [], 0
    for number in range(count):
        for student in MISTAKES:
            schedule = dice.choice(SCHEDULES[1:])() if "Schedule" in student.__name__ else None
            for _ in range(30):  # until there is a run in which it can be made
                run = drawn(dice, schedule)
                rows = planted(run, student)
                if rows is not None:
                    break
            else:
                continue
            total += 1
            if not is_named(run, rows, student):
                missed.append((student.__name__, run.optimizer.name, number))
    assert total > 60 * count
    assert len(missed) <= (1 - SHARE) * total, missed


@pytest.mark.parametrize("seed", range(6))
def test_what_was_set_otherwise_is_named(seed):
    dice = random.Random(seed)
    run = drawn(dice)
    students = list(settings_of(run))
    missed, total = [], 0
    for student in dice.sample(students, min(8, len(students))):
        rows = planted(run, student)
        if rows is not None:
            total += 1
            missed += [] if is_named(run, rows, student) else [student.cause]
    assert len(missed) <= max(1, (1 - SHARE) * total), missed


@pytest.mark.parametrize("value", [0.0137, 0.33])
def test_a_learning_rate_that_nobody_would_guess_is_found(value):
    run = gdviz.Run(gdviz.SigmoidNeuron([0.5, 2.5], [0.2, 0.9]), gdviz.Momentum(0.1), (-2, -2), updates=40)
    other = gdviz.Run(run.objective, gdviz.Momentum(value), (-2, -2), updates=40)
    verdict = check(run, Notebook(rows_of(other), None, None))
    assert f"η = {value:.4g} was taken, where η = 0.1 is stated" in verdict.sentences[1]


@pytest.mark.parametrize("seed", range(40))
def test_what_is_right_is_right(seed):
    dice = random.Random(seed)
    run = drawn(dice, dice.choice(SCHEDULES)())
    rows = rows_of(run)
    for form in WRITTEN.values():
        written = np.array([[float(form(value)) for value in row] for row in rows])
        assert check(run, Notebook(written, None, None)).is_right
    stride = dice.choice([1, 2, 5, 10])
    assert check(run, Notebook(rows[::stride], None, None)).is_right
    assert check(run, Notebook(rows[1:], None, np.arange(1, len(rows)))).is_right
    assert check(run, Notebook(rows[:-1], None, np.arange(1, len(rows)))).is_right  # counted from 1, logged before
    epochs = rows[:: run.per_epoch]
    assert check(run, Notebook(epochs, None, None, np.arange(len(epochs)))).is_right


@pytest.mark.parametrize("eta", [0.05, 0.1, 0.3, 1.0])
@pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)
def test_the_programs_own_numbers_are_right(cls, eta):
    run = gdviz.Run(gdviz.SigmoidNeuron([0.5, 2.5], [0.2, 0.9]), cls(eta=eta), (-2, -2), epochs=300)
    assert check(run, Notebook(rows_of(run), None, None)).is_right


def test_uphill_at_a_small_rate_is_not_rounding():
    run = gdviz.Run(gdviz.SigmoidNeuron([0.5, 2.5], [0.2, 0.9]), gdviz.GradientDescent(0.001), (-2, -2), updates=40)
    rows = np.array(run.start) * 2 - rows_of(run)[:2]
    verdict = check(run, Notebook(rows, None, None))
    assert verdict.departs_at == 1 and "uphill" in verdict.sentences[1]


def test_no_sentence_shows_two_numbers_that_print_alike():
    run = gdviz.Run(gdviz.SigmoidNeuron([0.5, 2.5], [0.2, 0.9]), gdviz.AdaGrad(0.5), (-2, -2), updates=40)
    rows = rows_of(gdviz.Run(run.objective, gdviz.AdaGrad(0.5, eps=1e-9), (-2, -2), updates=40))
    pairs = re.findall(r"= (\S+) where (\S+) is right", check(run, Notebook(rows, None, None)).sentences[0])
    assert pairs and all(one != other for one, other in pairs)


def test_two_mistakes_at_once_are_told():
    run = gdviz.Run(gdviz.SigmoidNeuron([0.5, 2.5, -1.0], [0.2, 0.9, 0.4]), gdviz.Adam(0.1), (-2, -2), updates=40)
    rows = walk(both(MISTAKES["RootForgotten"], MISTAKES["SignOfB"])(), run, 40)
    assert check(run, Notebook(rows, None, None)).sentences[1].startswith("The likeliest cause: two mistakes: ")


def test_a_mistake_and_a_value_at_once_are_told():
    run = gdviz.Run(gdviz.SigmoidNeuron([0.5, 2.5, -1.0], [0.2, 0.9, 0.4]), gdviz.AdaGrad(0.1), (-2, -2), updates=40)
    rows = walk(MISTAKES["SlopeMissing"](), run.changed(optimizer=gdviz.AdaGrad(0.1, eps=0.01)), 40)
    said = check(run, Notebook(rows, None, None)).sentences[1]
    assert "two mistakes: " in said and "; and ε = 0.01 was taken, where ε = 1e-08 is stated" in said


@pytest.mark.parametrize("form", ["%.4f", "%.6f", "%.10g"])
def test_few_digits_hide_no_mistake_that_adds_up(form):
    """The look-ahead w − v in place of w − γv changes each step by less than the rounding."""
    data = [0.5, 2.5, -1.0], [0.2, 0.9, 0.4]
    run = gdviz.Run(gdviz.SigmoidNeuron(*data), gdviz.Nesterov(0.05, gamma=0.8), (-2, -2), updates=60)
    rows = np.vectorize(lambda value: float(form % value))(walk(MISTAKES["AheadWhole"](), run, 60))
    verdict = check(run, Notebook(rows, None, None))
    assert not verdict.is_right and MISTAKES["AheadWhole"] in verdict.causes


@pytest.mark.parametrize("decimals", [3, 4])
@pytest.mark.parametrize("cls", LECTURE, ids=lambda cls: cls.name)
def test_who_computes_by_hand_with_rounded_numbers_is_right(cls, decimals):
    """Each row follows from the row before as it was written down; that rounding adds up along the path."""
    run = gdviz.Run(gdviz.SigmoidNeuron([0.5, 2.5, -1.0], [0.2, 0.9, 0.4]), cls(0.3), (-2, -2), updates=40)
    point = gdviz.training.Point.start(run)
    rows = [point.params]
    for _ in range(40):
        exact = Loop().following(run, point).point
        point = at_params(exact, np.round(exact.params, decimals), run.optimizer)
        rows.append(point.params)
    assert check(run, Notebook(np.array(rows), None, None)).is_right


def test_who_forgets_b_is_told_from_who_forgets_its_gradient():
    data = [0.5, 2.5, -1.0], [0.2, 0.9, 0.4]
    run = gdviz.Run(gdviz.SigmoidNeuron(*data), gdviz.Nesterov(0.5, gamma=0.8), (-2, -1), updates=30)
    for name in ("BNotMoved", "NoGradientForB"):
        rows = walk(MISTAKES[name](), run, 30)
        assert check(run, Notebook(rows, None, None)).causes == (MISTAKES[name],)


def test_batches_of_an_unknown_order_are_recognised():
    neuron = gdviz.SigmoidNeuron([0.5, 2.5, -1.0, 1.5, 0.1, -2.0], [0.2, 0.9, 0.4, 0.6, 0.3, 0.1])
    run = gdviz.Run(neuron, gdviz.Momentum(0.5), (-2, -2), sampling=gdviz.MiniBatch(2), epochs=5)
    other = gdviz.Run(neuron, run.optimizer, run.start, sampling=gdviz.MiniBatch(2, shuffle=True), epochs=5, seed=9)
    assert "the order is another one" in check(run, Notebook(rows_of(other), None, None)).sentences[1]


# -- files as people have them


def written(tmp_path, header, rows, separator=","):
    path = tmp_path / "mine.csv"
    path.write_text("\n".join([separator.join(header), *(separator.join(map(str, row)) for row in rows)]) + "\n")
    return path


RACE = gdviz.lecture_race(gdviz.SigmoidNeuron.on(gdviz.load_data("lecture")), epochs=40)
FLAGS = ["--optimizer", "gd:eta=1", "--epochs", "40"]
RUN = gdviz.Run(RACE.objective, gdviz.GradientDescent(1.0), (-2, -2), epochs=40)


@pytest.mark.parametrize(
    "header", [("w", "b", "error"), ("W", "B", "Loss"), ("weight", "bias", "cost"), ("w_hist", "b_hist", "e_hist")]
)
@pytest.mark.parametrize("form", ["{!r}", "[{!r}]", " {!r} "])
def test_columns_are_found_by_themselves(tmp_path, header, form):
    trajectory = gdviz.train(RUN)
    rows = np.column_stack([trajectory.params, trajectory.error]).tolist()
    path = written(tmp_path, header, [[form.format(value) for value in row] for row in rows])
    (notebook,) = read_notebooks(path, ("w", "b")).values()
    np.testing.assert_array_equal(notebook.params, trajectory.params)
    np.testing.assert_array_equal(notebook.error, trajectory.error)
    assert main(["check", str(path), *FLAGS]) == 0


def test_each_run_of_a_file_is_told(tmp_path, capsys):
    path = tmp_path / "race.csv"
    assert main(["train", "--epochs", "40", "-o", str(path)]) == 0
    capsys.readouterr()
    assert main(["check", str(path), "--optimizer", "gd:eta=1", "--optimizer", "adam:eta=0.1", "--epochs", "40"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in told] == ["gd", "adam"]


def test_a_diverged_log_is_read(tmp_path):
    path = written(tmp_path, ("w", "b"), [(-2, -2), ("nan", "inf"), ("nan", "-inf")])
    assert main(["check", str(path), *FLAGS]) == 1


def test_a_hint_tells_no_right_number(tmp_path, capsys):
    rows = rows_of(gdviz.Run(RUN.objective, gdviz.GradientDescent(0.1), (-2, -2), epochs=40))
    path = written(tmp_path, ("w", "b"), rows.tolist())
    assert main(["check", str(path), *FLAGS, "--hint"]) == 1
    said = capsys.readouterr().out
    assert said == (
        "Look at update 1: up to there all rows are right. η has another value than the one that is stated.\n"
    )


def test_rows_that_do_not_move_cannot_tell(tmp_path, capsys):
    path = written(tmp_path, ("w", "b"), [(-2, -2)] * 5)
    assert main(["check", str(path), "--optimizer", "gd:eta=0", "--epochs", "40"]) == 0
    assert "cannot tell" in capsys.readouterr().out
