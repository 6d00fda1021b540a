"""The background threads: every update in order, nothing stale, and a prompt end."""

import time

import numpy as np
import pytest
from PySide6.QtTest import QTest

import gdviz
from gdviz.app.model.worker import COARSE, LONG, TerrainRequest, TerrainWorker, TrainingWorker
from gdviz.training import MiniBatch, Point, Trajectory


@pytest.fixture
def start(qapp):
    """Start workers that note what they deliver; afterwards none may run."""
    started = []

    def make(cls):
        worker = cls()
        worker.got = []
        worker.computed.connect(lambda generation, what: worker.got.append((generation, what)))
        worker.start()
        started.append(worker)
        return worker

    yield make
    for worker in started:
        worker.stop()
        assert worker.isFinished()


def race(updates=400, **common):
    return gdviz.lecture_race(gdviz.SigmoidNeuron.on(gdviz.load_data("lecture")), updates=updates, **common).runs


def from_the_start(runs):
    return {index: (run, Point.start(run)) for index, run in enumerate(runs)}


def collect(worker, trajectories, generation, spin):
    """Take what the worker delivers, as the controller does, until all runs are whole."""
    taken = 0
    while not all(trajectory.complete for trajectory in trajectories):
        spin(lambda count=taken: len(worker.got) > count)
        got, chunks = worker.got[taken]
        taken += 1
        assert got == generation
        for index, chunk in chunks:
            trajectories[index].append(chunk)  # refuses what does not follow
        worker.proceed(len(worker.got))


def large_neuron(samples):
    random = np.random.default_rng(5)
    x = random.normal(size=samples)
    return gdviz.SigmoidNeuron(x, (x > 0).astype(float))


@pytest.mark.parametrize("sampling", [gdviz.Batch(), MiniBatch(1, shuffle=True)])
def test_every_update_arrives_in_order_and_as_train_computes_it(start, spin, sampling):
    runs, worker = race(sampling=sampling), start(TrainingWorker)
    trajectories = [Trajectory(run) for run in runs]
    worker.train(1, from_the_start(runs))
    collect(worker, trajectories, 1, spin)
    for run, trajectory in zip(runs, trajectories, strict=True):
        expected = gdviz.train(run)
        np.testing.assert_array_equal(trajectory.params, expected.params)
        np.testing.assert_array_equal(trajectory.error, expected.error)
        assert trajectory.diverged == expected.diverged
    assert not worker.has_work()


def test_the_runs_go_in_step(start, spin):
    runs, worker = race(updates=10_000_000), start(TrainingWorker)
    worker.train(1, from_the_start(runs))
    reached = dict.fromkeys(range(6), 0)
    for hand_over in range(6):
        spin(lambda count=hand_over: len(worker.got) > count)
        for index, chunk in worker.got[hand_over][1]:
            reached[index] = chunk.end.update
        worker.proceed(len(worker.got))
    assert min(reached.values()) > 0
    assert max(reached.values()) == min(reached.values())


def test_a_run_goes_on_from_where_it_stands(start, spin):
    (run, *_), worker = race(), start(TrainingWorker)
    whole = gdviz.train(run)
    trajectory = Trajectory(run)
    trajectory.append(gdviz.engine.advance([run], [trajectory.end], 137)[0])
    worker.train(1, {0: (run, trajectory.end)})
    collect(worker, [trajectory], 1, spin)
    np.testing.assert_array_equal(trajectory.params, whole.params)


def test_a_diverging_run_ends_and_the_others_go_on(start, spin):
    objective = gdviz.objectives.OBJECTIVES[2]()
    runs = [gdviz.Run(objective, optimizer, updates=300) for optimizer in (gdviz.GradientDescent(1), gdviz.Adam(0.1))]
    trajectories, worker = [Trajectory(run) for run in runs], start(TrainingWorker)
    worker.train(1, from_the_start(runs))
    collect(worker, trajectories, 1, spin)
    assert "diverged at update" in trajectories[0].diverged
    assert (trajectories[1].diverged, trajectories[1].last) == ("", 300)


def test_it_waits_until_what_it_gave_was_drawn(start, spin):
    runs, worker = race(updates=1_000_000), start(TrainingWorker)
    worker.train(1, from_the_start(runs))
    for count in (1, 2, 3):
        spin(lambda count=count: len(worker.got) == count)
        QTest.qWait(80)
        assert len(worker.got) == count
        worker.proceed(len(worker.got))


