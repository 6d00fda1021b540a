"""A race has one budget of memory, whatever the computer; what does not fit is refused or ends in a sentence."""

import json
import math
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import gdviz
from gdviz import capacity
from gdviz.app.model import worker
from gdviz.app.model.edits import SetHyperparameter, SetRun
from gdviz.capacity import check_room, free_memory
from gdviz.objectives.data.shipped import moons
from gdviz.training import budget
from gdviz.training.columns import Measurements
from tests.command import ENVIRONMENT, ROOT, python, refused

LIMIT = 4_000_000
"""Kilobytes of addresses, as ``ulimit -v`` has them."""
WIDE = {"name": "network", "layers": "2-2200-2200-1", "output": "logistic"}
SAMPLES = {"x": [0, 0, 1, 1], "x_columns": 2, "y": [0, 1], "classes": ["a", "b"]}


def wide(runs, **run):
    """Return the JSON of a race on a network of 4.8 million params."""
    one = {"optimizer": {"name": "adam"}, "start": [], "updates": 12, **run}
    return json.dumps({"format": "gdviz", "version": 1, "objective": {**WIDE, "data": SAMPLES}, "runs": [one] * runs})


def limited(*arguments, seconds=600):
    """Run a command with few addresses; return its exit code and what it said."""
    command = ["sh", "-c", f'ulimit -v {LIMIT}; exec "$@"', "sh", sys.executable, *map(str, arguments)]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=seconds)
    return done.returncode, done.stderr


@pytest.fixture
def race(monkeypatch):
    """Return a function that makes a race with a small budget."""
    monkeypatch.setattr(budget, "MOST_BYTES", 1 << 16)

    def make(count, updates=4000):
        return gdviz.Experiment(
            tuple(gdviz.Run(gdviz.Booth(), gdviz.Adam(eta=0.01 * (i + 1)), updates=updates) for i in range(count))
        )

    return make


def test_the_runs_of_a_race_share_its_budget(race):
    for count in (1, 2, 5, 10):
        trajectories = gdviz.engine.train_all(race(count).runs)
        held = sum(t.params.nbytes for t in trajectories)
        assert held <= (1 << 16) + 16 * count
        assert held > (1 << 16) / 3
    assert race(1).runs[0] == race(10).runs[0]


def test_thinned_errors_are_those_of_all_updates(race):
    run, *_ = race(5).with_all(optimizer=gdviz.GradientDescent(eta=1e-3)).runs
    thinned = gdviz.train(run)
    assert budget.measured_every(run) > 1 and budget.kept_every(run) > 1
    expected = np.array([run.objective.value(step.params) for step in gdviz.steps(run)])
    np.testing.assert_allclose(thinned.error[1:], expected, rtol=1e-9, atol=1e-14)
    np.testing.assert_array_equal(thinned.error_at([17, 3999, 17]), thinned.error[[17, 3999, 17]])


@pytest.mark.parametrize("every", [1, 3, 7])
def test_what_is_measured_is_found_again(every):
    random, kept, plain = np.random.default_rng(every), Measurements(every, 2, 100), np.full((101, 2), np.nan)
    length = 1
    while length < 101:
        rows = random.random((min(int(random.integers(1, 20)), 101 - length), 2))
        rows[random.random(len(rows)) < 0.5] = np.nan
        kept.append(rows)
        plain[length : length + len(rows)] = rows
        length += len(rows)
    updates = random.integers(0, 101, 30)
    plain[updates] = values = random.random((30, 2))
    for update, value in zip(updates, values, strict=True):
        kept.put(np.array([update]), value[None])
        plain[update] = value
    np.testing.assert_array_equal(kept.at(np.arange(101)), plain)


def test_a_race_is_refused_only_where_its_least_does_not_fit(monkeypatch):
    network = gdviz.Network.on(moons(12), layers="2-300-300-2")
    run = gdviz.Run(network, gdviz.Adam(), updates=5)
    needed = budget.least_bytes([run] * 100)
    monkeypatch.setattr(capacity, "free_memory", lambda: needed)
    race = gdviz.Experiment((run,) * 100)
    monkeypatch.setattr(capacity, "free_memory", lambda: needed - 1)
    with pytest.raises(ValueError, match=rf"needs at least {needed / 1e9:.1f} GB of memory, and .* GB are free"):
        gdviz.Experiment((run,) * 100)
    assert len(race.without(3).runs) == 99


