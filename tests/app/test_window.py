"""The window with real threads: time runs, nothing is lost, nothing is left behind."""

import math

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

import gdviz
from gdviz.training import MiniBatch
from tests.app.driving import press, settle, whole


def test_it_opens_on_the_lectures_race_at_update_0(window):
    assert window.controller.cursor == 0
    assert window.controller.experiment.names == ("gd", "momentum", "nag", "adagrad", "rmsprop", "adam")
    assert window.controller.experiment.runs[0].start == (-2, -2)


def test_steps_forward_and_back_by_key(window):
    for key, expected in [(Qt.Key.Key_Right, 1), (Qt.Key.Key_Right, 2), (Qt.Key.Key_Left, 1)]:
        press(window, key)
        assert window.controller.cursor == expected
    press(window, Qt.Key.Key_Home)
    assert window.controller.cursor == 0
    press(window, Qt.Key.Key_Left)
    assert window.controller.cursor == 0


def test_plays_pauses_and_ends_where_training_ends(window, spin):
    window.document.look(speed=300)
    press(window, Qt.Key.Key_Space)
    spin(lambda: window.controller.cursor > 20)
    press(window, Qt.Key.Key_Space)
    paused_at = window.controller.cursor
    QTest.qWait(80)
    assert window.controller.cursor == paused_at < 300
    press(window, Qt.Key.Key_Space)
    spin(lambda: not window.controller.playing)
    assert window.controller.cursor == 300
    press(window, Qt.Key.Key_Space)  # from the start again
    spin(lambda: 0 < window.controller.cursor < 300)


def test_one_update_a_second_is_one_update_a_second(window, spin):
    window.document.look(speed=1)
    window.controller.play()
    QTest.qWait(400)
    assert window.controller.cursor == 1  # the first one begins to unfold at once
    QTest.qWait(900)
    assert window.controller.cursor == 2


def test_scrubbing_shows_the_update_in_every_view(window, qapp):
    window.timeline.slider.setValue(137)
    qapp.processEvents()
    settle(window)
    assert window.board.contour.frame.cursor == 137
    assert window.board.surface.frame.cursor == 137
    assert "update 137" in window.timeline.label.text()
    step = next(step for step in gdviz.steps(window.controller.experiment.runs[0]) if step.update == 137)
    shown = window.board.contour.frame.selected_run.step
    np.testing.assert_allclose(shown.params, step.params, rtol=1e-12)


def test_the_window_computes_what_train_computes(window):
    for shown, expected in zip(window.controller.trajectories, whole(window.controller.experiment), strict=True):
        np.testing.assert_array_equal(shown.params, expected.params)
        np.testing.assert_array_equal(shown.error, expected.error)


def test_dragging_a_slider_while_running_recomputes_only_that_run(window, spin):
    controller = window.controller
    controller.set_speed(300)
    controller.play()
    spin(lambda: controller.cursor > 10)
    before = list(controller.trajectories)
    slider = window.panel.hyperparameters.fields["eta"].slider
    for position in range(500, 900, 40):
        slider.setValue(position)
        QTest.qWait(5)
    spin(lambda: controller.complete)
    assert controller.experiment.runs[0].optimizer.eta == pytest.approx(1e-4 * 1e5**0.86, rel=0.01)
    assert controller.trajectories[0] is not before[0]
    assert controller.trajectories[1:] == before[1:]
    np.testing.assert_array_equal(controller.trajectories[0].params, gdviz.train(controller.experiment.runs[0]).params)


def test_closing_while_running_leaves_no_thread(open_window, spin):
    neuron = gdviz.SigmoidNeuron.on(gdviz.load_data("sparse"))
    window = open_window(gdviz.lecture_race(neuron, updates=1_000_000))
    window.document.look(speed=math.inf)
    window.controller.play()
    spin(lambda: window.controller.cursor > 50)
    window.close()
    assert not any(thread.isRunning() for thread in window.controller.threads)


def test_no_update_is_lost_while_streaming(open_window, spin):
    neuron = gdviz.SigmoidNeuron.on(gdviz.load_data("oring").standardized())
    window = open_window(gdviz.lecture_race(neuron, sampling=MiniBatch(5, shuffle=True), updates=700, seed=3))
    window.document.look(speed=math.inf)
    window.controller.play()
    spin(lambda: not window.controller.playing, 60)
    assert window.controller.cursor == 700
    for shown, expected in zip(window.controller.trajectories, whole(window.controller.experiment), strict=True):
        np.testing.assert_array_equal(shown.params, expected.params)
        np.testing.assert_array_equal(shown.error, expected.error)
