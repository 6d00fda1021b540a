"""Every named term as numbers, and the error surface: what is written is what the steps and the grid are."""

import csv
import json

import numpy as np
import pytest

import gdviz
from gdviz.cli import main

FLAGS = ["--data", "oring", "--standardize", "--batch-size", "6", "--updates", "20"]
RULES = ["gd:eta=0.1", "adam:eta=0.1", "nag:eta=0.05"]


def steps_of(name):
    data = gdviz.load_data("oring").standardized()
    rule = {"gd": gdviz.GradientDescent(0.1), "adam": gdviz.Adam(0.1), "nag": gdviz.Nesterov(0.05)}[name]
    run = gdviz.Run(gdviz.SigmoidNeuron(data.X, data.Y), rule, sampling=gdviz.MiniBatch(6), updates=20)
    return list(gdviz.steps(run))


@pytest.fixture
def written(tmp_path):
    def make(ending):
        path = tmp_path / f"race{ending}"
        rules = [word for rule in RULES for word in ("--optimizer", rule)]
        assert main(["train", *FLAGS, *rules, "--terms", "-o", str(path)]) == 0
        return path

    return make


def expected(step):
    values = {"eta": step.eta}
    for name, value in {"gradient": step.gradient, **step.terms, "step": step.step}.items():
        for parameter, one in zip("wb", np.broadcast_to(value, 2), strict=True):
            values[f"{name}.{parameter}"] = one
    return values


def test_csv(written):
    with written(".csv").open() as file:
        rows = list(csv.DictReader(file))
    for name in ("gd", "adam", "nag"):
        mine = [row for row in rows if row["run"] == name]
        assert len(mine) == 21 and mine[0]["eta"] == "" and mine[0]["step.w"] == ""
        for row, step in zip(mine[1:], steps_of(name), strict=True):
            values = expected(step)
            for key, value in values.items():
                assert float(row[key]) == pytest.approx(value, rel=1e-12)
            others = set(row) - set(values) - {"run", "update", "epoch", "w", "b", "error"}
            assert all(row[key] == "" for key in others)


def test_json_and_npz(written):
    runs = json.loads(written(".json").read_text())["runs"]
    arrays = np.load(written(".npz"))
    for run in runs:
        steps = steps_of(run["run"])
        for key in expected(steps[0]):
            column = [expected(step)[key] for step in steps]
            assert run[key][0] is None
            np.testing.assert_allclose(run[key][1:], column, rtol=1e-12)
            np.testing.assert_allclose(arrays[f"{run['run']}/{key}"][1:], column, rtol=1e-12)


def test_the_grid_is_the_error(tmp_path):
    path = tmp_path / "grid.npz"
    flags = ["--data", "oring", "--standardize", "--box=-2,3,-1,1", "--points", "11"]
    assert main(["grid", *flags, "-o", str(path)]) == 0
    arrays = np.load(path)
    data = gdviz.load_data("oring").standardized()
    neuron = gdviz.SigmoidNeuron(data.X, data.Y)
    assert arrays["w"][[0, -1]].tolist() == [-2, 3] and arrays["b"][[0, -1]].tolist() == [-1, 1]
    for i, w in enumerate(arrays["w"]):
        for j, b in enumerate(arrays["b"]):
            assert arrays["error"][i, j] == pytest.approx(neuron.value(np.array([w, b])), rel=1e-9)


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["--box", "1,0,0,1"], "--box must be A0,A1,B0,B1 with the lower number first, not '1,0,0,1'"),
        (["--box", "x"], "--box must be"),
        (["--box", "0,nan,0,1"], "--box must be"),
        (["--points", "1"], "--points must be a whole number from 2 to 5000, not '1'"),
        (["--points", "1e3"], "--points must be"),
    ],
)
def test_what_is_no_grid_is_refused(tmp_path, capsys, flags, sentence):
    assert main(["grid", *flags, "-o", str(tmp_path / "grid.npz")]) == 2
    assert sentence in capsys.readouterr().err and not list(tmp_path.iterdir())
