"""Registries, and a plug-in in a package of its own that adds one of each without a change in gdviz."""

import json

import pytest

from gdviz.optimizers import OPTIMIZERS, GradientDescent
from gdviz.registry import Registry
from tests.command import gdviz, python
from tests.plugin import run, with_plugin

pytestmark = pytest.mark.once


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
