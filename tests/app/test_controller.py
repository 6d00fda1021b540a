"""The controller without a window: edits, undo, time, and that only what changed is computed again."""

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest

import gdviz
from gdviz.app.model.controller import Controller
from gdviz.app.model.document import Document
from gdviz.scene.session import Session
from gdviz.training import Experiment


def race(updates=120, **common):
    return gdviz.lecture_race(gdviz.SigmoidNeuron.on(gdviz.load_data("lecture")), updates=updates, **common)


def note(controller, old, new):
    """Note what the panel would show: not where the cursor stands or what is in view."""
    if (old.experiment, old.selected) != (new.experiment, new.selected):
        controller.news.append((new.experiment, new.selected))


@pytest.fixture
def start(qapp):
    """Start controllers that note their frames and news; afterwards no thread may run."""
    started = []

    def make(experiment=None, paint=True):
        controller = Controller(Document(Session(experiment or race())))
        if paint:
            controller.frame_changed.connect(lambda _: QTimer.singleShot(0, controller.painted))
        controller.frames, controller.news, controller.played = [], [], []
        controller.frame_changed.connect(controller.frames.append)
        controller.document.changed.connect(lambda *versions: note(controller, *(one.session for one in versions)))
        controller.playing_changed.connect(controller.played.append)
        controller.start()
        started.append(controller)
        return controller

    yield make
    for controller in started:
        controller.close()
        assert not any(thread.isRunning() for thread in controller.threads)


@pytest.fixture
def controller(start, spin):
    controller = start()
    spin(lambda: controller.complete)
    return controller


def check_trajectories(controller):
    assert [trajectory.run for trajectory in controller.trajectories] == list(controller.experiment.runs)
    for run, trajectory in zip(controller.experiment.runs, controller.trajectories, strict=True):
        expected = gdviz.train(run)
        np.testing.assert_array_equal(trajectory.params, expected.params)
        np.testing.assert_array_equal(trajectory.error, expected.error)


def with_eta(controller, index, eta):
    run = controller.experiment.runs[index]
    return controller.experiment.with_run(index, optimizer=replace(run.optimizer, eta=eta))


def test_all_runs_are_computed_and_the_start_is_shown(controller):
    check_trajectories(controller)
    assert (controller.cursor, controller.reached, controller.playing) == (0, 120, False)
    assert controller.frames[-1].cursor == 0
    assert controller.news == []


def test_only_the_changed_run_is_computed_again(controller, spin):
    before = list(controller.trajectories)
    controller.document.edit(with_eta(controller, 2, 0.123), "eta")
    spin(lambda: controller.complete)
    kept = [new is old for new, old in zip(controller.trajectories, before, strict=True)]
    assert kept == [True, True, False, True, True, True]
    check_trajectories(controller)


def test_a_removed_and_an_added_run_leave_the_others_alone(controller, spin):
    before = list(controller.trajectories)
    controller.document.edit(Experiment(controller.experiment.runs[1:]), "remove")
    assert all(new is old for new, old in zip(controller.trajectories, before[1:], strict=True))
    runs = list(controller.experiment.runs)
    controller.document.edit(Experiment((*runs[:2], runs[1], *runs[2:])), "add", select=2)
    assert controller.selected == 2
    spin(lambda: controller.complete)
    check_trajectories(controller)
    assert len({id(trajectory) for trajectory in controller.trajectories}) == 6  # twins do not share one


def test_an_edit_in_the_middle_of_computing_keeps_what_is_computed(start, spin):
    is_fast = gdviz.engine.is_compiled(race().runs[0])
    controller = start(race(updates=400_000 if is_fast else 3000))
    spin(lambda: controller.reached > 50)
    assert not controller.complete
    kept = controller.trajectories[0]
    controller.document.edit(with_eta(controller, 5, 0.2), "eta")
    spin(lambda: controller.trajectories[5].run.optimizer.eta == 0.2)
    assert controller.trajectories[0] is kept
    assert kept.last > 50
    spin(lambda: controller.complete, 60)
    check_trajectories(controller)


def test_many_quick_edits_end_at_the_last(controller, spin):
    for index, eta in enumerate(np.geomspace(0.001, 1, 40)):
        controller.document.edit(with_eta(controller, index % 6, float(eta)), "eta")
        if index % 7 == 0:
            QTest.qWait(2)
    spin(lambda: controller.complete)
    check_trajectories(controller)


def test_an_edit_that_changes_nothing_is_none(controller):
    frames, news = len(controller.frames), len(controller.news)
    controller.document.edit(controller.experiment, "nothing")
    controller.document.edit(controller.experiment.with_all(start=(-2, -2)), "start")
    assert not controller.document.can_undo
    assert (len(controller.frames), len(controller.news)) == (frames, news)


def test_undo_and_redo_go_through_the_experiments_and_their_trajectories(controller, spin):
    seen = [controller.experiment]
    for index, key in enumerate(("first", "second", "third")):
        controller.document.edit(with_eta(controller, index, 0.3), key)
        seen.append(controller.experiment)
    for expected in reversed(seen[:-1]):
        controller.document.undo()
        assert controller.experiment == expected
        assert controller.news[-1][0] == expected
    controller.document.undo()
    assert controller.experiment == seen[0]
    assert not controller.document.can_undo
    for expected in seen[1:]:
        controller.document.redo()
        assert controller.experiment == expected
    controller.document.redo()
    assert not controller.document.can_redo
    controller.document.undo()
    controller.document.edit(with_eta(controller, 5, 0.7), "other")  # what was undone is gone
    assert not controller.document.can_redo
    spin(lambda: controller.complete)
    check_trajectories(controller)


