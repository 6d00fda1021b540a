"""Tables: what is written reads back exactly, bit by bit."""

import csv
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gdviz
from gdviz.files import TABLES, write_table
from gdviz.objectives import SigmoidNeuron
from gdviz.training import Chunk, Point

NEURON = SigmoidNeuron([0.5, 2.5, -3], [0.2, 0.9, 1])


def race():
    optimizers = [gdviz.Adam(0.1), gdviz.GradientDescent(3.3), gdviz.Adam(1)]
    experiment = gdviz.Experiment.race(NEURON, optimizers, sampling=gdviz.MiniBatch(2), updates=7)
    return dict(zip(experiment.names, map(gdviz.train, experiment.runs), strict=True))


def of_numbers(params, error):
    """A trajectory of any numbers, as if they had been computed."""
    params, error = np.array(params), np.array(error)
    trajectory = gdviz.Trajectory(gdviz.Run(NEURON, updates=len(params)))
    checkpoints = np.empty((len(params) // 16, 0, params.shape[1]))
    trajectory.append(Chunk(params, error, checkpoints, Point(len(params), params[-1], ())))
    return trajectory


def read(path):
    """The columns by the run's name, read without gdviz."""
    if path.suffix == ".csv":
        table = {}
        with path.open(newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        for name, update, epoch, *numbers in rows:
            row = [int(update), int(epoch), *map(float, numbers)]
            for key, value in zip(header[1:], row, strict=True):
                table.setdefault(name, {}).setdefault(key, []).append(value)
        return table
    if path.suffix == ".json":
        runs = json.loads(path.read_text())["runs"]
        return {run["run"]: {key: run[key] for key in run if isinstance(run[key], list)} for run in runs}
    table = {}
    with np.load(path, allow_pickle=False) as arrays:
        for key in arrays.files:
            name, _, column = key.rpartition("/")
            table.setdefault(name, {})[column] = arrays[key].tolist()
    return table


@pytest.mark.parametrize("ending", TABLES)
def test_a_race_reads_back_exactly(tmp_path, ending):
    written = race()
    path = tmp_path / f"a race of Größe 3{ending}"
    write_table(path, written)
    table = read(path)
    assert list(table) == ["adam", "gd", "adam#2"]
    for name, trajectory in written.items():
        assert table[name] == {
            "update": list(range(8)),
            "epoch": [0, 1, 1, 2, 2, 3, 3, 4],
            "w": trajectory.params[:, 0].tolist(),
            "b": trajectory.params[:, 1].tolist(),
            "error": trajectory.error.tolist(),
        }
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


finite = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize("ending", TABLES)
@settings(max_examples=30, deadline=None)
@given(rows=st.lists(st.tuples(finite, finite, finite), min_size=1, max_size=20))
def test_any_number_reads_back_exactly(tmp_path_factory, ending, rows):
    *params, error = map(list, zip(*rows, strict=True))
    path = tmp_path_factory.getbasetemp() / f"numbers{ending}"
    write_table(path, {"gd": of_numbers(list(zip(*params, strict=True)), error)})
    table = read(path)["gd"]
    for column, numbers in zip(("w", "b", "error"), (*params, error), strict=True):
        assert [value.hex() for value in table[column][1:]] == [value.hex() for value in numbers]


def test_surfaces_name_their_own_columns(tmp_path):
    write_table(tmp_path / "f.CSV", {"gd": gdviz.train(gdviz.Run(gdviz.Beale(), updates=2))})
    assert (tmp_path / "f.CSV").read_text().splitlines()[0] == "run,update,epoch,x,y,error"


def test_json_says_which_run_diverged_and_how_it_was_made(tmp_path):
    run = gdviz.Run(gdviz.Rosenbrock(), gdviz.GradientDescent(eta=1), updates=50)
    write_table(tmp_path / "f.json", {"gd": gdviz.train(run)})
    (written,) = json.loads((tmp_path / "f.json").read_text())["runs"]
    assert written["optimizer"] == "gd:eta=1.0"
    assert written["diverged"].startswith("diverged at update ")
