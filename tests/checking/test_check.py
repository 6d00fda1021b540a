"""Every known mistake, planted in a notebook of plain Python, is named; right numbers pass; rounding is rounding."""

import numpy as np
import pytest

import gdviz
from gdviz.checking import check, read_notebook
from gdviz.checking.mistakes import MISTAKES, settings_of, walk
from gdviz.checking.student import Notebook
from gdviz.cli import main
from tests.checking.notebook import notebook

pytestmark = pytest.mark.once

DATA = gdviz.load_data("oring").standardized()
START, EPOCHS, SIZE = (1.0, -1.5), 12, 5
RULES = {
    "gd": gdviz.GradientDescent(0.1),
    "momentum": gdviz.Momentum(0.1),
    "nag": gdviz.Nesterov(0.1),
    "adagrad": gdviz.AdaGrad(0.1),
    "rmsprop": gdviz.RMSProp(0.1),
    "adam": gdviz.Adam(0.1),
}


SWAPPED = "β and 1 − β were swapped"


def mistake_of(name, run):
    """Return a mistake by its name, of those of this run, too."""
    return next((one for one in settings_of(run) if one.cause == name), None) or MISTAKES[name]


def names(verdict):
    return [cause.cause if cause.__name__ == "Otherwise" else cause.__name__ for cause in verdict.causes]


def run_of(rule, reduction="lecture", epochs=EPOCHS):
    neuron = gdviz.SigmoidNeuron(DATA.X, DATA.Y)
    return gdviz.Run(neuron, RULES[rule], START, sampling=gdviz.MiniBatch(SIZE), epochs=epochs, reduction=reduction)


def rows_of(rule, wrong="", epochs=EPOCHS, **more):
    return np.array(notebook(rule, DATA.X.tolist(), DATA.Y.tolist(), START, epochs, SIZE, wrong, **more)[0])


def verdict_on(rule, params, updates=None, every="auto", reduction="lecture", error=None):
    return check(run_of(rule, reduction), Notebook(params, error, updates), every)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("begin", [0, 1])
@pytest.mark.parametrize("every", ["update", "epoch"])
def test_what_is_right_passes_however_its_rows_are_counted(rule, begin, every):
    rows = rows_of(rule)
    rows = rows[5 * begin :: 5] if every == "epoch" else rows[begin:]
    verdict = verdict_on(rule, rows)
    assert verdict.is_right and verdict.sentences == ("Right: every row is what the rule gives.",)
    assert verdict.updates.tolist() == list(range(0, 61, 5 if every == "epoch" else 1))[begin:]


@pytest.mark.parametrize("rule", RULES)
def test_the_digits_decide_what_is_rounding(rule):
    verdict = verdict_on(rule, np.round(rows_of(rule), 6))
    assert verdict.is_right and verdict.departs_at is None
    assert verdict.sentences[0].startswith("Right up to rounding")
    noise = np.random.default_rng(3).normal(scale=1e-6, size=(61, 2))
    noise[0] = 0
    assert verdict_on(rule, rows_of(rule) + noise).departs_at == 1  # numbers of 17 digits are held to them


PLANTED = [
    *((rule, "reduction", "Averaged") for rule in ("momentum", "adam", "nag")),
    ("gd", "reduction", "Summed"),
    *((rule, "sign of b", "SignOfB") for rule in RULES),
    ("nag", "not ahead", "NotAhead"),
    *((rule, "eta twice", "EtaTwice") for rule in RULES),
    ("adam", "no correction", "NotCorrected"),
    ("adam", "restarted", "CounterRestarted"),
    ("gd", "short batch", "ShortBatchAsFull"),
    ("rmsprop", "swapped", SWAPPED),
    ("adam", "swapped", SWAPPED),
    *((rule, "one by one", "OneByOne") for rule in RULES),
    *((rule, "eps inside", "EpsilonInside") for rule in ("adagrad", "rmsprop", "adam")),
    *((rule, "eps added", "EpsilonAdded") for rule in ("adagrad", "rmsprop", "adam")),
]


@pytest.mark.parametrize(("rule", "wrong", "cause"), PLANTED, ids=lambda value: getattr(value, "__name__", value))
def test_a_planted_mistake_is_named_with_the_first_update_that_departs(rule, wrong, cause):
    right, rows = rows_of(rule), rows_of(rule, wrong)
    verdict = verdict_on(rule, rows)
    assert not verdict.is_right and cause in names(verdict)
    off = np.abs(rows - right).max(axis=1)
    assert off[verdict.departs_at] > 1e-12 * max(1, np.abs(right).max())
    assert (off[: verdict.departs_at] < 1e-9).all()
    assert mistake_of(cause, run_of(rule)).cause in " ".join(verdict.sentences[1:])
    assert str(verdict.departs_at) in verdict.sentences[0]


@pytest.mark.parametrize("rule", ["momentum", "nag", "adagrad", "rmsprop", "adam"])
def test_a_memory_that_was_not_reset_is_named(rule):
    _, kept = notebook(rule, DATA.X.tolist(), DATA.Y.tolist(), START, EPOCHS, SIZE)
    rows = rows_of(rule, kept=kept)
    verdict = verdict_on(rule, rows)
    assert "StateKept" in names(verdict) and verdict.departs_at == 1


def test_two_more_that_need_another_convention():
    inside = gdviz.Run(
        run_of("adam").objective, gdviz.Adam(0.1, inside=1), START, sampling=gdviz.MiniBatch(SIZE), epochs=9
    )
    assert "EpsilonOutside" in names(check(inside, Notebook(rows_of("adam", epochs=9), None, None)))
    rows = walk(MISTAKES["CountedEpochs"](), run_of("adam"), 60)
    assert "CountedEpochs" in names(verdict_on("adam", rows))