def test_what_was_to_be_computed_before_is_dropped(start, spin):
    runs, worker = race(updates=1_000_000), start(TrainingWorker)
    short = [gdviz.train(run) for run in race(updates=50)]
    for generation in range(1, 40):
        worker.train(generation, from_the_start(runs))
        worker.proceed(len(worker.got))
    worker.train(40, from_the_start(race(updates=50)))
    late = len(worker.got)
    trajectories = [Trajectory(run) for run in race(updates=50)]
    deadline = time.monotonic() + 20
    while not all(trajectory.complete for trajectory in trajectories):
        assert time.monotonic() < deadline
        QTest.qWait(1)
        for generation, chunks in worker.got[late:]:
            for index, chunk in chunks if generation == 40 else ():
                trajectories[index].append(chunk)
        late = len(worker.got)
        worker.proceed(len(worker.got))
    for trajectory, expected in zip(trajectories, short, strict=True):
        np.testing.assert_array_equal(trajectory.params, expected.params)
    generations = [generation for generation, _ in worker.got]
    assert generations == sorted(generations)
    QTest.qWait(50)
    assert [generation for generation, _ in worker.got] == generations  # nothing is left to do


def test_nothing_to_do_is_done_quietly(start):
    worker = start(TrainingWorker)
    worker.train(1, {})
    worker.proceed(len(worker.got))
    QTest.qWait(50)
    assert worker.got == []


@pytest.mark.parametrize("samples", [1, 100_000])
def test_training_stops_within_half_a_second(start, samples):
    neuron, worker = large_neuron(samples), start(TrainingWorker)
    runs = gdviz.lecture_race(neuron, updates=10_000).runs
    worker.train(1, from_the_start(runs))
    time.sleep(0.05)
    began = time.monotonic()
    worker.stop()
    assert time.monotonic() - began < 0.5
    assert not worker.isRunning()


def test_a_terrain_stops_within_half_a_second(start):
    neuron, worker = large_neuron(100_000), start(TerrainWorker)
    worker.compute(TerrainRequest(1, neuron, neuron.box, 161))
    time.sleep(0.1)
    began = time.monotonic()
    worker.stop()
    assert time.monotonic() - began < 0.5
    QTest.qWait(20)
    assert all(len(terrain.a) == COARSE for _, terrain in worker.got)  # what was given up is not handed over


def test_a_worker_that_does_nothing_stops_at_once(start):
    for cls in (TrainingWorker, TerrainWorker):
        began = time.monotonic()
        start(cls).stop()
        assert time.monotonic() - began < 0.2


def test_a_terrain_is_the_objectives_values(start, spin):
    neuron, worker = gdviz.SigmoidNeuron.on(gdviz.load_data("lecture")), start(TerrainWorker)
    worker.compute(TerrainRequest(7, neuron, ((-1, 1), (0, 3)), 21))
    spin(lambda: worker.got)
    ((generation, terrain),) = worker.got
    assert (generation, terrain.box) == (7, ((-1, 1), (0, 3)))
    np.testing.assert_array_equal(terrain.a, np.linspace(-1, 1, 21))
    np.testing.assert_allclose(terrain.values, gdviz.error_grid(neuron, terrain.a, terrain.b))


def test_a_new_request_replaces_the_one_that_is_computed(start, spin):
    heavy, light = large_neuron(2_000_000), gdviz.SigmoidNeuron.on(gdviz.load_data("lecture"))
    worker = start(TerrainWorker)
    worker.compute(TerrainRequest(1, heavy, heavy.box, 161))
    time.sleep(0.1)
    for generation in range(2, 9):
        worker.compute(TerrainRequest(generation, light, light.box, 21))
    spin(lambda: worker.got and worker.got[-1][0] == 8)
    whole = [generation for generation, terrain in worker.got if len(terrain.a) != COARSE]
    assert 1 not in whole
    assert whole == sorted(set(whole))


def test_what_takes_long_is_shown_roughly_first(start, spin):
    samples = int(LONG / 65**2) + 1000
    neuron, worker = large_neuron(samples), start(TerrainWorker)
    worker.compute(TerrainRequest(1, neuron, neuron.box, 65))
    spin(lambda: len(worker.got) == 2)
    assert [len(terrain.a) for _, terrain in worker.got] == [COARSE, 65]
    assert all(np.isfinite(terrain.values).all() for _, terrain in worker.got)
