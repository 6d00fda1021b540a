"""The scripts of networks reproduce their run: executed, and compared; they hold only what the run uses."""

import contextlib
import csv
import io
import json
import re
from dataclasses import replace

import numpy as np
import pytest

import gdviz
from gdviz.cli import main
from gdviz.objectives import Network
from gdviz.objectives.data.samples import Data
from gdviz.objectives.data.shipped import moons
from gdviz.objectives.network.activations import ACTIVATIONS
from gdviz.objectives.network.initialisation import INITIALISATIONS
from gdviz.objectives.network.outputs import OUTPUTS
from gdviz.optimizers import OPTIMIZERS
from gdviz.texts import network_python
from gdviz.texts.python import script_of
from gdviz.training import SCHEDULES, usual
from tests.command import refused

pytestmark = pytest.mark.beside
LIBRARIES = ["numpy", "torch"]
MOONS = moons(22)
SHUFFLED = gdviz.MiniBatch(6, shuffle=True)


def network(layers="2-4-3-2", **given):
    return Network(layers, **given, data=MOONS)


def run_on(objective, optimizer=None, **given):
    return gdviz.Run(
        objective, optimizer or gdviz.Adam(0.05), **{"updates": 12, "seed": 3, "sampling": SHUFFLED, **given}
    )


def agrees(run, library):
    if library == "torch":
        pytest.importorskip("torch")
    text = script_of(run, library)
    assert "gdviz" not in text and len(text.splitlines()) < 250
    assert all(len(line) <= 120 or re.match(r"[XYy] = |params = |\"\"\"", line) for line in text.splitlines())
    names, said = {}, io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(text, "script", "exec"), names)
    trajectory = gdviz.train(run)
    truth = trajectory.params
    params, *error = (line.partition(" = ")[2] for line in said.getvalue().splitlines())
    assert json.loads(params) == names["path"][-1].tolist()
    assert bool(error) == (not (run.objective.batchnorm and run.objective.running))
    for one in error:
        assert float(one) == pytest.approx(trajectory.error[-1], rel=1e-7)
    assert names["path"].shape == truth.shape
    np.testing.assert_allclose(names["path"], truth, rtol=1e-9, atol=1e-9)
    return text


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("output", OUTPUTS.names)
@pytest.mark.parametrize("activation", [*ACTIVATIONS.names, "leaky-logistic"])
def test_every_activation_with_every_output(activation, output, library):
    agrees(run_on(network(activation=activation, output=output, leak=0.2)), library)
    one = Network("1-3-1", activation=activation.split("-")[0], output="linear", X=[0.5, -1, 2], Y=[0.25, 1, 3])
    agrees(run_on(one), library)


KINDS = {
    "normalised": {"batchnorm": True},
    "penalty": {"l2": 0.1, "batchnorm": True},
    "beside": {"l2": 0.1, "decoupled": True, "batchnorm": True},
    "dropout": {"dropout": 0.3},
    "some dropout": {"dropout": (0, 0.5), "batchnorm": True},
    "jitter": {"jitter": 0.2},
    "all": {"batchnorm": True, "running": True, "dropout": "0.2-0.1", "jitter": 0.1, "l2": 0.01, "validation": 0.3,
            "standardize": True, "activation": "relu-tanh"},
}  # fmt: skip


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cls", [gdviz.Nesterov, gdviz.Adam, gdviz.Lion], ids=lambda cls: cls.name)
def test_everything_that_keeps_weights_small(cls, kind, library):
    objective = network(**KINDS[kind])
    agrees(run_on(objective, usual(cls, objective)), library)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)
def test_every_rule(cls, library):
    for objective in (network(), network("2-5-2", l2=0.05, decoupled=True)):
        agrees(run_on(objective, usual(cls, objective)), library)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("init", INITIALISATIONS.names)
def test_every_start(init, library):
    objective = network(init=init, init_seed=5, batchnorm=True)
    text = agrees(run_on(objective, gdviz.Momentum(0.05)), library)
    assert "(5, 0)" in text and "ones" in text
    other = tuple(np.linspace(-1, 1, objective.size).tolist())
    text = agrees(run_on(objective, start=other), library)
    assert "(5, 0)" not in text and repr(other[1]) in text


@pytest.mark.parametrize("per", ["epoch", "update"])
@pytest.mark.parametrize("cls", SCHEDULES, ids=lambda cls: cls.name)
def test_every_schedule(cls, per):
    schedule = cls() if cls is gdviz.ConstantRate else cls(per=per)
    agrees(run_on(network(), schedule=schedule), "numpy")