def test_epochs_are_enough_to_name_a_mistake():
    verdict = verdict_on("adam", rows_of("adam", "restarted")[::5])
    assert "CounterRestarted" in names(verdict) and verdict.departs_at == 10


def test_a_mistake_can_be_named_in_rounded_numbers():
    verdict = verdict_on("nag", np.round(rows_of("nag", "not ahead"), 5))
    assert "NotAhead" in names(verdict)


def test_it_says_so_when_none_fits():
    rows = rows_of("momentum")
    rows[20:] += 0.01
    verdict = verdict_on("momentum", rows)
    assert verdict.cause is None and verdict.departs_at == 20 and not verdict.is_right
    assert verdict.sentences[1] == "None of the known mistakes explains the rows."


@pytest.mark.parametrize(
    ("factor", "said"), [(2.0, "without the ½"), (1 / 23, "as a mean over the samples"), (2 / 23, "and without the ½")]
)
def test_errors_of_another_convention_are_recognised(factor, said):
    rows = rows_of("gd")
    error = factor * run_of("gd").objective.value(rows)
    verdict = verdict_on("gd", rows, error=error)
    assert verdict.is_right and said in verdict.sentences[1]
    error /= factor
    assert verdict_on("gd", rows, error=error).is_right
    error[7] *= 1.5
    assert "The error in row 8 is" in verdict_on("gd", rows, error=error).sentences[1]


@pytest.mark.parametrize("decimals", [2, 3, 4, 6])
def test_rounded_numbers_are_right(decimals):
    rows = np.round(rows_of("momentum"), decimals)
    error = np.round(run_of("momentum").objective.value(rows_of("momentum")), decimals)
    verdict = verdict_on("momentum", rows)
    assert verdict.is_right and "Right up to rounding" in verdict.sentences[0]
    assert verdict_on("momentum", rows_of("momentum"), error=error).is_right


def test_a_late_explosion_hides_no_early_departure():
    run = gdviz.Run(gdviz.Booth(), gdviz.GradientDescent(1000.0), updates=30)
    rows = gdviz.train(gdviz.Run(gdviz.Booth(), gdviz.GradientDescent(0.01), updates=30)).params
    assert check(run, Notebook(rows, None, None)).departs_at == 1


# -- the command


def write(path, rows, header="w,b"):
    path.write_text("\n".join([header, *(",".join(map(repr, row)) for row in rows.tolist())]) + "\n")
    return path


FLAGS = ["--data", "oring", "--standardize", "--start=1,-1.5", "--batch-size", "5", "--epochs", "12"]


def test_the_command_says_it_and_its_exit_code_tells(tmp_path, capsys):
    path = write(tmp_path / "mine.csv", rows_of("adam"))
    assert main(["check", str(path), "--optimizer", "adam:eta=0.1", *FLAGS]) == 0
    assert capsys.readouterr().out.startswith("Right")
    path = write(tmp_path / "mine.csv", rows_of("adam", "no correction"), "weight,bias")
    assert main(["check", str(path), "--optimizer", "adam:eta=0.1", "--columns", "weight,bias", *FLAGS]) == 1
    assert "bias correction is missing" in capsys.readouterr().out


def test_what_train_writes_is_right(tmp_path, capsys):
    path = tmp_path / "race.csv"
    assert main(["train", *FLAGS, "--optimizer", "gd:eta=0.1", "--optimizer", "adam:eta=0.1", "-o", str(path)]) == 0
    assert main(["check", str(path), "--run", "adam", "--optimizer", "adam:eta=0.1", *FLAGS]) == 0
    assert "Right" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "flags", "sentence"),
    [
        ("", [], "there is no column 'w'"),
        ("w,b\n", [], "there is no row of numbers"),
        ("w,b\n1,x\n", [], "line 2: 'x' is not a number"),
        ("w,b\n1\n", [], "line 2: 1 column(s), where the first row has 2"),
        ("w,w,b\n1,1,1\n", [], "more than one column 'w'"),
        ("w,b,update\n1,1,3\n1,1,2\n", [], "whole numbers that rise"),
        ("w,b\n" + "1,1\n" * 99, [], "99 rows are more than the run has, 60 updates in 12 epochs"),
        ("w,b\n1,1\n", ["--columns", "w"], "--columns must name the columns of w, b"),
        ("w,b\n1,1\n", ["--run", "adam"], "no column 'run' that could name 'adam'"),
        ("w,b\n1,1\n", ["--optimizer", "gd"], "one --optimizer is checked at a time"),
    ],
)
def test_bad_input_is_one_sentence(tmp_path, capsys, text, flags, sentence):
    path = tmp_path / "bad.csv"
    path.write_text(text)
    assert main(["check", str(path), "--optimizer", "adam:eta=0.1", *FLAGS, *flags]) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err and captured.out == "" and len(captured.err.splitlines()) == 1


def test_decimal_commas_are_read(tmp_path):
    path = tmp_path / "deutsch.csv"
    path.write_text("w;b\n-2,5;1,25\n")
    assert read_notebook(path, ("w", "b")).params.tolist() == [[-2.5, 1.25]]


def test_a_notebook_that_is_not_text_is_one_sentence(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_bytes(b"w,b\n\x81\x8d,1\n")
    with pytest.raises(ValueError, match="not UTF-8"):
        read_notebook(path, ("w", "b"))
    with pytest.raises(ValueError, match="cannot be read"):
        read_notebook(tmp_path / "none.csv", ("w", "b"))