def test_the_limit_of_a_group_around_the_process_counts(monkeypatch, tmp_path):
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    for group, most in ((inner, "max"), (inner.parent, str(10**9))):
        (group / "memory.max").write_text(most)
        (group / "memory.current").write_text(str(4 * 10**8))
        (group / "memory.stat").write_text(f"anon 1\ninactive_file {10**8}\n")
    monkeypatch.setattr(capacity, "GROUP", tmp_path)
    monkeypatch.setattr(capacity, "Path", lambda _: type("File", (), {"read_text": lambda _: "0::/outer/inner\n"})())
    assert capacity._left_of_group() == 7 * 10**8 and free_memory() <= 7 * 10**8


def test_small_races_ask_nobody(monkeypatch):
    monkeypatch.setattr(capacity, "free_memory", lambda: 1 / 0)
    check_room(1 << 28)
    with pytest.raises(ZeroDivisionError):
        check_room((1 << 28) + 1)


@pytest.mark.skipif(sys.platform != "linux", reason="ulimit -v")
def test_free_memory_knows_the_limit_of_the_process():
    assert 0 < free_memory() < 1 << 50
    code, said = limited("-c", "import sys; from gdviz.capacity import free_memory; sys.exit(f'{free_memory()}')")
    assert code == 1 and 1 << 30 < int(said) < LIMIT << 10


@pytest.mark.once
@pytest.mark.skipif(sys.platform != "linux", reason="ulimit -v")
@pytest.mark.parametrize("text", [pytest.param(wide(2), marks=[pytest.mark.slow, pytest.mark.timeout(900)]), wide(100)])
@pytest.mark.parametrize("command", ["train", "render"])
def test_in_little_memory_there_is_a_file_or_a_sentence(tmp_path, text, command):
    session, target = tmp_path / "race.gdviz", tmp_path / f"race{'.csv' if command == 'train' else '.png'}"
    session.write_text(text)
    code, said = limited("-m", "gdviz", command, "--session", session, "-o", target)
    assert (code, target.exists()) in ((0, True), (2, False)), said
    assert "Traceback" not in said and len(said.splitlines()) <= 3
    assert code == 0 or "memory" in said, said


def test_a_worker_without_memory_says_so_and_the_window_goes_on(window, spin, monkeypatch):
    def none(*_, **__):
        raise MemoryError

    computed = worker.advance
    monkeypatch.setattr(worker, "advance", none)
    window.edits.apply(SetHyperparameter("eta", 0.02))
    spin(lambda: "too little memory" in window.hint.text())
    monkeypatch.setattr(worker, "advance", computed)
    window.edits.apply(SetHyperparameter("eta", 0.03))
    spin(lambda: window.controller.complete)
    assert window.controller.trajectories[window.controller.selected].run.optimizer.eta == 0.03
    assert all(thread.isRunning() for thread in window.controller.threads)


def test_a_command_without_memory_is_one_sentence(capsys, monkeypatch):
    import gdviz.cli

    def none(_):
        raise MemoryError

    monkeypatch.setattr(gdviz.cli, "session_of", none)
    assert "too little memory" in refused(capsys, "train", "-o", "-")


def test_terms_that_are_not_written_are_refused_before_training(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr("gdviz.cli.train_all", lambda *_: 1 / 0)
    said = refused(
        capsys, "train", "--objective", "network:layers=2-40-2", "--data", "moons", "--terms", "-o", tmp_path / "t.csv"
    )
    assert "--terms: there are 202 params" in said


def test_a_run_that_gets_more_room_is_computed_anew(window, spin, monkeypatch):
    monkeypatch.setattr(budget, "MOST_BYTES", 1 << 13)
    window.edits.apply(SetRun("epochs", 299))
    spin(lambda: window.controller.complete)
    before = window.controller.trajectories[0]
    window.document.edit(window.controller.experiment.without(5).without(4).without(3))
    spin(lambda: window.controller.complete)
    after = window.controller.trajectories[0]
    assert before.run == after.run and len(after.params) > len(before.params)
    assert after.run == replace(after.run, racers=1) and math.isfinite(after.error[-1])


def test_the_package_needs_no_psutil_for_small_races():
    done = python("-c", "import sys, gdviz; gdviz.lecture_race(gdviz.Booth()); sys.exit('psutil' in sys.modules)")
    assert done.returncode == 0, ROOT
