"""The digits are learned: what the lecture promises of a small network, and the same numbers wherever it is trained."""

import numpy as np
import pytest

import gdviz
from gdviz.cli import main
from gdviz.files import save_session
from gdviz.objectives import Network
from gdviz.training import Experiment, MiniBatch
from tests.app.driving import settle

pytestmark = pytest.mark.beside

ADAM = gdviz.Adam(0.002, beta1=0.9, beta2=0.999)


def on_digits(seed):
    given = {"layers": "64-64-10", "activation": "relu", "init": "he", "init_seed": seed, "split_seed": seed}
    network = Network.on(Network.load("digits"), **given)
    return gdviz.Run(network, ADAM, sampling=MiniBatch(32, shuffle=True), epochs=30, seed=seed)


def test_30_epochs_of_adam_tell_97_of_100_unseen_digits():
    runs = [on_digits(seed) for seed in range(5)]
    column = runs[0].objective.score_names.index("validation_accuracy")
    accuracies = [trajectory.scores_at([trajectory.last])[0, column] for trajectory in map(gdviz.train, runs)]
    assert np.median(accuracies) >= 0.97, accuracies


def test_command_line_window_and_session_end_at_the_same_numbers(open_window, spin, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    network = "network:layers=64-64-10,activation=relu,init=he,init_seed=3,split_seed=3"
    common = "--data digits --strategy minibatch --batch-size 32 --shuffle --seed 3 --epochs 30"
    rule = "--optimizer adam:eta=0.002,beta1=0.9,beta2=0.999"
    assert main(["train", "--objective", network, *common.split(), *rule.split(), "-o", "a.csv"]) == 0
    run = on_digits(3)
    save_session(Experiment((run,)), "digits.gdviz")
    assert main(["train", "--session", "digits.gdviz", "-o", "b.csv"]) == 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    header, *rows = [line.split(",") for line in (tmp_path / "a.csv").read_text().splitlines()]
    assert header == ["run", "update", "epoch", "error", *run.objective.score_names]
    assert len(rows) == run.total + 1
    window = open_window(Experiment((run,)))
    spin(lambda: window.controller.complete, 60)
    settle(window)
    trajectory = window.controller.trajectories[0]
    ends = [trajectory.error_at([trajectory.last])[0], *trajectory.scores_at([trajectory.last])[0]]
    assert list(map(float, rows[-1][3:])) == ends
    np.testing.assert_array_equal(trajectory.params[-1], gdviz.train(run).params[-1])
