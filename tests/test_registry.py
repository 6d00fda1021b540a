"""Registries, and a plug-in in a package of its own that adds one of each without a change in gdviz."""

import json
import os

import pytest

from gdviz.optimizers import OPTIMIZERS, GradientDescent
from gdviz.registry import Registry
from tests.command import ENVIRONMENT, gdviz, python

pytestmark = pytest.mark.once

PLUGIN = """
from dataclasses import dataclass
import numpy as np
from gdviz.checking.mistakes import MISTAKES, Student
from gdviz.objectives import DATASETS, Data
from gdviz.optimizers import OPTIMIZERS, Optimizer
from gdviz.optimizers.declarations import learning_rate
from gdviz.training import SCHEDULES, Schedule

@OPTIMIZERS
@dataclass(frozen=True)
class SignGD(Optimizer):
    name = "signgd"
    label = "Sign descent"
    equations = ("w ← w − η sign(g)",)
    eta: float = learning_rate(0.1)

    @staticmethod
    def rule(g, t, eta):
        return eta * np.sign(g), (), ()

@SCHEDULES
@dataclass(frozen=True)
class Halved(Schedule):
    name = "halved"
    label = "Halved"
    formula = "η / 2"
    per = "epoch"

    def decayed(self, eta, t, T):
        return eta / 2

@DATASETS
def two():
    return Data("two", np.array([0.5, 2.5]), np.array([0.2, 0.9]), about="Two samples.")

@MISTAKES
class ThriceAsFar(Student):
    cause = "η was taken three times"

    def eta(self, run, update):
        return 3 * super().eta(run, update)
"""


@pytest.fixture
def plugin(tmp_path, monkeypatch):
    """Install a package with an entry point, as pip would."""
    (tmp_path / "signs.py").write_text(PLUGIN, "utf-8")
    (tmp_path / "broken.py").write_text("raise RuntimeError('not today')", "utf-8")
    info = tmp_path / "signs-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: signs\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[gdviz.plugins]\nsigns = signs\nbroken = broken\n", "utf-8")
    return tmp_path


def with_plugin(folder):
    return {**ENVIRONMENT, "PYTHONPATH": os.pathsep.join([ENVIRONMENT["PYTHONPATH"], str(folder)])}


def run(plugin, *arguments):
    return gdviz(*arguments, env=with_plugin(plugin))


def test_names_are_found_and_refused_in_one_place():
    colours = Registry("colour")

    @colours
    class Red:
        name = "red"

    assert colours["red"] is Red and colours.names == ("red",) and list(colours) == [Red] and colours[0] is Red
    with pytest.raises(ValueError, match=r"unknown colour 'rad'; did you mean red\? known: red"):
        colours["rad"]
    with pytest.raises(ValueError, match="there are two colours of the name 'red'"):
        colours(Red)
    colours.remove("red")
    assert len(colours) == 0
    assert OPTIMIZERS["gd"] is GradientDescent and GradientDescent in OPTIMIZERS


def test_a_plugin_is_listed_and_one_that_fails_is_told(plugin):
    listed = run(plugin, "list", "optimizers")
    assert listed.returncode == 0 and "signgd" in listed.stdout and "sign(g)" in listed.stdout
    assert "the plug-in 'broken' is left out: RuntimeError: not today" in listed.stderr
    assert "two" in run(plugin, "list", "data").stdout and "halved" in run(plugin, "list", "schedules").stdout
    assert "signgd" in run(plugin, "train", "--help").stdout


def test_a_plugin_is_used_by_its_flags_and_kept_in_sessions(plugin, tmp_path):
    flags = ("--optimizer", "signgd:eta=0.2", "--schedule", "halved", "--data", "two", "--start=1,1", "--updates", "2")
    trained = run(plugin, "train", *flags, "-o", "-")
    assert trained.returncode == 0, trained.stderr
    rows = [line.split(",") for line in trained.stdout.splitlines()[1:]]
    assert [row[0] for row in rows] == ["signgd"] * 3
    steps = [abs(float(rows[i + 1][3]) - float(rows[i][3])) for i in range(2)]
    assert steps == pytest.approx([0.1, 0.1])  # half of η, whatever the gradient
    path = tmp_path / "plugged.gdviz"
    make = (
        "import sys, gdviz, signs; neuron = gdviz.SigmoidNeuron([0.5], [0.9]);"
        f"gdviz.save(gdviz.Experiment((gdviz.Run(neuron, signs.SignGD(), updates=2),)), {str(path)!r})"
    )
    saved = python("-c", make, env=with_plugin(plugin))
    assert saved.returncode == 0, saved.stderr
    assert json.loads(path.read_text("utf-8"))["runs"][0]["optimizer"] == {"name": "signgd", "eta": 0.1}
    assert run(plugin, "train", "--session", path, "-o", "-").returncode == 0
    without = gdviz("train", "--session", path, "-o", "-")
    assert without.returncode == 2 and "unknown optimizer 'signgd'" in without.stderr


def test_a_mistake_of_a_plugin_is_looked_for(plugin):
    found = "from gdviz.checking.mistakes import MISTAKES; from gdviz.registry import load_plugins; load_plugins();"
    said = python(
        "-c", f"{found} print(MISTAKES['ThriceAsFar'].cause)",
        env=with_plugin(plugin),
    )  # fmt: skip
    assert said.stdout.strip() == "η was taken three times", said.stderr