@pytest.mark.parametrize("reduction", ["lecture", "sum", "mean"])
@pytest.mark.parametrize(
    "sampling", [gdviz.Batch(), gdviz.Stochastic(shuffle=True), gdviz.MiniBatch(7), gdviz.MiniBatch(99, shuffle=True)],
    ids=repr,
)  # fmt: skip
def test_every_strategy_and_reduction(sampling, reduction):
    objective = network(jitter=0.1, l2=0.01)
    agrees(run_on(objective, gdviz.GradientDescent(0.02), sampling=sampling, reduction=reduction), "numpy")


@pytest.mark.parametrize("library", LIBRARIES)
def test_without_a_hidden_layer_and_with_several_targets(library):
    agrees(run_on(network("2-2", batchnorm=True)), library)
    X, Y = np.arange(8.0).reshape(4, 2), [[0.5, 1, 0], [1, 0, 0], [0, 0, 1], [0.25, 0.5, 0]]
    agrees(run_on(Network("2-3-3", output="logistic", X=X, Y=Y)), library)


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_deep_network(library):
    agrees(run_on(network("2-" + "3-" * 12 + "2", batchnorm=True, l2=0.01)), library)


def test_it_holds_only_what_the_run_uses():
    text = script_of(run_on(network("2-4-2"), sampling=gdviz.Batch()))
    assert "    a1 = np.tanh(x @ W1 + b1)\n    z2 = a1 @ W2 + b2\n" in text
    assert "y = np.array([0, " in text and "Y = np.eye(2)[y]" in text and "'moons'" in text
    for absent in ("l2", "leak", "sigmoid", "normalised", "gamma", "mask", "update, 1", "weights", "order", "torch"):
        assert absent not in text, absent
    text = script_of(run_on(network(**KINDS["all"]), gdviz.GradientDescent(0.1)))
    assert "share of 0.3 is kept apart" in text and "deviation 1" in text and "leak" not in text


def test_a_name_from_a_file_is_no_code():
    data = Data('x\nraise SystemExit\n"""\'', MOONS.X, MOONS.Y, classes=("a", "b"))
    agrees(run_on(Network("2-3-2", data=data)), "numpy")


def test_what_is_not_written_out_is_refused(monkeypatch):
    picture = Data("dots", np.eye(4), np.array([0.0, 1, 0, 1]), classes=("a", "b"), image=(2, 2))
    cases = [
        (run_on(Network("4-3-2", data=picture, shift=1)), "shifted or rotated anew for each update"),
        (run_on(Network("4-3-2", data=picture, rotate=9)), "shifted or rotated anew for each update"),
        (run_on(network(precision="float32")), "a network in float32 has no script"),
        (run_on(network(validation=0.3), patience=2), "a run with early stopping has no script"),
        (run_on(network()).forked_at(3), "forked"),
    ]
    for run, sentence in cases:
        with pytest.raises(ValueError, match=sentence):
            script_of(run)
    run = run_on(network())
    monkeypatch.setattr(network_python, "MOST_NUMBERS", 66)
    assert script_of(run)
    with pytest.raises(ValueError, match="at most 66 numbers; samples and start of this network are 101"):
        script_of(replace(run, start=(0.5,) * run.objective.size))
    monkeypatch.setattr(network_python, "MOST_NUMBERS", 65)
    with pytest.raises(ValueError, match="at most 65 numbers; samples of this network are 66"):
        script_of(run)


FLAGS = ["--objective", "network:layers=2-4-2", "--data", "moons", "--epochs", "3", "--optimizer", "adam:eta=0.01"]


def test_the_command_writes_it(tmp_path, capsys):
    path = tmp_path / "run.py"
    assert main(["script", *FLAGS, "--batch-size", "64", "-o", str(path)]) == 0
    names = {}
    exec(compile(path.read_text("utf-8"), "script", "exec"), names)
    assert capsys.readouterr().out.startswith("params = [")
    assert main(["train", *FLAGS, "--batch-size", "64", "-o", "-"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    params = [[float(row[name]) for name in Network("2-4-2").parameters] for row in rows]
    np.testing.assert_allclose(names["path"], params, rtol=1e-9)
    assert "early stopping" in refused(capsys, "script", *FLAGS, "--early-stopping", "2", "-o", tmp_path / "no.py")