def test_undo_of_a_removed_run_selects_one_that_is_there(controller):
    controller.document.select(5)
    controller.document.edit(Experiment(controller.experiment.runs[:2]), "remove", select=1)
    assert controller.selected == 1
    controller.document.undo()
    controller.document.select(5)
    controller.document.redo()
    assert controller.selected == 1
    assert controller.frames[-1].selected_run.look.style == 1


def test_selecting_explains_another_run_and_computes_nothing(controller):
    before = list(controller.trajectories)
    controller.move_to(10)
    controller.document.select(3)
    assert controller.trajectories == before
    assert controller.frames[-1].selected_run.title == "AdaGrad"
    assert controller.frames[-1].selected_run.step.update == 10
    assert controller.news[-1] == (controller.experiment, 3)
    news = len(controller.news)
    for index in (3, -1, 6, 99):
        controller.document.select(index)
    assert controller.selected == 3
    assert len(controller.news) == news


def test_steps_stay_between_the_start_and_the_end(controller, spin):
    controller.move_to(controller.cursor - 1)
    assert controller.cursor == 0
    controller.move_to(10**9)
    assert controller.cursor == 120
    controller.move_to(controller.cursor + 1)
    assert controller.cursor == 120
    controller.move_to(controller.cursor - 20)
    spin(lambda: controller.frames[-1].cursor == 100)
    controller.play()
    controller.move_to(controller.cursor + 1)  # moving by hand pauses
    assert not controller.playing


def test_playing_shows_frames_in_order_to_the_end_and_says_that_it_ends(controller, spin):
    controller.frames.clear()
    controller.set_speed(1000)
    controller.play()
    spin(lambda: not controller.playing)
    cursors = [frame.cursor for frame in controller.frames]
    assert cursors == sorted(cursors)
    assert cursors[-1] == controller.cursor == 120
    assert controller.played == [True, False]
    controller.play()  # from the start again
    assert controller.cursor == 0


@pytest.mark.parametrize("speed", [60, 300])
def test_the_speed_is_updates_a_second(start, spin, speed):
    controller = start(race(updates=500))
    spin(lambda: controller.complete, 60)
    controller.set_speed(speed)
    controller.play()
    QTest.qWait(500)
    assert controller.cursor == pytest.approx(0.5 * speed, rel=0.3)
    at = controller.cursor
    controller.set_speed(1)  # changing the speed does not jump
    QTest.qWait(100)
    assert at <= controller.cursor <= at + 0.1 * speed


def test_playing_goes_on_while_the_rest_is_computed(start, spin):
    controller = start(race(updates=2_000_000))
    controller.set_speed(1000)
    controller.play()
    spin(lambda: 20 < controller.cursor < controller.reached)  # on a busy machine it may have to wait for updates
    assert not controller.complete
    at = controller.reached
    controller.pause()
    spin(lambda: controller.reached > at)  # computing does not wait for playing


def test_the_next_frame_waits_until_the_last_one_is_painted(start, spin):
    controller = start(race(updates=1_000_000), paint=False)
    controller.set_speed(math.inf)
    controller.play()
    for frames in (1, 2, 3):
        spin(lambda count=frames: len(controller.frames) == count)
        QTest.qWait(50)
        assert len(controller.frames) == frames
        controller.painted()
    assert controller.frames[-1].cursor > 0


def test_a_diverged_run_does_not_hold_the_cursor(start, spin):
    objective = gdviz.objectives.OBJECTIVES[2]()
    optimizers = [gdviz.GradientDescent(1), gdviz.Adam(0.1)]
    controller = start(Experiment.race(objective, optimizers, updates=200))
    spin(lambda: controller.complete)
    assert controller.reached == 200
    controller.move_to(200)
    spin(lambda: controller.frames[-1].cursor == 200)
    frame = controller.frames[-1]
    assert "diverged" in frame.runs[0].ended
    assert frame.runs[0].update < 200 == frame.runs[1].update


def test_a_new_objective_starts_at_update_0_in_its_own_box(controller, spin):
    boxes, terrains = [], []
    controller.viewport.box_changed.connect(boxes.append)
    controller.viewport.terrain_changed.connect(terrains.append)
    controller.move_to(50)
    objective = gdviz.objectives.OBJECTIVES[2]()
    optimizers = [gdviz.GradientDescent(1e-4), gdviz.Adam(0.01)]
    controller.document.edit(Experiment.race(objective, optimizers, updates=100), "objective")
    assert controller.cursor == 0
    assert boxes == [objective.box]
    spin(lambda: terrains and terrains[-1] is not None and terrains[-1].box == objective.box)


def test_looking_elsewhere_asks_once_it_rests_and_only_the_last_is_shown(controller, spin):
    spin(lambda: controller.complete)
    QTest.qWait(100)
    terrains = []
    controller.viewport.terrain_changed.connect(terrains.append)
    for zoom in range(1, 30):
        controller.viewport.look_at(((-zoom, zoom), (0, zoom)))
        QTest.qWait(5)
    spin(lambda: terrains and terrains[-1].box == ((-29, 29), (0, 29)))
    QTest.qWait(200)
    assert [terrain.box for terrain in terrains if terrain.box[1][0] == 0] == [((-29, 29), (0, 29))]


def test_closing_twice_and_while_computing_is_fine(start):
    controller = start(race(updates=1_000_000))
    controller.play()
    controller.close()
    controller.close()
    assert not controller.playing


def test_the_same_speed_again_does_not_unfold_an_update_again(start, spin):
    controller = start()
    spin(lambda: controller.complete)
    controller.set_speed(1)
    controller.play()
    spin(lambda: controller.playback.stages == 3)
    controller.set_speed(1)
    QTest.qWait(40)
    assert controller.playback.stages >= 3
    controller.pause()
