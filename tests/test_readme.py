"""What README shows is what happens: its Python and its commands run."""

import re
import shlex
import sys
import types
from pathlib import Path

import numpy as np
import pytest

import gdviz
from gdviz.cli import main
from gdviz.notation.reading import read
from gdviz.optimizers import OPTIMIZERS

pytestmark = pytest.mark.once

README = Path(__file__).resolve().parents[1] / "README.md"
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
PYTHON = [code for language, code in BLOCKS if language == "python"]
COMMANDS = [
    line.split("  ")[0].replace("\\\n", " ")
    for line in re.sub(r" \\\n +", " ", next(code for _, code in BLOCKS if "gdviz train" in code)).splitlines()
    if line.startswith("gdviz ")
]
DRAWN = ("render", "pack")
"""Commands that draw for long; their flags are in the tests of exports."""


def test_the_library_does_what_readme_shows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    random = np.random.default_rng(0)
    X, Y = random.normal(size=(60, 2)), random.integers(0, 2, 60)
    known = {"w": np.linspace(-1, 1, 3), "b": np.linspace(-1, 1, 4), "X": X, "Y": Y}
    code = PYTHON[0]
    if "matplotlib" not in sys.modules:
        code = re.sub(r"^trajectory\.plot\(\).*\n", "", code, flags=re.MULTILINE)
    exec(compile(code, "README.md", "exec"), known)
    assert known["trajectory"].params.shape[1] == known["network"].size
    assert len(gdviz.open("race.gdviz").experiment.runs) == 6


def test_the_optimizer_that_readme_adds_follows_its_equations():
    module = types.ModuleType("signum")
    known = vars(module)
    sys.modules[module.__name__] = module
    try:
        exec(compile(PYTHON[1], "README.md", "exec"), known)
    finally:
        del sys.modules[module.__name__]
        OPTIMIZERS.remove("signum")
    signum = known["Signum"](eta=0.1, beta=0.5)
    assert [read(line).target for line in signum.written()] == ["m", "w"]
    run = gdviz.Run(gdviz.SigmoidNeuron([0.5, 2.5], [0.2, 0.9]), signum, (-2, -2), updates=3)
    np.testing.assert_allclose([step.step for step in gdviz.steps(run)], -0.1 * np.ones((3, 2)))


@pytest.mark.parametrize("line", COMMANDS)
def test_the_commands_that_readme_shows_end_well(line, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    _, *arguments = shlex.split(line)
    if not arguments or "." in arguments[0] or arguments[0] in DRAWN:
        return  # the window, and what is drawn
    gdviz.save(gdviz.lecture_race(gdviz.SigmoidNeuron([0.5, 2.5], [0.2, 0.9])), "race.gdviz")
    if arguments[0] == "check":
        assert main(["train", *arguments[2:], "-o", arguments[1]]) == 0
    assert main([argument.replace("race.png", "race.gdviz") for argument in arguments]) == 0
