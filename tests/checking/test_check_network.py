"""What `gdviz train` writes of a network is right; mistakes are named; a table without params is refused."""

import re

import numpy as np
import pytest

import gdviz
from gdviz.checking import check, verdict
from gdviz.checking.mistakes import MISTAKES, both, walk
from gdviz.checking.student import Notebook
from gdviz.cli import main
from gdviz.objectives import Network
from gdviz.objectives.data.shipped import moons
from tests.command import refused

pytestmark = pytest.mark.beside

KINDS = {
    "plain": {},
    "relu": {"activation": "relu", "init": "normal", "init_seed": 4},
    "draws": {"dropout": 0.3, "jitter": 0.1, "batchnorm": True},
    "beside": {"l2": 0.1, "decoupled": True},
}


def run_of(optimizer=None, updates=40, **given):
    network = Network("2-5-2", validation=0.2, **given, data=moons(40))
    sampling = gdviz.MiniBatch(10, shuffle=True)
    return gdviz.Run(network, optimizer or gdviz.Adam(0.05), sampling=sampling, updates=updates, seed=2)


def verdict_on(run, params):
    return check(run, Notebook(params, None, np.arange(len(params))))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cls", [gdviz.Nesterov, gdviz.Adam, gdviz.AdamW, gdviz.Lion], ids=lambda cls: cls.name)
def test_what_is_right_passes(cls, kind):
    run = run_of(cls(0.02), **KINDS[kind])
    params = gdviz.train(run).params
    assert verdict_on(run, params).sentences == ("Right: every row is what the rule gives.",)
    assert verdict_on(run, np.round(params, 4)).sentences[0].startswith("Right up to rounding")
    assert check(run, Notebook(params, gdviz.train(run).error, None)).is_right


def test_mistakes_are_named_with_the_few_that_are_farthest_off():
    run = run_of()
    for name in ("NotCorrected", "Summed", "CounterFrom2", "EtaTwice", "NotSquared"):
        found = verdict_on(run, walk(MISTAKES[name](), run, 40))
        assert MISTAKES[name] in found.causes and not found.is_right
        assert len(re.findall(r"where \S+ is right", found.sentences[0])) == 6
        assert "of 27 parameters these are farthest off" in found.sentences[0]
    ahead = run_of(gdviz.Nesterov(0.05))
    assert MISTAKES["NotAhead"] in verdict_on(ahead, walk(MISTAKES["NotAhead"](), ahead, 40)).causes


GRADIENTS = [
    (name, kind)
    for kind, names in (
        ({"l2": 0.1}, ["PenaltyOnB", "PenaltyByN", "PenaltyMissing", "PenaltyTwice", "OutputsAveraged"]),
        ({}, ["BiasesNotMoved", "HiddenSlopeMissing", "HiddenSlopeOfValue", "HiddenSlopeOfLogistic"]),
        ({}, ["Uphill", "Doubled", "OutputSlopeAdded"]),
        ({"activation": "logistic", "output": "logistic-squared"}, ["OutputSlopeMissing", "HiddenSlopeOfTanh"]),
        ({"activation": "relu", "batchnorm": True, "dropout": 0.2}, ["HiddenSlopeMissing", "HiddenSlopeOfLogistic"]),
    )
    for name in names
]


@pytest.mark.parametrize(("name", "kind"), GRADIENTS)
def test_mistakes_in_back_propagation_are_named(name, kind):
    run = run_of(gdviz.GradientDescent(0.5), **kind)
    rows = walk(MISTAKES[name](), run, 40)
    assert verdict_on(run, rows).causes[0] is MISTAKES[name]
    assert verdict_on(run, np.round(rows, 8)).causes[0] is MISTAKES[name]


def test_a_hidden_slope_that_is_missing_is_that_of_a_plain_loop():
    """The mistake as somebody would write it, in a loop that shares nothing with ours."""
    run = run_of(gdviz.GradientDescent(0.5), 20)
    layout, part = run.objective.layout, run.objective.parts.training
    params = [np.array(run.start)]
    for update in range(20):
        p, batch = params[-1], run.sampling.batch(update, run.objective.samples, run.seed)
        x, y = part.X[batch], part.T[batch]
        W1, b1, W2, b2 = (p[where] for layer in layout.layers for where in (layer.W, layer.b))
        a = np.tanh(x @ W1.reshape(2, 5) + b1)
        e = np.exp(a @ W2.reshape(5, 2) + b2)
        d2 = (e / e.sum(axis=1, keepdims=True) - y) / len(x)
        d1 = d2 @ W2.reshape(5, 2).T
        g = np.concatenate([(x.T @ d1).ravel(), d1.sum(axis=0), (a.T @ d2).ravel(), d2.sum(axis=0)])
        params.append(p - 0.5 * g)
    assert verdict_on(run, np.array(params)).causes == (MISTAKES["HiddenSlopeMissing"],)


@pytest.mark.parametrize("other", ["BiasesNotMoved", "OutputsAveraged", "OutputSlopeAdded"])
def test_two_mistakes_at_once_are_told_of_a_small_network(other):
    run = run_of(gdviz.GradientDescent(0.5))
    rows = walk(both(MISTAKES[other], MISTAKES["HiddenSlopeMissing"])(), run, 40)
    for one in (other, "HiddenSlopeMissing"):  # both are made
        assert not np.allclose(rows[1], walk(MISTAKES[one](), run, 1)[1], atol=1e-9)
    assert "two mistakes: " in verdict_on(run, rows).sentences[1]


def test_a_number_that_never_changes_makes_no_wrong_row_right():
    params = gdviz.train(run_of(activation="relu")).params.copy()
    params[:, 3] = 0.5
    params[5:, 0] += 0.01
    assert not verdict_on(run_of(activation="relu"), params).is_right


def test_of_very_many_numbers_only_the_first_rows_are_looked_at(monkeypatch):
    monkeypatch.setattr(verdict, "MOST_NUMBERS", 27 * 10)
    run = run_of()
    params = gdviz.train(run).params
    found = verdict_on(run, params)
    assert found.is_right and found.sentences[1] == "Rows after update 10 were not looked at."
    with pytest.raises(ValueError, match="only the first 10 updates can be looked at"):
        check(run, Notebook(params[20:], None, np.arange(20, 41)))


FLAGS = ["--data", "moons", "--optimizer", "adam:eta=0.02", "--batch-size", "32", "--shuffle", "--epochs", "3"]
SMALL = [*FLAGS, "--objective", "network:layers=2-4-2,dropout=0.2,l2=0.01", "--batchnorm"]


def test_the_command_finds_what_train_writes_right(tmp_path, capsys):
    path = str(tmp_path / "run.csv")
    assert main(["train", *SMALL, "-o", path]) == 0
    assert main(["check", path, *SMALL]) == 0
    assert capsys.readouterr().out.startswith("Right: every row")
    assert main(["check", path, *SMALL, "--seed", "4"]) == 1
    assert "The first update that departs is 1: " in capsys.readouterr().out


def test_a_table_without_params_is_refused_in_a_sentence(tmp_path, capsys):
    path, flags = str(tmp_path / "run.csv"), [*FLAGS, "--objective", "network:layers=2-40-2"]
    assert main(["train", *flags, "-o", path]) == 0
    sentence = refused(capsys, "check", path, *flags)
    assert "there is no column 'W1[0,0]'" in sentence and "--params" in sentence
    assert main(["train", *flags, "--params", "-o", path]) == 0
    assert main(["check", path, *flags]) == 0
