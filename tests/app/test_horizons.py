"""The selected run's rounding horizon in the window: marked, told, and never late or of another run."""

import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

import gdviz
from gdviz.app.model.horizons import HorizonWorker
from gdviz.engine import new_trajectory
from gdviz.engine import rounding as rounding_horizon
from gdviz.export.off_screen import OffScreen
from gdviz.export.options import PictureOptions
from gdviz.scene.session import Session
from gdviz.views.step.remarks import rounding
from tests.app.driving import pixels, rest, settle, wait, whole

ADAM, RMSPROP = 5, 4
LECTURE = gdviz.SigmoidNeuron([0.5, 2.5], [0.2, 0.9])
ENDLESS = gdviz.Run(LECTURE, gdviz.GradientDescent(eta=0.01), updates=10**8)


def selected(window, index):
    window.document.select(index)
    rest(window)
    return window.board.views["error"].frame


@pytest.fixture
def tooltip(monkeypatch):
    """What a widget's own code says where the mouse is; empty: nothing of its own."""
    said = []
    monkeypatch.setattr(QToolTip, "showText", lambda place, text, widget: said.append(text))

    def at(widget, x, y):
        said.clear()
        point = QPoint(round(x), round(y))
        QApplication.sendEvent(widget, QHelpEvent(QHelpEvent.Type.ToolTip, point, widget.mapToGlobal(point)))
        return "".join(said)

    return at


def test_the_selected_run_has_its_mark(window, tooltip):
    curve, slider = window.board.views["error"], window.timeline.slider
    frame = selected(window, RMSPROP)
    update = gdviz.horizon(window.controller.experiment.runs[RMSPROP])
    assert update is not None
    assert (frame.horizon, slider.mark) == (update, update)
    assert rounding(frame).startswith(f"From update {update} on ")
    assert tooltip(curve.viewport(), curve.horizon_x() + 2, 40) == rounding(frame)
    assert tooltip(curve.viewport(), curve.horizon_x() + 20, 40) == ""
    assert tooltip(slider, slider.mark_x() - 2, slider.height() / 2) == rounding(frame)
    assert tooltip(slider, slider.mark_x() + 20, slider.height() / 2) == ""
    assert slider.accessibleDescription() == rounding(frame)
    assert selected(window, ADAM).horizon is None
    assert (slider.mark, curve.horizon_x()) == (None, None)


def test_the_marks_are_painted_where_the_update_is(window):
    """On the slider where its handle stands at that update; on the curve at that place of the axis."""
    curve, slider = window.board.views["error"], window.timeline.slider
    frame = selected(window, RMSPROP)
    marked = pixels(slider), pixels(curve)
    x, place = slider.mark_x(), curve.horizon_x()
    slider.set_mark(None)
    curve.frame = replace(frame, horizon=None)
    bare = pixels(slider), pixels(curve)
    halves = [(one != other)[: len(one) // 2] for one, other in zip(marked, bare, strict=True)]  # below is a note
    changed = [np.flatnonzero(upper.any(axis=(0, 2))) for upper in halves]
    assert all(map(len, changed))
    assert np.abs(changed[0] - x).max() <= 1
    assert np.abs(changed[1] - place).max() < 2


def test_this_step_tells_it_behind_the_horizon_only(window):
    update = selected(window, RMSPROP).horizon
    seen = []
    for cursor in (update - 1, update):
        window.controller.move_to(cursor)
        settle(window)
        frame = window.views["step"].frame
        window.views["step"].frame = replace(frame, horizon=None)
        without = pixels(window.views["step"])
        window.views["step"].frame = frame
        seen.append(bool((pixels(window.views["step"]) != without).any()))
    assert seen == [False, True]


def test_no_frame_has_the_mark_of_another_run(window):
    assert selected(window, RMSPROP).horizon is not None
    frames = []
    window.controller.frame_changed.connect(frames.append)
    window.panel.hyperparameters.fields["eta"]._try(0.1)
    settle(window)
    run = window.controller.experiment.runs[RMSPROP]
    assert run.optimizer.eta == 0.1
    rest(window)
    assert window.timeline.slider.mark == gdviz.horizon(run)
    assert abs(window.timeline.slider.mark - 90) <= 2
    window.document.undo()
    settle(window)
    rest(window)
    assert abs(window.timeline.slider.mark - 134) <= 2
    assert {frame.horizon for frame in frames if frame.selected_run.run.optimizer.eta == 0.1} <= {
        None,
        gdviz.horizon(run),
    }


def test_the_newest_runs_win_and_nobody_waits_for_the_others(qapp, spin, monkeypatch):
    monkeypatch.setattr(rounding_horizon, "MOST_UPDATES", 10**8)  # the best part of a minute
    worker, found = HorizonWorker(), []
    worker.found.connect(lambda trajectory, update: found.append((trajectory, update, threading.current_thread())))
    worker.start()
    race = [new_trajectory(run) for run in gdviz.lecture_race(LECTURE).runs]
    slow = [new_trajectory(replace(ENDLESS, seed=seed)) for seed in range(3)]
    worker.look(slow)
    wait(0.05)
    worker.look(race)
    spin(lambda: len(found) >= len(race), seconds=10)
    assert [trajectory for trajectory, *_ in found if trajectory in race] == race
    assert len(found) == len(race)
    assert [update is not None for trajectory, update, _ in found if trajectory in race] == [False] * 4 + [True, False]
    worker.look(slow)
    wait(0.05)
    began = time.monotonic()
    worker.stop()
    assert time.monotonic() - began < 1
    assert worker.isFinished()


@pytest.mark.once
def test_pictures_have_the_mark_whatever_was_known(window, tmp_path):
    """From the window before and after it looked, and without a window."""
    race = window.controller.experiment
    session = replace(Session(race), selected=RMSPROP)
    stage = OffScreen(session, whole(race), PictureOptions(width=700, height=500))
    assert stage.board.views["error"].frame.horizon == gdviz.horizon(race.runs[RMSPROP])
    stage.close()
    window.document.select(RMSPROP)
    options = PictureOptions(width=700, height=500)
    window.exporting.save_image(tmp_path / "soon.png", options)
    rest(window)
    window.exporting.save_image(tmp_path / "late.png", options)
    assert (tmp_path / "soon.png").read_bytes() == (tmp_path / "late.png").read_bytes()
